/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The proofs of a journalled job's archive. Every proof is over the archive's closing document, never over
 * the bytes of its container, so it stays true of the same content elsewhere. A token that comes in time
 * becomes a late entry of the container; later proofs are put beside the archive.
 *
 * The run records the request before it asks for a token, since an authority may count requests. It records
 * the token, too. So a job asks once for each closing document, and once more for each run that was killed
 * before it recorded the token.
 */

#include "job/run.h"

#include <string.h>

#include <arv/sys/alloc.h>
#include "crypto/digest.h"

/* ---- the seed ----------------------------------------------------------------------------------- */

static int seed_record(arv__run *run, arv_error *err)
{
    arv__record_seeded(&run->record, run->seed);
    return arv__run_append(run, err);
}

const arv__stage arv__stage_seed = {.enter = arv__run_record, .record = seed_record};

/* ---- a token in time ------------------------------------------------------------------------------ */

/* Ends the closing: from here the packer goes on, or it has ended already. */
static void stamp_done(arv__run *run, int status, const arv_error *err)
{
    arv__stamping *stamp = &run->stamp;
    arv_closing *closing = stamp->closing;
    stamp->closing = NULL;
    arv__buf_cleanup(&stamp->token);
    arv_closing_done(closing, status, err);
    if (stamp->packed)
        stamp->packed(run->job, stamp->error.code, &stamp->error);
}

static void stamp_add(arv__run *run, int status, const arv_error *err)
{
    const arv__history *history = run->history;
    arv_error failure;
    if (status == 0) {
        err = &failure;
        status = arv_closing_add(run->stamp.closing, run->prover->place, run->prover->name, history->token,
                                 history->token_bytes, &failure);
    }
    stamp_done(run, status, err);
}

static int step_stamped(arv__run *run, arv_error *err)
{
    const arv__buf *token = &run->stamp.token;
    if (token->failed == ARV_ENOMEM)
        return arv__buf_status(token, "a time-stamp", err);
    if (token->failed || token->length == 0)
        return arv_error_set(err, ARV_EFORMAT,
                             "A time-stamp has %s; 1 to %d bytes are taken. Look whether its authority is "
                             "the right one.",
                             token->failed ? "more bytes" : "no byte", ARV__TOKEN_BYTES_MAX);
    arv__record_stamped(&run->record, token->data, token->length);
    return arv__run_append(run, err);
}

static void stamp_answered(arv__op *op, int status, const arv_error *err)
{
    arv__run *run = op->user_data;
    if (status < 0)
        stamp_done(run, status, err);
    else /* also when the job stops: the token may have cost money */
        arv__run_step(run, step_stamped, stamp_add);
}

static int step_asked(arv__run *run, arv_error *err)
{
    arv__record_asked(&run->record, run->history->stamps_asked + 1, run->stamp.imprint);
    return arv__run_append(run, err);
}

static void stamp_ask(arv__run *run, int status, const arv_error *err)
{
    arv__stamping *stamp = &run->stamp;
    if (status == 0 && stamp->packed) { /* the packer has ended: nothing is asked */
        status = stamp->error.code;
        err = &stamp->error;
    }
    if (status < 0) {
        stamp_done(run, status, err);
        return;
    }
    arv__op_init(&stamp->op, run->job->engine->context.loop, stamp_answered, run);
    run->prover->stamp(run->prover, stamp->imprint, &stamp->token, &stamp->op);
}

static int stamp_take_imprint(arv__run *run, const arv_closing *closing, arv_error *err)
{
    arv__sha256 digest;
    size_t length;
    const void *document = arv_closing_tagmanifest(closing, &length);
    arv__sha256_init(&digest);
    arv__sha256_update(&digest, document, length);
    arv__sha256_final(&digest, run->stamp.imprint);
    int rc = arv__sha256_status(&digest, err);
    arv__sha256_cleanup(&digest);
    return rc;
}

void arv__run_closing(void *user_data, arv_closing *closing)
{
    arv_job *job = user_data;
    arv__run *run = arv__run_of(job);
    arv__stamping *stamp = &run->stamp;
    arv_error err;
    int rc = stamp_take_imprint(run, closing, &err);
    if (rc == 0 && job->package.closing) { /* the application makes its own proof */
        job->package.closing(job->package.closing_user_data, closing);
        return;
    }
    if (rc < 0 || !run->prover || !run->prover->stamp) {
        arv_closing_done(closing, rc, &err);
        return;
    }
    stamp->closing = closing;
    stamp->packed = NULL;
    arv__buf_init(&stamp->token, ARV__TOKEN_BYTES_MAX);
    if (arv__history_has_token(run->history, stamp->imprint))
        stamp_add(run, 0, NULL);
    else
        arv__run_step(run, step_asked, stamp_ask);
}

bool arv__run_closing_waits(arv__run *run, const arv_error *err,
                            void (*packed)(arv_job *job, int status, const arv_error *err))
{
    arv__stamping *stamp = &run->stamp;
    if (!stamp->closing)
        return false;
    stamp->error = *err;
    stamp->packed = packed;
    if (arv__op_running(&stamp->op))
        arv__op_cancel(&stamp->op);
    return true;
}

/* ---- later ones ------------------------------------------------------------------------------------ */

static int seal_record(arv__run *run, arv_error *err)
{
    const arv__archive *archive = &run->history->archive;
    arv__record_sealed(&run->record, archive->seals + 1, archive->closing);
    return arv__run_append(run, err);
}

/* The archive is stored and stays: a missing proof can be made another day. */
static void seal_missed(arv__run *run, int status, const arv_error *err)
{
    if (run->job->cancel_reason.code == ARV_ECLOSED && arv__run_stops(run))
        return;
    run->seen.unsealed = true;
    arv__log(&run->job->log, ARV_LOG_WARNING, "job", run->folder.uuid, err->message,
             ARV__TEXT("error", arv_error_name(status)));
    arv__run_next(run);
}

static void seal_answered(arv__op *op, int status, const arv_error *err)
{
    arv__run *run = op->user_data;
    if (status < 0)
        seal_missed(run, status, err);
    else
        arv__run_record(run);
}

static void seal_enter(arv__run *run)
{
    const arv__archive *archive = &run->history->archive;
    if (run->job->cancel_asked) {
        seal_missed(run, run->job->cancel_reason.code, &run->job->cancel_reason);
        return;
    }
    arv__op_init(&run->stamp.op, run->job->engine->context.loop, seal_answered, run);
    run->prover->seal(run->prover, archive->seals + 1, archive->closing, &run->stamp.op);
}

static void seal_stop(arv__run *run)
{
    if (arv__op_running(&run->stamp.op))
        arv__op_cancel(&run->stamp.op);
}

const arv__stage arv__stage_seal = {.enter = seal_enter, .record = seal_record, .stop = seal_stop};

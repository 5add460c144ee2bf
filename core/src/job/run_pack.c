/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The stage that makes a container: staged in the job's folder, or streamed into the storages. A sink before
 * the others records a streamed container after it was proven in all storages and before it gets its first
 * name.
 */

#include "job/run.h"

#include <inttypes.h>
#include <string.h>

#include <arv/sys/alloc.h>
#include "util/time.h"

/* ---- space ---------------------------------------------------------------------------------- */

static int pack_space_missing(uint64_t needed, uint64_t left, const char *where, arv_error *err)
{
    return arv_error_set(err, ARV_ENOSPACE,
                         "The job needs up to %" PRIu64 " MiB in the staging folder, but only "
                         "%" PRIu64 " MiB are left %s; make room, or let it stream.",
                         (needed >> 20) + 1, left >> 20, where);
}

/* Assumes that a container needs at most the bytes of its payload; its documents are not counted. */
static int pack_make_room(arv__run *run, arv_error *err)
{
    arv_staging *staging = run->staging;
    uint64_t needed = arv_entries_total_bytes(run->job->entries), used = 0, left = 0;
    int rc = arv__jobfolder_unlink(&run->folder, "container", err);
    if (rc < 0 || run->streams)
        return rc;
    if ((rc = arv__jobfolders_free_bytes(staging, &left, err)) < 0)
        return rc;
    left = left > staging->reserve_bytes ? left - staging->reserve_bytes : 0;
    if (needed > left)
        return pack_space_missing(needed, left, "on its disk", err);
    if (staging->limit_bytes) {
        if ((rc = arv__jobfolders_used(staging, run->folder.uuid, &used, err)) < 0)
            return rc;
        left = staging->limit_bytes > used ? staging->limit_bytes - used : 0;
        if (needed > left)
            return pack_space_missing(needed, left, "of its limit", err);
    }
    arv__jobfolder_set_aside(&run->folder, needed);
    return 0;
}

/* While the container is packed, sources of unknown size and other writers may fill the disk. */
static void pack_watch_space(arv__run *run)
{
    arv_job *job = run->job;
    arv__packer_totals totals;
    arv_error err;
    uint64_t left;
    if (!job->packer || run->streams || job->cancel_asked)
        return;
    arv__packer_totals_get(job->packer, &totals);
    if (arv__jobfolders_free_bytes(run->staging, &left, &err) < 0)
        return;
    if (left < run->staging->reserve_bytes / 2)
        pack_space_missing(run->staging->reserve_bytes, left, "on its disk", &err);
    else if (run->staging->limit_bytes && totals.container_bytes > run->staging->limit_bytes)
        pack_space_missing(totals.container_bytes, 0, "of its limit", &err);
    else
        return;
    arv__job_limit(job, &err);
}

/* ---- recorded ------------------------------------------------------------------------------- */

static void pack_take_totals(arv__run *run, const arv__packer_totals *totals, const arv_digests *digests,
                             uint64_t container_bytes)
{
    run->packaged = (arv__packaged){
        .streamed = run->streams,
        .entries = totals->payload_entries,
        .payload_bytes = totals->payload_bytes,
        .container_bytes = container_bytes,
        .failures = totals->failures,
        .collected_at = totals->collected_at_unix,
        .read_at = totals->read_at_unix,
        .packed_at = totals->packed_at_unix,
        .container = *digests,
        .has_closing = true,
    };
    memcpy(run->packaged.closing, run->stamp.imprint, sizeof run->packaged.closing);
}

static int pack_record(arv__run *run, arv_error *err)
{
    const arv__archive *former = &run->history->former;
    if (run->history->has_former && run->packaged.failures >= former->failures)
        return arv_error_set(err, ARV_ESOURCE,
                             "The retry found no more than before: %" PRIu64 " entries are missing. "
                             "What was archived stays.",
                             run->packaged.failures);
    arv__record_packaged(&run->record, &run->packaged);
    int rc = arv__run_append(run, err);
    if (rc == 0)
        arv__jobfolder_set_aside(&run->folder, 0);
    return rc;
}

static void pack_failed(arv__run *run, int status, const arv_error *err,
                        void (*packed)(arv_job *job, int status, const arv_error *err))
{
    if (!arv__run_closing_waits(run, err, packed))
        arv__run_fail(run, status, err);
}

static void pack_staged(arv_job *job, int status, const arv_error *err)
{
    arv__run *run = arv__run_of(job);
    if (status < 0) {
        pack_failed(run, status, err, pack_staged);
        return;
    }
    pack_take_totals(run, &job->totals, &job->totals.container, job->totals.container_bytes);
    arv__run_record(run);
}

/* ---- streaming ------------------------------------------------------------------------------ */

typedef struct pack_sink {
    arv__sink base;
    arv__sink *inner;
    arv_job *job;
    arv_digests digests;
    uint64_t length_bytes;
    arv__op *op, *abort_op; /* while the record is written */
    arv__op inner_op;
} pack_sink;

static pack_sink *pack_sink_of(arv__run *run)
{
    return (pack_sink *)run->stream;
}

static void sink_write(arv__sink *base, const arv__span *spans, unsigned count, arv__op *op)
{
    pack_sink *sink = (pack_sink *)base;
    sink->inner->ops->write(sink->inner, spans, count, op);
}

static void sink_prove(arv__sink *base, const arv_digests *digests, uint64_t length_bytes, arv__op *op)
{
    pack_sink *sink = (pack_sink *)base;
    sink->digests = *digests;
    sink->length_bytes = length_bytes;
    sink->inner->ops->prove(sink->inner, digests, length_bytes, op);
}

static void sink_committed(arv__op *inner_op, int status, const arv_error *err)
{
    pack_sink *sink = inner_op->user_data;
    arv__op *op = sink->op;
    sink->op = NULL;
    arv__op_complete(op, status, err);
}

static void sink_recorded(arv__run *run, int status, const arv_error *err)
{
    pack_sink *sink = pack_sink_of(run);
    arv__op *op = sink->op, *abort_op = sink->abort_op;
    arv__loop *loop = sink->job->engine->context.loop;
    if (status == 0 && !abort_op && !arv__op_cancel_asked(op)) {
        arv__op_init(&sink->inner_op, loop, sink_committed, sink);
        sink->inner->ops->commit(sink->inner, &sink->inner_op);
        return;
    }
    sink->op = sink->abort_op = NULL;
    arv__op_complete(op, status < 0 ? status : ARV_ECANCELED, status < 0 ? err : NULL);
    if (abort_op)
        sink->inner->ops->abort(sink->inner, abort_op);
}

static void sink_cancel(arv__op *op, void *server_data)
{
    pack_sink *sink = server_data;
    (void)op;
    if (arv__op_running(&sink->inner_op))
        arv__op_cancel(&sink->inner_op);
}

static void sink_commit(arv__sink *base, arv__op *op)
{
    pack_sink *sink = (pack_sink *)base;
    arv__packer_totals totals;
    arv__op_begin(op, sink_cancel, sink);
    sink->op = op;
    arv__packer_totals_get(sink->job->packer, &totals);
    pack_take_totals(arv__run_of(sink->job), &totals, &sink->digests, sink->length_bytes);
    arv__run_step(arv__run_of(sink->job), pack_record, sink_recorded);
}

static void sink_abort(arv__sink *base, arv__op *op)
{
    pack_sink *sink = (pack_sink *)base;
    if (sink->op && !arv__op_running(&sink->inner_op)) {
        sink->abort_op = op; /* handed on when the record is written */
        return;
    }
    sink->inner->ops->abort(sink->inner, op);
}

static void sink_free(arv__sink *base)
{
    pack_sink *sink = (pack_sink *)base;
    if (arv__run_of(sink->job)->stream == base) /* else the job packs again, into another sink */
        arv__run_of(sink->job)->stream = NULL;
    sink->inner->ops->free(sink->inner);
    arv_free(sink);
}

static const arv__sink_ops pack_sink_ops = {
    .write = sink_write,
    .prove = sink_prove,
    .commit = sink_commit,
    .abort = sink_abort,
    .free = sink_free,
};

static int pack_wrap(arv_job *job, arv__sink **inout, arv_error *err)
{
    pack_sink *sink = arv_calloc(1, sizeof *sink);
    if (!sink)
        return arv_error_nomem(err, "the target of a job");
    sink->base.ops = &pack_sink_ops;
    sink->inner = *inout;
    sink->job = job;
    *inout = arv__run_of(job)->stream = &sink->base;
    return 0;
}

static void pack_streamed(arv_job *job, int status, const arv_error *err)
{
    arv__run *run = arv__run_of(job);
    if (status < 0) {
        pack_failed(run, status, err, pack_streamed);
        return;
    }
    run->seen.proven = true;
    arv__run_next(run);
}

/* ---- begin ---------------------------------------------------------------------------------- */

static void pack_roomy(arv__run *run, int status, const arv_error *err)
{
    arv__packing packing = {.collected_at_unix = run->collected_at_unix,
                            .requested_at_unix = run->history->created_ms / 1000};
    packing.closing = arv__run_closing;
    if (status < 0)
        arv__run_fail(run, status, err);
    if (status < 0 || arv__run_stops(run))
        return;
    if (run->streams) {
        packing.into_storages = true;
        packing.wrap = pack_wrap;
        packing.packed = pack_streamed;
    } else {
        packing.path = run->container;
        packing.packed = pack_staged;
    }
    arv__job_pack(run->job, &packing);
}

/* Each run that packs collects anew, at a date of its own. */
static void pack_enter(arv__run *run)
{
    arv_error err;
    arv_error_clear(&err);
    run->collected_at_unix = arv__now_unix_us() / 1000000;
    int rc = arv__job_collect(run->job, &err);
    if (rc < 0)
        arv__run_fail(run, rc, &err);
    else
        arv__run_step(run, pack_make_room, pack_roomy);
}

const arv__stage arv__stage_pack = {
    .enter = pack_enter,
    .record = pack_record,
    .tick = pack_watch_space,
};

/* The caller gave no entries: that does not end the job, which rests. */
static void lacks_entries_enter(arv__run *run)
{
    arv_error err;
    arv_error_set(&err, ARV_EINVALID, "The job has no container yet: start it with its list of entries.");
    arv__run_rest(run, &err);
}

const arv__stage arv__stage_lacks_entries = {.enter = lacks_entries_enter};

/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The stages that take back what a job has stored. They remove an object only when its content is the
 * recorded one. Any other object stays where it is, with a warning.
 */

#include "job/run.h"

/* The archive goes last: while it is there, people may look for the objects beside it. A job that has packed
 * nothing has stored nothing, but a killed put may have left something. */
arv__ask arv__run_remove_first(arv__run_target *target, const arv__archive *archive)
{
    if (!archive->announced)
        return ARV__ASK_NOTHING;
    if (!archive->packaged)
        return ARV__ASK_TIDY;
    arv__run_turn_to(target, archive, archive->beside_count);
    return ARV__ASK_COMPARE;
}

static void remove_tell(const arv__run_target *target, arv_log_level level, const char *what)
{
    const arv__run *run = target->run;
    arv__log(&run->job->log, level, "job", run->folder.uuid, what,
             ARV__TEXT("storage", arv_storage_url(target->storage)), ARV__TEXT("object", target->name));
}

/* Returns whether the object is done. Else `next` is the next request, or `err` stays. */
static bool remove_is_done(const arv__run_target *target, arv_error *err, arv__ask *next)
{
    bool gone = err->code == ARV_ENOTFOUND;
    switch (target->asked) {
    case ARV__ASK_COMPARE:
        if (err->code == ARV_EMISMATCH)
            remove_tell(target, ARV_LOG_WARNING, "An object that is not this job's has its name and stays.");
        else if (err->code == 0 || gone)
            *next = ARV__ASK_REMOVE; /* also when it is missing: removes the leftovers of a put */
        return err->code == ARV_EMISMATCH;
    case ARV__ASK_REMOVE:
        if (err->code == 0)
            *next = ARV__ASK_STAT; /* proves the removal */
        return gone;
    case ARV__ASK_STAT:
        if (err->code == 0)
            arv_error_set(
                err, ARV_EREADBACK,
                "The object '%s' was removed from the storage %s, and is there still; it is removed "
                "once more when the job is run again.",
                target->name, arv_storage_url(target->storage));
        else if (gone)
            remove_tell(target, ARV_LOG_INFO, "An object was removed, and is not there any more.");
        return gone;
    default:
        return gone || err->code == 0;
    }
}

arv__ask arv__run_remove_answered(arv__run_target *target, const arv__archive *archive, arv_error *err)
{
    arv__ask next = ARV__ASK_NOTHING;
    bool done = remove_is_done(target, err, &next);
    if (!done && next == ARV__ASK_NOTHING)
        return next;
    arv_error_clear(err);
    if (!done || target->object == 0)
        return next;
    arv__run_turn_to(target, archive, target->object - 1);
    return ARV__ASK_COMPARE;
}

static arv__ask remove_first(arv__run_target *target)
{
    return arv__run_remove_first(target, &target->run->history->archive);
}

static arv__ask remove_answered(arv__run_target *target, const arv_object *object, arv_error *err)
{
    (void)object;
    return arv__run_remove_answered(target, &target->run->history->archive, err);
}

const arv__stage arv__stage_undo = {
    .enter = arv__run_ask,
    .first = remove_first,
    .answered = remove_answered,
    .gathered = arv__run_gathered,
    .record = arv__run_record_end,
};

/* ---- discard: a container that counts no more --------------------------------------------------- */

/* Recorded before the removal: after a kill, the next run must not count removed objects as stored. */
static int discard_recall(arv__run *run, arv_error *err)
{
    if (!arv__history_any_stored(&run->history->archive))
        return 0;
    arv__record_recalled(&run->record);
    return arv__run_append(run, err);
}

static int discard_record(arv__run *run, arv_error *err)
{
    int rc = arv__jobfolder_unlink(&run->folder, "container", err);
    if (rc < 0 || (rc = arv__jobfolder_unlink(&run->folder, "beside", err)) < 0)
        return rc;
    arv__record_discarded(&run->record, run->seen.damage.message);
    return arv__run_append(run, err);
}

/* When a medium has damaged the container, the next run packs it again; the number of runs is limited. */
static void discard_recorded(arv__run *run, int status, const arv_error *err)
{
    run->seen.damaged = false;
    if (status == 0 && run->seen.damage.code < 0) {
        run->seen.damage.code = status = ARV_EIO;
        err = &run->seen.damage;
    }
    if (status < 0)
        arv__run_fail(run, status, err);
    else
        arv__run_next(run);
}

static void discard_gathered(arv__run *run)
{
    const arv_error *err = arv__run_targets_error(run);
    if (err)
        arv__run_fail(run, err->code, err);
    else
        arv__run_step(run, discard_record, discard_recorded);
}

const arv__stage arv__stage_discard = {
    .prepare = discard_recall,
    .enter = arv__run_ask,
    .first = remove_first,
    .answered = remove_answered,
    .gathered = discard_gathered,
};

/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The stages that take back what a job has stored. An object is removed only when its content is that of
 * the recorded container; anything else is left where it is, and told.
 */

#include "job/run.h"

/* Where nothing was packed, nothing was stored, but a killed put may have left something. */
static arv__ask remove_first(arv__run_target *target)
{
    const arv__archive *archive = &target->run->history->archive;
    if (!archive->announced)
        return ARV__ASK_NOTHING;
    return archive->packaged ? ARV__ASK_COMPARE : ARV__ASK_TIDY;
}

static arv__ask remove_answered(arv__run_target *target, const arv_object *object, arv_error *err)
{
    const arv__run *run = target->run;
    (void)object;
    if (target->asked == ARV__ASK_COMPARE && (err->code == 0 || err->code == ARV_ENOTFOUND))
        return ARV__ASK_REMOVE; /* what is left of an unfinished put goes, too */
    if (target->asked == ARV__ASK_COMPARE && err->code == ARV_EMISMATCH)
        arv__log(&run->job->log, ARV_LOG_WARNING, "job", run->folder.uuid,
                 "An object that is not this job's has its name and stays.",
                 ARV__TEXT("target", run->job->locations[target->index].address));
    else if (err->code != ARV_ENOTFOUND)
        return ARV__ASK_NOTHING;
    arv_error_clear(err);
    return ARV__ASK_NOTHING;
}

const arv__stage arv__stage_undo = {
    .enter = arv__run_ask,
    .first = remove_first,
    .answered = remove_answered,
    .gathered = arv__run_gathered,
    .record = arv__run_record_end,
};

/* ---- discard: a container that counts no more --------------------------------------------------- */

/* A run that is killed in between must not count what it has removed. */
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
    if (rc < 0)
        return rc;
    arv__record_discarded(&run->record, run->seen.damage.message);
    return arv__run_append(run, err);
}

/* What a medium has damaged is packed by the next run, of which there are so many only. */
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

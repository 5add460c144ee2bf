/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The stages that take back what a job has stored. An object is removed only when its content is that of
 * the recorded container; anything else is left where it is, and told.
 */

#include "job/run.h"

/* ---- remove --------------------------------------------------------------------------------- */

static void remove_done(void *user_data, arv_task *task)
{
    arv__run_target *target = user_data;
    arv_error err;
    int status = arv__run_target_take(target, task, &err);
    if (status < 0 && status != ARV_ENOTFOUND)
        arv__run_target_failed(target, status, &err);
    arv__run_targets_go_on(target->run);
}

static void remove_start(arv__run_target *target)
{
    arv__run *run = target->run;
    arv_error err;
    int status = arv_storage_remove(run->job->storages[target->index],
                                    arv__run_target_key(run, target->index), remove_done, target,
                                    &target->task, &err);
    arv__run_target_started(target, status, &err);
}

/* What is not this job's stays, and is told. */
static void remove_compared(void *user_data, arv_task *task)
{
    arv__run_target *target = user_data;
    arv_error err;
    int status = arv__run_target_take(target, task, &err);
    if (status == 0 || status == ARV_ENOTFOUND) /* then what is left of an unfinished put goes */
        remove_start(target);
    else if (status == ARV_EMISMATCH)
        arv__log(&target->run->job->log, ARV_LOG_WARNING, "job", target->run->folder.uuid,
                 "An object that is not this job's has its name and stays.",
                 ARV__TEXT("target", target->run->job->locations[target->index].address));
    else
        arv__run_target_failed(target, status, &err);
    arv__run_targets_go_on(target->run);
}

/* Where nothing was packed, nothing was stored; asking tidies up what a killed put has left. */
static void remove_enter(arv__run *run)
{
    const arv__archive *archive = &run->history->archive;
    arv__run_targets_reset(run);
    for (unsigned i = 0; archive->announced && i < archive->target_count; i++) {
        if (archive->packaged)
            arv__run_target_compare(&run->targets[i], remove_compared);
        else
            arv__run_target_stat(&run->targets[i], remove_done);
    }
    arv__run_targets_go_on(run);
}

static void remove_gathered(arv__run *run)
{
    const arv_error *err = arv__run_targets_error(run);
    if (err)
        arv__run_fail(run, err->code, err);
    else
        arv__run_record(run);
}

const arv__stage arv__stage_undo = {
    .enter = remove_enter,
    .gathered = remove_gathered,
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
    .enter = remove_enter,
    .gathered = discard_gathered,
};

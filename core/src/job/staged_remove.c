/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What of a journalled job's objects goes, and what has to be there still. An object is removed only
 * when its content is that of the recorded container; anything else is left where it is, and told.
 */

#include "job/staged.h"

#include <string.h>

/* ---- look again -------------------------------------------------------------------------------- */

static void again_looked(void *user_data, arv_task *task)
{
    arv__staged_target *target = user_data;
    arv_error err;
    int status = arv__target_take(target, task, &err);
    if (status == ARV_ENOTFOUND)
        status = arv_error_set(&err, ARV_EOFFLINE,
                               "%s was stored by this job and is not there any more; look whether its "
                               "storage is the one that it was.",
                               target->staged->job->locations[target->index].address);
    if (status < 0)
        arv__target_failed(target, status, &err);
    arv__targets_go_on(target->staged);
}

static void again_done(arv__staged *staged)
{
    const arv_error *err = arv__targets_error(staged);
    if (err)
        arv__staged_fail(staged, err->code, err);
    else
        staged->seen_again(staged);
}

void arv__staged_see_again(arv__staged *staged, void (*seen)(arv__staged *staged))
{
    staged->seen_again = seen;
    arv__targets_reset(staged, again_done);
    for (unsigned i = 0; i < staged->job->storage_count; i++)
        if (staged->stored_before[i])
            arv__target_stat(&staged->targets[i], again_looked);
    arv__targets_go_on(staged);
}

/* ---- remove --------------------------------------------------------------------------------- */

static void remove_done(void *user_data, arv_task *task)
{
    arv__staged_target *target = user_data;
    arv_error err;
    int status = arv__target_take(target, task, &err);
    if (status < 0 && status != ARV_ENOTFOUND)
        arv__target_failed(target, status, &err);
    arv__targets_go_on(target->staged);
}

static void remove_start(arv__staged_target *target)
{
    arv__staged *staged = target->staged;
    arv_error err;
    int status = arv_storage_remove(staged->job->storages[target->index],
                                    arv__target_key(staged, target->index), remove_done, target,
                                    &target->task, &err);
    arv__target_started(target, status, &err);
}

/* What is not this job's stays, and is told. */
static void remove_compared(void *user_data, arv_task *task)
{
    arv__staged_target *target = user_data;
    arv_error err;
    int status = arv__target_take(target, task, &err);
    if (status == 0 || status == ARV_ENOTFOUND) /* then what is left of an unfinished put goes */
        remove_start(target);
    else if (status == ARV_EMISMATCH)
        arv__log(&target->staged->job->log, ARV_LOG_WARNING, "job", target->staged->folder.uuid,
                 "An object that is not this job's has its name and stays.",
                 ARV__TEXT("target", target->staged->job->locations[target->index].address));
    else
        arv__target_failed(target, status, &err);
    arv__targets_go_on(target->staged);
}

/* Where nothing was packed, nothing was stored; asking tidies up what a killed put has left. */
static void remove_begin(arv__staged *staged, void (*done)(arv__staged *staged))
{
    const arv__archive *archive = &staged->history->archive;
    arv__targets_reset(staged, done);
    for (unsigned i = 0; archive->announced && i < archive->target_count; i++) {
        if (archive->packaged)
            arv__target_compare(&staged->targets[i], remove_compared);
        else
            arv__target_stat(&staged->targets[i], remove_done);
    }
    arv__targets_go_on(staged);
}

static void undo_removed(arv__staged *staged)
{
    const arv_error *err = arv__targets_error(staged);
    if (!err) {
        arv__staged_undone(staged);
        return;
    }
    arv_error_append(&staged->error, " What was stored could not be removed yet, so that is tried "
                                     "again: %s",
                     err->message);
    staged->error.flags |= ARV_ERROR_PARTIAL;
    arv__staged_end(staged, staged->error.code, &staged->error);
}

void arv__staged_undo(arv__staged *staged)
{
    remove_begin(staged, undo_removed);
}

/* ---- discard: packed again in the next run ---------------------------------------------------- */

static int discard_record(arv__staged *staged, arv_error *err)
{
    int rc = arv__jobfolder_unlink(&staged->folder, "container", err);
    if (rc < 0)
        return rc;
    arv__record_discarded(&staged->record, staged->error.message);
    return arv__staged_append(staged, err);
}

static void discard_recorded(arv__staged *staged, int status, const arv_error *err)
{
    if (status < 0) {
        arv__staged_fail(staged, status, err);
    } else if (staged->error.code < 0) {
        staged->error.code = ARV_EIO; /* so that the job is tried again */
        arv__staged_fail(staged, ARV_EIO, &staged->error);
    } else if (!arv__staged_stops(staged)) {
        arv__job_set_state(staged->job, ARV_JOB_QUEUED);
        arv__staged_pack(staged);
    }
}

static void discard_removed(arv__staged *staged)
{
    const arv_error *err = arv__targets_error(staged);
    if (err)
        arv__staged_fail(staged, err->code, err);
    else
        arv__staged_step(staged, discard_record, discard_recorded);
}

static int discard_recall(arv__staged *staged, arv_error *err)
{
    arv__record_recalled(&staged->record);
    return arv__staged_append(staged, err);
}

static void discard_recalled(arv__staged *staged, int status, const arv_error *err)
{
    if (status < 0)
        arv__staged_fail(staged, status, err);
    else
        remove_begin(staged, discard_removed);
}

/* A run that is killed in between must not count what it has removed. */
void arv__staged_discard(arv__staged *staged)
{
    unsigned index;
    if (arv__targets_stored(staged, &index))
        arv__staged_step(staged, discard_recall, discard_recalled);
    else
        remove_begin(staged, discard_removed);
}

/* ---- former --------------------------------------------------------------------------------- */

static void former_removed(arv__staged *staged)
{
    if (!arv__staged_stops(staged))
        staged->former_removed(staged);
}

/* What cannot be removed stays, and is told: the job is complete nevertheless. */
static void former_stays(const arv__staged_target *target, const arv_error *err)
{
    const arv__staged *staged = target->staged;
    arv__log(&staged->job->log, ARV_LOG_WARNING, "job", staged->folder.uuid, err->message,
             ARV__TEXT("target", staged->history->former.targets[target->index].address));
}

static void former_taken(void *user_data, arv_task *task)
{
    arv__staged_target *target = user_data;
    arv_error err;
    int status = arv__target_take(target, task, &err);
    if (status < 0 && status != ARV_ENOTFOUND)
        former_stays(target, &err);
    arv__targets_go_on(target->staged);
}

static arv_storage *former_storage(const arv__staged *staged, unsigned index)
{
    char url[ARV_ADDRESS_BYTES], key[ARV_KEY_BYTES];
    if (arv_address_split(staged->history->former.targets[index].address, url, key, NULL) < 0)
        return NULL;
    for (unsigned i = 0; i < staged->job->storage_count; i++)
        if (strcmp(arv_storage_url(staged->job->storages[i]), url) == 0)
            return staged->job->storages[i];
    return NULL;
}

static void former_compared(void *user_data, arv_task *task)
{
    arv__staged_target *target = user_data;
    arv__staged *staged = target->staged;
    arv_error err;
    int status = arv__target_take(target, task, &err);
    if (status == 0) {
        status = arv_storage_remove(former_storage(staged, target->index),
                                    staged->history->former.objects[target->index].key, former_taken,
                                    target, &target->task, &err);
        if (status == 0)
            arv__target_started(target, status, &err);
    }
    if (status < 0 && status != ARV_ENOTFOUND)
        former_stays(target, &err); /* also when it is something else by now */
    arv__targets_go_on(staged);
}

void arv__staged_remove_former(arv__staged *staged, void (*done)(arv__staged *staged))
{
    const arv__archive *former = &staged->history->former;
    staged->former_removed = done;
    arv__targets_reset(staged, former_removed);
    for (unsigned i = 0; i < former->target_count; i++) {
        arv__staged_target *target = &staged->targets[i];
        arv_storage *storage = former_storage(staged, i);
        arv_error err;
        *target = (arv__staged_target){.staged = staged, .index = i};
        if (!storage) {
            arv_error_set(&err, ARV_ENOTFOUND,
                          "The former archive stays: its storage is not among those of the job.");
            former_stays(target, &err);
            continue;
        }
        int status = arv_storage_get_file(storage, former->objects[i].key, NULL, &former->container,
                                          former_compared, target, &target->task, &err);
        if (status < 0)
            former_stays(target, &err);
        else
            arv__target_started(target, status, &err);
    }
    arv__targets_go_on(staged);
}

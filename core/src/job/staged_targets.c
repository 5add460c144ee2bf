/* SPDX-License-Identifier: Apache-2.0 */

/* Requests to the storages of a journalled job, of which each target has at most one; what is stored
 * is recorded at once, while others are still under way. */

#include "job/staged.h"

const char *arv__target_key(const arv__staged *staged, unsigned index)
{
    return staged->job->locations[index].object.key;
}

void arv__targets_reset(arv__staged *staged, void (*all_done)(arv__staged *staged))
{
    staged->waiting = 0;
    staged->all_done = all_done;
    staged->expected = staged->history->archive.container;
    staged->is_streamed = staged->history->archive.streamed;
    for (unsigned i = 0; i < staged->job->storage_count; i++)
        staged->targets[i] = (arv__staged_target){.staged = staged, .index = i};
}

void arv__target_failed(arv__staged_target *target, int status, const arv_error *err)
{
    target->status = status;
    target->error = *err;
    arv__log(&target->staged->job->log, ARV_LOG_WARNING, "job", target->staged->folder.uuid,
             err->message, ARV__INT("target", target->index));
}

/* The request of a target is over; `then` decides, with the error if there is one. */
int arv__target_take(arv__staged_target *target, arv_task *task, arv_error *err)
{
    arv_error_clear(err);
    int status = arv_task_status(task, err);
    arv_task_unref(target->task);
    target->task = NULL;
    target->staged->waiting--;
    return status;
}

void arv__target_started(arv__staged_target *target, int status, const arv_error *err)
{
    if (status < 0) {
        arv__target_failed(target, status, err);
        return;
    }
    target->staged->waiting++;
}

/* The first error of them; one that no retry mends before one that it may. */
const arv_error *arv__targets_error(const arv__staged *staged)
{
    const arv_error *found = NULL;
    for (unsigned i = 0; i < staged->job->storage_count; i++) {
        const arv__staged_target *target = &staged->targets[i];
        if (target->status < 0 &&
            (!found || (arv__retry_wanted(found) && !arv__retry_wanted(&target->error))))
            found = &target->error;
    }
    return found;
}

void arv__target_stat(arv__staged_target *target, arv_task_cb looked)
{
    arv__staged *staged = target->staged;
    arv_error err;
    int status = arv_storage_stat(staged->job->storages[target->index],
                                  arv__target_key(staged, target->index), looked, target,
                                  &target->task, &err);
    arv__target_started(target, status, &err);
}

void arv__target_compare(arv__staged_target *target, arv_task_cb compared)
{
    arv__staged *staged = target->staged;
    arv_error err;
    int status = arv_storage_get_file(staged->job->storages[target->index],
                                      arv__target_key(staged, target->index), NULL, &staged->expected,
                                      compared, target, &target->task, &err);
    arv__target_started(target, status, &err);
}

bool arv__targets_stored(const arv__staged *staged, unsigned *index)
{
    for (*index = 0; *index < staged->job->storage_count; ++*index)
        if (staged->history->archive.targets[*index].stored)
            return true;
    return false;
}

/* ---- recorded --------------------------------------------------------------------------------- */

/* [pool] Those that were ready when the step began, one record each. */
static int targets_record(arv__staged *staged, arv_error *err)
{
    for (unsigned i = 0; i < staged->job->storage_count; i++) {
        arv__staged_target *target = &staged->targets[i];
        if (!target->recording)
            continue;
        arv__record_stored(&staged->record, i, &staged->job->locations[i].object);
        int rc = arv__staged_append(staged, err);
        if (rc < 0)
            return rc;
        target->recording = false;
    }
    return 0;
}

static bool targets_take_ready(arv__staged *staged)
{
    bool any = false;
    for (unsigned i = 0; i < staged->job->storage_count; i++) {
        arv__staged_target *target = &staged->targets[i];
        target->recording = target->ready;
        target->ready = false;
        any = any || target->recording;
    }
    return any;
}

static void targets_recorded(arv__staged *staged, int status, const arv_error *err)
{
    for (unsigned i = 0; status < 0 && i < staged->job->storage_count; i++) {
        arv__staged_target *target = &staged->targets[i];
        if (target->recording) {
            target->recording = false;
            arv__target_failed(target, status, err);
        }
    }
    arv__targets_go_on(staged);
}

/* A target that is stored is recorded at once, while others are still written. */
void arv__targets_go_on(arv__staged *staged)
{
    if (staged->stepping)
        return;
    if (targets_take_ready(staged))
        arv__staged_step(staged, targets_record, targets_recorded);
    else if (staged->waiting == 0)
        staged->all_done(staged);
}

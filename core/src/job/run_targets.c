/* SPDX-License-Identifier: Apache-2.0 */

/* Requests to the storages of a journalled job, of which each target has at most one; what is stored
 * is recorded at once, while others are still under way. */

#include "job/run.h"

#include "util/error.h"

const char *arv__run_target_key(const arv__run *run, unsigned index)
{
    return run->job->locations[index].object.key;
}

void arv__run_targets_reset(arv__run *run)
{
    run->waiting = 0;
    run->expected = run->history->archive.container;
    run->is_streamed = run->history->archive.streamed;
    for (unsigned i = 0; i < run->job->storage_count; i++)
        run->targets[i] = (arv__run_target){.run = run, .index = i};
}

void arv__run_target_failed(arv__run_target *target, int status, const arv_error *err)
{
    target->status = status;
    target->error = *err;
    arv__log(&target->run->job->log, ARV_LOG_WARNING, "job", target->run->folder.uuid,
             err->message, ARV__INT("target", target->index));
}

int arv__run_target_take(arv__run_target *target, arv_task *task, arv_error *err)
{
    arv_error_clear(err);
    int status = arv_task_status(task, err);
    arv_task_unref(target->task);
    target->task = NULL;
    target->run->waiting--;
    return status;
}

void arv__run_target_started(arv__run_target *target, int status, const arv_error *err)
{
    if (status < 0) {
        arv__run_target_failed(target, status, err);
        return;
    }
    target->run->waiting++;
}

/* The first error of them; one that no retry mends before one that it may. */
const arv_error *arv__run_targets_error(const arv__run *run)
{
    const arv_error *found = NULL;
    for (unsigned i = 0; i < run->job->storage_count; i++) {
        const arv__run_target *target = &run->targets[i];
        if (target->status < 0 &&
            (!found || (arv__error_may_pass(found) && !arv__error_may_pass(&target->error))))
            found = &target->error;
    }
    return found;
}

void arv__run_target_stat(arv__run_target *target, arv_task_cb looked)
{
    arv__run *run = target->run;
    arv_error err;
    int status = arv_storage_stat(run->job->storages[target->index],
                                  arv__run_target_key(run, target->index), looked, target,
                                  &target->task, &err);
    arv__run_target_started(target, status, &err);
}

void arv__run_target_compare(arv__run_target *target, arv_task_cb compared)
{
    arv__run *run = target->run;
    arv_error err;
    int status = arv_storage_get_file(run->job->storages[target->index],
                                      arv__run_target_key(run, target->index), NULL, &run->expected,
                                      compared, target, &target->task, &err);
    arv__run_target_started(target, status, &err);
}

/* ---- recorded --------------------------------------------------------------------------------- */

/* [pool] Those that were ready when the step began, one record each. */
static int targets_record(arv__run *run, arv_error *err)
{
    for (unsigned i = 0; i < run->job->storage_count; i++) {
        arv__run_target *target = &run->targets[i];
        if (!target->recording)
            continue;
        arv__record_stored(&run->record, i, &run->job->locations[i].object);
        int rc = arv__run_append(run, err);
        if (rc < 0)
            return rc;
        target->recording = false;
    }
    return 0;
}

static bool targets_take_ready(arv__run *run)
{
    bool any = false;
    for (unsigned i = 0; i < run->job->storage_count; i++) {
        arv__run_target *target = &run->targets[i];
        target->recording = target->ready;
        target->ready = false;
        any = any || target->recording;
    }
    return any;
}

static void targets_recorded(arv__run *run, int status, const arv_error *err)
{
    for (unsigned i = 0; status < 0 && i < run->job->storage_count; i++) {
        arv__run_target *target = &run->targets[i];
        if (target->recording) {
            target->recording = false;
            arv__run_target_failed(target, status, err);
        }
    }
    arv__run_targets_go_on(run);
}

/* A target that is stored is recorded at once, while others are still written. */
void arv__run_targets_go_on(arv__run *run)
{
    if (run->stepping)
        return;
    if (targets_take_ready(run))
        arv__run_step(run, targets_record, targets_recorded);
    else if (run->waiting == 0)
        run->stage->gathered(run);
}

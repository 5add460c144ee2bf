/* SPDX-License-Identifier: Apache-2.0 */

/* The last stages of a job that is stored: what earlier runs have stored must be there still, and what
 * it replaces goes. */

#include "job/run.h"

#include <string.h>

/* ---- look again --------------------------------------------------------------------------------- */

static void again_looked(void *user_data, arv_task *task)
{
    arv__run_target *target = user_data;
    arv_error err;
    int status = arv__run_target_take(target, task, &err);
    if (status == ARV_ENOTFOUND)
        status = arv_error_set(&err, ARV_EOFFLINE,
                               "%s was stored by this job and is not there any more; look whether its "
                               "storage is the one that it was.",
                               target->run->job->locations[target->index].address);
    if (status < 0)
        arv__run_target_failed(target, status, &err);
    arv__run_targets_go_on(target->run);
}

static void again_gathered(arv__run *run)
{
    const arv_error *err = arv__run_targets_error(run);
    run->seen.stored_still = !err;
    if (err)
        arv__run_fail(run, err->code, err);
    else
        arv__run_next(run);
}

static void again_enter(arv__run *run)
{
    arv__run_targets_reset(run);
    for (unsigned i = 0; i < run->job->storage_count; i++)
        if (run->seen.stored_before[i])
            arv__run_target_stat(&run->targets[i], again_looked);
    arv__run_targets_go_on(run);
}

const arv__stage arv__stage_look_again = {.enter = again_enter, .gathered = again_gathered};

/* ---- finish --------------------------------------------------------------------------------- */

/* What cannot be removed stays, and is told: the job is complete nevertheless. */
static void former_stays(const arv__run_target *target, const arv_error *err)
{
    const arv__run *run = target->run;
    arv__log(&run->job->log, ARV_LOG_WARNING, "job", run->folder.uuid, err->message,
             ARV__TEXT("target", run->history->former.targets[target->index].address));
}

static void former_taken(void *user_data, arv_task *task)
{
    arv__run_target *target = user_data;
    arv_error err;
    int status = arv__run_target_take(target, task, &err);
    if (status < 0 && status != ARV_ENOTFOUND)
        former_stays(target, &err);
    arv__run_targets_go_on(target->run);
}

static arv_storage *former_storage(const arv__run *run, unsigned index)
{
    char url[ARV_ADDRESS_BYTES], key[ARV_KEY_BYTES];
    if (arv_address_split(run->history->former.targets[index].address, url, key, NULL) < 0)
        return NULL;
    for (unsigned i = 0; i < run->job->storage_count; i++)
        if (strcmp(arv_storage_url(run->job->storages[i]), url) == 0)
            return run->job->storages[i];
    return NULL;
}

static void former_compared(void *user_data, arv_task *task)
{
    arv__run_target *target = user_data;
    arv__run *run = target->run;
    arv_error err;
    int status = arv__run_target_take(target, task, &err);
    if (status == 0) {
        status = arv_storage_remove(former_storage(run, target->index),
                                    run->history->former.objects[target->index].key, former_taken,
                                    target, &target->task, &err);
        if (status == 0)
            arv__run_target_started(target, status, &err);
    }
    if (status < 0 && status != ARV_ENOTFOUND)
        former_stays(target, &err); /* also when it is something else by now */
    arv__run_targets_go_on(run);
}

/* What is replaced by something better goes. */
static void finish_remove_former(arv__run *run)
{
    const arv__archive *former = &run->history->former;
    arv__run_targets_reset(run);
    for (unsigned i = 0; i < former->target_count; i++) {
        arv__run_target *target = &run->targets[i];
        arv_storage *storage = former_storage(run, i);
        arv_error err;
        *target = (arv__run_target){.run = run, .index = i};
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
            arv__run_target_started(target, status, &err);
    }
    arv__run_targets_go_on(run);
}

/* An end of the engine may have cut the removal short: then the next run has to do it. */
static void finish_gathered(arv__run *run)
{
    if (!arv__run_stops(run))
        arv__run_record(run);
}

static void finish_enter(arv__run *run)
{
    run->seen.replacing = run->history->has_former;
    if (run->seen.replacing)
        finish_remove_former(run);
    else
        arv__run_record(run);
}

const arv__stage arv__stage_finish = {
    .enter = finish_enter,
    .gathered = finish_gathered,
    .record = arv__run_record_end,
};

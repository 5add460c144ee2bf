/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The stages that take a container to its storages. For each target there is at most one request under
 * way, and its result decides what is next for that target.
 *
 * An object counts as the job's own when it was announced, which is done only where nothing had that
 * name, and its content is that of the recorded container. Anything else is left where it is.
 */

#include "job/run.h"

#include <stdio.h>

/* ---- announce ------------------------------------------------------------------------------- */

static void announce_looked(void *user_data, arv_task *task)
{
    arv__run_target *target = user_data;
    arv_error err;
    int status = arv__run_target_take(target, task, &err);
    if (status == 0)
        status = arv_error_set(&err, ARV_EEXISTS,
                               "%s is there already, although this job has not stored it; nothing "
                               "was overwritten.",
                               target->run->job->locations[target->index].address);
    if (status != ARV_ENOTFOUND)
        arv__run_target_failed(target, status, &err);
    arv__run_targets_go_on(target->run);
}

static int announce_record(arv__run *run, arv_error *err)
{
    arv__record_announced(&run->record, run->job->locations, run->job->storage_count);
    int rc = arv__run_append(run, err);
    run->seen.announced = rc == 0;
    return rc;
}

static void announce_gathered(arv__run *run)
{
    const arv_error *err = arv__run_targets_error(run);
    if (err)
        arv__run_fail(run, err->code, err);
    else if (!arv__run_stops(run))
        arv__run_record(run);
}

static void announce_enter(arv__run *run)
{
    arv__run_targets_reset(run);
    for (unsigned i = 0; i < run->job->storage_count; i++)
        arv__run_target_stat(&run->targets[i], announce_looked);
    arv__run_targets_go_on(run);
}

const arv__stage arv__stage_announce = {
    .enter = announce_enter,
    .gathered = announce_gathered,
    .record = announce_record,
};

/* ---- store ---------------------------------------------------------------------------------- */

static void store_put_done(void *user_data, arv_task *task)
{
    arv__run_target *target = user_data;
    arv_object *object = &target->run->job->locations[target->index].object;
    arv_error err;
    const arv_object *stored = arv_task_object(task);
    if (stored && arv_task_status(task, NULL) == 0)
        *object = *stored;
    int status = arv__run_target_take(target, task, &err);
    if (status == ARV_EUNREADABLE) /* the container, by a medium that may do better later */
        status = err.code = ARV_EIO;
    if (status < 0)
        arv__run_target_failed(target, status, &err);
    target->ready = status == 0;
    arv__run_targets_go_on(target->run);
}

static void store_put(arv__run_target *target)
{
    arv__run *run = target->run;
    arv_error err;
    int status = arv_storage_put_file(run->job->storages[target->index], run->container,
                                      arv__run_target_key(run, target->index),
                                      &run->expected, store_put_done, target, &target->task,
                                      &err);
    arv__run_target_started(target, status, &err);
}

/* Announced by a run before this one: whoever was killed may have stored it. */
static void store_compared(void *user_data, arv_task *task)
{
    arv__run_target *target = user_data;
    arv__run *run = target->run;
    const arv_object *found = arv_task_object(task);
    arv_error err;
    if (found && arv_task_status(task, NULL) == 0)
        run->job->locations[target->index].object = *found;
    int status = arv__run_target_take(target, task, &err);
    if (status == ARV_EMISMATCH)
        status = arv_error_set(&err, ARV_EEXISTS,
                               "%s is there, but it is not what this job has packed; nothing was "
                               "overwritten.",
                               run->job->locations[target->index].address);
    target->ready = status == 0;
    bool missing = status == ARV_ENOTFOUND && !run->is_streamed;
    if (missing && run->job->cancel_asked) { /* that it is not there yet is no failure */
        err = run->job->cancel_reason;
        status = err.code;
    }
    if (missing && !run->job->cancel_asked)
        store_put(target);
    else if (status < 0)
        arv__run_target_failed(target, status, &err);
    arv__run_targets_go_on(run);
}

/* The container was read while it was stored, and is not what it was. */
static bool store_is_rotten(const arv__run *run)
{
    for (unsigned i = 0; i < run->job->storage_count; i++)
        switch (run->targets[i].status) {
        case ARV_EMISMATCH:
        case ARV_ECHANGED:
        case ARV_EVANISHED:
            return true;
        default:
            break;
        }
    return false;
}

/* Another stage mends it; but where it came from a storage already, that one has it no better. */
static void store_gathered(arv__run *run)
{
    const arv__archive *archive = &run->history->archive;
    const arv_error *err = arv__run_targets_error(run);
    if (!err) {
        arv__run_next(run);
    } else if (store_is_rotten(run) && !run->job->cancel_asked &&
               !(run->seen.recovered && arv__history_any_stored(archive))) {
        run->seen.damaged = true;
        run->seen.damage = *err;
        arv_error_prefix(&run->seen.damage,
                         "The staged container is damaged and is packed again: ");
        arv__run_next(run);
    } else {
        arv__run_fail(run, err->code, err);
    }
}

/* What this run has announced, it need not look for. */
static void store_enter(arv__run *run)
{
    bool fresh = run->seen.announced;
    run->seen.announced = false;
    arv__run_targets_reset(run);
    for (unsigned i = 0; i < run->job->storage_count; i++) {
        arv__run_target *target = &run->targets[i];
        if (run->history->archive.targets[i].stored)
            continue;
        if (fresh)
            store_put(target);
        else
            arv__run_target_compare(target, store_compared);
    }
    arv__run_targets_go_on(run);
}

const arv__stage arv__stage_store = {.enter = store_enter, .gathered = store_gathered};

/* ---- recover: a damaged container comes back from a storage that has it ------------------------ */

static int recover_clear(arv__run *run, arv_error *err)
{
    return arv__jobfolder_unlink(&run->folder, "container", err);
}

static void recover_got(void *user_data, arv_task *task)
{
    arv__run_target *target = user_data;
    arv_error err;
    int status = arv__run_target_take(target, task, &err);
    if (status < 0)
        arv__run_target_failed(target, status, &err);
    arv__run_targets_go_on(target->run);
}

static void recover_gathered(arv__run *run)
{
    const arv_error *err = arv__run_targets_error(run);
    if (err)
        arv__run_fail(run, err->code, err);
    else
        arv__run_next(run);
}

static void recover_enter(arv__run *run)
{
    unsigned index = 0;
    arv_error err;
    run->seen.damaged = false;
    run->seen.recovered = true;
    arv__log(&run->job->log, ARV_LOG_WARNING, "job", run->folder.uuid,
             "The staged container is damaged; it is taken from a storage that has it.");
    arv__run_targets_reset(run);
    while (!run->history->archive.targets[index].stored)
        index++;
    arv__run_target *target = &run->targets[index];
    int status = arv_storage_get_file(run->job->storages[index], arv__run_target_key(run, index),
                                      run->container, &run->expected, recover_got, target,
                                      &target->task, &err);
    arv__run_target_started(target, status, &err);
    arv__run_targets_go_on(run);
}

const arv__stage arv__stage_recover = {
    .prepare = recover_clear,
    .enter = recover_enter,
    .gathered = recover_gathered,
};

/* ---- settle: a container that was streamed --------------------------------------------------- */

static void settle_gathered(arv__run *run)
{
    for (unsigned i = 0; i < run->job->storage_count; i++) {
        arv__run_target *target = &run->targets[i];
        if (target->status == ARV_ENOTFOUND) {
            run->seen.damaged = true;
        } else if (target->status < 0) {
            arv__run_fail(run, target->status, &target->error);
            return;
        }
    }
    arv_error_clear(&run->seen.damage);
    snprintf(run->seen.damage.message, sizeof run->seen.damage.message,
             "The run was killed before all storages had the archive.");
    arv__run_next(run);
}

/* Streamed by this run, or by one that was killed while it got its names. */
static void settle_enter(arv__run *run)
{
    arv__run_targets_reset(run);
    for (unsigned i = 0; i < run->job->storage_count; i++) {
        arv__run_target *target = &run->targets[i];
        if (run->history->archive.targets[i].stored)
            continue;
        target->ready = run->seen.proven;
        if (!target->ready)
            arv__run_target_compare(target, store_compared);
    }
    arv__run_targets_go_on(run);
}

const arv__stage arv__stage_settle = {.enter = settle_enter, .gathered = settle_gathered};

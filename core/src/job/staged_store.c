/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A journalled job and its storages. For each target there is at most one request under way, and its
 * result decides what is next for that target; when none is under way any more, `all_done` goes on.
 *
 * An object counts as the job's own when it was announced, which is done only where nothing had that
 * name, and its content is that of the recorded container. Anything else is left where it is.
 */

#include "job/staged.h"

#include <stdio.h>
#include <string.h>

/* ---- announce ------------------------------------------------------------------------------- */

static void announce_looked(void *user_data, arv_task *task)
{
    arv__staged_target *target = user_data;
    arv_error err;
    int status = arv__target_take(target, task, &err);
    if (status == 0)
        status = arv_error_set(&err, ARV_EEXISTS,
                               "%s is there already, although this job has not stored it; nothing "
                               "was overwritten.",
                               target->staged->job->locations[target->index].address);
    if (status != ARV_ENOTFOUND)
        arv__target_failed(target, status, &err);
    arv__targets_go_on(target->staged);
}

static int announce_record(arv__staged *staged, arv_error *err)
{
    arv__record_announced(&staged->record, staged->job->locations, staged->job->storage_count);
    return arv__staged_append(staged, err);
}

static void announce_recorded(arv__staged *staged, int status, const arv_error *err)
{
    if (status < 0)
        arv__staged_fail(staged, status, err);
    else
        staged->announced(staged);
}

static void announce_done(arv__staged *staged)
{
    const arv_error *err = arv__targets_error(staged);
    if (err)
        arv__staged_fail(staged, err->code, err);
    else if (!arv__staged_stops(staged))
        arv__staged_step(staged, announce_record, announce_recorded);
}

void arv__staged_announce(arv__staged *staged, void (*announced)(arv__staged *staged))
{
    staged->announced = announced;
    arv__targets_reset(staged, announce_done);
    for (unsigned i = 0; i < staged->job->storage_count; i++)
        arv__target_stat(&staged->targets[i], announce_looked);
    arv__targets_go_on(staged);
}

/* ---- store ---------------------------------------------------------------------------------- */

static void store_put_done(void *user_data, arv_task *task)
{
    arv__staged_target *target = user_data;
    arv_object *object = &target->staged->job->locations[target->index].object;
    arv_error err;
    const arv_object *stored = arv_task_object(task);
    if (stored && arv_task_status(task, NULL) == 0)
        *object = *stored;
    int status = arv__target_take(target, task, &err);
    if (status == ARV_EUNREADABLE) /* the container, by a medium that may do better later */
        status = err.code = ARV_EIO;
    if (status < 0)
        arv__target_failed(target, status, &err);
    target->ready = status == 0;
    arv__targets_go_on(target->staged);
}

static void store_put(arv__staged_target *target)
{
    arv__staged *staged = target->staged;
    arv_error err;
    int status = arv_storage_put_file(staged->job->storages[target->index], staged->container,
                                      arv__target_key(staged, target->index),
                                      &staged->expected, store_put_done, target, &target->task,
                                      &err);
    arv__target_started(target, status, &err);
}

/* Announced by a run before this one: whoever was killed may have stored it. */
static void store_compared(void *user_data, arv_task *task)
{
    arv__staged_target *target = user_data;
    arv__staged *staged = target->staged;
    const arv_object *found = arv_task_object(task);
    arv_error err;
    if (found && arv_task_status(task, NULL) == 0)
        staged->job->locations[target->index].object = *found;
    int status = arv__target_take(target, task, &err);
    if (status == ARV_EMISMATCH)
        status = arv_error_set(&err, ARV_EEXISTS,
                               "%s is there, but it is not what this job has packed; nothing was "
                               "overwritten.",
                               staged->job->locations[target->index].address);
    target->ready = status == 0;
    bool missing = status == ARV_ENOTFOUND && !staged->is_streamed;
    if (missing && staged->job->cancel_asked) { /* that it is not there yet is no failure */
        err = staged->job->cancel_reason;
        status = err.code;
    }
    if (missing && !staged->job->cancel_asked)
        store_put(target);
    else if (status < 0)
        arv__target_failed(target, status, &err);
    arv__targets_go_on(staged);
}

/* The container was read while it was stored, and is not what it was. */
static bool store_is_rotten(const arv__staged *staged)
{
    for (unsigned i = 0; i < staged->job->storage_count; i++)
        switch (staged->targets[i].status) {
        case ARV_EMISMATCH:
        case ARV_ECHANGED:
        case ARV_EVANISHED:
            return true;
        default:
            break;
        }
    return false;
}

/* ---- a damaged container comes back from a storage that has it --------------------------------- */

static void recover_got(void *user_data, arv_task *task)
{
    arv__staged_target *target = user_data;
    arv_error err;
    int status = arv__target_take(target, task, &err);
    if (status < 0)
        arv__target_failed(target, status, &err);
    arv__targets_go_on(target->staged);
}

static void recover_done(arv__staged *staged)
{
    const arv_error *err = arv__targets_error(staged);
    if (err)
        arv__staged_fail(staged, err->code, err);
    else if (!arv__staged_stops(staged))
        arv__staged_store(staged);
}

static int recover_clear(arv__staged *staged, arv_error *err)
{
    return arv__jobfolder_unlink(&staged->folder, "container", err);
}

static void recover_cleared(arv__staged *staged, int status, const arv_error *err)
{
    unsigned index;
    arv_error failure;
    if (status < 0) {
        arv__staged_fail(staged, status, err);
        return;
    }
    arv__targets_reset(staged, recover_done);
    if (arv__targets_stored(staged, &index)) {
        arv__staged_target *target = &staged->targets[index];
        status = arv_storage_get_file(staged->job->storages[index], arv__target_key(staged, index),
                                      staged->container, &staged->expected,
                                      recover_got, target, &target->task, &failure);
        arv__target_started(target, status, &failure);
    }
    arv__targets_go_on(staged);
}

static void store_recover(arv__staged *staged)
{
    staged->recovered = true;
    arv__log(&staged->job->log, ARV_LOG_WARNING, "job", staged->folder.uuid,
             "The staged container is damaged; it is taken from a storage that has it.");
    arv__staged_step(staged, recover_clear, recover_cleared);
}

static void store_discard(arv__staged *staged)
{
    staged->error = *arv__targets_error(staged);
    arv_error_prefix(&staged->error, "The staged container is damaged and is packed again: ");
    arv__staged_discard(staged);
}

/* Nothing that is stored is given up for what is not packed yet. */
static void store_mend(arv__staged *staged)
{
    unsigned index;
    const arv_error *err = arv__targets_error(staged);
    if (!arv__targets_stored(staged, &index))
        store_discard(staged);
    else if (!staged->recovered)
        store_recover(staged);
    else
        arv__staged_fail(staged, err->code, err);
}

static void store_done(arv__staged *staged)
{
    const arv_error *err = arv__targets_error(staged);
    if (!err)
        arv__staged_clean_up(staged);
    else if (store_is_rotten(staged) && !staged->job->cancel_asked)
        store_mend(staged);
    else
        arv__staged_fail(staged, err->code, err);
}

static void store_begin(arv__staged *staged, bool fresh)
{
    arv__targets_reset(staged, store_done);
    for (unsigned i = 0; i < staged->job->storage_count; i++) {
        arv__staged_target *target = &staged->targets[i];
        if (staged->history->archive.targets[i].stored)
            continue;
        if (staged->streamed_now)
            target->ready = true;
        else if (fresh)
            store_put(target);
        else
            arv__target_compare(target, store_compared);
    }
    arv__targets_go_on(staged);
}

static void store_announced(arv__staged *staged)
{
    if (!arv__staged_stops(staged))
        store_begin(staged, true);
}

void arv__staged_store(arv__staged *staged)
{
    arv__job_set_state(staged->job, ARV_JOB_STORE);
    if (arv__staged_stops(staged))
        return;
    if (staged->history->archive.announced)
        store_begin(staged, false);
    else
        arv__staged_announce(staged, store_announced);
}

/* ---- settle --------------------------------------------------------------------------------- */

static void settle_done(arv__staged *staged)
{
    bool missing = false;
    for (unsigned i = 0; i < staged->job->storage_count; i++) {
        arv__staged_target *target = &staged->targets[i];
        if (target->status == ARV_ENOTFOUND)
            missing = true;
        else if (target->status < 0) {
            arv__staged_fail(staged, target->status, &target->error);
            return;
        }
    }
    if (!missing) {
        arv__staged_clean_up(staged);
    } else if (!arv__staged_stops(staged)) {
        arv_error_clear(&staged->error);
        snprintf(staged->error.message, sizeof staged->error.message,
                 "The run was killed before all storages had the archive.");
        arv__staged_discard(staged);
    }
}

void arv__staged_settle(arv__staged *staged)
{
    arv__job_set_state(staged->job, ARV_JOB_STORE);
    arv__targets_reset(staged, settle_done);
    for (unsigned i = 0; i < staged->job->storage_count; i++)
        if (!staged->history->archive.targets[i].stored)
            arv__target_compare(&staged->targets[i], store_compared);
    arv__targets_go_on(staged);
}

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

/* ---- requests ------------------------------------------------------------------------------- */

static const char *store_key(const arv__staged *staged, unsigned index)
{
    return staged->job->locations[index].object.key;
}

static void store_reset(arv__staged *staged, void (*all_done)(arv__staged *staged))
{
    staged->waiting = 0;
    staged->all_done = all_done;
    staged->expected = staged->history->archive.container;
    staged->is_streamed = staged->history->archive.streamed;
    for (unsigned i = 0; i < staged->job->storage_count; i++)
        staged->targets[i] = (arv__staged_target){.staged = staged, .index = i};
}

static void store_target_failed(arv__staged_target *target, int status, const arv_error *err)
{
    target->status = status;
    target->error = *err;
    arv__log(&target->staged->job->log, ARV_LOG_WARNING, "job", target->staged->folder.uuid,
             err->message,
             ARV__INT("target", target->index));
}

static void store_go_on(arv__staged *staged);

/* The request of a target is over; `then` decides, with the error if there is one. */
static int store_take(arv__staged_target *target, arv_task *task, arv_error *err)
{
    arv_error_clear(err);
    int status = arv_task_status(task, err);
    arv_task_unref(target->task);
    target->task = NULL;
    target->busy = false;
    target->staged->waiting--;
    return status;
}

static void store_started(arv__staged_target *target, int status, const arv_error *err)
{
    if (status < 0) {
        store_target_failed(target, status, err);
        return;
    }
    target->busy = true;
    target->staged->waiting++;
}

/* The first error of them; one that no retry mends before one that it may. */
static const arv_error *store_error(const arv__staged *staged)
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

/* ---- announce ------------------------------------------------------------------------------- */

static void announce_looked(void *user_data, arv_task *task)
{
    arv__staged_target *target = user_data;
    arv_error err;
    int status = store_take(target, task, &err);
    if (status == 0)
        status = arv_error_set(&err, ARV_EEXISTS,
                               "%s is there already, although this job has not stored it; nothing "
                               "was overwritten.",
                               target->staged->job->locations[target->index].address);
    if (status != ARV_ENOTFOUND)
        store_target_failed(target, status, &err);
    store_go_on(target->staged);
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
    const arv_error *err = store_error(staged);
    if (err)
        arv__staged_fail(staged, err->code, err);
    else if (!arv__staged_stops(staged))
        arv__staged_step(staged, announce_record, announce_recorded);
}

void arv__staged_announce(arv__staged *staged, void (*announced)(arv__staged *staged))
{
    arv_error err;
    staged->announced = announced;
    store_reset(staged, announce_done);
    for (unsigned i = 0; i < staged->job->storage_count; i++) {
        arv__staged_target *target = &staged->targets[i];
        int status = arv_storage_stat(staged->job->storages[i], store_key(staged, i),
                                      announce_looked, target, &target->task, &err);
        store_started(target, status, &err);
    }
    store_go_on(staged);
}

/* ---- store ---------------------------------------------------------------------------------- */

/* [pool] Those that were ready when the step began, one record each. */
static int store_record(arv__staged *staged, arv_error *err)
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

static bool store_take_ready(arv__staged *staged)
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

static void store_recorded(arv__staged *staged, int status, const arv_error *err)
{
    for (unsigned i = 0; status < 0 && i < staged->job->storage_count; i++) {
        arv__staged_target *target = &staged->targets[i];
        if (target->recording) {
            target->recording = false;
            store_target_failed(target, status, err);
        }
    }
    store_go_on(staged);
}

/* A target that is stored is recorded at once, while others are still written. */
static void store_go_on(arv__staged *staged)
{
    if (staged->stepping)
        return;
    if (store_take_ready(staged))
        arv__staged_step(staged, store_record, store_recorded);
    else if (staged->waiting == 0)
        staged->all_done(staged);
}

static void store_put_done(void *user_data, arv_task *task)
{
    arv__staged_target *target = user_data;
    arv_object *object = &target->staged->job->locations[target->index].object;
    arv_error err;
    const arv_object *stored = arv_task_object(task);
    if (stored && arv_task_status(task, NULL) == 0)
        *object = *stored;
    int status = store_take(target, task, &err);
    if (status == ARV_EUNREADABLE) /* the container, by a medium that may do better later */
        status = err.code = ARV_EIO;
    if (status < 0)
        store_target_failed(target, status, &err);
    target->ready = status == 0;
    store_go_on(target->staged);
}

static void store_put(arv__staged_target *target)
{
    arv__staged *staged = target->staged;
    arv_error err;
    int status = arv_storage_put_file(staged->job->storages[target->index], staged->container,
                                      store_key(staged, target->index),
                                      &staged->expected, store_put_done, target, &target->task,
                                      &err);
    store_started(target, status, &err);
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
    int status = store_take(target, task, &err);
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
        store_target_failed(target, status, &err);
    store_go_on(staged);
}

static void store_compare(arv__staged_target *target, arv_task_cb compared)
{
    arv__staged *staged = target->staged;
    arv_error err;
    int status = arv_storage_get_file(staged->job->storages[target->index],
                                      store_key(staged, target->index), NULL, &staged->expected,
                                      compared, target, &target->task, &err);
    store_started(target, status, &err);
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

static void store_discard(arv__staged *staged);

/* ---- a damaged container comes back from a storage that has it --------------------------------- */

static bool store_has_copy(const arv__staged *staged, unsigned *index)
{
    for (*index = 0; *index < staged->job->storage_count; ++*index)
        if (staged->history->archive.targets[*index].stored)
            return true;
    return false;
}

static void recover_got(void *user_data, arv_task *task)
{
    arv__staged_target *target = user_data;
    arv_error err;
    int status = store_take(target, task, &err);
    if (status < 0)
        store_target_failed(target, status, &err);
    store_go_on(target->staged);
}

static void recover_done(arv__staged *staged)
{
    const arv_error *err = store_error(staged);
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
    store_reset(staged, recover_done);
    if (store_has_copy(staged, &index)) {
        arv__staged_target *target = &staged->targets[index];
        status = arv_storage_get_file(staged->job->storages[index], store_key(staged, index),
                                      staged->container, &staged->history->archive.container,
                                      recover_got, target, &target->task, &failure);
        store_started(target, status, &failure);
    }
    store_go_on(staged);
}

static void store_recover(arv__staged *staged)
{
    staged->recovered = true;
    arv__log(&staged->job->log, ARV_LOG_WARNING, "job", staged->folder.uuid,
             "The staged container is damaged; it is taken from a storage that has it.");
    arv__staged_step(staged, recover_clear, recover_cleared);
}

/* Nothing that is stored is given up for what is not packed yet. */
static void store_mend(arv__staged *staged)
{
    unsigned index;
    const arv_error *err = store_error(staged);
    if (!store_has_copy(staged, &index))
        store_discard(staged);
    else if (!staged->recovered)
        store_recover(staged);
    else
        arv__staged_fail(staged, err->code, err);
}

static void store_done(arv__staged *staged)
{
    const arv_error *err = store_error(staged);
    if (!err)
        arv__staged_clean_up(staged);
    else if (store_is_rotten(staged) && !staged->job->cancel_asked)
        store_mend(staged);
    else
        arv__staged_fail(staged, err->code, err);
}

static void store_begin(arv__staged *staged, bool fresh)
{
    store_reset(staged, store_done);
    for (unsigned i = 0; i < staged->job->storage_count; i++) {
        arv__staged_target *target = &staged->targets[i];
        if (staged->history->archive.targets[i].stored)
            continue;
        if (staged->streamed_now)
            target->ready = true;
        else if (fresh)
            store_put(target);
        else
            store_compare(target, store_compared);
    }
    store_go_on(staged);
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

/* ---- look again -------------------------------------------------------------------------------- */

static void again_looked(void *user_data, arv_task *task)
{
    arv__staged_target *target = user_data;
    arv_error err;
    int status = store_take(target, task, &err);
    if (status == ARV_ENOTFOUND)
        status = arv_error_set(&err, ARV_EOFFLINE,
                               "%s was stored by this job and is not there any more; look whether its "
                               "storage is the one that it was.",
                               target->staged->job->locations[target->index].address);
    if (status < 0)
        store_target_failed(target, status, &err);
    store_go_on(target->staged);
}

static void again_done(arv__staged *staged)
{
    const arv_error *err = store_error(staged);
    if (err)
        arv__staged_fail(staged, err->code, err);
    else
        staged->seen_again(staged);
}

void arv__staged_see_again(arv__staged *staged, void (*seen)(arv__staged *staged))
{
    staged->seen_again = seen;
    store_reset(staged, again_done);
    for (unsigned i = 0; i < staged->job->storage_count; i++) {
        arv__staged_target *target = &staged->targets[i];
        arv_error err;
        if (!staged->stored_before[i])
            continue;
        int status = arv_storage_stat(staged->job->storages[i], store_key(staged, i), again_looked,
                                      target, &target->task, &err);
        store_started(target, status, &err);
    }
    store_go_on(staged);
}

/* ---- remove --------------------------------------------------------------------------------- */

static void remove_done(void *user_data, arv_task *task)
{
    arv__staged_target *target = user_data;
    arv_error err;
    int status = store_take(target, task, &err);
    if (status < 0 && status != ARV_ENOTFOUND)
        store_target_failed(target, status, &err);
    store_go_on(target->staged);
}

static void remove_start(arv__staged_target *target)
{
    arv__staged *staged = target->staged;
    arv_error err;
    int status = arv_storage_remove(staged->job->storages[target->index],
                                    store_key(staged, target->index), remove_done, target,
                                    &target->task, &err);
    store_started(target, status, &err);
}

/* What is not this job's stays, and is told. */
static void remove_compared(void *user_data, arv_task *task)
{
    arv__staged_target *target = user_data;
    arv_error err;
    int status = store_take(target, task, &err);
    if (status == 0 || status == ARV_ENOTFOUND) /* then what is left of an unfinished put goes */
        remove_start(target);
    else if (status == ARV_EMISMATCH)
        arv__log(&target->staged->job->log, ARV_LOG_WARNING, "job", target->staged->folder.uuid,
                 "An object that is not this job's has its name and stays.",
                 ARV__TEXT("target", target->staged->job->locations[target->index].address));
    else
        store_target_failed(target, status, &err);
    store_go_on(target->staged);
}

/* Nothing was packed, so nothing was stored; asking tidies up what a killed put has left. */
static void remove_looked(void *user_data, arv_task *task)
{
    arv__staged_target *target = user_data;
    arv_error err;
    int status = store_take(target, task, &err);
    if (status < 0 && status != ARV_ENOTFOUND)
        store_target_failed(target, status, &err);
    store_go_on(target->staged);
}

static void remove_begin(arv__staged *staged, void (*done)(arv__staged *staged))
{
    const arv__archive *archive = &staged->history->archive;
    store_reset(staged, done);
    for (unsigned i = 0; archive->announced && i < archive->target_count; i++) {
        arv__staged_target *target = &staged->targets[i];
        arv_error err;
        if (archive->packaged) {
            store_compare(target, remove_compared);
        } else {
            int status = arv_storage_stat(staged->job->storages[i], store_key(staged, i),
                                          remove_looked, target, &target->task, &err);
            store_started(target, status, &err);
        }
    }
    store_go_on(staged);
}

static void undo_removed(arv__staged *staged)
{
    const arv_error *err = store_error(staged);
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
    const arv_error *err = store_error(staged);
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
static void discard_begin(arv__staged *staged)
{
    unsigned index;
    if (store_has_copy(staged, &index))
        arv__staged_step(staged, discard_recall, discard_recalled);
    else
        remove_begin(staged, discard_removed);
}

static void store_discard(arv__staged *staged)
{
    staged->error = *store_error(staged);
    arv_error_prefix(&staged->error, "The staged container is damaged and is packed again: ");
    discard_begin(staged);
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
        discard_begin(staged);
    }
}

void arv__staged_settle(arv__staged *staged)
{
    arv__job_set_state(staged->job, ARV_JOB_STORE);
    store_reset(staged, settle_done);
    for (unsigned i = 0; i < staged->job->storage_count; i++)
        if (!staged->history->archive.targets[i].stored)
            store_compare(&staged->targets[i], store_compared);
    store_go_on(staged);
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
    int status = store_take(target, task, &err);
    if (status < 0 && status != ARV_ENOTFOUND)
        former_stays(target, &err);
    store_go_on(target->staged);
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
    int status = store_take(target, task, &err);
    if (status == 0) {
        status = arv_storage_remove(former_storage(staged, target->index),
                                    staged->history->former.objects[target->index].key, former_taken,
                                    target, &target->task, &err);
        if (status == 0)
            store_started(target, status, &err);
    }
    if (status < 0 && status != ARV_ENOTFOUND)
        former_stays(target, &err); /* also when it is something else by now */
    store_go_on(staged);
}

void arv__staged_remove_former(arv__staged *staged, void (*done)(arv__staged *staged))
{
    const arv__archive *former = &staged->history->former;
    staged->former_removed = done;
    store_reset(staged, former_removed);
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
            store_started(target, status, &err);
    }
    store_go_on(staged);
}

/* SPDX-License-Identifier: Apache-2.0 */

/* Requests to the storages of a journalled job. Each target has at most one. A stored target is recorded at
 * once, while others are still under way. */

#include "job/run.h"

#include <stdio.h>

#include "util/error.h"

static void targets_go_on(arv__run *run);

/* ---- requests --------------------------------------------------------------------------------- */

static void target_failed(arv__run_target *target, const arv_error *err)
{
    target->status = err->code;
    target->error = *err;
    arv__log(&target->run->job->log, ARV_LOG_WARNING, "job", target->run->folder.uuid, err->message,
             ARV__INT("target", target->index));
}

static void target_answered(void *user_data, arv_task *task);

static int target_start(arv__run_target *t, arv_error *err)
{
    switch (t->asked) {
    case ARV__ASK_TIDY:
        return arv_storage_tidy(t->storage, t->name, target_answered, t, &t->task, err);
    case ARV__ASK_STAT:
        return arv_storage_stat(t->storage, t->name, target_answered, t, &t->task, err);
    case ARV__ASK_PUT:
        return arv_storage_put_file(t->storage, t->path, t->name, &t->expected, target_answered, t, &t->task,
                                    err);
    case ARV__ASK_REMOVE:
        return arv_storage_remove(t->storage, t->name, target_answered, t, &t->task, err);
    default:
        return arv_storage_get_file(t->storage, t->name, t->asked == ARV__ASK_GET ? t->path : NULL,
                                    &t->expected, target_answered, t, &t->task, err);
    }
}

static arv__ask target_decide(arv__run_target *target, const arv_object *object, arv_error *err)
{
    arv__ask next = ARV__ASK_NOTHING;
    if (target->run->stage->answered)
        next = target->run->stage->answered(target, object, err);
    if (next == ARV__ASK_NOTHING && err->code < 0)
        target_failed(target, err);
    return next;
}

/* Starts a request to the target. One that cannot be started is answered at once. */
static void target_ask(arv__run_target *target, arv__ask what)
{
    while (what != ARV__ASK_NOTHING) {
        arv_error err;
        arv_error_clear(&err);
        target->asked = what;
        if (target_start(target, &err) == 0) {
            target->run->waiting++;
            return;
        }
        what = target_decide(target, NULL, &err);
    }
}

static void target_answered(void *user_data, arv_task *task)
{
    arv__run_target *target = user_data;
    arv_error err;
    arv_error_clear(&err);
    bool done = arv_task_status(task, &err) == 0;
    target->run->waiting--;
    target->task = NULL;
    target_ask(target, target_decide(target, done ? arv_task_object(task) : NULL, &err));
    arv_task_unref(task);
    targets_go_on(target->run);
}

void arv__run_turn_to(arv__run_target *target, const arv__archive *archive, unsigned object)
{
    unsigned i = target->index;
    const arv__beside *beside = object ? &archive->beside[object - 1] : NULL;
    const char *key = beside ? beside->key : archive->objects[i].key;
    const char *version = beside ? beside->versions[i] : archive->objects[i].version;
    target->object = object;
    target->path = object ? target->run->beside : target->run->container;
    target->expected = beside ? beside->digests : archive->container;
    if (!version[0] || arv_object_name(key, version, target->name, NULL) < 0)
        snprintf(target->name, sizeof target->name, "%s", key);
}

arv__ask arv__run_put_missing(arv__run_target *target, bool has_file, arv_error *err)
{
    const arv_job *job = target->run->job;
    if (target->asked == ARV__ASK_COMPARE && err->code == ARV_ENOTFOUND && has_file) {
        if (!job->cancel_asked)
            return ARV__ASK_PUT;
        *err = job->cancel_reason; /* a missing object is no failure */
    }
    target->ready = err->code == 0;
    return ARV__ASK_NOTHING;
}

void arv__run_round(arv__run *run, unsigned count)
{
    run->waiting = 0;
    run->streamed = run->history->archive.streamed;
    for (unsigned i = 0; i < ARV_JOB_STORAGES_MAX; i++) {
        arv__run_target *target = &run->targets[i];
        *target = (arv__run_target){.run = run,
                                    .index = i,
                                    .storage = run->job->storages[i],
                                    .path = run->container,
                                    .expected = run->history->archive.container};
        snprintf(target->name, sizeof target->name, "%s", run->job->locations[i].object.key);
    }
    for (unsigned i = 0; i < count; i++)
        target_ask(&run->targets[i], run->stage->first(&run->targets[i]));
    targets_go_on(run);
}

/* An error that no retry mends comes before one that may pass. */
const arv_error *arv__run_targets_error(const arv__run *run)
{
    const arv_error *found = NULL;
    for (unsigned i = 0; i < ARV_JOB_STORAGES_MAX; i++) {
        const arv__run_target *target = &run->targets[i];
        if (target->status < 0 &&
            (!found || (arv__error_may_pass(found) && !arv__error_may_pass(&target->error))))
            found = &target->error;
    }
    return found;
}

void arv__run_ask(arv__run *run)
{
    arv__run_round(run, run->job->storage_count);
}

void arv__run_gathered(arv__run *run)
{
    const arv_error *err = arv__run_targets_error(run);
    if (err)
        arv__run_fail(run, err->code, err);
    else if (!run->stage->record)
        arv__run_next(run);
    else if (run->late || !arv__run_stops(run))
        arv__run_record(run);
}

/* ---- recorded --------------------------------------------------------------------------------- */

/* [pool] Appends a record for each target that was ready when the step began. */
static int targets_record(arv__run *run, arv_error *err)
{
    for (unsigned i = 0; i < run->job->storage_count; i++) {
        arv__run_target *target = &run->targets[i];
        if (!target->recording)
            continue;
        arv__record_stored(&run->record, i, target->object,
                           target->object ? &target->found : &run->job->locations[i].object);
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
            target_failed(target, err);
        }
    }
    targets_go_on(run);
}

/* Records a stored target at once, while others are still written. */
static void targets_go_on(arv__run *run)
{
    if (run->stepping)
        return;
    if (targets_take_ready(run))
        arv__run_step(run, targets_record, targets_recorded);
    else if (run->waiting == 0)
        run->stage->gathered(run);
}

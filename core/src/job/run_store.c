/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The stages that take a container to its storages.
 *
 * An object counts as the job's own when the job has announced it and its content is that of the recorded
 * container. A job announces only free names. Any other object is left where it is.
 */

#include "job/run.h"

#include <stdio.h>

static const char *store_address(const arv__run_target *target)
{
    return target->run->job->locations[target->index].address;
}

/* ---- announce ------------------------------------------------------------------------------- */

static arv__ask announce_first(arv__run_target *target)
{
    (void)target;
    return ARV__ASK_STAT;
}

/* Looks for the archive's name, then for the name of the JSON beside it. */
static arv__ask announce_answered(arv__run_target *target, const arv_object *object, arv_error *err)
{
    const arv__run *run = target->run;
    (void)object;
    if (err->code == 0)
        arv_error_set(err, ARV_EEXISTS,
                      "%s/%s is there already, although this job has not stored it; nothing was "
                      "overwritten.",
                      arv_storage_url(target->storage), target->name);
    if (err->code != ARV_ENOTFOUND)
        return ARV__ASK_NOTHING;
    arv_error_clear(err);
    if (!run->about || target->object)
        return ARV__ASK_NOTHING;
    target->object = 1;
    arv__run_about_key(run->job->locations[target->index].object.key, target->name);
    return ARV__ASK_STAT;
}

static int announce_record(arv__run *run, arv_error *err)
{
    arv__record_announced(&run->record, run->job->locations, run->job->storage_count);
    int rc = arv__run_append(run, err);
    run->seen.announced = rc == 0;
    return rc;
}

const arv__stage arv__stage_announce = {
    .enter = arv__run_ask,
    .first = announce_first,
    .answered = announce_answered,
    .gathered = arv__run_gathered,
    .record = announce_record,
};

/* ---- store ---------------------------------------------------------------------------------- */

/* This run need not look for an object that it has announced itself. A killed run may have stored others. */
static arv__ask store_first(arv__run_target *target)
{
    if (target->run->history->archive.targets[target->index].stored)
        return ARV__ASK_NOTHING;
    return target->run->seen.announced ? ARV__ASK_PUT : ARV__ASK_COMPARE;
}

static arv__ask store_answered(arv__run_target *target, const arv_object *object, arv_error *err)
{
    if (object)
        target->run->job->locations[target->index].object = *object;
    if (target->asked == ARV__ASK_PUT && err->code == ARV_EUNREADABLE)
        err->code = ARV_EIO; /* the container is unreadable; the medium may do better later */
    if (target->asked == ARV__ASK_COMPARE && err->code == ARV_EMISMATCH)
        arv_error_set(err, ARV_EEXISTS,
                      "%s is there, but it is not what this job has packed; nothing was overwritten.",
                      store_address(target));
    return arv__run_put_missing(target, !target->run->streamed, err);
}

/* Returns whether storing found that the container has changed. */
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

/* Another stage mends a damaged container. It is no use to fetch it from a storage a second time. */
static void store_gathered(arv__run *run)
{
    const arv_error *err = arv__run_targets_error(run);
    run->seen.announced = false;
    if (err && store_is_rotten(run) && !run->job->cancel_asked &&
        !(run->seen.recovered && arv__history_any_stored(&run->history->archive))) {
        run->seen.damaged = true;
        run->seen.damage = *err;
        arv_error_prefix(&run->seen.damage, "The staged container is damaged and is packed again: ");
        arv__run_next(run);
        return;
    }
    arv__run_gathered(run);
}

const arv__stage arv__stage_store = {
    .enter = arv__run_ask,
    .first = store_first,
    .answered = store_answered,
    .gathered = store_gathered,
};

/* ---- recover: a damaged container comes back from a storage that has it ------------------------ */

static int recover_clear(arv__run *run, arv_error *err)
{
    return arv__jobfolder_unlink(&run->folder, "container", err);
}

static arv__ask recover_first(arv__run_target *target)
{
    arv__run *run = target->run;
    if (run->seen.recovered || !run->history->archive.targets[target->index].stored)
        return ARV__ASK_NOTHING;
    run->seen.damaged = false;
    run->seen.recovered = true;
    arv__log(&run->job->log, ARV_LOG_WARNING, "job", run->folder.uuid,
             "The staged container is damaged; it is taken from a storage that has it.");
    return ARV__ASK_GET;
}

const arv__stage arv__stage_recover = {
    .prepare = recover_clear,
    .enter = arv__run_ask,
    .first = recover_first,
    .gathered = arv__run_gathered,
};

/* ---- settle: a container that was streamed --------------------------------------------------- */

/* The container was streamed by this run, or by one that was killed while the objects got their names. */
static arv__ask settle_first(arv__run_target *target)
{
    if (target->run->history->archive.targets[target->index].stored)
        return ARV__ASK_NOTHING;
    target->ready = target->run->seen.proven;
    return target->ready ? ARV__ASK_NOTHING : ARV__ASK_COMPARE;
}

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

const arv__stage arv__stage_settle = {
    .enter = arv__run_ask,
    .first = settle_first,
    .answered = store_answered,
    .gathered = settle_gathered,
};

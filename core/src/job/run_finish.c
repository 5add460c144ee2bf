/* SPDX-License-Identifier: Apache-2.0 */

/* The last stages of a job that is stored: they look that the objects of earlier runs are there still, and
 * remove the archive that the new one replaces. */

#include "job/run.h"

#include <string.h>

/* ---- look again --------------------------------------------------------------------------------- */

/* Looks for the archive, then for each object beside it. */
static arv__ask again_first(arv__run_target *target)
{
    target->run->seen.looked_again = true;
    return target->run->seen.stored_before[target->index] ? ARV__ASK_STAT : ARV__ASK_NOTHING;
}

static arv__ask again_answered(arv__run_target *target, const arv_object *object, arv_error *err)
{
    (void)object;
    if (err->code == ARV_ENOTFOUND)
        arv_error_set(err, ARV_EOFFLINE,
                      "%s/%s was stored by this job and is not there any more; look whether its storage "
                      "is the one that it was.",
                      arv_storage_url(target->storage), target->name);
    if (err->code < 0 || target->object == target->run->history->archive.beside_count)
        return ARV__ASK_NOTHING;
    arv__run_turn_to(target, &target->run->history->archive, target->object + 1);
    return ARV__ASK_STAT;
}

const arv__stage arv__stage_look_again = {
    .enter = arv__run_ask,
    .first = again_first,
    .answered = again_answered,
    .gathered = arv__run_gathered,
};

/* ---- finish: the former archive goes ------------------------------------------------------------ */

/* An object that cannot be removed stays, with a warning: the job is complete nevertheless. */
static void former_stays(const arv__run_target *target, const arv_error *err)
{
    const arv__run *run = target->run;
    arv__log(&run->job->log, ARV_LOG_WARNING, "job", run->folder.uuid, err->message,
             ARV__TEXT("target", run->history->former.targets[target->index].address));
}

static arv_storage *former_storage(const arv__run *run, unsigned index)
{
    arv_address address;
    if (arv_address_parse(&address, run->history->former.targets[index].address, NULL) < 0)
        return NULL;
    for (unsigned i = 0; i < run->job->storage_count; i++)
        if (strcmp(arv_storage_url(run->job->storages[i]), address.url) == 0)
            return run->job->storages[i];
    return NULL;
}

static arv__ask former_first(arv__run_target *target)
{
    const arv__archive *former = &target->run->history->former;
    arv_error err;
    target->storage = former_storage(target->run, target->index);
    if (target->storage)
        return arv__run_remove_first(target, former);
    arv_error_set(&err, ARV_ENOTFOUND,
                  "The former archive stays: its storage is not among those of the job.");
    former_stays(target, &err);
    return ARV__ASK_NOTHING;
}

static arv__ask former_answered(arv__run_target *target, const arv_object *object, arv_error *err)
{
    (void)object;
    arv__ask next = arv__run_remove_answered(target, &target->run->history->former, err);
    if (err->code < 0)
        former_stays(target, err);
    arv_error_clear(err);
    return next;
}

static void finish_enter(arv__run *run)
{
    run->seen.replacing = run->history->has_former;
    arv__run_round(run, run->seen.replacing ? run->history->former.target_count : 0);
}

/* The end of the engine may have cut the removal short: then the next run must go on with it. */
static void finish_gathered(arv__run *run)
{
    if (!run->seen.replacing || !arv__run_stops(run))
        arv__run_record(run);
}

const arv__stage arv__stage_finish = {
    .enter = finish_enter,
    .first = former_first,
    .answered = former_answered,
    .gathered = finish_gathered,
    .record = arv__run_record_end,
};

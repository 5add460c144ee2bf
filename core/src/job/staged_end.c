/* SPDX-License-Identifier: Apache-2.0 */

/* How a run of a journalled job ends. Either it has stored everything. Or it fails: then the job rests
 * until a later run tries again, or this run takes back what the job has done. */

#include "job/staged.h"

#include <string.h>

#include "util/time.h"

enum { STAGED_RETRY_MS_MAX = 3600000, STAGED_RETRY_DOUBLINGS_MAX = 12 };

/* ---- end ------------------------------------------------------------------------------------ */

static void staged_fill_result(arv__staged *staged)
{
    arv_job *job = staged->job;
    const arv__archive *archive = &staged->history->archive;
    arv_job_result *result = &job->result;
    memcpy(result->uuid, staged->folder.uuid, sizeof result->uuid);
    result->entries = archive->entries;
    result->payload_bytes = archive->payload_bytes;
    result->collected_at_unix = archive->collected_at;
    result->read_at_unix = archive->read_at;
    result->packed_at_unix = archive->packed_at;
    result->container_bytes = archive->container_bytes;
    result->container = archive->container;
    result->failure_count = archive->failures;
    result->locations = job->locations;
    result->location_count = archive->target_count;
    for (unsigned i = 0; i < archive->target_count; i++) {
        memcpy(job->locations[i].address, archive->targets[i].address,
               sizeof job->locations[i].address);
        job->locations[i].object = archive->objects[i];
    }
}

void arv__staged_end(arv__staged *staged, int status, const arv_error *err)
{
    if (status == 0)
        staged_fill_result(staged);
    arv__job_end(staged->job, status, err);
}

static int step_ended(arv__staged *staged, arv_error *err)
{
    int rc = arv__jobfolder_unlink(&staged->folder, "container", err);
    if (rc < 0 || (rc = arv__jobfolder_flush(&staged->folder, err)) < 0)
        return rc;
    arv__record_ended(&staged->record, staged->last_state);
    return arv__staged_append(staged, err);
}

static void staged_cleaned_up(arv__staged *staged, int status, const arv_error *err)
{
    if (status < 0) {
        arv__staged_fail(staged, status, err);
        return;
    }
    arv__job_set_state(staged->job, staged->last_state);
    arv__staged_end(staged, 0, NULL);
}

static void staged_former_removed(arv__staged *staged)
{
    arv__staged_step(staged, step_ended, staged_cleaned_up);
}

static void staged_seen_again(arv__staged *staged)
{
    staged->replacing = staged->history->has_former;
    if (staged->replacing)
        arv__staged_remove_former(staged, staged_former_removed);
    else
        staged_former_removed(staged);
}

void arv__staged_clean_up(arv__staged *staged)
{
    arv__job_set_state(staged->job, ARV_JOB_CLEANUP);
    staged->last_state =
        staged->history->archive.failures ? ARV_JOB_PARTIAL : ARV_JOB_COMPLETED;
    arv__staged_see_again(staged, staged_seen_again);
}

/* Appends a second error to the sentence of the first, unless both are one: where the journal cannot be
 * written, recording the failure fails as the step did. */
static void staged_error_also(arv__staged *staged, const char *before, const arv_error *err)
{
    if (!strstr(staged->error.message, err->message))
        arv_error_append(&staged->error, "%s%s", before, err->message);
}

/* ---- it does not succeed ---------------------------------------------------------------------- */

static void staged_undone(arv__staged *staged, int status, const arv_error *err)
{
    if (status < 0) {
        staged_error_also(staged, " Cleaning up is tried again: ", err);
        staged->error.flags |= ARV_ERROR_PARTIAL;
        arv__staged_end(staged, staged->error.code, &staged->error);
        return;
    }
    arv__job_set_state(staged->job, staged->last_state);
    if (staged->last_state == ARV_JOB_PARTIAL)
        staged_fill_result(staged);
    arv__staged_end(staged, staged->error.code, &staged->error);
}

void arv__staged_undone(arv__staged *staged)
{
    staged->last_state = staged->history->ending;
    arv__staged_step(staged, step_ended, staged_undone);
}

void arv__staged_take_back(arv__staged *staged)
{
    staged->undoing = true;
    arv__job_set_state(staged->job, ARV_JOB_ERROR_HANDLING);
    arv__staged_undo(staged);
}

static int step_undo(arv__staged *staged, arv_error *err)
{
    arv__record_undo(&staged->record, staged->last_state, &staged->error);
    int rc = arv__staged_append(staged, err);
    if (rc < 0 && staged->last_state == ARV_JOB_ABORTED) /* else the next run knows of no cancel request */
        arv__jobfolder_ask_cancel(&staged->folder, NULL);
    return rc;
}

/* If the journal cannot record the decision, the next run decides again. */
static void staged_undo_recorded(arv__staged *staged, int status, const arv_error *err)
{
    if (status < 0) {
        staged_error_also(staged, " ", err);
        arv__staged_end(staged, staged->error.code, &staged->error);
        return;
    }
    arv__staged_take_back(staged);
}

static void staged_give_up(arv__staged *staged, arv_job_state ending)
{
    staged->last_state = staged->history->has_former ? ARV_JOB_PARTIAL : ending;
    staged->undoing = true;
    arv__staged_step(staged, step_undo, staged_undo_recorded);
}

static int step_interrupted(arv__staged *staged, arv_error *err)
{
    arv__record_interrupted(&staged->record);
    return arv__staged_append(staged, err);
}

static void staged_interrupted(arv__staged *staged, int status, const arv_error *err)
{
    if (status < 0) /* then it counts as a run that was killed */
        staged_error_also(staged, " ", err);
    arv__job_set_state(staged->job, ARV_JOB_QUEUED);
    arv__staged_end(staged, staged->error.code, &staged->error);
}

/* The caller has forgotten the entries: the job does not end for it, and rests. */
void arv__staged_lacks_entries(arv__staged *staged)
{
    arv_error_set(&staged->error, ARV_EINVALID,
                  "The job has no container yet: start it with its list of entries.");
    arv__staged_step(staged, step_interrupted, staged_interrupted);
}

/* The delay before the next attempt, after so many. */
static uint64_t staged_delay_ms(const arv__staged *staged)
{
    unsigned doublings = staged->history->attempts ? staged->history->attempts - 1 : 0;
    if (doublings > STAGED_RETRY_DOUBLINGS_MAX)
        doublings = STAGED_RETRY_DOUBLINGS_MAX;
    uint64_t delay_ms = staged->retry_delay_ms << doublings;
    return delay_ms < STAGED_RETRY_MS_MAX ? delay_ms : STAGED_RETRY_MS_MAX;
}

static int step_retry(arv__staged *staged, arv_error *err)
{
    arv__record_retry(&staged->record, &staged->error,
                      arv__now_unix_us() / 1000 + (int64_t)staged_delay_ms(staged));
    return arv__staged_append(staged, err);
}

static void staged_retry(arv__staged *staged, int status, const arv_error *err)
{
    if (status < 0)
        staged_error_also(staged, " ", err);
    arv__job_set_state(staged->job, ARV_JOB_RECOVERABLE_ERROR);
    arv__staged_end(staged, staged->error.code, &staged->error);
}

void arv__staged_fail(arv__staged *staged, int status, const arv_error *err)
{
    arv_job *job = staged->job;
    bool canceled = arv__job_is_cancel(job, status);
    if (job->cancel_asked && (canceled || job->limit_reached))
        err = &job->cancel_reason;
    if (err != &staged->error)
        staged->error = *err;
    if (canceled && err->code == ARV_ECLOSED && !staged->attempted) {
        arv__staged_end(staged, staged->error.code, &staged->error); /* it had not begun */
        return;
    }
    if (canceled && err->code == ARV_ECLOSED) {
        arv__staged_step(staged, step_interrupted, staged_interrupted);
        return;
    }
    if (canceled && !staged->replacing) {
        staged_give_up(staged, ARV_JOB_ABORTED);
        return;
    }
    arv__job_set_state(job, ARV_JOB_ERROR);
    if (staged->replacing ||
        (staged->attempted && !staged->time_is_over && arv__retry_wanted(&staged->error) &&
         staged->history->attempts < staged->attempts_max)) {
        staged->error.flags |= ARV_ERROR_RETRYABLE; /* whatever its code */
        arv__staged_step(staged, step_retry, staged_retry);
        return;
    }
    if (staged->history->attempts > 1)
        arv_error_prefix(&staged->error, "After %u attempts: ", staged->history->attempts);
    staged_give_up(staged, ARV_JOB_FAILURE);
}

bool arv__staged_stops(arv__staged *staged)
{
    arv_job *job = staged->job;
    if (!job->cancel_asked || (staged->replacing && job->cancel_reason.code != ARV_ECLOSED))
        return false;
    arv__staged_fail(staged, job->cancel_reason.code, &job->cancel_reason);
    return true;
}

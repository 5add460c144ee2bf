/* SPDX-License-Identifier: Apache-2.0 */

/* The kind of job that lives in this process only. It packs straight into its targets and leaves nothing when
 * it fails. */

#include "job/internal.h"

#include <string.h>

static void direct_begin(arv_job *job)
{
    arv_error err;
    arv__packing packing = {.path = job->path,
                            .into_storages = true,
                            .collected_at_unix = ARV_TIME_UNKNOWN,
                            .requested_at_unix = ARV_TIME_UNKNOWN,
                            .packed = arv__job_end};
    arv_error_clear(&err);
    int rc = arv__job_locate(job, arv__format_find(job->package.format)->suffixes[0], &err);
    if (rc == 0)
        rc = arv__job_collect(job, &err);
    if (rc < 0)
        arv__job_end(job, rc, &err);
    else
        arv__job_pack(job, &packing);
}

/* A running job without a packer ends by itself. */
static void direct_stop(arv_job *job)
{
    if (!job->turn.running)
        arv__job_end_queued(job);
}

static void direct_close(arv_job *job)
{
    arv_error reason;
    arv_error_set(&reason, ARV_ECANCELED, "The job was stopped because its engine shuts down.");
    arv_job_cancel(job, &reason);
}

static void direct_tick(arv_job *job)
{
    arv_error reason;
    if (!job->spec.time_limit_ms || arv__job_elapsed_ms(job) < job->spec.time_limit_ms)
        return;
    arv_error_set(&reason, ARV_ETIMEOUT,
                  "The job was not done within its time limit of %.15g s; raise the limit, or "
                  "archive less at once.",
                  (double)job->spec.time_limit_ms / 1000);
    arv__job_limit(job, &reason);
}

static void direct_fill_result(arv_job *job)
{
    const arv__packer_totals *totals = &job->totals;
    arv_job_result *result = &job->result;
    memcpy(result->uuid, totals->uuid, sizeof result->uuid);
    result->entries = totals->payload_entries;
    result->payload_bytes = totals->payload_bytes;
    result->collected_at_unix = totals->collected_at_unix;
    result->read_at_unix = totals->read_at_unix;
    result->packed_at_unix = totals->packed_at_unix;
    result->container_bytes = totals->container_bytes;
    result->container = totals->container;
    result->failure_count = totals->failures;
    result->path = job->path;
    result->locations = job->locations;
    result->location_count = job->storage_count;
    for (unsigned i = 0; i < job->storage_count; i++)
        job->locations[i].object.digests = totals->container;
}

static arv_job_state direct_final_state(const arv_job *job)
{
    if (job->status == 0)
        return job->totals.failures ? ARV_JOB_PARTIAL : ARV_JOB_COMPLETED;
    return arv__job_is_cancel(job, job->status) ? ARV_JOB_ABORTED : ARV_JOB_FAILURE;
}

static void direct_ending(arv_job *job)
{
    if (job->status == 0) {
        arv__job_set_state(job, ARV_JOB_CLEANUP);
        direct_fill_result(job);
        return;
    }
    if (direct_final_state(job) == ARV_JOB_FAILURE)
        arv__job_set_state(job, ARV_JOB_ERROR);
    arv__job_set_state(job, ARV_JOB_ERROR_HANDLING);
}

static void direct_release(arv_job *job)
{
    arv__job_set_state(job, direct_final_state(job));
}

const arv__job_kind arv__job_direct = {
    .begin = direct_begin,
    .stop = direct_stop,
    .close = direct_close,
    .tick = direct_tick,
    .ending = direct_ending,
    .release = direct_release,
};

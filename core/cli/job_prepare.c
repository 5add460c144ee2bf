/* SPDX-License-Identifier: Apache-2.0 */
#include "job_run.h"

#include <string.h>
#include <arv/sys/alloc.h>

#include "session.h"

/* Prepares a job before it is started. A mistake is found before the job is made. */

void run_release(run_job *job)
{
    arv_job_unref(job->job);
    arv_entries_unref(job->entries);
    for (size_t i = 0; i < ARV_JOB_STORAGES_MAX; i++) {
        arv_storage_unref(job->storages[i]);
        job->storages[i] = NULL;
    }
    arv_spec_free(job->spec);
    job->spec = NULL;
    job->job = NULL;
    job->entries = NULL;
}

static int prepare_spec(runner *r, run_job *job, arv_error *err)
{
    if (job->path && job->runs == 0)
        return arv_spec_read(&job->spec, job->path, err);
    int rc = arv_staging_status(r->staging, job->uuid, &r->status, err);
    return rc < 0 ? rc : arv_spec_of_job(&job->spec, r->staging, job->uuid, err);
}

static int prepare_alone(const runner *r, const run_job *job, arv_error *err)
{
    for (const run_job *other = r->jobs; other < r->jobs + r->count; other++)
        if (other != job && other->phase != JOB_PENDING && other->phase != JOB_ENDED &&
            strcmp(other->uuid, job->uuid) == 0) {
            arv_error_set(err, ARV_EINVALID, "The job %s is named twice; once will do.", job->uuid);
            arv_error_about(err, job->uuid);
            return ARV_EINVALID;
        }
    return 0;
}

/* Sets *there when the job is there; then its specification must be the one that it was made from. */
static int prepare_look(runner *r, run_job *job, bool *there, arv_error *err)
{
    char *document = NULL;
    size_t length = 0, wanted_length;
    const void *wanted = arv_spec_document(job->spec, &wanted_length);
    int rc = r->staging ? arv_staging_status(r->staging, job->uuid, &r->status, err) : ARV_ENOTFOUND;
    *there = rc == 0;
    if (rc == ARV_ENOTFOUND && job->path)
        return 0;
    if (rc < 0 || !job->path || job->runs > 0)
        return rc;
    rc = arv_staging_document_take(r->staging, job->uuid, &document, &length, err);
    if (rc == ARV_ENOTFOUND ||
        (rc == 0 && (length != wanted_length || memcmp(document, wanted, length) != 0))) {
        rc = arv_error_set(err, ARV_EEXISTS,
                           "The job %s was made from another specification than \"%s\" is now; "
                           "give this one another \"uuid\", or run the job by its UUID.",
                           job->uuid, arv_spec_file(job->spec));
        arv_error_about(err, arv_spec_file(job->spec));
    }
    arv_free(document);
    return rc;
}

static bool prepare_needs_entries(const runner *r, bool there)
{
    return !there || (!r->status.packaged && !arv_job_state_final(r->status.state) &&
                      !r->status.cancel_asked && r->status.state != ARV_JOB_ERROR_HANDLING);
}

int run_prepare(runner *r, run_job *job, arv_error *err)
{
    bool there = false;
    size_t length;
    int rc = prepare_spec(r, job, err);
    if (rc < 0)
        return job->path && job->runs == 0 ? session_exit_source(rc) : session_exit_job(rc);
    memcpy(job->uuid, arv_spec_uuid(job->spec), ARV_UUID_BYTES);
    if ((rc = prepare_alone(r, job, err)) < 0 || (rc = prepare_look(r, job, &there, err)) < 0 ||
        (rc = arv_spec_storages(job->spec, r->engine, job->storages, &job->storage_count, err)) < 0)
        return session_exit_job(rc);
    if (prepare_needs_entries(r, there) && (rc = arv_spec_entries(job->spec, &job->entries, err)) < 0)
        return session_exit_source(rc);
    if (there)
        return CLI_OK;
    if (!r->staging)
        rc = job_staging_open(&r->staging, r->options, true, err);
    const void *document = arv_spec_document(job->spec, &length);
    if (rc == 0)
        rc = arv_staging_create(r->staging, job->uuid, document, length, err);
    return rc < 0 ? session_exit_job(rc) : CLI_OK;
}

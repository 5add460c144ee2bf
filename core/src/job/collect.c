/* SPDX-License-Identifier: Apache-2.0 */

/* Lets the application collect within a run of the job: the entries, and the options of the archive. */

#include "job/internal.h"

#include <string.h>

#include "util/time.h"

/* UUID and format stand in the journal and the keys already, so the collection must give the same. */
static int collect_check(const arv_job *job, const arv_entries *entries, const arv_package_options *package,
                         arv_error *err)
{
    if (!entries)
        return arv_error_set(err, ARV_EINVALID, "The collection of the job gave no list of entries.");
    if (strcmp(package->uuid, job->package.uuid) != 0 || package->format != job->package.format)
        return arv_error_set(err, ARV_EINVALID,
                             "The collection of the job gave another UUID or format than the job was "
                             "started with; give the same.");
    if (job->spec.to_descriptor && package->failures_max)
        return arv_error_set(
            err, ARV_EINVALID,
            "The collection of the job lets entries be missing (failures_max), but what goes "
            "out as a stream cannot begin anew without one.");
    return arv__package_options_check(package, err);
}

int arv__job_collect(arv_job *job, arv_error *err)
{
    arv_entries *entries = NULL;
    arv_package_options package = job->package;
    if (!job->spec.on_collect)
        return 0;
    arv__job_set_state(job, ARV_JOB_PRE_PROCESSING);
    int rc = arv_job_check(job, err); /* the callback of the state may have cancelled the job */
    if (rc == 0) {
        rc = job->spec.on_collect(job->spec.user_data, job, &entries, &package, err);
        if (rc == ARV_ECANCELED || rc == ARV_ECLOSED)
            arv_job_cancel(job, err);
    }
    if (rc == 0 && (rc = collect_check(job, entries, &package, err)) == 0)
        rc = arv__job_keep_package(job, &package, err);
    if (rc < 0) {
        arv_entries_unref(entries);
        return rc;
    }
    arv_entries_unref(job->entries);
    job->entries = entries;
    job->moved_ns = arv__monotonic_ns(); /* the collection does not count as a stall */
    return arv_job_check(job, err);
}

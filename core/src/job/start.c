/* SPDX-License-Identifier: Apache-2.0 */

/* Starts a job: checks and copies its specification, and chooses its kind. */

#include <string.h>

#include <arv/sys/alloc.h>
#include "job/internal.h"
#include "job/run.h"
#include "util/options.h"

void arv_job_spec_init(arv_job_spec *spec, size_t struct_bytes)
{
    arv__options_init(spec, struct_bytes, NULL, 0);
}

static int start_keep(arv_job *job, const arv_job_spec *spec, arv_error *err)
{
    int rc = arv__job_keep_package(job, spec->package, err);
    if (rc == 0 && spec->path && !(job->path = arv_strdup(spec->path)))
        rc = arv_error_nomem(err, "a job's path");
    /* A stored object is found by its job's UUID, which must be new even for equal content. */
    if (rc == 0 && job->storage_count && !job->package.uuid[0])
        rc = arv_uuid_random(job->package.uuid, err);
    return rc;
}

int arv_package_options_check(const arv_package_options *options, arv_error *err)
{
    arv_package_options known;
    int rc = arv__package_options_take(&known, options, err);
    return rc < 0 ? rc : arv__package_options_check(&known, err);
}

/* A storage from which nothing can be read back counts as no copy. Nor could a run after a crash recognise
 * its own objects there, or take them back. */
static int start_check_proven(const arv_job_spec *spec, arv_error *err)
{
    const arv_storage *mute = NULL;
    size_t proven = 0;
    for (size_t i = 0; i < spec->storage_count; i++)
        if (arv_storage_proves(spec->storages[i]))
            proven++;
        else
            mute = spec->storages[i];
    if (!mute || (!spec->staging && (proven || spec->path)))
        return 0;
    return arv_error_set(
        err, ARV_EUNSUPPORTED,
        "Nothing can be read back from the storage %s, so what is stored there cannot be proven "
        "and counts as no copy; %s.",
        arv_storage_url(mute),
        spec->staging ? "a journalled job needs storages that can be read"
                      : "give a path, or a storage that can be read, as well");
}

static int start_check(const arv_engine *engine, const arv_job_spec *spec, arv_error *err)
{
    int rc;
    if (!arv__engine_here(engine))
        return arv_error_set(err, ARV_ECLOSED,
                             "The engine belongs to the parent process: abandon it and make a new "
                             "one after fork().");
    if (engine->closing)
        return arv_error_set(err, ARV_ECLOSED, "The engine is shutting down: no job can be started.");
    if (!spec->entries && !spec->on_collect && !spec->staging)
        return arv_error_set(err, ARV_EINVALID, "A job needs a list of entries.");
    if (spec->entries && spec->on_collect)
        return arv_error_set(err, ARV_EINVALID,
                             "A job was given a list of entries and a callback that collects one; give "
                             "one of both.");
    if (spec->staging && (spec->path || spec->to_descriptor || !spec->storage_count))
        return arv_error_set(err, ARV_EINVALID,
                             "A journalled job goes to storages: give at least one, and no path.");
    if (!spec->path && !spec->to_descriptor && !spec->storage_count)
        return arv_error_set(err, ARV_EINVALID,
                             "A job needs a target: give a path, or at least one storage.");
    if (spec->seed && !spec->staging)
        return arv_error_set(err, ARV_EINVALID,
                             "A seed stands in a job's journal: give a staging, or no seed.");
    if (spec->beside && !spec->staging)
        return arv_error_set(err, ARV_EINVALID,
                             "Only a journalled job puts something beside its archive: give a staging, or "
                             "nothing to put there.");
    if (spec->to_descriptor && spec->package->failures_max)
        return arv_error_set(err, ARV_EINVALID,
                             "An archive that goes out as a stream cannot begin anew without an entry "
                             "that fails: let none be missing (failures_max), or give a path.");
    if (spec->storage_count > ARV_JOB_STORAGES_MAX)
        return arv_error_set(err, ARV_EINVALID, "A job was given %zu storages; %d are allowed.",
                             spec->storage_count, ARV_JOB_STORAGES_MAX);
    for (size_t i = 0; i < spec->storage_count; i++)
        for (size_t k = 0; k < i; k++)
            if (strcmp(arv_storage_url(spec->storages[i]), arv_storage_url(spec->storages[k])) == 0)
                return arv_error_set(err, ARV_EINVALID,
                                     "A job was given the storage %s twice; one archive has one place "
                                     "in it.",
                                     arv_storage_url(spec->storages[i]));
    if ((rc = start_check_proven(spec, err)) < 0 ||
        (spec->beside && (rc = arv__run_about_check(spec->beside, err)) < 0))
        return rc;
    return arv__package_options_check(spec->package, err);
}

/* arv_job_start() for a spec that this version knows in full. */
static int start_job(arv_job **out, arv_engine *engine, const arv_job_spec *spec, arv_error *err)
{
    int rc = start_check(engine, spec, err);
    if (rc < 0)
        return rc;
    arv_job *job = arv_calloc(1, sizeof *job);
    if (!job)
        return arv_error_nomem(err, "a job");
    job->kind = &arv__job_direct;
    job->references = 1;
    job->engine = engine;
    for (unsigned i = 0; i < spec->storage_count; i++)
        job->storages[job->storage_count++] = arv_storage_ref(spec->storages[i]);
    job->spec = *spec;
    job->spec.package = &job->package;
    job->log = engine->context.log;
    if ((rc = start_keep(job, spec, err)) < 0 ||
        (spec->staging && (rc = arv__journalled_new(job, spec, arv__run_rows, err)) < 0)) {
        arv_job_unref(job);
        return rc;
    }
    if (spec->entries)
        job->entries = arv_entries_ref(spec->entries);
    arv__job_enqueue(job);
    *out = arv_job_ref(job);
    return 0;
}

int arv_job_start(arv_job **out, arv_engine *engine, const arv_job_spec *spec, arv_error *err)
{
    arv_job_spec known;
    arv_package_options package;
    int rc;
    if ((rc = ARV__OPTIONS_TAKE(&known, spec, "arv_job_spec", err)) < 0 ||
        (rc = arv__package_options_take(&package, known.package, err)) < 0)
        return rc;
    known.package = &package;
    return start_job(out, engine, &known, err);
}

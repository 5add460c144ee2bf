/* SPDX-License-Identifier: Apache-2.0 */

/*
 * From a job's entries to its targets: sinks are made, the packer is started, and its phases become
 * the states of the field. A staged job packs into its container only, which is not stored yet.
 */

#include "job/internal.h"

static void pack_phase(void *user_data, arv__pack_phase phase)
{
    static const arv_job_state states[] = {
        [ARV__PACK_PREPARE] = ARV_JOB_PRE_PROCESSING,
        [ARV__PACK_PAYLOAD] = ARV_JOB_ACTIVITY_ARCHIVING,
        [ARV__PACK_DOCUMENTS] = ARV_JOB_POST_PROCESSING,
        [ARV__PACK_FINISH] = ARV_JOB_STORE,
    };
    arv_job *job = user_data;
    if (phase != ARV__PACK_FINISH || job->packs_into_storages)
        arv__job_set_state(job, states[phase]);
}

static void pack_done(void *user_data, int status, const arv_error *err)
{
    arv_job *job = user_data;
    arv__packer_totals_get(job->packer, &job->totals);
    arv__packer_free(job->packer);
    job->packer = NULL;
    job->packed(job, status, err);
}

static int pack_storage_sinks(arv_job *job, arv__sink **sinks, unsigned *count, uint64_t hint_bytes,
                              arv_error *err)
{
    for (unsigned i = 0; i < job->storage_count; i++) {
        arv_location *location = &job->locations[i];
        int rc = arv__sink_storage_new(&sinks[*count], job->storages[i], location->object.key,
                                       hint_bytes, job->package.temp_directory, &location->object,
                                       err);
        if (rc < 0)
            return rc;
        (*count)++;
    }
    return 0;
}

int arv__job_locate(arv_job *job, const char *suffix, arv_error *err)
{
    for (unsigned i = 0; i < job->storage_count; i++) {
        arv_location *location = &job->locations[i];
        int rc = arv_key_from_uuid(job->package.uuid, suffix, location->object.key, err);
        if (rc == 0)
            rc = arv_storage_address(job->storages[i], location->object.key, location->address,
                                     err);
        if (rc < 0)
            return rc;
    }
    return 0;
}

static int pack_sinks(arv_job *job, const char *path, arv__sink **sink, arv_error *err)
{
    arv__context *context = &job->engine->context;
    arv__sink *sinks[ARV_JOB_STORAGES_MAX + 1] = {NULL};
    unsigned count = 0;
    int rc = 0;
    uint64_t hint_bytes = arv_entries_total_bytes(job->entries);

    if (path) {
        rc = arv__sink_file_new(&sinks[count], context->loop, context->io, &job->io_lane, path,
                                hint_bytes, err);
        if (rc < 0)
            goto out;
        count++;
    }
    if (job->packs_into_storages &&
        (rc = pack_storage_sinks(job, sinks, &count, hint_bytes, err)) < 0)
        goto out;
    if (count == 1) {
        *sink = sinks[0];
        return 0;
    }
    rc = arv__sink_tee_adopt(sink, context->loop, sinks, count, err);
out:
    for (unsigned i = 0; rc < 0 && i < count; i++)
        sinks[i]->ops->free(sinks[i]);
    return rc;
}

static int pack_start(arv_job *job, arv__sink *sink, arv_error *err)
{
    arv_engine *engine = job->engine;
    arv__packer_resources resources = {
        .loop = engine->context.loop,
        .pool = engine->context.pool,
        .cpu = engine->cpu,
        .threads = job->package.threads && job->package.threads < engine->threads
                       ? job->package.threads
                       : engine->threads,
        .readers = engine->readers,
        .log = &job->log,
    };
    arv__packer_events events = {pack_phase, pack_done, job};
    job->package.memory_bytes = job->turn.memory_bytes;
    return arv__packer_start_adopt(&job->packer, &resources, job->entries, &job->package, sink,
                                   &job->lane, &events, err);
}

void arv__job_pack(arv_job *job, const char *path, bool into_storages, arv__sink_wrap wrap,
                   void (*packed)(arv_job *job, int status, const arv_error *err))
{
    arv_error err;
    arv__sink *sink = NULL;
    int rc;

    arv_error_clear(&err);
    arv_job_ref(job);
    job->packed = packed;
    job->packs_into_storages = into_storages;
    arv__job_set_state(job, ARV_JOB_PRE_PROCESSING);
    if (job->cancel_asked) { /* by the callback just now */
        packed(job, job->cancel_reason.code, &job->cancel_reason);
        goto out;
    }
    rc = pack_sinks(job, path, &sink, &err);
    if (rc == 0 && wrap && (rc = wrap(job, &sink, &err)) < 0)
        sink->ops->free(sink);
    if (rc == 0 && (rc = pack_start(job, sink, &err)) < 0)
        sink->ops->free(sink);
    if (rc < 0)
        packed(job, rc, &err);
out:
    arv_job_unref(job);
}

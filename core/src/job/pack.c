/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Takes a job's entries to its targets: makes the sinks, starts the packer, and sets the job's state from the
 * packer's phase. A journalled job that stages packs into its container only; other stages store that. When
 * an entry failed in its middle, the packer ends and a new one begins without that entry.
 */

#include "job/internal.h"
#include "loop/fileops.h"

#include <inttypes.h>
#include <sys/stat.h>
#include <arv/sys/alloc.h>

/* As many as our own verifier takes (arv_limits), less the pages and documents, which are entries, too. */
enum { PACK_ENTRIES_MAX = 9990000 };
#define PACK_BYTES_MAX (UINT64_C(1) << 44)

static void pack_phase(void *user_data, arv__pack_phase phase)
{
    static const arv_job_state states[] = {
        [ARV__PACK_PREPARE] = ARV_JOB_PRE_PROCESSING,
        [ARV__PACK_PAYLOAD] = ARV_JOB_ACTIVITY_ARCHIVING,
        [ARV__PACK_DOCUMENTS] = ARV_JOB_POST_PROCESSING,
        [ARV__PACK_FINISH] = ARV_JOB_STORE,
    };
    arv_job *job = user_data;
    if (phase != ARV__PACK_FINISH || job->packing.into_storages)
        arv__job_set_state(job, states[phase]);
}

static int pack_storage_sinks(arv_job *job, arv__sink **sinks, unsigned *count, uint64_t hint_bytes,
                              arv_error *err)
{
    for (unsigned i = 0; i < job->storage_count; i++) {
        arv_location *location = &job->locations[i];
        int rc = arv__sink_storage_new(&sinks[*count], job->storages[i], location->object.key, hint_bytes,
                                       job->package.temp_directory, &location->object, err);
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
            rc = arv_storage_address(job->storages[i], location->object.key, location->address, err);
        if (rc < 0)
            return rc;
    }
    return 0;
}

static int pack_sinks(arv_job *job, const char *path, arv__sink **sink, arv_error *err)
{
    arv__context *context = &job->engine->context;
    arv__sink *sinks[ARV_JOB_STORAGES_MAX + 2] = {NULL};
    unsigned count = 0;
    int rc = 0;
    uint64_t hint_bytes = arv_entries_total_bytes(job->entries);

    if (path) {
        rc = arv__sink_file_new(&sinks[count], context->loop, context->io, &job->io_lane, path, hint_bytes,
                                err);
        if (rc < 0)
            goto out;
        count++;
    }
    if (job->spec.to_descriptor) {
        rc = arv__sink_descriptor_new(&sinks[count], context->io, &job->io_lane, job->spec.descriptor, err);
        if (rc < 0)
            goto out;
        count++;
    }
    if (job->packing.into_storages && (rc = pack_storage_sinks(job, sinks, &count, hint_bytes, err)) < 0)
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

static int pack_make_sink(arv_job *job, arv__sink **sink, arv_error *err)
{
    const arv__packing *packing = &job->packing;
    int rc = pack_sinks(job, packing->path, sink, err);
    if (rc == 0 && packing->wrap && (rc = packing->wrap(job, sink, err)) < 0)
        (*sink)->ops->free(*sink);
    return rc;
}

static int pack_repeat(arv_job *job, arv_error *err)
{
    arv__packer *before = job->packer;
    arv__sink *sink = NULL;
    int rc = pack_make_sink(job, &sink, err);
    if (rc < 0)
        return rc;
    rc = arv__packer_repeat_adopt(&job->packer, before, sink, err);
    if (rc < 0)
        sink->ops->free(sink);
    else
        arv__packer_free(before);
    return rc;
}

/* Logs each failed entry as a warning, once no packer begins again. */
static void pack_take_failures(arv_job *job)
{
    arv_free(job->failures);
    job->failures = arv__packer_failures_take(job->packer, &job->failures_kept);
    for (size_t i = 0; i < job->failures_kept; i++) {
        const arv_error *error = &job->failures[i].error;
        arv__log(&job->log, ARV_LOG_WARNING, "job", arv__job_uuid(job), error->message,
                 ARV__TEXT("error", arv_error_name(error->code)));
    }
}

static void pack_done(void *user_data, int status, const arv_error *err)
{
    arv_job *job = user_data;
    arv_error error;

    if (status < 0 && arv__packer_may_repeat(job->packer)) {
        error = job->cancel_reason;
        status = job->cancel_asked ? error.code : pack_repeat(job, &error);
        if (status == 0)
            return;
        err = &error;
    }
    arv__packer_totals_get(job->packer, &job->totals);
    if (status == 0)
        pack_take_failures(job);
    arv__packer_free(job->packer);
    job->packer = NULL;
    job->packing.packed(job, status, err);
}

/* Notes the file behind the stream, so that it is not packed as a source. */
static void pack_note_target(const arv_job *job, arv__packer_resources *resources)
{
    struct stat st;
    if (!job->spec.to_descriptor || arv__fs->fstat(job->spec.descriptor, &st) < 0 || !S_ISREG(st.st_mode))
        return; /* the sink reports any error */
    resources->into_file = true;
    resources->into_device = st.st_dev;
    resources->into_inode = st.st_ino;
}

static int pack_start(arv_job *job, arv__sink *sink, arv_error *err)
{
    arv_engine *engine = job->engine;
    arv__packer_resources resources = {
        .loop = engine->context.loop,
        .pool = engine->context.pool,
        .cpu = engine->cpu,
        .threads = job->package.threads && job->package.threads < engine->threads ? job->package.threads
                                                                                  : engine->threads,
        .readers = engine->readers,
        .log = &job->log,
    };
    arv__packer_events events = {pack_phase, pack_done, job};
    pack_note_target(job, &resources);
    job->package.memory_bytes = job->turn.memory_bytes;
    arv_package_options package = job->package;
    if (package.collected_at_unix == ARV_TIME_UNKNOWN)
        package.collected_at_unix = job->packing.collected_at_unix;
    if (package.requested_at_unix == ARV_TIME_UNKNOWN)
        package.requested_at_unix = job->packing.requested_at_unix;
    if (job->packing.closing) {
        package.closing = job->packing.closing;
        package.closing_user_data = job;
    }
    return arv__packer_start_adopt(&job->packer, &resources, job->entries, &package, sink, &job->lane,
                                   &events, err);
}

static int pack_check_entries(const arv_job *job, arv_error *err)
{
    uint64_t count = arv_entries_count(job->entries);
    if (count == 0 && !job->package.allow_empty)
        return arv_error_set(err, ARV_ENOTFOUND,
                             "There is nothing to archive: the list of entries is empty. See that "
                             "the source is there (a disk that is not mounted?), or allow an empty "
                             "archive (allow_empty).");
    if (count > PACK_ENTRIES_MAX)
        return arv_error_set(err, ARV_ELIMIT,
                             "The job has %" PRIu64 " entries; an archive holds at most %d. Make "
                             "several archives.",
                             count, PACK_ENTRIES_MAX);
    if (arv_entries_total_bytes(job->entries) > PACK_BYTES_MAX)
        return arv_error_set(err, ARV_ELIMIT,
                             "The entries have %" PRIu64 " bytes; an archive holds at most %" PRIu64
                             ". Make several archives.",
                             arv_entries_total_bytes(job->entries), PACK_BYTES_MAX);
    return 0;
}

void arv__job_pack(arv_job *job, const arv__packing *packing)
{
    arv_error err;
    arv__sink *sink = NULL;
    int rc;

    arv_error_clear(&err);
    arv_job_ref(job);
    job->packing = *packing;
    arv__job_set_state(job, ARV_JOB_PRE_PROCESSING);
    if (job->cancel_asked) { /* by the callback just now */
        packing->packed(job, job->cancel_reason.code, &job->cancel_reason);
        goto out;
    }
    rc = pack_check_entries(job, &err);
    if (rc == 0)
        rc = pack_make_sink(job, &sink, &err);
    if (rc == 0 && (rc = pack_start(job, sink, &err)) < 0)
        sink->ops->free(sink);
    if (rc < 0)
        packing->packed(job, rc, &err);
out:
    arv_job_unref(job);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keeps a folder in a storage by a job that cannot be lost: killed at any moment and started again, it
 * goes on where it stood, and what is stored is never stored twice. Then it verifies what the storage
 * holds and lists it.
 *
 *     cc keep_exam.c $(pkg-config --cflags --libs archivist) -o keep_exam
 *     ./keep_exam NAME FOLDER STAGING-FOLDER file:///STORAGE-FOLDER
 */

// before: make_exam.php exam 1
// check: OS-2026 exam staging file://$PWD/store

#include <arv/archivist.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

typedef struct keeper {
    arv_engine *engine;
    arv_staging *staging;
    arv_storage *storage;
    char uuid[ARV_UUID_BYTES]; /* of the job, and of its archive */
} keeper;

static void on_log(void *user_data, const arv_log_record *record)
{
    (void)user_data;
    fprintf(stderr, "%s: %s\n", arv_log_level_name(record->level), record->message);
}

static int keeper_open(keeper *k, const char *name, const char *staging, const char *url, arv_error *err)
{
    arv_engine_options engine;
    const arv_storage_option create[] = {{"create", "1"}};
    int rc;

    arv_engine_options_init(&engine, sizeof engine);
    engine.nice = 10; /* the engine's threads step back behind a web server */
    engine.log = on_log;
    engine.log_level = ARV_LOG_WARNING;

    /* The same name gives the same UUID in every process: that is how a job is found again. */
    if ((rc = arv_uuid_derive(name, strlen(name), k->uuid, err)) < 0 ||
        (rc = arv_engine_new(&k->engine, &engine, err)) < 0 ||
        (rc = arv_staging_open(&k->staging, staging, NULL, err)) < 0)
        return rc;
    return arv_storage_open(&k->storage, k->engine, url, create, 1, err);
}

static void keeper_close(keeper *k)
{
    arv_storage_unref(k->storage);
    arv_staging_unref(k->staging);
    arv_engine_free(k->engine); /* the last */
}

/* One run of the job, which may be its first one or its fifth. */
static int keep_once(keeper *k, const char *name, const char *folder, arv_error *err)
{
    arv_entries *entries = NULL;
    arv_job *job = NULL;
    arv_package_options package;
    arv_job_spec spec;
    int rc;

    arv_package_options_init(&package, sizeof package);
    package.name = name;
    memcpy(package.uuid, k->uuid, sizeof k->uuid);
    package.failures_max = 10; /* an unreadable file costs only itself, and the archive names it */

    const arv_entries_options patient = {.struct_bytes = sizeof patient, .keep_going = true};
    const arv_folder_options links = {.struct_bytes = sizeof links, .links = ARV_LINKS_RECORD};
    if ((rc = arv_entries_new(&entries, &patient, err)) < 0 ||
        (rc = arv_entries_add_folder(entries, NULL, folder, &links, err)) < 0)
        goto out;

    arv_job_spec_init(&spec, sizeof spec);
    spec.entries = entries;
    spec.package = &package;
    spec.staging = k->staging; /* it makes the job a journalled one */
    spec.storages = &k->storage;
    spec.storage_count = 1;
    spec.retry_delay_ms = 1000;
    if ((rc = arv_job_start(&job, k->engine, &spec, err)) < 0)
        goto out;
    while (arv_engine_run(k->engine, 1000))
        continue;
    rc = arv_job_error(job, err);
out:
    arv_job_unref(job);
    arv_entries_unref(entries);
    return rc;
}

/* Runs until the journal says that the job has ended: errors that pass are tried again. */
static int keep(keeper *k, const char *name, const char *folder, arv_error *err)
{
    static arv_staged_status status; /* large */
    int rc = 0;
    do {
        int ended = keep_once(k, name, folder, err);
        if ((rc = arv_staging_status(k->staging, k->uuid, &status, ended < 0 ? NULL : err)) < 0)
            return ended < 0 ? ended : rc; /* it could not begin at all */
        printf("attempt %u: %s\n", status.attempts, arv_job_state_text(status.state));
        rc = ended;
    } while (status.state == ARV_JOB_RECOVERABLE_ERROR);
    for (size_t i = 0; rc == 0 && i < status.target_count; i++)
        fprintf(stderr, "%s at %s\n", status.targets[i].stored ? "stored" : "not stored",
                status.targets[i].address);
    return rc;
}

static int on_item(void *user_data, const arv_item *item)
{
    (void)user_data;
    /* item->original is as it was given: with control characters, if somebody gave some. */
    fprintf(stderr, "%10" PRIu64 "  %s\n", item->size_bytes, item->name);
    return 0; /* < 0 ends the list */
}

static int show(keeper *k, arv_error *err)
{
    char key[ARV_KEY_BYTES];
    arv_task *task = NULL;
    int rc = arv_key_from_uuid(k->uuid, ".zip", key, err);
    if (rc < 0)
        return rc;
    /* What has another UUID than its key is not this archive: the task fails, or the report says so. */
    arv_origin origin = {.storage = k->storage, .key = key};
    if ((rc = arv_list(k->engine, &origin, NULL, on_item, NULL, NULL, &task, err)) == 0)
        rc = arv_task_wait(task, 60000, err);
    arv_task_unref(task);
    task = NULL;
    if (rc == 0 && (rc = arv_verify(k->engine, &origin, NULL, NULL, NULL, &task, err)) == 0 &&
        (rc = arv_task_wait(task, 60000, err)) == 0) {
        const arv_report *report = arv_task_report(task);
        printf("%" PRIu64 " files, %s\n", report->payload_files,
               report->valid ? "valid" : report->findings[0].message);
    }
    arv_task_unref(task);
    return rc;
}

int main(int argc, char **argv)
{
    keeper k = {.engine = NULL};
    arv_error err;
    int rc;

    if (argc != 5) {
        fprintf(stderr, "Usage: %s NAME FOLDER STAGING-FOLDER file:///STORAGE-FOLDER\n", argv[0]);
        return 2;
    }
    if ((rc = keeper_open(&k, argv[1], argv[3], argv[4], &err)) == 0 &&
        (rc = keep(&k, argv[1], argv[2], &err)) == 0)
        rc = show(&k, &err);
    if (rc < 0)
        fprintf(stderr, "%s (%s)\n", err.message, arv_error_name(err.code));
    keeper_close(&k);
    return rc < 0;
}

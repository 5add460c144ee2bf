/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Packs a folder into one archive, shows how far it is, and verifies what it made. Ctrl-C stops it,
 * and nothing is left behind.
 *
 *     cc pack_folder.c $(pkg-config --cflags --libs archivist) -o pack_folder
 *     ./pack_folder FOLDER ARCHIVE.zip
 */

// before: make_exam.php exam 1
// check: exam exam.zip
// check: exam exam.tar.zst

#include <arv/archivist.h>

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>

static volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
    (void)number;
    interrupted = 1;
}

static void on_progress(void *user_data, arv_job *job, const arv_job_progress *progress)
{
    (void)user_data;
    (void)job;
    fprintf(stderr, "%s: %" PRIu64 " of %" PRIu64 " files, %" PRIu64 " of %" PRIu64 " bytes\n",
            arv_job_state_text(progress->state), progress->entries_done, progress->entries_total,
            progress->bytes_done, progress->bytes_total);
}

/* The engine works in here, and callbacks are called from here only. */
static int run_to_end(arv_engine *engine, arv_job *job, arv_error *err)
{
    while (!arv_job_state_final(arv_job_get_state(job))) {
        arv_engine_run(engine, 100);
        if (interrupted)
            arv_job_cancel(job, NULL); /* a request; asked again it does nothing more */
    }
    return arv_job_error(job, err);
}

static int pack(arv_engine *engine, const char *folder, const char *path, arv_error *err)
{
    arv_entries *entries = NULL;
    arv_job *job = NULL;
    arv_job_spec spec;
    arv_package_options package;
    int rc;

    arv_package_options_init(&package, sizeof package);
    package.name = "Exam";
    package.format = arv_format_of_file(path);
    package.collected_at_unix = (int64_t)time(NULL);
    package.metadata_json = "{\"course\": \"OS-2026\"}";

    if ((rc = arv_entries_new(&entries, NULL, err)) < 0 ||
        (rc = arv_entries_add_folder(entries, NULL, folder, NULL, err)) < 0)
        goto out;

    arv_job_spec_init(&spec, sizeof spec);
    spec.entries = entries;
    spec.package = &package;
    spec.path = path;
    spec.on_progress = on_progress;
    if ((rc = arv_job_start(&job, engine, &spec, err)) < 0 || (rc = run_to_end(engine, job, err)) < 0)
        goto out;

    const arv_job_result *result = arv_job_get_result(job); /* the job's, as long as it is held */
    char hex[129];
    printf("%s: archive %s, %" PRIu64 " files\nSHA-256 %s\n", result->path, result->uuid, result->entries,
           arv_digests_hex(&result->container, ARV_DIGEST_SHA256, hex));
out:
    arv_job_unref(job);
    arv_entries_unref(entries);
    return rc;
}

static int verify(arv_engine *engine, const char *path, arv_error *err)
{
    arv_origin origin = {.path = path};
    arv_task *task = NULL;
    int rc = arv_verify(engine, &origin, NULL, NULL, NULL, &task, err);
    if (rc < 0)
        return rc;
    while (!arv_task_done(task)) {
        arv_engine_run(engine, 100);
        if (interrupted)
            arv_task_cancel(task);
    }
    if ((rc = arv_task_status(task, err)) == 0) {
        /* That an archive is damaged is no error of the task, but what its report says. */
        const arv_report *report = arv_task_report(task);
        printf("%s\n", report->valid ? "valid" : "NOT VALID");
        for (size_t i = 0; i < report->finding_count; i++)
            printf("%s: %s\n", report->findings[i].entry ? report->findings[i].entry : path,
                   report->findings[i].message);
        if (!report->valid)
            rc = arv_error_set(err, ARV_EMISMATCH, "%s is not what was archived.", path);
    }
    arv_task_unref(task);
    return rc;
}

int main(int argc, char **argv)
{
    arv_engine *engine = NULL;
    arv_error err;
    int rc;

    if (argc != 3) {
        fprintf(stderr, "Usage: %s FOLDER ARCHIVE.zip\n", argv[0]);
        return 2;
    }
    signal(SIGINT, on_signal);
    signal(SIGTERM, on_signal);

    if ((rc = arv_engine_new(&engine, NULL, &err)) == 0 && (rc = pack(engine, argv[1], argv[2], &err)) == 0)
        rc = verify(engine, argv[2], &err);
    if (rc < 0)
        fprintf(stderr, "%s (%s)\n", err.message, arv_error_name(err.code));
    arv_engine_free(engine);
    return rc < 0;
}

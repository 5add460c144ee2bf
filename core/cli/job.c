/* SPDX-License-Identifier: Apache-2.0 */
#include "job.h"

#include <inttypes.h>
#include <arv/sys/alloc.h>

#include "json.h"
#include "session.h"
#include "text.h"

/* archivist job status, log, cancel, retry, delete and sweep. */

/* ---- one after the other ---- */

/* The work of a command on one job. Returns 0 after it was shown, < 0 with `err`, or an exit code when the
 * error was printed already. */
typedef int (*job_action)(const cli_options *options, arv_staging *staging, const char *uuid, arv_error *err);

/* Goes on after an error; the first one decides. */
static int job_each(const cli_options *options, job_action action, arv_error *err)
{
    arv_staging *staging = NULL;
    int exit_code = CLI_OK;
    int rc = job_staging_open(&staging, options, false, err);
    if (rc < 0)
        return session_exit_job(rc);
    for (int i = 0; i < options->argument_count; i++) {
        const char *uuid = options->arguments[i];
        arv_error error;
        rc = action(options, staging, uuid, &error);
        if (rc >= 0) {
            exit_code = exit_code ? exit_code : rc;
            continue;
        }
        job_tell(NULL, &error);
        if (options->json)
            job_show_json_error(uuid, &error, session_exit_job(rc));
        exit_code = exit_code ? exit_code : session_exit_job(rc);
    }
    arv_staging_unref(staging);
    return exit_code;
}

static int job_show_now(const cli_options *options, arv_staging *staging, const char *uuid, arv_error *err)
{
    arv_staged_status *status = arv_malloc(sizeof *status);
    int rc =
        status ? arv_staging_status(staging, uuid, status, err) : arv_error_nomem(err, "the state of a job");
    bool shown = rc == 0;
    if (shown && options->json)
        job_show_json(status, -1);
    else if (shown)
        job_show_row(status);
    if (shown && !options->json && options->argument_count > 0)
        job_show_times(status);
    if (shown && options->check)
        rc = job_check(options, status, err);
    if (shown && options->json)
        json_close();
    arv_free(status);
    return rc;
}

/* ---- status ---- */

static int status_all(const cli_options *options, arv_error *err)
{
    arv_staging *staging = NULL;
    job_name *names = NULL;
    size_t count = 0;
    int exit_code = CLI_OK;
    int rc = job_staging_open(&staging, options, false, err);
    if (rc == 0)
        rc = job_names_take(staging, &names, &count, err);
    if (rc == 0 && !options->json)
        job_show_head();
    for (size_t i = 0; rc == 0 && i < count; i++) {
        arv_error error;
        int shown = job_show_now(options, staging, names[i].uuid, &error);
        if (shown >= 0 || shown == ARV_ENOTFOUND) { /* removed meanwhile */
            exit_code = exit_code || shown < 0 ? exit_code : shown;
            continue;
        }
        job_tell(NULL, &error);
        if (options->json)
            job_show_json_error(names[i].uuid, &error, session_exit_job(shown));
        exit_code = exit_code ? exit_code : session_exit_job(shown);
    }
    arv_free(names);
    arv_staging_unref(staging);
    return rc < 0 ? session_exit_job(rc) : exit_code;
}

int cli_job_status(const cli_options *options, arv_error *err)
{
    if (options->argument_count == 0)
        return status_all(options, err);
    if (!options->json)
        job_show_head();
    return job_each(options, job_show_now, err);
}

/* ---- log ---- */

static int log_show(void *user_data, const arv_staged_record *record, arv_error *err)
{
    const cli_options *options = user_data;
    char time[TEXT_TIME_BYTES];
    text_time(record->at_unix_ms / 1000, time);
    (void)err;
    if (options->json) {
        json_open(NULL, '{');
        json_text("at", time);
        json_signed("at_ms", record->at_unix_ms);
        json_text("level", arv_log_level_name(record->level));
        json_text("source", record->source);
        json_text("message", record->message);
        json_text("details", record->details);
        json_close();
        return 0;
    }
    printf("%s  %-7s  %-10s  ", time, arv_log_level_name(record->level), record->source);
    text_write_sentence(stdout, record->message);
    if (record->details[0]) {
        putchar(' ');
        text_write_sentence(stdout, record->details);
    }
    putchar('\n');
    return ferror(stdout) ? ARV_EIO : 0;
}

static int log_of(const cli_options *options, arv_staging *staging, const char *uuid, arv_error *err)
{
    arv_staged_status *status = arv_malloc(sizeof *status);
    int rc =
        status ? arv_staging_status(staging, uuid, status, err) : arv_error_nomem(err, "the state of a job");
    arv_free(status);
    /* A damaged journal is what makes its log worth reading. */
    if (rc == 0 || rc == ARV_EFORMAT)
        rc = arv_staging_log(staging, uuid, log_show, (void *)options, err);
    return ferror(stdout) ? 0 : rc; /* closing stdout reports its error */
}

int cli_job_log(const cli_options *options, arv_error *err)
{
    return job_each(options, log_of, err);
}

/* ---- cancel, retry, delete ---- */

/* Asks the process that runs the job to stop. A job that nobody runs is taken up to take back what it did. */
static int cancel_one(const cli_options *options, arv_staging *staging, const char *uuid, arv_error *err)
{
    int rc = arv_staging_cancel(staging, uuid, err);
    arv_staged_status *status = rc == 0 ? arv_malloc(sizeof *status) : NULL;
    if (rc == 0 && !status)
        rc = arv_error_nomem(err, "the state of a job");
    if (rc == 0)
        rc = arv_staging_status(staging, uuid, status, err);
    bool running = rc == 0 && status->running;
    arv_free(status);
    if (rc < 0)
        return rc;
    if (!running)
        return job_run_canceled(options, staging, uuid, err);
    if (options->json)
        return job_show_now(options, staging, uuid, err);
    printf("%s  is asked to stop\n", uuid);
    return 0;
}

int cli_job_cancel(const cli_options *options, arv_error *err)
{
    return job_each(options, cancel_one, err);
}

static int retry_one(const cli_options *options, arv_staging *staging, const char *uuid, arv_error *err)
{
    int rc = arv_staging_requeue(staging, uuid, err);
    if (rc == 0 && options->json)
        return job_show_now(options, staging, uuid, err);
    if (rc == 0)
        printf("%s  waits for \"archivist job run\"\n", uuid);
    return rc;
}

int cli_job_retry(const cli_options *options, arv_error *err)
{
    return job_each(options, retry_one, err);
}

static int delete_one(const cli_options *options, arv_staging *staging, const char *uuid, arv_error *err)
{
    int rc = arv_staging_delete(staging, uuid, options->force, err);
    if (rc == 0 && options->json) {
        json_open(NULL, '{');
        json_text("uuid", uuid);
        json_bool("deleted", true);
        json_close();
    } else if (rc == 0) {
        printf("%s  deleted\n", uuid);
    }
    return rc;
}

int cli_job_delete(const cli_options *options, arv_error *err)
{
    return job_each(options, delete_one, err);
}

/* ---- sweep ---- */

int cli_job_sweep(const cli_options *options, arv_error *err)
{
    arv_staging *staging = NULL;
    arv_staging_swept swept;
    char size[TEXT_SIZE_BYTES];
    int rc = job_staging_open(&staging, options, false, err);
    if (rc == 0)
        rc = arv_staging_sweep(staging, &swept, err);
    arv_staging_unref(staging);
    if (rc < 0)
        return session_exit_job(rc);
    if (options->json) {
        json_open(NULL, '{');
        json_unsigned("jobs", swept.jobs);
        json_unsigned("files", swept.files);
        json_unsigned("bytes", swept.bytes);
        json_unsigned("damaged", swept.damaged);
        json_close();
    } else {
        printf("removed   %" PRIu64 " folders in which no job had begun, %" PRIu64 " files, %s\n"
               "damaged   %" PRIu64 " jobs, not touched\n",
               swept.jobs, swept.files, text_size(swept.bytes, size), swept.damaged);
    }
    return CLI_OK;
}

int cli_job(const cli_options *options, arv_error *err)
{
    if (options->argument_count == 0)
        arv_error_set(err, ARV_EINVALID,
                      "What is to be done with jobs is missing; \"archivist job --help\" tells.");
    else
        arv_error_set(err, ARV_EINVALID,
                      "There is no command \"job %s\"; \"archivist job --help\" names them all.",
                      options->arguments[0]);
    return CLI_USAGE;
}

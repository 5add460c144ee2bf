/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_JOB_H
#define CLI_JOB_H

/* Shared by the files of "archivist job". */

#include "cli.h"

/* job_staging.c. Opens the staging folder of --staging, ARCHIVIST_STAGING or the default. Without `make` it
 * must be there: a command that only looks makes nothing. */
int job_staging_open(arv_staging **staging, const cli_options *options, bool make, arv_error *err);

typedef struct job_name {
    char uuid[ARV_UUID_BYTES];
    int64_t requested_at_unix;
} job_name;

/* Lists all jobs of a staging in the order in which they were made. Free the list with arv_free(). */
int job_names_take(arv_staging *staging, job_name **names, size_t *count, arv_error *err);

/* job_show.c. Prints an error of one of several jobs on stderr. */
void job_tell(const char *uuid, const arv_error *err);
/* Prints a job as JSON; with `exit_code` >= 0 its error has that, too. The object stays open for more
 * members. */
void job_show_json(const arv_staged_status *status, int exit_code);
void job_show_json_error(const char *uuid, const arv_error *err, int exit_code);
void job_show_head(void);
void job_show_row(const arv_staged_status *status);
/* Prints when the job was requested, collected, read, packed and stored: a line each. */
void job_show_times(const arv_staged_status *status);
/* Prints one line; with `alone` also the lines that `pack` prints. */
void job_show_ended(const arv_staged_status *status, bool alone);

/* job_check.c: reads the objects of a job, compares each with the journal and shows the result. Returns an
 * exit code, or < 0 with `err`. */
int job_check(const cli_options *options, const arv_staged_status *status, arv_error *err);

/* job_run.c: takes up a cancelled job, so that it takes back what it has done, and shows it. Returns as an
 * action does: < 0 with `err`, or an exit code after its errors were printed. */
int job_run_canceled(const cli_options *options, arv_staging *staging, const char *uuid, arv_error *err);

int cli_job(const cli_options *options, arv_error *err);
int cli_job_run(const cli_options *options, arv_error *err);
int cli_job_status(const cli_options *options, arv_error *err);
int cli_job_log(const cli_options *options, arv_error *err);
int cli_job_cancel(const cli_options *options, arv_error *err);
int cli_job_retry(const cli_options *options, arv_error *err);
int cli_job_delete(const cli_options *options, arv_error *err);
int cli_job_sweep(const cli_options *options, arv_error *err);

#endif

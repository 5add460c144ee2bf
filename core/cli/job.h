/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_JOB_H
#define CLI_JOB_H

/* What the files of "archivist job" share. */

#include "cli.h"

/* job_staging.c. The staging folder of --staging, ARCHIVIST_STAGING or the default. Unless `make`, it
 * must be there: who only looks makes nothing. */
int job_staging_open(arv_staging **staging, const cli_options *options, bool make, arv_error *err);

typedef struct job_name {
    char uuid[ARV_UUID_BYTES];
    int64_t requested_at_unix;
} job_name;

/* All jobs of a staging, those made first before the others; to be freed with arv_free(). */
int job_names_take(arv_staging *staging, job_name **names, size_t *count, arv_error *err);

/* job_show.c. An error of one of several jobs, as a sentence on stderr. */
void job_tell(const char *uuid, const arv_error *err);
/* A job as JSON; with `exit_code` >= 0 its error tells that, too. The object stays open for more
 * members. */
void job_show_json(const arv_staged_status *status, int exit_code);
void job_show_json_error(const char *uuid, const arv_error *err, int exit_code);
void job_show_head(void);
void job_show_row(const arv_staged_status *status);
/* When it was asked for, collected, read, packed and stored: a line each. */
void job_show_times(const arv_staged_status *status);
/* One line, or for a job of its own what `pack` tells, too. */
void job_show_ended(const arv_staged_status *status, bool alone);

/* job_check.c: reads what a job has stored and compares it with its journal; shows each. An exit code, or
 * < 0 with `err`. */
int job_check(const cli_options *options, const arv_staged_status *status, arv_error *err);

/* job_run.c: takes up a job that was cancelled, so that it takes back what it did, and shows it.
 * Returns as an action does: < 0 with `err`, or an exit code after its errors were told. */
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

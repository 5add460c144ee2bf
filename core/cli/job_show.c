/* SPDX-License-Identifier: Apache-2.0 */
#include "job.h"

#include <inttypes.h>
#include <string.h>

#include "json.h"
#include "progress.h"
#include "text.h"

/* Prints the jobs of a staging, for people and for programs. */

static bool show_has_error(const arv_staged_status *status)
{
    return status->error.code < 0 && status->state != ARV_JOB_COMPLETED;
}

static unsigned show_stored(const arv_staged_status *status)
{
    unsigned stored = 0;
    for (size_t i = 0; i < status->target_count; i++)
        stored += status->targets[i].stored;
    return stored;
}

/* ---- an error ---- */

void job_tell(const char *uuid, const arv_error *err)
{
    progress_clear();
    fputs("archivist: ", stderr);
    if (uuid && !arv_error_is_about(err, uuid))
        fprintf(stderr, "Job %s: ", uuid);
    text_write_sentence(stderr, err->message);
    fputc('\n', stderr);
}

/* ---- JSON ---- */

static void show_time(const char *key, int64_t at_unix)
{
    char time[TEXT_TIME_BYTES];
    json_text(key, at_unix ? text_time(at_unix, time) : NULL);
}

static void show_json_cause(const arv_error *err, int exit_code)
{
    json_open("error", '{');
    json_text("name", arv_error_name(err->code));
    json_signed("code", err->code);
    json_text("message", err->message);
    if (exit_code >= 0)
        json_signed("exit", exit_code);
    json_close();
}

void job_show_json(const arv_staged_status *status, int exit_code)
{
    json_open(NULL, '{');
    json_text("uuid", status->uuid);
    json_text("state", arv_job_state_name(status->state));
    json_bool("running", status->running);
    json_bool("cancel_asked", status->cancel_asked);
    json_unsigned("attempts", status->attempts);
    show_time("requested_at", status->requested_at_unix);
    show_time("begun_at", status->begun_at_unix);
    show_time("collected_at", status->collected_at_unix);
    show_time("read_at", status->read_at_unix);
    show_time("packed_at", status->packed_at_unix);
    show_time("stored_at", status->stored_at_unix);
    show_time("ended_at", status->ended_at_unix);
    show_time("retry_at", status->retry_at_unix);
    json_bool("packaged", status->packaged);
    json_unsigned("entries", status->entries);
    json_unsigned("failure_count", status->failures);
    json_unsigned("payload_bytes", status->payload_bytes);
    json_unsigned("container_bytes", status->container_bytes);
    json_digests(&status->container);
    json_open("stored", '[');
    for (size_t i = 0; i < status->target_count; i++) {
        json_open(NULL, '{');
        json_text("address", status->targets[i].address);
        json_bool("stored", status->targets[i].stored);
        show_time("stored_at", status->targets[i].stored_at_unix);
        json_close();
    }
    json_close();
    if (show_has_error(status))
        show_json_cause(&status->error, exit_code);
}

void job_show_json_error(const char *uuid, const arv_error *err, int exit_code)
{
    json_open(NULL, '{');
    json_text("uuid", uuid);
    show_json_cause(err, exit_code);
    json_close();
}

/* ---- a table ---- */

static const char *show_state(const arv_staged_status *status)
{
    if (arv_job_state_final(status->state))
        return arv_job_state_text(status->state);
    if (status->cancel_asked)
        return "being cancelled";
    return status->running ? "running" : arv_job_state_text(status->state);
}

void job_show_head(void)
{
    printf("%-36s  %-19s  %8s  %9s  %8s  %6s  %s\n", "job", "state", "attempts", "entries", "bytes", "stored",
           "since");
}

void job_show_row(const arv_staged_status *status)
{
    char size[TEXT_SIZE_BYTES], time[TEXT_TIME_BYTES], stored[40] = "-";
    int64_t since = status->ended_at_unix   ? status->ended_at_unix
                    : status->begun_at_unix ? status->begun_at_unix
                                            : status->requested_at_unix;
    if (status->target_count)
        snprintf(stored, sizeof stored, "%u/%zu", show_stored(status), status->target_count);
    printf("%-36s  %-19s  %8u  %9" PRIu64 "  %8s  %6s  %s\n", status->uuid, show_state(status),
           status->attempts, status->entries, text_size(status->container_bytes, size), stored,
           text_time(since, time));
    if (status->failures)
        printf("    %" PRIu64 " entries are missing.\n", status->failures);
    if (show_has_error(status)) {
        printf("    %s: ", arv_error_name(status->error.code));
        text_write_sentence(stdout, status->error.message);
        putchar('\n');
    }
    if (status->retry_at_unix && status->state == ARV_JOB_RECOVERABLE_ERROR)
        printf("    The next attempt is due at %s.\n", text_time(status->retry_at_unix, time));
}

static void show_line(const char *label, int64_t at_unix)
{
    char time[TEXT_TIME_BYTES];
    if (at_unix)
        printf("%-10s%s\n", label, text_time(at_unix, time));
}

void job_show_times(const arv_staged_status *status)
{
    show_line("requested", status->requested_at_unix);
    show_line("collected", status->collected_at_unix);
    show_line("read", status->read_at_unix);
    show_line("packed", status->packed_at_unix);
    show_line("stored", status->stored_at_unix);
}

/* ---- at the end of a run ---- */

void job_show_ended(const arv_staged_status *status, bool alone)
{
    char size[TEXT_SIZE_BYTES];
    if (!alone) {
        printf("%s  %-19s  %8s%s%s\n", status->uuid, arv_job_state_text(status->state),
               text_size(status->container_bytes, size), status->target_count ? "  " : "",
               status->target_count ? status->targets[0].address : "");
        return;
    }
    printf("job       %s  %s\n", status->uuid, arv_job_state_text(status->state));
    if (status->state != ARV_JOB_COMPLETED && status->state != ARV_JOB_PARTIAL)
        return;
    for (size_t i = 0; i < status->target_count; i++)
        if (status->targets[i].stored)
            printf("stored    %s\n", status->targets[i].address);
    job_show_times(status);
    printf("entries   %" PRIu64 "\n", status->entries);
    if (status->failures)
        printf("missing   %" PRIu64 "\n", status->failures);
    cli_container_show(status->payload_bytes, status->container_bytes, &status->container);
}

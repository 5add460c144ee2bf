/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The journal of a job and what its records make of it. The bytes are read as a journal, whose
 * checksums hardly ever fit, and their lines as records without any: what they tell must be a state.
 */

#include "fuzz.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "job/history.h"
#include "job/journal.h"

#define UUID "0198f6a0-5c5e-7cc3-98c4-dc0c0c07398f"

static char folder[] = "/tmp/archivist-fuzz-XXXXXX";
static int folder_fd = -1;

static void folder_remove(void)
{
    unlinkat(folder_fd, "journal", 0);
    unlinkat(folder_fd, ARV__JOURNAL_GOING, 0);
    rmdir(folder);
}

static void read_as_journal(const uint8_t *data, size_t length, arv__history *history)
{
    arv__journal journal;
    arv_error err;
    if (folder_fd < 0) {
        if (!mkdtemp(folder) || (folder_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0)
            abort();
        /* As of a job that is being deleted: read without a head. */
        close(openat(folder_fd, ARV__JOURNAL_GOING, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
        atexit(folder_remove);
    }
    int fd = openat(folder_fd, "journal", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0 || write(fd, data, length) != (ssize_t)length || close(fd) != 0)
        abort();
    int looked = arv__journal_read(folder_fd, UUID, "the journal", arv__history_apply, history, &err);
    memset(history, 0, sizeof *history);
    int opened =
        arv__journal_open(&journal, folder_fd, UUID, "the journal", arv__history_apply, history, &err);
    if (looked != opened)
        abort();
    arv__journal_close(&journal);
}

static void read_as_records(const uint8_t *data, size_t length, arv__history *history)
{
    arv_staged_status status;
    arv_error err;
    size_t at = 0;
    while (at < length) {
        const uint8_t *end = memchr(data + at, '\n', length - at);
        size_t line = end ? (size_t)(end - data) - at : length - at;
        arv_json *record = NULL;
        if (arv_json_parse(&record, (const char *)data + at, line, ARV__JOURNAL_RECORD_BYTES_MAX, &err) < 0)
            return;
        int rc = arv__history_apply(history, record, &err);
        arv_json_free(record);
        if (rc < 0)
            return;
        arv__history_status(history, &status);
        if (strcmp(arv_job_state_name(status.state), "UNKNOWN") == 0 ||
            status.target_count > ARV_JOB_STORAGES_MAX || status.attempts > length)
            abort();
        at += line + 1;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
    arv__history *history = calloc(2, sizeof *history);
    if (!history)
        abort();
    read_as_journal(data, length, &history[0]);
    read_as_records(data, length, &history[1]);
    free(history);
    return 0;
}

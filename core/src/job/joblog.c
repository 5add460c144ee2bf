/* SPDX-License-Identifier: Apache-2.0 */

/* The log of a journalled job: JSON lines beside its journal, for people. It proves nothing, so it is not
 * flushed, and a line that cannot be written is lost. */

#include "job/jobfolder.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include <arv/sys/alloc.h>
#include "util/json.h"

enum { JOBLOG_BYTES_MAX = 8 << 20, JOBLOG_LINE_BYTES_MAX = 16 << 10, JOBLOG_BLOCK_BYTES = 64 << 10 };

void arv__joblog_open(arv__joblog *log, const arv__jobfolder *folder)
{
    struct stat st;
    *log = (arv__joblog){.fd = -1};
    int fd = arv__fs_openat(folder->fd, "log", O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return;
    if (arv__fs->fstat(fd, &st) < 0) {
        arv__fs_close(fd);
        return;
    }
    log->fd = fd;
    log->end_bytes = (uint64_t)st.st_size;
    /* Ends a line that a crash cut off, so that it spoils no other. */
    char last = '\n';
    if (st.st_size > 0)
        arv__fs_pread_full(fd, &last, 1, (uint64_t)st.st_size - 1);
    if (last != '\n' && arv__fs_pwrite_full(fd, "\n", 1, log->end_bytes) == 0)
        log->end_bytes++;
}

void arv__joblog_close(arv__joblog *log)
{
    arv__fs_close(log->fd);
    log->fd = -1;
}

static void joblog_line(arv__buf *line, const arv_log_record *record)
{
    arv_json_writer w = arv__json_into(line);
    arv_json_open(&w, NULL, '{');
    arv_json_put_signed(&w, "at_ms", record->at_unix_us / 1000);
    arv_json_put_text(&w, "level", arv_log_level_name(record->level));
    arv_json_put_text(&w, "source", record->source);
    arv_json_put_text(&w, "message", record->message);
    for (size_t i = 0; i < record->field_count; i++)
        if (record->fields[i].type == ARV_FIELD_INTEGER)
            arv_json_put_signed(&w, record->fields[i].name, record->fields[i].integer);
        else
            arv_json_put_text(&w, record->fields[i].name, record->fields[i].text);
    arv_json_close(&w);
    arv__buf_byte(line, '\n');
}

void arv__joblog_write(arv__joblog *log, const arv_log_record *record)
{
    arv__buf line;
    if (log->fd < 0 || log->full)
        return;
    arv_log_record last = *record;
    if (log->end_bytes + JOBLOG_LINE_BYTES_MAX > JOBLOG_BYTES_MAX) {
        log->full = true;
        last.level = ARV_LOG_WARNING;
        last.message = "The log is full: what follows stands in the application's log only.";
        last.field_count = 0;
    }
    arv__buf_init(&line, JOBLOG_LINE_BYTES_MAX);
    joblog_line(&line, &last);
    if (!line.failed && arv__fs_pwrite_full(log->fd, line.data, line.length, log->end_bytes) == 0)
        log->end_bytes += line.length;
    arv__buf_cleanup(&line);
}

/* ---- reading -------------------------------------------------------------------------------- */

/* The members behind the known ones. */
static void joblog_details(const arv_json *line, arv__buf *text)
{
    static const char *const known[] = {"at_ms", "level", "source", "message"};
    const char *name;
    int64_t number;
    for (size_t i = 0; (name = arv__json_member_name(line, i)); i++) {
        bool is_known = false;
        for (size_t k = 0; k < sizeof known / sizeof known[0]; k++)
            is_known = is_known || strcmp(name, known[k]) == 0;
        const char *value = arv_json_string(line, name, NULL);
        if (is_known || (!value && !arv__json_integer(line, name, &number)))
            continue;
        if (text->length)
            arv__buf_byte(text, ' ');
        arv__buf_text(text, name);
        arv__buf_byte(text, '=');
        if (value)
            arv__buf_text(text, value);
        else
            arv__buf_int(text, number);
    }
    arv__buf_byte(text, '\0');
}

/* Passes over a line that is no record: a crash cut it off. */
static int joblog_take(const char *text, size_t length, arv_staged_record_cb callback, void *user_data,
                       arv_error *err)
{
    arv_json *line = NULL;
    arv_staged_record record = {0};
    if (arv_json_parse(&line, text, length, JOBLOG_LINE_BYTES_MAX, NULL) < 0)
        return 0;
    const char *level = arv_json_string(line, "level", NULL);
    record.source = arv_json_string(line, "source", NULL);
    record.message = arv_json_string(line, "message", NULL);
    int number = level ? arv_log_level_parse(level) : -1, rc = 0;
    record.level = (arv_log_level)number;
    arv__buf details;
    arv__buf_init(&details, 2 * JOBLOG_LINE_BYTES_MAX);
    joblog_details(line, &details);
    record.details = details.failed ? "" : (const char *)details.data;
    if (number >= 0 && record.source && record.message &&
        arv__json_integer(line, "at_ms", &record.at_unix_ms))
        rc = callback(user_data, &record, err);
    arv__buf_cleanup(&details);
    arv_json_free(line);
    return rc;
}

static int joblog_lines(int fd, arv__buf *block, arv_staged_record_cb callback, void *user_data,
                        arv_error *err)
{
    uint64_t offset = 0;
    for (;;) {
        ssize_t got = arv__fs_pread_full(fd, block->data, JOBLOG_BLOCK_BYTES, offset);
        if (got < 0)
            return arv_error_system(err, (int)-got, "The log of a job cannot be read");
        const char *text = (const char *)block->data;
        size_t length = (size_t)got, at = 0;
        const char *end;
        while (at < length && (end = memchr(text + at, '\n', length - at))) {
            int rc = joblog_take(text + at, (size_t)(end - text) - at, callback, user_data, err);
            if (rc < 0)
                return rc;
            at = (size_t)(end - text) + 1;
        }
        /* A block of our log holds several lines; a block without any newline is no log. */
        if (at == 0)
            return 0;
        offset += at;
    }
}

int arv__joblog_read(const arv__jobfolder *folder, arv_staged_record_cb callback, void *user_data,
                     arv_error *err)
{
    arv__buf block;
    int fd = arv__fs_openat(folder->fd, "log", ARV__JOBFOLDER_READ, 0);
    if (fd == -ENOENT)
        return 0; /* no log has begun */
    if (fd < 0)
        return arv_error_system(err, -fd, "The log of the job %s cannot be read", folder->uuid);
    arv__buf_init(&block, JOBLOG_BLOCK_BYTES);
    int rc = arv__buf_reserve(&block, JOBLOG_BLOCK_BYTES) ? joblog_lines(fd, &block, callback, user_data, err)
                                                          : arv_error_nomem(err, "the log of a job");
    arv__buf_cleanup(&block);
    arv__fs_close(fd);
    return rc;
}

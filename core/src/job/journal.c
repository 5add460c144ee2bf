/* SPDX-License-Identifier: Apache-2.0 */
#include "job/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include <arv/sys/alloc.h>
#include "crypto/digest.h"
#include "loop/newfile.h"

enum {
    JOURNAL_DIGITS = 2 * ARV_SHA256_BYTES,
    JOURNAL_LINE_BYTES_MAX = JOURNAL_DIGITS + 2 + ARV__JOURNAL_RECORD_BYTES_MAX
};

#define JOURNAL_NAME "journal"

/* ---- lines ---------------------------------------------------------------------------------- */

static int journal_seed(const char *uuid, unsigned char chain[ARV_SHA256_BYTES], arv_error *err)
{
    arv__sha256 sha256;
    static const char text[] = "archivist journal 1 ";
    arv__sha256_init(&sha256);
    arv__sha256_update(&sha256, text, sizeof text - 1);
    arv__sha256_update(&sha256, uuid, strlen(uuid));
    arv__sha256_final(&sha256, chain);
    return arv__sha256_status(&sha256, err);
}

static int journal_link(const unsigned char before[ARV_SHA256_BYTES], const void *record,
                        size_t length, unsigned char after[ARV_SHA256_BYTES], arv_error *err)
{
    arv__sha256 sha256;
    arv__sha256_init(&sha256);
    arv__sha256_update(&sha256, before, ARV_SHA256_BYTES);
    arv__sha256_update(&sha256, record, length);
    arv__sha256_final(&sha256, after);
    return arv__sha256_status(&sha256, err);
}

static int journal_line(arv__buf *line, const unsigned char before[ARV_SHA256_BYTES],
                        const arv__buf *record, unsigned char after[ARV_SHA256_BYTES],
                        arv_error *err)
{
    int rc = arv__buf_status(record, "a record of a job's journal", err);
    if (rc < 0 || (rc = journal_link(before, record->data, record->length, after, err)) < 0)
        return rc;
    arv__buf_hex(line, after, ARV_SHA256_BYTES);
    arv__buf_byte(line, ' ');
    arv__buf_append(line, record->data, record->length);
    arv__buf_byte(line, '\n');
    return arv__buf_status(line, "a line of a job's journal", err);
}

/* ---- reading -------------------------------------------------------------------------------- */

typedef struct journal_reader {
    arv__journal *journal;
    arv__journal_cb callback;
    void *user_data;
} journal_reader;

static int journal_damaged(const arv__journal *journal, const char *what, arv_error *err)
{
    return arv_error_set(err, ARV_EFORMAT,
                         "The journal %s is damaged behind record %llu, at byte %llu: %s. Nothing "
                         "was done and nothing removed; restore the file from a copy, or look at "
                         "what the job has stored and delete the job by force.",
                         journal->shown, (unsigned long long)journal->records,
                         (unsigned long long)journal->end_bytes, what);
}

/* A line without its newline. */
static int journal_take_line(journal_reader *reader, const char *line, size_t length,
                             arv_error *err)
{
    arv__journal *journal = reader->journal;
    unsigned char after[ARV_SHA256_BYTES];
    arv__json *record = NULL;
    arv__buf digits;
    int rc;

    if (length <= JOURNAL_DIGITS + 1 || line[JOURNAL_DIGITS] != ' ')
        return journal_damaged(journal, "a line is no record", err);
    const char *text = line + JOURNAL_DIGITS + 1;
    size_t text_length = length - JOURNAL_DIGITS - 1;
    if ((rc = journal_link(journal->chain, text, text_length, after, err)) < 0)
        return rc;
    arv__buf_init(&digits, JOURNAL_DIGITS);
    arv__buf_hex(&digits, after, sizeof after);
    rc = arv__buf_status(&digits, "a digest", err);
    if (rc == 0 && memcmp(digits.data, line, JOURNAL_DIGITS) != 0)
        rc = journal_damaged(journal, "a checksum does not fit", err);
    arv__buf_cleanup(&digits);
    if (rc < 0 ||
        (rc = arv__json_parse(&record, text, text_length, ARV__JOURNAL_RECORD_BYTES_MAX, err)) < 0)
        return rc;
    rc = reader->callback(reader->user_data, record, err);
    arv__json_free(record);
    if (rc < 0)
        return rc;
    memcpy(journal->chain, after, sizeof after);
    journal->end_bytes += length + 1;
    journal->records++;
    return 0;
}

/*
 * Whether what stands behind the last good line may come of a write that was not finished: it has no
 * newline yet, or a hole of zeros, and no record is longer than it.
 */
static bool journal_is_torn(const char *rest, size_t length)
{
    if (length > JOURNAL_LINE_BYTES_MAX)
        return false;
    return !memchr(rest, '\n', length) || memchr(rest, '\0', length);
}

static int journal_take(journal_reader *reader, const char *text, size_t length, arv_error *err)
{
    arv__journal *journal = reader->journal;
    size_t at = 0;
    while (at < length) {
        const char *line = text + at;
        const char *end = memchr(line, '\n', length - at);
        if (!end || memchr(line, '\0', (size_t)(end - line))) {
            if (!journal_is_torn(line, length - at))
                return journal_damaged(journal, "more stands there than one unfinished record", err);
            journal->torn_bytes = length - at;
            return 0;
        }
        int rc = journal_take_line(reader, line, (size_t)(end - line), err);
        if (rc < 0)
            return rc;
        at += (size_t)(end - line) + 1;
    }
    return 0;
}

/*
 * Whoever wrote the last record may have been killed before its flush, or in one that failed: then the
 * cache has what the medium has not, and no further flush tells. So the cache is dropped, and what is
 * read comes from the medium.
 */
static int journal_flush(const arv__journal *journal, int fd, arv_error *err)
{
    int result = arv__fs_fsync_retry(fd);
    if (result < 0)
        return arv_error_system(err, -result, "The journal %s cannot be flushed", journal->shown);
    arv__fs->fadvise(fd, 0, 0, POSIX_FADV_DONTNEED); /* an advice: may fail */
    return 0;
}

/* `owns`: for the holder of the lock, whose word what is read will be. */
static int journal_load(journal_reader *reader, int fd, const char *uuid, bool owns, arv_error *err)
{
    arv__journal *journal = reader->journal;
    arv__buf text;
    int rc = journal_seed(uuid, journal->chain, err);
    if (rc < 0)
        return rc;
    arv__buf_init(&text, ARV__JOURNAL_BYTES_MAX + 1);
    struct stat st;
    rc = arv__fs->fstat(fd, &st);
    if (rc < 0) {
        rc = arv_error_system(err, -rc, "The journal %s cannot be read", journal->shown);
        goto out;
    }
    if (!S_ISREG(st.st_mode)) {
        rc = journal_damaged(journal, "it is no file", err);
        goto out;
    }
    if (st.st_size > ARV__JOURNAL_BYTES_MAX) {
        rc = journal_damaged(journal, "it is longer than a journal may be", err);
        goto out;
    }
    if (!arv__buf_reserve(&text, (size_t)st.st_size + 1)) {
        rc = arv_error_nomem(err, "a job's journal");
        goto out;
    }
    if (owns && (rc = journal_flush(journal, fd, err)) < 0)
        goto out;
    ssize_t got = arv__fs_pread_full(fd, text.data, (size_t)st.st_size, 0);
    if (got < 0)
        rc = arv_error_system(err, (int)-got, "The journal %s cannot be read", journal->shown);
    else
        rc = journal_take(reader, (const char *)text.data, (size_t)got, err);
    /* It got its name together with its first record, so no crash leaves it without one. */
    if (rc == 0 && journal->records == 0)
        rc = journal_damaged(journal, "no record stands in it", err);
out:
    arv__buf_cleanup(&text);
    return rc;
}

int arv__journal_read(int folder_fd, const char *uuid, const char *shown, arv__journal_cb callback,
                      void *user_data, arv_error *err)
{
    arv__journal journal = {.fd = -1, .shown = shown};
    journal_reader reader = {&journal, callback, user_data};
    int fd = arv__fs_openat(folder_fd, JOURNAL_NAME, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0);
    if (fd < 0)
        return arv_error_system(err, -fd, "The journal %s cannot be opened", shown);
    int rc = journal_load(&reader, fd, uuid, false, err);
    arv__fs_close(fd);
    return rc;
}

int arv__journal_open(arv__journal *journal, int folder_fd, const char *uuid, const char *shown,
                      arv__journal_cb callback, void *user_data, arv_error *err)
{
    *journal = (arv__journal){.fd = -1, .shown = shown};
    journal_reader reader = {journal, callback, user_data};
    int fd = arv__fs_openat(folder_fd, JOURNAL_NAME, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0);
    if (fd < 0)
        return arv_error_system(err, -fd, "The journal %s cannot be opened", shown);
    journal->fd = fd;
    int rc = journal_load(&reader, fd, uuid, true, err);
    if (rc == 0 && journal->torn_bytes) {
        int result = arv__fs_ftruncate(fd, journal->end_bytes);
        if (result < 0)
            rc = arv_error_system(err, -result, "The journal %s cannot be mended", shown);
    }
    if (rc < 0)
        arv__journal_close(journal);
    return rc;
}

/* ---- writing -------------------------------------------------------------------------------- */

int arv__journal_create(int folder_fd, const char *uuid, const char *shown, const arv__buf *record,
                        arv_error *err)
{
    unsigned char before[ARV_SHA256_BYTES], after[ARV_SHA256_BYTES];
    arv__newfile_options options = {.dir_fd = folder_fd,
                                    .name = JOURNAL_NAME,
                                    .shown = shown,
                                    .size_hint_bytes = 1,
                                    .no_direct = true};
    arv__newfile *file = NULL;
    arv__buf line;
    int rc = journal_seed(uuid, before, err);
    if (rc < 0)
        return rc;
    arv__buf_init(&line, JOURNAL_LINE_BYTES_MAX);
    if ((rc = journal_line(&line, before, record, after, err)) < 0 ||
        (rc = arv__newfile_open(&file, &options, err)) < 0 ||
        (rc = arv__newfile_write(file, line.data, line.length, err)) < 0 ||
        (rc = arv__newfile_seal(file, err)) < 0)
        goto out;
    rc = arv__newfile_commit(file, err);
out:
    arv__newfile_free(file);
    arv__buf_cleanup(&line);
    return rc;
}

int arv__journal_append(arv__journal *journal, const arv__buf *record, arv_error *err)
{
    unsigned char after[ARV_SHA256_BYTES];
    arv__buf line;
    if (journal->broken.code < 0) {
        if (err)
            *err = journal->broken;
        return journal->broken.code;
    }
    arv__buf_init(&line, JOURNAL_LINE_BYTES_MAX);
    int rc = journal_line(&line, journal->chain, record, after, err);
    if (rc == 0 && journal->end_bytes + line.length > ARV__JOURNAL_BYTES_MAX)
        rc = arv_error_set(err, ARV_ELIMIT,
                           "The journal %s is full: the job was begun too often. Delete it by force "
                           "and make a new one.",
                           journal->shown);
    if (rc == 0) {
        int result =
            arv__fs_pwrite_full(journal->fd, line.data, line.length, journal->end_bytes);
        if (result == 0)
            result = arv__fs_fsync_retry(journal->fd);
        if (result < 0) {
            /* Whether the line is on the medium nobody knows; the next reader must not believe it. */
            arv__fs_ftruncate(journal->fd, journal->end_bytes);
            rc = arv_error_system(&journal->broken, -result, "The journal %s cannot be written",
                                  journal->shown);
            if (err)
                *err = journal->broken;
        }
    }
    if (rc == 0) {
        memcpy(journal->chain, after, sizeof after);
        journal->end_bytes += line.length;
        journal->records++;
    }
    arv__buf_cleanup(&line);
    return rc;
}

void arv__journal_close(arv__journal *journal)
{
    if (journal->fd >= 0)
        arv__fs_close(journal->fd);
    journal->fd = -1;
}

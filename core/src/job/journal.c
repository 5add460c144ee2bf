/* SPDX-License-Identifier: Apache-2.0 */
#include "job/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include <arv/sys/alloc.h>
#include "crypto/digest.h"
#include "job/journalhead.h"
#include "loop/newfile.h"

enum {
    JOURNAL_DIGITS = 2 * ARV_SHA256_BYTES,
    JOURNAL_LINE_BYTES_MAX = JOURNAL_DIGITS + 2 + ARV__JOURNAL_RECORD_BYTES_MAX,
    JOURNAL_READ_TRIES = 16,
    JOURNAL_LOOK = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC
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

static int journal_link(const unsigned char before[ARV_SHA256_BYTES], const void *record, size_t length,
                        unsigned char after[ARV_SHA256_BYTES], arv_error *err)
{
    arv__sha256 sha256;
    arv__sha256_init(&sha256);
    arv__sha256_update(&sha256, before, ARV_SHA256_BYTES);
    arv__sha256_update(&sha256, record, length);
    arv__sha256_final(&sha256, after);
    return arv__sha256_status(&sha256, err);
}

static int journal_line(arv__buf *line, const unsigned char before[ARV_SHA256_BYTES], const arv__buf *record,
                        unsigned char after[ARV_SHA256_BYTES], arv_error *err)
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
    int folder_fd;
    bool owns;  /* the job's lock, so that nobody writes meanwhile */
    bool tells; /* the journal is sound: the callback gets its records */
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

/* Looks at a line without its newline. Returns NULL for a whole line, and its digest in `after`; else the
 * reason. */
static const char *journal_try_line(const arv__journal *journal, const char *line, size_t length,
                                    unsigned char after[ARV_SHA256_BYTES], int *status, arv_error *err)
{
    arv__buf digits;
    bool fits;
    *status = 0;
    if (length <= JOURNAL_DIGITS + 1 || line[JOURNAL_DIGITS] != ' ')
        return "a line is no record";
    if ((*status = journal_link(journal->chain, line + JOURNAL_DIGITS + 1, length - JOURNAL_DIGITS - 1, after,
                                err)) < 0)
        return "";
    arv__buf_init(&digits, JOURNAL_DIGITS);
    arv__buf_hex(&digits, after, ARV_SHA256_BYTES);
    *status = arv__buf_status(&digits, "a digest", err);
    fits = *status == 0 && memcmp(digits.data, line, JOURNAL_DIGITS) == 0;
    arv__buf_cleanup(&digits);
    return fits ? NULL : "a checksum does not fit";
}

/*
 * Returns whether the bytes behind the last whole line may come of one unfinished append: they are not longer
 * than a record can be, and have no newline, or one at their end and zeros before it.
 */
static bool journal_is_torn(const char *rest, size_t length)
{
    const char *end = memchr(rest, '\n', length);
    return length <= JOURNAL_LINE_BYTES_MAX &&
           (!end || (end == rest + length - 1 && memchr(rest, '\0', length)));
}

/* At most one append follows the records that the head knows. If the head's other slot is damaged, it was
 * being written for a record that was flushed before. */
static int journal_compare(const arv__journal *journal, const arv__journal_head *head, bool met,
                           arv_error *err)
{
    if (!journal->records) /* a journal gets its name with its first record */
        return journal_damaged(journal, "no record stands in it", err);
    if (!head->records) /* there is no head */
        return 0;
    if (!met)
        return journal_damaged(journal,
                               "the file 'head' beside it tells of records that are not in it, "
                               "so one of the two was replaced by an older copy or by that of "
                               "another time",
                               err);
    if (journal->records > head->records + (journal->torn_bytes ? 0 : 1))
        return journal_damaged(journal,
                               "the file 'head' beside it tells of fewer records, so it was "
                               "replaced by an older copy",
                               err);
    if (head->torn && journal->records == head->records)
        return journal_damaged(journal, "its head is damaged", err);
    return 0;
}

/*
 * Finds how far the lines are whole, which is the journal's end, and whether a crash may have left the rest.
 * Only bytes behind the head were never acknowledged, and only one append.
 */
static int journal_measure(arv__journal *journal, const arv__journal_head *head, const char *text,
                           size_t length, arv_error *err)
{
    bool met = false; /* a line is the one that the head knows as the last */
    const char *what = NULL;
    int rc = 0;
    journal->end_bytes = journal->records = journal->torn_bytes = 0;
    while (journal->end_bytes < length) {
        unsigned char after[ARV_SHA256_BYTES];
        const char *line = text + journal->end_bytes;
        size_t rest = length - journal->end_bytes;
        const char *end = memchr(line, '\n', rest);
        what = end ? journal_try_line(journal, line, (size_t)(end - line), after, &rc, err)
               : journal->end_bytes < head->end_bytes ? "a line has no end"
                                                      : "more stands there than one unfinished record";
        if (rc < 0)
            return rc;
        if (what && journal->end_bytes >= head->end_bytes && journal_is_torn(line, rest)) {
            what = NULL;
            journal->torn_bytes = rest;
        }
        if (what || journal->torn_bytes)
            break;
        memcpy(journal->chain, after, sizeof after);
        journal->end_bytes += (size_t)(end - line) + 1;
        journal->records++;
        met = met || (journal->end_bytes == head->end_bytes && journal->records == head->records &&
                      memcmp(after, head->chain, sizeof after) == 0);
    }
    return what ? journal_damaged(journal, what, err) : journal_compare(journal, head, met, err);
}

/* Calls back with the records of the whole lines. */
static int journal_tell(journal_reader *reader, const char *text, arv_error *err)
{
    const arv__journal *journal = reader->journal;
    reader->tells = true;
    for (uint64_t at = 0; at < journal->end_bytes;) {
        const char *line = text + at;
        size_t length = (size_t)((const char *)memchr(line, '\n', journal->end_bytes - at) - line);
        arv_json *record = NULL;
        int rc = arv_json_parse(&record, line + JOURNAL_DIGITS + 1, length - JOURNAL_DIGITS - 1,
                                ARV__JOURNAL_RECORD_BYTES_MAX, err);
        if (rc == 0)
            rc = reader->callback(reader->user_data, record, err);
        arv_json_free(record);
        if (rc < 0)
            return rc;
        at += length + 1;
    }
    return 0;
}

/* Sets the length. Refuses everything but a regular file, which is then flushed and read. */
static int journal_look(const arv__journal *journal, size_t *length, arv_error *err)
{
    struct stat st;
    int rc = arv__fs->fstat(journal->fd, &st);
    if (rc < 0)
        return arv_error_system(err, -rc, "The journal %s cannot be read", journal->shown);
    if (!S_ISREG(st.st_mode))
        return journal_damaged(journal, "it is no file", err);
    if (st.st_size > ARV__JOURNAL_BYTES_MAX)
        return journal_damaged(journal, "it is longer than a journal may be", err);
    *length = (size_t)st.st_size;
    return 0;
}

static int journal_load_text(const arv__journal *journal, size_t length, arv__buf *text, arv_error *err)
{
    if (!arv__buf_reserve(text, length + 1))
        return arv_error_nomem(err, "a job's journal");
    ssize_t got = arv__fs_pread_full(journal->fd, text->data, length, 0);
    if (got < 0)
        return arv_error_system(err, (int)-got, "The journal %s cannot be read", journal->shown);
    text->length = (size_t)got;
    return 0;
}

/*
 * The process that wrote the last record may have been killed before its flush, or during one that failed.
 * Then the cache has bytes that the medium lacks, and no later flush reports it. So the cache is dropped,
 * and the journal is read from the medium.
 */
static int journal_flush(const arv__journal *journal, arv_error *err)
{
    const int files[] = {journal->fd, journal->head_fd};
    for (int i = 0; i < 2 && files[i] >= 0; i++) {
        int result = arv__fs_fsync_retry(files[i]);
        if (result < 0)
            return arv_error_system(err, -result, "The journal %s cannot be flushed", journal->shown);
        arv__fs->fadvise(files[i], 0, 0, POSIX_FADV_DONTNEED); /* an advice: may fail */
    }
    return 0;
}

/* Sets *going when the job is being deleted: then a crash may leave any of the files without the others. */
static int journal_is_going(const journal_reader *reader, bool *going, arv_error *err)
{
    struct stat st;
    int result = arv__fs->fstatat(reader->folder_fd, ARV__JOURNAL_GOING, &st, AT_SYMLINK_NOFOLLOW);
    *going = result == 0;
    if (result == 0 || result == -ENOENT)
        return 0;
    return arv_error_system(err, -result, "The journal %s cannot be looked for", reader->journal->shown);
}

/* Reads the head. A job that is being deleted may have lost it already: then the head is all zeros. */
static int journal_load_head(journal_reader *reader, arv__journal_head *head, arv_error *err)
{
    arv__journal *journal = reader->journal;
    bool going = false;
    *head = (arv__journal_head){0};
    if (journal->head_fd >= 0)
        return arv__head_read(journal->head_fd, journal->uuid, journal->shown, head, err);
    int rc = journal_is_going(reader, &going, err);
    if (rc == 0 && !going)
        rc = journal_damaged(journal,
                             "the file 'head' beside it is missing; it was removed, or the job "
                             "was made by a version of Archivist that wrote none",
                             err);
    return rc;
}

/* Reads the head before the journal: then the journal has all records that the head knows, even if another
 * process writes meanwhile. */
static int journal_load(journal_reader *reader, arv__journal_head *head, arv_error *err)
{
    arv__journal *journal = reader->journal;
    arv__buf text;
    size_t length;
    int rc = journal_seed(journal->uuid, journal->chain, err);
    arv__buf_init(&text, ARV__JOURNAL_BYTES_MAX + 1);
    if (rc == 0 && (rc = journal_look(journal, &length, err)) == 0 && reader->owns)
        rc = journal_flush(journal, err);
    if (rc == 0 && (rc = journal_load_head(reader, head, err)) == 0 &&
        (rc = journal_look(journal, &length, err)) == 0 &&
        (rc = journal_load_text(journal, length, &text, err)) == 0)
        rc = journal_measure(journal, head, (const char *)text.data, text.length, err);
    if (rc == 0)
        rc = journal_tell(reader, (const char *)text.data, err);
    arv__buf_cleanup(&text);
    return rc;
}

/* Returns ARV_EFORMAT when the head shows that there was a journal with more than its first record, else
 * ARV_ENOTFOUND. */
static int journal_missing(const arv__journal *journal, arv_error *err)
{
    arv__journal_head head;
    if (journal->head_fd >= 0) {
        int rc = arv__head_read(journal->head_fd, journal->uuid, journal->shown, &head, err);
        if (rc < 0)
            return rc;
        if (head.records > 1 || head.torn)
            return journal_damaged(journal, "it is gone, but its head is there", err);
    }
    return arv_error_system(err, ENOENT, "The journal %s cannot be opened", journal->shown);
}

static int journal_open_once(journal_reader *reader, arv__journal_head *head, arv_error *err)
{
    arv__journal *journal = reader->journal;
    int flags = reader->owns ? (JOURNAL_LOOK & ~O_ACCMODE) | O_RDWR : JOURNAL_LOOK;
    journal->head_fd = arv__fs_openat(reader->folder_fd, ARV__HEAD_NAME, flags, 0);
    if (journal->head_fd < 0 && journal->head_fd != -ENOENT)
        return arv_error_system(err, -journal->head_fd, "The head of the journal %s cannot be opened",
                                journal->shown);
    journal->fd = arv__fs_openat(reader->folder_fd, JOURNAL_NAME, flags, 0);
    if (journal->fd == -ENOENT)
        return journal_missing(journal, err);
    if (journal->fd < 0)
        return arv_error_system(err, -journal->fd, "The journal %s cannot be opened", journal->shown);
    return journal_load(reader, head, err);
}

static int journal_write_head(const arv__journal *journal)
{
    arv__journal_head head = {.records = journal->records, .end_bytes = journal->end_bytes};
    memcpy(head.chain, journal->chain, sizeof head.chain);
    return arv__head_write(journal->head_fd, journal->uuid, &head);
}

static void journal_init(arv__journal *journal, const char *uuid, const char *shown)
{
    *journal = (arv__journal){.fd = -1, .head_fd = -1, .shown = shown};
    snprintf(journal->uuid, sizeof journal->uuid, "%s", uuid);
}

int arv__journal_read(int folder_fd, const char *uuid, const char *shown, arv__journal_cb callback,
                      void *user_data, arv_error *err)
{
    arv__journal journal;
    arv__journal_head head;
    journal_reader reader = {&journal, callback, user_data, .folder_fd = folder_fd};
    int rc = ARV_EFORMAT;
    /* A process that writes meanwhile may be records ahead of the head that was read. */
    for (int i = 0; rc == ARV_EFORMAT && !reader.tells && i < JOURNAL_READ_TRIES; i++) {
        journal_init(&journal, uuid, shown);
        rc = journal_open_once(&reader, &head, err);
        arv__journal_close(&journal);
    }
    return rc;
}

/* Cuts off what a crash left, and writes a head that knows the whole lines. */
static int journal_mend(arv__journal *journal, const arv__journal_head *head, arv_error *err)
{
    int result = 0;
    if (journal->torn_bytes && (result = arv__fs_ftruncate(journal->fd, journal->end_bytes)) == 0)
        result = arv__fs_fsync_retry(journal->fd);
    if (result == 0 && journal->head_fd >= 0 && journal->records > head->records)
        result = journal_write_head(journal);
    if (result < 0)
        return arv_error_system(err, -result, "The journal %s cannot be mended", journal->shown);
    return 0;
}

int arv__journal_open(arv__journal *journal, int folder_fd, const char *uuid, const char *shown,
                      arv__journal_cb callback, void *user_data, arv_error *err)
{
    arv__journal_head head;
    journal_reader reader = {journal, callback, user_data, .folder_fd = folder_fd, .owns = true};
    journal_init(journal, uuid, shown);
    int rc = journal_open_once(&reader, &head, err);
    if (rc == 0)
        rc = journal_mend(journal, &head, err);
    if (rc < 0)
        arv__journal_close(journal);
    return rc;
}

/* ---- writing -------------------------------------------------------------------------------- */

int arv__journal_clear(int folder_fd, const char *uuid, const char *shown, arv_error *err)
{
    static const char *const names[] = {ARV__HEAD_NAME, ARV__JOURNAL_GOING};
    arv__journal journal;
    journal_init(&journal, uuid, shown);
    journal.head_fd = arv__fs_openat(folder_fd, ARV__HEAD_NAME, JOURNAL_LOOK, 0);
    if (journal.head_fd < 0 && journal.head_fd != -ENOENT)
        return arv_error_system(err, -journal.head_fd, "The head of the journal %s cannot be opened", shown);
    int rc = journal_missing(&journal, err);
    arv__journal_close(&journal);
    if (rc != ARV_ENOTFOUND)
        return rc;
    for (int i = 0; i < 2; i++) {
        int result = arv__fs->unlinkat(folder_fd, names[i], 0);
        if (result < 0 && result != -ENOENT)
            return arv_error_system(err, -result, "What is left of the journal %s cannot be removed", shown);
    }
    return 0;
}

static int journal_create_file(int folder_fd, const char *shown, const arv__buf *line, arv_error *err)
{
    arv__newfile_options options = {
        .dir_fd = folder_fd, .name = JOURNAL_NAME, .shown = shown, .size_hint_bytes = 1, .no_direct = true};
    arv__newfile *file = NULL;
    int rc = arv__newfile_open(&file, &options, err);
    if (rc == 0 && (rc = arv__newfile_write(file, line->data, line->length, err)) == 0 &&
        (rc = arv__newfile_seal(file, err)) == 0)
        rc = arv__newfile_commit(file, err);
    arv__newfile_free(file);
    return rc;
}

int arv__journal_create(int folder_fd, const char *uuid, const char *shown, const arv__buf *record,
                        arv_error *err)
{
    unsigned char before[ARV_SHA256_BYTES];
    arv__journal_head head = {.records = 1};
    struct stat st;
    arv__buf line;
    int rc = journal_seed(uuid, before, err);
    if (rc < 0)
        return rc;
    if (arv__fs->fstatat(folder_fd, JOURNAL_NAME, &st, AT_SYMLINK_NOFOLLOW) == 0)
        return arv_error_set(err, ARV_EEXISTS, "The journal %s is there already.", shown);
    arv__buf_init(&line, JOURNAL_LINE_BYTES_MAX);
    if ((rc = journal_line(&line, before, record, head.chain, err)) == 0 &&
        (rc = arv__journal_clear(folder_fd, uuid, shown, err)) == 0) {
        head.end_bytes = line.length;
        /* The head first: a journal without one is damaged. */
        rc = arv__head_create(folder_fd, uuid, &head, err);
    }
    if (rc == 0)
        rc = journal_create_file(folder_fd, shown, &line, err);
    arv__buf_cleanup(&line);
    return rc;
}

/* Closes the journal to later appends: nobody knows whether the line is on the medium. */
static int journal_fail(arv__journal *journal, int result, arv_error *err)
{
    int rc = arv_error_system(&journal->broken, -result, "The journal %s cannot be written", journal->shown);
    if (err)
        *err = journal->broken;
    return rc;
}

static int journal_append_line(arv__journal *journal, const arv__buf *line,
                               const unsigned char after[ARV_SHA256_BYTES], arv_error *err)
{
    int result = arv__fs_pwrite_full(journal->fd, line->data, line->length, journal->end_bytes);
    if (result == 0)
        result = arv__fs_fsync_retry(journal->fd);
    if (result < 0) {
        arv__fs_ftruncate(journal->fd, journal->end_bytes); /* the next reader must not believe it */
        return journal_fail(journal, result, err);
    }
    memcpy(journal->chain, after, ARV_SHA256_BYTES);
    journal->end_bytes += line->length;
    journal->records++;
    /* The line is flushed and stays, since the head may know it already, as after a crash here. */
    if (journal->head_fd >= 0 && (result = journal_write_head(journal)) < 0)
        return journal_fail(journal, result, err);
    return 0;
}

int arv__journal_append(arv__journal *journal, const arv__buf *record, arv_error *err)
{
    unsigned char after[ARV_SHA256_BYTES];
    arv__buf line;
    if (journal->broken.code < 0) {
        if (err)
            *err = journal->broken;
        arv_error_about(err, journal->uuid);
        return journal->broken.code;
    }
    arv__buf_init(&line, JOURNAL_LINE_BYTES_MAX);
    int rc = journal_line(&line, journal->chain, record, after, err);
    if (rc == 0 && journal->end_bytes + line.length > ARV__JOURNAL_BYTES_MAX)
        rc = arv_error_set(err, ARV_ELIMIT,
                           "The journal %s is full: the job was begun too often. Delete it by force "
                           "and make a new one.",
                           journal->shown);
    if (rc == 0)
        rc = journal_append_line(journal, &line, after, err);
    if (rc < 0)
        arv_error_about(err, journal->uuid);
    arv__buf_cleanup(&line);
    return rc;
}

void arv__journal_close(arv__journal *journal)
{
    if (journal->fd >= 0)
        arv__fs_close(journal->fd);
    if (journal->head_fd >= 0)
        arv__fs_close(journal->head_fd);
    journal->fd = journal->head_fd = -1;
}

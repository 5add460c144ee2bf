/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_JOB_JOURNAL_H
#define ARV_JOB_JOURNAL_H

/*
 * The journal of one job: a file of lines that only grows. A line is
 *
 *     <64 hexadecimal digits> <JSON object>\n
 *
 * The digits are the SHA-256 of the digest of the line before and of the object's bytes, so that a
 * line that was changed, lost, added or moved shows at once; the first line stands on the SHA-256 of
 * "archivist journal 1 " and the job's UUID. arv__journal_append() writes a line behind the last one and
 * flushes it before it returns: then the caller may do what the line announces, and what the line reports
 * is true for ever.
 *
 * The head (journalhead.h) says how far the journal was flushed. It is a file of its own, which
 * arv__journal_append() flushes after the line and before it returns. A crash leaves an unfinished line only
 * behind that point. Such a line is torn: it has no newline, or blocks of zeros where the medium did not get
 * the data. Nobody acted on it, so arv__journal_open() cuts it off, and a run records that (`torn`).
 * Everything else that does not fit is damage, be it rot of flushed bytes or an older state of the file: the
 * functions return ARV_EFORMAT and guess, do and remove nothing. They cannot detect an older state of both
 * files at once.
 *
 * Ownership: embedded; the folder's descriptor is borrowed. Threading: one thread at a time; every
 *   function may block on the disk.
 * Errors: after a failed append only reading shows what the medium has, and it may have that record. So each
 *   later append fails as that one did, with its cause.
 * Memory: one journal has at most 4 MiB, a record 128 KiB; both are held only while reading.
 */

#include "loop/fileops.h"
#include "util/json.h"
#include <arv/digest.h>
#include <arv/package.h>

enum { ARV__JOURNAL_BYTES_MAX = 4 << 20, ARV__JOURNAL_RECORD_BYTES_MAX = 128 << 10 };

/* The name of the head while its job is being deleted: a journal without a head is no damage then. */
#define ARV__JOURNAL_GOING "deleting"

typedef struct arv__journal {
    int fd, head_fd;
    char uuid[ARV_UUID_BYTES];
    uint64_t end_bytes; /* of the last good line */
    uint64_t records;
    uint64_t torn_bytes; /* behind that line when the journal was opened */
    unsigned char chain[ARV_SHA256_BYTES];
    const char *shown; /* for messages; borrowed */
    arv_error broken;  /* the failed append; code 0: none */
} arv__journal;

/* Called for each record. Returns < 0 to end the reading with that error. */
typedef int (*arv__journal_cb)(void *user_data, const arv_json *record, arv_error *err);

/* Reads without changing anything. Needs no lock; does not see a line that another process is writing.
 * Returns ARV_ENOTFOUND when there is no journal. */
int arv__journal_read(int folder_fd, const char *uuid, const char *shown, arv__journal_cb callback,
                      void *user_data, arv_error *err);
/* Reads, and cuts off a torn line. Must be called under the job's lock. */
int arv__journal_open(arv__journal *journal, int folder_fd, const char *uuid, const char *shown,
                      arv__journal_cb callback, void *user_data, arv_error *err);
/* Removes the leftovers of a journal whose maker died before it had its name, or that was being deleted.
 * Must be called under the lock, when there is no journal. Returns ARV_EFORMAT when there was one. */
int arv__journal_clear(int folder_fd, const char *uuid, const char *shown, arv_error *err);
/* Makes a new journal with its first record, and flushes both and its name. */
int arv__journal_create(int folder_fd, const char *uuid, const char *shown, const arv__buf *record,
                        arv_error *err);
int arv__journal_append(arv__journal *journal, const arv__buf *record, arv_error *err);
/* Accepts a journal that was never opened: with descriptors of -1. */
void arv__journal_close(arv__journal *journal);

#endif

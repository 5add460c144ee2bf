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
 * "archivist journal 1 " and the job's UUID. A line is written behind the last one and flushed
 * before arv__journal_append() returns: what it announces may be done then, what it reports is true
 * for ever.
 *
 * How far that goes stands in its head (journalhead.h), a file of its own that is flushed after the
 * line and before arv__journal_append() returns. What a crash leaves of a line that was being written
 * lies behind that and is torn: no newline, or blocks of zeros where the medium has not got the data.
 * Nothing was done on its strength, so it is cut off and told. Everything else that does not fit is
 * damage, be it rot of what was flushed or an older state of the file: ARV_EFORMAT, and nothing is
 * guessed, done or removed. What cannot be told: an older state of both files at once.
 *
 * Ownership: embedded; the folder's descriptor is borrowed. Threading: one thread at a time; every
 *   function blocks on the disk.
 * Errors: after a failed append the journal is closed to more: what the medium has is only known by
 *   reading it again, and then it may have that record. Each later append fails as that one did, with
 *   its cause.
 * Memory: one journal has at most 4 MiB, a record 128 KiB; both are held while reading only.
 */

#include "loop/fileops.h"
#include "util/json.h"
#include <arv/digest.h>
#include <arv/package.h>

enum { ARV__JOURNAL_BYTES_MAX = 4 << 20, ARV__JOURNAL_RECORD_BYTES_MAX = 128 << 10 };

/* What the head is called once its job is being deleted: a journal without a head is no damage then. */
#define ARV__JOURNAL_GOING "deleting"

typedef struct arv__journal {
    int fd, head_fd;
    char uuid[ARV_UUID_BYTES];
    uint64_t end_bytes; /* of the last good line */
    uint64_t records;
    uint64_t torn_bytes; /* found behind it when it was opened */
    unsigned char chain[ARV_SHA256_BYTES];
    const char *shown; /* for messages; borrowed */
    arv_error broken;  /* the failed append; code 0: none */
} arv__journal;

/* One record; an error ends the reading. */
typedef int (*arv__journal_cb)(void *user_data, const arv_json *record, arv_error *err);

/* Reads without changing anything, as whoever does not hold the job's lock may; a line that is being
 * written meanwhile is not seen. ARV_ENOTFOUND: there is no journal. */
int arv__journal_read(int folder_fd, const char *uuid, const char *shown, arv__journal_cb callback,
                      void *user_data, arv_error *err);
/* Reads, and cuts off what is torn; for the holder of the job's lock. */
int arv__journal_open(arv__journal *journal, int folder_fd, const char *uuid, const char *shown,
                      arv__journal_cb callback, void *user_data, arv_error *err);
/* Removes what is left of one whose maker died before it had its name, or that was being deleted; for
 * the holder of the lock where there is no journal. ARV_EFORMAT: there was one. */
int arv__journal_clear(int folder_fd, const char *uuid, const char *shown, arv_error *err);
/* A new one with its first record, which is on the medium afterwards, with its name. */
int arv__journal_create(int folder_fd, const char *uuid, const char *shown, const arv__buf *record,
                        arv_error *err);
int arv__journal_append(arv__journal *journal, const arv__buf *record, arv_error *err);
void arv__journal_close(arv__journal *journal); /* accepts one that was never opened: descriptors of -1 */

#endif

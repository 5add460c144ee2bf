/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_JOB_JOBFOLDER_H
#define ARV_JOB_JOBFOLDER_H

/*
 * The folder of one job inside a staging folder, and its lock.
 *
 *     lock       its holder runs the job; "<pid> <bytes>\n": the holder, and the bytes of the
 *                staging's limit that are set aside for the container
 *     journal    journal.h
 *     head       how far the journal was flushed: journalhead.h
 *     deleting   the head, renamed while the job is being deleted
 *     container  complete, or not there
 *     beside     the object beside the archive that is being stored: a copy of a record
 *     document   the application's; not changed
 *     log        JSON lines, for people; at most 8 MiB
 *     cancel     somebody asked to stop; empty
 *
 * Only the holder of the lock changes the files; anybody may make `cancel`. A folder without a journal is no
 * job: the next process that makes the job goes on in that folder.
 *
 * Ownership: embedded; _close() accepts a folder after _init(). Threading: one thread at a time; every
 *   function may block on the disk.
 */

#include <fcntl.h>

#include <arv/staging.h>
#include "loop/fileops.h"

enum {
    ARV__JOBFOLDER_SHOWN_BYTES = 1024,
    /* O_NONBLOCK: opening a FIFO or a device in place of a file must not wait. */
    ARV__JOBFOLDER_READ = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC
};

struct arv_staging {
    unsigned references;
    int fd;
    uint64_t limit_bytes, reserve_bytes;
    char path[]; /* absolute */
};

typedef struct arv__jobfolder {
    arv_staging *staging; /* borrowed */
    int fd, lock_fd;
    char uuid[ARV_UUID_BYTES];
    char shown[ARV__JOBFOLDER_SHOWN_BYTES]; /* of the journal, for messages */
} arv__jobfolder;

typedef enum { ARV__JOBFOLDER_LOOK, ARV__JOBFOLDER_LOCK, ARV__JOBFOLDER_MAKE } arv__jobfolder_mode;

void arv__jobfolder_init(arv__jobfolder *folder);
/* LOOK takes no lock, LOCK takes it, MAKE makes a missing folder and takes it. Returns ARV_EINVALID (UUID),
 * ARV_ENOTFOUND, or ARV_ESTATE when another process has the lock. */
int arv__jobfolder_open(arv__jobfolder *folder, arv_staging *staging, const char *uuid,
                        arv__jobfolder_mode mode, arv_error *err);
void arv__jobfolder_close(arv__jobfolder *folder);
/* Sets *locked when a process has the lock. The folder must be opened with LOOK. */
int arv__jobfolder_is_locked(const arv__jobfolder *folder, bool *locked, arv_error *err);
/* Sets *there when a file of this name is there. Returns an error when that cannot be known. */
int arv__jobfolder_look(const arv__jobfolder *folder, const char *name, bool *there, arv_error *err);
/* Makes a cancel request that lasts: this run, or the next one, takes back what the job has done. */
int arv__jobfolder_ask_cancel(arv__jobfolder *folder, arv_error *err);
/* Makes and flushes a new file. Returns ARV_EEXISTS when the name is taken. */
int arv__jobfolder_write(arv__jobfolder *folder, const char *name, const void *data, size_t length,
                         arv_error *err);
/* Returns 0 also when the file is not there. */
int arv__jobfolder_unlink(arv__jobfolder *folder, const char *name, arv_error *err);
/* Flushes the names in the folder, and its own name. */
int arv__jobfolder_flush(arv__jobfolder *folder, arv_error *err);
/* Writes the path of a file in the folder. Returns false when it is too long. */
bool arv__jobfolder_path(const arv__jobfolder *folder, const char *name, char *into, size_t room);
/* Removes the parts of files that a dead process was writing; adds their number and bytes. */
int arv__jobfolder_tidy(arv__jobfolder *folder, uint64_t *files, uint64_t *bytes, arv_error *err);
/* Makes the job in a folder that has none: first its document, then its journal. Returns ARV_EEXISTS when
 * there is a job. */
int arv__jobfolder_begin(arv__jobfolder *folder, const void *document, size_t length, arv_error *err);
bool arv__jobfolder_has_parts(arv__jobfolder *folder);
/* Removes the whole folder: its files, then the journal, then the lock. */
int arv__jobfolder_remove(arv__jobfolder *folder, arv_error *err);
/* Sets bytes of the staging's limit aside for the container; 0 gives them back. Cannot fail: an error leaves
 * the number as it is. */
void arv__jobfolder_set_aside(arv__jobfolder *folder, uint64_t bytes);

/* ---- the staging as a whole ---- */

typedef int (*arv__jobfolders_cb)(void *user_data, const char *uuid, arv_error *err);
int arv__jobfolders_walk(arv_staging *staging, arv__jobfolders_cb callback, void *user_data, arv_error *err);
/* Adds up the bytes that all other jobs have staged or set aside. */
int arv__jobfolders_used(arv_staging *staging, const char *but_uuid, uint64_t *bytes, arv_error *err);
int arv__jobfolders_free_bytes(arv_staging *staging, uint64_t *bytes, arv_error *err);

/* ---- the log ---- */

typedef struct arv__joblog {
    int fd;
    uint64_t end_bytes;
    bool full;
} arv__joblog;

void arv__joblog_open(arv__joblog *log, const arv__jobfolder *folder); /* cannot fail: it is for people */
void arv__joblog_close(arv__joblog *log);
void arv__joblog_write(arv__joblog *log, const arv_log_record *record);
int arv__joblog_read(const arv__jobfolder *folder, arv_staged_record_cb callback, void *user_data,
                     arv_error *err);

#endif

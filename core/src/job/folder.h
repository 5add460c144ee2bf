/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_JOB_FOLDER_H
#define ARV_JOB_FOLDER_H

/*
 * The folder of one job inside a staging folder, and its lock.
 *
 *     lock       who has it runs the job; "<pid> <bytes>\n" tells who, and what of the staging's
 *                limit is set aside for the container
 *     journal    journal.h
 *     container  complete, or not there
 *     document   the application's; not changed
 *     log        JSON lines, for people; at most 8 MiB
 *     cancel     somebody asked to stop; empty
 *
 * Only the holder of the lock changes anything but `cancel`. A folder without a journal is no job:
 * whoever makes the job goes on in it.
 *
 * Ownership: embedded; _close() accepts one that is zeroed but for descriptors of -1 (_init).
 * Threading: one thread at a time; blocks on the disk.
 */

#include <arv/staging.h>
#include "loop/fileops.h"

enum { ARV__FOLDER_SHOWN_BYTES = 1024 };

struct arv_staging {
    unsigned references;
    int fd;
    uint64_t limit_bytes, reserve_bytes;
    char path[]; /* absolute */
};

typedef struct arv__folder {
    arv_staging *staging; /* borrowed */
    int fd, lock_fd;
    char uuid[ARV_UUID_BYTES];
    char shown[ARV__FOLDER_SHOWN_BYTES]; /* of the journal, for messages */
} arv__folder;

typedef enum { ARV__FOLDER_LOOK, ARV__FOLDER_LOCK, ARV__FOLDER_MAKE } arv__folder_mode;

void arv__folder_init(arv__folder *folder);
/* LOOK takes no lock, LOCK does, MAKE makes the folder if need be and does. ARV_EINVALID (UUID),
 * ARV_ENOTFOUND, ARV_ESTATE: another process has the lock. */
int arv__folder_open(arv__folder *folder, arv_staging *staging, const char *uuid,
                     arv__folder_mode mode, arv_error *err);
void arv__folder_close(arv__folder *folder);
/* Whether a process has the lock; from a folder that was opened to look. */
bool arv__folder_is_locked(const arv__folder *folder);
bool arv__folder_has(const arv__folder *folder, const char *name);
/* 0, also when it is not there. */
int arv__folder_unlink(arv__folder *folder, const char *name, arv_error *err);
/* What was made and removed in it is on the medium. */
int arv__folder_flush(arv__folder *folder, arv_error *err);
/* The path of a file in it; false when it is too long. */
bool arv__folder_path(const arv__folder *folder, const char *name, char *into, size_t room);
/* Parts of files that a dead process was writing, and how many bytes they had. */
int arv__folder_tidy(arv__folder *folder, uint64_t *files, uint64_t *bytes, arv_error *err);
/* Makes the job in a folder that has none: its document, then its journal. ARV_EEXISTS. */
int arv__folder_begin(arv__folder *folder, const void *document, size_t length, arv_error *err);
/* The whole folder, the journal last but for the lock. */
int arv__folder_remove(arv__folder *folder, arv_error *err);
/* Sets bytes of the staging's limit aside for the container; 0: none any more. Best effort. */
void arv__folder_set_aside(arv__folder *folder, uint64_t bytes);

/* ---- the staging as a whole ---- */

typedef int (*arv__staging_name_cb)(void *user_data, const char *uuid, arv_error *err);
int arv__staging_walk(arv_staging *staging, arv__staging_name_cb callback, void *user_data,
                      arv_error *err);
/* What is staged or set aside by all jobs but this one. */
int arv__staging_used(arv_staging *staging, const char *but_uuid, uint64_t *bytes, arv_error *err);
int arv__staging_free_bytes(arv_staging *staging, uint64_t *bytes, arv_error *err);

/* ---- the log ---- */

typedef struct arv__joblog {
    int fd;
    uint64_t end_bytes;
    bool full;
} arv__joblog;

void arv__joblog_open(arv__joblog *log, const arv__folder *folder); /* cannot fail: it is for people */
void arv__joblog_close(arv__joblog *log);
void arv__joblog_write(arv__joblog *log, const arv_log_record *record);
int arv__joblog_read(const arv__folder *folder, arv_staged_record_cb callback, void *user_data,
                     arv_error *err);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_STAGING_H
#define ARV_STAGING_H

/*
 * A staging folder: where jobs live that must not be lost. Each job has a folder in it, named by its
 * UUID, with a lock, a journal, the staged container, a log and what the application wants to keep:
 *
 *     <staging>/<uuid>/lock  journal  container  document  log  cancel
 *
 * A job whose spec names a staging (arv_job_spec.staging) writes every step that has an effect into
 * its journal: before, what it is going to do, and after, that it is done. Killed at any instant, it
 * is taken up again by arv_job_start() with the same UUID: a container that was complete is not
 * packed again, an object that was stored is not stored again, and cleaning up is repeated until it
 * is done. docs/reliability.md tells the journal's format and the steps.
 *
 * Ownership: arv_staging is counted; a job holds a reference. Results are copied.
 * Threading: one thread at a time. Several processes may use one folder: the run of a job holds the
 *   file "lock" (F_OFD_SETLK, which ends with its process), so that one of them runs it.
 * Errors: ARV_EINVALID (UUID), ARV_ENOTFOUND (no such job), ARV_ESTATE (somebody runs it; not in a
 *   state for this), ARV_EFORMAT (the journal is damaged: nothing is done and nothing removed),
 *   ARV_EACCESS, ARV_ENOSPACE, ARV_EIO.
 * Units: bytes; seconds since 1970-01-01 UTC; milliseconds.
 * Blocking: every function here works on the disk of the folder at once, and waits for it only. While a
 * job runs, the engine's thread asks that disk a few times a second: on one that may hang, such as NFS,
 * it hangs with it.
 */

#include <arv/job.h>

#ifdef __cplusplus
extern "C" {
#endif

/* In job.h: typedef struct arv_staging arv_staging; */

typedef struct arv_staging_options { /* grows: arv/archivist.h */
    size_t struct_bytes;
    uint64_t limit_bytes;   /* of all containers staged here together; 0: only the disk's. Looked at as
                               a job begins: jobs that begin in one instant may pass it together */
    uint64_t reserve_bytes; /* that stay free on the disk when a job begins, and half of it while it
                               packs; 0: 64 MiB */
} arv_staging_options;

/* `struct_bytes`: sizeof *options. All else becomes 0. */
ARV_API void arv_staging_options_init(arv_staging_options *options, size_t struct_bytes);
/* Makes the folder (0700) if it is not there; its parent must be. */
ARV_API int arv_staging_open(arv_staging **staging, const char *folder, const arv_staging_options *options,
                             arv_error *err);
ARV_API arv_staging *arv_staging_ref(arv_staging *staging);
ARV_API void arv_staging_unref(arv_staging *staging);
ARV_API const char *arv_staging_folder(const arv_staging *staging);

typedef struct arv_staged_target {
    char address[ARV_ADDRESS_BYTES];
    bool stored;            /* read back and compared */
    int64_t stored_at_unix; /* 0: not yet */
} arv_staged_target;

typedef struct arv_staged_status {
    char uuid[ARV_UUID_BYTES];
    arv_job_state state; /* as the journal tells: QUEUED while it runs, and when its process died */
    bool running;        /* some process holds its lock */
    bool cancel_asked;
    unsigned attempts;         /* begun since it was made or requeued, crashed ones included */
    int64_t requested_at_unix; /* it was made */
    int64_t collected_at_unix; /* of its container, 0 until it is complete: collecting began … */
    int64_t read_at_unix;      /* … the last source was read … */
    int64_t packed_at_unix;    /* … and it was whole */
    int64_t stored_at_unix;    /* the last of all targets; 0: not yet all */
    int64_t begun_at_unix;     /* the first work since it was made or requeued; 0: none yet */
    int64_t ended_at_unix;     /* 0: it has not */
    int64_t retry_at_unix;     /* when the next run is due, of a job that failed for a while or could not be
                                taken back; 0: none follows by itself */
    bool packaged;             /* the container is complete: entries are not needed any more */
    uint64_t entries, payload_bytes, container_bytes;
    uint64_t failures; /* entries that are missing from the container */
    arv_digests container;
    arv_error error; /* why it failed or waits; code 0: no reason */
    size_t target_count;
    arv_staged_target targets[ARV_JOB_STORAGES_MAX];
} arv_staged_status;

ARV_API int arv_staging_status(arv_staging *staging, const char *uuid, arv_staged_status *status,
                               arv_error *err);
/* UUIDs of all jobs, in no order; damaged ones too. An error of the callback ends the walk. */
typedef int (*arv_staged_cb)(void *user_data, const char *uuid, arv_error *err);
ARV_API int arv_staging_each(arv_staging *staging, arv_staged_cb callback, void *user_data, arv_error *err);

/*
 * Makes a job without running it: QUEUED. `document` (at most 1 MiB; NULL: none) is the
 * application's own, such as the specification that it made the job from. ARV_EEXISTS when the job
 * is there already. arv_job_start() makes what is not there, without a document.
 */
ARV_API int arv_staging_create(arv_staging *staging, const char *uuid, const void *document, size_t length,
                               arv_error *err);
/* The document as it was given, NUL-ended, to be freed with arv_free(); ARV_ENOTFOUND: none. */
ARV_API int arv_staging_document_take(arv_staging *staging, const char *uuid, char **document, size_t *length,
                                      arv_error *err);

/* Asks whoever runs it to stop; it ends as ABORTED within a second. When nobody runs it, the next
 * arv_job_start() takes back what was done and ends it. One that is failing already stays FAILURE.
 * ARV_ESTATE: it has ended. */
ARV_API int arv_staging_cancel(arv_staging *staging, const char *uuid, arv_error *err);
/* FAILURE, ABORTED, PARTIAL or RECOVERABLE_ERROR becomes QUEUED, with all attempts and the whole time limit
 * before it. One that waited for a retry keeps what it has packed and stored.
 * What is stored of a PARTIAL one stays until arv_job_start() has something better. */
ARV_API int arv_staging_requeue(arv_staging *staging, const char *uuid, arv_error *err);
/* Forgets a job that has ended, or any that nobody runs (`force`), such as one whose journal is
 * damaged or whose storage is gone for good; stored objects stay. */
ARV_API int arv_staging_delete(arv_staging *staging, const char *uuid, bool force, arv_error *err);

/* One line of a job's log, oldest first. The texts are borrowed during the call. */
typedef struct arv_staged_record {
    int64_t at_unix_ms;
    arv_log_level level;
    const char *source;
    const char *message;
    const char *details; /* "state=STORE attempt=2": the fields of the record; "" without any */
} arv_staged_record;
typedef int (*arv_staged_record_cb)(void *user_data, const arv_staged_record *record, arv_error *err);
ARV_API int arv_staging_log(arv_staging *staging, const char *uuid, arv_staged_record_cb callback,
                            void *user_data, arv_error *err);

typedef struct arv_staging_swept {
    uint64_t jobs;  /* folders in which no job had begun */
    uint64_t files; /* half-written ones of dead processes */
    uint64_t bytes;
    uint64_t damaged; /* jobs whose journal is damaged: looked at, not touched */
} arv_staging_swept;
/* Removes what dead processes left and no journal knows of. Jobs that run are passed over. */
ARV_API int arv_staging_sweep(arv_staging *staging, arv_staging_swept *swept, arv_error *err);

#ifdef __cplusplus
}
#endif
#endif

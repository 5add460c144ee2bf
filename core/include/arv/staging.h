/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_STAGING_H
#define ARV_STAGING_H

/*
 * A staging folder keeps journalled jobs, which a crash must not lose. Each job has a folder in it, named
 * by its UUID, with a lock, a journal, the staged container, a log and a document of the application:
 *
 *     <staging>/<uuid>/lock  journal  container  document  log  cancel
 *
 * A job whose spec names a staging (arv_job_spec.staging) writes every step that has an effect into its
 * journal: the plan before the step, its end after it. If the process is killed at any instant,
 * arv_job_start() with the same UUID takes the job up again: it does not pack a complete container again,
 * does not store a stored object again, and repeats cleaning up until that is done.
 * docs/reliability.md describes the journal's format and the steps.
 *
 * Ownership: arv_staging is counted; a job holds a reference. Results are copied.
 * Threading: one thread at a time. Several processes may use one folder: the run of a job holds the
 *   file "lock" (F_OFD_SETLK, which ends with its process), so that one of them runs it.
 * Errors: ARV_EINVALID (UUID), ARV_ENOTFOUND (no such job), ARV_ESTATE (another run has it; not in a
 *   state for this), ARV_EFORMAT (the journal is damaged: the function does and removes nothing),
 *   ARV_EACCESS, ARV_ENOSPACE, ARV_EIO.
 * Units: bytes; seconds since 1970-01-01 UTC; milliseconds.
 * Blocking: every function here may block on the disk of the folder, and on nothing else. While a job
 * runs, the engine's thread asks that disk a few times a second: if the disk hangs, as NFS may, the
 * thread hangs with it.
 */

#include <arv/job.h>

#ifdef __cplusplus
extern "C" {
#endif

/* In job.h: typedef struct arv_staging arv_staging; */

typedef struct arv_staging_options { /* grows: arv/archivist.h */
    size_t struct_bytes;
    uint64_t limit_bytes;   /* of all containers staged here together; 0: only the disk's. A job checks it
                               when it begins: jobs that begin in one instant may pass it together */
    uint64_t reserve_bytes; /* that must stay free on the disk when a job begins, and half of it while
                               the job packs; 0: 64 MiB */
} arv_staging_options;

/* `struct_bytes`: sizeof *options. All else becomes 0. */
ARV_API void arv_staging_options_init(arv_staging_options *options, size_t struct_bytes);
/* Opens the folder, and makes it (0700) if it is not there; its parent must exist. */
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
    arv_job_state state; /* by the journal: QUEUED also while it runs, and after its process died */
    bool running;        /* some process holds its lock */
    bool cancel_asked;
    unsigned attempts;         /* begun since it was made or requeued, crashed ones included */
    int64_t requested_at_unix; /* it was made */
    int64_t collected_at_unix; /* of its container, 0 until it is complete: collecting began … */
    int64_t read_at_unix;      /* … the last source was read … */
    int64_t packed_at_unix;    /* … and the container was whole */
    int64_t stored_at_unix;    /* the last of all targets was stored; 0: not yet all are */
    int64_t begun_at_unix;     /* the first work since it was made or requeued; 0: none yet */
    int64_t ended_at_unix;     /* 0: it has not */
    int64_t retry_at_unix;     /* when the next run is due, of a job that waits for a retry or whose effects
                                could not be taken back; 0: none follows by itself */
    bool packaged;             /* the container is complete: a run needs no entries any more */
    uint64_t entries, payload_bytes, container_bytes;
    uint64_t failures; /* entries that are missing from the container */
    arv_digests container;
    arv_error error; /* why it failed or waits; code 0: no reason */
    size_t target_count;
    arv_staged_target targets[ARV_JOB_STORAGES_MAX];
} arv_staged_status;

ARV_API int arv_staging_status(arv_staging *staging, const char *uuid, arv_staged_status *status,
                               arv_error *err);
/* Calls back with the UUID of every job, in no order; damaged ones too. An error of the callback ends the
 * walk. */
typedef int (*arv_staged_cb)(void *user_data, const char *uuid, arv_error *err);
ARV_API int arv_staging_each(arv_staging *staging, arv_staged_cb callback, void *user_data, arv_error *err);

/*
 * Makes a job without running it: QUEUED. `document` (at most 1 MiB; NULL: none) is the
 * application's own, such as the specification that it made the job from. Returns ARV_EEXISTS when the
 * job exists. arv_job_start() makes a job that does not exist, without a document.
 */
ARV_API int arv_staging_create(arv_staging *staging, const char *uuid, const void *document, size_t length,
                               arv_error *err);
/* Returns the document as it was given, NUL-ended; the caller frees it with arv_free(). ARV_ENOTFOUND:
 * none. */
ARV_API int arv_staging_document_take(arv_staging *staging, const char *uuid, char **document, size_t *length,
                                      arv_error *err);

/* Leaves a cancel request. A running job sees it within a second, takes back its effects and ends as
 * ABORTED. When nothing runs the job, the next arv_job_start() does that. A job that has stored everything
 * still completes; one that is failing already still ends as FAILURE. ARV_ESTATE: it has ended. */
ARV_API int arv_staging_cancel(arv_staging *staging, const char *uuid, arv_error *err);
/* FAILURE, ABORTED, PARTIAL or RECOVERABLE_ERROR becomes QUEUED; the job gets all attempts and the whole
 * time limit again. A job that waited for a retry keeps its container and its stored objects. The stored
 * objects of a PARTIAL one stay until arv_job_start() has stored a better archive. */
ARV_API int arv_staging_requeue(arv_staging *staging, const char *uuid, arv_error *err);
/* Removes a job that has ended from the staging folder. With `force`, removes any job that nothing runs,
 * such as one whose journal is damaged or whose storage is gone for good. Stored objects stay. */
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
/* Removes files and folders of dead processes that no journal knows of. Passes over jobs that run. */
ARV_API int arv_staging_sweep(arv_staging *staging, arv_staging_swept *swept, arv_error *err);

#ifdef __cplusplus
}
#endif
#endif

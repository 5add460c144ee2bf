/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_JOB_H
#define ARV_JOB_H

/*
 * An archive job: entries become one verified container in a file or in storages.
 *
 *     QUEUED -> PRE_PROCESSING -> ACTIVITY_ARCHIVING -> POST_PROCESSING -> STORE -> CLEANUP
 *            -> COMPLETED | PARTIAL
 *     any of these -> ERROR -> ERROR_HANDLING -> FAILURE, or -> ERROR_HANDLING -> ABORTED
 *
 * PRE_PROCESSING sorts and names the entries; ACTIVITY_ARCHIVING reads, hashes, compresses and
 * writes the payload, straight into all targets at once; POST_PROCESSING adds the documents of the
 * bag; STORE makes the container durable, reads it back from each storage, compares it and gives it
 * its name; CLEANUP releases resources. ERROR_HANDLING takes back the effects of the job.
 *
 * With package.failures_max a job may end as PARTIAL: its archive is intact, lacks entries and names
 * them. An entry that fails in its middle takes the job back from ACTIVITY_ARCHIVING to
 * PRE_PROCESSING.
 *
 * Ownership: arv_job is counted; the engine holds a reference while it runs. Callbacks may drop
 *   theirs. Results are borrowed from the job.
 * Threading: the engine's thread; callbacks come from arv_engine_run().
 * Errors: if arv_job_start() returns < 0, there is no job. Otherwise on_done comes exactly once.
 * Units: bytes, entries.
 */

#include <arv/entry.h>
#include <arv/package.h>
#include <arv/storage.h>

#ifdef __cplusplus
extern "C" {
#endif

/* X(NAME, number, text): tools of this field know these numbers; PARTIAL and ABORTED were added to
 * them. In SIGN a job puts proofs beside a stored archive. No job enters SIGN yet, since nothing makes
 * proofs. */
#define ARV_JOB_STATE_LIST(X)                                                                                \
    X(UNINITIALIZED, 0, "not started")                                                                       \
    X(QUEUED, 10, "waiting")                                                                                 \
    X(PRE_PROCESSING, 20, "preparing")                                                                       \
    X(ACTIVITY_ARCHIVING, 30, "archiving")                                                                   \
    X(POST_PROCESSING, 50, "finishing")                                                                      \
    X(STORE, 60, "storing")                                                                                  \
    X(SIGN, 70, "signing")                                                                                   \
    X(CLEANUP, 90, "cleaning up")                                                                            \
    X(COMPLETED, 100, "completed")                                                                           \
    X(PARTIAL, 105, "completed in part")                                                                     \
    X(DELETED, 110, "deleted")                                                                               \
    X(ERROR, 200, "failing")                                                                                 \
    X(RECOVERABLE_ERROR, 210, "waiting for a retry")                                                         \
    X(ERROR_HANDLING, 220, "taking back")                                                                    \
    X(FAILURE, 240, "failed")                                                                                \
    X(ABORTED, 250, "cancelled")

typedef enum {
#define ARV_JOB_STATE_ENUM(name, number, text) ARV_JOB_##name = number,
    ARV_JOB_STATE_LIST(ARV_JOB_STATE_ENUM)
#undef ARV_JOB_STATE_ENUM
} arv_job_state;

ARV_API const char *arv_job_state_name(arv_job_state state); /* "PRE_PROCESSING" */
ARV_API const char *arv_job_state_text(arv_job_state state); /* "preparing" */
/* Returns true if the job has ended and nothing more happens by itself: COMPLETED, PARTIAL, DELETED,
 * FAILURE, ABORTED. */
ARV_API bool arv_job_state_final(arv_job_state state);
/* Returns whether a job may go from one state to another. core/src/job/states.c has the one table. A
 * program that keeps states of jobs elsewhere, such as in a database, must keep to it. Returns false for
 * numbers that are no states. */
ARV_API bool arv_job_state_may(arv_job_state from, arv_job_state to);

enum { ARV_JOB_STORAGES_MAX = 8, ARV_SEED_BYTES = 32, ARV_JOB_BESIDE_BYTES = 4096 };

typedef struct arv_job arv_job;
typedef struct arv_staging arv_staging; /* arv/staging.h */

/* How far a run has come. The numbers that are done, written or stored never fall within a run: where
 * packing begins anew or the job takes something back, a number stays until the work passes it. A total
 * may change and is never below the number that is done. */
typedef struct arv_job_progress {
    arv_job_state state;
    uint64_t bytes_done, bytes_total; /* of the sources; total 0 while unknown */
    uint64_t entries_done, entries_total;
    uint64_t bytes_written;                /* of the container */
    uint64_t bytes_stored, bytes_to_store; /* of a staged container, all storages together */
    uint64_t elapsed_ms;                   /* since work on the job first began */
} arv_job_progress;

typedef struct arv_location {
    char address[ARV_ADDRESS_BYTES];
    arv_object object;
} arv_location;

typedef struct arv_job_result {
    char uuid[ARV_UUID_BYTES];
    uint64_t entries; /* of the payload */
    uint64_t payload_bytes;
    uint64_t container_bytes;
    arv_digests container;     /* of the container's bytes */
    int64_t collected_at_unix; /* as the archive says: arv_package_options */
    int64_t read_at_unix;      /* the last source was read */
    int64_t packed_at_unix;    /* the container was whole; stored: see the locations */
    const char *path;          /* NULL unless the job had one */
    const arv_location *locations;
    size_t location_count;
    uint64_t failure_count;      /* entries that are missing; not 0: the job is PARTIAL */
    const arv_failure *failures; /* the first ones, at most 100; none when an earlier run packed */
    size_t failures_kept;
} arv_job_result;

typedef void (*arv_job_state_cb)(void *user_data, arv_job *job, arv_job_state state);
typedef void (*arv_job_progress_cb)(void *user_data, arv_job *job, const arv_job_progress *progress);
typedef void (*arv_job_done_cb)(void *user_data, arv_job *job, int status, const arv_error *err);

/*
 * Collects the entries of a job within its run. The job calls it in PRE_PROCESSING, each time before it
 * packs, and never for a journalled job whose container is complete. So an error of collecting is an error
 * of the run, and the job's attempts, delays and time limit apply to it.
 *
 * Returns 0 and a list in `*entries`; the job takes the reference. `*package` is the job's. The callback
 * may change how the archive describes itself (title, metadata_json, …), but neither UUID nor format. The
 * job copies its texts after the callback has returned; until then the application keeps them (in
 * `user_data`).
 *
 * Or returns an error's code, with `err` filled. With ARV_ERROR_RETRYABLE in err->flags a later run may
 * do better. ARV_ECANCELED ends the job as arv_job_cancel() does; ARV_ECLOSED interrupts a journalled one.
 *
 * May block. Meanwhile nothing else of the engine moves, and no limit ends the job: call arv_job_check()
 * now and then.
 */
typedef int (*arv_job_collect_cb)(void *user_data, arv_job *job, arv_entries **entries,
                                  arv_package_options *package, arv_error *err);

typedef struct arv_job_spec { /* grows: arv/archivist.h */
    size_t struct_bytes;
    arv_entries *entries;               /* referenced; NULL with on_collect */
    const arv_package_options *package; /* required; all of it is copied */
    const char *path;                   /* a new file, flushed; or NULL */
    bool to_descriptor; /* also, or only, into this descriptor, such as a pipe: borrowed until the
                                     job has ended. The job does not read it back, and takes back no bytes
                                     that it wrote before an error. The process must ignore SIGPIPE. */
    int descriptor;
    arv_storage *const *storages;  /* streamed to all at once; each reads back; referenced */
    size_t storage_count;          /* path, descriptor or a storage is required; at most 8 */
    arv_staging *staging;          /* NULL: a job of this process only; else journalled, referenced */
    bool takes_up;                 /* a journalled job that is not there is ARV_ENOTFOUND, and not made */
    bool streams;                  /* of a journalled job: into the storages at once, without a container
                                     in the staging folder */
    unsigned attempts_max;         /* of a journalled job: runs, crashed ones too; 0: 5 */
    unsigned retry_delay_ms;       /* before its second run; doubled each time, at most an hour; 0: 60000 */
    uint64_t time_limit_ms;        /* since work on it first began, over all runs; 0: none */
    uint64_t stall_limit_ms;       /* without any progress; in STORE, which reads back, 1 s more for each
                                     MiB of the container; 0: none */
    unsigned progress_interval_ms; /* 0: 200 */
    arv_job_state_cb on_state;     /* callbacks may be NULL */
    arv_job_progress_cb on_progress;
    arv_job_done_cb on_done;
    arv_job_collect_cb on_collect; /* in place of `entries` */
    void *user_data;
    const unsigned char *seed; /* of a journalled job: ARV_SEED_BYTES, secret and for this job only; copied.
                                     The job makes the salts of its proofs from it, so that packing again
                                     makes the same bytes. The job's journal, which only the owner can read,
                                     keeps it: a later run may leave it out and must not bring another.
                                     NULL: none */
    const char *beside;        /* of a journalled job: a JSON object of at most ARV_JOB_BESIDE_BYTES whose
                                     members are texts, numbers, true, false or null, such as site, course and
                                     activity; copied. Must say nothing about a single person: the job stores
                                     it as it is, beside the archive. "{}": only the core's own facts about
                                     the archive are stored there. NULL: nothing is */
} arv_job_spec;

/*
 * With a staging, arv_job_start() makes the job of this UUID, or takes it up where an earlier run left
 * it. Such a job must have storages and no path. `entries` may be NULL when arv_staged_status.packaged
 * says that they are not needed, or with on_collect.
 *
 * A run ends the job as COMPLETED, PARTIAL, FAILURE or ABORTED, or leaves it at rest:
 * RECOVERABLE_ERROR after a retryable error, QUEUED after a cancel request for ARV_ECLOSED. Any process
 * may start a job at rest again. If started before retry_at_unix (arv_staged_status), it waits until
 * then.
 *
 * A job that has ended never runs again: on_done reports how it ended. A run that could not begin leaves
 * the job as it was. It ends with ARV_ESTATE when another run has the job, ARV_EFORMAT when the
 * journal is damaged, ARV_EINVALID when an earlier run had other storages.
 */
/* `struct_bytes`: sizeof *spec. All else becomes 0. */
ARV_API void arv_job_spec_init(arv_job_spec *spec, size_t struct_bytes);
ARV_API int arv_job_start(arv_job **job, arv_engine *engine, const arv_job_spec *spec, arv_error *err);
ARV_API arv_job *arv_job_ref(arv_job *job);
ARV_API void arv_job_unref(arv_job *job);
/* Asks the job to stop. If it stops for that, `reason` (NULL: cancelled) becomes its error. */
ARV_API void arv_job_cancel(arv_job *job, const arv_error *reason);
/* For callbacks that take long. Returns 0, or the error for which the job is to stop: a cancel request,
 * also one in its folder, or its time limit. */
ARV_API int arv_job_check(arv_job *job, arv_error *err);
ARV_API arv_job_state arv_job_get_state(const arv_job *job);
ARV_API void arv_job_get_progress(const arv_job *job, arv_job_progress *progress);
/* Returns 0 while it runs and when it is COMPLETED or PARTIAL; else the code. */
ARV_API int arv_job_error(const arv_job *job, arv_error *err);
/* Returns NULL until it is COMPLETED or PARTIAL. */
ARV_API const arv_job_result *arv_job_get_result(const arv_job *job);

#ifdef __cplusplus
}
#endif
#endif

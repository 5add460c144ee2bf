/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_JOB_HISTORY_H
#define ARV_JOB_HISTORY_H

/*
 * The history of a job, as its journal records it. The functions below write a record into a buffer. The
 * record goes into the journal and only then changes the history, by the same code that reads it after a
 * crash. So a run knows exactly what the next run will know.
 *
 *     created      the job is there                                      QUEUED
 *     attempt      a run has begun; it counts
 *     seeded       the secret from which the salts of the job's proofs are made
 *     asked        the run asks for a time-stamp over a closing document; the request counts
 *     stamped      the token that came; no run asks again for one over that document
 *     announced    the addresses at which the job will store; they were free
 *     packaged     the container is complete, with its digests
 *     beside       the bytes of an object that the job will store beside the archive
 *     stored       one object was written in one target, read back and compared
 *     sealed       a proof over the closing document was put beside the archive, in all storages
 *     recalled     the job will remove the stored objects of its container: they no longer count
 *     discarded    container and announcement no longer count; their stored objects are removed
 *     retry        the run failed, a later one may do better             RECOVERABLE_ERROR, or still
 *                                                                        ERROR_HANDLING
 *     interrupted  the run was stopped from outside; it does not count   QUEUED
 *     undo         the job fails or is cancelled                         ERROR_HANDLING
 *     ended        the last record of a job                              COMPLETED, PARTIAL, FAILURE, ABORTED
 *     requeued     by hand, with all attempts before it                  QUEUED
 *     torn         an unfinished record was cut off
 *
 * A requeued PARTIAL keeps its stored archive (`former`) until it has stored a better one. Its next container
 * has another key (`generation`). If that container is no better, the job is PARTIAL again.
 *
 * Ownership: heap, plain values. Threading: one thread at a time.
 * Errors: ARV_EFORMAT for a record that this version does not know or that does not fit the records before
 *   it. Units: milliseconds since 1970-01-01 UTC in records.
 */

#include <arv/staging.h>
#include "util/json.h"

enum {
    ARV__HISTORY_VERSION = 1,
    ARV__TOKEN_BYTES_MAX = 16 << 10, /* in a record, in hexadecimal */
    ARV__BESIDE_MAX = 4,             /* objects beside one archive, while its job lives */
    ARV__BESIDE_BYTES_MAX = 6 << 10  /* of one such object, which a record holds as a text */
};

/* An object beside the archive, the same in all its targets. */
typedef struct arv__beside {
    char key[ARV_KEY_BYTES];
    arv_digests digests;
    size_t length;
    char bytes[ARV__BESIDE_BYTES_MAX];
    bool stored[ARV_JOB_STORAGES_MAX];
    char versions[ARV_JOB_STORAGES_MAX][ARV_VERSION_BYTES]; /* of the stored ones */
} arv__beside;

typedef struct arv__archive { /* one container and where it is */
    bool packaged, streamed, announced;
    bool has_closing;                        /* not in journals of older versions */
    unsigned char closing[ARV_SHA256_BYTES]; /* SHA-256 of its closing document */
    unsigned seals;                          /* beside it */
    uint64_t entries, payload_bytes, container_bytes, failures;
    int64_t collected_at, read_at, packed_at; /* seconds since 1970; 0: unknown */
    arv_digests container;
    unsigned generation, target_count;
    arv_staged_target targets[ARV_JOB_STORAGES_MAX];
    arv_object objects[ARV_JOB_STORAGES_MAX]; /* of the stored ones */
    unsigned beside_count;
    arv__beside beside[ARV__BESIDE_MAX];
} arv__archive;

typedef struct arv__history {
    char uuid[ARV_UUID_BYTES];
    arv_job_state state;  /* of the job while nobody runs it */
    arv_job_state ending; /* where ERROR_HANDLING leads to */
    unsigned attempts;
    unsigned undo_failures; /* runs that could not take back, since the undo */
    bool running;           /* an attempt has begun and not ended */
    int64_t at_ms;          /* of the last record */
    int64_t created_ms, begun_ms, ended_ms, retry_ms;
    int64_t retry_delay_ms; /* from the record to retry_ms, by the clock of that time */
    arv_error error;
    arv__archive archive, former;
    bool has_former;
    bool has_seed;
    unsigned char seed[ARV_SEED_BYTES];
    unsigned stamps_asked;
    unsigned char imprint[ARV_SHA256_BYTES]; /* of the last request … */
    unsigned token_bytes;                    /* … and its token; 0: none has come */
    unsigned char token[ARV__TOKEN_BYTES_MAX];
} arv__history;

/* An arv__journal_cb; `user_data` is the history. Applies one record. */
int arv__history_apply(void *user_data, const arv_json *record, arv_error *err);
/* Returns whether the history has the token over this closing document. */
bool arv__history_has_token(const arv__history *history, const unsigned char *imprint);
bool arv__history_any_stored(const arv__archive *archive);
bool arv__history_all_stored(const arv__archive *archive);
/* Returns the first object beside the archive that some target has not stored yet; NULL: there is none. */
const arv__beside *arv__history_unstored_beside(const arv__archive *archive);
/* Writes the address of a target's archive; with the version, once it is stored and has one. */
void arv__history_address(const arv__archive *archive, unsigned target, char address[ARV_ADDRESS_BYTES]);
/* Fills the status, except `running` and `cancel_asked`. */
void arv__history_status(const arv__history *history, arv_staged_status *status);

/* Writes digests as members of an object: of a record, or of a JSON beside an archive. */
void arv__record_digests(arv_json_writer *w, const arv_digests *digests);

/* Each appends one record to an empty buffer. Appending to the journal returns a failure of the buffer. */
void arv__record_created(arv__buf *buf, const char *uuid);
void arv__record_attempt(arv__buf *buf, unsigned number);
void arv__record_seeded(arv__buf *buf, const unsigned char *seed);
void arv__record_asked(arv__buf *buf, unsigned number, const unsigned char *imprint);
void arv__record_stamped(arv__buf *buf, const void *token, size_t length);
void arv__record_announced(arv__buf *buf, const arv_location *locations, unsigned count);
typedef struct arv__packaged {
    bool streamed;
    uint64_t entries, payload_bytes, container_bytes, failures;
    int64_t collected_at, read_at, packed_at;
    arv_digests container;
    bool has_closing;
    unsigned char closing[ARV_SHA256_BYTES];
} arv__packaged;
void arv__record_packaged(arv__buf *buf, const arv__packaged *packaged);
/* `text`: the object's bytes, at most ARV__BESIDE_BYTES_MAX. */
void arv__record_beside(arv__buf *buf, unsigned number, const char *suffix, const char *text, size_t length,
                        const arv_digests *digests);
/* `object`: 0 is the archive, 1 the first object beside it. */
void arv__record_stored(arv__buf *buf, unsigned target, unsigned object, const arv_object *found);
void arv__record_sealed(arv__buf *buf, unsigned number, const unsigned char *imprint);
void arv__record_recalled(arv__buf *buf);
void arv__record_discarded(arv__buf *buf, const char *why);
void arv__record_retry(arv__buf *buf, const arv_error *error, int64_t retry_ms);
void arv__record_interrupted(arv__buf *buf);
void arv__record_undo(arv__buf *buf, arv_job_state ending, const arv_error *error);
void arv__record_ended(arv__buf *buf, arv_job_state state);
void arv__record_requeued(arv__buf *buf);
void arv__record_torn(arv__buf *buf, uint64_t bytes);

#endif

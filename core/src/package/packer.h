/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_PACKAGE_PACKER_H
#define ARV_PACKAGE_PACKER_H

/*
 * The packer: from entries to a container in a sink. See docs/architecture.md, "The way of a byte".
 *
 * A ring of slots, each with a unit. On the loop thread: cut the next unit from the plan, start
 * stages, advance. On pool threads, per slot:
 *
 *     fill+encode   in parallel: open, read, compare again, hash small entries, compress
 *     chain         in order: digest of a large entry's chunks, digest of the container, place,
 *                   records of finished entries
 *     write         in order: sink
 *
 * chain and write work on different slots at the same time. Chunks whose raw bytes stand in the
 * output unchanged feed both digests in one pass (arv__digest_pair). Callback sources are filled on
 * the loop thread; generated documents (bag.c) on the pool, one unit at a time.
 *
 * Readers: the pool has more threads than cores; arv__slots lets only as many compute as there are
 * cores. The packer at first fills as many slots at once as there are cores. It goes up to the ring's
 * size while threads wait for the disk (wall time of reads against their CPU time). So many threads read
 * cold files, and warm ones cost no switching.
 *
 * With options.failures_max, the packer leaves out entries whose sources fail (packer_failures.c). An
 * entry that fails in the middle, when parts of it may be written, ends the packer with its error; a
 * repeated packer then leaves it out from the start. Both ways give the same bytes.
 *
 * Ownership: heap. Threading: loop thread; one packer at a time per job.
 * Memory: the ring (options.memory_bytes), 2 MiB for records, 4 MiB for the directory, 8 MiB for a
 *   source of unknown size or, later, for the order of owners in the index; beyond these, unlinked
 *   temporary files.
 */

#include <sys/stat.h>
#include "loop/loop.h"
#include "package/format.h"
#include "package/plan.h"
#include "package/sink.h"
#include "util/log.h"

typedef struct arv__packer arv__packer;

typedef enum { ARV__PACK_PREPARE, ARV__PACK_PAYLOAD, ARV__PACK_DOCUMENTS, ARV__PACK_FINISH } arv__pack_phase;

typedef struct arv__packer_events { /* all on the loop thread, from arv__loop_run() */
    void (*phase)(void *user_data, arv__pack_phase phase);
    /* Exactly once. On success the sink is committed, on failure aborted; the packer may be freed. */
    void (*done)(void *user_data, int status, const arv_error *err);
    void *user_data;
} arv__packer_events;

typedef struct arv__packer_resources { /* shared by all jobs of an engine */
    arv__loop *loop;
    arv__pool *pool; /* reads and computes */
    arv__slots *cpu;
    unsigned threads; /* that may compute */
    unsigned readers;
    const arv__logger *log;
    bool into_file; /* the container goes into this file, which cannot be a source too */
    dev_t into_device;
    ino_t into_inode;
} arv__packer_resources;

typedef struct arv__packer_totals {
    uint64_t bytes_done, entries_done; /* of the payload, as they leave the chain */
    uint64_t bytes_total, entries_total;
    uint64_t container_bytes;                /* written so far */
    uint64_t payload_bytes, payload_entries; /* final ones, once the payload is complete */
    uint64_t failures;                       /* entries that are missing, final as well */
    /* Collecting began (as the archive states it), the last source was read, the container was whole. */
    int64_t collected_at_unix, read_at_unix, packed_at_unix;
    char uuid[ARV_UUID_BYTES];
    arv_digests container; /* once done */
} arv__packer_totals;

/* Takes over `sink` unless it returns an error. Borrows all that the options point at until the packer is
 * freed. */
int arv__packer_start_adopt(arv__packer **packer, const arv__packer_resources *resources,
                            arv_entries *entries, const arv_package_options *options, arv__sink *sink,
                            arv__lane *lane, const arv__packer_events *events, arv_error *err);
/* After an error, in `done` or later: returns whether a repetition may get further. */
bool arv__packer_may_repeat(const arv__packer *packer);
/* Packs again into a new sink, without the entries that have failed in the middle so far. The caller
 * must still free `from`, which is of no other use afterwards. */
int arv__packer_repeat_adopt(arv__packer **packer, arv__packer *from, arv__sink *sink, arv_error *err);
/* Returns the first ones (ARV__FAILURES_KEPT), once the payload is complete; NULL without any. */
arv_failure *arv__packer_failures_take(arv__packer *packer, size_t *count);
void arv__packer_cancel(arv__packer *packer, const arv_error *reason);
void arv__packer_totals_get(const arv__packer *packer, arv__packer_totals *totals);
void arv__packer_free(arv__packer *packer); /* only after done */

/* Refuses a text that is no UUID, or one that an application may not give to an archive. */
int arv__package_uuid_check(const char *uuid, arv_error *err);
/* Returns ARV_EINVALID with the option's name, its value and the allowed ones. */
int arv__package_options_check(const arv_package_options *options, arv_error *err);
/* Takes a caller's options as this version knows them. NULL is ARV_EINVALID: an archive needs a name. */
int arv__package_options_take(arv_package_options *known, const arv_package_options *given, arv_error *err);

#endif

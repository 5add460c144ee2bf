/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_PACKAGE_PACKER_INTERNAL_H
#define ARV_PACKAGE_PACKER_INTERNAL_H

/*
 * Inside of the packer, in the order in which a byte passes: packer.c life, ring and end;
 * packer_cut.c units from the plan; packer_callback.c sources that the application reads;
 * packer_fill.c bytes and encoding; packer_file.c files; packer_failures.c entries that are left out;
 * packer_chain.c order; packer_documents.c the bag, closing and the container's end.
 *
 * The loop thread owns the packer and every slot that is not under way. A pool thread owns the slot that
 * it fills. The chain's thread owns the slots of its batch and the fields under "chain". None of this
 * needs a lock; the two locks guard the list of idle workers and the opening of a file that several
 * threads read.
 */

#include <pthread.h>
#include <sys/stat.h>

#include "crypto/digest.h"
#include "package/bag.h"
#include "package/packer.h"

enum {
    ARV__PACK_SLOTS_MIN = 4,
    ARV__PACK_SLOTS_MAX = 16,
    ARV__PACK_TEXT_BYTES = 512 << 10, /* of names and paths of a unit's entries */
    ARV__PACK_SPOOL_BYTES = 8 << 20   /* of a source of unknown size, before it goes to a file */
};

#define ARV__PACK_NO_TEXT UINT32_MAX

/* The facts of a piece that its unit does not hold; the strings stand in the slot's text. */
typedef struct arv__pack_item {
    arv__from from;                        /* CALLBACK: the bytes stand in unit->in already */
    uint32_t name_at, name_length;         /* relative to data/, behind the container's prefix */
    uint32_t original_at, original_length; /* NO_TEXT: as the name */
    uint32_t owner_at, owner_length;       /* NO_TEXT: none */
    uint32_t persons_at, persons_length;
    uint32_t path_at;             /* PATH; LINK: its target */
    bool linkless, modified_seen; /* as in the plan */
    bool left_out;                /* while the unit is filled: its source failed, or it is a link */
    int64_t modified_at_unix;
    const void *data; /* MEMORY: of this piece */
} arv__pack_item;

/* A large file: one descriptor for all of its chunks. */
typedef struct arv__pack_file {
    uint64_t ordinal;    /* of its entry */
    unsigned references; /* loop thread: the cutter's and one per slot */
    pthread_mutex_t lock;
    int fd;
    bool begun, no_compress;
    int status; /* of opening */
    arv_error error;
    struct stat before;
    uint64_t size_bytes;
    uint64_t chunks_left; /* atomic: the thread that reads the last one compares again */
} arv__pack_file;

typedef enum {
    ARV__UNIT_ENTRIES,  /* whole entries, hashed while they are filled */
    ARV__UNIT_CHUNK,    /* one chunk of a large entry, hashed in the chain */
    ARV__UNIT_DOCUMENT, /* the same of a document of the bag */
    ARV__UNIT_PLAIN,    /* an entry beside payload and documents: neither hashed nor recorded */
    ARV__UNIT_END       /* bytes of the container's end */
} arv__unit_kind;

/* PARKED: it has its number, and waits for its bytes. */
typedef enum { ARV__SLOT_IDLE, ARV__SLOT_PARKED, ARV__SLOT_FILLING, ARV__SLOT_READY } arv__slot_state;

typedef struct arv__pack_slot {
    arv__packer *packer;
    arv__work work;
    arv__unit_kind kind;
    arv__slot_state state;
    arv__unit unit;
    arv__pack_item *items;
    unsigned capacity; /* of pieces and items */
    arv__buf text, records;
    arv__buf failures; /* flat records of entries that should stand before or in the unit */
    uint64_t failed_entries, failed_bytes;
    uint64_t links;       /* recorded ones, which have left the unit */
    arv__pack_file *file; /* of a chunk */
    uint64_t offset;      /* of the chunk in its entry */
    bool waited;          /* for the disk, while it was filled */
    bool continued;       /* was parked: the rest of its entry comes through it, too */
    arv_digests digests;  /* of the entry or document that ends here */
    uint64_t entry_bytes; /* of that entry */
} arv__pack_slot;

/* An entry on its way into units; for a source that the application reads, with its progress. */
typedef struct arv__pack_reading {
    arv__plan_item item;
    uint64_t ordinal; /* counts from 1 */
    uint64_t offset;
    bool begun; /* a callback that was called */
    bool no_compress, spooled;
    unsigned char ahead; /* of a size that stays unknown: the byte behind the last unit */
    arv__spool spool;    /* of an item whose size was unknown */
} arv__pack_reading;

typedef struct arv__pack_parked { /* a source that was begun, and the slot that waits for it */
    arv__packer *packer;
    arv__pack_slot *slot;
    arv_async *async;
    uint64_t callback_index, ordinal;
    int64_t size_bytes;
    bool answered;
    int status; /* of the answer */
    arv_error error;
} arv__pack_parked;

/* The state that one computing thread reuses from unit to unit. */
typedef struct arv__pack_worker {
    struct arv__pack_worker *next;
    arv__worker *compressor;
    arv__digest digests[2]; /* of two entries at a time */
} arv__pack_worker;

typedef struct arv__pack_late { /* an entry added while closing */
    struct arv__pack_late *next;
    size_t length;
    unsigned char *data;
    char name[]; /* in the container; the data stand behind it */
} arv__pack_late;

typedef struct arv__pack_omitted {  /* an entry that failed in the middle, in an earlier packer */
    struct arv__pack_omitted *next; /* with a higher ordinal */
    uint64_t ordinal, size_bytes;
    arv__buf failure; /* flat record */
} arv__pack_omitted;

struct arv_closing {
    arv__packer *packer; /* NULL once the packer has ended */
};

typedef enum { /* the cutter's next step */
               ARV__CUT_PREPARE,
               ARV__CUT_FIRST,
               ARV__CUT_README,
               ARV__CUT_PAYLOAD,
               ARV__CUT_COMPLETE,
               ARV__CUT_DOCUMENTS,
               ARV__CUT_CLOSING,
               ARV__CUT_LATE,
               ARV__CUT_END,
               ARV__CUT_NOTHING
} arv__cut_stage;

typedef enum { ARV__GENERATE_MORE, ARV__GENERATE_WAIT, ARV__GENERATE_OVER } arv__generated;

struct arv__packer {
    arv__packer_resources resources;
    arv__packer_events events;
    arv_entries *entries;
    arv_package_options options; /* strings are borrowed */
    arv__sink *sink;
    arv__lane *lane;
    arv__buf base;   /* base folder, NUL-ended */
    arv__buf prefix; /* "<base>/data/" */
    arv__buf readme; /* "<base>/README.txt", NUL-ended */

    const arv__format_ops *ops;
    arv__format_settings settings;
    arv__format *format;
    arv__plan *plan;
    arv__bag *bag;
    int root_fd;         /* of the whole system, for paths without links */
    arv__slots *own_cpu; /* when this job may compute on fewer threads than the engine */
    bool judges;         /* checks whether entries are compressible */
    pthread_mutex_t workers_lock;
    arv__pack_worker *workers;

    /* the ring: a unit's number modulo slot_count is its slot */
    arv__pack_slot slots[ARV__PACK_SLOTS_MAX];
    unsigned slot_count;
    uint64_t cut, chained, written; /* numbers of the next unit to be */
    uint64_t chain_end, write_end;  /* of the batches under way */
    bool starting, chaining, writing, stepping, turning, finishing, committing;
    unsigned filling, fill_limit, fill_min, fill_max, fill_peak;
    arv__work chain_work, step_work;
    arv__op write_op, finish_op, abort_op;
    arv__span spans[ARV__PACK_SLOTS_MAX];
    arv__mail start_mail, turn_mail;

    /* the cutter */
    arv__cut_stage stage;
    bool advancing, again;
    bool have_item, plan_done;
    arv__pack_reading cutting;
    uint64_t items_cut;
    uint64_t callbacks_begun;
    arv__pack_omitted *omitted, *omitted_next;
    uint64_t omitted_count;
    arv__buf refused; /* flat record of a failure whose place is in the next unit */
    uint64_t refused_bytes;
    arv__pack_file *file;

    /* sources that answer later, in the order of their slots; `awaited` reads the first one */
    arv__pack_parked parked[ARV_ASYNC_BEGUN_MAX];
    unsigned parked_first, parked_count;
    arv__pack_reading awaited;
    arv__mail parked_mail;
    bool parked_posted;

    /* documents, read by the generating thread while `generating` */
    bool generating, documents_wait;
    arv__generated generated;
    bool document_open;
    uint64_t document_size, document_offset;
    arv__buf document_name;
    arv_closing *closing; /* while the application has it */
    bool closing_called;
    arv__pack_late *late, **late_end, *late_next;
    int late_line; /* of the last one in the table of known names */
    size_t late_offset;

    /* chain */
    arv__digest entry_digest, container_digest;
    uint64_t entry_bytes, container_bytes;

    /* end */
    bool stop; /* atomic: threads give up early */
    bool failed, aborted, finished, repeatable;
    arv_failure *failures;
    size_t failures_kept;
    int status;
    arv_error error;
    arv__packer_totals totals;
};

typedef int (*arv__packer_run)(arv__work *work, arv_error *err);
typedef void (*arv__packer_done)(arv__work *work, int status, const arv_error *err);

/* packer.c */
static inline arv__pack_slot *arv__packer_slot(arv__packer *packer, uint64_t number)
{
    return &packer->slots[number % packer->slot_count];
}
static inline bool arv__packer_stopped(const arv__packer *packer)
{
    return __atomic_load_n(&packer->stop, __ATOMIC_RELAXED);
}
void arv__packer_fail(arv__packer *packer, int status, const arv_error *err);
void arv__packer_advance(arv__packer *packer);
void arv__packer_phase(arv__packer *packer, arv__pack_phase phase);
/* Starts a piece of work on the pool; `packer->stepping` is set until its end. */
int arv__packer_step(arv__packer *packer, arv__packer_run run, arv__packer_done done, arv_error *err);

/* packer_failures.c */
bool arv__packer_tolerates(const arv__packer *packer, int status);
/* Records the failure of the present item if the packer has to leave it out, and then sets *omitted. */
int arv__packer_cut_omitted(arv__packer *packer, arv__pack_slot *slot, bool *omitted, arv_error *err);
/* The present item failed with `err` while it was cut; the slot is as it was before it. Returns 0 when
 * packing goes on without the item, or has ended because of it. */
int arv__packer_cut_failed(arv__packer *packer, arv__pack_slot *slot, arv_error *err);
int arv__packer_take_refused(arv__packer *packer, arv__pack_slot *slot, arv_error *err);
/* Records the failure of an unread entry in its slot, which holds nothing else. */
int arv__packer_slot_failed(arv__pack_slot *slot, const arv__plan_item *item, const arv_error *why,
                            arv_error *err);
/* [pool] Notes the failure of a piece; _compact() leaves the piece out of the unit. */
int arv__packer_fill_failed(arv__pack_slot *slot, unsigned index, uint64_t size_bytes, const arv_error *why,
                            arv_error *err);
void arv__packer_compact(arv__pack_slot *slot);
/* Ends the packer: a chunk of an entry that has begun failed. */
void arv__packer_fail_middle(arv__packer *packer, const arv__plan_item *item, uint64_t ordinal,
                             uint64_t size_bytes, const arv_error *why);
void arv__packer_omitted_free(arv__packer *packer);

/* packer_cut.c */
/* Cuts units as long as there are free slots. */
int arv__packer_cut(arv__packer *packer, arv_error *err);
/* Returns the next unit's slot, emptied; NULL when none is free or enough are being filled. */
arv__pack_slot *arv__packer_slot_open(arv__packer *packer);
int arv__packer_slot_submit(arv__packer *packer, arv__pack_slot *slot, arv__packer_run run,
                            arv__packer_done done, arv_error *err);
/* Makes the slot the next unit, and has it filled and encoded. */
int arv__packer_slot_fill(arv__packer *packer, arv__pack_slot *slot, arv_error *err);
/* The same for a slot that has its number already. */
int arv__packer_slot_refill(arv__packer *packer, arv__pack_slot *slot, arv_error *err);
/* Empties all but pieces and names. */
void arv__packer_slot_clear(arv__pack_slot *slot);
/* Makes the one piece of a slot that holds a chunk; zeroes its item. */
int arv__packer_slot_piece(arv__pack_slot *slot, arv__piece **piece, arv__pack_item **item, arv_error *err);
int arv__packer_cut_plain(arv__packer *packer, arv__pack_slot *slot, const char *name,
                          const unsigned char *data, size_t length, size_t offset, arv_error *err);
void arv__packer_slot_release(arv__pack_slot *slot);

/* packer_callback.c: the sources that are read on the loop thread */
/* Reads a whole entry of known size. */
int arv__packer_callback_whole(arv__packer *packer, arv__pack_reading *reading, void *into, size_t length,
                               arv_error *err);
/* Makes the next bytes, a unit's length at the most, the one piece of the slot. */
int arv__packer_callback_piece(arv__packer *packer, arv__pack_reading *reading, arv__pack_slot *slot,
                               arv_error *err);
/* Returns 1 when the spool holds all of the source, whose size is known then, or as much as it may; 0 when
 * it needs another turn of the loop. */
int arv__packer_callback_spool(arv__packer *packer, arv__pack_reading *reading, arv__pack_slot *slot,
                               arv_error *err);
/* Makes cutting go on with the next turn of the loop. */
void arv__packer_callback_turn(arv__packer *packer);
void arv__packer_callback_release(arv__packer *packer, arv__pack_reading *reading);
/* Begins the source and makes the slot, which has the item's names, wait for its answer, which may come at
 * once. */
void arv__packer_park(arv__packer *packer, arv__pack_slot *slot);
/* Fills the slot that the chain waits for, once its source has answered. */
int arv__packer_unpark(arv__packer *packer, arv_error *err);
/* After a failure: cancels sources that have not answered, with the next turn of the loop. */
void arv__packer_parked_stop(arv__packer *packer);
void arv__packer_parked_detach(arv__packer *packer, bool tell);

/* packer_fill.c */
int arv__packer_fill_run(arv__work *work, arv_error *err);
void arv__packer_fill_done(arv__work *work, int status, const arv_error *err);
/* [pool] Hold a worker only while computing. */
int arv__packer_worker_take(arv__packer *packer, arv__pack_worker **worker, arv_error *err);
void arv__packer_worker_give(arv__packer *packer, arv__pack_worker *worker);
void arv__packer_workers_free(arv__packer *packer);
void arv__packer_cpu_acquire(arv__packer *packer);
void arv__packer_cpu_release(arv__packer *packer);
/* [pool] Encodes the slot's unit. It computes: call it between _cpu_acquire() and _cpu_release(). */
int arv__packer_encode(arv__pack_slot *slot, arv__pack_worker *worker, arv_error *err);
/* Makes the item that the bag takes. */
void arv__packer_plan_item(const arv__pack_slot *slot, const arv__pack_item *from, arv__plan_item *to);

/* packer_file.c [pool] */
int arv__pack_file_new(arv__pack_file **file, uint64_t ordinal, uint64_t size_bytes, arv_error *err);
void arv__pack_file_unref(arv__pack_file *file);
/* Returns whether the file could not be opened or is not the promised one: no chunk of it was read. */
bool arv__pack_file_refused(arv__pack_file *file);
/* Reads the slot's chunk. */
int arv__pack_file_chunk(arv__pack_slot *slot, arv_error *err);
/* Reads a whole small file of this very size. */
int arv__pack_file_whole(const arv__pack_slot *slot, arv__pack_item *item, void *into, size_t length,
                         arv_error *err);

/* packer_chain.c */
int arv__packer_chain_run(arv__work *work, arv_error *err);
void arv__packer_chain_done(arv__work *work, int status, const arv_error *err);

/* packer_documents.c */
int arv__packer_complete(arv__packer *packer, arv_error *err);
int arv__packer_cut_document(arv__packer *packer, arv_error *err);
int arv__packer_cut_closing(arv__packer *packer, arv_error *err);
int arv__packer_cut_late(arv__packer *packer, arv_error *err);
int arv__packer_cut_end(arv__packer *packer, arv_error *err);
/* Lets the closing outlive the packer if the application still holds it. */
void arv__packer_closing_detach(arv__packer *packer);

#endif

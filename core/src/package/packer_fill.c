/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The parallel stage: reads bytes, hashes and records small entries, encodes the unit. A thread reads
 * without a CPU slot, since it may wait for a disk; it computes with one, and waits for nothing meanwhile.
 *
 * The number of units that are filled at once follows the threads' waits. A thread that slept in the
 * kernel for more than half of its reading waited for the disk; more threads would have kept the disk
 * busier. A thread that did not sleep found all bytes in the cache, where more threads than cores cost
 * switches and gain nothing. The count of voluntary switches distinguishes sleeping from being preempted.
 */

#include "package/packer_internal.h"

#include <sys/resource.h>

#include <arv/sys/alloc.h>
#include "util/time.h"

enum { FILL_JUDGE_BYTES = 2048 }; /* fewer bytes cannot look like 7.9 bits each */

/* ---- workers ------------------------------------------------------------------------------------ */

static void fill_worker_free(arv__packer *packer, arv__pack_worker *worker)
{
    if (worker->compressor)
        packer->ops->worker_free(worker->compressor);
    arv__digest_cleanup(&worker->digests[0]);
    arv__digest_cleanup(&worker->digests[1]);
    arv_free(worker);
}

int arv__packer_worker_take(arv__packer *packer, arv__pack_worker **out, arv_error *err)
{
    int rc;
    pthread_mutex_lock(&packer->workers_lock);
    arv__pack_worker *worker = packer->workers;
    if (worker)
        packer->workers = worker->next;
    pthread_mutex_unlock(&packer->workers_lock);
    if (!worker) {
        worker = arv_calloc(1, sizeof *worker);
        if (!worker)
            return arv_error_nomem(err, "a compressor");
        if ((rc = packer->ops->worker_new(&worker->compressor, packer->format, err)) < 0 ||
            (rc = arv__digest_init(&worker->digests[0], packer->options.digests, err)) < 0 ||
            (rc = arv__digest_init(&worker->digests[1], packer->options.digests, err)) < 0) {
            fill_worker_free(packer, worker);
            return rc;
        }
    }
    *out = worker;
    return 0;
}

void arv__packer_worker_give(arv__packer *packer, arv__pack_worker *worker)
{
    pthread_mutex_lock(&packer->workers_lock);
    worker->next = packer->workers;
    packer->workers = worker;
    pthread_mutex_unlock(&packer->workers_lock);
}

void arv__packer_workers_free(arv__packer *packer)
{
    while (packer->workers) {
        arv__pack_worker *worker = packer->workers;
        packer->workers = worker->next;
        fill_worker_free(packer, worker);
    }
}

/* The job's own limit first: a thread that waits for it must not hold a slot of the engine meanwhile. */
void arv__packer_cpu_acquire(arv__packer *packer)
{
    if (packer->own_cpu)
        arv__slots_acquire(packer->own_cpu);
    arv__slots_acquire(packer->resources.cpu);
}

void arv__packer_cpu_release(arv__packer *packer)
{
    arv__slots_release(packer->resources.cpu);
    if (packer->own_cpu)
        arv__slots_release(packer->own_cpu);
}

/* ---- [pool] one unit ---------------------------------------------------------------------------- */

void arv__packer_plan_item(const arv__pack_slot *slot, const arv__pack_item *from, arv__plan_item *to)
{
    const char *text = (const char *)slot->text.data;
    *to = (arv__plan_item){
        .from = from->from,
        .name = text + from->name_at,
        .name_length = from->name_length,
        .original = text + from->name_at,
        .original_length = from->name_length,
        .modified_at_unix = from->modified_at_unix,
    };
    if (from->original_at != ARV__PACK_NO_TEXT) {
        to->original = text + from->original_at;
        to->original_length = from->original_length;
    }
    if (from->owner_at != ARV__PACK_NO_TEXT) {
        to->owner = text + from->owner_at;
        to->owner_length = from->owner_length;
    }
    to->persons = from->persons_length ? text + from->persons_at : NULL;
    to->persons_length = from->persons_length;
    if (from->from == ARV__FROM_LINK)
        to->target = text + from->path_at;
}

/* An error of a source is about its path. */
static int fill_told(const arv__pack_slot *slot, const arv__pack_item *item, int rc, arv_error *err)
{
    if (rc < 0)
        arv_error_about(err, (const char *)slot->text.data + item->path_at);
    return rc;
}

static int fill_read_pieces(arv__pack_slot *slot, arv_error *err)
{
    arv__unit *unit = &slot->unit;
    arv_error why;
    int rc;
    for (unsigned i = 0; i < unit->piece_count; i++) {
        arv__pack_item *item = &slot->items[i];
        arv__piece *piece = &unit->pieces[i];
        if (arv__packer_stopped(slot->packer))
            return arv_error_set(err, ARV_ECANCELED, "Packing was stopped.");
        if (item->from == ARV__FROM_MEMORY && piece->length) {
            memcpy(unit->in.data + piece->offset, item->data, piece->length);
        } else if (item->from == ARV__FROM_PATH) {
            rc = arv__pack_file_whole(slot, item, unit->in.data + piece->offset, piece->length, err);
            rc = fill_told(slot, item, rc, err);
            if (rc < 0 && arv__packer_tolerates(slot->packer, rc)) {
                why = *err;
                rc = arv__packer_fill_failed(slot, i, piece->length, &why, err);
            }
            if (rc < 0)
                return rc;
        }
    }
    arv__packer_compact(slot);
    return 0;
}

/* Leaves out a large file that cannot be begun: its first chunk records the failure, all are empty. */
static int fill_read_chunk(arv__pack_slot *slot, arv_error *err)
{
    int rc = fill_told(slot, &slot->items[0], arv__pack_file_chunk(slot, err), err);
    if (rc == 0 || !arv__packer_tolerates(slot->packer, rc) || !arv__pack_file_refused(slot->file))
        return rc;
    arv_error why = *err;
    rc = slot->unit.pieces[0].first ? arv__packer_fill_failed(slot, 0, slot->file->size_bytes, &why, err) : 0;
    slot->kind = ARV__UNIT_ENTRIES;
    slot->unit.piece_count = 0;
    return rc;
}

static long fill_sleeps(void)
{
#ifdef RUSAGE_THREAD
    struct rusage usage;
    if (getrusage(RUSAGE_THREAD, &usage) == 0)
        return usage.ru_nvcsw;
#endif
    return 0;
}

static int fill_read(arv__pack_slot *slot, arv_error *err)
{
    uint64_t wall = arv__monotonic_ns(), cpu = arv__thread_cpu_ns();
    long sleeps = fill_sleeps();
    int rc = slot->file ? fill_read_chunk(slot, err) : fill_read_pieces(slot, err);

    cpu = arv__thread_cpu_ns() - cpu;
    wall = arv__monotonic_ns() - wall;
    slot->waited = wall > 2 * cpu && fill_sleeps() > sleeps;
    return rc;
}

static int fill_record(arv__pack_slot *slot, unsigned index, const arv_digests *digests, arv_error *err)
{
    arv__piece *piece = &slot->unit.pieces[index];
    arv__plan_item item;

    if (slot->packer->judges && piece->length >= FILL_JUDGE_BYTES)
        piece->no_compress = arv__incompressible_bytes(slot->unit.in.data + piece->offset, piece->length);
    arv__packer_plan_item(slot, &slot->items[index], &item);
    return arv__bag_record_make(&slot->records, &item, piece->length, digests, err);
}

/* Hashes neighbours two at a time, which is faster than one after the other. */
static int fill_hash(arv__pack_slot *slot, arv__pack_worker *worker, arv_error *err)
{
    const arv__unit *unit = &slot->unit;
    const arv__piece *a = unit->pieces, *end = a + unit->piece_count;
    arv_digests digests[2];
    int rc = 0;

    for (; a < end && rc == 0; a++) {
        unsigned index = (unsigned)(a - unit->pieces);
        bool link = slot->items[index].from == ARV__FROM_LINK;
        const arv__piece *b = NULL;
        if (a + 1 < end && !a[1].folder && slot->items[index + 1].from != ARV__FROM_LINK)
            b = a + 1;
        if (link) {
            rc = fill_record(slot, index, &digests[0], err);
            slot->items[index].left_out = true;
            slot->links++;
            continue;
        }
        if (a->folder) {
            if (slot->items[index].name_at != ARV__PACK_NO_TEXT) /* not data/ itself */
                rc = fill_record(slot, index, &digests[0], err);
            continue;
        }
        arv__digest_reset(&worker->digests[0]);
        arv__digest_reset(&worker->digests[1]);
        arv__digest_pair(&worker->digests[0], unit->in.data + a->offset, a->length, &worker->digests[1],
                         unit->in.data + (b ? b->offset : 0), b ? b->length : 0);
        if ((rc = arv__digest_final(&worker->digests[0], &digests[0], err)) < 0 ||
            (rc = arv__digest_final(&worker->digests[1], &digests[1], err)) < 0 ||
            (rc = fill_record(slot, index, &digests[0], err)) < 0)
            return rc;
        if (b) {
            rc = fill_record(slot, index + 1, &digests[1], err);
            a++;
        }
    }
    return rc;
}

int arv__packer_encode(arv__pack_slot *slot, arv__pack_worker *worker, arv_error *err)
{
    return slot->packer->ops->encode(slot->packer->format, worker->compressor, &slot->unit, err);
}

int arv__packer_fill_run(arv__work *work, arv_error *err)
{
    arv__pack_slot *slot = work->user_data;
    arv__packer *packer = slot->packer;
    arv__pack_worker *worker;
    int rc = fill_read(slot, err);

    if (rc < 0 || !slot->unit.piece_count)
        return rc;
    arv__packer_cpu_acquire(packer);
    if (arv__packer_stopped(packer))
        rc = arv_error_set(err, ARV_ECANCELED, "Packing was stopped.");
    else
        rc = arv__packer_worker_take(packer, &worker, err);
    if (rc == 0) {
        if (slot->kind == ARV__UNIT_ENTRIES)
            rc = fill_hash(slot, worker, err);
        arv__packer_compact(slot); /* drops links; only their records go on */
        if (rc == 0 && slot->unit.piece_count)
            rc = arv__packer_encode(slot, worker, err);
        arv__packer_worker_give(packer, worker);
    }
    arv__packer_cpu_release(packer);
    return rc;
}

/* ---- [loop] ------------------------------------------------------------------------------------- */

static void fill_adapt(arv__packer *packer, bool waited)
{
    if (waited && packer->fill_limit < packer->fill_max)
        packer->fill_limit++;
    else if (!waited && packer->fill_limit > packer->fill_min)
        packer->fill_limit--;
    if (packer->fill_peak < packer->fill_limit)
        packer->fill_peak = packer->fill_limit;
}

static void fill_fail_middle(arv__pack_slot *slot, const arv_error *err)
{
    arv__plan_item item;
    arv__packer_plan_item(slot, &slot->items[0], &item);
    arv__packer_fail_middle(slot->packer, &item, slot->file->ordinal, slot->file->size_bytes, err);
}

void arv__packer_fill_done(arv__work *work, int status, const arv_error *err)
{
    arv__pack_slot *slot = work->user_data;
    arv__packer *packer = slot->packer;

    packer->filling--;
    slot->state = ARV__SLOT_READY;
    if (status < 0 && slot->kind == ARV__UNIT_CHUNK && slot->file && arv__packer_tolerates(packer, status))
        fill_fail_middle(slot, err);
    else if (status < 0)
        arv__packer_fail(packer, status, err);
    else if (slot->kind == ARV__UNIT_ENTRIES || slot->kind == ARV__UNIT_CHUNK)
        fill_adapt(packer, slot->waited);
    arv__packer_advance(packer);
}

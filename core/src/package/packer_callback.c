/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Sources that the application reads. The packer calls them on the loop thread, straight into a unit, and
 * only while a slot is free: that is the back-pressure. It first spools a source of unknown size, a
 * unit's length per turn of the loop, so that other jobs advance meanwhile. If the headers of the format
 * have sizes, it spools the whole source, else the part that fits into memory: after that it knows the
 * size of nearly all such sources.
 *
 * A source that answers later gets its slot, and with it its place in the container, when it begins.
 * The packer parks the slot and cuts others behind it. It fills the slot when the chain waits for nothing
 * else, so it reads sources in the order of the container, whichever answers first. Bytes that do not fit
 * into one unit come through the same slot again, once it is written. The entry stands alone in its units,
 * so the moment of the answer does not change the bytes.
 */

#include "package/packer_internal.h"

#include "package/entries.h"
#include "util/names.h"

static const char *callback_shown(const arv__pack_reading *reading, char into[ARV__QUOTE_BYTES])
{
    return arv__quote(into, ARV__QUOTE_BYTES, reading->item.original, reading->item.original_length);
}

/* Fills `err` if the source did not, and names the entry. */
static int callback_failed(const arv__pack_reading *reading, int64_t code, arv_error *err)
{
    char shown[ARV__QUOTE_BYTES];
    int rc = code < -9999 ? ARV_ESOURCE : (int)code;
    if (err->code == 0)
        arv_error_set(err, rc, "%s", arv_error_text(rc));
    arv_error_prefix(err, "Entry %s: ", callback_shown(reading, shown));
    return err->code;
}

static int64_t callback_call(arv__pack_reading *reading, void *into, size_t length, arv_error *err)
{
    const arv__plan_item *item = &reading->item;
    char shown[ARV__QUOTE_BYTES];

    arv_error_clear(err);
    int64_t got = item->read(item->user_data, into, length, err);
    if (got < 0)
        return callback_failed(reading, got, err);
    if ((uint64_t)got > length)
        return arv_error_set(err, ARV_ECALLBACK,
                             "The source of entry %s returned %lld bytes when it was asked for at "
                             "most %zu.",
                             callback_shown(reading, shown), (long long)got, length);
    return got;
}

/* Reads up to `length` bytes, fewer only at the source's end. */
static int64_t callback_read(arv__packer *packer, arv__pack_reading *reading, uint64_t offset, void *into,
                             size_t length, arv_error *err)
{
    size_t done = 0;

    if (reading->spooled) {
        int64_t got = arv__spool_read(&reading->spool, into, length, offset, err);
        if (got < 0 || reading->item.size_bytes >= 0)
            return got;
        done = (size_t)got;
    }
    if (done == length)
        return (int64_t)done;
    packer->callbacks_begun += !reading->begun;
    reading->begun = true;
    while (done < length) {
        int64_t got = callback_call(reading, (unsigned char *)into + done, length - done, err);
        if (got < 0)
            return got;
        if (got == 0)
            break;
        done += (size_t)got;
    }
    return (int64_t)done;
}

/* Checks a promised size: `offset` bytes came before, then `got`, which are the last ones if `last`. */
static int callback_kept(arv__pack_reading *reading, size_t got, size_t length, bool last, arv_error *err)
{
    long long promised = (long long)reading->item.size_bytes;
    char shown[ARV__QUOTE_BYTES];
    unsigned char behind;

    if (got < length)
        return arv_error_set(err, ARV_ESIZE,
                             "The source of entry %s ended after %llu bytes of the %lld that it "
                             "announced.",
                             callback_shown(reading, shown), (unsigned long long)(reading->offset + got),
                             promised);
    if (!last || reading->spooled)
        return 0;
    int64_t more = callback_call(reading, &behind, 1, err);
    if (more <= 0)
        return (int)more;
    return arv_error_set(err, ARV_ESIZE,
                         "The source of entry %s delivered more than the %lld bytes that it "
                         "announced.",
                         callback_shown(reading, shown), promised);
}

int arv__packer_callback_whole(arv__packer *packer, arv__pack_reading *reading, void *into, size_t length,
                               arv_error *err)
{
    int64_t got = callback_read(packer, reading, 0, into, length, err);
    return got < 0 ? (int)got : callback_kept(reading, (size_t)got, length, true, err);
}

/* Reads a unit's bytes of a source whose size is unknown, and one byte beyond. That byte shows whether they
 * are the last ones, and begins the next unit: no part of an entry is empty. */
static int64_t callback_look(arv__packer *packer, arv__pack_reading *reading, unsigned char *into, bool *last,
                             arv_error *err)
{
    size_t held = reading->offset > 0;
    into[0] = reading->ahead;
    int64_t got =
        callback_read(packer, reading, reading->offset + held, into + held, ARV__UNIT_BYTES + 1 - held, err);
    if (got < 0)
        return got;
    got += (int64_t)held;
    *last = got <= ARV__UNIT_BYTES;
    reading->ahead = into[ARV__UNIT_BYTES];
    return *last ? got : ARV__UNIT_BYTES;
}

int arv__packer_callback_piece(arv__packer *packer, arv__pack_reading *reading, arv__pack_slot *slot,
                               arv_error *err)
{
    arv__piece *piece = &slot->unit.pieces[0];
    bool known = reading->item.size_bytes >= 0;
    uint64_t left = known ? (uint64_t)reading->item.size_bytes - reading->offset : 0;
    size_t length = left < ARV__UNIT_BYTES ? (size_t)left : ARV__UNIT_BYTES;
    bool last = length == left;
    int64_t got = known ? callback_read(packer, reading, reading->offset, slot->unit.in.data, length, err)
                        : callback_look(packer, reading, slot->unit.in.data, &last, err);

    if (got < 0)
        return (int)got;
    slot->unit.in.length = piece->length = (size_t)got;
    piece->first = reading->offset == 0;
    piece->last = last;
    int rc = known ? callback_kept(reading, (size_t)got, length, piece->last, err) : 0;
    if (rc < 0)
        return rc;
    bool whole = known && piece->first && piece->last; /* the fill hashes and judges it */
    if (piece->first && !whole && packer->judges)
        reading->no_compress = arv__incompressible_bytes(slot->unit.in.data, (size_t)got);
    piece->no_compress = reading->no_compress;
    slot->kind = whole ? ARV__UNIT_ENTRIES : ARV__UNIT_CHUNK;
    slot->offset = reading->offset;
    reading->offset += (uint64_t)got;
    slot->entry_bytes = known ? (uint64_t)reading->item.size_bytes : reading->offset;
    piece->entry_bytes = known ? slot->entry_bytes : UINT64_MAX;
    return 0;
}

int arv__packer_callback_spool(arv__packer *packer, arv__pack_reading *reading, arv__pack_slot *slot,
                               arv_error *err)
{
    int rc;
    int64_t got = callback_read(packer, reading, 0, slot->unit.in.data, ARV__UNIT_BYTES, err);
    if (got < 0)
        return (int)got;
    if ((rc = arv__spool_append(&reading->spool, slot->unit.in.data, (size_t)got, err)) < 0)
        return rc;
    if (got == ARV__UNIT_BYTES && !packer->ops->needs_size &&
        arv__spool_length(&reading->spool) >= ARV__PACK_SPOOL_BYTES) {
        reading->spooled = true; /* its start; the rest goes on from the source */
        return 1;
    }
    if (got == ARV__UNIT_BYTES)
        return 0;
    reading->item.size_bytes = (int64_t)arv__spool_length(&reading->spool);
    reading->spooled = true;
    return 1;
}

static void callback_turn(arv__mail *mail)
{
    arv__packer *packer = mail->user_data;
    packer->turning = false;
    arv__packer_advance(packer);
}

void arv__packer_callback_turn(arv__packer *packer)
{
    packer->turning = true;
    packer->turn_mail.deliver = callback_turn;
    packer->turn_mail.user_data = packer;
    arv__loop_post(packer->resources.loop, &packer->turn_mail);
}

void arv__packer_callback_release(arv__packer *packer, arv__pack_reading *reading)
{
    arv__spool_cleanup(&reading->spool);
    reading->spooled = false;
    arv__entries_release(packer->entries, reading->item.callback_index);
}

/* ---- sources that answer later ------------------------------------------------------------------ */

static arv__pack_parked *parked_at(arv__packer *packer, unsigned number)
{
    return &packer->parked[(packer->parked_first + number) % ARV_ASYNC_BEGUN_MAX];
}

static void parked_deliver(arv__mail *mail)
{
    arv__packer *packer = mail->user_data;
    packer->parked_posted = false;
    if (packer->failed)
        arv__packer_parked_detach(packer, true);
    arv__packer_advance(packer);
}

static void parked_post(arv__packer *packer)
{
    if (packer->parked_posted)
        return;
    packer->parked_posted = true;
    packer->parked_mail.deliver = parked_deliver;
    packer->parked_mail.user_data = packer;
    arv__loop_post(packer->resources.loop, &packer->parked_mail);
}

void arv__packer_parked_stop(arv__packer *packer)
{
    if (packer->parked_count)
        parked_post(packer);
}

void arv__packer_parked_detach(arv__packer *packer, bool tell)
{
    for (unsigned i = 0; i < packer->parked_count; i++) {
        arv_async *async = parked_at(packer, i)->async;
        if (!async->parked)
            continue;
        async->parked = NULL;
        arv__loop_release(packer->resources.loop);
        if (tell && async->cancel)
            async->cancel(async->user_data);
    }
    packer->parked_count = 0;
}

void arv__packer_park(arv__packer *packer, arv__pack_slot *slot)
{
    const arv__plan_item *item = &packer->cutting.item;
    arv__pack_parked *parked = parked_at(packer, packer->parked_count++);
    *parked = (arv__pack_parked){
        .packer = packer,
        .slot = slot,
        .async = item->async,
        .callback_index = item->callback_index,
        .ordinal = packer->cutting.ordinal,
        .size_bytes = item->size_bytes,
    };
    slot->state = ARV__SLOT_PARKED;
    packer->callbacks_begun++;
    parked->async->parked = parked;
    arv__loop_hold(packer->resources.loop); /* the loop may not know the event that the source waits for */
    parked->async->begin(parked->async->user_data, parked->async);
}

void arv_async_ready(arv_async *async, int status, const arv_error *err)
{
    arv__pack_parked *parked = async->parked;
    if (!parked) /* the source has answered, or no packer waits any more */
        return;
    async->parked = NULL;
    parked->answered = true;
    parked->status = status < 0 ? status : 0;
    if (status < 0 && err && err->code == status)
        parked->error = *err;
    parked_post(parked->packer);
    arv__loop_release(parked->packer->resources.loop);
}

/* Makes the first parked source, whose slot has its names, the one that is read now. */
static void parked_begin(arv__packer *packer, const arv__pack_parked *parked)
{
    arv__pack_reading *reading = &packer->awaited;
    if (reading->ordinal == parked->ordinal)
        return;
    arv__packer_plan_item(parked->slot, &parked->slot->items[0], &reading->item);
    reading->item.size_bytes = parked->size_bytes;
    reading->item.callback_index = parked->callback_index;
    reading->item.read = parked->async->read;
    reading->item.user_data = parked->async->user_data;
    reading->ordinal = parked->ordinal;
    reading->offset = 0;
    reading->begun = true; /* counted when it was parked */
    reading->no_compress = reading->spooled = false;
}

static void parked_over(arv__packer *packer)
{
    packer->parked_first = (packer->parked_first + 1) % ARV_ASYNC_BEGUN_MAX;
    packer->parked_count--;
    arv__packer_callback_release(packer, &packer->awaited);
}

/* Returns 1 when the slot has its next piece, 0 when not yet. */
static int parked_read(arv__packer *packer, arv__pack_parked *parked, arv_error *err)
{
    arv__pack_reading *reading = &packer->awaited;
    int rc;
    if (parked->status < 0) {
        *err = parked->error;
        return callback_failed(reading, parked->status, err);
    }
    if (reading->item.size_bytes < 0 && !reading->spooled) {
        rc = arv__packer_callback_spool(packer, reading, parked->slot, err);
        if (rc == 0)
            parked_post(packer);
        if (rc <= 0)
            return rc;
    }
    rc = arv__packer_callback_piece(packer, reading, parked->slot, err);
    return rc < 0 ? rc : 1;
}

int arv__packer_unpark(arv__packer *packer, arv_error *err)
{
    arv__pack_parked *parked = parked_at(packer, 0);
    arv__pack_reading *reading = &packer->awaited;
    arv__pack_slot *slot = parked->slot;

    if (!packer->parked_count || packer->parked_posted || !parked->answered ||
        slot->state != ARV__SLOT_PARKED || slot != arv__packer_slot(packer, packer->chained))
        return 0;
    parked_begin(packer, parked);
    int rc = parked_read(packer, parked, err);
    if (rc == 0 || packer->failed) /* the read callback may have failed the packer */
        return 0;
    if (rc < 0) {
        arv_error why = *err;
        if (!arv__packer_tolerates(packer, rc))
            return rc;
        if (reading->offset) {
            uint64_t size_bytes = parked->size_bytes > 0 ? (uint64_t)parked->size_bytes : 0;
            arv__packer_fail_middle(packer, &reading->item, reading->ordinal, size_bytes, &why);
            return 0;
        }
        if ((rc = arv__packer_slot_failed(slot, &reading->item, &why, err)) < 0)
            return rc;
    }
    slot->continued = slot->unit.piece_count && !slot->unit.pieces[0].last;
    if (!slot->continued)
        parked_over(packer);
    return arv__packer_slot_refill(packer, slot, err);
}

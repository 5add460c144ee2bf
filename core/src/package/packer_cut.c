/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Cuts units, on the loop thread. The end of a unit depends on sizes and counts of the entries only,
 * never on time or on the number of threads: so the same input gives the same bytes. The cutter copies
 * names once, into the slot.
 */

#include "package/packer_internal.h"

#include <arv/sys/alloc.h>

/* The cutter made a unit, one that waits for its source, none yet, or none any more. */
typedef enum { CUT_UNIT, CUT_PARKED, CUT_LATER, CUT_OVER } cut_result;

/* ---- slots -------------------------------------------------------------------------------------- */

arv__pack_slot *arv__packer_slot_open(arv__packer *packer)
{
    if (packer->cut - packer->written >= packer->slot_count || packer->filling >= packer->fill_limit)
        return NULL;
    arv__pack_slot *slot = arv__packer_slot(packer, packer->cut);
    slot->unit.piece_count = 0;
    arv__buf_clear(&slot->text);
    arv__packer_slot_clear(slot);
    return slot;
}

void arv__packer_slot_clear(arv__pack_slot *slot)
{
    slot->kind = ARV__UNIT_ENTRIES;
    slot->unit.framed = slot->unit.verbatim = slot->unit.out_is_in = false;
    slot->unit.verbatim_at = 0;
    slot->offset = 0;
    slot->waited = slot->continued = false;
    slot->entry_bytes = 0;
    arv__buf_clear(&slot->unit.in);
    arv__buf_clear(&slot->unit.out);
    arv__buf_clear(&slot->records);
    arv__buf_clear(&slot->failures);
    slot->failed_entries = slot->failed_bytes = slot->links = 0;
}

static int slot_room(arv__pack_slot *slot, arv_error *err)
{
    if (slot->unit.piece_count < slot->capacity)
        return 0;
    unsigned capacity = slot->capacity ? slot->capacity * 2 : 64;
    arv__piece *pieces = arv_reallocarray(slot->unit.pieces, capacity, sizeof *pieces);
    if (!pieces)
        return arv_error_nomem(err, "a unit of the archive");
    slot->unit.pieces = pieces;
    arv__pack_item *items = arv_reallocarray(slot->items, capacity, sizeof *items);
    if (!items)
        return arv_error_nomem(err, "a unit of the archive");
    slot->items = items;
    slot->capacity = capacity;
    return 0;
}

/* Buffers are as large as they ever get from the first unit on: pointers into them stay valid. */
static int slot_reserve(arv__pack_slot *slot, arv_error *err)
{
    if (arv__buf_reserve(&slot->unit.in, ARV__UNIT_FRAMED_BYTES - slot->unit.in.length) &&
        arv__buf_reserve(&slot->text, ARV__PACK_TEXT_BYTES - slot->text.length))
        return 0;
    return arv_error_nomem(err, "a unit of the archive");
}

static int slot_piece(arv__pack_slot *slot, arv__piece **piece, arv__pack_item **item, arv_error *err)
{
    int rc;
    if ((rc = slot_reserve(slot, err)) < 0 || (rc = slot_room(slot, err)) < 0)
        return rc;
    *piece = &slot->unit.pieces[slot->unit.piece_count];
    *item = &slot->items[slot->unit.piece_count];
    slot->unit.piece_count++;
    **piece = (arv__piece){.first = true, .last = true, .offset = slot->unit.in.length};
    **item = (arv__pack_item){.from = ARV__FROM_CALLBACK,
                              .name_at = ARV__PACK_NO_TEXT,
                              .original_at = ARV__PACK_NO_TEXT,
                              .owner_at = ARV__PACK_NO_TEXT};
    return 0;
}

int arv__packer_slot_piece(arv__pack_slot *slot, arv__piece **piece, arv__pack_item **item, arv_error *err)
{
    slot->unit.piece_count = 0;
    return slot_piece(slot, piece, item, err);
}

int arv__packer_slot_submit(arv__packer *packer, arv__pack_slot *slot, arv__packer_run run,
                            arv__packer_done done, arv_error *err)
{
    int rc = arv__work_start(packer->resources.pool, packer->lane, &slot->work, run, done, slot, err);
    if (rc == 0)
        slot->state = ARV__SLOT_FILLING;
    return rc;
}

int arv__packer_slot_refill(arv__packer *packer, arv__pack_slot *slot, arv_error *err)
{
    int rc = arv__packer_slot_submit(packer, slot, arv__packer_fill_run, arv__packer_fill_done, err);
    if (rc < 0)
        arv__packer_slot_release(slot);
    else
        packer->filling++;
    return rc;
}

int arv__packer_slot_fill(arv__packer *packer, arv__pack_slot *slot, arv_error *err)
{
    int rc = arv__packer_slot_refill(packer, slot, err);
    packer->cut += rc == 0;
    return rc;
}

void arv__packer_slot_release(arv__pack_slot *slot)
{
    arv__pack_file_unref(slot->file);
    slot->file = NULL;
    slot->state = ARV__SLOT_IDLE;
}

static uint32_t slot_keep(arv__pack_slot *slot, const void *text, size_t length)
{
    uint32_t at = (uint32_t)slot->text.length;
    arv__buf_append(&slot->text, text, length);
    return at;
}

/* ---- entries ------------------------------------------------------------------------------------ */

static size_t cut_text_bytes(const arv__packer *packer)
{
    const arv__plan_item *item = &packer->cutting.item;
    return packer->prefix.length + item->name_length + 1 + item->original_length +
           (item->owner ? item->owner_length : 0) + item->persons_length +
           (item->path ? strlen(item->path) + 1 : 0) + (item->target ? strlen(item->target) + 1 : 0);
}

static bool cut_fits(const arv__packer *packer, const arv__pack_slot *slot, uint64_t bytes)
{
    return slot->unit.piece_count < ARV__UNIT_PIECES && bytes <= ARV__UNIT_BYTES - slot->unit.in.length &&
           cut_text_bytes(packer) <= ARV__PACK_TEXT_BYTES - slot->text.length;
}

/* Makes a piece with all names of the present item; the caller sets bytes and flags. */
static int cut_item(arv__packer *packer, arv__pack_slot *slot, arv__piece **piece, arv_error *err)
{
    const arv__plan_item *from = &packer->cutting.item;
    arv__pack_item *item;
    int rc;

    if (cut_text_bytes(packer) > ARV__PACK_TEXT_BYTES)
        return arv_error_set(err, ARV_ELIMIT,
                             "The names, owner and path of entry '%.200s' are longer than %d bytes.",
                             from->name, ARV__PACK_TEXT_BYTES);
    if ((rc = slot_piece(slot, piece, &item, err)) < 0)
        return rc;
    uint32_t full_at = slot_keep(slot, packer->prefix.data, packer->prefix.length);
    slot_keep(slot, from->name, from->name_length + 1);
    (*piece)->name = (const char *)slot->text.data + full_at;
    (*piece)->name_length = (uint32_t)(packer->prefix.length + from->name_length);
    item->name_at = full_at + (uint32_t)packer->prefix.length;
    item->name_length = (uint32_t)from->name_length;
    if (from->original && (from->original_length != from->name_length ||
                           memcmp(from->original, from->name, from->name_length) != 0)) {
        item->original_at = slot_keep(slot, from->original, from->original_length);
        item->original_length = (uint32_t)from->original_length;
    }
    if (from->owner) {
        item->owner_at = slot_keep(slot, from->owner, from->owner_length);
        item->owner_length = (uint32_t)from->owner_length;
    }
    item->persons_at = slot_keep(slot, from->persons, from->persons_length);
    item->persons_length = (uint32_t)from->persons_length;
    if (from->from == ARV__FROM_PATH)
        item->path_at = slot_keep(slot, from->path, strlen(from->path) + 1);
    if (from->from == ARV__FROM_LINK)
        item->path_at = slot_keep(slot, from->target, strlen(from->target) + 1);
    item->linkless = from->linkless;
    item->modified_seen = from->modified_seen;
    item->from = from->from;
    item->modified_at_unix = from->modified_at_unix;
    packer->items_cut += from->from != ARV__FROM_LINK; /* of the container */
    return arv__buf_status(&slot->text, "the names of a unit", err);
}

static void cut_item_over(arv__packer *packer)
{
    if (packer->cutting.item.from == ARV__FROM_CALLBACK)
        arv__packer_callback_release(packer, &packer->cutting);
    arv__pack_file_unref(packer->file);
    packer->file = NULL;
    packer->have_item = false;
}

/* Without bytes of its own: a folder, a link that is recorded. */
static bool cut_is_hollow(const arv__plan_item *item)
{
    return item->from == ARV__FROM_NOTHING || item->from == ARV__FROM_LINK;
}

/* Appends a whole entry to the unit. */
static int cut_small(arv__packer *packer, arv__pack_slot *slot, arv_error *err)
{
    const arv__plan_item *item = &packer->cutting.item;
    size_t length = cut_is_hollow(item) ? 0 : (size_t)item->size_bytes;
    arv__piece *piece;
    int rc = cut_item(packer, slot, &piece, err);

    if (rc < 0)
        return rc;
    piece->folder = item->from == ARV__FROM_NOTHING;
    piece->length = length;
    piece->entry_bytes = length;
    slot->items[slot->unit.piece_count - 1].data = item->data;
    if (item->from == ARV__FROM_CALLBACK &&
        (rc = arv__packer_callback_whole(packer, &packer->cutting, slot->unit.in.data + piece->offset, length,
                                         err)) < 0)
        return rc;
    slot->unit.in.length += length;
    cut_item_over(packer);
    return 0;
}

/* Sets the source of a chunk's bytes: a file that is read later, or memory. */
static int cut_chunk_bytes(arv__packer *packer, arv__pack_slot *slot, const arv__piece *piece, arv_error *err)
{
    const arv__plan_item *item = &packer->cutting.item;
    int rc;

    if (item->from == ARV__FROM_PATH) {
        if (!packer->file && (rc = arv__pack_file_new(&packer->file, packer->cutting.ordinal,
                                                      (uint64_t)item->size_bytes, err)) < 0)
            return rc;
        slot->file = packer->file;
        slot->file->references++;
        return 0;
    }
    slot->items[0].data = (const unsigned char *)item->data + packer->cutting.offset;
    if (piece->first && packer->judges)
        packer->cutting.no_compress = arv__incompressible_bytes(item->data, (size_t)item->size_bytes);
    return 0;
}

/* The next chunk of a large entry, alone in its unit. */
static int cut_chunk(arv__packer *packer, arv__pack_slot *slot, arv_error *err)
{
    uint64_t size = (uint64_t)packer->cutting.item.size_bytes;
    uint64_t left = size - packer->cutting.offset;
    arv__piece *piece;
    int rc = cut_item(packer, slot, &piece, err);

    if (rc < 0)
        return rc;
    if (packer->cutting.item.from == ARV__FROM_CALLBACK) {
        if ((rc = arv__packer_callback_piece(packer, &packer->cutting, slot, err)) < 0)
            return rc;
    } else {
        slot->kind = ARV__UNIT_CHUNK;
        slot->offset = packer->cutting.offset;
        slot->entry_bytes = size;
        piece->length = left < ARV__UNIT_BYTES ? (size_t)left : ARV__UNIT_BYTES;
        piece->entry_bytes = size;
        piece->first = packer->cutting.offset == 0;
        piece->last = piece->length == left;
        if ((rc = cut_chunk_bytes(packer, slot, piece, err)) < 0)
            return rc;
        piece->no_compress = packer->cutting.no_compress;
        slot->unit.in.length = piece->length;
        packer->cutting.offset += piece->length;
    }
    if (piece->last)
        cut_item_over(packer);
    return 0;
}

/* Makes the slot of a source that answers later; the packer reads others meanwhile. */
static int cut_parked(arv__packer *packer, arv__pack_slot *slot, cut_result *result, arv_error *err)
{
    arv__piece *piece;
    int rc;

    if (packer->parked_count == ARV_ASYNC_BEGUN_MAX) {
        *result = CUT_LATER;
        return 0;
    }
    if ((rc = cut_item(packer, slot, &piece, err)) < 0)
        return rc;
    *result = CUT_PARKED;
    packer->cut++;
    packer->have_item = false;
    arv__packer_park(packer, slot);
    return 0;
}

static int cut_next_item(arv__packer *packer, arv_error *err)
{
    int rc;
    if (packer->have_item || packer->plan_done)
        return 0;
    rc = arv__plan_next(packer->plan, &packer->cutting.item, err);
    if (rc < 0)
        return rc;
    packer->have_item = rc == 1;
    packer->plan_done = rc == 0;
    packer->cutting.ordinal++;
    packer->cutting.begun = false;
    packer->cutting.offset = 0;
    packer->cutting.no_compress = packer->cutting.spooled = false;
    return 0;
}

/* A bag has a payload folder even when nothing is in it. */
static int cut_empty_payload(arv__packer *packer, arv__pack_slot *slot, arv_error *err)
{
    arv__piece *piece;
    arv__pack_item *item;
    int rc = slot_piece(slot, &piece, &item, err);
    if (rc < 0)
        return rc;
    uint32_t at = slot_keep(slot, packer->prefix.data, packer->prefix.length - 1);
    piece->name = (const char *)slot->text.data + at;
    piece->name_length = (uint32_t)packer->prefix.length - 1;
    piece->folder = true;
    packer->items_cut++;
    return 0;
}

/* Returns whether the present item needs a unit that is empty. */
static bool cut_alone(const arv__plan_item *item)
{
    if (cut_is_hollow(item))
        return false;
    return item->async || item->size_bytes < 0 || item->size_bytes > ARV__UNIT_BYTES;
}

/* Puts the present item, or its next chunk, into the unit. Returns CUT_LATER while it is spooled, or until
 * fewer sources are parked. */
static int cut_bytes(arv__packer *packer, arv__pack_slot *slot, cut_result *result, arv_error *err)
{
    const arv__plan_item *item = &packer->cutting.item;
    bool unknown = item->from == ARV__FROM_CALLBACK && item->size_bytes < 0;
    int rc;

    if (item->from == ARV__FROM_FAILURE)
        return arv_error_set(err, item->failure_code, "%s", item->failure);
    if (item->async)
        return cut_parked(packer, slot, result, err);
    if (unknown && !packer->cutting.spooled) {
        if ((rc = slot_reserve(slot, err)) < 0 ||
            (rc = arv__packer_callback_spool(packer, &packer->cutting, slot, err)) < 0)
            return rc;
        if (rc == 0) {
            arv__packer_callback_turn(packer);
            *result = CUT_LATER;
        }
        return 0;
    }
    return cut_alone(item) ? cut_chunk(packer, slot, err) : cut_small(packer, slot, err);
}

/* If the item's source fails meanwhile, restores the slot. */
static int cut_try(arv__packer *packer, arv__pack_slot *slot, cut_result *result, arv_error *err)
{
    unsigned pieces = slot->unit.piece_count;
    size_t text_bytes = slot->text.length;
    uint64_t items_cut = packer->items_cut;
    int rc = cut_bytes(packer, slot, result, err);

    if (rc == 0 || !arv__packer_tolerates(packer, rc))
        return rc;
    slot->kind = ARV__UNIT_ENTRIES;
    slot->unit.piece_count = pieces;
    slot->text.length = text_bytes;
    packer->items_cut = items_cut;
    rc = arv__packer_cut_failed(packer, slot, err);
    if (rc == 0 && !packer->failed)
        cut_item_over(packer);
    return rc;
}

static int cut_payload(arv__packer *packer, arv__pack_slot *slot, cut_result *result, arv_error *err)
{
    const arv__plan_item *item = &packer->cutting.item;
    bool omitted;
    int rc = arv__packer_take_refused(packer, slot, err);

    *result = CUT_UNIT;
    while (rc == 0 && slot->kind == ARV__UNIT_ENTRIES) {
        if ((rc = cut_next_item(packer, err)) < 0 || packer->plan_done)
            break;
        bool empty = slot->unit.piece_count == 0;
        if (cut_alone(item) && (!empty || slot->failures.length)) /* CUT_LATER would lose these */
            return 0;
        if ((rc = arv__packer_cut_omitted(packer, slot, &omitted, err)) < 0)
            break;
        if (omitted || (packer->file && arv__pack_file_refused(packer->file))) {
            cut_item_over(packer);
            continue;
        }
        if (!empty && !cut_fits(packer, slot, cut_is_hollow(item) ? 0 : (uint64_t)item->size_bytes))
            return 0;
        rc = cut_try(packer, slot, result, err);
        if (rc == 0 && packer->failed) /* a read callback failed the packer, or failed itself */
            *result = CUT_LATER;
        if (*result != CUT_UNIT || packer->refused.length)
            return rc;
    }
    if (rc < 0 || slot->unit.piece_count)
        return rc;
    if (packer->plan_done && packer->items_cut == 0)
        return cut_empty_payload(packer, slot, err);
    if (!slot->failures.length)
        *result = CUT_OVER;
    return 0;
}

int arv__packer_cut_plain(arv__packer *packer, arv__pack_slot *slot, const char *name,
                          const unsigned char *data, size_t length, size_t offset, arv_error *err)
{
    size_t part = length - offset < ARV__UNIT_BYTES ? length - offset : ARV__UNIT_BYTES;
    arv__piece *piece;
    arv__pack_item *item;
    int rc = arv__packer_slot_piece(slot, &piece, &item, err);

    if (rc < 0)
        return rc;
    slot->kind = ARV__UNIT_PLAIN;
    piece->name = name;
    piece->name_length = (uint32_t)strlen(name);
    piece->entry_bytes = length;
    piece->length = part;
    piece->first = offset == 0;
    piece->last = offset + part == length;
    piece->no_compress = packer->stage == ARV__CUT_FIRST || packer->stage == ARV__CUT_README;
    if (part) /* the data of an empty entry may be NULL, to which no offset may be added */
        arv__buf_append(&slot->unit.in, data + offset, part);
    return arv__packer_slot_fill(packer, slot, err);
}

static int cut_first(arv__packer *packer, arv__pack_slot *slot, arv_error *err)
{
    const arv_package_options *options = &packer->options;
    int rc = 0;

    if (options->first_entry_name)
        rc = arv__packer_cut_plain(packer, slot, options->first_entry_name, options->first_entry_data,
                                   options->first_entry_length, 0, err);
    packer->stage = ARV__CUT_README;
    return rc;
}

/* README.txt, a unit of its own in every format. */
static int cut_readme(arv__packer *packer, arv__pack_slot *slot, arv_error *err)
{
    size_t length;
    const char *text = arv__bag_readme(&length);
    int rc = arv__packer_cut_plain(packer, slot, (const char *)packer->readme.data,
                                   (const unsigned char *)text, length, 0, err);
    packer->stage = ARV__CUT_PAYLOAD;
    return rc;
}

static int cut_payload_unit(arv__packer *packer, arv__pack_slot *slot, bool *more, arv_error *err)
{
    cut_result result;
    int rc = cut_payload(packer, slot, &result, err);

    *more = false;
    if (rc < 0 || result == CUT_LATER) {
        arv__packer_slot_release(slot);
        return rc;
    }
    if (result == CUT_OVER) {
        arv__packer_slot_release(slot);
        packer->stage = ARV__CUT_COMPLETE;
        *more = true;
        return 0;
    }
    *more = true;
    return result == CUT_PARKED ? 0 : arv__packer_slot_fill(packer, slot, err);
}

int arv__packer_cut(arv__packer *packer, arv_error *err)
{
    bool more = true;
    int rc = 0;

    while (rc == 0 && more && !packer->failed) {
        arv__pack_slot *slot;
        switch (packer->stage) {
        case ARV__CUT_FIRST:
            slot = arv__packer_slot_open(packer);
            more = slot != NULL;
            if (slot)
                rc = cut_first(packer, slot, err);
            break;
        case ARV__CUT_README:
            slot = arv__packer_slot_open(packer);
            more = slot != NULL;
            if (slot)
                rc = cut_readme(packer, slot, err);
            break;
        case ARV__CUT_PAYLOAD:
            slot = packer->turning ? NULL : arv__packer_slot_open(packer);
            more = slot != NULL;
            if (slot)
                rc = cut_payload_unit(packer, slot, &more, err);
            break;
        case ARV__CUT_COMPLETE:
            return arv__packer_complete(packer, err);
        case ARV__CUT_DOCUMENTS:
            return arv__packer_cut_document(packer, err);
        case ARV__CUT_CLOSING:
            return arv__packer_cut_closing(packer, err);
        case ARV__CUT_LATE:
            return arv__packer_cut_late(packer, err);
        case ARV__CUT_END:
            return arv__packer_cut_end(packer, err);
        case ARV__CUT_PREPARE:
        case ARV__CUT_NOTHING:
            return 0;
        }
    }
    return rc;
}

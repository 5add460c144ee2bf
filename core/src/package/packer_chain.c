/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The ordered stage. It places units, then hashes them (a large entry's bytes and the container's in
 * one pass), then appends the records of entries that ended, or are missing, to the bag. One batch of
 * neighbours is under way at a time; meanwhile the sink writes the one before.
 */

#include "package/packer_internal.h"

static arv__span chain_bytes(const arv__pack_slot *slot)
{
    const arv__buf *buf = slot->unit.out_is_in ? &slot->unit.in : &slot->unit.out;
    return (arv__span){buf->data, buf->length};
}

static bool chain_hashes_entry(const arv__pack_slot *slot)
{
    return slot->kind == ARV__UNIT_CHUNK || slot->kind == ARV__UNIT_DOCUMENT;
}

/* The raw bytes of a framed chunk stand in the container, with a header before each block. */
static void chain_hash_framed(arv__packer *packer, const arv__unit *unit)
{
    const unsigned char *block, *from = unit->in.data;
    size_t at = 0, length;
    while ((block = arv__unit_block(unit, &at, &length)) != NULL) {
        arv__digest_update(&packer->container_digest, from, (size_t)(block - from));
        arv__digest_pair(&packer->entry_digest, block, length, &packer->container_digest, block, length);
        from = block + length;
    }
}

static int chain_hash(arv__packer *packer, arv__pack_slot *slot, arv_error *err)
{
    const arv__unit *unit = &slot->unit;
    arv__span out = chain_bytes(slot);

    if (!chain_hashes_entry(slot)) {
        if (out.length) /* entries of a unit may all be left out */
            arv__digest_update(&packer->container_digest, out.data, out.length);
        return 0;
    }
    if (unit->framed) { /* neither the first nor the last chunk */
        chain_hash_framed(packer, unit);
        return 0;
    }
    /* Gives bytes that go to both from the same place in memory. */
    const unsigned char *raw = unit->in.data;
    size_t before = 0;
    if (unit->verbatim) {
        before = unit->out_is_in ? 0 : unit->verbatim_at;
        raw = (const unsigned char *)out.data + before;
    }
    if (unit->pieces[0].first)
        arv__digest_reset(&packer->entry_digest);
    arv__digest_update(&packer->container_digest, out.data, before);
    arv__digest_pair(&packer->entry_digest, raw, unit->pieces[0].length, &packer->container_digest,
                     (const unsigned char *)out.data + before, out.length - before);
    if (unit->pieces[0].last)
        return arv__digest_final(&packer->entry_digest, &slot->digests, err);
    return 0;
}

static int chain_record(arv__packer *packer, arv__pack_slot *slot, arv_error *err)
{
    arv__plan_item item;
    int rc;

    rc = arv__bag_append_failures(packer->bag, slot->failures.data, slot->failures.length, err);
    if (rc < 0 || (chain_hashes_entry(slot) && !slot->unit.pieces[0].last))
        return rc;
    if (slot->kind == ARV__UNIT_DOCUMENT)
        return arv__bag_document_done(packer->bag, &slot->digests, err);
    if (slot->kind == ARV__UNIT_CHUNK) {
        arv__packer_plan_item(slot, &slot->items[0], &item);
        rc = arv__bag_record_make(&slot->records, &item, slot->entry_bytes, &slot->digests, err);
        if (rc < 0)
            return rc;
    }
    return arv__bag_append(packer->bag, slot->records.data, slot->records.length, err);
}

int arv__packer_chain_run(arv__work *work, arv_error *err)
{
    arv__packer *packer = work->user_data;
    int rc = 0;

    for (uint64_t n = packer->chained; n < packer->chain_end && rc == 0; n++) {
        arv__pack_slot *slot = arv__packer_slot(packer, n);
        if (slot->kind != ARV__UNIT_END)
            rc = packer->ops->place(packer->format, &slot->unit, err);
    }
    arv__packer_cpu_acquire(packer);
    for (uint64_t n = packer->chained; n < packer->chain_end && rc == 0; n++) {
        if (arv__packer_stopped(packer))
            rc = arv_error_set(err, ARV_ECANCELED, "Packing was stopped.");
        else
            rc = chain_hash(packer, arv__packer_slot(packer, n), err);
    }
    arv__packer_cpu_release(packer);
    for (uint64_t n = packer->chained; n < packer->chain_end && rc == 0; n++) {
        arv__pack_slot *slot = arv__packer_slot(packer, n);
        packer->container_bytes += chain_bytes(slot).length;
        if (slot->kind != ARV__UNIT_END && slot->kind != ARV__UNIT_PLAIN)
            rc = chain_record(packer, slot, err);
    }
    return rc;
}

static void chain_count(arv__packer *packer, const arv__pack_slot *slot)
{
    if (slot->kind != ARV__UNIT_ENTRIES && slot->kind != ARV__UNIT_CHUNK)
        return;
    packer->totals.bytes_done += slot->failed_bytes;
    packer->totals.entries_done += slot->failed_entries + slot->links;
    for (unsigned i = 0; i < slot->unit.piece_count; i++) {
        packer->totals.bytes_done += slot->unit.pieces[i].length;
        if (slot->unit.pieces[i].last && slot->items[i].name_at != ARV__PACK_NO_TEXT)
            packer->totals.entries_done++;
    }
}

void arv__packer_chain_done(arv__work *work, int status, const arv_error *err)
{
    arv__packer *packer = work->user_data;

    packer->chaining = false;
    if (status < 0) {
        arv__packer_fail(packer, status, err);
    } else {
        for (; packer->chained < packer->chain_end; packer->chained++)
            chain_count(packer, arv__packer_slot(packer, packer->chained));
    }
    arv__packer_advance(packer);
}

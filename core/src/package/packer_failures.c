/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Leaves out entries whose sources fail. An entry that fails before a byte of it is in a unit that was
 * handed on leaves nothing but its record:
 *
 *     a small file       while its unit is filled; its piece is taken out before the unit is encoded
 *     a large file       that cannot be opened or is another one than promised: its chunks, which are
 *                        alone in their units, become empty units
 *     a callback         while it is cut; a unit that has begun ends there
 *     what had failed    when it was added to the list (ARV__FROM_FAILURE): likewise
 *
 * Parts of an entry that fails later, in the middle, may stand in the sink. Then the packer ends, and a
 * repeated one (arv__packer_repeat_adopt) leaves the entry out when its turn comes. It forgets the other
 * failures: those entries fail again or not. So one pass, which saw all of its failures, makes an archive.
 * The end of a unit does not depend on the moment of a failure: an entry that can fail in its middle
 * begins a unit, whether it is left out or not.
 */

#include "package/packer_internal.h"

#include <arv/sys/alloc.h>

bool arv__packer_tolerates(const arv__packer *packer, int status)
{
    return packer->options.failures_max && arv__failure_of_source(status);
}

/* ---- while cutting ------------------------------------------------------------------------------ */

static void failures_count(arv__pack_slot *slot, int64_t size_bytes)
{
    slot->failed_entries++;
    if (size_bytes > 0)
        slot->failed_bytes += (uint64_t)size_bytes;
}

int arv__packer_take_refused(arv__packer *packer, arv__pack_slot *slot, arv_error *err)
{
    if (!packer->refused.length)
        return 0;
    arv__buf_append(&slot->failures, packer->refused.data, packer->refused.length);
    failures_count(slot, (int64_t)packer->refused_bytes);
    arv__buf_clear(&packer->refused);
    return arv__buf_status(&slot->failures, "the record of a failure", err);
}

int arv__packer_cut_omitted(arv__packer *packer, arv__pack_slot *slot, bool *omitted, arv_error *err)
{
    const arv__pack_omitted *next = packer->omitted_next;
    *omitted = next && next->ordinal == packer->cutting.ordinal;
    if (!*omitted)
        return 0;
    packer->omitted_next = next->next;
    arv__buf_append(&slot->failures, next->failure.data, next->failure.length);
    failures_count(slot, (int64_t)next->size_bytes);
    return arv__buf_status(&slot->failures, "the record of a failure", err);
}

int arv__packer_slot_failed(arv__pack_slot *slot, const arv__plan_item *item, const arv_error *why,
                            arv_error *err)
{
    slot->kind = ARV__UNIT_ENTRIES;
    slot->unit.piece_count = 0;
    failures_count(slot, item->size_bytes);
    return arv__failure_make(&slot->failures, item, why, err);
}

int arv__packer_cut_failed(arv__packer *packer, arv__pack_slot *slot, arv_error *err)
{
    const arv__plan_item *item = &packer->cutting.item;
    uint64_t size_bytes = item->size_bytes > 0 ? (uint64_t)item->size_bytes : 0;
    arv_error why = *err;

    if (packer->cutting.offset) {
        arv__packer_fail_middle(packer, item, packer->cutting.ordinal, size_bytes, &why);
        return 0;
    }
    if (!slot->unit.piece_count)
        return arv__packer_slot_failed(slot, item, &why, err);
    packer->refused_bytes = size_bytes;
    return arv__failure_make(&packer->refused, item, &why, err);
}

/* ---- [pool] while filling ----------------------------------------------------------------------- */

int arv__packer_fill_failed(arv__pack_slot *slot, unsigned index, uint64_t size_bytes, const arv_error *why,
                            arv_error *err)
{
    arv__plan_item item;
    slot->items[index].left_out = true;
    failures_count(slot, (int64_t)size_bytes);
    arv__packer_plan_item(slot, &slot->items[index], &item);
    return arv__failure_make(&slot->failures, &item, why, err);
}

void arv__packer_compact(arv__pack_slot *slot)
{
    arv__unit *unit = &slot->unit;
    unsigned kept = 0;

    if (!slot->failed_entries && !slot->links)
        return;
    for (unsigned i = 0; i < unit->piece_count; i++) {
        if (slot->items[i].left_out)
            continue;
        unit->pieces[kept] = unit->pieces[i];
        slot->items[kept++] = slot->items[i];
    }
    unit->piece_count = kept;
}

/* ---- in the middle ------------------------------------------------------------------------------ */

void arv__packer_omitted_free(arv__packer *packer)
{
    while (packer->omitted) {
        arv__pack_omitted *omitted = packer->omitted;
        packer->omitted = omitted->next;
        arv__buf_cleanup(&omitted->failure);
        arv_free(omitted);
    }
}

static int failures_omit(arv__packer *packer, const arv__plan_item *item, uint64_t ordinal,
                         uint64_t size_bytes, const arv_error *why, arv_error *err)
{
    arv__pack_omitted **link = &packer->omitted;
    arv__pack_omitted *omitted = arv_calloc(1, sizeof *omitted);
    if (!omitted)
        return arv_error_nomem(err, "the record of a failure");
    arv__buf_init(&omitted->failure, SIZE_MAX / 2);
    omitted->ordinal = ordinal;
    omitted->size_bytes = size_bytes;
    int rc = arv__failure_make(&omitted->failure, item, why, err);
    if (rc < 0) {
        arv__buf_cleanup(&omitted->failure);
        arv_free(omitted);
        return rc;
    }
    while (*link && (*link)->ordinal < ordinal)
        link = &(*link)->next;
    omitted->next = *link;
    *link = omitted;
    packer->omitted_count++;
    return 0;
}

/* Callbacks that were read, but for the one that failed itself, cannot be read again. */
static bool failures_callbacks_spent(const arv__packer *packer, uint64_t ordinal)
{
    bool own =
        (packer->cutting.ordinal == ordinal && packer->cutting.begun) || packer->awaited.ordinal == ordinal;
    return packer->callbacks_begun > own;
}

void arv__packer_fail_middle(arv__packer *packer, const arv__plan_item *item, uint64_t ordinal,
                             uint64_t size_bytes, const arv_error *why)
{
    arv_error err = *why;

    if (packer->failed || packer->finished)
        return;
    if (packer->omitted_count == packer->options.failures_max)
        arv__failures_too_many(packer->options.failures_max, why, &err);
    else if (failures_callbacks_spent(packer, ordinal))
        arv_error_append(&err, " It failed in the middle, and the archive cannot be begun again "
                               "without it: other entries come from sources that can be read only "
                               "once.");
    else
        packer->repeatable = failures_omit(packer, item, ordinal, size_bytes, why, &err) == 0;
    arv__packer_fail(packer, err.code, &err);
}

arv_failure *arv__packer_failures_take(arv__packer *packer, size_t *count)
{
    arv_failure *failures = packer->failures;
    *count = packer->failures_kept;
    packer->failures = NULL;
    packer->failures_kept = 0;
    return failures;
}

/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Everything behind the payload: the documents of the bag, the entries that the application adds while
 * closing, and the container's end. One pool thread at a time generates documents and end, in portions
 * of a unit. Another thread encodes a portion of a document like any other unit, while the next one is
 * generated.
 */

#include "package/known.h"
#include "package/packer_internal.h"
#include "util/time.h"

#include <inttypes.h>
#include <stdio.h>

#include <arv/sys/alloc.h>

enum { CLOSING_NAME_BYTES = 200, CLOSING_BYTES = 64 << 20 };

/* ---- the end of the payload --------------------------------------------------------------------- */

static int complete_run(arv__work *work, arv_error *err)
{
    arv__packer *packer = work->user_data;
    int rc = arv__bag_payload_complete(packer->bag, err);
    if (rc < 0)
        return rc;
    return arv__failures_keep(arv__bag_failures(packer->bag), &packer->failures, &packer->failures_kept, err);
}

static void complete_done(arv__work *work, int status, const arv_error *err)
{
    arv__packer *packer = work->user_data;

    packer->stepping = false;
    if (status < 0) {
        arv__packer_fail(packer, status, err);
    } else if (!packer->failed) {
        arv__packer_totals *totals = &packer->totals;
        snprintf(totals->uuid, sizeof totals->uuid, "%s", arv__bag_uuid(packer->bag));
        totals->payload_bytes = arv__bag_payload_bytes(packer->bag);
        totals->payload_entries = arv__bag_payload_entries(packer->bag);
        totals->failures = arv__bag_failures(packer->bag)->count;
        totals->read_at_unix = arv__now_unix_us() / 1000000;
        packer->stage = ARV__CUT_DOCUMENTS;
        arv__packer_phase(packer, ARV__PACK_DOCUMENTS);
    }
    arv__packer_advance(packer);
}

int arv__packer_complete(arv__packer *packer, arv_error *err)
{
    if (packer->stepping || packer->parked_count || packer->chained != packer->cut)
        return 0;
    return arv__packer_step(packer, complete_run, complete_done, err);
}

/* ---- documents ---------------------------------------------------------------------------------- */

static int document_begin(arv__packer *packer, arv_error *err)
{
    const char *name;
    bool needs_all;
    int rc = arv__bag_document_next(packer->bag, &name, &packer->document_size, &needs_all, err);

    if (rc < 0)
        return rc;
    packer->generated = rc == 0 ? ARV__GENERATE_OVER : needs_all ? ARV__GENERATE_WAIT : ARV__GENERATE_MORE;
    if (packer->generated != ARV__GENERATE_MORE)
        return 0;
    packer->document_open = true;
    packer->document_offset = 0;
    arv__buf_clear(&packer->document_name);
    arv__buf_append(&packer->document_name, packer->base.data, packer->base.length);
    arv__buf_byte(&packer->document_name, '/');
    arv__buf_text(&packer->document_name, name);
    return arv__buf_status(&packer->document_name, "a document's name", err);
}

/* [pool] Generates the next portion of the documents into the slot. */
static int document_run(arv__work *work, arv_error *err)
{
    arv__pack_slot *slot = work->user_data;
    arv__packer *packer = slot->packer;
    arv__piece *piece = &slot->unit.pieces[0];
    unsigned char behind;
    int rc;

    packer->generated = ARV__GENERATE_MORE;
    if (!packer->document_open) {
        rc = document_begin(packer, err);
        if (rc < 0 || packer->generated != ARV__GENERATE_MORE)
            return rc;
    }
    uint64_t left = packer->document_size - packer->document_offset;
    piece->length = left < ARV__UNIT_BYTES ? (size_t)left : ARV__UNIT_BYTES;
    int64_t got = arv__bag_document_read(packer->bag, slot->unit.in.data, piece->length, err);
    if (got < 0)
        return (int)got;
    piece->entry_bytes = packer->document_size;
    piece->first = packer->document_offset == 0;
    piece->last = piece->length == left;
    slot->unit.in.length = piece->length;
    arv__buf_append(&slot->text, packer->document_name.data, packer->document_name.length);
    piece->name = (const char *)slot->text.data;
    piece->name_length = (uint32_t)slot->text.length;
    packer->document_offset += piece->length;
    packer->document_open = !piece->last;
    if ((size_t)got == piece->length &&
        (!piece->last || arv__bag_document_read(packer->bag, &behind, 1, err) == 0))
        return 0;
    return arv_error_set(err, ARV_EINTERNAL,
                         "A document of the bag has not the %" PRIu64 " bytes that were counted.",
                         packer->document_size);
}

static void document_done(arv__work *work, int status, const arv_error *err)
{
    arv__pack_slot *slot = work->user_data;
    arv__packer *packer = slot->packer;
    arv_error error;

    packer->generating = false;
    if (status < 0) {
        arv__packer_fail(packer, status, err);
    } else if (packer->failed || packer->generated != ARV__GENERATE_MORE) {
        arv__packer_slot_release(slot);
        packer->documents_wait = packer->generated == ARV__GENERATE_WAIT;
        if (packer->generated == ARV__GENERATE_OVER)
            packer->stage = ARV__CUT_CLOSING;
    } else if ((status = arv__packer_slot_fill(packer, slot, &error)) < 0) {
        arv__packer_fail(packer, status, &error);
    }
    arv__packer_advance(packer);
}

int arv__packer_cut_document(arv__packer *packer, arv_error *err)
{
    arv__pack_slot *slot;
    arv__piece *piece;
    arv__pack_item *item;
    int rc;

    if (packer->generating || (packer->documents_wait && packer->chained != packer->cut))
        return 0;
    if (!(slot = arv__packer_slot_open(packer)))
        return 0;
    packer->documents_wait = false;
    slot->kind = ARV__UNIT_DOCUMENT;
    if ((rc = arv__packer_slot_piece(slot, &piece, &item, err)) < 0)
        return rc;
    rc = arv__packer_slot_submit(packer, slot, document_run, document_done, err);
    packer->generating = rc == 0;
    return rc;
}

/* ---- closing ------------------------------------------------------------------------------------ */

int arv__packer_cut_closing(arv__packer *packer, arv_error *err)
{
    if (packer->chained != packer->cut || packer->closing)
        return 0;
    if (!packer->options.closing || packer->closing_called) {
        packer->stage = ARV__CUT_LATE;
        packer->late_next = packer->late;
        packer->again = true;
        return 0;
    }
    packer->closing = arv_calloc(1, sizeof *packer->closing);
    if (!packer->closing)
        return arv_error_nomem(err, "the closing of an archive");
    packer->closing_called = true;
    packer->closing->packer = packer;
    arv__loop_hold(packer->resources.loop); /* the loop may not know the application's event */
    packer->options.closing(packer->options.closing_user_data, packer->closing);
    return 0;
}

void arv__packer_closing_detach(arv__packer *packer)
{
    if (!packer->closing)
        return;
    packer->closing->packer = NULL;
    packer->closing = NULL;
    arv__loop_release(packer->resources.loop);
}

static bool closing_name_plain(const char *name)
{
    const char *component = name;
    for (const char *c = name;; c++) {
        if (*c == '/' || !*c) {
            size_t length = (size_t)(c - component);
            if (!length || component[length - 1] == '.' || component[0] == ' ' ||
                component[length - 1] == ' ')
                return false;
            component = c + 1;
        } else if (*c < 0x20 || *c >= 0x7f || strchr("\\<>:\"|?*%", *c)) {
            return false;
        }
        if (!*c)
            return c - name <= CLOSING_NAME_BYTES;
    }
}

/* Returns whether `name` is `folder` or lies in it. Ignores case, since somebody may unpack the container
 * on a system that does. */
static bool closing_within(const char *name, const char *folder)
{
    size_t length = strlen(folder);
    return strncasecmp(name, folder, length) == 0 && (!name[length] || name[length] == '/');
}

static int closing_check(const arv__packer *packer, arv_place place, const char *name, const char *full,
                         arv_error *err)
{
    const char *first = packer->options.first_entry_name;
    const char *base = (const char *)packer->base.data;
    bool taken = false;

    if (!name || !closing_name_plain(name))
        return arv_error_set(err, ARV_EINVALID,
                             "The name of an entry that is added while closing is not plain ASCII "
                             "of 1 to %d characters, with '/' between its components.",
                             CLOSING_NAME_BYTES);
    if (place == ARV_ROOT && !packer->ops->root_entries)
        return arv_error_set(err, ARV_EINVALID,
                             "The entry '%s' cannot stand beside the base folder: the format %s has "
                             "no place there.",
                             name, packer->ops->name);
    if (place == ARV_ROOT)
        taken = closing_within(name, base) || closing_within(base, name) ||
                (first && (closing_within(name, first) || closing_within(first, name)));
    else
        taken = closing_within(name, "data") || closing_within("metadata", name) ||
                arv__bag_has_document(packer->bag, name);
    for (const arv__pack_late *late = packer->late; late && !taken; late = late->next)
        taken = closing_within(late->name, full) || closing_within(full, late->name);
    if (taken)
        return arv_error_set(err, ARV_EEXISTS, "The name '%s' is taken in this archive; choose another one.",
                             name);
    return 0;
}

/* Accepts what the verifier accepts: names of the form's table, in its order. */
static int closing_known(arv__packer *packer, arv_place place, const char *name, arv_error *err)
{
    int line =
        arv__known_find(place == ARV_ROOT ? ARV__KNOWN_LATE_ROOT : ARV__KNOWN_LATE_BASE, name, strlen(name));
    if (line < 0)
        return arv_error_set(err, ARV_EINVALID,
                             "Archives of the form %s have no place for the entry '%s': they would not "
                             "be valid. Close the archive without it.",
                             ARV__BAG_FORM, name);
    if (line < packer->late_line)
        return arv_error_set(err, ARV_EINVALID,
                             "The entry '%s' stands before '%s' in an archive; add it first.", name,
                             arv__known_entries[packer->late_line].name);
    packer->late_line = line;
    return 0;
}

int arv_closing_add(arv_closing *closing, arv_place place, const char *name, const void *data, size_t length,
                    arv_error *err)
{
    arv__packer *packer = closing->packer;
    char full[CLOSING_NAME_BYTES + 256];
    int rc;

    if (!packer || packer->failed)
        return arv_error_set(err, ARV_ESTATE, "The archive has ended: nothing can be added to it.");
    if (length > CLOSING_BYTES)
        return arv_error_set(err, ARV_EINVALID,
                             "An entry that is added while closing has %zu bytes; %d are allowed.", length,
                             CLOSING_BYTES);
    if (place == ARV_ROOT)
        snprintf(full, sizeof full, "%.*s", CLOSING_NAME_BYTES + 1, name ? name : "");
    else
        snprintf(full, sizeof full, "%s/%.*s", (const char *)packer->base.data, CLOSING_NAME_BYTES + 1,
                 name ? name : "");
    if ((rc = closing_check(packer, place, name, full, err)) < 0 ||
        (rc = closing_known(packer, place, name, err)) < 0)
        return rc;
    size_t name_bytes = strlen(full) + 1;
    arv__pack_late *late = arv_malloc(sizeof *late + name_bytes + length);
    if (!late)
        return arv_error_nomem(err, "an entry that is added while closing");
    memcpy(late->name, full, name_bytes);
    late->next = NULL;
    late->length = length;
    late->data = (unsigned char *)late->name + name_bytes;
    if (length)
        memcpy(late->data, data, length);
    *packer->late_end = late;
    packer->late_end = &late->next;
    return 0;
}

const void *arv_closing_tagmanifest(const arv_closing *closing, size_t *length)
{
    *length = 0;
    return closing->packer ? arv__bag_tagmanifest(closing->packer->bag, length) : NULL;
}

void arv_closing_done(arv_closing *closing, int status, const arv_error *err)
{
    arv__packer *packer = closing->packer;

    if (packer)
        arv__packer_closing_detach(packer);
    arv_free(closing);
    if (!packer)
        return;
    if (status < 0)
        arv__packer_fail(packer, status, err);
    arv__packer_advance(packer);
}

int arv__packer_cut_late(arv__packer *packer, arv_error *err)
{
    int rc = 0;
    while (packer->late_next && rc == 0) {
        const arv__pack_late *late = packer->late_next;
        arv__pack_slot *slot = arv__packer_slot_open(packer);
        if (!slot)
            return 0;
        rc = arv__packer_cut_plain(packer, slot, late->name, late->data, late->length, packer->late_offset,
                                   err);
        packer->late_offset += slot->unit.in.length;
        if (packer->late_offset == late->length) {
            packer->late_next = late->next;
            packer->late_offset = 0;
        }
    }
    if (rc == 0 && packer->chained == packer->cut) {
        packer->stage = ARV__CUT_END;
        packer->again = true;
        arv__packer_phase(packer, ARV__PACK_FINISH);
    }
    return rc;
}

/* ---- the container's end ------------------------------------------------------------------------ */

/* [pool] */
static int end_run(arv__work *work, arv_error *err)
{
    arv__pack_slot *slot = work->user_data;
    arv__packer *packer = slot->packer;
    arv__pack_worker *worker;
    int rc;

    arv__packer_cpu_acquire(packer);
    rc = arv__packer_worker_take(packer, &worker, err);
    if (rc == 0) {
        rc = packer->ops->finish(packer->format, worker->compressor, &slot->unit.out, err);
        packer->generated = rc == 0 ? ARV__GENERATE_OVER : ARV__GENERATE_MORE;
        arv__packer_worker_give(packer, worker);
    }
    arv__packer_cpu_release(packer);
    return rc < 0 ? rc : 0;
}

static void end_done(arv__work *work, int status, const arv_error *err)
{
    arv__pack_slot *slot = work->user_data;
    arv__packer *packer = slot->packer;

    packer->generating = false;
    slot->state = ARV__SLOT_READY;
    if (status < 0)
        arv__packer_fail(packer, status, err);
    else if (packer->generated == ARV__GENERATE_OVER)
        packer->stage = ARV__CUT_NOTHING;
    arv__packer_advance(packer);
}

/* The slot counts as cut from the beginning: nothing else can be the next unit any more. */
int arv__packer_cut_end(arv__packer *packer, arv_error *err)
{
    arv__pack_slot *slot;
    int rc;

    if (packer->generating || !(slot = arv__packer_slot_open(packer)))
        return 0;
    slot->kind = ARV__UNIT_END;
    rc = arv__packer_slot_submit(packer, slot, end_run, end_done, err);
    if (rc < 0)
        return rc;
    packer->generating = true;
    packer->cut++;
    return 0;
}

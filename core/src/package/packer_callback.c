/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Sources that the application reads. They are called on the loop thread, straight into a unit, and
 * only while a slot is free: that is the back-pressure. A source of unknown size is first spooled, a
 * unit's length per turn of the loop, so that other jobs advance meanwhile: whole where the headers
 * of the format tell sizes, else the part that fits into memory, since the size of nearly all such
 * sources is known then.
 */

#include "package/packer_internal.h"

#include "util/names.h"

static const char *callback_shown(const arv__packer *packer, char into[ARV__QUOTE_BYTES])
{
    return arv__quote(into, ARV__QUOTE_BYTES, packer->item.original, packer->item.original_length);
}

static int callback_failed(arv__packer *packer, int64_t code, arv_error *err)
{
    char shown[ARV__QUOTE_BYTES];
    int rc = code < -9999 ? ARV_ESOURCE : (int)code;
    if (err && err->code == 0)
        arv_error_set(err, rc, "%s", arv_error_text(rc));
    if (err)
        rc = err->code;
    arv_error_prefix(err, "Entry %s: ", callback_shown(packer, shown));
    return rc;
}

static int64_t callback_call(arv__packer *packer, void *into, size_t length, arv_error *err)
{
    const arv__plan_item *item = &packer->item;
    char shown[ARV__QUOTE_BYTES];
    arv_error own;

    if (!err)
        err = &own;
    arv_error_clear(err);
    int64_t got = item->read(item->user_data, into, length, err);
    if (got < 0)
        return callback_failed(packer, got, err);
    if ((uint64_t)got > length)
        return arv_error_set(err, ARV_ECALLBACK,
                             "The source of entry %s returned %lld bytes when it was asked for at "
                             "most %zu.",
                             callback_shown(packer, shown), (long long)got, length);
    return got;
}

int64_t arv__packer_callback_read(arv__packer *packer, void *into, size_t length, arv_error *err)
{
    size_t done = 0;

    if (packer->item_spooled && (packer->item.size_bytes >= 0 ||
                                 packer->item_offset < arv__spool_length(&packer->spool)))
        return arv__spool_read(&packer->spool, into, length, packer->item_offset, err);
    packer->callbacks_begun += !packer->item_begun;
    packer->item_begun = true;
    while (done < length) {
        int64_t got = callback_call(packer, (unsigned char *)into + done, length - done, err);
        if (got < 0)
            return got;
        if (got == 0)
            break;
        done += (size_t)got;
    }
    return (int64_t)done;
}

int arv__packer_callback_end(arv__packer *packer, arv_error *err)
{
    char shown[ARV__QUOTE_BYTES];
    unsigned char more;

    if (packer->item_spooled)
        return 0;
    int64_t got = callback_call(packer, &more, 1, err);
    if (got <= 0)
        return (int)got;
    return arv_error_set(err, ARV_ESIZE,
                         "The source of entry %s delivered more than the %lld bytes that it "
                         "announced.",
                         callback_shown(packer, shown), (long long)packer->item.size_bytes);
}

int arv__packer_callback_short(arv__packer *packer, uint64_t got, arv_error *err)
{
    char shown[ARV__QUOTE_BYTES];
    return arv_error_set(err, ARV_ESIZE,
                         "The source of entry %s ended after %llu bytes of the %lld that it "
                         "announced.",
                         callback_shown(packer, shown), (unsigned long long)got,
                         (long long)packer->item.size_bytes);
}

static void callback_turn(arv__mail *mail)
{
    arv__packer *packer = mail->user_data;
    packer->turning = false;
    arv__packer_advance(packer);
}

int arv__packer_callback_spool(arv__packer *packer, arv__pack_slot *slot, arv_error *err)
{
    int rc;
    int64_t got = arv__packer_callback_read(packer, slot->unit.in.data, ARV__UNIT_BYTES, err);
    if (got < 0)
        return (int)got;
    if ((rc = arv__spool_append(&packer->spool, slot->unit.in.data, (size_t)got, err)) < 0)
        return rc;
    if (got == ARV__UNIT_BYTES && !packer->ops->needs_size &&
        arv__spool_length(&packer->spool) >= ARV__PACK_SPOOL_BYTES) {
        packer->item_spooled = true; /* its begin; the rest goes on from the source */
        return 1;
    }
    if (got == ARV__UNIT_BYTES) {
        packer->turning = true;
        packer->turn_mail.deliver = callback_turn;
        packer->turn_mail.user_data = packer;
        arv__loop_post(packer->resources.loop, &packer->turn_mail);
        return 0;
    }
    packer->item.size_bytes = (int64_t)arv__spool_length(&packer->spool);
    packer->item_spooled = true;
    return 1;
}

void arv__packer_callback_release(arv__packer *packer)
{
    arv__spool_cleanup(&packer->spool);
    packer->item_spooled = false;
    arv__entries_release(packer->entries, packer->item.callback_index);
}

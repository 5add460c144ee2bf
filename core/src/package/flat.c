/* SPDX-License-Identifier: Apache-2.0 */
#include "package/flat.h"

#include <arv/sys/alloc.h>

void arv__flat_init(arv__flat *flat, size_t memory_bytes, const char *temp_directory)
{
    *flat = (arv__flat){.window = NULL};
    arv__spool_init(&flat->spool, memory_bytes, temp_directory);
}

void arv__flat_cleanup(arv__flat *flat)
{
    arv__spool_cleanup(&flat->spool);
    arv_free(flat->window);
    flat->window = NULL;
}

void arv__flat_rewind(arv__flat *flat)
{
    flat->offset = 0;
    flat->used = flat->at = flat->length = 0;
}

uint64_t arv__flat_offset(const arv__flat *flat)
{
    return flat->offset + flat->at - flat->length;
}

/* Fills the window with `length` bytes from `offset` on, or as many as there are. */
static int flat_fill(arv__flat *flat, uint64_t offset, size_t length, arv_error *err)
{
    if (!flat->window && !(flat->window = arv_malloc(ARV__FLAT_BYTES_MAX)))
        return arv_error_nomem(err, "a list of records");
    int64_t got = arv__spool_read(&flat->spool, flat->window, length, offset, err);
    if (got < 0)
        return (int)got;
    flat->offset = offset;
    flat->used = (size_t)got;
    flat->at = 0;
    return 0;
}

static bool flat_take(arv__flat *flat, const void **record)
{
    size_t left = flat->used - flat->at; /* none while there is no window */
    *record = left ? flat->window + flat->at : NULL;
    flat->length = left ? arv__flat_length(*record, left) : 0;
    flat->at += flat->length;
    return flat->length > 0;
}

static int flat_short(arv_error *err)
{
    return arv_error_set(err, ARV_EINTERNAL, "A list of records ended too early.");
}

int arv__flat_next(arv__flat *flat, const void **record, arv_error *err)
{
    if (flat_take(flat, record))
        return 0;
    int rc = flat_fill(flat, flat->offset + flat->at, ARV__FLAT_BYTES_MAX, err);
    if (rc < 0)
        return rc;
    return flat_take(flat, record) ? 0 : flat_short(err);
}

int arv__flat_at(arv__flat *flat, uint64_t offset, size_t length, const void **record, arv_error *err)
{
    int rc = 0;
    if (offset == flat->offset + flat->at)
        return arv__flat_next(flat, record, err);
    if (offset >= flat->offset && offset - flat->offset <= flat->used &&
        length <= flat->used - (size_t)(offset - flat->offset))
        flat->at = (size_t)(offset - flat->offset);
    else
        rc = flat_fill(flat, offset, length, err);
    if (rc < 0)
        return rc;
    return flat_take(flat, record) ? 0 : flat_short(err);
}

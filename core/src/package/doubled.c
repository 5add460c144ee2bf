/* SPDX-License-Identifier: Apache-2.0 */
#include "package/doubled.h"

#include <arv/sys/alloc.h>

enum {
    DOUBLED_CAPACITY_FIRST = 256,
    DOUBLED_BLOCK_BYTES = 512,          /* the unit of st_blocks */
    DOUBLED_HOLES_LEAST_BYTES = 1 << 20 /* less is nothing that anybody would look for */
};

/* Returns the place of this file, or the free place for it. */
static arv__identity *doubled_place(arv__identity *known, size_t capacity, dev_t device, ino_t inode)
{
    uint64_t hash = ((uint64_t)inode ^ (uint64_t)device << 40) * UINT64_C(0x9E3779B97F4A7C15);
    size_t at = (size_t)(hash >> 32) & (capacity - 1);
    while (known[at].inode != 0 && (known[at].inode != inode || known[at].device != device))
        at = (at + 1) & (capacity - 1);
    return &known[at];
}

static int doubled_grow(arv__doubled *doubled, arv_error *err)
{
    size_t capacity = doubled->capacity ? doubled->capacity * 2 : DOUBLED_CAPACITY_FIRST;
    arv__identity *known = arv_calloc(capacity, sizeof *known);
    if (!known)
        return arv_error_nomem(err, "the hard links of a folder");
    for (size_t i = 0; i < doubled->capacity; i++) {
        const arv__identity *old = &doubled->known[i];
        if (old->inode != 0)
            *doubled_place(known, capacity, old->device, old->inode) = *old;
    }
    arv_free(doubled->known);
    doubled->known = known;
    doubled->capacity = capacity;
    return 0;
}

static int doubled_note_link(arv__doubled *doubled, const struct stat *st, arv_error *err)
{
    if (st->st_ino == 0)
        return 0;
    if (doubled->count * 2 >= doubled->capacity && doubled->count < ARV__DOUBLED_MAX) {
        int status = doubled_grow(doubled, err);
        if (status < 0)
            return status;
    }
    arv__identity *place = doubled_place(doubled->known, doubled->capacity, st->st_dev, st->st_ino);
    if (place->inode != 0) {
        doubled->found.hard_links++;
        doubled->found.hard_link_bytes += (uint64_t)st->st_size;
        return 0;
    }
    if (doubled->count == ARV__DOUBLED_MAX) {
        doubled->found.hard_links_at_least = true;
        return 0;
    }
    *place = (arv__identity){.device = st->st_dev, .inode = st->st_ino};
    doubled->count++;
    return 0;
}

int arv__doubled_note(arv__doubled *doubled, const struct stat *st, arv_error *err)
{
    uint64_t size = (uint64_t)st->st_size, held = (uint64_t)st->st_blocks * DOUBLED_BLOCK_BYTES;
    if (held < size / 2 && size - held >= DOUBLED_HOLES_LEAST_BYTES) {
        doubled->found.sparse_files++;
        doubled->found.sparse_bytes += size - held;
    }
    return st->st_nlink > 1 ? doubled_note_link(doubled, st, err) : 0;
}

void arv__doubled_cleanup(arv__doubled *doubled)
{
    arv_free(doubled->known);
    doubled->known = NULL;
}

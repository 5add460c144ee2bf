/* SPDX-License-Identifier: Apache-2.0 */
#include "package/deflate_part.h"

#include <stdint.h>
#include <arv/sys/alloc.h>

enum {
    OPENER_WINDOW_BITS = -15, /* a bare stream */
    /* bits of data_type after inflate() */
    OPENER_UNUSED_BITS = 7, /* of the last byte that it took */
    OPENER_AT_BLOCK = 128
};

static void *opener_allocate(void *unused, unsigned count, unsigned size)
{
    (void)unused;
    return arv_reallocarray(NULL, count, size);
}

static void opener_release(void *unused, void *block)
{
    (void)unused;
    arv_free(block);
}

static int opener_begin(arv__deflate_opener *opener, size_t length, arv_error *err)
{
    z_stream *z = &opener->inflate;
    if (!opener->ready) {
        *z = (z_stream){.zalloc = opener_allocate, .zfree = opener_release};
        if (inflateInit2(z, OPENER_WINDOW_BITS) != Z_OK)
            return arv_error_nomem(err, "a compressor");
        opener->ready = true;
        arv__buf_init(&opener->scratch, SIZE_MAX / 2);
    } else {
        inflateReset(z);
    }
    arv__buf_clear(&opener->scratch);
    if (arv__buf_reserve(&opener->scratch, length + 1))
        return 0;
    return arv__buf_status(&opener->scratch, "a compressed unit", err);
}

void arv__deflate_opener_cleanup(arv__deflate_opener *opener)
{
    if (!opener->ready)
        return;
    inflateEnd(&opener->inflate);
    arv__buf_cleanup(&opener->scratch);
    opener->ready = false;
}

static int opener_defect(arv_error *err)
{
    return arv_error_set(err, ARV_EINTERNAL,
                         "libdeflate's stream does not end where it should; this is a defect of "
                         "Archivist, please report it.");
}

/* Finds the bit that marks the last block: `*byte` and `*mask`. The stream is read to its end. */
static int opener_find(z_stream *z, unsigned char **byte, unsigned *mask, arv_error *err)
{
    *byte = z->next_in;
    *mask = 1;
    while (!(**byte & *mask)) {
        int rc = inflate(z, Z_BLOCK);
        if (rc == Z_MEM_ERROR)
            return arv_error_nomem(err, "a compressor");
        if (rc != Z_OK || !(z->data_type & OPENER_AT_BLOCK))
            return opener_defect(err);
        unsigned unused = (unsigned)z->data_type & OPENER_UNUSED_BITS;
        if (!unused && !z->avail_in)
            return opener_defect(err);
        *byte = unused ? z->next_in - 1 : z->next_in;
        *mask = unused ? 0x100u >> unused : 1;
    }
    int rc = inflate(z, Z_BLOCK);
    if (rc == Z_MEM_ERROR)
        return arv_error_nomem(err, "a compressor");
    return rc == Z_OK && z->data_type & OPENER_AT_BLOCK ? 0 : opener_defect(err);
}

int arv__deflate_open_end(arv__deflate_opener *opener, size_t length, size_t start, arv__buf *out,
                          arv_error *err)
{
    static const unsigned char empty[] = {0, 0, 0, 0xff, 0xff};
    z_stream *z = &opener->inflate;
    unsigned char *byte;
    unsigned mask;
    int rc = opener_begin(opener, length, err);
    if (rc < 0)
        return rc;
    z->next_in = out->data + start;
    z->avail_in = (unsigned)(out->length - start);
    z->next_out = opener->scratch.data;
    z->avail_out = (unsigned)length + 1;
    if ((rc = opener_find(z, &byte, &mask, err)) < 0)
        return rc;
    if (z->avail_in || z->total_out != length)
        return opener_defect(err);
    *byte &= (unsigned char)~mask;
    /* Three bits of a stored block's header, then blanks to the byte; they may fit behind the end. */
    unsigned unused = (unsigned)z->data_type & OPENER_UNUSED_BITS;
    out->data[out->length - 1] &= (unsigned char)(0xffu >> unused);
    if (unused >= 3)
        arv__buf_append(out, empty + 1, 4);
    else
        arv__buf_append(out, empty, 5);
    return 0;
}

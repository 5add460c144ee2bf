/* SPDX-License-Identifier: Apache-2.0 */
#include "package/deflate.h"

#include <stdint.h>
#include <zlib.h>
#ifdef ARV_HAVE_LIBDEFLATE
#include <libdeflate.h>
#endif
#include <arv/sys/alloc.h>
#include "package/deflate_isal.h"
#include "package/deflate_part.h"
#include "package/format.h"

/*
 * Which library deflates:
 *
 *     level   whole streams           parts of a stream
 *     0       stored blocks           stored blocks
 *     1-3     ISA-L, several times as fast as the others at nearly their size
 *     4-9     libdeflate              libdeflate, opened at its end (deflate_part.h)
 *
 * ISA-L's bytes depend on the vector unit of the CPU. So a reproducible archive, and a CPU or a build
 * without ISA-L, uses the last row for levels 1 to 9. A build without libdeflate uses zlib.
 *
 * A state keeps nothing from one stream to the next. So the bytes of a stream depend only on its content
 * and on the samples, which depend on the unit.
 */

struct arv__deflater {
    int level;
    arv__isal *isal; /* NULL: not for this level, build or CPU */
#ifdef ARV_HAVE_LIBDEFLATE
    struct libdeflate_compressor *libdeflate;
    arv__deflate_opener opener;
#else
    bool zlib_ready;
    z_stream zlib;
#endif
};

#ifndef ARV_HAVE_LIBDEFLATE
static void *zlib_allocate(void *unused, unsigned count, unsigned size)
{
    (void)unused;
    return arv_reallocarray(NULL, count, size);
}

static void zlib_release(void *unused, void *block)
{
    (void)unused;
    arv_free(block);
}
#endif

static bool deflater_is_isal(int level, bool reproducible)
{
    return level >= 1 && level <= ARV__ISAL_LEVEL_MAX && !reproducible && arv__isal_usable();
}

const char *arv__deflater_name(int level, bool reproducible)
{
    if (level == 0)
        return NULL;
    if (deflater_is_isal(level, reproducible))
        return "isal";
#ifdef ARV_HAVE_LIBDEFLATE
    return "libdeflate";
#else
    return "zlib";
#endif
}

int arv__deflater_new(arv__deflater **out, int level, bool reproducible, arv_error *err)
{
    int rc = 0;
    arv__deflater *deflater = arv_calloc(1, sizeof *deflater);
    if (!deflater) {
        rc = arv_error_nomem(err, "a compressor");
        goto out;
    }
    deflater->level = level;
    if (deflater_is_isal(level, reproducible))
        rc = arv__isal_new(&deflater->isal, level, err);
out:
    if (rc < 0) {
        arv__deflater_free(deflater);
        deflater = NULL;
    }
    *out = deflater;
    return rc;
}

void arv__deflater_free(arv__deflater *deflater)
{
    if (!deflater)
        return;
    arv__isal_free(deflater->isal);
#ifdef ARV_HAVE_LIBDEFLATE
    libdeflate_free_compressor(deflater->libdeflate);
    arv__deflate_opener_cleanup(&deflater->opener);
#else
    if (deflater->zlib_ready)
        deflateEnd(&deflater->zlib);
#endif
    arv_free(deflater);
}

/* Room for the worst case at the end of `out`. */
static int deflate_reserve(arv__buf *out, size_t length, arv_error *err)
{
    if (arv__buf_reserve(out, arv__deflate_bound(length)))
        return 0;
    return arv__buf_status(out, "a compressed unit", err);
}

int arv__deflate_stored(const void *data, size_t length, bool last, arv__buf *out, arv_error *err)
{
    const unsigned char *from = data;
    int rc = deflate_reserve(out, length, err);
    if (rc < 0)
        return rc;
    do {
        size_t n = length < ARV__BLOCK_BYTES ? length : ARV__BLOCK_BYTES;
        if (n == 0 && !last)
            break;
        length -= n;
        arv__buf_byte(out, last && length == 0);
        arv__buf_le16(out, (uint16_t)n);
        arv__buf_le16(out, (uint16_t)~n);
        arv__buf_append(out, from, n);
        if (n > 0) /* an empty entry may come without an address */
            from += n;
    } while (length > 0);
    return 0;
}

void arv__deflate_frame(unsigned char *framed, size_t length)
{
    while (length > 0) {
        size_t block = length < ARV__BLOCK_BYTES + ARV__BLOCK_HEADER_BYTES
                           ? length
                           : ARV__BLOCK_BYTES + ARV__BLOCK_HEADER_BYTES;
        unsigned n = (unsigned)(block - ARV__BLOCK_HEADER_BYTES);
        framed[0] = 0;
        framed[1] = (unsigned char)n;
        framed[2] = (unsigned char)(n >> 8);
        framed[3] = (unsigned char)~framed[1];
        framed[4] = (unsigned char)~framed[2];
        framed += block;
        length -= block;
    }
}

static size_t deflate_stored_bytes(size_t length)
{
    return length + ARV__BLOCK_HEADER_BYTES * ((length + ARV__BLOCK_BYTES - 1) / ARV__BLOCK_BYTES);
}

uint64_t arv__deflate_parts_max(uint64_t entry_bytes)
{
    return entry_bytes / ARV__UNIT_BYTES * ARV__UNIT_FRAMED_BYTES +
           deflate_stored_bytes((size_t)(entry_bytes % ARV__UNIT_BYTES));
}

#ifndef ARV_HAVE_LIBDEFLATE
static int zlib_begin(arv__deflater *deflater, arv_error *err)
{
    enum { RAW_WINDOW_BITS = -15, MEMORY_LEVEL = 8 };
    z_stream *z = &deflater->zlib;
    int rc;
    if (deflater->zlib_ready) {
        rc = deflateReset(z);
    } else {
        *z = (z_stream){.zalloc = zlib_allocate, .zfree = zlib_release};
        rc = deflateInit2(z, deflater->level, Z_DEFLATED, RAW_WINDOW_BITS, MEMORY_LEVEL, Z_DEFAULT_STRATEGY);
        deflater->zlib_ready = rc == Z_OK;
    }
    if (rc == Z_MEM_ERROR)
        return arv_error_nomem(err, "a compressor");
    if (rc != Z_OK)
        return arv_error_set(err, ARV_EINTERNAL,
                             "zlib could not be prepared for level %d (code %d); this is a defect "
                             "of Archivist, please report it.",
                             deflater->level, rc);
    return 0;
}

/* Room was made by the caller. */
static int zlib_deflate(arv__deflater *deflater, const void *data, size_t length, bool last, arv__buf *out,
                        arv_error *err)
{
    z_stream *z = &deflater->zlib;
    int rc = zlib_begin(deflater, err);
    if (rc < 0)
        return rc;
    z->next_in = (unsigned char *)(uintptr_t)data;
    z->avail_in = (unsigned)length;
    z->next_out = out->data + out->length;
    z->avail_out = (unsigned)arv__deflate_bound(length);
    rc = deflate(z, last ? Z_FINISH : Z_FULL_FLUSH);
    if (rc != (last ? Z_STREAM_END : Z_OK) || z->avail_in || (!last && !z->avail_out))
        return arv_error_set(err, ARV_EINTERNAL,
                             "zlib could not compress %zu bytes (code %d); this is a defect of "
                             "Archivist, please report it.",
                             length, rc);
    out->length += z->total_out;
    return 0;
}
#endif

#ifdef ARV_HAVE_LIBDEFLATE
static int deflate_whole(arv__deflater *deflater, const void *data, size_t length, arv__buf *out,
                         arv_error *err)
{
    if (!deflater->libdeflate)
        deflater->libdeflate = libdeflate_alloc_compressor(deflater->level);
    if (!deflater->libdeflate)
        return arv_error_nomem(err, "a compressor");
    size_t made = libdeflate_deflate_compress(deflater->libdeflate, data, length, out->data + out->length,
                                              arv__deflate_bound(length));
    if (made == 0)
        return arv_error_set(err, ARV_EINTERNAL,
                             "libdeflate could not compress %zu bytes; this is a defect of "
                             "Archivist, please report it.",
                             length);
    out->length += made;
    return 0;
}

static int deflate_a_part(arv__deflater *deflater, const void *data, size_t length, bool last, arv__buf *out,
                          arv_error *err)
{
    size_t start = out->length;
    int rc = deflate_whole(deflater, data, length, out, err);
    if (rc < 0 || last || out->length - start > deflate_stored_bytes(length))
        return rc;
    return arv__deflate_open_end(&deflater->opener, length, start, out, err);
}
#else
static int deflate_whole(arv__deflater *deflater, const void *data, size_t length, arv__buf *out,
                         arv_error *err)
{
    return zlib_deflate(deflater, data, length, true, out, err);
}

static int deflate_a_part(arv__deflater *deflater, const void *data, size_t length, bool last, arv__buf *out,
                          arv_error *err)
{
    return zlib_deflate(deflater, data, length, last, out, err);
}
#endif

int arv__deflate(arv__deflater *deflater, const void *data, size_t length, arv__buf *out, arv_error *err)
{
    if (deflater->level == 0)
        return arv__deflate_stored(data, length, true, out, err);
    int rc = deflate_reserve(out, length, err);
    if (rc < 0)
        return rc;
    if (deflater->isal)
        return arv__isal_deflate(deflater->isal, data, length, true, out, err);
    return deflate_whole(deflater, data, length, out, err);
}

int arv__deflate_part(arv__deflater *deflater, const void *data, size_t length, bool last, arv__buf *out,
                      arv_error *err)
{
    size_t start = out->length;
    int rc;
    if (deflater->level == 0 || length == 0)
        return arv__deflate_stored(data, length, last, out, err);
    rc = deflate_reserve(out, length, err);
    if (rc < 0)
        return rc;
    if (deflater->isal)
        rc = arv__isal_deflate(deflater->isal, data, length, last, out, err);
    else
        rc = deflate_a_part(deflater, data, length, last, out, err);
    if (rc == 0 && out->length - start > deflate_stored_bytes(length)) {
        out->length = start;
        rc = arv__deflate_stored(data, length, last, out, err);
    }
    return rc;
}

void arv__deflate_learn(arv__deflater *deflater, const arv__deflate_sample *samples, unsigned count)
{
    if (deflater->isal)
        arv__isal_learn(deflater->isal, samples, count);
}

uint32_t arv__crc32(uint32_t crc, const void *data, size_t length)
{
#ifdef ARV_HAVE_LIBDEFLATE
    return libdeflate_crc32(crc, data, length);
#else
    return (uint32_t)crc32_z(crc, data, length);
#endif
}

uint32_t arv__crc32_combine(uint32_t first, uint32_t second, uint64_t second_length)
{
    return (uint32_t)crc32_combine(first, second, (z_off_t)second_length);
}

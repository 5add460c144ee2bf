/* SPDX-License-Identifier: Apache-2.0 */
#include "package/formats.h"

#include <string.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>
#include <arv/sys/alloc.h>

enum {
    UNPACK_BLOCK_BYTES = 1 << 20,
    UNPACK_ZSTD_WINDOW_LOG = 23, /* enough for level 19; more would exceed the memory bound */
    UNPACK_ZST_RATIO = 20000
};

static void unpack_damaged(arv__unpack *unpack, arv_finding_kind kind, const char *message)
{
    arv__reader_find_at(unpack->reader, kind, NULL, 0, "%s (At byte %llu of the container.)", message,
                        (unsigned long long)unpack->packed_at);
    unpack->damaged = true;
}

/* Reports bytes that unpack to nothing: no damage, but nothing proves them. */
static void unpack_foreign(arv__unpack *unpack, const char *what)
{
    if (unpack->foreign_told)
        return;
    unpack->foreign_told = true;
    arv__reader_find_at(unpack->reader, ARV_FINDING_FOREIGN, NULL, 0,
                        "%s, which no manifest covers. (At byte %llu of the container.)", what,
                        (unsigned long long)unpack->packed_at);
}

static void unpack_ends(arv__unpack *unpack)
{
    unpack->inside = false;
    unpack->ended++;
    if (!unpack->filled)
        unpack_foreign(unpack, "A member or frame of the compressed stream is empty");
}

/* ---- gzip ------------------------------------------------------------------------------------ */

static void *gzip_alloc(void *opaque, unsigned count, unsigned size)
{
    (void)opaque;
    return arv_calloc(count, size);
}

static void gzip_release(void *opaque, void *block)
{
    (void)opaque;
    arv_free(block);
}

static int gzip_init(arv__unpack *unpack, arv_error *err)
{
    z_stream *z = arv_calloc(1, sizeof *z);
    if (!z)
        return arv_error_nomem(err, "a gzip reader");
    z->zalloc = gzip_alloc;
    z->zfree = gzip_release;
    if (inflateInit2(z, MAX_WBITS + 16) != Z_OK) {
        arv_free(z);
        return arv_error_nomem(err, "a gzip reader");
    }
    unpack->decoder = z;
    return ARV_OK;
}

static void gzip_free(void *decoder)
{
    inflateEnd(decoder);
    arv_free(decoder);
}

static bool gzip_begins(const unsigned char *head, size_t length)
{
    return length >= 3 && !memcmp(head, "\x1f\x8b\x08", 3);
}

/* Python's "r|gz" and PHP's PharData read the first member and take it for all. */
static void gzip_second(arv__unpack *unpack)
{
    arv__reader_find_at(unpack->reader, ARV_FINDING_TRAILING, NULL, 0,
                        "A second gzip member follows, which some programs do not read. (At byte %llu "
                        "of the container.)",
                        (unsigned long long)unpack->packed_at);
    unpack->damaged = !unpack->reader->options.foreign; /* there the rest may have findings too */
}

static bool gzip_enter(arv__unpack *unpack, const unsigned char *in, size_t length)
{
    bool enters = length >= 2 && !memcmp(in, "\x1f\x8b", 2);
    if (enters && unpack->ended == 1)
        gzip_second(unpack);
    return enters;
}

static const char *gzip_check(const unsigned char *in, size_t length)
{
    static const unsigned char header[10] = {0x1f, 0x8b, 8, [9] = 255};
    if (length >= sizeof header && memcmp(in, header, sizeof header) == 0)
        return NULL;
    return "The header of the gzip member has another time, name or the like";
}

static size_t gzip_step(arv__unpack *unpack, const unsigned char *in, size_t length, size_t *made)
{
    z_stream *z = unpack->decoder;
    if (length == 0)
        return 0;
    z->next_in = (unsigned char *)in;
    z->avail_in = (unsigned)length;
    z->next_out = unpack->block + *made;
    z->avail_out = (unsigned)(UNPACK_BLOCK_BYTES - *made);
    int result = inflate(z, Z_NO_FLUSH);
    unpack->filled |= *made < UNPACK_BLOCK_BYTES - z->avail_out;
    *made = UNPACK_BLOCK_BYTES - z->avail_out;
    if (result == Z_STREAM_END) {
        unpack_ends(unpack);
        inflateReset(z);
    } else if (result == Z_MEM_ERROR) {
        unpack->no_memory = true;
    } else if (result != Z_OK) {
        bool checksum = z->msg && (z->msg[0] == 'i' && z->msg[10] == 'd' && z->msg[11] == 'a');
        unpack_damaged(unpack, checksum ? ARV_FINDING_CHECKSUM : ARV_FINDING_STRUCTURE,
                       checksum ? "A gzip member does not match its own checksum."
                                : "A gzip member is damaged.");
    }
    return length - z->avail_in;
}

const arv__unpack_ops arv__unpack_gzip = {.begins = gzip_begins,
                                          .init = gzip_init,
                                          .free = gzip_free,
                                          .enter = gzip_enter,
                                          .check = gzip_check,
                                          .step = gzip_step};

/* ---- zstd ------------------------------------------------------------------------------------ */

static int zstd_init(arv__unpack *unpack, arv_error *err)
{
    unpack->decoder = ZSTD_createDStream();
    if (!unpack->decoder ||
        ZSTD_isError(ZSTD_DCtx_setParameter(unpack->decoder, ZSTD_d_windowLogMax, UNPACK_ZSTD_WINDOW_LOG)))
        return arv_error_nomem(err, "a zstd reader");
    return ARV_OK;
}

static void zstd_free(void *decoder)
{
    ZSTD_freeDStream(decoder);
}

static bool zstd_begins(const unsigned char *head, size_t length)
{
    return length >= 4 && !memcmp(head, "\x28\xb5\x2f\xfd", 4);
}

static bool zstd_enter(arv__unpack *unpack, const unsigned char *in, size_t length)
{
    bool skippable = length >= 4 && (in[0] & 0xf0) == 0x50 && !memcmp(in + 1, "\x2a\x4d\x18", 3);
    if (skippable)
        unpack_foreign(unpack, "A skippable zstd frame holds bytes that no program unpacks");
    return skippable || zstd_begins(in, length);
}

static const char *zstd_check(const unsigned char *in, size_t length)
{
    enum {
        SINGLE = 1 << 5,
        SUMMED = 1 << 2,
        WINDOW = (20 - 10) << 3,
        SIZE_1 = 0,
        SIZE_2 = 1 << 6,
        SIZE_4 = 2 << 6
    };
    if (length < 10)
        return NULL; /* no whole frame: reading it reports that */
    unsigned head = in[4];
    bool right;
    if (head == (SIZE_4 | SUMMED)) {
        right = in[5] == WINDOW && arv__le32(in + 6) > 1 << 20;
    } else if (head == (SIZE_4 | SINGLE | SUMMED)) {
        uint32_t size = arv__le32(in + 5);
        right = size >= 65536 + 256 && size <= 1 << 20;
    } else {
        right = head == (SIZE_2 | SINGLE | SUMMED) || (head == (SIZE_1 | SINGLE | SUMMED) && in[5] > 0);
    }
    return right ? NULL
                 : "The header of a zstd frame has another size, window or flags than Archivist writes";
}

static size_t zstd_step(arv__unpack *unpack, const unsigned char *in, size_t length, size_t *made)
{
    ZSTD_inBuffer input = {in, length, 0};
    ZSTD_outBuffer output = {unpack->block, UNPACK_BLOCK_BYTES, *made};
    size_t result = ZSTD_decompressStream(unpack->decoder, &output, &input);
    unpack->filled |= *made < output.pos;
    *made = output.pos;
    if (result == 0) {
        unpack_ends(unpack);
    } else if (ZSTD_isError(result)) {
        ZSTD_ErrorCode code = ZSTD_getErrorCode(result);
        if (code == ZSTD_error_memory_allocation)
            unpack->no_memory = true;
        else if (code == ZSTD_error_checksum_wrong)
            unpack_damaged(unpack, ARV_FINDING_CHECKSUM, "A zstd frame does not match its own checksum.");
        else if (code == ZSTD_error_frameParameter_windowTooLarge)
            unpack_damaged(unpack, ARV_FINDING_BOMB, "A zstd frame needs a window of more than 8 MiB.");
        else
            unpack_damaged(unpack, ARV_FINDING_STRUCTURE, "A zstd frame is damaged.");
    }
    return input.pos;
}

const arv__unpack_ops arv__unpack_zstd = {.begins = zstd_begins,
                                          .init = zstd_init,
                                          .free = zstd_free,
                                          .enter = zstd_enter,
                                          .check = zstd_check,
                                          .step = zstd_step,
                                          .ratio_max = UNPACK_ZST_RATIO};

/* ---- the stream ------------------------------------------------------------------------------ */

int arv__unpack_init(arv__unpack *unpack, arv__reader *reader, arv_error *err)
{
    *unpack = (arv__unpack){.reader = reader, .ops = reader->unpack};
    if (!unpack->ops)
        return ARV_OK;
    unpack->block = arv_malloc(UNPACK_BLOCK_BYTES);
    if (!unpack->block)
        return arv_error_nomem(err, "a buffer for unpacking");
    return unpack->ops->init(unpack, err);
}

void arv__unpack_cleanup(arv__unpack *unpack)
{
    if (unpack->decoder)
        unpack->ops->free(unpack->decoder);
    arv_free(unpack->block);
    *unpack = (arv__unpack){.reader = NULL};
}

/* Returns whether a new member or frame begins here; other bytes behind a whole one are a finding. */
static bool unpack_begins(arv__unpack *unpack, const unsigned char *in, size_t length)
{
    unpack->filled = false;
    unpack->inside = unpack->ops->enter(unpack, in, length);
    if (!unpack->reader->options.foreign && unpack->inside && !unpack->damaged) {
        const char *differs = unpack->ops->check(in, length);
        if (differs)
            unpack_foreign(unpack, differs);
    }
    if (!unpack->inside)
        unpack_damaged(unpack, ARV_FINDING_TRAILING, "Bytes stand behind the end of the compressed stream.");
    return unpack->inside && !unpack->damaged;
}

static bool unpack_is_bomb(arv__unpack *unpack, uint64_t unpacked)
{
    uint64_t ratio =
        unpack->ops->ratio_max ? unpack->ops->ratio_max : unpack->reader->options.limits.ratio_max;
    if (unpacked <= UNPACK_BLOCK_BYTES || unpacked / ratio <= unpack->packed_at)
        return false;
    unpack_damaged(unpack, ARV_FINDING_BOMB,
                   "The container unpacks to far more bytes than honest data would.");
    return true;
}

static int64_t unpack_decode(arv__unpack *unpack, arv_error *err)
{
    arv__window *window = &unpack->reader->window;
    size_t made = 0;
    while (made < UNPACK_BLOCK_BYTES && !unpack->damaged) {
        const unsigned char *in = NULL;
        int64_t got = arv__window_get(window, unpack->packed_at, 18, &in, err);
        if (got < 0)
            return got;
        if (got == 0 && !unpack->inside)
            break;
        if (!unpack->inside && !unpack_begins(unpack, in, (size_t)got))
            break;
        size_t before = made;
        size_t taken = unpack->ops->step(unpack, in, (size_t)got, &made);
        if (unpack->no_memory)
            return arv_error_nomem(err, "unpacking a container");
        unpack->packed_at += taken;
        if (taken == 0 && made == before && unpack->inside && !unpack->damaged)
            unpack_damaged(unpack, ARV_FINDING_TRUNCATED, "The compressed stream ends in the middle.");
    }
    if (unpack_is_bomb(unpack, unpack->unpacked + made))
        return 0;
    return (int64_t)made;
}

int64_t arv__unpack_next(arv__unpack *unpack, const unsigned char **data, arv_error *err)
{
    int64_t got;
    if (unpack->damaged)
        return 0;
    if (unpack->block) {
        got = unpack_decode(unpack, err);
        *data = unpack->block;
    } else {
        got = arv__window_get(&unpack->reader->window, unpack->packed_at, 512, data, err);
        if (got > 512)
            got &= ~INT64_C(511);
        if (got > 0)
            unpack->packed_at += (uint64_t)got;
    }
    if (got > 0)
        unpack->unpacked += (uint64_t)got;
    return got;
}

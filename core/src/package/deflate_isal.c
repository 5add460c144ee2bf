/* SPDX-License-Identifier: Apache-2.0 */
#include "package/deflate_isal.h"

#include <stdint.h>
#include <arv/sys/alloc.h>
#ifdef ARV_HAVE_ISAL
#include <isa-l/igzip_lib.h>
#include <sys/mman.h>
#if defined(__x86_64__)
#include <nmmintrin.h>
#endif
#endif

/*
 * ISA-L compresses in one call from memory to memory ("stateless"). At levels 1 to 3 it computes a
 * table of codes for every block, which for a file of 1 KiB takes three quarters of the time. Such
 * files come in units of hundreds of similar ones. So at level 1 they go through level 0 with one table
 * made from samples of the unit: four times as fast, and 4 % larger.
 *
 * The place of the stream. At levels 1 and 2 ISA-L 2.30 fills one slot of its hash table by mistake
 * from the address of the stream (igzip_icf_body_h1_gr_bt.asm, .write_first_byte: it hashes the
 * register that holds the pointer, shifted by 16, where it means the bytes behind it). The output is
 * valid, but once in some ten thousand calls ISA-L finds or misses a match because of it. So the bytes
 * would depend on the address of a thread's memory. Therefore every stream is mapped at an address whose
 * stray slot is slot 0.
 */

#ifdef ARV_HAVE_ISAL

enum {
    ISAL_LEARN_BYTES = 32768, /* of samples at the most */
    PLACE_STEP_BYTES = 65536, /* bits below do not go into the stray hash */
    PLACE_STEPS = 1 << 20,    /* one in 32768 fits */
    STRAY_SLOTS = 32768       /* of the largest hash table */
};

struct arv__isal {
    int level;
    bool learned;
    unsigned char *level_memory;
    unsigned level_memory_bytes;
    struct isal_zstream *stream; /* mapped: see above */
    struct isal_hufftables tables;
    struct isal_huff_histogram histogram;
};

bool arv__isal_usable(void)
{
#if defined(__x86_64__) && defined(__GNUC__)
    return __builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("pclmul");
#else
    return true;
#endif
}

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) static bool isal_place_fits(uintptr_t address)
{
    return _mm_crc32_u32(0, (uint32_t)(address >> 16)) % STRAY_SLOTS == 0;
}
#else
static bool isal_place_fits(uintptr_t address)
{
    (void)address;
    return true;
}
#endif

static void *isal_map(uintptr_t wanted)
{
    /* A hint, not MAP_FIXED, which would replace existing mappings. */
    void *at = mmap((void *)wanted, sizeof(struct isal_zstream), PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return at == MAP_FAILED ? NULL : at;
}

/* Returns zeroed memory at the wanted address, or NULL when that is not free. */
static void *isal_map_fitting(uintptr_t wanted)
{
    if (!isal_place_fits(wanted))
        return NULL;
    void *at = isal_map(wanted);
    if (!at || (uintptr_t)at == wanted)
        return at;
    munmap(at, sizeof(struct isal_zstream));
    return NULL;
}

/* Returns zeroed memory at an address that fits, near the one that the system would choose: free addresses
 * are below it on Linux, above it under valgrind. NULL when none was free. */
static struct isal_zstream *isal_place(void)
{
    void *at = isal_map(0);
    if (!at || isal_place_fits((uintptr_t)at))
        return at;
    uintptr_t step = (uintptr_t)at / PLACE_STEP_BYTES;
    munmap(at, sizeof(struct isal_zstream));
    for (unsigned i = 1; i < PLACE_STEPS; i++) {
        if (i < step && (at = isal_map_fitting((step - i) * PLACE_STEP_BYTES)))
            return at;
        if ((at = isal_map_fitting((step + i) * PLACE_STEP_BYTES)))
            return at;
    }
    return NULL;
}

int arv__isal_new(arv__isal **out, int level, arv_error *err)
{
    static const unsigned memory_bytes[ARV__ISAL_LEVEL_MAX + 1] = {0, ISAL_DEF_LVL1_DEFAULT,
                                                                   ISAL_DEF_LVL2_DEFAULT,
                                                                   ISAL_DEF_LVL3_DEFAULT};
    int rc = 0;
    arv__isal *isal = arv_calloc(1, sizeof *isal);
    if (!isal) {
        rc = arv_error_nomem(err, "a compressor");
        goto out;
    }
    isal->level = level;
    isal->level_memory_bytes = memory_bytes[level];
    isal->level_memory = arv_calloc(1, isal->level_memory_bytes);
    isal->stream = isal_place();
    if (!isal->level_memory || !isal->stream)
        rc = arv_error_nomem(err, "a compressor");
out:
    if (rc < 0) {
        arv__isal_free(isal);
        isal = NULL;
    }
    *out = isal;
    return rc;
}

void arv__isal_free(arv__isal *isal)
{
    if (!isal)
        return;
    if (isal->stream)
        munmap(isal->stream, sizeof *isal->stream);
    arv_free(isal->level_memory);
    arv_free(isal);
}

int arv__isal_deflate(arv__isal *isal, const void *data, size_t length, bool last, arv__buf *out,
                      arv_error *err)
{
    struct isal_zstream *s = isal->stream;
    isal_deflate_stateless_init(s);
    if (isal->learned && length <= ARV__DEFLATE_SMALL_BYTES) {
        s->level = 0;
        s->hufftables = &isal->tables;
    } else {
        s->level = (uint32_t)isal->level;
        s->level_buf = isal->level_memory;
        s->level_buf_size = isal->level_memory_bytes;
    }
    s->end_of_stream = last;
    s->flush = last ? NO_FLUSH : FULL_FLUSH;
    s->next_in = (uint8_t *)(uintptr_t)data;
    s->avail_in = (uint32_t)length;
    s->next_out = out->data + out->length;
    s->avail_out = (uint32_t)arv__deflate_bound(length);
    int rc = isal_deflate_stateless(s);
    if (rc != COMP_OK || s->avail_in)
        return arv_error_set(err, ARV_EINTERNAL,
                             "ISA-L could not compress %zu bytes (code %d); this is a defect of "
                             "Archivist: please report it, and use the reproducible option until "
                             "it is mended.",
                             length, rc);
    out->length += s->total_out;
    return 0;
}

void arv__isal_learn(arv__isal *isal, const arv__deflate_sample *samples, unsigned count)
{
    size_t left = ISAL_LEARN_BYTES;
    isal->learned = false;
    if (isal->level > 1 || count == 0)
        return;
    memset(&isal->histogram, 0, sizeof isal->histogram);
    for (unsigned i = 0; i < count && left > 0; i++) {
        size_t n = samples[i].length < left ? samples[i].length : left;
        isal_update_histogram((uint8_t *)(uintptr_t)samples[i].data, (int)n, &isal->histogram);
        left -= n;
    }
    isal->learned = isal_create_hufftables(&isal->tables, &isal->histogram) == 0;
}

#else

bool arv__isal_usable(void)
{
    return false;
}

int arv__isal_new(arv__isal **isal, int level, arv_error *err)
{
    *isal = NULL;
    return arv_error_set(err, ARV_EUNSUPPORTED, "Level %d of ISA-L was asked for in a build without it.",
                         level);
}

void arv__isal_free(arv__isal *isal)
{
    (void)isal;
}

int arv__isal_deflate(arv__isal *isal, const void *data, size_t length, bool last, arv__buf *out,
                      arv_error *err)
{
    (void)isal;
    (void)data;
    (void)length;
    (void)last;
    (void)out;
    return arv_error_set(err, ARV_EUNSUPPORTED, "This build has no ISA-L.");
}

void arv__isal_learn(arv__isal *isal, const arv__deflate_sample *samples, unsigned count)
{
    (void)isal;
    (void)samples;
    (void)count;
}

#endif

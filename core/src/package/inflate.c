/* SPDX-License-Identifier: Apache-2.0 */
#include "package/inflate.h"

#include <arv/sys/alloc.h>
#ifdef ARV_HAVE_LIBDEFLATE
#include <libdeflate.h>
#endif

#ifdef ARV_HAVE_LIBDEFLATE

struct arv__inflater {
    struct libdeflate_decompressor *libdeflate;
};

arv__inflater *arv__inflater_new(void)
{
    arv__inflater *inflater = arv_calloc(1, sizeof *inflater);
    if (!inflater) return NULL;
    inflater->libdeflate = libdeflate_alloc_decompressor();
    if (inflater->libdeflate) return inflater;
    arv_free(inflater);
    return NULL;
}

void arv__inflater_free(arv__inflater *inflater)
{
    if (!inflater) return;
    libdeflate_free_decompressor(inflater->libdeflate);
    arv_free(inflater);
}

bool arv__inflate_whole(arv__inflater *inflater, const void *packed, size_t packed_length,
                        void *out, size_t length)
{
    size_t used = 0, made = 0;
    if (!inflater) return false;
    return libdeflate_deflate_decompress_ex(inflater->libdeflate, packed, packed_length, out,
                                            length, &used, &made) == LIBDEFLATE_SUCCESS &&
           used == packed_length && made == length;
}

#else

arv__inflater *arv__inflater_new(void)
{
    return NULL;
}

void arv__inflater_free(arv__inflater *inflater)
{
    (void)inflater;
}

bool arv__inflate_whole(arv__inflater *inflater, const void *packed, size_t packed_length,
                        void *out, size_t length)
{
    (void)inflater;
    (void)packed;
    (void)packed_length;
    (void)out;
    (void)length;
    return false;
}

#endif

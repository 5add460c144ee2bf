/* SPDX-License-Identifier: Apache-2.0 */
#include "package/format.h"

#include <string.h>

/* Facts of a unit for every format: the room that its bytes may take, and whether compressing them is
 * worth while. */

enum {
    /* A safe path, the base folder, "/data/" and the "/" of a folder, rounded up. */
    NAME_BYTES_MAX = 1280,
    HEADER_BYTES_MAX = 4096, /* per piece: a tar's three headers and padding */
    SAMPLES = 8,
    SAMPLE_BYTES = 1024,
    SAMPLED_BYTES_MIN = 512
};

size_t arv__unit_out_bytes(const arv__format_ops *ops)
{
    /* The packer ends a unit when it has reached ARV__UNIT_BYTES: the last entry goes beyond. */
    size_t raw = 2 * (size_t)ARV__UNIT_BYTES;
    size_t headers = (size_t)ARV__UNIT_PIECES * (HEADER_BYTES_MAX + NAME_BYTES_MAX);
    size_t bytes = raw + headers;
    return ops->level_max > 0 ? bytes + bytes / 4 : bytes;
}

/*
 * Judges by the frequency of two equal bytes in the samples. For random bytes it is 1 in 256;
 * sum(c * (c - 1)) / (n * (n - 1)) estimates it without bias, however few the samples are. A histogram of
 * 7.9 bits a byte that deviates evenly has 1.15 times that. In an uneven one (some text among packed
 * bytes) the estimate rises faster than entropy falls.
 */
bool arv__incompressible(const unsigned char *samples, size_t length)
{
    uint32_t counts[4][256] = {{0}};
    uint64_t equal = 0;
    size_t i = 0;
    if (length < SAMPLED_BYTES_MIN)
        return false;
    for (; i + 4 <= length; i += 4) {
        counts[0][samples[i]]++;
        counts[1][samples[i + 1]]++;
        counts[2][samples[i + 2]]++;
        counts[3][samples[i + 3]]++;
    }
    for (; i < length; i++)
        counts[0][samples[i]]++;
    for (i = 0; i < 256; i++) {
        uint64_t c = (uint64_t)counts[0][i] + counts[1][i] + counts[2][i] + counts[3][i];
        equal += c * c;
    }
    uint64_t n = length;
    return (double)(equal - n) * 256 < (double)n * (double)(n - 1) * 1.15;
}

bool arv__incompressible_bytes(const unsigned char *data, size_t length)
{
    unsigned char samples[SAMPLES * SAMPLE_BYTES];
    if (length <= sizeof samples)
        return arv__incompressible(data, length);
    size_t step = (length - SAMPLE_BYTES) / (SAMPLES - 1);
    for (unsigned i = 0; i < SAMPLES; i++)
        memcpy(samples + i * SAMPLE_BYTES, data + i * step, SAMPLE_BYTES);
    return arv__incompressible(samples, sizeof samples);
}

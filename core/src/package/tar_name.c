/* SPDX-License-Identifier: Apache-2.0 */
#include "package/tar_name.h"

#include <stdio.h>
#include <string.h>

#include "package/format.h"

enum { SUFFIX_BYTES = 9 /* "~" and the CRC-32 of the whole name, eight digits */ };

/* Whole in the one field, or split at the earliest "/" that leaves not too much behind it. */
static bool name_fits(char *field, char *prefix, const char *name, size_t length)
{
    size_t split;
    if (length <= ARV__TAR_NAME_BYTES) {
        memcpy(field, name, length);
        return true;
    }
    if (length > ARV__TAR_PREFIX_BYTES + 1 + ARV__TAR_NAME_BYTES)
        return false;
    split = length - ARV__TAR_NAME_BYTES - 1;
    while (split < length - 1 && (name[split] != '/' || split == 0))
        split++;
    if (split > ARV__TAR_PREFIX_BYTES || split >= length - 1)
        return false;
    memcpy(prefix, name, split);
    memcpy(field, name + split + 1, length - split - 1);
    return true;
}

static void name_shorten(char *field, const char *name, size_t length)
{
    char suffix[SUFFIX_BYTES + 2];
    bool folder = name[length - 1] == '/';
    size_t kept = ARV__TAR_NAME_BYTES - SUFFIX_BYTES - folder;
    while (kept > 0 && ((unsigned char)name[kept] & 0xC0) == 0x80) /* not inside of a character */
        kept--;
    memcpy(field, name, kept);
    int n =
        snprintf(suffix, sizeof suffix, "~%08x%s", (unsigned)arv__crc32(0, name, length), folder ? "/" : "");
    memcpy(field + kept, suffix, (size_t)n);
}

bool arv__tar_name(char field[ARV__TAR_NAME_BYTES], char prefix[ARV__TAR_PREFIX_BYTES], const char *name,
                   size_t length)
{
    memset(field, 0, ARV__TAR_NAME_BYTES);
    memset(prefix, 0, ARV__TAR_PREFIX_BYTES);
    if (!name_fits(field, prefix, name, length)) {
        name_shorten(field, name, length);
        return true;
    }
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)name[i] >= 0x80)
            return true;
    return false;
}

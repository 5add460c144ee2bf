/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The fields of a zip's headers: those that the reader needs, and unknown ones. The manifests prove an
 * archive. Nothing covers a field of a header that the reader does not understand and our packer never
 * writes, so the reader reports it.
 */

#include "package/zip_directory.h"

#include <string.h>

const unsigned char *arv__zip_extra(const unsigned char *extra, size_t length, unsigned id,
                                    size_t *field_length, bool *well_formed)
{
    const unsigned char *found = NULL;
    *field_length = 0;
    *well_formed = true;
    while (length >= 4) {
        size_t field = arv__le16(extra + 2);
        if (field > length - 4) {
            *well_formed = false;
            return found;
        }
        if (arv__le16(extra) == id && !found) {
            found = extra + 4;
            *field_length = field;
        }
        extra += 4 + field;
        length -= 4 + field;
    }
    *well_formed = length == 0;
    return found;
}

bool arv__zip_renames(const unsigned char *extra, size_t length, const unsigned char *name,
                      size_t name_length)
{
    enum { UNICODE_PATH = 0x7075, BEFORE_NAME = 5 };
    while (length >= 4) {
        size_t field = arv__le16(extra + 2);
        if (field > length - 4)
            return false; /* malformed, which is reported elsewhere */
        if (arv__le16(extra) == UNICODE_PATH && (field < BEFORE_NAME || field - BEFORE_NAME != name_length ||
                                                 memcmp(extra + 4 + BEFORE_NAME, name, name_length) != 0))
            return true;
        extra += 4 + field;
        length -= 4 + field;
    }
    return false;
}

/* ---- what no manifest covers ----------------------------------------------------------------- */

enum {
    FIELD_ZIP64 = 1,
    /* Encryption, level of deflate, descriptor, patch, UTF-8, hidden headers: reported elsewhere if bad. */
    FLAGS_KNOWN = 1 << 0 | 3 << 1 | 1 << 3 | 1 << 5 | 1 << 6 | 1 << 11 | 1 << 13,
    MADE_BY_HOST_MAX = 19, /* APPNOTE 4.4.2 */
    MADE_BY_VERSION_MAX = 63,
    ATTRIBUTES_TEXT = 1,    /* internal: "apparently text", a guess of the program that packed it */
    ATTRIBUTES_DOS = 0x803f /* external, below the Unix mode; 7-Zip sets the highest bit with one */
};

/* Times and owners, as other programs write them; a name, which is compared. */
static bool extra_usual(unsigned id)
{
    return id == 0x5455 || id == 0x7875 || id == 0x5855 || id == 0x7855 || id == 0x000a || id == 0x7075;
}

static const char *extra_foreign(const unsigned char *extra, size_t length)
{
    bool zip64 = false;
    while (length >= 4) {
        size_t field = arv__le16(extra + 2);
        if (field > length - 4)
            return NULL; /* malformed, which is reported elsewhere */
        unsigned id = arv__le16(extra);
        if (id != FIELD_ZIP64 && !extra_usual(id))
            return "an extra field";
        if (id == FIELD_ZIP64 && zip64)
            return "a second ZIP64 field";
        zip64 |= id == FIELD_ZIP64;
        extra += 4 + field;
        length -= 4 + field;
    }
    return NULL;
}

/* `at`: "version needed", with which the common part of both headers begins. */
static const char *common_foreign(const unsigned char *at)
{
    unsigned needed = arv__le16(at), flags = arv__le16(at + 2);
    if (needed != 10 && needed != 20 && needed != 45)
        return "the number of a version that no such entry needs";
    if (flags & ~(unsigned)FLAGS_KNOWN)
        return "flags without a meaning";
    return NULL;
}

const char *arv__zip_foreign_local(const unsigned char *at, const unsigned char *extra)
{
    size_t length = arv__le16(at + 28), wide;
    bool well_formed;
    const char *foreign = common_foreign(at + 4);
    if (!foreign)
        foreign = extra_foreign(extra, length);
    if (!foreign && arv__zip_extra(extra, length, FIELD_ZIP64, &wide, &well_formed) &&
        (wide != 16 || arv__le32(at + 18) != UINT32_MAX || arv__le32(at + 22) != UINT32_MAX))
        return "a ZIP64 field that is not needed";
    return foreign;
}

const char *arv__zip_foreign_record(const unsigned char *at, const unsigned char *extra)
{
    if (arv__le16(at + 32) > 0)
        return "a comment";
    if (at[4] > MADE_BY_VERSION_MAX || at[5] > MADE_BY_HOST_MAX)
        return "the number of a program that does not exist";
    if ((arv__le16(at + 36) & ~(unsigned)ATTRIBUTES_TEXT) || (arv__le16(at + 38) & ~(unsigned)ATTRIBUTES_DOS))
        return "attributes without a meaning";
    const char *foreign = common_foreign(at + 6);
    return foreign ? foreign : extra_foreign(extra, arv__le16(at + 30));
}

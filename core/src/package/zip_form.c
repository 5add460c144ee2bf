/* SPDX-License-Identifier: Apache-2.0 */
#include "package/zip_form.h"

#include "package/deflate.h"
#include "package/format.h"

enum {
    FORM_VERSION = 20,
    FORM_VERSION_ZIP64 = 45,
    FORM_MADE_BY = 3 << 8 | FORM_VERSION_ZIP64,
    FORM_FLAG_LATER = 1 << 3,
    FORM_FLAG_UTF8 = 1 << 11,
    FORM_DATE_1980 = 0x21,
    FORM_STORED = 0,
    FORM_DEFLATED = 8
};

#define FORM_MAX32 UINT32_C(0xFFFFFFFF)
#define FORM_UNKNOWN_MIN (UINT64_C(8) << 20) /* a size that was not known is no smaller */

static bool form_is_folder(const arv__zip_form *form)
{
    return form->name_length > 0 && form->name[form->name_length - 1] == '/';
}

const char *arv__zip_form_odd(const arv__zip_form *form)
{
    bool large = form->size_bytes > ARV__UNIT_BYTES;
    if (form->offset == 0 && form->method != FORM_STORED)
        return "compressed bytes, which the first entry never has";
    if (form->later != large)
        return large ? "its size before its data, which is that of an entry up to 1 MiB"
                     : "its size behind its data, which is that of an entry over 1 MiB";
    if (!form->later) {
        if (form->wide)
            return "a ZIP64 field that it does not need";
        if (form->method == FORM_DEFLATED && form->packed_bytes >= form->size_bytes)
            return "compressed bytes that are not fewer than its own";
        return NULL;
    }
    uint64_t most = arv__deflate_parts_max(form->size_bytes);
    if (form->method != FORM_DEFLATED)
        return "a size behind its data, but is not deflated";
    if (form->packed_bytes > most)
        return "more compressed bytes than it can have";
    if (most >= FORM_MAX32 && !form->wide)
        return "sizes of 32 bits, where 64 are needed";
    if (most < FORM_MAX32 && form->wide && form->size_bytes < FORM_UNKNOWN_MIN)
        return "sizes of 64 bits, where 32 are written";
    return NULL;
}

static void form_common(const arv__zip_form *form, bool local, unsigned version, arv__buf *out)
{
    unsigned flags = form->later ? FORM_FLAG_LATER : 0;
    uint64_t packed = form->packed_bytes, size = form->size_bytes;
    for (size_t i = 0; i < form->name_length; i++)
        if ((unsigned char)form->name[i] >= 0x80)
            flags |= FORM_FLAG_UTF8;
    if (local && form->later)
        packed = size = form->wide ? FORM_MAX32 : 0;
    arv__buf_le16(out, (uint16_t)version);
    arv__buf_le16(out, (uint16_t)flags);
    arv__buf_le16(out, (uint16_t)form->method);
    arv__buf_le16(out, 0);
    arv__buf_le16(out, FORM_DATE_1980);
    arv__buf_le32(out, local && form->later ? 0 : form->crc32);
    arv__buf_le32(out, packed < FORM_MAX32 ? (uint32_t)packed : FORM_MAX32);
    arv__buf_le32(out, size < FORM_MAX32 ? (uint32_t)size : FORM_MAX32);
    arv__buf_le16(out, (uint16_t)form->name_length);
}

void arv__zip_form_local(const arv__zip_form *form, arv__buf *out)
{
    arv__buf_le32(out, 0x04034b50);
    form_common(form, true, form->wide ? FORM_VERSION_ZIP64 : FORM_VERSION, out);
    arv__buf_le16(out, form->wide ? 20 : 0);
    arv__buf_append(out, form->name, form->name_length);
    if (!form->wide)
        return;
    arv__buf_le16(out, 1);
    arv__buf_le16(out, 16);
    arv__buf_fill(out, 0, 16);
}

void arv__zip_form_descriptor(const arv__zip_form *form, arv__buf *out)
{
    if (!form->later)
        return;
    arv__buf_le32(out, 0x08074b50);
    arv__buf_le32(out, form->crc32);
    if (form->wide) {
        arv__buf_le64(out, form->packed_bytes);
        arv__buf_le64(out, form->size_bytes);
    } else {
        arv__buf_le32(out, (uint32_t)form->packed_bytes);
        arv__buf_le32(out, (uint32_t)form->size_bytes);
    }
}

void arv__zip_form_record(const arv__zip_form *form, arv__buf *out)
{
    bool size64 = form->size_bytes >= FORM_MAX32, packed64 = form->packed_bytes >= FORM_MAX32;
    bool at64 = form->offset >= FORM_MAX32;
    unsigned field = 8u * (size64 + packed64 + at64);
    arv__buf_le32(out, 0x02014b50);
    arv__buf_le16(out, FORM_MADE_BY);
    form_common(form, false, form->wide || field ? FORM_VERSION_ZIP64 : FORM_VERSION, out);
    arv__buf_le16(out, (uint16_t)(field ? 4 + field : 0));
    arv__buf_le16(out, 0);
    arv__buf_le16(out, 0);
    arv__buf_le16(out, 0);
    arv__buf_le32(out, form_is_folder(form) ? UINT32_C(040755) << 16 | 0x10 : UINT32_C(0100644) << 16);
    arv__buf_le32(out, at64 ? FORM_MAX32 : (uint32_t)form->offset);
    arv__buf_append(out, form->name, form->name_length);
    if (!field)
        return;
    arv__buf_le16(out, 1);
    arv__buf_le16(out, (uint16_t)field);
    if (size64)
        arv__buf_le64(out, form->size_bytes);
    if (packed64)
        arv__buf_le64(out, form->packed_bytes);
    if (at64)
        arv__buf_le64(out, form->offset);
}

void arv__zip_form_end(uint64_t entries, uint64_t at, uint64_t bytes, arv__buf *out)
{
    uint16_t count = (uint16_t)(entries < 0xffff ? entries : 0xffff);
    if (entries >= 0xffff || bytes >= FORM_MAX32 || at >= FORM_MAX32) {
        arv__buf_le32(out, 0x06064b50);
        arv__buf_le64(out, 44);
        arv__buf_le16(out, FORM_MADE_BY);
        arv__buf_le16(out, FORM_VERSION_ZIP64);
        arv__buf_le64(out, 0);
        arv__buf_le64(out, entries);
        arv__buf_le64(out, entries);
        arv__buf_le64(out, bytes);
        arv__buf_le64(out, at);
        arv__buf_le32(out, 0x07064b50);
        arv__buf_le32(out, 0);
        arv__buf_le64(out, at + bytes);
        arv__buf_le32(out, 1);
    }
    arv__buf_le32(out, 0x06054b50);
    arv__buf_le32(out, 0);
    arv__buf_le16(out, count);
    arv__buf_le16(out, count);
    arv__buf_le32(out, bytes < FORM_MAX32 ? (uint32_t)bytes : FORM_MAX32);
    arv__buf_le32(out, at < FORM_MAX32 ? (uint32_t)at : FORM_MAX32);
    arv__buf_le16(out, 0);
}

const char *arv__zip_form_field(bool record, size_t at)
{
    static const struct {
        unsigned end;
        const char *name;
    } fields[] = {
        {2, "version needed"},
        {4, "flags"},
        {6, "method"},
        {8, "time"},
        {10, "date"},
        {14, "CRC-32"},
        {18, "compressed size"},
        {22, "size"},
        {24, "length of the name"},
        {26, "length of the extra field"},
        {28, "length of the comment"},
        {30, "volume"},
        {32, "internal attributes"},
        {36, "external attributes"},
        {40, "offset"},
    };
    size_t from = record ? 6 : 4, last = record ? 46 : 30;
    if (at < 4)
        return "signature";
    if (at < from)
        return "made by";
    if (at >= last)
        return "name or extra field";
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (at - from < fields[i].end)
            return fields[i].name;
    return "offset";
}

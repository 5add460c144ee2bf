/* SPDX-License-Identifier: Apache-2.0 */
#include "package/bag_internal.h"

#include <inttypes.h>

#include <arv/version.h>
#include "util/time.h"

/*
 * The documents for programs: prints short ones whole, long ones line by line. Both have fixed members
 * in a fixed order, so that the same facts give the same bytes.
 */

static void text_member(arv__buf *out, const char *name, const char *value)
{
    arv__buf_printf(out, ",\"%s\":", name);
    arv__buf_json(out, value, strlen(value));
}

static void text_time(arv__buf *out, const char *name, int64_t at_unix)
{
    arv__buf_printf(out, ",\"%s\":\"", name);
    arv__buf_rfc3339(out, at_unix);
    arv__buf_byte(out, '"');
}

static const char *text_software(const arv__bag_facts *facts)
{
    return facts->software ? facts->software : "archivist " ARV_VERSION;
}

void arv__bag_print_job(arv__buf *out, const arv__bag_facts *facts)
{
    const arv_package_options *options = facts->options;

    arv__buf_literal(out, "{\"format\":\"" ARV__BAG_FORM "\"");
    text_member(out, "uuid", facts->uuid);
    text_member(out, "name", facts->base_folder);
    text_member(out, "title", options->title ? options->title : options->name);
    if (options->requested_at_unix != ARV_TIME_UNKNOWN)
        text_time(out, "requested_at", options->requested_at_unix);
    text_time(out, "collected_at", options->collected_at_unix);
    if (options->created_by)
        text_member(out, "created_by", options->created_by);
    text_member(out, "container", arv_format_name(options->format));
    arv__buf_literal(out, ",\"digests\":[\"sha256\"");
    if (options->digests & ARV_DIGEST_SHA512)
        arv__buf_literal(out, ",\"sha512\"");
    arv__buf_byte(out, ']');
    if (facts->deflater)
        text_member(out, "deflater", facts->deflater);
    arv__buf_printf(out, ",\"reproducible\":%s", options->reproducible ? "true" : "false");
    text_member(out, "software", text_software(facts));
    arv__buf_printf(out, ",\"payload\":{\"entries\":%" PRIu64 ",\"bytes\":%" PRIu64, facts->entries,
                    facts->bytes);
    if (facts->links)
        arv__buf_printf(out, ",\"links\":%" PRIu64, facts->links);
    arv__buf_byte(out, '}');
    if (facts->failures)
        arv__buf_printf(out,
                        ",\"partial\":{\"expected\":%" PRIu64 ",\"archived\":%" PRIu64 ",\"failed\":%" PRIu64
                        "}",
                        facts->entries + facts->failures, facts->entries, facts->failures);
    if (options->metadata_json) {
        arv__buf_literal(out, ",\"metadata\":");
        arv__buf_text(out, options->metadata_json);
    }
    arv__buf_literal(out, "}\n");
}

void arv__bag_print_bagit(arv__buf *out)
{
    arv__buf_literal(out, "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n");
}

/* A value stands on one line: a line end in it would begin another label. */
static void text_label(arv__buf *out, const char *label, const char *value)
{
    arv__buf_text(out, label);
    arv__buf_literal(out, ": ");
    for (; *value; value++)
        arv__buf_byte(out, (unsigned char)*value < 0x20 || *value == 0x7f ? ' ' : (unsigned char)*value);
    arv__buf_byte(out, '\n');
}

void arv__bag_print_info(arv__buf *out, const arv__bag_facts *facts)
{
    const arv_package_options *options = facts->options;
    arv__date date;

    if (options->created_by)
        text_label(out, "Contact-Name", options->created_by);
    if (options->title)
        text_label(out, "External-Description", options->title);
    arv__date_from_unix(options->collected_at_unix, &date);
    arv__buf_printf(out, "Bagging-Date: %04d-%02d-%02d\n", date.year, date.month, date.day);
    arv__buf_printf(out, "External-Identifier: urn:uuid:%s\n", facts->uuid);
    arv__buf_printf(out, "Payload-Oxum: %" PRIu64 ".%" PRIu64 "\n", facts->bytes, facts->files);
    if (facts->failures)
        arv__buf_printf(out,
                        "Internal-Sender-Description: %" PRIu64 " of %" PRIu64
                        " entries could not be archived and are missing; metadata/failures.jsonl "
                        "names them.\n",
                        facts->failures, facts->entries + facts->failures);
    text_label(out, "Bag-Software-Agent", text_software(facts));
}

void arv__bag_uuid_of(const unsigned char manifest_sha256[ARV_SHA256_BYTES], char uuid[ARV_UUID_BYTES])
{
    unsigned char digest[16];
    memcpy(digest, manifest_sha256, sizeof digest);
    if (memcmp(digest, "\xff\xff\xff\xff", 4) == 0)
        digest[0] = 0; /* ARV_UUID_FREE */
    digest[6] = (unsigned char)(0x80 | (digest[6] & 0x0f));
    digest[8] = (unsigned char)(0x80 | (digest[8] & 0x3f));
    for (int i = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            *uuid++ = '-';
        *uuid++ = "0123456789abcdef"[digest[i] >> 4];
        *uuid++ = "0123456789abcdef"[digest[i] & 15];
    }
    *uuid = '\0';
}

bool arv__bag_uuid_is_true(const char *uuid)
{
    for (size_t i = 0; i < ARV_UUID_BYTES - 1; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        bool hex = (uuid[i] >= '0' && uuid[i] <= '9') || (uuid[i] >= 'a' && uuid[i] <= 'f');
        if (dash ? uuid[i] != '-' : !hex)
            return false;
    }
    return !uuid[ARV_UUID_BYTES - 1] && memcmp(uuid, ARV_UUID_FREE, ARV_UUID_FREE_BYTES) != 0 &&
           uuid[14] >= '1' && uuid[14] <= '8' && strchr("89ab", uuid[19]);
}

/* ---- lines of the long documents ------------------------------------------------------------- */

/* A JSON string that begins with "data/". */
static void text_name(arv__buf *out, const arv__bag_record *record)
{
    char text[5 + ARV__BAG_NAME_BYTES] = "data/";
    memcpy(text + 5, record->name, record->name_length);
    arv__buf_json(out, text, 5 + record->name_length);
}

void arv__bag_print_keys(arv__buf *out, const char *keys, size_t length, const char *between,
                         void (*print)(arv__buf *out, const char *text, size_t length))
{
    for (size_t at = 0; at < length; at += strlen(keys + at) + 1) {
        if (at > 0)
            arv__buf_append(out, between, strlen(between));
        print(out, keys + at, strlen(keys + at));
    }
}

void arv__bag_print_persons(arv__buf *out, const char *persons, size_t length)
{
    if (length == 0)
        return;
    arv__buf_literal(out, ",\"persons\":[");
    arv__bag_print_keys(out, persons, length, ",", arv__buf_json);
    arv__buf_byte(out, ']');
}

void arv__bag_print_line(arv__buf *out, const arv__bag_record *record)
{
    arv__buf_literal(out, "{\"name\":");
    text_name(out, record);
    if (arv__bag_record_renamed(record)) {
        arv__buf_literal(out, ",\"original\":");
        arv__buf_json(out, record->original, record->original_length);
    }
    if (record->folder) {
        arv__buf_literal(out, ",\"type\":\"folder\"");
    } else if (record->target) {
        arv__buf_literal(out, ",\"type\":\"link\",\"target\":");
        arv__buf_json(out, record->target, record->target_length);
    } else {
        arv__buf_literal(out, ",\"size\":");
        arv__buf_uint(out, record->size_bytes);
    }
    if (record->modified_at_unix != ARV_TIME_UNKNOWN) {
        arv__buf_literal(out, ",\"modified\":\"");
        arv__buf_rfc3339(out, record->modified_at_unix);
        arv__buf_byte(out, '"');
    }
    if (record->owner) {
        arv__buf_literal(out, ",\"owner\":");
        arv__buf_json(out, record->owner, record->owner_length);
    }
    arv__bag_print_persons(out, record->persons, record->persons_length);
    if (record->sha256) {
        arv__buf_literal(out, ",\"sha256\":\"");
        arv__buf_hex(out, record->sha256, ARV_SHA256_BYTES);
        arv__buf_byte(out, '"');
    }
    if (record->sha512) {
        arv__buf_literal(out, ",\"sha512\":\"");
        arv__buf_hex(out, record->sha512, ARV_SHA512_BYTES);
        arv__buf_byte(out, '"');
    }
    arv__buf_literal(out, "}\n");
}

void arv__bag_print_manifest(arv__buf *out, const arv__bag_record *record, unsigned algorithm)
{
    if (!arv__bag_record_is_file(record))
        return;
    if (algorithm == ARV_DIGEST_SHA512)
        arv__buf_hex(out, record->sha512, ARV_SHA512_BYTES);
    else
        arv__buf_hex(out, record->sha256, ARV_SHA256_BYTES);
    arv__buf_literal(out, "  data/");
    if (record->path_bytes == record->name_length)
        arv__buf_append(out, record->name, record->name_length);
    else
        arv__buf_bag_path(out, record->name, record->name_length);
    arv__buf_byte(out, '\n');
}

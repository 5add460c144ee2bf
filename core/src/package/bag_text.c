/* SPDX-License-Identifier: Apache-2.0 */
#include "package/bag_internal.h"

#include <inttypes.h>

#include <arv/version.h>
#include "util/time.h"

/*
 * The short documents. They are printed whole and have fixed members in a fixed order, so that the
 * same facts give the same bytes.
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
    arv__buf_printf(out, ",\"payload\":{\"entries\":%" PRIu64 ",\"bytes\":%" PRIu64,
                    facts->entries, facts->bytes);
    if (facts->links)
        arv__buf_printf(out, ",\"links\":%" PRIu64, facts->links);
    arv__buf_byte(out, '}');
    if (facts->failures)
        arv__buf_printf(out,
                        ",\"partial\":{\"expected\":%" PRIu64 ",\"archived\":%" PRIu64
                        ",\"failed\":%" PRIu64 "}",
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
        arv__buf_byte(out, (unsigned char)*value < 0x20 || *value == 0x7f ? ' '
                                                                          : (unsigned char)*value);
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

void arv__bag_uuid_of(const unsigned char manifest_sha256[ARV_SHA256_BYTES],
                      char uuid[ARV_UUID_BYTES])
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

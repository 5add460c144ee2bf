/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>

#include "package/bag.h"
#include "package/bag_html_words.h"
#include "package/bag_internal.h"
#include "package/format.h"
#include "package/known.h"
#include "package/packer.h"
#include "util/json.h"
#include "util/names.h"
#include "util/options.h"

enum {
    OPTIONS_THREADS_MAX = 256,
    OPTIONS_MEMORY_MIN = 4 << 20,
    OPTIONS_TEXT_BYTES = 4096,
    OPTIONS_METADATA_BYTES = 1 << 20,
    OPTIONS_DOCUMENT_BYTES = 1 << 20, /* the bound of our own verifier for job.json */
    OPTIONS_FIRST_NAME_BYTES = 200,
    OPTIONS_FIRST_BYTES = 1 << 20
};

#define OPTIONS_YEAR_1 INT64_C(-62135596800)
#define OPTIONS_YEAR_9999 INT64_C(253402300799)

void arv_package_options_init(arv_package_options *options, size_t struct_bytes)
{
    const arv_package_options defaults = {
        .format = ARV_FORMAT_ZIP,
        .level = ARV_LEVEL_DEFAULT,
        .digests = ARV_DIGEST_SHA256,
        .collected_at_unix = ARV_TIME_UNKNOWN,
        .requested_at_unix = ARV_TIME_UNKNOWN,
    };
    arv__options_init(options, struct_bytes, &defaults, sizeof defaults);
}

int arv__package_options_take(arv_package_options *known, const arv_package_options *given, arv_error *err)
{
    return ARV__OPTIONS_TAKE(known, given, "arv_package_options", err);
}

static int options_text(const char *option, const char *text, arv_error *err)
{
    char shown[ARV__QUOTE_BYTES];
    size_t length, bad;

    if (!text)
        return 0;
    length = strlen(text);
    if (length > OPTIONS_TEXT_BYTES)
        return arv_error_set(err, ARV_EINVALID, "The option %s has %zu bytes; at most %d are allowed.",
                             option, length, OPTIONS_TEXT_BYTES);
    if (!arv__utf8_valid(text, length, &bad))
        return arv_error_set(err, ARV_EINVALID,
                             "The option %s is %s, which is not valid UTF-8 from byte %zu on.", option,
                             arv__quote(shown, sizeof shown, text, length), bad);
    return 0;
}

int arv__package_uuid_check(const char *uuid, arv_error *err)
{
    size_t length = strnlen(uuid, ARV_UUID_BYTES);
    char shown[ARV__QUOTE_BYTES];
    bool good = length == ARV_UUID_BYTES - 1 && arv__bag_uuid_is_true(uuid);
    if (good && uuid[14] != '8')
        return 0;
    if (good)
        return arv_error_set(err, ARV_EINVALID,
                             "The option uuid is %s, of version 8: that is the one that the content "
                             "gives where none is given; leave it out, or give one of another version.",
                             uuid);
    if (length == ARV_UUID_BYTES - 1 && strncmp(uuid, ARV_UUID_FREE, ARV_UUID_FREE_BYTES) == 0)
        return arv_error_set(err, ARV_EINVALID,
                             "The option uuid is %s, and what begins with " ARV_UUID_FREE
                             " is never an archive's: storages keep it for other files. Give another "
                             "one, or leave it out.",
                             arv__quote(shown, sizeof shown, uuid, length));
    return arv_error_set(err, ARV_EINVALID,
                         "The option uuid is %s; a UUID in lower case is needed, such as "
                         "123e4567-e89b-42d3-a456-426614174000.",
                         arv__quote(shown, sizeof shown, uuid, length));
}

static int options_metadata(const char *json, arv_error *err)
{
    arv_json *document = NULL;
    int rc;

    if (!json)
        return 0;
    rc = arv_json_parse(&document, json, strlen(json), OPTIONS_METADATA_BYTES, err);
    if (rc == ARV_ENOMEM)
        return rc;
    if (rc < 0) {
        arv_error_prefix(err, "The option metadata is not usable: ");
        if (err)
            err->code = ARV_EINVALID;
        rc = ARV_EINVALID;
    } else if (!arv__json_is_object(document)) {
        rc = arv_error_set(err, ARV_EINVALID, "The option metadata is not a JSON object.");
    }
    arv_json_free(document);
    return rc;
}

static int options_language(const char *language, arv_error *err)
{
    char shown[ARV__QUOTE_BYTES];
    if (arv__page_words_of(language))
        return 0;
    return arv_error_set(err, ARV_EINVALID, "The option language is %s; index.html can be in en and de.",
                         arv__quote(shown, sizeof shown, language, strlen(language)));
}

/* Checks the final document with the largest numbers: our own verifier reads no larger one. */
static int options_document(const arv_package_options *o, arv_error *err)
{
    static const char uuid[] = "00000000-0000-0000-0000-000000000000";
    arv_package_options longest = *o;
    arv_json *document = NULL;
    arv__buf text, base;
    longest.digests = ARV_DIGEST_SHA256 | ARV_DIGEST_SHA512;
    if (longest.requested_at_unix == ARV_TIME_UNKNOWN)
        longest.requested_at_unix = 0;
    if (longest.collected_at_unix == ARV_TIME_UNKNOWN)
        longest.collected_at_unix = 0;
    arv__buf_init(&text, OPTIONS_DOCUMENT_BYTES);
    arv__buf_init(&base, OPTIONS_TEXT_BYTES);
    int rc = arv__name_safe_component(&base, o->name, strlen(o->name), err);
    const char *folder = rc == 0 ? arv__buf_text_z(&base) : NULL;
    if (rc == 0 && !folder)
        rc = arv__buf_status(&base, "the name of the base folder", err);
    if (rc == 0) {
        arv__bag_facts facts = {.options = &longest,
                                .base_folder = folder,
                                .deflater = "a deflater with a name and a version, long enough",
                                .uuid = uuid,
                                .entries = INT64_MAX / 4,
                                .links = INT64_MAX / 4,
                                .bytes = INT64_MAX,
                                .failures = INT64_MAX / 4};
        arv__bag_print_job(&text, &facts);
        if (text.failed == ARV_ELIMIT)
            rc = arv_error_set(err, ARV_EINVALID,
                               "The options name, title, created_by and metadata would make a "
                               "metadata/job.json of more than %d bytes, which is not read any more; "
                               "shorten metadata, or archive what is large as a file.",
                               OPTIONS_DOCUMENT_BYTES);
        else if ((rc = arv__buf_status(&text, "metadata/job.json", err)) == 0)
            rc = arv_json_parse(&document, (const char *)text.data, text.length, OPTIONS_DOCUMENT_BYTES, err);
        if (rc < 0 && rc != ARV_ENOMEM && rc != ARV_EINVALID) {
            arv_error_prefix(err, "The option metadata cannot stand in metadata/job.json: ");
            rc = ARV_EINVALID;
            if (err)
                err->code = rc;
        }
    }
    arv_json_free(document);
    arv__buf_cleanup(&text);
    arv__buf_cleanup(&base);
    return rc;
}

static int options_first_entry(const arv_package_options *o, const arv__format_ops *format, arv_error *err)
{
    const char *name = o->first_entry_name;
    size_t length;

    if (!name)
        return 0;
    length = strlen(name);
    if (!format->root_entries)
        return arv_error_set(err, ARV_EINVALID,
                             "The option first_entry is given, but the format %s has no place "
                             "beside the base folder; leave it out or use zip.",
                             format->name);
    for (const char *c = name; *c; c++)
        if (*c <= 0x20 || *c >= 0x7f || strchr("/\\<>:\"|?*", *c))
            length = 0;
    if (!length || length > OPTIONS_FIRST_NAME_BYTES || name[0] == '.')
        return arv_error_set(err, ARV_EINVALID,
                             "The option first_entry has a name that is not a plain ASCII file name "
                             "of 1 to %d characters.",
                             OPTIONS_FIRST_NAME_BYTES);
    if (arv__known_find(ARV__KNOWN_FIRST, name, length) < 0)
        return arv_error_set(err, ARV_EINVALID,
                             "The option first_entry has the name '%s', for which archives of the form "
                             "%s have no place: they would not be valid. Leave it out.",
                             name, ARV__BAG_FORM);
    if (o->first_entry_length > OPTIONS_FIRST_BYTES || (o->first_entry_length && !o->first_entry_data))
        return arv_error_set(err, ARV_EINVALID, "The option first_entry has %zu bytes; 0 to %d are allowed.",
                             o->first_entry_length, OPTIONS_FIRST_BYTES);
    return 0;
}

static int options_time(const char *option, int64_t at_unix, arv_error *err)
{
    if (at_unix == ARV_TIME_UNKNOWN || (at_unix >= OPTIONS_YEAR_1 && at_unix <= OPTIONS_YEAR_9999))
        return 0;
    return arv_error_set(err, ARV_EINVALID,
                         "The option %s is %" PRId64 ", which is outside of the years 1 to 9999.", option,
                         at_unix);
}

static int options_numbers(const arv_package_options *o, const arv__format_ops *format, arv_error *err)
{
    if (o->level != ARV_LEVEL_DEFAULT && (o->level < 0 || o->level > format->level_max))
        return arv_error_set(err, ARV_EINVALID,
                             "The option level is %d; %s takes 0 to %d, or -1 for the default.", o->level,
                             format->name, format->level_max);
    if (!(o->digests & ARV_DIGEST_SHA256) ||
        (o->digests & ~(unsigned)(ARV_DIGEST_SHA256 | ARV_DIGEST_SHA512)))
        return arv_error_set(err, ARV_EINVALID,
                             "The option digests is %#x; SHA-256 is required, SHA-512 may be added.",
                             o->digests);
    if (o->threads > OPTIONS_THREADS_MAX)
        return arv_error_set(err, ARV_EINVALID, "The option threads is %u; 0 to %d are allowed.", o->threads,
                             OPTIONS_THREADS_MAX);
    if (o->memory_bytes && o->memory_bytes < OPTIONS_MEMORY_MIN)
        return arv_error_set(err, ARV_EINVALID, "The option memory is %zu bytes; at least %d are needed.",
                             o->memory_bytes, OPTIONS_MEMORY_MIN);
    return 0;
}

int arv__package_options_check(const arv_package_options *o, arv_error *err)
{
    const arv__format_ops *format = arv__format_find(o->format);
    int rc;

    if (!format)
        return arv_error_set(err, ARV_EINVALID,
                             "The option format is %d, which is none; zip, tar.zst, tar.gz and tar "
                             "are known.",
                             (int)o->format);
    if (!o->name || !o->name[0])
        return arv_error_set(err, ARV_EINVALID, "The option name is missing: an archive needs one.");
    if ((rc = options_numbers(o, format, err)) < 0 ||
        (rc = options_time("collected_at", o->collected_at_unix, err)) < 0 ||
        (rc = options_time("requested_at", o->requested_at_unix, err)) < 0 ||
        (rc = options_text("name", o->name, err)) < 0 || (rc = options_text("title", o->title, err)) < 0 ||
        (rc = options_text("created_by", o->created_by, err)) < 0 ||
        (rc = options_language(o->language, err)) < 0 ||
        (o->uuid[0] && (rc = arv__package_uuid_check(o->uuid, err)) < 0) ||
        (rc = options_first_entry(o, format, err)) < 0 ||
        (rc = options_metadata(o->metadata_json, err)) < 0 || (rc = options_document(o, err)) < 0)
        return rc;
    return 0;
}

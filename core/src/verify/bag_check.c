/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The check of a bag: one walk through the container, in which every file is hashed and every
 * document read as it comes by, then one walk through the ledger (ledger.c).
 *
 * Every file is hashed with SHA-256. A zip's directory shows beforehand whether SHA-512 is needed, too. A tar
 * shows it only when manifest-sha512.txt comes by, behind the payload: then the walk begins again, with both.
 * Archives with SHA-512 are rare; hashing all others twice is not an option, and remembering nothing keeps
 * the walk simple.
 *
 * An archive of ours holds only the entries that the packer makes (own.c). In the bag of another program a
 * zip may hold `mimetype` and META-INF/ beside the base folder: they prove the archive and are no part of the
 * bag, unless META-INF is the name of the base folder itself. Inside of the bag every file is in a manifest,
 * except proofs behind the last tag manifest, which could only be made when that was known.
 */

#include "verify/check.h"
#include "verify/verify.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "package/bag.h"
#include "package/format.h"
#include "package/known.h"
#include "util/names.h"

enum { CHECK_LEDGER_BYTES = 12 << 20, CHECK_BASE_BYTES = 255, CHECK_NAME_BYTES = 32 << 10 };

static void check_finding(void *user_data, arv_finding_kind kind, const char *entry, size_t entry_length,
                          const char *format, va_list args)
{
    arv__check *check = user_data;
    arv__report_addv(check->report, kind, entry, entry_length, format, args);
}

static int check_init(arv__check *check, arv__source *source, const arv_limits *limits, const int *cancel,
                      uint64_t *done_bytes, arv_error *err)
{
    arv__own_init(&check->own);
    arv__buf_init(&check->base, CHECK_BASE_BYTES);
    arv__buf_init(&check->key, ARV__SORTER_RECORD_BYTES);
    arv__buf_init(&check->value, 4096);
    arv__lines_init(&check->lines, ARV__LINE_BYTES_MAX, arv__documents_on_line, check);
    for (unsigned i = 0; i < ARV__DOCS_WHOLE; i++)
        arv__buf_init(&check->whole[i], (size_t)limits->document_bytes_max);
    arv__reader_options options = {
        .limits = *limits,
        .foreign = check->foreign,
        .cancel = cancel,
        .done_bytes = done_bytes,
        .finding = check_finding,
        .user_data = check,
    };
    int status = arv__reader_open(&check->reader, source, &options, err);
    if (status < 0)
        return status;
    if (arv__reader_holds_sha512(check->reader))
        check->algorithms |= ARV_DIGEST_SHA512;
    check->report->shown.format = arv__reader_format(check->reader);
    check->report->shown.container_bytes = source->size_bytes;
    status = arv__sorter_new(&check->ledger, CHECK_LEDGER_BYTES, NULL, err);
    return status < 0 ? status : arv__digest_init(&check->digest, check->algorithms, err);
}

static void check_cleanup(arv__check *check)
{
    arv__reader_free(check->reader);
    arv__own_cleanup(&check->own);
    arv__sorter_free(check->ledger);
    arv__digest_cleanup(&check->digest);
    arv__buf_cleanup(&check->base);
    arv__buf_cleanup(&check->key);
    arv__buf_cleanup(&check->value);
    arv__lines_cleanup(&check->lines);
    for (unsigned i = 0; i < ARV__DOCS_WHOLE; i++)
        arv__buf_cleanup(&check->whole[i]);
}

/* ---- where an entry belongs ------------------------------------------------------------------ */

static void check_name(arv__check *check)
{
    const char *name = check->entry.name;
    size_t length = check->entry.name_length;
    const char *unsafe = arv__name_unsafe(name, length);
    /* an archive of ours has the names that the packer gives: own.c */
    if (!unsafe && check->foreign)
        unsafe = arv__name_elsewhere(name, length);
    unsigned depth = 1;
    for (size_t i = 0; i < length; i++)
        depth += name[i] == '/';
    if (unsafe)
        ARV__CHECK_FIND(check, ARV_FINDING_NAME, "The name %s.", unsafe);
    if (length > check->limits->name_bytes_max)
        ARV__CHECK_FIND(check, ARV_FINDING_BOMB, "The name has %zu bytes; at most %u may be read.", length,
                        check->limits->name_bytes_max);
    if (depth > check->limits->depth_max)
        ARV__CHECK_FIND(check, ARV_FINDING_BOMB, "The name has %u components; at most %u may be read.", depth,
                        check->limits->depth_max);
    if (length > CHECK_NAME_BYTES)
        check->entry.name_length = CHECK_NAME_BYTES;
}

/* Returns whether a name in META-INF shows that META-INF is the base folder of the bag. */
static bool check_begins_bag(const char *relative, size_t length)
{
    static const char *const parts[] = {"data/", "bagit.txt", ARV__BAG_README};
    for (unsigned i = 0; i < sizeof parts / sizeof *parts; i++)
        if (length >= strlen(parts[i]) && memcmp(relative, parts[i], strlen(parts[i])) == 0)
            return true;
    return false;
}

/* Returns whether the entry may stand beside the base folder. In an archive of ours a version of the form
 * must know its whole name; in the bag of another program it must be a proof. */
static bool check_is_root_part(const arv__check *check, size_t first)
{
    const char *name = check->entry.name;
    size_t length = check->entry.name_length;
    bool folder = check->entry.type == ARV__ENTRY_FOLDER;
    if (!arv__format_find(arv__reader_format(check->reader))->root_entries)
        return false;
    if (!check->foreign)
        return arv__known_find(ARV__KNOWN_FIRST, name, length) >= 0 ||
               arv__known_find(ARV__KNOWN_LATE_ROOT, name, length) >= 0;
    if (first == length && !folder)
        return first == 8 && memcmp(name, "mimetype", 8) == 0;
    if (first != 8 || memcmp(name, "META-INF", 8) != 0)
        return false;
    if (check->base.length > 0)
        return check->base.length != 8 || memcmp(check->base.data, name, 8) != 0;
    return length <= 9 || !check_begins_bag(name + 9, length - 9);
}

static void check_take_base(arv__check *check, size_t length)
{
    arv__buf_append(&check->base, check->entry.name, length);
    char *shown = check->report->shown.base_folder;
    size_t kept = length, bad = 0;
    if (kept >= sizeof check->report->shown.base_folder)
        kept = sizeof check->report->shown.base_folder - 1;
    if (!arv__utf8_valid(check->entry.name, kept, &bad))
        kept = bad;
    memcpy(shown, check->entry.name, kept);
    shown[kept] = '\0';
}

static void check_place_entry(arv__check *check)
{
    const char *name = check->entry.name;
    size_t length = check->entry.name_length;
    const char *slash = memchr(name, '/', length);
    size_t first = slash ? (size_t)(slash - name) : length;
    bool folder = check->entry.type == ARV__ENTRY_FOLDER;
    check->doc = ARV__DOC_NONE;
    check->part = ARV__PART_FOREIGN;
    if (check_is_root_part(check, first)) {
        check->part = ARV__PART_ROOT;
        return;
    }
    if (check->base.length == 0 && first > 0 && first <= CHECK_BASE_BYTES && (slash || folder))
        check_take_base(check, first);
    if (!(slash || folder) || first == 0 || first != check->base.length ||
        memcmp(name, check->base.data, first) != 0) {
        ARV__CHECK_FIND(check, ARV_FINDING_EXTRA, "It stands outside of the archive's folder.");
        return;
    }
    check->part = ARV__PART_TAG;
    if (!slash)
        return;
    const char *relative = slash + 1;
    size_t relative_length = length - first - 1;
    if (relative_length > 5 && memcmp(relative, "data/", 5) == 0)
        check->part = ARV__PART_PAYLOAD;
    else if (check->entry.type == ARV__ENTRY_FILE)
        arv__documents_classify(check, relative, relative_length);
}

/* ---- the walk -------------------------------------------------------------------------------- */

static int check_file(arv__check *check, arv_error *err)
{
    const unsigned char *data = NULL;
    uint64_t size = 0;
    int64_t got;
    arv_digests digests;
    arv__digest_reset(&check->digest);
    while ((got = arv__reader_read(check->reader, &data, &check->digest, err)) > 0) {
        size += (uint64_t)got;
        int status = arv__documents_feed(check, data, (size_t)got, err);
        if (status < 0)
            return status;
    }
    if (got < 0)
        return (int)got;
    int status = arv__documents_end(check, err);
    if (status == 0)
        status = arv__digest_final(&check->digest, &digests, err);
    if (status == 0)
        status = arv__ledger_add_entry(check, size, arv__reader_intact(check->reader), &digests, err);
    if (status == 0 && !check->foreign)
        status = arv__own_hashed(check, size, &digests, err);
    if (check->part == ARV__PART_PAYLOAD) {
        check->payload_files++;
        check->payload_bytes += size;
    }
    return status;
}

static int check_walk(arv__check *check, arv_error *err)
{
    int more;
    while ((more = arv__reader_next(check->reader, &check->entry, err)) > 0) {
        check_name(check);
        check_place_entry(check);
        int status = arv__buf_status(&check->base, "the name of the archive's folder", err);
        if (status == 0 && !check->foreign)
            status = arv__own_place(check, err);
        if (status < 0)
            return status;
        if (check->entry.type == ARV__ENTRY_FILE)
            status = check_file(check, err);
        else
            status = arv__ledger_add_entry(check, 0, true, NULL, err);
        if (status < 0)
            return status;
        if (check->part == ARV__PART_PAYLOAD)
            check->payload_place++;
        check->place++;
    }
    return more;
}

/* Sets *again when SHA-512 is needed and was not computed. */
static int check_run(arv__check *check, bool *again, arv_error *err)
{
    int status = check_walk(check, err);
    if (status < 0)
        return status;
    *again = (check->manifests & ARV_DIGEST_SHA512) && !(check->algorithms & ARV_DIGEST_SHA512);
    if (*again)
        return ARV_OK;
    arv_report *shown = &check->report->shown;
    status = arv__reader_finish(check->reader, &shown->container, err);
    if (status == 0)
        status = arv__ledger_settle(check, err);
    if (status == 0)
        status = arv__documents_settle(check, err);
    if (status == 0 && !check->foreign && arv__reader_complete(check->reader))
        status = arv__own_settle(check, err);
    shown->entries = check->place;
    shown->payload_files = check->payload_files;
    shown->payload_bytes = check->payload_bytes;
    shown->links = check->links;
    return status;
}

/* The bag of another program has no UUID to compare. */
const char *arv__verify_compare_uuid(const arv_verify_options *options, const char *found,
                                     char text[ARV__IDENTITY_BYTES])
{
    const char *expected = options->expected_uuid;
    if (!expected[0] || strcmp(expected, found) == 0 || (options->foreign && !found[0]))
        return NULL;
    if (found[0])
        snprintf(text, ARV__IDENTITY_BYTES, "The archive %s is expected, and here is the archive %s.",
                 expected, found);
    else
        snprintf(text, ARV__IDENTITY_BYTES, "The archive %s is expected, and what is here tells no UUID.",
                 expected);
    return text;
}

/* Checks that it is the expected archive. */
static void check_identity(arv__check *check, const arv_verify_options *options)
{
    const arv_report *shown = &check->report->shown;
    char text[ARV__IDENTITY_BYTES], hex[2 * ARV_SHA512_BYTES + 1];
    if (!options)
        return;
    if (arv__verify_compare_uuid(options, shown->uuid, text))
        arv__report_add(check->report, ARV_FINDING_ADDRESS, NULL, 0, "%s", text);
    if (!options->expected_sha256[0] || !(shown->container.present & ARV_DIGEST_SHA256))
        return;
    arv_digests_hex(&shown->container, ARV_DIGEST_SHA256, hex);
    if (strcmp(hex, options->expected_sha256) != 0)
        arv__report_add(check->report, ARV_FINDING_ADDRESS, NULL, 0,
                        "A container with the SHA-256 %s is expected, and here is %s.",
                        options->expected_sha256, hex);
}

int arv__verify_run(arv__source *source, const arv_verify_options *options, const int *cancel,
                    uint64_t *done_bytes, arv__report *report, arv__spool *lines, arv_error *err)
{
    arv_limits resolved;
    arv__limits_resolve(&resolved, options ? options->limits : NULL);
    unsigned algorithms = ARV_DIGEST_SHA256;
    bool again = true;
    int status = ARV_OK;
    while (again && status == 0) {
        arv__check check = {
            .limits = &resolved,
            .foreign = options && options->foreign,
            .report = report,
            .listing = lines,
            .algorithms = algorithms,
        };
        again = false;
        arv__report_cleanup(report);
        arv__report_init(report, resolved.findings_max);
        report->shown.foreign = options && options->foreign;
        status = check_init(&check, source, &resolved, cancel, done_bytes, err);
        if (status == 0)
            status = check_run(&check, &again, err);
        if (status == 0 && !again)
            check_identity(&check, options);
        if (again && lines) {
            size_t memory_bytes = lines->memory_bytes;
            arv__spool_cleanup(lines);
            arv__spool_init(lines, memory_bytes, NULL);
        }
        algorithms |= ARV_DIGEST_SHA512;
        check_cleanup(&check);
    }
    return status < 0 ? status : arv__report_finish(report, err);
}

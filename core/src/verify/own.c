/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/own.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <arv/entry.h>
#include "package/bag_internal.h"
#include "package/known.h"
#include "util/names.h"
#include "verify/check.h"

enum { OWN_PAGES, OWN_FAILURES, OWN_SHA512, OWN_ALWAYS };

/* The documents behind the payload, in their order. */
static const struct {
    const char *name;
    unsigned when;
} own_sequence[] = {
    {"metadata/job.json", OWN_ALWAYS},
    {"metadata/entries.jsonl", OWN_ALWAYS},
    {"metadata/failures.jsonl", OWN_FAILURES},
    {"index.html", OWN_PAGES}, /* and index-0002.html, … */
    {"bagit.txt", OWN_ALWAYS},
    {"bag-info.txt", OWN_ALWAYS},
    {"manifest-sha256.txt", OWN_ALWAYS},
    {"manifest-sha512.txt", OWN_SHA512},
    {"tagmanifest-sha256.txt", OWN_ALWAYS},
    {"tagmanifest-sha512.txt", OWN_SHA512},
};

enum { OWN_STEPS = sizeof own_sequence / sizeof *own_sequence, OWN_TAGMANIFESTS = 8 };

static const char own_list_name[] = "metadata/entries.jsonl";

#define OWN_FIND(kind, name, ...) arv__report_add(check->report, kind, name, strlen(name), __VA_ARGS__)

void arv__own_init(arv__own *own)
{
    *own = (arv__own){.late = -1};
    arv__buf_init(&own->key, ARV__SORTER_RECORD_BYTES);
    arv__buf_init(&own->before, ARV__SORTER_RECORD_BYTES);
    arv__buf_init(&own->safe, 1 << 16);
    arv__buf_init(&own->text, 1 << 20);
    arv__buf_init(&own->persons, ARV__LINE_BYTES_MAX);
    for (unsigned i = 0; i < ARV__OWN_ALGORITHMS; i++) {
        arv__sha256_init(&own->manifest[i]);
        arv__sha256_init(&own->tagmanifest[i]);
    }
    arv__sha256_init(&own->list);
}

void arv__own_cleanup(arv__own *own)
{
    arv__buf_cleanup(&own->key);
    arv__buf_cleanup(&own->before);
    arv__buf_cleanup(&own->safe);
    arv__buf_cleanup(&own->text);
    arv__buf_cleanup(&own->persons);
    for (unsigned i = 0; i < ARV__OWN_ALGORITHMS; i++) {
        arv__sha256_cleanup(&own->manifest[i]);
        arv__sha256_cleanup(&own->tagmanifest[i]);
    }
    arv__sha256_cleanup(&own->list);
}

/* ---- which entries, in which order ----------------------------------------------------------- */

static const char *own_relative(const arv__check *check, size_t *length)
{
    *length = check->entry.name_length - check->base.length - 1;
    return check->entry.name + check->base.length + 1;
}

static bool own_is(const char *name, size_t length, const char *expected)
{
    return strlen(expected) == length && memcmp(name, expected, length) == 0;
}

/* Returns whether the document of `step` has this name. */
static bool own_step_is(const arv__own *own, unsigned step, const char *name, size_t length)
{
    char page[ARV__BAG_DOCUMENT_NAME_BYTES];
    if (own_sequence[step].when != OWN_PAGES)
        return own_is(name, length, own_sequence[step].name);
    arv__bag_page_name(page, step == own->step ? (uint32_t)own->pages : 0);
    return own_is(name, length, page);
}

static void own_missing(arv__check *check, unsigned step)
{
    OWN_FIND(ARV_FINDING_BAG, own_sequence[step].name,
             step == 0 ? "It is missing: the archive was not made by Archivist, or this was removed. "
                         "To judge it as the bag of another program has to be asked for."
                       : "It is missing where every archive of ours has it.");
}

/* Goes on to `step`. A document that is passed over, and that every archive has, is missing. */
static void own_advance(arv__check *check, unsigned step)
{
    arv__own *own = &check->own;
    for (; own->step < step; own->step++) {
        unsigned when = own_sequence[own->step].when;
        if (when == OWN_ALWAYS || (when == OWN_PAGES && own->pages == 0))
            own_missing(check, own->step);
    }
}

static bool own_document(arv__check *check)
{
    arv__own *own = &check->own;
    size_t length;
    const char *name = own_relative(check, &length);
    if (check->entry.type != ARV__ENTRY_FILE)
        return false;
    for (unsigned step = own->step; step < OWN_STEPS; step++) {
        if (!own_step_is(own, step, name, length))
            continue;
        own_advance(check, step);
        if (own_sequence[step].when == OWN_PAGES)
            own->pages++;
        else
            own->step = step + 1;
        own->failures |= own_sequence[step].when == OWN_FAILURES;
        return true;
    }
    return false;
}

/* Returns whether a version of the form has this entry behind the tag manifests, or before everything. */
static bool own_known(arv__check *check)
{
    arv__own *own = &check->own;
    size_t length = check->entry.name_length;
    const char *name = check->entry.name;
    bool root = check->part == ARV__PART_ROOT;
    if (check->entry.type != ARV__ENTRY_FILE)
        return false;
    if (root && check->place == 0 && arv__known_find(ARV__KNOWN_FIRST, name, length) >= 0) {
        own->first = 1;
        return true;
    }
    if (!root)
        name = own_relative(check, &length);
    int line = arv__known_find(root ? ARV__KNOWN_LATE_ROOT : ARV__KNOWN_LATE_BASE, name, length);
    if (own->step <= OWN_TAGMANIFESTS || line <= own->late)
        return false;
    own->late = line;
    return true;
}

/* Returns whether it is README.txt, the first entry of the base folder. */
static bool own_readme(arv__check *check)
{
    size_t length;
    const char *name = own_relative(check, &length);
    if (check->entry.type != ARV__ENTRY_FILE || check->place != check->own.first ||
        !own_is(name, length, ARV__BAG_README))
        return false;
    check->own.readme = true;
    return true;
}

/* Returns whether it is the folder of the payload, for which only an empty archive has an entry. */
static bool own_hollow(arv__check *check)
{
    size_t length = check->entry.name_length;
    const char *name = own_relative(check, &length);
    if (check->entry.type != ARV__ENTRY_FOLDER || check->own.step > 0 || check->own.hollow ||
        check->payload_place > 0 || length != 4 || memcmp(name, "data", 4) != 0)
        return false;
    check->own.hollow = true;
    return true;
}

int arv__own_place(arv__check *check, arv_error *err)
{
    arv__own *own = &check->own;
    (void)err;
    if (check->part == ARV__PART_PAYLOAD && check->entry.type != ARV__ENTRY_OTHER) {
        if (own->step > 0)
            ARV__CHECK_FIND(check, ARV_FINDING_EXTRA,
                            "It stands behind the documents; the payload stands before them.");
        if (own->hollow)
            ARV__CHECK_FIND(check, ARV_FINDING_EXTRA,
                            "The archive has an entry for the folder data, which Archivist writes only "
                            "where the payload is empty.");
        return ARV_OK;
    }
    if (check->part == ARV__PART_FOREIGN || check->entry.type == ARV__ENTRY_OTHER)
        return ARV_OK; /* there is a finding already */
    if (check->part == ARV__PART_TAG && check->entry.name_length > check->base.length &&
        (own_readme(check) || own_hollow(check) || own_document(check)))
        return ARV_OK;
    if (check->entry.name_length <= check->base.length || !own_known(check))
        ARV__CHECK_FIND(check, ARV_FINDING_EXTRA,
                        "Archivist puts no such entry here: it was added, or moved.");
    return ARV_OK;
}

/* ---- what was read --------------------------------------------------------------------------- */

static void own_print_manifest(arv__buf *out, const char *path, size_t length, unsigned algorithm,
                               const arv_digests *digests)
{
    if (algorithm == ARV_DIGEST_SHA512)
        arv__buf_hex(out, digests->sha512, ARV_SHA512_BYTES);
    else
        arv__buf_hex(out, digests->sha256, ARV_SHA256_BYTES);
    arv__buf_literal(out, "  ");
    arv__buf_bag_path(out, path, length);
    arv__buf_byte(out, '\n');
}

static int own_check_readme(arv__check *check, const arv_digests *digests, arv_error *err)
{
    arv_digests expected;
    size_t length;
    const char *text = arv__bag_readme(&length);
    int status = arv__digest_bytes(ARV_DIGEST_SHA256, text, length, &expected, err);
    if (status == 0 && memcmp(digests->sha256, expected.sha256, ARV_SHA256_BYTES) != 0)
        ARV__CHECK_FIND(check, ARV_FINDING_BAG, "It is not the text that every archive of this form has.");
    return status;
}

int arv__own_hashed(arv__check *check, uint64_t size_bytes, const arv_digests *digests, arv_error *err)
{
    static const unsigned algorithms[] = {ARV_DIGEST_SHA256, ARV_DIGEST_SHA512};
    arv__own *own = &check->own;
    size_t length;
    (void)size_bytes;
    if (check->part != ARV__PART_PAYLOAD && check->part != ARV__PART_TAG)
        return ARV_OK;
    const char *path = own_relative(check, &length);
    if (own_is(path, length, ARV__BAG_README)) {
        int status = own_check_readme(check, digests, err);
        if (status < 0)
            return status;
    }
    unsigned which = check->algorithm == ARV_DIGEST_SHA512;
    unsigned char *found = check->doc == ARV__DOC_MANIFEST      ? own->manifest_found[which]
                           : check->doc == ARV__DOC_TAGMANIFEST ? own->tagmanifest_found[which]
                           : check->doc == ARV__DOC_ENTRIES     ? own->list_found
                                                                : NULL;
    if (found)
        memcpy(found, digests->sha256, ARV_SHA256_BYTES);
    if (check->doc == ARV__DOC_TAGMANIFEST || own->step > OWN_TAGMANIFESTS)
        return ARV_OK; /* no tag manifest names this entry or a later one */
    for (unsigned i = 0; i < ARV__OWN_ALGORITHMS; i++) {
        if (!(digests->present & algorithms[i]))
            continue;
        arv__buf_clear(&own->text);
        own_print_manifest(&own->text, path, length, algorithms[i], digests);
        int status = arv__buf_status(&own->text, "a line of a manifest", err);
        if (status < 0)
            return status;
        arv__sha256_update(check->part == ARV__PART_PAYLOAD ? &own->manifest[i] : &own->tagmanifest[i],
                           own->text.data, own->text.length);
    }
    return ARV_OK;
}

/* ---- the list of entries --------------------------------------------------------------------- */

/* Checks the name that the packer gives to this original: the safe one, or the safe one with a suffix. */
static int own_check_name(arv__check *check, const arv__listed *listed, bool *bare, arv_error *err)
{
    arv__own *own = &check->own;
    const char *name = listed->name + 5;
    size_t length = listed->name_length - 5;
    bool must_suffix = false;
    arv_digests digests;
    arv__buf_clear(&own->safe);
    int status =
        arv__name_safe(&own->safe, listed->original, listed->original_length, NULL, &must_suffix, err);
    if (status == ARV_ENAME) {
        arv__buf_clear(&own->safe);
        arv__buf_append(&own->safe, name, length);
        arv__report_add(check->report, ARV_FINDING_NAME, listed->name, listed->name_length,
                        "Its original name in metadata/entries.jsonl is none that can be archived.");
        return ARV_OK;
    }
    if (status < 0)
        return status;
    *bare = !must_suffix && own->safe.length == length && memcmp(own->safe.data, name, length) == 0;
    if (*bare)
        return ARV_OK;
    status = arv__digest_bytes(ARV_DIGEST_SHA256, listed->original, listed->original_length, &digests, err);
    if (status < 0)
        return status;
    arv__buf_clear(&own->text);
    status =
        arv__name_suffix(&own->text, (const char *)own->safe.data, own->safe.length, digests.sha256, err);
    if (status < 0)
        return status;
    if (own->text.length != length || memcmp(own->text.data, name, length) != 0)
        arv__report_add(check->report, ARV_FINDING_NAME, listed->name, listed->name_length,
                        "It is not the name that the packer gives to its original name.");
    return ARV_OK;
}

/* The payload is sorted by the key under which names collide, then by the original. */
static int own_check_order(arv__check *check, const arv__listed *listed, bool bare, arv_error *err)
{
    arv__own *own = &check->own;
    arv__buf_clear(&own->key);
    int status = arv__name_fold(&own->key, (const char *)own->safe.data, own->safe.length, err);
    if (status < 0)
        return status;
    size_t fold = own->key.length, least;
    arv__buf_byte(&own->key, 0);
    arv__buf_append(&own->key, listed->original, listed->original_length);
    status = arv__buf_status(&own->key, "the key of a name", err);
    if (status < 0)
        return status;
    least = own->key.length < own->before.length ? own->key.length : own->before.length;
    int order = own->any_key ? memcmp(own->before.data, own->key.data, least) : -1;
    bool same =
        own->any_key && fold == own->fold_length && memcmp(own->before.data, own->key.data, fold) == 0;
    bool within = own->any_key && own->first_is_file && fold > own->fold_length &&
                  own->key.data[own->fold_length] == 1 &&
                  memcmp(own->before.data, own->key.data, own->fold_length) == 0;
    if (order > 0 || (order == 0 && own->before.length >= own->key.length))
        arv__report_add(check->report, ARV_FINDING_METADATA, listed->name, listed->name_length,
                        "It stands out of order: Archivist sorts the entries by their names.");
    else if (within || (same && bare))
        arv__report_add(check->report, ARV_FINDING_DUPLICATE, listed->name, listed->name_length,
                        within ? "A file has the name of one of its folders."
                               : "On some systems its name is that of the entry before it.");
    own->first_is_file = same ? own->first_is_file : bare && !listed->folder;
    own->fold_length = fold;
    own->any_key = true;
    arv__buf swap = own->before;
    own->before = own->key;
    own->key = swap;
    return ARV_OK;
}

/* Prints the line as the packer writes it, into the digest of the list. */
static int own_reprint(arv__check *check, const arv__listed *listed, arv_error *err)
{
    arv__own *own = &check->own;
    const char *persons[ARV_PERSONS_MAX];
    arv__listed_persons(listed, persons);
    arv__buf_clear(&own->persons);
    for (size_t i = 0; i < listed->person_count; i++)
        arv__buf_append(&own->persons, persons[i], strlen(persons[i]) + 1);
    arv__bag_record record = {
        .name = listed->name + 5,
        .name_length = listed->name_length - 5,
        .original = listed->original,
        .original_length = listed->original_length,
        .owner = listed->owner,
        .owner_length = listed->owner ? strlen(listed->owner) : 0,
        .persons = own->persons.length ? (const char *)own->persons.data : "",
        .persons_length = own->persons.length,
        .size_bytes = listed->size_bytes,
        .modified_at_unix = listed->modified_at_unix,
        .folder = listed->folder,
        .target = listed->target,
        .target_length = listed->target_length,
        .sha256 = listed->sha256 ? listed->digests.sha256 : NULL,
        .sha512 = listed->digests.present & ARV_DIGEST_SHA512 ? listed->digests.sha512 : NULL,
    };
    arv__buf_clear(&own->text);
    if (record.name_length > ARV__BAG_NAME_BYTES) {
        own->odd_list = true; /* the name has a finding already */
        return ARV_OK;
    }
    arv__bag_print_line(&own->text, &record);
    int status = arv__buf_status(&own->text, "a line of the list of entries", err);
    if (status == 0)
        arv__sha256_update(&own->list, own->text.data, own->text.length);
    return status;
}

int arv__own_listed(arv__check *check, const arv__listed *listed, arv_error *err)
{
    bool bare = false;
    int status = own_check_name(check, listed, &bare, err);
    if (status == 0)
        status = own_check_order(check, listed, bare, err);
    if (status == 0)
        status = own_reprint(check, listed, err);
    return status;
}

/* ---- the end --------------------------------------------------------------------------------- */

static int own_settle_digest(arv__check *check, arv__sha256 *expected, const unsigned char *found,
                             arv_finding_kind kind, const char *name, arv_error *err)
{
    unsigned char digest[ARV_SHA256_BYTES];
    arv__sha256_final(expected, digest);
    int status = arv__sha256_status(expected, err);
    if (status == 0 && memcmp(digest, found, sizeof digest) != 0)
        OWN_FIND(kind, name,
                 "It is not what Archivist writes for these entries: line for line, in their order, "
                 "and nothing else.");
    return status;
}

static int own_settle_manifests(arv__check *check, arv_error *err)
{
    static const unsigned algorithms[] = {ARV_DIGEST_SHA256, ARV_DIGEST_SHA512};
    arv__own *own = &check->own;
    int status = ARV_OK;
    if (check->report->shown.finding_total > 0)
        return ARV_OK; /* a finding here would only repeat those */
    for (unsigned i = 0; i < ARV__OWN_ALGORITHMS && status == 0; i++) {
        char name[32];
        if (!(check->manifests & algorithms[i]))
            continue;
        snprintf(name, sizeof name, "manifest-%s.txt", arv__algorithm_name(algorithms[i]));
        status =
            own_settle_digest(check, &own->manifest[i], own->manifest_found[i], ARV_FINDING_BAG, name, err);
        if (status < 0)
            break;
        snprintf(name, sizeof name, "tagmanifest-%s.txt", arv__algorithm_name(algorithms[i]));
        status = own_settle_digest(check, &own->tagmanifest[i], own->tagmanifest_found[i], ARV_FINDING_BAG,
                                   name, err);
    }
    if (status == 0 && !own->odd_list)
        status =
            own_settle_digest(check, &own->list, own->list_found, ARV_FINDING_METADATA, own_list_name, err);
    return status;
}

int arv__own_settle(arv__check *check, arv_error *err)
{
    arv__own *own = &check->own;
    arv__buf *safe = &own->safe;
    uint64_t pages = (check->listed + ARV__BAG_PAGE_ENTRIES - 1) / ARV__BAG_PAGE_ENTRIES;
    /* A line for each owner stands before those of the entries; at most each entry has another owner. */
    uint64_t most = (2 * check->listed + ARV__BAG_PAGE_ENTRIES - 1) / ARV__BAG_PAGE_ENTRIES;
    own_advance(check, OWN_STEPS);
    if (!own->readme)
        OWN_FIND(ARV_FINDING_BAG, ARV__BAG_README,
                 "It is missing before the payload, where every archive of ours has it.");
    if (own->pages > 0 && (own->pages < pages || own->pages > (most ? most : 1)))
        OWN_FIND(ARV_FINDING_BAG, "index.html",
                 "The pages for people are %" PRIu64 "; for this payload there are %" PRIu64 " to %" PRIu64
                 ".",
                 own->pages, pages ? pages : 1, most ? most : 1);
    if (check->manifests != check->tagmanifests)
        OWN_FIND(ARV_FINDING_BAG, "tagmanifest-sha256.txt",
                 "Manifest and tag manifest are not of the same algorithms.");
    if (own->failures != (check->report->shown.failures > 0))
        OWN_FIND(ARV_FINDING_METADATA, "metadata/failures.jsonl",
                 own->failures ? "It is there, but metadata/job.json tells of nothing missing."
                               : "metadata/job.json tells of missing entries, but it is not there.");
    arv__buf_clear(safe);
    int status = arv__name_safe_component(safe, (const char *)check->base.data, check->base.length, err);
    if (status == ARV_ENOMEM)
        return status;
    if (status < 0 || safe->length != check->base.length ||
        memcmp(safe->data, check->base.data, safe->length) != 0)
        OWN_FIND(ARV_FINDING_NAME, check->report->shown.base_folder,
                 "The archive's folder has a name that the packer does not give.");
    return own_settle_manifests(check, err);
}

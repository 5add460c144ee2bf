/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The ledger is one sorter. It gets a record under its name for each entry that was read, each line of a
 * manifest, and each line of the list of entries. Sorting puts the records of one name together. So one walk
 * finds entries that are missing, extra, doubled or different, in any order of the container and within the
 * memory bound.
 */

#include "verify/check.h"

#include <stdio.h>
#include <string.h>
#include "util/names.h"

enum {
    LEDGER_ENTRY = 1,
    LEDGER_PROMISE,
    LEDGER_TAG_PROMISE,
    LEDGER_LISTED,
    LEDGER_LINK,
    LEDGER_FETCH,
    LEDGER_FOLD
};

/* LEDGER_FOLDED stands before the key under which names collide; no name begins with it. */
enum { LEDGER_FOLDED = 0xff, LEDGER_SHOWN_BYTES = 300, LEDGER_FOLD_BYTES = 120 << 10 };

typedef struct ledger_line { /* flat, as the sorter keeps it */
    uint64_t place;
    uint64_t size_bytes;
    unsigned char what;
    unsigned char part;    /* ENTRY: arv__part */
    unsigned char type;    /* ENTRY: arv__entry_type; LISTED: whether a folder */
    unsigned char intact;  /* ENTRY */
    unsigned char present; /* digests that follow: SHA-256 first */
} ledger_line;

typedef struct ledger_group { /* what is known of one name */
    unsigned entries;
    ledger_line entry;
    arv_digests found;
    unsigned promised, tag_promised;
    arv_digests promise, tag_promise;
    bool fetched;   /* fetch.txt names it */
    unsigned folds; /* entries that meet under this key */
    bool fold_file; /* one of them is a file */
    char fold_name[LEDGER_SHOWN_BYTES];
    size_t fold_length;
    bool link; /* the list takes it for a symbolic link */
    unsigned listed;
    ledger_line listing;
    arv_digests listing_digests;
} ledger_group;

static int ledger_add(arv__check *check, const ledger_line *line, const arv_digests *digests, arv_error *err)
{
    arv__buf *value = &check->value;
    arv__buf_clear(value);
    arv__buf_append(value, line, sizeof *line);
    if (line->present & ARV_DIGEST_SHA256)
        arv__buf_append(value, digests->sha256, ARV_SHA256_BYTES);
    if (line->present & ARV_DIGEST_SHA512)
        arv__buf_append(value, digests->sha512, ARV_SHA512_BYTES);
    int status = arv__buf_status(&check->key, "the ledger", err);
    if (status == 0)
        status = arv__buf_status(value, "the ledger", err);
    if (status < 0)
        return status;
    return arv__sorter_add(check->ledger,
                           &(arv__record){check->key.data, value->data, (uint32_t)check->key.length,
                                          (uint32_t)value->length},
                           err);
}

/* Names in documents are relative to the base folder. */
static void ledger_key_in_base(arv__check *check, const char *path, size_t length)
{
    arv__buf_clear(&check->key);
    arv__buf_append(&check->key, check->base.data, check->base.length);
    arv__buf_byte(&check->key, '/');
    arv__buf_append(&check->key, path, length);
}

/* For names that collide on some systems. The packer makes those of our own archives distinct (own.c). */
static int ledger_add_fold(arv__check *check, arv_error *err)
{
    const char *name = check->entry.name;
    size_t length = check->entry.name_length;
    ledger_line line;
    if (length == 0 || !arv__utf8_valid(name, length, NULL))
        return ARV_OK;
    memset(&line, 0, sizeof line);
    line.what = LEDGER_FOLD;
    line.type = (unsigned char)check->entry.type;
    arv__buf_clear(&check->key);
    arv__buf_byte(&check->key, LEDGER_FOLDED);
    int status = arv__name_fold(&check->key, name, length, err);
    if (status == ARV_ELIMIT || check->key.length > LEDGER_FOLD_BYTES) {
        ARV__CHECK_FIND(check, ARV_FINDING_NAME,
                        "The name is too long to be compared with others: without case it has more "
                        "than %d bytes.",
                        LEDGER_FOLD_BYTES);
        return ARV_OK;
    }
    if (status < 0)
        return status;
    arv__buf_clear(&check->value);
    arv__buf_append(&check->value, &line, sizeof line);
    arv__buf_append(&check->value, name, length < LEDGER_SHOWN_BYTES ? length : LEDGER_SHOWN_BYTES);
    status = arv__buf_status(&check->key, "the ledger", err);
    if (status == 0)
        status = arv__buf_status(&check->value, "the ledger", err);
    if (status < 0)
        return status;
    return arv__sorter_add(check->ledger,
                           &(arv__record){check->key.data, check->value.data, (uint32_t)check->key.length,
                                          (uint32_t)check->value.length},
                           err);
}

int arv__ledger_add_entry(arv__check *check, uint64_t size_bytes, bool intact, const arv_digests *digests,
                          arv_error *err)
{
    ledger_line line;
    memset(&line, 0, sizeof line);
    line.what = LEDGER_ENTRY;
    line.place = check->part == ARV__PART_PAYLOAD ? check->payload_place : check->place;
    line.size_bytes = size_bytes;
    line.part = (unsigned char)check->part;
    line.type = (unsigned char)check->entry.type;
    line.intact = intact;
    line.present = digests ? (unsigned char)digests->present : 0;
    int status = check->foreign ? ledger_add_fold(check, err) : ARV_OK;
    if (status < 0)
        return status;
    arv__buf_clear(&check->key);
    arv__buf_append(&check->key, check->entry.name, check->entry.name_length);
    return ledger_add(check, &line, digests, err);
}

int arv__ledger_add_promise(arv__check *check, const char *path, size_t length, bool tag, unsigned algorithm,
                            const unsigned char *digest, arv_error *err)
{
    ledger_line line;
    arv_digests digests = {.present = algorithm};
    memset(&line, 0, sizeof line);
    line.what = tag ? LEDGER_TAG_PROMISE : LEDGER_PROMISE;
    line.present = (unsigned char)algorithm;
    if (algorithm == ARV_DIGEST_SHA512)
        memcpy(digests.sha512, digest, ARV_SHA512_BYTES);
    else
        memcpy(digests.sha256, digest, ARV_SHA256_BYTES);
    ledger_key_in_base(check, path, length);
    return ledger_add(check, &line, &digests, err);
}

int arv__ledger_add_fetch(arv__check *check, const char *path, size_t length, arv_error *err)
{
    ledger_line line;
    memset(&line, 0, sizeof line);
    line.what = LEDGER_FETCH;
    ledger_key_in_base(check, path, length);
    return ledger_add(check, &line, NULL, err);
}

int arv__ledger_add_listed(arv__check *check, const arv__listed *listed, arv_error *err)
{
    ledger_line line;
    memset(&line, 0, sizeof line);
    line.what = listed->target ? LEDGER_LINK : LEDGER_LISTED;
    line.place = check->listed++ - check->links;
    check->links += listed->target != NULL;
    line.size_bytes = listed->size_bytes;
    line.type = listed->folder ? ARV__ENTRY_FOLDER : ARV__ENTRY_FILE;
    line.present = (unsigned char)listed->digests.present;
    ledger_key_in_base(check, listed->name, listed->name_length);
    return ledger_add(check, &line, &listed->digests, err);
}

/* ---- settling -------------------------------------------------------------------------------- */

#define LEDGER_FIND(kind, ...)                                                                               \
    arv__report_add(check->report, kind, (const char *)check->key.data, check->key.length, __VA_ARGS__)

static void ledger_take_digests(arv_digests *into, const unsigned char *at, unsigned present)
{
    if (present & ARV_DIGEST_SHA256) {
        memcpy(into->sha256, at, ARV_SHA256_BYTES);
        at += ARV_SHA256_BYTES;
    }
    if (present & ARV_DIGEST_SHA512)
        memcpy(into->sha512, at, ARV_SHA512_BYTES);
    into->present |= present;
}

static void ledger_collect(arv__check *check, ledger_group *group, const arv__record *record)
{
    ledger_line line;
    memcpy(&line, record->value, sizeof line);
    const unsigned char *digests = record->value + sizeof line;
    switch (line.what) {
    case LEDGER_ENTRY:
        if (group->entries++ > 0)
            break;
        group->entry = line;
        ledger_take_digests(&group->found, digests, line.present);
        break;
    case LEDGER_PROMISE:
    case LEDGER_TAG_PROMISE: {
        bool tag = line.what == LEDGER_TAG_PROMISE;
        unsigned *promised = tag ? &group->tag_promised : &group->promised;
        if (*promised & line.present)
            LEDGER_FIND(ARV_FINDING_BAG, "%smanifest-%s.txt names it twice.", tag ? "tag" : "",
                        arv__algorithm_name(line.present));
        *promised |= line.present;
        ledger_take_digests(tag ? &group->tag_promise : &group->promise, digests, line.present);
        break;
    }
    case LEDGER_FOLD:
        group->folds++;
        group->fold_file |= line.type == ARV__ENTRY_FILE;
        group->fold_length = record->value_length - sizeof line;
        memcpy(group->fold_name, digests, group->fold_length);
        break;
    case LEDGER_FETCH:
        group->fetched = true;
        break;
    default:
        if (group->listed++ > 0) {
            LEDGER_FIND(ARV_FINDING_METADATA, "metadata/entries.jsonl lists it twice.");
            break;
        }
        group->link = line.what == LEDGER_LINK;
        group->listing = line;
        ledger_take_digests(&group->listing_digests, digests, line.present);
        break;
    }
}

static void ledger_compare_digest(arv__check *check, arv_finding_kind kind, const char *prefix,
                                  const char *document, unsigned algorithm, const arv_digests *promise,
                                  const arv_digests *found)
{
    char expected[129], actual[129];
    arv_digests a = *promise, b = *found;
    a.present &= algorithm;
    b.present &= algorithm;
    if (!a.present || !b.present || arv_digests_equal(&a, &b))
        return;
    LEDGER_FIND(kind, "%s%s says %s, the content has %s.", prefix, document,
                arv_digests_hex(&a, algorithm, expected), arv_digests_hex(&b, algorithm, actual));
}

/* Tag manifests need not name each other. */
static bool ledger_is_tagmanifest(const arv__check *check)
{
    static const char prefix[] = "/tagmanifest-";
    size_t length = sizeof prefix - 1;
    return check->key.length > check->base.length + length &&
           memcmp(check->key.data + check->base.length, prefix, length) == 0;
}

/* Compares one kind of manifest with one entry. */
static void ledger_settle_manifest(arv__check *check, const ledger_group *group, bool tag, unsigned algorithm)
{
    unsigned promised = tag ? group->tag_promised : group->promised;
    bool read = ((tag ? check->tagmanifests : check->manifests) & algorithm) != 0;
    const char *prefix = tag ? "tagmanifest-" : "manifest-";
    char document[24];
    snprintf(document, sizeof document, "%s.txt", arv__algorithm_name(algorithm));
    if (promised & algorithm) {
        if (group->entries == 0 || group->entry.type != ARV__ENTRY_FILE)
            LEDGER_FIND(ARV_FINDING_MISSING,
                        group->fetched ? "%s%s names it; it is not in the container but to be fetched "
                                         "(fetch.txt): the bag is incomplete."
                                       : "%s%s names it, but the container has no such file.",
                        prefix, document);
        else if (group->entry.intact)
            ledger_compare_digest(check, ARV_FINDING_DIGEST, prefix, document, algorithm,
                                  tag ? &group->tag_promise : &group->promise, &group->found);
        return;
    }
    if (!read || group->entries == 0 || group->entry.type != ARV__ENTRY_FILE)
        return;
    if (!tag && group->entry.part == ARV__PART_PAYLOAD)
        LEDGER_FIND(ARV_FINDING_EXTRA, "%s%s does not name it.", prefix, document);
    /* Entries behind the tag manifests were added when the archive was closed: time-stamps. */
    if (tag && group->entry.part == ARV__PART_TAG && group->entry.place < check->tagmanifest_at &&
        !ledger_is_tagmanifest(check))
        LEDGER_FIND(ARV_FINDING_EXTRA, "%s%s does not name it.", prefix, document);
}

static void ledger_settle_listed(arv__check *check, const ledger_group *group)
{
    const ledger_line *entry = &group->entry, *line = &group->listing;
    if (!check->seen[ARV__DOC_ENTRIES])
        return;
    bool payload = group->entries > 0 && entry->part == ARV__PART_PAYLOAD;
    if (group->link) {
        if (payload) {
            LEDGER_FIND(ARV_FINDING_METADATA, "metadata/entries.jsonl takes it for a link, of which "
                                              "the container holds nothing.");
            check->unpaired++;
        }
        return;
    }
    if ((group->listed > 0) != payload)
        check->unpaired++;
    if (group->listed == 0) {
        if (payload)
            LEDGER_FIND(ARV_FINDING_METADATA, "metadata/entries.jsonl does not list it.");
        return;
    }
    if (!payload) {
        LEDGER_FIND(ARV_FINDING_METADATA, "metadata/entries.jsonl lists it, but it is not in the payload.");
        return;
    }
    if (entry->type != line->type) {
        LEDGER_FIND(ARV_FINDING_METADATA, "metadata/entries.jsonl takes it for a %s.",
                    line->type == ARV__ENTRY_FOLDER ? "folder" : "file");
        return;
    }
    if (entry->place != line->place)
        check->displaced++;
    if (entry->type == ARV__ENTRY_FOLDER || !entry->intact)
        return;
    if (entry->size_bytes != line->size_bytes)
        LEDGER_FIND(ARV_FINDING_METADATA, "metadata/entries.jsonl gives it %llu bytes, the container %llu.",
                    (unsigned long long)line->size_bytes, (unsigned long long)entry->size_bytes);
    ledger_compare_digest(check, ARV_FINDING_METADATA, "", "metadata/entries.jsonl", ARV_DIGEST_SHA256,
                          &group->listing_digests, &group->found);
    ledger_compare_digest(check, ARV_FINDING_METADATA, "", "metadata/entries.jsonl", ARV_DIGEST_SHA512,
                          &group->listing_digests, &group->found);
}

static void ledger_settle_group(arv__check *check, const ledger_group *group)
{
    if (group->folds > 1)
        arv__report_add(check->report, ARV_FINDING_DUPLICATE, group->fold_name, group->fold_length,
                        "On some systems %u entries have this name: they differ only in case or in "
                        "the form of their characters.",
                        group->folds);
    if (group->entries > 1)
        LEDGER_FIND(ARV_FINDING_DUPLICATE, "%u entries have this name.", group->entries);
    /* Without a bag, or behind damage, the manifests cannot be compared; there is a finding already. */
    if (!arv__reader_complete(check->reader) || !check->seen[ARV__DOC_BAGIT])
        return;
    for (unsigned i = 0; i < ARV__CHECK_ALGORITHMS; i++) {
        ledger_settle_manifest(check, group, false, 1u << i);
        ledger_settle_manifest(check, group, true, 1u << i);
    }
    if (group->fetched && !group->promised)
        LEDGER_FIND(ARV_FINDING_BAG, "fetch.txt names it, but no manifest does.");
    ledger_settle_listed(check, group);
}

/* The key of an entry without a name is empty, and an empty buffer has no bytes to compare. */
static bool ledger_key_is(const arv__check *check, const arv__record *record)
{
    size_t length = record->key_length;
    return length == check->key.length && (length == 0 || memcmp(record->key, check->key.data, length) == 0);
}

/* In the sorted order the content of a folder stands directly behind the folder's key. */
static void ledger_settle_folder(arv__check *check, const ledger_group *before, const arv__record *record)
{
    size_t length = check->key.length;
    if (before->folds > 0 && before->fold_file && record->key_length > length && record->key[length] == 1 &&
        memcmp(record->key, check->key.data, length) == 0)
        arv__report_add(check->report, ARV_FINDING_DUPLICATE, before->fold_name, before->fold_length,
                        "It is a file, and on some systems a folder has the same name.");
}

int arv__ledger_settle(arv__check *check, arv_error *err)
{
    ledger_group group = {.entries = 0};
    arv__record record;
    bool any = false;
    int status = arv__sorter_rewind(check->ledger, err);
    while (status >= 0 && (status = arv__sorter_next(check->ledger, &record, err)) > 0) {
        bool same = any && ledger_key_is(check, &record);
        if (!same) {
            if (any)
                ledger_settle_group(check, &group);
            if (any)
                ledger_settle_folder(check, &group, &record);
            memset(&group, 0, sizeof group);
            arv__buf_clear(&check->key);
            arv__buf_append(&check->key, record.key, record.key_length);
            status = arv__buf_status(&check->key, "the ledger", err);
            if (status < 0)
                return status;
            any = true;
        }
        ledger_collect(check, &group, &record);
    }
    if (status == 0 && any)
        ledger_settle_group(check, &group);
    /* One entry too many displaces all behind it; that entry has a finding. */
    if (status == 0 && check->displaced > 0 && check->unpaired == 0)
        arv__report_add(check->report, ARV_FINDING_METADATA, "metadata/entries.jsonl", 22,
                        "It lists the payload in another order; %llu entries stand elsewhere.",
                        (unsigned long long)check->displaced);
    return status < 0 ? status : ARV_OK;
}

/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Records come in once, in the order of the container, and stay in a spool. Every document is a head, a
 * run over records, and a foot. The bag knows its size before its first byte: it adds up the sizes of
 * all lines while records come in, and measures head and foot by printing them into a counting buffer.
 *
 * A table has the kinds of documents. The packer reads a document in portions: `portion` holds the
 * printed bytes that were not read yet, `step` is the next part to print. The documents run over the
 * records in their order; the pages share one run.
 */

#include "package/bag_pages.h"

#include <stdio.h>

#include <arv/sys/alloc.h>
#include "crypto/digest.h"

enum {
    BAG_PORTION_BYTES = 64 << 10,
    BAG_PORTION_LIMIT = 4 << 20, /* one record in the most wasteful escaping, and a page's head */
    BAG_SPOOL_BYTES = 2 << 20
};

typedef struct bag_kind bag_kind;

typedef struct bag_document {
    const bag_kind *kind;
    uint32_t index; /* of a page; of a digest: see bag_algorithms */
} bag_document;

typedef enum { BAG_HEAD, BAG_MISSING, BAG_LEAD, BAG_RECORDS, BAG_FOOT, BAG_END } bag_step;

struct arv__bag {
    arv_package_options options; /* strings are borrowed */
    arv__bag_facts facts;
    char uuid[ARV_UUID_BYTES];

    arv__flat records;
    arv__failures failures;
    uint64_t line_bytes;     /* of entries.jsonl */
    uint64_t manifest_paths; /* sum of the encoded paths of all files */
    arv__bag_pages pages;

    uint32_t document_count;
    uint32_t next;         /* document to begin */
    bag_document document; /* being read */
    bag_step step;
    uint64_t records_left, missing_left; /* of this document */
    arv__buf portion;
    size_t portion_at;
    arv_digests *digests;  /* of finished documents */
    uint32_t digests_done; /* written by the chain, read by the generator: atomic */
    arv_digests readme;    /* of README.txt */
    arv__buf tagmanifest;  /* SHA-256, kept for the closing */
    char name[ARV__BAG_DOCUMENT_NAME_BYTES];
};

/* ---- life --------------------------------------------------------------------------------------- */

int arv__bag_new(arv__bag **out, const arv_package_options *options, const char *base_folder,
                 const char *deflater, arv_error *err)
{
    arv__bag *bag = arv_calloc(1, sizeof *bag);
    if (!bag)
        return arv_error_nomem(err, "the documents of the bag");
    bag->options = *options;
    memcpy(bag->uuid, options->uuid, sizeof bag->uuid);
    bag->facts.options = &bag->options;
    bag->facts.base_folder = base_folder;
    bag->facts.deflater = deflater;
    bag->facts.uuid = bag->uuid;
    bag->facts.words = arv__page_words_of(options->language);
    arv__flat_init(&bag->records, BAG_SPOOL_BYTES, options->temp_directory);
    arv__failures_init(&bag->failures, options->failures_max, options->temp_directory);
    arv__buf_init(&bag->portion, BAG_PORTION_LIMIT);
    arv__buf_init(&bag->tagmanifest, SIZE_MAX / 2);
    arv__bag_pages_init(&bag->pages, &bag->facts, &bag->records);
    size_t readme_length;
    const char *readme = arv__bag_readme(&readme_length);
    int rc = arv__digest_bytes(options->digests, readme, readme_length, &bag->readme, err);
    if (rc < 0) {
        arv__bag_free(bag);
        return rc;
    }
    *out = bag;
    return 0;
}

void arv__bag_free(arv__bag *bag)
{
    if (!bag)
        return;
    arv__flat_cleanup(&bag->records);
    arv__failures_cleanup(&bag->failures);
    arv__buf_cleanup(&bag->portion);
    arv__buf_cleanup(&bag->tagmanifest);
    arv__bag_pages_cleanup(&bag->pages);
    arv_free(bag->digests);
    arv_free(bag);
}

const char *arv__bag_uuid(const arv__bag *bag)
{
    return bag->uuid;
}

uint64_t arv__bag_payload_bytes(const arv__bag *bag)
{
    return bag->facts.bytes;
}

uint64_t arv__bag_payload_entries(const arv__bag *bag)
{
    return bag->facts.entries;
}

/* ---- records ------------------------------------------------------------------------------------ */

int arv__bag_append(arv__bag *bag, const void *records, size_t length, arv_error *err)
{
    const unsigned char *at = records;
    size_t left = length;
    arv__bag_record record;
    int rc;

    while (left) {
        size_t bytes = arv__bag_record_parse(at, left, &record);
        if (!bytes)
            return arv_error_set(err, ARV_EINTERNAL, "A record of the bag was cut short.");
        if ((rc = arv__bag_pages_note(&bag->pages, &record, err)) < 0)
            return rc;
        bag->facts.entries++;
        bag->line_bytes += record.line_bytes;
        bag->facts.links += record.target != NULL;
        if (arv__bag_record_is_file(&record)) {
            bag->facts.files++;
            bag->facts.bytes += record.size_bytes;
            bag->manifest_paths += record.path_bytes;
        }
        at += bytes;
        left -= bytes;
    }
    return arv__spool_append(&bag->records.spool, records, length, err);
}

int arv__bag_append_failures(arv__bag *bag, const void *records, size_t length, arv_error *err)
{
    return arv__failures_append(&bag->failures, records, length, err);
}

arv__failures *arv__bag_failures(arv__bag *bag)
{
    return &bag->failures;
}

static void bag_rewind(arv__bag *bag)
{
    arv__failures_rewind(&bag->failures);
    arv__flat_rewind(&bag->records);
}

/* ---- the list of documents ---------------------------------------------------------------------- */

/* The parts of a document of one kind, in this order; NULL: it has no such part. */
struct bag_kind {
    const char *name; /* NULL: that of a page; of a digest, that stands behind it */
    bool digests;     /* there is one for each of them */
    bool covers;      /* it lists those before it */
    void (*head)(arv__buf *out, const arv__bag_facts *facts, uint32_t index);
    void (*missing)(arv__buf *out, const arv__failure *failure); /* each failure */
    void (*lead)(arv__buf *out, const arv__bag_facts *facts, uint32_t index);
    void (*record)(arv__buf *out, const arv__bag_record *record, unsigned algorithm); /* each record */
    void (*foot)(arv__buf *out, const arv__bag_facts *facts, uint32_t index);
    uint64_t (*bytes)(const arv__bag *bag, uint32_t index); /* of all failures and records */
};

static const struct {
    unsigned algorithm;
    const char *name;
    size_t bytes;
} bag_algorithms[] = {{ARV_DIGEST_SHA256, "sha256.txt", ARV_SHA256_BYTES},
                      {ARV_DIGEST_SHA512, "sha512.txt", ARV_SHA512_BYTES}};

static void bag_head_job(arv__buf *out, const arv__bag_facts *facts, uint32_t index)
{
    (void)index;
    arv__bag_print_job(out, facts);
}

static void bag_head_bagit(arv__buf *out, const arv__bag_facts *facts, uint32_t index)
{
    (void)facts, (void)index;
    arv__bag_print_bagit(out);
}

static void bag_head_info(arv__buf *out, const arv__bag_facts *facts, uint32_t index)
{
    (void)index;
    arv__bag_print_info(out, facts);
}

static void bag_line(arv__buf *out, const arv__bag_record *record, unsigned algorithm)
{
    (void)algorithm;
    arv__bag_print_line(out, record);
}

static uint64_t bag_bytes_lines(const arv__bag *bag, uint32_t index)
{
    (void)index;
    return bag->line_bytes;
}

static uint64_t bag_bytes_failures(const arv__bag *bag, uint32_t index)
{
    (void)index;
    return bag->failures.line_bytes;
}

static uint64_t bag_bytes_page(const arv__bag *bag, uint32_t index)
{
    return bag->pages.bytes[index] + (index == 0 ? bag->failures.row_bytes : 0);
}

/* A digest, two blanks, the path, a line end. */
static uint64_t bag_bytes_manifest(const arv__bag *bag, uint32_t index)
{
    uint64_t line = bag_algorithms[index].bytes * 2 + 3 + strlen("data/");
    return bag->facts.files * line + bag->manifest_paths;
}

static const bag_kind bag_kinds[] = {
    {.name = "metadata/job.json", .head = bag_head_job},
    {.name = "metadata/entries.jsonl", .record = bag_line, .bytes = bag_bytes_lines},
    {.name = "metadata/failures.jsonl", .missing = arv__failure_print_line, .bytes = bag_bytes_failures},
    {.head = arv__bag_print_page_head,
     .missing = arv__failure_print_row,
     .lead = arv__bag_print_page_lead,
     .foot = arv__bag_print_page_foot,
     .bytes = bag_bytes_page},
    {.name = "bagit.txt", .head = bag_head_bagit},
    {.name = "bag-info.txt", .head = bag_head_info},
    {.name = "manifest-", .digests = true, .record = arv__bag_print_manifest, .bytes = bag_bytes_manifest},
    {.name = "tagmanifest-", .digests = true, .covers = true},
};

static bool bag_is_page(const bag_document *document)
{
    return !document->kind->name;
}

static unsigned bag_manifests(const arv__bag *bag)
{
    return bag->options.digests & ARV_DIGEST_SHA512 ? 2 : 1;
}

/* Returns the number of documents of a kind. */
static uint32_t bag_count(const arv__bag *bag, const bag_kind *kind)
{
    if (kind->digests)
        return bag_manifests(bag);
    if (!kind->name)
        return bag->facts.pages;
    return !kind->missing || bag->facts.failures;
}

static uint32_t bag_count_all(const arv__bag *bag)
{
    uint32_t count = 0;
    for (size_t i = 0; i < sizeof bag_kinds / sizeof *bag_kinds; i++)
        count += bag_count(bag, &bag_kinds[i]);
    return count;
}

static bag_document bag_document_at(const arv__bag *bag, uint32_t index)
{
    const bag_kind *kind = bag_kinds;
    for (uint32_t count; index >= (count = bag_count(bag, kind)); kind++)
        index -= count;
    return (bag_document){kind, index};
}

static void bag_document_name(char into[ARV__BAG_DOCUMENT_NAME_BYTES], const bag_document *document)
{
    const bag_kind *kind = document->kind;
    if (bag_is_page(document))
        arv__bag_page_name(into, document->index);
    else
        snprintf(into, ARV__BAG_DOCUMENT_NAME_BYTES, "%s%s", kind->name,
                 kind->digests ? bag_algorithms[document->index].name : "");
}

bool arv__bag_has_document(const arv__bag *bag, const char *name)
{
    char own[ARV__BAG_DOCUMENT_NAME_BYTES];
    if (strcmp(name, ARV__BAG_README) == 0)
        return true;
    for (uint32_t i = 0; i < bag->document_count; i++) {
        bag_document document = bag_document_at(bag, i);
        bag_document_name(own, &document);
        if (strcmp(own, name) == 0)
            return true;
    }
    return false;
}

static void bag_print_tag(arv__buf *out, uint32_t index, const arv_digests *digests, const char *name)
{
    arv__buf_hex(out, index ? digests->sha512 : digests->sha256, bag_algorithms[index].bytes);
    arv__buf_printf(out, "  %s\n", name);
}

/* Once all digests are there. */
static void bag_print_head(const arv__bag *bag, const bag_document *document, arv__buf *out)
{
    char name[ARV__BAG_DOCUMENT_NAME_BYTES];
    if (document->kind->head)
        document->kind->head(out, &bag->facts, document->index);
    if (!document->kind->covers)
        return;
    bag_print_tag(out, document->index, &bag->readme, ARV__BAG_README);
    for (uint32_t i = 0; i < bag->document_count - bag_manifests(bag); i++) {
        bag_document covered = bag_document_at(bag, i);
        bag_document_name(name, &covered);
        bag_print_tag(out, document->index, &bag->digests[i], name);
    }
}

static uint64_t bag_document_size(const arv__bag *bag, const bag_document *document)
{
    const bag_kind *kind = document->kind;
    arv__buf counter;
    arv__buf_init_counting(&counter);
    bag_print_head(bag, document, &counter);
    if (kind->lead)
        kind->lead(&counter, &bag->facts, document->index);
    if (kind->foot)
        kind->foot(&counter, &bag->facts, document->index);
    return arv__buf_total(&counter) + (kind->bytes ? kind->bytes(bag, document->index) : 0);
}

/* Returns the number of failures in the document. Of the pages only the first one has some, up to a bound. */
static uint64_t bag_document_missing(const arv__bag *bag, const bag_document *document)
{
    uint64_t count = bag->facts.failures;
    if (!document->kind->missing || document->index > 0)
        return 0;
    return bag_is_page(document) && count > ARV__FAILURES_ROWS ? ARV__FAILURES_ROWS : count;
}

/* ---- the end of the payload --------------------------------------------------------------------- */

/* An archive without a UUID of its own gets one from its content: the SHA-256 of manifest-sha256.txt as a
 * UUID of version 8 (RFC 9562, 5.8). */
static int bag_derive_uuid(arv__bag *bag, arv_error *err)
{
    unsigned char digest[ARV_SHA256_BYTES];
    arv__bag_record record;
    arv__sha256 sha256;
    int rc = 0;

    arv__sha256_init(&sha256);
    bag_rewind(bag);
    for (uint64_t i = 0; i < bag->facts.entries && rc == 0; i++) {
        rc = arv__bag_record_next(&bag->records, &record, err);
        if (rc < 0)
            break;
        arv__bag_print_manifest(&bag->portion, &record, ARV_DIGEST_SHA256);
        if (bag->portion.length >= BAG_PORTION_BYTES || i + 1 == bag->facts.entries) {
            rc = arv__buf_status(&bag->portion, "the manifest", err);
            arv__sha256_update(&sha256, bag->portion.data, bag->portion.length);
            arv__buf_clear(&bag->portion);
        }
    }
    arv__sha256_final(&sha256, digest);
    if (rc == 0)
        rc = arv__sha256_status(&sha256, err);
    if (rc < 0)
        return rc;
    arv__bag_uuid_of(digest, bag->uuid);
    return 0;
}

int arv__bag_payload_complete(arv__bag *bag, arv_error *err)
{
    int rc;

    bag->facts.failures = bag->failures.count;
    /* Links have no content: an archive with links only holds no entry that could be read. */
    if (bag->facts.failures && bag->facts.entries == bag->facts.links)
        return arv_error_set(err, bag->failures.first.code,
                             "None of the %llu entries can be archived. The first one: %s",
                             (unsigned long long)bag->facts.failures, bag->failures.first.message);
    if ((rc = arv__bag_pages_complete(&bag->pages, err)) < 0)
        return rc;
    bag->document_count = bag_count_all(bag);
    bag->digests = arv_calloc(bag->document_count, sizeof *bag->digests);
    if (!bag->digests)
        return arv_error_nomem(err, "the digests of the documents");
    if (!bag->uuid[0] && (rc = bag_derive_uuid(bag, err)) < 0)
        return rc;
    return 0;
}

/* ---- reading a document ------------------------------------------------------------------------- */

int arv__bag_document_next(arv__bag *bag, const char **name, uint64_t *size_bytes, bool *needs_all,
                           arv_error *err)
{
    *needs_all = false;
    if (bag->next == bag->document_count)
        return 0;
    bag_document document = bag_document_at(bag, bag->next);
    uint32_t covered = bag->document_count - bag_manifests(bag);
    if (document.kind->covers && __atomic_load_n(&bag->digests_done, __ATOMIC_ACQUIRE) < covered) {
        *needs_all = true;
        return 1;
    }
    bag->document = document;
    bag->next++;
    bag->step = BAG_HEAD;
    bag->records_left = document.kind->record ? bag->facts.entries : 0;
    bag->missing_left = bag_document_missing(bag, &document);
    if (!bag_is_page(&document) || document.index == 0)
        bag_rewind(bag);
    int rc = bag_is_page(&document) ? arv__bag_pages_begin(&bag->pages, document.index, err) : 0;
    if (rc < 0)
        return rc;
    arv__buf_clear(&bag->portion);
    bag->portion_at = 0;
    bag_document_name(bag->name, &document);
    *name = bag->name;
    *size_bytes = bag_document_size(bag, &document);
    return 1;
}

/* Prints the next records. Returns 1, or 0 when there are none any more. */
static int bag_print_records(arv__bag *bag, arv_error *err)
{
    const bag_document *document = &bag->document;
    unsigned algorithm = document->kind->digests ? bag_algorithms[document->index].algorithm : 0;
    arv__bag_record record;
    if (bag_is_page(document))
        return arv__bag_pages_print(&bag->pages, &bag->portion, BAG_PORTION_BYTES, err);
    while (bag->records_left && bag->portion.length < BAG_PORTION_BYTES) {
        int rc = arv__bag_record_next(&bag->records, &record, err);
        if (rc < 0)
            return rc;
        bag->records_left--;
        document->kind->record(&bag->portion, &record, algorithm);
    }
    return bag->records_left > 0;
}

static int bag_print_missing(arv__bag *bag, arv_error *err)
{
    arv__failure failure;
    while (bag->missing_left && bag->portion.length < BAG_PORTION_BYTES) {
        int rc = arv__failures_next(&bag->failures, &failure, err);
        if (rc < 0)
            return rc;
        bag->missing_left--;
        bag->document.kind->missing(&bag->portion, &failure);
    }
    return bag->missing_left > 0;
}

/* Prints the present step. Returns 1 when there is more of it, 0, or < 0. */
static int bag_print_step(arv__bag *bag, arv_error *err)
{
    const bag_kind *kind = bag->document.kind;
    switch (bag->step) {
    case BAG_HEAD:
        bag_print_head(bag, &bag->document, &bag->portion);
        if (!kind->covers || bag->document.index > 0)
            return 0;
        arv__buf_append(&bag->tagmanifest, bag->portion.data, bag->portion.length);
        return arv__buf_status(&bag->tagmanifest, "the tag manifest", err);
    case BAG_MISSING:
        return bag_print_missing(bag, err);
    case BAG_LEAD:
        if (kind->lead)
            kind->lead(&bag->portion, &bag->facts, bag->document.index);
        return 0;
    case BAG_RECORDS:
        return bag_print_records(bag, err);
    case BAG_FOOT:
        if (kind->foot)
            kind->foot(&bag->portion, &bag->facts, bag->document.index);
        return 0;
    case BAG_END:
        break;
    }
    return 0;
}

/* Prints the next portion; an empty one is the end. */
static int bag_refill(arv__bag *bag, arv_error *err)
{
    int rc = 0;
    arv__buf_clear(&bag->portion);
    bag->portion_at = 0;
    while (rc >= 0 && bag->step != BAG_END && bag->portion.length == 0) {
        rc = bag_print_step(bag, err);
        bag->step += rc == 0;
    }
    return rc < 0 ? rc : arv__buf_status(&bag->portion, "a document of the bag", err);
}

int64_t arv__bag_document_read(arv__bag *bag, void *into, size_t length, arv_error *err)
{
    size_t done = 0;
    while (done < length) {
        if (bag->portion_at == bag->portion.length) {
            int rc = bag_refill(bag, err);
            if (rc < 0)
                return rc;
            if (!bag->portion.length)
                break;
        }
        size_t part = bag->portion.length - bag->portion_at;
        if (part > length - done)
            part = length - done;
        memcpy((unsigned char *)into + done, bag->portion.data + bag->portion_at, part);
        bag->portion_at += part;
        done += part;
    }
    return (int64_t)done;
}

int arv__bag_document_done(arv__bag *bag, const arv_digests *digests, arv_error *err)
{
    uint32_t index = bag->digests_done;
    if (index == bag->document_count)
        return arv_error_set(err, ARV_EINTERNAL, "The bag has no further document.");
    bag->digests[index] = *digests;
    __atomic_store_n(&bag->digests_done, index + 1, __ATOMIC_RELEASE);
    return 0;
}

const void *arv__bag_tagmanifest(const arv__bag *bag, size_t *length)
{
    *length = bag->tagmanifest.length;
    return bag->tagmanifest.data;
}

/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Records come in once, in the order of the container, and are kept in a spool. Every document is a
 * head, a run over records, and a foot; its size is known before its first byte because the sizes
 * of all lines were added up as the records came in, and head and foot are measured by printing
 * them into a counting buffer.
 *
 * A document is read in portions: `portion` holds what was printed and not read yet, `step` says
 * what is printed next. The documents run over the records in the order in which they stand, the
 * pages share one run.
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

typedef enum {
    BAG_JOB,
    BAG_ENTRIES,
    BAG_FAILURES,
    BAG_PAGE,
    BAG_BAGIT,
    BAG_INFO,
    BAG_MANIFEST,
    BAG_TAGMANIFEST
} bag_kind;

typedef struct bag_document {
    bag_kind kind;
    uint32_t page;
    unsigned algorithm; /* of a manifest */
} bag_document;

typedef enum { BAG_HEAD, BAG_MISSING, BAG_LEAD, BAG_RECORDS, BAG_FOOT, BAG_END } bag_step;

struct arv__bag {
    arv_package_options options; /* strings are borrowed */
    arv__bag_facts facts;
    char uuid[ARV_UUID_BYTES];

    arv__spool spool;
    arv__failures failures;
    uint64_t line_bytes;      /* of entries.jsonl */
    uint64_t manifest_paths;  /* sum of the encoded paths of all files */
    arv__bag_pages pages;

    uint32_t document_count;
    uint32_t next;         /* document to begin */
    bag_document document; /* being read */
    bag_step step;
    uint64_t records_left, missing_left; /* of this document */
    arv__bag_cursor cursor;
    arv__buf portion;
    size_t portion_at;
    arv_digests *digests; /* of finished documents */
    uint32_t digests_done; /* written by the chain, read by the generator: atomic */
    arv_digests readme;   /* of README.txt */
    arv__buf tagmanifest; /* SHA-256, kept for the closing */
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
    arv__spool_init(&bag->spool, BAG_SPOOL_BYTES, options->temp_directory);
    arv__failures_init(&bag->failures, options->failures_max, options->temp_directory);
    arv__buf_init(&bag->portion, BAG_PORTION_LIMIT);
    arv__buf_init(&bag->tagmanifest, SIZE_MAX / 2);
    arv__bag_pages_init(&bag->pages, &bag->facts, &bag->spool, &bag->cursor);
    size_t readme_length;
    const char *readme = arv__bag_readme(&readme_length);
    int rc = arv__bag_cursor_init(&bag->cursor, err);
    if (rc == 0)
        rc = arv__digest_bytes(options->digests, readme, readme_length, &bag->readme, err);
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
    arv__spool_cleanup(&bag->spool);
    arv__failures_cleanup(&bag->failures);
    arv__buf_cleanup(&bag->portion);
    arv__buf_cleanup(&bag->tagmanifest);
    arv__bag_pages_cleanup(&bag->pages);
    arv__bag_cursor_cleanup(&bag->cursor);
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
    return arv__spool_append(&bag->spool, records, length, err);
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
    arv__bag_cursor_rewind(&bag->cursor);
}

/* ---- the list of documents ---------------------------------------------------------------------- */

static unsigned bag_manifests(const arv__bag *bag)
{
    return bag->options.digests & ARV_DIGEST_SHA512 ? 2 : 1;
}

static bag_document bag_document_at(const arv__bag *bag, uint32_t index)
{
    unsigned manifests = bag_manifests(bag);
    if (index == 0)
        return (bag_document){.kind = BAG_JOB};
    if (index == 1)
        return (bag_document){.kind = BAG_ENTRIES};
    index -= 2;
    if (bag->facts.failures && index-- == 0)
        return (bag_document){.kind = BAG_FAILURES};
    if (index < bag->facts.pages)
        return (bag_document){.kind = BAG_PAGE, .page = index};
    index -= bag->facts.pages;
    if (index < 2)
        return (bag_document){.kind = index ? BAG_INFO : BAG_BAGIT};
    index -= 2;
    return (bag_document){.kind = index < manifests ? BAG_MANIFEST : BAG_TAGMANIFEST,
                          .algorithm = index % manifests ? ARV_DIGEST_SHA512 : ARV_DIGEST_SHA256};
}

static void bag_document_name(char into[ARV__BAG_DOCUMENT_NAME_BYTES], const bag_document *document)
{
    static const char *const names[] = {
        [BAG_JOB] = "metadata/job.json",   [BAG_ENTRIES] = "metadata/entries.jsonl",
        [BAG_FAILURES] = "metadata/failures.jsonl",
        [BAG_BAGIT] = "bagit.txt",         [BAG_INFO] = "bag-info.txt",
        [BAG_MANIFEST] = "manifest-",      [BAG_TAGMANIFEST] = "tagmanifest-",
    };
    if (document->kind == BAG_PAGE)
        arv__bag_page_name(into, document->page);
    else
        snprintf(into, ARV__BAG_DOCUMENT_NAME_BYTES, "%s%s", names[document->kind],
                 document->algorithm == ARV_DIGEST_SHA512   ? "sha512.txt"
                 : document->algorithm == ARV_DIGEST_SHA256 ? "sha256.txt"
                                                            : "");
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

static void bag_print_head(const arv__bag *bag, const bag_document *document, arv__buf *out)
{
    switch (document->kind) {
    case BAG_JOB:
        arv__bag_print_job(out, &bag->facts);
        break;
    case BAG_PAGE:
        arv__bag_print_page_head(out, &bag->facts, document->page);
        break;
    case BAG_BAGIT:
        arv__bag_print_bagit(out);
        break;
    case BAG_INFO:
        arv__bag_print_info(out, &bag->facts);
        break;
    case BAG_ENTRIES:
    case BAG_FAILURES:
    case BAG_MANIFEST:
    case BAG_TAGMANIFEST:
        break;
    }
}

static size_t bag_digest_bytes(unsigned algorithm)
{
    return algorithm == ARV_DIGEST_SHA512 ? ARV_SHA512_BYTES : ARV_SHA256_BYTES;
}

static uint64_t bag_document_size(const arv__bag *bag, const bag_document *document)
{
    char name[ARV__BAG_DOCUMENT_NAME_BYTES];
    uint64_t line = bag_digest_bytes(document->algorithm) * 2 + 3; /* two blanks and a line end */
    uint64_t size = 0;
    arv__buf counter;

    arv__buf_init_counting(&counter);
    bag_print_head(bag, document, &counter);
    switch (document->kind) {
    case BAG_ENTRIES:
        return bag->line_bytes;
    case BAG_FAILURES:
        return bag->failures.line_bytes;
    case BAG_MANIFEST:
        return bag->facts.files * (line + strlen("data/")) + bag->manifest_paths;
    case BAG_TAGMANIFEST:
        size = line + strlen(ARV__BAG_README);
        for (uint32_t i = 0; i < bag->document_count - bag_manifests(bag); i++) {
            bag_document covered = bag_document_at(bag, i);
            bag_document_name(name, &covered);
            size += line + strlen(name);
        }
        return size;
    case BAG_PAGE:
        size = bag->pages.bytes[document->page];
        if (document->page == 0)
            size += bag->failures.row_bytes;
        arv__bag_print_page_lead(&counter, &bag->facts, document->page);
        arv__bag_print_page_foot(&counter, &bag->facts, document->page);
        break;
    case BAG_JOB:
    case BAG_BAGIT:
    case BAG_INFO:
        break;
    }
    return size + arv__buf_total(&counter);
}

static uint64_t bag_document_records(const arv__bag *bag, const bag_document *document)
{
    if (document->kind == BAG_ENTRIES || document->kind == BAG_MANIFEST)
        return bag->facts.entries;
    return document->kind == BAG_PAGE; /* until its last line is printed */
}

/* Failures that the document tells. */
static uint64_t bag_document_missing(const arv__bag *bag, const bag_document *document)
{
    uint64_t count = bag->facts.failures;
    if (document->kind == BAG_FAILURES)
        return count;
    if (document->kind != BAG_PAGE || document->page > 0)
        return 0;
    return count < ARV__FAILURES_ROWS ? count : ARV__FAILURES_ROWS;
}

/* ---- the end of the payload --------------------------------------------------------------------- */

/* An archive without a UUID of its own gets the one that its content has: the SHA-256 of
 * manifest-sha256.txt as a UUID of version 8 (RFC 9562, 5.8). */
static int bag_derive_uuid(arv__bag *bag, arv_error *err)
{
    unsigned char digest[ARV_SHA256_BYTES];
    arv__bag_record record;
    arv__sha256 sha256;
    int rc = 0;

    arv__sha256_init(&sha256);
    bag_rewind(bag);
    for (uint64_t i = 0; i < bag->facts.entries && rc == 0; i++) {
        rc = arv__bag_cursor_next(&bag->cursor, &bag->spool, &record, err);
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
    /* Links have no content: with nothing else, nothing was archived that could be read. */
    if (bag->facts.failures && bag->facts.entries == bag->facts.links)
        return arv_error_set(err, bag->failures.first.code,
                             "None of the %llu entries can be archived. The first one: %s",
                             (unsigned long long)bag->facts.failures, bag->failures.first.message);
    if ((rc = arv__bag_pages_complete(&bag->pages, err)) < 0)
        return rc;
    bag->document_count = 4 + (bag->facts.failures > 0) + bag->facts.pages +
                          2 * bag_manifests(bag);
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
    if (document.kind == BAG_TAGMANIFEST &&
        __atomic_load_n(&bag->digests_done, __ATOMIC_ACQUIRE) < covered) {
        *needs_all = true;
        return 1;
    }
    bag->document = document;
    bag->next++;
    bag->step = BAG_HEAD;
    bag->records_left = bag_document_records(bag, &document);
    bag->missing_left = bag_document_missing(bag, &document);
    if (document.kind != BAG_PAGE || document.page == 0)
        bag_rewind(bag);
    int rc = document.kind == BAG_PAGE ? arv__bag_pages_begin(&bag->pages, document.page, err) : 0;
    if (rc < 0)
        return rc;
    arv__buf_clear(&bag->portion);
    bag->portion_at = 0;
    bag_document_name(bag->name, &document);
    *name = bag->name;
    *size_bytes = bag_document_size(bag, &document);
    return 1;
}

static int bag_print_records(arv__bag *bag, arv_error *err)
{
    arv__bag_record record;
    if (bag->document.kind == BAG_PAGE) {
        int more = arv__bag_pages_print(&bag->pages, &bag->portion, BAG_PORTION_BYTES, err);
        bag->records_left = more > 0;
        return more < 0 ? more : 0;
    }
    while (bag->records_left && bag->portion.length < BAG_PORTION_BYTES) {
        int rc = arv__bag_cursor_next(&bag->cursor, &bag->spool, &record, err);
        if (rc < 0)
            return rc;
        bag->records_left--;
        if (bag->document.kind == BAG_ENTRIES)
            arv__bag_print_line(&bag->portion, &record);
        else
            arv__bag_print_manifest(&bag->portion, &record, bag->document.algorithm);
    }
    return 0;
}

static int bag_print_missing(arv__bag *bag, arv_error *err)
{
    arv__failure failure;
    while (bag->missing_left && bag->portion.length < BAG_PORTION_BYTES) {
        int rc = arv__failures_next(&bag->failures, &failure, err);
        if (rc < 0)
            return rc;
        bag->missing_left--;
        if (bag->document.kind == BAG_FAILURES)
            arv__failure_print_line(&bag->portion, &failure);
        else
            arv__failure_print_row(&bag->portion, &failure);
    }
    return 0;
}

static void bag_print_tag(arv__buf *out, unsigned algorithm, const arv_digests *digests,
                          const char *name)
{
    arv__buf_hex(out, algorithm == ARV_DIGEST_SHA512 ? digests->sha512 : digests->sha256,
                 bag_digest_bytes(algorithm));
    arv__buf_printf(out, "  %s\n", name);
}

static int bag_print_tagmanifest(arv__bag *bag, unsigned algorithm, arv_error *err)
{
    char name[ARV__BAG_DOCUMENT_NAME_BYTES];
    arv__buf *out = algorithm == ARV_DIGEST_SHA256 ? &bag->tagmanifest : &bag->portion;

    bag_print_tag(out, algorithm, &bag->readme, ARV__BAG_README);
    for (uint32_t i = 0; i < bag->document_count - bag_manifests(bag); i++) {
        bag_document covered = bag_document_at(bag, i);
        bag_document_name(name, &covered);
        bag_print_tag(out, algorithm, &bag->digests[i], name);
    }
    if (out != &bag->portion) {
        int rc = arv__buf_status(out, "the tag manifest", err);
        if (rc < 0)
            return rc;
        arv__buf_append(&bag->portion, out->data, out->length);
    }
    return 0;
}

/* Prints the next portion; an empty one is the end. */
static int bag_refill(arv__bag *bag, arv_error *err)
{
    int rc = 0;
    arv__buf_clear(&bag->portion);
    bag->portion_at = 0;
    while (rc == 0 && bag->step != BAG_END && bag->portion.length == 0) {
        switch (bag->step) {
        case BAG_HEAD:
            bag_print_head(bag, &bag->document, &bag->portion);
            if (bag->document.kind == BAG_TAGMANIFEST)
                rc = bag_print_tagmanifest(bag, bag->document.algorithm, err);
            bag->step = BAG_MISSING;
            break;
        case BAG_MISSING:
            rc = bag_print_missing(bag, err);
            if (!bag->missing_left)
                bag->step = BAG_LEAD;
            break;
        case BAG_LEAD:
            if (bag->document.kind == BAG_PAGE)
                arv__bag_print_page_lead(&bag->portion, &bag->facts, bag->document.page);
            bag->step = BAG_RECORDS;
            break;
        case BAG_RECORDS:
            rc = bag_print_records(bag, err);
            if (!bag->records_left)
                bag->step = BAG_FOOT;
            break;
        case BAG_FOOT:
            if (bag->document.kind == BAG_PAGE)
                arv__bag_print_page_foot(&bag->portion, &bag->facts, bag->document.page);
            bag->step = BAG_END;
            break;
        case BAG_END:
            break;
        }
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

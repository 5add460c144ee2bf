/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_VERIFY_CHECK_H
#define ARV_VERIFY_CHECK_H

/*
 * The state of one verification. Shared by bag_check.c, ledger.c, documents.c and own.c.
 *
 * Ownership: embedded; borrows reader, limits, report and listing. Threading: one thread; may block.
 * Errors: a fault of the archive is a finding, never an error; errors are those of the reader, ARV_ENOMEM.
 */

#include "package/reader.h"
#include "package/sorter.h"
#include "package/spool.h"
#include "verify/lines.h"
#include "verify/own.h"
#include "verify/report.h"

enum { ARV__CHECK_ALGORITHMS = 2 }; /* SHA-256, SHA-512 */

/* The part that an entry plays in the bag. */
typedef enum {
    ARV__PART_ROOT,    /* mimetype, META-INF: beside the base folder */
    ARV__PART_PAYLOAD, /* below data/ */
    ARV__PART_TAG,     /* any other file of the base folder */
    ARV__PART_FOREIGN  /* anywhere else: an archive has nothing there */
} arv__part;

typedef enum {
    ARV__DOC_NONE,
    ARV__DOC_BAGIT,
    ARV__DOC_BAG_INFO,
    ARV__DOC_JOB, /* kept whole */
    ARV__DOC_MANIFEST,
    ARV__DOC_TAGMANIFEST,
    ARV__DOC_ENTRIES, /* read line by line */
    ARV__DOC_FAILURES,
    ARV__DOC_FETCH,
    ARV__DOCS,
    ARV__DOCS_WHOLE = ARV__DOC_MANIFEST
} arv__doc;

typedef struct arv__check {
    arv__reader *reader;
    const arv_limits *limits;
    bool foreign; /* the bag of another program: own.c does not run */
    arv__own own;
    arv__report *report;
    arv__spool *listing; /* may be NULL */
    arv__sorter *ledger;
    arv__digest digest;
    unsigned algorithms; /* with which files are hashed */
    arv__buf base;       /* name of the base folder; empty until one was seen */
    arv__buf key, value; /* scratch */
    arv__lines lines;
    arv__buf whole[ARV__DOCS_WHOLE];
    bool seen[ARV__DOCS];
    unsigned manifests, tagmanifests; /* sets of ARV_DIGEST_* that were read */
    bool foreign_manifest;            /* there is a manifest of an algorithm that is not read */
    uint64_t tagmanifest_at;          /* place of the last one in the container */
    uint64_t place;                   /* of the current entry in the container */
    uint64_t payload_place;           /* of the current entry in the payload, folders too */
    uint64_t payload_files, payload_bytes, listed;
    uint64_t links;               /* of the listed: symbolic links, which have no entry in the container */
    uint64_t failures_listed;     /* lines of metadata/failures.jsonl */
    uint64_t displaced, unpaired; /* entries and lines of the list that do not agree */
    /* of the current entry */
    arv__reader_entry entry;
    arv__part part;
    arv__doc doc;
    unsigned algorithm; /* of a manifest */
} arv__check;

#define ARV__CHECK_FIND(check, kind, ...)                                                                    \
    arv__report_add((check)->report, (kind), (check)->entry.name, (check)->entry.name_length, __VA_ARGS__)

static inline const char *arv__algorithm_name(unsigned algorithm)
{
    return algorithm == ARV_DIGEST_SHA512 ? "sha512" : "sha256";
}

/* ---- ledger.c: entries and promises, by name ------------------------------------------------- */

int arv__ledger_add_entry(arv__check *check, uint64_t size_bytes, bool intact, const arv_digests *digests,
                          arv_error *err);
int arv__ledger_add_promise(arv__check *check, const char *path, size_t length, bool tag, unsigned algorithm,
                            const unsigned char *digest, arv_error *err);
int arv__ledger_add_fetch(arv__check *check, const char *path, size_t length, arv_error *err);
int arv__ledger_add_listed(arv__check *check, const arv__listed *listed, arv_error *err);
/* Compares; every difference is a finding. */
int arv__ledger_settle(arv__check *check, arv_error *err);

/* ---- documents.c: the documents of the bag --------------------------------------------------- */

/* Sets doc and algorithm of the current entry, a tag file. */
void arv__documents_classify(arv__check *check, const char *relative, size_t length);
int arv__documents_feed(arv__check *check, const void *data, size_t length, arv_error *err);
int arv__documents_end(arv__check *check, arv_error *err);
int arv__documents_on_line(void *user_data, char *text, size_t length, arv_error *err);
/* Judges the documents. Must be called after the last entry. */
int arv__documents_settle(arv__check *check, arv_error *err);

#endif

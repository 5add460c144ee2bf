/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_PACKAGE_BAG_H
#define ARV_PACKAGE_BAG_H

/*
 * The documents of the bag (RFC 8493) and the pages for people, made from the records of the
 * payload. The packer appends a record for every finished entry, in the order of the container. The bag
 * then generates the documents from them in portions. It knows each size before the first byte, since the
 * same printers run on a counting buffer while records arrive.
 *
 * README.txt is the same in all archives and stands before the payload: the packer writes it. Order of
 * the documents behind the payload: metadata/job.json, metadata/entries.jsonl,
 * metadata/failures.jsonl (only when entries are missing), index.html
 * (index-0002.html … when there are more than 5,000 entries), bagit.txt, bag-info.txt, manifest-*.txt,
 * tagmanifest-*.txt. The tag manifests cover all but themselves, and README.txt first.
 *
 * Ownership: heap. Threading: one thread at a time (the chain, then the generator).
 */

#include "package/failures.h"
#include "package/plan.h"
#include <arv/digest.h>
#include <arv/package.h>

typedef struct arv__bag arv__bag;

/* The version of the form of archives, and of job.json with it: docs/archive.md. */
#define ARV__BAG_FORM "archivist-job-2"

/* Makes the UUID of a payload from the SHA-256 of its manifest: version 8 (RFC 9562, 5.8). */
void arv__bag_uuid_of(const unsigned char manifest_sha256[ARV_SHA256_BYTES], char uuid[ARV_UUID_BYTES]);
/* Returns whether it is a UUID of RFC 9562 in lower case, of any version, that an archive may have. */
bool arv__bag_uuid_is_true(const char *uuid);
void arv__bag_print_bagit(arv__buf *out);
/* The first text in the base folder, ASCII, not NUL-ended. */
#define ARV__BAG_README "README.txt"
const char *arv__bag_readme(size_t *length);

/* The options' strings, base_folder and deflater (NULL: not recorded) are borrowed. */
int arv__bag_new(arv__bag **bag, const arv_package_options *options, const char *base_folder,
                 const char *deflater, arv_error *err);
void arv__bag_free(arv__bag *bag);

/* Makes a record, on any thread, in a flat buffer; the packer appends it in order later. */
int arv__bag_record_make(arv__buf *into, const arv__plan_item *item, uint64_t size_bytes,
                         const arv_digests *digests, arv_error *err);
/* Appends one or more flat records. */
int arv__bag_append(arv__bag *bag, const void *records, size_t length, arv_error *err);
/* The same for entries that are missing (failures.h). Returns the first failure's code when more are
 * missing than failures_max allows. */
int arv__bag_append_failures(arv__bag *bag, const void *records, size_t length, arv_error *err);
arv__failures *arv__bag_failures(arv__bag *bag);
/* After the last record: fixes numbers, UUID and the list of documents. Returns the first failure's code
 * when all entries are missing. */
int arv__bag_payload_complete(arv__bag *bag, arv_error *err);
const char *arv__bag_uuid(const arv__bag *bag);
uint64_t arv__bag_payload_bytes(const arv__bag *bag);
uint64_t arv__bag_payload_entries(const arv__bag *bag);

/* Begins the next document: returns 1 with its name (relative to the base folder) and exact size, 0 behind
 * the last. `*needs_all`: the document covers earlier ones, and arv__bag_document_done() has not got all
 * their digests. Then it began nothing: call again when it has. */
int arv__bag_document_next(arv__bag *bag, const char **name, uint64_t *size_bytes, bool *needs_all,
                           arv_error *err);
/* Returns up to `length` bytes of the current document; 0 at its end. */
int64_t arv__bag_document_read(arv__bag *bag, void *into, size_t length, arv_error *err);
/* Takes a document's digests, in the order of the documents. Another thread may read a later document. */
int arv__bag_document_done(arv__bag *bag, const arv_digests *digests, arv_error *err);
/* Returns whether the bag has a document of this name, or it is README.txt. Call it after the payload is
 * complete. */
bool arv__bag_has_document(const arv__bag *bag, const char *name);
/* Returns the SHA-256 tag manifest, once it was generated. */
const void *arv__bag_tagmanifest(const arv__bag *bag, size_t *length);

#endif

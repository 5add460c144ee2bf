/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_VERIFY_OWN_H
#define ARV_VERIFY_OWN_H

/*
 * Checks the narrow form of our own archives at the level of the bag: the entries, their order and their
 * names; and the documents, byte for byte where these can be computed. Does not run for the bags of other
 * programs.
 *
 * Ownership: embedded. Threading: one thread at a time. Errors: ARV_ENOMEM, those of the digests.
 * Memory: the names of two neighbours, and one line of a manifest or of the list (at most 1 MiB).
 */

#include "crypto/digest.h"
#include "util/buf.h"

struct arv__check;
struct arv__listed;

enum { ARV__OWN_ALGORITHMS = 2 };

typedef struct arv__own {
    unsigned step;      /* of the sequence of documents */
    uint64_t pages;     /* of index.html, seen */
    int late;           /* line of the last late entry in the table, or -1 */
    unsigned first;     /* entries that stand before README.txt */
    bool readme;        /* README.txt stands at its place */
    bool failures;      /* metadata/failures.jsonl is there */
    bool hollow;        /* the folder of the payload has an entry: there is no payload */
    bool odd_list;      /* a line of the list was wrong: the list's digest proves nothing */
    bool any_key;       /* a line of the list was seen */
    bool first_is_file; /* the entry under the bare name of this fold is a file */
    size_t fold_length; /* of the key before */
    arv__buf key, before, safe, text, persons;
    /* Of the documents that the packer would have written. */
    arv__sha256 manifest[ARV__OWN_ALGORITHMS], tagmanifest[ARV__OWN_ALGORITHMS], list;
    /* Of the documents of the container. */
    unsigned char manifest_found[ARV__OWN_ALGORITHMS][ARV_SHA256_BYTES];
    unsigned char tagmanifest_found[ARV__OWN_ALGORITHMS][ARV_SHA256_BYTES];
    unsigned char list_found[ARV_SHA256_BYTES];
} arv__own;

void arv__own_init(arv__own *own);
void arv__own_cleanup(arv__own *own);
/* Checks that the current entry may stand here, by its name. Must be called before it is read. */
int arv__own_place(struct arv__check *check, arv_error *err);
/* Takes the digests of the current entry, a file of the bag, when it was read to its end. */
int arv__own_hashed(struct arv__check *check, uint64_t size_bytes, const arv_digests *digests,
                    arv_error *err);
/* Checks a line of metadata/entries.jsonl. */
int arv__own_listed(struct arv__check *check, const struct arv__listed *listed, arv_error *err);
/* Checks the documents. Must be called after the last entry. */
int arv__own_settle(struct arv__check *check, arv_error *err);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_VERIFY_OWN_H
#define ARV_VERIFY_OWN_H

/*
 * The narrow form of our own archives, at the level of the bag: which entries, in which order,
 * under which names, and what the documents must say then, byte for byte where it can be computed.
 * Nothing here runs for the bags of other programs.
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
    int late;           /* line of the last late entry in the table, -1 */
    unsigned first;     /* entries that stand before README.txt */
    bool readme;        /* it stands at its place */
    bool failures;      /* metadata/failures.jsonl is there */
    bool hollow;        /* the folder of the payload stands there: there is no payload */
    bool odd_list;      /* a line of the list was found wrong: its digest tells nothing */
    bool any_key;       /* a line of the list was seen */
    bool first_is_file; /* the entry under the bare name of this fold is a file */
    size_t fold_length; /* of the key before */
    arv__buf key, before, safe, text, persons;
    /* What the documents must be: digests of what the packer would have written. */
    arv__sha256 manifest[ARV__OWN_ALGORITHMS], tagmanifest[ARV__OWN_ALGORITHMS], list;
    /* What they are. */
    unsigned char manifest_found[ARV__OWN_ALGORITHMS][ARV_SHA256_BYTES];
    unsigned char tagmanifest_found[ARV__OWN_ALGORITHMS][ARV_SHA256_BYTES];
    unsigned char list_found[ARV_SHA256_BYTES];
} arv__own;

void arv__own_init(arv__own *own);
void arv__own_cleanup(arv__own *own);
/* The current entry, before it is read: does something of this name stand here? */
int arv__own_place(struct arv__check *check, arv_error *err);
/* The current entry, a file of the bag, was read to its end. */
int arv__own_hashed(struct arv__check *check, uint64_t size_bytes, const arv_digests *digests,
                    arv_error *err);
/* A line of metadata/entries.jsonl. */
int arv__own_listed(struct arv__check *check, const struct arv__listed *listed, arv_error *err);
/* After the last entry. */
int arv__own_settle(struct arv__check *check, arv_error *err);

#endif

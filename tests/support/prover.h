/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROVER_H
#define PROVER_H

/*
 * A stand-in for who makes proofs: its tokens are bytes that depend on the imprint only. It counts what
 * it is asked for, where processes that were killed see it as well.
 */

#include "job/run.h"

typedef struct prover_counts { /* shared with children */
    unsigned asked, sealed;
    char wrong[200]; /* what was asked for that must not be */
} prover_counts;

typedef struct stand_in {
    arv__prover base; /* first */
    prover_counts *counts;
    const char *journal; /* path of the job's: what it records is not asked for again; NULL: not looked at */
    int fails;           /* with this code, when it is not 0 */
    bool dies;           /* its process, once it was asked */
    bool is_silent;      /* until it is cancelled */
    size_t token_bytes;  /* 0: as many as "token over IMPRINT" has */
    void (*on_asked)(struct stand_in *prover); /* may be NULL */
    void *user_data;
} stand_in;

/* One that stamps and seals; and a form of archives that knows its entry. */
void stand_in_init(stand_in *prover);
void stand_in_cleanup(stand_in *prover);

#endif

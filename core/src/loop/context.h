/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_LOOP_CONTEXT_H
#define ARV_LOOP_CONTEXT_H

/*
 * The part of an engine that every module may use: its loop, its pools and its log.
 */

#include "loop/loop.h"
#include "util/log.h"

typedef struct arv__context {
    arv__loop *loop;
    arv__pool *pool; /* reads and computes: as many threads as readers */
    arv__pool *io;   /* storages: calls that wait for a medium */
    arv__logger log;
    size_t piece_bytes_most, piece_bytes_used; /* by pieces of puts that are under way (storage/pieces.c) */
    long pid;                                  /* of the process that made it, to notice a fork */
} arv__context;

/* Returns the context of an engine, which holds it (engine/engine.c). */
struct arv_engine;
arv__context *arv__context_of(struct arv_engine *engine);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_SYS_ALLOC_H
#define ARV_SYS_ALLOC_H

/*
 * The one allocation table. The core allocates through it only, so that a test can fail each
 * allocation in turn and an application can count.
 *
 * Ownership: the caller owns blocks of arv_malloc() and its family, and must release them with arv_free().
 * Threading: set the table once, before the first engine is made; its functions must be callable from
 *   every thread.
 * Errors: the functions return NULL when there is no memory and set nothing else; callers turn
 *   that into ARV_ENOMEM with arv_error_nomem().
 * Units: bytes.
 */

#include <stddef.h>
#include <arv/error.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct arv_alloc_table {
    void *(*malloc)(size_t size_bytes);
    void *(*calloc)(size_t count, size_t size_bytes);
    void *(*realloc)(void *block, size_t size_bytes);
    void (*free)(void *block);
} arv_alloc_table;

/* Replaces the table; NULL restores libc's. Fails with ARV_EINVALID if a slot is NULL. */
ARV_API int arv_alloc_set(const arv_alloc_table *table, arv_error *err);

ARV_API void *arv_malloc(size_t size_bytes);
ARV_API void *arv_calloc(size_t count, size_t size_bytes); /* zeroed; NULL on overflow */
ARV_API void *arv_realloc(void *block, size_t size_bytes);
ARV_API void *arv_reallocarray(void *block, size_t count, size_t size_bytes); /* NULL on overflow */
ARV_API char *arv_strdup(const char *text);
ARV_API char *arv_strndup(const char *text, size_t length_bytes);
ARV_API void arv_free(void *block); /* accepts NULL */

/* Sets ARV_ENOMEM with a sentence that names `what`, the purpose of the block. Returns ARV_ENOMEM. */
ARV_API int arv_error_nomem(arv_error *err, const char *what);

#ifdef __cplusplus
}
#endif
#endif

/* SPDX-License-Identifier: Apache-2.0 */
#include <arv/sys/alloc.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/*
 * A size of 0 becomes 1: systems differ in the result of malloc(0), and here NULL has one meaning only.
 */

static const arv_alloc_table alloc_libc = {malloc, calloc, realloc, free};
static arv_alloc_table alloc_table = {malloc, calloc, realloc, free};

int arv_alloc_set(const arv_alloc_table *table, arv_error *err)
{
    if (!table)
        table = &alloc_libc;
    if (!table->malloc || !table->calloc || !table->realloc || !table->free)
        return arv_error_set(err, ARV_EINVALID,
                             "The allocation table lacks a function; set all four of them.");
    alloc_table = *table;
    return 0;
}

void *arv_malloc(size_t size_bytes)
{
    return alloc_table.malloc(size_bytes ? size_bytes : 1);
}

void *arv_calloc(size_t count, size_t size_bytes)
{
    if (count == 0 || size_bytes == 0)
        count = size_bytes = 1;
    if (count > SIZE_MAX / size_bytes)
        return NULL;
    return alloc_table.calloc(count, size_bytes);
}

void *arv_realloc(void *block, size_t size_bytes)
{
    return alloc_table.realloc(block, size_bytes ? size_bytes : 1);
}

void *arv_reallocarray(void *block, size_t count, size_t size_bytes)
{
    if (size_bytes && count > SIZE_MAX / size_bytes)
        return NULL;
    return arv_realloc(block, count * size_bytes);
}

char *arv_strdup(const char *text)
{
    return arv_strndup(text, strlen(text));
}

char *arv_strndup(const char *text, size_t length_bytes)
{
    size_t length = strnlen(text, length_bytes);
    char *copy = arv_malloc(length + 1);
    if (copy) {
        memcpy(copy, text, length);
        copy[length] = '\0';
    }
    return copy;
}

void arv_free(void *block)
{
    if (block)
        alloc_table.free(block);
}

int arv_error_nomem(arv_error *err, const char *what)
{
    return arv_error_set(err, ARV_ENOMEM,
                         "There is not enough memory for %s; free some or raise the limit of the "
                         "process.",
                         what);
}

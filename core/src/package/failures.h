/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_PACKAGE_FAILURES_H
#define ARV_PACKAGE_FAILURES_H

/*
 * The entries that an archive lacks because their sources failed, in the order of the container.
 * Each is a flat record. The thread that sees the failure makes it, and the bag appends it in order. All
 * are kept, beyond a bound in an unlinked temporary file, and the archive names them all.
 *
 * Ownership: embedded. Threading: one thread at a time (the chain, then the generator).
 * Errors: ENOMEM, ENOSPACE, EIO; the first failure's code when there are more than `max`.
 */

#include "package/flat.h"
#include "package/plan.h"
#include <arv/package.h>

enum {
    ARV__FAILURES_ROWS = 1000, /* on the first page; metadata/failures.jsonl has all */
    ARV__FAILURES_KEPT = 100   /* for the result of a job */
};

/* A record as the printers see it; strings point into the flat form. */
typedef struct arv__failure {
    const char *name;  /* as it was given */
    const char *owner; /* NULL: none */
    const char *message;
    const char *persons; /* as in the plan */
    size_t name_length, owner_length, message_length, persons_length;
    int code, domain;
    unsigned flags;
    int64_t detail;
    uint32_t line_bytes, row_bytes; /* that the printers below will print */
} arv__failure;

typedef struct arv__failures {
    arv__flat flat;
    uint64_t count, max;
    uint64_t line_bytes, row_bytes; /* of all lines, and of the rows on the first page */
    arv_error first;
} arv__failures;

/* Returns whether the code is of a source, and not of a target, the engine or the application. */
bool arv__failure_of_source(int code);
int arv__failure_make(arv__buf *into, const arv__plan_item *item, const arv_error *why, arv_error *err);
/* Print a line of failures.jsonl, and a row of the page. */
void arv__failure_print_line(arv__buf *out, const arv__failure *failure);
void arv__failure_print_row(arv__buf *out, const arv__failure *failure);
/* Makes the error of an archive that would lack more entries than it may. */
int arv__failures_too_many(uint64_t max, const arv_error *first, arv_error *err);

void arv__failures_init(arv__failures *failures, uint64_t max, const char *temp_directory);
void arv__failures_cleanup(arv__failures *failures);
/* Appends one or more flat records. */
int arv__failures_append(arv__failures *failures, const void *records, size_t length, arv_error *err);
void arv__failures_rewind(arv__failures *failures);
/* Reads the next one; there must be one. */
int arv__failures_next(arv__failures *failures, arv__failure *failure, arv_error *err);
/* Gives the first ones in one block of memory that the caller frees; NULL when there is none. */
int arv__failures_keep(arv__failures *failures, arv_failure **kept, size_t *count, arv_error *err);

#endif

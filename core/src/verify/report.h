/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_VERIFY_REPORT_H
#define ARV_VERIFY_REPORT_H

/*
 * The report while it grows: findings with their sentences. It keeps the first findings_max and counts
 * all.
 *
 * Ownership: embedded. Threading: one thread at a time.
 * Errors: adding cannot fail; _finish() returns a lack of memory.
 */

#include <stdarg.h>
#include <arv/verify.h>
#include "util/buf.h"

typedef struct arv__report {
    arv_report shown;
    arv_finding *findings;
    size_t capacity;
    unsigned findings_max;
    int failed;
} arv__report;

void arv__report_init(arv__report *report, unsigned findings_max);
void arv__report_cleanup(arv__report *report);
/* `entry` may be NULL and need not be NUL-ended; invalid bytes in it are escaped. */
void arv__report_add(arv__report *report, arv_finding_kind kind, const char *entry, size_t entry_length,
                     const char *format, ...) ARV_PRINTF(5, 6);
void arv__report_addv(arv__report *report, arv_finding_kind kind, const char *entry, size_t entry_length,
                      const char *format, va_list args);
/* Takes over the content of job.json from the buffer. */
void arv__report_adopt_job(arv__report *report, arv__buf *job);
/* Sets the findings of `shown`. Returns ARV_ENOMEM when one could not be kept. */
int arv__report_finish(arv__report *report, arv_error *err);

#endif

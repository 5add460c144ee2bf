/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_UTIL_TIME_H
#define ARV_UTIL_TIME_H

/* Clocks and dates. Pure libc; any thread. */

#include <stdbool.h>
#include <stdint.h>
#include "util/buf.h"

int64_t arv__now_unix_us(void); /* wall clock */
/* For tests: moves the wall clock away from the system's, as an administrator who sets it does. */
void arv__clock_set_offset_us(int64_t offset_us);
uint64_t arv__monotonic_ns(void);  /* never goes back */
uint64_t arv__thread_cpu_ns(void); /* CPU time of the calling thread; 0 where unknown */

typedef struct arv__date {
    int year, month, day, hour, minute, second; /* UTC, month and day from 1 */
} arv__date;

void arv__date_from_unix(int64_t at_unix, arv__date *date); /* clamped to years 0 to 9999 */
int64_t arv__date_to_unix(const arv__date *date);
/* Parses the form that arv__buf_rfc3339() writes, and no other. */
bool arv__time_parse(const char *text, size_t length, int64_t *at_unix);
/* RFC 3339: 2026-11-21T10:00:00Z */
void arv__buf_rfc3339(arv__buf *buf, int64_t at_unix);

#endif

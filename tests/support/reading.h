/* SPDX-License-Identifier: Apache-2.0 */
#ifndef READING_H
#define READING_H

/* Containers from bad_containers.py, and what the verifier says about them. */

#include "test.h"
#include <arv/archivist.h>
#include "verify/verify.h"

/* Makes a container of this kind and format ("zip", "tar", …); its path. */
const char *reading_make(const char *kind, const char *format);
/* Verifies a file or bytes on this thread; the test fails if it cannot be read. */
void reading_verify(arv__report *report, const char *path, const arv_limits *limits);
/* Which rule the calls below judge by: that of other programs' bags, which is the first one, or
 * that of our own archives. */
extern bool reading_own;
int reading_verify_bytes(arv__report *report, const void *data, size_t length, arv_error *err);
/* Extracts with an engine of its own and waits; the task's status. */
int reading_extract(const char *archive, const char *folder, const arv_extract_options *options,
                    void *user_data, arv_error *err);
/* The first finding of a kind whose name and sentence contain these (NULL: any), or NULL. */
const arv_finding *reading_find(const arv__report *report, arv_finding_kind kind, const char *entry,
                                const char *message);
/* All in one: a container of this kind has this finding. */
void reading_expect(const char *file, int line, const char *kind, const char *format,
                    const arv_limits *limits, arv_finding_kind finding, const char *entry,
                    const char *message);
/* The same for many: `formats` are separated by blanks. */
typedef struct reading_case {
    const char *kind, *formats;
    arv_finding_kind finding;
    const char *entry, *message;
} reading_case;
void reading_expect_each(const reading_case *cases, size_t count);
void reading_expect_valid(const char *file, int line, const char *kind, const char *format);

#define FINDS(kind, format, finding, entry, message)                                                         \
    reading_expect(__FILE__, __LINE__, kind, format, NULL, ARV_FINDING_##finding, entry, message)
#define FINDS_WITHIN(limits, kind, format, finding, entry, message)                                          \
    reading_expect(__FILE__, __LINE__, kind, format, limits, ARV_FINDING_##finding, entry, message)
#define FINDS_EACH(cases) reading_expect_each((cases), sizeof(cases) / sizeof *(cases))
#define IS_VALID(kind, format) reading_expect_valid(__FILE__, __LINE__, kind, format)

#endif

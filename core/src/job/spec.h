/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_JOB_SPEC_H
#define ARV_JOB_SPEC_H

/*
 * Shared by the files of a specification. spec.c reads and checks its members. spec_parts.c checks the
 * members of entries and storages, and makes both.
 */

#include <arv/spec.h>
#include "util/json.h"

enum { ARV__SPEC_PATTERNS_MAX = 256, ARV__SPEC_OPTIONS_MAX = 32 };

struct arv_spec {
    char *document; /* for the staging: a line with the file's path, then the text */
    size_t document_length;
    const char *text; /* in the document, behind the mark that editors of Windows put before a text */
    size_t text_length;
    char *file; /* the file's whole path */
    char uuid[ARV_UUID_BYTES];
    arv_json *root;
    /* its members; NULL, 0 or -1: missing */
    const char *uuid_text, *name, *title, *language, *created_by, *format_text, *folder, *list, *links_text;
    const arv_json *metadata, *exclude, *entries, *stores;
    bool sha512, reproducible, staged, allow_empty;
    int64_t level, requested_at, collected_at, failures_max, attempts, retry_delay_s, time_limit_s,
        stall_limit_s, threads, memory_mib;
    arv_links links;
    char *metadata_json, *default_name;
};

/* The place of a value: positions from the root down. Only an error looks for its line. */
typedef struct arv__spec_place {
    size_t steps[4];
    unsigned depth;
} arv__spec_place;

arv__spec_place arv__spec_below(arv__spec_place place, size_t position);
/* The place of a member that the root has. */
arv__spec_place arv__spec_member(const arv_spec *s, const char *name);
unsigned arv__spec_line(const arv_spec *s, arv__spec_place place);
int arv__spec_wrong(const arv_spec *s, arv__spec_place place, arv_error *err, const char *format, ...)
    ARV_PRINTF(4, 5);
/* Returns the path, below the specification's folder unless it begins with "/". NULL: no memory. */
char *arv__spec_path(const arv_spec *s, const char *path);

int arv__spec_check_entry(const arv_spec *s, arv__spec_place place, const arv_json *entry, arv_error *err);
int arv__spec_check_store(const arv_spec *s, arv__spec_place place, const arv_json *store, arv_error *err);

#endif

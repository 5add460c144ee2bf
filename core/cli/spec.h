/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_SPEC_H
#define CLI_SPEC_H

/*
 * The specification of a job: a JSON file (docs/schemas/spec.schema.json), or what the job's staging
 * kept of it. Paths in it that do not begin with "/" begin at the file's folder, wherever the job is
 * gone on with. No secret stands in it: options of storages may name a variable of the environment
 * or a file, which are looked up when the storages are opened.
 *
 * Ownership: spec_free() accepts one that was never read, all zeros.
 * Errors: ARV_EFORMAT for what is no JSON, ARV_EINVALID with line and member for what is not as it
 *   should be; reading the file also ARV_ENOTFOUND, ARV_EACCESS, ARV_EIO, ARV_ELIMIT.
 */

#include "cli.h"
#include "tree.h"

typedef struct spec {
    char *document; /* what the staging keeps: a line with the file's path, then the text */
    size_t document_length;
    const char *text; /* in it */
    char *file;       /* the file's whole path */
    char uuid[ARV_UUID_BYTES];
    tree tree;
    /* members as they stand there; NULL, 0 or -1: missing */
    const char *uuid_text, *name, *title, *language, *created_by, *format_text, *folder, *list,
        *links_text;
    const tree_value *metadata, *exclude, *entries, *stores;
    bool sha512, reproducible, staged, allow_empty;
    int64_t level, requested_at, collected_at, failures_max, attempts, retry_delay_s, time_limit_s,
        stall_limit_s, threads, memory_mib;
    arv_links links;
    char *metadata_json, *default_name;
    size_t store_count;
} spec;

int spec_read_file(spec *spec, const char *path, arv_error *err);
/* `document` becomes the spec's, also on failure; NULL: there is none, which is one. */
int spec_read_document_adopt(spec *spec, const char *uuid, char *document, size_t length,
                             arv_error *err);
void spec_free(spec *spec);

void spec_package(const spec *spec, arv_package_options *package);
/* What the specification names; every entry is looked at. */
int spec_entries(const spec *spec, arv_entries **entries, arv_error *err);
/* All of its storages, as many as `store_count`; those that were opened before an error stay. */
int spec_storages_open(const spec *spec, arv_engine *engine, arv_storage **storages,
                       arv_error *err);

/* Between spec.c and spec_open.c. */
int spec_wrong(const spec *spec, unsigned line, arv_error *err, const char *format, ...)
    ARV_PRINTF(4, 5);
int spec_check_entry(const spec *spec, const tree_value *entry, arv_error *err);
int spec_check_store(const spec *spec, const tree_value *store, arv_error *err);
/* Beginning at the specification's folder unless it begins with "/"; NULL: no memory. */
char *spec_path(const spec *spec, const char *path);

#endif

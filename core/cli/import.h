/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_IMPORT_H
#define CLI_IMPORT_H

/* What the files of "archivist import" share: import.c finds, import_judge.c verifies, import_show.c tells. */

#include "cli.h"

enum { IMPORT_PATH_BYTES = 8192 };

typedef struct import {
    const cli_options *options;
    arv_engine *engine;
    arv_storage *storage;         /* that is looked through, if it is one */
    char path[IMPORT_PATH_BYTES]; /* of what is looked at */
    size_t path_length;
    uint64_t archives, valid, others, unread;
} import;

/* What job.json says. The texts belong to the document. */
typedef struct import_facts {
    arv_json *job;
    const char *title, *requested, *collected, *course, *activity;
} import_facts;

/* Verifies what stands at m->path, and shows it if it is an archive or may be what is left of one. `name`
 * is its last name; `expected`: its place says that it is an archive. */
int import_container(import *m, const arv_origin *origin, const char *name, bool expected, arv_error *err);
/* Whether a name ends as containers do that Archivist writes: ".zip", ".tar", ".tar.gz", ".tar.zst". */
bool import_has_suffix(const char *name);

/* One archive, or what may be one: `report` NULL when it could not be read to its end. */
void import_show(import *m, const arv_report *report, const import_facts *facts, const char *problem);
/* Something that could not be looked at. */
void import_unread(import *m, const char *why);
void import_unread_errno(import *m, int error, const char *what);
/* The numbers; then what is wrong as an error. */
int import_finish(const import *m, arv_error *err);

#endif

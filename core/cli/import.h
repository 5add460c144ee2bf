/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_IMPORT_H
#define CLI_IMPORT_H

/* Shared by the files of "archivist import": import.c finds, import_judge.c judges, import_show.c prints. */

#include "cli.h"

enum { IMPORT_PATH_BYTES = 8192 };

typedef struct import {
    const cli_options *options;
    arv_engine *engine;
    arv_storage *storage;         /* when a storage is looked through, else NULL */
    char path[IMPORT_PATH_BYTES]; /* of the file or object at hand */
    size_t path_length;
    uint64_t archives, valid, others, unread;
} import;

/* The facts of job.json. The texts belong to the document. */
typedef struct import_facts {
    arv_json *job;
    const char *title, *requested, *collected, *course, *activity;
} import_facts;

/* Verifies the container at m->path, and shows it if it is an archive or may be the rest of one. `name` is
 * its last name; `expected`: its place says that it is an archive. */
int import_container(import *m, const arv_origin *origin, const char *name, bool expected, arv_error *err);
/* Returns whether a name ends like a container of Archivist: ".zip", ".tar", ".tar.gz", ".tar.zst". */
bool import_has_suffix(const char *name);

/* Prints an archive, or what may be one. `report` is NULL when it could not be read to its end. */
void import_show(import *m, const arv_report *report, const import_facts *facts, const char *problem);
/* Prints a file, folder or object that could not be looked at. */
void import_unread(import *m, const char *why);
void import_unread_errno(import *m, int error, const char *what);
/* Prints the numbers. Returns an error when something is wrong. */
int import_finish(const import *m, arv_error *err);

#endif

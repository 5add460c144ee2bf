/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_INPUTS_H
#define CLI_INPUTS_H

/*
 * The arguments of "pack": folders, files and stdin.
 *
 * One folder alone gives its content. Everything else stands in the archive under its own last name,
 * stdin ("-") under the name of --entry-name.
 *
 * Ownership: inputs_free() frees them all.
 */

#include "cli.h"

typedef struct input {
    const char *path, *name; /* the name is not ended by NUL */
    size_t name_length;
    char *real; /* from realpath(); NULL: not needed */
    bool is_folder, is_stdin;
} input;

typedef struct inputs {
    input *all; /* sorted by name */
    size_t count;
    size_t given; /* number of arguments; excluded ones are not in `all` */
} inputs;

/* Returns ARV_EINVALID when the arguments do not fit together. Looks at no file. */
int inputs_usage(const cli_options *options, arv_error *err);
/* Looks at the arguments. Returns ARV_EVANISHED, ARV_EUNREADABLE, or ARV_EDUPLICATE for two of one name. */
int inputs_look(inputs *inputs, const cli_options *options, arv_error *err);
/* Adds all of them and walks the folders. `inputs` must live until the entries were read. */
int inputs_add(const inputs *inputs, const cli_options *options, arv_entries *entries, arv_error *err);
bool inputs_is_one_folder(const inputs *inputs);
void inputs_free(inputs *inputs); /* accepts one that is all zeros */

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_INPUTS_H
#define CLI_INPUTS_H

/*
 * The folders and files that "pack" is given as arguments, and stdin.
 *
 * One folder alone gives its content; everything else stands in the archive under its own last name,
 * stdin ("-") under that of --entry-name.
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
    size_t given; /* as many arguments; the others are left out */
} inputs;

/* ARV_EINVALID where the arguments do not fit together. Looks at nothing. */
int inputs_usage(const cli_options *options, arv_error *err);
/* What the arguments are: ARV_EVANISHED, ARV_EUNREADABLE, and ARV_EDUPLICATE for two of one name. */
int inputs_look(inputs *inputs, const cli_options *options, arv_error *err);
/* Adds all of them; folders are walked now. `inputs` must live until the entries were read. */
int inputs_add(const inputs *inputs, const cli_options *options, arv_entries *entries, arv_error *err);
bool inputs_is_one_folder(const inputs *inputs);
void inputs_free(inputs *inputs); /* accepts one that is all zeros */

#endif

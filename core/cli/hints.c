/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include <errno.h>
#include <string.h>

#include "stream.h"

/*
 * The next step of an error in the words of the command line. A sentence of the core says what is
 * wrong and what could be done, but knows no option: PHP and Moodle read the same sentence.
 */

#define HINT_KEEP_GOING "--keep-going archives the rest and names in the archive what is missing."
#define HINT_LINKS "--links skip leaves all links out, --links record notes where they lead."
#define HINT_EXCLUDE "--exclude PATTERN leaves it out."

static const struct {
    const char *commands;
    int code;
    int64_t detail; /* 0: any */
    const char *hint;
    const char *without_keep_going; /* when --keep-going was given already, or cannot be given */
} hints[] = {
    {" pack ", ARV_ELINK, 0, HINT_LINKS " " HINT_KEEP_GOING, NULL},
    {" pack ", ARV_ELOOP, 0, HINT_LINKS " " HINT_KEEP_GOING, NULL},
    {" pack ", ARV_ESPECIAL, 0, HINT_EXCLUDE " " HINT_KEEP_GOING, HINT_EXCLUDE},
    {" pack ", ARV_EUNREADABLE, CLI_DETAIL_ARGUMENT, NULL, NULL},
    {" pack ", ARV_EVANISHED, CLI_DETAIL_ARGUMENT, NULL, NULL},
    {" pack ", ARV_EUNREADABLE, 0, HINT_EXCLUDE " " HINT_KEEP_GOING, HINT_EXCLUDE},
    {" pack ", ARV_EVANISHED, 0, HINT_KEEP_GOING, NULL},
    {" pack ", ARV_ELIMIT, ENAMETOOLONG, HINT_EXCLUDE, NULL},
    {" pack ", ARV_ECHANGED, 0, HINT_KEEP_GOING, NULL},
    {" pack ", ARV_ESIZE, 0, HINT_KEEP_GOING, NULL},
    {" pack store check ", ARV_EOFFLINE, ENOENT, "--option create=1 makes it.", NULL},
};

enum { HINTS_COUNT = sizeof hints / sizeof *hints };

const char *cli_hint(const cli_options *options, const arv_error *err)
{
    char word[32];
    snprintf(word, sizeof word, " %s ", options->command->name);
    bool source = err->code <= ARV_EVANISHED && err->code > ARV_EEXISTS;
    bool without = source && (options->keep_going || stream_wanted(options));
    for (size_t i = 0; i < HINTS_COUNT; i++)
        if (hints[i].code == err->code && strstr(hints[i].commands, word) &&
            (hints[i].detail == 0 || hints[i].detail == err->detail))
            return without ? hints[i].without_keep_going : hints[i].hint;
    return NULL;
}

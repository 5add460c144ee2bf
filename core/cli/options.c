/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

/*
 * One table says which command takes which option. getopt_long gets only the options of the command at hand,
 * so an option of another command is unknown.
 */

enum {
    OPTION_OUTPUT = 'o',
    OPTION_QUIET = 'q',
    OPTION_HELP = 'h',
    OPTION_NULL = '0',
    OPTION_JSON = 256,
    OPTION_LIST,
    OPTION_FORMAT,
    OPTION_THREADS,
    OPTION_LEVEL,
    OPTION_SHA512,
    OPTION_REPRODUCIBLE,
    OPTION_EXCLUDE,
    OPTION_LINKS,
    OPTION_KEEP_GOING,
    OPTION_NAME,
    OPTION_TITLE,
    OPTION_LANGUAGE,
    OPTION_UUID,
    OPTION_CREATED_BY,
    OPTION_METADATA,
    OPTION_STORE,
    OPTION_SAFE_NAMES,
    OPTION_OPTION,
    OPTION_STAGING,
    OPTION_JOBS,
    OPTION_ONCE,
    OPTION_ALL,
    OPTION_FORCE,
    OPTION_CHECK,
    OPTION_FOREIGN,
    OPTION_ALLOW_EMPTY,
    OPTION_ENTRY_NAME,
    OPTION_NO_SPACE_CHECK
};

#define TAKES_STAGING " job job run job status job log job cancel job retry job delete job sweep "
#define TAKES_STORAGE " verify list extract import store fetch check pack job status "

static const struct {
    struct option option;
    const char *commands; /* NULL: all */
} options_table[] = {
    {{"help", no_argument, NULL, OPTION_HELP}, NULL},
    {{"json", no_argument, NULL, OPTION_JSON}, NULL},
    {{"quiet", no_argument, NULL, OPTION_QUIET}, NULL},
    {{"output", required_argument, NULL, OPTION_OUTPUT}, " pack "},
    {{"list", required_argument, NULL, OPTION_LIST}, " pack "},
    {{"entry-name", required_argument, NULL, OPTION_ENTRY_NAME}, " pack "},
    {{"format", required_argument, NULL, OPTION_FORMAT}, " pack "},
    {{"threads", required_argument, NULL, OPTION_THREADS}, " pack "},
    {{"level", required_argument, NULL, OPTION_LEVEL}, " pack "},
    {{"allow-empty", no_argument, NULL, OPTION_ALLOW_EMPTY}, " pack "},
    {{"no-space-check", no_argument, NULL, OPTION_NO_SPACE_CHECK}, " pack "},
    {{"sha512", no_argument, NULL, OPTION_SHA512}, " pack "},
    {{"reproducible", no_argument, NULL, OPTION_REPRODUCIBLE}, " pack "},
    {{"exclude", required_argument, NULL, OPTION_EXCLUDE}, " pack "},
    {{"links", required_argument, NULL, OPTION_LINKS}, " pack "},
    {{"keep-going", optional_argument, NULL, OPTION_KEEP_GOING}, " pack "},
    {{"name", required_argument, NULL, OPTION_NAME}, " pack "},
    {{"title", required_argument, NULL, OPTION_TITLE}, " pack "},
    {{"language", required_argument, NULL, OPTION_LANGUAGE}, " pack "},
    {{"uuid", required_argument, NULL, OPTION_UUID}, " pack "},
    {{"created-by", required_argument, NULL, OPTION_CREATED_BY}, " pack "},
    {{"metadata", required_argument, NULL, OPTION_METADATA}, " pack "},
    {{"store", required_argument, NULL, OPTION_STORE}, " pack "},
    {{"null", no_argument, NULL, OPTION_NULL}, " list "},
    {{"safe-names", no_argument, NULL, OPTION_SAFE_NAMES}, " extract "},
    {{"foreign", no_argument, NULL, OPTION_FOREIGN}, " verify list extract "},
    {{"option", required_argument, NULL, OPTION_OPTION}, TAKES_STORAGE},
    {{"staging", required_argument, NULL, OPTION_STAGING}, TAKES_STAGING},
    {{"jobs", required_argument, NULL, OPTION_JOBS}, " job run "},
    {{"once", no_argument, NULL, OPTION_ONCE}, " job run "},
    {{"all", no_argument, NULL, OPTION_ALL}, " job run "},
    {{"force", no_argument, NULL, OPTION_FORCE}, " job delete "},
    {{"check", no_argument, NULL, OPTION_CHECK}, " job status "},
};

enum { OPTIONS_COUNT = sizeof options_table / sizeof *options_table, OPTIONS_FAILURES_MAX = 1000000 };

static bool options_takes(const cli_command *command, const char *commands)
{
    char word[32];
    snprintf(word, sizeof word, " %s ", command->name);
    return !commands || strstr(commands, word);
}

/* Makes the tables of getopt_long for one command. */
static void options_select(const cli_command *command, struct option *longs, char *shorts)
{
    *shorts++ = ':';
    for (size_t i = 0; i < OPTIONS_COUNT; i++) {
        const struct option *option = &options_table[i].option;
        if (!options_takes(command, options_table[i].commands))
            continue;
        *longs++ = *option;
        if (option->val < 256) {
            *shorts++ = (char)option->val;
            if (option->has_arg == required_argument)
                *shorts++ = ':';
        }
    }
    *longs = (struct option){0};
    *shorts = '\0';
}

bool cli_number(const char *text, uint64_t max, uint64_t *number)
{
    char *end;
    if (*text < '0' || *text > '9')
        return false;
    errno = 0;
    *number = strtoull(text, &end, 10);
    return errno == 0 && *end == '\0' && *number <= max;
}

static int options_usage(const cli_command *command, arv_error *err, const char *what, const char *which)
{
    return arv_error_set(err, ARV_EINVALID, "%s%s; \"archivist %s --help\" shows what it takes.", what, which,
                         command->name);
}

/* NAME=VALUE for a storage driver; the text stands in argv for as long as the program runs. */
static int options_store_option(cli_options *o, char *text, arv_error *err)
{
    char *equals = strchr(text, '=');
    if (!equals || equals == text)
        return arv_error_set(err, ARV_EINVALID, "--option wants NAME=VALUE, such as create=1.");
    if (o->store_option_count == CLI_STORE_OPTIONS_MAX)
        return arv_error_set(err, ARV_EINVALID, "--option can be given %d times.", CLI_STORE_OPTIONS_MAX);
    *equals = '\0';
    o->store_options[o->store_option_count++] = (arv_storage_option){.name = text, .value = equals + 1};
    return 0;
}

static int options_append(const char **list, size_t *count, size_t max, const char *option, const char *value,
                          arv_error *err)
{
    if (*count == max)
        return arv_error_set(err, ARV_EINVALID, "--%s can be given %zu times.", option, max);
    list[(*count)++] = value;
    return 0;
}

static int options_numeric(cli_options *o, int id, const char *value, arv_error *err)
{
    uint64_t number;
    if (id == OPTION_THREADS) {
        if (!cli_number(value, 256, &number) || number == 0)
            return arv_error_set(err, ARV_EINVALID, "--threads wants a number from 1 to 256.");
        o->threads = (unsigned)number;
    } else if (id == OPTION_JOBS) {
        if (!cli_number(value, 64, &number) || number == 0)
            return arv_error_set(err, ARV_EINVALID, "--jobs wants a number from 1 to 64.");
        o->jobs = (unsigned)number;
    } else {
        if (!cli_number(value, 19, &number))
            return arv_error_set(err, ARV_EINVALID, "--level wants a number from 0 to 9, for tar.zst to 19.");
        o->level = (int)number;
    }
    return 0;
}

static int options_keep_going(cli_options *o, const char *value, arv_error *err)
{
    o->keep_going = true;
    o->failures_max = OPTIONS_FAILURES_MAX;
    if (value && (!cli_number(value, OPTIONS_FAILURES_MAX, &o->failures_max) || !o->failures_max))
        return arv_error_set(err, ARV_EINVALID,
                             "--keep-going wants no value, or a number from 1 to %d: how many may "
                             "be missing, such as --keep-going=10.",
                             OPTIONS_FAILURES_MAX);
    return 0;
}

static int options_text(cli_options *o, int id, const char *value)
{
    switch (id) {
    case OPTION_OUTPUT:
        o->output = value;
        return 0;
    case OPTION_LIST:
        o->list = value;
        return 0;
    case OPTION_FORMAT:
        o->format_name = value;
        return 0;
    case OPTION_NAME:
        o->name = value;
        return 0;
    case OPTION_TITLE:
        o->title = value;
        return 0;
    case OPTION_LANGUAGE:
        o->language = value;
        return 0;
    case OPTION_UUID:
        o->uuid = value;
        return 0;
    case OPTION_CREATED_BY:
        o->created_by = value;
        return 0;
    case OPTION_METADATA:
        o->metadata_path = value;
        return 0;
    case OPTION_ENTRY_NAME:
        o->entry_name = value;
        return 0;
    case OPTION_STAGING:
        o->staging = value;
        return 0;
    }
    return ARV_EINTERNAL;
}

static bool options_flag(cli_options *o, int id)
{
    switch (id) {
    case OPTION_HELP:
        return o->help = true;
    case OPTION_JSON:
        return o->json = true;
    case OPTION_QUIET:
        return o->quiet = true;
    case OPTION_SHA512:
        return o->sha512 = true;
    case OPTION_REPRODUCIBLE:
        return o->reproducible = true;
    case OPTION_NULL:
        return o->null_ended = true;
    case OPTION_SAFE_NAMES:
        return o->safe_names = true;
    case OPTION_NO_SPACE_CHECK:
        return o->no_space_check = true;
    case OPTION_ALLOW_EMPTY:
        return o->allow_empty = true;
    case OPTION_FOREIGN:
        return o->foreign = true;
    case OPTION_ONCE:
        return o->once = true;
    case OPTION_ALL:
        return o->all = true;
    case OPTION_FORCE:
        return o->force = true;
    case OPTION_CHECK:
        return o->check = true;
    }
    return false;
}

static int options_take(cli_options *o, int id, char *value, arv_error *err)
{
    if (options_flag(o, id))
        return 0;
    switch (id) {
    case OPTION_THREADS:
    case OPTION_JOBS:
    case OPTION_LEVEL:
        return options_numeric(o, id, value, err);
    case OPTION_KEEP_GOING:
        return options_keep_going(o, value, err);
    case OPTION_LINKS:
        return arv_links_parse(value, &o->links)
                   ? 0
                   : arv_error_set(err, ARV_EINVALID, "--links wants follow, skip or record.");
    case OPTION_EXCLUDE:
        return options_append(o->excludes, &o->exclude_count, CLI_PATTERNS_MAX, "exclude", value, err);
    case OPTION_STORE:
        return options_append(o->stores, &o->store_count, CLI_STORES_MAX, "store", value, err);
    case OPTION_OPTION:
        return options_store_option(o, value, err);
    }
    return options_text(o, id, value);
}

/* Makes a sentence of getopt_long's "?". */
static int options_unknown(const cli_command *command, char **argv, arv_error *err)
{
    char letter[] = {'-', (char)optopt, '\0'};
    const char *word = argv[optind - 1];
    if (optopt > 0 && optopt < 256 && strncmp(word, "--", 2) != 0)
        return options_usage(command, err, "There is no option ", letter);
    if (optopt > 0)
        return options_usage(command, err, "No value can be given with the option ", word);
    return options_usage(command, err, "Unknown or ambiguous option ", word);
}

static int options_count_arguments(const cli_options *o, arv_error *err)
{
    const cli_command *command = o->command;
    if (o->argument_count > command->arguments_max)
        return options_usage(command, err,
                             "There is one argument too many: ", o->arguments[command->arguments_max]);
    if (o->argument_count < command->arguments_min)
        return arv_error_set(err, ARV_EINVALID, "%s is missing; \"archivist %s --help\" shows what it takes.",
                             command->arguments_text, command->name);
    return 0;
}

int cli_options_parse(cli_options *o, const cli_command *command, int argc, char **argv, arv_error *err)
{
    struct option longs[OPTIONS_COUNT + 1];
    char shorts[2 * OPTIONS_COUNT + 2];
    int id, rc = 0;
    *o = (cli_options){.command = command, .level = ARV_LEVEL_DEFAULT};
    options_select(command, longs, shorts);
    opterr = 0;
    while (rc == 0 && (id = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
        if (id == '?')
            rc = options_unknown(command, argv, err);
        else if (id == ':')
            rc = options_usage(command, err, "A value is missing behind ", argv[optind - 1]);
        else
            rc = options_take(o, id, optarg, err);
    }
    o->arguments = argv + optind;
    o->argument_count = argc - optind;
    if (rc == 0 && !o->help)
        rc = options_count_arguments(o, err);
    return rc;
}

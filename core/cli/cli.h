/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_H
#define CLI_H

/*
 * Shared by the files of the command line. A command gets its parsed options, does its work by the
 * public API and returns an exit code. main.c prints errors, closes stdout and ends the process.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <arv/archivist.h>

/* Exit codes, as docs/errors.md lists them. The numbers are permanent. */
enum {
    CLI_OK = 0,
    CLI_INVALID = 1,  /* the archive or the storage is not as it should be */
    CLI_USAGE = 2,    /* the command line cannot be understood */
    CLI_SOURCE = 3,   /* a source cannot be read as it should */
    CLI_TARGET = 4,   /* a container, a folder or a storage cannot be read or written */
    CLI_LIMIT = 5,    /* memory, threads or a configured limit */
    CLI_CANCELED = 6, /* cancelled or timed out, but not by a signal */
    CLI_INTERNAL = 70 /* a defect of Archivist */
};

enum { CLI_STORES_MAX = 8, CLI_PATTERNS_MAX = 256, CLI_STORE_OPTIONS_MAX = 32 };

/* The `detail` of an error about an argument itself: no option helps. */
enum { CLI_DETAIL_ARGUMENT = -1 };

typedef struct cli_command cli_command;

typedef struct cli_options {
    const cli_command *command;
    bool json, quiet, help;
    /* pack */
    const char *output, *list, *format_name, *name, *title, *language, *uuid, *created_by;
    const char *metadata_path, *entry_name;
    const char *stores[CLI_STORES_MAX];
    size_t store_count;
    const char *excludes[CLI_PATTERNS_MAX];
    size_t exclude_count;
    unsigned threads;
    int level;
    bool sha512, reproducible, keep_going, no_space_check;
    arv_links links;
    uint64_t failures_max; /* of --keep-going */
    /* job */
    const char *staging;
    unsigned jobs;
    bool once, all, force, check;
    /* verify, list, extract */
    bool null_ended, safe_names, foreign, allow_empty;
    /* storages */
    arv_storage_option store_options[CLI_STORE_OPTIONS_MAX];
    size_t store_option_count;
    char **arguments;
    int argument_count;
} cli_options;

struct cli_command {
    const char *name;
    int (*run)(const cli_options *options, arv_error *err);
    int arguments_min, arguments_max;
    const char *arguments_text; /* the arguments that it expects, for a usage error */
    const char *help;
};

extern const cli_command cli_commands[]; /* the last one has no name */
/* Finds a command. "job" and the word after it are one name, such as "job run"; sets `words` to the number of
 * words of the name. */
const cli_command *cli_command_find(int argc, char **argv, int *words);
extern const char cli_help[];

/* options.c: returns 0, or ARV_EINVALID with what is wrong and where to look. */
int cli_options_parse(cli_options *options, const cli_command *command, int argc, char **argv,
                      arv_error *err);
/* Returns true for a decimal number without sign, at most `max`. */
bool cli_number(const char *text, uint64_t max, uint64_t *number);

/* pack.c, read.c, import.c, store.c, version.c. Each returns an exit code. When it is not 0, `err` is set, or
 * the findings were shown already. */
int cli_pack(const cli_options *options, arv_error *err);
int cli_verify(const cli_options *options, arv_error *err);
int cli_list(const cli_options *options, arv_error *err);
/* read_storage.c: the same for all objects of a storage. */
int cli_verify_storage(const cli_options *options, arv_error *err);
int cli_list_storage(const cli_options *options, arv_error *err);
int cli_extract(const cli_options *options, arv_error *err);
int cli_import(const cli_options *options, arv_error *err);
int cli_store(const cli_options *options, arv_error *err);
int cli_fetch(const cli_options *options, arv_error *err);
int cli_check(const cli_options *options, arv_error *err);
int cli_version(const cli_options *options, arv_error *err);
int cli_drivers(const cli_options *options, arv_error *err);

/* secrets.c: refuses an argument with a URL that has a user name or a password, and does not repeat it. */
int cli_secrets_refuse(int argc, char **argv, arv_error *err);

/* hints.c: returns the next step of an error in the words of the command line. NULL: the sentence has it. */
const char *cli_hint(const cli_options *options, const arv_error *err);

/* report.c: prints the lines about an archive that was made. */
void cli_container_show(uint64_t payload_bytes, uint64_t container_bytes, const arv_digests *container);
/* Shows a report. As JSON, the object stays open for an error that follows. */
void cli_report_show(const arv_report *report, const char *what, bool json);
/* Returns whether there is an entry that only archives have, whatever became of its content. */
bool cli_report_has_job(const arv_report *report);
/* Writes a finding with its entry: "data/a.txt: Its content …". */
enum { CLI_FINDING_ENTRY_BYTES = 200, CLI_FINDING_BYTES = CLI_FINDING_ENTRY_BYTES + ARV_ERROR_MESSAGE_BYTES };
const char *cli_finding_sentence(const arv_finding *finding, char into[CLI_FINDING_BYTES]);

#endif

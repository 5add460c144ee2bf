/* SPDX-License-Identifier: Apache-2.0 */
#include "inputs.h"

#include <errno.h>
#include <fnmatch.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <arv/sys/alloc.h>

#include "signals.h"

enum { INPUTS_TURN_MS = 100 };

static bool inputs_means_stdin(const char *argument)
{
    return strcmp(argument, "-") == 0;
}

int inputs_usage(const cli_options *o, arv_error *err)
{
    int from_stdin = 0;
    for (int i = 0; i < o->argument_count; i++)
        from_stdin += inputs_means_stdin(o->arguments[i]);
    if (from_stdin > 1)
        return arv_error_set(err, ARV_EINVALID, "Stdin can be read only once: give \"-\" once.");
    if (from_stdin && (!o->entry_name || !*o->entry_name))
        return arv_error_set(err, ARV_EINVALID,
                             "What comes from stdin has no name: give one, such as --entry-name "
                             "essay.txt. A file that is called \"-\" is \"./-\".");
    if (o->entry_name && !from_stdin)
        return arv_error_set(err, ARV_EINVALID,
                             "--entry-name belongs to \"-\", which is stdin; a file has its own "
                             "name, and --list gives others.");
    return 0;
}

/* ---- names ---- */

static void input_last_name(input *in, const char *path)
{
    size_t length = strlen(path);
    while (length > 0 && path[length - 1] == '/')
        length--;
    size_t from = length;
    while (from > 0 && path[from - 1] != '/')
        from--;
    in->name = path + from;
    in->name_length = length - from;
}

static bool input_is_named(const input *in, const char *name)
{
    return in->name_length == strlen(name) && memcmp(in->name, name, in->name_length) == 0;
}

static int input_unreadable(int system_errno, const char *path, arv_error *err)
{
    if (system_errno == ENOENT || system_errno == ENOTDIR)
        arv_error_set(err, ARV_EVANISHED, "\"%s\" does not exist; give folders and files that do.", path);
    else
        arv_error_system(err, system_errno, "\"%s\" cannot be looked at", path);
    if (err->code != ARV_EVANISHED)
        err->code = ARV_EUNREADABLE;
    err->detail = CLI_DETAIL_ARGUMENT;
    return err->code;
}

/* Finds the kind and the name of an argument. A link that was given on purpose is followed. */
static int input_look(input *in, const cli_options *o, arv_error *err)
{
    struct stat st, link;
    in->is_stdin = inputs_means_stdin(in->path);
    if (in->is_stdin) {
        in->name = o->entry_name;
        in->name_length = strlen(o->entry_name);
        return 0;
    }
    if (stat(in->path, &st) < 0 || lstat(in->path, &link) < 0)
        return input_unreadable(errno, in->path, err);
    in->is_folder = S_ISDIR(st.st_mode);
    input_last_name(in, in->path);
    bool nameless = in->name_length == 0 || input_is_named(in, ".") || input_is_named(in, "..");
    if (!nameless && (in->is_folder || !S_ISLNK(link.st_mode)))
        return 0;
    in->real = realpath(in->path, NULL);
    if (!in->real)
        return input_unreadable(errno, in->path, err);
    if (nameless)
        input_last_name(in, in->real);
    else
        in->path = in->real;
    return 0;
}

/* Excludes a given file by the patterns, like one in a folder. A given folder is never excluded. */
static bool input_excluded(const input *in, const cli_options *o)
{
    char name[NAME_MAX + 1];
    if (in->is_folder || in->is_stdin || in->name_length >= sizeof name)
        return false;
    memcpy(name, in->name, in->name_length);
    name[in->name_length] = '\0';
    for (size_t i = 0; i < o->exclude_count; i++)
        if (fnmatch(o->excludes[i], name, 0) == 0)
            return true;
    return false;
}

static int input_compare(const void *a, const void *b)
{
    const input *left = a, *right = b;
    size_t both = left->name_length < right->name_length ? left->name_length : right->name_length;
    int order = memcmp(left->name, right->name, both);
    return order ? order
                 : (left->name_length > right->name_length) - (left->name_length < right->name_length);
}

static int inputs_check_names(const inputs *inputs, arv_error *err)
{
    for (size_t i = 0; i < inputs->count; i++) {
        const input *in = &inputs->all[i];
        if (in->name_length == 0)
            return arv_error_set(err, ARV_EINVALID,
                                 "\"%s\" has no name under which it could stand beside others; "
                                 "archive it alone.",
                                 in->path);
        if (i > 0 && input_compare(in - 1, in) == 0)
            return arv_error_set(err, ARV_EDUPLICATE,
                                 "\"%s\" and \"%s\" have the same last name, \"%.*s\", and only one "
                                 "can stand under it; rename one, or give names by --list.",
                                 in[-1].path, in->path, (int)in->name_length, in->name);
    }
    return 0;
}

bool inputs_is_one_folder(const inputs *inputs)
{
    return inputs->given == 1 && inputs->count == 1 && inputs->all[0].is_folder;
}

static void input_drop(input *in)
{
    free(in->real); /* realpath() took it from the C library */
    *in = (input){0};
}

int inputs_look(inputs *inputs, const cli_options *o, arv_error *err)
{
    size_t wanted = (size_t)o->argument_count, next = 0;
    int rc = 0;
    *inputs = (struct inputs){.given = wanted};
    if (wanted == 0)
        return 0;
    inputs->all = arv_calloc(wanted, sizeof *inputs->all);
    if (!inputs->all)
        return arv_error_set(err, ARV_ENOMEM, "There is not enough memory for the arguments.");
    while (rc == 0 && next < wanted) {
        input *in = &inputs->all[inputs->count];
        in->path = o->arguments[next++];
        inputs->count++;
        rc = input_look(in, o, err);
        if (rc == 0 && input_excluded(in, o))
            input_drop(&inputs->all[--inputs->count]);
    }
    if (rc < 0 || inputs_is_one_folder(inputs))
        return rc;
    qsort(inputs->all, inputs->count, sizeof *inputs->all, input_compare);
    return inputs_check_names(inputs, err);
}

void inputs_free(inputs *inputs)
{
    for (size_t i = 0; i < inputs->count; i++)
        input_drop(&inputs->all[i]);
    arv_free(inputs->all);
    *inputs = (struct inputs){0};
}

/* ---- content ---- */

/* Waits in short steps, so that a signal is seen while nothing comes. */
static int64_t inputs_read_stdin(void *user_data, void *into, size_t length, arv_error *err)
{
    struct pollfd ready = {.fd = STDIN_FILENO, .events = POLLIN};
    ssize_t got = -1;
    (void)user_data;
    while (got < 0) {
        if (signals_taken())
            return arv_error_set(err, ARV_ECANCELED, "The operation was cancelled by a signal.");
        int found = poll(&ready, 1, INPUTS_TURN_MS);
        if (found > 0)
            got = read(STDIN_FILENO, into, length);
        if (found > 0 && got < 0 && errno == EBADF)
            return arv_error_set(err, ARV_ESOURCE,
                                 "Stdin is closed, so it is not known what to archive; send a file or the "
                                 "output of a program into it.");
        if ((found < 0 || (found > 0 && got < 0)) && errno != EINTR && errno != EAGAIN) {
            arv_error_system(err, errno, "Stdin cannot be read");
            return err->code = ARV_ESOURCE;
        }
    }
    return got;
}

static int inputs_add_folder(const input *in, bool alone, const cli_options *o, arv_entries *entries,
                             arv_error *err)
{
    arv_folder_options folder = {.struct_bytes = sizeof folder,
                                 .links = o->links,
                                 .exclude = o->excludes,
                                 .exclude_count = o->exclude_count};
    char *prefix = NULL;
    if (!alone) {
        prefix = arv_malloc(in->name_length + 1);
        if (!prefix)
            return arv_error_set(err, ARV_ENOMEM, "There is not enough memory for a name.");
        memcpy(prefix, in->name, in->name_length);
        prefix[in->name_length] = '\0';
    }
    int rc = arv_entries_add_folder(entries, prefix, in->path, &folder, err);
    arv_free(prefix);
    return rc;
}

int inputs_add(const inputs *inputs, const cli_options *o, arv_entries *entries, arv_error *err)
{
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < inputs->count; i++) {
        const input *in = &inputs->all[i];
        arv_entry entry = {.name = in->name,
                           .name_length = in->name_length,
                           .size_bytes = ARV_SIZE_UNKNOWN,
                           .modified_at_unix = ARV_TIME_UNKNOWN};
        if (in->is_folder)
            rc = inputs_add_folder(in, inputs_is_one_folder(inputs), o, entries, err);
        else if (in->is_stdin)
            rc = arv_entries_add_callback(entries, &entry, inputs_read_stdin, NULL, NULL, err);
        else
            rc = arv_entries_add_path(entries, &entry, in->path, err);
    }
    return rc;
}

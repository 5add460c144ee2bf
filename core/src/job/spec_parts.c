/* SPDX-License-Identifier: Apache-2.0 */
#include "job/spec.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <arv/sys/alloc.h>
#include "loop/fileops.h"
#include "storage/internal.h"

/* Checks the entries and storages of a specification, and makes them. */

enum { SPEC_SECRET_BYTES_MAX = 64 << 10 };

/* ---- places ---- */

arv__spec_place arv__spec_below(arv__spec_place place, size_t position)
{
    place.steps[place.depth++] = position;
    return place;
}

arv__spec_place arv__spec_member(const arv_spec *s, const char *name)
{
    size_t position = 0;
    const char *here;
    while ((here = arv__json_member_name(s->root, position)) && strcmp(here, name) != 0)
        position++;
    return arv__spec_below((arv__spec_place){.depth = 0}, position);
}

unsigned arv__spec_line(const arv_spec *s, arv__spec_place place)
{
    return arv__json_place(s->text, s->text_length, place.steps, place.depth).line;
}

/* Puts the specification's file and line into an error about this place. */
static void spec_blame(const arv_spec *s, arv__spec_place place, arv_error *err)
{
    arv_error_prefix(err, "\"%s\", line %u: ", s->file, arv__spec_line(s, place));
    arv_error_about(err, s->file);
}

int arv__spec_wrong(const arv_spec *s, arv__spec_place place, arv_error *err, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int rc = arv_error_setv(err, ARV_EINVALID, format, args);
    va_end(args);
    spec_blame(s, place, err);
    return rc;
}

char *arv__spec_path(const arv_spec *s, const char *path)
{
    const char *slash = path[0] == '/' ? NULL : strrchr(s->file, '/');
    size_t before = slash ? (size_t)(slash - s->file) + 1 : 0, length = strlen(path);
    char *joined = arv_malloc(before + length + 1);
    if (!joined)
        return NULL;
    memcpy(joined, s->file, before);
    memcpy(joined + before, path, length + 1);
    return joined;
}

/* ---- entries ---- */

static bool entry_persons_good(const arv_json *value)
{
    bool good = arv__json_is_array(value);
    for (size_t i = 0; good && i < arv__json_array_size(value); i++)
        good = arv__json_text(arv__json_at(value, i), NULL) != NULL;
    return good;
}

static int check_entry_member(const arv_spec *s, arv__spec_place place, const arv_json *entry,
                              const char *name, arv_error *err)
{
    int64_t number;
    bool good = true;
    if (strcmp(name, "owner") == 0)
        good = arv_json_string(entry, name, NULL) != NULL;
    else if (strcmp(name, "size") == 0)
        good = arv__json_integer(entry, name, &number) && number >= 0;
    else if (strcmp(name, "modified") == 0) /* before 1970 there were files, too */
        good = arv__json_integer(entry, name, &number) && number != ARV_TIME_UNKNOWN;
    else if (strcmp(name, "persons") == 0)
        good = entry_persons_good(arv_json_get(entry, name));
    else if (strcmp(name, "name") != 0 && strcmp(name, "path") != 0)
        return arv__spec_wrong(s, place, err,
                               "An entry has no member \"%s\"; it has name, path, size, owner, "
                               "modified and persons.",
                               name);
    if (!good)
        return arv__spec_wrong(s, place, err,
                               "\"%s\" of an entry is not as it must be: size in bytes and modified "
                               "in seconds since 1970 are whole numbers, owner is a text, persons a "
                               "list of texts.",
                               name);
    return 0;
}

int arv__spec_check_entry(const arv_spec *s, arv__spec_place place, const arv_json *entry, arv_error *err)
{
    const char *name;
    int rc = 0;
    if (!arv_json_string(entry, "name", NULL) || !arv_json_string(entry, "path", NULL))
        return arv__spec_wrong(s, place, err, "An entry is an object with the texts \"name\" and \"path\".");
    for (size_t i = 0; rc == 0 && (name = arv__json_member_name(entry, i)); i++)
        rc = check_entry_member(s, arv__spec_below(place, i), entry, name, err);
    return rc;
}

static int entries_add(const arv_spec *s, arv_entries *entries, size_t position, arv_error *err)
{
    const arv_json *from = arv__json_at(s->entries, position);
    const arv_json *persons = arv_json_get(from, "persons");
    const char *keys[ARV_PERSONS_MAX];
    arv_entry entry = {.name = arv_json_string(from, "name", NULL),
                       .owner = arv_json_string(from, "owner", NULL),
                       .size_bytes = ARV_SIZE_UNKNOWN,
                       .modified_at_unix = ARV_TIME_UNKNOWN,
                       .persons = keys,
                       .person_count = arv__json_array_size(persons)};
    arv__json_integer(from, "size", &entry.size_bytes);
    arv__json_integer(from, "modified", &entry.modified_at_unix);
    for (size_t i = 0; i < entry.person_count && i < ARV_PERSONS_MAX; i++)
        keys[i] = arv__json_text(arv__json_at(persons, i), NULL); /* more are refused by the list */
    char *path = arv__spec_path(s, arv_json_string(from, "path", NULL));
    int rc =
        path ? arv_entries_add_path(entries, &entry, path, err) : arv_error_nomem(err, "a list of entries");
    if (rc < 0)
        spec_blame(s, arv__spec_below(arv__spec_member(s, "entries"), position), err);
    arv_free(path);
    return rc;
}

static int entries_add_folder(const arv_spec *s, arv_entries *entries, const char *path, arv_error *err)
{
    const char *patterns[ARV__SPEC_PATTERNS_MAX];
    arv_folder_options folder = {.struct_bytes = sizeof folder, .links = s->links, .exclude = patterns};
    for (; folder.exclude_count < arv__json_array_size(s->exclude); folder.exclude_count++)
        patterns[folder.exclude_count] = arv__json_text(arv__json_at(s->exclude, folder.exclude_count), NULL);
    return arv_entries_add_folder(entries, NULL, path, &folder, err);
}

static int entries_fill(const arv_spec *s, arv_entries *entries, arv_error *err)
{
    const char *named = s->folder ? s->folder : s->list;
    char *path = named ? arv__spec_path(s, named) : NULL;
    int rc = 0;
    if (named && !path)
        rc = arv_error_nomem(err, "a list of entries");
    else if (s->folder)
        rc = entries_add_folder(s, entries, path, err);
    else if (s->list)
        rc = arv_entries_add_list(entries, path, err);
    for (size_t i = 0; rc == 0 && i < arv__json_array_size(s->entries); i++)
        rc = entries_add(s, entries, i, err);
    arv_free(path);
    if (rc < 0 || arv_entries_count(entries) > 0 || s->allow_empty)
        return rc;
    arv_error_set(err, ARV_ENOTFOUND,
                  "There is nothing to archive in what \"%s\" names. See that the source is there (a "
                  "disk that is not mounted?) and what \"exclude\" leaves out, or say "
                  "\"allow_empty\": true.",
                  s->file);
    arv_error_about(err, s->file);
    return ARV_ENOTFOUND;
}

int arv_spec_entries(const arv_spec *s, arv_entries **entries, arv_error *err)
{
    arv_entries_options options = {.struct_bytes = sizeof options, .keep_going = s->failures_max > 0};
    *entries = NULL;
    int rc = arv_entries_new(entries, &options, err);
    if (rc == 0)
        rc = entries_fill(s, *entries, err);
    if (rc < 0) {
        arv_entries_unref(*entries);
        *entries = NULL;
    }
    return rc;
}

/* ---- storages ---- */

/* The specification is copied into the staging, so an option that the driver calls a secret is refused. */
static int check_option(const arv_spec *s, arv__spec_place place, const arv_storage_ops *driver,
                        const arv_json *options, const char *name, arv_error *err)
{
    const arv_json *option = arv_json_get(options, name);
    arv_error unknown;
    bool plain = arv__json_text(option, NULL) != NULL;
    if (!plain && (arv__json_object_size(option) != 1 ||
                   (!arv_json_string(option, "env", NULL) && !arv_json_string(option, "file", NULL))))
        return arv__spec_wrong(s, place, err,
                               "The option \"%s\" of a storage must be a text, or where it stands: "
                               "{\"env\": \"NAME\"} or {\"file\": \"PATH\"}.",
                               name);
    const arv_option_info *info = arv__option_find(driver->name, driver->options, name, &unknown);
    if (!info)
        return arv__spec_wrong(s, place, err, "%s", unknown.message);
    if (plain && info->secret)
        return arv__spec_wrong(s, place, err,
                               "The option \"%s\" of a storage is a secret, which must not stand in a "
                               "specification: write {\"env\": \"NAME\"} or {\"file\": \"PATH\"} "
                               "instead.",
                               name);
    return 0;
}

static int check_options(const arv_spec *s, arv__spec_place place, const char *url, const arv_json *options,
                         arv_error *err)
{
    const arv_storage_ops *driver;
    char scheme[32];
    void *user_data;
    const char *name;
    int rc = arv__url_scheme(url, scheme, err);
    if (rc < 0 || (rc = arv__driver_find(scheme, &driver, &user_data, err)) < 0) {
        arv_error_prefix(err, "\"%s\", line %u: ", s->file, arv__spec_line(s, place));
        return rc;
    }
    for (size_t i = 0; rc == 0 && (name = arv__json_member_name(options, i)); i++) {
        arv__spec_place here = arv__spec_below(place, i);
        rc = check_option(s, here, driver, options, name, err);
        if (rc == 0 && i == ARV__SPEC_OPTIONS_MAX)
            rc = arv__spec_wrong(s, here, err, "A storage can have %d options.", ARV__SPEC_OPTIONS_MAX);
    }
    return rc;
}

int arv__spec_check_store(const arv_spec *s, arv__spec_place place, const arv_json *store, arv_error *err)
{
    const char *name;
    int rc = 0;
    if (arv__json_text(store, NULL))
        return 0;
    const char *url = arv_json_string(store, "url", NULL);
    if (!url)
        return arv__spec_wrong(s, place, err,
                               "A storage is a URL, or an object with a text \"url\" and maybe an "
                               "object \"options\".");
    for (size_t i = 0; rc == 0 && (name = arv__json_member_name(store, i)); i++) {
        const arv_json *value = arv_json_get(store, name);
        arv__spec_place here = arv__spec_below(place, i);
        if (strcmp(name, "options") == 0 && arv__json_is_object(value))
            rc = check_options(s, here, url, value, err);
        else if (strcmp(name, "url") != 0)
            rc = arv__spec_wrong(s, here, err,
                                 "A storage has a \"url\" and an object \"options\", but no \"%s\" "
                                 "that is %s.",
                                 name, arv__json_kind_text(arv__json_kind_of(value)));
    }
    return rc;
}

static int secret_of_file(const arv_spec *s, arv__spec_place place, const char *named, char **value,
                          arv_error *err)
{
    char *path = arv__spec_path(s, named);
    int fd = -1, rc = 0;
    *value = arv_calloc(1, SPEC_SECRET_BYTES_MAX + 2); /* one more shows a secret that is too long */
    if (!path || !*value) {
        arv_free(path);
        return arv_error_nomem(err, "an option of a storage");
    }
    fd = arv__fs_openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC | O_NOCTTY, 0);
    ssize_t length = fd < 0 ? fd : arv__fs_read_full(fd, *value, SPEC_SECRET_BYTES_MAX + 1);
    arv__fs_close(fd < 0 ? -1 : fd);
    if (length < 0) {
        rc = arv_error_system(err, (int)-length, "the file \"%s\" cannot be read", path);
        spec_blame(s, place, err);
    } else if (length > SPEC_SECRET_BYTES_MAX || memchr(*value, 0, (size_t)length)) {
        rc = arv__spec_wrong(s, place, err, "The file \"%s\" must hold one text of at most 64 KiB.", path);
    }
    while (rc == 0 && length > 0 && strchr("\r\n", (*value)[length - 1]))
        (*value)[--length] = '\0';
    arv_free(path);
    return rc;
}

static int option_value(const arv_spec *s, arv__spec_place place, const arv_json *options,
                        arv_storage_option *option, char **value, arv_error *err)
{
    const arv_json *given = arv_json_get(options, option->name);
    const char *file = arv_json_string(given, "file", NULL), *name = arv_json_string(given, "env", NULL);
    const char *text = name ? getenv(name) : arv__json_text(given, NULL);
    int rc = 0;
    if (file)
        rc = secret_of_file(s, place, file, value, err);
    else if (!text)
        rc = arv__spec_wrong(s, place, err,
                             "The variable %s of the environment is not set, which the option \"%s\" "
                             "refers to.",
                             name, option->name);
    else if (!(*value = arv_strdup(text)))
        rc = arv_error_nomem(err, "an option of a storage");
    option->value = *value;
    return rc;
}

/* Returns the place of a storage's options. */
static arv__spec_place options_place(arv__spec_place place, const arv_json *store)
{
    const char *first = arv__json_member_name(store, 0);
    return arv__spec_below(place, first && strcmp(first, "options") == 0 ? 0 : 1);
}

static int store_open(const arv_spec *s, size_t position, arv_engine *engine, arv_storage **storage,
                      arv_error *err)
{
    arv_storage_option options[ARV__SPEC_OPTIONS_MAX] = {{NULL, NULL}};
    char *values[ARV__SPEC_OPTIONS_MAX] = {NULL};
    arv__spec_place place = arv__spec_below(arv__spec_member(s, "stores"), position);
    const arv_json *store = arv__json_at(s->stores, position), *named = arv_json_get(store, "options");
    const char *url = arv__json_text(store, NULL);
    size_t count = arv__json_object_size(named);
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < count; i++) {
        options[i].name = arv__json_member_name(named, i);
        rc = option_value(s, arv__spec_below(options_place(place, store), i), named, &options[i], &values[i],
                          err);
    }
    if (rc == 0 && (rc = arv_storage_open(storage, engine, url ? url : arv_json_string(store, "url", NULL),
                                          options, count, err)) < 0)
        spec_blame(s, place, err);
    for (size_t i = 0; i < count; i++) {
        if (values[i])
            explicit_bzero(values[i], strlen(values[i]));
        arv_free(values[i]);
    }
    return rc;
}

int arv_spec_storages(const arv_spec *s, arv_engine *engine, arv_storage *storages[ARV_JOB_STORAGES_MAX],
                      size_t *count, arv_error *err)
{
    int rc = 0;
    for (*count = 0; rc == 0 && *count < arv__json_array_size(s->stores); *count += rc == 0)
        rc = store_open(s, *count, engine, &storages[*count], err);
    while (rc < 0 && *count > 0)
        arv_storage_unref(storages[--*count]);
    return rc;
}

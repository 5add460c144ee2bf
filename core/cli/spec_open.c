/* SPDX-License-Identifier: Apache-2.0 */
#include "spec.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <arv/sys/alloc.h>

/* From a specification to entries and storages. */

enum { SPEC_SECRET_BYTES_MAX = 64 << 10 };

char *spec_path(const spec *s, const char *path)
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

/* The member of an object, which must be of this type; NULL when it is missing or is not. */
static const tree_value *open_member(const tree_value *object, const char *name, tree_type type)
{
    for (const tree_value *value = object->first; value; value = value->next)
        if (strcmp(value->name, name) == 0)
            return value->type == type ? value : NULL;
    return NULL;
}

static const char *open_text(const tree_value *object, const char *name)
{
    const tree_value *value = open_member(object, name, TREE_TEXT);
    return value ? value->text : NULL;
}

/* ---- entries ---- */

static bool entry_persons_good(const tree_value *value)
{
    if (value->type != TREE_ARRAY)
        return false;
    for (const tree_value *v = value->first; v; v = v->next)
        if (v->type != TREE_TEXT)
            return false;
    return true;
}

static bool entry_time(const tree_value *value, int64_t *seconds)
{
    char *end;
    errno = 0;
    *seconds = strtoll(value->raw, &end, 10); /* before 1970 there were files, too */
    return value->type == TREE_NUMBER && errno == 0 && *seconds != ARV_TIME_UNKNOWN &&
           end == value->raw + value->raw_length;
}

int spec_check_entry(const spec *s, const tree_value *entry, arv_error *err)
{
    uint64_t size;
    int64_t seconds;
    if (entry->type != TREE_OBJECT || !open_text(entry, "name") || !open_text(entry, "path"))
        return spec_wrong(s, entry->line, err,
                          "An entry is an object with the texts \"name\" and \"path\".");
    for (const tree_value *v = entry->first; v; v = v->next) {
        bool known = strcmp(v->name, "name") == 0 || strcmp(v->name, "path") == 0;
        bool good = known;
        if (strcmp(v->name, "owner") == 0)
            known = true, good = v->type == TREE_TEXT;
        else if (strcmp(v->name, "size") == 0)
            known = true, good = tree_unsigned(v, &size) && size <= INT64_MAX;
        else if (strcmp(v->name, "modified") == 0)
            known = true, good = entry_time(v, &seconds);
        else if (strcmp(v->name, "persons") == 0)
            known = true, good = entry_persons_good(v);
        if (!known)
            return spec_wrong(s, v->line, err,
                              "An entry has no member \"%s\"; it has name, path, size, owner, "
                              "modified and persons.",
                              v->name);
        if (!good)
            return spec_wrong(s, v->line, err,
                              "\"%s\" of an entry is not as it must be: size in bytes and modified "
                              "in seconds since 1970 are whole numbers, owner is a text, "
                              "persons a list of texts.",
                              v->name);
    }
    return 0;
}

static int entries_add(const spec *s, arv_entries *entries, const tree_value *from, arv_error *err)
{
    const tree_value *size = open_member(from, "size", TREE_NUMBER);
    const tree_value *modified = open_member(from, "modified", TREE_NUMBER);
    const tree_value *persons = open_member(from, "persons", TREE_ARRAY);
    const char *keys[ARV_PERSONS_MAX];
    uint64_t size_bytes;
    arv_entry entry = {.name = open_text(from, "name"),
                       .owner = open_text(from, "owner"),
                       .size_bytes = ARV_SIZE_UNKNOWN,
                       .modified_at_unix = ARV_TIME_UNKNOWN};
    if (size && tree_unsigned(size, &size_bytes))
        entry.size_bytes = (int64_t)size_bytes;
    if (modified)
        entry_time(modified, &entry.modified_at_unix);
    for (const tree_value *v = persons ? persons->first : NULL; v; v = v->next)
        if (entry.person_count++ < ARV_PERSONS_MAX) /* more are refused when they are added */
            keys[entry.person_count - 1] = v->text;
    entry.persons = keys;
    char *path = spec_path(s, open_text(from, "path"));
    int rc = path ? arv_entries_add_path(entries, &entry, path, err)
                  : arv_error_nomem(err, "a list of entries");
    if (rc < 0)
        arv_error_prefix(err, "\"%s\", line %u: ", s->file, from->line);
    arv_free(path);
    return rc;
}

static int entries_add_folder(const spec *s, arv_entries *entries, const char *path, arv_error *err)
{
    const char *patterns[CLI_PATTERNS_MAX];
    arv_folder_options folder = {.struct_bytes = sizeof folder,
                                 .links = s->links, .exclude = patterns};
    for (const tree_value *v = s->exclude ? s->exclude->first : NULL; v; v = v->next)
        patterns[folder.exclude_count++] = v->text;
    return arv_entries_add_folder(entries, NULL, path, &folder, err);
}

int spec_entries(const spec *s, arv_entries **entries, arv_error *err)
{
    const char *named = s->folder ? s->folder : s->list;
    char *path = named ? spec_path(s, named) : NULL;
    arv_entries_options options = {.struct_bytes = sizeof options,
                                   .keep_going = s->failures_max > 0};
    int rc = arv_entries_new(entries, &options, err);
    if (rc == 0 && named && !path)
        rc = arv_error_nomem(err, "a list of entries");
    else if (rc == 0 && s->folder)
        rc = entries_add_folder(s, *entries, path, err);
    else if (rc == 0 && s->list)
        rc = arv_entries_add_list(*entries, path, err);
    for (const tree_value *v = s->entries ? s->entries->first : NULL; rc == 0 && v; v = v->next)
        rc = entries_add(s, *entries, v, err);
    arv_free(path);
    if (rc == 0 && arv_entries_count(*entries) == 0 && !s->allow_empty)
        rc = arv_error_set(err, ARV_ENOTFOUND,
                           "There is nothing to archive in what \"%s\" names. See that the source is "
                           "there (a disk that is not mounted?) and what \"exclude\" leaves out, or "
                           "say \"allow_empty\": true.",
                           s->file);
    return rc;
}

/* ---- storages ---- */

/* What stands in a specification is copied into the staging: what looks like a secret may not. */
static bool option_is_secret(const char *name)
{
    static const char *const words[] = {"pass", "secret", "token", "credential", "key"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcasestr(name, words[i]))
            return true;
    return false;
}

static int check_option(const spec *s, const tree_value *option, arv_error *err)
{
    bool referred = option->type == TREE_OBJECT && option->first && !option->first->next &&
                    (open_text(option, "env") || open_text(option, "file"));
    if (option->type != TREE_TEXT && !referred)
        return spec_wrong(s, option->line, err,
                          "The option \"%s\" of a storage must be a text, or where it stands: "
                          "{\"env\": \"NAME\"} or {\"file\": \"PATH\"}.",
                          option->name);
    if (!referred && option_is_secret(option->name))
        return spec_wrong(s, option->line, err,
                          "The option \"%s\" of a storage is a secret, which must not stand in a "
                          "specification: write {\"env\": \"NAME\"} or {\"file\": \"PATH\"} "
                          "instead.",
                          option->name);
    return 0;
}

int spec_check_store(const spec *s, const tree_value *store, arv_error *err)
{
    size_t count = 0;
    if (store->type == TREE_TEXT)
        return 0;
    if (store->type != TREE_OBJECT || !open_text(store, "url"))
        return spec_wrong(s, store->line, err,
                          "A storage is a URL, or an object with a text \"url\" and maybe an "
                          "object \"options\".");
    for (const tree_value *v = store->first; v; v = v->next)
        if (strcmp(v->name, "url") != 0 &&
            (strcmp(v->name, "options") != 0 || v->type != TREE_OBJECT))
            return spec_wrong(s, v->line, err,
                              "A storage has a \"url\" and an object \"options\", but no \"%s\" "
                              "that is %s.",
                              v->name, tree_type_text(v->type));
    const tree_value *options = open_member(store, "options", TREE_OBJECT);
    for (const tree_value *v = options ? options->first : NULL; v; v = v->next) {
        int rc = check_option(s, v, err);
        if (rc < 0)
            return rc;
        if (++count > CLI_STORE_OPTIONS_MAX)
            return spec_wrong(s, v->line, err, "A storage can have %d options.",
                              CLI_STORE_OPTIONS_MAX);
    }
    return 0;
}

static int secret_of_file(const spec *s, const tree_value *option, char **value, arv_error *err)
{
    char *path = spec_path(s, open_text(option, "file"));
    FILE *file = path ? fopen(path, "re") : NULL;
    int rc = 0;
    *value = arv_calloc(1, SPEC_SECRET_BYTES_MAX + 2); /* one more tells that it is too long */
    if (!path || !*value) {
        rc = arv_error_nomem(err, "an option of a storage");
        goto out;
    }
    size_t length = file ? fread(*value, 1, SPEC_SECRET_BYTES_MAX + 1, file) : 0;
    if (!file || ferror(file))
        rc = arv_error_system(err, errno, "\"%s\", line %u: the file \"%s\" cannot be read",
                              s->file, option->line, path);
    else if (length > SPEC_SECRET_BYTES_MAX || memchr(*value, 0, length))
        rc = spec_wrong(s, option->line, err,
                        "The file \"%s\" must hold one text of at most 64 KiB.", path);
    while (rc == 0 && length > 0 && strchr("\r\n", (*value)[length - 1]))
        (*value)[--length] = '\0';
out:
    if (file)
        fclose(file);
    arv_free(path);
    return rc;
}

static int option_value(const spec *s, const tree_value *option, char **value, arv_error *err)
{
    const char *name = option->type == TREE_OBJECT ? open_text(option, "env") : NULL;
    const char *text = option->type == TREE_TEXT ? option->text : name ? getenv(name) : NULL;
    if (option->type == TREE_OBJECT && !name)
        return secret_of_file(s, option, value, err);
    if (!text)
        return spec_wrong(s, option->line, err,
                          "The variable %s of the environment is not set, which the option \"%s\" "
                          "refers to.",
                          name, option->name);
    *value = arv_strdup(text);
    return *value ? 0 : arv_error_nomem(err, "an option of a storage");
}

static int store_open(const spec *s, const tree_value *store, arv_engine *engine,
                      arv_storage **storage, arv_error *err)
{
    arv_storage_option options[CLI_STORE_OPTIONS_MAX] = {{NULL, NULL}};
    char *values[CLI_STORE_OPTIONS_MAX] = {NULL};
    size_t count = 0;
    int rc = 0;
    const char *url = store->type == TREE_TEXT ? store->text : open_text(store, "url");
    const tree_value *named =
        store->type == TREE_TEXT ? NULL : open_member(store, "options", TREE_OBJECT);
    for (const tree_value *v = named ? named->first : NULL; rc == 0 && v; v = v->next) {
        rc = option_value(s, v, &values[count], err);
        options[count].name = v->name;
        options[count].value = values[count];
        count++;
    }
    if (rc == 0 && (rc = arv_storage_open(storage, engine, url, options, count, err)) < 0)
        arv_error_prefix(err, "\"%s\", line %u: ", s->file, store->line);
    for (size_t i = 0; i < count; i++) {
        if (values[i])
            explicit_bzero(values[i], strlen(values[i]));
        arv_free(values[i]);
    }
    return rc;
}

int spec_storages_open(const spec *s, arv_engine *engine, arv_storage **storages, arv_error *err)
{
    size_t count = 0;
    int rc = 0;
    for (const tree_value *v = s->stores->first; rc == 0 && v; v = v->next)
        rc = store_open(s, v, engine, &storages[count++], err);
    return rc;
}

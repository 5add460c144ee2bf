/* SPDX-License-Identifier: Apache-2.0 */
#include "spec.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <arv/sys/alloc.h>

/*
 * One table says which members there are and what they hold; what belongs together is checked behind
 * it. How a specification becomes entries and storages stands in spec_open.c.
 */

enum { SPEC_BYTES_MAX = 1000 << 10 }; /* with its path it fits a job's document, 1 MiB */

static const char spec_mark[] = "archivist-spec-1 ";

int spec_wrong(const spec *spec, unsigned line, arv_error *err, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int rc = arv_error_setv(err, ARV_EINVALID, format, args);
    va_end(args);
    arv_error_prefix(err, "\"%s\", line %u: ", spec->file, line);
    return rc;
}

/* ---- members ---- */

typedef struct spec_member {
    const char *name;
    tree_type type;
    size_t offset; /* of what it is kept in: const char *, bool, int64_t or const tree_value * */
    uint64_t min, max;
} spec_member;

#define MEMBER(name, type, field) {name, type, offsetof(spec, field), 0, 0}
#define NUMBER(name, field, min, max) {name, TREE_NUMBER, offsetof(spec, field), min, max}

static const spec_member spec_members[] = {
    MEMBER("uuid", TREE_TEXT, uuid_text),
    MEMBER("name", TREE_TEXT, name),
    MEMBER("title", TREE_TEXT, title),
    MEMBER("language", TREE_TEXT, language),
    MEMBER("created_by", TREE_TEXT, created_by),
    NUMBER("requested_at", requested_at, 0, 253402300799),
    NUMBER("collected_at", collected_at, 0, 253402300799),
    MEMBER("format", TREE_TEXT, format_text),
    NUMBER("level", level, 0, 19),
    MEMBER("sha512", TREE_BOOL, sha512),
    MEMBER("reproducible", TREE_BOOL, reproducible),
    MEMBER("metadata", TREE_OBJECT, metadata),
    MEMBER("folder", TREE_TEXT, folder),
    MEMBER("exclude", TREE_ARRAY, exclude),
    MEMBER("links", TREE_TEXT, links_text),
    MEMBER("list", TREE_TEXT, list),
    MEMBER("allow_empty", TREE_BOOL, allow_empty),
    MEMBER("entries", TREE_ARRAY, entries),
    MEMBER("stores", TREE_ARRAY, stores),
    NUMBER("failures_max", failures_max, 1, 1000000),
    MEMBER("staged", TREE_BOOL, staged),
    NUMBER("attempts", attempts, 1, 100),
    NUMBER("retry_delay_s", retry_delay_s, 1, 3600),
    NUMBER("time_limit_s", time_limit_s, 1, 31536000),
    NUMBER("stall_limit_s", stall_limit_s, 1, 31536000),
    NUMBER("threads", threads, 1, 256),
    NUMBER("memory_mib", memory_mib, 9, 64),
};

enum { SPEC_MEMBERS = sizeof spec_members / sizeof spec_members[0] };

static int spec_member_set(spec *s, const spec_member *member, const tree_value *value,
                           arv_error *err)
{
    char *field = (char *)s + member->offset;
    uint64_t number;
    if (value->type != member->type)
        return spec_wrong(s, value->line, err, "\"%s\" must be %s, not %s.", member->name,
                          tree_type_text(member->type), tree_type_text(value->type));
    switch (member->type) {
    case TREE_TEXT:
        if (arv_url_has_login(value->text))
            return spec_wrong(s, value->line, err,
                              "\"%s\" has a URL with a user name or a password in it, which would be kept; "
                              "write it without them. A path that looks so begins with \"./\".",
                              member->name);
        *(const char **)field = value->text;
        return 0;
    case TREE_BOOL:
        *(bool *)field = value->is_true;
        return 0;
    case TREE_NUMBER:
        if (!tree_unsigned(value, &number) || number < member->min || number > member->max)
            return spec_wrong(s, value->line, err,
                              "\"%s\" must be a whole number from %llu to %llu.", member->name,
                              (unsigned long long)member->min, (unsigned long long)member->max);
        *(int64_t *)field = (int64_t)number;
        return 0;
    default:
        *(const tree_value **)field = value;
        return 0;
    }
}

static int spec_members_read(spec *s, arv_error *err)
{
    const tree_value *root = s->tree.root;
    int rc = 0;
    if (root->type != TREE_OBJECT)
        return spec_wrong(s, root->line, err, "A specification is an object, not %s.",
                          tree_type_text(root->type));
    for (const tree_value *value = root->first; rc == 0 && value; value = value->next) {
        unsigned i = 0;
        while (i < SPEC_MEMBERS && strcmp(spec_members[i].name, value->name) != 0)
            i++;
        rc = i < SPEC_MEMBERS
                 ? spec_member_set(s, &spec_members[i], value, err)
                 : spec_wrong(s, value->line, err,
                              "A specification has no member \"%s\"; docs/command-line.md names "
                              "those that it may have.",
                              value->name);
    }
    return rc;
}

/* ---- what belongs together ---- */

static int spec_check_sources(spec *s, arv_error *err)
{
    unsigned line = s->tree.root->line;
    int sources = (s->folder != NULL) + (s->list != NULL) + (s->entries != NULL);
    if (sources != 1)
        return spec_wrong(s, line, err,
                          "%s: a specification names what is archived by one of \"folder\", "
                          "\"list\" and \"entries\".",
                          sources ? "There are several sources" : "A source is missing");
    if (!s->folder && (s->exclude || s->links_text))
        return spec_wrong(s, line, err, "\"exclude\" and \"links\" belong to a \"folder\".");
    if (s->links_text && !arv_links_parse(s->links_text, &s->links))
        return spec_wrong(s, line, err, "\"links\" must be \"follow\", \"skip\" or \"record\".");
    if (s->list && strcmp(s->list, "-") == 0)
        return spec_wrong(s, line, err,
                          "\"list\" must be a file: a job may have to read it more than once.");
    return 0;
}

static int spec_check_stores(spec *s, arv_error *err)
{
    if (!s->stores || !s->stores->first)
        return spec_wrong(s, s->stores ? s->stores->line : s->tree.root->line, err,
                          "\"stores\" must name at least one storage, such as "
                          "\"file:///srv/archive\".");
    for (const tree_value *store = s->stores->first; store; store = store->next) {
        int rc = spec_check_store(s, store, err);
        if (rc < 0)
            return rc;
        if (++s->store_count > ARV_JOB_STORAGES_MAX)
            return spec_wrong(s, store->line, err, "\"stores\" may name %d storages.",
                              ARV_JOB_STORAGES_MAX);
    }
    return 0;
}

static int spec_check_exclude(const spec *s, arv_error *err)
{
    size_t count = 0;
    for (const tree_value *v = s->exclude ? s->exclude->first : NULL; v; v = v->next)
        if (v->type != TREE_TEXT || ++count > CLI_PATTERNS_MAX)
            return spec_wrong(s, v->line, err, "\"exclude\" must hold up to %d texts.",
                              CLI_PATTERNS_MAX);
    return 0;
}

/* The name of the folder, or of the specification without its suffix. */
static char *spec_default_name(const spec *s)
{
    static const char suffix[] = ".json";
    char *path = s->folder ? spec_path(s, s->folder) : arv_strdup(s->file);
    char *resolved = path ? realpath(path, NULL) : NULL;
    const char *from = resolved ? resolved : path ? path : "";
    const char *slash = strrchr(from, '/');
    const char *base = slash ? slash + 1 : from;
    size_t length = strlen(base), cut = sizeof suffix - 1;
    if (!s->folder && length > cut && strcmp(base + length - cut, suffix) == 0)
        length -= cut;
    char *name = !path ? NULL : length > 0 ? arv_strndup(base, length) : arv_strdup("archive");
    free(resolved); /* realpath() took it from the C library */
    arv_free(path);
    return name;
}

static int spec_names(spec *s, arv_error *err)
{
    if (s->metadata)
        s->metadata_json = arv_strndup(s->metadata->raw, s->metadata->raw_length);
    if (!s->name)
        s->default_name = spec_default_name(s);
    if ((s->metadata && !s->metadata_json) || (!s->name && !s->default_name))
        return arv_error_nomem(err, "a specification");
    return 0;
}

static int spec_check(spec *s, arv_error *err)
{
    arv_package_options package;
    int rc;
    if ((rc = spec_members_read(s, err)) < 0 || (rc = spec_check_sources(s, err)) < 0 ||
        (rc = spec_check_exclude(s, err)) < 0 || (rc = spec_check_stores(s, err)) < 0)
        return rc;
    for (const tree_value *v = s->entries ? s->entries->first : NULL; v; v = v->next)
        if ((rc = spec_check_entry(s, v, err)) < 0)
            return rc;
    if (s->format_text && arv_format_parse(s->format_text) == ARV_FORMAT_UNKNOWN)
        return spec_wrong(s, s->tree.root->line, err,
                          "\"format\" must be zip, tar.zst, tar.gz or tar.");
    if ((rc = spec_names(s, err)) < 0)
        return rc;
    spec_package(s, &package);
    if ((rc = arv_package_options_check(&package, err)) < 0)
        arv_error_prefix(err, "\"%s\": ", s->file);
    return rc;
}

/* ---- reading ---- */

static int spec_parse(spec *s, arv_error *err)
{
    size_t length = s->document_length - (size_t)(s->text - s->document);
    s->level = ARV_LEVEL_DEFAULT;
    s->requested_at = s->collected_at = -1;
    s->staged = true;
    int rc = tree_parse(&s->tree, s->text, length, err);
    if (rc == ARV_EFORMAT)
        arv_error_prefix(err, "\"%s\", ", s->file);
    return rc == 0 ? spec_check(s, err) : rc;
}

/* The mark, the path, and behind them the text of the file. */
static int spec_load(spec *s, FILE *file, arv_error *err)
{
    size_t head = strlen(spec_mark) + strlen(s->file) + 1;
    s->document = arv_malloc(head + SPEC_BYTES_MAX + 2);
    if (!s->document)
        return arv_error_nomem(err, "a specification");
    snprintf(s->document, head + 1, "%s%s\n", spec_mark, s->file);
    size_t length = fread(s->document + head, 1, SPEC_BYTES_MAX + 1, file);
    if (ferror(file))
        return arv_error_system(err, errno, "The specification \"%s\" cannot be read", s->file);
    if (length > SPEC_BYTES_MAX)
        return arv_error_set(err, ARV_ELIMIT,
                             "The specification \"%s\" is larger than 1000 KiB; put its entries "
                             "into a file of JSON lines and name that as \"list\".",
                             s->file);
    s->document[head + length] = '\0';
    s->document_length = head + length;
    s->text = s->document + head;
    return 0;
}

int spec_read_file(spec *s, const char *path, arv_error *err)
{
    char key[ARV_KEY_BYTES];
    char *resolved = realpath(path, NULL);
    FILE *file = resolved ? fopen(resolved, "re") : NULL;
    int rc = 0;
    *s = (spec){0};
    if (!file) {
        rc = arv_error_system(err, errno, "The specification \"%s\" cannot be opened", path);
        goto out;
    }
    s->file = arv_strdup(resolved);
    if (!s->file) {
        rc = arv_error_nomem(err, "a specification");
        goto out;
    }
    if (strchr(s->file, '\n')) {
        rc = arv_error_set(err, ARV_EINVALID,
                           "The path of the specification \"%s\" has a line break in it; move it "
                           "to another place.",
                           s->file);
        goto out;
    }
    if ((rc = spec_load(s, file, err)) < 0 || (rc = spec_parse(s, err)) < 0)
        goto out;
    if (!s->uuid_text)
        rc = arv_uuid_derive(s->document, s->document_length, s->uuid, err);
    else if ((rc = arv_key_from_uuid(s->uuid_text, "", key, err)) == 0)
        memcpy(s->uuid, s->uuid_text, ARV_UUID_BYTES);
    else
        arv_error_prefix(err, "\"%s\", \"uuid\": ", s->file);
out:
    if (file)
        fclose(file);
    free(resolved); /* realpath() took it from the C library */
    return rc;
}

int spec_read_document_adopt(spec *s, const char *uuid, char *document, size_t length,
                             arv_error *err)
{
    size_t mark = strlen(spec_mark);
    *s = (spec){.document = document, .document_length = length};
    const char *end = document ? memchr(document, '\n', length) : NULL;
    memcpy(s->uuid, uuid, ARV_UUID_BYTES);
    if (!end || (size_t)(end - document) <= mark || memcmp(document, spec_mark, mark) != 0)
        return arv_error_set(err, ARV_EUNSUPPORTED,
                             "The job %s was not made by \"archivist job run\", and only the "
                             "program that made it knows what it archives; run it there.",
                             uuid);
    s->text = end + 1;
    s->file = arv_strndup(document + mark, (size_t)(end - document) - mark);
    if (!s->file)
        return arv_error_nomem(err, "a specification");
    return spec_parse(s, err);
}

void spec_free(spec *s)
{
    tree_free(&s->tree);
    arv_free(s->document);
    arv_free(s->file);
    arv_free(s->metadata_json);
    arv_free(s->default_name);
    *s = (spec){0};
}

void spec_package(const spec *s, arv_package_options *package)
{
    arv_package_options_init(package, sizeof *package);
    if (s->format_text)
        package->format = arv_format_parse(s->format_text);
    package->level = (int)s->level;
    package->digests = ARV_DIGEST_SHA256 | (s->sha512 ? ARV_DIGEST_SHA512 : 0u);
    package->reproducible = s->reproducible;
    package->threads = (unsigned)s->threads;
    package->failures_max = (uint64_t)s->failures_max;
    package->allow_empty = s->allow_empty;
    package->memory_bytes = (size_t)s->memory_mib << 20;
    package->name = s->name ? s->name : s->default_name;
    package->title = s->title;
    package->language = s->language;
    package->created_by = s->created_by;
    package->metadata_json = s->metadata_json;
    if (s->requested_at >= 0)
        package->requested_at_unix = s->requested_at;
    if (s->collected_at >= 0)
        package->collected_at_unix = s->collected_at;
    memcpy(package->uuid, s->uuid, ARV_UUID_BYTES);
}

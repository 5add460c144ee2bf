/* SPDX-License-Identifier: Apache-2.0 */
#include "job/spec.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <arv/staging.h>
#include <arv/sys/alloc.h>
#include "loop/fileops.h"
#include "package/packer.h"

/*
 * One table lists the members and their types. Checks of members that belong together follow behind it.
 * spec_parts.c knows the members of entries and storages.
 */

enum {
    SPEC_BYTES_MAX = 1000 << 10, /* with its path it fits a job's document, 1 MiB */
    SPEC_NAME_SHOWN = 64
};

static const arv__json_limits spec_limits = {.bytes = SPEC_BYTES_MAX, .depth = 32, .members = 1024};
static const char spec_mark[] = "archivist-spec-1 ";

/* ---- members ---- */

typedef struct spec_member {
    const char *name;
    arv__json_kind kind;
    size_t offset; /* of what it is kept in: const char *, bool, int64_t or const arv_json * */
    int64_t min, max;
} spec_member;

#define MEMBER(name, kind, field)                                                                            \
    {                                                                                                        \
        name, ARV__JSON_##kind, offsetof(arv_spec, field), 0, 0                                              \
    }
#define NUMBER(name, field, min, max)                                                                        \
    {                                                                                                        \
        name, ARV__JSON_NUMBER, offsetof(arv_spec, field), min, max                                          \
    }

static const spec_member spec_members[] = {
    MEMBER("uuid", TEXT, uuid_text),
    MEMBER("name", TEXT, name),
    MEMBER("title", TEXT, title),
    MEMBER("language", TEXT, language),
    MEMBER("created_by", TEXT, created_by),
    NUMBER("requested_at", requested_at, 0, 253402300799),
    NUMBER("collected_at", collected_at, 0, 253402300799),
    MEMBER("format", TEXT, format_text),
    NUMBER("level", level, 0, 19),
    MEMBER("sha512", BOOL, sha512),
    MEMBER("reproducible", BOOL, reproducible),
    MEMBER("metadata", OBJECT, metadata),
    MEMBER("folder", TEXT, folder),
    MEMBER("exclude", LIST, exclude),
    MEMBER("links", TEXT, links_text),
    MEMBER("list", TEXT, list),
    MEMBER("allow_empty", BOOL, allow_empty),
    MEMBER("entries", LIST, entries),
    MEMBER("stores", LIST, stores),
    NUMBER("failures_max", failures_max, 1, 1000000),
    MEMBER("staged", BOOL, staged),
    NUMBER("attempts", attempts, 1, 100),
    NUMBER("retry_delay_s", retry_delay_s, 1, 3600),
    NUMBER("time_limit_s", time_limit_s, 1, 31536000),
    NUMBER("stall_limit_s", stall_limit_s, 1, 31536000),
    NUMBER("threads", threads, 1, 256),
    NUMBER("memory_mib", memory_mib, 9, 64),
};

enum { SPEC_MEMBERS = sizeof spec_members / sizeof spec_members[0] };

/* Returns the member of this name, or NULL. The name needs no NUL. */
static const spec_member *spec_member_find(const char *name, size_t length)
{
    for (const spec_member *member = spec_members; member < spec_members + SPEC_MEMBERS; member++)
        if (strlen(member->name) == length && memcmp(member->name, name, length) == 0)
            return member;
    return NULL;
}

static int spec_number_wrong(const arv_spec *s, arv__spec_place place, const spec_member *member,
                             arv_error *err)
{
    return arv__spec_wrong(s, place, err, "\"%s\" must be a whole number from %lld to %lld.", member->name,
                           (long long)member->min, (long long)member->max);
}

static int spec_member_set(arv_spec *s, arv__spec_place place, const spec_member *member, arv_error *err)
{
    const arv_json *value = arv_json_get(s->root, member->name);
    arv__json_kind kind = arv__json_kind_of(value);
    char *field = (char *)s + member->offset;
    int64_t number;
    if (kind != member->kind)
        return arv__spec_wrong(s, place, err, "\"%s\" must be %s, not %s.", member->name,
                               arv__json_kind_text(member->kind), arv__json_kind_text(kind));
    switch (kind) {
    case ARV__JSON_TEXT:
        if (arv_url_has_login(arv__json_text(value, NULL)))
            return arv__spec_wrong(s, place, err,
                                   "\"%s\" has a URL with a user name or a password in it, which would be "
                                   "kept; write it without them. A path that looks so begins with \"./\".",
                                   member->name);
        *(const char **)field = arv__json_text(value, NULL);
        return 0;
    case ARV__JSON_BOOL:
        arv__json_bool(s->root, member->name, (bool *)field);
        return 0;
    case ARV__JSON_NUMBER:
        if (!arv__json_integer(s->root, member->name, &number) || number < member->min ||
            number > member->max)
            return spec_number_wrong(s, place, member, err);
        *(int64_t *)field = number;
        return 0;
    default:
        *(const arv_json **)field = value;
        return 0;
    }
}

static int spec_members_read(arv_spec *s, arv_error *err)
{
    const arv__spec_place root = {.depth = 0};
    const char *name;
    int rc = 0;
    if (!arv__json_is_object(s->root))
        return arv__spec_wrong(s, root, err, "A specification is an object, not %s.",
                               arv__json_kind_text(arv__json_kind_of(s->root)));
    for (size_t i = 0; rc == 0 && (name = arv__json_member_name(s->root, i)); i++) {
        const spec_member *member = spec_member_find(name, strlen(name));
        rc = member ? spec_member_set(s, arv__spec_below(root, i), member, err)
                    : arv__spec_wrong(s, arv__spec_below(root, i), err,
                                      "A specification has no member \"%s\"; docs/command-line.md "
                                      "names those that it may have.",
                                      name);
    }
    return rc;
}

/* ---- what belongs together ---- */

static int spec_check_sources(arv_spec *s, arv_error *err)
{
    const arv__spec_place root = {.depth = 0};
    int sources = (s->folder != NULL) + (s->list != NULL) + (s->entries != NULL);
    if (sources != 1)
        return arv__spec_wrong(s, root, err,
                               "%s: a specification names what is archived by one of \"folder\", "
                               "\"list\" and \"entries\".",
                               sources ? "There are several sources" : "A source is missing");
    if (!s->folder && (s->exclude || s->links_text))
        return arv__spec_wrong(s, root, err, "\"exclude\" and \"links\" belong to a \"folder\".");
    if (s->links_text && !arv_links_parse(s->links_text, &s->links))
        return arv__spec_wrong(s, arv__spec_member(s, "links"), err,
                               "\"links\" must be \"follow\", \"skip\" or \"record\".");
    if (s->list && strcmp(s->list, "-") == 0)
        return arv__spec_wrong(s, arv__spec_member(s, "list"), err,
                               "\"list\" must be a file: a job may have to read it more than once.");
    if (s->format_text && arv_format_parse(s->format_text) == ARV_FORMAT_UNKNOWN)
        return arv__spec_wrong(s, arv__spec_member(s, "format"), err,
                               "\"format\" must be zip, tar.zst, tar.gz or tar.");
    return 0;
}

static int spec_check_lists(const arv_spec *s, arv_error *err)
{
    const arv__spec_place root = {.depth = 0};
    size_t count = arv__json_array_size(s->stores);
    int rc = 0;
    for (size_t i = 0; i < arv__json_array_size(s->exclude); i++)
        if (!arv__json_text(arv__json_at(s->exclude, i), NULL) || i == ARV__SPEC_PATTERNS_MAX)
            return arv__spec_wrong(s, arv__spec_below(arv__spec_member(s, "exclude"), i), err,
                                   "\"exclude\" must hold up to %d texts.", ARV__SPEC_PATTERNS_MAX);
    if (count == 0)
        return arv__spec_wrong(s, s->stores ? arv__spec_member(s, "stores") : root, err,
                               "\"stores\" must name at least one storage, such as "
                               "\"file:///srv/archive\".");
    for (size_t i = 0; rc == 0 && i < count; i++) {
        arv__spec_place place = arv__spec_below(arv__spec_member(s, "stores"), i);
        rc = arv__spec_check_store(s, place, arv__json_at(s->stores, i), err);
        if (rc == 0 && i == ARV_JOB_STORAGES_MAX)
            rc = arv__spec_wrong(s, place, err, "\"stores\" may name %d storages.", ARV_JOB_STORAGES_MAX);
    }
    for (size_t i = 0; rc == 0 && i < arv__json_array_size(s->entries); i++)
        rc = arv__spec_check_entry(s, arv__spec_below(arv__spec_member(s, "entries"), i),
                                   arv__json_at(s->entries, i), err);
    return rc;
}

/* Returns the name of the folder, or of the specification without its suffix. NULL: no memory. */
static char *spec_default_name(const arv_spec *s)
{
    static const char suffix[] = ".json";
    char resolved[PATH_MAX];
    char *path = s->folder ? arv__spec_path(s, s->folder) : arv_strdup(s->file);
    if (!path)
        return NULL;
    const char *from = realpath(path, resolved) ? resolved : path;
    const char *base = strrchr(from, '/') ? strrchr(from, '/') + 1 : from;
    size_t length = strlen(base), cut = sizeof suffix - 1;
    if (!s->folder && length > cut && strcmp(base + length - cut, suffix) == 0)
        length -= cut;
    char *name = length > 0 ? arv_strndup(base, length) : arv_strdup("archive");
    arv_free(path);
    return name;
}

/* Keeps what the members do not hold: the metadata as they were written, and a default name. */
static int spec_keep(arv_spec *s, arv_error *err)
{
    if (s->metadata) {
        arv__spec_place place = arv__spec_member(s, "metadata");
        arv__json_span span = arv__json_place(s->text, s->text_length, place.steps, place.depth);
        s->metadata_json = arv_strndup(s->text + span.from, span.end - span.from);
    }
    if (!s->name)
        s->default_name = spec_default_name(s);
    if ((s->metadata && !s->metadata_json) || (!s->name && !s->default_name))
        return arv_error_nomem(err, "a specification");
    return 0;
}

static int spec_check(arv_spec *s, arv_error *err)
{
    arv_job_spec job;
    arv_package_options package;
    int rc;
    arv_job_spec_init(&job, sizeof job);
    arv_package_options_init(&package, sizeof package);
    if ((rc = spec_members_read(s, err)) < 0 || (rc = spec_check_sources(s, err)) < 0 ||
        (rc = spec_check_lists(s, err)) < 0 || (rc = spec_keep(s, err)) < 0)
        return rc;
    arv_spec_fill(s, &package, &job);
    if ((rc = arv_package_options_check(&package, err)) < 0)
        arv_error_prefix(err, "\"%s\": ", s->file);
    return rc;
}

/* ---- reading ---- */

/* The error for a number that is too large for JSON names its member; for a known member also its range. */
static int spec_overflow(const arv_spec *s, const arv__json_fault *fault, arv_error *err)
{
    arv__spec_place place = {.depth = 0};
    place.depth = arv__json_place_last(s->text, fault->at, place.steps, 3);
    arv__json_span span = arv__json_place(s->text, fault->at, place.steps, place.depth);
    const char *name = s->text + span.name;
    const char *end =
        span.name < span.from && *name == '"' ? memchr(name + 1, '"', span.from - span.name - 1) : NULL;
    const spec_member *member = end ? spec_member_find(name + 1, (size_t)(end - name) - 1) : NULL;
    if (member && place.depth == 1 && member->kind == ARV__JSON_NUMBER)
        return spec_number_wrong(s, place, member, err);
    if (!end || end - name > SPEC_NAME_SHOWN || strchr("{[", s->text[span.from]))
        return 0;
    return arv_error_set(err, ARV_EFORMAT, "\"%s\", line %u, column %zu: the number of %.*s is too large.",
                         s->file, fault->line, fault->column, (int)(end + 1 - name), name);
}

static int spec_load(arv_spec *s, arv_error *err)
{
    arv__json_fault fault;
    int rc = arv__json_load(&s->root, s->text, s->text_length, &spec_limits, &fault);
    if (rc == 0)
        return spec_check(s, err);
    if (rc == ARV_ENOMEM)
        return arv_error_nomem(err, "a specification");
    if (fault.overflow && (rc = spec_overflow(s, &fault, err)) < 0)
        return rc;
    return arv_error_set(err, ARV_EFORMAT, "\"%s\", line %u, column %zu: %s.", s->file, fault.line,
                         fault.column, fault.what);
}

/* Takes over the document. Its first line, without the mark, is the path of the file. */
static int spec_adopt(arv_spec **spec, char *document, size_t length, size_t head, arv_error *err)
{
    arv_spec *s = arv_calloc(1, sizeof *s);
    if (!s) {
        arv_free(document);
        return arv_error_nomem(err, "a specification");
    }
    *spec = s;
    size_t mark = sizeof spec_mark - 1;
    bool bom = length - head >= 3 && memcmp(document + head, "\xEF\xBB\xBF", 3) == 0;
    s->document = document;
    s->document_length = length;
    s->text = document + head + (bom ? 3 : 0);
    s->text_length = length - head - (bom ? 3 : 0);
    s->level = ARV_LEVEL_DEFAULT;
    s->requested_at = s->collected_at = -1;
    s->staged = true;
    s->file = arv_strndup(document + mark, head - mark - 1);
    return s->file ? 0 : arv_error_nomem(err, "a specification");
}

/* The same specification gives the same UUID, and so the same job. */
static int spec_uuid(arv_spec *s, arv_error *err)
{
    if (!s->uuid_text)
        return arv_uuid_derive(s->document, s->document_length, s->uuid, err);
    /* Refused here: else a staging would keep a job that can make no archive. */
    int rc = arv__package_uuid_check(s->uuid_text, err);
    if (rc < 0)
        arv_error_prefix(err, "\"%s\", \"uuid\": ", s->file);
    else
        memcpy(s->uuid, s->uuid_text, ARV_UUID_BYTES);
    return rc;
}

static int spec_too_large(const char *file, arv_error *err)
{
    return arv_error_set(err, ARV_ELIMIT,
                         "The specification \"%s\" is larger than 1000 KiB; put its entries into a "
                         "file of JSON lines and name that as \"list\".",
                         file);
}

/* Makes a document of the mark and the path, with room for the text behind them. */
static int spec_document(char **document, size_t *head, const char *file, size_t room, arv_error *err)
{
    if (file[0] != '/' || strchr(file, '\n'))
        return arv_error_set(err, ARV_EINVALID, "The path of the specification \"%s\" %s.", file,
                             file[0] == '/' ? "has a line break in it; move it to another place"
                                            : "must begin with \"/\": paths in it begin at its folder");
    *head = sizeof spec_mark - 1 + strlen(file) + 1;
    *document = arv_malloc(*head + room + 1);
    if (!*document)
        return arv_error_nomem(err, "a specification");
    snprintf(*document, *head + 1, "%s%s\n", spec_mark, file);
    return 0;
}

static int spec_finish(arv_spec **spec, int rc, arv_error *err)
{
    if (rc == 0 && (rc = spec_load(*spec, err)) == 0 && !(*spec)->uuid[0])
        rc = spec_uuid(*spec, err);
    if (rc < 0) {
        if (*spec && rc != ARV_ENOMEM)
            arv_error_about(err, (*spec)->file);
        arv_spec_free(*spec);
        *spec = NULL;
    }
    return rc;
}

int arv_spec_parse(arv_spec **spec, const char *text, size_t length, const char *file, arv_error *err)
{
    char *document = NULL;
    size_t head = 0;
    *spec = NULL;
    int rc = length > SPEC_BYTES_MAX ? spec_too_large(file, err)
                                     : spec_document(&document, &head, file, length, err);
    if (rc < 0) {
        arv_error_about(err, file);
        return rc;
    }
    memcpy(document + head, text, length);
    document[head + length] = '\0';
    return spec_finish(spec, spec_adopt(spec, document, head + length, head, err), err);
}

int arv_spec_read(arv_spec **spec, const char *path, arv_error *err)
{
    char resolved[PATH_MAX];
    char *document = NULL;
    size_t head = 0;
    *spec = NULL;
    int fd = realpath(path, resolved) ? arv__fs_openat(AT_FDCWD, resolved, O_RDONLY | O_CLOEXEC | O_NOCTTY, 0)
                                      : -errno;
    if (fd < 0) {
        fd = arv_error_system(err, -fd, "The specification \"%s\" cannot be opened", path);
        arv_error_about(err, path);
        return fd;
    }
    int rc = spec_document(&document, &head, resolved, SPEC_BYTES_MAX + 1, err);
    ssize_t length = rc == 0 ? arv__fs_read_full(fd, document + head, SPEC_BYTES_MAX + 1) : 0;
    arv__fs_close(fd);
    if (rc == 0 && length < 0)
        rc = arv_error_system(err, (int)-length, "The specification \"%s\" cannot be read", resolved);
    else if (rc == 0 && length > SPEC_BYTES_MAX)
        rc = spec_too_large(resolved, err);
    if (rc < 0) {
        arv_error_about(err, resolved);
        arv_free(document);
        return rc;
    }
    document[head + (size_t)length] = '\0';
    return spec_finish(spec, spec_adopt(spec, document, head + (size_t)length, head, err), err);
}

int arv_spec_of_job(arv_spec **spec, arv_staging *staging, const char *uuid, arv_error *err)
{
    char *document = NULL;
    size_t length = 0, mark = sizeof spec_mark - 1;
    *spec = NULL;
    int rc = arv_staging_document_take(staging, uuid, &document, &length, err);
    if (rc < 0 && rc != ARV_ENOTFOUND)
        return rc;
    const char *end = document ? memchr(document, '\n', length) : NULL;
    if (!end || (size_t)(end - document) <= mark || memcmp(document, spec_mark, mark) != 0) {
        arv_free(document);
        arv_error_set(err, ARV_EUNSUPPORTED,
                      "The job %s was not made by \"archivist job run\", and only the program that "
                      "made it knows what it archives; run it there.",
                      uuid);
        arv_error_about(err, uuid);
        return ARV_EUNSUPPORTED;
    }
    rc = spec_adopt(spec, document, length, (size_t)(end + 1 - document), err);
    if (rc == 0)
        memcpy((*spec)->uuid, uuid, ARV_UUID_BYTES);
    return spec_finish(spec, rc, err);
}

/* ---- what it says ---- */

void arv_spec_free(arv_spec *s)
{
    if (!s)
        return;
    arv_json_free(s->root);
    arv_free(s->document);
    arv_free(s->file);
    arv_free(s->metadata_json);
    arv_free(s->default_name);
    arv_free(s);
}

const char *arv_spec_uuid(const arv_spec *s)
{
    return s->uuid;
}

const char *arv_spec_file(const arv_spec *s)
{
    return s->file;
}

const void *arv_spec_document(const arv_spec *s, size_t *length)
{
    *length = s->document_length;
    return s->document;
}

void arv_spec_fill(const arv_spec *s, arv_package_options *package, arv_job_spec *job)
{
    job->package = package;
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
    job->streams = !s->staged;
    job->attempts_max = (unsigned)s->attempts;
    job->retry_delay_ms = (unsigned)s->retry_delay_s * 1000;
    job->time_limit_ms = (uint64_t)s->time_limit_s * 1000;
    job->stall_limit_ms = (uint64_t)s->stall_limit_s * 1000;
}

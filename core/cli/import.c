/* SPDX-License-Identifier: Apache-2.0 */

/*
 * archivist import: finds archives in a folder or a storage without any database, by what stands in
 * the files, verifies each and tells what it says about itself. Nothing on the disk is changed.
 *
 * Of a container that is no archive of ours only the number is told, unless it may be one that is
 * damaged: its name is a UUID, as storages name archives, or it ends too early. The folder is walked
 * through descriptors, so no link is followed; how deep is bounded, and what lies deeper is named.
 */

#include "cli.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <arv/sys/alloc.h>

#include "json.h"
#include "progress.h"
#include "session.h"
#include "text.h"
#include "tree.h"

enum {
    IMPORT_DEPTH_MAX = 16,   /* folders in one another */
    IMPORT_PATH_BYTES = 8192,
    IMPORT_HEAD_BYTES = 262, /* of a tar: up to its magic */
    IMPORT_PAGE = 500        /* objects of a storage at once */
};

typedef struct import {
    const cli_options *options;
    arv_engine *engine;
    char path[IMPORT_PATH_BYTES]; /* of what is looked at */
    size_t path_length;
    uint64_t archives, valid, others, unread;
} import;

/* ---- what an archive says about itself -------------------------------------------------------- */

static const tree_value *import_member(const tree_value *object, const char *name)
{
    if (!object || object->type != TREE_OBJECT)
        return NULL;
    for (const tree_value *v = object->first; v; v = v->next)
        if (strcmp(v->name, name) == 0)
            return v;
    return NULL;
}

static const char *import_text(const tree_value *object, const char *name)
{
    const tree_value *value = import_member(object, name);
    return value && value->type == TREE_TEXT ? value->text : NULL;
}

typedef struct import_facts {
    tree tree;
    const char *title, *requested, *collected, *course, *activity;
} import_facts;

/* Whether job.json is that of an archive of ours; what cannot be parsed is not. */
static int import_read_facts(import_facts *facts, const arv_report *report, bool *ours, arv_error *err)
{
    arv_error why = {0};
    *facts = (import_facts){.title = NULL};
    *ours = false;
    if (!report->job_json)
        return 0;
    if (tree_parse(&facts->tree, report->job_json, report->job_json_bytes, &why) < 0) {
        if (why.code != ARV_ENOMEM)
            return 0;
        *err = why;
        return why.code;
    }
    const tree_value *job = facts->tree.root, *metadata = import_member(job, "metadata");
    const char *format = import_text(job, "format");
    *ours = format && strncmp(format, "archivist-job-", 14) == 0;
    facts->title = import_text(job, "title");
    facts->requested = import_text(job, "requested_at");
    facts->collected = import_text(job, "collected_at");
    facts->course = import_text(import_member(metadata, "course"), "fullname");
    facts->activity = import_text(import_member(metadata, "activity"), "name");
    return 0;
}

/* ---- what is shown ---------------------------------------------------------------------------- */

static void import_line(const char *label, const char *text)
{
    if (!text)
        return;
    printf("  %-10s", label);
    text_write_safe(stdout, text, strlen(text));
    putchar('\n');
}

static void import_show_text(const import *m, const arv_report *report, const import_facts *facts,
                             const char *problem)
{
    char hex[129], size[TEXT_SIZE_BYTES];
    bool valid = report && report->valid;
    fputs(valid ? "valid       " : "NOT VALID   ", stdout);
    text_write_safe(stdout, m->path, m->path_length);
    putchar('\n');
    if (report && report->uuid[0])
        import_line("uuid", report->uuid);
    import_line("title", facts->title);
    import_line("course", facts->course);
    import_line("activity", facts->activity);
    import_line("requested", facts->requested);
    import_line("collected", facts->collected);
    if (report) {
        printf("  size      %" PRIu64 " bytes (%s)\n", report->container_bytes,
               text_size(report->container_bytes, size));
        if (report->container.present & ARV_DIGEST_SHA256)
            import_line("sha256", arv_digests_hex(&report->container, ARV_DIGEST_SHA256, hex));
    }
    if (problem) {
        fputs("  why       ", stdout);
        text_write_sentence(stdout, problem);
        putchar('\n');
    }
}

static void import_show_json(const import *m, const arv_report *report, const import_facts *facts,
                             const char *problem)
{
    json_open(NULL, '{');
    json_bytes("path", m->path, m->path_length);
    json_bool("valid", report && report->valid);
    json_text("uuid", report && report->uuid[0] ? report->uuid : NULL);
    json_text("title", facts->title);
    json_text("course", facts->course);
    json_text("activity", facts->activity);
    json_text("requested_at", facts->requested);
    json_text("collected_at", facts->collected);
    if (report) {
        json_text("format", arv_format_name(report->format));
        json_unsigned("container_bytes", report->container_bytes);
        json_digests(&report->container);
        json_unsigned("finding_total", report->finding_total);
    }
    json_text("problem", problem);
    json_close('}');
}

/* One archive, or what may be one: `report` NULL when it could not be read to its end. */
static void import_show(import *m, const arv_report *report, const import_facts *facts,
                        const char *problem)
{
    m->archives++;
    m->valid += report && report->valid;
    (m->options->json ? import_show_json : import_show_text)(m, report, facts, problem);
}

/* Something that could not be looked at. */
static void import_unread(import *m, const char *why)
{
    m->unread++;
    progress_clear();
    if (m->options->json) {
        json_open(NULL, '{');
        json_bytes("path", m->path, m->path_length);
        json_text("unread", why);
        json_close('}');
        return;
    }
    fputs("not read    ", stdout);
    text_write_safe(stdout, m->path, m->path_length);
    fputs("\n  why       ", stdout);
    text_write_sentence(stdout, why);
    putchar('\n');
}

/* ---- one container ---------------------------------------------------------------------------- */

static bool import_has_uuid_name(const char *name)
{
    for (int i = 0; i < 36; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? name[i] != '-' : !name[i] || !strchr("0123456789abcdef", name[i]))
            return false;
    }
    return name[36] == '.' || name[36] == '\0';
}

static bool import_is_truncated(const arv_report *report)
{
    for (size_t i = 0; i < report->finding_count; i++)
        if (report->findings[i].kind == ARV_FINDING_TRUNCATED)
            return true;
    return false;
}

static int import_judge(import *m, const arv_report *report, bool named, arv_error *err)
{
    import_facts facts;
    bool ours;
    int rc = import_read_facts(&facts, report, &ours, err);
    if (rc < 0)
        return rc;
    if (ours || named || import_is_truncated(report))
        import_show(m, report, &facts,
                    report->valid              ? NULL
                    : report->finding_count > 0 ? report->findings[0].message
                                                : "It is not valid.");
    else
        m->others++;
    tree_free(&facts.tree);
    return ferror(stdout) ? ARV_EIO : 0;
}

/* Errors that end the whole run; after any other the next container gets its turn. */
static bool import_ends(int code)
{
    return code == ARV_ENOMEM || code == ARV_ECANCELED || code == ARV_ELIMIT || code == ARV_EINTERNAL;
}

static int import_container(import *m, const arv_origin *origin, bool named, arv_error *err)
{
    arv_task *task = NULL;
    arv_error why = {0};
    int rc = arv_verify(m->engine, origin, NULL, NULL, NULL, &task, &why);
    if (rc == 0)
        rc = session_wait(m->engine, task, "verifying", &why);
    if (rc == 0) {
        rc = import_judge(m, arv_task_report(task), named, err);
    } else if (import_ends(rc)) {
        *err = why;
    } else {
        import_facts none = {.title = NULL};
        if (rc == ARV_EFORMAT && !named)
            m->others++;
        else
            import_show(m, NULL, &none, why.message);
        rc = 0;
    }
    arv_task_unref(task);
    return rc;
}

/* ---- a folder --------------------------------------------------------------------------------- */

/* Whether a file begins as a container does; -1 with errno when it cannot be read. */
static int import_begins(int folder, const char *name)
{
    unsigned char head[IMPORT_HEAD_BYTES] = {0};
    int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return -1;
    ssize_t length = pread(fd, head, sizeof head, 0);
    int error = errno;
    close(fd);
    errno = error;
    if (length < 0)
        return -1;
    return memcmp(head, "PK\3\4", 4) == 0 || memcmp(head, "PK\5\6", 4) == 0 ||
           memcmp(head, "\x1f\x8b", 2) == 0 || memcmp(head, "\x28\xb5\x2f\xfd", 4) == 0 ||
           memcmp(head + 257, "ustar", 5) == 0;
}

static void import_unread_errno(import *m, int error, const char *what)
{
    arv_error why;
    arv_error_system(&why, error, "%s", what);
    import_unread(m, why.message);
}

static int import_file(import *m, int folder, const char *name, arv_error *err)
{
    size_t length = strlen(name);
    bool named = import_has_uuid_name(name);
    arv_origin origin = {.path = m->path};
    if (name[0] == '.' && length > 8 && strcmp(name + length - 8, ".partial") == 0)
        return 0; /* it is being written, or was */
    int begins = import_begins(folder, name);
    if (begins < 0)
        import_unread_errno(m, errno, "It cannot be read");
    else if (begins || named)
        return import_container(m, &origin, named, err);
    return 0;
}

static int import_folder_adopt(import *m, int fd, unsigned depth, arv_error *err);

/* What has a name in a folder. The path is as it was before when it returns. */
static int import_entry(import *m, int folder, const char *name, unsigned depth, arv_error *err)
{
    struct stat st;
    size_t before = m->path_length;
    int rc = 0;
    int length = snprintf(m->path + before, sizeof m->path - before, "%s%s",
                          before && m->path[before - 1] == '/' ? "" : "/", name);
    if (length < 0 || (size_t)length >= sizeof m->path - before) {
        m->path[before] = '\0';
        import_unread(m, "A path in this folder is longer than can be read; import the folder below.");
        return 0;
    }
    m->path_length += (size_t)length;
    if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) < 0) {
        if (errno != ENOENT) /* it went away meanwhile */
            import_unread_errno(m, errno, "It cannot be read");
    } else if (S_ISREG(st.st_mode)) {
        rc = import_file(m, folder, name, err);
    } else if (S_ISDIR(st.st_mode)) {
        int fd = depth < IMPORT_DEPTH_MAX
                     ? openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
                     : -1;
        if (fd >= 0)
            rc = import_folder_adopt(m, fd, depth + 1, err);
        else if (depth < IMPORT_DEPTH_MAX)
            import_unread_errno(m, errno, "The folder cannot be read");
        else
            import_unread(m, "It lies deeper than 16 folders; import this folder by itself.");
    }
    m->path_length = before;
    m->path[before] = '\0';
    return rc;
}

static int import_folder_adopt(import *m, int fd, unsigned depth, arv_error *err)
{
    DIR *dir = fdopendir(fd);
    int rc = 0;
    if (!dir) {
        close(fd);
        return arv_error_nomem(err, "the list of a folder");
    }
    while (rc == 0) {
        errno = 0;
        const struct dirent *entry = readdir(dir);
        if (!entry) {
            if (errno)
                import_unread_errno(m, errno, "The folder cannot be read to its end");
            break;
        }
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            rc = import_entry(m, dirfd(dir), entry->d_name, depth, err);
    }
    closedir(dir);
    return rc;
}

static int import_folder(import *m, const char *folder, arv_error *err)
{
    size_t length = strlen(folder);
    if (length >= sizeof m->path)
        return arv_error_set(err, ARV_EINVALID, "The path of the folder is too long.");
    memcpy(m->path, folder, length + 1);
    m->path_length = length;
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return arv_error_system(err, errno, "The folder \"%s\" cannot be read", folder);
    return import_folder_adopt(m, fd, 1, err);
}

/* ---- a storage -------------------------------------------------------------------------------- */

static int import_object(import *m, arv_storage *storage, const char *key, arv_error *err)
{
    char address[ARV_ADDRESS_BYTES];
    arv_origin origin = {.storage = storage, .key = key};
    int rc = arv_storage_address(storage, key, address, err);
    if (rc < 0)
        return rc;
    m->path_length = (size_t)snprintf(m->path, sizeof m->path, "%s", address);
    return import_container(m, &origin, true, err);
}

static int import_storage(import *m, const char *url, arv_error *err)
{
    arv_storage *storage = NULL;
    arv_task *task = NULL;
    char after[ARV_KEY_BYTES] = "";
    size_t count = IMPORT_PAGE;
    int rc = session_storage_open(&storage, m->engine, m->options, url, err);
    while (rc == 0 && count == IMPORT_PAGE) {
        if ((rc = arv_storage_list(storage, after[0] ? after : NULL, IMPORT_PAGE, NULL, NULL, &task,
                                   err)) < 0 ||
            (rc = session_wait(m->engine, task, "listing", err)) < 0)
            break;
        const arv_object *objects = arv_task_objects(task, &count);
        for (size_t i = 0; rc == 0 && i < count; i++)
            rc = import_object(m, storage, objects[i].key, err);
        if (count > 0)
            memcpy(after, objects[count - 1].key, sizeof after);
        arv_task_unref(task);
        task = NULL;
    }
    arv_task_unref(task);
    arv_storage_unref(storage);
    return rc;
}

/* ---- the whole -------------------------------------------------------------------------------- */

static int import_finish(const import *m, arv_error *err)
{
    uint64_t wrong = m->archives - m->valid;
    if (m->options->json) {
        json_open(NULL, '{');
        json_unsigned("archives", m->archives);
        json_unsigned("valid", m->valid);
        json_unsigned("not_valid", wrong);
        json_unsigned("other_containers", m->others);
        json_unsigned("unread", m->unread);
        json_close('}');
    } else {
        printf("archives    %" PRIu64 ", valid %" PRIu64 ", not valid %" PRIu64 "\n", m->archives,
               m->valid, wrong);
        if (m->others > 0)
            printf("others      %" PRIu64 " container%s that no archive of Archivist %s\n", m->others,
                   m->others == 1 ? "" : "s", m->others == 1 ? "is" : "are");
    }
    if (wrong == 0 && m->unread == 0)
        return 0;
    return arv_error_set(err, wrong ? ARV_EMISMATCH : ARV_EACCESS,
                         "%" PRIu64 " of %" PRIu64 " archives %s not valid, and %" PRIu64
                         " places could not be read; each is named above.",
                         wrong, m->archives, wrong == 1 ? "is" : "are", m->unread);
}

int cli_import(const cli_options *options, arv_error *err)
{
    static import m; /* large; one command a process */
    const char *place = options->arguments[0];
    m = (import){.options = options};
    int rc = session_open(&m.engine, options, 0, err);
    if (rc == 0)
        rc = session_is_address(place) ? import_storage(&m, place, err)
                                       : import_folder(&m, place, err);
    if (rc == 0)
        rc = import_finish(&m, err);
    arv_engine_free(m.engine);
    return session_exit(rc);
}

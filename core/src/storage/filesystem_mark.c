/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The mark of a storage: a small file in its root, written as the first archive gets its name.
 *
 *     {"format":"archivist-storage-1","id":"<random UUID>","owner":"<text>"}
 *
 * It tells the storage from the empty folder that stands in its place while its disk is not mounted,
 * and from a storage of somebody else who has the same path configured, such as a clone of a site.
 * A caller who names an owner may neither write nor remove when the mark names another one; it may read.
 * A mark without an owner, or a caller without one, forbids nothing.
 *
 * The driver reads the mark through the descriptor of the root through which it then writes or removes the
 * object: both mean the same folder, whatever is mounted meanwhile.
 */

#include "storage/filesystem.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <arv/sys/alloc.h>
#include "util/json.h"

#define MARK_NAME ".archivist-storage"
#define MARK_FORMAT "archivist-storage-1"

enum { MARK_BYTES = 1024, MARK_TRIES = 3, MARK_MODE = 0644 };

typedef struct mark {
    char id[ARV__MARK_ID_BYTES];
    char owner[ARV__OWNER_BYTES]; /* "": nobody's */
} mark;

/* ---- what stands in it ------------------------------------------------------------------------- */

static bool mark_is_uuid(const char *text)
{
    char key[ARV_KEY_BYTES];
    return arv_key_from_uuid(text, "", key, NULL) == 0;
}

static bool mark_is_owner(const char *text)
{
    size_t length = strlen(text), bad;
    if (length == 0 || length >= ARV__OWNER_BYTES || !arv__utf8_valid(text, length, &bad))
        return false;
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
            return false;
    return true;
}

/* ---- reading --------------------------------------------------------------------------------- */

static int mark_damaged(const arv__folder *folder, arv_error *err)
{
    return arv_error_set(err, ARV_EFORMAT,
                         "The file " MARK_NAME " of the storage %s cannot be understood; it tells "
                         "whose storage this is. Look who changed it; if it is removed, the next "
                         "archive makes a new one.",
                         folder->quoted);
}

static int mark_parse(const arv__folder *folder, mark *m, const char *text, size_t length, arv_error *err)
{
    arv_json *document = NULL;
    int rc = arv_json_parse(&document, text, length, MARK_BYTES, err);
    if (rc == ARV_ENOMEM)
        return rc;
    const char *format = rc == 0 ? arv_json_string(document, "format", NULL) : NULL;
    const char *id = rc == 0 ? arv_json_string(document, "id", NULL) : NULL;
    const char *owner = rc == 0 ? arv_json_string(document, "owner", NULL) : NULL;
    if (format && strcmp(format, MARK_FORMAT) == 0 && id && mark_is_uuid(id) &&
        (!owner || mark_is_owner(owner))) {
        snprintf(m->id, sizeof m->id, "%s", id);
        snprintf(m->owner, sizeof m->owner, "%s", owner ? owner : "");
        rc = 0;
    } else {
        rc = mark_damaged(folder, err);
    }
    arv_json_free(document);
    return rc;
}

/* Returns 1 when there is a mark, 0 when there is none, or ARV_E*. */
static int mark_read(const arv__folder *folder, int root_fd, mark *m, arv_error *err)
{
    char text[MARK_BYTES + 1];
    struct stat st;
    int fd = arv__fs_open_beneath(root_fd, MARK_NAME,
                                  O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0);
    if (fd == -ENOENT)
        return 0;
    if (fd == -ELOOP || fd == -EXDEV || fd == -ENXIO)
        return mark_damaged(folder, err);
    ssize_t n = fd;
    if (n >= 0)
        n = arv__fs->fstat(fd, &st);
    if (n >= 0 && S_ISREG(st.st_mode))
        n = arv__fs_pread_full(fd, text, sizeof text, 0);
    arv__fs_close(fd < 0 ? -1 : fd);
    if (n < 0)
        return arv_error_system(err, (int)-n,
                                "The file " MARK_NAME " of the storage %s cannot be "
                                "read",
                                folder->quoted);
    if (!S_ISREG(st.st_mode) || n > MARK_BYTES)
        return mark_damaged(folder, err);
    int rc = mark_parse(folder, m, text, (size_t)n, err);
    return rc < 0 ? rc : 1;
}

int arv__mark_expect(const arv__folder *folder, int root_fd, arv_error *err)
{
    mark m;
    if (!folder->marked)
        return 0;
    int there = mark_read(folder, root_fd, &m, err);
    if (there < 0 && (there != ARV_EFORMAT || folder->expect[0]))
        return there;
    if (there == 0)
        return arv_error_set(err, ARV_EOFFLINE,
                             "The storage %s is not there: its folder lacks the file " MARK_NAME
                             ". Is the disk mounted? Nothing is read, written or removed until "
                             "then.",
                             folder->quoted);
    if (folder->expect[0] && strcmp(folder->expect, m.id) != 0)
        return arv_error_set(err, ARV_EOFFLINE,
                             "The storage %s is not there: in its folder stands another one, with "
                             "the id %s instead of %s. Is the right disk mounted? Nothing is read, "
                             "written or removed until then.",
                             folder->quoted, m.id, folder->expect);
    return 0;
}

void arv__mark_describe(const arv__folder *folder, int root_fd, char *into, size_t capacity)
{
    char owner[ARV__QUOTE_BYTES];
    mark m;
    int there = mark_read(folder, root_fd, &m, NULL);
    if (there == 0)
        snprintf(into, capacity, "; it has no mark yet");
    else if (there < 0)
        snprintf(into, capacity, "; WARNING: its mark cannot be understood");
    else if (m.owner[0])
        snprintf(into, capacity, "; its mark is %s of %s", m.id,
                 arv__quote(owner, sizeof owner, m.owner, strlen(m.owner)));
    else
        snprintf(into, capacity, "; its mark is %s", m.id);
}

/* ---- writing --------------------------------------------------------------------------------- */

static int mark_text(const arv__folder *folder, const char *id, arv__buf *text, arv_error *err)
{
    arv_json_writer w = arv__json_into(text);
    arv_json_open(&w, NULL, '{');
    arv_json_put_text(&w, "format", MARK_FORMAT);
    arv_json_put_text(&w, "id", id);
    if (folder->owner[0]) {
        arv_json_put_text(&w, "owner", folder->owner);
    }
    arv_json_close(&w);
    arv__buf_byte(text, '\n');
    return arv__buf_status(text, "the mark of a storage", err);
}

/* Writes, flushes and reads back the mark; it has no name yet. */
static int mark_write(const arv__folder *folder, arv__newfile *file, const char *id, arv_error *err)
{
    char back[MARK_BYTES];
    arv__buf text;
    arv__buf_init(&text, sizeof back);
    int rc = mark_text(folder, id, &text, err);
    if (rc == 0)
        rc = arv__newfile_write(file, text.data, text.length, err);
    if (rc == 0)
        rc = arv__newfile_seal(file, err);
    if (rc == 0) {
        int64_t n = arv__newfile_read(file, back, sizeof back, 0, err);
        if (n < 0)
            rc = (int)n;
        else if ((size_t)n != text.length || memcmp(back, text.data, text.length) != 0)
            rc = arv_error_set(err, ARV_EREADBACK,
                               "The file " MARK_NAME " of the storage %s was read back with other "
                               "bytes than were written; do not use this medium.",
                               folder->quoted);
    }
    arv__buf_cleanup(&text);
    return rc;
}

/* Returns ARV_EEXISTS when somebody else was faster. With `replaces` it replaces the present mark. */
static int mark_make(const arv__folder *folder, int root_fd, const char *id, bool replaces, arv_error *err)
{
    char name[64] = MARK_NAME;
    uint64_t number = 0;
    arv__newfile *file = NULL;
    int rc = replaces ? arv__fs_random(&number) : 0;
    if (rc < 0)
        return arv_error_system(err, -rc, "No random name could be made for a new file");
    if (replaces)
        snprintf(name, sizeof name, ".archivist-%016" PRIx64 ".part", number);
    const arv__newfile_options options = {.dir_fd = root_fd,
                                          .name = name,
                                          .shown = folder->path,
                                          .mode = MARK_MODE,
                                          .size_hint_bytes = MARK_BYTES,
                                          .no_direct = true};
    if ((rc = arv__newfile_open(&file, &options, err)) < 0 || (rc = mark_write(folder, file, id, err)) < 0 ||
        (rc = arv__newfile_commit(file, err)) < 0 || !replaces)
        goto out;
    rc = arv__fs->renameat(root_fd, name, root_fd, MARK_NAME);
    if (rc < 0)
        arv__newfile_retract(file, NULL);
    else
        rc = arv__fs_fsync_retry(root_fd);
    if (rc < 0)
        rc = arv_error_system(err, -rc, "The file " MARK_NAME " of the storage %s cannot be written",
                              folder->quoted);
out:
    arv__newfile_free(file);
    return rc;
}

static int mark_refuse(const arv__folder *folder, const mark *m, arv_error *err)
{
    char theirs[ARV__QUOTE_BYTES], ours[ARV__QUOTE_BYTES];
    return arv_error_set(err, ARV_EACCESS,
                         "The storage %s belongs to %s, so %s neither writes nor removes anything "
                         "there. Give each of them a folder of its own; if this one is to change "
                         "hands, use it once with the option adopt=1.",
                         folder->quoted, arv__quote(theirs, sizeof theirs, m->owner, strlen(m->owner)),
                         arv__quote(ours, sizeof ours, folder->owner, strlen(folder->owner)));
}

int arv__mark_allow_change(const arv__folder *folder, int root_fd, bool make, arv_error *err)
{
    char id[ARV__MARK_ID_BYTES];
    mark m;
    int rc = ARV_EEXISTS;
    for (int i = 0; i < MARK_TRIES && rc == ARV_EEXISTS; i++) {
        int there = mark_read(folder, root_fd, &m, err);
        if (there < 0)
            return there;
        if (there && (!folder->owner[0] || strcmp(folder->owner, m.owner) == 0))
            return 0;
        if (there && folder->adopt)
            return mark_make(folder, root_fd, m.id, true, err);
        if (there)
            return m.owner[0] ? mark_refuse(folder, &m, err) : 0;
        if (!make)
            return 0;
        rc = arv_uuid_random(id, err);
        if (rc == 0)
            rc = mark_make(folder, root_fd, id, false, err);
    }
    return rc;
}

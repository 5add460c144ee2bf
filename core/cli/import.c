/* SPDX-License-Identifier: Apache-2.0 */

/*
 * archivist import: finds archives in a folder or a storage without any database, by the content of the
 * files. It verifies each and prints what it says about itself. It changes nothing on the disk.
 *
 * It only counts the containers of other programs. It walks the folder through descriptors, and reads a file
 * through the descriptor that it has looked at, so it follows no link. The depth is bounded; folders below it
 * are named.
 */

#include "import.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <arv/sys/alloc.h>

#include "names.h"
#include "session.h"

enum {
    IMPORT_DEPTH_MAX = 16,  /* folders in one another */
    IMPORT_HEAD_BYTES = 262 /* of a tar: up to its magic */
};

/* Returns whether a storage names archives so: by a UUID that is not the UUID of another file. */
static bool import_has_uuid_name(const char *name)
{
    for (int i = 0; i < 36; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? name[i] != '-' : !name[i] || !strchr("0123456789abcdef", name[i]))
            return false;
    }
    char key[ARV_KEY_BYTES];
    unsigned number;
    snprintf(key, sizeof key, "%.2s/%.60s", name + 34, name);
    return (name[36] == '.' || name[36] == '\0') && !arv_key_is_beside(key, &number) &&
           strncmp(name, ARV_UUID_FREE, ARV_UUID_FREE_BYTES) != 0;
}

/* ---- a folder --------------------------------------------------------------------------------- */

/* Returns whether a file begins like a container; -1 with errno when it cannot be read. */
static int import_begins(int fd)
{
    unsigned char head[IMPORT_HEAD_BYTES] = {0};
    if (pread(fd, head, sizeof head, 0) < 0)
        return -1;
    return memcmp(head, "PK\3\4", 4) == 0 || memcmp(head, "PK\5\6", 4) == 0 ||
           memcmp(head, "\x1f\x8b", 2) == 0 || memcmp(head, "\x28\xb5\x2f\xfd", 4) == 0 ||
           memcmp(head + 257, "ustar", 5) == 0;
}

static int import_open_file(import *m, int fd, const char *name, arv_error *err)
{
    struct stat st;
    bool expected = import_has_uuid_name(name);
    const arv_origin origin = {.path = m->path, .opened = true, .descriptor = fd};
    int begins = fstat(fd, &st) < 0 ? -1 : !S_ISREG(st.st_mode) ? -2 : import_begins(fd);
    if (begins == -1)
        import_unread_errno(m, errno, "It cannot be read");
    else if (begins == 1 || (begins == 0 && (expected || import_has_suffix(name))))
        return import_container(m, &origin, name, expected, err);
    return 0;
}

static int import_file(import *m, int folder, const char *name, arv_error *err)
{
    size_t length = strlen(name);
    if (name[0] == '.' && length > 8 && strcmp(name + length - 8, ".partial") == 0)
        return 0; /* it is being written, or was */
    int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0) {
        if (errno != ENOENT && errno != ELOOP) /* it went away meanwhile, or a link took its place */
            import_unread_errno(m, errno, "It cannot be read");
        return 0;
    }
    int rc = import_open_file(m, fd, name, err);
    close(fd);
    return rc;
}

static int import_folder_adopt(import *m, int fd, unsigned depth, arv_error *err);

/* Takes one name of a folder. On return m->path is as before. */
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
    names names = {0};
    const char *name;
    int error = 0, rc = 0;
    if (!dir) {
        close(fd);
        return arv_error_nomem(err, "the list of a folder");
    }
    while (rc == 0 && (error = names_next(&names, dir, &name)) == 0 && name)
        rc = import_entry(m, dirfd(dir), name, depth, err);
    if (rc == 0 && error == ENOMEM)
        rc = arv_error_nomem(err, "the list of a folder");
    else if (rc == 0 && error)
        import_unread_errno(m, error, "The folder cannot be read to its end");
    names_free(&names);
    closedir(dir);
    return rc;
}

static int import_folder(import *m, const char *folder, arv_error *err)
{
    size_t length = strlen(folder);
    if (length >= sizeof m->path)
        return arv_error_set(err, ARV_EINVALID,
                             "The path of the folder has %zu bytes, and at most %d can be read; change into "
                             "a folder on the way to it, and give the rest of the path.",
                             length, IMPORT_PATH_BYTES - 1);
    memcpy(m->path, folder, length + 1);
    m->path_length = length;
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return arv_error_system(err, errno, "The folder \"%s\" cannot be read", folder);
    return import_folder_adopt(m, fd, 1, err);
}

/* ---- a storage -------------------------------------------------------------------------------- */

static int import_object(void *user_data, const arv_object *object, const char *name, const char *address,
                         arv_error *err)
{
    import *m = user_data;
    arv_origin origin = {.storage = m->storage, .key = name};
    m->path_length = (size_t)snprintf(m->path, sizeof m->path, "%s", address);
    char uuid[ARV_UUID_BYTES];
    unsigned number;
    if (arv_key_is_beside(object->key, &number))
        return 0;
    return import_container(m, &origin, strrchr(object->key, '/') + 1, arv_key_to_uuid(object->key, uuid),
                            err);
}

static int import_storage(import *m, const char *url, arv_error *err)
{
    int rc = session_storage_open(&m->storage, m->engine, m->options, url, err);
    if (rc == 0)
        rc = session_storage_walk(m->engine, m->storage, import_object, m, err);
    arv_storage_unref(m->storage);
    return rc;
}

/* ---- the whole -------------------------------------------------------------------------------- */

int cli_import(const cli_options *options, arv_error *err)
{
    static import m; /* large; one command a process */
    const char *place = options->arguments[0];
    m = (import){.options = options};
    int rc = session_open(&m.engine, options, 0, err);
    if (rc == 0)
        rc = session_is_address(place) ? import_storage(&m, place, err) : import_folder(&m, place, err);
    if (rc == 0)
        rc = import_finish(&m, err);
    arv_engine_free(m.engine);
    return session_exit(rc);
}

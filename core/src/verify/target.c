/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/target.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

enum {
    TARGET_NAME_BYTES = 4000,
    TARGET_DEPTH = 128,
    TARGET_FOLDER_FLAGS = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC,
    TARGET_FILE_FLAGS = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
};

void arv__target_init(arv__target *target, int fd)
{
    *target = (arv__target){.fd = fd, .parent_fd = -1};
    arv__buf_init(&target->parent, 1 << 16);
    arv__buf_init(&target->path, 1 << 16);
}

void arv__target_cleanup(arv__target *target)
{
    if (target->parent_fd >= 0)
        arv__fs_close(target->parent_fd);
    arv__buf_cleanup(&target->parent);
    arv__buf_cleanup(&target->path);
    arv__target_init(target, -1);
}

bool arv__target_can_name(const char *name, size_t length)
{
    unsigned depth = 0;
    if (length == 0 || length > TARGET_NAME_BYTES || memchr(name, '\0', length))
        return false;
    for (size_t from = 0, i = 0; i <= length; i++) {
        if (i < length && name[i] != '/')
            continue;
        size_t component = i - from;
        if (component == 0 || component > 255 || ++depth > TARGET_DEPTH)
            return false;
        if (name[from] == '.' && (component == 1 || (component == 2 && name[from + 1] == '.')))
            return false;
        from = i + 1;
    }
    return true;
}

bool arv__target_is_taken(int negative_errno)
{
    switch (-negative_errno) {
    case EEXIST:
    case ENOTDIR:
    case EISDIR:
    case ELOOP:
    case ENAMETOOLONG:
    case EILSEQ:
    case EINVAL:
        return true;
    default:
        return false;
    }
}

/* Opens a folder inside an open one, and makes a missing one. Returns its descriptor, or -errno. */
static int target_enter(int dir_fd, const char *name)
{
    int result = arv__fs->mkdirat(dir_fd, name, 0777);
    if (result < 0 && result != -EEXIST)
        return result;
    return arv__fs_openat(dir_fd, name, TARGET_FOLDER_FLAGS, 0);
}

/* Makes the folders of a path, whose "/" are NUL meanwhile. Returns a descriptor, or -errno. */
static int target_enter_path(arv__target *target, char *path, size_t length)
{
    int fd = target->fd;
    for (size_t from = 0; from < length;) {
        size_t end = from;
        while (end < length && path[end] != '/')
            end++;
        char kept = path[end];
        path[end] = '\0';
        int next = target_enter(fd, path + from);
        path[end] = kept;
        if (fd != target->fd)
            arv__fs_close(fd);
        if (next < 0)
            return next;
        fd = next;
        from = end + 1;
    }
    return fd;
}

/* Opens the folder that will hold the name; keeps it open, since neighbours follow each other. */
static int target_parent(arv__target *target, char *path, size_t parent_length)
{
    if (parent_length == 0)
        return target->fd;
    if (target->parent_fd >= 0 && target->parent.length == parent_length &&
        memcmp(target->parent.data, path, parent_length) == 0)
        return target->parent_fd;
    if (target->parent_fd >= 0)
        arv__fs_close(target->parent_fd);
    target->parent_fd = -1;
    int fd = target_enter_path(target, path, parent_length);
    if (fd < 0)
        return fd;
    arv__buf_clear(&target->parent);
    arv__buf_append(&target->parent, path, parent_length);
    target->parent_fd = fd;
    return fd;
}

/* Returns the open folder of a name and sets `*leaf`, its last part; or -errno. */
static int target_place(arv__target *target, const char *name, size_t length, const char **leaf)
{
    arv__buf_clear(&target->path);
    arv__buf_append(&target->path, name, length);
    char *path = arv__buf_text_z(&target->path);
    if (!path)
        return -ENOMEM;
    char *slash = strrchr(path, '/');
    *leaf = slash ? slash + 1 : path;
    if (slash)
        *slash = '\0'; /* the parent's own end */
    size_t parent_length = slash ? (size_t)(slash - path) : 0;
    return target_parent(target, path, parent_length);
}

int arv__target_create(arv__target *target, const char *name, size_t length, bool folder)
{
    const char *leaf = NULL;
    int parent = target_place(target, name, length, &leaf);
    if (parent < 0)
        return parent;
    if (!folder)
        return arv__fs_openat(parent, leaf, TARGET_FILE_FLAGS, 0666);
    int fd = target_enter(parent, leaf);
    if (fd < 0)
        return fd;
    arv__fs_close(fd);
    return 0;
}

int arv__target_nameless(arv__target *target)
{
    return arv__nameless_open(target->fd, O_WRONLY, 0666, &target->nameless);
}

int arv__target_name(arv__target *target, const char *name, size_t length, int fd)
{
    const char *leaf = NULL;
    int parent = target_place(target, name, length, &leaf);
    return parent < 0 ? parent : arv__nameless_link(fd, target->nameless, parent, leaf);
}

/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Lists a folder in order without holding all its names. The folders of digits are visited in order; within
 * one, names come in any order. A heap keeps the smallest names behind `after`, as many as fit into the
 * page. Its root is the largest of them: a smaller name replaces it. In the end the heap is emptied from
 * its root to its end, which sorts it.
 */

#include "storage/filesystem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "util/hex.h"

typedef struct page {
    const arv__folder *folder;
    const char *after;
    arv_object *heap;
    size_t count, room;
} page;

static void page_swap(arv_object *a, arv_object *b)
{
    arv_object c = *a;
    *a = *b;
    *b = c;
}

static void page_sink(arv_object *heap, size_t count, size_t at)
{
    for (size_t child; (child = 2 * at + 1) < count; at = child) {
        if (child + 1 < count && strcmp(heap[child + 1].key, heap[child].key) > 0)
            child++;
        if (strcmp(heap[at].key, heap[child].key) >= 0)
            return;
        page_swap(&heap[at], &heap[child]);
    }
}

static void page_add(page *p, const arv_object *object)
{
    if (p->count == p->room) {
        p->heap[0] = *object;
        page_sink(p->heap, p->count, 0);
        return;
    }
    size_t at = p->count++;
    p->heap[at] = *object;
    while (at > 0 && strcmp(p->heap[(at - 1) / 2].key, p->heap[at].key) < 0) {
        page_swap(&p->heap[(at - 1) / 2], &p->heap[at]);
        at = (at - 1) / 2;
    }
}

static void page_sort(page *p)
{
    for (size_t left = p->count; left > 1; left--) {
        page_swap(&p->heap[0], &p->heap[left - 1]);
        page_sink(p->heap, left - 1, 0);
    }
}

/* Looks at the file only when its name has a place in the page. Only a regular file is an object. */
static int page_consider(page *p, int shard_fd, const char *shard, const char *name, arv_error *err)
{
    arv_object object;
    arv_error ignored;
    memset(&object, 0, sizeof object);
    int n = snprintf(object.key, sizeof object.key, "%s/%s", shard, name);
    if (n < 0 || (size_t)n >= sizeof object.key || arv__key_check(object.key, NULL) < 0 ||
        (p->after && strcmp(object.key, p->after) <= 0) ||
        (p->count == p->room && strcmp(object.key, p->heap[0].key) >= 0))
        return 0;
    int rc = arv__folder_examine(p->folder, shard_fd, object.key, &object, &ignored);
    if (rc == ARV_ENOTFOUND || rc == ARV_EUNSAFE)
        return 0;
    if (rc == 0)
        page_add(p, &object);
    else if (err)
        *err = ignored;
    return rc;
}

static int folder_read_error(const arv__folder *folder, int error, arv_error *err)
{
    return arv_error_system(err, error, "The storage %s cannot be listed", folder->quoted);
}

static int page_read_shard(page *p, int root_fd, const char *shard, arv_error *err)
{
    struct dirent *entry;
    int rc = 0, error = 0;
    int fd = arv__fs_open_beneath(root_fd, shard, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0);
    if (fd == -ENOENT || fd == -ENOTDIR || fd == -ELOOP || fd == -EXDEV)
        return 0;
    if (fd < 0)
        return folder_read_error(p->folder, -fd, err);
    DIR *dir = arv__fs->fdopendir(fd, &error);
    if (!dir) {
        arv__fs_close(fd);
        return folder_read_error(p->folder, -error, err);
    }
    while (rc == 0 && (entry = arv__fs->readdir(dir, &error)))
        rc = page_consider(p, fd, shard, entry->d_name, err);
    if (rc == 0 && error)
        rc = folder_read_error(p->folder, -error, err);
    arv__fs->closedir(dir);
    if (rc == 0)
        page_sort(p);
    return rc;
}

static int folder_read_shards(const arv__folder *folder, int root_fd, bool present[256], arv_error *err)
{
    struct dirent *entry;
    int error = 0;
    int fd = arv__fs_openat(root_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
    if (fd < 0)
        return folder_read_error(folder, -fd, err);
    DIR *dir = arv__fs->fdopendir(fd, &error);
    if (!dir) {
        arv__fs_close(fd);
        return folder_read_error(folder, -error, err);
    }
    while ((entry = arv__fs->readdir(dir, &error))) {
        const char *name = entry->d_name;
        int high = arv__hex_lower(name[0]), low = high < 0 ? -1 : arv__hex_lower(name[1]);
        if (low >= 0 && name[2] == '\0')
            present[high * 16 + low] = true;
    }
    arv__fs->closedir(dir);
    return error ? folder_read_error(folder, -error, err) : 0;
}

int arv__folder_list(void *instance, arv_storage_call *call, arv_error *err)
{
    const arv__folder *folder = instance;
    bool present[256] = {false};
    unsigned first = 0;
    int root_fd = arv__folder_open_root(folder, err);
    if (root_fd < 0)
        return root_fd;
    int rc = folder_read_shards(folder, root_fd, present, err);
    if (call->after)
        first = (unsigned)(arv__hex_lower(call->after[0]) * 16 + arv__hex_lower(call->after[1]));
    call->done = 0;
    for (unsigned i = first; rc == 0 && i < 256 && call->done < call->limit; i++) {
        char shard[3];
        page p = {folder, call->after, call->objects + call->done, 0, call->limit - call->done};
        if (!present[i])
            continue;
        snprintf(shard, sizeof shard, "%02x", i);
        rc = page_read_shard(&p, root_fd, shard, err);
        call->done += p.count;
    }
    arv__fs_close(root_fd);
    return rc;
}

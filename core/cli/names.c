/* SPDX-License-Identifier: Apache-2.0 */
#include "names.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <arv/sys/alloc.h>

enum { NAMES_KEPT = 2048, NAMES_ROOM = 2 * NAMES_KEPT };

static int names_compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Keeps the first ones. */
static void names_cut(names *n)
{
    qsort(n->all, n->count, sizeof *n->all, names_compare);
    while (n->count > NAMES_KEPT) {
        arv_free(n->all[--n->count]);
        n->cut = true;
    }
}

static int names_add(names *n, const char *name)
{
    if (n->count == NAMES_ROOM)
        names_cut(n);
    size_t bytes = strlen(name) + 1;
    char *copy = arv_malloc(bytes);
    if (!copy)
        return ENOMEM;
    memcpy(copy, name, bytes);
    n->all[n->count++] = copy;
    return 0;
}

/* The first names behind `after`. */
static int names_read(names *n, DIR *folder, const char *after)
{
    int error = 0;
    rewinddir(folder);
    n->cut = false;
    while (error == 0) {
        errno = 0;
        const struct dirent *entry = readdir(folder);
        if (!entry) {
            error = errno;
            break;
        }
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
            (after && strcmp(entry->d_name, after) <= 0) ||
            (n->cut && strcmp(entry->d_name, n->all[NAMES_KEPT - 1]) > 0))
            continue;
        error = names_add(n, entry->d_name);
    }
    names_cut(n);
    return error;
}

/* Frees all names but the last one, behind which the next ones stand, and returns that. */
static char *names_take_last(names *n)
{
    char *last = n->count > 0 ? n->all[--n->count] : NULL;
    while (n->count > 0)
        arv_free(n->all[--n->count]);
    n->next = 0;
    return last;
}

int names_next(names *n, DIR *folder, const char **name)
{
    *name = NULL;
    if (n->next == n->count && (!n->all || n->cut)) {
        if (!n->all)
            n->all = arv_calloc(NAMES_ROOM, sizeof *n->all);
        if (!n->all)
            return ENOMEM;
        char *after = names_take_last(n);
        n->error = names_read(n, folder, after);
        arv_free(after);
    }
    if (n->next < n->count)
        *name = n->all[n->next++];
    int error = *name ? 0 : n->error;
    if (error)
        n->error = 0; /* returned once, behind the names that could be read */
    return error;
}

void names_free(names *n)
{
    while (n->count > 0)
        arv_free(n->all[--n->count]);
    arv_free(n->all);
    *n = (names){0};
}

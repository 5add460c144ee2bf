/* SPDX-License-Identifier: Apache-2.0 */
#include "package/source.h"

#include <fcntl.h>
#include <string.h>

#include <arv/sys/alloc.h>
#include "loop/fileops.h"
#include "util/names.h"

typedef struct file_source {
    arv__source base;
    int fd;
    bool borrowed; /* the descriptor is the caller's */
    char shown[ARV__QUOTE_BYTES];
} file_source;

static int64_t file_source_read_at(arv__source *source, void *into, size_t length, uint64_t offset,
                                   arv_error *err)
{
    file_source *file = (file_source *)source;
    ssize_t got = arv__fs_pread_full(file->fd, into, length, offset);
    if (got < 0)
        return arv_error_system(err, (int)-got, "The archive %s cannot be read", file->shown);
    return got;
}

static void file_source_free(arv__source *source)
{
    if (!((file_source *)source)->borrowed)
        arv__fs_close(((file_source *)source)->fd);
    arv_free(source);
}

/* Takes `file` in any case. */
static int file_source_examine_adopt(file_source *file, arv__source **source, arv_error *err)
{
    struct stat st;
    int rc = arv__fs->fstat(file->fd, &st);
    if (rc < 0)
        rc = arv_error_system(err, -rc, "The archive %s cannot be examined", file->shown);
    else if (!S_ISREG(st.st_mode))
        rc = arv_error_set(err, ARV_EFORMAT, "The archive %s is not a regular file; give the file itself.",
                           file->shown);
    if (rc < 0) {
        file_source_free(&file->base);
        return rc;
    }
    file->base.size_bytes = (uint64_t)st.st_size;
    *source = &file->base;
    return 0;
}

static file_source *file_source_new(const char *path, arv_error *err)
{
    file_source *file = arv_calloc(1, sizeof *file);
    if (!file) {
        arv_error_nomem(err, "an archive that is to be read");
        return NULL;
    }
    arv__quote(file->shown, sizeof file->shown, path, strlen(path));
    file->base =
        (arv__source){.read_at = file_source_read_at, .free = file_source_free, .shown = file->shown};
    return file;
}

int arv__source_file_open(arv__source **source, const char *path, arv_error *err)
{
    file_source *file = file_source_new(path, err);
    if (!file)
        return ARV_ENOMEM;
    /* Not blocking: the open of a FIFO would wait for a writer. */
    file->fd = arv__fs_openat(AT_FDCWD, path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0);
    if (file->fd < 0) {
        int rc = arv_error_system(err, -file->fd, "The archive %s cannot be opened", file->shown);
        arv_free(file);
        return rc;
    }
    return file_source_examine_adopt(file, source, err);
}

int arv__source_descriptor_new(arv__source **source, int descriptor, const char *path, arv_error *err)
{
    file_source *file = file_source_new(path, err);
    if (!file)
        return ARV_ENOMEM;
    file->fd = descriptor;
    file->borrowed = true;
    return file_source_examine_adopt(file, source, err);
}

/* ---- memory ------------------------------------------------------------------------------------- */

typedef struct memory_source {
    arv__source base;
    const unsigned char *data;
} memory_source;

static int64_t memory_source_read_at(arv__source *source, void *into, size_t length, uint64_t offset,
                                     arv_error *err)
{
    (void)err;
    if (offset >= source->size_bytes)
        return 0;
    if (length > source->size_bytes - offset)
        length = (size_t)(source->size_bytes - offset);
    memcpy(into, ((memory_source *)source)->data + offset, length);
    return (int64_t)length;
}

static void memory_source_free(arv__source *source)
{
    arv_free(source);
}

int arv__source_memory_new(arv__source **source, const void *data, size_t length, arv_error *err)
{
    memory_source *memory = arv_calloc(1, sizeof *memory);
    if (!memory)
        return arv_error_nomem(err, "an archive in memory");
    memory->base = (arv__source){.read_at = memory_source_read_at,
                                 .free = memory_source_free,
                                 .size_bytes = length,
                                 .shown = "in memory"};
    memory->data = data;
    *source = &memory->base;
    return 0;
}

void arv__source_free(arv__source *source)
{
    if (source)
        source->free(source);
}

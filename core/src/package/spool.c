/* SPDX-License-Identifier: Apache-2.0 */
#include "package/spool.h"

#include <string.h>
#include <arv/sys/alloc.h>
#include "loop/fileops.h"

/*
 * The file holds a prefix of the content and the memory the rest. Appended bytes first fill the memory.
 * When it is full, the spool moves all of it to the end of the file at once, so that writes are few and
 * large. A spool that stays within its bound never makes a file.
 */

enum { SPOOL_FIRST_BYTES = 4096 };

void arv__spool_init(arv__spool *spool, size_t memory_bytes, const char *temp_directory)
{
    *spool = (arv__spool){.memory_bytes = memory_bytes, .temp_directory = temp_directory, .fd = -1};
}

void arv__spool_cleanup(arv__spool *spool)
{
    arv_free(spool->memory);
    if (spool->fd >= 0)
        arv__fs_close(spool->fd);
    arv__spool_init(spool, spool->memory_bytes, spool->temp_directory);
}

uint64_t arv__spool_length(const arv__spool *spool)
{
    return spool->filed + spool->used;
}

static int spool_fail(arv__spool *spool, int code)
{
    spool->failed = code;
    return code;
}

static int spool_refused(const arv__spool *spool, arv_error *err)
{
    return arv_error_set(err, spool->failed,
                         "A temporary file is of no further use after an earlier error (%s); "
                         "begin again once its cause is removed.",
                         arv_error_name(spool->failed));
}

static int spool_file_write(arv__spool *spool, const void *data, size_t length, arv_error *err)
{
    if (spool->fd < 0) {
        int fd = arv__fs_temporary(spool->temp_directory, err);
        if (fd < 0)
            return spool_fail(spool, fd);
        spool->fd = fd;
    }
    int status = arv__fs_pwrite_full(spool->fd, data, length, spool->filed);
    if (status < 0)
        return spool_fail(spool,
                          arv_error_system(err, -status,
                                           "Writing to a temporary file in %s failed; see that there is "
                                           "space, or choose another folder for temporary files",
                                           spool->temp_directory ? spool->temp_directory
                                                                 : "TMPDIR or /var/tmp"));
    spool->filed += length;
    return 0;
}

static int spool_grow(arv__spool *spool, size_t wanted, arv_error *err)
{
    size_t capacity = spool->capacity ? spool->capacity : SPOOL_FIRST_BYTES;
    while (capacity < wanted)
        capacity *= 2;
    if (capacity > spool->memory_bytes)
        capacity = spool->memory_bytes;
    unsigned char *memory = arv_realloc(spool->memory, capacity);
    if (!memory)
        return spool_fail(spool, arv_error_nomem(err, "the buffer of a temporary file"));
    spool->memory = memory;
    spool->capacity = capacity;
    return 0;
}

int arv__spool_append(arv__spool *spool, const void *data, size_t length, arv_error *err)
{
    int status = 0;
    if (spool->failed)
        return spool_refused(spool, err);
    if (length == 0)
        return 0;
    if (length > spool->memory_bytes - spool->used) {
        if (spool->used > 0)
            status = spool_file_write(spool, spool->memory, spool->used, err);
        if (status < 0)
            return status;
        spool->used = 0;
        if (length >= spool->memory_bytes)
            return spool_file_write(spool, data, length, err);
    }
    if (length > spool->capacity - spool->used)
        status = spool_grow(spool, spool->used + length, err);
    if (status < 0)
        return status;
    memcpy(spool->memory + spool->used, data, length);
    spool->used += length;
    return 0;
}

int64_t arv__spool_read(arv__spool *spool, void *into, size_t length, uint64_t offset, arv_error *err)
{
    unsigned char *out = into;
    size_t done = 0;
    if (spool->failed)
        return spool_refused(spool, err);
    if (offset < spool->filed) {
        size_t wanted = length;
        if (wanted > spool->filed - offset)
            wanted = (size_t)(spool->filed - offset);
        ssize_t n = wanted > 0 ? arv__fs_pread_full(spool->fd, out, wanted, offset) : 0;
        if (n < 0)
            return spool_fail(spool, arv_error_system(err, (int)-n,
                                                      "Reading from a temporary file failed; look "
                                                      "into the system's log for its medium"));
        if ((size_t)n < wanted)
            return spool_fail(spool, arv_error_set(err, ARV_EIO,
                                                   "A temporary file is shorter than what was written to it; "
                                                   "look into the system's log for its medium."));
        done = wanted;
    }
    uint64_t at = offset + done;
    if (done < length && at >= spool->filed && at - spool->filed < spool->used) {
        size_t from = (size_t)(at - spool->filed), count = length - done;
        if (count > spool->used - from)
            count = spool->used - from;
        memcpy(out + done, spool->memory + from, count);
        done += count;
    }
    return (int64_t)done;
}

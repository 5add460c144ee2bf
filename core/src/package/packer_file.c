/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Reads source files. A file must be the announced one when it is opened, and the same after it was
 * read: device, inode, size and both times, to the nanosecond. A write into it meanwhile changes a time;
 * a replacement changes the inode. Without a snapshot no reader can notice a write within one tick of
 * the file system's clock.
 */

#include "package/packer_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include <arv/sys/alloc.h>
#include "loop/fileops.h"
#include "util/names.h"

/* O_NONBLOCK: the open of a FIFO would wait for a writer for ever. */
enum { FILE_OPEN_FLAGS = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC };
enum { FILE_SAMPLES = 8, FILE_SAMPLE_BYTES = 1024 };

typedef struct file_names { /* for messages */
    char path[ARV__QUOTE_BYTES];
    char entry[ARV__QUOTE_BYTES];
} file_names;

static const char *file_path(const arv__pack_slot *slot, const arv__pack_item *item)
{
    return (const char *)slot->text.data + item->path_at;
}

static const file_names *file_named(file_names *names, const arv__pack_slot *slot, const arv__pack_item *item)
{
    arv__plan_item shown;
    const char *path = file_path(slot, item);
    arv__packer_plan_item(slot, item, &shown);
    arv__quote(names->path, sizeof names->path, path, strlen(path));
    arv__quote(names->entry, sizeof names->entry, shown.original, shown.original_length);
    return names;
}

/* The error is the file's, unless this process or the system has too little of something. */
static int file_unreadable(int error, arv_error *err)
{
    int code = error == ENOMEM                      ? ARV_ENOMEM
               : error == EMFILE || error == ENFILE ? ARV_ESYSTEM
                                                    : ARV_EUNREADABLE;
    if (err)
        err->code = code;
    return code;
}

static int file_open_error(int error, const arv__pack_slot *slot, const arv__pack_item *item, arv_error *err)
{
    file_names names;
    file_named(&names, slot, item);
    switch (error) {
    case ENOENT:
    case ENOTDIR:
        return arv_error_set(err, ARV_EVANISHED,
                             "The file %s of entry %s has vanished; restore it, or leave the entry "
                             "out, and start again.",
                             names.path, names.entry);
    case ELOOP:
        return arv_error_set(err, ARV_ESPECIAL,
                             "The file %s of entry %s is a symbolic link, which is not followed; "
                             "name the file that it leads to.",
                             names.path, names.entry);
    case ENXIO:
    case ENODEV:
        return arv_error_set(err, ARV_ESPECIAL,
                             "The file %s of entry %s is a socket or device; only regular files "
                             "can be archived.",
                             names.path, names.entry);
    case EACCES:
    case EPERM:
        arv_error_system(err, error,
                         "The file %s of entry %s cannot be read; give this process the right to "
                         "read it",
                         names.path, names.entry);
        return file_unreadable(error, err);
    default:
        arv_error_system(err, error, "The file %s of entry %s cannot be opened", names.path, names.entry);
        return file_unreadable(error, err);
    }
}

static int file_read_error(int error, const arv__pack_slot *slot, const arv__pack_item *item, arv_error *err)
{
    file_names names;
    file_named(&names, slot, item);
    arv_error_system(err, error, "The file %s of entry %s cannot be read", names.path, names.entry);
    return file_unreadable(error, err);
}

static int file_changed(const char *how, const arv__pack_slot *slot, const arv__pack_item *item,
                        arv_error *err)
{
    file_names names;
    file_named(&names, slot, item);
    return arv_error_set(err, ARV_ECHANGED,
                         "The file %s of entry %s changed while it was read: %s. Start again when "
                         "nobody writes to it.",
                         names.path, names.entry, how);
}

static int file_check(const struct stat *st, uint64_t size_bytes, const arv__pack_slot *slot,
                      const arv__pack_item *item, arv_error *err)
{
    file_names names;
    if (S_ISREG(st->st_mode) && (uint64_t)st->st_size == size_bytes)
        return 0;
    file_named(&names, slot, item);
    if (!S_ISREG(st->st_mode))
        return arv_error_set(err, ARV_ESPECIAL,
                             "The file %s of entry %s is not a regular file but %s; only regular "
                             "files can be archived.",
                             names.path, names.entry,
                             S_ISDIR(st->st_mode)    ? "a folder"
                             : S_ISFIFO(st->st_mode) ? "a FIFO"
                                                     : "a device");
    return arv_error_set(err, ARV_ESIZE,
                         "The file %s of entry %s has %llu bytes, but %llu were announced; start "
                         "again with its present size.",
                         names.path, names.entry, (unsigned long long)st->st_size,
                         (unsigned long long)size_bytes);
}

static int file_compare(const struct stat *before, const struct stat *after, const arv__pack_slot *slot,
                        const arv__pack_item *item, arv_error *err)
{
    if (before->st_size != after->st_size)
        return file_changed("its size is another one", slot, item, err);
    if (before->st_dev != after->st_dev || before->st_ino != after->st_ino)
        return file_changed("it is another file", slot, item, err);
    if (before->st_mtim.tv_sec != after->st_mtim.tv_sec ||
        before->st_mtim.tv_nsec != after->st_mtim.tv_nsec ||
        before->st_ctim.tv_sec != after->st_ctim.tv_sec || before->st_ctim.tv_nsec != after->st_ctim.tv_nsec)
        return file_changed("its time of change moved", slot, item, err);
    return 0;
}

static int file_now_link(const arv__pack_slot *slot, const arv__pack_item *item, arv_error *err)
{
    file_names names;
    file_named(&names, slot, item);
    return arv_error_set(err, ARV_ECHANGED,
                         "The file %s of entry %s, or a folder above it, was replaced by a symbolic "
                         "link after the folder was walked. See who did that, and start again when "
                         "nobody works in the folder.",
                         names.path, names.entry);
}

/* The size of a file in procfs, or on a mount that learns it only by reading, may be a guess. Returns 0,
 * 1 when a byte follows the announced ones, or < 0. */
static int file_probe(int fd, uint64_t size_bytes, const arv__pack_slot *slot, const arv__pack_item *item,
                      arv_error *err)
{
    unsigned char more;
    ssize_t got = arv__fs_pread_full(fd, &more, 1, size_bytes);
    return got < 0 ? file_read_error((int)-got, slot, item, err) : (int)got;
}

static int file_longer(uint64_t size_bytes, const arv__pack_slot *slot, const arv__pack_item *item,
                       arv_error *err)
{
    file_names names;
    file_named(&names, slot, item);
    return arv_error_set(err, ARV_ESIZE,
                         "The file %s of entry %s goes on behind the %llu bytes that its file system "
                         "says it has; copy it to a disk and archive the copy.",
                         names.path, names.entry, (unsigned long long)size_bytes);
}

/* Checks that the bytes read are the whole file, and that the file is still the same one. */
static int file_settle(int fd, const struct stat *before, uint64_t size_bytes, const arv__pack_slot *slot,
                       const arv__pack_item *item, arv_error *err)
{
    struct stat after;
    int more = file_probe(fd, size_bytes, slot, item, err);
    if (more < 0)
        return more;
    int rc = arv__fs->fstat(fd, &after);
    if (rc < 0)
        return file_read_error(-rc, slot, item, err);
    if ((rc = file_compare(before, &after, slot, item, err)) < 0 || !more)
        return rc;
    return file_longer(size_bytes, slot, item, err);
}

/* A folder may hold the file into which the container goes by stdout. */
static int file_is_target(const struct stat *st, const arv__pack_slot *slot, const arv__pack_item *item,
                          arv_error *err)
{
    const arv__packer_resources *resources = &slot->packer->resources;
    file_names names;
    if (!resources->into_file || st->st_dev != resources->into_device || st->st_ino != resources->into_inode)
        return 0;
    file_named(&names, slot, item);
    return arv_error_set(err, ARV_ESPECIAL,
                         "The file %s of entry %s is the one that the archive is written to; write it "
                         "to another folder, or leave this file out.",
                         names.path, names.entry);
}

/* Opens and examines a file. Returns a descriptor, or < 0. */
static int file_open(const arv__pack_slot *slot, const arv__pack_item *item, uint64_t size_bytes,
                     struct stat *before, arv_error *err)
{
    int rc;
    const char *path = file_path(slot, item);
    int fd = item->linkless ? arv__fs_open_beneath(slot->packer->root_fd, path + 1, FILE_OPEN_FLAGS, 0)
                            : arv__fs_openat(AT_FDCWD, path, FILE_OPEN_FLAGS, 0);
    if (fd == -ELOOP && item->linkless) /* the last name or one above it */
        return file_now_link(slot, item, err);
    if (fd < 0)
        return file_open_error(-fd, slot, item, err);
    rc = arv__fs->fstat(fd, before);
    rc = rc < 0 ? file_read_error(-rc, slot, item, err) : file_is_target(before, slot, item, err);
    if (rc == 0)
        rc = file_check(before, size_bytes, slot, item, err);
    if (rc == 0)
        return fd;
    arv__fs_close(fd);
    return rc;
}

/* Packs a file that was replaced since the list was made with its own time, not the old file's. */
static void file_note_time(const struct stat *before, arv__pack_item *item)
{
    if (item->modified_seen)
        item->modified_at_unix = before->st_mtim.tv_sec;
}

int arv__pack_file_whole(const arv__pack_slot *slot, arv__pack_item *item, void *into, size_t length,
                         arv_error *err)
{
    struct stat before;
    int rc;
    int fd = file_open(slot, item, length, &before, err);
    if (fd < 0)
        return fd;
    file_note_time(&before, item);
    ssize_t got = arv__fs_pread_full(fd, into, length, 0);
    if (got < 0)
        rc = file_read_error((int)-got, slot, item, err);
    else if ((size_t)got != length)
        rc = file_changed("it ended too early", slot, item, err);
    else
        rc = file_settle(fd, &before, length, slot, item, err);
    arv__fs_close(fd);
    return rc;
}

/* ---- large files -------------------------------------------------------------------------------- */

int arv__pack_file_new(arv__pack_file **out, uint64_t ordinal, uint64_t size_bytes, arv_error *err)
{
    arv__pack_file *file = arv_calloc(1, sizeof *file);
    if (!file)
        return arv_error_nomem(err, "a large file that is to be read");
    pthread_mutex_init(&file->lock, NULL);
    file->references = 1;
    file->ordinal = ordinal;
    file->fd = -1;
    file->size_bytes = size_bytes;
    file->chunks_left = (size_bytes + ARV__UNIT_BYTES - 1) / ARV__UNIT_BYTES;
    *out = file;
    return 0;
}

void arv__pack_file_unref(arv__pack_file *file)
{
    if (!file || --file->references)
        return;
    arv__fs_close(file->fd);
    pthread_mutex_destroy(&file->lock);
    arv_free(file);
}

/* Judges every chunk by the same samples of the whole file, so that all chunks get the same answer. */
static int file_judge(arv__pack_file *file, const arv__pack_slot *slot, const arv__pack_item *item,
                      arv_error *err)
{
    unsigned char samples[FILE_SAMPLES * FILE_SAMPLE_BYTES];
    for (uint64_t i = 0; i < FILE_SAMPLES; i++) {
        uint64_t offset = (file->size_bytes - FILE_SAMPLE_BYTES) / (FILE_SAMPLES - 1) * i;
        ssize_t got =
            arv__fs_pread_full(file->fd, samples + i * FILE_SAMPLE_BYTES, FILE_SAMPLE_BYTES, offset);
        if (got < 0)
            return file_read_error((int)-got, slot, item, err);
        if (got != FILE_SAMPLE_BYTES)
            return file_changed("it ended too early", slot, item, err);
    }
    file->no_compress = arv__incompressible(samples, sizeof samples);
    return 0;
}

static int file_begin(arv__pack_file *file, const arv__pack_slot *slot, const arv__pack_item *item,
                      arv_error *err)
{
    int rc;
    pthread_mutex_lock(&file->lock);
    if (!file->begun) {
        file->begun = true;
        file->fd = file_open(slot, item, file->size_bytes, &file->before, &file->error);
        file->status = file->fd < 0 ? file->fd : 0;
        if (file->fd < 0)
            file->fd = -1;
        else
            arv__fs->fadvise(file->fd, 0, 0, POSIX_FADV_SEQUENTIAL); /* an advice: may fail */
        if (file->status == 0 && slot->packer->judges)
            file->status = file_judge(file, slot, item, &file->error);
    }
    rc = file->status;
    if (rc < 0 && err)
        *err = file->error;
    pthread_mutex_unlock(&file->lock);
    return rc;
}

bool arv__pack_file_refused(arv__pack_file *file)
{
    pthread_mutex_lock(&file->lock);
    bool refused = file->status < 0;
    pthread_mutex_unlock(&file->lock);
    return refused;
}

static int file_read(const arv__pack_slot *slot, void *into, size_t length, uint64_t offset, arv_error *err)
{
    ssize_t got = arv__fs_pread_full(slot->file->fd, into, length, offset);
    if (got < 0)
        return file_read_error((int)-got, slot, &slot->items[0], err);
    if ((size_t)got != length)
        return file_changed("it ended too early", slot, &slot->items[0], err);
    return 0;
}

/* To where the bytes stand in the container: the larger part of an archive is often such files. */
static int file_read_framed(arv__pack_slot *slot, arv_error *err)
{
    uint64_t offset = slot->offset;
    size_t at = 0, length;
    unsigned char *block;
    int rc = 0;
    slot->unit.in.length = ARV__UNIT_FRAMED_BYTES;
    while (rc == 0 && (block = arv__unit_block(&slot->unit, &at, &length)) != NULL) {
        rc = file_read(slot, block, length, offset, err);
        offset += length;
    }
    return rc;
}

int arv__pack_file_chunk(arv__pack_slot *slot, arv_error *err)
{
    arv__pack_file *file = slot->file;
    arv__piece *piece = &slot->unit.pieces[0];
    arv__pack_item *item = &slot->items[0];
    int rc = file_begin(file, slot, item, err);
    if (rc < 0)
        return rc;
    file_note_time(&file->before, item);
    piece->no_compress = file->no_compress;
    slot->unit.framed = slot->packer->ops->frames && piece->no_compress && !piece->first && !piece->last;
    rc = slot->unit.framed ? file_read_framed(slot, err)
                           : file_read(slot, slot->unit.in.data, piece->length, slot->offset, err);
    if (rc < 0)
        return rc;
    if (__atomic_sub_fetch(&file->chunks_left, 1, __ATOMIC_ACQ_REL))
        return 0;
    return file_settle(file->fd, &file->before, file->size_bytes, slot, item, err);
}

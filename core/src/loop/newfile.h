/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_LOOP_NEWFILE_H
#define ARV_LOOP_NEWFILE_H

/*
 * A file that appears under its name complete or not at all, and never in place of another.
 *
 *     open -> write … -> seal (flushed) -> [read back] -> commit (named, folder flushed)
 *       \-> abort before the commit, retract at any point: nothing is left
 *
 * The object gives the name in the first of these ways that works, and remembers it: O_TMPFILE and
 * linkat; an exclusive temporary ".archivist-<random>.part" in the same folder, link and unlink;
 * renameat2(RENAME_NOREPLACE). Else it fails with ARV_EUNSUPPORTED and a sentence that names the missing
 * operation of the file system. After an EIO of link or renameat2 it writes and flushes a byte in the
 * folder: if that works, the operation is missing, else the disk is broken. If only commit shows that
 * links are missing, a second file decides the same way. Plain rename is never used. The next newfile in
 * a folder removes the temporary names that killed processes left there (leftover.h).
 *
 * It writes large outputs with O_DIRECT from an aligned buffer where the file system allows it (a quarter
 * of the CPU per byte, and the cache is not flooded), with fallocate in steps and a final truncation;
 * else buffered. A `size_hint_bytes` under 8 MiB, but not 0, means buffered.
 *
 * Ownership: heap. _abort(), _commit() and _retract() do not free. _free() does, and aborts an open file.
 *   A committed file stays open until then, so that no other file can get its inode meanwhile.
 * Threading: one thread at a time; every function may block on the disk: pool threads only.
 * Errors: ARV_EEXISTS (at open when the target is there already, and again at commit),
 *   ARV_ENOSPACE, ARV_EACCESS, ARV_EUNSUPPORTED, ARV_EIO; sentences name the file.
 * Units: bytes. Memory: `buffer_bytes` (default 4 MiB) for the direct writer.
 */

#include "loop/fileops.h"

typedef struct arv__newfile arv__newfile;

typedef struct arv__newfile_options {
    int dir_fd;               /* the folder, opened for reading; borrowed, must stay open */
    const char *name;         /* one component inside it */
    const char *shown;        /* the name for messages (a whole path); NULL: name */
    mode_t mode;              /* 0600 unless set */
    uint64_t size_hint_bytes; /* 0: unknown, treated as large */
    size_t buffer_bytes;      /* 0: 4 MiB */
    bool no_direct;           /* buffered always */
} arv__newfile_options;

int arv__newfile_open(arv__newfile **file, const arv__newfile_options *options, arv_error *err);
int arv__newfile_write(arv__newfile *file, const void *data, size_t length, arv_error *err);
uint64_t arv__newfile_length(const arv__newfile *file);
/* Brings all written bytes onto the medium (fsync), and asks the kernel to drop them from its cache. */
int arv__newfile_seal(arv__newfile *file, arv_error *err);
/* After seal: reads from the medium (O_DIRECT where possible). Returns the bytes read, 0 at the end, or
 * < 0. */
int64_t arv__newfile_read(arv__newfile *file, void *into, size_t length, uint64_t offset, arv_error *err);
/* Gives the name and flushes the folder. Returns ARV_EEXISTS if another file has the name meanwhile. */
int arv__newfile_commit(arv__newfile *file, arv_error *err);
/* After the commit: checks that `path`, walked anew, leads to this file. Else retracts the file and returns
 * ARV_EOFFLINE: something was mounted over its folder or unmounted, or the folder was replaced. */
int arv__newfile_find(arv__newfile *file, const char *path, arv_error *err);
void arv__newfile_abort(arv__newfile *file);
/* Aborts; after a commit removes the name again if it still leads to this file. Fails, with a sentence,
 * when the complete file stays. */
int arv__newfile_retract(arv__newfile *file, arv_error *err);
void arv__newfile_free(arv__newfile *file);

/* Removes the temporary names that killed processes left in this folder. */
void arv__newfile_tidy(int dir_fd);

/* For a storage's check: returns the way to name a file that works in this folder, "O_TMPFILE", "link" or
 * "renameat2", or NULL with an error. Leaves nothing behind. */
const char *arv__newfile_probe(int dir_fd, const char *shown, arv_error *err);

#endif

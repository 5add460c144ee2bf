/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_LOOP_NEWFILE_H
#define ARV_LOOP_NEWFILE_H

/*
 * A file that appears under its name complete or not at all, and never in place of another.
 *
 *     open -> write … -> seal (flushed) -> [read back] -> commit (named, folder flushed)
 *       \-> abort before the commit, retract at any point: nothing is left
 *
 * How the name is given, tried in this order and remembered per object: O_TMPFILE and linkat;
 * else an exclusive temporary ".archivist-<random>.part" in the same folder, link and unlink; else
 * renameat2(RENAME_NOREPLACE); else ARV_EUNSUPPORTED with a sentence that tells which file system
 * operation is missing. An EIO of link or renameat2 is such a lack where the folder takes a byte and
 * flushes it, else a broken disk. Where only commit shows that links are missing, a second file decides
 * the same way. Plain rename is never used. A temporary name that a killed process left goes
 * with the next one that is made in its folder (leftover.h).
 *
 * Large outputs are written with O_DIRECT from an aligned buffer where the file system allows it
 * (a quarter of the CPU per byte, and the cache is not flooded), with fallocate in steps and a
 * final truncation; else buffered. `size_hint` under 8 MiB means buffered.
 *
 * Ownership: heap; _abort(), _commit() and _retract() do not free, _free() does (and aborts what is
 *   open). A committed file stays open until then: its identity cannot be somebody else's meanwhile.
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
/* Everything written is on the medium afterwards (fsync), and the cache was told to drop it. */
int arv__newfile_seal(arv__newfile *file, arv_error *err);
/* After seal: reads from the medium (O_DIRECT where possible). Bytes read, 0 at the end, or < 0. */
int64_t arv__newfile_read(arv__newfile *file, void *into, size_t length, uint64_t offset, arv_error *err);
/* Gives the name; the folder is flushed. ARV_EEXISTS if somebody else was faster. */
int arv__newfile_commit(arv__newfile *file, arv_error *err);
/* After the commit: the path, walked anew, leads to this file. Else it is retracted and the error is
 * ARV_EOFFLINE: something was mounted over its folder or unmounted, or the folder was replaced. */
int arv__newfile_find(arv__newfile *file, const char *path, arv_error *err);
void arv__newfile_abort(arv__newfile *file);
/* Abort; after a commit it removes the name again, provided that it still means this file. Fails,
 * with a sentence, when the complete file stays. */
int arv__newfile_retract(arv__newfile *file, arv_error *err);
void arv__newfile_free(arv__newfile *file);

/* Removes the temporary names that killed processes left in this folder. */
void arv__newfile_tidy(int dir_fd);

/* Which of the ways to name a file works in this folder: "O_TMPFILE", "link", "renameat2", or NULL
 * with an error. Leaves nothing behind. For a storage's check. */
const char *arv__newfile_probe(int dir_fd, const char *shown, arv_error *err);

#endif

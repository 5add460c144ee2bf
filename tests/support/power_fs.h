/* SPDX-License-Identifier: Apache-2.0 */
#ifndef POWER_FS_H
#define POWER_FS_H

/*
 * A model of power failure over the table of file operations. Everything is done for real, so that
 * the program sees what a page cache would show; and of every write and every change of a folder the
 * model keeps what it takes to undo it and to do it again, until the file or the folder is synced.
 * power_fs_cut() then makes of the real folders what a disk may hold after the power came back:
 *
 *   - the content of a file that was synced, and of each later write nothing, all, a first part, or
 *     the length with zeros instead of the bytes;
 *   - the names of a folder that was synced, and any of the later changes: names that were made,
 *     replaced and removed. A rename inside of one folder is one change. A folder that was made in
 *     one that was not synced may be gone with everything in it, synced or not.
 *
 * Syncing a file says nothing about its name. What stood there before is taken as synced. A strict
 * file system keeps more than POWER_NONE does; none may keep less.
 *
 * What is kept lies in memory that forked children share: a child works and is killed, its parent
 * cuts. One model per program at a time. Only what lies below the folder `root` is watched; the
 * model keeps removed files in <root>/.power until the removal is synced.
 *
 * Sites: in a program that is linked with tests/support/fsync_sites.h, every place in the source that
 * syncs has a name, such as "core/src/loop/newfile.c:438". A site can be switched off: its calls
 * succeed and do nothing, as if the line were not there.
 */

#include <stdbool.h>
#include <stdint.h>
#include "loop/fileops.h"

typedef enum { POWER_NONE, POWER_ALL, POWER_SOME } power_kept;

enum { POWER_SITES_MOST = 64 };

/* Puts the model in force for what lies below test_dir(); nothing is remembered yet.
 * `ignores_fsync`: syncing is answered with success and does nothing, as with a disk that lies. */
void power_fs_install(bool ignores_fsync);
/* The same without putting it in force: for tables that stand above it. Forgets what was before. */
const arv__fileops *power_fs_open(const char *root);
/* The power fails: the system's table is in force again, and of what was not synced everything, or
 * what `seed` chooses, is gone. Returns how many changes were lost. */
int power_fs_cut(void);
int power_fs_cut_some(power_kept kept, uint64_t seed);
/* Everything is on the disk now. */
void power_fs_sync_all(void);
/* Waits for calls of other threads that are under way, and lets none begin: before a kill. */
void power_fs_freeze(void);

/* What the last cut has done, change by change, for people; a static text. */
const char *power_fs_story(void);

/* Called by fsync_sites.h: the next sync of this thread comes from there. Returns `fd`. */
int power_fs_site(int fd, const char *file, int line);
/* "": none. */
void power_fs_ignore_site(const char *site);
/* Calls of a site so far, in all processes. */
unsigned power_fs_site_calls(const char *site);

#endif

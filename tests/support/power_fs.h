/* SPDX-License-Identifier: Apache-2.0 */
#ifndef POWER_FS_H
#define POWER_FS_H

/*
 * A model of power failure over the table of file operations. It remembers, of every file and name
 * that is made through it, what has been synced; power_fs_cut() then takes from the real folders
 * what a disk may have lost: names in folders that were not synced since, and the content of files
 * that were not synced since their last write (they become empty). A strict file system may keep
 * more; none may keep less.
 *
 * Files are known by device and inode. Folders that existed before are taken as synced.
 */

#include <stdbool.h>

/* Puts the model in force; nothing is remembered yet. `ignores_fsync`: syncing is answered with
 * success and does nothing, as with a disk that lies or a program that forgot it. */
void power_fs_install(bool ignores_fsync);
/* The power fails: the system's table is in force again, and what was not synced is gone. Returns
 * how much was lost: names and contents together. */
int power_fs_cut(void);

#endif

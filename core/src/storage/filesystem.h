/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_STORAGE_FILESYSTEM_H
#define ARV_STORAGE_FILESYSTEM_H

/*
 * Shared by the files of the driver "filesystem".
 *
 * Ownership: callers own and close the descriptors that they get. Threading: any thread of the I/O pool;
 * every function may block on the disk.
 */

#include <fcntl.h>
#include "storage/internal.h"
#include "util/names.h"

enum { ARV__OWNER_BYTES = 65, ARV__MARK_ID_BYTES = 37 }; /* with the terminator */

typedef struct arv__folder {
    char *path;
    bool create, adopt;
    bool marked;                     /* refuse a folder without a mark */
    char owner[ARV__OWNER_BYTES];    /* "": not named */
    char expect[ARV__MARK_ID_BYTES]; /* the mark's id; "": any */
    char quoted[ARV__QUOTE_BYTES];   /* the path for messages */
} arv__folder;

/* ---- filesystem_folder.c --------------------------------------------------------------------- */

enum { ARV__FOLDER_FLAGS = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC };

typedef enum { ARV__FOR_READING, ARV__FOR_REMOVING, ARV__FOR_WRITING } arv__folder_purpose;

/* Returns a descriptor, or ARV_E*. */
int arv__folder_open_root(const arv__folder *folder, arv_error *err);
/* Opens the folder of digits of a key; for writing it makes a missing one. Returns a descriptor or ARV_E*. */
int arv__folder_open_shard(const arv__folder *folder, const char *key, arv__folder_purpose purpose,
                           arv_error *err);
/* Makes the error of a folder that cannot be opened. `what` is the folder's name below the root, "" for the
 * root. */
int arv__folder_refuse(const arv__folder *folder, int at_fd, const char *path, int error, const char *what,
                       arv_error *err);
int arv__folder_no_object(const arv__folder *folder, const char *key, int error, arv_error *err);
/* Looks at the object's file. Returns ARV_EUNSAFE when it is no regular file, and ARV_ENOTFOUND. */
int arv__folder_examine(const arv__folder *folder, int shard_fd, const char *key, arv_object *object,
                        arv_error *err);
/* Fills the object from a file that was examined, with the same errors. `object` may be NULL. */
int arv__folder_fill_object(const arv__folder *folder, const char *key, const struct stat *st,
                            arv_object *object, arv_error *err);
/* Flushes a file or folder to the medium. Returns 0, or -errno. */
int arv__folder_flush(int fd);
/* Flushes the names that lead to a folder of digits. */
int arv__folder_flush_names(const arv__folder *folder, int root_fd, arv_error *err);

/* ---- filesystem_mark.c ----------------------------------------------------------------------- */

/* Returns ARV_EOFFLINE when the folder is not the storage that it should be. */
int arv__mark_expect(const arv__folder *folder, int root_fd, arv_error *err);
/* Returns 0 when this owner may write and remove, else ARV_EACCESS or ARV_EFORMAT. With `make` it writes a
 * missing mark. */
int arv__mark_allow_change(const arv__folder *folder, int root_fd, bool make, arv_error *err);
/* Writes what a check says about the mark, with "; " in front. */
void arv__mark_describe(const arv__folder *folder, int root_fd, char *into, size_t capacity);

/* ---- filesystem_list.c ----------------------------------------------------------------------- */

int arv__folder_list(void *instance, arv_storage_call *call, arv_error *err);

#endif

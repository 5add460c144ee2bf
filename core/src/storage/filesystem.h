/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_STORAGE_FILESYSTEM_H
#define ARV_STORAGE_FILESYSTEM_H

/* Between the files of the driver "filesystem". */

#include <fcntl.h>
#include "storage/internal.h"
#include "util/names.h"

enum { ARV__OWNER_BYTES = 65, ARV__MARK_ID_BYTES = 37 }; /* with the terminator */

typedef struct arv__folder {
    char *path;
    bool create, adopt;
    bool marked;                     /* nothing is done where the mark is missing */
    char owner[ARV__OWNER_BYTES];    /* "": not named */
    char expect[ARV__MARK_ID_BYTES]; /* the mark's id; "": any */
    char quoted[ARV__QUOTE_BYTES];   /* the path for messages */
} arv__folder;

/* ---- filesystem_folder.c --------------------------------------------------------------------- */

enum { ARV__FOLDER_FLAGS = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC };

typedef enum { ARV__FOR_READING, ARV__FOR_REMOVING, ARV__FOR_WRITING } arv__folder_purpose;

int arv__folder_open_root(const arv__folder *folder, arv_error *err); /* fd, or ARV_E* */
/* The folder of digits of a key; for writing also when it is not there yet. fd, or ARV_E*. */
int arv__folder_open_shard(const arv__folder *folder, const char *key, arv__folder_purpose purpose,
                           arv_error *err);
/* The error of a folder that cannot be opened, and of an object. `what`: the folder's name below the
 * root, or "" for the root. */
int arv__folder_refuse(const arv__folder *folder, int at_fd, const char *path, int error, const char *what,
                       arv_error *err);
int arv__folder_no_object(const arv__folder *folder, const char *key, int error, arv_error *err);
/* A regular file or no size: ARV_EUNSAFE, ARV_ENOTFOUND. */
int arv__folder_examine(const arv__folder *folder, int shard_fd, const char *key, arv_object *object,
                        arv_error *err);
/* The same of a file that was examined. `object` may be NULL. */
int arv__folder_fill_object(const arv__folder *folder, const char *key, const struct stat *st,
                            arv_object *object, arv_error *err);
/* A file or folder is on the medium. 0, or -errno. */
int arv__folder_flush(int fd);
/* What leads to a folder of digits is on the medium. */
int arv__folder_flush_names(const arv__folder *folder, int root_fd, arv_error *err);

/* ---- filesystem_mark.c ----------------------------------------------------------------------- */

/* Whether the folder is the storage that it should be; ARV_EOFFLINE. */
int arv__mark_expect(const arv__folder *folder, int root_fd, arv_error *err);
/* Whether this owner may write and remove; ARV_EACCESS, ARV_EFORMAT. `make`: writes the mark where
 * there is none. */
int arv__mark_allow_change(const arv__folder *folder, int root_fd, bool make, arv_error *err);
/* For the sentence of a check, with "; " in front. */
void arv__mark_describe(const arv__folder *folder, int root_fd, char *into, size_t capacity);

/* ---- filesystem_list.c ----------------------------------------------------------------------- */

int arv__folder_list(void *instance, arv_storage_call *call, arv_error *err);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_STORAGE_FILESYSTEM_H
#define ARV_STORAGE_FILESYSTEM_H

/* Between the files of the driver "filesystem". */

#include "storage/internal.h"
#include "util/names.h"

typedef struct arv__folder {
    char *path;
    bool create;
    char quoted[ARV__QUOTE_BYTES]; /* the path for messages */
} arv__folder;

int arv__folder_open_root(const arv__folder *folder, arv_error *err); /* fd, or ARV_E* */
/* A regular file or no size: ARV_EUNSAFE, ARV_ENOTFOUND. */
int arv__folder_examine(const arv__folder *folder, int shard_fd, const char *key,
                        arv_object *object, arv_error *err);
int arv__folder_list(void *instance, arv_storage_call *call, arv_error *err);

#endif

/* SPDX-License-Identifier: Apache-2.0 */

/* Where storages and the verifier meet: an origin becomes a source, then a request is started. */

#include <arv/verify.h>
#include "storage/storage.h"
#include "verify/verify.h"

static int reading_open(arv_engine *engine, const arv_origin *origin, arv_task **task,
                        arv__source **source, arv_error *err)
{
    if (!task) return arv_error_set(err, ARV_EINVALID, "The place for the task is missing.");
    *task = NULL;
    if (!engine || !origin || (origin->path != NULL) == (origin->storage != NULL) ||
        (origin->storage != NULL) != (origin->key != NULL))
        return arv_error_set(err, ARV_EINVALID,
                             "What to read is either a path or a storage with a key.");
    if (origin->path && origin->opened)
        return arv__source_descriptor_new(source, origin->descriptor, origin->path, err);
    if (origin->path) return arv__source_file_open(source, origin->path, err);
    return arv__source_storage_new(source, origin->storage, origin->key, err);
}

/* What stands under a key must be the archive of that UUID. */
static const arv_verify_options *reading_options(const arv_origin *origin,
                                                 const arv_verify_options *options,
                                                 arv_verify_options *bound)
{
    *bound = options ? *options : (arv_verify_options){.foreign = false};
    if (origin && origin->storage && origin->key && !bound->expected_uuid[0])
        arv_key_to_uuid(origin->key, bound->expected_uuid);
    return bound;
}

int arv_verify(arv_engine *engine, const arv_origin *origin, const arv_verify_options *options,
               arv_task_cb callback, void *user_data, arv_task **task, arv_error *err)
{
    arv__source *source = NULL;
    arv_verify_options bound;
    int status = reading_open(engine, origin, task, &source, err);
    if (status == 0)
        status = arv__verify_start_adopt(arv__context_of(engine), source,
                                         reading_options(origin, options, &bound), callback,
                                         user_data, task, err);
    if (status < 0) arv__source_free(source);
    return status;
}

int arv_list(arv_engine *engine, const arv_origin *origin, const arv_verify_options *options,
             arv_item_cb on_item, arv_task_cb callback, void *user_data, arv_task **task,
             arv_error *err)
{
    arv__source *source = NULL;
    arv_verify_options bound;
    int status = reading_open(engine, origin, task, &source, err);
    if (status == 0)
        status = arv__list_start_adopt(arv__context_of(engine), source,
                                       reading_options(origin, options, &bound), on_item, callback,
                                       user_data, task, err);
    if (status < 0) arv__source_free(source);
    return status;
}

int arv_extract(arv_engine *engine, const arv_origin *origin, const char *folder,
                const arv_extract_options *options, arv_task_cb callback, void *user_data,
                arv_task **task, arv_error *err)
{
    arv__source *source = NULL;
    arv_extract_options bound = options ? *options : (arv_extract_options){.safe_names = false};
    if (!folder || !*folder)
        return arv_error_set(err, ARV_EINVALID, "The folder to extract into is missing.");
    int status = reading_open(engine, origin, task, &source, err);
    reading_options(origin, options ? &options->verify : NULL, &bound.verify);
    if (status == 0)
        status = arv__extract_start_adopt(arv__context_of(engine), source, folder, &bound, callback,
                                          user_data, task, err);
    if (status < 0) arv__source_free(source);
    return status;
}

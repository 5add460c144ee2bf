/* SPDX-License-Identifier: Apache-2.0 */

/* Joins storages and the verifier: makes a source of an origin, then starts a request of the verifier. */

#include <arv/verify.h>
#include "storage/storage.h"
#include "util/options.h"
#include "verify/verify.h"

static int reading_no_task(arv_task **task, arv_error *err)
{
    if (!task)
        return arv_error_set(err, ARV_EINVALID, "The place for the task is missing.");
    *task = NULL;
    return ARV_OK;
}

static int reading_open(arv_engine *engine, const arv_origin *origin, arv__source **source, arv_error *err)
{
    if (!engine || !origin || (origin->path != NULL) == (origin->storage != NULL) ||
        (origin->storage != NULL) != (origin->key != NULL))
        return arv_error_set(err, ARV_EINVALID, "What to read is either a path or a storage with a key.");
    if (origin->path && origin->opened)
        return arv__source_descriptor_new(source, origin->descriptor, origin->path, err);
    if (origin->path)
        return arv__source_file_open(source, origin->path, err);
    return arv__source_storage_new(source, origin->storage, origin->key, err);
}

/* The options as this version knows them, with their limits. */
typedef struct reading {
    arv_verify_options options;
    arv_limits limits;
} reading;

static int reading_take(reading *r, const arv_origin *origin, const arv_verify_options *options,
                        arv_error *err)
{
    int status = ARV_OK;
    *r = (reading){.limits = {0}};
    if (options)
        status = ARV__OPTIONS_TAKE(&r->options, options, "arv_verify_options", err);
    if (status == 0 && r->options.limits)
        status = ARV__OPTIONS_TAKE(&r->limits, r->options.limits, "arv_limits", err);
    r->options.limits = &r->limits;
    /* The object under a key must be the archive of the key's UUID. */
    if (status == 0 && origin && origin->storage && origin->key && !r->options.expected_uuid[0])
        arv_key_to_uuid(origin->key, r->options.expected_uuid);
    return status;
}

int arv_verify(arv_engine *engine, const arv_origin *origin, const arv_verify_options *options,
               arv_task_cb callback, void *user_data, arv_task **task, arv_error *err)
{
    arv__source *source = NULL;
    reading bound;
    int status = reading_no_task(task, err);
    if (status == 0)
        status = reading_take(&bound, origin, options, err);
    if (status == 0)
        status = reading_open(engine, origin, &source, err);
    if (status == 0)
        status = arv__verify_start_adopt(arv__context_of(engine), source, &bound.options, callback, user_data,
                                         task, err);
    if (status < 0)
        arv__source_free(source);
    return status;
}

int arv_list(arv_engine *engine, const arv_origin *origin, const arv_verify_options *options,
             arv_item_cb on_item, arv_task_cb callback, void *user_data, arv_task **task, arv_error *err)
{
    arv__source *source = NULL;
    reading bound;
    int status = reading_no_task(task, err);
    if (status == 0)
        status = reading_take(&bound, origin, options, err);
    if (status == 0)
        status = reading_open(engine, origin, &source, err);
    if (status == 0)
        status = arv__list_start_adopt(arv__context_of(engine), source, &bound.options, on_item, callback,
                                       user_data, task, err);
    if (status < 0)
        arv__source_free(source);
    return status;
}

int arv_extract(arv_engine *engine, const arv_origin *origin, const char *folder,
                const arv_extract_options *options, arv_task_cb callback, void *user_data, arv_task **task,
                arv_error *err)
{
    arv__source *source = NULL;
    arv_extract_options known = {0};
    reading bound;
    if (!folder || !*folder)
        return arv_error_set(err, ARV_EINVALID, "The folder to extract into is missing.");
    int status = reading_no_task(task, err);
    if (status == 0 && options)
        status = ARV__OPTIONS_TAKE(&known, options, "arv_extract_options", err);
    if (status == 0)
        status = reading_take(&bound, origin, known.verify, err);
    if (status == 0)
        status = reading_open(engine, origin, &source, err);
    if (status == 0) {
        known.verify = &bound.options;
        status = arv__extract_start_adopt(arv__context_of(engine), source, folder, &known, callback,
                                          user_data, task, err);
    }
    if (status < 0)
        arv__source_free(source);
    return status;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/internal.h"

#include <string.h>

#include <arv/sys/alloc.h>

typedef struct get_file {
    arv__request request; /* first */
    arv__get get;
    arv__op op; /* of the get */
    arv_digests expected;
    char *path;
} get_file;

static void get_file_cleanup(arv__request *request)
{
    arv_free(((get_file *)request)->path);
}

static void get_file_cancel(arv__request *request)
{
    arv__op_cancel(&((get_file *)request)->op);
}

static void get_file_done(arv__op *op, int status, const arv_error *err)
{
    get_file *g = op->user_data;
    arv__task_complete(&g->request.task, status, err);
}

/* Any error of tidy but a cancellation is dropped: its cause makes the get fail, too. */
static void get_file_tidied(arv__op *op, int status, const arv_error *err)
{
    get_file *g = op->user_data;
    if (status == ARV_ECANCELED)
        arv__task_complete(&g->request.task, status, err);
    else
        arv__get_start(&g->get, &g->op);
}

static int get_file_check(const arv_storage *storage, const char *name, const char *path,
                          const arv_digests *expected, arv_error *err)
{
    char key[ARV_KEY_BYTES], version[ARV_VERSION_BYTES];
    size_t length = path ? strlen(path) : 1;
    int rc = arv__name_parse(name, key, version, err);
    if (rc < 0)
        return rc;
    if (length == 0 || (path && path[length - 1] == '/'))
        return arv_error_set(err, ARV_EINVALID, "Getting the object '%s' needs the path of a new file.", key);
    if (expected && !(expected->present & (ARV_DIGEST_SHA256 | ARV_DIGEST_SHA512)))
        return arv_error_set(err, ARV_EINVALID, "The expected digests of an object hold none.");
    if (arv__storage_can(storage, ARV_STORAGE_NO_RETRIEVE))
        return arv_error_set(err, ARV_EUNSUPPORTED,
                             "The object '%s' cannot be read: a storage of the driver '%s' gives "
                             "nothing back.",
                             key, storage->ops->name);
    return 0;
}

int arv_storage_get_file(arv_storage *storage, const char *name, const char *path,
                         const arv_digests *expected, arv_task_cb callback, void *user_data, arv_task **task,
                         arv_error *err)
{
    void *made = NULL;
    int rc = get_file_check(storage, name, path, expected, err);
    if (rc < 0)
        return rc;
    char *copy = path ? arv_strdup(path) : NULL;
    if (path && !copy)
        return arv_error_nomem(err, "the path of a new file");
    rc = arv__request_new(&made, sizeof(get_file), storage, name, callback, user_data, err);
    if (rc < 0) {
        arv_free(copy);
        return rc;
    }
    get_file *g = made;
    g->path = copy;
    g->request.cancel = get_file_cancel;
    g->request.cleanup = get_file_cleanup;
    g->request.has_object = true;
    if (expected)
        g->expected = *expected;
    arv__get *get = &g->get;
    get->storage = storage;
    get->key = g->request.key;
    get->version = g->request.version;
    get->path = g->path;
    get->expected = expected ? &g->expected : NULL;
    get->algorithms = ARV_DIGEST_SHA256 | g->expected.present;
    get->object = &g->request.object;
    get->task = &g->request.task;
    arv__op_init(&g->op, storage->context->loop, get_file_done, g);
    arv__request_give(&g->request, task);
    if (path)
        arv__get_start(get, &g->op);
    else
        arv__request_tidy(&g->request, get_file_tidied);
    return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A source that reads an object. Its functions run on a pool thread and may block: they call a blocking
 * driver directly; for an evented one the thread leaves a letter to the loop and sleeps until the driver
 * has answered.
 *
 * begin opens the object, since opening may block. Freeing always ends on the loop thread, which owns the
 * storage's references.
 */

#include "storage/internal.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include <arv/sys/alloc.h>

typedef struct storage_source {
    arv__source source; /* first */
    arv_storage *storage;
    char key[ARV_KEY_BYTES], version[ARV_VERSION_BYTES];
    char shown[ARV_KEY_BYTES + 16];
    arv_object object;
    arv__call call;
    arv__mail mail;
    arv_storage_slot slot;
    bool opened;
    pthread_mutex_t lock; /* answered, status, error */
    pthread_cond_t answer;
    bool answered;
    int status;
    arv_error error;
} storage_source;

/* ---- waiting for a driver -------------------------------------------------------------------- */

static void source_answered(arv__op *op, int status, const arv_error *err)
{
    storage_source *s = op->user_data;
    pthread_mutex_lock(&s->lock);
    s->answered = true;
    s->status = status;
    if (status < 0)
        s->error = *err;
    pthread_cond_signal(&s->answer);
    pthread_mutex_unlock(&s->lock);
}

static void source_deliver(arv__mail *mail)
{
    storage_source *s = mail->user_data;
    arv__call_start(&s->call, s->slot, source_answered);
}

static int source_ask(storage_source *s, arv_storage_slot slot, arv_error *err)
{
    if (arv__storage_can(s->storage, ARV_STORAGE_BLOCKING)) {
        s->call.call.front = &s->call;
        s->call.call.done = 0;
        int rc = slot(s->storage->instance, &s->call.call, err);
        if (rc < 0)
            arv_error_about(err, s->key);
        return rc;
    }
    s->answered = false;
    s->slot = slot;
    s->mail.deliver = source_deliver;
    s->mail.user_data = s;
    arv__loop_post(s->storage->context->loop, &s->mail);
    pthread_mutex_lock(&s->lock);
    while (!s->answered)
        pthread_cond_wait(&s->answer, &s->lock);
    int status = s->status;
    if (status < 0 && err)
        *err = s->error;
    pthread_mutex_unlock(&s->lock);
    return status;
}

/* ---- the source ------------------------------------------------------------------------------ */

static int source_begin(arv__source *source, arv_error *err)
{
    storage_source *s = (storage_source *)source;
    int rc = source_ask(s, s->storage->ops->get_open, err);
    if (rc < 0)
        return rc;
    s->opened = true;
    if ((rc = arv__object_check(s->storage, s->key, s->version, &s->object, err)) < 0)
        return rc;
    s->source.size_bytes = s->object.size_bytes;
    return 0;
}

static int64_t source_read_at(arv__source *source, void *into, size_t length, uint64_t offset, arv_error *err)
{
    storage_source *s = (storage_source *)source;
    size_t have = 0;
    if (!s->opened)
        return arv_error_set(err, ARV_EINTERNAL, "The object '%s' was read before it was opened.", s->key);
    if (offset >= s->source.size_bytes)
        return 0;
    if (length > s->source.size_bytes - offset)
        length = (size_t)(s->source.size_bytes - offset);
    while (have < length) {
        arv_storage_call *call = &s->call.call;
        call->into = (unsigned char *)into + have;
        call->length = length - have;
        call->offset = offset + have;
        int rc = source_ask(s, s->storage->ops->get_read, err);
        if (rc < 0)
            return rc;
        if (call->done == 0 || call->done > call->length)
            return arv_error_set(err, ARV_EIO,
                                 "The object '%s' has %llu bytes, but at byte %llu the storage gave "
                                 "no more of them.",
                                 s->key, (unsigned long long)s->source.size_bytes,
                                 (unsigned long long)call->offset);
        have += call->done;
    }
    return (int64_t)have;
}

static void source_release(storage_source *s)
{
    pthread_cond_destroy(&s->answer);
    pthread_mutex_destroy(&s->lock);
    arv_storage_unref(s->storage);
    arv_free(s);
}

static void source_closed(arv__op *op, int status, const arv_error *err)
{
    (void)status;
    (void)err;
    source_release(op->user_data);
}

static void source_free_deliver(arv__mail *mail)
{
    storage_source *s = mail->user_data;
    if (!s->opened) {
        source_release(s);
        return;
    }
    s->call.must_run = true;
    arv__call_start(&s->call, s->storage->ops->get_close, source_closed);
}

static void source_free(arv__source *source)
{
    storage_source *s = (storage_source *)source;
    s->mail.deliver = source_free_deliver;
    s->mail.user_data = s;
    arv__loop_post(s->storage->context->loop, &s->mail);
}

int arv__source_storage_new(arv__source **source, arv_storage *storage, const char *name, arv_error *err)
{
    char key[ARV_KEY_BYTES], version[ARV_VERSION_BYTES];
    int rc = arv__name_parse(name, key, version, err);
    if (rc < 0)
        return rc;
    if (arv__storage_can(storage, ARV_STORAGE_NO_RETRIEVE))
        return arv_error_set(err, ARV_EUNSUPPORTED,
                             "The object '%s' cannot be read: a storage of the driver '%s' gives "
                             "nothing back.",
                             key, storage->ops->name);
    storage_source *s = arv_calloc(1, sizeof *s);
    if (!s)
        return arv_error_nomem(err, "a reader of a stored object");
    s->source.begin = source_begin;
    s->source.read_at = source_read_at;
    s->source.free = source_free;
    s->storage = arv_storage_ref(storage);
    arv__key_copy(s->key, key);
    memcpy(s->version, version, sizeof version);
    snprintf(s->shown, sizeof s->shown, "object '%s'", key);
    s->source.shown = s->shown;
    s->call.storage = storage;
    s->call.user_data = s;
    s->call.call.key = s->key;
    s->call.call.version = s->version;
    s->call.call.object = &s->object;
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->answer, NULL);
    *source = &s->source;
    return 0;
}

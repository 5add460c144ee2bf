/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Continues an interrupted put. The driver writes a state of its own, such as the id of an upload. The front
 * wraps that state, so that it continues nothing but the same object in the same storage:
 *
 *     "ARV1" | SHA-256 of driver, URL, key, size and the driver's bytes | the driver's bytes
 *
 * The caller writes the same bytes from their start again, which it makes or reads again. The put hashes the
 * bytes that the storage has and does not send them. Reading back finds bytes that differ.
 */

#include "storage/internal.h"

#include <string.h>

#include <arv/sys/alloc.h>

enum { MAGIC_BYTES = 4, HEAD_BYTES = MAGIC_BYTES + ARV_SHA256_BYTES };
_Static_assert(HEAD_BYTES + ARV_STATE_BYTES_MAX == ARV__PUT_STATE_BYTES, "a state has this room");

static const char magic[MAGIC_BYTES] = {'A', 'R', 'V', '1'};

/* Texts with their NUL, so that none runs into the next one. */
static int state_hash(const arv__put *put, const unsigned char *bytes, size_t length,
                      unsigned char hash[ARV_SHA256_BYTES], arv_error *err)
{
    const char *const texts[] = {put->storage->ops->name, put->storage->url, put->key};
    unsigned char size[8];
    arv__sha256 sha;
    arv__sha256_init(&sha);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        arv__sha256_update(&sha, texts[i], strlen(texts[i]) + 1);
    for (unsigned i = 0; i < sizeof size; i++)
        size[i] = (unsigned char)(put->size_hint_bytes >> 8 * i);
    arv__sha256_update(&sha, size, sizeof size);
    arv__sha256_update(&sha, bytes, length);
    arv__sha256_final(&sha, hash);
    int rc = arv__sha256_status(&sha, err);
    arv__sha256_cleanup(&sha);
    return rc;
}

int arv__put_state(const arv__put *put, unsigned char into[ARV__PUT_STATE_BYTES], size_t *length,
                   arv_error *err)
{
    const arv_storage_ops *ops = put->storage->ops;
    *length = 0;
    if (!ops->put_state || !put->opened)
        return 0;
    size_t told =
        ops->put_state(put->storage->instance, put->call.call.handle, into + HEAD_BYTES, ARV_STATE_BYTES_MAX);
    if (told > ARV_STATE_BYTES_MAX)
        return arv_error_set(
            err, ARV_EINTERNAL,
            "The storage driver '%s' says that the state of a put has %zu bytes; at most %d are "
            "possible.",
            ops->name, told, ARV_STATE_BYTES_MAX);
    if (told == 0)
        return 0;
    memcpy(into, magic, MAGIC_BYTES);
    int rc = state_hash(put, into + HEAD_BYTES, told, into + MAGIC_BYTES, err);
    if (rc == 0)
        *length = HEAD_BYTES + told;
    return rc;
}

static int state_check(const arv__put *put, const unsigned char *state, size_t length, arv_error *err)
{
    unsigned char hash[ARV_SHA256_BYTES];
    int rc = 0;
    if (!put->storage->ops->put_state)
        return arv_error_set(
            err, ARV_EUNSUPPORTED,
            "The storage driver '%s' cannot continue an interrupted put: store '%s' from its start.",
            put->storage->ops->name, put->key);
    if (length > ARV__PUT_STATE_BYTES)
        return arv_error_set(
            err, ARV_ELIMIT,
            "The state of an interrupted put of '%s' has %zu bytes; at most %d are possible: store it "
            "from its start.",
            put->key, length, ARV__PUT_STATE_BYTES);
    bool good = length > HEAD_BYTES && memcmp(state, magic, MAGIC_BYTES) == 0;
    if (good)
        rc = state_hash(put, state + HEAD_BYTES, length - HEAD_BYTES, hash, err);
    if (rc < 0 || (good && memcmp(hash, state + MAGIC_BYTES, sizeof hash) == 0))
        return rc;
    return arv_error_set(
        err, ARV_EINVALID,
        "The state of an interrupted put is damaged or belongs to another upload than that of '%s' to "
        "%s: store it from its start.",
        put->key, put->storage->url);
}

int arv__put_resume(arv__put *put, const void *state, size_t length, arv_error *err)
{
    int rc = state_check(put, state, length, err);
    if (rc < 0)
        return rc;
    put->state = arv_malloc(length - HEAD_BYTES);
    if (!put->state)
        return arv_error_nomem(err, "the state of an interrupted put");
    memcpy(put->state, (const unsigned char *)state + HEAD_BYTES, length - HEAD_BYTES);
    put->call.call.state = put->state;
    put->call.call.state_bytes = length - HEAD_BYTES;
    return 0;
}

int arv__put_resumed(arv__put *put, arv_error *err)
{
    const arv_storage_call *call = &put->call.call;
    if (call->offset > 0 && (!put->state || (call->piece_bytes && call->offset % call->piece_bytes)))
        return arv_error_set(
            err, ARV_EINTERNAL,
            "The storage driver '%s' wants to continue '%s' at byte %llu, which is no end of a piece "
            "that it was given.",
            put->storage->ops->name, put->key, (unsigned long long)call->offset);
    put->resumed_bytes = call->offset;
    return 0;
}

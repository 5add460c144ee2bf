/* SPDX-License-Identifier: Apache-2.0 */
#include "package/window.h"

#include <string.h>
#include <arv/sys/alloc.h>

int arv__window_init(arv__window *window, arv__source *source, size_t capacity, bool hashing, arv_error *err)
{
    *window = (arv__window){.source = source, .capacity = capacity};
    window->buffer = arv_malloc(capacity);
    if (!window->buffer)
        return arv_error_nomem(err, "a buffer for reading a container");
    if (hashing) {
        int status = arv__digest_init(&window->digest, ARV_DIGEST_SHA256, err);
        if (status < 0) {
            arv__window_cleanup(window);
            return status;
        }
        window->hashing = true;
    }
    return ARV_OK;
}

void arv__window_cleanup(arv__window *window)
{
    arv_free(window->buffer);
    if (window->hashing)
        arv__digest_cleanup(&window->digest);
    *window = (arv__window){.source = NULL};
}

/* Returns the number of bytes in the buffer that wait to be hashed, and sets their place. */
static size_t window_waiting(const arv__window *window, const unsigned char **data)
{
    if (!window->hashing || window->hashed_to < window->at ||
        window->hashed_to >= window->at + window->length)
        return 0;
    size_t skip = (size_t)(window->hashed_to - window->at);
    *data = window->buffer + skip;
    return window->length - skip;
}

static void window_hash_waiting(arv__window *window)
{
    const unsigned char *data = NULL;
    size_t length = window_waiting(window, &data);
    if (length > 0) {
        arv__digest_update(&window->digest, data, length);
        window->hashed_to += length;
    }
}

/* Fills the buffer behind its first `keep` bytes, which stand at window->at already. */
static int window_fill(arv__window *window, size_t keep, arv_error *err)
{
    if (window->cancel && __atomic_load_n(window->cancel, __ATOMIC_RELAXED))
        return arv_error_set(err, ARV_ECANCELED, "Reading %s was cancelled.", window->source->shown);
    int64_t got = window->source->read_at(window->source, window->buffer + keep, window->capacity - keep,
                                          window->at + keep, err);
    window->length = keep + (got > 0 ? (size_t)got : 0);
    if (window->done_bytes)
        __atomic_store_n(window->done_bytes, window->at + window->length, __ATOMIC_RELAXED);
    return got < 0 ? (int)got : ARV_OK;
}

/* Hashes the bytes between the last hashed one and `offset`. */
static int window_hash_gap(arv__window *window, uint64_t offset, arv_error *err)
{
    window_hash_waiting(window);
    while (window->hashing && window->hashed_to < offset) {
        window->at = window->hashed_to;
        window->length = 0;
        int status = window_fill(window, 0, err);
        if (status < 0)
            return status;
        if (window->length == 0)
            break;
        if (window->at + window->length > offset)
            window->length = (size_t)(offset - window->at);
        window_hash_waiting(window);
    }
    return ARV_OK;
}

int64_t arv__window_get(arv__window *window, uint64_t offset, size_t want, const unsigned char **data,
                        arv_error *err)
{
    uint64_t size = window->source->size_bytes;
    if (offset >= size)
        return 0;
    if (want > size - offset)
        want = (size_t)(size - offset);
    if (offset < window->at || offset - window->at > window->length ||
        window->length - (size_t)(offset - window->at) < want) {
        size_t keep = 0;
        window_hash_waiting(window);
        if (offset >= window->at && offset < window->at + window->length) {
            keep = window->length - (size_t)(offset - window->at);
            memmove(window->buffer, window->buffer + (offset - window->at), keep);
        } else {
            int status = window_hash_gap(window, offset, err);
            if (status < 0)
                return status;
        }
        window->at = offset;
        window->length = keep;
        int status = window_fill(window, keep, err);
        if (status < 0)
            return status;
        if (window->length < want)
            return arv_error_set(err, ARV_EIO,
                                 "The archive %s became shorter while it was read: it had %llu bytes "
                                 "and ends at byte %llu now.",
                                 window->source->shown, (unsigned long long)size,
                                 (unsigned long long)(window->at + window->length));
    }
    *data = window->buffer + (offset - window->at);
    return (int64_t)(window->length - (size_t)(offset - window->at));
}

void arv__window_pair(arv__window *window, arv__digest *digest, const void *data, size_t length)
{
    const unsigned char *waiting = NULL;
    size_t count = window_waiting(window, &waiting);
    if (count > length)
        count = length;
    if (count == 0) {
        arv__digest_update(digest, data, length);
        return;
    }
    arv__digest_pair(&window->digest, waiting, count, digest, data, length);
    window->hashed_to += count;
}

int arv__window_finish(arv__window *window, arv_digests *digests, arv_error *err)
{
    int status = window_hash_gap(window, window->source->size_bytes, err);
    if (status < 0)
        return status;
    if (window->hashed_to != window->source->size_bytes)
        return arv_error_set(err, ARV_EIO, "The archive %s became shorter while it was read.",
                             window->source->shown);
    return arv__digest_final(&window->digest, digests, err);
}

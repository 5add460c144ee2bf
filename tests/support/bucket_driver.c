/* SPDX-License-Identifier: Apache-2.0 */
#include "bucket_driver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "loop/context.h"
#include "test.h"

bucket_faults bucket_fault;
struct bucket_seen bucket_seen;

typedef struct object {
    char key[ARV_KEY_BYTES], version[32];
    unsigned char *data;
    size_t length;
    arv_lock lock;
    struct object *next; /* newest of a key first, keys rising */
} object;

enum { PARTS_MAX = 4096 };

typedef struct upload {
    unsigned id;
    bool has[PARTS_MAX]; /* what the server has told to have */
    char key[ARV_KEY_BYTES];
    unsigned char *data;
    size_t length, room, short_at; /* where a part that was not whole began; 0: none */
    object *published;
    unsigned writing;
    struct upload *next, **link;
} upload;

typedef struct answer {
    arv__timer timer;
    arv__loop *loop;
    arv_storage_call *call;
    int status;
    unsigned *part; /* counts what is under way for the same upload */
    arv_error error;
    struct answer *next, **link;
} answer;

typedef struct bucket {
    arv__loop *loop;
} bucket;

static object *objects;
static upload *uploads;
static answer *answers; /* that are due */
static unsigned versions, ids;

/* ---- answers --------------------------------------------------------------------------------- */

static void answer_now(arv__timer *timer)
{
    answer *a = timer->user_data;
    *a->link = a->next;
    if (a->next)
        a->next->link = a->link;
    if (a->part) {
        --*a->part;
        bucket_seen.at_once--;
    }
    arv_storage_done(a->call, a->status, &a->error);
    free(a);
}

/* Answers after 0 to 2 ms, so that parts overtake each other. */
static int reply_to(void *instance, arv_storage_call *call, const char *slot, int status,
                    const char *sentence)
{
    static unsigned turn;
    answer *a = calloc(1, sizeof *a);
    a->timer.fire = answer_now;
    a->timer.user_data = a;
    a->loop = ((bucket *)instance)->loop;
    a->call = call;
    a->status = status;
    if (strcmp(slot, "put_write") == 0) {
        a->part = &((upload *)call->handle)->writing;
        ++*a->part;
        bucket_seen.at_once++;
    }
    if (status < 0)
        arv_error_set(&a->error, status, "The object '%s' %s.", call->key ? call->key : "", sentence);
    a->next = answers;
    a->link = &answers;
    if (answers)
        answers->link = &a->next;
    answers = a;
    if (bucket_seen.at_once > bucket_seen.most_at_once)
        bucket_seen.most_at_once = bucket_seen.at_once;
    if (bucket_fault.silent && strcmp(bucket_fault.silent, slot) == 0)
        bucket_seen.silences++;
    else
        arv__timer_start(a->loop, &a->timer, turn++ % 3);
    return 0;
}

static void bucket_cancel(void *instance, arv_storage_call *call)
{
    (void)instance;
    for (answer *a = answers; a; a = a->next) {
        if (a->call != call || a->timer.armed)
            continue;
        a->status = a->status < 0 ? a->status : 0; /* what the server did, it did */
        arv__timer_start(a->loop, &a->timer, 0);
        return;
    }
}

/* ---- the store ------------------------------------------------------------------------------- */

static object **object_find(const char *key, const char *version)
{
    object **at = &objects;
    while (*at && (strcmp((*at)->key, key) < 0 ||
                   (strcmp((*at)->key, key) == 0 && version[0] && strcmp((*at)->version, version) != 0)))
        at = &(*at)->next;
    return *at && strcmp((*at)->key, key) == 0 ? at : NULL;
}

static void tell(const object *o, arv_object *into)
{
    into->size_bytes = o->length;
    into->stored_at_unix = 2000;
    snprintf(into->version, sizeof into->version, "%s",
             bucket_fault.version ? bucket_fault.version : o->version);
}

unsigned bucket_objects(void)
{
    unsigned n = 0;
    for (object *o = objects; o; o = o->next)
        n++;
    return n;
}

unsigned bucket_uploads(void)
{
    unsigned n = 0;
    for (upload *u = uploads; u; u = u->next)
        n++;
    return n;
}

static upload *upload_new(const char *key)
{
    upload *u = calloc(1, sizeof *u);
    snprintf(u->key, sizeof u->key, "%s", key);
    u->id = ++ids;
    u->next = uploads;
    u->link = &uploads;
    if (uploads)
        uploads->link = &u->next;
    uploads = u;
    return u;
}

static void upload_free(upload *u)
{
    *u->link = u->next;
    if (u->next)
        u->next->link = u->link;
    if (!u->published)
        free(u->data);
    free(u);
}

void bucket_leave(const char *key)
{
    upload_new(key);
}

/* ---- life ------------------------------------------------------------------------------------ */

static int bucket_open(void *instance, arv_engine *engine, const char *url, const arv_option_value *values,
                       void *user_data, arv_error *err)
{
    (void)url;
    (void)values;
    (void)user_data;
    (void)err;
    ((bucket *)instance)->loop = arv__context_of(engine)->loop;
    return 0;
}

static void bucket_close(void *instance)
{
    (void)instance;
}

static int bucket_connect(void *instance, arv_storage_call *call, arv_error *err)
{
    (void)err;
    snprintf(call->detail, ARV_CHECK_DETAIL_BYTES, "a bucket");
    return reply_to(instance, call, "connect", 0, "");
}

/* ---- put ------------------------------------------------------------------------------------- */

typedef struct upload_state {
    unsigned id, part_bytes, parts;
} upload_state;

/* The parts from the start on that the server has. */
static size_t bucket_put_state(void *instance, void *handle, unsigned char *into, size_t room)
{
    const upload *u = handle;
    upload_state state = {u->id, BUCKET_PIECE_BYTES, 0};
    (void)instance;
    CHECK(room >= sizeof state);
    while (u->has[state.parts])
        state.parts++;
    memcpy(into, &state, sizeof state);
    return bucket_fault.state_bytes ? bucket_fault.state_bytes : sizeof state;
}

static int bucket_resume(void *instance, arv_storage_call *call)
{
    upload_state state;
    upload *u = uploads;
    if (call->state_bytes != sizeof state)
        return reply_to(instance, call, "put_open", ARV_EINVALID,
                        "cannot go on: its state is none of a bucket");
    memcpy(&state, call->state, sizeof state);
    while (u && (u->id != state.id || u->published))
        u = u->next;
    if (!u)
        return reply_to(instance, call, "put_open", ARV_ENOTFOUND,
                        "cannot go on: its upload was finished or removed; store it from its start");
    call->handle = u;
    call->piece_bytes = state.part_bytes;
    call->writes_at_once = 4;
    call->offset =
        bucket_fault.resumes_at ? bucket_fault.resumes_at : (uint64_t)state.parts * state.part_bytes;
    return reply_to(instance, call, "put_open", 0, "");
}

static int bucket_put_open(void *instance, arv_storage_call *call, arv_error *err)
{
    (void)err;
    if (call->state)
        return bucket_resume(instance, call);
    call->handle = upload_new(call->key);
    call->piece_bytes = bucket_fault.asks ? bucket_fault.piece_bytes : BUCKET_PIECE_BYTES;
    call->writes_at_once = bucket_fault.asks ? bucket_fault.writes_at_once : 4;
    return reply_to(instance, call, "put_open", 0, "");
}

static int bucket_put_write(void *instance, arv_storage_call *call, arv_error *err)
{
    upload *u = call->handle;
    size_t end = (size_t)call->offset + call->length;
    (void)err;
    CHECK(call->length > 0 && call->offset % BUCKET_PIECE_BYTES == 0 && call->length <= BUCKET_PIECE_BYTES);
    if (call->length < BUCKET_PIECE_BYTES)
        u->short_at = (size_t)call->offset + 1;
    CHECK(!u->short_at || call->offset < u->short_at); /* none behind the last one */
    if (bucket_fault.full && end > 1 << 20)
        return reply_to(instance, call, "put_write", ARV_ENOSPACE, "does not fit");
    if (end > u->room) {
        u->room = 2 * end;
        u->data = realloc(u->data, u->room);
    }
    u->length = end > u->length ? end : u->length;
    memcpy(u->data + call->offset, call->data, call->length);
    bool fails = bucket_fault.fail_part == call->offset / BUCKET_PIECE_BYTES + 1;
    CHECK(call->offset / BUCKET_PIECE_BYTES < PARTS_MAX - 1);
    u->has[call->offset / BUCKET_PIECE_BYTES] = !fails && call->length == BUCKET_PIECE_BYTES;
    bucket_seen.writes++;
    return reply_to(instance, call, "put_write", fails ? ARV_EOFFLINE : 0,
                    "could not be written: the server went away");
}

static int bucket_put_seal(void *instance, arv_storage_call *call, arv_error *err)
{
    upload *u = call->handle;
    object *o = calloc(1, sizeof *o), **at = &objects;
    (void)err;
    CHECK_INT(u->writing, 0);
    snprintf(o->key, sizeof o->key, "%s", u->key);
    snprintf(o->version, sizeof o->version, "v/%u", ++versions);
    o->data = u->data;
    o->length = u->length;
    if (bucket_fault.flips && o->length)
        o->data[o->length / 2] ^= 4;
    while (*at && strcmp((*at)->key, o->key) < 0)
        at = &(*at)->next;
    o->next = *at;
    *at = u->published = o;
    tell(o, call->object);
    return reply_to(instance, call, "put_seal", 0, "");
}

static void read_from(const object *o, arv_storage_call *call)
{
    size_t left = call->offset < o->length ? o->length - (size_t)call->offset : 0;
    call->done = left < call->length ? left : call->length;
    if (call->done)
        memcpy(call->into, o->data + call->offset, call->done);
}

static int bucket_put_read(void *instance, arv_storage_call *call, arv_error *err)
{
    (void)err;
    read_from(((upload *)call->handle)->published, call);
    return reply_to(instance, call, "put_read", 0, "");
}

static int bucket_put_commit(void *instance, arv_storage_call *call, arv_error *err)
{
    (void)err;
    upload_free(call->handle);
    call->handle = NULL;
    return reply_to(instance, call, "put_commit", 0, "");
}

static void object_remove(object **at)
{
    object *o = *at;
    *at = o->next;
    free(o->data);
    free(o);
}

static int bucket_put_abort(void *instance, arv_storage_call *call, arv_error *err)
{
    upload *u = call->handle;
    (void)err;
    CHECK_INT(u->writing, 0);
    if (u->published)
        object_remove(object_find(u->published->key, u->published->version));
    upload_free(u);
    call->handle = NULL;
    return reply_to(instance, call, "put_abort", 0, "");
}

/* ---- get and the rest ------------------------------------------------------------------------ */

static int bucket_find(void *instance, arv_storage_call *call, const char *slot, object **found)
{
    object **at = object_find(call->key, call->version);
    *found = at ? *at : NULL;
    return at ? 0 : reply_to(instance, call, slot, ARV_ENOTFOUND, "does not exist");
}

static int bucket_get_open(void *instance, arv_storage_call *call, arv_error *err)
{
    object *o;
    (void)err;
    if (bucket_find(instance, call, "get_open", &o) == 0 && o) {
        tell(o, call->object);
        call->handle = o;
        return reply_to(instance, call, "get_open", 0, "");
    }
    return 0;
}

static int bucket_get_read(void *instance, arv_storage_call *call, arv_error *err)
{
    (void)err;
    read_from(call->handle, call);
    return reply_to(instance, call, "get_read", 0, "");
}

static int bucket_get_close(void *instance, arv_storage_call *call, arv_error *err)
{
    (void)err;
    call->handle = NULL;
    return reply_to(instance, call, "get_close", 0, "");
}

static int bucket_stat(void *instance, arv_storage_call *call, arv_error *err)
{
    object *o;
    (void)err;
    if (bucket_find(instance, call, "stat", &o) == 0 && o) {
        tell(o, call->object);
        return reply_to(instance, call, "stat", 0, "");
    }
    return 0;
}

static int bucket_remove(void *instance, arv_storage_call *call, arv_error *err)
{
    object **at = object_find(call->key, call->version);
    (void)err;
    if (!at)
        return reply_to(instance, call, "remove", ARV_ENOTFOUND, "does not exist");
    if ((*at)->lock.mode != ARV_LOCK_NONE || (*at)->lock.legal_hold)
        return reply_to(instance, call, "remove", ARV_EACCESS, "is locked");
    object_remove(at);
    return reply_to(instance, call, "remove", 0, "");
}

/* Keys end with their UUID's digits; all that was begun for the same one. */
static int bucket_tidy(void *instance, arv_storage_call *call, arv_error *err)
{
    (void)err;
    for (upload *u = uploads, *next; u; u = next) {
        next = u->next;
        if (memcmp(u->key, call->key, 39) == 0)
            upload_free(u);
    }
    return reply_to(instance, call, "tidy", 0, "");
}

static int bucket_lock_set(void *instance, arv_storage_call *call, arv_error *err)
{
    object **at = object_find(call->key, call->version);
    (void)err;
    if (!at)
        return reply_to(instance, call, "lock_set", ARV_ENOTFOUND, "does not exist");
    if (call->lock->retain_until_unix < (*at)->lock.retain_until_unix)
        return reply_to(instance, call, "lock_set", ARV_EACCESS, "is kept for longer");
    if (!bucket_fault.ignores_locks)
        (*at)->lock = *call->lock;
    return reply_to(instance, call, "lock_set", 0, "");
}

static int bucket_lock_get(void *instance, arv_storage_call *call, arv_error *err)
{
    object *o;
    (void)err;
    if (bucket_find(instance, call, "lock_get", &o) == 0 && o) {
        *call->found_lock = o->lock;
        return reply_to(instance, call, "lock_get", 0, "");
    }
    return 0;
}

static int bucket_list(void *instance, arv_storage_call *call, arv_error *err)
{
    const object *after = NULL;
    (void)err;
    if (call->after && call->after_version[0])
        after = object_find(call->after, call->after_version) ? *object_find(call->after, call->after_version)
                                                              : NULL;
    bool behind = !after;
    for (object *o = objects; o && call->done < call->limit; behind = behind || o == after, o = o->next) {
        if (!behind || (call->after && !after && strcmp(o->key, call->after) <= 0))
            continue;
        snprintf(call->objects[call->done].key, ARV_KEY_BYTES, "%s", o->key);
        tell(o, &call->objects[call->done++]);
    }
    return reply_to(instance, call, "list", 0, "");
}

const arv_storage_ops bucket_driver_ops = {
    .version = ARV_STORAGE_VERSION,
    .name = "bucket",
    .capabilities = ARV_STORAGE_STREAM | ARV_STORAGE_LIST | ARV_STORAGE_PUBLISHES | ARV_STORAGE_VERSIONS |
                    ARV_STORAGE_LOCKS,
    .instance_size = sizeof(bucket),
    .open = bucket_open,
    .close = bucket_close,
    .connect = bucket_connect,
    .put_open = bucket_put_open,
    .put_write = bucket_put_write,
    .put_seal = bucket_put_seal,
    .put_read = bucket_put_read,
    .put_commit = bucket_put_commit,
    .put_abort = bucket_put_abort,
    .get_open = bucket_get_open,
    .get_read = bucket_get_read,
    .get_close = bucket_get_close,
    .stat = bucket_stat,
    .remove = bucket_remove,
    .tidy = bucket_tidy,
    .lock_set = bucket_lock_set,
    .lock_get = bucket_lock_get,
    .list = bucket_list,
    .cancel = bucket_cancel,
    .put_state = bucket_put_state,
};

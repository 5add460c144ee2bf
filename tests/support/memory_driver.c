/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Every slot does its work at once and answers with a timer, so that the front meets what it meets
 * with a network: a call that is under way while other things happen. Objects stand in a sorted
 * list, because that is how a list of them is asked for.
 */

#include "memory_driver.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "loop/context.h"

memory_faults memory_fault;

typedef struct memory_object {
    char key[ARV_KEY_BYTES];
    unsigned char *data;
    size_t length, capacity;
    struct memory_object *next;
} memory_object;

typedef struct memory_instance {
    arv__loop *loop;
} memory_instance;

/* One for each call that waits for its answer. */
typedef struct memory_answer {
    arv__timer timer;
    arv_storage_call *call;
    int status;
    arv_error error;
} memory_answer;

static memory_object *store;
static unsigned handles;

/* ---- answers --------------------------------------------------------------------------------- */

static void memory_answer_now(arv__timer *timer)
{
    memory_answer *answer = timer->user_data;
    arv_storage_done(answer->call, answer->status, &answer->error);
    free(answer);
}

static int memory_reply(void *instance, arv_storage_call *call, int status, const char *sentence)
{
    memory_instance *memory = instance;
    memory_answer *answer = calloc(1, sizeof *answer);
    answer->timer.fire = memory_answer_now;
    answer->timer.user_data = answer;
    answer->call = call;
    answer->status = status;
    if (status < 0)
        arv_error_set(&answer->error, status, "The object '%s' %s.", call->key ? call->key : "", sentence);
    if (memory_fault.at_once)
        memory_answer_now(&answer->timer);
    else
        arv__timer_start(memory->loop, &answer->timer, 0);
    return 0;
}

/* A slot that a test lets fail; half of them refuse at once, the others answer with the error. */
static bool memory_fails(void *instance, arv_storage_call *call, const char *slot, int *result,
                         arv_error *err)
{
    if (!memory_fault.slot || strcmp(memory_fault.slot, slot) != 0)
        return false;
    *result = slot[0] == 'p' ? arv_error_set(err, memory_fault.code, "The slot %s was told to fail.", slot)
                             : memory_reply(instance, call, memory_fault.code, "met a slot told to fail");
    return true;
}

#define FAIL_IF_TOLD(slot)                                                                                   \
    do {                                                                                                     \
        int result_;                                                                                         \
        if (memory_fails(instance, call, slot, &result_, err))                                               \
            return result_;                                                                                  \
    } while (0)

/* ---- the store ------------------------------------------------------------------------------- */

static memory_object **memory_find(const char *key)
{
    memory_object **at = &store;
    while (*at && strcmp((*at)->key, key) < 0)
        at = &(*at)->next;
    return at;
}

static bool memory_has(memory_object *const *at, const char *key)
{
    return *at && strcmp((*at)->key, key) == 0;
}

static void memory_object_free(memory_object *object)
{
    free(object->data);
    free(object);
}

static void memory_append(memory_object *object, const void *data, size_t length)
{
    if (object->length + length > object->capacity) {
        object->capacity = 2 * (object->length + length);
        object->data = realloc(object->data, object->capacity);
    }
    memcpy(object->data + object->length, data, length);
    object->length += length;
}

static bool memory_full(size_t length)
{
    uint64_t used = length;
    for (memory_object *o = store; o; o = o->next)
        used += o->length;
    return memory_fault.capacity_bytes && used > memory_fault.capacity_bytes;
}

unsigned memory_objects(void)
{
    unsigned n = 0;
    for (memory_object *o = store; o; o = o->next)
        n++;
    return n;
}

unsigned memory_open_handles(void)
{
    return handles;
}

void memory_clear(void)
{
    for (memory_object *next; store; store = next) {
        next = store->next;
        memory_object_free(store);
    }
}

/* ---- life ------------------------------------------------------------------------------------ */

static int memory_open(void *instance, arv_engine *engine, const char *url, const arv_option_value *values,
                       void *user_data, arv_error *err)
{
    memory_instance *memory = instance;
    (void)url;
    (void)user_data;
    memory->loop = arv__context_of(engine)->loop;
    (void)values;
    (void)err;
    return 0;
}

static void memory_close(void *instance)
{
    (void)instance;
}

static int memory_connect(void *instance, arv_storage_call *call, arv_error *err)
{
    FAIL_IF_TOLD("connect");
    snprintf(call->detail, ARV_CHECK_DETAIL_BYTES, "memory of process %ld", (long)getpid());
    return memory_reply(instance, call, 0, "");
}

/* ---- put ------------------------------------------------------------------------------------- */

static int memory_put_open(void *instance, arv_storage_call *call, arv_error *err)
{
    FAIL_IF_TOLD("put_open");
    if (memory_has(memory_find(call->key), call->key))
        return memory_reply(instance, call, ARV_EEXISTS, "exists already");
    memory_object *object = calloc(1, sizeof *object);
    snprintf(object->key, sizeof object->key, "%s", call->key);
    call->handle = object;
    handles++;
    return memory_reply(instance, call, 0, "");
}

static int memory_put_write(void *instance, arv_storage_call *call, arv_error *err)
{
    memory_object *object = call->handle;
    FAIL_IF_TOLD("put_write");
    if (memory_full(object->length + call->length))
        return memory_reply(instance, call, ARV_ENOSPACE, "does not fit");
    memory_append(object, call->data, call->length);
    return memory_reply(instance, call, 0, "");
}

static int memory_put_seal(void *instance, arv_storage_call *call, arv_error *err)
{
    memory_object *object = call->handle;
    FAIL_IF_TOLD("put_seal");
    if (memory_fault.flip && object->length)
        object->data[object->length / 2] ^= 0x10;
    if (memory_fault.shorten && object->length)
        object->length--;
    return memory_reply(instance, call, 0, "");
}

static void memory_read(const memory_object *object, arv_storage_call *call)
{
    size_t left = call->offset < object->length ? object->length - (size_t)call->offset : 0;
    call->done = left < call->length ? left : call->length;
    if (call->done)
        memcpy(call->into, object->data + call->offset, call->done);
}

static int memory_put_read(void *instance, arv_storage_call *call, arv_error *err)
{
    FAIL_IF_TOLD("put_read");
    memory_read(call->handle, call);
    return memory_reply(instance, call, 0, "");
}

/* Ends the handle, whatever happens. */
static int memory_put_commit(void *instance, arv_storage_call *call, arv_error *err)
{
    memory_object *object = call->handle, **at = memory_find(object->key);
    bool fails = memory_fault.slot && strcmp(memory_fault.slot, "put_commit") == 0;
    call->handle = NULL;
    handles--;
    if (fails || memory_has(at, object->key))
        memory_object_free(object);
    FAIL_IF_TOLD("put_commit");
    if (memory_has(at, call->key))
        return memory_reply(instance, call, ARV_EEXISTS, "exists already");
    object->next = *at;
    *at = object;
    return memory_reply(instance, call, 0, "");
}

static int memory_put_abort(void *instance, arv_storage_call *call, arv_error *err)
{
    (void)err;
    memory_object_free(call->handle);
    call->handle = NULL;
    handles--;
    return memory_reply(instance, call, 0, "");
}

static int memory_put_file(void *instance, arv_storage_call *call, arv_error *err)
{
    unsigned char piece[65536];
    ssize_t n;
    FAIL_IF_TOLD("put_file");
    memory_object **at = memory_find(call->key);
    if (memory_has(at, call->key))
        return memory_reply(instance, call, ARV_EEXISTS, "exists already");
    int fd = open(call->path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return memory_reply(instance, call, ARV_EIO, "cannot be read from its file");
    memory_object *object = calloc(1, sizeof *object);
    snprintf(object->key, sizeof object->key, "%s", call->key);
    while ((n = read(fd, piece, sizeof piece)) > 0)
        memory_append(object, piece, (size_t)n);
    close(fd);
    if (memory_full(object->length)) {
        memory_object_free(object);
        return memory_reply(instance, call, ARV_ENOSPACE, "does not fit");
    }
    if (memory_fault.flip && object->length)
        object->data[object->length / 2] ^= 0x10;
    if (memory_fault.shorten && object->length)
        object->length--;
    object->next = *at;
    *at = object;
    return memory_reply(instance, call, 0, "");
}

/* ---- get ------------------------------------------------------------------------------------- */

static int memory_get_open(void *instance, arv_storage_call *call, arv_error *err)
{
    FAIL_IF_TOLD("get_open");
    memory_object **at = memory_find(call->key);
    if (!memory_has(at, call->key))
        return memory_reply(instance, call, ARV_ENOTFOUND, "does not exist");
    call->handle = *at;
    call->object->size_bytes = (*at)->length;
    call->object->stored_at_unix = 1000;
    handles++;
    return memory_reply(instance, call, 0, "");
}

static int memory_get_read(void *instance, arv_storage_call *call, arv_error *err)
{
    FAIL_IF_TOLD("get_read");
    memory_read(call->handle, call);
    return memory_reply(instance, call, 0, "");
}

static int memory_get_close(void *instance, arv_storage_call *call, arv_error *err)
{
    (void)err;
    handles--;
    call->handle = NULL;
    return memory_reply(instance, call, 0, "");
}

static int memory_get_file(void *instance, arv_storage_call *call, arv_error *err)
{
    FAIL_IF_TOLD("get_file");
    memory_object **at = memory_find(call->key);
    if (!memory_has(at, call->key))
        return memory_reply(instance, call, ARV_ENOTFOUND, "does not exist");
    int fd = open(call->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    bool good = fd >= 0;
    for (size_t done = 0; good && done < (*at)->length;) {
        ssize_t n = write(fd, (*at)->data + done, (*at)->length - done);
        good = n > 0;
        done += good ? (size_t)n : 0;
    }
    if (fd >= 0)
        close(fd);
    return memory_reply(instance, call, good ? 0 : ARV_EIO, "cannot be written to its file");
}

/* ---- the rest -------------------------------------------------------------------------------- */

static int memory_stat(void *instance, arv_storage_call *call, arv_error *err)
{
    FAIL_IF_TOLD("stat");
    memory_object **at = memory_find(call->key);
    if (!memory_has(at, call->key))
        return memory_reply(instance, call, ARV_ENOTFOUND, "does not exist");
    call->object->size_bytes = (*at)->length;
    call->object->stored_at_unix = 1000;
    return memory_reply(instance, call, 0, "");
}

static int memory_remove(void *instance, arv_storage_call *call, arv_error *err)
{
    FAIL_IF_TOLD("remove");
    memory_object **at = memory_find(call->key), *object = *at;
    if (!memory_has(at, call->key))
        return memory_reply(instance, call, ARV_ENOTFOUND, "does not exist");
    *at = object->next;
    memory_object_free(object);
    return memory_reply(instance, call, 0, "");
}

static int memory_list(void *instance, arv_storage_call *call, arv_error *err)
{
    FAIL_IF_TOLD("list");
    for (memory_object *o = store; o && call->done < call->limit; o = o->next) {
        if (call->after && strcmp(o->key, call->after) <= 0)
            continue;
        arv_object *object = &call->objects[call->done++];
        snprintf(object->key, sizeof object->key, "%s", o->key);
        object->size_bytes = o->length;
    }
    return memory_reply(instance, call, 0, "");
}

static const arv_option_info memory_options[] = {
    {.name = "token", .secret = true, .least = 1, .most = 40, .help = "What a server would ask for."},
    {.name = "region", .least = 1, .most = 10, .help = "Where the server would stand."},
    {.name = NULL},
};

static const char *const memory_schemes[] = {"memory", NULL};

const arv_storage_ops memory_driver_ops = {
    .version = ARV_STORAGE_VERSION,
    .name = "memory",
    .schemes = memory_schemes,
    .capabilities = ARV_STORAGE_STREAM | ARV_STORAGE_LIST | ARV_STORAGE_EXCLUSIVE,
    .instance_size = sizeof(memory_instance),
    .options = memory_options,
    .open = memory_open,
    .close = memory_close,
    .connect = memory_connect,
    .put_open = memory_put_open,
    .put_write = memory_put_write,
    .put_seal = memory_put_seal,
    .put_read = memory_put_read,
    .put_commit = memory_put_commit,
    .put_abort = memory_put_abort,
    .get_open = memory_get_open,
    .get_read = memory_get_read,
    .get_close = memory_get_close,
    .stat = memory_stat,
    .remove = memory_remove,
    .list = memory_list,
};

static const char *const parcel_schemes[] = {"parcel", NULL};

const arv_storage_ops parcel_driver_ops = {
    .version = ARV_STORAGE_VERSION,
    .name = "parcel",
    .schemes = parcel_schemes,
    .capabilities = ARV_STORAGE_LIST | ARV_STORAGE_EXCLUSIVE,
    .instance_size = sizeof(memory_instance),
    .options = memory_options,
    .open = memory_open,
    .close = memory_close,
    .connect = memory_connect,
    .put_file = memory_put_file,
    .get_file = memory_get_file,
    .stat = memory_stat,
    .remove = memory_remove,
    .list = memory_list,
};

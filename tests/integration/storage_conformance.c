/* SPDX-License-Identifier: Apache-2.0 */

/* The conformance suite over every driver of the library and over test drivers of each kind, and
 * what only a driver that misbehaves can show of the front. */

#include "conformance.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bucket_driver.h"
#include "crate_driver.h"
#include "engine.h"
#include "fault_fs.h"
#include "memory_driver.h"
#include "storage/internal.h"

/* ---- filesystem ------------------------------------------------------------------------------ */

static arv_storage *open_filesystem(arv_engine *engine)
{
    static const arv_storage_option create = {"create", "1"};
    char url[512];
    arv_storage *storage;
    arv_error err;
    snprintf(url, sizeof url, "file://%s/archive", test_dir());
    CHECK_OK(arv_storage_open(&storage, engine, url, &create, 1, &err), &err);
    return storage;
}

/* Names in the storage that are neither folders of digits nor objects. */
static unsigned filesystem_leftovers(void)
{
    unsigned n = 0;
    const char *root = test_path("archive");
    DIR *dir = opendir(root);
    for (struct dirent *shard; dir && (shard = readdir(dir));) {
        if (shard->d_name[0] == '.')
            continue;
        DIR *inner = opendir(test_path("archive/%s", shard->d_name));
        CHECK(inner != NULL);
        for (struct dirent *name; (name = readdir(inner));) {
            char key[512];
            snprintf(key, sizeof key, "%s/%s", shard->d_name, name->d_name);
            n += strcmp(name->d_name, ".") != 0 && strcmp(name->d_name, "..") != 0 &&
                 arv__key_check(key, NULL) < 0;
        }
        closedir(inner);
    }
    if (dir)
        closedir(dir);
    return n;
}

static ssize_t pwrite_flipped(int fd, const void *data, size_t length, uint64_t offset)
{
    unsigned char *copy;
    CHECK(posix_memalign((void **)&copy, 4096, length) == 0);
    memcpy(copy, data, length);
    copy[length / 2] ^= 1;
    ssize_t n = arv__fs_system.pwrite(fd, copy, length, offset);
    free(copy);
    return n;
}

static void filesystem_corrupt(void)
{
    static arv__fileops table;
    table = arv__fs_system;
    table.pwrite = pwrite_flipped;
    arv__fs_set(&table);
}

static void filesystem_fill(void)
{
    fault_fs_install();
    fault_fs_fail_from(FAULT_PWRITE, 1, ENOSPC);
}

static void filesystem_leave(const char *key)
{
    test_write_file(test_path("archive/%.2s/.archivist-0123456789abcdef.part", key), "a part", 6);
}

static const conformance_target filesystem = {
    .leave = filesystem_leave,
    .open = open_filesystem,
    .leftovers = filesystem_leftovers,
    .corrupt = filesystem_corrupt,
    .fill = filesystem_fill,
};
#define TEST_FILESYSTEM(behaviour) CONFORMANCE_TEST(filesystem, behaviour)
CONFORMANCE_LIST(TEST_FILESYSTEM)

/* ---- drivers in memory ----------------------------------------------------------------------- */

static arv_storage *open_with(arv_engine *engine, const arv_storage_ops *ops, const char *url)
{
    arv_storage *storage;
    arv_error err;
    CHECK_OK(arv_storage_open_with(&storage, engine, ops, url, NULL, NULL, &err), &err);
    return storage;
}

static arv_storage *open_memory(arv_engine *engine)
{
    return open_with(engine, &memory_driver_ops, "memory://");
}

static arv_storage *open_prompt(arv_engine *engine)
{
    memory_fault.at_once = true;
    return open_with(engine, &memory_driver_ops, "memory://");
}

static arv_storage *open_parcel(arv_engine *engine)
{
    return open_with(engine, &parcel_driver_ops, "parcel://");
}

static void memory_corrupt(void)
{
    memory_fault.flip = true;
}

static void memory_fill(void)
{
    memory_fault.capacity_bytes = 2 << 20;
}

static const conformance_target memory = {
    .open = open_memory,
    .leftovers = memory_open_handles,
    .corrupt = memory_corrupt,
    .fill = memory_fill,
};
#define TEST_MEMORY(behaviour) CONFORMANCE_TEST(memory, behaviour)
CONFORMANCE_LIST(TEST_MEMORY)

/* Answers from inside its slots. */
static const conformance_target prompt = {
    .open = open_prompt,
    .leftovers = memory_open_handles,
    .corrupt = memory_corrupt,
    .fill = memory_fill,
};
#define TEST_PROMPT(behaviour) CONFORMANCE_TEST(prompt, behaviour)
CONFORMANCE_LIST(TEST_PROMPT)

static const conformance_target parcel = {
    .open = open_parcel,
    .corrupt = memory_corrupt,
    .fill = memory_fill,
};
#define TEST_PARCEL(behaviour) CONFORMANCE_TEST(parcel, behaviour)
CONFORMANCE_LIST(TEST_PARCEL)

/* Whole files, blocking. */
static arv_storage *open_crate(arv_engine *engine)
{
    return open_with(engine, &crate_driver_ops, "crate://");
}

static void crate_corrupt(void)
{
    crate_flips = true;
}

static void crate_fill(void)
{
    crate_full = true;
}

static const conformance_target crate = {
    .open = open_crate,
    .leftovers = crate_parts,
    .corrupt = crate_corrupt,
    .fill = crate_fill,
    .no_list = true,
};
#define TEST_CRATE(behaviour) CONFORMANCE_TEST(crate, behaviour)
CONFORMANCE_LIST(TEST_CRATE)

/* An object store: publishes as it seals, keeps versions, takes parts in any order, locks. */
static arv_storage *open_bucket(arv_engine *engine)
{
    return open_with(engine, &bucket_driver_ops, "bucket://");
}

static void bucket_corrupt(void)
{
    bucket_fault.flips = true;
}

static void bucket_fill(void)
{
    bucket_fault.full = true;
}

static const conformance_target bucket = {
    .open = open_bucket,
    .leftovers = bucket_uploads,
    .leave = bucket_leave,
    .corrupt = bucket_corrupt,
    .fill = bucket_fill,
    .versions = true,
    .locks = true,
};
#define TEST_BUCKET(behaviour) CONFORMANCE_TEST(bucket, behaviour)
CONFORMANCE_LIST(TEST_BUCKET)

/* The driver of docs/storage-drivers.md, which is built from the page. */
typedef struct toy_store toy_store;
extern const arv_storage_ops toy_store_ops;
toy_store *toy_store_new(void);
void toy_store_free(toy_store *store);
unsigned toy_store_uploads(const toy_store *store);
void toy_store_leave(toy_store *store, const char *key);

static toy_store *toy_server;
static bool toy_flips;

static int toy_put_write(void *instance, arv_storage_call *call, arv_error *err)
{
    const void *data = call->data;
    unsigned char *copy = malloc(call->length);
    memcpy(copy, data, call->length);
    copy[call->length / 2] ^= toy_flips;
    call->data = copy;
    int rc = toy_store_ops.put_write(instance, call, err);
    call->data = data;
    free(copy);
    return rc;
}

static void toy_free(void)
{
    toy_store_free(toy_server);
}

static arv_storage *open_toy_with(arv_engine *engine, const char *token, const char *capacity_mib)
{
    static arv_storage_ops ops;
    const arv_storage_option options[] = {{"token", token}, {"capacity_mib", capacity_mib}};
    arv_storage *storage;
    arv_error err;
    if (!toy_server) {
        ops = toy_store_ops;
        ops.put_write = toy_put_write;
        toy_server = toy_store_new();
        atexit(toy_free);
        CHECK_OK(arv_storage_register(&ops, toy_server, &err), &err);
    }
    CHECK_OK(arv_storage_open(&storage, engine, "toy://store", options, 2, &err), &err);
    return storage;
}

static arv_storage *open_toy(arv_engine *engine)
{
    return open_toy_with(engine, "sesame", "1024");
}

static arv_storage *open_small_toy(arv_engine *engine)
{
    return open_toy_with(engine, "sesame", "1");
}

static unsigned toy_leftovers(void)
{
    return toy_store_uploads(toy_server);
}

static void toy_leave(const char *key)
{
    toy_store_leave(toy_server, key);
}

static void toy_corrupt(void)
{
    toy_flips = true;
}

static void toy_is_full(void)
{
}

static const conformance_target toy = {
    .open = open_toy,
    .leftovers = toy_leftovers,
    .leave = toy_leave,
    .corrupt = toy_corrupt,
};
#define TEST_TOY(behaviour) CONFORMANCE_TEST(toy, behaviour)
CONFORMANCE_LIST(TEST_TOY)

static const conformance_target small_toy = {
    .open = open_small_toy,
    .leftovers = toy_leftovers,
    .fill = toy_is_full,
};
CONFORMANCE_TEST(small_toy, leaves_nothing_when_it_is_full)

/* A storage that keeps everything. */
static arv_storage *open_keeper(arv_engine *engine)
{
    static arv_storage_ops ops;
    ops = memory_driver_ops;
    ops.capabilities |= ARV_STORAGE_NO_DELETE;
    ops.remove = NULL;
    return open_with(engine, &ops, "memory://");
}

static const conformance_target keeper = {
    .open = open_keeper,
    .leftovers = memory_open_handles,
    .keeps = true,
};
#define TEST_KEEPER(behaviour) CONFORMANCE_TEST(keeper, behaviour)
CONFORMANCE_LIST(TEST_KEEPER)

/* ---- the front and a driver that fails ------------------------------------------------------- */

static int run_check(arv_engine *engine, arv_storage *storage, arv_check *check, arv_error *err)
{
    arv_task *task;
    (void)engine;
    CHECK_OK(arv_storage_check(storage, NULL, NULL, &task, err), err);
    int status = arv_task_wait(task, 600000, err);
    *check = *arv_task_check(task);
    arv_task_unref(task);
    return status;
}

TEST(the_driver_of_the_page_refuses_a_token_that_it_does_not_know)
{
    arv_check check;
    arv_error err;
    arv_engine *engine = test_engine_new();
    arv_storage *storage = open_toy_with(engine, "mustard", "1");
    CHECK_ERR(run_check(engine, storage, &check, &err), &err, ARV_EACCESS, "does not know this token");
    CHECK(strstr(err.message, "mustard") == NULL);
    arv_storage_unref(storage);
    test_engine_free(engine);
}

static void check_fails_at(const arv_storage_ops *ops, const char *url, const char *slot, unsigned steps_done)
{
    CHECK_SCENE("%s of %s fails", slot, url);
    arv_check check;
    arv_error err;
    arv_engine *engine = test_engine_new();
    arv_storage *storage = open_with(engine, ops, url);
    memory_fault.slot = slot;
    memory_fault.code = ARV_EOFFLINE;
    CHECK_INT(run_check(engine, storage, &check, &err), ARV_EOFFLINE);
    for (unsigned i = 0; i < ARV_CHECK_STEPS; i++)
        CHECK_INT(check.done[i], i < steps_done);
    memory_fault.slot = NULL;
    if (strcmp(slot, "remove") != 0)
        CHECK_INT(memory_objects(), 0);
    CHECK_INT(memory_open_handles(), 0);
    memory_clear();
    arv_storage_unref(storage);
    test_engine_free(engine);
}

TEST(a_check_of_a_stream_names_the_step_that_failed)
{
    static const struct {
        const char *slot;
        unsigned done;
    } at[] = {{"connect", 0},    {"put_open", 1}, {"put_write", 1}, {"put_seal", 1}, {"put_read", 1},
              {"put_commit", 1}, {"get_open", 2}, {"get_read", 2},  {"remove", 3},   {"stat", 3}};
    for (size_t i = 0; i < sizeof at / sizeof at[0]; i++)
        check_fails_at(&memory_driver_ops, "memory://", at[i].slot, at[i].done);
}

TEST(a_check_of_whole_files_names_the_step_that_failed)
{
    static const struct {
        const char *slot;
        unsigned done;
    } at[] = {{"connect", 0}, {"put_file", 1}, {"get_file", 1}, {"remove", 3}, {"stat", 3}};
    for (size_t i = 0; i < sizeof at / sizeof at[0]; i++)
        check_fails_at(&parcel_driver_ops, "parcel://", at[i].slot, at[i].done);
}

TEST(a_put_that_fails_in_any_slot_leaves_nothing)
{
    static const char *const slots[] = {"put_open", "put_write", "put_seal", "put_read", "put_commit"};
    arv_engine *engine = test_engine_new();
    arv_storage *storage = open_with(engine, &memory_driver_ops, "memory://");
    arv_error err;
    arv_task *task;
    test_write_file(test_path("a.tar.zst"), "abc", 3);
    for (int prompt_answer = 0; prompt_answer < 2; prompt_answer++) {
        memory_fault.at_once = prompt_answer;
        for (size_t i = 0; i < sizeof slots / sizeof slots[0]; i++) {
            CHECK_SCENE("%s fails, at once: %d", slots[i], prompt_answer);
            memory_fault.slot = slots[i];
            memory_fault.code = ARV_EACCESS;
            CHECK_INT(test_finish(arv_storage_put_file(storage, test_path("a.tar.zst"), NULL, NULL, NULL,
                                                       NULL, &task, &err),
                                  &task, &err),
                      ARV_EACCESS);
            CHECK_INT(memory_objects(), 0);
            CHECK_INT(memory_open_handles(), 0);
        }
    }
    arv_storage_unref(storage);
    test_engine_free(engine);
}

TEST(a_short_read_back_is_not_a_proof)
{
    static const arv_storage_ops *const drivers[] = {&memory_driver_ops, &parcel_driver_ops};
    arv_engine *engine = test_engine_new();
    arv_error err;
    arv_task *task;
    test_write_file(test_path("a"), "abc", 3);
    for (int i = 0; i < 2; i++) {
        arv_storage *storage = open_with(engine, drivers[i], "memory://");
        CHECK_SCENE("driver %s", i ? "parcel" : "memory");
        memory_fault.shorten = true;
        CHECK_ERR(test_finish(arv_storage_put_file(storage, test_path("a"), NULL, NULL, NULL, NULL, &task,
                                                   &err),
                              &task, &err),
                  &err, ARV_EREADBACK, "2 bytes");
        CHECK_INT(memory_objects(), 0);
        arv_storage_unref(storage);
    }
    test_engine_free(engine);
}

TEST(a_damaged_object_that_cannot_be_removed_is_told)
{
    arv_engine *engine = test_engine_new();
    arv_storage *storage = open_with(engine, &parcel_driver_ops, "parcel://");
    arv_error err;
    arv_task *task;
    test_write_file(test_path("a"), "abc", 3);
    memory_fault = (memory_faults){.shorten = true, .slot = "remove", .code = ARV_EOFFLINE};
    CHECK_ERR(test_finish(arv_storage_put_file(storage, test_path("a"), NULL, NULL, NULL, NULL, &task, &err),
                          &task, &err),
              &err, ARV_EREADBACK, "may still be in parcel://");
    CHECK_INT(err.flags & ARV_ERROR_PARTIAL, ARV_ERROR_PARTIAL);
    CHECK_INT(memory_objects(), 1);
    memory_clear();
    arv_storage_unref(storage);
    test_engine_free(engine);
}

TEST(what_cannot_be_read_back_is_stored_with_a_warning)
{
    static arv_storage_ops ops;
    arv_engine *engine = test_engine_new();
    arv_error err;
    arv_task *task;
    arv_check check;
    test_write_file(test_path("a"), "abc", 3);
    for (int i = 0; i < 2; i++) {
        ops = i ? parcel_driver_ops : memory_driver_ops;
        CHECK_SCENE("driver %s", i ? "parcel" : "memory");
        ops.capabilities |= ARV_STORAGE_NO_RETRIEVE;
        ops.put_read = ops.get_open = ops.get_read = ops.get_close = ops.get_file = NULL;
        arv_storage *storage = open_with(engine, &ops, "memory://");
        CHECK_OK(arv_storage_put_file(storage, test_path("a"), NULL, NULL, NULL, NULL, &task, &err), &err);
        CHECK_OK(arv_task_wait(task, 600000, &err), &err);
        CHECK_INT(arv_task_object(task)->digests.present, ARV_DIGEST_SHA256);
        CHECK_HAS(test_engine_warning(), "could not be proven");
        CHECK_ERR(arv_storage_get_file(storage, arv_task_object(task)->key, test_path("out"), NULL, NULL,
                                       NULL, NULL, &err),
                  &err, ARV_EUNSUPPORTED, "nothing back");
        arv_task_unref(task);
        CHECK_OK(run_check(engine, storage, &check, &err), &err);
        CHECK(check.done[ARV_CHECK_WRITE] && !check.done[ARV_CHECK_READ] && check.done[ARV_CHECK_DELETE]);
        arv_storage_unref(storage);
    }
    test_engine_free(engine);
}

static int list_backwards(void *instance, arv_storage_call *call, arv_error *err)
{
    (void)instance;
    (void)err;
    if (call->limit > 1) {
        strcpy(call->objects[call->done++].key, "7a/10000000-0000-4000-8000-00000000007a.zip");
        strcpy(call->objects[call->done++].key, "7a/00000000-0000-4000-8000-00000000007a.zip");
    } else {
        strcpy(call->objects[call->done++].key, "../../etc/passwd");
    }
    arv_storage_done(call, 0, NULL);
    return 0;
}

TEST(what_a_driver_lists_is_not_believed)
{
    static arv_storage_ops ops;
    arv_engine *engine = test_engine_new();
    arv_error err;
    arv_task *task;
    size_t count;
    ops = memory_driver_ops;
    ops.list = list_backwards;
    arv_storage *storage = open_with(engine, &ops, "memory://");
    CHECK_OK(arv_storage_list(storage, NULL, 5, NULL, NULL, &task, &err), &err);
    CHECK_ERR(arv_task_wait(task, 600000, &err), &err, ARV_EINTERNAL, "order");
    CHECK(arv_task_objects(task, &count) == NULL);
    CHECK_INT(count, 0);
    arv_task_unref(task);
    CHECK_OK(arv_storage_list(storage, NULL, 1, NULL, NULL, &task, &err), &err);
    CHECK_ERR(arv_task_wait(task, 600000, &err), &err, ARV_EINTERNAL, "no key");
    arv_task_unref(task);
    arv_storage_unref(storage);
    test_engine_free(engine);
}

static int list_too_many(void *instance, arv_storage_call *call, arv_error *err)
{
    (void)instance;
    (void)err;
    strcpy(call->objects[0].key, "7a/00000000-0000-4000-8000-00000000007a.zip");
    call->done = call->limit > 1 ? 2 : call->limit + 1; /* the second one is not set */
    arv_storage_done(call, 0, NULL);
    return 0;
}

TEST(a_list_that_is_shorter_than_a_driver_says_is_refused)
{
    static arv_storage_ops ops;
    arv_engine *engine = test_engine_new();
    arv_error err;
    arv_task *task;
    ops = memory_driver_ops;
    ops.list = list_too_many;
    arv_storage *storage = open_with(engine, &ops, "memory://");
    CHECK_ERR(test_finish(arv_storage_list(storage, NULL, 5, NULL, NULL, &task, &err), &task, &err), &err,
              ARV_EINTERNAL, "no key");
    CHECK_ERR(test_finish(arv_storage_list(storage, NULL, 1, NULL, NULL, &task, &err), &task, &err), &err,
              ARV_EINTERNAL, "more objects than it was asked for");
    arv_storage_unref(storage);
    test_engine_free(engine);
}

static int lie_bytes;

static int get_open_lying(void *instance, arv_storage_call *call, arv_error *err)
{
    int rc = memory_driver_ops.get_open(instance, call, err);
    call->object->size_bytes += (uint64_t)(int64_t)lie_bytes;
    return rc;
}

static int get_read_lying(void *instance, arv_storage_call *call, arv_error *err)
{
    int rc = memory_driver_ops.get_read(instance, call, err);
    call->done += lie_bytes ? 0 : call->length + 1;
    return rc;
}

TEST(a_lie_about_size_is_found_out_by_a_get)
{
    static const int lies[] = {1, -1, 1 << 24, 0};
    static arv_storage_ops ops;
    arv_engine *engine = test_engine_new();
    arv_error err;
    arv_task *task;
    char key[ARV_KEY_BYTES];
    ops = memory_driver_ops;
    ops.get_open = get_open_lying;
    ops.get_read = get_read_lying;
    arv_storage *storage = open_with(engine, &ops, "memory://");
    test_write_file(test_path("a"), "abc", 3);
    CHECK_OK(arv_storage_put_file(storage, test_path("a"), NULL, NULL, NULL, NULL, &task, &err), &err);
    CHECK_OK(arv_task_wait(task, 600000, &err), &err);
    snprintf(key, sizeof key, "%s", arv_task_object(task)->key);
    arv_task_unref(task);
    for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++) {
        CHECK_SCENE("%d bytes", lies[i]);
        lie_bytes = lies[i];
        CHECK_ERR(test_finish(arv_storage_get_file(storage, key, test_path("b"), NULL, NULL, NULL, &task,
                                                   &err),
                              &task, &err),
                  &err, lies[i] ? ARV_EIO : ARV_EINTERNAL,
                  lies[i] ? "was announced with" : "more bytes than it was asked");
        CHECK(!test_exists(test_path("b")));
        CHECK_INT(memory_open_handles(), 0);
    }
    memory_clear();
    arv_storage_unref(storage);
    test_engine_free(engine);
}

static int stat_twice(void *instance, arv_storage_call *call, arv_error *err)
{
    (void)instance;
    (void)err;
    arv_storage_done(call, 0, NULL);
    arv_storage_done(call, 0, NULL);
    return 0;
}

static void look_at_log(int signal)
{
    (void)signal;
    _exit(strstr(test_engine_warning(), "answered a call twice") ? 0 : 1);
}

TEST(a_driver_that_answers_twice_ends_the_program_with_a_sentence)
{
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        static arv_storage_ops ops;
        arv_engine *engine = test_engine_new();
        arv_error err;
        arv_task *task;
        signal(SIGABRT, look_at_log);
        ops = memory_driver_ops;
        ops.stat = stat_twice;
        arv_storage *storage = open_with(engine, &ops, "memory://");
        arv_storage_stat(storage, "7a/00000000-0000-4000-8000-00000000007a.zip", NULL, NULL, &task, &err);
        arv_task_wait(task, 600000, &err);
        _exit(2);
    }
    CHECK_CHILD(child);
}

/* The source grows between its first and its last byte: a driver's slot is a good moment for it. */
static int grow_and_seal(void *instance, arv_storage_call *call, arv_error *err)
{
    int fd = open(test_path("a"), O_WRONLY | O_APPEND);
    CHECK(fd >= 0 && write(fd, "more", 4) == 4);
    close(fd);
    return memory_driver_ops.put_write(instance, call, err);
}

static int grow_and_put(void *instance, arv_storage_call *call, arv_error *err)
{
    int fd = open(test_path("a"), O_WRONLY);
    CHECK(fd >= 0 && write(fd, "X", 1) == 1);
    close(fd);
    return parcel_driver_ops.put_file(instance, call, err);
}

TEST(a_file_that_changes_while_it_is_stored_is_not_stored)
{
    static arv_storage_ops ops;
    arv_engine *engine = test_engine_new();
    arv_error err;
    arv_task *task;
    test_write_file(test_path("a"), "abc", 3);
    ops = memory_driver_ops;
    ops.put_write = grow_and_seal;
    arv_storage *storage = open_with(engine, &ops, "memory://");
    CHECK_ERR(test_finish(arv_storage_put_file(storage, test_path("a"), NULL, NULL, NULL, NULL, &task, &err),
                          &task, &err),
              &err, ARV_ECHANGED, "while it was stored"); /* "grew" or "changed" */
    CHECK_INT(memory_objects(), 0);
    arv_storage_unref(storage);

    static arv_storage_ops whole;
    whole = parcel_driver_ops;
    whole.put_file = grow_and_put;
    storage = open_with(engine, &whole, "parcel://");
    int status =
        test_finish(arv_storage_put_file(storage, test_path("a"), NULL, NULL, NULL, NULL, &task, &err), &task,
                    &err);
    CHECK(status == ARV_EREADBACK || status == ARV_ECHANGED);
    CHECK_INT(memory_objects(), 0);
    arv_storage_unref(storage);
    test_engine_free(engine);
}

/* ---- the front and an object store that misbehaves ------------------------------------------- */

static int put_into_bucket(arv_engine *engine, size_t length, arv_error *err)
{
    arv_task *task;
    arv_storage *storage = open_bucket(engine);
    char *bytes = calloc(1, length + 1);
    test_write_file(test_path("a"), bytes, length);
    free(bytes);
    int rc = test_finish(arv_storage_put_file(storage, test_path("a"), NULL, NULL, NULL, NULL, &task, err),
                         &task, err);
    arv_storage_unref(storage);
    return rc;
}

TEST(parts_are_written_several_at_once_and_all_but_the_last_are_whole)
{
    static const size_t sizes[] = {0,
                                   1,
                                   BUCKET_PIECE_BYTES - 1,
                                   BUCKET_PIECE_BYTES,
                                   BUCKET_PIECE_BYTES + 1,
                                   20 * BUCKET_PIECE_BYTES + 77};
    arv_engine *engine = test_engine_new();
    arv_error err;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        CHECK_SCENE("%zu bytes", sizes[i]);
        CHECK_OK(put_into_bucket(engine, sizes[i], &err), &err);
        CHECK_INT(bucket_uploads(), 0);
    }
    CHECK_INT(bucket_seen.most_at_once, 4);
    CHECK_INT(arv__context_of(engine)->piece_bytes_used, 0);
    test_engine_free(engine);
}

TEST(a_part_that_fails_is_the_error_of_the_put_and_the_others_end_first)
{
    arv_engine *engine = test_engine_new();
    arv_error err;
    for (unsigned nth = 1; nth <= 12; nth++) {
        CHECK_SCENE("part %u", nth);
        bucket_fault.fail_part = nth;
        CHECK_ERR(put_into_bucket(engine, 11 * BUCKET_PIECE_BYTES + 5, &err), &err, ARV_EOFFLINE,
                  "went away");
        CHECK_INT(bucket_uploads(), 0);
        CHECK_INT(bucket_objects(), 0);
        CHECK_INT(arv__context_of(engine)->piece_bytes_used, 0);
    }
    test_engine_free(engine);
}

TEST(pieces_are_bounded_by_the_memory_of_the_engine_but_one)
{
    static const unsigned afforded[] = {0, 1, 3, 16};
    arv_engine *engine = test_engine_new();
    arv_engine_options options = {.struct_bytes = sizeof options, .memory_bytes = 5 << 20};
    arv_error err;
    for (size_t i = 0; i < sizeof afforded / sizeof afforded[0]; i++) {
        unsigned want = afforded[i] < 1 ? 1 : afforded[i];
        CHECK_SCENE("room for %u pieces", afforded[i]);
        arv__context_of(engine)->piece_bytes_most = afforded[i] * BUCKET_PIECE_BYTES;
        bucket_fault = (bucket_faults){.asks = true, .piece_bytes = BUCKET_PIECE_BYTES, .writes_at_once = 16};
        bucket_seen.most_at_once = 0;
        CHECK_OK(put_into_bucket(engine, 20 * BUCKET_PIECE_BYTES, &err), &err);
        CHECK(want > 3 ? bucket_seen.most_at_once > 3 : bucket_seen.most_at_once == want);
    }
    test_engine_free(engine);
    CHECK_OK(arv_engine_new(&engine, &options, &err), &err);
    CHECK_INT(arv__context_of(engine)->piece_bytes_most, 5 << 20);
    arv_engine_free(engine);
}

TEST(a_driver_that_asks_for_too_much_is_refused)
{
    static const struct {
        size_t piece_bytes;
        unsigned writes;
    } bad[] = {{1, 1}, {4095, 2}, {(64 << 20) + 1, 1}, {4096, 17}, {0, 2}};
    arv_engine *engine = test_engine_new();
    arv_error err;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        CHECK_SCENE("%zu bytes, %u at once", bad[i].piece_bytes, bad[i].writes);
        bucket_fault.asks = true;
        bucket_fault.piece_bytes = bad[i].piece_bytes;
        bucket_fault.writes_at_once = bad[i].writes;
        CHECK_ERR(put_into_bucket(engine, 100, &err), &err, ARV_EINTERNAL, "asks for pieces");
        CHECK_INT(bucket_uploads(), 0);
    }
    test_engine_free(engine);
}

static void note_end(arv__op *op, int status, const arv_error *err)
{
    (void)status;
    *(arv_error *)op->user_data = status < 0 ? *err : (arv_error){0};
}

static void run_until_quiet(const arv__put *put, const arv__op *op)
{
    while (!arv__op_idle(op) || put->pieces.busy > 0)
        arv__loop_run(put->storage->context->loop, ARV__LOOP_ONCE, 1000);
}

TEST(what_the_server_has_is_not_sent_again)
{
    static unsigned char bytes[5 * BUCKET_PIECE_BYTES + 7], state[ARV__PUT_STATE_BYTES];
    arv_engine *engine = test_engine_new();
    arv_storage *storage = open_bucket(engine);
    arv__put put;
    arv__op op;
    arv__span span = {bytes, 3 * BUCKET_PIECE_BYTES + 7};
    arv_object object;
    arv_digests digests;
    arv_error err, end;
    size_t length;
    char key[ARV_KEY_BYTES];
    CHECK_OK(arv_key_from_uuid("0192f0c1-7d3b-4cc2-9a51-3c6e1f2a4b5d", ".zip", key, &err), &err);
    CHECK_OK(arv__digest_bytes(ARV_DIGEST_SHA256, bytes, sizeof bytes, &digests, &err), &err);
    CHECK_OK(arv__put_init(&put, storage, key, sizeof bytes, &object, &err), &err);
    arv__op_init(&op, storage->context->loop, note_end, &end);
    put.sink.ops->write(&put.sink, &span, 1, &op);
    run_until_quiet(&put, &op);
    CHECK_INT(bucket_seen.writes, 3);
    CHECK_OK(arv__put_state(&put, state, &length, &err), &err);
    arv__put_cleanup(&put);
    CHECK_OK(arv__put_init(&put, storage, key, sizeof bytes, &object, &err), &err);
    CHECK_OK(arv__put_resume(&put, state, length, &err), &err);
    span.length = sizeof bytes;
    put.sink.ops->write(&put.sink, &span, 1, &op);
    run_until_quiet(&put, &op);
    put.sink.ops->prove(&put.sink, &digests, sizeof bytes, &op);
    run_until_quiet(&put, &op);
    CHECK_OK(end.code, &end);
    CHECK_INT(bucket_seen.writes, 6);
    put.sink.ops->commit(&put.sink, &op);
    run_until_quiet(&put, &op);
    CHECK_OK(end.code, &end);
    CHECK_INT(object.size_bytes, sizeof bytes);
    arv__put_cleanup(&put);
    arv_storage_unref(storage);
    test_engine_free(engine);
}

/* A driver that tells nonsense of the state of a put, or of where it goes on. */
TEST(what_a_driver_says_of_an_interrupted_put_is_not_believed)
{
    static unsigned char bytes[5 * BUCKET_PIECE_BYTES], state[ARV__PUT_STATE_BYTES];
    static const size_t wrong[] = {1, BUCKET_PIECE_BYTES - 1, 3 * BUCKET_PIECE_BYTES + 5};
    arv_engine *engine = test_engine_new();
    arv_storage *storage = open_bucket(engine);
    arv__put put;
    arv__op op;
    arv__span span = {bytes, sizeof bytes};
    arv_object object;
    arv_error err, end;
    size_t length;
    char key[ARV_KEY_BYTES];
    CHECK_OK(arv_key_from_uuid("0192f0c1-7d3b-4cc2-9a51-3c6e1f2a4b5d", ".zip", key, &err), &err);
    CHECK_OK(arv__put_init(&put, storage, key, 0, &object, &err), &err);
    arv__op_init(&op, storage->context->loop, note_end, &end);
    put.sink.ops->write(&put.sink, &span, 1, &op);
    run_until_quiet(&put, &op);
    bucket_fault.state_bytes = ARV_STATE_BYTES_MAX + 1;
    CHECK_ERR(arv__put_state(&put, state, &length, &err), &err, ARV_EINTERNAL, "at most 65500");
    CHECK_INT(length, 0);
    bucket_fault.state_bytes = 5; /* less than it needs itself */
    for (size_t i = 0; i <= sizeof wrong / sizeof wrong[0]; i++) {
        CHECK_SCENE("case %zu", i);
        CHECK_OK(arv__put_state(&put, state, &length, &err), &err);
        arv__put_cleanup(&put);
        CHECK_OK(arv__put_init(&put, storage, key, 0, &object, &err), &err);
        CHECK_OK(arv__put_resume(&put, state, length, &err), &err);
        arv__op_init(&op, storage->context->loop, note_end, &end);
        put.sink.ops->write(&put.sink, &span, 1, &op);
        run_until_quiet(&put, &op);
        CHECK_ERR(end.code, &end, i ? ARV_EINTERNAL : ARV_EINVALID,
                  i ? "no end of a piece" : "none of a bucket");
        bucket_fault.state_bytes = 0;
        bucket_fault.resumes_at = i < sizeof wrong / sizeof wrong[0] ? wrong[i] : 0;
        arv__op_init(&op, storage->context->loop, note_end, &end);
        put.sink.ops->abort(&put.sink, &op);
        run_until_quiet(&put, &op);
        CHECK_INT(bucket_uploads(), 1); /* the first one, which nobody went on with */
        arv__put_cleanup(&put);
        CHECK_OK(arv__put_init(&put, storage, key, 0, &object, &err), &err);
        arv__op_init(&op, storage->context->loop, note_end, &end);
        put.sink.ops->write(&put.sink, &span, 1, &op);
        run_until_quiet(&put, &op);
    }
    put.sink.ops->abort(&put.sink, &op);
    run_until_quiet(&put, &op);
    arv__put_cleanup(&put);
    CHECK_INT(arv__context_of(engine)->piece_bytes_used, 0);
    arv_storage_unref(storage);
    test_engine_free(engine);
}

/* A server that never answers: only the slot `cancel` ends the wait. */
TEST(what_is_never_answered_ends_when_it_is_cancelled)
{
    static const char *const slots[] = {"put_open", "put_write", "put_seal", "put_read"};
    arv_engine *engine = test_engine_new();
    arv_storage *storage = open_bucket(engine);
    arv_error err;
    arv_task *task;
    char *bytes = calloc(1, 3 * BUCKET_PIECE_BYTES);
    test_write_file(test_path("a"), bytes, 3 * BUCKET_PIECE_BYTES);
    free(bytes);
    for (size_t i = 0; i < sizeof slots / sizeof slots[0]; i++) {
        CHECK_SCENE("%s", slots[i]);
        bucket_fault.silent = slots[i];
        CHECK_OK(arv_storage_put_file(storage, test_path("a"), NULL, NULL, NULL, NULL, &task, &err), &err);
        while (!bucket_seen.silences)
            arv_engine_run(engine, 10);
        CHECK(!arv_task_done(task));
        bucket_seen.silences = 0;
        bucket_fault.silent = NULL;
        arv_task_cancel(task);
        CHECK_INT(test_finish(0, &task, &err), ARV_ECANCELED);
        CHECK_INT(bucket_uploads(), 0);
        CHECK_INT(bucket_objects(), 0);
    }
    arv_storage_unref(storage);
    test_engine_free(engine);
}

TEST(versions_that_nobody_asked_for_or_that_are_none_are_refused)
{
    static const struct {
        const char *version, *says;
    } bad[] = {{"", "no version"}, {"a\nb", "no printable text"}, {"another", "another one"}};
    arv_engine *engine = test_engine_new();
    arv_storage *storage = open_bucket(engine);
    arv_error err;
    arv_task *task;
    char name[ARV_NAME_BYTES];
    test_write_file(test_path("a"), "abc", 3);
    CHECK_OK(arv_storage_put_file(storage, test_path("a"), NULL, NULL, NULL, NULL, &task, &err), &err);
    CHECK_OK(arv_task_wait(task, 600000, &err), &err);
    CHECK_OK(arv_object_name(arv_task_object(task)->key, arv_task_object(task)->version, name, &err), &err);
    arv_task_unref(task);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        CHECK_SCENE("version '%s'", bad[i].version);
        bucket_fault.version = bad[i].version;
        CHECK_ERR(test_finish(arv_storage_stat(storage, name, NULL, NULL, &task, &err), &task, &err), &err,
                  ARV_EINTERNAL, bad[i].says);
        CHECK_ERR(test_finish(arv_storage_get_file(storage, name, test_path("b"), NULL, NULL, NULL, &task,
                                                   &err),
                              &task, &err),
                  &err, ARV_EINTERNAL, bad[i].says);
        CHECK(!test_exists(test_path("b")));
        CHECK_INT(bucket_uploads(), 0);
    }
    bucket_fault.version = "";
    CHECK_ERR(put_into_bucket(engine, 3, &err), &err, ARV_EINTERNAL, "no version");
    bucket_fault.version = NULL;
    arv_storage_unref(storage);
    test_engine_free(engine);
}

TEST(a_lock_that_a_server_takes_and_ignores_is_told)
{
    arv_engine *engine = test_engine_new();
    arv_storage *storage = open_bucket(engine);
    arv_error err;
    arv_task *task;
    char key[ARV_KEY_BYTES];
    const arv_lock lock = {ARV_LOCK_GOVERNANCE, 4000000000, false};
    test_write_file(test_path("a"), "abc", 3);
    CHECK_OK(arv_storage_put_file(storage, test_path("a"), NULL, NULL, NULL, NULL, &task, &err), &err);
    CHECK_OK(arv_task_wait(task, 600000, &err), &err);
    snprintf(key, sizeof key, "%s", arv_task_object(task)->key);
    arv_task_unref(task);
    bucket_fault.ignores_locks = true;
    CHECK_OK(arv_storage_set_lock(storage, key, &lock, NULL, NULL, &task, &err), &err);
    CHECK_ERR(arv_task_wait(task, 600000, &err), &err, ARV_EREADBACK, "not locked as asked for");
    CHECK(arv_task_lock(task) == NULL);
    arv_task_unref(task);
    CHECK(arv_storage_proves(storage));
    arv_storage_unref(storage);
    test_engine_free(engine);
}

static void note_release(void *user_data)
{
    ++*(int *)user_data;
}

TEST(a_storage_lives_as_long_as_its_tasks)
{
    int released = 0;
    arv_storage *storage;
    arv_error err;
    arv_task *task;
    arv_engine *engine = test_engine_new();
    CHECK_OK(arv_storage_open_with(&storage, engine, &memory_driver_ops, "memory://", &released, note_release,
                                   &err),
             &err);
    CHECK_OK(arv_storage_check(storage, NULL, NULL, &task, &err), &err);
    arv_storage_unref(storage);
    CHECK_INT(released, 0);
    CHECK_OK(arv_task_wait(task, 600000, &err), &err);
    CHECK_INT(released, 0);
    arv_task_unref(task);
    CHECK_INT(released, 1);
    test_engine_free(engine);
}

static void wait_inside(void *user_data, arv_task *task)
{
    arv_error err;
    arv_task **other = user_data;
    CHECK(arv_task_done(task));
    CHECK_ERR(arv_task_wait(*other, 1000, &err), &err, ARV_ESTATE, "callback");
}

TEST(a_task_cannot_be_waited_for_inside_a_callback)
{
    arv_storage *storage;
    arv_error err;
    arv_task *first, *second;
    arv_engine *engine = test_engine_new();
    storage = open_with(engine, &memory_driver_ops, "memory://");
    CHECK_OK(arv_storage_space(storage, wait_inside, &second, &first, &err), &err);
    CHECK_OK(arv_storage_check(storage, NULL, NULL, &second, &err), &err);
    CHECK(!arv_task_done(first));
    CHECK_OK(test_finish(0, &first, &err), &err);
    CHECK_ERR(arv_task_wait(second, 0, &err), &err, ARV_ETIMEOUT, "goes on");
    CHECK_OK(test_finish(0, &second, &err), &err);
    arv_storage_unref(storage);
    test_engine_free(engine);
}

static int stat_unasked(void *instance, arv_storage_call *call, arv_error *err)
{
    (void)instance;
    (void)call;
    (void)err;
    CHECK(!"the driver was asked although nobody waits");
    return 0;
}

static arv_storage_call *stat_waits;

static int stat_until_canceled(void *instance, arv_storage_call *call, arv_error *err)
{
    (void)instance;
    (void)err;
    stat_waits = call;
    return 0;
}

TEST(a_cancelled_call_is_not_asked_any_more_or_learns_of_it)
{
    static arv_storage_ops ops;
    arv_error err;
    arv_task *task;
    arv_engine *engine = test_engine_new();
    for (int asked = 0; asked < 2; asked++) {
        CHECK_SCENE("%s", asked ? "asked" : "not asked yet");
        ops = memory_driver_ops;
        ops.stat = asked ? stat_until_canceled : stat_unasked;
        arv_storage *storage = open_with(engine, &ops, "memory://");
        CHECK_OK(arv_storage_stat(storage, "7a/00000000-0000-4000-8000-00000000007a.zip", NULL, NULL, &task,
                                  &err),
                 &err);
        while (asked && !stat_waits)
            arv__loop_run(arv__context_of(engine)->loop, ARV__LOOP_ONCE, 1000);
        CHECK(!asked || !arv_storage_canceled(stat_waits));
        arv_task_cancel(task);
        CHECK(!arv_task_done(task));
        if (asked) {
            CHECK(arv_storage_canceled(stat_waits));
            arv_storage_done(stat_waits, ARV_ECANCELED, NULL);
        }
        CHECK_ERR(test_finish(0, &task, &err), &err, ARV_ECANCELED, "cancelled");
        arv_storage_unref(storage);
    }
    test_engine_free(engine);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance_scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- helpers --------------------------------------------------------------------------------- */

void scene_new_key(char key[ARV_KEY_BYTES])
{
    char uuid[37];
    arv_error err;
    CHECK_OK(arv_uuid_random(uuid, &err), &err);
    CHECK_OK(arv_key_from_uuid(uuid, ".zip", key, &err), &err);
}

void scene_open(scene *s, const conformance_target *target, size_t length)
{
    memset(s, 0, sizeof *s);
    s->target = target;
    s->engine = test_engine_new();
    s->loop = arv__context_of(s->engine)->loop;
    s->storage = target->open(s->engine);
    s->length = length;
    s->bytes = malloc(length + 1);
    test_fill_random(s->bytes, length, 42 + length);
    snprintf(s->source, sizeof s->source, "%s", test_path("source.zip"));
    test_write_file(s->source, s->bytes, length);
    scene_new_key(s->key);
}

void scene_check_no_leftovers(const conformance_target *target)
{
    if (target->leftovers)
        CHECK_INT(target->leftovers(), 0);
}

void scene_close(scene *s)
{
    arv_storage_unref(s->storage);
    test_engine_free(s->engine);
    scene_check_no_leftovers(s->target);
    free(s->bytes);
}

int scene_put(scene *s, const char *path, const char *key)
{
    arv_task *task = NULL;
    arv_error_clear(&s->err);
    return test_finish(arv_storage_put_file(s->storage, path, key, NULL, NULL, NULL, &task, &s->err), &task,
                       &s->err);
}

int scene_get(scene *s, const char *key, const char *path)
{
    arv_task *task = NULL;
    arv_error_clear(&s->err);
    return test_finish(arv_storage_get_file(s->storage, key, path, NULL, NULL, NULL, &task, &s->err), &task,
                       &s->err);
}

int scene_stat(scene *s, const char *key)
{
    arv_task *task = NULL;
    arv_error_clear(&s->err);
    return test_finish(arv_storage_stat(s->storage, key, NULL, NULL, &task, &s->err), &task, &s->err);
}

int scene_remove(scene *s, const char *key)
{
    arv_task *task = NULL;
    arv_error_clear(&s->err);
    return test_finish(arv_storage_remove(s->storage, key, NULL, NULL, &task, &s->err), &task, &s->err);
}

int scene_tidy(scene *s, const char *key)
{
    arv_task *task = NULL;
    arv_error_clear(&s->err);
    return test_finish(arv_storage_tidy(s->storage, key, NULL, NULL, &task, &s->err), &task, &s->err);
}

void scene_check_holds(scene *s, const char *key, const void *bytes, size_t length)
{
    static unsigned n;
    size_t got;
    const char *path = test_path("got-%u", n++);
    CHECK_OK(scene_get(s, key, path), &s->err);
    char *data = test_read_file(path, &got);
    CHECK_INT(got, length);
    CHECK_MEM(data, bytes, length);
    free(data);
    unlink(path);
}

/* The folder of a test has one file, the source: nothing of ours is left beside it. */
void scene_check_clean(scene *s)
{
    CHECK_INT(scene_stat(s, s->key), ARV_ENOTFOUND);
    scene_check_no_leftovers(s->target);
}

/* ---- put, get, stat -------------------------------------------------------------------------- */

void conformance_stores_and_gives_back(const conformance_target *target)
{
    scene s;
    arv_task *task;
    arv_digests digests;
    struct stat st;
    uint64_t done, total;
    scene_open(&s, target, MIDDLE);
    CHECK_OK(arv__digest_bytes(ARV_DIGEST_SHA256, s.bytes, s.length, &digests, &s.err), &s.err);

    CHECK_OK(arv_storage_put_file(s.storage, s.source, s.key, &digests, NULL, NULL, &task, &s.err), &s.err);
    CHECK_OK(arv_task_wait(task, 600000, &s.err), &s.err);
    const arv_object *object = arv_task_object(task);
    CHECK_STR(object->key, s.key);
    CHECK_INT(object->size_bytes, s.length);
    CHECK(arv_digests_equal(&object->digests, &digests));
    CHECK(object->stored_at_unix > 1600000000);
    arv_task_progress(task, &done, &total);
    CHECK_INT(done, s.length);
    CHECK_INT(total, s.length);
    arv_task_unref(task);

    CHECK_OK(arv_storage_stat(s.storage, s.key, NULL, NULL, &task, &s.err), &s.err);
    CHECK_OK(arv_task_wait(task, 600000, &s.err), &s.err);
    CHECK_INT(arv_task_object(task)->size_bytes, s.length);
    CHECK_INT(arv_task_object(task)->digests.present, 0);
    arv_task_unref(task);

    CHECK_OK(arv_storage_get_file(s.storage, s.key, test_path("out.zip"), &digests, NULL, NULL, &task,
                                  &s.err),
             &s.err);
    CHECK_OK(arv_task_wait(task, 600000, &s.err), &s.err);
    CHECK(arv_digests_equal(&arv_task_object(task)->digests, &digests));
    CHECK_INT(arv_task_object(task)->size_bytes, s.length);
    CHECK_STR(arv_task_object(task)->key, s.key);
    arv_task_unref(task);
    CHECK_INT(stat(test_path("out.zip"), &st), 0);
    CHECK_INT(st.st_mode & 0777, 0600);
    scene_check_holds(&s, s.key, s.bytes, s.length);
    scene_close(&s);
}

void conformance_makes_a_key_when_none_is_given(const conformance_target *target)
{
    scene s;
    arv_task *task;
    arv_address a;
    char name[ARV_NAME_BYTES], address[ARV_ADDRESS_BYTES];
    scene_open(&s, target, SMALL);
    CHECK_OK(arv_storage_put_file(s.storage, s.source, NULL, NULL, NULL, NULL, &task, &s.err), &s.err);
    CHECK_OK(arv_task_wait(task, 600000, &s.err), &s.err);
    const arv_object *object = arv_task_object(task);
    CHECK_STR(object->key + strlen(object->key) - 4, ".zip");
    CHECK_OK(arv_object_name(object->key, object->version, name, &s.err), &s.err);
    CHECK_OK(arv_storage_address(s.storage, name, address, &s.err), &s.err);
    CHECK_OK(arv_address_parse(&a, address, &s.err), &s.err);
    CHECK_STR(a.url, arv_storage_url(s.storage));
    CHECK_STR(a.key, object->key);
    CHECK_STR(a.version, object->version);
    scene_check_holds(&s, a.name, s.bytes, s.length);
    arv_task_unref(task);
    scene_close(&s);
}

void conformance_keeps_the_old_bytes_when_a_key_is_taken(const conformance_target *target)
{
    scene s;
    scene_open(&s, target, SMALL);
    CHECK_OK(scene_put(&s, s.source, s.key), &s.err);
    test_write_file(test_path("other"), "other bytes", 11);
    if (target->versions) { /* tells_versions_apart looks at it */
        scene_close(&s);
        return;
    }
    CHECK_ERR(scene_put(&s, test_path("other"), s.key), &s.err, ARV_EEXISTS, NULL);
    CHECK_STR(s.err.subject, s.key);
    scene_check_holds(&s, s.key, s.bytes, s.length);
    CHECK_ERR(scene_put(&s, s.source, s.key), &s.err, ARV_EEXISTS, NULL);
    scene_close(&s);
}

void conformance_lets_one_of_two_racing_puts_win(const conformance_target *target)
{
    scene s;
    arv_task *tasks[2];
    scene_open(&s, target, MIDDLE);
    unsigned char *other = malloc(MIDDLE);
    test_fill_random(other, MIDDLE, 7);
    test_write_file(test_path("other"), other, MIDDLE);
    arv_storage *second = target->open(s.engine);
    for (int round = 0; round < 8; round++) {
        CHECK_SCENE("round %d", round);
        scene_new_key(s.key);
        CHECK_OK(arv_storage_put_file(s.storage, s.source, s.key, NULL, NULL, NULL, &tasks[0], &s.err),
                 &s.err);
        CHECK_OK(arv_storage_put_file(second, test_path("other"), s.key, NULL, NULL, NULL, &tasks[1], &s.err),
                 &s.err);
        if (target->versions) { /* each makes an object of its own */
            char names[2][ARV_NAME_BYTES];
            for (int i = 0; i < 2; i++) {
                CHECK_OK(arv_task_wait(tasks[i], 600000, &s.err), &s.err);
                const arv_object *object = arv_task_object(tasks[i]);
                CHECK_OK(arv_object_name(object->key, object->version, names[i], &s.err), &s.err);
                arv_task_unref(tasks[i]);
            }
            CHECK(strcmp(names[0], names[1]) != 0);
            scene_check_holds(&s, names[0], s.bytes, MIDDLE);
            scene_check_holds(&s, names[1], other, MIDDLE);
            continue;
        }
        int first = test_finish(0, &tasks[0], &s.err), last = test_finish(0, &tasks[1], &s.err);
        CHECK(first == 0 || first == ARV_EEXISTS);
        CHECK(last == 0 || last == ARV_EEXISTS);
        CHECK((first == 0) + (last == 0) == 1);
        scene_check_holds(&s, s.key, first == 0 ? s.bytes : other, MIDDLE);
    }
    arv_storage_unref(second);
    free(other);
    scene_close(&s);
}

static void put_version(scene *s, const char *path, char name[ARV_NAME_BYTES])
{
    arv_task *task;
    CHECK_OK(arv_storage_put_file(s->storage, path, s->key, NULL, NULL, NULL, &task, &s->err), &s->err);
    CHECK_OK(arv_task_wait(task, 600000, &s->err), &s->err);
    CHECK_OK(arv_object_name(s->key, arv_task_object(task)->version, name, &s->err), &s->err);
    arv_task_unref(task);
}

/* Whether a list has both names, and in which order the key stands. */
static unsigned list_finds(scene *s, const char *first, const char *second)
{
    arv_task *task;
    size_t count;
    unsigned found = 0;
    char name[ARV_NAME_BYTES] = "";
    do {
        CHECK_OK(arv_storage_list(s->storage, name, 1, NULL, NULL, &task, &s->err), &s->err);
        CHECK_OK(arv_task_wait(task, 600000, &s->err), &s->err);
        const arv_object *objects = arv_task_objects(task, &count);
        if (count)
            CHECK_OK(arv_object_name(objects[0].key, objects[0].version, name, &s->err), &s->err);
        found += count && (strcmp(name, first) == 0 || strcmp(name, second) == 0);
        arv_task_unref(task);
    } while (count);
    return found;
}

void conformance_tells_versions_apart(const conformance_target *target)
{
    scene s;
    char first[ARV_NAME_BYTES], second[ARV_NAME_BYTES], unknown[ARV_NAME_BYTES];
    scene_open(&s, target, SMALL);
    test_write_file(test_path("other"), "other bytes", 11);
    CHECK_OK(arv_object_name(s.key, "nobody-knows-it", unknown, &s.err), &s.err);
    if (!target->versions) {
        CHECK_ERR(scene_stat(&s, unknown), &s.err, ARV_EUNSUPPORTED, "has none");
        CHECK_ERR(scene_get(&s, unknown, test_path("x")), &s.err, ARV_EUNSUPPORTED, "has none");
        scene_close(&s);
        return;
    }
    put_version(&s, s.source, first);
    put_version(&s, test_path("other"), second);
    scene_check_holds(&s, first, s.bytes, SMALL);
    scene_check_holds(&s, second, "other bytes", 11);
    scene_check_holds(&s, s.key, "other bytes", 11);
    CHECK_ERR(scene_stat(&s, unknown), &s.err, ARV_ENOTFOUND, s.key);
    CHECK_ERR(scene_get(&s, unknown, test_path("x")), &s.err, ARV_ENOTFOUND, s.key);
    CHECK_INT(list_finds(&s, first, second), 2);
    CHECK_OK(scene_remove(&s, second), &s.err);
    CHECK_ERR(scene_remove(&s, second), &s.err, ARV_ENOTFOUND, s.key);
    scene_check_holds(&s, first, s.bytes, SMALL);
    CHECK_OK(scene_stat(&s, s.key), &s.err);
    scene_close(&s);
}

static int set_lock(scene *s, arv_lock lock, arv_task **task)
{
    arv_error_clear(&s->err);
    int rc = arv_storage_set_lock(s->storage, s->key, &lock, NULL, NULL, task, &s->err);
    return rc < 0 ? rc : arv_task_wait(*task, 600000, &s->err);
}

void conformance_keeps_what_is_locked(const conformance_target *target)
{
    enum { FUTURE = 4000000000u };
    scene s;
    arv_task *task = NULL;
    const arv_lock none = {ARV_LOCK_NONE, 0, false};
    scene_open(&s, target, SMALL);
    if (!target->locks) {
        CHECK_ERR(set_lock(&s, none, &task), &s.err, ARV_EUNSUPPORTED, "retention");
        CHECK_ERR(arv_storage_get_lock(s.storage, s.key, NULL, NULL, &task, &s.err), &s.err, ARV_EUNSUPPORTED,
                  NULL);
        scene_close(&s);
        return;
    }
    CHECK_ERR(set_lock(&s, none, &task), &s.err, ARV_ENOTFOUND, s.key);
    arv_task_unref(task);
    CHECK_OK(scene_put(&s, s.source, s.key), &s.err);
    CHECK_OK(set_lock(&s, (arv_lock){ARV_LOCK_COMPLIANCE, FUTURE, true}, &task), &s.err);
    CHECK(arv_task_lock(task)->legal_hold && arv_task_lock(task)->retain_until_unix == FUTURE);
    arv_task_unref(task);
    CHECK_ERR(scene_remove(&s, s.key), &s.err, ARV_EACCESS, s.key);
    CHECK_ERR(set_lock(&s, (arv_lock){ARV_LOCK_COMPLIANCE, FUTURE - 1, false}, &task), &s.err, ARV_EACCESS,
              s.key);
    arv_task_unref(task);
    CHECK_OK(set_lock(&s, (arv_lock){ARV_LOCK_COMPLIANCE, FUTURE, false}, &task), &s.err);
    arv_task_unref(task);
    CHECK_OK(arv_storage_get_lock(s.storage, s.key, NULL, NULL, &task, &s.err), &s.err);
    CHECK_OK(arv_task_wait(task, 600000, &s.err), &s.err);
    CHECK(!arv_task_lock(task)->legal_hold && arv_task_lock(task)->mode == ARV_LOCK_COMPLIANCE);
    arv_task_unref(task);
    scene_check_holds(&s, s.key, s.bytes, SMALL);
    CHECK_ERR(set_lock(&s, (arv_lock){ARV_LOCK_NONE, 5, false}, &task), &s.err, ARV_EINVALID, "date");
    CHECK_ERR(set_lock(&s, (arv_lock){ARV_LOCK_GOVERNANCE, 0, false}, &task), &s.err, ARV_EINVALID, "date");
    CHECK_ERR(arv_storage_set_lock(s.storage, s.key, NULL, NULL, NULL, &task, &s.err), &s.err, ARV_EINVALID,
              NULL);
    scene_close(&s);
}

void conformance_stores_an_empty_object(const conformance_target *target)
{
    scene s;
    scene_open(&s, target, 0);
    CHECK_OK(scene_put(&s, s.source, s.key), &s.err);
    CHECK_OK(scene_stat(&s, s.key), &s.err);
    scene_check_holds(&s, s.key, "", 0);
    scene_close(&s);
}

void conformance_stores_a_large_object(const conformance_target *target)
{
    scene s;
    scene_open(&s, target, LARGE);
    CHECK_OK(scene_put(&s, s.source, s.key), &s.err);
    scene_check_holds(&s, s.key, s.bytes, s.length);
    scene_close(&s);
}

void conformance_names_a_missing_object(const conformance_target *target)
{
    scene s;
    scene_open(&s, target, SMALL);
    CHECK_ERR(scene_stat(&s, s.key), &s.err, ARV_ENOTFOUND, s.key);
    CHECK_STR(s.err.subject, s.key);
    CHECK_ERR(scene_get(&s, s.key, test_path("out")), &s.err, ARV_ENOTFOUND, s.key);
    CHECK_STR(s.err.subject, s.key);
    CHECK(!test_exists(test_path("out")));
    CHECK_INT(test_count_dir(test_dir()) >= 1, 1);
    if (!target->keeps)
        CHECK_ERR(scene_remove(&s, s.key), &s.err, ARV_ENOTFOUND, s.key);
    scene_close(&s);
}

void conformance_removes_for_good(const conformance_target *target)
{
    scene s;
    scene_open(&s, target, SMALL);
    CHECK_OK(scene_put(&s, s.source, s.key), &s.err);
    if (target->keeps) {
        CHECK_ERR(scene_remove(&s, s.key), &s.err, ARV_EUNSUPPORTED, s.key);
        scene_check_holds(&s, s.key, s.bytes, s.length);
    } else {
        CHECK_OK(scene_remove(&s, s.key), &s.err);
        scene_check_clean(&s);
        CHECK_ERR(scene_remove(&s, s.key), &s.err, ARV_ENOTFOUND, NULL);
        CHECK_OK(scene_put(&s, s.source, s.key), &s.err);
    }
    scene_close(&s);
}

/* Asking for the object leaves it where it is; only what is told to tidy up does. */
void conformance_tidies_up_what_is_left_and_no_object(const conformance_target *target)
{
    scene s;
    scene_open(&s, target, SMALL);
    CHECK_OK(scene_tidy(&s, s.key), &s.err);
    CHECK_OK(scene_put(&s, s.source, s.key), &s.err);
    for (int twice = 0; target->leave && target->leftovers && twice < 2; twice++) {
        target->leave(s.key);
        CHECK_OK(scene_stat(&s, s.key), &s.err);
        scene_check_holds(&s, s.key, s.bytes, s.length);
        CHECK(target->leftovers() > 0);
        if (twice)
            CHECK_OK(scene_get(&s, s.key, NULL), &s.err); /* begins with it */
        else
            CHECK_OK(scene_tidy(&s, s.key), &s.err);
        CHECK_INT(target->leftovers(), 0);
    }
    CHECK_OK(scene_tidy(&s, s.key), &s.err);
    scene_check_holds(&s, s.key, s.bytes, s.length);
    CHECK_ERR(scene_tidy(&s, "nonsense"), &s.err, ARV_EINVALID, "key");
    scene_close(&s);
}

/* ---- list, check, space ---------------------------------------------------------------------- */

static int compare_keys(const void *a, const void *b)
{
    return strcmp(a, b);
}

void conformance_lists_in_pages(const conformance_target *target)
{
    enum { OBJECTS = 23, PAGE = 5 };
    scene s;
    arv_task *task;
    char keys[OBJECTS][ARV_KEY_BYTES], after[ARV_KEY_BYTES] = "";
    unsigned seen = 0, foreign = 0;
    size_t count;
    scene_open(&s, target, SMALL);
    if (target->no_list) {
        CHECK_ERR(arv_storage_list(s.storage, NULL, PAGE, NULL, NULL, &task, &s.err), &s.err,
                  ARV_EUNSUPPORTED, NULL);
        scene_close(&s);
        return;
    }
    for (int i = 0; i < OBJECTS; i++) {
        CHECK_SCENE("object %d", i);
        scene_new_key(keys[i]);
        if (i % 3 == 0) /* several in one folder of digits, if there are such */
            memcpy(keys[i], "7a/00000000-0000-4000-8000-00000000007a", 39);
        if (i % 3 == 0)
            keys[i][3] = (char)('a' + i % 6), keys[i][4] = (char)('0' + i % 10),
            keys[i][5] = (char)('0' + i / 10);
        CHECK_OK(scene_put(&s, s.source, keys[i]), &s.err);
    }
    qsort(keys, OBJECTS, sizeof keys[0], compare_keys);
    do {
        CHECK_OK(arv_storage_list(s.storage, after, PAGE, NULL, NULL, &task, &s.err), &s.err);
        CHECK_OK(arv_task_wait(task, 600000, &s.err), &s.err);
        const arv_object *objects = arv_task_objects(task, &count);
        CHECK(count <= PAGE);
        for (size_t i = 0; i < count; i++) {
            CHECK(strcmp(objects[i].key, after) > 0);
            strcpy(after, objects[i].key);
            if (seen < OBJECTS && strcmp(objects[i].key, keys[seen]) == 0) {
                CHECK_INT(objects[i].size_bytes, SMALL);
                seen++;
            } else {
                foreign++;
            }
        }
        arv_task_unref(task);
    } while (count == PAGE);
    CHECK_INT(seen, OBJECTS);
    if (!target->shared)
        CHECK_INT(foreign, 0);
    CHECK_ERR(arv_storage_list(s.storage, NULL, 0, NULL, NULL, &task, &s.err), &s.err, ARV_EINVALID, "1000");
    CHECK_ERR(arv_storage_list(s.storage, NULL, 1001, NULL, NULL, &task, &s.err), &s.err, ARV_EINVALID,
              "1000");
    CHECK_ERR(arv_storage_list(s.storage, "../x", 10, NULL, NULL, &task, &s.err), &s.err, ARV_EINVALID,
              "key");
    scene_close(&s);
}

void conformance_passes_its_own_check(const conformance_target *target)
{
    scene s;
    arv_task *task;
    scene_open(&s, target, SMALL);
    CHECK_OK(arv_storage_check(s.storage, NULL, NULL, &task, &s.err), &s.err);
    CHECK_OK(arv_task_wait(task, 600000, &s.err), &s.err);
    const arv_check *check = arv_task_check(task);
    CHECK(check->done[ARV_CHECK_CONNECT] && check->done[ARV_CHECK_WRITE]);
    CHECK(check->done[ARV_CHECK_READ]);
    CHECK(check->done[ARV_CHECK_DELETE] == !target->keeps);
    CHECK(check->detail[0] != '\0');
    arv_task_unref(task);
    scene_close(&s);
}

void conformance_answers_about_its_space(const conformance_target *target)
{
    scene s;
    arv_task *task;
    scene_open(&s, target, SMALL);
    CHECK_OK(arv_storage_space(s.storage, NULL, NULL, &task, &s.err), &s.err);
    CHECK_OK(arv_task_wait(task, 600000, &s.err), &s.err);
    const arv_space *space = arv_task_space(task);
    CHECK(space != NULL);
    CHECK(!space->known || (space->total_bytes > 0 && space->free_bytes <= space->total_bytes));
    CHECK(arv_task_object(task) == NULL);
    arv_task_unref(task);
    scene_close(&s);
}

/* ---- refusals -------------------------------------------------------------------------------- */

void conformance_refuses_bad_keys(const conformance_target *target)
{
    static const char *const bad[] = {
        "",
        "x",
        "../etc/passwd",
        "5d/../../etc/passwd",
        "/5d/0192f0c1-7d3b-7cc2-9a51-3c6e1f2a4b5d.zip",
        "5e/0192f0c1-7d3b-7cc2-9a51-3c6e1f2a4b5d.zip",
        "5D/0192F0C1-7D3B-7CC2-9A51-3C6E1F2A4B5D.zip",
        "5d/0192f0c1-7d3b-7cc2-9a51-3c6e1f2a4b5d.zip/x",
        "5d/0192f0c1-7d3b-7cc2-9a51-3c6e1f2a4b5d..zip",
        "5d/0192f0c1-7d3b-7cc2-9a51-3c6e1f2a4b5d.",
        "5d/0192f0c1-7d3b-7cc2-9a51-3c6e1f2a4b5d zip",
        "5d/0192f0c1-7d3b-7cc2-9a51-3c6e1f2a4b5d.zip\n",
        "5d/0192f0c1-7d3b-7cc2-9a51-3c6e1f2a4b5d.012345678901234567890123456789012345",
    };
    scene s;
    scene_open(&s, target, SMALL);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        CHECK_SCENE("key '%s'", bad[i]);
        CHECK_ERR(scene_put(&s, s.source, bad[i]), &s.err, ARV_EINVALID, "key");
        CHECK_ERR(scene_stat(&s, bad[i]), &s.err, ARV_EINVALID, "key");
        CHECK_ERR(scene_get(&s, bad[i], test_path("out")), &s.err, ARV_EINVALID, "key");
        CHECK_ERR(scene_remove(&s, bad[i]), &s.err, ARV_EINVALID, "key");
    }
    CHECK_ERR(scene_stat(&s, NULL), &s.err, ARV_EINVALID, "key");
    scene_close(&s);
}

void conformance_refuses_what_was_not_expected(const conformance_target *target)
{
    scene s;
    arv_task *task;
    arv_digests wrong = {.present = ARV_DIGEST_SHA256}, none = {0};
    scene_open(&s, target, MIDDLE);
    CHECK_OK(arv_storage_put_file(s.storage, s.source, s.key, &wrong, NULL, NULL, &task, &s.err), &s.err);
    CHECK_ERR(test_finish(0, &task, &s.err), &s.err, ARV_EMISMATCH, "0000000000");
    scene_check_clean(&s);
    CHECK_OK(scene_put(&s, s.source, s.key), &s.err);
    CHECK_OK(arv_storage_get_file(s.storage, s.key, test_path("out"), &wrong, NULL, NULL, &task, &s.err),
             &s.err);
    CHECK_ERR(test_finish(0, &task, &s.err), &s.err, ARV_EMISMATCH, s.key);
    CHECK_INT(test_exists(test_path("out")), 0);
    CHECK_ERR(arv_storage_get_file(s.storage, s.key, test_path("out"), &none, NULL, NULL, &task, &s.err),
              &s.err, ARV_EINVALID, "digests");
    scene_close(&s);
}

/* Nothing new stands in the folder of the test, where the source does. A driver that hands over
 * whole files gets a private folder in TMPDIR, which is empty again. */
void conformance_hashes_and_compares_without_a_file(const conformance_target *target)
{
    scene s;
    arv_task *task;
    uint64_t done, total;
    arv_digests right, wrong = {.present = ARV_DIGEST_SHA512};
    scene_open(&s, target, MIDDLE);
    CHECK_OK(arv__digest_bytes(ARV_DIGEST_SHA256 | ARV_DIGEST_SHA512, s.bytes, s.length, &right, &s.err),
             &s.err);
    CHECK_OK(scene_put(&s, s.source, s.key), &s.err);
    CHECK_INT(mkdir(test_path("tmp"), 0700), 0);
    CHECK_INT(setenv("TMPDIR", test_path("tmp"), 1), 0);
    int names = test_count_dir(test_dir());
    CHECK_OK(arv_storage_get_file(s.storage, s.key, NULL, &right, NULL, NULL, &task, &s.err), &s.err);
    CHECK_OK(arv_task_wait(task, 600000, &s.err), &s.err);
    CHECK(arv_digests_equal(&arv_task_object(task)->digests, &right));
    CHECK_INT(arv_task_object(task)->size_bytes, s.length);
    arv_task_progress(task, &done, &total);
    CHECK_INT(done, s.length);
    CHECK_INT(total, s.length);
    arv_task_unref(task);

    CHECK_OK(scene_get(&s, s.key, NULL), &s.err);
    CHECK_OK(arv_storage_get_file(s.storage, s.key, NULL, &wrong, NULL, NULL, &task, &s.err), &s.err);
    CHECK_ERR(test_finish(0, &task, &s.err), &s.err, ARV_EMISMATCH, s.key);
    scene_new_key(s.key);
    CHECK_ERR(scene_get(&s, s.key, NULL), &s.err, ARV_ENOTFOUND, s.key);
    CHECK_INT(test_count_dir(test_dir()), names);
    CHECK_INT(test_count_dir(test_path("tmp")), 0);
    scene_close(&s);
}

void conformance_gives_a_file_only_under_a_free_name(const conformance_target *target)
{
    scene s;
    size_t length;
    scene_open(&s, target, SMALL);
    CHECK_OK(scene_put(&s, s.source, s.key), &s.err);
    test_write_file(test_path("out"), "mine", 4);
    CHECK_ERR(scene_get(&s, s.key, test_path("out")), &s.err, ARV_EEXISTS, "out");
    char *data = test_read_file(test_path("out"), &length);
    CHECK_STR(data, "mine");
    free(data);
    CHECK(scene_get(&s, s.key, test_path("no/such/folder/out")) < 0);
    CHECK_ERR(scene_get(&s, s.key, test_path("folder/")), &s.err, ARV_EINVALID, "path");
    scene_close(&s);
}

void conformance_refuses_sources_that_are_no_files(const conformance_target *target)
{
    scene s;
    scene_open(&s, target, SMALL);
    CHECK_ERR(scene_put(&s, test_path("missing"), s.key), &s.err, ARV_EVANISHED, "missing");
    CHECK_STR(s.err.subject, test_path("missing"));
    CHECK_ERR(scene_put(&s, test_dir(), s.key), &s.err, ARV_ESPECIAL, NULL);
    CHECK_INT(mkfifo(test_path("pipe"), 0600), 0);
    CHECK_ERR(scene_put(&s, test_path("pipe"), s.key), &s.err, ARV_ESPECIAL, "pipe");
    CHECK_ERR(scene_put(&s, "", s.key), &s.err, ARV_EINVALID, "path");
    scene_check_clean(&s);
    scene_close(&s);
}

/* ---- failure --------------------------------------------------------------------------------- */

void conformance_catches_wrong_bytes(const conformance_target *target)
{
    scene s;
    arv_digests digests;
    char hex[129];
    if (!target->corrupt)
        return;
    scene_open(&s, target, MIDDLE);
    CHECK_OK(scene_put(&s, s.source, s.key), &s.err); /* the storage was sound until now */
    scene_new_key(s.key);
    target->corrupt();
    CHECK_OK(arv__digest_bytes(ARV_DIGEST_SHA256, s.bytes, s.length, &digests, &s.err), &s.err);
    CHECK_ERR(scene_put(&s, s.source, s.key), &s.err, ARV_EREADBACK, "read back");
    CHECK_HAS(s.err.message, s.key);
    CHECK_HAS(s.err.message, arv_digests_hex(&digests, ARV_DIGEST_SHA256, hex));
    scene_check_clean(&s);
    scene_close(&s);
}

void conformance_leaves_nothing_when_it_is_full(const conformance_target *target)
{
    scene s;
    if (!target->fill)
        return;
    scene_open(&s, target, MIDDLE);
    target->fill();
    CHECK_ERR(scene_put(&s, s.source, s.key), &s.err, ARV_ENOSPACE, NULL);
    scene_check_clean(&s);
    scene_close(&s);
}

/* Cancelled after 0, 1, 2 … turns of the loop, until a put is too fast to be cancelled. */
void conformance_leaves_nothing_when_a_put_is_cancelled_at_any_moment(const conformance_target *target)
{
    scene s;
    arv_task *task;
    unsigned cancelled = 0, stored = 0;
    scene_open(&s, target, MIDDLE);
    for (int turns = 0; turns < TURNS_MAX && stored < 2; turns++) {
        CHECK_SCENE("%d turns", turns);
        scene_new_key(s.key);
        CHECK_OK(arv_storage_put_file(s.storage, s.source, s.key, NULL, NULL, NULL, &task, &s.err), &s.err);
        for (int i = 0; i < turns && !arv_task_done(task); i++)
            arv__loop_run(s.loop, ARV__LOOP_ONCE, 1000);
        bool late = arv_task_done(task);
        arv_task_cancel(task);
        int status = test_finish(0, &task, &s.err);
        if (status == 0) {
            stored += late;
            CHECK_OK(scene_stat(&s, s.key), &s.err);
            if (!target->keeps)
                CHECK_OK(scene_remove(&s, s.key), &s.err);
        } else {
            CHECK_INT(status, ARV_ECANCELED);
            cancelled++;
            scene_check_clean(&s);
        }
    }
    CHECK_INT(stored, 2);
    CHECK(cancelled >= 2);
    scene_close(&s);
}

void conformance_leaves_nothing_when_a_get_is_cancelled_at_any_moment(const conformance_target *target)
{
    scene s;
    arv_task *task;
    unsigned cancelled = 0, given = 0;
    scene_open(&s, target, MIDDLE);
    CHECK_OK(scene_put(&s, s.source, s.key), &s.err);
    int names = test_count_dir(test_dir());
    for (int turns = 0; turns < TURNS_MAX && given < 2; turns++) {
        CHECK_SCENE("%d turns", turns);
        CHECK_OK(arv_storage_get_file(s.storage, s.key, test_path("out"), NULL, NULL, NULL, &task, &s.err),
                 &s.err);
        for (int i = 0; i < turns && !arv_task_done(task); i++)
            arv__loop_run(s.loop, ARV__LOOP_ONCE, 1000);
        bool late = arv_task_done(task);
        arv_task_cancel(task);
        int status = test_finish(0, &task, &s.err);
        given += late;
        cancelled += status == ARV_ECANCELED;
        CHECK(status == 0 || status == ARV_ECANCELED);
        CHECK_INT(test_exists(test_path("out")), status == 0);
        unlink(test_path("out"));
        CHECK_INT(test_count_dir(test_dir()), names);
        scene_check_no_leftovers(target);
    }
    CHECK_INT(given, 2);
    CHECK(cancelled >= 1);
    scene_close(&s);
}

void conformance_ends_with_its_engine(const conformance_target *target)
{
    scene s;
    arv_task *tasks[3];
    scene_open(&s, target, MIDDLE);
    for (int i = 0; i < 3; i++) {
        scene_new_key(s.key);
        CHECK_OK(arv_storage_put_file(s.storage, s.source, s.key, NULL, NULL, NULL, &tasks[i], &s.err),
                 &s.err);
        for (int turn = 0; turn < 4 * i; turn++)
            arv__loop_run(s.loop, ARV__LOOP_ONCE, 1000);
    }
    arv_storage_unref(s.storage);
    arv__ops_cancel(arv__context_of(s.engine)->loop);
    while (arv__loop_busy(s.loop))
        arv__loop_run(s.loop, ARV__LOOP_ONCE, 1000);
    for (int i = 0; i < 3; i++) {
        CHECK(arv_task_done(tasks[i]));
        int status = arv_task_status(tasks[i], &s.err);
        CHECK(status == ARV_ECANCELED || status == 0);
        arv_task_unref(tasks[i]);
    }
    scene_check_no_leftovers(target);
    test_engine_free(s.engine);
    free(s.bytes);
}

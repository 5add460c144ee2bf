/* SPDX-License-Identifier: Apache-2.0 */

/* A storage in a folder knows itself: an unmounted disk and somebody else's storage are told from it. */

#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine.h"
#include "fault_fs.h"
#include "storage/internal.h"

#define UUID "0192f0c1-7d3b-7cc2-9a51-3c6e1f2a4b5d"
#define KEY "5d/" UUID ".zip"
#define OTHER "7a/00000000-0000-4000-8000-00000000007a.zip"
#define MARK "root/.archivist-storage"

static arv_error err;
static arv_engine *engine;

static int try_open(arv_storage **storage, const arv_storage_option *options, size_t count)
{
    char url[512];
    if (!engine)
        engine = test_engine_new();
    mkdir(test_path("root"), 0700);
    snprintf(url, sizeof url, "file://%s/root", test_dir());
    return arv_storage_open(storage, engine, url, options, count, &err);
}

/* Options in pairs; the last name is NULL. */
static arv_storage *open_with(const char *const *pairs)
{
    arv_storage_option options[8];
    arv_storage *storage;
    size_t count = 0;
    for (; pairs[2 * count]; count++)
        options[count] = (arv_storage_option){pairs[2 * count], pairs[2 * count + 1]};
    CHECK_OK(try_open(&storage, options, count), &err);
    return storage;
}
#define OPEN(...) open_with((const char *const[]){__VA_ARGS__, NULL, NULL})
#define OPEN_PLAIN() open_with((const char *const[]){NULL, NULL})

static void shut(arv_storage *storage)
{
    arv_storage_unref(storage);
    test_engine_free(engine);
    engine = NULL;
}

static int put(arv_storage *storage, const char *key)
{
    arv_task *task;
    arv_error_clear(&err);
    test_write_file(test_path("source"), "content", 7);
    return test_finish(arv_storage_put_file(storage, test_path("source"), key, NULL, NULL, NULL, &task, &err),
                       &task, &err);
}

static int get(arv_storage *storage, const char *key)
{
    arv_task *task;
    return test_finish(arv_storage_get_file(storage, key, NULL, NULL, NULL, NULL, &task, &err), &task, &err);
}

static int stat_object(arv_storage *storage, const char *key)
{
    arv_task *task;
    return test_finish(arv_storage_stat(storage, key, NULL, NULL, &task, &err), &task, &err);
}

static int remove_object(arv_storage *storage, const char *key)
{
    arv_task *task;
    return test_finish(arv_storage_remove(storage, key, NULL, NULL, &task, &err), &task, &err);
}

static int count_objects(arv_storage *storage)
{
    arv_task *task;
    size_t count = 0;
    CHECK_OK(arv_storage_list(storage, NULL, 10, NULL, NULL, &task, &err), &err);
    int status = arv_task_wait(task, 600000, &err);
    if (status == 0)
        arv_task_objects(task, &count);
    arv_task_unref(task);
    return status < 0 ? status : (int)count;
}

static int check(arv_storage *storage, char detail[ARV_CHECK_DETAIL_BYTES])
{
    arv_task *task;
    CHECK_OK(arv_storage_check(storage, NULL, NULL, &task, &err), &err);
    int status = arv_task_wait(task, 600000, &err);
    snprintf(detail, ARV_CHECK_DETAIL_BYTES, "%s", arv_task_check(task)->detail);
    arv_task_unref(task);
    return status;
}

static void read_id(char id[37])
{
    char *text = test_read_file(test_path(MARK), NULL);
    const char *at = strstr(text, "\"id\":\"");
    CHECK(at != NULL);
    snprintf(id, 37, "%.36s", at + 6);
    free(text);
}

/* ---- the file -------------------------------------------------------------------------------- */

TEST(the_first_archive_makes_the_mark_and_no_other_touches_it)
{
    char id[37], again[37];
    struct stat st;
    arv_storage *storage = OPEN("owner", "Uni \"Süd\"");
    CHECK(!test_exists(test_path(MARK)));
    CHECK_OK(put(storage, KEY), &err);
    read_id(id);
    char *text = test_read_file(test_path(MARK), NULL);
    CHECK_STR(text, test_path("{\"format\":\"archivist-storage-1\",\"id\":\"%s\",\"owner\":\"Uni "
                              "\\\"Süd\\\"\"}\n",
                              id) +
                        strlen(test_dir()) + 1);
    free(text);
    CHECK_INT(stat(test_path(MARK), &st), 0);
    CHECK_INT(st.st_mode & 0777 & ~0644, 0);
    CHECK_OK(put(storage, OTHER), &err);
    CHECK_OK(remove_object(storage, KEY), &err);
    read_id(again);
    CHECK_STR(again, id);
    CHECK_INT(count_objects(storage), 1);
    shut(storage);
}

TEST(an_archive_that_is_not_stored_brings_no_mark)
{
    arv_task *task;
    arv_digests wrong = {.present = ARV_DIGEST_SHA256};
    arv_storage *storage = OPEN("owner", "a");
    test_write_file(test_path("source"), "content", 7);
    CHECK_OK(arv_storage_put_file(storage, test_path("source"), KEY, &wrong, NULL, NULL, &task, &err), &err);
    CHECK_ERR(test_finish(0, &task, &err), &err, ARV_EMISMATCH, NULL);
    CHECK(!test_exists(test_path(MARK)));
    shut(storage);
}

TEST(a_check_leaves_no_mark_and_tells_of_the_one_that_is_there)
{
    char id[37], detail[ARV_CHECK_DETAIL_BYTES];
    arv_storage *storage = OPEN("owner", "https://moodle.example.edu");
    CHECK_OK(check(storage, detail), &err);
    CHECK_HAS(detail, "it has no mark yet");
    CHECK(!test_exists(test_path(MARK)));
    CHECK_OK(put(storage, KEY), &err);
    CHECK_OK(check(storage, detail), &err);
    read_id(id);
    CHECK_HAS(detail, id);
    CHECK_HAS(detail, "'https://moodle.example.edu'");
    shut(storage);
}

TEST(a_mark_without_an_owner_is_in_nobody_s_way)
{
    arv_storage *plain = OPEN_PLAIN();
    CHECK_OK(put(plain, KEY), &err);
    arv_storage *named = OPEN("owner", "a");
    CHECK_OK(put(named, OTHER), &err);
    CHECK_OK(remove_object(named, KEY), &err);
    arv_storage_unref(named);
    shut(plain);
}

/* ---- owners ---------------------------------------------------------------------------------- */

TEST(another_owner_reads_and_neither_writes_nor_removes)
{
    char detail[ARV_CHECK_DETAIL_BYTES];
    arv_storage *production = OPEN("owner", "production");
    arv_storage *clone = OPEN("owner", "staging");
    CHECK_OK(put(production, KEY), &err);
    CHECK_ERR(put(clone, OTHER), &err, ARV_EACCESS, "belongs to 'production'");
    CHECK_HAS(err.message, "'staging'");
    CHECK_HAS(err.message, "adopt=1");
    CHECK_ERR(remove_object(clone, KEY), &err, ARV_EACCESS, "'production'");
    CHECK_ERR(check(clone, detail), &err, ARV_EACCESS, "'production'");
    CHECK_OK(get(clone, KEY), &err);
    CHECK_OK(stat_object(clone, KEY), &err);
    CHECK_INT(count_objects(clone), 1);
    CHECK_OK(remove_object(production, KEY), &err);
    arv_storage *nobody = OPEN_PLAIN();
    CHECK_OK(put(nobody, KEY), &err);
    arv_storage_unref(nobody);
    arv_storage_unref(clone);
    shut(production);
}

TEST(adopting_changes_the_owner_and_keeps_the_id)
{
    char before[37], after[37], detail[ARV_CHECK_DETAIL_BYTES];
    arv_storage *old = OPEN("owner", "old name");
    CHECK_OK(put(old, KEY), &err);
    read_id(before);
    arv_storage *adopting = OPEN("owner", "new name", "adopt", "1");
    CHECK_OK(check(adopting, detail), &err);
    read_id(after);
    CHECK_STR(after, before);
    CHECK_INT(test_count_dir(test_path("root")), 3); /* the mark, two folders of digits */
    arv_storage *named = OPEN("owner", "new name");
    CHECK_OK(remove_object(named, KEY), &err);
    CHECK_ERR(put(old, KEY), &err, ARV_EACCESS, "'new name'");
    arv_storage_unref(named);
    arv_storage_unref(adopting);
    shut(old);
}

TEST(a_lost_mark_is_made_anew_by_a_check_that_adopts)
{
    char detail[ARV_CHECK_DETAIL_BYTES];
    arv_storage *storage = OPEN("owner", "a"), *marked = OPEN("owner", "a", "marked", "1");
    arv_storage *adopting = OPEN("owner", "a", "adopt", "1");
    CHECK_OK(put(storage, KEY), &err);
    CHECK_INT(unlink(test_path(MARK)), 0);
    CHECK_OK(check(storage, detail), &err);
    CHECK_ERR(stat_object(marked, KEY), &err, ARV_EOFFLINE, NULL);
    CHECK_OK(check(adopting, detail), &err);
    CHECK_OK(stat_object(marked, KEY), &err);
    arv_storage_unref(marked);
    arv_storage_unref(adopting);
    shut(storage);
}

TEST(of_two_first_writers_one_makes_the_mark)
{
    char id[37];
    arv_task *tasks[2];
    for (int round = 0; round < 20; round++) {
        CHECK_SCENE("round %d", round);
        arv_storage *a = OPEN("owner", "a"), *b = OPEN("owner", "a");
        test_write_file(test_path("source"), "content", 7);
        CHECK_OK(arv_storage_put_file(a, test_path("source"), KEY, NULL, NULL, NULL, &tasks[0], &err), &err);
        CHECK_OK(arv_storage_put_file(b, test_path("source"), OTHER, NULL, NULL, NULL, &tasks[1], &err),
                 &err);
        CHECK_OK(test_finish(0, &tasks[0], &err), &err);
        CHECK_OK(test_finish(0, &tasks[1], &err), &err);
        read_id(id);
        arv_storage_unref(b);
        shut(a);
        CHECK_INT(test_run(NULL, (const char *const[]){"rm", "-r", test_path("root"), NULL}), 0);
    }
}

/* ---- a disk that is not mounted -------------------------------------------------------------- */

static void check_offline(arv_storage *storage, const char *why)
{
    char detail[ARV_CHECK_DETAIL_BYTES];
    CHECK_ERR(put(storage, OTHER), &err, ARV_EOFFLINE, why);
    CHECK(err.flags & ARV_ERROR_RETRYABLE);
    CHECK_ERR(remove_object(storage, KEY), &err, ARV_EOFFLINE, why);
    CHECK_ERR(stat_object(storage, KEY), &err, ARV_EOFFLINE, why);
    CHECK_ERR(get(storage, KEY), &err, ARV_EOFFLINE, why);
    CHECK_INT(count_objects(storage), ARV_EOFFLINE);
    CHECK_ERR(check(storage, detail), &err, ARV_EOFFLINE, why);
}

TEST(an_empty_mount_point_is_not_taken_for_the_storage)
{
    arv_storage *storage = OPEN("owner", "a"), *marked = OPEN("marked", "1", "create", "1");
    CHECK_OK(put(storage, KEY), &err);
    CHECK_OK(stat_object(marked, KEY), &err);
    CHECK_INT(rename(test_path("root"), test_path("unmounted")), 0);
    CHECK_ERR(stat_object(marked, KEY), &err, ARV_EOFFLINE, "does not exist");
    CHECK(!test_exists(test_path("root"))); /* although it might be made */
    CHECK_INT(mkdir(test_path("root"), 0700), 0);
    check_offline(marked, "Is the disk mounted?");
    CHECK_INT(test_count_dir(test_path("root")), 0);
    CHECK_INT(rmdir(test_path("root")), 0);
    CHECK_INT(rename(test_path("unmounted"), test_path("root")), 0);
    CHECK_OK(remove_object(marked, KEY), &err);
    arv_storage_unref(marked);
    shut(storage);
}

TEST(another_disk_is_not_taken_for_the_storage)
{
    char id[37];
    arv_storage *storage = OPEN_PLAIN();
    CHECK_OK(put(storage, KEY), &err);
    read_id(id);
    arv_storage *same = OPEN("expect", id), *other = OPEN("expect", UUID);
    CHECK_OK(stat_object(same, KEY), &err);
    check_offline(other, "Is the right disk mounted?");
    CHECK_HAS(err.message, id);
    CHECK_INT(unlink(test_path(MARK)), 0);
    check_offline(same, "Is the disk mounted?");
    arv_storage_unref(same);
    arv_storage_unref(other);
    shut(storage);
}

/* ---- damage ---------------------------------------------------------------------------------- */

TEST(a_damaged_mark_stops_writing_and_removing)
{
    static const char *const bad[] = {
        "",
        "{}",
        "null",
        "[",
        "{\"format\":\"archivist-storage-2\",\"id\":\"" UUID "\"}",
        "{\"format\":\"archivist-storage-1\",\"id\":\"x\"}",
        "{\"format\":\"archivist-storage-1\",\"id\":\"" UUID "\",\"owner\":\"\"}",
    };
    char detail[ARV_CHECK_DETAIL_BYTES], big[2000];
    arv_storage *storage = OPEN("owner", "a"), *marked = OPEN("marked", "1");
    CHECK_OK(put(storage, KEY), &err);
    memset(big, ' ', sizeof big);
    for (size_t i = 0; i <= sizeof bad / sizeof bad[0]; i++) {
        bool last = i == sizeof bad / sizeof bad[0];
        CHECK_SCENE("mark '%s'", last ? "too long" : bad[i]);
        test_write_file(test_path(MARK), last ? big : bad[i], last ? sizeof big : strlen(bad[i]));
        CHECK_ERR(put(storage, OTHER), &err, ARV_EFORMAT, ".archivist-storage");
        CHECK_ERR(remove_object(storage, KEY), &err, ARV_EFORMAT, "whose storage");
        CHECK_OK(get(storage, KEY), &err);
        CHECK_OK(get(marked, KEY), &err);
    }
    CHECK_ERR(check(storage, detail), &err, ARV_EFORMAT, NULL);
    CHECK_HAS(detail, "WARNING: its mark");
    CHECK_INT(unlink(test_path(MARK)), 0);
    CHECK_INT(symlink("/etc/passwd", test_path(MARK)), 0);
    CHECK_ERR(put(storage, OTHER), &err, ARV_EFORMAT, NULL);
    CHECK_INT(unlink(test_path(MARK)), 0);
    CHECK_INT(mkfifo(test_path(MARK), 0600), 0);
    CHECK_ERR(put(storage, OTHER), &err, ARV_EFORMAT, NULL);
    CHECK_INT(unlink(test_path(MARK)), 0);
    CHECK_OK(put(storage, OTHER), &err);
    arv_storage_unref(marked);
    shut(storage);
}

/* Whichever call of an adoption fails: the mark is the old one or the new one, whole. */
TEST(a_failed_adoption_leaves_one_whole_mark_and_nothing_else)
{
    bool met = true;
    arv_storage *storage = OPEN("owner", "old");
    CHECK_OK(put(storage, KEY), &err);
    shut(storage);
    char *old = test_read_file(test_path(MARK), NULL);
    for (unsigned nth = 1; met; nth++) {
        CHECK_SCENE("call %u fails", nth);
        test_write_file(test_path(MARK), old, strlen(old));
        storage = OPEN("owner", "new", "adopt", "1");
        fault_fs_install();
        fault_fs_fail(FAULT_ANY, nth, EIO);
        int status = remove_object(storage, OTHER);
        met = fault_fs_calls(FAULT_ANY) >= nth;
        fault_fs_remove();
        shut(storage);
        char *now = test_read_file(test_path(MARK), NULL);
        CHECK(strcmp(now, old) == 0 || strstr(now, "\"owner\":\"new\"}\n"));
        CHECK(status < 0 && (status != ARV_ENOTFOUND || strcmp(now, old) != 0));
        free(now);
        CHECK_INT(test_count_dir(test_path("root")), 2);
        CHECK(nth < 200);
    }
    free(old);
}

/* ---- options --------------------------------------------------------------------------------- */

TEST(options_are_checked)
{
    static const struct {
        const char *name, *value, *says;
    } bad[] = {
        {"owner", "", "1 to 64"},
        {"owner", "0123456789012345678901234567890123456789012345678901234567890123456", "1 to 64"},
        {"owner", "a\nb", "printable"},
        {"owner", "\xff", "printable"},
        {"expect", "x", "'expect'"},
        {"marked", "yes", "'marked'"},
        {"adopt", "1", "'owner'"},
    };
    arv_storage *storage;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        arv_storage_option option = {bad[i].name, bad[i].value};
        CHECK_SCENE("%s=%s", bad[i].name, bad[i].value);
        CHECK_ERR(try_open(&storage, &option, 1), &err, ARV_EINVALID, bad[i].says);
    }
    test_engine_free(engine);
}

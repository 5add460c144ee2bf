/* SPDX-License-Identifier: Apache-2.0 */

/* What the conformance suite cannot know of the driver for folders: modes, links, fallbacks of a
 * poor file system, and a fault at every single file operation. */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine.h"
#include "fault_fs.h"
#include "storage/internal.h"
#include "test.h"

#define UUID "0192f0c1-7d3b-7cc2-9a51-3c6e1f2a4b5d"
#define KEY "5d/" UUID ".zip"

static arv_error err;
static arv_engine *engine;
static arv_storage *storage;

static int open_url(const char *url, const char *option, const char *value)
{
    arv_storage_option options = {option, value};
    if (!engine)
        engine = test_engine_new();
    return arv_storage_open(&storage, engine, url, &options, option != NULL, &err);
}

static void open_folder(void)
{
    char url[512];
    mkdir(test_path("root"), 0700);
    snprintf(url, sizeof url, "file://%s/root/", test_dir());
    CHECK_OK(open_url(url, NULL, NULL), &err);
}

static void shut(void)
{
    arv_storage_unref(storage);
    test_engine_free(engine);
    storage = NULL;
    engine = NULL;
}

static int put(const char *key)
{
    arv_task *task;
    arv_error_clear(&err);
    test_write_file(test_path("source"), "content", 7);
    return test_finish(arv_storage_put_file(storage, test_path("source"), key, NULL, NULL, NULL, &task, &err),
                       &task, &err);
}

static int get(const char *key)
{
    arv_task *task;
    unlink(test_path("out"));
    return test_finish(arv_storage_get_file(storage, key, test_path("out"), NULL, NULL, NULL, &task, &err),
                       &task, &err);
}

static int stat_object(const char *key)
{
    arv_task *task;
    return test_finish(arv_storage_stat(storage, key, NULL, NULL, &task, &err), &task, &err);
}

static int remove_object(const char *key)
{
    arv_task *task;
    return test_finish(arv_storage_remove(storage, key, NULL, NULL, &task, &err), &task, &err);
}

static int check(arv_check *result)
{
    arv_task *task;
    CHECK_OK(arv_storage_check(storage, NULL, NULL, &task, &err), &err);
    int status = arv_task_wait(task, 600000, &err);
    *result = *arv_task_check(task);
    arv_task_unref(task);
    return status;
}

/* Files below the root, whatever their names, but for the storage's mark. */
static int count_files(void)
{
    int n = 0;
    DIR *dir = opendir(test_path("root"));
    for (struct dirent *e; dir && (e = readdir(dir));)
        if (e->d_name[0] != '.')
            n += test_count_dir(test_path("root/%s", e->d_name));
        else
            n += strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0 &&
                 strcmp(e->d_name, ".archivist-storage") != 0;
    if (dir)
        closedir(dir);
    return n;
}

/* ---- URL and options ------------------------------------------------------------------------- */

TEST(urls_name_an_absolute_folder_of_this_machine)
{
    static const char *const bad[][2] = {
        {"file://server/srv/archive", "host"},
        {"file:///", "no folder"},
        {"file:///srv/../etc", "'..'"},
        {"file:///srv/./x", "'.'"},
        {"file:///srv/%2e%2e/etc", "'..'"},
        {"file:///srv/a%00", "%00"},
        {"file:///srv/%ff", "UTF-8"},
        {"file:///srv?x=1", "query"},
        {"file:///srv#x", "fragment"},
        {"file:///srv/a b", "URL"},
        {"file:/srv", "URL"},
        {"srv", "URL"},
        {"file://", "no folder"},
        {"file://user@localhost/srv", "user name"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CHECK_ERR(open_url(bad[i][0], NULL, NULL), &err, ARV_EINVALID, bad[i][1]);
    CHECK_OK(open_url("file://localhost/srv/a%20b/", NULL, NULL), &err);
    CHECK_STR(arv_storage_url(storage), "file://localhost/srv/a%20b");
    CHECK_STR(arv_storage_driver_name(storage), "filesystem");
    shut();
}

TEST(unknown_options_are_named_with_those_allowed)
{
    CHECK_ERR(open_url("file:///srv", "craete", "1"), &err, ARV_EINVALID, "craete");
    CHECK_HAS(err.message, "'create'");
    CHECK_ERR(open_url("file:///srv", "create", "yes"), &err, ARV_EINVALID, "'0' or '1'");
    CHECK_ERR(open_url("file:///srv", "create", NULL), &err, ARV_EINVALID, "no value");
}

TEST(a_percent_encoded_folder_is_found)
{
    char url[512];
    CHECK_INT(mkdir(test_path("r \xc3\xa4%%"), 0700), 0);
    snprintf(url, sizeof url, "file://%s/r%%20%%c3%%A4%%25", test_dir());
    CHECK_OK(open_url(url, NULL, NULL), &err);
    CHECK_OK(put(KEY), &err);
    CHECK(test_exists(test_path("r \xc3\xa4%%/" KEY)));
    shut();
}

/* ---- the root -------------------------------------------------------------------------------- */

TEST(a_missing_root_is_offline_unless_it_may_be_made)
{
    char url[512];
    struct stat st;
    arv_check result;
    snprintf(url, sizeof url, "file://%s/root", test_dir());
    CHECK_OK(open_url(url, NULL, NULL), &err);
    CHECK_ERR(check(&result), &err, ARV_EOFFLINE, "does not exist");
    CHECK(!result.done[ARV_CHECK_CONNECT]);
    CHECK_ERR(put(KEY), &err, ARV_EOFFLINE, "mount what holds it");
    CHECK(!test_exists(test_path("root")));
    arv_storage_unref(storage);
    CHECK_OK(open_url(url, "create", "1"), &err);
    CHECK(!test_exists(test_path("root")));
    CHECK_OK(put(KEY), &err);
    CHECK_INT(stat(test_path("root"), &st), 0);
    CHECK_INT(st.st_mode & 07777, 0700);
    shut();
}

TEST(a_root_that_is_a_link_or_a_file_is_unsafe)
{
    arv_check result;
    char url[512];
    CHECK_INT(mkdir(test_path("real"), 0700), 0);
    CHECK_INT(symlink(test_path("real"), test_path("link")), 0);
    test_write_file(test_path("file"), "", 0);
    snprintf(url, sizeof url, "file://%s/link", test_dir());
    CHECK_OK(open_url(url, NULL, NULL), &err);
    CHECK_ERR(check(&result), &err, ARV_EUNSAFE, "symbolic link");
    CHECK_ERR(put(KEY), &err, ARV_EUNSAFE, "symbolic link");
    arv_storage_unref(storage);
    snprintf(url, sizeof url, "file://%s/file", test_dir());
    CHECK_OK(open_url(url, NULL, NULL), &err);
    CHECK_ERR(put(KEY), &err, ARV_EUNSAFE, "not a folder");
    CHECK_INT(test_count_dir(test_path("real")), 0);
    shut();
}

TEST(a_check_tells_how_files_are_named_and_warns_of_open_folders)
{
    arv_check result;
    open_folder();
    CHECK_OK(check(&result), &err);
    CHECK_HAS(result.detail, "0700");
    CHECK(strstr(result.detail, "WARNING") == NULL);
    CHECK_INT(chmod(test_path("root"), 0777), 0);
    CHECK_OK(check(&result), &err);
    CHECK_HAS(result.detail, "WARNING: everybody may write");
    CHECK_INT(count_files(), 0);
    shut();
}

/* ---- modes and links ------------------------------------------------------------------------- */

TEST(objects_and_folders_are_private)
{
    struct stat st;
    umask(0);
    open_folder();
    CHECK_OK(put(KEY), &err);
    CHECK_INT(stat(test_path("root/" KEY), &st), 0);
    CHECK_INT(st.st_mode & 07777, 0600);
    CHECK_INT(stat(test_path("root/5d"), &st), 0);
    CHECK_INT(st.st_mode & 07777, 0700);
    CHECK_INT(count_files(), 1);
    shut();
}

TEST(a_folder_of_digits_that_is_a_link_is_not_followed)
{
    open_folder();
    CHECK_INT(mkdir(test_path("outside"), 0700), 0);
    test_write_file(test_path("outside/" UUID ".zip"), "secret", 6);
    CHECK_INT(symlink(test_path("outside"), test_path("root/5d")), 0);
    CHECK_ERR(put(KEY), &err, ARV_EUNSAFE, "5d");
    CHECK_ERR(get(KEY), &err, ARV_EUNSAFE, "symbolic link");
    CHECK_ERR(stat_object(KEY), &err, ARV_EUNSAFE, NULL);
    CHECK_ERR(remove_object(KEY), &err, ARV_EUNSAFE, NULL);
    CHECK_INT(test_count_dir(test_path("outside")), 1);
    CHECK(!test_exists(test_path("out")));
    shut();
}

TEST(an_object_that_is_a_link_or_a_pipe_is_neither_read_nor_removed)
{
    arv_task *task;
    size_t count;
    open_folder();
    test_write_file(test_path("secret"), "secret", 6);
    CHECK_INT(mkdir(test_path("root/5d"), 0700), 0);
    for (int kind = 0; kind < 2; kind++) {
        CHECK_SCENE("%s", kind == 0 ? "a link" : "a pipe");
        if (kind == 0)
            CHECK_INT(symlink(test_path("secret"), test_path("root/" KEY)), 0);
        else
            CHECK_INT(mkfifo(test_path("root/" KEY), 0600), 0);
        CHECK_ERR(get(KEY), &err, ARV_EUNSAFE, "not a regular file");
        CHECK_ERR(stat_object(KEY), &err, ARV_EUNSAFE, NULL);
        CHECK_ERR(remove_object(KEY), &err, ARV_EUNSAFE, NULL);
        CHECK_ERR(put(KEY), &err, ARV_EEXISTS, NULL);
        CHECK_OK(arv_storage_list(storage, NULL, 10, NULL, NULL, &task, &err), &err);
        CHECK_OK(arv_task_wait(task, 600000, &err), &err);
        arv_task_objects(task, &count);
        CHECK_INT(count, 0);
        arv_task_unref(task);
        CHECK(test_exists(test_path("root/" KEY)));
        unlink(test_path("root/" KEY));
    }
    shut();
}

TEST(a_list_passes_over_what_is_no_object)
{
    arv_task *task;
    size_t count;
    open_folder();
    CHECK_OK(put(KEY), &err);
    test_write_file(test_path("root/README"), "x", 1);
    test_write_file(test_path("root/5d/.archivist-123.part"), "x", 1);
    test_write_file(test_path("root/5d/notes.txt"), "x", 1);
    CHECK_INT(mkdir(test_path("root/zz"), 0700), 0);
    CHECK_INT(mkdir(test_path("root/lost+found"), 0700), 0);
    test_write_file(test_path("root/00"), "a file, not a folder", 20);
    CHECK_INT(symlink(test_path("root/5d"), test_path("root/01")), 0);
    CHECK_OK(arv_storage_list(storage, NULL, 10, NULL, NULL, &task, &err), &err);
    CHECK_OK(arv_task_wait(task, 600000, &err), &err);
    const arv_object *objects = arv_task_objects(task, &count);
    CHECK_INT(count, 1);
    CHECK_STR(objects[0].key, KEY);
    arv_task_unref(task);
    shut();
}

/* Pages of one, of some and of many over a folder with more names than a page holds. */
TEST(pages_of_any_size_meet_every_object_once)
{
    enum { OBJECTS = 700 };
    static const unsigned limits[] = {1, 7, 64, 699, 700, 1000};
    arv_task *task;
    size_t count;
    open_folder();
    for (int shard = 0; shard < 3; shard++)
        CHECK_INT(mkdir(test_path("root/%02x", 0x10 * shard), 0700), 0);
    for (int i = 0; i < OBJECTS; i++) {
        int shard = i % 3;
        test_write_file(test_path("root/%02x/%08x-0000-4000-8000-0000000000%02x.zip", 0x10 * shard,
                                  (unsigned)i * 2654435761u, 0x10 * shard),
                        "x", 1);
    }
    for (size_t l = 0; l < sizeof limits / sizeof limits[0]; l++) {
        CHECK_SCENE("pages of %u", limits[l]);
        char after[ARV_KEY_BYTES] = "";
        unsigned seen = 0;
        do {
            CHECK_OK(arv_storage_list(storage, after, limits[l], NULL, NULL, &task, &err), &err);
            CHECK_OK(arv_task_wait(task, 600000, &err), &err);
            const arv_object *objects = arv_task_objects(task, &count);
            for (size_t i = 0; i < count; i++) {
                CHECK(strcmp(objects[i].key, after) > 0);
                CHECK_INT(objects[i].size_bytes, 1);
                strcpy(after, objects[i].key);
                seen++;
            }
            arv_task_unref(task);
        } while (count == limits[l]);
        CHECK_INT(seen, OBJECTS);
    }
    shut();
}

/* ---- poor file systems, faults --------------------------------------------------------------- */

static void check_round_trip(const char *way)
{
    arv_check result;
    size_t length;
    open_folder();
    CHECK_OK(check(&result), &err);
    CHECK_HAS(result.detail, way);
    CHECK_OK(put(KEY), &err);
    CHECK_ERR(put(KEY), &err, ARV_EEXISTS, NULL);
    CHECK_OK(get(KEY), &err);
    char *data = test_read_file(test_path("out"), &length);
    CHECK_STR(data, "content");
    free(data);
    CHECK_INT(count_files(), 1);
    shut();
}

TEST(a_file_system_without_tmpfile_gets_links)
{
    fault_fs_install();
    fault_fs_lack(FAULT_OPEN_TMPFILE, EOPNOTSUPP);
    check_round_trip("link");
}

TEST(a_file_system_without_links_gets_renames)
{
    fault_fs_install();
    fault_fs_lack(FAULT_OPEN_TMPFILE, EOPNOTSUPP);
    fault_fs_lack(FAULT_LINKAT, EPERM);
    check_round_trip("renameat2");
}

TEST(a_file_system_that_can_only_overwrite_is_refused)
{
    arv_check result;
    fault_fs_install();
    fault_fs_lack(FAULT_OPEN_TMPFILE, EOPNOTSUPP);
    fault_fs_lack(FAULT_LINKAT, EPERM);
    fault_fs_lack(FAULT_RENAMEAT, EINVAL);
    open_folder();
    CHECK_ERR(check(&result), &err, ARV_EUNSUPPORTED, NULL);
    CHECK_INT(put(KEY), ARV_EUNSUPPORTED);
    CHECK_INT(count_files(), 0);
    shut();
}

TEST(a_file_system_without_links_is_unsupported_in_check_and_put_although_it_answers_eio)
{
    arv_check result;
    for (int late = 0; late <= 1; late++) {
        CHECK_SCENE("%s", late ? "told by the last step" : "told at once");
        open_folder();
        fault_fs_install();
        if (late) { /* O_TMPFILE is there, and only the last step shows it */
            fault_fs_fail_from(FAULT_LINK_EMPTY, 2, EIO);
        } else {
            fault_fs_lack(FAULT_OPEN_TMPFILE, EOPNOTSUPP);
            fault_fs_lack(FAULT_RENAMEAT, EINVAL);
        }
        fault_fs_lack(FAULT_LINKAT, EIO);
        CHECK_ERR(put(KEY), &err, ARV_EUNSUPPORTED, "another file system");
        CHECK_INT(err.flags & ARV_ERROR_RETRYABLE, 0);
        fault_fs_reset();
        if (late) {
            fault_fs_fail_from(FAULT_LINK_EMPTY, 3, EIO); /* connect asks, too */
        } else {
            fault_fs_lack(FAULT_OPEN_TMPFILE, EOPNOTSUPP);
            fault_fs_lack(FAULT_RENAMEAT, EINVAL);
        }
        fault_fs_lack(FAULT_LINKAT, EIO);
        CHECK_ERR(check(&result), &err, ARV_EUNSUPPORTED, "another file system");
        CHECK(!result.done[ARV_CHECK_WRITE]);
        CHECK_INT(count_files(), 0);
        fault_fs_remove();
        shut();
    }
}

TEST(a_full_disk_leaves_nothing)
{
    fault_fs_install();
    fault_fs_fail_from(FAULT_PWRITE, 1, ENOSPC);
    open_folder();
    CHECK_ERR(put(KEY), &err, ARV_ENOSPACE, NULL);
    CHECK_INT(count_files(), 0);
    CHECK_INT(stat_object(KEY), ARV_ENOTFOUND);
    shut();
}

/* What the medium refused to flush must not count as stored. */
TEST(a_failed_flush_is_an_error)
{
    fault_fs_install();
    open_folder();
    fault_fs_fail_from(FAULT_FSYNC, 1, EIO);
    fault_fs_fail_from(FAULT_FDATASYNC, 1, EIO);
    CHECK_ERR(put(KEY), &err, ARV_EIO, NULL);
    CHECK_INT(count_files(), 0);
    shut();
}

/* So answers one that was set to be read only because its disk failed, with what was not written lost. */
TEST(a_file_system_that_has_failed_proves_nothing)
{
    arv_task *task;
    open_folder();
    CHECK_OK(put(KEY), &err);
    fault_fs_install();
    fault_fs_lack(FAULT_FSYNC, EROFS);
    CHECK_ERR(test_finish(arv_storage_get_file(storage, KEY, NULL, NULL, NULL, NULL, &task, &err), &task,
                          &err),
              &err, ARV_EACCESS, "cannot be flushed");
    CHECK_OK(stat_object(KEY), &err); /* it may still be looked at */
    fault_fs_remove();
    shut();
}

static int descriptors(void)
{
    return test_count_dir("/proc/self/fd");
}

static void with_fault_at_every_call(int error, bool poor)
{
    bool met = true;
    open_folder();
    CHECK_OK(put("7a/00000000-0000-4000-8000-00000000007a"), &err); /* starts the threads */
    CHECK_OK(remove_object("7a/00000000-0000-4000-8000-00000000007a"), &err);
    int open_before = descriptors();
    for (unsigned nth = 1; met; nth++) {
        CHECK_SCENE("call %u fails", nth);
        unlink(test_path("root/.archivist-storage")); /* the first object makes it */
        fault_fs_install();
        if (poor)
            fault_fs_lack(FAULT_OPEN_TMPFILE, EOPNOTSUPP);
        fault_fs_fail(FAULT_ANY, nth, error);
        int status = put(KEY);
        met = fault_fs_calls(FAULT_ANY) >= nth;
        fault_fs_remove();
        if (status < 0) {
            CHECK(met);
            CHECK(err.message[0] != '\0');
            CHECK_INT(stat_object(KEY), ARV_ENOTFOUND);
            CHECK_INT(count_files(), 0);
        } else {
            CHECK_OK(get(KEY), &err);
            CHECK_OK(remove_object(KEY), &err);
        }
        CHECK_INT(descriptors(), open_before);
        CHECK(nth < 500);
    }
    shut();
}

TEST(nothing_is_left_whichever_call_fails)
{
    with_fault_at_every_call(EIO, false);
}

TEST(nothing_is_left_whichever_call_finds_a_full_disk)
{
    with_fault_at_every_call(ENOSPC, false);
}

TEST(nothing_is_left_whichever_call_fails_without_tmpfile)
{
    with_fault_at_every_call(EIO, true);
}

TEST(removing_is_flushed_or_reported)
{
    open_folder();
    CHECK_OK(put(KEY), &err);
    fault_fs_install();
    fault_fs_fail_from(FAULT_FSYNC, 1, EIO);
    CHECK_ERR(remove_object(KEY), &err, ARV_EIO, "flushed");
    /* Who removed it may have been killed before the flush: that it is gone is not true until then. */
    CHECK_ERR(remove_object(KEY), &err, ARV_EIO, "flushed");
    fault_fs_remove();
    CHECK_ERR(remove_object(KEY), &err, ARV_ENOTFOUND, KEY);
    shut();
}

TEST(a_root_without_permission_is_named)
{
    arv_check result;
    fault_fs_install();
    fault_fs_fail_from(FAULT_OPENAT, 1, EACCES);
    open_folder();
    CHECK_ERR(check(&result), &err, ARV_EACCESS, "root");
    shut();
}

TEST(what_a_killed_writer_left_goes_when_that_is_asked_for)
{
    arv_task *task;
    open_folder();
    CHECK_OK(arv_storage_tidy(storage, KEY, NULL, NULL, &task, &err), &err); /* no folder of digits yet */
    CHECK_OK(test_finish(0, &task, &err), &err);
    CHECK_INT(mkdir(test_path("root/5d"), 0700), 0);
    test_write_file(test_path("root/.archivist-0123456789abcdef.part"), "a mark", 6);
    test_write_file(test_path("root/5d/.archivist-0123456789abcdef.part"), "a part", 6);
    CHECK_ERR(stat_object(KEY), &err, ARV_ENOTFOUND, KEY);
    CHECK_INT(test_count_dir(test_path("root/5d")), 1);
    CHECK_OK(arv_storage_tidy(storage, KEY, NULL, NULL, &task, &err), &err);
    CHECK_OK(test_finish(0, &task, &err), &err);
    CHECK_INT(test_count_dir(test_path("root/5d")), 0);
    CHECK_INT(test_count_dir(test_path("root")), 1);
    test_write_file(test_path("root/5d/.archivist-0123456789abcdef.part"), "a part", 6);
    CHECK_ERR(remove_object(KEY), &err, ARV_ENOTFOUND, KEY);
    CHECK_INT(test_count_dir(test_path("root/5d")), 0);
    shut();
}

TEST(what_is_proven_is_flushed_with_its_name_and_nothing_else_is_left)
{
    arv_digests expected;
    arv_task *task;
    open_folder();
    CHECK_OK(put(KEY), &err);
    CHECK_OK(arv_storage_get_file(storage, KEY, test_path("copy"), NULL, NULL, NULL, &task, &err), &err);
    CHECK_OK(arv_task_wait(task, 600000, &err), &err);
    expected = arv_task_object(task)->digests;
    arv_task_unref(task);
    test_write_file(test_path("root/5d/.archivist-0123456789abcdef.part"), "a part", 6);
    fault_fs_install();
    CHECK_OK(arv_storage_get_file(storage, KEY, NULL, &expected, NULL, NULL, &task, &err), &err);
    CHECK_OK(test_finish(0, &task, &err), &err);
    CHECK(fault_fs_calls(FAULT_FSYNC) >= 3); /* the object, its folder, the root */
    fault_fs_fail(FAULT_FSYNC, 2, EIO);
    CHECK_OK(arv_storage_get_file(storage, KEY, NULL, &expected, NULL, NULL, &task, &err), &err);
    CHECK_ERR(test_finish(0, &task, &err), &err, ARV_EIO, "flushed");
    fault_fs_remove();
    CHECK_INT(test_count_dir(test_path("root/5d")), 1);
    shut();
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <arv/entry.h>
#include "alloc_fail.h"
#include "fault_fs.h"
#include "loop/fileops.h"
#include "package/doubled.h"
#include "package/plan.h"

static arv_entries *entries_new(void)
{
    arv_error err;
    arv_entries *entries;
    CHECK_OK(arv_entries_new(&entries, NULL, &err), &err);
    return entries;
}

static const char *root(void)
{
    const char *path = test_path("root");
    mkdir(path, 0700);
    return path;
}

static void make_folder(const char *name)
{
    root();
    CHECK_INT(mkdir(test_path("root/%s", name), 0700), 0);
}

static void make_file(const char *name, const char *text)
{
    root();
    test_write_file(test_path("root/%s", name), text, strlen(text));
}

static void make_link(const char *name, const char *target)
{
    root();
    CHECK_INT(symlink(target, test_path("root/%s", name)), 0);
}

/* Walks and lists what came out, "name<path relative to root" a line; "name/" is an empty folder.
 */
static void check_walk(const char *prefix, const arv_folder_options *options, const char *expected)
{
    arv_error err;
    arv__plan *plan;
    arv__plan_item item;
    char all[8000] = "", real[4096];
    int status;
    arv_entries *entries = entries_new();
    CHECK_OK(arv_entries_add_folder(entries, prefix, root(), options, &err), &err);
    CHECK(realpath(root(), real) != NULL);
    CHECK_OK(arv__plan_new(&plan, entries, &err), &err);
    CHECK_OK(arv__plan_prepare(plan, &err), &err);
    while ((status = arv__plan_next(plan, &item, &err)) > 0) {
        size_t used = strlen(all);
        if (item.from == ARV__FROM_PATH) {
            struct stat st;
            CHECK_INT(lstat(item.path, &st), 0);
            CHECK(S_ISREG(st.st_mode));
            CHECK_INT(item.size_bytes, st.st_size);
            CHECK_INT(item.modified_at_unix, st.st_mtime);
            CHECK_MEM(item.path, real, strlen(real));
            snprintf(all + used, sizeof all - used, "%s<%s\n", item.original, item.path + strlen(real) + 1);
        } else {
            CHECK_INT(item.from, ARV__FROM_NOTHING);
            snprintf(all + used, sizeof all - used, "%s/\n", item.original);
        }
    }
    CHECK_OK(status, &err);
    CHECK_STR(all, expected);
    arv__plan_free(plan);
    arv_entries_unref(entries);
}

static void check_walk_fails(const arv_folder_options *options, int code, const char *part)
{
    arv_error err;
    arv_entries *entries = entries_new();
    CHECK_ERR(arv_entries_add_folder(entries, NULL, root(), options, &err), &err, code, part);
    arv_entries_unref(entries);
}

TEST(walk_records_every_file_and_empty_folder)
{
    make_file("b", "12");
    make_folder("a");
    make_file("a/x", "1");
    make_folder("a/deep");
    make_folder("a/deep/er");
    make_file("a/deep/er/y", "");
    make_folder("a/none");
    make_file(".hidden", "h");
    check_walk(NULL, NULL, ".hidden<.hidden\na/deep/er/y<a/deep/er/y\na/none/\na/x<a/x\nb<b\n");
}

TEST(walk_names_everything_behind_the_prefix)
{
    make_file("b", "12");
    make_folder("a");
    check_walk("course/quiz//", NULL, "course/quiz/a/\ncourse/quiz/b<b\n");
}

TEST(walk_of_an_empty_folder_records_its_prefix_or_nothing)
{
    check_walk("course", NULL, "course/\n");
    check_walk(NULL, NULL, "");
    check_walk("", NULL, "");
}

TEST(walk_gives_every_entry_the_owner)
{
    arv_error err;
    arv__plan *plan;
    arv__plan_item item;
    arv_entries *entries = entries_new();
    const arv_folder_options options = {.struct_bytes = sizeof options, .owner = "Mia"};
    make_file("a", "1");
    make_folder("b");
    CHECK_OK(arv_entries_add_folder(entries, NULL, root(), &options, &err), &err);
    CHECK_OK(arv__plan_new(&plan, entries, &err), &err);
    CHECK_OK(arv__plan_prepare(plan, &err), &err);
    for (int i = 0; i < 2; i++) {
        CHECK_INT(arv__plan_next(plan, &item, &err), 1);
        CHECK_STR(item.owner, "Mia");
    }
    arv__plan_free(plan);
    arv_entries_unref(entries);
}

TEST(walk_leaves_out_what_patterns_match)
{
    static const char *const patterns[] = {"*.tmp", "a/x", ".git"};
    const arv_folder_options options = {.struct_bytes = sizeof options,
                                        .exclude = patterns,
                                        .exclude_count = 3};
    make_folder("a");
    make_file("a/x", "1");
    make_file("a/y", "1");
    make_folder("b");
    make_file("b/x", "1");
    make_file("b/1.tmp", "1");
    make_folder("c");
    make_file("c/2.tmp", "1");
    make_folder(".git");
    make_file(".git/config", "1");
    check_walk("p", &options, "p/a/y<a/y\np/b/x<b/x\np/c/\n");
}

TEST(walk_stores_what_a_link_inside_the_folder_names)
{
    make_folder("a");
    make_file("a/x", "123");
    make_link("to-file", "a/x");
    make_link("to-link", "to-file");
    make_link("a/up", "../a/x");
    make_link("absolute", test_path("root/a/x"));
    check_walk(NULL, NULL, "a/up<a/x\na/x<a/x\nabsolute<a/x\nto-file<a/x\nto-link<a/x\n");
}

TEST(walk_goes_through_a_link_to_a_folder_inside)
{
    make_folder("a");
    make_folder("a/b");
    make_file("a/b/x", "123");
    make_file("a/y", "123");
    make_link("l", "a");
    make_link("m", "a/b");
    check_walk("p", NULL, "p/a/b/x<a/b/x\np/a/y<a/y\np/l/b/x<a/b/x\np/l/y<a/y\np/m/x<a/b/x\n");
}

TEST(walk_leaves_links_out_when_asked_to)
{
    const arv_folder_options options = {.struct_bytes = sizeof options, .links = ARV_LINKS_SKIP};
    make_file("x", "1");
    make_folder("only");
    make_link("only/nowhere", "missing");
    make_link("out", "/etc");
    make_link("circle", ".");
    check_walk(NULL, &options, "only/\nx<x\n");
}

TEST(walk_refuses_a_link_that_leaves_the_folder)
{
    make_file("x", "1");
    test_write_file(test_path("outside"), "1", 1);
    make_link("bad-link", "../outside");
    check_walk_fails(NULL, ARV_ELINK, "root/bad-link");
}

TEST(walk_refuses_a_link_to_a_folder_whose_name_only_begins_alike)
{
    root();
    CHECK_INT(mkdir(test_path("root2"), 0700), 0);
    test_write_file(test_path("root2/x"), "1", 1);
    make_link("bad-link", "../root2");
    check_walk_fails(NULL, ARV_ELINK, "leaves");
}

TEST(walk_refuses_a_link_that_leaves_through_another_one)
{
    const char *const excluded[] = {"way-out"};
    const arv_folder_options options = {.struct_bytes = sizeof options,
                                        .exclude = excluded,
                                        .exclude_count = 1};
    make_link("way-out", "..");
    test_write_file(test_path("outside"), "1", 1);
    make_link("bad-link", "way-out/outside");
    check_walk_fails(&options, ARV_ELINK, "bad-link");
}

TEST(walk_refuses_a_link_that_leads_nowhere)
{
    make_link("bad-link", "missing");
    check_walk_fails(NULL, ARV_ELINK, "bad-link");
}

TEST(walk_refuses_links_that_name_each_other)
{
    make_link("one", "two");
    make_link("two", "one");
    check_walk_fails(NULL, ARV_ELINK, "nowhere");
}

TEST(walk_refuses_a_folder_inside_itself)
{
    make_folder("a");
    make_link("a/again", ".");
    check_walk_fails(NULL, ARV_ELOOP, "a/again");
}

TEST(walk_refuses_a_folder_that_names_the_root)
{
    make_folder("a");
    make_link("a/root", "..");
    check_walk_fails(NULL, ARV_ELOOP, "a/root");
}

TEST(walk_refuses_folders_that_name_each_other)
{
    make_folder("a");
    make_folder("b");
    make_link("a/b", "../b");
    make_link("b/a", "../a");
    check_walk_fails(NULL, ARV_ELOOP, NULL);
}

TEST(walk_ends_where_links_multiply)
{
    char name[40], target[40];
    make_folder("00");
    make_file("00/x", "1");
    for (int i = 1; i < 20; i++) { /* a million ways to 00, without a circle */
        snprintf(name, sizeof name, "%02d", i);
        make_folder(name);
        for (int k = 0; k < 2; k++) {
            snprintf(name, sizeof name, "%02d/%d", i, k);
            snprintf(target, sizeof target, "../%02d", i - 1);
            make_link(name, target);
        }
    }
    check_walk_fails(NULL, ARV_ELIMIT, "links");
}

TEST(walk_refuses_pipes_and_sockets)
{
    make_file("x", "1");
    CHECK_INT(mkfifo(test_path("root/queue"), 0600), 0);
    check_walk_fails(NULL, ARV_ESPECIAL, "root/queue");
    CHECK_INT(unlink(test_path("root/queue")), 0);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    snprintf(address.sun_path, sizeof address.sun_path, "%.90s", test_path("root/listener"));
    CHECK_INT(bind(fd, (const struct sockaddr *)&address, sizeof address), 0);
    check_walk_fails(NULL, ARV_ESPECIAL, "a socket");
    close(fd);
}

TEST(walk_refuses_a_name_that_is_not_utf8_and_shows_it)
{
    make_file("bad\xFFname", "1");
    check_walk_fails(NULL, ARV_ENAME, "bad\\x");
}

TEST(walk_stops_at_its_depth)
{
    char name[4000] = "d";
    arv_folder_options options = {.struct_bytes = sizeof options, .depth_max = 3};
    for (int i = 0; i < 3; i++) {
        make_folder(name);
        strcat(name, "/d");
    }
    check_walk(NULL, &options, "d/d/d/\n");
    options.depth_max = 2;
    check_walk_fails(&options, ARV_ELIMIT, "too deep");
    options.depth_max = 513;
    check_walk_fails(&options, ARV_EINVALID, "513");
}

TEST(walk_refuses_what_is_not_a_folder)
{
    arv_error err;
    arv_entries *entries = entries_new();
    make_file("x", "1");
    CHECK_ERR(arv_entries_add_folder(entries, NULL, test_path("root/x"), NULL, &err), &err, ARV_ESPECIAL,
              "root/x");
    CHECK_ERR(arv_entries_add_folder(entries, NULL, test_path("root/y"), NULL, &err), &err, ARV_EVANISHED,
              "root/y' does not exist");
    CHECK_ERR(arv_entries_add_folder(entries, NULL, "", NULL, &err), &err, ARV_EINVALID, NULL);
    CHECK_ERR(arv_entries_add_folder(entries, "\xFF", root(), NULL, &err), &err, ARV_ENAME, NULL);
    arv_entries_unref(entries);
}

TEST(walk_follows_a_link_that_was_given_as_the_folder)
{
    arv_error err;
    arv_entries *entries = entries_new();
    make_file("x", "1");
    make_link("y", "x");
    CHECK_INT(symlink("root", test_path("alias")), 0);
    CHECK_OK(arv_entries_add_folder(entries, NULL, test_path("alias"), NULL, &err), &err);
    CHECK_INT(arv_entries_count(entries), 2);
    arv_entries_unref(entries);
}

/* ---- a file system that misbehaves -------------------------------------------------------------
 */

static arv__fileops ops;

static struct dirent *readdir_untyped(DIR *dir, int *error)
{
    struct dirent *found = arv__fs_system.readdir(dir, error);
    if (found)
        found->d_type = DT_UNKNOWN;
    return found;
}

static struct dirent *readdir_broken(DIR *dir, int *error)
{
    (void)dir;
    *error = -EIO;
    return NULL;
}

static int openat_denied(int dir_fd, const char *path, int flags, mode_t mode)
{
    if (strcmp(path, "secret") == 0)
        return -EACCES;
    return arv__fs_system.openat(dir_fd, path, flags, mode);
}

static int fstatat_vanished(int dir_fd, const char *path, struct stat *st, int flags)
{
    if (strcmp(path, "fleeting") == 0)
        return -ENOENT;
    return arv__fs_system.fstatat(dir_fd, path, st, flags);
}

/* Between reading the folder and opening what lies in it, somebody puts a link in its place. */
static int openat_replaced(int dir_fd, const char *path, int flags, mode_t mode)
{
    if (strcmp(path, "target") == 0) {
        CHECK_INT(rename(test_path("root/target"), test_path("root/old")), 0);
        CHECK_INT(symlink("/etc", test_path("root/target")), 0);
    }
    return arv__fs_system.openat(dir_fd, path, flags, mode);
}

/* The same for the target of a link, once it was looked at. */
static ssize_t readlinkat_replaced(int dir_fd, const char *path, char *into, size_t length)
{
    ssize_t n = arv__fs_system.readlinkat(dir_fd, path, into, length);
    if (n > 7 && memcmp(into + n - 7, "/target", 7) == 0) {
        CHECK_INT(rename(test_path("root/target"), test_path("root/old")), 0);
        CHECK_INT(symlink("/etc", test_path("root/target")), 0);
    }
    return n;
}

static ssize_t readlinkat_without_proc(int dir_fd, const char *path, char *into, size_t length)
{
    (void)dir_fd, (void)path, (void)into, (void)length;
    return -ENOENT;
}

static void use_ops(void)
{
    arv__fs_set(&ops);
}

TEST(walk_works_where_folders_tell_no_types)
{
    ops = arv__fs_system;
    ops.readdir = readdir_untyped;
    use_ops();
    make_folder("a");
    make_file("a/x", "1");
    make_link("l", "a");
    check_walk(NULL, NULL, "a/x<a/x\nl/x<a/x\n");
}

TEST(walk_names_a_folder_that_may_not_be_read)
{
    ops = arv__fs_system;
    ops.openat = openat_denied;
    use_ops();
    make_folder("secret");
    check_walk_fails(NULL, ARV_EUNREADABLE, "root/secret");
}

TEST(walk_names_a_folder_that_cannot_be_listed)
{
    ops = arv__fs_system;
    ops.readdir = readdir_broken;
    use_ops();
    check_walk_fails(NULL, ARV_EUNREADABLE, "root");
}

TEST(walk_names_a_file_that_vanished)
{
    ops = arv__fs_system;
    ops.fstatat = fstatat_vanished;
    use_ops();
    make_file("fleeting", "1");
    check_walk_fails(NULL, ARV_EVANISHED, "root/fleeting");
}

TEST(walk_does_not_follow_a_folder_that_became_a_link)
{
    ops = arv__fs_system;
    ops.openat = openat_replaced;
    use_ops();
    make_folder("target");
    arv_error err;
    arv_entries *entries = entries_new();
    CHECK(arv_entries_add_folder(entries, NULL, root(), NULL, &err) < 0);
    CHECK_HAS(err.message, "root/target");
    CHECK_INT(arv_entries_count(entries), 0);
    arv_entries_unref(entries);
}

TEST(walk_notices_a_link_whose_target_was_replaced)
{
    const char *const excluded[] = {"target"};
    const arv_folder_options options = {.struct_bytes = sizeof options,
                                        .exclude = excluded,
                                        .exclude_count = 1};
    ops = arv__fs_system;
    ops.readlinkat = readlinkat_replaced;
    use_ops();
    make_folder("target");
    make_link("link", "target");
    check_walk_fails(&options, ARV_ECHANGED, "root/link");
}

TEST(walk_without_proc_takes_files_and_refuses_links)
{
    arv_error err;
    arv_entries *entries = entries_new();
    ops = arv__fs_system;
    ops.readlinkat = readlinkat_without_proc;
    use_ops();
    make_file("x", "1");
    CHECK_OK(arv_entries_add_folder(entries, NULL, root(), NULL, &err), &err);
    make_link("link", "x");
    CHECK_ERR(arv_entries_add_folder(entries, "p", root(), NULL, &err), &err, ARV_EUNSUPPORTED, "/proc");
    arv_entries_unref(entries);
}

TEST(walk_that_failed_halfway_leaves_no_half_archive)
{
    arv_error err;
    arv__plan *plan;
    arv_entries *entries = entries_new();
    CHECK(arv_entries_add_folder(entries, NULL, test_path("missing"), NULL, &err) < 0);
    make_folder("a");
    make_file("a/x", "1");
    make_file("a/bad\xFF", "1");
    make_file("y", "1");
    arv_entry entry = {.name = "first", .size_bytes = ARV_SIZE_UNKNOWN, .modified_at_unix = ARV_TIME_UNKNOWN};
    CHECK_OK(arv_entries_add_memory(entries, &entry, "", 0, &err), &err);
    int before = test_count_dir("/proc/self/fd");
    CHECK_ERR(arv_entries_add_folder(entries, NULL, root(), NULL, &err), &err, ARV_ENAME, NULL);
    CHECK_INT(test_count_dir("/proc/self/fd"), before);
    if (arv_entries_count(entries) > 1) /* depends on the order in which the folder is read */
        CHECK_ERR(arv__plan_new(&plan, entries, &err), &err, ARV_ESTATE, "incomplete");
    arv_entries_unref(entries);
}

static void walk_some(void *ud, bool must_succeed)
{
    arv_error err;
    arv_entries *entries = NULL;
    (void)ud;
    int status = arv_entries_new(&entries, NULL, &err);
    if (status == 0)
        status = arv_entries_add_folder(entries, "prefix", root(), NULL, &err);
    if (must_succeed)
        CHECK_OK(status, &err);
    if (status < 0)
        CHECK_ERR(status, &err, ARV_ENOMEM, NULL);
    else
        CHECK_INT(arv_entries_count(entries), 3);
    arv_entries_unref(entries);
}

TEST(walk_survives_every_failed_allocation)
{
    make_folder("a");
    make_file("a/x", "1");
    make_link("l", "a");
    make_folder("none");
    CHECK(test_each_allocation(walk_some, NULL) > 5);
}

/* ---- with keep_going, what fails is an entry that is missing --------------------------------- */

static arv_entries *entries_patient(void)
{
    arv_error err;
    arv_entries *entries;
    arv_entries_options options = {.struct_bytes = sizeof options, .keep_going = true};
    CHECK_OK(arv_entries_new(&entries, &options, &err), &err);
    return entries;
}

/* Takes the entries: "name" of a file, "name/" of an empty folder, "name!CODE" of a failure. */
static void check_patient(arv_entries *entries, const char *expected)
{
    arv_error err;
    arv__plan *plan;
    arv__plan_item item;
    char all[2000] = "";
    int status;
    CHECK_OK(arv__plan_new(&plan, entries, &err), &err);
    CHECK_OK(arv__plan_prepare(plan, &err), &err);
    while ((status = arv__plan_next(plan, &item, &err)) > 0) {
        size_t used = strlen(all);
        bool failed = item.from == ARV__FROM_FAILURE;
        snprintf(all + used, sizeof all - used, "%s%s%s ", item.original,
                 failed                           ? "!"
                 : item.from == ARV__FROM_NOTHING ? "/"
                                                  : "",
                 failed ? arv_error_name(item.failure_code) : "");
        if (failed) {
            CHECK(strlen(item.failure) > 20);
            CHECK_INT(item.size_bytes, ARV_SIZE_UNKNOWN);
        }
    }
    CHECK_OK(status, &err);
    CHECK_STR(all, expected);
    arv__plan_free(plan);
    arv_entries_unref(entries);
}

TEST(walk_that_keeps_going_records_what_it_cannot_look_at)
{
    arv_error err;
    make_folder("a");
    make_file("a/x", "1");
    make_link("a/loop", "..");
    make_link("gone", "nowhere");
    make_link("out", "/etc");
    make_folder("closed");
    make_file("closed/y", "1");
    make_file("z", "1");
    arv_entries *entries = entries_patient();
    arv_folder_options options = {.struct_bytes = sizeof options, .owner = "Mia"};
    CHECK_OK(arv_entries_add_folder(entries, "p", root(), &options, &err), &err);
    check_patient(entries, "p/a/loop!LOOP p/a/x p/closed/y p/gone!LINK p/out!LINK p/z ");
}

TEST(walk_that_keeps_going_leaves_a_folder_that_it_cannot_open)
{
    make_folder("a");
    make_file("a/x", "1");
    arv_entries *entries = entries_patient();
    fault_fs_install();
    fault_fs_fail(FAULT_OPENAT, 2, EACCES); /* the first is the root */
    CHECK_INT(arv_entries_add_folder(entries, NULL, root(), NULL, NULL), 0);
    fault_fs_remove();
    check_patient(entries, "a!UNREADABLE ");
}

TEST(walk_that_keeps_going_leaves_a_folder_that_breaks_off)
{
    make_folder("a");
    arv_entries *entries = entries_patient();
    fault_fs_install();
    fault_fs_fail(FAULT_FDOPENDIR, 2, EIO);
    CHECK_INT(arv_entries_add_folder(entries, NULL, root(), NULL, NULL), 0);
    fault_fs_reset();
    fault_fs_fail_from(FAULT_READDIR, 4, EIO); /* ".", "..", "a" of the root, then in "a" */
    CHECK_INT(arv_entries_add_folder(entries, "again", root(), NULL, NULL), ARV_EUNREADABLE);
    fault_fs_remove();
    arv_entries_unref(entries);
    entries = entries_patient();
    fault_fs_install();
    fault_fs_fail(FAULT_READDIR, 4, EIO);
    CHECK_INT(arv_entries_add_folder(entries, NULL, root(), NULL, NULL), 0);
    fault_fs_remove();
    check_patient(entries, "a!UNREADABLE ");
}

TEST(walk_that_keeps_going_needs_its_root)
{
    arv_error err;
    arv_entries *entries = entries_patient();
    CHECK_ERR(arv_entries_add_folder(entries, "p", test_path("missing"), NULL, &err), &err, ARV_EVANISHED,
              "does not exist");
    check_patient(entries, "");
}

TEST(a_path_that_is_not_there_is_a_failure_of_a_patient_list_only)
{
    arv_error err;
    arv_entry entry = {.name = "n",
                       .owner = "Mia",
                       .size_bytes = ARV_SIZE_UNKNOWN,
                       .modified_at_unix = ARV_TIME_UNKNOWN};
    arv_entries *entries = entries_new();
    CHECK_ERR(arv_entries_add_path(entries, &entry, test_path("x"), &err), &err, ARV_EVANISHED, NULL);
    check_patient(entries, "");
    entries = entries_patient();
    CHECK_INT(arv_entries_add_path(entries, &entry, test_path("x"), NULL), 0);
    CHECK_INT(arv_entries_count(entries), 1);
    CHECK_INT(arv_entries_total_bytes(entries), 0);
    CHECK_INT(arv_entries_add_path(entries, &entry, "", NULL), ARV_EINVALID);
    check_patient(entries, "n!VANISHED ");
}

/* ---- what takes less room where it is ---------------------------------------------------------- */

static void make_name(const char *from, const char *to)
{
    char path[4096];
    snprintf(path, sizeof path, "%s", test_path("root/%s", from));
    CHECK_INT(link(path, test_path("%s", to)), 0);
}

TEST(hard_links_that_are_met_again_and_sparse_files_are_counted)
{
    arv_entries_doubled found;
    arv_entries *entries = entries_new();
    make_file("one", "12345");
    make_file("other", "123");
    make_name("one", "root/one again");
    make_name("one", "root/one more");
    make_name("other", "outside"); /* met once */
    make_file("holes", "x");
    CHECK(truncate(test_path("root/holes"), 8 << 20) == 0);
    make_file("few holes", "x");
    CHECK(truncate(test_path("root/few holes"), 1 << 19) == 0);
    CHECK_INT(arv_entries_add_folder(entries, NULL, root(), NULL, NULL), 0);
    arv_entries_get_doubled(entries, &found);
    CHECK_INT(found.hard_links, 2);
    CHECK_INT(found.hard_link_bytes, 10);
    CHECK(!found.hard_links_at_least);
    CHECK_INT(found.sparse_files, 1);
    CHECK(found.sparse_bytes >= 7 << 20 && found.sparse_bytes <= 8 << 20);
    arv_entry entry = {.name = "path", .size_bytes = ARV_SIZE_UNKNOWN, .modified_at_unix = ARV_TIME_UNKNOWN};
    CHECK_INT(arv_entries_add_path(entries, &entry, test_path("outside"), NULL), 0);
    arv_entries_get_doubled(entries, &found);
    CHECK_INT(found.hard_links, 3);
    arv_entries_unref(entries);
}

TEST(no_more_hard_links_are_remembered_than_fit_the_bound)
{
    arv__doubled doubled = {.known = NULL};
    struct stat st = {.st_nlink = 2, .st_size = 1, .st_blocks = 8};
    arv_error err;
    for (int round = 0; round < 2; round++)
        for (unsigned i = 1; i <= ARV__DOUBLED_MAX + 10; i++) {
            st.st_ino = i;
            CHECK_OK(arv__doubled_note(&doubled, &st, &err), &err);
        }
    CHECK_INT(doubled.found.hard_links, ARV__DOUBLED_MAX);
    CHECK(doubled.found.hard_links_at_least);
    CHECK(doubled.capacity * sizeof *doubled.known <= 1 << 20);
    arv__doubled_cleanup(&doubled);
}

TEST(a_hard_link_for_which_memory_lacks_is_an_error)
{
    arv_error err;
    arv__doubled doubled = {.known = NULL};
    struct stat st = {.st_nlink = 2, .st_size = 1, .st_blocks = 8, .st_ino = 1};
    alloc_fail_install();
    alloc_fail_at(1);
    CHECK_ERR(arv__doubled_note(&doubled, &st, &err), &err, ARV_ENOMEM, "hard links");
    alloc_fail_at(0);
    CHECK_OK(arv__doubled_note(&doubled, &st, &err), &err);
    arv__doubled_cleanup(&doubled);
    CHECK_INT(alloc_fail_live(), 0);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <arv/entry.h>
#include "alloc_fail.h"
#include "loop/fileops.h"
#include "package/plan.h"

static arv_entries *entries_new(size_t memory_bytes)
{
    arv_error err;
    arv_entries *entries;
    const arv_entries_options options = {.struct_bytes = sizeof options,
                                         .memory_bytes = memory_bytes,
                                         .temp_directory = test_dir()};
    CHECK_OK(arv_entries_new(&entries, &options, &err), &err);
    return entries;
}

static arv_entry named(const char *name)
{
    return (arv_entry){.name = name, .size_bytes = ARV_SIZE_UNKNOWN, .modified_at_unix = ARV_TIME_UNKNOWN};
}

static arv__plan *plan_of(arv_entries *entries)
{
    arv_error err;
    arv__plan *plan;
    CHECK_OK(arv__plan_new(&plan, entries, &err), &err);
    CHECK_OK(arv__plan_prepare(plan, &err), &err);
    return plan;
}

static arv__plan_item plan_item(arv__plan *plan)
{
    arv_error err;
    arv__plan_item item;
    int status = arv__plan_next(plan, &item, &err);
    CHECK_OK(status, &err);
    CHECK_INT(status, 1);
    return item;
}

TEST(entries_come_back_as_they_were_given)
{
    arv_error err;
    arv_entries *entries = entries_new(0);
    static const char *const persons[] = {"17", "23"};
    arv_entry a = {.name = "a.html",
                   .owner = "Muster, Mia",
                   .size_bytes = 1234567890123,
                   .modified_at_unix = -77,
                   .persons = persons,
                   .person_count = 2};
    arv_entry b = {.name = "b/ü.txtGARBAGE", .name_length = 8, .modified_at_unix = 1700000000};
    arv_entry c = {.name = "c?.txt",
                   .owner = "",
                   .size_bytes = ARV_SIZE_UNKNOWN,
                   .modified_at_unix = INT64_MAX,
                   .persons = persons + 1,
                   .person_count = 1};
    CHECK_OK(arv_entries_add_path(entries, &b, "/some/where", &err), &err);
    CHECK_OK(arv_entries_add_path(entries, &a, "relative", &err), &err);
    CHECK_OK(arv_entries_add_memory(entries, &c, "bytes", 5, &err), &err);
    CHECK_INT(arv_entries_count(entries), 3);
    CHECK_INT(arv_entries_total_bytes(entries), 1234567890123 + 5);
    arv__plan *plan = plan_of(entries);
    arv_entries_unref(entries); /* the plan has its own reference */

    arv__plan_item item = plan_item(plan);
    CHECK_INT(item.from, ARV__FROM_PATH);
    CHECK_STR(item.name, "a.html");
    CHECK_INT(item.name_length, 6);
    CHECK_STR(item.original, "a.html");
    CHECK_STR(item.owner, "Muster, Mia");
    CHECK_INT(item.owner_length, 11);
    CHECK_INT(item.persons_length, 6);
    CHECK_MEM(item.persons,
              "17\0"
              "23",
              6);
    CHECK_INT(item.size_bytes, 1234567890123);
    CHECK_INT(item.modified_at_unix, -77);
    CHECK_STR(item.path, "relative");
    item = plan_item(plan);
    CHECK_STR(item.name, "b/ü.txt");
    CHECK_INT(item.original_length, 8);
    CHECK(!item.owner);
    CHECK_INT(item.persons_length, 0);
    CHECK_INT(item.size_bytes, 0);
    CHECK_INT(item.modified_at_unix, 1700000000);
    CHECK_STR(item.path, "/some/where");
    item = plan_item(plan);
    CHECK_INT(item.from, ARV__FROM_MEMORY);
    CHECK_STR(item.name, "c_.txt");
    CHECK_STR(item.original, "c?.txt");
    CHECK(!item.owner);
    CHECK_INT(item.size_bytes, 5);
    CHECK_INT(item.modified_at_unix, INT64_MAX);
    CHECK_MEM(item.data, "bytes", 5);
    CHECK_STR(item.persons, "23");
    CHECK_INT(arv__plan_next(plan, &item, &err), 0);
    arv__plan_free(plan);
}

TEST(keys_of_persons_are_checked_and_leave_the_list_as_it_was)
{
    arv_error err;
    static const char *const bad[] = {"",
                                      "a\nb",
                                      "\x7f",
                                      "\xc2\x85",
                                      "\xff",
                                      ("0123456789012345678901234567890123456789012345678901234567"
                                       "8901234")}; /* 65 bytes */
    static const char *many[ARV_PERSONS_MAX + 1];
    char longest[ARV_PERSON_BYTES_MAX + 1];
    arv_entries *entries = entries_new(0);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        CHECK_SCENE("key '%s'", bad[i]);
        arv_entry entry = named("x");
        const char *const keys[] = {"17", bad[i]};
        entry.persons = keys;
        entry.person_count = 2;
        CHECK_ERR(arv_entries_add_memory(entries, &entry, "", 0, &err), &err, ARV_EINVALID, "key");
    }
    memset(longest, '"', ARV_PERSON_BYTES_MAX);
    longest[ARV_PERSON_BYTES_MAX] = '\0';
    for (size_t i = 0; i <= ARV_PERSONS_MAX; i++)
        many[i] = longest;
    arv_entry entry = named("x");
    entry.persons = many;
    entry.person_count = ARV_PERSONS_MAX + 1;
    CHECK_ERR(arv_entries_add_memory(entries, &entry, "", 0, &err), &err, ARV_ELIMIT, "1001");
    CHECK_INT(arv_entries_count(entries), 0);
    entry.person_count = ARV_PERSONS_MAX;
    CHECK_OK(arv_entries_add_memory(entries, &entry, "", 0, &err), &err);
    arv__plan *plan = plan_of(entries);
    arv__plan_item item = plan_item(plan);
    CHECK_INT(item.persons_length, ARV_PERSONS_MAX * (ARV_PERSON_BYTES_MAX + 1));
    arv__plan_free(plan);
    arv_entries_unref(entries);
}

TEST(entries_look_at_a_file_of_unknown_size)
{
    arv_error err;
    struct stat st;
    arv_entries *entries = entries_new(0);
    arv_entry entry = named("x");
    const char *path = test_path("file");
    test_write_file(path, "12345", 5);
    CHECK_INT(stat(path, &st), 0);
    CHECK_OK(arv_entries_add_path(entries, &entry, path, &err), &err);
    arv__plan *plan = plan_of(entries);
    arv__plan_item item = plan_item(plan);
    CHECK_INT(item.size_bytes, 5);
    CHECK_INT(item.modified_at_unix, st.st_mtime);
    arv__plan_free(plan);
    arv_entries_unref(entries);
}

TEST(entries_refuse_what_is_no_readable_file_and_name_it)
{
    arv_error err;
    arv_entries *entries = entries_new(0);
    arv_entry entry = named("x");
    CHECK_ERR(arv_entries_add_path(entries, &entry, test_path("none"), &err), &err, ARV_EVANISHED, "none");
    CHECK_INT(mkfifo(test_path("pipe"), 0600), 0);
    CHECK_ERR(arv_entries_add_path(entries, &entry, test_path("pipe"), &err), &err, ARV_ESPECIAL,
              "named pipe");
    CHECK_ERR(arv_entries_add_path(entries, &entry, test_dir(), &err), &err, ARV_ESPECIAL, "a folder");
    CHECK_INT(symlink("pipe", test_path("link")), 0);
    CHECK_ERR(arv_entries_add_path(entries, &entry, test_path("link"), &err), &err, ARV_ELINK, "link");
    CHECK_ERR(arv_entries_add_path(entries, &entry, "", &err), &err, ARV_EINVALID, NULL);
    CHECK_INT(arv_entries_count(entries), 0);
    /* and the list is still of use */
    CHECK_OK(arv_entries_add_memory(entries, &entry, NULL, 0, &err), &err);
    arv_entries_unref(entries);
}

TEST(entries_refuse_bad_names_owners_and_sizes)
{
    arv_error err;
    arv_entries *entries = entries_new(0);
    arv_entry entry = named("bad\xFFname");
    static char owner[1026];
    CHECK_ERR(arv_entries_add_memory(entries, &entry, "", 0, &err), &err, ARV_ENAME, "bad\\x");
    entry = named("");
    CHECK_ERR(arv_entries_add_memory(entries, &entry, "", 0, &err), &err, ARV_ENAME, NULL);
    entry = named(NULL);
    CHECK_ERR(arv_entries_add_memory(entries, &entry, "", 0, &err), &err, ARV_EINVALID, NULL);
    entry = named("x");
    entry.owner = "\xC3(";
    CHECK_ERR(arv_entries_add_memory(entries, &entry, "", 0, &err), &err, ARV_ENAME, "owner");
    memset(owner, 'o', 1025);
    entry.owner = owner;
    CHECK_ERR(arv_entries_add_memory(entries, &entry, "", 0, &err), &err, ARV_ENAME, "1024");
    entry = named("x");
    entry.size_bytes = -2;
    CHECK_ERR(arv_entries_add_path(entries, &entry, "p", &err), &err, ARV_EINVALID, "-2");
    entry.size_bytes = 3;
    CHECK_ERR(arv_entries_add_memory(entries, &entry, "1234", 4, &err), &err, ARV_ESIZE, NULL);
    CHECK_INT(arv_entries_count(entries), 0);
    arv_entries_unref(entries);
}

TEST(entries_refuse_too_little_memory)
{
    arv_error err;
    arv_entries *entries;
    const arv_entries_options options = {.struct_bytes = sizeof options, .memory_bytes = 1000};
    CHECK_ERR(arv_entries_new(&entries, &options, &err), &err, ARV_EINVALID, "1000");
    CHECK(!entries);
}

TEST(entries_keep_every_owner_even_very_many)
{
    arv_error err;
    arv_entries *entries = entries_new(0);
    char name[32], owner[64];
    for (int i = 0; i < 30000; i++) {
        arv_entry entry = named(name);
        snprintf(name, sizeof name, "%06d", i);
        snprintf(owner, sizeof owner, "owner number %d", i / 2);
        entry.owner = owner;
        CHECK_OK(arv_entries_add_memory(entries, &entry, "", 0, &err), &err);
    }
    arv__plan *plan = plan_of(entries);
    for (int i = 0; i < 30000; i++) {
        arv__plan_item item = plan_item(plan);
        snprintf(owner, sizeof owner, "owner number %d", i / 2);
        CHECK_STR(item.owner, owner);
        CHECK_INT(item.owner_length, strlen(owner));
    }
    arv__plan_free(plan);
    arv_entries_unref(entries);
}

TEST(entries_in_memory_keep_their_bytes_and_stay_within_the_bound)
{
    arv_error err;
    arv_entries *entries = entries_new(1 << 20);
    char name[32];
    unsigned char data[9000];
    int status = 0, count = 0;
    for (; count < 1000; count++) {
        arv_entry entry = named(name);
        snprintf(name, sizeof name, "%06d", count);
        test_fill_random(data, sizeof data, (uint64_t)count);
        status = arv_entries_add_memory(entries, &entry, data, (size_t)(count * 37 % 9000), &err);
        if (status < 0)
            break;
    }
    CHECK_ERR(status, &err, ARV_ELIMIT, "files");
    CHECK(count > 80);
    CHECK(arv_entries_total_bytes(entries) <= 1 << 19);
    CHECK(arv_entries_total_bytes(entries) > 1 << 18);
    arv__plan *plan = plan_of(entries);
    for (int i = 0; i < count; i++) {
        arv__plan_item item = plan_item(plan);
        test_fill_random(data, sizeof data, (uint64_t)i);
        CHECK_INT(item.size_bytes, i * 37 % 9000);
        CHECK_MEM(item.data, data, (size_t)item.size_bytes);
    }
    arv__plan_free(plan);
    arv_entries_unref(entries);
}

static int64_t read_nothing(void *user_data, void *into, size_t length, arv_error *err)
{
    (void)user_data, (void)into, (void)length, (void)err;
    return 0;
}

static void count_release(void *user_data)
{
    ++*(int *)user_data;
}

TEST(entries_release_every_callback_exactly_once)
{
    arv_error err;
    int released[100] = {0};
    char name[32];
    arv_entries *entries = entries_new(0);
    for (int i = 0; i < 100; i++) {
        arv_entry entry = named(name);
        snprintf(name, sizeof name, "%03d", i);
        CHECK_OK(arv_entries_add_callback(entries, &entry, read_nothing, count_release, &released[i], &err),
                 &err);
    }
    arv__plan *plan = plan_of(entries);
    for (int i = 0; i < 100; i++) {
        arv__plan_item item = plan_item(plan);
        CHECK_INT(item.from, ARV__FROM_CALLBACK);
        CHECK(item.read == read_nothing);
        CHECK(item.user_data == &released[i]);
        CHECK_INT(item.size_bytes, ARV_SIZE_UNKNOWN);
        if (i % 3 == 0) {
            arv__entries_release(entries, item.callback_index);
            arv__entries_release(entries, item.callback_index);
        }
        CHECK_INT(released[i], i % 3 == 0);
    }
    arv__plan_free(plan);
    CHECK_INT(released[1], 0);
    arv_entries_unref(entries);
    for (int i = 0; i < 100; i++)
        CHECK_INT(released[i], 1);
}

TEST(entries_leave_a_refused_callback_to_the_caller)
{
    arv_error err;
    int released = 0;
    arv_entries *entries = entries_new(0);
    arv_entry entry = named("\xFF");
    CHECK_ERR(arv_entries_add_callback(entries, &entry, read_nothing, count_release, &released, &err), &err,
              ARV_ENAME, NULL);
    entry = named("x");
    CHECK_ERR(arv_entries_add_callback(entries, &entry, NULL, count_release, &released, &err), &err,
              ARV_EINVALID, NULL);
    arv_entries_unref(entries);
    CHECK_INT(released, 0);
}

TEST(entries_are_closed_by_the_first_plan)
{
    arv_error err;
    arv_entries *entries = entries_new(0);
    arv_entry entry = named("x");
    arv__plan *second;
    arv__plan *plan = plan_of(entries);
    CHECK_ERR(arv_entries_add_memory(entries, &entry, "", 0, &err), &err, ARV_ESTATE, "new list");
    CHECK_ERR(arv_entries_add_folder(entries, NULL, test_dir(), NULL, &err), &err, ARV_ESTATE, NULL);
    CHECK_ERR(arv_entries_add_list(entries, "-", &err), &err, ARV_ESTATE, NULL);
    CHECK_ERR(arv__plan_new(&second, entries, &err), &err, ARV_ESTATE, NULL);
    CHECK(!second);
    arv__plan_free(plan);
    CHECK_ERR(arv__plan_new(&second, entries, &err), &err, ARV_ESTATE, NULL);
    arv_entries_unref(entries);
}

static ssize_t pwrite_full_disk(int fd, const void *data, size_t length, uint64_t offset)
{
    (void)fd, (void)data, (void)length, (void)offset;
    return -ENOSPC;
}

TEST(entries_that_were_lost_on_a_full_disk_cannot_be_archived)
{
    arv_error err;
    static arv__fileops full;
    arv_entries *entries = entries_new(1 << 20);
    arv__plan *plan;
    char name[900];
    int status = 0;
    full = arv__fs_system;
    full.pwrite = pwrite_full_disk;
    arv__fs_set(&full);
    for (int i = 0; i < 10000 && status == 0; i++) {
        arv_entry entry = named(name);
        snprintf(name, sizeof name, "%0800d", i);
        status = arv_entries_add_memory(entries, &entry, "", 0, &err);
    }
    CHECK_ERR(status, &err, ARV_ENOSPACE, test_dir());
    arv__fs_set(NULL);
    CHECK_ERR(arv__plan_new(&plan, entries, &err), &err, ARV_ESTATE, "incomplete");
    arv_entries_unref(entries);
}

static void write_list(const char *text)
{
    test_write_file(test_path("list"), text, strlen(text));
}

static int add_list(arv_entries *entries, arv_error *err)
{
    return arv_entries_add_list(entries, test_path("list"), err);
}

TEST(list_is_read_whatever_way_its_json_is_written)
{
    arv_error err;
    arv_entries *entries = entries_new(0);
    test_write_file(test_path("real"), "123", 3);
    char text[2000];
    snprintf(text, sizeof text,
             "{\"name\":\"a\",\"path\":\"/p/a\",\"size\":5,\"owner\":\"Mia\",\"modified\":-7}\n"
             "\n"
             "  {\t\"modified\" : 8 , \"size\" : 0, \"path\":\"/p/b\" , \"name\":\"b\" } \r\n"
             "{\"name\":\"c\\u00fc\\n\",\"path\":\"/p/\\\"c\\\"\",\"size\":7}\n"
             "{\"name\":\"d\",\"path\":\"%s\"}",
             test_path("real"));
    write_list(text);
    CHECK_OK(add_list(entries, &err), &err);
    CHECK_INT(arv_entries_count(entries), 4);
    CHECK_INT(arv_entries_total_bytes(entries), 15);
    arv__plan *plan = plan_of(entries);
    arv__plan_item item = plan_item(plan);
    CHECK_STR(item.name, "a");
    CHECK_STR(item.path, "/p/a");
    CHECK_STR(item.owner, "Mia");
    CHECK_INT(item.modified_at_unix, -7);
    item = plan_item(plan);
    CHECK_STR(item.name, "b");
    CHECK_STR(item.path, "/p/b");
    CHECK(!item.owner);
    CHECK_INT(item.size_bytes, 0);
    CHECK_INT(item.modified_at_unix, 8);
    item = plan_item(plan);
    CHECK_STR(item.original, "cü\n");
    CHECK_STR(item.path, "/p/\"c\"");
    CHECK_INT(item.size_bytes, 7);
    CHECK_INT(item.modified_at_unix, ARV_TIME_UNKNOWN);
    item = plan_item(plan);
    CHECK_STR(item.path, test_path("real"));
    CHECK_INT(item.size_bytes, 3);
    arv__plan_free(plan);
    arv_entries_unref(entries);
}

static void check_refused(const char *line, int code, const char *part)
{
    arv_error err;
    char text[4000];
    arv_entries *entries = entries_new(0);
    snprintf(text, sizeof text, "{\"name\":\"ok\",\"path\":\"/p\",\"size\":1}\n%s\n", line);
    write_list(text);
    CHECK_ERR(add_list(entries, &err), &err, code, part);
    CHECK_HAS(err.message, "Line 2 of the list");
    CHECK_HAS(err.message, test_path("list"));
    arv_entries_unref(entries);
}

TEST(list_refuses_bad_lines_and_names_them)
{
    check_refused("{", ARV_EFORMAT, NULL);
    check_refused("[]", ARV_EFORMAT, "object");
    check_refused("\"text\"", ARV_EFORMAT, NULL);
    check_refused("{}", ARV_EFORMAT, "\"name\" is missing");
    check_refused("{\"name\":\"a\"}", ARV_EFORMAT, "\"path\" is missing");
    check_refused("{\"name\":\"a\",\"path\":\"b\",\"color\":1}", ARV_EFORMAT, "color");
    check_refused("{\"name\":\"a\",\"name\":\"a\",\"path\":\"b\"}", ARV_EFORMAT, NULL);
    check_refused("{\"name\":1,\"path\":\"b\",\"size\":1}", ARV_EFORMAT, "\"name\" must be a text");
    check_refused("{\"name\":\"a\",\"path\":\"b\",\"size\":\"1\"}", ARV_EFORMAT, "\"size\" must");
    check_refused("{\"name\":\"a\",\"path\":\"b\",\"size\":-1}", ARV_EFORMAT, "\"size\" must");
    check_refused("{\"name\":\"a\",\"path\":\"b\",\"size\":1.5}", ARV_EFORMAT, "\"size\" must");
    check_refused("{\"name\":\"a\",\"path\":\"b\",\"size\":01}", ARV_EFORMAT, NULL);
    check_refused("{\"name\":\"a\",\"path\":\"b\",\"size\":1} x", ARV_EFORMAT, NULL);
    check_refused("{\"name\":\"a\",\"path\":\"b\",\"size\":1,}", ARV_EFORMAT, NULL);
    check_refused("{\"name\":\"a\",\"path\":\"b\xFF\",\"size\":1}", ARV_EFORMAT, NULL);
    check_refused("{\"name\":\"a\",\"path\":\"b\\u0000c\",\"size\":1}", ARV_EFORMAT, NULL);
    check_refused("{\"name\":\"\",\"path\":\"b\",\"size\":1}", ARV_ENAME, NULL);
    check_refused("{\"name\":\"a\",\"path\":\"\",\"size\":1}", ARV_EINVALID, NULL);
    check_refused("{\"name\":\"a\",\"path\":\"/not/there\"}", ARV_EVANISHED, "/not/there");
}

TEST(list_refuses_a_nul_behind_an_object)
{
    arv_error err;
    static const char text[] = "{\"name\":\"a\",\"path\":\"b\",\"size\":1}\0garbage\n";
    arv_entries *entries = entries_new(0);
    test_write_file(test_path("list"), text, sizeof text - 1);
    CHECK_ERR(add_list(entries, &err), &err, ARV_EFORMAT, "Line 1");
    arv_entries_unref(entries);
}

TEST(list_that_failed_halfway_leaves_no_half_archive)
{
    arv_error err;
    arv__plan *plan;
    arv_entry entry = named("x");
    arv_entries *entries = entries_new(0);
    write_list("{\"name\":\"ok\",\"path\":\"/p\",\"size\":1}\n{\n");
    CHECK_ERR(add_list(entries, &err), &err, ARV_EFORMAT, NULL);
    CHECK_ERR(arv_entries_add_memory(entries, &entry, "", 0, &err), &err, ARV_ESTATE, "incomplete");
    CHECK_ERR(arv__plan_new(&plan, entries, &err), &err, ARV_ESTATE, "incomplete");
    arv_entries_unref(entries);
}

TEST(list_takes_a_line_of_192_kib_and_refuses_a_longer_one)
{
    arv_error err;
    arv_entries *entries = entries_new(0);
    char *text = malloc(200000);
    static const char object[] = "{\"name\":\"a\",\"path\":\"/p\",\"size\":1}";
    memset(text, ' ', 200000);
    memcpy(text, object, sizeof object - 1);
    test_write_file(test_path("list"), text, 196608);
    CHECK_OK(add_list(entries, &err), &err);
    CHECK_INT(arv_entries_count(entries), 1);
    test_write_file(test_path("list"), text, 196609);
    CHECK_ERR(add_list(entries, &err), &err, ARV_EFORMAT, "196608");
    free(text);
    arv_entries_unref(entries);
}

TEST(list_of_many_lines_crosses_the_buffer_unharmed)
{
    arv_error err;
    arv_entries *entries = entries_new(0);
    FILE *f = fopen(test_path("list"), "w");
    for (int i = 0; i < 20000; i++)
        fprintf(f, "{\"name\":\"n/%06d\",\"path\":\"/p/%d\",\"size\":%d}\n", i, i, i);
    fclose(f);
    CHECK_OK(add_list(entries, &err), &err);
    arv__plan *plan = plan_of(entries);
    for (int i = 0; i < 20000; i++) {
        char path[32];
        arv__plan_item item = plan_item(plan);
        snprintf(path, sizeof path, "/p/%d", i);
        CHECK_STR(item.path, path);
        CHECK_INT(item.size_bytes, i);
    }
    arv__plan_free(plan);
    arv_entries_unref(entries);
}

TEST(list_is_read_from_the_standard_input)
{
    arv_error err;
    arv_entries *entries = entries_new(0);
    write_list("{\"name\":\"a\",\"path\":\"/p\",\"size\":1}\n");
    CHECK(freopen(test_path("list"), "r", stdin) != NULL);
    CHECK_OK(arv_entries_add_list(entries, "-", &err), &err);
    CHECK_INT(arv_entries_count(entries), 1);
    arv_entries_unref(entries);
}

TEST(list_that_does_not_exist_is_named)
{
    arv_error err;
    arv_entries *entries = entries_new(0);
    CHECK_ERR(add_list(entries, &err), &err, ARV_ENOTFOUND, "list");
    arv_entries_unref(entries);
}

static int fill(arv_entries *entries, arv_error *err)
{
    static int released;
    int status = 0;
    char name[40];
    for (int i = 0; status == 0 && i < 20; i++) {
        arv_entry entry = named(name);
        snprintf(name, sizeof name, "folder/%d?", i);
        entry.owner = i % 2 ? "Mia" : "Max";
        status = arv_entries_add_memory(entries, &entry, name, sizeof name, err);
    }
    arv_entry entry = named("callback");
    if (status == 0)
        status = arv_entries_add_callback(entries, &entry, read_nothing, count_release, &released, err);
    if (status == 0)
        status = add_list(entries, err);
    return status;
}

static void fill_and_plan(void *ud, bool must_succeed)
{
    arv_error err;
    arv_entries *entries = NULL;
    arv__plan *plan = NULL;
    arv__plan_item item;
    const arv_entries_options options = {.struct_bytes = sizeof options,
                                         .memory_bytes = 1 << 20,
                                         .temp_directory = test_dir()};
    int count = 0;
    (void)ud;
    int status = arv_entries_new(&entries, &options, &err);
    if (status == 0)
        status = fill(entries, &err);
    if (status == 0)
        status = arv__plan_new(&plan, entries, &err);
    if (status == 0)
        status = arv__plan_prepare(plan, &err);
    while (status == 0 && (status = arv__plan_next(plan, &item, &err)) > 0) {
        status = 0;
        count++;
    }
    if (must_succeed)
        CHECK_OK(status, &err);
    if (status < 0)
        CHECK_ERR(status, &err, ARV_ENOMEM, NULL);
    else
        CHECK_INT(count, 23);
    arv__plan_free(plan);
    arv_entries_unref(entries);
}

TEST(entries_survive_every_failed_allocation)
{
    write_list("{\"name\":\"a\",\"path\":\"/p\",\"size\":1}\n"
               "{\"name\":\"b\\u0020b\",\"path\":\"/p\",\"size\":1}\n");
    CHECK(test_each_allocation(fill_and_plan, NULL) > 10);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <arv/entry.h>
#include "crypto/digest.h"
#include "package/plan.h"
#include "util/names.h"

static arv_entries *entries_new(void)
{
    arv_error err;
    arv_entries *entries;
    const arv_entries_options options = {.struct_bytes = sizeof options,
                                         .memory_bytes = 1 << 20,
                                         .temp_directory = test_dir()};
    CHECK_OK(arv_entries_new(&entries, &options, &err), &err);
    return entries;
}

static void add(arv_entries *entries, const char *name)
{
    arv_error err;
    arv_entry entry = {.name = name, .size_bytes = ARV_SIZE_UNKNOWN, .modified_at_unix = ARV_TIME_UNKNOWN};
    CHECK_OK(arv_entries_add_memory(entries, &entry, "", 0, &err), &err);
}

/* By way of the walk, as nothing else makes entries for empty folders. */
static void add_empty_folder(arv_entries *entries, const char *name)
{
    arv_error err;
    const char *folder = test_path("empty");
    mkdir(folder, 0700);
    CHECK_OK(arv_entries_add_folder(entries, name, folder, NULL, &err), &err);
}

/* The suffixed form of a name, by the rules of names.h. */
static const char *suffixed(const char *safe, const char *original)
{
    static char ring[8][1024];
    static unsigned next;
    char *into = ring[next++ % 8];
    arv_error err;
    arv_digests digests;
    arv__buf name;
    arv__buf_init(&name, 1000);
    CHECK_OK(arv__digest_bytes(ARV_DIGEST_SHA256, original, strlen(original), &digests, &err), &err);
    CHECK_OK(arv__name_suffix(&name, safe, strlen(safe), digests.sha256, &err), &err);
    snprintf(into, 1024, "%s", arv__buf_text_z(&name));
    arv__buf_cleanup(&name);
    return into;
}

/* Plans the entries and compares names and originals, in order; pairs ended by NULL. */
static void check_names(arv_entries *entries, const char *const *expected)
{
    arv_error err;
    arv__plan *plan;
    arv__plan_item item;
    CHECK_OK(arv__plan_new(&plan, entries, &err), &err);
    CHECK_OK(arv__plan_prepare(plan, &err), &err);
    for (; *expected; expected += 2) {
        CHECK_INT(arv__plan_next(plan, &item, &err), 1);
        CHECK_STR(item.original, expected[1]);
        CHECK_INT(item.original_length, strlen(expected[1]));
        CHECK_STR(item.name, expected[0]);
        CHECK_INT(item.name_length, strlen(expected[0]));
    }
    CHECK_INT(arv__plan_next(plan, &item, &err), 0);
    arv__plan_free(plan);
    arv_entries_unref(entries);
}

#define CHECK_NAMES(entries, ...) check_names(entries, (const char *const[]){__VA_ARGS__, NULL})

static void check_duplicate(arv_entries *entries, const char *name)
{
    arv_error err;
    arv__plan *plan;
    CHECK_OK(arv__plan_new(&plan, entries, &err), &err);
    CHECK_ERR(arv__plan_prepare(plan, &err), &err, ARV_EDUPLICATE, name);
    arv__plan_free(plan);
    arv_entries_unref(entries);
}

TEST(plan_of_nothing_ends_at_once)
{
    check_names(entries_new(), (const char *const[]){NULL});
}

TEST(plan_orders_by_key_with_folders_behind_files_of_their_name)
{
    arv_entries *entries = entries_new();
    add(entries, "b");
    add(entries, "a b");
    add(entries, "a/z");
    add(entries, "C");
    add(entries, "a/b/c");
    CHECK_NAMES(entries, "a/b/c", "a/b/c", "a/z", "a/z", "a b", "a b", "b", "b", "C", "C");
}

TEST(plan_gives_all_but_the_first_of_a_key_a_suffix)
{
    arv_entries *entries = entries_new();
    add(entries, "readme.txt");
    add(entries, "README.txt");
    add(entries, "Readme.TXT");
    add(entries, "readme.txt2");
    CHECK_NAMES(entries, "README.txt", "README.txt", suffixed("Readme.TXT", "Readme.TXT"), "Readme.TXT",
                suffixed("readme.txt", "readme.txt"), "readme.txt", "readme.txt2", "readme.txt2");
}

TEST(plan_tells_names_apart_that_become_equal_when_made_safe)
{
    arv_entries *entries = entries_new();
    add(entries, "what?");
    add(entries, "what:");
    add(entries, "e\xCC\x81");
    add(entries, "\xC3\xA9");
    CHECK_NAMES(entries, "what_", "what:", suffixed("what_", "what?"), "what?", "\xC3\xA9", "e\xCC\x81",
                suffixed("\xC3\xA9", "\xC3\xA9"), "\xC3\xA9");
}

TEST(plan_gives_a_file_a_suffix_whose_name_is_a_folder_too)
{
    arv_entries *entries = entries_new();
    add(entries, "a");
    add(entries, "a/b");
    add(entries, "c");
    add(entries, "c d");
    CHECK_NAMES(entries, suffixed("a", "a"), "a", "a/b", "a/b", "c", "c", "c d", "c d");
}

TEST(plan_sees_the_folder_behind_several_files_of_its_name)
{
    arv_entries *entries = entries_new();
    add(entries, "x/Y/z");
    add(entries, "X/y");
    add(entries, "x/Y");
    add(entries, "x/y");
    add(entries, "w");
    CHECK_NAMES(entries, "w", "w", suffixed("X/y", "X/y"), "X/y", suffixed("x/Y", "x/Y"), "x/Y",
                suffixed("x/y", "x/y"), "x/y", "x/Y/z", "x/Y/z");
}

TEST(plan_sees_a_folder_whose_name_became_equal_when_made_safe)
{
    arv_entries *entries = entries_new();
    add(entries, "A?");
    add(entries, "a*/b");
    CHECK_NAMES(entries, suffixed("A_", "A?"), "A?", "a_/b", "a*/b");
}

TEST(plan_notes_many_files_that_meet_folders)
{
    arv_entries *entries = entries_new();
    arv_error err;
    arv__plan *plan;
    arv__plan_item item;
    char name[40];
    for (int i = 0; i < 5000; i++) {
        snprintf(name, sizeof name, "%05d", i);
        add(entries, name);
        if (i % 2)
            strcat(name, "/file");
        else
            strcat(name, "-file");
        add(entries, name);
    }
    CHECK_OK(arv__plan_new(&plan, entries, &err), &err);
    CHECK_OK(arv__plan_prepare(plan, &err), &err);
    for (int i = 0; i < 5000; i++) {
        snprintf(name, sizeof name, "%05d", i);
        CHECK_INT(arv__plan_next(plan, &item, &err), 1);
        CHECK_STR(item.name, i % 2 ? suffixed(name, name) : name);
        CHECK_INT(arv__plan_next(plan, &item, &err), 1);
        CHECK_STR(item.name, item.original);
    }
    arv__plan_free(plan);
    arv_entries_unref(entries);
}

TEST(plan_gives_a_name_that_looks_suffixed_a_suffix_of_its_own)
{
    arv_entries *entries = entries_new();
    const char *forged = suffixed("a", "a");
    add(entries, "a");
    add(entries, "A");
    add(entries, forged);
    CHECK_NAMES(entries, "A", "A", suffixed("a", "a"), "a", suffixed(forged, forged), forged);
}

TEST(plan_merges_folders_that_differ_by_case)
{
    arv_entries *entries = entries_new();
    add(entries, "Folder/b");
    add(entries, "folder/a");
    add(entries, "FOLDER/c");
    CHECK_NAMES(entries, "folder/a", "folder/a", "Folder/b", "Folder/b", "FOLDER/c", "FOLDER/c");
}

TEST(plan_lets_an_empty_folder_be_one_with_a_full_one)
{
    arv_entries *entries = entries_new();
    add_empty_folder(entries, "a");
    add(entries, "a/b");
    CHECK_NAMES(entries, "a", "a", "a/b", "a/b");
}

TEST(plan_tells_a_file_and_an_empty_folder_apart)
{
    arv_entries *entries = entries_new();
    add(entries, "A");
    add_empty_folder(entries, "a");
    add_empty_folder(entries, "B");
    add(entries, "b");
    CHECK_NAMES(entries, "A", "A", suffixed("a", "a"), "a", "B", "B", suffixed("b", "b"), "b");
}

TEST(plan_refuses_the_same_entry_twice)
{
    arv_entries *entries = entries_new();
    add(entries, "a");
    add(entries, "some/name");
    add(entries, "Some/name");
    add(entries, "some/name");
    check_duplicate(entries, "'some/name'");
}

TEST(plan_refuses_a_file_and_an_empty_folder_of_the_same_name)
{
    arv_entries *entries = entries_new();
    add(entries, "a");
    add_empty_folder(entries, "a");
    check_duplicate(entries, "'a'");
}

/* Bits of `kinds`, from the lowest: whether each of three entries of one name is missing. */
static int prepare_with_missing(unsigned kinds, arv_error *err)
{
    arv_entries *entries;
    arv__plan *plan;
    const arv_entries_options options = {.struct_bytes = sizeof options,
                                         .memory_bytes = 1 << 20,
                                         .temp_directory = test_dir(),
                                         .keep_going = true};
    CHECK_OK(arv_entries_new(&entries, &options, err), err);
    for (unsigned i = 0; i < 3; i++) {
        arv_entry entry = {.name = "x", .size_bytes = ARV_SIZE_UNKNOWN, .modified_at_unix = ARV_TIME_UNKNOWN};
        if (kinds >> i & 1)
            CHECK_OK(arv_entries_add_path(entries, &entry, test_path("missing"), err), err);
        else
            CHECK_OK(arv_entries_add_memory(entries, &entry, "", 0, err), err);
    }
    CHECK_OK(arv__plan_new(&plan, entries, err), err);
    int status = arv__plan_prepare(plan, err);
    arv__plan_free(plan);
    arv_entries_unref(entries);
    return status;
}

TEST(plan_refuses_the_same_entry_twice_around_a_missing_one)
{
    arv_error err;
    for (unsigned kinds = 0; kinds < 8; kinds++) {
        unsigned missing = (kinds & 1) + (kinds >> 1 & 1) + (kinds >> 2 & 1);
        int status = prepare_with_missing(kinds, &err);
        if (missing < 2)
            CHECK_ERR(status, &err, ARV_EDUPLICATE, "'x'");
        else
            CHECK_OK(status, &err);
    }
}

TEST(plan_is_the_same_in_whatever_order_the_entries_came)
{
    static const char *const names[] = {"a", "A", "a/b", "a/B/c", "b?", "b:", "B*/x", "c", "d "};
    enum { COUNT = sizeof names / sizeof names[0] };
    char first[4000] = "";
    for (unsigned round = 0; round < 54; round++) {
        arv_error err;
        arv__plan *plan;
        arv__plan_item item;
        char all[4000] = "";
        arv_entries *entries = entries_new();
        /* 1, 2, 4, 5, 7 and 8 have no divisor in common with 9: each visits every name once */
        static const unsigned steps[] = {1, 2, 4, 5, 7, 8};
        for (unsigned i = 0; i < COUNT; i++)
            add(entries, names[(i * steps[round % 6] + round / 6) % COUNT]);
        CHECK_OK(arv__plan_new(&plan, entries, &err), &err);
        CHECK_OK(arv__plan_prepare(plan, &err), &err);
        while (arv__plan_next(plan, &item, &err) > 0) {
            strcat(all, item.name);
            strcat(all, "\n");
        }
        if (round == 0)
            strcpy(first, all);
        CHECK_STR(all, first);
        arv__plan_free(plan);
        arv_entries_unref(entries);
    }
}

TEST(plan_must_be_prepared_before_it_is_read)
{
    arv_error err;
    arv__plan *plan;
    arv__plan_item item;
    arv_entries *entries = entries_new();
    CHECK_OK(arv__plan_new(&plan, entries, &err), &err);
    CHECK_ERR(arv__plan_next(plan, &item, &err), &err, ARV_ESTATE, NULL);
    arv__plan_free(plan);
    arv_entries_unref(entries);
}

/* A prime step visits every number once, in an order that is far from sorted. */
static void add_many(arv_entries *entries, uint32_t count)
{
    arv_error err;
    for (uint32_t i = 0; i < count; i++) {
        char name[64], path[80];
        uint32_t number = (uint32_t)((uint64_t)i * 7919 % count);
        snprintf(name, sizeof name, "students/%05u/submission_%07u.html", number / 100, number);
        snprintf(path, sizeof path, "/moodledata/filedir/%02x/%02x/%040x", number & 255, number >> 8 & 255,
                 number);
        arv_entry entry = {.name = name,
                           .owner = "Muster, Mia",
                           .size_bytes = number,
                           .modified_at_unix = 1700000000};
        CHECK_OK(arv_entries_add_path(entries, &entry, path, &err), &err);
    }
}

static void read_many(arv_entries *entries, uint32_t count)
{
    arv_error err;
    arv__plan *plan;
    arv__plan_item item;
    CHECK_OK(arv__plan_new(&plan, entries, &err), &err);
    CHECK_OK(arv__plan_prepare(plan, &err), &err);
    for (uint32_t i = 0; i < count; i++) {
        CHECK_INT(arv__plan_next(plan, &item, &err), 1);
        CHECK_INT(item.size_bytes, i);
    }
    CHECK_INT(arv__plan_next(plan, &item, &err), 0);
    arv__plan_free(plan);
}

TEST(plan_of_a_million_entries_stays_within_the_memory_bound)
{
    struct rusage before, after;
    arv_entries *entries = entries_new();
    getrusage(RUSAGE_SELF, &before);
    add_many(entries, 1000000);
    read_many(entries, 1000000);
    getrusage(RUSAGE_SELF, &after);
#ifndef TEST_SANITIZED
    /* the bound is 1 MiB; merging may take 2 more, libraries loaded meanwhile 1 */
    CHECK(after.ru_maxrss - before.ru_maxrss <= 4 << 10);
#endif
    arv_entries_unref(entries);
}

/* SPDX-License-Identifier: Apache-2.0 */

/* Where an extraction works, and how its result gets its place: complete, or not at all, and never
 * at the cost of what other people put there meanwhile. */

#include "fault_fs.h"
#include "reading.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { GOOD_NAMES = 7 };
static const char *const good_names[GOOD_NAMES] = {"a.txt",         "b",   "c.bin", "empty.txt", "inner.zip",
                                                   "question?.txt", "void"};

static char archive[600], out[600]; /* paths of the frame are short-lived */

static void scene(bool exists)
{
    if (!*archive)
        snprintf(archive, sizeof archive, "%s", reading_make("good", "zip"));
    snprintf(out, sizeof out, "%s", test_path("out"));
    if (exists)
        CHECK_INT(mkdir(out, 0700), 0);
}

static void check_content(const char *path, const char *expected)
{
    char *content = test_read_file(path, NULL);
    CHECK_STR(content, expected);
    free(content);
}

static void check_complete(void)
{
    for (unsigned i = 0; i < GOOD_NAMES; i++)
        CHECK(test_exists(test_path("out/%s", good_names[i])));
    check_content(test_path("out/a.txt"), "hello\n");
    CHECK_INT(test_count_dir(out), GOOD_NAMES);
    CHECK_INT(test_count_dir(test_dir()), 2);
}

static void clear_out(void)
{
    CHECK_INT(test_run(NULL, (const char *const[]){"rm", "-r", out, NULL}), 0);
}

/* What somebody else does while the archive is being extracted. */
typedef struct intruder {
    const char *file, *folder; /* made at the first item */
    int result;                /* of the callback */
} intruder;

static int intrude(void *user_data, const arv_item *item)
{
    intruder *what = user_data;
    (void)item;
    if (what->folder && !test_exists(what->folder))
        CHECK_INT(mkdir(what->folder, 0700), 0);
    if (what->file && !test_exists(what->file))
        test_write_file(what->file, "mine", 4);
    return what->result;
}

static bool moved_away; /* by move_above(), which is called for each item */

static int move_above(void *user_data, const arv_item *item)
{
    (void)user_data;
    (void)item;
    if (!moved_away) {
        CHECK_INT(rename(test_path("above"), test_path("away")), 0);
        CHECK_INT(mkdir(test_path("above"), 0700), 0);
    }
    moved_away = true;
    return 0;
}

static int extract_with(intruder *what, arv_error *err)
{
    arv_extract_options options = {.struct_bytes = sizeof options, .on_item = intrude};
    return reading_extract(archive, out, &options, what, err);
}

TEST(an_empty_folder_is_filled_also_through_a_link)
{
    arv_error err = {0};
    struct stat before, after;
    scene(true);
    CHECK_INT(stat(out, &before), 0);
    CHECK_INT(symlink("out", test_path("link")), 0);
    CHECK_OK(reading_extract(archive, test_path("link/"), NULL, NULL, &err), &err);
    CHECK_INT(unlink(test_path("link")), 0);
    CHECK_INT(stat(out, &after), 0);
    CHECK_INT(before.st_ino, after.st_ino);
    check_complete();
}

TEST(a_new_folder_has_the_usual_mode_and_any_possible_name)
{
    static const char *const ends[] = {"", "/", "//"};
    arv_error err = {0};
    struct stat st;
    char name[256] = "";
    scene(false);
    umask(027);
    while (strlen(name) + strlen("ü") < sizeof name)
        strcat(name, "ü");
    for (unsigned i = 0; i < 3; i++) {
        const char *folder = test_path("%s%s", i == 1 ? "x" : name, ends[i]);
        CHECK_OK(reading_extract(archive, folder, NULL, NULL, &err), &err);
        CHECK_INT(stat(folder, &st), 0);
        CHECK_INT(st.st_mode & 07777, 0750);
        CHECK_INT(test_count_dir(folder), GOOD_NAMES);
        CHECK_INT(test_count_dir(test_dir()), 2);
        CHECK_INT(test_run(NULL, (const char *const[]){"rm", "-r", folder, NULL}), 0);
    }
}

TEST(a_folder_that_cannot_be_made_is_an_error_from_the_beginning)
{
    arv_error err = {0};
    scene(false);
    CHECK_ERR(reading_extract(archive, test_path("no/out"), NULL, NULL, &err), &err, ARV_ENOTFOUND,
              "cannot be made");
    CHECK_INT(symlink("elsewhere", out), 0);
    CHECK_ERR(reading_extract(archive, out, NULL, NULL, &err), &err, ARV_ENOTFOUND, "cannot be opened");
    CHECK_INT(unlink(out), 0);
    CHECK_INT(test_count_dir(test_dir()), 1);
}

TEST(nothing_is_extracted_to_where_its_path_does_not_lead_any_more)
{
    arv_error err;
    arv_extract_options options = {.struct_bytes = sizeof options, .on_item = move_above};
    for (int exists = 0; exists < 2; exists++) {
        scene(false);
        moved_away = false;
        CHECK_INT(mkdir(test_path("above"), 0700), 0);
        snprintf(out, sizeof out, "%s", test_path("above/out"));
        if (exists)
            CHECK_INT(mkdir(out, 0700), 0);
        CHECK_INT(reading_extract(archive, out, &options, NULL, &err), ARV_EOFFLINE);
        CHECK_HAS(err.message, "Nothing was extracted");
        CHECK_INT(test_count_dir(test_path("above")), 0);
        CHECK_INT(test_count_dir(test_path("away")), exists);
        CHECK_INT(test_run(NULL,
                           (const char *const[]){"rm", "-r", test_path("above"), test_path("away"), NULL}),
                  0);
    }
}

TEST(a_foreign_file_survives_a_failed_extraction)
{
    arv_error err = {0};
    char mine[700];
    scene(true);
    snprintf(mine, sizeof mine, "%s/mine.txt", out);
    intruder what = {.file = mine, .result = ARV_ECALLBACK};
    CHECK_ERR(extract_with(&what, &err), &err, ARV_ECALLBACK, "stopped");
    CHECK_INT(test_count_dir(out), 1);
    check_content(mine, "mine");
    CHECK_INT(unlink(mine), 0);
    what.result = 0; /* and does not disturb one that succeeds */
    CHECK_OK(extract_with(&what, &err), &err);
    CHECK_INT(test_count_dir(out), GOOD_NAMES + 1);
    check_content(mine, "mine");
}

/* With each name in turn, so that others have got their place before it. */
static void each_name_taken(bool without_noreplace)
{
    scene(true);
    for (unsigned i = 0; i < GOOD_NAMES; i++) {
        arv_error err = {0};
        char mine[700];
        snprintf(mine, sizeof mine, "%s/%s", out, good_names[i]);
        fault_fs_install();
        if (without_noreplace)
            fault_fs_lack(FAULT_RENAMEAT, EINVAL);
        intruder what = {.file = mine};
        CHECK_ERR(extract_with(&what, &err), &err, ARV_EEXISTS, good_names[i]);
        fault_fs_remove();
        CHECK_HAS(err.message, "Somebody put");
        CHECK_INT(test_count_dir(out), 1);
        check_content(mine, "mine");
        CHECK_INT(unlink(mine), 0);
    }
}

TEST(a_name_that_was_taken_meanwhile_is_an_error_and_all_goes_back)
{
    each_name_taken(false);
}

TEST(a_name_that_was_taken_is_seen_without_rename_noreplace_too)
{
    each_name_taken(true);
}

TEST(a_folder_that_was_made_meanwhile_is_an_error)
{
    for (int without_noreplace = 0; without_noreplace < 2; without_noreplace++) {
        arv_error err = {0};
        char mine[700];
        scene(false);
        snprintf(mine, sizeof mine, "%s/mine.txt", out);
        intruder what = {.folder = out, .file = mine};
        fault_fs_install();
        if (without_noreplace)
            fault_fs_lack(FAULT_RENAMEAT, EINVAL);
        CHECK_ERR(extract_with(&what, &err), &err, ARV_EEXISTS, "Somebody made");
        what = (intruder){.file = out}; /* a file instead of a folder */
        clear_out();
        CHECK_ERR(extract_with(&what, &err), &err, ARV_EEXISTS, "Somebody made");
        check_content(out, "mine");
        fault_fs_remove();
        CHECK_INT(test_count_dir(test_dir()), 2);
        clear_out();
    }
}

TEST(without_rename_noreplace_all_comes_to_its_place)
{
    arv_error err = {0};
    for (int exists = 0; exists < 2; exists++) {
        scene(exists != 0);
        fault_fs_install();
        fault_fs_lack(FAULT_RENAMEAT, EINVAL);
        CHECK_OK(reading_extract(archive, out, NULL, NULL, &err), &err);
        CHECK(fault_fs_calls(FAULT_RENAMEAT_REPLACING) > 0);
        fault_fs_remove();
        check_complete();
        clear_out();
    }
}

TEST_TIMEOUT(a_failure_while_all_comes_to_its_place_takes_it_back, 300)
{
    static const fault_op ops[] = {FAULT_RENAMEAT, FAULT_RENAMEAT_REPLACING, FAULT_READDIR,
                                   FAULT_FSTATAT,  FAULT_FDOPENDIR,          FAULT_OPENAT};
    for (size_t i = 0; i < sizeof ops / sizeof *ops; i++) {
        int status = -1;
        scene(true);
        for (unsigned nth = 1; status < 0; nth++) {
            CHECK_SCENE("call %u of %s fails", nth, fault_fs_name(ops[i]));
            arv_error err = {0};
            CHECK(nth < 200);
            fault_fs_install();
            if (ops[i] == FAULT_RENAMEAT_REPLACING)
                fault_fs_lack(FAULT_RENAMEAT, ENOSYS);
            fault_fs_fail(ops[i], nth, EIO);
            status = reading_extract(archive, out, NULL, NULL, &err);
            fault_fs_remove();
            if (status == 0)
                break;
            CHECK_INT(status, ARV_EIO);
            CHECK_INT(test_count_dir(out), 0);
        }
        check_complete();
        clear_out();
    }
}

TEST(a_folder_of_ours_that_cannot_be_removed_at_the_end_is_emptied)
{
    arv_error err = {0};
    scene(true);
    fault_fs_install();
    fault_fs_fail(FAULT_UNLINKAT, 1, EBUSY);
    CHECK_ERR(reading_extract(archive, out, NULL, NULL, &err), &err, ARV_EIO, "cannot be removed");
    fault_fs_remove();
    CHECK_INT(test_count_dir(out), 0);
}

TEST(an_undo_that_fails_says_what_stays)
{
    arv_error err = {0};
    scene(false);
    intruder what = {.result = ARV_ECALLBACK};
    fault_fs_install();
    fault_fs_lack(FAULT_UNLINKAT, EROFS);
    CHECK_ERR(extract_with(&what, &err), &err, ARV_ECALLBACK, "cannot be removed");
    fault_fs_remove();
    CHECK_HAS(err.message, ".out.");
    CHECK(!test_exists(out));
}

/* ---- kills ----------------------------------------------------------------------------------- */

static bool killed_at(unsigned nth)
{
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        arv_error err = {0};
        fault_fs_install();
        fault_fs_kill(FAULT_ANY, nth);
        _exit(reading_extract(archive, out, NULL, NULL, &err) == 0 ? 0 : 1);
    }
    int status = 0;
    CHECK_INT(waitpid(pid, &status, 0), pid);
    CHECK(WIFSIGNALED(status) ? WTERMSIG(status) == SIGKILL : WEXITSTATUS(status) == 0);
    return WIFSIGNALED(status);
}

TEST_TIMEOUT(what_a_killed_extraction_left_goes_with_the_next_one, 300)
{
    arv_error err = {0};
    bool killed = true;
    unsigned partial = 0;
    scene(false);
    for (unsigned nth = 1; killed; nth += 7) {
        CHECK_SCENE("killed at call %u", nth);
        killed = killed_at(nth);
        if (test_exists(out))
            continue;
        partial += test_count_dir(test_dir()) == 2;
        CHECK_OK(reading_extract(archive, out, NULL, NULL, &err), &err);
        check_complete();
        clear_out();
    }
    CHECK(partial > 5);
}

static int extract_beside(void *user_data, const arv_item *item)
{
    (void)user_data, (void)item;
    if (!test_exists(out)) {
        arv_error err = {0};
        CHECK_OK(reading_extract(archive, out, NULL, NULL, &err), &err);
    }
    return 0;
}

TEST(a_folder_that_a_living_extraction_fills_stays)
{
    arv_extract_options options = {.struct_bytes = sizeof options, .on_item = extract_beside};
    arv_error err = {0};
    scene(false);
    CHECK_ERR(reading_extract(archive, out, &options, NULL, &err), &err, ARV_EEXISTS, "made");
    CHECK_INT(test_count_dir(out), GOOD_NAMES);
    CHECK_INT(test_count_dir(test_dir()), 2); /* it took back what was its own */
}

TEST_TIMEOUT(killed_at_any_call_a_new_folder_is_complete_or_absent, 300)
{
    bool killed = true;
    unsigned partial = 0;
    scene(false);
    for (unsigned nth = 1; killed; nth++) {
        CHECK_SCENE("killed at call %u", nth);
        killed = killed_at(nth);
        int names = test_count_dir(test_dir());
        if (test_exists(out)) {
            CHECK_INT(test_count_dir(out), GOOD_NAMES);
            check_content(test_path("out/a.txt"), "hello\n");
            CHECK_INT(names, 2);
        } else {
            CHECK(killed && names <= 2);
            partial += names == 2;
        }
        CHECK_INT(test_run(NULL,
                           (const char *const[]){"find", test_dir(), "-mindepth", "1", "-maxdepth", "1",
                                                 "-name", "*out*", "-exec", "rm", "-r", "{}", "+", NULL}),
                  0);
    }
    CHECK(partial > 10);
}

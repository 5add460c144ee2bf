/* SPDX-License-Identifier: Apache-2.0 */

/* What killed writers leave where there is no O_TMPFILE goes with the next new file, and what a living
 * one has stays. */

#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>
#include "fault_fs.h"
#include "loop/leftover.h"
#include "loop/newfile.h"

#define PART ".archivist-0123456789abcdef.part"

static const arv__leftover parts = {".archivist-", ".part", 16, false, NULL};
static arv_error err;
static int dir_fd = -1;
static char folder[512];

static void start(void)
{
    fault_fs_install();
    snprintf(folder, sizeof folder, "%s/store", test_dir());
    CHECK_INT(mkdir(folder, 0700), 0);
    dir_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    CHECK(dir_fd >= 0);
}

static void lack(bool links)
{
    fault_fs_lack(FAULT_OPEN_TMPFILE, EOPNOTSUPP);
    if (!links)
        fault_fs_lack(FAULT_LINKAT, EPERM);
}

static void poor_file_system(bool links)
{
    fault_fs_reset();
    lack(links);
}

static const char *in_folder(const char *name)
{
    return test_path("store/%s", name);
}

static arv__newfile *open_new(const char *name)
{
    arv__newfile *file;
    arv__newfile_options options = {.dir_fd = dir_fd, .name = name, .size_hint_bytes = 1};
    CHECK_OK(arv__newfile_open(&file, &options, &err), &err);
    return file;
}

static void finish_new(arv__newfile *file)
{
    CHECK_OK(arv__newfile_write(file, "content", 7, &err), &err);
    CHECK_OK(arv__newfile_seal(file, &err), &err);
    CHECK_OK(arv__newfile_commit(file, &err), &err);
    arv__newfile_free(file);
}

/* True when the child was killed before it had done. */
static bool killed_at(unsigned nth, bool links, const char *name)
{
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        fault_fs_reset();
        fault_fs_kill(FAULT_ANY, nth); /* the first rule that fits decides */
        lack(links);
        finish_new(open_new(name));
        _exit(0);
    }
    int status = 0;
    CHECK_INT(waitpid(pid, &status, 0), pid);
    CHECK(WIFSIGNALED(status) ? WTERMSIG(status) == SIGKILL : WEXITSTATUS(status) == 0);
    return WIFSIGNALED(status);
}

TEST(what_a_writer_killed_at_any_call_left_goes_with_the_next_one)
{
    unsigned left = 0;
    start();
    for (int links = 0; links < 2; links++) {
        bool killed = true;
        for (unsigned nth = 1; killed; nth++) {
            CHECK_SCENE("links %d, killed at call %u", links, nth);
            killed = killed_at(nth, links, "killed");
            int complete = test_exists(in_folder("killed"));
            left += test_count_dir(folder) > complete;
            poor_file_system(links);
            finish_new(open_new("next"));
            CHECK_INT(test_count_dir(folder), complete + 1);
            unlinkat(dir_fd, "killed", 0);
            CHECK_INT(unlinkat(dir_fd, "next", 0), 0);
        }
    }
    CHECK(left > 10);
}

TEST(the_part_of_a_living_writer_stays_in_this_process_and_in_another)
{
    int begun[2], go[2];
    char byte;
    start();
    for (int links = 0; links < 2; links++) {
        CHECK_SCENE("links %d", links);
        poor_file_system(links);
        CHECK(pipe(begun) == 0 && pipe(go) == 0);
        fflush(NULL);
        pid_t pid = fork();
        if (pid == 0) {
            arv__newfile *file = open_new("other");
            CHECK_INT(write(begun[1], "x", 1), 1);
            CHECK_INT(read(go[0], &byte, 1), 1);
            finish_new(file);
            _exit(0);
        }
        CHECK_INT(read(begun[0], &byte, 1), 1);
        arv__newfile *own = open_new("own");
        finish_new(open_new("third"));
        CHECK_INT(test_count_dir(folder), 3);
        finish_new(own);
        CHECK_INT(write(go[1], "x", 1), 1);
        CHECK_CHILD(pid);
        CHECK_INT(test_count_dir(folder), 3);
        for (const char *const *name = (const char *const[]){"other", "own", "third", NULL}; *name; name++)
            CHECK_INT(unlinkat(dir_fd, *name, 0), 0);
    }
}

/* Each writes as fast as it can and removes what others left; some are killed all the time. */
TEST_TIMEOUT(many_writers_never_lose_a_part_to_each_other, 120)
{
    enum { WRITERS = 6, LIVES = 60 };
    pid_t pids[WRITERS];
    char name[32];
    start();
    fflush(NULL);
    for (int w = 0; w < WRITERS; w++) {
        pids[w] = fork();
        for (int i = 0; pids[w] == 0 && i < LIVES; i++) {
            poor_file_system(w % 2);
            snprintf(name, sizeof name, "%d-%d", w, i);
            finish_new(open_new(name));
        }
        if (pids[w] == 0)
            _exit(0);
    }
    for (unsigned i = 0; i < LIVES; i++) {
        snprintf(name, sizeof name, "killed-%u", i);
        killed_at(1 + i % 16, i % 2, name);
        unlinkat(dir_fd, name, 0);
    }
    for (int w = 0; w < WRITERS; w++)
        CHECK_CHILD(pids[w]);
    poor_file_system(true);
    for (int i = 0; i < LIVES / 16 + 1; i++)
        arv__leftover_remove(dir_fd, &parts);
    CHECK_INT(test_count_dir(folder), WRITERS * LIVES);
}

/* ---- the two races --------------------------------------------------------------------------- */

static arv__fileops table;
static int races;

/* Before the maker has its lock, somebody takes the new name for a leftover. */
static int flock_after_a_sweep(int fd, int operation)
{
    if (races++ == 0)
        arv__leftover_remove(dir_fd, &parts); /* comes here again, and is let through */
    return arv__fs_system.flock(fd, operation);
}

static int openat_without_tmpfile(int at_fd, const char *path, int flags, mode_t mode)
{
    return (flags & O_TMPFILE) == O_TMPFILE ? -EOPNOTSUPP : arv__fs_system.openat(at_fd, path, flags, mode);
}

TEST(a_part_that_was_removed_before_it_was_locked_is_made_again)
{
    start();
    table = arv__fs_system;
    table.openat = openat_without_tmpfile;
    table.flock = flock_after_a_sweep;
    arv__fs_set(&table);
    finish_new(open_new("f"));
    CHECK(races >= 3);
    CHECK_INT(test_count_dir(folder), 1);
}

/* While the remover takes its lock, the name comes to mean something else. */
static int flock_after_an_exchange(int fd, int operation)
{
    int rc = arv__fs_system.flock(fd, operation);
    if (races++ == 0)
        CHECK_INT(rename(in_folder("new"), in_folder(PART)), 0);
    return rc;
}

TEST(a_name_that_means_something_else_by_now_stays)
{
    start();
    test_write_file(in_folder(PART), "old", 3);
    test_write_file(in_folder("new"), "new", 3);
    table = arv__fs_system;
    table.flock = flock_after_an_exchange;
    arv__fs_set(&table);
    arv__leftover_remove(dir_fd, &parts);
    CHECK_INT(races, 1);
    CHECK(test_exists(in_folder(PART)));
    arv__leftover_remove(dir_fd, &parts);
    CHECK(!test_exists(in_folder(PART)));
}

/* ---- what is not ours ------------------------------------------------------------------------ */

TEST(only_regular_files_with_such_a_name_are_removed)
{
    static const char *const others[] = {
        "archivist-0123456789abcdef.part",   ".archivist-0123456789abcde.part",
        ".archivist-0123456789abcdef0.part", ".archivist-0123456789abcdeg.part",
        ".archivist-0123456789abcdef.par",   ".archivist-0123456789abcdef.part~",
    };
    start();
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        test_write_file(in_folder(others[i]), "x", 1);
    test_write_file(in_folder("target"), "x", 1);
    CHECK_INT(symlink("target", in_folder(".archivist-00000000000000aa.part")), 0);
    CHECK_INT(mkdir(in_folder(".archivist-00000000000000bb.part"), 0700), 0);
    CHECK_INT(mkfifo(in_folder(".archivist-00000000000000cc.part"), 0600), 0);
    int names = test_count_dir(folder);
    test_write_file(in_folder(PART), "x", 1);
    arv__leftover_remove(dir_fd, &parts);
    CHECK_INT(test_count_dir(folder), names);
    CHECK(!test_exists(in_folder(PART)));
}

TEST(a_name_where_others_may_give_names_proves_nothing)
{
    static const mode_t modes[] = {0770, 0707, 0777};
    start();
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        CHECK_SCENE("mode %o", (unsigned)modes[i]);
        test_write_file(in_folder(PART), "the only copy", 13);
        CHECK_INT(chmod(folder, modes[i]), 0);
        arv__leftover_remove(dir_fd, &parts);
        CHECK(test_exists(in_folder(PART)));
    }
    CHECK_INT(chmod(folder, 01777), 0); /* sticky: only its owner may */
    arv__leftover_remove(dir_fd, &parts);
    CHECK(!test_exists(in_folder(PART)));
}

TEST(what_belongs_to_another_user_stays)
{
    start();
    test_write_file(in_folder(PART), "x", 1);
    if (chown(in_folder(PART), 65534, 65534) != 0)
        test_skip("files can only be given away by root");
    arv__leftover_remove(dir_fd, &parts);
    CHECK(test_exists(in_folder(PART)));
}

TEST(nothing_is_removed_where_there_are_no_locks)
{
    start();
    test_write_file(in_folder(PART), "x", 1);
    poor_file_system(true);
    fault_fs_lack(FAULT_FLOCK, EOPNOTSUPP);
    finish_new(open_new("f"));
    CHECK_INT(test_count_dir(folder), 2);
}

TEST(work_is_bounded)
{
    char name[64];
    start();
    for (int i = 0; i < 40; i++) {
        snprintf(name, sizeof name, ".archivist-%016x.part", (unsigned)i);
        test_write_file(in_folder(name), "x", 1);
    }
    arv__leftover_remove(dir_fd, &parts);
    CHECK_INT(test_count_dir(folder), 24);
    arv__leftover_remove(dir_fd, &parts);
    arv__leftover_remove(dir_fd, &parts);
    CHECK_INT(test_count_dir(folder), 0);
    for (int i = 0; i < 5000; i++) {
        snprintf(name, sizeof name, "%d", i);
        test_write_file(in_folder(name), "", 0);
    }
    fault_fs_reset();
    arv__leftover_remove(dir_fd, &parts);
    CHECK_INT(fault_fs_calls(FAULT_READDIR), 4096);
}

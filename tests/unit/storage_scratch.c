/* SPDX-License-Identifier: Apache-2.0 */

/* Folders for files that are handed to drivers: what killed processes leave goes with the next one. */

#include "test.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "fault_fs.h"
#include "storage/internal.h"

static arv_error err;

static const char *folder(void)
{
    mkdir(test_path("tmp"), 0700);
    return test_path("tmp");
}

static void use(arv__scratch *scratch)
{
    CHECK_OK(arv__scratch_make(scratch, folder(), &err), &err);
    test_write_file(scratch->file, "personal", 8);
}

static bool killed_at(unsigned nth)
{
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        arv__scratch scratch = {.folder = ""};
        fault_fs_install();
        fault_fs_kill(FAULT_ANY, nth);
        use(&scratch);
        arv__scratch_remove(&scratch);
        _exit(0);
    }
    int status = 0;
    CHECK_INT(waitpid(pid, &status, 0), pid);
    CHECK(WIFSIGNALED(status) ? WTERMSIG(status) == SIGKILL : WEXITSTATUS(status) == 0);
    return WIFSIGNALED(status);
}

TEST(what_a_process_killed_at_any_call_left_goes_with_the_next_folder)
{
    bool killed = true;
    int left = 0;
    folder();
    for (unsigned nth = 1; killed; nth++) {
        CHECK_SCENE("killed at call %u", nth);
        arv__scratch scratch = {.folder = ""};
        killed = killed_at(nth);
        left += test_count_dir(test_path("tmp"));
        use(&scratch);
        CHECK_INT(test_count_dir(test_path("tmp")), 1);
        arv__scratch_remove(&scratch);
        CHECK_INT(test_count_dir(test_path("tmp")), 0);
    }
    CHECK(left >= 5);
}

TEST(a_folder_in_use_stays)
{
    arv__scratch first = {.folder = ""}, second = {.folder = ""};
    struct stat st;
    use(&first);
    use(&second);
    CHECK_INT(stat(first.folder, &st), 0);
    CHECK_INT(st.st_mode & 07777, 0700);
    CHECK(killed_at(1000) == false); /* another process makes one and goes */
    CHECK_INT(test_count_dir(test_path("tmp")), 2);
    CHECK(test_exists(first.file) && test_exists(second.file));
    arv__scratch_remove(&first);
    CHECK(test_exists(second.file));
    arv__scratch_remove(&second);
    arv__scratch_remove(&second);
    CHECK_INT(test_count_dir(test_path("tmp")), 0);
}

TEST(a_folder_that_holds_more_than_the_object_stays)
{
    arv__scratch scratch = {.folder = ""};
    const char *other = ".archivist-0192f0c1-7d3b-7cc2-9a51-3c6e1f2a4b5d";
    folder();
    CHECK_INT(mkdir(test_path("tmp/%s", other), 0700), 0);
    test_write_file(test_path("tmp/%s/mine", other), "x", 1);
    use(&scratch);
    arv__scratch_remove(&scratch);
    CHECK(test_exists(test_path("tmp/%s/mine", other)));
}

TEST(a_folder_that_cannot_be_made_is_named)
{
    arv__scratch scratch = {.folder = ""};
    CHECK_ERR(arv__scratch_make(&scratch, test_path("missing"), &err), &err, ARV_ENOTFOUND, "missing");
    CHECK_HAS(err.message, "TMPDIR");
    for (unsigned nth = 1; nth < 40; nth++) {
        CHECK_SCENE("call %u fails", nth);
        fault_fs_install();
        fault_fs_fail(FAULT_ANY, nth, EIO);
        arv__scratch_make(&scratch, folder(), &err);
        fault_fs_remove();
        arv__scratch_remove(&scratch);
        CHECK_INT(test_count_dir(test_path("tmp")), 0);
    }
}

/* Between making it and locking it, another process takes it for a leftover. */
TEST(a_folder_that_is_swept_before_it_is_locked_is_made_again)
{
    arv__scratch scratch = {.folder = ""};
    const char *where = folder();
    fault_fs_install();
    fault_fs_fail(FAULT_OPENAT, 3, ENOENT); /* the folder above, that to sweep, the new one */
    CHECK_OK(arv__scratch_make(&scratch, where, &err), &err);
    CHECK_INT(fault_fs_calls(FAULT_MKDIRAT), 2);
    fault_fs_remove();
    arv__scratch_remove(&scratch);
    CHECK_INT(test_count_dir(where), 0);
}

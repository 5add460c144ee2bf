/* SPDX-License-Identifier: Apache-2.0 */
/* The frame itself: what a test that fails tells. The tests that fail here are played, not listed. */
#include "test.h"

#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PASSED = 0, FAILED = 1, SKIPPED = 77 };

/* Plays a test as the frame plays each; its exit status, and all that it printed in *output. */
static int play(const char *name, void (*run)(void), char **output)
{
    const test_case played = {name, __FILE__, run, 60, NULL};
    char *path = strdup(test_path("stdout"));
    int status = 0;
    pid_t pid = fork();
    CHECK(pid >= 0);
    if (pid == 0) {
        CHECK(freopen(path, "w", stdout) != NULL);
        int rc = test_run_case(&played);
        fflush(stdout);
        _exit(rc);
    }
    CHECK_INT(waitpid(pid, &status, 0), pid);
    CHECK(WIFEXITED(status));
    *output = test_read_file(path, NULL);
    free(path);
    return WEXITSTATUS(status);
}

__attribute__((format(printf, 4, 5))) static void check_plays(const char *name, void (*run)(void), int status,
                                                              const char *format, ...)
{
    char *output, *printed;
    va_list args;
    va_start(args, format);
    CHECK(vasprintf(&printed, format, args) > 0);
    va_end(args);
    CHECK_INT(play(name, run, &output), status);
    CHECK_STR(output, printed);
    free(printed);
    free(output);
}

enum { IS_SMALL = __LINE__ + 3 };
static void check_is_small(int number)
{
    CHECK_INT(number < 3, 1);
}

enum { IN_A_SCENE = __LINE__ + 4 };
static void check_in_a_scene(int number)
{
    CHECK_SCENE("number %d", number);
    CHECK(number < 3);
}

enum { SAYS = __LINE__ + 3 };
static void check_says(const char *said)
{
    CHECK_STR(said, "yes");
}

static void in_a_helper_in_a_loop(void)
{
    static const char *const formats[] = {"zip", "tar"};
    for (size_t f = 0; f < 2; f++) {
        CHECK_SCENE("format %s", formats[f]);
        for (int i = 0; i < 3 + (int)f; i++) {
            CHECK_SCENE("call %d", i);
            check_is_small(i);
        }
    }
}

TEST(a_check_in_a_helper_in_a_loop_tells_its_scenes)
{
    check_plays("packs", in_a_helper_in_a_loop, FAILED,
                "# packs: support_test.c:%d: number < 3 is 0, expected 1 = 1 [format tar, call 3]\n"
                "FAILED packs\n",
                IS_SMALL);
}

static void after_its_scene(void)
{
    {
        CHECK_SCENE("what was before");
    }
    for (int i = 0; i < 3; i++)
        check_in_a_scene(i);
    check_is_small(3);
}

TEST(a_scene_ends_with_its_block)
{
    check_plays("ends", after_its_scene, FAILED,
                "# ends: support_test.c:%d: number < 3 is 0, expected 1 = 1\nFAILED ends\n", IS_SMALL);
}

static void in_the_scene_of_a_helper(void)
{
    CHECK_SCENE("the caller");
    check_in_a_scene(3);
}

TEST(a_helper_has_a_scene_in_the_scene_of_its_caller)
{
    check_plays("nests", in_the_scene_of_a_helper, FAILED,
                "# nests: support_test.c:%d: failed: number < 3 [the caller, number 3]\nFAILED nests\n",
                IN_A_SCENE);
}

static void ten_deep(int depth)
{
    CHECK_SCENE("%d", depth);
    if (depth < 10)
        ten_deep(depth + 1);
    else
        check_is_small(3);
}

static void too_deep(void)
{
    ten_deep(1);
}

TEST(scenes_that_are_too_many_are_left_out)
{
    check_plays("deep", too_deep, FAILED,
                "# deep: support_test.c:%d: number < 3 is 0, expected 1 = 1 "
                "[1, 2, 3, 4, 5, 6, 7, 8, …]\nFAILED deep\n",
                IS_SMALL);
}

static void says_lines(void)
{
    CHECK_SCENE("two\nlines");
    check_says("no\n\tnever");
}

TEST(a_failure_is_one_line_whatever_it_contains)
{
    check_plays("lines", says_lines, FAILED,
                "# lines: support_test.c:%d: said is \"no\\n\\x09never\", expected \"yes\" "
                "[two\\nlines]\nFAILED lines\n",
                SAYS);
}

static void says_much(void)
{
    char much[9001];
    memset(much, 'x', 9000);
    much[9000] = '\0';
    check_says(much);
}

TEST(a_long_message_is_told_to_its_end)
{
    char much[9001];
    memset(much, 'x', 9000);
    much[9000] = '\0';
    check_plays("long", says_much, FAILED,
                "# long: support_test.c:%d: said is \"%s\", expected \"yes\"\nFAILED long\n", SAYS, much);
}

/* A child of the test fails, and then the test, which waits for it. */
static void forks(void)
{
    int status = 0;
    CHECK_SCENE("job 7");
    pid_t pid = fork();
    CHECK(pid >= 0);
    if (pid == 0) {
        CHECK_SCENE("worker 2");
        check_is_small(4);
    }
    CHECK_INT(waitpid(pid, &status, 0), pid);
    check_is_small(WEXITSTATUS(status) == FAILED ? 5 : 0);
}

TEST(a_forked_child_tells_the_scenes_of_its_parent_and_keeps_its_own)
{
    check_plays("forks", forks, FAILED,
                "# forks: support_test.c:%d: number < 3 is 0, expected 1 = 1 [job 7, worker 2]\n"
                "# forks: support_test.c:%d: number < 3 is 0, expected 1 = 1 [job 7]\nFAILED forks\n",
                IS_SMALL, IS_SMALL);
}

static void crashes(void)
{
    CHECK_SCENE("allocation %d fails", 12);
    raise(SIGKILL);
}

static void hangs(void)
{
    CHECK_SCENE("call %d", 3);
    raise(SIGALRM); /* what its limit sends */
}

TEST(a_crash_and_a_hang_tell_their_scene)
{
    check_plays("crash", crashes, FAILED, "# crash: Killed [allocation 12 fails]\nFAILED crash\n");
    check_plays("hang", hangs, FAILED, "# hang: took longer than its limit [call 3]\nFAILED hang\n");
}

static void leaves(void)
{
    CHECK_SCENE("call %d", 3);
    _exit(9);
}

TEST(a_test_that_ends_its_process_is_told_with_its_status)
{
    check_plays("leaves", leaves, 9, "# leaves: ended with status 9 [call 3]\nFAILED leaves\n");
}

static void *fail_a_check(void *unused)
{
    {
        CHECK_SCENE("what was before");
    }
    CHECK_SCENE("entry 3");
    check_is_small(3);
    return unused;
}

static void in_a_thread(void)
{
    pthread_t thread;
    CHECK_SCENE("format zip");
    CHECK_INT(pthread_create(&thread, NULL, fail_a_check, NULL), 0);
    pthread_join(thread, NULL);
}

TEST(a_thread_tells_the_scenes_of_the_test_and_its_own)
{
    check_plays("thread", in_a_thread, FAILED,
                "# thread: support_test.c:%d: number < 3 is 0, expected 1 = 1 "
                "[format zip, entry 3]\nFAILED thread\n",
                IS_SMALL);
}

static void *leave_alone(void *unused)
{
    CHECK_SCENE("entry 3");
    return unused;
}

static void beside_a_thread(void)
{
    pthread_t thread;
    CHECK_SCENE("format zip");
    CHECK_INT(pthread_create(&thread, NULL, leave_alone, NULL), 0);
    pthread_join(thread, NULL);
    check_is_small(3);
}

TEST(a_thread_leaves_the_scenes_of_the_test_alone)
{
    check_plays("beside", beside_a_thread, FAILED,
                "# beside: support_test.c:%d: number < 3 is 0, expected 1 = 1 [format zip]\n"
                "FAILED beside\n",
                IS_SMALL);
}

static void skips(void)
{
    test_skip("there is no %s", "door");
}

static void passes(void)
{
    CHECK_SCENE("all is well");
}

TEST(a_skipped_and_a_passed_test_are_told)
{
    check_plays("skips", skips, SKIPPED, "# skips: skipped: there is no door\nskip skips\n");
    check_plays("passes", passes, PASSED, "ok passes\n");
}

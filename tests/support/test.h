/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEST_H
#define TEST_H

/*
 * A small frame for C tests: one TEST per behaviour, each in a process of its own, so that a crash,
 * a leak of descriptors or a hung lock of one is a failure of that one. Checks are active in every
 * build type. A program runs all its tests, or those named on its command line; `--list` names
 * them; the last line is "N passed, N failed, N skipped".
 *
 *     TEST(buf_refuses_beyond_its_limit)
 *     {
 *         for (size_t limit = 0; limit < 300; limit++) {
 *             CHECK_SCENE("limit %zu", limit);
 *             …
 *             CHECK_INT(arv__buf_status(&buf, "a test", &err), ARV_ELIMIT);
 *         }
 *     }
 *
 * A failure is one line on stdout, whatever the message contains:
 *
 *     # buf_refuses_beyond_its_limit: util_buf.c:34: x is 0, expected ARV_ELIMIT = -8 [limit 17]
 */

#include <stdbool.h>
#include <stdint.h>
#include <stddef.h>
#include <sys/types.h>
#include <arv/error.h>

typedef struct test_case {
    const char *name;
    const char *file;
    void (*run)(void);
    unsigned timeout_s; /* 0: 60; what an idle machine needs at most, multiplied by test.c */
    struct test_case *next;
} test_case;

void test_register(test_case *c);
/* Runs one test in a process of its own and prints what came of it, as main() does with each.
 * Returns its exit status: 0 passed, 77 skipped, else failed. */
int test_run_case(const test_case *c);

#define TEST_TIMEOUT(id, seconds)                                                                            \
    static void id(void);                                                                                    \
    static test_case id##_case = {#id, __FILE__, id, seconds, NULL};                                         \
    __attribute__((constructor)) static void id##_register(void)                                             \
    {                                                                                                        \
        test_register(&id##_case);                                                                           \
    }                                                                                                        \
    static void id(void)
#define TEST(id) TEST_TIMEOUT(id, 0)

/* Ends the test as failed; its line has test, file and line of the check, message and scene. */
_Noreturn void test_fail(const char *file, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Ends the test as skipped: only for what the machine cannot offer, with the reason. */
_Noreturn void test_skip(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * Says where a test is, until the end of the enclosing block: what changes in a loop, or what a
 * helper was asked. Every failure in that time tells it, in helpers and in forked children as well;
 * so does a crash or a hang of the test. A scene in a scene is told behind it. It costs as much as
 * an snprintf(). Every thread tells the test's scenes, and behind them its own.
 */
#define CHECK_SCENE(...) TEST_SCENE_HELD unsigned TEST_SCENE_NAME(__LINE__) = test_scene_enter(__VA_ARGS__)
#define TEST_SCENE_HELD __attribute__((cleanup(test_scene_leave), unused))
#define TEST_SCENE_NAME(line) TEST_SCENE_NAME_(line)
#define TEST_SCENE_NAME_(line) test_scene_of_line_##line
/* Returns how many scenes there were before; leaving goes back to that many. */
unsigned test_scene_enter(const char *format, ...) __attribute__((format(printf, 1, 2)));
void test_scene_leave(const unsigned *before);

#define CHECK(condition)                                                                                     \
    do {                                                                                                     \
        if (!(condition))                                                                                    \
            test_fail(__FILE__, __LINE__, "failed: %s", #condition);                                         \
    } while (0)
#define CHECK_INT(actual, expected)                                                                          \
    do {                                                                                                     \
        long long a_ = (long long)(actual), e_ = (long long)(expected);                                      \
        if (a_ != e_)                                                                                        \
            test_fail(__FILE__, __LINE__, "%s is %lld, expected %s = %lld", #actual, a_, #expected, e_);     \
    } while (0)
#define CHECK_STR(actual, expected) test_check_str(__FILE__, __LINE__, #actual, actual, expected)
#define CHECK_MEM(actual, expected, length)                                                                  \
    test_check_mem(__FILE__, __LINE__, #actual, actual, expected, length)
/* Contains. */
#define CHECK_HAS(actual, part) test_check_has(__FILE__, __LINE__, #actual, actual, part)
/* The call succeeds; otherwise its message is shown. */
#define CHECK_OK(call, err)                                                                                  \
    do {                                                                                                     \
        int c_ = (int)(call);                                                                                \
        if (c_ < 0)                                                                                          \
            test_fail(__FILE__, __LINE__, "%s: %s: %s", #call, arv_error_name(c_), (err)->message);          \
    } while (0)
/* The call fails with this code, and the sentence contains `part` (NULL: is not empty). */
#define CHECK_ERR(call, err, code, part)                                                                     \
    test_check_err(__FILE__, __LINE__, #call, (int)(call), err, code, part)
/* Waits for a child of this process: it ends by itself, with exit status 0. */
#define CHECK_CHILD(pid) test_check_child(__FILE__, __LINE__, pid)

void test_check_str(const char *file, int line, const char *what, const char *actual, const char *expected);
void test_check_mem(const char *file, int line, const char *what, const void *actual, const void *expected,
                    size_t length);
void test_check_has(const char *file, int line, const char *what, const char *actual, const char *part);
void test_check_err(const char *file, int line, const char *what, int actual, const arv_error *err, int code,
                    const char *part);
void test_check_child(const char *file, int line, pid_t pid);

/* A new empty folder for this test, removed with its content when the test ends. */
const char *test_dir(void);
/* Another folder, which is there, for what follows in this process: a worker's own. */
void test_dir_set(const char *folder);
/* Path inside test_dir(); static storage, a ring of 16. */
const char *test_path(const char *format, ...) __attribute__((format(printf, 1, 2)));
void test_write_file(const char *path, const void *data, size_t length);
/* Whole content, NUL-ended, malloc. */
char *test_read_file(const char *path, size_t *length);
bool test_exists(const char *path);
/* Number of names in a folder, without "." and "..". */
int test_count_dir(const char *path);
/* Runs a program without a shell, argv ended by NULL; returns its exit status, its output (stdout
 * and stderr) in *output (malloc) unless NULL. */
int test_run(char **output, const char *const argv[]);
/* Deterministic bytes: xorshift by seed. */
void test_fill_random(void *into, size_t length, uint64_t seed);

#endif

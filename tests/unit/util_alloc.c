/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <arv/sys/alloc.h>

#include "alloc_fail.h"
#include "test.h"

TEST(sizes_of_zero_give_a_block)
{
    void *a = arv_malloc(0), *b = arv_calloc(0, 8), *c = arv_realloc(NULL, 0);
    void *d = arv_reallocarray(NULL, 8, 0);
    CHECK(a && b && c && d);
    arv_free(a);
    arv_free(b);
    arv_free(c);
    arv_free(d);
    arv_free(NULL);
}

TEST(products_that_overflow_give_no_block)
{
    CHECK(arv_calloc(SIZE_MAX / 2, 3) == NULL);
    void *block = arv_malloc(8);
    CHECK(arv_reallocarray(block, SIZE_MAX / 2, 3) == NULL);
    arv_free(block);
}

TEST(calloc_zeroes_and_realloc_keeps)
{
    unsigned char *block = arv_calloc(100, 10);
    for (int i = 0; i < 1000; i++)
        CHECK_INT(block[i], 0);
    memset(block, 7, 1000);
    block = arv_reallocarray(block, 100, 1000);
    for (int i = 0; i < 1000; i++)
        CHECK_INT(block[i], 7);
    arv_free(block);
}

TEST(strndup_stops_at_the_length_and_at_the_end)
{
    char *cut = arv_strndup("abcdef", 3), *whole = arv_strndup("abc", 100), *copy = arv_strdup("");
    CHECK_STR(cut, "abc");
    CHECK_STR(whole, "abc");
    CHECK_STR(copy, "");
    arv_free(cut);
    arv_free(whole);
    arv_free(copy);
}

TEST(a_table_with_a_hole_is_refused)
{
    arv_error err = {0};
    arv_alloc_table table = {malloc, NULL, realloc, free};
    CHECK_ERR(arv_alloc_set(&table, &err), &err, ARV_EINVALID, "set all four");
    arv_free(arv_malloc(1));
}

TEST(null_restores_the_table_of_libc)
{
    arv_error err = {0};
    alloc_fail_install();
    CHECK_OK(arv_alloc_set(NULL, &err), &err);
    arv_free(arv_malloc(1));
    CHECK_INT(alloc_fail_count(), 0);
}

TEST(nomem_names_what_was_wanted)
{
    arv_error err = {0};
    CHECK_ERR(arv_error_nomem(&err, "the list of entries"), &err, ARV_ENOMEM, "the list of entries");
    CHECK_INT(arv_error_nomem(NULL, "nothing"), ARV_ENOMEM);
}

TEST(exactly_the_nth_allocation_fails)
{
    alloc_fail_install();
    alloc_fail_at(3);
    void *a = arv_malloc(10), *b = arv_calloc(2, 10), *c = arv_realloc(a, 4000), *d = arv_malloc(1);
    CHECK(a && b && !c && d);
    CHECK(alloc_fail_happened());
    CHECK_INT(alloc_fail_count(), 4);
    CHECK_INT(alloc_fail_live(), 3);
    CHECK_INT(alloc_fail_largest(), 4000);
    arv_free(a);
    arv_free(b);
    arv_free(d);
    CHECK_INT(alloc_fail_live(), 0);
}

static void allocates_three(void *ud, bool must_succeed)
{
    (void)ud;
    void *a = arv_malloc(1), *b = a ? arv_malloc(1) : NULL, *c = b ? arv_malloc(1) : NULL;
    CHECK(c || !must_succeed);
    arv_free(a);
    arv_free(b);
    arv_free(c);
}

TEST(each_allocation_is_failed_once)
{
    CHECK_INT(test_each_allocation(allocates_three, NULL), 3);
}

static void leaks_when_the_second_fails(void *ud, bool must_succeed)
{
    (void)ud;
    (void)must_succeed;
    void *a = arv_malloc(1), *b = arv_malloc(1);
    if (b)
        arv_free(a);
    arv_free(b);
}

static void crashes_when_the_first_fails(void *ud, bool must_succeed)
{
    (void)ud;
    (void)must_succeed;
    void *a = arv_malloc(1);
    if (!a)
        abort();
    arv_free(a);
}

/* Runs the rounds in a process of their own, whose test has to fail with this reason. */
static void check_that_it_fails(void (*body)(void *ud, bool must_succeed), const char *reason)
{
    char *output, *path = strdup(test_path("stdout"));
    int status = 0;
    pid_t pid = fork();
    if (pid == 0) {
        CHECK(freopen(path, "w", stdout) != NULL);
        test_each_allocation(body, NULL);
        _exit(0);
    }
    CHECK(waitpid(pid, &status, 0) == pid);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) != 0);
    output = test_read_file(path, NULL);
    CHECK_HAS(output, reason);
    free(output);
    free(path);
}

static void refuses_when_the_second_fails(void *ud, bool must_succeed)
{
    (void)ud;
    void *a = arv_malloc(1), *b = arv_malloc(1);
    arv_free(a);
    arv_free(b);
    CHECK(b || must_succeed);
    CHECK(b != NULL);
}

TEST(a_check_that_fails_in_a_round_tells_the_round)
{
    check_that_it_fails(refuses_when_the_second_fails, "b || must_succeed [allocation 2 fails]");
}

TEST(a_leak_after_a_failed_allocation_fails_the_test)
{
    check_that_it_fails(leaks_when_the_second_fails, "with allocation 2 failed: 1 blocks are not freed");
}

TEST(a_crash_after_a_failed_allocation_fails_the_test)
{
    check_that_it_fails(crashes_when_the_first_fails, "with allocation 1 failed: Aborted");
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "alloc_fail.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <arv/sys/alloc.h>

#include "test.h"

enum { STATUS_SKIPPED = 77, ROUND_TIMEOUT_S = 300 };

static atomic_long counted, live, fail_nth;
static atomic_bool happened;
static atomic_size_t largest;

/* What a round tells its parent, in memory that both see: it must outlive a crash. */
typedef struct round_result {
    long count;
    long leaked;
    bool happened;
    bool returned;
} round_result;

static bool allocation_fails(size_t size)
{
    size_t seen = atomic_load(&largest);
    while (size > seen && !atomic_compare_exchange_weak(&largest, &seen, size))
        ;
    if (atomic_fetch_add(&counted, 1) + 1 != atomic_load(&fail_nth))
        return false;
    atomic_store(&happened, true);
    return true;
}

static void *counting_malloc(size_t size)
{
    void *block = allocation_fails(size) ? NULL : malloc(size);
    atomic_fetch_add(&live, block != NULL);
    return block;
}

static void *counting_calloc(size_t count, size_t size)
{
    void *block = allocation_fails(count * size) ? NULL : calloc(count, size);
    atomic_fetch_add(&live, block != NULL);
    return block;
}

static void *counting_realloc(void *old, size_t size)
{
    void *block = allocation_fails(size) ? NULL : realloc(old, size);
    atomic_fetch_add(&live, block != NULL && old == NULL);
    return block;
}

static void counting_free(void *block)
{
    atomic_fetch_sub(&live, block != NULL);
    free(block);
}

void alloc_fail_install(void)
{
    static const arv_alloc_table table = {counting_malloc, counting_calloc, counting_realloc, counting_free};
    arv_error err = {0};
    CHECK_OK(arv_alloc_set(&table, &err), &err);
    atomic_store(&live, 0);
    alloc_fail_at(0);
}

void alloc_fail_at(long nth)
{
    atomic_store(&fail_nth, 0);
    atomic_store(&counted, 0);
    atomic_store(&largest, 0);
    atomic_store(&happened, false);
    atomic_store(&fail_nth, nth);
}

bool alloc_fail_happened(void)
{
    return atomic_load(&happened);
}

long alloc_fail_count(void)
{
    return atomic_load(&counted);
}

long alloc_fail_live(void)
{
    return atomic_load(&live);
}

size_t alloc_fail_largest(void)
{
    return atomic_load(&largest);
}

static void run_round(void (*body)(void *ud, bool must_succeed), void *ud, long nth, round_result *result)
{
    *result = (round_result){0};
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        alarm(ROUND_TIMEOUT_S);
        alloc_fail_install();
        alloc_fail_at(nth);
        CHECK_SCENE(nth == 0 ? "no allocation fails" : "allocation %ld fails", nth);
        body(ud, nth == 0);
        result->count = alloc_fail_count();
        result->leaked = alloc_fail_live();
        result->happened = alloc_fail_happened();
        result->returned = true;
        exit(0);
    }
    int status = 0;
    if (pid < 0)
        test_fail(__FILE__, __LINE__, "fork: %s", strerror(errno));
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    if (WIFEXITED(status) && WEXITSTATUS(status) == STATUS_SKIPPED && nth == 0)
        exit(STATUS_SKIPPED);
    if (WIFSIGNALED(status))
        test_fail(__FILE__, __LINE__, "with allocation %ld failed: %s", nth,
                  WTERMSIG(status) == SIGALRM ? "hangs" : strsignal(WTERMSIG(status)));
    if (result->leaked != 0)
        test_fail(__FILE__, __LINE__, "with allocation %ld failed: %ld blocks are not freed", nth,
                  result->leaked);
    if (WEXITSTATUS(status) != 0)
        test_fail(__FILE__, __LINE__, "with allocation %ld failed: exit status %d%s", nth,
                  WEXITSTATUS(status), result->returned ? " after the body returned" : "");
    if (!result->returned)
        test_fail(__FILE__, __LINE__, "with allocation %ld failed: the body ended the process", nth);
}

long test_each_allocation(void (*body)(void *ud, bool must_succeed), void *ud)
{
    round_result *result =
        mmap(NULL, sizeof *result, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (result == MAP_FAILED)
        test_fail(__FILE__, __LINE__, "mmap: %s", strerror(errno));
    run_round(body, ud, 0, result);
    /* Threads may share work out differently each time, so the number of rounds may differ too. */
    long limit = result->count * 2 + 64;
    long nth = 0;
    do {
        if (++nth > limit)
            test_fail(__FILE__, __LINE__, "still allocating after %ld rounds", limit);
        run_round(body, ud, nth, result);
    } while (result->happened);
    munmap(result, sizeof *result);
    return nth - 1;
}

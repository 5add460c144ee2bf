/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEST_ALLOC_FAIL_H
#define TEST_ALLOC_FAIL_H

/*
 * An allocation table that fails the n-th allocation and counts all, over all threads.
 *
 *     static void body(void *ud, bool must_succeed)
 *     {
 *         int status = packs_something(ud, &err);
 *         if (must_succeed)
 *             CHECK_OK(status, &err);
 *         else if (status < 0)
 *             CHECK_ERR(status, &err, ARV_ENOMEM, NULL);
 *     }
 *     TEST(packing_survives_every_failed_allocation)
 *     {
 *         test_each_allocation(body, &input);
 *     }
 */

#include <stdbool.h>
#include <stddef.h>

/*
 * Runs `body` once without a failure and with `must_succeed`, then with allocation 1, 2, 3 … failed
 * until it runs through without meeting the failure. Each round is a child process: a crash, a
 * hang, a failed check or a block that is still allocated when `body` returns fails the test, and
 * the message names the round. Returns the number of rounds in which an allocation was failed.
 *
 * Threads do not survive the fork: `body` starts and stops the engine that it uses. What a process
 * allocates once and keeps is best allocated before the call. The folder of test_dir() is shared
 * by all rounds; what one leaves behind is there in the next.
 */
long test_each_allocation(void (*body)(void *ud, bool must_succeed), void *ud);

/* The parts, for tests with a plan of their own. `nth` counts from 1 and from now; 0: none fails. */
void alloc_fail_install(void);
void alloc_fail_at(long nth);
bool alloc_fail_happened(void);  /* since alloc_fail_at() */
long alloc_fail_count(void);     /* allocations since alloc_fail_at(), the failed one included */
long alloc_fail_live(void);      /* blocks allocated and not freed since alloc_fail_install() */
size_t alloc_fail_largest(void); /* bytes of the largest request since alloc_fail_at() */

#endif

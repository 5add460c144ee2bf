/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CONFORMANCE_H
#define CONFORMANCE_H

/*
 * What every storage must do, whatever its driver. A driver's test describes how one is opened and
 * runs the whole suite over it, one test per behaviour:
 *
 *     static const conformance_target mine = {.open = open_mine, …};
 *     #define TEST_MINE(behaviour) CONFORMANCE_TEST(mine, behaviour)
 *     CONFORMANCE_LIST(TEST_MINE)
 *
 * Each test runs in a process of its own and expects the storage to be empty, or to hold objects
 * of other runs that it did not make.
 */

#include <arv/sys/storage.h>
#include "test.h"

typedef struct conformance_target {
    /* Opens the storage; called once or twice per test, always the same storage. */
    arv_storage *(*open)(arv_engine *engine);
    /* What there is beside finished objects (parts, temporary files, open handles). NULL: unknown.
     */
    unsigned (*leftovers)(void);
    /* From now on the medium returns other bytes than it was given. NULL: cannot be made to. */
    void (*corrupt)(void);
    /* From now on less than 2 MiB fit. NULL: cannot be made to. */
    void (*fill)(void);
    /* Leaves what a killed put of this key would. NULL: nothing can be left. */
    void (*leave)(const char *key);
    bool no_list;  /* the driver lacks ARV_STORAGE_LIST */
    bool shared;   /* others may have objects there: lists are not compared as a whole */
    bool keeps;    /* ARV_STORAGE_NO_DELETE */
    bool versions; /* ARV_STORAGE_VERSIONS without EXCLUSIVE: two puts of a key leave two objects */
    bool locks;    /* ARV_STORAGE_LOCKS */
} conformance_target;

#define CONFORMANCE_LIST(X)                                                                                  \
    X(stores_and_gives_back)                                                                                 \
    X(makes_a_key_when_none_is_given)                                                                        \
    X(keeps_the_old_bytes_when_a_key_is_taken)                                                               \
    X(lets_one_of_two_racing_puts_win)                                                                       \
    X(tells_versions_apart)                                                                                  \
    X(keeps_what_is_locked)                                                                                  \
    X(stores_an_empty_object)                                                                                \
    X(stores_a_large_object)                                                                                 \
    X(names_a_missing_object)                                                                                \
    X(removes_for_good)                                                                                      \
    X(tidies_up_what_is_left_and_no_object)                                                                  \
    X(lists_in_pages)                                                                                        \
    X(passes_its_own_check)                                                                                  \
    X(answers_about_its_space)                                                                               \
    X(refuses_bad_keys)                                                                                      \
    X(refuses_what_was_not_expected)                                                                         \
    X(hashes_and_compares_without_a_file)                                                                    \
    X(gives_a_file_only_under_a_free_name)                                                                   \
    X(refuses_sources_that_are_no_files)                                                                     \
    X(catches_wrong_bytes)                                                                                   \
    X(leaves_nothing_when_it_is_full)                                                                        \
    X(leaves_nothing_when_a_put_is_cancelled_at_any_moment)                                                  \
    X(leaves_nothing_when_a_get_is_cancelled_at_any_moment)                                                  \
    X(takes_a_stream_through_a_sink)                                                                         \
    X(forgets_a_sink_aborted_at_any_moment)                                                                  \
    X(removes_what_a_finished_sink_stored_when_it_is_aborted)                                                \
    X(continues_an_interrupted_put)                                                                          \
    X(refuses_to_continue_another_put)                                                                       \
    X(leaves_nothing_of_a_put_that_was_continued_and_aborted_at_any_moment)                                  \
    X(reads_anywhere_through_a_source)                                                                       \
    X(ends_with_its_engine)

#define CONFORMANCE_DECLARE(behaviour) void conformance_##behaviour(const conformance_target *target);
CONFORMANCE_LIST(CONFORMANCE_DECLARE)
#undef CONFORMANCE_DECLARE

#define CONFORMANCE_TEST(target, behaviour)                                                                  \
    TEST_TIMEOUT(target##_##behaviour, 240)                                                                  \
    {                                                                                                        \
        conformance_##behaviour(&target);                                                                    \
    }

#endif

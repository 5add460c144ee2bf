/* SPDX-License-Identifier: Apache-2.0 */

/* Which of the waiting jobs begins next (core/src/engine/engine.h): a small job does not wait behind a
 * large one, and no large one starves. */

#include "jobs.h"

#include <stdio.h>
#include <string.h>

#include "test.h"

enum { MANY = 48, PASSES = 16 };

static job_run runs[MANY];
static char paths[MANY][4200]; /* test_path() has a ring of 16 */
static int order[MANY], begun, count;
static bool gate_open;

static void note_state(job_run *run, arv_job_state state)
{
    if (state == ARV_JOB_PRE_PROCESSING)
        order[begun++] = (int)(run - runs);
}

static job_run *add_run(arv_engine *engine)
{
    job_run *run = &runs[count];
    job_open(run, engine);
    snprintf(paths[count], sizeof paths[count], "%s", test_path("%d.zip", count));
    run->spec.path = paths[count++];
    run->on_state = note_state;
    return run;
}

/* A job whose size nobody knows, and that does not end before the gate is open. */
static int64_t gate_read(void *user_data, void *into, size_t length, arv_error *err)
{
    (void)user_data, (void)err;
    memset(into, 'x', length < 64 ? length : 64);
    return gate_open ? 0 : (int64_t)(length < 64 ? length : 64);
}

static job_run *add_large(arv_engine *engine)
{
    job_run *run = add_run(engine);
    arv_entry entry = {.name = "unknown",
                       .size_bytes = ARV_SIZE_UNKNOWN,
                       .modified_at_unix = ARV_TIME_UNKNOWN};
    CHECK_OK(arv_entries_add_callback(run->entries, &entry, gate_read, NULL, NULL, &run->error), &run->error);
    run->spec.on_progress = NULL; /* it would have to know of how much */
    return run;
}

static void add_small(arv_engine *engine, int how_many)
{
    while (how_many--)
        add_run(engine);
}

static void start_all(int from)
{
    for (int i = from; i < count; i++)
        CHECK_OK(job_begin_run(&runs[i]), &runs[i].error);
}

static void finish_all(arv_engine *engine)
{
    for (int i = 0; i < count; i++) {
        CHECK_OK(job_finish(&runs[i], 0), &runs[i].error);
        job_close(&runs[i]);
    }
    arv_engine_free(engine);
}

static void check_order(int from, int first, int how_many)
{
    for (int i = 0; i < how_many; i++)
        CHECK_INT(order[from + i], first + i);
}

TEST(small_jobs_go_past_large_ones_that_run_and_that_wait)
{
    arv_engine *engine = job_engine(2, 0);
    add_large(engine);
    add_large(engine);
    add_large(engine);
    add_small(engine, 2 * PASSES); /* the second large one could not begin: it loses nothing */
    start_all(0);
    for (int i = 3; i < count; i++)
        CHECK_OK(job_finish(&runs[i], 0), &runs[i].error);
    CHECK_INT(runs[0].dones, 0);
    CHECK_INT(begun, 1 + 2 * PASSES);
    gate_open = true;
    finish_all(engine);
    CHECK_INT(order[count - 2], 1);
    CHECK_INT(order[count - 1], 2);
}

TEST(large_jobs_take_all_places_but_one)
{
    arv_engine *engine = job_engine(4, 0);
    for (int i = 0; i < 4; i++)
        add_large(engine);
    start_all(0);
    while (runs[2].state_count < 2)
        CHECK(arv_engine_run(engine, 1000));
    CHECK_INT(begun, 3);
    gate_open = true;
    finish_all(engine);
    check_order(0, 0, 4);
}

TEST(a_large_job_is_passed_so_often_and_then_has_its_turn)
{
    arv_engine *engine = job_engine(1, 0);
    gate_open = true;
    add_small(engine, 3);
    add_large(engine);
    add_small(engine, PASSES + 4);
    add_large(engine);
    add_small(engine, 4);
    start_all(0);
    finish_all(engine);
    check_order(0, 0, 3); /* they were there before it */
    check_order(3, 4, PASSES);
    CHECK_INT(order[3 + PASSES], 3);
    check_order(4 + PASSES, 4 + PASSES, 4);
    check_order(8 + PASSES, 9 + PASSES, 4); /* the second one is passed by four, since there are four */
    CHECK_INT(order[count - 1], 8 + PASSES);
}

TEST(a_waiting_large_job_that_is_cancelled_leaves_its_turn_to_nobody)
{
    arv_engine *engine = job_engine(1, 0);
    gate_open = true;
    add_large(engine);
    add_small(engine, PASSES);
    add_large(engine);
    add_small(engine, 2);
    start_all(0);
    while (!runs[PASSES].state_count) /* the last that may pass the first large one runs */
        CHECK(arv_engine_run(engine, 1000));
    arv_job_cancel(runs[0].job, NULL);
    CHECK_INT(job_finish(&runs[0], 0), ARV_ECANCELED);
    for (int i = 1; i < count; i++)
        CHECK_OK(job_finish(&runs[i], 0), &runs[i].error);
    CHECK_INT(order[PASSES], PASSES + 2);
    CHECK_INT(order[PASSES + 1], PASSES + 3);
    CHECK_INT(order[PASSES + 2], PASSES + 1);
    for (int i = 0; i < count; i++)
        job_close(&runs[i]);
    arv_engine_free(engine);
}

/* The files are not there, and nothing is read: a promise of their size decides. */
static int order_of_promise(int64_t size_bytes)
{
    arv_engine *engine = job_engine(1, 0);
    begun = count = 0;
    job_run *run = add_run(engine);
    arv_entry entry = {.name = "promised", .size_bytes = size_bytes, .modified_at_unix = ARV_TIME_UNKNOWN};
    CHECK_OK(arv_entries_add_path(run->entries, &entry, test_path("missing"), &run->error), &run->error);
    add_small(engine, 1);
    start_all(0);
    CHECK_INT(job_finish(&runs[0], 0), ARV_EVANISHED);
    CHECK_OK(job_finish(&runs[1], 0), &runs[1].error);
    job_close(&runs[0]);
    job_close(&runs[1]);
    remove(paths[1]);
    arv_engine_free(engine);
    return order[0];
}

TEST(more_than_one_gibibyte_is_large)
{
    int64_t gibibyte = INT64_C(1) << 30, rest = JOB_SMALL_BYTES + JOB_LARGE_BYTES;
    CHECK_INT(order_of_promise(gibibyte - rest), 0);
    CHECK_INT(order_of_promise(gibibyte - rest + 1), 1);
}

TEST(large_jobs_leave_memory_for_a_small_one_whatever_both_ask_for)
{
    arv_engine *engine = job_engine(4, 20 << 20);
    add_large(engine)->package.memory_bytes = 64 << 20;
    add_large(engine);
    add_run(engine)->package.memory_bytes = 64 << 20;
    start_all(0);
    CHECK_OK(job_finish(&runs[2], 0), &runs[2].error);
    CHECK_INT(runs[0].dones, 0);
    CHECK_INT(begun, 2); /* the second large one has no memory */
    gate_open = true;
    finish_all(engine);
}

TEST(with_little_memory_one_job_works_at_a_time)
{
    arv_engine *engine = job_engine(4, 17 << 20);
    gate_open = true;
    add_large(engine);
    add_large(engine);
    add_small(engine, 2);
    start_all(0);
    finish_all(engine);
    check_order(0, 2, 2);
    check_order(2, 0, 2);
}

/* SPDX-License-Identifier: Apache-2.0 */

/* Many jobs at once: the queue, its limits, cancellation from anywhere, the end of an engine. */

#include "jobs.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

enum { MANY = 12 };

static job_run runs[MANY];
static char paths[MANY][4200]; /* test_path() has a ring of 16 */
static int order[MANY], begun, running, running_most;

static int run_number(const job_run *run)
{
    return (int)(run - runs);
}

static void note_state(job_run *run, arv_job_state state)
{
    if (state == ARV_JOB_PRE_PROCESSING) {
        order[begun++] = run_number(run);
        if (++running > running_most)
            running_most = running;
    }
}

static void note_done(job_run *run)
{
    if (run->state_count && run->states[0] == ARV_JOB_PRE_PROCESSING)
        running--;
}

static void open_runs(arv_engine *engine, int count)
{
    for (int i = 0; i < count; i++) {
        job_open(&runs[i], engine);
        snprintf(paths[i], sizeof paths[i], "%s", test_path("%d.zip", i));
        runs[i].spec.path = paths[i];
        runs[i].on_state = note_state;
        runs[i].on_done = note_done;
    }
}

static void start_runs(int count)
{
    for (int i = 0; i < count; i++)
        CHECK_OK(job_begin_run(&runs[i]), &runs[i].error);
}

static void finish_runs(int count)
{
    for (int i = 0; i < count; i++)
        job_finish(&runs[i], 0);
}

static void close_runs(int count)
{
    for (int i = 0; i < count; i++)
        job_close(&runs[i]);
}

/* ---- the queue -------------------------------------------------------------------------------- */

TEST(jobs_begin_in_the_order_of_their_start_and_only_so_many_at_once)
{
    arv_engine *engine = job_engine(2, 64 << 20);
    open_runs(engine, MANY);
    start_runs(MANY);
    finish_runs(MANY);
    for (int i = 0; i < MANY; i++) {
        CHECK_OK(runs[i].status, &runs[i].error);
        CHECK_INT(order[i], i);
    }
    CHECK_INT(running_most, 2);
    CHECK_INT(running, 0);
    close_runs(MANY);
    arv_engine_free(engine);
}

TEST(a_job_whose_memory_does_not_fit_waits)
{
    arv_engine *engine = job_engine(4, 20 << 20);
    open_runs(engine, 4);
    for (int i = 0; i < 4; i++)
        runs[i].package.memory_bytes = i % 2 ? 10 << 20 : 4 << 20; /* 9 MiB at least */
    start_runs(4);
    finish_runs(4);
    CHECK_INT(running_most, 2);
    close_runs(4);
    arv_engine_free(engine);
}

TEST(jobs_that_name_no_memory_share_what_there_is)
{
    arv_engine *engine = job_engine(4, 0);
    open_runs(engine, 6);
    start_runs(6);
    finish_runs(6);
    CHECK_INT(running_most, 4);
    close_runs(6);
    arv_engine_free(engine);
}

TEST(a_job_that_wants_more_memory_than_there_is_runs_alone)
{
    arv_engine *engine = job_engine(4, 4 << 20);
    open_runs(engine, 3);
    for (int i = 0; i < 3; i++)
        runs[i].package.memory_bytes = 64 << 20;
    start_runs(3);
    finish_runs(3);
    for (int i = 0; i < 3; i++)
        CHECK_OK(runs[i].status, &runs[i].error);
    CHECK_INT(running_most, 1);
    close_runs(3);
    arv_engine_free(engine);
}

static bool large_ended;

static void large_done(job_run *run)
{
    (void)run;
    large_ended = true;
}

static void small_done(job_run *run)
{
    (void)run;
    CHECK(!large_ended);
}

static void start_small(job_run *run, arv_job_state state)
{
    if (state == ARV_JOB_ACTIVITY_ARCHIVING && !runs[1].job)
        CHECK_OK(job_begin_run(&runs[1]), &runs[1].error);
    (void)run;
}

TEST(a_small_job_does_not_wait_for_a_large_one)
{
    arv_engine *engine = job_engine(2, 64 << 20);
    static unsigned char bytes[8 << 20];
    open_runs(engine, 1);
    test_fill_random(bytes, sizeof bytes, 3);
    test_write_file(test_path("large"), bytes, sizeof bytes);
    for (int i = 0; i < 24; i++) {
        char name[32];
        snprintf(name, sizeof name, "%d", i);
        arv_entry entry = {.name = name, .size_bytes = sizeof bytes, .modified_at_unix = ARV_TIME_UNKNOWN};
        CHECK_OK(arv_entries_add_path(runs[0].entries, &entry, test_path("large"), &runs[0].error),
                 &runs[0].error);
    }
    runs[0].package.format = ARV_FORMAT_TAR_GZ;
    runs[0].package.level = 9;
    runs[0].on_state = start_small;
    runs[0].on_done = large_done;
    memset(&runs[1], 0, sizeof runs[1]);
    job_open(&runs[1], engine);
    snprintf(paths[1], sizeof paths[1], "%s", test_path("small.zip"));
    runs[1].spec.path = paths[1];
    runs[1].on_done = small_done;
    CHECK_OK(job_begin_run(&runs[0]), &runs[0].error);
    CHECK_OK(job_finish(&runs[0], 0), &runs[0].error);
    CHECK_INT(runs[1].dones, 1);
    CHECK_OK(runs[1].status, &runs[1].error);
    close_runs(2);
    arv_engine_free(engine);
}

static void check_refused_path(job_run *run)
{
    CHECK_INT(run->status, ARV_EINVALID);
}

/* Each ends inside the schedule that began it: the stack must not grow with the queue. */
TEST(a_long_queue_of_jobs_that_cannot_begin_is_worked_off)
{
    enum { LONG = 20000 };
    arv_engine *engine = job_engine(1, 0);
    job_run run;
    arv_error err;
    job_open(&run, engine);
    run.spec.path = "/missing/";
    run.on_done = check_refused_path;
    run.spec.on_progress = NULL; /* of many jobs, which do not go on from each other */
    run.spec.on_state = NULL;
    for (int i = 0; i < LONG; i++) {
        arv_job *job;
        CHECK_OK(arv_job_start(&job, engine, &run.spec, &err), &err);
        arv_job_unref(job);
    }
    while (arv_engine_run(engine, 1000))
        continue;
    CHECK_INT(run.dones, LONG);
    job_close(&run);
    arv_engine_free(engine);
}

/* ---- cancel ----------------------------------------------------------------------------------- */

TEST(queued_and_running_jobs_are_cancelled_and_leave_nothing)
{
    arv_engine *engine = job_engine(1, 0);
    arv_error reason;
    open_runs(engine, 3);
    start_runs(3);
    arv_job_cancel(runs[1].job, NULL);
    while (runs[0].state_count < 2)
        arv_engine_run(engine, 1000);
    CHECK_INT(runs[1].dones, 1);
    CHECK_STATES(&runs[1], 220, 250);
    arv_error_set(&reason, ARV_ETIMEOUT, "The time limit of the page is over.");
    arv_job_cancel(runs[0].job, &reason);
    CHECK_INT(runs[0].dones, 0);
    finish_runs(3);
    CHECK_ERR(runs[0].status, &runs[0].error, ARV_ETIMEOUT, "time limit of the page");
    CHECK_INT(arv_job_get_state(runs[0].job), ARV_JOB_ABORTED);
    CHECK_ERR(runs[1].status, &runs[1].error, ARV_ECANCELED, "was cancelled");
    CHECK_OK(runs[2].status, &runs[2].error);
    CHECK_INT(job_count_files(test_dir()), 1);
    close_runs(3);
    arv_engine_free(engine);
}

TEST(a_reason_that_is_no_error_cancels_as_none_does)
{
    arv_engine *engine = job_engine(1, 0);
    arv_error reason = {0};
    open_runs(engine, 1);
    start_runs(1);
    arv_job_cancel(runs[0].job, &reason);
    finish_runs(1);
    CHECK_INT(runs[0].status, ARV_ECANCELED);
    close_runs(1);
    arv_engine_free(engine);
}

static void cancel_at(job_run *run, arv_job_state state)
{
    if ((intptr_t)run->user_data == (intptr_t)state)
        arv_job_cancel(run->job, NULL);
}

static void cancel_when_reported(job_run *run)
{
    arv_job_cancel(run->job, NULL);
}

TEST(a_job_is_cancelled_from_inside_every_callback)
{
    static const int states[] = {20, 30, 50, 60, 90, 100, 0};
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        CHECK_SCENE("cancelled in state %d", states[i]);
        arv_engine *engine = job_engine(1, 0);
        arv_storage *storage = job_storage(engine, test_path("store"));
        job_run *run = &runs[0];
        job_open(run, engine);
        run->spec.path = test_path("a.zip");
        run->spec.storages = &storage;
        run->spec.storage_count = 1;
        run->spec.progress_interval_ms = 1;
        run->user_data = (void *)(intptr_t)states[i];
        run->on_state = cancel_at;
        run->on_progress = states[i] == 0 ? cancel_when_reported : NULL;
        run->on_done = cancel_when_reported;
        job_finish(run, job_begin_run(run));
        if (states[i] >= 90) {
            CHECK_OK(run->status, &run->error);
            CHECK_INT(arv_job_get_state(run->job), ARV_JOB_COMPLETED);
        }
        if (states[i] > 0 && states[i] < 90) {
            CHECK_INT(run->status, ARV_ECANCELED);
            CHECK_INT(arv_job_get_state(run->job), ARV_JOB_ABORTED);
        }
        CHECK_INT(job_count_files(test_dir()), run->status == 0 ? 2 : 0);
        if (run->status == 0) {
            unlink(test_path("a.zip"));
            unlink(
                job_object_path(test_path("store"), arv_job_get_result(run->job)->locations[0].object.key));
        }
        job_close(run);
        arv_storage_unref(storage);
        arv_engine_free(engine);
    }
}

/* Whatever the moment: a success means that all is there, everything else that nothing is. */
TEST_TIMEOUT(a_job_cancelled_at_any_turn_leaves_all_or_nothing, 120)
{
    int completed = 0;
    for (int turns = 0; completed < 3; turns++) {
        arv_engine *engine = job_engine(1, 0);
        arv_storage *storage = job_storage(engine, test_path("store"));
        job_run *run = &runs[0];
        job_open(run, engine);
        run->spec.path = test_path("a.zip");
        run->spec.storages = &storage;
        run->spec.storage_count = 1;
        CHECK_OK(job_begin_run(run), &run->error);
        for (int i = 0; i < turns && !run->dones; i++)
            arv_engine_run(engine, 1000);
        arv_job_cancel(run->job, NULL);
        job_finish(run, 0);
        CHECK(run->status == 0 || run->status == ARV_ECANCELED);
        CHECK_INT(job_count_files(test_dir()), run->status == 0 ? 2 : 0);
        if (run->status == 0) {
            completed++;
            unlink(test_path("a.zip"));
            unlink(
                job_object_path(test_path("store"), arv_job_get_result(run->job)->locations[0].object.key));
        }
        job_close(run);
        arv_storage_unref(storage);
        arv_engine_free(engine);
    }
}

/* ---- callbacks that do more than look --------------------------------------------------------- */

static void start_the_next(job_run *run)
{
    int next = run_number(run) + 1;
    if (next < 4)
        CHECK_OK(job_begin_run(&runs[next]), &runs[next].error);
    arv_job_unref(run->job);
    run->job = NULL;
}

TEST(a_callback_starts_another_job_and_drops_its_own)
{
    arv_engine *engine = job_engine(1, 0);
    open_runs(engine, 4);
    for (int i = 0; i < 4; i++)
        runs[i].on_done = start_the_next;
    start_runs(1);
    while (!runs[3].dones)
        CHECK(arv_engine_run(engine, 1000) || runs[3].dones);
    for (int i = 0; i < 4; i++)
        CHECK_OK(runs[i].status, &runs[i].error);
    close_runs(4);
    arv_engine_free(engine);
}

static void drop_at_once(job_run *run, arv_job_state state)
{
    note_state(run, state);
    arv_job_unref(run->job);
    run->job = NULL;
}

static void cancel_the_others(job_run *run)
{
    note_done(run);
    for (int i = 0; i < MANY; i++)
        if (runs[i].job)
            arv_job_cancel(runs[i].job, NULL);
}

TEST(a_callback_drops_its_job_or_cancels_the_others)
{
    arv_engine *engine = job_engine(3, 64 << 20);
    open_runs(engine, MANY);
    runs[0].on_state = drop_at_once;
    runs[0].on_done = cancel_the_others;
    start_runs(MANY);
    finish_runs(MANY);
    CHECK_OK(runs[0].status, &runs[0].error);
    CHECK_INT(runs[MANY - 1].status, ARV_ECANCELED);
    CHECK(!arv_engine_run(engine, 0));
    close_runs(MANY);
    arv_engine_free(engine);
}

/* ---- the end of an engine --------------------------------------------------------------------- */

TEST(freeing_an_engine_ends_running_and_queued_jobs)
{
    arv_engine *engine = job_engine(2, 64 << 20);
    open_runs(engine, 6);
    start_runs(6);
    while (begun < 2)
        arv_engine_run(engine, 1000);
    arv_job *jobs[6];
    for (int i = 0; i < 6; i++) {
        jobs[i] = runs[i].job;
        runs[i].job = NULL;
        arv_job_unref(jobs[i]);
    }
    arv_engine_free(engine);
    for (int i = 0; i < 6; i++) {
        CHECK_INT(runs[i].dones, 1);
        CHECK_INT(runs[i].status, ARV_ECANCELED);
        CHECK_HAS(runs[i].error.message, "engine shuts down");
    }
    CHECK_INT(job_count_files(test_dir()), 0);
    close_runs(6);
}

static void start_when_closing(job_run *run)
{
    arv_job *job;
    arv_error err;
    CHECK_ERR(arv_job_start(&job, run->engine, &run->spec, &err), &err, ARV_ECLOSED, "shutting");
}

TEST(a_callback_cannot_start_a_job_on_an_engine_that_shuts_down)
{
    arv_engine *engine = job_engine(1, 0);
    open_runs(engine, 1);
    runs[0].on_done = start_when_closing;
    start_runs(1);
    arv_job_unref(runs[0].job);
    runs[0].job = NULL;
    arv_engine_free(engine);
    CHECK_INT(runs[0].dones, 1);
    close_runs(1);
}

static void child_packs(arv_engine *parents)
{
    job_run run;
    arv_error err;
    arv_job *job;
    alarm(300);
    CHECK(arv_engine_forked(parents));
    CHECK(!arv_engine_run(parents, 1000));
    CHECK_ERR(arv_job_start(&job, parents, &runs[0].spec, &err), &err, ARV_ECLOSED, "fork");
    arv_job_cancel(runs[0].job, NULL);
    arv_engine_wake(parents);
    arv_engine_abandon(parents);
    arv_engine *own = job_engine(1, 0);
    job_open(&run, own);
    run.spec.path = test_path("child.zip");
    CHECK_OK(job_finish(&run, job_begin_run(&run)), &run.error);
    job_close(&run);
    arv_engine_free(own);
    _exit(0);
}

TEST(a_forked_child_abandons_the_engine_and_the_parent_goes_on)
{
#ifdef __SANITIZE_THREAD__ /* gcc's; clang's can, with die_after_fork=0 */
    test_skip("gcc's ThreadSanitizer lets no forked child start threads");
#endif
    arv_engine *engine = job_engine(1, 0);
    int status;
    open_runs(engine, 2);
    start_runs(2);
    while (runs[0].state_count < 2)
        arv_engine_run(engine, 1000);
    pid_t pid = fork();
    if (pid == 0)
        child_packs(engine);
    CHECK(pid > 0);
    CHECK(!arv_engine_forked(engine));
    finish_runs(2);
    CHECK_OK(runs[0].status, &runs[0].error);
    CHECK_OK(runs[1].status, &runs[1].error);
    CHECK_INT(waitpid(pid, &status, 0), pid);
    CHECK_INT(status, 0);
    CHECK_INT(job_count_files(test_dir()), 3);
    job_check_valid(engine, &(arv_origin){.path = test_path("0.zip")});
    job_check_valid(engine, &(arv_origin){.path = test_path("child.zip")});
    close_runs(2);
    arv_engine_free(engine);
}

static pid_t forked = -1;
static bool child_returns;

/* Inside a callback, what is asked of the parent's engine is refused, and nothing of it is given up. */
static void state_forks(job_run *run, arv_job_state state)
{
    arv_error err;
    arv_job *job;
    (void)state;
    if (forked >= 0)
        return;
    fflush(NULL);
    forked = fork();
    if (forked != 0)
        return;
    close(2);
    signal(SIGABRT, SIG_DFL);
    arv_job_cancel(run->job, NULL);
    arv_engine_wake(run->engine);
    arv_engine_abandon(run->engine);
    if (arv_engine_run(run->engine, 1000) ||
        arv_job_start(&job, run->engine, &run->spec, &err) != ARV_ECLOSED)
        _exit(1);
    if (!child_returns)
        _exit(0);
}

static void forks_in_a_callback(int ends)
{
    arv_engine *engine = job_engine(1, 0);
    int status;
    open_runs(engine, 1);
    runs[0].on_state = state_forks;
    start_runs(1);
    finish_runs(1);
    CHECK_OK(runs[0].status, &runs[0].error);
    CHECK_INT(waitpid(forked, &status, 0), forked);
    CHECK_INT(status, ends);
    CHECK_INT(job_count_files(test_dir()), 1);
    job_check_valid(engine, &(arv_origin){.path = test_path("0.zip")});
    close_runs(1);
    arv_engine_free(engine);
}

TEST(a_child_that_is_forked_inside_a_callback_leaves_and_the_parent_goes_on)
{
    forks_in_a_callback(0);
}

TEST(a_child_that_returns_from_its_callback_is_ended_and_the_parent_goes_on)
{
    child_returns = true;
    forks_in_a_callback(SIGABRT);
}

/* ---- many in a row ---------------------------------------------------------------------------- */

static long resident_pages(void)
{
    long size, resident = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    CHECK(file && fscanf(file, "%ld %ld", &size, &resident) == 2);
    fclose(file);
    return resident;
}

static void small_jobs(arv_engine *engine, int count)
{
    job_run run;
    for (int i = 0; i < count; i++) {
        memset(&run, 0, sizeof run);
        arv_job_spec spec;
        arv_package_options package;
        arv_entries *entries;
        arv_job *job;
        arv_error err;
        arv_entry entry = {.name = "a", .size_bytes = 1, .modified_at_unix = ARV_TIME_UNKNOWN};
        const char *path = test_path("a.tar");
        CHECK_OK(arv_entries_new(&entries, NULL, &err), &err);
        CHECK_OK(arv_entries_add_memory(entries, &entry, "x", 1, &err), &err);
        arv_job_spec_init(&spec, sizeof spec);
        arv_package_options_init(&package, sizeof package);
        spec.package = &package;
        spec.entries = entries;
        package.name = "a";
        package.format = ARV_FORMAT_TAR;
        spec.path = path;
        CHECK_OK(arv_job_start(&job, engine, &spec, &err), &err);
        while (!arv_job_state_final(arv_job_get_state(job)))
            arv_engine_run(engine, 1000);
        CHECK_OK(arv_job_error(job, &err), &err);
        arv_job_unref(job);
        arv_entries_unref(entries);
        unlink(path);
    }
}

#ifdef TEST_SANITIZED
static const bool sanitized = true;
#else
static const bool sanitized = false;
#endif

/* ARCHIVIST_TEST_JOBS=10000 for the long run. */
TEST_TIMEOUT(many_small_jobs_need_no_more_memory_and_descriptors_than_a_few, 580)
{
    const char *wanted = getenv("ARCHIVIST_TEST_JOBS");
    int count = wanted ? atoi(wanted) : 2000;
    arv_engine *engine = job_engine(1, 0);
    small_jobs(engine, count / 5);
    int descriptors = job_open_descriptors();
    long pages = resident_pages();
    small_jobs(engine, count - count / 5);
    CHECK_INT(job_open_descriptors(), descriptors);
    if (!sanitized) /* which keep what was freed */
        CHECK(resident_pages() - pages < 512);
    arv_engine_free(engine);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>
#include <uv.h>
#include <arv/sys/alloc.h>
#include "loop/loop.h"

enum { TURN_MS = 1000 };

typedef struct job {
    arv__work work;
    uv_sem_t *begun, *gate; /* run() posts one and waits for the other, if given */
    uv_thread_t loop_thread;
    int result;
    int ran, done, status;
    int order; /* which run() it was */
    bool in_submit;
    char message[ARV_ERROR_MESSAGE_BYTES];
} job;

static arv_error err;
static arv__loop *loop;
static arv__pool *pool;
static int runs, now_running, most_running;

static int job_run(arv__work *work, arv_error *error)
{
    job *j = work->user_data;
    int running = __atomic_add_fetch(&now_running, 1, __ATOMIC_SEQ_CST);
    int most = __atomic_load_n(&most_running, __ATOMIC_SEQ_CST);
    while (running > most && !__atomic_compare_exchange_n(&most_running, &most, running, false,
                                                          __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
        ;
    j->order = __atomic_add_fetch(&runs, 1, __ATOMIC_SEQ_CST);
    j->ran++;
    if (j->begun)
        uv_sem_post(j->begun);
    if (j->gate)
        uv_sem_wait(j->gate);
    __atomic_sub_fetch(&now_running, 1, __ATOMIC_SEQ_CST);
    if (j->result == ARV_EIO)
        return arv_error_set(error, ARV_EIO, "The disk is on fire.");
    return j->result;
}

static void job_done(arv__work *work, int status, const arv_error *error)
{
    job *j = work->user_data;
    uv_thread_t self = uv_thread_self();
    CHECK(uv_thread_equal(&self, &j->loop_thread));
    CHECK(!j->in_submit);
    CHECK(error != NULL);
    CHECK_INT(error->code, status);
    j->done++;
    j->status = status;
    snprintf(j->message, sizeof j->message, "%s", error->message);
}

static void job_init(job *j)
{
    *j = (job){.work = {.run = job_run, .done = job_done}};
    j->work.user_data = j;
    j->loop_thread = uv_thread_self();
}

static int job_submit(job *j, arv__lane *lane)
{
    j->in_submit = true;
    int rc = arv__work_submit(pool, lane, &j->work, &err);
    j->in_submit = false;
    return rc;
}

static void start(unsigned threads)
{
    CHECK_OK(arv__loop_new(&loop, &err), &err);
    CHECK_OK(arv__pool_new(&pool, loop, "test", threads, &err), &err);
}

static void run_until_idle(void)
{
    while (arv__loop_run(loop, ARV__LOOP_ONCE, TURN_MS))
        ;
}

TEST(work_runs_on_the_pool_and_is_done_once_on_the_loop)
{
    job j;
    start(2);
    job_init(&j);
    CHECK(!arv__loop_busy(loop));
    CHECK_OK(job_submit(&j, NULL), &err);
    CHECK(arv__loop_busy(loop));
    run_until_idle();
    CHECK_INT(j.ran, 1);
    CHECK_INT(j.done, 1);
    CHECK_INT(j.status, 0);
    CHECK(!arv__loop_run(loop, ARV__LOOP_POLL, 0));
    CHECK_INT(j.done, 1);
    arv__loop_free(loop);
}

TEST(work_done_waits_for_the_loop_to_run)
{
    job j;
    uv_sem_t begun;
    uv_sem_init(&begun, 0);
    start(1);
    job_init(&j);
    j.begun = &begun;
    CHECK_OK(job_submit(&j, NULL), &err);
    uv_sem_wait(&begun);
    arv__pool_free(pool); /* the thread has ended: a callback could have come by now */
    CHECK_INT(j.done, 1);
    arv__loop_free(loop);
}

TEST(work_tells_its_error)
{
    job own, bare;
    start(2);
    job_init(&own);
    job_init(&bare);
    own.result = ARV_EIO;
    bare.result = ARV_ELIMIT;
    CHECK_OK(job_submit(&own, NULL), &err);
    CHECK_OK(job_submit(&bare, NULL), &err);
    run_until_idle();
    CHECK_INT(own.status, ARV_EIO);
    CHECK_STR(own.message, "The disk is on fire.");
    CHECK_INT(bare.status, ARV_ELIMIT);
    CHECK_STR(bare.message, arv_error_text(ARV_ELIMIT));
    arv__loop_free(loop);
}

TEST_TIMEOUT(work_by_ten_thousands_is_all_done, 120)
{
    enum { COUNT = 20000 };
    job *jobs = calloc(COUNT, sizeof *jobs);
    arv__lane lanes[7] = {0};
    start(4);
    for (int i = 0; i < COUNT; i++) {
        job_init(&jobs[i]);
        CHECK_OK(job_submit(&jobs[i], i % 8 ? &lanes[i % 7] : NULL), &err);
        if (i % 3 == 0)
            arv__work_cancel(&jobs[i].work);
        if (i % 1000 == 0)
            arv__loop_run(loop, ARV__LOOP_POLL, 0);
    }
    run_until_idle();
    for (int i = 0; i < COUNT; i++) {
        CHECK_INT(jobs[i].done, 1);
        CHECK_INT(jobs[i].status, jobs[i].ran ? 0 : ARV_ECANCELED);
        CHECK(i % 3 == 0 || jobs[i].ran);
    }
    arv__loop_free(loop);
    free(jobs);
}

TEST(work_cancelled_in_the_queue_never_runs)
{
    job first, second, third;
    uv_sem_t begun, gate;
    uv_sem_init(&begun, 0);
    uv_sem_init(&gate, 0);
    start(1);
    job_init(&first);
    job_init(&second);
    job_init(&third);
    first.begun = &begun;
    first.gate = &gate;
    CHECK_OK(job_submit(&first, NULL), &err);
    CHECK_OK(job_submit(&second, NULL), &err);
    CHECK_OK(job_submit(&third, NULL), &err);
    uv_sem_wait(&begun);
    arv__work_cancel(&second.work);
    CHECK_INT(second.done, 0); /* not inside the call */
    arv__loop_run(loop, ARV__LOOP_POLL, 0);
    CHECK_INT(second.done, 1); /* and without waiting for the one that runs */
    CHECK_INT(second.status, ARV_ECANCELED);
    CHECK_INT(second.ran, 0);
    CHECK_INT(first.done, 0);
    uv_sem_post(&gate);
    run_until_idle();
    CHECK_INT(first.status, 0);
    CHECK_INT(third.ran, 1);
    arv__work_cancel(&third.work); /* too late: nothing */
    CHECK(!arv__loop_run(loop, ARV__LOOP_POLL, 0));
    CHECK_INT(second.done + first.done + third.done, 3);
    arv__loop_free(loop);
}

static int run_until_asked(arv__work *work, arv_error *error)
{
    job *j = work->user_data;
    uv_sem_post(j->begun);
    while (!arv__work_stop_asked(work))
        ;
    return j->result < 0 ? arv_error_set(error, j->result, "It stopped halfway.") : 0;
}

TEST(work_cancelled_while_it_runs_returns_the_real_result)
{
    job j;
    uv_sem_t begun;
    uv_sem_init(&begun, 0);
    start(1);
    for (int result = 0; result >= ARV_ECANCELED; result += ARV_ECANCELED) {
        job_init(&j);
        j.work.run = run_until_asked;
        j.begun = &begun;
        j.result = result;
        CHECK_OK(job_submit(&j, NULL), &err);
        uv_sem_wait(&begun);
        arv__work_cancel(&j.work);
        arv__work_cancel(&j.work);
        run_until_idle();
        CHECK_INT(j.done, 1);
        CHECK_INT(j.status, result);
    }
    arv__loop_free(loop);
}

TEST(work_cannot_be_queued_twice)
{
    job first, j;
    uv_sem_t gate;
    uv_sem_init(&gate, 0);
    start(1);
    job_init(&first);
    job_init(&j);
    first.gate = &gate;
    CHECK_OK(job_submit(&first, NULL), &err);
    CHECK_OK(job_submit(&j, NULL), &err);
    CHECK_ERR(job_submit(&j, NULL), &err, ARV_ESTATE, "twice");
    uv_sem_post(&gate);
    run_until_idle();
    CHECK_INT(j.done, 1);
    arv__loop_free(loop);
}

TEST(lanes_are_served_in_turn)
{
    enum { MANY = 100 };
    static job big[MANY], small[2];
    job first;
    uv_sem_t gate;
    arv__lane big_lane = {0}, small_lane = {0};
    uv_sem_init(&gate, 0);
    start(1);
    job_init(&first);
    first.gate = &gate;
    CHECK_OK(job_submit(&first, NULL), &err);
    for (int i = 0; i < MANY; i++) {
        job_init(&big[i]);
        CHECK_OK(job_submit(&big[i], &big_lane), &err);
    }
    for (int i = 0; i < 2; i++) {
        job_init(&small[i]);
        CHECK_OK(job_submit(&small[i], &small_lane), &err);
    }
    uv_sem_post(&gate);
    run_until_idle();
    CHECK(small[0].order <= 3);
    CHECK(small[1].order <= 5);
    for (int i = 1; i < MANY; i++)
        CHECK(big[i].order > big[i - 1].order); /* in order within a lane */
    arv__loop_free(loop);
}

TEST(pool_starts_no_more_threads_than_its_limit)
{
    enum { COUNT = 200 };
    static job jobs[COUNT];
    start(3);
    CHECK_INT(arv__pool_threads(pool), 3);
    for (int i = 0; i < COUNT; i++) {
        job_init(&jobs[i]);
        CHECK_OK(job_submit(&jobs[i], NULL), &err);
    }
    run_until_idle();
    CHECK(most_running <= 3);
    arv__loop_free(loop);
}

TEST(pool_runs_at_once_what_it_has_threads_for)
{
    job jobs[3];
    uv_sem_t begun, gate;
    uv_sem_init(&begun, 0);
    uv_sem_init(&gate, 0);
    start(3);
    for (int i = 0; i < 3; i++) {
        job_init(&jobs[i]);
        jobs[i].begun = &begun;
        jobs[i].gate = &gate;
        CHECK_OK(job_submit(&jobs[i], NULL), &err);
    }
    for (int i = 0; i < 3; i++)
        uv_sem_wait(&begun); /* hangs unless all three are inside at the same time */
    for (int i = 0; i < 3; i++)
        uv_sem_post(&gate);
    run_until_idle();
    CHECK_INT(most_running, 3);
    arv__loop_free(loop);
}

TEST(pool_obeys_a_lowered_number_and_a_raised_one)
{
    enum { COUNT = 60 };
    static job jobs[COUNT];
    uv_sem_t begun, gate;
    uv_sem_init(&begun, 0);
    uv_sem_init(&gate, 0);
    start(4);
    arv__pool_set_active(pool, 0); /* means one */
    for (int i = 0; i < COUNT; i++) {
        job_init(&jobs[i]);
        CHECK_OK(job_submit(&jobs[i], NULL), &err);
    }
    run_until_idle();
    CHECK_INT(most_running, 1);

    for (int i = 0; i < 4; i++) {
        job_init(&jobs[i]);
        jobs[i].begun = &begun;
        jobs[i].gate = &gate;
        CHECK_OK(job_submit(&jobs[i], NULL), &err);
    }
    arv__pool_set_active(pool, 99); /* means four: also for what waits already */
    for (int i = 0; i < 4; i++)
        uv_sem_wait(&begun);
    for (int i = 0; i < 4; i++)
        uv_sem_post(&gate);
    run_until_idle();
    CHECK_INT(most_running, 4);
    arv__loop_free(loop);
}

TEST(pool_refuses_a_senseless_number_of_threads)
{
    CHECK_OK(arv__loop_new(&loop, &err), &err);
    CHECK_ERR(arv__pool_new(&pool, loop, "none", 0, &err), &err, ARV_EINVALID, "threads");
    CHECK_ERR(arv__pool_new(&pool, loop, "heap", 100000, &err), &err, ARV_EINVALID, "threads");
    arv__loop_free(loop);
}

TEST(submit_without_any_thread_fails_and_never_calls_back)
{
    job j;
    struct rlimit usual, none;
    if (getuid() == 0 && setuid(65534) != 0)
        test_skip("the limit of processes does not bind root, and the user cannot be changed");
    prctl(PR_SET_DUMPABLE, 1); /* the leak sanitizer traces this process at its end */
    start(2);
    job_init(&j);
    CHECK_INT(getrlimit(RLIMIT_NPROC, &usual), 0);
    none = usual;
    none.rlim_cur = 0;
    CHECK_INT(setrlimit(RLIMIT_NPROC, &none), 0);
    CHECK_ERR(job_submit(&j, NULL), &err, ARV_ENOMEM, "'test'");
    CHECK_INT(setrlimit(RLIMIT_NPROC, &usual), 0);
    CHECK(!arv__loop_run(loop, ARV__LOOP_POLL, 0));
    CHECK_INT(j.done, 0);
    arv__loop_free(loop);
}

static void done_submits_again(arv__work *work, int status, const arv_error *error)
{
    job *j = work->user_data;
    job_done(work, status, error);
    if (j->done < 5)
        CHECK_OK(arv__work_submit(pool, NULL, work, &err), &err);
}

TEST(work_may_be_submitted_again_from_its_callback)
{
    job j;
    start(2);
    job_init(&j);
    j.work.done = done_submits_again;
    CHECK_OK(job_submit(&j, NULL), &err);
    run_until_idle();
    CHECK_INT(j.ran, 5);
    CHECK_INT(j.done, 5);
    arv__loop_free(loop);
}

static void done_frees_itself(arv__work *work, int status, const arv_error *error)
{
    job_done(work, status, error);
    CHECK_INT(status, 0);
    arv_free(work->user_data);
    runs = -1;
}

TEST(work_may_be_freed_in_its_callback)
{
    job *j = arv_malloc(sizeof *j);
    start(2);
    job_init(j);
    j->work.done = done_frees_itself;
    CHECK_OK(job_submit(j, NULL), &err);
    run_until_idle();
    CHECK_INT(runs, -1);
    arv__loop_free(loop);
}

static int refused;

static void done_finds_it_closed(arv__work *work, int status, const arv_error *error)
{
    job_done(work, status, error);
    refused += arv__work_submit(pool, NULL, work, &err) == ARV_ECLOSED;
}

TEST(pool_free_cancels_the_queue_and_waits_for_what_runs)
{
    enum { COUNT = 10 };
    static job jobs[COUNT];
    uv_sem_t begun;
    uv_sem_init(&begun, 0);
    start(1);
    for (int i = 0; i < COUNT; i++) {
        job_init(&jobs[i]);
        jobs[i].work.done = done_finds_it_closed;
        if (i == 0) {
            jobs[i].work.run = run_until_asked; /* ends only because it is asked to */
            jobs[i].begun = &begun;
        }
        CHECK_OK(job_submit(&jobs[i], NULL), &err);
    }
    uv_sem_wait(&begun);
    arv__pool_free(pool);
    CHECK_INT(jobs[0].status, 0);
    for (int i = 0; i < COUNT; i++) {
        CHECK_INT(jobs[i].done, 1);
        CHECK_INT(jobs[i].status, i == 0 ? 0 : ARV_ECANCELED);
    }
    CHECK_INT(refused, COUNT);
    CHECK(!arv__loop_busy(loop));
    arv__loop_free(loop);
}

static void done_frees_the_pool(arv__work *work, int status, const arv_error *error)
{
    job_done(work, status, error);
    arv__pool_free(pool);
}

TEST(pool_may_be_freed_in_a_callback)
{
    job jobs[4];
    start(1);
    for (int i = 0; i < 4; i++) {
        job_init(&jobs[i]);
        CHECK_OK(job_submit(&jobs[i], NULL), &err);
    }
    jobs[0].work.done = done_frees_the_pool;
    run_until_idle();
    for (int i = 0; i < 4; i++)
        CHECK_INT(jobs[i].done, 1);
    CHECK(!arv__loop_busy(loop));
    arv__loop_free(loop);
}

TEST(loop_free_completes_everything_and_refuses_more)
{
    enum { COUNT = 50 };
    static job jobs[COUNT];
    uv_sem_t begun;
    uv_sem_init(&begun, 0);
    start(2);
    for (int i = 0; i < COUNT; i++) {
        job_init(&jobs[i]);
        jobs[i].work.done = done_finds_it_closed;
        if (i < 2) {
            jobs[i].work.run = run_until_asked;
            jobs[i].begun = &begun;
        }
        CHECK_OK(job_submit(&jobs[i], NULL), &err);
    }
    uv_sem_wait(&begun);
    uv_sem_wait(&begun);
    arv__loop_free(loop);
    for (int i = 0; i < COUNT; i++)
        CHECK_INT(jobs[i].done, 1);
    CHECK_INT(refused, COUNT);
    arv__loop_free(NULL);
    arv__pool_free(NULL);
}

static arv__slots *slots;
static int computing, most_computing;

static int run_with_slot(arv__work *work, arv_error *error)
{
    (void)work;
    (void)error;
    arv__slots_acquire(slots);
    int now = __atomic_add_fetch(&computing, 1, __ATOMIC_SEQ_CST);
    int most = __atomic_load_n(&most_computing, __ATOMIC_SEQ_CST);
    while (now > most && !__atomic_compare_exchange_n(&most_computing, &most, now, false, __ATOMIC_SEQ_CST,
                                                      __ATOMIC_SEQ_CST))
        ;
    __atomic_sub_fetch(&computing, 1, __ATOMIC_SEQ_CST);
    arv__slots_release(slots);
    return 0;
}

TEST(slots_bound_how_many_compute)
{
    enum { COUNT = 400 };
    static job jobs[COUNT];
    start(8);
    CHECK_ERR(arv__slots_new(&slots, 0, &err), &err, ARV_EINVALID, "slot");
    CHECK_OK(arv__slots_new(&slots, 2, &err), &err);
    for (int i = 0; i < COUNT; i++) {
        job_init(&jobs[i]);
        jobs[i].work.run = run_with_slot;
        CHECK_OK(job_submit(&jobs[i], NULL), &err);
    }
    run_until_idle();
    CHECK(most_computing >= 1 && most_computing <= 2);
    arv__loop_free(loop);
    arv__slots_free(slots);
    arv__slots_free(NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "loop/loop.h"
#include "util/time.h"

typedef struct alarm_clock {
    arv__timer timer;
    int fired, order;
    unsigned again_ms; /* arms itself anew with it, `again` times */
    int again;
    arv__timer *stops;
} alarm_clock;

static arv_error err;
static arv__loop *loop;
static int fired_total;

static void clock_fire(arv__timer *timer)
{
    alarm_clock *c = timer->user_data;
    CHECK(!timer->armed);
    c->fired++;
    c->order = ++fired_total;
    if (c->stops)
        arv__timer_stop(loop, c->stops);
    if (c->again > 0) {
        c->again--;
        arv__timer_start(loop, timer, c->again_ms);
    }
}

static void clock_init(alarm_clock *c)
{
    *c = (alarm_clock){.timer = {.fire = clock_fire}};
    c->timer.user_data = c;
}

static void start(void)
{
    CHECK_OK(arv__loop_new(&loop, &err), &err);
}

static void run_until_idle(void)
{
    while (arv__loop_run(loop, ARV__LOOP_ONCE, 1000))
        ;
}

static uint64_t elapsed_ms(uint64_t since_ns)
{
    return (arv__monotonic_ns() - since_ns) / 1000000;
}

TEST(timers_fire_in_the_order_they_are_due)
{
    static const unsigned delays[] = {30, 5, 20, 0, 10};
    static const int order[] = {5, 2, 4, 1, 3};
    alarm_clock clocks[5];
    start();
    for (int i = 0; i < 5; i++) {
        clock_init(&clocks[i]);
        arv__timer_start(loop, &clocks[i].timer, delays[i]);
    }
    CHECK(arv__loop_busy(loop));
    run_until_idle();
    for (int i = 0; i < 5; i++) {
        CHECK_INT(clocks[i].fired, 1);
        CHECK_INT(clocks[i].order, order[i]);
    }
    arv__loop_free(loop);
}

TEST(timers_of_the_same_delay_fire_in_the_order_they_were_armed)
{
    alarm_clock clocks[8];
    start();
    for (int i = 0; i < 8; i++) {
        clock_init(&clocks[i]);
        arv__timer_start(loop, &clocks[i].timer, 3);
    }
    run_until_idle();
    for (int i = 0; i < 8; i++)
        CHECK_INT(clocks[i].order, i + 1);
    arv__loop_free(loop);
}

TEST(timer_never_fires_early)
{
    alarm_clock c;
    start();
    for (unsigned delay = 1; delay <= 20; delay += 3) {
        clock_init(&c);
        uint64_t since = arv__monotonic_ns();
        arv__timer_start(loop, &c.timer, delay);
        run_until_idle();
        CHECK_INT(c.fired, 1);
        CHECK(elapsed_ms(since) >= delay);
    }
    arv__loop_free(loop);
}

TEST(timer_never_fires_inside_start)
{
    alarm_clock c;
    start();
    clock_init(&c);
    arv__timer_start(loop, &c.timer, 0);
    CHECK_INT(c.fired, 0);
    run_until_idle();
    CHECK_INT(c.fired, 1);
    arv__loop_free(loop);
}

TEST(timer_armed_again_is_moved)
{
    alarm_clock moved, other;
    start();
    clock_init(&moved);
    clock_init(&other);
    arv__timer_start(loop, &moved.timer, 1);
    arv__timer_start(loop, &other.timer, 10);
    arv__timer_start(loop, &moved.timer, 20);
    run_until_idle();
    CHECK_INT(moved.fired, 1);
    CHECK_INT(moved.order, 2);
    arv__timer_start(loop, &moved.timer, 3600000);
    arv__timer_start(loop, &moved.timer, 1);
    run_until_idle();
    CHECK_INT(moved.fired, 2);
    arv__loop_free(loop);
}

TEST(timer_stopped_never_fires)
{
    alarm_clock c, killer, victim;
    start();
    clock_init(&c);
    clock_init(&killer);
    clock_init(&victim);
    arv__timer_stop(loop, &c.timer); /* not armed: nothing */
    arv__timer_start(loop, &c.timer, 0);
    arv__timer_stop(loop, &c.timer);
    CHECK(!arv__loop_run(loop, ARV__LOOP_ONCE, 5));
    CHECK_INT(c.fired, 0);

    killer.stops = &victim.timer; /* both are due in the same turn */
    arv__timer_start(loop, &killer.timer, 0);
    arv__timer_start(loop, &victim.timer, 0);
    run_until_idle();
    CHECK_INT(killer.fired, 1);
    CHECK_INT(victim.fired, 0);
    arv__loop_free(loop);
}

TEST(timer_that_arms_itself_cannot_hold_the_loop)
{
    alarm_clock c;
    int turns = 0;
    start();
    clock_init(&c);
    c.again = 50;
    arv__timer_start(loop, &c.timer, 0);
    while (arv__loop_run(loop, ARV__LOOP_ONCE, 1000))
        turns++;
    CHECK_INT(c.fired, 51);
    CHECK(turns >= 25); /* libuv looks twice a turn at most */
    arv__loop_free(loop);
}

TEST(run_once_ends_with_its_timeout)
{
    alarm_clock c;
    start();
    clock_init(&c);
    arv__timer_start(loop, &c.timer, 3600000);
    uint64_t since = arv__monotonic_ns();
    CHECK(arv__loop_run(loop, ARV__LOOP_ONCE, 30));
    CHECK(elapsed_ms(since) >= 29 && elapsed_ms(since) < 5000);
    since = arv__monotonic_ns();
    CHECK(arv__loop_run(loop, ARV__LOOP_POLL, 30000));
    CHECK(arv__loop_run(loop, ARV__LOOP_ONCE, 0));
    CHECK(elapsed_ms(since) < 5000);
    arv__timer_stop(loop, &c.timer);
    CHECK(!arv__loop_run(loop, ARV__LOOP_POLL, 0));
    arv__loop_free(loop);
}

TEST(run_once_returns_after_a_callback)
{
    alarm_clock soon, late;
    start();
    clock_init(&soon);
    clock_init(&late);
    arv__timer_start(loop, &soon.timer, 10);
    arv__timer_start(loop, &late.timer, 3600000);
    uint64_t since = arv__monotonic_ns();
    CHECK(arv__loop_run(loop, ARV__LOOP_ONCE, 60000));
    CHECK_INT(soon.fired, 1); /* one run, however coarse libuv's clock is */
    CHECK(elapsed_ms(since) < 30000);
    arv__timer_stop(loop, &late.timer);
    arv__loop_free(loop);
}

static void fire_runs_the_loop(arv__timer *timer)
{
    alarm_clock *c = timer->user_data;
    c->fired++;
    CHECK(arv__loop_run(loop, ARV__LOOP_ONCE, 60000)); /* true at once, and no other fires */
    CHECK_INT(fired_total, 0);
}

TEST(run_is_not_reentrant)
{
    alarm_clock outer, inner;
    start();
    clock_init(&outer);
    clock_init(&inner);
    outer.timer.fire = fire_runs_the_loop;
    arv__timer_start(loop, &outer.timer, 0);
    arv__timer_start(loop, &inner.timer, 0);
    run_until_idle();
    CHECK_INT(outer.fired, 1);
    CHECK_INT(inner.fired, 1);
    arv__loop_free(loop);
}

TEST(loop_free_forgets_armed_timers)
{
    alarm_clock c;
    start();
    clock_init(&c);
    arv__timer_start(loop, &c.timer, 3600000);
    arv__loop_free(loop);
    CHECK_INT(c.fired, 0);
}

TEST(timer_with_the_longest_delay_does_not_overflow)
{
    alarm_clock longest, soon;
    start();
    clock_init(&longest);
    clock_init(&soon);
    arv__timer_start(loop, &longest.timer, UINT64_MAX);
    arv__timer_start(loop, &soon.timer, 2);
    arv__loop_run(loop, ARV__LOOP_ONCE, 1000);
    CHECK_INT(soon.fired, 1);
    CHECK_INT(longest.fired, 0);
    arv__timer_stop(loop, &longest.timer);
    arv__loop_free(loop);
}

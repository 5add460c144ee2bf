/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <string.h>
#include <uv.h>
#include "loop/loop.h"
#include "util/time.h"

typedef struct letter {
    arv__mail mail;
    int sender, number;
    int delivered;
    int repeat; /* posts itself again so often */
} letter;

enum { SENDERS = 4, LETTERS = 5000 };

static arv_error err;
static arv__loop *loop;
static uv_thread_t loop_thread;
static int delivered_total, last_number[SENDERS];
static letter letters[SENDERS][LETTERS];

static void letter_deliver(arv__mail *mail)
{
    letter *l = mail->user_data;
    uv_thread_t self = uv_thread_self();
    CHECK(uv_thread_equal(&self, &loop_thread));
    l->delivered++;
    delivered_total++;
    if (l->repeat > 0) {
        l->repeat--;
        arv__loop_post(loop, mail);
    }
}

static void letter_init(letter *l)
{
    memset(l, 0, sizeof *l);
    l->mail.deliver = letter_deliver;
    l->mail.user_data = l;
}

static void start(void)
{
    loop_thread = uv_thread_self();
    CHECK_OK(arv__loop_new(&loop, &err), &err);
}

static void yield_deliver(arv__mail *mail)
{
    letter_deliver(mail);
    arv__loop_yield(loop);
}

TEST(what_is_due_behind_a_yield_waits_for_the_next_run_in_its_order)
{
    letter l[4];
    start();
    delivered_total = 0;
    for (int i = 0; i < 4; i++) {
        letter_init(&l[i]);
        if (i < 2)
            l[i].mail.deliver = yield_deliver;
        arv__loop_post(loop, &l[i].mail);
    }
    l[0].repeat = 1; /* behind all others */
    CHECK(arv__loop_run(loop, ARV__LOOP_POLL, 0));
    CHECK_INT(delivered_total, 1);
    CHECK(arv__loop_run(loop, ARV__LOOP_ONCE, 60000));
    CHECK_INT(delivered_total, 2);
    CHECK_INT(l[1].delivered, 1);
    CHECK(!arv__loop_run(loop, ARV__LOOP_ONCE, 60000));
    CHECK_INT(l[3].delivered, 1);
    CHECK_INT(l[0].delivered, 2);
    CHECK_INT(delivered_total, 5);
    arv__loop_free(loop);
}

TEST(mail_is_delivered_once_and_not_inside_post)
{
    letter l;
    start();
    letter_init(&l);
    arv__loop_post(loop, &l.mail);
    CHECK_INT(l.delivered, 0);
    CHECK(arv__loop_busy(loop));
    CHECK(!arv__loop_run(loop, ARV__LOOP_ONCE, 60000));
    CHECK_INT(l.delivered, 1);
    CHECK(!arv__loop_run(loop, ARV__LOOP_ONCE, 1));
    CHECK_INT(l.delivered, 1);
    arv__loop_free(loop);
}

TEST(mail_posted_by_a_delivery_waits_for_the_next_turn)
{
    letter l;
    int turns = 1;
    start();
    letter_init(&l);
    l.repeat = 40;
    arv__loop_post(loop, &l.mail);
    while (arv__loop_run(loop, ARV__LOOP_POLL, 0))
        turns++;
    CHECK_INT(l.delivered, 41);
    CHECK(turns >= 41 / 3); /* a run takes the inbox three times at most */
    arv__loop_free(loop);
}

static void ordered_deliver(arv__mail *mail)
{
    letter *l = mail->user_data;
    CHECK_INT(l->number, last_number[l->sender] + 1);
    last_number[l->sender] = l->number;
    letter_deliver(mail);
}

static void sender_main(void *argument)
{
    letter *mine = argument;
    for (int i = 0; i < LETTERS; i++)
        arv__loop_post(loop, &mine[i].mail);
    arv__loop_release(loop);
}

TEST_TIMEOUT(mail_of_many_threads_arrives_complete_and_in_order, 120)
{
    uv_thread_t threads[SENDERS];
    start();
    for (int s = 0; s < SENDERS; s++) {
        for (int i = 0; i < LETTERS; i++) {
            letter_init(&letters[s][i]);
            letters[s][i].mail.deliver = ordered_deliver;
            letters[s][i].sender = s;
            letters[s][i].number = i + 1;
        }
        arv__loop_hold(loop);
    }
    for (int s = 0; s < SENDERS; s++)
        CHECK_INT(uv_thread_create(&threads[s], sender_main, letters[s]), 0);
    while (arv__loop_run(loop, ARV__LOOP_ONCE, 60000))
        ;
    CHECK_INT(delivered_total, SENDERS * LETTERS);
    for (int s = 0; s < SENDERS; s++)
        uv_thread_join(&threads[s]);
    arv__loop_free(loop);
}

static uv_sem_t waiter_ready;

static void waker_main(void *unused)
{
    (void)unused;
    uv_sem_wait(&waiter_ready);
    arv__loop_wake(loop);
}

TEST(wake_ends_a_waiting_run)
{
    uv_thread_t thread;
    start();
    uv_sem_init(&waiter_ready, 0);
    CHECK_INT(uv_thread_create(&thread, waker_main, NULL), 0);
    uint64_t since = arv__monotonic_ns();
    uv_sem_post(&waiter_ready); /* the wake-up may come before or after the run begins */
    CHECK(!arv__loop_run(loop, ARV__LOOP_ONCE, 50000));
    CHECK(arv__monotonic_ns() - since < 40000000000u);
    uv_thread_join(&thread);
    arv__loop_free(loop);
}

TEST(wake_before_the_run_is_not_lost_and_counts_once)
{
    start();
    arv__loop_hold(loop);
    arv__loop_wake(loop);
    arv__loop_wake(loop);
    uint64_t since = arv__monotonic_ns();
    arv__loop_run(loop, ARV__LOOP_ONCE, 50000);
    CHECK(arv__monotonic_ns() - since < 40000000000u);
    since = arv__monotonic_ns();
    arv__loop_run(loop, ARV__LOOP_ONCE, 20);
    CHECK(arv__monotonic_ns() - since >= 19000000u);
    arv__loop_release(loop);
    arv__loop_free(loop);
}

TEST(run_waits_on_after_a_signal_that_was_served_already)
{
    letter l;
    start();
    letter_init(&l);
    l.repeat = 1; /* posted during libuv's turn, taken after it: leaves a signal behind */
    arv__loop_post(loop, &l.mail);
    while (arv__loop_run(loop, ARV__LOOP_POLL, 0))
        ;
    arv__loop_hold(loop);
    for (int i = 0; i < 5; i++) {
        uint64_t since = arv__monotonic_ns();
        arv__loop_run(loop, ARV__LOOP_ONCE, 15);
        CHECK(arv__monotonic_ns() - since >= 14000000u);
    }
    arv__loop_release(loop);
    arv__loop_free(loop);
}

TEST(run_does_not_wait_when_nothing_is_under_way)
{
    start();
    uint64_t since = arv__monotonic_ns();
    CHECK(!arv__loop_run(loop, ARV__LOOP_ONCE, 50000));
    CHECK(arv__monotonic_ns() - since < 40000000000u);
    arv__loop_free(loop);
}

TEST(hold_keeps_the_loop_busy)
{
    start();
    arv__loop_hold(loop);
    arv__loop_hold(loop);
    CHECK(arv__loop_busy(loop));
    CHECK(arv__loop_run(loop, ARV__LOOP_ONCE, 1));
    arv__loop_release(loop);
    CHECK(arv__loop_run(loop, ARV__LOOP_POLL, 0));
    arv__loop_release(loop);
    CHECK(!arv__loop_run(loop, ARV__LOOP_POLL, 0));
    arv__loop_free(loop);
}

static void releaser_main(void *unused)
{
    (void)unused;
    uv_sem_wait(&waiter_ready);
    arv__loop_release(loop);
}

TEST(loop_free_waits_for_the_last_release)
{
    uv_thread_t thread;
    start();
    uv_sem_init(&waiter_ready, 0);
    arv__loop_hold(loop);
    CHECK_INT(uv_thread_create(&thread, releaser_main, NULL), 0);
    uv_sem_post(&waiter_ready);
    arv__loop_free(loop); /* a sanitizer tells if the other thread still touches it */
    uv_thread_join(&thread);
}

TEST(loop_free_delivers_what_was_posted)
{
    letter l;
    start();
    letter_init(&l);
    l.repeat = 3;
    arv__loop_post(loop, &l.mail);
    arv__loop_free(loop);
    CHECK_INT(l.delivered, 4);
}

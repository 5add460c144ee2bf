/* SPDX-License-Identifier: Apache-2.0 */

/* Where the proofs of a journalled job have their place: what is asked for, when it is recorded, and what
 * a run that was killed leaves to the next one. A stand-in makes them. */

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "prover.h"
#include "staged.h"
#include "test.h"

static staged_run s;
static stand_in prover;
static arv_staged_status status;
static arv_error err;

/* The scene, and in a child once more: dates that do not change make packing again the same bytes. */
static void scene(staged_run *run)
{
    run->prover = &prover.base;
    run->run.package.collected_at_unix = run->run.package.requested_at_unix = 1700000000;
}

static void open_scene(void)
{
    stand_in_init(&prover);
    prover.journal = test_path("staging/" STAGED_UUID "/journal");
    staged_open(&s);
    scene(&s);
}

static void close_scene(void)
{
    CHECK_STR(prover.counts->wrong, "");
    staged_close(&s);
    stand_in_cleanup(&prover);
}

/* The kinds of the journal's records, one letter each. */
static void check_records(const char *expected)
{
    static const struct {
        const char *kind;
        char letter;
    } kinds[] = {{"created", 'c'},     {"attempt", 'a'},  {"seeded", '#'},    {"asked", '?'},
                 {"stamped", '!'},     {"packaged", 'p'}, {"announced", 'n'}, {"stored", 's'},
                 {"sealed", '='},      {"retry", 'r'},    {"undo", 'u'},      {"ended", 'e'},
                 {"interrupted", 'i'}, {"discarded", 'd'}};
    char found[100] = "", *line, *rest;
    size_t count = 0;
    char *text = test_read_file(test_path("staging/" STAGED_UUID "/journal"), NULL);
    for (line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
        for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
            char kind[40];
            snprintf(kind, sizeof kind, "\"kind\":\"%s\"", kinds[i].kind);
            if (strstr(line, kind) && count + 1 < sizeof found)
                found[count++] = kinds[i].letter;
        }
    free(text);
    CHECK_STR(found, expected);
}

static void check_token(void)
{
    size_t length;
    const arv_job_result *result = arv_job_get_result(s.run.job);
    CHECK(result != NULL);
    CHECK_INT(test_run(NULL,
                       (const char *[]){"bsdtar", "-xf",
                                        job_object_path(test_path("store"), result->locations[0].object.key),
                                        "-C", test_path("."), NULL}),
              0);
    char *text = test_read_file(test_path("Exam/proof/stamp.tst"), &length);
    CHECK(strncmp(text, "token over ", 11) == 0);
    CHECK_INT(length, 11 + 64);
    free(text);
    CHECK_INT(staged_objects(&s), 1); /* and valid */
}

/* ---- in time ------------------------------------------------------------------------------------ */

TEST(a_token_in_time_is_recorded_and_then_an_entry_of_the_container)
{
    open_scene();
    CHECK_OK(staged_go(&s), &s.run.error);
    CHECK_STATES(&s.run, 20, 30, 50, 60, 70, 90, 100);
    check_records("ca?!pns=e");
    CHECK_INT(prover.counts->asked, 1);
    CHECK_INT(prover.counts->sealed, 1);
    check_token();
    close_scene();
}

TEST(a_streamed_container_has_its_token_too)
{
    open_scene();
    s.run.spec.streams = true;
    CHECK_OK(staged_go(&s), &s.run.error);
    check_records("can?!ps=e");
    check_token();
    close_scene();
}

TEST(nobody_is_asked_without_a_prover)
{
    open_scene();
    s.prover = NULL;
    CHECK_OK(staged_go(&s), &s.run.error);
    CHECK_STATES(&s.run, 20, 30, 50, 60, 90, 100);
    check_records("capnse");
    close_scene();
}

static void die_asked(staged_run *run)
{
    scene(run);
    prover.dies = true;
    staged_go(run);
}

TEST(killed_before_the_token_is_recorded_it_is_asked_for_once_more_and_counted)
{
    open_scene();
    staged_killed(die_asked);
    check_records("ca?");
    CHECK_OK(staged_go(&s), &s.run.error);
    check_records("ca?a?!pns=e");
    CHECK_INT(prover.counts->asked, 2);
    check_token();
    close_scene();
}

static void kill_in_store(job_run *run, arv_job_state state)
{
    (void)run;
    if (state == ARV_JOB_STORE)
        raise(SIGKILL);
}

static void die_behind_stamp(staged_run *run)
{
    run->run.on_state = kill_in_store;
    scene(run);
    run->run.spec.streams = true;
    staged_go(run);
}

TEST(a_token_that_is_recorded_is_not_asked_for_again)
{
    open_scene();
    s.run.spec.streams = true;
    staged_killed(die_behind_stamp);
    check_records("can?!");
    CHECK_OK(staged_go(&s), &s.run.error);
    check_records("can?!aps=e");
    CHECK_INT(prover.counts->asked, 1);
    check_token();
    close_scene();
}

TEST(another_closing_document_needs_another_token)
{
    open_scene();
    s.run.spec.streams = true;
    staged_killed(die_behind_stamp);
    s.run.package.collected_at_unix++;
    CHECK_OK(staged_go(&s), &s.run.error);
    check_records("can?!a?!ps=e");
    CHECK_INT(prover.counts->asked, 2);
    check_token();
    close_scene();
}

TEST(an_authority_that_is_not_reached_is_tried_again)
{
    open_scene();
    prover.fails = ARV_EOFFLINE;
    CHECK_INT(staged_go(&s), ARV_EOFFLINE);
    CHECK_HAS(s.run.error.message, "The authority does not answer.");
    staged_status(&s, &status);
    CHECK_INT(status.state, ARV_JOB_RECOVERABLE_ERROR);
    CHECK_INT(staged_files(), 4); /* lock, journal, head, log */
    prover.fails = 0;
    CHECK_OK(staged_go(&s), &s.run.error);
    check_records("ca?ra?!pns=e");
    close_scene();
}

TEST(a_token_that_is_too_long_is_refused)
{
    for (int i = 0; i < 2; i++) {
        CHECK_SCENE("%s", i ? "one byte too many" : "the most");
        open_scene();
        prover.token_bytes = ARV__TOKEN_BYTES_MAX + (size_t)i;
        int rc = staged_go(&s);
        if (i == 0)
            CHECK_OK(rc, &s.run.error);
        else
            CHECK_ERR(rc, &s.run.error, ARV_EFORMAT, "more bytes");
        check_records(i ? "ca?ue" : "ca?!pns=e");
        close_scene();
        CHECK_INT(test_run(NULL,
                           (const char *[]){"rm", "-rf", test_path("staging"), test_path("store"), NULL}),
                  0);
    }
}

static void cancel_job(stand_in *p)
{
    arv_job_cancel(((staged_run *)p->user_data)->run.job, NULL);
}

TEST(a_job_that_waits_for_a_token_can_be_cancelled)
{
    open_scene();
    prover.is_silent = true;
    prover.on_asked = cancel_job;
    prover.user_data = &s;
    CHECK_INT(staged_go(&s), ARV_ECANCELED);
    staged_status(&s, &status);
    CHECK_INT(status.state, ARV_JOB_ABORTED);
    check_records("ca?ue");
    close_scene();
}

static void stop_engine(stand_in *p)
{
    arv_error reason;
    arv_error_set(&reason, ARV_ECLOSED, "The worker ends.");
    arv_job_cancel(((staged_run *)p->user_data)->run.job, &reason);
}

TEST(a_job_that_waits_for_a_token_can_be_interrupted)
{
    open_scene();
    prover.is_silent = true;
    prover.on_asked = stop_engine;
    prover.user_data = &s;
    CHECK_INT(staged_go(&s), ARV_ECLOSED);
    check_records("ca?i");
    prover.is_silent = false;
    prover.on_asked = NULL;
    CHECK_OK(staged_go(&s), &s.run.error);
    check_records("ca?ia?!pns=e");
    close_scene();
}

TEST(a_time_limit_ends_the_wait_for_a_token)
{
    open_scene();
    prover.is_silent = true;
    s.run.spec.time_limit_ms = 300;
    CHECK_INT(staged_go(&s), ARV_ETIMEOUT);
    check_records("ca?ue");
    close_scene();
}

/* ---- later -------------------------------------------------------------------------------------- */

static void die_sealing(staged_run *run)
{
    scene(run);
    prover.base.stamp = NULL;
    prover.dies = true;
    staged_go(run);
}

TEST(killed_while_it_was_sealed_it_is_sealed_by_the_next_run)
{
    open_scene();
    staged_killed(die_sealing);
    check_records("capns");
    prover.base.stamp = NULL;
    CHECK_OK(staged_go(&s), &s.run.error);
    CHECK_STATES(&s.run, 70, 90, 100);
    check_records("capnsa=e");
    CHECK_INT(prover.counts->sealed, 2);
    close_scene();
}

TEST(a_seal_that_is_not_to_be_had_keeps_no_archive)
{
    open_scene();
    prover.base.stamp = NULL;
    prover.fails = ARV_EOFFLINE;
    CHECK_OK(staged_go(&s), &s.run.error);
    check_records("capnse");
    CHECK_INT(staged_objects(&s), 1);
    close_scene();
}

TEST(a_request_to_cancel_ends_the_wait_for_a_seal_and_takes_nothing_back)
{
    open_scene();
    prover.base.stamp = NULL;
    prover.is_silent = true;
    prover.on_asked = cancel_job;
    prover.user_data = &s;
    CHECK_OK(staged_go(&s), &s.run.error);
    check_records("capnse");
    CHECK_INT(staged_objects(&s), 1);
    close_scene();
}

static void cancel_in_sign(job_run *run, arv_job_state state)
{
    if (state == ARV_JOB_SIGN)
        arv_job_cancel(run->job, NULL);
}

TEST(a_job_that_is_cancelled_as_it_enters_sign_asks_for_no_seal)
{
    open_scene();
    prover.base.stamp = NULL;
    prover.is_silent = true;
    s.run.on_state = cancel_in_sign;
    CHECK_OK(staged_go(&s), &s.run.error);
    check_records("capnse");
    CHECK_INT(prover.counts->sealed, 0);
    close_scene();
}

TEST(an_engine_that_ends_leaves_the_seal_to_the_next_run)
{
    open_scene();
    prover.base.stamp = NULL;
    prover.is_silent = true;
    prover.on_asked = stop_engine;
    prover.user_data = &s;
    CHECK_INT(staged_go(&s), ARV_ECLOSED);
    check_records("capnsi");
    prover.is_silent = false;
    prover.on_asked = NULL;
    CHECK_OK(staged_go(&s), &s.run.error);
    check_records("capnsia=e");
    close_scene();
}

/* ---- the seed ----------------------------------------------------------------------------------- */

TEST(a_seed_is_recorded_once_and_no_other_is_taken)
{
    static const unsigned char seed[ARV_SEED_BYTES] = "0123456789abcdef0123456789abcde",
                               other[ARV_SEED_BYTES] = "another";
    open_scene();
    s.run.spec.seed = seed;
    prover.fails = ARV_EOFFLINE;
    CHECK_INT(staged_go(&s), ARV_EOFFLINE);
    check_records("ca#?r");
    s.run.spec.seed = other;
    CHECK_ERR(staged_go(&s), &s.run.error, ARV_EINVALID, "another seed");
    check_records("ca#?r");
    prover.fails = 0;
    s.run.spec.seed = NULL; /* the journal has it */
    CHECK_OK(staged_go(&s), &s.run.error);
    check_records("ca#?ra?!pns=e");
    char *text = test_read_file(test_path("staging/" STAGED_UUID "/journal"), NULL);
    CHECK_HAS(text, "\"seed\":\"303132333435363738396162");
    free(text);
    text = test_read_file(test_path("staging/" STAGED_UUID "/log"), NULL);
    CHECK(!strstr(text, "3031323334"));
    free(text);
    struct stat st;
    CHECK_INT(stat(test_path("staging/" STAGED_UUID "/journal"), &st), 0);
    CHECK_INT(st.st_mode & 0077, 0);
    close_scene();
}

static void die_packed(staged_run *run)
{
    scene(run);
    run->prover = NULL;
    run->run.on_state = kill_in_store;
    staged_go(run);
}

TEST(a_seed_that_comes_when_the_container_is_packed_comes_too_late)
{
    static const unsigned char seed[ARV_SEED_BYTES] = "late";
    open_scene();
    s.prover = NULL;
    staged_killed(die_packed);
    check_records("cap");
    s.run.spec.seed = seed;
    CHECK_ERR(staged_go(&s), &s.run.error, ARV_EINVALID, "another seed");
    s.run.spec.seed = NULL;
    CHECK_OK(staged_go(&s), &s.run.error);
    close_scene();
}

TEST(a_seed_without_a_journal_is_refused)
{
    static const unsigned char seed[ARV_SEED_BYTES] = "";
    open_scene();
    s.run.spec.seed = seed;
    s.run.spec.staging = NULL;
    CHECK_ERR(arv_job_start(&s.run.job, s.engine, &s.run.spec, &err), &err, ARV_EINVALID, "seed");
    close_scene();
}

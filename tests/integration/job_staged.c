/* SPDX-License-Identifier: Apache-2.0 */

/* Jobs that are journalled: what they do when nothing is in their way, and how they go on when it
 * was. Every single call that may fail or be the last one is tested in tests/fault. */

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "job/internal.h"
#include "memory_driver.h"
#include "staged.h"
#include "test.h"
#include "util/time.h"

static staged_run s;
static arv_staged_status status;
static arv_error err;

/* ---- all is well ------------------------------------------------------------------------------ */

TEST(a_journalled_job_is_stored_and_leaves_its_journal)
{
    staged_open(&s);
    CHECK_OK(staged_go(&s), &s.run.error);
    CHECK_STATES(&s.run, 20, 30, 50, 60, 90, 100);
    CHECK_INT(staged_objects(&s), 1);
    const arv_job_result *result = arv_job_get_result(s.run.job);
    CHECK_INT(result->entries, 2);
    CHECK_INT(result->location_count, 1);
    staged_status(&s, &status);
    CHECK_INT(status.state, ARV_JOB_COMPLETED);
    CHECK_INT(status.attempts, 1);
    CHECK_INT(status.running, false);
    CHECK_INT(status.target_count, 1);
    CHECK(status.targets[0].stored);
    CHECK_STR(status.targets[0].address, result->locations[0].address);
    CHECK_MEM(status.container.sha256, result->container.sha256, ARV_SHA256_BYTES);
    CHECK_INT(staged_files(), 4); /* lock, journal, head, log */
    CHECK_OK(arv_staging_delete(s.staging, STAGED_UUID, false, &err), &err);
    CHECK(!test_exists(test_path("staging/" STAGED_UUID)));
    CHECK_ERR(arv_staging_status(s.staging, STAGED_UUID, &status, &err), &err, ARV_ENOTFOUND,
              "There is no job");
    staged_close(&s);
}

TEST(a_job_that_has_ended_is_not_run_again)
{
    staged_open(&s);
    CHECK_OK(staged_go(&s), &s.run.error);
    arv_job_result first = *arv_job_get_result(s.run.job);
    s.run.spec.entries = NULL; /* they are not asked for */
    CHECK_OK(staged_go(&s), &s.run.error);
    CHECK_STATES(&s.run, 100);
    const arv_job_result *result = arv_job_get_result(s.run.job);
    CHECK_INT(result->container_bytes, first.container_bytes);
    CHECK_MEM(result->container.sha256, first.container.sha256, ARV_SHA256_BYTES);
    CHECK_INT(staged_objects(&s), 1);
    staged_close(&s);
}

static int log_take(void *user_data, const arv_staged_record *record, arv_error *error)
{
    char *all = user_data;
    size_t length = strlen(all);
    (void)error;
    CHECK(record->at_unix_ms > 0);
    CHECK_STR(record->source, "job");
    snprintf(all + length, 4096 - length, "%s|%s\n", record->message, record->details);
    return 0;
}

TEST(a_journalled_job_has_a_log_with_its_states_in_order)
{
    char all[4096] = "";
    staged_open(&s);
    CHECK_OK(staged_go(&s), &s.run.error);
    CHECK_OK(arv_staging_log(s.staging, STAGED_UUID, log_take, all, &err), &err);
    const char *packs = strstr(all, "The job's state has changed.|state=ACTIVITY_ARCHIVING\n");
    const char *stores = strstr(all, "The job's state has changed.|state=STORE\n");
    CHECK(packs && stores && packs < stores);
    CHECK(strstr(all, "The job's state has changed.|state=COMPLETED\n") != NULL);
    staged_close(&s);
}

TEST(a_job_that_streams_stages_nothing)
{
    staged_open(&s);
    s.run.spec.streams = true;
    CHECK_OK(staged_go(&s), &s.run.error);
    CHECK_STATES(&s.run, 20, 30, 50, 60, 90, 100);
    CHECK_INT(staged_objects(&s), 1);
    staged_status(&s, &status);
    CHECK_INT(status.state, ARV_JOB_COMPLETED);
    CHECK(status.targets[0].stored);
    staged_close(&s);
}

/* ---- killed ----------------------------------------------------------------------------------- */

static void die_while_archiving(staged_run *run)
{
    staged_die_in(run, ARV_JOB_ACTIVITY_ARCHIVING);
}

static void die_while_storing(staged_run *run)
{
    staged_die_in(run, ARV_JOB_STORE);
}

static void die_while_cleaning_up(staged_run *run)
{
    staged_die_in(run, ARV_JOB_CLEANUP);
}

TEST(a_job_that_was_killed_while_packing_packs_again)
{
    staged_killed(die_while_archiving);
    staged_open(&s);
    staged_status(&s, &status);
    CHECK_INT(status.state, ARV_JOB_QUEUED);
    CHECK_INT(status.attempts, 1);
    CHECK(!status.packaged);
    CHECK_OK(staged_go(&s), &s.run.error);
    CHECK_STATES(&s.run, 20, 30, 50, 60, 90, 100);
    staged_status(&s, &status);
    CHECK_INT(status.attempts, 2);
    CHECK_INT(staged_objects(&s), 1);
    staged_close(&s);
}

TEST(a_container_that_was_complete_is_not_packed_again)
{
    staged_killed(die_while_storing);
    staged_open(&s);
    staged_status(&s, &status);
    CHECK(status.packaged);
    s.run.spec.entries = NULL;
    CHECK_OK(staged_go(&s), &s.run.error);
    CHECK_STATES(&s.run, 60, 90, 100);
    CHECK_INT(staged_objects(&s), 1);
    staged_close(&s);
}

TEST(an_object_that_was_stored_is_not_stored_again)
{
    staged_killed(die_while_cleaning_up);
    staged_open(&s);
    staged_status(&s, &status);
    CHECK(status.targets[0].stored);
    CHECK_OK(staged_go(&s), &s.run.error);
    CHECK_STATES(&s.run, 90, 100);
    CHECK_INT(staged_objects(&s), 1);
    staged_close(&s);
}

TEST(a_job_that_streams_and_was_killed_streams_again)
{
    staged_open(&s);
    staged_close(&s);
    staged_killed(die_while_archiving);
    staged_open(&s);
    s.run.spec.streams = true;
    CHECK_OK(staged_go(&s), &s.run.error);
    CHECK_INT(staged_objects(&s), 1);
    staged_close(&s);
}

TEST(a_job_that_is_killed_each_time_fails_in_the_end_with_a_sentence)
{
    for (int i = 0; i < 5; i++)
        staged_killed(die_while_archiving);
    staged_open(&s);
    CHECK_INT(staged_go(&s), ARV_ELIMIT);
    CHECK_HAS(s.run.error.message, "was begun 5 times");
    CHECK_STATES(&s.run, 200, 220, 240);
    CHECK_INT(staged_objects(&s), 0);
    staged_status(&s, &status);
    CHECK_INT(status.state, ARV_JOB_FAILURE);
    CHECK_OK(arv_staging_requeue(s.staging, STAGED_UUID, &err), &err);
    CHECK_OK(staged_go(&s), &s.run.error);
    CHECK_INT(staged_objects(&s), 1);
    staged_close(&s);
}

/* ---- cancelled, retried, deleted ---------------------------------------------------------------- */

static void cancel_outside(job_run *run, arv_job_state state)
{
    (void)run;
    if (state == ARV_JOB_ACTIVITY_ARCHIVING)
        CHECK_OK(arv_staging_cancel(s.staging, STAGED_UUID, &err), &err);
}

static void cancel_inside(job_run *run, arv_job_state state)
{
    if (state == *(arv_job_state *)run->user_data)
        arv_job_cancel(run->job, NULL);
}

TEST(a_job_is_cancelled_in_each_of_its_states_and_leaves_nothing)
{
    static const arv_job_state states[] = {ARV_JOB_PRE_PROCESSING, ARV_JOB_ACTIVITY_ARCHIVING,
                                           ARV_JOB_POST_PROCESSING, ARV_JOB_STORE};
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++)
        for (int streams = 0; streams < 2; streams++) {
            CHECK_SCENE("cancelled in %s, streams %d", arv_job_state_name(states[i]), streams);
            arv_job_state state = states[i];
            staged_open(&s);
            s.run.spec.streams = streams;
            s.run.on_state = cancel_inside;
            s.run.user_data = &state;
            CHECK_INT(staged_go(&s), ARV_ECANCELED);
            staged_status(&s, &status);
            CHECK_INT(status.state, ARV_JOB_ABORTED);
            CHECK_INT(staged_objects(&s), 0);
            CHECK_INT(staged_files(), 4);
            CHECK_OK(arv_staging_delete(s.staging, STAGED_UUID, false, &err), &err);
            staged_close(&s);
        }
}

TEST(a_job_is_cancelled_from_outside)
{
    staged_open(&s);
    s.run.on_state = cancel_outside;
    s.run.spec.progress_interval_ms = 1;
    int rc = staged_go(&s);
    /* It may have been faster than the look. */
    staged_status(&s, &status);
    CHECK_INT(status.state, rc == 0 ? ARV_JOB_COMPLETED : ARV_JOB_ABORTED);
    CHECK_INT(staged_objects(&s), rc == 0);
    staged_close(&s);
}

TEST(a_job_that_nobody_runs_is_cancelled_by_its_next_run)
{
    staged_killed(die_while_cleaning_up); /* its object is stored */
    staged_open(&s);
    CHECK_INT(staged_objects(&s), 1);
    CHECK_OK(arv_staging_cancel(s.staging, STAGED_UUID, &err), &err);
    staged_status(&s, &status);
    CHECK(status.cancel_asked);
    CHECK_INT(staged_go(&s), ARV_ECANCELED);
    CHECK_STATES(&s.run, 220, 250);
    CHECK_INT(staged_objects(&s), 0);
    CHECK_ERR(arv_staging_cancel(s.staging, STAGED_UUID, &err), &err, ARV_ESTATE, "has ended");
    CHECK_OK(arv_staging_requeue(s.staging, STAGED_UUID, &err), &err);
    CHECK_OK(staged_go(&s), &s.run.error);
    CHECK_INT(staged_objects(&s), 1);
    staged_close(&s);
}

TEST(an_engine_that_goes_away_interrupts_its_jobs_and_costs_no_attempt)
{
    staged_open(&s);
    CHECK_OK(job_begin_run(&s.run), &s.run.error);
    while (s.run.state_count < 2)
        arv_engine_run(s.engine, 100);
    arv_engine_free(s.engine);
    CHECK_INT(s.run.dones, 1);
    CHECK_INT(s.run.status, ARV_ECLOSED);
    s.engine = job_engine(1, 0);
    job_new_entries(&s.run);
    arv_job_unref(s.run.job);
    s.run.job = NULL;
    arv_storage_unref(s.storage);
    s.storage = job_storage(s.engine, test_path("store"));
    s.run.engine = s.engine;
    staged_status(&s, &status);
    CHECK_INT(status.state, ARV_JOB_QUEUED);
    CHECK_INT(status.attempts, 0);
    CHECK_OK(staged_go(&s), &s.run.error);
    staged_close(&s);
}

TEST(a_job_that_is_interrupted_before_its_first_work_has_a_sound_journal)
{
    staged_open(&s);
    for (int turns = 0; turns < 4; turns++) {
        CHECK_SCENE("%d turns", turns);
        if (s.run.job)
            job_new_entries(&s.run);
        arv_job_unref(s.run.job);
        s.run.job = NULL;
        s.run.dones = s.run.state_count = 0;
        memset(&s.run.last, 0, sizeof s.run.last);
        CHECK_OK(job_begin_run(&s.run), &s.run.error);
        for (int i = 0; i < turns; i++)
            arv_engine_run(s.engine, 0);
        arv_error_set(&err, ARV_ECLOSED, "The program ended.");
        arv_job_cancel(s.run.job, &err);
        CHECK_INT(job_finish(&s.run, 0), ARV_ECLOSED);
        arv_engine_run(s.engine, 0);
        CHECK_INT(s.run.dones, 1);
    }
    CHECK_OK(staged_go(&s), &s.run.error);
    staged_status(&s, &status);
    CHECK_INT(status.attempts, 1);
    staged_close(&s);
}

TEST(a_job_that_is_started_without_the_entries_that_it_needs_rests)
{
    staged_open(&s);
    arv_entries *entries = s.run.spec.entries;
    s.run.spec.entries = NULL;
    CHECK_INT(staged_go(&s), ARV_EINVALID);
    CHECK_HAS(s.run.error.message, "with its list of entries");
    staged_status(&s, &status);
    CHECK_INT(status.state, ARV_JOB_QUEUED);
    CHECK_INT(status.attempts, 0);
    s.run.spec.entries = entries;
    CHECK_OK(staged_go(&s), &s.run.error);
    staged_close(&s);
}

/* ---- others ------------------------------------------------------------------------------------- */

TEST(a_job_is_run_by_one_process_at_a_time)
{
    staged_open(&s);
    CHECK_OK(job_begin_run(&s.run), &s.run.error);
    while (s.run.state_count < 1)
        arv_engine_run(s.engine, 100);
    staged_status(&s, &status);
    CHECK(status.running);
    staged_run other;
    staged_open(&other);
    CHECK_INT(staged_go(&other), ARV_ESTATE);
    CHECK_HAS(other.run.error.message, "Another process");
    CHECK_ERR(arv_staging_delete(other.staging, STAGED_UUID, false, &err), &err, ARV_ESTATE,
              "Another process");
    CHECK_OK(job_finish(&s.run, 0), &s.run.error);
    CHECK_OK(staged_go(&other), &other.run.error);
    CHECK_INT(staged_objects(&other), 1);
    staged_close(&other);
    staged_close(&s);
}

TEST(what_is_there_already_is_not_overwritten_and_not_removed)
{
    arv_task *task;
    char key[ARV_KEY_BYTES];
    staged_open(&s);
    test_write_file(test_path("foreign"), "somebody else's", 15);
    CHECK_OK(arv_key_from_uuid(STAGED_UUID, ".zip", key, &err), &err);
    CHECK_OK(arv_storage_put_file(s.storage, test_path("foreign"), key, NULL, NULL, NULL, &task, &err), &err);
    CHECK_OK(arv_task_wait(task, 600000, &err), &err);
    arv_task_unref(task);
    for (int streams = 0; streams < 2; streams++) {
        CHECK_SCENE("streams %d", streams);
        s.run.spec.streams = streams;
        CHECK_INT(staged_go(&s), ARV_EEXISTS);
        CHECK_HAS(s.run.error.message, "nothing was overwritten");
        size_t length;
        char *content = test_read_file(job_object_path(test_path("store"), key), &length);
        CHECK_INT(length, 15);
        CHECK_MEM(content, "somebody else's", 15);
        free(content);
        CHECK_OK(arv_staging_requeue(s.staging, STAGED_UUID, &err), &err);
    }
    staged_close(&s);
}

/* ---- retries ------------------------------------------------------------------------------------ */

static void spoil_container(job_run *run, arv_job_state state)
{
    (void)run;
    if (state == ARV_JOB_STORE)
        test_write_file(test_path("staging/" STAGED_UUID "/container"), "rotten", 6);
}

TEST(a_container_that_rots_before_it_is_stored_is_packed_again)
{
    staged_open(&s);
    s.run.on_state = spoil_container;
    CHECK_INT(staged_go(&s), ARV_EIO);
    CHECK_HAS(s.run.error.message, "is damaged and is packed again");
    CHECK_INT(staged_objects(&s), 0);
    staged_status(&s, &status);
    CHECK_INT(status.state, ARV_JOB_RECOVERABLE_ERROR);
    CHECK(!status.packaged);
    s.run.on_state = NULL;
    CHECK_OK(staged_go(&s), &s.run.error);
    CHECK_STATES(&s.run, 210, 10, 20, 30, 50, 60, 90, 100);
    CHECK_INT(staged_objects(&s), 1);
    staged_close(&s);
}

static void open_with_memory(void)
{
    CHECK_OK(arv_storage_register(&memory_driver_ops, NULL, &err), &err);
    staged_open(&s);
    arv_storage_unref(s.storage);
    CHECK_OK(arv_storage_open(&s.storage, s.engine, "memory://store", NULL, 0, &err), &err);
    s.run.spec.storages = &s.storage;
}

TEST(a_storage_that_is_away_is_tried_again_and_nothing_else_is_repeated)
{
    open_with_memory();
    memory_fault = (memory_faults){.slot = "stat", .code = ARV_EOFFLINE};
    CHECK_INT(staged_go(&s), ARV_EOFFLINE);
    CHECK_STATES(&s.run, 20, 30, 50, 60, 200, 210);
    staged_status(&s, &status);
    CHECK_INT(status.state, ARV_JOB_RECOVERABLE_ERROR);
    CHECK(status.packaged);
    CHECK_INT(status.error.code, ARV_EOFFLINE);
    CHECK(status.retry_at_unix > 0);
    memory_fault = (memory_faults){0};
    CHECK_OK(staged_go(&s), &s.run.error);
    CHECK_INT(s.run.states[s.run.state_count - 3], ARV_JOB_STORE);
    for (int i = 0; i < s.run.state_count; i++)
        CHECK(s.run.states[i] != ARV_JOB_ACTIVITY_ARCHIVING);
    CHECK_INT(staged_objects(&s), 1);
    staged_close(&s);
}

TEST(every_error_at_rest_before_a_retry_is_retryable)
{
    static const int codes[] = {ARV_ENOSPACE, ARV_EIO, ARV_EREADBACK, ARV_EOFFLINE};
    open_with_memory();
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        CHECK_SCENE("error %s", arv_error_name(codes[i]));
        memory_fault = (memory_faults){.slot = "put_open", .code = codes[i]};
        CHECK_INT(staged_go(&s), codes[i]);
        CHECK(s.run.error.flags & ARV_ERROR_RETRYABLE);
        staged_status(&s, &status);
        CHECK_INT(status.state, ARV_JOB_RECOVERABLE_ERROR);
        CHECK(status.error.flags & ARV_ERROR_RETRYABLE);
    }
    memory_fault = (memory_faults){0};
    CHECK_OK(staged_go(&s), &s.run.error);
    staged_close(&s);
}

TEST(a_job_waits_for_its_retry_and_holds_no_place_meanwhile)
{
    job_run other;
    open_with_memory();
    memory_fault = (memory_faults){.slot = "stat", .code = ARV_EOFFLINE};
    s.run.spec.retry_delay_ms = 600000;
    CHECK_INT(staged_go(&s), ARV_EOFFLINE);
    arv_job_unref(s.run.job);
    job_new_entries(&s.run);
    s.run.dones = s.run.state_count = 0;
    memset(&s.run.last, 0, sizeof s.run.last);
    CHECK_OK(job_begin_run(&s.run), &s.run.error);
    while (s.run.state_count == 0)
        CHECK(arv_engine_run(s.engine, 1000));
    CHECK_STATES(&s.run, 210);
    job_open(&other, s.engine);
    other.spec.path = test_path("other.zip");
    CHECK_OK(job_finish(&other, job_begin_run(&other)), &other.error);
    job_close(&other);
    CHECK_INT(s.run.dones, 0);
    arv_job_cancel(s.run.job, NULL); /* which does not wait for that time */
    CHECK_INT(job_finish(&s.run, 0), ARV_ECANCELED);
    staged_status(&s, &status);
    CHECK_INT(status.state, ARV_JOB_ABORTED);
    staged_close(&s);
}

TEST(retries_are_bounded_and_end_in_a_failure_that_names_them)
{
    open_with_memory();
    memory_fault = (memory_faults){.slot = "put_open", .code = ARV_EOFFLINE};
    s.run.spec.attempts_max = 3;
    for (int i = 0; i < 3; i++)
        CHECK_INT(staged_go(&s), ARV_EOFFLINE);
    CHECK_HAS(s.run.error.message, "After 3 attempts: ");
    staged_status(&s, &status);
    CHECK_INT(status.attempts, 3);
    CHECK_INT(status.state, ARV_JOB_FAILURE);
    CHECK_INT(staged_files(), 4);
    staged_close(&s);
}

TEST(an_error_that_no_retry_mends_ends_the_job_at_once)
{
    open_with_memory();
    memory_fault = (memory_faults){.slot = "put_open", .code = ARV_EACCESS};
    CHECK_INT(staged_go(&s), ARV_EACCESS);
    CHECK_STATES(&s.run, 20, 30, 50, 60, 200, 220, 240);
    staged_close(&s);
}

/* ---- limits ------------------------------------------------------------------------------------- */

TEST(a_job_that_does_not_fit_into_the_staging_is_told_before_it_packs)
{
    arv_staging_options options;
    staged_open(&s);
    arv_staging_unref(s.staging);
    arv_staging_options_init(&options, sizeof options);
    options.limit_bytes = JOB_LARGE_BYTES / 2;
    CHECK_OK(arv_staging_open(&s.staging, test_path("staging"), &options, &err), &err);
    s.run.spec.staging = s.staging;
    CHECK_INT(staged_go(&s), ARV_ENOSPACE);
    CHECK_HAS(s.run.error.message, "of its limit");
    for (int i = 0; i < s.run.state_count; i++)
        CHECK(s.run.states[i] != ARV_JOB_ACTIVITY_ARCHIVING);
    s.run.spec.streams = true; /* which needs none */
    CHECK_OK(staged_go(&s), &s.run.error);
    staged_close(&s);
}

static int64_t slow_read(void *user_data, void *into, size_t length, arv_error *error)
{
    (void)user_data;
    (void)into;
    (void)length;
    (void)error;
    for (;;) /* the limit ends it between two reads */
        return 1;
}

static void slow_release(void *user_data)
{
    (void)user_data;
}

static void add_endless(staged_run *run)
{
    arv_entry entry = {.name = "endless",
                       .size_bytes = INT64_C(1) << 40,
                       .modified_at_unix = ARV_TIME_UNKNOWN};
    CHECK_OK(arv_entries_add_callback(run->run.entries, &entry, slow_read, slow_release, NULL, &err), &err);
    run->run.spec.streams = true;
}

TEST(the_time_limit_counts_from_the_first_work_and_over_all_runs)
{
    staged_open(&s);
    add_endless(&s);
    s.run.spec.time_limit_ms = 300;
    s.run.spec.progress_interval_ms = 20;
    CHECK_INT(staged_go(&s), ARV_ETIMEOUT);
    CHECK_HAS(s.run.error.message, "time limit");
    staged_status(&s, &status);
    CHECK_INT(status.state, ARV_JOB_FAILURE);
    CHECK_INT(staged_objects(&s), 0);
    staged_close(&s);
}

/* ---- in part ------------------------------------------------------------------------------------ */

/* Besides the two entries of every test two files, of which the second is not there. */
static void add_files(staged_run *run)
{
    arv_entry entry = {.name = "there.txt", .size_bytes = 5, .modified_at_unix = ARV_TIME_UNKNOWN};
    CHECK_OK(arv_entries_add_path(run->run.entries, &entry, test_path("there"), &err), &err);
    entry.name = "late.txt";
    CHECK_OK(arv_entries_add_path(run->run.entries, &entry, test_path("late"), &err), &err);
    run->run.package.failures_max = 10;
}

static int go_in_part(void)
{
    job_new_entries(&s.run);
    add_files(&s);
    arv_job_unref(s.run.job);
    s.run.job = NULL;
    return staged_go(&s);
}

static void open_in_part(void)
{
    staged_open(&s);
    test_write_file(test_path("there"), "there", 5);
    CHECK_OK(go_in_part(), &s.run.error);
    staged_status(&s, &status);
    CHECK_INT(status.state, ARV_JOB_PARTIAL);
    CHECK_INT(status.failures, 1);
    CHECK_INT(status.entries, 3);
}

TEST(a_retry_of_a_partial_job_completes_it_and_replaces_what_was_stored)
{
    char before[ARV_ADDRESS_BYTES];
    open_in_part();
    memcpy(before, status.targets[0].address, sizeof before);
    test_write_file(test_path("late"), "late.", 5);
    CHECK_OK(arv_staging_requeue(s.staging, STAGED_UUID, &err), &err);
    staged_status(&s, &status);
    CHECK_STR(status.targets[0].address, before); /* it stays until there is something better */
    CHECK_OK(go_in_part(), &s.run.error);
    CHECK_INT(arv_job_get_state(s.run.job), ARV_JOB_COMPLETED);
    staged_status(&s, &status);
    CHECK_INT(status.state, ARV_JOB_COMPLETED);
    CHECK_INT(status.failures, 0);
    CHECK_INT(status.entries, 4);
    CHECK_HAS(status.targets[0].address, STAGED_UUID ".2.zip");
    CHECK_INT(staged_objects(&s), 1);
    staged_close(&s);
}

TEST(a_retry_of_a_partial_job_that_finds_no_more_leaves_it_as_it_was)
{
    char before[ARV_ADDRESS_BYTES];
    open_in_part();
    memcpy(before, status.targets[0].address, sizeof before);
    for (int streams = 0; streams < 2; streams++) {
        CHECK_SCENE("streams %d", streams);
        CHECK_OK(arv_staging_requeue(s.staging, STAGED_UUID, &err), &err);
        s.run.spec.streams = streams;
        CHECK(go_in_part() < 0);
        CHECK_HAS(s.run.error.message, "found no more than before");
        CHECK_INT(arv_job_get_state(s.run.job), ARV_JOB_PARTIAL);
        staged_status(&s, &status);
        CHECK_INT(status.state, ARV_JOB_PARTIAL);
        CHECK_INT(status.failures, 1);
        CHECK_STR(status.targets[0].address, before);
        CHECK(status.targets[0].stored);
        CHECK_INT(staged_objects(&s), 1);
    }
    staged_close(&s);
}

TEST(a_retry_of_a_partial_job_that_is_cancelled_leaves_it_as_it_was)
{
    arv_job_state state = ARV_JOB_STORE;
    open_in_part();
    test_write_file(test_path("late"), "late.", 5);
    CHECK_OK(arv_staging_requeue(s.staging, STAGED_UUID, &err), &err);
    s.run.on_state = cancel_inside;
    s.run.user_data = &state;
    CHECK_INT(go_in_part(), ARV_ECANCELED);
    CHECK_INT(arv_job_get_state(s.run.job), ARV_JOB_PARTIAL);
    CHECK_INT(staged_objects(&s), 1);
    staged_close(&s);
}

static void die_while_replacing(staged_run *run)
{
    job_new_entries(&run->run);
    add_files(run);
    staged_die_in(run, ARV_JOB_CLEANUP);
}

TEST(a_job_that_was_killed_while_it_replaced_replaces_again)
{
    open_in_part();
    test_write_file(test_path("late"), "late.", 5);
    CHECK_OK(arv_staging_requeue(s.staging, STAGED_UUID, &err), &err);
    staged_close(&s);
    staged_killed(die_while_replacing);
    staged_open(&s);
    CHECK_INT(staged_objects(&s), 2);
    CHECK_OK(go_in_part(), &s.run.error);
    staged_status(&s, &status);
    CHECK_INT(status.state, ARV_JOB_COMPLETED);
    CHECK_INT(staged_objects(&s), 1);
    staged_close(&s);
}

/* ---- stopped at odd moments ----------------------------------------------------------------------- */

static arv_error *going_away(void)
{
    static arv_error reason;
    arv_error_set(&reason, ARV_ECLOSED, "The service goes away.");
    return &reason;
}

TEST(a_job_that_is_interrupted_before_it_begins_is_what_it_was)
{
    staged_open(&s);
    CHECK_OK(job_begin_run(&s.run), &s.run.error);
    arv_job_cancel(s.run.job, going_away());
    CHECK_INT(job_finish(&s.run, 0), ARV_ECLOSED);
    CHECK_OK(staged_go(&s), &s.run.error);
    CHECK_INT(staged_objects(&s), 1);
    staged_close(&s);
}

TEST(a_job_that_waits_for_its_retry_and_is_interrupted_waits_on)
{
    open_with_memory();
    memory_fault = (memory_faults){.slot = "stat", .code = ARV_EOFFLINE};
    s.run.spec.retry_delay_ms = 600000;
    CHECK_INT(staged_go(&s), ARV_EOFFLINE);
    for (int i = 0; i < 2; i++) { /* asleep, and as soon as it is begun */
        CHECK_SCENE("%s", i == 0 ? "asleep" : "begun");
        arv_job_unref(s.run.job);
        job_new_entries(&s.run);
        s.run.dones = s.run.state_count = 0;
        memset(&s.run.last, 0, sizeof s.run.last);
        CHECK_OK(job_begin_run(&s.run), &s.run.error);
        while (i == 0 && s.run.state_count == 0)
            CHECK(arv_engine_run(s.engine, 1000));
        arv_job_cancel(s.run.job, going_away());
        CHECK_INT(job_finish(&s.run, 0), ARV_ECLOSED);
        staged_status(&s, &status);
        CHECK_INT(status.state, ARV_JOB_RECOVERABLE_ERROR);
        CHECK_INT(status.attempts, 1);
    }
    staged_close(&s);
}

static void lose_what_is_taken_back(job_run *run, arv_job_state state)
{
    (void)run;
    if (state == ARV_JOB_ERROR_HANDLING)
        memory_fault = (memory_faults){.slot = "get_open", .code = ARV_EOFFLINE};
}

TEST(what_cannot_be_taken_back_is_tried_again_as_often_as_the_job)
{
    open_with_memory();
    s.run.spec.attempts_max = 3;
    s.run.on_state = lose_what_is_taken_back;
    memory_fault = (memory_faults){.slot = "put_open", .code = ARV_EACCESS};
    for (int failed = 1; failed <= 4; failed++) {
        CHECK_SCENE("failed %d times", failed);
        CHECK_INT(staged_go(&s), ARV_EACCESS);
        CHECK_HAS(s.run.error.message, "could not be taken back yet");
        staged_status(&s, &status);
        CHECK_INT(status.state, ARV_JOB_ERROR_HANDLING);
        CHECK_INT(status.retry_at_unix > 0, failed < 3);
        CHECK(!strstr(status.error.message, "taken back"));
    }
    s.run.on_state = NULL;
    memory_fault = (memory_faults){0};
    CHECK_INT(staged_go(&s), ARV_EACCESS);
    staged_status(&s, &status);
    CHECK_INT(status.state, ARV_JOB_FAILURE);
    CHECK_INT(status.retry_at_unix, 0);
    staged_close(&s);
}

TEST(a_clock_that_is_set_back_makes_no_job_wait_for_longer)
{
    open_with_memory();
    memory_fault = (memory_faults){.slot = "stat", .code = ARV_EOFFLINE};
    CHECK_INT(staged_go(&s), ARV_EOFFLINE);
    memory_fault = (memory_faults){0};
    arv__clock_set_offset_us(-INT64_C(86400) * 1000000);
    CHECK_OK(staged_go(&s), &s.run.error);
    arv__clock_set_offset_us(0);
    staged_close(&s);
}

TEST(a_forked_child_does_not_keep_the_lock_of_a_parent_that_dies)
{
    int told[2], held[2];
    char byte;
    CHECK_INT(pipe(told), 0);
    CHECK_INT(pipe(held), 0);
    pid_t parent = fork();
    if (parent == 0) {
        staged_open(&s);
        CHECK_OK(job_begin_run(&s.run), &s.run.error);
        while (s.run.state_count == 0)
            arv_engine_run(s.engine, 100);
        if (fork() == 0) { /* lives on */
            arv_engine_abandon(s.engine);
            close(held[1]);
            CHECK_INT(write(told[1], "x", 1), 1);
            CHECK_INT(read(held[0], &byte, 1), 0);
            _exit(0);
        }
        for (;;)
            pause();
    }
    CHECK_INT(read(told[0], &byte, 1), 1);
    CHECK_INT(kill(parent, SIGKILL), 0);
    CHECK_INT(waitpid(parent, NULL, 0), parent);
    staged_open(&s);
    staged_status(&s, &status);
    CHECK(!status.running);
    CHECK_OK(staged_go(&s), &s.run.error);
    staged_close(&s);
    close(held[1]);
}

/* ---- what others did to it ------------------------------------------------------------------------ */

static arv_storage *both[2];

/* The folder "store" and a storage in memory, of which the second is away. */
static void open_half_stored(void)
{
    CHECK_OK(arv_storage_register(&memory_driver_ops, NULL, &err), &err);
    staged_open(&s);
    both[0] = s.storage;
    CHECK_OK(arv_storage_open(&both[1], s.engine, "memory://store", NULL, 0, &err), &err);
    s.run.spec.storages = both;
    s.run.spec.storage_count = 2;
    memory_fault = (memory_faults){.slot = "put_open", .code = ARV_EOFFLINE};
    CHECK_INT(staged_go(&s), ARV_EOFFLINE);
    memory_fault = (memory_faults){0};
    staged_status(&s, &status);
    CHECK(status.targets[0].stored && !status.targets[1].stored);
}

static const char *half_stored(void)
{
    char key[ARV_KEY_BYTES];
    CHECK_OK(arv_key_from_uuid(STAGED_UUID, ".zip", key, &err), &err);
    return job_object_path(test_path("store"), key);
}

TEST(a_damaged_container_comes_back_from_a_storage_that_has_it)
{
    open_half_stored();
    CHECK_INT(unlink(test_path("staging/" STAGED_UUID "/container")), 0);
    arv_job_unref(s.run.job);
    s.run.job = NULL;
    s.run.spec.entries = NULL;
    CHECK_OK(staged_go(&s), &s.run.error);
    CHECK_INT(staged_objects(&s), 1);
    CHECK_INT(memory_objects(), 1);
    arv_storage_unref(both[1]);
    staged_close(&s);
}

TEST(a_copy_that_vanished_meanwhile_is_told_and_the_job_is_not_complete)
{
    open_half_stored();
    CHECK_INT(rename(half_stored(), test_path("taken")), 0);
    CHECK_INT(staged_go(&s), ARV_EOFFLINE);
    CHECK_HAS(s.run.error.message, "is not there any more");
    CHECK_INT(rename(test_path("taken"), half_stored()), 0);
    CHECK_OK(staged_go(&s), &s.run.error);
    arv_storage_unref(both[1]);
    staged_close(&s);
}

TEST(what_somebody_put_in_place_of_a_copy_is_not_removed)
{
    open_half_stored();
    CHECK_INT(chmod(half_stored(), 0600), 0);
    test_write_file(half_stored(), "somebody else's", 15);
    CHECK_OK(arv_staging_cancel(s.staging, STAGED_UUID, &err), &err);
    CHECK_INT(staged_go(&s), ARV_ECANCELED);
    staged_status(&s, &status);
    CHECK_INT(status.state, ARV_JOB_ABORTED);
    CHECK(test_exists(half_stored()));
    arv_storage_unref(both[1]);
    staged_close(&s);
}

/* ---- limits and cancel requests ------------------------------------------------------------------- */

static void limit_then_cancel(job_run *run, arv_job_state state)
{
    arv_error reason;
    if (state != ARV_JOB_ACTIVITY_ARCHIVING)
        return;
    arv_error_set(&reason, ARV_ETIMEOUT, "It took too long.");
    arv__job_limit(run->job, &reason);
    arv_job_cancel(run->job, NULL);
}

TEST(a_wish_to_cancel_goes_before_a_limit_that_was_reached_just_now)
{
    staged_open(&s);
    s.run.on_state = limit_then_cancel;
    CHECK_INT(staged_go(&s), ARV_ECANCELED);
    staged_status(&s, &status);
    CHECK_INT(status.state, ARV_JOB_ABORTED);
    staged_close(&s);
}

/* SPDX-License-Identifier: Apache-2.0 */

/* What of a job's folder cannot be told is never taken for absent, and the first cause is told. */

#include <errno.h>
#include <string.h>
#include <arv/sys/alloc.h>

#include "fault_fs.h"
#include "job/jobfolder.h"
#include "staged.h"
#include "test.h"

enum { CALLS_MOST = 200 };

static staged_run s;
static arv_staged_status status;
static arv_error err;

TEST(a_job_that_cannot_be_looked_for_is_not_made_again_over_what_is_there)
{
    char *document;
    size_t length;
    int rc = 0;
    staged_open(&s);
    CHECK_OK(arv_staging_create(s.staging, STAGED_UUID, "mine", 4, &err), &err);
    CHECK_OK(arv_staging_cancel(s.staging, STAGED_UUID, &err), &err);
    for (unsigned nth = 1; rc != ARV_EEXISTS; nth++) {
        CHECK_SCENE("call %u fails", nth);
        CHECK(nth < CALLS_MOST);
        fault_fs_install();
        fault_fs_fail(FAULT_ANY, nth, EIO);
        arv_staging_create(s.staging, STAGED_UUID, "other", 5, &err);
        rc = fault_fs_calls(FAULT_ANY) < nth ? err.code : 0; /* none was left to fail */
        fault_fs_remove();
        CHECK_OK(arv_staging_document_take(s.staging, STAGED_UUID, &document, &length, &err), &err);
        CHECK_INT(length, 4);
        CHECK(memcmp(document, "mine", 4) == 0);
        arv_free(document);
        staged_status(&s, &status);
        CHECK(status.cancel_asked);
        err.code = rc;
    }
    staged_close(&s);
}

/* Calls `ask` while the first, the second … call fails, until none was left to fail. Where it succeeds
 * all the same, `check` looks at what it told. */
static void with_each_call_failing(int (*ask)(void), void (*check)(void))
{
    unsigned nth = 0;
    bool failed;
    do {
        CHECK(++nth < CALLS_MOST);
        CHECK_SCENE("call %u fails", nth);
        fault_fs_install();
        fault_fs_fail(FAULT_ANY, nth, EIO);
        int rc = ask();
        failed = fault_fs_calls(FAULT_ANY) >= nth;
        fault_fs_remove();
        if (rc == 0)
            check();
    } while (failed);
    CHECK(nth > 1);
}

static int ask_status(void)
{
    return arv_staging_status(s.staging, STAGED_UUID, &status, &err);
}

static void check_running(void)
{
    CHECK(status.running && status.cancel_asked);
}

TEST(a_job_that_somebody_runs_is_never_told_to_be_at_rest)
{
    arv__jobfolder folder;
    staged_open(&s);
    CHECK_OK(arv_staging_create(s.staging, STAGED_UUID, NULL, 0, &err), &err);
    CHECK_OK(arv_staging_cancel(s.staging, STAGED_UUID, &err), &err);
    CHECK_OK(arv__jobfolder_open(&folder, s.staging, STAGED_UUID, ARV__JOBFOLDER_LOCK, &err), &err);
    with_each_call_failing(ask_status, check_running);
    arv__jobfolder_close(&folder);
    staged_close(&s);
}

#define PART "staging/" STAGED_UUID "/.archivist-0123456789abcdef.part"

static int ask_sweep(void)
{
    return arv_staging_sweep(s.staging, NULL, &err);
}

static void check_swept(void)
{
    CHECK(!test_exists(test_path(PART)));
    test_write_file(test_path(PART), "left", 4);
}

TEST(a_sweep_that_cannot_look_says_so)
{
    staged_open(&s);
    CHECK_OK(arv_staging_create(s.staging, STAGED_UUID, NULL, 0, &err), &err);
    test_write_file(test_path(PART), "left", 4);
    with_each_call_failing(ask_sweep, check_swept);
    staged_close(&s);
}

TEST(what_cannot_be_flushed_is_neither_opened_nor_told_to_be_gone)
{
    arv_staging *again;
    staged_open(&s);
    fault_fs_install();
    fault_fs_lack(FAULT_FSYNC, EIO);
    CHECK_ERR(arv_staging_delete(s.staging, STAGED_UUID, false, &err), &err, ARV_EIO, "is gone, but");
    CHECK_ERR(arv_staging_open(&again, test_path("staging"), NULL, &err), &err, ARV_EIO, "staging folder");
    fault_fs_reset();
    fault_fs_lack(FAULT_FSYNC, EACCES); /* somebody else's, who made both */
    CHECK_OK(arv_staging_open(&again, test_path("staging"), NULL, &err), &err);
    fault_fs_remove();
    arv_staging_unref(again);
    staged_close(&s);
}

/* Cancels a job, and runs it while the nth call of an operation fails. */
static bool run_canceled(fault_op op, unsigned nth)
{
    CHECK_SCENE("call %u of %s fails", nth, fault_fs_name(op));
    staged_open(&s);
    CHECK_OK(arv_staging_create(s.staging, STAGED_UUID, NULL, 0, &err), &err);
    CHECK_OK(arv_staging_cancel(s.staging, STAGED_UUID, &err), &err);
    fault_fs_install();
    fault_fs_fail(op, nth, EIO);
    int rc = staged_go(&s);
    bool failed = fault_fs_calls(op) >= nth;
    fault_fs_remove();
    CHECK(rc < 0);
    staged_status(&s, &status);
    CHECK(status.cancel_asked || status.state == ARV_JOB_ABORTED);
    CHECK_INT(staged_objects(&s), 0);
    if (status.state != ARV_JOB_ABORTED)
        CHECK_INT(staged_go(&s), ARV_ECANCELED);
    CHECK_OK(arv_staging_delete(s.staging, STAGED_UUID, false, &err), &err);
    staged_close(&s);
    return failed;
}

TEST(a_wish_to_cancel_that_cannot_be_looked_for_is_not_passed_over)
{
    unsigned nth = 1;
    while (run_canceled(FAULT_FSTATAT, nth))
        CHECK(++nth < CALLS_MOST);
    CHECK(nth > 1);
}

static void cancel_and_lose_the_journal(job_run *run, arv_job_state state)
{
    if (state != ARV_JOB_ACTIVITY_ARCHIVING)
        return;
    arv_job_cancel(run->job, NULL);
    fault_fs_install();
    fault_fs_fail(FAULT_FSYNC, 1, EIO);
}

TEST(a_wish_to_cancel_that_the_journal_could_not_take_is_not_lost)
{
    staged_open(&s);
    s.run.on_state = cancel_and_lose_the_journal;
    CHECK_INT(staged_go(&s), ARV_ECANCELED);
    CHECK_INT(fault_fs_calls(FAULT_FSYNC) > 0, 1);
    fault_fs_remove();
    staged_status(&s, &status);
    CHECK(status.state != ARV_JOB_ABORTED && status.cancel_asked);
    s.run.on_state = NULL;
    CHECK_INT(staged_go(&s), ARV_ECANCELED);
    staged_status(&s, &status);
    CHECK_INT(status.state, ARV_JOB_ABORTED);
    staged_close(&s);
}

/* Runs a job with several storages while the nth flush fails. */
static bool run_flushing(unsigned nth)
{
    CHECK_SCENE("flush %u fails", nth);
    arv_storage *all[3];
    staged_open(&s);
    all[0] = s.storage;
    for (int i = 1; i < 3; i++)
        all[i] = job_storage(s.engine, test_path("store-%d", i));
    s.run.spec.storages = all;
    s.run.spec.storage_count = 3;
    s.run.spec.attempts_max = 1;
    fault_fs_install();
    fault_fs_fail(FAULT_FSYNC, nth, EIO);
    int rc = staged_go(&s);
    bool failed = fault_fs_calls(FAULT_FSYNC) >= nth;
    fault_fs_remove();
    if (rc < 0) {
        CHECK(rc != ARV_ESTATE);
        const char *cause = strstr(s.run.error.message, "journal");
        CHECK(!cause || !strstr(cause + 1, "The journal")); /* once is enough */
    }
    if (staged_go(&s) == 0)
        CHECK_INT(staged_objects(&s), 1);
    CHECK_OK(arv_staging_delete(s.staging, STAGED_UUID, true, &err), &err);
    for (int i = 1; i < 3; i++)
        arv_storage_unref(all[i]);
    staged_close(&s);
    CHECK_INT(test_run(NULL, (const char *const[]){"rm", "-rf", test_path("store"), NULL}), 0);
    return failed;
}

TEST(a_journal_that_cannot_be_written_is_told_with_its_cause)
{
    unsigned nth = 1;
    while (run_flushing(nth))
        CHECK(++nth < CALLS_MOST);
    CHECK(nth > 1);
}

/* SPDX-License-Identifier: Apache-2.0 */

/* Jobs that collect their entries within a run: what of that is the run's, and when it is asked for. */

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "staged.h"
#include "test.h"

static staged_run s;
static arv_staged_status status;
static arv_error err;
static int collections;
static void (*meanwhile)(arv_job *job);
static arv_error failure; /* what the collection returns; code 0: a list */

static int collect(void *user_data, arv_job *job, arv_entries **entries, arv_package_options *package,
                   arv_error *error)
{
    static const char title[] = "Collected";
    job_run *run = user_data;
    collections++;
    CHECK_INT(arv_job_get_state(job), ARV_JOB_PRE_PROCESSING);
    if (meanwhile)
        meanwhile(job);
    *error = failure;
    if (failure.code < 0)
        return failure.code;
    *entries = arv_entries_ref(run->entries);
    package->title = title;
    return 0;
}

static int go(void)
{
    collections = 0;
    job_new_entries(&s.run);
    s.run.spec.entries = NULL;
    return staged_go(&s);
}

static void open_collecting(void)
{
    staged_open(&s);
    s.run.spec.entries = NULL;
    s.run.spec.on_collect = collect;
    arv_error_clear(&failure);
}

static void packs_what_it_collects(bool streams)
{
    open_collecting();
    s.run.spec.streams = streams;
    CHECK_OK(go(), &s.run.error);
    CHECK_STATES(&s.run, 20, 30, 50, 60, 90, 100);
    CHECK_INT(collections, 1);
    CHECK_INT(arv_job_get_result(s.run.job)->entries, 2);
    CHECK_INT(staged_objects(&s), 1);
    CHECK_OK(go(), &s.run.error);
    CHECK_INT(collections, 0); /* it has ended */
    staged_close(&s);
}

TEST(a_job_packs_what_it_collects_within_its_run)
{
    packs_what_it_collects(false);
}

TEST(a_job_that_streams_collects_within_its_run)
{
    packs_what_it_collects(true);
}

TEST(a_job_of_one_process_collects_as_well)
{
    open_collecting();
    s.run.spec.staging = NULL;
    CHECK_OK(go(), &s.run.error);
    CHECK_STATES(&s.run, 20, 30, 50, 60, 90, 100);
    failure.code = arv_error_set(&failure, ARV_ESOURCE, "The database has no such exam.");
    memset(s.run.package.uuid, 0, sizeof s.run.package.uuid);
    CHECK_INT(go(), ARV_ESOURCE);
    CHECK_STATES(&s.run, 20, 200, 220, 240);
    staged_close(&s);
}

TEST(a_collection_that_fails_for_good_fails_the_job)
{
    open_collecting();
    arv_error_set(&failure, ARV_ECALLBACK, "The exam is gone.");
    CHECK_ERR(go(), &s.run.error, ARV_ECALLBACK, "The exam is gone.");
    CHECK_STATES(&s.run, 20, 200, 220, 240);
    staged_status(&s, &status);
    CHECK_INT(status.state, ARV_JOB_FAILURE);
    CHECK_INT(status.attempts, 1);
    CHECK_STR(status.error.message, "The exam is gone.");
    CHECK_INT(staged_objects(&s), 0);
    staged_close(&s);
}

TEST(a_collection_that_may_do_better_is_tried_again_as_often_as_the_job)
{
    open_collecting();
    s.run.spec.attempts_max = 3;
    arv_error_set(&failure, ARV_ECALLBACK, "The database does not answer.");
    failure.flags |= ARV_ERROR_RETRYABLE;
    for (unsigned attempt = 1; attempt < 3; attempt++) {
        CHECK_SCENE("attempt %u", attempt);
        CHECK_ERR(go(), &s.run.error, ARV_ECALLBACK, "does not answer");
        CHECK_INT(arv_job_get_state(s.run.job), ARV_JOB_RECOVERABLE_ERROR);
        staged_status(&s, &status);
        CHECK_INT(status.attempts, attempt);
        CHECK(status.retry_at_unix > 0);
    }
    CHECK_ERR(go(), &s.run.error, ARV_ECALLBACK, "After 3 attempts: The database");
    CHECK_INT(arv_job_get_state(s.run.job), ARV_JOB_FAILURE);
    staged_close(&s);
}

/* By hand, nobody waits, and all attempts are before it. */
TEST(a_job_that_waits_for_a_retry_is_begun_anew_by_hand)
{
    open_collecting();
    s.run.spec.retry_delay_ms = 3600000;
    arv_error_set(&failure, ARV_EOFFLINE, "The database does not answer.");
    CHECK_INT(go(), ARV_EOFFLINE);
    CHECK_OK(arv_staging_requeue(s.staging, STAGED_UUID, &err), &err);
    staged_status(&s, &status);
    CHECK_INT(status.state, ARV_JOB_QUEUED);
    CHECK_INT(status.attempts, 0);
    CHECK_INT(status.retry_at_unix, 0);
    arv_error_clear(&failure);
    CHECK_OK(go(), &s.run.error);
    staged_close(&s);
}

static void cancel_here(arv_job *job)
{
    arv_job_cancel(job, NULL);
    CHECK_ERR(arv_job_check(job, &err), &err, ARV_ECANCELED, "was cancelled");
}

static void cancel_outside(arv_job *job)
{
    CHECK_OK(arv_job_check(job, &err), &err);
    CHECK_OK(arv_staging_cancel(s.staging, STAGED_UUID, &err), &err);
    CHECK_ERR(failure.code = arv_job_check(job, &failure), &failure, ARV_ECANCELED, "was cancelled");
}

TEST(a_job_that_is_cancelled_while_it_collects_packs_nothing)
{
    void (*const ways[])(arv_job * job) = {cancel_here, cancel_outside};
    for (int way = 0; way < 2; way++) {
        CHECK_SCENE("way %d", way);
        open_collecting();
        meanwhile = ways[way];
        CHECK_ERR(go(), &s.run.error, ARV_ECANCELED, "was cancelled");
        CHECK_STATES(&s.run, 20, 220, 250);
        CHECK_INT(staged_objects(&s), 0);
        CHECK_OK(arv_staging_delete(s.staging, STAGED_UUID, false, &err), &err);
        staged_close(&s);
    }
}

TEST(a_collection_that_is_interrupted_costs_no_attempt)
{
    open_collecting();
    arv_error_set(&failure, ARV_ECLOSED, "The server is going down.");
    CHECK_ERR(go(), &s.run.error, ARV_ECLOSED, "going down");
    CHECK_STATES(&s.run, 20, 10);
    staged_status(&s, &status);
    CHECK_INT(status.state, ARV_JOB_QUEUED);
    CHECK_INT(status.attempts, 0);
    staged_close(&s);
}

static void exceed(arv_job *job)
{
    while ((failure.code = arv_job_check(job, &failure)) == 0)
        ;
}

TEST(a_collection_learns_that_the_time_of_its_job_is_over)
{
    open_collecting();
    s.run.spec.time_limit_ms = 1;
    meanwhile = exceed;
    CHECK_ERR(go(), &s.run.error, ARV_ETIMEOUT, "within its time limit");
    staged_status(&s, &status);
    CHECK_INT(status.state, ARV_JOB_FAILURE);
    staged_close(&s);
}

static void die_while_storing(staged_run *run)
{
    run->run.spec.entries = NULL;
    run->run.spec.on_collect = collect;
    staged_die_in(run, ARV_JOB_STORE);
}

TEST(a_job_that_is_packaged_collects_nothing)
{
    staged_killed(die_while_storing);
    open_collecting();
    CHECK_OK(go(), &s.run.error);
    CHECK_INT(collections, 0);
    CHECK_STATES(&s.run, 60, 90, 100);
    CHECK_INT(staged_objects(&s), 1);
    staged_close(&s);
}

static int collect_nothing(void *user_data, arv_job *job, arv_entries **entries, arv_package_options *package,
                           arv_error *error)
{
    (void)user_data, (void)job, (void)entries, (void)package, (void)error;
    return 0;
}

static int collect_another(void *user_data, arv_job *job, arv_entries **entries, arv_package_options *package,
                           arv_error *error)
{
    package->format = ARV_FORMAT_TAR;
    return collect(user_data, job, entries, package, error);
}

static int collect_in_part(void *user_data, arv_job *job, arv_entries **entries, arv_package_options *package,
                           arv_error *error)
{
    package->failures_max = 1;
    return collect(user_data, job, entries, package, error);
}

TEST(a_stream_cannot_lack_what_was_collected)
{
    open_collecting();
    s.run.spec.staging = NULL;
    s.run.spec.storage_count = 0;
    s.run.spec.to_descriptor = true;
    s.run.spec.descriptor = open("/dev/null", O_WRONLY | O_CLOEXEC);
    s.run.spec.on_collect = collect_in_part;
    CHECK_ERR(go(), &s.run.error, ARV_EINVALID, "failures_max");
    s.run.spec.on_collect = collect;
    CHECK_OK(go(), &s.run.error);
    CHECK_INT(close(s.run.spec.descriptor), 0);
    staged_close(&s);
}

TEST(a_collection_that_gives_what_cannot_be_is_refused)
{
    open_collecting();
    s.run.spec.on_collect = collect_nothing;
    CHECK_ERR(go(), &s.run.error, ARV_EINVALID, "no list of entries");
    CHECK_OK(arv_staging_requeue(s.staging, STAGED_UUID, &err), &err);
    s.run.spec.on_collect = collect_another;
    CHECK_ERR(go(), &s.run.error, ARV_EINVALID, "another UUID or format");
    s.run.spec.entries = s.run.entries;
    CHECK_ERR(arv_job_start(&s.run.job, s.engine, &s.run.spec, &err), &err, ARV_EINVALID, "one of both");
    staged_close(&s);
}

/* SPDX-License-Identifier: Apache-2.0 */

/* Journalled jobs whose archives lack entries: PARTIAL in the journal, and completed by a retry. */

#include "staged.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fault_fs.h"
#include "test.h"

enum { LARGE_BYTES = 4 << 20 };

static staged_run s;
static arv_staged_status status;
static ino_t torn; /* of the file whose second half cannot be read; 0: none */
static arv__fileops torn_table;

static ssize_t torn_pread(int fd, void *into, size_t length, uint64_t offset)
{
    struct stat st;
    if (length > 4096 && offset >= LARGE_BYTES / 2 && fstat(fd, &st) == 0 && st.st_ino == torn)
        return -EIO;
    return arv__fs_system.pread(fd, into, length, offset);
}

static void make(const char *name, size_t bytes)
{
    unsigned char *data = malloc(bytes);
    test_fill_random(data, bytes, 5);
    test_write_file(test_path("%s", name), data, bytes);
    free(data);
}

static void add(staged_run *run, const char *name, int64_t size_bytes)
{
    arv_error err;
    arv_entry entry = {.name = name, .size_bytes = size_bytes, .modified_at_unix = ARV_TIME_UNKNOWN};
    CHECK_OK(arv_entries_add_path(run->run.entries, &entry, test_path("%s", name), &err), &err);
}

/* Beside what is always there: "gone", which is not, and "torn", which fails in its middle. */
static void add_both(staged_run *run)
{
    struct stat st;
    if (!test_exists(test_path("torn")))
        make("torn", LARGE_BYTES);
    CHECK_INT(stat(test_path("torn"), &st), 0);
    torn = st.st_ino;
    torn_table = arv__fs_system;
    torn_table.pread = torn_pread;
    arv__fs_set(&torn_table);
    add(run, "gone", 10);
    add(run, "torn", LARGE_BYTES);
    run->run.package.failures_max = 5;
}

static void mended(staged_run *run)
{
    make("gone", 10);
    add_both(run);
    torn = 0;
}

static void ends_partial(uint64_t entries, uint64_t failures)
{
    const arv_job_result *result = arv_job_get_result(s.run.job);
    CHECK_INT(arv_job_get_state(s.run.job), ARV_JOB_PARTIAL);
    CHECK_INT(result->entries, entries);
    CHECK_INT(result->failure_count, failures);
    staged_status(&s, &status);
    CHECK_INT(status.state, ARV_JOB_PARTIAL);
    CHECK_INT(status.entries, entries);
    CHECK_INT(status.failures, failures);
    CHECK_INT(staged_objects(&s), 1);
}

static void go_partial(bool streams)
{
    staged_open(&s);
    s.run.spec.streams = streams;
    add_both(&s);
    CHECK_OK(staged_go(&s), &s.run.error);
    CHECK_STATES(&s.run, 20, 30, 20, 30, 50, 60, 90, 105);
    ends_partial(2, 2);
    CHECK_INT(arv_job_get_result(s.run.job)->failures_kept, 2);
    CHECK_STR(arv_job_get_result(s.run.job)->failures[0].name, "gone");
    CHECK_STR(arv_job_get_result(s.run.job)->failures[1].name, "torn");
    staged_close(&s);
}

static int count_failures(void *user_data, const arv_staged_record *record, arv_error *err)
{
    (void)err;
    if (record->level == ARV_LOG_WARNING)
        (*(int *)user_data)++;
    return 0;
}

TEST(a_journalled_job_ends_in_part_and_its_log_names_what_is_missing)
{
    int warnings = 0;
    arv_error err;
    go_partial(false);
    staged_open(&s);
    CHECK_OK(arv_staging_log(s.staging, STAGED_UUID, count_failures, &warnings, &err), &err);
    CHECK_INT(warnings, 2);
    CHECK_OK(staged_go(&s), &s.run.error); /* it has ended: only told */
    ends_partial(2, 2);
    CHECK_INT(arv_job_get_result(s.run.job)->failures_kept, 0);
    staged_close(&s);
}

TEST(a_job_that_streams_ends_in_part)
{
    go_partial(true);
}

static void die_while_storing(staged_run *run)
{
    add_both(run);
    staged_die_in(run, ARV_JOB_STORE);
}

TEST(a_job_that_was_killed_while_storing_knows_that_something_is_missing)
{
    staged_killed(die_while_storing);
    staged_open(&s);
    s.run.spec.entries = NULL;
    CHECK_OK(staged_go(&s), &s.run.error);
    CHECK_STATES(&s.run, 60, 90, 105);
    ends_partial(2, 2);
    CHECK_INT(arv_job_get_result(s.run.job)->failures_kept, 0);
    staged_close(&s);
}

static void die_when_it_begins_again(job_run *run, arv_job_state state)
{
    static int preparations;
    (void)run;
    if (state == ARV_JOB_PRE_PROCESSING && ++preparations == 2)
        raise(SIGKILL);
}

static void killed_between(staged_run *run)
{
    add_both(run);
    run->run.on_state = die_when_it_begins_again;
    staged_go(run);
}

TEST(a_job_that_was_killed_between_two_packings_packs_again)
{
    staged_killed(killed_between);
    go_partial(false);
}

static void requeue(void)
{
    arv_error err;
    staged_open(&s);
    CHECK_OK(arv_staging_requeue(s.staging, STAGED_UUID, &err), &err);
}

static void retry_completes(bool streams)
{
    go_partial(streams);
    requeue();
    s.run.spec.streams = streams;
    mended(&s);
    CHECK_OK(staged_go(&s), &s.run.error);
    CHECK_INT(arv_job_get_state(s.run.job), ARV_JOB_COMPLETED);
    CHECK_INT(arv_job_get_result(s.run.job)->entries, 4);
    CHECK_INT(arv_job_get_result(s.run.job)->failure_count, 0);
    staged_status(&s, &status);
    CHECK_INT(status.state, ARV_JOB_COMPLETED);
    CHECK_INT(status.failures, 0);
    CHECK_INT(staged_objects(&s), 1); /* the former one is gone */
    staged_close(&s);
}

TEST(a_retry_completes_what_was_there_in_part)
{
    retry_completes(false);
}

TEST(a_retry_that_streams_completes_what_was_there_in_part)
{
    retry_completes(true);
}

TEST(a_retry_that_finds_more_but_not_all_is_better)
{
    go_partial(false);
    requeue();
    make("gone", 10);
    add_both(&s);
    CHECK_OK(staged_go(&s), &s.run.error);
    ends_partial(3, 1);
    CHECK_STR(arv_job_get_result(s.run.job)->failures[0].name, "torn");
    staged_close(&s);
}

TEST(a_retry_that_finds_no_more_leaves_what_is_there)
{
    go_partial(false);
    requeue();
    add_both(&s);
    CHECK_ERR(staged_go(&s), &s.run.error, ARV_ESOURCE, "The retry found no more than before: 2");
    ends_partial(2, 2);
    CHECK_INT(arv_job_get_result(s.run.job)->failures_kept, 0);
    staged_close(&s);
}

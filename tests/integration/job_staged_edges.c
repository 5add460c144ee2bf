/* SPDX-License-Identifier: Apache-2.0 */

/* Journalled jobs that are killed, cancelled or given up between two steps that belong together. */

#include "staged.h"

#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "fault_fs.h"
#include "memory_driver.h"
#include "test.h"

static staged_run s;
static arv_staged_status status;
static arv_error err;

static arv_error *going_away(void)
{
    static arv_error reason;
    arv_error_set(&reason, ARV_ECLOSED, "The service goes away.");
    return &reason;
}

/* ---- a storage that is another one meanwhile ------------------------------------------------------ */

static arv__fileops swapping;
static bool swaps_late, swapped;

static void swap_storage(void)
{
    swapped = true;
    CHECK_INT(rename(test_path("store"), test_path("away")), 0);
    CHECK_INT(mkdir(test_path("store"), 0700), 0);
}

/* As a disk that is mounted over the folder: before the object is flushed, or just before its name. */
static int swap_fsync(int fd)
{
    struct stat st;
    if (!swapped && !swaps_late && test_exists(test_path("store/8f")) && arv__fs_system.fstat(fd, &st) == 0 &&
        S_ISREG(st.st_mode) && st.st_nlink == 0 && st.st_size > JOB_LARGE_BYTES)
        swap_storage();
    return arv__fs_system.fsync(fd);
}

static int swap_linkat(int from_fd, const char *from, int to_fd, const char *to, int flags)
{
    if (!swapped && swaps_late && strncmp(to, STAGED_UUID, 36) == 0)
        swap_storage();
    return arv__fs_system.linkat(from_fd, from, to_fd, to, flags);
}

static void stores_into_what_is_there(bool late)
{
    staged_open(&s);
    swaps_late = late;
    swapped = false;
    swapping = arv__fs_system;
    swapping.fsync = swap_fsync;
    swapping.linkat = swap_linkat;
    arv__fs_set(&swapping);
    CHECK_INT(staged_go(&s), ARV_EOFFLINE);
    CHECK(swapped);
    arv__fs_set(NULL);
    staged_status(&s, &status);
    CHECK_INT(status.state, ARV_JOB_RECOVERABLE_ERROR);
    CHECK_INT(job_count_files(test_path("away")), 0);
    CHECK(late || !test_exists(test_path("away/.archivist-storage")));
    CHECK_OK(staged_go(&s), &s.run.error);
    CHECK_INT(staged_objects(&s), 1);
    staged_close(&s);
}

TEST(an_object_counts_only_at_its_address_which_is_walked_anew_before_it_gets_its_name)
{
    stores_into_what_is_there(false);
}

TEST(an_object_counts_only_at_its_address_which_is_walked_anew_behind_its_name)
{
    stores_into_what_is_there(true);
}

/* ---- what replaces a former archive --------------------------------------------------------------- */

static void add_late(staged_run *run)
{
    arv_entry entry = {.name = "late.txt", .size_bytes = 5, .modified_at_unix = ARV_TIME_UNKNOWN};
    CHECK_OK(arv_entries_add_path(run->run.entries, &entry, test_path("late"), &err), &err);
    run->run.package.failures_max = 1;
}

static int go_with_late(void)
{
    arv_job_unref(s.run.job);
    s.run.job = NULL;
    job_new_entries(&s.run);
    add_late(&s);
    return staged_go(&s);
}

/* The next call that removes a file is the last one: it takes the former archive away. */
static void die_behind_the_removal(job_run *run, arv_job_state state)
{
    (void)run;
    if (state != ARV_JOB_CLEANUP)
        return;
    fault_fs_install();
    fault_fs_kill_after(FAULT_UNLINKAT, 1);
}

static void die_while_replacing(staged_run *run)
{
    add_late(run);
    run->run.on_state = die_behind_the_removal;
    staged_go(run);
}

static void killed_while_it_replaced(void)
{
    staged_open(&s);
    add_late(&s);
    CHECK_OK(staged_go(&s), &s.run.error);
    staged_status(&s, &status);
    CHECK_INT(status.state, ARV_JOB_PARTIAL);
    test_write_file(test_path("late"), "late.", 5);
    CHECK_OK(arv_staging_requeue(s.staging, STAGED_UUID, &err), &err);
    staged_close(&s);
    staged_killed(die_while_replacing);
    staged_open(&s);
    CHECK_INT(staged_objects(&s), 1);
}

static void is_complete(void)
{
    staged_status(&s, &status);
    CHECK_INT(status.state, ARV_JOB_COMPLETED);
    CHECK_INT(staged_objects(&s), 1);
    staged_close(&s);
}

TEST(a_job_whose_former_archive_is_gone_cannot_be_cancelled_any_more)
{
    killed_while_it_replaced();
    CHECK_OK(arv_staging_cancel(s.staging, STAGED_UUID, &err), &err);
    CHECK_OK(go_with_late(), &s.run.error);
    is_complete();
}

TEST(a_job_whose_former_archive_is_gone_has_as_many_attempts_as_it_takes)
{
    killed_while_it_replaced();
    s.run.spec.attempts_max = 1;
    CHECK_OK(go_with_late(), &s.run.error);
    is_complete();
}

TEST(a_job_whose_former_archive_is_gone_has_the_time_that_it_takes)
{
    killed_while_it_replaced();
    s.run.spec.time_limit_ms = 1;
    CHECK_OK(go_with_late(), &s.run.error);
    is_complete();
}

static void container_is_a_folder(job_run *run, arv_job_state state)
{
    (void)run;
    if (state != ARV_JOB_CLEANUP)
        return;
    CHECK_INT(remove(test_path("staging/" STAGED_UUID "/container")), 0);
    CHECK_INT(mkdir(test_path("staging/" STAGED_UUID "/container"), 0700), 0);
    test_write_file(test_path("staging/" STAGED_UUID "/container/full"), "", 0);
}

TEST(a_job_that_cannot_clean_up_behind_its_former_archive_keeps_the_new_one)
{
    staged_open(&s);
    add_late(&s);
    CHECK_OK(staged_go(&s), &s.run.error);
    test_write_file(test_path("late"), "late.", 5);
    CHECK_OK(arv_staging_requeue(s.staging, STAGED_UUID, &err), &err);
    s.run.spec.attempts_max = 1;
    s.run.on_state = container_is_a_folder;
    CHECK(go_with_late() < 0);
    CHECK_INT(staged_objects(&s), 1);
    staged_status(&s, &status);
    CHECK_INT(status.state, ARV_JOB_RECOVERABLE_ERROR);
    s.run.on_state = NULL;
    CHECK_INT(remove(test_path("staging/" STAGED_UUID "/container/full")), 0);
    CHECK_INT(remove(test_path("staging/" STAGED_UUID "/container")), 0);
    CHECK_OK(go_with_late(), &s.run.error);
    is_complete();
}

/* ---- several storages ----------------------------------------------------------------------------- */

static arv_storage *both[2];

static void open_both(staged_run *run)
{
    CHECK_OK(arv_storage_register(&memory_driver_ops, NULL, &err), &err);
    both[0] = run->storage;
    CHECK_OK(arv_storage_open(&both[1], run->engine, "memory://store", NULL, 0, &err), &err);
    run->run.spec.storages = both;
    run->run.spec.storage_count = 2;
}

static void die_while_discarding(job_run *run, arv_job_state state)
{
    (void)run;
    if (state != ARV_JOB_STORE)
        return;
    fault_fs_install();
    fault_fs_kill_after(FAULT_UNLINKAT, 1);
}

/* The first storage has the container, the second one finds it changed: it is fetched from the first. */
static void die_while_fetching(staged_run *run)
{
    open_both(run);
    memory_fault = (memory_faults){.slot = "put_seal", .code = ARV_ECHANGED};
    run->run.on_state = die_while_discarding;
    staged_go(run);
}

TEST(a_job_that_was_killed_while_it_fetched_its_container_stores_it_everywhere)
{
    staged_killed(die_while_fetching);
    staged_open(&s);
    open_both(&s);
    CHECK_INT(staged_objects(&s), 1); /* the only copy there is was not given up */
    CHECK_OK(staged_go(&s), &s.run.error);
    CHECK_INT(arv_job_get_result(s.run.job)->location_count, 2);
    CHECK_INT(staged_objects(&s), 1);
    CHECK_INT(memory_objects(), 1);
    arv_storage_unref(both[1]);
    staged_close(&s);
}

static void die_behind_the_announcement(job_run *run, arv_job_state state)
{
    (void)run;
    if (state != ARV_JOB_STORE)
        return;
    fault_fs_install();
    fault_fs_kill_after(FAULT_FSYNC, 1); /* of the journal */
}

static void open_all(staged_run *run, arv_storage *all[6])
{
    all[0] = run->storage;
    for (int i = 1; i < 6; i++)
        all[i] = job_storage(run->engine, test_path("store-%d", i));
    run->run.spec.storages = all;
    run->run.spec.storage_count = 6;
}

static void die_announced_to_all(staged_run *run)
{
    arv_storage *all[6];
    open_all(run, all);
    run->run.on_state = die_behind_the_announcement;
    staged_go(run);
}

/* One is recorded by a thread of the pool while others are looked at and stored. */
static void several_storages(bool announced)
{
    arv_storage *all[6];
    if (announced)
        staged_killed(die_announced_to_all);
    staged_open(&s);
    open_all(&s, all);
    CHECK_OK(staged_go(&s), &s.run.error);
    CHECK_INT(arv_job_get_result(s.run.job)->location_count, 6);
    for (int i = 1; i < 6; i++)
        arv_storage_unref(all[i]);
    staged_close(&s);
}

TEST(a_job_is_recorded_as_stored_in_one_storage_while_others_are_written)
{
    several_storages(false);
}

TEST(a_job_is_recorded_as_stored_in_one_storage_while_others_are_compared)
{
    several_storages(true);
}

/* ---- cancelled at odd moments ----------------------------------------------------------------------- */

static void count_opens(job_run *run, arv_job_state state)
{
    (void)run;
    if (state == ARV_JOB_STORE)
        fault_fs_reset();
}

static void die_announced(staged_run *run)
{
    run->run.on_state = die_behind_the_announcement;
    staged_go(run);
}

TEST(an_interruption_while_an_announced_object_is_not_found_fails_nothing)
{
    staged_killed(die_announced);
    staged_open(&s);
    staged_status(&s, &status);
    CHECK_INT(status.target_count, 1);
    s.run.on_state = count_opens;
    CHECK_OK(job_begin_run(&s.run), &s.run.error);
    fault_fs_install();
    while (s.run.state_count == 0)
        arv_engine_run(s.engine, 100);
    while (fault_fs_calls(FAULT_OPEN_BENEATH) == 0) /* of the folder of digits, which is not there */
        sched_yield();
    arv_job_cancel(s.run.job, going_away());
    CHECK_INT(job_finish(&s.run, 0), ARV_ECLOSED);
    fault_fs_remove();
    staged_status(&s, &status);
    CHECK_INT(status.state, ARV_JOB_QUEUED);
    CHECK_OK(staged_go(&s), &s.run.error);
    CHECK_INT(staged_objects(&s), 1);
    staged_close(&s);
}

TEST(a_job_that_was_cancelled_in_the_queue_ends_with_its_engine)
{
    staged_open(&s);
    CHECK_OK(job_begin_run(&s.run), &s.run.error);
    arv_job_cancel(s.run.job, NULL);
    arv_engine_free(s.engine);
    CHECK_INT(s.run.dones, 1);
    CHECK_INT(s.run.status, ARV_ECLOSED);
    s.engine = NULL;
    staged_close(&s);
}

static void die_while_archiving(staged_run *run)
{
    staged_die_in(run, ARV_JOB_ACTIVITY_ARCHIVING);
}

TEST(an_interruption_does_not_uncount_a_run_that_was_killed)
{
    staged_killed(die_while_archiving);
    staged_open(&s);
    CHECK_OK(job_begin_run(&s.run), &s.run.error);
    arv_engine_run(s.engine, 0); /* it has begun to open its folder */
    arv_job_cancel(s.run.job, going_away());
    CHECK_INT(job_finish(&s.run, 0), ARV_ECLOSED);
    staged_status(&s, &status);
    CHECK_INT(status.attempts, 1);
    staged_close(&s);
}

static void cancel_outside(job_run *run, arv_job_state state)
{
    (void)run;
    if (state == ARV_JOB_ACTIVITY_ARCHIVING)
        CHECK_OK(arv_staging_cancel(s.staging, STAGED_UUID, &err), &err);
}

static int64_t endless_read(void *user_data, void *into, size_t length, arv_error *error)
{
    (void)user_data;
    (void)into;
    (void)length;
    (void)error;
    return 1;
}

static void endless_release(void *user_data)
{
    (void)user_data;
}

TEST(a_wish_to_cancel_is_seen_however_seldom_progress_is_told)
{
    arv_entry entry = {.name = "endless",
                       .size_bytes = INT64_C(1) << 40,
                       .modified_at_unix = ARV_TIME_UNKNOWN};
    staged_open(&s);
    CHECK_OK(arv_entries_add_callback(s.run.entries, &entry, endless_read, endless_release, NULL, &err),
             &err);
    s.run.spec.streams = true;
    s.run.spec.progress_interval_ms = 600000;
    s.run.on_state = cancel_outside;
    CHECK_INT(staged_go(&s), ARV_ECANCELED);
    CHECK_INT(s.run.reports, 1); /* its end */
    staged_close(&s);
}

/* ---- space ------------------------------------------------------------------------------------------ */

static void limit_staging(uint64_t bytes)
{
    arv_staging_options options;
    arv_staging_unref(s.staging);
    arv_staging_options_init(&options, sizeof options);
    options.limit_bytes = bytes;
    CHECK_OK(arv_staging_open(&s.staging, test_path("staging"), &options, &err), &err);
    s.run.spec.staging = s.staging;
}

static void another_job_fits(void)
{
    limit_staging(JOB_LARGE_BYTES + JOB_LARGE_BYTES / 2);
    s.run.package.uuid[0] = '1';
    CHECK_OK(staged_go(&s), &s.run.error);
    staged_close(&s);
}

TEST(a_job_that_failed_while_packing_keeps_no_space_from_others)
{
    staged_open(&s);
    limit_staging(2 * JOB_LARGE_BYTES);
    add_late(&s); /* which is not there */
    s.run.package.failures_max = 0;
    CHECK(staged_go(&s) < 0);
    another_job_fits();
}

TEST(a_job_that_was_killed_while_packing_keeps_no_space_from_others)
{
    staged_killed(die_while_archiving);
    staged_open(&s);
    another_job_fits();
}

/* SPDX-License-Identifier: Apache-2.0 */

/* What a job delivers, and what it leaves when it cannot. */

#include "jobs.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fault_fs.h"
#include "memory_driver.h"
#include "test.h"

static void check_digest(const char *path, const arv_digests *digests)
{
    char found[65], told[129];
    job_openssl_sha256(path, found);
    CHECK_STR(arv_digests_hex(digests, ARV_DIGEST_SHA256, told), found);
}

/* ---- what it delivers ------------------------------------------------------------------------- */

TEST(a_job_into_a_path_tells_states_progress_and_digest)
{
    job_run r;
    arv_job_progress progress;
    arv_engine *engine = job_engine(0, 0);
    job_open(&r, engine);
    r.spec.path = test_path("a.zip");
    r.spec.progress_interval_ms = 1;
    CHECK_OK(job_begin_run(&r), &r.error);
    CHECK_INT(arv_job_get_state(r.job), ARV_JOB_QUEUED);
    CHECK_INT(r.state_count, 0);
    CHECK(!arv_job_get_result(r.job));
    CHECK_OK(job_finish(&r, 0), &r.error);
    CHECK_STATES(&r, 20, 30, 50, 60, 90, 100);
    CHECK(r.reports > 0);
    CHECK_INT(r.last.bytes_done, JOB_LARGE_BYTES + JOB_SMALL_BYTES);
    CHECK_INT(r.last.bytes_total, JOB_LARGE_BYTES + JOB_SMALL_BYTES);
    CHECK_INT(r.last.entries_done, 2);
    CHECK_INT(r.last.entries_total, 2);
    arv_job_get_progress(r.job, &progress);
    CHECK_INT(progress.state, ARV_JOB_COMPLETED);
    CHECK_INT(progress.bytes_done, r.last.bytes_done);
    CHECK_INT(progress.bytes_written, r.last.bytes_written);
    const arv_job_result *result = arv_job_get_result(r.job);
    CHECK_INT(result->entries, 2);
    CHECK_INT(result->payload_bytes, JOB_LARGE_BYTES + JOB_SMALL_BYTES);
    CHECK_INT(result->location_count, 0);
    CHECK_STR(result->path, test_path("a.zip"));
    CHECK_INT(result->container_bytes, progress.bytes_written);
    struct stat st;
    CHECK(stat(test_path("a.zip"), &st) == 0);
    CHECK_INT(st.st_size, result->container_bytes);
    check_digest(test_path("a.zip"), &result->container);
    job_check_valid(engine, &(arv_origin){.path = test_path("a.zip")});
    job_close(&r);
    arv_engine_free(engine);
}

static void job_into(unsigned storages, bool path)
{
    static const char *const folders[] = {"one", "two"};
    arv_storage *opened[2];
    job_run r;
    arv_engine *engine = job_engine(0, 0);
    job_open(&r, engine);
    for (unsigned i = 0; i < storages; i++)
        opened[i] = job_storage(engine, test_path("%s", folders[i]));
    r.spec.storages = opened;
    r.spec.storage_count = storages;
    r.spec.path = path ? test_path("a.zip") : NULL;
    CHECK_OK(job_finish(&r, job_begin_run(&r)), &r.error);
    const arv_job_result *result = arv_job_get_result(r.job);
    CHECK_INT(result->location_count, storages);
    for (unsigned i = 0; i < storages; i++) {
        const arv_location *location = &result->locations[i];
        char address[ARV_ADDRESS_BYTES];
        const char *folder = test_path("%s", folders[i]);
        CHECK_HAS(location->object.key, result->uuid);
        CHECK_OK(arv_storage_address(opened[i], location->object.key, address, &r.error), &r.error);
        CHECK_STR(location->address, address);
        CHECK_INT(location->object.size_bytes, result->container_bytes);
        CHECK(arv_digests_equal(&location->object.digests, &result->container));
        check_digest(job_object_path(folder, location->object.key), &result->container);
        CHECK_INT(job_count_files(folder), 1);
        job_check_valid(engine, &(arv_origin){.storage = opened[i], .key = location->object.key});
    }
    if (path)
        check_digest(test_path("a.zip"), &result->container);
    job_close(&r);
    for (unsigned i = 0; i < storages; i++)
        arv_storage_unref(opened[i]);
    arv_engine_free(engine);
}

TEST(a_job_goes_into_one_storage)
{
    job_into(1, false);
}

TEST(a_job_goes_into_two_storages_and_a_path_at_once)
{
    job_into(2, true);
}

static int count_item(void *user_data, const arv_item *item)
{
    CHECK_INT(strlen(item->sha256), 64);
    ++*(int *)user_data;
    return 0;
}

TEST(verify_list_and_extract_read_what_a_job_stored)
{
    job_run r;
    arv_task *task;
    arv_engine *engine = job_engine(0, 0);
    arv_storage *storage = job_storage(engine, test_path("store"));
    job_open(&r, engine);
    r.spec.storages = &storage;
    r.spec.storage_count = 1;
    r.spec.path = test_path("a.zip");
    CHECK_OK(job_finish(&r, job_begin_run(&r)), &r.error);
    const arv_origin origins[] = {{.path = test_path("a.zip")},
                                  {.storage = storage,
                                   .key = arv_job_get_result(r.job)->locations[0].object.key}};
    for (int i = 0; i < 2; i++) {
        size_t length;
        const char *folder = test_path("out%d", i);
        job_check_valid(engine, &origins[i]);
        int items = 0;
        CHECK_OK(arv_list(engine, &origins[i], NULL, count_item, NULL, &items, &task, &r.error), &r.error);
        CHECK_OK(arv_task_wait(task, 600000, &r.error), &r.error);
        CHECK_INT(items, 2);
        arv_task_unref(task);
        CHECK_OK(arv_extract(engine, &origins[i], folder, NULL, NULL, NULL, &task, &r.error), &r.error);
        CHECK_OK(arv_task_wait(task, 600000, &r.error), &r.error);
        arv_task_unref(task);
        CHECK_INT(job_count_files(folder), 2);
        char *text = test_read_file(test_path("out%d/small.txt", i), &length);
        CHECK_INT(length, JOB_SMALL_BYTES);
        CHECK_STR(text, "a small answer");
        free(text);
    }
    job_close(&r);
    arv_storage_unref(storage);
    arv_engine_free(engine);
}

TEST(a_task_can_be_cancelled_and_waited_for_with_a_limit)
{
    job_run r;
    arv_task *task;
    arv_engine *engine = job_engine(0, 0);
    job_open(&r, engine);
    r.spec.path = test_path("a.zip");
    CHECK_OK(job_finish(&r, job_begin_run(&r)), &r.error);
    const arv_origin origin = {.path = test_path("a.zip")};
    CHECK_OK(arv_verify(engine, &origin, NULL, NULL, NULL, &task, &r.error), &r.error);
    CHECK_ERR(arv_task_wait(task, 0, &r.error), &r.error, ARV_ETIMEOUT, NULL);
    CHECK_OK(arv_task_wait(task, 600000, &r.error), &r.error);
    arv_task_unref(task);
    CHECK_OK(arv_extract(engine, &origin, test_path("out"), NULL, NULL, NULL, &task, &r.error), &r.error);
    arv_task_cancel(task);
    CHECK_ERR(arv_task_wait(task, 600000, &r.error), &r.error, ARV_ECANCELED, NULL);
    arv_task_unref(task);
    CHECK_INT(job_count_files(test_path("out")), 0);
    job_close(&r);
    arv_engine_free(engine);
}

/* ---- UUIDs and bytes -------------------------------------------------------------------------- */

static void job_uuid(arv_engine *engine, const char *given, const char *path, arv_storage *storage,
                     char uuid[ARV_UUID_BYTES])
{
    job_run r;
    job_open(&r, engine);
    r.spec.path = path;
    r.spec.storages = storage ? &storage : NULL;
    r.spec.storage_count = storage != NULL;
    snprintf(r.package.uuid, ARV_UUID_BYTES, "%s", given);
    CHECK_OK(job_finish(&r, job_begin_run(&r)), &r.error);
    memcpy(uuid, arv_job_get_result(r.job)->uuid, ARV_UUID_BYTES);
    job_close(&r);
}

TEST(a_uuid_is_given_or_derived_or_random_when_there_is_a_storage)
{
    static const char given[] = "0b9b1ac1-3f2c-4d0e-8a55-5f6a0d9a1c77";
    char first[ARV_UUID_BYTES], second[ARV_UUID_BYTES];
    arv_engine *engine = job_engine(0, 0);
    arv_storage *storage = job_storage(engine, test_path("store"));
    job_uuid(engine, given, test_path("a.zip"), storage, first);
    CHECK_STR(first, given);
    job_uuid(engine, "", test_path("b.zip"), NULL, first);
    job_uuid(engine, "", test_path("c.zip"), NULL, second);
    CHECK_STR(first, second);
    CHECK_INT(first[14], '8');
    job_uuid(engine, "", NULL, storage, first);
    job_uuid(engine, "", NULL, storage, second);
    CHECK(strcmp(first, second) != 0);
    CHECK_INT(first[14], '4');
    arv_storage_unref(storage);
    arv_engine_free(engine);
}

TEST(equal_input_gives_equal_bytes)
{
    static const arv_format formats[] = {ARV_FORMAT_ZIP, ARV_FORMAT_TAR_ZST, ARV_FORMAT_TAR_GZ,
                                         ARV_FORMAT_TAR};
    for (int f = 0; f < 4; f++) {
        arv_digests digests[3];
        for (unsigned i = 0; i < 3; i++) {
            job_run r;
            arv_engine *engine = job_engine(0, 0);
            job_open(&r, engine);
            r.spec.path = test_path("%d-%u", f, i);
            r.package.format = formats[f];
            r.package.threads = i;
            r.package.memory_bytes = i == 2 ? 4 << 20 : 0;
            CHECK_OK(job_finish(&r, job_begin_run(&r)), &r.error);
            digests[i] = arv_job_get_result(r.job)->container;
            job_close(&r);
            arv_engine_free(engine);
        }
        CHECK(arv_digests_equal(&digests[0], &digests[1]));
        CHECK(arv_digests_equal(&digests[0], &digests[2]));
    }
}

/* ---- targets that refuse ---------------------------------------------------------------------- */

TEST(a_file_that_exists_is_never_touched)
{
    job_run r;
    size_t length;
    arv_engine *engine = job_engine(0, 0);
    test_write_file(test_path("a.zip"), "old", 3);
    job_open(&r, engine);
    r.spec.path = test_path("a.zip");
    CHECK_ERR(job_finish(&r, job_begin_run(&r)), &r.error, ARV_EEXISTS, "/a.zip' ");
    CHECK_INT(r.states[r.state_count - 1], ARV_JOB_FAILURE);
    char *bytes = test_read_file(test_path("a.zip"), &length);
    CHECK_INT(length, 3);
    CHECK_MEM(bytes, "old", 3);
    free(bytes);
    CHECK_INT(test_count_dir(test_dir()), 1);
    job_close(&r);
    arv_engine_free(engine);
}

TEST(a_path_in_no_folder_is_refused)
{
    job_run r;
    arv_engine *engine = job_engine(0, 0);
    job_open(&r, engine);
    r.spec.path = test_path("missing/a.zip");
    CHECK_ERR(job_finish(&r, job_begin_run(&r)), &r.error, ARV_ENOTFOUND, "a.zip");
    job_close(&r);
    job_open(&r, engine);
    r.spec.path = test_path("missing/");
    CHECK_ERR(job_finish(&r, job_begin_run(&r)), &r.error, ARV_EINVALID, "no file name");
    CHECK_STATES(&r, 20, 200, 220, 240);
    job_close(&r);
    arv_engine_free(engine);
}

TEST(a_job_without_a_target_or_entries_is_not_started)
{
    job_run r;
    arv_engine *engine = job_engine(0, 0);
    job_open(&r, engine);
    CHECK_ERR(job_begin_run(&r), &r.error, ARV_EINVALID, "needs a target");
    r.spec.path = test_path("a.zip");
    r.spec.entries = NULL;
    CHECK_ERR(job_begin_run(&r), &r.error, ARV_EINVALID, "list of entries");
    r.spec.entries = r.entries;
    r.package.name = NULL;
    CHECK_ERR(job_begin_run(&r), &r.error, ARV_EINVALID, "name");
    CHECK(!arv_engine_run(engine, 0));
    job_close(&r);
    arv_engine_free(engine);
}

TEST(a_full_disk_fails_the_job_and_leaves_nothing_at_any_target)
{
    for (int target = 0; target < 3; target++) {
        job_run r;
        arv_engine *engine = job_engine(0, 0);
        arv_storage *storage = job_storage(engine, test_path("store"));
        job_open(&r, engine);
        r.spec.path = target != 1 ? test_path("a.zip") : NULL;
        r.spec.storages = &storage;
        r.spec.storage_count = target != 0;
        fault_fs_install();
        fault_fs_fail_from(FAULT_PWRITE, 2, ENOSPC);
        CHECK_ERR(job_finish(&r, job_begin_run(&r)), &r.error, ARV_ENOSPACE, "No space left");
        fault_fs_remove();
        CHECK_INT(job_count_files(test_dir()), 0);
        job_close(&r);
        arv_storage_unref(storage);
        arv_engine_free(engine);
    }
}

/* ---- one of several targets fails ------------------------------------------------------------- */

static arv_storage *open_memory(arv_engine *engine, const arv_storage_ops *ops)
{
    arv_storage *storage;
    arv_error err;
    CHECK_OK(arv_storage_open_with(&storage, engine, ops, "memory://m", NULL, NULL, &err), &err);
    return storage;
}

static void one_of_three_fails(const arv_storage_ops *ops, const char *slot)
{
    job_run r;
    arv_engine *engine = job_engine(0, 0);
    arv_storage *storages[2] = {job_storage(engine, test_path("store")), open_memory(engine, ops)};
    job_open(&r, engine);
    r.spec.storages = storages;
    r.spec.storage_count = 2;
    r.spec.path = test_path("a.zip");
    memory_fault = (memory_faults){.slot = slot, .code = ARV_EOFFLINE};
    CHECK_ERR(job_finish(&r, job_begin_run(&r)), &r.error, ARV_EOFFLINE, NULL);
    CHECK_INT(r.error.flags & ARV_ERROR_PARTIAL, 0);
    CHECK_INT(r.states[r.state_count - 1], ARV_JOB_FAILURE);
    memory_fault = (memory_faults){0};
    CHECK_INT(memory_objects(), 0);
    CHECK_INT(memory_open_handles(), 0);
    CHECK_INT(job_count_files(test_dir()), 0);
    job_close(&r);
    arv_storage_unref(storages[0]);
    arv_storage_unref(storages[1]);
    arv_engine_free(engine);
}

TEST(when_one_target_fails_at_any_step_nothing_is_left_at_the_others)
{
    static const char *const slots[] = {"put_open", "put_write", "put_seal", "put_read", "put_commit"};
    for (size_t i = 0; i < sizeof slots / sizeof slots[0]; i++)
        one_of_three_fails(&memory_driver_ops, slots[i]);
    one_of_three_fails(&parcel_driver_ops, "put_file");
    one_of_three_fails(&parcel_driver_ops, "get_file");
}

TEST(a_target_that_lies_is_found_before_any_other_has_its_name)
{
    job_run r;
    arv_engine *engine = job_engine(0, 0);
    arv_storage *storage = open_memory(engine, &memory_driver_ops);
    job_open(&r, engine);
    r.spec.storages = &storage;
    r.spec.storage_count = 1;
    r.spec.path = test_path("a.zip");
    fault_fs_install();
    memory_fault = (memory_faults){.flip = true};
    CHECK_ERR(job_finish(&r, job_begin_run(&r)), &r.error, ARV_EREADBACK, "read back");
    memory_fault = (memory_faults){0};
    /* Probing ends at "."; none was for the name. */
    CHECK_INT(fault_fs_calls(FAULT_UNLINKAT), 0);
    fault_fs_remove();
    CHECK_INT(job_count_files(test_dir()), 0);
    job_close(&r);
    arv_storage_unref(storage);
    arv_engine_free(engine);
}

/* The store cannot take the object back, since it fails to remove, too. */
TEST(what_stays_at_a_target_is_said_in_the_error)
{
    job_run r;
    arv_engine *engine = job_engine(0, 0);
    arv_storage *storage = open_memory(engine, &memory_driver_ops);
    mkdir(test_path("folder"), 0700);
    job_open(&r, engine);
    r.spec.storages = &storage;
    r.spec.storage_count = 1;
    r.spec.path = test_path("folder/a.zip");
    fault_fs_install();
    fault_fs_fail_from(FAULT_FSYNC, 2, EIO); /* of the folder, when the name is given */
    memory_fault = (memory_faults){.slot = "remove", .code = ARV_EOFFLINE};
    CHECK_ERR(job_finish(&r, job_begin_run(&r)), &r.error, ARV_EIO, "may still be in memory://m");
    CHECK_INT(r.error.flags & ARV_ERROR_PARTIAL, ARV_ERROR_PARTIAL);
    CHECK_HAS(r.error.message, "a.zip");
    CHECK_INT(memory_objects(), 1);
    fault_fs_remove();
    memory_fault = (memory_faults){0};
    memory_clear();
    CHECK_INT(job_count_files(test_dir()), 0);
    job_close(&r);
    arv_storage_unref(storage);
    arv_engine_free(engine);
}

/* ---- every file operation --------------------------------------------------------------------- */

static bool tee_with_fault(int system_errno, unsigned nth)
{
    CHECK_SCENE("call %u fails: %s", nth, strerror(system_errno));
    job_run r;
    arv_engine *engine = job_engine(0, 0);
    arv_storage *storage = job_storage(engine, test_path("store"));
    int before = job_open_descriptors();
    job_open(&r, engine);
    r.spec.storages = &storage;
    r.spec.storage_count = 1;
    r.spec.path = test_path("a.zip");
    fault_fs_install();
    if (nth)
        fault_fs_fail(FAULT_ANY, nth, system_errno);
    int status = job_finish(&r, job_begin_run(&r));
    bool met = fault_fs_calls(FAULT_ANY) >= nth;
    fault_fs_remove();
    /* Some calls are only help; then the archive is whole. Else nothing is there. */
    CHECK_INT(job_count_files(test_dir()), status == 0 ? 2 : 0);
    CHECK(!(r.error.flags & ARV_ERROR_PARTIAL));
    if (status == 0) {
        const arv_job_result *result = arv_job_get_result(r.job);
        job_check_valid(engine, &(arv_origin){.path = test_path("a.zip")});
        job_check_valid(engine, &(arv_origin){.storage = storage, .key = result->locations[0].object.key});
        unlink(job_object_path(test_path("store"), result->locations[0].object.key));
        unlink(test_path("a.zip"));
    }
    job_close(&r);
    CHECK_INT(job_open_descriptors(), before);
    arv_storage_unref(storage);
    arv_engine_free(engine);
    return met;
}

TEST_TIMEOUT(each_file_operation_that_fails_leaves_all_or_nothing, 300)
{
    static const int errors[] = {EIO, ENOSPC};
    for (int e = 0; e < 2; e++)
        for (unsigned nth = 1; tee_with_fault(errors[e], nth); nth++)
            CHECK(nth < 1000);
}

TEST(interrupted_and_short_calls_change_nothing)
{
    static const fault_op ops[] = {FAULT_READ, FAULT_PREAD, FAULT_PWRITE, FAULT_FSYNC};
    for (size_t i = 0; i < sizeof ops / sizeof ops[0]; i++) {
        CHECK_SCENE("%s", fault_fs_name(ops[i]));
        job_run r;
        arv_engine *engine = job_engine(0, 0);
        arv_storage *storage = job_storage(engine, test_path("store"));
        job_open(&r, engine);
        r.spec.storages = &storage;
        r.spec.storage_count = 1;
        r.spec.path = test_path("%zu.zip", i);
        fault_fs_install();
        for (unsigned nth = 1; nth < 12; nth += 2)
            fault_fs_fail(ops[i], nth, EINTR);
        if (ops[i] != FAULT_FSYNC)
            fault_fs_shorten_all(ops[i], 4093);
        CHECK_OK(job_finish(&r, job_begin_run(&r)), &r.error);
        fault_fs_remove();
        const arv_job_result *result = arv_job_get_result(r.job);
        check_digest(r.spec.path, &result->container);
        check_digest(job_object_path(test_path("store"), result->locations[0].object.key),
                     &result->container);
        job_close(&r);
        arv_storage_unref(storage);
        arv_engine_free(engine);
    }
}

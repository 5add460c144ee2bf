/* SPDX-License-Identifier: Apache-2.0 */

/* Every allocation of a small job, and of what reads archives, is failed in turn. */

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "alloc_fail.h"
#include "jobs.h"
#include "test.h"

typedef enum { READ_VERIFY, READ_LIST, READ_EXTRACT, READ_KINDS } read_kind;

typedef struct reading {
    read_kind kind;
    bool stored;
    char key[ARV_KEY_BYTES];
    int round;
} reading;

static int item_seen(void *user_data, const arv_item *item)
{
    (void)item;
    ++*(int *)user_data;
    return 0;
}

static int engine_try(arv_engine **engine, arv_error *err)
{
    arv_engine_options options;
    arv_engine_options_init(&options);
    options.threads = 1;
    options.readers = 1;
    return arv_engine_new(engine, &options, err);
}

static int storage_try(arv_storage **storage, arv_engine *engine, arv_error *err)
{
    static const arv_storage_option create = {"create", "1"};
    char url[4200];
    snprintf(url, sizeof url, "file://%s", test_path("store"));
    return arv_storage_open(storage, engine, url, &create, 1, err);
}

static int start_reading(const reading *what, arv_engine *engine, const arv_origin *origin,
                         int *items, arv_task **task, arv_error *err)
{
    if (what->kind == READ_VERIFY)
        return arv_verify(engine, origin, NULL, NULL, NULL, task, err);
    if (what->kind == READ_LIST)
        return arv_list(engine, origin, NULL, item_seen, NULL, items, task, err);
    arv_extract_options options = {.on_item = item_seen};
    return arv_extract(engine, origin, test_path("out"), &options, NULL, items, task, err);
}

static void read_body(void *ud, bool must_succeed)
{
    const reading *what = ud;
    arv_engine *engine = NULL;
    arv_storage *storage = NULL;
    arv_task *task;
    arv_error err;
    int items = 0, rc = engine_try(&engine, &err);
    if (rc == 0 && what->stored)
        rc = storage_try(&storage, engine, &err);
    arv_origin origin = {.path = storage ? NULL : test_path("a.zip"),
                         .storage = storage,
                         .key = storage ? what->key : NULL};
    if (rc == 0)
        rc = start_reading(what, engine, &origin, &items, &task, &err);
    if (engine && rc == 0) {
        rc = arv_task_wait(task, 600000, &err);
        if (rc == 0 && what->kind == READ_VERIFY) {
            const arv_report *report = arv_task_report(task);
            CHECK_STR(report->finding_count ? report->findings[0].message : "", "");
            CHECK(report->valid);
        }
        arv_task_unref(task);
    }
    if (rc == 0)
        CHECK_INT(items, what->kind == READ_VERIFY ? 0 : 2);
    while (engine && arv_engine_run(engine, 1000))
        continue;
    arv_storage_unref(storage);
    arv_engine_free(engine);
    /* Extracted completely, or nothing at all. */
    bool extracted = what->kind == READ_EXTRACT && rc == 0;
    CHECK_INT(job_count_files(test_path("out")), extracted ? 2 : 0);
    CHECK_INT(test_count_dir(test_dir()), extracted ? 3 : 2); /* archive, storage, folder */
    unlink(test_path("out/small.txt"));
    unlink(test_path("out/large.bin"));
    rmdir(test_path("out"));
    if (must_succeed)
        CHECK_OK(rc, &err);
    else if (rc < 0)
        CHECK_ERR(rc, &err, ARV_ENOMEM, NULL);
}

/* In a process of its own: no thread may be left when the rounds fork. */
static void make_archive(reading *what, arv_format format)
{
    job_run run;
    arv_engine *engine = job_engine(1, 0);
    arv_storage *storage = job_storage(engine, test_path("store"));
    job_open(&run, engine);
    run.spec.path = test_path("a.zip");
    run.spec.storages = &storage;
    run.spec.storage_count = 1;
    run.spec.package.format = format;
    CHECK_OK(job_finish(&run, job_begin_run(&run)), &run.error);
    snprintf(what->key, sizeof what->key, "%s",
             arv_job_get_result(run.job)->locations[0].object.key);
    job_close(&run);
    arv_storage_unref(storage);
    arv_engine_free(engine);
}

static void read_with_every_failure(read_kind kind, bool stored, arv_format format)
{
    reading what = {.kind = kind, .stored = stored};
    make_archive(&what, format);
    CHECK(test_each_allocation(read_body, &what) > 10);
}

TEST_TIMEOUT(verifying_survives_every_failed_allocation, 300)
{
    read_with_every_failure(READ_VERIFY, false, ARV_FORMAT_ZIP);
}

TEST_TIMEOUT(verifying_a_tar_in_a_storage_survives_every_failed_allocation, 300)
{
    read_with_every_failure(READ_VERIFY, true, ARV_FORMAT_TAR_ZST);
}

TEST_TIMEOUT(listing_survives_every_failed_allocation, 300)
{
    read_with_every_failure(READ_LIST, true, ARV_FORMAT_ZIP);
}

TEST_TIMEOUT(extracting_survives_every_failed_allocation, 300)
{
    read_with_every_failure(READ_EXTRACT, false, ARV_FORMAT_TAR_GZ);
}

/* ---- a job ------------------------------------------------------------------------------------ */

static void job_body(void *ud, bool must_succeed)
{
    arv_engine *engine = NULL;
    arv_storage *storage = NULL;
    arv_error err = {0};
    job_run run = {0};
    char object[4200] = "";
    (void)ud;
    int rc = engine_try(&engine, &err);
    if (rc == 0)
        rc = storage_try(&storage, engine, &err);
    if (rc == 0) {
        rc = job_try_open(&run, engine);
        run.spec.path = test_path("a.zip");
        run.spec.storages = &storage;
        run.spec.storage_count = 1;
        if (rc == 0)
            rc = job_finish(&run, job_begin_run(&run));
        err = run.error;
    }
    if (rc == 0)
        snprintf(object, sizeof object, "%s",
                 job_object_path(test_path("store"),
                                 arv_job_get_result(run.job)->locations[0].object.key));
    job_close(&run);
    arv_storage_unref(storage);
    arv_engine_free(engine);
    CHECK_INT(job_count_files(test_dir()), rc == 0 ? 2 : 0);
    unlink(test_path("a.zip"));
    unlink(object);
    if (must_succeed)
        CHECK_OK(rc, &err);
    else if (rc < 0)
        CHECK_ERR(rc, &err, ARV_ENOMEM, NULL);
}

TEST_TIMEOUT(a_job_into_a_path_and_a_storage_survives_every_failed_allocation, 300)
{
    CHECK(test_each_allocation(job_body, NULL) > 50);
}

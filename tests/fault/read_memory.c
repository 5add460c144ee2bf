/* SPDX-License-Identifier: Apache-2.0 */

/* Every allocation of a small job, and of what reads archives, is failed in turn. */

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "alloc_fail.h"
#include "jobs.h"
#include "test.h"

typedef enum { READ_VERIFY, READ_LIST, READ_EXTRACT, READ_KINDS } read_kind;

typedef struct reading {
    read_kind kind;
    bool stored;
    bool links;         /* the archive has one, recorded */
    const char *select; /* NULL: everything is extracted */
    char key[ARV_KEY_BYTES];
} reading;

/* What is told of each item, and what is written. */
static int reading_items(const reading *what)
{
    return what->kind == READ_VERIFY ? 0 : what->select ? 1 : 2 + what->links;
}

static int reading_files(const reading *what)
{
    return what->select ? 1 : 2;
}

static int item_seen(void *user_data, const arv_item *item)
{
    (void)item;
    ++*(int *)user_data;
    return 0;
}

static int engine_try(arv_engine **engine, arv_error *err)
{
    arv_engine_options options;
    arv_engine_options_init(&options, sizeof options);
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

static int start_reading(const reading *what, arv_engine *engine, const arv_origin *origin, int *items,
                         arv_task **task, arv_error *err)
{
    if (what->kind == READ_VERIFY)
        return arv_verify(engine, origin, NULL, NULL, NULL, task, err);
    if (what->kind == READ_LIST)
        return arv_list(engine, origin, NULL, item_seen, NULL, items, task, err);
    arv_extract_options options = {
        .struct_bytes = sizeof options,
        .on_item = item_seen,
        .select = &what->select,
        .select_count = what->select != NULL,
    };
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
            CHECK_INT(report->links, what->links);
            CHECK_HAS(report->job_json, report->uuid);
        }
        arv_task_unref(task);
    }
    if (rc == 0)
        CHECK_INT(items, reading_items(what));
    while (engine && arv_engine_run(engine, 1000))
        continue;
    arv_storage_unref(storage);
    arv_engine_free(engine);
    /* Extracted completely, or nothing at all. */
    bool extracted = what->kind == READ_EXTRACT && rc == 0;
    CHECK_INT(job_count_files(test_path("out")), extracted ? reading_files(what) : 0);
    CHECK_INT(test_count_dir(test_dir()), extracted ? 3 : 2); /* archive, storage, folder */
    unlink(test_path("out/small.txt"));
    unlink(test_path("out/large.bin"));
    rmdir(test_path("out"));
    if (must_succeed)
        CHECK_OK(rc, &err);
    else if (rc < 0)
        CHECK_ERR(rc, &err, ARV_ENOMEM, NULL);
}

static void add_link(job_run *run)
{
    const arv_folder_options recording = {.struct_bytes = sizeof recording, .links = ARV_LINKS_RECORD};
    CHECK_INT(mkdir(test_path("folder"), 0700), 0);
    CHECK_INT(symlink("../elsewhere", test_path("folder/link")), 0);
    CHECK_OK(arv_entries_add_folder(run->entries, "f", test_path("folder"), &recording, &run->error),
             &run->error);
    CHECK_INT(unlink(test_path("folder/link")), 0);
    CHECK_INT(rmdir(test_path("folder")), 0);
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
    run.package.format = format;
    if (what->links)
        add_link(&run);
    CHECK_OK(job_finish(&run, job_begin_run(&run)), &run.error);
    snprintf(what->key, sizeof what->key, "%s", arv_job_get_result(run.job)->locations[0].object.key);
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

static void read_links_with_every_failure(read_kind kind, arv_format format, const char *select)
{
    reading what = {.kind = kind, .links = true, .select = select};
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

TEST_TIMEOUT(verifying_recorded_links_survives_every_failed_allocation, 300)
{
    read_links_with_every_failure(READ_VERIFY, ARV_FORMAT_TAR, NULL);
}

TEST_TIMEOUT(listing_recorded_links_survives_every_failed_allocation, 300)
{
    read_links_with_every_failure(READ_LIST, ARV_FORMAT_ZIP, NULL);
}

TEST_TIMEOUT(extracting_beside_recorded_links_survives_every_failed_allocation, 300)
{
    read_links_with_every_failure(READ_EXTRACT, ARV_FORMAT_TAR_ZST, NULL);
}

TEST_TIMEOUT(extracting_one_file_survives_every_failed_allocation, 300)
{
    read_links_with_every_failure(READ_EXTRACT, ARV_FORMAT_ZIP, "small.*");
}

/* ---- all of a storage -------------------------------------------------------------------------- */

/* As `archivist verify URL` and `archivist import URL` do it: a page of objects, and each is verified. */
static int verify_objects(arv_engine *engine, arv_storage *storage, unsigned *valid, arv_error *err)
{
    arv_task *list = NULL;
    size_t count = 0;
    int rc = arv_storage_list(storage, NULL, 10, NULL, NULL, &list, err);
    if (rc == 0)
        rc = arv_task_wait(list, 600000, err);
    const arv_object *objects = rc == 0 ? arv_task_objects(list, &count) : NULL;
    for (size_t i = 0; rc == 0 && i < count; i++) {
        char address[ARV_ADDRESS_BYTES];
        const arv_origin origin = {.storage = storage, .key = objects[i].key};
        arv_task *task = NULL;
        if ((rc = arv_storage_address(storage, objects[i].key, address, err)) == 0 &&
            (rc = arv_verify(engine, &origin, NULL, NULL, NULL, &task, err)) == 0 &&
            (rc = arv_task_wait(task, 600000, err)) == 0)
            *valid += arv_task_report(task)->valid;
        arv_task_unref(task);
    }
    arv_task_unref(list);
    return rc;
}

static void storage_body(void *ud, bool must_succeed)
{
    arv_engine *engine = NULL;
    arv_storage *storage = NULL;
    arv_error err;
    unsigned valid = 0;
    (void)ud;
    int rc = engine_try(&engine, &err);
    if (rc == 0)
        rc = storage_try(&storage, engine, &err);
    if (rc == 0)
        rc = verify_objects(engine, storage, &valid, &err);
    if (rc == 0)
        CHECK_INT(valid, 2);
    while (engine && arv_engine_run(engine, 1000))
        continue;
    arv_storage_unref(storage);
    arv_engine_free(engine);
    if (must_succeed)
        CHECK_OK(rc, &err);
    else if (rc < 0)
        CHECK_ERR(rc, &err, ARV_ENOMEM, NULL);
}

TEST_TIMEOUT(verifying_all_of_a_storage_survives_every_failed_allocation, 300)
{
    reading one = {.links = true}, other = {.stored = true};
    make_archive(&one, ARV_FORMAT_ZIP);
    CHECK_INT(unlink(test_path("a.zip")), 0);
    make_archive(&other, ARV_FORMAT_TAR_GZ);
    CHECK(test_each_allocation(storage_body, NULL) > 20);
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
                 job_object_path(test_path("store"), arv_job_get_result(run.job)->locations[0].object.key));
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

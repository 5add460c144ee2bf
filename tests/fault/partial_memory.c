/* SPDX-License-Identifier: Apache-2.0 */

/* Memory fails while entries are left out and while the archive is begun again. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "alloc_fail.h"
#include "fault_fs.h"
#include "jobs.h"
#include "test.h"

enum { LARGE_BYTES = 3 << 20 };

static arv_format partial_format;
static ino_t torn;
static arv__fileops torn_table;

static ssize_t torn_pread(int fd, void *into, size_t length, uint64_t offset)
{
    struct stat st;
    if (length > 4096 && offset >= 1 << 20 && fstat(fd, &st) == 0 && st.st_ino == torn)
        return -EIO;
    return arv__fs_system.pread(fd, into, length, offset);
}

static int64_t torn_read(void *user_data, void *into, size_t length, arv_error *err)
{
    (void)user_data, (void)into, (void)length;
    return arv_error_set(err, ARV_ESOURCE, "The tape has torn.");
}

/* A callback that fails, what had failed when it was added, a large file that fails in its middle and
 * one that is not there. */
static int add_all(arv_entries *entries, arv_error *err)
{
    arv_entry entry = {.name = "torn", .size_bytes = LARGE_BYTES, .modified_at_unix = ARV_TIME_UNKNOWN};
    int rc = arv_entries_add_path(entries, &entry, test_path("torn"), err);
    entry.name = "gone";
    if (rc == 0)
        rc = arv_entries_add_path(entries, &entry, test_path("gone"), err);
    entry.name = "lost";
    entry.size_bytes = ARV_SIZE_UNKNOWN;
    if (rc == 0)
        rc = arv_entries_add_path(entries, &entry, test_path("gone"), err);
    entry.name = "z read";
    entry.size_bytes = 5;
    if (rc == 0)
        rc = arv_entries_add_callback(entries, &entry, torn_read, NULL, NULL, err);
    return rc;
}

static int try_engine(arv_engine **engine, arv_error *err)
{
    arv_engine_options options;
    arv_engine_options_init(&options, sizeof options);
    options.threads = 2;
    options.readers = 2;
    return arv_engine_new(engine, &options, err);
}

static int try_entries(job_run *run)
{
    arv_entries_options options = {.struct_bytes = sizeof options, .keep_going = true};
    arv_entry entry = {.name = "kept", .size_bytes = 2, .modified_at_unix = ARV_TIME_UNKNOWN};
    arv_entries_unref(run->entries);
    run->entries = NULL;
    int rc = arv_entries_new(&run->entries, &options, &run->error);
    run->spec.entries = run->entries;
    if (rc == 0)
        rc = arv_entries_add_memory(run->entries, &entry, "ok", 2, &run->error);
    return rc < 0 ? rc : add_all(run->entries, &run->error);
}

static void body(void *user_data, bool must_succeed)
{
    arv_engine *engine = NULL;
    arv_error err = {0};
    job_run run = {0};
    (void)user_data;
    int rc = try_engine(&engine, &err);
    if (rc == 0) {
        rc = job_try_open(&run, engine);
        if (rc == 0)
            rc = try_entries(&run);
        run.spec.path = test_path("out/x");
        run.package.format = partial_format;
        run.package.failures_max = 9;
        if (rc == 0)
            rc = job_finish(&run, job_begin_run(&run));
        err = run.error;
    }
    if (rc == 0) {
        CHECK_INT(arv_job_get_state(run.job), ARV_JOB_PARTIAL);
        CHECK_INT(arv_job_get_result(run.job)->entries, 1);
        CHECK_INT(arv_job_get_result(run.job)->failures_kept, 4);
    }
    job_close(&run);
    arv_engine_free(engine);
    CHECK_INT(test_count_dir(test_path("out")), rc == 0);
    unlink(test_path("out/x"));
    if (must_succeed)
        CHECK_OK(rc, &err);
    else if (rc < 0)
        CHECK_ERR(rc, &err, ARV_ENOMEM, NULL);
}

static void each_allocation(arv_format format)
{
    struct stat st;
    unsigned char *data = malloc(LARGE_BYTES);
    test_fill_random(data, LARGE_BYTES, 3);
    test_write_file(test_path("torn"), data, LARGE_BYTES);
    free(data);
    mkdir(test_path("out"), 0700);
    CHECK_INT(stat(test_path("torn"), &st), 0);
    torn = st.st_ino;
    torn_table = arv__fs_system;
    torn_table.pread = torn_pread;
    arv__fs_set(&torn_table);
    partial_format = format;
    CHECK(test_each_allocation(body, NULL) > 50);
}

TEST_TIMEOUT(leaving_out_of_a_zip_survives_every_failed_allocation, 300)
{
    each_allocation(ARV_FORMAT_ZIP);
}

TEST_TIMEOUT(leaving_out_of_a_tar_survives_every_failed_allocation, 300)
{
    each_allocation(ARV_FORMAT_TAR_ZST);
}

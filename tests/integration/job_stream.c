/* SPDX-License-Identifier: Apache-2.0 */

/* A job whose archive goes out as a stream, into a descriptor. */

#include "jobs.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "fault_fs.h"
#include "test.h"

static int open_new(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    CHECK(fd >= 0);
    return fd;
}

static void open_into(job_run *r, arv_engine *engine, int fd)
{
    job_open(r, engine);
    r->spec.to_descriptor = true;
    r->spec.descriptor = fd;
}

TEST(a_descriptor_gets_the_same_bytes_as_a_path)
{
    char streamed[65], named[65];
    job_run r;
    arv_engine *engine = job_engine(0, 0);
    int fd = open_new(test_path("stream"));
    open_into(&r, engine, fd);
    r.spec.path = test_path("a.zip");
    fault_fs_install();
    for (unsigned nth = 1; nth < 12; nth += 2)
        fault_fs_fail(FAULT_WRITE, nth, nth % 4 == 1 ? EINTR : EAGAIN);
    fault_fs_shorten_all(FAULT_WRITE, 4093);
    CHECK_OK(job_finish(&r, job_begin_run(&r)), &r.error);
    fault_fs_remove();
    job_openssl_sha256(test_path("stream"), streamed);
    job_openssl_sha256(test_path("a.zip"), named);
    CHECK_STR(streamed, named);
    CHECK_STR(arv_job_get_result(r.job)->path, test_path("a.zip"));
    CHECK(fcntl(fd, F_GETFD) >= 0); /* it stays the caller's */
    close(fd);
    job_close(&r);
    arv_engine_free(engine);
}

TEST(what_went_out_before_an_error_is_told_and_other_targets_are_taken_back)
{
    static const fault_op ops[] = {FAULT_WRITE, FAULT_WRITE, FAULT_FSYNC};
    static const unsigned nths[] = {1, 2, 1};
    for (unsigned i = 0; i < sizeof ops / sizeof *ops; i++) {
        CHECK_SCENE("call %u of %s fails", nths[i], fault_fs_name(ops[i]));
        job_run r;
        arv_engine *engine = job_engine(0, 0);
        arv_storage *storage = job_storage(engine, test_path("store"));
        int fd = open_new(test_path("stream"));
        open_into(&r, engine, fd);
        if (ops[i] == FAULT_WRITE) {
            r.spec.storages = &storage;
            r.spec.storage_count = 1;
        }
        fault_fs_install();
        fault_fs_fail(ops[i], nths[i], ENOSPC);
        CHECK_ERR(job_finish(&r, job_begin_run(&r)), &r.error, ARV_ENOSPACE, "its stream");
        fault_fs_remove();
        CHECK_INT(strstr(r.error.message, "discard them") != NULL, i > 0);
        CHECK_INT(job_count_files(test_path("store")), 0);
        close(fd);
        job_close(&r);
        arv_storage_unref(storage);
        arv_engine_free(engine);
    }
}

static void cancel_when_written(job_run *r)
{
    arv_job_cancel(r->job, NULL);
}

TEST(a_reader_that_does_not_read_holds_no_cancellation)
{
    job_run r;
    int ends[2];
    arv_engine *engine = job_engine(0, 0);
    CHECK(pipe2(ends, O_CLOEXEC) == 0);
    open_into(&r, engine, ends[1]);
    r.spec.progress_interval_ms = 100;
    r.on_progress = cancel_when_written;
    CHECK_ERR(job_finish(&r, job_begin_run(&r)), &r.error, ARV_ECANCELED, "discard them");
    close(ends[0]);
    close(ends[1]);
    job_close(&r);
    arv_engine_free(engine);
}

TEST(a_stream_cannot_begin_anew_and_has_no_journal)
{
    job_run r;
    arv_engine *engine = job_engine(0, 0);
    open_into(&r, engine, -1);
    CHECK_ERR(job_finish(&r, job_begin_run(&r)), &r.error, ARV_EIO, "stream");
    job_close(&r);
    open_into(&r, engine, STDERR_FILENO);
    r.package.failures_max = 1;
    CHECK_ERR(job_begin_run(&r), &r.error, ARV_EINVALID, "failures_max");
    CHECK(!arv_engine_run(engine, 0));
    job_close(&r);
    arv_engine_free(engine);
}

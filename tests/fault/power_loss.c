/* SPDX-License-Identifier: Apache-2.0 */

/* What a job has reported as complete is still there after the power failed. */

#include <stdio.h>

#include "jobs.h"
#include "power_fs.h"
#include "test.h"

/* Packs into a path and a storage that is there already, cuts the power, and tells the loss. */
static int pack_and_cut(bool ignores_fsync, char object[4200])
{
    job_run r;
    arv_task *task;
    arv_engine *engine = job_engine(1, 0);
    arv_storage *storage = job_storage(engine, test_path("store"));
    job_open(&r, engine);
    r.spec.path = test_path("a.zip");
    r.spec.storages = &storage;
    r.spec.storage_count = 1;
    power_fs_install(ignores_fsync);
    CHECK_OK(arv_storage_check(storage, NULL, NULL, &task, &r.error), &r.error);
    CHECK_OK(arv_task_wait(task, 50000, &r.error), &r.error);
    arv_task_unref(task);
    CHECK_OK(job_finish(&r, job_begin_run(&r)), &r.error);
    int lost = power_fs_cut();
    snprintf(object, 4200, "%s",
             job_object_path(test_path("store"),
                             arv_job_get_result(r.job)->locations[0].object.key));
    job_close(&r);
    arv_storage_unref(storage);
    arv_engine_free(engine);
    return lost;
}

TEST(a_committed_file_and_a_stored_object_survive_a_power_failure)
{
    char object[4200];
    CHECK_INT(pack_and_cut(false, object), 0);
    arv_engine *engine = job_engine(1, 0);
    job_check_valid(engine, &(arv_origin){.path = test_path("a.zip")});
    job_check_valid(engine, &(arv_origin){.path = object});
    arv_engine_free(engine);
}

TEST(without_fsync_the_model_sees_that_both_are_lost)
{
    char object[4200];
    CHECK(pack_and_cut(true, object) >= 4);
    CHECK(!test_exists(test_path("a.zip")));
    CHECK(!test_exists(object));
}

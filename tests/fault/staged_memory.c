/* SPDX-License-Identifier: Apache-2.0 */

/* Every allocation of a small journalled job is failed in turn; then the job goes on, with memory again. */

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "alloc_fail.h"
#include "prover.h"
#include "staged.h"
#include "test.h"

typedef struct staged_folders { /* of one round */
    char staging[600], store[600], url[640];
} staged_folders;

static int try_open(staged_run *s, const staged_folders *folders)
{
    static const arv_storage_option create = {"create", "1"};
    arv_engine_options options;
    arv_engine_options_init(&options, sizeof options);
    options.threads = options.readers = 1;
    memset(s, 0, sizeof *s);
    arv_error *err = &s->run.error;
    int rc = arv_engine_new(&s->engine, &options, err);
    if (rc < 0)
        return rc;
    rc = job_try_open(&s->run, s->engine);
    if (rc < 0 || (rc = arv_storage_open(&s->storage, s->engine, folders->url, &create, 1, err)) < 0 ||
        (rc = arv_staging_open(&s->staging, folders->staging, NULL, err)) < 0)
        return rc;
    s->run.spec.staging = s->staging;
    s->run.spec.storages = &s->storage;
    s->run.spec.storage_count = 1;
    s->run.spec.retry_delay_ms = 1;
    memcpy(s->run.package.uuid, STAGED_UUID, sizeof STAGED_UUID);
    return 0;
}

typedef struct staged_kind {
    arv__prover *prover;
    bool collects;
    const char *beside; /* the archive; NULL: nothing */
} staged_kind;

static int collect(void *user_data, arv_job *job, arv_entries **entries, arv_package_options *package,
                   arv_error *err)
{
    const job_run *run = user_data;
    (void)job, (void)package, (void)err;
    *entries = arv_entries_ref(run->entries);
    return 0;
}

static int run_once(const staged_folders *folders, const staged_kind *kind, arv_job_state *state,
                    arv_error *err)
{
    staged_run s;
    arv_staged_status status = {.state = ARV_JOB_UNINITIALIZED};
    int rc = try_open(&s, folders);
    s.prover = kind->prover;
    s.run.spec.beside = kind->beside;
    if (kind->collects) {
        s.run.spec.entries = NULL;
        s.run.spec.on_collect = collect;
    }
    if (rc == 0)
        rc = staged_go(&s);
    *err = s.run.error;
    for (int i = 0; s.staging && i < 2; i++) /* one of them has memory */
        if (arv_staging_status(s.staging, STAGED_UUID, &status, NULL) == 0)
            break;
    *state = status.state;
    staged_close(&s);
    return rc;
}

/* Whatever failed first: nothing is there of a job that ended so, and any other one is complete later. */
static void body(void *ud, bool must_succeed)
{
    const staged_kind *kind = ud;
    staged_folders folders;
    arv_error err;
    arv_job_state state;
    snprintf(folders.staging, sizeof folders.staging, "%s/staging-%d", test_dir(), (int)getpid());
    snprintf(folders.store, sizeof folders.store, "%s/store-%d", test_dir(), (int)getpid());
    snprintf(folders.url, sizeof folders.url, "file://%s", folders.store);
    int rc = run_once(&folders, kind, &state, &err);
    if (must_succeed)
        CHECK_OK(rc, &err);
    else if (rc < 0)
        CHECK_ERR(rc, &err, ARV_ENOMEM, NULL);
    if (rc < 0 && !arv_job_state_final(state))
        CHECK_OK(run_once(&folders, kind, &state, &err), &err);
    CHECK_INT(job_count_files(folders.store), state == ARV_JOB_COMPLETED ? (kind->beside ? 2 : 1) : 0);
}

TEST_TIMEOUT(a_journalled_job_survives_every_failed_allocation, 900)
{
    CHECK(test_each_allocation(body, &(staged_kind){0}) > 50);
}

TEST_TIMEOUT(a_job_that_collects_survives_every_failed_allocation, 900)
{
    CHECK(test_each_allocation(body, &(staged_kind){.collects = true}) > 50);
}

TEST_TIMEOUT(a_job_whose_archive_is_proven_survives_every_failed_allocation, 900)
{
    stand_in prover;
    stand_in_init(&prover);
    CHECK(test_each_allocation(body, &(staged_kind){.prover = &prover.base}) > 50);
    stand_in_cleanup(&prover);
}

TEST_TIMEOUT(a_job_with_something_beside_its_archive_survives_every_failed_allocation, 900)
{
    staged_kind kind = {.beside = "{\"course\":\"a course\"}"};
    CHECK(test_each_allocation(body, &kind) > 50);
}

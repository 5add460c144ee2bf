/* SPDX-License-Identifier: Apache-2.0 */
#include "staged.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "job/run.h"
#include "test.h"

void staged_open(staged_run *s)
{
    memset(s, 0, sizeof *s);
    s->engine = job_engine(1, 0);
    s->storage = job_storage(s->engine, test_path("store"));
    CHECK_OK(arv_staging_open(&s->staging, test_path("staging"), NULL, &s->run.error), &s->run.error);
    job_open(&s->run, s->engine);
    s->run.spec.staging = s->staging;
    s->run.spec.storages = &s->storage;
    s->run.spec.storage_count = 1;
    s->run.spec.retry_delay_ms = 1;
    memcpy(s->run.package.uuid, STAGED_UUID, sizeof STAGED_UUID);
}

void staged_close(staged_run *s)
{
    job_close(&s->run);
    arv_staging_unref(s->staging);
    arv_storage_unref(s->storage);
    arv_engine_free(s->engine);
}

int staged_go(staged_run *s)
{
    job_run *run = &s->run;
    if (run->job && run->spec.entries) /* a list serves one run */
        job_new_entries(run);
    arv_job_unref(run->job);
    run->job = NULL;
    run->dones = run->state_count = run->reports = 0;
    arv_error_clear(&run->error);
    memset(&run->last, 0, sizeof run->last);
    int rc = job_begin_run(run);
    if (rc == 0 && s->prover)
        arv__journalled_prove(run->job, s->prover);
    return job_finish(run, rc);
}

void staged_status(staged_run *s, arv_staged_status *status)
{
    arv_error err;
    CHECK_OK(arv_staging_status(s->staging, STAGED_UUID, status, &err), &err);
}

void staged_killed(void (*scene)(staged_run *s))
{
    int status;
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        staged_run s;
        staged_open(&s);
        scene(&s);
        _exit(0);
    }
    CHECK_INT(waitpid(child, &status, 0), child);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

static void die(job_run *run, arv_job_state state)
{
    if (state == *(arv_job_state *)run->user_data)
        raise(SIGKILL);
}

void staged_die_in(staged_run *s, arv_job_state state)
{
    s->run.on_state = die;
    s->run.user_data = &state;
    staged_go(s);
}

int staged_objects(staged_run *s)
{
    arv_task *task;
    arv_error err;
    size_t count;
    CHECK_OK(arv_storage_list(s->storage, NULL, 100, NULL, NULL, &task, &err), &err);
    CHECK_OK(arv_task_wait(task, 600000, &err), &err);
    const arv_object *objects = arv_task_objects(task, &count);
    for (size_t i = 0; i < count; i++)
        job_check_valid(s->engine, &(arv_origin){.storage = s->storage, .key = objects[i].key});
    arv_task_unref(task);
    return (int)count;
}

int staged_files(void)
{
    return job_count_files(test_path("staging"));
}

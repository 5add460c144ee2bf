/* SPDX-License-Identifier: Apache-2.0 */

/* The engine's threads step back, the caller's does not, and what the system refuses is no error. */

#include "jobs.h"

#include <dirent.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "test.h"

enum { IDLE = 3 << 13, LOWEST = 2 << 13 | 7 };

static int warnings;
static char warned[4][256];

static void note_warning(void *user_data, const arv_log_record *record)
{
    (void)user_data;
    if (record->level == ARV_LOG_WARNING && warnings < 4)
        snprintf(warned[warnings++], sizeof warned[0], "%s", record->message);
}

static arv_engine *engine_with(unsigned nice, arv_io_priority io)
{
    arv_engine_options options;
    arv_engine *engine;
    arv_error err;
    arv_engine_options_init(&options, sizeof options);
    options.threads = 2;
    options.nice = nice;
    options.io_priority = io;
    options.log = note_warning;
    CHECK_OK(arv_engine_new(&engine, &options, &err), &err);
    return engine;
}

static void run_job(arv_engine *engine)
{
    job_run run;
    job_open(&run, engine);
    run.spec.path = test_path("a.zip");
    CHECK_OK(job_finish(&run, job_begin_run(&run)), &run.error);
    job_close(&run);
}

static int nice_of(const char *thread)
{
    char path[300], text[1024];
    int nice;
    snprintf(path, sizeof path, "/proc/self/task/%s/stat", thread);
    FILE *file = fopen(path, "r");
    CHECK(file != NULL);
    CHECK(fgets(text, sizeof text, file) != NULL);
    fclose(file);
    char *at = strrchr(text, ')') + 1; /* the name may hold anything */
    CHECK_INT(sscanf(at, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %d", &nice), 1);
    return nice;
}

/* Every thread but this one; at least one of each pool. */
static void check_threads(int nice, long io)
{
    int works = 0, ios = 0;
    DIR *dir = opendir("/proc/self/task");
    CHECK(dir != NULL);
    for (struct dirent *thread; (thread = readdir(dir));) {
        char path[300], name[32] = "";
        int id = atoi(thread->d_name);
        if (id <= 0 || id == getpid())
            continue;
        snprintf(path, sizeof path, "/proc/self/task/%s/comm", thread->d_name);
        FILE *file = fopen(path, "r");
        CHECK(file && fgets(name, sizeof name, file));
        fclose(file);
        if (strcmp(name, "work\n") != 0 && strcmp(name, "io\n") != 0)
            continue; /* of a sanitizer */
        works += name[0] == 'w';
        ios += name[0] == 'i';
        CHECK_INT(nice_of(thread->d_name), nice);
        CHECK_INT(syscall(SYS_ioprio_get, 1, id), io);
    }
    closedir(dir);
    CHECK(works > 0 && ios > 0);
}

static long own_io(void)
{
    return syscall(SYS_ioprio_get, 1, 0);
}

static int own_nice(void)
{
    return getpriority(PRIO_PROCESS, 0);
}

TEST(threads_have_the_priority_of_the_process_unless_told_otherwise)
{
    arv_engine *engine = engine_with(0, ARV_IO_NORMAL);
    run_job(engine);
    check_threads(own_nice(), own_io());
    arv_engine_free(engine);
}

TEST(threads_step_back_and_the_caller_does_not)
{
    int nice_before = own_nice();
    long io_before = own_io();
    arv_engine *engine = engine_with(5, ARV_IO_LOW);
    run_job(engine);
    check_threads(nice_before + 5 < 19 ? nice_before + 5 : 19, LOWEST);
    CHECK_INT(own_nice(), nice_before);
    CHECK_INT(own_io(), io_before);
    CHECK_INT(warnings, 0);
    arv_engine_free(engine);
}

TEST(nice_is_added_to_that_of_the_process_and_ends_at_19)
{
    CHECK_INT(setpriority(PRIO_PROCESS, 0, 10), 0);
    arv_engine *engine = engine_with(12, ARV_IO_IDLE);
    run_job(engine);
    check_threads(19, IDLE);
    CHECK_INT(own_nice(), 10);
    arv_engine_free(engine);
}

TEST(an_idle_process_is_not_raised)
{
    CHECK_INT(syscall(SYS_ioprio_set, 1, 0, IDLE), 0);
    arv_engine *engine = engine_with(0, ARV_IO_LOW);
    run_job(engine);
    check_threads(own_nice(), IDLE);
    arv_engine_free(engine);
}

/* As containers do it. */
static void forbid_priorities(void)
{
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_ioprio_set, 1, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_setpriority, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {.len = sizeof filter / sizeof filter[0], .filter = filter};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
        test_skip("no filter for system calls can be set here");
}

TEST(what_the_system_refuses_is_logged_once_and_work_goes_on)
{
    forbid_priorities();
    arv_engine *engine = engine_with(5, ARV_IO_LOW);
    run_job(engine);
    while (arv_engine_run(engine, 100))
        continue;
    remove(test_path("a.zip"));
    run_job(engine);
    arv_engine_free(engine);
    CHECK_INT(warnings, 2);
    CHECK_HAS(warned[0], "refuses to lower the priority");
    CHECK_HAS(warned[1], "refuses to lower the I/O priority");
}

TEST(priorities_out_of_range_are_refused)
{
    arv_engine_options options;
    arv_engine *engine;
    arv_error err;
    arv_engine_options_init(&options, sizeof options);
    options.nice = 20;
    CHECK_ERR(arv_engine_new(&engine, &options, &err), &err, ARV_EINVALID, "nice is 20; 0 to 19");
    options.nice = 0;
    options.io_priority = (arv_io_priority)3;
    CHECK_ERR(arv_engine_new(&engine, &options, &err), &err, ARV_EINVALID, "io_priority is 3; 0 to 2");
}

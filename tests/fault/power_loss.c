/* SPDX-License-Identifier: Apache-2.0 */

/* What a job has reported as complete is still there after the power failed. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fault_fs.h"
#include "loop/newfile.h"
#include "power_fs.h"
#include "staged.h"
#include "test.h"

#define KEY "5d/0192f0c1-7d3b-7cc2-9a51-3c6e1f2a4b5d.zip"

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
    CHECK_OK(arv_task_wait(task, 600000, &r.error), &r.error);
    arv_task_unref(task);
    CHECK_OK(job_finish(&r, job_begin_run(&r)), &r.error);
    int lost = power_fs_cut();
    snprintf(object, 4200, "%s",
             job_object_path(test_path("store"), arv_job_get_result(r.job)->locations[0].object.key));
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

/* As rsync does: through the same table, without a sync. */
static void copy_there(const char *folder, const char *text)
{
    int root_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    CHECK(root_fd >= 0);
    CHECK_INT(arv__fs->mkdirat(root_fd, "5d", 0700), 0);
    int fd = arv__fs->openat(root_fd, KEY, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    CHECK(fd >= 0);
    CHECK_INT(arv__fs->pwrite(fd, text, strlen(text), 0), strlen(text));
    arv__fs->close(fd);
    close(root_fd);
}

TEST(an_object_that_somebody_else_copied_there_is_on_the_disk_once_it_was_proven)
{
    static const char text[] = "copied by hand";
    char path[600], back[sizeof text] = "";
    arv_error err;
    arv_task *task;
    arv_engine *engine = job_engine(1, 0);
    arv_storage *storage = job_storage(engine, test_path("store"));
    CHECK(mkdir(test_path("store"), 0700) == 0 || errno == EEXIST);
    power_fs_install(false);
    copy_there(test_path("store"), text);
    CHECK_OK(arv_storage_get_file(storage, KEY, NULL, NULL, NULL, NULL, &task, &err), &err);
    CHECK_OK(arv_task_wait(task, 600000, &err), &err);
    arv_task_unref(task);
    CHECK_INT(power_fs_cut(), 0);
    snprintf(path, sizeof path, "%s/" KEY, test_path("store"));
    FILE *f = fopen(path, "r");
    CHECK(f != NULL);
    CHECK_INT(fread(back, 1, sizeof back, f), strlen(text));
    CHECK_STR(back, text);
    fclose(f);
    arv_storage_unref(storage);
    arv_engine_free(engine);
}

/* A file whose name was taken back. */
static arv__newfile *write_file(int dir_fd)
{
    const arv__newfile_options options = {.dir_fd = dir_fd,
                                          .name = "file",
                                          .shown = "file",
                                          .size_hint_bytes = 4};
    arv__newfile *file;
    arv_error err;
    CHECK_OK(arv__newfile_open(&file, &options, &err), &err);
    CHECK_OK(arv__newfile_write(file, "text", 4, &err), &err);
    CHECK_OK(arv__newfile_seal(file, &err), &err);
    return file;
}

static void taken_back(bool fails)
{
    arv_error err;
    int dir_fd = open(test_dir(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    CHECK(dir_fd >= 0);
    fault_fs_install_over(power_fs_open(test_dir()));
    arv__newfile *file = write_file(dir_fd);
    if (fails)
        fault_fs_fail_after(FAULT_FSYNC, 1, EIO);
    int rc = arv__newfile_commit(file, &err);
    if (fails)
        CHECK_ERR(rc, &err, ARV_EIO, "was not kept");
    else
        CHECK_OK(arv__newfile_retract(file, &err), &err);
    arv__newfile_free(file);
    close(dir_fd);
    CHECK_INT(power_fs_cut(), 0);
    CHECK(!test_exists(test_path("file")));
}

TEST(a_file_whose_commit_failed_late_does_not_come_back)
{
    taken_back(true);
}

TEST(a_file_that_was_retracted_does_not_come_back)
{
    taken_back(false);
}

/* Whoever made the job was killed before the name of its folder was flushed; somebody takes it up,
 * and is told that it waits for a retry. */
static bool job_taken_up(unsigned nth, unsigned *taken)
{
    CHECK_SCENE("killed at flush %u", nth);
    staged_run s;
    const arv__fileops *model = power_fs_open(test_dir());
    fflush(NULL);
    pid_t pid = fork();
    CHECK(pid >= 0);
    if (pid == 0) {
        staged_open(&s);
        fault_fs_install_over(model);
        fault_fs_before_kill(power_fs_freeze);
        fault_fs_kill(FAULT_FSYNC, nth);
        CHECK_OK(arv_staging_create(s.staging, STAGED_UUID, NULL, 0, &s.run.error), &s.run.error);
        _exit(0);
    }
    int killed, status;
    CHECK_INT(waitpid(pid, &killed, 0), pid);
    pid = fork();
    CHECK(pid >= 0);
    if (pid == 0) {
        staged_open(&s);
        fault_fs_install_over(model);
        fault_fs_hide(0, test_path("store"));
        s.run.spec.takes_up = true;
        _exit(staged_go(&s) == ARV_EOFFLINE ? 0 : 1);
    }
    CHECK_INT(waitpid(pid, &status, 0), pid);
    power_fs_cut_some(POWER_NONE, 1);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
        arv_staged_status now;
        staged_open(&s);
        staged_status(&s, &now);
        CHECK_INT(now.state, ARV_JOB_RECOVERABLE_ERROR);
        staged_close(&s);
        ++*taken;
    }
    CHECK_INT(test_run(NULL, (const char *const[]){"rm", "-rf", test_path("staging"), NULL}), 0);
    return WIFSIGNALED(killed);
}

TEST(a_job_that_was_taken_up_is_known_after_the_power_failed)
{
    unsigned nth = 1, taken = 0;
    while (job_taken_up(nth, &taken))
        CHECK(++nth < 100);
    CHECK(taken > 1); /* one was made whole */
}

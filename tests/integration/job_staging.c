/* SPDX-License-Identifier: Apache-2.0 */

/* The staging folder: making jobs, looking at them, and what is left behind. */

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <arv/sys/alloc.h>

#include "fault_fs.h"
#include "staged.h"
#include "test.h"

static arv_staging *staging;
static arv_staged_status status;
static arv_error err;

static void open_staging(void)
{
    CHECK_OK(arv_staging_open(&staging, test_path("staging"), NULL, &err), &err);
}

static void make_job(const char *uuid, const char *document)
{
    CHECK_OK(arv_staging_create(staging, uuid, document, document ? strlen(document) : 0, &err), &err);
}

TEST(a_staging_folder_is_made_for_its_owner_only)
{
    struct stat st;
    open_staging();
    CHECK_INT(stat(test_path("staging"), &st), 0);
    CHECK_INT(st.st_mode & 0777, 0700);
    CHECK_STR(arv_staging_folder(staging), test_path("staging"));
    CHECK_ERR(arv_staging_open(&staging, test_path("none/staging"), NULL, &err), &err, ARV_ENOTFOUND,
              "staging folder");
    CHECK_ERR(arv_staging_open(&staging, "", NULL, &err), &err, ARV_EINVALID, "is missing");
    test_write_file(test_path("file"), "", 0);
    CHECK(arv_staging_open(&staging, test_path("file"), NULL, &err) < 0);
}

TEST(a_relative_staging_stays_where_it_was_opened)
{
    CHECK_INT(chdir(test_dir()), 0);
    CHECK_OK(arv_staging_open(&staging, "here/", NULL, &err), &err);
    CHECK_STR(arv_staging_folder(staging), test_path("here"));
    CHECK_INT(chdir("/"), 0);
    make_job(STAGED_UUID, NULL);
    CHECK(test_exists(test_path("here/" STAGED_UUID "/journal")));
    arv_staging_unref(staging);
}

TEST(a_job_is_made_once_with_its_document)
{
    char *document;
    size_t length;
    open_staging();
    make_job(STAGED_UUID, "{\"mine\":1}");
    CHECK_ERR(arv_staging_create(staging, STAGED_UUID, NULL, 0, &err), &err, ARV_EEXISTS, "is there already");
    CHECK_OK(arv_staging_document_take(staging, STAGED_UUID, &document, &length, &err), &err);
    CHECK_STR(document, "{\"mine\":1}");
    CHECK_INT(length, 10);
    arv_free(document);
    CHECK_OK(arv_staging_status(staging, STAGED_UUID, &status, &err), &err);
    CHECK_INT(status.state, ARV_JOB_QUEUED);
    CHECK_INT(status.attempts, 0);
    CHECK(!status.running && !status.cancel_asked && status.requested_at_unix > 0);
    arv_staging_unref(staging);
}

TEST(what_is_no_uuid_is_no_job_and_leaves_nothing)
{
    static const char *const bad[] = {"",
                                      ".",
                                      "..",
                                      "../x",
                                      "0198F6A0-5C5E-7CC3-98C4-DC0C0C07398F",
                                      "0198f6a0-5c5e-7cc3-98c4-dc0c0c07398f/",
                                      "journal"};
    open_staging();
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        CHECK_SCENE("UUID '%s'", bad[i]);
        CHECK_ERR(arv_staging_create(staging, bad[i], NULL, 0, &err), &err, ARV_EINVALID, "UUID");
        CHECK_ERR(arv_staging_status(staging, bad[i], &status, &err), &err, ARV_EINVALID, "UUID");
        CHECK_ERR(arv_staging_delete(staging, bad[i], true, &err), &err, ARV_EINVALID, "UUID");
    }
    CHECK_INT(test_count_dir(test_path("staging")), 0);
    arv_staging_unref(staging);
}

TEST(a_job_that_is_not_there_is_told)
{
    char *document;
    size_t length;
    open_staging();
    CHECK_ERR(arv_staging_status(staging, STAGED_UUID, &status, &err), &err, ARV_ENOTFOUND,
              "There is no job");
    CHECK(arv_error_is_about(&err, STAGED_UUID));
    CHECK_ERR(arv_staging_cancel(staging, STAGED_UUID, &err), &err, ARV_ENOTFOUND, "There is no job");
    CHECK(arv_error_is_about(&err, STAGED_UUID));
    CHECK_ERR(arv_staging_requeue(staging, STAGED_UUID, &err), &err, ARV_ENOTFOUND, "There is no job");
    CHECK_ERR(arv_staging_delete(staging, STAGED_UUID, false, &err), &err, ARV_ENOTFOUND, "There is no job");
    CHECK_ERR(arv_staging_document_take(staging, STAGED_UUID, &document, &length, &err), &err, ARV_ENOTFOUND,
              "There is no job");
    make_job(STAGED_UUID, NULL);
    CHECK_ERR(arv_staging_document_take(staging, STAGED_UUID, &document, &length, &err), &err, ARV_ENOTFOUND,
              "document");
    arv_staging_unref(staging);
}

TEST(a_document_that_is_too_large_makes_no_job)
{
    static char large[(1 << 20) + 1];
    open_staging();
    CHECK_ERR(arv_staging_create(staging, STAGED_UUID, large, sizeof large, &err), &err, ARV_ELIMIT, "1 MiB");
    CHECK_INT(test_count_dir(test_path("staging")), 0);
    CHECK_OK(arv_staging_create(staging, STAGED_UUID, large, sizeof large - 1, &err), &err);
    arv_staging_unref(staging);
}

static int count_job(void *user_data, const char *uuid, arv_error *error)
{
    int *count = user_data;
    (void)error;
    CHECK_INT(strlen(uuid), 36);
    return ++*count == 3 ? arv_error_set(error, ARV_ECANCELED, "That is enough.") : 0;
}

TEST(what_was_planted_keeps_nobody_waiting_and_no_sweep_from_the_others)
{
    arv_staging_swept swept;
    char *document;
    size_t length;
    open_staging();
    CHECK_INT(mkdir(test_path("staging/" STAGED_UUID), 0700), 0);
    CHECK_INT(mkfifo(test_path("staging/" STAGED_UUID "/journal"), 0600), 0);
    CHECK_INT(mkfifo(test_path("staging/" STAGED_UUID "/document"), 0600), 0);
    CHECK_ERR(arv_staging_status(staging, STAGED_UUID, &status, &err), &err, ARV_EFORMAT, "it is no file");
    CHECK_ERR(arv_staging_document_take(staging, STAGED_UUID, &document, &length, &err), &err, ARV_EFORMAT,
              "is not one that was given");
    CHECK_INT(mkdir(test_path("staging/0198f6a0-5c5e-7cc3-98c4-000000000001"), 0700), 0);
    CHECK_INT(mkdir(test_path("staging/0198f6a0-5c5e-7cc3-98c4-000000000001/lock"), 0700), 0);
    CHECK_INT(mkdir(test_path("staging/0198f6a0-5c5e-7cc3-98c4-000000000002"), 0700), 0);
    CHECK(arv_staging_sweep(staging, &swept, &err) < 0); /* the first error is told */
    CHECK_INT(swept.jobs, 1);
    CHECK_INT(swept.damaged, 1);
    CHECK_OK(arv_staging_delete(staging, STAGED_UUID, true, &err), &err);
    arv_staging_unref(staging);
}

TEST(all_jobs_are_walked_and_nothing_else)
{
    char uuid[37];
    int count = 0;
    open_staging();
    CHECK_OK(arv_staging_each(staging, count_job, &count, &err), &err);
    CHECK_INT(count, 0);
    for (int i = 0; i < 2; i++) {
        CHECK_OK(arv_uuid_random(uuid, &err), &err);
        make_job(uuid, NULL);
    }
    test_write_file(test_path("staging/somebody's"), "", 0);
    CHECK_OK(arv_staging_each(staging, count_job, &count, &err), &err);
    CHECK_INT(count, 2);
    CHECK_ERR(arv_staging_each(staging, count_job, &count, &err), &err, ARV_ECANCELED, "enough");
    arv_staging_unref(staging);
}

/* ---- states ------------------------------------------------------------------------------------- */

TEST(only_a_job_that_has_ended_is_begun_anew_or_deleted)
{
    open_staging();
    make_job(STAGED_UUID, NULL);
    CHECK_ERR(arv_staging_requeue(staging, STAGED_UUID, &err), &err, ARV_ESTATE, "is waiting");
    CHECK_ERR(arv_staging_delete(staging, STAGED_UUID, false, &err), &err, ARV_ESTATE, "cancel it");
    CHECK(test_exists(test_path("staging/" STAGED_UUID "/journal")));
    CHECK_OK(arv_staging_delete(staging, STAGED_UUID, true, &err), &err);
    CHECK_INT(test_count_dir(test_path("staging")), 0);
    arv_staging_unref(staging);
}

TEST(a_damaged_journal_is_told_and_removed_by_force_only)
{
    staged_run s;
    staged_open(&s);
    CHECK_OK(staged_go(&s), &s.run.error);
    size_t length;
    char *text = test_read_file(test_path("staging/" STAGED_UUID "/journal"), &length);
    text[length / 2] ^= 1;
    test_write_file(test_path("staging/" STAGED_UUID "/journal"), text, length);
    free(text);
    CHECK_ERR(arv_staging_status(s.staging, STAGED_UUID, &status, &err), &err, ARV_EFORMAT, "is damaged");
    CHECK_INT(staged_go(&s), ARV_EFORMAT);
    CHECK_HAS(s.run.error.message, "Nothing was done and nothing removed");
    CHECK_INT(staged_objects(&s), 1);
    CHECK_ERR(arv_staging_cancel(s.staging, STAGED_UUID, &err), &err, ARV_EFORMAT, "is damaged");
    CHECK_ERR(arv_staging_delete(s.staging, STAGED_UUID, false, &err), &err, ARV_EFORMAT, "is damaged");
    CHECK_OK(arv_staging_delete(s.staging, STAGED_UUID, true, &err), &err);
    CHECK_INT(test_count_dir(test_path("staging")), 0);
    CHECK_INT(staged_objects(&s), 1);
    staged_close(&s);
}

/* ---- log ---------------------------------------------------------------------------------------- */

typedef struct log_seen {
    int count, states, disorders;
    int64_t last_ms;
} log_seen;

static int see_record(void *user_data, const arv_staged_record *record, arv_error *error)
{
    log_seen *seen = user_data;
    (void)error;
    seen->disorders += record->at_unix_ms < seen->last_ms;
    seen->last_ms = record->at_unix_ms;
    seen->count++;
    seen->states += strcmp(record->message, "The job's state has changed.") == 0;
    return 0;
}

static int count_log(arv_staging *from, log_seen *seen)
{
    memset(seen, 0, sizeof *seen);
    return arv_staging_log(from, STAGED_UUID, see_record, seen, &err);
}

TEST(the_log_tells_everything_in_order_and_outlives_a_torn_line)
{
    log_seen seen;
    staged_run s;
    staged_open(&s);
    CHECK_OK(arv_staging_create(s.staging, STAGED_UUID, NULL, 0, &err), &err);
    CHECK_OK(count_log(s.staging, &seen), &err);
    CHECK_INT(seen.count, 0);
    int fd = open(test_path("staging/" STAGED_UUID "/log"), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    CHECK_INT(write(fd, "{\"at_ms\":1", 10), 10);
    close(fd);
    CHECK_OK(staged_go(&s), &s.run.error);
    CHECK_OK(count_log(s.staging, &seen), &err);
    CHECK_INT(seen.states, 6);
    CHECK_INT(seen.disorders, 0);
    CHECK(seen.count > seen.states);
    staged_close(&s);
}

TEST(a_log_is_bounded)
{
    log_seen seen;
    staged_run s;
    struct stat st;
    staged_open(&s);
    CHECK_OK(staged_go(&s), &s.run.error);
    const char *path = test_path("staging/" STAGED_UUID "/log");
    size_t length;
    char *text = test_read_file(path, &length);
    FILE *file = fopen(path, "ae");
    for (size_t i = 0; i < (8 << 20) / length; i++)
        CHECK_INT(fwrite(text, 1, length, file), length);
    CHECK_INT(fclose(file), 0);
    free(text);
    CHECK_INT(stat(path, &st), 0);
    CHECK_OK(arv_staging_cancel(s.staging, STAGED_UUID, &err) == ARV_ESTATE ? 0 : -1, &err);
    CHECK_OK(staged_go(&s), &s.run.error); /* tells nothing more than one line */
    CHECK_OK(count_log(s.staging, &seen), &err);
    struct stat after;
    CHECK_INT(stat(path, &after), 0);
    CHECK(after.st_size <= st.st_size + 1024);
    staged_close(&s);
}

/* ---- sweep -------------------------------------------------------------------------------------- */

TEST(what_the_dead_left_is_swept_and_the_living_are_not)
{
    arv_staging_swept swept;
    staged_run s;
    staged_open(&s);
    CHECK_OK(staged_go(&s), &s.run.error);
    CHECK_INT(mkdir(test_path("staging/0198f6a0-5c5e-7cc3-98c4-000000000001"), 0700), 0);
    test_write_file(test_path("staging/0198f6a0-5c5e-7cc3-98c4-000000000001/container"), "12345", 5);
    test_write_file(test_path("staging/" STAGED_UUID "/.archivist-0123.part"), "123", 3);
    test_write_file(test_path("staging/" STAGED_UUID "/container"), "1234", 4);
    CHECK_OK(arv_staging_sweep(s.staging, &swept, &err), &err);
    CHECK_INT(swept.jobs, 1);
    CHECK_INT(swept.files, 2);
    CHECK_INT(swept.bytes, 12);
    CHECK_INT(swept.damaged, 0);
    CHECK_INT(staged_files(), 4);
    CHECK_INT(test_count_dir(test_path("staging")), 1);
    CHECK_OK(arv_staging_sweep(s.staging, &swept, &err), &err);
    CHECK_INT(swept.jobs + swept.files, 0);
    staged_close(&s);
}

static void sweep_now(job_run *run, arv_job_state state)
{
    arv_staging_swept swept;
    staged_run *s = run->user_data;
    (void)state;
    CHECK_OK(arv_staging_sweep(s->staging, &swept, &err), &err);
    CHECK_INT(swept.jobs + swept.files + swept.damaged, 0);
}

TEST(a_running_job_is_not_swept)
{
    staged_run s;
    staged_open(&s);
    s.run.user_data = &s;
    s.run.on_state = sweep_now;
    CHECK_OK(staged_go(&s), &s.run.error);
    CHECK_INT(staged_objects(&s), 1);
    staged_close(&s);
}

/* ---- many at once -------------------------------------------------------------------------------- */

enum { RACERS = 4, ROUNDS = 100 };

static void race(int number)
{
    arv_staging_swept swept;
    int made = 0;
    open_staging();
    for (int i = 0; i < ROUNDS; i++) {
        int rc = number % 2 ? arv_staging_sweep(staging, &swept, &err)
                            : arv_staging_create(staging, STAGED_UUID, NULL, 0, &err);
        made += number % 2 == 0 && rc == 0;
        CHECK(rc == 0 || rc == ARV_ESTATE || rc == ARV_EEXISTS);
        CHECK(number % 2 || arv_staging_status(staging, STAGED_UUID, &status, &err) != ARV_EFORMAT);
    }
    arv_staging_unref(staging);
    _exit(made);
}

TEST(a_job_is_made_once_while_others_sweep)
{
    pid_t children[RACERS];
    int made = 0, exited;
    open_staging();
    for (int i = 0; i < RACERS; i++)
        if ((children[i] = fork()) == 0)
            race(i);
    for (int i = 0; i < RACERS; i++) {
        CHECK_INT(waitpid(children[i], &exited, 0), children[i]);
        CHECK(WIFEXITED(exited));
        made += WEXITSTATUS(exited);
    }
    CHECK_INT(made, 1);
    CHECK_OK(arv_staging_status(staging, STAGED_UUID, &status, &err), &err);
    arv_staging_unref(staging);
}

/* SPDX-License-Identifier: Apache-2.0 */

/* What a journalled job puts beside its archive: what it says, that it is never overwritten, and that it goes
 * with the archive. Every single call that may fail or be the last one is tested in tests/fault. */

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <arv/json.h>

#include "loop/fileops.h"
#include "memory_driver.h"
#include "staged.h"
#include "test.h"

#define BESIDE "store/8f/" STAGED_UUID ".json"
#define ARCHIVE "store/8f/" STAGED_UUID ".zip"

static staged_run s;
static arv_staged_status status;
static arv_error err;

static void open_with(const char *about)
{
    staged_open(&s);
    s.run.spec.beside = about;
}

static const arv_json *read_beside(const char *name)
{
    size_t length;
    char *text = test_read_file(test_path("%s", name), &length);
    arv_json *document;
    CHECK_OK(arv_json_parse(&document, text, length, 8192, &err), &err);
    free(text);
    return document;
}

static void check_says(const char *name, const char *archive, const char *course)
{
    const arv_json *says = read_beside(name);
    char sha256[65];
    job_openssl_sha256(test_path("%s", archive), sha256);
    CHECK_STR(arv_json_string(says, "uuid", NULL), STAGED_UUID);
    CHECK_STR(arv_json_string(says, "sha256", NULL), sha256);
    const char *key = arv_json_string(says, "key", NULL);
    CHECK(key && strcmp(archive + strlen("store/"), key) == 0);
    const char *told = arv_json_string(arv_json_get(says, "about"), "course", NULL);
    CHECK(course ? told && strcmp(told, course) == 0 : !told);
    CHECK(arv_json_get(says, "collected_at") && arv_json_get(says, "packed_at") &&
          arv_json_get(says, "bytes"));
    arv_json_free((arv_json *)says);
}

/* ---- what is put ------------------------------------------------------------------------------ */

TEST(a_json_beside_the_archive_says_what_it_is)
{
    open_with("{\"course\":\"Algebra\",\"year\":2026,\"open\":false}");
    CHECK_OK(staged_go(&s), &s.run.error);
    CHECK_STATES(&s.run, 20, 30, 50, 60, 90, 100);
    check_says(BESIDE, ARCHIVE, "Algebra");
    CHECK_INT(job_count_files(test_path("store")), 2);
    CHECK_INT(staged_files(), 4); /* lock, journal, head, log */
    staged_close(&s);
}

TEST(a_job_that_streams_puts_it_there_as_well)
{
    open_with("{}");
    s.run.spec.streams = true;
    CHECK_OK(staged_go(&s), &s.run.error);
    check_says(BESIDE, ARCHIVE, NULL);
    staged_close(&s);
}

TEST(nothing_is_put_beside_an_archive_of_which_nothing_is_said)
{
    open_with(NULL);
    CHECK_OK(staged_go(&s), &s.run.error);
    CHECK_INT(job_count_files(test_path("store")), 1);
    staged_close(&s);
}

/* ---- killed ----------------------------------------------------------------------------------- */

static void die_once_described(job_run *run, arv_job_state state)
{
    (void)run;
    if (state == ARV_JOB_CLEANUP)
        raise(SIGKILL);
}

static void killed_behind_it(staged_run *run)
{
    run->run.spec.beside = "{\"course\":\"Algebra\"}";
    run->run.on_state = die_once_described;
    staged_go(run);
}

static arv__fileops deadly;
static bool dies_before;

static int deadly_linkat(int from_dir_fd, const char *from, int to_dir_fd, const char *to, int flags)
{
    bool beside = strlen(to) > 5 && strcmp(to + strlen(to) - 5, ".json") == 0;
    if (beside && dies_before)
        raise(SIGKILL);
    int rc = arv__fs_system.linkat(from_dir_fd, from, to_dir_fd, to, flags);
    if (beside && rc == 0)
        raise(SIGKILL);
    return rc;
}

/* As it gets its name in the storage. */
static void killed_at_it(staged_run *run)
{
    deadly = arv__fs_system;
    deadly.linkat = deadly_linkat;
    arv__fs_set(&deadly);
    run->run.spec.beside = "{\"course\":\"Algebra\"}";
    staged_go(run);
}

TEST(what_a_killed_run_has_put_is_taken_for_its_own)
{
    struct stat before, after;
    staged_killed(killed_at_it);
    CHECK_INT(stat(test_path(BESIDE), &before), 0);
    open_with("{\"course\":\"another name by now\"}");
    CHECK_OK(staged_go(&s), &s.run.error);
    CHECK_INT(stat(test_path(BESIDE), &after), 0);
    CHECK(before.st_ino == after.st_ino);
    check_says(BESIDE, ARCHIVE, "Algebra"); /* as it was recorded */
    staged_close(&s);
}

TEST(what_a_killed_run_has_not_put_is_put_from_its_record)
{
    dies_before = true;
    staged_killed(killed_at_it);
    CHECK(!test_exists(test_path(BESIDE)));
    open_with(NULL);
    CHECK_OK(staged_go(&s), &s.run.error);
    check_says(BESIDE, ARCHIVE, "Algebra");
    staged_close(&s);
}

TEST(what_vanished_beside_the_archive_is_told_and_the_job_is_not_complete)
{
    staged_killed(killed_behind_it);
    CHECK_INT(unlink(test_path(BESIDE)), 0);
    open_with("{}");
    CHECK_ERR(staged_go(&s), &s.run.error, ARV_EOFFLINE, ".json was stored by this job and is not there");
    staged_status(&s, &status);
    CHECK_INT(status.state, ARV_JOB_RECOVERABLE_ERROR);
    staged_close(&s);
}

/* ---- somebody else's -------------------------------------------------------------------------- */

static void put_foreign(const char *text)
{
    mkdir(test_path("store"), 0700);
    mkdir(test_path("store/8f"), 0700);
    test_write_file(test_path(BESIDE), text, strlen(text));
}

TEST(what_is_there_already_is_found_before_anything_is_stored)
{
    open_with("{}");
    put_foreign("somebody's");
    CHECK_ERR(staged_go(&s), &s.run.error, ARV_EEXISTS, ".json is there already");
    CHECK_INT(arv_job_get_state(s.run.job), ARV_JOB_FAILURE);
    CHECK_INT(job_count_files(test_path("store")), 1);
    staged_close(&s);
}

TEST(what_came_there_meanwhile_is_not_overwritten_and_not_removed)
{
    size_t length;
    dies_before = true;
    staged_killed(killed_at_it);
    put_foreign("somebody's");
    open_with("{}");
    CHECK_ERR(staged_go(&s), &s.run.error, ARV_EEXISTS, "not what this job puts beside its archive");
    CHECK_INT(arv_job_get_state(s.run.job), ARV_JOB_FAILURE);
    CHECK(!test_exists(test_path(ARCHIVE)));
    char *text = test_read_file(test_path(BESIDE), &length);
    CHECK_STR(text, "somebody's");
    free(text);
    staged_close(&s);
}

/* ---- taken back ------------------------------------------------------------------------------- */

TEST(what_is_beside_goes_with_the_archive)
{
    staged_killed(killed_at_it); /* the job does not know whether it is there */
    CHECK_OK(arv_staging_open(&s.staging, test_path("staging"), NULL, &err), &err);
    CHECK_OK(arv_staging_cancel(s.staging, STAGED_UUID, &err), &err);
    arv_staging_unref(s.staging);
    open_with("{}");
    CHECK_ERR(staged_go(&s), &s.run.error, ARV_ECANCELED, "");
    CHECK_INT(arv_job_get_state(s.run.job), ARV_JOB_ABORTED);
    CHECK_INT(job_count_files(test_path("store")), 0);
    staged_close(&s);
}

static int take_removals(void *user_data, const arv_staged_record *record, arv_error *error)
{
    (void)error;
    if (strstr(record->message, "was removed, and is not there any more"))
        ++*(int *)user_data;
    return 0;
}

TEST(a_better_archive_has_its_own_and_the_former_ones_go_both)
{
    int removals = 0;
    arv_entry entry = {.name = "late.txt", .size_bytes = 4, .modified_at_unix = 1700000000};
    for (int again = 0; again < 2; again++) {
        open_with("{\"course\":\"Algebra\"}");
        s.run.package.failures_max = 5;
        if (again) {
            test_write_file(test_path("late.txt"), "late", 4);
            CHECK_OK(arv_staging_requeue(s.staging, STAGED_UUID, &err), &err);
        }
        CHECK_OK(arv_entries_add_path(s.run.entries, &entry, test_path("late.txt"), &err), &err);
        CHECK_OK(staged_go(&s), &s.run.error);
        CHECK_INT(arv_job_get_state(s.run.job), again ? ARV_JOB_COMPLETED : ARV_JOB_PARTIAL);
        CHECK_INT(job_count_files(test_path("store")), 2);
        CHECK_OK(arv_staging_log(s.staging, STAGED_UUID, take_removals, &removals, &err), &err);
        staged_close(&s);
    }
    check_says("store/8f/" STAGED_UUID ".2.json", "store/8f/" STAGED_UUID ".2.zip", "Algebra");
    CHECK_INT(removals, 2);
}

/* ---- refused ---------------------------------------------------------------------------------- */

TEST(what_is_no_flat_object_is_refused)
{
    static char large[ARV_JOB_BESIDE_BYTES + 16];
    memset(large, ' ', sizeof large - 1);
    memcpy(large, "{}", 2);
    const struct {
        const char *about;
        int code;
    } cases[] = {
        {"[1]", ARV_EINVALID}, {"{\"a\":[]}", ARV_EINVALID}, {"{\"a\":{}}", ARV_EINVALID}, {"{", ARV_EFORMAT},
        {"", ARV_EFORMAT},     {large, ARV_ELIMIT}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        CHECK_SCENE("case %zu", i);
        open_with(cases[i].about);
        CHECK_ERR(staged_go(&s), &s.run.error, cases[i].code, "beside the archive");
        staged_close(&s);
    }
    open_with("{}");
    s.run.spec.staging = NULL;
    CHECK_ERR(staged_go(&s), &s.run.error, ARV_EINVALID, "Only a journalled job");
    staged_close(&s);
}

/* ---- storages that give nothing back ------------------------------------------------------------ */

TEST(what_cannot_be_read_back_is_no_copy)
{
    static arv_storage_ops mute;
    arv_storage *both[2];
    mute = memory_driver_ops;
    mute.capabilities |= ARV_STORAGE_NO_RETRIEVE;
    mute.put_read = mute.get_open = mute.get_read = mute.get_close = NULL;
    CHECK_OK(arv_storage_register(&mute, NULL, &err), &err);
    staged_open(&s);
    CHECK_OK(arv_storage_open(&both[1], s.engine, "memory://", NULL, 0, &err), &err);
    both[0] = s.storage;
    s.run.spec.storages = both;
    s.run.spec.storage_count = 2;
    CHECK_ERR(staged_go(&s), &s.run.error, ARV_EUNSUPPORTED, "counts as no copy; a journalled job needs");
    s.run.spec.staging = NULL;
    s.run.spec.storages = &both[1];
    s.run.spec.storage_count = 1;
    CHECK_ERR(staged_go(&s), &s.run.error, ARV_EUNSUPPORTED, "counts as no copy; give a path");
    s.run.spec.path = test_path("a.zip");
    CHECK_OK(staged_go(&s), &s.run.error);
    arv_storage_unref(both[1]);
    staged_close(&s);
}

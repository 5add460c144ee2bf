/* SPDX-License-Identifier: Apache-2.0 */

/* How packing ends: targets that fail, cancellation at any moment, entries added while closing. */

#include "test.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fault_fs.h"
#include "package/known.h"
#include "packing.h"
#include "reading.h"

enum { LARGE_BYTES = 12 << 20 };

static unsigned char *large;

static void prepare(packing *p)
{
    if (!large) {
        large = malloc(LARGE_BYTES);
        test_fill_random(large, LARGE_BYTES, 4);
        test_write_file(test_path("large"), large, LARGE_BYTES);
        mkdir(test_path("out"), 0700);
    }
    CHECK_OK(packing_open(p, 2), &p->error);
    CHECK_OK(packing_path(p, "large", test_path("large")), &p->error);
    CHECK_OK(packing_memory(p, "small", "small"), &p->error);
}

static int descriptors(void)
{
    return test_count_dir("/proc/self/fd");
}

TEST(a_target_that_exists_is_left_as_it_is)
{
    packing p;
    size_t length;
    prepare(&p);
    test_write_file(test_path("out/x.zip"), "mine", 4);
    CHECK_ERR(packing_run(&p, test_path("out/x.zip")), &p.error, ARV_EEXISTS, "x.zip");
    packing_close(&p);
    char *text = test_read_file(test_path("out/x.zip"), &length);
    CHECK_STR(text, "mine");
    free(text);
    CHECK_INT(test_count_dir(test_path("out")), 1);
}

TEST(a_folder_that_is_missing_is_named)
{
    packing p;
    prepare(&p);
    CHECK_ERR(packing_run(&p, test_path("none/x.zip")), &p.error, ARV_ENOTFOUND, "none/x.zip");
    packing_close(&p);
}

TEST(a_full_disk_leaves_nothing)
{
    for (unsigned n = 1; n <= 3; n++) {
        CHECK_SCENE("write %u fails", n);
        packing p;
        prepare(&p);
        fault_fs_install();
        fault_fs_fail_from(FAULT_PWRITE, n, ENOSPC);
        CHECK_ERR(packing_run(&p, test_path("out/x.zip")), &p.error, ARV_ENOSPACE, "x.zip");
        packing_close(&p);
        fault_fs_remove();
        CHECK_INT(test_count_dir(test_path("out")), 0);
    }
}

TEST_TIMEOUT(every_failing_file_operation_leaves_nothing, 300)
{
    packing p;
    unsigned calls;

    prepare(&p);
    fault_fs_install();
    CHECK_OK(packing_run(&p, test_path("out/x.zip")), &p.error);
    packing_close(&p);
    calls = fault_fs_calls(FAULT_ANY);
    unlink(test_path("out/x.zip"));
    int before = descriptors();
    for (unsigned n = 1; n <= calls + 8; n++) {
        CHECK_SCENE("call %u of %u fails", n, calls);
        fault_fs_reset();
        prepare(&p);
        fault_fs_reset();
        fault_fs_fail(FAULT_ANY, n, EIO);
        int rc = packing_run(&p, test_path("out/x.zip"));
        packing_close(&p);
        if (rc < 0)
            CHECK(p.error.message[0] != '\0');
        CHECK_INT(test_count_dir(test_path("out")), rc < 0 ? 0 : 1);
        CHECK_INT(descriptors(), before);
        unlink(test_path("out/x.zip"));
    }
}

TEST_TIMEOUT(cancelling_at_any_turn_leaves_nothing, 300)
{
    packing p;
    long turn = 0;
    int status;

    prepare(&p);
    packing_close(&p);
    int before = descriptors();
    do {
        CHECK_SCENE("turn %ld", turn);
        prepare(&p);
        p.cancel_turn = turn;
        status = packing_run(&p, test_path("out/x.zip"));
        packing_close(&p);
        if (status < 0)
            CHECK_ERR(status, &p.error, ARV_ECANCELED, "cancelled");
        CHECK_INT(test_count_dir(test_path("out")), status < 0 ? 0 : 1);
        CHECK_INT(descriptors(), before);
        unlink(test_path("out/x.zip"));
        turn++;
    } while (status < 0 && turn < 1000);
    CHECK(turn > 5);
    CHECK_OK(status, &p.error);
}

TEST(cancelling_from_a_phase_works)
{
    for (int phase = 0; phase < 4; phase++) {
        CHECK_SCENE("phase %d", phase);
        packing p;
        prepare(&p);
        p.cancel_phase = phase;
        CHECK_ERR(packing_run(&p, test_path("out/x.zip")), &p.error, ARV_ECANCELED, NULL);
        CHECK_INT(p.phases, (2 << phase) - 1);
        packing_close(&p);
        CHECK_INT(test_count_dir(test_path("out")), 0);
    }
}

TEST(a_list_can_be_packed_only_once)
{
    packing p;
    prepare(&p);
    CHECK_OK(packing_run(&p, test_path("out/x.zip")), &p.error);
    CHECK_ERR(packing_run(&p, test_path("out/y.zip")), &p.error, ARV_ESTATE, NULL);
    packing_close(&p);
    CHECK_INT(test_count_dir(test_path("out")), 1);
}

/* ---- several targets ------------------------------------------------------------------------------ */

static int run_tee(packing *p, const char *first, const char *second)
{
    arv__sink *sinks[2], *tee;
    CHECK_OK(arv__sink_file_new(&sinks[0], p->loop, p->io, &p->io_lane, first, 0, &p->error), &p->error);
    CHECK_OK(arv__sink_file_new(&sinks[1], p->loop, p->io, &p->io_lane, second, 0, &p->error), &p->error);
    CHECK_OK(arv__sink_tee_adopt(&tee, p->loop, sinks, 2, &p->error), &p->error);
    return packing_run_sink(p, tee);
}

TEST(two_targets_get_the_same_bytes)
{
    packing p;
    prepare(&p);
    CHECK_OK(run_tee(&p, test_path("out/x.zip"), test_path("out/y.zip")), &p.error);
    packing_close(&p);
    CHECK_INT(test_run(NULL, (const char *[]){"cmp", test_path("out/x.zip"), test_path("out/y.zip"), NULL}),
              0);
}

TEST(one_failing_target_takes_the_other_with_it)
{
    packing p;
    prepare(&p);
    CHECK_ERR(run_tee(&p, test_path("out/x.zip"), test_path("none/y.zip")), &p.error, ARV_ENOTFOUND,
              "none/y.zip");
    packing_close(&p);
    CHECK_INT(test_count_dir(test_path("out")), 0);
}

/* ---- closing -------------------------------------------------------------------------------------- */

static arv_closing *held;
static int closing_status;
static packing *closing_packing;
static char tagmanifest[4096];
static const arv__known closing_table[] = {{ARV__KNOWN_LATE_ROOT, "META-INF/stamp.tst"},
                                           {ARV__KNOWN_LATE_BASE, "proof/large"},
                                           {ARV__KNOWN_LATE_BASE, "proof/empty"},
                                           {ARV__KNOWN_LATE_BASE, "proof/last"},
                                           {ARV__KNOWN_NOWHERE, NULL}};

static void closing_adds(void *user_data, arv_closing *closing)
{
    arv_error err;
    size_t length;
    const void *bytes = arv_closing_tagmanifest(closing, &length);

    (void)user_data;
    CHECK(length > 0 && length < sizeof tagmanifest);
    memcpy(tagmanifest, bytes, length);
    tagmanifest[length] = '\0';
    CHECK_OK(arv_closing_add(closing, ARV_ROOT, "META-INF/stamp.tst", "token", 5, &err), &err);
    CHECK_ERR(arv_closing_add(closing, ARV_BASE_FOLDER, "proof/more", "x", 1, &err), &err, ARV_EINVALID,
              "have no place for the entry 'proof/more'");
    CHECK_ERR(arv_closing_add(closing, ARV_ROOT, "proof/large", "x", 1, &err), &err, ARV_EINVALID,
              "no place");
    CHECK_OK(arv_closing_add(closing, ARV_BASE_FOLDER, "proof/large", large, 3 << 20, &err), &err);
    CHECK_OK(arv_closing_add(closing, ARV_BASE_FOLDER, "proof/last", NULL, 0, &err), &err);
    CHECK_ERR(arv_closing_add(closing, ARV_BASE_FOLDER, "proof/empty", NULL, 0, &err), &err, ARV_EINVALID,
              "stands before 'proof/last' in an archive; add it first");
    CHECK_ERR(arv_closing_add(closing, ARV_ROOT, "META-INF/stamp.tst", "", 0, &err), &err, ARV_EEXISTS,
              "stamp.tst");
    CHECK_ERR(arv_closing_add(closing, ARV_ROOT, "META-INF", "", 0, &err), &err, ARV_EEXISTS, NULL);
    CHECK_ERR(arv_closing_add(closing, ARV_ROOT, "exam/x", "", 0, &err), &err, ARV_EEXISTS, NULL);
    CHECK_ERR(arv_closing_add(closing, ARV_BASE_FOLDER, "bagit.txt", "", 0, &err), &err, ARV_EEXISTS,
              "bagit.txt");
    CHECK_ERR(arv_closing_add(closing, ARV_BASE_FOLDER, "README.txt", "", 0, &err), &err, ARV_EEXISTS,
              "README.txt");
    CHECK_ERR(arv_closing_add(closing, ARV_BASE_FOLDER, "data/x", "", 0, &err), &err, ARV_EEXISTS, NULL);
    static const char *const bad[] = {"", "/x", "a//b", "../x", "a/..", "a\\b", "\xc3\xa4", "x/"};
    for (int i = 0; i < 8; i++)
        CHECK_ERR(arv_closing_add(closing, ARV_BASE_FOLDER, bad[i], "", 0, &err), &err, ARV_EINVALID,
                  "plain ASCII");
    arv_closing_done(closing, 0, NULL);
}

TEST(entries_added_while_closing_stand_in_the_container)
{
    packing p;
    size_t length;

    prepare(&p);
    arv__known_entries = closing_table;
    p.options.closing = closing_adds;
    CHECK_OK(packing_run(&p, test_path("out/x.zip")), &p.error);
    packing_close(&p);
    mkdir(test_path("d"), 0700);
    CHECK_INT(test_run(NULL,
                       (const char *[]){"bsdtar", "-xf", test_path("out/x.zip"), "-C", test_path("d"), NULL}),
              0);
    char *text = test_read_file(test_path("d/META-INF/stamp.tst"), &length);
    CHECK_STR(text, "token");
    free(text);
    text = test_read_file(test_path("d/exam/tagmanifest-sha256.txt"), &length);
    CHECK_STR(text, tagmanifest);
    free(text);
    text = test_read_file(test_path("d/exam/proof/large"), &length);
    CHECK_INT(length, 3 << 20);
    CHECK_MEM(text, large, length);
    free(text);
}

static void closing_adds_unknown(void *user_data, arv_closing *closing)
{
    arv_error err;
    int rc = arv_closing_add(closing, ARV_BASE_FOLDER, user_data, "token", 5, &err);
    arv_closing_done(closing, rc, &err);
}

/* What the packer writes is valid: it takes no name that the verifier would tell. */
TEST(names_that_no_form_knows_are_refused)
{
    arv__report report;
    packing p;

    prepare(&p);
    p.options.closing = closing_adds_unknown;
    p.options.closing_user_data = "proof/stamp.tst";
    CHECK_ERR(packing_run(&p, test_path("out/x.zip")), &p.error, ARV_EINVALID, "'proof/stamp.tst'");
    packing_close(&p);
    CHECK_INT(test_count_dir(test_path("out")), 0);
    prepare(&p);
    p.options.first_entry_name = "mimetype";
    CHECK_ERR(packing_run(&p, test_path("out/x.zip")), &p.error, ARV_EINVALID, "'mimetype'");
    packing_close(&p);
    CHECK_INT(test_count_dir(test_path("out")), 0);
    static const arv__known table[] = {{ARV__KNOWN_FIRST, "mimetype"},
                                       {ARV__KNOWN_LATE_BASE, "proof/stamp.tst"},
                                       {ARV__KNOWN_NOWHERE, NULL}};
    arv__known_entries = table;
    prepare(&p);
    p.options.first_entry_name = "mimetype";
    p.options.closing = closing_adds_unknown;
    p.options.closing_user_data = "proof/stamp.tst";
    CHECK_OK(packing_run(&p, test_path("out/x.zip")), &p.error);
    packing_close(&p);
    reading_own = true;
    reading_verify(&report, test_path("out/x.zip"), NULL);
    CHECK_STR(report.shown.finding_total ? report.shown.findings[0].message : "", "");
    CHECK(report.shown.valid);
    arv__report_cleanup(&report);
}

static void closing_later_fire(arv__timer *timer)
{
    arv_error err;
    (void)timer;
    arv_error_set(&err, closing_status, "The stamp was refused.");
    arv_closing_done(held, closing_status, closing_status ? &err : NULL);
}

static arv__timer closing_timer;

static void closing_later(void *user_data, arv_closing *closing)
{
    (void)user_data;
    held = closing;
    closing_timer.fire = closing_later_fire;
    arv__timer_start(closing_packing->loop, &closing_timer, 1);
}

TEST(closing_may_end_later)
{
    packing p;
    prepare(&p);
    closing_packing = &p;
    p.options.closing = closing_later;
    CHECK_OK(packing_run(&p, test_path("out/x.zip")), &p.error);
    packing_close(&p);
    CHECK_INT(test_count_dir(test_path("out")), 1);
}

TEST(an_error_while_closing_ends_the_job)
{
    packing p;
    prepare(&p);
    closing_packing = &p;
    closing_status = ARV_EOFFLINE;
    p.options.closing = closing_later;
    CHECK_ERR(packing_run(&p, test_path("out/x.zip")), &p.error, ARV_EOFFLINE, "stamp was refused");
    packing_close(&p);
    CHECK_INT(test_count_dir(test_path("out")), 0);
}

static void closing_cancels(void *user_data, arv_closing *closing)
{
    (void)user_data;
    held = closing;
    arv__packer_cancel(closing_packing->packer, NULL);
}

TEST(a_closing_that_outlives_its_job_is_harmless)
{
    packing p;
    arv_error err;
    size_t length;

    prepare(&p);
    closing_packing = &p;
    p.options.closing = closing_cancels;
    CHECK_ERR(packing_run(&p, test_path("out/x.zip")), &p.error, ARV_ECANCELED, NULL);
    packing_close(&p);
    CHECK_ERR(arv_closing_add(held, ARV_ROOT, "x", "", 0, &err), &err, ARV_ESTATE, NULL);
    CHECK(arv_closing_tagmanifest(held, &length) == NULL);
    arv_closing_done(held, 0, NULL);
    CHECK_INT(test_count_dir(test_path("out")), 0);
}

static void closing_root(void *user_data, arv_closing *closing)
{
    arv_error err;
    (void)user_data;
    CHECK_ERR(arv_closing_add(closing, ARV_ROOT, "x", "", 0, &err), &err, ARV_EINVALID, "tar");
    arv_closing_done(closing, 0, NULL);
}

TEST(a_tar_has_no_place_beside_the_base_folder)
{
    packing p;
    prepare(&p);
    p.options.format = ARV_FORMAT_TAR;
    p.options.closing = closing_root;
    CHECK_OK(packing_run(&p, test_path("out/x.tar")), &p.error);
    packing_close(&p);
}

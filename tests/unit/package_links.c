/* SPDX-License-Identifier: Apache-2.0 */

/* Symbolic links in a folder: recorded as data, and for whom one is followed. */

#include "test.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <arv/entry.h>
#include "alloc_fail.h"
#include "fault_fs.h"
#include "package/links.h"
#include "package/plan.h"

enum { MIA = 61001, BEN = 61002 };

static const arv_folder_options recording = {.struct_bytes = sizeof recording, .links = ARV_LINKS_RECORD};

static const char *root(void)
{
    const char *path = test_path("root");
    mkdir(path, 0755);
    return path;
}

static void make_folder(const char *name)
{
    root();
    CHECK_INT(mkdir(test_path("root/%s", name), 0755), 0);
}

static void make_file(const char *name)
{
    root();
    test_write_file(test_path("root/%s", name), "x", 1);
}

static void make_link(const char *name, const char *target)
{
    root();
    CHECK_INT(symlink(target, test_path("root/%s", name)), 0);
}

static void own(const char *name, uid_t owner, mode_t mode)
{
    const char *path = test_path("root/%s", name);
    CHECK_INT(lchown(path, owner, owner), 0);
    if (mode)
        CHECK_INT(chmod(path, mode), 0);
}

/* "name>target" of a link, "name" of a file, "name/" of an empty folder, "name!CODE" of a failure. */
static void check_walk(const arv_folder_options *options, bool keep_going, const char *expected)
{
    arv_error err;
    arv__plan *plan;
    arv__plan_item item;
    arv_entries *entries;
    const arv_entries_options patient = {.struct_bytes = sizeof patient, .keep_going = keep_going};
    char all[2000] = "";
    int status;
    CHECK_OK(arv_entries_new(&entries, &patient, &err), &err);
    CHECK_OK(arv_entries_add_folder(entries, NULL, root(), options, &err), &err);
    CHECK_OK(arv__plan_new(&plan, entries, &err), &err);
    CHECK_OK(arv__plan_prepare(plan, &err), &err);
    while ((status = arv__plan_next(plan, &item, &err)) > 0) {
        size_t used = strlen(all);
        const char *rest = item.from == ARV__FROM_LINK      ? item.target
                           : item.from == ARV__FROM_FAILURE ? arv_error_name(item.failure_code)
                                                            : "";
        snprintf(all + used, sizeof all - used, "%s%s%s ", item.original,
                 item.from == ARV__FROM_LINK      ? ">"
                 : item.from == ARV__FROM_FAILURE ? "!"
                 : item.from == ARV__FROM_NOTHING ? "/"
                                                  : "",
                 rest);
    }
    CHECK_OK(status, &err);
    CHECK_STR(all, expected);
    arv__plan_free(plan);
    arv_entries_unref(entries);
}

static void check_fails(const arv_folder_options *options, int code, const char *part)
{
    arv_error err;
    arv_entries *entries;
    CHECK_OK(arv_entries_new(&entries, NULL, &err), &err);
    CHECK_ERR(arv_entries_add_folder(entries, NULL, root(), options, &err), &err, code, part);
    arv_entries_unref(entries);
}

/* ---- recorded -------------------------------------------------------------------------------- */

TEST(what_becomes_of_links_has_three_names)
{
    arv_links links;
    CHECK(arv_links_parse("follow", &links) && links == ARV_LINKS_FOLLOW);
    CHECK(arv_links_parse("skip", &links) && links == ARV_LINKS_SKIP);
    CHECK(arv_links_parse("record", &links) && links == ARV_LINKS_RECORD);
    CHECK(!arv_links_parse("", &links) && !arv_links_parse("Record", &links) &&
          !arv_links_parse(NULL, &links));
    const arv_folder_options unknown = {.struct_bytes = sizeof unknown, .links = (arv_links)3};
    check_fails(&unknown, ARV_EINVALID, "3");
}

TEST(links_are_recorded_wherever_they_lead)
{
    make_file("a");
    make_folder("f");
    make_link("f/circle", "..");
    make_link("in", "a");
    make_link("nowhere", "mis\nsing");
    make_link("out", "/etc/passwd");
    check_walk(&recording, false, "a f/circle>.. in>a nowhere>mis\nsing out>/etc/passwd ");
}

TEST(a_target_that_is_no_text_is_refused_by_its_name)
{
    make_file("a");
    make_link("odd", "b\xFF");
    check_fails(&recording, ARV_ENAME, "root/odd");
    check_walk(&recording, true, "a odd!UNREADABLE ");
}

TEST(a_link_that_vanishes_while_it_is_recorded_is_told)
{
    make_link("l", "a");
    fault_fs_install();
    fault_fs_fail(FAULT_READLINKAT, 2, ENOENT); /* the first is the root's */
    check_fails(&recording, ARV_EVANISHED, "root/l");
    fault_fs_reset();
    fault_fs_fail(FAULT_READLINKAT, 2, EINVAL); /* it is a file by now */
    check_fails(&recording, ARV_ECHANGED, "root/l");
    fault_fs_remove();
}

static void record_some(void *ud, bool must_succeed)
{
    arv_error err;
    arv_entries *entries = NULL;
    (void)ud;
    int status = arv_entries_new(&entries, NULL, &err);
    if (status == 0)
        status = arv_entries_add_folder(entries, "p", root(), &recording, &err);
    if (must_succeed)
        CHECK_OK(status, &err);
    if (status < 0)
        CHECK_ERR(status, &err, ARV_ENOMEM, NULL);
    else
        CHECK_INT(arv_entries_count(entries), 2);
    arv_entries_unref(entries);
}

TEST(recording_survives_every_failed_allocation)
{
    make_link("l", "a");
    make_link("m", "..");
    CHECK(test_each_allocation(record_some, NULL) > 5);
}

/* ---- followed -------------------------------------------------------------------------------- */

/* The rule binds processes that may read everything, and only such a one can make files of others. */
#define NEEDS_ROOT()                                                                                         \
    if (geteuid() != 0)                                                                                      \
    test_skip("only root can make files of others")

TEST(a_process_of_root_is_guarded)
{
    NEEDS_ROOT();
    CHECK(arv__links_guarded());
}

TEST(root_follows_no_link_to_what_its_owner_cannot_read)
{
    NEEDS_ROOT();
    make_file("secret");
    own("secret", BEN, 0640);
    make_link("l", "secret");
    own("l", MIA, 0);
    check_fails(NULL, ARV_ELINK, "whose owner may not read what it names");
    check_walk(NULL, true, "l!LINK secret ");
    own("secret", BEN, 0644);
    check_walk(NULL, false, "l secret ");
    own("secret", MIA, 0600);
    check_walk(NULL, false, "l secret ");
    own("secret", BEN, 0600);
    own("l", 0, 0);
    check_walk(NULL, false, "l secret ");
    own("l", MIA, 0);
    check_walk(&recording, false, "l>secret secret ");
}

TEST(root_follows_no_link_through_a_folder_that_its_owner_cannot_pass)
{
    NEEDS_ROOT();
    make_folder("ben");
    make_file("ben/open");
    own("ben/open", BEN, 0644);
    own("ben", BEN, 0710);
    make_link("l", "ben/open");
    own("l", MIA, 0);
    check_walk(NULL, true, "ben/open l!LINK ");
    own("ben", BEN, 0711);
    check_walk(NULL, false, "ben/open l ");
    own("ben", MIA, 0700);
    check_walk(NULL, false, "ben/open l ");
}

TEST(root_reads_below_a_linked_folder_only_what_the_links_owner_could)
{
    NEEDS_ROOT();
    make_folder("ben");
    make_file("ben/open");
    make_file("ben/secret");
    own("ben/secret", BEN, 0600);
    make_folder("ben/inner");
    make_file("ben/inner/x");
    own("ben/inner", BEN, 0700);
    make_link("ben/through", "inner/x");
    own("ben/through", BEN, 0);
    own("ben", BEN, 0755);
    make_link("l", "ben");
    own("l", MIA, 0);
    check_walk(NULL, true,
               "ben/inner/x ben/open ben/secret ben/through l/inner!LINK l/open l/secret!LINK "
               "l/through!LINK ");
    own("ben", BEN, 0751);
    check_walk(NULL, true, "ben/inner/x ben/open ben/secret ben/through l!LINK ");
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "alloc_fail.h"
#include "test.h"

#include <string.h>
#include "verify/select.h"

static bool takes(arv__select *select, const char *name)
{
    arv_error err = {0};
    int taken = arv__select_takes(select, name, strlen(name), &err);
    CHECK(taken >= 0);
    return taken;
}

TEST(nothing_given_selects_everything)
{
    arv__select select;
    arv_error err = {0};
    CHECK_OK(arv__select_init(&select, NULL, 0, &err), &err);
    CHECK(takes(&select, "a") && takes(&select, ""));
    CHECK(!arv__select_unmet(&select));
    arv__select_cleanup(&select);
}

TEST(a_name_selects_itself_and_what_stands_below_it)
{
    static const char *const given[] = {"Mia//", "b.txt"};
    arv__select select;
    arv_error err = {0};
    CHECK_OK(arv__select_init(&select, given, 2, &err), &err);
    CHECK(takes(&select, "Mia") && takes(&select, "Mia/a/b"));
    CHECK(!takes(&select, "Mia2") && !takes(&select, "Mi") && !takes(&select, "x/b.txt"));
    CHECK_STR(arv__select_unmet(&select), "b.txt");
    CHECK(takes(&select, "b.txt"));
    CHECK(!arv__select_unmet(&select));
    arv__select_cleanup(&select);
}

TEST(a_pattern_selects_across_folders_and_a_name_with_brackets_itself)
{
    static const char *const given[] = {"*.pdf", "a[1].txt"};
    arv__select select;
    arv_error err = {0};
    CHECK_OK(arv__select_init(&select, given, 2, &err), &err);
    CHECK(takes(&select, "x/y.pdf") && takes(&select, "a[1].txt") && takes(&select, "a1.txt"));
    CHECK(!takes(&select, "y.pdf2"));
    CHECK_INT(arv__select_takes(&select, "a\0.pdf", 6, &err), 0);
    arv__select_cleanup(&select);
}

TEST(an_empty_or_endless_selector_is_refused)
{
    static const char *const empty[] = {"a", ""};
    static const char *many[ARV__SELECTORS_MAX + 1];
    arv__select select;
    arv_error err = {0};
    CHECK_ERR(arv__select_init(&select, empty, 2, &err), &err, ARV_EINVALID, "empty");
    arv__select_cleanup(&select);
    CHECK_ERR(arv__select_init(&select, many, ARV__SELECTORS_MAX + 1, &err), &err, ARV_ELIMIT, "pattern");
    arv__select_cleanup(&select);
}

static void select_once(void *unused, bool must_succeed)
{
    static const char *const given[] = {"a", "*.b"};
    arv__select select;
    arv_error err = {0};
    (void)unused;
    int rc = arv__select_init(&select, given, 2, &err);
    if (rc == 0)
        rc = arv__select_takes(&select, "x.b", 3, &err);
    if (must_succeed)
        CHECK_INT(rc, 1);
    else if (rc < 0)
        CHECK_ERR(rc, &err, ARV_ENOMEM, NULL);
    arv__select_cleanup(&select);
}

TEST(selecting_survives_every_failed_allocation)
{
    CHECK_INT(test_each_allocation(select_once, NULL), 5);
}

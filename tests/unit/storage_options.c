/* SPDX-License-Identifier: Apache-2.0 */

/* What a driver declares about its options, and what the front then refuses before the driver is asked. */

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include <arv/sys/storage.h>
#include "alloc_fail.h"
#include "engine.h"
#include "memory_driver.h"
#include "storage/internal.h"
#include "test.h"

static arv_error err;

/* ---- a driver that only opens ---------------------------------------------------------------- */

static struct {
    unsigned opened;
    char url[100], name[100], token[100];
    bool has_name;
    uint64_t parts, verbose;
} seen;

static const arv_option_info declared[] = {
    {.name = "host", .required = true, .least = 1, .most = 20, .help = "Where the server stands."},
    {.name = "name", .least = 2, .most = 5, .help = "A text."},
    {.name = "token", .secret = true, .least = 1, .most = 16, .help = "What the server asks for."},
    {.name = "parts",
     .kind = ARV_OPTION_NUMBER,
     .least = 5,
     .most = 64,
     .fallback = "8",
     .help = "A number."},
    {.name = "verbose", .kind = ARV_OPTION_FLAG, .fallback = "0", .help = "A flag."},
    {.name = "id", .kind = ARV_OPTION_UUID, .help = "A UUID."},
    {.name = NULL},
};

static int declared_open(void *instance, arv_engine *engine, const char *url, const arv_option_value *values,
                         void *user_data, arv_error *error)
{
    (void)instance;
    (void)engine;
    (void)user_data;
    (void)error;
    seen.opened++;
    snprintf(seen.url, sizeof seen.url, "%s", url);
    seen.has_name = values[1].text;
    snprintf(seen.name, sizeof seen.name, "%s", values[1].text ? values[1].text : "");
    CHECK(values[2].text == NULL);
    snprintf(seen.token, sizeof seen.token, "%s", values[2].secret ? arv_secret_text(values[2].secret) : "");
    seen.parts = values[3].number;
    seen.verbose = values[4].number;
    return 0;
}

static arv_storage_ops driver(const arv_option_info *options)
{
    static const char *const schemes[] = {"declared", NULL};
    arv_storage_ops ops = memory_driver_ops;
    ops.name = "declared";
    ops.schemes = schemes;
    ops.options = options;
    ops.open = declared_open;
    return ops;
}

static int try_open(arv_engine *engine, const arv_storage_option *options, size_t count)
{
    arv_storage *storage;
    arv_error_clear(&err);
    int rc = arv_storage_open(&storage, engine, "declared://x", options, count, &err);
    arv_storage_unref(storage);
    return rc;
}

/* ---- values ---------------------------------------------------------------------------------- */

TEST(a_driver_gets_what_was_given_and_its_defaults)
{
    arv_storage_ops ops = driver(declared);
    arv_engine *engine = test_engine_new();
    const arv_storage_option few[] = {{"host", "example.org"}};
    const arv_storage_option all[] = {{"verbose", "1"}, {"token", "hunter2"},
                                      {"parts", "64"},  {"name", "\xc3\xa4s"},
                                      {"host", "h"},    {"id", "0192f0c1-7d3b-4cc2-9a51-3c6e1f2a4b5d"}};
    CHECK_OK(arv_storage_register(&ops, NULL, &err), &err);
    CHECK_OK(try_open(engine, few, 1), &err);
    CHECK(!seen.has_name && seen.parts == 8 && seen.verbose == 0 && !seen.token[0]);
    CHECK_OK(try_open(engine, all, 6), &err);
    CHECK_STR(seen.name, "\xc3\xa4s");
    CHECK_STR(seen.token, "hunter2");
    CHECK(seen.parts == 64 && seen.verbose == 1);
    CHECK_INT(seen.opened, 2);
    test_engine_free(engine);
}

TEST(what_is_wrong_is_told_before_the_driver_is_asked)
{
    static const struct {
        const char *name, *value, *says;
    } bad[] = {
        {"host", "", "1 to 20 bytes"},
        {"host", "012345678901234567890", "1 to 20 bytes"},
        {"name", "a", "2 to 5 bytes"},
        {"name", "a\nb", "printable"},
        {"name", "\xff\xfe", "printable"},
        {"token", "", "1 to 16 bytes"},
        {"token", "hunter2-hunter2-hunter2", "1 to 16 bytes"},
        {"parts", "4", "5 to 64"},
        {"parts", "65", "5 to 64"},
        {"parts", "08", "number"},
        {"parts", "-8", "number"},
        {"parts", "8x", "number"},
        {"parts", "", "number"},
        {"parts", "99999999999999999999999", "number"},
        {"verbose", "yes", "'0' or '1'"},
        {"id", "0192F0C1-7D3B-4CC2-9A51-3C6E1F2A4B5D", "UUID"},
        {"nonsense", "hunter2", "'host', 'name', 'token', 'parts', 'verbose', 'id'."},
    };
    arv_storage_ops ops = driver(declared);
    arv_engine *engine = test_engine_new();
    CHECK_OK(arv_storage_register(&ops, NULL, &err), &err);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        const arv_storage_option options[] = {{bad[i].name, bad[i].value}, {"host", "h"}};
        CHECK_SCENE("%s=%s", bad[i].name, bad[i].value);
        CHECK_ERR(try_open(engine, options, 2), &err, ARV_EINVALID, bad[i].says);
        CHECK_HAS(err.message, "'declared'");
        CHECK_HAS(err.message, bad[i].name);
        CHECK(!strstr(err.message, "hunter2"));
    }
    CHECK_ERR(try_open(engine, NULL, 0), &err, ARV_EINVALID,
              "needs the option 'host': Where the server stands.");
    const arv_storage_option twice[] = {{"host", "a"}, {"token", "hunter2"}, {"token", "hunter2"}};
    CHECK_ERR(try_open(engine, twice, 3), &err, ARV_EINVALID,
              "'token' of the storage driver 'declared' was given twice");
    const arv_storage_option empty[] = {{"host", NULL}};
    CHECK_ERR(try_open(engine, empty, 1), &err, ARV_EINVALID, "no value");
    CHECK_INT(seen.opened, 0);
    test_engine_free(engine);
}

TEST(a_driver_without_options_says_so)
{
    arv_storage_ops ops = driver(NULL);
    arv_engine *engine = test_engine_new();
    const arv_storage_option option = {"host", "h"};
    CHECK_OK(arv_storage_register(&ops, NULL, &err), &err);
    CHECK_ERR(try_open(engine, &option, 1), &err, ARV_EINVALID, "it has none");
    CHECK(arv_storage_options("declared")[0].name == NULL);
    test_engine_free(engine);
}

TEST(options_and_declarations_are_checked_without_a_storage)
{
    const arv_storage_option right[] = {{"token", "hunter2"}, {"host", "h"}};
    const arv_storage_option wrong[] = {{"host", "h"}, {"parts", "4"}}, none[] = {{NULL, "h"}};
    arv_error_clear(&err);
    CHECK_OK(arv_option_infos_check("mine", declared, &err), &err);
    CHECK_OK(arv_options_check("mine", declared, right, 2, &err), &err);
    CHECK_ERR(arv_options_check("mine", declared, right, 1, &err), &err, ARV_EINVALID,
              "'mine' needs the option 'host'");
    CHECK_ERR(arv_options_check("mine", declared, wrong, 2, &err), &err, ARV_EINVALID, "5 to 64");
    CHECK_ERR(arv_options_check("mine", declared, none, 1, &err), &err, ARV_EINVALID, "no name");
    CHECK_ERR(arv_options_check("mine", NULL, right, 2, &err), &err, ARV_EINVALID, "it has none");
    CHECK_OK(arv_option_infos_check("mine", NULL, &err), &err);
    const arv_option_info bad[] = {{.name = "x", .most = 5}, {.name = NULL}};
    CHECK_ERR(arv_option_infos_check("mine", bad, &err), &err, ARV_EINVALID,
              "'mine' declares the option 'x'");
}

static void open_once(void *ud, bool must_succeed)
{
    const arv_storage_option options[] = {{"token", "hunter2"}, {"host", "h"}};
    arv_engine *engine = NULL;
    (void)ud;
    int rc = arv_engine_new(&engine, NULL, &err);
    if (rc == 0)
        rc = try_open(engine, options, 2);
    arv_engine_free(engine);
    if (must_succeed)
        CHECK_OK(rc, &err);
    else if (rc < 0)
        CHECK_ERR(rc, &err, ARV_ENOMEM, NULL);
}

TEST(each_allocation_of_opening_may_fail)
{
    arv_storage_ops ops = driver(declared);
    CHECK_OK(arv_storage_register(&ops, NULL, &err), &err);
    CHECK(test_each_allocation(open_once, NULL) >= 3);
}

/* ---- declarations ---------------------------------------------------------------------------- */

TEST(a_declaration_that_makes_no_sense_is_refused)
{
    static const char help[] = "A sentence.";
    static const struct {
        arv_option_info info;
        const char *says;
    } bad[] = {
        {{.name = "Host", .most = 5, .help = help}, "a name"},
        {{.name = "", .most = 5, .help = help}, "a name"},
        {{.name = "x", .kind = (arv_option_kind)9, .help = help}, "a kind"},
        {{.name = "x", .most = 5}, "no sentence"},
        {{.name = "x", .help = help}, "no bounds"},
        {{.name = "x", .least = 6, .most = 5, .help = help}, "no bounds"},
        {{.name = "x", .secret = true, .most = 5, .help = help}, "a secret"},
        {{.name = "x", .secret = true, .kind = ARV_OPTION_FLAG, .help = help}, "a secret"},
        {{.name = "x", .secret = true, .least = 1, .most = 65537, .help = help}, "a secret"},
        {{.name = "x", .secret = true, .least = 1, .most = 5, .fallback = "a", .help = help}, "a secret"},
        {{.name = "x", .required = true, .most = 5, .fallback = "a", .help = help}, "a default although"},
        {{.name = "x", .most = 5, .fallback = "abcdef", .help = help}, "breaks its own bounds"},
        {{.name = "again", .most = 5, .help = help}, "a name that another one has"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        const arv_option_info options[] = {{.name = "again", .most = 1, .help = help},
                                           bad[i].info,
                                           {.name = NULL}};
        arv_storage_ops ops = driver(options);
        CHECK_SCENE("declaration %zu", i);
        CHECK_ERR(arv_storage_register(&ops, NULL, &err), &err, ARV_EINVALID, bad[i].says);
        CHECK_HAS(err.message, "'declared'");
    }
    static arv_option_info many[40];
    static char names[40][8];
    for (size_t i = 0; i < 39; i++) {
        snprintf(names[i], sizeof names[i], "o%zu", i);
        many[i] = (arv_option_info){.name = names[i], .kind = ARV_OPTION_FLAG, .help = help};
    }
    arv_storage_ops ops = driver(many);
    CHECK_ERR(arv_storage_register(&ops, NULL, &err), &err, ARV_EINVALID, "39 options; 32 are the most");
}

TEST(what_is_declared_can_be_listed)
{
    const arv_option_info *options = arv_storage_options("filesystem");
    CHECK_STR(options[0].name, "create");
    CHECK_INT(options[0].kind, ARV_OPTION_FLAG);
    CHECK(arv_storage_options("nonsense") == NULL && arv_storage_options(NULL) == NULL);
    CHECK_STR(arv_option_kind_name(ARV_OPTION_NUMBER), "number");
    CHECK_STR(arv_option_kind_name((arv_option_kind)77), "unknown");
}

/* ---- secrets --------------------------------------------------------------------------------- */

TEST(a_secret_is_bounded_and_never_told)
{
    static char text[ARV_SECRET_BYTES_MAX + 2];
    arv_secret *secret;
    memset(text, 'x', sizeof text);
    CHECK_ERR(arv_secret_new(&secret, "", 0, &err), &err, ARV_EINVALID, "65536");
    CHECK_ERR(arv_secret_new(&secret, NULL, 5, &err), &err, ARV_EINVALID, NULL);
    CHECK_ERR(arv_secret_new(&secret, "hunter\0", 7, &err), &err, ARV_EINVALID, "NUL");
    CHECK(!strstr(err.message, "hunter"));
    CHECK_ERR(arv_secret_new(&secret, text, ARV_SECRET_BYTES_MAX + 1, &err), &err, ARV_EINVALID, NULL);
    CHECK(secret == NULL);
    CHECK_OK(arv_secret_new(&secret, text, ARV_SECRET_BYTES_MAX, &err), &err);
    CHECK_INT(arv_secret_length(secret), ARV_SECRET_BYTES_MAX);
    CHECK_INT(strlen(arv_secret_text(secret)), ARV_SECRET_BYTES_MAX);
    arv_secret_unref(secret);
    arv_secret_unref(NULL);
}

/* smaps has the flags of each range of pages: "dd", not in a core dump. */
TEST(a_secret_lies_in_pages_of_its_own_that_no_core_dump_has)
{
    arv_secret *secret;
    char line[512];
    bool here = false, excluded = false;
    unsigned long from, to;
    CHECK_OK(arv_secret_new(&secret, "hunter2", 7, &err), &err);
    CHECK(arv_secret_ref(secret) == secret);
    arv_secret_unref(secret);
    CHECK_STR(arv_secret_text(secret), "hunter2");
    unsigned long at = (unsigned long)(uintptr_t)arv_secret_text(secret);
    FILE *maps = fopen("/proc/self/smaps", "re");
    CHECK(maps != NULL);
    while (fgets(line, sizeof line, maps)) {
        if (sscanf(line, "%lx-%lx ", &from, &to) == 2)
            here = at >= from && at < to;
        else if (here && strncmp(line, "VmFlags:", 8) == 0)
            excluded = strstr(line, " dd") != NULL;
    }
    fclose(maps);
    CHECK(excluded);
    unsigned char there;
    void *page = (void *)(uintptr_t)(at & ~4095ul);
    CHECK_INT(mincore(page, 1, &there), 0);
    arv_secret_unref(secret);
    CHECK(mincore(page, 1, &there) < 0); /* given back */
}

/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Structs of options of programs that were compiled for another version: each public one is given to
 * the function that takes it, in its own size, shorter, longer, and with a size that was never set.
 * Behind a shorter one lies what no function takes for options.
 */

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <arv/archivist.h>

#include "jobs.h"
#include "test.h"

enum { LARGER_BYTES = 64, STRUCT_BYTES_MAX = 1024 };

static unsigned number; /* of names of files and folders */

static const char *new_path(const char *suffix)
{
    return test_path("%u%s", number++, suffix);
}

static arv_engine *engine_new(void)
{
    arv_engine *engine = NULL;
    arv_error err;
    CHECK_OK(arv_engine_new(&engine, NULL, &err), &err);
    return engine;
}

/* ---- who takes them ------------------------------------------------------------------------- */

static int use_engine(const void *options, arv_error *err)
{
    arv_engine *engine = NULL;
    int rc = arv_engine_new(&engine, options, err);
    arv_engine_free(engine);
    return rc;
}

static int use_entries(const void *options, arv_error *err)
{
    arv_entries *entries = NULL;
    int rc = arv_entries_new(&entries, options, err);
    arv_entries_unref(entries);
    return rc;
}

static int use_folder(const void *options, arv_error *err)
{
    arv_entries *entries = NULL;
    CHECK_OK(arv_entries_new(&entries, NULL, err), err);
    int rc = arv_entries_add_folder(entries, NULL, test_dir(), options, err);
    arv_entries_unref(entries);
    return rc;
}

static int use_package(const void *options, arv_error *err)
{
    return arv_package_options_check(options, err);
}

/* As a job takes it, to the end. */
static int use_spec(const void *options, arv_error *err)
{
    arv_engine *engine = engine_new();
    arv_job *job = NULL;
    int rc = arv_job_start(&job, engine, options, err);
    while (job && arv_engine_run(engine, 1000))
        continue;
    if (job)
        rc = arv_job_error(job, err);
    arv_job_unref(job);
    arv_engine_free(engine);
    return rc;
}

static int pack(const void *options, const char *path, arv_error *err)
{
    arv_job_spec spec;
    arv_entry entry = {.name = "a", .size_bytes = 1, .modified_at_unix = ARV_TIME_UNKNOWN};
    arv_job_spec_init(&spec, sizeof spec);
    spec.package = options;
    spec.path = path;
    CHECK_OK(arv_entries_new(&spec.entries, NULL, err), err);
    CHECK_OK(arv_entries_add_memory(spec.entries, &entry, "x", 1, err), err);
    int rc = use_spec(&spec, err);
    arv_entries_unref(spec.entries);
    return rc;
}

static int use_package_in_spec(const void *options, arv_error *err)
{
    return pack(options, new_path(".zip"), err);
}

static int use_staging(const void *options, arv_error *err)
{
    arv_staging *staging = NULL;
    int rc = arv_staging_open(&staging, new_path(""), options, err);
    arv_staging_unref(staging);
    return rc;
}

static const char *archive(void)
{
    static const char *path;
    if (!path) {
        arv_package_options package;
        arv_error err;
        arv_package_options_init(&package, sizeof package);
        package.name = "Exam";
        path = strdup(new_path(".zip"));
        CHECK_OK(pack(&package, path, &err), &err);
    }
    return path;
}

static int ended(arv_engine *engine, arv_task *task, int rc, arv_error *err)
{
    if (rc == 0)
        rc = arv_task_wait(task, 60000, err);
    const arv_report *report = arv_task_report(task);
    if (rc == 0 && report && report->finding_count)
        rc = arv_error_set(err, ARV_EMISMATCH, "%s", report->findings[0].message);
    arv_task_unref(task);
    arv_engine_free(engine);
    return rc;
}

static int use_verify(const void *options, arv_error *err)
{
    arv_origin origin = {.path = archive()};
    arv_engine *engine = engine_new();
    arv_task *task = NULL;
    int rc = arv_verify(engine, &origin, options, NULL, NULL, &task, err);
    return ended(engine, task, rc, err);
}

static int no_item(void *user_data, const arv_item *item)
{
    (void)user_data;
    (void)item;
    return 0;
}

static int use_list(const void *options, arv_error *err)
{
    arv_origin origin = {.path = archive()};
    arv_engine *engine = engine_new();
    arv_task *task = NULL;
    int rc = arv_list(engine, &origin, options, no_item, NULL, NULL, &task, err);
    return ended(engine, task, rc, err);
}

static int use_extract(const void *options, arv_error *err)
{
    arv_origin origin = {.path = archive()};
    arv_engine *engine = engine_new();
    arv_task *task = NULL;
    int rc = arv_extract(engine, &origin, new_path(""), options, NULL, NULL, &task, err);
    return ended(engine, task, rc, err);
}

static int use_verify_in_extract(const void *options, arv_error *err)
{
    arv_extract_options extract = {.struct_bytes = sizeof extract, .verify = options};
    return use_extract(&extract, err);
}

static int use_limits(const void *options, arv_error *err)
{
    arv_verify_options how = {.struct_bytes = sizeof how, .limits = options};
    return use_verify(&how, err);
}

/* ---- what fills them ------------------------------------------------------------------------ */

static void fill_engine(void *into)
{
    arv_engine_options_init(into, sizeof(arv_engine_options));
}

static void fill_staging(void *into)
{
    arv_staging_options_init(into, sizeof(arv_staging_options));
}

static void fill_package(void *into)
{
    arv_package_options *package = into;
    arv_package_options_init(package, sizeof *package);
    package->name = "Exam";
}

/* Options may be overwritten before anybody frees what they point at. */
static arv_entries *filled_entries;

static void fill_spec(void *into)
{
    static arv_package_options package;
    arv_job_spec *spec = into;
    arv_error err;
    arv_entry entry = {.name = "a", .size_bytes = 1, .modified_at_unix = ARV_TIME_UNKNOWN};
    fill_package(&package);
    arv_job_spec_init(spec, sizeof *spec);
    spec->package = &package;
    spec->path = new_path(".zip");
    CHECK_OK(arv_entries_new(&filled_entries, NULL, &err), &err);
    CHECK_OK(arv_entries_add_memory(filled_entries, &entry, "x", 1, &err), &err);
    spec->entries = filled_entries;
}

/* ---- the table ------------------------------------------------------------------------------ */

typedef struct kind {
    const char *type;
    size_t bytes, older_bytes; /* older: as far as a field that may not be read as 0xff … */
    void (*fill)(void *into);  /* NULL: zeros */
    int (*use)(const void *options, arv_error *err);
} kind;

#define KIND(type, later, fill, use)                                                                         \
    {                                                                                                        \
#type, sizeof(type), offsetof(type, later), fill, use                                                \
    }

static const kind kinds[] = {
    KIND(arv_engine_options, nice, fill_engine, use_engine),
    KIND(arv_entries_options, temp_directory, NULL, use_entries),
    KIND(arv_folder_options, exclude, NULL, use_folder),
    KIND(arv_package_options, temp_directory, fill_package, use_package),
    KIND(arv_package_options, temp_directory, fill_package, use_package_in_spec),
    KIND(arv_job_spec, on_state, fill_spec, use_spec),
    KIND(arv_staging_options, reserve_bytes, fill_staging, use_staging),
    KIND(arv_limits, total_bytes_max, NULL, use_limits),
    KIND(arv_verify_options, foreign, NULL, use_verify),
    KIND(arv_verify_options, foreign, NULL, use_list),
    KIND(arv_verify_options, foreign, NULL, use_verify_in_extract),
    KIND(arv_extract_options, verify, NULL, use_extract),
};

/* Options of this version, and `bytes` in struct_bytes. What lies behind them is 0xff. */
static void options_of(const kind *k, size_t bytes, unsigned char *into)
{
    memset(into, 0xff, STRUCT_BYTES_MAX);
    memset(into, 0, k->bytes);
    if (k->fill)
        k->fill(into);
    if (bytes < k->bytes)
        memset(into + bytes, 0xff, k->bytes - bytes);
    else if (bytes < STRUCT_BYTES_MAX)
        memset(into + k->bytes, 0, bytes - k->bytes);
    memcpy(into, &bytes, sizeof bytes);
}

static const char *scene(const kind *k, int rc, const arv_error *err)
{
    static char text[900];
    snprintf(text, sizeof text, "%s: %s: %s", k->type, arv_error_name(rc), rc < 0 ? err->message : "");
    return text;
}

static void check_all(size_t (*bytes_of)(const kind *k), size_t set, int code, const char *part)
{
    _Alignas(max_align_t) unsigned char block[STRUCT_BYTES_MAX];
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const kind *k = &kinds[i];
        CHECK_SCENE("%s", k->type);
        arv_error err;
        arv_error_clear(&err);
        options_of(k, bytes_of(k), block);
        if (set)
            block[set - 1 + k->bytes] = 1;
        int rc = k->use(block, &err);
        arv_entries_unref(filled_entries);
        filled_entries = NULL;
        char wanted[40];
        snprintf(wanted, sizeof wanted, "%s: %s: ", k->type, arv_error_name(code));
        CHECK_HAS(scene(k, rc, &err), wanted);
        if (code < 0) {
            CHECK_HAS(err.message, k->type);
            CHECK_HAS(err.message, part);
        }
    }
}

static size_t own_bytes(const kind *k)
{
    return k->bytes;
}

static size_t older_bytes(const kind *k)
{
    return k->older_bytes;
}

static size_t newer_bytes(const kind *k)
{
    return k->bytes + LARGER_BYTES;
}

static size_t no_bytes(const kind *k)
{
    (void)k;
    return 0;
}

static size_t wild_bytes(const kind *k)
{
    (void)k;
    return SIZE_MAX;
}

TEST(options_of_this_version_are_taken)
{
    check_all(own_bytes, 0, 0, NULL);
}

TEST(options_of_an_older_version_are_taken_and_lack_what_is_newer)
{
    check_all(older_bytes, 0, 0, NULL);
}

TEST(options_of_a_newer_version_are_taken_when_nothing_newer_is_set)
{
    check_all(newer_bytes, 0, 0, NULL);
}

TEST(options_of_a_newer_version_with_a_newer_field_set_are_refused)
{
    check_all(newer_bytes, 1, ARV_EUNSUPPORTED, "does not know: Archivist " ARV_VERSION);
    check_all(newer_bytes, LARGER_BYTES, ARV_EUNSUPPORTED, "Leave the field out");
}

TEST(options_without_their_size_are_refused)
{
    check_all(no_bytes, 0, ARV_EINVALID, "0 in struct_bytes; set it to sizeof(");
    check_all(wild_bytes, 0, ARV_EINVALID, "in struct_bytes; set it to sizeof(");
}

TEST(what_refuses_options_makes_nothing)
{
    arv_limits unset = {.entries_max = 1};
    arv_verify_options how = {.struct_bytes = sizeof how, .limits = &unset};
    arv_origin origin = {.path = archive()};
    arv_engine *engine = engine_new();
    arv_task *task = (arv_task *)(void *)&origin;
    arv_error err;
    CHECK_ERR(arv_verify(engine, &origin, &how, NULL, NULL, &task, &err), &err, ARV_EINVALID, "arv_limits");
    CHECK(!task);
    CHECK(!arv_engine_run(engine, 0));
    arv_engine_free(engine);
}

TEST(options_that_are_required_are_asked_for)
{
    arv_job_spec spec;
    arv_job *job = NULL;
    arv_engine *engine = engine_new();
    arv_error err;
    arv_job_spec_init(&spec, sizeof spec);
    CHECK_ERR(arv_job_start(&job, engine, &spec, &err), &err, ARV_EINVALID, "arv_package_options is missing");
    CHECK_ERR(arv_job_start(&job, engine, NULL, &err), &err, ARV_EINVALID, "arv_job_spec is missing");
    CHECK_ERR(arv_package_options_check(NULL, &err), &err, ARV_EINVALID, "missing");
    arv_engine_free(engine);
}

/* A newer library must not write behind an older program's struct, nor leave a part of a newer one. */
TEST(an_init_function_fills_the_size_that_it_is_told)
{
    union {
        arv_package_options package;
        unsigned char bytes[sizeof(arv_package_options) + LARGER_BYTES];
    } u;
    size_t older = offsetof(arv_package_options, collected_at_unix);
    memset(u.bytes, 0xff, sizeof u.bytes);
    arv_package_options_init(&u.package, older);
    CHECK_INT(u.package.struct_bytes, older);
    CHECK_INT(u.package.level, ARV_LEVEL_DEFAULT);
    CHECK_INT(u.bytes[older], 0xff);
    arv_package_options_init(&u.package, sizeof u.bytes);
    CHECK_INT(u.package.struct_bytes, sizeof u.bytes);
    CHECK(u.package.collected_at_unix == ARV_TIME_UNKNOWN);
    CHECK_INT(u.bytes[sizeof u.bytes - 1], 0);
    memset(u.bytes, 0xff, sizeof u.bytes);
    arv_package_options_init(&u.package, 0);
    CHECK_INT(u.bytes[0], 0xff);
}

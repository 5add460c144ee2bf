/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Sources that answer later: whenever they do, and in whichever order, the archive is the same; no more
 * are begun than may be; what fails, lies, answers twice or never ends as it should.
 */

#include "test.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "alloc_fail.h"
#include "jobs.h"

enum { SOURCES = 8, LARGE_BYTES = 10 << 20 };

typedef enum { AT_ONCE, LATER, BACKWARDS, NEVER } answers;

typedef struct scene {
    answers when;
    bool twice;
    int room; /* for sources that wait, in a ring that others share */
    int begun, answered, open_most, read_last;
    arv_job *cancels; /* from inside begin */
    struct source {
        struct scene *scene;
        int number;
        int64_t promised;
        size_t length, at;
        int fail_answer, fail_code; /* of the answer; of reading, at the end */
        arv_async *waiting;
        int begins, cancels, releases;
    } sources[SOURCES];
    job_run run;
} scene;

static unsigned char data[LARGE_BYTES + 1];

/* ---- the sources ------------------------------------------------------------------------------- */

static void answer(struct source *s)
{
    arv_error err;
    arv_async *async = s->waiting;
    s->waiting = NULL;
    s->scene->answered++;
    if (s->fail_answer)
        arv_error_set(&err, s->fail_answer, "The page did not load.");
    arv_async_ready(async, s->fail_answer, &err);
    if (s->scene->twice) {
        arv_error_set(&err, ARV_ESOURCE, "A second thought.");
        arv_async_ready(async, ARV_ESOURCE, &err);
    }
}

static void source_begin(void *user_data, arv_async *async)
{
    struct source *s = user_data;
    scene *sc = s->scene;
    s->begins++;
    CHECK_INT(sc->begun, s->number); /* in the order of the archive */
    sc->begun++;
    int open = 0;
    for (int i = 0; i < SOURCES; i++)
        open += sc->sources[i].begins && !sc->sources[i].releases;
    if (open > sc->open_most)
        sc->open_most = open;
    s->waiting = async;
    if (sc->when == AT_ONCE)
        answer(s);
    if (sc->cancels)
        arv_job_cancel(sc->cancels, NULL);
}

static int64_t source_read(void *user_data, void *into, size_t length, arv_error *err)
{
    struct source *s = user_data;
    size_t part = s->length - s->at < length ? s->length - s->at : length;
    CHECK(!s->waiting && s->scene->read_last <= s->number);
    s->scene->read_last = s->number;
    if (part == 0 && s->fail_code)
        return arv_error_set(err, s->fail_code, "The tape has torn.");
    memcpy(into, data + s->at, part);
    s->at += part;
    return (int64_t)part;
}

static void source_cancel(void *user_data)
{
    struct source *s = user_data;
    CHECK(s->waiting && !s->releases);
    s->cancels++;
    arv_async_ready(s->waiting, 0, NULL); /* too late: it does nothing */
}

static void source_release(void *user_data)
{
    struct source *s = user_data;
    s->releases++;
    s->waiting = NULL;
}

static const arv_async_ops source_ops = {source_begin, source_read, source_cancel, source_release};

/* Between two turns: one of those that wait answers. */
static void answer_one(scene *sc)
{
    int waiting = 0;
    for (int i = 0; i < SOURCES; i++)
        waiting += sc->sources[i].waiting != NULL;
    if (sc->when == NEVER || waiting == 0)
        return;
    if (sc->when == BACKWARDS && waiting < sc->room && sc->begun < SOURCES && sc->answered % sc->room == 0)
        return; /* until as many wait as may */
    for (int i = 0; i < SOURCES; i++) {
        struct source *s = &sc->sources[sc->when == BACKWARDS ? SOURCES - 1 - i : i];
        if (s->waiting) {
            answer(s);
            return;
        }
    }
}

/* ---- the archive ------------------------------------------------------------------------------- */

/* Sizes about a unit's and the spool's, promised and not, among other entries. */
static void scene_init(scene *sc, answers when)
{
    static const struct {
        size_t length;
        bool unknown;
    } sizes[SOURCES] = {{5000, false},       {0, true},        {(1 << 20) + 1, false}, {200000, true},
                        {LARGE_BYTES, true}, {1 << 20, false}, {3 << 20, true},        {0, false}};
    memset(sc, 0, sizeof *sc);
    sc->when = when;
    sc->room = ARV_ASYNC_BEGUN_MAX;
    for (int i = 0; i < SOURCES; i++)
        sc->sources[i] =
            (struct source){.scene = sc,
                            .number = i,
                            .length = sizes[i].length,
                            .promised = sizes[i].unknown ? ARV_SIZE_UNKNOWN : (int64_t)sizes[i].length};
}

static int scene_add(scene *sc)
{
    job_run *r = &sc->run;
    int rc = 0;
    for (int i = 0; i < SOURCES && rc == 0; i++) {
        char name[40], beside[40];
        arv_entry entry = {.name = name,
                           .owner = "Mia",
                           .size_bytes = sc->sources[i].promised,
                           .modified_at_unix = ARV_TIME_UNKNOWN};
        snprintf(name, sizeof name, "n%d page.pdf", i);
        rc = arv_entries_add_async(r->entries, &entry, &source_ops, &sc->sources[i], &r->error);
        arv_entry other = {.name = beside, .size_bytes = 2, .modified_at_unix = ARV_TIME_UNKNOWN};
        snprintf(beside, sizeof beside, "n%d page.txt", i);
        if (rc == 0)
            rc = arv_entries_add_memory(r->entries, &other, "ok", 2, &r->error);
    }
    return rc;
}

static int scene_run(scene *sc, const char *path)
{
    job_run *r = &sc->run;
    r->spec.path = path;
    int rc = job_begin_run(r);
    if (rc < 0)
        return rc;
    while (arv_engine_run(r->engine, 1000))
        answer_one(sc);
    CHECK_INT(r->dones, 1);
    return arv_job_error(r->job, &r->error);
}

static arv_engine *engine_of(unsigned threads)
{
    arv_engine_options options;
    arv_engine *engine = NULL;
    arv_error err;
    arv_engine_options_init(&options, sizeof options);
    options.threads = threads;
    CHECK_OK(arv_engine_new(&engine, &options, &err), &err);
    return engine;
}

/* What is begun is released once, in every case; nobody waits for an answer any more. */
static void scene_close(scene *sc)
{
    arv_engine *engine = sc->run.engine;
    job_close(&sc->run);
    arv_engine_free(engine);
    for (int i = 0; i < SOURCES; i++) {
        CHECK_SCENE("source %d", i);
        CHECK_INT(sc->sources[i].releases, 1);
        CHECK(sc->sources[i].begins <= 1 && !sc->sources[i].waiting);
    }
    CHECK(sc->open_most <= ARV_ASYNC_BEGUN_MAX);
}

static void scene_open(scene *sc, answers when, unsigned threads)
{
    scene_init(sc, when);
    job_open(&sc->run, engine_of(threads));
    CHECK_OK(scene_add(sc), &sc->run.error);
}

static const arv_format formats[] = {ARV_FORMAT_ZIP, ARV_FORMAT_TAR_ZST, ARV_FORMAT_TAR_GZ, ARV_FORMAT_TAR};

/* ---- order ------------------------------------------------------------------------------------- */

static void archive_of(answers when, unsigned threads, arv_format format, char hex[65])
{
    scene sc;
    const char *path = test_path("%d.%u.%s", (int)when, threads, arv_format_name(format));
    scene_open(&sc, when, threads);
    sc.run.package.format = format;
    if (threads > 1) {
        sc.run.package.memory_bytes = 9 << 20; /* the smallest ring: four slots */
        sc.room = 2;
    }
    CHECK_OK(scene_run(&sc, path), &sc.run.error);
    CHECK_INT(arv_job_get_result(sc.run.job)->entries, 2 + 2 * SOURCES);
    arv_origin origin = {.path = path};
    job_check_valid(sc.run.engine, &origin);
    if (when != AT_ONCE)
        CHECK_INT(sc.open_most, sc.room);
    scene_close(&sc);
    job_openssl_sha256(path, hex);
    unlink(path);
}

TEST_TIMEOUT(the_bytes_do_not_tell_when_sources_answered, 300)
{
    test_fill_random(data, sizeof data / 2, 7);
    for (int f = 0; f < 4; f++) {
        char first[65], other[65];
        archive_of(AT_ONCE, 1, formats[f], first);
        for (int when = AT_ONCE; when <= BACKWARDS; when++)
            for (unsigned threads = 1; threads <= 4; threads += 3) {
                CHECK_SCENE("format %s, answers %d, %u threads", arv_format_name(formats[f]), when, threads);
                archive_of((answers)when, threads, formats[f], other);
                CHECK_STR(other, first);
            }
    }
}

TEST(what_stands_behind_a_source_is_read_while_it_is_waited_for)
{
    scene sc;
    scene_open(&sc, NEVER, 2);
    sc.run.spec.path = test_path("x.zip");
    CHECK_OK(job_begin_run(&sc.run), &sc.run.error);
    for (int turn = 0; turn < 10000 && sc.begun < ARV_ASYNC_BEGUN_MAX; turn++)
        CHECK(arv_engine_run(sc.run.engine, 100));
    CHECK_INT(sc.begun, ARV_ASYNC_BEGUN_MAX); /* with entries between them */
    sc.when = LATER;
    while (arv_engine_run(sc.run.engine, 1000))
        answer_one(&sc);
    CHECK_INT(sc.run.status, 0);
    scene_close(&sc);
}

/* ---- failures ---------------------------------------------------------------------------------- */

static void expect_failure(scene *sc, int code, const char *part)
{
    CHECK_ERR(scene_run(sc, test_path("out/x")), &sc->run.error, code, part);
    scene_close(sc);
    CHECK_INT(test_count_dir(test_path("out")), 0);
}

TEST(an_answer_that_is_an_error_names_the_entry)
{
    mkdir(test_path("out"), 0700);
    for (int when = AT_ONCE; when <= BACKWARDS; when++) {
        CHECK_SCENE("answers %d", when);
        scene sc;
        scene_open(&sc, (answers)when, 2);
        sc.sources[3].fail_answer = ARV_ETIMEOUT;
        expect_failure(&sc, ARV_ETIMEOUT, "Entry 'n3 page.pdf': The page did not load.");
    }
}

TEST(a_size_that_is_not_kept_is_named)
{
    mkdir(test_path("out"), 0700);
    for (int more = -1; more <= 1; more += 2)
        for (int i = 0; i < 3; i += 2) { /* one that fits into a unit, one that does not */
            CHECK_SCENE("source %d, %d bytes more", i, more);
            scene sc;
            scene_open(&sc, LATER, 2);
            sc.sources[i].length += (size_t)more;
            expect_failure(&sc, ARV_ESIZE, more < 0 ? "ended after" : "delivered more than");
        }
}

static void expect_partial(answers when, int number, int fail_answer, int fail_code)
{
    for (int f = 0; f < 4; f++) {
        CHECK_SCENE("format %s, answers %d, source %d", arv_format_name(formats[f]), (int)when, number);
        scene sc;
        const char *path = test_path("partial.%s", arv_format_name(formats[f]));
        scene_open(&sc, when, 2);
        sc.run.package.format = formats[f];
        sc.run.package.failures_max = 2;
        sc.sources[number].fail_answer = fail_answer;
        sc.sources[number].fail_code = fail_code;
        CHECK_OK(scene_run(&sc, path), &sc.run.error);
        const arv_job_result *result = arv_job_get_result(sc.run.job);
        CHECK_INT(arv_job_get_state(sc.run.job), ARV_JOB_PARTIAL);
        CHECK_INT(result->entries, 2 + 2 * SOURCES - 1);
        CHECK_INT(result->failures_kept, 1);
        CHECK_HAS(result->failures[0].name, "page.pdf");
        arv_origin origin = {.path = path};
        job_check_valid(sc.run.engine, &origin);
        scene_close(&sc);
        unlink(path);
    }
}

TEST_TIMEOUT(a_source_that_fails_may_be_missing, 120)
{
    expect_partial(AT_ONCE, 0, ARV_ESOURCE, 0);
    expect_partial(LATER, 7, ARV_ESOURCE, 0);
    expect_partial(BACKWARDS, 4, ARV_ESOURCE, 0);
    expect_partial(LATER, 0, 0, ARV_ESOURCE); /* while it is read */
    expect_partial(LATER, 3, 0, ARV_ESOURCE); /* while it is spooled */
}

/* Nothing else was begun: packing begins anew without it. */
TEST(one_that_fails_in_its_middle_may_be_missing)
{
    scene sc;
    scene_init(&sc, LATER);
    job_open(&sc.run, engine_of(2));
    arv_entry entry = {.name = "n page.pdf", .size_bytes = 5 << 20, .modified_at_unix = ARV_TIME_UNKNOWN};
    sc.sources[0].length = 3 << 20;
    sc.sources[0].fail_code = ARV_ESOURCE;
    CHECK_OK(arv_entries_add_async(sc.run.entries, &entry, &source_ops, &sc.sources[0], &sc.run.error),
             &sc.run.error);
    sc.run.package.failures_max = 1;
    CHECK_OK(scene_run(&sc, test_path("x.zip")), &sc.run.error);
    CHECK_INT(arv_job_get_state(sc.run.job), ARV_JOB_PARTIAL);
    CHECK_INT(arv_job_get_result(sc.run.job)->entries, 2);
    CHECK_INT(sc.sources[0].begins, 1);
    CHECK_INT(sc.sources[0].releases, 1);
    arv_engine *engine = sc.run.engine;
    job_close(&sc.run);
    arv_engine_free(engine);
}

/* What is ahead of it was begun, and cannot be begun again. */
TEST(one_that_fails_in_its_middle_while_others_are_begun_ends_the_job)
{
    mkdir(test_path("out"), 0700);
    scene sc;
    scene_open(&sc, LATER, 2);
    sc.run.package.failures_max = 5;
    sc.sources[2].promised = 0;
    sc.sources[2].fail_code = ARV_ESOURCE;
    sc.sources[2].length = 1 << 20; /* of one more */
    expect_failure(&sc, ARV_ESOURCE, "can be read only once");
}

/* ---- answers that do not come, or too often ---------------------------------------------------- */

static void expect_cancel(scene *sc, int code, int cancels)
{
    CHECK_INT(sc->run.status, code);
    int seen = 0;
    for (int i = 0; i < SOURCES; i++) {
        CHECK(sc->sources[i].cancels <= 1);
        seen += sc->sources[i].cancels;
    }
    CHECK_INT(seen, cancels);
    scene_close(sc);
    CHECK_INT(test_count_dir(test_path("out")), 0);
}

TEST(a_source_that_never_answers_is_told_of_the_cancel)
{
    mkdir(test_path("out"), 0700);
    scene sc;
    scene_open(&sc, NEVER, 2);
    sc.run.spec.path = test_path("out/x");
    CHECK_OK(job_begin_run(&sc.run), &sc.run.error);
    while (sc.begun < ARV_ASYNC_BEGUN_MAX)
        CHECK(arv_engine_run(sc.run.engine, 100)); /* something is under way */
    arv_job_cancel(sc.run.job, NULL);
    CHECK_INT(sc.sources[0].cancels, 0); /* not from inside of the cancel */
    while (arv_engine_run(sc.run.engine, 1000))
        continue;
    expect_cancel(&sc, ARV_ECANCELED, ARV_ASYNC_BEGUN_MAX);
}

TEST(a_source_that_never_answers_ends_with_the_time_limit)
{
    mkdir(test_path("out"), 0700);
    scene sc;
    scene_open(&sc, NEVER, 2);
    sc.run.spec.path = test_path("out/x");
    sc.run.spec.time_limit_ms = 300;
    CHECK_OK(job_begin_run(&sc.run), &sc.run.error);
    while (arv_engine_run(sc.run.engine, 1000))
        continue;
    CHECK(sc.begun > 0);
    expect_cancel(&sc, ARV_ETIMEOUT, sc.begun);
}

TEST(a_cancel_from_inside_of_begin_is_heard)
{
    mkdir(test_path("out"), 0700);
    for (int when = AT_ONCE; when <= NEVER; when += NEVER) {
        scene sc;
        scene_open(&sc, (answers)when, 2);
        sc.run.spec.path = test_path("out/x");
        CHECK_OK(job_begin_run(&sc.run), &sc.run.error);
        sc.cancels = sc.run.job;
        while (arv_engine_run(sc.run.engine, 1000))
            continue;
        CHECK_INT(sc.begun, 1);
        expect_cancel(&sc, ARV_ECANCELED, when == NEVER);
    }
}

TEST(an_engine_that_is_freed_does_not_wait_for_answers)
{
    scene sc;
    scene_open(&sc, NEVER, 2);
    sc.run.spec.path = test_path("x.zip");
    CHECK_OK(job_begin_run(&sc.run), &sc.run.error);
    while (sc.begun < 2)
        CHECK(arv_engine_run(sc.run.engine, 100));
    arv_engine *engine = sc.run.engine;
    arv_engine_free(engine);
    CHECK_INT(sc.sources[0].cancels, 1);
    sc.run.engine = NULL;
    scene_close(&sc);
}

TEST(the_first_answer_counts)
{
    for (int when = AT_ONCE; when <= BACKWARDS; when++) {
        scene sc;
        scene_open(&sc, (answers)when, 2);
        sc.twice = true;
        CHECK_OK(scene_run(&sc, test_path("%d.zip", when)), &sc.run.error);
        scene_close(&sc);
    }
}

TEST(a_source_needs_its_functions)
{
    arv_entries *entries = NULL;
    arv_error err;
    arv_entry entry = {.name = "x", .size_bytes = 0, .modified_at_unix = ARV_TIME_UNKNOWN};
    const arv_async_ops no_begin = {.read = source_read}, no_read = {.begin = source_begin};
    CHECK_OK(arv_entries_new(&entries, NULL, &err), &err);
    CHECK_ERR(arv_entries_add_async(entries, &entry, NULL, NULL, &err), &err, ARV_EINVALID, "begins");
    CHECK_ERR(arv_entries_add_async(entries, &entry, &no_begin, NULL, &err), &err, ARV_EINVALID, "begins");
    CHECK_ERR(arv_entries_add_async(entries, &entry, &no_read, NULL, &err), &err, ARV_EINVALID,
              "needs the callback");
    arv_entries_unref(entries);
}

/* ---- memory ------------------------------------------------------------------------------------ */

static void memory_body(void *user_data, bool must_succeed)
{
    arv_engine_options options;
    arv_engine *engine = NULL;
    arv_error err = {0};
    scene sc;
    (void)user_data;
    scene_init(&sc, BACKWARDS);
    arv_engine_options_init(&options, sizeof options);
    options.threads = options.readers = 2;
    int rc = arv_engine_new(&engine, &options, &err);
    if (rc == 0) {
        rc = job_try_open(&sc.run, engine);
        if (rc == 0)
            rc = scene_add(&sc);
        sc.run.package.format = ARV_FORMAT_TAR_ZST;
        if (rc == 0)
            rc = scene_run(&sc, test_path("out/x"));
        err = sc.run.error;
    }
    job_close(&sc.run);
    arv_engine_free(engine);
    for (int i = 0; i < SOURCES; i++)
        CHECK(sc.sources[i].releases <= 1 && !sc.sources[i].waiting);
    CHECK_INT(test_count_dir(test_path("out")), rc == 0);
    unlink(test_path("out/x"));
    if (must_succeed)
        CHECK_OK(rc, &err);
    else if (rc < 0)
        CHECK_ERR(rc, &err, ARV_ENOMEM, NULL);
}

TEST_TIMEOUT(sources_that_answer_later_survive_every_failed_allocation, 600)
{
    mkdir(test_path("out"), 0700);
    CHECK(test_each_allocation(memory_body, NULL) > 30);
}

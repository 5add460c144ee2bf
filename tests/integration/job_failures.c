/* SPDX-License-Identifier: Apache-2.0 */

/* Entries whose sources fail are left out and named, and the job ends in part. */

#include "jobs.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fault_fs.h"
#include "test.h"

enum { LARGE_BYTES = 4 << 20 };

static const arv_format formats[] = {ARV_FORMAT_ZIP, ARV_FORMAT_TAR_ZST, ARV_FORMAT_TAR_GZ, ARV_FORMAT_TAR};
enum { FORMATS = sizeof formats / sizeof *formats };

/* ---- scenes ------------------------------------------------------------------------------------- */

static char target[300];

/* A job of an engine with so many threads into "out/x", without any entry yet. */
static void open_run(job_run *r, unsigned threads)
{
    mkdir(test_path("in"), 0700);
    mkdir(test_path("out"), 0700);
    snprintf(target, sizeof target, "%s", test_path("out/x"));
    arv_engine_options options;
    arv_engine *engine;
    arv_engine_options_init(&options, sizeof options);
    options.threads = threads;
    options.readers = threads;
    CHECK_OK(arv_engine_new(&engine, &options, &r->error), &r->error);
    job_open(r, engine);
    arv_entries_unref(r->entries);
    CHECK_OK(arv_entries_new(&r->entries, NULL, &r->error), &r->error);
    r->spec.entries = r->entries;
    r->package.failures_max = 10;
    r->spec.path = target;
}

static void close_run(job_run *r)
{
    arv_engine *engine = r->engine;
    job_close(r);
    arv_engine_free(engine);
    unlink(target);
}

static void add(job_run *r, const char *name, const char *owner)
{
    struct stat st;
    arv_entry entry = {.name = name, .owner = owner, .modified_at_unix = ARV_TIME_UNKNOWN};
    entry.size_bytes = stat(test_path("in/%s", name), &st) == 0 ? st.st_size : 7;
    CHECK_OK(arv_entries_add_path(r->entries, &entry, test_path("in/%s", name), &r->error), &r->error);
}

static void make(const char *name, size_t bytes)
{
    unsigned char *data = malloc(bytes + 1);
    mkdir(test_path("in"), 0700);
    test_fill_random(data, bytes, bytes + (unsigned char)name[0]);
    test_write_file(test_path("in/%s", name), data, bytes);
    free(data);
}

/* Reading from the second MiB of these files on fails, while they can be opened and looked at. */
static ino_t torn[4];
static unsigned torn_count;
static arv__fileops torn_table;

static ssize_t torn_pread(int fd, void *into, size_t length, uint64_t offset)
{
    struct stat st;
    if (length > 4096 && offset >= 2 << 20 && fstat(fd, &st) == 0)
        for (unsigned i = 0; i < torn_count; i++)
            if (torn[i] == st.st_ino)
                return -EIO;
    return arv__fs_system.pread(fd, into, length, offset);
}

static void tear(const char *name)
{
    struct stat st;
    CHECK_INT(stat(test_path("in/%s", name), &st), 0);
    torn[torn_count++] = st.st_ino;
    torn_table = arv__fs_system;
    torn_table.pread = torn_pread;
    arv__fs_set(&torn_table);
}

/* ---- judges ------------------------------------------------------------------------------------- */

static void judge(job_run *r)
{
    const char *path = target;
    char *output;
    job_check_valid(r->engine, &(arv_origin){.path = path});
    CHECK_INT(test_run(&output,
                       (const char *const[]){"python3", TEST_SOURCE_DIR "/support/check_bag.py", path, NULL}),
              0);
    free(output);
    if (r->package.format == ARV_FORMAT_ZIP)
        CHECK_INT(test_run(&output, (const char *const[]){"unzip", "-tq", path, NULL}), 0);
    else
        CHECK_INT(test_run(&output, (const char *const[]){"bsdtar", "-tf", path, NULL}), 0);
    free(output);
}

/* A document of the bag; malloc. */
static char *document(const char *name)
{
    char *output, member[64];
    snprintf(member, sizeof member, "Exam/%s", name);
    CHECK_INT(test_run(&output, (const char *const[]){"bsdtar", "-xOf", target, member, NULL}), 0);
    return output;
}

static void document_has(const char *name, const char *part)
{
    char *text = document(name);
    CHECK_HAS(text, part);
    free(text);
}

static void document_lacks(const char *name, const char *part)
{
    char *text = document(name);
    CHECK(!strstr(text, part));
    free(text);
}

static const arv_job_result *partial(job_run *r, uint64_t entries, uint64_t failures)
{
    CHECK_OK(job_finish(r, job_begin_run(r)), &r->error);
    CHECK_INT(arv_job_get_state(r->job), ARV_JOB_PARTIAL);
    const arv_job_result *result = arv_job_get_result(r->job);
    CHECK_INT(result->entries, entries);
    CHECK_INT(result->failure_count, failures);
    arv_job_progress progress;
    arv_job_get_progress(r->job, &progress);
    CHECK_INT(progress.entries_done, entries + failures);
    CHECK(progress.bytes_done >= progress.bytes_total); /* sizes may be unknown */
    judge(r);
    return result;
}

static void fails(job_run *r, int code, const char *part)
{
    CHECK_ERR(job_finish(r, job_begin_run(r)), &r->error, code, part);
    CHECK_INT(arv_job_get_state(r->job), ARV_JOB_FAILURE);
    CHECK(!arv_job_get_result(r->job));
    CHECK_INT(test_count_dir(test_path("out")), 0);
    close_run(r);
}

/* ---- small ones --------------------------------------------------------------------------------- */

TEST_TIMEOUT(one_bad_file_of_500_gives_499_good_ones_and_one_named_failure, 120)
{
    char name[32];
    for (int i = 0; i < 500; i++) {
        snprintf(name, sizeof name, "%03d <answer>.txt", i);
        make(name, 100 + (size_t)i * 20);
    }
    for (int f = 0; f < FORMATS; f++) {
        CHECK_SCENE("format %s", arv_format_name(formats[f]));
        job_run r;
        open_run(&r, 2);
        r.package.format = formats[f];
        for (int i = 0; i < 500; i++) {
            snprintf(name, sizeof name, "%03d <answer>.txt", i);
            add(&r, name, "Muster, Mia & Co");
        }
        char away[300];
        snprintf(away, sizeof away, "%s", test_path("away"));
        CHECK_INT(rename(test_path("in/250 <answer>.txt"), away), 0);
        const arv_job_result *result = partial(&r, 499, 1);
        CHECK_STATES(&r, 20, 30, 50, 60, 90, 105);
        CHECK_INT(result->failures_kept, 1);
        CHECK_STR(result->failures[0].name, "250 <answer>.txt");
        CHECK_INT(result->failures[0].name_length, strlen("250 <answer>.txt"));
        CHECK_INT(result->failures[0].error.code, ARV_EVANISHED);
        CHECK_HAS(result->failures[0].error.message, "of entry '250 <answer>.txt' has vanished");
        document_has("metadata/job.json", "\"payload\":{\"entries\":499,\"bytes\":");
        document_has("metadata/job.json", "\"partial\":{\"expected\":500,\"archived\":499,\"failed\":1}");
        document_has("metadata/failures.jsonl",
                     "{\"name\":\"250 <answer>.txt\",\"owner\":\"Muster, Mia & Co\","
                     "\"error\":\"VANISHED\",\"code\":-20,\"message\":\"The file ");
        document_has("index.html", "<h2>Incomplete: 1 of 500 entries is missing</h2>");
        document_has("index.html", "<tr><td dir=auto>250 &lt;answer&gt;.txt<td dir=auto>"
                                   "Muster, Mia &amp; Co<td>The file ");
        document_has("bag-info.txt", "Internal-Sender-Description: 1 of 500 entries could not be "
                                     "archived and are missing; metadata/failures.jsonl names");
        document_lacks("index.html", "data/250");
        document_lacks("manifest-sha256.txt", "data/250");
        document_lacks("metadata/entries.jsonl", "data/250");
        document_has("manifest-sha256.txt", "data/249");
        CHECK_INT(rename(away, test_path("in/250 <answer>.txt")), 0);
        close_run(&r);
    }
}

static void leave_out(const char *const *missing, unsigned count)
{
    static const char *const names[] = {"a", "b", "c", "d", "e", "f"};
    for (int f = 0; f < FORMATS; f++) {
        CHECK_SCENE("format %s", arv_format_name(formats[f]));
        job_run r;
        open_run(&r, 2);
        r.package.format = formats[f];
        for (unsigned i = 0; i < 6; i++) {
            make(names[i], 3000 + i);
            add(&r, names[i], NULL);
        }
        for (unsigned i = 0; i < count; i++)
            CHECK_INT(unlink(test_path("in/%s", missing[i])), 0);
        const arv_job_result *result = partial(&r, 6 - count, count);
        for (unsigned i = 0; i < count; i++)
            CHECK_STR(result->failures[i].name, missing[i]);
        close_run(&r);
    }
}

TEST(the_first_one_can_be_left_out)
{
    leave_out((const char *const[]){"a"}, 1);
}

TEST(the_last_one_can_be_left_out)
{
    leave_out((const char *const[]){"f"}, 1);
}

TEST(neighbours_at_both_ends_can_be_left_out)
{
    leave_out((const char *const[]){"a", "b", "e", "f"}, 4);
}

TEST(all_but_one_can_be_left_out)
{
    leave_out((const char *const[]){"a", "b", "c", "e", "f"}, 5);
}

TEST(every_error_of_a_source_leaves_out_only_its_entry)
{
    job_run r;
    make("good", 10);
    make("unreadable", 11);
    make("grown", 12);
    open_run(&r, 1);
    add(&r, "good", NULL);
    add(&r, "unreadable", NULL);
    add(&r, "grown", NULL);
    mkdir(test_path("in/folder"), 0700);
    CHECK_INT(symlink("good", test_path("in/link")), 0);
    CHECK_INT(mkfifo(test_path("in/fifo"), 0600), 0);
    arv_entry entry = {.modified_at_unix = ARV_TIME_UNKNOWN, .size_bytes = 4};
    static const char *const names[] = {"folder", "link", "fifo"};
    for (int i = 0; i < 3; i++) {
        entry.name = names[i];
        CHECK_OK(arv_entries_add_path(r.entries, &entry, test_path("in/%s", names[i]), &r.error), &r.error);
    }
    make("grown", 13);
    fault_fs_install();
    fault_fs_fail(FAULT_PREAD, 3, EIO); /* good and whether it goes on, then unreadable */
    const arv_job_result *result = partial(&r, 1, 5);
    static const int codes[] = {ARV_ESPECIAL, ARV_ESPECIAL, ARV_ESIZE, ARV_ESPECIAL, ARV_EUNREADABLE};
    for (int i = 0; i < 5; i++)
        CHECK_INT(result->failures[i].error.code, codes[i]);
    fault_fs_remove();
    close_run(&r);
}

TEST(an_empty_file_and_an_empty_folder_are_enough_to_remain)
{
    job_run r;
    arv_error err;
    mkdir(test_path("in"), 0700);
    mkdir(test_path("in/folder"), 0700);
    open_run(&r, 2);
    CHECK_OK(arv_entries_add_folder(r.entries, NULL, test_path("in"), NULL, &err), &err);
    add(&r, "gone", NULL);
    partial(&r, 1, 1);
    close_run(&r);
}

/* ---- too many ----------------------------------------------------------------------------------- */

static void expect_failure(unsigned files, uint64_t max, const char *part)
{
    char name[8];
    job_run r;
    open_run(&r, 2);
    r.package.failures_max = max;
    make("z", 10);
    add(&r, "z", NULL);
    for (unsigned i = 0; i < files; i++) {
        snprintf(name, sizeof name, "%u", i);
        add(&r, name, NULL);
    }
    fails(&r, ARV_EVANISHED, part);
}

TEST(without_a_number_the_first_one_fails_the_job_as_ever)
{
    expect_failure(1, 0, "entry '0' has vanished; restore it");
}

TEST(more_than_may_be_missing_fail_the_job_and_the_first_is_named)
{
    expect_failure(3, 2,
                   "More entries cannot be archived than the 2 that may be missing. The "
                   "first one: The file ");
    expect_failure(3, 2, "entry '0' has vanished");
}

TEST(an_archive_of_nothing_is_none)
{
    job_run r;
    open_run(&r, 2);
    add(&r, "a", NULL);
    add(&r, "b", NULL);
    fails(&r, ARV_EVANISHED, "None of the 2 entries can be archived. The first one: The file ");
}

TEST(an_error_of_the_target_is_none_of_a_source)
{
    job_run r;
    make("a", 10);
    open_run(&r, 2);
    add(&r, "a", NULL);
    fault_fs_install();
    fault_fs_fail_from(FAULT_PWRITE, 1, EIO);
    fails(&r, ARV_EIO, NULL);
}

TEST(too_few_descriptors_are_no_fault_of_the_file)
{
    job_run r;
    make("a", 10);
    open_run(&r, 1);
    add(&r, "a", NULL);
    fault_fs_install();
    fault_fs_refuse(0, test_path("in/a"), EMFILE); /* the target is opened at the same time */
    fails(&r, ARV_ESYSTEM, "entry 'a' cannot be opened");
}

/* ---- large ones --------------------------------------------------------------------------------- */

TEST(a_large_file_that_cannot_be_begun_is_left_out_in_place)
{
    for (int f = 0; f < FORMATS; f++) {
        CHECK_SCENE("format %s", arv_format_name(formats[f]));
        job_run r;
        open_run(&r, 2);
        r.package.format = formats[f];
        make("a", 100);
        make("b", LARGE_BYTES);
        make("c", LARGE_BYTES);
        add(&r, "a", NULL);
        add(&r, "b", NULL);
        add(&r, "c", NULL);
        CHECK_INT(unlink(test_path("in/b")), 0);
        const arv_job_result *result = partial(&r, 2, 1);
        CHECK_STATES(&r, 20, 30, 50, 60, 90, 105);
        CHECK_STR(result->failures[0].name, "b");
        close_run(&r);
    }
}

TEST(a_large_file_that_fails_in_the_middle_begins_the_archive_again)
{
    for (int f = 0; f < FORMATS; f++) {
        CHECK_SCENE("format %s", arv_format_name(formats[f]));
        job_run r;
        open_run(&r, 2);
        r.package.format = formats[f];
        make("a", 100);
        make("b", LARGE_BYTES);
        make("c", LARGE_BYTES);
        add(&r, "a", NULL);
        add(&r, "b", NULL);
        add(&r, "c", NULL);
        tear("b");
        const arv_job_result *result = partial(&r, 2, 1);
        CHECK_STATES(&r, 20, 30, 20, 30, 50, 60, 90, 105);
        CHECK_STR(result->failures[0].name, "b");
        CHECK_INT(result->failures[0].error.code, ARV_EUNREADABLE);
        document_lacks("manifest-sha256.txt", "data/b");
        close_run(&r);
    }
}

TEST(a_large_file_can_be_the_first_the_last_and_the_only_one_that_fails)
{
    static const char *const names[] = {"a", "c"};
    for (int i = 0; i < 2; i++) {
        CHECK_SCENE("torn: %s", names[i]);
        job_run r;
        torn_count = 0;
        open_run(&r, 2);
        make("a", LARGE_BYTES);
        make("b", 100);
        make("c", LARGE_BYTES);
        add(&r, "a", NULL);
        add(&r, "b", NULL);
        add(&r, "c", NULL);
        tear(names[i]);
        partial(&r, 2, 1);
        close_run(&r);
    }
}

TEST(one_large_file_alone_that_fails_in_the_middle_leaves_nothing)
{
    job_run r;
    open_run(&r, 2);
    make("a", LARGE_BYTES);
    add(&r, "a", NULL);
    tear("a");
    fails(&r, ARV_EUNREADABLE, "None of the 1 entries can be archived.");
}

TEST(repetitions_are_bounded_by_what_may_be_missing)
{
    static const char *const names[] = {"a", "b", "c"};
    job_run r;
    open_run(&r, 2);
    r.package.failures_max = 2;
    for (int i = 0; i < 3; i++) {
        make(names[i], LARGE_BYTES + (size_t)i);
        add(&r, names[i], NULL);
        tear(names[i]);
    }
    fails(&r, ARV_EUNREADABLE, "More entries cannot be archived than the 2 that may be missing.");
}

TEST(a_repeated_job_can_be_cancelled)
{
    job_run r;
    open_run(&r, 2);
    make("a", LARGE_BYTES);
    make("b", LARGE_BYTES);
    add(&r, "a", NULL);
    add(&r, "b", NULL);
    tear("a");
    CHECK_OK(job_begin_run(&r), &r.error);
    while (r.state_count < 3 && !r.dones) /* 20, 30, and 20 again */
        arv_engine_run(r.engine, 1000);
    CHECK_INT(r.states[2], ARV_JOB_PRE_PROCESSING);
    arv_job_cancel(r.job, NULL);
    CHECK_ERR(job_finish(&r, 0), &r.error, ARV_ECANCELED, NULL);
    CHECK_INT(arv_job_get_state(r.job), ARV_JOB_ABORTED);
    CHECK_INT(test_count_dir(test_path("out")), 0);
    close_run(&r);
}

TEST(a_repeated_job_goes_into_a_path_and_a_storage)
{
    job_run r;
    open_run(&r, 2);
    arv_storage *storage = job_storage(r.engine, test_path("store"));
    r.spec.storages = &storage;
    r.spec.storage_count = 1;
    make("a", LARGE_BYTES);
    make("b", LARGE_BYTES);
    add(&r, "a", NULL);
    add(&r, "b", NULL);
    tear("b");
    const arv_job_result *result = partial(&r, 1, 1);
    CHECK_INT(job_count_files(test_path("store")), 1);
    arv_origin origin = {.storage = storage, .key = result->locations[0].object.key};
    job_check_valid(r.engine, &origin);
    arv_storage_unref(storage);
    close_run(&r);
}

/* ---- the same bytes ------------------------------------------------------------------------------ */

/* Small ones and large ones fail at the begin and in the middle; many times, since with two threads
 * it is chance what is noticed first. */
TEST_TIMEOUT(the_same_failures_give_the_same_bytes_with_any_number_of_threads, 240)
{
    static const char *const names[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"};
    static const size_t sizes[] = {700,       LARGE_BYTES,     900,  LARGE_BYTES + 1, 3000,
                                   300 << 10, LARGE_BYTES + 2, 5000, LARGE_BYTES + 3, 20};
    for (unsigned i = 0; i < 10; i++)
        make(names[i], sizes[i]);
    for (int f = 0; f < FORMATS; f++) {
        CHECK_SCENE("format %s", arv_format_name(formats[f]));
        char first[65], hex[129];
        for (int round = 0; round < 5; round++) {
            CHECK_SCENE("round %d", round);
            job_run r;
            open_run(&r, round ? 2 + (unsigned)round % 2 : 1);
            r.package.format = formats[f];
            for (unsigned i = 0; i < 10; i++)
                add(&r, names[i], NULL);
            arv_entry gone = {.modified_at_unix = ARV_TIME_UNKNOWN};
            static const char *const vanished[] = {"c gone", "g gone", "z gone"};
            for (unsigned i = 0; i < 3; i++) {
                gone.name = vanished[i];
                gone.size_bytes = i == 1 ? LARGE_BYTES : 400;
                CHECK_OK(arv_entries_add_path(r.entries, &gone, test_path("in/gone"), &r.error), &r.error);
            }
            torn_count = 0;
            tear("b");
            tear("g");
            const arv_job_result *result = partial(&r, 8, 5);
            arv_digests_hex(&result->container, ARV_DIGEST_SHA256, hex);
            if (round == 0)
                memcpy(first, hex, sizeof first);
            CHECK_STR(hex, first);
            close_run(&r);
        }
    }
}

/* Frames of zstd that begin in what two files have in common before their first difference. */
static unsigned common_frames(const char *one, const char *other)
{
    static const char begin[] = {0x28, (char)0xb5, 0x2f, (char)0xfd};
    size_t lengths[2];
    char *a = test_read_file(one, &lengths[0]), *b = test_read_file(other, &lengths[1]);
    unsigned count = 0;
    for (size_t i = 0; i + 4 < lengths[0] && i + 4 < lengths[1] && a[i] == b[i]; i++)
        count += memcmp(a + i, begin, 4) == 0 && memcmp(b + i, begin, 4) == 0;
    free(a);
    free(b);
    return count;
}

TEST(a_repetition_leaves_no_trace_in_where_units_end)
{
    for (int repeated = 0; repeated < 2; repeated++) {
        CHECK_SCENE("repeated: %d", repeated);
        job_run r;
        open_run(&r, 2);
        r.package.format = ARV_FORMAT_TAR_ZST;
        make("a", 100);
        make("b", LARGE_BYTES);
        make("c", 200);
        add(&r, "a", NULL);
        add(&r, "b", NULL);
        add(&r, "c", NULL);
        add(&r, "b gone", NULL);
        if (repeated)
            tear("b");
        else
            CHECK_INT(unlink(test_path("in/b")), 0);
        partial(&r, 2, 2);
        CHECK_INT(r.state_count, repeated ? 8 : 6);
        if (!repeated)
            CHECK_INT(link(target, test_path("y")), 0);
        else /* "a", "c", job.json, entries.jsonl; the failures' sentences differ */
            CHECK(common_frames(target, test_path("y")) >= 4);
        close_run(&r);
    }
}

/* ---- sources of the application ------------------------------------------------------------------ */

typedef struct source {
    size_t left, until_failure; /* of bytes; SIZE_MAX: it does not fail */
    int code, reads, released;
} source;

static int64_t source_read(void *user_data, void *into, size_t length, arv_error *err)
{
    source *s = user_data;
    s->reads++;
    if (s->until_failure == 0)
        return arv_error_set(err, s->code, "The tape has torn.");
    size_t part = s->left < length ? s->left : length;
    if (part > s->until_failure)
        part = s->until_failure;
    memset(into, 'x', part);
    s->left -= part;
    if (s->until_failure != SIZE_MAX)
        s->until_failure -= part;
    return (int64_t)part;
}

static void source_release(void *user_data)
{
    ((source *)user_data)->released++;
}

static void add_source(job_run *r, const char *name, int64_t size, source *s)
{
    arv_entry entry = {.name = name, .size_bytes = size, .modified_at_unix = ARV_TIME_UNKNOWN};
    CHECK_OK(arv_entries_add_callback(r->entries, &entry, source_read, source_release, s, &r->error),
             &r->error);
}

/* Announced size or unknown, and after how many bytes it fails. */
static void leave_out_source(int64_t size, size_t fails_at)
{
    for (int f = 0; f < FORMATS; f++) {
        CHECK_SCENE("format %s", arv_format_name(formats[f]));
        job_run r;
        source bad = {LARGE_BYTES, fails_at, ARV_ESOURCE, 0, 0};
        open_run(&r, 2);
        r.package.format = formats[f];
        make("a", 100);
        make("z", 100);
        add(&r, "a", NULL);
        add_source(&r, "b", size, &bad);
        add(&r, "z", NULL);
        const arv_job_result *result = partial(&r, 2, 1);
        CHECK_STR(result->failures[0].name, "b");
        CHECK_STR(result->failures[0].error.message, "Entry 'b': The tape has torn.");
        CHECK_INT(bad.released, 1);
        close_run(&r);
    }
}

TEST(a_source_that_fails_at_its_begin_is_left_out)
{
    leave_out_source(100, 0);
    leave_out_source(100, 99);
    leave_out_source(LARGE_BYTES, 5);
    leave_out_source(ARV_SIZE_UNKNOWN, 0);
    leave_out_source(ARV_SIZE_UNKNOWN, 5);
}

TEST(a_source_that_fails_in_the_middle_is_left_out_when_it_is_the_only_one)
{
    leave_out_source(LARGE_BYTES, (2 << 20) + 5);
    leave_out_source(ARV_SIZE_UNKNOWN, (2 << 20) + 5);
}

TEST(small_sources_that_fail_do_not_hinder_others)
{
    for (int f = 0; f < FORMATS; f++) {
        CHECK_SCENE("format %s", arv_format_name(formats[f]));
        static source sources[40];
        char name[8];
        job_run r;
        open_run(&r, 2);
        r.package.failures_max = 40;
        r.spec.on_progress = NULL; /* it knows no sum of the sizes */
        r.package.format = formats[f];
        for (int i = 0; i < 40; i++) {
            sources[i] = (source){100, i % 3 ? SIZE_MAX : (size_t)i, ARV_EUNREADABLE, 0, 0};
            snprintf(name, sizeof name, "%02d", i);
            add_source(&r, name, i % 2 ? 100 : ARV_SIZE_UNKNOWN, &sources[i]);
        }
        const arv_job_result *result = partial(&r, 26, 14);
        for (int i = 0; i < 14; i++) {
            snprintf(name, sizeof name, "%02d", i * 3);
            CHECK_STR(result->failures[i].name, name);
        }
        for (int i = 0; i < 40; i++)
            CHECK_INT(sources[i].released, 1);
        close_run(&r);
    }
}

TEST(a_source_that_breaks_its_promise_is_left_out)
{
    job_run r;
    source shorter = {99, SIZE_MAX, 0, 0, 0}, longer = {101, SIZE_MAX, 0, 0, 0};
    open_run(&r, 2);
    make("z", 100);
    add_source(&r, "a", 100, &shorter);
    add_source(&r, "b", 100, &longer);
    add(&r, "z", NULL);
    const arv_job_result *result = partial(&r, 1, 2);
    CHECK_INT(result->failures[0].error.code, ARV_ESIZE);
    CHECK_HAS(result->failures[1].error.message, "more than the 100 bytes");
    close_run(&r);
}

TEST(what_fails_in_the_middle_behind_a_source_that_was_read_fails_the_job)
{
    job_run r;
    source once = {100, SIZE_MAX, 0, 0, 0};
    open_run(&r, 2);
    make("b", LARGE_BYTES);
    add_source(&r, "a", 100, &once);
    add(&r, "b", NULL);
    tear("b");
    fails(&r, ARV_EUNREADABLE, "other entries come from sources that can be read only once.");
    CHECK_INT(once.released, 1);
}

TEST(an_error_of_the_application_is_none_of_a_source)
{
    job_run r;
    source bad = {100, 0, ARV_ECALLBACK, 0, 0};
    open_run(&r, 2);
    make("z", 100);
    add_source(&r, "a", 100, &bad);
    add(&r, "z", NULL);
    fails(&r, ARV_ECALLBACK, "The tape has torn.");
}

/* ---- many --------------------------------------------------------------------------------------- */

TEST_TIMEOUT(all_of_many_failures_are_named_and_the_page_stays_small, 120)
{
    enum { MANY = 12000 };
    char name[32];
    job_run r;
    open_run(&r, 2);
    r.package.failures_max = MANY;
    make("good", 100);
    add(&r, "good", NULL);
    for (int i = 0; i < MANY; i++) {
        snprintf(name, sizeof name, "gone %05d", i);
        add(&r, name, "Mia");
    }
    const arv_job_result *result = partial(&r, 1, MANY);
    CHECK_INT(result->failures_kept, 100);
    CHECK_STR(result->failures[99].name, "gone 00099");
    char *lines = document("metadata/failures.jsonl"), *page = document("index.html");
    unsigned count = 0;
    for (const char *at = lines; (at = strchr(at, '\n')) != NULL; at++)
        count++;
    CHECK_INT(count, MANY);
    CHECK_HAS(lines, "\"gone 11999\"");
    CHECK_HAS(page, "gone 00999");
    CHECK(!strstr(page, "gone 01000"));
    CHECK_HAS(page, "The first 1000 stand here, all of them in <a href=\"metadata/failures.jsonl\"");
    free(lines);
    free(page);
    close_run(&r);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "fault_fs.h"
#include "reading.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <arv/archivist.h>

typedef struct items {
    unsigned count, folders;
    unsigned stop_at; /* 0: never */
    char names[4096]; /* "name>original>written|" for each */
    char owner[64];
} items;

static int take_item(void *user_data, const arv_item *item)
{
    items *taken = user_data;
    size_t used = strlen(taken->names);
    taken->count++;
    taken->folders += item->folder;
    if (used + 1000 < sizeof taken->names)
        snprintf(taken->names + used, sizeof taken->names - used, "%s>%.*s>%s|", item->name,
                 (int)(item->original_length < 100 ? item->original_length : 100), item->original,
                 item->written ? item->written : "");
    if (item->owner)
        snprintf(taken->owner, sizeof taken->owner, "%s", item->owner);
    return taken->stop_at && taken->count >= taken->stop_at ? ARV_ECALLBACK : 0;
}

static arv_engine *engine_new(void)
{
    arv_engine *engine = NULL;
    arv_error err = {0};
    CHECK_OK(arv_engine_new(&engine, NULL, &err), &err);
    return engine;
}

/* Extracts and waits; the task's status. */
static int extract(const char *archive, const char *folder, bool safe_names, items *taken, arv_error *err)
{
    arv_extract_options options = {.struct_bytes = sizeof options,
                                   .safe_names = safe_names,
                                   .on_item = taken ? take_item : NULL};
    return reading_extract(archive, folder, &options, taken, err);
}

static void check_content(const char *path, const char *expected)
{
    size_t length = 0;
    char *content = test_read_file(path, &length);
    CHECK_STR(content, expected);
    free(content);
}

/* bad_containers.py is another program. */
static const arv_verify_options foreign = {.struct_bytes = sizeof foreign, .foreign = true};

TEST(verification_is_a_task_with_a_report)
{
    arv_engine *engine = engine_new();
    arv_task *task = NULL;
    arv_error err = {0};
    uint64_t done = 0, total = 0;
    arv_origin origin = {.path = reading_make("good", "tar.gz")};
    CHECK_OK(arv_verify(engine, &origin, &foreign, NULL, NULL, &task, &err), &err);
    CHECK(!arv_task_report(task));
    CHECK_OK(arv_task_wait(task, 600000, &err), &err);
    const arv_report *report = arv_task_report(task);
    CHECK(report && report->valid);
    arv_task_progress(task, &done, &total);
    CHECK_INT(done, total);
    CHECK_INT(total, report->container_bytes);
    arv_task_unref(task);
    arv_engine_free(engine);
}

TEST(a_file_that_is_open_is_read_whatever_stands_at_its_path)
{
    arv_engine *engine = engine_new();
    arv_task *task = NULL;
    arv_error err = {0};
    int fd = open(reading_make("good", "tar.gz"), O_RDONLY | O_CLOEXEC);
    arv_origin origin = {.path = test_path("nothing.zip"), .opened = true, .descriptor = fd};
    CHECK_OK(arv_verify(engine, &origin, &foreign, NULL, NULL, &task, &err), &err);
    CHECK_OK(arv_task_wait(task, 600000, &err), &err);
    CHECK(arv_task_report(task)->valid);
    arv_task_unref(task);
    CHECK_INT(fcntl(fd, F_GETFD), FD_CLOEXEC); /* it stays the caller's */
    close(fd);
    origin.descriptor = open(test_dir(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    CHECK_ERR(arv_verify(engine, &origin, &foreign, NULL, NULL, &task, &err), &err, ARV_EFORMAT,
              "nothing.zip");
    CHECK_INT(fcntl(origin.descriptor, F_GETFD), FD_CLOEXEC);
    close(origin.descriptor);
    arv_engine_free(engine);
}

TEST(an_archive_that_is_not_there_is_an_error)
{
    arv_engine *engine = engine_new();
    arv_task *task = NULL;
    arv_error err = {0};
    arv_origin origin = {.path = test_path("nothing.zip")};
    int status = arv_verify(engine, &origin, &foreign, NULL, NULL, &task, &err);
    if (status == 0)
        status = arv_task_wait(task, 600000, &err);
    CHECK_ERR(status, &err, ARV_ENOTFOUND, "nothing.zip");
    CHECK_ERR(arv_verify(engine, &(arv_origin){0}, NULL, NULL, NULL, &task, &err), &err, ARV_EINVALID,
              "path or a storage");
    arv_engine_free(engine);
}

static int list(const char *archive, items *taken, arv_error *err)
{
    arv_engine *engine = engine_new();
    arv_task *task = NULL;
    arv_origin origin = {.path = archive};
    CHECK_OK(arv_list(engine, &origin, &foreign, take_item, NULL, taken, &task, err), err);
    int status = arv_task_wait(task, 600000, err);
    const arv_report *report = arv_task_report(task);
    CHECK(report != NULL && !report->valid); /* only which archive it is */
    CHECK_INT(strlen(report->uuid), status == 0 ? 36 : strlen(report->uuid));
    arv_task_unref(task);
    arv_engine_free(engine);
    return status;
}

TEST(list_shows_the_payload_of_every_format)
{
    static const char *const formats[] = {"zip", "tar", "tar.gz", "tar.zst"};
    for (size_t i = 0; i < 4; i++) {
        CHECK_SCENE("format %s", formats[i]);
        items taken = {0};
        arv_error err = {0};
        CHECK_OK(list(reading_make("good", formats[i]), &taken, &err), &err);
        CHECK_INT(taken.count, 7);
        CHECK_INT(taken.folders, 1);
        CHECK_STR(taken.owner, "Muster, Mia");
        CHECK_HAS(taken.names, "data/question_.txt>question?.txt>|data/void>void>|");
    }
}

TEST(list_comes_in_batches_to_its_end)
{
    items taken = {0};
    arv_error err = {0};
    CHECK_OK(list(reading_make("good_many", "tar.gz"), &taken, &err), &err);
    CHECK_INT(taken.count, 3000);
}

TEST(list_stops_when_the_application_says_so)
{
    items taken = {.stop_at = 3};
    arv_error err = {0};
    CHECK_ERR(list(reading_make("good_many", "zip"), &taken, &err), &err, ARV_ECALLBACK, "stopped");
    CHECK_INT(taken.count, 3);
}

TEST(list_of_what_has_none_is_an_error)
{
    items taken = {0};
    arv_error err = {0};
    CHECK_ERR(list(reading_make("good_without_list", "zip"), &taken, &err), &err, ARV_EFORMAT,
              "no list of entries");
    CHECK_ERR(list(reading_make("list_broken", "zip"), &taken, &err), &err, ARV_EFORMAT, "A line of");
}

TEST(extract_gives_back_files_folders_names_and_times)
{
    static const char *const formats[] = {"zip", "tar", "tar.gz", "tar.zst"};
    for (size_t i = 0; i < 4; i++) {
        CHECK_SCENE("format %s", formats[i]);
        items taken = {0};
        arv_error err = {0};
        struct stat st;
        char target[64];
        snprintf(target, sizeof target, "out%zu", i);
        const char *folder = test_path("%s", target);
        CHECK_OK(extract(reading_make("good", formats[i]), folder, false, &taken, &err), &err);
        CHECK_INT(taken.count, 7);
        check_content(test_path("%s/a.txt", target), "hello\n");
        check_content(test_path("%s/question?.txt", target), "why\n");
        CHECK_INT(stat(test_path("%s/a.txt", target), &st), 0);
        CHECK_INT(st.st_mtime, 1767323045);
        CHECK_INT(stat(test_path("%s/void", target), &st), 0);
        CHECK(S_ISDIR(st.st_mode));
        CHECK_INT(stat(test_path("%s/c.bin", target), &st), 0);
        CHECK_INT(st.st_size, 300000);
        CHECK_INT(test_count_dir(folder), 7);
    }
}

TEST(extract_of_many_entries_passes_through_batches)
{
    items taken = {0};
    arv_error err = {0};
    CHECK_OK(extract(reading_make("good_many", "zip"), test_path("out"), false, &taken, &err), &err);
    CHECK_INT(taken.count, 3000);
    CHECK_INT(test_count_dir(test_path("out")), 3000);
}

TEST(extract_takes_the_container_s_names_when_asked)
{
    arv_error err = {0};
    CHECK_OK(extract(reading_make("good", "zip"), test_path("out"), true, NULL, &err), &err);
    check_content(test_path("out/question_.txt"), "why\n");
    CHECK(!test_exists(test_path("out/question?.txt")));
}

TEST(extract_never_leaves_its_folder)
{
    items taken = {0};
    arv_error err = {0};
    const char *archive = reading_make("good_hostile_names", "zip");
    CHECK_OK(extract(archive, test_path("out"), false, &taken, &err), &err);
    CHECK_INT(test_count_dir(test_dir()), 2); /* the archive and the folder */
    CHECK(!test_exists("/etc/absolute.txt"));
    CHECK_HAS(taken.names, "data/00_.txt>../up.txt>00_.txt|");
    CHECK_HAS(taken.names, "data/01_.txt>/etc/absolute.txt>01_.txt|");
    CHECK_HAS(taken.names, "data/02_.txt>a//b.txt>02_.txt|");
    CHECK_HAS(taken.names, ">03_.txt|"); /* a component of 300 bytes */
    CHECK_HAS(taken.names, "data/04_.txt>.>04_.txt|");
    CHECK_HAS(taken.names, "data/05_.txt>plain.txt>plain.txt|");
    CHECK_HAS(taken.names, "data/06_.txt>taken.txt>taken.txt|");
    CHECK_HAS(taken.names, "data/taken.txt>taken.txt>taken.txt~2|"); /* never in place of another */
    CHECK_HAS(taken.names, "data/07_.txt>folder/file.txt>folder/file.txt|");
    CHECK_HAS(taken.names, "data/zz.txt>folder>zz.txt|");
    CHECK_HAS(taken.names, ">.archivist-0123456789abcdef.partial|");
    check_content(test_path("out/taken.txt"), "6\n");
}

TEST(extract_of_a_bag_without_a_list_uses_the_container_s_names)
{
    items taken = {0};
    arv_error err = {0};
    CHECK_OK(extract(reading_make("good_without_list", "tar"), test_path("out"), false, &taken, &err), &err);
    CHECK_INT(taken.count, 7);
    check_content(test_path("out/question_.txt"), "why\n");
}

TEST(extract_refuses_an_archive_that_is_not_valid)
{
    arv_error err = {0};
    CHECK_ERR(extract(reading_make("other_content", "zip"), test_path("out"), false, NULL, &err), &err,
              ARV_EMISMATCH, "nothing was extracted");
    CHECK_HAS(err.message, "exam/data/a.txt");
    CHECK(!test_exists(test_path("out")));
}

TEST(extract_refuses_a_folder_that_is_not_empty)
{
    arv_error err = {0};
    CHECK_INT(mkdir(test_path("out"), 0700), 0);
    test_write_file(test_path("out/mine.txt"), "mine", 4);
    CHECK_ERR(extract(reading_make("good", "zip"), test_path("out"), false, NULL, &err), &err, ARV_EEXISTS,
              "not empty");
    CHECK_INT(test_count_dir(test_path("out")), 1);
    check_content(test_path("out/mine.txt"), "mine");
}

TEST(extract_takes_everything_back_when_the_application_stops_it)
{
    items taken = {.stop_at = 700};
    arv_error err = {0};
    CHECK_ERR(extract(reading_make("good_many", "zip"), test_path("out"), false, &taken, &err), &err,
              ARV_ECALLBACK, "stopped");
    CHECK(!test_exists(test_path("out")));
    CHECK_INT(mkdir(test_path("empty"), 0700), 0);
    taken = (items){.stop_at = 5};
    CHECK_ERR(extract(reading_make("good", "tar"), test_path("empty"), false, &taken, &err), &err,
              ARV_ECALLBACK, "stopped");
    CHECK(test_exists(test_path("empty")));
    CHECK_INT(test_count_dir(test_path("empty")), 0);
}

static void note_call(void *user_data, arv_task *task)
{
    (void)task;
    *(bool *)user_data = true;
}

static ssize_t pwrite_and_look(int fd, const void *data, size_t length, uint64_t offset)
{
    struct stat st;
    CHECK_INT(fstat(fd, &st), 0);
    CHECK_INT(st.st_nlink, 0); /* whoever is killed now leaves no half file */
    return arv__fs_system.pwrite(fd, data, length, offset);
}

TEST(an_extracted_file_gets_its_name_when_it_is_complete)
{
    static arv__fileops table;
    arv_error err = {0};
    const char *archive = reading_make("good", "zip");
    int fd = open(test_dir(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
    if (fd < 0)
        test_skip("this file system knows no files without a name");
    close(fd);
    table = arv__fs_system;
    table.pwrite = pwrite_and_look;
    arv__fs_set(&table);
    CHECK_OK(extract(archive, test_path("out"), false, NULL, &err), &err);
    arv__fs_set(NULL);
}

TEST(a_cancelled_extraction_leaves_nothing)
{
    arv_engine *engine = engine_new();
    arv_task *task = NULL;
    arv_error err = {0};
    bool called = false;
    arv_origin origin = {.path = reading_make("good_many", "tar.gz")};
    arv_extract_options how = {.struct_bytes = sizeof how, .verify = &foreign};
    CHECK_OK(arv_extract(engine, &origin, test_path("out"), &how, note_call, &called, &task, &err), &err);
    arv_task_cancel(task);
    CHECK_ERR(arv_task_wait(task, 600000, &err), &err, ARV_ECANCELED, NULL);
    CHECK(called);
    CHECK(!test_exists(test_path("out")));
    arv_task_unref(task);
    arv_engine_free(engine);
}

TEST_TIMEOUT(a_failed_extraction_leaves_nothing, 300)
{
    static const fault_op ops[] = {FAULT_PWRITE, FAULT_OPENAT, FAULT_MKDIRAT,      FAULT_FUTIMENS,
                                   FAULT_PREAD,  FAULT_LINKAT, FAULT_OPEN_TMPFILE, FAULT_RENAMEAT};
    char archive[600]; /* paths of the frame are short-lived */
    snprintf(archive, sizeof archive, "%s", reading_make("good", "zip"));
    for (size_t i = 0; i < sizeof ops / sizeof *ops; i++) {
        for (unsigned nth = 1;; nth++) {
            CHECK_SCENE("call %u of %s fails", nth, fault_fs_name(ops[i]));
            arv_error err = {0};
            CHECK(nth < 200);
            fault_fs_install();
            fault_fs_fail(ops[i], nth, ENOSPC);
            int status = reading_extract(archive, test_path("out"), NULL, NULL, &err);
            fault_fs_remove();
            if (status == 0)
                break;
            CHECK_INT(status, ARV_ENOSPACE);
            CHECK_INT(test_count_dir(test_dir()), 1); /* the archive */
        }
        CHECK_INT(test_run(NULL, (const char *const[]){"rm", "-r", test_path("out"), NULL}), 0);
    }
}

TEST(an_object_of_a_storage_is_verified_like_a_file)
{
    arv_engine *engine = engine_new();
    arv_storage *storage = NULL;
    arv_task *task = NULL;
    arv_error err = {0};
    char url[600], key[ARV_KEY_BYTES];
    snprintf(url, sizeof url, "file://%s", test_path("store"));
    CHECK_INT(mkdir(test_path("store"), 0700), 0);
    CHECK_OK(arv_storage_open(&storage, engine, url, NULL, 0, &err), &err);
    CHECK_OK(arv_storage_put_file(storage, reading_make("good", "zip"), NULL, NULL, NULL, NULL, &task, &err),
             &err);
    CHECK_OK(arv_task_wait(task, 600000, &err), &err);
    snprintf(key, sizeof key, "%s", arv_task_object(task)->key);
    arv_task_unref(task);
    arv_origin origin = {.storage = storage, .key = key};
    CHECK_OK(arv_verify(engine, &origin, &foreign, NULL, NULL, &task, &err), &err);
    CHECK_OK(arv_task_wait(task, 600000, &err), &err);
    CHECK(arv_task_report(task)->valid);
    arv_task_unref(task);
    arv_storage_unref(storage);
    arv_engine_free(engine);
}

TEST(an_object_that_is_no_container_is_named_in_a_sentence)
{
    arv_engine *engine = engine_new();
    arv_storage *storage = NULL;
    arv_task *task = NULL;
    arv_error err = {0};
    char url[600], sentence[200];
    arv_origin origin = {.key = "5d/0192f0c1-7d3b-7cc2-9a51-3c6e1f2a4b5d.zip"};
    snprintf(url, sizeof url, "file://%s", test_path("store"));
    CHECK_INT(mkdir(test_path("store"), 0700), 0);
    test_write_file(test_path("text"), "neither zip nor tar", 19);
    CHECK_OK(arv_storage_open(&storage, engine, url, NULL, 0, &err), &err);
    CHECK_OK(arv_storage_put_file(storage, test_path("text"), origin.key, NULL, NULL, NULL, &task, &err),
             &err);
    CHECK_OK(arv_task_wait(task, 600000, &err), &err);
    arv_task_unref(task);
    origin.storage = storage;
    CHECK_OK(arv_verify(engine, &origin, &foreign, NULL, NULL, &task, &err), &err);
    snprintf(sentence, sizeof sentence, "The archive object '%s' is not a container", origin.key);
    CHECK_ERR(arv_task_wait(task, 600000, &err), &err, ARV_EFORMAT, sentence);
    CHECK_INT(strncmp(err.message, sentence, strlen(sentence)), 0);
    arv_task_unref(task);
    arv_storage_unref(storage);
    arv_engine_free(engine);
}

/* ---- what we pack ourselves ------------------------------------------------------------------ */

static void pack_exam(arv_engine *engine, arv_format format, unsigned digests, const char *path)
{
    static unsigned char large[3 << 20];
    static const struct {
        const char *name;
        const void *data;
        size_t length;
    } files[] = {
        {"Abgaben/Ü?bung: 1.txt", "eins", 4}, {"Abgaben/übung_ 1.TXT", "zwei", 4},
        {"abgaben/../fort.txt", "drei", 4},   {"empty", "", 0},
        {"large.bin", large, sizeof large},   {"100%.txt", "vier", 4},
    };
    arv_entries *entries = NULL;
    arv_job *job = NULL;
    arv_job_spec spec;
    arv_package_options package;
    arv_error err = {0};
    test_fill_random(large, sizeof large / 2, 7);
    CHECK_OK(arv_entries_new(&entries, NULL, &err), &err);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        arv_entry entry = {
            .name = files[i].name,
            .owner = "Muster, Mia",
            .size_bytes = (int64_t)files[i].length,
            .modified_at_unix = i % 2 ? ARV_TIME_UNKNOWN : 1767323045,
        };
        CHECK_OK(arv_entries_add_memory(entries, &entry, files[i].data, files[i].length, &err), &err);
    }
    arv_job_spec_init(&spec, sizeof spec);
    arv_package_options_init(&package, sizeof package);
    spec.package = &package;
    spec.entries = entries;
    spec.path = path;
    package.format = format;
    package.digests = digests;
    package.name = "exam";
    CHECK_OK(arv_job_start(&job, engine, &spec, &err), &err);
    while (!arv_job_state_final(arv_job_get_state(job)))
        arv_engine_run(engine, 1000);
    CHECK_OK(arv_job_error(job, &err), &err);
    arv_job_unref(job);
    arv_entries_unref(entries);
}

TEST_TIMEOUT(what_was_packed_is_valid_and_comes_back, 120)
{
    static const arv_format formats[] = {ARV_FORMAT_ZIP, ARV_FORMAT_TAR, ARV_FORMAT_TAR_GZ,
                                         ARV_FORMAT_TAR_ZST};
    for (unsigned i = 0; i < 8; i++) {
        CHECK_SCENE("format %s, %u digests", arv_format_name(formats[i / 2]), 1 + i % 2);
        arv_engine *engine = engine_new();
        arv_error err = {0};
        arv__report report;
        items taken = {0};
        char path[600], out[600];
        snprintf(path, sizeof path, "%s", test_path("packed%u", i));
        snprintf(out, sizeof out, "%s", test_path("unpacked%u", i));
        pack_exam(engine, formats[i / 2], ARV_DIGEST_SHA256 | (i % 2 ? (unsigned)ARV_DIGEST_SHA512 : 0u),
                  path);
        arv_engine_free(engine);
        reading_verify(&report, path, NULL);
        for (size_t k = 0; k < report.shown.finding_count; k++)
            test_fail(__FILE__, __LINE__, "%s: %s: %s", path, report.findings[k].entry,
                      report.findings[k].message);
        CHECK_INT(report.shown.payload_files, 6);
        arv__report_cleanup(&report);
        CHECK_OK(extract(path, out, false, &taken, &err), &err);
        CHECK_INT(taken.count, 6);
        check_content(test_path("unpacked%u/Abgaben/Ü?bung: 1.txt", i), "eins");
        check_content(test_path("unpacked%u/Abgaben/übung_ 1.TXT", i), "zwei");
        check_content(test_path("unpacked%u/100%%.txt", i), "vier");
        CHECK(!test_exists(test_path("fort.txt")));
    }
}

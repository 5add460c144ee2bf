/* SPDX-License-Identifier: Apache-2.0 */
#include "reading.h"

#include <stdio.h>
#include <string.h>
#include "verify/lines.h"

TEST(bag_with_both_algorithms_is_valid)
{
    IS_VALID("good_sha512", "zip");
    IS_VALID("good_sha512", "tar");
}

TEST(bag_without_our_own_records_is_valid)
{
    IS_VALID("good_without_list", "zip");
    IS_VALID("good_without_list", "tar");
}

TEST(bag_that_tells_what_is_missing_is_valid)
{
    arv__report report;
    reading_verify(&report, reading_make("good_partial", "zip"), NULL);
    CHECK(report.shown.valid);
    CHECK_INT(report.shown.failures, 2);
    arv__report_cleanup(&report);
}

TEST(report_has_what_the_archive_says_about_itself)
{
    arv__report report;
    reading_verify(&report, reading_make("good_partial", "zip"), NULL);
    CHECK(report.shown.job_json != NULL);
    CHECK(strstr(report.shown.job_json, report.shown.uuid) != NULL);
    CHECK_INT(strlen(report.shown.job_json), report.shown.job_json_bytes);
    arv__report_cleanup(&report);
    CHECK(report.shown.job_json == NULL);
}

TEST(content_that_the_manifests_do_not_promise_is_found)
{
    static const reading_case cases[] = {
        {"bad_sha512", "zip tar", ARV_FINDING_DIGEST, "a.txt", "manifest-sha512.txt says"},
        {"other_content", "zip", ARV_FINDING_DIGEST, "exam/data/a.txt", "says 5891b5b5"},
        {"other_content", "tar", ARV_FINDING_DIGEST, "exam/data/a.txt", "the content has 8b128914"},
        {"missing", "zip tar.gz", ARV_FINDING_MISSING, "exam/data/c.bin", "manifest-sha256.txt names it"},
        {"missing_tag", "zip", ARV_FINDING_MISSING, "exam/index.html", "tagmanifest-sha256.txt names it"},
        {"extra", "zip", ARV_FINDING_EXTRA, "exam/data/extra.txt", "manifest-sha256.txt does not name it"},
        {"extra_tag", "zip", ARV_FINDING_EXTRA, "exam/readme.txt", "tagmanifest-sha256.txt does not name it"},
        {"outside", "zip", ARV_FINDING_EXTRA, "other/x.txt", "outside"},
        {"outside_root", "tar", ARV_FINDING_EXTRA, "x.txt", "outside"},
        {"name_absolute_first", "zip tar", ARV_FINDING_EXTRA, "/data/x.txt", "outside"},
        {"names_empty", "zip", ARV_FINDING_NAME, "", "is empty"},
        {"names_empty", "zip", ARV_FINDING_DUPLICATE, NULL, "2 entries"},
        {"duplicate", "zip tar.zst", ARV_FINDING_DUPLICATE, "exam/data/a.txt", "2 entries"},
        {"tag_digest", "zip", ARV_FINDING_DIGEST, "exam/index.html", "tagmanifest-sha256.txt says"},
    };
    FINDS_EACH(cases);
}

TEST(unsafe_names_are_found)
{
    static const reading_case cases[] = {
        {"name_up", "zip tar", ARV_FINDING_NAME, "../../up.txt", "\"..\""},
        {"name_absolute", "zip", ARV_FINDING_NAME, "/etc/passwd", "absolute"},
        {"name_backslash", "zip", ARV_FINDING_NAME, "x.txt", "backslash"},
        {"name_drive", "zip", ARV_FINDING_NAME, "C:/x.txt", "drive"},
        {"name_control", "zip", ARV_FINDING_NAME, "\\x1b[2Jx.txt", "control character"},
        {"name_invalid", "zip", ARV_FINDING_NAME, "\\xff.txt", "not UTF-8"},
        {"name_empty_component", "zip", ARV_FINDING_NAME, "data//x.txt", "empty component"},
        {"name_deep", "zip", ARV_FINDING_BOMB, "/d/d/d", "at most 512"},
    };
    FINDS_EACH(cases);
}

TEST(names_that_programs_take_for_others_are_found)
{
    static const reading_case cases[] = {
        {"name_dot", "zip tar", ARV_FINDING_NAME, "exam/data/a.", "Windows drops"},
        {"name_dot_folder", "zip", ARV_FINDING_NAME, "exam/data/a./x", "Windows drops"},
        {"name_blank", "zip", ARV_FINDING_NAME, "exam/data/x ", "Windows drops"},
        {"name_device", "zip tar.zst", ARV_FINDING_NAME, "CON.txt", "device of Windows"},
        {"name_stream", "zip", ARV_FINDING_NAME, "a.txt:x", "Windows refuses"},
        {"name_version", "zip", ARV_FINDING_NAME, "a.txt;1", "unzip drops"},
        {"name_not_marked", "zip", ARV_FINDING_NAME, "data/\xc3\xa4.txt", "not marked as UTF-8"},
        {"name_file_and_folder", "zip tar", ARV_FINDING_DUPLICATE, "exam/data/a.txt", "a folder has"},
        {"name_folds_long", "zip", ARV_FINDING_NAME, "exam/data/", "too long to be compared"},
        {"name_folds_long", "zip", ARV_FINDING_BOMB, "exam/data/", "at most 4096"},
    };
    FINDS_EACH(cases);
}

TEST(documents_of_the_bag_that_are_not_as_they_should_be_are_found)
{
    static const reading_case cases[] = {
        {"no_bag", "zip", ARV_FINDING_NO_BAG, NULL, "no bag"},
        {"no_manifest", "zip", ARV_FINDING_BAG, "manifest-sha256.txt", "no manifest"},
        {"manifest_line", "zip", ARV_FINDING_BAG, "manifest-sha256.txt", "Line 7 does not begin with"},
        {"manifest_outside", "zip", ARV_FINDING_BAG, "manifest-sha256.txt", "unsafe path"},
        {"oxum_bytes", "zip", ARV_FINDING_COUNT, "bag-info.txt", "says 1316313 bytes in 6 files"},
        {"oxum_malformed", "zip", ARV_FINDING_BAG, "bag-info.txt", "malformed"},
        {"bagit_version", "zip", ARV_FINDING_BAG, "bagit.txt", "version"},
        {"bagit_encoding", "zip", ARV_FINDING_BAG, "bagit.txt", "UTF-8"},
        {"large_document", "zip", ARV_FINDING_BOMB, "bag-info.txt", "larger than"},
    };
    FINDS_EACH(cases);
}

TEST(records_that_contradict_the_payload_are_found)
{
    static const reading_case cases[] = {
        {"job_count", "zip", ARV_FINDING_METADATA, "job.json", "counts 8 entries"},
        {"partial_sum", "zip", ARV_FINDING_METADATA, "job.json",
         "does not fit: 9 expected, 7 archived, 1 failed"},
        {"partial_archived", "zip", ARV_FINDING_METADATA, "job.json", "6 archived, 3 failed"},
        {"partial_none", "zip", ARV_FINDING_METADATA, "job.json", "0 failed"},
        {"partial_lines", "zip", ARV_FINDING_METADATA, "job.json", "1 in metadata/failures.jsonl"},
        {"partial_text", "zip", ARV_FINDING_METADATA, "job.json", "does not fit"},
        {"job_broken", "zip", ARV_FINDING_METADATA, "job.json", "not valid JSON"},
        {"job_container", "zip", ARV_FINDING_METADATA, "job.json", "is a tar, but it is a zip"},
        {"list_size", "zip", ARV_FINDING_METADATA, "a.txt", "gives it 7 bytes, the container 6"},
        {"list_digest", "zip", ARV_FINDING_METADATA, "a.txt", "entries.jsonl says 165e3927"},
        {"list_broken", "zip", ARV_FINDING_METADATA, "entries.jsonl", "Line 1 is not"},
        {"missing_line", "zip", ARV_FINDING_METADATA, "exam/data/void", "does not list it"},
        {"swapped_lines", "zip", ARV_FINDING_METADATA, "entries.jsonl", "another order; 2 entries"},
    };
    FINDS_EACH(cases);
}

TEST(links_that_were_recorded_have_no_entry_of_the_container)
{
    arv__report report;
    IS_VALID("good_links", "zip");
    IS_VALID("good_links", "tar.gz");
    IS_VALID("good_only_links", "zip");
    reading_verify(&report, reading_make("good_links", "tar"), NULL);
    CHECK_INT(report.shown.links, 2);
    CHECK_INT(report.shown.payload_files, 6);
    arv__report_cleanup(&report);
}

TEST(links_that_contradict_the_payload_are_found)
{
    static const reading_case cases[] = {
        {"link_is_there", "zip tar", ARV_FINDING_METADATA, "exam/data/b-link", "takes it for a link"},
        {"link_count", "zip", ARV_FINDING_METADATA, "job.json", "there are 2"},
        {"link_nowhere", "zip", ARV_FINDING_METADATA, "entries.jsonl", "without a target"},
        {"link_long", "zip", ARV_FINDING_METADATA, "entries.jsonl", "too long"},
        {"link_content", "zip", ARV_FINDING_METADATA, "entries.jsonl", "what only a file has"},
        {"link_of_a_file", "zip", ARV_FINDING_METADATA, "entries.jsonl", "but is no link"},
    };
    FINDS_EACH(cases);
}

TEST(one_extra_entry_is_not_told_of_all_behind_it)
{
    arv__report report;
    reading_verify(&report, reading_make("extra", "zip"), NULL);
    CHECK(!reading_find(&report, ARV_FINDING_METADATA, NULL, "another order"));
    CHECK(report.shown.finding_total <= 4);
    arv__report_cleanup(&report);
}

TEST(findings_beyond_the_limit_are_counted)
{
    arv__report report;
    reading_verify(&report, reading_make("quoted_bomb", "zip"), &(arv_limits){.findings_max = 3});
    CHECK_INT(report.shown.finding_count, 3);
    CHECK(report.shown.finding_total > 2000);
    arv__report_cleanup(&report);
}

/* ---- lines ----------------------------------------------------------------------------------- */

typedef struct collected {
    char text[256];
    unsigned lines, overlong;
} collected;

static int collect_line(void *user_data, char *text, size_t length, arv_error *err)
{
    collected *c = user_data;
    (void)err;
    (void)length;
    c->lines++;
    if (!text)
        c->overlong++;
    strcat(c->text, text ? text : "?");
    strcat(c->text, "|");
    return 0;
}

TEST(lines_end_with_lf_cr_or_both_in_any_slicing)
{
    static const char document[] = "one\ntwo\r\nthree\rfour\r\n\nsix";
    for (size_t slice = 1; slice < sizeof document; slice++) {
        CHECK_SCENE("slices of %zu", slice);
        collected c = {.lines = 0};
        arv_error err = {0};
        arv__lines lines;
        arv__lines_init(&lines, 100, collect_line, &c);
        for (size_t at = 0; at < sizeof document - 1; at += slice) {
            size_t length = sizeof document - 1 - at < slice ? sizeof document - 1 - at : slice;
            CHECK_OK(arv__lines_feed(&lines, document + at, length, &err), &err);
        }
        CHECK_OK(arv__lines_end(&lines, &err), &err);
        CHECK_STR(c.text, "one|two|three|four||six|");
        arv__lines_cleanup(&lines);
    }
}

TEST(lines_beyond_the_limit_are_passed_over)
{
    collected c = {.lines = 0};
    arv_error err = {0};
    arv__lines lines;
    arv__lines_init(&lines, 4, collect_line, &c);
    CHECK_OK(arv__lines_feed(&lines, "abcd\nabcde\nx\n", 13, &err), &err);
    CHECK_STR(c.text, "abcd|?|x|");
    arv__lines_cleanup(&lines);
}

/* What is wrong with a manifest's line that ends so; NULL: nothing, and this is its path. */
static const char *manifest_line(const char *end, char line[200], const char **path)
{
    unsigned char digest[32];
    size_t length = 0;
    memset(line, 'a', 64);
    strcpy(line + 64, end);
    return arv__manifest_line(line, strlen(line), 32, digest, path, &length);
}

TEST(manifest_path_is_decoded_as_the_standard_says)
{
    char line[200];
    const char *path = NULL;
    CHECK(!manifest_line("  data/100%25 %41.txt", line, &path));
    CHECK_STR(path, "data/100% %41.txt");
    CHECK(!manifest_line(" *./data/x", line, &path));
    CHECK_STR(path, "data/x");
    CHECK_STR(manifest_line("  data/%0Ax", line, &path), "has an unsafe path");
}

TEST(listed_entry_reads_the_same_with_and_without_escapes)
{
    static const char *const forms[] = {
        "{\"name\":\"data/a\",\"original\":\"A/b\",\"size\":12,"
        "\"modified\":\"2026-01-02T03:04:05Z\",\"owner\":\"Mia\",\"sha256\":\"%s\"}",
        "{ \"name\": \"data\\/a\", \"original\": \"A\\u002fb\", \"size\": 12,"
        "\"modified\":\"2026-01-02T03:04:05Z\",\"owner\":\"Mia\",\"sha256\":\"%s\"}",
    };
    char digest[65];
    memset(digest, 'b', 64);
    digest[64] = '\0';
    for (size_t i = 0; i < 2; i++) {
        CHECK_SCENE("form %zu", i);
        char line[400];
        arv__listed listed;
        int length = snprintf(line, sizeof line, forms[i], digest);
        CHECK(!arv__listed_parse(&listed, line, (size_t)length, NULL));
        CHECK_STR(listed.name, "data/a");
        CHECK_STR(listed.original, "A/b");
        CHECK_STR(listed.owner, "Mia");
        CHECK_STR(listed.sha256, digest);
        CHECK_INT(listed.size_bytes, 12);
        CHECK_INT(listed.modified_at_unix, 1767323045);
        CHECK_INT(listed.digests.sha256[31], 0xbb);
        arv__listed_cleanup(&listed);
    }
}

TEST(listed_entry_refuses_what_cannot_be)
{
    static const char *const lines[] = {
        "",
        "[]",
        "{\"name\":\"data/a\"}",
        "{\"name\":\"data/../a\",\"type\":\"folder\"}",
        "{\"name\":\"elsewhere/a\",\"type\":\"folder\"}",
        "{\"name\":\"data/a\",\"type\":\"link\"}",
        "{\"name\":\"data/a\",\"type\":\"folder\",\"more\":\"x\"}",
        "{\"name\":\"data/a\",\"name\":\"data/b\",\"type\":\"folder\"}",
        "{\"name\":\"data/a\",\"type\":\"folder\",\"modified\":\"yesterday\"}",
        "{\"name\":\"data/a\",\"size\":-1,\"sha256\":\"\"}",
        "{\"name\":\"data/a\",\"type\":\"folder\"} x",
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        char line[200];
        arv__listed listed;
        strcpy(line, lines[i]);
        if (!arv__listed_parse(&listed, line, strlen(line), NULL))
            test_fail(__FILE__, __LINE__, "taken: %s", lines[i]);
        arv__listed_cleanup(&listed);
    }
}

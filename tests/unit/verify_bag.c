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

TEST(wrong_digest_of_the_second_algorithm_is_found)
{
    FINDS("bad_sha512", "zip", DIGEST, "a.txt", "manifest-sha512.txt says");
    FINDS("bad_sha512", "tar", DIGEST, "a.txt", "manifest-sha512.txt says");
}

TEST(other_content_is_found_with_both_digests)
{
    FINDS("other_content", "zip", DIGEST, "exam/data/a.txt", "says 5891b5b5");
    FINDS("other_content", "tar", DIGEST, "exam/data/a.txt", "the content has 8b128914");
}

TEST(missing_file_is_found)
{
    FINDS("missing", "zip", MISSING, "exam/data/c.bin", "manifest-sha256.txt names it");
    FINDS("missing", "tar.gz", MISSING, "exam/data/c.bin", "manifest-sha256.txt names it");
}

TEST(missing_document_is_found)
{
    FINDS("missing_tag", "zip", MISSING, "exam/index.html", "tagmanifest-sha256.txt names it");
}

TEST(file_in_no_manifest_is_found)
{
    FINDS("extra", "zip", EXTRA, "exam/data/extra.txt", "manifest-sha256.txt does not name it");
    FINDS("extra_tag", "zip", EXTRA, "exam/readme.txt", "tagmanifest-sha256.txt does not name it");
}

TEST(entry_outside_of_the_archive_s_folder_is_found)
{
    FINDS("outside", "zip", EXTRA, "other/x.txt", "outside");
    FINDS("outside_root", "tar", EXTRA, "x.txt", "outside");
}

TEST(an_absolute_name_is_no_folder_of_the_archive)
{
    FINDS("name_absolute_first", "zip", EXTRA, "/data/x.txt", "outside");
    FINDS("name_absolute_first", "tar", EXTRA, "/data/x.txt", "outside");
}

TEST(entries_without_a_name_are_found)
{
    FINDS("names_empty", "zip", NAME, "", "is empty");
    FINDS("names_empty", "zip", DUPLICATE, NULL, "2 entries");
}

TEST(two_entries_of_one_name_are_found)
{
    FINDS("duplicate", "zip", DUPLICATE, "exam/data/a.txt", "2 entries");
    FINDS("duplicate", "tar.zst", DUPLICATE, "exam/data/a.txt", "2 entries");
}

TEST(unsafe_names_are_found)
{
    FINDS("name_up", "zip", NAME, "../../up.txt", "\"..\"");
    FINDS("name_up", "tar", NAME, "../../up.txt", "\"..\"");
    FINDS("name_absolute", "zip", NAME, "/etc/passwd", "absolute");
    FINDS("name_backslash", "zip", NAME, "x.txt", "backslash");
    FINDS("name_drive", "zip", NAME, "C:/x.txt", "drive");
    FINDS("name_control", "zip", NAME, "\\x1b[2Jx.txt", "control character");
    FINDS("name_invalid", "zip", NAME, "\\xff.txt", "not UTF-8");
    FINDS("name_empty_component", "zip", NAME, "data//x.txt", "empty component");
}

TEST(name_with_too_many_components_is_found)
{
    FINDS("name_deep", "zip", BOMB, "/d/d/d", "at most 512");
}

TEST(container_without_a_bag_is_found)
{
    FINDS("no_bag", "zip", NO_BAG, NULL, "no bag");
}

TEST(bag_without_a_manifest_is_found)
{
    FINDS("no_manifest", "zip", BAG, "manifest-sha256.txt", "no manifest");
}

TEST(malformed_line_of_a_manifest_is_found)
{
    FINDS("manifest_line", "zip", BAG, "manifest-sha256.txt", "Line 7 does not begin with");
    FINDS("manifest_outside", "zip", BAG, "manifest-sha256.txt", "unsafe path");
}

TEST(wrong_oxum_is_found)
{
    FINDS("oxum_bytes", "zip", COUNT, "bag-info.txt", "says 1316313 bytes in 6 files");
    FINDS("oxum_malformed", "zip", BAG, "bag-info.txt", "malformed");
}

TEST(wrong_bagit_txt_is_found)
{
    FINDS("bagit_version", "zip", BAG, "bagit.txt", "version");
    FINDS("bagit_encoding", "zip", BAG, "bagit.txt", "UTF-8");
}

TEST(changed_document_is_found)
{
    FINDS("tag_digest", "zip", DIGEST, "exam/index.html", "tagmanifest-sha256.txt says");
}

TEST(oversized_document_is_found)
{
    FINDS("large_document", "zip", BOMB, "bag-info.txt", "larger than");
}

TEST(record_of_the_job_that_contradicts_the_payload_is_found)
{
    FINDS("job_count", "zip", METADATA, "job.json", "counts 8 entries");
    FINDS("job_broken", "zip", METADATA, "job.json", "not valid JSON");
    FINDS("job_container", "zip", METADATA, "job.json", "is a tar, but it is a zip");
}

TEST(list_that_contradicts_the_payload_is_found)
{
    FINDS("list_size", "zip", METADATA, "a.txt", "gives it 7 bytes, the container 6");
    FINDS("list_digest", "zip", METADATA, "a.txt", "entries.jsonl says 165e3927");
    FINDS("list_broken", "zip", METADATA, "entries.jsonl", "Line 1 is not");
    FINDS("missing_line", "zip", METADATA, "exam/data/void", "does not list it");
    FINDS("swapped_lines", "zip", METADATA, "entries.jsonl", "another order; 2 entries");
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
    if (!text) c->overlong++;
    strcat(c->text, text ? text : "?");
    strcat(c->text, "|");
    return 0;
}

TEST(lines_end_with_lf_cr_or_both_in_any_slicing)
{
    static const char document[] = "one\ntwo\r\nthree\rfour\r\n\nsix";
    for (size_t slice = 1; slice < sizeof document; slice++) {
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

TEST(manifest_path_is_decoded_as_the_standard_says)
{
    char line[200];
    unsigned char digest[32];
    const char *path = NULL;
    size_t length = 0;
    memset(line, 'a', 64);
    strcpy(line + 64, "  data/100%25 %41.txt");
    CHECK(!arv__manifest_line(line, strlen(line), 32, digest, &path, &length));
    CHECK_STR(path, "data/100% %41.txt");
    memset(line, 'a', 64);
    strcpy(line + 64, " *./data/x");
    CHECK(!arv__manifest_line(line, strlen(line), 32, digest, &path, &length));
    CHECK_STR(path, "data/x");
    memset(line, 'a', 64);
    strcpy(line + 64, "  data/%0Ax");
    CHECK_STR(arv__manifest_line(line, strlen(line), 32, digest, &path, &length),
              "has an unsafe path");
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

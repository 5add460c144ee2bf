/* SPDX-License-Identifier: Apache-2.0 */
#include "reading.h"

#include <stdlib.h>
#include <string.h>

TEST(zip_that_is_sound_is_valid)
{
    arv__report report;
    arv_digests digests;
    char expected[129], actual[129];
    const char *path = reading_make("good", "zip");
    size_t length = 0;
    char *bytes = test_read_file(path, &length);
    reading_verify(&report, path, NULL);
    CHECK(report.shown.valid);
    CHECK_INT(report.shown.format, ARV_FORMAT_ZIP);
    CHECK_STR(report.shown.base_folder, "exam");
    CHECK_STR(report.shown.uuid, "3f2504e0-4f89-81d3-9a0c-0305e82c3301");
    CHECK_INT(report.shown.container_bytes, length);
    CHECK_INT(report.shown.entries, 14);
    CHECK_INT(report.shown.payload_files, 6);
    CHECK_INT(arv__digest_bytes(ARV_DIGEST_SHA256, bytes, length, &digests, NULL), 0);
    CHECK_STR(arv_digests_hex(&report.shown.container, ARV_DIGEST_SHA256, actual),
              arv_digests_hex(&digests, ARV_DIGEST_SHA256, expected));
    arv__report_cleanup(&report);
    free(bytes);
}

TEST(zip_with_data_descriptors_is_valid)
{
    IS_VALID("good_descriptors", "zip");
}

TEST(zip_with_a_directory_in_another_order_is_valid)
{
    IS_VALID("good_foreign_order", "zip");
}

TEST(zip_with_zip64_records_is_valid)
{
    IS_VALID("good_zip64", "zip");
}

TEST(zip_with_many_entries_is_valid)
{
    IS_VALID("good_many", "zip");
}

TEST(zip_with_proofs_beside_the_bag_is_valid)
{
    IS_VALID("good_signed", "zip");
}

TEST(zip_of_another_program_is_read)
{
    arv__report report;
    CHECK_INT(test_run(NULL, (const char *const[]){"mkdir", test_path("d"), NULL}), 0);
    test_write_file(test_path("d/a.txt"), "aaaa", 4);
    const char *path = test_path("x.zip");
    CHECK_INT(test_run(NULL, (const char *const[]){"zip", "-q", "-r", path, test_path("d"), NULL}), 0);
    reading_verify(&report, path, NULL);
    CHECK(reading_find(&report, ARV_FINDING_NO_BAG, NULL, "no bag"));
    for (size_t i = 0; i < report.shown.finding_count; i++) /* owners and the like are no damage */
        CHECK(report.findings[i].kind == ARV_FINDING_NO_BAG ||
              report.findings[i].kind == ARV_FINDING_FOREIGN);
    arv__report_cleanup(&report);
}

TEST(zip_cut_off_anywhere_is_never_valid)
{
    size_t length = 0;
    char *bytes = test_read_file(reading_make("good", "zip"), &length);
    for (size_t cut = 4; cut < length; cut += cut < length - 4000 ? 4001 : 13) {
        CHECK_SCENE("cut at %zu of %zu", cut, length);
        arv__report report;
        arv_error err = {0};
        CHECK_OK(reading_verify_bytes(&report, bytes, cut, &err), &err);
        CHECK(!report.shown.valid);
        CHECK(reading_find(&report, ARV_FINDING_TRUNCATED, NULL, "ends too early"));
        arv__report_cleanup(&report);
    }
    free(bytes);
}

TEST_TIMEOUT(zip_with_one_flipped_bit_is_never_taken_for_another, 300)
{
    size_t length = 0;
    unsigned long missed = 0, tried = 0;
    char *bytes = test_read_file(reading_make("good", "zip"), &length);
    arv__report good;
    arv_error err = {0};
    CHECK_OK(reading_verify_bytes(&good, bytes, length, &err), &err);
    for (size_t at = 0; at < length; at += at % 997 == 0 ? 1 : 61) {
        CHECK_SCENE("bit %zu of byte %zu", at % 8, at);
        arv__report report;
        bytes[at] ^= (char)(1 << at % 8);
        tried++;
        int status = reading_verify_bytes(&report, bytes, length, &err);
        if (status == 0) {
            CHECK(!arv_digests_equal(&report.shown.container, &good.shown.container));
            if (report.shown.valid)
                missed++;
        } else {
            CHECK_INT(status, ARV_EFORMAT);
        }
        arv__report_cleanup(&report);
        bytes[at] ^= (char)(1 << at % 8);
    }
    /* What remains are version and attribute bits of headers: a handful. */
    CHECK(missed * 100 < tried);
    arv__report_cleanup(&good);
    free(bytes);
}

TEST(damaged_structure_of_a_zip_is_found)
{
    static const reading_case cases[] = {
        {"prefix", "zip", ARV_FINDING_GAP, "a.txt", "15 bytes before it"},
        {"gap", "zip", ARV_FINDING_GAP, "c.bin", "12 bytes before it"},
        {"gap_before_directory", "zip", ARV_FINDING_GAP, NULL, "6 bytes between the last entry"},
        {"gap_behind_directory", "zip", ARV_FINDING_GAP, NULL, "6 bytes stand between the directory"},
        {"trailing", "zip", ARV_FINDING_TRAILING, NULL, "4 bytes"},
        {"comment", "zip", ARV_FINDING_TRAILING, NULL, "19 bytes"},
        {"overlap", "zip", ARV_FINDING_OVERLAP, "again.txt", "has not ended"},
        {"count_lie", "zip", ARV_FINDING_STRUCTURE, NULL, "promises 5 entries, the directory has 14"},
        {"directory_astray", "zip", ARV_FINDING_STRUCTURE, NULL, "record was expected"},
        {"zip64_lie", "zip", ARV_FINDING_STRUCTURE, NULL, "contradict"},
        {"zip64_astray", "zip", ARV_FINDING_STRUCTURE, NULL, "locator"},
        {"central_zip64", "zip", ARV_FINDING_STRUCTURE, NULL, "ZIP64 field"},
        {"encrypted", "zip", ARV_FINDING_STRUCTURE, "a.txt", "encrypted"},
        {"method_bzip2", "zip", ARV_FINDING_STRUCTURE, "a.txt", "method 12"},
    };
    FINDS_EACH(cases);
}

TEST(an_entry_s_own_header_that_differs_is_found)
{
    static const reading_case cases[] = {
        {"two_names", "zip", ARV_FINDING_STRUCTURE, NULL, "two different names"},
        {"second_name_repeated", "zip", ARV_FINDING_STRUCTURE, NULL, "two different names"},
        {"second_name_in_header", "zip", ARV_FINDING_HEADER, "a.txt", "second name"},
        {"local_name", "zip", ARV_FINDING_HEADER, "a.txt", "exam/data/z.txt"},
        {"local_size", "zip", ARV_FINDING_HEADER, "a.txt", "says 5 bytes packed into 6"},
        {"local_zip64", "zip", ARV_FINDING_HEADER, "a.txt", "says 7 bytes packed into 6"},
        {"local_crc", "zip", ARV_FINDING_HEADER, "a.txt", "00000005"},
        {"local_method", "zip", ARV_FINDING_HEADER, "a.txt", "method 8"},
        {"local_flags", "zip", ARV_FINDING_HEADER, "a.txt", "flags 0000"},
        {"descriptor_lie", "zip", ARV_FINDING_HEADER, "a.txt", "descriptor"},
    };
    FINDS_EACH(cases);
}

TEST(bytes_that_the_directory_does_not_promise_are_found)
{
    static const reading_case cases[] = {
        {"crc_lie", "zip", ARV_FINDING_CHECKSUM, "a.txt", "CRC-32 00000005"},
        {"size_lie", "zip", ARV_FINDING_CHECKSUM, "100%.txt", "More bytes come out"},
        {"spoiled_data", "zip", ARV_FINDING_CHECKSUM, "c.bin", "CRC-32"},
        {"spoiled_deflate", "zip", ARV_FINDING_CHECKSUM, "100%.txt", NULL},
    };
    FINDS_EACH(cases);
}

TEST_TIMEOUT(a_bomb_of_quoted_entries_is_not_unpacked, 10)
{
    FINDS("quoted_bomb", "zip", OVERLAP, "big33", "not read");
}

TEST(an_entry_beyond_the_ratio_is_a_bomb)
{
    FINDS_WITHIN((&(arv_limits){.ratio_max = 100}), "ratio_bomb", "zip", BOMB, "bomb", "100 times");
}

TEST(an_entry_beyond_its_limit_is_a_bomb)
{
    FINDS_WITHIN((&(arv_limits){.entry_bytes_max = 4096}), "good", "zip", BOMB, "100%.txt", "4096");
}

TEST(a_container_beyond_its_limit_is_a_bomb)
{
    FINDS_WITHIN((&(arv_limits){.total_bytes_max = 100000}), "good", "zip", BOMB, "c.bin", "100000");
}

TEST(too_many_entries_are_a_bomb)
{
    FINDS_WITHIN((&(arv_limits){.entries_max = 13}), "good", "zip", BOMB, NULL, "13 entries");
}

TEST(as_many_entries_as_allowed_are_none)
{
    arv__report report;
    reading_verify(&report, reading_make("good", "zip"), &(arv_limits){.entries_max = 14});
    CHECK(report.shown.valid);
    arv__report_cleanup(&report);
}

TEST(links_and_devices_in_a_zip_are_found)
{
    FINDS("symlink", "zip", TYPE, "empty.txt", "120777");
    FINDS("device", "zip", TYPE, "empty.txt", "20600");
    FINDS("fifo", "zip", TYPE, "empty.txt", "10600");
}

TEST(what_is_no_container_is_an_error)
{
    arv__report report;
    arv_error err = {0};
    CHECK_ERR(reading_verify_bytes(&report, "neither zip nor tar", 19, &err), &err, ARV_EFORMAT,
              "The archive in memory is not a container that can be read: it is neither zip nor tar");
    CHECK_ERR(reading_verify_bytes(&report, "", 0, &err), &err, ARV_EFORMAT, NULL);
}

TEST(a_cancelled_verification_ends_with_that)
{
    arv__report report;
    arv__source *source = NULL;
    arv_error err = {0};
    int cancel = 1;
    arv__report_init(&report, 0);
    CHECK_OK(arv__source_file_open(&source, reading_make("good", "zip"), &err), &err);
    CHECK_ERR(arv__verify_run(source, NULL, &cancel, NULL, &report, NULL, &err), &err, ARV_ECANCELED,
              "cancelled");
    arv__report_cleanup(&report);
    arv__source_free(source);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "reading.h"

#include <stdlib.h>
#include <string.h>

static const char *const tar_formats[] = {"tar", "tar.gz", "tar.zst"};
#define EACH_TAR(format)                                                                                     \
    for (const char *const *f_ = tar_formats, *format = *f_; f_ < tar_formats + 3 && (format = *f_, true);   \
         f_++)

TEST(tar_in_every_form_is_valid)
{
    EACH_TAR(format)
    {
        CHECK_SCENE("format %s", format);
        arv__report report;
        arv_digests digests;
        size_t length = 0;
        const char *path = reading_make("good", format);
        char *bytes = test_read_file(path, &length);
        reading_verify(&report, path, NULL);
        CHECK(report.shown.valid);
        CHECK_STR(arv_format_name(report.shown.format), format);
        CHECK_INT(report.shown.payload_files, 6);
        CHECK_INT(arv__digest_bytes(ARV_DIGEST_SHA256, bytes, length, &digests, NULL), 0);
        CHECK(arv_digests_equal(&digests, &report.shown.container));
        arv__report_cleanup(&report);
        free(bytes);
    }
}

TEST(tar_with_many_entries_is_valid)
{
    EACH_TAR(format)
    IS_VALID("good_many", format);
}

TEST(tar_of_another_program_is_read)
{
    arv__report report;
    CHECK_INT(test_run(NULL, (const char *const[]){"mkdir", test_path("d"), NULL}), 0);
    test_write_file(test_path("d/a.txt"), "aaaa", 4);
    const char *path = test_path("x.tgz");
    const char *argv[] = {"tar", "-C", test_dir(), "-czf", path, "d", NULL};
    CHECK_INT(test_run(NULL, argv), 0);
    reading_verify(&report, path, NULL);
    CHECK(reading_find(&report, ARV_FINDING_NO_BAG, NULL, "no bag"));
    for (size_t i = 0; i < report.shown.finding_count; i++) /* owners and the like are no damage */
        CHECK(report.findings[i].kind == ARV_FINDING_NO_BAG ||
              report.findings[i].kind == ARV_FINDING_FOREIGN);
    arv__report_cleanup(&report);
}

TEST_TIMEOUT(tar_cut_off_anywhere_is_never_valid, 300)
{
    EACH_TAR(format)
    {
        CHECK_SCENE("format %s", format);
        size_t length = 0;
        char *bytes = test_read_file(reading_make("good", format), &length);
        for (size_t cut = 600; cut < length; cut += cut < length - 2000 ? 5003 : 7) {
            CHECK_SCENE("cut at %zu of %zu", cut, length);
            arv__report report;
            arv_error err = {0};
            CHECK_OK(reading_verify_bytes(&report, bytes, cut, &err), &err);
            CHECK(reading_find(&report, ARV_FINDING_TRUNCATED, NULL, NULL));
            arv__report_cleanup(&report);
        }
        free(bytes);
    }
}

TEST_TIMEOUT(tar_with_one_flipped_bit_is_never_taken_for_another, 300)
{
    EACH_TAR(format)
    {
        CHECK_SCENE("format %s", format);
        size_t length = 0;
        unsigned long missed = 0, tried = 0;
        char *bytes = test_read_file(reading_make("good", format), &length);
        for (size_t at = 0; at < length; at += 193) {
            CHECK_SCENE("byte %zu", at);
            arv__report report;
            arv_error err = {0};
            bytes[at] ^= (char)(1 << at % 8);
            tried++;
            int status = reading_verify_bytes(&report, bytes, length, &err);
            if (status < 0)
                CHECK_INT(status, ARV_EFORMAT);
            if (status == 0 && report.shown.valid)
                missed++;
            arv__report_cleanup(&report);
            bytes[at] ^= (char)(1 << at % 8);
        }
        CHECK(missed * 100 < tried);
        free(bytes);
    }
}

TEST(a_tar_without_its_end_mark_is_cut_off)
{
    EACH_TAR(format)
    FINDS("no_end_mark", format, TRUNCATED, NULL, "no end mark");
}

TEST(bytes_behind_a_tar_are_found)
{
    EACH_TAR(format)
    FINDS("trailing", format, TRAILING, NULL, "behind the end");
}

/* No limit holds there, as it belongs to no entry: so it is not unpacked to its end. */
TEST(what_stands_behind_the_end_mark_is_not_unpacked)
{
    for (unsigned own = 0; own < 2; own++)
        EACH_TAR(format)
        {
            CHECK_SCENE("format %s, own %u", format, own);
            arv__report report;
            reading_own = own;
            reading_verify(&report, reading_make("zeros_behind", format), NULL);
            CHECK(reading_find(&report, ARV_FINDING_TRAILING, NULL, "behind the end mark"));
            CHECK(!reading_find(&report, ARV_FINDING_CHECKSUM, NULL, NULL));
            arv__report_cleanup(&report);
        }
}

TEST(a_whole_member_behind_the_end_mark_is_found)
{
    EACH_TAR(format)
    FINDS("trailing_member", format, TRAILING, NULL, "behind the end mark");
}

TEST(wrong_checksum_of_a_gzip_member_is_found)
{
    FINDS("spoiled_checksum", "tar.gz", CHECKSUM, NULL, "gzip member");
}

TEST(wrong_checksum_of_a_zstd_frame_is_found)
{
    FINDS("spoiled_checksum", "tar.zst", CHECKSUM, NULL, "zstd frame");
}

TEST(bytes_hidden_in_the_padding_are_found)
{
    EACH_TAR(format)
    FINDS("padding", format, GAP, "a.txt", "padding");
}

TEST(headers_that_programs_understand_differently_are_found)
{
    EACH_TAR(format)
    {
        FINDS("global_name", format, HEADER, "a.txt", "global header");
        FINDS("sparse", format, HEADER, "a.txt", "sparse file");
        FINDS("name_with_nul", format, HEADER, "a.txt", "NUL");
        FINDS("name_given_twice", format, HEADER, "a.txt", "two names");
        FINDS("contiguous", format, HEADER, "a.txt", "type");
    }
}

TEST(only_numbers_that_may_be_large_are_read_in_binary)
{
    EACH_TAR(format)
    {
        FINDS("binary_mode", format, HEADER, "a.txt", "a number in its header");
        FINDS("binary_owner", format, HEADER, "a.txt", "a number in its header");
        FINDS("odd_device", format, HEADER, "c.bin", "a number in its header");
        IS_VALID("binary_numbers", format);
    }
}

TEST(a_second_gzip_member_is_found)
{
    FINDS("two_members", "tar.gz", TRAILING, NULL, "second gzip member");
    IS_VALID("two_members", "tar.zst");
}

TEST(links_and_devices_in_a_tar_are_found)
{
    FINDS("symlink", "tar", TYPE, "empty.txt", "symbolic link");
    FINDS("hardlink", "tar", TYPE, "empty.txt", "hard link");
    FINDS("device", "tar", TYPE, "empty.txt", "device");
    FINDS("fifo", "tar", TYPE, "empty.txt", "special file");
}

TEST(a_flipped_bit_in_a_tar_is_found_by_name)
{
    FINDS("spoiled_data", "tar", DIGEST, "c.bin", "manifest-sha256.txt says 131c76be");
}

TEST(signatures_beside_the_bag_have_no_place_in_a_tar)
{
    FINDS("good_signed", "tar", EXTRA, "mimetype", "outside");
}

TEST(a_container_that_unpacks_to_far_too_much_is_a_bomb)
{
    arv_error err = {0};
    arv__report report;
    size_t length = 0;
    const char *path = test_path("zeros");
    const char *packed = test_path("zeros.gz");
    char *output = NULL;
    CHECK_INT(test_run(&output, (const char *const[]){"truncate", "-s", "200M", path, NULL}), 0);
    free(output);
    CHECK_INT(test_run(&output,
                       (const char *const[]){"tar", "-C", test_dir(), "-czf", packed, "zeros", NULL}),
              0);
    free(output);
    char *bytes = test_read_file(packed, &length);
    CHECK_OK(reading_verify_bytes(&report, bytes, length, &err), &err);
    arv__report_cleanup(&report);
    reading_verify(&report, packed, &(arv_limits){.ratio_max = 50});
    CHECK(reading_find(&report, ARV_FINDING_BOMB, NULL, "far more bytes"));
    arv__report_cleanup(&report);
    reading_verify(&report, packed, &(arv_limits){.entry_bytes_max = 1 << 20});
    CHECK(reading_find(&report, ARV_FINDING_BOMB, "zeros", "1048576"));
    arv__report_cleanup(&report);
    free(bytes);
}

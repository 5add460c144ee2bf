/* SPDX-License-Identifier: Apache-2.0 */

/* Bytes of a container that no manifest covers and that our packer never writes. */

#include "reading.h"

#define FOREIGN(kind, formats, entry, message)                                                               \
    {                                                                                                        \
        kind, formats, ARV_FINDING_FOREIGN, entry, message                                                   \
    }

TEST(bytes_of_a_zip_that_no_manifest_covers_are_found)
{
    static const reading_case cases[] = {
        FOREIGN("foreign_comment", "zip", "a.txt", "directory has a comment"),
        FOREIGN("foreign_zip64", "zip", "a.txt", "directory has more in its ZIP64 field"),
        FOREIGN("foreign_zip64_twice", "zip", "a.txt", "directory has a second ZIP64 field"),
        FOREIGN("foreign_local_zip64", "zip", "a.txt", "own header has a ZIP64 field"),
        FOREIGN("foreign_program", "zip", "a.txt", "number of a program"),
        FOREIGN("foreign_needed", "zip", "a.txt", "directory has the number of a version"),
        FOREIGN("foreign_local_needed", "zip", "a.txt", "own header has the number of a version"),
        FOREIGN("foreign_flags", "zip", "a.txt", "flags without a meaning"),
        FOREIGN("foreign_attributes", "zip", "a.txt", "attributes without a meaning"),
        FOREIGN("foreign_end64", "zip", NULL, "ZIP64 end record"),
    };
    FINDS_EACH(cases);
}

TEST(bytes_of_a_tar_that_no_manifest_covers_are_found)
{
    static const reading_case cases[] = {
        FOREIGN("foreign_record", "tar tar.gz tar.zst", "a.txt", "more in its extended header"),
        FOREIGN("global_comment", "tar tar.gz tar.zst", "a.txt", "more in its extended header"),
        FOREIGN("foreign_behind_record", "tar", "a.txt", "bytes behind its extended header"),
        FOREIGN("foreign_link", "tar", "a.txt", "target of a link"),
        FOREIGN("foreign_blank_name", "tar", "a.txt", "target of a link"),
        FOREIGN("foreign_header_end", "tar", "a.txt", "belong to no field"),
        FOREIGN("foreign_name_end", "tar", "a.txt", "belong to no field"),
    };
    FINDS_EACH(cases);
}

TEST(bytes_of_a_compressed_stream_that_no_manifest_covers_are_found)
{
    static const reading_case cases[] = {
        FOREIGN("foreign_empty_between", "tar.gz tar.zst", NULL, "is empty"),
        FOREIGN("foreign_empty_behind", "tar.gz tar.zst", NULL, "is empty"),
        FOREIGN("foreign_skippable", "tar.zst", NULL, "skippable zstd frame"),
    };
    FINDS_EACH(cases);
}

/* Such bytes are no damage: what stands behind them is read, and this is the only finding. */
TEST(bytes_that_no_manifest_covers_hide_nothing_else)
{
    static const char *const kinds[][2] = {
        {"foreign_comment", "zip"},
        {"foreign_record", "tar"},
        {"foreign_skippable", "tar.zst"},
        {"foreign_empty_between", "tar.zst"},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        CHECK_SCENE("%s.%s", kinds[i][0], kinds[i][1]);
        arv__report report;
        reading_verify(&report, reading_make(kinds[i][0], kinds[i][1]), NULL);
        CHECK_INT(report.shown.finding_total, 1);
        CHECK_INT(report.shown.findings[0].kind, ARV_FINDING_FOREIGN);
        CHECK_INT(report.shown.payload_files, 6);
        arv__report_cleanup(&report);
    }
}

/* What other programs write is harmless there, and none of it is ever written by the packer. */
TEST(harmless_ways_of_other_programs_pass)
{
    static const char *const kinds[][2] = {
        {"foreign_extra", "zip"},        {"foreign_local_extra", "zip"}, {"foreign_long_name", "tar"},
        {"foreign_magic", "tar"},        {"foreign_owner", "tar"},       {"foreign_owner_number", "tar"},
        {"foreign_gzip_name", "tar.gz"},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        CHECK_SCENE("%s.%s", kinds[i][0], kinds[i][1]);
        arv__report report;
        IS_VALID(kinds[i][0], kinds[i][1]);
        reading_own = true;
        reading_verify(&report, reading_make(kinds[i][0], kinds[i][1]), NULL);
        CHECK(!report.shown.valid);
        arv__report_cleanup(&report);
        reading_own = false;
    }
}

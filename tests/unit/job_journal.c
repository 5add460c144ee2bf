/* SPDX-License-Identifier: Apache-2.0 */

/* The journal of a job: what was appended is read again; what a crash leaves is cut off; everything
 * else that does not fit is told and not touched. */

#include "job/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fault_fs.h"
#include "test.h"

#define UUID "0198f6a0-5c5e-7cc3-98c4-dc0c0c07398f"

static arv__journal journal;
static arv_error err;
static int folder_fd = -1;
static int seen;
static char last[256];

static int take(void *user_data, const arv__json *record, arv_error *error)
{
    const char *text = arv__json_string(record, "text", NULL);
    (void)user_data;
    CHECK(text != NULL);
    snprintf(last, sizeof last, "%s", text);
    seen++;
    if (strcmp(text, "refuse") == 0)
        return arv_error_set(error, ARV_EFORMAT, "The record is refused.");
    return 0;
}

static void record_of(arv__buf *buf, const char *text)
{
    arv__buf_init(buf, 1 << 20);
    arv__buf_printf(buf, "{\"text\":\"%s\"}", text);
}

static int append(const char *text)
{
    arv__buf buf;
    record_of(&buf, text);
    int rc = arv__journal_append(&journal, &buf, &err);
    arv__buf_cleanup(&buf);
    return rc;
}

static int open_journal(void)
{
    seen = 0;
    last[0] = '\0';
    return arv__journal_open(&journal, folder_fd, UUID, "\"journal\"", take, NULL, &err);
}

static int read_journal(void)
{
    seen = 0;
    return arv__journal_read(folder_fd, UUID, "\"journal\"", take, NULL, &err);
}

static void make(void)
{
    arv__buf buf;
    folder_fd = open(test_dir(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    CHECK(folder_fd >= 0);
    record_of(&buf, "first");
    CHECK_OK(arv__journal_create(folder_fd, UUID, "\"journal\"", &buf, &err), &err);
    arv__buf_cleanup(&buf);
    CHECK_OK(open_journal(), &err);
    CHECK_INT(seen, 1);
}

static void make_three(void)
{
    make();
    CHECK_OK(append("second"), &err);
    CHECK_OK(append("third"), &err);
    arv__journal_close(&journal);
}

static char *content(size_t *length)
{
    return test_read_file(test_path("journal"), length);
}

TEST(what_was_appended_is_read_again)
{
    make_three();
    CHECK_OK(read_journal(), &err);
    CHECK_INT(seen, 3);
    CHECK_OK(open_journal(), &err);
    CHECK_INT(seen, 3);
    CHECK_STR(last, "third");
    CHECK_INT(journal.torn_bytes, 0);
    CHECK_OK(append("fourth"), &err);
    arv__journal_close(&journal);
    CHECK_OK(read_journal(), &err);
    CHECK_INT(seen, 4);
}

TEST(a_journal_is_made_once)
{
    arv__buf buf;
    make();
    record_of(&buf, "another");
    CHECK_ERR(arv__journal_create(folder_fd, UUID, "\"journal\"", &buf, &err), &err, ARV_EEXISTS,
              "journal");
    arv__buf_cleanup(&buf);
    CHECK_INT(test_count_dir(test_dir()), 1);
}

TEST(a_journal_that_is_not_there_is_told)
{
    folder_fd = open(test_dir(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    CHECK_ERR(open_journal(), &err, ARV_ENOTFOUND, "cannot be opened");
    CHECK_ERR(read_journal(), &err, ARV_ENOTFOUND, "cannot be opened");
}

/* ---- torn --------------------------------------------------------------------------------------- */

TEST(every_prefix_of_the_last_record_is_torn_and_cut_off)
{
    make_three();
    size_t length, third = 0;
    char *text = content(&length);
    for (size_t i = 0; i + 1 < length; i++)
        if (text[i] == '\n')
            third = i + 1;
    for (size_t cut = third + 1; cut < length; cut++) {
        test_write_file(test_path("journal"), text, cut);
        CHECK_OK(read_journal(), &err); /* who only looks does not see it, and changes nothing */
        CHECK_INT(seen, 2);
        CHECK_OK(open_journal(), &err);
        CHECK_INT(seen, 2);
        CHECK_INT(journal.torn_bytes, cut - third);
        CHECK_OK(append("again"), &err);
        arv__journal_close(&journal);
        CHECK_OK(read_journal(), &err);
        CHECK_INT(seen, 3);
        CHECK_STR(last, "again");
    }
    free(text);
}

TEST(a_record_with_a_hole_of_zeros_is_torn)
{
    make_three();
    size_t length, third = 0;
    char *text = content(&length);
    for (size_t i = 0; i + 1 < length; i++)
        if (text[i] == '\n')
            third = i + 1;
    for (size_t at = third; at < length; at++)
        for (size_t end = at + 1; end <= length; end++) {
            char *holed = malloc(length);
            memcpy(holed, text, length);
            memset(holed + at, 0, end - at);
            test_write_file(test_path("journal"), holed, length);
            free(holed);
            CHECK_OK(open_journal(), &err);
            CHECK_INT(seen, 2);
            arv__journal_close(&journal);
        }
    free(text);
}

/* ---- damaged ------------------------------------------------------------------------------------ */

/* A bit of the last record's newline makes it unfinished: that one cannot be told from a crash. */
TEST(every_flipped_bit_is_damage_and_nothing_is_touched)
{
    make_three();
    size_t length, after;
    char *text = content(&length);
    for (size_t at = 0; at + 1 < length; at++)
        for (int bit = 0; bit < 8; bit++) {
            char *flipped = malloc(length);
            memcpy(flipped, text, length);
            flipped[at] = (char)(flipped[at] ^ (1 << bit));
            if (flipped[at] == '\0') { /* a zero is a hole */
                free(flipped);
                continue;
            }
            test_write_file(test_path("journal"), flipped, length);
            CHECK_ERR(open_journal(), &err, ARV_EFORMAT, "");
            CHECK_INT(journal.fd, -1);
            char *now = content(&after);
            CHECK_INT(after, length);
            CHECK_MEM(now, flipped, length);
            free(now);
            free(flipped);
        }
    free(text);
}

TEST(a_line_that_is_lost_doubled_or_moved_is_damage)
{
    make_three();
    size_t length, ends[3], count = 0;
    char *text = content(&length), mixed[2048];
    for (size_t i = 0; i < length; i++)
        if (text[i] == '\n')
            ends[count++] = i + 1;
    CHECK_INT(count, 3);
    size_t second = ends[1] - ends[0], third = ends[2] - ends[1];
    memcpy(mixed, text, ends[0]); /* lost */
    memcpy(mixed + ends[0], text + ends[1], third);
    test_write_file(test_path("journal"), mixed, ends[0] + third);
    CHECK_ERR(read_journal(), &err, ARV_EFORMAT, "behind record 1");
    memcpy(mixed, text, ends[1]); /* doubled */
    memcpy(mixed + ends[1], text + ends[0], second);
    test_write_file(test_path("journal"), mixed, ends[1] + second);
    CHECK_ERR(read_journal(), &err, ARV_EFORMAT, "behind record 2");
    memcpy(mixed, text, ends[0]); /* moved */
    memcpy(mixed + ends[0], text + ends[1], third);
    memcpy(mixed + ends[0] + third, text + ends[0], second);
    test_write_file(test_path("journal"), mixed, length);
    CHECK_ERR(read_journal(), &err, ARV_EFORMAT, "a checksum does not fit");
    free(text);
}

TEST(the_journal_of_another_job_is_damage)
{
    make_three();
    CHECK_ERR(arv__journal_read(folder_fd, "0198f6a0-5c5e-7cc3-98c4-dc0c0c073980", "\"journal\"",
                                take, NULL, &err),
              &err, ARV_EFORMAT, "behind record 0");
}

TEST(more_than_one_unfinished_record_is_damage)
{
    static char rest[ARV__JOURNAL_RECORD_BYTES_MAX + 4096];
    make_three();
    memset(rest, 'x', sizeof rest);
    int fd = open(test_path("journal"), O_WRONLY | O_APPEND | O_CLOEXEC);
    CHECK_INT(write(fd, rest, sizeof rest), sizeof rest);
    close(fd);
    CHECK_ERR(open_journal(), &err, ARV_EFORMAT, "more stands there");
}

TEST(a_journal_without_any_record_is_damage_and_not_touched)
{
    static const char zeros[4096];
    size_t length;
    make_three();
    test_write_file(test_path("journal"), "", 0);
    CHECK_ERR(read_journal(), &err, ARV_EFORMAT, "no record stands in it");
    CHECK_ERR(open_journal(), &err, ARV_EFORMAT, "no record stands in it");
    test_write_file(test_path("journal"), zeros, sizeof zeros);
    CHECK_ERR(read_journal(), &err, ARV_EFORMAT, "no record stands in it");
    CHECK_ERR(open_journal(), &err, ARV_EFORMAT, "no record stands in it");
    free(content(&length));
    CHECK_INT(length, sizeof zeros);
}

TEST(a_journal_that_is_too_long_is_not_read)
{
    make_three();
    CHECK_INT(truncate(test_path("journal"), ARV__JOURNAL_BYTES_MAX + 1), 0);
    CHECK_ERR(read_journal(), &err, ARV_EFORMAT, "longer than a journal may be");
}

TEST(a_record_that_its_reader_refuses_ends_the_reading)
{
    make();
    CHECK_OK(append("refuse"), &err);
    arv__journal_close(&journal);
    CHECK_ERR(read_journal(), &err, ARV_EFORMAT, "is refused");
}

/* ---- writing fails -------------------------------------------------------------------------------- */

TEST(after_a_failed_append_the_journal_takes_no_more_and_the_record_is_not_believed)
{
    static const fault_op ops[] = {FAULT_PWRITE, FAULT_FSYNC};
    for (size_t i = 0; i < sizeof ops / sizeof ops[0]; i++) {
        if (i == 0)
            make();
        else
            CHECK_OK(open_journal(), &err);
        fault_fs_install();
        fault_fs_fail(ops[i], 1, EIO);
        CHECK_ERR(append("lost"), &err, ARV_EIO, "cannot be written");
        CHECK_ERR(append("more"), &err, ARV_EIO, "cannot be written"); /* the cause, not that it failed */
        fault_fs_remove();
        arv__journal_close(&journal);
        CHECK_OK(open_journal(), &err);
        CHECK_INT(seen, 1);
        CHECK_INT(journal.torn_bytes, 0);
        arv__journal_close(&journal);
    }
}

/* What stands in the cache only may never have reached the medium, and no later flush would tell. */
TEST(a_journal_that_cannot_be_flushed_is_not_read)
{
    make();
    fault_fs_install();
    fault_fs_fail(FAULT_FSYNC, 1, EIO);
    seen = 0;
    CHECK_ERR(open_journal(), &err, ARV_EIO, "cannot be flushed");
    CHECK_INT(seen, 0);
    CHECK_OK(open_journal(), &err);
    CHECK_INT(fault_fs_calls(FAULT_FADVISE), 1);
    fault_fs_remove();
    arv__journal_close(&journal);
}

TEST(a_short_write_is_finished)
{
    make();
    fault_fs_install();
    fault_fs_shorten_all(FAULT_PWRITE, 7);
    CHECK_OK(append("second"), &err);
    fault_fs_remove();
    arv__journal_close(&journal);
    CHECK_OK(read_journal(), &err);
    CHECK_INT(seen, 2);
}

TEST(a_full_journal_is_told)
{
    char big[100001];
    int appended = 0;
    memset(big, 'a', sizeof big - 1);
    big[sizeof big - 1] = '\0';
    make();
    while (append(big) == 0)
        CHECK(++appended < 100);
    CHECK_INT(err.code, ARV_ELIMIT);
    CHECK_HAS(err.message, "is full");
    arv__journal_close(&journal);
    CHECK_OK(read_journal(), &err);
    CHECK_INT(seen, appended + 1);
}

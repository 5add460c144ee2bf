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

#include "alloc_fail.h"
#include "fault_fs.h"
#include "test.h"

#define UUID "0198f6a0-5c5e-7cc3-98c4-dc0c0c07398f"

static arv__journal journal;
static arv_error err;
static int folder_fd = -1;
static int seen;
static char last[256];

static int take(void *user_data, const arv_json *record, arv_error *error)
{
    const char *text = arv_json_string(record, "text", NULL);
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

static int create(const char *text)
{
    arv__buf buf;
    record_of(&buf, text);
    int rc = arv__journal_create(folder_fd, UUID, "\"journal\"", &buf, &err);
    arv__buf_cleanup(&buf);
    return rc;
}

static void make(void)
{
    folder_fd = open(test_dir(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    CHECK(folder_fd >= 0);
    CHECK_OK(create("first"), &err);
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
    make();
    CHECK_ERR(create("another"), &err, ARV_EEXISTS, "journal");
    CHECK_INT(test_count_dir(test_dir()), 2);
}

TEST(a_journal_that_is_not_there_is_told)
{
    folder_fd = open(test_dir(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    CHECK_ERR(open_journal(), &err, ARV_ENOTFOUND, "cannot be opened");
    CHECK_ERR(read_journal(), &err, ARV_ENOTFOUND, "cannot be opened");
}

/* ---- torn --------------------------------------------------------------------------------------- */

typedef struct kept { /* a journal and its head, as they stood */
    char *journal, *head;
    size_t journal_length, head_length;
} kept;

static kept keep(void)
{
    kept k;
    k.journal = content(&k.journal_length);
    k.head = test_read_file(test_path("head"), &k.head_length);
    return k;
}

static void put_back(const kept *k)
{
    test_write_file(test_path("journal"), k->journal, k->journal_length);
    test_write_file(test_path("head"), k->head, k->head_length);
}

static void forget(kept *k)
{
    free(k->journal);
    free(k->head);
}

/* Before the third record and after it. */
static void make_third(kept *before, kept *after)
{
    make();
    CHECK_OK(append("second"), &err);
    *before = keep();
    CHECK_OK(append("third"), &err);
    arv__journal_close(&journal);
    *after = keep();
}

TEST(every_prefix_of_a_record_that_was_never_acknowledged_is_torn_and_cut_off)
{
    kept before, after;
    make_third(&before, &after);
    for (size_t cut = before.journal_length + 1; cut < after.journal_length; cut++) {
        CHECK_SCENE("cut at %zu", cut);
        put_back(&before);
        test_write_file(test_path("journal"), after.journal, cut);
        CHECK_OK(read_journal(), &err); /* who only looks does not see it, and changes nothing */
        CHECK_INT(seen, 2);
        CHECK_OK(open_journal(), &err);
        CHECK_INT(seen, 2);
        CHECK_INT(journal.torn_bytes, cut - before.journal_length);
        CHECK_OK(append("again"), &err);
        arv__journal_close(&journal);
        CHECK_OK(read_journal(), &err);
        CHECK_INT(seen, 3);
        CHECK_STR(last, "again");
    }
    forget(&before);
    forget(&after);
}

TEST(a_record_that_was_never_acknowledged_with_a_hole_of_zeros_is_torn)
{
    kept before, after;
    make_third(&before, &after);
    for (size_t at = before.journal_length; at < after.journal_length; at++)
        for (size_t end = at + 1; end <= after.journal_length; end++) {
            CHECK_SCENE("zeros from %zu to %zu", at, end);
            char *holed = malloc(after.journal_length);
            memcpy(holed, after.journal, after.journal_length);
            memset(holed + at, 0, end - at);
            put_back(&before);
            test_write_file(test_path("journal"), holed, after.journal_length);
            free(holed);
            CHECK_OK(open_journal(), &err);
            CHECK_INT(seen, 2);
            arv__journal_close(&journal);
        }
    forget(&before);
    forget(&after);
}

/* The process died between the two flushes, or while it wrote the head. */
TEST(a_whole_record_that_its_head_does_not_know_yet_is_taken)
{
    kept before, after;
    make_third(&before, &after);
    size_t slot = 4096; /* of an odd record */
    for (size_t torn = 0; torn < after.head_length - slot; torn++) {
        CHECK_SCENE("%zu zeros", torn);
        put_back(&after);
        memcpy(after.head, before.head, before.head_length);
        memset(after.head + slot, 0, torn);
        test_write_file(test_path("head"), after.head, after.head_length);
        CHECK_OK(read_journal(), &err);
        CHECK_INT(seen, 3);
        CHECK_OK(open_journal(), &err);
        CHECK_INT(seen, 3);
        CHECK_OK(append("fourth"), &err);
        arv__journal_close(&journal);
        CHECK_OK(read_journal(), &err);
        CHECK_INT(seen, 4);
    }
    forget(&before);
    forget(&after);
}

/* ---- damaged ------------------------------------------------------------------------------------ */

static void check_refused(const char *what)
{
    CHECK_ERR(read_journal(), &err, ARV_EFORMAT, what);
    CHECK_ERR(open_journal(), &err, ARV_EFORMAT, what);
}

static void check_damaged(const kept *k, const char *what)
{
    kept now;
    check_refused(what);
    CHECK_INT(journal.fd, -1);
    CHECK_INT(seen, 0);
    now = keep();
    CHECK_INT(now.journal_length, k->journal_length);
    CHECK_MEM(now.journal, k->journal, k->journal_length);
    CHECK_INT(now.head_length, k->head_length);
    CHECK_MEM(now.head, k->head, k->head_length);
    forget(&now);
}

TEST(every_flipped_bit_of_what_was_flushed_is_damage_and_nothing_is_touched)
{
    make_three();
    kept k = keep();
    for (size_t at = 0; at < k.journal_length; at++)
        for (int bit = 0; bit < 8; bit++) {
            CHECK_SCENE("bit %d of byte %zu", bit, at);
            k.journal[at] = (char)(k.journal[at] ^ (1 << bit));
            put_back(&k);
            check_damaged(&k, "");
            k.journal[at] = (char)(k.journal[at] ^ (1 << bit));
        }
    forget(&k);
}

TEST(every_byte_of_what_was_flushed_that_became_zero_is_damage)
{
    make_three();
    kept k = keep();
    for (size_t at = 0; at < k.journal_length; at++) {
        CHECK_SCENE("byte %zu", at);
        char was = k.journal[at];
        k.journal[at] = '\0';
        put_back(&k);
        check_damaged(&k, "");
        k.journal[at] = was;
    }
    forget(&k);
}

TEST(every_shorter_journal_is_damage_once_its_end_was_acknowledged)
{
    make_three();
    kept k = keep();
    while (k.journal_length--) {
        CHECK_SCENE("%zu bytes", k.journal_length);
        put_back(&k);
        check_damaged(&k, "");
    }
    forget(&k);
}

TEST(an_older_whole_state_of_a_journal_or_of_its_head_is_damage)
{
    kept before, after;
    make_third(&before, &after);
    put_back(&after);
    test_write_file(test_path("journal"), before.journal, before.journal_length);
    check_refused("tells of records that are not in it");
    put_back(&after);
    CHECK_OK(open_journal(), &err);
    CHECK_OK(append("fourth"), &err);
    arv__journal_close(&journal);
    test_write_file(test_path("head"), before.head, before.head_length);
    check_refused("tells of fewer records");
    forget(&before);
    forget(&after);
}

/* One slot of it may be lost in a crash, but then the record that it was for is there. */
TEST(rot_of_the_head_is_damage_and_never_costs_a_record)
{
    make_three();
    kept k = keep();
    for (size_t at = 0; at < k.head_length; at++) {
        CHECK_SCENE("byte %zu", at);
        char was = k.head[at];
        k.head[at] ^= 1;
        put_back(&k);
        int rc = read_journal();
        if (rc == 0)
            CHECK_INT(seen, 3);
        else
            check_damaged(&k, "");
        k.head[at] = was;
    }
    memset(k.head + 4096, 0, 20); /* of the third record, which has rotted, too */
    k.journal[k.journal_length - 9] = '\0';
    put_back(&k);
    check_damaged(&k, "its head is damaged");
    memset(k.head, 0, k.head_length);
    put_back(&k);
    check_damaged(&k, "a head that is damaged");
    CHECK_INT(unlink(test_path("head")), 0);
    CHECK_ERR(open_journal(), &err, ARV_EFORMAT, "by a version of Archivist that wrote none");
    forget(&k);
}

TEST(a_journal_that_is_gone_while_its_head_is_there_is_damage)
{
    make_three();
    CHECK_INT(unlink(test_path("journal")), 0);
    check_refused("it is gone, but its head is there");
    CHECK_ERR(create("another"), &err, ARV_EFORMAT, "it is gone");
    CHECK_INT(test_count_dir(test_dir()), 1);
}

TEST(the_head_of_a_journal_that_never_got_its_name_is_in_nobodys_way)
{
    make();
    arv__journal_close(&journal);
    CHECK_INT(unlink(test_path("journal")), 0);
    CHECK_ERR(open_journal(), &err, ARV_ENOTFOUND, "cannot be opened");
    CHECK_OK(create("another"), &err);
    CHECK_OK(open_journal(), &err);
    CHECK_STR(last, "another");
    arv__journal_close(&journal);
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
    CHECK_ERR(arv__journal_read(folder_fd, "0198f6a0-5c5e-7cc3-98c4-dc0c0c073980", "\"journal\"", take, NULL,
                                &err),
              &err, ARV_EFORMAT, "a head that is damaged");
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
    check_refused("no record stands in it");
    test_write_file(test_path("journal"), zeros, sizeof zeros);
    check_refused("a line has no end");
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
        CHECK_SCENE("%s fails", fault_fs_name(ops[i]));
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
    CHECK_INT(fault_fs_calls(FAULT_FADVISE), 2);
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

/* ---- memory fails ---------------------------------------------------------------------------------- */

/* Each round in a folder of its own. What was acknowledged is there, with memory again. */
static void journal_body(void *user_data, bool must_succeed)
{
    const char *folder = test_path("round-%d", (int)getpid());
    int appended = 0;
    (void)user_data;
    CHECK_INT(mkdir(folder, 0700), 0);
    folder_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int rc = create("first");
    bool made = rc == 0;
    if (rc == 0 && (rc = open_journal()) == 0) {
        for (; rc == 0 && appended < 3; appended += rc == 0)
            rc = append("more");
        arv__journal_close(&journal);
    }
    if (rc == 0)
        rc = read_journal();
    if (must_succeed)
        CHECK_OK(rc, &err);
    else if (rc < 0)
        CHECK_ERR(rc, &err, ARV_ENOMEM, NULL);
    if (made && alloc_fail_happened()) {
        CHECK_OK(read_journal(), &err);
        CHECK_INT(seen, 1 + appended);
    }
    close(folder_fd);
}

TEST(a_journal_and_its_head_survive_every_failed_allocation)
{
    CHECK(test_each_allocation(journal_body, NULL) > 10);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "alloc_fail.h"
#include "loop/fileops.h"
#include "package/spool.h"

static unsigned temporaries;

static arv__fileops counting_ops;

static int openat_counted(int dir_fd, const char *path, int flags, mode_t mode)
{
    temporaries++;
    return arv__fs_system.openat(dir_fd, path, flags, mode);
}

static ssize_t pwrite_full_disk(int fd, const void *data, size_t length, uint64_t offset)
{
    (void)fd, (void)data, (void)length, (void)offset;
    return -ENOSPC;
}

static ssize_t pwrite_in_pieces(int fd, const void *data, size_t length, uint64_t offset)
{
    return arv__fs_system.pwrite(fd, data, length > 700 ? 700 : length, offset);
}

static ssize_t pread_broken(int fd, void *into, size_t length, uint64_t offset)
{
    (void)fd, (void)into, (void)length, (void)offset;
    return -EIO;
}

static ssize_t pread_nothing(int fd, void *into, size_t length, uint64_t offset)
{
    (void)fd, (void)into, (void)length, (void)offset;
    return 0;
}

static void use_ops(void)
{
    arv__fs_set(&counting_ops);
}

static void check_content(arv__spool *spool, const unsigned char *expected, size_t length)
{
    arv_error err;
    unsigned char *read = malloc(length + 100);
    static const size_t offsets[] = {0, 1, 999, 4096, 50000, 99999};
    CHECK_INT(arv__spool_length(spool), length);
    CHECK_INT(arv__spool_read(spool, read, length + 100, 0, &err), length);
    CHECK_MEM(read, expected, length);
    for (size_t i = 0; i < sizeof offsets / sizeof offsets[0]; i++) {
        size_t wanted = length - offsets[i] < 5000 ? length - offsets[i] : 5000;
        CHECK_INT(arv__spool_read(spool, read, 5000, offsets[i], &err), wanted);
        CHECK_MEM(read, expected + offsets[i], wanted);
    }
    CHECK_INT(arv__spool_read(spool, read, 10, length, &err), 0);
    CHECK_INT(arv__spool_read(spool, read, 10, length + 1000, &err), 0);
    free(read);
}

static void append_in_pieces(arv__spool *spool, const unsigned char *data, size_t length)
{
    arv_error err;
    for (size_t at = 0, piece = 1; at < length; at += piece, piece = piece * 5 % 9973) {
        if (piece > length - at)
            piece = length - at;
        CHECK_OK(arv__spool_append(spool, data + at, piece, &err), &err);
    }
}

static void check_with_bound(size_t bound)
{
    static unsigned char data[100000];
    arv__spool spool;
    test_fill_random(data, sizeof data, 1);
    arv__spool_init(&spool, bound, test_dir());
    append_in_pieces(&spool, data, sizeof data);
    CHECK(spool.capacity <= bound);
    check_content(&spool, data, sizeof data);
    arv__spool_cleanup(&spool);
    CHECK_INT(arv__spool_length(&spool), 0);
}

TEST(spool_within_its_bound_makes_no_file)
{
    counting_ops = arv__fs_system;
    counting_ops.openat = openat_counted;
    use_ops();
    check_with_bound(100000);
    CHECK_INT(temporaries, 0);
}

TEST(spool_beyond_its_bound_gives_back_what_was_appended)
{
    check_with_bound(0);
    check_with_bound(1);
    check_with_bound(1000);
    check_with_bound(4097);
    check_with_bound(99999);
    CHECK_INT(test_count_dir(test_dir()), 0);
}

TEST(spool_survives_short_writes)
{
    counting_ops = arv__fs_system;
    counting_ops.pwrite = pwrite_in_pieces;
    use_ops();
    check_with_bound(5000);
}

TEST(spool_may_be_appended_to_after_reading)
{
    arv_error err;
    arv__spool spool;
    char read[16];
    arv__spool_init(&spool, 8, test_dir());
    CHECK_OK(arv__spool_append(&spool, "abcdef", 6, &err), &err);
    CHECK_INT(arv__spool_read(&spool, read, sizeof read, 0, &err), 6);
    CHECK_OK(arv__spool_append(&spool, "ghijkl", 6, &err), &err);
    CHECK_INT(arv__spool_read(&spool, read, sizeof read, 0, &err), 12);
    CHECK_MEM(read, "abcdefghijkl", 12);
    arv__spool_cleanup(&spool);
}

TEST(spool_reports_a_full_disk_and_stays_failed)
{
    arv_error err;
    arv__spool spool;
    char data[100] = {0};
    counting_ops = arv__fs_system;
    counting_ops.pwrite = pwrite_full_disk;
    use_ops();
    arv__spool_init(&spool, 10, test_dir());
    CHECK_ERR(arv__spool_append(&spool, data, sizeof data, &err), &err, ARV_ENOSPACE, test_dir());
    arv__fs_set(NULL);
    CHECK_ERR(arv__spool_append(&spool, data, 1, &err), &err, ARV_ENOSPACE, "earlier");
    CHECK_ERR(arv__spool_read(&spool, data, 1, 0, &err), &err, ARV_ENOSPACE, "earlier");
    arv__spool_cleanup(&spool);
}

TEST(spool_reports_a_medium_that_cannot_be_read)
{
    arv_error err;
    arv__spool spool;
    char data[100] = {0};
    counting_ops = arv__fs_system;
    counting_ops.pread = pread_broken;
    use_ops();
    arv__spool_init(&spool, 10, test_dir());
    CHECK_OK(arv__spool_append(&spool, data, sizeof data, &err), &err);
    CHECK_ERR(arv__spool_read(&spool, data, 50, 0, &err), &err, ARV_EIO, NULL);
    arv__spool_cleanup(&spool);
}

TEST(spool_reports_a_file_that_became_shorter)
{
    arv_error err;
    arv__spool spool;
    char data[100] = {0};
    counting_ops = arv__fs_system;
    counting_ops.pread = pread_nothing;
    use_ops();
    arv__spool_init(&spool, 10, test_dir());
    CHECK_OK(arv__spool_append(&spool, data, sizeof data, &err), &err);
    CHECK_ERR(arv__spool_read(&spool, data, 50, 0, &err), &err, ARV_EIO, "shorter");
    arv__spool_cleanup(&spool);
}

TEST(spool_names_a_folder_that_does_not_exist)
{
    arv_error err;
    arv__spool spool;
    char data[100] = {0};
    arv__spool_init(&spool, 10, "/nowhere/at/all");
    CHECK(arv__spool_append(&spool, data, sizeof data, &err) < 0);
    CHECK_HAS(err.message, "/nowhere/at/all");
    arv__spool_cleanup(&spool);
}

static void fill_and_read(void *ud, bool must_succeed)
{
    arv_error err;
    arv__spool spool;
    char data[6000] = {0};
    (void)ud;
    arv__spool_init(&spool, 5000, test_dir());
    int status = arv__spool_append(&spool, data, 3000, &err);
    if (status == 0)
        status = arv__spool_append(&spool, data, sizeof data, &err);
    if (must_succeed)
        CHECK_OK(status, &err);
    else if (status < 0)
        CHECK_ERR(status, &err, ARV_ENOMEM, NULL);
    arv__spool_cleanup(&spool);
}

TEST(spool_survives_every_failed_allocation)
{
    CHECK(test_each_allocation(fill_and_read, NULL) > 0);
}

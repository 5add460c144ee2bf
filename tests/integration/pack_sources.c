/* SPDX-License-Identifier: Apache-2.0 */

/* Bad sources: each gets a clear error that names it, and nothing is left behind. */

#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "fault_fs.h"
#include "packing.h"
#include "reading.h"

enum { LARGE_BYTES = 5 << 20 };

static void prepare(packing *p)
{
    mkdir(test_path("out"), 0700);
    mkdir(test_path("temp"), 0700);
    CHECK_OK(packing_open(p, 2), &p->error);
    static char temp[300];
    snprintf(temp, sizeof temp, "%s", test_path("temp"));
    p->options.temp_directory = temp;
    p->options.format = ARV_FORMAT_TAR_ZST;
    CHECK_OK(packing_memory(p, "a good one", "good"), &p->error);
}

static void expect_about(packing *p, int code, const char *part, const char *subject)
{
    int rc = packing_run(p, test_path("out/x.tar.zst"));
    CHECK_ERR(rc, &p->error, code, part);
    CHECK(!subject || arv_error_is_about(&p->error, subject));
    CHECK_INT(test_count_dir(test_path("out")), 0);
    CHECK_INT(test_count_dir(test_path("temp")), 0);
    packing_close(p);
}

static void expect(packing *p, int code, const char *part)
{
    expect_about(p, code, part, NULL);
}

static void write_large(const char *path)
{
    unsigned char *data = malloc(LARGE_BYTES);
    test_fill_random(data, LARGE_BYTES, 1);
    test_write_file(path, data, LARGE_BYTES);
    free(data);
}

TEST(a_vanished_file_is_named)
{
    packing p;
    prepare(&p);
    test_write_file(test_path("f"), "abc", 3);
    CHECK_OK(packing_path(&p, "Übung/file", test_path("f")), &p.error);
    unlink(test_path("f"));
    expect_about(&p, ARV_EVANISHED, "/f' of entry 'Übung/file'", test_path("f"));
}

TEST(a_vanished_large_file_is_named)
{
    packing p;
    prepare(&p);
    write_large(test_path("f"));
    CHECK_OK(packing_path(&p, "large", test_path("f")), &p.error);
    unlink(test_path("f"));
    expect_about(&p, ARV_EVANISHED, "entry 'large'", test_path("f"));
}

TEST(an_unreadable_file_is_named)
{
    packing p;
    prepare(&p);
    test_write_file(test_path("f"), "abc", 3);
    CHECK_OK(packing_path_size(&p, "file", test_path("f"), 3), &p.error);
    fault_fs_install();
    fault_fs_refuse(0, test_path("f"), EACCES); /* the target is opened at the same time */
    expect(&p, ARV_EUNREADABLE, "entry 'file'");
}

TEST(a_file_whose_disk_fails_is_named)
{
    packing p;
    prepare(&p);
    write_large(test_path("f"));
    CHECK_OK(packing_path_size(&p, "file", test_path("f"), LARGE_BYTES), &p.error);
    fault_fs_install();
    fault_fs_fail_from(FAULT_PREAD, 3, EIO);
    expect(&p, ARV_EUNREADABLE, "entry 'file'");
}

TEST(a_fifo_is_refused_without_waiting)
{
    packing p;
    prepare(&p);
    CHECK_INT(mkfifo(test_path("f"), 0600), 0);
    CHECK_OK(packing_path_size(&p, "fifo", test_path("f"), 3), &p.error);
    expect(&p, ARV_ESPECIAL, "entry 'fifo'");
}

TEST(a_folder_is_no_file)
{
    packing p;
    prepare(&p);
    CHECK_OK(packing_path_size(&p, "folder", test_path("out"), 3), &p.error);
    expect(&p, ARV_ESPECIAL, "a folder");
}

TEST(a_symbolic_link_is_not_followed)
{
    packing p;
    prepare(&p);
    test_write_file(test_path("f"), "abc", 3);
    CHECK_INT(symlink(test_path("f"), test_path("link")), 0);
    CHECK_OK(packing_path_size(&p, "link", test_path("link"), 3), &p.error);
    expect(&p, ARV_ESPECIAL, "symbolic link");
}

TEST(a_folder_that_became_a_link_after_the_walk_is_not_followed)
{
    packing p;
    mkdir(test_path("in"), 0700);
    mkdir(test_path("in/sub"), 0700);
    mkdir(test_path("elsewhere"), 0700);
    test_write_file(test_path("in/sub/f"), "mine", 4);
    test_write_file(test_path("elsewhere/f"), "ours", 4);
    prepare(&p);
    CHECK_OK(arv_entries_add_folder(p.entries, NULL, test_path("in"), NULL, &p.error), &p.error);
    char from[300], to[300];
    snprintf(from, sizeof from, "%s", test_path("in/sub"));
    snprintf(to, sizeof to, "%s", test_path("in/before"));
    CHECK_INT(rename(from, to), 0);
    snprintf(to, sizeof to, "%s", test_path("elsewhere"));
    CHECK_INT(symlink(to, from), 0);
    expect(&p, ARV_ECHANGED, "entry 'sub/f'");
}

TEST(a_socket_is_refused)
{
    packing p;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    prepare(&p);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    snprintf(address.sun_path, sizeof address.sun_path, "%s", test_path("s"));
    CHECK_INT(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    CHECK_OK(packing_path_size(&p, "socket", test_path("s"), 0), &p.error);
    expect(&p, ARV_ESPECIAL, "entry 'socket'");
    close(fd);
}

TEST(a_device_is_refused)
{
    packing p;
    prepare(&p);
    CHECK_OK(packing_path_size(&p, "null", "/dev/null", 0), &p.error);
    expect(&p, ARV_ESPECIAL, "/dev/null");
}

TEST(a_file_that_is_longer_than_announced_is_named)
{
    packing p;
    prepare(&p);
    test_write_file(test_path("f"), "abcd", 4);
    CHECK_OK(packing_path_size(&p, "file", test_path("f"), 3), &p.error);
    expect(&p, ARV_ESIZE, "has 4 bytes, but 3 were announced");
}

TEST(a_large_file_that_is_shorter_than_announced_is_named)
{
    packing p;
    prepare(&p);
    write_large(test_path("f"));
    CHECK_OK(packing_path_size(&p, "file", test_path("f"), LARGE_BYTES + 1), &p.error);
    expect(&p, ARV_ESIZE, "entry 'file'");
}

/* ---- changed while they are read: a table that acts in the middle -------------------------------- */

static char changed_path[300];
static void (*change)(void);
static int change_at; /* the n-th pread */

static ssize_t changing_pread(int fd, void *into, size_t length, uint64_t offset)
{
    ssize_t got = arv__fs_system.pread(fd, into, length, offset);
    if (__atomic_sub_fetch(&change_at, 1, __ATOMIC_RELAXED) == 0)
        change();
    return got;
}

static void change_append(void)
{
    int fd = open(changed_path, O_WRONLY | O_APPEND | O_CLOEXEC);
    CHECK_INT(write(fd, "x", 1), 1);
    close(fd);
}

static void change_truncate(void)
{
    CHECK_INT(truncate(changed_path, 1), 0);
}

static void change_content(void) /* the same size, another time */
{
    struct timespec times[2] = {{.tv_nsec = UTIME_OMIT}, {.tv_sec = 1000}};
    CHECK_INT(utimensat(AT_FDCWD, changed_path, times, 0), 0);
}

static void expect_changed(size_t size, void (*how)(void), int at)
{
    static arv__fileops table;
    packing p;
    unsigned char *data = malloc(size);

    prepare(&p);
    snprintf(changed_path, sizeof changed_path, "%s", test_path("f"));
    test_fill_random(data, size, 9);
    test_write_file(changed_path, data, size);
    free(data);
    CHECK_OK(packing_path_size(&p, "file", changed_path, (int64_t)size), &p.error);
    table = arv__fs_system;
    table.pread = changing_pread;
    change = how;
    change_at = at;
    arv__fs_set(&table);
    expect(&p, ARV_ECHANGED, "entry 'file' changed while it was read");
}

TEST(a_small_file_that_grows_meanwhile_is_named)
{
    expect_changed(4000, change_append, 1);
}

TEST(a_small_file_that_is_rewritten_meanwhile_is_named)
{
    expect_changed(4000, change_content, 1);
}

TEST(a_large_file_that_grows_meanwhile_is_named)
{
    expect_changed(LARGE_BYTES, change_append, 9);
}

TEST(a_large_file_that_is_cut_meanwhile_is_named)
{
    expect_changed(LARGE_BYTES, change_truncate, 2);
}

TEST(a_large_file_that_is_rewritten_meanwhile_is_named)
{
    expect_changed(LARGE_BYTES, change_content, 10);
}

/* ---- sources of the application ------------------------------------------------------------------- */

static void expect_callback(int64_t size, packing_source source, int code, const char *part)
{
    static const arv_format formats[] = {ARV_FORMAT_ZIP, ARV_FORMAT_TAR};
    static unsigned char data[3 << 20];
    for (int f = 0; f < 2; f++) {
        CHECK_SCENE("format %s", arv_format_name(formats[f]));
        packing p;
        packing_source own = source, other = {.data = data, .length = 5};
        own.data = data;
        prepare(&p);
        p.options.format = formats[f];
        CHECK_OK(packing_callback(&p, "call", size, &own), &p.error);
        CHECK_OK(packing_callback(&p, "zzz never read", 5, &other), &p.error);
        expect(&p, code, part);
        CHECK_INT(own.released, 1);
        CHECK_INT(other.released, 1);
    }
}

TEST(a_source_that_ends_early_is_named)
{
    expect_callback(10, (packing_source){.length = 9}, ARV_ESIZE, "entry 'call' ended after 9 bytes");
    expect_callback(3 << 20, (packing_source){.length = (2 << 20) + 7}, ARV_ESIZE,
                    "ended after 2097159 bytes of the 3145728");
}

TEST(a_source_that_does_not_end_is_named)
{
    expect_callback(10, (packing_source){.length = 11}, ARV_ESIZE, "more than the 10 bytes");
    expect_callback(0, (packing_source){.length = 1}, ARV_ESIZE, "more than the 0 bytes");
    expect_callback(2 << 20, (packing_source){.length = (2 << 20) + 1}, ARV_ESIZE, "more than");
}

TEST(an_error_of_a_source_arrives_unchanged)
{
    packing_source source = {.length = 2, .fail_code = ARV_ETIMEOUT};
    expect_callback(10, source, ARV_ETIMEOUT, "Entry 'call': The tape has torn.");
    expect_callback(ARV_SIZE_UNKNOWN, source, ARV_ETIMEOUT, "Entry 'call': The tape has torn.");
}

TEST(a_source_that_claims_too_much_is_named)
{
    packing_source source = {.length = 2, .overshoot = true};
    expect_callback(10, source, ARV_ECALLBACK, "entry 'call'");
    expect_callback(ARV_SIZE_UNKNOWN, source, ARV_ECALLBACK, "entry 'call'");
}

/* What does not compress, of whole units: an empty part behind it would be more than such an entry has. */
TEST(a_source_of_unknown_size_may_end_with_a_unit)
{
    static const size_t lengths[] = {8 << 20, (8 << 20) + 1, 9 << 20, (10 << 20) - 1};
    static unsigned char data[10 << 20];
    test_fill_random(data, sizeof data, 5);
    for (int i = 0; i < 4; i++) {
        CHECK_SCENE("%zu bytes", lengths[i]);
        packing_source source = {.data = data, .length = lengths[i]};
        const char *path = test_path("out/%d.zip", i);
        arv__report report;
        packing p;
        prepare(&p);
        p.options.format = ARV_FORMAT_ZIP;
        CHECK_OK(packing_callback(&p, "call", ARV_SIZE_UNKNOWN, &source), &p.error);
        CHECK_OK(packing_run(&p, path), &p.error);
        CHECK_INT(source.at, lengths[i]);
        packing_close(&p);
        reading_own = true;
        reading_verify(&report, path, NULL);
        CHECK_STR(report.shown.finding_count ? report.shown.findings[0].message : "", "");
        arv__report_cleanup(&report);
    }
}

/* The source of unknown size needs turns of the loop before its unit is cut. */
TEST(a_failure_before_a_source_of_unknown_size_is_told)
{
    static unsigned char data[2 << 20];
    packing_source torn = {.data = data, .fail_code = ARV_ESOURCE};
    packing_source later = {.data = data, .length = sizeof data};
    packing p;
    prepare(&p);
    p.options.failures_max = 5;
    CHECK_OK(packing_callback(&p, "call", 3, &torn), &p.error);
    CHECK_OK(packing_callback(&p, "later", ARV_SIZE_UNKNOWN, &later), &p.error);
    CHECK_OK(packing_run(&p, test_path("out/x.tar.zst")), &p.error);
    CHECK_INT(p.totals.failures, 1);
    CHECK_INT(p.totals.payload_entries, 2);
    packing_close(&p);
}

TEST(equal_originals_are_refused)
{
    packing p;
    prepare(&p);
    CHECK_OK(packing_memory(&p, "a good one", "again"), &p.error);
    expect(&p, ARV_EDUPLICATE, "a good one");
}

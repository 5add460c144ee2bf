/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "fault_fs.h"
#include "loop/newfile.h"

enum { MIB = 1 << 20 };

static arv_error err;
static unsigned char *content;
static size_t content_length;
static int dir_fd = -1;
static char folder[512];

/* The ways to give a name, each forced by taking those before it away. */
typedef enum { BY_FD, BY_PROC, BY_LINK, BY_RENAME, WAYS } way;

static void way_force(way w)
{
    if (w >= BY_PROC)
        fault_fs_lack(FAULT_LINK_EMPTY, ENOENT);
    if (w >= BY_LINK)
        fault_fs_lack(FAULT_OPEN_TMPFILE, EOPNOTSUPP);
    if (w >= BY_RENAME)
        fault_fs_lack(FAULT_LINKAT, EPERM);
}

static void start(size_t length)
{
    fault_fs_install();
    content_length = length;
    content = malloc(length + 1);
    test_fill_random(content, length, length + 1);
    snprintf(folder, sizeof folder, "%s/store", test_dir());
    CHECK_INT(mkdir(folder, 0700), 0);
    dir_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    CHECK(dir_fd >= 0);
}

static arv__newfile_options options_for(const char *name, bool large)
{
    return (arv__newfile_options){
        .dir_fd = dir_fd,
        .name = name,
        .shown = "/vault/archive.tar",
        .size_hint_bytes = large ? 0 : 1,
        .buffer_bytes = 64 << 10,
    };
}

/* Writes in uneven pieces, as formats do. */
static int content_write(arv__newfile *file)
{
    size_t at = 0, piece = 1;
    int rc = 0;
    while (rc == 0 && at < content_length) {
        size_t n = piece < content_length - at ? piece : content_length - at;
        rc = arv__newfile_write(file, content + at, n, &err);
        at += n;
        piece = piece * 3 % 100003;
    }
    return rc;
}

static int content_read_back(arv__newfile *file)
{
    unsigned char *got = malloc(content_length + 1);
    size_t at = 0;
    int64_t n = 0;
    while (at < content_length) {
        n = arv__newfile_read(file, got + at, 10007, at, &err);
        if (n <= 0)
            break;
        at += (size_t)n;
    }
    if (n >= 0) {
        CHECK_INT(at, content_length);
        CHECK_MEM(got, content, content_length);
        CHECK_INT(arv__newfile_read(file, got, 10, content_length, &err), 0);
        CHECK_INT(arv__newfile_read(file, got, 10, content_length + 5 * MIB, &err), 0);
    }
    free(got);
    return n < 0 ? (int)n : 0;
}

/* The whole life of a file; whatever fails, it is given up and freed. */
static int life(const char *name, bool large)
{
    arv__newfile_options options = options_for(name, large);
    arv__newfile *file = NULL;
    int rc = arv__newfile_open(&file, &options, &err);
    if (rc == 0)
        rc = content_write(file);
    if (rc == 0)
        rc = arv__newfile_seal(file, &err);
    if (rc == 0)
        rc = content_read_back(file);
    if (rc == 0)
        rc = arv__newfile_commit(file, &err);
    arv__newfile_free(file);
    return rc;
}

static void check_complete(const char *name)
{
    char path[1024];
    size_t length;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    char *got = test_read_file(path, &length);
    CHECK_INT(length, content_length);
    CHECK_MEM(got, content, length);
    free(got);
}

static int open_descriptors(void)
{
    return test_count_dir("/proc/self/fd");
}

static const size_t lengths[] = {0, 1, 4095, 4096, 4097, 65535, 65536, 65537, 200000, 3 * MIB};

TEST(newfile_holds_exactly_what_was_written)
{
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        for (int large = 0; large <= 1; large++) {
            char name[32];
            snprintf(name, sizeof name, "f%zu-%d", i, large);
            if (dir_fd < 0)
                start(lengths[i]);
            content_length = lengths[i];
            content = realloc(content, content_length + 1);
            test_fill_random(content, content_length, i + 7);
            CHECK_OK(life(name, large), &err);
            check_complete(name);
        }
    }
    CHECK_INT(test_count_dir(folder), 2 * (int)(sizeof lengths / sizeof lengths[0]));
}

TEST(newfile_is_named_in_every_way)
{
    start(200000);
    for (way w = 0; w < WAYS; w++) {
        char name[8];
        fault_fs_reset();
        way_force(w);
        snprintf(name, sizeof name, "way%d", w);
        CHECK_OK(life(name, true), &err);
        check_complete(name);
        CHECK_INT(test_count_dir(folder), (int)w + 1);
    }
}

TEST(newfile_has_no_name_before_commit)
{
    arv__newfile *file;
    arv__newfile_options options = options_for("a", true);
    start(70000);
    options.dir_fd = dir_fd;
    for (way w = 0; w < WAYS; w++) {
        fault_fs_reset();
        way_force(w);
        CHECK_OK(arv__newfile_open(&file, &options, &err), &err);
        CHECK_OK(content_write(file), &err);
        CHECK_INT(arv__newfile_length(file), content_length);
        CHECK_OK(arv__newfile_seal(file, &err), &err);
        CHECK(faccessat(dir_fd, "a", F_OK, 0) != 0);
        CHECK_INT(test_count_dir(folder), w >= BY_LINK);
        arv__newfile_abort(file);
        CHECK_INT(test_count_dir(folder), 0);
        arv__newfile_abort(file);
        arv__newfile_free(file);
    }
}

TEST(newfile_is_for_its_owner_unless_asked_otherwise)
{
    struct stat st;
    arv__newfile *file;
    umask(022);
    start(10);
    for (way w = 0; w < WAYS; w++) {
        static const mode_t modes[] = {0, 0644, 0440};
        for (int i = 0; i < 3; i++) {
            char name[16];
            snprintf(name, sizeof name, "m%d%d", w, i);
            arv__newfile_options options = options_for(name, false);
            options.mode = modes[i];
            fault_fs_reset();
            way_force(w);
            CHECK_OK(arv__newfile_open(&file, &options, &err), &err);
            CHECK_OK(arv__newfile_seal(file, &err), &err);
            CHECK_OK(arv__newfile_commit(file, &err), &err);
            arv__newfile_free(file);
            CHECK_INT(fstatat(dir_fd, name, &st, 0), 0);
            CHECK_INT(st.st_mode & 07777, modes[i] ? modes[i] : 0600);
        }
    }
}

TEST(newfile_refuses_a_name_that_is_taken)
{
    arv__newfile *file;
    start(10);
    arv__newfile_options options = options_for("taken", true);
    CHECK_INT(symlinkat("nowhere", dir_fd, "taken"), 0);
    CHECK_ERR(arv__newfile_open(&file, &options, &err), &err, ARV_EEXISTS, "exists already");
    CHECK(file == NULL);
    CHECK_INT(test_count_dir(folder), 1);
}

TEST(newfile_never_replaces_who_was_faster)
{
    arv__newfile *file;
    arv__newfile_options options;
    char path[600];
    start(5000);
    options = options_for("race", true);
    snprintf(path, sizeof path, "%s/race", folder);
    for (way w = 0; w < WAYS; w++) {
        size_t length;
        fault_fs_reset();
        way_force(w);
        CHECK_OK(arv__newfile_open(&file, &options, &err), &err);
        CHECK_OK(content_write(file), &err);
        CHECK_OK(arv__newfile_seal(file, &err), &err);
        test_write_file(path, "theirs", 6);
        CHECK_ERR(arv__newfile_commit(file, &err), &err, ARV_EEXISTS, "exists already");
        arv__newfile_free(file);
        char *got = test_read_file(path, &length);
        CHECK_STR(got, "theirs");
        free(got);
        CHECK_INT(test_count_dir(folder), 1);
        CHECK_INT(unlink(path), 0);
    }
}

TEST(newfile_refuses_names_that_lead_elsewhere)
{
    static const char *const bad[] = {"", ".", "..", "a/b", "/etc/passwd", "../x"};
    arv__newfile *file;
    start(1);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        arv__newfile_options options = options_for(bad[i], false);
        CHECK_ERR(arv__newfile_open(&file, &options, &err), &err, ARV_EINVALID, "component");
    }
    CHECK_INT(fault_fs_calls(FAULT_ANY), 0);
}

TEST(newfile_keeps_its_order_of_steps)
{
    arv__newfile *file;
    char byte;
    start(10);
    arv__newfile_options options = options_for("steps", false);
    CHECK_OK(arv__newfile_open(&file, &options, &err), &err);
    CHECK_ERR(arv__newfile_commit(file, &err), &err, ARV_ESTATE, NULL);
    CHECK_ERR(arv__newfile_read(file, &byte, 1, 0, &err), &err, ARV_ESTATE, NULL);
    CHECK_OK(arv__newfile_seal(file, &err), &err);
    CHECK_ERR(arv__newfile_write(file, "x", 1, &err), &err, ARV_ESTATE, NULL);
    CHECK_ERR(arv__newfile_seal(file, &err), &err, ARV_ESTATE, NULL);
    CHECK_OK(arv__newfile_commit(file, &err), &err);
    CHECK_ERR(arv__newfile_commit(file, &err), &err, ARV_ESTATE, NULL);
    arv__newfile_abort(file); /* does not take back what is complete */
    arv__newfile_free(file);
    CHECK_INT(test_count_dir(folder), 1);
}

TEST(newfile_without_any_way_is_refused_before_the_first_byte)
{
    arv__newfile *file;
    start(1);
    arv__newfile_options options = options_for("none", true);
    way_force(BY_RENAME);
    fault_fs_lack(FAULT_RENAMEAT, EINVAL);
    CHECK_ERR(arv__newfile_open(&file, &options, &err), &err, ARV_EUNSUPPORTED, "renameat2");
    CHECK_INT(fault_fs_calls(FAULT_PWRITE), 0);
    CHECK_INT(test_count_dir(folder), 0);
    CHECK(arv__newfile_probe(dir_fd, "/vault", &err) == NULL);
    CHECK_INT(err.code, ARV_EUNSUPPORTED);
    CHECK_HAS(err.message, "/vault");
}

static const int lacking[] = {EIO, EPERM, EOPNOTSUPP, ENOSYS};

TEST(newfile_takes_the_way_by_rename_whatever_link_answers_where_it_is_missing)
{
    start(70000);
    for (size_t i = 0; i < sizeof lacking / sizeof *lacking; i++) {
        fault_fs_reset();
        way_force(BY_LINK);
        fault_fs_lack(FAULT_LINKAT, lacking[i]);
        CHECK_STR(arv__newfile_probe(dir_fd, "/vault", &err), "renameat2");
        CHECK_OK(life("f", true), &err);
        check_complete("f");
        CHECK_INT(test_count_dir(folder), 1);
        CHECK_INT(unlinkat(dir_fd, "f", 0), 0);
    }
}

TEST(newfile_without_any_way_is_unsupported_whatever_the_calls_answer)
{
    start(1);
    for (size_t i = 0; i < sizeof lacking / sizeof *lacking; i++)
        for (size_t j = 0; j < sizeof lacking / sizeof *lacking; j++) {
            fault_fs_reset();
            way_force(BY_LINK);
            fault_fs_lack(FAULT_LINKAT, lacking[i]);
            fault_fs_lack(FAULT_RENAMEAT, lacking[j]);
            CHECK_ERR(life("f", false), &err, ARV_EUNSUPPORTED, "another file system");
            CHECK(arv__newfile_probe(dir_fd, "/vault", &err) == NULL);
            CHECK_INT(err.code, ARV_EUNSUPPORTED);
            CHECK_INT(test_count_dir(folder), 0);
        }
}

TEST(newfile_on_a_disk_that_answers_everything_with_eio_is_an_input_error)
{
    arv__newfile *file;
    arv__newfile_options options;
    start(10);
    way_force(BY_LINK);
    fault_fs_die(FAULT_LINKAT, 1, EIO);
    CHECK_ERR(life("f", false), &err, ARV_EIO, "cannot be created");
    fault_fs_reset();
    options = options_for("g", false);
    CHECK_OK(arv__newfile_open(&file, &options, &err), &err);
    CHECK_OK(content_write(file), &err);
    CHECK_OK(arv__newfile_seal(file, &err), &err);
    fault_fs_die(FAULT_LINK_EMPTY, 1, EIO);
    CHECK_ERR(arv__newfile_commit(file, &err), &err, ARV_EIO, "given its name");
    fault_fs_reset();
    arv__newfile_free(file);
}

TEST(newfile_that_cannot_be_linked_at_its_end_is_unsupported_where_links_are_missing)
{
    arv__newfile *file;
    arv__newfile_options options;
    int descriptors;
    start(10);
    options = options_for("f", false);
    descriptors = open_descriptors();
    for (size_t i = 0; i < sizeof lacking / sizeof *lacking; i++)
        for (int works = 0; works <= 1; works++) {
            fault_fs_reset();
            CHECK_OK(arv__newfile_open(&file, &options, &err), &err);
            CHECK_OK(content_write(file), &err);
            CHECK_OK(arv__newfile_seal(file, &err), &err);
            fault_fs_lack(FAULT_LINK_EMPTY, lacking[i]);
            if (!works)
                fault_fs_lack(FAULT_LINKAT, lacking[i]);
            int rc = arv__newfile_commit(file, &err);
            if (works) /* so it is the answer that it is */
                CHECK_INT(rc, lacking[i] == EPERM ? ARV_EACCESS : ARV_EIO);
            else
                CHECK_ERR(rc, &err, ARV_EUNSUPPORTED, "no hard links");
            arv__newfile_free(file);
            CHECK_INT(test_count_dir(folder), 0);
            CHECK_INT(open_descriptors(), descriptors);
        }
}

TEST(probe_names_the_way_and_leaves_nothing)
{
    static const char *const expected[WAYS] = {"O_TMPFILE", "O_TMPFILE", "link", "renameat2"};
    start(1);
    for (way w = 0; w < WAYS; w++) {
        fault_fs_reset();
        way_force(w);
        CHECK_STR(arv__newfile_probe(dir_fd, "/vault", &err), expected[w]);
        CHECK_INT(test_count_dir(folder), 0);
    }
}

/* ---- faults ---------------------------------------------------------------------------------- */

/* Fails every call of a life in turn. Either the life ends in an error and nothing is left, or it
 * did without the call and the file is complete; no descriptor stays open. */
static void fail_each(way w, bool large, int system_errno)
{
    CHECK_SCENE("way %d, large %d", w, large);
    unsigned survived = 0, failed = 0;
    int descriptors = open_descriptors();
    for (unsigned nth = 1;; nth++) {
        CHECK_SCENE("call %u fails: %s", nth, strerror(system_errno));
        fault_fs_reset();
        fault_fs_fail(FAULT_ANY, nth, system_errno);
        way_force(w);
        int rc = life("f", large);
        unsigned calls = fault_fs_calls(FAULT_ANY);
        fault_fs_reset();
        if (rc == 0) {
            survived++;
            check_complete("f");
            CHECK_INT(test_count_dir(folder), 1);
            CHECK_INT(unlinkat(dir_fd, "f", 0), 0);
        } else {
            failed++;
            CHECK(err.message[0]);
            CHECK_INT(test_count_dir(folder), 0);
        }
        CHECK_INT(open_descriptors(), descriptors);
        if (calls < nth)
            break; /* the fault lay beyond the last call */
    }
    CHECK(failed >= 4);
    CHECK(survived >= 3);
}

TEST(newfile_leaves_nothing_whichever_call_fails_with_an_input_error)
{
    start(200000);
    for (way w = 0; w < WAYS; w++)
        for (int large = 0; large <= 1; large++)
            fail_each(w, large, EIO);
}

TEST(newfile_leaves_nothing_whichever_call_finds_no_space)
{
    start(200000);
    for (way w = 0; w < WAYS; w++)
        for (int large = 0; large <= 1; large++)
            fail_each(w, large, ENOSPC);
}

TEST(newfile_survives_interruption_of_every_transfer)
{
    start(200000);
    for (int large = 0; large <= 1; large++) {
        for (unsigned nth = 1; nth < 12; nth++) {
            CHECK_SCENE("transfer %u is interrupted, large %d", nth, large);
            fault_fs_reset();
            fault_fs_fail(FAULT_PWRITE, nth, EINTR);
            fault_fs_fail(FAULT_PREAD, nth, EINTR);
            fault_fs_fail(FAULT_FSYNC, nth, EINTR);
            CHECK_OK(life("f", large), &err);
            check_complete("f");
            CHECK_INT(unlinkat(dir_fd, "f", 0), 0);
        }
    }
}

TEST(newfile_survives_short_writes_and_reads)
{
    static const size_t sizes[] = {1, 511, 4096, 5000, 60000};
    start(150000);
    for (int large = 0; large <= 1; large++) {
        for (size_t i = 0; i < 5; i++) {
            fault_fs_reset();
            fault_fs_shorten(FAULT_PWRITE, 2, sizes[i]);
            fault_fs_shorten(FAULT_PREAD, 2, sizes[i]);
            CHECK_OK(life("f", large), &err);
            check_complete("f");
            CHECK_INT(unlinkat(dir_fd, "f", 0), 0);
            if (sizes[i] == 1)
                continue;
            fault_fs_reset();
            fault_fs_shorten_all(FAULT_PWRITE, sizes[i]);
            fault_fs_shorten_all(FAULT_PREAD, sizes[i]);
            CHECK_OK(life("f", large), &err);
            check_complete("f");
            CHECK_INT(unlinkat(dir_fd, "f", 0), 0);
        }
    }
}

TEST(newfile_tells_when_there_is_no_space)
{
    start(200000);
    fault_fs_fail(FAULT_PWRITE, 2, ENOSPC);
    CHECK_ERR(life("f", true), &err, ARV_ENOSPACE, "/vault/archive.tar");
    fault_fs_reset();
    fault_fs_fail(FAULT_PWRITE, 1, EDQUOT);
    CHECK_ERR(life("f", false), &err, ARV_ENOSPACE, "/vault/archive.tar");
}

TEST(newfile_does_without_reserved_space)
{
    static const int answers[] = {EOPNOTSUPP, ENOSPC, ENOSYS};
    start(200000);
    for (int i = 0; i < 3; i++) {
        fault_fs_reset();
        fault_fs_lack(FAULT_FALLOCATE, answers[i]);
        CHECK_OK(life("f", true), &err);
        check_complete("f");
        CHECK_INT(fault_fs_calls(FAULT_FALLOCATE), 1);
        CHECK_INT(unlinkat(dir_fd, "f", 0), 0);
    }
}

TEST(newfile_is_buffered_where_direct_writing_is_refused)
{
    start(200000);
    fault_fs_lack(FAULT_SETFL, EINVAL);
    CHECK_OK(life("switch", true), &err);
    check_complete("switch");
    fault_fs_reset();
    fault_fs_fail(FAULT_PWRITE, 1, EINVAL); /* accepted, and refused at the first write */
    CHECK_OK(life("write", true), &err);
    check_complete("write");
    fault_fs_reset();
    fault_fs_fail(FAULT_PREAD, 1, EINVAL);
    CHECK_OK(life("read", true), &err);
    check_complete("read");
}

TEST(newfile_never_repeats_a_failed_flush)
{
    arv__newfile *file;
    start(100);
    arv__newfile_options options = options_for("f", true);
    CHECK_OK(arv__newfile_open(&file, &options, &err), &err);
    CHECK_OK(content_write(file), &err);
    fault_fs_fail(FAULT_FSYNC, 1, EIO);
    CHECK_ERR(arv__newfile_seal(file, &err), &err, ARV_EIO, "flushed");
    CHECK_ERR(arv__newfile_seal(file, &err), &err, ARV_ESTATE, "given up");
    CHECK_ERR(arv__newfile_commit(file, &err), &err, ARV_ESTATE, NULL);
    CHECK_INT(fault_fs_calls(FAULT_FSYNC), 1);
    arv__newfile_free(file);
    CHECK_INT(test_count_dir(folder), 0);
}

TEST(newfile_flushes_the_file_before_and_the_folder_after_naming)
{
    arv__newfile *file;
    start(100);
    arv__newfile_options options = options_for("f", false);
    CHECK_OK(arv__newfile_open(&file, &options, &err), &err);
    CHECK_OK(content_write(file), &err);
    CHECK_OK(arv__newfile_seal(file, &err), &err);
    CHECK_INT(fault_fs_calls(FAULT_FSYNC), 1);
    CHECK_OK(arv__newfile_commit(file, &err), &err);
    CHECK_INT(fault_fs_calls(FAULT_FSYNC), 2);
    arv__newfile_free(file);

    fault_fs_reset();
    fault_fs_fail(FAULT_FSYNC, 2, EINVAL); /* a file system that cannot flush folders */
    CHECK_OK(life("g", false), &err);
    fault_fs_reset();
    fault_fs_fail(FAULT_FSYNC, 2, EIO);
    CHECK_ERR(life("h", false), &err, ARV_EIO, "folder");
    CHECK_INT(test_count_dir(folder), 2);
}

TEST(newfile_tells_when_a_name_that_was_not_kept_may_be_there)
{
    start(100);
    fault_fs_fail_from(FAULT_FSYNC, 2, EIO);
    fault_fs_lack(FAULT_UNLINKAT, EROFS);
    CHECK_ERR(life("f", false), &err, ARV_EIO, "may be there all the same");
    CHECK_INT(err.flags & ARV_ERROR_PARTIAL, ARV_ERROR_PARTIAL);
    CHECK_INT(test_count_dir(folder), 1);
}

TEST(newfile_reserves_no_more_than_it_keeps)
{
    struct stat st;
    start(200001);
    CHECK_OK(life("f", true), &err);
    CHECK(fault_fs_calls(FAULT_FALLOCATE) >= 1);
    CHECK_INT(fstatat(dir_fd, "f", &st, 0), 0);
    CHECK_INT(st.st_size, 200001);
    CHECK(st.st_blocks * 512 < MIB);
}

/* ---- kills ----------------------------------------------------------------------------------- */

static bool killed_at(unsigned nth, way w)
{
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        fault_fs_reset();
        fault_fs_kill(FAULT_ANY, nth);
        way_force(w);
        _exit(life("f", true) == 0 ? 0 : 1);
    }
    int status = 0;
    CHECK_INT(waitpid(pid, &status, 0), pid);
    CHECK(WIFSIGNALED(status) ? WTERMSIG(status) == SIGKILL : WEXITSTATUS(status) == 0);
    return WIFSIGNALED(status);
}

TEST(newfile_killed_at_any_call_is_complete_or_absent)
{
    start(200000);
    for (way w = 0; w < WAYS; w++) {
        bool killed = true;
        for (unsigned nth = 1; killed; nth++) {
            CHECK_SCENE("way %d, killed at call %u", w, nth);
            killed = killed_at(nth, w);
            bool there = faccessat(dir_fd, "f", F_OK, 0) == 0;
            CHECK(killed || there);
            if (there) {
                check_complete("f");
                CHECK_INT(unlinkat(dir_fd, "f", 0), 0);
            }
            if (w <= BY_PROC)
                CHECK_INT(test_count_dir(folder), 0); /* not even a temporary name */
        }
    }
}

TEST(newfile_leaves_nothing_when_the_answer_to_making_it_is_lost)
{
    static const fault_op making[] = {FAULT_OPENAT, FAULT_LINKAT};
    for (unsigned i = 0; i < 2; i++)
        for (unsigned nth = 1; nth <= 3; nth++) {
            CHECK_SCENE("answer %u of %s is lost", nth, fault_fs_name(making[i]));
            arv__newfile *file = NULL;
            arv__newfile_options options = options_for("a", false);
            if (!folder[0])
                start(10);
            fault_fs_reset();
            way_force(BY_LINK);
            fault_fs_fail_after(making[i], nth, EIO);
            if (arv__newfile_open(&file, &options, &err) < 0)
                CHECK_INT(test_count_dir(folder), 0);
            arv__newfile_free(file);
            CHECK_INT(test_count_dir(folder), 0);
        }
}

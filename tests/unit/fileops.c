/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>
#include "fault_fs.h"

static arv_error err;

static int dir_open(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    CHECK(fd >= 0);
    return fd;
}

/* ---- open beneath ---------------------------------------------------------------------------- */

typedef int (*open_fn)(int dir_fd, const char *path, int flags, mode_t mode);

/* With openat2 where this kernel has it, and without. */
static void beneath_checked(open_fn open_beneath)
{
    static const struct {
        const char *path;
        int flags;
        int result; /* 0: opens */
    } cases[] = {
        {"file", O_RDONLY, 0},
        {"sub/inner/file", O_RDONLY, 0},
        {"sub//inner/./file", O_RDONLY, 0},
        {"sub", O_RDONLY | O_DIRECTORY, 0},
        {"sub/", O_RDONLY, 0},
        {".", O_RDONLY | O_DIRECTORY, 0},
        {"sub/inner/none", O_RDONLY, -ENOENT},
        {"none/file", O_RDONLY, -ENOENT},
        {"file/more", O_RDONLY, -ENOTDIR},
        {"file/", O_RDONLY, -ENOTDIR},
        {"", O_RDONLY, -ENOENT},
        {"link", O_RDONLY, -ELOOP},
        {"link", O_PATH, -ELOOP},
        {"dirlink/file", O_RDONLY, -ELOOP},
        {"dirlink", O_RDONLY | O_DIRECTORY, -ELOOP},
        {"sub/up/file", O_RDONLY, -ELOOP},
        {"dangling", O_RDONLY, -ELOOP},
        {"..", O_RDONLY, -EXDEV},
        {"sub/../../x", O_RDONLY, -EXDEV},
        {"/etc/passwd", O_RDONLY, -EXDEV},
        {"file", O_WRONLY | O_CREAT | O_EXCL, -EEXIST},
        {"dangling", O_WRONLY | O_CREAT, -ELOOP},
    };
    int descriptors = test_count_dir("/proc/self/fd");
    int fd = dir_open(test_dir());
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int rc = open_beneath(fd, cases[i].path, cases[i].flags | O_CLOEXEC, 0600);
        if (rc >= 0 ? cases[i].result != 0 : rc != cases[i].result)
            test_fail(__FILE__, __LINE__, "opening '%s' gives %d, expected %d", cases[i].path, rc,
                      cases[i].result);
        if (rc >= 0)
            close(rc);
    }
    int made = open_beneath(fd, "sub/new", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
    struct stat st;
    CHECK(made >= 0);
    CHECK_INT(fstat(made, &st), 0);
    CHECK_INT(st.st_mode & 07777, 0640);
    CHECK_INT(unlinkat(fd, "sub/new", 0), 0);
    close(made);
    close(fd);
    CHECK_INT(test_count_dir("/proc/self/fd"), descriptors);
}

static void beneath_scene(void)
{
    umask(022);
    CHECK_INT(mkdir(test_path("sub"), 0700), 0);
    CHECK_INT(mkdir(test_path("sub/inner"), 0700), 0);
    test_write_file(test_path("file"), "a", 1);
    test_write_file(test_path("sub/inner/file"), "b", 1);
    CHECK_INT(symlink("file", test_path("link")), 0);
    CHECK_INT(symlink("sub/inner", test_path("dirlink")), 0);
    CHECK_INT(symlink("..", test_path("sub/up")), 0);
    CHECK_INT(symlink("nowhere", test_path("dangling")), 0);
}

TEST(open_beneath_follows_no_link_and_stays_inside)
{
    beneath_scene();
    beneath_checked(arv__fs->open_beneath);
}

TEST(open_beneath_by_steps_answers_like_the_kernel)
{
    beneath_scene();
    beneath_checked(arv__fs_beneath_by_steps);
}

TEST(open_beneath_by_steps_refuses_components_beyond_any_name)
{
    char path[400];
    memset(path, 'a', sizeof path - 1);
    path[sizeof path - 1] = '\0';
    int fd = dir_open(test_dir());
    CHECK_INT(arv__fs_beneath_by_steps(fd, path, O_RDONLY, 0), -ENAMETOOLONG);
    path[200] = '/';
    CHECK_INT(arv__fs_beneath_by_steps(fd, path, O_RDONLY, 0), -ENOENT);
    close(fd);
}

/* ---- results --------------------------------------------------------------------------------- */

TEST(slots_return_the_negative_errno)
{
    struct stat st;
    char text[8];
    int dir = dir_open(test_dir()), error;
    CHECK_INT(arv__fs->openat(dir, "none", O_RDONLY, 0), -ENOENT);
    CHECK_INT(arv__fs->close(-1), -EBADF);
    CHECK_INT(arv__fs->read(-1, text, 1), -EBADF);
    CHECK_INT(arv__fs->pread(-1, text, 1, 0), -EBADF);
    CHECK_INT(arv__fs->pwrite(-1, text, 1, 0), -EBADF);
    CHECK_INT(arv__fs->fsync(-1), -EBADF);
    CHECK_INT(arv__fs->fdatasync(-1), -EBADF);
    CHECK_INT(arv__fs->fstat(-1, &st), -EBADF);
    CHECK_INT(arv__fs->fstatat(dir, "none", &st, 0), -ENOENT);
    CHECK_INT(arv__fs->fstatvfs(-1, &(struct statvfs){0}), -EBADF);
    CHECK_INT(arv__fs->linkat(dir, "none", dir, "other", 0), -ENOENT);
    CHECK_INT(arv__fs->unlinkat(dir, "none", 0), -ENOENT);
    CHECK_INT(arv__fs->mkdirat(dir, ".", 0700), -EEXIST);
    CHECK_INT(arv__fs->readlinkat(dir, "none", text, sizeof text), -ENOENT);
    CHECK_INT(arv__fs->fallocate(-1, 0, 1), -EBADF);
    CHECK_INT(arv__fs->ftruncate(dir, 0), -EINVAL);
    CHECK_INT(arv__fs->fadvise(-1, 0, 0, POSIX_FADV_DONTNEED), -EBADF);
    CHECK_INT(arv__fs->fcntl_setfl(-1, 0), -EBADF);
    CHECK_INT(arv__fs->flock(-1, LOCK_EX), -EBADF);
    CHECK_INT(arv__fs->futimens(-1, NULL), -EBADF);
    CHECK(arv__fs->fdopendir(-1, &error) == NULL);
    CHECK_INT(error, -EBADF);
    close(dir);
}

TEST(rename_never_replaces)
{
    int dir = dir_open(test_dir());
    test_write_file(test_path("a"), "a", 1);
    test_write_file(test_path("b"), "b", 1);
    int rc = arv__fs->renameat_noreplace(dir, "a", dir, "b");
    if (rc == -EINVAL || rc == -ENOSYS)
        test_skip("this file system has no RENAME_NOREPLACE");
    CHECK_INT(rc, -EEXIST);
    CHECK_INT(arv__fs->renameat_noreplace(dir, "a", dir, "c"), 0);
    CHECK(!test_exists(test_path("a")));
    CHECK_INT(test_count_dir(test_dir()), 2);
    close(dir);
}

TEST(reserved_space_does_not_make_a_file_longer)
{
    struct stat st;
    int fd = open(test_path("f"), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    int rc = arv__fs->fallocate(fd, 0, 1 << 20);
    if (rc == -EOPNOTSUPP)
        test_skip("this file system cannot reserve space");
    CHECK_INT(rc, 0);
    CHECK_INT(fstat(fd, &st), 0);
    CHECK_INT(st.st_size, 0);
    close(fd);
}

TEST(directory_ends_with_null_and_no_error)
{
    int error = 1, count = 0;
    test_write_file(test_path("one"), "", 0);
    test_write_file(test_path("two"), "", 0);
    DIR *dir = arv__fs->fdopendir(dir_open(test_dir()), &error);
    CHECK(dir != NULL);
    CHECK_INT(error, 0);
    for (struct dirent *e; (e = arv__fs->readdir(dir, &error));)
        count += e->d_name[0] != '.';
    CHECK_INT(error, 0);
    CHECK_INT(count, 2);
    CHECK_INT(arv__fs->closedir(dir), 0);
}

/* ---- whole reads and writes ------------------------------------------------------------------ */

TEST(full_transfers_survive_interruption_and_short_counts)
{
    unsigned char out[10000], in[10000];
    test_fill_random(out, sizeof out, 1);
    fault_fs_install();
    fault_fs_fail(FAULT_PWRITE, 2, EINTR);
    fault_fs_fail(FAULT_PREAD, 1, EINTR);
    fault_fs_fail(FAULT_READ, 3, EINTR);
    fault_fs_shorten_all(FAULT_PWRITE, 777);
    fault_fs_shorten_all(FAULT_PREAD, 1000);
    fault_fs_shorten_all(FAULT_READ, 333);
    int fd = open(test_path("f"), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    CHECK_INT(arv__fs_pwrite_full(fd, out, sizeof out, 50), 0);
    CHECK_INT(arv__fs_pread_full(fd, in, sizeof in, 50), sizeof in);
    CHECK_MEM(in, out, sizeof out);
    memset(in, 0, sizeof in);
    CHECK_INT(lseek(fd, 50, SEEK_SET), 50);
    CHECK_INT(arv__fs_read_full(fd, in, sizeof in), sizeof in);
    CHECK_MEM(in, out, sizeof out);
    CHECK_INT(arv__fs_read_full(fd, in, sizeof in), 0);
    CHECK_INT(arv__fs_pread_full(fd, in, sizeof in, 10000), 50); /* less at the end */
    close(fd);
}

TEST(full_transfers_report_errors)
{
    char byte = 'x';
    fault_fs_install();
    int fd = open(test_path("f"), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    fault_fs_fail(FAULT_PWRITE, 1, ENOSPC);
    CHECK_INT(arv__fs_pwrite_full(fd, &byte, 1, 0), -ENOSPC);
    fault_fs_shorten(FAULT_PWRITE, 1, 0);
    CHECK_INT(arv__fs_pwrite_full(fd, &byte, 1, 0), -EIO); /* a write of nothing */
    fault_fs_fail(FAULT_PREAD, 1, EIO);
    CHECK_INT(arv__fs_pread_full(fd, &byte, 1, 0), -EIO);
    fault_fs_fail(FAULT_READ, 1, EIO);
    CHECK_INT(arv__fs_read_full(fd, &byte, 1), -EIO);
    close(fd);
}

TEST(what_opens_cuts_and_asks_survives_interruption)
{
    struct statvfs space;
    fault_fs_install();
    fault_fs_fail(FAULT_OPENAT, 1, EINTR);
    int fd = arv__fs_openat(AT_FDCWD, test_path("file"), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    CHECK(fd >= 0);
    fault_fs_fail(FAULT_FTRUNCATE, 1, EINTR);
    CHECK_INT(arv__fs_ftruncate(fd, 10), 0);
    fault_fs_fail(FAULT_FSTATVFS, 1, EINTR);
    CHECK_INT(arv__fs_fstatvfs(fd, &space), 0);
    CHECK_INT(arv__fs_close(fd), 0);
    int dir_fd = arv__fs_openat(AT_FDCWD, test_dir(), O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
    CHECK(dir_fd >= 0);
    fault_fs_fail(FAULT_OPEN_BENEATH, 1, EINTR);
    fd = arv__fs_open_beneath(dir_fd, "file", O_RDONLY | O_CLOEXEC, 0);
    CHECK(fd >= 0);
    CHECK_INT(arv__fs_close(fd), 0);
    CHECK_INT(arv__fs_close(dir_fd), 0);
}

TEST(flush_and_close_take_interruption_for_what_it_is)
{
    fault_fs_install();
    int fd = open(test_path("f"), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    fault_fs_fail(FAULT_FSYNC, 1, EINTR);
    CHECK_INT(arv__fs_fsync_retry(fd), 0);
    CHECK_INT(fault_fs_calls(FAULT_FSYNC), 2);
    fault_fs_fail(FAULT_FSYNC, 1, EIO);
    CHECK_INT(arv__fs_fsync_retry(fd), -EIO);
    CHECK_INT(fault_fs_calls(FAULT_FSYNC), 3);
    fault_fs_fail(FAULT_CLOSE, 1, EINTR);
    CHECK_INT(arv__fs_close(fd), 0);
    CHECK_INT(fault_fs_calls(FAULT_CLOSE), 1); /* never again: the number may be another's by now */
    CHECK_INT(arv__fs_close(-1), 0);
    CHECK_INT(fault_fs_calls(FAULT_CLOSE), 1);
}

/* ---- temporary files ------------------------------------------------------------------------- */

static void temporary_checked(const char *directory, const char *where)
{
    struct stat st;
    int fd = arv__fs_temporary(directory, &err);
    CHECK_OK(fd, &err);
    CHECK_INT(fstat(fd, &st), 0);
    CHECK_INT(st.st_nlink, 0);
    CHECK_INT(st.st_mode & 07777, 0600);
    CHECK(fcntl(fd, F_GETFD) & FD_CLOEXEC);
    CHECK_INT(arv__fs_pwrite_full(fd, "x", 1, 0), 0);
    CHECK_INT(test_count_dir(where), 0);
    close(fd);
}

TEST(temporary_file_has_no_name)
{
    umask(0);
    temporary_checked(test_dir(), test_dir());
    setenv("TMPDIR", test_dir(), 1);
    temporary_checked(NULL, test_dir());
    fault_fs_install();
    fault_fs_lack(FAULT_OPEN_TMPFILE, EOPNOTSUPP);
    temporary_checked(test_dir(), test_dir());
    fault_fs_fail(FAULT_OPENAT, 1, EEXIST); /* the name was taken: another one */
    temporary_checked(test_dir(), test_dir());
    fault_fs_fail(FAULT_UNLINKAT, 1, EIO);
    temporary_checked(test_dir(), test_dir());
}

TEST(temporary_file_that_cannot_be_made_tells_where)
{
    CHECK_ERR(arv__fs_temporary("/nowhere/at/all", &err), &err, ARV_ENOTFOUND, "/nowhere/at/all");
    fault_fs_install();
    fault_fs_fail(FAULT_OPEN_TMPFILE, 1, ENOSPC);
    CHECK_ERR(arv__fs_temporary(test_dir(), &err), &err, ARV_ENOSPACE, "TMPDIR");
    CHECK_INT(test_count_dir(test_dir()), 0);
}

/* ---- the faults themselves ------------------------------------------------------------------- */

TEST(faults_hit_the_call_they_were_set_on)
{
    int fd = open(test_path("f"), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    fault_fs_install();
    fault_fs_fail(FAULT_ANY, 3, EIO);
    CHECK_INT(arv__fs->fsync(fd), 0);
    CHECK_INT(arv__fs->ftruncate(fd, 1), 0);
    CHECK_INT(arv__fs->fsync(fd), -EIO);
    CHECK_INT(arv__fs->fsync(fd), 0);
    CHECK_INT(fault_fs_calls(FAULT_FSYNC), 3);
    CHECK_INT(fault_fs_calls(FAULT_ANY), 4);
    fault_fs_kill(FAULT_FSYNC, 2);
    pid_t pid = fork();
    if (pid == 0) {
        arv__fs->fsync(fd);
        arv__fs->fsync(fd);
        _exit(0);
    }
    int status = 0;
    CHECK_INT(waitpid(pid, &status, 0), pid);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    fault_fs_remove();
    CHECK(arv__fs == &arv__fs_system);
    close(fd);
}

/* ---- locks ----------------------------------------------------------------------------------- */

TEST(a_lock_belongs_to_one_description_and_ends_with_it)
{
    const char *path = test_path("lock");
    int first = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    int second = open(path, O_RDWR | O_CLOEXEC);
    CHECK(first >= 0 && second >= 0);
    CHECK_INT(arv__fs->lock(second, true), 0);
    CHECK_INT(arv__fs->lock(first, false), 0);
    CHECK_INT(arv__fs->lock(first, true), 0); /* one's own is nobody else's */
    CHECK_INT(arv__fs->lock(second, true), -EAGAIN);
    CHECK_INT(arv__fs->lock(second, false), -EAGAIN);
    CHECK_INT(close(first), 0);
    CHECK_INT(arv__fs->lock(second, true), 0); /* asking took nothing */
    CHECK_INT(arv__fs->lock(second, false), 0);
    CHECK_INT(close(second), 0);
}

TEST(a_lock_ends_when_its_process_is_killed)
{
    const char *path = test_path("lock");
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    int told[2];
    char byte;
    CHECK(fd >= 0);
    CHECK_INT(pipe(told), 0);
    pid_t child = fork();
    if (child == 0) {
        int own = open(path, O_RDWR | O_CLOEXEC);
        byte = arv__fs->lock(own, false) == 0;
        CHECK_INT(write(told[1], &byte, 1), 1);
        for (;;)
            pause();
    }
    CHECK_INT(read(told[0], &byte, 1), 1);
    CHECK_INT(byte, 1);
    CHECK_INT(arv__fs->lock(fd, false), -EAGAIN);
    CHECK_INT(kill(child, SIGKILL), 0);
    CHECK_INT(waitpid(child, NULL, 0), child);
    CHECK_INT(arv__fs->lock(fd, false), 0);
    CHECK_INT(close(fd), 0);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "power_fs.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "loop/fileops.h"
#include "test.h"

enum { KNOWN_MOST = 256 };

typedef struct power_file { /* by identity: written and not synced */
    dev_t device;
    ino_t inode;
    bool dirty;
} power_file;

typedef struct power_name { /* made in a folder that was not synced since */
    dev_t device; /* of the folder */
    ino_t inode;
    char path[PATH_MAX];
    bool folder;
    bool pending;
} power_name;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static power_file files[KNOWN_MOST];
static power_name names[KNOWN_MOST];
static unsigned file_count, name_count;
static bool lies;
static arv__fileops power_table;

static void identity_of(int fd, dev_t *device, ino_t *inode)
{
    struct stat st;
    int rc = fd == AT_FDCWD ? arv__fs_system.fstatat(fd, ".", &st, 0)
                            : arv__fs_system.fstat(fd, &st);
    CHECK_INT(rc, 0);
    *device = st.st_dev;
    *inode = st.st_ino;
}

static void note_dirty(int fd)
{
    dev_t device;
    ino_t inode;
    identity_of(fd, &device, &inode);
    pthread_mutex_lock(&lock);
    unsigned i = 0;
    while (i < file_count && (files[i].device != device || files[i].inode != inode))
        i++;
    CHECK(i < KNOWN_MOST);
    files[i] = (power_file){device, inode, true};
    if (i == file_count)
        file_count++;
    pthread_mutex_unlock(&lock);
}

static void note_name(int dir_fd, const char *name, bool folder)
{
    char link[64], base[PATH_MAX];
    struct stat st;
    power_name made = {.folder = folder, .pending = true};
    snprintf(link, sizeof link, "/proc/self/fd/%d", dir_fd);
    ssize_t length = dir_fd == AT_FDCWD ? 0 : readlink(link, base, sizeof base - 1);
    CHECK(length >= 0);
    base[length] = '\0';
    int all = snprintf(made.path, sizeof made.path, "%s%s%s", base, length ? "/" : "", name);
    CHECK(all > 0 && (size_t)all < sizeof made.path);
    snprintf(base, sizeof base, "%s", made.path);
    char *slash = strrchr(base, '/');
    if (slash)
        *slash = '\0';
    CHECK_INT(arv__fs_system.fstatat(AT_FDCWD, slash ? base : ".", &st, 0), 0);
    made.device = st.st_dev;
    made.inode = st.st_ino;
    pthread_mutex_lock(&lock);
    CHECK(name_count < KNOWN_MOST);
    names[name_count++] = made;
    pthread_mutex_unlock(&lock);
}

static void note_synced(int fd)
{
    dev_t device;
    ino_t inode;
    identity_of(fd, &device, &inode);
    pthread_mutex_lock(&lock);
    for (unsigned i = 0; i < file_count; i++)
        if (files[i].device == device && files[i].inode == inode)
            files[i].dirty = false;
    for (unsigned i = 0; i < name_count; i++)
        if (names[i].device == device && names[i].inode == inode)
            names[i].pending = false;
    pthread_mutex_unlock(&lock);
}

/* ---- the table ------------------------------------------------------------------------------- */

static int power_openat(int dir_fd, const char *path, int flags, mode_t mode)
{
    int fd = arv__fs_system.openat(dir_fd, path, flags, mode);
    if (fd >= 0 && (flags & O_CREAT) && (flags & O_TMPFILE) != O_TMPFILE)
        note_name(dir_fd, path, false);
    return fd;
}

static ssize_t power_pwrite(int fd, const void *data, size_t length, uint64_t offset)
{
    ssize_t n = arv__fs_system.pwrite(fd, data, length, offset);
    if (n > 0)
        note_dirty(fd);
    return n;
}

static int power_ftruncate(int fd, uint64_t length)
{
    int rc = arv__fs_system.ftruncate(fd, length);
    if (rc == 0)
        note_dirty(fd);
    return rc;
}

static int power_fsync(int fd)
{
    if (lies)
        return 0;
    int rc = arv__fs_system.fsync(fd);
    if (rc == 0)
        note_synced(fd);
    return rc;
}

static int power_linkat(int from_dir_fd, const char *from, int to_dir_fd, const char *to, int flags)
{
    int rc = arv__fs_system.linkat(from_dir_fd, from, to_dir_fd, to, flags);
    if (rc == 0)
        note_name(to_dir_fd, to, false);
    return rc;
}

static int power_renameat(int from_dir_fd, const char *from, int to_dir_fd, const char *to)
{
    int rc = arv__fs_system.renameat_noreplace(from_dir_fd, from, to_dir_fd, to);
    if (rc == 0)
        note_name(to_dir_fd, to, false);
    return rc;
}

static int power_mkdirat(int dir_fd, const char *path, mode_t mode)
{
    int rc = arv__fs_system.mkdirat(dir_fd, path, mode);
    if (rc == 0)
        note_name(dir_fd, path, true);
    return rc;
}

void power_fs_install(bool ignores_fsync)
{
    lies = ignores_fsync;
    file_count = name_count = 0;
    power_table = arv__fs_system;
    power_table.openat = power_openat;
    power_table.pwrite = power_pwrite;
    power_table.ftruncate = power_ftruncate;
    power_table.fsync = power_table.fdatasync = power_fsync;
    power_table.linkat = power_linkat;
    power_table.renameat_noreplace = power_renameat;
    power_table.mkdirat = power_mkdirat;
    arv__fs_set(&power_table);
}

/* ---- the failure ------------------------------------------------------------------------------ */

static bool content_lost(const struct stat *st)
{
    for (unsigned i = 0; i < file_count; i++)
        if (files[i].dirty && files[i].device == st->st_dev && files[i].inode == st->st_ino)
            return true;
    return false;
}

/* Contents first, while everything can still be found; then the later names, which may stand in
 * earlier ones. A folder's name takes along what stands in it. */
int power_fs_cut(void)
{
    int lost = 0;
    struct stat st;
    arv__fs_set(NULL);
    for (unsigned i = 0; i < name_count; i++) {
        if (lstat(names[i].path, &st) == 0 && S_ISREG(st.st_mode) && content_lost(&st)) {
            CHECK_INT(truncate(names[i].path, 0), 0);
            lost++;
        }
    }
    for (unsigned i = name_count; i-- > 0;) {
        if (!names[i].pending || lstat(names[i].path, &st) != 0)
            continue;
        if (names[i].folder)
            test_run(NULL, (const char *const[]){"rm", "-r", names[i].path, NULL});
        else
            CHECK_INT(unlink(names[i].path), 0);
        lost++;
    }
    return lost;
}

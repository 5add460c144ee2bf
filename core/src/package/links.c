/* SPDX-License-Identifier: Apache-2.0 */
#include "package/links.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <arv/entry.h>
#include "loop/fileops.h"

enum { LINKS_PATH_BYTES = 4096 };

bool arv_links_parse(const char *text, arv_links *links)
{
    static const char *const names[] = {"follow", "skip", "record"};
    for (unsigned i = 0; text && i < sizeof names / sizeof *names; i++)
        if (strcmp(text, names[i]) == 0) {
            *links = (arv_links)i;
            return true;
        }
    return false;
}

bool arv__links_guarded(void)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {{0}};
    unsigned all = 1u << CAP_DAC_READ_SEARCH | 1u << CAP_DAC_OVERRIDE;
    if (geteuid() == 0)
        return true;
    return syscall(SYS_capget, &header, data) == 0 && (data[0].effective & all) != 0;
}

bool arv__links_readable(uid_t owner, const struct stat *st)
{
    mode_t needed = S_ISDIR(st->st_mode) ? S_IROTH | S_IXOTH : S_IROTH;
    return owner == 0 || st->st_uid == owner || (st->st_mode & needed) == needed;
}

bool arv__links_passable(uid_t owner, const char *root, const char *real)
{
    char path[LINKS_PATH_BYTES];
    size_t length = strlen(real), at = strlen(root);
    struct stat st;
    if (owner == 0)
        return true;
    if (length >= sizeof path)
        return false;
    memcpy(path, real, length + 1);
    for (at++; at < length; at++) {
        if (path[at] != '/')
            continue;
        path[at] = '\0';
        if (arv__fs->fstatat(AT_FDCWD, path, &st, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISDIR(st.st_mode) ||
            (st.st_uid != owner && !(st.st_mode & S_IXOTH)))
            return false;
        path[at] = '/';
    }
    return true;
}

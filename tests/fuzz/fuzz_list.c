/* SPDX-License-Identifier: Apache-2.0 */

/* Lists of entries in JSON lines, as they are given to be archived and as they stand in an archive,
 * and lines of manifests. */

#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <arv/entry.h>
#include "verify/lines.h"

static int fuzz_line(void *user_data, char *text, size_t length, arv_error *err)
{
    unsigned char digest[ARV_SHA256_BYTES];
    const char *path;
    size_t path_length;
    (void)user_data;
    if (!text)
        return 0;
    char *copy = malloc(length + 1);
    arv__listed listed;
    memcpy(copy, text, length + 1);
    if (!arv__listed_parse(&listed, copy, length, err) && arv__name_unsafe(listed.name, listed.name_length))
        abort();
    arv__listed_cleanup(&listed);
    memcpy(copy, text, length + 1);
    if (!arv__manifest_line(copy, length, sizeof digest, digest, &path, &path_length) &&
        arv__name_unsafe(path, path_length))
        abort();
    free(copy);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
    arv__lines lines;
    arv_error err;
    arv_entries *entries = NULL;
    arv__lines_init(&lines, 4096, fuzz_line, NULL);
    arv__lines_feed(&lines, data, length, &err);
    arv__lines_end(&lines, &err);
    arv__lines_cleanup(&lines);

    int fd = memfd_create("list", MFD_CLOEXEC);
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (fd >= 0 && write(fd, data, length) == (ssize_t)length && arv_entries_new(&entries, NULL, &err) == 0)
        arv_entries_add_list(entries, path, &err);
    arv_entries_unref(entries);
    if (fd >= 0)
        close(fd);
    return 0;
}

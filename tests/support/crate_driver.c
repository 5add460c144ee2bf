/* SPDX-License-Identifier: Apache-2.0 */

/* A blocking driver of whole files: each object is a file below the folder of the test, given its name
 * by link(), which never replaces one. */

#include "crate_driver.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "test.h"

bool crate_flips, crate_full;
static char crate_folder[3000]; /* known before threads ask for it */

static void crate_path(char path[4096], const char *key)
{
    snprintf(path, 4096, "%s/%.2s_%s", crate_folder, key, key + 3);
}

static int crate_error(const arv_storage_call *call, int error, arv_error *err)
{
    if (error == EEXIST || error == ENOENT)
        return arv_error_set(err, error == EEXIST ? ARV_EEXISTS : ARV_ENOTFOUND, "The object '%s' %s.",
                             call->key, error == EEXIST ? "exists already" : "does not exist");
    return arv_error_system(err, error, "The object '%s' cannot be moved", call->key);
}

/* 0 or an errno. */
static int crate_copy(const char *from, const char *to, bool flips)
{
    unsigned char *data = malloc(1 << 20);
    ssize_t n = 0;
    int in = open(from, O_RDONLY | O_CLOEXEC), error = 0;
    int out = in < 0 ? -1 : open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (out < 0)
        error = errno;
    while (error == 0 && (n = read(in, data, 1 << 20)) > 0) {
        data[n / 2] ^= flips;
        if (write(out, data, (size_t)n) != n)
            error = EIO;
    }
    if (in >= 0)
        close(in);
    if (out >= 0)
        close(out);
    free(data);
    return n < 0 ? EIO : error;
}

static int crate_open(void *instance, arv_engine *engine, const char *url, const arv_option_value *values,
                      void *user_data, arv_error *err)
{
    (void)instance;
    (void)engine;
    (void)url;
    (void)values;
    (void)user_data;
    (void)err;
    snprintf(crate_folder, sizeof crate_folder, "%s", test_path("crate"));
    mkdir(crate_folder, 0700);
    return 0;
}

static void crate_close(void *instance)
{
    (void)instance;
}

static int crate_connect(void *instance, arv_storage_call *call, arv_error *err)
{
    (void)instance;
    (void)err;
    if (call->detail)
        snprintf(call->detail, ARV_CHECK_DETAIL_BYTES, "a crate");
    return 0;
}

static int crate_put_file(void *instance, arv_storage_call *call, arv_error *err)
{
    char path[4096], part[4096 + 40];
    (void)instance;
    if (crate_full)
        return arv_error_set(err, ARV_ENOSPACE, "The object '%s' does not fit.", call->key);
    crate_path(path, call->key);
    snprintf(part, sizeof part, "%s.part-%p", path, (void *)call);
    int error = crate_copy(call->path, part, crate_flips);
    if (error == 0 && link(part, path) != 0)
        error = errno;
    unlink(part);
    return error ? crate_error(call, error, err) : 0;
}

static int crate_get_file(void *instance, arv_storage_call *call, arv_error *err)
{
    char path[4096];
    (void)instance;
    crate_path(path, call->key);
    int error = crate_copy(path, call->path, false);
    return error ? crate_error(call, error, err) : 0;
}

static int crate_stat(void *instance, arv_storage_call *call, arv_error *err)
{
    char path[4096];
    struct stat st;
    (void)instance;
    crate_path(path, call->key);
    if (stat(path, &st) != 0)
        return crate_error(call, errno, err);
    call->object->size_bytes = (uint64_t)st.st_size;
    call->object->stored_at_unix = (int64_t)st.st_mtime;
    return 0;
}

static int crate_remove(void *instance, arv_storage_call *call, arv_error *err)
{
    char path[4096];
    (void)instance;
    crate_path(path, call->key);
    return unlink(path) != 0 ? crate_error(call, errno, err) : 0;
}

unsigned crate_parts(void)
{
    unsigned n = 0;
    DIR *dir = opendir(crate_folder);
    for (struct dirent *entry; dir && (entry = readdir(dir));)
        n += strstr(entry->d_name, ".part-") != NULL;
    if (dir)
        closedir(dir);
    return n;
}

const arv_storage_ops crate_driver_ops = {
    .version = ARV_STORAGE_VERSION,
    .name = "crate",
    .capabilities = ARV_STORAGE_BLOCKING | ARV_STORAGE_EXCLUSIVE,
    .open = crate_open,
    .close = crate_close,
    .connect = crate_connect,
    .put_file = crate_put_file,
    .get_file = crate_get_file,
    .stat = crate_stat,
    .remove = crate_remove,
};

/* SPDX-License-Identifier: Apache-2.0 */

/* Somebody who may write to the folder of a storage exchanges its parts for links that lead outside,
 * all the time: nothing outside is written, read or removed. */

#include "test.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <arv/archivist.h>
#include "engine.h"

#define OBJECT "0192f0c1-7d3b-7cc2-9a51-3c6e1f2a4b5d.zip"

enum { ROUNDS = 1500, EXCHANGE = 2 /* RENAME_EXCHANGE */ };

static atomic_bool over;
static atomic_ulong exchanges;
static char root[256];

static void *exchange(void *unused)
{
    int fd = open(root, O_RDONLY | O_DIRECTORY);
    (void)unused;
    while (!atomic_load(&over))
        if (syscall(SYS_renameat2, fd, "5d", fd, "link", EXCHANGE) == 0)
            atomic_fetch_add(&exchanges, 1);
    close(fd);
    return NULL;
}

TEST_TIMEOUT(links_that_come_and_go_lead_nowhere, 300)
{
    arv_engine *engine = test_engine_new();
    arv_storage *storage;
    arv_storage_option create = {"create", "1"};
    arv_task *task;
    arv_error err;
    pthread_t thread;
    char url[300];
    unsigned stored = 0, got = 0;

    snprintf(root, sizeof root, "%s", test_path("root"));
    CHECK_INT(mkdir(root, 0700), 0);
    CHECK_INT(mkdir(test_path("root/5d"), 0700), 0);
    CHECK_INT(mkdir(test_path("outside"), 0700), 0);
    CHECK_INT(symlink(test_path("outside"), test_path("root/link")), 0);
    test_write_file(test_path("source"), "content", 7);
    snprintf(url, sizeof url, "file://%s", root);
    CHECK_OK(arv_storage_open(&storage, engine, url, &create, 1, &err), &err);
    CHECK_INT(pthread_create(&thread, NULL, exchange, NULL), 0);
    for (int i = 0; i < ROUNDS; i++) {
        /* What is outside has the object's name, so that being led there would succeed. */
        if (i == ROUNDS / 2)
            test_write_file(test_path("outside/" OBJECT), "a canary", 8);
        if (test_finish(arv_storage_put_file(storage, test_path("source"), "5d/" OBJECT, NULL, NULL, NULL,
                                             &task, &err),
                        &task, &err) == 0)
            stored++;
        unlink(test_path("back"));
        if (test_finish(arv_storage_get_file(storage, "5d/" OBJECT, test_path("back"), NULL, NULL, NULL,
                                             &task, &err),
                        &task, &err) == 0) {
            size_t length;
            char *back = test_read_file(test_path("back"), &length);
            CHECK_INT(length, 7);
            CHECK_MEM(back, "content", 7);
            free(back);
            got++;
        }
        test_finish(arv_storage_remove(storage, "5d/" OBJECT, NULL, NULL, &task, &err), &task, &err);
        if (i < ROUNDS / 2)
            CHECK_INT(test_count_dir(test_path("outside")), 0);
    }
    atomic_store(&over, true);
    pthread_join(thread, NULL);
    CHECK(atomic_load(&exchanges) > ROUNDS);
    CHECK(stored > 0 && got > 0);
    size_t length;
    char *canary = test_read_file(test_path("outside/" OBJECT), &length);
    CHECK_INT(length, 8);
    CHECK_MEM(canary, "a canary", 8);
    free(canary);
    arv_storage_unref(storage);
    test_engine_free(engine);
}

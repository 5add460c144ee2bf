/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "bucket_driver.h"
#include "engine.h"
#include "memory_driver.h"
#include "storage/internal.h"
#include "test.h"

static arv_error err;

static bool listed(const char *name)
{
    for (const char *const *n = arv_storage_drivers(); *n; n++)
        if (strcmp(*n, name) == 0)
            return true;
    return false;
}

TEST(the_file_system_is_there_without_registration)
{
    CHECK(listed("filesystem"));
    CHECK(!listed("memory"));
}

TEST(every_driver_of_the_library_would_pass_registration)
{
    const arv_storage_ops *ops;
    void *user_data;
    CHECK_OK(arv__driver_find("file", &ops, &user_data, &err), &err);
    CHECK_OK(arv__driver_check(ops, true, &err), &err);
}

TEST(a_registered_driver_is_listed_and_found_by_its_scheme)
{
    int data;
    const arv_storage_ops *ops;
    void *user_data;
    CHECK_OK(arv_storage_register(&memory_driver_ops, &data, &err), &err);
    CHECK(listed("memory") && listed("filesystem"));
    CHECK_OK(arv__driver_find("memory", &ops, &user_data, &err), &err);
    CHECK(ops == &memory_driver_ops && user_data == &data);
}

TEST(doubles_are_refused)
{
    arv_storage_ops other = memory_driver_ops;
    CHECK_OK(arv_storage_register(&memory_driver_ops, NULL, &err), &err);
    CHECK_ERR(arv_storage_register(&memory_driver_ops, NULL, &err), &err, ARV_EEXISTS, "memory");
    other.name = "other";
    CHECK_ERR(arv_storage_register(&other, NULL, &err), &err, ARV_EEXISTS, "scheme");
    static const char *const file[] = {"fresh", "file", NULL};
    other.schemes = file;
    CHECK_ERR(arv_storage_register(&other, NULL, &err), &err, ARV_EEXISTS, "filesystem");
    CHECK(!listed("other"));
}

TEST(another_version_is_refused)
{
    arv_storage_ops ops = memory_driver_ops;
    ops.version = ARV_STORAGE_VERSION + 1;
    CHECK_ERR(arv_storage_register(&ops, NULL, &err), &err, ARV_EINVALID, "version 3");
    CHECK_ERR(arv_storage_register(NULL, NULL, &err), &err, ARV_EINVALID, "table");
}

TEST(a_driver_says_what_becomes_of_puts_that_race)
{
    arv_storage_ops ops = memory_driver_ops;
    ops.capabilities &= ~ARV_STORAGE_EXCLUSIVE;
    CHECK_ERR(arv_storage_register(&ops, NULL, &err), &err, ARV_EINVALID, "EXCLUSIVE");
    ops.capabilities |= ARV_STORAGE_VERSIONS;
    CHECK_OK(arv_storage_register(&ops, NULL, &err), &err);
}

static size_t no_state(void *instance, void *handle, unsigned char *into, size_t room)
{
    (void)instance;
    (void)handle;
    (void)into;
    (void)room;
    return 0;
}

TEST(a_put_goes_on_in_evented_streams_only)
{
    arv_storage_ops ops = bucket_driver_ops;
    ops.put_state = no_state;
    CHECK_OK(arv__driver_check(&ops, false, &err), &err);
    ops.capabilities |= ARV_STORAGE_BLOCKING;
    ops.cancel = NULL;
    CHECK_ERR(arv__driver_check(&ops, false, &err), &err, ARV_EINVALID, "put_state");
    ops = parcel_driver_ops;
    ops.put_state = no_state;
    CHECK_ERR(arv__driver_check(&ops, false, &err), &err, ARV_EINVALID, "put_state");
}

TEST(bad_names_and_schemes_are_refused)
{
    static const char *const names[] = {
        NULL, "", "S3", "3s", "my driver", "a/b", "a-name-that-is-much-longer-than-allowed"};
    static const char *const schemes[][2] = {{NULL, NULL}, {"", NULL}, {"File", NULL}, {"a b", NULL}};
    arv_storage_ops ops = memory_driver_ops;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        CHECK_SCENE("name %s", names[i] ? names[i] : "(null)");
        ops.name = names[i];
        CHECK_ERR(arv_storage_register(&ops, NULL, &err), &err, ARV_EINVALID, "name");
    }
    ops.name = "memory";
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
        CHECK_SCENE("scheme %s", schemes[i][0] ? schemes[i][0] : "(null)");
        ops.schemes = schemes[i];
        CHECK_ERR(arv_storage_register(&ops, NULL, &err), &err, ARV_EINVALID, "scheme");
    }
    ops = memory_driver_ops;
    ops.capabilities |= 1u << 20;
    CHECK_ERR(arv_storage_register(&ops, NULL, &err), &err, ARV_EINVALID, "capabilities");
}

#define REFUSED_WITHOUT(ops_, slot)                                                                          \
    do {                                                                                                     \
        arv_storage_ops o_ = (ops_);                                                                         \
        o_.slot = NULL;                                                                                      \
        CHECK_ERR(arv_storage_register(&o_, NULL, &err), &err, ARV_EINVALID, "function " #slot);             \
    } while (0)

TEST(each_missing_slot_is_named)
{
    arv_storage_ops full = memory_driver_ops;
    full.capabilities |= ARV_STORAGE_SPACE;
    full.space = full.stat;
    REFUSED_WITHOUT(full, open);
    REFUSED_WITHOUT(full, close);
    REFUSED_WITHOUT(full, connect);
    REFUSED_WITHOUT(full, put_open);
    REFUSED_WITHOUT(full, put_write);
    REFUSED_WITHOUT(full, put_seal);
    REFUSED_WITHOUT(full, put_read);
    REFUSED_WITHOUT(full, put_commit);
    REFUSED_WITHOUT(full, put_abort);
    REFUSED_WITHOUT(full, get_open);
    REFUSED_WITHOUT(full, get_read);
    REFUSED_WITHOUT(full, get_close);
    REFUSED_WITHOUT(full, stat);
    REFUSED_WITHOUT(full, remove);
    REFUSED_WITHOUT(full, list);
    REFUSED_WITHOUT(full, space);
    REFUSED_WITHOUT(bucket_driver_ops, lock_set);
    REFUSED_WITHOUT(bucket_driver_ops, lock_get);
    REFUSED_WITHOUT(parcel_driver_ops, put_file);
    REFUSED_WITHOUT(parcel_driver_ops, get_file);
}

TEST(slots_that_capabilities_excuse_may_be_missing)
{
    arv_storage_ops ops = memory_driver_ops;
    ops.capabilities =
        ARV_STORAGE_STREAM | ARV_STORAGE_NO_DELETE | ARV_STORAGE_NO_RETRIEVE | ARV_STORAGE_EXCLUSIVE;
    ops.put_read = ops.get_open = ops.get_read = ops.get_close = ops.remove = ops.list = NULL;
    CHECK_OK(arv_storage_register(&ops, NULL, &err), &err);
}

TEST(the_table_is_bounded)
{
    static arv_storage_ops ops[64];
    static char names[64][16];
    static const char *schemes[64][2];
    int status = 0;
    unsigned i = 0;
    for (; i < 64 && status == 0; i++) {
        snprintf(names[i], sizeof names[i], "driver%u", i);
        schemes[i][0] = names[i];
        ops[i] = memory_driver_ops;
        ops[i].name = names[i];
        ops[i].schemes = schemes[i];
        status = arv_storage_register(&ops[i], NULL, &err);
    }
    CHECK_INT(status, ARV_ELIMIT);
    CHECK(i > 16);
}

TEST(an_unknown_scheme_is_named)
{
    arv_storage *storage;
    arv_engine *engine = test_engine_new();
    CHECK_ERR(arv_storage_open(&storage, engine, "gopher://x", NULL, 0, &err), &err, ARV_ESCHEME, "gopher");
    CHECK(storage == NULL);
    test_engine_free(engine);
}

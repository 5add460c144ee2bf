/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/internal.h"

#include <string.h>

/*
 * The drivers: those of this library first, in a table, then what an application registered. The
 * table is bounded and filled before storages are opened, so it needs no lock.
 */

enum { DRIVERS_MAX = 32, NAME_MAX_BYTES = 31 };

typedef struct driver {
    const arv_storage_ops *ops;
    void *user_data;
} driver;

static driver drivers[DRIVERS_MAX] = {
    {&arv__storage_filesystem, NULL},
};

static unsigned driver_count(void)
{
    unsigned n = 0;
    while (n < DRIVERS_MAX && drivers[n].ops)
        n++;
    return n;
}

/* ---- validation ------------------------------------------------------------------------------ */

static bool name_valid(const char *name, const char *also)
{
    if (!name || name[0] < 'a' || name[0] > 'z' || strlen(name) > NAME_MAX_BYTES)
        return false;
    for (const char *c = name; *c; c++)
        if (!((*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9') || strchr(also, *c)))
            return false;
    return true;
}

static const char *driver_missing_slot(const arv_storage_ops *ops)
{
    bool stream = (ops->capabilities & ARV_STORAGE_STREAM) != 0;
    bool reads = !(ops->capabilities & ARV_STORAGE_NO_RETRIEVE);
    bool removes = !(ops->capabilities & ARV_STORAGE_NO_DELETE);
    const struct {
        const char *name;
        bool required, set;
    } slots[] = {
        {"open", true, ops->open != NULL},
        {"close", true, ops->close != NULL},
        {"connect", true, ops->connect != NULL},
        {"put_open", stream, ops->put_open != NULL},
        {"put_write", stream, ops->put_write != NULL},
        {"put_seal", stream, ops->put_seal != NULL},
        {"put_read", stream && reads, ops->put_read != NULL},
        {"put_commit", stream, ops->put_commit != NULL},
        {"put_abort", stream, ops->put_abort != NULL},
        {"put_file", !stream, ops->put_file != NULL},
        {"get_open", stream && reads, ops->get_open != NULL},
        {"get_read", stream && reads, ops->get_read != NULL},
        {"get_close", stream && reads, ops->get_close != NULL},
        {"get_file", !stream && reads, ops->get_file != NULL},
        {"stat", true, ops->stat != NULL},
        {"remove", removes, ops->remove != NULL},
        {"lock_set", (ops->capabilities & ARV_STORAGE_LOCKS) != 0, ops->lock_set != NULL},
        {"lock_get", (ops->capabilities & ARV_STORAGE_LOCKS) != 0, ops->lock_get != NULL},
        {"list", (ops->capabilities & ARV_STORAGE_LIST) != 0, ops->list != NULL},
        {"space", (ops->capabilities & ARV_STORAGE_SPACE) != 0, ops->space != NULL},
    };
    for (size_t i = 0; i < sizeof slots / sizeof slots[0]; i++)
        if (slots[i].required && !slots[i].set)
            return slots[i].name;
    return NULL;
}

static int driver_check_names(const arv_storage_ops *ops, arv_error *err)
{
    if (!ops->schemes || !ops->schemes[0])
        return arv_error_set(err, ARV_EINVALID, "The storage driver '%s' names no URL scheme.", ops->name);
    for (const char *const *scheme = ops->schemes; *scheme; scheme++)
        if (!name_valid(*scheme, "+-."))
            return arv_error_set(err, ARV_EINVALID,
                                 "The storage driver '%s' names a URL scheme that is none; a scheme "
                                 "is a lower-case letter and then letters, digits, '+', '-' or '.'.",
                                 ops->name);
    return 0;
}

int arv__driver_check(const arv_storage_ops *ops, bool registered, arv_error *err)
{
    const unsigned known = ARV_STORAGE_BLOCKING | ARV_STORAGE_STREAM | ARV_STORAGE_SPACE | ARV_STORAGE_LIST |
                           ARV_STORAGE_NO_DELETE | ARV_STORAGE_NO_RETRIEVE | ARV_STORAGE_PUBLISHES |
                           ARV_STORAGE_EXCLUSIVE | ARV_STORAGE_VERSIONS | ARV_STORAGE_LOCKS;
    if (!ops)
        return arv_error_set(err, ARV_EINVALID, "There is no table of a storage driver.");
    if (ops->version != ARV_STORAGE_VERSION)
        return arv_error_set(err, ARV_EINVALID,
                             "A storage driver was made for version %u of the interface; this "
                             "library speaks version %d: build the driver again.",
                             ops->version, ARV_STORAGE_VERSION);
    if (!name_valid(ops->name, "-_"))
        return arv_error_set(err, ARV_EINVALID,
                             "The name of a storage driver is missing or not valid; a name is a "
                             "lower-case letter and then letters, digits, '-' or '_', at most %d.",
                             NAME_MAX_BYTES);
    if (ops->capabilities & ~known)
        return arv_error_set(err, ARV_EINVALID,
                             "The storage driver '%s' claims capabilities that this library does "
                             "not know (0x%x).",
                             ops->name, ops->capabilities & ~known);
    if (!(ops->capabilities & (ARV_STORAGE_EXCLUSIVE | ARV_STORAGE_VERSIONS)))
        return arv_error_set(err, ARV_EINVALID,
                             "The storage driver '%s' says neither that one of two racing puts wins "
                             "(EXCLUSIVE) nor that it tells both objects apart (VERSIONS); nothing may be "
                             "replaced.",
                             ops->name);
    if (ops->put_state &&
        (ops->capabilities & (ARV_STORAGE_BLOCKING | ARV_STORAGE_STREAM)) != ARV_STORAGE_STREAM)
        return arv_error_set(
            err, ARV_EINVALID,
            "The storage driver '%s' has the function put_state, which only an evented driver of "
            "streams can have.",
            ops->name);
    const char *missing = driver_missing_slot(ops);
    if (missing)
        return arv_error_set(err, ARV_EINVALID,
                             "The storage driver '%s' lacks the function %s, which its "
                             "capabilities require.",
                             ops->name, missing);
    int rc = arv_option_infos_check(ops->name, ops->options, err);
    return rc == 0 && registered ? driver_check_names(ops, err) : rc;
}

/* ---- the table ------------------------------------------------------------------------------- */

static bool driver_has_scheme(const arv_storage_ops *ops, const char *scheme)
{
    for (const char *const *s = ops->schemes; *s; s++)
        if (strcmp(*s, scheme) == 0)
            return true;
    return false;
}

int arv_storage_register(const arv_storage_ops *ops, void *user_data, arv_error *err)
{
    unsigned count = driver_count();
    int rc = arv__driver_check(ops, true, err);
    if (rc < 0)
        return rc;
    for (unsigned i = 0; i < count; i++) {
        if (strcmp(drivers[i].ops->name, ops->name) == 0)
            return arv_error_set(err, ARV_EEXISTS, "A storage driver named '%s' is registered already.",
                                 ops->name);
        for (const char *const *scheme = ops->schemes; *scheme; scheme++)
            if (driver_has_scheme(drivers[i].ops, *scheme))
                return arv_error_set(err, ARV_EEXISTS,
                                     "The URL scheme '%s' belongs to the storage driver '%s' "
                                     "already.",
                                     *scheme, drivers[i].ops->name);
    }
    if (count == DRIVERS_MAX)
        return arv_error_set(err, ARV_ELIMIT,
                             "%d storage drivers are registered; there is no room "
                             "for '%s'.",
                             DRIVERS_MAX, ops->name);
    drivers[count] = (driver){ops, user_data};
    return 0;
}

int arv__driver_find(const char *scheme, const arv_storage_ops **ops, void **user_data, arv_error *err)
{
    for (unsigned i = 0, count = driver_count(); i < count; i++) {
        if (driver_has_scheme(drivers[i].ops, scheme)) {
            *ops = drivers[i].ops;
            *user_data = drivers[i].user_data;
            return 0;
        }
    }
    return arv_error_set(err, ARV_ESCHEME,
                         "No storage driver serves URLs that begin with '%s://'; see the list of "
                         "drivers of this build.",
                         scheme);
}

const char *const *arv_storage_drivers(void)
{
    static const char *names[DRIVERS_MAX + 1];
    unsigned count = driver_count();
    for (unsigned i = 0; i < count; i++)
        names[i] = drivers[i].ops->name;
    names[count] = NULL;
    return names;
}

const arv_option_info *arv_storage_options(const char *driver)
{
    static const arv_option_info none[1];
    for (unsigned i = 0, count = driver_count(); driver && i < count; i++)
        if (strcmp(drivers[i].ops->name, driver) == 0)
            return drivers[i].ops->options ? drivers[i].ops->options : none;
    return NULL;
}

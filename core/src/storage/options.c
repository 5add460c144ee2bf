/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The options of a storage are checked against what its driver declares, before the driver sees
 * them. No sentence shows a value: it may be a password in the wrong place.
 */

#include "storage/internal.h"

#include <stdlib.h>
#include <string.h>

#include <arv/sys/alloc.h>
#include "util/names.h"

enum { OPTIONS_MAX = 32 };

static size_t options_count(const arv_option_info *infos)
{
    size_t n = 0;
    while (infos && infos[n].name)
        n++;
    return n;
}

/* ---- one value ------------------------------------------------------------------------------- */

static bool number_parse(const char *text, uint64_t *number)
{
    size_t length = strlen(text);
    *number = 0;
    if (length == 0 || length > 19 || strspn(text, "0123456789") != length ||
        (text[0] == '0' && length > 1))
        return false;
    *number = strtoull(text, NULL, 10);
    return true;
}

static bool text_valid(const char *text)
{
    size_t length = strlen(text);
    if (!arv__utf8_valid(text, length, NULL))
        return false;
    for (const char *c = text; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            return false;
    return true;
}

static int value_refuse(const char *driver, const arv_option_info *info, arv_error *err)
{
    unsigned long long least = info->least, most = info->most;
    if (info->kind == ARV_OPTION_FLAG)
        return arv_error_set(err, ARV_EINVALID,
                             "The option '%s' of the storage driver '%s' is '0' or '1'.", info->name,
                             driver);
    if (info->kind == ARV_OPTION_UUID)
        return arv_error_set(err, ARV_EINVALID,
                             "The option '%s' of the storage driver '%s' is a UUID in lower case.",
                             info->name, driver);
    return arv_error_set(err, ARV_EINVALID,
                         info->kind == ARV_OPTION_NUMBER
                             ? "The option '%s' of the storage driver '%s' is a number from %llu to "
                               "%llu."
                             : "The option '%s' of the storage driver '%s' is %llu to %llu bytes of "
                               "printable text.",
                         info->name, driver, least, most);
}

static bool value_parse(const arv_option_info *info, const char *text, arv_option_value *value)
{
    char key[ARV_KEY_BYTES];
    size_t length = strlen(text);
    value->text = text;
    switch (info->kind) {
    case ARV_OPTION_FLAG:
        value->number = text[0] == '1';
        return strcmp(text, "0") == 0 || strcmp(text, "1") == 0;
    case ARV_OPTION_NUMBER:
        return number_parse(text, &value->number) && value->number >= info->least &&
               value->number <= info->most;
    case ARV_OPTION_UUID:
        return arv_key_from_uuid(text, "", key, NULL) == 0;
    case ARV_OPTION_TEXT:
        break;
    }
    return length >= info->least && length <= info->most && (info->secret || text_valid(text));
}

/* ---- all of a storage ------------------------------------------------------------------------ */

static int options_unknown(const arv_storage_ops *ops, const char *name, arv_error *err)
{
    char quoted[ARV__QUOTE_BYTES];
    arv__quote(quoted, sizeof quoted, name, strlen(name));
    if (options_count(ops->options) == 0)
        return arv_error_set(err, ARV_EINVALID, "%s is not an option of the storage driver '%s'; it has "
                                                "none.", quoted, ops->name);
    int rc = arv_error_set(err, ARV_EINVALID, "%s is not an option of the storage driver '%s'; it has:",
                           quoted, ops->name);
    for (const arv_option_info *info = ops->options; err && info->name; info++)
        arv_error_append(err, " '%s'%s", info->name, info[1].name ? "," : ".");
    return rc;
}

const arv_option_info *arv__option_find(const arv_storage_ops *ops, const char *name,
                                        arv_error *err)
{
    for (const arv_option_info *info = ops->options; info && info->name; info++)
        if (strcmp(info->name, name) == 0)
            return info;
    options_unknown(ops, name, err);
    return NULL;
}

static int options_take(const arv_storage_ops *ops, const arv_storage_option *option,
                        arv_option_value *values, arv_error *err)
{
    const arv_option_info *info = arv__option_find(ops, option->name, err);
    if (!info)
        return ARV_EINVALID;
    arv_option_value *value = &values[info - ops->options];
    if (value->text || value->secret)
        return arv_error_set(err, ARV_EINVALID,
                             "The option '%s' of the storage driver '%s' was given twice.", info->name,
                             ops->name);
    if (!value_parse(info, option->value, value))
        return value_refuse(ops->name, info, err);
    if (!info->secret)
        return 0;
    value->text = NULL;
    return arv_secret_new(&value->secret, option->value, strlen(option->value), err);
}

static int options_complete(const arv_storage_ops *ops, arv_option_value *values, arv_error *err)
{
    for (size_t i = 0; i < options_count(ops->options); i++) {
        const arv_option_info *info = &ops->options[i];
        if (values[i].text || values[i].secret)
            continue;
        if (info->required)
            return arv_error_set(err, ARV_EINVALID,
                                 "The storage driver '%s' needs the option '%s': %s", ops->name,
                                 info->name, info->help);
        if (info->fallback)
            (void)value_parse(info, info->fallback, &values[i]);
    }
    return 0;
}

int arv__options_open(const arv_storage *storage, const arv_storage_option *options, size_t count,
                      arv_error *err)
{
    const arv_storage_ops *ops = storage->ops;
    arv_option_value values[OPTIONS_MAX] = {{0}};
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < count; i++)
        rc = options_take(ops, &options[i], values, err);
    if (rc == 0 && (rc = options_complete(ops, values, err)) == 0)
        rc = ops->open(storage->instance, storage->engine, storage->url, values, storage->user_data,
                       err);
    for (size_t i = 0; i < OPTIONS_MAX; i++)
        arv_secret_unref(values[i].secret);
    return rc;
}

/* ---- what a driver declares ------------------------------------------------------------------ */

static const char *option_defect(const arv_option_info *info)
{
    arv_option_value value;
    bool bounded = info->kind == ARV_OPTION_TEXT || info->kind == ARV_OPTION_NUMBER;
    if (info->name[0] == '\0' ||
        strspn(info->name, "abcdefghijklmnopqrstuvwxyz0123456789_") != strlen(info->name))
        return "a name that is not made of lower-case letters, digits and '_'";
    if (info->kind > ARV_OPTION_UUID)
        return "a kind that this library does not know";
    if (!info->help || !info->help[0])
        return "no sentence that explains it";
    if (bounded && (info->most == 0 || info->least > info->most))
        return "no bounds, or such that nothing fits";
    if (info->secret && (info->kind != ARV_OPTION_TEXT || info->fallback || info->least == 0 ||
                         info->most > ARV_SECRET_BYTES_MAX))
        return "a secret that is no text of 1 to 65536 bytes without a default";
    if (info->required && info->fallback)
        return "a default although it is required";
    if (info->fallback && !value_parse(info, info->fallback, &value))
        return "a default that breaks its own bounds";
    return NULL;
}

int arv__options_check(const arv_storage_ops *ops, arv_error *err)
{
    size_t count = options_count(ops->options);
    if (count > OPTIONS_MAX)
        return arv_error_set(err, ARV_EINVALID, "The storage driver '%s' declares %zu options; %d are "
                                                "the most.", ops->name, count, OPTIONS_MAX);
    for (size_t i = 0; i < count; i++) {
        const char *defect = option_defect(&ops->options[i]);
        for (size_t k = 0; !defect && k < i; k++)
            if (strcmp(ops->options[i].name, ops->options[k].name) == 0)
                defect = "a name that another one has";
        if (defect)
            return arv_error_set(err, ARV_EINVALID,
                                 "The storage driver '%s' declares the option '%s' with %s.", ops->name,
                                 ops->options[i].name, defect);
    }
    return 0;
}

const char *arv_option_kind_name(arv_option_kind kind)
{
    static const char *const names[] = {"text", "flag", "number", "uuid"};
    return (unsigned)kind <= ARV_OPTION_UUID ? names[kind] : "unknown";
}

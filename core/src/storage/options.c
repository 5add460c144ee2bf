/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Checks the options of a storage against the driver's declaration, before the driver sees them.
 * No sentence shows a value: it may be a password in the wrong place.
 */

#include "storage/internal.h"

#include <stdlib.h>
#include <string.h>

#include <arv/sys/alloc.h>
#include "util/names.h"

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
    if (length == 0 || length > 19 || strspn(text, "0123456789") != length || (text[0] == '0' && length > 1))
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
        return arv_error_set(err, ARV_EINVALID, "The option '%s' of the storage driver '%s' is '0' or '1'.",
                             info->name, driver);
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

static int option_unknown(const char *driver, const arv_option_info *infos, const char *name, arv_error *err)
{
    char quoted[ARV__QUOTE_BYTES];
    arv__quote(quoted, sizeof quoted, name, strlen(name));
    if (options_count(infos) == 0)
        return arv_error_set(err, ARV_EINVALID,
                             "%s is not an option of the storage driver '%s'; it has "
                             "none.",
                             quoted, driver);
    int rc = arv_error_set(err, ARV_EINVALID,
                           "%s is not an option of the storage driver '%s'; it has:", quoted, driver);
    for (const arv_option_info *info = infos; err && info->name; info++)
        arv_error_append(err, " '%s'%s", info->name, info[1].name ? "," : ".");
    return rc;
}

const arv_option_info *arv__option_find(const char *driver, const arv_option_info *infos, const char *name,
                                        arv_error *err)
{
    for (const arv_option_info *info = infos; info && info->name; info++)
        if (strcmp(info->name, name) == 0)
            return info;
    option_unknown(driver, infos, name, err);
    return NULL;
}

static int option_take(const char *driver, const arv_option_info *infos, const arv_storage_option *option,
                       arv_option_value *values, arv_error *err)
{
    const arv_option_info *info = arv__option_find(driver, infos, option->name, err);
    if (!info)
        return ARV_EINVALID;
    arv_option_value *value = &values[info - infos];
    if (value->text || value->secret)
        return arv_error_set(err, ARV_EINVALID, "The option '%s' of the storage driver '%s' was given twice.",
                             info->name, driver);
    if (!value_parse(info, option->value, value))
        return value_refuse(driver, info, err);
    if (!info->secret)
        return 0;
    value->text = NULL;
    return arv_secret_new(&value->secret, option->value, strlen(option->value), err);
}

static int options_complete(const char *driver, const arv_option_info *infos, arv_option_value *values,
                            arv_error *err)
{
    for (size_t i = 0; i < options_count(infos); i++) {
        const arv_option_info *info = &infos[i];
        if (values[i].text || values[i].secret)
            continue;
        if (info->required)
            return arv_error_set(err, ARV_EINVALID, "The storage driver '%s' needs the option '%s': %s",
                                 driver, info->name, info->help);
        if (info->fallback)
            (void)value_parse(info, info->fallback, &values[i]);
    }
    return 0;
}

/* Fills the values. The caller gives their secrets back, also after an error. */
static int options_parse(const char *driver, const arv_option_info *infos, const arv_storage_option *options,
                         size_t count, arv_option_value *values, arv_error *err)
{
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < count; i++)
        rc = options[i].name && options[i].value
                 ? option_take(driver, infos, &options[i], values, err)
                 : arv_error_set(err, ARV_EINVALID, "Option %zu of a storage has no name or no value.", i);
    return rc == 0 ? options_complete(driver, infos, values, err) : rc;
}

static void options_let(const arv_option_value *values)
{
    for (size_t i = 0; i < ARV_OPTIONS_MAX; i++)
        arv_secret_unref(values[i].secret);
}

int arv_options_check(const char *driver, const arv_option_info *infos, const arv_storage_option *options,
                      size_t count, arv_error *err)
{
    arv_option_value values[ARV_OPTIONS_MAX] = {{0}};
    int rc = options_parse(driver, infos, options, count, values, err);
    options_let(values);
    return rc;
}

int arv__options_open(const arv_storage *storage, const arv_storage_option *options, size_t count,
                      arv_error *err)
{
    const arv_storage_ops *ops = storage->ops;
    arv_option_value values[ARV_OPTIONS_MAX] = {{0}};
    int rc = options_parse(ops->name, ops->options, options, count, values, err);
    if (rc == 0)
        rc = ops->open(storage->instance, storage->engine, storage->url, values, storage->user_data, err);
    options_let(values);
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

int arv_option_infos_check(const char *driver, const arv_option_info *infos, arv_error *err)
{
    size_t count = options_count(infos);
    if (count > ARV_OPTIONS_MAX)
        return arv_error_set(err, ARV_EINVALID,
                             "The storage driver '%s' declares %zu options; %d are "
                             "the most.",
                             driver, count, ARV_OPTIONS_MAX);
    for (size_t i = 0; i < count; i++) {
        const char *defect = option_defect(&infos[i]);
        for (size_t k = 0; !defect && k < i; k++)
            if (strcmp(infos[i].name, infos[k].name) == 0)
                defect = "a name that another one has";
        if (defect)
            return arv_error_set(err, ARV_EINVALID,
                                 "The storage driver '%s' declares the option '%s' with %s.", driver,
                                 infos[i].name, defect);
    }
    return 0;
}

const char *arv_option_kind_name(arv_option_kind kind)
{
    static const char *const names[] = {"text", "flag", "number", "uuid"};
    return (unsigned)kind <= ARV_OPTION_UUID ? names[kind] : "unknown";
}

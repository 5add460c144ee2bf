/* SPDX-License-Identifier: Apache-2.0 */

/* Converts declared options between the core and values of PHP. Only the core checks them. */

#include "classes.h"

enum {
    OPTION_NAME,
    OPTION_KIND,
    OPTION_SECRET,
    OPTION_REQUIRED,
    OPTION_DEFAULT,
    OPTION_MINIMUM,
    OPTION_MAXIMUM,
    OPTION_DESCRIPTION
};

/* ---- values ---------------------------------------------------------------------------------- */

const char *php_arv_option_text(const zval *value, char number[PHP_ARV_OPTION_NUMBER_BYTES])
{
    if (Z_TYPE_P(value) == IS_STRING)
        return Z_STRVAL_P(value);
    if (Z_TYPE_P(value) != IS_LONG)
        return Z_TYPE_P(value) == IS_TRUE ? "1" : "0";
    snprintf(number, PHP_ARV_OPTION_NUMBER_BYTES, ZEND_LONG_FMT, Z_LVAL_P(value));
    return number;
}

void php_arv_option_value(zval *into, arv_option_kind kind, const char *text)
{
    if (kind == ARV_OPTION_FLAG)
        ZVAL_BOOL(into, text[0] == '1');
    else if (kind == ARV_OPTION_NUMBER)
        ZVAL_LONG(into, ZEND_STRTOL(text, NULL, 10));
    else
        ZVAL_STRING(into, text);
}

/* ---- to PHP ---------------------------------------------------------------------------------- */

static bool kind_bounded(arv_option_kind kind)
{
    return kind == ARV_OPTION_TEXT || kind == ARV_OPTION_NUMBER;
}

/* Returns the case of a kind: "text" is StorageOptionKind::Text. */
static zend_object *kind_case(arv_option_kind kind)
{
    char name[16];
    snprintf(name, sizeof name, "%s", arv_option_kind_name(kind));
    name[0] = (char)(name[0] & ~0x20);
    return php_arv_enum_case(php_arv_ce_StorageOptionKind, name);
}

static arv_option_kind kind_get(zend_object *option_kind)
{
    const char *name = Z_STRVAL_P(zend_enum_fetch_case_value(option_kind));
    arv_option_kind kind = ARV_OPTION_TEXT;
    while (kind < ARV_OPTION_UUID && strcmp(arv_option_kind_name(kind), name) != 0)
        kind++;
    return kind;
}

static void option_fill(zend_object *object, const arv_option_info *info)
{
    php_arv_set_text(object, OPTION_NAME, info->name);
    ZVAL_OBJ_COPY(php_arv_property(object, OPTION_KIND), kind_case(info->kind));
    ZVAL_BOOL(php_arv_property(object, OPTION_SECRET), info->secret);
    ZVAL_BOOL(php_arv_property(object, OPTION_REQUIRED), info->required);
    if (info->fallback)
        php_arv_option_value(php_arv_property(object, OPTION_DEFAULT), info->kind, info->fallback);
    else
        ZVAL_NULL(php_arv_property(object, OPTION_DEFAULT));
    ZVAL_NULL(php_arv_property(object, OPTION_MINIMUM));
    ZVAL_NULL(php_arv_property(object, OPTION_MAXIMUM));
    if (kind_bounded(info->kind)) {
        php_arv_set_number(object, OPTION_MINIMUM, (int64_t)MIN(info->least, INT64_MAX));
        php_arv_set_number(object, OPTION_MAXIMUM, (int64_t)MIN(info->most, INT64_MAX));
    }
    php_arv_set_text(object, OPTION_DESCRIPTION, info->help);
}

void php_arv_option_make(zval *into, const arv_option_info *info)
{
    option_fill(php_arv_value_make(into, php_arv_ce_StorageOption), info);
}

/* ---- from PHP -------------------------------------------------------------------------------- */

/* Reads a StorageOption object. The texts are borrowed from it. */
static bool option_read(zval *value, arv_option_info *info, char number[PHP_ARV_OPTION_NUMBER_BYTES])
{
    ZVAL_DEREF(value);
    if (Z_TYPE_P(value) != IS_OBJECT || Z_OBJCE_P(value) != php_arv_ce_StorageOption ||
        Z_TYPE_P(php_arv_property(Z_OBJ_P(value), OPTION_NAME)) == IS_UNDEF)
        return false;
    zend_object *option = Z_OBJ_P(value);
    zval *fallback = php_arv_property(option, OPTION_DEFAULT);
    info->name = Z_STRVAL_P(php_arv_property(option, OPTION_NAME));
    info->kind = kind_get(Z_OBJ_P(php_arv_property(option, OPTION_KIND)));
    info->secret = Z_TYPE_P(php_arv_property(option, OPTION_SECRET)) == IS_TRUE;
    info->required = Z_TYPE_P(php_arv_property(option, OPTION_REQUIRED)) == IS_TRUE;
    info->fallback = Z_TYPE_P(fallback) == IS_NULL ? NULL : php_arv_option_text(fallback, number);
    if (kind_bounded(info->kind)) {
        info->least = (uint64_t)Z_LVAL_P(php_arv_property(option, OPTION_MINIMUM));
        info->most = (uint64_t)Z_LVAL_P(php_arv_property(option, OPTION_MAXIMUM));
    }
    info->help = Z_STRVAL_P(php_arv_property(option, OPTION_DESCRIPTION));
    return true;
}

bool php_arv_options_read(HashTable *list, php_arv_declared *declared)
{
    size_t count = 0;
    zval *value;
    memset(declared, 0, sizeof *declared);
    ZEND_HASH_FOREACH_VAL(list, value)
    {
        if (count > ARV_OPTIONS_MAX)
            break; /* one too many: the core refuses it */
        if (!option_read(value, &declared->infos[count], declared->numbers[count])) {
            php_arv_throw_format(ARV_EINVALID,
                                 "The argument $options holds what is no constructed StorageOption.");
            return false;
        }
        count++;
    }
    ZEND_HASH_FOREACH_END();
    return true;
}

/* ---- constructor ----------------------------------------------------------------------------- */

static bool option_default_fits(arv_option_kind kind, const zval *fallback)
{
    switch (Z_TYPE_P(fallback)) {
    case IS_NULL:
        return true;
    case IS_TRUE:
    case IS_FALSE:
        return kind == ARV_OPTION_FLAG;
    case IS_LONG:
        return kind == ARV_OPTION_NUMBER && Z_LVAL_P(fallback) >= 0;
    case IS_STRING:
        return (kind == ARV_OPTION_TEXT || kind == ARV_OPTION_UUID) && !CHECK_ZVAL_NULL_PATH(fallback);
    default:
        return false;
    }
}

static bool option_bounds(const arv_option_info *info, const zend_long *bounds, const bool *unbounded)
{
    static const char *const names[] = {"minimum", "maximum"};
    for (int i = 0; i < 2; i++) {
        if (unbounded[i] || (kind_bounded(info->kind) && bounds[i] >= 0))
            continue;
        php_arv_throw_format(ARV_EINVALID,
                             "The argument $%s of the option '%s' must be null, or of a text or a number "
                             "0 or more.",
                             names[i], info->name);
        return false;
    }
    return true;
}

ZEND_METHOD(Archivist_StorageOption, __construct)
{
    zend_object *object = Z_OBJ_P(ZEND_THIS), *kind;
    char *name, *help, number[PHP_ARV_OPTION_NUMBER_BYTES];
    size_t name_length, help_length;
    bool secret = false, required = false, unbounded[2] = {true, true};
    zend_long bounds[2] = {0};
    zval none, *fallback = &none;
    ZVAL_NULL(&none);

    ZEND_PARSE_PARAMETERS_START(3, 8)
    Z_PARAM_PATH(name, name_length)
    Z_PARAM_OBJ_OF_CLASS(kind, php_arv_ce_StorageOptionKind)
    Z_PARAM_PATH(help, help_length)
    Z_PARAM_OPTIONAL
    Z_PARAM_BOOL(secret)
    Z_PARAM_BOOL(required)
    Z_PARAM_ZVAL(fallback)
    Z_PARAM_LONG_OR_NULL(bounds[0], unbounded[0])
    Z_PARAM_LONG_OR_NULL(bounds[1], unbounded[1])
    ZEND_PARSE_PARAMETERS_END();

    arv_option_info info = {
        .name = name, .kind = kind_get(kind), .secret = secret, .required = required, .help = help};
    if (Z_TYPE_P(php_arv_property(object, OPTION_NAME)) != IS_UNDEF) {
        php_arv_throw_format(ARV_ESTATE, "The option was constructed already.");
        RETURN_THROWS();
    }
    if (!option_default_fits(info.kind, fallback)) {
        php_arv_throw_format(ARV_EINVALID, "The default of the option '%s' is no value of the kind %s.", name,
                             arv_option_kind_name(info.kind));
        RETURN_THROWS();
    }
    if (!option_bounds(&info, bounds, unbounded))
        RETURN_THROWS();
    bool text = info.kind == ARV_OPTION_TEXT;
    info.least = unbounded[0] ? text && (secret || required) : (uint64_t)bounds[0];
    info.most = unbounded[1] ? (text ? ARV_SECRET_BYTES_MAX : ZEND_LONG_MAX) : (uint64_t)bounds[1];
    info.fallback = Z_TYPE_P(fallback) == IS_NULL ? NULL : php_arv_option_text(fallback, number);
    option_fill(object, &info);
}

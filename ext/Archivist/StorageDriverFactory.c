/* SPDX-License-Identifier: Apache-2.0 */
#include "classes.h"

#include <ctype.h>

#include "ext/standard/url.h"
#include "zend_smart_str.h"

typedef struct maker {
    php_arv_callback make;
    HashTable *options; /* StorageOption objects; NULL: the type declares none, and takes any setting */
} maker;

typedef struct factory {
    HashTable *makers; /* type -> maker *; NULL until one is registered */
    zend_object std;
} factory;

static factory *factory_of(zend_object *object)
{
    return PHP_ARV_OBJECT(factory, object);
}

/* ---- object ---------------------------------------------------------------------------------- */

static void maker_free(zval *value)
{
    maker *m = Z_PTR_P(value);
    php_arv_callback_drop(&m->make);
    if (m->options)
        zend_array_release(m->options);
    efree(m);
}

static void factory_free(zend_object *object)
{
    if (factory_of(object)->makers)
        zend_array_destroy(factory_of(object)->makers);
    zend_object_std_dtor(object);
}

static HashTable *factory_gc(zend_object *object, zval **table, int *count)
{
    zend_get_gc_buffer *buffer = zend_get_gc_buffer_create();
    maker *m;
    if (factory_of(object)->makers) {
        ZEND_HASH_FOREACH_PTR(factory_of(object)->makers, m)
        {
            php_arv_callback_gc(&m->make, buffer);
        }
        ZEND_HASH_FOREACH_END();
    }
    return php_arv_gc_end(object, buffer, table, count);
}

php_arv_kind php_arv_kind_StorageDriverFactory =
    PHP_ARV_KIND(factory, .free = factory_free, .gc = factory_gc);

/* ---- types ----------------------------------------------------------------------------------- */

static bool type_valid(const zend_string *type)
{
    for (size_t i = 0; i < ZSTR_LEN(type); i++) {
        char c = ZSTR_VAL(type)[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'))
            return false;
    }
    return ZSTR_LEN(type) > 0 && ZSTR_LEN(type) <= 64;
}

static int type_compare(Bucket *a, Bucket *b)
{
    return strcmp(Z_STRVAL(a->val), Z_STRVAL(b->val));
}

/* Sorted, "filesystem" among them. */
static void factory_types(factory *f, zval *into)
{
    zend_string *type;
    array_init(into);
    add_next_index_string(into, "filesystem");
    if (f->makers) {
        ZEND_HASH_FOREACH_STR_KEY(f->makers, type)
        {
            add_next_index_str(into, zend_string_copy(type));
        }
        ZEND_HASH_FOREACH_END();
    }
    zend_hash_sort(Z_ARRVAL_P(into), type_compare, 1);
}

static void type_unknown(factory *f, const zend_string *type)
{
    smart_str known = {0};
    zval types, *name;
    factory_types(f, &types);
    ZEND_HASH_FOREACH_VAL(Z_ARRVAL(types), name)
    {
        smart_str_appends(&known, known.s ? ", " : "");
        smart_str_append(&known, Z_STR_P(name));
    }
    ZEND_HASH_FOREACH_END();
    smart_str_0(&known);
    php_arv_throw_format(ARV_EUNSUPPORTED,
                         "There is no storage driver of the type '%s'; known are: %s. register() adds "
                         "a type.",
                         ZSTR_VAL(type), ZSTR_VAL(known.s));
    smart_str_free(&known);
    zval_ptr_dtor(&types);
}

static maker *factory_maker(factory *f, const zend_string *type)
{
    maker *m = f->makers ? zend_hash_find_ptr(f->makers, (zend_string *)type) : NULL;
    if (!m)
        type_unknown(f, type);
    return m;
}

/* ---- settings -------------------------------------------------------------------------------- */

#define FILESYSTEM "filesystem"

/* The folder is no option of the core's driver, which gets it in the URL. */
static void filesystem_declared(php_arv_declared *declared)
{
    const arv_option_info *native = arv_storage_options(FILESYSTEM);
    memset(declared, 0, sizeof *declared);
    declared->infos[0] = (arv_option_info){.name = "path",
                                           .required = true,
                                           .least = 1,
                                           .most = MAXPATHLEN - 1,
                                           .help = "The folder, absolute or below the working directory."};
    for (size_t i = 0; i < ARV_OPTIONS_MAX - 1 && native[i].name; i++)
        declared->infos[i + 1] = native[i];
}

static const arv_option_info *info_find(const arv_option_info *infos, const char *name)
{
    while (infos->name && strcmp(infos->name, name) != 0)
        infos++;
    return infos->name ? infos : NULL;
}

/* A bool is a flag, an int a number, and a string any kind, as the core writes it. */
static bool setting_fits(const char *type, const arv_option_info *info, const zval *value)
{
    bool flag = Z_TYPE_P(value) == IS_TRUE || Z_TYPE_P(value) == IS_FALSE;
    if ((Z_TYPE_P(value) == IS_STRING && !CHECK_ZVAL_NULL_PATH(value)) ||
        (info->kind == ARV_OPTION_FLAG && flag) ||
        (info->kind == ARV_OPTION_NUMBER && Z_TYPE_P(value) == IS_LONG))
        return true;
    if (Z_TYPE_P(value) == IS_STRING)
        php_arv_throw_format(ARV_EINVALID, "The option '%s' of the storage driver '%s' holds a NUL byte.",
                             info->name, type);
    else
        php_arv_throw_format(ARV_EINVALID,
                             "The option '%s' of the storage driver '%s' is of the type %s; give a string%s.",
                             info->name, type, zend_zval_type_name(value),
                             info->kind == ARV_OPTION_FLAG     ? " or a bool"
                             : info->kind == ARV_OPTION_NUMBER ? " or an int"
                                                               : "");
    return false;
}

/* Converts the settings for the core. The check refuses those that the driver does not declare. */
static bool settings_read(const char *type, const arv_option_info *infos, HashTable *settings,
                          arv_storage_option *options, char (*numbers)[PHP_ARV_OPTION_NUMBER_BYTES])
{
    zend_string *name;
    zval *value;
    size_t count = 0;
    ZEND_HASH_FOREACH_STR_KEY_VAL(settings, name, value)
    {
        bool named = name && strlen(ZSTR_VAL(name)) == ZSTR_LEN(name);
        const arv_option_info *info = named ? info_find(infos, ZSTR_VAL(name)) : NULL;
        ZVAL_DEREF(value);
        if (info && !setting_fits(type, info, value))
            return false;
        options[count].name = named ? ZSTR_VAL(name) : name ? "(a NUL byte)" : "(a number)";
        options[count].value = info ? php_arv_option_text(value, numbers[count]) : "";
        count++;
    }
    ZEND_HASH_FOREACH_END();
    return true;
}

/* Sets each value in its type, and the defaults. */
static void settings_fill(zval *into, const arv_option_info *infos, const arv_storage_option *options,
                          size_t count)
{
    array_init(into);
    for (const arv_option_info *info = infos; info->name; info++) {
        const char *text = info->fallback;
        zval value;
        for (size_t i = 0; i < count; i++)
            if (strcmp(options[i].name, info->name) == 0)
                text = options[i].value;
        if (!text)
            continue;
        php_arv_option_value(&value, info->kind, text);
        zend_hash_str_update(Z_ARRVAL_P(into), info->name, strlen(info->name), &value);
    }
}

/* Has the core check the settings, as it does when it opens a storage. Throws when they are wrong. */
static bool settings_check(zval *into, const char *type, const arv_option_info *infos, HashTable *settings)
{
    size_t count = zend_hash_num_elements(settings);
    arv_storage_option *options = safe_emalloc(count + 1, sizeof *options, 0);
    char(*numbers)[PHP_ARV_OPTION_NUMBER_BYTES] = safe_emalloc(count + 1, sizeof *numbers, 0);
    arv_error err;
    arv_error_clear(&err);
    bool right = settings_read(type, infos, settings, options, numbers) &&
                 php_arv_ok(arv_options_check(type, infos, options, count, &err), &err);
    if (right)
        settings_fill(into, infos, options, count);
    efree(numbers);
    efree(options);
    return right;
}

/* ---- making ---------------------------------------------------------------------------------- */

static void filesystem_make(HashTable *settings, zval *into)
{
    php_arv_declared declared;
    zval checked;
    filesystem_declared(&declared);
    if (!settings_check(&checked, FILESYSTEM, declared.infos, settings))
        return;
    zend_string *path = zend_string_copy(Z_STR_P(zend_hash_str_find(Z_ARRVAL(checked), ZEND_STRL("path"))));
    zend_hash_str_del(Z_ARRVAL(checked), ZEND_STRL("path"));
    php_arv_filesystem_make(into, path, Z_ARRVAL(checked));
    zend_string_release(path);
    zval_ptr_dtor(&checked);
}

static void maker_make(maker *m, zend_string *type, HashTable *settings, zval *into)
{
    php_arv_declared declared;
    zval argument;
    if (!m->options)
        ZVAL_ARR(&argument, zend_array_dup(settings));
    else if (!php_arv_options_read(m->options, &declared) ||
             !settings_check(&argument, ZSTR_VAL(type), declared.infos, settings))
        return;
    php_arv_callback_call(&m->make, into, 1, &argument);
    zval_ptr_dtor(&argument);
    if (!EG(exception) &&
        (Z_TYPE_P(into) != IS_OBJECT || !instanceof_function(Z_OBJCE_P(into), php_arv_ce_StorageDriver)))
        php_arv_throw_format(ARV_ECALLBACK,
                             "The callable for the type '%s' returned %s; it must return an object "
                             "that implements Archivist\\StorageDriver.",
                             ZSTR_VAL(type), zend_zval_type_name(into));
}

/* ---- methods --------------------------------------------------------------------------------- */

static bool declaration_check(const char *type, HashTable *options)
{
    php_arv_declared declared;
    arv_error err;
    arv_error_clear(&err);
    return php_arv_options_read(options, &declared) &&
           php_arv_ok(arv_option_infos_check(type, declared.infos, &err), &err);
}

ZEND_METHOD(Archivist_StorageDriverFactory, register)
{
    factory *f = factory_of(Z_OBJ_P(ZEND_THIS));
    zend_string *type;
    zend_fcall_info make;
    zend_fcall_info_cache cache;
    HashTable *options = NULL;

    ZEND_PARSE_PARAMETERS_START(2, 3)
    Z_PARAM_STR(type)
    Z_PARAM_FUNC(make, cache)
    Z_PARAM_OPTIONAL
    Z_PARAM_ARRAY_HT_OR_NULL(options)
    ZEND_PARSE_PARAMETERS_END();

    if (!type_valid(type)) {
        php_arv_throw_format(ARV_EINVALID,
                             "The type of a storage driver has 1 to 64 of the characters a-z, 0-9 and "
                             "'_'.");
        RETURN_THROWS();
    }
    if (zend_string_equals_literal(type, "filesystem") || (f->makers && zend_hash_exists(f->makers, type))) {
        php_arv_throw_format(ARV_EEXISTS, "The type '%s' of a storage driver is taken already.",
                             ZSTR_VAL(type));
        RETURN_THROWS();
    }
    if (options && !declaration_check(ZSTR_VAL(type), options))
        RETURN_THROWS();
    if (!f->makers) {
        f->makers = emalloc(sizeof *f->makers);
        zend_hash_init(f->makers, 8, NULL, maker_free, 0);
    }
    maker *m = ecalloc(1, sizeof *m);
    php_arv_callback_set(&m->make, &make, &cache);
    m->options = options ? zend_array_dup(options) : NULL;
    zend_hash_add_ptr(f->makers, type, m);
}

void php_arv_factory_get(zend_object *object, zend_string *type, HashTable *settings, zval *into)
{
    maker *m;
    ZVAL_UNDEF(into);
    if (zend_string_equals_literal(type, FILESYSTEM))
        filesystem_make(settings, into);
    else if ((m = factory_maker(factory_of(object), type)))
        maker_make(m, type, settings, into);
    if (EG(exception)) {
        zval_ptr_dtor(into);
        ZVAL_UNDEF(into);
    }
}

ZEND_METHOD(Archivist_StorageDriverFactory, getStorageDriver)
{
    zend_string *type;
    HashTable *settings = (HashTable *)&zend_empty_array;

    ZEND_PARSE_PARAMETERS_START(1, 2)
    Z_PARAM_STR(type)
    Z_PARAM_OPTIONAL
    Z_PARAM_ARRAY_HT(settings)
    ZEND_PARSE_PARAMETERS_END();

    php_arv_factory_get(Z_OBJ_P(ZEND_THIS), type, settings, return_value);
    if (EG(exception)) {
        php_arv_secrets_hide(settings);
        RETURN_THROWS();
    }
}

/* Returns the folder of "file:///srv/archive", or throws. No sentence shows the URL: it may have a
 * password. */
static zend_string *url_path(const zend_string *url)
{
    static const char scheme[] = "file://", local[] = "localhost";
    const char *at = ZSTR_VAL(url) + sizeof scheme - 1;
    if (ZSTR_LEN(url) < sizeof scheme || memcmp(ZSTR_VAL(url), scheme, sizeof scheme - 1) != 0) {
        php_arv_throw_format(ARV_ESCHEME,
                             "There is no storage driver for the scheme of the URL; there is one for "
                             "\"file:///srv/archive\". getStorageDriver() takes a type.");
        return NULL;
    }
    if (strncasecmp(at, local, sizeof local - 1) == 0)
        at += sizeof local - 1;
    bool right = *at == '/' && strlen(ZSTR_VAL(url)) == ZSTR_LEN(url) && !strpbrk(at, "?#");
    for (const char *c = at; right && (c = strchr(c, '%')); c += 3)
        right = isxdigit((unsigned char)c[1]) && isxdigit((unsigned char)c[2]) && memcmp(c, "%00", 3) != 0;
    if (!right) {
        php_arv_throw_format(ARV_EINVALID,
                             "The URL of a folder is like \"file:///srv/archive\": no other host, no "
                             "user, no query, no fragment, and only whole %%XX that are not %%00.");
        return NULL;
    }
    zend_string *path = zend_string_init(at, strlen(at), false);
    ZSTR_LEN(path) = php_raw_url_decode(ZSTR_VAL(path), ZSTR_LEN(path));
    return path;
}

ZEND_METHOD(Archivist_StorageDriverFactory, open)
{
    zend_string *url;
    HashTable *options = (HashTable *)&zend_empty_array;
    zval checked;

    ZEND_PARSE_PARAMETERS_START(1, 2)
    Z_PARAM_STR(url)
    Z_PARAM_OPTIONAL
    Z_PARAM_ARRAY_HT(options)
    ZEND_PARSE_PARAMETERS_END();

    zend_string *path = url_path(url);
    if (path && settings_check(&checked, FILESYSTEM, arv_storage_options(FILESYSTEM), options)) {
        php_arv_filesystem_make(return_value, path, Z_ARRVAL(checked));
        zval_ptr_dtor(&checked);
    }
    if (path)
        zend_string_release(path);
    if (EG(exception)) {
        php_arv_secrets_hide(options);
        RETURN_THROWS();
    }
}

ZEND_METHOD(Archivist_StorageDriverFactory, options)
{
    zend_string *type;
    php_arv_declared declared;
    maker *m;

    ZEND_PARSE_PARAMETERS_START(1, 1)
    Z_PARAM_STR(type)
    ZEND_PARSE_PARAMETERS_END();

    if (!zend_string_equals_literal(type, FILESYSTEM)) {
        if (!(m = factory_maker(factory_of(Z_OBJ_P(ZEND_THIS)), type)))
            RETURN_THROWS();
        array_init(return_value);
        zval *option;
        if (m->options) {
            ZEND_HASH_FOREACH_VAL(m->options, option)
            {
                ZVAL_DEREF(option);
                Z_ADDREF_P(option);
                add_next_index_zval(return_value, option);
            }
            ZEND_HASH_FOREACH_END();
        }
        return;
    }
    array_init(return_value);
    filesystem_declared(&declared);
    for (const arv_option_info *info = declared.infos; info->name; info++) {
        zval option;
        php_arv_option_make(&option, info);
        add_next_index_zval(return_value, &option);
    }
}

ZEND_METHOD(Archivist_StorageDriverFactory, types)
{
    ZEND_PARSE_PARAMETERS_NONE();
    factory_types(factory_of(Z_OBJ_P(ZEND_THIS)), return_value);
}

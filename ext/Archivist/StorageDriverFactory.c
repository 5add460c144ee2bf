/* SPDX-License-Identifier: Apache-2.0 */
#include "classes.h"

#include "zend_smart_str.h"

typedef struct factory {
    HashTable *makers; /* type -> php_arv_callback *; NULL until one is registered */
    zend_object std;
} factory;

static factory *factory_of(zend_object *object)
{
    return PHP_ARV_OBJECT(factory, object);
}

/* ---- object ---------------------------------------------------------------------------------- */

static void maker_free(zval *value)
{
    php_arv_callback *maker = Z_PTR_P(value);
    php_arv_callback_drop(maker);
    efree(maker);
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
    php_arv_callback *maker;
    if (factory_of(object)->makers) {
        ZEND_HASH_FOREACH_PTR(factory_of(object)->makers, maker) {
            php_arv_callback_gc(maker, buffer);
        } ZEND_HASH_FOREACH_END();
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
        ZEND_HASH_FOREACH_STR_KEY(f->makers, type) {
            add_next_index_str(into, zend_string_copy(type));
        } ZEND_HASH_FOREACH_END();
    }
    zend_hash_sort(Z_ARRVAL_P(into), type_compare, 1);
}

static void type_unknown(factory *f, const zend_string *type)
{
    smart_str known = {0};
    zval types, *name;
    factory_types(f, &types);
    ZEND_HASH_FOREACH_VAL(Z_ARRVAL(types), name) {
        smart_str_appends(&known, known.s ? ", " : "");
        smart_str_append(&known, Z_STR_P(name));
    } ZEND_HASH_FOREACH_END();
    smart_str_0(&known);
    php_arv_throw_format(
        ARV_EUNSUPPORTED,
        "There is no storage driver of the type '%s'; known are: %s. register() adds "
        "a type.",
        ZSTR_VAL(type), ZSTR_VAL(known.s));
    smart_str_free(&known);
    zval_ptr_dtor(&types);
}

/* ---- "filesystem" ---------------------------------------------------------------------------- */

/* Whether the setting is one of this type. */
static bool filesystem_setting(const zend_string *name, zval *value, zend_string **path,
                               php_arv_filesystem_options *options)
{
    const struct {
        const char *name;
        zend_string **text;
        bool *flag;
    } known[] = {
        {"path", path, NULL},
        {"owner", &options->owner, NULL},
        {"expect", &options->expect, NULL},
        {"create", NULL, &options->create},
        {"marked", NULL, &options->marked},
        {"adopt", NULL, &options->adopt},
    };
    for (size_t i = 0; name && i < sizeof known / sizeof known[0]; i++) {
        if (strcmp(ZSTR_VAL(name), known[i].name) != 0)
            continue;
        if (known[i].text && Z_TYPE_P(value) == IS_STRING && !CHECK_ZVAL_NULL_PATH(value))
            *known[i].text = Z_STR_P(value);
        else if (known[i].flag && (Z_TYPE_P(value) == IS_TRUE || Z_TYPE_P(value) == IS_FALSE))
            *known[i].flag = Z_TYPE_P(value) == IS_TRUE;
        else
            return false;
        return true;
    }
    return false;
}

static void filesystem_make(HashTable *settings, zval *into)
{
    zend_string *name, *path = NULL;
    php_arv_filesystem_options options = {0};
    zval *value;
    ZEND_HASH_FOREACH_STR_KEY_VAL(settings, name, value) {
        ZVAL_DEREF(value);
        if (!filesystem_setting(name, value, &path, &options)) {
            php_arv_throw_format(
                ARV_EINVALID,
                "The setting '%s' of the storage driver 'filesystem' is unknown or of "
                "a wrong type; there are path, owner and expect (string), create, marked and adopt "
                "(bool).",
                name ? ZSTR_VAL(name) : "(a number)");
            return;
        }
    } ZEND_HASH_FOREACH_END();
    if (!path) {
        php_arv_throw_format(ARV_EINVALID,
                             "The storage driver 'filesystem' needs the setting path, that of a "
                             "folder.");
        return;
    }
    php_arv_filesystem_make(into, path, &options);
}

/* ---- methods --------------------------------------------------------------------------------- */

ZEND_METHOD(Archivist_StorageDriverFactory, register)
{
    factory *f = factory_of(Z_OBJ_P(ZEND_THIS));
    zend_string *type;
    zend_fcall_info make;
    zend_fcall_info_cache cache;

    ZEND_PARSE_PARAMETERS_START(2, 2)
        Z_PARAM_STR(type)
        Z_PARAM_FUNC(make, cache)
    ZEND_PARSE_PARAMETERS_END();

    if (!type_valid(type)) {
        php_arv_throw_format(
            ARV_EINVALID, "The type of a storage driver has 1 to 64 of the characters a-z, 0-9 and "
                          "'_'.");
        RETURN_THROWS();
    }
    if (zend_string_equals_literal(type, "filesystem") ||
        (f->makers && zend_hash_exists(f->makers, type))) {
        php_arv_throw_format(ARV_EEXISTS, "The type '%s' of a storage driver is taken already.",
                             ZSTR_VAL(type));
        RETURN_THROWS();
    }
    if (!f->makers) {
        f->makers = emalloc(sizeof *f->makers);
        zend_hash_init(f->makers, 8, NULL, maker_free, 0);
    }
    php_arv_callback *maker = emalloc(sizeof *maker);
    php_arv_callback_set(maker, &make, &cache);
    zend_hash_add_ptr(f->makers, type, maker);
}

void php_arv_factory_get(zend_object *object, zend_string *type, HashTable *settings, zval *into)
{
    factory *f = factory_of(object);
    zval argument;
    ZVAL_UNDEF(into);
    if (zend_string_equals_literal(type, "filesystem")) {
        filesystem_make(settings, into);
        return;
    }
    php_arv_callback *maker = f->makers ? zend_hash_find_ptr(f->makers, type) : NULL;
    if (!maker) {
        type_unknown(f, type);
        return;
    }
    ZVAL_ARR(&argument, zend_array_dup(settings));
    php_arv_callback_call(maker, into, 1, &argument);
    zval_ptr_dtor(&argument);
    if (!EG(exception) && (Z_TYPE_P(into) != IS_OBJECT ||
                           !instanceof_function(Z_OBJCE_P(into), php_arv_ce_StorageDriver)))
        php_arv_throw_format(ARV_ECALLBACK,
                             "The callable for the type '%s' returned %s; it must return an object "
                             "that implements Archivist\\StorageDriver.", ZSTR_VAL(type),
                             zend_zval_type_name(into));
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

ZEND_METHOD(Archivist_StorageDriverFactory, types)
{
    ZEND_PARSE_PARAMETERS_NONE();
    factory_types(factory_of(Z_OBJ_P(ZEND_THIS)), return_value);
}

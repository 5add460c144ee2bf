/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Archivist\PackageOptions. The constructor encodes the metadata, once. An object that was made by
 * unserialize() encodes them when it is first used.
 */

#include "classes.h"

#include "ext/json/php_json.h"
#include "zend_smart_str.h"

typedef struct options_object {
    zend_string *metadata; /* JSON, or NULL */
    zend_object std;
} options_object;

enum { /* in the order of the stub */
       OPTION_NAME,
       OPTION_FORMAT,
       OPTION_LEVEL,
       OPTION_SHA512,
       OPTION_REPRODUCIBLE,
       OPTION_UUID,
       OPTION_COLLECTED_AT,
       OPTION_CREATED_BY,
       OPTION_TITLE,
       OPTION_METADATA,
       OPTION_THREADS,
       OPTION_FAILURES_MAX,
       OPTION_REQUESTED_AT,
       OPTION_LANGUAGE,
       OPTION_ALLOW_EMPTY
};

static options_object *options_of(zend_object *object)
{
    return PHP_ARV_OBJECT(options_object, object);
}

/* ---- object ----------------------------------------------------------------------------------------- */

static zend_object *options_clone(zend_object *object)
{
    zend_object *copy = object->ce->create_object(object->ce);
    zend_objects_clone_members(copy, object);
    if (options_of(object)->metadata)
        options_of(copy)->metadata = zend_string_copy(options_of(object)->metadata);
    return copy;
}

static void options_free(zend_object *object)
{
    if (options_of(object)->metadata)
        zend_string_release(options_of(object)->metadata);
    zend_object_std_dtor(object);
}

php_arv_kind php_arv_kind_PackageOptions =
    PHP_ARV_KIND(options_object, .free = options_free, .clone = options_clone);

/* ---- values ----------------------------------------------------------------------------------------- */

static bool metadata_encode(options_object *options, HashTable *metadata)
{
    smart_str json = {0};
    zval value;
    if (zend_hash_num_elements(metadata) == 0)
        return true;
    if (zend_array_is_list(metadata)) {
        php_arv_throw_format(ARV_EINVALID, "The metadata are a list; give them names: "
                                           "['course' => 'OS-2026', …].");
        return false;
    }
    ZVAL_ARR(&value, metadata);
    if (php_json_encode_ex(&json, &value, PHP_JSON_UNESCAPED_UNICODE | PHP_JSON_UNESCAPED_SLASHES,
                           PHP_JSON_PARSER_DEFAULT_DEPTH) != SUCCESS ||
        JSON_G(error_code) != PHP_JSON_ERROR_NONE || EG(exception) || !json.s) {
        smart_str_free(&json);
        php_arv_throw_format(ARV_EINVALID,
                             "The metadata cannot be encoded as JSON: texts must be UTF-8, numbers "
                             "finite, nesting at most %d levels deep.",
                             PHP_JSON_PARSER_DEFAULT_DEPTH);
        return false;
    }
    smart_str_0(&json);
    options->metadata = json.s;
    return true;
}

/* Takes a text for the core. Throws when it has a NUL byte. */
static bool option_text(zend_object *object, int property, const char *name, const char **into)
{
    zval *value = php_arv_property(object, property);
    *into = NULL;
    if (Z_TYPE_P(value) != IS_STRING)
        return true;
    *into = Z_STRVAL_P(value);
    if (strlen(*into) == Z_STRLEN_P(value))
        return true;
    php_arv_throw_format(ARV_EINVALID, "The option %s holds a NUL byte.", name);
    return false;
}

static bool option_int(zend_object *object, int property, const char *name, zend_long least, zend_long most,
                       zend_long *into)
{
    zval *value = php_arv_property(object, property);
    if (Z_TYPE_P(value) != IS_LONG)
        return true;
    if (Z_LVAL_P(value) >= least && Z_LVAL_P(value) <= most) {
        *into = Z_LVAL_P(value);
        return true;
    }
    php_arv_throw_format(ARV_EINVALID,
                         "The option %s is " ZEND_LONG_FMT "; " ZEND_LONG_FMT " to " ZEND_LONG_FMT
                         " are allowed.",
                         name, Z_LVAL_P(value), least, most);
    return false;
}

static bool options_fill(zend_object *object, arv_package_options *into)
{
    zval *uuid = php_arv_property(object, OPTION_UUID);
    zend_long level = into->level, threads = 0, failures = 0;
    zend_long collected_at = into->collected_at_unix, requested_at = into->requested_at_unix;
    if (!option_text(object, OPTION_NAME, "name", &into->name) ||
        !option_text(object, OPTION_CREATED_BY, "createdBy", &into->created_by) ||
        !option_text(object, OPTION_TITLE, "title", &into->title) ||
        !option_text(object, OPTION_LANGUAGE, "language", &into->language) ||
        !option_int(object, OPTION_LEVEL, "level", 0, 19, &level) ||
        !option_int(object, OPTION_THREADS, "threads", 0, 256, &threads) ||
        !option_int(object, OPTION_FAILURES_MAX, "failuresMax", 0, ZEND_LONG_MAX, &failures) ||
        !option_int(object, OPTION_COLLECTED_AT, "collectedAt", -ZEND_LONG_MAX, ZEND_LONG_MAX,
                    &collected_at) ||
        !option_int(object, OPTION_REQUESTED_AT, "requestedAt", -ZEND_LONG_MAX, ZEND_LONG_MAX, &requested_at))
        return false;
    into->format = php_arv_format_get(Z_OBJ_P(php_arv_property(object, OPTION_FORMAT)));
    into->level = (int)level;
    into->threads = (unsigned)threads;
    into->failures_max = (uint64_t)failures;
    into->collected_at_unix = collected_at;
    into->requested_at_unix = requested_at;
    into->allow_empty = Z_TYPE_P(php_arv_property(object, OPTION_ALLOW_EMPTY)) == IS_TRUE;
    into->digests = ARV_DIGEST_SHA256;
    if (Z_TYPE_P(php_arv_property(object, OPTION_SHA512)) == IS_TRUE)
        into->digests |= ARV_DIGEST_SHA512;
    into->reproducible = Z_TYPE_P(php_arv_property(object, OPTION_REPRODUCIBLE)) == IS_TRUE;
    if (Z_TYPE_P(uuid) == IS_STRING) {
        if (Z_STRLEN_P(uuid) != ARV_UUID_BYTES - 1) {
            php_arv_throw_format(ARV_EINVALID,
                                 "The option uuid has %zu characters; a UUID has 36: "
                                 "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx.",
                                 Z_STRLEN_P(uuid));
            return false;
        }
        memcpy(into->uuid, Z_STRVAL_P(uuid), ARV_UUID_BYTES);
    }
    if (options_of(object)->metadata)
        into->metadata_json = ZSTR_VAL(options_of(object)->metadata);
    return true;
}

bool php_arv_package_options_get(zend_object *object, arv_package_options *into)
{
    for (int i = OPTION_NAME; i <= OPTION_ALLOW_EMPTY; i++) {
        if (Z_TYPE_P(php_arv_property(object, i)) == IS_UNDEF) {
            php_arv_throw_format(ARV_ESTATE, "The package options are incomplete: their constructor "
                                             "has not run.");
            return false;
        }
    }
    zval *metadata = php_arv_property(object, OPTION_METADATA);
    if (!options_of(object)->metadata && !metadata_encode(options_of(object), Z_ARRVAL_P(metadata)))
        return false;
    return options_fill(object, into);
}

bool php_arv_package_has_uuid(zend_object *options)
{
    return Z_TYPE_P(php_arv_property(options, OPTION_UUID)) == IS_STRING;
}

static void option_set_int(zend_object *object, int property, zend_long number, bool is_null)
{
    if (is_null)
        ZVAL_NULL(php_arv_property(object, property));
    else
        ZVAL_LONG(php_arv_property(object, property), number);
}

typedef struct option_values { /* the arguments of the constructor */
    zend_object *format;
    zend_string *name, *uuid, *created_by, *title, *language;
    zend_long level, collected_at, requested_at, threads, failures_max;
    bool no_level, no_collected_at, no_requested_at;
    bool allow_empty, sha512, reproducible;
    zval *metadata;
} option_values;

static void options_set(zend_object *object, const option_values *v)
{
    zend_object *format = v->format ? v->format : php_arv_format_case(ARV_FORMAT_ZIP);
    ZVAL_STR_COPY(php_arv_property(object, OPTION_NAME), v->name);
    ZVAL_OBJ_COPY(php_arv_property(object, OPTION_FORMAT), format);
    option_set_int(object, OPTION_LEVEL, v->level, v->no_level);
    ZVAL_BOOL(php_arv_property(object, OPTION_SHA512), v->sha512);
    ZVAL_BOOL(php_arv_property(object, OPTION_REPRODUCIBLE), v->reproducible);
    php_arv_set_string(object, OPTION_UUID, v->uuid);
    option_set_int(object, OPTION_COLLECTED_AT, v->collected_at, v->no_collected_at);
    php_arv_set_string(object, OPTION_CREATED_BY, v->created_by);
    php_arv_set_string(object, OPTION_TITLE, v->title);
    if (v->metadata)
        ZVAL_COPY(php_arv_property(object, OPTION_METADATA), v->metadata);
    else
        ZVAL_EMPTY_ARRAY(php_arv_property(object, OPTION_METADATA));
    ZVAL_LONG(php_arv_property(object, OPTION_THREADS), v->threads);
    ZVAL_LONG(php_arv_property(object, OPTION_FAILURES_MAX), v->failures_max);
    option_set_int(object, OPTION_REQUESTED_AT, v->requested_at, v->no_requested_at);
    if (v->language)
        ZVAL_STR_COPY(php_arv_property(object, OPTION_LANGUAGE), v->language);
    else
        ZVAL_STRING(php_arv_property(object, OPTION_LANGUAGE), "en");
    ZVAL_BOOL(php_arv_property(object, OPTION_ALLOW_EMPTY), v->allow_empty);
}

ZEND_METHOD(Archivist_PackageOptions, __construct)
{
    zend_object *object = Z_OBJ_P(ZEND_THIS);
    option_values v = {.no_level = true, .no_collected_at = true, .no_requested_at = true};
    arv_package_options options;
    arv_error err;

    ZEND_PARSE_PARAMETERS_START(1, 15)
    Z_PARAM_STR(v.name)
    Z_PARAM_OPTIONAL
    Z_PARAM_OBJ_OF_CLASS(v.format, php_arv_ce_Format)
    Z_PARAM_LONG_OR_NULL(v.level, v.no_level)
    Z_PARAM_BOOL(v.sha512)
    Z_PARAM_BOOL(v.reproducible)
    Z_PARAM_STR_OR_NULL(v.uuid)
    Z_PARAM_LONG_OR_NULL(v.collected_at, v.no_collected_at)
    Z_PARAM_STR_OR_NULL(v.created_by)
    Z_PARAM_STR_OR_NULL(v.title)
    Z_PARAM_ARRAY(v.metadata)
    Z_PARAM_LONG(v.threads)
    Z_PARAM_LONG(v.failures_max)
    Z_PARAM_LONG_OR_NULL(v.requested_at, v.no_requested_at)
    Z_PARAM_STR(v.language)
    Z_PARAM_BOOL(v.allow_empty)
    ZEND_PARSE_PARAMETERS_END();

    if (Z_TYPE_P(php_arv_property(object, OPTION_NAME)) != IS_UNDEF) {
        php_arv_throw_format(ARV_ESTATE, "The package options were constructed already.");
        RETURN_THROWS();
    }
    options_set(object, &v);
    arv_error_clear(&err);
    arv_package_options_init(&options, sizeof options);
    if (!php_arv_package_options_get(object, &options) ||
        !php_arv_ok(arv_package_options_check(&options, &err), &err))
        RETURN_THROWS();
}

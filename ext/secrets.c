/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Settings of storages may hold passwords, and an exception keeps the arguments of every function that it
 * went through. All arguments of functions that getStorageDriver() called, directly or not, are hidden: they
 * may be made of the settings. In functions that called it, only arguments that are or hold a setting are
 * hidden.
 */

#include "glue.h"

#include <zend_attributes.h>
#include <zend_exceptions.h>

enum { SECRETS_PREVIOUS_MAX = 64, SECRETS_DEPTH_MAX = 16, SECRETS_PART_MIN = 4 };

#define SECRETS_SHOWN "(not shown)"

static bool secrets_is_scalar(const zval *value)
{
    return Z_TYPE_P(value) == IS_STRING || Z_TYPE_P(value) == IS_LONG || Z_TYPE_P(value) == IS_DOUBLE;
}

/* Returns whether a text is the setting or contains it. A short setting must be the whole text. */
static bool secrets_text_holds(const zend_string *text, zval *setting)
{
    zend_string *own, *word = zval_get_tmp_string(setting, &own);
    bool holds =
        ZSTR_LEN(word) > 0 &&
        (zend_string_equals(text, word) ||
         (ZSTR_LEN(word) >= SECRETS_PART_MIN &&
          zend_memnstr(ZSTR_VAL(text), ZSTR_VAL(word), ZSTR_LEN(word), ZSTR_VAL(text) + ZSTR_LEN(text))));
    zend_tmp_string_release(own);
    return holds;
}

static bool secrets_text_is_one(const HashTable *settings, const zend_string *text, unsigned depth)
{
    zval *one;
    if (depth > SECRETS_DEPTH_MAX)
        return true;
    ZEND_HASH_FOREACH_VAL((HashTable *)settings, one)
    {
        ZVAL_DEREF(one);
        if (Z_TYPE_P(one) == IS_ARRAY ? secrets_text_is_one(Z_ARRVAL_P(one), text, depth + 1)
                                      : secrets_is_scalar(one) && secrets_text_holds(text, one))
            return true;
    }
    ZEND_HASH_FOREACH_END();
    return false;
}

/* Returns whether a value is one of the settings, or holds one. Does not look into objects. */
static bool secrets_hold(const HashTable *settings, zval *value, unsigned depth)
{
    zval *one;
    ZVAL_DEREF(value);
    if (depth > SECRETS_DEPTH_MAX || Z_TYPE_P(value) == IS_OBJECT)
        return true;
    if (Z_TYPE_P(value) == IS_ARRAY) {
        ZEND_HASH_FOREACH_VAL(Z_ARRVAL_P(value), one)
        {
            if (secrets_hold(settings, one, depth + 1))
                return true;
        }
        ZEND_HASH_FOREACH_END();
        return false;
    }
    if (!secrets_is_scalar(value))
        return false;
    zend_string *own, *text = zval_get_tmp_string(value, &own);
    bool holds = ZSTR_LEN(text) > 0 && secrets_text_is_one(settings, text, 0);
    zend_tmp_string_release(own);
    return holds;
}

/* Hides settings in the arguments of a frame; from the `from`th argument on hides all. */
static void secrets_hide_frame(const HashTable *settings, zval *frame, uint32_t from)
{
    zval *arguments, *one;
    uint32_t number = 0;
    if (Z_TYPE_P(frame) != IS_ARRAY)
        return;
    SEPARATE_ARRAY(frame);
    arguments = zend_hash_str_find(Z_ARRVAL_P(frame), ZEND_STRL("args"));
    if (!arguments || Z_TYPE_P(arguments) != IS_ARRAY)
        return;
    SEPARATE_ARRAY(arguments);
    ZEND_HASH_FOREACH_VAL(Z_ARRVAL_P(arguments), one)
    {
        if (number++ >= from || secrets_hold(settings, one, 0)) {
            zval_ptr_dtor(one);
            ZVAL_STRING(one, SECRETS_SHOWN);
        }
    }
    ZEND_HASH_FOREACH_END();
}

static bool secrets_frame_text_is(zval *frame, const char *key, size_t key_length, const char *text)
{
    zval *value = zend_hash_str_find(Z_ARRVAL_P(frame), key, key_length);
    return value && Z_TYPE_P(value) == IS_STRING && strcmp(Z_STRVAL_P(value), text) == 0;
}

/* Returns the number of frames that getStorageDriver() called; the outermost call of it counts. */
static uint32_t secrets_count_inner(HashTable *trace)
{
    uint32_t number = 0, inner = 0;
    zval *frame;
    ZEND_HASH_FOREACH_VAL(trace, frame)
    {
        if (Z_TYPE_P(frame) == IS_ARRAY &&
            secrets_frame_text_is(frame, ZEND_STRL("function"), "getStorageDriver") &&
            (secrets_frame_text_is(frame, ZEND_STRL("class"),
                                   ZSTR_VAL(php_arv_ce_StorageDriverFactory->name)) ||
             secrets_frame_text_is(frame, ZEND_STRL("class"), ZSTR_VAL(php_arv_ce_StorageApi->name))))
            inner = number;
        number++;
    }
    ZEND_HASH_FOREACH_END();
    return inner;
}

static void secrets_hide_trace(const HashTable *settings, HashTable *trace)
{
    uint32_t inner = secrets_count_inner(trace);
    zval *frame;
    ZEND_HASH_FOREACH_VAL(trace, frame)
    {
        secrets_hide_frame(settings, frame, inner > 0 ? 0 : UINT32_MAX);
        if (inner > 0)
            inner--;
    }
    ZEND_HASH_FOREACH_END();
}

static zend_object *secrets_hide_one(const HashTable *settings, zend_object *exception)
{
    zend_class_entry *base =
        instanceof_function(exception->ce, zend_ce_exception) ? zend_ce_exception : zend_ce_error;
    zval rv, copy;
    zval *trace = zend_read_property(base, exception, ZEND_STRL("trace"), true, &rv);
    if (Z_TYPE_P(trace) == IS_ARRAY) {
        ZVAL_ARR(&copy, zend_array_dup(Z_ARRVAL_P(trace)));
        secrets_hide_trace(settings, Z_ARRVAL(copy));
        zend_update_property(base, exception, ZEND_STRL("trace"), &copy);
        zval_ptr_dtor(&copy);
    }
    zval *previous = zend_read_property(base, exception, ZEND_STRL("previous"), true, &rv);
    return Z_TYPE_P(previous) == IS_OBJECT ? Z_OBJ_P(previous) : NULL;
}

void php_arv_secrets_hide(const HashTable *settings)
{
    zend_object *exception = EG(exception);
    for (unsigned i = 0; exception && i < SECRETS_PREVIOUS_MAX; i++)
        exception = secrets_hide_one(settings, exception);
}

void php_arv_secrets_mark(zend_class_entry *ce, const char *method, size_t length, uint32_t parameter)
{
#if PHP_VERSION_ID >= 80200
    zend_function *function = zend_hash_str_find_ptr(&ce->function_table, method, length);
    zend_add_parameter_attribute(function, parameter, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);
#else
    (void)ce;
    (void)method;
    (void)length;
    (void)parameter;
#endif
}

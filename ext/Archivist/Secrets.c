/* SPDX-License-Identifier: Apache-2.0 */

/* Settings of storages may hold passwords, and an exception keeps the arguments of every function that
 * it went through: what of them comes from the settings is taken out. */

#include "internal.h"
#include "drivers.h"

#include <zend_attributes.h>
#include <zend_exceptions.h>

enum { SECRETS_PREVIOUS_MAX = 64, SECRETS_DEPTH_MAX = 16 };

#define SECRETS_SHOWN "(not shown)"

/* Whether a value is one of the settings, or holds one. */
static bool secrets_hold(const HashTable *settings, zval *value, unsigned depth)
{
    zval *one;
    ZVAL_DEREF(value);
    if (depth > SECRETS_DEPTH_MAX)
        return true;
    if (Z_TYPE_P(value) == IS_ARRAY) {
        ZEND_HASH_FOREACH_VAL(Z_ARRVAL_P(value), one) {
            if (secrets_hold(settings, one, depth + 1))
                return true;
        } ZEND_HASH_FOREACH_END();
        return false;
    }
    if (Z_TYPE_P(value) != IS_STRING || Z_STRLEN_P(value) == 0)
        return false;
    ZEND_HASH_FOREACH_VAL((HashTable *)settings, one) {
        ZVAL_DEREF(one);
        if (Z_TYPE_P(one) == IS_ARRAY ? secrets_hold(Z_ARRVAL_P(one), value, depth + 1)
                                      : Z_TYPE_P(one) == IS_STRING &&
                                            zend_string_equals(Z_STR_P(one), Z_STR_P(value)))
            return true;
    } ZEND_HASH_FOREACH_END();
    return false;
}

static void secrets_hide_frame(const HashTable *settings, zval *frame)
{
    zval *arguments, *one;
    if (Z_TYPE_P(frame) != IS_ARRAY)
        return;
    SEPARATE_ARRAY(frame);
    arguments = zend_hash_str_find(Z_ARRVAL_P(frame), ZEND_STRL("args"));
    if (!arguments || Z_TYPE_P(arguments) != IS_ARRAY)
        return;
    SEPARATE_ARRAY(arguments);
    ZEND_HASH_FOREACH_VAL(Z_ARRVAL_P(arguments), one) {
        if (secrets_hold(settings, one, 0)) {
            zval_ptr_dtor(one);
            ZVAL_STRING(one, SECRETS_SHOWN);
        }
    } ZEND_HASH_FOREACH_END();
}

static zend_object *secrets_hide_one(const HashTable *settings, zend_object *exception)
{
    zend_class_entry *base =
        instanceof_function(exception->ce, zend_ce_exception) ? zend_ce_exception : zend_ce_error;
    zval rv, copy, *frame;
    zval *trace = zend_read_property(base, exception, ZEND_STRL("trace"), true, &rv);
    if (Z_TYPE_P(trace) == IS_ARRAY) {
        ZVAL_ARR(&copy, zend_array_dup(Z_ARRVAL_P(trace)));
        ZEND_HASH_FOREACH_VAL(Z_ARRVAL(copy), frame) {
            secrets_hide_frame(settings, frame);
        } ZEND_HASH_FOREACH_END();
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

void php_arv_secrets_mark(zend_class_entry *ce, const char *method, size_t length,
                          uint32_t parameter)
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

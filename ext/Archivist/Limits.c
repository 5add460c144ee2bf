/* SPDX-License-Identifier: Apache-2.0 */
#include "classes.h"

ZEND_METHOD(Archivist_Limits, __construct)
{
    zend_object *object = Z_OBJ_P(ZEND_THIS);
    zend_long time_ms = 0, stall_ms = 0;

    ZEND_PARSE_PARAMETERS_START(0, 2)
    Z_PARAM_OPTIONAL
    Z_PARAM_LONG(time_ms)
    Z_PARAM_LONG(stall_ms)
    ZEND_PARSE_PARAMETERS_END();

    if (Z_TYPE_P(php_arv_property(object, PHP_ARV_LIMITS_TIME_MS)) != IS_UNDEF) {
        php_arv_throw_format(ARV_ESTATE, "The limits were constructed already.");
        RETURN_THROWS();
    }
    if (!php_arv_number_allowed("timeMs", time_ms, ZEND_LONG_MAX) ||
        !php_arv_number_allowed("stallMs", stall_ms, ZEND_LONG_MAX))
        RETURN_THROWS();
    php_arv_set_number(object, PHP_ARV_LIMITS_TIME_MS, time_ms);
    php_arv_set_number(object, PHP_ARV_LIMITS_STALL_MS, stall_ms);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "classes.h"

enum { RETRY_ATTEMPTS_MAX = 1000, RETRY_DELAY_MAX_MS = 3600000 };

ZEND_METHOD(Archivist_Retry, __construct)
{
    zend_object *object = Z_OBJ_P(ZEND_THIS);
    zend_long attempts = 5, delay_ms = 60000;

    ZEND_PARSE_PARAMETERS_START(0, 2)
    Z_PARAM_OPTIONAL
    Z_PARAM_LONG(attempts)
    Z_PARAM_LONG(delay_ms)
    ZEND_PARSE_PARAMETERS_END();

    if (Z_TYPE_P(php_arv_property(object, PHP_ARV_RETRY_ATTEMPTS)) != IS_UNDEF) {
        php_arv_throw_format(ARV_ESTATE, "The retry was constructed already.");
        RETURN_THROWS();
    }
    if (!php_arv_number_allowed("attempts", attempts, RETRY_ATTEMPTS_MAX) ||
        !php_arv_number_allowed("delayMs", delay_ms, RETRY_DELAY_MAX_MS))
        RETURN_THROWS();
    php_arv_set_number(object, PHP_ARV_RETRY_ATTEMPTS, attempts);
    php_arv_set_number(object, PHP_ARV_RETRY_DELAY_MS, delay_ms);
}

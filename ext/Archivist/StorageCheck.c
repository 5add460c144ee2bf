/* SPDX-License-Identifier: Apache-2.0 */
#include "classes.h"

void php_arv_storage_check_make(zval *into, const arv_check *check, const arv_error *err)
{
    zend_object *made = php_arv_value_make(into, php_arv_ce_StorageCheck);
    ZVAL_BOOL(php_arv_property(made, 0), err->code == 0);
    for (int step = 0; step < ARV_CHECK_STEPS; step++)
        ZVAL_BOOL(php_arv_property(made, 1 + step), check->done[step]);
    php_arv_set_text(made, 1 + ARV_CHECK_STEPS, check->detail);
    php_arv_set_text(made, 2 + ARV_CHECK_STEPS, err->code < 0 ? err->message : NULL);
}

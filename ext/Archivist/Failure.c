/* SPDX-License-Identifier: Apache-2.0 */
#include "classes.h"

enum { FAILURE_NAME, FAILURE_CODE, FAILURE_MESSAGE };

void php_arv_failure_make(zval *into, const arv_failure *failure)
{
    zend_object *object = php_arv_value_make(into, php_arv_ce_Failure);
    ZVAL_STRINGL(php_arv_property(object, FAILURE_NAME), failure->name, failure->name_length);
    ZVAL_LONG(php_arv_property(object, FAILURE_CODE), failure->error.code);
    php_arv_set_text(object, FAILURE_MESSAGE, failure->error.message);
}

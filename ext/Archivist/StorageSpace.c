/* SPDX-License-Identifier: Apache-2.0 */
#include "classes.h"

void php_arv_storage_space_make(zval *into, const arv_space *space)
{
    zend_object *made = php_arv_value_make(into, php_arv_ce_StorageSpace);
    ZVAL_NULL(php_arv_property(made, 0));
    ZVAL_NULL(php_arv_property(made, 1));
    if (space && space->known) {
        php_arv_set_number(made, 0, MIN(space->free_bytes, INT64_MAX));
        php_arv_set_number(made, 1, MIN(space->total_bytes, INT64_MAX));
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "classes.h"

enum { /* in the order of the stub */
       ENTRY_NAME,
       ENTRY_ORIGINAL,
       ENTRY_OWNER,
       ENTRY_PERSONS,
       ENTRY_SIZE,
       ENTRY_MODIFIED_AT,
       ENTRY_SHA256,
       ENTRY_FOLDER,
       ENTRY_TARGET
};

void php_arv_entry_make(zval *into, const arv_item *item)
{
    zend_object *made = php_arv_value_make(into, php_arv_ce_Entry);
    zval *persons = php_arv_property(made, ENTRY_PERSONS);
    php_arv_set_text(made, ENTRY_NAME, item->name);
    ZVAL_STRINGL(php_arv_property(made, ENTRY_ORIGINAL), item->original, item->original_length);
    php_arv_set_text(made, ENTRY_OWNER, item->owner);
    array_init_size(persons, (uint32_t)item->person_count);
    for (size_t i = 0; i < item->person_count; i++)
        add_next_index_string(persons, item->persons[i]);
    php_arv_set_number(made, ENTRY_SIZE, item->size_bytes);
    php_arv_set_time(made, ENTRY_MODIFIED_AT, item->modified_at_unix, ARV_TIME_UNKNOWN);
    php_arv_set_text(made, ENTRY_SHA256, item->sha256 && item->sha256[0] ? item->sha256 : NULL);
    ZVAL_BOOL(php_arv_property(made, ENTRY_FOLDER), item->folder);
    if (item->target)
        ZVAL_STRINGL(php_arv_property(made, ENTRY_TARGET), item->target, item->target_length);
    else
        ZVAL_NULL(php_arv_property(made, ENTRY_TARGET));
}

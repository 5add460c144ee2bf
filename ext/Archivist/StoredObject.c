/* SPDX-License-Identifier: Apache-2.0 */
#include "classes.h"

enum { OBJECT_KEY, OBJECT_ADDRESS, OBJECT_VERSION, OBJECT_SIZE, OBJECT_STORED_AT, OBJECT_SHA256 };

void php_arv_stored_object_make(zval *into, const arv_object *object, const char *address)
{
    zend_object *made = php_arv_value_make(into, php_arv_ce_StoredObject);
    /* Nobody can open the URL of a driver written in PHP. */
    bool opens = address && strncmp(address, "php:", 4) != 0;
    php_arv_set_text(made, OBJECT_KEY, object->key);
    php_arv_set_text(made, OBJECT_ADDRESS, opens ? address : NULL);
    php_arv_set_text(made, OBJECT_VERSION, object->version[0] ? object->version : NULL);
    php_arv_set_number(made, OBJECT_SIZE, object->size_bytes);
    php_arv_set_number(made, OBJECT_STORED_AT, object->stored_at_unix);
    php_arv_set_digest(made, OBJECT_SHA256, &object->digests, ARV_DIGEST_SHA256);
}

void php_arv_stored_object_of(zval *into, const arv_object *object, arv_storage *storage)
{
    char name[ARV_NAME_BYTES], address[ARV_ADDRESS_BYTES];
    bool fits = arv_object_name(object->key, object->version, name, NULL) == 0 &&
                arv_storage_address(storage, name, address, NULL) == 0;
    php_arv_stored_object_make(into, object, fits ? address : NULL);
}

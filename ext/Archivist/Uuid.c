/* SPDX-License-Identifier: Apache-2.0 */
#include "classes.h"

ZEND_METHOD(Archivist_Uuid, random)
{
    char uuid[ARV_UUID_BYTES];
    arv_error err;
    ZEND_PARSE_PARAMETERS_NONE();
    arv_error_clear(&err);
    if (!php_arv_ok(arv_uuid_random(uuid, &err), &err))
        RETURN_THROWS();
    RETURN_STRING(uuid);
}

ZEND_METHOD(Archivist_Uuid, derive)
{
    zend_string *data;
    char uuid[ARV_UUID_BYTES];
    arv_error err;
    ZEND_PARSE_PARAMETERS_START(1, 1)
    Z_PARAM_STR(data)
    ZEND_PARSE_PARAMETERS_END();
    arv_error_clear(&err);
    if (!php_arv_ok(arv_uuid_derive(ZSTR_VAL(data), ZSTR_LEN(data), uuid, &err), &err))
        RETURN_THROWS();
    RETURN_STRING(uuid);
}

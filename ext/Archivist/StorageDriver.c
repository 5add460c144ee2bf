/* SPDX-License-Identifier: Apache-2.0 */

/* The interface of storages, and the values that go into them and come out. */

#include "Archivist/drivers.h"

#include <string.h>

#include "StorageDriver_arginfo.h"
#include "Artifact_arginfo.h"
#include "StoredObject_arginfo.h"
#include "StorageCheck_arginfo.h"
#include "StorageSpace_arginfo.h"

zend_class_entry *php_arv_ce_StorageDriver, *php_arv_ce_Artifact, *php_arv_ce_StoredObject,
    *php_arv_ce_StorageCheck, *php_arv_ce_StorageSpace;

arv_storage *php_arv_storage_of(arv_engine *engine, zend_object *driver)
{
    if (driver->ce == php_arv_ce_Filesystem)
        return php_arv_filesystem_open(engine, driver);
    return php_arv_storage_wrap(engine, driver);
}

/* ---- Artifact -------------------------------------------------------------------------------- */

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool php_arv_sha256_get(zend_string *hex, const char *argument, arv_digests *into)
{
    memset(into, 0, sizeof *into);
    bool valid = ZSTR_LEN(hex) == 2 * ARV_SHA256_BYTES;
    for (size_t i = 0; valid && i < ARV_SHA256_BYTES; i++) {
        int high = hex_value(ZSTR_VAL(hex)[2 * i]), low = hex_value(ZSTR_VAL(hex)[2 * i + 1]);
        valid = high >= 0 && low >= 0;
        into->sha256[i] = (unsigned char)(high * 16 + low);
    }
    if (!valid)
        php_arv_throw_format(
            ARV_EINVALID, "The argument $%s is not a SHA-256 digest; it has 64 hexadecimal digits.",
            argument);
    into->present = ARV_DIGEST_SHA256;
    return valid;
}

ZEND_METHOD(Archivist_Artifact, __construct)
{
    zend_object *object = Z_OBJ_P(ZEND_THIS);
    zend_string *path, *sha256;
    zend_long size;
    arv_digests digests;
    char hex[129];

    ZEND_PARSE_PARAMETERS_START(3, 3)
        Z_PARAM_PATH_STR(path)
        Z_PARAM_LONG(size)
        Z_PARAM_STR(sha256)
    ZEND_PARSE_PARAMETERS_END();

    if (Z_TYPE_P(php_arv_property(object, 0)) != IS_UNDEF) {
        php_arv_throw_format(ARV_ESTATE, "The artifact was constructed already.");
        RETURN_THROWS();
    }
    if (ZSTR_LEN(path) == 0 || size < 0) {
        php_arv_throw_format(ARV_EINVALID,
                             "An artifact has a path and a size that is not negative.");
        RETURN_THROWS();
    }
    if (!php_arv_sha256_get(sha256, "sha256", &digests))
        RETURN_THROWS();
    ZVAL_STR_COPY(php_arv_property(object, 0), path);
    ZVAL_LONG(php_arv_property(object, 1), size);
    ZVAL_STRING(php_arv_property(object, 2), arv_digests_hex(&digests, ARV_DIGEST_SHA256, hex));
}

/* ---- what storages answer -------------------------------------------------------------------- */

ZEND_METHOD(Archivist_StoredObject, __construct)
{
    ZEND_PARSE_PARAMETERS_NONE();
}

void php_arv_stored_object_make(zval *into, const arv_object *object, const char *address)
{
    char hex[129];
    object_init_ex(into, php_arv_ce_StoredObject);
    zend_object *made = Z_OBJ_P(into);
    ZVAL_STRING(php_arv_property(made, 0), object->key);
    /* A driver written in PHP has no URL that anybody could open. */
    if (address && strncmp(address, "php:", 4) != 0)
        ZVAL_STRING(php_arv_property(made, 1), address);
    else
        ZVAL_NULL(php_arv_property(made, 1));
    if (object->version[0])
        ZVAL_STRING(php_arv_property(made, 2), object->version);
    else
        ZVAL_NULL(php_arv_property(made, 2));
    ZVAL_LONG(php_arv_property(made, 3), (zend_long)object->size_bytes);
    ZVAL_LONG(php_arv_property(made, 4), (zend_long)object->stored_at_unix);
    if (object->digests.present & ARV_DIGEST_SHA256)
        ZVAL_STRING(php_arv_property(made, 5),
                    arv_digests_hex(&object->digests, ARV_DIGEST_SHA256, hex));
    else
        ZVAL_NULL(php_arv_property(made, 5));
}

ZEND_METHOD(Archivist_StorageCheck, __construct)
{
    ZEND_PARSE_PARAMETERS_NONE();
}

void php_arv_storage_check_make(zval *into, const arv_check *check, const arv_error *err)
{
    object_init_ex(into, php_arv_ce_StorageCheck);
    zend_object *made = Z_OBJ_P(into);
    ZVAL_BOOL(php_arv_property(made, 0), err->code == 0);
    for (int step = 0; step < ARV_CHECK_STEPS; step++)
        ZVAL_BOOL(php_arv_property(made, 1 + step), check->done[step]);
    ZVAL_STRING(php_arv_property(made, 1 + ARV_CHECK_STEPS), check->detail);
    if (err->code < 0)
        ZVAL_STRING(php_arv_property(made, 2 + ARV_CHECK_STEPS), err->message);
    else
        ZVAL_NULL(php_arv_property(made, 2 + ARV_CHECK_STEPS));
}

ZEND_METHOD(Archivist_StorageSpace, __construct)
{
    ZEND_PARSE_PARAMETERS_NONE();
}

void php_arv_storage_space_make(zval *into, const arv_space *space)
{
    object_init_ex(into, php_arv_ce_StorageSpace);
    zend_object *made = Z_OBJ_P(into);
    ZVAL_NULL(php_arv_property(made, 0));
    ZVAL_NULL(php_arv_property(made, 1));
    if (space && space->known) {
        ZVAL_LONG(php_arv_property(made, 0),
                  (zend_long)MIN(space->free_bytes, (uint64_t)ZEND_LONG_MAX));
        ZVAL_LONG(php_arv_property(made, 1),
                  (zend_long)MIN(space->total_bytes, (uint64_t)ZEND_LONG_MAX));
    }
}

void php_arv_register_StorageDriver(void)
{
    php_arv_ce_StorageDriver = register_class_Archivist_StorageDriver();
    php_arv_ce_Artifact = register_class_Archivist_Artifact();
    php_arv_ce_StoredObject = register_class_Archivist_StoredObject();
    php_arv_ce_StorageCheck = register_class_Archivist_StorageCheck();
    php_arv_ce_StorageSpace = register_class_Archivist_StorageSpace();
}

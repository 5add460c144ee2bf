/* SPDX-License-Identifier: Apache-2.0 */
#include "classes.h"

ZEND_METHOD(Archivist_Artifact, __construct)
{
    zend_object *object = Z_OBJ_P(ZEND_THIS);
    zend_string *path, *sha256;
    zend_long size;
    arv_digests digests;

    ZEND_PARSE_PARAMETERS_START(3, 3)
    Z_PARAM_PATH_STR(path)
    Z_PARAM_LONG(size)
    Z_PARAM_STR(sha256)
    ZEND_PARSE_PARAMETERS_END();

    if (Z_TYPE_P(php_arv_property(object, PHP_ARV_ARTIFACT_PATH)) != IS_UNDEF) {
        php_arv_throw_format(ARV_ESTATE, "The artifact was constructed already.");
        RETURN_THROWS();
    }
    if (size < 0) {
        php_arv_throw_format(ARV_EINVALID,
                             "The argument $sizeBytes is " ZEND_LONG_FMT "; it must be 0 or more.", size);
        RETURN_THROWS();
    }
    if (!php_arv_sha256_get(sha256, "sha256", &digests) || !(path = php_arv_path_take(path)))
        RETURN_THROWS();
    ZVAL_STR(php_arv_property(object, PHP_ARV_ARTIFACT_PATH), path);
    ZVAL_LONG(php_arv_property(object, PHP_ARV_ARTIFACT_SIZE), size);
    php_arv_set_digest(object, PHP_ARV_ARTIFACT_SHA256, &digests, ARV_DIGEST_SHA256);
}

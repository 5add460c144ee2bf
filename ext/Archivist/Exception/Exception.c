/* SPDX-License-Identifier: Apache-2.0 */

#include "php_archivist.h"

ZEND_METHOD(Archivist_Exception_ArchivistException, getErrorName)
{
    zval held;
    ZEND_PARSE_PARAMETERS_NONE();
    RETURN_COPY(zend_read_property(php_arv_ce_ArchivistException, Z_OBJ_P(ZEND_THIS), "errorName",
                                   sizeof "errorName" - 1, 1, &held));
}

ZEND_METHOD(Archivist_Exception_ArchivistException, isRetryable)
{
    zval held;
    ZEND_PARSE_PARAMETERS_NONE();
    RETURN_COPY(zend_read_property(php_arv_ce_ArchivistException, Z_OBJ_P(ZEND_THIS), "retryable",
                                   sizeof "retryable" - 1, 1, &held));
}

ZEND_METHOD(Archivist_Exception_ArchivistException, getSubject)
{
    zval held;
    ZEND_PARSE_PARAMETERS_NONE();
    RETURN_COPY(zend_read_property(php_arv_ce_ArchivistException, Z_OBJ_P(ZEND_THIS), ZEND_STRL("subject"), 1,
                                   &held));
}

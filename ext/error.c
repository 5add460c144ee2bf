/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The one border for errors: only this file makes an exception of an arv_error. The list of errors
 * (arv/error.h) has the class of each code.
 */

#include "php_archivist.h"

static zend_class_entry *exception_class(int code)
{
    switch (code) {
#define EXCEPTION_CLASS(name, number, exception, text)                                                       \
    case ARV_E##name:                                                                                        \
        return php_arv_ce_##exception##Exception;
        ARV_ERROR_LIST(EXCEPTION_CLASS)
#undef EXCEPTION_CLASS
    }
    return php_arv_ce_InternalException;
}

void php_arv_exception_make(zval *into, const arv_error *err)
{
    zend_object *object;
    zval value;
    object_init_ex(into, exception_class(err->code));
    object = Z_OBJ_P(into);
    ZVAL_STRING(&value, err->message[0] ? err->message : arv_error_text(err->code));
    zend_update_property_ex(zend_ce_exception, object, ZSTR_KNOWN(ZEND_STR_MESSAGE), &value);
    zval_ptr_dtor(&value);
    ZVAL_LONG(&value, err->code);
    zend_update_property_ex(zend_ce_exception, object, ZSTR_KNOWN(ZEND_STR_CODE), &value);
    zend_update_property_string(php_arv_ce_ArchivistException, object, "errorName", sizeof "errorName" - 1,
                                arv_error_name(err->code));
    zend_update_property_bool(php_arv_ce_ArchivistException, object, "retryable", sizeof "retryable" - 1,
                              (err->flags & ARV_ERROR_RETRYABLE) != 0);
    if (err->subject[0])
        zend_update_property_string(php_arv_ce_ArchivistException, object, ZEND_STRL("subject"),
                                    err->subject);
}

void php_arv_exception_is_retryable(zend_object *exception)
{
    if (instanceof_function(exception->ce, php_arv_ce_ArchivistException))
        zend_update_property_bool(php_arv_ce_ArchivistException, exception, "retryable",
                                  sizeof "retryable" - 1, true);
}

void php_arv_throw(const arv_error *err)
{
    zval exception;
    php_arv_exception_make(&exception, err);
    zend_throw_exception_object(&exception);
}

void php_arv_throw_format(int code, const char *format, ...)
{
    arv_error err;
    va_list args;
    va_start(args, format);
    arv_error_clear(&err);
    arv_error_setv(&err, code, format, args);
    va_end(args);
    php_arv_throw(&err);
}

void php_arv_error_from_exception(arv_error *err)
{
    zval held;
    zval *message;
    zend_object *exception = EG(exception);
    int code = ARV_ECALLBACK;
    bool retryable = false;
    if (!exception) {
        arv_error_set(err, code, "%s", arv_error_text(code));
        return;
    }
    if (instanceof_function(exception->ce, php_arv_ce_ArchivistException)) {
        retryable = zend_is_true(zend_read_property(php_arv_ce_ArchivistException, exception, "retryable",
                                                    sizeof "retryable" - 1, 1, &held));
        zval *number =
            zend_read_property_ex(zend_ce_exception, exception, ZSTR_KNOWN(ZEND_STR_CODE), 1, &held);
        if (Z_TYPE_P(number) == IS_LONG && Z_LVAL_P(number) < 0 && Z_LVAL_P(number) > -200)
            code = (int)Z_LVAL_P(number);
        else if (instanceof_function(exception->ce, php_arv_ce_ExistsException))
            code = ARV_EEXISTS;
        else if (instanceof_function(exception->ce, php_arv_ce_NotFoundException))
            code = ARV_ENOTFOUND;
        else if (instanceof_function(exception->ce, php_arv_ce_StorageException))
            code = ARV_EIO;
        else if (instanceof_function(exception->ce, php_arv_ce_SourceException))
            code = ARV_ESOURCE;
    }
    message = zend_read_property_ex(instanceof_function(exception->ce, zend_ce_exception) ? zend_ce_exception
                                                                                          : zend_ce_error,
                                    exception, ZSTR_KNOWN(ZEND_STR_MESSAGE), 1, &held);
    arv_error_set(err, code, "%s",
                  Z_TYPE_P(message) == IS_STRING && Z_STRLEN_P(message) ? Z_STRVAL_P(message)
                                                                        : "A callback threw an exception.");
    if (retryable)
        err->flags |= ARV_ERROR_RETRYABLE;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "classes.h"

arv_format php_arv_format_get(zend_object *format_case)
{
    return arv_format_parse(Z_STRVAL_P(zend_enum_fetch_case_value(format_case)));
}

zend_object *php_arv_format_case(arv_format format)
{
    static const char *const names[] = {[ARV_FORMAT_ZIP] = "Zip",
                                        [ARV_FORMAT_TAR_ZST] = "TarZst",
                                        [ARV_FORMAT_TAR_GZ] = "TarGz",
                                        [ARV_FORMAT_TAR] = "Tar"};
    return php_arv_enum_case(php_arv_ce_Format, names[format]);
}

ZEND_METHOD(Archivist_Format, ofFile)
{
    zend_string *name;
    ZEND_PARSE_PARAMETERS_START(1, 1)
    Z_PARAM_STR(name)
    ZEND_PARSE_PARAMETERS_END();
    arv_format format = arv_format_of_file(ZSTR_VAL(name));
    if (format != ARV_FORMAT_UNKNOWN)
        RETURN_OBJ_COPY(php_arv_format_case(format));
}

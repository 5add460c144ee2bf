/* SPDX-License-Identifier: Apache-2.0 */

/* The module: INI settings, phpinfo() and the registration of all classes. */

#include "php_archivist.h"

#include "ext/standard/info.h"
#include "php_ini.h"

ZEND_DECLARE_MODULE_GLOBALS(archivist)

#if defined(ZTS) && defined(COMPILE_DL_ARCHIVIST)
ZEND_TSRMLS_CACHE_DEFINE()
#endif

/* Limits are the administrator's (PHP_INI_SYSTEM); docs/php.md explains each. */
PHP_INI_BEGIN()
STD_PHP_INI_ENTRY("archivist.threads", "0", PHP_INI_SYSTEM, OnUpdateLongGEZero, threads,
                  zend_archivist_globals, archivist_globals)
STD_PHP_INI_ENTRY("archivist.memory_bytes", "64M", PHP_INI_SYSTEM, OnUpdateLongGEZero, memory_bytes,
                  zend_archivist_globals, archivist_globals)
STD_PHP_INI_ENTRY("archivist.jobs", "4", PHP_INI_SYSTEM, OnUpdateLongGEZero, jobs, zend_archivist_globals,
                  archivist_globals)
PHP_INI_END()

static PHP_GINIT_FUNCTION(archivist)
{
#if defined(ZTS) && defined(COMPILE_DL_ARCHIVIST)
    ZEND_TSRMLS_CACHE_UPDATE();
#endif
    memset(archivist_globals, 0, sizeof *archivist_globals);
}

static PHP_MINIT_FUNCTION(archivist)
{
    REGISTER_INI_ENTRIES();
    php_arv_classes_register();
#define ARCHIVIST_CONSTANT(name, number, exception, text)                                                    \
    REGISTER_NS_LONG_CONSTANT("Archivist", "E_" #name, number, CONST_CS | CONST_PERSISTENT);
    ARV_ERROR_LIST(ARCHIVIST_CONSTANT)
#undef ARCHIVIST_CONSTANT
    REGISTER_NS_STRING_CONSTANT("Archivist", "VERSION", PHP_ARCHIVIST_VERSION, CONST_CS | CONST_PERSISTENT);
    return SUCCESS;
}

static PHP_MSHUTDOWN_FUNCTION(archivist)
{
    UNREGISTER_INI_ENTRIES();
    return SUCCESS;
}

static PHP_RINIT_FUNCTION(archivist)
{
#if defined(ZTS) && defined(COMPILE_DL_ARCHIVIST)
    ZEND_TSRMLS_CACHE_UPDATE();
#endif
    /* A request that ended by a fatal error lost these values with its memory. */
    memset(&ARCHIVIST_G(now), 0, sizeof ARCHIVIST_G(now));
    return SUCCESS;
}

static PHP_MINFO_FUNCTION(archivist)
{
    php_info_print_table_start();
    php_info_print_table_row(2, "Archivist", "enabled");
    php_info_print_table_row(2, "Version", arv_version());
    php_info_print_table_row(2, "Deflater", arv_deflater());
    for (const arv_library *library = arv_libraries(); library->name; library++)
        php_info_print_table_row(2, library->name, library->version);
    php_info_print_table_row(2, "Storage drivers", arv_storage_drivers()[0]);
    php_info_print_table_end();
    DISPLAY_INI_ENTRIES();
}

zend_module_entry archivist_module_entry = {
    STANDARD_MODULE_HEADER,
    "archivist",
    NULL,
    PHP_MINIT(archivist),
    PHP_MSHUTDOWN(archivist),
    PHP_RINIT(archivist),
    NULL,
    PHP_MINFO(archivist),
    PHP_ARCHIVIST_VERSION,
    PHP_MODULE_GLOBALS(archivist),
    PHP_GINIT(archivist),
    NULL,
    NULL,
    STANDARD_MODULE_PROPERTIES_EX,
};

#ifdef COMPILE_DL_ARCHIVIST
ZEND_GET_MODULE(archivist)
#endif

/* SPDX-License-Identifier: Apache-2.0 */

/* The module: INI settings, phpinfo() and the registration of all classes. */

#include "php_archivist.h"

#include "Archivist/internal.h"
#include "ext/standard/info.h"
#include "php_ini.h"

ZEND_DECLARE_MODULE_GLOBALS(archivist)

#if defined(ZTS) && defined(COMPILE_DL_ARCHIVIST)
ZEND_TSRMLS_CACHE_DEFINE()
#endif

/* Limits are the administrator's (PHP_INI_SYSTEM); docs/php.md tells each. */
PHP_INI_BEGIN()
    STD_PHP_INI_ENTRY("archivist.threads", "0", PHP_INI_SYSTEM, OnUpdateLongGEZero, threads,
                      zend_archivist_globals, archivist_globals)
    STD_PHP_INI_ENTRY("archivist.memory_bytes", "64M", PHP_INI_SYSTEM, OnUpdateLongGEZero, memory_bytes,
                      zend_archivist_globals, archivist_globals)
    STD_PHP_INI_ENTRY("archivist.jobs", "4", PHP_INI_SYSTEM, OnUpdateLongGEZero, jobs,
                      zend_archivist_globals, archivist_globals)
PHP_INI_END()

static PHP_GINIT_FUNCTION(archivist)
{
#if defined(ZTS) && defined(COMPILE_DL_ARCHIVIST)
    ZEND_TSRMLS_CACHE_UPDATE();
#endif
    memset(archivist_globals, 0, sizeof *archivist_globals);
}

zend_object *php_arv_enum_case(zend_class_entry *ce, const char *name)
{
    zend_string *text = zend_string_init(name, strlen(name), 0);
    zend_object *found = zend_enum_get_case(ce, text);
    zend_string_release(text);
    return found;
}

bool php_arv_path_allowed(zend_string *path)
{
    if (ZSTR_LEN(path) == 0 || strlen(ZSTR_VAL(path)) != ZSTR_LEN(path)) {
        php_arv_throw_format(ARV_EINVALID, "A path must not be empty or hold a NUL byte.");
        return false;
    }
    if (php_check_open_basedir_ex(ZSTR_VAL(path), 0) != 0) {
        php_arv_throw_format(ARV_EACCESS,
                             "The path '%s' lies outside of the folders that open_basedir allows.",
                             ZSTR_VAL(path));
        return false;
    }
    return true;
}

zend_string *php_arv_path_take(zend_string *path)
{
    char folder[MAXPATHLEN];
    if (!php_arv_path_allowed(path))
        return NULL;
    if (IS_ABSOLUTE_PATH(ZSTR_VAL(path), ZSTR_LEN(path)))
        return zend_string_copy(path);
    /* The working directory may change before the path is opened, and that of a thread-safe PHP is
     * not that of the process. Nothing else is resolved: links are for the core to refuse. */
    if (!VCWD_GETCWD(folder, sizeof folder)) {
        php_arv_throw_format(ARV_EIO, "The path '%s' is relative, but the working directory cannot be "
                                      "read; give an absolute path.", ZSTR_VAL(path));
        return NULL;
    }
    return strpprintf(0, "%s/%s", folder, ZSTR_VAL(path));
}

const char **php_arv_strings_take(HashTable *array, const char *argument, size_t *count)
{
    zval *value;
    const char **strings = safe_emalloc(zend_hash_num_elements(array) + 1, sizeof *strings, 0);
    *count = 0;
    ZEND_HASH_FOREACH_VAL(array, value) {
        ZVAL_DEREF(value);
        if (Z_TYPE_P(value) != IS_STRING || strlen(Z_STRVAL_P(value)) != Z_STRLEN_P(value)) {
            efree(strings);
            php_arv_throw_format(ARV_EINVALID,
                                 "The argument $%s must hold strings without NUL bytes.", argument);
            return NULL;
        }
        strings[(*count)++] = Z_STRVAL_P(value);
    } ZEND_HASH_FOREACH_END();
    return strings;
}

static PHP_MINIT_FUNCTION(archivist)
{
    REGISTER_INI_ENTRIES();
    php_arv_register_exceptions();
    php_arv_register_Log();
    php_arv_register_Engine();
    php_arv_register_EntryList();
    php_arv_register_PackageOptions();
    php_arv_register_StorageDriver();
    php_arv_register_Filesystem();
    php_arv_register_StorageDriverFactory();
    php_arv_register_StorageTask();
    php_arv_register_AsyncTask();
    php_arv_register_StorageApi();
    php_arv_register_Staging();
    php_arv_register_JobSpec();
    php_arv_register_Job();
    php_arv_register_Verifier();
#define ARCHIVIST_CONSTANT(name, number, exception, text)                                          \
    REGISTER_NS_LONG_CONSTANT("Archivist", "E_" #name, number, CONST_CS | CONST_PERSISTENT);
    ARV_ERROR_LIST(ARCHIVIST_CONSTANT)
#undef ARCHIVIST_CONSTANT
    REGISTER_NS_STRING_CONSTANT("Archivist", "VERSION", PHP_ARCHIVIST_VERSION,
                                CONST_CS | CONST_PERSISTENT);
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
    /* What a request that ended by a fatal error left behind went with its memory. */
    ARCHIVIST_G(pumps) = NULL;
    ARCHIVIST_G(handles) = NULL;
    ARCHIVIST_G(wrapped) = NULL;
    ARCHIVIST_G(dropped) = NULL;
    ARCHIVIST_G(held) = NULL;
    ARCHIVIST_G(lost) = NULL;
    ARCHIVIST_G(silent) = 0;
    ARCHIVIST_G(bailout) = false;
    return SUCCESS;
}

/* After all objects are gone. */
static ZEND_MODULE_POST_ZEND_DEACTIVATE_D(archivist)
{
    php_arv_lost_free();
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
    ZEND_MODULE_POST_ZEND_DEACTIVATE_N(archivist),
    STANDARD_MODULE_PROPERTIES_EX,
};

#ifdef COMPILE_DL_ARCHIVIST
ZEND_GET_MODULE(archivist)
#endif

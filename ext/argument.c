/* SPDX-License-Identifier: Apache-2.0 */

/* Converts arguments of PHP for the core. */

#include "php_archivist.h"

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
    /* The working directory may change before the path is opened, and a thread-safe PHP has another one than
     * the process. Only "./" is resolved: the core refuses links. */
    if (!VCWD_GETCWD(folder, sizeof folder)) {
        php_arv_throw_format(ARV_EIO,
                             "The path '%s' is relative, but the working directory cannot be "
                             "read; give an absolute path.",
                             ZSTR_VAL(path));
        return NULL;
    }
    const char *below = ZSTR_VAL(path);
    while (below[0] == '.' && (below[1] == '/' || below[1] == '\0'))
        for (below++; *below == '/';)
            below++;
    return strpprintf(0, *below ? "%s/%s" : "%s%s", folder, below);
}

const char **php_arv_strings_take(HashTable *array, const char *argument, size_t *count)
{
    zval *value;
    const char **strings = safe_emalloc(zend_hash_num_elements(array) + 1, sizeof *strings, 0);
    *count = 0;
    ZEND_HASH_FOREACH_VAL(array, value)
    {
        ZVAL_DEREF(value);
        if (Z_TYPE_P(value) != IS_STRING || strlen(Z_STRVAL_P(value)) != Z_STRLEN_P(value)) {
            efree(strings);
            php_arv_throw_format(ARV_EINVALID, "The argument $%s must hold strings without NUL bytes.",
                                 argument);
            return NULL;
        }
        strings[(*count)++] = Z_STRVAL_P(value);
    }
    ZEND_HASH_FOREACH_END();
    return strings;
}

bool php_arv_number_allowed(const char *name, zend_long value, zend_long most)
{
    if (value >= 0 && value <= most)
        return true;
    php_arv_throw_format(ARV_EINVALID,
                         "The argument $%s is " ZEND_LONG_FMT "; 0 (the default) to " ZEND_LONG_FMT
                         " are allowed.",
                         name, value, most);
    return false;
}

bool php_arv_timeout_allowed(zend_long timeout_ms)
{
    if (timeout_ms >= 0)
        return true;
    php_arv_throw_format(ARV_EINVALID,
                         "The argument $timeoutMs is " ZEND_LONG_FMT "; it must be 0 or more milliseconds.",
                         timeout_ms);
    return false;
}

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
        php_arv_throw_format(ARV_EINVALID,
                             "The argument $%s is not a SHA-256 digest; it has 64 hexadecimal digits.",
                             argument);
    into->present = ARV_DIGEST_SHA256;
    return valid;
}

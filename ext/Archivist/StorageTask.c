/* SPDX-License-Identifier: Apache-2.0 */
#include "classes.h"

enum { NEEDS_NOT, MAY_HAVE, NEEDS };

/* The use that each operation makes of path, key and digest. An argument without a use is refused. */
static const struct {
    const char *name;
    int path, key, sha256;
} operations[] = {
    [PHP_ARV_Store] = {"Store", NEEDS, MAY_HAVE, MAY_HAVE},
    [PHP_ARV_Retrieve] = {"Retrieve", NEEDS, NEEDS, MAY_HAVE},
    [PHP_ARV_Delete] = {"Delete", NEEDS_NOT, NEEDS, NEEDS_NOT},
    [PHP_ARV_Stat] = {"Stat", NEEDS_NOT, NEEDS, NEEDS_NOT},
    [PHP_ARV_Check] = {"Check", NEEDS_NOT, NEEDS_NOT, NEEDS_NOT},
    [PHP_ARV_Space] = {"Space", NEEDS_NOT, NEEDS_NOT, NEEDS_NOT},
};

static php_arv_operation operation_of_case(zend_object *enum_case)
{
    const char *name = Z_STRVAL_P(zend_enum_fetch_case_name(enum_case));
    for (size_t i = 0; i < sizeof operations / sizeof operations[0]; i++)
        if (strcmp(operations[i].name, name) == 0)
            return (php_arv_operation)i;
    return PHP_ARV_Stat;
}

php_arv_operation php_arv_operation_of(zend_object *task)
{
    return operation_of_case(Z_OBJ_P(php_arv_property(task, PHP_ARV_TASK_OPERATION)));
}

static bool argument_right(const char *operation, const char *name, int needs, const zend_string *value)
{
    if (needs == NEEDS && !value)
        php_arv_throw_format(ARV_EINVALID, "A storage task with Operation::%s needs the argument $%s.",
                             operation, name);
    else if (needs == NEEDS_NOT && value)
        php_arv_throw_format(ARV_EINVALID,
                             "A storage task with Operation::%s has no use for the argument $%s; leave "
                             "it out.",
                             operation, name);
    return !EG(exception);
}

ZEND_METHOD(Archivist_StorageTask, __construct)
{
    zend_object *task = Z_OBJ_P(ZEND_THIS), *driver, *enum_case;
    zend_string *given = NULL, *path = NULL, *key = NULL, *sha256 = NULL;
    arv_digests digests;

    ZEND_PARSE_PARAMETERS_START(2, 5)
    Z_PARAM_OBJ_OF_CLASS(driver, php_arv_ce_StorageDriver)
    Z_PARAM_OBJ_OF_CLASS(enum_case, php_arv_ce_Operation)
    Z_PARAM_OPTIONAL
    Z_PARAM_PATH_STR_OR_NULL(given)
    Z_PARAM_PATH_STR_OR_NULL(key)
    Z_PARAM_STR_OR_NULL(sha256)
    ZEND_PARSE_PARAMETERS_END();

    if (Z_TYPE_P(php_arv_property(task, PHP_ARV_TASK_DRIVER)) != IS_UNDEF) {
        php_arv_throw_format(ARV_ESTATE, "The storage task was constructed already.");
        RETURN_THROWS();
    }
    php_arv_operation operation = operation_of_case(enum_case);
    const char *name = operations[operation].name;
    if (!argument_right(name, "path", operations[operation].path, given) ||
        !argument_right(name, "key", operations[operation].key, key) ||
        !argument_right(name, "sha256", operations[operation].sha256, sha256) ||
        (sha256 && !php_arv_sha256_get(sha256, "sha256", &digests)) ||
        (given && !(path = php_arv_path_take(given))))
        RETURN_THROWS();
    ZVAL_OBJ_COPY(php_arv_property(task, PHP_ARV_TASK_DRIVER), driver);
    ZVAL_OBJ_COPY(php_arv_property(task, PHP_ARV_TASK_OPERATION), enum_case);
    php_arv_set_string(task, PHP_ARV_TASK_PATH, path);
    if (path)
        zend_string_release(path);
    php_arv_set_string(task, PHP_ARV_TASK_KEY, key);
    php_arv_set_string(task, PHP_ARV_TASK_SHA256, sha256);
}

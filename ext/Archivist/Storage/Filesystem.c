/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Archives in a folder. For a job or a task the object is a URL and options, and the core's driver does the
 * rest on the given engine. The object's own methods do the same on an engine of its own and wait for the
 * end.
 */

#include "classes.h"

#include <sys/stat.h>

#include "zend_smart_str.h"

typedef struct filesystem {
    php_arv_own own;
    arv_storage *storage; /* on the own engine; NULL until first used */
    zend_string *path;    /* NULL until the constructor succeeded */
    zend_string *url;
    HashTable *options; /* by name */
    zend_object std;
} filesystem;

static filesystem *filesystem_of(zend_object *object)
{
    return PHP_ARV_OBJECT(filesystem, object);
}

/* ---- object ---------------------------------------------------------------------------------- */

static void filesystem_free(zend_object *object)
{
    filesystem *fs = filesystem_of(object);
    php_arv_own_end(&fs->own);
    if (php_arv_own_here(&fs->own))
        arv_storage_unref(fs->storage);
    php_arv_own_close(&fs->own);
    if (fs->path)
        zend_string_release(fs->path);
    if (fs->url)
        zend_string_release(fs->url);
    if (fs->options)
        zend_array_destroy(fs->options);
    zend_object_std_dtor(object);
}

php_arv_kind php_arv_kind_Filesystem = PHP_ARV_KIND(filesystem, .free = filesystem_free);

/* Makes "file://" and the path, without a slash at its end and with all but unreserved characters (RFC 3986)
 * as %XX. */
static zend_string *filesystem_url(const zend_string *path)
{
    smart_str url = {0};
    size_t length = ZSTR_LEN(path);
    while (length > 1 && ZSTR_VAL(path)[length - 1] == '/')
        length--;
    smart_str_appends(&url, "file://");
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)ZSTR_VAL(path)[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     (c && strchr("/-._~", c));
        if (plain) {
            smart_str_appendc(&url, (char)c);
        } else {
            smart_str_appendc(&url, '%');
            smart_str_appendc(&url, "0123456789ABCDEF"[c >> 4]);
            smart_str_appendc(&url, "0123456789ABCDEF"[c & 15]);
        }
    }
    smart_str_0(&url);
    return url.s;
}

static bool filesystem_set(filesystem *fs, zend_string *path, const HashTable *options)
{
    if (fs->path) {
        php_arv_throw_format(ARV_ESTATE, "The storage was constructed already.");
        return false;
    }
    if (!(path = php_arv_path_take(path)))
        return false;
    fs->path = path;
    fs->url = filesystem_url(path);
    fs->options = zend_array_dup((HashTable *)options);
    return true;
}

bool php_arv_filesystem_make(zval *into, zend_string *path, const HashTable *options)
{
    object_init_ex(into, php_arv_ce_Filesystem);
    if (filesystem_set(filesystem_of(Z_OBJ_P(into)), path, options))
        return true;
    zval_ptr_dtor(into);
    ZVAL_UNDEF(into);
    return false;
}

/* ---- storages -------------------------------------------------------------------------------- */

/* Checks the path at each use: the folder may have become a link that leads elsewhere. */
arv_storage *php_arv_filesystem_open(arv_engine *engine, zend_object *object)
{
    filesystem *fs = filesystem_of(object);
    arv_storage_option options[ARV_OPTIONS_MAX];
    char numbers[ARV_OPTIONS_MAX][PHP_ARV_OPTION_NUMBER_BYTES];
    size_t count = 0;
    zend_string *name;
    zval *value;
    arv_storage *storage = NULL;
    arv_error err;
    if (!fs->path) {
        php_arv_throw_format(ARV_ESTATE, "The storage's constructor has not run.");
        return NULL;
    }
    if (!php_arv_path_allowed(fs->path))
        return NULL;
    ZEND_HASH_FOREACH_STR_KEY_VAL(fs->options, name, value)
    {
        options[count] = (arv_storage_option){ZSTR_VAL(name), php_arv_option_text(value, numbers[count])};
        count++;
    }
    ZEND_HASH_FOREACH_END();
    arv_error_clear(&err);
    return php_arv_ok(arv_storage_open(&storage, engine, ZSTR_VAL(fs->url), options, count, &err), &err)
               ? storage
               : NULL;
}

/* Returns the storage on the object's own engine, or throws. */
static arv_storage *filesystem_begin(filesystem *fs)
{
    bool forked;
    arv_engine *engine = php_arv_own_begin(&fs->own, NULL, &forked);
    if (forked)
        fs->storage = NULL; /* it is the parent's */
    if (!engine)
        return NULL;
    if (!fs->storage)
        fs->storage = php_arv_filesystem_open(engine, &fs->std);
    else if (!php_arv_path_allowed(fs->path))
        return NULL;
    return fs->storage;
}

/* Waits for the task, if `rc` says that it was begun. Returns true when it succeeded. The caller must call
 * php_arv_own_end(). */
static bool filesystem_wait(filesystem *fs, int rc, const arv_error *err)
{
    return php_arv_ok(rc, err) && php_arv_own_wait(&fs->own);
}

/* ---- methods --------------------------------------------------------------------------------- */

ZEND_METHOD(Archivist_Storage_Filesystem, __construct)
{
    zend_string *path, *owner = NULL, *expect = NULL;
    bool create = false, marked = false, adopt = false;
    zval options;
    ZEND_PARSE_PARAMETERS_START(1, 6)
    Z_PARAM_PATH_STR(path)
    Z_PARAM_OPTIONAL
    Z_PARAM_BOOL(create)
    Z_PARAM_PATH_STR_OR_NULL(owner)
    Z_PARAM_BOOL(marked)
    Z_PARAM_PATH_STR_OR_NULL(expect)
    Z_PARAM_BOOL(adopt)
    ZEND_PARSE_PARAMETERS_END();
    array_init(&options);
    add_assoc_bool(&options, "create", create);
    add_assoc_bool(&options, "marked", marked);
    add_assoc_bool(&options, "adopt", adopt);
    if (owner)
        add_assoc_str(&options, "owner", zend_string_copy(owner));
    if (expect)
        add_assoc_str(&options, "expect", zend_string_copy(expect));
    bool set = filesystem_set(filesystem_of(Z_OBJ_P(ZEND_THIS)), path, Z_ARRVAL(options));
    zval_ptr_dtor(&options);
    if (!set)
        RETURN_THROWS();
}

ZEND_METHOD(Archivist_Storage_Filesystem, url)
{
    filesystem *fs = filesystem_of(Z_OBJ_P(ZEND_THIS));
    ZEND_PARSE_PARAMETERS_NONE();
    RETURN_STR_COPY(fs->url ? fs->url : ZSTR_EMPTY_ALLOC());
}

/* The digest shows a changed file, too, but only after the whole file was read. */
static bool artifact_size_right(zend_string *path, zend_long size)
{
    struct stat found;
    if (stat(ZSTR_VAL(path), &found) != 0 || found.st_size == size)
        return true;
    php_arv_throw_format(ARV_ESIZE,
                         "The file '%s' has %lld bytes, the artifact says " ZEND_LONG_FMT
                         "; make the artifact again.",
                         ZSTR_VAL(path), (long long)found.st_size, size);
    return false;
}

ZEND_METHOD(Archivist_Storage_Filesystem, store)
{
    filesystem *fs = filesystem_of(Z_OBJ_P(ZEND_THIS));
    zend_object *artifact;
    zend_string *key;
    arv_digests digests;
    arv_error err;

    ZEND_PARSE_PARAMETERS_START(2, 2)
    Z_PARAM_OBJ_OF_CLASS(artifact, php_arv_ce_Artifact)
    Z_PARAM_PATH_STR(key)
    ZEND_PARSE_PARAMETERS_END();

    zval *given = php_arv_property(artifact, PHP_ARV_ARTIFACT_PATH);
    zval *size = php_arv_property(artifact, PHP_ARV_ARTIFACT_SIZE);
    zval *sha256 = php_arv_property(artifact, PHP_ARV_ARTIFACT_SHA256);
    if (Z_TYPE_P(given) != IS_STRING || Z_TYPE_P(size) != IS_LONG || Z_TYPE_P(sha256) != IS_STRING) {
        php_arv_throw_format(ARV_ESTATE, "The artifact's constructor has not run.");
        RETURN_THROWS();
    }
    zend_string *path = php_arv_path_take(Z_STR_P(given)); /* one that was unserialized may have any */
    arv_storage *storage = path ? filesystem_begin(fs) : NULL;
    if (storage && php_arv_sha256_get(Z_STR_P(sha256), "sha256", &digests) &&
        artifact_size_right(path, Z_LVAL_P(size))) {
        arv_error_clear(&err);
        int rc = arv_storage_put_file(storage, ZSTR_VAL(path), ZSTR_VAL(key), &digests, NULL, NULL,
                                      &fs->own.task, &err);
        filesystem_wait(fs, rc, &err);
        php_arv_own_end(&fs->own);
    }
    if (path)
        zend_string_release(path);
}

ZEND_METHOD(Archivist_Storage_Filesystem, retrieve)
{
    filesystem *fs = filesystem_of(Z_OBJ_P(ZEND_THIS));
    zend_string *key, *given;
    arv_error err;

    ZEND_PARSE_PARAMETERS_START(2, 2)
    Z_PARAM_PATH_STR(key)
    Z_PARAM_PATH_STR(given)
    ZEND_PARSE_PARAMETERS_END();

    zend_string *path = php_arv_path_take(given);
    arv_storage *storage = path ? filesystem_begin(fs) : NULL;
    if (storage) {
        arv_error_clear(&err);
        int rc = arv_storage_get_file(storage, ZSTR_VAL(key), ZSTR_VAL(path), NULL, NULL, NULL, &fs->own.task,
                                      &err);
        filesystem_wait(fs, rc, &err);
        php_arv_own_end(&fs->own);
    }
    if (path)
        zend_string_release(path);
}

ZEND_METHOD(Archivist_Storage_Filesystem, delete)
{
    filesystem *fs = filesystem_of(Z_OBJ_P(ZEND_THIS));
    zend_string *key;
    arv_error err;

    ZEND_PARSE_PARAMETERS_START(1, 1)
    Z_PARAM_PATH_STR(key)
    ZEND_PARSE_PARAMETERS_END();

    arv_storage *storage = filesystem_begin(fs);
    if (!storage)
        RETURN_THROWS();
    arv_error_clear(&err);
    filesystem_wait(fs, arv_storage_remove(storage, ZSTR_VAL(key), NULL, NULL, &fs->own.task, &err), &err);
    php_arv_own_end(&fs->own);
}

ZEND_METHOD(Archivist_Storage_Filesystem, stat)
{
    filesystem *fs = filesystem_of(Z_OBJ_P(ZEND_THIS));
    zend_string *key;
    arv_error err;

    ZEND_PARSE_PARAMETERS_START(1, 1)
    Z_PARAM_PATH_STR(key)
    ZEND_PARSE_PARAMETERS_END();

    arv_storage *storage = filesystem_begin(fs);
    if (!storage)
        RETURN_THROWS();
    arv_error_clear(&err);
    if (filesystem_wait(fs, arv_storage_stat(storage, ZSTR_VAL(key), NULL, NULL, &fs->own.task, &err), &err))
        php_arv_stored_object_of(return_value, arv_task_object(fs->own.task), storage);
    php_arv_own_end(&fs->own);
}

ZEND_METHOD(Archivist_Storage_Filesystem, list)
{
    filesystem *fs = filesystem_of(Z_OBJ_P(ZEND_THIS));
    zend_string *after = NULL;
    zend_long limit = 1000;
    arv_error err;
    size_t count = 0;

    ZEND_PARSE_PARAMETERS_START(0, 2)
    Z_PARAM_OPTIONAL
    Z_PARAM_PATH_STR_OR_NULL(after)
    Z_PARAM_LONG(limit)
    ZEND_PARSE_PARAMETERS_END();

    if (limit < 1 || limit > 1000) {
        php_arv_throw_format(ARV_EINVALID, "The argument $limit is " ZEND_LONG_FMT "; 1 to 1000 are allowed.",
                             limit);
        RETURN_THROWS();
    }
    arv_storage *storage = filesystem_begin(fs);
    if (!storage)
        RETURN_THROWS();
    arv_error_clear(&err);
    if (filesystem_wait(fs,
                        arv_storage_list(storage, after ? ZSTR_VAL(after) : NULL, (unsigned)limit, NULL, NULL,
                                         &fs->own.task, &err),
                        &err)) {
        const arv_object *objects = arv_task_objects(fs->own.task, &count);
        array_init_size(return_value, (uint32_t)count);
        for (size_t i = 0; i < count; i++) {
            zval object;
            php_arv_stored_object_of(&object, &objects[i], storage);
            add_next_index_zval(return_value, &object);
        }
    }
    php_arv_own_end(&fs->own);
}

/* A check that found something is an answer, not an exception. */
ZEND_METHOD(Archivist_Storage_Filesystem, check)
{
    filesystem *fs = filesystem_of(Z_OBJ_P(ZEND_THIS));
    arv_error err;
    ZEND_PARSE_PARAMETERS_NONE();

    arv_storage *storage = filesystem_begin(fs);
    if (!storage)
        RETURN_THROWS();
    arv_error_clear(&err);
    int rc = arv_storage_check(storage, NULL, NULL, &fs->own.task, &err);
    if (php_arv_ok(rc, &err) && php_arv_own_run(&fs->own)) {
        arv_task_status(fs->own.task, &err);
        php_arv_storage_check_make(return_value, arv_task_check(fs->own.task), &err);
    }
    php_arv_own_end(&fs->own);
}

ZEND_METHOD(Archivist_Storage_Filesystem, space)
{
    filesystem *fs = filesystem_of(Z_OBJ_P(ZEND_THIS));
    arv_error err;
    ZEND_PARSE_PARAMETERS_NONE();

    arv_storage *storage = filesystem_begin(fs);
    if (!storage)
        RETURN_THROWS();
    arv_error_clear(&err);
    if (filesystem_wait(fs, arv_storage_space(storage, NULL, NULL, &fs->own.task, &err), &err))
        php_arv_storage_space_make(return_value, arv_task_space(fs->own.task));
    php_arv_own_end(&fs->own);
}

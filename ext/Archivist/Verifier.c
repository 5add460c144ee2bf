/* SPDX-License-Identifier: Apache-2.0 */

/* Reads archives. Each method but entries() begins one task of the core and waits for its end. */

#include "classes.h"

typedef struct verifier {
    zend_object *engine; /* NULL: an engine of its own */
    php_arv_own own;
    arv_storage *storage;       /* a method reads from it; kept here, since a time limit may end the method */
    arv_verify_options options; /* its limits are these: */
    arv_limits limits;
    zend_object std;
} verifier;

static verifier *verifier_of(zend_object *object)
{
    return PHP_ARV_OBJECT(verifier, object);
}

/* Ends what a method has begun. */
static void verifier_end(verifier *v)
{
    arv_storage *storage = v->storage;
    v->storage = NULL;
    php_arv_own_end(&v->own);
    if (php_arv_own_here(&v->own))
        arv_storage_unref(storage);
}

/* ---- object ---------------------------------------------------------------------------------- */

static void verifier_free(zend_object *object)
{
    verifier *v = verifier_of(object);
    verifier_end(v);
    php_arv_own_close(&v->own);
    if (v->engine)
        OBJ_RELEASE(v->engine);
    zend_object_std_dtor(object);
}

static HashTable *verifier_gc(zend_object *object, zval **table, int *count)
{
    verifier *v = verifier_of(object);
    zend_get_gc_buffer *buffer = zend_get_gc_buffer_create();
    if (v->engine)
        zend_get_gc_buffer_add_obj(buffer, v->engine);
    return php_arv_gc_end(object, buffer, table, count);
}

php_arv_kind php_arv_kind_Verifier = PHP_ARV_KIND(verifier, .free = verifier_free, .gc = verifier_gc);

/* ---- methods --------------------------------------------------------------------------------- */

static void verifier_verify(verifier *v, arv_engine *engine, const arv_origin *origin, zval *return_value)
{
    arv_error err;
    arv_error_clear(&err);
    int rc = arv_verify(engine, origin, &v->options, NULL, NULL, &v->own.task, &err);
    if (php_arv_ok(rc, &err) && php_arv_own_run(&v->own)) {
        rc = arv_task_status(v->own.task, &err);
        if (rc == 0) {
            php_arv_report_make(return_value, arv_task_report(v->own.task));
        } else {
            zval thrown;
            php_arv_storage_exception(&thrown, &err, origin->storage);
            zend_throw_exception_object(&thrown);
        }
    }
    verifier_end(v);
}

ZEND_METHOD(Archivist_Verifier, __construct)
{
    verifier *v = verifier_of(Z_OBJ_P(ZEND_THIS));
    zend_object *engine = NULL;
    zend_long entries = 0, bytes = 0, findings = 0;
    bool foreign = false;

    ZEND_PARSE_PARAMETERS_START(0, 5)
    Z_PARAM_OPTIONAL
    Z_PARAM_OBJ_OF_CLASS_OR_NULL(engine, php_arv_ce_Engine)
    Z_PARAM_LONG(entries)
    Z_PARAM_LONG(bytes)
    Z_PARAM_LONG(findings)
    Z_PARAM_BOOL(foreign)
    ZEND_PARSE_PARAMETERS_END();

    if (v->options.struct_bytes) {
        php_arv_throw_format(ARV_ESTATE, "The verifier was constructed already.");
        RETURN_THROWS();
    }
    if (entries < 0 || bytes < 0 || findings < 0 || findings > 1000000) {
        php_arv_throw_format(ARV_EINVALID,
                             "A limit of the verifier is out of its range; limits are not negative, "
                             "and $findingsMax is at most 1000000.");
        RETURN_THROWS();
    }
    v->limits.struct_bytes = sizeof v->limits;
    v->limits.entries_max = (uint64_t)entries;
    v->limits.total_bytes_max = (uint64_t)bytes;
    v->limits.findings_max = (unsigned)findings;
    v->options.struct_bytes = sizeof v->options;
    v->options.limits = &v->limits;
    v->options.foreign = foreign;
    v->engine = engine;
    if (engine)
        GC_ADDREF(engine);
}

ZEND_METHOD(Archivist_Verifier, verify)
{
    verifier *v = verifier_of(Z_OBJ_P(ZEND_THIS));
    zend_string *given;

    ZEND_PARSE_PARAMETERS_START(1, 1)
    Z_PARAM_PATH_STR(given)
    ZEND_PARSE_PARAMETERS_END();

    zend_string *path = php_arv_path_take(given);
    arv_engine *engine = path ? php_arv_own_begin(&v->own, v->engine, NULL) : NULL;
    if (engine) {
        arv_origin origin = {.path = ZSTR_VAL(path)};
        verifier_verify(v, engine, &origin, return_value);
    }
    if (path)
        zend_string_release(path);
}

ZEND_METHOD(Archivist_Verifier, verifyStored)
{
    verifier *v = verifier_of(Z_OBJ_P(ZEND_THIS));
    zend_object *driver;
    zend_string *key;

    ZEND_PARSE_PARAMETERS_START(2, 2)
    Z_PARAM_OBJ_OF_CLASS(driver, php_arv_ce_StorageDriver)
    Z_PARAM_PATH_STR(key)
    ZEND_PARSE_PARAMETERS_END();

    arv_engine *engine = php_arv_own_begin(&v->own, v->engine, NULL);
    v->storage = engine ? php_arv_storage_of(engine, driver) : NULL;
    if (!v->storage)
        RETURN_THROWS();
    arv_origin origin = {.storage = v->storage, .key = ZSTR_VAL(key)};
    verifier_verify(v, engine, &origin, return_value);
}

ZEND_METHOD(Archivist_Verifier, entries)
{
    verifier *v = verifier_of(Z_OBJ_P(ZEND_THIS));
    zend_string *given;

    ZEND_PARSE_PARAMETERS_START(1, 1)
    Z_PARAM_PATH_STR(given)
    ZEND_PARSE_PARAMETERS_END();

    zend_string *path = php_arv_path_take(given);
    if (!path)
        RETURN_THROWS();
    php_arv_entries_list(return_value, path, &v->options);
    zend_string_release(path);
}

/* Lives as long as the task that counts. The task may go on when the method has thrown. */
typedef struct counted {
    zend_long files;
    bool ended, left;
} counted;

static void counted_free(counted *c)
{
    if (c->ended && c->left)
        arv_free(c);
}

/* Called by the core. */
static int item_count(void *user_data, const arv_item *item)
{
    ((counted *)user_data)->files += !item->folder && !item->target;
    return 0;
}

/* Called by the core. */
static void counted_ended(void *user_data, arv_task *task)
{
    counted *c = user_data;
    c->ended = true;
    counted_free(c);
}

static void verifier_extract(verifier *v, const zend_string *path, const zend_string *folder,
                             arv_extract_options *options, zval *return_value)
{
    arv_engine *engine = php_arv_own_begin(&v->own, v->engine, NULL);
    arv_origin origin = {.path = ZSTR_VAL(path)};
    arv_error err;
    counted *c = engine ? arv_calloc(1, sizeof *c) : NULL;
    if (!engine)
        return;
    arv_error_clear(&err);
    if (!c) {
        arv_error_nomem(&err, "the number of files");
        php_arv_throw(&err);
        return;
    }
    options->verify = &v->options;
    options->on_item = item_count;
    int rc = arv_extract(engine, &origin, ZSTR_VAL(folder), options, counted_ended, c, &v->own.task, &err);
    c->ended = rc < 0;
    if (php_arv_ok(rc, &err) && php_arv_own_wait(&v->own))
        ZVAL_LONG(return_value, c->files);
    verifier_end(v);
    c->left = true;
    counted_free(c);
}

ZEND_METHOD(Archivist_Verifier, extract)
{
    zend_string *given, *target;
    HashTable *names = (HashTable *)&zend_empty_array;
    arv_extract_options options = {.struct_bytes = sizeof options, .safe_names = false};

    ZEND_PARSE_PARAMETERS_START(2, 4)
    Z_PARAM_PATH_STR(given)
    Z_PARAM_PATH_STR(target)
    Z_PARAM_OPTIONAL
    Z_PARAM_BOOL(options.safe_names)
    Z_PARAM_ARRAY_HT(names)
    ZEND_PARSE_PARAMETERS_END();

    const char **select = php_arv_strings_take(names, "names", &options.select_count);
    zend_string *path = select ? php_arv_path_take(given) : NULL;
    zend_string *folder = path ? php_arv_path_take(target) : NULL;
    options.select = select;
    if (folder) {
        verifier_extract(verifier_of(Z_OBJ_P(ZEND_THIS)), path, folder, &options, return_value);
        zend_string_release(folder);
    }
    if (path)
        zend_string_release(path);
    if (select)
        efree(select);
}

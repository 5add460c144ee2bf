/* SPDX-License-Identifier: Apache-2.0 */

/* Reads archives. Each method begins one task of the core and waits for its end. */

#include "Archivist/drivers.h"
#include "Archivist/internal.h"

#include <string.h>

#include "Finding_arginfo.h"
#include "Report_arginfo.h"
#include "Verifier_arginfo.h"

typedef struct verifier {
    zend_object *engine;    /* NULL: an engine of its own */
    php_arv_handle *handle; /* of the given engine, from first use on */
    php_arv_own own;
    arv_storage *storage;   /* that a method reads from; here, since a time limit may end it */
    arv_verify_options options; /* its limits are those: */
    arv_limits limits;
    zend_object std;
} verifier;

zend_class_entry *php_arv_ce_Verifier, *php_arv_ce_Report, *php_arv_ce_Finding;
static zend_object_handlers verifier_handlers;

static verifier *verifier_of(zend_object *object)
{
    return (verifier *)((char *)object - XtOffsetOf(verifier, std));
}

/* Gives back what a method had begun. */
static void verifier_end(verifier *v)
{
    arv_storage *storage = v->storage;
    php_arv_own_end(&v->own);
    v->storage = NULL;
    arv_storage_unref(storage);
}

/* ---- object ---------------------------------------------------------------------------------- */

static zend_object *verifier_create(zend_class_entry *ce)
{
    verifier *v = zend_object_alloc(sizeof *v, ce);
    zend_object_std_init(&v->std, ce);
    object_properties_init(&v->std, ce);
    v->std.handlers = &verifier_handlers;
    v->limits.struct_bytes = sizeof v->limits;
    v->options.struct_bytes = sizeof v->options;
    v->options.limits = &v->limits;
    return &v->std;
}

static void verifier_free(zend_object *object)
{
    verifier *v = verifier_of(object);
    verifier_end(v);
    php_arv_own_close(&v->own);
    php_arv_engine_let(v->handle);
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

/* The engine to use now; NULL and an exception. */
static arv_engine *verifier_begin(verifier *v)
{
    if (!v->engine)
        return php_arv_own_begin(&v->own, NULL);
    if (v->own.task) {
        php_arv_throw_format(
            ARV_ESTATE, "Another method of this verifier has not returned yet; wait for it, or "
                        "use a second verifier.");
        return NULL;
    }
    arv_engine *engine = php_arv_engine_get(v->engine);
    if (engine && !v->handle)
        v->handle = php_arv_engine_hold(v->engine);
    return engine;
}

/* ---- reports --------------------------------------------------------------------------------- */

ZEND_METHOD(Archivist_Report, __construct)
{
    ZEND_PARSE_PARAMETERS_NONE();
}

ZEND_METHOD(Archivist_Finding, __construct)
{
    ZEND_PARSE_PARAMETERS_NONE();
}

static void finding_make(zval *into, const arv_finding *finding)
{
    object_init_ex(into, php_arv_ce_Finding);
    zend_object *made = Z_OBJ_P(into);
    ZVAL_STRING(php_arv_property(made, 0), arv_finding_name(finding->kind));
    if (finding->entry)
        ZVAL_STRING(php_arv_property(made, 1), finding->entry);
    else
        ZVAL_NULL(php_arv_property(made, 1));
    ZVAL_STRING(php_arv_property(made, 2), finding->message);
}

static void report_time(zval *into, int64_t at_unix)
{
    if (at_unix == ARV_TIME_UNKNOWN)
        ZVAL_NULL(into);
    else
        ZVAL_LONG(into, (zend_long)at_unix);
}

static void report_make(zval *into, const arv_report *report)
{
    char hex[129];
    zval findings, finding;
    object_init_ex(into, php_arv_ce_Report);
    zend_object *made = Z_OBJ_P(into);
    array_init_size(&findings, (uint32_t)report->finding_count);
    for (size_t i = 0; i < report->finding_count; i++) {
        finding_make(&finding, &report->findings[i]);
        add_next_index_zval(&findings, &finding);
    }
    ZVAL_BOOL(php_arv_property(made, 0), report->valid);
    ZVAL_OBJ_COPY(php_arv_property(made, 1), php_arv_format_case(report->format));
    ZVAL_STRING(php_arv_property(made, 2), report->base_folder);
    if (report->uuid[0])
        ZVAL_STRING(php_arv_property(made, 3), report->uuid);
    else
        ZVAL_NULL(php_arv_property(made, 3));
    ZVAL_LONG(php_arv_property(made, 4), (zend_long)report->container_bytes);
    ZVAL_LONG(php_arv_property(made, 5), (zend_long)report->entries);
    ZVAL_LONG(php_arv_property(made, 6), (zend_long)report->payload_files);
    ZVAL_LONG(php_arv_property(made, 7), (zend_long)report->payload_bytes);
    ZVAL_LONG(php_arv_property(made, 8), (zend_long)report->failures);
    ZVAL_STRING(php_arv_property(made, 9),
                arv_digests_hex(&report->container, ARV_DIGEST_SHA256, hex));
    ZVAL_COPY_VALUE(php_arv_property(made, 10), &findings);
    ZVAL_LONG(php_arv_property(made, 11), (zend_long)report->finding_total);
    ZVAL_BOOL(php_arv_property(made, 12), report->foreign);
    if (report->job_json)
        ZVAL_STRINGL(php_arv_property(made, 13), report->job_json, report->job_json_bytes);
    else
        ZVAL_NULL(php_arv_property(made, 13));
    report_time(php_arv_property(made, 14), report->requested_at_unix);
    report_time(php_arv_property(made, 15), report->collected_at_unix);
    ZVAL_LONG(php_arv_property(made, 16), (zend_long)report->links);
}

static void verifier_verify(verifier *v, arv_engine *engine, const arv_origin *origin,
                            zval *return_value)
{
    arv_error err;
    arv_error_clear(&err);
    int rc = arv_verify(engine, origin, &v->options, NULL, NULL, &v->own.task, &err);
    if (php_arv_ok(rc, &err) && php_arv_own_run(&v->own, engine)) {
        rc = arv_task_status(v->own.task, &err);
        if (rc == 0) {
            report_make(return_value, arv_task_report(v->own.task));
        } else {
            zval thrown;
            php_arv_storage_exception(&thrown, &err, origin->storage);
            zend_throw_exception_object(&thrown);
        }
    }
    verifier_end(v);
}

/* ---- items ----------------------------------------------------------------------------------- */

/* Lives as long as the task that reports items, which may go on when the method has returned with
 * an exception. */
typedef struct items {
    php_arv_held held; /* first */
    php_arv_callback callback;
    const arv_item *item;
    zend_long count, files;
    bool ended, left;
} items;

static void items_drop(php_arv_dropped *dropped)
{
    items *it = (items *)dropped;
    php_arv_callback_drop(&it->callback);
    php_arv_held_free(&it->held);
}

/* From the core: the task has ended. */
static void items_ended(void *user_data, arv_task *task)
{
    items *it = user_data;
    it->ended = true;
    if (it->left && php_arv_let(&it->held))
        php_arv_later_drop(&it->held.dropped);
}

/* The method returns. */
static void items_leave(items *it)
{
    it->left = true;
    if (it->ended && php_arv_let(&it->held))
        items_drop(&it->held.dropped);
}

static items *items_new(const arv_engine *engine)
{
    items *it = ecalloc(1, sizeof *it);
    it->held.dropped.drop = items_drop;
    php_arv_hold(&it->held, engine);
    return it;
}

static void item_optional(zval *array, const char *name, const char *value)
{
    if (value)
        add_assoc_string(array, name, value);
    else
        add_assoc_null(array, name);
}

static void item_call(void *arg)
{
    items *it = arg;
    const arv_item *item = it->item;
    zval array, persons, unused;
    array_init_size(&array, 9);
    add_assoc_string(&array, "name", item->name);
    add_assoc_stringl(&array, "original", item->original, item->original_length);
    item_optional(&array, "owner", item->owner);
    array_init_size(&persons, (uint32_t)item->person_count);
    for (size_t i = 0; i < item->person_count; i++)
        add_next_index_string(&persons, item->persons[i]);
    add_assoc_zval(&array, "persons", &persons);
    add_assoc_long(&array, "size", (zend_long)item->size_bytes);
    if (item->modified_at_unix == ARV_TIME_UNKNOWN)
        add_assoc_null(&array, "modified");
    else
        add_assoc_long(&array, "modified", (zend_long)item->modified_at_unix);
    item_optional(&array, "sha256", item->sha256 && item->sha256[0] ? item->sha256 : NULL);
    add_assoc_bool(&array, "folder", item->folder);
    if (item->target)
        add_assoc_stringl(&array, "target", item->target, item->target_length);
    else
        add_assoc_null(&array, "target");
    ZVAL_UNDEF(&unused);
    php_arv_call_plain(&it->callback, &unused, 1, &array);
    zval_ptr_dtor(&unused);
    zval_ptr_dtor(&array);
}

/* From the core. */
static int item_take(void *user_data, const arv_item *item)
{
    items *it = user_data;
    if (it->left || it->held.lost)
        return ARV_ECANCELED;
    it->item = item;
    if (php_arv_callback_given(&it->callback) && !php_arv_guard(item_call, it))
        return ARV_ECALLBACK;
    it->count++;
    it->files += !item->folder && !item->target;
    return 0;
}

/* ---- methods --------------------------------------------------------------------------------- */

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

    if (v->engine) {
        php_arv_throw_format(ARV_ESTATE, "The verifier was constructed already.");
        RETURN_THROWS();
    }
    if (entries < 0 || bytes < 0 || findings < 0 || findings > 1000000) {
        php_arv_throw_format(
            ARV_EINVALID, "A limit of the verifier is out of its range; limits are not negative, "
                          "and $findingsMax is at most 1000000.");
        RETURN_THROWS();
    }
    v->limits.entries_max = (uint64_t)entries;
    v->limits.total_bytes_max = (uint64_t)bytes;
    v->limits.findings_max = (unsigned)findings;
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
    arv_engine *engine = path ? verifier_begin(v) : NULL;
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

    arv_engine *engine = verifier_begin(v);
    v->storage = engine ? php_arv_storage_of(engine, driver) : NULL;
    if (!v->storage)
        RETURN_THROWS();
    arv_origin origin = {.storage = v->storage, .key = ZSTR_VAL(key)};
    verifier_verify(v, engine, &origin, return_value);
}

ZEND_METHOD(Archivist_Verifier, list)
{
    verifier *v = verifier_of(Z_OBJ_P(ZEND_THIS));
    zend_string *given;
    zend_fcall_info on_item;
    zend_fcall_info_cache cache;
    arv_error err;

    ZEND_PARSE_PARAMETERS_START(2, 2)
        Z_PARAM_PATH_STR(given)
        Z_PARAM_FUNC(on_item, cache)
    ZEND_PARSE_PARAMETERS_END();

    zend_string *path = php_arv_path_take(given);
    arv_engine *engine = path ? verifier_begin(v) : NULL;
    if (engine) {
        arv_origin origin = {.path = ZSTR_VAL(path)};
        items *it = items_new(engine);
        php_arv_callback_set(&it->callback, &on_item, &cache);
        arv_error_clear(&err);
        int rc =
            arv_list(engine, &origin, &v->options, item_take, items_ended, it, &v->own.task, &err);
        it->ended = rc < 0;
        if (php_arv_ok(rc, &err) && php_arv_own_wait(&v->own, engine))
            ZVAL_LONG(return_value, it->count);
        verifier_end(v);
        items_leave(it);
    }
    if (path)
        zend_string_release(path);
}

static void verifier_extract(verifier *v, const zend_string *path, const zend_string *folder,
                             arv_extract_options *options, zval *return_value)
{
    arv_engine *engine = verifier_begin(v);
    arv_origin origin = {.path = ZSTR_VAL(path)};
    arv_error err;
    if (!engine)
        return;
    options->verify = &v->options;
    options->on_item = item_take;
    items *it = items_new(engine);
    arv_error_clear(&err);
    int rc = arv_extract(engine, &origin, ZSTR_VAL(folder), options, items_ended, it, &v->own.task,
                         &err);
    it->ended = rc < 0;
    if (php_arv_ok(rc, &err) && php_arv_own_wait(&v->own, engine))
        ZVAL_LONG(return_value, it->files);
    verifier_end(v);
    items_leave(it);
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

void php_arv_register_Verifier(void)
{
    php_arv_ce_Finding = register_class_Archivist_Finding();
    php_arv_ce_Report = register_class_Archivist_Report();
    php_arv_ce_Verifier = register_class_Archivist_Verifier();
    php_arv_ce_Verifier->create_object = verifier_create;
    memcpy(&verifier_handlers, &std_object_handlers, sizeof verifier_handlers);
    verifier_handlers.offset = XtOffsetOf(verifier, std);
    verifier_handlers.free_obj = verifier_free;
    verifier_handlers.get_gc = verifier_gc;
    verifier_handlers.clone_obj = NULL;
}

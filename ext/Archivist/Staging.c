/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Archivist\Staging: a staging folder of the core, which works on the local disk by itself. The object holds
 * no PHP value and no engine, so a fork or the end of a request changes nothing.
 */

#include "classes.h"

enum { STAGING_LOG_MAX = 1000 };

typedef struct staging_object {
    arv_staging *staging; /* NULL until the constructor succeeded */
    zend_object std;
} staging_object;

static staging_object *staging_of(zend_object *object)
{
    return PHP_ARV_OBJECT(staging_object, object);
}

/* ---- object ---------------------------------------------------------------------------------------- */

static void staging_free(zend_object *object)
{
    arv_staging_unref(staging_of(object)->staging);
    zend_object_std_dtor(object);
}

php_arv_kind php_arv_kind_Staging = PHP_ARV_KIND(staging_object, .free = staging_free);

/* Checks the path at each use, like the folder of a storage: open_basedir may have become narrower. */
arv_staging *php_arv_staging_get(zend_object *object)
{
    arv_staging *staging = staging_of(object)->staging;
    if (!staging) {
        php_arv_throw_format(ARV_ESTATE, "The staging's constructor has not run.");
        return NULL;
    }
    return php_arv_path_allowed(Z_STR_P(php_arv_property(object, 0))) ? staging : NULL;
}

/* Refuses a UUID with a NUL byte, which would end the text for the core. */
static arv_staging *staging_begin(zval *this, zend_string *uuid, arv_error *err)
{
    arv_error_clear(err);
    if (uuid && strlen(ZSTR_VAL(uuid)) != ZSTR_LEN(uuid)) {
        php_arv_throw_format(ARV_EINVALID, "The UUID of a job holds a NUL byte.");
        return NULL;
    }
    return php_arv_staging_get(Z_OBJ_P(this));
}

/* ---- values made while the core waits ----------------------------------------------------------------- */

/* Making a value may bail out, which must not jump over frames or memory of the core. staging_made() lets the
 * bailout go on. */
static int staging_make(void (*run)(void *arg), void *arg, arv_error *err)
{
    return php_arv_try(run, arg) ? 0 : arv_error_nomem(err, "what a staging folder tells");
}

static bool staging_made(int rc, const arv_error *err)
{
    php_arv_bailout_goes_on();
    return !EG(exception) && php_arv_ok(rc, err);
}

/* ---- methods --------------------------------------------------------------------------------------- */

static bool staging_bytes(const char *name, zend_long bytes)
{
    if (bytes >= 0)
        return true;
    php_arv_throw_format(ARV_EINVALID, "The argument $%s is " ZEND_LONG_FMT "; it must be 0 or more bytes.",
                         name, bytes);
    return false;
}

ZEND_METHOD(Archivist_Staging, __construct)
{
    staging_object *object = staging_of(Z_OBJ_P(ZEND_THIS));
    zend_string *folder;
    zend_long limit = 0, reserve = 0;
    arv_staging_options options;
    arv_error err;

    ZEND_PARSE_PARAMETERS_START(1, 3)
    Z_PARAM_STR(folder)
    Z_PARAM_OPTIONAL
    Z_PARAM_LONG(limit)
    Z_PARAM_LONG(reserve)
    ZEND_PARSE_PARAMETERS_END();

    if (object->staging) {
        php_arv_throw_format(ARV_ESTATE, "The staging was constructed already.");
        RETURN_THROWS();
    }
    if (!staging_bytes("limitBytes", limit) || !staging_bytes("reserveBytes", reserve) ||
        !(folder = php_arv_path_take(folder)))
        RETURN_THROWS();
    arv_error_clear(&err);
    arv_staging_options_init(&options, sizeof options);
    options.limit_bytes = (uint64_t)limit;
    options.reserve_bytes = (uint64_t)reserve;
    int rc = arv_staging_open(&object->staging, ZSTR_VAL(folder), &options, &err);
    zend_string_release(folder);
    if (!php_arv_ok(rc, &err))
        RETURN_THROWS();
    ZVAL_STRING(php_arv_property(&object->std, 0), arv_staging_folder(object->staging));
}

ZEND_METHOD(Archivist_Staging, create)
{
    zend_string *uuid, *document = NULL;
    arv_error err;
    ZEND_PARSE_PARAMETERS_START(1, 2)
    Z_PARAM_STR(uuid)
    Z_PARAM_OPTIONAL
    Z_PARAM_STR_OR_NULL(document)
    ZEND_PARSE_PARAMETERS_END();
    arv_staging *staging = staging_begin(ZEND_THIS, uuid, &err);
    if (!staging ||
        !php_arv_ok(arv_staging_create(staging, ZSTR_VAL(uuid), document ? ZSTR_VAL(document) : NULL,
                                       document ? ZSTR_LEN(document) : 0, &err),
                    &err))
        RETURN_THROWS();
}

typedef struct staging_document {
    zval *into;
    char *text;
    size_t length;
} staging_document;

static void document_make(void *arg)
{
    staging_document *document = arg;
    ZVAL_STRINGL(document->into, document->text, document->length);
}

ZEND_METHOD(Archivist_Staging, document)
{
    zend_string *uuid;
    staging_document document = {return_value, NULL, 0};
    arv_error err;
    ZEND_PARSE_PARAMETERS_START(1, 1)
    Z_PARAM_STR(uuid)
    ZEND_PARSE_PARAMETERS_END();
    arv_staging *staging = staging_begin(ZEND_THIS, uuid, &err);
    if (!staging)
        RETURN_THROWS();
    int rc = arv_staging_document_take(staging, ZSTR_VAL(uuid), &document.text, &document.length, &err);
    if (rc == 0)
        rc = staging_make(document_make, &document, &err);
    arv_free(document.text);
    if (!staging_made(rc, &err))
        RETURN_THROWS();
}

ZEND_METHOD(Archivist_Staging, status)
{
    zend_string *uuid;
    arv_staged_status status;
    arv_error err;
    ZEND_PARSE_PARAMETERS_START(1, 1)
    Z_PARAM_STR(uuid)
    ZEND_PARSE_PARAMETERS_END();
    arv_staging *staging = staging_begin(ZEND_THIS, uuid, &err);
    if (!staging || !php_arv_ok(arv_staging_status(staging, ZSTR_VAL(uuid), &status, &err), &err))
        RETURN_THROWS();
    php_arv_staged_status_make(return_value, &status);
}

typedef struct staging_uuid {
    zval *into;
    const char *uuid;
} staging_uuid;

static void uuid_add(void *arg)
{
    staging_uuid *one = arg;
    add_next_index_string(one->into, one->uuid);
}

/* Called by the core. */
static int uuid_each(void *user_data, const char *uuid, arv_error *err)
{
    staging_uuid one = {user_data, uuid};
    return staging_make(uuid_add, &one, err);
}

static int uuid_compare(Bucket *a, Bucket *b)
{
    return zend_binary_strcmp(Z_STRVAL(a->val), Z_STRLEN(a->val), Z_STRVAL(b->val), Z_STRLEN(b->val));
}

ZEND_METHOD(Archivist_Staging, uuids)
{
    arv_error err;
    ZEND_PARSE_PARAMETERS_NONE();
    arv_staging *staging = staging_begin(ZEND_THIS, NULL, &err);
    if (!staging)
        RETURN_THROWS();
    array_init(return_value);
    if (!staging_made(arv_staging_each(staging, uuid_each, return_value, &err), &err))
        RETURN_THROWS();
    zend_hash_sort(Z_ARRVAL_P(return_value), uuid_compare, true);
}

typedef struct staging_log {
    zval *into;
    const char *uuid;
    zend_long skip, left;
    const arv_staged_record *record;
} staging_log;

static void log_add(void *arg)
{
    staging_log *log = arg;
    const arv_log_field details = {.name = "details", .type = ARV_FIELD_TEXT, .text = log->record->details};
    const arv_log_record record = {
        .level = log->record->level,
        .at_unix_us = log->record->at_unix_ms * 1000,
        .source = log->record->source,
        .job = log->uuid,
        .message = log->record->message,
        .fields = &details,
        .field_count = *details.text ? 1 : 0,
    };
    zval made;
    php_arv_log_record_make(&made, &record);
    add_next_index_zval(log->into, &made);
}

/* Called by the core. */
static int log_each(void *user_data, const arv_staged_record *record, arv_error *err)
{
    staging_log *log = user_data;
    if (log->skip > 0) {
        log->skip--;
        return 0;
    }
    if (log->left == 0)
        return arv_error_set(err, ARV_ECANCELED, "There is more.");
    log->left--;
    log->record = record;
    return staging_make(log_add, log, err);
}

static bool log_bounds(zend_long offset, zend_long limit)
{
    if (offset >= 0 && limit >= 1 && limit <= STAGING_LOG_MAX)
        return true;
    php_arv_throw_format(ARV_EINVALID,
                         "A log is asked for " ZEND_LONG_FMT " records behind the first " ZEND_LONG_FMT
                         "; 1 to %d behind 0 or more are allowed.",
                         limit, offset, STAGING_LOG_MAX);
    return false;
}

ZEND_METHOD(Archivist_Staging, log)
{
    zend_string *uuid;
    zend_long offset = 0, limit = 100;
    arv_error err;
    ZEND_PARSE_PARAMETERS_START(1, 3)
    Z_PARAM_STR(uuid)
    Z_PARAM_OPTIONAL
    Z_PARAM_LONG(offset)
    Z_PARAM_LONG(limit)
    ZEND_PARSE_PARAMETERS_END();
    arv_staging *staging = staging_begin(ZEND_THIS, uuid, &err);
    if (!staging || !log_bounds(offset, limit))
        RETURN_THROWS();
    array_init(return_value);
    staging_log log = {return_value, ZSTR_VAL(uuid), offset, limit, NULL};
    int rc = arv_staging_log(staging, ZSTR_VAL(uuid), log_each, &log, &err);
    if (rc == ARV_ECANCELED && log.left == 0)
        rc = 0;
    if (!staging_made(rc, &err))
        RETURN_THROWS();
}

static void staging_change(INTERNAL_FUNCTION_PARAMETERS,
                           int (*change)(arv_staging *staging, const char *uuid, arv_error *err))
{
    zend_string *uuid;
    arv_error err;
    ZEND_PARSE_PARAMETERS_START(1, 1)
    Z_PARAM_STR(uuid)
    ZEND_PARSE_PARAMETERS_END();
    arv_staging *staging = staging_begin(ZEND_THIS, uuid, &err);
    if (!staging || !php_arv_ok(change(staging, ZSTR_VAL(uuid), &err), &err))
        RETURN_THROWS();
}

ZEND_METHOD(Archivist_Staging, cancel)
{
    staging_change(INTERNAL_FUNCTION_PARAM_PASSTHRU, arv_staging_cancel);
}

ZEND_METHOD(Archivist_Staging, requeue)
{
    staging_change(INTERNAL_FUNCTION_PARAM_PASSTHRU, arv_staging_requeue);
}

ZEND_METHOD(Archivist_Staging, delete)
{
    zend_string *uuid;
    bool force = false;
    arv_error err;
    ZEND_PARSE_PARAMETERS_START(1, 2)
    Z_PARAM_STR(uuid)
    Z_PARAM_OPTIONAL
    Z_PARAM_BOOL(force)
    ZEND_PARSE_PARAMETERS_END();
    arv_staging *staging = staging_begin(ZEND_THIS, uuid, &err);
    if (!staging || !php_arv_ok(arv_staging_delete(staging, ZSTR_VAL(uuid), force, &err), &err))
        RETURN_THROWS();
}

ZEND_METHOD(Archivist_Staging, sweep)
{
    arv_staging_swept swept;
    arv_error err;
    ZEND_PARSE_PARAMETERS_NONE();
    arv_staging *staging = staging_begin(ZEND_THIS, NULL, &err);
    if (!staging || !php_arv_ok(arv_staging_sweep(staging, &swept, &err), &err))
        RETURN_THROWS();
    zend_object *made = php_arv_value_make(return_value, php_arv_ce_StagingSwept);
    php_arv_set_number(made, 0, swept.jobs);
    php_arv_set_number(made, 1, swept.files);
    php_arv_set_number(made, 2, swept.bytes);
    php_arv_set_number(made, 3, swept.damaged);
}

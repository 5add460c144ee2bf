/* SPDX-License-Identifier: Apache-2.0 */

/* What a job tells, as values: Archivist\State, Progress, JobResult and Failure. */

#include "php_archivist.h"
#include "Archivist/internal.h"
#include "Failure_arginfo.h"
#include "JobResult_arginfo.h"
#include "Progress_arginfo.h"
#include "State_arginfo.h"

zend_class_entry *php_arv_ce_JobResult, *php_arv_ce_Failure, *php_arv_ce_State, *php_arv_ce_Progress;

enum { PROGRESS_ENTRY_BYTES = 4096 }; /* what opening a file costs, in bytes of reading */

/* ---- State ------------------------------------------------------------------------------------------ */

void php_arv_state_make(zval *into, arv_job_state state)
{
    static const struct {
        arv_job_state state;
        const char *name;
    } cases[] = {
        {ARV_JOB_UNINITIALIZED, "Uninitialized"},
        {ARV_JOB_QUEUED, "Queued"},
        {ARV_JOB_PRE_PROCESSING, "PreProcessing"},
        {ARV_JOB_ACTIVITY_ARCHIVING, "ActivityArchiving"},
        {ARV_JOB_POST_PROCESSING, "PostProcessing"},
        {ARV_JOB_STORE, "Store"},
        {ARV_JOB_SIGN, "Sign"},
        {ARV_JOB_CLEANUP, "Cleanup"},
        {ARV_JOB_COMPLETED, "Completed"},
        {ARV_JOB_PARTIAL, "Partial"},
        {ARV_JOB_DELETED, "Deleted"},
        {ARV_JOB_ERROR, "Error"},
        {ARV_JOB_RECOVERABLE_ERROR, "RecoverableError"},
        {ARV_JOB_ERROR_HANDLING, "ErrorHandling"},
        {ARV_JOB_FAILURE, "Failure"},
        {ARV_JOB_ABORTED, "Aborted"},
    };
    size_t i = 0;
    while (i < sizeof cases / sizeof cases[0] - 1 && cases[i].state != state)
        i++;
    ZVAL_OBJ_COPY(into, php_arv_enum_case(php_arv_ce_State, cases[i].name));
}

static arv_job_state state_of(zend_object *object)
{
    return (arv_job_state)Z_LVAL_P(zend_enum_fetch_case_value(object));
}

ZEND_METHOD(Archivist_State, isFinal)
{
    ZEND_PARSE_PARAMETERS_NONE();
    RETURN_BOOL(arv_job_state_final(state_of(Z_OBJ_P(ZEND_THIS))));
}

ZEND_METHOD(Archivist_State, mayBecome)
{
    zval *next;
    ZEND_PARSE_PARAMETERS_START(1, 1)
        Z_PARAM_OBJECT_OF_CLASS(next, php_arv_ce_State)
    ZEND_PARSE_PARAMETERS_END();
    RETURN_BOOL(arv_job_state_may(state_of(Z_OBJ_P(ZEND_THIS)), state_of(Z_OBJ_P(next))));
}

ZEND_METHOD(Archivist_State, label)
{
    ZEND_PARSE_PARAMETERS_NONE();
    RETURN_STRING(arv_job_state_text(state_of(Z_OBJ_P(ZEND_THIS))));
}

/* ---- Progress --------------------------------------------------------------------------------------- */

enum {
    PROGRESS_STATE,
    PROGRESS_BYTES_DONE,
    PROGRESS_BYTES_TOTAL,
    PROGRESS_ENTRIES_DONE,
    PROGRESS_ENTRIES_TOTAL,
    PROGRESS_BYTES_WRITTEN,
    PROGRESS_STAGED,
    PROGRESS_BYTES_STORED,
    PROGRESS_BYTES_TO_STORE,
    PROGRESS_ELAPSED_MS
};

void php_arv_progress_make(zval *into, const arv_job_progress *progress, bool staged)
{
    object_init_ex(into, php_arv_ce_Progress);
    zend_object *object = Z_OBJ_P(into);
    php_arv_state_make(php_arv_property(object, PROGRESS_STATE), progress->state);
    ZVAL_LONG(php_arv_property(object, PROGRESS_BYTES_DONE), (zend_long)progress->bytes_done);
    ZVAL_LONG(php_arv_property(object, PROGRESS_BYTES_TOTAL), (zend_long)progress->bytes_total);
    ZVAL_LONG(php_arv_property(object, PROGRESS_ENTRIES_DONE), (zend_long)progress->entries_done);
    ZVAL_LONG(php_arv_property(object, PROGRESS_ENTRIES_TOTAL), (zend_long)progress->entries_total);
    ZVAL_LONG(php_arv_property(object, PROGRESS_BYTES_WRITTEN), (zend_long)progress->bytes_written);
    ZVAL_BOOL(php_arv_property(object, PROGRESS_STAGED), staged);
    ZVAL_LONG(php_arv_property(object, PROGRESS_BYTES_STORED), (zend_long)progress->bytes_stored);
    ZVAL_LONG(php_arv_property(object, PROGRESS_BYTES_TO_STORE),
              (zend_long)progress->bytes_to_store);
    ZVAL_LONG(php_arv_property(object, PROGRESS_ELAPSED_MS), (zend_long)progress->elapsed_ms);
}

static double progress_number(zend_object *object, int property)
{
    zval *value = php_arv_property(object, property);
    return Z_TYPE_P(value) == IS_LONG ? (double)Z_LVAL_P(value) : 0;
}

static double progress_part(double done, double all)
{
    return all <= 0 ? 0 : done >= all ? 1 : done / all;
}

ZEND_METHOD(Archivist_Progress, __construct)
{
    ZEND_PARSE_PARAMETERS_NONE();
}

ZEND_METHOD(Archivist_Progress, fraction)
{
    ZEND_PARSE_PARAMETERS_NONE();
    zend_object *object = Z_OBJ_P(ZEND_THIS);
    zval *state = php_arv_property(object, PROGRESS_STATE);
    arv_job_state now = Z_TYPE_P(state) == IS_OBJECT ? state_of(Z_OBJ_P(state)) : ARV_JOB_UNINITIALIZED;
    if (now == ARV_JOB_COMPLETED || now == ARV_JOB_PARTIAL)
        RETURN_DOUBLE(1);
    double all = progress_number(object, PROGRESS_BYTES_TOTAL) +
                 PROGRESS_ENTRY_BYTES * progress_number(object, PROGRESS_ENTRIES_TOTAL);
    double done = progress_number(object, PROGRESS_BYTES_DONE) +
                  PROGRESS_ENTRY_BYTES * progress_number(object, PROGRESS_ENTRIES_DONE);
    /* Callbacks of unknown size may deliver more than the sum that is known. */
    double packed = progress_part(done, all);
    double to_store = progress_number(object, PROGRESS_BYTES_TO_STORE);
    if (Z_TYPE_P(php_arv_property(object, PROGRESS_STAGED)) != IS_TRUE)
        RETURN_DOUBLE(packed);
    if (to_store <= 0)
        RETURN_DOUBLE(packed / 2);
    RETURN_DOUBLE(
        0.5 + progress_part(progress_number(object, PROGRESS_BYTES_STORED), to_store) / 2);
}

/* ---- JobResult -------------------------------------------------------------------------------------- */

enum {
    RESULT_UUID,
    RESULT_ENTRIES,
    RESULT_PAYLOAD_BYTES,
    RESULT_CONTAINER_BYTES,
    RESULT_SHA256,
    RESULT_SHA512,
    RESULT_PATH,
    RESULT_COLLECTED_AT,
    RESULT_READ_AT,
    RESULT_PACKED_AT,
    RESULT_STORED,
    RESULT_FAILURE_COUNT,
    RESULT_FAILURES
};

enum { FAILURE_NAME, FAILURE_CODE, FAILURE_MESSAGE };

static void failure_make(zval *into, const arv_failure *failure)
{
    object_init_ex(into, php_arv_ce_Failure);
    zend_object *object = Z_OBJ_P(into);
    ZVAL_STRINGL(php_arv_property(object, FAILURE_NAME), failure->name, failure->name_length);
    ZVAL_LONG(php_arv_property(object, FAILURE_CODE), failure->error.code);
    ZVAL_STRING(php_arv_property(object, FAILURE_MESSAGE), failure->error.message);
}

static void failures_make(zend_object *object, const arv_job_result *result)
{
    zval *failures = php_arv_property(object, RESULT_FAILURES);
    ZVAL_LONG(php_arv_property(object, RESULT_FAILURE_COUNT), (zend_long)result->failure_count);
    array_init_size(failures, (uint32_t)result->failures_kept);
    for (size_t i = 0; i < result->failures_kept; i++) {
        zval one;
        failure_make(&one, &result->failures[i]);
        add_next_index_zval(failures, &one);
    }
}

void php_arv_job_result_make(zval *into, const arv_job_result *result, zend_string *path,
                             const bool *native)
{
    char hex[129];
    object_init_ex(into, php_arv_ce_JobResult);
    zend_object *object = Z_OBJ_P(into);
    zval *stored = php_arv_property(object, RESULT_STORED);
    ZVAL_STRING(php_arv_property(object, RESULT_UUID), result->uuid);
    ZVAL_LONG(php_arv_property(object, RESULT_ENTRIES), (zend_long)result->entries);
    ZVAL_LONG(php_arv_property(object, RESULT_PAYLOAD_BYTES), (zend_long)result->payload_bytes);
    ZVAL_LONG(php_arv_property(object, RESULT_CONTAINER_BYTES), (zend_long)result->container_bytes);
    ZVAL_STRING(php_arv_property(object, RESULT_SHA256),
                arv_digests_hex(&result->container, ARV_DIGEST_SHA256, hex));
    if (result->container.present & ARV_DIGEST_SHA512)
        ZVAL_STRING(php_arv_property(object, RESULT_SHA512),
                    arv_digests_hex(&result->container, ARV_DIGEST_SHA512, hex));
    else
        ZVAL_NULL(php_arv_property(object, RESULT_SHA512));
    if (path)
        ZVAL_STR_COPY(php_arv_property(object, RESULT_PATH), path);
    else
        ZVAL_NULL(php_arv_property(object, RESULT_PATH));
    ZVAL_LONG(php_arv_property(object, RESULT_COLLECTED_AT), (zend_long)result->collected_at_unix);
    ZVAL_LONG(php_arv_property(object, RESULT_READ_AT), (zend_long)result->read_at_unix);
    ZVAL_LONG(php_arv_property(object, RESULT_PACKED_AT), (zend_long)result->packed_at_unix);
    array_init_size(stored, (uint32_t)result->location_count);
    for (size_t i = 0; i < result->location_count; i++) {
        const arv_location *location = &result->locations[i];
        zval one;
        php_arv_stored_object_make(&one, &location->object, native[i] ? location->address : NULL);
        add_next_index_zval(stored, &one);
    }
    failures_make(object, result);
}

ZEND_METHOD(Archivist_Failure, __construct)
{
    ZEND_PARSE_PARAMETERS_NONE();
}

ZEND_METHOD(Archivist_JobResult, __construct)
{
    ZEND_PARSE_PARAMETERS_NONE();
}

void php_arv_register_JobResult(void)
{
    php_arv_ce_State = register_class_Archivist_State();
    php_arv_ce_Progress = register_class_Archivist_Progress();
    php_arv_ce_Failure = register_class_Archivist_Failure();
    php_arv_ce_JobResult = register_class_Archivist_JobResult();
}

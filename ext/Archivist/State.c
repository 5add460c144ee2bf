/* SPDX-License-Identifier: Apache-2.0 */
#include "classes.h"

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

/* SPDX-License-Identifier: Apache-2.0 */
#include "classes.h"

enum { PROGRESS_ENTRY_BYTES = 4096 }; /* opening a file costs as much as reading so many bytes */

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
    zend_object *object = php_arv_value_make(into, php_arv_ce_Progress);
    php_arv_state_make(php_arv_property(object, PROGRESS_STATE), progress->state);
    php_arv_set_number(object, PROGRESS_BYTES_DONE, progress->bytes_done);
    php_arv_set_number(object, PROGRESS_BYTES_TOTAL, progress->bytes_total);
    php_arv_set_number(object, PROGRESS_ENTRIES_DONE, progress->entries_done);
    php_arv_set_number(object, PROGRESS_ENTRIES_TOTAL, progress->entries_total);
    php_arv_set_number(object, PROGRESS_BYTES_WRITTEN, progress->bytes_written);
    ZVAL_BOOL(php_arv_property(object, PROGRESS_STAGED), staged);
    php_arv_set_number(object, PROGRESS_BYTES_STORED, progress->bytes_stored);
    php_arv_set_number(object, PROGRESS_BYTES_TO_STORE, progress->bytes_to_store);
    php_arv_set_number(object, PROGRESS_ELAPSED_MS, progress->elapsed_ms);
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

ZEND_METHOD(Archivist_Progress, fraction)
{
    ZEND_PARSE_PARAMETERS_NONE();
    zend_object *object = Z_OBJ_P(ZEND_THIS);
    zval *state = php_arv_property(object, PROGRESS_STATE);
    arv_job_state now = Z_TYPE_P(state) == IS_OBJECT
                            ? (arv_job_state)Z_LVAL_P(zend_enum_fetch_case_value(Z_OBJ_P(state)))
                            : ARV_JOB_UNINITIALIZED;
    if (now == ARV_JOB_COMPLETED || now == ARV_JOB_PARTIAL)
        RETURN_DOUBLE(1);
    double all = progress_number(object, PROGRESS_BYTES_TOTAL) +
                 PROGRESS_ENTRY_BYTES * progress_number(object, PROGRESS_ENTRIES_TOTAL);
    double done = progress_number(object, PROGRESS_BYTES_DONE) +
                  PROGRESS_ENTRY_BYTES * progress_number(object, PROGRESS_ENTRIES_DONE);
    /* Callbacks of unknown size may deliver more bytes than the known sum. */
    double packed = progress_part(done, all);
    double to_store = progress_number(object, PROGRESS_BYTES_TO_STORE);
    if (Z_TYPE_P(php_arv_property(object, PROGRESS_STAGED)) != IS_TRUE)
        RETURN_DOUBLE(packed);
    if (to_store <= 0)
        RETURN_DOUBLE(packed / 2);
    RETURN_DOUBLE(0.5 + progress_part(progress_number(object, PROGRESS_BYTES_STORED), to_store) / 2);
}

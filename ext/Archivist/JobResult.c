/* SPDX-License-Identifier: Apache-2.0 */
#include "classes.h"

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

static void failures_make(zend_object *object, const arv_job_result *result)
{
    zval *failures = php_arv_property(object, RESULT_FAILURES);
    php_arv_set_number(object, RESULT_FAILURE_COUNT, result->failure_count);
    array_init_size(failures, (uint32_t)result->failures_kept);
    for (size_t i = 0; i < result->failures_kept; i++) {
        zval one;
        php_arv_failure_make(&one, &result->failures[i]);
        add_next_index_zval(failures, &one);
    }
}

void php_arv_job_result_make(zval *into, const arv_job_result *result, zend_string *path, const bool *native)
{
    zend_object *object = php_arv_value_make(into, php_arv_ce_JobResult);
    zval *stored = php_arv_property(object, RESULT_STORED);
    php_arv_set_text(object, RESULT_UUID, result->uuid);
    php_arv_set_number(object, RESULT_ENTRIES, result->entries);
    php_arv_set_number(object, RESULT_PAYLOAD_BYTES, result->payload_bytes);
    php_arv_set_number(object, RESULT_CONTAINER_BYTES, result->container_bytes);
    php_arv_set_digest(object, RESULT_SHA256, &result->container, ARV_DIGEST_SHA256);
    php_arv_set_digest(object, RESULT_SHA512, &result->container, ARV_DIGEST_SHA512);
    php_arv_set_string(object, RESULT_PATH, path);
    php_arv_set_number(object, RESULT_COLLECTED_AT, result->collected_at_unix);
    php_arv_set_number(object, RESULT_READ_AT, result->read_at_unix);
    php_arv_set_number(object, RESULT_PACKED_AT, result->packed_at_unix);
    array_init_size(stored, (uint32_t)result->location_count);
    for (size_t i = 0; i < result->location_count; i++) {
        const arv_location *location = &result->locations[i];
        zval one;
        php_arv_stored_object_make(&one, &location->object, native[i] ? location->address : NULL);
        add_next_index_zval(stored, &one);
    }
    failures_make(object, result);
}

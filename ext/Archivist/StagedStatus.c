/* SPDX-License-Identifier: Apache-2.0 */

/* Archivist\StagedStatus and the StagedTarget values in it. */

#include "classes.h"

enum { /* in the order of the stub */
       STATUS_UUID,
       STATUS_STATE,
       STATUS_RUNNING,
       STATUS_CANCEL_ASKED,
       STATUS_ATTEMPTS,
       STATUS_REQUESTED_AT,
       STATUS_BEGUN_AT,
       STATUS_ENDED_AT,
       STATUS_RETRY_AT,
       STATUS_COLLECTED_AT,
       STATUS_READ_AT,
       STATUS_PACKED_AT,
       STATUS_STORED_AT,
       STATUS_PACKAGED,
       STATUS_ENTRIES,
       STATUS_PAYLOAD_BYTES,
       STATUS_CONTAINER_BYTES,
       STATUS_FAILURES,
       STATUS_SHA256,
       STATUS_SHA512,
       STATUS_CAUSE,
       STATUS_CAUSE_CODE,
       STATUS_RETRYABLE,
       STATUS_TARGETS
};

static void status_cause(zend_object *object, const arv_error *error)
{
    php_arv_set_text(object, STATUS_CAUSE, error->code < 0 ? error->message : NULL);
    if (error->code < 0)
        ZVAL_LONG(php_arv_property(object, STATUS_CAUSE_CODE), error->code);
    else
        ZVAL_NULL(php_arv_property(object, STATUS_CAUSE_CODE));
    ZVAL_BOOL(php_arv_property(object, STATUS_RETRYABLE),
              error->code < 0 && (error->flags & ARV_ERROR_RETRYABLE) != 0);
}

static void status_targets(zval *into, const arv_staged_status *status)
{
    array_init_size(into, (uint32_t)status->target_count);
    for (size_t i = 0; i < status->target_count; i++) {
        zval target;
        zend_object *made = php_arv_value_make(&target, php_arv_ce_StagedTarget);
        php_arv_set_text(made, 0, status->targets[i].address);
        ZVAL_BOOL(php_arv_property(made, 1), status->targets[i].stored);
        php_arv_set_time(made, 2, status->targets[i].stored_at_unix, 0);
        add_next_index_zval(into, &target);
    }
}

void php_arv_staged_status_make(zval *into, const arv_staged_status *status)
{
    zend_object *object = php_arv_value_make(into, php_arv_ce_StagedStatus);
    php_arv_set_text(object, STATUS_UUID, status->uuid);
    php_arv_state_make(php_arv_property(object, STATUS_STATE), status->state);
    ZVAL_BOOL(php_arv_property(object, STATUS_RUNNING), status->running);
    ZVAL_BOOL(php_arv_property(object, STATUS_CANCEL_ASKED), status->cancel_asked);
    php_arv_set_number(object, STATUS_ATTEMPTS, status->attempts);
    php_arv_set_number(object, STATUS_REQUESTED_AT, status->requested_at_unix);
    php_arv_set_time(object, STATUS_BEGUN_AT, status->begun_at_unix, 0);
    php_arv_set_time(object, STATUS_ENDED_AT, status->ended_at_unix, 0);
    php_arv_set_time(object, STATUS_RETRY_AT, status->retry_at_unix, 0);
    php_arv_set_time(object, STATUS_COLLECTED_AT, status->collected_at_unix, 0);
    php_arv_set_time(object, STATUS_READ_AT, status->read_at_unix, 0);
    php_arv_set_time(object, STATUS_PACKED_AT, status->packed_at_unix, 0);
    php_arv_set_time(object, STATUS_STORED_AT, status->stored_at_unix, 0);
    ZVAL_BOOL(php_arv_property(object, STATUS_PACKAGED), status->packaged);
    php_arv_set_number(object, STATUS_ENTRIES, status->entries);
    php_arv_set_number(object, STATUS_PAYLOAD_BYTES, status->payload_bytes);
    php_arv_set_number(object, STATUS_CONTAINER_BYTES, status->container_bytes);
    php_arv_set_number(object, STATUS_FAILURES, status->failures);
    php_arv_set_digest(object, STATUS_SHA256, &status->container, ARV_DIGEST_SHA256);
    php_arv_set_digest(object, STATUS_SHA512, &status->container, ARV_DIGEST_SHA512);
    status_cause(object, &status->error);
    status_targets(php_arv_property(object, STATUS_TARGETS), status);
}

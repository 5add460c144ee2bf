/* SPDX-License-Identifier: Apache-2.0 */

/* What a staging folder tells, as values: Archivist\StagedStatus, StagedTarget and StagingSwept. */

#include "php_archivist.h"
#include "Archivist/internal.h"
#include "StagedStatus_arginfo.h"
#include "StagedTarget_arginfo.h"
#include "StagingSwept_arginfo.h"

static zend_class_entry *status_ce, *target_ce, *swept_ce;

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

static void status_number(zend_object *object, int property, uint64_t number)
{
    ZVAL_LONG(php_arv_property(object, property), (zend_long)number);
}

static void status_time(zend_object *object, int property, int64_t at_unix)
{
    if (at_unix)
        ZVAL_LONG(php_arv_property(object, property), (zend_long)at_unix);
    else
        ZVAL_NULL(php_arv_property(object, property));
}

static void status_digest(zend_object *object, int property, const arv_digests *digests,
                          unsigned which)
{
    char hex[129];
    if (digests->present & which)
        ZVAL_STRING(php_arv_property(object, property), arv_digests_hex(digests, which, hex));
    else
        ZVAL_NULL(php_arv_property(object, property));
}

static void status_cause(zend_object *object, const arv_error *error)
{
    if (error->code < 0) {
        ZVAL_STRING(php_arv_property(object, STATUS_CAUSE), error->message);
        ZVAL_LONG(php_arv_property(object, STATUS_CAUSE_CODE), error->code);
    } else {
        ZVAL_NULL(php_arv_property(object, STATUS_CAUSE));
        ZVAL_NULL(php_arv_property(object, STATUS_CAUSE_CODE));
    }
    ZVAL_BOOL(php_arv_property(object, STATUS_RETRYABLE),
              error->code < 0 && (error->flags & ARV_ERROR_RETRYABLE) != 0);
}

static void status_targets(zval *into, const arv_staged_status *status)
{
    array_init_size(into, (uint32_t)status->target_count);
    for (size_t i = 0; i < status->target_count; i++) {
        zval target;
        object_init_ex(&target, target_ce);
        ZVAL_STRING(php_arv_property(Z_OBJ(target), 0), status->targets[i].address);
        ZVAL_BOOL(php_arv_property(Z_OBJ(target), 1), status->targets[i].stored);
        status_time(Z_OBJ(target), 2, status->targets[i].stored_at_unix);
        add_next_index_zval(into, &target);
    }
}

void php_arv_staged_status_make(zval *into, const arv_staged_status *status)
{
    object_init_ex(into, status_ce);
    zend_object *object = Z_OBJ_P(into);
    ZVAL_STRING(php_arv_property(object, STATUS_UUID), status->uuid);
    php_arv_state_make(php_arv_property(object, STATUS_STATE), status->state);
    ZVAL_BOOL(php_arv_property(object, STATUS_RUNNING), status->running);
    ZVAL_BOOL(php_arv_property(object, STATUS_CANCEL_ASKED), status->cancel_asked);
    status_number(object, STATUS_ATTEMPTS, status->attempts);
    status_number(object, STATUS_REQUESTED_AT, (uint64_t)status->requested_at_unix);
    status_time(object, STATUS_BEGUN_AT, status->begun_at_unix);
    status_time(object, STATUS_ENDED_AT, status->ended_at_unix);
    status_time(object, STATUS_RETRY_AT, status->retry_at_unix);
    status_time(object, STATUS_COLLECTED_AT, status->collected_at_unix);
    status_time(object, STATUS_READ_AT, status->read_at_unix);
    status_time(object, STATUS_PACKED_AT, status->packed_at_unix);
    status_time(object, STATUS_STORED_AT, status->stored_at_unix);
    ZVAL_BOOL(php_arv_property(object, STATUS_PACKAGED), status->packaged);
    status_number(object, STATUS_ENTRIES, status->entries);
    status_number(object, STATUS_PAYLOAD_BYTES, status->payload_bytes);
    status_number(object, STATUS_CONTAINER_BYTES, status->container_bytes);
    status_number(object, STATUS_FAILURES, status->failures);
    status_digest(object, STATUS_SHA256, &status->container, ARV_DIGEST_SHA256);
    status_digest(object, STATUS_SHA512, &status->container, ARV_DIGEST_SHA512);
    status_cause(object, &status->error);
    status_targets(php_arv_property(object, STATUS_TARGETS), status);
}

void php_arv_swept_make(zval *into, const arv_staging_swept *swept)
{
    object_init_ex(into, swept_ce);
    zend_object *object = Z_OBJ_P(into);
    status_number(object, 0, swept->jobs);
    status_number(object, 1, swept->files);
    status_number(object, 2, swept->bytes);
    status_number(object, 3, swept->damaged);
}

ZEND_METHOD(Archivist_StagedStatus, __construct)
{
    ZEND_PARSE_PARAMETERS_NONE();
}

ZEND_METHOD(Archivist_StagedTarget, __construct)
{
    ZEND_PARSE_PARAMETERS_NONE();
}

ZEND_METHOD(Archivist_StagingSwept, __construct)
{
    ZEND_PARSE_PARAMETERS_NONE();
}

void php_arv_register_StagedStatus(void)
{
    status_ce = register_class_Archivist_StagedStatus();
    target_ce = register_class_Archivist_StagedTarget();
    swept_ce = register_class_Archivist_StagingSwept();
}

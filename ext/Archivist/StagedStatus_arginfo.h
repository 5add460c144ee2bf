/* This is a generated file, edit the .stub.php file instead.
 * Stub hash: ef6a3b11377d02014d8a3749ea07efc644db9df9 */

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Archivist_StagedStatus___construct, 0, 0, 0)
ZEND_END_ARG_INFO()


ZEND_METHOD(Archivist_StagedStatus, __construct);


static const zend_function_entry class_Archivist_StagedStatus_methods[] = {
	ZEND_ME(Archivist_StagedStatus, __construct, arginfo_class_Archivist_StagedStatus___construct, ZEND_ACC_PRIVATE)
	ZEND_FE_END
};

static zend_class_entry *register_class_Archivist_StagedStatus(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Archivist", "StagedStatus", class_Archivist_StagedStatus_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES;

	zval property_uuid_default_value;
	ZVAL_UNDEF(&property_uuid_default_value);
	zend_string *property_uuid_name = zend_string_init("uuid", sizeof("uuid") - 1, 1);
	zend_declare_typed_property(class_entry, property_uuid_name, &property_uuid_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING));
	zend_string_release(property_uuid_name);

	zend_string *property_state_class_Archivist_State = zend_string_init("Archivist\\State", sizeof("Archivist\\State")-1, 1);
	zval property_state_default_value;
	ZVAL_UNDEF(&property_state_default_value);
	zend_string *property_state_name = zend_string_init("state", sizeof("state") - 1, 1);
	zend_declare_typed_property(class_entry, property_state_name, &property_state_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_CLASS(property_state_class_Archivist_State, 0, 0));
	zend_string_release(property_state_name);

	zval property_running_default_value;
	ZVAL_UNDEF(&property_running_default_value);
	zend_string *property_running_name = zend_string_init("running", sizeof("running") - 1, 1);
	zend_declare_typed_property(class_entry, property_running_name, &property_running_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_BOOL));
	zend_string_release(property_running_name);

	zval property_cancelAsked_default_value;
	ZVAL_UNDEF(&property_cancelAsked_default_value);
	zend_string *property_cancelAsked_name = zend_string_init("cancelAsked", sizeof("cancelAsked") - 1, 1);
	zend_declare_typed_property(class_entry, property_cancelAsked_name, &property_cancelAsked_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_BOOL));
	zend_string_release(property_cancelAsked_name);

	zval property_attempts_default_value;
	ZVAL_UNDEF(&property_attempts_default_value);
	zend_string *property_attempts_name = zend_string_init("attempts", sizeof("attempts") - 1, 1);
	zend_declare_typed_property(class_entry, property_attempts_name, &property_attempts_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_attempts_name);

	zval property_requestedAt_default_value;
	ZVAL_UNDEF(&property_requestedAt_default_value);
	zend_string *property_requestedAt_name = zend_string_init("requestedAt", sizeof("requestedAt") - 1, 1);
	zend_declare_typed_property(class_entry, property_requestedAt_name, &property_requestedAt_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_requestedAt_name);

	zval property_begunAt_default_value;
	ZVAL_UNDEF(&property_begunAt_default_value);
	zend_string *property_begunAt_name = zend_string_init("begunAt", sizeof("begunAt") - 1, 1);
	zend_declare_typed_property(class_entry, property_begunAt_name, &property_begunAt_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG|MAY_BE_NULL));
	zend_string_release(property_begunAt_name);

	zval property_endedAt_default_value;
	ZVAL_UNDEF(&property_endedAt_default_value);
	zend_string *property_endedAt_name = zend_string_init("endedAt", sizeof("endedAt") - 1, 1);
	zend_declare_typed_property(class_entry, property_endedAt_name, &property_endedAt_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG|MAY_BE_NULL));
	zend_string_release(property_endedAt_name);

	zval property_retryAt_default_value;
	ZVAL_UNDEF(&property_retryAt_default_value);
	zend_string *property_retryAt_name = zend_string_init("retryAt", sizeof("retryAt") - 1, 1);
	zend_declare_typed_property(class_entry, property_retryAt_name, &property_retryAt_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG|MAY_BE_NULL));
	zend_string_release(property_retryAt_name);

	zval property_collectedAt_default_value;
	ZVAL_UNDEF(&property_collectedAt_default_value);
	zend_string *property_collectedAt_name = zend_string_init("collectedAt", sizeof("collectedAt") - 1, 1);
	zend_declare_typed_property(class_entry, property_collectedAt_name, &property_collectedAt_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG|MAY_BE_NULL));
	zend_string_release(property_collectedAt_name);

	zval property_readAt_default_value;
	ZVAL_UNDEF(&property_readAt_default_value);
	zend_string *property_readAt_name = zend_string_init("readAt", sizeof("readAt") - 1, 1);
	zend_declare_typed_property(class_entry, property_readAt_name, &property_readAt_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG|MAY_BE_NULL));
	zend_string_release(property_readAt_name);

	zval property_packedAt_default_value;
	ZVAL_UNDEF(&property_packedAt_default_value);
	zend_string *property_packedAt_name = zend_string_init("packedAt", sizeof("packedAt") - 1, 1);
	zend_declare_typed_property(class_entry, property_packedAt_name, &property_packedAt_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG|MAY_BE_NULL));
	zend_string_release(property_packedAt_name);

	zval property_storedAt_default_value;
	ZVAL_UNDEF(&property_storedAt_default_value);
	zend_string *property_storedAt_name = zend_string_init("storedAt", sizeof("storedAt") - 1, 1);
	zend_declare_typed_property(class_entry, property_storedAt_name, &property_storedAt_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG|MAY_BE_NULL));
	zend_string_release(property_storedAt_name);

	zval property_packaged_default_value;
	ZVAL_UNDEF(&property_packaged_default_value);
	zend_string *property_packaged_name = zend_string_init("packaged", sizeof("packaged") - 1, 1);
	zend_declare_typed_property(class_entry, property_packaged_name, &property_packaged_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_BOOL));
	zend_string_release(property_packaged_name);

	zval property_entries_default_value;
	ZVAL_UNDEF(&property_entries_default_value);
	zend_string *property_entries_name = zend_string_init("entries", sizeof("entries") - 1, 1);
	zend_declare_typed_property(class_entry, property_entries_name, &property_entries_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_entries_name);

	zval property_payloadBytes_default_value;
	ZVAL_UNDEF(&property_payloadBytes_default_value);
	zend_string *property_payloadBytes_name = zend_string_init("payloadBytes", sizeof("payloadBytes") - 1, 1);
	zend_declare_typed_property(class_entry, property_payloadBytes_name, &property_payloadBytes_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_payloadBytes_name);

	zval property_containerBytes_default_value;
	ZVAL_UNDEF(&property_containerBytes_default_value);
	zend_string *property_containerBytes_name = zend_string_init("containerBytes", sizeof("containerBytes") - 1, 1);
	zend_declare_typed_property(class_entry, property_containerBytes_name, &property_containerBytes_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_containerBytes_name);

	zval property_failures_default_value;
	ZVAL_UNDEF(&property_failures_default_value);
	zend_string *property_failures_name = zend_string_init("failures", sizeof("failures") - 1, 1);
	zend_declare_typed_property(class_entry, property_failures_name, &property_failures_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_failures_name);

	zval property_sha256_default_value;
	ZVAL_UNDEF(&property_sha256_default_value);
	zend_string *property_sha256_name = zend_string_init("sha256", sizeof("sha256") - 1, 1);
	zend_declare_typed_property(class_entry, property_sha256_name, &property_sha256_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING|MAY_BE_NULL));
	zend_string_release(property_sha256_name);

	zval property_sha512_default_value;
	ZVAL_UNDEF(&property_sha512_default_value);
	zend_string *property_sha512_name = zend_string_init("sha512", sizeof("sha512") - 1, 1);
	zend_declare_typed_property(class_entry, property_sha512_name, &property_sha512_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING|MAY_BE_NULL));
	zend_string_release(property_sha512_name);

	zval property_cause_default_value;
	ZVAL_UNDEF(&property_cause_default_value);
	zend_string *property_cause_name = zend_string_init("cause", sizeof("cause") - 1, 1);
	zend_declare_typed_property(class_entry, property_cause_name, &property_cause_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING|MAY_BE_NULL));
	zend_string_release(property_cause_name);

	zval property_causeCode_default_value;
	ZVAL_UNDEF(&property_causeCode_default_value);
	zend_string *property_causeCode_name = zend_string_init("causeCode", sizeof("causeCode") - 1, 1);
	zend_declare_typed_property(class_entry, property_causeCode_name, &property_causeCode_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG|MAY_BE_NULL));
	zend_string_release(property_causeCode_name);

	zval property_retryable_default_value;
	ZVAL_UNDEF(&property_retryable_default_value);
	zend_string *property_retryable_name = zend_string_init("retryable", sizeof("retryable") - 1, 1);
	zend_declare_typed_property(class_entry, property_retryable_name, &property_retryable_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_BOOL));
	zend_string_release(property_retryable_name);

	zval property_targets_default_value;
	ZVAL_UNDEF(&property_targets_default_value);
	zend_string *property_targets_name = zend_string_init("targets", sizeof("targets") - 1, 1);
	zend_declare_typed_property(class_entry, property_targets_name, &property_targets_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_ARRAY));
	zend_string_release(property_targets_name);

	return class_entry;
}

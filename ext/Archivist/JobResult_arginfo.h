/* This is a generated file, edit the .stub.php file instead.
 * Stub hash: cee9765a1e1706ec3b272facef87fb178cdc3b92 */

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Archivist_JobResult___construct, 0, 0, 0)
ZEND_END_ARG_INFO()


ZEND_METHOD(Archivist_JobResult, __construct);


static const zend_function_entry class_Archivist_JobResult_methods[] = {
	ZEND_ME(Archivist_JobResult, __construct, arginfo_class_Archivist_JobResult___construct, ZEND_ACC_PRIVATE)
	ZEND_FE_END
};

static zend_class_entry *register_class_Archivist_JobResult(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Archivist", "JobResult", class_Archivist_JobResult_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES;

	zval property_uuid_default_value;
	ZVAL_UNDEF(&property_uuid_default_value);
	zend_string *property_uuid_name = zend_string_init("uuid", sizeof("uuid") - 1, 1);
	zend_declare_typed_property(class_entry, property_uuid_name, &property_uuid_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING));
	zend_string_release(property_uuid_name);

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

	zval property_sha256_default_value;
	ZVAL_UNDEF(&property_sha256_default_value);
	zend_string *property_sha256_name = zend_string_init("sha256", sizeof("sha256") - 1, 1);
	zend_declare_typed_property(class_entry, property_sha256_name, &property_sha256_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING));
	zend_string_release(property_sha256_name);

	zval property_sha512_default_value;
	ZVAL_UNDEF(&property_sha512_default_value);
	zend_string *property_sha512_name = zend_string_init("sha512", sizeof("sha512") - 1, 1);
	zend_declare_typed_property(class_entry, property_sha512_name, &property_sha512_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING|MAY_BE_NULL));
	zend_string_release(property_sha512_name);

	zval property_path_default_value;
	ZVAL_UNDEF(&property_path_default_value);
	zend_string *property_path_name = zend_string_init("path", sizeof("path") - 1, 1);
	zend_declare_typed_property(class_entry, property_path_name, &property_path_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING|MAY_BE_NULL));
	zend_string_release(property_path_name);

	zval property_collectedAt_default_value;
	ZVAL_UNDEF(&property_collectedAt_default_value);
	zend_string *property_collectedAt_name = zend_string_init("collectedAt", sizeof("collectedAt") - 1, 1);
	zend_declare_typed_property(class_entry, property_collectedAt_name, &property_collectedAt_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_collectedAt_name);

	zval property_readAt_default_value;
	ZVAL_UNDEF(&property_readAt_default_value);
	zend_string *property_readAt_name = zend_string_init("readAt", sizeof("readAt") - 1, 1);
	zend_declare_typed_property(class_entry, property_readAt_name, &property_readAt_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_readAt_name);

	zval property_packedAt_default_value;
	ZVAL_UNDEF(&property_packedAt_default_value);
	zend_string *property_packedAt_name = zend_string_init("packedAt", sizeof("packedAt") - 1, 1);
	zend_declare_typed_property(class_entry, property_packedAt_name, &property_packedAt_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_packedAt_name);

	zval property_stored_default_value;
	ZVAL_UNDEF(&property_stored_default_value);
	zend_string *property_stored_name = zend_string_init("stored", sizeof("stored") - 1, 1);
	zend_declare_typed_property(class_entry, property_stored_name, &property_stored_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_ARRAY));
	zend_string_release(property_stored_name);

	zval property_failureCount_default_value;
	ZVAL_UNDEF(&property_failureCount_default_value);
	zend_string *property_failureCount_name = zend_string_init("failureCount", sizeof("failureCount") - 1, 1);
	zend_declare_typed_property(class_entry, property_failureCount_name, &property_failureCount_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_failureCount_name);

	zval property_failures_default_value;
	ZVAL_UNDEF(&property_failures_default_value);
	zend_string *property_failures_name = zend_string_init("failures", sizeof("failures") - 1, 1);
	zend_declare_typed_property(class_entry, property_failures_name, &property_failures_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_ARRAY));
	zend_string_release(property_failures_name);

	return class_entry;
}

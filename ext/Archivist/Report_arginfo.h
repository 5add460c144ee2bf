/* This is a generated file, edit the .stub.php file instead.
 * Stub hash: ea797d02b27a0085f01e69594dd3459a5836b7e5 */

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Archivist_Report___construct, 0, 0, 0)
ZEND_END_ARG_INFO()


ZEND_METHOD(Archivist_Report, __construct);


static const zend_function_entry class_Archivist_Report_methods[] = {
	ZEND_ME(Archivist_Report, __construct, arginfo_class_Archivist_Report___construct, ZEND_ACC_PRIVATE)
	ZEND_FE_END
};

static zend_class_entry *register_class_Archivist_Report(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Archivist", "Report", class_Archivist_Report_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES;

	zval property_valid_default_value;
	ZVAL_UNDEF(&property_valid_default_value);
	zend_string *property_valid_name = zend_string_init("valid", sizeof("valid") - 1, 1);
	zend_declare_typed_property(class_entry, property_valid_name, &property_valid_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_BOOL));
	zend_string_release(property_valid_name);

	zend_string *property_format_class_Archivist_Format = zend_string_init("Archivist\\Format", sizeof("Archivist\\Format")-1, 1);
	zval property_format_default_value;
	ZVAL_UNDEF(&property_format_default_value);
	zend_string *property_format_name = zend_string_init("format", sizeof("format") - 1, 1);
	zend_declare_typed_property(class_entry, property_format_name, &property_format_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_CLASS(property_format_class_Archivist_Format, 0, 0));
	zend_string_release(property_format_name);

	zval property_baseFolder_default_value;
	ZVAL_UNDEF(&property_baseFolder_default_value);
	zend_string *property_baseFolder_name = zend_string_init("baseFolder", sizeof("baseFolder") - 1, 1);
	zend_declare_typed_property(class_entry, property_baseFolder_name, &property_baseFolder_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING));
	zend_string_release(property_baseFolder_name);

	zval property_uuid_default_value;
	ZVAL_UNDEF(&property_uuid_default_value);
	zend_string *property_uuid_name = zend_string_init("uuid", sizeof("uuid") - 1, 1);
	zend_declare_typed_property(class_entry, property_uuid_name, &property_uuid_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING|MAY_BE_NULL));
	zend_string_release(property_uuid_name);

	zval property_containerBytes_default_value;
	ZVAL_UNDEF(&property_containerBytes_default_value);
	zend_string *property_containerBytes_name = zend_string_init("containerBytes", sizeof("containerBytes") - 1, 1);
	zend_declare_typed_property(class_entry, property_containerBytes_name, &property_containerBytes_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_containerBytes_name);

	zval property_entries_default_value;
	ZVAL_UNDEF(&property_entries_default_value);
	zend_string *property_entries_name = zend_string_init("entries", sizeof("entries") - 1, 1);
	zend_declare_typed_property(class_entry, property_entries_name, &property_entries_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_entries_name);

	zval property_payloadFiles_default_value;
	ZVAL_UNDEF(&property_payloadFiles_default_value);
	zend_string *property_payloadFiles_name = zend_string_init("payloadFiles", sizeof("payloadFiles") - 1, 1);
	zend_declare_typed_property(class_entry, property_payloadFiles_name, &property_payloadFiles_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_payloadFiles_name);

	zval property_payloadBytes_default_value;
	ZVAL_UNDEF(&property_payloadBytes_default_value);
	zend_string *property_payloadBytes_name = zend_string_init("payloadBytes", sizeof("payloadBytes") - 1, 1);
	zend_declare_typed_property(class_entry, property_payloadBytes_name, &property_payloadBytes_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_payloadBytes_name);

	zval property_failureCount_default_value;
	ZVAL_UNDEF(&property_failureCount_default_value);
	zend_string *property_failureCount_name = zend_string_init("failureCount", sizeof("failureCount") - 1, 1);
	zend_declare_typed_property(class_entry, property_failureCount_name, &property_failureCount_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_failureCount_name);

	zval property_sha256_default_value;
	ZVAL_UNDEF(&property_sha256_default_value);
	zend_string *property_sha256_name = zend_string_init("sha256", sizeof("sha256") - 1, 1);
	zend_declare_typed_property(class_entry, property_sha256_name, &property_sha256_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING));
	zend_string_release(property_sha256_name);

	zval property_findings_default_value;
	ZVAL_UNDEF(&property_findings_default_value);
	zend_string *property_findings_name = zend_string_init("findings", sizeof("findings") - 1, 1);
	zend_declare_typed_property(class_entry, property_findings_name, &property_findings_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_ARRAY));
	zend_string_release(property_findings_name);

	zval property_findingTotal_default_value;
	ZVAL_UNDEF(&property_findingTotal_default_value);
	zend_string *property_findingTotal_name = zend_string_init("findingTotal", sizeof("findingTotal") - 1, 1);
	zend_declare_typed_property(class_entry, property_findingTotal_name, &property_findingTotal_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_findingTotal_name);

	zval property_foreign_default_value;
	ZVAL_UNDEF(&property_foreign_default_value);
	zend_string *property_foreign_name = zend_string_init("foreign", sizeof("foreign") - 1, 1);
	zend_declare_typed_property(class_entry, property_foreign_name, &property_foreign_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_BOOL));
	zend_string_release(property_foreign_name);

	zval property_jobJson_default_value;
	ZVAL_UNDEF(&property_jobJson_default_value);
	zend_string *property_jobJson_name = zend_string_init("jobJson", sizeof("jobJson") - 1, 1);
	zend_declare_typed_property(class_entry, property_jobJson_name, &property_jobJson_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING|MAY_BE_NULL));
	zend_string_release(property_jobJson_name);

	zval property_requestedAt_default_value;
	ZVAL_UNDEF(&property_requestedAt_default_value);
	zend_string *property_requestedAt_name = zend_string_init("requestedAt", sizeof("requestedAt") - 1, 1);
	zend_declare_typed_property(class_entry, property_requestedAt_name, &property_requestedAt_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG|MAY_BE_NULL));
	zend_string_release(property_requestedAt_name);

	zval property_collectedAt_default_value;
	ZVAL_UNDEF(&property_collectedAt_default_value);
	zend_string *property_collectedAt_name = zend_string_init("collectedAt", sizeof("collectedAt") - 1, 1);
	zend_declare_typed_property(class_entry, property_collectedAt_name, &property_collectedAt_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG|MAY_BE_NULL));
	zend_string_release(property_collectedAt_name);

	zval property_links_default_value;
	ZVAL_UNDEF(&property_links_default_value);
	zend_string *property_links_name = zend_string_init("links", sizeof("links") - 1, 1);
	zend_declare_typed_property(class_entry, property_links_name, &property_links_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_links_name);

	return class_entry;
}

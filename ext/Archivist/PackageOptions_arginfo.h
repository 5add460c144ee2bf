/* This is a generated file, edit the .stub.php file instead.
 * Stub hash: 240476047f579b06695fe1f6dd89b7a6d065f397 */

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Archivist_PackageOptions___construct, 0, 0, 1)
	ZEND_ARG_TYPE_INFO(0, name, IS_STRING, 0)
	ZEND_ARG_OBJ_INFO_WITH_DEFAULT_VALUE(0, format, Archivist\\Format, 0, "Archivist\\Format::Zip")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, level, IS_LONG, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, sha512, _IS_BOOL, 0, "false")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, reproducible, _IS_BOOL, 0, "false")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, uuid, IS_STRING, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, collectedAt, IS_LONG, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, createdBy, IS_STRING, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, title, IS_STRING, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, metadata, IS_ARRAY, 0, "[]")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, threads, IS_LONG, 0, "0")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, failuresMax, IS_LONG, 0, "0")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, requestedAt, IS_LONG, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, language, IS_STRING, 0, "\"en\"")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, allowEmpty, _IS_BOOL, 0, "false")
ZEND_END_ARG_INFO()


ZEND_METHOD(Archivist_PackageOptions, __construct);


static const zend_function_entry class_Archivist_PackageOptions_methods[] = {
	ZEND_ME(Archivist_PackageOptions, __construct, arginfo_class_Archivist_PackageOptions___construct, ZEND_ACC_PUBLIC)
	ZEND_FE_END
};

static zend_class_entry *register_class_Archivist_PackageOptions(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Archivist", "PackageOptions", class_Archivist_PackageOptions_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES;

	zval property_name_default_value;
	ZVAL_UNDEF(&property_name_default_value);
	zend_string *property_name_name = zend_string_init("name", sizeof("name") - 1, 1);
	zend_declare_typed_property(class_entry, property_name_name, &property_name_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING));
	zend_string_release(property_name_name);

	zend_string *property_format_class_Archivist_Format = zend_string_init("Archivist\\Format", sizeof("Archivist\\Format")-1, 1);
	zval property_format_default_value;
	ZVAL_UNDEF(&property_format_default_value);
	zend_string *property_format_name = zend_string_init("format", sizeof("format") - 1, 1);
	zend_declare_typed_property(class_entry, property_format_name, &property_format_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_CLASS(property_format_class_Archivist_Format, 0, 0));
	zend_string_release(property_format_name);

	zval property_level_default_value;
	ZVAL_UNDEF(&property_level_default_value);
	zend_string *property_level_name = zend_string_init("level", sizeof("level") - 1, 1);
	zend_declare_typed_property(class_entry, property_level_name, &property_level_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG|MAY_BE_NULL));
	zend_string_release(property_level_name);

	zval property_sha512_default_value;
	ZVAL_UNDEF(&property_sha512_default_value);
	zend_string *property_sha512_name = zend_string_init("sha512", sizeof("sha512") - 1, 1);
	zend_declare_typed_property(class_entry, property_sha512_name, &property_sha512_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_BOOL));
	zend_string_release(property_sha512_name);

	zval property_reproducible_default_value;
	ZVAL_UNDEF(&property_reproducible_default_value);
	zend_string *property_reproducible_name = zend_string_init("reproducible", sizeof("reproducible") - 1, 1);
	zend_declare_typed_property(class_entry, property_reproducible_name, &property_reproducible_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_BOOL));
	zend_string_release(property_reproducible_name);

	zval property_uuid_default_value;
	ZVAL_UNDEF(&property_uuid_default_value);
	zend_string *property_uuid_name = zend_string_init("uuid", sizeof("uuid") - 1, 1);
	zend_declare_typed_property(class_entry, property_uuid_name, &property_uuid_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING|MAY_BE_NULL));
	zend_string_release(property_uuid_name);

	zval property_collectedAt_default_value;
	ZVAL_UNDEF(&property_collectedAt_default_value);
	zend_string *property_collectedAt_name = zend_string_init("collectedAt", sizeof("collectedAt") - 1, 1);
	zend_declare_typed_property(class_entry, property_collectedAt_name, &property_collectedAt_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG|MAY_BE_NULL));
	zend_string_release(property_collectedAt_name);

	zval property_createdBy_default_value;
	ZVAL_UNDEF(&property_createdBy_default_value);
	zend_string *property_createdBy_name = zend_string_init("createdBy", sizeof("createdBy") - 1, 1);
	zend_declare_typed_property(class_entry, property_createdBy_name, &property_createdBy_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING|MAY_BE_NULL));
	zend_string_release(property_createdBy_name);

	zval property_title_default_value;
	ZVAL_UNDEF(&property_title_default_value);
	zend_string *property_title_name = zend_string_init("title", sizeof("title") - 1, 1);
	zend_declare_typed_property(class_entry, property_title_name, &property_title_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING|MAY_BE_NULL));
	zend_string_release(property_title_name);

	zval property_metadata_default_value;
	ZVAL_UNDEF(&property_metadata_default_value);
	zend_string *property_metadata_name = zend_string_init("metadata", sizeof("metadata") - 1, 1);
	zend_declare_typed_property(class_entry, property_metadata_name, &property_metadata_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_ARRAY));
	zend_string_release(property_metadata_name);

	zval property_threads_default_value;
	ZVAL_UNDEF(&property_threads_default_value);
	zend_string *property_threads_name = zend_string_init("threads", sizeof("threads") - 1, 1);
	zend_declare_typed_property(class_entry, property_threads_name, &property_threads_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_threads_name);

	zval property_failuresMax_default_value;
	ZVAL_UNDEF(&property_failuresMax_default_value);
	zend_string *property_failuresMax_name = zend_string_init("failuresMax", sizeof("failuresMax") - 1, 1);
	zend_declare_typed_property(class_entry, property_failuresMax_name, &property_failuresMax_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_failuresMax_name);

	zval property_requestedAt_default_value;
	ZVAL_UNDEF(&property_requestedAt_default_value);
	zend_string *property_requestedAt_name = zend_string_init("requestedAt", sizeof("requestedAt") - 1, 1);
	zend_declare_typed_property(class_entry, property_requestedAt_name, &property_requestedAt_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG|MAY_BE_NULL));
	zend_string_release(property_requestedAt_name);

	zval property_language_default_value;
	ZVAL_UNDEF(&property_language_default_value);
	zend_string *property_language_name = zend_string_init("language", sizeof("language") - 1, 1);
	zend_declare_typed_property(class_entry, property_language_name, &property_language_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING));
	zend_string_release(property_language_name);

	zval property_allowEmpty_default_value;
	ZVAL_UNDEF(&property_allowEmpty_default_value);
	zend_string *property_allowEmpty_name = zend_string_init("allowEmpty", sizeof("allowEmpty") - 1, 1);
	zend_declare_typed_property(class_entry, property_allowEmpty_name, &property_allowEmpty_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_BOOL));
	zend_string_release(property_allowEmpty_name);

	return class_entry;
}

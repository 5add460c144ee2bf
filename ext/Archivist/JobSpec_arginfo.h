/* This is a generated file, edit the .stub.php file instead.
 * Stub hash: 26c6e28862bd93c612a95adf8645be5da8d93f8a */

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Archivist_JobSpec___construct, 0, 0, 2)
	ZEND_ARG_OBJ_INFO(0, entries, Archivist\\EntryList, 1)
	ZEND_ARG_OBJ_INFO(0, package, Archivist\\PackageOptions, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, path, IS_STRING, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, storages, IS_ARRAY, 0, "[]")
	ZEND_ARG_OBJ_INFO_WITH_DEFAULT_VALUE(0, staging, Archivist\\Staging, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, streams, _IS_BOOL, 0, "false")
	ZEND_ARG_OBJ_INFO_WITH_DEFAULT_VALUE(0, limits, Archivist\\Limits, 1, "null")
	ZEND_ARG_OBJ_INFO_WITH_DEFAULT_VALUE(0, retry, Archivist\\Retry, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, collect, IS_CALLABLE, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, onState, IS_CALLABLE, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, onProgress, IS_CALLABLE, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, onDone, IS_CALLABLE, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, progressIntervalMs, IS_LONG, 0, "0")
ZEND_END_ARG_INFO()


ZEND_METHOD(Archivist_JobSpec, __construct);


static const zend_function_entry class_Archivist_JobSpec_methods[] = {
	ZEND_ME(Archivist_JobSpec, __construct, arginfo_class_Archivist_JobSpec___construct, ZEND_ACC_PUBLIC)
	ZEND_FE_END
};

static zend_class_entry *register_class_Archivist_JobSpec(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Archivist", "JobSpec", class_Archivist_JobSpec_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES|ZEND_ACC_NOT_SERIALIZABLE;

	zend_string *property_entries_class_Archivist_EntryList = zend_string_init("Archivist\\EntryList", sizeof("Archivist\\EntryList")-1, 1);
	zval property_entries_default_value;
	ZVAL_UNDEF(&property_entries_default_value);
	zend_string *property_entries_name = zend_string_init("entries", sizeof("entries") - 1, 1);
	zend_declare_typed_property(class_entry, property_entries_name, &property_entries_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_CLASS(property_entries_class_Archivist_EntryList, 0, MAY_BE_NULL));
	zend_string_release(property_entries_name);

	zend_string *property_package_class_Archivist_PackageOptions = zend_string_init("Archivist\\PackageOptions", sizeof("Archivist\\PackageOptions")-1, 1);
	zval property_package_default_value;
	ZVAL_UNDEF(&property_package_default_value);
	zend_string *property_package_name = zend_string_init("package", sizeof("package") - 1, 1);
	zend_declare_typed_property(class_entry, property_package_name, &property_package_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_CLASS(property_package_class_Archivist_PackageOptions, 0, 0));
	zend_string_release(property_package_name);

	zval property_path_default_value;
	ZVAL_UNDEF(&property_path_default_value);
	zend_string *property_path_name = zend_string_init("path", sizeof("path") - 1, 1);
	zend_declare_typed_property(class_entry, property_path_name, &property_path_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING|MAY_BE_NULL));
	zend_string_release(property_path_name);

	zval property_storages_default_value;
	ZVAL_UNDEF(&property_storages_default_value);
	zend_string *property_storages_name = zend_string_init("storages", sizeof("storages") - 1, 1);
	zend_declare_typed_property(class_entry, property_storages_name, &property_storages_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_ARRAY));
	zend_string_release(property_storages_name);

	zend_string *property_staging_class_Archivist_Staging = zend_string_init("Archivist\\Staging", sizeof("Archivist\\Staging")-1, 1);
	zval property_staging_default_value;
	ZVAL_UNDEF(&property_staging_default_value);
	zend_string *property_staging_name = zend_string_init("staging", sizeof("staging") - 1, 1);
	zend_declare_typed_property(class_entry, property_staging_name, &property_staging_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_CLASS(property_staging_class_Archivist_Staging, 0, MAY_BE_NULL));
	zend_string_release(property_staging_name);

	zval property_streams_default_value;
	ZVAL_UNDEF(&property_streams_default_value);
	zend_string *property_streams_name = zend_string_init("streams", sizeof("streams") - 1, 1);
	zend_declare_typed_property(class_entry, property_streams_name, &property_streams_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_BOOL));
	zend_string_release(property_streams_name);

	zend_string *property_limits_class_Archivist_Limits = zend_string_init("Archivist\\Limits", sizeof("Archivist\\Limits")-1, 1);
	zval property_limits_default_value;
	ZVAL_UNDEF(&property_limits_default_value);
	zend_string *property_limits_name = zend_string_init("limits", sizeof("limits") - 1, 1);
	zend_declare_typed_property(class_entry, property_limits_name, &property_limits_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_CLASS(property_limits_class_Archivist_Limits, 0, MAY_BE_NULL));
	zend_string_release(property_limits_name);

	zend_string *property_retry_class_Archivist_Retry = zend_string_init("Archivist\\Retry", sizeof("Archivist\\Retry")-1, 1);
	zval property_retry_default_value;
	ZVAL_UNDEF(&property_retry_default_value);
	zend_string *property_retry_name = zend_string_init("retry", sizeof("retry") - 1, 1);
	zend_declare_typed_property(class_entry, property_retry_name, &property_retry_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_CLASS(property_retry_class_Archivist_Retry, 0, MAY_BE_NULL));
	zend_string_release(property_retry_name);

	return class_entry;
}

/* This is a generated file, edit the .stub.php file instead.
 * Stub hash: 613a50f83cdda7723b2ccfd4dfd496c03192d8ab */

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Archivist_StagingSwept___construct, 0, 0, 0)
ZEND_END_ARG_INFO()


ZEND_METHOD(Archivist_StagingSwept, __construct);


static const zend_function_entry class_Archivist_StagingSwept_methods[] = {
	ZEND_ME(Archivist_StagingSwept, __construct, arginfo_class_Archivist_StagingSwept___construct, ZEND_ACC_PRIVATE)
	ZEND_FE_END
};

static zend_class_entry *register_class_Archivist_StagingSwept(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Archivist", "StagingSwept", class_Archivist_StagingSwept_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES;

	zval property_jobs_default_value;
	ZVAL_UNDEF(&property_jobs_default_value);
	zend_string *property_jobs_name = zend_string_init("jobs", sizeof("jobs") - 1, 1);
	zend_declare_typed_property(class_entry, property_jobs_name, &property_jobs_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_jobs_name);

	zval property_files_default_value;
	ZVAL_UNDEF(&property_files_default_value);
	zend_string *property_files_name = zend_string_init("files", sizeof("files") - 1, 1);
	zend_declare_typed_property(class_entry, property_files_name, &property_files_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_files_name);

	zval property_bytes_default_value;
	ZVAL_UNDEF(&property_bytes_default_value);
	zend_string *property_bytes_name = zend_string_init("bytes", sizeof("bytes") - 1, 1);
	zend_declare_typed_property(class_entry, property_bytes_name, &property_bytes_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_bytes_name);

	zval property_damaged_default_value;
	ZVAL_UNDEF(&property_damaged_default_value);
	zend_string *property_damaged_name = zend_string_init("damaged", sizeof("damaged") - 1, 1);
	zend_declare_typed_property(class_entry, property_damaged_name, &property_damaged_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_damaged_name);

	return class_entry;
}

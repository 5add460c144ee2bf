/* This is a generated file, edit the .stub.php file instead.
 * Stub hash: 9599acb0970ddbb7c71a0c88178dc2484efb0d2d */

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Archivist_Artifact___construct, 0, 0, 3)
	ZEND_ARG_TYPE_INFO(0, path, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO(0, sizeBytes, IS_LONG, 0)
	ZEND_ARG_TYPE_INFO(0, sha256, IS_STRING, 0)
ZEND_END_ARG_INFO()


ZEND_METHOD(Archivist_Artifact, __construct);


static const zend_function_entry class_Archivist_Artifact_methods[] = {
	ZEND_ME(Archivist_Artifact, __construct, arginfo_class_Archivist_Artifact___construct, ZEND_ACC_PUBLIC)
	ZEND_FE_END
};

static zend_class_entry *register_class_Archivist_Artifact(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Archivist", "Artifact", class_Archivist_Artifact_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES;

	zval property_path_default_value;
	ZVAL_UNDEF(&property_path_default_value);
	zend_string *property_path_name = zend_string_init("path", sizeof("path") - 1, 1);
	zend_declare_typed_property(class_entry, property_path_name, &property_path_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING));
	zend_string_release(property_path_name);

	zval property_sizeBytes_default_value;
	ZVAL_UNDEF(&property_sizeBytes_default_value);
	zend_string *property_sizeBytes_name = zend_string_init("sizeBytes", sizeof("sizeBytes") - 1, 1);
	zend_declare_typed_property(class_entry, property_sizeBytes_name, &property_sizeBytes_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_sizeBytes_name);

	zval property_sha256_default_value;
	ZVAL_UNDEF(&property_sha256_default_value);
	zend_string *property_sha256_name = zend_string_init("sha256", sizeof("sha256") - 1, 1);
	zend_declare_typed_property(class_entry, property_sha256_name, &property_sha256_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING));
	zend_string_release(property_sha256_name);

	return class_entry;
}

/* This is a generated file, edit the .stub.php file instead.
 * Stub hash: 9a9af5db003f25e9364cfdf1926923731f012bf3 */

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Archivist_StorageSpace___construct, 0, 0, 0)
ZEND_END_ARG_INFO()


ZEND_METHOD(Archivist_StorageSpace, __construct);


static const zend_function_entry class_Archivist_StorageSpace_methods[] = {
	ZEND_ME(Archivist_StorageSpace, __construct, arginfo_class_Archivist_StorageSpace___construct, ZEND_ACC_PRIVATE)
	ZEND_FE_END
};

static zend_class_entry *register_class_Archivist_StorageSpace(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Archivist", "StorageSpace", class_Archivist_StorageSpace_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES;

	zval property_freeBytes_default_value;
	ZVAL_UNDEF(&property_freeBytes_default_value);
	zend_string *property_freeBytes_name = zend_string_init("freeBytes", sizeof("freeBytes") - 1, 1);
	zend_declare_typed_property(class_entry, property_freeBytes_name, &property_freeBytes_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG|MAY_BE_NULL));
	zend_string_release(property_freeBytes_name);

	zval property_totalBytes_default_value;
	ZVAL_UNDEF(&property_totalBytes_default_value);
	zend_string *property_totalBytes_name = zend_string_init("totalBytes", sizeof("totalBytes") - 1, 1);
	zend_declare_typed_property(class_entry, property_totalBytes_name, &property_totalBytes_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG|MAY_BE_NULL));
	zend_string_release(property_totalBytes_name);

	return class_entry;
}

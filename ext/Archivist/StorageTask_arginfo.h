/* This is a generated file, edit the .stub.php file instead.
 * Stub hash: 2c6c8c72a938de7d0e2aef5f30fd224311276e49 */

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Archivist_StorageTask___construct, 0, 0, 2)
	ZEND_ARG_OBJ_INFO(0, driver, Archivist\\StorageDriver, 0)
	ZEND_ARG_OBJ_INFO(0, operation, Archivist\\Operation, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, path, IS_STRING, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, key, IS_STRING, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, sha256, IS_STRING, 1, "null")
ZEND_END_ARG_INFO()


ZEND_METHOD(Archivist_StorageTask, __construct);


static const zend_function_entry class_Archivist_StorageTask_methods[] = {
	ZEND_ME(Archivist_StorageTask, __construct, arginfo_class_Archivist_StorageTask___construct, ZEND_ACC_PUBLIC)
	ZEND_FE_END
};

static zend_class_entry *register_class_Archivist_StorageTask(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Archivist", "StorageTask", class_Archivist_StorageTask_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES|ZEND_ACC_NOT_SERIALIZABLE;

	zend_string *property_driver_class_Archivist_StorageDriver = zend_string_init("Archivist\\StorageDriver", sizeof("Archivist\\StorageDriver")-1, 1);
	zval property_driver_default_value;
	ZVAL_UNDEF(&property_driver_default_value);
	zend_string *property_driver_name = zend_string_init("driver", sizeof("driver") - 1, 1);
	zend_declare_typed_property(class_entry, property_driver_name, &property_driver_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_CLASS(property_driver_class_Archivist_StorageDriver, 0, 0));
	zend_string_release(property_driver_name);

	zend_string *property_operation_class_Archivist_Operation = zend_string_init("Archivist\\Operation", sizeof("Archivist\\Operation")-1, 1);
	zval property_operation_default_value;
	ZVAL_UNDEF(&property_operation_default_value);
	zend_string *property_operation_name = zend_string_init("operation", sizeof("operation") - 1, 1);
	zend_declare_typed_property(class_entry, property_operation_name, &property_operation_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_CLASS(property_operation_class_Archivist_Operation, 0, 0));
	zend_string_release(property_operation_name);

	zval property_path_default_value;
	ZVAL_UNDEF(&property_path_default_value);
	zend_string *property_path_name = zend_string_init("path", sizeof("path") - 1, 1);
	zend_declare_typed_property(class_entry, property_path_name, &property_path_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING|MAY_BE_NULL));
	zend_string_release(property_path_name);

	zval property_key_default_value;
	ZVAL_UNDEF(&property_key_default_value);
	zend_string *property_key_name = zend_string_init("key", sizeof("key") - 1, 1);
	zend_declare_typed_property(class_entry, property_key_name, &property_key_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING|MAY_BE_NULL));
	zend_string_release(property_key_name);

	zval property_sha256_default_value;
	ZVAL_UNDEF(&property_sha256_default_value);
	zend_string *property_sha256_name = zend_string_init("sha256", sizeof("sha256") - 1, 1);
	zend_declare_typed_property(class_entry, property_sha256_name, &property_sha256_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING|MAY_BE_NULL));
	zend_string_release(property_sha256_name);

	return class_entry;
}

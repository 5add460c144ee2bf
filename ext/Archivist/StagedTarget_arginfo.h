/* This is a generated file, edit the .stub.php file instead.
 * Stub hash: e67ff5995dd0eb74ec3ea5235cff44fe6cf16479 */

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Archivist_StagedTarget___construct, 0, 0, 0)
ZEND_END_ARG_INFO()


ZEND_METHOD(Archivist_StagedTarget, __construct);


static const zend_function_entry class_Archivist_StagedTarget_methods[] = {
	ZEND_ME(Archivist_StagedTarget, __construct, arginfo_class_Archivist_StagedTarget___construct, ZEND_ACC_PRIVATE)
	ZEND_FE_END
};

static zend_class_entry *register_class_Archivist_StagedTarget(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Archivist", "StagedTarget", class_Archivist_StagedTarget_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES;

	zval property_address_default_value;
	ZVAL_UNDEF(&property_address_default_value);
	zend_string *property_address_name = zend_string_init("address", sizeof("address") - 1, 1);
	zend_declare_typed_property(class_entry, property_address_name, &property_address_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING));
	zend_string_release(property_address_name);

	zval property_stored_default_value;
	ZVAL_UNDEF(&property_stored_default_value);
	zend_string *property_stored_name = zend_string_init("stored", sizeof("stored") - 1, 1);
	zend_declare_typed_property(class_entry, property_stored_name, &property_stored_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_BOOL));
	zend_string_release(property_stored_name);

	zval property_storedAt_default_value;
	ZVAL_UNDEF(&property_storedAt_default_value);
	zend_string *property_storedAt_name = zend_string_init("storedAt", sizeof("storedAt") - 1, 1);
	zend_declare_typed_property(class_entry, property_storedAt_name, &property_storedAt_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG|MAY_BE_NULL));
	zend_string_release(property_storedAt_name);

	return class_entry;
}

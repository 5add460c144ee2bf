/* This is a generated file, edit the .stub.php file instead.
 * Stub hash: 1f63d5b4c413a0cc9e0a3229b9266ea1fdc2b4db */

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Archivist_Entry___construct, 0, 0, 0)
ZEND_END_ARG_INFO()


ZEND_METHOD(Archivist_Entry, __construct);


static const zend_function_entry class_Archivist_Entry_methods[] = {
	ZEND_ME(Archivist_Entry, __construct, arginfo_class_Archivist_Entry___construct, ZEND_ACC_PRIVATE)
	ZEND_FE_END
};

static zend_class_entry *register_class_Archivist_Entry(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Archivist", "Entry", class_Archivist_Entry_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES;

	zval property_name_default_value;
	ZVAL_UNDEF(&property_name_default_value);
	zend_string *property_name_name = zend_string_init("name", sizeof("name") - 1, 1);
	zend_declare_typed_property(class_entry, property_name_name, &property_name_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING));
	zend_string_release(property_name_name);

	zval property_original_default_value;
	ZVAL_UNDEF(&property_original_default_value);
	zend_string *property_original_name = zend_string_init("original", sizeof("original") - 1, 1);
	zend_declare_typed_property(class_entry, property_original_name, &property_original_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING));
	zend_string_release(property_original_name);

	zval property_owner_default_value;
	ZVAL_UNDEF(&property_owner_default_value);
	zend_string *property_owner_name = zend_string_init("owner", sizeof("owner") - 1, 1);
	zend_declare_typed_property(class_entry, property_owner_name, &property_owner_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING|MAY_BE_NULL));
	zend_string_release(property_owner_name);

	zval property_persons_default_value;
	ZVAL_UNDEF(&property_persons_default_value);
	zend_string *property_persons_name = zend_string_init("persons", sizeof("persons") - 1, 1);
	zend_declare_typed_property(class_entry, property_persons_name, &property_persons_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_ARRAY));
	zend_string_release(property_persons_name);

	zval property_sizeBytes_default_value;
	ZVAL_UNDEF(&property_sizeBytes_default_value);
	zend_string *property_sizeBytes_name = zend_string_init("sizeBytes", sizeof("sizeBytes") - 1, 1);
	zend_declare_typed_property(class_entry, property_sizeBytes_name, &property_sizeBytes_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_sizeBytes_name);

	zval property_modifiedAt_default_value;
	ZVAL_UNDEF(&property_modifiedAt_default_value);
	zend_string *property_modifiedAt_name = zend_string_init("modifiedAt", sizeof("modifiedAt") - 1, 1);
	zend_declare_typed_property(class_entry, property_modifiedAt_name, &property_modifiedAt_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG|MAY_BE_NULL));
	zend_string_release(property_modifiedAt_name);

	zval property_sha256_default_value;
	ZVAL_UNDEF(&property_sha256_default_value);
	zend_string *property_sha256_name = zend_string_init("sha256", sizeof("sha256") - 1, 1);
	zend_declare_typed_property(class_entry, property_sha256_name, &property_sha256_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING|MAY_BE_NULL));
	zend_string_release(property_sha256_name);

	zval property_folder_default_value;
	ZVAL_UNDEF(&property_folder_default_value);
	zend_string *property_folder_name = zend_string_init("folder", sizeof("folder") - 1, 1);
	zend_declare_typed_property(class_entry, property_folder_name, &property_folder_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_BOOL));
	zend_string_release(property_folder_name);

	zval property_target_default_value;
	ZVAL_UNDEF(&property_target_default_value);
	zend_string *property_target_name = zend_string_init("target", sizeof("target") - 1, 1);
	zend_declare_typed_property(class_entry, property_target_name, &property_target_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING|MAY_BE_NULL));
	zend_string_release(property_target_name);

	return class_entry;
}

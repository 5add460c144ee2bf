/* This is a generated file, edit the .stub.php file instead.
 * Stub hash: f1ce69af1d1f3234399c7440410eabe8fdc02050 */

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Archivist_StorageOption___construct, 0, 0, 3)
	ZEND_ARG_TYPE_INFO(0, name, IS_STRING, 0)
	ZEND_ARG_OBJ_INFO(0, kind, Archivist\\StorageOptionKind, 0)
	ZEND_ARG_TYPE_INFO(0, description, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, secret, _IS_BOOL, 0, "false")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, required, _IS_BOOL, 0, "false")
	ZEND_ARG_TYPE_MASK(0, default, MAY_BE_STRING|MAY_BE_LONG|MAY_BE_BOOL|MAY_BE_NULL, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, minimum, IS_LONG, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, maximum, IS_LONG, 1, "null")
ZEND_END_ARG_INFO()


ZEND_METHOD(Archivist_StorageOption, __construct);


static const zend_function_entry class_Archivist_StorageOption_methods[] = {
	ZEND_ME(Archivist_StorageOption, __construct, arginfo_class_Archivist_StorageOption___construct, ZEND_ACC_PUBLIC)
	ZEND_FE_END
};

static zend_class_entry *register_class_Archivist_StorageOption(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Archivist", "StorageOption", class_Archivist_StorageOption_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES|ZEND_ACC_NOT_SERIALIZABLE;

	zval property_name_default_value;
	ZVAL_UNDEF(&property_name_default_value);
	zend_string *property_name_name = zend_string_init("name", sizeof("name") - 1, 1);
	zend_declare_typed_property(class_entry, property_name_name, &property_name_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING));
	zend_string_release(property_name_name);

	zend_string *property_kind_class_Archivist_StorageOptionKind = zend_string_init("Archivist\\StorageOptionKind", sizeof("Archivist\\StorageOptionKind")-1, 1);
	zval property_kind_default_value;
	ZVAL_UNDEF(&property_kind_default_value);
	zend_string *property_kind_name = zend_string_init("kind", sizeof("kind") - 1, 1);
	zend_declare_typed_property(class_entry, property_kind_name, &property_kind_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_CLASS(property_kind_class_Archivist_StorageOptionKind, 0, 0));
	zend_string_release(property_kind_name);

	zval property_secret_default_value;
	ZVAL_UNDEF(&property_secret_default_value);
	zend_string *property_secret_name = zend_string_init("secret", sizeof("secret") - 1, 1);
	zend_declare_typed_property(class_entry, property_secret_name, &property_secret_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_BOOL));
	zend_string_release(property_secret_name);

	zval property_required_default_value;
	ZVAL_UNDEF(&property_required_default_value);
	zend_string *property_required_name = zend_string_init("required", sizeof("required") - 1, 1);
	zend_declare_typed_property(class_entry, property_required_name, &property_required_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_BOOL));
	zend_string_release(property_required_name);

	zval property_default_default_value;
	ZVAL_UNDEF(&property_default_default_value);
	zend_string *property_default_name = zend_string_init("default", sizeof("default") - 1, 1);
	zend_declare_typed_property(class_entry, property_default_name, &property_default_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING|MAY_BE_LONG|MAY_BE_BOOL|MAY_BE_NULL));
	zend_string_release(property_default_name);

	zval property_minimum_default_value;
	ZVAL_UNDEF(&property_minimum_default_value);
	zend_string *property_minimum_name = zend_string_init("minimum", sizeof("minimum") - 1, 1);
	zend_declare_typed_property(class_entry, property_minimum_name, &property_minimum_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG|MAY_BE_NULL));
	zend_string_release(property_minimum_name);

	zval property_maximum_default_value;
	ZVAL_UNDEF(&property_maximum_default_value);
	zend_string *property_maximum_name = zend_string_init("maximum", sizeof("maximum") - 1, 1);
	zend_declare_typed_property(class_entry, property_maximum_name, &property_maximum_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG|MAY_BE_NULL));
	zend_string_release(property_maximum_name);

	zval property_description_default_value;
	ZVAL_UNDEF(&property_description_default_value);
	zend_string *property_description_name = zend_string_init("description", sizeof("description") - 1, 1);
	zend_declare_typed_property(class_entry, property_description_name, &property_description_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING));
	zend_string_release(property_description_name);

	return class_entry;
}

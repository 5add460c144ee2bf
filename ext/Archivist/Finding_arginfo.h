/* This is a generated file, edit the .stub.php file instead.
 * Stub hash: c0c5ca5c4824816e601ee408203eb1e28ca97aa5 */

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Archivist_Finding___construct, 0, 0, 0)
ZEND_END_ARG_INFO()


ZEND_METHOD(Archivist_Finding, __construct);


static const zend_function_entry class_Archivist_Finding_methods[] = {
	ZEND_ME(Archivist_Finding, __construct, arginfo_class_Archivist_Finding___construct, ZEND_ACC_PRIVATE)
	ZEND_FE_END
};

static zend_class_entry *register_class_Archivist_Finding(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Archivist", "Finding", class_Archivist_Finding_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES;

	zend_string *property_kind_class_Archivist_FindingKind = zend_string_init("Archivist\\FindingKind", sizeof("Archivist\\FindingKind")-1, 1);
	zval property_kind_default_value;
	ZVAL_UNDEF(&property_kind_default_value);
	zend_string *property_kind_name = zend_string_init("kind", sizeof("kind") - 1, 1);
	zend_declare_typed_property(class_entry, property_kind_name, &property_kind_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_CLASS(property_kind_class_Archivist_FindingKind, 0, 0));
	zend_string_release(property_kind_name);

	zval property_entry_default_value;
	ZVAL_UNDEF(&property_entry_default_value);
	zend_string *property_entry_name = zend_string_init("entry", sizeof("entry") - 1, 1);
	zend_declare_typed_property(class_entry, property_entry_name, &property_entry_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING|MAY_BE_NULL));
	zend_string_release(property_entry_name);

	zval property_message_default_value;
	ZVAL_UNDEF(&property_message_default_value);
	zend_string *property_message_name = zend_string_init("message", sizeof("message") - 1, 1);
	zend_declare_typed_property(class_entry, property_message_name, &property_message_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING));
	zend_string_release(property_message_name);

	return class_entry;
}

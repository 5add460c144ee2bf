/* This is a generated file, edit the .stub.php file instead.
 * Stub hash: b6127003e9dbcf2aed5963086a8b144a9ec15ae3 */

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Archivist_Limits___construct, 0, 0, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, timeMs, IS_LONG, 0, "0")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, stallMs, IS_LONG, 0, "0")
ZEND_END_ARG_INFO()


ZEND_METHOD(Archivist_Limits, __construct);


static const zend_function_entry class_Archivist_Limits_methods[] = {
	ZEND_ME(Archivist_Limits, __construct, arginfo_class_Archivist_Limits___construct, ZEND_ACC_PUBLIC)
	ZEND_FE_END
};

static zend_class_entry *register_class_Archivist_Limits(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Archivist", "Limits", class_Archivist_Limits_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES|ZEND_ACC_NOT_SERIALIZABLE;

	zval property_timeMs_default_value;
	ZVAL_UNDEF(&property_timeMs_default_value);
	zend_string *property_timeMs_name = zend_string_init("timeMs", sizeof("timeMs") - 1, 1);
	zend_declare_typed_property(class_entry, property_timeMs_name, &property_timeMs_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_timeMs_name);

	zval property_stallMs_default_value;
	ZVAL_UNDEF(&property_stallMs_default_value);
	zend_string *property_stallMs_name = zend_string_init("stallMs", sizeof("stallMs") - 1, 1);
	zend_declare_typed_property(class_entry, property_stallMs_name, &property_stallMs_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_stallMs_name);

	return class_entry;
}

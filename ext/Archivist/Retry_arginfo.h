/* This is a generated file, edit the .stub.php file instead.
 * Stub hash: c88200222af0c2c52b2b556f251310ffecaa3dd9 */

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Archivist_Retry___construct, 0, 0, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, attempts, IS_LONG, 0, "5")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, delayMs, IS_LONG, 0, "60000")
ZEND_END_ARG_INFO()


ZEND_METHOD(Archivist_Retry, __construct);


static const zend_function_entry class_Archivist_Retry_methods[] = {
	ZEND_ME(Archivist_Retry, __construct, arginfo_class_Archivist_Retry___construct, ZEND_ACC_PUBLIC)
	ZEND_FE_END
};

static zend_class_entry *register_class_Archivist_Retry(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Archivist", "Retry", class_Archivist_Retry_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES|ZEND_ACC_NOT_SERIALIZABLE;

	zval property_attempts_default_value;
	ZVAL_UNDEF(&property_attempts_default_value);
	zend_string *property_attempts_name = zend_string_init("attempts", sizeof("attempts") - 1, 1);
	zend_declare_typed_property(class_entry, property_attempts_name, &property_attempts_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_attempts_name);

	zval property_delayMs_default_value;
	ZVAL_UNDEF(&property_delayMs_default_value);
	zend_string *property_delayMs_name = zend_string_init("delayMs", sizeof("delayMs") - 1, 1);
	zend_declare_typed_property(class_entry, property_delayMs_name, &property_delayMs_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_delayMs_name);

	return class_entry;
}

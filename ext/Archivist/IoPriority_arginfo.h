/* This is a generated file, edit the .stub.php file instead.
 * Stub hash: e86f375ed3303f4b744e8947197680f9a62eefbc */




static const zend_function_entry class_Archivist_IoPriority_methods[] = {
	ZEND_FE_END
};

static zend_class_entry *register_class_Archivist_IoPriority(void)
{
	zend_class_entry *class_entry = zend_register_internal_enum("Archivist\\IoPriority", IS_LONG, class_Archivist_IoPriority_methods);

	zval enum_case_Normal_value;
	ZVAL_LONG(&enum_case_Normal_value, 0);
	zend_enum_add_case_cstr(class_entry, "Normal", &enum_case_Normal_value);

	zval enum_case_Low_value;
	ZVAL_LONG(&enum_case_Low_value, 1);
	zend_enum_add_case_cstr(class_entry, "Low", &enum_case_Low_value);

	zval enum_case_Idle_value;
	ZVAL_LONG(&enum_case_Idle_value, 2);
	zend_enum_add_case_cstr(class_entry, "Idle", &enum_case_Idle_value);

	return class_entry;
}

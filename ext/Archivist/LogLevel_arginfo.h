/* This is a generated file, edit the .stub.php file instead.
 * Stub hash: c336d7b2e81f530413ac916a28c4537e81cc0ee2 */




static const zend_function_entry class_Archivist_LogLevel_methods[] = {
	ZEND_FE_END
};

static zend_class_entry *register_class_Archivist_LogLevel(void)
{
	zend_class_entry *class_entry = zend_register_internal_enum("Archivist\\LogLevel", IS_LONG, class_Archivist_LogLevel_methods);

	zval enum_case_Debug_value;
	ZVAL_LONG(&enum_case_Debug_value, 0);
	zend_enum_add_case_cstr(class_entry, "Debug", &enum_case_Debug_value);

	zval enum_case_Info_value;
	ZVAL_LONG(&enum_case_Info_value, 1);
	zend_enum_add_case_cstr(class_entry, "Info", &enum_case_Info_value);

	zval enum_case_Notice_value;
	ZVAL_LONG(&enum_case_Notice_value, 2);
	zend_enum_add_case_cstr(class_entry, "Notice", &enum_case_Notice_value);

	zval enum_case_Warning_value;
	ZVAL_LONG(&enum_case_Warning_value, 3);
	zend_enum_add_case_cstr(class_entry, "Warning", &enum_case_Warning_value);

	zval enum_case_Error_value;
	ZVAL_LONG(&enum_case_Error_value, 4);
	zend_enum_add_case_cstr(class_entry, "Error", &enum_case_Error_value);

	return class_entry;
}

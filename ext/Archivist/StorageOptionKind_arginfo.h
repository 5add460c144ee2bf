/* This is a generated file, edit the .stub.php file instead.
 * Stub hash: 0b1506dece165d07ae5ecbd763d127cea87f6414 */




static const zend_function_entry class_Archivist_StorageOptionKind_methods[] = {
	ZEND_FE_END
};

static zend_class_entry *register_class_Archivist_StorageOptionKind(void)
{
	zend_class_entry *class_entry = zend_register_internal_enum("Archivist\\StorageOptionKind", IS_STRING, class_Archivist_StorageOptionKind_methods);

	zval enum_case_Text_value;
	zend_string *enum_case_Text_value_str = zend_string_init("text", strlen("text"), 1);
	ZVAL_STR(&enum_case_Text_value, enum_case_Text_value_str);
	zend_enum_add_case_cstr(class_entry, "Text", &enum_case_Text_value);

	zval enum_case_Flag_value;
	zend_string *enum_case_Flag_value_str = zend_string_init("flag", strlen("flag"), 1);
	ZVAL_STR(&enum_case_Flag_value, enum_case_Flag_value_str);
	zend_enum_add_case_cstr(class_entry, "Flag", &enum_case_Flag_value);

	zval enum_case_Number_value;
	zend_string *enum_case_Number_value_str = zend_string_init("number", strlen("number"), 1);
	ZVAL_STR(&enum_case_Number_value, enum_case_Number_value_str);
	zend_enum_add_case_cstr(class_entry, "Number", &enum_case_Number_value);

	zval enum_case_Uuid_value;
	zend_string *enum_case_Uuid_value_str = zend_string_init("uuid", strlen("uuid"), 1);
	ZVAL_STR(&enum_case_Uuid_value, enum_case_Uuid_value_str);
	zend_enum_add_case_cstr(class_entry, "Uuid", &enum_case_Uuid_value);

	return class_entry;
}

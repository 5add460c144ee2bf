/* This is a generated file, edit the .stub.php file instead.
 * Stub hash: d02f9732687e052e3f2c838e0b616982f70a4e67 */




static const zend_function_entry class_Archivist_Operation_methods[] = {
	ZEND_FE_END
};

static zend_class_entry *register_class_Archivist_Operation(void)
{
	zend_class_entry *class_entry = zend_register_internal_enum("Archivist\\Operation", IS_STRING, class_Archivist_Operation_methods);

	zval enum_case_Store_value;
	zend_string *enum_case_Store_value_str = zend_string_init("store", strlen("store"), 1);
	ZVAL_STR(&enum_case_Store_value, enum_case_Store_value_str);
	zend_enum_add_case_cstr(class_entry, "Store", &enum_case_Store_value);

	zval enum_case_Retrieve_value;
	zend_string *enum_case_Retrieve_value_str = zend_string_init("retrieve", strlen("retrieve"), 1);
	ZVAL_STR(&enum_case_Retrieve_value, enum_case_Retrieve_value_str);
	zend_enum_add_case_cstr(class_entry, "Retrieve", &enum_case_Retrieve_value);

	zval enum_case_Delete_value;
	zend_string *enum_case_Delete_value_str = zend_string_init("delete", strlen("delete"), 1);
	ZVAL_STR(&enum_case_Delete_value, enum_case_Delete_value_str);
	zend_enum_add_case_cstr(class_entry, "Delete", &enum_case_Delete_value);

	zval enum_case_Stat_value;
	zend_string *enum_case_Stat_value_str = zend_string_init("stat", strlen("stat"), 1);
	ZVAL_STR(&enum_case_Stat_value, enum_case_Stat_value_str);
	zend_enum_add_case_cstr(class_entry, "Stat", &enum_case_Stat_value);

	zval enum_case_Check_value;
	zend_string *enum_case_Check_value_str = zend_string_init("check", strlen("check"), 1);
	ZVAL_STR(&enum_case_Check_value, enum_case_Check_value_str);
	zend_enum_add_case_cstr(class_entry, "Check", &enum_case_Check_value);

	zval enum_case_Space_value;
	zend_string *enum_case_Space_value_str = zend_string_init("space", strlen("space"), 1);
	ZVAL_STR(&enum_case_Space_value, enum_case_Space_value_str);
	zend_enum_add_case_cstr(class_entry, "Space", &enum_case_Space_value);

	return class_entry;
}

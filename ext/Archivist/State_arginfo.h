/* This is a generated file, edit the .stub.php file instead.
 * Stub hash: 5caa4ae555e4bfe33f478a1baf30f4ec170e1513 */

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Archivist_State_isFinal, 0, 0, _IS_BOOL, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Archivist_State_label, 0, 0, IS_STRING, 0)
ZEND_END_ARG_INFO()


ZEND_METHOD(Archivist_State, isFinal);
ZEND_METHOD(Archivist_State, label);


static const zend_function_entry class_Archivist_State_methods[] = {
	ZEND_ME(Archivist_State, isFinal, arginfo_class_Archivist_State_isFinal, ZEND_ACC_PUBLIC)
	ZEND_ME(Archivist_State, label, arginfo_class_Archivist_State_label, ZEND_ACC_PUBLIC)
	ZEND_FE_END
};

static zend_class_entry *register_class_Archivist_State(void)
{
	zend_class_entry *class_entry = zend_register_internal_enum("Archivist\\State", IS_LONG, class_Archivist_State_methods);

	zval enum_case_Uninitialized_value;
	ZVAL_LONG(&enum_case_Uninitialized_value, 0);
	zend_enum_add_case_cstr(class_entry, "Uninitialized", &enum_case_Uninitialized_value);

	zval enum_case_Queued_value;
	ZVAL_LONG(&enum_case_Queued_value, 10);
	zend_enum_add_case_cstr(class_entry, "Queued", &enum_case_Queued_value);

	zval enum_case_PreProcessing_value;
	ZVAL_LONG(&enum_case_PreProcessing_value, 20);
	zend_enum_add_case_cstr(class_entry, "PreProcessing", &enum_case_PreProcessing_value);

	zval enum_case_ActivityArchiving_value;
	ZVAL_LONG(&enum_case_ActivityArchiving_value, 30);
	zend_enum_add_case_cstr(class_entry, "ActivityArchiving", &enum_case_ActivityArchiving_value);

	zval enum_case_PostProcessing_value;
	ZVAL_LONG(&enum_case_PostProcessing_value, 50);
	zend_enum_add_case_cstr(class_entry, "PostProcessing", &enum_case_PostProcessing_value);

	zval enum_case_Store_value;
	ZVAL_LONG(&enum_case_Store_value, 60);
	zend_enum_add_case_cstr(class_entry, "Store", &enum_case_Store_value);

	zval enum_case_Sign_value;
	ZVAL_LONG(&enum_case_Sign_value, 70);
	zend_enum_add_case_cstr(class_entry, "Sign", &enum_case_Sign_value);

	zval enum_case_Cleanup_value;
	ZVAL_LONG(&enum_case_Cleanup_value, 90);
	zend_enum_add_case_cstr(class_entry, "Cleanup", &enum_case_Cleanup_value);

	zval enum_case_Completed_value;
	ZVAL_LONG(&enum_case_Completed_value, 100);
	zend_enum_add_case_cstr(class_entry, "Completed", &enum_case_Completed_value);

	zval enum_case_Failure_value;
	ZVAL_LONG(&enum_case_Failure_value, 240);
	zend_enum_add_case_cstr(class_entry, "Failure", &enum_case_Failure_value);

	zval enum_case_Aborted_value;
	ZVAL_LONG(&enum_case_Aborted_value, 250);
	zend_enum_add_case_cstr(class_entry, "Aborted", &enum_case_Aborted_value);

	return class_entry;
}

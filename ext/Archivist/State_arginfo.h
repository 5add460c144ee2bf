/* This is a generated file, edit the .stub.php file instead.
 * Stub hash: bdd4c278181a15e7e781964d994e024f8d1062c5 */

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Archivist_State_isFinal, 0, 0, _IS_BOOL, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Archivist_State_mayBecome, 0, 1, _IS_BOOL, 0)
	ZEND_ARG_OBJ_INFO(0, next, Archivist\\State, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Archivist_State_label, 0, 0, IS_STRING, 0)
ZEND_END_ARG_INFO()


ZEND_METHOD(Archivist_State, isFinal);
ZEND_METHOD(Archivist_State, mayBecome);
ZEND_METHOD(Archivist_State, label);


static const zend_function_entry class_Archivist_State_methods[] = {
	ZEND_ME(Archivist_State, isFinal, arginfo_class_Archivist_State_isFinal, ZEND_ACC_PUBLIC)
	ZEND_ME(Archivist_State, mayBecome, arginfo_class_Archivist_State_mayBecome, ZEND_ACC_PUBLIC)
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

	zval enum_case_Partial_value;
	ZVAL_LONG(&enum_case_Partial_value, 105);
	zend_enum_add_case_cstr(class_entry, "Partial", &enum_case_Partial_value);

	zval enum_case_Deleted_value;
	ZVAL_LONG(&enum_case_Deleted_value, 110);
	zend_enum_add_case_cstr(class_entry, "Deleted", &enum_case_Deleted_value);

	zval enum_case_Error_value;
	ZVAL_LONG(&enum_case_Error_value, 200);
	zend_enum_add_case_cstr(class_entry, "Error", &enum_case_Error_value);

	zval enum_case_RecoverableError_value;
	ZVAL_LONG(&enum_case_RecoverableError_value, 210);
	zend_enum_add_case_cstr(class_entry, "RecoverableError", &enum_case_RecoverableError_value);

	zval enum_case_ErrorHandling_value;
	ZVAL_LONG(&enum_case_ErrorHandling_value, 220);
	zend_enum_add_case_cstr(class_entry, "ErrorHandling", &enum_case_ErrorHandling_value);

	zval enum_case_Failure_value;
	ZVAL_LONG(&enum_case_Failure_value, 240);
	zend_enum_add_case_cstr(class_entry, "Failure", &enum_case_Failure_value);

	zval enum_case_Aborted_value;
	ZVAL_LONG(&enum_case_Aborted_value, 250);
	zend_enum_add_case_cstr(class_entry, "Aborted", &enum_case_Aborted_value);

	return class_entry;
}

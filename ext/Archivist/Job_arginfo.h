/* This is a generated file, edit the .stub.php file instead.
 * Stub hash: e9e5deb92bafa7fc3f343b9f37af94fa0db41502 */

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Archivist_Job___construct, 0, 0, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Archivist_Job_state, 0, 0, Archivist\\State, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Archivist_Job_progress, 0, 0, Archivist\\Progress, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Archivist_Job_cancel, 0, 0, IS_VOID, 0)
ZEND_END_ARG_INFO()

#define arginfo_class_Archivist_Job_check arginfo_class_Archivist_Job_cancel

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Archivist_Job_wait, 0, 0, Archivist\\JobResult, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, timeoutMs, IS_LONG, 1, "null")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Archivist_Job_result, 0, 0, Archivist\\JobResult, 1)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Archivist_Job_error, 0, 0, Throwable, 1)
ZEND_END_ARG_INFO()


ZEND_METHOD(Archivist_Job, __construct);
ZEND_METHOD(Archivist_Job, state);
ZEND_METHOD(Archivist_Job, progress);
ZEND_METHOD(Archivist_Job, cancel);
ZEND_METHOD(Archivist_Job, check);
ZEND_METHOD(Archivist_Job, wait);
ZEND_METHOD(Archivist_Job, result);
ZEND_METHOD(Archivist_Job, error);


static const zend_function_entry class_Archivist_Job_methods[] = {
	ZEND_ME(Archivist_Job, __construct, arginfo_class_Archivist_Job___construct, ZEND_ACC_PRIVATE)
	ZEND_ME(Archivist_Job, state, arginfo_class_Archivist_Job_state, ZEND_ACC_PUBLIC)
	ZEND_ME(Archivist_Job, progress, arginfo_class_Archivist_Job_progress, ZEND_ACC_PUBLIC)
	ZEND_ME(Archivist_Job, cancel, arginfo_class_Archivist_Job_cancel, ZEND_ACC_PUBLIC)
	ZEND_ME(Archivist_Job, check, arginfo_class_Archivist_Job_check, ZEND_ACC_PUBLIC)
	ZEND_ME(Archivist_Job, wait, arginfo_class_Archivist_Job_wait, ZEND_ACC_PUBLIC)
	ZEND_ME(Archivist_Job, result, arginfo_class_Archivist_Job_result, ZEND_ACC_PUBLIC)
	ZEND_ME(Archivist_Job, error, arginfo_class_Archivist_Job_error, ZEND_ACC_PUBLIC)
	ZEND_FE_END
};

static zend_class_entry *register_class_Archivist_Job(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Archivist", "Job", class_Archivist_Job_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES|ZEND_ACC_NOT_SERIALIZABLE;

	return class_entry;
}

/* This is a generated file, edit the .stub.php file instead.
 * Stub hash: 9947a41ebf440675ad024175e0f969111f0c3b99 */

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Archivist_AsyncTask___construct, 0, 0, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Archivist_AsyncTask_isDone, 0, 0, _IS_BOOL, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Archivist_AsyncTask_cancel, 0, 0, IS_VOID, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_TYPE_MASK_EX(arginfo_class_Archivist_AsyncTask_wait, 0, 0, Archivist\\StoredObject|Archivist\\StorageCheck|Archivist\\StorageSpace, MAY_BE_NULL)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, timeoutMs, IS_LONG, 1, "null")
ZEND_END_ARG_INFO()


ZEND_METHOD(Archivist_AsyncTask, __construct);
ZEND_METHOD(Archivist_AsyncTask, isDone);
ZEND_METHOD(Archivist_AsyncTask, cancel);
ZEND_METHOD(Archivist_AsyncTask, wait);


static const zend_function_entry class_Archivist_AsyncTask_methods[] = {
	ZEND_ME(Archivist_AsyncTask, __construct, arginfo_class_Archivist_AsyncTask___construct, ZEND_ACC_PRIVATE)
	ZEND_ME(Archivist_AsyncTask, isDone, arginfo_class_Archivist_AsyncTask_isDone, ZEND_ACC_PUBLIC)
	ZEND_ME(Archivist_AsyncTask, cancel, arginfo_class_Archivist_AsyncTask_cancel, ZEND_ACC_PUBLIC)
	ZEND_ME(Archivist_AsyncTask, wait, arginfo_class_Archivist_AsyncTask_wait, ZEND_ACC_PUBLIC)
	ZEND_FE_END
};

static zend_class_entry *register_class_Archivist_AsyncTask(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Archivist", "AsyncTask", class_Archivist_AsyncTask_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES|ZEND_ACC_NOT_SERIALIZABLE;

	return class_entry;
}

/* This is a generated file, edit the .stub.php file instead.
 * Stub hash: 80f4ccf7bc37c54fa0c3edc4a9d01dc14b6f6278 */

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Archivist_StorageApi___construct, 0, 0, 1)
	ZEND_ARG_OBJ_INFO(0, engine, Archivist\\Engine, 0)
	ZEND_ARG_OBJ_INFO_WITH_DEFAULT_VALUE(0, factory, Archivist\\StorageDriverFactory, 1, "null")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Archivist_StorageApi_getStorageDriver, 0, 1, Archivist\\StorageDriver, 0)
	ZEND_ARG_TYPE_INFO(0, type, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, settings, IS_ARRAY, 0, "[]")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Archivist_StorageApi_processTask, 0, 1, Archivist\\AsyncTask, 0)
	ZEND_ARG_OBJ_INFO(0, task, Archivist\\StorageTask, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, onSuccess, IS_CALLABLE, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, onFailure, IS_CALLABLE, 1, "null")
ZEND_END_ARG_INFO()


ZEND_METHOD(Archivist_StorageApi, __construct);
ZEND_METHOD(Archivist_StorageApi, getStorageDriver);
ZEND_METHOD(Archivist_StorageApi, processTask);


static const zend_function_entry class_Archivist_StorageApi_methods[] = {
	ZEND_ME(Archivist_StorageApi, __construct, arginfo_class_Archivist_StorageApi___construct, ZEND_ACC_PUBLIC)
	ZEND_ME(Archivist_StorageApi, getStorageDriver, arginfo_class_Archivist_StorageApi_getStorageDriver, ZEND_ACC_PUBLIC)
	ZEND_ME(Archivist_StorageApi, processTask, arginfo_class_Archivist_StorageApi_processTask, ZEND_ACC_PUBLIC)
	ZEND_FE_END
};

static zend_class_entry *register_class_Archivist_StorageApi(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Archivist", "StorageApi", class_Archivist_StorageApi_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES|ZEND_ACC_NOT_SERIALIZABLE;

	return class_entry;
}

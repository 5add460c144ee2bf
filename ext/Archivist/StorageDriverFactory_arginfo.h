/* This is a generated file, edit the .stub.php file instead.
 * Stub hash: 63b54f4489df3c3c775d3c5516cc90ee67f0d711 */

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Archivist_StorageDriverFactory___construct, 0, 0, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Archivist_StorageDriverFactory_register, 0, 2, IS_VOID, 0)
	ZEND_ARG_TYPE_INFO(0, type, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO(0, make, IS_CALLABLE, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, options, IS_ARRAY, 1, "null")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Archivist_StorageDriverFactory_options, 0, 1, IS_ARRAY, 0)
	ZEND_ARG_TYPE_INFO(0, type, IS_STRING, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Archivist_StorageDriverFactory_getStorageDriver, 0, 1, Archivist\\StorageDriver, 0)
	ZEND_ARG_TYPE_INFO(0, type, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, settings, IS_ARRAY, 0, "[]")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Archivist_StorageDriverFactory_open, 0, 1, Archivist\\StorageDriver, 0)
	ZEND_ARG_TYPE_INFO(0, url, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, options, IS_ARRAY, 0, "[]")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Archivist_StorageDriverFactory_types, 0, 0, IS_ARRAY, 0)
ZEND_END_ARG_INFO()


ZEND_METHOD(Archivist_StorageDriverFactory, __construct);
ZEND_METHOD(Archivist_StorageDriverFactory, register);
ZEND_METHOD(Archivist_StorageDriverFactory, options);
ZEND_METHOD(Archivist_StorageDriverFactory, getStorageDriver);
ZEND_METHOD(Archivist_StorageDriverFactory, open);
ZEND_METHOD(Archivist_StorageDriverFactory, types);


static const zend_function_entry class_Archivist_StorageDriverFactory_methods[] = {
	ZEND_ME(Archivist_StorageDriverFactory, __construct, arginfo_class_Archivist_StorageDriverFactory___construct, ZEND_ACC_PUBLIC)
	ZEND_ME(Archivist_StorageDriverFactory, register, arginfo_class_Archivist_StorageDriverFactory_register, ZEND_ACC_PUBLIC)
	ZEND_ME(Archivist_StorageDriverFactory, options, arginfo_class_Archivist_StorageDriverFactory_options, ZEND_ACC_PUBLIC)
	ZEND_ME(Archivist_StorageDriverFactory, getStorageDriver, arginfo_class_Archivist_StorageDriverFactory_getStorageDriver, ZEND_ACC_PUBLIC)
	ZEND_ME(Archivist_StorageDriverFactory, open, arginfo_class_Archivist_StorageDriverFactory_open, ZEND_ACC_PUBLIC)
	ZEND_ME(Archivist_StorageDriverFactory, types, arginfo_class_Archivist_StorageDriverFactory_types, ZEND_ACC_PUBLIC)
	ZEND_FE_END
};

static zend_class_entry *register_class_Archivist_StorageDriverFactory(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Archivist", "StorageDriverFactory", class_Archivist_StorageDriverFactory_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES|ZEND_ACC_NOT_SERIALIZABLE;

	return class_entry;
}

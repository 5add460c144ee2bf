/* This is a generated file, edit the .stub.php file instead.
 * Stub hash: c11b390dfe9deb55f538ee6a2e50d8f664c70c5d */

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Archivist_StorageDriver_store, 0, 2, IS_VOID, 0)
	ZEND_ARG_OBJ_INFO(0, data, Archivist\\Artifact, 0)
	ZEND_ARG_TYPE_INFO(0, key, IS_STRING, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Archivist_StorageDriver_retrieve, 0, 2, IS_VOID, 0)
	ZEND_ARG_TYPE_INFO(0, key, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO(0, path, IS_STRING, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Archivist_StorageDriver_delete, 0, 1, IS_VOID, 0)
	ZEND_ARG_TYPE_INFO(0, key, IS_STRING, 0)
ZEND_END_ARG_INFO()




static const zend_function_entry class_Archivist_StorageDriver_methods[] = {
	ZEND_ABSTRACT_ME_WITH_FLAGS(Archivist_StorageDriver, store, arginfo_class_Archivist_StorageDriver_store, ZEND_ACC_PUBLIC|ZEND_ACC_ABSTRACT)
	ZEND_ABSTRACT_ME_WITH_FLAGS(Archivist_StorageDriver, retrieve, arginfo_class_Archivist_StorageDriver_retrieve, ZEND_ACC_PUBLIC|ZEND_ACC_ABSTRACT)
	ZEND_ABSTRACT_ME_WITH_FLAGS(Archivist_StorageDriver, delete, arginfo_class_Archivist_StorageDriver_delete, ZEND_ACC_PUBLIC|ZEND_ACC_ABSTRACT)
	ZEND_FE_END
};

static zend_class_entry *register_class_Archivist_StorageDriver(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Archivist", "StorageDriver", class_Archivist_StorageDriver_methods);
	class_entry = zend_register_internal_interface(&ce);

	return class_entry;
}

/* This is a generated file, edit the .stub.php file instead.
 * Stub hash: 4c4e0d4ee146860013e3bc500353a7401b8b7d29 */

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Archivist_Storage_Filesystem___construct, 0, 0, 1)
	ZEND_ARG_TYPE_INFO(0, path, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, create, _IS_BOOL, 0, "false")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, owner, IS_STRING, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, marked, _IS_BOOL, 0, "false")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, expect, IS_STRING, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, adopt, _IS_BOOL, 0, "false")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Archivist_Storage_Filesystem_url, 0, 0, IS_STRING, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Archivist_Storage_Filesystem_store, 0, 2, IS_VOID, 0)
	ZEND_ARG_OBJ_INFO(0, data, Archivist\\Artifact, 0)
	ZEND_ARG_TYPE_INFO(0, key, IS_STRING, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Archivist_Storage_Filesystem_retrieve, 0, 2, IS_VOID, 0)
	ZEND_ARG_TYPE_INFO(0, key, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO(0, path, IS_STRING, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Archivist_Storage_Filesystem_delete, 0, 1, IS_VOID, 0)
	ZEND_ARG_TYPE_INFO(0, key, IS_STRING, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Archivist_Storage_Filesystem_stat, 0, 1, Archivist\\StoredObject, 0)
	ZEND_ARG_TYPE_INFO(0, key, IS_STRING, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Archivist_Storage_Filesystem_list, 0, 0, IS_ARRAY, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, after, IS_STRING, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, limit, IS_LONG, 0, "1000")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Archivist_Storage_Filesystem_check, 0, 0, Archivist\\StorageCheck, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Archivist_Storage_Filesystem_space, 0, 0, Archivist\\StorageSpace, 0)
ZEND_END_ARG_INFO()


ZEND_METHOD(Archivist_Storage_Filesystem, __construct);
ZEND_METHOD(Archivist_Storage_Filesystem, url);
ZEND_METHOD(Archivist_Storage_Filesystem, store);
ZEND_METHOD(Archivist_Storage_Filesystem, retrieve);
ZEND_METHOD(Archivist_Storage_Filesystem, delete);
ZEND_METHOD(Archivist_Storage_Filesystem, stat);
ZEND_METHOD(Archivist_Storage_Filesystem, list);
ZEND_METHOD(Archivist_Storage_Filesystem, check);
ZEND_METHOD(Archivist_Storage_Filesystem, space);


static const zend_function_entry class_Archivist_Storage_Filesystem_methods[] = {
	ZEND_ME(Archivist_Storage_Filesystem, __construct, arginfo_class_Archivist_Storage_Filesystem___construct, ZEND_ACC_PUBLIC)
	ZEND_ME(Archivist_Storage_Filesystem, url, arginfo_class_Archivist_Storage_Filesystem_url, ZEND_ACC_PUBLIC)
	ZEND_ME(Archivist_Storage_Filesystem, store, arginfo_class_Archivist_Storage_Filesystem_store, ZEND_ACC_PUBLIC)
	ZEND_ME(Archivist_Storage_Filesystem, retrieve, arginfo_class_Archivist_Storage_Filesystem_retrieve, ZEND_ACC_PUBLIC)
	ZEND_ME(Archivist_Storage_Filesystem, delete, arginfo_class_Archivist_Storage_Filesystem_delete, ZEND_ACC_PUBLIC)
	ZEND_ME(Archivist_Storage_Filesystem, stat, arginfo_class_Archivist_Storage_Filesystem_stat, ZEND_ACC_PUBLIC)
	ZEND_ME(Archivist_Storage_Filesystem, list, arginfo_class_Archivist_Storage_Filesystem_list, ZEND_ACC_PUBLIC)
	ZEND_ME(Archivist_Storage_Filesystem, check, arginfo_class_Archivist_Storage_Filesystem_check, ZEND_ACC_PUBLIC)
	ZEND_ME(Archivist_Storage_Filesystem, space, arginfo_class_Archivist_Storage_Filesystem_space, ZEND_ACC_PUBLIC)
	ZEND_FE_END
};

static zend_class_entry *register_class_Archivist_Storage_Filesystem(zend_class_entry *class_entry_Archivist_StorageDriver)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Archivist\\Storage", "Filesystem", class_Archivist_Storage_Filesystem_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES|ZEND_ACC_NOT_SERIALIZABLE;
	zend_class_implements(class_entry, 1, class_entry_Archivist_StorageDriver);

	return class_entry;
}

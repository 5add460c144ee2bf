/* This is a generated file, edit the .stub.php file instead.
 * Stub hash: 345d9adcc624593e05ca6b7702782561955df936 */

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Archivist_EntryList___construct, 0, 0, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, memoryBytes, IS_LONG, 0, "0")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Archivist_EntryList_addFile, 0, 2, IS_STATIC, 0)
	ZEND_ARG_TYPE_INFO(0, name, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO(0, path, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, owner, IS_STRING, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, sizeBytes, IS_LONG, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, modifiedAt, IS_LONG, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, persons, IS_ARRAY, 0, "[]")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Archivist_EntryList_addString, 0, 2, IS_STATIC, 0)
	ZEND_ARG_TYPE_INFO(0, name, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO(0, data, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, owner, IS_STRING, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, modifiedAt, IS_LONG, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, persons, IS_ARRAY, 0, "[]")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Archivist_EntryList_addCallback, 0, 2, IS_STATIC, 0)
	ZEND_ARG_TYPE_INFO(0, name, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO(0, read, IS_CALLABLE, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, owner, IS_STRING, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, sizeBytes, IS_LONG, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, modifiedAt, IS_LONG, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, persons, IS_ARRAY, 0, "[]")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Archivist_EntryList_addFolder, 0, 2, IS_STATIC, 0)
	ZEND_ARG_TYPE_INFO(0, name, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO(0, folder, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, owner, IS_STRING, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, persons, IS_ARRAY, 0, "[]")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, links, IS_STRING, 0, "\"follow\"")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, exclude, IS_ARRAY, 0, "[]")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Archivist_EntryList_addList, 0, 1, IS_STATIC, 0)
	ZEND_ARG_TYPE_INFO(0, path, IS_STRING, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Archivist_EntryList_count, 0, 0, IS_LONG, 0)
ZEND_END_ARG_INFO()

#define arginfo_class_Archivist_EntryList_totalBytes arginfo_class_Archivist_EntryList_count


ZEND_METHOD(Archivist_EntryList, __construct);
ZEND_METHOD(Archivist_EntryList, addFile);
ZEND_METHOD(Archivist_EntryList, addString);
ZEND_METHOD(Archivist_EntryList, addCallback);
ZEND_METHOD(Archivist_EntryList, addFolder);
ZEND_METHOD(Archivist_EntryList, addList);
ZEND_METHOD(Archivist_EntryList, count);
ZEND_METHOD(Archivist_EntryList, totalBytes);


static const zend_function_entry class_Archivist_EntryList_methods[] = {
	ZEND_ME(Archivist_EntryList, __construct, arginfo_class_Archivist_EntryList___construct, ZEND_ACC_PUBLIC)
	ZEND_ME(Archivist_EntryList, addFile, arginfo_class_Archivist_EntryList_addFile, ZEND_ACC_PUBLIC)
	ZEND_ME(Archivist_EntryList, addString, arginfo_class_Archivist_EntryList_addString, ZEND_ACC_PUBLIC)
	ZEND_ME(Archivist_EntryList, addCallback, arginfo_class_Archivist_EntryList_addCallback, ZEND_ACC_PUBLIC)
	ZEND_ME(Archivist_EntryList, addFolder, arginfo_class_Archivist_EntryList_addFolder, ZEND_ACC_PUBLIC)
	ZEND_ME(Archivist_EntryList, addList, arginfo_class_Archivist_EntryList_addList, ZEND_ACC_PUBLIC)
	ZEND_ME(Archivist_EntryList, count, arginfo_class_Archivist_EntryList_count, ZEND_ACC_PUBLIC)
	ZEND_ME(Archivist_EntryList, totalBytes, arginfo_class_Archivist_EntryList_totalBytes, ZEND_ACC_PUBLIC)
	ZEND_FE_END
};

static zend_class_entry *register_class_Archivist_EntryList(zend_class_entry *class_entry_Countable)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Archivist", "EntryList", class_Archivist_EntryList_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES|ZEND_ACC_NOT_SERIALIZABLE;
	zend_class_implements(class_entry, 1, class_entry_Countable);

	return class_entry;
}

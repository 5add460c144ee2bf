/* This is a generated file, edit the .stub.php file instead.
 * Stub hash: be0ab9efb292bf964e85ab2cc6638b62fb37b348 */

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Archivist_Verifier___construct, 0, 0, 0)
	ZEND_ARG_OBJ_INFO_WITH_DEFAULT_VALUE(0, engine, Archivist\\Engine, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, entriesMax, IS_LONG, 0, "0")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, totalBytesMax, IS_LONG, 0, "0")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, findingsMax, IS_LONG, 0, "0")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, foreign, _IS_BOOL, 0, "false")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Archivist_Verifier_verify, 0, 1, Archivist\\Report, 0)
	ZEND_ARG_TYPE_INFO(0, path, IS_STRING, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Archivist_Verifier_verifyStored, 0, 2, Archivist\\Report, 0)
	ZEND_ARG_OBJ_INFO(0, driver, Archivist\\StorageDriver, 0)
	ZEND_ARG_TYPE_INFO(0, key, IS_STRING, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Archivist_Verifier_entries, 0, 1, Archivist\\Entries, 0)
	ZEND_ARG_TYPE_INFO(0, path, IS_STRING, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Archivist_Verifier_extract, 0, 2, IS_LONG, 0)
	ZEND_ARG_TYPE_INFO(0, path, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO(0, folder, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, safeNames, _IS_BOOL, 0, "false")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, names, IS_ARRAY, 0, "[]")
ZEND_END_ARG_INFO()


ZEND_METHOD(Archivist_Verifier, __construct);
ZEND_METHOD(Archivist_Verifier, verify);
ZEND_METHOD(Archivist_Verifier, verifyStored);
ZEND_METHOD(Archivist_Verifier, entries);
ZEND_METHOD(Archivist_Verifier, extract);


static const zend_function_entry class_Archivist_Verifier_methods[] = {
	ZEND_ME(Archivist_Verifier, __construct, arginfo_class_Archivist_Verifier___construct, ZEND_ACC_PUBLIC)
	ZEND_ME(Archivist_Verifier, verify, arginfo_class_Archivist_Verifier_verify, ZEND_ACC_PUBLIC)
	ZEND_ME(Archivist_Verifier, verifyStored, arginfo_class_Archivist_Verifier_verifyStored, ZEND_ACC_PUBLIC)
	ZEND_ME(Archivist_Verifier, entries, arginfo_class_Archivist_Verifier_entries, ZEND_ACC_PUBLIC)
	ZEND_ME(Archivist_Verifier, extract, arginfo_class_Archivist_Verifier_extract, ZEND_ACC_PUBLIC)
	ZEND_FE_END
};

static zend_class_entry *register_class_Archivist_Verifier(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Archivist", "Verifier", class_Archivist_Verifier_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES|ZEND_ACC_NOT_SERIALIZABLE;

	return class_entry;
}

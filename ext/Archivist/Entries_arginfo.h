/* This is a generated file, edit the .stub.php file instead.
 * Stub hash: f2de28653b0cf2846b1a75db1cbb9731cb7f5baa */

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Archivist_Entries___construct, 0, 0, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Archivist_Entries_current, 0, 0, Archivist\\Entry, 1)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Archivist_Entries_key, 0, 0, IS_LONG, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Archivist_Entries_next, 0, 0, IS_VOID, 0)
ZEND_END_ARG_INFO()

#define arginfo_class_Archivist_Entries_rewind arginfo_class_Archivist_Entries_next

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Archivist_Entries_valid, 0, 0, _IS_BOOL, 0)
ZEND_END_ARG_INFO()


ZEND_METHOD(Archivist_Entries, __construct);
ZEND_METHOD(Archivist_Entries, current);
ZEND_METHOD(Archivist_Entries, key);
ZEND_METHOD(Archivist_Entries, next);
ZEND_METHOD(Archivist_Entries, rewind);
ZEND_METHOD(Archivist_Entries, valid);


static const zend_function_entry class_Archivist_Entries_methods[] = {
	ZEND_ME(Archivist_Entries, __construct, arginfo_class_Archivist_Entries___construct, ZEND_ACC_PRIVATE)
	ZEND_ME(Archivist_Entries, current, arginfo_class_Archivist_Entries_current, ZEND_ACC_PUBLIC)
	ZEND_ME(Archivist_Entries, key, arginfo_class_Archivist_Entries_key, ZEND_ACC_PUBLIC)
	ZEND_ME(Archivist_Entries, next, arginfo_class_Archivist_Entries_next, ZEND_ACC_PUBLIC)
	ZEND_ME(Archivist_Entries, rewind, arginfo_class_Archivist_Entries_rewind, ZEND_ACC_PUBLIC)
	ZEND_ME(Archivist_Entries, valid, arginfo_class_Archivist_Entries_valid, ZEND_ACC_PUBLIC)
	ZEND_FE_END
};

static zend_class_entry *register_class_Archivist_Entries(zend_class_entry *class_entry_Iterator)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Archivist", "Entries", class_Archivist_Entries_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES|ZEND_ACC_NOT_SERIALIZABLE;
	zend_class_implements(class_entry, 1, class_entry_Iterator);

	return class_entry;
}

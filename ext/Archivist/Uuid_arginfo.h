/* This is a generated file, edit the .stub.php file instead.
 * Stub hash: 22b5e6148f1cf675f36516e81476b4c8502b52ad */

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Archivist_Uuid___construct, 0, 0, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Archivist_Uuid_random, 0, 0, IS_STRING, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Archivist_Uuid_derive, 0, 1, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO(0, data, IS_STRING, 0)
ZEND_END_ARG_INFO()


ZEND_METHOD(Archivist_Uuid, __construct);
ZEND_METHOD(Archivist_Uuid, random);
ZEND_METHOD(Archivist_Uuid, derive);


static const zend_function_entry class_Archivist_Uuid_methods[] = {
	ZEND_ME(Archivist_Uuid, __construct, arginfo_class_Archivist_Uuid___construct, ZEND_ACC_PRIVATE)
	ZEND_ME(Archivist_Uuid, random, arginfo_class_Archivist_Uuid_random, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_ME(Archivist_Uuid, derive, arginfo_class_Archivist_Uuid_derive, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_FE_END
};

static zend_class_entry *register_class_Archivist_Uuid(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Archivist", "Uuid", class_Archivist_Uuid_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES;

	return class_entry;
}

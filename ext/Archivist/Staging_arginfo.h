/* This is a generated file, edit the .stub.php file instead.
 * Stub hash: 5d5ee7de4c3fb7dd680cb03da8c5dafffb33728c */

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Archivist_Staging___construct, 0, 0, 1)
	ZEND_ARG_TYPE_INFO(0, folder, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, limitBytes, IS_LONG, 0, "0")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, reserveBytes, IS_LONG, 0, "0")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Archivist_Staging_create, 0, 1, IS_VOID, 0)
	ZEND_ARG_TYPE_INFO(0, uuid, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, document, IS_STRING, 1, "null")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Archivist_Staging_document, 0, 1, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO(0, uuid, IS_STRING, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Archivist_Staging_status, 0, 1, Archivist\\StagedStatus, 0)
	ZEND_ARG_TYPE_INFO(0, uuid, IS_STRING, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Archivist_Staging_uuids, 0, 0, IS_ARRAY, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Archivist_Staging_log, 0, 1, IS_ARRAY, 0)
	ZEND_ARG_TYPE_INFO(0, uuid, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, offset, IS_LONG, 0, "0")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, limit, IS_LONG, 0, "100")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Archivist_Staging_cancel, 0, 1, IS_VOID, 0)
	ZEND_ARG_TYPE_INFO(0, uuid, IS_STRING, 0)
ZEND_END_ARG_INFO()

#define arginfo_class_Archivist_Staging_requeue arginfo_class_Archivist_Staging_cancel

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Archivist_Staging_delete, 0, 1, IS_VOID, 0)
	ZEND_ARG_TYPE_INFO(0, uuid, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, force, _IS_BOOL, 0, "false")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Archivist_Staging_sweep, 0, 0, Archivist\\StagingSwept, 0)
ZEND_END_ARG_INFO()


ZEND_METHOD(Archivist_Staging, __construct);
ZEND_METHOD(Archivist_Staging, create);
ZEND_METHOD(Archivist_Staging, document);
ZEND_METHOD(Archivist_Staging, status);
ZEND_METHOD(Archivist_Staging, uuids);
ZEND_METHOD(Archivist_Staging, log);
ZEND_METHOD(Archivist_Staging, cancel);
ZEND_METHOD(Archivist_Staging, requeue);
ZEND_METHOD(Archivist_Staging, delete);
ZEND_METHOD(Archivist_Staging, sweep);


static const zend_function_entry class_Archivist_Staging_methods[] = {
	ZEND_ME(Archivist_Staging, __construct, arginfo_class_Archivist_Staging___construct, ZEND_ACC_PUBLIC)
	ZEND_ME(Archivist_Staging, create, arginfo_class_Archivist_Staging_create, ZEND_ACC_PUBLIC)
	ZEND_ME(Archivist_Staging, document, arginfo_class_Archivist_Staging_document, ZEND_ACC_PUBLIC)
	ZEND_ME(Archivist_Staging, status, arginfo_class_Archivist_Staging_status, ZEND_ACC_PUBLIC)
	ZEND_ME(Archivist_Staging, uuids, arginfo_class_Archivist_Staging_uuids, ZEND_ACC_PUBLIC)
	ZEND_ME(Archivist_Staging, log, arginfo_class_Archivist_Staging_log, ZEND_ACC_PUBLIC)
	ZEND_ME(Archivist_Staging, cancel, arginfo_class_Archivist_Staging_cancel, ZEND_ACC_PUBLIC)
	ZEND_ME(Archivist_Staging, requeue, arginfo_class_Archivist_Staging_requeue, ZEND_ACC_PUBLIC)
	ZEND_ME(Archivist_Staging, delete, arginfo_class_Archivist_Staging_delete, ZEND_ACC_PUBLIC)
	ZEND_ME(Archivist_Staging, sweep, arginfo_class_Archivist_Staging_sweep, ZEND_ACC_PUBLIC)
	ZEND_FE_END
};

static zend_class_entry *register_class_Archivist_Staging(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Archivist", "Staging", class_Archivist_Staging_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES|ZEND_ACC_NOT_SERIALIZABLE;

	zval property_folder_default_value;
	ZVAL_UNDEF(&property_folder_default_value);
	zend_string *property_folder_name = zend_string_init("folder", sizeof("folder") - 1, 1);
	zend_declare_typed_property(class_entry, property_folder_name, &property_folder_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING));
	zend_string_release(property_folder_name);

	return class_entry;
}

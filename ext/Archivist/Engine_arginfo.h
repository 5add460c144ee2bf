/* This is a generated file, edit the .stub.php file instead.
 * Stub hash: 8a8e37c53d4fdbb4d63f432e4480f9bf4badb4ad */

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Archivist_Engine___construct, 0, 0, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, threads, IS_LONG, 0, "0")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, readers, IS_LONG, 0, "0")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, jobs, IS_LONG, 0, "0")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, memoryBytes, IS_LONG, 0, "0")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, logger, IS_CALLABLE, 1, "null")
	ZEND_ARG_OBJ_INFO_WITH_DEFAULT_VALUE(0, logLevel, Archivist\\LogLevel, 0, "Archivist\\LogLevel::Notice")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, nice, IS_LONG, 0, "0")
	ZEND_ARG_OBJ_INFO_WITH_DEFAULT_VALUE(0, ioPriority, Archivist\\IoPriority, 0, "Archivist\\IoPriority::Normal")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Archivist_Engine_start, 0, 1, Archivist\\Job, 0)
	ZEND_ARG_OBJ_INFO(0, spec, Archivist\\JobSpec, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Archivist_Engine_poll, 0, 0, _IS_BOOL, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, timeoutMs, IS_LONG, 0, "0")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Archivist_Engine_wait, 0, 0, _IS_BOOL, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, timeoutMs, IS_LONG, 1, "null")
ZEND_END_ARG_INFO()


ZEND_METHOD(Archivist_Engine, __construct);
ZEND_METHOD(Archivist_Engine, start);
ZEND_METHOD(Archivist_Engine, poll);
ZEND_METHOD(Archivist_Engine, wait);


static const zend_function_entry class_Archivist_Engine_methods[] = {
	ZEND_ME(Archivist_Engine, __construct, arginfo_class_Archivist_Engine___construct, ZEND_ACC_PUBLIC)
	ZEND_ME(Archivist_Engine, start, arginfo_class_Archivist_Engine_start, ZEND_ACC_PUBLIC)
	ZEND_ME(Archivist_Engine, poll, arginfo_class_Archivist_Engine_poll, ZEND_ACC_PUBLIC)
	ZEND_ME(Archivist_Engine, wait, arginfo_class_Archivist_Engine_wait, ZEND_ACC_PUBLIC)
	ZEND_FE_END
};

static zend_class_entry *register_class_Archivist_Engine(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Archivist", "Engine", class_Archivist_Engine_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES|ZEND_ACC_NOT_SERIALIZABLE;

	return class_entry;
}

/* This is a generated file, edit the .stub.php file instead.
 * Stub hash: 04c8d5506001484bb0d5076370d841450b1a2322 */

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Archivist_Exception_ArchivistException_getErrorName, 0, 0, IS_STRING, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Archivist_Exception_ArchivistException_isRetryable, 0, 0, _IS_BOOL, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Archivist_Exception_ArchivistException_getSubject, 0, 0, IS_STRING, 1)
ZEND_END_ARG_INFO()


ZEND_METHOD(Archivist_Exception_ArchivistException, getErrorName);
ZEND_METHOD(Archivist_Exception_ArchivistException, isRetryable);
ZEND_METHOD(Archivist_Exception_ArchivistException, getSubject);


static const zend_function_entry class_Archivist_Exception_ArchivistException_methods[] = {
	ZEND_ME(Archivist_Exception_ArchivistException, getErrorName, arginfo_class_Archivist_Exception_ArchivistException_getErrorName, ZEND_ACC_PUBLIC|ZEND_ACC_FINAL)
	ZEND_ME(Archivist_Exception_ArchivistException, isRetryable, arginfo_class_Archivist_Exception_ArchivistException_isRetryable, ZEND_ACC_PUBLIC|ZEND_ACC_FINAL)
	ZEND_ME(Archivist_Exception_ArchivistException, getSubject, arginfo_class_Archivist_Exception_ArchivistException_getSubject, ZEND_ACC_PUBLIC|ZEND_ACC_FINAL)
	ZEND_FE_END
};


static const zend_function_entry class_Archivist_Exception_InvalidArgumentException_methods[] = {
	ZEND_FE_END
};


static const zend_function_entry class_Archivist_Exception_StateException_methods[] = {
	ZEND_FE_END
};


static const zend_function_entry class_Archivist_Exception_UnsupportedException_methods[] = {
	ZEND_FE_END
};


static const zend_function_entry class_Archivist_Exception_SourceException_methods[] = {
	ZEND_FE_END
};


static const zend_function_entry class_Archivist_Exception_StorageException_methods[] = {
	ZEND_FE_END
};


static const zend_function_entry class_Archivist_Exception_ExistsException_methods[] = {
	ZEND_FE_END
};


static const zend_function_entry class_Archivist_Exception_NotFoundException_methods[] = {
	ZEND_FE_END
};


static const zend_function_entry class_Archivist_Exception_IntegrityException_methods[] = {
	ZEND_FE_END
};


static const zend_function_entry class_Archivist_Exception_CanceledException_methods[] = {
	ZEND_FE_END
};


static const zend_function_entry class_Archivist_Exception_TimeoutException_methods[] = {
	ZEND_FE_END
};


static const zend_function_entry class_Archivist_Exception_LimitException_methods[] = {
	ZEND_FE_END
};


static const zend_function_entry class_Archivist_Exception_CallbackException_methods[] = {
	ZEND_FE_END
};


static const zend_function_entry class_Archivist_Exception_InternalException_methods[] = {
	ZEND_FE_END
};

static zend_class_entry *register_class_Archivist_Exception_ArchivistException(zend_class_entry *class_entry_RuntimeException)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Archivist\\Exception", "ArchivistException", class_Archivist_Exception_ArchivistException_methods);
	class_entry = zend_register_internal_class_ex(&ce, class_entry_RuntimeException);

	zval property_errorName_default_value;
	ZVAL_EMPTY_STRING(&property_errorName_default_value);
	zend_string *property_errorName_name = zend_string_init("errorName", sizeof("errorName") - 1, 1);
	zend_declare_typed_property(class_entry, property_errorName_name, &property_errorName_default_value, ZEND_ACC_PROTECTED, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING));
	zend_string_release(property_errorName_name);

	zval property_retryable_default_value;
	ZVAL_FALSE(&property_retryable_default_value);
	zend_string *property_retryable_name = zend_string_init("retryable", sizeof("retryable") - 1, 1);
	zend_declare_typed_property(class_entry, property_retryable_name, &property_retryable_default_value, ZEND_ACC_PROTECTED, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_BOOL));
	zend_string_release(property_retryable_name);

	zval property_subject_default_value;
	ZVAL_NULL(&property_subject_default_value);
	zend_string *property_subject_name = zend_string_init("subject", sizeof("subject") - 1, 1);
	zend_declare_typed_property(class_entry, property_subject_name, &property_subject_default_value, ZEND_ACC_PROTECTED, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING|MAY_BE_NULL));
	zend_string_release(property_subject_name);

	return class_entry;
}

static zend_class_entry *register_class_Archivist_Exception_InvalidArgumentException(zend_class_entry *class_entry_Archivist_Exception_ArchivistException)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Archivist\\Exception", "InvalidArgumentException", class_Archivist_Exception_InvalidArgumentException_methods);
	class_entry = zend_register_internal_class_ex(&ce, class_entry_Archivist_Exception_ArchivistException);

	return class_entry;
}

static zend_class_entry *register_class_Archivist_Exception_StateException(zend_class_entry *class_entry_Archivist_Exception_ArchivistException)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Archivist\\Exception", "StateException", class_Archivist_Exception_StateException_methods);
	class_entry = zend_register_internal_class_ex(&ce, class_entry_Archivist_Exception_ArchivistException);

	return class_entry;
}

static zend_class_entry *register_class_Archivist_Exception_UnsupportedException(zend_class_entry *class_entry_Archivist_Exception_ArchivistException)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Archivist\\Exception", "UnsupportedException", class_Archivist_Exception_UnsupportedException_methods);
	class_entry = zend_register_internal_class_ex(&ce, class_entry_Archivist_Exception_ArchivistException);

	return class_entry;
}

static zend_class_entry *register_class_Archivist_Exception_SourceException(zend_class_entry *class_entry_Archivist_Exception_ArchivistException)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Archivist\\Exception", "SourceException", class_Archivist_Exception_SourceException_methods);
	class_entry = zend_register_internal_class_ex(&ce, class_entry_Archivist_Exception_ArchivistException);

	return class_entry;
}

static zend_class_entry *register_class_Archivist_Exception_StorageException(zend_class_entry *class_entry_Archivist_Exception_ArchivistException)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Archivist\\Exception", "StorageException", class_Archivist_Exception_StorageException_methods);
	class_entry = zend_register_internal_class_ex(&ce, class_entry_Archivist_Exception_ArchivistException);

	return class_entry;
}

static zend_class_entry *register_class_Archivist_Exception_ExistsException(zend_class_entry *class_entry_Archivist_Exception_StorageException)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Archivist\\Exception", "ExistsException", class_Archivist_Exception_ExistsException_methods);
	class_entry = zend_register_internal_class_ex(&ce, class_entry_Archivist_Exception_StorageException);

	return class_entry;
}

static zend_class_entry *register_class_Archivist_Exception_NotFoundException(zend_class_entry *class_entry_Archivist_Exception_StorageException)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Archivist\\Exception", "NotFoundException", class_Archivist_Exception_NotFoundException_methods);
	class_entry = zend_register_internal_class_ex(&ce, class_entry_Archivist_Exception_StorageException);

	return class_entry;
}

static zend_class_entry *register_class_Archivist_Exception_IntegrityException(zend_class_entry *class_entry_Archivist_Exception_ArchivistException)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Archivist\\Exception", "IntegrityException", class_Archivist_Exception_IntegrityException_methods);
	class_entry = zend_register_internal_class_ex(&ce, class_entry_Archivist_Exception_ArchivistException);

	return class_entry;
}

static zend_class_entry *register_class_Archivist_Exception_CanceledException(zend_class_entry *class_entry_Archivist_Exception_ArchivistException)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Archivist\\Exception", "CanceledException", class_Archivist_Exception_CanceledException_methods);
	class_entry = zend_register_internal_class_ex(&ce, class_entry_Archivist_Exception_ArchivistException);

	return class_entry;
}

static zend_class_entry *register_class_Archivist_Exception_TimeoutException(zend_class_entry *class_entry_Archivist_Exception_ArchivistException)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Archivist\\Exception", "TimeoutException", class_Archivist_Exception_TimeoutException_methods);
	class_entry = zend_register_internal_class_ex(&ce, class_entry_Archivist_Exception_ArchivistException);

	return class_entry;
}

static zend_class_entry *register_class_Archivist_Exception_LimitException(zend_class_entry *class_entry_Archivist_Exception_ArchivistException)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Archivist\\Exception", "LimitException", class_Archivist_Exception_LimitException_methods);
	class_entry = zend_register_internal_class_ex(&ce, class_entry_Archivist_Exception_ArchivistException);

	return class_entry;
}

static zend_class_entry *register_class_Archivist_Exception_CallbackException(zend_class_entry *class_entry_Archivist_Exception_ArchivistException)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Archivist\\Exception", "CallbackException", class_Archivist_Exception_CallbackException_methods);
	class_entry = zend_register_internal_class_ex(&ce, class_entry_Archivist_Exception_ArchivistException);

	return class_entry;
}

static zend_class_entry *register_class_Archivist_Exception_InternalException(zend_class_entry *class_entry_Archivist_Exception_ArchivistException)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Archivist\\Exception", "InternalException", class_Archivist_Exception_InternalException_methods);
	class_entry = zend_register_internal_class_ex(&ce, class_entry_Archivist_Exception_ArchivistException);

	return class_entry;
}

/* This is a generated file, edit the .stub.php file instead.
 * Stub hash: 83ef2beed2d5c14e4d58e83d380552840e8d36cc */

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Archivist_Progress___construct, 0, 0, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Archivist_Progress_fraction, 0, 0, IS_DOUBLE, 0)
ZEND_END_ARG_INFO()


ZEND_METHOD(Archivist_Progress, __construct);
ZEND_METHOD(Archivist_Progress, fraction);


static const zend_function_entry class_Archivist_Progress_methods[] = {
	ZEND_ME(Archivist_Progress, __construct, arginfo_class_Archivist_Progress___construct, ZEND_ACC_PRIVATE)
	ZEND_ME(Archivist_Progress, fraction, arginfo_class_Archivist_Progress_fraction, ZEND_ACC_PUBLIC)
	ZEND_FE_END
};

static zend_class_entry *register_class_Archivist_Progress(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Archivist", "Progress", class_Archivist_Progress_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES;

	zend_string *property_state_class_Archivist_State = zend_string_init("Archivist\\State", sizeof("Archivist\\State")-1, 1);
	zval property_state_default_value;
	ZVAL_UNDEF(&property_state_default_value);
	zend_string *property_state_name = zend_string_init("state", sizeof("state") - 1, 1);
	zend_declare_typed_property(class_entry, property_state_name, &property_state_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_CLASS(property_state_class_Archivist_State, 0, 0));
	zend_string_release(property_state_name);

	zval property_bytesDone_default_value;
	ZVAL_UNDEF(&property_bytesDone_default_value);
	zend_string *property_bytesDone_name = zend_string_init("bytesDone", sizeof("bytesDone") - 1, 1);
	zend_declare_typed_property(class_entry, property_bytesDone_name, &property_bytesDone_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_bytesDone_name);

	zval property_bytesTotal_default_value;
	ZVAL_UNDEF(&property_bytesTotal_default_value);
	zend_string *property_bytesTotal_name = zend_string_init("bytesTotal", sizeof("bytesTotal") - 1, 1);
	zend_declare_typed_property(class_entry, property_bytesTotal_name, &property_bytesTotal_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_bytesTotal_name);

	zval property_entriesDone_default_value;
	ZVAL_UNDEF(&property_entriesDone_default_value);
	zend_string *property_entriesDone_name = zend_string_init("entriesDone", sizeof("entriesDone") - 1, 1);
	zend_declare_typed_property(class_entry, property_entriesDone_name, &property_entriesDone_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_entriesDone_name);

	zval property_entriesTotal_default_value;
	ZVAL_UNDEF(&property_entriesTotal_default_value);
	zend_string *property_entriesTotal_name = zend_string_init("entriesTotal", sizeof("entriesTotal") - 1, 1);
	zend_declare_typed_property(class_entry, property_entriesTotal_name, &property_entriesTotal_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_entriesTotal_name);

	zval property_bytesWritten_default_value;
	ZVAL_UNDEF(&property_bytesWritten_default_value);
	zend_string *property_bytesWritten_name = zend_string_init("bytesWritten", sizeof("bytesWritten") - 1, 1);
	zend_declare_typed_property(class_entry, property_bytesWritten_name, &property_bytesWritten_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_bytesWritten_name);

	zval property_staged_default_value;
	ZVAL_UNDEF(&property_staged_default_value);
	zend_string *property_staged_name = zend_string_init("staged", sizeof("staged") - 1, 1);
	zend_declare_typed_property(class_entry, property_staged_name, &property_staged_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_BOOL));
	zend_string_release(property_staged_name);

	zval property_bytesStored_default_value;
	ZVAL_UNDEF(&property_bytesStored_default_value);
	zend_string *property_bytesStored_name = zend_string_init("bytesStored", sizeof("bytesStored") - 1, 1);
	zend_declare_typed_property(class_entry, property_bytesStored_name, &property_bytesStored_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_bytesStored_name);

	zval property_bytesToStore_default_value;
	ZVAL_UNDEF(&property_bytesToStore_default_value);
	zend_string *property_bytesToStore_name = zend_string_init("bytesToStore", sizeof("bytesToStore") - 1, 1);
	zend_declare_typed_property(class_entry, property_bytesToStore_name, &property_bytesToStore_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_bytesToStore_name);

	zval property_elapsedMs_default_value;
	ZVAL_UNDEF(&property_elapsedMs_default_value);
	zend_string *property_elapsedMs_name = zend_string_init("elapsedMs", sizeof("elapsedMs") - 1, 1);
	zend_declare_typed_property(class_entry, property_elapsedMs_name, &property_elapsedMs_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_elapsedMs_name);

	return class_entry;
}

/* This is a generated file, edit the .stub.php file instead.
 * Stub hash: 766f64aa47658f28e8bdec8e0a3567806100ab72 */

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Archivist_Format_ofFile, 0, 1, Archivist\\Format, 1)
	ZEND_ARG_TYPE_INFO(0, fileName, IS_STRING, 0)
ZEND_END_ARG_INFO()


ZEND_METHOD(Archivist_Format, ofFile);


static const zend_function_entry class_Archivist_Format_methods[] = {
	ZEND_ME(Archivist_Format, ofFile, arginfo_class_Archivist_Format_ofFile, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_FE_END
};

static zend_class_entry *register_class_Archivist_Format(void)
{
	zend_class_entry *class_entry = zend_register_internal_enum("Archivist\\Format", IS_STRING, class_Archivist_Format_methods);

	zval enum_case_Zip_value;
	zend_string *enum_case_Zip_value_str = zend_string_init("zip", strlen("zip"), 1);
	ZVAL_STR(&enum_case_Zip_value, enum_case_Zip_value_str);
	zend_enum_add_case_cstr(class_entry, "Zip", &enum_case_Zip_value);

	zval enum_case_TarZst_value;
	zend_string *enum_case_TarZst_value_str = zend_string_init("tar.zst", strlen("tar.zst"), 1);
	ZVAL_STR(&enum_case_TarZst_value, enum_case_TarZst_value_str);
	zend_enum_add_case_cstr(class_entry, "TarZst", &enum_case_TarZst_value);

	zval enum_case_TarGz_value;
	zend_string *enum_case_TarGz_value_str = zend_string_init("tar.gz", strlen("tar.gz"), 1);
	ZVAL_STR(&enum_case_TarGz_value, enum_case_TarGz_value_str);
	zend_enum_add_case_cstr(class_entry, "TarGz", &enum_case_TarGz_value);

	zval enum_case_Tar_value;
	zend_string *enum_case_Tar_value_str = zend_string_init("tar", strlen("tar"), 1);
	ZVAL_STR(&enum_case_Tar_value, enum_case_Tar_value_str);
	zend_enum_add_case_cstr(class_entry, "Tar", &enum_case_Tar_value);

	return class_entry;
}

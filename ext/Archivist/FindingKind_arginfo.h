/* This is a generated file, edit the .stub.php file instead.
 * Stub hash: 5ff86aaf63f865e916a89409aaddf6d185b686cd */




static const zend_function_entry class_Archivist_FindingKind_methods[] = {
	ZEND_FE_END
};

static zend_class_entry *register_class_Archivist_FindingKind(void)
{
	zend_class_entry *class_entry = zend_register_internal_enum("Archivist\\FindingKind", IS_STRING, class_Archivist_FindingKind_methods);

	zval enum_case_Truncated_value;
	zend_string *enum_case_Truncated_value_str = zend_string_init("TRUNCATED", strlen("TRUNCATED"), 1);
	ZVAL_STR(&enum_case_Truncated_value, enum_case_Truncated_value_str);
	zend_enum_add_case_cstr(class_entry, "Truncated", &enum_case_Truncated_value);

	zval enum_case_Trailing_value;
	zend_string *enum_case_Trailing_value_str = zend_string_init("TRAILING", strlen("TRAILING"), 1);
	ZVAL_STR(&enum_case_Trailing_value, enum_case_Trailing_value_str);
	zend_enum_add_case_cstr(class_entry, "Trailing", &enum_case_Trailing_value);

	zval enum_case_Structure_value;
	zend_string *enum_case_Structure_value_str = zend_string_init("STRUCTURE", strlen("STRUCTURE"), 1);
	ZVAL_STR(&enum_case_Structure_value, enum_case_Structure_value_str);
	zend_enum_add_case_cstr(class_entry, "Structure", &enum_case_Structure_value);

	zval enum_case_Overlap_value;
	zend_string *enum_case_Overlap_value_str = zend_string_init("OVERLAP", strlen("OVERLAP"), 1);
	ZVAL_STR(&enum_case_Overlap_value, enum_case_Overlap_value_str);
	zend_enum_add_case_cstr(class_entry, "Overlap", &enum_case_Overlap_value);

	zval enum_case_Gap_value;
	zend_string *enum_case_Gap_value_str = zend_string_init("GAP", strlen("GAP"), 1);
	ZVAL_STR(&enum_case_Gap_value, enum_case_Gap_value_str);
	zend_enum_add_case_cstr(class_entry, "Gap", &enum_case_Gap_value);

	zval enum_case_Header_value;
	zend_string *enum_case_Header_value_str = zend_string_init("HEADER", strlen("HEADER"), 1);
	ZVAL_STR(&enum_case_Header_value, enum_case_Header_value_str);
	zend_enum_add_case_cstr(class_entry, "Header", &enum_case_Header_value);

	zval enum_case_Checksum_value;
	zend_string *enum_case_Checksum_value_str = zend_string_init("CHECKSUM", strlen("CHECKSUM"), 1);
	ZVAL_STR(&enum_case_Checksum_value, enum_case_Checksum_value_str);
	zend_enum_add_case_cstr(class_entry, "Checksum", &enum_case_Checksum_value);

	zval enum_case_Name_value;
	zend_string *enum_case_Name_value_str = zend_string_init("NAME", strlen("NAME"), 1);
	ZVAL_STR(&enum_case_Name_value, enum_case_Name_value_str);
	zend_enum_add_case_cstr(class_entry, "Name", &enum_case_Name_value);

	zval enum_case_Duplicate_value;
	zend_string *enum_case_Duplicate_value_str = zend_string_init("DUPLICATE", strlen("DUPLICATE"), 1);
	ZVAL_STR(&enum_case_Duplicate_value, enum_case_Duplicate_value_str);
	zend_enum_add_case_cstr(class_entry, "Duplicate", &enum_case_Duplicate_value);

	zval enum_case_Type_value;
	zend_string *enum_case_Type_value_str = zend_string_init("TYPE", strlen("TYPE"), 1);
	ZVAL_STR(&enum_case_Type_value, enum_case_Type_value_str);
	zend_enum_add_case_cstr(class_entry, "Type", &enum_case_Type_value);

	zval enum_case_Bomb_value;
	zend_string *enum_case_Bomb_value_str = zend_string_init("BOMB", strlen("BOMB"), 1);
	ZVAL_STR(&enum_case_Bomb_value, enum_case_Bomb_value_str);
	zend_enum_add_case_cstr(class_entry, "Bomb", &enum_case_Bomb_value);

	zval enum_case_NoBag_value;
	zend_string *enum_case_NoBag_value_str = zend_string_init("NO_BAG", strlen("NO_BAG"), 1);
	ZVAL_STR(&enum_case_NoBag_value, enum_case_NoBag_value_str);
	zend_enum_add_case_cstr(class_entry, "NoBag", &enum_case_NoBag_value);

	zval enum_case_Bag_value;
	zend_string *enum_case_Bag_value_str = zend_string_init("BAG", strlen("BAG"), 1);
	ZVAL_STR(&enum_case_Bag_value, enum_case_Bag_value_str);
	zend_enum_add_case_cstr(class_entry, "Bag", &enum_case_Bag_value);

	zval enum_case_Missing_value;
	zend_string *enum_case_Missing_value_str = zend_string_init("MISSING", strlen("MISSING"), 1);
	ZVAL_STR(&enum_case_Missing_value, enum_case_Missing_value_str);
	zend_enum_add_case_cstr(class_entry, "Missing", &enum_case_Missing_value);

	zval enum_case_Extra_value;
	zend_string *enum_case_Extra_value_str = zend_string_init("EXTRA", strlen("EXTRA"), 1);
	ZVAL_STR(&enum_case_Extra_value, enum_case_Extra_value_str);
	zend_enum_add_case_cstr(class_entry, "Extra", &enum_case_Extra_value);

	zval enum_case_Digest_value;
	zend_string *enum_case_Digest_value_str = zend_string_init("DIGEST", strlen("DIGEST"), 1);
	ZVAL_STR(&enum_case_Digest_value, enum_case_Digest_value_str);
	zend_enum_add_case_cstr(class_entry, "Digest", &enum_case_Digest_value);

	zval enum_case_Count_value;
	zend_string *enum_case_Count_value_str = zend_string_init("COUNT", strlen("COUNT"), 1);
	ZVAL_STR(&enum_case_Count_value, enum_case_Count_value_str);
	zend_enum_add_case_cstr(class_entry, "Count", &enum_case_Count_value);

	zval enum_case_Metadata_value;
	zend_string *enum_case_Metadata_value_str = zend_string_init("METADATA", strlen("METADATA"), 1);
	ZVAL_STR(&enum_case_Metadata_value, enum_case_Metadata_value_str);
	zend_enum_add_case_cstr(class_entry, "Metadata", &enum_case_Metadata_value);

	zval enum_case_Foreign_value;
	zend_string *enum_case_Foreign_value_str = zend_string_init("FOREIGN", strlen("FOREIGN"), 1);
	ZVAL_STR(&enum_case_Foreign_value, enum_case_Foreign_value_str);
	zend_enum_add_case_cstr(class_entry, "Foreign", &enum_case_Foreign_value);

	zval enum_case_Address_value;
	zend_string *enum_case_Address_value_str = zend_string_init("ADDRESS", strlen("ADDRESS"), 1);
	ZVAL_STR(&enum_case_Address_value, enum_case_Address_value_str);
	zend_enum_add_case_cstr(class_entry, "Address", &enum_case_Address_value);

	return class_entry;
}

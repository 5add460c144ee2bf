/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "storage/internal.h"
#include "test.h"

#define UUID "0192f0c1-7d3b-7cc2-9a51-3c6e1f2a4b5d"
#define KEY "5d/" UUID ".zip"

static arv_error err;

TEST(a_random_uuid_is_of_version_4_and_new)
{
    char a[37], b[37], key[ARV_KEY_BYTES];
    CHECK_OK(arv_uuid_random(a, &err), &err);
    CHECK_OK(arv_uuid_random(b, &err), &err);
    CHECK(strcmp(a, b) != 0);
    CHECK_INT(a[14], '4');
    CHECK(strchr("89ab", a[19]) != NULL);
    CHECK_OK(arv_key_from_uuid(a, "", key, &err), &err);
    CHECK_OK(arv__key_check(key, &err), &err);
}

TEST(a_derived_uuid_has_the_form_of_version_5_and_tells_its_bytes)
{
    char uuid[37];
    CHECK_OK(arv_uuid_derive("abc", 3, uuid, &err), &err); /* SHA-256: ba7816bf 8f01cfea 414140de… */
    CHECK_STR(uuid, "ba7816bf-8f01-5fea-8141-40de5dae2223");
}

TEST(a_key_is_made_from_the_end_of_a_uuid)
{
    char key[ARV_KEY_BYTES];
    CHECK_OK(arv_key_from_uuid(UUID, ".tar.zst", key, &err), &err);
    CHECK_STR(key, "5d/" UUID ".tar.zst");
    CHECK_OK(arv_key_from_uuid(UUID, NULL, key, &err), &err);
    CHECK_STR(key, "5d/" UUID);
    CHECK_ERR(arv_key_from_uuid("0192F0C1-7D3B-7CC2-9A51-3C6E1F2A4B5D", "", key, &err), &err, ARV_EINVALID,
              "lower case");
    CHECK_ERR(arv_key_from_uuid("x", "", key, &err), &err, ARV_EINVALID, "UUID");
    CHECK_ERR(arv_key_from_uuid(NULL, "", key, &err), &err, ARV_EINVALID, "UUID");
    CHECK_ERR(arv_key_from_uuid(UUID, "/../x", key, &err), &err, ARV_EINVALID, "suffix");
    CHECK_ERR(arv_key_from_uuid(UUID, ".ZIP", key, &err), &err, ARV_EINVALID, "suffix");
    CHECK_ERR(arv_key_from_uuid(UUID, ".0123456789012345678901234567890123456789", key, &err), &err,
              ARV_EINVALID, "suffix");
}

TEST(the_longest_key_fits)
{
    char key[ARV_KEY_BYTES];
    CHECK_OK(arv_key_from_uuid(UUID, ".0123456789012345678901234567890", key, &err), &err);
    CHECK_INT(strlen(key), ARV_KEY_BYTES - 1);
    CHECK_OK(arv__key_check(key, &err), &err);
}

TEST(the_suffix_of_a_file_is_plain_or_empty)
{
    static const char *const cases[][2] = {
        {"/srv/a.zip", ".zip"},
        {"A.TAR.ZST", ".tar.zst"},
        {"exam.tar.gz", ".tar.gz"},
        {"/srv.d/noext", ""},
        {".hidden", ""},
        {"a.", ""},
        {"name.b\xc3\xa4h", ""},
        {"a.b c", ""},
        {"a.averyveryverylongextension", ""},
        {"M\xc3\xbcller.pdf", ".pdf"},
        {".tar.gz", ".gz"},
    };
    char suffix[33];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        CHECK_SCENE("%s", cases[i][0]);
        arv__suffix_of_file(cases[i][0], suffix);
        CHECK_STR(suffix, cases[i][1]);
    }
}

TEST(an_address_is_split_into_url_and_key)
{
    arv_address a;
    CHECK_OK(arv_address_parse(&a, "file:///srv/archive/" KEY, &err), &err);
    CHECK_STR(a.url, "file:///srv/archive");
    CHECK_STR(a.key, KEY);
    CHECK_OK(arv_address_parse(&a, "s3://bucket/" KEY, &err), &err);
    CHECK_STR(a.url, "s3://bucket");
    CHECK_STR(a.key, KEY);
}

TEST(a_version_is_part_of_the_name_and_any_text_fits)
{
    static const char *const versions[][2] = {
        {"3HL4kqtJvjVBH40Nrjfkd", "3HL4kqtJvjVBH40Nrjfkd"},
        {"4_z27c.d-20~", "4_z27c.d-20~"},
        {"a b/#?%+=&:@", "a%20b%2F%23%3F%25%2B%3D%26%3A%40"},
        {"\xc3\xa4", "%C3%A4"},
    };
    char name[ARV_NAME_BYTES], text[ARV_ADDRESS_BYTES], expected[ARV_ADDRESS_BYTES],
        longest[ARV_VERSION_BYTES + 1];
    arv_address a;
    for (size_t i = 0; i < sizeof versions / sizeof versions[0]; i++) {
        CHECK_SCENE("version %s", versions[i][0]);
        CHECK_OK(arv_object_name(KEY, versions[i][0], name, &err), &err);
        snprintf(expected, sizeof expected, "%s#version=%s", KEY, versions[i][1]);
        CHECK_STR(name, expected);
        snprintf(text, sizeof text, "s3://bucket/a/%s", name);
        CHECK_OK(arv_address_parse(&a, text, &err), &err);
        CHECK_STR(a.url, "s3://bucket/a");
        CHECK_STR(a.key, KEY);
        CHECK_STR(a.version, versions[i][0]);
        CHECK_STR(a.name, name);
    }
    CHECK_OK(arv_object_name(KEY, NULL, name, &err), &err);
    CHECK_STR(name, KEY);
    memset(longest, '/', sizeof longest);
    longest[ARV_VERSION_BYTES] = '\0';
    CHECK_ERR(arv_object_name(KEY, longest, name, &err), &err, ARV_EINVALID, "255 bytes");
    longest[ARV_VERSION_BYTES - 1] = '\0';
    CHECK_OK(arv_object_name(KEY, longest, name, &err), &err);
    CHECK_INT(strlen(name), strlen(KEY) + 9 + 3 * 255);
    CHECK_ERR(arv_object_name(KEY, "a\nb", name, &err), &err, ARV_EINVALID, "printable");
    CHECK_ERR(arv_object_name("x", "1", name, &err), &err, ARV_EINVALID, "key");
}

TEST(what_is_no_version_is_refused)
{
    static const char *const bad[] = {"#",
                                      "#version",
                                      "#version=",
                                      "#Version=1",
                                      "#part=1",
                                      "#version=a/b",
                                      "#version=%0A",
                                      "#version=%00",
                                      "#version=%G1",
                                      "#version=%",
                                      "#version=%FF",
                                      "#version=1#version=2",
                                      "#version=a?b"};
    char text[ARV_ADDRESS_BYTES], key[ARV_KEY_BYTES], version[ARV_VERSION_BYTES],
        long_name[ARV_KEY_BYTES + 9 + 300];
    arv_address a;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        CHECK_SCENE("%s", bad[i]);
        snprintf(text, sizeof text, "s3://bucket/" KEY "%s", bad[i]);
        CHECK_ERR(arv_address_parse(&a, text, &err), &err, ARV_EINVALID, "is no version");
        CHECK_ERR(arv__name_parse(text + 12, key, version, &err), &err, ARV_EINVALID, KEY);
    }
    memset(long_name, 'v', sizeof long_name);
    memcpy(long_name, KEY "#version=", strlen(KEY) + 9);
    long_name[sizeof long_name - 1] = '\0';
    CHECK_ERR(arv__name_parse(long_name, key, version, &err), &err, ARV_EINVALID, "is no version");
}

TEST(what_stands_beside_an_archive_has_a_key_of_its_own)
{
    char key[ARV_KEY_BYTES], uuid[37], again[ARV_KEY_BYTES];
    unsigned number;
    CHECK_OK(arv_key_beside(KEY, 0, ".json", key, &err), &err);
    CHECK_STR(key, "5d/" UUID ".json");
    CHECK(arv_key_is_beside(key, &number) && number == 0);
    CHECK(!arv_key_to_uuid(key, uuid));
    CHECK_OK(arv_key_beside(KEY, 1, ".tsr", key, &err), &err);
    CHECK_STR(key, "5d/" UUID ".0001.tsr");
    CHECK(arv_key_is_beside(key, &number) && number == 1);
    CHECK(!arv_key_to_uuid(key, uuid));
    CHECK_OK(arv_key_beside(KEY, 9999, ".json", key, &err), &err);
    CHECK(arv_key_is_beside(key, &number) && number == 9999);
    CHECK_OK(arv_key_beside("5d/" UUID ".2.zip", 0, ".json", key, &err), &err);
    CHECK_STR(key, "5d/" UUID ".2.json");
    CHECK(arv_key_is_beside(key, &number) && number == 0);
    CHECK_OK(arv_key_beside("5d/" UUID ".2.zip", 7, ".tsr", key, &err), &err);
    CHECK_STR(key, "5d/" UUID ".2.0007.tsr");
    CHECK(arv_key_is_beside(key, &number) && number == 7);
    CHECK_ERR(arv_key_beside(key, 1, ".tsr", again, &err), &err, ARV_EINVALID, "beside");
    CHECK_ERR(arv_key_beside(KEY, 10000, ".tsr", key, &err), &err, ARV_EINVALID, "9999");
    CHECK_ERR(arv_key_beside(KEY, 0, ".tsr", key, &err), &err, ARV_EINVALID, ".json");
    CHECK_ERR(arv_key_beside(KEY, 1, "", key, &err), &err, ARV_EINVALID, "suffix");
    CHECK_ERR(arv_key_beside(KEY, 1, NULL, key, &err), &err, ARV_EINVALID, "suffix");
    CHECK_ERR(arv_key_beside(KEY, 1, "tsr", key, &err), &err, ARV_EINVALID, "suffix");
    CHECK_ERR(arv_key_beside("x", 1, ".tsr", key, &err), &err, ARV_EINVALID, "key");
    static const char *const archives[] = {KEY,
                                           "5d/" UUID,
                                           "5d/" UUID ".tar.zst",
                                           "5d/" UUID ".0000.tsr",
                                           "5d/" UUID ".0001",
                                           "5d/" UUID ".12345.tsr",
                                           "5d/" UUID ".001.tsr",
                                           "5d/" UUID ".2.zip",
                                           "5d/" UUID ".1.2.json",
                                           "5d/" UUID ".json.zip"};
    for (size_t i = 0; i < sizeof archives / sizeof archives[0]; i++) {
        CHECK_SCENE("%s", archives[i]);
        CHECK(!arv_key_is_beside(archives[i], &number));
        CHECK(arv_key_to_uuid(archives[i], uuid));
    }
    CHECK(!arv_key_is_beside(NULL, &number) && !arv_key_is_beside("x.json", &number));
    CHECK(arv_key_to_uuid(KEY "#version=7", uuid) && !arv_key_to_uuid(KEY "#x", uuid));
}

TEST(what_is_no_address_is_refused_with_an_example)
{
    static const char *const bad[] = {
        "",
        "file",
        KEY,
        "/srv/archive/" KEY,
        "file://" KEY,
        "file:///srv/archive",
        "file:///srv/archive/" KEY "/",
        "file:///srv/archive/5e/" UUID ".zip",
        "file:///srv/archive/" UUID ".zip",
        "file:///srv/ar chive/" KEY,
        "file:///srv/archive/" KEY "?x=1",
        "1x://srv/" KEY,
    };
    arv_address a;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CHECK_ERR(arv_address_parse(&a, bad[i], &err), &err, ARV_EINVALID, "file:///srv/");
    CHECK_ERR(arv_address_parse(&a, NULL, &err), &err, ARV_EINVALID, NULL);
}

TEST(user_info_is_refused_and_not_repeated)
{
    arv_address a;
    CHECK_ERR(arv_address_parse(&a, "s3://user:geheim@host/" KEY, &err), &err, ARV_EINVALID, "options");
    CHECK(strstr(err.message, "geheim") == NULL);
    CHECK(strstr(err.message, "user:") == NULL);
    static const char *const unescaped[] = {"s3://user:ge/heim@host", "s3://user:ge?heim@host",
                                            "s3://user:#heim@host"};
    for (size_t i = 0; i < sizeof unescaped / sizeof unescaped[0]; i++) {
        CHECK_SCENE("%s", unescaped[i]);
        char scheme[32];
        CHECK_ERR(arv__url_scheme(unescaped[i], scheme, &err), &err, ARV_EINVALID, "user name");
        CHECK(strstr(err.message, "heim") == NULL);
    }
    CHECK_OK(arv_address_parse(&a, "s3://host:443/a@b/" KEY, &err), &err);
    CHECK_OK(arv_address_parse(&a, "s3://[::1]/a@b/" KEY, &err), &err);
}

TEST(an_address_that_does_not_fit_is_refused)
{
    char long_url[ARV_ADDRESS_BYTES], address[ARV_ADDRESS_BYTES];
    arv_storage *storage;
    arv_engine *engine = test_engine_new();
    memset(long_url, 'a', sizeof long_url);
    memcpy(long_url, "file:///", 8);
    long_url[sizeof long_url - 20] = '\0';
    CHECK_OK(arv_storage_open(&storage, engine, long_url, NULL, 0, &err), &err);
    CHECK_ERR(arv_storage_address(storage, KEY, address, &err), &err, ARV_ELIMIT, "longer");
    CHECK_ERR(arv_storage_address(storage, "x", address, &err), &err, ARV_EINVALID, "key");
    arv_storage_unref(storage);
    test_engine_free(engine);
}

TEST(percent_signs_are_decoded_strictly)
{
    char out[64];
    CHECK_OK(arv__url_decode("/srv/a%20b%C3%A4%25", 19, out, sizeof out, &err), &err);
    CHECK_STR(out, "/srv/a b\xc3\xa4%");
    CHECK_ERR(arv__url_decode("/a%00b", 6, out, sizeof out, &err), &err, ARV_EINVALID, "%00");
    CHECK_ERR(arv__url_decode("/a%2", 4, out, sizeof out, &err), &err, ARV_EINVALID, "hexadecimal");
    CHECK_ERR(arv__url_decode("/a%zz", 5, out, sizeof out, &err), &err, ARV_EINVALID, "hexadecimal");
    CHECK_ERR(arv__url_decode("/a%", 3, out, sizeof out, &err), &err, ARV_EINVALID, "hexadecimal");
    CHECK_ERR(arv__url_decode("/a%ff", 5, out, sizeof out, &err), &err, ARV_EINVALID, "UTF-8");
    CHECK_ERR(arv__url_decode("/abcdef", 7, out, 7, &err), &err, ARV_EINVALID, "longer");
}

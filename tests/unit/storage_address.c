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
    CHECK_ERR(arv_key_from_uuid("0192F0C1-7D3B-7CC2-9A51-3C6E1F2A4B5D", "", key, &err), &err,
              ARV_EINVALID, "lower case");
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
    char url[ARV_ADDRESS_BYTES], key[ARV_KEY_BYTES];
    CHECK_OK(arv_address_split("file:///srv/archive/" KEY, url, key, &err), &err);
    CHECK_STR(url, "file:///srv/archive");
    CHECK_STR(key, KEY);
    CHECK_OK(arv_address_split("s3://bucket/" KEY, url, key, &err), &err);
    CHECK_STR(url, "s3://bucket");
    CHECK_STR(key, KEY);
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
    char url[ARV_ADDRESS_BYTES], key[ARV_KEY_BYTES];
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CHECK_ERR(arv_address_split(bad[i], url, key, &err), &err, ARV_EINVALID, "file:///srv/");
    CHECK_ERR(arv_address_split(NULL, url, key, &err), &err, ARV_EINVALID, NULL);
}

TEST(user_info_is_refused_and_not_repeated)
{
    char url[ARV_ADDRESS_BYTES], key[ARV_KEY_BYTES];
    CHECK_ERR(arv_address_split("s3://user:geheim@host/" KEY, url, key, &err), &err, ARV_EINVALID,
              "options");
    CHECK(strstr(err.message, "geheim") == NULL);
    CHECK(strstr(err.message, "user:") == NULL);
    static const char *const unescaped[] = {"s3://user:ge/heim@host", "s3://user:ge?heim@host", "s3://user:#heim@host"};
    for (size_t i = 0; i < sizeof unescaped / sizeof unescaped[0]; i++) {
        CHECK_SCENE("%s", unescaped[i]);
        char scheme[32];
        CHECK_ERR(arv__url_scheme(unescaped[i], scheme, &err), &err, ARV_EINVALID, "user name");
        CHECK(strstr(err.message, "heim") == NULL);
    }
    CHECK_OK(arv_address_split("s3://host:443/a@b/" KEY, url, key, &err), &err);
    CHECK_OK(arv_address_split("s3://[::1]/a@b/" KEY, url, key, &err), &err);
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
    CHECK_ERR(arv__url_decode("/a%zz", 5, out, sizeof out, &err), &err, ARV_EINVALID,
              "hexadecimal");
    CHECK_ERR(arv__url_decode("/a%", 3, out, sizeof out, &err), &err, ARV_EINVALID, "hexadecimal");
    CHECK_ERR(arv__url_decode("/a%ff", 5, out, sizeof out, &err), &err, ARV_EINVALID, "UTF-8");
    CHECK_ERR(arv__url_decode("/abcdef", 7, out, 7, &err), &err, ARV_EINVALID, "longer");
}

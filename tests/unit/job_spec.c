/* SPDX-License-Identifier: Apache-2.0 */

/* Specifications of jobs: what they may say, what each mistake is told as, and what they become. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <arv/archivist.h>
#include <arv/sys/alloc.h>

#include "alloc_fail.h"
#include "fault_fs.h"
#include "jobs.h"
#include "memory_driver.h"
#include "test.h"

#define GOOD "\"folder\":\"exam\",\"stores\":[\"file:///nowhere\"]"
#define UUID "0192f0c1-7d3b-4cc2-9a51-3c6e1f2a4b5d"

static arv_error err;
static arv_package_options package;
static arv_job_spec job;

static void fill(const arv_spec *spec)
{
    arv_package_options_init(&package, sizeof package);
    arv_job_spec_init(&job, sizeof job);
    arv_spec_fill(spec, &package, &job);
    CHECK(job.package == &package);
}

static arv_spec *read_text(const char *text, size_t length)
{
    arv_spec *spec = NULL;
    CHECK_OK(arv_spec_parse(&spec, text, length, "/srv/jobs/exam.json", &err), &err);
    return spec;
}

static arv_spec *good(const char *text)
{
    return read_text(text, strlen(text));
}

static void refused(const char *text, size_t length, int code, const char *says)
{
    arv_spec *spec = (arv_spec *)&err;
    arv_error_clear(&err);
    CHECK_ERR(arv_spec_parse(&spec, text, length, "/srv/jobs/exam.json", &err), &err, code, says);
    CHECK(arv_error_is_about(&err, "/srv/jobs/exam.json"));
    CHECK(spec == NULL);
    CHECK(strstr(err.message, "/srv/jobs/exam.json"));
    CHECK(!strstr(err.message, "hunter2"));
    CHECK_INT(arv_spec_parse(&spec, text, length, "/srv/jobs/exam.json", NULL), code);
}
#define REFUSED(text, code, says) refused(text, sizeof(text) - 1, code, says)

TEST(what_it_says_becomes_a_job)
{
    arv_spec *spec =
        good("{\"uuid\":\"" UUID "\",\"name\":\"N\",\"title\":\"T\",\"language\":\"de\",\"created_by\":\"C\","
             "\"requested_at\":1,\"collected_at\":2,\"format\":\"tar.zst\",\"level\":19,\"sha512\":true,"
             "\"reproducible\":true,\"staged\":false,\"attempts\":3,\"retry_delay_s\":4,"
             "\"time_limit_s\":5,\"stall_limit_s\":6,\"threads\":7,\"memory_mib\":9,"
             "\"allow_empty\":true,\"failures_max\":8," GOOD "}");
    fill(spec);
    CHECK_STR(arv_spec_uuid(spec), UUID);
    CHECK_STR(package.uuid, UUID);
    CHECK_STR(package.name, "N");
    CHECK_STR(package.title, "T");
    CHECK_STR(package.language, "de");
    CHECK_STR(package.created_by, "C");
    CHECK_INT(package.requested_at_unix, 1);
    CHECK_INT(package.collected_at_unix, 2);
    CHECK_INT(package.format, ARV_FORMAT_TAR_ZST);
    CHECK_INT(package.level, 19);
    CHECK_INT(package.digests, ARV_DIGEST_SHA256 | ARV_DIGEST_SHA512);
    CHECK(package.reproducible && job.streams && package.allow_empty);
    CHECK_INT(job.attempts_max, 3);
    CHECK_INT(job.retry_delay_ms, 4000);
    CHECK_INT(job.time_limit_ms, 5000);
    CHECK_INT(job.stall_limit_ms, 6000);
    CHECK_INT(package.threads, 7);
    CHECK_INT(package.memory_bytes, 9 << 20);
    CHECK_INT(package.failures_max, 8);
    CHECK(!job.entries && !job.storages && !job.staging);
    arv_spec_free(spec);
    arv_spec_free(NULL);
}

TEST(what_it_does_not_say_is_as_without_it)
{
    arv_package_options plain;
    arv_spec *spec = good("{" GOOD "}");
    fill(spec);
    arv_package_options_init(&plain, sizeof plain);
    CHECK_STR(package.name, "exam");
    CHECK(!package.title && !package.metadata_json && !job.streams);
    CHECK_INT(package.format, plain.format);
    CHECK_INT(package.level, plain.level);
    CHECK_INT(package.requested_at_unix, plain.requested_at_unix);
    CHECK_INT(package.collected_at_unix, plain.collected_at_unix);
    CHECK_INT(job.attempts_max, 0);
    arv_spec_free(spec);
    spec = good("{\"list\":\"l\",\"stores\":[\"file:///x\"]}");
    fill(spec);
    CHECK_STR(package.name, "exam");
    arv_spec_free(spec);
}

/* Bytes of the metadata that a parser would write otherwise. */
TEST(metadata_are_kept_as_they_were_written)
{
    static const char metadata[] = "{ \"a\\u0062\" : 1.50, \"b\":[1e2, \"\\\"}\"],\n\"c\":{} }";
    char text[300];
    snprintf(text, sizeof text, "{\"meta\\u0064ata\"\n:\t%s ," GOOD "}", metadata);
    arv_spec *spec = good(text);
    fill(spec);
    CHECK_STR(package.metadata_json, metadata);
    arv_spec_free(spec);
}

TEST(the_same_file_and_text_are_the_same_job)
{
    static const char text[] = "{" GOOD "}";
    arv_spec *one = good(text), *two = good("{" GOOD " }"), *three = NULL;
    size_t length;
    char uuid[ARV_UUID_BYTES];
    const char *document = arv_spec_document(one, &length);
    CHECK_STR(document, "archivist-spec-1 /srv/jobs/exam.json\n{" GOOD "}");
    CHECK_INT(length, strlen(document));
    CHECK_OK(arv_uuid_derive(document, length, uuid, &err), &err);
    CHECK_STR(arv_spec_uuid(one), uuid);
    CHECK_STR(arv_spec_file(one), "/srv/jobs/exam.json");
    CHECK(strcmp(uuid, arv_spec_uuid(two)) != 0);
    CHECK_OK(arv_spec_parse(&three, text, sizeof text - 1, "/srv/exam.json", &err), &err);
    CHECK(strcmp(uuid, arv_spec_uuid(three)) != 0);
    arv_spec_free(one);
    arv_spec_free(two);
    arv_spec_free(three);
}

TEST(the_mark_of_editors_is_passed_over_once_and_kept)
{
    size_t length;
    arv_spec *spec = good("\xEF\xBB\xBF{\"metadata\":{\"a\":1}," GOOD "}");
    fill(spec);
    CHECK_STR(package.metadata_json, "{\"a\":1}");
    CHECK(strstr(arv_spec_document(spec, &length), "\n\xEF\xBB\xBF{"));
    arv_spec_free(spec);
    REFUSED("\xEF\xBB\xBF\xEF\xBB\xBF{" GOOD "}", ARV_EFORMAT, "line 1, column");
    REFUSED("{\xEF\xBB\xBF" GOOD "}", ARV_EFORMAT, "line 1, column");
}

TEST(what_is_no_json_is_told_with_its_place)
{
    REFUSED("", ARV_EFORMAT, "line 1, column 1: the text ends too early");
    REFUSED("{", ARV_EFORMAT, "line 1, column 2: the text ends too early");
    REFUSED("{" GOOD ",\"level\":1,\n\"level\":2}", ARV_EFORMAT,
            "line 2, column 8: a member stands there twice");
    REFUSED("{" GOOD "}\n\nx", ARV_EFORMAT, "line 3, column 2: something follows the end");
    REFUSED("{" GOOD "}{}", ARV_EFORMAT, "something follows the end");
    REFUSED("{" GOOD ",}", ARV_EFORMAT, "name of a member");
    REFUSED("{" GOOD ",\"title\" \"a\"}", ARV_EFORMAT, "a colon is missing");
    REFUSED("{" GOOD "\n \"title\":1}", ARV_EFORMAT,
            "line 2, column 9: a comma or the end of an object is missing");
    REFUSED("{\"stores\":[1 2]}", ARV_EFORMAT, "a comma or the end of a list is missing");
    REFUSED("{\"title\":\"a\nb\"}", ARV_EFORMAT, "control character");
    REFUSED("{\"title\":\"a\tb\"}", ARV_EFORMAT, "control character");
    REFUSED("{\"title\":\"\0\"}", ARV_EFORMAT, "control character");
    REFUSED("{\"title\":\"\\x\"}", ARV_EFORMAT, "a backslash is followed by what is no character");
    REFUSED("{\"title\":\"\\u12\"}", ARV_EFORMAT, "a backslash is followed by what is no character");
    REFUSED("{\"title\":\"\\ud800x\"}", ARV_EFORMAT, "a backslash is followed by what is no character");
    REFUSED("{\"title\":\"\\udc00\"}", ARV_EFORMAT, "a backslash is followed by what is no character");
    REFUSED("{\"title\":\"\\u0000\"}", ARV_EFORMAT, "a text contains a NUL");
    REFUSED("{\"ti\\u0000tle\":1}", ARV_EFORMAT, "a text contains a NUL");
    REFUSED("{\"title\":\"\xff\"}", ARV_EFORMAT, "not valid UTF-8");
    REFUSED("{\"title\":\"\xc0\xaf\"}", ARV_EFORMAT, "not valid UTF-8");
    REFUSED("{\"title\":\"\xed\xa0\x80\"}", ARV_EFORMAT, "not valid UTF-8");
    REFUSED("{\"title\":\"", ARV_EFORMAT, "has no end");
    REFUSED("{\"level\":1e}", ARV_EFORMAT, "a number is not complete");
    REFUSED("{\"level\":01}", ARV_EFORMAT, "a 0 too many");
    REFUSED("{\"level\":.5}", ARV_EFORMAT, "a number is not complete");
    REFUSED("{\"level\":-}", ARV_EFORMAT, "a number is not complete");
    REFUSED("{\"level\":1.}", ARV_EFORMAT, "a number is not complete");
    REFUSED("{\"sha512\":yes}", ARV_EFORMAT, "a value should stand");
    REFUSED("{\"sha512\":True}", ARV_EFORMAT, "a value should stand");
    REFUSED("{" GOOD ",\"metadata\":{\"hunter2\" hunter2}}", ARV_EFORMAT, "a colon is missing");
}

static char *nested(char *into, unsigned levels)
{
    char *at = into + sprintf(into, "{" GOOD ",\"metadata\":{\"a\":");
    memset(at, '[', levels);
    memset(at + levels, ']', levels);
    strcpy(at + 2 * levels, "}}");
    return into;
}

TEST(depth_members_and_size_are_limited)
{
    static char text[(1000 << 10) + 2];
    arv_spec_free(good(nested(text, 30)));
    refused(nested(text, 31), strlen(text), ARV_EFORMAT, "line 1, column 93: it is nested too deep");
    for (unsigned count = 1024; count <= 1025; count++) {
        char *at = text + sprintf(text, "{" GOOD ",\"metadata\":{");
        for (unsigned i = 0; i < count; i++)
            at += sprintf(at, "%s\"%u\":0", i ? "," : "", i);
        strcpy(at, "}}");
        if (count == 1024)
            arv_spec_free(good(text));
        else
            refused(text, strlen(text), ARV_EFORMAT, "an object has too many members");
    }
    memset(text, ' ', sizeof text);
    memcpy(text, "{" GOOD "}", sizeof "{" GOOD "}" - 1);
    arv_spec_free(read_text(text, 1000 << 10));
    refused(text, (1000 << 10) + 1, ARV_ELIMIT, "larger than 1000 KiB");
}

TEST(each_mistake_names_its_line_and_its_member)
{
    REFUSED("5", ARV_EINVALID, "line 1: A specification is an object, not a number");
    REFUSED("[]", ARV_EINVALID, "an object, not a list");
    REFUSED("{" GOOD ",\n\"titel\":\"x\"}", ARV_EINVALID, "line 2: A specification has no member \"titel\"");
    REFUSED("{" GOOD ",\"title\":\n\n5}", ARV_EINVALID, "line 3: \"title\" must be a text, not a number");
    REFUSED("{" GOOD ",\"sha512\":0}", ARV_EINVALID, "\"sha512\" must be true or false, not a number");
    REFUSED("{" GOOD ",\"metadata\":null}", ARV_EINVALID, "\"metadata\" must be an object, not null");
    REFUSED("{\"folder\":\"f\",\"stores\":{}}", ARV_EINVALID, "\"stores\" must be a list, not an object");
    REFUSED("{" GOOD ",\"title\":\"x\",\n\"created_by\":\"http://mia:hunter2@host/\"}", ARV_EINVALID,
            "line 2: \"created_by\" has a URL with a user name");
    REFUSED("{" GOOD ",\n\"links\":\"x\"}", ARV_EINVALID, "line 2: \"links\" must be");
    REFUSED("{" GOOD ",\n\"format\":\"rar\"}", ARV_EINVALID, "line 2: \"format\" must be");
    REFUSED("{" GOOD ",\"exclude\":[\"a\",\n1]}", ARV_EINVALID, "line 2: \"exclude\" must hold");
    REFUSED("{\"folder\":\"f\",\"stores\":[\"file:///x\",\n[]]}", ARV_EINVALID, "line 2: A storage is a URL");
    REFUSED("{\"folder\":\"f\",\"stores\":[{\"options\":{}}]}", ARV_EINVALID, "A storage is a URL");
    REFUSED("{\"folder\":\"f\",\"stores\":[{\"url\":\"file:///x\",\n\"options\":[]}]}", ARV_EINVALID,
            "line 2: A storage has a \"url\" and an object \"options\", but no \"options\" that is a list");
    CHECK_OK(arv_storage_register(&memory_driver_ops, NULL, &err), &err);
    REFUSED("{\"folder\":\"f\",\"stores\":[{\"options\":{\"region\":\"b\",\n\"token\":\"hunter2\"},\"url\":"
            "\"memory://x\"}]}",
            ARV_EINVALID, "line 2: The option \"token\" of a storage is a secret");
    REFUSED("{\"folder\":\"f\",\"stores\":[{\"options\":{\"create\":\"1\",\n\"password\":\"hunter2\"},"
            "\"url\":\"file:///x\"}]}",
            ARV_EINVALID, "line 2: 'password' is not an option of the storage driver 'filesystem'");
    REFUSED("{\"folder\":\"f\",\"stores\":[{\"options\":{\"a\":\"b\"},\"url\":\"nowhere://x\"}]}",
            ARV_ESCHEME, "No storage driver serves");
    REFUSED("{\"folder\":\"f\",\"stores\":[{\"url\":\"file:///x\",\"options\":{\"a\":{\"env\":1}}}]}",
            ARV_EINVALID, "must be a text, or where it stands");
    REFUSED(
        "{\"folder\":\"f\",\"stores\":[{\"url\":\"file:///x\",\"options\":{\"a\":{\"env\":\"A\",\"b\":1}}}]}",
        ARV_EINVALID, "must be a text, or where it stands");
    REFUSED("{\"stores\":[\"file:///"
            "x\"],\"entries\":[{\"name\":\"a\",\"path\":\"b\"},\n{\"name\":\"a\",\"path\":\"b\",\n"
            "\"persons\":[1]}]}",
            ARV_EINVALID, "line 3: \"persons\" of an entry");
    REFUSED("{\"stores\":[\"file:///x\"],\"entries\":[{\"name\":\"a\",\"path\":\"b\",\"modified\":1.5}]}",
            ARV_EINVALID, "\"modified\" of an entry");
    REFUSED("{" GOOD ",\"uuid\":\"x\"}", ARV_EINVALID, "\"uuid\": ");
    REFUSED("{" GOOD ",\"uuid\":\"\"}", ARV_EINVALID, "\"uuid\": ");
    REFUSED("{" GOOD ",\"uuid\":\"123e4567-e89b-02d3-a456-426614174000\"}", ARV_EINVALID, "such as");
    REFUSED("{" GOOD ",\"uuid\":\"123e4567-e89b-82d3-a456-426614174000\"}", ARV_EINVALID, "version 8");
    REFUSED("{" GOOD ",\"uuid\":\"ffffffff-e89b-42d3-a456-426614174000\"}", ARV_EINVALID, "ffffffff-");
}

TEST(numbers_keep_to_their_ranges)
{
    REFUSED("{" GOOD ",\"level\":20}", ARV_EINVALID, "\"level\" must be a whole number from 0 to 19");
    REFUSED("{" GOOD ",\"level\":-1}", ARV_EINVALID, "from 0 to 19");
    REFUSED("{" GOOD ",\"level\":1.0}", ARV_EINVALID, "from 0 to 19");
    REFUSED("{" GOOD ",\"level\":1e0}", ARV_EINVALID, "from 0 to 19");
    REFUSED("{" GOOD ",\"requested_at\":253402300800}", ARV_EINVALID, "from 0 to 253402300799");
    REFUSED("{" GOOD ",\n\"attempts\":\n99999999999999999999999}", ARV_EINVALID,
            "line 3: \"attempts\" must be a whole number from 1 to 100");
    REFUSED("{" GOOD ",\"attempts\":1e999}", ARV_EINVALID, "\"attempts\" must be a whole number");
    /* What is too large elsewhere is not blamed on a member of this name. */
    REFUSED("{" GOOD ",\"metadata\":{\n\"attempts\":1e999}}", ARV_EFORMAT,
            "line 2, column 17: the number of \"attempts\" is too large");
    REFUSED("{" GOOD ",\"metadata\":{\n\"attempts\":[1,1e999]}}", ARV_EFORMAT,
            "line 2, column 20: a number is too large");
    REFUSED("{" GOOD ",\"metadata\":{\"a\":{\"b\":{\"c\":{\"d\":1e999}}}}}", ARV_EFORMAT,
            ": a number is too large");
    REFUSED("{\"entries\":[{\"name\":\"a\"},\n{\"size\":9223372036854775808}]}", ARV_EFORMAT,
            "line 2, column 28: the number of \"size\" is too large");
    REFUSED("{\"attempts\" : {", ARV_EFORMAT, "ends too early");
    REFUSED("[99999999999999999999999]", ARV_EFORMAT, "a number is too large");
    REFUSED("{\"fo\"1e999", ARV_EFORMAT, "line 1, column 11: ");
    REFUSED("99999999999999999999999", ARV_EFORMAT, "a number is too large");
}

TEST(a_text_needs_a_place_to_begin_its_paths_at)
{
    arv_spec *spec;
    CHECK_ERR(arv_spec_parse(&spec, "{}", 2, "exam.json", &err), &err, ARV_EINVALID, "must begin with \"/\"");
    CHECK_ERR(arv_spec_parse(&spec, "{}", 2, "/a\nb.json", &err), &err, ARV_EINVALID, "line break");
    CHECK(spec == NULL);
}

/* ---- files, entries, storages ---- */

static arv_spec *given(const char *text)
{
    arv_spec *spec = NULL;
    CHECK_OK(arv_spec_parse(&spec, text, strlen(text), test_path("spec.json"), &err), &err);
    return spec;
}

TEST(paths_begin_at_its_folder)
{
    arv_entries *entries;
    arv_spec *spec = given(
        "{\"stores\":[\"file:///x\"],\"entries\":[{\"name\":\"a\",\"path\":\"one\",\"size\":3,"
        "\"modified\":-5,\"owner\":\"o\",\"persons\":[\"p\",\"q\"]},{\"name\":\"b\",\"path\":\"two\"}]}");
    CHECK_ERR(arv_spec_entries(spec, &entries, &err), &err, ARV_EVANISHED, "line 1: ");
    CHECK(arv_error_is_about(&err, arv_spec_file(spec)));
    CHECK(entries == NULL);
    test_write_file(test_path("two"), "1234", 4);
    CHECK_OK(arv_spec_entries(spec, &entries, &err), &err);
    CHECK_INT(arv_entries_count(entries), 2);
    CHECK_INT(arv_entries_total_bytes(entries), 7);
    arv_entries_unref(entries);
    arv_spec_free(spec);
    spec = given("{\"folder\":\".\",\"exclude\":[\"two\"],\"stores\":[\"file:///x\"]}");
    CHECK_ERR(arv_spec_entries(spec, &entries, &err), &err, ARV_ENOTFOUND, "nothing to archive");
    CHECK(arv_error_is_about(&err, arv_spec_file(spec)));
    CHECK(entries == NULL);
    arv_spec_free(spec);
}

static arv_spec *with_option(const char *option)
{
    char text[600];
    snprintf(
        text, sizeof text,
        "{\"folder\":\".\",\"stores\":[\"file://%s\",\n{\"options\":{\"create\":%s},\"url\":\"file://%s\"}]}",
        test_path("store"), option, test_path("store"));
    return given(text);
}

TEST(options_of_storages_come_from_where_they_stand)
{
    arv_engine *engine = job_engine(1, 0);
    arv_storage *storages[ARV_JOB_STORAGES_MAX];
    size_t count = 77;
    CHECK_INT(mkdir(test_path("store"), 0700), 0);
    arv_spec *spec = with_option("{\"env\":\"SPEC_TEST\"}");
    unsetenv("SPEC_TEST");
    CHECK_ERR(arv_spec_storages(spec, engine, storages, &count, &err), &err, ARV_EINVALID,
              "line 2: The variable SPEC_TEST of the environment is not set");
    CHECK_INT(count, 0);
    setenv("SPEC_TEST", "hunter2", 1);
    CHECK(arv_spec_storages(spec, engine, storages, &count, &err) < 0);
    CHECK(strstr(err.message, "line 2") && !strstr(err.message, "hunter2"));
    setenv("SPEC_TEST", "1", 1);
    CHECK_OK(arv_spec_storages(spec, engine, storages, &count, &err), &err);
    CHECK_INT(count, 2);
    arv_storage_unref(storages[0]);
    arv_storage_unref(storages[1]);
    arv_spec_free(spec);
    spec = with_option("{\"file\":\"secret\"}");
    CHECK_ERR(arv_spec_storages(spec, engine, storages, &count, &err), &err, ARV_ENOTFOUND,
              "line 2: the file");
    CHECK(arv_error_is_about(&err, arv_spec_file(spec)));
    test_write_file(test_path("secret"), "1\r\n", 3);
    CHECK_OK(arv_spec_storages(spec, engine, storages, &count, &err), &err);
    arv_storage_unref(storages[0]);
    arv_storage_unref(storages[1]);
    test_write_file(test_path("secret"), "1\0001", 3);
    CHECK_ERR(arv_spec_storages(spec, engine, storages, &count, &err), &err, ARV_EINVALID,
              "one text of at most 64 KiB");
    arv_spec_free(spec);
    arv_engine_free(engine);
}

TEST(a_file_that_cannot_be_read_is_told)
{
    arv_spec *spec = NULL;
    unsigned nth = 0;
    int rc = 0;
    test_write_file(test_path("spec.json"), "{" GOOD "}", sizeof "{" GOOD "}" - 1);
    CHECK_ERR(arv_spec_read(&spec, test_path("missing"), &err), &err, ARV_ENOTFOUND, "cannot be opened");
    CHECK_ERR(arv_spec_read(&spec, test_dir(), &err), &err, ARV_EIO, "cannot be read");
    for (bool failed = true; failed; arv_spec_free(spec)) {
        CHECK_SCENE("call %u fails", nth + 1);
        fault_fs_install();
        fault_fs_fail(FAULT_ANY, ++nth, EIO);
        rc = arv_spec_read(&spec, test_path("spec.json"), &err);
        failed = fault_fs_calls(FAULT_ANY) >= nth;
        fault_fs_remove();
        CHECK(rc == 0 || rc == ARV_EIO);
        CHECK((rc == 0) == (spec != NULL));
    }
    CHECK_INT(rc, 0);
    CHECK(nth > 2);
}

TEST(a_job_is_read_back_from_what_its_staging_kept)
{
    arv_staging *staging = NULL;
    arv_spec *spec = good("{" GOOD "}"), *again = NULL;
    size_t length, kept;
    const void *document = arv_spec_document(spec, &length);
    CHECK_OK(arv_staging_open(&staging, test_path("staging"), NULL, &err), &err);
    CHECK_OK(arv_staging_create(staging, arv_spec_uuid(spec), document, length, &err), &err);
    CHECK_OK(arv_spec_of_job(&again, staging, arv_spec_uuid(spec), &err), &err);
    CHECK_STR(arv_spec_uuid(again), arv_spec_uuid(spec));
    CHECK_STR(arv_spec_file(again), "/srv/jobs/exam.json");
    const void *back = arv_spec_document(again, &kept);
    CHECK_INT(kept, length);
    CHECK_MEM(back, document, length);
    arv_spec_free(again);
    CHECK_OK(arv_staging_create(staging, UUID, document, length, &err), &err);
    CHECK_OK(arv_spec_of_job(&again, staging, UUID, &err), &err);
    CHECK_STR(arv_spec_uuid(again), UUID); /* whatever its text gives */
    arv_spec_free(again);
    arv_spec_free(spec);
    arv_staging_unref(staging);
}

TEST(a_job_of_another_program_has_no_specification)
{
    static const char *const documents[] = {
        NULL, "", "x", "archivist-spec-1 ", "archivist-spec-1 \n{}", "{\"a\":\n1}"};
    arv_staging *staging = NULL;
    arv_spec *spec;
    CHECK_OK(arv_staging_open(&staging, test_path("staging"), NULL, &err), &err);
    for (size_t i = 0; i < sizeof documents / sizeof documents[0]; i++) {
        CHECK_SCENE("document %s", documents[i] ? documents[i] : "(none)");
        char uuid[ARV_UUID_BYTES];
        CHECK_OK(arv_uuid_random(uuid, &err), &err);
        CHECK_OK(arv_staging_create(staging, uuid, documents[i], documents[i] ? strlen(documents[i]) : 0,
                                    &err),
                 &err);
        CHECK_ERR(arv_spec_of_job(&spec, staging, uuid, &err), &err, ARV_EUNSUPPORTED, "was not made by");
        CHECK(spec == NULL);
    }
    CHECK_ERR(arv_spec_of_job(&spec, staging, "x", &err), &err, ARV_EINVALID, NULL);
    arv_staging_unref(staging);
}

/* ---- memory ---- */

static void spec_body(void *ud, bool must_succeed)
{
    arv_spec *spec = NULL;
    arv_entries *entries = NULL;
    arv_storage *storages[ARV_JOB_STORAGES_MAX];
    size_t count = 0;
    arv_engine *engine = ud;
    int rc = arv_spec_read(&spec, test_path("spec.json"), &err);
    CHECK((rc == 0) == (spec != NULL));
    if (rc == 0 && (rc = arv_spec_entries(spec, &entries, &err)) == 0)
        rc = arv_spec_storages(spec, engine, storages, &count, &err);
    while (count > 0)
        arv_storage_unref(storages[--count]);
    arv_entries_unref(entries);
    arv_spec_free(spec);
    if (must_succeed)
        CHECK_OK(rc, &err);
    else if (rc < 0)
        CHECK_ERR(rc, &err, ARV_ENOMEM, NULL);
    CHECK(!alloc_fail_happened() || rc == ARV_ENOMEM);
}

TEST(a_failed_allocation_ends_in_an_error_everywhere)
{
    char text[900];
    setenv("SPEC_TEST", "1", 1);
    CHECK_INT(mkdir(test_path("store"), 0700), 0);
    test_write_file(test_path("secret"), "1\n", 2);
    test_write_file(test_path("a"), "1", 1);
    int length = snprintf(
        text, sizeof text,
        "{\"metadata\":{\"a\":[1,\"b\"]},\"stores\":[\"file://%s\",{\"url\":\"file://%s\",\"options\":"
        "{\"create\":{\"env\":\"SPEC_TEST\"}}},{\"url\":\"file://%s\",\"options\":"
        "{\"create\":{\"file\":\"secret\"}}}],\"entries\":[{\"name\":\"a\",\"path\":\"a\","
        "\"persons\":[\"p\"]}]}",
        test_path("store"), test_path("store"), test_path("store"));
    CHECK(length > 0 && (size_t)length < sizeof text);
    test_write_file(test_path("spec.json"), text, (size_t)length);
    arv_engine *engine = job_engine(1, 0);
    spec_body(engine, true);
    CHECK(test_each_allocation(spec_body, engine) > 30);
    arv_engine_free(engine);
}

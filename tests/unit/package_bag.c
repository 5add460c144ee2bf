/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arv/package.h>
#include <arv/sys/alloc.h>
#include <arv/version.h>
#include "crypto/digest.h"
#include "package/bag.h"
#include "package/packer.h"

static arv_error err;

static arv_package_options options_for(const char *name)
{
    arv_package_options options;
    arv_package_options_init(&options, sizeof options);
    options.name = name;
    options.collected_at_unix = 315532800; /* 1980, which the packer takes when nothing is given */
    return options;
}

static arv__bag *bag_open(const arv_package_options *options)
{
    arv__bag *bag = NULL;
    CHECK_OK(arv__bag_new(&bag, options, "base", "zlib", &err), &err);
    return bag;
}

static arv__plan_item item_of(const char *name, const char *original)
{
    return (arv__plan_item){.from = ARV__FROM_MEMORY,
                            .name = name,
                            .name_length = strlen(name),
                            .original = original,
                            .original_length = strlen(original),
                            .modified_at_unix = ARV_TIME_UNKNOWN};
}

static void bag_add_item(arv__bag *bag, const arv__plan_item *item, const char *content, unsigned algorithms)
{
    arv_digests digests;
    arv__buf record;
    arv__buf_init(&record, 1 << 20);
    CHECK_OK(arv__digest_bytes(algorithms, content, strlen(content), &digests, &err), &err);
    CHECK_OK(arv__bag_record_make(&record, item, strlen(content), &digests, &err), &err);
    CHECK_OK(arv__bag_append(bag, record.data, record.length, &err), &err);
    arv__buf_cleanup(&record);
}

static void bag_add(arv__bag *bag, const char *name, const char *content)
{
    arv__plan_item item = item_of(name, name);
    bag_add_item(bag, &item, content, ARV_DIGEST_SHA256);
}

typedef struct documents {
    unsigned count;
    char names[64][48];
    char *texts[64];
    size_t lengths[64];
} documents;

/* Reads all documents in steps of `step` bytes, as the packer does; every size must be exact. */
static void bag_read(arv__bag *bag, documents *all, size_t step)
{
    const char *name;
    uint64_t size;
    bool needs_all;

    memset(all, 0, sizeof *all);
    while (arv__bag_document_next(bag, &name, &size, &needs_all, &err) == 1) {
        arv_digests digests;
        CHECK(!needs_all);
        char *text = calloc(1, size + step + 1);
        size_t length = 0;
        int64_t got;
        while ((got = arv__bag_document_read(bag, text + length, step, &err)) > 0) {
            length += (size_t)got;
            CHECK(length <= size);
        }
        CHECK_INT(got, 0);
        CHECK_INT(length, size);
        snprintf(all->names[all->count], sizeof all->names[0], "%s", name);
        all->texts[all->count] = text;
        all->lengths[all->count++] = length;
        CHECK_OK(arv__digest_bytes(ARV_DIGEST_SHA256 | ARV_DIGEST_SHA512, text, length, &digests, &err),
                 &err);
        CHECK_OK(arv__bag_document_done(bag, &digests, &err), &err);
    }
}

/* The payload is complete; all documents are read. */
static void bag_finish(arv__bag *bag, documents *all, size_t step)
{
    CHECK_OK(arv__bag_payload_complete(bag, &err), &err);
    bag_read(bag, all, step);
}

static void documents_free(documents *all)
{
    for (unsigned i = 0; i < all->count; i++)
        free(all->texts[i]);
}

static const char *document(const documents *all, const char *name)
{
    for (unsigned i = 0; i < all->count; i++)
        if (strcmp(all->names[i], name) == 0)
            return all->texts[i];
    test_fail(__FILE__, __LINE__, "there is no document %s", name);
}

TEST(documents_come_in_their_order_with_exact_sizes)
{
    static const size_t steps[] = {1, 7, 4096, 1 << 20};
    static const char *const names[] = {
        "metadata/job.json",   "metadata/entries.jsonl", "index.html",
        "bagit.txt",           "bag-info.txt",           "manifest-sha256.txt",
        "manifest-sha512.txt", "tagmanifest-sha256.txt", "tagmanifest-sha512.txt"};
    char *first[9] = {NULL};

    for (unsigned s = 0; s < 4; s++) {
        documents all;
        arv_package_options options = options_for("Exam");
        options.digests |= ARV_DIGEST_SHA512;
        arv__bag *bag = bag_open(&options);
        arv__plan_item item = item_of("a.txt", "a.txt");
        bag_add_item(bag, &item, "hello", options.digests);
        bag_finish(bag, &all, steps[s]);
        CHECK_INT(all.count, 9);
        for (unsigned i = 0; i < 9; i++) {
            CHECK_STR(all.names[i], names[i]);
            if (s)
                CHECK_STR(all.texts[i], first[i]);
            else
                first[i] = strdup(all.texts[i]);
        }
        documents_free(&all);
        arv__bag_free(bag);
    }
    for (unsigned i = 0; i < 9; i++)
        free(first[i]);
}

TEST(tag_manifest_waits_for_all_digests)
{
    arv_package_options options = options_for("Exam");
    arv__bag *bag = bag_open(&options);
    const char *name;
    uint64_t size;
    bool needs_all = false;
    char sink[4096];
    arv_digests digests = {.present = ARV_DIGEST_SHA256};

    bag_add(bag, "a", "a");
    CHECK_OK(arv__bag_payload_complete(bag, &err), &err);
    for (int i = 0; i < 6; i++) {
        CHECK_INT(arv__bag_document_next(bag, &name, &size, &needs_all, &err), 1);
        CHECK(!needs_all);
        while (arv__bag_document_read(bag, sink, sizeof sink, &err) > 0)
            ;
    }
    for (int i = 0; i < 6; i++) {
        CHECK_INT(arv__bag_document_next(bag, &name, &size, &needs_all, &err), 1);
        CHECK(needs_all);
        CHECK_OK(arv__bag_document_done(bag, &digests, &err), &err);
    }
    CHECK_INT(arv__bag_document_next(bag, &name, &size, &needs_all, &err), 1);
    CHECK(!needs_all);
    CHECK_STR(name, "tagmanifest-sha256.txt");
    arv__bag_free(bag);
}

TEST(manifest_lines_are_those_of_rfc_8493)
{
    documents all;
    arv_package_options options = options_for("Exam");
    arv__bag *bag = bag_open(&options);

    bag_add(bag, "50% off.txt", "abc");
    bag_finish(bag, &all, 4096);
    CHECK_STR(document(&all, "manifest-sha256.txt"),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
              "  data/50%25 off.txt\n");
    CHECK_STR(document(&all, "bagit.txt"), "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n");
    CHECK_STR(document(&all, "bag-info.txt") + strlen("Bagging-Date: 1980-01-01\n"
                                                      "External-Identifier: urn:uuid:"
                                                      "00000000-0000-0000-0000-000000000000\n"),
              "Payload-Oxum: 3.1\nBag-Software-Agent: archivist " ARV_VERSION "\n");
    CHECK_HAS(document(&all, "tagmanifest-sha256.txt"), "  manifest-sha256.txt\n");
    CHECK_HAS(document(&all, "tagmanifest-sha256.txt"), "  metadata/job.json\n");
    CHECK(!strstr(document(&all, "tagmanifest-sha256.txt"), "tagmanifest"));
    documents_free(&all);
    arv__bag_free(bag);
}

TEST(line_ends_in_values_begin_no_label)
{
    documents all;
    arv_package_options options = options_for("Exam");
    options.created_by = "Mia\nPayload-Oxum: 0.0\r\nX: y";
    options.title = "a\tb";
    arv__bag *bag = bag_open(&options);

    bag_finish(bag, &all, 4096);
    const char *info = document(&all, "bag-info.txt");
    CHECK_HAS(info, "Contact-Name: Mia Payload-Oxum: 0.0  X: y\n");
    CHECK_HAS(info, "External-Description: a b\n");
    CHECK_HAS(info, "\nPayload-Oxum: 0.0\n");
    documents_free(&all);
    arv__bag_free(bag);
}

TEST(entries_say_what_was_changed_in_a_name)
{
    documents all;
    arv_package_options options = options_for("Exam");
    arv__bag *bag = bag_open(&options);
    arv__plan_item item = item_of("a_b.txt", "a\"b.txt");
    arv__plan_item folder = item_of("empty", "empty");

    item.owner = "Muster, Mia";
    item.owner_length = strlen(item.owner);
    item.modified_at_unix = 0;
    bag_add_item(bag, &item, "abc", ARV_DIGEST_SHA256);
    folder.from = ARV__FROM_NOTHING;
    bag_add_item(bag, &folder, "", ARV_DIGEST_SHA256);
    bag_finish(bag, &all, 4096);
    CHECK_STR(document(&all, "metadata/entries.jsonl"),
              "{\"name\":\"data/a_b.txt\",\"original\":\"a\\\"b.txt\",\"size\":3,"
              "\"modified\":\"1970-01-01T00:00:00Z\",\"owner\":\"Muster, Mia\",\"sha256\":"
              "\"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\"}\n"
              "{\"name\":\"data/empty\",\"type\":\"folder\"}\n");
    CHECK_INT(arv__bag_payload_entries(bag), 2);
    CHECK_INT(arv__bag_payload_bytes(bag), 3);
    CHECK_HAS(document(&all, "bag-info.txt"), "Payload-Oxum: 3.1\n");
    CHECK(!strstr(document(&all, "manifest-sha256.txt"), "empty"));
    documents_free(&all);
    arv__bag_free(bag);
}

TEST(links_are_lines_without_a_file)
{
    documents all;
    arv_package_options options = options_for("Exam");
    arv__bag *bag = bag_open(&options);
    arv__plan_item item = item_of("a.txt", "a.txt"), link = item_of("l", "l");

    link.from = ARV__FROM_LINK;
    link.target = "../<b>\n\"x\"";
    link.owner = "Muster, Mia";
    link.owner_length = strlen(link.owner);
    bag_add_item(bag, &item, "abc", ARV_DIGEST_SHA256);
    bag_add_item(bag, &link, "", ARV_DIGEST_SHA256);
    bag_finish(bag, &all, 4096);
    CHECK_HAS(document(&all, "metadata/entries.jsonl"),
              "\n{\"name\":\"data/l\",\"type\":\"link\",\"target\":\"../<b>\\n\\\"x\\\"\","
              "\"owner\":\"Muster, Mia\"}\n");
    CHECK_INT(arv__bag_payload_entries(bag), 2);
    CHECK_HAS(document(&all, "metadata/job.json"), "\"payload\":{\"entries\":2,\"bytes\":3,\"links\":1}");
    CHECK_HAS(document(&all, "bag-info.txt"), "Payload-Oxum: 3.1\n");
    CHECK(!strstr(document(&all, "manifest-sha256.txt"), "data/l"));
    CHECK_HAS(document(&all, "index.html"), "<bdi>l</bdi> \xE2\x86\x92 <bdi>../&lt;b&gt;");
    CHECK_HAS(document(&all, "index.html"), "<small>0 files, 0 bytes</small>"); /* Mia's */
    CHECK(!strstr(document(&all, "index.html"), "empty folder"));
    documents_free(&all);
    arv__bag_free(bag);
}

TEST(an_archive_of_links_alone_is_none_where_all_else_failed)
{
    arv_package_options options = options_for("Exam");
    options.failures_max = 9;
    arv__bag *bag = bag_open(&options);
    arv__plan_item item = item_of("a.txt", "a.txt"), link = item_of("l", "l");
    arv__buf failures;
    arv_error why;

    link.from = ARV__FROM_LINK;
    link.target = "a.txt";
    bag_add_item(bag, &link, "", ARV_DIGEST_SHA256);
    arv__buf_init(&failures, 1 << 20);
    arv_error_set(&why, ARV_EVANISHED, "It is gone.");
    CHECK_OK(arv__failure_make(&failures, &item, &why, &err), &err);
    CHECK_OK(arv__bag_append_failures(bag, failures.data, failures.length, &err), &err);
    CHECK_ERR(arv__bag_payload_complete(bag, &err), &err, ARV_EVANISHED, "None of the 1 entries");
    arv__buf_cleanup(&failures);
    arv__bag_free(bag);
}

TEST(pages_escape_what_strangers_named)
{
    documents all;
    arv_package_options options = options_for("Exam");
    options.title = "<b>&\"";
    arv__bag *bag = bag_open(&options);
    arv__plan_item item = item_of("_script_ #?.txt", "<script>alert(1)</script> #?.txt");

    item.owner = "\"><img src=x>";
    item.owner_length = strlen(item.owner);
    bag_add_item(bag, &item, "", ARV_DIGEST_SHA256);
    bag_finish(bag, &all, 4096);
    const char *page = document(&all, "index.html");
    CHECK_HAS(page, "href=\"data/_script_%20%23%3F.txt\"");
    CHECK_HAS(page, "&lt;script&gt;");
    CHECK_HAS(page, "<title>&lt;b&gt;&amp;&quot;</title>");
    CHECK(!strstr(page, "<script"));
    CHECK(!strstr(page, "<img"));
    documents_free(&all);
    arv__bag_free(bag);
}

TEST(many_entries_are_split_into_linked_pages)
{
    documents all;
    arv_package_options options = options_for("Exam");
    arv__bag *bag = bag_open(&options);
    char name[32];

    for (int i = 0; i < 10001; i++) {
        snprintf(name, sizeof name, "file-%05d", i);
        bag_add(bag, name, "");
    }
    bag_finish(bag, &all, 100000);
    CHECK_INT(all.count, 9);
    CHECK_HAS(document(&all, "index.html"), "href=\"index-0002.html\"");
    CHECK_HAS(document(&all, "index.html"), "file-04999<");
    CHECK(!strstr(document(&all, "index.html"), "file-05000<"));
    CHECK_HAS(document(&all, "index-0002.html"), "file-05000<");
    CHECK_HAS(document(&all, "index-0003.html"), "file-10000<");
    CHECK_HAS(document(&all, "index-0003.html"), "href=\"index.html\"");
    CHECK(arv__bag_has_document(bag, "index-0003.html"));
    CHECK(!arv__bag_has_document(bag, "index-0004.html"));
    documents_free(&all);
    arv__bag_free(bag);
}

/* Owners in turn, as long as there are names; `distinct` of them, the last one is nobody. */
static void add_owned(arv__bag *bag, unsigned entries, unsigned distinct)
{
    char name[32], owner[32];
    for (unsigned i = 0; i < entries; i++) {
        unsigned who = i * 7 % distinct;
        snprintf(name, sizeof name, "file-%05u", i);
        snprintf(owner, sizeof owner, "Owner %04u", who);
        arv__plan_item item = item_of(name, name);
        if (who + 1 < distinct) {
            item.owner = owner;
            item.owner_length = strlen(owner);
        }
        bag_add_item(bag, &item, "x", ARV_DIGEST_SHA256);
    }
}

static unsigned count_of(const char *text, const char *what)
{
    unsigned count = 0;
    while ((text = strstr(text, what)) != NULL) {
        count++;
        text += strlen(what);
    }
    return count;
}

TEST(pages_are_grouped_by_owner_with_an_index)
{
    documents all;
    arv_package_options options = options_for("Exam");
    static const char *const owners[] = {"zoë", "Änne", "Berger", NULL, "Änne", "anna"};
    arv__bag *bag = bag_open(&options);
    char name[32];
    for (unsigned i = 0; i < 6; i++) {
        snprintf(name, sizeof name, "file-%u", i);
        arv__plan_item item = item_of(name, name);
        item.owner = owners[i];
        item.owner_length = owners[i] ? strlen(owners[i]) : 0;
        item.persons = i == 1 ? "17\0<23>" : "";
        item.persons_length = i == 1 ? 8 : 0;
        bag_add_item(bag, &item, "abc", ARV_DIGEST_SHA256);
    }
    CHECK_OK(arv__bag_payload_complete(bag, &err), &err);
    bag_read(bag, &all, 100);
    const char *page = document(&all, "index.html");
    CHECK_HAS(page, "<li><a dir=auto href=\"#g2\">Änne</a> <small>2 files, 6 bytes</small>\n");
    static const char *const order[] = {"href=\"#g1\">anna<",
                                        "href=\"#g2\">Änne<",
                                        "href=\"#g3\">Berger<",
                                        "href=\"#g4\">zoë<",
                                        "href=\"#g5\">Nobody&#39;s<",
                                        "id=g1>anna<",
                                        "file-5<",
                                        "id=g2>Änne<",
                                        "file-1<",
                                        "17, &lt;23&gt;",
                                        "file-4<",
                                        "id=g3>Berger<",
                                        "file-2<",
                                        "id=g4>zoë<",
                                        "file-0<",
                                        "id=g5>Nobody&#39;s<",
                                        "file-3<"};
    for (unsigned i = 0; i < sizeof order / sizeof order[0]; i++) {
        CHECK_HAS(page, order[i]);
        page = strstr(page, order[i]);
    }
    documents_free(&all);
    arv__bag_free(bag);
}

TEST(pages_of_one_owner_have_no_index)
{
    documents all;
    arv_package_options options = options_for("Exam");
    options.language = "de";
    arv__bag *bag = bag_open(&options);
    arv__plan_item item = item_of("a", "a");
    item.owner = "Mia";
    item.owner_length = 3;
    bag_add_item(bag, &item, "abc", ARV_DIGEST_SHA256);
    item.name = item.original = "b";
    bag_add_item(bag, &item, "abc", ARV_DIGEST_SHA256);
    bag_finish(bag, &all, 4096);
    const char *page = document(&all, "index.html");
    CHECK_HAS(page, "<html lang=\"de\">");
    CHECK_HAS(page, "2 Dateien, 6 Byte");
    CHECK_HAS(page, "<h2 dir=auto id=g1>Mia</h2>");
    CHECK_INT(count_of(page, "<h2"), 1);
    CHECK_HAS(page, "Get-FileHash");
    documents_free(&all);
    arv__bag_free(bag);
}

/* Index and groups cross the borders of pages; every size was told before (bag_read checks it). */
TEST_TIMEOUT(groups_and_index_go_on_over_pages, 120)
{
    static const unsigned entries[] = {4000, 12000, 10001}, distinct[] = {1000, 6001, 2};
    static const unsigned pages[] = {1, 4, 3};
    for (unsigned i = 0; i < 3; i++) {
        documents all;
        arv_package_options options = options_for("Exam");
        arv__bag *bag = bag_open(&options);
        unsigned rows = 0, lines = 0, begun = 0;
        add_owned(bag, entries[i], distinct[i]);
        CHECK_OK(arv__bag_payload_complete(bag, &err), &err);
        bag_read(bag, &all, 1 << 16);
        CHECK_INT(all.count, 6 + pages[i]);
        for (unsigned page = 0; page < pages[i]; page++) {
            char name[32] = "index.html";
            if (page)
                snprintf(name, sizeof name, "index-%04u.html", page + 1);
            const char *text = document(&all, name);
            rows += count_of(text, "<tr><td>");
            lines += count_of(text, "<li>");
            begun += count_of(text, " id=g");
            CHECK_INT(count_of(text, "<table>"), count_of(text, "</table>"));
            CHECK_INT(count_of(text, "<ul>"), count_of(text, "</ul>"));
        }
        CHECK_INT(rows, entries[i]);
        CHECK_INT(lines, distinct[i]);
        CHECK_INT(begun, distinct[i]);
        if (i == 1) { /* the last owners' groups begin on the last page */
            CHECK_HAS(document(&all, "index.html"), "href=\"index-0002.html#g1\">Owner 0000<");
            CHECK_HAS(document(&all, "index-0002.html"), " id=g1>Owner 0000<");
            CHECK_HAS(document(&all, "index-0002.html"), "href=\"index-0004.html#g6001\">");
            CHECK_HAS(document(&all, "index-0004.html"), " id=g6001>");
        }
        if (i == 2)
            CHECK_HAS(document(&all, "index-0002.html"), "Owner 0000 <small>(continued)</small>");
        documents_free(&all);
        arv__bag_free(bag);
    }
}

TEST(uuid_follows_from_the_content)
{
    char uuid[2][ARV_UUID_BYTES];
    for (int i = 0; i < 2; i++) {
        arv_package_options options = options_for(i ? "Other" : "Exam");
        arv__bag *bag = bag_open(&options);
        bag_add(bag, "a", "same");
        CHECK_OK(arv__bag_payload_complete(bag, &err), &err);
        strcpy(uuid[i], arv__bag_uuid(bag));
        arv__bag_free(bag);
    }
    CHECK_STR(uuid[0], uuid[1]);
    CHECK_INT(strlen(uuid[0]), 36);
    CHECK_INT(uuid[0][14], '8');
    CHECK(strchr("89ab", uuid[0][19]) != NULL);
}

TEST(a_given_uuid_is_kept)
{
    documents all;
    arv_package_options options = options_for("Exam");
    strcpy(options.uuid, "123e4567-e89b-42d3-a456-426614174000");
    options.metadata_json = "{\"course\": 7}";
    options.created_by = "Mia";
    options.requested_at_unix = 1752568200;
    arv__bag *bag = bag_open(&options);
    bag_finish(bag, &all, 4096);
    CHECK_STR(document(&all, "metadata/job.json"),
              "{\"format\":\"archivist-job-2\",\"uuid\":\"123e4567-e89b-42d3-a456-426614174000\","
              "\"name\":\"base\",\"title\":\"Exam\",\"requested_at\":\"2025-07-15T08:30:00Z\","
              "\"collected_at\":\"1980-01-01T00:00:00Z\","
              "\"created_by\":\"Mia\",\"container\":\"zip\",\"digests\":[\"sha256\"],"
              "\"deflater\":\"zlib\",\"reproducible\":false,\"software\":\"archivist " ARV_VERSION
              "\",\"payload\":{\"entries\":0,\"bytes\":0},\"metadata\":{\"course\": 7}}\n");
    CHECK_HAS(document(&all, "bag-info.txt"),
              "External-Identifier: urn:uuid:123e4567-e89b-42d3-a456-426614174000\n");
    documents_free(&all);
    arv__bag_free(bag);
}

TEST(an_owner_without_end_is_refused)
{
    arv_package_options options = options_for("Exam");
    arv__plan_item item = item_of("a", "a");
    arv_digests digests = {.present = ARV_DIGEST_SHA256};
    arv__buf record;
    char *owner = malloc(70000);

    (void)options;
    memset(owner, 'x', 70000);
    item.owner = owner;
    item.owner_length = 70000;
    arv__buf_init(&record, 1 << 20);
    CHECK_ERR(arv__bag_record_make(&record, &item, 0, &digests, &err), &err, ARV_ELIMIT, "owner");
    free(owner);
}

TEST(options_are_refused_by_name)
{
    arv_package_options o = options_for("Exam");
    CHECK_OK(arv__package_options_check(&o, &err), &err);
    o.level = 10;
    CHECK_ERR(arv__package_options_check(&o, &err), &err, ARV_EINVALID, "level is 10");
    o = options_for(NULL);
    CHECK_ERR(arv__package_options_check(&o, &err), &err, ARV_EINVALID, "name");
    o = options_for("bad\xff");
    CHECK_ERR(arv__package_options_check(&o, &err), &err, ARV_EINVALID, "not valid UTF-8");
    o = options_for("Exam");
    o.digests = ARV_DIGEST_SHA512;
    CHECK_ERR(arv__package_options_check(&o, &err), &err, ARV_EINVALID, "digests");
    o = options_for("Exam");
    strcpy(o.uuid, "123E4567-E89B-42D3-A456-426614174000");
    CHECK_ERR(arv__package_options_check(&o, &err), &err, ARV_EINVALID, "uuid");
    o = options_for("Exam");
    o.metadata_json = "[1]";
    CHECK_ERR(arv__package_options_check(&o, &err), &err, ARV_EINVALID, "not a JSON object");
    o.metadata_json = "{";
    CHECK_ERR(arv__package_options_check(&o, &err), &err, ARV_EINVALID, "metadata");
    o = options_for("Exam");
    o.memory_bytes = 1;
    CHECK_ERR(arv__package_options_check(&o, &err), &err, ARV_EINVALID, "memory");
    o = options_for("Exam");
    o.format = ARV_FORMAT_TAR;
    o.first_entry_name = "mimetype";
    CHECK_ERR(arv__package_options_check(&o, &err), &err, ARV_EINVALID, "first_entry");
    o.format = ARV_FORMAT_ZIP;
    CHECK_ERR(arv__package_options_check(&o, &err), &err, ARV_EINVALID,
              "archives of the form archivist-job-2 have no place");
    o.first_entry_name = "../x";
    CHECK_ERR(arv__package_options_check(&o, &err), &err, ARV_EINVALID, "first_entry");
    o = options_for("Exam");
    o.format = 17;
    CHECK_ERR(arv__package_options_check(&o, &err), &err, ARV_EINVALID, "format is 17");
}

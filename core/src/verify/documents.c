/* SPDX-License-Identifier: Apache-2.0 */
#include "package/bag_internal.h"
#include "verify/check.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <arv/sys/alloc.h>
#include "util/names.h"
#include "util/time.h"

static bool documents_is(const char *text, size_t length, const char *name)
{
    return strlen(name) == length && memcmp(text, name, length) == 0;
}

void arv__documents_classify(arv__check *check, const char *relative, size_t length)
{
    static const char *const names[ARV__DOCS] = {
        [ARV__DOC_BAGIT] = "bagit.txt",
        [ARV__DOC_BAG_INFO] = "bag-info.txt",
        [ARV__DOC_JOB] = "metadata/job.json",
        [ARV__DOC_ENTRIES] = "metadata/entries.jsonl",
        [ARV__DOC_FAILURES] = "metadata/failures.jsonl",
        [ARV__DOC_FETCH] = "fetch.txt",
    };
    check->doc = ARV__DOC_NONE;
    for (unsigned i = 1; i < ARV__DOCS; i++)
        if (names[i] && documents_is(relative, length, names[i]))
            check->doc = (arv__doc)i;
    bool tag = length > 12 && memcmp(relative, "tagmanifest-", 12) == 0;
    size_t skip = tag ? 12 : 9;
    if (!tag && (length <= 9 || memcmp(relative, "manifest-", 9) != 0))
        goto out;
    if (documents_is(relative + skip, length - skip, "sha256.txt"))
        check->algorithm = ARV_DIGEST_SHA256;
    else if (documents_is(relative + skip, length - skip, "sha512.txt"))
        check->algorithm = ARV_DIGEST_SHA512;
    else {
        check->foreign_manifest = true;
        goto out;
    }
    check->doc = tag ? ARV__DOC_TAGMANIFEST : ARV__DOC_MANIFEST;
    *(tag ? &check->tagmanifests : &check->manifests) |= check->algorithm;
    if (tag)
        check->tagmanifest_at = check->place;
out:
    if (check->doc != ARV__DOC_NONE)
        check->seen[check->doc] = true;
}

/* ---- line by line ---------------------------------------------------------------------------- */

static int documents_manifest_line(arv__check *check, char *text, size_t length, arv_error *err)
{
    bool tag = check->doc == ARV__DOC_TAGMANIFEST;
    size_t digest_bytes = check->algorithm == ARV_DIGEST_SHA512 ? ARV_SHA512_BYTES : ARV_SHA256_BYTES;
    unsigned char digest[ARV_SHA512_BYTES];
    const char *path = NULL;
    size_t path_length = 0;
    const char *problem =
        text ? arv__manifest_line(text, length, digest_bytes, digest, &path, &path_length) : "is too long";
    if (!problem && (strncmp(path, "data/", 5) == 0) == tag)
        problem = tag ? "names a file of the payload" : "names a file outside of data/";
    if (problem) {
        ARV__CHECK_FIND(check, ARV_FINDING_BAG, "Line %" PRIu64 " %s.", check->lines.number, problem);
        return ARV_OK;
    }
    return arv__ledger_add_promise(check, path, path_length, tag, check->algorithm, digest, err);
}

static int documents_entries_line(arv__check *check, char *text, size_t length, arv_error *err)
{
    if (text && check->listing) {
        int status = arv__spool_append(check->listing, text, length, err);
        if (status == 0)
            status = arv__spool_append(check->listing, "\n", 1, err);
        if (status < 0)
            return status;
    }
    arv__listed listed = {.document = NULL};
    arv_error why = {.code = 0};
    const char *problem = text ? arv__listed_parse(&listed, text, length, &why) : "is too long";
    int status = ARV_OK;
    if (why.code == ARV_ENOMEM) {
        if (err)
            *err = why;
        status = ARV_ENOMEM;
    } else if (problem) {
        ARV__CHECK_FIND(check, ARV_FINDING_METADATA, "Line %" PRIu64 " %s.", check->lines.number, problem);
        check->own.odd_list = true;
    } else {
        status = arv__ledger_add_listed(check, &listed, err);
        if (status == 0 && !check->foreign)
            status = arv__own_listed(check, &listed, err);
    }
    arv__listed_cleanup(&listed);
    return status;
}

/* A line of metadata/failures.jsonl is an object; job.json has their number. */
static int documents_failure_line(arv__check *check, const char *text, size_t length, arv_error *err)
{
    arv_json *line = NULL;
    arv_error why = {.code = 0};
    int status = text ? arv_json_parse(&line, text, length, ARV__LINE_BYTES_MAX, &why) : 0;
    if (status == ARV_ENOMEM) {
        if (err)
            *err = why;
        return status;
    }
    if (!line || !arv_json_string(line, "name", NULL) || !arv_json_string(line, "error", NULL) ||
        !arv_json_string(line, "message", NULL))
        ARV__CHECK_FIND(check, ARV_FINDING_METADATA, "Line %" PRIu64 " names nothing that failed.",
                        check->lines.number);
    arv_json_free(line);
    check->failures_listed++;
    return ARV_OK;
}

/* "URL LENGTH PATH" (RFC 8493, 2.2.3). Nothing is fetched; a finding says what other programs would do. */
static int documents_fetch_line(arv__check *check, char *text, size_t length, arv_error *err)
{
    const char *path = NULL;
    size_t path_length = 0;
    const char *problem = text ? arv__fetch_line(text, length, &path, &path_length) : "is too long";
    if (!problem)
        return arv__ledger_add_fetch(check, path, path_length, err);
    ARV__CHECK_FIND(check, ARV_FINDING_BAG, "Line %" PRIu64 " %s.", check->lines.number, problem);
    return ARV_OK;
}

int arv__documents_on_line(void *user_data, char *text, size_t length, arv_error *err)
{
    arv__check *check = user_data;
    switch (check->doc) {
    case ARV__DOC_ENTRIES:
        return documents_entries_line(check, text, length, err);
    case ARV__DOC_FAILURES:
        return documents_failure_line(check, text, length, err);
    case ARV__DOC_FETCH:
        return documents_fetch_line(check, text, length, err);
    default:
        return documents_manifest_line(check, text, length, err);
    }
}

int arv__documents_feed(arv__check *check, const void *data, size_t length, arv_error *err)
{
    if (check->doc == ARV__DOC_NONE)
        return ARV_OK;
    if (check->doc >= ARV__DOCS_WHOLE)
        return arv__lines_feed(&check->lines, data, length, err);
    arv__buf *whole = &check->whole[check->doc];
    arv__buf_append(whole, data, length);
    if (whole->failed == ARV_ENOMEM)
        return arv__buf_status(whole, "a document of the bag", err);
    return ARV_OK;
}

int arv__documents_end(arv__check *check, arv_error *err)
{
    if (check->doc == ARV__DOC_NONE)
        return ARV_OK;
    if (check->doc >= ARV__DOCS_WHOLE)
        return arv__lines_end(&check->lines, err);
    if (check->whole[check->doc].failed)
        ARV__CHECK_FIND(check, ARV_FINDING_BOMB,
                        "The document is larger than the %" PRIu64 " bytes that may be read.",
                        check->limits->document_bytes_max);
    return ARV_OK;
}

/* ---- whole documents ------------------------------------------------------------------------- */

#define DOCUMENTS_FIND(kind, name, ...)                                                                      \
    arv__report_add(check->report, kind, name, sizeof(name) - 1, __VA_ARGS__)

/* Returns the value of "Label: value" in a document of such lines, without folded lines. NULL: none. */
static const char *documents_label(const char *text, const char *label, size_t *length)
{
    size_t label_length = strlen(label);
    while (*text) {
        size_t line = strcspn(text, "\r\n");
        if (line > label_length && text[label_length] == ':' && strncasecmp(text, label, label_length) == 0) {
            const char *value = text + label_length + 1;
            *length = line - label_length - 1;
            while (*length > 0 && (*value == ' ' || *value == '\t')) {
                value++;
                (*length)--;
            }
            while (*length > 0 && (value[*length - 1] == ' ' || value[*length - 1] == '\t'))
                (*length)--;
            return value;
        }
        text += line;
        text += strspn(text, "\r\n");
    }
    return NULL;
}

static void documents_settle_bagit(arv__check *check, const char *text)
{
    size_t version_length = 0, encoding_length = 0;
    unsigned major = 0, minor = 0;
    const char *version = documents_label(text, "BagIt-Version", &version_length);
    const char *encoding = documents_label(text, "Tag-File-Character-Encoding", &encoding_length);
    if (!version || sscanf(version, "%2u.%2u", &major, &minor) != 2 || major > 1 ||
        (major == 1 && minor > 0) || (major == 0 && minor < 93))
        DOCUMENTS_FIND(ARV_FINDING_BAG, "bagit.txt",
                       "It does not name a version of BagIt between 0.93 and 1.0.");
    if (!encoding || encoding_length != 5 || strncasecmp(encoding, "UTF-8", 5) != 0)
        DOCUMENTS_FIND(ARV_FINDING_BAG, "bagit.txt", "It does not say that tag files are UTF-8.");
}

static void documents_settle_oxum(arv__check *check, const char *text)
{
    size_t length = 0;
    uint64_t bytes = 0, files = 0;
    int used = 0;
    const char *oxum = documents_label(text, "Payload-Oxum", &length);
    if (!oxum)
        return;
    if (length > 40 || sscanf(oxum, "%20" SCNu64 ".%20" SCNu64 "%n", &bytes, &files, &used) != 2 ||
        (size_t)used != length)
        DOCUMENTS_FIND(ARV_FINDING_BAG, "bag-info.txt", "Its Payload-Oxum is malformed.");
    else if (bytes != check->payload_bytes || files != check->payload_files)
        DOCUMENTS_FIND(ARV_FINDING_COUNT, "bag-info.txt",
                       "Its Payload-Oxum says %" PRIu64 " bytes in %" PRIu64
                       " files, the payload has %" PRIu64 " in %" PRIu64 ".",
                       bytes, files, check->payload_bytes, check->payload_files);
}

static void documents_settle_counts(arv__check *check, const arv_json *job)
{
    const arv_json *payload = arv_json_get(job, "payload");
    int64_t entries = 0, bytes = 0, links = 0;
    uint64_t found = check->payload_place + check->links;
    if (!payload || !arv__json_integer(payload, "entries", &entries) ||
        !arv__json_integer(payload, "bytes", &bytes)) {
        DOCUMENTS_FIND(ARV_FINDING_METADATA, "metadata/job.json", "It does not say how much the payload is.");
        return;
    }
    if (arv_json_get(payload, "links") && !arv__json_integer(payload, "links", &links))
        links = -1;
    if ((uint64_t)links != check->links)
        DOCUMENTS_FIND(ARV_FINDING_METADATA, "metadata/job.json",
                       "It does not count the symbolic links that metadata/entries.jsonl lists: there "
                       "are %" PRIu64 ".",
                       check->links);
    if ((uint64_t)entries != found || (uint64_t)bytes != check->payload_bytes)
        DOCUMENTS_FIND(ARV_FINDING_METADATA, "metadata/job.json",
                       "It counts %" PRId64 " entries with %" PRId64 " bytes, the payload has %" PRIu64
                       " with %" PRIu64 ".",
                       entries, bytes, found, check->payload_bytes);
}

static int64_t documents_time(const arv_json *job, const char *member)
{
    size_t length = 0;
    int64_t at_unix;
    const char *text = job ? arv_json_string(job, member, &length) : NULL;
    return text && arv__time_parse(text, length, &at_unix) ? at_unix : ARV_TIME_UNKNOWN;
}

/* The archive itself says how many entries are missing; its numbers must agree. */
static void documents_settle_partial(arv__check *check, const arv_json *job)
{
    const arv_json *partial = arv_json_get(job, "partial");
    int64_t expected = 0, archived = 0, failed = 0;
    if (!partial)
        return;
    if (!arv__json_integer(partial, "expected", &expected) ||
        !arv__json_integer(partial, "archived", &archived) ||
        !arv__json_integer(partial, "failed", &failed) || failed <= 0 || archived < 0 ||
        expected < archived || expected - archived != failed || (uint64_t)failed != check->failures_listed ||
        (uint64_t)archived != check->payload_place + check->links) {
        DOCUMENTS_FIND(ARV_FINDING_METADATA, "metadata/job.json",
                       "What it says about missing entries does not fit: %" PRId64 " expected, %" PRId64
                       " archived, %" PRId64 " failed, %" PRIu64 " in metadata/failures.jsonl.",
                       expected, archived, failed, check->failures_listed);
        return;
    }
    check->report->shown.failures = (uint64_t)failed;
}

/* ---- job.json of an archive of ours ---------------------------------------------------------- */

/* The members of job.json, in their order. */
static const struct {
    const char *name;
    bool always;
} documents_job_members[] = {
    {"format", true},        {"uuid", true},         {"name", true},         {"title", true},
    {"requested_at", false}, {"collected_at", true}, {"created_by", false},  {"container", true},
    {"digests", true},       {"deflater", false},    {"reproducible", true}, {"software", true},
    {"payload", true},       {"partial", false},     {"metadata", false},
};

enum { DOCUMENTS_JOB_MEMBERS = sizeof documents_job_members / sizeof *documents_job_members };

static void documents_settle_members(arv__check *check, const arv_json *job)
{
    size_t seen = 0;
    const char *name = arv__json_member_name(job, 0);
    for (unsigned at = 0; at < DOCUMENTS_JOB_MEMBERS; at++) {
        if (name && strcmp(documents_job_members[at].name, name) == 0)
            name = arv__json_member_name(job, ++seen);
        else if (documents_job_members[at].always)
            break; /* the member is missing, or another one stands here */
    }
    if (!name && seen > 0 && arv_json_get(job, "payload"))
        return;
    DOCUMENTS_FIND(ARV_FINDING_METADATA, "metadata/job.json",
                   name ? "Archivist does not write the member %.60s at this place: it was added, moved, or "
                          "one before it is missing."
                        : "A member that Archivist always writes is missing.",
                   name);
}

/* Checks the UUID. Without a given UUID the packer derives one from the payload. */
static void documents_settle_uuid(arv__check *check, const char *uuid)
{
    char derived[ARV_UUID_BYTES];
    if (!uuid || !arv__bag_uuid_is_true(uuid)) {
        DOCUMENTS_FIND(ARV_FINDING_METADATA, "metadata/job.json",
                       "It has no UUID as Archivist writes it (RFC 9562, in lower case), but: %.60s.",
                       uuid ? uuid : "nothing");
        return;
    }
    if (uuid[14] != '8')
        return;
    arv__bag_uuid_of(check->own.manifest_found[0], derived);
    if (strcmp(uuid, derived) != 0)
        DOCUMENTS_FIND(ARV_FINDING_METADATA, "metadata/job.json",
                       "Its UUID %s is of the version that the content gives, but this content "
                       "gives %s.",
                       uuid, derived);
}

static void documents_settle_digests(arv__check *check, const arv_json *job)
{
    const arv_json *digests = arv_json_get(job, "digests");
    unsigned told = 0;
    for (size_t i = 0; i < arv__json_array_size(digests); i++) {
        size_t length = 0;
        const char *name = arv__json_text(arv__json_at(digests, i), &length);
        told |= name && strcmp(name, "sha256") == 0   ? ARV_DIGEST_SHA256
                : name && strcmp(name, "sha512") == 0 ? ARV_DIGEST_SHA512
                                                      : 1u << 31;
    }
    if (told != check->manifests)
        DOCUMENTS_FIND(ARV_FINDING_METADATA, "metadata/job.json",
                       "The digests that it names are not those of the manifests.");
}

/* Collects from job.json and the payload the facts that the packer had. */
static void documents_facts(const arv__check *check, const arv_json *job, arv_package_options *options,
                            arv__bag_facts *facts)
{
    *options = (arv_package_options){
        .format = check->report->shown.format,
        .title = arv_json_string(job, "title", NULL),
        .created_by = arv_json_string(job, "created_by", NULL),
        .requested_at_unix = documents_time(job, "requested_at"),
        .collected_at_unix = documents_time(job, "collected_at"),
        .digests = check->manifests,
    };
    arv__json_bool(job, "reproducible", &options->reproducible);
    *facts = (arv__bag_facts){
        .options = options,
        .base_folder = check->report->shown.base_folder,
        .deflater = arv_json_string(job, "deflater", NULL),
        .software = arv_json_string(job, "software", NULL),
        .uuid = check->report->shown.uuid,
        .entries = check->payload_place + check->links,
        .files = check->payload_files,
        .links = check->links,
        .bytes = check->payload_bytes,
        .failures = check->report->shown.failures,
    };
}

/* Returns whether `text` is the document of these facts; the metadata are taken as they stand. */
static bool documents_job_is(const arv_json *job, const char *text, size_t length, const arv__buf *expected)
{
    static const char member[] = ",\"metadata\":";
    size_t head = expected->length - 2; /* without "}\n" */
    if (!arv_json_get(job, "metadata"))
        return length == expected->length && memcmp(text, expected->data, length) == 0;
    return arv__json_is_object(arv_json_get(job, "metadata")) && length > head + sizeof member + 1 &&
           memcmp(text, expected->data, head) == 0 && memcmp(text + head, member, sizeof member - 1) == 0 &&
           memcmp(text + length - 2, "}\n", 2) == 0;
}

static int documents_info_is(arv__buf *scratch, const arv__bag_facts *facts, bool titled, const char *text,
                             bool *same, arv_error *err)
{
    arv_package_options options = *facts->options;
    arv__bag_facts other = *facts;
    other.options = &options;
    if (!titled)
        options.title = NULL;
    arv__buf_clear(scratch);
    arv__bag_print_info(scratch, &other);
    const char *is = arv__buf_text_z(scratch);
    *same = is && strcmp(is, text) == 0;
    return scratch->failed == ARV_ENOMEM ? arv_error_nomem(err, "bag-info.txt") : ARV_OK;
}

/* The document has a label for the title only if one was given; else the title is the name. */
static int documents_settle_own_info(arv__check *check, const arv__bag_facts *facts, const char *text,
                                     arv_error *err)
{
    const char *title = facts->options->title;
    bool same = false;
    arv__buf scratch;
    arv__buf_init(&scratch, (size_t)check->limits->document_bytes_max);
    int status = documents_info_is(&scratch, facts, true, text, &same, err);
    if (status == 0 && !same) {
        arv__buf_clear(&scratch);
        bool named = arv__name_safe_component(&scratch, title, strlen(title), NULL) == 0 &&
                     documents_is((const char *)scratch.data, scratch.length, facts->base_folder);
        if (scratch.failed == ARV_ENOMEM)
            status = arv_error_nomem(err, "bag-info.txt");
        else if (named)
            status = documents_info_is(&scratch, facts, false, text, &same, err);
    }
    if (status == 0 && !same)
        DOCUMENTS_FIND(ARV_FINDING_BAG, "bag-info.txt",
                       "Its lines are not those that Archivist writes for this archive.");
    arv__buf_cleanup(&scratch);
    return status;
}

/* Prints job.json and bag-info.txt anew and compares. */
static int documents_settle_printed(arv__check *check, const arv_json *job, const char *text, size_t length,
                                    const char *info, arv_error *err)
{
    arv_package_options options;
    arv__bag_facts facts;
    arv__buf expected;
    documents_facts(check, job, &options, &facts);
    arv__buf_init(&expected, (size_t)check->limits->document_bytes_max);
    bool known = options.title && options.collected_at_unix != ARV_TIME_UNKNOWN && facts.software &&
                 strncmp(facts.software, "archivist ", 10) == 0;
    if (known)
        arv__bag_print_job(&expected, &facts);
    int status = expected.failed == ARV_ENOMEM ? arv_error_nomem(err, "job.json") : ARV_OK;
    known = known && !expected.failed && documents_job_is(job, text, length, &expected);
    arv__buf_cleanup(&expected);
    if (status < 0)
        return status;
    if (!known)
        DOCUMENTS_FIND(ARV_FINDING_METADATA, "metadata/job.json",
                       "It is not what Archivist writes for this archive: a member has another value "
                       "or another form.");
    return known && info ? documents_settle_own_info(check, &facts, info, err) : ARV_OK;
}

static void documents_settle_own_job(arv__check *check, const arv_json *job)
{
    const char *name = arv_json_string(job, "name", NULL);
    documents_settle_members(check, job);
    documents_settle_uuid(check, arv_json_string(job, "uuid", NULL));
    documents_settle_digests(check, job);
    if (!name || strcmp(name, check->report->shown.base_folder) != 0)
        DOCUMENTS_FIND(ARV_FINDING_METADATA, "metadata/job.json",
                       "It names the archive %.180s, but its folder is %s.", name ? name : "nothing",
                       check->report->shown.base_folder);
    if (!arv_json_string(job, "container", NULL))
        DOCUMENTS_FIND(ARV_FINDING_METADATA, "metadata/job.json", "It does not say what the container is.");
}

static int documents_settle_job(arv__check *check, const char *text, size_t length, const char *info,
                                arv_error *err)
{
    arv_json *job = NULL;
    arv_error why;
    uint64_t before = check->report->shown.finding_total;
    int status = arv_json_parse(&job, text, length, (size_t)check->limits->document_bytes_max, &why);
    if (status == ARV_ENOMEM) {
        if (err)
            *err = why;
        return status;
    }
    const char *format = job ? arv_json_string(job, "format", NULL) : NULL;
    const char *uuid = job ? arv_json_string(job, "uuid", NULL) : NULL;
    const char *container = job ? arv_json_string(job, "container", NULL) : NULL;
    if (status < 0) {
        DOCUMENTS_FIND(ARV_FINDING_METADATA, "metadata/job.json", "It is not valid JSON: %s", why.message);
    } else if (!format || strncmp(format, "archivist-job-", 14) != 0) {
        DOCUMENTS_FIND(ARV_FINDING_METADATA, "metadata/job.json", "It is not the record of an archive job.");
    } else if (strcmp(format, ARV__BAG_FORM) != 0) {
        DOCUMENTS_FIND(ARV_FINDING_METADATA, "metadata/job.json",
                       "Its form is %.40s, which this version does not read; it reads %s.%s", format,
                       ARV__BAG_FORM,
                       strcmp(format, "archivist-job-1") == 0
                           ? " That form is from before the first release: archive again what it holds."
                           : " A newer Archivist may read it.");
    } else {
        if (!check->foreign)
            documents_settle_own_job(check, job);
        documents_settle_counts(check, job);
        documents_settle_partial(check, job);
        const char *actual = arv_format_name(check->report->shown.format);
        if (container && actual && strcmp(container, actual) != 0)
            DOCUMENTS_FIND(ARV_FINDING_METADATA, "metadata/job.json",
                           "It says that the container is a %.20s, but it is a %s.", container, actual);
    }
    if (uuid && arv__bag_uuid_is_true(uuid))
        memcpy(check->report->shown.uuid, uuid, ARV_UUID_BYTES);
    check->report->shown.requested_at_unix = documents_time(job, "requested_at");
    check->report->shown.collected_at_unix = documents_time(job, "collected_at");
    status = ARV_OK;
    if (!check->foreign && check->report->shown.finding_total == before) /* else there is a finding already */
        status = documents_settle_printed(check, job, text, length, info, err);
    arv_json_free(job);
    return status;
}

/* Checks the other documents of an archive of ours by its job.json. */
static int documents_settle_own(arv__check *check, const char *const *text, arv_error *err)
{
    arv__buf expected;
    arv__buf_init(&expected, 4096);
    arv__bag_print_bagit(&expected);
    const char *is = arv__buf_text_z(&expected);
    if (text[ARV__DOC_BAGIT] && is && strcmp(text[ARV__DOC_BAGIT], is) != 0)
        DOCUMENTS_FIND(ARV_FINDING_BAG, "bagit.txt", "It is not what Archivist writes.");
    arv__buf_cleanup(&expected);
    return is ? ARV_OK : arv_error_nomem(err, "bagit.txt");
}

int arv__documents_settle(arv__check *check, arv_error *err)
{
    const char *text[ARV__DOCS_WHOLE] = {NULL};
    if (!arv__reader_complete(check->reader))
        return ARV_OK;
    if (!check->seen[ARV__DOC_BAGIT]) {
        arv__report_add(check->report, ARV_FINDING_NO_BAG, NULL, 0,
                        "There is no bag in the container: no folder with a bagit.txt.");
        return ARV_OK;
    }
    for (unsigned i = 1; i < ARV__DOCS_WHOLE; i++) {
        if (!check->seen[i] || check->whole[i].failed)
            continue;
        text[i] = arv__buf_text_z(&check->whole[i]);
        if (!text[i])
            return arv__buf_status(&check->whole[i], "a document of the bag", err);
    }
    if (check->manifests == 0)
        DOCUMENTS_FIND(ARV_FINDING_BAG, "manifest-sha256.txt",
                       check->foreign_manifest
                           ? "The bag has manifests only of algorithms that are not read; SHA-256 "
                             "or SHA-512 is needed."
                           : "The bag has no manifest of its payload.");
    if (text[ARV__DOC_BAGIT])
        documents_settle_bagit(check, text[ARV__DOC_BAGIT]);
    int status = check->foreign ? ARV_OK : documents_settle_own(check, text, err);
    if (status < 0)
        return status;
    if (text[ARV__DOC_BAG_INFO])
        documents_settle_oxum(check, text[ARV__DOC_BAG_INFO]);
    if (text[ARV__DOC_JOB]) {
        status = documents_settle_job(check, text[ARV__DOC_JOB], check->whole[ARV__DOC_JOB].length,
                                      text[ARV__DOC_BAG_INFO], err);
        if (status == 0)
            arv__report_adopt_job(check->report, &check->whole[ARV__DOC_JOB]);
    }
    return status;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <arv/sys/alloc.h>

#include "inputs.h"
#include "json.h"
#include "made.h"
#include "progress.h"
#include "session.h"
#include "signals.h"
#include "space.h"
#include "stream.h"
#include "text.h"

/*
 * archivist pack: collects the entries (a signal ends it at once, since nothing was made), checks whether
 * they can fit, then runs one job into a file, into storages, or both.
 */

enum { PACK_METADATA_BYTES_MAX = 1 << 20 };

typedef struct pack {
    const cli_options *options;
    arv_engine *engine;
    arv_entries *entries;
    arv_storage *storages[CLI_STORES_MAX];
    arv_package_options package;
    inputs inputs;
    char *metadata, *name;
    int stream; /* -1: not to stdout */
    arv_job *job;
} pack;

/* ---- what is asked for ---- */

static int pack_usage(const cli_options *o, arv_error *err)
{
    if (!o->output && o->store_count == 0)
        return arv_error_set(err, ARV_EINVALID,
                             "A target is missing: give -o FILE, or --store URL, or both.");
    if (stream_wanted(o) && o->keep_going)
        return arv_error_set(err, ARV_EINVALID,
                             "--keep-going needs a target that can begin anew: give -o FILE.");
    if (o->list && o->argument_count > 0)
        return arv_error_set(err, ARV_EINVALID, "Give folders and files, or --list, not both.");
    if (!o->list && o->argument_count == 0)
        return arv_error_set(err, ARV_EINVALID,
                             "What to archive is missing: give a folder, files or --list; "
                             "\"archivist pack --help\" shows what it takes.");
    if (o->list && (o->exclude_count > 0 || o->links != ARV_LINKS_FOLLOW))
        return arv_error_set(err, ARV_EINVALID, "--exclude and --links belong to a folder, not to --list.");
    return inputs_usage(o, err);
}

static int pack_format(pack *p, arv_error *err)
{
    const cli_options *o = p->options;
    if (o->format_name) {
        p->package.format = arv_format_parse(o->format_name);
        if (p->package.format == ARV_FORMAT_UNKNOWN)
            return arv_error_set(err, ARV_EINVALID, "--format wants zip, tar.zst, tar.gz or tar.");
    } else if (o->output && !stream_wanted(o)) {
        p->package.format = arv_format_of_file(o->output);
        if (p->package.format == ARV_FORMAT_UNKNOWN)
            return arv_error_set(err, ARV_EINVALID,
                                 "The end of the file's name chooses no format: let it end with "
                                 ".zip, .tar.zst, .tar.gz or .tar, or give --format.");
    }
    return 0;
}

static int pack_read_metadata(pack *p, arv_error *err)
{
    const char *path = p->options->metadata_path;
    int rc = 0;
    FILE *file = fopen(path, "re");
    p->metadata = arv_malloc(PACK_METADATA_BYTES_MAX + 2);
    if (!file) {
        rc = arv_error_system(err, errno, "The metadata file \"%s\" cannot be opened", path);
        goto out;
    }
    if (!p->metadata) {
        rc = arv_error_set(err, ARV_ENOMEM, "There is not enough memory for the metadata file.");
        goto out;
    }
    size_t length = fread(p->metadata, 1, PACK_METADATA_BYTES_MAX + 1, file);
    if (ferror(file))
        rc = arv_error_system(err, errno, "The metadata file \"%s\" cannot be read", path);
    else if (length > PACK_METADATA_BYTES_MAX)
        rc = arv_error_set(err, ARV_ELIMIT,
                           "The metadata file \"%s\" is larger than 1 MiB; archive what is large "
                           "as a file of its own.",
                           path);
    else if (memchr(p->metadata, 0, length))
        rc = arv_error_set(err, ARV_EFORMAT, "The metadata file \"%s\" is no JSON text.", path);
    else
        p->metadata[length] = '\0';
    p->package.metadata_json = p->metadata;
    if (rc == 0 && strncmp(p->metadata, "\xEF\xBB\xBF", 3) == 0)
        p->package.metadata_json += 3; /* the mark that editors of Windows put before the text */
out:
    if (file)
        fclose(file);
    return rc;
}

/* Sets the archive's name: that of the one folder, or of the new file without its suffix. */
static int pack_name(pack *p, arv_error *err)
{
    const cli_options *o = p->options;
    bool of_folder = inputs_is_one_folder(&p->inputs);
    const char *from = of_folder ? p->inputs.all[0].name : stream_wanted(o) ? NULL : o->output;
    size_t length = of_folder ? p->inputs.all[0].name_length : from ? strlen(from) : 0;
    char suffix[16];
    p->package.name = o->name;
    if (o->name)
        return 0;
    if (!of_folder && from) {
        const char *slash = strrchr(from, '/');
        if (slash) {
            length -= (size_t)(slash + 1 - from);
            from = slash + 1;
        }
        size_t cut = (size_t)snprintf(suffix, sizeof suffix, ".%s", arv_format_name(p->package.format));
        if (length > cut && strcmp(from + length - cut, suffix) == 0)
            length -= cut;
    }
    if (length == 0) {
        from = "archive";
        length = strlen(from);
    }
    p->name = arv_malloc(length + 1);
    if (!p->name)
        return arv_error_set(err, ARV_ENOMEM, "There is not enough memory to begin.");
    memcpy(p->name, from, length);
    p->name[length] = '\0';
    p->package.name = p->name;
    return 0;
}

static int pack_date(pack *p, arv_error *err)
{
    const char *epoch = getenv("SOURCE_DATE_EPOCH");
    uint64_t seconds;
    if (!epoch || !*epoch)
        return 0;
    if (!cli_number(epoch, 253402300799, &seconds)) /* the end of the year 9999 */
        return arv_error_set(err, ARV_EINVALID,
                             "SOURCE_DATE_EPOCH must be a number of seconds since 1970 up to the "
                             "year 9999; correct or unset it.");
    p->package.collected_at_unix = (int64_t)seconds;
    return 0;
}

static int pack_uuid(pack *p, arv_error *err)
{
    const char *uuid = p->options->uuid;
    if (!uuid)
        return 0;
    if (strlen(uuid) != ARV_UUID_BYTES - 1)
        return arv_error_set(err, ARV_EINVALID,
                             "--uuid wants 36 characters, such as "
                             "0198f6a0-5c5e-7cc3-98c4-dc0c0c07398f.");
    memcpy(p->package.uuid, uuid, ARV_UUID_BYTES);
    return 0;
}

static int pack_options(pack *p, arv_error *err)
{
    const cli_options *o = p->options;
    int rc;
    arv_package_options_init(&p->package, sizeof p->package);
    if ((rc = pack_usage(o, err)) < 0 || (rc = pack_format(p, err)) < 0 || (rc = pack_date(p, err)) < 0 ||
        (rc = pack_uuid(p, err)) < 0)
        return rc;
    p->package.level = o->level;
    p->package.digests = ARV_DIGEST_SHA256 | (o->sha512 ? ARV_DIGEST_SHA512 : 0u);
    p->package.reproducible = o->reproducible;
    p->package.threads = o->threads;
    p->package.failures_max = o->failures_max;
    p->package.allow_empty = o->allow_empty;
    p->package.created_by = o->created_by;
    p->package.title = o->title;
    p->package.language = o->language;
    return 0;
}

/* ---- the work ---- */

static int pack_collect(pack *p, arv_error *err)
{
    const cli_options *o = p->options;
    arv_entries_options entries = {.struct_bytes = sizeof entries, .keep_going = o->keep_going};
    int rc = arv_entries_new(&p->entries, &entries, err);
    if (rc == 0 && o->list)
        rc = arv_entries_add_list(p->entries, o->list, err);
    else if (rc == 0)
        rc = inputs_add(&p->inputs, o, p->entries, err);
    return rc;
}

static int pack_open_storages(pack *p, arv_error *err)
{
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < p->options->store_count; i++)
        rc = session_storage_open(&p->storages[i], p->engine, p->options, p->options->stores[i], err);
    return rc;
}

static void pack_cancel(void *subject)
{
    arv_job_cancel(subject, NULL);
}

static int pack_run(pack *p, arv_error *err)
{
    arv_job_spec spec;
    arv_job_progress progress;
    arv_job_spec_init(&spec, sizeof spec);
    spec.entries = p->entries;
    spec.package = &p->package;
    spec.path = p->stream < 0 ? p->options->output : NULL;
    spec.to_descriptor = p->stream >= 0;
    spec.descriptor = p->stream;
    spec.storages = p->storages;
    spec.storage_count = p->options->store_count;
    signals_ask();
    int rc = arv_job_start(&p->job, p->engine, &spec, err);
    if (rc < 0)
        return rc;
    while (!arv_job_state_final(arv_job_get_state(p->job))) {
        session_turn(p->engine, pack_cancel, p->job);
        arv_job_get_progress(p->job, &progress);
        progress_draw(arv_job_state_text(progress.state), progress.bytes_done, progress.bytes_total);
    }
    progress_clear();
    return arv_job_error(p->job, err);
}

/* ---- the result ---- */

static void pack_show_json_failures(const arv_job_result *result)
{
    json_unsigned("failure_count", result->failure_count);
    json_open("failures", '[');
    for (size_t i = 0; i < result->failures_kept; i++) {
        const arv_failure *failure = &result->failures[i];
        json_open(NULL, '{');
        json_bytes("name", failure->name, failure->name_length);
        json_text("error", arv_error_name(failure->error.code));
        json_signed("code", failure->error.code);
        json_text("message", failure->error.message);
        json_close();
    }
    json_close();
}

static void pack_show_json_doubled(const arv_entries_doubled *doubled)
{
    json_unsigned("hard_links", doubled->hard_links);
    json_unsigned("hard_link_bytes", doubled->hard_link_bytes);
    json_bool("hard_links_at_least", doubled->hard_links_at_least);
    json_unsigned("sparse_files", doubled->sparse_files);
    json_unsigned("sparse_bytes", doubled->sparse_bytes);
}

/* The object stays open for an error that follows. */
static void pack_show_json(const arv_job_result *result, arv_format format,
                           const arv_entries_doubled *doubled)
{
    json_open(NULL, '{');
    json_text("uuid", result->uuid);
    json_text("format", arv_format_name(format));
    json_text("path", result->path);
    json_unsigned("entries", result->entries);
    json_unsigned("payload_bytes", result->payload_bytes);
    json_unsigned("container_bytes", result->container_bytes);
    json_digests(&result->container);
    json_open("stored", '[');
    for (size_t i = 0; i < result->location_count; i++) {
        const arv_location *location = &result->locations[i];
        json_open(NULL, '{');
        json_text("address", location->address);
        json_text("key", location->object.key);
        json_text("version", location->object.version[0] ? location->object.version : NULL);
        json_unsigned("size_bytes", location->object.size_bytes);
        json_close();
    }
    json_close();
    pack_show_json_doubled(doubled);
    pack_show_json_failures(result);
}

/* Prints the files that restoring will not bring back as they were, and that may take more space. */
static void pack_show_doubled(const arv_entries_doubled *doubled)
{
    char size[TEXT_SIZE_BYTES];
    if (doubled->hard_links || doubled->hard_links_at_least)
        printf("doubled   %s%" PRIu64 " file%s, further names of others (hard links), each in full: "
               "%s\n",
               doubled->hard_links_at_least ? "at least " : "", doubled->hard_links,
               doubled->hard_links == 1 ? "" : "s", text_size(doubled->hard_link_bytes, size));
    if (doubled->sparse_files)
        printf("sparse    %" PRIu64 " file%s, archived in full: %s take no room on the disk\n",
               doubled->sparse_files, doubled->sparse_files == 1 ? "" : "s",
               text_size(doubled->sparse_bytes, size));
}

static void pack_show(const arv_job_result *result, const arv_entries_doubled *doubled)
{
    if (result->path) {
        fputs("archive   ", stdout);
        text_write_safe(stdout, result->path, strlen(result->path));
        putchar('\n');
    }
    for (size_t i = 0; i < result->location_count; i++)
        printf("stored    %s\n", result->locations[i].address);
    printf("uuid      %s\n", result->uuid);
    printf("entries   %" PRIu64 "\n", result->entries);
    if (result->failure_count)
        printf("missing   %" PRIu64 "\n", result->failure_count);
    pack_show_doubled(doubled);
    cli_container_show(result->payload_bytes, result->container_bytes, &result->container);
}

/* The archive was made, but entries are missing: scripts see that by the exit code. The first of them were
 * warnings already. */
static int pack_missing(const cli_options *options, const arv_job_result *result, arv_error *err)
{
    uint64_t more = result->failure_count - result->failures_kept;
    if (more && !options->quiet)
        fprintf(stderr,
                "archivist: warning: %" PRIu64 " more could not be archived; metadata/failures.jsonl "
                "in the archive names all of them\n",
                more);
    arv_error_set(err, result->failures[0].error.code,
                  "%" PRIu64 " of %" PRIu64 " entries could not be archived; the archive was made "
                  "without them and names them in metadata/failures.jsonl.",
                  result->failure_count, result->entries + result->failure_count);
    return CLI_SOURCE;
}

static int pack_finish(pack *p, arv_error *err)
{
    const arv_job_result *result = arv_job_get_result(p->job);
    bool json = p->options->json;
    arv_entries_doubled doubled;
    arv_entries_get_doubled(p->entries, &doubled);
    made_note(result->path);
    for (size_t i = 0; i < result->location_count; i++)
        made_note(result->locations[i].address);
    if (json)
        pack_show_json(result, p->package.format, &doubled);
    else if (!p->options->quiet || !stream_wanted(p->options))
        pack_show(result, &doubled);
    if (result->failure_count)
        return pack_missing(p->options, result, err);
    if (json)
        json_close();
    return CLI_OK;
}

/* Does everything before the first byte is written. Returns the exit code of an error in it. */
static int pack_prepare(pack *p, arv_error *err)
{
    int rc;
    if (stream_wanted(p->options) && (rc = stream_open(&p->stream, err)) < 0)
        return session_exit(rc);
    if ((rc = pack_options(p, err)) < 0)
        return session_exit(rc);
    if ((rc = inputs_look(&p->inputs, p->options, err)) < 0 ||
        (p->options->metadata_path && (rc = pack_read_metadata(p, err)) < 0))
        return session_exit_source(rc);
    if ((rc = pack_name(p, err)) < 0)
        return session_exit(rc);
    if ((rc = session_open(&p->engine, p->options, p->options->threads, err)) < 0 ||
        (rc = pack_open_storages(p, err)) < 0)
        return session_exit(rc);
    if ((rc = pack_collect(p, err)) < 0)
        return session_exit_source(rc);
    if (arv_entries_count(p->entries) == 0 && !p->options->allow_empty)
        return session_exit_source(
            arv_error_set(err, ARV_ENOTFOUND,
                          "There is nothing to archive. See that the source is there (a disk that is not "
                          "mounted?) and what --exclude leaves out, or give --allow-empty."));
    rc = space_check(p->options, &p->package, arv_entries_total_bytes(p->entries), p->engine, p->storages,
                     err);
    return rc < 0 ? session_exit(rc) : CLI_OK;
}

int cli_pack(const cli_options *options, arv_error *err)
{
    pack p = {.options = options, .stream = -1};
    int exit_code = pack_prepare(&p, err);
    if (exit_code != CLI_OK)
        goto out;
    int rc = pack_run(&p, err);
    if (rc == 0)
        rc = stream_close(&p.stream, err);
    if (rc < 0)
        exit_code = rc == ARV_ENAME || rc == ARV_EDUPLICATE ? CLI_SOURCE : session_exit(rc);
    else
        exit_code = pack_finish(&p, err);
out:
    stream_close(&p.stream, NULL);
    arv_job_unref(p.job);
    arv_entries_unref(p.entries);
    for (size_t i = 0; i < options->store_count; i++)
        arv_storage_unref(p.storages[i]);
    arv_engine_free(p.engine);
    inputs_free(&p.inputs);
    arv_free(p.metadata);
    arv_free(p.name);
    return exit_code;
}

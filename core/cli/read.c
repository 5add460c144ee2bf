/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "json.h"
#include "made.h"
#include "progress.h"
#include "session.h"
#include "text.h"

/* archivist verify, list and extract. */

/* The data of on_item, and its counters. */
typedef struct reading {
    const cli_options *options;
    bool terminal;
    uint64_t files, folders, links, bytes, renamed;
    bool renaming; /* the array of renamed files is open */
} reading;

typedef int (*read_start)(arv_engine *engine, const session_origin *origin, reading *r, arv_task **task,
                          arv_error *err);

/* Opens, runs one task, shows its result and closes. */
static int read_run(const cli_options *options, reading *r, const char *what, read_start start,
                    int (*finish)(reading *r, arv_task *task, arv_error *err), arv_error *err)
{
    session_origin origin = {0};
    arv_engine *engine = NULL;
    arv_task *task = NULL;
    int rc;
    r->options = options;
    r->terminal = isatty(STDOUT_FILENO);
    if ((rc = session_open(&engine, options, 0, err)) < 0 ||
        (rc = session_origin_open(&origin, engine, options, options->arguments[0], err)) < 0 ||
        (rc = start(engine, &origin, r, &task, err)) < 0 || (rc = session_wait(engine, task, what, err)) < 0)
        goto out;
    rc = finish ? finish(r, task, err) : 0;
out:
    arv_task_unref(task);
    session_origin_close(&origin);
    arv_engine_free(engine);
    return session_exit(rc);
}

/* When stdout is closed or full, going on is of no use. */
static int read_output_state(void)
{
    return ferror(stdout) ? ARV_EIO : 0;
}

/* ---- verify ---- */

static int verify_start(arv_engine *engine, const session_origin *origin, reading *r, arv_task **task,
                        arv_error *err)
{
    arv_verify_options how = {.struct_bytes = sizeof how, .foreign = r->options->foreign};
    return arv_verify(engine, &origin->origin, &how, NULL, NULL, task, err);
}

static int verify_finish(reading *r, arv_task *task, arv_error *err)
{
    const arv_report *report = arv_task_report(task);
    cli_report_show(report, r->options->arguments[0], r->options->json);
    int rc = 0;
    if (!report->valid)
        rc = arv_error_set(err, ARV_EMISMATCH,
                           "The archive is not valid, %" PRIu64 " finding%s; keep it as it is, and "
                           "look for another copy.",
                           report->finding_total, report->finding_total == 1 ? "" : "s");
    if (r->options->json && rc == 0)
        json_close(); /* else the error becomes the last member */
    return rc;
}

int cli_verify(const cli_options *options, arv_error *err)
{
    reading r = {0};
    if (session_is_storage(options->arguments[0]))
        return cli_verify_storage(options, err);
    return read_run(options, &r, "verifying", verify_start, verify_finish, err);
}

/* ---- list ---- */

static void list_item_json(const arv_item *item)
{
    char time[TEXT_TIME_BYTES];
    json_open(NULL, '{');
    json_text("name", item->name);
    json_bytes("original", item->original, item->original_length);
    if (item->owner)
        json_text("owner", item->owner);
    if (item->person_count > 0) {
        json_open("persons", '[');
        for (size_t i = 0; i < item->person_count; i++)
            json_text(NULL, item->persons[i]);
        json_close();
    }
    if (item->folder) {
        json_text("type", "folder");
    } else if (item->target) {
        json_text("type", "link");
        json_bytes("target", item->target, item->target_length);
    } else {
        json_unsigned("size", item->size_bytes);
        json_text("sha256", item->sha256);
    }
    if (item->modified_at_unix != ARV_TIME_UNKNOWN)
        json_text("modified", text_time(item->modified_at_unix, time));
    json_close();
}

static void list_item_text(const arv_item *item)
{
    char time[TEXT_TIME_BYTES] = "-";
    if (item->modified_at_unix != ARV_TIME_UNKNOWN)
        text_time(item->modified_at_unix, time);
    if (item->folder)
        printf("%14s  %-20s  ", "folder", time);
    else if (item->target)
        printf("%14s  %-20s  ", "link", time);
    else
        printf("%14" PRIu64 "  %-20s  ", item->size_bytes, time);
    text_write_safe(stdout, item->original, item->original_length);
    if (item->target) {
        fputs(" -> ", stdout);
        text_write_safe(stdout, item->target, item->target_length);
    }
    if (item->owner) {
        fputs("  [", stdout);
        text_write_safe(stdout, item->owner, strlen(item->owner));
        putchar(']');
    }
    putchar('\n');
}

static int list_item(void *user_data, const arv_item *item)
{
    const reading *r = user_data;
    if (r->terminal)
        progress_clear();
    if (r->options->json) {
        list_item_json(item);
    } else if (r->options->null_ended) {
        if (r->terminal)
            text_write_safe(stdout, item->original, item->original_length);
        else
            fwrite(item->original, 1, item->original_length, stdout);
        putchar(r->terminal ? '\n' : '\0');
    } else {
        list_item_text(item);
    }
    return read_output_state();
}

static int list_start(arv_engine *engine, const session_origin *origin, reading *r, arv_task **task,
                      arv_error *err)
{
    arv_verify_options how = {.struct_bytes = sizeof how, .foreign = r->options->foreign};
    return arv_list(engine, &origin->origin, &how, list_item, NULL, r, task, err);
}

int cli_list(const cli_options *options, arv_error *err)
{
    reading r = {0};
    if (session_is_storage(options->arguments[0]))
        return cli_list_storage(options, err);
    return read_run(options, &r, "reading", list_start, NULL, err);
}

/* ---- extract ---- */

static void extract_renamed(reading *r, const arv_item *item)
{
    r->renamed++;
    if (r->options->json) {
        if (!r->renaming) {
            json_open(NULL, '{');
            json_open("renamed", '[');
            r->renaming = true;
        }
        json_open(NULL, '{');
        json_bytes("original", item->original, item->original_length);
        json_text("written", item->written);
        json_close();
        return;
    }
    if (r->terminal)
        progress_clear();
    fputs("written as ", stdout);
    text_write_safe(stdout, item->written, strlen(item->written));
    fputs(" instead of ", stdout);
    text_write_safe(stdout, item->original, item->original_length);
    putchar('\n');
}

static int extract_item(void *user_data, const arv_item *item)
{
    reading *r = user_data;
    if (item->folder)
        r->folders++;
    else if (item->target)
        r->links++;
    else
        r->files++;
    r->bytes += item->size_bytes;
    if (item->written && !r->options->safe_names &&
        (strlen(item->written) != item->original_length ||
         memcmp(item->written, item->original, item->original_length) != 0))
        extract_renamed(r, item);
    return read_output_state();
}

static int extract_start(arv_engine *engine, const session_origin *origin, reading *r, arv_task **task,
                         arv_error *err)
{
    arv_verify_options how = {.struct_bytes = sizeof how, .foreign = r->options->foreign};
    arv_extract_options extract = {.struct_bytes = sizeof extract,
                                   .safe_names = r->options->safe_names,
                                   .verify = &how,
                                   .on_item = extract_item,
                                   .select = (const char *const *)r->options->arguments + 2,
                                   .select_count = (size_t)r->options->argument_count - 2};
    return arv_extract(engine, &origin->origin, r->options->arguments[1], &extract, NULL, r, task, err);
}

static int extract_finish(reading *r, arv_task *task, arv_error *err)
{
    char size[TEXT_SIZE_BYTES];
    const char *folder = r->options->arguments[1];
    (void)task;
    (void)err;
    made_note(folder);
    if (!r->options->json) {
        fputs("extracted ", stdout);
        text_write_safe(stdout, folder, strlen(folder));
        printf("\nfiles     %" PRIu64 "\npayload   %" PRIu64 " bytes (%s)\n", r->files, r->bytes,
               text_size(r->bytes, size));
        if (r->folders > 0)
            printf("folders   %" PRIu64 " empty\n", r->folders);
        if (r->links > 0)
            printf("links     %" PRIu64 " recorded, not made; \"archivist list\" shows where they lead\n",
                   r->links);
        if (r->renamed > 0)
            printf("renamed   %" PRIu64 "\n", r->renamed);
        return 0;
    }
    if (!r->renaming) {
        json_open(NULL, '{');
        json_open("renamed", '[');
    }
    json_close();
    json_text("folder", folder);
    json_unsigned("files", r->files);
    json_unsigned("empty_folders", r->folders);
    json_unsigned("links", r->links);
    json_unsigned("payload_bytes", r->bytes);
    json_close();
    return 0;
}

int cli_extract(const cli_options *options, arv_error *err)
{
    reading r = {0};
    return read_run(options, &r, "extracting", extract_start, extract_finish, err);
}

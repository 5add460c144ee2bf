/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include <inttypes.h>
#include <string.h>

#include "json.h"
#include "progress.h"
#include "session.h"
#include "signals.h"
#include "text.h"

/*
 * archivist list and verify for all objects of a storage, one after the other in the order of the keys. A
 * fault of one object does not stop the others.
 */

typedef struct walk {
    const cli_options *options;
    arv_engine *engine;
    arv_storage *storage;
    uint64_t archives, valid, invalid, unread, others;
    uint64_t bytes;
    int first_code; /* of the first object that could not be read */
} walk;

static int walk_run(walk *w, const cli_options *options, session_visit visit, arv_error *err)
{
    w->options = options;
    int rc = session_open(&w->engine, options, 0, err);
    if (rc == 0)
        rc = session_storage_open(&w->storage, w->engine, options, options->arguments[0], err);
    return rc == 0 ? session_storage_walk(w->engine, w->storage, visit, w, err) : rc;
}

static void walk_close(walk *w)
{
    arv_storage_unref(w->storage);
    arv_engine_free(w->engine);
}

/* When stdout is closed or full, going on is of no use. */
static int walk_output_state(arv_error *err)
{
    return ferror(stdout) ? arv_error_set(err, ARV_EIO, "The results could not be written to stdout.") : 0;
}

/* ---- list ---- */

static int list_visit(void *user_data, const arv_object *object, const char *name, const char *address,
                      arv_error *err)
{
    const walk *w = user_data;
    (void)name;
    char time[TEXT_TIME_BYTES];
    progress_clear();
    text_time(object->stored_at_unix, time);
    if (w->options->json) {
        json_open(NULL, '{');
        json_text("address", address);
        json_text("key", object->key);
        json_text("version", object->version[0] ? object->version : NULL);
        json_unsigned("size_bytes", object->size_bytes);
        json_text("stored_at", time);
        json_close();
    } else if (w->options->null_ended) {
        fputs(address, stdout);
        putchar('\0');
    } else {
        printf("%14" PRIu64 "  %-20s  %s\n", object->size_bytes, time, address);
    }
    return walk_output_state(err);
}

int cli_list_storage(const cli_options *options, arv_error *err)
{
    walk w = {0};
    int rc = walk_run(&w, options, list_visit, err);
    walk_close(&w);
    return session_exit(rc);
}

/* ---- verify ---- */

/* Returns whether an error ends the whole command, not only the look at one archive. */
static bool verify_must_stop(int code)
{
    return code == ARV_ECANCELED || code == ARV_ENOMEM || code == ARV_ESYSTEM || code == ARV_ECLOSED;
}

/* An object that is no container is not valid: somebody stored a container there. */
static int verify_unread(walk *w, const char *address, int code, const arv_error *told)
{
    if (code == ARV_EFORMAT)
        w->invalid++;
    else
        w->unread++;
    if (w->first_code == 0 && code != ARV_EFORMAT)
        w->first_code = code;
    if (w->options->json) {
        json_open(NULL, '{');
        json_text("address", address);
        json_error(told, NULL, session_exit(code));
    }
    fputs("archivist: ", stderr);
    text_write_sentence(stderr, told->message);
    fputc('\n', stderr);
    if (!w->options->json)
        printf("%s %s\n", code == ARV_EFORMAT ? "NOT VALID" : "NOT READ ", address);
    return 0;
}

/* Returns whether `store` put a file there that is no archive, which its key shows. A damaged archive has no
 * such key. */
static bool verify_is_other(const arv_object *object, int code, const arv_report *report)
{
    char uuid[ARV_UUID_BYTES];
    if (arv_key_to_uuid(object->key, uuid))
        return false;
    return code == ARV_EFORMAT ||
           (report && !report->valid && !report->foreign && !cli_report_has_job(report));
}

static void verify_show_other(walk *w, const char *address)
{
    w->others++;
    if (!w->options->json) {
        printf("no archive %s\n", address);
        return;
    }
    json_open(NULL, '{');
    json_text("address", address);
    json_bool("archive", false);
    json_close();
}

static void verify_show(walk *w, const arv_report *report, const char *address)
{
    if (report->valid)
        w->valid++;
    else
        w->invalid++;
    if (w->options->json) {
        cli_report_show(report, address, true);
        json_text("address", address);
        json_close();
    } else if (report->valid) {
        printf("valid     %s\n", address);
    } else {
        cli_report_show(report, address, false);
    }
}

static int verify_visit(void *user_data, const arv_object *object, const char *name, const char *address,
                        arv_error *err)
{
    walk *w = user_data;
    arv_origin origin = {.storage = w->storage, .key = name};
    arv_verify_options how = {.struct_bytes = sizeof how, .foreign = w->options->foreign};
    arv_task *task = NULL;
    arv_error told;
    unsigned number;
    if (arv_key_is_beside(object->key, &number))
        return 0;
    arv_error_clear(&told);
    int rc = arv_verify(w->engine, &origin, &how, NULL, NULL, &task, &told);
    if (rc == 0)
        rc = session_wait(w->engine, task, "verifying", &told);
    bool other = verify_is_other(object, rc, rc == 0 ? arv_task_report(task) : NULL);
    w->archives += !other;
    w->bytes += other ? 0 : object->size_bytes;
    if (other) {
        verify_show_other(w, address);
        rc = 0;
    } else if (rc == 0) {
        verify_show(w, arv_task_report(task), address);
    } else if (verify_must_stop(rc) && err) {
        *err = told;
    } else {
        rc = verify_unread(w, address, rc, &told);
    }
    arv_task_unref(task);
    return rc < 0 ? rc : walk_output_state(err);
}

/* Prints the numbers. The JSON object stays open for an error that follows. */
static void verify_sum(const walk *w)
{
    char size[TEXT_SIZE_BYTES];
    if (w->options->json) {
        json_open(NULL, '{');
        json_unsigned("archives", w->archives);
        json_unsigned("valid", w->valid);
        json_unsigned("not_valid", w->invalid);
        json_unsigned("unread", w->unread);
        json_unsigned("others", w->others);
        json_unsigned("container_bytes", w->bytes);
        return;
    }
    printf("archives  %" PRIu64 " (%s): %" PRIu64 " valid, %" PRIu64 " not valid, %" PRIu64
           " could not be read\n",
           w->archives, text_size(w->bytes, size), w->valid, w->invalid, w->unread);
    if (w->others > 0)
        printf("others    %" PRIu64 " file%s that %s no archive\n", w->others, w->others == 1 ? "" : "s",
               w->others == 1 ? "is" : "are");
}

static int verify_judge(const walk *w, arv_error *err)
{
    const char *url = w->options->arguments[0];
    if (w->invalid > 0)
        return arv_error_set(err, ARV_EMISMATCH,
                             "%" PRIu64 " of %" PRIu64 " archives in %s are not valid; keep them "
                             "as they are, and look for other copies.",
                             w->invalid, w->archives, url);
    if (w->unread > 0)
        return arv_error_set(err, w->first_code,
                             "%" PRIu64 " of %" PRIu64 " archives in %s could not be read, so "
                             "nothing is known of them; the sentences above tell why.",
                             w->unread, w->archives, url);
    if (w->archives == 0)
        return arv_error_set(err, ARV_ENOTFOUND,
                             "%s holds no archive, so nothing was verified; look whether it is the "
                             "right storage, and mounted.",
                             url);
    return 0;
}

int cli_verify_storage(const cli_options *options, arv_error *err)
{
    walk w = {0};
    int rc = walk_run(&w, options, verify_visit, err);
    if (rc == 0) {
        verify_sum(&w);
        rc = verify_judge(&w, err);
        if (rc == 0 && options->json)
            json_close();
    }
    walk_close(&w);
    return session_exit(rc);
}

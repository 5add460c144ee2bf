/* SPDX-License-Identifier: Apache-2.0 */
#include "session.h"

#include <ctype.h>
#include <string.h>

#include "progress.h"
#include "signals.h"
#include "text.h"

enum { SESSION_TURN_MS = 100, SESSION_PAGE = 1000 /* objects of a storage at once */ };

/* Prints warnings of the log. Errors come back as results, so the log's are not printed. */
static void session_log(void *user_data, const arv_log_record *record)
{
    const cli_options *options = user_data;
    if (options->quiet || record->level != ARV_LOG_WARNING)
        return;
    progress_clear();
    fputs("archivist: warning: ", stderr);
    text_write_sentence(stderr, record->message);
    for (size_t i = 0; i < record->field_count; i++) {
        const arv_log_field *field = &record->fields[i];
        if (field->type == ARV_FIELD_INTEGER) {
            fprintf(stderr, " %s=%lld", field->name, (long long)field->integer);
        } else if (field->text) {
            fprintf(stderr, " %s=", field->name);
            text_write_sentence(stderr, field->text);
        }
    }
    fputc('\n', stderr);
}

int session_open(arv_engine **engine, const cli_options *options, unsigned threads, arv_error *err)
{
    arv_engine_options engine_options;
    arv_engine_options_init(&engine_options, sizeof engine_options);
    engine_options.threads = threads;
    engine_options.jobs_max = options->jobs;
    engine_options.log = session_log;
    engine_options.log_user_data = (void *)options;
    engine_options.log_level = ARV_LOG_WARNING;
    progress_start(!options->quiet && !options->json);
    return arv_engine_new(engine, &engine_options, err);
}

void session_turn(arv_engine *engine, void (*cancel)(void *subject), void *subject)
{
    arv_engine_run(engine, SESSION_TURN_MS);
    if (signals_taken())
        cancel(subject);
}

static void session_cancel_task(void *subject)
{
    arv_task_cancel(subject);
}

int session_wait(arv_engine *engine, arv_task *task, const char *what, arv_error *err)
{
    uint64_t done_bytes, total_bytes;
    signals_ask();
    while (!arv_task_done(task)) {
        session_turn(engine, session_cancel_task, task);
        arv_task_progress(task, &done_bytes, &total_bytes);
        progress_draw(what, done_bytes, total_bytes);
    }
    progress_clear();
    return arv_task_status(task, err);
}

int session_storage_open(arv_storage **storage, arv_engine *engine, const cli_options *options,
                         const char *url, arv_error *err)
{
    return arv_storage_open(storage, engine, url, options->store_options, options->store_option_count, err);
}

static int session_page(arv_engine *engine, arv_storage *storage, char name[ARV_NAME_BYTES], size_t *count,
                        session_visit visit, void *user_data, arv_error *err)
{
    char address[ARV_ADDRESS_BYTES];
    arv_task *task = NULL;
    const arv_object *objects = NULL;
    int rc = arv_storage_list(storage, name[0] ? name : NULL, SESSION_PAGE, NULL, NULL, &task, err);
    *count = 0;
    if (rc == 0 && (rc = session_wait(engine, task, "listing", err)) == 0)
        objects = arv_task_objects(task, count);
    for (size_t i = 0; rc == 0 && i < *count; i++)
        if ((rc = arv_object_name(objects[i].key, objects[i].version, name, err)) == 0 &&
            (rc = arv_storage_address(storage, name, address, err)) == 0)
            rc = visit(user_data, &objects[i], name, address, err);
    arv_task_unref(task);
    return rc;
}

int session_storage_walk(arv_engine *engine, arv_storage *storage, session_visit visit, void *user_data,
                         arv_error *err)
{
    char name[ARV_NAME_BYTES] = ""; /* the last one that was seen */
    size_t count;
    int rc;
    do
        rc = session_page(engine, storage, name, &count, visit, user_data, err);
    while (rc == 0 && count > 0);
    return rc;
}

bool session_is_address(const char *argument)
{
    size_t length = 0;
    if (!isalpha((unsigned char)argument[0]))
        return false;
    while (isalnum((unsigned char)argument[length]) || (argument[length] && strchr("+-.", argument[length])))
        length++;
    return strncmp(argument + length, "://", 3) == 0;
}

bool session_is_storage(const char *argument)
{
    arv_address address;
    return session_is_address(argument) && arv_address_parse(&address, argument, NULL) < 0;
}

int session_origin_open(session_origin *origin, arv_engine *engine, const cli_options *options,
                        const char *argument, arv_error *err)
{
    *origin = (session_origin){0};
    if (!session_is_address(argument)) {
        origin->origin.path = argument;
        return 0;
    }
    int rc = arv_address_parse(&origin->address, argument, err);
    if (rc == 0)
        rc = session_storage_open(&origin->storage, engine, options, origin->address.url, err);
    origin->origin.storage = origin->storage;
    origin->origin.key = origin->address.name;
    return rc;
}

void session_origin_close(session_origin *origin)
{
    arv_storage_unref(origin->storage);
    origin->storage = NULL;
}

static int session_enough(void *user_data, const arv_item *item)
{
    (void)user_data;
    (void)item;
    return ARV_ECLOSED; /* the first entry stands behind job.json, which was read */
}

int session_identify(arv_engine *engine, const arv_origin *origin, char uuid[ARV_UUID_BYTES],
                     arv_format *format, arv_error *err)
{
    arv_task *task = NULL;
    const arv_verify_options how = {.struct_bytes = sizeof how, .foreign = true};
    uuid[0] = '\0';
    int rc = arv_list(engine, origin, &how, session_enough, NULL, NULL, &task, err);
    if (rc < 0)
        return rc;
    rc = session_wait(engine, task, "looking", err);
    const arv_report *report = arv_task_report(task);
    if (report) {
        memcpy(uuid, report->uuid, ARV_UUID_BYTES);
        *format = report->format;
    }
    arv_task_unref(task);
    /* A container that cannot be read as an archive is none; reading its bytes shows what is wrong. */
    return rc == ARV_EMISMATCH || rc == ARV_ECANCELED || rc == ARV_ENOMEM ? rc : 0;
}

int session_exit(int code)
{
    switch (code) {
    case ARV_OK:
        return CLI_OK;
    case ARV_EREADBACK:
        return CLI_INVALID;
    case ARV_ESTATE:
    case ARV_ECALLBACK:
    case ARV_ECLOSED:
    case ARV_EINTERNAL:
        return CLI_INTERNAL;
    case ARV_ENOMEM:
    case ARV_ELIMIT:
    case ARV_ESYSTEM:
        return CLI_LIMIT;
    case ARV_ECANCELED:
    case ARV_ETIMEOUT:
        return CLI_CANCELED;
    }
    if (code > -20)
        return CLI_USAGE;
    if (code > -40)
        return CLI_SOURCE;
    if (code > -60)
        return CLI_TARGET;
    return code > -80 ? CLI_INVALID : CLI_INTERNAL;
}

int session_exit_source(int code)
{
    switch (code) {
    case ARV_ENAME:
    case ARV_EDUPLICATE:
    case ARV_ENOTFOUND:
    case ARV_EACCESS:
    case ARV_EIO:
    case ARV_EFORMAT:
        return CLI_SOURCE;
    }
    return session_exit(code);
}

int session_exit_job(int code)
{
    switch (code) {
    case ARV_ESTATE: /* another process runs the job, or it has ended */
        return CLI_USAGE;
    case ARV_ENAME:
    case ARV_EDUPLICATE:
        return CLI_SOURCE;
    }
    return session_exit(code);
}

int session_exit_state(arv_job_state state, int code)
{
    if (state == ARV_JOB_COMPLETED)
        return CLI_OK;
    if (state == ARV_JOB_PARTIAL)
        return CLI_SOURCE;
    if (state == ARV_JOB_ABORTED)
        return CLI_CANCELED;
    return session_exit_job(code);
}

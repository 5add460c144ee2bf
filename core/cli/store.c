/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include <inttypes.h>
#include <string.h>

#include "json.h"
#include "made.h"
#include "session.h"
#include "text.h"

/* archivist store, fetch and check. */

typedef struct storing {
    const cli_options *options;
    arv_engine *engine;
    arv_storage *storage;
    arv_task *task;
} storing;

static int storing_open(storing *s, const cli_options *options, const char *url, arv_error *err)
{
    *s = (storing){.options = options};
    int rc = session_open(&s->engine, options, 0, err);
    if (rc == 0)
        rc = session_storage_open(&s->storage, s->engine, options, url, err);
    return rc;
}

static void storing_close(storing *s)
{
    arv_task_unref(s->task);
    arv_storage_unref(s->storage);
    arv_engine_free(s->engine);
}

static void store_show(bool json, const char *address, const arv_object *object)
{
    char time[TEXT_TIME_BYTES];
    made_note(address);
    if (!json) {
        printf("%s\n", address);
        return;
    }
    json_open(NULL, '{');
    json_text("address", address);
    json_text("key", object->key);
    json_text("version", object->version[0] ? object->version : NULL);
    json_unsigned("size_bytes", object->size_bytes);
    json_text("stored_at", text_time(object->stored_at_unix, time));
    json_digests(&object->digests);
    json_close();
}

/* Makes the key. An archive gets its own UUID, so that the address says which archive stands there. */
static int store_key(const storing *s, char key[ARV_KEY_BYTES], arv_error *err)
{
    const arv_origin origin = {.path = s->options->arguments[0]};
    char uuid[ARV_UUID_BYTES], suffix[32];
    arv_format format;
    key[0] = '\0';
    int rc = session_identify(s->engine, &origin, uuid, &format, err);
    if (rc < 0 || !uuid[0])
        return rc;
    snprintf(suffix, sizeof suffix, ".%s", arv_format_name(format));
    if (arv_key_from_uuid(uuid, suffix, key, NULL) < 0)
        key[0] = '\0'; /* its UUID is none */
    return 0;
}

/* Makes the error for a taken key: the caller cannot choose another key. */
static int store_is_there(const storing *s, const char *key, arv_error *err)
{
    char address[ARV_ADDRESS_BYTES];
    if (arv_storage_address(s->storage, key, address, NULL) < 0)
        return ARV_EEXISTS;
    return arv_error_set(err, ARV_EEXISTS,
                         "The storage has an archive of this UUID already, at %s, and nothing is "
                         "overwritten. \"archivist verify\" shows the sha256 of it and of the file: if "
                         "they are equal, all is done; else store the file in another storage.",
                         address);
}

int cli_store(const cli_options *options, arv_error *err)
{
    storing s;
    char address[ARV_ADDRESS_BYTES], key[ARV_KEY_BYTES], name[ARV_NAME_BYTES];
    int rc = storing_open(&s, options, options->arguments[1], err);
    if (rc < 0 || (rc = store_key(&s, key, err)) < 0)
        goto out;
    if ((rc = arv_storage_put_file(s.storage, options->arguments[0], key[0] ? key : NULL, NULL, NULL, NULL,
                                   &s.task, err)) < 0 ||
        (rc = session_wait(s.engine, s.task, "storing", err)) < 0) {
        if (rc == ARV_EEXISTS && key[0])
            rc = store_is_there(&s, key, err);
        goto out;
    }
    const arv_object *object = arv_task_object(s.task);
    if ((rc = arv_object_name(object->key, object->version, name, err)) == 0 &&
        (rc = arv_storage_address(s.storage, name, address, err)) == 0)
        store_show(options->json, address, object);
out:
    storing_close(&s);
    return session_exit(rc);
}

static void fetch_show(const cli_options *options, const arv_object *object)
{
    char hex[129], size[TEXT_SIZE_BYTES];
    const char *path = options->arguments[1];
    made_note(path);
    if (options->json) {
        json_open(NULL, '{');
        json_text("path", path);
        json_unsigned("size_bytes", object->size_bytes);
        json_digests(&object->digests);
        json_close();
        return;
    }
    fputs("fetched   ", stdout);
    text_write_safe(stdout, path, strlen(path));
    printf("\nsize      %" PRIu64 " bytes (%s)\n", object->size_bytes, text_size(object->size_bytes, size));
    if (object->digests.present & ARV_DIGEST_SHA256)
        printf("sha256    %s\n", arv_digests_hex(&object->digests, ARV_DIGEST_SHA256, hex));
}

int cli_fetch(const cli_options *options, arv_error *err)
{
    storing s = {0};
    arv_address address;
    char uuid[ARV_UUID_BYTES];
    arv_format format;
    int rc = arv_address_parse(&address, options->arguments[0], err);
    if (rc < 0 || (rc = storing_open(&s, options, address.url, err)) < 0)
        goto out;
    const arv_origin origin = {.storage = s.storage, .key = address.name};
    if ((rc = session_identify(s.engine, &origin, uuid, &format, err)) < 0)
        goto out;
    if ((rc = arv_storage_get_file(s.storage, address.name, options->arguments[1], NULL, NULL, NULL, &s.task,
                                   err)) < 0 ||
        (rc = session_wait(s.engine, s.task, "fetching", err)) < 0)
        goto out;
    fetch_show(options, arv_task_object(s.task));
out:
    storing_close(&s);
    return session_exit(rc);
}

/* Prints the steps of a check. The JSON object stays open when a step failed. */
static void check_show(bool json, const arv_check *check, const arv_space *space)
{
    char free_size[TEXT_SIZE_BYTES], total_size[TEXT_SIZE_BYTES];
    bool known = space && space->known;
    if (json) {
        json_open(NULL, '{');
        json_open("steps", '{');
        for (unsigned i = 0; i < ARV_CHECK_STEPS; i++)
            json_bool(arv_check_step_name(i), check->done[i]);
        json_close();
        json_text("detail", check->detail);
        if (known) {
            json_unsigned("free_bytes", space->free_bytes);
            json_unsigned("total_bytes", space->total_bytes);
        }
        return;
    }
    for (unsigned i = 0; i < ARV_CHECK_STEPS; i++)
        printf("%-10s%s\n", arv_check_step_name(i), check->done[i] ? "ok" : "not done");
    if (check->detail[0]) {
        fputs("detail    ", stdout);
        text_write_sentence(stdout, check->detail);
        putchar('\n');
    }
    if (known)
        printf("space     %s free of %s\n", text_size(space->free_bytes, free_size),
               text_size(space->total_bytes, total_size));
}

int cli_check(const cli_options *options, arv_error *err)
{
    storing s;
    arv_task *space = NULL;
    int exit_code = CLI_OK;
    int rc = storing_open(&s, options, options->arguments[0], err);
    if (rc == 0)
        rc = arv_storage_check(s.storage, NULL, NULL, &s.task, err);
    if (rc < 0) {
        exit_code = session_exit(rc);
        goto out;
    }
    rc = session_wait(s.engine, s.task, "checking", err);
    if (rc < 0)
        exit_code = session_exit(rc) == CLI_TARGET ? CLI_INVALID : session_exit(rc);
    else if (arv_storage_space(s.storage, NULL, NULL, &space, NULL) == 0)
        session_wait(s.engine, space, "checking", NULL);
    check_show(options->json, arv_task_check(s.task), space ? arv_task_space(space) : NULL);
    if (options->json && rc == 0)
        json_close();
out:
    arv_task_unref(space);
    storing_close(&s);
    return exit_code;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "job/history.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "util/hex.h"
#include "util/names.h"
#include "util/time.h"

/* ---- reading -------------------------------------------------------------------------------- */

static int history_misfit(const char *kind, const char *what, arv_error *err)
{
    return arv_error_set(err, ARV_EFORMAT,
                         "The record '%s' of a job's journal %s; the journal is damaged, or of a "
                         "newer Archivist: use that one.",
                         kind, what);
}

static bool history_number(const arv_json *record, const char *member, uint64_t *number)
{
    int64_t value;
    if (!arv__json_integer(record, member, &value) || value < 0)
        return false;
    *number = (uint64_t)value;
    return true;
}

/* Reads hexadecimal bytes: at least one, at most `room`. */
static bool history_bytes(const arv_json *record, const char *member, unsigned char *into, size_t room,
                          size_t *count_out)
{
    size_t length, count;
    const char *text = arv_json_string(record, member, &length);
    if (!text || length == 0 || length % 2 || (count = length / 2) > room)
        return false;
    *count_out = count;
    return arv__hex_bytes(text, count, arv__hex_lower, into);
}

static bool history_hex(const arv_json *record, const char *member, unsigned char *into, size_t count)
{
    size_t length;
    return history_bytes(record, member, into, count, &length) && length == count;
}

static bool history_text(const arv_json *record, const char *member, char *into, size_t room)
{
    size_t length;
    const char *text = arv_json_string(record, member, &length);
    if (!text || length >= room)
        return false;
    memcpy(into, text, length + 1);
    return true;
}

static bool history_error(const arv_json *record, arv_error *error)
{
    int64_t code;
    uint64_t flags;
    arv_error_clear(error);
    if (!arv__json_integer(record, "code", &code) || code >= 0 || code < INT16_MIN ||
        !history_number(record, "flags", &flags) ||
        !history_text(record, "message", error->message, sizeof error->message))
        return false;
    error->code = (int)code;
    error->flags = (unsigned)flags;
    return true;
}

static bool apply_created(arv__history *history, const arv_json *record)
{
    uint64_t version;
    if (history->created_ms || !history_number(record, "version", &version) ||
        version != ARV__HISTORY_VERSION || !history_text(record, "uuid", history->uuid, sizeof history->uuid))
        return false;
    history->created_ms = history->at_ms;
    history->state = ARV_JOB_QUEUED;
    return true;
}

static bool apply_attempt(arv__history *history, const arv_json *record)
{
    uint64_t number;
    if (!history_number(record, "number", &number) || number != history->attempts + UINT64_C(1) ||
        (history->state != ARV_JOB_QUEUED && history->state != ARV_JOB_RECOVERABLE_ERROR))
        return false;
    history->attempts++;
    history->running = true;
    history->state = ARV_JOB_QUEUED;
    history->retry_ms = 0;
    if (!history->begun_ms)
        history->begun_ms = history->at_ms;
    return true;
}

static bool apply_seeded(arv__history *history, const arv_json *record)
{
    if (!history->running || history->has_seed || history->archive.packaged ||
        !history_hex(record, "seed", history->seed, sizeof history->seed))
        return false;
    history->has_seed = true;
    return true;
}

bool arv__history_has_token(const arv__history *history, const unsigned char *imprint)
{
    return history->token_bytes && memcmp(history->imprint, imprint, sizeof history->imprint) == 0;
}

/* An authority may charge for a token, so each request counts, answered or not. */
static bool apply_asked(arv__history *history, const arv_json *record)
{
    uint64_t number;
    unsigned char imprint[ARV_SHA256_BYTES];
    if (!history->running || history->archive.packaged || !history_number(record, "number", &number) ||
        number != history->stamps_asked + UINT64_C(1) ||
        !history_hex(record, "imprint", imprint, sizeof imprint) || arv__history_has_token(history, imprint))
        return false;
    history->stamps_asked++;
    history->token_bytes = 0;
    memcpy(history->imprint, imprint, sizeof imprint);
    return true;
}

static bool apply_stamped(arv__history *history, const arv_json *record)
{
    size_t length;
    if (!history->running || history->archive.packaged || !history->stamps_asked || history->token_bytes ||
        !history_bytes(record, "token", history->token, sizeof history->token, &length))
        return false;
    history->token_bytes = (unsigned)length;
    return true;
}

static bool apply_announced(arv__history *history, const arv_json *record)
{
    arv__archive *archive = &history->archive;
    const arv_json *targets = arv_json_get(record, "targets");
    size_t count = arv__json_array_size(targets);
    if (!history->running || archive->announced || count == 0 || count > ARV_JOB_STORAGES_MAX)
        return false;
    for (size_t i = 0; i < count; i++) {
        size_t length;
        const char *text = arv__json_text(arv__json_at(targets, i), &length);
        arv_staged_target *target = &archive->targets[i];
        arv_address address;
        *target = (arv_staged_target){0};
        if (!text || length >= sizeof target->address)
            return false;
        memcpy(target->address, text, length + 1);
        archive->objects[i] = (arv_object){0};
        if (arv_address_parse(&address, target->address, NULL) < 0)
            return false;
        memcpy(archive->objects[i].key, address.key, sizeof address.key);
    }
    archive->target_count = (unsigned)count;
    archive->announced = true;
    return true;
}

/* A missing time is 0. */
static bool history_time(const arv_json *record, const char *member, int64_t *at_unix)
{
    *at_unix = 0;
    return !arv_json_get(record, member) || arv__json_integer(record, member, at_unix);
}

static bool apply_packaged(arv__history *history, const arv_json *record)
{
    arv__archive *archive = &history->archive;
    archive->container = (arv_digests){.present = ARV_DIGEST_SHA256};
    if (!history->running || archive->packaged || !arv__json_bool(record, "streamed", &archive->streamed) ||
        !history_number(record, "entries", &archive->entries) ||
        !history_number(record, "payload_bytes", &archive->payload_bytes) ||
        !history_number(record, "container_bytes", &archive->container_bytes) ||
        !history_number(record, "failures", &archive->failures) ||
        !history_time(record, "collected_at", &archive->collected_at) ||
        !history_time(record, "read_at", &archive->read_at) ||
        !history_time(record, "packed_at", &archive->packed_at) ||
        !history_hex(record, "sha256", archive->container.sha256, ARV_SHA256_BYTES))
        return false;
    if (arv_json_get(record, "sha512")) {
        if (!history_hex(record, "sha512", archive->container.sha512, ARV_SHA512_BYTES))
            return false;
        archive->container.present |= ARV_DIGEST_SHA512;
    }
    archive->has_closing = arv_json_get(record, "closing") != NULL;
    if (archive->has_closing && !history_hex(record, "closing", archive->closing, sizeof archive->closing))
        return false;
    archive->packaged = true;
    return true;
}

static bool apply_beside(arv__history *history, const arv_json *record)
{
    arv__archive *archive = &history->archive;
    arv__beside *beside = &archive->beside[archive->beside_count];
    uint64_t number;
    size_t length;
    char suffix[ARV_KEY_BYTES];
    const char *text = arv_json_string(record, "text", &length);
    if (!history->running || !archive->announced || !archive->packaged ||
        archive->beside_count == ARV__BESIDE_MAX || !history_number(record, "number", &number) ||
        number > UINT_MAX || !history_text(record, "suffix", suffix, sizeof suffix) || !text || length == 0 ||
        length > sizeof beside->bytes)
        return false;
    *beside = (arv__beside){.digests.present = ARV_DIGEST_SHA256, .length = length};
    if (!history_hex(record, "sha256", beside->digests.sha256, ARV_SHA256_BYTES) ||
        arv_key_beside(archive->objects[0].key, (unsigned)number, suffix, beside->key, NULL) < 0)
        return false;
    for (unsigned i = 0; i < archive->beside_count; i++)
        if (strcmp(archive->beside[i].key, beside->key) == 0)
            return false;
    memcpy(beside->bytes, text, length);
    archive->beside_count++;
    return true;
}

static bool stored_beside(arv__archive *archive, const arv_json *record, uint64_t target)
{
    uint64_t object;
    if (!history_number(record, "beside", &object) || object == 0 || object > archive->beside_count ||
        archive->beside[object - 1].stored[target])
        return false;
    arv__beside *beside = &archive->beside[object - 1];
    beside->stored[target] = history_text(record, "version", beside->versions[target], ARV_VERSION_BYTES);
    return beside->stored[target];
}

static bool apply_stored(arv__history *history, const arv_json *record)
{
    arv__archive *archive = &history->archive;
    uint64_t target;
    if (!history->running || !archive->announced || !archive->packaged ||
        !history_number(record, "target", &target) || target >= archive->target_count)
        return false;
    if (arv_json_get(record, "beside"))
        return stored_beside(archive, record, target);
    if (archive->targets[target].stored)
        return false;
    arv_object *object = &archive->objects[target];
    if (!history_text(record, "version", object->version, sizeof object->version) ||
        !arv__json_integer(record, "stored_at", &object->stored_at_unix))
        return false;
    object->size_bytes = archive->container_bytes;
    object->digests = archive->container;
    archive->targets[target].stored = true;
    archive->targets[target].stored_at_unix = object->stored_at_unix;
    return true;
}

static bool apply_sealed(arv__history *history, const arv_json *record)
{
    arv__archive *archive = &history->archive;
    uint64_t number;
    unsigned char imprint[ARV_SHA256_BYTES];
    if (!history->running || !arv__history_all_stored(archive) || !archive->has_closing ||
        !history_number(record, "number", &number) || number != archive->seals + UINT64_C(1) ||
        !history_hex(record, "imprint", imprint, sizeof imprint) ||
        memcmp(imprint, archive->closing, sizeof imprint) != 0)
        return false;
    archive->seals++;
    return true;
}

const arv__beside *arv__history_unstored_beside(const arv__archive *archive)
{
    for (unsigned k = 0; k < archive->beside_count; k++)
        for (unsigned i = 0; i < archive->target_count; i++)
            if (!archive->beside[k].stored[i])
                return &archive->beside[k];
    return NULL;
}

static void history_drop_archive(arv__history *history)
{
    unsigned generation = history->archive.generation;
    memset(&history->archive, 0, sizeof history->archive); /* too large for a stack */
    history->archive.generation = generation;
}

static bool apply_recalled(arv__history *history, const arv_json *record)
{
    (void)record;
    if (!history->running || !history->archive.packaged)
        return false;
    for (unsigned i = 0; i < history->archive.target_count; i++) {
        history->archive.targets[i].stored = false;
        history->archive.targets[i].stored_at_unix = 0;
    }
    for (unsigned k = 0; k < history->archive.beside_count; k++)
        memset(history->archive.beside[k].stored, 0, sizeof history->archive.beside[k].stored);
    return true;
}

static bool apply_discarded(arv__history *history, const arv_json *record)
{
    (void)record;
    if (!history->running)
        return false;
    history_drop_archive(history);
    return true;
}

/* When taking back failed, the job keeps the error for which it is taken back. */
static bool apply_retry(arv__history *history, const arv_json *record)
{
    arv_error undo_error;
    bool undoes = history->state == ARV_JOB_ERROR_HANDLING;
    if (!(history->running || undoes) || !history_error(record, undoes ? &undo_error : &history->error) ||
        !arv__json_integer(record, "retry_at_ms", &history->retry_ms) || history->retry_ms < 0)
        return false;
    if (undoes) {
        history->undo_failures++;
        return true;
    }
    history->retry_delay_ms = history->retry_ms - history->at_ms;
    history->running = false;
    history->state = ARV_JOB_RECOVERABLE_ERROR;
    return true;
}

static bool apply_interrupted(arv__history *history, const arv_json *record)
{
    (void)record;
    if (!history->running)
        return false;
    history->running = false;
    history->attempts--;
    return true;
}

static bool apply_undo(arv__history *history, const arv_json *record)
{
    uint64_t ending;
    if (arv_job_state_final(history->state) || history->state == ARV_JOB_ERROR_HANDLING ||
        !history_number(record, "ending", &ending) ||
        !arv_job_state_may(ARV_JOB_ERROR_HANDLING, (arv_job_state)ending) ||
        !history_error(record, &history->error))
        return false;
    history->running = false;
    history->retry_ms = 0;
    history->undo_failures = 0;
    history->state = ARV_JOB_ERROR_HANDLING;
    history->ending = (arv_job_state)ending;
    return true;
}

bool arv__history_any_stored(const arv__archive *archive)
{
    for (unsigned i = 0; i < archive->target_count; i++)
        if (archive->targets[i].stored)
            return true;
    return false;
}

bool arv__history_all_stored(const arv__archive *archive)
{
    for (unsigned i = 0; i < archive->target_count; i++)
        if (!archive->targets[i].stored)
            return false;
    return archive->target_count > 0;
}

static bool apply_ended(arv__history *history, const arv_json *record)
{
    uint64_t state;
    if (!history_number(record, "state", &state))
        return false;
    if (history->state == ARV_JOB_ERROR_HANDLING) {
        if (state != history->ending)
            return false;
        history_drop_archive(history);
        if (state == ARV_JOB_PARTIAL) {
            if (!history->has_former)
                return false;
            history->former.generation = history->archive.generation;
            history->archive = history->former;
        }
    } else {
        if (!history->running || !arv__history_all_stored(&history->archive) ||
            arv__history_unstored_beside(&history->archive) ||
            state != (history->archive.failures ? ARV_JOB_PARTIAL : ARV_JOB_COMPLETED))
            return false;
        arv_error_clear(&history->error);
    }
    history->has_former = false;
    history->running = false;
    history->token_bytes = 0;
    history->state = (arv_job_state)state;
    history->ended_ms = history->at_ms;
    history->retry_ms = 0;
    return true;
}

static bool apply_requeued(arv__history *history, const arv_json *record)
{
    (void)record;
    if (!arv_job_state_may(history->state, ARV_JOB_QUEUED))
        return false;
    if (history->state == ARV_JOB_PARTIAL) {
        history->former = history->archive;
        history->has_former = true;
        history->archive.generation++;
        history_drop_archive(history);
    }
    history->state = ARV_JOB_QUEUED;
    history->attempts = 0;
    history->begun_ms = history->ended_ms = history->retry_ms = 0;
    arv_error_clear(&history->error);
    return true;
}

int arv__history_apply(void *user_data, const arv_json *record, arv_error *err)
{
    static const struct {
        const char *kind;
        bool (*apply)(arv__history *history, const arv_json *record); /* NULL: it changes nothing */
    } kinds[] = {
        {"created", apply_created},   {"attempt", apply_attempt},         {"seeded", apply_seeded},
        {"asked", apply_asked},       {"stamped", apply_stamped},         {"announced", apply_announced},
        {"packaged", apply_packaged}, {"beside", apply_beside},           {"stored", apply_stored},
        {"sealed", apply_sealed},     {"recalled", apply_recalled},       {"discarded", apply_discarded},
        {"retry", apply_retry},       {"interrupted", apply_interrupted}, {"undo", apply_undo},
        {"ended", apply_ended},       {"requeued", apply_requeued},       {"torn", NULL},
    };
    arv__history *history = user_data;
    char quoted[ARV__QUOTE_BYTES];
    size_t length;
    const char *kind = arv_json_string(record, "kind", &length);
    if (!kind || !arv__json_integer(record, "at_ms", &history->at_ms) || history->at_ms < 0)
        return history_misfit("?", "has no kind or time", err);
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strcmp(kinds[i].kind, kind) != 0)
            continue;
        if ((i == 0) == (history->created_ms == 0) && (!kinds[i].apply || kinds[i].apply(history, record)))
            return 0;
        return history_misfit(kind, "does not fit the ones before it", err);
    }
    return history_misfit(arv__quote(quoted, sizeof quoted, kind, length), "is not known", err);
}

/* ---- writing -------------------------------------------------------------------------------- */

static arv_json_writer record_open(arv__buf *buf, const char *kind)
{
    arv_json_writer w = arv__json_into(buf);
    arv_json_open(&w, NULL, '{');
    arv_json_put_text(&w, "kind", kind);
    arv_json_put_signed(&w, "at_ms", arv__now_unix_us() / 1000);
    return w;
}

static void record_error(arv_json_writer *w, const arv_error *error)
{
    arv_json_put_signed(w, "code", error->code);
    arv_json_put_unsigned(w, "flags", error->flags);
    arv_json_put_text(w, "message", error->message);
}

void arv__record_digests(arv_json_writer *w, const arv_digests *digests)
{
    arv__json_put_hex(w, "sha256", digests->sha256, ARV_SHA256_BYTES);
    if (!(digests->present & ARV_DIGEST_SHA512))
        return;
    arv__json_put_hex(w, "sha512", digests->sha512, ARV_SHA512_BYTES);
}

void arv__record_created(arv__buf *buf, const char *uuid)
{
    arv_json_writer w = record_open(buf, "created");
    arv_json_put_unsigned(&w, "version", ARV__HISTORY_VERSION);
    arv_json_put_text(&w, "uuid", uuid);
    arv_json_close(&w);
}

void arv__record_attempt(arv__buf *buf, unsigned number)
{
    arv_json_writer w = record_open(buf, "attempt");
    arv_json_put_unsigned(&w, "number", number);
    arv_json_close(&w);
}

void arv__record_seeded(arv__buf *buf, const unsigned char *seed)
{
    arv_json_writer w = record_open(buf, "seeded");
    arv__json_put_hex(&w, "seed", seed, ARV_SEED_BYTES);
    arv_json_close(&w);
}

static void record_over(arv__buf *buf, const char *kind, unsigned number, const unsigned char *imprint)
{
    arv_json_writer w = record_open(buf, kind);
    arv_json_put_unsigned(&w, "number", number);
    arv__json_put_hex(&w, "imprint", imprint, ARV_SHA256_BYTES);
    arv_json_close(&w);
}

void arv__record_asked(arv__buf *buf, unsigned number, const unsigned char *imprint)
{
    record_over(buf, "asked", number, imprint);
}

void arv__record_stamped(arv__buf *buf, const void *token, size_t length)
{
    arv_json_writer w = record_open(buf, "stamped");
    arv__json_put_hex(&w, "token", token, length);
    arv_json_close(&w);
}

void arv__record_sealed(arv__buf *buf, unsigned number, const unsigned char *imprint)
{
    record_over(buf, "sealed", number, imprint);
}

void arv__record_announced(arv__buf *buf, const arv_location *locations, unsigned count)
{
    arv_json_writer w = record_open(buf, "announced");
    arv_json_open(&w, "targets", '[');
    for (unsigned i = 0; i < count; i++)
        arv_json_put_text(&w, NULL, locations[i].address);
    arv_json_close(&w);
    arv_json_close(&w);
}

void arv__record_packaged(arv__buf *buf, const arv__packaged *packaged)
{
    arv_json_writer w = record_open(buf, "packaged");
    arv_json_put_bool(&w, "streamed", packaged->streamed);
    arv_json_put_unsigned(&w, "entries", packaged->entries);
    arv_json_put_unsigned(&w, "payload_bytes", packaged->payload_bytes);
    arv_json_put_unsigned(&w, "container_bytes", packaged->container_bytes);
    arv_json_put_unsigned(&w, "failures", packaged->failures);
    arv_json_put_signed(&w, "collected_at", packaged->collected_at);
    arv_json_put_signed(&w, "read_at", packaged->read_at);
    arv_json_put_signed(&w, "packed_at", packaged->packed_at);
    arv__record_digests(&w, &packaged->container);
    if (packaged->has_closing)
        arv__json_put_hex(&w, "closing", packaged->closing, ARV_SHA256_BYTES);
    arv_json_close(&w);
}

void arv__record_beside(arv__buf *buf, unsigned number, const char *suffix, const char *text, size_t length,
                        const arv_digests *digests)
{
    arv_json_writer w = record_open(buf, "beside");
    arv_json_put_unsigned(&w, "number", number);
    arv_json_put_text(&w, "suffix", suffix);
    arv_json_put_bytes(&w, "text", text, length);
    arv__record_digests(&w, digests);
    arv_json_close(&w);
}

void arv__record_stored(arv__buf *buf, unsigned target, unsigned object, const arv_object *found)
{
    arv_json_writer w = record_open(buf, "stored");
    arv_json_put_unsigned(&w, "target", target);
    if (object)
        arv_json_put_unsigned(&w, "beside", object);
    arv_json_put_text(&w, "version", found->version);
    arv_json_put_signed(&w, "stored_at", found->stored_at_unix);
    arv_json_close(&w);
}

void arv__record_discarded(arv__buf *buf, const char *why)
{
    arv_json_writer w = record_open(buf, "discarded");
    arv_json_put_text(&w, "why", why);
    arv_json_close(&w);
}

void arv__record_retry(arv__buf *buf, const arv_error *error, int64_t retry_ms)
{
    arv_json_writer w = record_open(buf, "retry");
    arv_json_put_signed(&w, "retry_at_ms", retry_ms);
    record_error(&w, error);
    arv_json_close(&w);
}

static void record_plain(arv__buf *buf, const char *kind)
{
    arv_json_writer w = record_open(buf, kind);
    arv_json_close(&w);
}

void arv__record_recalled(arv__buf *buf)
{
    record_plain(buf, "recalled");
}

void arv__record_interrupted(arv__buf *buf)
{
    record_plain(buf, "interrupted");
}

void arv__record_undo(arv__buf *buf, arv_job_state ending, const arv_error *error)
{
    arv_json_writer w = record_open(buf, "undo");
    arv_json_put_unsigned(&w, "ending", ending);
    record_error(&w, error);
    arv_json_close(&w);
}

void arv__record_ended(arv__buf *buf, arv_job_state state)
{
    arv_json_writer w = record_open(buf, "ended");
    arv_json_put_unsigned(&w, "state", state);
    arv_json_close(&w);
}

void arv__record_requeued(arv__buf *buf)
{
    record_plain(buf, "requeued");
}

void arv__record_torn(arv__buf *buf, uint64_t bytes)
{
    arv_json_writer w = record_open(buf, "torn");
    arv_json_put_unsigned(&w, "bytes", bytes);
    arv_json_close(&w);
}

/* ---- telling -------------------------------------------------------------------------------- */

void arv__history_address(const arv__archive *archive, unsigned target, char address[ARV_ADDRESS_BYTES])
{
    const arv_object *object = &archive->objects[target];
    const char *plain = archive->targets[target].address;
    char name[ARV_NAME_BYTES];
    size_t url = strlen(plain) - strlen(object->key);
    snprintf(address, ARV_ADDRESS_BYTES, "%s", plain);
    if (archive->targets[target].stored && object->version[0] &&
        arv_object_name(object->key, object->version, name, NULL) == 0 &&
        url + strlen(name) < ARV_ADDRESS_BYTES)
        memcpy(address + url, name, strlen(name) + 1);
}

void arv__history_status(const arv__history *history, arv_staged_status *status)
{
    const arv__archive *archive =
        history->has_former && !history->archive.packaged ? &history->former : &history->archive;
    *status = (arv_staged_status){
        .state = history->state,
        .attempts = history->attempts,
        .requested_at_unix = history->created_ms / 1000,
        .collected_at_unix = archive->collected_at,
        .read_at_unix = archive->read_at,
        .packed_at_unix = archive->packed_at,
        .begun_at_unix = history->begun_ms / 1000,
        .ended_at_unix = history->ended_ms / 1000,
        .retry_at_unix = history->retry_ms / 1000,
        .packaged = history->archive.packaged && !history->archive.streamed,
        .entries = archive->entries,
        .payload_bytes = archive->payload_bytes,
        .container_bytes = archive->container_bytes,
        .failures = archive->failures,
        .container = archive->container,
        .error = history->error,
        .target_count = archive->target_count,
    };
    memcpy(status->uuid, history->uuid, sizeof status->uuid);
    memcpy(status->targets, archive->targets, sizeof status->targets);
    for (unsigned i = 0; i < archive->target_count; i++)
        arv__history_address(archive, i, status->targets[i].address);
    for (unsigned i = 0; arv__history_all_stored(archive) && i < archive->target_count; i++)
        if (archive->targets[i].stored_at_unix > status->stored_at_unix)
            status->stored_at_unix = archive->targets[i].stored_at_unix;
}

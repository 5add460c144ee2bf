/* SPDX-License-Identifier: Apache-2.0 */

/* The writers of a journal's records; history.c reads them. */

#include "job/history.h"

#include "util/time.h"

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

static void record_digests(arv_json_writer *w, const arv_digests *digests)
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
    record_digests(&w, &packaged->container);
    arv_json_close(&w);
}

void arv__record_stored(arv__buf *buf, unsigned target, const arv_object *object)
{
    arv_json_writer w = record_open(buf, "stored");
    arv_json_put_unsigned(&w, "target", target);
    arv_json_put_text(&w, "version", object->version);
    arv_json_put_signed(&w, "stored_at", object->stored_at_unix);
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

/* SPDX-License-Identifier: Apache-2.0 */

/* The writers of a journal's records; history.c reads them. */

#include "job/history.h"

#include "util/time.h"

static void record_open(arv__json_writer *w, arv__buf *buf, const char *kind)
{
    arv__jw_init(w, buf);
    arv__jw_object(w);
    arv__jw_key(w, "kind");
    arv__jw_string(w, kind);
    arv__jw_key(w, "at_ms");
    arv__jw_integer(w, arv__now_unix_us() / 1000);
}

static void record_number(arv__json_writer *w, const char *member, uint64_t value)
{
    arv__jw_key(w, member);
    arv__jw_uinteger(w, value);
}

static void record_text(arv__json_writer *w, const char *member, const char *text)
{
    arv__jw_key(w, member);
    arv__jw_string(w, text);
}

static void record_time(arv__json_writer *w, const char *member, int64_t at_unix)
{
    arv__jw_key(w, member);
    arv__jw_integer(w, at_unix);
}

static void record_error(arv__json_writer *w, const arv_error *error)
{
    arv__jw_key(w, "code");
    arv__jw_integer(w, error->code);
    record_number(w, "flags", error->flags);
    record_text(w, "message", error->message);
}

static void record_digests(arv__json_writer *w, const arv_digests *digests)
{
    arv__jw_key(w, "sha256");
    arv__jw_hex(w, digests->sha256, ARV_SHA256_BYTES);
    if (!(digests->present & ARV_DIGEST_SHA512))
        return;
    arv__jw_key(w, "sha512");
    arv__jw_hex(w, digests->sha512, ARV_SHA512_BYTES);
}

void arv__record_created(arv__buf *buf, const char *uuid)
{
    arv__json_writer w;
    record_open(&w, buf, "created");
    record_number(&w, "version", ARV__HISTORY_VERSION);
    record_text(&w, "uuid", uuid);
    arv__jw_end(&w, '}');
}

void arv__record_attempt(arv__buf *buf, unsigned number)
{
    arv__json_writer w;
    record_open(&w, buf, "attempt");
    record_number(&w, "number", number);
    arv__jw_end(&w, '}');
}

void arv__record_announced(arv__buf *buf, const arv_location *locations, unsigned count)
{
    arv__json_writer w;
    record_open(&w, buf, "announced");
    arv__jw_key(&w, "targets");
    arv__jw_array(&w);
    for (unsigned i = 0; i < count; i++)
        arv__jw_string(&w, locations[i].address);
    arv__jw_end(&w, ']');
    arv__jw_end(&w, '}');
}

void arv__record_packaged(arv__buf *buf, const arv__packaged *packaged)
{
    arv__json_writer w;
    record_open(&w, buf, "packaged");
    arv__jw_key(&w, "streamed");
    arv__jw_bool(&w, packaged->streamed);
    record_number(&w, "entries", packaged->entries);
    record_number(&w, "payload_bytes", packaged->payload_bytes);
    record_number(&w, "container_bytes", packaged->container_bytes);
    record_number(&w, "failures", packaged->failures);
    record_time(&w, "collected_at", packaged->collected_at);
    record_time(&w, "read_at", packaged->read_at);
    record_time(&w, "packed_at", packaged->packed_at);
    record_digests(&w, &packaged->container);
    arv__jw_end(&w, '}');
}

void arv__record_stored(arv__buf *buf, unsigned target, const arv_object *object)
{
    arv__json_writer w;
    record_open(&w, buf, "stored");
    record_number(&w, "target", target);
    record_text(&w, "version", object->version);
    arv__jw_key(&w, "stored_at");
    arv__jw_integer(&w, object->stored_at_unix);
    arv__jw_end(&w, '}');
}

void arv__record_discarded(arv__buf *buf, const char *why)
{
    arv__json_writer w;
    record_open(&w, buf, "discarded");
    record_text(&w, "why", why);
    arv__jw_end(&w, '}');
}

void arv__record_retry(arv__buf *buf, const arv_error *error, int64_t retry_ms)
{
    arv__json_writer w;
    record_open(&w, buf, "retry");
    arv__jw_key(&w, "retry_at_ms");
    arv__jw_integer(&w, retry_ms);
    record_error(&w, error);
    arv__jw_end(&w, '}');
}

static void record_plain(arv__buf *buf, const char *kind)
{
    arv__json_writer w;
    record_open(&w, buf, kind);
    arv__jw_end(&w, '}');
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
    arv__json_writer w;
    record_open(&w, buf, "undo");
    record_number(&w, "ending", ending);
    record_error(&w, error);
    arv__jw_end(&w, '}');
}

void arv__record_ended(arv__buf *buf, arv_job_state state)
{
    arv__json_writer w;
    record_open(&w, buf, "ended");
    record_number(&w, "state", state);
    arv__jw_end(&w, '}');
}

void arv__record_requeued(arv__buf *buf)
{
    record_plain(buf, "requeued");
}

void arv__record_torn(arv__buf *buf, uint64_t bytes)
{
    arv__json_writer w;
    record_open(&w, buf, "torn");
    record_number(&w, "bytes", bytes);
    arv__jw_end(&w, '}');
}

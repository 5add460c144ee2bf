/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The stages that put a small JSON beside an archive, in each of its storages. The JSON describes the archive
 * to people who find it there without the application that made it.
 *
 * Its bytes are recorded before they are put. So a later run puts the same bytes, and recognises the object
 * of a killed run as its own. No other object is overwritten. The JSON holds what the archive says of itself
 * and what the application gave for this purpose (arv_job_spec.beside), and nothing else of the job.
 */

#include "job/run.h"

#include <stdio.h>
#include <string.h>

#include "crypto/digest.h"

/* ---- what the application says ------------------------------------------------------------------ */

static bool about_is_flat(const arv_json *about)
{
    const char *name;
    for (size_t i = 0; (name = arv__json_member_name(about, i)) != NULL; i++) {
        arv__json_kind kind = arv__json_kind_of(arv_json_get(about, name));
        if (kind == ARV__JSON_LIST || kind == ARV__JSON_OBJECT)
            return false;
    }
    return arv__json_is_object(about);
}

int arv__run_about_check(const char *about, arv_error *err)
{
    arv_json *document = NULL;
    int rc = arv_json_parse(&document, about, strlen(about), ARV_JOB_BESIDE_BYTES, err);
    if (rc < 0) {
        arv_error_prefix(err, "What is to stand beside the archive: ");
        return rc;
    }
    if (!about_is_flat(document))
        rc = arv_error_set(
            err, ARV_EINVALID,
            "What is to stand beside the archive is no flat JSON object: its members are texts, "
            "numbers, true, false or null.");
    arv_json_free(document);
    return rc;
}

void arv__run_about_key(const char *archive, char key[ARV_KEY_BYTES])
{
    arv_key_beside(archive, 0, ".json", key, NULL); /* every key of a job's archive has one */
}

/* ---- describe ----------------------------------------------------------------------------------- */

static void describe_time(arv_json_writer *w, const char *member, int64_t at_unix)
{
    if (at_unix)
        arv_json_put_signed(w, member, at_unix);
}

static void describe_archive(arv_json_writer *w, const arv__history *history)
{
    const arv__archive *archive = &history->archive;
    arv_json_put_text(w, "uuid", history->uuid);
    arv_json_put_text(w, "key", archive->objects[0].key);
    arv_json_put_unsigned(w, "bytes", archive->container_bytes);
    arv__record_digests(w, &archive->container);
    if (archive->has_closing)
        arv__json_put_hex(w, "closing_sha256", archive->closing, ARV_SHA256_BYTES);
    arv_json_put_unsigned(w, "entries", archive->entries);
    arv_json_put_unsigned(w, "payload_bytes", archive->payload_bytes);
    arv_json_put_unsigned(w, "missing", archive->failures);
    describe_time(w, "requested_at", history->created_ms / 1000);
    describe_time(w, "collected_at", archive->collected_at);
    describe_time(w, "read_at", archive->read_at);
    describe_time(w, "packed_at", archive->packed_at);
}

/* The application's object is the last member, byte for byte: it was checked before. */
static int describe(arv__buf *text, const arv__run *run, arv_error *err)
{
    arv_json_writer w = arv__json_into(text);
    arv_json_open(&w, NULL, '{');
    arv_json_put_text(&w, "what", "beside an archive of Archivist");
    arv_json_put_unsigned(&w, "version", 1);
    describe_archive(&w, run->history);
    arv__buf_text(text, ",\"about\":");
    arv__buf_text(text, run->about);
    arv__buf_text(text, "}\n");
    return arv__buf_status(text, "what stands beside the archive", err);
}

static int describe_record(arv__run *run, arv_error *err)
{
    arv__buf text;
    arv_digests digests;
    arv__buf_init(&text, ARV__BESIDE_BYTES_MAX);
    int rc = describe(&text, run, err);
    if (rc == 0)
        rc = arv__digest_bytes(ARV_DIGEST_SHA256, text.data, text.length, &digests, err);
    if (rc == 0) {
        arv__record_beside(&run->record, 0, ".json", (const char *)text.data, text.length, &digests);
        rc = arv__run_append(run, err);
    }
    arv__buf_cleanup(&text);
    return rc;
}

const arv__stage arv__stage_describe = {.enter = arv__run_record, .record = describe_record};

/* ---- put ----------------------------------------------------------------------------------------- */

static int beside_write(arv__run *run, arv_error *err)
{
    const arv__beside *beside = arv__history_unstored_beside(&run->history->archive);
    int rc = arv__jobfolder_unlink(&run->folder, "beside", err);
    return rc < 0 ? rc : arv__jobfolder_write(&run->folder, "beside", beside->bytes, beside->length, err);
}

/* The object may be there: a killed run may have put it and not recorded it. */
static arv__ask beside_first(arv__run_target *target)
{
    const arv__archive *archive = &target->run->history->archive;
    const arv__beside *beside = arv__history_unstored_beside(archive);
    if (beside->stored[target->index])
        return ARV__ASK_NOTHING;
    arv__run_turn_to(target, archive, (unsigned)(beside - archive->beside) + 1);
    return ARV__ASK_COMPARE;
}

static arv__ask beside_answered(arv__run_target *target, const arv_object *object, arv_error *err)
{
    if (object)
        target->found = *object;
    if (target->asked == ARV__ASK_PUT && (err->code == ARV_EUNREADABLE || err->code == ARV_EMISMATCH ||
                                          err->code == ARV_ECHANGED || err->code == ARV_EVANISHED))
        err->code = ARV_EIO; /* the copy in the job's folder is bad; a later run writes it anew */
    if (target->asked == ARV__ASK_COMPARE && err->code == ARV_EMISMATCH)
        arv_error_set(err, ARV_EEXISTS,
                      "%s/%s is there, but it is not what this job puts beside its archive; nothing was "
                      "overwritten.",
                      arv_storage_url(target->storage), target->name);
    return arv__run_put_missing(target, true, err);
}

const arv__stage arv__stage_put_beside = {
    .prepare = beside_write,
    .enter = arv__run_ask,
    .first = beside_first,
    .answered = beside_answered,
    .gathered = arv__run_gathered,
};

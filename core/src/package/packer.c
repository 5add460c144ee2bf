/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The ring and its three numbers: units below `written` are in the sink, those below `chained` have
 * passed the chain, those below `cut` exist. Every event calls arv__packer_advance(), which starts all
 * steps that can start; there is no other driver.
 *
 * The first error wins. From then on the packer starts nothing new, asks threads to give up and aborts
 * the sink at once. It ends when the abort and all work under way have answered.
 */

#include "package/packer_internal.h"

#include <fcntl.h>

#include <arv/sys/alloc.h>
#include "loop/fileops.h"
#include "util/names.h"
#include "util/time.h"

enum {
    PACKER_MEMORY = 16 << 20,
    PACKER_DIRECTORY_BYTES = 4 << 20, /* of the format, before it goes to a file */
    PACKER_SLOT_BYTES = 2 * (ARV__UNIT_BYTES + ARV__UNIT_BYTES / 8)
};

#define PACKER_1980 INT64_C(315532800) /* the time of every entry: the first that zip can say */

/* ---- life --------------------------------------------------------------------------------------- */

static int packer_name(arv__packer *packer, arv_error *err)
{
    const char *name = packer->options.name;
    int rc = arv__name_safe_component(&packer->base, name, strlen(name), err);
    if (rc < 0)
        return rc;
    if (!arv__buf_text_z(&packer->base))
        return arv__buf_status(&packer->base, "the name of the base folder", err);
    arv__buf_append(&packer->prefix, packer->base.data, packer->base.length);
    arv__buf_literal(&packer->prefix, "/data/");
    arv__buf_append(&packer->readme, packer->base.data, packer->base.length);
    arv__buf_literal(&packer->readme, "/" ARV__BAG_README);
    if (!arv__buf_text_z(&packer->readme))
        return arv__buf_status(&packer->readme, "the name of the base folder", err);
    return arv__buf_status(&packer->prefix, "the name of the base folder", err);
}

static unsigned packer_between(size_t value, unsigned low, unsigned high)
{
    return value < low ? low : value > high ? high : (unsigned)value;
}

static int packer_size(arv__packer *packer, arv_error *err)
{
    const arv_package_options *options = &packer->options;
    const arv__packer_resources *resources = &packer->resources;
    size_t memory = options->memory_bytes ? options->memory_bytes : PACKER_MEMORY;
    unsigned threads = resources->threads;

    packer->slot_count = packer_between(memory / PACKER_SLOT_BYTES, ARV__PACK_SLOTS_MIN, ARV__PACK_SLOTS_MAX);
    if (options->threads && options->threads < threads)
        threads = options->threads;
    packer->fill_max = packer_between(resources->readers, 1, packer->slot_count);
    packer->fill_min = packer_between(threads, 1, packer->fill_max);
    packer->fill_limit = packer->fill_peak = packer->fill_min;
    return options->threads ? arv__slots_new(&packer->own_cpu, threads, err) : 0;
}

static void packer_init(arv__packer *packer)
{
    pthread_mutex_init(&packer->workers_lock, NULL);
    arv__buf_init(&packer->base, 4096);
    arv__buf_init(&packer->prefix, 4096);
    arv__buf_init(&packer->readme, 4096);
    arv__buf_init(&packer->document_name, 4096);
    arv__buf_init(&packer->refused, SIZE_MAX / 2);
    packer->late_end = &packer->late;
    packer->late_line = -1;
    for (unsigned i = 0; i < ARV__PACK_SLOTS_MAX; i++) {
        arv__pack_slot *slot = &packer->slots[i];
        slot->packer = packer;
        arv__buf_init(&slot->unit.in, ARV__UNIT_FRAMED_BYTES);
        arv__buf_init(&slot->unit.out, arv__unit_out_bytes(packer->ops));
        arv__buf_init(&slot->text, ARV__PACK_TEXT_BYTES);
        arv__buf_init(&slot->records, SIZE_MAX / 2);
        arv__buf_init(&slot->failures, SIZE_MAX / 2);
    }
    packer->settings = (arv__format_settings){
        .format = packer->options.format,
        .level =
            packer->options.level == ARV_LEVEL_DEFAULT ? packer->ops->level_default : packer->options.level,
        .reproducible = packer->options.reproducible,
        .modified_at_unix = PACKER_1980,
        .memory_bytes = PACKER_DIRECTORY_BYTES,
        .temp_directory = packer->options.temp_directory,
    };
    packer->judges = packer->settings.level > 0 && packer->ops->compressor;
    arv__spool_init(&packer->cutting.spool, ARV__PACK_SPOOL_BYTES, packer->options.temp_directory);
    arv__spool_init(&packer->awaited.spool, ARV__PACK_SPOOL_BYTES, packer->options.temp_directory);
    packer->totals.entries_total = arv_entries_count(packer->entries);
    packer->totals.collected_at_unix = packer->options.collected_at_unix;
    packer->totals.bytes_total = arv_entries_total_bytes(packer->entries);
}

void arv__packer_free(arv__packer *packer)
{
    if (!packer)
        return;
    arv__packer_closing_detach(packer);
    arv__packer_parked_detach(packer, false);
    for (unsigned i = 0; i < ARV__PACK_SLOTS_MAX; i++) {
        arv__pack_slot *slot = &packer->slots[i];
        arv__pack_file_unref(slot->file);
        arv__buf_cleanup(&slot->unit.in);
        arv__buf_cleanup(&slot->unit.out);
        arv__buf_cleanup(&slot->text);
        arv__buf_cleanup(&slot->records);
        arv__buf_cleanup(&slot->failures);
        arv_free(slot->unit.pieces);
        arv_free(slot->items);
    }
    while (packer->late) {
        arv__pack_late *late = packer->late;
        packer->late = late->next;
        arv_free(late);
    }
    arv__packer_workers_free(packer);
    pthread_mutex_destroy(&packer->workers_lock);
    arv__pack_file_unref(packer->file);
    arv__spool_cleanup(&packer->cutting.spool);
    arv__spool_cleanup(&packer->awaited.spool);
    arv__digest_cleanup(&packer->entry_digest);
    arv__digest_cleanup(&packer->container_digest);
    arv__bag_free(packer->bag);
    if (packer->format)
        packer->ops->close(packer->format);
    arv__plan_free(packer->plan);
    arv__fs_close(packer->root_fd);
    arv_entries_unref(packer->entries);
    arv__slots_free(packer->own_cpu);
    arv__buf_cleanup(&packer->base);
    arv__buf_cleanup(&packer->prefix);
    arv__buf_cleanup(&packer->readme);
    arv__buf_cleanup(&packer->document_name);
    arv__buf_cleanup(&packer->refused);
    arv__packer_omitted_free(packer);
    arv_free(packer->failures);
    if (packer->sink)
        packer->sink->ops->free(packer->sink);
    arv_free(packer);
}

/* ---- end ---------------------------------------------------------------------------------------- */

static bool packer_busy(const arv__packer *packer)
{
    return packer->starting || packer->filling || packer->generating || packer->chaining || packer->writing ||
           packer->stepping || packer->turning || packer->parked_posted || packer->finishing;
}

/* The only end. It may free the packer. */
static void packer_end(arv__packer *packer, int status)
{
    arv_error error = packer->error;
    arv__packer_closing_detach(packer);
    arv__log(packer->resources.log, ARV_LOG_DEBUG, "package",
             packer->totals.uuid[0] ? packer->totals.uuid : NULL, "Packing has ended.",
             ARV__INT("units", packer->cut), ARV__INT("readers_at_once", packer->fill_peak),
             ARV__INT("container_bytes", packer->totals.container_bytes));
    packer->events.done(packer->events.user_data, status, status < 0 ? &error : NULL);
}

static void packer_settle(arv__packer *packer)
{
    if (packer_busy(packer))
        return;
    if (packer->finished)
        packer_end(packer, 0);
    else if (packer->failed && packer->aborted)
        packer_end(packer, packer->status);
}

static void packer_aborted(arv__op *op, int status, const arv_error *err)
{
    arv__packer *packer = op->user_data;
    if (status < 0) { /* something stays: that is said behind why it was aborted */
        arv_error_append(&packer->error, " %s", err->message);
        packer->error.flags |= ARV_ERROR_PARTIAL;
    }
    packer->aborted = true;
    packer_settle(packer);
}

void arv__packer_fail(arv__packer *packer, int status, const arv_error *err)
{
    if (packer->failed || packer->finished)
        return;
    packer->failed = true;
    packer->status = status;
    if (err && err->code == status)
        packer->error = *err;
    else
        arv_error_set(&packer->error, status, "%s", arv_error_text(status));
    __atomic_store_n(&packer->stop, true, __ATOMIC_RELAXED);
    for (unsigned i = 0; i < packer->slot_count; i++)
        if (packer->slots[i].state == ARV__SLOT_FILLING)
            arv__work_cancel(&packer->slots[i].work);
    if (packer->chaining)
        arv__work_cancel(&packer->chain_work);
    if (packer->stepping)
        arv__work_cancel(&packer->step_work);
    arv__packer_parked_stop(packer);
    arv__op_init(&packer->abort_op, packer->resources.loop, packer_aborted, packer);
    packer->sink->ops->abort(packer->sink, &packer->abort_op);
}

void arv__packer_cancel(arv__packer *packer, const arv_error *reason)
{
    arv_error own;
    if (!reason || reason->code >= 0) {
        arv_error_set(&own, ARV_ECANCELED, "Packing was cancelled.");
        reason = &own;
    }
    if (!packer->committing) {
        arv__packer_fail(packer, reason->code, reason);
    } else if (!arv__op_cancel_asked(&packer->finish_op)) {
        /* The targets decide whether the cancel came in time for all of them. */
        packer->error = *reason;
        arv__op_cancel(&packer->finish_op);
    }
}

static void packer_committed(arv__op *op, int status, const arv_error *err)
{
    arv__packer *packer = op->user_data;
    packer->finishing = packer->committing = false;
    if (status == ARV_ECANCELED && packer->error.code < 0) {
        arv_error reason = packer->error;
        arv__packer_fail(packer, reason.code, &reason);
    } else if (status < 0) {
        arv__packer_fail(packer, status, err);
    } else {
        packer->finished = true;
    }
    packer_settle(packer);
}

static void packer_proven(arv__op *op, int status, const arv_error *err)
{
    arv__packer *packer = op->user_data;
    packer->finishing = false;
    if (status < 0) {
        arv__packer_fail(packer, status, err);
    } else if (!packer->failed) {
        packer->finishing = packer->committing = true;
        arv__op_init(&packer->finish_op, packer->resources.loop, packer_committed, packer);
        packer->sink->ops->commit(packer->sink, &packer->finish_op);
    }
    packer_settle(packer);
}

static int packer_finish(arv__packer *packer, arv_error *err)
{
    if (packer->stage != ARV__CUT_NOTHING || packer->written != packer->cut || packer->writing ||
        packer->finishing || packer->finished)
        return 0;
    int rc = arv__digest_final(&packer->container_digest, &packer->totals.container, err);
    if (rc < 0)
        return rc;
    packer->totals.packed_at_unix = arv__now_unix_us() / 1000000;
    packer->finishing = true;
    arv__op_init(&packer->finish_op, packer->resources.loop, packer_proven, packer);
    packer->sink->ops->prove(packer->sink, &packer->totals.container, packer->container_bytes,
                             &packer->finish_op);
    return 0;
}

/* ---- ring --------------------------------------------------------------------------------------- */

static void packer_written(arv__op *op, int status, const arv_error *err)
{
    arv__packer *packer = op->user_data;

    packer->writing = false;
    if (status < 0)
        arv__packer_fail(packer, status, err);
    for (; packer->written < packer->write_end; packer->written++) {
        arv__pack_slot *slot = arv__packer_slot(packer, packer->written);
        const arv__unit *unit = &slot->unit;
        packer->totals.container_bytes += unit->out_is_in ? unit->in.length : unit->out.length;
        if (slot->continued) { /* the next piece takes the same number */
            packer->chained = packer->written;
            arv__packer_slot_clear(slot);
            slot->state = ARV__SLOT_PARKED;
            break;
        }
        arv__packer_slot_release(slot);
    }
    arv__packer_advance(packer);
}

static void packer_write(arv__packer *packer)
{
    unsigned count = 0;

    if (packer->writing || packer->written == packer->chained)
        return;
    for (uint64_t n = packer->written; n < packer->chained; n++) {
        const arv__unit *unit = &arv__packer_slot(packer, n)->unit;
        const arv__buf *buf = unit->out_is_in ? &unit->in : &unit->out;
        if (buf->length)
            packer->spans[count++] = (arv__span){buf->data, buf->length};
    }
    packer->writing = true;
    packer->write_end = packer->chained;
    arv__op_init(&packer->write_op, packer->resources.loop, packer_written, packer);
    packer->sink->ops->write(packer->sink, packer->spans, count, &packer->write_op);
}

static int packer_chain(arv__packer *packer, arv_error *err)
{
    uint64_t end = packer->chained;

    if (packer->chaining || (end > packer->written && arv__packer_slot(packer, end - 1)->continued))
        return 0;
    while (end < packer->cut && arv__packer_slot(packer, end)->state == ARV__SLOT_READY)
        if (arv__packer_slot(packer, end++)->continued)
            break;
    if (end == packer->chained)
        return 0;
    packer->chain_end = end;
    int rc = arv__work_start(packer->resources.pool, packer->lane, &packer->chain_work, arv__packer_chain_run,
                             arv__packer_chain_done, packer, err);
    packer->chaining = rc == 0;
    return rc;
}

int arv__packer_step(arv__packer *packer, arv__packer_run run, arv__packer_done done, arv_error *err)
{
    int rc =
        arv__work_start(packer->resources.pool, packer->lane, &packer->step_work, run, done, packer, err);
    packer->stepping = rc == 0;
    return rc;
}

void arv__packer_phase(arv__packer *packer, arv__pack_phase phase)
{
    if (packer->events.phase)
        packer->events.phase(packer->events.user_data, phase);
}

void arv__packer_advance(arv__packer *packer)
{
    arv_error err;
    int rc;

    packer->again = true;
    if (packer->advancing)
        return;
    packer->advancing = true;
    while (packer->again && !packer->failed) {
        packer->again = false;
        packer_write(packer);
        if ((rc = packer_chain(packer, &err)) < 0 || (rc = arv__packer_unpark(packer, &err)) < 0 ||
            (rc = arv__packer_cut(packer, &err)) < 0 ||
            (rc = packer->failed ? 0 : packer_finish(packer, &err)) < 0)
            arv__packer_fail(packer, rc, &err);
    }
    packer->advancing = false;
    packer_settle(packer);
}

/* ---- start -------------------------------------------------------------------------------------- */

static int packer_prepare_run(arv__work *work, arv_error *err)
{
    arv__packer *packer = work->user_data;
    const arv__format_settings *settings = &packer->settings;
    const char *compressor = NULL;
    int rc = packer->root_fd = arv__fs_openat(AT_FDCWD, "/", O_PATH | O_DIRECTORY | O_CLOEXEC, 0);

    if (rc < 0)
        return arv_error_system(err, -rc, "The folder '/', where all paths begin, cannot be opened");
    if (packer->ops->compressor)
        compressor = packer->ops->compressor(settings->level, settings->reproducible);
    if ((rc = arv__plan_prepare(packer->plan, err)) < 0 ||
        (rc = packer->ops->open(&packer->format, settings, err)) < 0 ||
        (rc = arv__bag_new(&packer->bag, &packer->options, (const char *)packer->base.data, compressor,
                           err)) < 0 ||
        (rc = arv__digest_init(&packer->entry_digest, packer->options.digests, err)) < 0 ||
        (rc = arv__digest_init(&packer->container_digest, packer->options.digests, err)) < 0)
        return rc;
    return 0;
}

static void packer_prepared(arv__work *work, int status, const arv_error *err)
{
    arv__packer *packer = work->user_data;

    packer->stepping = false;
    if (status < 0) {
        arv__packer_fail(packer, status, err);
    } else if (!packer->failed) {
        packer->stage = ARV__CUT_FIRST;
        arv__packer_phase(packer, ARV__PACK_PAYLOAD);
    }
    arv__packer_advance(packer);
}

static void packer_begin(arv__mail *mail)
{
    arv__packer *packer = mail->user_data;
    arv_error err;
    int rc;

    packer->starting = false;
    if (!packer->failed) {
        packer->advancing = true; /* nothing ends inside of the callback */
        arv__packer_phase(packer, ARV__PACK_PREPARE);
        packer->advancing = false;
    }
    if (!packer->failed && (rc = arv__packer_step(packer, packer_prepare_run, packer_prepared, &err)) < 0)
        arv__packer_fail(packer, rc, &err);
    packer_settle(packer);
}

/* All but plan and sink. */
static int packer_new(arv__packer **out, const arv__packer_resources *resources, arv_entries *entries,
                      const arv_package_options *options, arv__lane *lane, const arv__packer_events *events,
                      arv_error *err)
{
    int rc;
    arv__packer *packer = arv_calloc(1, sizeof *packer);
    if (!packer)
        return arv_error_nomem(err, "a packer");
    packer->resources = *resources;
    packer->events = *events;
    packer->lane = lane;
    packer->ops = arv__format_find(options->format);
    packer->entries = arv_entries_ref(entries);
    packer->root_fd = -1;
    packer->options = *options;
    if (options->collected_at_unix == ARV_TIME_UNKNOWN)
        packer->options.collected_at_unix = PACKER_1980;
    packer_init(packer);
    if ((rc = packer_name(packer, err)) < 0 || (rc = packer_size(packer, err)) < 0) {
        arv__packer_free(packer);
        return rc;
    }
    *out = packer;
    return 0;
}

static void packer_start(arv__packer *packer, arv__sink *sink)
{
    packer->sink = sink;
    packer->starting = true;
    packer->start_mail.deliver = packer_begin;
    packer->start_mail.user_data = packer;
    arv__loop_post(packer->resources.loop, &packer->start_mail);
}

int arv__packer_start_adopt(arv__packer **out, const arv__packer_resources *resources, arv_entries *entries,
                            const arv_package_options *options, arv__sink *sink, arv__lane *lane,
                            const arv__packer_events *events, arv_error *err)
{
    arv__packer *packer;
    int rc = arv__package_options_check(options, err);
    if (rc < 0 || (rc = packer_new(&packer, resources, entries, options, lane, events, err)) < 0)
        return rc;
    rc = arv__plan_new(&packer->plan, entries, err);
    if (rc < 0) {
        arv__packer_free(packer);
        return rc;
    }
    packer_start(packer, sink);
    *out = packer;
    return 0;
}

bool arv__packer_may_repeat(const arv__packer *packer)
{
    /* The job must report what an abort left behind, and that would be in the way. */
    return packer->repeatable && !(packer->error.flags & ARV_ERROR_PARTIAL);
}

int arv__packer_repeat_adopt(arv__packer **out, arv__packer *from, arv__sink *sink, arv_error *err)
{
    arv__packer *packer;
    int rc =
        packer_new(&packer, &from->resources, from->entries, &from->options, from->lane, &from->events, err);
    if (rc < 0)
        return rc;
    packer->plan = from->plan;
    from->plan = NULL;
    packer->omitted = packer->omitted_next = from->omitted;
    packer->omitted_count = from->omitted_count;
    from->omitted = NULL;
    packer_start(packer, sink);
    *out = packer;
    return 0;
}

void arv__packer_totals_get(const arv__packer *packer, arv__packer_totals *totals)
{
    *totals = packer->totals;
}

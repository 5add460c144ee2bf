/* SPDX-License-Identifier: Apache-2.0 */
#include "packing.h"

#include <string.h>

#include "test.h"

enum { PACKING_READERS = 8, PACKING_WRITERS = 4, PACKING_TURN_MS = 10000 };

int packing_open(packing *p, unsigned threads)
{
    int rc;
    memset(p, 0, sizeof *p);
    arv_package_options_init(&p->options, sizeof p->options);
    p->options.name = "exam";
    p->threads = threads;
    p->cancel_phase = -1;
    p->cancel_turn = -1;
    unsigned readers = threads > PACKING_READERS ? threads : PACKING_READERS;
    if ((rc = arv__loop_new(&p->loop, &p->error)) < 0 ||
        (rc = arv__pool_new(&p->pool, p->loop, "work", readers, &p->error)) < 0 ||
        (rc = arv__pool_new(&p->io, p->loop, "io", PACKING_WRITERS, &p->error)) < 0 ||
        (rc = arv__slots_new(&p->cpu, threads, &p->error)) < 0 ||
        (rc = arv_entries_new(&p->entries, NULL, &p->error)) < 0)
        return rc;
    return 0;
}

void packing_close(packing *p)
{
    arv__packer_free(p->packer);
    arv_entries_unref(p->entries);
    arv__pool_free(p->pool);
    arv__pool_free(p->io);
    arv__loop_free(p->loop);
    arv__slots_free(p->cpu);
    p->packer = NULL;
}

static arv_entry packing_entry(const char *name, int64_t size)
{
    return (arv_entry){.name = name, .size_bytes = size, .modified_at_unix = ARV_TIME_UNKNOWN};
}

int packing_bytes(packing *p, const char *name, const void *data, size_t length)
{
    arv_entry entry = packing_entry(name, (int64_t)length);
    return arv_entries_add_memory(p->entries, &entry, data, length, &p->error);
}

int packing_memory(packing *p, const char *name, const char *text)
{
    return packing_bytes(p, name, text, strlen(text));
}

int packing_path_size(packing *p, const char *name, const char *path, int64_t size)
{
    arv_entry entry = packing_entry(name, size);
    return arv_entries_add_path(p->entries, &entry, path, &p->error);
}

int packing_path(packing *p, const char *name, const char *path)
{
    return packing_path_size(p, name, path, ARV_SIZE_UNKNOWN);
}

static int64_t source_read(void *user_data, void *into, size_t length, arv_error *err)
{
    packing_source *s = user_data;
    size_t part = s->length - s->at;
    if (s->overshoot)
        return (int64_t)length + 1;
    if (part > length)
        part = length;
    if (s->step && part > s->step)
        part = s->step;
    if (!part && s->fail_code)
        return arv_error_set(err, s->fail_code, "The tape has torn.");
    memcpy(into, s->data + s->at, part);
    s->at += part;
    return (int64_t)part;
}

static void source_release(void *user_data)
{
    ((packing_source *)user_data)->released++;
}

int packing_callback(packing *p, const char *name, int64_t size, packing_source *source)
{
    arv_entry entry = packing_entry(name, size);
    return arv_entries_add_callback(p->entries, &entry, source_read, source_release, source, &p->error);
}

static void packing_phase(void *user_data, arv__pack_phase phase)
{
    packing *p = user_data;
    p->phases |= 1u << phase;
    if ((int)phase == p->cancel_phase)
        arv__packer_cancel(p->packer, NULL);
}

static void packing_done(void *user_data, int status, const arv_error *err)
{
    packing *p = user_data;
    p->dones++;
    p->status = status;
    if (err)
        p->error = *err;
    arv__packer_totals_get(p->packer, &p->totals);
    arv__packer_free(p->packer);
    p->packer = NULL;
}

int packing_run_sink(packing *p, arv__sink *sink)
{
    arv__packer_resources resources = {.loop = p->loop,
                                       .pool = p->pool,
                                       .cpu = p->cpu,
                                       .threads = p->threads,
                                       .readers = arv__pool_threads(p->pool)};
    arv__packer_events events = {packing_phase, packing_done, p};
    int rc = arv__packer_start_adopt(&p->packer, &resources, p->entries, &p->options, sink, &p->lane, &events,
                                     &p->error);
    if (rc < 0) {
        sink->ops->free(sink);
        return rc;
    }
    for (long turn = 0; p->packer; turn++) {
        if (turn == p->cancel_turn)
            arv__packer_cancel(p->packer, NULL);
        CHECK(arv__loop_run(p->loop, ARV__LOOP_ONCE, PACKING_TURN_MS) || !p->packer);
    }
    while (arv__loop_run(p->loop, ARV__LOOP_ONCE, 10))
        ;
    CHECK_INT(p->dones, 1);
    return p->status;
}

int packing_run(packing *p, const char *path)
{
    arv__sink *sink;
    int rc = arv__sink_file_new(&sink, p->loop, p->io, &p->io_lane, path, arv_entries_total_bytes(p->entries),
                                &p->error);
    return rc < 0 ? rc : packing_run_sink(p, sink);
}

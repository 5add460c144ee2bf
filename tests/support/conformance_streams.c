/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance_scene.h"

#include <stdlib.h>
#include <string.h>

/* ---- sinks and sources ----------------------------------------------------------------------- */

typedef struct sink_run {
    scene *s;
    arv__sink *sink;
    arv__op op, abort_op;
    arv_object object;
    int status, abort_status;
    bool done, aborted;
    arv_error err;
} sink_run;

static void sink_run_done(arv__op *op, int status, const arv_error *err)
{
    sink_run *r = op->user_data;
    r->done = true;
    r->status = status;
    if (status < 0)
        r->err = *err;
}

static void sink_run_aborted(arv__op *op, int status, const arv_error *err)
{
    sink_run *r = op->user_data;
    (void)err;
    r->aborted = true;
    r->abort_status = status;
    CHECK(r->done); /* the request that was under way comes first */
}

static void sink_run_open(sink_run *r, scene *s)
{
    memset(r, 0, sizeof *r);
    r->s = s;
    r->done = true;
    CHECK_OK(arv__sink_storage_new(&r->sink, s->storage, s->key, s->length, test_dir(), &r->object, &r->err),
             &r->err);
}

/* Runs the loop until the request is done or the turns are used up. */
static void sink_run_turns(sink_run *r, int *turns)
{
    while (!r->done && *turns > 0) {
        arv__loop_run(r->s->loop, ARV__LOOP_ONCE, 1000);
        --*turns;
    }
}

static void sink_run_write(sink_run *r, int *turns)
{
    size_t half = r->s->length / 2;
    arv__span spans[3] = {{r->s->bytes, half}, {r->s->bytes, 0}, {r->s->bytes + half, r->s->length - half}};
    arv__op_init(&r->op, r->s->loop, sink_run_done, r);
    r->done = false;
    static arv__span kept[3];
    memcpy(kept, spans, sizeof kept);
    r->sink->ops->write(r->sink, kept, 3, &r->op);
    CHECK(!r->done);
    sink_run_turns(r, turns);
}

static void sink_run_finish(sink_run *r, int *turns)
{
    static arv_digests digests;
    CHECK_OK(arv__digest_bytes(ARV_DIGEST_SHA256 | ARV_DIGEST_SHA512, r->s->bytes, r->s->length, &digests,
                               &r->err),
             &r->err);
    arv__op_init(&r->op, r->s->loop, sink_run_done, r);
    r->done = false;
    r->sink->ops->prove(r->sink, &digests, r->s->length, &r->op);
    CHECK(!r->done);
    sink_run_turns(r, turns);
    if (!r->done || r->status < 0)
        return;
    arv__op_init(&r->op, r->s->loop, sink_run_done, r);
    r->done = false;
    r->sink->ops->commit(r->sink, &r->op);
    CHECK(!r->done);
    sink_run_turns(r, turns);
}

static void sink_run_abort(sink_run *r)
{
    arv__op_init(&r->abort_op, r->s->loop, sink_run_aborted, r);
    r->sink->ops->abort(r->sink, &r->abort_op);
    CHECK(!r->aborted);
    while (!r->aborted)
        arv__loop_run(r->s->loop, ARV__LOOP_ONCE, 1000);
    r->sink->ops->free(r->sink);
}

void conformance_takes_a_stream_through_a_sink(const conformance_target *target)
{
    scene s;
    sink_run r;
    int turns = TURNS_MAX;
    scene_open(&s, target, MIDDLE);
    sink_run_open(&r, &s);
    sink_run_write(&r, &turns);
    CHECK_OK(r.status, &r.err);
    CHECK_INT(scene_stat(&s, s.key), ARV_ENOTFOUND);
    sink_run_finish(&r, &turns);
    CHECK_OK(r.status, &r.err);
    CHECK(r.done);
    r.sink->ops->free(r.sink);
    CHECK_STR(r.object.key, s.key);
    CHECK_INT(r.object.size_bytes, s.length);
    CHECK_INT(r.object.digests.present, ARV_DIGEST_SHA256 | ARV_DIGEST_SHA512);
    scene_check_holds(&s, s.key, s.bytes, s.length);
    scene_close(&s);
}

void conformance_forgets_a_sink_aborted_at_any_moment(const conformance_target *target)
{
    scene s;
    sink_run r;
    scene_open(&s, target, MIDDLE);
    CHECK_OK(scene_put(&s, s.source, s.key), &s.err); /* makes what the storage itself needs */
    int names = test_count_dir(test_dir());
    for (int most = 0; most < TURNS_MAX; most++) {
        CHECK_SCENE("%d turns", most);
        int turns = most;
        scene_new_key(s.key);
        sink_run_open(&r, &s);
        sink_run_write(&r, &turns);
        if (r.done)
            sink_run_finish(&r, &turns);
        if (r.done && r.status == 0 && turns > 0 && target->keeps) {
            r.sink->ops->free(r.sink);
            break;
        }
        bool whole = r.done && turns > 0;
        sink_run_abort(&r);
        if (!target->keeps)
            scene_check_clean(&s);
        CHECK_INT(test_count_dir(test_dir()), names);
        if (whole)
            break;
    }
    scene_close(&s);
}

void conformance_removes_what_a_finished_sink_stored_when_it_is_aborted(const conformance_target *target)
{
    scene s;
    sink_run r;
    int turns = TURNS_MAX;
    if (target->keeps)
        return;
    scene_open(&s, target, SMALL);
    sink_run_open(&r, &s);
    sink_run_write(&r, &turns);
    sink_run_finish(&r, &turns);
    CHECK_OK(r.status, &r.err);
    CHECK_OK(scene_stat(&s, s.key), &s.err);
    sink_run_abort(&r);
    CHECK_OK(r.abort_status, &r.err);
    scene_check_clean(&s);
    scene_close(&s);
}

typedef struct source_run {
    arv__work work;
    arv__source *source;
    const scene *s;
    bool done;
} source_run;

static int source_run_read(arv__work *work, arv_error *err)
{
    source_run *r = work->user_data;
    const scene *s = r->s;
    static const uint64_t at[][2] = {
        {0, 100},           {3000000, 50000}, {2, 3000000},          {MIDDLE - 5, 5},
        {MIDDLE - 5, 5000}, {MIDDLE, 10},     {MIDDLE + 1000000, 10}};
    unsigned char *into = malloc(4 << 20);
    int rc = arv__source_begin(r->source, err);
    if (rc == 0)
        CHECK_INT(r->source->size_bytes, s->length);
    for (size_t i = 0; rc == 0 && i < sizeof at / sizeof at[0]; i++) {
        CHECK_SCENE("%u bytes at %u", (unsigned)at[i][1], (unsigned)at[i][0]);
        uint64_t offset = at[i][0], left = offset < s->length ? s->length - offset : 0;
        int64_t n = r->source->read_at(r->source, into, (size_t)at[i][1], offset, err);
        CHECK_OK(n, err);
        CHECK_INT(n, left < at[i][1] ? left : at[i][1]);
        CHECK_MEM(into, s->bytes + (left ? offset : 0), (size_t)n);
    }
    free(into);
    return rc;
}

static void source_run_done(arv__work *work, int status, const arv_error *err)
{
    source_run *r = work->user_data;
    r->done = true;
    r->work.status = status;
    if (status < 0)
        r->work.error = *err;
}

static int source_run_all(scene *s, source_run *r)
{
    memset(r, 0, sizeof *r);
    r->s = s;
    CHECK_OK(arv__source_storage_new(&r->source, s->storage, s->key, &s->err), &s->err);
    r->work.run = source_run_read;
    r->work.done = source_run_done;
    r->work.user_data = r;
    CHECK_OK(arv__work_submit(arv__context_of(s->engine)->pool, NULL, &r->work, &s->err), &s->err);
    while (!r->done)
        arv__loop_run(s->loop, ARV__LOOP_ONCE, 1000);
    r->source->free(r->source);
    return r->work.status;
}

void conformance_reads_anywhere_through_a_source(const conformance_target *target)
{
    scene s;
    source_run r;
    scene_open(&s, target, MIDDLE);
    CHECK_INT(source_run_all(&s, &r), ARV_ENOTFOUND);
    CHECK_OK(scene_put(&s, s.source, s.key), &s.err);
    CHECK_OK(source_run_all(&s, &r), &r.work.error);
    scene_close(&s);
}

/* ---- an interrupted put goes on -------------------------------------------------------------- */

/* Writes the first part of the bytes, takes the state, and forgets the put as a killed process does. Returns the
 * length of the state. */
static size_t interrupt(scene *s, unsigned char state[ARV__PUT_STATE_BYTES])
{
    sink_run r;
    size_t length;
    arv__span span = {s->bytes, s->length * 2 / 3};
    sink_run_open(&r, s);
    CHECK_OK(arv__put_state((arv__put *)r.sink, state, &length, &r.err), &r.err);
    CHECK_INT(length, 0); /* nothing was sent */
    arv__op_init(&r.op, s->loop, sink_run_done, &r);
    r.done = false;
    r.sink->ops->write(r.sink, &span, 1, &r.op);
    while (!r.done || ((arv__put *)r.sink)->pieces.busy > 0)
        arv__loop_run(s->loop, ARV__LOOP_ONCE, 1000);
    CHECK_OK(r.status, &r.err);
    CHECK_OK(arv__put_state((arv__put *)r.sink, state, &length, &r.err), &r.err);
    CHECK(length > 0);
    r.sink->ops->free(r.sink);
    return length;
}

/* Whether there is something to test; the storage is open then, and holds an object. */
static bool resume_scene(scene *s, const conformance_target *target)
{
    scene_open(s, target, MIDDLE);
    if (s->storage->ops->put_state)
        return true;
    sink_run r;
    unsigned char state[ARV__PUT_STATE_BYTES] = "ARV1";
    sink_run_open(&r, s);
    CHECK_ERR(arv__put_resume((arv__put *)r.sink, state, 100, &r.err), &r.err, ARV_EUNSUPPORTED,
              "from its start");
    r.sink->ops->free(r.sink);
    scene_close(s);
    return false;
}

void conformance_continues_an_interrupted_put(const conformance_target *target)
{
    static unsigned char state[ARV__PUT_STATE_BYTES];
    scene s;
    sink_run r;
    arv_error err;
    if (!resume_scene(&s, target))
        return;
    size_t length = interrupt(&s, state);
    for (int times = 0; times < 2; times++) { /* the second one, when it is finished */
        int turns = TURNS_MAX;
        sink_run_open(&r, &s);
        CHECK_OK(arv__put_resume((arv__put *)r.sink, state, length, &err), &err);
        sink_run_write(&r, &turns);
        if (times == 0) {
            CHECK_OK(r.status, &r.err);
            CHECK(((arv__put *)r.sink)->resumed_bytes > s.length / 2);
            sink_run_finish(&r, &turns);
            CHECK_OK(r.status, &r.err);
            r.sink->ops->free(r.sink);
        } else {
            CHECK_ERR(r.status, &r.err, ARV_ENOTFOUND, "from its start");
            sink_run_abort(&r);
        }
        scene_check_holds(&s, s.key, s.bytes, s.length);
    }
    scene_new_key(s.key);
    length = interrupt(&s, state);
    CHECK_OK(scene_tidy(&s, s.key), &s.err); /* the upload goes */
    int turns = TURNS_MAX;
    sink_run_open(&r, &s);
    CHECK_OK(arv__put_resume((arv__put *)r.sink, state, length, &err), &err);
    sink_run_write(&r, &turns);
    CHECK_ERR(r.status, &r.err, ARV_ENOTFOUND, NULL);
    sink_run_abort(&r);
    CHECK_OK(scene_put(&s, s.source, s.key), &s.err);
    scene_close(&s);
}

static void refused(scene *s, const unsigned char *state, size_t length, int code, const char *says)
{
    sink_run r;
    arv_error err;
    sink_run_open(&r, s);
    CHECK_ERR(arv__put_resume((arv__put *)r.sink, state, length, &err), &err, code, says);
    CHECK_HAS(err.message, "from its start");
    r.sink->ops->free(r.sink);
}

void conformance_refuses_to_continue_another_put(const conformance_target *target)
{
    static unsigned char state[ARV__PUT_STATE_BYTES + 1];
    scene s;
    char key[ARV_KEY_BYTES];
    if (!resume_scene(&s, target))
        return;
    size_t length = interrupt(&s, state);
    for (size_t i = 0; i < length; i++) {
        CHECK_SCENE("byte %zu of %zu", i, length);
        state[i] ^= 1;
        refused(&s, state, length, ARV_EINVALID, "damaged or belongs to another upload");
        state[i] ^= 1;
        refused(&s, state, i, ARV_EINVALID, "damaged or belongs to another upload");
    }
    refused(&s, state, sizeof state, ARV_ELIMIT, "65537 bytes");
    snprintf(key, sizeof key, "%s", s.key);
    scene_new_key(s.key);
    refused(&s, state, length, ARV_EINVALID, s.key);
    snprintf(s.key, sizeof s.key, "%s", key);
    s.length++; /* another size */
    refused(&s, state, length, ARV_EINVALID, "another upload");
    s.length--;
    CHECK_OK(scene_tidy(&s, s.key), &s.err);
    scene_close(&s);
}

void conformance_leaves_nothing_of_a_put_that_was_continued_and_aborted_at_any_moment(
    const conformance_target *target)
{
    static unsigned char state[ARV__PUT_STATE_BYTES];
    scene s;
    sink_run r;
    arv_error err;
    bool whole = false;
    if (!resume_scene(&s, target))
        return;
    for (int most = 0; !whole && most < TURNS_MAX; most++) {
        CHECK_SCENE("%d turns", most);
        int turns = most;
        size_t length = interrupt(&s, state);
        sink_run_open(&r, &s);
        CHECK_OK(arv__put_resume((arv__put *)r.sink, state, length, &err), &err);
        sink_run_write(&r, &turns);
        if (r.done)
            sink_run_finish(&r, &turns);
        whole = r.done && turns > 0;
        sink_run_abort(&r);
        CHECK_OK(scene_tidy(&s, s.key), &s.err); /* of one that was never opened again */
        scene_check_clean(&s);
    }
    CHECK(whole);
    scene_close(&s);
}

/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What was flushed rots: each byte of a job's journal and of its head becomes zero or has a bit
 * flipped, sectors become zeros or change places, and the files go back to each older state of
 * themselves or vanish. Each time everybody who may look at the job does: it is asked, run, cancelled,
 * begun anew, deleted and swept. The damage must be told, and nothing run, stored or removed. Only
 * where a slot of the head is lost that the journal does not need may the job be as it was told.
 *
 * A sample unless ARCHIVIST_FAULTS=full (sweep.h).
 */

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "staged.h"
#include "sweep.h"
#include "test.h"

enum { SAMPLE_EACH = 12, LINES_MOST = 64, SNAPSHOT_BYTES = 16 << 20, HEAD_SLOT = 4096 };

/* ---- kinds of jobs at rest --------------------------------------------------------------------- */

static staged_run s;

static void add_gone(void)
{
    arv_error err;
    arv_entry entry = {.name = "gone", .size_bytes = 10, .modified_at_unix = ARV_TIME_UNKNOWN};
    CHECK_OK(arv_entries_add_path(s.run.entries, &entry, test_path("gone"), &err), &err);
}

static void rest_made(void)
{
    arv_error err;
    CHECK_OK(arv_staging_create(s.staging, STAGED_UUID, "{}", 2, &err), &err);
}

static void rest_completed(void)
{
    CHECK_OK(staged_go(&s), &s.run.error);
}

static void rest_streamed(void)
{
    s.run.spec.streams = true;
    CHECK_OK(staged_go(&s), &s.run.error);
}

static void rest_partial(void)
{
    add_gone();
    s.run.package.failures_max = 5;
    CHECK_OK(staged_go(&s), &s.run.error);
}

static void rest_waiting(void) /* for space */
{
    arv_error err;
    arv_staging_options options;
    arv_staging_options_init(&options, sizeof options);
    options.limit_bytes = 1000;
    arv_staging_unref(s.staging);
    CHECK_OK(arv_staging_open(&s.staging, test_path("staging"), &options, &err), &err);
    s.run.spec.staging = s.staging;
    s.run.spec.attempts_max = 5;
    s.run.spec.retry_delay_ms = 3600000;
    CHECK(staged_go(&s) < 0);
}

static void rest_failed(void)
{
    add_gone();
    s.run.spec.attempts_max = 1;
    CHECK(staged_go(&s) < 0);
}

static void rest_aborted(void)
{
    arv_error err;
    rest_waiting();
    CHECK_OK(arv_staging_cancel(s.staging, STAGED_UUID, &err), &err);
    CHECK_INT(staged_go(&s), ARV_ECANCELED);
    CHECK_INT(unlink(test_path("staging/" STAGED_UUID "/cancel")), 0); /* its request has rotted, too */
}

static void rest_requeued(void)
{
    arv_error err;
    rest_failed();
    CHECK_OK(arv_staging_requeue(s.staging, STAGED_UUID, &err), &err);
}

static const struct {
    const char *name;
    void (*rest)(void);
    arv_job_state state;
} kinds[] = {
    {"made", rest_made, ARV_JOB_QUEUED},
    {"completed", rest_completed, ARV_JOB_COMPLETED},
    {"streamed", rest_streamed, ARV_JOB_COMPLETED},
    {"in part", rest_partial, ARV_JOB_PARTIAL},
    {"waiting", rest_waiting, ARV_JOB_RECOVERABLE_ERROR},
    {"failed", rest_failed, ARV_JOB_FAILURE},
    {"aborted", rest_aborted, ARV_JOB_ABORTED},
    {"begun anew", rest_requeued, ARV_JOB_QUEUED},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

/* ---- what is there ----------------------------------------------------------------------------- */

static char *snapshot;
static size_t snapshot_length;

static int snapshot_one(const char *path, const struct stat *st, int type, struct FTW *walk)
{
    const char *name = path + walk->base;
    size_t length;
    if (type != FTW_F || strcmp(name, "lock") == 0)
        return 0;
    char *text = test_read_file(path, &length);
    uint64_t sum = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < length; i++)
        sum = (sum ^ (unsigned char)text[i]) * UINT64_C(1099511628211);
    free(text);
    snapshot_length +=
        (size_t)snprintf(snapshot + snapshot_length, SNAPSHOT_BYTES - snapshot_length, "%s %lld %016llx\n",
                         path, (long long)st->st_size, (unsigned long long)sum);
    CHECK(snapshot_length < SNAPSHOT_BYTES);
    return 0;
}

/* Every file of the job and of its storage, with its content; the caller frees it. */
static char *look(void)
{
    snapshot = malloc(SNAPSHOT_BYTES);
    CHECK(snapshot != NULL);
    snapshot[snapshot_length = 0] = '\0';
    nftw(test_path("staging"), snapshot_one, 16, FTW_PHYS);
    nftw(test_path("store"), snapshot_one, 16, FTW_PHYS);
    return snapshot;
}

/* ---- one trial --------------------------------------------------------------------------------- */

typedef struct rotting {
    char *journal, *head; /* as they were told */
    size_t journal_length, head_length;
    arv_job_state state;
    bool spares; /* the head's rot may cost nothing */
    const char *what;
    unsigned long at;
} rotting;

typedef struct rot_counts {
    unsigned trials, spared, wrong;
} rot_counts;

static rot_counts *counts; /* shared; of each kind */

static const char *journal_path(void)
{
    return test_path("staging/" STAGED_UUID "/journal");
}

static const char *head_path(void)
{
    return test_path("staging/" STAGED_UUID "/head");
}

static void put_back(const rotting *r)
{
    test_write_file(journal_path(), r->journal, r->journal_length);
    test_write_file(head_path(), r->head, r->head_length);
}

/* Whether everybody who looks is told, and nothing changes. */
static const char *trial_judge(const rotting *r, bool *spared)
{
    arv_staged_status status;
    arv_staging_swept swept;
    arv_error err;
    int rc = arv_staging_status(s.staging, STAGED_UUID, &status, &err);
    *spared = rc == 0 && r->spares && status.state == r->state;
    if (*spared)
        return NULL;
    if (rc != ARV_EFORMAT)
        return "the rot is not told";
    char *before = look();
    if (staged_go(&s) != ARV_EFORMAT)
        return "it is run";
    if (arv_staging_cancel(s.staging, STAGED_UUID, &err) != ARV_EFORMAT)
        return "it is cancelled";
    if (arv_staging_requeue(s.staging, STAGED_UUID, &err) != ARV_EFORMAT)
        return "it is begun anew";
    if (arv_staging_delete(s.staging, STAGED_UUID, false, &err) != ARV_EFORMAT)
        return "it is deleted";
    if (arv_staging_create(s.staging, STAGED_UUID, NULL, 0, &err) >= 0)
        return "it is made again";
    if (arv_staging_sweep(s.staging, &swept, &err) < 0 || swept.damaged != 1 || swept.files || swept.jobs)
        return "it is swept";
    char *after = look();
    bool same = strcmp(before, after) == 0;
    free(before);
    free(after);
    return same ? NULL : "something has changed";
}

static void trial(const rotting *r, rot_counts *of)
{
    bool spared;
    const char *wrong = trial_judge(r, &spared);
    __atomic_add_fetch(&of->trials, 1, __ATOMIC_RELAXED);
    __atomic_add_fetch(&of->spared, spared, __ATOMIC_RELAXED);
    if (wrong && __atomic_add_fetch(&of->wrong, 1, __ATOMIC_RELAXED) <= 3)
        printf("# WRONG %s, %s %lu: %s\n", kinds[of - counts].name, r->what, r->at, wrong);
}

/* ---- every rot --------------------------------------------------------------------------------- */

typedef struct sharing { /* among workers, and what of it a sample takes */
    unsigned worker, workers, step, offset, index;
} sharing;

static bool mine(sharing *share)
{
    unsigned i = share->index++;
    return i % share->step == share->offset % share->step &&
           i / share->step % share->workers == share->worker;
}

static unsigned step_of(size_t count)
{
    return sweep_is_full() || count <= SAMPLE_EACH ? 1 : (unsigned)(count / SAMPLE_EACH);
}

/* Each byte zero, and each of its bits; then whole sectors. A file is text of its own below. */
static void rot_bytes(rotting *r, bool of_head, sharing share, rot_counts *of)
{
    char *text = of_head ? r->head : r->journal;
    size_t length = of_head ? r->head_length : r->journal_length;
    share.step = step_of(length * 9);
    r->what = of_head ? "a bit of the head at" : "a bit of the journal at";
    for (size_t at = 0; at < length; at++)
        for (int bit = 0; bit < 9; bit++) {
            char was = text[at], now = bit == 8 ? '\0' : (char)(was ^ (1 << bit));
            if (!mine(&share) || now == was)
                continue;
            text[at] = now;
            r->at = at;
            put_back(r);
            trial(r, of);
            text[at] = was;
        }
}

static void rot_sectors(rotting *r, bool of_head, size_t sector, sharing share, rot_counts *of)
{
    char *text = of_head ? r->head : r->journal, *was;
    size_t length = of_head ? r->head_length : r->journal_length;
    share.step = 1;
    CHECK((was = malloc(length)) != NULL);
    memcpy(was, text, length);
    for (size_t a = 0; a < length; a += sector)
        for (size_t b = a; b < length; b += sector) {
            size_t size = length - b < sector ? length - b : sector;
            if (!mine(&share))
                continue;
            if (a == b) {
                memset(text + a, 0, size);
            } else {
                memcpy(text + a, was + b, size);
                memcpy(text + b, was + a, size);
            }
            r->what = a == b ? "a sector of zeros at" : "a sector changed its place at";
            r->at = a;
            if (memcmp(text, was, length) != 0) {
                put_back(r);
                trial(r, of);
            }
            memcpy(text, was, length);
        }
    free(was);
}

/* A journal only grows, so each of its older states is its beginning. */
static void rot_older(rotting *r, sharing share, rot_counts *of)
{
    size_t whole = r->journal_length;
    share.step = step_of(whole);
    r->what = "an older state of the journal, of bytes";
    r->spares = false;
    for (size_t length = 0; length < whole; length++) {
        bool is_state = length && r->journal[length - 1] == '\n';
        if (!mine(&share) && !(is_state && share.worker == 0))
            continue;
        r->at = r->journal_length = length;
        put_back(r);
        trial(r, of);
    }
    r->journal_length = whole;
}

static void rot_missing(rotting *r, bool of_head, sharing share, rot_counts *of)
{
    if (share.worker != 0)
        return;
    r->what = of_head ? "no head" : "no journal";
    r->at = 0;
    put_back(r);
    CHECK_INT(unlink(of_head ? head_path() : journal_path()), 0);
    trial(r, of);
}

static void rot_kind(unsigned kind, sharing share)
{
    rot_counts *of = &counts[kind];
    rotting r = {.state = kinds[kind].state};
    r.journal = test_read_file(journal_path(), &r.journal_length);
    r.head = test_read_file(head_path(), &r.head_length);
    rot_bytes(&r, false, share, of);
    rot_sectors(&r, false, 512, share, of);
    if (sweep_is_full())
        rot_sectors(&r, false, 64, share, of);
    rot_older(&r, share, of);
    rot_missing(&r, true, share, of);
    if (r.state != ARV_JOB_QUEUED || strcmp(kinds[kind].name, "made") != 0)
        rot_missing(&r, false, share, of); /* a head of one record only is what a crash leaves */
    r.spares = true;
    rot_bytes(&r, true, share, of);
    rot_sectors(&r, true, 512, share, of);
    rot_sectors(&r, true, HEAD_SLOT, share, of);
    free(r.journal);
    free(r.head);
}

static void rot_worker(void *user_data, unsigned number)
{
    sharing share = {.worker = number,
                     .workers = sweep_workers(),
                     .step = 1,
                     .offset = (unsigned)sweep_seed()};
    char base[200], own[240];
    (void)user_data;
    snprintf(base, sizeof base, "%s", test_dir());
    for (unsigned kind = 0; kind < KINDS; kind++) {
        CHECK_SCENE("%s", kinds[kind].name);
        snprintf(own, sizeof own, "%s/%u-%u", base, number, kind);
        CHECK_INT(mkdir(own, 0700), 0);
        test_dir_set(own);
        arv_staged_status status;
        staged_open(&s);
        kinds[kind].rest();
        staged_status(&s, &status);
        CHECK_INT(status.state, kinds[kind].state);
        rot_kind(kind, share);
        staged_close(&s);
    }
}

TEST_TIMEOUT(rot_of_what_was_flushed_is_told_and_nothing_is_run_or_removed, 300)
{
    unsigned wrong = 0;
    alarm(sweep_is_full() ? 0 : 300);
    counts = sweep_share(KINDS * sizeof *counts);
    sweep_seed();
    CHECK(sweep_run(rot_worker, NULL));
    printf("\n| job        | rotten | told | as it was | wrong |\n|---|--:|--:|--:|--:|\n");
    for (unsigned kind = 0; kind < KINDS; kind++) {
        const rot_counts *of = &counts[kind];
        printf("| %-10s | %6u | %6u | %6u | %5u |\n", kinds[kind].name, of->trials,
               of->trials - of->spared - of->wrong, of->spared, of->wrong);
        wrong += of->wrong;
        CHECK(of->trials > 0);
    }
    CHECK_INT(wrong, 0);
}

/* SPDX-License-Identifier: Apache-2.0 */

/* Which stage of a journalled job is due, by its records: within a run, and as the next one begins. */

#include "job/run.h"

#include <string.h>

#include "test.h"

static arv__history history;
static arv_job job;
static arv__run run;

/* A run of a history without records, which packs into a container. */
static void begin(void)
{
    static int entries;
    memset(&history, 0, sizeof history);
    memset(&run, 0, sizeof run);
    memset(&job, 0, sizeof job);
    job.entries = (arv_entries *)(void *)&entries; /* only looked at */
    job.of_kind = &run;
    run.job = &job;
    run.history = &history;
    history.archive.target_count = 2;
}

static void no_seal(arv__prover *prover, unsigned number, const unsigned char *imprint, arv__op *op)
{
    (void)prover;
    (void)number;
    (void)imprint;
    (void)op;
}

static const arv__row *due(void)
{
    const arv__row *row = arv__run_rows;
    while (!row->is_due(&run))
        row++;
    return row;
}

#define CHECK_DUE(expected, in_state)                                                                        \
    do {                                                                                                     \
        CHECK(due()->stage == &arv__stage_##expected);                                                       \
        CHECK_INT(due()->state, ARV_JOB_##in_state);                                                         \
    } while (0)

TEST(a_staged_container_is_packed_announced_stored_and_looked_at_before_the_end)
{
    begin();
    CHECK_DUE(pack, QUEUED);
    history.archive.packaged = true;
    CHECK_DUE(announce, STORE);
    history.archive.announced = true;
    CHECK_DUE(store, STORE);
    history.archive.targets[1].stored = true;
    CHECK_DUE(store, STORE);
    history.archive.targets[0].stored = true;
    CHECK_DUE(look_again, CLEANUP);
    CHECK(due()->late);
    run.seen.looked_again = true;
    CHECK_DUE(finish, CLEANUP);
    CHECK(due()->late);
}

TEST(a_stream_is_announced_before_it_is_packed_and_settled_behind_it)
{
    begin();
    run.streams = true;
    CHECK_DUE(announce, QUEUED);
    history.archive.announced = true;
    CHECK_DUE(pack, QUEUED);
    history.archive.packaged = history.archive.streamed = true;
    CHECK_DUE(settle, STORE);
    history.archive.targets[0].stored = history.archive.targets[1].stored = true;
    CHECK_DUE(look_again, CLEANUP);
}

TEST(what_is_to_be_packed_needs_entries_and_what_is_packed_does_not)
{
    begin();
    job.entries = NULL;
    CHECK_DUE(lacks_entries, QUEUED);
    run.streams = true;
    CHECK_DUE(lacks_entries, QUEUED);
    history.archive.packaged = true;
    CHECK_DUE(announce, STORE);
}

TEST(a_seed_is_recorded_before_anything_is_packed)
{
    begin();
    run.has_seed = true;
    CHECK_DUE(seed, QUEUED);
    history.has_seed = true;
    CHECK_DUE(pack, QUEUED);
    history.has_seed = false;
    history.archive.packaged = true;
    CHECK_DUE(announce, STORE);
}

TEST(a_stored_archive_is_sealed_where_somebody_can)
{
    static arv__prover prover;
    begin();
    history.archive.packaged = history.archive.announced = history.archive.has_closing = true;
    run.prover = &prover;
    run.prover->seal = no_seal;
    CHECK_DUE(store, STORE);
    history.archive.targets[0].stored = history.archive.targets[1].stored = true;
    CHECK_DUE(seal, SIGN);
    CHECK(due()->late);
    history.archive.seals = 1;
    CHECK_DUE(look_again, CLEANUP);
    history.archive.seals = 0;
    run.seen.unsealed = true;
    CHECK_DUE(look_again, CLEANUP);
    run.seen.unsealed = history.archive.has_closing = false; /* packed by an older version */
    CHECK_DUE(look_again, CLEANUP);
}

TEST(a_stored_archive_is_described_and_that_is_put_beside_it)
{
    static char about[] = "{}";
    begin();
    history.archive.packaged = history.archive.announced = true;
    run.about = about;
    CHECK_DUE(store, STORE);
    history.archive.targets[0].stored = history.archive.targets[1].stored = true;
    CHECK_DUE(describe, STORE);
    history.archive.beside_count = 1;
    CHECK_DUE(put_beside, STORE);
    run.about = NULL; /* a later run need not bring it */
    history.archive.beside[0].stored[0] = true;
    CHECK_DUE(put_beside, STORE);
    CHECK(!due()->late);
    history.archive.beside[0].stored[1] = true;
    CHECK_DUE(look_again, CLEANUP);
}

TEST(a_damaged_container_is_mended_from_a_storage_or_goes)
{
    begin();
    history.archive.packaged = history.archive.announced = true;
    run.seen.damaged = true;
    CHECK_DUE(discard, STORE);
    history.archive.targets[1].stored = true;
    CHECK_DUE(recover, STORE);
    history.archive.streamed = true; /* nothing is there to be mended */
    CHECK_DUE(discard, STORE);
}

TEST(what_is_decided_to_go_goes_whatever_else_was_due)
{
    begin();
    history.state = ARV_JOB_ERROR_HANDLING;
    run.seen.damaged = true;
    CHECK_DUE(undo, ERROR_HANDLING);
    CHECK(due()->late);
    history.archive.packaged = history.archive.announced = true;
    CHECK_DUE(undo, ERROR_HANDLING);
}

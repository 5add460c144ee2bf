/* SPDX-License-Identifier: Apache-2.0 */

/* The table that knows all stages: it says which one is due, from the history and what this run has seen. */

#include "job/run.h"

static bool is_undone(const arv__run *run)
{
    return run->history->state == ARV_JOB_ERROR_HANDLING;
}

static bool is_unseeded(const arv__run *run)
{
    const arv__history *history = run->history;
    return run->has_seed && !history->has_seed && !history->archive.packaged;
}

/* A stored archive is not given up for one that is not packed yet. */
static bool is_recoverable(const arv__run *run)
{
    const arv__archive *archive = &run->history->archive;
    return run->seen.damaged && !archive->streamed && arv__history_any_stored(archive);
}

static bool is_damaged(const arv__run *run)
{
    return run->seen.damaged;
}

static bool lacks_entries(const arv__run *run)
{
    const arv_job *job = run->job;
    return !run->history->archive.packaged && !job->entries && !job->spec.on_collect;
}

/* A stream goes straight to its addresses, so the run must first see that they are free. */
static bool is_unknown_stream(const arv__run *run)
{
    const arv__archive *archive = &run->history->archive;
    return !archive->packaged && run->streams && !archive->announced;
}

static bool is_unpacked(const arv__run *run)
{
    return !run->history->archive.packaged;
}

static bool is_unannounced(const arv__run *run)
{
    return !run->history->archive.announced;
}

static bool is_streamed(const arv__run *run)
{
    const arv__archive *archive = &run->history->archive;
    return archive->streamed && !arv__history_all_stored(archive);
}

static bool is_unstored(const arv__run *run)
{
    return !arv__history_all_stored(&run->history->archive);
}

static bool is_undescribed(const arv__run *run)
{
    return run->about && !run->history->archive.beside_count;
}

static bool lacks_beside(const arv__run *run)
{
    return arv__history_unstored_beside(&run->history->archive) != NULL;
}

static bool is_unsealed(const arv__run *run)
{
    const arv__archive *archive = &run->history->archive;
    return run->prover && run->prover->seal && archive->has_closing && !archive->seals && !run->seen.unsealed;
}

static bool is_unseen(const arv__run *run)
{
    return !run->seen.looked_again;
}

static bool is_always(const arv__run *run)
{
    (void)run;
    return true;
}

const arv__row arv__run_rows[] = {
    {is_undone, &arv__stage_undo, ARV_JOB_ERROR_HANDLING, true},
    {is_recoverable, &arv__stage_recover, ARV_JOB_STORE, false},
    {is_damaged, &arv__stage_discard, ARV_JOB_STORE, false},
    {lacks_entries, &arv__stage_lacks_entries, ARV_JOB_QUEUED, false},
    {is_unseeded, &arv__stage_seed, ARV_JOB_QUEUED, false},
    {is_unknown_stream, &arv__stage_announce, ARV_JOB_QUEUED, false},
    {is_unpacked, &arv__stage_pack, ARV_JOB_QUEUED, false},
    {is_unannounced, &arv__stage_announce, ARV_JOB_STORE, false},
    {is_streamed, &arv__stage_settle, ARV_JOB_STORE, false},
    {is_unstored, &arv__stage_store, ARV_JOB_STORE, false},
    {is_undescribed, &arv__stage_describe, ARV_JOB_STORE, false},
    {lacks_beside, &arv__stage_put_beside, ARV_JOB_STORE, false},
    {is_unsealed, &arv__stage_seal, ARV_JOB_SIGN, true},
    {is_unseen, &arv__stage_look_again, ARV_JOB_CLEANUP, true},
    {is_always, &arv__stage_finish, ARV_JOB_CLEANUP, true},
};

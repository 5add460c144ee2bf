/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The states of a job, and the one table of the ways between them. Rows and columns are the states in the
 * order of their list. A row holds the states that may follow.
 *
 * A job that is taken up again after a crash leaves QUEUED for the first stage that is not done yet. An
 * interrupted job goes back to QUEUED from any state. A job that was complete in part is so again when
 * repeating it brought nothing better.
 */

#include <arv/job.h>

#include <stdint.h>

enum {
#define STATES_INDEX(name, number, text) AT_##name,
    ARV_JOB_STATE_LIST(STATES_INDEX)
#undef STATES_INDEX
        STATES_COUNT
};

static const struct {
    arv_job_state state;
    const char *name, *text;
} states_list[STATES_COUNT] = {
#define STATES_ROW(name, number, text) {ARV_JOB_##name, #name, text},
    ARV_JOB_STATE_LIST(STATES_ROW)
#undef STATES_ROW
};

#define TO(name) (1u << AT_##name)
#define STATES_STOP (TO(QUEUED) | TO(ERROR) | TO(ERROR_HANDLING))

static const uint32_t states_next[STATES_COUNT] = {
    [AT_UNINITIALIZED] = TO(QUEUED),
    [AT_QUEUED] = TO(PRE_PROCESSING) | TO(STORE) | TO(SIGN) | TO(CLEANUP) | TO(ERROR) | TO(ERROR_HANDLING),
    [AT_PRE_PROCESSING] = TO(ACTIVITY_ARCHIVING) | STATES_STOP,
    [AT_ACTIVITY_ARCHIVING] = TO(POST_PROCESSING) | TO(PRE_PROCESSING) | STATES_STOP,
    [AT_POST_PROCESSING] = TO(STORE) | STATES_STOP,
    [AT_STORE] = TO(SIGN) | TO(CLEANUP) | STATES_STOP,
    [AT_SIGN] = TO(CLEANUP) | STATES_STOP,
    [AT_CLEANUP] = TO(COMPLETED) | TO(PARTIAL) | STATES_STOP,
    [AT_COMPLETED] = TO(DELETED),
    [AT_PARTIAL] = TO(QUEUED) | TO(DELETED),
    [AT_ERROR] = TO(RECOVERABLE_ERROR) | TO(ERROR_HANDLING),
    [AT_RECOVERABLE_ERROR] = TO(QUEUED) | TO(ERROR_HANDLING),
    [AT_ERROR_HANDLING] = TO(FAILURE) | TO(ABORTED) | TO(PARTIAL),
    [AT_FAILURE] = TO(QUEUED) | TO(DELETED),
    [AT_ABORTED] = TO(QUEUED) | TO(DELETED),
};

static int states_at(arv_job_state state)
{
    for (int i = 0; i < STATES_COUNT; i++)
        if (states_list[i].state == state)
            return i;
    return -1;
}

const char *arv_job_state_name(arv_job_state state)
{
    int at = states_at(state);
    return at < 0 ? "UNKNOWN" : states_list[at].name;
}

const char *arv_job_state_text(arv_job_state state)
{
    int at = states_at(state);
    return at < 0 ? "unknown" : states_list[at].text;
}

bool arv_job_state_final(arv_job_state state)
{
    switch (state) {
    case ARV_JOB_COMPLETED:
    case ARV_JOB_PARTIAL:
    case ARV_JOB_DELETED:
    case ARV_JOB_FAILURE:
    case ARV_JOB_ABORTED:
        return true;
    default:
        return false;
    }
}

bool arv_job_state_may(arv_job_state from, arv_job_state to)
{
    int at = states_at(from), next = states_at(to);
    return at >= 0 && next >= 0 && (states_next[at] & 1u << next) != 0;
}

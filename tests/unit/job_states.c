/* SPDX-License-Identifier: Apache-2.0 */
#include <arv/job.h>

#include "test.h"

static const struct {
    int number;
    const char *name, *text;
    bool final;
} states[] = {
    {0, "UNINITIALIZED", "not started", false},
    {10, "QUEUED", "waiting", false},
    {20, "PRE_PROCESSING", "preparing", false},
    {30, "ACTIVITY_ARCHIVING", "archiving", false},
    {50, "POST_PROCESSING", "finishing", false},
    {60, "STORE", "storing", false},
    {70, "SIGN", "signing", false},
    {90, "CLEANUP", "cleaning up", false},
    {100, "COMPLETED", "completed", true},
    {105, "PARTIAL", "completed in part", true},
    {110, "DELETED", "deleted", true},
    {200, "ERROR", "failing", false},
    {210, "RECOVERABLE_ERROR", "waiting for a retry", false},
    {220, "ERROR_HANDLING", "taking back", false},
    {240, "FAILURE", "failed", true},
    {250, "ABORTED", "cancelled", true},
};

TEST(states_have_the_numbers_names_and_texts_of_the_field)
{
    int count = 0;
#define COUNT(name, number, text) count++;
    ARV_JOB_STATE_LIST(COUNT)
#undef COUNT
    CHECK_INT(count, sizeof states / sizeof states[0]);
    for (int i = 0; i < count; i++) {
        arv_job_state state = (arv_job_state)states[i].number;
        CHECK_STR(arv_job_state_name(state), states[i].name);
        CHECK_STR(arv_job_state_text(state), states[i].text);
        CHECK_INT(arv_job_state_final(state), states[i].final);
    }
}

TEST(a_number_that_is_no_state_has_a_name_nevertheless)
{
    CHECK_STR(arv_job_state_name((arv_job_state)40), "UNKNOWN");
    CHECK_STR(arv_job_state_text((arv_job_state)40), "unknown");
    CHECK(!arv_job_state_final((arv_job_state)40));
}

/* Written down a second time, by hand: who changes the table has to say so here. */
static const int ways[][2] = {
    {0, 10},    {10, 20},   {10, 60},   {10, 70},   {10, 90},   {10, 200},  {10, 220},  {20, 30},
    {20, 10},   {20, 200},  {20, 220},  {30, 50},   {30, 20},   {30, 10},   {30, 200},  {30, 220},
    {50, 60},   {50, 10},   {50, 200},  {50, 220},  {60, 70},   {60, 90},   {60, 10},   {60, 200},
    {60, 220},  {70, 90},   {70, 10},   {70, 200},  {70, 220},  {90, 100},  {90, 105},  {90, 10},
    {90, 200},  {90, 220},  {100, 110}, {105, 10},  {105, 110}, {200, 210}, {200, 220}, {210, 10},
    {210, 220}, {220, 240}, {220, 250}, {220, 105}, {240, 10},  {240, 110}, {250, 10},  {250, 110},
};

TEST(a_job_may_go_these_ways_and_no_others)
{
    unsigned count = 0;
    for (int from = -1; from < 260; from++)
        for (int to = -1; to < 260; to++) {
            CHECK_SCENE("from %d to %d", from, to);
            bool listed = false;
            for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++)
                listed |= ways[i][0] == from && ways[i][1] == to;
            bool may = arv_job_state_may((arv_job_state)from, (arv_job_state)to);
            CHECK_INT(may, listed);
            count += may;
        }
    CHECK_INT(count, sizeof ways / sizeof ways[0]);
}

TEST(every_state_is_reached_and_every_state_but_deleted_is_left)
{
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        CHECK_SCENE("%s", states[i].name);
        bool reached = false, left = false;
        for (size_t k = 0; k < sizeof states / sizeof states[0]; k++) {
            reached |= arv_job_state_may((arv_job_state)states[k].number, (arv_job_state)states[i].number);
            left |= arv_job_state_may((arv_job_state)states[i].number, (arv_job_state)states[k].number);
        }
        CHECK_INT(reached, states[i].number != ARV_JOB_UNINITIALIZED);
        CHECK_INT(left, states[i].number != ARV_JOB_DELETED);
    }
}

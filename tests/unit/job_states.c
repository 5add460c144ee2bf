/* SPDX-License-Identifier: Apache-2.0 */
#include <arv/job.h>

#include "test.h"

static const struct {
    int number;
    const char *name, *text;
    bool final;
} states[] = {
    {0, "UNINITIALIZED", "not started", false}, {10, "QUEUED", "waiting", false},
    {20, "PRE_PROCESSING", "preparing", false}, {30, "ACTIVITY_ARCHIVING", "archiving", false},
    {50, "POST_PROCESSING", "finishing", false}, {60, "STORE", "storing", false},
    {70, "SIGN", "signing", false},              {90, "CLEANUP", "cleaning up", false},
    {100, "COMPLETED", "completed", true},       {240, "FAILURE", "failed", true},
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

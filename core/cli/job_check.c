/* SPDX-License-Identifier: Apache-2.0 */
#include "job.h"

#include <string.h>

#include "json.h"
#include "progress.h"
#include "session.h"
#include "text.h"

/* archivist job status --check: reads the objects of a job again, and compares them with its journal. */

/* Returns whether an error says what stands there, not only that it could not be read. */
static bool check_is_known(int code)
{
    return code == ARV_EMISMATCH || code == ARV_EFORMAT || code == ARV_ENOTFOUND || code == ARV_EBOMB;
}

/* Returns 0, or why the object is not the stored one, or is not known to be. */
static int check_one(const cli_options *options, arv_engine *engine, const char *address,
                     const arv_digests *digests, arv_error *err)
{
    arv_verify_options how = {.struct_bytes = sizeof how, .foreign = false};
    session_origin origin = {0};
    arv_task *task = NULL;
    char hex[2 * ARV_SHA512_BYTES + 1], finding[CLI_FINDING_BYTES];
    memcpy(how.expected_sha256, arv_digests_hex(digests, ARV_DIGEST_SHA256, hex), sizeof how.expected_sha256);
    int rc = session_origin_open(&origin, engine, options, address, err);
    if (rc == 0 && (rc = arv_verify(engine, &origin.origin, &how, NULL, NULL, &task, err)) == 0 &&
        (rc = session_wait(engine, task, "checking", err)) == 0) {
        const arv_report *report = arv_task_report(task);
        if (!report->valid)
            rc = arv_error_set(err, ARV_EMISMATCH, "%s Look for another copy.",
                               report->finding_count ? cli_finding_sentence(&report->findings[0], finding)
                                                     : "The archive is not valid.");
    }
    arv_task_unref(task);
    session_origin_close(&origin);
    return rc;
}

static void check_show(const cli_options *options, const char *address, int rc, const arv_error *err)
{
    if (options->json) {
        json_open(NULL, '{');
        json_text("address", address);
        if (rc == 0 || check_is_known(rc))
            json_bool("as_stored", rc == 0);
        else
            json_text("as_stored", NULL);
        json_text("problem", rc < 0 ? err->message : NULL);
        json_close();
        return;
    }
    printf("    %s  %s\n",
           rc == 0              ? "as stored"
           : check_is_known(rc) ? "NOT AS STORED"
                                : "NOT READ",
           address);
}

int job_check(const cli_options *options, const arv_staged_status *status, arv_error *err)
{
    arv_engine *engine = NULL;
    arv_error error;
    int exit_code = CLI_OK;
    int rc = session_open(&engine, options, 0, err);
    if (options->json)
        json_open("check", '[');
    for (size_t i = 0; rc == 0 && i < status->target_count && exit_code != CLI_CANCELED; i++) {
        const arv_staged_target *target = &status->targets[i];
        if (!target->stored)
            continue;
        int checked = check_one(options, engine, target->address, &status->container, &error);
        progress_clear();
        check_show(options, target->address, checked, &error);
        if (checked == 0)
            continue;
        exit_code = session_exit(checked);
        job_tell(status->uuid, &error);
    }
    if (options->json)
        json_close();
    arv_engine_free(engine);
    return rc < 0 ? rc : exit_code;
}

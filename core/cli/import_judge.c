/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Decides which containers are archives, and which may be the rest of one. A whole container of another
 * program is only counted. A damaged one is printed as not valid, since nobody can tell whose it was.
 */

#include "import.h"

#include <string.h>

#include "session.h"

/* ---- what an archive says about itself -------------------------------------------------------- */

/* Sets *ours when job.json is that of an archive of ours; one that cannot be parsed is not. */
static int import_read_facts(import_facts *facts, const arv_report *report, bool *ours, arv_error *err)
{
    arv_error why = {0};
    *facts = (import_facts){.title = NULL};
    *ours = false;
    if (!report->job_json)
        return 0;
    if (arv_json_parse(&facts->job, report->job_json, report->job_json_bytes, SIZE_MAX, &why) < 0) {
        if (why.code != ARV_ENOMEM)
            return 0;
        *err = why;
        return why.code;
    }
    const arv_json *metadata = arv_json_get(facts->job, "metadata");
    const char *format = arv_json_string(facts->job, "format", NULL);
    *ours = format && strncmp(format, "archivist-job-", 14) == 0;
    facts->title = arv_json_string(facts->job, "title", NULL);
    facts->requested = arv_json_string(facts->job, "requested_at", NULL);
    facts->collected = arv_json_string(facts->job, "collected_at", NULL);
    facts->course = arv_json_string(arv_json_get(metadata, "course"), "fullname", NULL);
    facts->activity = arv_json_string(arv_json_get(metadata, "activity"), "name", NULL);
    return 0;
}

/* ---- what is left of an archive ---------------------------------------------------------------- */

bool import_has_suffix(const char *name)
{
    return *name && arv_format_of_file(name + 1) != ARV_FORMAT_UNKNOWN; /* more than the end alone */
}

/* Returns whether a finding is damage, which no program writes on purpose. HEADER of a tar may be a style. */
static bool judge_is_damage(const arv_report *report, const arv_finding *finding)
{
    return finding->kind == ARV_FINDING_STRUCTURE || finding->kind == ARV_FINDING_CHECKSUM ||
           finding->kind == ARV_FINDING_TRUNCATED ||
           (finding->kind == ARV_FINDING_HEADER && report->format == ARV_FORMAT_ZIP);
}

/* Returns the finding to print: damage comes before the findings that follow from it. NULL: none. */
static const arv_finding *judge_first(const arv_report *report, bool damage_only)
{
    for (size_t i = 0; i < report->finding_count; i++)
        if (judge_is_damage(report, &report->findings[i]))
            return &report->findings[i];
    return damage_only || report->finding_count == 0 ? NULL : &report->findings[0];
}

/* Returns whether it is a compressed file that holds no tar and whose name promises none. */
static bool judge_is_plain(const arv_report *report, const char *name)
{
    return (report->format == ARV_FORMAT_TAR_GZ || report->format == ARV_FORMAT_TAR_ZST) &&
           report->entries == 0 && !import_has_suffix(name);
}

static void judge_show(import *m, const arv_report *report, const import_facts *facts)
{
    char problem[CLI_FINDING_BYTES];
    const arv_finding *first = judge_first(report, false);
    import_show(m, report, facts,
                report->valid ? NULL
                : first       ? cli_finding_sentence(first, problem)
                              : "It is not valid.");
}

/* ---- one container ---------------------------------------------------------------------------- */

/* Returns whether an error ends the whole run; after any other one the next container gets its turn. */
static bool import_ends(int code)
{
    return code == ARV_ENOMEM || code == ARV_ECANCELED || code == ARV_ELIMIT || code == ARV_EINTERNAL;
}

static int import_verify(import *m, const arv_origin *origin, bool foreign, arv_task **task, arv_error *err)
{
    const arv_verify_options how = {.struct_bytes = sizeof how, .foreign = foreign};
    int rc = arv_verify(m->engine, origin, &how, NULL, NULL, task, err);
    return rc < 0 ? rc : session_wait(m->engine, *task, "verifying", err);
}

/* Reads a container that does not say that it is an archive, as programs that are not strict read it. */
static int import_other(import *m, const arv_origin *origin, const char *name, arv_error *err)
{
    arv_task *task = NULL;
    const import_facts none = {.title = NULL};
    int rc = import_verify(m, origin, true, &task, err);
    if (rc == 0) {
        const arv_report *report = arv_task_report(task);
        if (judge_first(report, true) && !judge_is_plain(report, name))
            judge_show(m, report, &none);
        else
            m->others++;
    }
    arv_task_unref(task);
    return rc;
}

static int import_judge(import *m, const arv_origin *origin, const arv_report *report, const char *name,
                        bool expected, arv_error *err)
{
    import_facts facts;
    bool ours;
    int rc = import_read_facts(&facts, report, &ours, err);
    if (rc < 0)
        return rc;
    if (ours || expected || cli_report_has_job(report))
        judge_show(m, report, &facts);
    else
        rc = import_other(m, origin, name, err);
    arv_json_free(facts.job);
    return rc;
}

int import_container(import *m, const arv_origin *origin, const char *name, bool expected, arv_error *err)
{
    arv_task *task = NULL;
    arv_error why = {0};
    int rc = import_verify(m, origin, false, &task, &why);
    if (rc == 0)
        rc = import_judge(m, origin, arv_task_report(task), name, expected, &why);
    if (import_ends(rc)) {
        *err = why;
    } else if (rc < 0) {
        const import_facts none = {.title = NULL};
        if (rc == ARV_EFORMAT && !expected && !import_has_suffix(name))
            m->others++;
        else
            import_show(m, NULL, &none, why.message);
        rc = 0;
    }
    arv_task_unref(task);
    if (rc == 0 && ferror(stdout))
        rc = arv_error_set(err, ARV_EIO, "The results could not be written to stdout.");
    return rc;
}

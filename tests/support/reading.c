/* SPDX-License-Identifier: Apache-2.0 */
#include "reading.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *reading_make(const char *kind, const char *format)
{
    const char *path = test_path("%s.%s", kind, format);
    char *output = NULL;
    const char *argv[] = {"python3", TEST_SOURCE_DIR "/support/bad_containers.py", kind, format, path, NULL};
    if (test_run(&output, argv) != 0)
        test_fail(__FILE__, __LINE__, "no container %s.%s: %s", kind, format, output);
    free(output);
    return path;
}

bool reading_own;

void reading_verify(arv__report *report, const char *path, const arv_limits *limits)
{
    arv_error err = {0};
    arv__source *source = NULL;
    arv__report_init(report, 0);
    CHECK_OK(arv__source_file_open(&source, path, &err), &err);
    arv_verify_options how = {.struct_bytes = sizeof how, .foreign = !reading_own};
    if (limits)
        how.limits = limits;
    CHECK_OK(arv__verify_run(source, &how, NULL, NULL, report, NULL, &err), &err);
    arv__source_free(source);
}

int reading_verify_bytes(arv__report *report, const void *data, size_t length, arv_error *err)
{
    arv__source *source = NULL;
    arv__report_init(report, 0);
    CHECK_OK(arv__source_memory_new(&source, data, length, err), err);
    arv_verify_options how = {.struct_bytes = sizeof how, .foreign = !reading_own};
    int status = arv__verify_run(source, &how, NULL, NULL, report, NULL, err);
    arv__source_free(source);
    return status;
}

int reading_extract(const char *archive, const char *folder, const arv_extract_options *options,
                    void *user_data, arv_error *err)
{
    arv_engine *engine = NULL;
    arv_task *task = NULL;
    arv_origin origin = {.path = archive};
    const arv_verify_options verify = {.struct_bytes = sizeof verify, .foreign = !reading_own};
    arv_extract_options how = {.struct_bytes = sizeof how};
    if (options)
        how = *options;
    how.verify = &verify;
    CHECK_OK(arv_engine_new(&engine, NULL, err), err);
    int status = arv_extract(engine, &origin, folder, &how, NULL, user_data, &task, err);
    if (status == 0)
        status = arv_task_wait(task, 600000, err);
    arv_task_unref(task);
    arv_engine_free(engine);
    return status;
}

const arv_finding *reading_find(const arv__report *report, arv_finding_kind kind, const char *entry,
                                const char *message)
{
    for (size_t i = 0; i < report->shown.finding_count; i++) {
        const arv_finding *finding = &report->shown.findings[i];
        if (finding->kind == kind && (!entry || (finding->entry && strstr(finding->entry, entry))) &&
            (!message || strstr(finding->message, message)))
            return finding;
    }
    return NULL;
}

static void reading_show(const arv__report *report, char *into, size_t capacity)
{
    size_t used = 0;
    into[0] = '\0';
    for (size_t i = 0; i < report->shown.finding_count && used < capacity; i++) {
        const arv_finding *finding = &report->shown.findings[i];
        int added = snprintf(into + used, capacity - used, "; %s %s: %s", arv_finding_name(finding->kind),
                             finding->entry ? finding->entry : "-", finding->message);
        if (added > 0)
            used += (size_t)added;
    }
}

void reading_expect(const char *file, int line, const char *kind, const char *format,
                    const arv_limits *limits, arv_finding_kind finding, const char *entry,
                    const char *message)
{
    arv__report report;
    char shown[4096];
    reading_verify(&report, reading_make(kind, format), limits);
    reading_show(&report, shown, sizeof shown);
    if (report.shown.valid || !reading_find(&report, finding, entry, message))
        test_fail(file, line, "%s.%s: expected %s %s '%s', found%s", kind, format, arv_finding_name(finding),
                  entry ? entry : "-", message ? message : "", shown);
    arv__report_cleanup(&report);
}

void reading_expect_each(const reading_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char formats[64], *rest = formats;
        snprintf(formats, sizeof formats, "%s", cases[i].formats);
        for (char *format; (format = strsep(&rest, " "));)
            reading_expect(__FILE__, __LINE__, cases[i].kind, format, NULL, cases[i].finding, cases[i].entry,
                           cases[i].message);
    }
}

void reading_expect_valid(const char *file, int line, const char *kind, const char *format)
{
    arv__report report;
    char shown[4096];
    reading_verify(&report, reading_make(kind, format), NULL);
    reading_show(&report, shown, sizeof shown);
    if (!report.shown.valid)
        test_fail(file, line, "%s.%s should be valid, found%s", kind, format, shown);
    arv__report_cleanup(&report);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/report.h"

#include <stdio.h>
#include <arv/sys/alloc.h>
#include "util/names.h"

enum { REPORT_MESSAGE_BYTES = 4096, REPORT_NAME_BYTES = 4096 };

const char *arv_finding_name(arv_finding_kind kind)
{
    static const char *const names[] = {
#define REPORT_NAME(name, text) #name,
        ARV_FINDING_LIST(REPORT_NAME)
#undef REPORT_NAME
    };
    return (unsigned)kind < ARV_FINDING_KINDS ? names[kind] : "UNKNOWN";
}

void arv__report_init(arv__report *report, unsigned findings_max)
{
    *report = (arv__report){.findings_max = findings_max};
}

void arv__report_cleanup(arv__report *report)
{
    for (size_t i = 0; i < report->shown.finding_count; i++) {
        arv_free((void *)report->findings[i].entry);
        arv_free((void *)report->findings[i].message);
    }
    arv_free(report->findings);
    arv_free((void *)report->shown.job_json);
    *report = (arv__report){.findings_max = report->findings_max};
}

/* Returns a name for people: shows bytes that are no text as \xNN. */
static char *report_text(const char *name, size_t length)
{
    arv__buf text;
    arv__buf_init(&text, 4 * REPORT_NAME_BYTES);
    if (length > REPORT_NAME_BYTES)
        length = REPORT_NAME_BYTES;
    arv__buf_reserve(&text, length + 1);
    while (length > 0) {
        size_t bad = length;
        if (!arv__utf8_valid(name, length, &bad) && bad == 0) {
            arv__buf_printf(&text, "\\x%02x", (unsigned char)*name);
            bad = 1;
        } else {
            for (size_t i = 0; i < bad; i++) {
                unsigned char byte = (unsigned char)name[i];
                if (byte < 0x20 || byte == 0x7f)
                    arv__buf_printf(&text, "\\x%02x", byte);
                else
                    arv__buf_byte(&text, byte);
            }
        }
        name += bad;
        length -= bad;
    }
    char *taken = arv__buf_take(&text, NULL);
    arv__buf_cleanup(&text);
    return taken;
}

static bool report_grow(arv__report *report)
{
    if (report->shown.finding_count < report->capacity)
        return true;
    size_t capacity = report->capacity ? report->capacity * 2 : 16;
    arv_finding *findings = arv_reallocarray(report->findings, capacity, sizeof *findings);
    if (!findings)
        return false;
    report->findings = findings;
    report->capacity = capacity;
    return true;
}

void arv__report_addv(arv__report *report, arv_finding_kind kind, const char *entry, size_t entry_length,
                      const char *format, va_list args)
{
    char message[REPORT_MESSAGE_BYTES];
    report->shown.finding_total++;
    if (report->shown.finding_count >= report->findings_max || report->failed)
        return;
    int length = vsnprintf(message, sizeof message, format, args);
    if (length < 0)
        length = 0;
    if ((size_t)length >= sizeof message)
        length = sizeof message - 1;
    arv_finding finding = {.kind = kind};
    if (!report_grow(report))
        goto nomem;
    finding.message = report_text(message, (size_t)length);
    if (!finding.message)
        goto nomem;
    if (entry) {
        finding.entry = report_text(entry, entry_length);
        if (!finding.entry)
            goto nomem;
    }
    report->findings[report->shown.finding_count++] = finding;
    return;
nomem:
    arv_free((void *)finding.message);
    report->failed = ARV_ENOMEM;
}

void arv__report_add(arv__report *report, arv_finding_kind kind, const char *entry, size_t entry_length,
                     const char *format, ...)
{
    va_list args;
    va_start(args, format);
    arv__report_addv(report, kind, entry, entry_length, format, args);
    va_end(args);
}

void arv__report_adopt_job(arv__report *report, arv__buf *job)
{
    arv_free((void *)report->shown.job_json);
    report->shown.job_json = arv__buf_take(job, &report->shown.job_json_bytes);
    if (!report->shown.job_json)
        report->failed = ARV_ENOMEM;
}

int arv__report_finish(arv__report *report, arv_error *err)
{
    if (report->failed)
        return arv_error_nomem(err, "the findings of a verification");
    report->shown.findings = report->findings;
    report->shown.valid = report->shown.finding_total == 0;
    return ARV_OK;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include <inttypes.h>
#include <string.h>

#include "json.h"
#include "text.h"

void cli_container_show(uint64_t payload_bytes, uint64_t container_bytes, const arv_digests *container)
{
    char hex[129], size[TEXT_SIZE_BYTES];
    printf("payload   %" PRIu64 " bytes (%s)\n", payload_bytes, text_size(payload_bytes, size));
    printf("container %" PRIu64 " bytes (%s)\n", container_bytes, text_size(container_bytes, size));
    printf("sha256    %s\n", arv_digests_hex(container, ARV_DIGEST_SHA256, hex));
    if (container->present & ARV_DIGEST_SHA512)
        printf("sha512    %s\n", arv_digests_hex(container, ARV_DIGEST_SHA512, hex));
}

static void report_json_time(const char *member, int64_t at_unix)
{
    char time[TEXT_TIME_BYTES];
    if (at_unix != ARV_TIME_UNKNOWN)
        json_text(member, text_time(at_unix, time));
}

static void report_json(const arv_report *report)
{
    json_open(NULL, '{');
    json_bool("valid", report->valid);
    json_bool("foreign", report->foreign);
    json_text("format", arv_format_name(report->format));
    json_text("base_folder", report->base_folder);
    json_text("uuid", report->uuid[0] ? report->uuid : NULL);
    report_json_time("requested_at", report->requested_at_unix);
    report_json_time("collected_at", report->collected_at_unix);
    json_unsigned("container_bytes", report->container_bytes);
    json_digests(&report->container);
    json_unsigned("entries", report->entries);
    json_unsigned("payload_files", report->payload_files);
    json_unsigned("payload_bytes", report->payload_bytes);
    json_unsigned("links", report->links);
    json_unsigned("failure_count", report->failures);
    json_unsigned("finding_total", report->finding_total);
    json_open("findings", '[');
    for (size_t i = 0; i < report->finding_count; i++) {
        json_open(NULL, '{');
        json_text("kind", arv_finding_name(report->findings[i].kind));
        json_text("entry", report->findings[i].entry);
        json_text("message", report->findings[i].message);
        json_close();
    }
    json_close();
}

static void report_line(const char *label, const char *text)
{
    printf("%-10s", label);
    text_write_safe(stdout, text, strlen(text));
    putchar('\n');
}

bool cli_report_has_job(const arv_report *report)
{
    static const char job[] = "/metadata/job.json";
    if (report->job_json)
        return true;
    for (size_t i = 0; i < report->finding_count; i++) {
        const char *entry = report->findings[i].entry;
        size_t length = entry ? strlen(entry) : 0;
        if (length >= sizeof job && strcmp(entry + length - (sizeof job - 1), job) == 0)
            return true;
    }
    return false;
}

const char *cli_finding_sentence(const arv_finding *finding, char into[CLI_FINDING_BYTES])
{
    char entry[CLI_FINDING_ENTRY_BYTES] = "";
    if (finding->entry) {
        size_t length = strlen(finding->entry);
        if (length >= sizeof entry) {
            length = sizeof entry - 1;
            while (length > 0 && ((unsigned char)finding->entry[length] & 0xc0) == 0x80)
                length--; /* not inside of a character */
        }
        memcpy(entry, finding->entry, length);
        entry[length] = '\0';
    }
    snprintf(into, CLI_FINDING_BYTES, "%s%s%s", entry, entry[0] ? ": " : "", finding->message);
    return into;
}

static void report_findings(const arv_report *report)
{
    for (size_t i = 0; i < report->finding_count; i++) {
        const arv_finding *finding = &report->findings[i];
        printf("%-10s", arv_finding_name(finding->kind));
        if (finding->entry) {
            text_write_sentence(stdout, finding->entry);
            fputs(": ", stdout);
        }
        text_write_sentence(stdout, finding->message);
        putchar('\n');
    }
    if (report->finding_total > report->finding_count)
        printf("and %" PRIu64 " more\n", report->finding_total - report->finding_count);
}

/* The JSON object stays open for an error that follows. */
void cli_report_show(const arv_report *report, const char *what, bool json)
{
    char hex[129], size[TEXT_SIZE_BYTES];
    const char *format = arv_format_name(report->format);
    if (json) {
        report_json(report);
        return;
    }
    report_line(report->valid ? "valid" : "NOT VALID", what);
    report_line("format", format ? format : "unknown");
    if (report->foreign)
        report_line("judged", "as the bag of another program (--foreign)");
    if (report->base_folder[0])
        report_line("folder", report->base_folder);
    if (report->uuid[0])
        report_line("uuid", report->uuid);
    printf("files     %" PRIu64 "\n", report->payload_files);
    printf("payload   %" PRIu64 " bytes (%s)\n", report->payload_bytes,
           text_size(report->payload_bytes, size));
    if (report->links)
        printf("links     %" PRIu64 " recorded in metadata/entries.jsonl\n", report->links);
    printf("container %" PRIu64 " bytes (%s)\n", report->container_bytes,
           text_size(report->container_bytes, size));
    if (report->container.present & ARV_DIGEST_SHA256)
        printf("sha256    %s\n", arv_digests_hex(&report->container, ARV_DIGEST_SHA256, hex));
    if (report->failures)
        printf("missing   %" PRIu64 " entr%s, which metadata/failures.jsonl names\n", report->failures,
               report->failures == 1 ? "y" : "ies");
    report_findings(report);
}

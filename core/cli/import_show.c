/* SPDX-License-Identifier: Apache-2.0 */
#include "import.h"

#include <inttypes.h>
#include <string.h>

#include "json.h"
#include "progress.h"
#include "text.h"

static void import_line(const char *label, const char *text)
{
    if (!text)
        return;
    printf("  %-10s", label);
    text_write_safe(stdout, text, strlen(text));
    putchar('\n');
}

static void import_show_text(const import *m, const arv_report *report, const import_facts *facts,
                             const char *problem)
{
    char hex[129], size[TEXT_SIZE_BYTES];
    bool valid = report && report->valid;
    fputs(valid ? "valid       " : "NOT VALID   ", stdout);
    text_write_safe(stdout, m->path, m->path_length);
    putchar('\n');
    if (report && report->uuid[0])
        import_line("uuid", report->uuid);
    import_line("title", facts->title);
    import_line("course", facts->course);
    import_line("activity", facts->activity);
    import_line("requested", facts->requested);
    import_line("collected", facts->collected);
    if (report) {
        printf("  size      %" PRIu64 " bytes (%s)\n", report->container_bytes,
               text_size(report->container_bytes, size));
        if (report->container.present & ARV_DIGEST_SHA256)
            import_line("sha256", arv_digests_hex(&report->container, ARV_DIGEST_SHA256, hex));
    }
    if (problem) {
        fputs("  why       ", stdout);
        text_write_sentence(stdout, problem);
        putchar('\n');
    }
}

static void import_show_json(const import *m, const arv_report *report, const import_facts *facts,
                             const char *problem)
{
    json_open(NULL, '{');
    json_bytes("path", m->path, m->path_length);
    json_bool("valid", report && report->valid);
    json_text("uuid", report && report->uuid[0] ? report->uuid : NULL);
    json_text("title", facts->title);
    json_text("course", facts->course);
    json_text("activity", facts->activity);
    json_text("requested_at", facts->requested);
    json_text("collected_at", facts->collected);
    if (report) {
        json_text("format", arv_format_name(report->format));
        json_unsigned("container_bytes", report->container_bytes);
        json_digests(&report->container);
        json_unsigned("finding_total", report->finding_total);
    }
    json_text("problem", problem);
    json_close();
}

void import_show(import *m, const arv_report *report, const import_facts *facts, const char *problem)
{
    m->archives++;
    m->valid += report && report->valid;
    (m->options->json ? import_show_json : import_show_text)(m, report, facts, problem);
}

void import_unread(import *m, const char *why)
{
    m->unread++;
    progress_clear();
    if (m->options->json) {
        json_open(NULL, '{');
        json_bytes("path", m->path, m->path_length);
        json_text("unread", why);
        json_close();
        return;
    }
    fputs("not read    ", stdout);
    text_write_safe(stdout, m->path, m->path_length);
    fputs("\n  why       ", stdout);
    text_write_sentence(stdout, why);
    putchar('\n');
}

void import_unread_errno(import *m, int error, const char *what)
{
    arv_error why;
    arv_error_system(&why, error, "%s", what);
    import_unread(m, why.message);
}

/* ---- the whole -------------------------------------------------------------------------------- */

static void import_sum(const import *m)
{
    uint64_t wrong = m->archives - m->valid;
    if (m->options->json) {
        json_open(NULL, '{');
        json_unsigned("archives", m->archives);
        json_unsigned("valid", m->valid);
        json_unsigned("not_valid", wrong);
        json_unsigned("other_containers", m->others);
        json_unsigned("unread", m->unread);
        json_close();
        return;
    }
    printf("archives    %" PRIu64 ", valid %" PRIu64 ", not valid %" PRIu64 "\n", m->archives, m->valid,
           wrong);
    if (m->others > 0)
        printf("others      %" PRIu64 " file%s that Archivist did not make\n", m->others,
               m->others == 1 ? "" : "s");
}

int import_finish(const import *m, arv_error *err)
{
    uint64_t wrong = m->archives - m->valid;
    import_sum(m);
    if (wrong > 0)
        return arv_error_set(err, ARV_EMISMATCH,
                             "%" PRIu64 " of %" PRIu64 " archives %s not valid, which the list on stdout "
                             "names; keep them as they are, and look for other copies.",
                             wrong, m->archives, wrong == 1 ? "is" : "are");
    if (m->unread > 0)
        return arv_error_set(err, ARV_EACCESS,
                             "%" PRIu64 " file%s or folder%s could not be read, so nothing is known of "
                             "archives there; the list on stdout names each and says why.",
                             m->unread, m->unread == 1 ? "" : "s", m->unread == 1 ? "" : "s");
    if (m->archives == 0)
        return arv_error_set(err, ARV_ENOTFOUND,
                             "No archive was found in %s, so nothing was verified; look whether it is the "
                             "right place, and mounted.",
                             m->options->arguments[0]);
    return 0;
}

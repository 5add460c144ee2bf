/* SPDX-License-Identifier: Apache-2.0 */
#include "package/bag_internal.h"

#include <inttypes.h>
#include <stdio.h>

#include <arv/version.h>
#include "util/time.h"

/*
 * The pages for people: one table of all files, readable in any browser without a network, now and
 * in ten years. No script and no outside reference. Names come from strangers: they reach the page
 * through arv__buf_html() and arv__buf_url_path() only. A row leaves out the end tags that HTML
 * lets one leave out, since there may be a million of them.
 */

/* Only in archives that lack something. */
static const char page_missing_style[] =
    "section{border:2px solid #c0392b;border-radius:.4rem;padding:.2rem 1rem .8rem;"
    "margin:0 0 1.5rem}\n"
    "h2{font-size:1.2rem;margin:.6rem 0}\n"
    "section td:nth-child(3){white-space:normal;text-align:start}\n";

static const char page_style[] =
    ":root{color-scheme:light dark}\n"
    "body{font:16px/1.5 system-ui,sans-serif;max-width:78rem;margin:2rem auto;padding:0 1rem}\n"
    "h1{font-size:1.6rem;margin:0 0 1rem}\n"
    "dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1.5rem;margin:0 0 1.5rem}\n"
    "dt{font-weight:600}dd{margin:0;overflow-wrap:anywhere}\n"
    "code,td:nth-child(5){font-family:ui-monospace,monospace;font-size:.8rem}\n"
    "table{border-collapse:collapse;width:100%}\n"
    "th,td{text-align:start;vertical-align:top;padding:.3rem .6rem;border-bottom:1px solid #8884}\n"
    "td{overflow-wrap:anywhere}td:nth-child(5){min-width:18rem}\n"
    "td:nth-child(3),td:nth-child(4){white-space:nowrap;font-variant-numeric:tabular-nums}\n"
    "td:nth-child(3){text-align:end}\n"
    "nav a,nav b{margin-inline-end:1rem}\n"
    "@media print{body{max-width:none;margin:0;font-size:10pt}thead{display:table-header-group}"
    "tr{break-inside:avoid}a{color:inherit;text-decoration:none}}\n";

void arv__bag_page_name(char into[ARV__BAG_DOCUMENT_NAME_BYTES], uint32_t page)
{
    if (page == 0)
        snprintf(into, ARV__BAG_DOCUMENT_NAME_BYTES, "index.html");
    else
        snprintf(into, ARV__BAG_DOCUMENT_NAME_BYTES, "index-%04u.html", page + 1);
}

void arv__bag_print_row(arv__buf *out, const arv__bag_record *record)
{
    if (record->folder) {
        arv__buf_literal(out, "<tr><td dir=auto>");
        arv__buf_html(out, record->original, record->original_length);
        arv__buf_literal(out, "/<td dir=auto>");
    } else {
        arv__buf_literal(out, "<tr><td><a dir=auto href=\"data/");
        arv__buf_url_path(out, record->name, record->name_length);
        arv__buf_literal(out, "\">");
        arv__buf_html(out, record->original, record->original_length);
        arv__buf_literal(out, "</a><td dir=auto>");
    }
    if (record->owner)
        arv__buf_html(out, record->owner, record->owner_length);
    arv__buf_literal(out, "<td>");
    if (record->folder)
        arv__buf_literal(out, "empty folder");
    else
        arv__buf_uint(out, record->size_bytes);
    arv__buf_literal(out, "<td>");
    if (record->modified_at_unix != ARV_TIME_UNKNOWN)
        arv__buf_rfc3339(out, record->modified_at_unix);
    arv__buf_literal(out, "<td>");
    if (record->sha256)
        arv__buf_hex(out, record->sha256, ARV_SHA256_BYTES);
    arv__buf_byte(out, '\n');
}

static void page_text(arv__buf *out, const char *text)
{
    arv__buf_html(out, text, strlen(text));
}

static void page_link(arv__buf *out, uint32_t page, const char *text)
{
    char name[ARV__BAG_DOCUMENT_NAME_BYTES];
    arv__bag_page_name(name, page);
    arv__buf_printf(out, "<a href=\"%s\">%s</a>", name, text);
}

static void page_navigation(arv__buf *out, const arv__bag_facts *facts, uint32_t page)
{
    if (facts->pages < 2)
        return;
    arv__buf_literal(out, "<nav aria-label=\"Pages\">");
    if (page > 0) {
        page_link(out, 0, "First");
        page_link(out, page - 1, "Previous");
    }
    arv__buf_printf(out, "<b>Page %u of %u</b>", page + 1, facts->pages);
    if (page + 1 < facts->pages) {
        page_link(out, page + 1, "Next");
        page_link(out, facts->pages - 1, "Last");
    }
    arv__buf_literal(out, "</nav>\n");
}

static void page_facts(arv__buf *out, const arv__bag_facts *facts)
{
    const arv_package_options *options = facts->options;

    arv__buf_literal(out, "<dl>\n<dt>Identifier<dd>");
    page_text(out, facts->uuid);
    if (options->requested_at_unix != ARV_TIME_UNKNOWN) {
        arv__buf_literal(out, "\n<dt>Requested<dd>");
        arv__buf_rfc3339(out, options->requested_at_unix);
    }
    arv__buf_literal(out, "\n<dt>Collected<dd>");
    arv__buf_rfc3339(out, options->collected_at_unix);
    if (options->created_by) {
        arv__buf_literal(out, "\n<dt>By<dd dir=auto>");
        page_text(out, options->created_by);
    }
    arv__buf_printf(out, "\n<dt>Content<dd>%" PRIu64 " %s, %" PRIu64 " bytes", facts->files,
                    facts->files == 1 ? "file" : "files", facts->bytes);
    arv__buf_literal(out, "\n<dt>More<dd>"
                          "<a href=\"metadata/job.json\">metadata/job.json</a>, "
                          "<a href=\"metadata/entries.jsonl\">metadata/entries.jsonl</a>");
    arv__buf_literal(out, "\n<dt>How to check<dd>Unpack the archive, open a terminal in the folder "
                          "of this page and run <code>sha256sum -c manifest-sha256.txt</code> for "
                          "the files and <code>sha256sum -c tagmanifest-sha256.txt</code> for what "
                          "describes them.\n</dl>\n");
}

/* What is missing comes first: nobody is to take a part for the whole. */
static void page_missing(arv__buf *out, const arv__bag_facts *facts, uint32_t page)
{
    arv__buf_printf(out,
                    "<section aria-label=\"Missing\">\n<h2>Incomplete: %" PRIu64 " of %" PRIu64
                    " entries %s missing</h2>\n<p>",
                    facts->failures, facts->entries + facts->failures,
                    facts->failures == 1 ? "is" : "are");
    if (page > 0) {
        page_link(out, 0, "The first page");
        arv__buf_literal(out, " tells which.\n");
        return;
    }
    arv__buf_literal(out, "They could not be read when this archive was made. ");
    if (facts->failures > ARV__FAILURES_ROWS)
        arv__buf_printf(out, "The first %d stand here, all of them in ", ARV__FAILURES_ROWS);
    else
        arv__buf_literal(out, "The same list for programs: ");
    arv__buf_literal(out, "<a href=\"metadata/failures.jsonl\">metadata/failures.jsonl</a>.\n"
                          "<table>\n<thead>\n<tr><th scope=col>Missing<th scope=col>Owner"
                          "<th scope=col>Why\n</thead>\n<tbody>\n");
}

static void page_missing_end(arv__buf *out, uint32_t page)
{
    if (page == 0)
        arv__buf_literal(out, "</tbody>\n</table>\n");
    arv__buf_literal(out, "</section>\n");
}

void arv__bag_print_page_head(arv__buf *out, const arv__bag_facts *facts, uint32_t page)
{
    const arv_package_options *options = facts->options;
    const char *title = options->title ? options->title : options->name;

    arv__buf_literal(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                          "<meta name=\"viewport\" content=\"width=device-width, "
                          "initial-scale=1\">\n<meta name=\"generator\" content=\"archivist "
                          ARV_VERSION "\">\n<title>");
    page_text(out, title);
    arv__buf_literal(out, "</title>\n<style>\n");
    arv__buf_text(out, page_style);
    if (facts->failures)
        arv__buf_text(out, page_missing_style);
    arv__buf_literal(out, "</style>\n</head>\n<body>\n<h1 dir=auto>");
    page_text(out, title);
    arv__buf_literal(out, "</h1>\n");
    if (facts->failures)
        page_missing(out, facts, page);
}

void arv__bag_print_page_lead(arv__buf *out, const arv__bag_facts *facts, uint32_t page)
{
    if (facts->failures)
        page_missing_end(out, page);
    page_facts(out, facts);
    page_navigation(out, facts, page);
    arv__buf_literal(out, "<table>\n<thead>\n<tr><th scope=col>File<th scope=col>Owner"
                          "<th scope=col>Size in bytes<th scope=col>Modified<th scope=col>SHA-256\n"
                          "</thead>\n<tbody>\n");
}

void arv__bag_print_page_foot(arv__buf *out, const arv__bag_facts *facts, uint32_t page)
{
    arv__buf_literal(out, "</tbody>\n</table>\n");
    page_navigation(out, facts, page);
    arv__buf_literal(out, "</body>\n</html>\n");
}

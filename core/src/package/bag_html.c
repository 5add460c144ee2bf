/* SPDX-License-Identifier: Apache-2.0 */
#include "package/bag_internal.h"

#include <inttypes.h>
#include <stdio.h>

#include <arv/version.h>
#include "util/time.h"

/*
 * The pages for people: all files, grouped by owner, readable in any browser without a network, now
 * and in ten years. They have no script and no outside reference, and hide nothing, so that the search
 * of the browser finds every name. Strangers make names: print them only by arv__buf_html() and
 * arv__buf_url_path(). A row leaves out the end tags that HTML allows to leave out, since there may be a
 * million of them. It holds no word of a language, since the bag measures it before it knows the language.
 */

/* Only in archives that lack something. */
static const char page_missing_style[] =
    "section{border:2px solid #c0392b;border-radius:.4rem;padding:.2rem 1rem .8rem;"
    "margin:0 0 1.5rem}\n"
    "section h2{margin:.6rem 0}\n"
    "section td:nth-child(3){white-space:normal;text-align:start}\n"
    "section th:nth-child(3){text-align:start}\n";

static const char page_style[] =
    ":root{color-scheme:light dark}\n"
    "body{font:16px/1.5 system-ui,sans-serif;max-width:78rem;margin:2rem auto;padding:0 1rem}\n"
    "h1{font-size:1.6rem;line-height:1.25;margin:0 0 1rem;overflow-wrap:anywhere}\n"
    "h2{font-size:1.15rem;line-height:1.3;margin:2rem 0 .4rem;overflow-wrap:anywhere}\n"
    "h2 small{font-weight:400}\n"
    "dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1.5rem;margin:0 0 1.5rem}\n"
    "dt{font-weight:600}dd{margin:0;min-width:0;overflow-wrap:anywhere}dd p{margin:0 0 .3rem}\n"
    "code,td:nth-child(5){font-family:ui-monospace,monospace;font-size:.8rem}\n"
    "dd code{display:block;white-space:pre-wrap;padding:.3rem .5rem;margin:.1rem 0 .5rem;background:#8882;"
    "border-radius:.3rem}\n"
    "ul{columns:22rem auto;column-gap:2rem;list-style:none;padding:0;margin:0 0 1rem}\n"
    "li{break-inside:avoid;overflow-wrap:anywhere;padding:.1rem 0}\n"
    "li small{white-space:nowrap}\n"
    "table{border-collapse:collapse;width:100%}\n"
    "th,td{text-align:start;vertical-align:top;padding:.3rem .6rem .3rem 0;"
    "border-bottom:1px solid #8884}\n"
    "body>table{table-layout:fixed}th:nth-child(2){width:8%}th:nth-child(3){width:9%}"
    "th:nth-child(4){width:17%}th:nth-child(5){width:31%}section th{width:auto!important}\n"
    "td{overflow-wrap:anywhere}\n"
    "td:nth-child(3),td:nth-child(4){white-space:nowrap;font-variant-numeric:tabular-nums}\n"
    "td:nth-child(3),th:nth-child(3){text-align:end}\n"
    "nav{display:flex;flex-wrap:wrap;gap:.3rem 1rem;margin:1rem 0}\n";

/* On a phone a row becomes a paragraph, and two cells begin with their headings; the words go in between. */
static const char page_narrow_style[] =
    "@media screen and (max-width:48rem){body{margin:1rem auto}dl{display:block}dd{margin:0 0 .6rem}"
    "thead{display:none}"
    "table,tbody,tr,td{display:block}tr{padding:.5rem 0;border-bottom:1px solid #8884}"
    "td,td:nth-child(3){border:0;padding:0;text-align:start}"
    "td:nth-child(n+2):not(:nth-child(5)):not(:empty){display:inline-block;margin-inline-end:1rem;"
    "font-size:.9rem}section td::after,section td::before{content:none!important}"
    "td:nth-child(2):not(:empty)::before{content:\"";
static const char page_narrow_style_unit[] = ": \"}td:nth-child(3):not(:empty)::after{content:\" ";
static const char page_narrow_style_end[] = "\"}}\n";

static const char page_print_style[] =
    "@media print{body{max-width:none;margin:0;padding:0;font-size:9pt}code,td:nth-child(5)"
    "{font-size:7pt}thead{display:table-header-group}tr,li{break-inside:avoid}"
    "h2{break-after:avoid}a{color:inherit;text-decoration:none}nav{display:none}}\n";

static const char page_no_persons_style[] =
    "body>table th:nth-child(2),body>table td:nth-child(2){display:none}\n";

void arv__bag_page_name(char into[ARV__BAG_DOCUMENT_NAME_BYTES], uint32_t page)
{
    if (page == 0)
        snprintf(into, ARV__BAG_DOCUMENT_NAME_BYTES, "index.html");
    else
        snprintf(into, ARV__BAG_DOCUMENT_NAME_BYTES, "index-%04u.html", page + 1);
}

/* ---- rows --------------------------------------------------------------------------------------- */

void arv__bag_print_row(arv__buf *out, const arv__bag_record *record)
{
    if (record->folder) {
        arv__buf_literal(out, "<tr><td dir=auto>");
        arv__buf_html(out, record->original, record->original_length);
        arv__buf_literal(out, "/<td>");
    } else if (record->target) {
        arv__buf_literal(out, "<tr><td><bdi>");
        arv__buf_html(out, record->original, record->original_length);
        arv__buf_literal(out, "</bdi> \xE2\x86\x92 <bdi>"); /* an arrow to the right */
        arv__buf_html(out, record->target, record->target_length);
        arv__buf_literal(out, "</bdi><td>");
    } else {
        arv__buf_literal(out, "<tr><td><a dir=auto href=\"data/");
        arv__buf_url_path(out, record->name, record->name_length);
        arv__buf_literal(out, "\">");
        arv__buf_html(out, record->original, record->original_length);
        arv__buf_literal(out, "</a><td>");
    }
    arv__bag_print_keys(out, record->persons, record->persons_length, ", ", arv__buf_html);
    arv__buf_literal(out, "<td>");
    if (arv__bag_record_is_file(record))
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

/* ---- index and groups --------------------------------------------------------------------------- */

static void group_owner(arv__buf *out, const arv__bag_facts *facts, const arv__bag_group *group)
{
    if (group->owner)
        arv__buf_html(out, group->owner, group->owner_length);
    else
        page_text(out, facts->words->nobody);
}

void arv__bag_print_index_open(arv__buf *out, const arv__bag_facts *facts)
{
    arv__buf_literal(out, "<h2>");
    page_text(out, facts->words->index);
    arv__buf_literal(out, "</h2>\n<ul>\n");
}

void arv__bag_print_index_owner(arv__buf *out, const arv__bag_facts *facts, const arv__bag_group *group,
                                uint32_t page)
{
    char name[ARV__BAG_DOCUMENT_NAME_BYTES] = "";
    if (group->page != page)
        arv__bag_page_name(name, group->page);
    arv__buf_printf(out, "<li><a dir=auto href=\"%s#g%" PRIu64 "\">", name, group->number + 1);
    group_owner(out, facts, group);
    arv__buf_literal(out, "</a> ");
}

static void page_files(arv__buf *out, const arv__bag_facts *facts, uint64_t files, uint64_t bytes)
{
    const arv__page_words *words = facts->words;
    arv__buf_printf(out, "%" PRIu64 " %s, %" PRIu64 " %s", files, files == 1 ? words->file : words->files,
                    bytes, words->byte_unit);
}

void arv__bag_print_index_sums(arv__buf *out, const arv__bag_facts *facts, const arv__bag_group *group)
{
    arv__buf_literal(out, "<small>");
    page_files(out, facts, group->files, group->bytes);
    arv__buf_literal(out, "</small>\n");
}

void arv__bag_print_index_close(arv__buf *out)
{
    arv__buf_literal(out, "</ul>\n");
}

void arv__bag_print_group(arv__buf *out, const arv__bag_facts *facts, const arv__bag_group *group, bool first)
{
    if (first)
        arv__buf_printf(out, "<h2 dir=auto id=g%" PRIu64 ">", group->number + 1);
    else
        arv__buf_literal(out, "<h2 dir=auto>");
    group_owner(out, facts, group);
    if (!first) {
        arv__buf_literal(out, " <small>(");
        page_text(out, facts->words->continued);
        arv__buf_literal(out, ")</small>");
    }
    arv__buf_literal(out, "</h2>\n");
}

void arv__bag_print_table_open(arv__buf *out, const arv__bag_facts *facts)
{
    const arv__page_words *words = facts->words;
    const char *const columns[] = {words->name, words->persons, words->size, words->modified, "SHA-256"};
    arv__buf_literal(out, "<table>\n<thead>\n<tr>");
    for (unsigned i = 0; i < 5; i++) {
        arv__buf_literal(out, "<th scope=col>");
        page_text(out, columns[i]);
    }
    arv__buf_literal(out, "\n</thead>\n<tbody>\n");
}

void arv__bag_print_table_close(arv__buf *out)
{
    arv__buf_literal(out, "</tbody>\n</table>\n");
}

/* ---- the rest of a page ------------------------------------------------------------------------- */

static void page_link(arv__buf *out, uint32_t page, const char *text)
{
    char name[ARV__BAG_DOCUMENT_NAME_BYTES];
    arv__bag_page_name(name, page);
    arv__buf_printf(out, "<a href=\"%s\">", name);
    page_text(out, text);
    arv__buf_literal(out, "</a>");
}

static void page_navigation(arv__buf *out, const arv__bag_facts *facts, uint32_t page)
{
    const arv__page_words *words = facts->words;
    char text[64];
    if (facts->pages < 2)
        return;
    arv__buf_printf(out, "<nav aria-label=\"%s\">", words->pages);
    if (page > 0) {
        page_link(out, 0, words->first);
        page_link(out, page - 1, words->previous);
    }
    snprintf(text, sizeof text, words->page_of, page + 1, facts->pages);
    arv__buf_printf(out, "<b>%s</b>", text);
    if (page + 1 < facts->pages) {
        page_link(out, page + 1, words->next);
        page_link(out, facts->pages - 1, words->last);
    }
    arv__buf_literal(out, "</nav>\n");
}

static void page_term(arv__buf *out, const char *term)
{
    arv__buf_literal(out, "\n<dt>");
    page_text(out, term);
    arv__buf_literal(out, "<dd dir=auto>");
}

static void page_command(arv__buf *out, const char *where, const char *command)
{
    page_text(out, where);
    arv__buf_literal(out, ":\n<code dir=ltr>");
    page_text(out, command);
    arv__buf_literal(out, "</code>\n");
}

static void page_check(arv__buf *out, const arv__page_words *words)
{
    char powershell[400];
    page_term(out, words->check);
    arv__buf_literal(out, "<p>");
    page_text(out, words->check_unpack);
    arv__buf_literal(out, "</p>\n");
    page_command(out, words->check_linux, "sha256sum -c --quiet manifest-sha256.txt tagmanifest-sha256.txt");
    page_command(out, words->check_mac, "shasum -a 256 -c manifest-sha256.txt tagmanifest-sha256.txt");
    snprintf(powershell, sizeof powershell,
             "Get-Content -Encoding UTF8 manifest-sha256.txt, tagmanifest-sha256.txt | "
             "ForEach-Object { $sum, $name = $_ -split '\\s+', 2; if ((Get-FileHash -Algorithm SHA256 "
             "-LiteralPath $name).Hash -ne $sum) { \"%s $name\" } }",
             words->wrong);
    page_command(out, words->check_windows, powershell);
    page_command(out, words->check_one, "certutil -hashfile \"data\\NAME\" SHA256");
}

static void page_facts(arv__buf *out, const arv__bag_facts *facts)
{
    const arv_package_options *options = facts->options;
    const arv__page_words *words = facts->words;

    arv__buf_literal(out, "<dl>");
    page_term(out, words->identifier);
    page_text(out, facts->uuid);
    if (options->requested_at_unix != ARV_TIME_UNKNOWN) {
        page_term(out, words->requested);
        arv__buf_rfc3339(out, options->requested_at_unix);
    }
    page_term(out, words->collected);
    arv__buf_rfc3339(out, options->collected_at_unix);
    if (options->created_by) {
        page_term(out, words->by);
        page_text(out, options->created_by);
    }
    page_term(out, words->content);
    page_files(out, facts, facts->files, facts->bytes);
    if (facts->entries > facts->files + facts->links) {
        arv__buf_literal(out, ". ");
        page_text(out, words->folders);
    }
    if (facts->links) {
        arv__buf_literal(out, ". ");
        page_text(out, words->links);
    }
    page_term(out, words->more);
    page_text(out, words->entry_lists);
    arv__buf_literal(out, " <a href=\"metadata/job.json\">metadata/job.json</a>, "
                          "<a href=\"metadata/entries.jsonl\">metadata/entries.jsonl</a>");
    page_check(out, words);
    arv__buf_literal(out, "</dl>\n");
}

/* Missing entries come first, so that nobody takes a part for the whole. */
static void page_missing(arv__buf *out, const arv__bag_facts *facts, uint32_t page)
{
    const arv__page_words *words = facts->words;
    char text[200];
    snprintf(text, sizeof text, facts->failures == 1 ? words->one_missing : words->some_missing,
             (unsigned long long)facts->failures, (unsigned long long)(facts->entries + facts->failures));
    arv__buf_printf(out, "<section aria-label=\"%s\">\n<h2>%s</h2>\n<p>", words->missing, text);
    if (page > 0) {
        page_link(out, 0, words->first_page);
        arv__buf_printf(out, " %s\n", words->tells_which);
        return;
    }
    snprintf(text, sizeof text, facts->failures > ARV__FAILURES_ROWS ? words->not_all : words->all,
             ARV__FAILURES_ROWS);
    arv__buf_printf(out, "%s %s ", words->not_read, text);
    arv__buf_literal(out, "<a href=\"metadata/failures.jsonl\">metadata/failures.jsonl</a>.\n");
    arv__buf_printf(out,
                    "<table>\n<thead>\n<tr><th scope=col>%s<th scope=col>%s<th scope=col>%s\n"
                    "</thead>\n<tbody>\n",
                    words->missing, words->owner, words->why);
}

static void page_missing_end(arv__buf *out, uint32_t page)
{
    if (page == 0)
        arv__buf_literal(out, "</tbody>\n</table>\n");
    arv__buf_literal(out, "</section>\n");
}

static void page_styles(arv__buf *out, const arv__bag_facts *facts)
{
    arv__buf_literal(out, "<style>\n");
    arv__buf_text(out, page_style);
    arv__buf_text(out, page_narrow_style);
    arv__buf_text(out, facts->words->persons);
    arv__buf_text(out, page_narrow_style_unit);
    arv__buf_text(out, facts->words->byte_unit);
    arv__buf_text(out, page_narrow_style_end);
    arv__buf_text(out, page_print_style);
    if (!facts->persons)
        arv__buf_text(out, page_no_persons_style);
    if (facts->failures)
        arv__buf_text(out, page_missing_style);
    arv__buf_literal(out, "</style>\n");
}

void arv__bag_print_page_head(arv__buf *out, const arv__bag_facts *facts, uint32_t page)
{
    const arv_package_options *options = facts->options;
    const char *title = options->title ? options->title : options->name;

    arv__buf_printf(out, "<!DOCTYPE html>\n<html lang=\"%s\">\n", facts->words->language);
    arv__buf_literal(out, "<head>\n<meta charset=\"utf-8\">\n"
                          "<meta name=\"viewport\" content=\"width=device-width, "
                          "initial-scale=1\">\n<meta name=\"generator\" content=\"archivist " ARV_VERSION
                          "\">\n<title>");
    page_text(out, title);
    arv__buf_literal(out, "</title>\n");
    page_styles(out, facts);
    arv__buf_literal(out, "</head>\n<body>\n<h1 dir=auto>");
    page_text(out, title);
    arv__buf_literal(out, "</h1>\n");
    if (facts->failures)
        page_missing(out, facts, page);
}

void arv__bag_print_page_lead(arv__buf *out, const arv__bag_facts *facts, uint32_t page)
{
    if (facts->failures)
        page_missing_end(out, page);
    if (page == 0)
        page_facts(out, facts);
    page_navigation(out, facts, page);
}

void arv__bag_print_page_foot(arv__buf *out, const arv__bag_facts *facts, uint32_t page)
{
    page_navigation(out, facts, page);
    arv__buf_literal(out, "</body>\n</html>\n");
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "package/bag_pages.h"

#include <string.h>

#include <arv/sys/alloc.h>

enum { PAGES_OWNER_BYTES = ARV__BAG_OWNER_BYTES + 1 };

void arv__bag_pages_init(arv__bag_pages *pages, arv__bag_facts *facts, arv__flat *records)
{
    *pages = (arv__bag_pages){.facts = facts, .records = records};
    arv__buf_init(&pages->owner, PAGES_OWNER_BYTES);
}

void arv__bag_pages_cleanup(arv__bag_pages *pages)
{
    arv__bag_groups_free(pages->groups);
    arv__buf_cleanup(&pages->owner);
    arv_free(pages->bytes);
}

static int pages_room(arv__bag_pages *pages, uint64_t page, arv_error *err)
{
    if (page < pages->capacity)
        return 0;
    size_t capacity = pages->capacity ? pages->capacity : 16;
    while (capacity <= page)
        capacity *= 2;
    uint64_t *grown = arv_reallocarray(pages->bytes, capacity, sizeof *grown);
    if (!grown)
        return arv_error_nomem(err, "the sizes of the pages");
    memset(grown + pages->capacity, 0, (capacity - pages->capacity) * sizeof *grown);
    pages->bytes = grown;
    pages->capacity = capacity;
    return 0;
}

int arv__bag_pages_note(arv__bag_pages *pages, const arv__bag_record *record, arv_error *err)
{
    uint64_t page = pages->facts->entries / ARV__BAG_PAGE_ENTRIES;
    int rc = pages_room(pages, page, err);
    if (rc < 0)
        return rc;
    pages->bytes[page] += record->row_bytes;
    if (record->persons_length)
        pages->facts->persons = true;
    if (pages->facts->entries == 0) {
        pages->owned = record->owner != NULL;
        if (record->owner)
            arv__buf_append(&pages->owner, record->owner, record->owner_length);
        return arv__buf_status(&pages->owner, "an owner", err);
    }
    if (pages->owned != (record->owner != NULL) ||
        (record->owner && (record->owner_length != pages->owner.length ||
                           memcmp(record->owner, pages->owner.data, pages->owner.length) != 0)))
        pages->differ = true;
    return 0;
}

/* ---- lines -------------------------------------------------------------------------------------- */

static int pages_rewind(arv__bag_pages *pages, arv_error *err)
{
    arv__flat_rewind(pages->records);
    pages->row_ready = false;
    pages->row_at = 0;
    return pages->groups ? arv__bag_groups_rewind(pages->groups, err) : 0;
}

/* The row behind the present one. */
static int pages_step(arv__bag_pages *pages, arv_error *err)
{
    int rc = arv__bag_groups_next(pages->groups, &pages->row, err);
    pages->row_ready = rc > 0;
    return rc < 0 ? rc : 0;
}

static int pages_index_line(arv__bag_pages *pages, arv__buf *out, arv_error *err)
{
    const arv__bag_facts *facts = pages->facts;
    uint64_t at = facts->groups + pages->row_at;
    arv__bag_group group = {.number = pages->line, .page = (uint32_t)(at / ARV__BAG_PAGE_ENTRIES)};
    int rc = pages->row_ready ? 0 : pages_step(pages, err);
    if (rc < 0)
        return rc;
    group.owner = pages->row.owner;
    group.owner_length = pages->row.owner_length;
    if (!pages->index_open)
        arv__bag_print_index_open(out, facts);
    pages->index_open = true;
    /* Prints an index line in two parts: at the end of the group the owner's text is gone. */
    arv__bag_print_index_owner(out, facts, &group, pages->page);
    do {
        group.files += pages->row.file;
        group.bytes += pages->row.file ? pages->row.size_bytes : 0;
        pages->row_at++;
        if ((rc = pages_step(pages, err)) < 0)
            return rc;
    } while (pages->row_ready && !pages->row.first);
    arv__bag_print_index_sums(out, facts, &group);
    if (pages->line + 1 == facts->groups || pages->line + 1 == pages->line_end) {
        arv__bag_print_index_close(out);
        pages->index_open = false;
    }
    return 0;
}

static void pages_open_table(arv__bag_pages *pages, arv__buf *out, bool grouped, bool first)
{
    const arv__bag_facts *facts = pages->facts;
    arv__bag_group group = {.number = pages->row.group,
                            .owner = pages->row.owner,
                            .owner_length = pages->row.owner_length};
    if (!grouped) {
        group.owner = (const char *)pages->owner.data;
        group.owner_length = pages->owner.length;
    }
    if (pages->table_open)
        arv__bag_print_table_close(out);
    if (grouped || pages->owned)
        arv__bag_print_group(out, facts, &group, first);
    arv__bag_print_table_open(out, facts);
    pages->table_open = true;
}

static int pages_row(arv__bag_pages *pages, arv__buf *out, arv_error *err)
{
    arv__bag_record record;
    int rc = 0;
    if (!pages->groups) {
        if (!pages->table_open)
            pages_open_table(pages, out, false, pages->line == 0);
        if ((rc = arv__bag_record_next(pages->records, &record, err)) == 0)
            arv__bag_print_row(out, &record);
        return rc;
    }
    if (pages->line == pages->facts->groups && (rc = pages_rewind(pages, err)) < 0)
        return rc;
    if ((rc = pages_step(pages, err)) < 0)
        return rc;
    if (pages->row.first || !pages->table_open)
        pages_open_table(pages, out, true, pages->row.first);
    if (pages->measuring) {
        pages->bytes[pages->page] += pages->row.row_bytes;
        return 0;
    }
    rc = arv__bag_record_at(pages->records, pages->row.offset, pages->row.length, &record, err);
    if (rc == 0)
        arv__bag_print_row(out, &record);
    return rc;
}

int arv__bag_pages_begin(arv__bag_pages *pages, uint32_t page, arv_error *err)
{
    int rc = page == 0 ? pages_rewind(pages, err) : 0;
    pages->page = page;
    pages->line = (uint64_t)page * ARV__BAG_PAGE_ENTRIES;
    pages->line_end = pages->line + ARV__BAG_PAGE_ENTRIES;
    if (pages->line_end > pages->lines)
        pages->line_end = pages->lines;
    pages->index_open = pages->table_open = false;
    return rc;
}

int arv__bag_pages_print(arv__bag_pages *pages, arv__buf *out, size_t portion, arv_error *err)
{
    int rc = 0;
    while (pages->line < pages->line_end && out->length < portion && rc == 0) {
        if (pages->line < pages->facts->groups)
            rc = pages_index_line(pages, out, err);
        else
            rc = pages_row(pages, out, err);
        pages->line++;
    }
    if (rc < 0 || pages->line < pages->line_end)
        return rc < 0 ? rc : 1;
    if (pages->table_open)
        arv__bag_print_table_close(out);
    pages->table_open = false;
    return 0;
}

/* ---- the end of the payload --------------------------------------------------------------------- */

static int pages_group(arv__bag_pages *pages, arv_error *err)
{
    arv__bag_record record;
    arv__bag_row row;
    int rc = arv__bag_groups_new(&pages->groups, pages->facts->options->temp_directory, err);
    arv__flat_rewind(pages->records);
    for (uint64_t i = 0; i < pages->facts->entries && rc == 0; i++) {
        rc = arv__bag_record_next(pages->records, &record, err);
        if (rc == 0)
            rc = arv__bag_groups_add(pages->groups, &record, arv__flat_offset(pages->records),
                                     pages->records->length, err);
    }
    if (rc < 0 || (rc = arv__bag_groups_rewind(pages->groups, err)) < 0)
        return rc;
    while ((rc = arv__bag_groups_next(pages->groups, &row, err)) > 0)
        pages->facts->groups = row.group + 1;
    return rc;
}

/* Runs the same printers on a counting buffer; rows were measured when they came in. */
static int pages_measure(arv__bag_pages *pages, arv_error *err)
{
    arv__buf counter;
    int rc = 0;
    memset(pages->bytes, 0, pages->capacity * sizeof *pages->bytes);
    pages->measuring = true;
    for (uint32_t page = 0; page < pages->facts->pages && rc == 0; page++) {
        arv__buf_init_counting(&counter);
        rc = arv__bag_pages_begin(pages, page, err);
        if (rc == 0)
            rc = arv__bag_pages_print(pages, &counter, SIZE_MAX, err);
        pages->bytes[page] += arv__buf_total(&counter);
    }
    pages->measuring = false;
    return rc;
}

static void pages_measure_plain(arv__bag_pages *pages)
{
    for (uint32_t page = 0; page < pages->facts->pages && pages->lines; page++) {
        arv__buf counter;
        arv__buf_init_counting(&counter);
        pages->table_open = false;
        pages_open_table(pages, &counter, false, page == 0);
        arv__bag_print_table_close(&counter);
        pages->bytes[page] += arv__buf_total(&counter);
    }
}

int arv__bag_pages_complete(arv__bag_pages *pages, arv_error *err)
{
    arv__bag_facts *facts = pages->facts;
    int rc = pages->differ ? pages_group(pages, err) : 0;
    if (rc < 0)
        return rc;
    pages->lines = facts->groups + facts->entries;
    uint64_t count = (pages->lines + ARV__BAG_PAGE_ENTRIES - 1) / ARV__BAG_PAGE_ENTRIES;
    if (count > UINT32_MAX / 2)
        return arv_error_set(err, ARV_ELIMIT, "An archive cannot list %llu entries.",
                             (unsigned long long)facts->entries);
    facts->pages = count ? (uint32_t)count : 1;
    if ((rc = pages_room(pages, facts->pages, err)) < 0)
        return rc;
    if (pages->groups)
        return pages_measure(pages, err);
    pages_measure_plain(pages);
    return 0;
}

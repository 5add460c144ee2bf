/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_PACKAGE_BAG_PAGES_H
#define ARV_PACKAGE_BAG_PAGES_H

/*
 * The tables between lead and foot of the pages for people: first a line for every owner, then the
 * rows of all entries, grouped by owner, cut into pages of ARV__BAG_PAGE_ENTRIES lines. If all entries
 * have the same owner, or none has one, there is no index, and rows stand in the container's order.
 *
 * Embedded in the bag; reads records from its spool. Threading and errors as in bag.h.
 */

#include "package/bag_groups.h"

typedef struct arv__bag_pages {
    arv__bag_facts *facts; /* of the bag: owner, groups and pages are set here */
    arv__flat *records;
    uint64_t *bytes; /* of each page */
    size_t capacity;
    arv__buf owner;          /* of the first entry */
    bool owned, differ;      /* the first entry has an owner; another entry has another */
    arv__bag_groups *groups; /* NULL: no index */
    bool measuring;
    uint32_t page;
    uint64_t line, lines; /* the next one, all */
    uint64_t line_end;    /* of the page */
    uint64_t row_at;      /* index: row of the next group */
    arv__bag_row row;     /* read ahead for the index */
    bool row_ready, index_open, table_open;
} arv__bag_pages;

void arv__bag_pages_init(arv__bag_pages *pages, arv__bag_facts *facts, arv__flat *records);
void arv__bag_pages_cleanup(arv__bag_pages *pages);
/* The bag calls it for each record that it appends, before it counts the record in the facts. */
int arv__bag_pages_note(arv__bag_pages *pages, const arv__bag_record *record, arv_error *err);
/* The bag calls it after the last record. */
int arv__bag_pages_complete(arv__bag_pages *pages, arv_error *err);
int arv__bag_pages_begin(arv__bag_pages *pages, uint32_t page, arv_error *err);
/* Prints until `out` holds `portion` bytes. Returns 1, or 0 at the page's end. */
int arv__bag_pages_print(arv__bag_pages *pages, arv__buf *out, size_t portion, arv_error *err);

#endif

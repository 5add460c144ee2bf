/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_PACKAGE_BAG_INTERNAL_H
#define ARV_PACKAGE_BAG_INTERNAL_H

/* Shared by bag.c (life, order and sizes of the documents), bag_record.c (records), bag_text.c (the
 * documents for programs and their lines) and bag_html.c (the pages for people). */

#include "package/bag.h"
#include "package/bag_html_words.h"

enum {
    ARV__BAG_PAGE_ENTRIES = 5000,
    ARV__BAG_NAME_BYTES = 1000, /* more than a safe name can have */
    ARV__BAG_OWNER_BYTES = 65535,
    ARV__BAG_DOCUMENT_NAME_BYTES = 40
};

/* A record as the printers see it; strings point into the flat form. */
typedef struct arv__bag_record {
    const char *name;     /* relative to data/ */
    const char *original; /* equal to name where nothing was changed */
    const char *owner;    /* NULL: none */
    const char *persons;  /* keys, one behind the other, each NUL-ended */
    const char *target;   /* of a symbolic link that is recorded; NULL for all others */
    size_t name_length, original_length, owner_length, persons_length, target_length;
    uint64_t size_bytes;
    int64_t modified_at_unix;
    const unsigned char *sha256, *sha512; /* NULL unless a file; sha512 also NULL unless wanted */
    bool folder;
    uint32_t line_bytes, row_bytes, path_bytes; /* that the printers below will print */
} arv__bag_record;

static inline bool arv__bag_record_is_file(const arv__bag_record *record)
{
    return !record->folder && !record->target;
}
static inline bool arv__bag_record_renamed(const arv__bag_record *record)
{
    return record->original_length != record->name_length ||
           memcmp(record->original, record->name, record->name_length) != 0;
}
/* Parses the first record. Returns its bytes, or 0 when `length` holds no whole one. */
size_t arv__bag_record_parse(const void *flat, size_t length, arv__bag_record *record);
/* Prints a line of entries.jsonl. */
void arv__bag_print_line(arv__buf *out, const arv__bag_record *record);
/* Prints keys of persons, each NUL-ended; `keys` may be NULL with a length of 0. */
void arv__bag_print_keys(arv__buf *out, const char *keys, size_t length, const char *between,
                         void (*print)(arv__buf *out, const char *text, size_t length));
/* Prints the member "persons" behind another member; prints nothing when there are none. */
void arv__bag_print_persons(arv__buf *out, const char *persons, size_t length);
/* Prints a line of a payload manifest; prints nothing for a folder or link. */
void arv__bag_print_manifest(arv__buf *out, const arv__bag_record *record, unsigned algorithm);
/* Prints a row of the table. */
void arv__bag_print_row(arv__buf *out, const arv__bag_record *record);

/* Reads the next record; there must be one. */
int arv__bag_record_next(arv__flat *flat, arv__bag_record *record, arv_error *err);
/* Reads the record at this place. */
int arv__bag_record_at(arv__flat *flat, uint64_t offset, size_t length, arv__bag_record *record,
                       arv_error *err);

/* The facts that the short documents and the pages state about the archive. */
typedef struct arv__bag_facts {
    const arv_package_options *options; /* borrowed */
    const char *base_folder;
    const char *deflater;
    const char *software; /* NULL: this version */
    const char *uuid;
    uint64_t entries, files, links, bytes, failures;
    uint64_t groups; /* owners that have a line in the index; 0: there is none */
    bool persons;    /* entries have keys of persons */
    uint32_t pages;
    const arv__page_words *words;
} arv__bag_facts;

void arv__bag_print_job(arv__buf *out, const arv__bag_facts *facts);
void arv__bag_print_info(arv__buf *out, const arv__bag_facts *facts);
/* A page has its head, the rows of missing entries (first page only), its lead, the tables that
 * bag_pages.c prints with the functions below, and its foot. */
void arv__bag_print_page_head(arv__buf *out, const arv__bag_facts *facts, uint32_t page);
void arv__bag_print_page_lead(arv__buf *out, const arv__bag_facts *facts, uint32_t page);
void arv__bag_print_page_foot(arv__buf *out, const arv__bag_facts *facts, uint32_t page);

typedef struct arv__bag_group {
    const char *owner; /* NULL: none */
    size_t owner_length;
    uint64_t number; /* from 0 */
    uint32_t page;   /* where it begins */
    uint64_t files, bytes;
} arv__bag_group;

void arv__bag_print_index_open(arv__buf *out, const arv__bag_facts *facts);
void arv__bag_print_index_owner(arv__buf *out, const arv__bag_facts *facts, const arv__bag_group *group,
                                uint32_t page);
void arv__bag_print_index_sums(arv__buf *out, const arv__bag_facts *facts, const arv__bag_group *group);
void arv__bag_print_index_close(arv__buf *out);
/* Prints the headline of a group; `first`: the group begins here, else it goes on from the page before. */
void arv__bag_print_group(arv__buf *out, const arv__bag_facts *facts, const arv__bag_group *group,
                          bool first);
void arv__bag_print_table_open(arv__buf *out, const arv__bag_facts *facts);
void arv__bag_print_table_close(arv__buf *out);
/* "index.html", "index-0002.html", …; pages count from 0. */
void arv__bag_page_name(char into[ARV__BAG_DOCUMENT_NAME_BYTES], uint32_t page);

#endif

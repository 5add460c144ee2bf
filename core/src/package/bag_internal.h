/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_PACKAGE_BAG_INTERNAL_H
#define ARV_PACKAGE_BAG_INTERNAL_H

/* Shared by bag.c (life, order and sizes of the documents), bag_record.c (records and the lines
 * made from them), bag_text.c (the short documents) and bag_html.c (the pages for people). */

#include "package/bag.h"

enum {
    ARV__BAG_PAGE_ENTRIES = 5000,
    ARV__BAG_NAME_BYTES = 1000, /* more than a safe name can have */
    ARV__BAG_OWNER_BYTES = 65535,
    ARV__BAG_RECORD_BYTES = 128 << 10, /* no record is longer */
    ARV__BAG_DOCUMENT_NAME_BYTES = 40
};

/* A record as the printers see it; strings point into the flat form. */
typedef struct arv__bag_record {
    const char *name; /* relative to data/ */
    const char *original; /* equal to name where nothing was changed */
    const char *owner;    /* NULL: nobody's */
    const char *persons;  /* keys, one behind the other, each NUL-ended */
    size_t name_length, original_length, owner_length, persons_length;
    uint64_t size_bytes;
    int64_t modified_at_unix;
    const unsigned char *sha256, *sha512; /* NULL for a folder; sha512 unless asked for, too */
    bool folder;
    uint32_t line_bytes, row_bytes, path_bytes; /* what the printers below will print */
} arv__bag_record;

/* The bytes of the first record, or 0 when `length` holds no whole one. */
size_t arv__bag_record_parse(const void *flat, size_t length, arv__bag_record *record);
/* A line of entries.jsonl. */
void arv__bag_print_line(arv__buf *out, const arv__bag_record *record);
/* The member "persons", behind another one; nothing when there are none. */
void arv__bag_print_persons(arv__buf *out, const char *persons, size_t length);
/* A line of a payload manifest; nothing for a folder. */
void arv__bag_print_manifest(arv__buf *out, const arv__bag_record *record, unsigned algorithm);
/* A row of the table. */
void arv__bag_print_row(arv__buf *out, const arv__bag_record *record);

/* What the short documents and the pages say about the archive. */
typedef struct arv__bag_facts {
    const arv_package_options *options; /* borrowed */
    const char *base_folder;
    const char *deflater;
    const char *uuid;
    uint64_t entries, files, bytes, failures;
    uint32_t pages;
} arv__bag_facts;

void arv__bag_print_job(arv__buf *out, const arv__bag_facts *facts);
void arv__bag_print_bagit(arv__buf *out);
void arv__bag_print_info(arv__buf *out, const arv__bag_facts *facts);
/* A page is its head, the rows of what is missing (first page only), its lead, rows and foot. */
void arv__bag_print_page_head(arv__buf *out, const arv__bag_facts *facts, uint32_t page);
void arv__bag_print_page_lead(arv__buf *out, const arv__bag_facts *facts, uint32_t page);
void arv__bag_print_page_foot(arv__buf *out, const arv__bag_facts *facts, uint32_t page);
/* "index.html", "index-0002.html", …; pages count from 0. */
void arv__bag_page_name(char into[ARV__BAG_DOCUMENT_NAME_BYTES], uint32_t page);

#endif

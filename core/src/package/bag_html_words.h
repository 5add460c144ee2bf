/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_PACKAGE_BAG_HTML_WORDS_H
#define ARV_PACKAGE_BAG_HTML_WORDS_H

/* What the pages for people say, in each language. Plain text; formats where a number stands. */

typedef struct arv__page_words {
    const char *language; /* of the option, and of the page */
    const char *pages, *first, *previous, *next, *last;
    const char *page_of; /* %u, %u */
    const char *identifier, *requested, *collected, *by, *content, *more;
    const char *file, *files; /* behind a number */
    const char *byte_unit;    /* the same */
    const char *entry_lists;  /* in front of two links */
    const char *missing, *owner, *why;
    const char *one_missing, *some_missing; /* %llu, %llu */
    const char *tells_which;                /* behind a link to the first page, whose name is: */
    const char *first_page;
    const char *not_read, *not_all; /* %d */
    const char *all;
    const char *index, *nobody, *continued;
    const char *name, *persons, *size, *modified;
    const char *folders; /* what a name that ends with "/" is */
    const char *links;   /* likewise, one with an arrow */
    const char *check, *check_unpack, *check_linux, *check_mac, *check_windows, *check_one;
    const char *wrong; /* what the line for PowerShell prints before a name */
} arv__page_words;

/* NULL means "en"; NULL for a language that is not known. */
const arv__page_words *arv__page_words_of(const char *language);

#endif

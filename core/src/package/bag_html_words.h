/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_PACKAGE_BAG_HTML_WORDS_H
#define ARV_PACKAGE_BAG_HTML_WORDS_H

/* The words of the pages for people, in each language. Plain text; formats where a number stands. */

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
    const char *tells_which;                /* behind a link to the first page, whose text is: */
    const char *first_page;
    const char *not_read, *not_all; /* %d */
    const char *all;
    const char *index, *nobody, *continued;
    const char *name, *persons, *size, *modified;
    const char *folders; /* explains names that end with "/" */
    const char *links;   /* explains names with an arrow */
    const char *check, *check_unpack, *check_linux, *check_mac, *check_windows, *check_one;
    const char *wrong; /* the line for PowerShell prints it before a name */
} arv__page_words;

/* Returns the words of a language (NULL: "en"); NULL for an unknown one. */
const arv__page_words *arv__page_words_of(const char *language);

#endif

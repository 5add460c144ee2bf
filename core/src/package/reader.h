/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_PACKAGE_READER_H
#define ARV_PACKAGE_READER_H

/*
 * A reader walks through a container from its first to its last byte and trusts nothing in it. It gives
 * every entry in the order in which it stands, its bytes, and every oddity of the container as a
 * finding. It does not know the meaning of entries (verify checks the bag).
 *
 * It compares an archive of ours with the bytes that the packer would have written around the same
 * content; `foreign` is the mode for the bags of other programs.
 *
 * reader.c finds the format by the first bytes in the table of formats (formats.c). read_zip.c,
 * read_own_tar.c and read_tar.c (for other programs) have one table each and report findings through
 * reader_find.c.
 *
 * Ownership: heap; borrows the source. Entries and blocks are valid until the next call.
 * Threading: one thread at a time; blocks: pool threads.
 * Errors: a damaged container is findings, not an error. Errors are those of the source,
 *   ARV_EFORMAT (no known container), ARV_ECANCELED, ARV_ENOMEM, ARV_ENOSPACE (spilling).
 * Memory: about 3 MiB; a zip whose directory is in another order than its entries 8 MiB more.
 */

#include <arv/verify.h>
#include "package/window.h"

typedef struct arv__reader arv__reader;

typedef enum { ARV__ENTRY_FILE, ARV__ENTRY_FOLDER, ARV__ENTRY_OTHER } arv__entry_type;

typedef struct arv__reader_entry {
    const char *name;   /* the container's bytes, NUL-ended, without the "/" behind a folder */
    size_t name_length; /* a NUL may stand inside */
    arv__entry_type type;
    uint64_t size_bytes; /* as the container announces it */
} arv__reader_entry;

typedef struct arv__reader_options {
    arv_limits limits; /* every field set: arv__limits_resolve() */
    bool foreign;      /* other programs' harmless ways to write a container are no findings */
    /* The reader hashes nothing, and passes over unread entries where the format allows it. */
    bool quick;
    const int *cancel;    /* may be NULL */
    uint64_t *done_bytes; /* may be NULL */
    const char *temp_directory;
    /* `entry` may be NULL and is not NUL-ended. */
    void (*finding)(void *user_data, arv_finding_kind kind, const char *entry, size_t entry_length,
                    const char *format, va_list args);
    void *user_data;
} arv__reader_options;

int arv__reader_open(arv__reader **reader, arv__source *source, const arv__reader_options *options,
                     arv_error *err);
void arv__reader_free(arv__reader *reader);
arv_format arv__reader_format(const arv__reader *reader);
/* Returns true if the reader knows beforehand that the container holds a manifest-sha512.txt. Only a zip
 * shows that; false means nothing. */
bool arv__reader_holds_sha512(const arv__reader *reader);

/* Returns 1 and the next entry, 0 when there is none or the container cannot be read on, or < 0. */
int arv__reader_next(arv__reader *reader, arv__reader_entry *entry, arv_error *err);
/* Gives the next bytes of the entry and feeds them to `digest` (may be NULL). Returns their number, 0 at
 * the end. */
int64_t arv__reader_read(arv__reader *reader, const unsigned char **data, arv__digest *digest,
                         arv_error *err);
/* After _read returned 0: all bytes came and the container's own checks agree. */
bool arv__reader_intact(const arv__reader *reader);
/* After _next returned 0: every entry was seen. */
bool arv__reader_complete(const arv__reader *reader);
/* After _next returned 0: reads to the last byte, and gives the digest of the container. Not if quick. */
int arv__reader_finish(arv__reader *reader, arv_digests *container, arv_error *err);

/* Fills the fields that are 0 with their defaults. */
void arv__limits_resolve(arv_limits *resolved, const arv_limits *given);

/* ---- inside of the readers ------------------------------------------------------------------- */

typedef struct arv__reader_ops {
    /* Returns whether the first bytes of a container (512, or all) are of this format. */
    bool (*begins)(const unsigned char *head, size_t length);
    /* Returns whether the last ones are: somebody may have put bytes before the start. NULL: such a
     * container is none of this format. */
    bool (*ends)(const unsigned char *tail, size_t length);
    int (*open)(arv__reader *reader, arv_error *err);
    int (*next)(arv__reader *reader, arv__reader_entry *entry, arv_error *err);
    int64_t (*read)(arv__reader *reader, const unsigned char **data, arv_error *err);
    int (*finish)(arv__reader *reader, arv_error *err);
    void (*free)(arv__reader *reader);
} arv__reader_ops;

struct arv__reader {
    const arv__reader_ops *ops;
    const struct arv__unpack_ops *unpack; /* of the stream that a tar stands in; NULL: none */
    arv_format format;
    arv__reader_options options;
    arv__window window;
    void *state;          /* of the format */
    uint64_t entries;     /* seen */
    uint64_t total_bytes; /* unpacked */
    uint64_t entry_bytes; /* unpacked of this entry */
    bool holds_sha512;
    bool in_entry; /* its bytes are not read to the end yet */
    bool intact;
    bool stopped; /* damage or a limit: the reader looks at nothing behind it */
    arv__reader_entry entry;
};

/* Reports a finding about the current entry (or about none). */
void arv__reader_find(arv__reader *reader, arv_finding_kind kind, const char *format, ...) ARV_PRINTF(3, 4);
void arv__reader_find_at(arv__reader *reader, arv_finding_kind kind, const char *entry, size_t entry_length,
                         const char *format, ...) ARV_PRINTF(5, 6);

#endif

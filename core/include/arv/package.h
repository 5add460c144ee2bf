/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_PACKAGE_H
#define ARV_PACKAGE_H

/*
 * How an archive is packed: container format, compression, digests, and what is said about it.
 *
 * An archive is one container with one base folder that is a BagIt 1.0 bag (RFC 8493):
 *   data/…  metadata/job.json  metadata/entries.jsonl  index.html  bagit.txt  bag-info.txt
 *   manifest-sha256.txt  tagmanifest-sha256.txt
 * The same entries and options give the same bytes, whatever the number of threads.
 *
 * With failures_max, entries whose sources fail (the group VANISHED to SOURCE of arv/error.h) are left
 * out. The archive names each of them: in metadata/failures.jsonl, at the top of index.html, and by
 * their number in metadata/job.json and bag-info.txt. The same failures give the same bytes. An entry
 * above 1 MiB that fails in its middle makes packing begin again without it, which the sources of
 * arv_entries_add_callback() do not allow once another one of them was read, nor those of
 * arv_entries_add_async() once another one was begun: then it fails the job.
 *
 * Ownership: arv_package_options borrows its strings until arv_job_start() returned.
 * Threading: values.
 * Units: bytes; seconds since 1970-01-01 UTC.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <arv/digest.h>
#include <arv/entry.h>
#include <arv/error.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
    ARV_FORMAT_UNKNOWN = 0,
    ARV_FORMAT_ZIP = 1,     /* ZIP64 where needed, UTF-8 names, deflate or stored */
    ARV_FORMAT_TAR_ZST = 2, /* pax tar in zstd frames */
    ARV_FORMAT_TAR_GZ = 3,  /* pax tar in gzip members */
    ARV_FORMAT_TAR = 4
} arv_format;

/* "zip", "tar.zst", "tar.gz", "tar"; NULL for an unknown one. */
ARV_API const char *arv_format_name(arv_format format);
/* By name, or by the end of a file name (".zip", ".tar.zst", ".tzst", ".tar.gz", ".tgz", ".tar"). */
ARV_API arv_format arv_format_parse(const char *name);
ARV_API arv_format arv_format_of_file(const char *file_name);

#define ARV_LEVEL_DEFAULT (-1)
#define ARV_UUID_BYTES 37 /* with the terminator */
/* No archive has a UUID that begins so: a storage gives keys of such names to files that are none, and then
 * compares no UUID. */
#define ARV_UUID_FREE "ffffffff-"
#define ARV_UUID_FREE_BYTES (sizeof ARV_UUID_FREE - 1)

/* The archive just before it is closed: its manifests are complete. */
typedef struct arv_closing arv_closing;
/*
 * Called on the thread that runs the engine when everything but late entries is in the container.
 * It may add entries now or later and must end with one arv_closing_done(), from the callback or
 * afterwards on the same thread. A time-stamp over the manifests is such an entry.
 */
typedef void (*arv_closing_cb)(void *user_data, arv_closing *closing);

typedef struct arv_package_options { /* grows: arv/archivist.h */
    size_t struct_bytes;
    arv_format format;            /* default ARV_FORMAT_ZIP */
    int level;                    /* ARV_LEVEL_DEFAULT, 0 (stored) to 9; tar.zst to 19 */
    unsigned digests;             /* ARV_DIGEST_SHA256, | ARV_DIGEST_SHA512 */
    bool reproducible;            /* the same bytes on every CPU: libdeflate instead of ISA-L */
    unsigned threads;             /* for this job; 0: as many as the engine has */
    const char *name;             /* of the archive and so of its base folder; made safe; required */
    char uuid[ARV_UUID_BYTES];    /* "": derived from the payload's manifest (RFC 9562, version 8) */
    int64_t collected_at_unix;    /* when collecting began: the archive's date, in job.json and
                                  bag-info.txt; ARV_TIME_UNKNOWN (default): 1980-01-01, and of a
                                  journalled job the moment in which this run begins to pack */
    int64_t requested_at_unix;    /* when it was asked for, in job.json; ARV_TIME_UNKNOWN (default): left
                                  out, and of a journalled job the moment in which it was made */
    const char *created_by;       /* a person or a program; NULL: not recorded */
    const char *metadata_json;    /* an object, stands in job.json as "metadata"; NULL: none */
    const char *title;            /* of index.html; NULL: name */
    const char *language;         /* of index.html: "en" or "de"; NULL: "en" */
    const char *first_entry_name; /* at the container's root, stored, before all others: one that
                                     the form of archives knows, so far none; NULL: none */
    const void *first_entry_data;
    size_t first_entry_length; /* at most 1 MiB */
    arv_closing_cb closing;    /* NULL: none */
    void *closing_user_data;
    size_t memory_bytes;        /* units in flight; below 9 MiB means 9 MiB; 0: half of what the
                                  engine has free, at most 16 MiB */
    const char *temp_directory; /* for what exceeds the bounds; NULL: TMPDIR, else /var/tmp */
    bool allow_empty;           /* a list without one entry is archived; else it is ARV_ENOTFOUND: a
                                  disk that is not mounted is no archive of nothing */
    uint64_t failures_max;      /* entries that may be missing, but not all; 0: the first one that
                                  fails fails the job */
} arv_package_options;

/* An entry that an archive lacks. */
typedef struct arv_failure {
    const char *name; /* as it was given, UTF-8, with a terminator behind it */
    size_t name_length;
    arv_error error; /* of its source */
} arv_failure;

/* `struct_bytes`: sizeof *options. All becomes its default, which is 0 where none is named above. */
ARV_API void arv_package_options_init(arv_package_options *options, size_t struct_bytes);
/* ARV_EINVALID with the option's name, what it was and what is allowed. arv_job_start() does it too. */
ARV_API int arv_package_options_check(const arv_package_options *options, arv_error *err);

typedef enum { ARV_ROOT, ARV_BASE_FOLDER } arv_place; /* beside the base folder (zip only), or in it */
/* Copies name and data. The form of archives knows which names there are, so far none, and in which
 * order. Errors: ARV_ESTATE, ARV_EINVALID (name not plain ASCII, not known, not in its order; more than
 * 64 MiB), ARV_EEXISTS, ARV_ENOMEM. */
ARV_API int arv_closing_add(arv_closing *closing, arv_place place, const char *name, const void *data,
                            size_t length, arv_error *err);
/* The tag manifest's bytes, which cover all manifests: what a time-stamp is taken over. */
ARV_API const void *arv_closing_tagmanifest(const arv_closing *closing, size_t *length);
/* status < 0 fails the job with this error. */
ARV_API void arv_closing_done(arv_closing *closing, int status, const arv_error *err);

#ifdef __cplusplus
}
#endif
#endif

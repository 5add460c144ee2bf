/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_PACKAGE_H
#define ARV_PACKAGE_H

/*
 * How an archive is packed: container format, compression, digests, and its description.
 *
 * An archive is one container with one base folder that is a BagIt 1.0 bag (RFC 8493):
 *   data/…  metadata/job.json  metadata/entries.jsonl  index.html  bagit.txt  bag-info.txt
 *   manifest-sha256.txt  tagmanifest-sha256.txt
 * The same entries and options give the same bytes, whatever the number of threads.
 *
 * With failures_max, the packer leaves out entries whose sources fail (the group VANISHED to SOURCE of
 * arv/error.h). The archive names each of them in metadata/failures.jsonl and at the top of index.html,
 * and gives their number in metadata/job.json and bag-info.txt. The same failures give the same bytes. If
 * an entry above 1 MiB fails in its middle, packing begins again without it. It cannot begin again once
 * another source of arv_entries_add_callback() was read, or another one of arv_entries_add_async() was
 * begun: then the failure fails the job.
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
/* Find a format by its name, or by the end of a file name (".zip", ".tar.zst", ".tzst", ".tar.gz", ".tgz",
 * ".tar"). */
ARV_API arv_format arv_format_parse(const char *name);
ARV_API arv_format arv_format_of_file(const char *file_name);

#define ARV_LEVEL_DEFAULT (-1)
#define ARV_UUID_BYTES 37 /* with the terminator */
/* No archive has a UUID that begins with this. The front makes keys with it for files that are no archives,
 * and then nothing compares a UUID. */
#define ARV_UUID_FREE "ffffffff-"
#define ARV_UUID_FREE_BYTES (sizeof ARV_UUID_FREE - 1)

/* The archive just before it is closed: its manifests are complete. */
typedef struct arv_closing arv_closing;
/*
 * The packer calls it on the thread that runs the engine, when everything but late entries is in the
 * container. The application may add entries now or later, and must end with one arv_closing_done(), from
 * the callback or afterwards on the same thread. A time-stamp over the manifests is such an entry.
 */
typedef void (*arv_closing_cb)(void *user_data, arv_closing *closing);

typedef struct arv_package_options { /* grows: arv/archivist.h */
    size_t struct_bytes;
    arv_format format;            /* default ARV_FORMAT_ZIP */
    int level;                    /* ARV_LEVEL_DEFAULT, 0 (stored) to 9; tar.zst to 19 */
    unsigned digests;             /* ARV_DIGEST_SHA256, | ARV_DIGEST_SHA512 */
    bool reproducible;            /* the same bytes on every CPU: libdeflate instead of ISA-L */
    unsigned threads;             /* for this job; 0: as many as the engine has */
    const char *name;             /* of the archive and, made safe, of its base folder; required */
    char uuid[ARV_UUID_BYTES];    /* "": derived from the payload's manifest (RFC 9562, version 8) */
    int64_t collected_at_unix;    /* when collecting began: the archive's date, in job.json and
                                  bag-info.txt; ARV_TIME_UNKNOWN (default): 1980-01-01, and of a
                                  journalled job the moment in which this run begins to pack */
    int64_t requested_at_unix;    /* when somebody asked for it, in job.json; ARV_TIME_UNKNOWN (default):
                                  left out, and of a journalled job the moment in which it was made */
    const char *created_by;       /* a person or a program; NULL: not recorded */
    const char *metadata_json;    /* an object, stands in job.json as "metadata"; NULL: none */
    const char *title;            /* of index.html; NULL: name */
    const char *language;         /* of index.html: "en" or "de"; NULL: "en" */
    const char *first_entry_name; /* at the container's root, uncompressed, before all others: one that
                                     the form of archives knows, so far none; NULL: none */
    const void *first_entry_data;
    size_t first_entry_length; /* at most 1 MiB */
    arv_closing_cb closing;    /* NULL: none */
    void *closing_user_data;
    size_t memory_bytes;        /* units in flight; below 9 MiB means 9 MiB; 0: half of what the
                                  engine has free, at most 16 MiB */
    const char *temp_directory; /* for data beyond the bounds; NULL: TMPDIR, else /var/tmp */
    bool allow_empty;           /* archive a list without one entry; else it is ARV_ENOTFOUND, since a
                                  disk that is not mounted must not give an empty archive */
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
/* Checks the options, as arv_job_start() does. Returns ARV_EINVALID with a sentence that names the option,
 * its value and the allowed ones. */
ARV_API int arv_package_options_check(const arv_package_options *options, arv_error *err);

typedef enum { ARV_ROOT, ARV_BASE_FOLDER } arv_place; /* beside the base folder (zip only), or in it */
/* Adds an entry; copies name and data. The form of archives fixes the names, so far none, and their order.
 * Errors: ARV_ESTATE, ARV_EINVALID (name not plain ASCII, not known, not in its order; more than
 * 64 MiB), ARV_EEXISTS, ARV_ENOMEM. */
ARV_API int arv_closing_add(arv_closing *closing, arv_place place, const char *name, const void *data,
                            size_t length, arv_error *err);
/* Returns the bytes of the tag manifest, which covers all manifests. A time-stamp is taken over them. */
ARV_API const void *arv_closing_tagmanifest(const arv_closing *closing, size_t *length);
/* Ends the closing. status < 0 fails the job with this error. */
ARV_API void arv_closing_done(arv_closing *closing, int status, const arv_error *err);

#ifdef __cplusplus
}
#endif
#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_VERIFY_H
#define ARV_VERIFY_H

/*
 * Reading archives: verify, list, extract.
 *
 * The verifier trusts nothing in the container. It reads the container once from front to end, computes
 * every digest, compares the result with all manifests of the bag and reports every difference by name.
 * In a zip it reads the central directory itself and compares every local header with it.
 *
 * Ownership: reports and items are borrowed from the task; names in them are UTF-8 with invalid
 *   bytes escaped.
 * Threading: the engine's thread; pool threads read.
 * Errors: a container that differs from its manifests is a result, not an error: the task succeeds
 *   and the report lists the findings. The task fails when it could not read the container to its
 *   end: ARV_ENOTFOUND, ARV_EACCESS, ARV_EIO, ARV_EFORMAT (no container of a known format),
 *   ARV_ECANCELED, ARV_ENOMEM.
 * Units: bytes. Memory: 32 MiB whatever the container holds.
 */

#include <arv/package.h>
#include <arv/task.h>

#ifdef __cplusplus
extern "C" {
#endif

/* X(NAME, text): the kinds of findings. */
#define ARV_FINDING_LIST(X)                                                                                  \
    X(TRUNCATED, "the container ends too early")                                                             \
    X(TRAILING, "there are bytes behind the end of the container")                                           \
    X(STRUCTURE, "the container's structure is damaged")                                                     \
    X(OVERLAP, "two entries share bytes")                                                                    \
    X(GAP, "there are bytes between entries that belong to none")                                            \
    X(HEADER, "an entry's own header differs from the directory")                                            \
    X(CHECKSUM, "an entry's bytes do not match the container's checksum")                                    \
    X(NAME, "a name is unsafe")                                                                              \
    X(DUPLICATE, "two entries have the same name")                                                           \
    X(TYPE, "an entry is not a regular file or folder")                                                      \
    X(BOMB, "a limit for reading was exceeded")                                                              \
    X(NO_BAG, "there is no bag in the container")                                                            \
    X(BAG, "a part of the bag is missing or malformed")                                                      \
    X(MISSING, "a file of the manifest is missing")                                                          \
    X(EXTRA, "a file stands in no manifest, or where none belongs")                                          \
    X(DIGEST, "a file's content differs from the manifest")                                                  \
    X(COUNT, "number or size of the payload differ from bag-info.txt")                                       \
    X(METADATA, "the archive's own records contradict its content")                                          \
    X(FOREIGN, "the container has bytes that no manifest covers")                                            \
    X(ADDRESS, "another archive stands in the place of the one that is expected")

typedef enum {
#define ARV_FINDING_ENUM(name, text) ARV_FINDING_##name,
    ARV_FINDING_LIST(ARV_FINDING_ENUM)
#undef ARV_FINDING_ENUM
        ARV_FINDING_KINDS
} arv_finding_kind;

ARV_API const char *arv_finding_name(arv_finding_kind kind); /* "DIGEST" */

typedef struct arv_finding {
    arv_finding_kind kind;
    const char *entry;   /* name in the container, or NULL */
    const char *message; /* a sentence with expected and found */
} arv_finding;

typedef struct arv_limits { /* grows: arv/archivist.h. 0: the default */
    size_t struct_bytes;
    uint64_t entries_max;        /* 10^7 */
    uint64_t entry_bytes_max;    /* 2^43 (8 TiB) */
    uint64_t total_bytes_max;    /* 2^44 */
    uint64_t document_bytes_max; /* of job.json, bag-info.txt and the like: 1 MiB */
    unsigned ratio_max;          /* unpacked to packed of an entry above 1 MiB: 1100 (deflate's own
                                   limit is 1032); tar.zst: of the whole, 20000 */
    unsigned depth_max;          /* components of a name: 512 */
    unsigned name_bytes_max;     /* 4096 */
    unsigned findings_max;       /* kept in the report; all are counted: 1000 */
} arv_limits;

/* How archives are read. NULL in place of it: all defaults. */
typedef struct arv_verify_options { /* grows: arv/archivist.h */
    size_t struct_bytes;
    const arv_limits *limits; /* NULL: all defaults. Borrowed until the request was started */
    bool foreign; /* accept a bag that another program made: harmless other ways to write the same pass,
                     and the report says so. A form that programs understand differently is always a
                     finding */
    /* The archive that it must be: its UUID, and the SHA-256 of the container in hexadecimal digits,
     * which arv_list() does not compute. "": any. An archive in a storage must have the UUID of its key
     * unless another one is given here; a key that arv_storage_put_file() has made names none. */
    char expected_uuid[ARV_UUID_BYTES];
    char expected_sha256[2 * ARV_SHA256_BYTES + 1];
} arv_verify_options;

typedef struct arv_report {
    bool valid;   /* not one finding */
    bool foreign; /* it was read as the bag of another program */
    arv_format format;
    char base_folder[200];
    char uuid[ARV_UUID_BYTES]; /* from job.json; "" when there is none */
    int64_t requested_at_unix; /* from there, too; or ARV_TIME_UNKNOWN */
    int64_t collected_at_unix;
    uint64_t container_bytes;
    uint64_t entries; /* all of the container */
    uint64_t payload_files;
    uint64_t payload_bytes;
    uint64_t links;              /* recorded symbolic links; the container has no files for them */
    uint64_t failures;           /* entries that are missing by job.json; no fault of the archive */
    arv_digests container;       /* of the container's bytes */
    const arv_finding *findings; /* the first ones */
    size_t finding_count;
    uint64_t finding_total;
    const char *job_json; /* metadata/job.json byte for byte, NUL-ended; NULL when there is none or the
                             task could not read the container to its end. Proven only if `valid` */
    size_t job_json_bytes;
} arv_report;

/* The container to read: a file, or an object in a storage. */
typedef struct arv_origin {
    const char *path;
    bool opened; /* the file is open already: the task reads `descriptor`. The caller owns it and must
                       keep it open until the task has ended; `path` is for messages */
    int descriptor;
    struct arv_storage *storage; /* with key, instead of path */
    const char *key;
} arv_origin;

ARV_API int arv_verify(arv_engine *engine, const arv_origin *origin, const arv_verify_options *options,
                       arv_task_cb callback, void *user_data, arv_task **task, arv_error *err);
/* Returns the report of a task. After arv_list(), also one that failed, it has only the format and the UUID
 * of job.json. */
ARV_API const arv_report *arv_task_report(const arv_task *task);

/* One entry of the payload, as list and extract show it. */
typedef struct arv_item {
    const char *name;     /* in the container, relative to the base folder: "data/…" */
    const char *original; /* as it was given, UTF-8 */
    size_t original_length;
    const char *owner;          /* NULL: none */
    const char *const *persons; /* keys of the persons that it is about; see arv/entry.h */
    size_t person_count;
    uint64_t size_bytes;
    int64_t modified_at_unix; /* or ARV_TIME_UNKNOWN */
    const char *sha256;       /* hexadecimal; NULL unless a file */
    bool folder;              /* an empty folder */
    const char *target;       /* of a recorded symbolic link, UTF-8; NULL for all others */
    size_t target_length;
    const char *written; /* extract: the path below the target; NULL for list and for links */
} arv_item;
/* Called on the engine's thread. A value < 0 ends the task with that code. */
typedef int (*arv_item_cb)(void *user_data, const arv_item *item);

/* Lists the payload from metadata/entries.jsonl. Verifies only the UUID of the archive (expected_uuid):
 * ARV_EMISMATCH. */
ARV_API int arv_list(arv_engine *engine, const arv_origin *origin, const arv_verify_options *options,
                     arv_item_cb on_item, arv_task_cb callback, void *user_data, arv_task **task,
                     arv_error *err);

typedef struct arv_extract_options { /* grows: arv/archivist.h */
    size_t struct_bytes;
    bool safe_names;                  /* the container's names instead of the originals */
    const arv_verify_options *verify; /* NULL: all defaults. Borrowed until arv_extract() returned */
    arv_item_cb on_item;              /* may be NULL; user_data is that of the task */
    /* Original names, folders above them, or patterns (fnmatch on the whole name). The task writes only
     * these; one that selects nothing is ARV_ENOTFOUND. select_count 0: everything; at most 4096.
     * Borrowed until arv_extract() returned. The task still verifies the whole archive. */
    const char *const *select;
    size_t select_count;
} arv_extract_options;

/*
 * Verifies, then writes the payload below `folder`, which must not exist or be empty. Does not write a
 * recorded symbolic link, but shows it to on_item. If no file can have an original name here ("..", a
 * NUL, more than 255 bytes in a component), writes the file under the container's name, which on_item
 * shows. Never follows links, never replaces existing files. A new folder appears at the end, complete;
 * until then it is ".<name>.<random>.partial" beside it. Into an empty folder, all files move at the end
 * out of ".archivist-<random>.partial" in it. On failure the task removes all that it wrote, and nothing
 * else: files that others put there stay.
 * Errors: those above; ARV_EMISMATCH when the archive is not valid; ARV_EEXISTS when the folder is not
 *   empty, or another process took its name or a name in it meanwhile; ARV_ENOSPACE.
 */
ARV_API int arv_extract(arv_engine *engine, const arv_origin *origin, const char *folder,
                        const arv_extract_options *options, arv_task_cb callback, void *user_data,
                        arv_task **task, arv_error *err);

#ifdef __cplusplus
}
#endif
#endif

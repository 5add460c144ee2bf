/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_ENTRY_H
#define ARV_ENTRY_H

/*
 * The content of an archive: a list of entries, each with a name and a source.
 *
 * The list sorts and names its entries when a job begins, not while it is filled.
 * Beyond `memory_bytes` it spills to unlinked temporary files, so a million entries fit the bound.
 *
 * Ownership: the list copies every string. It copies the bytes of arv_entries_add_memory(), too. These
 *   and callbacks count against `memory_bytes`; they may take all of it but 512 KiB (ARV_ELIMIT). A job
 *   takes a reference and closes the list: adding to it is then ARV_ESTATE.
 * Threading: one thread at a time. Read callbacks run on the thread that runs the engine.
 * Errors: ARV_ENAME (not UTF-8, empty, too long), ARV_ELIMIT, ARV_ENOSPACE and ARV_EIO (spilling),
 *   ARV_ENOMEM; those of the folder walk stand with it. A function that fails to add one entry leaves
 *   the list as it was. A failure that cannot be taken back leaves the list incomplete: a folder or a
 *   list of which some entries were added before the error, or entries lost in spilling. An incomplete
 *   list can only be released: adding to it and beginning a job with it are ARV_ESTATE, so nobody
 *   archives a part unknowingly.
 * Units: bytes; seconds since 1970-01-01 UTC.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <arv/error.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ARV_SIZE_UNKNOWN (-1)
#define ARV_PERSONS_MAX 1000    /* of one entry */
#define ARV_PERSON_BYTES_MAX 64 /* of one key */
#define ARV_LINK_BYTES_MAX 4096 /* of the target of a recorded symbolic link */
#define ARV_TIME_UNKNOWN INT64_MIN

typedef struct arv_entries arv_entries;

typedef struct arv_entries_options { /* grows: arv/archivist.h */
    size_t struct_bytes;
    size_t memory_bytes;        /* 0: 12 MiB; at least 1 MiB */
    const char *temp_directory; /* NULL: TMPDIR, else /var/tmp */
    bool keep_going; /* a source that fails while it is added is no error: the job counts its entry as
                        missing, see arv_package_options.failures_max */
} arv_entries_options;

typedef struct arv_entry {
    const char *name;         /* path of the entry for people, UTF-8, "/" separates; any content */
    size_t name_length;       /* 0: strlen(name) */
    const char *owner;        /* its owner, for people: "Muster, Mia (s0123)"; NULL: nobody */
    int64_t size_bytes;       /* a promise, or ARV_SIZE_UNKNOWN */
    int64_t modified_at_unix; /* ARV_TIME_UNKNOWN: not recorded */
    /* The persons that it is about, for programs: lasting keys, such as an identifier of a user. Each has
     * 1 to ARV_PERSON_BYTES_MAX bytes of UTF-8 without control characters (else ARV_EINVALID). The archive
     * records them in this order. More than ARV_PERSONS_MAX is ARV_ELIMIT. */
    const char *const *persons;
    size_t person_count;
} arv_entry;

/*
 * Fills up to `length` bytes. Returns their number, 0 at the end, or a negative ARV_E code after
 * setting `err`. The packer calls it on the thread that runs the engine, from inside arv_engine_run(),
 * in the order of the archive; never again after it returned 0 or an error.
 */
typedef int64_t (*arv_read_cb)(void *user_data, void *into, size_t length, arv_error *err);
/* Called exactly once, when nothing needs the source any more, whether it was read or not. */
typedef void (*arv_release_cb)(void *user_data);

ARV_API int arv_entries_new(arv_entries **entries, const arv_entries_options *options, arv_error *err);
ARV_API arv_entries *arv_entries_ref(arv_entries *entries);
ARV_API void arv_entries_unref(arv_entries *entries);

/*
 * Adds a file. The packer opens it when its turn comes. After reading, the packer compares device, inode,
 * size and time (ARV_ECHANGED). The file must end where its size says (ARV_ESIZE). Only the folder walk
 * follows a path that ends at a symbolic link. With ARV_SIZE_UNKNOWN this function looks at the file at
 * once (ARV_EVANISHED, ARV_EUNREADABLE, ARV_ESPECIAL, ARV_ELINK) and takes its time if that is unknown.
 */
ARV_API int arv_entries_add_path(arv_entries *entries, const arv_entry *entry, const char *path,
                                 arv_error *err);
ARV_API int arv_entries_add_memory(arv_entries *entries, const arv_entry *entry, const void *data,
                                   size_t length, arv_error *err);
/* On failure nothing calls `release`, and the caller still owns the source. */
ARV_API int arv_entries_add_callback(arv_entries *entries, const arv_entry *entry, arv_read_cb read,
                                     arv_release_cb release, void *user_data, arv_error *err);

/*
 * A source that needs time before it can be read, such as a page that is being rendered.
 *
 * The packer calls `begin` when the source's turn comes, in the order of the archive, at most
 * ARV_ASYNC_BEGUN_MAX sources of one job ahead of the one that it reads. The application answers with
 * arv_async_ready(), from inside `begin` or later. Meanwhile the packer reads files behind the source. It
 * reads the source itself after all entries before it, so the order of answers does not show in the
 * archive. An entry of such a source never shares a unit with others, so the moment of the answer does
 * not change the bytes.
 *
 * Threading: all four are called on the thread that runs the engine, from inside arv_engine_run().
 * Errors: an answer < 0 fails the entry, as an error of `read` does. A source that never answers holds its
 *   job until a cancel request or a time limit ends the job.
 */
#define ARV_ASYNC_BEGUN_MAX 4
typedef struct arv_async arv_async; /* a source that was begun; valid until `release` is called */
typedef struct arv_async_ops {
    void (*begin)(void *user_data, arv_async *async);
    arv_read_cb read;
    /* The job failed or was cancelled, and needs no answer any more. Never called after the answer.
     * NULL: nothing has to be stopped. */
    void (*cancel)(void *user_data);
    arv_release_cb release; /* NULL: nothing has to be released */
} arv_async_ops;
/* Copies the table. On failure nothing calls `release`, and the caller still owns the source. */
ARV_API int arv_entries_add_async(arv_entries *entries, const arv_entry *entry, const arv_async_ops *ops,
                                  void *user_data, arv_error *err);
/* Answers `begin`: the source can be read (0), or has failed (`status` < 0, with `err`). Only the first
 * answer counts; one after `cancel` does nothing. Must not be called after `release`. Call it on the thread
 * that runs the engine, inside arv_engine_run() or outside. Never calls back inside. Never blocks. */
ARV_API void arv_async_ready(arv_async *async, int status, const arv_error *err);

typedef enum arv_links {                   /* how the walk treats symbolic links in a folder */
                         ARV_LINKS_FOLLOW, /* one is archived as the content that it names */
                         ARV_LINKS_SKIP,   /* it is left out */
                         ARV_LINKS_RECORD  /* the archive's list has its name and target; there is no file */
} arv_links;

/* Parses "follow", "skip" or "record"; returns false for any other text. */
ARV_API bool arv_links_parse(const char *text, arv_links *links);

typedef struct arv_folder_options { /* grows: arv/archivist.h */
    size_t struct_bytes;
    arv_links links;
    const char *const *exclude; /* shell patterns (fnmatch, FNM_PERIOD off) on the path and on each
                                    component; NULL: none */
    size_t exclude_count;
    const char *owner;          /* for every entry of the folder */
    const char *const *persons; /* likewise: see arv_entry */
    size_t person_count;
    unsigned depth_max; /* 0: 128; at most 512 */
} arv_folder_options;

/*
 * Adds every file below `folder`, named relative to it behind `prefix` (NULL: none). Records empty folders
 * as such. A followed symbolic link that stays inside the folder is archived as the content that it names.
 * One that leaves the folder or leads nowhere is ARV_ELINK, a folder inside itself ARV_ELOOP; a socket,
 * device or FIFO is ARV_ESPECIAL; all name the path. A recorded link may lead anywhere; its target is text
 * of at most ARV_LINK_BYTES_MAX bytes (ARV_ENAME, ARV_ELIMIT).
 *
 * A process that may read everything (root, CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE) follows no link for a
 * person who cannot read the link's target. Unless root owns the link, the target and the folders inside
 * the walked one on the way to it must belong to the link's owner, or their mode must let everybody read
 * the file and pass the folders; groups do not count. For a link to a folder the rule holds for everything
 * below that folder. Else ARV_ELINK.
 *
 * Also ARV_ENAME (a name that is not UTF-8), ARV_EUNREADABLE, ARV_EVANISHED and ARV_ECHANGED (somebody
 * works in the folder), ARV_ELIMIT (too deep). Blocks while it walks.
 */
ARV_API int arv_entries_add_folder(arv_entries *entries, const char *prefix, const char *folder,
                                   const arv_folder_options *options, arv_error *err);

/*
 * Adds entries from a file of JSON lines: {"name": …, "path": …, "size": …, "owner": …, "modified": …,
 * "persons": […]}. Name and path are required; an unknown member is ARV_EFORMAT with the line. A line
 * has at most 192 KiB; empty lines are passed over. "-": stdin.
 */
ARV_API int arv_entries_add_list(arv_entries *entries, const char *list_path, arv_error *err);

ARV_API uint64_t arv_entries_count(const arv_entries *entries);
/* Returns the sum of the known sizes. */
ARV_API uint64_t arv_entries_total_bytes(const arv_entries *entries);

/* Files that take more room in the archive, which holds each in full, than on their disk. Counts those of
 * folders, and of paths that arv_entries_add_path() looked at. */
typedef struct arv_entries_doubled {
    uint64_t hard_links; /* further names of files that the list has already */
    uint64_t hard_link_bytes;
    bool hard_links_at_least; /* there are more files with several names than the list remembers: 32768 */
    uint64_t sparse_files;    /* at least half of the file, and 1 MiB, takes no room: holes, or a file
                                 system that compresses */
    uint64_t sparse_bytes;    /* that take no room */
} arv_entries_doubled;
ARV_API void arv_entries_get_doubled(const arv_entries *entries, arv_entries_doubled *doubled);

#ifdef __cplusplus
}
#endif
#endif

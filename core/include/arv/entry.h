/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_ENTRY_H
#define ARV_ENTRY_H

/*
 * What goes into an archive: a list of entries, each with a name and a source.
 *
 * The list sorts, checks and names nothing while it is filled; that happens when a job begins.
 * Beyond `memory_bytes` it spills to unlinked temporary files, so a million entries fit the bound.
 *
 * Ownership: the list copies every string. Bytes given by arv_entries_add_memory() are copied and
 *   count against `memory_bytes`, as callbacks do: all but 512 KiB of it may go to them, more is
 *   ARV_ELIMIT. A job takes a reference; a list that a job has begun with is closed: adding to it
 *   is ARV_ESTATE.
 * Threading: one thread at a time. Read callbacks run on the thread that runs the engine.
 * Errors: ARV_ENAME (not UTF-8, empty, too long), ARV_ELIMIT, ARV_ENOSPACE and ARV_EIO (spilling),
 *   ARV_ENOMEM; those of the folder walk stand with it. An entry that could not be added leaves
 *   the list as it was. What cannot be taken back leaves it incomplete: a folder or a list of
 *   which some entries were added before the error, or entries lost in spilling. An incomplete
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
#define ARV_LINK_BYTES_MAX 4096 /* of what a recorded symbolic link holds */
#define ARV_TIME_UNKNOWN INT64_MIN

typedef struct arv_entries arv_entries;

typedef struct arv_entries_options { /* grows: arv/archivist.h */
    size_t struct_bytes;
    size_t memory_bytes;        /* 0: 12 MiB; at least 1 MiB */
    const char *temp_directory; /* NULL: TMPDIR, else /var/tmp */
    bool keep_going; /* a source that fails while it is added is no error, but an entry that its job
                        finds missing: see arv_package_options.failures_max */
} arv_entries_options;

typedef struct arv_entry {
    const char *name;         /* path of the entry for people, UTF-8, "/" separates; any content */
    size_t name_length;       /* 0: strlen(name) */
    const char *owner;        /* whose it is, for people: "Muster, Mia (s0123)"; NULL: nobody's */
    int64_t size_bytes;       /* a promise, or ARV_SIZE_UNKNOWN */
    int64_t modified_at_unix; /* ARV_TIME_UNKNOWN: not recorded */
    /* Whom it is about, for programs: keys that stay, such as an identifier of a user. Each has 1 to
     * ARV_PERSON_BYTES_MAX bytes of UTF-8 without control characters; they are recorded in this
     * order. Else ARV_EINVALID, ARV_ELIMIT for more than ARV_PERSONS_MAX. */
    const char *const *persons;
    size_t person_count;
} arv_entry;

/*
 * Fills up to `length` bytes; returns their number, 0 at the end, or a negative ARV_E code after
 * setting `err`. Called on the thread that runs the engine, from inside arv_engine_run(), in the
 * order of the archive; never again after it returned 0 or an error.
 */
typedef int64_t (*arv_read_cb)(void *user_data, void *into, size_t length, arv_error *err);
/* Called exactly once when the source is not needed any more, read or not. */
typedef void (*arv_release_cb)(void *user_data);

ARV_API int arv_entries_new(arv_entries **entries, const arv_entries_options *options, arv_error *err);
ARV_API arv_entries *arv_entries_ref(arv_entries *entries);
ARV_API void arv_entries_unref(arv_entries *entries);

/*
 * A file. It is opened when its turn comes; device, inode, size and time are compared after
 * reading (ARV_ECHANGED), and it must end where its size says (ARV_ESIZE). A path that ends at a symbolic link is followed only by the folder walk.
 * With ARV_SIZE_UNKNOWN the file is looked at now (ARV_EVANISHED, ARV_EUNREADABLE, ARV_ESPECIAL,
 * ARV_ELINK), and its time is taken if it is not known.
 */
ARV_API int arv_entries_add_path(arv_entries *entries, const arv_entry *entry, const char *path,
                                 arv_error *err);
ARV_API int arv_entries_add_memory(arv_entries *entries, const arv_entry *entry, const void *data,
                                   size_t length, arv_error *err);
/* On failure `release` is not called and the source stays the caller's. */
ARV_API int arv_entries_add_callback(arv_entries *entries, const arv_entry *entry, arv_read_cb read,
                                     arv_release_cb release, void *user_data, arv_error *err);

/*
 * A source that needs time before it can be read, such as a page that is being rendered.
 *
 * `begin` is called when its turn comes, in the order of the archive, up to ARV_ASYNC_BEGUN_MAX of one job
 * ahead of the one that is read. It is answered by arv_async_ready(), from inside or later. Files behind
 * it are read meanwhile; the source itself is read when all before it has been, so the order of answers
 * does not show in the archive. An entry of it never shares a unit with others, so that the same bytes
 * come whenever it answers.
 *
 * Threading: all four are called on the thread that runs the engine, from inside arv_engine_run().
 * Errors: an answer < 0 is the entry's failure, as one of `read` is. A source that never answers holds its
 *   job, until that is cancelled or its time limit ends it.
 */
#define ARV_ASYNC_BEGUN_MAX 4
typedef struct arv_async arv_async; /* a source that was begun; valid until `release` is called */
typedef struct arv_async_ops {
    void (*begin)(void *user_data, arv_async *async);
    arv_read_cb read;
    /* The job needs no answer any more: it failed or was cancelled. Not called of a source that has
     * answered. NULL: nothing has to be stopped. */
    void (*cancel)(void *user_data);
    arv_release_cb release; /* NULL: nothing has to be released */
} arv_async_ops;
/* The table is copied. On failure `release` is not called and the source stays the caller's. */
ARV_API int arv_entries_add_async(arv_entries *entries, const arv_entry *entry, const arv_async_ops *ops,
                                  void *user_data, arv_error *err);
/* The source can be read (0), or has failed (`status` < 0, and why). The first answer counts; a further
 * one, and one after `cancel`, does nothing. Must not be called after `release`. On the thread that runs the
 * engine, inside of arv_engine_run() or not; nothing is called from inside of it. Never blocks. */
ARV_API void arv_async_ready(arv_async *async, int status, const arv_error *err);

typedef enum arv_links {                   /* what becomes of symbolic links in a folder */
                         ARV_LINKS_FOLLOW, /* one is archived as the content that it names */
                         ARV_LINKS_SKIP,   /* it is left out */
                         ARV_LINKS_RECORD /* name and target stand in the archive's list of entries, no file with them */
} arv_links;

/* "follow", "skip", "record"; false: none of them. */
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
 * Every file below `folder`, named relative to it behind `prefix` (NULL: none). Empty folders are
 * recorded as such. A symbolic link that is followed and stays inside the folder is stored as the content
 * that it names; one that leaves it or leads nowhere is ARV_ELINK, a folder inside itself ARV_ELOOP; a
 * socket, device or FIFO ARV_ESPECIAL; all name the path. A link that is recorded may lead anywhere; its
 * target is text of at most ARV_LINK_BYTES_MAX bytes (ARV_ENAME, ARV_ELIMIT).
 *
 * A process that may read everything (root, CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE) follows no link for
 * somebody who could not read what it names: unless root owns the link, what it names and the folders on
 * the way to it inside of the walked one must belong to the link's owner or be readable (folders: to be
 * passed) for everybody by their mode; groups are not asked. For a link to a folder that holds for all
 * that is below it. Else ARV_ELINK.
 *
 * Also ARV_ENAME (a name that is not
 * UTF-8), ARV_EUNREADABLE, ARV_EVANISHED and ARV_ECHANGED (somebody works in the folder), ARV_ELIMIT
 * (too deep). Blocks while it walks.
 */
ARV_API int arv_entries_add_folder(arv_entries *entries, const char *prefix, const char *folder,
                                   const arv_folder_options *options, arv_error *err);

/*
 * Entries from a file of JSON lines: {"name": …, "path": …, "size": …, "owner": …, "modified": …,
 * "persons": […]}, name and path required, unknown members refused (ARV_EFORMAT with the line). A line
 * has at most 192 KiB; empty lines are passed over. "-": stdin.
 */
ARV_API int arv_entries_add_list(arv_entries *entries, const char *list_path, arv_error *err);

ARV_API uint64_t arv_entries_count(const arv_entries *entries);
/* Sum of the known sizes. */
ARV_API uint64_t arv_entries_total_bytes(const arv_entries *entries);

/* What takes less room where it is than in the archive, which holds every file in full. Of folders, and
 * of paths that were looked at. */
typedef struct arv_entries_doubled {
    uint64_t hard_links; /* further names of files that are there already */
    uint64_t hard_link_bytes;
    bool hard_links_at_least; /* there were more files with several names than are remembered: 32768 */
    uint64_t sparse_files;    /* at least half of it, and 1 MiB, takes no room: holes, or a file system
                                 that compresses */
    uint64_t sparse_bytes;    /* that take no room */
} arv_entries_doubled;
ARV_API void arv_entries_get_doubled(const arv_entries *entries, arv_entries_doubled *doubled);

#ifdef __cplusplus
}
#endif
#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_STORAGE_STORAGE_H
#define ARV_STORAGE_STORAGE_H

/*
 * The storage module, as the module of jobs uses it: a sink into a storage and a source from one.
 * internal.h is for the module's own files:
 *
 *     storage.c                   the front: checks each request, then starts it
 *     put_file, get_file, check   the requests that take several steps
 *     put, pieces, resume, get    the protocols, as step functions in the order in which they fire;
 *                                 put.c is the sink
 *     source                      reads a container from a storage
 *     pump                        keeps two buffers moving
 *     call                        runs one slot: on the I/O pool, or evented
 *     whole, scratch              show drivers of whole files as streams, over private folders
 *     registry, options           the table of drivers; checks options before a driver sees them
 *     address                     keys, URLs, UUIDs
 *     filesystem*                 the driver "filesystem"; later drivers stand beside it
 */

#include <arv/sys/storage.h>
#include "package/sink.h"
#include "package/source.h"

extern const arv_storage_ops arv__storage_filesystem;

/* Makes a sink that streams into the storage under `key`. A commit that succeeds fills `*object`, which is
 * the caller's and must outlive the sink. A driver of whole files stages in `temp_directory`. */
int arv__sink_storage_new(arv__sink **sink, arv_storage *storage, const char *key, uint64_t size_hint_bytes,
                          const char *temp_directory, arv_object *object, arv_error *err);

/* Makes a source that reads an object. Call it on the engine's thread. arv__source_begin() opens the object;
 * its size is known from then on. arv__source_begin() and read_at run on a pool thread and may block: they
 * call a blocking driver there, and wait for the loop to serve the request of an evented one. */
int arv__source_storage_new(arv__source **source, arv_storage *storage, const char *name, arv_error *err);

#endif

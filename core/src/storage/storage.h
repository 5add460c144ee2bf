/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_STORAGE_STORAGE_H
#define ARV_STORAGE_STORAGE_H

/*
 * Inside of the storage module, and what job and verify's callers need of it. Files: storage.c the
 * front; address.c keys, URLs, UUIDs; registry.c the table of drivers; call.c runs one slot, on the
 * I/O pool or evented; pump.c keeps two buffers moving; put.c and get.c the protocols as step
 * functions in the order they fire; put_file.c, get_file.c and check.c the requests on them; sink.c
 * packs straight into a storage; source.c reads a container from one; whole.c shows drivers of whole
 * files as streams, with the private folders of scratch.c; filesystem.c and filesystem_list.c, and
 * the later drivers.
 */

#include <arv/sys/storage.h>
#include "package/sink.h"
#include "package/source.h"

extern const arv_storage_ops arv__storage_filesystem;

/* A sink that streams into the storage under `key`; `*object`, the caller's, is filled when commit
 * succeeded and must outlive the sink. What a driver of whole files stages lies in `temp_directory`. */
int arv__sink_storage_new(arv__sink **sink, arv_storage *storage, const char *key, uint64_t size_hint_bytes,
                          const char *temp_directory, arv_object *object, arv_error *err);

/* A source that reads an object, made on the engine's thread. arv__source_begin() opens it, then
 * its size is known; that and read_at run on a pool thread: with a blocking driver directly, with
 * an evented one while the loop serves the request. */
int arv__source_storage_new(arv__source **source, arv_storage *storage, const char *name, arv_error *err);

#endif

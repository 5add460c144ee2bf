/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_VERIFY_VERIFY_H
#define ARV_VERIFY_VERIFY_H

/*
 * The verifier, as the module of jobs (reading.c) and the fuzzers use it. The files of the module:
 *
 *     verify, list, extract   the three requests
 *     bag_check               walks a container
 *     ledger                  compares the entries that it found with those that documents promise
 *     documents, lines        judge the documents of the bag; parse their lines
 *     own                     checks the narrow form of our own archives
 *     report                  collects findings
 *     select, target          choose the entries that are extracted; write below a folder
 *     staging                 gives that folder its place at the end, or takes it back
 */

#include "loop/task.h"
#include "package/reader.h"
#include "package/spool.h"
#include "verify/report.h"

/*
 * Verifies on the calling thread; may block. `lines` (may be NULL) gets the raw lines of
 * metadata/entries.jsonl, LF-ended. The report is finished on success.
 */
int arv__verify_run(arv__source *source, const arv_verify_options *options, const int *cancel,
                    uint64_t *done_bytes, arv__report *report, arv__spool *lines, arv_error *err);

enum { ARV__IDENTITY_BYTES = 200 };
/* Returns NULL when `found` ("" for none) is the UUID of the expected archive, else a sentence in `text`. */
const char *arv__verify_compare_uuid(const arv_verify_options *options, const char *found,
                                     char text[ARV__IDENTITY_BYTES]);

/* All three take over `source`, unless they return an error. */
int arv__verify_start_adopt(arv__context *context, arv__source *source, const arv_verify_options *options,
                            arv_task_cb callback, void *user_data, arv_task **task, arv_error *err);
int arv__list_start_adopt(arv__context *context, arv__source *source, const arv_verify_options *options,
                          arv_item_cb on_item, arv_task_cb callback, void *user_data, arv_task **task,
                          arv_error *err);
int arv__extract_start_adopt(arv__context *context, arv__source *source, const char *folder,
                             const arv_extract_options *options, arv_task_cb callback, void *user_data,
                             arv_task **task, arv_error *err);

/* The first member of all three requests: a task with the results of the verifier. */
typedef struct arv__verify_request {
    arv_task task;
    arv__work work;
    arv__lane lane;
    arv__source *source;
    arv_verify_options options; /* its limits are these: */
    arv_limits limits;          /* resolved */
    bool begun;
    const arv_report *report; /* NULL until there is one */
} arv__verify_request;

/* `run` runs on the pool, `done` on the loop, which may call _submit() again. */
void arv__verify_request_init(arv__verify_request *request, arv__context *context,
                              const arv_verify_options *options, arv_task_cb callback, void *user_data,
                              void (*destroy)(arv_task *task), int (*run)(arv__work *work, arv_error *err),
                              void (*done)(arv__work *work, int status, const arv_error *err));
int arv__verify_request_submit(arv__verify_request *request, arv_error *err);
/* Opens the source. Must be called on the pool, before anything else. */
int arv__verify_request_begin(arv__verify_request *request, arv_error *err);
static inline arv__verify_request *arv__verify_request_of(arv__work *work)
{
    return work->user_data;
}

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_VERIFY_VERIFY_H
#define ARV_VERIFY_VERIFY_H

/*
 * Inside of the verifier, and what job's glue and the fuzzers need of it. Files: bag_check.c walks
 * a container, ledger.c compares what it found with what was promised, documents.c judges the bag's documents, lines.c reads them,
 * report.c collects findings; verify.c, list.c and extract.c are the three requests, target.c
 * writes below a folder, staging.c gives that folder its place at the end or takes it back.
 */

#include "loop/task.h"
#include "package/reader.h"
#include "package/spool.h"
#include "verify/report.h"

/*
 * Verifies on the calling thread; blocks. `lines` (may be NULL) gets the raw lines of
 * metadata/entries.jsonl, LF-ended. The report is finished on success.
 */
int arv__verify_run(arv__source *source, const arv_verify_options *options, const int *cancel,
                    uint64_t *done_bytes, arv__report *report, arv__spool *lines, arv_error *err);

enum { ARV__IDENTITY_BYTES = 200 };
/* NULL: it is the archive that is expected; else a sentence in `text`. `found` is "" for none. */
const char *arv__verify_compare_uuid(const arv_verify_options *options, const char *found,
                                     char text[ARV__IDENTITY_BYTES]);

/* All three take over `source`, in every case but an error return. */
int arv__verify_start_adopt(arv__context *context, arv__source *source, const arv_verify_options *options,
                            arv_task_cb callback, void *user_data, arv_task **task, arv_error *err);
int arv__list_start_adopt(arv__context *context, arv__source *source, const arv_verify_options *options,
                          arv_item_cb on_item, arv_task_cb callback, void *user_data, arv_task **task,
                          arv_error *err);
int arv__extract_start_adopt(arv__context *context, arv__source *source, const char *folder,
                             const arv_extract_options *options, arv_task_cb callback, void *user_data,
                             arv_task **task, arv_error *err);

/* What the three have in common, first member of each: a task with the results of the verifier. */
typedef struct arv__verify_request {
    arv_task task;
    arv__work work;
    arv__lane lane;
    arv__source *source;
    arv_verify_options options; /* its limits are those: */
    arv_limits limits;          /* resolved */
    bool begun;
    const arv_report *report; /* once there is one */
} arv__verify_request;

/* `run` on the pool, `done` on the loop; _submit() may be called again from done. */
void arv__verify_request_init(arv__verify_request *request, arv__context *context,
                              const arv_verify_options *options, arv_task_cb callback, void *user_data,
                              void (*destroy)(arv_task *task), int (*run)(arv__work *work, arv_error *err),
                              void (*done)(arv__work *work, int status, const arv_error *err));
int arv__verify_request_submit(arv__verify_request *request, arv_error *err);
/* On the pool, before anything else: opens the source. */
int arv__verify_request_begin(arv__verify_request *request, arv_error *err);
static inline arv__verify_request *arv__verify_request_of(arv__work *work)
{
    return work->user_data;
}

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OUTCOME_H
#define OUTCOME_H

/*
 * The reference model of a job: what may be on the disk, told from the contract (arv/job.h,
 * arv/staging.h) and from nothing else. It looks with plain system calls and computes digests with
 * OpenSSL, so that it shares no code with what it judges.
 *
 *     whenever           a storage holds one object of the job or none, and one is whole: byte for
 *                        byte what the same job gives without any fault
 *     completed          every storage holds it, and its digest is the one that was told
 *     failed, cancelled  with a cause; no storage holds anything
 *     ended              no staged container and nothing temporary is left anywhere
 *     deleted            nothing of it is in the staging folder; stored objects stay
 *     told is true       what was acknowledged before a crash is so after it
 */

#include <arv/job.h>
#include <arv/staging.h>

enum { OUTCOME_STORAGES_MOST = 4, OUTCOME_PATH_BYTES = 600 };

/* Where to look, and for what. */
typedef struct outcome_place {
    char uuid[ARV_UUID_BYTES];
    char storages[OUTCOME_STORAGES_MOST][OUTCOME_PATH_BYTES];
    unsigned storage_count;
    char staging[OUTCOME_PATH_BYTES]; /* "": a job of one process only */
    char temp[OUTCOME_PATH_BYTES];    /* temporary files; "": not looked at */
    char sha256[65];                  /* of the container; "": any that is the same everywhere */
    bool shared;                      /* other jobs live there as well */
    bool beside;                      /* a JSON stands beside each object */
} outcome_place;

/* What the application was told; lies in memory that survives the process. */
typedef struct outcome_told {
    bool created;  /* arv_staging_create() succeeded */
    bool canceled; /* arv_staging_cancel() succeeded */
    bool requeued; /* arv_staging_requeue() succeeded */
    bool deleting; /* the application has decided to delete */
    bool deleted;  /* arv_staging_delete() succeeded */
    bool ended;    /* `done` came with a final state */
    unsigned runs; /* begun */
    arv_job_state state;
    arv_error error;  /* the last one, of whatever call */
    char sha256[130]; /* told with COMPLETED */
    char wrong[400];  /* the child's own verdict; "": none */
} outcome_told;

/* Whether what is on the disk, and what the job says now, may be; `asked` is what
 * arv_staging_status() answered (below 0 and not ARV_ENOTFOUND: nobody could be asked). Returns
 * false with the reason in `why`. */
bool outcome_judge(const outcome_place *place, const outcome_told *told, int asked,
                   const arv_staged_status *now, char why[400]);
/* Objects of the job in one storage; -1 with `why` when something there is not as it should be. */
int outcome_count(const outcome_place *place, unsigned storage, char why[400]);
/* SHA-256 of a file; false when it cannot be read. */
bool outcome_sha256(const char *path, char hex[65]);

#endif

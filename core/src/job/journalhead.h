/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_JOB_JOURNALHEAD_H
#define ARV_JOB_JOURNALHEAD_H

/*
 * How far a journal is known to be on the medium: the file `head` beside it. A journal alone cannot
 * tell a last line that a crash left unfinished from one that was flushed, acknowledged and has
 * rotted since, nor that it is an older state of itself; its head can.
 *
 *     <20 digits: records> <20 digits: bytes> <chain, 64 hexadecimal digits> <checksum, 64>\n
 *
 * Two such slots, 4096 bytes apart so that no sector holds both, are written in turn: the head of
 * record n stands in slot n % 2, and a write that a crash tears leaves the other one. A new journal's
 * head has both. A head is written and flushed after its record was flushed and before the record is
 * acknowledged. So behind the newest whole slot at most one record follows; and where the other slot
 * is no whole one, its record was flushed already, and must be there.
 *
 * Ownership: embedded, plain values. Threading: one thread at a time; blocks on the disk.
 * Memory: bounded, about 9 KiB while reading.
 */

#include <stdbool.h>
#include <stdint.h>
#include <arv/digest.h>
#include <arv/error.h>

#define ARV__HEAD_NAME "head"

typedef struct arv__journal_head {
    uint64_t records, end_bytes;
    unsigned char chain[ARV_SHA256_BYTES];
    bool torn; /* the other slot is no whole one */
} arv__journal_head;

/* A new one, on the medium afterwards. ARV_EEXISTS. */
int arv__head_create(int folder_fd, const char *uuid, const arv__journal_head *head, arv_error *err);
/* The newest whole slot. `shown` is the journal's name. ARV_EFORMAT: there is none. */
int arv__head_read(int fd, const char *uuid, const char *shown, arv__journal_head *head, arv_error *err);
/* Into its slot, and flushed. 0, -errno, or -EIO where no checksum could be made. */
int arv__head_write(int fd, const char *uuid, const arv__journal_head *head);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_JOB_JOURNALHEAD_H
#define ARV_JOB_JOURNALHEAD_H

/*
 * The file `head` beside a journal says how far the journal was flushed. A journal alone cannot tell a last
 * line that a crash left unfinished from one that was flushed, acknowledged and has rotted since. Nor can it
 * tell that it is an older state of itself. Its head can.
 *
 *     <20 digits: records> <20 digits: bytes> <chain, 64 hexadecimal digits> <checksum, 64>\n
 *
 * Two such slots, 4096 bytes apart so that no sector holds both, are written in turn: the head of
 * record n stands in slot n % 2, and a write that a crash tears leaves the other one. A new journal's
 * head has both. A head is written and flushed after its record was flushed and before the record is
 * acknowledged. So at most one record follows behind the newest whole slot. If the other slot is damaged, its
 * record was flushed already and must be there.
 *
 * Ownership: embedded, plain values. Threading: one thread at a time; may block on the disk.
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
    bool torn; /* the other slot is damaged */
} arv__journal_head;

/* Makes and flushes a new head. Returns ARV_EEXISTS when there is one. */
int arv__head_create(int folder_fd, const char *uuid, const arv__journal_head *head, arv_error *err);
/* Reads the newest whole slot. `shown` is the journal's name. Returns ARV_EFORMAT when no slot is whole. */
int arv__head_read(int fd, const char *uuid, const char *shown, arv__journal_head *head, arv_error *err);
/* Writes the head into its slot and flushes it. Returns 0, -errno, or -EIO when no checksum can be made. */
int arv__head_write(int fd, const char *uuid, const arv__journal_head *head);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#include "job/journalhead.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "crypto/digest.h"
#include "loop/fileops.h"
#include "loop/newfile.h"
#include "util/hex.h"

enum {
    HEAD_DIGITS = 2 * ARV_SHA256_BYTES,
    HEAD_TEXT_BYTES = 20 + 1 + 20 + 1 + HEAD_DIGITS + 1, /* under the checksum */
    HEAD_BYTES = HEAD_TEXT_BYTES + HEAD_DIGITS + 1,
    HEAD_SLOT_BYTES = 4096,
    HEAD_FILE_BYTES = HEAD_SLOT_BYTES + HEAD_BYTES
};

static void head_hex(char *into, const unsigned char *digest)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < ARV_SHA256_BYTES; i++) {
        *into++ = digits[digest[i] >> 4];
        *into++ = digits[digest[i] & 15];
    }
}

/* Returns 0, or an error of the digest. `into` gets HEAD_BYTES without a NUL. */
static int head_print(char into[HEAD_BYTES], const char *uuid, const arv__journal_head *head, arv_error *err)
{
    static const char seed[] = "archivist journal head 1 ";
    unsigned char digest[ARV_SHA256_BYTES];
    char numbers[48];
    arv__sha256 sha256;
    snprintf(numbers, sizeof numbers, "%020" PRIu64 " %020" PRIu64 " ", head->records, head->end_bytes);
    memcpy(into, numbers, 42);
    head_hex(into + 42, head->chain);
    into[HEAD_TEXT_BYTES - 1] = ' ';
    arv__sha256_init(&sha256);
    arv__sha256_update(&sha256, seed, sizeof seed - 1);
    arv__sha256_update(&sha256, uuid, strlen(uuid));
    arv__sha256_update(&sha256, into, HEAD_TEXT_BYTES);
    arv__sha256_final(&sha256, digest);
    head_hex(into + HEAD_TEXT_BYTES, digest);
    into[HEAD_BYTES - 1] = '\n';
    return arv__sha256_status(&sha256, err);
}

static bool head_number(const char *text, uint64_t *number)
{
    *number = 0;
    for (int i = 0; i < 20; i++) {
        if (text[i] < '0' || text[i] > '9' || *number > (UINT64_MAX - 9) / 10)
            return false;
        *number = *number * 10 + (uint64_t)(text[i] - '0');
    }
    return true;
}

/* Returns 1 for a whole slot, 0 for another one, or an error. A slot is whole when writing its numbers again
 * makes the same bytes. */
static int head_scan(const char *text, const char *uuid, unsigned slot, arv__journal_head *head,
                     arv_error *err)
{
    char again[HEAD_BYTES];
    if (!head_number(text, &head->records) || !head_number(text + 21, &head->end_bytes))
        return 0;
    if (!arv__hex_bytes(text + 42, ARV_SHA256_BYTES, arv__hex_lower, head->chain))
        return 0;
    int rc = head_print(again, uuid, head, err);
    if (rc < 0)
        return rc;
    return memcmp(again, text, HEAD_BYTES) == 0 && (head->records == 1 || head->records % 2 == slot);
}

int arv__head_read(int fd, const char *uuid, const char *shown, arv__journal_head *head, arv_error *err)
{
    char text[HEAD_FILE_BYTES] = "";
    arv__journal_head slots[2];
    int whole[2] = {0, 0};
    ssize_t got = arv__fs_pread_full(fd, text, sizeof text, 0);
    if (got < 0)
        return arv_error_system(err, (int)-got, "The head of the journal %s cannot be read", shown);
    for (unsigned i = 0; i < 2; i++)
        if ((whole[i] = head_scan(text + i * HEAD_SLOT_BYTES, uuid, i, &slots[i], err)) < 0)
            return whole[i];
    if (!whole[0] && !whole[1])
        return arv_error_set(err, ARV_EFORMAT,
                             "The journal %s has a head that is damaged, so that nobody knows how far "
                             "it was. Nothing was done and nothing removed; restore the file 'head' "
                             "beside it from a copy, or look at what the job has stored and delete "
                             "the job by force.",
                             shown);
    unsigned newest = whole[1] && (!whole[0] || slots[1].records > slots[0].records);
    *head = slots[newest];
    /* Slots are written in turn, so the other one is a record older; but in a new journal it is the same. */
    head->torn = !whole[!newest] ||
                 (slots[!newest].records + 1 != head->records && head->records + slots[!newest].records != 2);
    return 0;
}

int arv__head_write(int fd, const char *uuid, const arv__journal_head *head)
{
    char text[HEAD_BYTES];
    if (head_print(text, uuid, head, NULL) < 0)
        return -EIO;
    int result = arv__fs_pwrite_full(fd, text, sizeof text, head->records % 2 * HEAD_SLOT_BYTES);
    return result < 0 ? result : arv__fs_fsync_retry(fd);
}

int arv__head_create(int folder_fd, const char *uuid, const arv__journal_head *head, arv_error *err)
{
    char text[HEAD_FILE_BYTES] = "";
    arv__newfile_options options = {.dir_fd = folder_fd,
                                    .name = ARV__HEAD_NAME,
                                    .size_hint_bytes = 1,
                                    .no_direct = true};
    arv__newfile *file = NULL;
    int rc = head_print(text, uuid, head, err);
    memcpy(text + HEAD_SLOT_BYTES, text, HEAD_BYTES);
    if (rc == 0 && (rc = arv__newfile_open(&file, &options, err)) == 0 &&
        (rc = arv__newfile_write(file, text, sizeof text, err)) == 0 &&
        (rc = arv__newfile_seal(file, err)) == 0)
        rc = arv__newfile_commit(file, err);
    arv__newfile_free(file);
    return rc;
}

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_UTIL_BUF_H
#define ARV_UTIL_BUF_H

/*
 * A growing byte buffer with a ceiling, and the printers that write into it.
 *
 * The same printers can measure: a buffer made with arv__buf_init_counting() holds no bytes and only
 * adds up lengths. So the packer knows a document's size before it writes the first byte (a tar
 * header precedes the data), and one piece of code serves both passes.
 *
 * Ownership: embedded (_init/_cleanup); `data` belongs to the buffer until arv__buf_take().
 * Threading: none of its own; one thread at a time.
 * Errors: sticky. `failed` keeps the first failure (no memory, ceiling reached), later calls do
 *   nothing, and arv__buf_status() turns it into an error: callers check once at the end.
 * Units: bytes. `limit` is the ceiling; a buffer never holds more.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <arv/error.h>

typedef struct arv__buf {
    unsigned char *data; /* NULL while empty or counting */
    size_t length;
    size_t capacity;
    size_t limit;
    int failed; /* 0, ARV_ENOMEM or ARV_ELIMIT */
    bool counting;
    uint64_t counted; /* length while counting */
} arv__buf;

void arv__buf_init(arv__buf *buf, size_t limit_bytes);
void arv__buf_init_counting(arv__buf *buf);
void arv__buf_cleanup(arv__buf *buf);
static inline void arv__buf_clear(arv__buf *buf) /* keeps the memory, forgets a failure */
{
    buf->length = 0;
    buf->counted = 0;
    buf->failed = 0;
}

/* Makes room for `extra_bytes` more bytes; returns false when the buffer has failed. */
bool arv__buf_reserve(arv__buf *buf, size_t extra_bytes);
void arv__buf_append_slow(arv__buf *buf, const void *data, size_t length);

static inline void arv__buf_append(arv__buf *buf, const void *data, size_t length)
{
    if (!buf->counting && !buf->failed && buf->capacity - buf->length >= length) {
        if (length)
            memcpy(buf->data + buf->length, data, length);
        buf->length += length;
        return;
    }
    arv__buf_append_slow(buf, data, length);
}

static inline void arv__buf_byte(arv__buf *buf, unsigned char byte)
{
    arv__buf_append(buf, &byte, 1);
}

void arv__buf_text(arv__buf *buf, const char *text); /* without the terminator */
#define arv__buf_literal(buf, text) arv__buf_append((buf), "" text, sizeof(text) - 1)
void arv__buf_uint(arv__buf *buf, uint64_t value); /* decimal */
void arv__buf_int(arv__buf *buf, int64_t value);
void arv__buf_hex(arv__buf *buf, const unsigned char *data, size_t length); /* lower case */
void arv__buf_fill(arv__buf *buf, unsigned char byte, size_t count);
void arv__buf_printf(arv__buf *buf, const char *format, ...) ARV_PRINTF(2, 3);

/* little endian, for zip */
void arv__buf_le16(arv__buf *buf, uint16_t value);
void arv__buf_le32(arv__buf *buf, uint32_t value);
void arv__buf_le64(arv__buf *buf, uint64_t value);

/* Appends a JSON string with its quotes: escapes ", \, C0 controls and DEL. In json_write.c. */
void arv__buf_json(arv__buf *buf, const char *text, size_t length);
/* Appends text for HTML and double-quoted attributes: escapes & < > " '. C0 controls become U+FFFD. */
void arv__buf_html(arv__buf *buf, const char *text, size_t length);
/* Appends a path for a URL reference: percent-encodes all but unreserved characters and '/'. */
void arv__buf_url_path(arv__buf *buf, const char *text, size_t length);
/* Appends a path for a BagIt manifest (RFC 8493, 2.1.3): percent-encodes CR, LF and %. */
void arv__buf_bag_path(arv__buf *buf, const char *text, size_t length);

/* Returns the bytes appended so far, in both modes. */
static inline uint64_t arv__buf_total(const arv__buf *buf)
{
    return buf->counting ? buf->counted : buf->length;
}

/* Ends the content with a NUL that is not counted, and returns it; NULL when the buffer failed. */
char *arv__buf_text_z(arv__buf *buf);
/* Returns the content, NUL-ended; the caller now owns it (arv_free). The buffer is empty afterwards. */
char *arv__buf_take(arv__buf *buf, size_t *length);
/* Returns 0, or the error of a failed buffer with a sentence that names `what`, its content. */
int arv__buf_status(const arv__buf *buf, const char *what, arv_error *err);

/* Numbers as they stand in most files, the lowest byte first. */
static inline unsigned arv__le16(const unsigned char *at)
{
    return at[0] | (unsigned)at[1] << 8;
}

static inline uint32_t arv__le32(const unsigned char *at)
{
    return arv__le16(at) | (uint32_t)arv__le16(at + 2) << 16;
}

static inline uint64_t arv__le64(const unsigned char *at)
{
    return arv__le32(at) | (uint64_t)arv__le32(at + 4) << 32;
}

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEST_NAMES_RESULT_H
#define TEST_NAMES_RESULT_H

/* What the functions of util/names.h append, as a text with its flags. */

#include <string.h>

#include "test.h"
#include "util/names.h"

typedef struct text {
    char bytes[70000];
    size_t length;
    bool lossless, must_suffix;
} text;

static inline void keep(text *into, arv__buf *buf)
{
    CHECK(buf->length < sizeof into->bytes);
    memcpy(into->bytes, arv__buf_text_z(buf), buf->length + 1);
    into->length = buf->length;
    arv__buf_cleanup(buf);
}

static inline int try_safe(text *into, const char *name, size_t length, arv_error *err)
{
    arv__buf buf;
    arv__buf_init(&buf, sizeof into->bytes - 1);
    int status = arv__name_safe(&buf, name, length, &into->lossless, &into->must_suffix, err);
    keep(into, &buf);
    return status;
}

static inline void make_fold(text *into, const char *name, size_t length)
{
    arv_error err = {0};
    arv__buf buf;
    arv__buf_init(&buf, sizeof into->bytes - 1);
    CHECK_OK(arv__name_fold(&buf, name, length, &err), &err);
    keep(into, &buf);
}

static inline void make_suffix(text *into, const char *name, size_t length, const unsigned char *digest)
{
    arv_error err = {0};
    arv__buf buf;
    arv__buf_init(&buf, sizeof into->bytes - 1);
    CHECK_OK(arv__name_suffix(&buf, name, length, digest, &err), &err);
    keep(into, &buf);
}

#endif

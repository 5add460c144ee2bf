/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_SYS_SECRET_H
#define ARV_SYS_SECRET_H

/*
 * A password, a token, a key. The text has pages of its own. The library keeps them out of core dumps
 * and, where the system allows it, out of swap, and zeroes them before it gives them back.
 *
 * Ownership: counted; arv_secret_new() returns one reference.
 * Threading: any thread; the count is atomic, the text never changes.
 * Errors: ARV_EINVALID (empty, too long, a NUL inside), ARV_ENOMEM. No sentence holds the text.
 * Units: bytes.
 */

#include <stddef.h>
#include <arv/error.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct arv_secret arv_secret;

enum { ARV_SECRET_BYTES_MAX = 65536 };

/* Copies the text. The caller zeroes its own. */
ARV_API int arv_secret_new(arv_secret **secret, const char *text, size_t length, arv_error *err);
ARV_API arv_secret *arv_secret_ref(arv_secret *secret);
ARV_API void arv_secret_unref(arv_secret *secret); /* accepts NULL */
/* Returns the text, ended by NUL. Must not be logged or copied to memory that outlives its use. */
ARV_API const char *arv_secret_text(const arv_secret *secret);
ARV_API size_t arv_secret_length(const arv_secret *secret);

#ifdef __cplusplus
}
#endif
#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_CRYPTO_OPENSSL_H
#define ARV_CRYPTO_OPENSSL_H

/*
 * OpenSSL for all of crypto/: the border at which its errors become ours, and the algorithms, fetched
 * once. Only crypto/ may include it.
 */

#include <openssl/evp.h>
#include <arv/error.h>

/* Appends the oldest error of this thread's OpenSSL queue, which is nearest to the cause, to the
 * message, and empties the queue: an error left in it would surface in a call of other code. Returns
 * ARV_ENOMEM when OpenSSL was out of memory, else `code`. */
int arv__openssl_seterr(arv_error *err, int code, const char *format, ...) ARV_PRINTF(3, 4);

/* Return the algorithm, fetched at first use and kept for the life of the process. NULL when OpenSSL
 * has none or no memory; its error queue then says which. From any thread. */
const EVP_MD *arv__openssl_sha256(void);
const EVP_MD *arv__openssl_sha512(void);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/openssl.h"
#include "util/libraries.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>

#include <openssl/err.h>

int arv__openssl_seterr(arv_error *err, int code, const char *format, ...)
{
    unsigned long reason = ERR_get_error();
    const char *text = reason ? ERR_reason_error_string(reason) : NULL;
    char what[ARV_ERROR_MESSAGE_BYTES];
    va_list args;

    ERR_clear_error();
    if (ERR_GET_REASON(reason) == ERR_R_MALLOC_FAILURE)
        code = ARV_ENOMEM;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    arv_error_set(err, code, "%s: %s", what, text ? text : "OpenSSL gives no reason");
    if (err) {
        err->domain = ARV_DOMAIN_OPENSSL;
        err->detail = (int64_t)reason;
    }
    return code;
}

/* After a failed fetch the next caller tries again; of two that succeed at once, one wins. */
static const EVP_MD *md_fetched(_Atomic(EVP_MD *) *kept, const char *name)
{
    EVP_MD *md = atomic_load(kept);
    EVP_MD *fetched;

    if (md)
        return md;
    fetched = EVP_MD_fetch(NULL, name, NULL);
    if (!fetched)
        return NULL;
    if (atomic_compare_exchange_strong(kept, &md, fetched))
        return fetched;
    EVP_MD_free(fetched);
    return md;
}

const EVP_MD *arv__openssl_sha256(void)
{
    static _Atomic(EVP_MD *) kept;
    return md_fetched(&kept, "SHA2-256");
}

const EVP_MD *arv__openssl_sha512(void)
{
    static _Atomic(EVP_MD *) kept;
    return md_fetched(&kept, "SHA2-512");
}

void arv__library_openssl(arv_library *library)
{
    *library = (arv_library){"openssl", OpenSSL_version(OPENSSL_VERSION_STRING)};
}

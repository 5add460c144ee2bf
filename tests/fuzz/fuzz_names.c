/* SPDX-License-Identifier: Apache-2.0 */

/* Names of people's files: the safe form is always safe, and the same once more. */

#include "fuzz.h"

#include <stdlib.h>
#include "util/names.h"
#include "verify/lines.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
    static const unsigned char digest[10] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    arv__buf safe, key, suffixed;
    arv_error err;
    bool lossless = false, must_suffix = false;
    char quoted[ARV__QUOTE_BYTES];
    arv__buf_init(&safe, 1 << 16);
    arv__buf_init(&key, 1 << 18);
    arv__buf_init(&suffixed, 1 << 16);
    arv__quote(quoted, sizeof quoted, (const char *)data, length);
    if (arv__name_safe(&safe, (const char *)data, length, &lossless, &must_suffix, &err) == 0) {
        if (safe.length > ARV__NAME_PATH_BYTES || arv__name_unsafe((const char *)safe.data, safe.length))
            abort();
        if (arv__name_fold(&key, (const char *)safe.data, safe.length, &err) < 0)
            abort();
        if (arv__name_suffix(&suffixed, (const char *)safe.data, safe.length, digest, &err) < 0)
            abort();
        if (arv__name_unsafe((const char *)suffixed.data, suffixed.length))
            abort();
    }
    arv__buf_cleanup(&safe);
    arv__buf_cleanup(&key);
    arv__buf_cleanup(&suffixed);
    return 0;
}

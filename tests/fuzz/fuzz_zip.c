/* SPDX-License-Identifier: Apache-2.0 */

/* A whole verification of bytes that are taken for a zip: end records, directory, local headers,
 * deflate, and the documents of the bag in it. */

#include "fuzz.h"

#include <stdlib.h>
#include <string.h>
#include "verify/verify.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
    const arv_limits limits = {.struct_bytes = sizeof limits,
                               .total_bytes_max = 16 << 20,
                               .entries_max = 10000};
    arv_verify_options how = {.struct_bytes = sizeof how, .limits = &limits, .foreign = length % 2};
    arv__source *source = NULL;
    arv__report report;
    arv_error err;
    uint8_t *bytes = malloc(length + 4);
    memcpy(bytes, data, length);
    /* The mutator shall not lose the way in: without these bytes it is no zip. */
    if (length >= 4)
        memcpy(bytes, "PK\3\4", 4);
    arv__report_init(&report, 0);
    if (arv__source_memory_new(&source, bytes, length, &err) == 0) {
        int status = arv__verify_run(source, &how, NULL, NULL, &report, NULL, &err);
        if (status < 0 && status != ARV_EFORMAT)
            abort();
    }
    arv__source_free(source);
    arv__report_cleanup(&report);
    free(bytes);
    return 0;
}

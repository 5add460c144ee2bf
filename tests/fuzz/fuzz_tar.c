/* SPDX-License-Identifier: Apache-2.0 */

/* A whole verification of bytes that are a tar, a tar.gz or a tar.zst, told apart by themselves. */

#include "fuzz.h"

#include <stdlib.h>
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
    arv__report_init(&report, 0);
    if (arv__source_memory_new(&source, data, length, &err) == 0) {
        int status = arv__verify_run(source, &how, NULL, NULL, &report, NULL, &err);
        if (status < 0 && status != ARV_EFORMAT)
            abort();
    }
    arv__source_free(source);
    arv__report_cleanup(&report);
    return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */

/* Specifications of jobs, and where their values stand. */

#include "fuzz.h"

#include <stdlib.h>
#include <string.h>
#include <arv/spec.h>
#include "util/json.h"

enum { FUZZ_DEPTH = 4 };

/* What is found at a place is a value of the same kind, down to some depth. */
static void fuzz_places(const arv_json *value, const char *text, size_t length, size_t *steps, unsigned depth)
{
    static const arv__json_limits limits = {.bytes = SIZE_MAX, .depth = 64};
    arv__json_span span = arv__json_place(text, length, steps, depth);
    arv__json_fault fault;
    arv_json *again = NULL;
    if (span.end > length || span.from >= span.end ||
        arv__json_load(&again, text + span.from, span.end - span.from, &limits, &fault) < 0 ||
        arv__json_kind_of(again) != arv__json_kind_of(value))
        abort();
    arv_json_free(again);
    size_t count = arv__json_is_array(value) ? arv__json_array_size(value) : arv__json_object_size(value);
    for (size_t i = 0; depth < FUZZ_DEPTH && i < count && i < 8; i++) {
        steps[depth] = i;
        fuzz_places(arv__json_is_array(value) ? arv__json_at(value, i)
                                              : arv_json_get(value, arv__json_member_name(value, i)),
                    text, length, steps, depth + 1);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
    static const arv__json_limits limits = {.bytes = 1 << 20, .depth = 32, .members = 1024};
    const char *text = (const char *)data;
    size_t steps[FUZZ_DEPTH], kept;
    arv_error err = {0};
    arv__json_fault fault;
    arv_json *document = NULL;
    arv_spec *spec = NULL;
    arv_job_spec job;
    arv_package_options package;

    if (arv__json_load(&document, text, length, &limits, &fault) == 0)
        fuzz_places(document, text, length, steps, 0);
    else if (fault.at > length || fault.line == 0 || fault.column == 0 || !fault.what)
        abort();
    arv_json_free(document);

    int rc = arv_spec_parse(&spec, text, length, "/nowhere/at/all.json", &err);
    if ((rc == 0) != (spec != NULL) || (rc < 0 && !strstr(err.message, "/nowhere/at/all.json")))
        abort();
    if (!spec)
        return 0;
    const char *back = arv_spec_document(spec, &kept);
    if (kept < length || memcmp(back + kept - length, text, length) != 0)
        abort();
    arv_package_options_init(&package, sizeof package);
    arv_job_spec_init(&job, sizeof job);
    arv_spec_fill(spec, &package, &job);
    if (arv_package_options_check(&package, &err) < 0)
        abort();
    arv_spec_free(spec);
    return 0;
}

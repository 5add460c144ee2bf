/* SPDX-License-Identifier: Apache-2.0 */

/* Copies the options of a job's archive; the job owns the texts. */

#include "job/internal.h"

#include <stddef.h>
#include <string.h>

#include <arv/sys/alloc.h>

static const size_t package_texts[] = {offsetof(arv_package_options, name),
                                       offsetof(arv_package_options, created_by),
                                       offsetof(arv_package_options, metadata_json),
                                       offsetof(arv_package_options, title),
                                       offsetof(arv_package_options, language),
                                       offsetof(arv_package_options, first_entry_name),
                                       offsetof(arv_package_options, temp_directory)};
enum { PACKAGE_TEXTS = sizeof package_texts / sizeof package_texts[0] };

static const char **package_text(arv_package_options *package, unsigned i)
{
    return (const char **)((char *)package + package_texts[i]);
}

void arv__job_drop_package(arv_package_options *package)
{
    for (unsigned i = 0; i < PACKAGE_TEXTS; i++)
        arv_free((void *)*package_text(package, i));
    arv_free((void *)package->first_entry_data);
}

int arv__job_keep_package(arv_job *job, const arv_package_options *given, arv_error *err)
{
    arv_package_options kept = *given, before = job->package;
    bool whole = true;
    for (unsigned i = 0; i < PACKAGE_TEXTS; i++) {
        const char **text = package_text(&kept, i);
        if (*text)
            whole = (*text = arv_strdup(*text)) && whole;
    }
    kept.first_entry_data = NULL;
    if (kept.first_entry_name && kept.first_entry_length) {
        void *data = arv_malloc(kept.first_entry_length);
        if (data)
            memcpy(data, given->first_entry_data, kept.first_entry_length);
        kept.first_entry_data = data;
        whole = data && whole;
    }
    if (!whole) {
        arv__job_drop_package(&kept);
        return arv_error_nomem(err, "a job's options");
    }
    job->package = kept;
    arv__job_drop_package(&before);
    return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "package/formats.h"

#include <string.h>
#include <strings.h>

/* The one table of formats; a new one is a line here. */
static const arv__format_ops *const formats[] = {&arv__format_zip, &arv__format_tar_zst,
                                                 &arv__format_tar_gz, &arv__format_tar};

enum { FORMATS = sizeof formats / sizeof formats[0] };

const arv__format_ops *arv__format_find(arv_format format)
{
    for (unsigned i = 0; i < FORMATS; i++)
        if (formats[i]->format == format) return formats[i];
    return NULL;
}

const char *arv_format_name(arv_format format)
{
    const arv__format_ops *ops = arv__format_find(format);
    return ops ? ops->name : NULL;
}

arv_format arv_format_of_file(const char *file_name)
{
    size_t length = file_name ? strlen(file_name) : 0;
    for (unsigned i = 0; i < FORMATS; i++)
        for (const char *const *suffix = formats[i]->suffixes; *suffix; suffix++) {
            size_t n = strlen(*suffix);
            if (length >= n && strcasecmp(file_name + length - n, *suffix) == 0)
                return formats[i]->format;
        }
    return ARV_FORMAT_UNKNOWN;
}

arv_format arv_format_parse(const char *name)
{
    for (unsigned i = 0; name && i < FORMATS; i++)
        if (strcmp(name, formats[i]->name) == 0) return formats[i]->format;
    return arv_format_of_file(name);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "package/formats.h"

#include <string.h>
#include <strings.h>

const arv__format_row arv__formats[] = {{&arv__format_zip, &arv__reader_zip, &arv__reader_zip, NULL},
                                        {&arv__format_tar_zst, &arv__reader_own_tar, &arv__reader_tar,
                                         &arv__unpack_zstd},
                                        {&arv__format_tar_gz, &arv__reader_own_tar, &arv__reader_tar,
                                         &arv__unpack_gzip},
                                        {&arv__format_tar, &arv__reader_own_tar, &arv__reader_tar, NULL},
                                        {NULL, NULL, NULL, NULL}};

const arv__format_ops *arv__format_find(arv_format format)
{
    for (const arv__format_row *row = arv__formats; row->writer; row++)
        if (row->writer->format == format)
            return row->writer;
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
    for (const arv__format_row *row = arv__formats; row->writer; row++)
        for (const char *const *suffix = row->writer->suffixes; *suffix; suffix++) {
            size_t n = strlen(*suffix);
            if (length >= n && strcasecmp(file_name + length - n, *suffix) == 0)
                return row->writer->format;
        }
    return ARV_FORMAT_UNKNOWN;
}

arv_format arv_format_parse(const char *name)
{
    for (const arv__format_row *row = arv__formats; name && row->writer; row++)
        if (strcmp(name, row->writer->name) == 0)
            return row->writer->format;
    return arv_format_of_file(name);
}

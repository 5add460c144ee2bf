/* SPDX-License-Identifier: Apache-2.0 */
#include "package/reader.h"

/* The reader of a format reports findings through these. They stand apart from reader.c, which knows the
 * formats, so that a format need not know reader.c. */

static void reader_findv(arv__reader *reader, arv_finding_kind kind, const char *entry, size_t entry_length,
                         const char *format, va_list args)
{
    reader->options.finding(reader->options.user_data, kind, entry, entry_length, format, args);
}

void arv__reader_find_at(arv__reader *reader, arv_finding_kind kind, const char *entry, size_t entry_length,
                         const char *format, ...)
{
    va_list args;
    va_start(args, format);
    reader_findv(reader, kind, entry, entry_length, format, args);
    va_end(args);
}

void arv__reader_find(arv__reader *reader, arv_finding_kind kind, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    reader_findv(reader, kind, reader->entry.name, reader->entry.name_length, format, args);
    va_end(args);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "util/options.h"

#include <string.h>
#include <arv/version.h>

/* Larger than any struct of options: a program that gives more has not set the size. */
enum { OPTIONS_BYTES_MAX = 1 << 16 };

int arv__options_take(void *known, size_t known_bytes, const void *given, const char *type, arv_error *err)
{
    size_t bytes;
    if (!given)
        return arv_error_set(err, ARV_EINVALID, "The %s is missing; give one.", type);
    memcpy(&bytes, given, sizeof bytes);
    if (bytes < sizeof bytes || bytes > OPTIONS_BYTES_MAX)
        return arv_error_set(err, ARV_EINVALID,
                             "The %s has %zu in struct_bytes; set it to sizeof(%s), and all fields "
                             "that you do not need to 0.",
                             type, bytes, type);
    for (size_t i = known_bytes; i < bytes; i++)
        if (((const unsigned char *)given)[i])
            return arv_error_set(err, ARV_EUNSUPPORTED,
                                 "The %s has a field set that this library does not know: Archivist "
                                 "%s knows %zu bytes of it, and byte %zu is not 0. Leave the field "
                                 "out, or install the library that the program was compiled for.",
                                 type, ARV_VERSION, known_bytes, i);
    memset(known, 0, known_bytes);
    memcpy(known, given, bytes < known_bytes ? bytes : known_bytes);
    memcpy(known, &known_bytes, sizeof known_bytes);
    return 0;
}

void arv__options_init(void *options, size_t struct_bytes, const void *defaults, size_t defaults_bytes)
{
    if (struct_bytes < sizeof struct_bytes)
        return;
    memset(options, 0, struct_bytes);
    if (defaults)
        memcpy(options, defaults, struct_bytes < defaults_bytes ? struct_bytes : defaults_bytes);
    memcpy(options, &struct_bytes, sizeof struct_bytes);
}

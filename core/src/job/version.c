/* SPDX-License-Identifier: Apache-2.0 */
#include <arv/version.h>

#include <pthread.h>
#include "package/deflate.h"
#include "package/format.h"
#include "util/libraries.h"

static void (*const version_asked[])(arv_library *) = {arv__library_libuv,   arv__library_openssl,
                                                       arv__library_libcurl, arv__library_libarchive,
                                                       arv__library_zlib,    arv__library_libdeflate,
                                                       arv__library_isal,    arv__library_zstd,
                                                       arv__library_jansson, arv__library_utf8proc};

enum { ASKED = sizeof version_asked / sizeof version_asked[0] };

static arv_library version_libraries[ASKED + 1]; /* ended by a NULL name */
static pthread_once_t version_once = PTHREAD_ONCE_INIT;

static void version_ask(void)
{
    unsigned found = 0;
    for (unsigned i = 0; i < ASKED; i++) {
        arv_library library = {0};
        version_asked[i](&library);
        if (library.version)
            version_libraries[found++] = library;
    }
}

const char *arv_version(void)
{
    return ARV_VERSION;
}

const arv_library *arv_libraries(void)
{
    pthread_once(&version_once, version_ask);
    return version_libraries;
}

const char *arv_deflater(void)
{
    return arv__deflater_name(arv__format_find(ARV_FORMAT_ZIP)->level_default, false);
}

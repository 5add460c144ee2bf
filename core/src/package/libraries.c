/* SPDX-License-Identifier: Apache-2.0 */
#include "util/libraries.h"

#include <string.h>
#include <archive.h>
#include <zlib.h>
#include <zstd.h>
#ifdef ARV_HAVE_LIBDEFLATE
#include <libdeflate.h>
#endif
#ifdef ARV_HAVE_ISAL
#include <isa-l.h>
#define LIBRARIES_TEXT(number) #number
#define LIBRARIES_DOTTED(major, minor, patch)                                                                \
    LIBRARIES_TEXT(major) "." LIBRARIES_TEXT(minor) "." LIBRARIES_TEXT(patch)
#endif

void arv__library_libarchive(arv_library *library)
{
    static const char name[] = "libarchive ";
    const char *version = archive_version_string();
    if (strncmp(version, name, sizeof name - 1) == 0)
        version += sizeof name - 1;
    *library = (arv_library){"libarchive", version};
}

void arv__library_zlib(arv_library *library)
{
    *library = (arv_library){"zlib", zlibVersion()};
}

void arv__library_libdeflate(arv_library *library)
{
#ifdef ARV_HAVE_LIBDEFLATE
    *library = (arv_library){"libdeflate", LIBDEFLATE_VERSION_STRING};
#else
    *library = (arv_library){"libdeflate", NULL};
#endif
}

void arv__library_isal(arv_library *library)
{
#ifdef ARV_HAVE_ISAL
    *library =
        (arv_library){"isal", LIBRARIES_DOTTED(ISAL_MAJOR_VERSION, ISAL_MINOR_VERSION, ISAL_PATCH_VERSION)};
#else
    *library = (arv_library){"isal", NULL};
#endif
}

void arv__library_zstd(arv_library *library)
{
    *library = (arv_library){"zstd", ZSTD_versionString()};
}

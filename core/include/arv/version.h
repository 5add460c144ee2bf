/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_VERSION_H
#define ARV_VERSION_H

#include <arv/export.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ARV_VERSION_MAJOR 0
#define ARV_VERSION_MINOR 1
#define ARV_VERSION_PATCH 0
#define ARV_VERSION "0.1.0"

/* The version of the library that runs, which may differ from ARV_VERSION of the header. */
ARV_API const char *arv_version(void);

/* One linked library: what `archivist --version`, phpinfo() and job.json show. */
typedef struct arv_library {
    const char *name;    /* "libarchive" */
    const char *version; /* of the library that is loaded, where it tells; else of its header */
} arv_library;

/* All linked libraries, ended by an element with name NULL. Static storage. Any thread. */
ARV_API const arv_library *arv_libraries(void);

/* "isal", "libdeflate" or "zlib": what deflates by default; see arv_package_options. */
ARV_API const char *arv_deflater(void);

#ifdef __cplusplus
}
#endif
#endif

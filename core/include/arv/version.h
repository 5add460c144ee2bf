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

/* Returns the version of the library that runs. It may differ from ARV_VERSION of the header. */
ARV_API const char *arv_version(void);

/* One linked library. `archivist --version`, phpinfo() and job.json show it. */
typedef struct arv_library {
    const char *name;    /* "libarchive" */
    const char *version; /* of the loaded library, if it has a function for that; else of its header */
} arv_library;

/* Returns all linked libraries, ended by an element with name NULL. Static storage. Any thread. */
ARV_API const arv_library *arv_libraries(void);

/* Returns the library that deflates by default: "isal", "libdeflate" or "zlib"; see arv_package_options. */
ARV_API const char *arv_deflater(void);

#ifdef __cplusplus
}
#endif
#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_UTIL_LIBRARIES_H
#define ARV_UTIL_LIBRARIES_H

/*
 * The foreign libraries that run. Only one folder may include a library, so a function there answers for
 * it; job/version.c calls them all once, in the order of arv_libraries().
 *
 * Every function sets name and version to text of static storage. Version NULL: this build does without
 * the library. Threading: any.
 */

#include <arv/version.h>

void arv__library_libuv(arv_library *library);      /* loop/loop.c */
void arv__library_openssl(arv_library *library);    /* crypto/openssl.c */
void arv__library_libcurl(arv_library *library);    /* net/transfer.c */
void arv__library_libarchive(arv_library *library); /* package/libraries.c */
void arv__library_zlib(arv_library *library);
void arv__library_libdeflate(arv_library *library);
void arv__library_isal(arv_library *library);
void arv__library_zstd(arv_library *library);
void arv__library_jansson(arv_library *library);  /* util/json.c */
void arv__library_utf8proc(arv_library *library); /* util/names.c */

#endif

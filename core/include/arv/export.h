/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_EXPORT_H
#define ARV_EXPORT_H

/* Linkage and compiler hints for public headers; no other header of ours is included here. */

#if defined(_WIN32)
#if defined(ARV_BUILD_SHARED)
#define ARV_API __declspec(dllexport)
#else
#define ARV_API
#endif
#elif defined(__GNUC__)
#define ARV_API __attribute__((visibility("default")))
#else
#define ARV_API
#endif

#if defined(__GNUC__)
#define ARV_PRINTF(format_index, first) __attribute__((format(printf, format_index, first)))
#else
#define ARV_PRINTF(format_index, first)
#endif

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_LOG_H
#define ARV_LOG_H

/*
 * Log records: a level, a source, a sentence and structured fields. The core never prints; it
 * hands each record to the sink that the application gave to its engine.
 *
 * Ownership: everything in a record belongs to the core and is valid during the call only.
 * Threading: the engine calls its sink on the thread that runs the engine, never under a lock, and
 *   never from inside a call that submits work.
 * Errors: a sink cannot fail.
 * Units: at_unix_us is microseconds since 1970-01-01 UTC.
 *
 * No secret ever becomes a field: URLs of storages carry none (user info, query and fragment are
 * refused when they are opened), and options of storages are not logged.
 */

#include <stddef.h>
#include <stdint.h>
#include <arv/export.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum { /* names of levels of PSR-3, which gives them no numbers; these rise with importance */
               ARV_LOG_DEBUG = 0,
               ARV_LOG_INFO = 1,
               ARV_LOG_NOTICE = 2,
               ARV_LOG_WARNING = 3,
               ARV_LOG_ERROR = 4
} arv_log_level;

typedef enum { ARV_FIELD_TEXT, ARV_FIELD_INTEGER } arv_field_type;

typedef struct arv_log_field {
    const char *name; /* snake_case, static storage */
    arv_field_type type;
    const char *text; /* UTF-8 */
    int64_t integer;
} arv_log_field;

typedef struct arv_log_record {
    arv_log_level level;
    int64_t at_unix_us;
    const char *source;  /* "job", "package", "storage.filesystem", … */
    const char *job;     /* UUID of the job that it belongs to, or NULL */
    const char *message; /* a sentence */
    const arv_log_field *fields;
    size_t field_count;
} arv_log_record;

typedef void (*arv_log_cb)(void *user_data, const arv_log_record *record);

/* Returns "debug" … "error"; static storage. */
ARV_API const char *arv_log_level_name(arv_log_level level);
/* Returns the level of that name, or -1. */
ARV_API int arv_log_level_parse(const char *name);

#ifdef __cplusplus
}
#endif
#endif

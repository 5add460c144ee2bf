/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_UTIL_LOG_H
#define ARV_UTIL_LOG_H

/*
 * The core's side of the log. A logger is a level and a sink; a record below the level costs one
 * comparison. Pool threads must not log: they report by their result, and the loop thread logs.
 *
 *     arv__log(log, ARV_LOG_NOTICE, "job", uuid, "The archive is complete.",
 *              ARV__TEXT("name", name), ARV__INT("bytes", size));
 */

#include <arv/log.h>

typedef struct arv__logger {
    arv_log_cb sink; /* may be NULL: nothing is logged */
    void *user_data;
    arv_log_level level;
} arv__logger;

#define ARV__TEXT(field, value)                                                                              \
    {                                                                                                        \
        (field), ARV_FIELD_TEXT, (value), 0                                                                  \
    }
#define ARV__INT(field, value)                                                                               \
    {                                                                                                        \
        (field), ARV_FIELD_INTEGER, NULL, (int64_t)(value)                                                   \
    }

void arv__log_fields(const arv__logger *log, arv_log_level level, const char *source, const char *job,
                     const char *message, const arv_log_field *fields, size_t field_count);

/* The array starts with an empty field that is passed over, so that a record without any compiles. */
#define arv__log(log, level_, source, job, message, ...)                                                     \
    do {                                                                                                     \
        const arv__logger *arv__l = (log);                                                                   \
        if (arv__l && arv__l->sink && (level_) >= arv__l->level) {                                           \
            const arv_log_field arv__f[] = {{NULL, ARV_FIELD_TEXT, NULL, 0}, ##__VA_ARGS__};                 \
            arv__log_fields(arv__l, (level_), (source), (job), (message), arv__f + 1,                        \
                            sizeof arv__f / sizeof arv__f[0] - 1);                                           \
        }                                                                                                    \
    } while (0)

#endif

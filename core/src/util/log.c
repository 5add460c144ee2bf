/* SPDX-License-Identifier: Apache-2.0 */
#include "util/log.h"

#include <string.h>

#include "util/time.h"

static const char *const log_level_names[] = {"debug", "info", "notice", "warning", "error"};

const char *arv_log_level_name(arv_log_level level)
{
    if ((int)level < ARV_LOG_DEBUG || level > ARV_LOG_ERROR)
        return "unknown";
    return log_level_names[level];
}

int arv_log_level_parse(const char *name)
{
    for (int level = ARV_LOG_DEBUG; name && level <= ARV_LOG_ERROR; level++)
        if (strcmp(name, log_level_names[level]) == 0)
            return level;
    return -1;
}

void arv__log_fields(const arv__logger *log, arv_log_level level, const char *source, const char *job,
                     const char *message, const arv_log_field *fields, size_t field_count)
{
    if (!log || !log->sink || level < log->level)
        return;
    arv_log_record record = {
        .level = level,
        .at_unix_us = arv__now_unix_us(),
        .source = source,
        .job = job,
        .message = message,
        .fields = fields,
        .field_count = field_count,
    };
    log->sink(log->user_data, &record);
}

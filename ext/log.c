/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The log. While the core logs, records are copied; the pump gives them to the engine's logger. A logger that
 * throws stops wait() or poll(); it belongs to no job, so no job is cancelled. A record for which there is no
 * memory is lost.
 */

#include "glue.h"

enum { LOG_FIELDS_MAX = 16 };

typedef struct log_event {
    php_arv_event event;
    arv_log_record record;
    arv_log_field fields[LOG_FIELDS_MAX];
    char text[]; /* all strings, one behind the other */
} log_event;

static void log_forget(php_arv_event *event)
{
    arv_free(event);
}

static size_t log_size(const char *text)
{
    return text ? strlen(text) + 1 : 0;
}

static const char *log_copy(char **at, const char *text)
{
    char *copy = *at;
    if (!text)
        return NULL;
    memcpy(copy, text, strlen(text) + 1);
    *at += strlen(text) + 1;
    return copy;
}

static void log_deliver(php_arv_event *event, php_arv_handle *handle);

void php_arv_log_sink(void *user_data, const arv_log_record *record)
{
    php_arv_handle *handle = user_data;
    size_t count = MIN(record->field_count, LOG_FIELDS_MAX);
    size_t bytes = log_size(record->source) + log_size(record->job) + log_size(record->message);
    if (!handle->object)
        return;
    for (size_t i = 0; i < count; i++)
        bytes += log_size(record->fields[i].name) + log_size(record->fields[i].text);
    log_event *event = arv_calloc(1, sizeof *event + bytes);
    if (!event)
        return;
    char *at = event->text;
    event->event.deliver = log_deliver;
    event->event.forget = log_forget;
    event->record = *record;
    event->record.source = log_copy(&at, record->source);
    event->record.job = log_copy(&at, record->job);
    event->record.message = log_copy(&at, record->message);
    event->record.fields = event->fields;
    event->record.field_count = count;
    for (size_t i = 0; i < count; i++) {
        event->fields[i] = record->fields[i];
        event->fields[i].name = log_copy(&at, record->fields[i].name);
        event->fields[i].text = log_copy(&at, record->fields[i].text);
    }
    php_arv_event_post(handle, &event->event);
}

static zend_object *log_level_case(arv_log_level level)
{
    static const char *const names[] = {"Debug", "Info", "Notice", "Warning", "Error"};
    return php_arv_enum_case(php_arv_ce_LogLevel, names[level]);
}

/* In the order of the stub. */
void php_arv_log_record_make(zval *into, const arv_log_record *record)
{
    zend_object *object = php_arv_value_make(into, php_arv_ce_LogRecord);
    ZVAL_OBJ_COPY(php_arv_property(object, 0), log_level_case(record->level));
    ZVAL_DOUBLE(php_arv_property(object, 1), (double)record->at_unix_us / 1e6);
    php_arv_set_text(object, 2, record->source ? record->source : "");
    php_arv_set_text(object, 3, record->job);
    php_arv_set_text(object, 4, record->message ? record->message : "");
    zval *fields = php_arv_property(object, 5);
    array_init(fields);
    for (size_t i = 0; i < record->field_count; i++) {
        const arv_log_field *field = &record->fields[i];
        if (field->type == ARV_FIELD_INTEGER)
            add_assoc_long(fields, field->name, (zend_long)field->integer);
        else
            add_assoc_string(fields, field->name, field->text ? field->text : "");
    }
}

static void log_deliver(php_arv_event *event, php_arv_handle *handle)
{
    zval record;
    php_arv_log_record_make(&record, &((log_event *)event)->record);
    arv_free(event);
    php_arv_callback_call(&handle->logger, NULL, 1, &record);
    zval_ptr_dtor(&record);
}

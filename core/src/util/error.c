/* SPDX-License-Identifier: Apache-2.0 */
#include "util/error.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/*
 * Each function composes a message in an array of its own and copies it at the end, since an argument
 * may be the message that it replaces.
 */

const char *arv_error_name(int code)
{
    switch (code) {
    case ARV_OK:
        return "OK";
#define ERROR_NAME(name, number, exception, text)                                                            \
    case ARV_E##name:                                                                                        \
        return #name;
        ARV_ERROR_LIST(ERROR_NAME)
#undef ERROR_NAME
    }
    return "UNKNOWN";
}

const char *arv_error_text(int code)
{
    switch (code) {
    case ARV_OK:
        return "Success.";
#define ERROR_TEXT(name, number, exception, text)                                                            \
    case ARV_E##name:                                                                                        \
        return text;
        ARV_ERROR_LIST(ERROR_TEXT)
#undef ERROR_TEXT
    }
    return "An error of an unknown kind occurred.";
}

/* Takes back a character whose last bytes did not fit; `message` was cut at `length`. */
static size_t error_whole_characters(const char *message, size_t length)
{
    size_t start = length;
    while (start > 0 && length - start < 4 && ((unsigned char)message[start - 1] & 0xC0) == 0x80)
        start--;
    if (start == 0 || (unsigned char)message[start - 1] < 0xC0)
        return length;
    unsigned char lead = (unsigned char)message[start - 1];
    size_t wanted = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    return length - (start - 1) < wanted ? start - 1 : length;
}

/* vsnprintf that ends at a character border; returns the length that stands in `into`. */
static size_t error_format(char *into, size_t capacity, const char *format, va_list args)
{
    int wanted = vsnprintf(into, capacity, format, args);
    if (wanted < 0)
        wanted = 0;
    size_t length = (size_t)wanted;
    if (length >= capacity)
        length = error_whole_characters(into, capacity - 1);
    into[length] = '\0';
    return length;
}

/* Puts `tail` behind `message`; cuts `message` if both do not fit. */
static void error_append(char message[ARV_ERROR_MESSAGE_BYTES], size_t length, const char *tail)
{
    size_t tail_length = strlen(tail), most = ARV_ERROR_MESSAGE_BYTES - 1 - length;
    if (most < ARV_ERROR_MESSAGE_BYTES / 2)
        most = ARV_ERROR_MESSAGE_BYTES / 2;
    if (tail_length > most)
        tail_length = error_whole_characters(tail, most);
    if (length > ARV_ERROR_MESSAGE_BYTES - 1 - tail_length)
        length = error_whole_characters(message, ARV_ERROR_MESSAGE_BYTES - 1 - tail_length);
    memcpy(message + length, tail, tail_length);
    message[length + tail_length] = '\0';
}

static unsigned error_flags(int code)
{
    switch (code) {
    case ARV_EOFFLINE:
    case ARV_ETIMEOUT:
    case ARV_ENOMEM:
        return ARV_ERROR_RETRYABLE;
    }
    return 0;
}

static void error_store(arv_error *err, int code, int domain, int64_t detail, const char *message)
{
    err->code = code;
    err->domain = domain;
    err->flags = error_flags(code);
    err->detail = detail;
    err->subject[0] = '\0';
    memcpy(err->message, message, strlen(message) + 1);
}

int arv_error_setv(arv_error *err, int code, const char *format, va_list args)
{
    char message[ARV_ERROR_MESSAGE_BYTES];
    if (!err)
        return code;
    size_t length = error_format(message, sizeof message, format, args);
    if (length == 0)
        error_append(message, 0, arv_error_text(code));
    error_store(err, code, ARV_DOMAIN_CORE, 0, message);
    return code;
}

int arv_error_set(arv_error *err, int code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    arv_error_setv(err, code, format, args);
    va_end(args);
    return code;
}

static int error_code_of_errno(int system_errno)
{
    switch (system_errno) {
    case ENOENT:
        return ARV_ENOTFOUND;
    case EEXIST:
        return ARV_EEXISTS;
    case EACCES:
    case EPERM:
    case EROFS:
        return ARV_EACCESS;
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        return ARV_ENOSPACE;
    case ENOMEM:
        return ARV_ENOMEM;
    case ELOOP:
    case EXDEV:
        return ARV_EUNSAFE;
    }
    return ARV_EIO;
}

/* The C locale's text where the system offers it: messages are English, and strerror() is not safe
 * between threads everywhere. */
static const char *error_errno_text(int system_errno, char *into, size_t capacity)
{
    const char *text = NULL;
#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 32)
    text = strerrordesc_np(system_errno);
#elif defined(__GLIBC__)
    char scratch[128];
    text = strerror_r(system_errno, scratch, sizeof scratch);
#else
    text = strerror(system_errno);
#endif
    if (text)
        snprintf(into, capacity, ": %s.", text);
    else
        snprintf(into, capacity, ": error %d of the operating system.", system_errno);
    return into;
}

int arv_error_system(arv_error *err, int system_errno, const char *format, ...)
{
    char message[ARV_ERROR_MESSAGE_BYTES];
    char tail[160];
    int code = error_code_of_errno(system_errno);
    if (!err)
        return code;
    va_list args;
    va_start(args, format);
    size_t length = error_format(message, sizeof message, format, args);
    va_end(args);
    if (length > 0 && message[length - 1] == '.')
        length--;
    error_append(message, length, error_errno_text(system_errno, tail, sizeof tail));
    error_store(err, code, ARV_DOMAIN_SYSTEM, system_errno, message);
    return code;
}

void arv_error_prefix(arv_error *err, const char *format, ...)
{
    char message[ARV_ERROR_MESSAGE_BYTES];
    if (!err)
        return;
    va_list args;
    va_start(args, format);
    size_t length = error_format(message, sizeof message, format, args);
    va_end(args);
    size_t rest = strlen(err->message);
    size_t room = sizeof message - 1 - length;
    if (rest > room)
        rest = error_whole_characters(err->message, room);
    memcpy(message + length, err->message, rest);
    message[length + rest] = '\0';
    memcpy(err->message, message, length + rest + 1);
}

void arv_error_append(arv_error *err, const char *format, ...)
{
    char tail[ARV_ERROR_MESSAGE_BYTES];
    if (!err)
        return;
    va_list args;
    va_start(args, format);
    error_format(tail, sizeof tail, format, args);
    va_end(args);
    error_append(err->message, strlen(err->message), tail);
}

void arv_error_about(arv_error *err, const char *subject)
{
    if (err)
        snprintf(err->subject, sizeof err->subject, "%s", subject ? subject : "");
}

bool arv_error_is_about(const arv_error *err, const char *subject)
{
    return strncmp(err->subject, subject, sizeof err->subject - 1) == 0;
}

void arv_error_clear(arv_error *err)
{
    if (err)
        error_store(err, ARV_OK, ARV_DOMAIN_CORE, 0, "");
}

bool arv__error_may_pass(const arv_error *error)
{
    if (error->flags & ARV_ERROR_RETRYABLE)
        return true;
    switch (error->code) {
    case ARV_ECHANGED: /* another program was writing the source */
    case ARV_ENOSPACE:
    case ARV_EIO:
    case ARV_EREADBACK:
    case ARV_EOFFLINE:
    case ARV_ETIMEOUT:
    case ARV_ENOMEM:
    case ARV_ELIMIT:
    case ARV_ESYSTEM:
        return true;
    default:
        return false;
    }
}

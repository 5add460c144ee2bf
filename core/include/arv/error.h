/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_ERROR_H
#define ARV_ERROR_H

/*
 * Errors: every function that can fail returns an int, 0 or a negative ARV_E code, and takes an
 * arv_error as its last argument that it fills when it fails.
 *
 * Ownership: the caller owns the arv_error, usually on its stack; it holds no pointer and needs no
 *   clean-up. NULL is accepted everywhere: the caller then learns the code only.
 * Threading: not thread-local on purpose. Pool threads make errors and the thread that runs the loop
 *   reads them; they are copied by assignment.
 * Errors: `message` is a whole sentence for a person: what failed, on what, why, and what to do
 *   next. It never carries user info, keys, tokens or the query part of a URL. File names in it
 *   are quoted and have control characters and invalid UTF-8 escaped. It is for people: a program
 *   reads `code` for the kind of the error and `subject` for the object of it.
 * Units: `detail` is an errno for domain ARV_DOMAIN_SYSTEM, else the foreign library's own code.
 */

#include <stdbool.h>
#include <stdint.h>
#include <stdarg.h>
#include <stddef.h>

#include <arv/export.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * X(NAME, number, exception, default sentence)
 * The one list of errors: the enum below, arv_error_name(), arv_error_text(), the PHP constants
 * and the exception class that the extension throws are all made from it. Numbers are permanent:
 * they stand in logs and in the exit codes' documentation. Add at the end of a group, never reuse.
 */
#define ARV_ERROR_LIST(X)                                                                                    \
    /* the caller's input */                                                                                 \
    X(INVALID, -1, InvalidArgument, "An argument is not valid.")                                             \
    X(NAME, -2, InvalidArgument, "A name is not valid UTF-8 or is too long.")                                \
    X(DUPLICATE, -3, InvalidArgument, "The same entry was given twice.")                                     \
    X(STATE, -4, State, "The object is not in a state in which this can be done.")                           \
    X(UNSUPPORTED, -5, Unsupported, "This is not supported by this build or this storage.")                  \
    X(SCHEME, -6, Unsupported, "No storage driver is registered for this URL scheme.")                       \
    /* the sources that are being archived */                                                                \
    X(VANISHED, -20, Source, "A source file has vanished.")                                                  \
    X(CHANGED, -21, Source, "A source file changed while it was read.")                                      \
    X(UNREADABLE, -22, Source, "A source file cannot be read.")                                              \
    X(SPECIAL, -23, Source, "A source is not a regular file.")                                               \
    X(LINK, -24, Source, "A symbolic link leaves the folder or leads nowhere.")                              \
    X(LOOP, -25, Source, "A folder contains itself through a symbolic link.")                                \
    X(SIZE, -26, Source, "A source delivered more or fewer bytes than it announced.")                        \
    X(SOURCE, -27, Source, "A source reported an error.")                                                    \
    /* storages and targets */                                                                               \
    X(EXISTS, -40, Exists, "The target exists already; nothing is ever overwritten.")                        \
    X(NOTFOUND, -41, NotFound, "The stored object does not exist.")                                          \
    X(ACCESS, -42, Storage, "Permission was denied.")                                                        \
    X(NOSPACE, -43, Storage, "There is no space left.")                                                      \
    X(IO, -44, Storage, "Reading or writing failed.")                                                        \
    X(READBACK, -45, Integrity, "What was read back is not what was written.")                               \
    X(OFFLINE, -46, Storage, "The storage cannot be reached.")                                               \
    X(UNSAFE, -47, Storage, "A path inside the storage leads outside of it.")                                \
    /* containers that are being read */                                                                     \
    X(FORMAT, -60, Integrity, "The container is damaged or is not of a known format.")                       \
    X(MISMATCH, -61, Integrity, "The content does not match its manifest.")                                  \
    X(BOMB, -62, Integrity, "The container exceeds the limits for reading.")                                 \
    /* the engine itself */                                                                                  \
    X(CANCELED, -80, Canceled, "The operation was cancelled.")                                               \
    X(TIMEOUT, -81, Timeout, "The operation took longer than its limit.")                                    \
    X(NOMEM, -82, Limit, "There is not enough memory.")                                                      \
    X(LIMIT, -83, Limit, "A configured limit was reached.")                                                  \
    X(CALLBACK, -84, Callback, "A callback of the application failed.")                                      \
    X(CLOSED, -85, State, "The engine is shutting down.")                                                    \
    X(SYSTEM, -86, Storage, "The operating system refused a request.")                                       \
    X(INTERNAL, -87, Internal, "An internal check failed; this is a defect of Archivist.")

typedef enum {
    ARV_OK = 0,
#define ARV_ERROR_ENUM(name, number, exception, text) ARV_E##name = number,
    ARV_ERROR_LIST(ARV_ERROR_ENUM)
#undef ARV_ERROR_ENUM
} arv_code;

typedef enum {
    ARV_DOMAIN_CORE = 0, /* ours; detail is 0 */
    ARV_DOMAIN_SYSTEM,   /* detail is an errno */
    ARV_DOMAIN_UV,
    ARV_DOMAIN_OPENSSL,
    ARV_DOMAIN_ARCHIVE,
    ARV_DOMAIN_ZLIB,
    ARV_DOMAIN_ZSTD,
    ARV_DOMAIN_CURL,
    ARV_DOMAIN_JSON,
    ARV_DOMAIN_APPLICATION /* detail is a number that the application gave to an error of its own */
} arv_error_domain;

enum {
    ARV_ERROR_RETRYABLE = 1u << 0, /* the same request may succeed later; OFFLINE, TIMEOUT and NOMEM have it
                                      by themselves */
    ARV_ERROR_PARTIAL = 1u << 1,   /* an effect that should have been taken back stays; the message
                                      names it and its place */
    ARV_ERROR_FATAL = 1u << 2      /* the object that reported it is of no further use */
};

#define ARV_ERROR_MESSAGE_BYTES 640
#define ARV_ERROR_SUBJECT_BYTES 128

typedef struct arv_error {
    int code; /* arv_code */
    int domain;
    unsigned flags;
    int64_t detail;
    char message[ARV_ERROR_MESSAGE_BYTES]; /* UTF-8, always terminated, never cut inside a character */
    /* The object of the error, as it was given, neither quoted nor escaped: the key of an object, the
     * path of a file, the URL of a storage, the UUID of a job. "" where none is known. Always
     * terminated; a longer one is cut. */
    char subject[ARV_ERROR_SUBJECT_BYTES];
} arv_error;

/* Returns "EXISTS" for ARV_EEXISTS, "OK" for 0, "UNKNOWN" for anything else. Static storage. */
ARV_API const char *arv_error_name(int code);
/* Returns the default sentence of a code. Static storage, never NULL. */
ARV_API const char *arv_error_text(int code);

/* Sets code, domain CORE, the flags of the code and the formatted message, without a subject, and
 * returns `code`; `err` may be NULL. */
ARV_API int arv_error_set(arv_error *err, int code, const char *format, ...) ARV_PRINTF(3, 4);
ARV_API int arv_error_setv(arv_error *err, int code, const char *format, va_list args);

/*
 * Translates `system_errno` to the nearest code (ENOENT NOTFOUND, EEXIST EXISTS, EACCES/EPERM/EROFS
 * ACCESS, ENOSPC/EDQUOT/EFBIG NOSPACE, ENOMEM NOMEM, ELOOP/EXDEV UNSAFE, EIO and the rest IO),
 * appends the text of the errno to the message after ": ", and returns the code.
 */
ARV_API int arv_error_system(arv_error *err, int system_errno, const char *format, ...) ARV_PRINTF(3, 4);

/* Prefixes the message of an error that travels upwards ("Job 1234: …"). Keeps the code. */
ARV_API void arv_error_prefix(arv_error *err, const char *format, ...) ARV_PRINTF(2, 3);

/* Puts one more sentence behind the message ("%s stays at …"); cut where both do not fit. */
ARV_API void arv_error_append(arv_error *err, const char *format, ...) ARV_PRINTF(2, 3);

/* Replaces the subject of the error; NULL: it has none. */
ARV_API void arv_error_about(arv_error *err, const char *subject);
/* Returns true if this is the error's subject. Compares as many bytes as a subject holds. */
ARV_API bool arv_error_is_about(const arv_error *err, const char *subject);

/* Empties it: code 0, message "", no subject. */
ARV_API void arv_error_clear(arv_error *err);

#ifdef __cplusplus
}
#endif
#endif

/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/lines.h"

#include <stdio.h>
#include <string.h>
#include <arv/entry.h>
#include "util/hex.h"
#include "util/names.h"
#include "util/time.h"

enum { LINES_PATH_BYTES = 32 << 10 };

/* ---- lines out of blocks --------------------------------------------------------------------- */

void arv__lines_init(arv__lines *lines, size_t line_bytes_max,
                     int (*on_line)(void *, char *, size_t, arv_error *), void *user_data)
{
    *lines = (arv__lines){.on_line = on_line, .user_data = user_data};
    arv__buf_init(&lines->line, line_bytes_max);
}

void arv__lines_cleanup(arv__lines *lines)
{
    arv__buf_cleanup(&lines->line);
}

static int lines_emit(arv__lines *lines, arv_error *err)
{
    lines->number++;
    size_t length = lines->line.length;
    char *text = NULL;
    if (lines->line.failed == ARV_ENOMEM)
        return arv__buf_status(&lines->line, "a line", err);
    if (!lines->line.failed) {
        text = arv__buf_text_z(&lines->line);
        if (!text)
            return arv__buf_status(&lines->line, "a line", err);
    }
    int status = lines->on_line(lines->user_data, text, length, err);
    arv__buf_clear(&lines->line);
    return status;
}

int arv__lines_feed(arv__lines *lines, const void *data, size_t length, arv_error *err)
{
    const char *at = data, *end = at + length;
    while (at < end) {
        if (lines->after_cr && *at == '\n')
            at++;
        lines->after_cr = false;
        const char *lf = memchr(at, '\n', (size_t)(end - at));
        const char *stop = lf ? lf : end;
        const char *cr = memchr(at, '\r', (size_t)(stop - at));
        if (cr)
            stop = cr;
        arv__buf_append(&lines->line, at, (size_t)(stop - at));
        if (stop == end)
            break;
        lines->after_cr = *stop == '\r';
        at = stop + 1;
        int status = lines_emit(lines, err);
        if (status < 0)
            return status;
    }
    return ARV_OK;
}

int arv__lines_end(arv__lines *lines, arv_error *err)
{
    int status = ARV_OK;
    if (lines->line.length > 0 || lines->line.failed)
        status = lines_emit(lines, err);
    lines->number = 0;
    lines->after_cr = false;
    return status;
}

/* ---- names ----------------------------------------------------------------------------------- */

const char *arv__name_unsafe(const char *name, size_t length)
{
    size_t bad;
    if (length == 0)
        return "is empty";
    if (name[0] == '/')
        return "is an absolute path";
    if (!arv__utf8_valid(name, length, &bad))
        return "is not UTF-8";
    if (length >= 2 && name[1] == ':' && ((name[0] | 32) >= 'a' && (name[0] | 32) <= 'z'))
        return "begins with a drive";
    for (size_t from = 0, i = 0; i <= length; i++) {
        unsigned char c = i < length ? (unsigned char)name[i] : '/';
        if (c < 0x20 || c == 0x7f)
            return "holds a control character";
        if (c == '\\')
            return "holds a backslash";
        if (c != '/')
            continue;
        if (i == from)
            return "has an empty component";
        if (i - from > 255)
            return "has a component of more than 255 bytes";
        if (name[from] == '.' && (i - from == 1 || (i - from == 2 && name[from + 1] == '.')))
            return "has a component \".\" or \"..\"";
        from = i + 1;
    }
    return NULL;
}

/* ---- manifests ------------------------------------------------------------------------------- */

static bool lines_hex(const char *text, size_t length, unsigned char *bytes, size_t count)
{
    return length == count * 2 && arv__hex_bytes(text, count, arv__hex_digit, bytes);
}

/* Undoes %0D, %0A and %25, the three that RFC 8493 knows; any other "%" stands for itself. */
static size_t manifest_decode(char *path, size_t length)
{
    size_t to = 0;
    for (size_t i = 0; i < length; i++) {
        if (path[i] == '%' && length - i >= 3) {
            int high = arv__hex_digit(path[i + 1]), low = arv__hex_digit(path[i + 2]);
            int value = high < 0 || low < 0 ? -1 : high << 4 | low;
            if (value == '\r' || value == '\n' || value == '%') {
                path[to++] = (char)value;
                i += 2;
                continue;
            }
        }
        path[to++] = path[i];
    }
    path[to] = '\0';
    return to;
}

const char *arv__manifest_line(char *text, size_t length, size_t digest_bytes, unsigned char *digest,
                               const char **path, size_t *path_length)
{
    size_t hex = strcspn(text, " \t");
    if (!lines_hex(text, hex, digest, digest_bytes))
        return "does not begin with a digest";
    char *at = text + hex;
    char *end = text + length;
    while (at < end && (*at == ' ' || *at == '\t'))
        at++;
    if (at < end && *at == '*')
        at++;
    if (end - at >= 2 && at[0] == '.' && at[1] == '/')
        at += 2;
    if (at == end)
        return "has no path";
    *path = at;
    *path_length = manifest_decode(at, (size_t)(end - at));
    if (*path_length > LINES_PATH_BYTES)
        return "has a path that is too long";
    return arv__name_unsafe(*path, *path_length) ? "has an unsafe path" : NULL;
}

const char *arv__fetch_line(char *text, size_t length, const char **path, size_t *path_length)
{
    size_t url = strcspn(text, " \t"), at = url + strspn(text + url, " \t");
    size_t bytes = strcspn(text + at, " \t"), behind = at + bytes;
    if (url == 0 || bytes == 0 || behind >= length || !memchr(text, ':', url) || text[0] == ':')
        return "is not \"URL LENGTH PATH\"";
    if (strspn(text + at, "0123456789") != bytes && !(bytes == 1 && text[at] == '-'))
        return "has a length that is neither a number nor \"-\"";
    behind += strspn(text + behind, " \t");
    if (behind == length)
        return "has no path";
    *path = text + behind;
    *path_length = manifest_decode(text + behind, length - behind);
    if (*path_length > LINES_PATH_BYTES)
        return "has a path that is too long";
    if (arv__name_unsafe(*path, *path_length))
        return "has an unsafe path";
    return strncmp(*path, "data/", 5) != 0 ? "leads out of data/" : NULL;
}

/* ---- entries.jsonl --------------------------------------------------------------------------- */

enum listed_field {
    LISTED_NAME,
    LISTED_ORIGINAL,
    LISTED_OWNER,
    LISTED_MODIFIED,
    LISTED_SHA256,
    LISTED_SHA512,
    LISTED_TYPE,
    LISTED_TARGET,
    LISTED_SIZE,
    LISTED_PERSONS,
    LISTED_FIELDS
};

static const char *const listed_members[LISTED_FIELDS] = {"name",   "original", "owner", "modified",
                                                          "sha256", "sha512",   "type",  "target",
                                                          "size",   "persons"};

typedef struct listed_values {
    const char *text[LISTED_FIELDS];
    size_t length[LISTED_FIELDS];
    uint64_t size;
    char *persons, *persons_end; /* the array, in a line that was scanned */
    size_t person_count;
    bool has_size, has_persons;
} listed_values;

static int listed_member(const char *name, size_t length)
{
    for (int i = 0; i < LISTED_FIELDS; i++)
        if (strlen(listed_members[i]) == length && memcmp(listed_members[i], name, length) == 0)
            return i;
    return -1;
}

/* A string without escapes at *at; leaves *at behind its closing quote. */
static bool listed_scan_string(char **at, char *end, char **text, size_t *length)
{
    char *from = *at;
    if (from == end || *from != '"')
        return false;
    char *p = ++from;
    while (p < end && *p != '"' && *p != '\\' && (unsigned char)*p >= 0x20)
        p++;
    if (p == end || *p != '"')
        return false;
    *text = from;
    *length = (size_t)(p - from);
    *at = p + 1;
    return true;
}

static bool listed_scan_size(char **at, char *end, listed_values *values)
{
    char *p = *at;
    uint64_t value = 0;
    unsigned digits = 0;
    for (; p < end && *p >= '0' && *p <= '9' && digits < 18; p++, digits++)
        value = value * 10 + (unsigned)(*p - '0');
    if (digits == 0 || values->has_size || (p < end && *p >= '0' && *p <= '9'))
        return false;
    values->size = value;
    values->has_size = true;
    *at = p;
    return true;
}

/* Scans ["…","…"], not empty. The keys are checked later, when the whole line has the simple form. */
static bool listed_scan_persons(char **at, char *end, listed_values *values)
{
    char *p = *at, *text;
    size_t length;
    if (values->has_persons || p == end || *p != '[')
        return false;
    values->persons = p;
    do {
        p++;
        if (!listed_scan_string(&p, end, &text, &length) || p == end ||
            ++values->person_count > ARV_PERSONS_MAX || !arv__person_valid(text, length))
            return false;
    } while (*p == ',');
    if (*p != ']')
        return false;
    values->has_persons = true;
    values->persons_end = p;
    *at = p + 1;
    return true;
}

/* Ends each key with a NUL, one directly behind the other. */
static void listed_join_persons(listed_values *values)
{
    char *to = values->persons, *at = values->persons;
    while (at < values->persons_end) {
        char *from = at + 2; /* behind "[" or "," and the quote */
        char *quote = memchr(from, '"', (size_t)(values->persons_end - from));
        size_t length = (size_t)(quote - from);
        memmove(to, from, length);
        to[length] = '\0';
        to += length + 1;
        at = quote + 1;
    }
}

/* The form in which nearly every line is: one object, no blanks, no escapes. False leaves the line
 * to the general parser; nothing was written to it then. */
static bool listed_scan(listed_values *values, char *text, size_t length)
{
    char *at = text, *end = text + length;
    if (at == end || *at++ != '{' || !arv__utf8_valid(text, length, NULL))
        return false;
    for (;;) {
        char *name, *value;
        size_t name_length, value_length;
        if (!listed_scan_string(&at, end, &name, &name_length) || at == end || *at++ != ':')
            return false;
        int member = listed_member(name, name_length);
        if (member < 0)
            return false;
        if (member == LISTED_SIZE) {
            if (!listed_scan_size(&at, end, values))
                return false;
        } else if (member == LISTED_PERSONS) {
            if (!listed_scan_persons(&at, end, values))
                return false;
        } else {
            if (values->text[member] || !listed_scan_string(&at, end, &value, &value_length))
                return false;
            values->text[member] = value;
            values->length[member] = value_length;
        }
        if (at == end)
            return false;
        if (*at == '}')
            break;
        if (*at++ != ',')
            return false;
    }
    if (at + 1 != end)
        return false;
    for (int i = 0; i < LISTED_SIZE; i++)
        if (values->text[i])
            ((char *)values->text[i])[values->length[i]] = '\0';
    if (values->has_persons)
        listed_join_persons(values);
    return true;
}

static const char *listed_read_persons(listed_values *values, const arv_json *array)
{
    values->person_count = arv__json_array_size(array);
    if (values->person_count == 0 || values->person_count > ARV_PERSONS_MAX)
        return "has \"persons\" that is not a list with at least one and not too many keys";
    for (size_t i = 0; i < values->person_count; i++) {
        size_t length = 0;
        const char *key = arv__json_text(arv__json_at(array, i), &length);
        if (!key || !arv__person_valid(key, length))
            return "has a key of a person that is empty, too long or has control characters";
    }
    return NULL;
}

static const char *listed_read_json(listed_values *values, arv__listed *listed, const char *text,
                                    size_t length, arv_error *err)
{
    if (arv_json_parse(&listed->document, text, length, ARV__LINE_BYTES_MAX, err) < 0 ||
        !arv__json_is_object(listed->document))
        return "is not a JSON object";
    const char *name;
    for (size_t i = 0; (name = arv__json_member_name(listed->document, i)); i++) {
        int member = listed_member(name, strlen(name));
        if (member < 0)
            return "has a member that is not known";
        if (member == LISTED_SIZE) {
            int64_t size = 0;
            if (!arv__json_integer(listed->document, name, &size) || size < 0)
                return "has a size that is none";
            values->size = (uint64_t)size;
            values->has_size = true;
            continue;
        }
        if (member == LISTED_PERSONS) {
            const char *problem = listed_read_persons(values, arv_json_get(listed->document, name));
            if (problem)
                return problem;
            continue;
        }
        values->text[member] = arv_json_string(listed->document, name, &values->length[member]);
        if (!values->text[member])
            return "has a member that is not a string";
        if (member != LISTED_ORIGINAL && strlen(values->text[member]) != values->length[member])
            return "has a NUL in a member";
    }
    return NULL;
}

static bool listed_date(const char *text, size_t length, int64_t *at_unix)
{
    arv__date date;
    char z = 0;
    int used = 0;
    if (sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d%c%n", &date.year, &date.month, &date.day, &date.hour,
               &date.minute, &date.second, &z, &used) != 7 ||
        z != 'Z' || (size_t)used != length || date.month < 1 || date.month > 12 || date.day < 1 ||
        date.day > 31 || date.hour > 23 || date.minute > 59 || date.second > 60)
        return false;
    *at_unix = arv__date_to_unix(&date);
    return true;
}

/* Takes a recorded symbolic link, which has nothing but its target. */
static const char *listed_take_link(arv__listed *listed, const listed_values *values)
{
    listed->target = values->text[LISTED_TARGET];
    listed->target_length = values->length[LISTED_TARGET];
    if (!listed->target || listed->target_length == 0)
        return "is a link without a target";
    if (listed->target_length > ARV_LINK_BYTES_MAX)
        return "has a target that is too long";
    if (values->has_size || values->text[LISTED_SHA256] || values->text[LISTED_SHA512] ||
        values->text[LISTED_MODIFIED])
        return "is a link with what only a file has";
    return NULL;
}

static const char *listed_take(arv__listed *listed, const listed_values *values)
{
    if (!values->text[LISTED_NAME])
        return "has no name";
    listed->name = values->text[LISTED_NAME];
    listed->name_length = values->length[LISTED_NAME];
    if (strncmp(listed->name, "data/", 5) != 0 || listed->name_length > LINES_PATH_BYTES ||
        arv__name_unsafe(listed->name, listed->name_length))
        return "has a name that cannot be one of the payload";
    listed->original = values->text[LISTED_ORIGINAL];
    listed->original_length = values->length[LISTED_ORIGINAL];
    if (!listed->original) {
        listed->original = listed->name + 5;
        listed->original_length = listed->name_length - 5;
    }
    listed->owner = values->text[LISTED_OWNER];
    listed->persons = values->persons;
    listed->person_count = values->person_count;
    listed->modified_at_unix = ARV_TIME_UNKNOWN;
    if (values->text[LISTED_MODIFIED] &&
        !listed_date(values->text[LISTED_MODIFIED], values->length[LISTED_MODIFIED],
                     &listed->modified_at_unix))
        return "has a time that is none";
    const char *type = values->text[LISTED_TYPE];
    if (type && strcmp(type, "link") == 0)
        return listed_take_link(listed, values);
    if (values->text[LISTED_TARGET])
        return "has a target, but is no link";
    listed->folder = type && strcmp(type, "folder") == 0;
    if (listed->folder)
        return NULL;
    if (type && strcmp(type, "file") != 0)
        return "has a type that is not known";
    listed->sha256 = values->text[LISTED_SHA256];
    if (!values->has_size)
        return "has no size";
    if (!listed->sha256 ||
        !lines_hex(listed->sha256, values->length[LISTED_SHA256], listed->digests.sha256, ARV_SHA256_BYTES))
        return "has no SHA-256 digest";
    listed->size_bytes = values->size;
    listed->digests.present = ARV_DIGEST_SHA256;
    if (!values->text[LISTED_SHA512])
        return NULL;
    listed->digests.present |= ARV_DIGEST_SHA512;
    return lines_hex(values->text[LISTED_SHA512], values->length[LISTED_SHA512], listed->digests.sha512,
                     ARV_SHA512_BYTES)
               ? NULL
               : "has a SHA-512 digest that is none";
}

const char *arv__listed_parse(arv__listed *listed, char *text, size_t length, arv_error *err)
{
    listed_values values = {.size = 0};
    *listed = (arv__listed){.document = NULL};
    if (!listed_scan(&values, text, length)) {
        values = (listed_values){.size = 0};
        const char *problem = listed_read_json(&values, listed, text, length, err);
        if (problem)
            return problem;
    }
    return listed_take(listed, &values);
}

void arv__listed_persons(const arv__listed *listed, const char **into)
{
    const char *at = listed->persons;
    const arv_json *array =
        at || listed->person_count == 0 ? NULL : arv_json_get(listed->document, "persons");
    for (size_t i = 0; i < listed->person_count; i++) {
        size_t length;
        into[i] = array ? arv__json_text(arv__json_at(array, i), &length) : at;
        if (!array)
            at += strlen(at) + 1;
    }
}

void arv__listed_cleanup(arv__listed *listed)
{
    arv_json_free(listed->document);
    listed->document = NULL;
}

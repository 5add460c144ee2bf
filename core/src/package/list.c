/* SPDX-License-Identifier: Apache-2.0 */
#include "package/entries.h"

#include <fcntl.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>
#include <arv/sys/alloc.h>
#include "loop/fileops.h"
#include "util/json.h"
#include "util/names.h"

/*
 * Reads a list line by line. Nearly every line is a flat object of plain texts and whole numbers. A scanner
 * of ours takes those in place, but for persons. It never refuses a line: if it does not understand all of
 * it, right or wrong, the JSON parser decides and makes the sentences for people.
 */

enum { LIST_LINE_BYTES = 192 << 10, LIST_BUFFER_BYTES = 256 << 10 };

enum { LIST_NAME, LIST_PATH, LIST_OWNER, LIST_SIZE, LIST_MODIFIED, LIST_PERSONS, LIST_MEMBERS };

static const struct {
    const char *name;
    size_t length;
} list_members[LIST_MEMBERS] = {
    [LIST_NAME] = {"name", 4}, [LIST_PATH] = {"path", 4},         [LIST_OWNER] = {"owner", 5},
    [LIST_SIZE] = {"size", 4}, [LIST_MODIFIED] = {"modified", 8}, [LIST_PERSONS] = {"persons", 7}};

typedef struct list_line { /* the content of a line */
    unsigned present;      /* bits of members */
    char *texts[LIST_OWNER + 1];
    size_t lengths[LIST_OWNER + 1];
    int64_t size_bytes, modified_at_unix;
    size_t person_count; /* in list->persons */
} list_line;

typedef struct list {
    arv_entries *entries;
    const char *shown;
    const char *persons[ARV_PERSONS_MAX];
    int fd;
    char *buffer; /* with room for one NUL behind it */
    size_t at, filled;
    bool ended;
    uint64_t line; /* number of the current one, from 1 */
} list;

/* ---- the scanner -------------------------------------------------------------------------------
 */

static char *scan_blanks(char *at)
{
    while (*at == ' ' || *at == '\t' || *at == '\r')
        at++;
    return at;
}

/* Takes a text without escapes, behind its first quote. Returns the place behind the last quote, or NULL.
 * The line ends with a NUL, which ends every loop here. */
static char *scan_text(char *at, char **text, size_t *length)
{
    *text = at;
    while (*at != '"' && *at != '\\' && (unsigned char)*at >= 0x20)
        at++;
    *length = (size_t)(at - *text);
    return *at == '"' ? at + 1 : NULL;
}

/* A whole number of at most 18 digits. */
static char *scan_number(char *at, int64_t *number)
{
    bool negative = *at == '-';
    char *first = at += negative;
    int64_t value = 0;
    while (*at >= '0' && *at <= '9' && at - first < 18)
        value = value * 10 + (*at++ - '0');
    if (at == first || (*first == '0' && at - first > 1) || (*at >= '0' && *at <= '9'))
        return NULL;
    *number = negative ? -value : value;
    return at;
}

static char *scan_value(char *at, unsigned member, list_line *line)
{
    if (member <= LIST_OWNER)
        return *at == '"' ? scan_text(at + 1, &line->texts[member], &line->lengths[member]) : NULL;
    return scan_number(at, member == LIST_SIZE ? &line->size_bytes : &line->modified_at_unix);
}

static unsigned list_member_find(const char *name, size_t length)
{
    unsigned member = 0;
    while (member < LIST_MEMBERS &&
           (list_members[member].length != length || memcmp(list_members[member].name, name, length) != 0))
        member++;
    return member;
}

/* Returns false when the line is not for the scanner. On success the texts are NUL-ended in place. */
static bool list_scan(char *at, const char *end, list_line *line)
{
    char *name;
    size_t length;
    at = scan_blanks(at);
    if (*at != '{')
        return false;
    do {
        at = scan_blanks(at + 1);
        at = *at == '"' ? scan_text(at + 1, &name, &length) : NULL;
        unsigned member = at ? list_member_find(name, length) : LIST_MEMBERS;
        if (member >= LIST_PERSONS || line->present & 1u << member)
            return false;
        at = scan_blanks(at);
        if (*at != ':')
            return false;
        at = scan_value(scan_blanks(at + 1), member, line);
        if (!at)
            return false;
        line->present |= 1u << member;
        at = scan_blanks(at);
    } while (*at == ',');
    unsigned required = 1u << LIST_NAME | 1u << LIST_PATH;
    if (*at != '}' || scan_blanks(at + 1) != end || (line->present & required) != required ||
        line->size_bytes < 0 || !arv__utf8_valid(line->texts[LIST_PATH], line->lengths[LIST_PATH], NULL))
        return false;
    for (unsigned member = LIST_NAME; member <= LIST_OWNER; member++)
        if (line->present & 1u << member)
            line->texts[member][line->lengths[member]] = '\0';
    return true;
}

/* ---- one line ----------------------------------------------------------------------------------
 */

static int list_put(list *l, const list_line *line, arv_error *err)
{
    arv_entry entry = {.name = line->texts[LIST_NAME],
                       .name_length = line->lengths[LIST_NAME],
                       .size_bytes = ARV_SIZE_UNKNOWN,
                       .modified_at_unix = ARV_TIME_UNKNOWN};
    if (line->present & 1u << LIST_OWNER)
        entry.owner = line->texts[LIST_OWNER];
    if (line->present & 1u << LIST_SIZE)
        entry.size_bytes = line->size_bytes;
    if (line->present & 1u << LIST_MODIFIED)
        entry.modified_at_unix = line->modified_at_unix;
    entry.persons = l->persons;
    entry.person_count = line->person_count;
    return arv_entries_add_path(l->entries, &entry, line->texts[LIST_PATH], err);
}

static int list_take_persons(list *l, const arv_json *array, list_line *line, arv_error *err)
{
    bool good = arv__json_is_array(array);
    line->person_count = good ? arv__json_array_size(array) : 0;
    for (size_t i = 0; good && i < line->person_count && i < ARV_PERSONS_MAX; i++) {
        size_t length = 0;
        l->persons[i] = arv__json_text(arv__json_at(array, i), &length);
        good = l->persons[i] && !memchr(l->persons[i], 0, length);
    }
    if (!good)
        return arv_error_set(err, ARV_EFORMAT,
                             "The member \"persons\" must be a list of texts, each the key of a "
                             "person, or be left out.");
    return 0;
}

static int list_take_member(const arv_json *object, unsigned member, list_line *line, arv_error *err)
{
    bool known;
    const char *name = list_members[member].name;
    if (member <= LIST_OWNER) {
        const char *text = arv_json_string(object, name, &line->lengths[member]);
        line->texts[member] = (char *)text;
        known = text && !memchr(text, 0, line->lengths[member]);
    } else {
        int64_t *number = member == LIST_SIZE ? &line->size_bytes : &line->modified_at_unix;
        known = arv__json_integer(object, name, number) &&
                (member == LIST_SIZE ? *number >= 0 : *number != ARV_TIME_UNKNOWN);
    }
    if (!known)
        return arv_error_set(err, ARV_EFORMAT, "The member \"%s\" must be %s.", name,
                             member <= LIST_OWNER  ? "a text"
                             : member == LIST_SIZE ? "a whole number of bytes, or be left out"
                                                   : "a whole number of seconds since 1970, or be "
                                                     "left out");
    line->present |= 1u << member;
    return 0;
}

static int list_take(list *l, const arv_json *object, list_line *line, arv_error *err)
{
    const char *name;
    if (!arv__json_is_object(object))
        return arv_error_set(err, ARV_EFORMAT, "An entry must be a JSON object in one line.");
    for (size_t i = 0; (name = arv__json_member_name(object, i)); i++) {
        char quote[ARV__QUOTE_BYTES];
        size_t length = strlen(name);
        unsigned member = list_member_find(name, length);
        if (member == LIST_MEMBERS)
            return arv_error_set(err, ARV_EFORMAT,
                                 "The member %s is not known; an entry has name, path, size, "
                                 "owner, modified and persons.",
                                 arv__quote(quote, sizeof quote, name, length));
        int status = member == LIST_PERSONS ? list_take_persons(l, arv_json_get(object, name), line, err)
                                            : list_take_member(object, member, line, err);
        if (status < 0)
            return status;
    }
    for (unsigned member = LIST_NAME; member <= LIST_PATH; member++)
        if (!(line->present & 1u << member))
            return arv_error_set(err, ARV_EFORMAT, "The member \"%s\" is missing.",
                                 list_members[member].name);
    return 0;
}

static int list_parse(list *l, const char *text, size_t length, arv_error *err)
{
    arv_json *document = NULL;
    list_line line = {0};
    int status = arv_json_parse(&document, text, length, LIST_LINE_BYTES, err);
    if (status == 0)
        status = list_take(l, document, &line, err);
    if (status == 0)
        status = list_put(l, &line, err);
    arv_json_free(document);
    return status;
}

static int list_add_line(list *l, char *text, size_t length, arv_error *err)
{
    list_line line = {0};
    if (scan_blanks(text) == text + length)
        return 0;
    bool plain = list_scan(text, text + length, &line);
    return plain ? list_put(l, &line, err) : list_parse(l, text, length, err);
}

/* ---- the file ----------------------------------------------------------------------------------
 */

static int list_fill(list *l, arv_error *err)
{
    size_t left = l->filled - l->at;
    memmove(l->buffer, l->buffer + l->at, left);
    ssize_t n = arv__fs_read_full(l->fd, l->buffer + left, LIST_BUFFER_BYTES - left);
    if (n < 0)
        return arv_error_system(err, (int)-n,
                                n == -EBADF ? "The list of entries %s cannot be read, as it is closed; send "
                                              "a file or the output of a program into it"
                                            : "The list of entries %s cannot be read",
                                l->shown);
    l->ended = (size_t)n < LIST_BUFFER_BYTES - left;
    l->at = 0;
    l->filled = left + (size_t)n;
    return 0;
}

/* Returns 1 and the next line, NUL-ended, 0 behind the last. */
static int list_next(list *l, char **text, size_t *length, arv_error *err)
{
    if (l->line == 0 && l->filled == 0) { /* the mark that editors of Windows put before the text */
        int status = list_fill(l, err);
        if (status < 0)
            return status;
        if (l->filled >= 3 && memcmp(l->buffer, "\xEF\xBB\xBF", 3) == 0)
            l->at = 3;
    }
    char *end = memchr(l->buffer + l->at, '\n', l->filled - l->at);
    if (!end && !l->ended) {
        int status = list_fill(l, err);
        if (status < 0)
            return status;
        end = memchr(l->buffer, '\n', l->filled);
    }
    if (!end && l->at == l->filled)
        return 0;
    *text = l->buffer + l->at;
    *length = end ? (size_t)(end - *text) : l->filled - l->at;
    l->line++;
    if (*length > LIST_LINE_BYTES)
        return arv_error_set(err, ARV_EFORMAT, "The line has more than %d bytes.", LIST_LINE_BYTES);
    (*text)[*length] = '\0';
    l->at += *length + (end != NULL);
    return 1;
}

static int list_read(list *l, arv_error *err)
{
    char *text;
    size_t length;
    int status;
    while ((status = list_next(l, &text, &length, err)) > 0) {
        status = list_add_line(l, text, length, err);
        if (status < 0)
            break;
    }
    if (status < 0 && l->line > 0)
        arv_error_prefix(err, "Line %llu of the list %s: ", (unsigned long long)l->line, l->shown);
    return status;
}

int arv_entries_add_list(arv_entries *entries, const char *list_path, arv_error *err)
{
    char quote[ARV__QUOTE_BYTES];
    int status = arv__entries_check(entries, err);
    if (status < 0)
        return status;
    if (!list_path || !*list_path)
        return arv_error_set(err, ARV_EINVALID, "A list of entries to read was not given.");
    bool standard = strcmp(list_path, "-") == 0;
    uint64_t before = arv_entries_count(entries);
    arv__quote(quote, sizeof quote, list_path, strlen(list_path));
    list l = {.entries = entries, .shown = standard ? "on the standard input" : quote, .fd = -1};
    l.buffer = arv_malloc(LIST_BUFFER_BYTES + 1);
    if (!l.buffer)
        return arv_error_nomem(err, "the reading of a list");
    l.fd = standard ? STDIN_FILENO : arv__fs_openat(AT_FDCWD, list_path, O_RDONLY | O_CLOEXEC | O_NOCTTY, 0);
    if (l.fd < 0)
        status = arv_error_system(err, -l.fd, "The list of entries %s cannot be opened", quote);
    else
        status = list_read(&l, err);
    if (!standard && l.fd >= 0)
        arv__fs_close(l.fd);
    arv_free(l.buffer);
    if (status < 0 && arv_entries_count(entries) != before)
        arv__entries_spoil(entries);
    return status;
}

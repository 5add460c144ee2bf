/* SPDX-License-Identifier: Apache-2.0 */
#include "util/names.h"

#include <utf8proc.h>
#include <arv/sys/alloc.h>

#include "util/utf8.h"
#include "util/libraries.h"

/*
 * A name passes these steps in this order. No step changes a character that an earlier one made, so the
 * safe form of a safe name is itself.
 *
 *   valid UTF-8 -> NFC -> split at '/' -> characters replaced -> both ends of each component ->
 *   cut -> device names -> folders that look suffixed -> folders that do not fit are dropped
 *
 * '_' composes with no other character, and a part of an NFC text is NFC, so no step normalises again.
 * Most names are plain ASCII and stay as they are: one scan recognises and copies them. This file must
 * not call functions of utf8proc that allocate, since they bypass our table.
 */

enum {
    NAME_EXTENSION_BYTES = 16, /* with its dot */
    NAME_FIXED_CODEPOINTS = 1024
};

/* Below U+0300, whose first byte in UTF-8 is this one, every text is in NFC already. */
enum { NAME_FIRST_BYTE_TO_NORMALISE = 0xCC };

/* utf8proc works in an array on the stack, or in one of ours for longer texts. */
typedef struct name_scratch {
    utf8proc_int32_t *heap;
    utf8proc_int32_t fixed[NAME_FIXED_CODEPOINTS + 1];
} name_scratch;

enum {
    NAME_NFC = UTF8PROC_STABLE | UTF8PROC_COMPOSE,
    NAME_FOLD = NAME_NFC | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE
};

/* Maps valid UTF-8; the result lies in the scratch until the next call. */
static int name_map(name_scratch *scratch, const char *text, size_t length, int options, char **result,
                    size_t *result_length, arv_error *err)
{
    utf8proc_int32_t *points = scratch->fixed;
    const utf8proc_uint8_t *in = (const utf8proc_uint8_t *)text;
    utf8proc_option_t option = (utf8proc_option_t)options;
    utf8proc_ssize_t count =
        utf8proc_decompose(in, (utf8proc_ssize_t)length, points, NAME_FIXED_CODEPOINTS, option);
    if (count > NAME_FIXED_CODEPOINTS) {
        arv_free(scratch->heap);
        points = scratch->heap = arv_reallocarray(NULL, (size_t)count + 1, sizeof *points);
        if (!points)
            return arv_error_nomem(err, "normalising a name");
        count = utf8proc_decompose(in, (utf8proc_ssize_t)length, points, count, option);
    }
    if (count >= 0)
        count = utf8proc_reencode(points, count, option);
    if (count < 0)
        return arv_error_set(err, ARV_EINTERNAL,
                             "Unicode normalisation refused a valid name (%s); please report this.",
                             utf8proc_errmsg(count));
    *result = (char *)points;
    *result_length = (size_t)count;
    return 0;
}

static bool name_is_ascii(const char *text, size_t length)
{
    unsigned char seen = 0;
    for (size_t i = 0; i < length; i++)
        seen |= (unsigned char)text[i];
    return seen < 0x80;
}

/* Replaces characters that no name may contain, in place: '_' is never longer than one of them. */
static size_t name_replace(char *text, size_t length, bool slash_too)
{
    size_t out = 0;
    for (size_t in = 0; in < length;) {
        uint32_t point;
        size_t width = arv_utf8_decode(text + in, length - in, &point);
        if (arv_utf8_unsafe(point) || (point < 0x80 && point && strchr("<>:\"|?*\\%", (int)point)) ||
            (slash_too && point == '/')) {
            text[out++] = '_';
        } else {
            memmove(text + out, text + in, width);
            out += width;
        }
        in += width;
    }
    return out;
}

static void name_fix_ends(char *text, size_t length)
{
    for (size_t i = 0; i < length && text[i] == ' '; i++)
        text[i] = '_';
    for (size_t i = length; i > 0 && (text[i - 1] == ' ' || text[i - 1] == '.'); i--)
        text[i - 1] = '_';
}

/* unzip takes ";" and digits at the end for a version of VMS and drops them. */
static void name_fix_version(char *text, size_t length)
{
    while (length > 0 && text[length - 1] >= '0' && text[length - 1] <= '9')
        length--;
    if (length > 0 && text[length - 1] == ';')
        text[length - 1] = '_';
}

/* Bytes of the extension with its dot, or 0. "Dr. Meier" and ".profile" have none. */
static size_t name_extension(const char *text, size_t length)
{
    for (size_t n = 1; n < length && n <= NAME_EXTENSION_BYTES; n++) {
        char c = text[length - n];
        if (c == ' ')
            return 0;
        if (c == '.')
            return n > 1 ? n : 0;
    }
    return 0;
}

/* Cuts a component in place to `limit` bytes, the extension kept. */
static size_t name_cut(char *text, size_t length, size_t limit)
{
    if (length <= limit)
        return length;
    size_t extension = name_extension(text, length);
    size_t stem = arv__utf8_floor(text, limit - extension);
    memmove(text + stem, text + length - extension, extension);
    if (!extension)
        name_fix_ends(text, stem);
    return stem + extension;
}

/* Letters are compared in lower case; `name` is in lower case. */
static bool name_equals(const char *text, size_t length, const char *name)
{
    for (size_t i = 0; i < length; i++) {
        char c = text[i] >= 'A' && text[i] <= 'Z' ? (char)(text[i] | 0x20) : text[i];
        if (name[i] == '\0' || c != name[i])
            return false;
    }
    return name[length] == '\0';
}

/* Windows ignores everything behind the first dot, and blanks before it. */
static bool name_is_device(const char *text, size_t length)
{
    static const char *const whole[] = {"con", "prn", "aux", "nul", "conin$", "conout$", "clock$"};
    static const char *const numbers[] = {"0", "1", "2", "3",        "4",        "5",       "6",
                                          "7", "8", "9", "\xC2\xB9", "\xC2\xB2", "\xC2\xB3"};
    if (length < 3 || !memchr("CcPpAaNnLl", text[0], 10))
        return false;
    const char *dot = memchr(text, '.', length);
    if (dot)
        length = (size_t)(dot - text);
    while (length > 0 && text[length - 1] == ' ')
        length--;
    for (size_t i = 0; i < sizeof whole / sizeof *whole; i++)
        if (name_equals(text, length, whole[i]))
            return true;
    if (length < 4 || !(name_equals(text, 3, "com") || name_equals(text, 3, "lpt")))
        return false;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (name_equals(text + 3, length - 3, numbers[i]))
            return true;
    return false;
}

/*
 * Makes one component safe; `text` is its NFC form, and serves as working memory. Also replaces '/', which
 * only the name of a base folder may hold. Returns the length in `out`.
 */
static size_t name_component(char *text, size_t length, bool base, char out[ARV__NAME_COMPONENT_BYTES])
{
    size_t limit = base ? ARV__NAME_BASE_BYTES : ARV__NAME_COMPONENT_BYTES;
    length = name_replace(text, length, base);
    name_fix_ends(text, length);
    length = name_cut(text, length, limit);
    size_t prefix = 0;
    if (length == 0 || name_is_device(text, length)) {
        length = name_cut(text, length, limit - 1);
        out[prefix++] = '_';
    }
    name_fix_version(text, length);
    memcpy(out + prefix, text, length);
    return prefix + length;
}

const char *arv__name_elsewhere(const char *name, size_t length)
{
    size_t digits = length;
    for (size_t from = 0, i = 0; i <= length; i++) {
        if (i < length && name[i] && strchr("<>:\"|?*", name[i]))
            return "holds one of < > : \" | ? *, which Windows refuses";
        if (i < length && name[i] != '/')
            continue;
        if (i > from && (name[i - 1] == '.' || name[i - 1] == ' '))
            return "has a dot or a blank at the end of a component, which Windows drops";
        if (name_is_device(name + from, i - from))
            return "has a component that is a device of Windows";
        from = i + 1;
    }
    while (digits > 0 && name[digits - 1] >= '0' && name[digits - 1] <= '9')
        digits--;
    return digits > 0 && name[digits - 1] == ';' ? "ends with \";\" and digits, which unzip drops" : NULL;
}

/* "~" and 16 characters of base32 in front of a dot or the end, in any case. */
static bool name_has_suffix(const char *text, size_t length)
{
    size_t run = 0;
    bool tilde = false;
    for (size_t i = 0; i <= length; i++) {
        char c = i < length ? text[i] : '.';
        char lower = (char)(c | 0x20);
        if (c == '.' && tilde && run == ARV__NAME_SUFFIX_BYTES - 1)
            return true;
        if ((lower >= 'a' && lower <= 'z') || (c >= '2' && c <= '7')) {
            run++;
        } else {
            tilde = c == '~';
            run = 0;
        }
    }
    return false;
}

/* U+FF5E is the only other character that folds to '~'. */
static const char name_wide_tilde[3] = {'\xEF', '\xBD', '\x9E'};

/* Returns whether a component looks as if it carried a suffix, in any spelling that folds to one. */
static int name_looks_suffixed(name_scratch *scratch, const char *text, size_t length, bool *looks,
                               arv_error *err)
{
    char *folded = NULL;
    *looks = false;
    if (!memchr(text, '~', length) && !memmem(text, length, name_wide_tilde, 3))
        return 0;
    if (name_is_ascii(text, length)) {
        *looks = name_has_suffix(text, length);
        return 0;
    }
    int status = name_map(scratch, text, length, NAME_FOLD, &folded, &length, err);
    if (status == 0)
        *looks = name_has_suffix(folded, length);
    return status;
}

/* Replaces '~' in both its forms, in place. */
static size_t name_drop_tildes(char *text, size_t length)
{
    size_t out = 0;
    for (size_t in = 0; in < length;) {
        bool wide = length - in >= 3 && memcmp(text + in, name_wide_tilde, 3) == 0;
        text[out++] = wide || text[in] == '~' ? '_' : text[in];
        in += wide ? 3 : 1;
    }
    return out;
}

/* How many bytes of `folders` (no '/' at its end) fit before a last component of `last` bytes. */
static size_t name_fit_folders(const char *folders, size_t length, size_t last)
{
    while (length > 0 && length + 1 + last > ARV__NAME_PATH_BYTES) {
        while (length > 0 && folders[length - 1] != '/')
            length--;
        if (length > 0)
            length--;
    }
    return length;
}

/* Appends the two parts of a path. */
static void name_append_path(arv__buf *out, const char *folders, size_t length, const char *last,
                             size_t last_length)
{
    length = name_fit_folders(folders, length, last_length);
    if (length > 0) {
        arv__buf_append(out, folders, length);
        arv__buf_byte(out, '/');
    }
    arv__buf_append(out, last, last_length);
}

/* The folders of a normalised path, made safe, up to the first that cannot fit any more. */
static int name_folders(name_scratch *folding, char *text, size_t length, char into[ARV__NAME_PATH_BYTES],
                        size_t *into_length, arv_error *err)
{
    size_t used = 0;
    for (char *end = text + length, *next; text < end; text = next) {
        char *slash = memchr(text, '/', (size_t)(end - text));
        char component[ARV__NAME_COMPONENT_BYTES];
        bool looks;
        next = slash + 1;
        size_t size = name_component(text, (size_t)(slash - text), false, component);
        int status = name_looks_suffixed(folding, component, size, &looks, err);
        if (status < 0)
            return status;
        if (looks)
            size = name_drop_tildes(component, size);
        if (used + 1 + size > ARV__NAME_PATH_BYTES)
            break;
        if (used > 0)
            into[used++] = '/';
        memcpy(into + used, component, size);
        used += size;
    }
    *into_length = used;
    return 0;
}

static int name_check(const char *text, size_t length, arv_error *err)
{
    char shown[ARV__QUOTE_BYTES];
    size_t bad;
    if (length == 0)
        return arv_error_set(err, ARV_ENAME, "A name is empty; give every entry a name.");
    if (length > ARV__NAME_ORIGINAL_BYTES)
        return arv_error_set(err, ARV_ENAME,
                             "The name %s has %zu bytes, but at most %d are accepted; shorten it.",
                             arv__quote(shown, sizeof shown, text, length), length, ARV__NAME_ORIGINAL_BYTES);
    if (arv__utf8_valid(text, length, &bad))
        return 0;
    arv__quote(shown, sizeof shown, text, length);
    if (text[bad] == '\0')
        return arv_error_set(err, ARV_ENAME, "The name %s has a NUL at byte %zu; give it without.", shown,
                             bad);
    return arv_error_set(err, ARV_ENAME,
                         "The name %s is not valid UTF-8 at byte %zu (0x%02x); rename the file or "
                         "convert its name to UTF-8.",
                         shown, bad, (unsigned char)text[bad]);
}

/* A copy of a checked name in NFC that may be written to; it lies in the scratch. */
static int name_normalise(name_scratch *scratch, const char *original, size_t length, char **text,
                          size_t *text_length, arv_error *err)
{
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)original[i] >= NAME_FIRST_BYTE_TO_NORMALISE)
            return name_map(scratch, original, length, NAME_NFC, text, text_length, err);
    *text = (char *)scratch->fixed;
    if (length > sizeof scratch->fixed) {
        *text = (char *)(scratch->heap = arv_malloc(length));
        if (!*text)
            return arv_error_nomem(err, "a name");
    }
    memcpy(*text, original, length);
    *text_length = length;
    return 0;
}

/* Plain ASCII that is safe as it is. Names with '~' and all doubtful ones go the whole way. */
static bool name_is_plain(const char *text, size_t length)
{
    static const bool plain[256] = {[' '] = true,         ['!'] = true,         ['#' ... '$'] = true,
                                    ['&' ... ')'] = true, ['+' ... '9'] = true, ['='] = true,
                                    ['@' ... '['] = true, [']' ... '{'] = true, ['}'] = true};
    size_t start = 0;
    if (length > ARV__NAME_PATH_BYTES)
        return false;
    for (size_t i = 0; i <= length; i++) {
        if (i < length && text[i] != '/') {
            if (!plain[(unsigned char)text[i]])
                return false;
            continue;
        }
        size_t size = i - start;
        if (size == 0 || size > ARV__NAME_COMPONENT_BYTES || text[start] == ' ' || text[i - 1] == ' ' ||
            text[i - 1] == '.' || name_is_device(text + start, size))
            return false;
        start = i + 1;
    }
    return true;
}

/* The whole way, for a checked name. */
static int name_convert(arv__buf *out, const char *original, size_t length, bool *must_suffix, arv_error *err)
{
    name_scratch scratch, folding;
    char folders[ARV__NAME_PATH_BYTES], last[ARV__NAME_COMPONENT_BYTES];
    char *text;
    size_t size, folders_length;
    scratch.heap = folding.heap = NULL;
    int status = name_normalise(&scratch, original, length, &text, &size, err);
    if (status < 0)
        goto out;
    const char *slash = memrchr(text, '/', size);
    size_t folders_size = slash ? (size_t)(slash + 1 - text) : 0;
    status = name_folders(&folding, text, folders_size, folders, &folders_length, err);
    if (status < 0)
        goto out;
    size_t last_length = name_component(text + folders_size, size - folders_size, false, last);
    status = name_looks_suffixed(&folding, last, last_length, must_suffix, err);
    if (status == 0)
        name_append_path(out, folders, folders_length, last, last_length);
out:
    arv_free(scratch.heap);
    arv_free(folding.heap);
    return status;
}

int arv__name_safe(arv__buf *out, const char *original, size_t length, bool *lossless, bool *must_suffix,
                   arv_error *err)
{
    bool same = true, suffix = false;
    if (length > 0 && name_is_plain(original, length)) {
        arv__buf_append(out, original, length);
    } else {
        size_t before = out->length;
        int status = name_check(original, length, err);
        if (status == 0)
            status = name_convert(out, original, length, &suffix, err);
        if (status < 0)
            return status;
        same =
            out->length - before == length && out->data && memcmp(out->data + before, original, length) == 0;
    }
    if (lossless)
        *lossless = same;
    if (must_suffix)
        *must_suffix = suffix;
    return arv__buf_status(out, "a name", err);
}

int arv__name_safe_component(arv__buf *out, const char *original, size_t length, arv_error *err)
{
    name_scratch scratch;
    char component[ARV__NAME_COMPONENT_BYTES];
    char *text;
    size_t size;
    int status = name_check(original, length, err);
    if (status < 0)
        return status;
    scratch.heap = NULL;
    status = name_normalise(&scratch, original, length, &text, &size, err);
    if (status == 0) {
        arv__buf_append(out, component, name_component(text, size, true, component));
        status = arv__buf_status(out, "a name", err);
    }
    arv_free(scratch.heap);
    return status;
}

/* ASCII needs no table: lower case, and '/' to 0x01. */
static bool name_fold_ascii(arv__buf *out, const char *safe, size_t length)
{
    if (!name_is_ascii(safe, length) || !arv__buf_reserve(out, length) || out->counting)
        return false;
    unsigned char *at = out->data + out->length;
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)safe[i];
        c |= (unsigned char)(c >= 'A' && c <= 'Z') << 5;
        at[i] = c == '/' ? 1 : c;
    }
    out->length += length;
    return true;
}

/*
 * Goes component by component, since the wide solidus U+FF0F folds to '/' and does not separate components.
 */
int arv__name_fold(arv__buf *out, const char *safe, size_t length, arv_error *err)
{
    name_scratch scratch;
    int status = 0;
    if (length == 0 || name_fold_ascii(out, safe, length))
        return arv__buf_status(out, "the key of a name", err);
    scratch.heap = NULL;
    for (size_t start = 0; start <= length && status == 0;) {
        const char *slash = start < length ? memchr(safe + start, '/', length - start) : NULL;
        size_t end = slash ? (size_t)(slash - safe) : length;
        char *folded;
        size_t size;
        status = name_map(&scratch, safe + start, end - start, NAME_FOLD, &folded, &size, err);
        if (status == 0)
            arv__buf_append(out, folded, size);
        if (slash)
            arv__buf_byte(out, 1);
        start = end + 1;
    }
    arv_free(scratch.heap);
    return status < 0 ? status : arv__buf_status(out, "the key of a name", err);
}

int arv__name_order(arv__buf *out, const char *text, size_t length, arv_error *err)
{
    name_scratch scratch;
    char *folded;
    size_t size;
    if (length == 0 || name_fold_ascii(out, text, length))
        return arv__buf_status(out, "the key of an owner", err);
    scratch.heap = NULL;
    int status = name_map(&scratch, text, length, NAME_FOLD | UTF8PROC_STRIPMARK, &folded, &size, err);
    if (status == 0)
        arv__buf_append(out, folded, size);
    arv_free(scratch.heap);
    return status < 0 ? status : arv__buf_status(out, "the key of an owner", err);
}

int arv__name_suffix(arv__buf *out, const char *safe, size_t length, const unsigned char digest[10],
                     arv_error *err)
{
    static const char base32[] = "abcdefghijklmnopqrstuvwxyz234567";
    char last[ARV__NAME_COMPONENT_BYTES];
    const char *slash = memrchr(safe, '/', length);
    size_t folders = slash ? (size_t)(slash - safe) : 0;
    const char *name = slash ? slash + 1 : safe;
    size_t size = length - (size_t)(name - safe);
    size_t extension = name_extension(name, size);
    size_t stem = size - extension;
    size_t room = ARV__NAME_COMPONENT_BYTES - ARV__NAME_SUFFIX_BYTES - extension;
    if (stem > room)
        stem = arv__utf8_floor(name, room);
    memcpy(last, name, stem);
    last[stem] = '~';
    for (unsigned i = 0; i < ARV__NAME_SUFFIX_BYTES - 1; i++) {
        unsigned bit = i * 5, byte = bit / 8;
        unsigned pair = (unsigned)digest[byte] << 8 | (byte < 9 ? digest[byte + 1] : 0u);
        last[stem + 1 + i] = base32[pair >> (11 - bit % 8) & 31];
    }
    memcpy(last + stem + ARV__NAME_SUFFIX_BYTES, name + size - extension, extension);
    name_append_path(out, safe, folders, last, stem + ARV__NAME_SUFFIX_BYTES + extension);
    return arv__buf_status(out, "a name", err);
}

void arv__library_utf8proc(arv_library *library)
{
    *library = (arv_library){"utf8proc", utf8proc_version()};
}

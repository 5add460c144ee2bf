/* SPDX-License-Identifier: Apache-2.0 */
#include "json.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "text.h"

enum { JSON_DEPTH_MAX = 8 };

static struct {
    char closing[JSON_DEPTH_MAX];
    unsigned depth;
    bool comma; /* something stands before in this object */
} json;

static void json_quote(const char *text, size_t length)
{
    putchar('"');
    while (length > 0) {
        uint32_t character = 0;
        size_t taken = text_decode(text, length, &character);
        if (taken == 0) {
            fputs("\xEF\xBF\xBD", stdout);
            taken = 1;
        } else if (character == '"' || character == '\\') {
            printf("\\%c", (char)character);
        } else if (character == '\n') {
            fputs("\\n", stdout);
        } else if (text_steers(character)) {
            printf("\\u%04x", (unsigned)character);
        } else {
            fwrite(text, 1, taken, stdout);
        }
        text += taken;
        length -= taken;
    }
    putchar('"');
}

static void json_begin(const char *key)
{
    if (json.comma)
        putchar(',');
    json.comma = true;
    if (key) {
        json_quote(key, strlen(key));
        putchar(':');
    }
}

void json_open(const char *key, char bracket)
{
    if (json.depth > 0)
        json_begin(key);
    putchar(bracket);
    json.closing[json.depth++ % JSON_DEPTH_MAX] = bracket == '{' ? '}' : ']';
    json.comma = false;
}

void json_close(char bracket)
{
    putchar(bracket);
    json.depth--;
    json.comma = json.depth > 0;
    if (json.depth == 0)
        putchar('\n');
}

void json_text(const char *key, const char *text)
{
    json_bytes(key, text, text ? strlen(text) : 0);
}

void json_bytes(const char *key, const char *text, size_t length)
{
    json_begin(key);
    if (text)
        json_quote(text, length);
    else
        fputs("null", stdout);
}

void json_unsigned(const char *key, uint64_t number)
{
    json_begin(key);
    printf("%" PRIu64, number);
}

void json_signed(const char *key, int64_t number)
{
    json_begin(key);
    printf("%" PRId64, number);
}

void json_bool(const char *key, bool value)
{
    json_begin(key);
    fputs(value ? "true" : "false", stdout);
}

void json_digests(const arv_digests *digests)
{
    char hex[129];
    if (digests->present & ARV_DIGEST_SHA256)
        json_text("sha256", arv_digests_hex(digests, ARV_DIGEST_SHA256, hex));
    if (digests->present & ARV_DIGEST_SHA512)
        json_text("sha512", arv_digests_hex(digests, ARV_DIGEST_SHA512, hex));
}

void json_error(const arv_error *err, const char *hint, int exit_code)
{
    while (json.depth > 1)
        json_close(json.closing[(json.depth - 1) % JSON_DEPTH_MAX]);
    if (json.depth == 0)
        json_open(NULL, '{');
    json_open("error", '{');
    json_text("name", arv_error_name(err->code));
    json_signed("code", err->code);
    json_text("message", err->message);
    if (hint)
        json_text("hint", hint);
    json_signed("exit", exit_code);
    json_close('}');
    json_close('}');
}

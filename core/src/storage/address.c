/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/internal.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>

#include <arv/package.h>
#include "crypto/digest.h"
#include "util/names.h"

enum { KEY_SHARD = 3, KEY_UUID = 36, KEY_SUFFIX_MAX = 32 };

/* ---- keys and UUIDs -------------------------------------------------------------------------- */

static bool hex_digit(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

static bool uuid_valid(const char *uuid)
{
    for (int i = 0; i < KEY_UUID; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? uuid[i] != '-' : !hex_digit(uuid[i]))
            return false;
    }
    return true;
}

/* "" or ".zip", ".tar.zst": lower-case letters and digits between single dots. */
static bool suffix_valid(const char *suffix)
{
    size_t length = strlen(suffix);
    if (length == 0)
        return true;
    if (suffix[0] != '.' || suffix[length - 1] == '.' || length > KEY_SUFFIX_MAX)
        return false;
    for (size_t i = 1; i < length; i++) {
        bool plain =
            (suffix[i] >= 'a' && suffix[i] <= 'z') || (suffix[i] >= '0' && suffix[i] <= '9');
        if (!plain && (suffix[i] != '.' || suffix[i - 1] == '.'))
            return false;
    }
    return true;
}

static int key_refuse(const char *key, arv_error *err)
{
    char quoted[ARV__QUOTE_BYTES];
    return arv_error_set(err, ARV_EINVALID,
                         "%s is not a key of a stored object; a key is the last two digits of a "
                         "UUID, '/', the UUID in lower case and a suffix such as \".zip\".",
                         key ? arv__quote(quoted, sizeof quoted, key, strlen(key)) : "NULL");
}

int arv__key_check(const char *key, arv_error *err)
{
    if (!key || strlen(key) < KEY_SHARD + KEY_UUID || strlen(key) >= ARV_KEY_BYTES ||
        key[2] != '/' || !uuid_valid(key + KEY_SHARD) ||
        !suffix_valid(key + KEY_SHARD + KEY_UUID) ||
        memcmp(key, key + KEY_SHARD + KEY_UUID - 2, 2) != 0)
        return key_refuse(key, err);
    return 0;
}

int arv_key_from_uuid(const char *uuid, const char *suffix, char key[ARV_KEY_BYTES], arv_error *err)
{
    char quoted[ARV__QUOTE_BYTES];
    if (!uuid || strlen(uuid) != KEY_UUID || !uuid_valid(uuid))
        return arv_error_set(err, ARV_EINVALID,
                             "%s is not a UUID in lower case such as "
                             "\"0192f0c1-7d3b-7cc2-9a51-3c6e1f2a4b5d\".",
                             uuid ? arv__quote(quoted, sizeof quoted, uuid, strlen(uuid)) : "NULL");
    if (!suffix)
        suffix = "";
    if (!suffix_valid(suffix))
        return arv_error_set(err, ARV_EINVALID,
                             "%s is not a suffix for a key; it is empty, or a dot and lower-case "
                             "letters and digits such as \".zip\", at most %d characters.",
                             arv__quote(quoted, sizeof quoted, suffix, strlen(suffix)),
                             KEY_SUFFIX_MAX);
    snprintf(key, ARV_KEY_BYTES, "%.2s/%s%s", uuid + KEY_UUID - 2, uuid, suffix);
    return 0;
}

bool arv_key_to_uuid(const char *key, char uuid[37])
{
    if (arv__key_check(key, NULL) < 0 ||
        memcmp(key + KEY_SHARD, ARV_UUID_FREE, ARV_UUID_FREE_BYTES) == 0)
        return false;
    memcpy(uuid, key + KEY_SHARD, KEY_UUID);
    uuid[KEY_UUID] = '\0';
    return true;
}

static void uuid_print(unsigned char b[16], unsigned version, char uuid[37])
{
    b[6] = (unsigned char)((b[6] & 0x0f) | version << 4);
    b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
    snprintf(uuid, 37, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0],
             b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13],
             b[14], b[15]);
}

int arv_uuid_derive(const void *data, size_t length, char uuid[37], arv_error *err)
{
    arv_digests digests;
    int rc = arv__digest_bytes(ARV_DIGEST_SHA256, data, length, &digests, err);
    if (rc == 0)
        uuid_print(digests.sha256, 5, uuid); /* 8 is what an archive's own content gives */
    return rc;
}

static int uuid_random(bool is_free, char uuid[37], arv_error *err)
{
    unsigned char b[16];
    ssize_t n;
    do
        n = getrandom(b, sizeof b, 0);
    while (n < 0 && errno == EINTR);
    if (n != (ssize_t)sizeof b)
        return arv_error_system(err, n < 0 ? errno : EIO,
                                "The system gave no random bytes for a UUID");
    if (is_free)
        memset(b, 0xff, 4);
    uuid_print(b, is_free ? 8 : 4, uuid);
    return 0;
}

int arv_uuid_random(char uuid[37], arv_error *err)
{
    return uuid_random(false, uuid, err);
}

int arv__key_make(const char *suffix, char key[ARV_KEY_BYTES], arv_error *err)
{
    char uuid[37];
    int rc = uuid_random(true, uuid, err);
    return rc < 0 ? rc : arv_key_from_uuid(uuid, suffix, key, err);
}

void arv__suffix_of_file(const char *path, char suffix[33])
{
    const char *name = strrchr(path, '/');
    name = name ? name + 1 : path;
    const char *dot = strrchr(name, '.');
    suffix[0] = '\0';
    if (!dot || dot == name || strlen(dot) > 16)
        return;
    if (dot - name > 4 && strncasecmp(dot - 4, ".tar", 4) == 0)
        dot -= 4;
    size_t i = 0;
    for (; dot[i]; i++)
        suffix[i] = (char)(dot[i] >= 'A' && dot[i] <= 'Z' ? dot[i] - 'A' + 'a' : dot[i]);
    suffix[i] = '\0';
    if (!suffix_valid(suffix))
        suffix[0] = '\0';
}

/* ---- URLs ------------------------------------------------------------------------------------ */

/* Also where the password has a '/', '?' or '#' that was not written as %2F, %3F or %23: what stands
 * before it is no port then. */
static bool url_names_user(const char *authority)
{
    size_t length = strcspn(authority, "/?#");
    const char *port = authority[0] == '[' ? NULL : memchr(authority, ':', length);
    if (memchr(authority, '@', length))
        return true;
    if (!port || !strchr(authority + length, '@'))
        return false;
    size_t digits = strspn(port + 1, "0123456789");
    return digits == 0 || port + 1 + digits < authority + length;
}

int arv__url_scheme(const char *url, char scheme[32], arv_error *err)
{
    char quoted[ARV__QUOTE_BYTES];
    size_t length = url ? strcspn(url, ":/?#") : 0;
    bool valid = length > 0 && length < 32 && strncmp(url + length, "://", 3) == 0 &&
                 strlen(url) < ARV_ADDRESS_BYTES;
    for (size_t i = 0; valid && i < length; i++) {
        char c = url[i];
        c = (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
        valid = (c >= 'a' && c <= 'z') ||
                (i > 0 && ((c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.'));
        scheme[i] = c;
    }
    for (const char *c = url; valid && *c; c++)
        valid = (unsigned char)*c > ' ' && *c != 0x7f;
    if (!valid)
        return arv_error_set(err, ARV_EINVALID,
                             "The text given is not the URL of a storage; a URL begins with a "
                             "scheme, such as \"file:///srv/archive\", and has no blanks.");
    scheme[length] = '\0';
    const char *authority = url + length + 3;
    if (url_names_user(authority))
        return arv_error_set(
            err, ARV_EINVALID,
            "The URL of a storage of the scheme %s carries a user name; give names "
            "and passwords as options, never in the URL.",
            arv__quote(quoted, sizeof quoted, scheme, length));
    return 0;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int arv__url_decode(const char *text, size_t length, char *into, size_t capacity, arv_error *err)
{
    size_t used = 0;
    for (size_t i = 0; i < length; i++) {
        int c = (unsigned char)text[i];
        if (c == '%') {
            int high = length - i > 2 ? hex_value(text[i + 1]) : -1;
            int low = length - i > 2 ? hex_value(text[i + 2]) : -1;
            if (high < 0 || low < 0 || high + low == 0)
                return arv_error_set(err, ARV_EINVALID,
                                     "The URL has a '%%' without two hexadecimal digits behind it, "
                                     "or %%00; write a percent sign as %%25.");
            c = high * 16 + low;
            i += 2;
        }
        if (used + 1 >= capacity)
            return arv_error_set(err, ARV_EINVALID, "The path of the URL is longer than %zu bytes.",
                                 capacity - 1);
        into[used++] = (char)c;
    }
    into[used] = '\0';
    if (!arv__utf8_valid(into, used, NULL))
        return arv_error_set(err, ARV_EINVALID, "The path of the URL is not valid UTF-8.");
    return 0;
}

/* ---- addresses ------------------------------------------------------------------------------- */

int arv_address_split(const char *address, char url[ARV_ADDRESS_BYTES], char key[ARV_KEY_BYTES],
                      arv_error *err)
{
    char scheme[32];
    int rc = arv__url_scheme(address, scheme, err);
    if (rc < 0)
        return rc;
    const char *first = strstr(address, "://") + 3, *slash = NULL;
    const char *last = strrchr(first, '/');
    if (last)
        slash = memrchr(first, '/', (size_t)(last - first));
    if (!slash || arv__key_check(slash + 1, NULL) < 0)
        return arv_error_set(
            err, ARV_EINVALID,
            "The text given is not the address of a stored object; an address is "
            "the URL of a storage, '/' and a key, such as "
            "\"file:///srv/archive/5d/0192f0c1-7d3b-7cc2-9a51-3c6e1f2a4b5d.zip\".");
    memcpy(url, address, (size_t)(slash - address));
    url[slash - address] = '\0';
    arv__key_copy(key, slash + 1);
    return 0;
}

int arv_storage_address(const arv_storage *storage, const char *key,
                        char address[ARV_ADDRESS_BYTES], arv_error *err)
{
    int rc = arv__key_check(key, err);
    if (rc < 0)
        return rc;
    int n = snprintf(address, ARV_ADDRESS_BYTES, "%s/%s", storage->url, key);
    if (n < 0 || n >= ARV_ADDRESS_BYTES)
        return arv_error_set(
            err, ARV_ELIMIT,
            "The address of the object '%s' is longer than %d bytes; use a storage "
            "with a shorter URL.",
            key, ARV_ADDRESS_BYTES - 1);
    return 0;
}

/* ---- URLs with a login ------------------------------------------------------------------------ */

/* Of the URL whose scheme ends before `colon`: something that ends with '@' stands before its path. A
 * slash too few is a slip of a URL, too. */
static bool login_user(const char *colon)
{
    const char *host = colon + 1 + strspn(colon + 1, "/");
    return host > colon + 1 && memchr(host, '@', strcspn(host, "/?# "));
}

/* A password may have a slash that nobody wrote as %2F; then what stands before it is no port. */
static bool login_password(const char *colon)
{
    const char *host = colon + 1 + strspn(colon + 1, "/");
    const char *path = host + strcspn(host, "/?# "), *port = memchr(host, ':', (size_t)(path - host));
    if (host != colon + 3 || *host == '[' || !port || !strchr(path, '@'))
        return false;
    size_t digits = strspn(port + 1, "0123456789");
    return digits == 0 || port + 1 + digits < path;
}

bool arv_url_has_login(const char *text)
{
    if (text[0] == '/' || text[0] == '.')
        return false; /* a path */
    for (const char *colon = strstr(text, ":/"); colon; colon = strstr(colon + 1, ":/"))
        if (colon > text && isalnum((unsigned char)colon[-1]) &&
            (login_user(colon) || login_password(colon)))
            return true;
    return false;
}

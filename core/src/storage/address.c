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
#include "util/hex.h"
#include "util/names.h"

enum { KEY_SHARD = 3, KEY_UUID = 36, KEY_SUFFIX_MAX = 32, KEY_NUMBER_MAX = 9999 };

#define KEY_ABOUT ".json"
#define NAME_VERSION "#version="

/* ---- keys and UUIDs -------------------------------------------------------------------------- */

static bool uuid_valid(const char *uuid)
{
    for (int i = 0; i < KEY_UUID; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? uuid[i] != '-' : arv__hex_lower(uuid[i]) < 0)
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
        bool plain = (suffix[i] >= 'a' && suffix[i] <= 'z') || (suffix[i] >= '0' && suffix[i] <= '9');
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
    if (!key || strlen(key) < KEY_SHARD + KEY_UUID || strlen(key) >= ARV_KEY_BYTES || key[2] != '/' ||
        !uuid_valid(key + KEY_SHARD) || !suffix_valid(key + KEY_SHARD + KEY_UUID) ||
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
                             arv__quote(quoted, sizeof quoted, suffix, strlen(suffix)), KEY_SUFFIX_MAX);
    snprintf(key, ARV_KEY_BYTES, "%.2s/%s%s", uuid + KEY_UUID - 2, uuid, suffix);
    return 0;
}

bool arv_key_to_uuid(const char *name, char uuid[37])
{
    char key[ARV_KEY_BYTES], version[ARV_VERSION_BYTES];
    unsigned number;
    if (arv__name_parse(name, key, version, NULL) < 0 || arv_key_is_beside(key, &number) ||
        memcmp(key + KEY_SHARD, ARV_UUID_FREE, ARV_UUID_FREE_BYTES) == 0)
        return false;
    memcpy(uuid, key + KEY_SHARD, KEY_UUID);
    uuid[KEY_UUID] = '\0';
    return true;
}

/* ---- beside an archive ----------------------------------------------------------------------- */

/* From the second archive of a job on, the keys of an archive and of the objects beside it have a number.
 * Returns the length of that number and the dot before it in a suffix such as ".2.zip". */
static size_t key_generation(const char *suffix)
{
    size_t digits = suffix[0] == '.' ? strspn(suffix + 1, "0123456789") : 0;
    return digits >= 1 && digits <= 3 && suffix[1 + digits] == '.' ? 1 + digits : 0;
}

int arv_key_beside(const char *archive, unsigned number, const char *suffix, char key[ARV_KEY_BYTES],
                   arv_error *err)
{
    char uuid[KEY_UUID + 1], whole[2 * KEY_SUFFIX_MAX];
    unsigned found;
    int rc = arv__key_check(archive, err);
    if (rc < 0)
        return rc;
    if (!suffix || strlen(suffix) < 2 || !suffix_valid(suffix) || number > KEY_NUMBER_MAX ||
        arv_key_is_beside(archive, &found) || (number == 0 && strcmp(suffix, KEY_ABOUT) != 0))
        return arv_error_set(err, ARV_EINVALID,
                             "What stands beside an archive is \"" KEY_ABOUT "\" with the number 0, or has a "
                             "number from 1 to %d and a suffix such as \".tsr\".",
                             KEY_NUMBER_MAX);
    const char *own = archive + KEY_SHARD + KEY_UUID;
    int generation = (int)key_generation(own);
    snprintf(uuid, sizeof uuid, "%.36s", archive + KEY_SHARD);
    if (number)
        snprintf(whole, sizeof whole, "%.*s.%04u%s", generation, own, number, suffix);
    else
        snprintf(whole, sizeof whole, "%.*s%s", generation, own, suffix);
    return arv_key_from_uuid(uuid, whole, key, err);
}

bool arv_key_is_beside(const char *key, unsigned *number)
{
    *number = 0;
    if (!key || arv__key_check(key, NULL) < 0)
        return false;
    const char *suffix = key + KEY_SHARD + KEY_UUID;
    suffix += key_generation(suffix);
    if (strcmp(suffix, KEY_ABOUT) == 0)
        return true;
    for (int i = 1; i <= 4; i++) {
        if (suffix[0] == '\0' || suffix[i] < '0' || suffix[i] > '9')
            return false;
        *number = *number * 10 + (unsigned)(suffix[i] - '0');
    }
    return suffix[5] == '.' && *number > 0;
}

/* ---- UUIDs ----------------------------------------------------------------------------------- */

static void uuid_print(unsigned char b[16], unsigned version, char uuid[37])
{
    b[6] = (unsigned char)((b[6] & 0x0f) | version << 4);
    b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
    snprintf(uuid, 37, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0], b[1],
             b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]);
}

int arv_uuid_derive(const void *data, size_t length, char uuid[37], arv_error *err)
{
    arv_digests digests;
    int rc = arv__digest_bytes(ARV_DIGEST_SHA256, data, length, &digests, err);
    if (rc == 0)
        uuid_print(digests.sha256, 5, uuid); /* version 8 is made of an archive's own content */
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
        return arv_error_system(err, n < 0 ? errno : EIO, "The system gave no random bytes for a UUID");
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

/* Finds the user also when the password has a bare '/', '?' or '#' instead of %2F, %3F or %23: the text
 * before that character is no port then. */
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
    bool valid =
        length > 0 && length < 32 && strncmp(url + length, "://", 3) == 0 && strlen(url) < ARV_ADDRESS_BYTES;
    for (size_t i = 0; valid && i < length; i++) {
        char c = url[i];
        c = (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
        valid =
            (c >= 'a' && c <= 'z') || (i > 0 && ((c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.'));
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
        return arv_error_set(err, ARV_EINVALID,
                             "The URL of a storage of the scheme %s carries a user name; give names "
                             "and passwords as options, never in the URL.",
                             arv__quote(quoted, sizeof quoted, scheme, length));
    return 0;
}

int arv__url_decode(const char *text, size_t length, char *into, size_t capacity, arv_error *err)
{
    size_t used = 0;
    for (size_t i = 0; i < length; i++) {
        int c = (unsigned char)text[i];
        if (c == '%') {
            int high = length - i > 2 ? arv__hex_digit(text[i + 1]) : -1;
            int low = length - i > 2 ? arv__hex_digit(text[i + 2]) : -1;
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

/* ---- names and addresses --------------------------------------------------------------------- */

static bool version_valid(const char *version)
{
    size_t length = strnlen(version, ARV_VERSION_BYTES);
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)version[i] < ' ' || version[i] == 0x7f)
            return false;
    return length < ARV_VERSION_BYTES && arv__utf8_valid(version, length, NULL);
}

int arv__version_check(const arv_storage *storage, const char *key, const char *version, arv_error *err)
{
    bool has = arv__storage_can(storage, ARV_STORAGE_VERSIONS);
    const char *what = !version_valid(version) ? "a version that is no printable text"
                       : version[0] && !has    ? "a version, although it says that it has none"
                       : has && !version[0]    ? "no version, although it says that it has them"
                                               : NULL;
    return what ? arv_error_set(err, ARV_EINTERNAL, "The storage driver '%s' gave the object '%s' %s.",
                                storage->ops->name, key, what)
                : 0;
}

int arv_object_name(const char *key, const char *version, char name[ARV_NAME_BYTES], arv_error *err)
{
    static const char hex[] = "0123456789ABCDEF";
    int rc = arv__key_check(key, err);
    if (rc < 0)
        return rc;
    char *to = name + snprintf(name, ARV_NAME_BYTES, "%s", key);
    if (!version || !version[0])
        return 0;
    if (!version_valid(version))
        return arv_error_set(err, ARV_EINVALID,
                             "The version of the object '%s' is no printable text of "
                             "at most %d bytes.",
                             key, ARV_VERSION_BYTES - 1);
    to = stpcpy(to, NAME_VERSION);
    for (const unsigned char *c = (const unsigned char *)version; *c; c++) {
        if ((*c < 0x80 && isalnum(*c)) || strchr("-._~", *c)) {
            *to++ = (char)*c;
        } else {
            *to++ = '%';
            *to++ = hex[*c >> 4];
            *to++ = hex[*c & 15];
        }
    }
    *to = '\0';
    return 0;
}

int arv__name_parse(const char *name, char key[ARV_KEY_BYTES], char version[ARV_VERSION_BYTES],
                    arv_error *err)
{
    size_t length = name ? strcspn(name, "#") : 0;
    key[0] = version[0] = '\0';
    if (length < ARV_KEY_BYTES)
        snprintf(key, ARV_KEY_BYTES, "%.*s", (int)length, name ? name : "");
    if (arv__key_check(key, NULL) < 0)
        return key_refuse(name, err);
    const char *text = name + length;
    if (!text[0])
        return 0;
    size_t head = sizeof NAME_VERSION - 1;
    if (strncmp(text, NAME_VERSION, head) != 0 || !text[head] ||
        strspn(text + head, "%-._~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") !=
            strlen(text + head) ||
        arv__url_decode(text + head, strlen(text + head), version, ARV_VERSION_BYTES, NULL) < 0 ||
        !version_valid(version))
        return arv_error_set(err, ARV_EINVALID,
                             "What follows the key '%s' is no version; it is \"" NAME_VERSION "\" and then "
                             "letters, digits, '-', '.', '_', '~' and %%XX.",
                             key);
    return 0;
}

int arv_address_parse(arv_address *a, const char *text, arv_error *err)
{
    char scheme[32];
    memset(a, 0, sizeof *a);
    int rc = arv__url_scheme(text, scheme, err);
    if (rc < 0)
        return rc;
    const char *first = strstr(text, "://") + 3, *end = first + strcspn(first, "#"), *slash = NULL;
    const char *last = memrchr(first, '/', (size_t)(end - first));
    if (last)
        slash = memrchr(first, '/', (size_t)(last - first));
    rc = slash ? arv__name_parse(slash + 1, a->key, a->version, err) : ARV_EINVALID;
    if (rc < 0 && arv__key_check(a->key, NULL) < 0)
        return arv_error_set(err, ARV_EINVALID,
                             "The text given is not the address of a stored object; an address is "
                             "the URL of a storage, '/' and a key, such as "
                             "\"file:///srv/archive/5d/0192f0c1-7d3b-7cc2-9a51-3c6e1f2a4b5d.zip\".");
    if (rc < 0)
        return rc;
    memcpy(a->url, text, (size_t)(slash - text));
    return arv_object_name(a->key, a->version, a->name, err);
}

int arv_storage_address(const arv_storage *storage, const char *name, char address[ARV_ADDRESS_BYTES],
                        arv_error *err)
{
    char key[ARV_KEY_BYTES], version[ARV_VERSION_BYTES];
    int rc = arv__name_parse(name, key, version, err);
    if (rc < 0)
        return rc;
    int n = snprintf(address, ARV_ADDRESS_BYTES, "%s/%s", storage->url, name);
    if (n < 0 || n >= ARV_ADDRESS_BYTES)
        return arv_error_set(err, ARV_ELIMIT,
                             "The address of the object '%s' is longer than %d bytes; use a storage "
                             "with a shorter URL.",
                             key, ARV_ADDRESS_BYTES - 1);
    return 0;
}

/* ---- URLs with a login ------------------------------------------------------------------------ */

/* The scheme of the URL ends before `colon`. Returns whether a text that ends with '@' stands before the
 * path, also in a URL that lacks a slash. */
static bool login_user(const char *colon)
{
    const char *host = colon + 1 + strspn(colon + 1, "/");
    return host > colon + 1 && memchr(host, '@', strcspn(host, "/?# "));
}

/* A password may have a bare slash instead of %2F; the text before the slash is no port then. */
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
        if (colon > text && isalnum((unsigned char)colon[-1]) && (login_user(colon) || login_password(colon)))
            return true;
    return false;
}

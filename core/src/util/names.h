/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_UTIL_NAMES_H
#define ARV_UTIL_NAMES_H

/*
 * Makes names that every system can unpack out of names that people gave.
 *
 * A name is data and never a path of ours; in the container people must still be able to read it.
 * So arv__name_safe() makes it safe, component by component, and entries.jsonl keeps the original.
 *
 *   - Unicode NFC; invalid UTF-8 is refused with ARV_ENAME, never repaired.
 *   - '/' separates components. A backslash does not: it is replaced like any character below.
 *   - Replaced by '_': C0 and C1 controls, DEL, < > : " | ? * \ and the bidirectional control and
 *     other invisible format characters (U+061C, U+200B..U+200F, U+202A..U+202E, U+2060..U+206F,
 *     U+FEFF, U+FFF9..U+FFFB), non-characters, U+2028, U+2029.
 *   - '%' becomes '_' too: a BagIt manifest would have to write it as %25 (RFC 8493, 2.1.3), which
 *     sha256sum -c does not undo. So both read every manifest of ours alike.
 *   - Trailing dots and blanks of a component become '_' each; leading blanks become '_'.
 *   - "", "." and ".." become "_", "_" and "__". So an absolute path, or one with empty components, has
 *     no empty component left (a leading '/' gives a first component "_").
 *   - Device names of Windows (CON PRN AUX NUL COM0-9 LPT0-9, also with superscript digits, CONIN$
 *     CONOUT$ CLOCK$; with any extension; any case) get a leading '_'.
 *   - A component is cut to 180 bytes at a character border, keeping an extension of up to 16
 *     bytes (with its dot, without blanks); the whole is cut to 900 bytes: leading components are
 *     kept as they fit, the last one always.
 *   - A base folder's name is cut to 118 bytes: behind the 30 of a zip's first header it ends before
 *     byte 148, where a tar has its checksum (package/bag_readme.c).
 *   - A last component that looks as if it carried a suffix of ours gets one (see below); a folder that
 *     looks so gets '_' for its '~'. So nobody can make a name that collides with a suffixed one.
 *
 * Two originals may give the same safe name. arv__name_fold() gives the key under which safe names
 * collide on any of the usual systems (NFKC_Casefold of Unicode). It maps '/' to 0x01, so that a
 * byte-wise sort puts a folder's content directly behind a file of the folder's name. A name that
 * collides gets the suffix of arv__name_suffix() before its extension: "~" and 16 characters of base32
 * (a-z2-7) of the SHA-256 of the original path.
 *
 * Ownership: results are appended to the caller's buffer. Threading: pure functions.
 */

#include <stdbool.h>
#include "util/buf.h"

enum {
    ARV__NAME_COMPONENT_BYTES = 180,
    ARV__NAME_BASE_BYTES = 118,
    ARV__NAME_PATH_BYTES = 900,       /* of a safe path */
    ARV__NAME_ORIGINAL_BYTES = 16384, /* longest original that is accepted */
    ARV__NAME_SUFFIX_BYTES = 17       /* "~" and 16 */
};

/*
 * Appends the safe form of `original` to `out`.
 * Sets `*lossless` if it is the original byte for byte.
 * Sets `*must_suffix` if the caller must not use the safe form without a suffix.
 * Errors: ARV_ENAME (invalid UTF-8, NUL inside, empty, too long) with a sentence that shows the
 * name escaped and the position of the first wrong byte; ARV_ENOMEM.
 */
int arv__name_safe(arv__buf *out, const char *original, size_t length, bool *lossless, bool *must_suffix,
                   arv_error *err);

/* One component, the name of a base folder: like arv__name_safe(), but '/' is replaced too. */
int arv__name_safe_component(arv__buf *out, const char *original, size_t length, arv_error *err);

/* Appends the collision key of a safe path. Errors: ARV_ENOMEM. */
int arv__name_fold(arv__buf *out, const char *safe, size_t length, arv_error *err);
/* Appends a key of any UTF-8 by which the names of people sort as readers expect: the collision key without
 * accents. Errors: ARV_ENOMEM. */
int arv__name_order(arv__buf *out, const char *text, size_t length, arv_error *err);

/*
 * Appends `safe` with the suffix made from `digest` (the first 10 bytes of the SHA-256 of the
 * original path) in its last component, cut again to the limits.
 */
int arv__name_suffix(arv__buf *out, const char *safe, size_t length, const unsigned char digest[10],
                     arv_error *err);

/* Returns, as the end of a sentence, how Windows or unzip would change a name of another program; NULL: it
 * keeps the name. The name must be UTF-8 and have no empty component. */
const char *arv__name_elsewhere(const char *name, size_t length);

/* Returns whether the bytes are well-formed UTF-8 without NUL; sets `*bad_offset` (may be NULL) to the
 * first byte that is not. Fast for ASCII. */
bool arv__utf8_valid(const char *text, size_t length, size_t *bad_offset);

/* Returns whether the bytes are a key of a person: 1 to 64 (ARV_PERSON_BYTES_MAX) of UTF-8 without
 * control characters. */
bool arv__person_valid(const char *text, size_t length);

/* Prints `text` for a message: in straight single quotes ('…'), control characters and invalid bytes
 * as \xNN, cut in the middle to at most 200 bytes. Returns `into`, for use inside arv_error_set(). */
const char *arv__quote(char *into, size_t capacity, const char *text, size_t length);
#define ARV__QUOTE_BYTES 256

#endif

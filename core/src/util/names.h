/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_UTIL_NAMES_H
#define ARV_UTIL_NAMES_H

/*
 * Names that people gave become names that every system can unpack.
 *
 * A name is data and never a path of ours; in the container it must still be readable for humans.
 * So it is made safe, component by component, and the original is kept in entries.jsonl.
 *
 *   - Unicode NFC; invalid UTF-8 is refused with ARV_ENAME, never repaired.
 *   - '/' separates components. A backslash does not: it is replaced like any character below.
 *   - Replaced by '_': C0 and C1 controls, DEL, < > : " | ? * \ and the bidirectional control and
 *     other invisible format characters (U+061C, U+200B..U+200F, U+202A..U+202E, U+2060..U+206F,
 *     U+FEFF, U+FFF9..U+FFFB), non-characters, U+2028, U+2029.
 *   - '%' becomes '_' too: a BagIt manifest would have to write it as %25 (RFC 8493, 2.1.3), which
 *     sha256sum -c does not undo; so every manifest of ours is read alike by both.
 *   - Trailing dots and blanks of a component become '_' each; leading blanks become '_'.
 *   - "", "." and ".." become "_", "_" and "__": so an absolute path or one with empty components
 *     has no empty ones left (a leading '/' gives a first component "_").
 *   - Device names of Windows (CON PRN AUX NUL COM0-9 LPT0-9, also with superscript digits, CONIN$
 *     CONOUT$ CLOCK$; with any extension; any case) get a leading '_'.
 *   - A component is cut to 180 bytes at a character border, keeping an extension of up to 16
 *     bytes (with its dot, without blanks); the whole is cut to 900 bytes: leading components are
 *     kept as they fit, the last one always.
 *   - A base folder's name is cut to 118 bytes: behind the 30 of a zip's first header it ends before
 *     byte 148, where a tar has its checksum (package/bag_readme.c).
 *   - A last component that looks as if it carried a suffix of ours gets one (see below), and a
 *     folder that does has its '~' replaced, so that no name can be made to collide with a suffixed
 *     one.
 *
 * Two originals may give the same safe name. arv__name_fold() gives the key under which safe names
 * collide on any of the usual systems (NFKC_Casefold of Unicode), with '/' mapped to 0x01 so that a
 * byte-wise sort puts a folder's content directly behind a file of the folder's name. Who collides
 * gets arv__name_suffix(): "~" and 16 characters of base32 (a-z2-7) of the SHA-256 of the original
 * path, put before the extension.
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
 * `*lossless` tells whether it is byte for byte the original.
 * `*must_suffix` tells that the safe form may not be used without a suffix.
 * Errors: ARV_ENAME (invalid UTF-8, NUL inside, empty, too long) with a sentence that shows the
 * name escaped and the byte at which it goes wrong; ARV_ENOMEM.
 */
int arv__name_safe(arv__buf *out, const char *original, size_t length, bool *lossless, bool *must_suffix,
                   arv_error *err);

/* One component, the name of a base folder: like arv__name_safe(), but '/' is replaced too. */
int arv__name_safe_component(arv__buf *out, const char *original, size_t length, arv_error *err);

/* Appends the collision key of a safe path. Errors: ARV_ENOMEM. */
int arv__name_fold(arv__buf *out, const char *safe, size_t length, arv_error *err);
/* Appends a key of any UTF-8 by which people's names sort as people expect: as above, and without
 * accents. Errors: ARV_ENOMEM. */
int arv__name_order(arv__buf *out, const char *text, size_t length, arv_error *err);

/*
 * Appends `safe` with the suffix made from `digest` (the first 10 bytes of the SHA-256 of the
 * original path) in its last component, cut again to the limits.
 */
int arv__name_suffix(arv__buf *out, const char *safe, size_t length, const unsigned char digest[10],
                     arv_error *err);

/* What Windows, or unzip, would do to a name of another program's that is UTF-8 and has no empty
 * component, as the end of a sentence; NULL: it keeps the name. */
const char *arv__name_elsewhere(const char *name, size_t length);

/* Whether the bytes are well-formed UTF-8 without NUL; `*bad_offset` (may be NULL) names the first
 * byte that is not. Inline-fast for ASCII. */
bool arv__utf8_valid(const char *text, size_t length, size_t *bad_offset);

/* Whether the bytes are a key of a person: 1 to 64 (ARV_PERSON_BYTES_MAX) of UTF-8 without control
 * characters. */
bool arv__person_valid(const char *text, size_t length);

/* `text` for a message: in single typographic-free quotes ('…'), control characters and invalid
 * bytes as \xNN, cut in the middle to at most 200 bytes. Returns `into`, for use inside
 * arv_error_set(). */
const char *arv__quote(char *into, size_t capacity, const char *text, size_t length);
#define ARV__QUOTE_BYTES 256

#endif

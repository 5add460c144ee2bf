/* SPDX-License-Identifier: Apache-2.0 */
#include "tree.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <arv/sys/alloc.h>
#include <arv/utf8.h>

/*
 * Texts are decoded in place, in a copy: no escape is longer decoded than written. Values lie in
 * blocks, so that they can be released without walking the tree.
 */

enum { TREE_DEPTH_MAX = 32, TREE_MEMBERS_MAX = 1024, TREE_BLOCK_VALUES = 256 };

struct tree_block {
    struct tree_block *before;
    unsigned used;
    tree_value values[TREE_BLOCK_VALUES];
};

typedef struct tree_reader {
    tree *tree;
    const char *text; /* as it was given; `copy` has the same positions */
    size_t length, at;
    unsigned line, depth;
    size_t line_at; /* where the line begins */
    arv_error *err;
} tree_reader;

static int tree_value_read(tree_reader *r, tree_value *value);

static int tree_wrong(tree_reader *r, const char *what)
{
    return arv_error_set(r->err, ARV_EFORMAT, "line %u, column %zu: %s.", r->line,
                         r->at - r->line_at + 1, what);
}

static int tree_peek(tree_reader *r)
{
    for (; r->at < r->length; r->at++) {
        char c = r->text[r->at];
        if (c == '\n') {
            r->line++;
            r->line_at = r->at + 1;
        } else if (c != ' ' && c != '\t' && c != '\r') {
            return (unsigned char)c;
        }
    }
    return -1;
}

static tree_value *tree_value_new(tree_reader *r)
{
    struct tree_block *block = r->tree->blocks;
    if (!block || block->used == TREE_BLOCK_VALUES) {
        block = arv_malloc(sizeof *block);
        if (!block) {
            arv_error_nomem(r->err, "a specification");
            return NULL;
        }
        block->before = r->tree->blocks;
        block->used = 0;
        r->tree->blocks = block;
    }
    tree_value *value = &block->values[block->used++];
    *value = (tree_value){.line = r->line};
    return value;
}

/* ---- texts ---- */

static bool tree_hex4(tree_reader *r, uint32_t *number)
{
    *number = 0;
    if (r->length - r->at < 4)
        return false;
    for (int i = 0; i < 4; i++) {
        unsigned char c = (unsigned char)r->text[r->at + (size_t)i];
        if (!isxdigit(c))
            return false;
        *number = *number << 4 | (uint32_t)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    r->at += 4;
    return true;
}

/* Behind "\u". 0 for what is no character, as NUL is none here. */
static uint32_t tree_escaped_number(tree_reader *r)
{
    uint32_t high, low;
    if (!tree_hex4(r, &high))
        return 0;
    if (high < 0xD800 || high > 0xDFFF)
        return high;
    if (high > 0xDBFF || r->length - r->at < 6 || r->text[r->at] != '\\' ||
        r->text[r->at + 1] != 'u')
        return 0;
    r->at += 2;
    if (!tree_hex4(r, &low) || low < 0xDC00 || low > 0xDFFF)
        return 0;
    return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
}

static char *tree_put(char *to, uint32_t character)
{
    if (character < 0x80) {
        *to++ = (char)character;
    } else if (character < 0x800) {
        *to++ = (char)(0xC0 | character >> 6);
        *to++ = (char)(0x80 | (character & 0x3F));
    } else if (character < 0x10000) {
        *to++ = (char)(0xE0 | character >> 12);
        *to++ = (char)(0x80 | (character >> 6 & 0x3F));
        *to++ = (char)(0x80 | (character & 0x3F));
    } else {
        *to++ = (char)(0xF0 | character >> 18);
        *to++ = (char)(0x80 | (character >> 12 & 0x3F));
        *to++ = (char)(0x80 | (character >> 6 & 0x3F));
        *to++ = (char)(0x80 | (character & 0x3F));
    }
    return to;
}

static uint32_t tree_escaped(tree_reader *r)
{
    static const char letters[] = "\"\\/bfnrt", characters[] = "\"\\/\b\f\n\r\t";
    if (r->at == r->length)
        return 0;
    char c = r->text[r->at++];
    if (c == 'u')
        return tree_escaped_number(r);
    const char *found = c ? strchr(letters, c) : NULL;
    return found ? (uint32_t)characters[found - letters] : 0;
}

/* At the opening quote. */
static int tree_text_read(tree_reader *r, const char **into)
{
    char *to = r->tree->copy + r->at;
    *into = to;
    r->at++;
    while (r->at < r->length && r->text[r->at] != '"') {
        uint32_t character = 0;
        unsigned char c = (unsigned char)r->text[r->at];
        if (c < 0x20)
            return tree_wrong(r, "a text has a line break or another control character in it; "
                                 "write \\n, \\t, or \\u and its number");
        if (c == '\\') {
            r->at++;
            character = tree_escaped(r);
            if (!character)
                return tree_wrong(r, "a backslash is followed by what is no character; write \\\\ "
                                     "for a backslash itself");
        } else {
            size_t taken = arv_utf8_decode(r->text + r->at, r->length - r->at, &character);
            if (!taken)
                return tree_wrong(r, "the text is not UTF-8");
            r->at += taken;
        }
        to = tree_put(to, character);
    }
    if (r->at == r->length)
        return tree_wrong(r, "a text has no end");
    *to = '\0';
    r->at++;
    return 0;
}

/* ---- the others ---- */

static bool tree_digits(tree_reader *r)
{
    size_t from = r->at;
    while (r->at < r->length && isdigit((unsigned char)r->text[r->at]))
        r->at++;
    return r->at > from;
}

static int tree_number_read(tree_reader *r)
{
    bool good = true;
    if (r->text[r->at] == '-')
        r->at++;
    if (r->at < r->length && r->text[r->at] == '0')
        r->at++;
    else
        good = tree_digits(r);
    if (good && r->at < r->length && r->text[r->at] == '.') {
        r->at++;
        good = tree_digits(r);
    }
    if (good && r->at < r->length && (r->text[r->at] | 0x20) == 'e') {
        r->at++;
        if (r->at < r->length && (r->text[r->at] == '+' || r->text[r->at] == '-'))
            r->at++;
        good = tree_digits(r);
    }
    return good ? 0 : tree_wrong(r, "a number is not complete");
}

static int tree_word_read(tree_reader *r, tree_value *value)
{
    static const char *const words[] = {"null", "false", "true"};
    for (unsigned i = 0; i < 3; i++) {
        size_t length = strlen(words[i]);
        if (r->length - r->at < length || memcmp(r->text + r->at, words[i], length) != 0)
            continue;
        r->at += length;
        value->type = i == 0 ? TREE_NULL : TREE_BOOL;
        value->is_true = i == 2;
        return 0;
    }
    return tree_wrong(r, "here a value should stand: a text in \"…\", a number, true, false, null, "
                         "[…] or {…}");
}

static int tree_name_read(tree_reader *r, const tree_value *object, tree_value *member)
{
    if (tree_peek(r) != '"')
        return tree_wrong(r, "here the name of a member should stand, in \"…\"");
    member->line = r->line;
    int rc = tree_text_read(r, &member->name);
    if (rc < 0)
        return rc;
    unsigned count = 0;
    for (const tree_value *other = object->first; other; other = other->next, count++)
        if (strcmp(other->name, member->name) == 0)
            return tree_wrong(r, "a member stands there twice");
    if (count == TREE_MEMBERS_MAX)
        return tree_wrong(r, "an object has too many members");
    if (tree_peek(r) != ':')
        return tree_wrong(r, "a colon is missing behind the name of a member");
    r->at++;
    return 0;
}

/* At the opening bracket. */
static int tree_children_read(tree_reader *r, tree_value *parent)
{
    bool object = parent->type == TREE_OBJECT;
    int end = object ? '}' : ']';
    tree_value **last = &parent->first;
    r->at++;
    if (++r->depth > TREE_DEPTH_MAX)
        return tree_wrong(r, "it is nested too deep");
    if (tree_peek(r) == end) {
        r->at++;
        r->depth--;
        return 0;
    }
    for (;;) {
        tree_value *value = tree_value_new(r);
        int rc = value ? 0 : ARV_ENOMEM;
        if (rc == 0 && object)
            rc = tree_name_read(r, parent, value);
        if (rc == 0)
            rc = tree_value_read(r, value);
        if (rc < 0)
            return rc;
        *last = value;
        last = &value->next;
        int next = tree_peek(r);
        if (next != ',' && next != end)
            return tree_wrong(r, object ? "a comma or the end of an object is missing"
                                        : "a comma or the end of a list is missing");
        r->at++;
        if (next == end)
            break;
    }
    r->depth--;
    return 0;
}

static int tree_value_read(tree_reader *r, tree_value *value)
{
    int rc, c = tree_peek(r);
    size_t from = r->at;
    value->line = r->line;
    value->raw = r->text + from;
    if (c == '"') {
        value->type = TREE_TEXT;
        rc = tree_text_read(r, &value->text);
    } else if (c == '{' || c == '[') {
        value->type = c == '{' ? TREE_OBJECT : TREE_ARRAY;
        rc = tree_children_read(r, value);
    } else if (c == '-' || (c >= '0' && c <= '9')) {
        value->type = TREE_NUMBER;
        rc = tree_number_read(r);
    } else {
        rc = tree_word_read(r, value);
    }
    value->raw_length = r->at - from;
    return rc;
}

int tree_parse(tree *tree, const char *text, size_t length, arv_error *err)
{
    tree_reader r = {.tree = tree, .text = text, .length = length, .line = 1, .err = err};
    *tree = (struct tree){0};
    if (length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
        r.at = r.line_at = 3; /* the mark that editors of Windows put before the text */
    tree->copy = arv_malloc(length + 1);
    if (!tree->copy)
        return arv_error_nomem(err, "a specification");
    tree_value *root = tree_value_new(&r);
    int rc = root ? tree_value_read(&r, root) : ARV_ENOMEM;
    if (rc == 0 && tree_peek(&r) >= 0)
        rc = tree_wrong(&r, "something follows the end of the value");
    tree->root = root;
    if (rc < 0)
        tree_free(tree);
    return rc;
}

void tree_free(tree *tree)
{
    while (tree->blocks) {
        struct tree_block *before = tree->blocks->before;
        arv_free(tree->blocks);
        tree->blocks = before;
    }
    arv_free(tree->copy);
    *tree = (struct tree){0};
}

bool tree_unsigned(const tree_value *value, uint64_t *number)
{
    char *end;
    if (value->type != TREE_NUMBER || value->raw[0] == '-')
        return false;
    errno = 0;
    *number = strtoull(value->raw, &end, 10);
    return errno == 0 && end == value->raw + value->raw_length;
}

const char *tree_type_text(tree_type type)
{
    static const char *const texts[] = {"null",   "true or false", "a number",
                                        "a text", "a list",        "an object"};
    return texts[type];
}

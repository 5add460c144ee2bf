/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_TREE_H
#define CLI_TREE_H

/*
 * A small JSON text as a tree of values that know their lines, for files that people write: every
 * mistake in them is told with its place. Strict (RFC 8259), UTF-8, no member twice, no NUL.
 *
 * Ownership: the tree owns everything; tree_free() accepts one that was never parsed, all zeros.
 * Memory: some 80 times the text at worst; the text is bounded by whoever reads it.
 */

#include <arv/error.h>
#include <stdbool.h>

typedef enum { TREE_NULL, TREE_BOOL, TREE_NUMBER, TREE_TEXT, TREE_ARRAY, TREE_OBJECT } tree_type;

typedef struct tree_value {
    const char *name; /* as a member of an object, NUL-ended */
    const char *text; /* of a text, decoded and NUL-ended */
    const char *raw;  /* as it stands in the text */
    size_t raw_length;
    struct tree_value *first, *next; /* of an array or an object; behind this one */
    unsigned line;
    tree_type type;
    bool is_true;
} tree_value;

typedef struct tree {
    tree_value *root;
    char *copy;
    struct tree_block *blocks;
} tree;

/* ARV_EFORMAT with line and column, ARV_ENOMEM. `text` is borrowed for as long as the tree lives. */
int tree_parse(tree *tree, const char *text, size_t length, arv_error *err);
void tree_free(tree *tree);
/* A number without fraction and sign; false for any other value. */
bool tree_unsigned(const tree_value *value, uint64_t *number);
/* "a text", "an object", for sentences. */
const char *tree_type_text(tree_type type);

#endif

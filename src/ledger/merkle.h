/* merkle.h - Merkle trees over SM3 in the manner of RFC 9162 section 2.1: pure functions, no database.
 * leaf = SM3(0x00, entry hash); node = SM3(0x01, left, right). Leaves are counted from 0. Sizes are below 2^53. */
#ifndef LEDGER_MERKLE_H
#define LEDGER_MERKLE_H

#include "base/hash.h"

enum { MERKLE_PATH_MAX = 64 }; /* more than any path of a tree below 2^53 has */

/* Leaves [from, to). */
struct leaves {
    int64_t from, to;
};

/* Hashes that prove something, in the order the check wants them. */
struct merkle_path {
    struct digest v[MERKLE_PATH_MAX];
    size_t        n;
};

/* A tree that only grows: its size and the complete subtree of 2^i leaves for every bit i of the size. */
struct merkle_tree {
    int64_t       size;
    struct digest part[MERKLE_PATH_MAX];
};

/* RFC 6962 section 2.1 with SM3: SM3(0x00 ‖ entry hash), SM3(0x01 ‖ left ‖ right). */
struct digest merkle_leaf(const struct digest *entry_hash);
struct digest merkle_node(const struct digest *left, const struct digest *right);

/* Append a leaf. made[i] gets the subtree of 2^(i+1) leaves that it completes (room for MERKLE_PATH_MAX); returns how many. */
size_t merkle_add(struct merkle_tree *t, const struct digest *leaf, struct digest *made);
/* Root; the tree must not be empty. */
struct digest merkle_root(const struct merkle_tree *t);

/* The complete subtrees that a span of a tree consists of, left to right, falling in size; their number. `out` here and below has
 * room for MERKLE_PATH_MAX. */
size_t merkle_parts(struct leaves s, struct leaves *out);
/* Hash of a span from the hashes of its parts. */
struct digest merkle_join(const struct digest *parts, size_t n);

/* Inclusion of leaf `index` in the tree of `size` leaves: the spans whose hashes are the path; their number.
 * 0 <= index < size. */
size_t merkle_inclusion(int64_t index, int64_t size, struct leaves *out);
/* The tree of `from` leaves is the beginning of that of `to` leaves; 0 < from <= to. */
size_t merkle_consistency(int64_t from, int64_t to, struct leaves *out);

/* RFC 9162 section 2.1.3.2. False for any numbers and hashes that prove nothing. */
bool merkle_inclusion_check(const struct digest *leaf, struct leaves index_size, const struct merkle_path *path,
                            const struct digest *root);
/* RFC 9162 section 2.1.4.2. */
bool merkle_consistency_check(struct leaves from_to, const struct merkle_path *path, const struct digest *from_root,
                              const struct digest *to_root);

#endif

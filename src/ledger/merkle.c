/* merkle.c - Merkle trees over SM3. */
#include "ledger/merkle.h"

#include <string.h>

static struct str view(const struct digest *d)
{
    return (struct str){ (const char *)d->b, sizeof d->b };
}

struct digest merkle_leaf(const struct digest *entry_hash)
{
    return sm3_two(STR("\0"), view(entry_hash));
}

struct digest merkle_node(const struct digest *left, const struct digest *right)
{
    unsigned char both[1 + 2 * sizeof left->b] = { 1 };
    memcpy(both + 1, left->b, sizeof left->b);
    memcpy(both + 1 + sizeof left->b, right->b, sizeof right->b);
    return sm3((struct str){ (const char *)both, sizeof both });
}

static bool same(const struct digest *a, const struct digest *b)
{
    return !memcmp(a->b, b->b, sizeof a->b);
}

/* ---- growing ------------------------------------------------------------------------------------------------------ */

size_t merkle_add(struct merkle_tree *t, const struct digest *leaf, struct digest *made)
{
    struct digest d = *leaf;
    size_t n = 0;
    for (; t->size >> n & 1; n++)
        made[n] = d = merkle_node(&t->part[n], &d);
    t->part[n] = d;
    t->size++;
    return n;
}

struct digest merkle_root(const struct merkle_tree *t)
{
    struct digest d = { 0 };
    bool any = false;
    for (int i = 0; i < MERKLE_PATH_MAX && t->size >> i; i++) {
        if (!(t->size >> i & 1))
            continue;
        d = any ? merkle_node(&t->part[i], &d) : t->part[i];
        any = true;
    }
    return d;
}

/* ---- spans -------------------------------------------------------------------------------------------------------- */

/* The largest power of two below n; n > 1. */
static int64_t half(int64_t n)
{
    return (int64_t)1 << (63 - __builtin_clzll((uint64_t)n - 1));
}

size_t merkle_parts(struct leaves s, struct leaves *out)
{
    size_t n = 0;
    for (int64_t left = s.to - s.from; left > 0; n++) {
        int64_t size = (int64_t)1 << (63 - __builtin_clzll((uint64_t)left));
        out[n] = (struct leaves){ s.to - left, s.to - left + size };
        left -= size;
    }
    return n;
}

struct digest merkle_join(const struct digest *parts, size_t n)
{
    struct digest d = parts[n - 1];
    for (size_t i = n - 1; i > 0; i--)
        d = merkle_node(&parts[i - 1], &d);
    return d;
}

/* Found from the root down, wanted from the leaf up. */
static void turn_round(struct leaves *v, size_t n)
{
    for (size_t i = 0; i < n / 2; i++) {
        struct leaves s = v[i];
        v[i] = v[n - 1 - i];
        v[n - 1 - i] = s;
    }
}

size_t merkle_inclusion(int64_t index, int64_t size, struct leaves *out)
{
    struct leaves s = { 0, size };
    size_t n = 0;
    while (s.to - s.from > 1) {
        int64_t middle = s.from + half(s.to - s.from);
        bool left = index < middle;
        out[n++] = left ? (struct leaves){ middle, s.to } : (struct leaves){ s.from, middle };
        *(left ? &s.to : &s.from) = middle;
    }
    turn_round(out, n);
    return n;
}

size_t merkle_consistency(int64_t from, int64_t to, struct leaves *out)
{
    struct leaves s = { 0, to };
    size_t n = 0;
    while (s.to != from) {
        int64_t middle = s.from + half(s.to - s.from);
        bool left = from <= middle;
        out[n++] = left ? (struct leaves){ middle, s.to } : (struct leaves){ s.from, middle };
        *(left ? &s.to : &s.from) = middle;
    }
    if (s.from)
        out[n++] = s;
    turn_round(out, n);
    return n;
}

/* ---- checks ------------------------------------------------------------------------------------------------------- */

static bool path_ok(struct leaves s, const struct merkle_path *path)
{
    return s.from >= 0 && s.to > 0 && s.to < INT64_C(1) << 53 && path->n <= MERKLE_PATH_MAX;
}

/* One step up from a left child, or from the last one of its level: `fn` of `sn`. True if the other hash is on the left. */
static bool step_up(int64_t *fn, int64_t *sn)
{
    bool from_left = (*fn & 1) || *fn == *sn;
    while (from_left && !(*fn & 1) && *fn) {
        *fn >>= 1;
        *sn >>= 1;
    }
    *fn >>= 1;
    *sn >>= 1;
    return from_left;
}

bool merkle_inclusion_check(const struct digest *leaf, struct leaves s, const struct merkle_path *path, const struct digest *root)
{
    struct digest r = *leaf;
    if (!path_ok(s, path) || s.from >= s.to)
        return false;
    int64_t fn = s.from, sn = s.to - 1;
    for (size_t i = 0; i < path->n; i++) {
        if (!sn)
            return false;
        r = step_up(&fn, &sn) ? merkle_node(&path->v[i], &r) : merkle_node(&r, &path->v[i]);
    }
    return !sn && same(&r, root);
}

/* Both roots from the hashes after the first, which begins both. */
static bool climb(struct leaves s, const struct digest *first, const struct digest *v, size_t n, struct digest roots[2])
{
    int64_t fn = s.from - 1, sn = s.to - 1;
    for (; fn & 1; fn >>= 1)
        sn >>= 1;
    roots[0] = roots[1] = *first;
    for (size_t i = 0; i < n; i++) {
        if (!sn)
            return false;
        if (step_up(&fn, &sn)) {
            roots[0] = merkle_node(&v[i], &roots[0]);
            roots[1] = merkle_node(&v[i], &roots[1]);
        } else {
            roots[1] = merkle_node(&roots[1], &v[i]);
        }
    }
    return !sn;
}

bool merkle_consistency_check(struct leaves s, const struct merkle_path *path, const struct digest *from_root,
                              const struct digest *to_root)
{
    struct digest roots[2];
    if (!path_ok(s, path) || s.from < 1 || s.from > s.to)
        return false;
    if (s.from == s.to)
        return !path->n && same(from_root, to_root);
    bool whole = !(s.from & (s.from - 1)); /* a complete subtree: its root is known and left out of the path */
    if (!whole && !path->n)
        return false;
    const struct digest *first = whole ? from_root : &path->v[0];
    return climb(s, first, path->v + !whole, path->n - !whole, roots) && same(&roots[0], from_root) && same(&roots[1], to_root);
}

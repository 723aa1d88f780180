/* test_merkle.c - proofs of all trees up to 70 leaves against a naive tree, and what is no proof. */
#include "../../test/check.h"
#include "ledger/merkle.h"

#include <string.h>

enum { LEAVES = 70 };

static struct digest leaves[LEAVES];

/* RFC 9162 section 2.1.1, word for word. */
static struct digest naive(int from, int n)
{
    int k = 1;
    if (n == 1)
        return leaves[from];
    while (k * 2 < n)
        k *= 2;
    struct digest l = naive(from, k), r = naive(from + k, n - k);
    struct hasher *h = hasher_start();
    hasher_add(h, "\1", 1);
    hasher_add(h, l.b, sizeof l.b);
    hasher_add(h, r.b, sizeof r.b);
    return hasher_end(h);
}

static struct merkle_path filled(const struct leaves *spans, size_t n)
{
    struct merkle_path p = { .n = n };
    for (size_t i = 0; i < n; i++) {
        struct leaves parts[MERKLE_PATH_MAX];
        struct digest d[MERKLE_PATH_MAX];
        size_t m = merkle_parts(spans[i], parts);
        for (size_t k = 0; k < m; k++) {
            int64_t size = parts[k].to - parts[k].from;
            CHECK((size & (size - 1)) == 0 && parts[k].from % size == 0);
            d[k] = naive((int)parts[k].from, (int)size);
        }
        p.v[i] = merkle_join(d, m);
    }
    return p;
}

static int setup(void **state UNUSED)
{
    for (int i = 0; i < LEAVES; i++) {
        struct digest d = sm3((struct str){ (const char *)&i, sizeof i });
        leaves[i] = merkle_leaf(&d);
    }
    return 0;
}

static bool eq(struct digest a, struct digest b)
{
    return !memcmp(a.b, b.b, sizeof a.b);
}

static void a_growing_tree_has_the_naive_root(void **state UNUSED)
{
    struct merkle_tree t = { 0 };
    for (int n = 1; n <= LEAVES; n++) {
        struct digest made[MERKLE_PATH_MAX];
        size_t m = merkle_add(&t, &leaves[n - 1], made);
        CHECK(t.size == n && m == (size_t)__builtin_ctz((unsigned)n));
        for (size_t i = 0; i < m; i++)
            CHECK(eq(made[i], naive(n - (2 << i), 2 << i)));
        CHECK(eq(merkle_root(&t), naive(0, n)));
    }
}

static void leaves_and_nodes_are_told_apart(void **state UNUSED)
{
    struct digest l = leaves[0], r = leaves[1], node = merkle_node(&l, &r), d = sm3(STR("x"));
    char both[65] = { 0 };
    memcpy(both + 1, d.b, 32);
    CHECK(eq(merkle_leaf(&d), sm3((struct str){ both, 33 })));
    memcpy(both + 1, l.b, 32);
    memcpy(both + 33, r.b, 32);
    CHECK(!eq(node, sm3((struct str){ both, 65 })));
    both[0] = 1;
    CHECK(eq(node, sm3((struct str){ both, 65 })));
}

static void every_leaf_of_every_tree_is_proved(void **state UNUSED)
{
    for (int n = 1; n <= LEAVES; n++) {
        struct digest root = naive(0, n);
        for (int i = 0; i < n; i++) {
            struct leaves spans[MERKLE_PATH_MAX];
            struct merkle_path p = filled(spans, merkle_inclusion(i, n, spans));
            CHECK(merkle_inclusion_check(&leaves[i], (struct leaves){ i, n }, &p, &root));
            CHECK(!merkle_inclusion_check(&leaves[(i + 1) % LEAVES], (struct leaves){ i, n }, &p, &root));
            CHECK(n == 1 || !merkle_inclusion_check(&leaves[i], (struct leaves){ (i + 1) % n, n }, &p, &root));
            p.n++;
            CHECK(!merkle_inclusion_check(&leaves[i], (struct leaves){ i, n }, &p, &root));
        }
    }
}

static void every_tree_is_the_beginning_of_every_later_one(void **state UNUSED)
{
    for (int to = 1; to <= LEAVES; to++)
        for (int from = 1; from <= to; from++) {
            struct leaves spans[MERKLE_PATH_MAX];
            struct digest a = naive(0, from), b = naive(0, to), other = sm3(STR("other"));
            struct merkle_path p = filled(spans, merkle_consistency(from, to, spans));
            CHECK(merkle_consistency_check((struct leaves){ from, to }, &p, &a, &b));
            CHECK(!merkle_consistency_check((struct leaves){ from, to }, &p, &other, &b));
            CHECK(!merkle_consistency_check((struct leaves){ from, to }, &p, &a, &other));
            for (size_t i = 0; i < p.n; i++) {
                struct merkle_path q = p;
                q.v[i].b[31] ^= 1;
                CHECK(!merkle_consistency_check((struct leaves){ from, to }, &q, &a, &b));
            }
            p.n++;
            CHECK(!merkle_consistency_check((struct leaves){ from, to }, &p, &a, &b));
        }
}

static void impossible_numbers_prove_nothing(void **state UNUSED)
{
    static const struct leaves bad[] = { { -1, 1 }, { 0, 0 }, { 1, 1 }, { 5, 3 }, { 0, INT64_MAX }, { INT64_MIN, INT64_MIN },
                                       { 0, INT64_C(1) << 53 } };
    struct merkle_path none = { 0 }, full = { .n = MERKLE_PATH_MAX + 1 };
    for (size_t i = 0; i < countof(bad); i++) {
        CHECK(!merkle_inclusion_check(&leaves[0], bad[i], &none, &leaves[0]));
        CHECK((bad[i].from == 1) || !merkle_consistency_check(bad[i], &none, &leaves[0], &leaves[0]));
    }
    CHECK(!merkle_inclusion_check(&leaves[0], (struct leaves){ 0, 1 }, &full, &leaves[0]));
    CHECK(merkle_inclusion_check(&leaves[0], (struct leaves){ 0, 1 }, &none, &leaves[0]));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        SENTENCE(a_growing_tree_has_the_naive_root),
        SENTENCE(leaves_and_nodes_are_told_apart),
        SENTENCE(every_leaf_of_every_tree_is_proved),
        SENTENCE(every_tree_is_the_beginning_of_every_later_one),
        SENTENCE(impossible_numbers_prove_nothing),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}

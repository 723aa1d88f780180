/* sequencer.c - gives entries their place: seq, chain, leaf, subtrees. */
#include "base/log.h"
#include "ledger/ledger_priv.h"
#include "ledger_sql.h"

enum { SEQUENCE_MAX = 2000 };

static const struct field place_fields[] = {
    FIELD(struct ledger_place, seq),
    FIELD(struct ledger_place, entry),
    FIELD(struct ledger_place, chain),
    FIELD(struct ledger_place, leaf),
};
const struct record LEDGER_PLACE = RECORD(struct ledger_place, place_fields);

struct waiting {
    int64_t    entry;
    struct str hash;
};
static const struct field waiting_fields[] = { FIELD(struct waiting, entry), FIELD(struct waiting, hash) };
static const struct record WAITING = RECORD(struct waiting, waiting_fields);

/* Where the ledger ends. */
struct end {
    struct merkle_tree tree;
    struct digest      chain;
};

struct digest ledger_chain_next(const struct digest *before, const struct digest *hash)
{
    return sm3_two(digest_str(before), digest_str(hash));
}

enum rc ledger_place_last(struct cx *cx, struct ledger_place *out)
{
    *out = (struct ledger_place){ 0 };
    enum rc rc = db_one(cx, &sql_ledger_seq_last, NO_ARGS, &LEDGER_PLACE, out);
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

enum rc ledger_is_waiting(struct cx *cx, bool *out)
{
    int64_t n = 0;
    enum rc rc = db_int(cx, &sql_ledger_waiting_any, NO_ARGS, &n);
    if (!rc)
        *out = n > 0;
    return rc;
}

/* Stored bytes that cannot be what they should be: nothing may be built on them. */
static enum rc damaged(int64_t seq)
{
    log_error("the ledger is damaged at seq %lld; run `tongban ledger verify`", (long long)seq);
    return RC_FAILED;
}

static enum rc end_load(struct cx *cx, struct end *out)
{
    struct ledger_place last;
    struct leaves parts[MERKLE_PATH_MAX];
    enum rc rc = ledger_place_last(cx, &last);
    if (rc || !last.seq)
        return rc;
    if (!digest_from(last.chain, &out->chain))
        return damaged(last.seq);
    out->tree.size = last.seq;
    size_t n = merkle_parts((struct leaves){ 0, last.seq }, parts);
    for (size_t i = 0; !rc && i < n; i++) {
        int level = __builtin_ctzll((uint64_t)(parts[i].to - parts[i].from));
        rc = ledger_part_get(cx, parts[i], &out->tree.part[level]);
        if (rc == RC_NOT_FOUND)
            rc = damaged(parts[i].to);
    }
    return rc;
}

static enum rc place(struct cx *cx, struct end *e, const struct waiting *w)
{
    struct digest made[MERKLE_PATH_MAX], hash;
    if (!digest_from(w->hash, &hash)) {
        log_error("ledger entry %lld has no hash; run `tongban ledger verify`", (long long)w->entry);
        return RC_FAILED;
    }
    struct digest leaf = merkle_leaf(&hash);
    e->chain = ledger_chain_next(&e->chain, &hash);
    size_t n = merkle_add(&e->tree, &leaf, made);
    enum rc rc = db_exec(cx, &sql_ledger_seq_add,
                         ARGS(v_i64(e->tree.size), v_i64(w->entry), v_bytes(e->chain.b, sizeof e->chain.b),
                              v_bytes(leaf.b, sizeof leaf.b)),
                         NULL);
    for (size_t i = 0; !rc && i < n; i++)
        rc = db_exec(cx, &sql_ledger_node_add,
                     ARGS(v_i64(e->tree.size), v_i64((int64_t)i + 1), v_bytes(made[i].b, sizeof made[i].b)), NULL);
    return rc;
}

enum rc ledger_sequence(struct cx *cx, int max, int64_t *out_n)
{
    struct end e = { 0 };
    struct list waiting = { 0 };
    if (max < 1 || max > SEQUENCE_MAX)
        panic("ledger: %d entries at once", max);
    enum rc rc = db_lock(cx, &sql_ledger_lock, 1);
    if (!rc)
        rc = db_all(cx, &sql_ledger_waiting_list, ARGS(v_i64(max)), &WAITING, &waiting);
    if (!rc && waiting.n)
        rc = end_load(cx, &e);
    int64_t before = e.tree.size;
    for (size_t i = 0; !rc && i < waiting.n; i++)
        rc = place(cx, &e, (const struct waiting *)waiting.v + i);
    if (!rc && waiting.n)
        rc = db_exec(cx, &sql_ledger_waiting_end, ARGS(v_i64(before)), NULL);
    if (!rc)
        *out_n = (int64_t)waiting.n;
    return rc;
}

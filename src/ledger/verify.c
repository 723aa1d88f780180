/* verify.c - recomputes the whole ledger and names what is not as it was.
 *
 * Three witnesses are kept for every place: the leaf, the chain and the subtrees above; signed heads are the fourth. An entry
 * that disagrees with all is false; a witness that disagrees with the entry and the other witnesses is false itself. Places
 * whose chain or leaf do not fit are kept as suspects and, at the end, tried at each other's place. */
#include "ledger/verify_priv.h"
#include "ledger_sql.h"

#include <string.h>

enum { SUSPECTS_MAX = 64, RING = 64, GAP_MAX = 4096, PAGE_ARENA = 256 << 20, ROUNDS_MAX = 8 };

/* A place and what it points at; id 0: nothing. */
struct row {
    int64_t     seq, entry;
    struct str  chain, leaf;
    int64_t     id, root;
    struct str  kind;
    int64_t     actor, post, body_id;
    struct when at, effective_at;
    struct str  body, detail_hash, hash, salt, detail;
};
static const struct field row_fields[] = {
    FIELD(struct row, seq),   FIELD(struct row, entry),        FIELD(struct row, chain), FIELD(struct row, leaf),
    FIELD(struct row, id),    FIELD(struct row, root),         FIELD(struct row, kind),  FIELD(struct row, actor),
    FIELD(struct row, post),  FIELD(struct row, body_id),      FIELD(struct row, at),    FIELD(struct row, effective_at),
    FIELD(struct row, body),  FIELD(struct row, detail_hash),  FIELD(struct row, hash),  FIELD(struct row, salt),
    FIELD(struct row, detail),
};
static const struct record ROW = RECORD(struct row, row_fields);

struct node {
    int64_t    seq, level;
    struct str hash;
};
static const struct field node_fields[] = { FIELD(struct node, seq), FIELD(struct node, level), FIELD(struct node, hash) };
static const struct record NODE = RECORD(struct node, node_fields);

struct entry_only {
    int64_t entry;
};
static const struct field entry_fields[] = { FIELD(struct entry_only, entry) };
static const struct record ENTRY_ONLY = RECORD(struct entry_only, entry_fields);

static const struct field fault_fields[] = {
    FIELD(struct ledger_fault, key), FIELD(struct ledger_fault, seq), FIELD(struct ledger_fault, entry),
    FIELD(struct ledger_fault, one), FIELD(struct ledger_fault, two),
};
const struct record LEDGER_FAULT = RECORD(struct ledger_fault, fault_fields);

static const struct field report_fields[] = {
    FIELD(struct ledger_report, sequenced),   FIELD(struct ledger_report, waiting),    FIELD(struct ledger_report, details),
    FIELD(struct ledger_report, erased),      FIELD(struct ledger_report, heads),      FIELD(struct ledger_report, file_heads),
    FIELD(struct ledger_report, signed_size), FIELD(struct ledger_report, kept_size),  FIELD(struct ledger_report, unproven),
    FIELD(struct ledger_report, key_id),      FIELD_LIST(struct ledger_report, faults, &LEDGER_FAULT),
    FIELD(struct ledger_report, more_faults),
};
const struct record LEDGER_REPORT = RECORD(struct ledger_report, report_fields);

/* A place whose chain or leaf does not fit. */
struct suspect {
    int64_t       seq, entry;
    struct digest hash, leaf, chain;    /* of the entry; of the place */
    struct digest expected, stored;     /* chain before it, two readings */
    bool          leaf_fits, has_chain;
    int64_t       skips_from;           /* it continues the chain of this earlier place, 0 = of none */
    int64_t       belongs;              /* seq it would fit at, 0 = unknown */
};

/* The last chains, to find where one goes on. */
struct ring {
    int64_t       seq[RING], entry[RING];
    struct digest chain[RING];
};

struct check {
    struct scan     s;
    struct suspect *suspects;
    size_t          nsuspects;
    struct ring     ring;
    struct list     nodes; /* of this page */
    size_t          node;  /* next of them */
    int64_t         last;  /* seq of the last place */
};

void fault_add(struct scan *s, const char *key, int64_t one, int64_t two)
{
    struct ledger_report *r = s->report;
    if (r->faults.n == LEDGER_FAULTS) {
        r->more_faults++;
        return;
    }
    struct arena *a = s->cx->arena;
    s->faults[r->faults.n++] = (struct ledger_fault){ str_c(key), one, two, arena_fmt(a, "%lld", (long long)one),
                                                      arena_fmt(a, "%lld", (long long)two) };
}

/* ---- the tree ------------------------------------------------------------------------------------------------------ */

/* The stored subtree that ends at leaf `seq`, or NULL; rows in between do not belong to any and are named. */
static const struct node *node_take(struct check *c, int64_t seq, int64_t level)
{
    const struct node *v = c->nodes.v;
    while (c->node < c->nodes.n && (v[c->node].seq < seq || (v[c->node].seq == seq && v[c->node].level < level))) {
        fault_add(&c->s, "ledger.node_altered", v[c->node].seq, v[c->node].level);
        c->node++;
    }
    if (c->node < c->nodes.n && v[c->node].seq == seq && v[c->node].level == level)
        return &v[c->node++];
    return NULL;
}

/* Two neighbours become one. In doubt the stored subtree is believed: the heads will tell. */
static void merge(struct check *c, int level, const struct node *stored, struct digest *d, bool *known, bool *doubt)
{
    struct scan_tree *t = &c->s.tree;
    struct digest was, made = merkle_node(&t->part[level], d);
    bool has = stored && digest_from(stored->hash, &was);
    *known &= t->known[level];
    *doubt |= t->doubt[level];
    if (*known && has && digest_eq(&was, &made)) {
        *doubt = false;
        *d = made;
    } else if (has && (!*known || *doubt)) {
        *d = was;
        *known = true;
        *doubt = false;
    } else {
        if (!t->lost)
            fault_add(&c->s, "ledger.node_altered", t->size + 1, level + 1);
        *d = made;
    }
}

static void tree_add(struct check *c, struct digest d, bool known, bool doubt)
{
    struct scan_tree *t = &c->s.tree;
    int n = 0;
    for (; t->size >> n & 1; n++)
        merge(c, n, node_take(c, t->size + 1, n + 1), &d, &known, &doubt);
    t->part[n] = d;
    t->known[n] = known;
    t->doubt[n] = doubt;
    t->size++;
}

/* ---- suspects ------------------------------------------------------------------------------------------------------ */

static bool goes_on(const struct digest *before, const struct digest *hash, const struct digest *chain)
{
    struct digest next = ledger_chain_next(before, hash);
    return digest_eq(&next, chain);
}

static int64_t ring_find(const struct ring *r, const struct digest *hash, const struct digest *chain)
{
    for (int i = 0; i < RING; i++)
        if (r->seq[i] && goes_on(&r->chain[i], hash, chain))
            return r->seq[i];
    return 0;
}

static void suspect_add(struct check *c, const struct suspect *s)
{
    if (c->nsuspects < SUSPECTS_MAX)
        c->suspects[c->nsuspects++] = *s;
    else
        fault_add(&c->s, s->leaf_fits ? "ledger.chain_altered" : "ledger.replaced", s->seq, s->entry);
}

/* The chain before q. If the place there is suspect itself, that of the suspect which belongs there, or NULL. */
static const struct digest *chain_before(const struct check *c, const struct suspect *q)
{
    bool is_suspect = false;
    for (size_t i = 0; i < c->nsuspects && q->seq > 1; i++) {
        if (c->suspects[i].belongs == q->seq - 1)
            return &c->suspects[i].chain;
        is_suspect |= c->suspects[i].seq == q->seq - 1;
    }
    return is_suspect ? NULL : &q->stored;
}

/* Would the entry and chain of p stand rightly at q? */
static bool fits_at(const struct check *c, const struct suspect *p, const struct suspect *q)
{
    if (!p->leaf_fits) { /* the place stayed, the entry went: q's leaf is that of p's entry */
        struct digest leaf = merkle_leaf(&p->hash);
        return digest_eq(&leaf, &q->leaf);
    }
    const struct digest *before = chain_before(c, q);
    return before && goes_on(before, &p->hash, &p->chain);
}

static bool place_one(struct check *c, struct suspect *p)
{
    for (size_t i = 0; i < c->nsuspects && !p->belongs; i++)
        if (fits_at(c, p, &c->suspects[i]))
            p->belongs = c->suspects[i].seq;
    return p->belongs != 0;
}

static void place_suspects(struct check *c)
{
    bool more = true;
    for (int round = 0; more && round < ROUNDS_MAX; round++) {
        more = false;
        for (size_t i = 0; i < c->nsuspects; i++)
            if (!c->suspects[i].belongs)
                more |= place_one(c, &c->suspects[i]);
    }
}

/* The chain goes on from before some places: these were put in. */
static void name_inserted(struct check *c, const struct suspect *s)
{
    for (int64_t seq = s->skips_from + 1; seq < s->seq; seq++) {
        int i = (int)(seq % RING);
        fault_add(&c->s, "ledger.inserted", seq, c->ring.seq[i] == seq ? c->ring.entry[i] : 0);
        for (size_t k = 0; k < c->nsuspects; k++)
            if (c->suspects[k].seq == seq)
                c->suspects[k].belongs = seq;
    }
}

static void name_suspects(struct check *c)
{
    place_suspects(c);
    for (size_t i = 0; i < c->nsuspects; i++)
        if (!c->suspects[i].belongs && c->suspects[i].skips_from)
            name_inserted(c, &c->suspects[i]);
    for (size_t i = 0; i < c->nsuspects; i++) {
        const struct suspect *s = &c->suspects[i];
        if (s->belongs && s->belongs != s->seq)
            fault_add(&c->s, "ledger.moved", s->seq, s->belongs);
        else if (!s->belongs && !s->skips_from)
            fault_add(&c->s, s->leaf_fits ? "ledger.chain_altered" : "ledger.replaced", s->seq, s->entry);
    }
}

/* ---- one place ----------------------------------------------------------------------------------------------------- */

static struct ledger_row row_entry(const struct row *r)
{
    return (struct ledger_row){ .id = r->id, .root = r->root, .kind = r->kind, .actor = r->actor, .post = r->post,
                                .body_id = r->body_id, .at = r->at, .effective_at = r->effective_at, .body = r->body,
                                .detail_hash = r->detail_hash, .hash = r->hash };
}

static enum rc erasure_check(struct check *c, const struct row *r)
{
    struct scan *s = &c->s;
    struct str body = arena_fmt(s->page.arena, "{\"entry\":%lld}", (long long)r->id);
    int64_t n = 0;
    enum rc rc = db_int(&s->page, &sql_ledger_check_erasure, ARGS(v_i64(r->root), v_i64(r->id), v_str(body)), &n);
    if (!rc && !n)
        fault_add(s, "ledger.detail_gone", r->seq, r->id);
    s->report->erased++;
    return rc;
}

static enum rc detail_check(struct check *c, const struct row *r)
{
    struct scan *s = &c->s;
    if (r->detail_hash.p && !r->detail.p)
        return erasure_check(c, r);
    if (!r->detail.p)
        return RC_OK;
    struct digest d = ledger_commitment(r->salt, r->detail);
    s->report->details++;
    if (!str_eq(r->detail_hash, digest_str(&d)))
        fault_add(s, "ledger.detail_altered", r->seq, r->id);
    return RC_OK;
}

static bool leaf_fits(const struct digest *hash, const struct digest *leaf)
{
    struct digest d = merkle_leaf(hash);
    return digest_eq(&d, leaf);
}

/* The entry's hash, judged by the witnesses where content and stored hash differ. */
static struct digest hash_judged(struct check *c, const struct row *r, const struct suspect *p)
{
    struct ledger_row e = row_entry(r);
    struct digest content = ledger_row_hash(c->s.page.arena, &e), stored;
    digest_from(r->hash, &stored);
    if (digest_eq(&content, &stored))
        return content;
    bool content_fits = leaf_fits(&content, &p->leaf) || (p->has_chain && goes_on(&p->stored, &content, &p->chain));
    bool stored_fits = leaf_fits(&stored, &p->leaf) || (p->has_chain && goes_on(&p->stored, &stored, &p->chain));
    if (content_fits || stored_fits)
        fault_add(&c->s, content_fits ? "ledger.hash_altered" : "ledger.altered", r->seq, r->entry);
    return stored_fits ? stored : content;
}

static void ring_put(struct check *c, const struct row *r, const struct digest *chain)
{
    int i = (int)(r->seq % RING);
    c->ring.seq[i] = r->seq;
    c->ring.entry[i] = r->entry;
    c->ring.chain[i] = *chain;
}

/* Compare the entry with its place; *out_leaf is the leaf to build on. True if the place is suspect. */
static bool place_judge(struct check *c, const struct row *r, struct suspect *p, struct digest *out_leaf)
{
    p->hash = hash_judged(c, r, p);
    p->leaf_fits = leaf_fits(&p->hash, &p->leaf);
    bool chain_fits = p->has_chain && (goes_on(&p->expected, &p->hash, &p->chain) || goes_on(&p->stored, &p->hash, &p->chain));
    *out_leaf = p->leaf;
    if (p->leaf_fits && (chain_fits || !p->has_chain))
        return false;
    if (chain_fits) {
        fault_add(&c->s, "ledger.leaf_altered", r->seq, r->entry);
        *out_leaf = merkle_leaf(&p->hash);
        return false;
    }
    if (p->has_chain && p->leaf_fits)
        p->skips_from = ring_find(&c->ring, &p->hash, &p->chain);
    suspect_add(c, p);
    return true;
}

/* Places that are missing before this one. */
static enum rc gap_check(struct check *c, int64_t seq)
{
    struct scan *s = &c->s;
    enum rc rc = RC_OK;
    if (seq == c->last + 1)
        return RC_OK;
    fault_add(s, "ledger.gap", c->last + 1, seq - 1);
    s->has_chain = false;
    if (seq - c->last > GAP_MAX) {
        s->tree = (struct scan_tree){ .size = seq - 1, .lost = true };
        c->node = c->nodes.n;
        return heads_pass(s);
    }
    while (!rc && s->tree.size < seq - 1) {
        tree_add(c, (struct digest){ 0 }, false, false);
        rc = heads_pass(s);
    }
    return rc;
}

static enum rc row_check(struct check *c, const struct row *r)
{
    struct scan *s = &c->s;
    struct suspect p = { .seq = r->seq, .entry = r->entry };
    bool is_suspect = false;
    enum rc rc = gap_check(c, r->seq);
    p.expected = s->expected;
    p.stored = s->stored;
    p.has_chain = s->has_chain;
    digest_from(r->chain, &p.chain);
    digest_from(r->leaf, &p.leaf);
    struct digest leaf = p.leaf;
    if (!r->id)
        fault_add(s, "ledger.removed", r->seq, r->entry);
    else
        is_suspect = place_judge(c, r, &p, &leaf);
    s->expected = r->id && s->has_chain ? ledger_chain_next(&s->expected, &p.hash) : p.chain;
    s->stored = p.chain;
    s->has_chain = true;
    s->last_is_suspect = is_suspect;
    if (is_suspect && !p.leaf_fits)
        s->expected = p.chain; /* a false entry says nothing about what follows */
    tree_add(c, leaf, true, is_suspect);
    ring_put(c, r, &p.chain);
    c->last = r->seq;
    if (!rc && r->id)
        rc = detail_check(c, r);
    return rc ? rc : heads_pass(s);
}

/* ---- all places ---------------------------------------------------------------------------------------------------- */

static enum rc page_check(struct check *c, size_t *out_n)
{
    struct scan *s = &c->s;
    struct list rows = { 0 };
    arena_reset(s->page.arena);
    enum rc rc = db_all(&s->page, &sql_ledger_check_list, ARGS(v_i64(c->last)), &ROW, &rows);
    *out_n = rows.n;
    if (rc || !rows.n)
        return rc;
    const struct row *v = rows.v;
    c->node = 0;
    rc = db_all(&s->page, &sql_ledger_check_nodes, ARGS(v_i64(c->last), v_i64(v[rows.n - 1].seq)), &NODE, &c->nodes);
    for (size_t i = 0; !rc && i < rows.n; i++)
        rc = row_check(c, &v[i]);
    node_take(c, INT64_MAX, 0); /* whatever is left of this page */
    s->report->sequenced += (int64_t)rows.n;
    return rc;
}

static enum rc places_check(struct check *c)
{
    size_t n = 1;
    enum rc rc = RC_OK;
    while (!rc && n)
        rc = page_check(c, &n);
    int64_t beyond = 0;
    if (!rc)
        rc = db_int(&c->s.page, &sql_ledger_check_nodes_beyond, ARGS(v_i64(c->last)), &beyond);
    if (!rc && beyond)
        fault_add(&c->s, "ledger.nodes_beyond", c->last, beyond);
    return rc;
}

/* ---- what has no place --------------------------------------------------------------------------------------------- */

static enum rc waiting_one(struct check *c, const struct row *r)
{
    struct scan *s = &c->s;
    struct ledger_row e = row_entry(r);
    if (!r->id) {
        fault_add(s, "ledger.waiting_removed", 0, r->entry);
        return RC_OK;
    }
    struct digest content = ledger_row_hash(s->page.arena, &e);
    if (!str_eq(r->hash, digest_str(&content)))
        fault_add(s, "ledger.altered", 0, r->entry);
    if (r->seq)
        fault_add(s, "ledger.waiting_placed", r->seq, r->entry);
    return r->seq ? RC_OK : detail_check(c, r);
}

static enum rc waiting_check(struct check *c)
{
    struct scan *s = &c->s;
    struct list rows = { .n = 1 };
    int64_t after = 0;
    enum rc rc = RC_OK;
    while (!rc && rows.n) {
        arena_reset(s->page.arena);
        rc = db_all(&s->page, &sql_ledger_check_waiting, ARGS(v_i64(after)), &ROW, &rows);
        for (size_t i = 0; !rc && i < rows.n; i++) {
            const struct row *r = (const struct row *)rows.v + i;
            after = r->entry;
            s->report->waiting++;
            rc = waiting_one(c, r);
        }
    }
    return rc;
}

static enum rc strays_check(struct check *c, const struct sql *list, const char *key)
{
    struct list rows = { 0 };
    enum rc rc = db_all(&c->s.page, list, NO_ARGS, &ENTRY_ONLY, &rows);
    for (size_t i = 0; !rc && i < rows.n; i++)
        fault_add(&c->s, key, 0, ((const struct entry_only *)rows.v)[i].entry);
    return rc;
}

static enum rc all_check(struct check *c, const struct ledger_outside *o)
{
    enum rc rc = places_check(c);
    if (!rc)
        rc = heads_end(&c->s, o->key_id);
    if (rc)
        return rc;
    name_suspects(c);
    rc = strays_check(c, &sql_ledger_check_unplaced, "ledger.unplaced");
    if (!rc)
        rc = strays_check(c, &sql_ledger_check_details, "ledger.detail_stray");
    return rc ? rc : waiting_check(c);
}

enum rc ledger_verify(struct cx *cx, const struct ledger_outside *o, struct ledger_report *out)
{
    AUTO(arena_done) struct arena page;
    AUTO(arena_done) struct arena db_heads;
    AUTO(arena_done) struct arena file_heads;
    struct check *c = arena_new(cx->arena, struct check);
    arena_init(&page, PAGE_ARENA);
    arena_init(&db_heads, PAGE_ARENA);
    arena_init(&file_heads, PAGE_ARENA);
    *out = (struct ledger_report){ .key_id = STR_NONE };
    c->suspects = arena_many(cx->arena, struct suspect, SUSPECTS_MAX);
    c->s = (struct scan){ .cx = cx, .page = *cx, .report = out, .has_chain = true };
    c->s.page.arena = &page;
    c->s.faults = arena_many(cx->arena, struct ledger_fault, LEDGER_FAULTS);
    out->faults.v = c->s.faults;
    enum rc rc = heads_open(&c->s, o->heads, &db_heads, &file_heads);
    if (!rc)
        rc = all_check(c, o);
    ledger_key_close(c->s.key);
    out->unproven = out->sequenced + out->waiting - out->kept_size;
    return rc;
}

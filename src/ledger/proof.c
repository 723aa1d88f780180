/* proof.c - inclusion and consistency from stored subtrees; receipts. */
#include "base/json.h"
#include "ledger/ledger_priv.h"
#include "ledger_sql.h"

#include <string.h>

struct node {
    int64_t    seq, level;
    struct str hash;
};
static const struct field node_fields[] = {
    FIELD(struct node, seq),
    FIELD(struct node, level),
    FIELD(struct node, hash),
};
static const struct record NODE = RECORD(struct node, node_fields);

/* ---- hashes of the tree -------------------------------------------------------------------------------------------- */

enum rc ledger_part_get(struct cx *cx, struct leaves s, struct digest *out)
{
    struct node node;
    struct ledger_place p;
    int level = __builtin_ctzll((uint64_t)(s.to - s.from));
    enum rc rc = level ? db_one(cx, &sql_ledger_node_get, ARGS(v_i64(s.to), v_i64(level)), &NODE, &node)
                       : db_one(cx, &sql_ledger_seq_get, ARGS(v_i64(s.to)), &LEDGER_PLACE, &p);
    if (rc)
        return rc;
    return digest_from(level ? node.hash : p.leaf, out) ? RC_OK : RC_NOT_FOUND;
}

enum rc ledger_span_get(struct cx *cx, struct leaves s, struct digest *out)
{
    struct leaves parts[MERKLE_PATH_MAX];
    struct digest d[MERKLE_PATH_MAX];
    size_t n = merkle_parts(s, parts);
    for (size_t i = 0; i < n; i++) {
        enum rc rc = ledger_part_get(cx, parts[i], &d[i]);
        if (rc)
            return rc;
    }
    *out = merkle_join(d, n);
    return RC_OK;
}

static enum rc path_get(struct cx *cx, const struct leaves *spans, size_t n, struct merkle_path *out)
{
    for (size_t i = 0; i < n; i++) {
        enum rc rc = ledger_span_get(cx, spans[i], &out->v[i]);
        if (rc)
            return rc;
    }
    out->n = n;
    return RC_OK;
}

enum rc ledger_proof(struct cx *cx, int64_t entry, int64_t size, struct merkle_path *out, int64_t *out_index)
{
    struct leaves spans[MERKLE_PATH_MAX];
    struct ledger_row r;
    enum rc rc = ledger_get(cx, entry, &r);
    if (rc)
        return rc;
    if (r.seq < 1 || r.seq > size)
        return RC_NOT_FOUND;
    rc = path_get(cx, spans, merkle_inclusion(r.seq - 1, size, spans), out);
    if (!rc)
        *out_index = r.seq - 1;
    return rc;
}

enum rc ledger_consistency(struct cx *cx, int64_t from, int64_t to, struct merkle_path *out)
{
    struct leaves spans[MERKLE_PATH_MAX];
    struct ledger_place last;
    enum rc rc = ledger_place_last(cx, &last);
    if (rc)
        return rc;
    if (from < 1 || from > to || to > last.seq)
        return RC_NOT_FOUND;
    return path_get(cx, spans, merkle_consistency(from, to, spans), out);
}

/* ---- receipts ------------------------------------------------------------------------------------------------------- */

#define FORMAT "tongban-receipt/1"

struct path_hash {
    struct str hash;
};
static const struct field path_fields[] = { FIELD(struct path_hash, hash, .required = true) };
static const struct record PATH_HASH = RECORD(struct path_hash, path_fields);

/* One flat object: also what a reader without our program can take apart easily. */
struct receipt {
    struct str  format;
    int64_t     entry;
    struct str  hash, proof;
    int64_t     seq, size;
    struct list path;
    struct str  root, chain;
    int64_t     at_ms;
    struct str  key_id, public_key, signature;
};
static const char *const proofs[] = { "follows", "included", NULL };
static const struct field receipt_fields[] = {
    FIELD(struct receipt, format, .required = true),
    FIELD(struct receipt, entry),
    FIELD(struct receipt, hash, .required = true),
    FIELD(struct receipt, proof, .required = true, .words = proofs),
    FIELD(struct receipt, seq),
    FIELD(struct receipt, size),
    FIELD_LIST(struct receipt, path, &PATH_HASH, .max = MERKLE_PATH_MAX),
    FIELD(struct receipt, root),
    FIELD(struct receipt, chain),
    FIELD(struct receipt, at_ms),
    FIELD(struct receipt, key_id),
    FIELD(struct receipt, public_key, .max = 400),
    FIELD(struct receipt, signature, .max = 400),
};
static const struct record RECEIPT = RECORD(struct receipt, receipt_fields);
/* A receipt without proof ends after the member `proof`. */
static const struct record RECEIPT_SHORT = { .size = sizeof(struct receipt), .n = 4, .fields = receipt_fields };

static struct list path_texts(struct arena *a, const struct merkle_path *p)
{
    struct path_hash *v = arena_many(a, struct path_hash, p->n);
    for (size_t i = 0; i < p->n; i++)
        v[i].hash = hex(a, p->v[i].b, sizeof p->v[i].b);
    return (struct list){ v, p->n };
}

static enum rc receipt_fill(struct cx *cx, const struct ledger_head *h, struct receipt *r)
{
    struct arena *a = cx->arena;
    struct merkle_path path;
    struct str der;
    int64_t index;
    enum rc rc = ledger_proof(cx, r->entry, h->size, &path, &index);
    if (!rc)
        rc = ledger_key_get(cx, h->key_id, &der);
    if (rc)
        return rc;
    r->proof = STR("included");
    r->seq = index + 1;
    r->size = h->size;
    r->path = path_texts(a, &path);
    r->root = hex(a, h->root.p, h->root.n);
    r->chain = hex(a, h->chain.p, h->chain.n);
    r->at_ms = h->at.ms;
    r->key_id = h->key_id;
    r->public_key = base64url(a, der.p, der.n);
    r->signature = base64url(a, h->signature.p, h->signature.n);
    return RC_OK;
}

enum rc ledger_receipt_write(struct cx *cx, int64_t entry, struct buf *out)
{
    struct ledger_row row;
    struct ledger_head h;
    enum rc rc = ledger_get(cx, entry, &row);
    if (rc)
        return rc;
    struct receipt r = { .format = STR(FORMAT), .entry = entry, .hash = hex(cx->arena, row.hash.p, row.hash.n),
                         .proof = STR("follows") };
    rc = row.seq ? ledger_head_last(cx, &h) : RC_NOT_FOUND;
    if (!rc)
        rc = receipt_fill(cx, &h, &r);
    if (rc && rc != RC_NOT_FOUND)
        return rc;
    json_write(out, rc ? &RECEIPT_SHORT : &RECEIPT, &r);
    return RC_OK;
}

static bool path_parse(const struct list *l, struct merkle_path *out)
{
    const struct path_hash *v = l->v;
    out->n = l->n;
    for (size_t i = 0; i < l->n; i++)
        if (!unhex(v[i].hash, out->v[i].b, sizeof out->v[i].b))
            return false;
    return true;
}

/* Only the one way to write the bytes that we write. */
static bool bytes_parse(struct str text, struct arena *a, struct str *out)
{
    return unbase64url(text, a, out) && str_eq(text, base64url(a, out->p, out->n));
}

/* The texts of a receipt as bytes; pointers into the arena. */
struct parsed {
    struct digest      hash, root, chain;
    struct merkle_path path;
    struct str         signature, der;
    struct ledger_head head;
};

static bool receipt_parse(const struct receipt *r, struct arena *a, struct parsed *p)
{
    bool ok = unhex(r->hash, p->hash.b, sizeof p->hash.b) && unhex(r->root, p->root.b, sizeof p->root.b) &&
              unhex(r->chain, p->chain.b, sizeof p->chain.b) && path_parse(&r->path, &p->path) &&
              bytes_parse(r->public_key, a, &p->der) && bytes_parse(r->signature, a, &p->signature);
    p->head = (struct ledger_head){ .size = r->size, .root = digest_str(&p->root), .chain = digest_str(&p->chain),
                                    .at = { r->at_ms } };
    return ok && str_eq(r->key_id, ledger_key_id(p->der, a));
}

static void key_done(struct ledger_key **k)
{
    ledger_key_close(*k);
}

static enum ledger_receipt_state proof_check(const struct receipt *r, struct arena *a)
{
    struct parsed *p = arena_new(a, struct parsed);
    if (!receipt_parse(r, a, p))
        return RECEIPT_MALFORMED;
    struct digest leaf = merkle_leaf(&p->hash);
    if (r->seq < 1 || !merkle_inclusion_check(&leaf, (struct leaves){ r->seq - 1, r->size }, &p->path, &p->root))
        return RECEIPT_WRONG_PATH;
    AUTO(key_done) struct ledger_key *key = ledger_key_parse(p->der);
    if (!key || !ledger_key_check(key, ledger_head_text(a, &p->head), p->signature))
        return RECEIPT_WRONG_SIGNATURE;
    return RECEIPT_PROVEN;
}

enum ledger_receipt_state ledger_receipt_check(struct str text, struct arena *a, struct ledger_receipt *out)
{
    struct receipt r;
    struct issues is = { 0 };
    struct digest hash;
    *out = (struct ledger_receipt){ 0 };
    if (text.n > LEDGER_RECEIPT_MAX || json_read(text, &RECEIPT, a, &is, &r) || !str_is(r.format, FORMAT) ||
        !unhex(r.hash, hash.b, sizeof hash.b))
        return RECEIPT_MALFORMED;
    *out = (struct ledger_receipt){ .entry = r.entry, .hash = r.hash, .seq = r.seq, .size = r.size, .key_id = r.key_id,
                                    .at = { r.at_ms } };
    return str_is(r.proof, "follows") ? RECEIPT_FOLLOWS : proof_check(&r, a);
}

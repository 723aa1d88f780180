/* append.c - entries: their hash, appending them, erasing details. */
#include "base/log.h"
#include "ledger/ledger_priv.h"
#include "ledger_sql.h"

#include <string.h>

#define DOMAIN STR("tongban-ledger-entry/1")

/* ---- hash --------------------------------------------------------------------------------------------------------- */

static void put_u64(struct buf *b, uint64_t v)
{
    char *p = buf_room(b, 8);
    for (int i = 0; i < 8; i++)
        p[i] = (char)(v >> (56 - 8 * i));
    b->n += 8;
}

static void put_int(struct buf *b, int64_t v)
{
    put_u64(b, 8);
    put_u64(b, (uint64_t)v);
}

/* Nothing and empty text must not look alike: a detail that never was and one of no bytes are different facts, but no
 * digest is empty, so a length of 0 is enough for "none". */
static void put_bytes(struct buf *b, struct str s)
{
    put_u64(b, s.n);
    buf_str(b, s);
}

struct digest ledger_row_hash(struct arena *a, const struct ledger_row *r)
{
    struct buf b;
    buf_init(&b, a, 256 + r->kind.n + r->body.n);
    put_bytes(&b, DOMAIN);
    put_int(&b, r->id);
    put_int(&b, r->root);
    put_bytes(&b, r->kind);
    put_int(&b, r->actor);
    put_int(&b, r->post);
    put_int(&b, r->body_id);
    put_int(&b, r->at.ms);
    put_int(&b, r->effective_at.ms);
    put_bytes(&b, r->body);
    put_bytes(&b, r->detail_hash);
    return sm3(buf_view(&b));
}

struct digest ledger_commitment(struct str salt, struct str detail)
{
    return sm3_two(salt, detail);
}

bool digest_from(struct str s, struct digest *out)
{
    *out = (struct digest){ 0 };
    if (s.n != sizeof out->b)
        return false;
    memcpy(out->b, s.p, sizeof out->b);
    return true;
}

/* ---- appending ----------------------------------------------------------------------------------------------------- */

static bool kind_ok(struct str kind)
{
    for (size_t i = 0; i < kind.n; i++) {
        char c = kind.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.'))
            return false;
    }
    return kind.n && kind.n <= LEDGER_KIND_MAX;
}

static void check_entry(const struct ledger_entry *e)
{
    struct str b = e->body;
    if (!kind_ok(str_c(e->kind)))
        panic("ledger: \"%s\" is no kind", e->kind ? e->kind : "");
    if (b.n < 2 || b.n > LEDGER_BODY_MAX || b.p[0] != '{' || b.p[b.n - 1] != '}')
        panic("ledger: the body of a %s is no JSON object of at most %d bytes", e->kind, LEDGER_BODY_MAX);
}

struct ledger_detail ledger_detail_make(struct cx *cx, struct str text)
{
    struct ledger_detail d = { .text = text };
    db_random(cx, d.salt, sizeof d.salt);
    d.hash = ledger_commitment((struct str){ d.salt, sizeof d.salt }, text);
    return d;
}

static enum rc detail_add(struct cx *cx, const struct ledger_entry *e, struct ledger_row *r)
{
    const struct ledger_detail d = e->made ? *e->made : ledger_detail_make(cx, e->detail);
    r->detail_hash = arena_str(cx->arena, digest_str(&d.hash));
    return db_exec(cx, &sql_ledger_detail_add, ARGS(v_i64(r->id), v_bytes(d.salt, sizeof d.salt), v_str(d.text)), NULL);
}

static enum rc row_add(struct cx *cx, const struct ledger_row *r)
{
    enum rc rc = db_exec(cx, &sql_ledger_add,
                         ARGS(v_i64(r->id), v_i64(r->root), v_str(r->kind), v_i64(r->actor), v_i64(r->post),
                              v_i64(r->body_id), v_i64(r->at.ms), v_i64(r->effective_at.ms), v_str(r->body),
                              v_bytes(r->detail_hash.p, r->detail_hash.n), v_bytes(r->hash.p, r->hash.n)),
                         NULL);
    return rc ? rc : db_exec(cx, &sql_ledger_waiting_add, ARGS(v_i64(r->id)), NULL);
}

enum rc ledger_append(struct cx *cx, const struct ledger_entry *e, int64_t *out_id, struct digest *out_hash)
{
    check_entry(e);
    struct ledger_row r = { .id = db_id(cx),
                            .root = e->root,
                            .kind = str_c(e->kind),
                            .actor = cx->actor.account,
                            .post = cx->actor.post,
                            .body_id = cx->actor.body,
                            .at = { cx->now },
                            .effective_at = { e->effective_at ? e->effective_at : cx->now },
                            .body = e->body };
    enum rc rc = e->made || e->detail.p ? detail_add(cx, e, &r) : RC_OK;
    if (rc)
        return rc;
    struct digest hash = ledger_row_hash(cx->arena, &r);
    r.hash = digest_str(&hash);
    rc = row_add(cx, &r);
    if (rc)
        return rc;
    if (out_id)
        *out_id = r.id;
    if (out_hash)
        *out_hash = hash;
    return RC_OK;
}

/* ---- erasing -------------------------------------------------------------------------------------------------------- */

enum rc ledger_detail_erase(struct cx *cx, int64_t id)
{
    struct ledger_row r;
    int64_t erased = 0;
    enum rc rc = ledger_get(cx, id, &r);
    if (!rc)
        rc = db_exec(cx, &sql_ledger_detail_end, ARGS(v_i64(id)), &erased);
    if (rc)
        return rc;
    if (!erased)
        return RC_NOT_FOUND;
    struct ledger_entry e = { .root = r.root, .kind = "ledger.detail_erased",
                              .body = arena_fmt(cx->arena, "{\"entry\":%lld}", (long long)id) };
    return ledger_append(cx, &e, NULL, NULL);
}

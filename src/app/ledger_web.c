/* ledger_web.c - the ledger as a module: its schema, two public routes (hashes only), its timers. */
#include "app/ledger_web.h"

#include "http/route.h"
#include "jobs/jobs.h"
#include "ledger/ledger.h"
#include "ledger_sql.h"

enum { SEQUENCE_EVERY_MS = 200, SEQUENCE_AT_ONCE = 100 };

/* ---- routes ------------------------------------------------------------------------------------------------------- */

/* The newest signed head, with everything needed to check it. */
struct head_view {
    int64_t     size;
    struct str  root, chain;
    struct when at;
    int64_t     at_ms;
    struct str  key_id, public_key, signature;
};
static const struct field head_fields[] = {
    FIELD(struct head_view, size),   FIELD(struct head_view, root),       FIELD(struct head_view, chain),
    FIELD(struct head_view, at),     FIELD(struct head_view, at_ms),      FIELD(struct head_view, key_id),
    FIELD(struct head_view, public_key), FIELD(struct head_view, signature),
};
static const struct record HEAD_VIEW = RECORD(struct head_view, head_fields);

static enum rc head_show(struct cx *cx, const struct req *rq UNUSED, void *out)
{
    struct arena *a = cx->arena;
    struct ledger_head h;
    struct str der;
    enum rc rc = ledger_head_last(cx, &h);
    if (!rc)
        rc = ledger_key_get(cx, h.key_id, &der);
    if (rc)
        return rc;
    *(struct head_view *)out = (struct head_view){
        .size = h.size,
        .root = hex(a, h.root.p, h.root.n),
        .chain = hex(a, h.chain.p, h.chain.n),
        .at = h.at,
        .at_ms = h.at.ms,
        .key_id = h.key_id,
        .public_key = base64url(a, der.p, der.n),
        .signature = base64url(a, h.signature.p, h.signature.n),
    };
    return RC_OK;
}

static enum rc receipt_show(struct cx *cx, const struct req *rq, void *out)
{
    struct buf b;
    buf_init(&b, cx->arena, 4096);
    enum rc rc = ledger_receipt_write(cx, req_id(rq, "id"), &b);
    if (!rc)
        ((struct raw *)out)->body = buf_view(&b);
    return rc;
}

static const struct route routes[] = {
    { GET, "/ledger/head", head_show, READ, NEED_NOBODY, .out = &HEAD_VIEW, .flags = ROUTE_NO_FRAME },
    { GET, "/ledger/receipt/{id}", receipt_show, READ, NEED_NOBODY, .out = &RAW, .type = "application/json",
      .flags = ROUTE_NO_FRAME },
};

/* ---- timers ------------------------------------------------------------------------------------------------------- */

static enum rc sequence(struct cx *cx, struct job *j)
{
    int64_t n = 0;
    enum rc rc = ledger_sequence(cx, SEQUENCE_AT_ONCE, &n);
    j->again = n == SEQUENCE_AT_ONCE;
    return rc;
}

static enum rc head_due(struct cx *cx, bool *out)
{
    struct ledger_head h;
    enum rc rc = cx->app->ledger_key ? ledger_head_find_due(cx, &h) : RC_NOT_FOUND;
    *out = !rc;
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

static enum rc head_find(struct cx *cx, struct job *j)
{
    j->own = arena_new(cx->arena, struct ledger_head);
    return ledger_head_find_due(cx, j->own);
}

static enum rc head_sign(struct cx *cx, struct job *j)
{
    ledger_head_sign(cx->app->ledger_key, cx->arena, j->own);
    return RC_OK;
}

static enum rc head_store(struct cx *cx, struct job *j)
{
    return ledger_head_add(cx, cx->app->ledger_key, j->own);
}

static enum rc heads_keep(struct cx *cx, struct job *j UNUSED)
{
    struct str path = arena_fmt(cx->arena, STR_F "/ledger/heads.jsonl", STR_A(cx->app->config.data));
    int64_t n;
    return ledger_heads_keep(cx, path.p, &n);
}

static const struct job_kind kinds[] = {
    { .name = "ledger.sequence", .run = sequence, .due = ledger_is_waiting, .every_ms = SEQUENCE_EVERY_MS },
    { .name = "ledger.head", .unit = READ, .run = head_find, .after = head_sign, .store = head_store, .due = head_due,
      .every_ms = LEDGER_HEAD_MS },
    { .name = "ledger.keep", .after = heads_keep, .every_ms = LEDGER_HEAD_MS },
};

const struct module ledger_module = {
    .name = "ledger",
    .routes = routes,
    .nroutes = countof(routes),
    .sql = ledger_sql,
    .nsql = countof(ledger_sql),
    .schema = ledger_schema,
    .nschema = countof(ledger_schema),
    .jobs = kinds,
    .njobs = countof(kinds),
};

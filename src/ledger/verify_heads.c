/* verify_heads.c - the verifier's part about signed heads, of the database and of the file outside it. */
#include "ledger/verify_priv.h"
#include "ledger_sql.h"

/* Messages about a head: of the database, of the file. */
static const char *const messages[][2] = {
    { "ledger.head_signature", "ledger.file_signature" },
    { "ledger.head_key", "ledger.file_key" },
    { "ledger.head_differs", "ledger.file_differs" },
    { "ledger.head_beyond", "ledger.file_beyond" },
};
enum message { SIGNATURE, KEY, DIFFERS, BEYOND };

static void head_fault(struct scan *s, const struct head_stream *h, enum message m, int64_t one, int64_t two)
{
    fault_add(s, messages[m][h->is_file], one, two);
}

/* ---- streams ------------------------------------------------------------------------------------------------------- */

static enum rc db_next(struct scan *s, struct head_stream *h)
{
    if (h->at == h->page.n) {
        struct cx cx = s->page;
        cx.arena = h->a;
        arena_reset(h->a);
        h->at = 0;
        enum rc rc = db_all(&cx, &sql_ledger_head_list, ARGS(v_i64(h->last)), &LEDGER_HEAD, &h->page);
        if (rc)
            return rc;
    }
    h->has_next = h->at < h->page.n;
    if (h->has_next)
        h->next = ((const struct ledger_head *)h->page.v)[h->at++];
    return RC_OK;
}

/* Lines that are no head, or not in order, are named and skipped. */
static void file_next(struct scan *s, struct head_stream *h)
{
    h->has_next = false;
    while (h->rest.n && !h->has_next) {
        struct str line = str_cut(&h->rest, '\n');
        h->line++;
        arena_reset(h->a);
        if (!line.n)
            continue;
        h->has_next = ledger_head_parse(line, h->a, &h->next) == RC_OK && h->next.size > h->last;
        if (!h->has_next)
            fault_add(s, "ledger.file_line", h->line, 0);
    }
}

static enum rc stream_next(struct scan *s, struct head_stream *h)
{
    if (h->has_next)
        h->last = h->next.size;
    if (!h->is_file)
        return db_next(s, h);
    file_next(s, h);
    return RC_OK;
}

enum rc heads_open(struct scan *s, struct str file_text, struct arena *for_db, struct arena *for_file)
{
    s->heads = (struct head_stream){ .a = for_db };
    s->file = (struct head_stream){ .is_file = true, .rest = file_text, .a = for_file };
    enum rc rc = stream_next(s, &s->heads);
    return rc ? rc : stream_next(s, &s->file);
}

/* ---- one head ------------------------------------------------------------------------------------------------------- */

/* The key of this id from the database, kept for the next head. */
static enum rc key_find(struct scan *s, struct str key_id)
{
    struct str der;
    if (s->key && str_eq(s->key_id, key_id))
        return RC_OK;
    enum rc rc = ledger_key_get(&s->page, key_id, &der);
    if (rc)
        return rc;
    if (!str_eq(ledger_key_id(der, s->page.arena), key_id))
        return RC_NOT_FOUND;
    ledger_key_close(s->key);
    s->key = ledger_key_parse(der);
    s->key_id = arena_str(s->cx->arena, key_id);
    return s->key ? RC_OK : RC_NOT_FOUND;
}

static enum rc signature_check(struct scan *s, const struct head_stream *h, bool *out_good)
{
    enum rc rc = key_find(s, h->next.key_id);
    *out_good = false;
    if (rc && rc != RC_NOT_FOUND)
        return rc;
    if (rc)
        head_fault(s, h, KEY, h->next.size, 0);
    else if (!ledger_key_check(s->key, ledger_head_text(s->page.arena, &h->next), h->next.signature))
        head_fault(s, h, SIGNATURE, h->next.size, 0);
    else
        *out_good = true;
    return RC_OK;
}

/* The root as far as it can be told; *out_doubt: a suspect place is below it, which has its own fault. */
static bool tree_root(const struct scan_tree *t, struct digest *out, bool *out_doubt)
{
    bool any = false;
    for (int i = 0; i < MERKLE_PATH_MAX && t->size >> i; i++) {
        if (!(t->size >> i & 1))
            continue;
        if (!t->known[i])
            return false;
        *out_doubt |= t->doubt[i];
        *out = any ? merkle_node(&t->part[i], out) : t->part[i];
        any = true;
    }
    return any;
}

/* Entries and head agree, or the reason why not is named already. */
static bool head_agrees(const struct scan *s, const struct ledger_head *h, bool *out_doubt)
{
    struct digest root;
    bool known = h->size == s->tree.size && tree_root(&s->tree, &root, out_doubt);
    *out_doubt |= !known; /* a gap, which has its own fault */
    bool chain = !s->has_chain || s->last_is_suspect || str_eq(h->chain, digest_str(&s->expected)) ||
                 str_eq(h->chain, digest_str(&s->stored));
    return known && chain && str_eq(h->root, digest_str(&root));
}

static enum rc head_check(struct scan *s, struct head_stream *h)
{
    bool good, doubt = false;
    enum rc rc = signature_check(s, h, &good);
    ++*(h->is_file ? &s->report->file_heads : &s->report->heads);
    if (rc || !good)
        return rc;
    if (head_agrees(s, &h->next, &doubt)) {
        h->matched = h->next.size;
        *(h->is_file ? &s->report->kept_size : &s->report->signed_size) = h->next.size;
        if (!h->is_file)
            s->report->key_id = arena_str(s->cx->arena, h->next.key_id);
    } else if (!doubt && !h->differs) {
        h->differs = true;
        head_fault(s, h, DIFFERS, h->next.size, h->matched + 1);
    }
    return RC_OK;
}

static enum rc stream_pass(struct scan *s, struct head_stream *h)
{
    enum rc rc = RC_OK;
    while (!rc && h->has_next && h->next.size <= s->tree.size) {
        rc = head_check(s, h);
        if (!rc)
            rc = stream_next(s, h);
    }
    return rc;
}

enum rc heads_pass(struct scan *s)
{
    enum rc rc = stream_pass(s, &s->heads);
    return rc ? rc : stream_pass(s, &s->file);
}

/* ---- the end --------------------------------------------------------------------------------------------------------- */

static enum rc stream_end(struct scan *s, struct head_stream *h)
{
    int64_t beyond = 0;
    enum rc rc = RC_OK;
    while (!rc && h->has_next) {
        bool good = false;
        rc = signature_check(s, h, &good);
        ++*(h->is_file ? &s->report->file_heads : &s->report->heads);
        if (good)
            beyond = h->next.size;
        arena_reset(s->page.arena);
        if (!rc)
            rc = stream_next(s, h);
    }
    if (!rc && beyond)
        head_fault(s, h, BEYOND, s->tree.size + 1, beyond);
    return rc;
}

enum rc heads_end(struct scan *s, struct str key_id)
{
    enum rc rc = stream_end(s, &s->heads);
    if (!rc)
        rc = stream_end(s, &s->file);
    if (!rc && key_id.p && s->report->key_id.p && !str_eq(key_id, s->report->key_id))
        fault_add(s, "ledger.head_other_key", s->report->signed_size, 0);
    ledger_key_close(s->key);
    s->key = NULL;
    return rc;
}

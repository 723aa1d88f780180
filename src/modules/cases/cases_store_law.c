/* cases_store_law.c - statements of the law's rarer acts: void documents. */
#include "cases_store.h"

static enum rc one_row(enum rc rc, int64_t changed)
{
    return rc ? rc : changed ? RC_OK : RC_CONFLICT;
}

static struct val text(struct str s)
{
    return v_str(s.p ? s : STR(""));
}

/* ---- void ------------------------------------------------------------------------------------------------------------------- */

#define V struct cases_void
static const char *const void_states[] = { "asked", "confirmed", "refused", NULL };
static const struct field void_fields[] = {
    FIELD(V, n), FIELD(V, document), FIELD(V, reason), FIELD(V, reissue), FIELD(V, reasons), FIELD(V, basis),
    FIELD_WORD(V, state, void_states, "cases.void"), FIELD(V, asked_by, .secret = true), FIELD(V, asked_at), FIELD(V, asked_name),
    FIELD(V, number),
};
const struct record CASES_VOID = RECORD(V, void_fields);
#undef V

enum rc cases_store_void_add(struct cx *cx, int64_t id, const struct cases_void_wish *w)
{
    int64_t n = 0;
    enum rc rc = db_exec(cx, &sql_cases_void_insert,
                         ARGS(v_i64(id), v_i64(w->document), text(w->reason), v_bool(w->reissue), text(w->reasons), text(w->basis),
                              v_i64(cx->actor.post), v_i64(cx->now)),
                         &n);
    return one_row(rc, n);
}

enum rc cases_store_voids(struct cx *cx, int64_t id, struct list *out)
{
    return db_all(cx, &sql_cases_voids, ARGS(v_i64(id)), &CASES_VOID, out);
}

enum rc cases_store_void_settle(struct cx *cx, int64_t id, int64_t n, const char *state)
{
    int64_t changed = 0;
    enum rc rc = db_exec(cx, &sql_cases_void_settle,
                         ARGS(v_i64(id), v_i64(n), v_str(str_c(state)), v_i64(cx->actor.post), v_i64(cx->now)), &changed);
    return one_row(rc, changed);
}

enum rc cases_store_document_void(struct cx *cx, int64_t id, int64_t n, int64_t successor)
{
    int64_t changed = 0;
    enum rc rc = db_exec(cx, &sql_cases_document_void, ARGS(v_i64(id), v_i64(n), v_i64(cx->now), v_ref(successor)), &changed);
    return one_row(rc, changed);
}

enum rc cases_store_documents_void(struct cx *cx, int64_t id)
{
    return db_exec(cx, &sql_cases_documents_void, ARGS(v_i64(id), v_i64(cx->now)), NULL);
}

enum rc cases_store_document_last(struct cx *cx, int64_t id, int64_t *out)
{
    return db_int(cx, &sql_cases_document_last, ARGS(v_i64(id)), out);
}

/* read.c - entries by root and by seq, details, cursors of readers. */
#include "base/log.h"
#include "ledger/ledger_priv.h"
#include "ledger_sql.h"

static const struct field row_fields[] = {
    FIELD(struct ledger_row, seq),     FIELD(struct ledger_row, id),      FIELD(struct ledger_row, root),
    FIELD(struct ledger_row, kind),    FIELD(struct ledger_row, actor),   FIELD(struct ledger_row, post),
    FIELD(struct ledger_row, body_id), FIELD(struct ledger_row, at),      FIELD(struct ledger_row, effective_at),
    FIELD(struct ledger_row, body),    FIELD(struct ledger_row, detail_hash), FIELD(struct ledger_row, hash),
};
const struct record LEDGER_ROW = RECORD(struct ledger_row, row_fields);

static const struct field detail_fields[] = {
    FIELD(struct ledger_detail_row, entry),
    FIELD(struct ledger_detail_row, salt),
    FIELD(struct ledger_detail_row, detail),
};
const struct record LEDGER_DETAIL_ROW = RECORD(struct ledger_detail_row, detail_fields);

enum { NEXT_MAX = 2000 };

enum rc ledger_get(struct cx *cx, int64_t id, struct ledger_row *out)
{
    return db_one(cx, &sql_ledger_get, ARGS(v_i64(id)), &LEDGER_ROW, out);
}

enum rc ledger_list(struct cx *cx, int64_t root, int64_t after_id, struct list *out)
{
    return db_all(cx, &sql_ledger_list_root, ARGS(v_i64(root), v_i64(after_id)), &LEDGER_ROW, out);
}

enum rc ledger_detail_get(struct cx *cx, int64_t id, struct str *out)
{
    struct ledger_detail_row d;
    enum rc rc = db_one(cx, &sql_ledger_detail_get, ARGS(v_i64(id)), &LEDGER_DETAIL_ROW, &d);
    if (rc)
        return rc;
    *out = d.detail;
    return RC_OK;
}

/* ---- readers -------------------------------------------------------------------------------------------------------- */

enum rc ledger_cursor_get(struct cx *cx, const char *reader, int64_t *out_seq)
{
    int64_t seq = 0;
    enum rc rc = db_int(cx, &sql_ledger_cursor_get, ARGS(v_str(str_c(reader))), &seq);
    if (rc && rc != RC_NOT_FOUND)
        return rc;
    *out_seq = seq;
    return RC_OK;
}

enum rc ledger_cursor_set(struct cx *cx, const char *reader, int64_t seq)
{
    return db_exec(cx, &sql_ledger_cursor_set, ARGS(v_str(str_c(reader)), v_i64(seq), v_i64(cx->now)), NULL);
}

enum rc ledger_next_after(struct cx *cx, int64_t seq, int max, struct list *out)
{
    if (max < 1 || max > NEXT_MAX)
        panic("ledger: %d entries at once", max);
    return db_all(cx, &sql_ledger_list_seq, ARGS(v_i64(seq), v_i64(max)), &LEDGER_ROW, out);
}

enum rc ledger_next(struct cx *cx, const char *reader, int max, struct list *out)
{
    int64_t seq;
    enum rc rc = ledger_cursor_get(cx, reader, &seq);
    return rc ? rc : ledger_next_after(cx, seq, max, out);
}

/* test_verify.c - whoever changes the ledger behind our back is found, and what he changed is named. */
#include "test_help_ledger.h"

enum { ENTRIES = 40, HEAD_EVERY = 10 };
#define T0 INT64_C(1790000000000)

struct story {
    struct fixture       *f;
    struct ledger_key    *key;
    int64_t               ids[ENTRIES + 1]; /* by seq */
    struct str            file;             /* the heads, kept elsewhere */
    struct ledger_report  report;
};

/* ---- the ledger of every test: 40 entries, heads at 10, 20, 30, 40 -------------------------------------------------- */

static void keep_head(struct story *s, struct buf *b, int64_t clock_ms)
{
    struct ledger_head h;
    db_set_clock(s->f->pool, clock_ms);
    sequence_all(&s->f->cx, 100);
    CHECK(ledger_head_make(&s->f->cx, s->key, &h) == RC_OK);
    ledger_head_write(b, &h);
    buf_char(b, '\n');
}

static struct story story_of(void **state)
{
    struct story s = { .f = fixture_of(state), .key = test_key("verify") };
    struct buf b;
    buf_init(&b, &s.f->arena, 4000);
    db_set_clock(s.f->pool, T0);
    for (int n = 1; n <= ENTRIES; n++) {
        s.ids[n] = append_one(&s.f->cx, 7, n);
        if (n % HEAD_EVERY == 0)
            keep_head(&s, &b, T0 + n * LEDGER_HEAD_MS);
    }
    s.file = buf_view(&b);
    return s;
}

static void verify(struct story *s, struct str file, struct str key_id)
{
    struct ledger_outside o = { file, key_id };
    unit_open(&s->f->cx, READ);
    CHECK(ledger_verify(&s->f->cx, &o, &s->report) == RC_OK);
    unit_close(&s->f->cx);
}

static void print_faults(const struct ledger_report *r)
{
    const struct ledger_fault *v = r->faults.v;
    for (size_t i = 0; i < r->faults.n; i++)
        print_message("  fault " STR_F " %lld %lld\n", STR_A(v[i].key), (long long)v[i].seq, (long long)v[i].entry);
}

static bool has(const struct story *s, const char *key, int64_t one, int64_t two)
{
    const struct ledger_fault *v = s->report.faults.v;
    for (size_t i = 0; i < s->report.faults.n; i++)
        if (str_is(v[i].key, key) && v[i].seq == one && v[i].entry == two)
            return true;
    print_message("no fault %s %lld %lld among:\n", key, (long long)one, (long long)two);
    print_faults(&s->report);
    return false;
}

static bool count_is(const struct story *s, size_t n)
{
    if (s->report.faults.n != n || s->report.more_faults)
        print_faults(&s->report);
    return s->report.faults.n == n && !s->report.more_faults;
}

static void story_end(struct story *s)
{
    ledger_key_close(s->key);
}

/* ---- nothing wrong -------------------------------------------------------------------------------------------------- */

static void an_untouched_ledger_has_no_faults(void **state)
{
    struct story s = story_of(state);
    struct str id = ledger_key_id(ledger_key_public(s.key, &s.f->arena), &s.f->arena);
    append_one(&s.f->cx, 7, 41);
    verify(&s, s.file, id);
    CHECK(count_is(&s, 0));
    CHECK(s.report.sequenced == 40 && s.report.waiting == 1 && s.report.heads == 4 && s.report.file_heads == 4);
    CHECK(s.report.signed_size == 40 && s.report.kept_size == 40 && s.report.unproven == 1 && s.report.details == 13);
    CHECK(str_eq(s.report.key_id, id));
    verify(&s, STR_NONE, STR_NONE);
    CHECK(count_is(&s, 0) && s.report.kept_size == 0 && s.report.unproven == 41);
    story_end(&s);
}

static void an_empty_ledger_has_no_faults(void **state)
{
    struct story s = { .f = fixture_of(state) };
    verify(&s, STR_NONE, STR_NONE);
    CHECK(count_is(&s, 0) && s.report.sequenced == 0 && s.report.unproven == 0);
}

static void erasing_a_detail_keeps_everything_provable(void **state)
{
    struct story s = story_of(state);
    unit_open(&s.f->cx, WRITE);
    CHECK(ledger_detail_erase(&s.f->cx, s.ids[12]) == RC_OK);
    unit_close(&s.f->cx);
    verify(&s, s.file, STR_NONE);
    CHECK(count_is(&s, 0) && s.report.erased == 1 && s.report.details == 12);
    story_end(&s);
}

/* ---- one change, one fault ------------------------------------------------------------------------------------------ */

struct change {
    const char *sql; /* @17 is the id of the entry at seq 17 */
    const char *key;
    int64_t     one, two; /* negative: the id of the entry at that seq */
    size_t      faults;
};

static const struct change changes[] = {
    { "UPDATE ledger SET body = '{\"n\":999}' WHERE id = @17", "ledger.altered", 17, -17, 1 },
    { "UPDATE ledger SET kind = 'case.decided' WHERE id = @1", "ledger.altered", 1, -1, 1 },
    { "UPDATE ledger SET actor = 5 WHERE id = @40", "ledger.altered", 40, -40, 1 },
    { "UPDATE ledger SET effective_at = effective_at - 86400000 WHERE id = @20", "ledger.altered", 20, -20, 1 },
    { "UPDATE ledger SET hash = (SELECT leaf FROM ledger_seq WHERE seq = 3) WHERE id = @22", "ledger.hash_altered", 22, -22, 1 },
    { "UPDATE ledger SET body = '{}', hash = (SELECT leaf FROM ledger_seq WHERE seq = 3) WHERE id = @22", "ledger.replaced", 22,
      -22, 1 },
    { "DELETE FROM ledger WHERE id = @23", "ledger.removed", 23, -23, 1 },
    { "DELETE FROM ledger WHERE id = @40", "ledger.removed", 40, -40, 1 },
    { "DELETE FROM ledger WHERE id = @1", "ledger.removed", 1, -1, 1 },
    { "UPDATE ledger_seq SET chain = leaf WHERE seq = 22", "ledger.chain_altered", 22, -22, 1 },
    { "UPDATE ledger_seq SET chain = leaf WHERE seq = 1", "ledger.chain_altered", 1, -1, 1 },
    { "UPDATE ledger_seq SET leaf = chain WHERE seq = 22", "ledger.leaf_altered", 22, -22, 1 },
    { "UPDATE ledger_node SET hash = (SELECT leaf FROM ledger_seq WHERE seq = 3) WHERE seq = 24 AND level = 2",
      "ledger.node_altered", 24, 2, 1 },
    { "DELETE FROM ledger_node WHERE seq = 32 AND level = 5", "ledger.node_altered", 32, 5, 1 },
    { "UPDATE ledger_node SET level = 9 WHERE seq = 24 AND level = 3", "ledger.node_altered", 24, 9, 2 },
    { "UPDATE ledger_head SET root = chain WHERE size = 20", "ledger.head_signature", 20, 0, 1 },
    { "UPDATE ledger_head SET at = at + 1 WHERE size = 40", "ledger.head_signature", 40, 0, 1 },
    { "UPDATE ledger_head SET key_id = 'another' WHERE size = 10", "ledger.head_key", 10, 0, 1 },
    { "UPDATE ledger_detail SET detail = 'something else' WHERE entry = @12", "ledger.detail_altered", 12, -12, 1 },
    { "UPDATE ledger_detail SET salt = (SELECT leaf FROM ledger_seq WHERE seq = 3) WHERE entry = @12", "ledger.detail_altered",
      12, -12, 1 },
    { "DELETE FROM ledger_detail WHERE entry = @12", "ledger.detail_gone", 12, -12, 1 },
    { "UPDATE ledger_detail SET entry = 5 WHERE entry = @12", "ledger.detail_stray", 0, 5, 2 },
    { "INSERT INTO ledger SELECT id + 1, root, kind, actor, post, body_id, at, effective_at, body, detail_hash, hash FROM ledger "
      "WHERE id = @40", "ledger.unplaced", 0, -41, 1 },
    { "INSERT INTO ledger_waiting (entry) VALUES (5)", "ledger.waiting_removed", 0, 5, 1 },
    { "INSERT INTO ledger_waiting (entry) VALUES (@7)", "ledger.waiting_placed", 7, -7, 1 },
    { "DELETE FROM ledger_seq WHERE seq = 25", "ledger.gap", 25, 25, 2 },
    { "DELETE FROM ledger_seq WHERE seq >= 11 AND seq <= 30", "ledger.gap", 11, 30, 21 },
    { "UPDATE ledger_seq SET seq = 1000000000 WHERE seq = 40", "ledger.gap", 40, 999999999, 1 },
};

static int64_t number_of(const struct story *s, int64_t n)
{
    return n >= 0 ? n : n == -41 ? s->ids[40] + 1 : s->ids[-n];
}

static const char *sql_of(struct story *s, const char *sql)
{
    struct buf b;
    buf_init(&b, &s->f->arena, 400);
    for (; *sql; sql++) {
        int seq = 0;
        if (*sql != '@') {
            buf_char(&b, *sql);
            continue;
        }
        for (; sql[1] >= '0' && sql[1] <= '9'; sql++)
            seq = seq * 10 + sql[1] - '0';
        buf_i64(&b, s->ids[seq]);
    }
    buf_char(&b, '\0');
    return b.p;
}

static void one_change(struct story *s, const struct change *c)
{
    const char *undo_tables[] = { "ledger", "ledger_seq", "ledger_node", "ledger_head", "ledger_detail" };
    tamper(s->f, "DELETE FROM ledger_waiting; INSERT INTO ledger_waiting (entry) VALUES (1)");
    tamper(s->f, "DELETE FROM ledger_waiting");
    for (size_t i = 0; i < countof(undo_tables); i++)
        tamper(s->f, arena_fmt(&s->f->arena, "DELETE FROM %s; INSERT INTO %s SELECT * FROM kept_%s", undo_tables[i],
                               undo_tables[i], undo_tables[i]).p);
    tamper(s->f, sql_of(s, c->sql));
    verify(s, s->file, STR_NONE);
    bool ok = has(s, c->key, c->one, number_of(s, c->two)) && count_is(s, c->faults);
    if (!ok)
        print_message("after %s\n", c->sql);
    CHECK(ok);
}

static void every_change_is_named(void **state)
{
    const char *tables[] = { "ledger", "ledger_seq", "ledger_node", "ledger_head", "ledger_detail" };
    struct story s = story_of(state);
    for (size_t i = 0; i < countof(tables); i++)
        tamper(s.f, arena_fmt(&s.f->arena, "CREATE TABLE kept_%s AS SELECT * FROM %s; UPDATE %s SET %s = %s", tables[i],
                              tables[i], tables[i], i == 3 ? "size" : i == 0 ? "id" : i == 4 ? "entry" : "seq",
                              i == 3 ? "size" : i == 0 ? "id" : i == 4 ? "entry" : "seq").p);
    for (size_t i = 0; i < countof(changes); i++)
        one_change(&s, &changes[i]);
    story_end(&s);
}

/* ---- order ---------------------------------------------------------------------------------------------------------- */

static void swap(struct story *s, const char *column, int a, int b)
{
    const char *c = column;
    bool by_seq = str_is(str_c(column), "seq");
    long long x = by_seq ? a : s->ids[a], y = by_seq ? b : s->ids[b];
    tamper(s->f, arena_fmt(&s->f->arena, "UPDATE ledger_seq SET %s = -1 WHERE %s = %lld; UPDATE ledger_seq SET %s = %lld WHERE "
                           "%s = %lld; UPDATE ledger_seq SET %s = %lld WHERE %s = -1", c, c, x, c, x, c, y, c, y, c).p);
}

static void two_places_that_were_swapped_are_named(void **state)
{
    static const int pairs[][2] = { { 12, 25 }, { 13, 14 }, { 14, 15 }, { 1, 40 }, { 39, 40 }, { 1, 2 } };
    static const char *const columns[] = { "entry", "seq" };
    struct story s = story_of(state);
    for (size_t i = 0; i < countof(pairs) * 2; i++) {
        int a = pairs[i / 2][0], b = pairs[i / 2][1];
        const char *column = columns[i % 2];
        swap(&s, column, a, b);
        verify(&s, s.file, STR_NONE);
        bool ok = has(&s, "ledger.moved", a, b) && has(&s, "ledger.moved", b, a) && count_is(&s, 2);
        if (!ok)
            print_message("after swapping %s %d and %d\n", column, a, b);
        CHECK(ok);
        swap(&s, column, a, b);
        verify(&s, s.file, STR_NONE);
        CHECK(count_is(&s, 0));
    }
    story_end(&s);
}

/* All places from `seq` on one further, with a well made entry in the gap. */
static void an_entry_put_in_between_is_named(void **state)
{
    struct story s = story_of(state);
    struct cx *cx = &s.f->cx;
    struct ledger_row before, in;
    struct ledger_place p;
    struct digest hash, chain;
    int64_t id = append_one(cx, 7, 77);
    tamper(s.f, "DELETE FROM ledger_waiting");
    tamper(s.f, "UPDATE ledger_seq SET seq = -seq WHERE seq >= 15; UPDATE ledger_seq SET seq = 1 - seq WHERE seq < 0");
    unit_open(cx, WRITE);
    CHECK(ledger_get(cx, s.ids[14], &before) == RC_OK && ledger_get(cx, id, &in) == RC_OK);
    CHECK(db_one(cx, &sql_ledger_seq_get, ARGS(v_i64(14)), &LEDGER_PLACE, &p) == RC_OK);
    CHECK(digest_from(in.hash, &hash) && digest_from(p.chain, &chain));
    chain = ledger_chain_next(&chain, &hash);
    struct digest leaf = merkle_leaf(&hash);
    CHECK(db_exec(cx, &sql_ledger_seq_add, ARGS(v_i64(15), v_i64(id), v_bytes(chain.b, 32), v_bytes(leaf.b, 32)), NULL) == RC_OK);
    unit_close(cx);
    verify(&s, s.file, STR_NONE);
    CHECK(has(&s, "ledger.inserted", 15, id));
    story_end(&s);
}

/* ---- the end and the whole ------------------------------------------------------------------------------------------ */

static void entries_cut_off_the_end_are_missed(void **state)
{
    struct story s = story_of(state);
    tamper(s.f, "DELETE FROM ledger_detail WHERE entry IN (SELECT entry FROM ledger_seq WHERE seq > 35)");
    tamper(s.f, "DELETE FROM ledger WHERE id IN (SELECT entry FROM ledger_seq WHERE seq > 35)");
    tamper(s.f, "DELETE FROM ledger_seq WHERE seq > 35");
    tamper(s.f, "DELETE FROM ledger_node WHERE seq > 35");
    verify(&s, s.file, STR_NONE);
    CHECK(has(&s, "ledger.head_beyond", 36, 40) && has(&s, "ledger.file_beyond", 36, 40) && count_is(&s, 2));
    tamper(s.f, "DELETE FROM ledger_head WHERE size > 35");
    verify(&s, s.file, STR_NONE);
    CHECK(has(&s, "ledger.file_beyond", 36, 40) && count_is(&s, 1));
    verify(&s, STR_NONE, STR_NONE); /* without a copy elsewhere nobody can know; the report says how much is unproven */
    CHECK(count_is(&s, 0) && s.report.unproven == 35);
    story_end(&s);
}

/* Change an entry, then let the sequencer place everything after it anew: hashes, chain and tree all fit. */
static void forge(struct story *s, int64_t seq)
{
    struct cx *cx = &s->f->cx;
    struct ledger_row r;
    unit_open(cx, READ);
    CHECK(ledger_get(cx, s->ids[seq], &r) == RC_OK);
    unit_close(cx);
    r.body = STR("{\"n\":0}");
    struct digest hash = ledger_row_hash(cx->arena, &r);
    r.hash = digest_str(&hash);
    tamper(s->f, arena_fmt(cx->arena, "INSERT INTO ledger_waiting SELECT entry FROM ledger_seq WHERE seq >= %lld", (long long)seq).p);
    tamper(s->f, arena_fmt(cx->arena, "DELETE FROM ledger_seq WHERE seq >= %lld", (long long)seq).p);
    tamper(s->f, arena_fmt(cx->arena, "DELETE FROM ledger_node WHERE seq >= %lld", (long long)seq).p);
    tamper(s->f, arena_fmt(cx->arena, "DELETE FROM ledger WHERE id = %lld", (long long)r.id).p);
    unit_open(cx, WRITE);
    CHECK(db_exec(cx, &sql_ledger_add,
                  ARGS(v_i64(r.id), v_i64(r.root), v_str(r.kind), v_i64(r.actor), v_i64(r.post), v_i64(r.body_id), v_i64(r.at.ms),
                       v_i64(r.effective_at.ms), v_str(r.body), v_bytes(r.detail_hash.p, r.detail_hash.n),
                       v_bytes(r.hash.p, r.hash.n)),
                  NULL) == RC_OK);
    unit_close(cx);
    sequence_all(cx, 100);
}

static void a_history_rewritten_with_skill_contradicts_the_heads(void **state)
{
    struct story s = story_of(state);
    forge(&s, 23);
    verify(&s, s.file, STR_NONE);
    CHECK(has(&s, "ledger.head_differs", 30, 21) && has(&s, "ledger.file_differs", 30, 21) && count_is(&s, 2));
    CHECK(s.report.signed_size == 20 && s.report.kept_size == 20 && s.report.unproven == 20);
    story_end(&s);
}

static void heads_signed_anew_with_another_key_are_found_by_what_is_known_outside(void **state)
{
    struct story s = story_of(state);
    struct ledger_key *forger = test_key("forger");
    struct ledger_head h;
    struct str id = ledger_key_id(ledger_key_public(s.key, &s.f->arena), &s.f->arena);
    forge(&s, 23);
    tamper(s.f, "DELETE FROM ledger_head");
    CHECK(ledger_head_make(&s.f->cx, forger, &h) == RC_OK);
    verify(&s, STR_NONE, STR_NONE);
    CHECK(count_is(&s, 0)); /* consistent in itself */
    verify(&s, STR_NONE, id);
    CHECK(has(&s, "ledger.head_other_key", 40, 0) && count_is(&s, 1));
    verify(&s, s.file, STR_NONE);
    CHECK(has(&s, "ledger.file_differs", 30, 21) && count_is(&s, 1));
    ledger_key_close(forger);
    story_end(&s);
}

static void a_file_of_heads_that_was_touched_is_told_by_line(void **state)
{
    struct story s = story_of(state);
    struct str rest = s.file, l[4];
    for (int i = 0; i < 4; i++)
        l[i] = str_cut(&rest, '\n');
    struct str text = arena_fmt(&s.f->arena, STR_F "\nnot a head\n" STR_F "\n" STR_F "\n" STR_F "\n", STR_A(l[0]), STR_A(l[2]),
                                STR_A(l[1]), STR_A(l[3]));
    verify(&s, text, STR_NONE);
    CHECK(has(&s, "ledger.file_line", 2, 0) && has(&s, "ledger.file_line", 4, 0) && count_is(&s, 2));
    CHECK(s.report.file_heads == 3 && s.report.kept_size == 40);
    char *p = (char *)arena_str(&s.f->arena, s.file).p;
    p[str_find((struct str){ p, s.file.n }, STR("\"root\":\"")) + 8] ^= 1;
    verify(&s, (struct str){ p, s.file.n }, STR_NONE);
    CHECK(has(&s, "ledger.file_signature", 10, 0) && count_is(&s, 1));
    story_end(&s);
}

static void many_faults_are_counted(void **state)
{
    struct story s = story_of(state);
    for (int i = 0; i < 6; i++)
        for (int n = 0; n < ENTRIES; n++)
            append_one(&s.f->cx, 7, 1);
    sequence_all(&s.f->cx, 200);
    tamper(s.f, "UPDATE ledger SET root = 8");
    verify(&s, s.file, STR_NONE);
    CHECK(s.report.faults.n == LEDGER_FAULTS && s.report.more_faults == 280 - LEDGER_FAULTS);
    story_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        LEDGER_ON_BOTH(an_untouched_ledger_has_no_faults),
        LEDGER_ON_BOTH(an_empty_ledger_has_no_faults),
        LEDGER_ON_BOTH(erasing_a_detail_keeps_everything_provable),
        LEDGER_ON_BOTH(every_change_is_named),
        LEDGER_ON_BOTH(two_places_that_were_swapped_are_named),
        LEDGER_ON_BOTH(an_entry_put_in_between_is_named),
        LEDGER_ON_BOTH(entries_cut_off_the_end_are_missed),
        LEDGER_ON_BOTH(a_history_rewritten_with_skill_contradicts_the_heads),
        LEDGER_ON_BOTH(heads_signed_anew_with_another_key_are_found_by_what_is_known_outside),
        LEDGER_ON_BOTH(a_file_of_heads_that_was_touched_is_told_by_line),
        LEDGER_ON_SQLITE(many_faults_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* bench_submit.c - cases_submit in units of the group commit against a bare SQLite loop that writes the same rows, one
 * transaction per request. The rows of the bare loop are copies of those that one real submission left.
 *   bench_submit THREADS SECONDS      folder: TMPDIR; one line of JSON */
#include "bench.h"
#include "cases_service.h"
#include "fixture.h"
#include "product.h"

#include <sqlite3.h>

enum { COLUMNS_MAX = 40 };

static struct fixture *f;
static struct visitor  citizen;
static struct catalog_item item;
static struct form_answers answers;

/* ---- ours ------------------------------------------------------------------------------------------------------------- */

static enum rc submit_one(struct cx *cx)
{
    struct cases_case c;
    const struct cases_application ap = { /* sealed before the unit, as the route does it */
        .sealed = cases_seal(cx, f->app.standard_form, answers),
        .item = &item, .form = f->app.standard_form, .answers = answers, .channel = STR("web"), .applicant = citizen.person,
        .applicant_name = STR("试用人1"), .applicant_mask = STR("522627********0014"), .account = citizen.account,
    };
    enum rc rc = db_begin(cx->db, WRITE);
    if (rc)
        return rc;
    cx->now = db_now(cx->db);
    rc = cases_submit(cx, &ap, &c);
    rc = rc ? db_rollback(cx->db, rc) : db_commit(cx->db);
    enum rc durable = db_wait(cx->db);
    return rc ? rc : durable;
}

static void *ours(void *arg)
{
    struct bench_client *c = arg;
    struct arena a;
    arena_init(&a, 16 << 20);
    struct cx cx = { .arena = &a, .db = db_session(f->pool), .app = &f->app,
                     .actor = { .account = citizen.account, .person = citizen.person, .purpose = STR(""), .address = STR("") } };
    for (int64_t from; bench_more(c, &from); arena_reset(&a))
        bench_note(c, from, submit_one(&cx) == RC_OK);
    db_give_back(cx.db);
    arena_done(&a);
    return NULL;
}

/* ---- the bare loop --------------------------------------------------------------------------------------------------------- */

static const struct {
    const char *table, *where;
} tables[] = {
    { "cases_case", "id = (SELECT MAX(id) FROM cases_case)" },
    { "ledger", "root = (SELECT MAX(id) FROM cases_case)" },
    { "ledger_detail", "entry = (SELECT id FROM ledger WHERE root = (SELECT MAX(id) FROM cases_case))" },
    { "ledger_waiting", "entry = (SELECT id FROM ledger WHERE root = (SELECT MAX(id) FROM cases_case))" },
    { "cases_consent", "case_id = (SELECT MAX(id) FROM cases_case)" },
    { "cases_task", "case_id = (SELECT MAX(id) FROM cases_case)" },
    { "cases_message", "case_id = (SELECT MAX(id) FROM cases_case)" },
    { "cases_document", "case_id = (SELECT MAX(id) FROM cases_case)" },
};
enum { TABLES = countof(tables) };

static int64_t first_id; /* above every id of the database */

struct copy {
    sqlite3_stmt  *insert;
    int            n;
    char           name[COLUMNS_MAX][40];
    sqlite3_value *value[COLUMNS_MAX];
};

struct bare {
    sqlite3      *h;
    sqlite3_stmt *begin, *commit, *counter;
    struct copy   copy[TABLES];
};

static sqlite3_stmt *prepare(sqlite3 *h, const char *sql)
{
    sqlite3_stmt *s = NULL;
    if (sqlite3_prepare_v2(h, sql, -1, &s, NULL) != SQLITE_OK)
        die(sqlite3_errmsg(h));
    return s;
}

static void copy_open(sqlite3 *h, int t, struct copy *out)
{
    char sql[1000];
    snprintf(sql, sizeof sql, "SELECT * FROM %s WHERE %s", tables[t].table, tables[t].where);
    sqlite3_stmt *s = prepare(h, sql);
    if (sqlite3_step(s) != SQLITE_ROW)
        die(tables[t].table);
    size_t n = (size_t)snprintf(sql, sizeof sql, "INSERT INTO %s VALUES (?", tables[t].table);
    out->n = sqlite3_column_count(s);
    for (int i = 0; i < out->n; i++) {
        snprintf(out->name[i], sizeof out->name[i], "%s", sqlite3_column_name(s, i));
        out->value[i] = sqlite3_value_dup(sqlite3_column_value(s, i));
        n += i ? (size_t)snprintf(sql + n, sizeof sql - n, ", ?") : 0;
    }
    snprintf(sql + n, sizeof sql - n, ")");
    sqlite3_finalize(s);
    out->insert = prepare(h, sql);
}

static void bare_open(struct bare *b)
{
    char path[100];
    snprintf(path, sizeof path, "%s/main.db", f->dir);
    if (sqlite3_open_v2(path, &b->h, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
        die("cannot open");
    sqlite3_busy_timeout(b->h, 60000);
    sqlite3_exec(b->h, "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -65536", NULL, NULL, NULL);
    b->begin = prepare(b->h, "BEGIN IMMEDIATE");
    b->commit = prepare(b->h, "COMMIT");
    b->counter = prepare(b->h, "INSERT INTO cases_counter (division, day, slot, last) VALUES ('x', 1, 1, 1) "
                               "ON CONFLICT (division, day, slot) DO UPDATE SET last = cases_counter.last + 1 RETURNING last");
    for (int t = 0; t < TABLES; t++)
        copy_open(b->h, t, &b->copy[t]);
}

static void bare_close(struct bare *b)
{
    sqlite3_finalize(b->begin);
    sqlite3_finalize(b->commit);
    sqlite3_finalize(b->counter);
    for (int t = 0; t < TABLES; t++) {
        sqlite3_finalize(b->copy[t].insert);
        for (int i = 0; i < b->copy[t].n; i++)
            sqlite3_value_free(b->copy[t].value[i]);
    }
    sqlite3_close(b->h);
}

static bool step(sqlite3_stmt *s, int want)
{
    int rc = sqlite3_step(s);
    sqlite3_reset(s);
    return rc == want;
}

/* What must differ between two cases; the rest is the same bytes. */
static void column_bind(const struct copy *c, int i, int64_t id)
{
    static const char *const keys[] = { "id", "entry", "root", "case_id" };
    char text[24];
    for (size_t k = 0; k < countof(keys); k++)
        if (strcmp(c->name[i], keys[k]) == 0) {
            sqlite3_bind_int64(c->insert, i + 1, id);
            return;
        }
    bool is_number = strcmp(c->name[i], "no") == 0 || strcmp(c->name[i], "number") == 0;
    snprintf(text, sizeof text, "%021lld", (long long)id);
    if (is_number)
        sqlite3_bind_text(c->insert, i + 1, text, 21, SQLITE_TRANSIENT);
    else
        sqlite3_bind_value(c->insert, i + 1, c->value[i]);
}

static bool copy_insert(const struct copy *c, bool is_message, int64_t id)
{
    for (int i = 0; i < c->n; i++)
        column_bind(c, i, id);
    if (is_message)
        sqlite3_bind_int64(c->insert, 2, id); /* (account, n) */
    return step(c->insert, SQLITE_DONE);
}

static bool bare_one(struct bare *b, int64_t id)
{
    if (!step(b->begin, SQLITE_DONE))
        return false;
    bool ok = step(b->counter, SQLITE_ROW);
    for (int t = 0; t < TABLES && ok; t++)
        ok = copy_insert(&b->copy[t], strcmp(tables[t].table, "cases_message") == 0, id);
    if (!ok)
        die(sqlite3_errmsg(b->h));
    return step(b->commit, SQLITE_DONE);
}

static void *bare(void *arg)
{
    struct bench_client *c = arg;
    struct bare b;
    bare_open(&b);
    for (int64_t from; bench_more(c, &from);)
        bench_note(c, from, bare_one(&b, first_id + (c->units + c->busy) * BENCH_THREADS + c->number));
    bare_close(&b);
    return NULL;
}

/* ---- measuring ------------------------------------------------------------------------------------------------------------------ */

static void measure(const char *what, void *(*work)(void *), int threads, int seconds)
{
    struct bench_result r = bench_run(work, NULL, threads, seconds);
    printf("\"%s\":{\"per_second\":%.0f,\"p50_ms\":%.2f,\"p99_ms\":%.2f},", what, r.per_second, r.p50_ms, r.p99_ms);
}

static void application_make(void)
{
    const struct pair typed[] = {
        { STR("applicant_kind"), STR("person") }, { STR("applicant_code"), str_c(number_of(f, 1)) }, { STR("applicant_name"), STR("试用人1") },
        { STR("phone"), STR("13800000000") }, { STR("address"), STR("示例县凤城街道凤城路1号") }, { STR("matter"), STR("在凤城路开一家60平方米的小吃店") },
        { STR("service_way"), STR("online") }, { STR("service_consent"), STR("1") }, { STR("truth"), STR("1") },
    };
    answers = form_answers_new(&f->kept, f->app.standard_form);
    form_take(&f->kept, f->app.standard_form, NULL, typed, countof(typed), answers);
    struct cx *cx = fixture_begin(f, READ);
    cx->arena = &f->kept;
    if (catalog_item_find(cx, STR(ITEM_LICENCE), &item) || fixture_end(f, RC_INVALID) != RC_INVALID)
        die("no item");
}

int main(int argc, char **argv)
{
    int threads = argc > 1 ? atoi(argv[1]) : 32, seconds = argc > 2 ? atoi(argv[2]) : 3;
    void *state = NULL;
    if (threads < 1 || threads > BENCH_THREADS || seconds < 1)
        die("usage: bench_submit THREADS SECONDS");
    product_on_sqlite(&state);
    f = state;
    citizen = visitor_citizen(f, 1);
    application_make();
    db_set_clock(f->pool, 0); /* tests stop it, and draw their random bytes from a hash */
    printf("{\"threads\":%d,", threads);
    measure("ours", ours, threads, seconds);
    struct db_stats s = db_stats(f->pool);
    first_id = number(f, "SELECT MAX(id) + 1000000 FROM ledger");
    measure("bare_one_thread", bare, 1, seconds);
    first_id += INT64_C(1) << 40;
    measure("bare", bare, threads, seconds);
    printf("\"units_per_batch\":%.1f,\"writer_us\":%.0f}\n", (double)s.units / (double)s.batches,
            (double)s.writer_ms_total * 1e3 / (double)s.units);
    return fixture_close(&state);
}

/* bench_ledger.c - what the ledger costs: units of 8 rows with and without an entry, and how fast entries are placed.
 *   bench_ledger FOLDER [THREADS [SECONDS]]     SQLite; only ratios mean something, the disk decides the rest */
#include "bench.h"
#include "ledger/ledger.h"
#include "ledger/test_steps.h"

#include <unistd.h>

enum { LINES = 7, SIGNS = 200, SEQUENCE_AT_ONCE = 100 };

struct run {
    struct db_pool *pool;
    bool            with_ledger;
};

static enum rc rows_add(struct cx *cx, int64_t id, bool with_ledger)
{
    struct ledger_entry e = { .root = id, .kind = "case.submitted",
                              .body = STR("{\"item\":\"11522627MB0A00018A4000117112000\",\"number\":\"522627202604280001371\"}") };
    enum rc rc = db_exec(cx, &sql_item_add_plain, ARGS(v_i64(id), v_str(STR("an application"))), NULL);
    for (int n = 0; !rc && n < LINES; n++)
        rc = db_exec(cx, &sql_line_add, ARGS(v_i64(id), v_i64(n), v_str(STR("a line of the application form"))), NULL);
    if (!rc && with_ledger)
        rc = ledger_append(cx, &e, NULL, NULL);
    return rc;
}

static enum rc one_unit(struct cx *cx, bool with_ledger)
{
    enum rc rc = db_begin(cx->db, WRITE);
    if (rc)
        return rc;
    cx->now = db_now(cx->db);
    rc = rows_add(cx, db_id(cx), with_ledger);
    rc = rc ? db_rollback(cx->db, rc) : db_commit(cx->db);
    return rc ? rc : db_wait(cx->db);
}

static void *work(void *arg)
{
    struct bench_client *c = arg;
    const struct run *run = c->own;
    struct arena a;
    arena_init(&a, 1 << 20);
    struct cx cx = { .arena = &a, .db = db_session(run->pool) };
    for (int64_t from; bench_more(c, &from); arena_reset(&a))
        bench_note(c, from, one_unit(&cx, run->with_ledger) == RC_OK);
    db_give_back(cx.db);
    arena_done(&a);
    return NULL;
}

static struct db_pool *database_open(const char *folder)
{
    char url[320];
    struct migration steps[TEST_STEPS_MAX];
    size_t n = test_steps(steps);
    snprintf(url, sizeof url, "sqlite:%s/bench_ledger.db", folder);
    unlink(url + strlen("sqlite:"));
    struct db_pool *p = db_open(url);
    if (!p || db_migrate(p, steps, n, NULL))
        die("cannot make the database");
    return p;
}

static double units_measure(struct db_pool *pool, bool with_ledger, int threads, int seconds)
{
    struct run run = { .pool = pool, .with_ledger = with_ledger };
    struct db_stats from = db_stats(pool);
    double rate = bench_run(work, &run, threads, seconds).per_second;
    struct db_stats to = db_stats(pool);
    printf("%-32s %8.0f units/s  %6.0f us of the writer per unit\n", with_ledger ? "8 rows and an entry" : "8 rows", rate,
           (double)(to.writer_ms_total - from.writer_ms_total) * 1000 / (double)(to.units - from.units));
    return rate;
}

static enum rc sequence_unit(struct cx *cx, int64_t *out_n)
{
    enum rc rc = db_begin(cx->db, WRITE);
    if (rc)
        return rc;
    rc = ledger_sequence(cx, SEQUENCE_AT_ONCE, out_n);
    rc = rc ? db_rollback(cx->db, rc) : db_commit(cx->db);
    return rc ? rc : db_wait(cx->db);
}

static void sequence_measure(struct db_pool *pool)
{
    struct arena a;
    int64_t n = 1, placed = 0, start_ms = time_mono();
    struct db_stats from = db_stats(pool);
    arena_init(&a, 64 << 20);
    struct cx cx = { .arena = &a, .db = db_session(pool) };
    for (; n; arena_reset(&a)) {
        if (sequence_unit(&cx, &n))
            die("the sequencer failed");
        placed += n;
    }
    struct db_stats to = db_stats(pool);
    printf("%-32s %8.0f entries/s  %6.0f us of the writer per unit of %d (%lld entries)\n", "placing",
           (double)placed * 1000 / (double)(time_mono() - start_ms + 1),
           (double)(to.writer_ms_total - from.writer_ms_total) * 1000 / (double)(to.units - from.units), SEQUENCE_AT_ONCE,
           (long long)placed);
    db_give_back(cx.db);
    arena_done(&a);
}

static void verify_measure(struct db_pool *pool)
{
    struct arena a;
    struct ledger_report r;
    int64_t start_ms = time_mono();
    arena_init(&a, 64 << 20);
    struct cx cx = { .arena = &a, .db = db_session(pool) };
    if (db_begin(cx.db, READ) || ledger_verify(&cx, &(struct ledger_outside){ .key_id = STR_NONE }, &r) || db_commit(cx.db))
        die("the verifier failed");
    printf("%-32s %8.0f entries/s  (%zu faults)\n", "verifying", (double)r.sequenced * 1000 / (double)(time_mono() - start_ms + 1),
           r.faults.n);
    db_give_back(cx.db);
    arena_done(&a);
}

static void sign_measure(const char *folder)
{
    char path[320];
    struct arena a;
    struct digest d = sm3(STR("x"));
    struct ledger_head h = { .size = 1, .root = { (const char *)d.b, 32 }, .chain = { (const char *)d.b, 32 } };
    arena_init(&a, 16 << 20);
    snprintf(path, sizeof path, "%s/bench-sm2.pem", folder);
    struct ledger_key *k = ledger_key_open(path);
    if (!k)
        die("no key");
    int64_t start_ms = time_mono();
    for (int i = 0; i < SIGNS; i++)
        ledger_head_sign(k, &a, &h);
    printf("%-32s %8.0f heads/s\n", "signing", SIGNS * 1000.0 / (double)(time_mono() - start_ms + 1));
    ledger_key_close(k);
    unlink(path);
    arena_done(&a);
}

int main(int argc, char **argv)
{
    int threads = argc > 2 ? atoi(argv[2]) : 32, seconds = argc > 3 ? atoi(argv[3]) : 3;
    if (argc < 2 || threads < 1 || threads > BENCH_THREADS || seconds < 1)
        die("usage: bench_ledger FOLDER [THREADS [SECONDS]]");
    struct db_pool *pool = database_open(argv[1]);
    double bare = units_measure(pool, false, threads, seconds), with = units_measure(pool, true, threads, seconds);
    sequence_measure(pool);
    verify_measure(pool);
    sign_measure(argv[1]);
    printf("ratio: %.2f of the units without ledger\n", with / bare);
    db_close(pool);
    return 0;
}

/* bench_db.c - group commit against one transaction per request in a bare SQLite loop, the same rows, the same threads.
 *   bench_db FOLDER [THREADS [SECONDS]]      only the ratio means something; the disk decides the rest */
#include "bench.h"
#include "db/db.h"
#include "test_sql.h"

#include <sqlite3.h>
#include <unistd.h>

enum { LINES = 4, NAME_BYTES = 900 };

struct run {
    char            path[300];
    struct db_pool *pool;
};

static char name[NAME_BYTES];

/* Ids that grow in every thread and never meet. */
static int64_t next_id(const struct bench_client *c)
{
    return (c->units + c->busy) * BENCH_THREADS + c->number + 1;
}

/* ---- ours --------------------------------------------------------------------------------------------------------- */

static enum rc one_unit(struct cx *cx, int64_t id)
{
    enum rc rc = db_begin(cx->db, WRITE);
    if (rc)
        return rc;
    rc = db_exec(cx, &sql_item_add_plain, ARGS(v_i64(id), v_str((struct str){ name, sizeof name })), NULL);
    for (int n = 0; !rc && n < LINES; n++)
        rc = db_exec(cx, &sql_line_add, ARGS(v_i64(id), v_i64(n), v_str(STR("a line of the case"))), NULL);
    rc = rc ? db_rollback(cx->db, rc) : db_commit(cx->db);
    return rc ? rc : db_wait(cx->db);
}

static void *ours(void *arg)
{
    struct bench_client *c = arg;
    const struct run *run = c->own;
    struct arena a;
    arena_init(&a, 1 << 20);
    struct cx cx = { .arena = &a, .db = db_session(run->pool) };
    for (int64_t from; bench_more(c, &from); arena_reset(&a))
        bench_note(c, from, one_unit(&cx, next_id(c)) == RC_OK);
    db_give_back(cx.db);
    arena_done(&a);
    return NULL;
}

/* ---- the bare loop ------------------------------------------------------------------------------------------------- */

struct bare {
    sqlite3      *h;
    sqlite3_stmt *begin, *commit, *item, *line;
};

static sqlite3_stmt *prepare(sqlite3 *h, const char *sql)
{
    sqlite3_stmt *s = NULL;
    if (sqlite3_prepare_v2(h, sql, -1, &s, NULL) != SQLITE_OK)
        die(sqlite3_errmsg(h));
    return s;
}

static void bare_open(struct bare *b, const char *path)
{
    if (sqlite3_open_v2(path, &b->h, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
        die("cannot open");
    sqlite3_busy_timeout(b->h, 60000);
    sqlite3_exec(b->h, "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -65536", NULL, NULL, NULL);
    b->begin = prepare(b->h, "BEGIN IMMEDIATE");
    b->commit = prepare(b->h, "COMMIT");
    b->item = prepare(b->h, sql_item_add_plain.sqlite);
    b->line = prepare(b->h, sql_line_add.sqlite);
}

static void bare_close(struct bare *b)
{
    sqlite3_finalize(b->begin);
    sqlite3_finalize(b->commit);
    sqlite3_finalize(b->item);
    sqlite3_finalize(b->line);
    sqlite3_close(b->h);
}

static bool step(sqlite3_stmt *s)
{
    bool done = sqlite3_step(s) == SQLITE_DONE;
    sqlite3_reset(s);
    return done;
}

static bool bare_unit(struct bare *b, int64_t id)
{
    if (!step(b->begin))
        return false;
    sqlite3_bind_int64(b->item, 1, id);
    sqlite3_bind_text(b->item, 2, name, sizeof name, SQLITE_STATIC);
    bool ok = step(b->item);
    for (int n = 0; ok && n < LINES; n++) {
        sqlite3_bind_int64(b->line, 1, id);
        sqlite3_bind_int64(b->line, 2, n);
        sqlite3_bind_text(b->line, 3, "a line of the case", -1, SQLITE_STATIC);
        ok = step(b->line);
    }
    if (!ok)
        die(sqlite3_errmsg(b->h));
    return step(b->commit);
}

static void *bare(void *arg)
{
    struct bench_client *c = arg;
    struct bare b;
    bare_open(&b, ((const struct run *)c->own)->path);
    for (int64_t from; bench_more(c, &from);)
        bench_note(c, from, bare_unit(&b, next_id(c)));
    bare_close(&b);
    return NULL;
}

/* ---- report ------------------------------------------------------------------------------------------------------- */

/* Units a second. */
static double measure(const char *what, void *(*work)(void *), struct run *run, int threads, int seconds)
{
    struct bench_result r = bench_run(work, run, threads, seconds);
    printf("%-34s %8.0f units/s  p50 %7.2f  p99 %7.2f  max %8.2f ms  busy %lld\n", what, r.per_second, r.p50_ms, r.p99_ms, r.max_ms,
           (long long)r.busy);
    return r.per_second;
}

static void database_open(struct run *run, const char *folder, const char *file)
{
    char url[320];
    snprintf(run->path, sizeof run->path, "%s/%s", folder, file);
    unlink(run->path);
    snprintf(url, sizeof url, "sqlite:%s", run->path);
    run->pool = db_open(url);
    if (!run->pool || db_migrate(run->pool, test_schema, test_nschema, NULL))
        die("cannot make the database");
}

static double measure_ours(const char *folder, int threads, int seconds)
{
    struct run run = { 0 };
    database_open(&run, folder, "ours.db");
    double rate = measure("group commit", ours, &run, threads, seconds);
    struct db_stats s = db_stats(run.pool);
    printf("%-34s %8.1f units per batch, %.0f us of the writer per unit\n", "", (double)s.units / (double)s.batches,
           (double)s.writer_ms_total * 1000 / (double)s.units);
    db_close(run.pool);
    unlink(run.path);
    return rate;
}

static double measure_bare(const char *folder, int threads, int seconds)
{
    struct run run = { 0 };
    database_open(&run, folder, "bare.db");
    db_close(run.pool);
    const char *what = threads > 1 ? "bare loop, one COMMIT per request" : "bare loop, one thread alone";
    double rate = measure(what, bare, &run, threads, seconds);
    unlink(run.path);
    return rate;
}

int main(int argc, char **argv)
{
    int threads = argc > 2 ? atoi(argv[2]) : 32, seconds = argc > 3 ? atoi(argv[3]) : 3;
    if (argc < 2 || threads < 1 || threads > BENCH_THREADS || seconds < 1)
        die("usage: bench_db FOLDER [THREADS [SECONDS]]");
    memset(name, 'n', sizeof name);
    printf("%d threads, %d s each\n", threads, seconds);
    double alone = measure_bare(argv[1], 1, seconds);
    double many = measure_bare(argv[1], threads, seconds);
    double group = measure_ours(argv[1], threads, seconds);
    printf("ratio: %.2f times the bare loop with %d threads, %.2f times one thread alone\n", group / many, threads,
           group / alone);
    return 0;
}

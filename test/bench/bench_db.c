/* bench_db.c - group commit against one transaction per request in a bare SQLite loop, the same rows, the same threads.
 *   bench_db FOLDER [THREADS [SECONDS]]      only the ratio means something; the disk decides the rest */
#include "db/db.h"
#include "test_sql.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { THREADS_MAX = 256, LINES = 4, NAME_BYTES = 900, SAMPLES = 200000 };

struct run {
    char            path[300];
    struct db_pool *pool;
    int64_t         until_us;
    int             threads;
};

struct client {
    struct run *run;
    pthread_t   thread;
    int         number;
    int64_t     units, busy;
    int32_t    *us; /* time of the first SAMPLES units */
};

static char name[NAME_BYTES];

static int64_t now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void die(const char *what)
{
    fprintf(stderr, "bench_db: %s\n", what);
    exit(1);
}

/* Ids that grow in every thread and never meet. */
static int64_t next_id(const struct client *c)
{
    return (c->units + c->busy) * THREADS_MAX + c->number + 1;
}

static void note(struct client *c, int64_t from_us, bool done)
{
    if (done && c->units < SAMPLES)
        c->us[c->units] = (int32_t)(now_us() - from_us);
    c->units += done;
    c->busy += !done;
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
    struct client *c = arg;
    struct arena a;
    arena_init(&a, 1 << 20);
    struct cx cx = { .arena = &a, .db = db_session(c->run->pool) };
    for (int64_t from; (from = now_us()) < c->run->until_us; arena_reset(&a))
        note(c, from, one_unit(&cx, next_id(c)) == RC_OK);
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
    struct client *c = arg;
    struct bare b;
    bare_open(&b, c->run->path);
    for (int64_t from; (from = now_us()) < c->run->until_us;)
        note(c, from, bare_unit(&b, next_id(c)));
    bare_close(&b);
    return NULL;
}

/* ---- report ------------------------------------------------------------------------------------------------------- */

static int by_size(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

/* Units a second. */
static double report(const char *what, struct client *clients, int threads, double seconds)
{
    int64_t units = 0, busy = 0, n = 0;
    int32_t *all = calloc((size_t)threads * SAMPLES, sizeof *all);
    if (!all)
        die("out of memory");
    for (int i = 0; i < threads; i++) {
        int64_t k = clients[i].units < SAMPLES ? clients[i].units : SAMPLES;
        memcpy(all + n, clients[i].us, (size_t)k * sizeof *all);
        n += k;
        units += clients[i].units;
        busy += clients[i].busy;
    }
    qsort(all, (size_t)n, sizeof *all, by_size);
    double rate = (double)units / seconds;
    printf("%-34s %8.0f units/s  p50 %7.2f  p99 %7.2f  max %8.2f ms  busy %lld\n", what, rate, n ? all[n / 2] / 1000.0 : 0,
           n ? all[n * 99 / 100] / 1000.0 : 0, n ? all[n - 1] / 1000.0 : 0, (long long)busy);
    free(all);
    return rate;
}

static double measure(const char *what, struct run *run, void *(*client)(void *), int seconds)
{
    static struct client clients[THREADS_MAX];
    int64_t from = now_us();
    run->until_us = from + (int64_t)seconds * 1000000;
    for (int i = 0; i < run->threads; i++) {
        clients[i] = (struct client){ .run = run, .number = i, .us = calloc(SAMPLES, sizeof(int32_t)) };
        if (!clients[i].us || pthread_create(&clients[i].thread, NULL, client, &clients[i]))
            die("no thread");
    }
    for (int i = 0; i < run->threads; i++)
        pthread_join(clients[i].thread, NULL);
    double rate = report(what, clients, run->threads, (double)(now_us() - from) / 1e6);
    for (int i = 0; i < run->threads; i++)
        free(clients[i].us);
    return rate;
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
    struct run run = { .threads = threads };
    database_open(&run, folder, "ours.db");
    double rate = measure("group commit", &run, ours, seconds);
    struct db_stats s = db_stats(run.pool);
    printf("%-34s %8.1f units per batch, %.0f us of the writer per unit\n", "", (double)s.units / (double)s.batches,
           (double)s.writer_ms_total * 1000 / (double)s.units);
    db_close(run.pool);
    unlink(run.path);
    return rate;
}

static double measure_bare(const char *folder, int threads, int seconds)
{
    struct run run = { .threads = threads };
    database_open(&run, folder, "bare.db");
    db_close(run.pool);
    double rate = measure(threads > 1 ? "bare loop, one COMMIT per request" : "bare loop, one thread alone", &run, bare, seconds);
    unlink(run.path);
    return rate;
}

int main(int argc, char **argv)
{
    int threads = argc > 2 ? atoi(argv[2]) : 32, seconds = argc > 3 ? atoi(argv[3]) : 3;
    if (argc < 2 || threads < 1 || threads > THREADS_MAX || seconds < 1)
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

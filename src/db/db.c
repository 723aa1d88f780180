/* db.c - units, statements and sessions whichever the engine; faults on demand; clock, ids and randomness. */
#include "base/hash.h"
#include "db/db_priv.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/* ---- small things ----------------------------------------------------------------------------------------------- */

void *must_alloc(size_t size)
{
    void *p = calloc(1, size);
    if (!p)
        panic("out of memory");
    return p;
}

int64_t mono_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

void stats_unit(struct db *db)
{
    static const int64_t bounds_us[] = { 50, 100, 200, 500, 1000, 5000, 20000 };
    struct db_pool *p = db->pool;
    int64_t us = mono_us() - db->from_us;
    size_t i = 0;
    while (i < countof(bounds_us) && us >= bounds_us[i])
        i++;
    pthread_mutex_lock(&p->m);
    p->stats.units++;
    p->stats.writer_us[i]++;
    p->writer_us += us;
    pthread_mutex_unlock(&p->m);
}

void stats_batch(struct db_pool *p, bool lost)
{
    pthread_mutex_lock(&p->m);
    p->stats.batches++;
    p->stats.lost_batches += lost;
    pthread_mutex_unlock(&p->m);
}

struct db_stats db_stats(struct db_pool *p)
{
    pthread_mutex_lock(&p->m);
    struct db_stats s = p->stats;
    s.writer_ms_total = p->writer_us / 1000;
    pthread_mutex_unlock(&p->m);
    return s;
}

/* ---- statements --------------------------------------------------------------------------------------------------- */

/* This call is the one that shall fail. */
static bool fault_now(struct db *db)
{
    return db->fail_after >= 0 && db->fail_after-- == 0;
}

static void check_call(const struct db *db, const struct sql *s, struct args a)
{
    const char *text = db->pool->driver->engine == DB_SQLITE ? s->sqlite : s->pg;
    if (db->unit == UNIT_NOT_STATED)
        panic("statement %s outside a unit", s->name);
    if (a.n != s->args)
        panic("statement %s wants %d arguments, not %d", s->name, s->args, a.n);
    if (!text)
        panic("statement %s has no text for this engine", s->name);
}

static enum rc run(struct cx *cx, struct args a, struct rows *r, int64_t *out_changed)
{
    struct db *db = cx->db;
    int64_t changed = 0;
    check_call(db, r->sql, a);
    r->arena = cx->arena;
    if (db->spoiled)
        return db->spoiled;
    enum rc rc = fault_now(db) ? RC_FAILED : db->pool->driver->run(db, r->sql, a, r, &changed);
    if (rc == RC_OK && out_changed)
        *out_changed = changed;
    return db->spoiled = rc;
}

enum rc db_one(struct cx *cx, const struct sql *s, struct args a, const struct record *r, void *out)
{
    struct rows rows = { .sql = s, .record = r, .one = out };
    enum rc rc = run(cx, a, &rows, NULL);
    if (rc)
        return rc;
    return rows.n ? RC_OK : RC_NOT_FOUND;
}

enum rc db_all(struct cx *cx, const struct sql *s, struct args a, const struct record *r, struct list *out)
{
    struct rows rows = { .sql = s, .record = r };
    enum rc rc = run(cx, a, &rows, NULL);
    if (rc)
        return rc;
    *out = (struct list){ rows.v, rows.n };
    return RC_OK;
}

enum rc db_exec(struct cx *cx, const struct sql *s, struct args a, int64_t *out_changed)
{
    struct rows rows = { .sql = s };
    return run(cx, a, &rows, out_changed);
}

enum rc db_int(struct cx *cx, const struct sql *s, struct args a, int64_t *out)
{
    int64_t v = 0;
    struct rows rows = { .sql = s, .integer = &v };
    enum rc rc = run(cx, a, &rows, NULL);
    if (rc)
        return rc;
    if (!rows.n)
        return RC_NOT_FOUND;
    *out = v;
    return RC_OK;
}

enum rc db_lock(struct cx *cx, const struct sql *s, int64_t root)
{
    struct rows rows = { .sql = s };
    if (cx->db->unit == READ)
        panic("statement %s: a lock in a READ unit", s->name); /* SQLite would not notice */
    enum rc rc = run(cx, ARGS(v_i64(root)), &rows, NULL);
    if (rc)
        return rc;
    return rows.n ? RC_OK : RC_NOT_FOUND;
}

enum rc db_script(struct db *db, const char *name, const char *sql)
{
    if (db->spoiled)
        return db->spoiled;
    return db->spoiled = fault_now(db) ? RC_FAILED : db->pool->driver->script(db, name, sql);
}

int64_t db_id(struct cx *cx)
{
    struct db_pool *p = cx->db->pool;
    int64_t clock_ms = __atomic_load_n(&p->clock_ms, __ATOMIC_RELAXED);
    if (clock_ms)
        return id_next(&p->clock_ids, clock_ms);
    return id_next(&p->ids[p->driver->lane(p)], time_now());
}

void db_random(struct cx *cx, void *out, size_t n)
{
    struct db_pool *p = cx->db->pool;
    char *at = out;
    if (!__atomic_load_n(&p->clock_ms, __ATOMIC_RELAXED)) {
        random_bytes(out, n);
        return;
    }
    while (n) {
        uint64_t block = __atomic_fetch_add(&p->seed, 1, __ATOMIC_RELAXED);
        struct digest d = sm3((struct str){ (const char *)&block, sizeof block });
        size_t part = n < sizeof d.b ? n : sizeof d.b;
        memcpy(at, d.b, part);
        at += part;
        n -= part;
    }
}

/* ---- units -------------------------------------------------------------------------------------------------------- */

static enum rc begin(struct db *db, enum db_unit unit, bool alone)
{
    if (db->unit != UNIT_NOT_STATED)
        panic("a unit is open already");
    if (unit != READ && unit != WRITE)
        panic("unit is not stated");
    db->unit = unit;
    db->alone = alone;
    db->spoiled = RC_OK;
    db->batched = false;
    db->told = NULL;
    enum rc rc = fault_now(db) ? RC_BUSY : db->pool->driver->begin(db);
    db->outcome = rc;
    if (rc)
        db->unit = UNIT_NOT_STATED;
    int64_t clock_ms = __atomic_load_n(&db->pool->clock_ms, __ATOMIC_RELAXED);
    db->now_ms = clock_ms ? clock_ms : time_now() + db->pool->shift_ms;
    return rc;
}

enum rc db_begin(struct db *db, enum db_unit unit)
{
    return begin(db, unit, false);
}

enum rc db_begin_alone(struct db *db)
{
    return begin(db, WRITE, true);
}

enum rc db_rollback(struct db *db, enum rc why)
{
    if (db->unit == UNIT_NOT_STATED)
        panic("roll-back without a unit");
    enum rc rc = db->pool->driver->rollback(db);
    db->unit = UNIT_NOT_STATED;
    db->outcome = rc || db->spoiled == RC_BUSY ? RC_BUSY : RC_OK;
    return rc ? rc : why;
}

enum rc db_commit(struct db *db)
{
    if (db->unit == UNIT_NOT_STATED)
        panic("commit without a unit");
    if (db->spoiled)
        return db_rollback(db, db->spoiled);
    if (fault_now(db)) {
        enum rc rc = db_rollback(db, RC_BUSY);
        db->outcome = RC_BUSY;
        return rc;
    }
    enum rc rc = db->pool->driver->commit(db);
    db->unit = UNIT_NOT_STATED;
    db->outcome = rc;
    if (!rc && db->told)
        db_after(db, db->told, db->told_arg);
    return rc;
}

void db_notify(struct db *db, void (*done)(void *arg, enum rc rc), void *arg)
{
    if (db->unit != WRITE)
        panic("db_notify outside a WRITE unit");
    if (db->told && (db->told != done || db->told_arg != arg))
        panic("a second wish to be notified");
    db->told = done;
    db->told_arg = arg;
}

void db_expect(struct db_pool *p)
{
    if (p->driver->expect)
        p->driver->expect(p);
}

void db_expected(struct db *db)
{
    if (db->pool->driver->expected)
        db->pool->driver->expected(db, true);
}

void db_expect_end(struct db *db)
{
    if (db->pool->driver->expected)
        db->pool->driver->expected(db, false);
}

int64_t db_now(struct db *db)
{
    return db->now_ms;
}

void db_after(struct db *db, void (*done)(void *arg, enum rc rc), void *arg)
{
    if (db->unit != UNIT_NOT_STATED)
        panic("db_after inside a unit");
    if (db->outcome || !db->batched)
        done(arg, db->outcome);
    else
        db->pool->driver->after(db, done, arg);
}

struct waiting {
    pthread_mutex_t m;
    pthread_cond_t  c;
    bool            done;
    enum rc         rc;
};

static void waiting_end(void *arg, enum rc rc)
{
    struct waiting *w = arg;
    pthread_mutex_lock(&w->m);
    w->done = true;
    w->rc = rc;
    pthread_cond_signal(&w->c); /* under the lock: the waiter's frame goes away right after */
    pthread_mutex_unlock(&w->m);
}

enum rc db_wait(struct db *db)
{
    struct waiting w = { .m = PTHREAD_MUTEX_INITIALIZER, .c = PTHREAD_COND_INITIALIZER };
    db_after(db, waiting_end, &w);
    pthread_mutex_lock(&w.m);
    while (!w.done)
        pthread_cond_wait(&w.c, &w.m);
    pthread_mutex_unlock(&w.m);
    pthread_mutex_destroy(&w.m);
    pthread_cond_destroy(&w.c);
    return w.rc;
}

/* ---- pool and sessions ---------------------------------------------------------------------------------------------- */

static const struct db_driver *driver_of(const char *url)
{
    if (str_starts(str_c(url), STR("sqlite:")))
        return &db_sqlite;
    if (str_starts(str_c(url), STR("postgresql:")) || str_starts(str_c(url), STR("postgres:")))
        return &db_postgres;
    log_error("the database must be sqlite:PATH or postgresql:...");
    return NULL;
}

struct db_pool *db_open(const char *url)
{
    const struct db_driver *driver = driver_of(url);
    if (!driver)
        return NULL;
    struct db_pool *p = must_alloc(sizeof *p);
    p->driver = driver;
    pthread_mutex_init(&p->m, NULL);
    for (int i = 0; i < ID_LANES; i++)
        p->ids[i].lane = i;
    if (driver->open(p, url))
        return p;
    pthread_mutex_destroy(&p->m);
    free(p);
    return NULL;
}

void db_close(struct db_pool *p)
{
    if (!p)
        return;
    if (p->out)
        panic("%d sessions were not given back", p->out);
    while (p->free) {
        struct db *db = p->free;
        p->free = db->next_free;
        p->driver->session_done(db);
        free(db);
    }
    p->driver->close(p);
    pthread_mutex_destroy(&p->m);
    free(p);
}

enum db_engine db_engine(const struct db_pool *p)
{
    return p->driver->engine;
}

struct db *db_session(struct db_pool *p)
{
    pthread_mutex_lock(&p->m);
    struct db *db = p->free;
    if (db)
        p->free = db->next_free;
    p->out++;
    pthread_mutex_unlock(&p->m);
    if (!db) {
        db = must_alloc(sizeof *db);
        db->pool = p;
        p->driver->session_init(db);
    }
    db->fail_after = -1;
    db->outcome = RC_OK;
    db->batched = false;
    return db;
}

void db_give_back(struct db *db)
{
    struct db_pool *p = db->pool;
    if (db->unit != UNIT_NOT_STATED)
        panic("a session was given back with its unit open");
    pthread_mutex_lock(&p->m);
    db->next_free = p->free;
    p->free = db;
    p->out--;
    pthread_mutex_unlock(&p->m);
}

struct db_pool *db_pool_of(const struct db *db)
{
    return db->pool;
}

bool db_reads(const struct db *db)
{
    return db->unit == READ;
}

bool db_lead(struct db_pool *p)
{
    return p->driver->lead(p);
}

bool db_prepares(struct db_pool *p, const struct sql *s)
{
    if (!(p->driver->engine == DB_SQLITE ? s->sqlite : s->pg))
        return true; /* meant for the other engine only */
    struct db *db = db_session(p);
    bool ok = p->driver->prepares(db, s);
    db_give_back(db);
    return ok;
}

void db_map_reads(struct db_pool *p, int64_t bytes)
{
    if (p->driver->map_reads)
        p->driver->map_reads(p, bytes);
}

void db_shift_clock(struct db_pool *p, int64_t ms)
{
    p->shift_ms = ms;
}

/* ---- for tests ------------------------------------------------------------------------------------------------------ */

void db_set_clock(struct db_pool *p, int64_t ms)
{
    __atomic_store_n(&p->clock_ms, ms, __ATOMIC_RELAXED);
}

void db_fail_after(struct db *db, int n)
{
    db->fail_after = n;
}

void db_fail_commit(struct db_pool *p)
{
    pthread_mutex_lock(&p->m);
    p->fail_commit = true;
    pthread_mutex_unlock(&p->m);
}

bool pool_commit_fails(struct db_pool *p)
{
    pthread_mutex_lock(&p->m);
    bool fails = p->fail_commit;
    p->fail_commit = false;
    pthread_mutex_unlock(&p->m);
    return fails;
}

void db_limit_pages(struct db_pool *p, int64_t pages)
{
    p->driver->limit_pages(p, pages);
}

int64_t db_rows(struct db_pool *p)
{
    struct db *db = db_session(p);
    int64_t n = p->driver->rows(db);
    db_give_back(db);
    return n;
}

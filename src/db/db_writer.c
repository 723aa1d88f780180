/* db_writer.c - group commit: one writing connection, units in savepoints, one COMMIT for a batch, and the committer's
 * thread that does it and lets all answers go. */
#include "db/sqlite_priv.h"

#include <stdlib.h>

enum { BATCH_UNITS = 64, BATCH_US = 5000, WAL_PAGES_MAX = 16000 };

struct waiter {
    void (*done)(void *arg, enum rc rc);
    void *arg;
};

/* Units that become durable together. Everything is guarded by the writer's m, but `units` and `opened_us`, which belong
 * to who holds the writer. */
struct batch {
    int            refs;
    int            units;
    int64_t        opened_us;
    int64_t        idle_us; /* since when nobody holds the writer, though units are expected */
    bool           done;
    enum rc        rc;
    struct waiter *waiters;
    size_t         n, cap;
};

static struct batch *batch_new(void)
{
    struct batch *b = must_alloc(sizeof *b);
    b->refs = 1;
    b->opened_us = mono_us();
    return b;
}

/* Under m. */
static void batch_put(struct batch *b)
{
    if (!b || --b->refs)
        return;
    free(b->waiters);
    free(b);
}

/* Under m. */
static void batch_wait(struct batch *b, struct waiter w)
{
    if (b->n == b->cap) {
        b->cap = b->cap ? b->cap * 2 : 16;
        b->waiters = realloc(b->waiters, b->cap * sizeof b->waiters[0]);
        if (!b->waiters)
            panic("out of memory");
    }
    b->waiters[b->n++] = w;
}

/* ---- who holds the writer ----------------------------------------------------------------------------------------- */

static void enter(struct writer *w, struct sqlite_session *s)
{
    pthread_mutex_lock(&w->m);
    if (s->expected)
        w->expected--;
    s->expected = false;
    if (!w->held) {
        w->held = true;
    } else {
        s->granted = false;
        s->next = NULL;
        *(w->first ? &w->last->next : &w->first) = s;
        w->last = s;
        while (!s->granted)
            pthread_cond_wait(&s->granted_now, &w->m);
    }
    pthread_mutex_unlock(&w->m);
}

/* Under m: the writer goes to the next in the queue, without a moment in which somebody else could take it. */
static void hand_over(struct writer *w)
{
    struct sqlite_session *s = w->first;
    if (!s) {
        w->held = false;
        return;
    }
    w->first = s->next;
    s->granted = true;
    pthread_cond_signal(&s->granted_now);
}

/* Under m: the batch, and with it the writer, goes to the committer. */
static void close_batch(struct writer *w)
{
    w->closing = w->batch;
    w->batch = NULL;
    pthread_cond_signal(&w->closed);
}

/* Under m: the batch stays open without a holder, until the next unit or the committer takes it. */
static void batch_idle(struct writer *w, int64_t now_us)
{
    w->batch->idle_us = now_us;
    w->held = false;
    if (!w->is_timed)
        pthread_cond_signal(&w->closed);
}

static void leave(struct writer *w)
{
    bool lost = conn_idle(&w->conn);
    int64_t now_us = mono_us();
    pthread_mutex_lock(&w->m);
    struct batch *b = w->batch;
    bool over = b && (lost || b->units >= BATCH_UNITS || now_us - b->opened_us >= w->batch_us);
    if (over || (b && !w->first && !w->expected))
        close_batch(w);
    else if (b && !w->first)
        batch_idle(w, now_us);
    else
        hand_over(w);
    pthread_mutex_unlock(&w->m);
}

/* ---- units on their way --------------------------------------------------------------------------------------------- */

void writer_expect(struct writer *w)
{
    pthread_mutex_lock(&w->m);
    w->expected++;
    pthread_mutex_unlock(&w->m);
}

void writer_expect_no_more(struct writer *w, struct sqlite_session *s)
{
    pthread_mutex_lock(&w->m);
    if (s->expected && !--w->expected && !w->held && w->batch) {
        w->held = true;
        close_batch(w);
    }
    s->expected = false;
    pthread_mutex_unlock(&w->m);
}

/* Under m: when a batch that nobody holds is to be closed. Waiting for a unit pays while it takes no longer than the COMMIT that the
 * unit would otherwise wait for. */
static int64_t idle_until_us(const struct writer *w)
{
    int64_t worth_us = w->batch->idle_us - w->batch->opened_us + w->commit_us;
    return w->batch->opened_us + (worth_us < w->batch_us ? worth_us : w->batch_us);
}

/* Under m, by the committer: until there is a batch to commit, or `closed` is signalled. */
static void batch_await(struct writer *w)
{
    if (w->held || !w->batch) { /* the batch belongs to who holds the writer: it is looked at only when nobody does */
        pthread_cond_wait(&w->closed, &w->m);
        return;
    }
    int64_t until_us = idle_until_us(w);
    if (w->stop || mono_us() >= until_us) {
        w->held = true;
        close_batch(w);
        return;
    }
    struct timespec t = { until_us / 1000000, until_us % 1000000 * 1000 };
    w->is_timed = true;
    pthread_cond_timedwait(&w->closed, &w->m, &t);
    w->is_timed = false;
}

/* ---- units -------------------------------------------------------------------------------------------------------- */

static bool open_batch(struct writer *w)
{
    if (w->batch)
        return true;
    if (conn_rc(&w->conn, "BEGIN", conn_control(&w->conn, C_BEGIN_WRITE)))
        return false;
    w->batch = batch_new();
    return true;
}

void writer_forget(struct writer *w, struct sqlite_session *s)
{
    pthread_mutex_lock(&w->m);
    batch_put(s->batch);
    s->batch = NULL;
    pthread_mutex_unlock(&w->m);
}

static void join_batch(struct writer *w, struct sqlite_session *s)
{
    writer_forget(w, s);
    pthread_mutex_lock(&w->m);
    w->batch->units++;
    w->batch->refs++;
    s->batch = w->batch;
    pthread_mutex_unlock(&w->m);
}

enum rc writer_begin(struct writer *w, struct db *db)
{
    enter(w, db->own);
    db->from_us = mono_us();
    if (!open_batch(w) || conn_rc(&w->conn, "SAVEPOINT", conn_control(&w->conn, C_UNIT))) {
        leave(w);
        return RC_BUSY;
    }
    join_batch(w, db->own);
    db->batched = true;
    return RC_OK;
}

/* False: it did not work, and what is left of the transaction cannot be trusted. */
static bool end_savepoint(struct conn *c, bool keep)
{
    return (keep || !conn_rc(c, "ROLLBACK TO", conn_control(c, C_UNIT_UNDO))) &&
           !conn_rc(c, "RELEASE", conn_control(c, C_UNIT_KEEP)) && !conn_idle(c);
}

enum rc writer_end(struct writer *w, struct db *db, bool keep)
{
    bool lost = conn_idle(&w->conn) || !end_savepoint(&w->conn, keep);
    if (lost && !conn_idle(&w->conn))
        conn_control(&w->conn, C_ROLLBACK);
    stats_unit(db);
    leave(w);
    return lost ? RC_BUSY : RC_OK;
}

void writer_after(struct writer *w, struct sqlite_session *s, void (*done)(void *arg, enum rc rc), void *arg)
{
    pthread_mutex_lock(&w->m);
    bool over = s->batch->done;
    enum rc rc = s->batch->rc;
    if (!over)
        batch_wait(s->batch, (struct waiter){ done, arg });
    pthread_mutex_unlock(&w->m);
    if (over)
        done(arg, rc);
}

void writer_enter_alone(struct writer *w, struct sqlite_session *s)
{
    for (;;) {
        enter(w, s);
        if (!w->batch)
            return;
        pthread_mutex_lock(&w->m);
        close_batch(w);
        pthread_mutex_unlock(&w->m);
    }
}

void writer_leave_alone(struct writer *w)
{
    pthread_mutex_lock(&w->m);
    hand_over(w);
    pthread_mutex_unlock(&w->m);
}

/* ---- the committer ------------------------------------------------------------------------------------------------ */

/* COMMIT, or find out that there is nothing left to commit. */
static enum rc commit_now(struct writer *w)
{
    struct conn *c = &w->conn;
    if (conn_idle(c))
        return RC_BUSY;
    bool fails = pool_commit_fails(w->pool);
    int code = fails ? SQLITE_IOERR : conn_control(c, C_COMMIT);
    if (code == SQLITE_OK)
        return RC_OK;
    log_error("sqlite: COMMIT of a batch failed: %s", fails ? "on demand" : sqlite3_errmsg(c->h));
    if (!conn_idle(c))
        conn_control(c, C_ROLLBACK);
    return RC_BUSY;
}

/* The WAL starts anew only when a commit finds all of it copied, and under steady load only the writer itself, holding
 * everybody up, can see to that. */
static void limit_wal(struct writer *w)
{
    if (w->wal_pages > w->wal_pages_max)
        sqlite3_wal_checkpoint_v2(w->conn.h, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    checkpointer_tell(&w->checkpointer, w->wal_pages);
}

static void finish_batch(struct writer *w, struct batch *b)
{
    int64_t from_us = mono_us();
    enum rc rc = commit_now(w);
    int64_t commit_us = mono_us() - from_us;
    limit_wal(w);
    stats_batch(w->pool, rc != RC_OK);
    pthread_mutex_lock(&w->m);
    w->commit_us = commit_us;
    w->closing = NULL;
    b->done = true; /* from now on nobody adds a waiter */
    b->rc = rc;
    hand_over(w);
    pthread_mutex_unlock(&w->m);
    for (size_t i = 0; i < b->n; i++)
        b->waiters[i].done(b->waiters[i].arg, rc);
}

static void *committer_run(void *arg)
{
    struct writer *w = arg;
    pthread_mutex_lock(&w->m);
    for (;;) {
        while (!w->closing && !(w->stop && !w->batch))
            batch_await(w);
        struct batch *b = w->closing;
        if (!b)
            break;
        pthread_mutex_unlock(&w->m);
        finish_batch(w, b);
        pthread_mutex_lock(&w->m);
        batch_put(b);
    }
    pthread_mutex_unlock(&w->m);
    return NULL;
}

/* ---- life --------------------------------------------------------------------------------------------------------- */

static int note_wal_pages(void *arg, sqlite3 *h UNUSED, const char *schema UNUSED, int pages)
{
    ((struct writer *)arg)->wal_pages = pages;
    return SQLITE_OK;
}

bool writer_open(struct writer *w, struct db_pool *p, const char *path)
{
    w->pool = p;
    w->batch_us = BATCH_US;
    w->wal_pages_max = WAL_PAGES_MAX;
    if (!conn_open(&w->conn, path, true))
        return false;
    if (!checkpointer_open(&w->checkpointer, path)) {
        conn_close(&w->conn);
        return false;
    }
    sqlite3_wal_hook(w->conn.h, note_wal_pages, w);
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_mutex_init(&w->m, NULL);
    pthread_cond_init(&w->closed, &attr);
    pthread_condattr_destroy(&attr);
    if (pthread_create(&w->committer, NULL, committer_run, w))
        panic("no thread for the committer");
    return true;
}

void writer_close(struct writer *w)
{
    pthread_mutex_lock(&w->m);
    w->stop = true;
    pthread_cond_signal(&w->closed);
    pthread_mutex_unlock(&w->m);
    pthread_join(w->committer, NULL);
    checkpointer_close(&w->checkpointer);
    sqlite3_wal_checkpoint_v2(w->conn.h, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    conn_close(&w->conn);
    pthread_cond_destroy(&w->closed);
    pthread_mutex_destroy(&w->m);
}

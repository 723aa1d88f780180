/* db_sqlite.c - the SQLite driver: connections, statements, READ units. WRITE units are in db_writer.c. */
#include "db/cjk.h"
#include "db/sqlite_priv.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- connections -------------------------------------------------------------------------------------------------- */

static const char *const control_text[CONTROLS] = {
    [C_BEGIN] = "BEGIN",
    [C_BEGIN_WRITE] = "BEGIN IMMEDIATE",
    [C_COMMIT] = "COMMIT",
    [C_ROLLBACK] = "ROLLBACK",
    [C_UNIT] = "SAVEPOINT u",
    [C_UNIT_KEEP] = "RELEASE u",
    [C_UNIT_UNDO] = "ROLLBACK TO u",
};

/* Per connection: synchronous and foreign_keys are not kept in the file. Checkpoints are ours. */
static const char every_conn[] = "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA wal_autocheckpoint = 0;"
                                 "PRAGMA temp_store = MEMORY;";
static const char writer_conn[] = "PRAGMA cache_size = -65536;";
static const char reader_conn[] = "PRAGMA cache_size = -8192; PRAGMA query_only = ON;";
enum { BUSY_MS = 5000 };

bool conn_idle(const struct conn *c)
{
    return sqlite3_get_autocommit(c->h) != 0;
}

enum rc conn_rc(struct conn *c, const char *what, int code)
{
    switch (code & 0xFF) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
        return RC_OK;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return RC_BUSY;
    case SQLITE_ERROR: /* the text may quote what a person typed, as FTS5 does with a query */
        log_error("sqlite: %s: error %d", what, sqlite3_extended_errcode(c->h));
        return RC_FAILED;
    default:
        log_error("sqlite: %s: %s (%d)", what, sqlite3_errmsg(c->h), sqlite3_extended_errcode(c->h));
        return RC_FAILED;
    }
}

enum rc conn_script(struct conn *c, const char *what, const char *sql)
{
    int code = sqlite3_exec(c->h, sql, NULL, NULL, NULL);
    if ((code & 0xFF) == SQLITE_ERROR) { /* our own text: SQLite may say what it dislikes */
        log_error("sqlite: %s: %s", what, sqlite3_errmsg(c->h));
        return RC_FAILED;
    }
    return conn_rc(c, what, code);
}

int conn_control(struct conn *c, enum control which)
{
    sqlite3_stmt **s = &c->control[which];
    int code = SQLITE_OK;
    if (!*s)
        code = sqlite3_prepare_v3(c->h, control_text[which], -1, SQLITE_PREPARE_PERSISTENT, s, NULL);
    if (code != SQLITE_OK)
        return code;
    code = sqlite3_step(*s);
    sqlite3_reset(*s);
    return code == SQLITE_DONE ? SQLITE_OK : code;
}

/* WAL is kept in the file, but a file may come from elsewhere; some file systems cannot have it. */
static bool set_wal(struct conn *c)
{
    sqlite3_stmt *s = NULL;
    bool wal = sqlite3_prepare_v2(c->h, "PRAGMA journal_mode = WAL", -1, &s, NULL) == SQLITE_OK &&
               sqlite3_step(s) == SQLITE_ROW && !strcmp((const char *)sqlite3_column_text(s, 0), "wal");
    sqlite3_finalize(s);
    return wal;
}

static bool conn_set_up(struct conn *c, bool is_writer)
{
    sqlite3_extended_result_codes(c->h, 1);
    sqlite3_busy_timeout(c->h, BUSY_MS);
    return (!is_writer || set_wal(c)) && !conn_script(c, "set-up", every_conn) &&
           !conn_script(c, "set-up", is_writer ? writer_conn : reader_conn) && cjk_register(c->h);
}

bool conn_open(struct conn *c, const char *path, bool is_writer)
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (is_writer ? SQLITE_OPEN_CREATE : 0);
    *c = (struct conn){ 0 };
    if (sqlite3_open_v2(path, &c->h, flags, NULL) == SQLITE_OK && conn_set_up(c, is_writer))
        return true;
    log_error("sqlite: %s cannot be opened: %s", path, c->h ? sqlite3_errmsg(c->h) : "out of memory");
    conn_close(c);
    return false;
}

static void stmt_end(struct stmt *st)
{
    sqlite3_finalize(st->own);
}

void conn_close(struct conn *c)
{
    stmts_done(&c->stmts, stmt_end);
    for (int i = 0; i < CONTROLS; i++)
        sqlite3_finalize(c->control[i]);
    sqlite3_close(c->h);
    *c = (struct conn){ 0 };
}

/* ---- statements --------------------------------------------------------------------------------------------------- */

static struct sqlite_pool *pool_of(const struct db *db)
{
    return db->pool->own;
}

static struct conn *conn_of(const struct db *db)
{
    return db->unit == READ ? &((struct sqlite_session *)db->own)->reader : &pool_of(db)->writer.conn;
}

/* Prepared before or now; NULL with the reason logged. */
static struct stmt *stmt_get(struct conn *c, const struct sql *s)
{
    struct stmt *st = stmts_find(&c->stmts, s);
    sqlite3_stmt *p = NULL;
    if (st)
        return st;
    if (sqlite3_prepare_v3(c->h, s->sqlite, -1, SQLITE_PREPARE_PERSISTENT, &p, NULL) != SQLITE_OK) {
        log_error("sqlite: statement %s: %s", s->name, sqlite3_errmsg(c->h));
        return NULL;
    }
    if (sqlite3_bind_parameter_count(p) != s->args)
        panic("statement %s: counts %d arguments, has %d", s->name, s->args, sqlite3_bind_parameter_count(p));
    st = stmts_add(&c->stmts, s);
    st->own = p;
    return st;
}

static void bind(sqlite3_stmt *p, struct args a)
{
    for (int i = 0; i < a.n; i++) {
        const struct val *v = &a.v[i];
        int code = SQLITE_OK; /* unbound is NULL */
        if (v->type == V_I64)
            code = sqlite3_bind_int64(p, i + 1, v->i);
        else if (v->type == V_STR)
            code = sqlite3_bind_text64(p, i + 1, v->s.p, v->s.n, SQLITE_STATIC, SQLITE_UTF8);
        else if (v->type == V_BYTES)
            code = sqlite3_bind_blob64(p, i + 1, v->s.p, v->s.n, SQLITE_STATIC);
        if (code != SQLITE_OK)
            panic("argument %d cannot be bound: %d", i + 1, code);
    }
}

static struct val column_value(const struct rows *r, sqlite3_stmt *p, int i)
{
    const char *bytes;
    switch (sqlite3_column_type(p, i)) {
    case SQLITE_NULL:
        return (struct val){ .type = V_NULL };
    case SQLITE_INTEGER:
        return v_i64(sqlite3_column_int64(p, i));
    case SQLITE_TEXT:
        bytes = (const char *)sqlite3_column_text(p, i);
        return v_str((struct str){ bytes, (size_t)sqlite3_column_bytes(p, i) });
    case SQLITE_BLOB: /* SQLite gives NULL for an empty one */
        bytes = sqlite3_column_blob(p, i);
        return v_bytes(bytes ? bytes : "", (size_t)sqlite3_column_bytes(p, i));
    default:
        panic("statement %s: column %s is a fraction", r->sql->name, sqlite3_column_name(p, i));
    }
}

static const char *column_name(void *own, int i)
{
    return sqlite3_column_name(own, i);
}

static int step_all(struct rows *r, struct stmt *st)
{
    struct val v[COLUMNS_MAX];
    int code;
    rows_match(r, st, sqlite3_column_count(st->own), column_name, st->own);
    while ((code = sqlite3_step(st->own)) == SQLITE_ROW) {
        if (sqlite3_column_count(st->own) != st->columns) /* the schema changed since it was prepared */
            rows_match(r, st, sqlite3_column_count(st->own), column_name, st->own);
        for (int i = 0; i < st->columns && (r->record || r->integer); i++)
            v[i] = column_value(r, st->own, i);
        if (!rows_add(r, st, v))
            break;
    }
    return code;
}

static enum rc sqlite_run(struct db *db, const struct sql *s, struct args a, struct rows *r, int64_t *out_changed)
{
    struct conn *c = conn_of(db);
    if (conn_idle(c))
        return RC_BUSY; /* SQLite rolled everything back; never go on outside the transaction */
    struct stmt *st = stmt_get(c, s);
    if (!st)
        return RC_FAILED;
    if (db->unit == READ && !sqlite3_stmt_readonly(st->own))
        panic("statement %s writes in a READ unit", s->name);
    bind(st->own, a);
    enum rc rc = conn_rc(c, s->name, step_all(r, st));
    if (rc == RC_OK && !sqlite3_stmt_readonly(st->own))
        *out_changed = sqlite3_changes64(c->h);
    sqlite3_reset(st->own);
    sqlite3_clear_bindings(st->own);
    return rc;
}

static enum rc sqlite_script(struct db *db, const char *name, const char *sql)
{
    struct conn *c = conn_of(db);
    return conn_idle(c) ? RC_BUSY : conn_script(c, name, sql);
}

static bool sqlite_prepares(struct db *db, const struct sql *s)
{
    struct conn *c = &((struct sqlite_session *)db->own)->reader;
    return (c->h || conn_open(c, pool_of(db)->path, false)) && stmt_get(c, s);
}

/* ---- units that have the database for themselves --------------------------------------------------------------------- */

/* Foreign keys are off while tables are copied and renamed, as SQLite's manual wants it, and checked at the end. */
static enum rc alone_begin(struct db *db)
{
    struct writer *w = &pool_of(db)->writer;
    writer_enter_alone(w, db->own);
    db->from_us = mono_us();
    if (!conn_script(&w->conn, "schema", "PRAGMA foreign_keys = OFF") &&
        !conn_rc(&w->conn, "BEGIN", conn_control(&w->conn, C_BEGIN_WRITE)))
        return RC_OK;
    writer_leave_alone(w);
    return RC_BUSY;
}

static bool references_hold(struct conn *c)
{
    sqlite3_stmt *p = NULL;
    sqlite3_prepare_v2(c->h, "PRAGMA foreign_key_check", -1, &p, NULL);
    int code = sqlite3_step(p);
    if (code == SQLITE_ROW)
        log_error("sqlite: rows of table %s refer to nothing", sqlite3_column_text(p, 0));
    sqlite3_finalize(p);
    return code == SQLITE_DONE;
}

static enum rc alone_end(struct db *db, bool keep)
{
    struct writer *w = &pool_of(db)->writer;
    struct conn *c = &w->conn;
    enum rc rc = conn_idle(c) ? RC_BUSY : RC_OK;
    if (!rc && keep && !references_hold(c))
        rc = RC_FAILED;
    if (!rc && keep && (pool_commit_fails(db->pool) || conn_rc(c, "COMMIT", conn_control(c, C_COMMIT))))
        rc = RC_BUSY;
    if (!conn_idle(c))
        conn_control(c, C_ROLLBACK);
    if (conn_script(c, "schema", "PRAGMA foreign_keys = ON"))
        panic("foreign keys cannot be switched on again");
    writer_leave_alone(w);
    return rc;
}

/* ---- units -------------------------------------------------------------------------------------------------------- */

static bool reader_open(struct conn *c, const struct sqlite_pool *p)
{
    char sql[60];
    snprintf(sql, sizeof sql, "PRAGMA mmap_size = %" PRId64, p->mapped);
    return conn_open(c, p->path, false) && (!p->mapped || !conn_script(c, "set-up", sql));
}

static enum rc read_begin(struct db *db)
{
    struct conn *c = &((struct sqlite_session *)db->own)->reader;
    if (!c->h && !reader_open(c, pool_of(db)))
        return RC_BUSY;
    return conn_rc(c, "BEGIN", conn_control(c, C_BEGIN)) ? RC_BUSY : RC_OK;
}

static enum rc read_end(struct db *db)
{
    struct conn *c = conn_of(db);
    if (!conn_idle(c) && conn_rc(c, "ROLLBACK", conn_control(c, C_ROLLBACK)))
        panic("a reading transaction cannot be ended");
    return RC_OK;
}

static enum rc sqlite_begin(struct db *db)
{
    if (db->unit == READ)
        return read_begin(db);
    return db->alone ? alone_begin(db) : writer_begin(&pool_of(db)->writer, db);
}

static enum rc sqlite_end(struct db *db, bool keep)
{
    if (db->unit == READ)
        return read_end(db);
    return db->alone ? alone_end(db, keep) : writer_end(&pool_of(db)->writer, db, keep);
}

static enum rc sqlite_commit(struct db *db)
{
    return sqlite_end(db, true);
}

static enum rc sqlite_rollback(struct db *db)
{
    return sqlite_end(db, false);
}

static void sqlite_after(struct db *db, void (*done)(void *arg, enum rc rc), void *arg)
{
    writer_after(&pool_of(db)->writer, db->own, done, arg);
}

static void sqlite_expect(struct db_pool *p)
{
    writer_expect(&((struct sqlite_pool *)p->own)->writer);
}

static void sqlite_expected(struct db *db, bool here)
{
    struct sqlite_session *s = db->own;
    if (here)
        s->expected = true;
    else
        writer_expect_no_more(&pool_of(db)->writer, s);
}

/* ---- pool, sessions, tests ------------------------------------------------------------------------------------------- */

static bool sqlite_open(struct db_pool *p, const char *url)
{
    struct sqlite_pool *own = must_alloc(sizeof *own);
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); /* it takes one lock for every allocation. Refused, harmlessly, after the first time */
    own->path = strdup(url + strlen("sqlite:"));
    if (!own->path)
        panic("out of memory");
    p->own = own;
    if (writer_open(&own->writer, p, own->path))
        return true;
    free(own->path);
    free(own);
    return false;
}

static void sqlite_close(struct db_pool *p)
{
    struct sqlite_pool *own = p->own;
    writer_close(&own->writer);
    free(own->path);
    free(own);
}

static void sqlite_session_init(struct db *db)
{
    struct sqlite_session *s = must_alloc(sizeof *s);
    pthread_cond_init(&s->granted_now, NULL);
    db->own = s;
}

static void sqlite_session_done(struct db *db)
{
    struct sqlite_session *s = db->own;
    writer_forget(&pool_of(db)->writer, s);
    conn_close(&s->reader);
    pthread_cond_destroy(&s->granted_now);
    free(s);
}

static int64_t one_integer(struct conn *c, const char *sql)
{
    sqlite3_stmt *p = NULL;
    if (sqlite3_prepare_v2(c->h, sql, -1, &p, NULL) != SQLITE_OK || sqlite3_step(p) != SQLITE_ROW)
        panic("sqlite: %s", sqlite3_errmsg(c->h));
    int64_t n = sqlite3_column_int64(p, 0);
    sqlite3_finalize(p);
    return n;
}

static int64_t rows_of(struct conn *c, const char *table)
{
    char *sql = sqlite3_mprintf("SELECT count(*) FROM \"%w\"", table);
    int64_t n = one_integer(c, sql);
    sqlite3_free(sql);
    return n;
}

static int64_t sqlite_rows(struct db *db)
{
    struct conn *c = &((struct sqlite_session *)db->own)->reader;
    sqlite3_stmt *p = NULL;
    int64_t n = 0;
    if (!c->h && !conn_open(c, pool_of(db)->path, false))
        panic("sqlite: rows cannot be counted");
    sqlite3_prepare_v2(c->h, "SELECT name FROM sqlite_schema WHERE type = 'table' AND substr(name, 1, 7) <> 'sqlite_'", -1,
                       &p, NULL);
    while (sqlite3_step(p) == SQLITE_ROW)
        n += rows_of(c, (const char *)sqlite3_column_text(p, 0));
    sqlite3_finalize(p);
    return n;
}

static void sqlite_limit_pages(struct db_pool *p, int64_t pages)
{
    struct writer *w = &((struct sqlite_pool *)p->own)->writer;
    struct db *db = db_session(p);
    writer_enter_alone(w, db->own);
    int64_t max = pages < 0 ? UINT32_MAX - 1 : one_integer(&w->conn, "PRAGMA page_count") + pages;
    char *sql = sqlite3_mprintf("PRAGMA max_page_count = %lld", (long long)max);
    one_integer(&w->conn, sql);
    sqlite3_free(sql);
    writer_leave_alone(w);
    db_give_back(db);
}

static void sqlite_map_reads(struct db_pool *p, int64_t bytes)
{
    ((struct sqlite_pool *)p->own)->mapped = bytes;
}

static int sqlite_lane(struct db_pool *p UNUSED)
{
    return 0; /* a file has one node */
}

static bool sqlite_lead(struct db_pool *p UNUSED)
{
    return true; /* a file has one node */
}

const struct db_driver db_sqlite = {
    .engine = DB_SQLITE,
    .open = sqlite_open,
    .close = sqlite_close,
    .session_init = sqlite_session_init,
    .session_done = sqlite_session_done,
    .begin = sqlite_begin,
    .run = sqlite_run,
    .script = sqlite_script,
    .commit = sqlite_commit,
    .rollback = sqlite_rollback,
    .after = sqlite_after,
    .expect = sqlite_expect,
    .expected = sqlite_expected,
    .prepares = sqlite_prepares,
    .rows = sqlite_rows,
    .limit_pages = sqlite_limit_pages,
    .map_reads = sqlite_map_reads,
    .lane = sqlite_lane,
    .lead = sqlite_lead,
};

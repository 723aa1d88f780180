/* db_pg.c - the PostgreSQL driver: a connection per session, statements prepared per connection, binary results.
 * One more connection, the leader, holds the advisory lock of the node's lane of ids. */
#include "db/db_priv.h"

#include <libpq-fe.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Types by number as in PostgreSQL's pg_type.dat; these never change. */
enum oid { O_BOOL = 16, O_BYTEA = 17, O_NAME = 19, O_INT8 = 20, O_INT2 = 21, O_INT4 = 23, O_TEXT = 25, O_VARCHAR = 1043 };

/* First key of our advisory locks, so that others in the same database do not meet them. */
#define LOCK_SPACE "1953460834" /* "topb" */
#define LANE_NONE (-1)
enum { LEAD_KEY = 2000 }; /* second key, beyond lanes (0..) and schema changes (1000) */

static const char set_up[] = "SET client_encoding = 'UTF8'; SET TimeZone = 'UTC'; SET statement_timeout = '30s';"
                             "SET lock_timeout = '5s'; SET idle_in_transaction_session_timeout = '60s'";

struct pg_conn {
    PGconn      *h;
    struct stmts stmts;
    int          lane; /* when the unit began */
};

struct pg_pool {
    char           *url;
    pthread_mutex_t m; /* guards the leader */
    PGconn         *leader;
    int             lane; /* LANE_NONE while no lane is held. Written under m, atomic */
    int             last_lane;
    bool            leads; /* this leader also holds the lock of the one node that leads. Under m */
};

/* ---- outcomes ------------------------------------------------------------------------------------------------------- */

struct state_rc {
    const char *state; /* SQLSTATE or its class */
    enum rc     rc;
};

/* What may go better the next time; everything else is ours. */
static const struct state_rc busy_states[] = {
    { "40001", RC_BUSY }, /* serialization_failure */
    { "40P01", RC_BUSY }, /* deadlock_detected */
    { "55P03", RC_BUSY }, /* lock_not_available */
    { "53300", RC_BUSY }, /* too_many_connections */
    { "57P", RC_BUSY },   /* the server is being stopped or starts */
    { "08", RC_BUSY },    /* connection */
    { "25006", RC_BUSY }, /* the server became a standby; a READ unit panics before this table is read */
};

static bool is_busy(const char *state)
{
    for (size_t i = 0; i < countof(busy_states); i++)
        if (!strncmp(state, busy_states[i].state, strlen(busy_states[i].state)))
            return true;
    return false;
}

/* Messages of these classes may quote values. */
static bool may_quote_values(const char *state)
{
    return !strncmp(state, "22", 2) || !strncmp(state, "23", 2);
}

static const char *state_of(const PGresult *r)
{
    const char *s = PQresultErrorField(r, PG_DIAG_SQLSTATE);
    return s ? s : "";
}

static void log_result(const char *what, const PGresult *r)
{
    const char *state = state_of(r), *rule = PQresultErrorField(r, PG_DIAG_CONSTRAINT_NAME);
    const char *text = PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY);
    log_error("postgresql: %s: %s %s %s", what, state, rule ? rule : "", may_quote_values(state) || !text ? "" : text);
}

/* Outcome of a result; clears nothing. */
static enum rc result_rc(PGconn *h, const char *what, const PGresult *r)
{
    ExecStatusType status = PQresultStatus(r);
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK)
        return RC_OK;
    if (PQstatus(h) != CONNECTION_OK || is_busy(state_of(r)))
        return RC_BUSY;
    log_result(what, r);
    return RC_FAILED;
}

static enum rc command(PGconn *h, const char *sql)
{
    PGresult *r = PQexec(h, sql);
    enum rc rc = result_rc(h, sql, r);
    PQclear(r);
    return rc;
}

/* ---- connections -------------------------------------------------------------------------------------------------- */

static void say_nothing(void *arg UNUSED, const PGresult *r UNUSED)
{
}

/* A connection that is set up, or NULL with the reason logged. What the URL says wins over the defaults before it. */
static PGconn *connect_to(const char *url)
{
    const char *names[] = { "connect_timeout", "tcp_user_timeout", "keepalives_idle", "fallback_application_name", "dbname",
                            NULL };
    const char *values[] = { "5", "20000", "10", "tongban", url, NULL };
    PGconn *h = PQconnectdbParams(names, values, 1);
    PQsetNoticeReceiver(h, say_nothing, NULL);
    if (PQstatus(h) == CONNECTION_OK && command(h, set_up) == RC_OK)
        return h;
    log_error("postgresql: no connection: %s", PQerrorMessage(h));
    PQfinish(h);
    return NULL;
}

static struct pg_pool *pool_of(const struct db *db)
{
    return db->pool->own;
}

static struct pg_conn *conn_of(const struct db *db)
{
    return db->own;
}

static void conn_close(struct pg_conn *c)
{
    stmts_done(&c->stmts, NULL);
    PQfinish(c->h);
    c->h = NULL;
}

/* Connect if need be; a connection found broken is replaced here and nowhere else. */
static bool conn_ready(struct db *db)
{
    struct pg_conn *c = conn_of(db);
    if (c->h && PQstatus(c->h) != CONNECTION_OK)
        conn_close(c);
    if (!c->h)
        c->h = connect_to(pool_of(db)->url);
    return c->h != NULL;
}

/* ---- the lane of ids ------------------------------------------------------------------------------------------------ */

/* The server has not closed the connection. Only looks at the socket: it is asked before every unit that writes. */
static bool leader_alive(struct pg_pool *p)
{
    if (!p->leader || PQstatus(p->leader) != CONNECTION_OK)
        return false;
    struct pollfd fd = { .fd = PQsocket(p->leader), .events = POLLIN };
    while (poll(&fd, 1, 0) > 0) /* its last words come before the end of the stream */
        if (!PQconsumeInput(p->leader) || PQstatus(p->leader) != CONNECTION_OK)
            return false;
    return true;
}

/* Lock this key of ours, if nobody has it. */
static bool key_lock(struct pg_pool *p, int key)
{
    char sql[100];
    snprintf(sql, sizeof sql, "SELECT pg_try_advisory_lock(" LOCK_SPACE ", %d)", key);
    PGresult *r = PQexec(p->leader, sql);
    bool got = PQresultStatus(r) == PGRES_TUPLES_OK && !strcmp(PQgetvalue(r, 0, 0), "t");
    PQclear(r);
    return got;
}

/* Under m: a new leader with a free lane, best the one held before. */
static bool lane_take(struct pg_pool *p)
{
    __atomic_store_n(&p->lane, LANE_NONE, __ATOMIC_RELAXED);
    PQfinish(p->leader);
    p->leads = false;
    p->leader = connect_to(p->url);
    for (int i = 0; p->leader && i < ID_LANES; i++) {
        int lane = (p->last_lane + i) % ID_LANES;
        if (!key_lock(p, lane))
            continue;
        p->last_lane = lane;
        __atomic_store_n(&p->lane, lane, __ATOMIC_RELAXED);
        return true;
    }
    log_error("postgresql: no lane of ids is to be had");
    return false;
}

/* A lane is held: its number. If the leader died meanwhile, this unit is refused and a lane taken for the next one. */
static int lane_held(struct pg_pool *p)
{
    pthread_mutex_lock(&p->m);
    int lane = p->lane != LANE_NONE && leader_alive(p) ? p->lane : LANE_NONE;
    if (lane == LANE_NONE)
        (void)lane_take(p);
    pthread_mutex_unlock(&p->m);
    return lane;
}

/* Begin with a lane. */
static bool lane_begin(struct db *db)
{
    if (db->unit == READ)
        return true;
    conn_of(db)->lane = lane_held(pool_of(db));
    return conn_of(db)->lane != LANE_NONE;
}

/* Another node may hold the lane by now and make the same ids. */
static bool lane_lost(struct db *db)
{
    return db->unit == WRITE && conn_of(db)->lane != lane_held(pool_of(db));
}

static int pg_lane(struct db_pool *p)
{
    struct pg_pool *own = p->own;
    int lane = __atomic_load_n(&own->lane, __ATOMIC_RELAXED);
    return lane == LANE_NONE ? own->last_lane : lane; /* lost inside a unit: its ids were begun under the last lane */
}

/* ---- statements --------------------------------------------------------------------------------------------------- */

static void statement_name(char *out, size_t size, const struct stmt *st)
{
    snprintf(out, size, "s%d", st->number);
}

static void check_args(PGconn *h, const char *name, const struct sql *s)
{
    PGresult *r = PQdescribePrepared(h, name);
    if (PQresultStatus(r) == PGRES_COMMAND_OK && PQnparams(r) != s->args)
        panic("statement %s: counts %d arguments, has %d", s->name, s->args, PQnparams(r));
    PQclear(r);
}

/* Prepared before or now. */
static enum rc stmt_get(struct pg_conn *c, const struct sql *s, struct stmt **out)
{
    char name[20];
    *out = stmts_find(&c->stmts, s);
    if (*out)
        return RC_OK;
    struct stmt next = { .number = (int)c->stmts.n + 1 };
    statement_name(name, sizeof name, &next);
    PGresult *r = PQprepare(c->h, name, s->pg, 0, NULL);
    enum rc rc = result_rc(c->h, s->name, r);
    PQclear(r);
    if (rc)
        return rc;
    *out = stmts_add(&c->stmts, s);
    return RC_OK;
}

enum { ARGS_MAX = 64, DIGITS = 24 };

/* Arguments as libpq wants them: integers as text, so that the server may take them as any type of integer or as a
 * boolean; text and bytes as they are. */
struct pg_args {
    const char *v[ARGS_MAX];
    int         length[ARGS_MAX], format[ARGS_MAX];
    char        digits[ARGS_MAX][DIGITS];
};

static void args_fill(struct pg_args *out, struct args a)
{
    if (a.n > ARGS_MAX)
        panic("more than %d arguments", ARGS_MAX);
    for (int i = 0; i < a.n; i++) {
        const struct val *v = &a.v[i];
        out->v[i] = v->s.p;
        out->length[i] = (int)v->s.n;
        out->format[i] = 1;
        if (v->type == V_NULL)
            out->v[i] = NULL;
        if (v->type != V_I64)
            continue;
        snprintf(out->digits[i], DIGITS, "%lld", (long long)v->i);
        out->v[i] = out->digits[i];
        out->format[i] = 0;
    }
}

/* Big-endian integer of `n` bytes. */
static int64_t integer_at(const char *p, int n)
{
    uint64_t u = (signed char)p[0] < 0 ? UINT64_MAX : 0;
    for (int i = 0; i < n; i++)
        u = u << 8 | (unsigned char)p[i];
    return (int64_t)u;
}

static struct val cell_value(const PGresult *r, int row, int col)
{
    const char *p = PQgetvalue(r, row, col);
    int n = PQgetlength(r, row, col);
    if (PQgetisnull(r, row, col))
        return (struct val){ .type = V_NULL };
    switch ((enum oid)PQftype(r, col)) {
    case O_INT8:
    case O_INT4:
    case O_INT2:
        return v_i64(integer_at(p, n));
    case O_BOOL:
        return v_bool(p[0] != 0);
    case O_TEXT:
    case O_VARCHAR:
    case O_NAME:
        return v_str((struct str){ p, (size_t)n });
    case O_BYTEA:
        return v_bytes(p, (size_t)n);
    }
    panic("type %u is not read", PQftype(r, col)); /* refused by check_types */
}

/* Also without rows, so that a wrong type shows at the first use and not with the first row. */
static void check_types(const struct sql *s, const PGresult *r)
{
    static const enum oid read[] = { O_BOOL, O_BYTEA, O_NAME, O_INT8, O_INT2, O_INT4, O_TEXT, O_VARCHAR };
    for (int col = 0; col < PQnfields(r); col++) {
        bool known = false;
        for (size_t i = 0; i < countof(read); i++)
            known |= PQftype(r, col) == read[i];
        if (!known)
            panic("statement %s: column %s has type %u, which is not read: CAST it", s->name, PQfname(r, col),
                  PQftype(r, col));
    }
}

static const char *column_name(void *own, int i)
{
    return PQfname(own, i);
}

static void take_rows(struct rows *rows, struct stmt *st, PGresult *r)
{
    struct val v[COLUMNS_MAX];
    int n = PQntuples(r);
    if (rows->record || rows->integer)
        check_types(rows->sql, r);
    rows_match(rows, st, PQnfields(r), column_name, r);
    for (int row = 0; row < n; row++) {
        for (int i = 0; i < st->columns && (rows->record || rows->integer); i++)
            v[i] = cell_value(r, row, i);
        if (!rows_add(rows, st, v))
            return;
    }
}

/* SELECT counts rows too; only changes are wanted. */
static int64_t changed_rows(PGresult *r)
{
    return strncmp(PQcmdStatus(r), "SELECT", 6) ? strtoll(PQcmdTuples(r), NULL, 10) : 0;
}

static void refuse_writing_reader(const struct db *db, const struct sql *s, const PGresult *r)
{
    if (db->unit == READ && !strcmp(state_of(r), "25006"))
        panic("statement %s writes in a READ unit", s->name);
}

static enum rc pg_run(struct db *db, const struct sql *s, struct args a, struct rows *rows, int64_t *out_changed)
{
    struct pg_conn *c = conn_of(db);
    struct pg_args pa;
    struct stmt *st;
    char name[20];
    enum rc rc = stmt_get(c, s, &st);
    if (rc)
        return rc;
    statement_name(name, sizeof name, st);
    args_fill(&pa, a);
    PGresult *r = PQexecPrepared(c->h, name, a.n, pa.v, pa.length, pa.format, 1);
    refuse_writing_reader(db, s, r);
    rc = result_rc(c->h, s->name, r);
    if (!rc) {
        take_rows(rows, st, r);
        *out_changed = changed_rows(r);
    }
    PQclear(r);
    return rc;
}

static enum rc pg_script(struct db *db, const char *name, const char *sql)
{
    PGresult *r = PQexec(conn_of(db)->h, sql);
    enum rc rc = result_rc(conn_of(db)->h, name, r);
    PQclear(r);
    return rc;
}

static bool pg_prepares(struct db *db, const struct sql *s)
{
    struct stmt *st;
    char name[20];
    if (!conn_ready(db) || stmt_get(conn_of(db), s, &st))
        return false;
    statement_name(name, sizeof name, st);
    check_args(conn_of(db)->h, name, s);
    return true;
}

/* ---- units -------------------------------------------------------------------------------------------------------- */

/* A schema change waits for that of another node, and takes its time. */
static const char begin_alone[] = "BEGIN; SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = '60s';"
                                  "SELECT pg_advisory_xact_lock(" LOCK_SPACE ", 1000)";

static enum rc pg_begin(struct db *db)
{
    static const char read[] = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
    static const char write[] = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";
    const char *sql = db->unit == READ ? read : db->alone ? begin_alone : write;
    if (!conn_ready(db) || !lane_begin(db))
        return RC_BUSY;
    enum rc rc = command(conn_of(db)->h, sql);
    if (rc) { /* closed while it lay idle: once more with a new one */
        conn_close(conn_of(db));
        rc = conn_ready(db) ? command(conn_of(db)->h, sql) : RC_BUSY;
    }
    db->from_us = mono_us();
    return rc ? RC_BUSY : RC_OK;
}

static enum rc pg_rollback(struct db *db)
{
    struct pg_conn *c = conn_of(db);
    if (db->unit == WRITE)
        stats_unit(db);
    if (PQstatus(c->h) == CONNECTION_OK && command(c->h, "ROLLBACK"))
        conn_close(c);
    return RC_OK; /* without a connection the server has rolled back, or will */
}

/* An answer lost on the wire is RC_BUSY although the unit may be there: whoever tries again asks first (`once`). */
static enum rc commit_now(struct pg_conn *c)
{
    PGresult *r = PQexec(c->h, "COMMIT");
    enum rc rc = result_rc(c->h, "COMMIT", r);
    bool undone = !rc && strcmp(PQcmdStatus(r), "COMMIT") != 0;
    PQclear(r);
    if (rc)
        conn_close(c);
    return rc || undone ? RC_BUSY : RC_OK;
}

static enum rc pg_commit(struct db *db)
{
    bool fails = db->unit == WRITE && pool_commit_fails(db->pool);
    if (fails || lane_lost(db)) {
        log_error("postgresql: COMMIT failed: %s", fails ? "on demand" : "the lane of ids is lost");
        (void)pg_rollback(db);
        stats_batch(db->pool, true);
        return RC_BUSY;
    }
    enum rc rc = commit_now(conn_of(db));
    if (db->unit == WRITE) {
        stats_unit(db);
        stats_batch(db->pool, rc != RC_OK);
    }
    return rc;
}

static void pg_after(struct db *db UNUSED, void (*done)(void *arg, enum rc rc), void *arg)
{
    done(arg, RC_OK); /* every unit is its own batch: db.c knows the outcome */
}

/* ---- pool, sessions, tests ------------------------------------------------------------------------------------------- */

static void pg_close(struct db_pool *p)
{
    struct pg_pool *own = p->own;
    PQfinish(own->leader);
    pthread_mutex_destroy(&own->m);
    free(own->url);
    free(own);
}

/* Text is bytes sorted by code point everywhere, or lists would differ between the engines. */
static bool is_utf8(PGconn *h)
{
    const char *encoding = PQparameterStatus(h, "server_encoding");
    if (encoding && !strcmp(encoding, "UTF8"))
        return true;
    log_error("postgresql: the database must be UTF8, not %s", encoding ? encoding : "unknown");
    return false;
}

static bool pg_open(struct db_pool *p, const char *url)
{
    struct pg_pool *own = must_alloc(sizeof *own);
    own->url = strdup(url);
    if (!own->url)
        panic("out of memory");
    pthread_mutex_init(&own->m, NULL);
    p->own = own;
    if (lane_take(own) && is_utf8(own->leader))
        return true;
    pg_close(p);
    return false;
}

static void pg_session_init(struct db *db)
{
    db->own = must_alloc(sizeof(struct pg_conn));
}

static void pg_session_done(struct db *db)
{
    conn_close(conn_of(db));
    free(db->own);
}

static int64_t one_integer(PGconn *h, const char *sql)
{
    PGresult *r = PQexec(h, sql);
    if (PQresultStatus(r) != PGRES_TUPLES_OK)
        panic("postgresql: %s", PQresultErrorMessage(r));
    int64_t n = strtoll(PQgetvalue(r, 0, 0), NULL, 10);
    PQclear(r);
    return n;
}

static int64_t rows_of(PGconn *h, const char *table)
{
    char sql[200], *quoted = PQescapeIdentifier(h, table, strlen(table));
    snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", quoted);
    PQfreemem(quoted);
    return one_integer(h, sql);
}

static int64_t pg_rows(struct db *db)
{
    int64_t n = 0;
    if (!conn_ready(db))
        panic("postgresql: rows cannot be counted");
    PGconn *h = conn_of(db)->h;
    PGresult *r = PQexec(h, "SELECT tablename FROM pg_catalog.pg_tables WHERE schemaname = current_schema()");
    for (int i = 0; i < PQntuples(r); i++)
        n += rows_of(h, PQgetvalue(r, i, 0));
    PQclear(r);
    return n;
}

/* The lock goes with its connection; so does the lane. */
static bool pg_lead(struct db_pool *p)
{
    struct pg_pool *own = p->own;
    pthread_mutex_lock(&own->m);
    bool alive = (own->lane != LANE_NONE && leader_alive(own)) || lane_take(own);
    if (alive && !own->leads)
        own->leads = key_lock(own, LEAD_KEY);
    bool leads = alive && own->leads;
    pthread_mutex_unlock(&own->m);
    return leads;
}

static void pg_limit_pages(struct db_pool *p UNUSED, int64_t pages UNUSED)
{
}

const struct db_driver db_postgres = {
    .engine = DB_POSTGRES,
    .open = pg_open,
    .close = pg_close,
    .session_init = pg_session_init,
    .session_done = pg_session_done,
    .begin = pg_begin,
    .run = pg_run,
    .script = pg_script,
    .commit = pg_commit,
    .rollback = pg_rollback,
    .after = pg_after,
    .prepares = pg_prepares,
    .rows = pg_rows,
    .limit_pages = pg_limit_pages,
    .lane = pg_lane,
    .lead = pg_lead,
};

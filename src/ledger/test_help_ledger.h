/* test_help_ledger.h - the fixture of db with the ledger's tables, and small units. */
#ifndef LEDGER_TEST_HELP_LEDGER_H
#define LEDGER_TEST_HELP_LEDGER_H

#include "db/test_help.h"
#include "ledger/ledger_priv.h"
#include "ledger/test_steps.h"

#include <sqlite3.h>

static inline int add_tables(void **state)
{
    struct fixture *f = *state;
    struct migration steps[TEST_STEPS_MAX];
    size_t n = test_steps(steps);
    if (f && db_migrate(f->pool, steps, n, NULL))
        panic("the ledger's schema does not apply");
    return 0;
}

static inline int ledger_on_sqlite(void **state)
{
    return on_sqlite(state) || add_tables(state);
}

static inline int ledger_on_postgres(void **state)
{
    return on_postgres(state) || add_tables(state);
}

#define LEDGER_ON_SQLITE(f) { #f " on sqlite", f, ledger_on_sqlite, off, NULL }
#define LEDGER_ON_POSTGRES(f) { #f " on postgres", f, ledger_on_postgres, off, NULL }
#define LEDGER_ON_BOTH(f) LEDGER_ON_SQLITE(f), LEDGER_ON_POSTGRES(f)

static inline void unit_open(struct cx *cx, enum db_unit unit)
{
    CHECK(db_begin(cx->db, unit) == RC_OK);
    cx->now = db_now(cx->db);
}

static inline void unit_close(struct cx *cx)
{
    CHECK(db_commit(cx->db) == RC_OK && db_wait(cx->db) == RC_OK);
}

/* A unit of one entry with a detail every third time; its id. */
static inline int64_t append_one(struct cx *cx, int64_t root, int n)
{
    struct ledger_entry e = { .root = root, .kind = "case.step", .body = arena_fmt(cx->arena, "{\"n\":%d}", n) };
    int64_t id = 0;
    if (n % 3 == 0)
        e.detail = arena_fmt(cx->arena, "张三的第%d条意见", n);
    unit_open(cx, WRITE);
    CHECK(ledger_append(cx, &e, &id, NULL) == RC_OK);
    unit_close(cx);
    return id;
}

/* Straight into the database, as somebody with its password would. */
static inline void tamper(struct fixture *f, const char *sql)
{
    if (f->engine == DB_SQLITE) {
        sqlite3 *h;
        CHECK(sqlite3_open(f->made.url + strlen("sqlite:"), &h) == SQLITE_OK);
        sqlite3_busy_timeout(h, 5000);
        if (sqlite3_exec(h, sql, NULL, NULL, NULL) != SQLITE_OK)
            panic("%s: %s", sql, sqlite3_errmsg(h));
        CHECK(sqlite3_changes(h) > 0);
        sqlite3_close(h);
        return;
    }
    PGconn *h = PQconnectdb(f->made.url);
    PGresult *r = PQexec(h, sql);
    if (PQresultStatus(r) != PGRES_COMMAND_OK)
        panic("%s: %s", sql, PQerrorMessage(h));
    CHECK(strcmp(PQcmdTuples(r), "0") != 0);
    PQclear(r);
    PQfinish(h);
}

/* Place everything that waits; how many. */
static inline int64_t sequence_all(struct cx *cx, int max)
{
    int64_t n = 1, sum = 0;
    while (n) {
        unit_open(cx, WRITE);
        CHECK(ledger_sequence(cx, max, &n) == RC_OK);
        unit_close(cx);
        sum += n;
    }
    return sum;
}

static inline struct ledger_key *test_key(const char *name)
{
    char path[100];
    snprintf(path, sizeof path, "/tmp/tongban-key-%d-%s.pem", (int)getpid(), name);
    struct ledger_key *k = ledger_key_open(path);
    CHECK(k != NULL);
    unlink(path);
    return k;
}

#endif

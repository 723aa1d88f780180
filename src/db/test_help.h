/* test_help.h - a fresh database per test, SQLite in a temporary folder or PostgreSQL by TONGBAN_TEST_PG. */
#ifndef DB_TEST_HELP_H
#define DB_TEST_HELP_H

#include "../../test/check.h"
#include "../../test/pg_make.h"
#include "db/db_priv.h"
#include "test_sql.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct fixture {
    enum db_engine  engine;
    char            dir[40];  /* of SQLite */
    struct pg_database made; /* of SQLite the URL only */
    struct db_pool *pool;
    struct arena    arena;
    struct cx       cx; /* with a session of its own */
};

struct item {
    int64_t     id;
    struct str  name;
    bool        ok;
    struct day  day;
    struct when at;
    struct fen  fen;
    struct str  note, raw;
};

static const struct field item_fields[] = {
    FIELD(struct item, id),  FIELD(struct item, name), FIELD(struct item, ok),   FIELD(struct item, day),
    FIELD(struct item, at),  FIELD(struct item, fen),  FIELD(struct item, note), FIELD(struct item, raw),
};
static UNUSED const struct record ITEM = RECORD(struct item, item_fields);

/* ---- fixtures ----------------------------------------------------------------------------------------------------- */

static inline void fixture_open(struct fixture *f)
{
    f->pool = db_open(f->made.url);
    if (!f->pool)
        panic("no database at %s", f->made.url);
    f->cx = (struct cx){ .arena = &f->arena, .db = db_session(f->pool) };
}

static inline void fixture_close(struct fixture *f)
{
    if (f->cx.db->unit && db_rollback(f->cx.db, RC_FAILED)) /* the test failed inside it */
        print_message("a unit was left open\n");
    db_give_back(f->cx.db);
    db_close(f->pool);
    f->pool = NULL;
}

static inline void fixture_init(struct fixture *f, enum db_engine engine)
{
    *f = (struct fixture){ .engine = engine, .dir = "/tmp/tongban-db-XXXXXX" };
    arena_init(&f->arena, 64 << 20);
    if (engine == DB_POSTGRES)
        pg_create(&f->made);
    else if (mkdtemp(f->dir))
        snprintf(f->made.url, sizeof f->made.url, "sqlite:%s/t.db", f->dir);
    fixture_open(f);
    if (db_migrate(f->pool, test_schema, test_nschema, NULL))
        panic("the tests' schema does not apply");
}

static inline void fixture_done(struct fixture *f)
{
    static const char *const ends[] = { "", "-wal", "-shm" };
    char path[100];
    if (f->pool)
        fixture_close(f);
    arena_done(&f->arena);
    if (f->engine == DB_POSTGRES)
        pg_drop(&f->made);
    for (size_t i = 0; f->engine == DB_SQLITE && i < countof(ends); i++) {
        snprintf(path, sizeof path, "%s/t.db%s", f->dir, ends[i]);
        unlink(path);
    }
    if (f->engine == DB_SQLITE)
        rmdir(f->dir);
}

static inline int on_sqlite(void **state)
{
    *state = calloc(1, sizeof(struct fixture));
    fixture_init(*state, DB_SQLITE);
    return 0;
}

static inline int on_postgres(void **state)
{
    if (!getenv("TONGBAN_TEST_PG"))
        return 0;
    *state = calloc(1, sizeof(struct fixture));
    fixture_init(*state, DB_POSTGRES);
    return 0;
}

static inline int off(void **state)
{
    if (*state)
        fixture_done(*state);
    free(*state);
    return 0;
}

static inline struct fixture *fixture_of(void **state)
{
    if (!*state) {
        print_message("SKIPPED on PostgreSQL: TONGBAN_TEST_PG is not set (tools/pg.sh start)\n");
        skip();
    }
    return *state;
}

#define ON_SQLITE(f) { #f " on sqlite", f, on_sqlite, off, NULL }
#define ON_POSTGRES(f) { #f " on postgres", f, on_postgres, off, NULL }
#define ON_BOTH(f) ON_SQLITE(f), ON_POSTGRES(f)

/* ---- small units -------------------------------------------------------------------------------------------------- */

/* One unit that adds an item; its outcome before it is durable. */
static inline enum rc add_item(struct cx *cx, int64_t id, const char *name)
{
    enum rc rc = db_begin(cx->db, WRITE);
    if (rc)
        return rc;
    rc = db_exec(cx, &sql_item_add_plain, ARGS(v_i64(id), v_str(str_c(name))), NULL);
    return rc ? db_rollback(cx->db, rc) : db_commit(cx->db);
}

/* In a READ unit of its own; -1 if that does not work. */
static inline int64_t count_items(struct fixture *f)
{
    struct cx cx = { .arena = &f->arena, .db = db_session(f->pool) };
    int64_t n = -1;
    if (!db_begin(cx.db, READ)) {
        if (db_int(&cx, &sql_item_count, NO_ARGS, &n))
            n = -1;
        if (db_commit(cx.db))
            n = -1;
    }
    db_give_back(cx.db);
    return n;
}

#endif

/* db_priv.h - what db.c and the two engines share. Nobody outside src/db includes it.
 * Words: a "driver" is one engine; a "connection" keeps prepared statements; `own` is the driver's part of a struct. */
#ifndef DB_DB_PRIV_H
#define DB_DB_PRIV_H

#include "base/log.h"
#include "db/db.h"

#include <pthread.h>

enum { COLUMNS_MAX = 64, ROWS_MAX = 20000 };

/* A statement prepared on one connection, with the record its columns were last matched to. */
struct stmt {
    const struct sql           *sql;
    void                       *own;     /* sqlite3_stmt; NULL on PostgreSQL */
    int                         number;  /* its name on PostgreSQL */
    const struct record        *record;
    const struct field        **fields;  /* per column */
    int                         columns;
};

/* Statements of one connection by address of their struct sql: open addressing, grown at half full. */
struct stmts {
    struct stmt **slots;
    size_t        n, cap; /* cap is 0 or a power of two */
};

/* NULL if it is not there yet. */
struct stmt *stmts_find(const struct stmts *c, const struct sql *s);
/* A new entry; the caller fills `own`. The statement must not be there. */
struct stmt *stmts_add(struct stmts *c, const struct sql *s);
/* Forget all; `end` (may be NULL) is called for each. */
void stmts_done(struct stmts *c, void (*end)(struct stmt *st));

/* Where the rows of one statement go. */
struct rows {
    struct arena        *arena;
    const struct sql    *sql;
    const struct record *record;  /* NULL: rows are not wanted, or one integer is */
    int64_t             *integer; /* db_int */
    void                *one;     /* db_one: the caller's struct */
    char                *v;       /* db_all */
    size_t               n, cap;
};

/* Match the columns to the record; panics where they differ. Cheap when the statement was matched before.
 * `name_of(own, i)` gives the name of column i. */
void rows_match(const struct rows *r, struct stmt *st, int columns, const char *(*name_of)(void *own, int i), void *own);
/* Take one row of st->columns values. False: no more rows are wanted. */
bool rows_add(struct rows *r, const struct stmt *st, const struct val *v);

struct db_driver {
    enum db_engine engine;
    bool (*open)(struct db_pool *p, const char *url); /* logs why not */
    void (*close)(struct db_pool *p);
    void (*session_init)(struct db *db);
    void (*session_done)(struct db *db);
    /* db->unit and db->alone are set. RC_OK or RC_BUSY; on RC_BUSY nothing is open. */
    enum rc (*begin)(struct db *db);
    enum rc (*run)(struct db *db, const struct sql *s, struct args a, struct rows *r, int64_t *out_changed);
    /* Several statements without arguments, in an `alone` unit. */
    enum rc (*script)(struct db *db, const char *name, const char *sql);
    enum rc (*commit)(struct db *db);   /* RC_OK or RC_BUSY */
    enum rc (*rollback)(struct db *db); /* RC_OK, or RC_BUSY if the batch is lost */
    /* How the batch of the last unit ended; may call later. */
    void (*after)(struct db *db, void (*done)(void *arg, enum rc rc), void *arg);
    /* db_expect; db_expected and db_expect_end. NULL: it gains nothing from knowing. */
    void (*expect)(struct db_pool *p);
    void (*expected)(struct db *db, bool here);
    bool (*prepares)(struct db *db, const struct sql *s);
    int64_t (*rows)(struct db *db);
    void (*limit_pages)(struct db_pool *p, int64_t pages);
    void (*map_reads)(struct db_pool *p, int64_t bytes); /* NULL: there is no file to map */
    int (*lane)(struct db_pool *p);
    bool (*lead)(struct db_pool *p);
};
extern const struct db_driver db_sqlite, db_postgres;

struct db_pool {
    const struct db_driver *driver;
    void                   *own;
    pthread_mutex_t         m; /* guards the five below */
    struct db              *free;
    int                     out; /* sessions not given back */
    struct db_stats         stats;
    int64_t                 writer_us; /* time holding the writer, all units */
    bool                    fail_commit;
    int64_t                 clock_ms;        /* 0: system clock. Atomic */
    int64_t                 shift_ms;        /* added to the system clock; set before units begin */
    uint64_t                seed;            /* of the random bytes of tests. Atomic */
    struct id_gen           ids[ID_LANES];   /* one per lane, so that a changed lane cannot repeat an id */
    struct id_gen           clock_ids;       /* under db_set_clock */
};

struct db {
    struct db_pool *pool;
    struct db      *next_free;
    void           *own;
    enum db_unit    unit;    /* UNIT_NOT_STATED: none is open */
    bool            alone;   /* a schema change: not in a batch, not in a savepoint */
    enum rc         spoiled; /* a statement of this unit failed so: it can only be rolled back */
    enum rc         outcome; /* of the last unit, apart from its batch */
    bool            batched; /* the last unit's fate is the batch's */
    int64_t         now_ms;
    int64_t         from_us; /* when the unit got the writer */
    int             fail_after;
    void          (*told)(void *arg, enum rc rc); /* db_notify */
    void           *told_arg;
};

/* Monotonic, us. */
int64_t mono_us(void);
/* Count a WRITE unit that held the writer from db->from_us until now. */
void stats_unit(struct db *db);
void stats_batch(struct db_pool *p, bool lost);
/* True once after db_fail_commit. */
bool pool_commit_fails(struct db_pool *p);
/* Zeroed memory of the process; panics when there is none. */
void *must_alloc(size_t size);

/* For migrate.c: begin a unit that has the database for itself, and run a script in it. */
enum rc db_begin_alone(struct db *db);
enum rc db_script(struct db *db, const char *name, const char *sql);

#endif

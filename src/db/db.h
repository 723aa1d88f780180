/* db.h - the database as units of work; SQLite with group commit, PostgreSQL, and faults on demand.
 *
 * A pool is one open database, shared by all threads. A session belongs to one thread at a time and runs one unit after
 * another:  db_begin .. statements .. db_commit or db_rollback .. db_after or db_wait.
 *
 * READ units see a new snapshot each. WRITE units on SQLite share one writing connection and one batch: each runs in a
 * savepoint, one COMMIT serves many, and nothing may be told to anybody before db_after or db_wait says the batch is
 * durable. If COMMIT fails or SQLite loses the transaction, the whole batch is lost: every unit in it ends with RC_BUSY and
 * nothing is run again. On PostgreSQL every session has its own connection; WRITE is READ COMMITTED, READ is REPEATABLE
 * READ READ ONLY; the unit is durable when db_commit returns. */
#ifndef DB_DB_H
#define DB_DB_H

#include "base/id.h"
#include "base/record.h"
#include "db/cx.h"

struct db_pool;

enum db_unit { UNIT_NOT_STATED, READ, WRITE };

/* A statement. Only the build tool makes these, from .sql files. */
struct sql {
    const char *name;
    const char *sqlite, *pg; /* NULL: this engine has none */
    int         args;
};

/* One step of a module's schema. Only the build tool makes these, from NNN_name.sql files. */
struct migration {
    const char *module, *name; /* "catalog", "001_start" */
    const char *sqlite, *pg;   /* several statements each */
    const char *hash;          /* SM3 of the source text, hex */
};

/* ---- values ---------------------------------------------------------------------------------------------------- */

enum vtype { V_NULL, V_I64, V_STR, V_BYTES };

struct val {
    enum vtype type;
    int64_t    i;
    struct str s;
};

struct args {
    const struct val *v;
    int               n;
};

static inline struct val v_i64(int64_t i)
{
    return (struct val){ .type = V_I64, .i = i };
}
static inline struct val v_bool(bool b)
{
    return (struct val){ .type = V_I64, .i = b };
}
static inline struct val v_day(struct day d)
{
    return (struct val){ .type = d.n ? V_I64 : V_NULL, .i = d.n };
}
static inline struct val v_when(struct when w)
{
    return (struct val){ .type = w.ms ? V_I64 : V_NULL, .i = w.ms };
}
static inline struct val v_fen(struct fen f)
{
    return v_i64(f.n);
}
/* p == NULL is SQL NULL. */
static inline struct val v_str(struct str s)
{
    return (struct val){ .type = s.p ? V_STR : V_NULL, .s = s };
}
static inline struct val v_bytes(const void *p, size_t n)
{
    return (struct val){ .type = p ? V_BYTES : V_NULL, .s = { p, n } };
}
/* A root id, where 0 stands for none. */
static inline struct val v_ref(int64_t id)
{
    return (struct val){ .type = id ? V_I64 : V_NULL, .i = id };
}

#define ARGS(...)                                                                                                      \
    (struct args){ (const struct val[]){ __VA_ARGS__ }, (int)(sizeof((const struct val[]){ __VA_ARGS__ }) / sizeof(struct val)) }
#define NO_ARGS ((struct args){ 0 })

/* ---- statements inside a unit ---------------------------------------------------------------------------------- */
/* Columns are matched to the record's fields by name; a column without a field or a field without a column is a bug and
 * panics at first use. Fields of lists and markup have no column and are left alone. NULL becomes 0, false, no day,
 * STR_NONE. Text and bytes are copied into cx->arena; both go to struct str fields. A wrong number of arguments panics. A
 * statement that writes inside a READ unit panics.
 * After a statement that ended with RC_FAILED or RC_BUSY the unit can only be rolled back: every further statement, and
 * db_commit, answers the same (on both engines, although only PostgreSQL would insist). */

/* First row; RC_NOT_FOUND if there is none (*out is then untouched). */
enum rc db_one(struct cx *cx, const struct sql *s, struct args a, const struct record *r, void *out);
/* All rows, as an array of r->size in the arena. Every list statement has its own LIMIT; more than 20,000 rows panic. */
enum rc db_all(struct cx *cx, const struct sql *s, struct args a, const struct record *r, struct list *out);
/* Number of rows changed, inserted or deleted in *out_changed (may be NULL). */
enum rc db_exec(struct cx *cx, const struct sql *s, struct args a, int64_t *out_changed);
/* One integer of one row; RC_NOT_FOUND without row. NULL is 0. */
enum rc db_int(struct cx *cx, const struct sql *s, struct args a, int64_t *out);
/* Lock a root before changing it: a `SELECT .. FOR UPDATE` with the id as only argument (nothing to do on SQLite, where
 * the build tool drops FOR UPDATE). RC_NOT_FOUND if the root does not exist. Several roots: in order of id. */
enum rc db_lock(struct cx *cx, const struct sql *s, int64_t root);
/* New id of a root or entry. */
int64_t db_id(struct cx *cx);
/* Secure random bytes; predictable only under db_set_clock (tests). */
void db_random(struct cx *cx, void *p, size_t n);

/* ---- units ----------------------------------------------------------------------------------------------------- */

/* RC_BUSY if the database cannot be had now. */
enum rc db_begin(struct db *db, enum db_unit unit);
/* RC_OK: the unit is part of its batch (SQLite) or durable (PostgreSQL). RC_BUSY: it is gone; so it is with RC_FAILED, the
 * answer when a statement of the unit had failed. */
enum rc db_commit(struct db *db);
/* Undo the unit; returns `why`, or RC_BUSY if the batch was lost meanwhile. */
enum rc db_rollback(struct db *db, enum rc why);
/* The instant this try of the unit stands for, ms. Read it once, after db_begin. */
int64_t db_now(struct db *db);
/* Call `done(arg, rc)` exactly once when the session's last unit is durable (RC_OK) or lost (RC_BUSY): at once, or later on
 * the committer's thread. Answers of units that were rolled back wait too: they saw their batch-mates' rows. `done` must be
 * quick and must not use the database: all other answers wait for it. After a READ unit it is called at once. */
void db_after(struct db *db, void (*done)(void *arg, enum rc rc), void *arg);
/* The same, waiting. For jobs, the command line and tests. */
enum rc db_wait(struct db *db);
/* Inside a WRITE unit: as db_after, but asked for while the unit is still open, and called only if it is committed. One wish
 * per unit: the same again is a no-op, another panics. For waking whoever waits for what the unit leaves behind. */
void db_notify(struct db *db, void (*done)(void *arg, enum rc rc), void *arg);

/* A request that will probably write has come in and waits for a thread: SQLite keeps the open batch open for it, so that one COMMIT
 * serves it too - for as long as a COMMIT takes and never beyond the batch's own limits. Whoever takes the request says so with
 * db_expected before, and with db_expect_end after it, whether it wrote or not. */
void db_expect(struct db_pool *p);
void db_expected(struct db *db);
void db_expect_end(struct db *db);

/* ---- pool and sessions ----------------------------------------------------------------------------------------- */

enum db_engine { DB_SQLITE, DB_POSTGRES };

struct db_stats {
    int64_t units, batches, lost_batches, writer_ms_total; /* since open */
    int64_t writer_us[8]; /* histogram of time holding the writer: <50 <100 <200 <500 <1000 <5000 <20000 more, us */
};

/* `url` is "sqlite:PATH" or "postgresql:..." (libpq URI). NULL on failure with the reason logged. */
struct db_pool *db_open(const char *url);
/* Waits for the last batch; all sessions must have been given back. NULL is a no-op. */
void           db_close(struct db_pool *p);
enum db_engine db_engine(const struct db_pool *p);
struct db_stats db_stats(struct db_pool *p);
/* A session from the free list, or a new one. Never NULL; a PostgreSQL that is down shows at db_begin. */
struct db *db_session(struct db_pool *p);
void       db_give_back(struct db *db);
struct db_pool *db_pool_of(const struct db *db);
/* The open unit is a READ unit: what it sees is committed, so an immutable object made of it may be kept beyond the unit. */
bool db_reads(const struct db *db);
/* This node does now what only one node may do (timers). SQLite: always. PostgreSQL: it holds an advisory lock on the
 * connection that also holds its lane; who has not yet got it tries again with every call, so ask about once a second. Not a
 * fence: a unit begun as leader may end after leadership was lost, so what must not happen twice locks its rows too. */
bool db_lead(struct db_pool *p);

/* Apply what is missing, in order, all in one transaction. RC_CONFLICT (logged) if the database holds a step this program
 * does not know or one whose hash differs: then the program must not run on it. *out_applied counts steps. */
enum rc db_migrate(struct db_pool *p, const struct migration *m, size_t n, int64_t *out_applied);
/* RC_OK if exactly these steps are applied, RC_NOT_FOUND if some are missing, RC_CONFLICT as above. */
enum rc db_schema_check(struct db_pool *p, const struct migration *m, size_t n);
/* Prepare the statement on this engine; false (logged) if the engine refuses it, true if the statement is for the other
 * engine only. For the registry test. */
bool db_prepares(struct db_pool *p, const struct sql *s);

/* SQLite: READ units of sessions that have not read yet map up to so many bytes of the file instead of copying its pages. For large
 * derived files; a disk that fails under a map ends the process, which for the main database would be worse than a failed request. */
void db_map_reads(struct db_pool *p, int64_t bytes);

/* For demonstrations: db_now is the system clock plus `ms` from the next unit on. */
void db_shift_clock(struct db_pool *p, int64_t ms);

/* ---- for tests ------------------------------------------------------------------------------------------------- */

/* From now on db_now returns this and randomness follows a fixed seed; 0 = system clock again. */
void db_set_clock(struct db_pool *p, int64_t ms);
/* The nth database call (statement or unit step, counted from 0) of this session fails with RC_FAILED, RC_BUSY for
 * db_begin and db_commit; -1 = never. Fires once. */
void db_fail_after(struct db *db, int n);
/* The next COMMIT of a batch fails as if the disk had gone. */
void db_fail_commit(struct db_pool *p);
/* SQLite: the database may grow by at most `pages` from now on, then SQLITE_FULL; -1 = no limit. */
void db_limit_pages(struct db_pool *p, int64_t pages);
/* Rows in all tables together, for "nothing is left behind". Outside a unit. */
int64_t db_rows(struct db_pool *p);

#endif

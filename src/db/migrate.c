/* migrate.c - which steps of the schema a database has, and applying the missing ones in one transaction. */
#include "db/db_priv.h"
#include "db_sql.h"

#include <string.h>

enum { ARENA_MAX = 16 << 20 };

struct applied {
    struct str module, name, hash;
};

static const struct field applied_fields[] = {
    FIELD(struct applied, module),
    FIELD(struct applied, name),
    FIELD(struct applied, hash),
};
static const struct record APPLIED = RECORD(struct applied, applied_fields);

/* The steps the program knows and those the database has. */
struct plan {
    const struct migration *m;
    size_t                  n;
    struct list             applied;
};

static const struct migration *known_step(const struct plan *p, const struct applied *a)
{
    for (size_t i = 0; i < p->n; i++)
        if (str_is(a->module, p->m[i].module) && str_is(a->name, p->m[i].name))
            return &p->m[i];
    return NULL;
}

static bool is_applied(const struct plan *p, const struct migration *m)
{
    const struct applied *a = p->applied.v;
    for (size_t i = 0; i < p->applied.n; i++)
        if (str_is(a[i].module, m->module) && str_is(a[i].name, m->name))
            return true;
    return false;
}

/* RC_CONFLICT if the database holds what this program does not know. */
static enum rc check_known(const struct plan *p)
{
    enum rc rc = RC_OK;
    const struct applied *a = p->applied.v;
    for (size_t i = 0; i < p->applied.n; i++) {
        const struct migration *m = known_step(p, &a[i]);
        if (m && str_is(a[i].hash, m->hash))
            continue;
        log_error("the database has schema step " STR_F "/" STR_F ", which this program %s", STR_A(a[i].module),
                  STR_A(a[i].name), m ? "has with another text" : "does not know");
        rc = RC_CONFLICT;
    }
    return rc;
}

static enum rc read_applied(struct cx *cx, struct plan *p)
{
    int64_t there = 0;
    enum rc rc = db_int(cx, &sql_schema_step_exists, NO_ARGS, &there);
    if (rc || !there)
        return rc;
    rc = db_all(cx, &sql_schema_step_list, NO_ARGS, &APPLIED, &p->applied);
    return rc ? rc : check_known(p);
}

static enum rc apply_one(struct cx *cx, const struct migration *m)
{
    const char *sql = db_engine(db_pool_of(cx->db)) == DB_SQLITE ? m->sqlite : m->pg;
    enum rc rc = db_script(cx->db, m->name, sql);
    if (rc)
        return rc;
    return db_exec(cx, &sql_schema_step_add,
                   ARGS(v_str(str_c(m->module)), v_str(str_c(m->name)), v_str(str_c(m->hash)), v_i64(cx->now)), NULL);
}

static enum rc apply_missing(struct cx *cx, struct plan *p, int64_t *out_applied)
{
    enum rc rc = db_exec(cx, &sql_schema_step_table, NO_ARGS, NULL);
    if (!rc)
        rc = read_applied(cx, p);
    for (size_t i = 0; !rc && i < p->n; i++) {
        if (is_applied(p, &p->m[i]))
            continue;
        rc = apply_one(cx, &p->m[i]);
        if (rc)
            log_error("schema step %s/%s was not applied, nor any other", p->m[i].module, p->m[i].name);
        ++*out_applied;
    }
    return rc;
}

static enum rc migrate(struct cx *cx, struct plan *p, int64_t *out_applied)
{
    int64_t applied = 0;
    enum rc rc = db_begin_alone(cx->db);
    if (rc)
        return rc;
    cx->now = db_now(cx->db);
    rc = apply_missing(cx, p, &applied);
    rc = rc ? db_rollback(cx->db, rc) : db_commit(cx->db);
    if (!rc && out_applied)
        *out_applied = applied;
    return rc;
}

enum rc db_migrate(struct db_pool *p, const struct migration *m, size_t n, int64_t *out_applied)
{
    AUTO(arena_done) struct arena a;
    struct plan plan = { .m = m, .n = n };
    arena_init(&a, ARENA_MAX);
    struct cx cx = { .arena = &a, .db = db_session(p) };
    enum rc rc = migrate(&cx, &plan, out_applied);
    db_give_back(cx.db);
    return rc;
}

static enum rc check_complete(const struct plan *p)
{
    for (size_t i = 0; i < p->n; i++)
        if (!is_applied(p, &p->m[i]))
            return RC_NOT_FOUND;
    return RC_OK;
}

enum rc db_schema_check(struct db_pool *p, const struct migration *m, size_t n)
{
    AUTO(arena_done) struct arena a;
    struct plan plan = { .m = m, .n = n };
    arena_init(&a, ARENA_MAX);
    struct cx cx = { .arena = &a, .db = db_session(p) };
    enum rc rc = db_begin(cx.db, READ);
    if (!rc) {
        rc = read_applied(&cx, &plan);
        rc = rc ? db_rollback(cx.db, rc) : db_commit(cx.db);
    }
    db_give_back(cx.db);
    return rc ? rc : check_complete(&plan);
}

/* test_db_fault.c - whichever call fails, nothing is left behind; and connections that die. */
#include "test_help.h"

/* ---- faults on demand ----------------------------------------------------------------------------------------------- */

/* Begin, two statements, commit: four calls. */
static enum rc two_statements(struct cx *cx)
{
    enum rc rc = db_begin(cx->db, WRITE);
    if (rc)
        return rc;
    rc = db_exec(cx, &sql_item_add_plain, ARGS(v_i64(1), v_str(STR("a"))), NULL);
    if (!rc)
        rc = db_exec(cx, &sql_line_add, ARGS(v_i64(1), v_i64(1), v_str(STR("b"))), NULL);
    rc = rc ? db_rollback(cx->db, rc) : db_commit(cx->db);
    enum rc durable = db_wait(cx->db);
    return rc ? rc : durable;
}

static void every_fault_leaves_no_trace(void **state)
{
    static const enum rc want[] = { RC_BUSY, RC_FAILED, RC_FAILED, RC_BUSY, RC_OK };
    struct fixture *f = fixture_of(state);
    int64_t before = db_rows(f->pool);
    for (int n = 0; n < (int)countof(want); n++) {
        db_fail_after(f->cx.db, n);
        CHECK(two_statements(&f->cx) == want[n]);
        CHECK(db_rows(f->pool) == before + (want[n] == RC_OK ? 2 : 0));
    }
}

static void a_fault_fires_once(void **state)
{
    struct fixture *f = fixture_of(state);
    db_fail_after(f->cx.db, 1);
    CHECK(two_statements(&f->cx) == RC_FAILED);
    CHECK(two_statements(&f->cx) == RC_OK);
}

/* ---- PostgreSQL connections ------------------------------------------------------------------------------------------- */

enum { KILL_LEADER = 1, KILL_SESSIONS = 2 };

/* Ends connections to the test's database; waits until they are gone. */
static void pg_kill(const struct fixture *f, int which)
{
    char sql[500];
    snprintf(sql, sizeof sql,
             "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity WHERE datname = '%s' AND "
             "(starts_with(query, 'SELECT pg_try_advisory_lock') AND %d & 1 = 1 OR "
             "NOT starts_with(query, 'SELECT pg_try_advisory_lock') AND %d & 2 = 2)",
             f->made.name, which, which);
    PGconn *h = PQconnectdb(getenv("TONGBAN_TEST_PG"));
    PGresult *r = PQexec(h, sql);
    CHECK(PQresultStatus(r) == PGRES_TUPLES_OK && strcmp(PQgetvalue(r, 0, 0), "0") != 0);
    PQclear(r);
    PQfinish(h);
}

static void a_connection_lost_inside_a_unit_is_busy(void **state)
{
    struct fixture *f = fixture_of(state);
    int64_t n;
    CHECK(db_begin(f->cx.db, WRITE) == RC_OK);
    CHECK(db_exec(&f->cx, &sql_item_add_plain, ARGS(v_i64(1), v_str(STR("a"))), NULL) == RC_OK);
    pg_kill(f, KILL_SESSIONS);
    CHECK(db_int(&f->cx, &sql_item_count, NO_ARGS, &n) == RC_BUSY);
    CHECK(db_commit(f->cx.db) == RC_BUSY && db_wait(f->cx.db) == RC_BUSY);
    CHECK(count_items(f) == 0);
    CHECK(two_statements(&f->cx) == RC_OK);
}

static void a_connection_lost_before_commit_is_busy(void **state)
{
    struct fixture *f = fixture_of(state);
    CHECK(db_begin(f->cx.db, WRITE) == RC_OK);
    CHECK(db_exec(&f->cx, &sql_item_add_plain, ARGS(v_i64(1), v_str(STR("a"))), NULL) == RC_OK);
    pg_kill(f, KILL_SESSIONS);
    CHECK(db_commit(f->cx.db) == RC_BUSY && db_wait(f->cx.db) == RC_BUSY);
    CHECK(count_items(f) == 0);
}

static void a_connection_lost_while_idle_is_replaced_unseen(void **state)
{
    struct fixture *f = fixture_of(state);
    CHECK(add_item(&f->cx, 7, "a") == RC_OK);
    pg_kill(f, KILL_SESSIONS);
    CHECK(add_item(&f->cx, 8, "a") == RC_OK);
    CHECK(count_items(f) == 2);
}

static void without_its_lane_of_ids_a_node_does_not_write(void **state)
{
    struct fixture *f = fixture_of(state);
    pg_kill(f, KILL_LEADER);
    CHECK(db_begin(f->cx.db, READ) == RC_OK && db_commit(f->cx.db) == RC_OK);
    CHECK(add_item(&f->cx, 1, "a") == RC_BUSY);
    CHECK(add_item(&f->cx, 1, "a") == RC_OK); /* the lane was taken anew */
}

static void a_unit_that_lost_its_lane_is_not_stored(void **state)
{
    struct fixture *f = fixture_of(state);
    CHECK(db_begin(f->cx.db, WRITE) == RC_OK);
    CHECK(db_exec(&f->cx, &sql_item_add_plain, ARGS(v_i64(1), v_str(STR("a"))), NULL) == RC_OK);
    pg_kill(f, KILL_LEADER);
    CHECK(db_commit(f->cx.db) == RC_BUSY);
    CHECK(count_items(f) == 0);
    CHECK(add_item(&f->cx, 1, "a") == RC_OK);
}

static void pg_step(const struct fixture *f, const char *sql)
{
    struct migration more[3] = { test_schema[0], test_schema[1],
                                 { .module = "test", .name = "003_pg", .pg = sql, .hash = "03" } };
    CHECK(db_migrate(f->pool, more, 3, NULL) == RC_OK);
}

static void a_commit_whose_answer_is_lost_is_busy(void **state)
{
    struct fixture *f = fixture_of(state);
    pg_step(f, "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS "
               "'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(9); RETURN NULL; END';"
               "CREATE CONSTRAINT TRIGGER die AFTER INSERT ON line DEFERRABLE INITIALLY DEFERRED "
               "FOR EACH ROW EXECUTE FUNCTION die();");
    CHECK(two_statements(&f->cx) == RC_BUSY);
    CHECK(count_items(f) == 0);
    CHECK(add_item(&f->cx, 1, "a") == RC_OK);
}

static void states_of_postgresql_become_outcomes(void **state)
{
    static const struct {
        const char *state;
        enum rc     rc;
    } want[] = { { "40001", RC_BUSY },   { "40P01", RC_BUSY },   { "55P03", RC_BUSY },
                 { "23514", RC_FAILED }, { "57014", RC_FAILED }, { "53100", RC_FAILED } };
    struct fixture *f = fixture_of(state);
    pg_step(f, "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS "
               "'BEGIN RAISE EXCEPTION USING ERRCODE = NEW.name; END';"
               "CREATE TRIGGER fail BEFORE INSERT ON item FOR EACH ROW EXECUTE FUNCTION fail();");
    for (size_t i = 0; i < countof(want); i++)
        CHECK(add_item(&f->cx, 1, want[i].state) == want[i].rc);
}

static void two_nodes_have_two_lanes(void **state)
{
    struct fixture *f = fixture_of(state);
    struct db_pool *second = db_open(f->made.url);
    CHECK(second);
    struct cx cx = { .arena = &f->arena, .db = db_session(second) };
    CHECK(((db_id(&f->cx) >> 6) & 63) == 0 && ((db_id(&cx) >> 6) & 63) == 1);
    db_give_back(cx.db);
    db_close(second);
}

struct crossing {
    struct cx         cx;
    int64_t           first, second;
    pthread_barrier_t *both;
    enum rc           rc;
};

static void *cross(void *arg)
{
    struct crossing *c = arg;
    c->rc = db_begin(c->cx.db, WRITE);
    if (!c->rc)
        c->rc = db_lock(&c->cx, &sql_item_lock, c->first);
    pthread_barrier_wait(c->both);
    if (!c->rc)
        c->rc = db_lock(&c->cx, &sql_item_lock, c->second);
    c->rc = c->rc ? db_rollback(c->cx.db, c->rc) : db_commit(c->cx.db);
    return NULL;
}

static void a_deadlock_is_busy_for_one_of_the_two(void **state)
{
    struct fixture *f = fixture_of(state);
    pthread_barrier_t both;
    pthread_t thread;
    struct arena a;
    CHECK(add_item(&f->cx, 1, "a") == RC_OK && add_item(&f->cx, 2, "a") == RC_OK);
    arena_init(&a, 1 << 20);
    pthread_barrier_init(&both, NULL, 2);
    struct crossing one = { .cx = f->cx, .first = 1, .second = 2, .both = &both },
                    two = { .cx = { .arena = &a, .db = db_session(f->pool) }, .first = 2, .second = 1, .both = &both };
    CHECK(pthread_create(&thread, NULL, cross, &one) == 0);
    cross(&two);
    pthread_join(thread, NULL);
    CHECK((one.rc == RC_OK && two.rc == RC_BUSY) || (one.rc == RC_BUSY && two.rc == RC_OK));
    db_give_back(two.cx.db);
    pthread_barrier_destroy(&both);
    arena_done(&a);
}

int main(void)
{
    log_set_level(LOG_ERROR + 1);
    const struct CMUnitTest tests[] = {
        ON_BOTH(every_fault_leaves_no_trace),
        ON_BOTH(a_fault_fires_once),
        ON_POSTGRES(a_connection_lost_inside_a_unit_is_busy),
        ON_POSTGRES(a_connection_lost_before_commit_is_busy),
        ON_POSTGRES(a_connection_lost_while_idle_is_replaced_unseen),
        ON_POSTGRES(without_its_lane_of_ids_a_node_does_not_write),
        ON_POSTGRES(a_unit_that_lost_its_lane_is_not_stored),
        ON_POSTGRES(a_commit_whose_answer_is_lost_is_busy),
        ON_POSTGRES(states_of_postgresql_become_outcomes),
        ON_POSTGRES(two_nodes_have_two_lanes),
        ON_POSTGRES(a_deadlock_is_busy_for_one_of_the_two),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_db.c - statements, units, sessions and schema steps, the same on both engines. */
#include "base/hash.h"
#include "test_help.h"

#include <signal.h>
#include <sys/wait.h>

/* ---- values and rows ------------------------------------------------------------------------------------------------ */

static enum rc add_full(struct cx *cx, const struct item *it)
{
    return db_exec(cx, &sql_item_add,
                   ARGS(v_i64(it->id), v_str(it->name), v_bool(it->ok), v_day(it->day), v_when(it->at), v_fen(it->fen),
                        v_str(it->note), v_bytes(it->raw.p, it->raw.n)),
                   NULL);
}

static void every_type_comes_back_as_it_went(void **state)
{
    struct fixture *f = fixture_of(state);
    struct item it = { .id = INT64_C(1) << 52,
                       .name = STR("通办 𠀀 'x' $1"),
                       .ok = true,
                       .day = { 20000 },
                       .at = { INT64_C(1760000000123) },
                       .fen = { -5 },
                       .note = STR(""),
                       .raw = STR("\x01\0\xFF") },
                got = { 0 };
    CHECK(db_begin(f->cx.db, WRITE) == RC_OK);
    CHECK(add_full(&f->cx, &it) == RC_OK);
    CHECK(db_one(&f->cx, &sql_item_get, ARGS(v_i64(it.id)), &ITEM, &got) == RC_OK);
    CHECK(db_commit(f->cx.db) == RC_OK);
    CHECK(got.id == it.id && got.ok && got.day.n == 20000 && got.at.ms == it.at.ms && got.fen.n == -5);
    CHECK_STR(got.name, "通办 𠀀 'x' $1");
    CHECK(got.note.p && got.note.n == 0);
    CHECK(got.raw.n == 3 && !memcmp(got.raw.p, "\x01\0\xFF", 3));
}

static void null_becomes_nothing(void **state)
{
    struct fixture *f = fixture_of(state);
    struct item it = { .id = 1, .name = STR("a") }, got;
    memset(&got, 'x', sizeof got);
    CHECK(db_begin(f->cx.db, WRITE) == RC_OK);
    CHECK(add_full(&f->cx, &it) == RC_OK);
    CHECK(db_one(&f->cx, &sql_item_get, ARGS(v_i64(1)), &ITEM, &got) == RC_OK);
    CHECK(db_commit(f->cx.db) == RC_OK);
    CHECK(!got.ok && got.day.n == 0 && got.at.ms == 0 && !got.note.p && !got.raw.p);
}

static void empty_is_not_null(void **state)
{
    struct fixture *f = fixture_of(state);
    struct item it = { .id = 1, .name = STR(""), .note = STR(""), .raw = STR("") }, got = { 0 };
    CHECK(db_begin(f->cx.db, WRITE) == RC_OK);
    CHECK(add_full(&f->cx, &it) == RC_OK);
    CHECK(db_one(&f->cx, &sql_item_get, ARGS(v_i64(1)), &ITEM, &got) == RC_OK);
    CHECK(db_commit(f->cx.db) == RC_OK);
    CHECK(got.note.p && got.raw.p && !got.note.n && !got.raw.n);
}

static void a_missing_row_leaves_the_struct_alone(void **state)
{
    struct fixture *f = fixture_of(state);
    struct item got = { .id = 77 };
    int64_t n = 78;
    CHECK(db_begin(f->cx.db, READ) == RC_OK);
    CHECK(db_one(&f->cx, &sql_item_get, ARGS(v_i64(1)), &ITEM, &got) == RC_NOT_FOUND);
    CHECK(db_int(&f->cx, &sql_item_fen, ARGS(v_i64(1)), &n) == RC_NOT_FOUND);
    CHECK(got.id == 77 && n == 78);
    CHECK(db_commit(f->cx.db) == RC_OK);
}

static void lists_hold_all_rows_in_order(void **state)
{
    struct fixture *f = fixture_of(state);
    struct list l = { 0 };
    CHECK(db_begin(f->cx.db, WRITE) == RC_OK);
    CHECK(db_all(&f->cx, &sql_item_list, NO_ARGS, &ITEM, &l) == RC_OK);
    CHECK(l.n == 0);
    for (int64_t i = 100; i > 0; i--)
        CHECK(db_exec(&f->cx, &sql_item_add_plain, ARGS(v_i64(i), v_str(STR("x"))), NULL) == RC_OK);
    CHECK(db_all(&f->cx, &sql_item_list, NO_ARGS, &ITEM, &l) == RC_OK);
    CHECK(db_commit(f->cx.db) == RC_OK);
    CHECK(l.n == 100);
    for (size_t i = 0; i < l.n; i++)
        CHECK(((struct item *)l.v)[i].id == (int64_t)i + 1);
}

static void integers_and_counts_of_changes_are_told(void **state)
{
    struct fixture *f = fixture_of(state);
    int64_t n = -1;
    CHECK(db_begin(f->cx.db, WRITE) == RC_OK);
    CHECK(db_int(&f->cx, &sql_item_fen_sum, NO_ARGS, &n) == RC_OK && n == 0); /* NULL */
    CHECK(db_exec(&f->cx, &sql_item_add_once, ARGS(v_i64(1), v_str(STR("a"))), &n) == RC_OK && n == 1);
    CHECK(db_exec(&f->cx, &sql_item_add_once, ARGS(v_i64(1), v_str(STR("b"))), &n) == RC_OK && n == 0);
    CHECK(db_exec(&f->cx, &sql_item_rename, ARGS(v_i64(2), v_str(STR("b"))), &n) == RC_OK && n == 0);
    CHECK(db_exec(&f->cx, &sql_item_rename, ARGS(v_i64(1), v_str(STR("b"))), &n) == RC_OK && n == 1);
    CHECK(db_exec(&f->cx, &sql_item_count, NO_ARGS, &n) == RC_OK && n == 0);
    CHECK(db_int(&f->cx, &sql_item_rename_returning, ARGS(v_i64(1), v_str(STR("c"))), &n) == RC_OK && n == 1);
    CHECK(db_int(&f->cx, &sql_item_count, NO_ARGS, &n) == RC_OK && n == 1);
    CHECK(db_commit(f->cx.db) == RC_OK);
}

static void a_lock_says_whether_the_root_exists(void **state)
{
    struct fixture *f = fixture_of(state);
    CHECK(add_item(&f->cx, 5, "a") == RC_OK);
    CHECK(db_begin(f->cx.db, WRITE) == RC_OK);
    CHECK(db_lock(&f->cx, &sql_item_lock, 5) == RC_OK);
    CHECK(db_lock(&f->cx, &sql_item_lock, 6) == RC_NOT_FOUND);
    CHECK(db_commit(f->cx.db) == RC_OK);
}

/* ---- units -------------------------------------------------------------------------------------------------------- */

static void a_reader_keeps_its_snapshot(void **state)
{
    struct fixture *f = fixture_of(state);
    struct cx reader = { .arena = &f->arena, .db = db_session(f->pool) };
    int64_t n = -1;
    CHECK(db_begin(reader.db, READ) == RC_OK);
    CHECK(db_int(&reader, &sql_item_count, NO_ARGS, &n) == RC_OK && n == 0);
    CHECK(add_item(&f->cx, 1, "a") == RC_OK && db_wait(f->cx.db) == RC_OK);
    CHECK(db_int(&reader, &sql_item_count, NO_ARGS, &n) == RC_OK && n == 0);
    CHECK(db_commit(reader.db) == RC_OK && db_wait(reader.db) == RC_OK);
    CHECK(db_begin(reader.db, READ) == RC_OK);
    CHECK(db_int(&reader, &sql_item_count, NO_ARGS, &n) == RC_OK && n == 1);
    CHECK(db_rollback(reader.db, RC_NOT_FOUND) == RC_NOT_FOUND);
    db_give_back(reader.db);
}

static void a_unit_rolled_back_leaves_nothing(void **state)
{
    struct fixture *f = fixture_of(state);
    int64_t before = db_rows(f->pool);
    CHECK(db_begin(f->cx.db, WRITE) == RC_OK);
    CHECK(db_exec(&f->cx, &sql_item_add_plain, ARGS(v_i64(1), v_str(STR("a"))), NULL) == RC_OK);
    CHECK(db_rollback(f->cx.db, RC_DENIED) == RC_DENIED);
    CHECK(db_wait(f->cx.db) == RC_OK);
    CHECK(db_rows(f->pool) == before);
    CHECK(add_item(&f->cx, 1, "a") == RC_OK && db_wait(f->cx.db) == RC_OK);
    CHECK(db_rows(f->pool) == before + 1);
}

static void a_unit_with_a_failed_statement_cannot_be_committed(void **state)
{
    struct fixture *f = fixture_of(state);
    int64_t before = db_rows(f->pool), n = 0;
    CHECK(db_begin(f->cx.db, WRITE) == RC_OK);
    CHECK(db_exec(&f->cx, &sql_item_add_plain, ARGS(v_i64(1), v_str(STR("a"))), NULL) == RC_OK);
    CHECK(db_exec(&f->cx, &sql_item_add_plain, ARGS(v_i64(1), v_str(STR("a"))), NULL) == RC_FAILED);
    CHECK(db_int(&f->cx, &sql_item_count, NO_ARGS, &n) == RC_FAILED);
    CHECK(db_commit(f->cx.db) == RC_FAILED);
    CHECK(db_rows(f->pool) == before);
}

static void references_are_enforced(void **state)
{
    struct fixture *f = fixture_of(state);
    CHECK(db_begin(f->cx.db, WRITE) == RC_OK);
    CHECK(db_exec(&f->cx, &sql_line_add, ARGS(v_i64(9), v_i64(1), v_str(STR("a"))), NULL) == RC_FAILED);
    CHECK(db_rollback(f->cx.db, RC_FAILED) == RC_FAILED);
}

static void ids_only_grow(void **state)
{
    struct fixture *f = fixture_of(state);
    int64_t last = 0;
    CHECK(db_begin(f->cx.db, READ) == RC_OK);
    for (int i = 0; i < 1000; i++) {
        int64_t id = db_id(&f->cx);
        CHECK(id > last && id < INT64_C(1) << 53);
        last = id;
    }
    CHECK(db_commit(f->cx.db) == RC_OK);
}

static void a_set_clock_makes_everything_repeatable(void **state)
{
    struct fixture *f = fixture_of(state);
    int64_t ms = INT64_C(1760000000000);
    unsigned char a[40], b[40];
    struct digest first = sm3(STR("\0\0\0\0\0\0\0\0"));
    db_set_clock(f->pool, ms);
    CHECK(db_begin(f->cx.db, WRITE) == RC_OK);
    CHECK(db_now(f->cx.db) == ms);
    int64_t id = db_id(&f->cx);
    CHECK(id_time(id) == ms && db_id(&f->cx) == id + 1);
    db_random(&f->cx, a, sizeof a);
    db_random(&f->cx, b, sizeof b);
    CHECK(memcmp(a, b, sizeof a) != 0 && !memcmp(a, first.b, sizeof first.b));
    CHECK(db_commit(f->cx.db) == RC_OK);
    db_set_clock(f->pool, 0);
    CHECK(db_begin(f->cx.db, READ) == RC_OK);
    CHECK(db_now(f->cx.db) > ms);
    CHECK(db_commit(f->cx.db) == RC_OK);
}

static void bad_statements_do_not_prepare(void **state)
{
    struct fixture *f = fixture_of(state);
    for (size_t i = 0; i < test_nsql; i++)
        CHECK(db_prepares(f->pool, test_sql[i]) == (test_sql[i] != &sql_wrong_table));
}

static void a_failing_commit_is_busy_and_stores_nothing(void **state)
{
    struct fixture *f = fixture_of(state);
    int64_t before = db_rows(f->pool);
    db_fail_commit(f->pool);
    enum rc rc = add_item(&f->cx, 1, "a");
    CHECK((rc ? rc : db_wait(f->cx.db)) == RC_BUSY);
    CHECK(db_rows(f->pool) == before);
    CHECK(add_item(&f->cx, 1, "a") == RC_OK && db_wait(f->cx.db) == RC_OK);
    CHECK(db_rows(f->pool) == before + 1);
}

/* ---- bugs panic: each in a child ------------------------------------------------------------------------------------ */

static void write_in_read_unit(struct fixture *f)
{
    if (db_begin(f->cx.db, READ) == RC_OK && db_exec(&f->cx, &sql_item_add_plain, ARGS(v_i64(1), v_str(STR("a"))), NULL))
        return;
}

static void lock_in_read_unit(struct fixture *f)
{
    if (db_begin(f->cx.db, READ) == RC_OK && db_lock(&f->cx, &sql_item_lock, 1))
        return;
}

static void columns_do_not_fit(struct fixture *f)
{
    struct item it;
    if (db_begin(f->cx.db, READ) == RC_OK && db_one(&f->cx, &sql_item_fen, ARGS(v_i64(1)), &ITEM, &it))
        return;
}

static void too_few_arguments(struct fixture *f)
{
    int64_t n;
    if (db_begin(f->cx.db, READ) == RC_OK && db_int(&f->cx, &sql_item_fen, NO_ARGS, &n))
        return;
}

static void statement_outside_unit(struct fixture *f)
{
    int64_t n;
    if (db_int(&f->cx, &sql_item_count, NO_ARGS, &n))
        return;
}

static void fraction_or_numeric(struct fixture *f)
{
    int64_t n;
    if (db_begin(f->cx.db, READ) == RC_OK && db_int(&f->cx, &sql_item_sum_numeric, NO_ARGS, &n))
        return;
}

/* The child opens the database itself: threads and connections do not survive a fork. */
static bool panics(struct fixture *f, void (*bug)(struct fixture *f))
{
    int status = 0;
    fixture_close(f);
    pid_t pid = fork();
    if (pid == 0) {
        if (!freopen("/dev/null", "w", stderr))
            _exit(1);
        signal(SIGABRT, SIG_DFL);
        fixture_open(f);
        bug(f);
        _exit(0);
    }
    waitpid(pid, &status, 0);
    fixture_open(f);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

static void misuse_panics(void **state)
{
    struct fixture *f = fixture_of(state);
    static void (*const bugs[])(struct fixture *) = { write_in_read_unit, lock_in_read_unit, columns_do_not_fit,
                                                      too_few_arguments, statement_outside_unit };
    for (size_t i = 0; i < countof(bugs); i++)
        CHECK(panics(f, bugs[i]));
    CHECK(panics(f, fraction_or_numeric) == (f->engine == DB_POSTGRES)); /* a sum is an integer on SQLite */
}

/* ---- schema ------------------------------------------------------------------------------------------------------- */

static void a_schema_is_applied_once(void **state)
{
    struct fixture *f = fixture_of(state);
    int64_t n = -1;
    CHECK(db_schema_check(f->pool, test_schema, test_nschema) == RC_OK);
    CHECK(db_migrate(f->pool, test_schema, test_nschema, &n) == RC_OK && n == 0);
    struct migration more[3] = { test_schema[0], test_schema[1],
                                 { .module = "test",
                                   .name = "003_more",
                                   .sqlite = "CREATE TABLE more (a INTEGER) STRICT; INSERT INTO more VALUES (1);",
                                   .pg = "CREATE TABLE more (a BIGINT); INSERT INTO more VALUES (1);",
                                   .hash = "03" } };
    CHECK(db_schema_check(f->pool, more, 3) == RC_NOT_FOUND);
    CHECK(db_migrate(f->pool, more, 3, &n) == RC_OK && n == 1);
    CHECK(db_schema_check(f->pool, more, 3) == RC_OK);
}

static void an_unknown_or_changed_step_is_refused(void **state)
{
    struct fixture *f = fixture_of(state);
    int64_t before = db_rows(f->pool);
    CHECK(db_schema_check(f->pool, test_schema, 1) == RC_CONFLICT);
    CHECK(db_migrate(f->pool, test_schema, 1, NULL) == RC_CONFLICT);
    struct migration changed[2] = { test_schema[0], test_schema[1] };
    changed[1].hash = "another";
    CHECK(db_schema_check(f->pool, changed, 2) == RC_CONFLICT);
    CHECK(db_migrate(f->pool, changed, 2, NULL) == RC_CONFLICT);
    CHECK(db_rows(f->pool) == before);
}

static void a_broken_step_leaves_the_old_schema(void **state)
{
    struct fixture *f = fixture_of(state);
    int64_t before = db_rows(f->pool), n = 0;
    struct migration broken[3] = { test_schema[0], test_schema[1],
                                   { .module = "test",
                                     .name = "003_broken",
                                     .sqlite = "CREATE TABLE more (a INTEGER) STRICT; SELECT nothing;",
                                     .pg = "CREATE TABLE more (a BIGINT); SELECT nothing;",
                                     .hash = "03" } };
    CHECK(db_migrate(f->pool, broken, 3, &n) == RC_FAILED && n == 0);
    CHECK(db_rows(f->pool) == before);
    CHECK(db_schema_check(f->pool, test_schema, test_nschema) == RC_OK);
    CHECK(add_item(&f->cx, 1, "a") == RC_OK && db_wait(f->cx.db) == RC_OK);
}

static void a_copied_table_keeps_its_references(void **state)
{
    struct fixture *f = fixture_of(state);
    CHECK(add_item(&f->cx, 1, "a") == RC_OK);
    CHECK(db_begin(f->cx.db, WRITE) == RC_OK);
    CHECK(db_exec(&f->cx, &sql_line_add, ARGS(v_i64(1), v_i64(1), v_str(STR("a"))), NULL) == RC_OK);
    CHECK(db_commit(f->cx.db) == RC_OK);
    struct migration copy[3] = { test_schema[0], test_schema[1],
                                 { .module = "test",
                                   .name = "003_copy",
                                   .sqlite = "CREATE TABLE item2 (id INTEGER PRIMARY KEY, name TEXT, ok INTEGER) STRICT;"
                                             "INSERT INTO item2 SELECT id, name, ok FROM item; DROP TABLE item;"
                                             "ALTER TABLE item2 RENAME TO item;",
                                   .hash = "03" } };
    CHECK(db_migrate(f->pool, copy, 3, NULL) == RC_OK);
    CHECK(count_items(f) == 1);
    struct migration orphan[4] = { copy[0], copy[1], copy[2],
                                   { .module = "test", .name = "004_orphan", .sqlite = "DELETE FROM item", .hash = "04" } };
    CHECK(db_migrate(f->pool, orphan, 4, NULL) == RC_FAILED);
    CHECK(count_items(f) == 1);
    CHECK(db_begin(f->cx.db, WRITE) == RC_OK);
    CHECK(db_exec(&f->cx, &sql_line_add, ARGS(v_i64(2), v_i64(1), v_str(STR("a"))), NULL) == RC_FAILED);
    CHECK(db_rollback(f->cx.db, RC_FAILED) == RC_FAILED);
}

static void a_database_that_is_not_there_is_no_pool(void **state UNUSED)
{
    CHECK(!db_open("sqlite:/nonexistent/folder/t.db"));
    CHECK(!db_open("mysql://x"));
    CHECK(!db_open("postgresql:///x?host=/nonexistent"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH(every_type_comes_back_as_it_went),
        ON_BOTH(null_becomes_nothing),
        ON_BOTH(empty_is_not_null),
        ON_BOTH(a_missing_row_leaves_the_struct_alone),
        ON_BOTH(lists_hold_all_rows_in_order),
        ON_BOTH(integers_and_counts_of_changes_are_told),
        ON_BOTH(a_lock_says_whether_the_root_exists),
        ON_BOTH(a_reader_keeps_its_snapshot),
        ON_BOTH(a_unit_rolled_back_leaves_nothing),
        ON_BOTH(a_unit_with_a_failed_statement_cannot_be_committed),
        ON_BOTH(references_are_enforced),
        ON_BOTH(ids_only_grow),
        ON_BOTH(a_set_clock_makes_everything_repeatable),
        ON_BOTH(bad_statements_do_not_prepare),
        ON_BOTH(a_failing_commit_is_busy_and_stores_nothing),
        ON_BOTH(misuse_panics),
        ON_BOTH(a_schema_is_applied_once),
        ON_BOTH(an_unknown_or_changed_step_is_refused),
        ON_BOTH(a_broken_step_leaves_the_old_schema),
        ON_SQLITE(a_copied_table_keeps_its_references),
        SENTENCE(a_database_that_is_not_there_is_no_pool),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

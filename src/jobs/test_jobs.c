/* test_jobs.c - jobs run once, come back, are parked, survive kills; timers; two runners. */
#include "db/test_help.h"
#include "jobs/jobs_priv.h"
#include "jobs_sql.h"

#include <signal.h>
#include <sys/wait.h>

#define T0 INT64_C(1790000000000)
enum { MANY = 100 };

/* ---- fixture ---------------------------------------------------------------------------------------------------------- */

static int add_tables(void **state)
{
    struct fixture *f = *state;
    struct migration steps[8];
    size_t n = 0;
    for (size_t i = 0; i < test_nschema; i++)
        steps[n++] = test_schema[i];
    for (size_t i = 0; i < jobs_nschema; i++)
        steps[n++] = jobs_schema[i];
    if (f && db_migrate(f->pool, steps, n, NULL))
        panic("the schema of jobs does not apply");
    return 0;
}

static int jobs_on_sqlite(void **state)
{
    return on_sqlite(state) || add_tables(state);
}

static int jobs_on_postgres(void **state)
{
    return on_postgres(state) || add_tables(state);
}

#define JOBS_ON_SQLITE(f) { #f " on sqlite", f, jobs_on_sqlite, off, NULL }
#define JOBS_ON_POSTGRES(f) { #f " on postgres", f, jobs_on_postgres, off, NULL }
#define JOBS_ON_BOTH(f) JOBS_ON_SQLITE(f), JOBS_ON_POSTGRES(f)

/* ---- kinds ------------------------------------------------------------------------------------------------------------ */

static int runs, afters, stores, ticks; /* atomic */

static int add_to(int *counter)
{
    return __atomic_add_fetch(counter, 1, __ATOMIC_RELAXED);
}

static int read_of(int *counter)
{
    return __atomic_load_n(counter, __ATOMIC_RELAXED);
}

/* The effect inside the database; a second one for the same root would fail on its key. */
static enum rc effect(struct cx *cx, struct job *j)
{
    return db_exec(cx, &sql_item_add_plain, ARGS(v_i64(j->root), v_str(j->payload)), NULL);
}

static enum rc run_plain(struct cx *cx, struct job *j)
{
    add_to(&runs);
    return effect(cx, j);
}

/* Writes, then fails until the third start. */
static enum rc run_third(struct cx *cx, struct job *j)
{
    enum rc rc = effect(cx, j);
    add_to(&runs);
    return rc || j->starts >= 3 ? rc : RC_CONFLICT;
}

static enum rc run_never(struct cx *cx UNUSED, struct job *j UNUSED)
{
    add_to(&runs);
    return RC_INVALID;
}

static enum rc run_busy(struct cx *cx, struct job *j)
{
    return add_to(&runs) <= 7 ? RC_BUSY : effect(cx, j);
}

/* Dies in the middle of its unit, twice. */
static enum rc run_dies_twice(struct cx *cx, struct job *j)
{
    enum rc rc = effect(cx, j);
    if (j->starts < 3)
        kill(getpid(), SIGKILL);
    return rc;
}

static enum rc run_dies(struct cx *cx, struct job *j)
{
    enum rc rc = effect(cx, j);
    kill(getpid(), SIGKILL);
    return rc;
}

/* Three phases: what `run` reads goes outside, and what comes back is stored. */
static enum rc seal_run(struct cx *cx, struct job *j)
{
    add_to(&runs);
    j->own = arena_new(cx->arena, int64_t);
    *(int64_t *)j->own = j->root * 10;
    return RC_OK;
}

static enum rc seal_after(struct cx *cx, struct job *j)
{
    if (cx->db->unit != UNIT_NOT_STATED)
        panic("a unit is open");
    *(int64_t *)j->own += 1;
    return add_to(&afters) == 1 ? RC_FAILED : RC_OK; /* the network is down the first time */
}

static enum rc seal_store(struct cx *cx, struct job *j)
{
    add_to(&stores);
    return db_exec(cx, &sql_item_add_plain, ARGS(v_i64(*(int64_t *)j->own), v_str(STR("sealed"))), NULL);
}

static enum rc tick(struct cx *cx, struct job *j)
{
    int n = add_to(&ticks);
    j->root = 1000 + n;
    j->again = n == 1;
    return effect(cx, j);
}

static enum rc tick_due(struct cx *cx UNUSED, bool *out)
{
    *out = read_of(&ticks) < 2;
    return RC_OK;
}

static const struct job_kind kinds[] = {
    { .name = "plain", .run = run_plain },
    { .name = "third", .run = run_third },
    { .name = "never", .run = run_never, .max_tries = 3 },
    { .name = "busy", .run = run_busy, .max_tries = 1 },
    { .name = "dies_twice", .run = run_dies_twice },
    { .name = "dies", .run = run_dies },
    { .name = "seal", .run = seal_run, .after = seal_after, .store = seal_store, .unit = READ },
};

static const struct job_kind timer_kinds[] = {
    { .name = "tick", .run = tick, .due = tick_due, .every_ms = 10 },
    { .name = "plain", .run = run_plain },
};

struct rig {
    struct jobs *js;
};

static void rig_init(struct rig *r, struct fixture *f, struct db_pool *pool, const struct job_kind *k, size_t n)
{
    struct app *app = arena_new(&f->arena, struct app); /* f outlives the rig */
    *app = (struct app){ .db = pool };
    app->jobs = r->js = jobs_init(&f->arena, app, k, n);
    f->cx.app = app;
    runs = afters = stores = ticks = 0;
}

static bool add(struct fixture *f, struct job_new j)
{
    bool added = false;
    CHECK(db_begin(f->cx.db, WRITE) == RC_OK);
    f->cx.now = db_now(f->cx.db);
    CHECK(job_add(&f->cx, &j, &added) == RC_OK);
    CHECK(db_commit(f->cx.db) == RC_OK && db_wait(f->cx.db) == RC_OK);
    return added;
}

static size_t parked(struct fixture *f, struct job *out)
{
    struct list l = { 0 };
    CHECK(db_begin(f->cx.db, READ) == RC_OK);
    CHECK(job_list_parked(&f->cx, &l) == RC_OK);
    CHECK(db_commit(f->cx.db) == RC_OK);
    if (l.n)
        *out = *(const struct job *)l.v;
    return l.n;
}

static int64_t run_at(struct fixture *f, struct rig *r, int64_t ms)
{
    db_set_clock(f->pool, ms);
    return jobs_run_due(r->js, f->cx.db, ms);
}

/* ---- without threads ---------------------------------------------------------------------------------------------------- */

static void a_job_runs_once_when_it_is_due(void **state)
{
    struct fixture *f = fixture_of(state);
    struct rig r;
    rig_init(&r, f, f->pool, kinds, countof(kinds));
    db_set_clock(f->pool, T0);
    int64_t before = db_rows(f->pool);
    CHECK(add(f, (struct job_new){ "plain", .root = 1, .payload = STR("{\"a\":1}") }));
    CHECK(add(f, (struct job_new){ "plain", .root = 2, .due_at = T0 + 5000 }));
    CHECK(r.js->woken);
    CHECK(run_at(f, &r, T0) == 1 && runs == 1 && count_items(f) == 1);
    CHECK(run_at(f, &r, T0 + 4999) == 0);
    CHECK(run_at(f, &r, T0 + 5000) == 1 && runs == 2 && count_items(f) == 2);
    CHECK(run_at(f, &r, T0 + 9999999) == 0);
    CHECK(db_rows(f->pool) == before + 2); /* nothing of the jobs is left */
}

static void a_unit_rolled_back_adds_no_job(void **state)
{
    struct fixture *f = fixture_of(state);
    struct rig r;
    rig_init(&r, f, f->pool, kinds, countof(kinds));
    CHECK(db_begin(f->cx.db, WRITE) == RC_OK);
    f->cx.now = db_now(f->cx.db);
    CHECK(job_add(&f->cx, &(struct job_new){ "plain", .root = 1 }, NULL) == RC_OK);
    CHECK(db_rollback(f->cx.db, RC_DENIED) == RC_DENIED);
    CHECK(!r.js->woken);
    CHECK(jobs_run_due(r.js, f->cx.db, INT64_MAX) == 0);
}

static void a_key_makes_adding_idempotent_even_after_the_end(void **state)
{
    struct fixture *f = fixture_of(state);
    struct rig r;
    rig_init(&r, f, f->pool, kinds, countof(kinds));
    db_set_clock(f->pool, T0);
    CHECK(add(f, (struct job_new){ "plain", .key = STR("case-1"), .root = 1 }));
    CHECK(!add(f, (struct job_new){ "plain", .key = STR("case-1"), .root = 2 }));
    CHECK(add(f, (struct job_new){ "third", .key = STR("case-1"), .root = 3 }));
    CHECK(run_at(f, &r, T0) == 2);
    CHECK(!add(f, (struct job_new){ "plain", .key = STR("case-1"), .root = 2 }));
    CHECK(run_at(f, &r, T0) == 0 && count_items(f) == 1);
}

static void done_keys_are_pruned_after_a_month(void **state)
{
    struct fixture *f = fixture_of(state);
    struct rig r, own;
    rig_init(&r, f, f->pool, kinds, countof(kinds));
    rig_init(&own, f, f->pool, jobs_module.jobs, jobs_module.njobs);
    db_set_clock(f->pool, T0);
    CHECK(add(f, (struct job_new){ "plain", .key = STR("k"), .root = 1 }));
    CHECK(run_at(f, &r, T0) == 1);
    int64_t before = db_rows(f->pool);
    run_at(f, &own, T0 + JOB_KEPT_DAYS * DAY_MS);
    CHECK(db_rows(f->pool) == before);
    run_at(f, &own, T0 + JOB_KEPT_DAYS * DAY_MS + 1);
    CHECK(db_rows(f->pool) == before - 1);
}

static void a_failed_try_is_undone_and_comes_back_later_each_time(void **state)
{
    struct fixture *f = fixture_of(state);
    struct rig r;
    rig_init(&r, f, f->pool, kinds, countof(kinds));
    db_set_clock(f->pool, T0);
    CHECK(add(f, (struct job_new){ "third", .root = 1 }));
    CHECK(run_at(f, &r, T0) == 1 && count_items(f) == 0);
    CHECK(run_at(f, &r, T0 + 749) == 0);  /* a second, a quarter less */
    CHECK(run_at(f, &r, T0 + 1250) == 1); /* a quarter more */
    CHECK(run_at(f, &r, T0 + 1250 + 1499) == 0);
    CHECK(run_at(f, &r, T0 + 1250 + 2500) == 1);
    CHECK(runs == 3 && count_items(f) == 1);
}

static void a_hopeless_job_is_parked_and_can_be_tried_again(void **state)
{
    struct fixture *f = fixture_of(state);
    struct rig r;
    struct job j;
    rig_init(&r, f, f->pool, kinds, countof(kinds));
    db_set_clock(f->pool, T0);
    CHECK(add(f, (struct job_new){ "never", .root = 1 }));
    for (int i = 0; i < 5; i++)
        run_at(f, &r, T0 + i * 10000);
    CHECK(runs == 3 && parked(f, &j) == 1 && j.fails == 3 && j.starts == 3);
    CHECK(db_begin(f->cx.db, WRITE) == RC_OK);
    f->cx.now = db_now(f->cx.db);
    CHECK(job_retry(&f->cx, j.id) == RC_OK && job_retry(&f->cx, j.id) == RC_NOT_FOUND);
    CHECK(db_commit(f->cx.db) == RC_OK && db_wait(f->cx.db) == RC_OK);
    CHECK(run_at(f, &r, T0 + 100000) == 1 && runs == 4);
}

static void busy_is_not_counted_as_a_failure(void **state)
{
    struct fixture *f = fixture_of(state);
    struct rig r;
    struct job j;
    rig_init(&r, f, f->pool, kinds, countof(kinds));
    db_set_clock(f->pool, T0);
    CHECK(add(f, (struct job_new){ "busy", .root = 1 }));
    for (int i = 0; i < 3; i++) /* three tries in each */
        CHECK(run_at(f, &r, T0 + i * 10000) == 1);
    CHECK(runs == 8 && count_items(f) == 1 && parked(f, &j) == 0);
}

static void work_outside_is_repeated_until_its_result_is_stored(void **state)
{
    struct fixture *f = fixture_of(state);
    struct rig r;
    rig_init(&r, f, f->pool, kinds, countof(kinds));
    db_set_clock(f->pool, T0);
    CHECK(add(f, (struct job_new){ "seal", .root = 7 }));
    CHECK(run_at(f, &r, T0) == 1 && runs == 1 && afters == 1 && stores == 0 && count_items(f) == 0);
    CHECK(run_at(f, &r, T0 + 10000) == 1 && runs == 2 && afters == 2 && stores == 1 && count_items(f) == 1);
    CHECK(run_at(f, &r, T0 + 20000) == 0);
}

static void an_unknown_kind_is_left_for_a_newer_node(void **state)
{
    struct fixture *f = fixture_of(state);
    struct rig r;
    struct job j;
    rig_init(&r, f, f->pool, kinds, countof(kinds));
    db_set_clock(f->pool, T0);
    CHECK(add(f, (struct job_new){ "of_tomorrow", .root = 1 }));
    CHECK(add(f, (struct job_new){ "plain", .root = 2 }));
    CHECK(run_at(f, &r, T0) == 1 && count_items(f) == 1);
    CHECK(run_at(f, &r, T0 + 70000) == 0 && parked(f, &j) == 0);
}

static void every_fault_runs_the_job_later_and_once(void **state)
{
    struct fixture *f = fixture_of(state);
    struct rig r;
    rig_init(&r, f, f->pool, kinds, countof(kinds));
    for (int n = 0; n < 14; n++) {
        int64_t t = T0 + n * INT64_C(10000000);
        db_set_clock(f->pool, t);
        CHECK(add(f, (struct job_new){ "plain", .root = n + 1 }));
        db_fail_after(f->cx.db, n);
        run_at(f, &r, t);
        db_fail_after(f->cx.db, -1);
        CHECK(count_items(f) == n || count_items(f) == n + 1);
        run_at(f, &r, t + JOB_LEASE_MS + 10000);
        CHECK(count_items(f) == n + 1);
    }
}

static void every_statement_prepares(void **state)
{
    struct fixture *f = fixture_of(state);
    for (size_t i = 0; i < jobs_nsql; i++)
        CHECK(db_prepares(f->pool, jobs_sql[i]));
}

/* ---- timers --------------------------------------------------------------------------------------------------------------- */

static void timers_run_at_start_while_due_and_again_at_once_if_they_say_so(void **state)
{
    struct fixture *f = fixture_of(state);
    struct rig r;
    rig_init(&r, f, f->pool, timer_kinds, countof(timer_kinds));
    CHECK(jobs_run_due(r.js, f->cx.db, T0) == 0);
    CHECK(ticks == 2 && count_items(f) == 2);
    CHECK(jobs_run_due(r.js, f->cx.db, T0) == 0 && ticks == 2); /* not due any more */
}

/* ---- threads ---------------------------------------------------------------------------------------------------------------- */

static void wait_for(struct fixture *f, int64_t items)
{
    for (int i = 0; i < 60000 && count_items(f) != items; i++)
        usleep(1000);
    CHECK(count_items(f) == items);
}

static void threads_run_timers_and_jobs_and_are_woken_by_adding(void **state)
{
    struct fixture *f = fixture_of(state);
    struct rig r;
    rig_init(&r, f, f->pool, timer_kinds, countof(timer_kinds));
    jobs_open(r.js, 2);
    wait_for(f, 2);
    for (int i = 1; i <= MANY; i++)
        CHECK(add(f, (struct job_new){ "plain", .root = i }));
    wait_for(f, MANY + 2);
    jobs_close(r.js);
    CHECK(read_of(&runs) == MANY && read_of(&ticks) == 2);
    CHECK(add(f, (struct job_new){ "plain", .root = MANY + 1 })); /* nobody there to be woken, and no harm */
    jobs_open(r.js, 1);
    wait_for(f, MANY + 3);
    jobs_close(r.js);
}

static void jobs_go_on_while_requests_wait(void **state)
{
    struct fixture *f = fixture_of(state);
    struct stats busy = { .waiting = 1 };
    struct rig r;
    rig_init(&r, f, f->pool, timer_kinds, countof(timer_kinds));
    ((struct app *)(uintptr_t)f->cx.app)->stats = &busy; /* rig_init made it */
    jobs_open(r.js, 2);
    for (int i = 1; i <= 3; i++)
        CHECK(add(f, (struct job_new){ "plain", .root = i }));
    wait_for(f, 3 + 2);
    jobs_close(r.js);
}

static void two_nodes_do_not_run_a_job_twice(void **state)
{
    struct fixture *f = fixture_of(state);
    struct rig a, b;
    struct db_pool *other = db_open(f->made.url);
    CHECK(other != NULL);
    rig_init(&b, f, other, timer_kinds, countof(timer_kinds));
    rig_init(&a, f, f->pool, timer_kinds, countof(timer_kinds));
    for (int i = 1; i <= MANY; i++)
        CHECK(add(f, (struct job_new){ "plain", .root = i }));
    CHECK(db_lead(f->pool) && !db_lead(other) && db_lead(f->pool));
    jobs_open(a.js, 2);
    jobs_open(b.js, 2);
    wait_for(f, MANY + 2);
    jobs_close(a.js);
    jobs_close(b.js);
    CHECK(read_of(&runs) == MANY && read_of(&ticks) == 2);
    f->cx.app = NULL;
    db_close(other);
}

static void leadership_passes_on_when_its_holder_ends(void **state)
{
    struct fixture *f = fixture_of(state);
    struct db_pool *first = db_open(f->made.url);
    CHECK(first && db_lead(first) && !db_lead(f->pool));
    db_close(first);
    bool leads = false;
    for (int i = 0; i < 10000 && !leads; i++, usleep(1000)) /* the server may take a moment to notice */
        leads = db_lead(f->pool);
    CHECK(leads);
}

/* ---- kills -------------------------------------------------------------------------------------------------------------------- */

/* A process that runs what is due, as if all leases were over; true if it was killed. */
static bool run_in_child(struct fixture *f)
{
    int status = 0;
    fixture_close(f); /* threads and connections do not survive a fork */
    pid_t pid = fork();
    if (pid == 0) {
        struct rig r;
        fixture_open(f);
        rig_init(&r, f, f->pool, kinds, countof(kinds));
        jobs_run_due(r.js, f->cx.db, INT64_MAX);
        _exit(0);
    }
    waitpid(pid, &status, 0);
    fixture_open(f);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

static void a_job_whose_process_was_killed_runs_again_with_one_effect(void **state)
{
    struct fixture *f = fixture_of(state);
    struct job j;
    CHECK(add(f, (struct job_new){ "dies_twice", .root = 1 }));
    CHECK(run_in_child(f) && count_items(f) == 0);
    CHECK(run_in_child(f) && count_items(f) == 0);
    CHECK(!run_in_child(f) && count_items(f) == 1);
    CHECK(!run_in_child(f) && count_items(f) == 1 && parked(f, &j) == 0);
}

static void a_job_that_kills_three_times_is_parked(void **state)
{
    struct fixture *f = fixture_of(state);
    struct job j;
    CHECK(add(f, (struct job_new){ "dies", .root = 1 }));
    CHECK(add(f, (struct job_new){ "plain", .root = 2, .due_at = INT64_MAX }));
    for (int i = 0; i < JOB_DEATHS_MAX; i++)
        CHECK(run_in_child(f));
    CHECK(!run_in_child(f) && count_items(f) == 1); /* the other one */
    CHECK(parked(f, &j) == 1 && j.starts == JOB_DEATHS_MAX && j.fails == 0);
}

static void what_a_dead_process_had_taken_is_due_at_the_next_start(void **state)
{
    struct fixture *f = fixture_of(state);
    struct rig r;
    struct job j;
    rig_init(&r, f, f->pool, timer_kinds, countof(timer_kinds));
    struct hand h = { .js = r.js, .db = f->cx.db };
    arena_init(&h.arena, 1 << 20);
    CHECK(add(f, (struct job_new){ "plain", .root = 1 }));
    CHECK(job_take(&h, 0, &j) == RC_OK && j.starts == 1);
    CHECK(job_take(&h, 0, &j) == RC_NOT_FOUND);
    jobs_open(r.js, 1);
    wait_for(f, 3);
    jobs_close(r.js);
    arena_done(&h.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        JOBS_ON_BOTH(a_job_runs_once_when_it_is_due),
        JOBS_ON_BOTH(a_unit_rolled_back_adds_no_job),
        JOBS_ON_BOTH(a_key_makes_adding_idempotent_even_after_the_end),
        JOBS_ON_BOTH(done_keys_are_pruned_after_a_month),
        JOBS_ON_BOTH(a_failed_try_is_undone_and_comes_back_later_each_time),
        JOBS_ON_BOTH(a_hopeless_job_is_parked_and_can_be_tried_again),
        JOBS_ON_BOTH(busy_is_not_counted_as_a_failure),
        JOBS_ON_BOTH(work_outside_is_repeated_until_its_result_is_stored),
        JOBS_ON_BOTH(an_unknown_kind_is_left_for_a_newer_node),
        JOBS_ON_BOTH(every_fault_runs_the_job_later_and_once),
        JOBS_ON_BOTH(every_statement_prepares),
        JOBS_ON_BOTH(timers_run_at_start_while_due_and_again_at_once_if_they_say_so),
        JOBS_ON_BOTH(threads_run_timers_and_jobs_and_are_woken_by_adding),
        JOBS_ON_SQLITE(jobs_go_on_while_requests_wait),
        JOBS_ON_POSTGRES(two_nodes_do_not_run_a_job_twice),
        JOBS_ON_POSTGRES(leadership_passes_on_when_its_holder_ends),
        JOBS_ON_BOTH(a_job_whose_process_was_killed_runs_again_with_one_effect),
        JOBS_ON_BOTH(a_job_that_kills_three_times_is_parked),
        JOBS_ON_SQLITE(what_a_dead_process_had_taken_is_due_at_the_next_start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_db_batch.c - group commit on SQLite: who shares a batch, who fails alone, what a lost batch takes with it.
 * Order is made, not hoped for: the test holds the writer while players queue up one by one, and batches do not age. */
#include "db/sqlite_priv.h"
#include "test_help.h"

#include <sched.h>
#include <sys/stat.h>

enum { PLAYERS = 10 };
enum act { ADD, ADD_TWICE, REFUSE, ADD_HUGE };

struct player {
    struct fixture *f;
    struct db      *db;
    pthread_t       thread;
    enum act        act;
    int64_t         id;
    int             order;   /* came so-manieth to the writer */
    int             told;    /* calls of db_after. Atomic */
    int             earlier; /* ... of all players, seen inside this one's unit */
    enum rc         unit, durable;
};

static struct player players[PLAYERS];
static int order_next; /* whoever has the writer */

static struct writer *writer_of(struct fixture *f)
{
    return &((struct sqlite_pool *)f->pool->own)->writer;
}

static int queue_length(struct fixture *f)
{
    struct writer *w = writer_of(f);
    int n = 0;
    pthread_mutex_lock(&w->m);
    for (struct sqlite_session *s = w->first; s; s = s->next)
        n++;
    pthread_mutex_unlock(&w->m);
    return n;
}

static enum rc add(struct cx *cx, int64_t id, struct str name)
{
    return db_exec(cx, &sql_item_add_plain, ARGS(v_i64(id), v_str(name)), NULL);
}

static enum rc add_huge(struct cx *cx, int64_t id)
{
    struct str s = { arena_alloc(cx->arena, 1 << 20), 1 << 20 };
    memset((char *)(uintptr_t)s.p, 'x', s.n);
    return add(cx, id, s);
}

static enum rc play_act(struct cx *cx, const struct player *p)
{
    enum rc rc = RC_DENIED;
    switch (p->act) {
    case ADD:
        return add(cx, p->id, STR("a"));
    case ADD_TWICE:
        rc = add(cx, p->id, STR("a"));
        return rc ? rc : add(cx, p->id, STR("a"));
    case ADD_HUGE:
        return add_huge(cx, p->id);
    case REFUSE:
        rc = add(cx, p->id, STR("a"));
        return rc ? rc : RC_DENIED;
    }
    return rc;
}

static void count_told(void *arg, enum rc rc)
{
    struct player *p = arg;
    p->durable = rc;
    __atomic_fetch_add(&p->told, 1, __ATOMIC_RELEASE);
}

static int told_so_far(void)
{
    int n = 0;
    for (int i = 0; i < PLAYERS; i++)
        n += __atomic_load_n(&players[i].told, __ATOMIC_ACQUIRE);
    return n;
}

static void *play(void *arg)
{
    struct player *p = arg;
    struct arena a;
    arena_init(&a, 8 << 20);
    struct cx cx = { .arena = &a, .db = p->db };
    p->unit = db_begin(cx.db, WRITE);
    if (!p->unit) {
        p->order = order_next++;
        p->earlier = told_so_far();
        p->unit = play_act(&cx, p);
        p->unit = p->unit ? db_rollback(cx.db, p->unit) : db_commit(cx.db);
    }
    db_after(cx.db, count_told, p);
    arena_done(&a);
    return NULL;
}

/* A batch is done a moment before the committer has told everybody. */
static void await_told(const int *told)
{
    while (__atomic_load_n(told, __ATOMIC_ACQUIRE) == 0)
        sched_yield();
}

/* All players behind the test's own unit (item 1000), in this order, in one batch. Gives the outcome of that unit. */
static enum rc play_all(struct fixture *f, const enum act acts[PLAYERS])
{
    writer_of(f)->batch_us = INT64_MAX;
    order_next = 0;
    CHECK(db_begin(f->cx.db, WRITE) == RC_OK);
    CHECK(add(&f->cx, 1000, STR("a")) == RC_OK);
    for (int i = 0; i < PLAYERS; i++) {
        struct player *p = &players[i];
        *p = (struct player){ .f = f, .db = db_session(f->pool), .act = acts[i], .id = i + 1 };
        CHECK(pthread_create(&p->thread, NULL, play, p) == 0);
        while (queue_length(f) <= i)
            sched_yield();
    }
    CHECK(db_commit(f->cx.db) == RC_OK);
    enum rc rc = db_wait(f->cx.db);
    for (int i = 0; i < PLAYERS; i++) {
        pthread_join(players[i].thread, NULL);
        await_told(&players[i].told);
        CHECK(db_wait(players[i].db) == players[i].durable);
        db_give_back(players[i].db);
    }
    return rc;
}

static void units_that_queue_up_share_one_batch_in_order(void **state)
{
    struct fixture *f = fixture_of(state);
    static const enum act acts[PLAYERS] = { ADD };
    struct db_stats before = db_stats(f->pool);
    CHECK(play_all(f, acts) == RC_OK);
    struct db_stats after = db_stats(f->pool);
    CHECK(after.units - before.units == PLAYERS + 1 && after.batches - before.batches == 1);
    for (int i = 0; i < PLAYERS; i++)
        CHECK(players[i].unit == RC_OK && players[i].durable == RC_OK && players[i].order == i && players[i].told == 1);
    CHECK(count_items(f) == PLAYERS + 1);
}

static void a_failing_unit_rolls_back_alone(void **state)
{
    struct fixture *f = fixture_of(state);
    static const enum act acts[PLAYERS] = { [3] = ADD_TWICE, [7] = REFUSE };
    CHECK(play_all(f, acts) == RC_OK);
    CHECK(players[3].unit == RC_FAILED && players[7].unit == RC_DENIED && players[8].unit == RC_OK);
    CHECK(count_items(f) == PLAYERS - 1);
}

static void nobody_is_told_before_the_batch_is_durable(void **state)
{
    struct fixture *f = fixture_of(state);
    static const enum act acts[PLAYERS] = { REFUSE, ADD, REFUSE };
    CHECK(play_all(f, acts) == RC_OK);
    for (int i = 0; i < PLAYERS; i++)
        CHECK(players[i].earlier == 0 && players[i].durable == RC_OK);
}

static void a_failing_commit_loses_the_whole_batch_and_nothing_else(void **state)
{
    struct fixture *f = fixture_of(state);
    static const enum act acts[PLAYERS] = { [3] = ADD_TWICE, [7] = REFUSE };
    db_fail_commit(f->pool);
    CHECK(play_all(f, acts) == RC_BUSY);
    for (int i = 0; i < PLAYERS; i++)
        CHECK(players[i].durable == RC_BUSY);
    CHECK(players[2].unit == RC_OK && players[3].unit == RC_FAILED && players[7].unit == RC_DENIED);
    CHECK(count_items(f) == 0);
    CHECK(db_stats(f->pool).lost_batches == 1);
    CHECK(add_item(&f->cx, 1, "a") == RC_OK && db_wait(f->cx.db) == RC_OK);
    CHECK(count_items(f) == 1);
}

static void a_full_disk_in_mid_batch_loses_what_came_before(void **state)
{
    struct fixture *f = fixture_of(state);
    static const enum act acts[PLAYERS] = { [4] = ADD_HUGE };
    db_limit_pages(f->pool, 20);
    CHECK(play_all(f, acts) == RC_BUSY);
    for (int i = 0; i < PLAYERS; i++) {
        CHECK(players[i].unit == (i == 4 ? RC_BUSY : RC_OK));
        CHECK(players[i].durable == (i <= 4 ? RC_BUSY : RC_OK));
    }
    CHECK(count_items(f) == PLAYERS - 5);
    db_limit_pages(f->pool, -1);
    CHECK(db_begin(f->cx.db, WRITE) == RC_OK);
    CHECK(add_huge(&f->cx, 5) == RC_OK && db_commit(f->cx.db) == RC_OK && db_wait(f->cx.db) == RC_OK);
}

static void nothing_runs_after_the_transaction_is_gone(void **state)
{
    struct fixture *f = fixture_of(state);
    int64_t n;
    db_limit_pages(f->pool, 20);
    CHECK(db_begin(f->cx.db, WRITE) == RC_OK);
    CHECK(add_huge(&f->cx, 1) == RC_FAILED);
    f->cx.db->spoiled = RC_OK; /* as if db.c did not refuse already */
    CHECK(db_int(&f->cx, &sql_item_count, NO_ARGS, &n) == RC_BUSY);
    f->cx.db->spoiled = RC_OK;
    CHECK(add(&f->cx, 2, STR("a")) == RC_BUSY);
    CHECK(db_commit(f->cx.db) == RC_BUSY && db_wait(f->cx.db) == RC_BUSY);
    CHECK(count_items(f) == 0);
}

static void *change_schema(void *arg)
{
    struct fixture *f = arg;
    struct migration more[3] = { test_schema[0], test_schema[1],
                                 { .module = "test", .name = "003_x", .sqlite = "UPDATE item SET name = 'b'", .hash = "3" } };
    enum rc rc = db_migrate(f->pool, more, 3, NULL);
    return rc ? NULL : f;
}

/* It is next in the queue while the batch is open, and must not run inside it. */
static void a_schema_change_closes_the_batch_before_it(void **state)
{
    struct fixture *f = fixture_of(state);
    struct db_stats before = db_stats(f->pool);
    pthread_t thread;
    void *done;
    writer_of(f)->batch_us = INT64_MAX;
    CHECK(db_begin(f->cx.db, WRITE) == RC_OK);
    CHECK(add(&f->cx, 1, STR("a")) == RC_OK);
    CHECK(pthread_create(&thread, NULL, change_schema, f) == 0);
    while (queue_length(f) < 1)
        sched_yield();
    CHECK(db_commit(f->cx.db) == RC_OK && db_wait(f->cx.db) == RC_OK);
    pthread_join(thread, &done);
    CHECK(done == f && db_stats(f->pool).batches - before.batches == 1);
    CHECK(db_begin(f->cx.db, READ) == RC_OK);
    struct list l;
    CHECK(db_all(&f->cx, &sql_item_list, NO_ARGS, &ITEM, &l) == RC_OK && l.n == 1);
    CHECK_STR(((struct item *)l.v)->name, "b");
    CHECK(db_commit(f->cx.db) == RC_OK);
}

static void a_batch_has_a_limit_of_units(void **state)
{
    struct fixture *f = fixture_of(state);
    struct db *first = db_session(f->pool), *other = f->cx.db;
    struct writer *w = writer_of(f);
    struct sqlite_session stay = { .next = NULL }; /* one that waits for ever, so that only the limit closes a batch */
    struct db_stats before = db_stats(f->pool);
    w->batch_us = INT64_MAX;
    for (int i = 0; i < 64; i++) {
        f->cx.db = i ? other : first;
        CHECK(db_begin(f->cx.db, WRITE) == RC_OK);
        CHECK(add(&f->cx, i + 1, STR("a")) == RC_OK);
        pthread_mutex_lock(&w->m);
        w->first = w->last = &stay;
        pthread_mutex_unlock(&w->m);
        CHECK(db_commit(f->cx.db) == RC_OK);
        if (i < 63) { /* the writer was handed to `stay`: take it back */
            pthread_mutex_lock(&w->m);
            w->held = false;
            pthread_mutex_unlock(&w->m);
        }
    }
    CHECK(db_wait(first) == RC_OK);
    CHECK(db_stats(f->pool).batches - before.batches == 1);
    f->cx.db = other;
    pthread_mutex_lock(&w->m);
    w->held = false;
    pthread_mutex_unlock(&w->m);
    db_give_back(first);
}

/* ---- the WAL ------------------------------------------------------------------------------------------------------- */

static int64_t file_pages(const struct fixture *f, const char *end)
{
    char path[100];
    struct stat st = { 0 };
    snprintf(path, sizeof path, "%s/t.db%s", f->dir, end);
    return stat(path, &st) == 0 ? st.st_size / 4096 : -1;
}

/* Units of a page or more each. */
static void fill(struct fixture *f, int64_t first_id, int units)
{
    static char text[4000];
    memset(text, 'x', sizeof text);
    for (int i = 0; i < units; i++) {
        CHECK(db_begin(f->cx.db, WRITE) == RC_OK);
        CHECK(add(&f->cx, first_id + i, (struct str){ text, sizeof text }) == RC_OK);
        CHECK(db_commit(f->cx.db) == RC_OK && db_wait(f->cx.db) == RC_OK);
    }
}

static void the_wal_starts_anew_under_steady_writing(void **state)
{
    struct fixture *f = fixture_of(state);
    writer_of(f)->wal_pages_max = 100;
    fill(f, 1, 1500);
    CHECK(file_pages(f, "-wal") < 300);
}

static void the_checkpoint_thread_empties_the_wal_beside_the_writer(void **state)
{
    struct fixture *f = fixture_of(state);
    int64_t before = file_pages(f, "");
    fill(f, 1, 1200);
    /* The thread's doing: nobody else copies pages. It begins at 1,000 in the WAL, which are far fewer different ones; whether
     * it begins again depends on where it was when the WAL started anew. */
    while (file_pages(f, "") < before + 100)
        sched_yield();
    fixture_close(f);
    CHECK(file_pages(f, "-wal") <= 0);
    fixture_open(f);
    CHECK(count_items(f) == 1200);
}

/* ---- many threads, with losses ---------------------------------------------------------------------------------------- */

enum { THREADS = 16, UNITS = 200 };

struct note {
    int     told;
    enum rc rc;
};

struct worker {
    struct fixture *f;
    pthread_t       thread;
    int             number;
    enum rc         unit[UNITS];
    struct note     notes[UNITS];
};

static void note_told(void *arg, enum rc rc)
{
    struct note *n = arg;
    n->rc = rc;
    __atomic_fetch_add(&n->told, 1, __ATOMIC_RELEASE);
}

static enum rc work_unit(struct cx *cx, int64_t id, int i)
{
    enum rc rc = db_begin(cx->db, WRITE);
    if (rc)
        return rc;
    rc = add(cx, id, STR("a"));
    if (!rc && i % 7 == 3)
        rc = RC_DENIED;
    return rc ? db_rollback(cx->db, rc) : db_commit(cx->db);
}

/* Half of the units are waited for, so that there are long and short queues. */
static void *work(void *arg)
{
    struct worker *w = arg;
    struct arena a;
    arena_init(&a, 1 << 20);
    struct cx cx = { .arena = &a, .db = db_session(w->f->pool) };
    for (int i = 0; i < UNITS; i++) {
        if (w->number == 0 && i % 50 == 49)
            db_fail_commit(w->f->pool);
        w->unit[i] = work_unit(&cx, w->number * UNITS + i + 1, i);
        db_after(cx.db, note_told, &w->notes[i]);
        if (i % 2 && db_wait(cx.db) == RC_FAILED)
            break;
        arena_reset(&a);
    }
    (void)db_wait(cx.db);
    db_give_back(cx.db);
    arena_done(&a);
    return NULL;
}

static bool is_stored(const struct list *ids, int64_t id)
{
    const struct item *v = ids->v;
    size_t lo = 0, hi = ids->n;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        if (v[mid].id < id)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < ids->n && v[lo].id == id;
}

static void check_worker(const struct worker *w, const struct list *ids)
{
    for (int i = 0; i < UNITS; i++) {
        const struct note *n = &w->notes[i];
        await_told(&n->told);
        bool kept = w->unit[i] == RC_OK && n->rc == RC_OK;
        CHECK(n->told == 1);
        CHECK(is_stored(ids, w->number * UNITS + i + 1) == kept);
        CHECK(w->unit[i] == RC_OK || w->unit[i] == RC_BUSY || (w->unit[i] == RC_DENIED && i % 7 == 3));
    }
}

static void every_unit_is_told_once_and_what_is_told_is_true(void **state)
{
    static struct worker workers[THREADS];
    static const struct field id_field[] = { FIELD(struct item, id) };
    static const struct record ID_ONLY = RECORD(struct item, id_field);
    struct fixture *f = fixture_of(state);
    struct list ids = { 0 };
    struct db_stats before = db_stats(f->pool);
    for (int i = 0; i < THREADS; i++) {
        workers[i] = (struct worker){ .f = f, .number = i };
        CHECK(pthread_create(&workers[i].thread, NULL, work, &workers[i]) == 0);
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(workers[i].thread, NULL);
    CHECK(db_begin(f->cx.db, READ) == RC_OK);
    CHECK(db_all(&f->cx, &sql_item_ids, NO_ARGS, &ID_ONLY, &ids) == RC_OK);
    CHECK(db_commit(f->cx.db) == RC_OK);
    for (int i = 0; i < THREADS; i++)
        check_worker(&workers[i], &ids);
    struct db_stats after = db_stats(f->pool);
    CHECK(after.units - before.units == THREADS * UNITS && after.batches - before.batches < THREADS * UNITS);
    CHECK(after.lost_batches > 0);
}

/* ---- units on their way --------------------------------------------------------------------------------------------- */

enum { LONG_US = 1 << 30 };

static void unit_add(struct fixture *f, struct db *db, int64_t id)
{
    struct cx cx = { .arena = f->cx.arena, .db = db };
    CHECK(db_begin(db, WRITE) == RC_OK);
    CHECK(add(&cx, id, STR("a")) == RC_OK);
    CHECK(db_commit(db) == RC_OK);
}

static void a_batch_waits_for_a_unit_that_is_expected(void **state)
{
    struct fixture *f = fixture_of(state);
    struct db *other = db_session(f->pool);
    struct db_stats before = db_stats(f->pool);
    struct player p = { .f = f };
    writer_of(f)->batch_us = writer_of(f)->commit_us = LONG_US;
    db_expect(f->pool);
    unit_add(f, f->cx.db, 1);
    db_after(f->cx.db, count_told, &p);
    db_expected(other);
    unit_add(f, other, 2);
    CHECK(db_wait(other) == RC_OK);
    db_expect_end(other);
    await_told(&p.told);
    CHECK(p.durable == RC_OK && db_stats(f->pool).batches - before.batches == 1);
    CHECK(count_items(f) == 2);
    db_give_back(other);
}

static void a_unit_that_was_expected_and_does_not_come_holds_nobody_up(void **state)
{
    struct fixture *f = fixture_of(state);
    struct db *other = db_session(f->pool);
    writer_of(f)->batch_us = writer_of(f)->commit_us = LONG_US;
    db_expect(f->pool);
    unit_add(f, f->cx.db, 1);
    db_expected(other);
    db_expect_end(other);
    CHECK(db_wait(f->cx.db) == RC_OK);
    db_give_back(other);
}

static void an_expected_unit_is_not_waited_for_longer_than_a_commit_takes(void **state)
{
    struct fixture *f = fixture_of(state);
    struct db *other = db_session(f->pool);
    writer_of(f)->batch_us = LONG_US;
    writer_of(f)->commit_us = 0;
    db_expect(f->pool);
    unit_add(f, f->cx.db, 1);
    CHECK(db_wait(f->cx.db) == RC_OK);
    db_expected(other);
    db_expect_end(other);
    db_give_back(other);
}

int main(void)
{
    log_set_level(LOG_ERROR + 1); /* failures are made on purpose */
    const struct CMUnitTest tests[] = {
        ON_SQLITE(units_that_queue_up_share_one_batch_in_order),
        ON_SQLITE(a_failing_unit_rolls_back_alone),
        ON_SQLITE(nobody_is_told_before_the_batch_is_durable),
        ON_SQLITE(a_failing_commit_loses_the_whole_batch_and_nothing_else),
        ON_SQLITE(a_full_disk_in_mid_batch_loses_what_came_before),
        ON_SQLITE(nothing_runs_after_the_transaction_is_gone),
        ON_SQLITE(a_schema_change_closes_the_batch_before_it),
        ON_SQLITE(a_batch_has_a_limit_of_units),
        ON_SQLITE(the_wal_starts_anew_under_steady_writing),
        ON_SQLITE(the_checkpoint_thread_empties_the_wal_beside_the_writer),
        ON_SQLITE(every_unit_is_told_once_and_what_is_told_is_true),
        ON_SQLITE(a_batch_waits_for_a_unit_that_is_expected),
        ON_SQLITE(a_unit_that_was_expected_and_does_not_come_holds_nobody_up),
        ON_SQLITE(an_expected_unit_is_not_waited_for_longer_than_a_commit_takes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_db_kill.c - a process killed at any moment: what it had acknowledged is there when the file is opened again. */
#include "test_help.h"

#include <signal.h>
#include <sqlite3.h>
#include <sys/wait.h>

enum { ROUNDS = 20, THREADS = 4, PER_ROUND = 1000000 };

struct writing {
    struct db_pool *pool;
    int64_t         next; /* id */
    int             pipe;
};

/* One item of about a page, then its id down the pipe once it is durable; for ever. */
static void *write_on(void *arg)
{
    struct writing *w = arg;
    struct arena a;
    char text[3000];
    memset(text, 'x', sizeof text);
    arena_init(&a, 1 << 20);
    struct cx cx = { .arena = &a, .db = db_session(w->pool) };
    for (;; w->next += THREADS, arena_reset(&a)) {
        struct str name = { text, sizeof text };
        if (db_begin(cx.db, WRITE) || db_exec(&cx, &sql_item_add_plain, ARGS(v_i64(w->next), v_str(name)), NULL) ||
            db_commit(cx.db) || db_wait(cx.db))
            _exit(1);
        if (write(w->pipe, &w->next, sizeof w->next) != sizeof w->next)
            _exit(1);
    }
    return NULL;
}

static void child_run(const char *url, int64_t first_id, int pipe_end)
{
    struct writing w[THREADS];
    pthread_t threads[THREADS];
    struct db_pool *p = db_open(url);
    if (!p)
        _exit(1);
    for (int i = 0; i < THREADS; i++) {
        w[i] = (struct writing){ .pool = p, .next = first_id + i, .pipe = pipe_end };
        pthread_create(&threads[i], NULL, write_on, &w[i]);
    }
    pthread_join(threads[0], NULL);
}

/* Read acknowledged ids: `many`, then kill, then what was still in the pipe. */
static size_t read_and_kill(pid_t child, int from, size_t many, int64_t *ids, size_t max)
{
    size_t n = 0;
    int64_t id;
    while (n < max && read(from, &id, sizeof id) == sizeof id) {
        ids[n++] = id;
        if (n == many)
            kill(child, SIGKILL);
    }
    return n;
}

static size_t run_and_kill(const char *url, int64_t first_id, size_t many, int64_t *ids, size_t max)
{
    int ends[2], status = 0;
    CHECK(pipe(ends) == 0);
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        child_run(url, first_id, ends[1]);
        _exit(0);
    }
    close(ends[1]);
    size_t n = read_and_kill(child, ends[0], many, ids, max);
    waitpid(child, &status, 0);
    close(ends[0]);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    return n;
}

static void check_file(const char *path)
{
    sqlite3 *h;
    sqlite3_stmt *s;
    CHECK(sqlite3_open(path, &h) == SQLITE_OK);
    CHECK(sqlite3_prepare_v2(h, "PRAGMA integrity_check", -1, &s, NULL) == SQLITE_OK && sqlite3_step(s) == SQLITE_ROW);
    CHECK_STR(str_c((const char *)sqlite3_column_text(s, 0)), "ok");
    sqlite3_finalize(s);
    sqlite3_close(h);
}

static void check_there(struct fixture *f, const int64_t *ids, size_t n)
{
    int64_t changed;
    CHECK(db_begin(f->cx.db, WRITE) == RC_OK);
    for (size_t i = 0; i < n; i++) {
        CHECK(db_exec(&f->cx, &sql_item_rename, ARGS(v_i64(ids[i]), v_str(STR("seen"))), &changed) == RC_OK);
        CHECK(changed == 1);
    }
    CHECK(db_commit(f->cx.db) == RC_OK && db_wait(f->cx.db) == RC_OK);
}

static void what_was_acknowledged_survives_a_kill(void **state)
{
    static int64_t ids[20000];
    struct fixture *f = fixture_of(state);
    uint32_t dice = 12345;
    for (int round = 0; round < ROUNDS; round++) {
        fixture_close(f); /* before the fork: threads and connections do not survive it */
        dice = dice * 1664525 + 1013904223;
        size_t n = run_and_kill(f->made.url, (int64_t)(round + 1) * PER_ROUND, 1 + (dice >> 8) % 400, ids, countof(ids));
        check_file(f->made.url + strlen("sqlite:"));
        fixture_open(f);
        CHECK(n > 0);
        check_there(f, ids, n);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { ON_SQLITE(what_was_acknowledged_survives_a_kill) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

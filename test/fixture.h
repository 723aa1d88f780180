/* fixture.h - a running product without sockets for tests: a fresh database (SQLite, or PostgreSQL by TONGBAN_TEST_PG), the
 * modules that are wanted, the example county on demand, a visitor with cookies who gets pages and sends forms.
 *
 *   static void shows_the_home_page(void **state)
 *   {
 *       struct fixture *f = fixture_of(state);
 *       struct answer a = get(f, "/");
 *       CHECK(a.status == 200 && answer_has(&a, "您想办什么事"));
 *   }
 *   ... const struct CMUnitTest tests[] = { ON_BOTH(shows_the_home_page, on_sqlite, on_postgres) };
 *
 * where on_sqlite calls fixture_open(state, DB_SQLITE, modules, n) and so on. */
#ifndef TEST_FIXTURE_H
#define TEST_FIXTURE_H

#include "http/gate.h"
#include "http/wire.h"

#include "../test/check.h"
#include "../test/pg_make.h"

struct fixture {
    enum db_engine  engine;
    char            dir[60];   /* temporary, removed at the end; also for files a test wants */
    struct pg_database made;   /* of SQLite the URL only */
    struct arena    kept, unit; /* as long as the fixture; as long as one answer or unit */
    struct db_pool *pool;
    struct db      *db;
    struct app      app;       /* may be completed after fixture_open, e.g. app.local */
    struct stats    stats;
    struct gate     gate;
    struct actor    actor;     /* who is signed in, if account is set; the default gate lets him do everything */
    struct http    *http;
    struct memo     memo;      /* all visitors are served by one worker */
    struct cx       cx;        /* of fixture_begin */
    char            anon[64], csrf[64]; /* the visitor's cookie and the token of the last form he saw */
    int64_t         disk_bytes;         /* a file the visitor sends may grow to this; 0 = no limit */
    char            address[40];        /* his network address, 127.0.0.1 unless changed */
};

/* What came back. Views live until the next request or unit. */
struct answer {
    int        status;
    struct str body, location, type, filename;
};

/* Set-up for cmocka: *state becomes a fixture with these modules, its schema applied and its clock at noon of 2026-05-08, or
 * stays NULL when PostgreSQL is wanted and TONGBAN_TEST_PG is not set. Always 0. */
int fixture_open(void **state, enum db_engine engine, const struct module *const *modules, size_t n);
/* Tear-down: closes and removes everything. */
int fixture_close(void **state);
/* The fixture; skips the test, saying so, if there is none. */
struct fixture *fixture_of(void **state);

/* Load data/county with its divisions. The org and catalog modules must be there. */
void fixture_load_county(struct fixture *f);

/* A unit of the main database. A test that fails inside leaves it open; fixture_close ends it. */
struct cx *fixture_begin(struct fixture *f, enum db_unit unit);
/* Commit if `rc` is RC_OK, else roll back; waits until it is durable. */
enum rc fixture_end(struct fixture *f, enum rc rc);

/* Requests of one visitor. `address` has its query string, percent-encoded by the caller or by fixture_address. */
struct answer get(struct fixture *f, const char *address);
struct answer get_json(struct fixture *f, const char *address);
/* A form, "a=1&b=2", with the token of the last page that had one. */
struct answer post(struct fixture *f, const char *address, const char *form);
/* One file in the form field `field`, as multipart/form-data with the same token; with cut_at the line goes dead after so many
 * bytes of the body and there is no answer (status 0). The data directory is f->app.config.data. */
struct sent_file {
    const char *field, *filename;
    struct str  content;
    size_t      cut_at;
};
struct answer post_file(struct fixture *f, const char *address, const struct sent_file *file);
/* For visitors with cookies of their own: `in` has method, cookie and body. The views live as long as f->unit. */
struct answer fixture_send(struct fixture *f, struct wire_in *in, const char *address, struct wire_out *out);
/* The token of the form on a page; leaves `out` alone if there is none. */
void fixture_token(struct str body, char *out, size_t room);
/* path?name=value with the value percent-encoded; lives as long as the fixture. */
const char *fixture_address(struct fixture *f, const char *path, const char *name, struct str value);
bool answer_has(const struct answer *a, const char *part);

#define ON_SQLITE(f, open) { #f " on sqlite", f, open, fixture_close, NULL }
#define ON_POSTGRES(f, open) { #f " on postgres", f, open, fixture_close, NULL }
#define ON_BOTH(f, open_sqlite, open_postgres) ON_SQLITE(f, open_sqlite), ON_POSTGRES(f, open_postgres)

#endif

/* bare_pg.c - a plain loop over libpq: copies of the rows of one submission under new ids, and the two rows that the product reads, one
 * statement after another, READ COMMITTED, as prepared statements on a connection per client. */
#include "bare.h"

#include "cases_store.h"
#include "cases_sql.h"

#include <libpq-fe.h>

enum { COLUMNS_MAX = 40, TABLES_MAX = 12, TEXT_MAX = 24, SLOTS = 16 };

#define CASE_ID "(SELECT MAX(id) FROM cases_case)"
static const char *const rows[][2] = {
    { "cases_case", "id = " CASE_ID },           { "ledger", "root = " CASE_ID },
    { "ledger_detail", "entry = (SELECT id FROM ledger WHERE root = " CASE_ID ")" },
    { "ledger_waiting", "entry = (SELECT MAX(entry) FROM ledger_waiting)" },
    { "cases_consent", "case_id = " CASE_ID },   { "cases_task", "case_id = " CASE_ID },
    { "cases_message", "case_id = " CASE_ID },   { "cases_document", "case_id = " CASE_ID },
};

struct copy {
    char        name[20];
    PGresult   *row;
    int         n;
    bool        follows[COLUMNS_MAX], is_text[COLUMNS_MAX]; /* takes the new id, as a number or as 21 digits */
};

struct bare {
    PGconn     *h;
    struct copy copy[TABLES_MAX];
    char        body[TEXT_MAX];
};

static PGresult *done(struct bare *b, PGresult *r)
{
    ExecStatusType s = PQresultStatus(r);
    if (s != PGRES_COMMAND_OK && s != PGRES_TUPLES_OK)
        die(PQerrorMessage(b->h));
    return r;
}

static void run(struct bare *b, const char *statement, int n, const char *const *v)
{
    PQclear(done(b, PQexecPrepared(b->h, statement, n, v, NULL, NULL, 0)));
}

static void prepare(struct bare *b, const char *name, const char *sql)
{
    PQclear(done(b, PQprepare(b->h, name, sql, 0, NULL)));
}

static bool is_one(const char *name, const char *a, const char *b, const char *c, const char *d)
{
    return !strcmp(name, a) || !strcmp(name, b) || !strcmp(name, c) || !strcmp(name, d);
}

static void copy_open(struct bare *b, size_t t, struct copy *out)
{
    char sql[1000];
    snprintf(sql, sizeof sql, "SELECT * FROM %s WHERE %s LIMIT 1", rows[t][0], rows[t][1]);
    snprintf(out->name, sizeof out->name, "copy%zu", t);
    out->row = done(b, PQexec(b->h, sql));
    out->n = PQnfields(out->row);
    if (PQntuples(out->row) != 1)
        die(rows[t][0]);
    size_t n = (size_t)snprintf(sql, sizeof sql, "INSERT INTO %s VALUES ($1", rows[t][0]);
    for (int i = 0; i < out->n; i++) {
        const char *name = PQfname(out->row, i);
        out->is_text[i] = is_one(name, "no", "number", "", "");
        out->follows[i] = out->is_text[i] || is_one(name, "id", "entry", "root", "case_id") ||
                          (!strcmp(rows[t][0], "cases_message") && !strcmp(name, "n"));
        n += i ? (size_t)snprintf(sql + n, sizeof sql - n, ", $%d", i + 1) : 0;
    }
    snprintf(sql + n, sizeof sql - n, ")");
    prepare(b, out->name, sql);
}

static void bare_open(struct bare *b, const char *url)
{
    *b = (struct bare){ .h = PQconnectdb(url) };
    if (PQstatus(b->h) != CONNECTION_OK)
        die(PQerrorMessage(b->h));
    PGresult *body = done(b, PQexec(b->h, "SELECT body FROM cases_case WHERE id = " CASE_ID));
    snprintf(b->body, sizeof b->body, "%s", PQgetvalue(body, 0, 0));
    PQclear(body);
    prepare(b, "begin", "BEGIN");
    prepare(b, "commit", "COMMIT");
    prepare(b, "counter", sql_cases_counter_next.pg);
    prepare(b, "body", "SELECT * FROM org_body WHERE id = $1");
    prepare(b, "version", "SELECT version FROM holidays_version WHERE id = 1");
    for (size_t t = 0; t < countof(rows); t++)
        copy_open(b, t, &b->copy[t]);
}

static void bare_close(struct bare *b)
{
    for (size_t t = 0; t < countof(rows); t++)
        PQclear(b->copy[t].row);
    PQfinish(b->h);
}

static void copy_insert(struct bare *b, const struct copy *c, int64_t id)
{
    const char *v[COLUMNS_MAX];
    char number[TEXT_MAX], text[TEXT_MAX];
    snprintf(number, sizeof number, "%lld", (long long)id);
    snprintf(text, sizeof text, "%021lld", (long long)id);
    for (int i = 0; i < c->n; i++)
        v[i] = c->is_text[i] ? text : c->follows[i] ? number : PQgetisnull(c->row, 0, i) ? NULL : PQgetvalue(c->row, 0, i);
    run(b, c->name, c->n, v);
}

static void bare_one(struct bare *b, int64_t id)
{
    char slot[TEXT_MAX];
    const char *counter[] = { "x", "1", slot }, *body[] = { b->body };
    snprintf(slot, sizeof slot, "%d", (int)(id % SLOTS));
    run(b, "begin", 0, NULL);
    run(b, "counter", 3, counter);
    run(b, "version", 0, NULL);
    run(b, "body", 1, body);
    for (size_t t = 0; t < countof(rows); t++)
        copy_insert(b, &b->copy[t], id);
    run(b, "commit", 0, NULL);
}

void *bare_pg_run(void *client)
{
    struct bench_client *c = client;
    const struct bare_place *place = c->own;
    struct bare b;
    bare_open(&b, place->path);
    for (int64_t from; bench_more(c, &from);) {
        bare_one(&b, place->first_id + c->units * BENCH_THREADS + c->number);
        bench_note(c, from, true);
    }
    bare_close(&b);
    return NULL;
}

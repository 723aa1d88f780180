/* bare.c - a plain loop over SQLite: copies of the rows of one submission under new ids, one transaction each. */
#include "bare.h"

#include "base/rc.h"

#include <sqlite3.h>

enum { COLUMNS_MAX = 40, ROWS_MAX = 8 };

#define CASE_ID "(SELECT MAX(id) FROM cases_case)"
static const struct {
    const char *table, *where;
    bool        optional;
} tables[] = {
    { "cases_case", "id = " CASE_ID, false },
    { "ledger", "root = " CASE_ID, false },
    { "ledger_detail", "entry = (SELECT id FROM ledger WHERE root = " CASE_ID ")", false },
    { "ledger_waiting", "entry = (SELECT MAX(entry) FROM ledger_waiting)", true }, /* it may have been placed already */
    { "cases_consent", "case_id = " CASE_ID, true },
    { "cases_task", "case_id = " CASE_ID, false },
    { "cases_message", "case_id = " CASE_ID, false },
    { "cases_document", "case_id = " CASE_ID, false },
    { "cases_material", "case_id = " CASE_ID, true },
    { "once", "token = (SELECT token FROM once ORDER BY at DESC LIMIT 1)", true },
};

/* One row: an INSERT and its values; those that name the case or must be unique follow the id. */
struct copy {
    sqlite3_stmt  *insert;
    int            n;
    bool           is_message;
    char           name[COLUMNS_MAX][40];
    sqlite3_value *value[COLUMNS_MAX];
};

struct bare {
    sqlite3      *h;
    sqlite3_stmt *begin, *commit, *counter, *draft;
    struct copy   copy[countof(tables) * ROWS_MAX];
    int           copies;
};

static sqlite3_stmt *prepare(sqlite3 *h, const char *sql)
{
    sqlite3_stmt *s = NULL;
    if (sqlite3_prepare_v2(h, sql, -1, &s, NULL) != SQLITE_OK)
        die(sqlite3_errmsg(h));
    return s;
}

static void copy_take(sqlite3 *h, size_t t, sqlite3_stmt *row, struct copy *out)
{
    char sql[1000];
    size_t n = (size_t)snprintf(sql, sizeof sql, "INSERT INTO %s VALUES (?", tables[t].table);
    out->n = sqlite3_column_count(row);
    out->is_message = strcmp(tables[t].table, "cases_message") == 0;
    for (int i = 0; i < out->n; i++) {
        snprintf(out->name[i], sizeof out->name[i], "%s", sqlite3_column_name(row, i));
        out->value[i] = sqlite3_value_dup(sqlite3_column_value(row, i));
        n += i ? (size_t)snprintf(sql + n, sizeof sql - n, ", ?") : 0;
    }
    snprintf(sql + n, sizeof sql - n, ")");
    out->insert = prepare(h, sql);
}

static void table_take(struct bare *b, size_t t)
{
    char sql[300];
    int before = b->copies;
    snprintf(sql, sizeof sql, "SELECT * FROM %s WHERE %s LIMIT %d", tables[t].table, tables[t].where, ROWS_MAX);
    sqlite3_stmt *rows = prepare(b->h, sql);
    while (sqlite3_step(rows) == SQLITE_ROW)
        copy_take(b->h, t, rows, &b->copy[b->copies++]);
    sqlite3_finalize(rows);
    if (b->copies == before && !tables[t].optional)
        die(tables[t].table);
}

static void bare_open(struct bare *b, const struct bare_place *place)
{
    *b = (struct bare){ 0 };
    if (sqlite3_open_v2(place->path, &b->h, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
        die("cannot open");
    sqlite3_busy_timeout(b->h, 60000);
    sqlite3_exec(b->h, "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -65536", NULL, NULL, NULL);
    b->begin = prepare(b->h, "BEGIN IMMEDIATE");
    b->commit = prepare(b->h, "COMMIT");
    b->counter = prepare(b->h, "INSERT INTO cases_counter (division, day, slot, last) VALUES ('x', 1, 1, 1) "
                               "ON CONFLICT (division, day, slot) DO UPDATE SET last = cases_counter.last + 1 RETURNING last");
    b->draft = prepare(b->h, "UPDATE cases_draft SET case_id = ?1 WHERE id = ?2");
    sqlite3_bind_int64(b->draft, 2, place->draft);
    for (size_t t = 0; t < countof(tables); t++)
        table_take(b, t);
}

static void bare_close(struct bare *b)
{
    sqlite3_finalize(b->begin);
    sqlite3_finalize(b->commit);
    sqlite3_finalize(b->counter);
    sqlite3_finalize(b->draft);
    for (int t = 0; t < b->copies; t++) {
        sqlite3_finalize(b->copy[t].insert);
        for (int i = 0; i < b->copy[t].n; i++)
            sqlite3_value_free(b->copy[t].value[i]);
    }
    sqlite3_close(b->h);
}

static bool step(sqlite3_stmt *s, int want)
{
    int code = sqlite3_step(s);
    sqlite3_reset(s);
    return code == want;
}

static bool is_word(const char *name, const char *const *words)
{
    while (*words && strcmp(name, *words))
        words++;
    return *words;
}

static void column_bind(const struct copy *c, int i, int64_t id)
{
    static const char *const keys[] = { "id", "entry", "root", "case_id", NULL }, *const texts[] = { "no", "number", "token", NULL };
    char text[24];
    snprintf(text, sizeof text, "%021lld", (long long)id);
    if (is_word(c->name[i], keys) || (c->is_message && strcmp(c->name[i], "n") == 0))
        sqlite3_bind_int64(c->insert, i + 1, id);
    else if (is_word(c->name[i], texts))
        sqlite3_bind_text(c->insert, i + 1, text, 21, SQLITE_TRANSIENT);
    else
        sqlite3_bind_value(c->insert, i + 1, c->value[i]);
}

static bool bare_one(struct bare *b, int64_t id)
{
    if (!step(b->begin, SQLITE_DONE))
        return false;
    sqlite3_bind_int64(b->draft, 1, id);
    bool ok = step(b->counter, SQLITE_ROW) && step(b->draft, SQLITE_DONE);
    for (int t = 0; t < b->copies && ok; t++) {
        for (int i = 0; i < b->copy[t].n; i++)
            column_bind(&b->copy[t], i, id);
        ok = step(b->copy[t].insert, SQLITE_DONE);
    }
    if (!ok)
        die(sqlite3_errmsg(b->h));
    return step(b->commit, SQLITE_DONE);
}

void *bare_run(void *client)
{
    struct bench_client *c = client;
    const struct bare_place *place = c->own;
    struct bare b;
    bare_open(&b, place);
    for (int64_t from; bench_more(c, &from);)
        bench_note(c, from, bare_one(&b, place->first_id + (c->units + c->busy) * BENCH_THREADS + c->number));
    bare_close(&b);
    return NULL;
}

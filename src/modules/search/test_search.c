/* test_search.c - finding items of the example county, pages, counts, wishes. */
#include "base/conf.h"
#include "base/csv.h"
#include "base/json.h"
#include "base/log.h"
#include "base/tally.h"
#include "fixture.h"
#include "modules/catalog/catalog.h"
#include "modules/org/org.h"
#include "modules/search/search.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct module *const modules[] = { &org_module, &catalog_module, &search_module };

/* ---- set-up: the county once for all tests of an engine --------------------------------------------------------------- */

static enum rc refresh(struct fixture *f)
{
    int64_t version = 0;
    struct cx *cx = fixture_begin(f, READ);
    enum rc rc = org_public_version(cx, &version);
    if (!rc)
        rc = search_refresh(cx, f->app.local, version);
    return fixture_end(f, rc);
}

static int open_county(void **state, enum db_engine engine)
{
    fixture_open(state, engine, modules, countof(modules));
    struct fixture *f = *state;
    if (!f)
        return 0;
    f->app.misses = tally_open(100);
    f->app.local = search_open(f->dir);
    if (!f->app.local)
        panic("no index");
    fixture_load_county(f);
    if (refresh(f))
        panic("the index cannot be made");
    return 0;
}

static int on_sqlite(void **state)
{
    return open_county(state, DB_SQLITE);
}

UNUSED static int on_postgres(void **state)
{
    return open_county(state, DB_POSTGRES);
}

static int off(void **state)
{
    struct fixture *f = *state;
    if (f)
        tally_close(f->app.misses);
    return fixture_close(state);
}

static struct search_answer ask(struct fixture *f, const struct search_query *q)
{
    struct search_answer a;
    struct cx *cx = fixture_begin(f, READ);
    enum rc rc = search_find(cx, q, &a);
    CHECK(fixture_end(f, rc) == RC_OK); /* the arena lives on */
    return a;
}

UNUSED static struct search_answer ask_words(struct fixture *f, const char *words)
{
    return ask(f, &(struct search_query){ .words = str_c(words), .page = 1 });
}

static const struct search_hit *hit(const struct search_answer *a, size_t i)
{
    return (const struct search_hit *)a->hits.v + i;
}

/* ---- the table of queries ----------------------------------------------------------------------------------------------- */

/* The name of a result, or of a situation that is listed under it, has the part. */
static bool hit_names(const struct search_hit *h, struct str part)
{
    const struct search_situation *s = h->situations.v;
    bool found = str_find(h->name, part) >= 0;
    for (size_t i = 0; i < h->situations.n && !found; i++)
        found = str_find(s[i].name, part) >= 0;
    return found;
}

static bool line_holds(struct fixture *f, struct str words, int64_t among, struct str part)
{
    struct search_answer a = ask(f, &(struct search_query){ .words = words, .page = 1 });
    bool found = among == 0 && a.total == 0;
    for (size_t i = 0; i < a.hits.n && i < (size_t)among && !found; i++)
        found = among == 1 ? str_find(hit(&a, i)->name, part) >= 0 : hit_names(hit(&a, i), part);
    if (found && !getenv("SHOW_ALL"))
        return true;
    print_message("%s " STR_F " (stage " STR_F ", %d results), wanted " STR_F " among %d:\n", found ? "ok" : "NOT FOUND", STR_A(words),
                  STR_A(a.stage), (int)a.total, STR_A(part), (int)among);
    for (size_t i = 0; i < a.hits.n && i < 4; i++)
        print_message("      " STR_F " / " STR_F "\n", STR_A(hit(&a, i)->name), STR_A(hit(&a, i)->main_name));
    return found;
}

static void finds_what_people_mean_by_their_words(void **state)
{
    struct fixture *f = fixture_of(state);
    struct str text;
    int lines = 0, wrong = 0;
    CHECK(file_read(TEST_DATA_DIR "/search-queries.txt", 1 << 20, &f->kept, &text) == RC_OK);
    while (text.p) {
        struct str line = str_cut(&text, '\n');
        if (!line.n || line.p[0] == '#')
            continue;
        struct str words = str_trim(str_cut(&line, '|')), among = str_trim(str_cut(&line, '|'));
        int64_t n = -1;
        CHECK(str_i64(among, 0, 10, &n));
        wrong += !line_holds(f, words, n, str_trim(line));
        lines++;
    }
    CHECK(lines >= 60);
    CHECK(wrong == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_people_mean_by_their_words),
    };
    return cmocka_run_group_tests_name("search on sqlite", tests, on_sqlite, off);
}

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
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static const struct module *const modules[] = { &org_module, &forms_module, &catalog_module, &search_module };

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

static int on_postgres(void **state)
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

static struct search_answer ask_words(struct fixture *f, const char *words)
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

/* ---- results ------------------------------------------------------------------------------------------------------------ */

static void folds_situations_of_one_main_item_into_one_result(void **state)
{
    struct fixture *f = fixture_of(state);
    struct search_answer a = ask_words(f, "食品经营许可");
    CHECK(a.total == 1 && a.hits.n == 1);
    const struct search_hit *h = hit(&a, 0);
    CHECK_STR(h->name, "食品经营许可");
    CHECK(h->situations.n == SEARCH_SITUATIONS && h->more > 0);
    CHECK(hit_names(h, STR("延续")));
    struct html m = h->marked;
    CHECK_STR(((struct str){ m.p, m.n }), "<mark>食品经营许可</mark>");
}

static void marks_the_official_word_for_an_everyday_word_and_the_characters_of_a_reading(void **state)
{
    struct fixture *f = fixture_of(state);
    struct search_answer a = ask_words(f, "挖路");
    struct html m = hit(&a, 0)->marked;
    CHECK(str_find((struct str){ m.p, m.n }, STR("<mark>挖掘城市道路</mark>")) >= 0);
    a = ask_words(f, "hukouqianyi");
    m = hit(&a, 0)->marked;
    CHECK_STR(((struct str){ m.p, m.n }), "<mark>户口迁移</mark>审批");
}

static void adds_less_certain_results_when_few_are_sure(void **state)
{
    struct fixture *f = fixture_of(state);
    struct search_answer a = ask_words(f, "居住证");
    CHECK(a.total >= 1 && a.total < SEARCH_MAYBE);
    for (size_t i = 0; i < a.maybe.n; i++)
        for (size_t k = 0; k < a.hits.n; k++)
            CHECK(!str_eq(((const struct search_hit *)a.maybe.v)[i].code, hit(&a, k)->code));
    a = ask_words(f, "工伤");
    CHECK(a.total >= SEARCH_MAYBE && a.maybe.n == 0);
}

static void goes_straight_to_the_item_of_a_code(void **state)
{
    struct fixture *f = fixture_of(state);
    struct answer w = get(f, "/search?q=11522627MB0A00018A4000131001000");
    CHECK(w.status == 303);
    CHECK_STR(w.location, "/items/11522627MB0A00018A4000131001000");
    struct search_answer a = ask_words(f, "11522627mb0a00018a400013100100");
    CHECK_STR(a.stage, "code");
    CHECK(a.total == 1 && !a.item.n); /* several situations of one main item */
    a = ask_words(f, "11522627MB0A00018A4999999999999");
    CHECK(a.total == 0);
}

/* Every way to ask the same gives the same answer, always in the same order. */
static void answers_the_same_to_the_same(void **state)
{
    struct fixture *f = fixture_of(state);
    struct str first[SEARCH_PAGE];
    struct search_answer a = ask_words(f, "许可");
    CHECK(a.total > SEARCH_PAGE && a.hits.n == SEARCH_PAGE);
    for (size_t i = 0; i < SEARCH_PAGE; i++)
        first[i] = arena_str(&f->kept, hit(&a, i)->code);
    a = ask_words(f, "　許可 ");
    for (size_t i = 0; i < SEARCH_PAGE; i++)
        CHECK(str_eq(first[i], hit(&a, i)->code));
}

static void pages_do_not_overlap_and_end(void **state)
{
    struct fixture *f = fixture_of(state);
    struct search_answer a = ask(f, &(struct search_query){ .words = STR("登记"), .page = 1 });
    int64_t pages = a.pages, total = a.total, seen = 0;
    struct str last = STR_NONE;
    CHECK(pages > 2);
    for (int64_t p = 1; p <= pages; p++) {
        a = ask(f, &(struct search_query){ .words = STR("登记"), .page = p });
        CHECK(a.page == p && a.hits.n > 0 && !str_eq(hit(&a, 0)->code, last));
        seen += (int64_t)a.hits.n;
        last = arena_str(&f->kept, hit(&a, a.hits.n - 1)->code);
    }
    CHECK(seen == total);
    a = ask(f, &(struct search_query){ .words = STR("登记"), .page = pages + 5 });
    CHECK(a.page == pages);
}

/* ---- facets --------------------------------------------------------------------------------------------------------------- */

static const struct search_facet *facet(const struct list *l, const char *value)
{
    for (size_t i = 0; i < l->n; i++) {
        const struct search_facet *x = (const struct search_facet *)l->v + i;
        if (str_is(x->word, value) || str_is(x->value, value))
            return x;
    }
    return NULL;
}

/* What a facet promises is what choosing it gives. */
static void facet_counts_are_kept(void **state)
{
    struct fixture *f = fixture_of(state);
    static const struct {
        const char *word;
        int64_t     flag;
    } flags[] = { { "person", SEARCH_PERSON }, { "firm", SEARCH_FIRM }, { "web", SEARCH_WEB }, { "spot", SEARCH_SPOT },
                  { "free", SEARCH_FREE } };
    for (size_t i = 0; i < countof(flags); i++) {
        struct search_answer a = ask_words(f, "社保");
        const struct search_facet *x = facet(i < 2 ? &a.who : &a.ways, flags[i].word);
        int64_t promised = x ? x->count : 0;
        a = ask(f, &(struct search_query){ .words = STR("社保"), .flags = flags[i].flag, .page = 1 });
        CHECK(a.total == promised);
        CHECK(!x || facet(i < 2 ? &a.who : &a.ways, flags[i].word)->on);
    }
}

static void narrows_down_to_a_body_and_a_subject(void **state)
{
    struct fixture *f = fixture_of(state);
    struct search_answer a = ask_words(f, "登记");
    const struct search_facet *body = a.bodies.v, *subject = a.subjects.v;
    struct search_query q = { .words = STR("登记"), .page = 1, .body = arena_str(&f->kept, body->value) };
    int64_t of_body = body->count, of_subject = subject->count;
    struct str code = arena_str(&f->kept, subject->value);
    CHECK(a.bodies.n > 3 && a.subjects.n > 3 && of_body < a.total && !a.more);
    a = ask(f, &q);
    CHECK(a.total == of_body && a.bodies.n == 1 && facet(&a.bodies, q.body.p)->on);
    q.body = STR("");
    q.subject = code;
    a = ask(f, &q);
    CHECK(a.total == of_subject);
    q.subject = STR("X99");
    a = ask(f, &q);
    CHECK(a.total == 0);
    q.subject = STR("");
    q.body = STR("999999999999999999");
    a = ask(f, &q);
    CHECK(a.total == 0);
}

/* ---- pages ---------------------------------------------------------------------------------------------------------------- */

static void page_and_json_say_the_same(void **state)
{
    struct fixture *f = fixture_of(state);
    const char *address = fixture_address(f, "/search", "q", STR("户口"));
    struct answer w = get(f, address);
    CHECK(w.status == 200 && answer_has(&w, "<mark>户口</mark>迁移审批") && answer_has(&w, "户口 — 示例县政务服务"));
    struct str page = arena_str(&f->kept, w.body);
    w = get_json(f, address);
    CHECK(w.status == 200);
    json_t *j = json_loadb(w.body.p, w.body.n, 0, NULL), *hits = json_object_get(j, "hits");
    CHECK(json_array_size(hits) > 3 && json_integer_value(json_object_get(j, "total")) == (json_int_t)json_array_size(hits));
    for (size_t i = 0; i < json_array_size(hits); i++) {
        json_t *h = json_array_get(hits, i);
        struct str link = arena_fmt(&f->kept, "tb-rows__t\" href=\"/items/%s\"", json_string_value(json_object_get(h, "code")));
        ptrdiff_t at = str_find(page, link);
        CHECK(at >= 0 && json_object_get(h, "marked") == NULL);
        page = str_sub(page, (size_t)at + link.n, page.n); /* in the same order */
    }
    json_decref(j);
}

static void links_keep_the_question_and_the_choices(void **state)
{
    struct fixture *f = fixture_of(state);
    struct answer w = get(f, "/search?q=%E7%99%BB%E8%AE%B0&who=firm&online=1&page=2");
    CHECK(w.status == 200);
    CHECK(answer_has(&w, "href=\"/search?q=%E7%99%BB%E8%AE%B0&amp;who=firm&amp;online=1&amp;spot=1\""));
    CHECK(answer_has(&w, "href=\"/search?q=%E7%99%BB%E8%AE%B0&amp;who=firm&amp;online=1\""));
    CHECK(answer_has(&w, "href=\"/search?q=%E7%99%BB%E8%AE%B0&amp;online=1\" aria-current=\"true\""));
    CHECK(answer_has(&w, "href=\"/search?q=%E7%99%BB%E8%AE%B0\""));
    w = get(f, "/search?q=%E7%99%BB%E8%AE%B0&who=nobody");
    CHECK(w.status == 422);
    w = get(f, "/search?q=%E7%99%BB%E8%AE%B0&page=21");
    CHECK(w.status == 422);
    w = get(f, "/search?q=%E7%99%BB%E8%AE%B0&page=0");
    CHECK(w.status == 422);
}

static void without_words_there_are_subjects_and_bodies_to_choose_from(void **state)
{
    struct fixture *f = fixture_of(state);
    struct answer w = get(f, "/search");
    CHECK(w.status == 200 && answer_has(&w, "/subjects/P01") && answer_has(&w, "/subjects/F09") && answer_has(&w, "公安局"));
    w = get(f, "/search?q=%20%E3%80%80");
    CHECK(w.status == 200 && answer_has(&w, "/subjects/P01"));
}

static void says_what_was_searched_when_nothing_is_found(void **state)
{
    struct fixture *f = fixture_of(state);
    struct answer w = get(f, fixture_address(f, "/search", "q", STR("喵房喵喵")));
    CHECK(w.status == 200 && answer_has(&w, "没有找到“喵房喵喵”") && answer_has(&w, "tel:12345"));
    CHECK(answer_has(&w, "action=\"/search/wish\"") && answer_has(&w, "相近的说法") && answer_has(&w, "房产证"));
}

/* Hostile input: the page answers, nothing of it reaches the page unescaped, no statement fails. */
static void takes_any_bytes_as_words(void **state)
{
    struct fixture *f = fixture_of(state);
    static const char *const hostile[] = {
        "\"", "\"\"\"", "NEAR(营业 执照, 2)", "*", "许可*", "AND", "许可 AND", "OR OR", "NOT 许可", "title:许可", "{title} : 许可", "^许可",
        "许可\" OR \"", "a\"\"b", "(", ")", "((((", "+", "- -", "' OR 1=1 --", "%", "_", "\\", "许可;DROP TABLE search_doc", "😀", "👨‍👩‍👧",
        "<script>alert(1)</script>", "\xEF\xBF\xBF", "許\xCC\x81可",
        "1", "12345", "a", "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz", "我", "我想办",
        "﷽﷽﷽", "ℌ𝔢𝔩𝔩𝔬", "   a   b   c   ",
    };
    for (size_t i = 0; i < countof(hostile); i++) {
        struct answer w = get(f, fixture_address(f, "/search", "q", str_c(hostile[i])));
        if (w.status != 200)
            print_error("%s: %d\n", hostile[i], w.status);
        CHECK(w.status == 200 && !answer_has(&w, "<script>alert"));
    }
    char big[10240];
    static const char *const pieces[] = { "营", "\"", " ", "a", "\xF0\x9F\x98\x80" };
    for (size_t k = 0; k < countof(pieces); k++) {
        size_t n = strlen(pieces[k]);
        for (size_t i = 0; i + n <= sizeof big; i += n)
            memcpy(big + i, pieces[k], n);
        struct answer w = get(f, fixture_address(f, "/search", "q", (struct str){ big, sizeof big / n * n }));
        CHECK(w.status == 200);
    }
}

static void refuses_broken_encoding(void **state)
{
    struct fixture *f = fixture_of(state);
    CHECK(get(f, "/search?q=%FF%FE").status == 400);
    CHECK(get(f, "/search?q=%E8%90").status == 400);
    CHECK(get(f, "/search?q=%00").status == 400);
}

/* ---- what was looked for in vain -------------------------------------------------------------------------------------------- */

static int64_t misses_of(struct fixture *f, const char *words)
{
    struct list l;
    int64_t n = 0;
    struct cx *cx = fixture_begin(f, READ);
    enum rc rc = search_miss_list(cx, day_at(cx->now), &l);
    for (size_t i = 0; !rc && i < l.n; i++)
        if (str_is(((const struct search_miss *)l.v)[i].words, words))
            n += ((const struct search_miss *)l.v)[i].n;
    CHECK(fixture_end(f, rc) == RC_OK);
    return n;
}

static void flush(struct fixture *f)
{
    struct cx *cx = fixture_begin(f, WRITE);
    CHECK(fixture_end(f, search_flush(cx)) == RC_OK);
}

static void counts_searches_in_vain_but_not_what_may_be_personal(void **state)
{
    struct fixture *f = fixture_of(state);
    static const char *const words[] = { "喵喵喵", "喵喵喵", "喵 522627199003070014", "喵13800138000喵", "开饭店" };
    for (size_t i = 0; i < countof(words); i++)
        CHECK(get(f, fixture_address(f, "/search", "q", str_c(words[i]))).status == 200);
    CHECK(get(f, "/search?q=%E5%96%B5%E5%96%B5%E5%96%B5&who=firm").status == 200); /* narrowed: says nothing */
    CHECK(misses_of(f, "喵喵喵") == 0);
    flush(f);
    CHECK(misses_of(f, "喵喵喵") == 2);
    CHECK(misses_of(f, "开饭店") == 0 && misses_of(f, "喵 522627199003070014") == 0 && misses_of(f, "喵13800138000喵") == 0);
    CHECK(get(f, fixture_address(f, "/search", "q", STR("喵喵喵"))).status == 200);
    flush(f);
    flush(f);
    CHECK(misses_of(f, "喵喵喵") == 3);
}

static size_t wishes(struct fixture *f, struct search_wish *last)
{
    struct list l;
    struct cx *cx = fixture_begin(f, READ);
    CHECK(fixture_end(f, search_wish_list(cx, 0, &l)) == RC_OK);
    if (l.n)
        *last = *(const struct search_wish *)l.v;
    return l.n;
}

static void keeps_a_wish_and_thanks_for_it(void **state)
{
    struct fixture *f = fixture_of(state);
    struct search_wish w = { 0 };
    size_t before = wishes(f, &w);
    CHECK(get(f, fixture_address(f, "/search", "q", STR("喵喵喵"))).status == 200);
    struct answer a = post(f, "/search/wish", "q=%E5%96%B5%E5%96%B5%E5%96%B5&wish=%E7%BB%99%E7%8C%AB%E5%8A%9E%E8%AF%81");
    CHECK(a.status == 303);
    CHECK_STR(a.location, "/search/thanks");
    CHECK(get(f, "/search/thanks").status == 200);
    CHECK(wishes(f, &w) == before + 1);
    CHECK_STR(w.wish, "给猫办证");
    CHECK_STR(w.words, "喵喵喵");
    CHECK(post(f, "/search/wish", "q=%E5%96%B5&wish=").status == 303); /* the words alone are a wish */
    CHECK(wishes(f, &w) == before + 2);
}

static void refuses_a_bad_wish_and_keeps_what_was_typed(void **state)
{
    struct fixture *f = fixture_of(state);
    struct search_wish w;
    char text[1000] = "q=%E5%96%B5%E5%96%B5%E5%96%B5&wish=";
    size_t before = wishes(f, &w);
    CHECK(get(f, fixture_address(f, "/search", "q", STR("喵喵喵"))).status == 200);
    struct answer a = post(f, "/search/wish", "q=%E5%96%B5%E5%96%B5%E5%96%B5&wish=call+13800138000");
    CHECK(a.status == 422 && answer_has(&a, "不收个人信息") && answer_has(&a, "call 13800138000") && answer_has(&a, "没有找到“喵喵喵”"));
    CHECK(post(f, "/search/wish", "q=&wish=+").status == 422);
    for (size_t i = strlen(text), end = i + 201; i < end; i++)
        text[i] = 'a';
    CHECK(post(f, "/search/wish", text).status == 422);
    snprintf(f->csrf, sizeof f->csrf, "wrong");
    CHECK(post(f, "/search/wish", "q=a&wish=b").status == 403);
    CHECK(wishes(f, &w) == before);
}

static void one_address_may_not_wish_all_the_time(void **state)
{
    struct fixture *f = fixture_of(state);
    int kept = 0, status = 303;
    snprintf(f->address, sizeof f->address, "10.1.0.1");
    CHECK(get(f, fixture_address(f, "/search", "q", STR("喵喵喵"))).status == 200);
    for (; status == 303 && kept < 100; kept++)
        status = post(f, "/search/wish", "q=%E5%96%B5&wish=x").status;
    CHECK(status == 429 && kept > 3 && kept < 20);
}

/* Whichever database call fails, no wish and no count is half there. */
static void a_fault_leaves_nothing_behind(void **state)
{
    struct fixture *f = fixture_of(state);
    struct search_wish w;
    size_t before = wishes(f, &w);
    bool done = false;
    CHECK(get(f, fixture_address(f, "/search", "q", STR("喵喵喵"))).status == 200);
    for (int n = 0; !done; n++) {
        snprintf(f->address, sizeof f->address, "10.0.0.%d", n); /* one address may not wish so often */
        db_fail_after(f->db, n);
        struct answer a = post(f, "/search/wish", "q=%E5%96%B5&wish=x");
        db_fail_after(f->db, -1);
        done = a.status == 303 && wishes(f, &w) == before + 1;
        CHECK(done || wishes(f, &w) == before);
        CHECK(n < 30);
    }
}

/* ---- the index ---------------------------------------------------------------------------------------------------------------- */

static void makes_the_index_anew_only_when_the_public_version_changed(void **state)
{
    struct fixture *f = fixture_of(state);
    struct db_stats before = db_stats(f->app.local);
    CHECK(refresh(f) == RC_OK);
    CHECK(db_stats(f->app.local).units == before.units);
    struct cx *cx = fixture_begin(f, WRITE);
    CHECK(fixture_end(f, org_public_changed(cx)) == RC_OK);
    int64_t total = ask_words(f, "登记").total;
    CHECK(refresh(f) == RC_OK);
    CHECK(db_stats(f->app.local).units == before.units + 1);
    CHECK(ask_words(f, "登记").total == total);
    CHECK(ask_words(f, "开饭店").total == 1);
}

static void a_rebuild_that_fails_leaves_the_old_index(void **state)
{
    struct fixture *f = fixture_of(state);
    struct cx *cx = fixture_begin(f, WRITE);
    CHECK(fixture_end(f, org_public_changed(cx)) == RC_OK);
    db_fail_commit(f->app.local);
    CHECK(refresh(f) == RC_BUSY);
    CHECK(ask_words(f, "开饭店").total == 1);
    CHECK(refresh(f) == RC_OK);
    CHECK(ask_words(f, "开饭店").total == 1);
}

static void another_programs_index_is_thrown_away(void **state)
{
    struct fixture *f = fixture_of(state);
    struct str dir = arena_fmt(&f->kept, "%s/other", f->dir);
    static const struct migration strange = { .module = "search_local", .name = "999_strange",
                                              .sqlite = "CREATE TABLE x (a INTEGER) STRICT",
                                              .hash = "00" };
    CHECK(mkdir(dir.p, 0700) == 0);
    struct db_pool *p = db_open(arena_fmt(&f->kept, "sqlite:%s/search.db", dir.p).p);
    CHECK(p && db_migrate(p, &strange, 1, NULL) == RC_OK);
    db_close(p);
    p = search_open(dir.p);
    CHECK(p);
    for (size_t i = 0; i < search_local_nstatements; i++)
        CHECK(db_prepares(p, search_local_statements[i]));
    db_close(p);
    CHECK(!search_open("/nonexistent"));
}

static void prints_one_result_per_line(void **state)
{
    struct fixture *f = fixture_of(state);
    char *text = NULL;
    size_t n = 0;
    FILE *out = open_memstream(&text, &n);
    struct cx *cx = fixture_begin(f, READ);
    CHECK(search_print(cx, STR("我想开个饭店"), false, out) == RC_OK);
    CHECK(search_print(cx, STR("开饭店"), true, out) == RC_OK);
    CHECK(fixture_end(f, RC_OK) == RC_OK);
    fclose(out);
    struct str rest = { text, n };
    struct str line = str_cut(&rest, '\n');
    CHECK(str_starts(line, STR("食品经营许可\t11522627")) && str_ends(line, STR("\tcore")));
    json_t *j = json_loadb(rest.p, rest.n, 0, NULL);
    CHECK(json_array_size(json_object_get(j, "hits")) == 1);
    json_decref(j);
    free(text);
}

#define OF_SEARCH(f) cmocka_unit_test(f)
static const struct CMUnitTest index_tests[] = {
    OF_SEARCH(finds_what_people_mean_by_their_words),
    OF_SEARCH(folds_situations_of_one_main_item_into_one_result),
    OF_SEARCH(marks_the_official_word_for_an_everyday_word_and_the_characters_of_a_reading),
    OF_SEARCH(adds_less_certain_results_when_few_are_sure),
    OF_SEARCH(goes_straight_to_the_item_of_a_code),
    OF_SEARCH(answers_the_same_to_the_same),
    OF_SEARCH(pages_do_not_overlap_and_end),
    OF_SEARCH(facet_counts_are_kept),
    OF_SEARCH(narrows_down_to_a_body_and_a_subject),
    OF_SEARCH(page_and_json_say_the_same),
    OF_SEARCH(links_keep_the_question_and_the_choices),
    OF_SEARCH(without_words_there_are_subjects_and_bodies_to_choose_from),
    OF_SEARCH(says_what_was_searched_when_nothing_is_found),
    OF_SEARCH(takes_any_bytes_as_words),
    OF_SEARCH(refuses_broken_encoding),
    OF_SEARCH(counts_searches_in_vain_but_not_what_may_be_personal),
    OF_SEARCH(keeps_a_wish_and_thanks_for_it),
    OF_SEARCH(refuses_a_bad_wish_and_keeps_what_was_typed),
    OF_SEARCH(one_address_may_not_wish_all_the_time),
    OF_SEARCH(a_fault_leaves_nothing_behind),
    OF_SEARCH(makes_the_index_anew_only_when_the_public_version_changed),
    OF_SEARCH(a_rebuild_that_fails_leaves_the_old_index),
    OF_SEARCH(another_programs_index_is_thrown_away),
    OF_SEARCH(prints_one_result_per_line),
};

/* The index is SQLite whichever the main database: on PostgreSQL what touches the main database is run again. */
static const struct CMUnitTest main_tests[] = {
    OF_SEARCH(finds_what_people_mean_by_their_words),
    OF_SEARCH(page_and_json_say_the_same),
    OF_SEARCH(without_words_there_are_subjects_and_bodies_to_choose_from),
    OF_SEARCH(counts_searches_in_vain_but_not_what_may_be_personal),
    OF_SEARCH(keeps_a_wish_and_thanks_for_it),
    OF_SEARCH(refuses_a_bad_wish_and_keeps_what_was_typed),
    OF_SEARCH(a_fault_leaves_nothing_behind),
    OF_SEARCH(makes_the_index_anew_only_when_the_public_version_changed),
};

int main(void)
{
    int failed = cmocka_run_group_tests_name("search on sqlite", index_tests, on_sqlite, off);
    return failed + cmocka_run_group_tests_name("search on postgres", main_tests, on_postgres, off);
}

/* bench_search.c - search over 200,000 items: two characters, four characters, pinyin, traditional, sentences, against memmem
 * over all titles in the same run. usage: bench_search [ITEMS [QUERIES]]
 * SLOW=MS prints queries that took longer, KIND=N begins with that kind. The import of 200,000 items takes minutes. */
#include "base/conf.h"
#include "base/log.h"
#include "fixture.h"
#include "modules/catalog/catalog.h"
#include "modules/org/org.h"
#include "modules/search/search.h"
#include "modules/search/search_rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const struct module *const modules[] = { &org_module, &forms_module, &catalog_module, &search_module };

enum { NAMES_MAX = 2000, QUERIES_MAX = 5000 };

/* ---- small things ------------------------------------------------------------------------------------------------- */

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static uint64_t seed = 42;
static size_t below(size_t n)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (size_t)(seed >> 33) % n;
}

static int double_order(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

struct times {
    double v[QUERIES_MAX];
    size_t n;
};

static double at(struct times *t, double part)
{
    qsort(t->v, t->n, sizeof t->v[0], double_order);
    return t->n ? t->v[(size_t)((double)(t->n - 1) * part)] : 0;
}

/* ---- items: the county's, and names made of their halves ------------------------------------------------------------- */

struct source {
    struct fixture *f;
    struct str      names[NAMES_MAX];
    size_t          n;
    struct str      titles; /* all names, one per line */
};

static void names_read(struct source *s)
{
    struct list docs;
    int64_t after = 0;
    do {
        struct cx *cx = fixture_begin(s->f, READ);
        enum rc rc = catalog_doc_list(cx, after, &docs);
        for (size_t i = 0; i < docs.n && s->n < NAMES_MAX; i++) {
            const struct catalog_doc *d = (const struct catalog_doc *)docs.v + i;
            s->names[s->n++] = arena_str(&s->f->kept, d->name);
            after = d->id;
        }
        if (fixture_end(s->f, rc))
            panic("no items");
    } while (docs.n);
}

/* The front of one name and the back of another. */
static struct str name_make(struct source *s, struct arena *a)
{
    struct str x = s->names[below(s->n)], y = s->names[below(s->n)];
    size_t nx = str_runes(x), ny = str_runes(y), from = ny / 2;
    struct str head = str_first_runes(x, nx / 2 + 1), tail = y;
    for (size_t i = 0; i < from; i++)
        str_rune(&tail);
    return arena_fmt(a, STR_F STR_F, STR_A(head), STR_A(tail));
}

/* What a line has behind its situation. */
static struct str line_tail(struct str line)
{
    for (int i = 0; i < 6; i++)
        str_cut(&line, ',');
    return line;
}

static struct str csv_make(struct source *s, struct str head, const struct str *lines, size_t nlines, size_t from, size_t to)
{
    struct buf b;
    buf_init(&b, &s->f->unit, 16 << 20);
    buf_str(&b, head);
    for (size_t i = from; i < to; i++) {
        struct str line = lines[i % nlines], name = name_make(s, &s->f->unit);
        buf_fmt(&b, STR_F "000%09d,000%09d," STR_F ",,,," STR_F "\n", STR_A(str_sub(line, 0, 19)), (int)(i + 700000000),
                (int)(i + 700000000), STR_A(name), STR_A(line_tail(line)));
    }
    return buf_view(&b);
}

/* The county's plain lines (no quotes) as patterns. */
static size_t patterns(struct source *s, struct str text, struct str *head, struct str *lines, size_t max)
{
    size_t n = 0;
    *head = str_cut(&text, '\n');
    *head = arena_fmt(&s->f->kept, STR_F "\n", STR_A(*head));
    while (text.n && n < max) {
        struct str line = str_cut(&text, '\n');
        if (line.n && str_find_char(line, '"') < 0)
            lines[n++] = line;
    }
    return n;
}

static void items_import(struct source *s, size_t items)
{
    static struct str lines[NAMES_MAX];
    struct str text, head;
    if (file_read(DATA_DIR "/county/items.csv", 8 << 20, &s->f->kept, &text))
        panic("no items.csv");
    size_t n = patterns(s, text, &head, lines, NAMES_MAX);
    for (size_t from = s->n; from < items; from += 10000) {
        size_t to = from + 10000 < items ? from + 10000 : items;
        struct cx *cx = fixture_begin(s->f, WRITE);
        struct catalog_report report;
        struct catalog_tables t = { .items = csv_make(s, head, lines, n, from, to) };
        enum rc rc = catalog_import(cx, &t, true, &report);
        if (fixture_end(s->f, rc) || report.bad * 10 > (int64_t)(to - from))
            panic("synthetic items are refused: %d", (int)report.bad);
    }
}

/* ---- the index -------------------------------------------------------------------------------------------------------- */

static void index_make(struct fixture *f, size_t items)
{
    int64_t version = 0;
    double from = now_ms();
    struct cx *cx = fixture_begin(f, READ);
    enum rc rc = org_public_version(cx, &version);
    if (!rc)
        rc = search_refresh(cx, f->app.local, version);
    if (fixture_end(f, rc))
        panic("no index");
    printf("index of %zu items made in %.1f s\n", items, (now_ms() - from) / 1e3);
}

/* All titles of the index in one text, for the scan. */
static void titles_read(struct source *s)
{
    struct buf b;
    struct list docs;
    int64_t after = 0;
    buf_init(&b, &s->f->kept, 1 << 20);
    do {
        struct cx *cx = fixture_begin(s->f, READ);
        enum rc rc = catalog_doc_list(cx, after, &docs);
        for (size_t i = 0; i < docs.n; i++) {
            const struct catalog_doc *d = (const struct catalog_doc *)docs.v + i;
            buf_str(&b, d->name);
            buf_char(&b, '\n');
            after = d->id;
        }
        if (fixture_end(s->f, rc))
            panic("no items");
    } while (docs.n);
    s->titles = buf_view(&b);
}

/* ---- queries ---------------------------------------------------------------------------------------------------------- */

/* `n` characters out of a name, anywhere: what people type half-way, and often no word. */
static struct str piece(struct source *s, struct arena *a, size_t n)
{
    for (;;) {
        struct str name = s->names[below(s->n)];
        size_t runes = str_runes(name);
        if (runes < n)
            continue;
        for (size_t skip = below(runes - n + 1); skip > 0; skip--)
            str_rune(&name);
        struct str part = str_first_runes(name, n);
        if (search_has_token(part))
            return arena_str(a, part);
    }
}

enum kind { TWO, FOUR, HANT, PINYIN, INITIALS, SENTENCE_OF, NARROWED, KINDS };
static const char *const kind_names[KINDS] = { "2 characters", "4 characters", "2 traditional", "pinyin, 2-4", "initials, 3-4",
                                               "sentence", "2, narrowed" };

static struct search_runes all_runes;

static struct str initials(struct arena *a, struct str word)
{
    struct buf b;
    struct str sounds = search_sounds(a, word, &all_runes);
    buf_init(&b, a, 10);
    while (sounds.p)
        buf_str(&b, str_sub(str_cut(&sounds, ' '), 0, 1));
    return buf_view(&b);
}

static struct search_query query_make(struct source *s, struct arena *a, enum kind kind)
{
    struct search_query q = { .page = 1 };
    size_t runes = kind == FOUR || kind == SENTENCE_OF ? 4 : kind == PINYIN ? 2 + below(3) : kind == INITIALS ? 3 + below(2) : 2;
    struct str word = piece(s, a, runes);
    q.words = word;
    if (kind == HANT)
        q.words = text_hant(a, word);
    else if (kind == PINYIN)
        q.words = search_reading_of(a, word, &all_runes);
    else if (kind == INITIALS)
        q.words = initials(a, word);
    else if (kind == SENTENCE_OF)
        q.words = arena_fmt(a, "我想办理" STR_F "需要什么材料", STR_A(word));
    else if (kind == NARROWED)
        q.flags = SEARCH_PERSON | SEARCH_SPOT;
    return q;
}

static size_t scan(struct str titles, struct str word)
{
    size_t found = 0;
    while (titles.n) {
        const char *p = memmem(titles.p, titles.n, word.p, word.n);
        if (!p)
            break;
        found++;
        titles = str_sub(titles, (size_t)(p - titles.p) + word.n, titles.n);
    }
    return found;
}

/* What a scan would look for: it knows no readings, and of a sentence only the word in it. */
static struct str scanned(struct source *s, enum kind kind, struct str words)
{
    if (kind == PINYIN || kind == INITIALS)
        return piece(s, &s->f->unit, 2);
    return kind == SENTENCE_OF ? str_sub(words, strlen("我想办理"), words.n - strlen("我想办理需要什么材料")) : words;
}

static void kind_run(struct source *s, enum kind kind, size_t queries)
{
    static struct times search, memory;
    size_t empty = 0, capped = 0, seen = 0;
    search.n = memory.n = 0;
    for (size_t i = 0; i < queries; i++) {
        struct search_answer a;
        struct cx *cx = fixture_begin(s->f, READ);
        struct search_query q = query_make(s, cx->arena, kind);
        double from = now_ms();
        enum rc rc = search_find(cx, &q, &a);
        search.v[search.n++] = now_ms() - from;
        if (fixture_end(s->f, rc))
            panic("a search fails");
        if (getenv("SLOW") && search.v[search.n - 1] > atof(getenv("SLOW")))
            printf("  %.1f ms " STR_F " " STR_F " %d\n", search.v[search.n - 1], STR_A(q.words), STR_A(a.stage), (int)a.total);
        empty += a.total == 0;
        capped += a.more;
        from = now_ms();
        seen += scan(s->titles, scanned(s, kind, q.words));
        memory.v[memory.n++] = now_ms() - from;
    }
    printf("%-14s p50 %6.2f  p99 %6.2f  max %6.2f ms   memmem p50 %5.2f  p99 %5.2f ms   empty %zu, over %d hits %zu, seen %zu\n",
           kind_names[kind], at(&search, .5), at(&search, .99), at(&search, 1), at(&memory, .5), at(&memory, .99), empty,
           SEARCH_HITS_MAX, capped, seen);
}

int main(int argc, char **argv)
{
    static struct source s;
    size_t items = argc > 1 ? (size_t)atol(argv[1]) : 200000, queries = argc > 2 ? (size_t)atol(argv[2]) : 300;
    void *state = NULL;
    fixture_open(&state, DB_SQLITE, modules, countof(modules));
    s.f = state;
    s.f->app.local = search_open(s.f->dir);
    fixture_load_county(s.f);
    names_read(&s);
    double from = now_ms();
    items_import(&s, items);
    printf("%zu items imported in %.1f s\n", items, (now_ms() - from) / 1e3);
    index_make(s.f, items);
    titles_read(&s);
    all_runes = search_runes_make(&s.f->kept);
    printf("%zu bytes of titles, %zu queries of each kind\n", s.titles.n, queries);
    for (int k = getenv("KIND") ? atoi(getenv("KIND")) : 0; k < KINDS; k++)
        kind_run(&s, (enum kind)k, queries < QUERIES_MAX ? queries : QUERIES_MAX);
    return fixture_close(&state);
}

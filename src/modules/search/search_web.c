/* search_web.c - the search page, and the form for what was not found. */
#include "search_store.h"
#include "search_view.h"

#include "base/tally.h"
#include "modules/catalog/catalog.h"
#include "modules/org/org.h"

#include "search_sql.h"

enum { TYPED_MAX = 20000, WISH_MAX = 200, WISHES_PER_MINUTE = 6, PAGES_MAX = SEARCH_HITS_MAX / SEARCH_PAGE };

/* ---- records ---------------------------------------------------------------------------------------------------------- */

static const char *const stages[] = { "code", "direct", "core", "reading", "parts", "inside", "text", "homophone", "slip", "loose",
                                      "none", NULL };
#define V struct search_view
static const struct field view_fields[] = {
    FIELD(V, title), FIELD(V, q), FIELD(V, words), FIELD_WORD(V, stage, stages, "search.stage"), FIELD(V, prev), FIELD(V, next),
    FIELD(V, clear), FIELD(V, wish), FIELD(V, total), FIELD(V, page_no), FIELD(V, pages), FIELD(V, empty), FIELD(V, none),
    FIELD(V, more), FIELD(V, cut), FIELD(V, narrowed), FIELD(V, sent), FIELD(V, paged), FIELD(V, has_maybe), FIELD(V, has_facets),
    FIELD(V, has_who), FIELD(V, has_ways), FIELD(V, has_bodies), FIELD(V, has_subjects),
    FIELD(V, has_near), FIELD_LIST(V, hits, &SEARCH_HIT), FIELD_LIST(V, maybe, &SEARCH_HIT),
    FIELD_LIST(V, near, &SEARCH_WORD), FIELD_LIST(V, who, &SEARCH_FACET), FIELD_LIST(V, ways, &SEARCH_FACET),
    FIELD_LIST(V, bodies, &SEARCH_FACET), FIELD_LIST(V, subjects, &SEARCH_FACET), FIELD_LIST(V, person, &CATALOG_SUBJECT),
    FIELD_LIST(V, firm, &CATALOG_SUBJECT), FIELD_LIST(V, organs, &ORG_BODY),
};
const struct record SEARCH_VIEW = RECORD(V, view_fields);

/* The address as asked. Long questions are cut, not refused. */
struct search_in {
    struct str q, who, body, subject;
    bool       online, spot, free;
    int64_t    page;
};
static const char *const who_words[] = { "person", "firm", "org", NULL };
#define I struct search_in
static const struct field in_fields[] = {
    FIELD(I, q, .max = TYPED_MAX, .multiline = true), FIELD_WORD(I, who, who_words, "search.facet"), FIELD(I, online), FIELD(I, spot),
    FIELD(I, free), FIELD(I, body, .max = 18), FIELD(I, subject, .max = 20), FIELD(I, page, .min = 1, .max = PAGES_MAX),
};
static const struct record SEARCH_IN = RECORD(I, in_fields);

struct wish_in {
    struct str q, wish;
};
static const struct field wish_fields[] = {
    FIELD(struct wish_in, q, .max = TYPED_MAX, .multiline = true), FIELD(struct wish_in, wish, .max = WISH_MAX, .multiline = true)
};
static const struct record WISH_IN = RECORD(struct wish_in, wish_fields);

/* ---- addresses -------------------------------------------------------------------------------------------------------- */

static void put_param(struct buf *b, const char *name, struct str value)
{
    if (!value.n)
        return;
    buf_str(b, b->n > sizeof "/search" - 1 ? STR("&") : STR("?"));
    buf_str(b, str_c(name));
    buf_char(b, '=');
    buf_url(b, value);
}

static struct str address_of(struct arena *a, const struct search_in *in, struct str words, int64_t page)
{
    struct buf b;
    buf_init(&b, a, 200);
    buf_lit(&b, "/search");
    put_param(&b, "q", words);
    put_param(&b, "who", in->who);
    put_param(&b, "online", in->online ? STR("1") : STR(""));
    put_param(&b, "spot", in->spot ? STR("1") : STR(""));
    put_param(&b, "free", in->free ? STR("1") : STR(""));
    put_param(&b, "body", in->body);
    put_param(&b, "subject", in->subject);
    if (page > 1)
        put_param(&b, "page", arena_fmt(a, "%d", (int)page));
    return buf_view(&b);
}

/* Each facet's address: the same question with this chosen, or without it when it is. */
typedef void choose_fn(struct search_in *in, const struct search_facet *f);

static void choose_who(struct search_in *in, const struct search_facet *f)
{
    in->who = f->on ? STR("") : f->value;
}

static void choose_way(struct search_in *in, const struct search_facet *f)
{
    bool *which = str_is(f->word, "web") ? &in->online : str_is(f->word, "spot") ? &in->spot : &in->free;
    *which = !f->on;
}

static void choose_body(struct search_in *in, const struct search_facet *f)
{
    in->body = f->on ? STR("") : f->value;
}

static void choose_subject(struct search_in *in, const struct search_facet *f)
{
    in->subject = f->on ? STR("") : f->value;
}

static void hrefs_fill(struct arena *a, const struct search_in *in, struct str words, const struct list *facets, choose_fn *choose)
{
    struct search_facet *f = facets->v;
    for (size_t i = 0; i < facets->n; i++) {
        struct search_in other = *in;
        choose(&other, &f[i]);
        f[i].href = address_of(a, &other, words, 1);
    }
}

/* ---- searching -------------------------------------------------------------------------------------------------------- */

static struct search_query query_of(const struct search_in *in)
{
    int64_t who = str_is(in->who, "person") ? SEARCH_PERSON
                  : str_is(in->who, "firm") ? SEARCH_FIRM
                  : str_is(in->who, "org")  ? SEARCH_ORG
                                            : 0;
    return (struct search_query){
        .words = in->q, .body = in->body, .subject = in->subject, .page = in->page,
        .flags = who | (in->online ? SEARCH_WEB : 0) | (in->spot ? SEARCH_SPOT : 0) | (in->free ? SEARCH_FREE : 0),
    };
}

static void links_fill(struct cx *cx, const struct search_in *in, const struct search_answer *a, struct search_view *v)
{
    const struct search_in bare = { .who = STR(""), .body = STR(""), .subject = STR("") };
    hrefs_fill(cx->arena, in, a->words, &a->who, choose_who);
    hrefs_fill(cx->arena, in, a->words, &a->ways, choose_way);
    hrefs_fill(cx->arena, in, a->words, &a->bodies, choose_body);
    hrefs_fill(cx->arena, in, a->words, &a->subjects, choose_subject);
    v->clear = address_of(cx->arena, &bare, a->words, 1);
    v->prev = a->page > 1 ? address_of(cx->arena, in, a->words, a->page - 1) : STR("");
    v->next = a->page < a->pages ? address_of(cx->arena, in, a->words, a->page + 1) : STR("");
}

/* Those that would leave something out, or are chosen. */
static struct list facets_useful(const struct list *all, int64_t total)
{
    struct search_facet *f = all->v;
    size_t n = 0;
    for (size_t i = 0; i < all->n; i++)
        if (f[i].on || f[i].count < total)
            f[n++] = f[i];
    return (struct list){ f, n };
}

static void facets_show(const struct search_answer *a, struct search_view *v)
{
    v->who = facets_useful(&a->who, a->total);
    v->ways = facets_useful(&a->ways, a->total);
    v->bodies = facets_useful(&a->bodies, a->total);
    v->subjects = facets_useful(&a->subjects, a->total);
    v->has_who = v->who.n > 0;
    v->has_ways = v->ways.n > 0;
    v->has_bodies = v->bodies.n > 0;
    v->has_subjects = v->subjects.n > 0;
    v->has_facets = v->has_who || v->has_ways || v->has_bodies || v->has_subjects;
}

static void answer_show(struct cx *cx, const struct search_in *in, const struct search_answer *a, struct search_view *v)
{
    v->title = v->words = a->words;
    v->stage = a->stage;
    v->total = a->total;
    v->page_no = a->page;
    v->pages = a->pages;
    v->more = a->more;
    v->cut = a->cut;
    v->none = a->total == 0;
    v->narrowed = query_of(in).flags || in->body.n || in->subject.n;
    links_fill(cx, in, a, v);
    v->paged = a->pages > 1;
    v->has_maybe = a->maybe.n > 0;
    v->has_near = a->near.n > 0;
    v->hits = a->hits;
    v->maybe = a->maybe;
    v->near = a->near;
    facets_show(a, v);
}

/* Nothing asked: subjects and bodies to choose from. */
static enum rc browse_show(struct cx *cx, struct search_view *v)
{
    struct list all;
    enum rc rc = catalog_subject_list(cx, &all);
    if (!rc)
        rc = org_body_list(cx, &v->organs);
    if (rc)
        return rc;
    struct catalog_subject *s = all.v, *person = arena_many(cx->arena, struct catalog_subject, all.n),
                           *firm = arena_many(cx->arena, struct catalog_subject, all.n);
    for (size_t i = 0; i < all.n; i++)
        if (str_is(s[i].face, "person"))
            person[v->person.n++] = s[i];
        else
            firm[v->firm.n++] = s[i];
    v->person.v = person;
    v->firm.v = firm;
    v->empty = true;
    v->title = STR("");
    return RC_OK;
}

/* What nobody finds is worth knowing; what may be about a person is not kept. */
static void miss_count(struct cx *cx, const struct search_view *v)
{
    if (v->none && !v->narrowed && !search_is_private(v->words))
        tally_add(cx->app->misses, v->words);
}

static enum rc view_fill(struct cx *cx, const struct search_in *in, struct search_view *v, struct str *out_item)
{
    struct search_query query = query_of(in);
    struct search_answer a;
    enum rc rc = search_find(cx, &query, &a);
    *out_item = STR("");
    v->q = in->q.p ? in->q : STR("");
    if (rc)
        return rc;
    if (!a.words.n)
        return browse_show(cx, v);
    answer_show(cx, in, &a, v);
    *out_item = a.item;
    return RC_OK;
}

static enum rc search_show(struct cx *cx, const struct req *rq, void *out)
{
    struct str item;
    enum rc rc = view_fill(cx, rq->in, out, &item);
    if (rc)
        return rc;
    miss_count(cx, out);
    if (item.n)
        reply_see(rq, arena_fmt(cx->arena, "/items/" STR_F, STR_A(item)));
    return RC_OK;
}

/* ---- wishes ------------------------------------------------------------------------------------------------------------- */

static enum rc wish_add(struct cx *cx, const struct req *rq, void *out)
{
    const struct wish_in *in = rq->in;
    struct search_view *v = out;
    struct str words = search_fold(cx->arena, in->q, SEARCH_RUNES_MAX);
    if (!in->wish.n && !words.n)
        return cx_invalid(cx, "wish", "search.wish_empty");
    if (search_has_number(in->wish))
        return cx_invalid(cx, "wish", "search.wish_private");
    struct search_wish w = { .id = db_id(cx), .made_at = { cx->now }, .wish = in->wish,
                             .words = search_is_private(words) ? STR("") : words };
    v->sent = true;
    reply_see(rq, STR("/search/thanks"));
    return store_wish_add(cx, &w);
}

static enum rc wish_again(struct cx *cx, const struct req *rq, void *out)
{
    const struct wish_in *in = rq->in;
    struct str item;
    return view_fill(cx, &(struct search_in){ .q = in->q }, out, &item);
}

static enum rc thanks_show(struct cx *cx UNUSED, const struct req *rq UNUSED, void *out UNUSED)
{
    return RC_OK;
}

static const struct route routes[] = {
    { GET, "/search", search_show, READ, NEED_NOBODY, .in = &SEARCH_IN, .out = &SEARCH_VIEW, .page = &tmpl_search,
      .title = "找事项", .nav = "items" },
    { POST, "/search/wish", wish_add, WRITE, NEED_NOBODY, .in = &WISH_IN, .out = &SEARCH_VIEW, .page = &tmpl_search,
      .title = "找事项", .again = wish_again, .per_minute = WISHES_PER_MINUTE, .nav = "items" },
    { GET, "/search/thanks", thanks_show, READ, NEED_NOBODY, .out = &SEARCH_VIEW, .page = &tmpl_search_thanks,
      .title = "已经记下", .nav = "items" },
};

const struct module search_module = {
    .name = "search",
    .routes = routes,
    .nroutes = countof(routes),
    .sql = search_sql,
    .nsql = countof(search_sql),
    .schema = search_schema,
    .nschema = countof(search_schema),
};

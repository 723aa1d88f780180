/* search.c - a question to the local index: understand, find, order, fold situations into one result, count, show. */
#include "search_priv.h"

#include "base/json.h"
#include "base/log.h"
#include "base/tally.h"

#include <stdlib.h>
#include <string.h>

enum { FACET_LINES = 10, NEAR_WORDS = 6, FLAGS = 6 };

/* ---- records -------------------------------------------------------------------------------------------------------- */

static const struct field situation_fields[] = { FIELD(struct search_situation, code), FIELD(struct search_situation, name) };
static const struct record SITUATION = RECORD(struct search_situation, situation_fields);
static const char *const kinds[] = { "on_spot", "promised", NULL };
static const char *const units[] = { "WD", "CD", "", NULL };
#define H struct search_hit
static const struct field hit_fields[] = {
    FIELD(H, code), FIELD(H, name), FIELD(H, main_name), FIELD_WORD(H, kind, kinds, "catalog.kind"), FIELD(H, promised_days),
    FIELD_WORD(H, promised_unit, units, "catalog.unit"), FIELD(H, fee), FIELD(H, body_short), FIELD(H, alias), FIELD(H, more),
    FIELD(H, has_situations),
    FIELD(H, marked, .secret = true), FIELD_LIST(H, situations, &SITUATION),
};
const struct record SEARCH_HIT = RECORD(H, hit_fields);

static const char *const facet_words[] = { "person", "firm", "org", "web", "spot", "free", NULL };
static const struct field facet_fields[] = {
    FIELD_WORD(struct search_facet, word, facet_words, "search.facet"), FIELD(struct search_facet, name),
    FIELD(struct search_facet, value), FIELD(struct search_facet, href), FIELD(struct search_facet, count), FIELD(struct search_facet, on),
};
const struct record SEARCH_FACET = RECORD(struct search_facet, facet_fields);

static const struct field word_fields[] = { FIELD(struct search_word, word) };
const struct record SEARCH_WORD = RECORD(struct search_word, word_fields);

#define A struct search_answer
static const struct field answer_fields[] = {
    FIELD(A, words), FIELD(A, stage), FIELD(A, item), FIELD(A, cut), FIELD(A, more), FIELD(A, total), FIELD(A, page), FIELD(A, pages),
    FIELD_LIST(A, hits, &SEARCH_HIT), FIELD_LIST(A, maybe, &SEARCH_HIT), FIELD_LIST(A, near, &SEARCH_WORD),
    FIELD_LIST(A, who, &SEARCH_FACET), FIELD_LIST(A, ways, &SEARCH_FACET), FIELD_LIST(A, bodies, &SEARCH_FACET),
    FIELD_LIST(A, subjects, &SEARCH_FACET),
};
static const struct record ANSWER = RECORD(A, answer_fields);

/* ---- understanding -------------------------------------------------------------------------------------------------- */

static enum rc subject_bit(struct cx *cx, struct str code, int64_t *out)
{
    struct list all;
    enum rc rc = store_subjects(cx, &all);
    for (size_t i = 0; !rc && i < all.n; i++) {
        const struct search_name *s = (const struct search_name *)all.v + i;
        if (str_eq(s->code, code))
            *out = INT64_C(1) << s->id;
    }
    return rc;
}

static enum rc filter_fill(struct cx *cx, const struct search_query *in, struct asked *q)
{
    enum rc rc = RC_OK;
    q->filter.flags = in->flags;
    if (in->body.n) {
        rc = store_body_by_code(cx, in->body, &q->filter.body);
        q->impossible |= rc == RC_NOT_FOUND;
        rc = rc == RC_NOT_FOUND ? RC_OK : rc;
    }
    if (!rc && in->subject.n) {
        rc = subject_bit(cx, in->subject, &q->filter.subjects);
        q->impossible |= !q->filter.subjects;
    }
    return rc;
}

static enum rc understand(struct cx *cx, const struct search_query *in, struct asked *q)
{
    struct str folded = search_fold(cx->arena, in->words, SEARCH_RUNES_MAX);
    *q = (struct asked){ .cut = str_runes(in->words) > SEARCH_RUNES_MAX };
    enum rc rc = store_runes_of(cx, folded, &q->runes);
    if (rc)
        return rc;
    q->text = search_simplify(cx->arena, folded, &q->runes);
    q->core = search_core(cx->arena, q->text);
    q->reading = search_reading_of(cx->arena, q->text, &q->runes);
    return filter_fill(cx, in, q);
}

/* ---- order and groups ------------------------------------------------------------------------------------------------ */

static int hit_order(const void *pa, const void *pb)
{
    const struct hit *a = pa, *b = pb;
    if (a->fit != b->fit)
        return a->fit < b->fit ? -1 : 1;
    if (a->score != b->score)
        return a->score > b->score ? -1 : 1;
    return (a->row.id > b->row.id) - (a->row.id < b->row.id);
}

/* Results with the same main item. */
struct group {
    int64_t grp, flags, body, subjects;
    size_t  lead; /* index of its best hit */
};

struct groups {
    struct group *v;
    size_t        n;
};

/* What the steps found, as hits and as the results they make. */
struct found {
    struct hits   hits;
    struct groups groups;
};

static struct group *group_find(const struct groups *g, int64_t grp)
{
    for (size_t i = 0; i < g->n; i++)
        if (g->v[i].grp == grp)
            return &g->v[i];
    return NULL;
}

/* The hits in order, each item once and at most SEARCH_HITS_MAX, and the results they make, in order of their best. */
static void hits_group(struct cx *cx, struct hits *h, struct groups *out)
{
    if (h->n)
        qsort(h->v, h->n, sizeof *h->v, hit_order);
    *out = (struct groups){ arena_many(cx->arena, struct group, h->n), 0 };
    int64_t *seen = arena_many(cx->arena, int64_t, h->n);
    size_t n = 0;
    for (size_t i = 0; i < h->n && n < SEARCH_HITS_MAX; i++) {
        const struct search_row *r = &h->v[i].row;
        bool again = false;
        for (size_t k = 0; k < n && !again; k++)
            again = seen[k] == r->id;
        if (again)
            continue;
        struct group *g = group_find(out, r->grp);
        if (!g) {
            g = &out->v[out->n++];
            *g = (struct group){ .grp = r->grp, .body = r->body, .lead = n };
        }
        g->flags |= r->flags;
        g->subjects |= r->subjects;
        seen[n] = r->id;
        h->v[n++] = h->v[i];
    }
    h->more |= h->n > SEARCH_HITS_MAX && n == SEARCH_HITS_MAX;
    h->n = n;
}

/* ---- showing --------------------------------------------------------------------------------------------------------- */

/* Spans are counted in the folded name; they hold for the name itself when folding changed no length. */
static struct html marked(struct cx *cx, const struct asked *q, const struct search_card *c)
{
    struct search_span spans[TERMS_MAX + 1];
    size_t n = 0;
    if (str_runes(c->name) == str_runes(c->plain)) {
        for (size_t i = 0; i < q->nterms; i++)
            n += search_span_of(c->plain, q->term[i], &spans[n]);
        if (!n)
            n += search_span_by_sound(c->sounds, q->reading, &spans[n]);
    }
    return search_mark(cx->arena, c->name, spans, n);
}

/* The situation's own word says enough unless another of the list has the same. */
static void situations_name(struct search_situation *s, const struct search_card *cards, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        bool alone = cards[i].situation.n > 0;
        for (size_t k = 0; k < n && alone; k++)
            alone = k == i || !str_eq(cards[i].situation, cards[k].situation);
        s[i] = (struct search_situation){ cards[i].code, alone ? cards[i].situation : cards[i].name };
    }
}

static enum rc situations_fill(struct cx *cx, const struct hits *h, const struct group *g, struct search_hit *out)
{
    struct search_card cards[SEARCH_SITUATIONS];
    size_t n = 0;
    enum rc rc = RC_OK;
    for (size_t i = g->lead + 1; i < h->n && !rc; i++) {
        if (h->v[i].row.grp != g->grp)
            continue;
        if (n < SEARCH_SITUATIONS)
            rc = store_card(cx, h->v[i].row.id, &cards[n++]);
        else
            out->more++;
    }
    if (rc)
        return rc;
    struct search_situation *s = arena_many(cx->arena, struct search_situation, n);
    situations_name(s, cards, n);
    out->situations = (struct list){ s, n };
    out->has_situations = n > 0;
    return RC_OK;
}

static enum rc hit_fill(struct cx *cx, const struct asked *q, const struct hits *h, const struct group *g, struct search_hit *out)
{
    struct search_card c;
    enum rc rc = store_card(cx, h->v[g->lead].row.id, &c);
    if (rc)
        return rc;
    struct str aliases = c.alias;
    *out = (struct search_hit){
        .code = c.code, .name = c.name, .main_name = str_eq(c.main_name, c.name) ? STR("") : c.main_name, .kind = c.kind,
        .promised_unit = c.promised_unit, .promised_days = c.promised_days, .body_short = c.body_short, .fee = c.fee,
        .alias = aliases.n ? str_cut(&aliases, '\n') : STR(""), .marked = marked(cx, q, &c),
    };
    return situations_fill(cx, h, g, out);
}

/* Results [from, from + most). */
struct window {
    size_t from, most;
};

static enum rc hits_show(struct cx *cx, const struct asked *q, const struct found *f, struct window w, struct list *out)
{
    size_t left = w.from < f->groups.n ? f->groups.n - w.from : 0, n = left < w.most ? left : w.most;
    struct search_hit *v = arena_many(cx->arena, struct search_hit, n);
    enum rc rc = RC_OK;
    for (size_t i = 0; i < n && !rc; i++)
        rc = hit_fill(cx, q, &f->hits, &f->groups.v[w.from + i], &v[i]);
    *out = (struct list){ v, n };
    return rc;
}

/* ---- what could be narrowed down to ------------------------------------------------------------------------------------ */

static const struct {
    int64_t     flag;
    const char *word;
    bool        is_who;
} flag_words[FLAGS] = {
    { SEARCH_PERSON, "person", true }, { SEARCH_FIRM, "firm", true }, { SEARCH_ORG, "org", true },
    { SEARCH_WEB, "web", false },      { SEARCH_SPOT, "spot", false }, { SEARCH_FREE, "free", false },
};

static struct list flags_count(struct cx *cx, const struct groups *g, int64_t chosen, bool is_who)
{
    struct search_facet *v = arena_many(cx->arena, struct search_facet, FLAGS);
    size_t n = 0;
    for (size_t i = 0; i < FLAGS; i++) {
        struct search_facet f = { .word = str_c(flag_words[i].word), .on = (chosen & flag_words[i].flag) != 0 };
        for (size_t k = 0; k < g->n; k++)
            f.count += (g->v[k].flags & flag_words[i].flag) != 0;
        f.value = is_who ? f.word : STR("1");
        if (flag_words[i].is_who == is_who && (f.count || f.on))
            v[n++] = f;
    }
    return (struct list){ v, n };
}

static int facet_order(const void *pa, const void *pb)
{
    const struct search_facet *a = pa, *b = pb;
    return a->count != b->count ? (a->count > b->count ? -1 : 1) : str_cmp(a->value, b->value);
}

static bool in_group(const struct group *g, const struct search_name *name, bool is_body)
{
    return is_body ? g->body == name->id : (g->subjects >> name->id & 1) != 0;
}

/* Bodies or subjects that occur, most frequent first. */
static struct list names_count(struct cx *cx, const struct groups *g, const struct list *names, struct str chosen, bool is_body)
{
    struct search_facet *v = arena_many(cx->arena, struct search_facet, names->n);
    size_t n = 0;
    for (size_t i = 0; i < names->n; i++) {
        const struct search_name *name = (const struct search_name *)names->v + i;
        struct search_facet f = { .word = STR(""), .name = name->name, .value = name->code, .on = str_eq(name->code, chosen) };
        for (size_t k = 0; k < g->n; k++)
            f.count += in_group(&g->v[k], name, is_body);
        if (f.on || (f.count && !chosen.n))
            v[n++] = f;
    }
    if (n)
        qsort(v, n, sizeof *v, facet_order);
    return (struct list){ v, n < FACET_LINES ? n : FACET_LINES };
}

static enum rc facets_fill(struct cx *cx, const struct search_query *in, const struct groups *g, struct search_answer *out)
{
    struct list bodies, subjects;
    enum rc rc = store_bodies(cx, &bodies);
    if (!rc)
        rc = store_subjects(cx, &subjects);
    if (rc)
        return rc;
    out->who = flags_count(cx, g, in->flags, true);
    out->ways = flags_count(cx, g, in->flags, false);
    out->bodies = names_count(cx, g, &bodies, in->body, true);
    out->subjects = names_count(cx, g, &subjects, in->subject, false);
    return RC_OK;
}

/* ---- nothing found ---------------------------------------------------------------------------------------------------- */

static size_t shared_runes(struct str a, struct str b)
{
    size_t n = 0;
    while (a.n) {
        struct str before = a;
        if (str_rune(&a) >= 0x80)
            n += str_find(b, (struct str){ before.p, before.n - a.n }) >= 0;
    }
    return n;
}

/* Everyday words that share characters with what was asked, those that share most first. */
static enum rc near_fill(struct cx *cx, const struct asked *q, struct search_answer *out)
{
    struct list all;
    enum rc rc = store_near_words(cx, &all);
    if (rc)
        return rc;
    const struct search_pair *p = all.v;
    struct search_word *v = arena_many(cx->arena, struct search_word, NEAR_WORDS);
    for (size_t want = 4; want > 0; want--)
        for (size_t i = 0; i < all.n && out->near.n < NEAR_WORDS; i++)
            if ((!i || !str_eq(p[i].word, p[i - 1].word)) && shared_runes(p[i].word, q->core) == want)
                v[out->near.n++].word = p[i].word;
    out->near.v = v;
    return RC_OK;
}

/* ---- the answer --------------------------------------------------------------------------------------------------------- */

/* Step after step until one finds something. */
static enum rc steps_run(struct cx *cx, struct asked *q, struct hits *h, const struct step **out)
{
    enum rc rc = RC_OK;
    *out = NULL;
    for (size_t i = 0; i < search_nsteps && !rc && !h->n; i++) {
        *out = &search_steps[i];
        rc = search_steps[i].run(cx, q, h);
    }
    if (!h->n)
        *out = NULL;
    return rc;
}

/* Few sure results get the company of what the guides say. */
static enum rc maybe_fill(struct cx *cx, struct asked *q, const struct groups *sure, struct search_answer *out)
{
    struct found f = { 0 };
    size_t n = 0;
    enum rc rc = search_step_text(cx, q, &f.hits);
    if (rc)
        return rc;
    for (size_t i = 0; i < f.hits.n; i++)
        if (!group_find(sure, f.hits.v[i].row.grp))
            f.hits.v[n++] = f.hits.v[i];
    f.hits.n = n;
    hits_group(cx, &f.hits, &f.groups);
    return hits_show(cx, q, &f, (struct window){ 0, SEARCH_MAYBE }, &out->maybe);
}

static void counts_fill(const struct search_query *in, const struct found *f, const struct step *step, struct search_answer *out)
{
    out->stage = str_c(step ? step->word : "none");
    out->total = (int64_t)f->groups.n;
    out->more = f->hits.more;
    out->pages = (out->total + SEARCH_PAGE - 1) / SEARCH_PAGE;
    out->page = in->page < 1 || !out->pages ? 1 : in->page > out->pages ? out->pages : in->page;
}

static enum rc answer_fill(struct cx *cx, const struct search_query *in, struct asked *q, struct search_answer *out)
{
    struct found f = { 0 };
    const struct step *step = NULL;
    enum rc rc = q->impossible ? RC_OK : steps_run(cx, q, &f.hits, &step);
    if (rc)
        return rc;
    hits_group(cx, &f.hits, &f.groups);
    counts_fill(in, &f, step, out);
    struct window page = { (size_t)(out->page - 1) * SEARCH_PAGE, SEARCH_PAGE };
    rc = hits_show(cx, q, &f, page, &out->hits);
    if (!rc)
        rc = facets_fill(cx, in, &f.groups, out);
    if (!rc && !f.groups.n)
        rc = near_fill(cx, q, out);
    if (!rc && step && step->is_sure && f.groups.n < SEARCH_MAYBE)
        rc = maybe_fill(cx, q, &f.groups, out);
    if (!rc && str_is(out->stage, "code") && f.hits.n == 1)
        out->item = ((const struct search_hit *)out->hits.v)->code;
    return rc;
}

static enum rc find(struct cx *cx, const struct search_query *in, struct search_answer *out)
{
    struct asked *q = arena_new(cx->arena, struct asked);
    enum rc rc = understand(cx, in, q);
    *out = (struct search_answer){ .words = q->text, .cut = q->cut, .stage = STR("none"), .item = STR(""), .page = 1 };
    return rc || !q->text.n ? rc : answer_fill(cx, in, q, out);
}

enum rc search_find(struct cx *cx, const struct search_query *q, struct search_answer *out)
{
    struct cx local = *cx;
    local.db = db_session(cx->app->local);
    enum rc rc = db_begin(local.db, READ);
    if (!rc)
        rc = db_rollback(local.db, find(&local, q, out));
    db_give_back(local.db);
    return rc;
}

static void answer_print(const struct search_answer *a, FILE *out)
{
    for (size_t i = 0; i < a->hits.n; i++) {
        const struct search_hit *h = (const struct search_hit *)a->hits.v + i;
        fprintf(out, STR_F "\t" STR_F "\t" STR_F "\n", STR_A(h->name), STR_A(h->code), STR_A(a->stage));
    }
}

enum rc search_print(struct cx *cx, struct str words, bool json, FILE *out)
{
    struct search_answer a;
    enum rc rc = search_find(cx, &(struct search_query){ .words = words, .page = 1 }, &a);
    if (rc)
        return rc;
    if (!json) {
        answer_print(&a, out);
        return RC_OK;
    }
    struct buf b;
    buf_init(&b, cx->arena, 16 * 1024);
    json_write(&b, &ANSWER, &a);
    fprintf(out, STR_F "\n", STR_A(buf_view(&b)));
    return RC_OK;
}

enum rc search_flush(struct cx *cx)
{
    struct list counts;
    enum rc rc = RC_OK;
    tally_take(cx->app->misses, cx->arena, &counts);
    for (size_t i = 0; i < counts.n && !rc; i++) {
        const struct tally_count *c = (const struct tally_count *)counts.v + i;
        rc = store_miss_add(cx, day_at(cx->now), c->key, c->n);
    }
    return rc;
}

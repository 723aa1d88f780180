/* catalog_web.c - the public pages of the catalogue: home, browsing, guide, sitemap. */
#include "modules/calendar/calendar.h"
#include "catalog_view.h"
#include "modules/catalog/catalog_store.h"
#include "modules/holidays/holidays.h"
#include "modules/org/org.h"
#include "modules/places/places.h"

#include <string.h>

enum { PAGE_LINES = 50 };

/* ---- small things ----------------------------------------------------------------------------------------------- */

static size_t count_char(struct str s, char c)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++)
        n += s.p[i] == c;
    return n;
}

/* "a;b;c" as a list of one-field records. */
static struct list split_list(struct arena *a, struct str text, char sep)
{
    struct catalog_word *v = arena_many(a, struct catalog_word, count_char(text, sep) + 1);
    size_t n = 0;
    while (text.n) {
        struct str part = str_trim(str_cut(&text, sep));
        if (part.n)
            v[n++].word = part;
    }
    return (struct list){ v, n };
}

/* ---- home ------------------------------------------------------------------------------------------------------- */

/* Subjects of one face, and how many. */
static struct list subjects_of(struct arena *a, const struct list *all, const char *face)
{
    struct catalog_subject *v = arena_many(a, struct catalog_subject, all->n);
    size_t n = 0;
    for (size_t i = 0; i < all->n; i++)
        if (str_is(((const struct catalog_subject *)all->v)[i].face, face))
            v[n++] = ((const struct catalog_subject *)all->v)[i];
    return (struct list){ v, n };
}

static enum rc home(struct cx *cx, const struct req *rq UNUSED, void *out)
{
    struct home_view *v = out;
    struct list subjects;
    struct catalog_counts c;
    struct org_counts o;
    enum rc rc = catalog_subject_list(cx, &subjects);
    if (!rc)
        rc = catalog_frequent_list(cx, &v->frequent);
    if (!rc)
        rc = catalog_store_counts(cx, &c);
    if (!rc)
        rc = org_counts_get(cx, &o);
    if (rc)
        return rc;
    v->firm = subjects_of(cx->arena, &subjects, "firm");
    v->person = subjects_of(cx->arena, &subjects, "person");
    v->items = c.items;
    v->on_spot = c.on_spot;
    v->to_complete = c.items - c.complete;
    v->bodies = o.bodies;
    v->windows = o.windows;
    v->stations = o.stations;
    v->today = day_at(cx->now);
    return RC_OK;
}

/* ---- browsing ---------------------------------------------------------------------------------------------------- */

struct page_in {
    struct str after;
};
static const struct field page_fields[] = { FIELD(struct page_in, after, .max = 31) };
static const struct record PAGE_IN = RECORD(struct page_in, page_fields);

/* Fifty lines and, if there are more, where to go on. */
static void lines_fill(struct list *lines, struct str *next)
{
    if (lines->n <= PAGE_LINES)
        return;
    lines->n = PAGE_LINES;
    *next = ((const struct catalog_line *)lines->v)[PAGE_LINES - 1].code;
}

static enum rc subject_show(struct cx *cx, const struct req *rq, void *out)
{
    const struct page_in *in = rq->in;
    struct list_view *v = out;
    struct catalog_subject s;
    enum rc rc = catalog_store_subject(cx, req_param(rq, "code"), &s);
    if (!rc)
        rc = catalog_store_list_by_subject(cx, s.code, in->after, &v->lines);
    if (rc)
        return rc;
    v->title = s.name;
    v->face = s.face;
    v->total = s.items;
    v->path = rq->path;
    lines_fill(&v->lines, &v->next);
    return RC_OK;
}

static int64_t items_of(const struct list *counts, int64_t body)
{
    const struct catalog_body_count *c = counts->v;
    for (size_t i = 0; i < counts->n; i++)
        if (c[i].body == body)
            return c[i].items;
    return 0;
}

static enum rc bodies_show(struct cx *cx, const struct req *rq UNUSED, void *out)
{
    struct bodies_view *v = out;
    struct list bodies, counts;
    enum rc rc = org_body_list(cx, &bodies);
    if (!rc)
        rc = catalog_store_body_counts(cx, &counts);
    if (rc)
        return rc;
    struct body_line *lines = arena_many(cx->arena, struct body_line, bodies.n);
    for (size_t i = 0; i < bodies.n; i++) {
        const struct org_body *b = (const struct org_body *)bodies.v + i;
        lines[i] = (struct body_line){ b->code, b->name, b->duty, b->phone, items_of(&counts, b->id) };
    }
    v->bodies = (struct list){ lines, bodies.n };
    v->total = (int64_t)bodies.n;
    return RC_OK;
}

static enum rc body_show(struct cx *cx, const struct req *rq, void *out)
{
    const struct page_in *in = rq->in;
    struct list_view *v = out;
    struct org_body b;
    struct list counts;
    enum rc rc = org_body_find(cx, req_param(rq, "code"), &b);
    if (!rc)
        rc = catalog_store_list_by_body(cx, b.id, in->after, &v->lines);
    if (!rc)
        rc = catalog_store_body_counts(cx, &counts);
    if (!rc)
        rc = org_window_list(cx, b.id, &v->windows);
    if (rc)
        return rc;
    v->title = b.name;
    v->duty = b.duty;
    v->phone = b.phone;
    v->address = b.address;
    v->is_body = true;
    v->total = items_of(&counts, b.id);
    v->path = rq->path;
    lines_fill(&v->lines, &v->next);
    return RC_OK;
}

/* ---- guide ------------------------------------------------------------------------------------------------------- */

/* What the applicant brings, and what the state holds already. */
static void materials_split(struct arena *a, const struct list *all, struct list *out_own, struct list *out_held)
{
    const struct catalog_material *m = all->v;
    struct catalog_material *own = arena_many(a, struct catalog_material, all->n), *held = arena_many(a, struct catalog_material, all->n);
    size_t nown = 0, nheld = 0;
    for (size_t i = 0; i < all->n; i++)
        if (str_is(m[i].source, "state"))
            held[nheld++] = m[i];
        else
            own[nown++] = m[i];
    *out_own = (struct list){ own, nown };
    *out_held = (struct list){ held, nheld };
}

/* What is a default by type, field by field. */
static void sample_fill(struct item_view *v, struct str sample)
{
    v->sample = sample.n > 0;
    v->sample_limits = str_has_word(sample, STR("statutory")) || str_has_word(sample, STR("promised"));
    v->sample_materials = str_has_word(sample, STR("materials"));
    v->sample_conditions = str_has_word(sample, STR("conditions"));
    v->sample_fee = str_has_word(sample, STR("fee"));
    v->sample_result = str_has_word(sample, STR("result"));
    v->sample_basis = str_has_word(sample, STR("basis"));
    v->sample_visits = str_has_word(sample, STR("visits")) || str_has_word(sample, STR("channels"));
}

static void channels_fill(struct item_view *v, struct str channels)
{
    v->web = str_has_word(channels, STR("web"));
    v->window = str_has_word(channels, STR("window"));
    v->station = str_has_word(channels, STR("station"));
    v->kiosk = str_has_word(channels, STR("kiosk"));
    v->phone_channel = str_has_word(channels, STR("phone"));
}

/* Accepted today: the last day of the promise. Left empty where the calendar does not reach. */
static enum rc example_fill(struct cx *cx, struct item_view *v, const struct catalog_item *i)
{
    enum day_unit unit = str_is(i->promised_unit, "CD") ? UNIT_CD : UNIT_WD;
    struct limit l = { (int32_t)i->promised_days, unit };
    const struct calendar *days = NULL;
    v->today = day_at(cx->now);
    enum rc rc = i->promised_days ? holidays_calendar(cx, &days) : RC_OK;
    if (rc || !days || calendar_due(days, v->today, l, (struct spans){ 0 }, &v->due_example))
        v->due_example = (struct day){ 0 };
    return rc;
}

/* Bytes that all names begin with, cut at a character. */
static size_t common_prefix(const struct list *all)
{
    const struct catalog_sibling *b = all->v;
    size_t n = b[0].name.n;
    for (size_t i = 1; i < all->n; i++)
        while (n && !str_starts(b[i].name, str_sub(b[0].name, 0, n)))
            n--;
    while (n && n < b[0].name.n && ((unsigned char)b[0].name.p[n] & 0xC0) == 0x80)
        n--;
    return n;
}

/* 新办 first, 注销 last; what the table does not know stands between. */
static int situation_rank(struct str s)
{
    static const char *const order[] = { "新办", "", "变更", "延续", "补证", "换证", "注销" };
    for (size_t i = 0; i < countof(order); i++)
        if (str_is(s, order[i]))
            return (int)i;
    return 1;
}

/* What tells this one from the others: the rest of its name, or its situation when the rest says nothing. */
static struct str situation_label(const struct catalog_sibling *b, size_t prefix)
{
    struct str rest = str_sub(b->name, prefix, b->name.n);
    if (prefix && rest.n && str_runes(rest) <= 20)
        return rest;
    return b->situation.n ? b->situation : b->name;
}

static void situations_sort(struct situation *s, size_t n)
{
    for (size_t i = 1; i < n; i++)
        for (size_t k = i; k && s[k].rank < s[k - 1].rank; k--) {
            struct situation t = s[k];
            s[k] = s[k - 1];
            s[k - 1] = t;
        }
}

static enum rc situations_fill(struct cx *cx, const struct catalog_item *i, struct item_view *v)
{
    struct list all;
    struct catalog_head main;
    struct str main_code = i->main_code.n ? i->main_code : i->code;
    enum rc rc = catalog_store_siblings(cx, main_code, &all);
    if (rc || !all.n)
        return rc;
    struct situation *s = arena_many(cx->arena, struct situation, all.n);
    size_t prefix = common_prefix(&all);
    for (size_t k = 0; k < all.n; k++) {
        const struct catalog_sibling *b = (const struct catalog_sibling *)all.v + k;
        s[k] = (struct situation){ b->code, situation_label(b, prefix), str_eq(b->code, i->code), situation_rank(b->situation) };
    }
    situations_sort(s, all.n);
    v->situations = (struct list){ s, all.n };
    v->has_situations = all.n > 1;
    rc = catalog_store_head(cx, main_code, &main);
    if (!rc && i->main_code.n)
        v->main_code = main_code;
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

static void put_property(struct buf *b, const char *name, struct str value)
{
    if (!value.n)
        return;
    buf_char(b, ',');
    buf_json(b, str_c(name));
    buf_char(b, ':');
    buf_json(b, value);
}

/* schema.org GovernmentService, for search engines. buf_json escapes "<", so it cannot end the script element. */
static struct html json_ld(struct cx *cx, const struct req *rq, const struct item_view *v)
{
    struct buf b;
    buf_init(&b, cx->arena, 1024);
    buf_lit(&b, "<script type=\"application/ld+json\">{\"@context\":\"https://schema.org\",\"@type\":\"GovernmentService\"");
    put_property(&b, "name", v->title);
    put_property(&b, "identifier", v->code);
    put_property(&b, "description", v->intro);
    put_property(&b, "serviceType", v->main_name);
    put_property(&b, "url", arena_fmt(cx->arena, STR_F "/items/" STR_F, STR_A(rq->site), STR_A(v->code)));
    buf_lit(&b, ",\"provider\":{\"@type\":\"GovernmentOrganization\"");
    put_property(&b, "name", v->body_name);
    put_property(&b, "telephone", v->body_phone);
    buf_lit(&b, "},\"areaServed\":{\"@type\":\"AdministrativeArea\"");
    put_property(&b, "identifier", cx->app->config.division);
    buf_lit(&b, "}}</script>");
    struct str s = buf_view(&b);
    return (struct html){ s.p, s.n };
}

static void item_fill(struct item_view *v, const struct catalog_item *i)
{
    v->code = i->code;
    v->title = i->name;
    v->main_name = i->main_name;
    v->situation = i->situation;
    v->intro = i->intro;
    v->type = i->type;
    v->regime = i->regime;
    v->kind = i->kind;
    v->level = i->level;
    v->basic_code = i->basic_code;
    v->check_days = i->check_days;
    v->statutory_days = i->statutory_days;
    v->statutory_unit = i->statutory_unit;
    v->statutory_basis = i->statutory_basis;
    v->promised_days = i->promised_days;
    v->promised_unit = i->promised_unit;
    v->fee = i->fee;
    v->fee_basis = i->fee_basis;
    v->fee_standard = i->fee_standard;
    v->result_name = i->result_name;
    v->result_kind = i->result_kind;
    v->visits = i->visits;
    v->visit_reason = i->visit_reason;
    v->version = i->version;
    v->published_on = day_at(i->published_at.ms);
    v->source_code = i->source_code;
    v->deliver_days = catalog_is_licence(i->regime) ? 10 : 0;
    v->deemed = str_is(i->regime, "L") || str_is(i->regime, "LR");
}

static struct str route_text(struct arena *a, const struct process_def *route)
{
    struct buf b;
    buf_init(&b, a, 100);
    for (size_t i = 0; i < route->n; i++)
        buf_fmt(&b, "%s" STR_F, i ? "、" : "", STR_A(route->nodes[i].name));
    return buf_view(&b);
}

static struct str alias_text(struct cx *cx, const struct list *aliases)
{
    struct buf b;
    buf_init(&b, cx->arena, 100);
    for (size_t i = 0; i < aliases->n; i++) {
        if (i)
            buf_str(&b, STR("、"));
        buf_str(&b, ((const struct catalog_word *)aliases->v)[i].word);
    }
    return buf_view(&b);
}

static enum rc body_fill(struct cx *cx, const struct catalog_item *i, struct item_view *v)
{
    struct org_body b, decider;
    enum rc rc = org_body_get(cx, i->body, &b);
    if (!rc)
        rc = org_window_list(cx, i->body, &v->windows);
    if (rc)
        return rc;
    v->body_code = b.code;
    v->body_name = b.name;
    v->body_phone = b.phone;
    v->body_address = b.address;
    v->remedy_body = b.remedy_body;
    rc = i->decider.n ? org_body_find(cx, i->decider, &decider) : RC_NOT_FOUND;
    if (rc == RC_OK)
        v->decider_name = decider.name;
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

static enum rc item_show(struct cx *cx, const struct req *rq, void *out)
{
    struct item_view *v = out;
    struct catalog_item i;
    struct list materials, aliases;
    const struct form *f = NULL;
    enum rc rc = catalog_item_find(cx, req_param(rq, "code"), &i);
    if (!rc)
        rc = forms_get(cx, i.form_code, i.form_version, &f);
    if (!rc)
        rc = catalog_material_list(cx, i.id, i.version, &materials);
    if (!rc)
        rc = catalog_alias_list(cx, i.id, &aliases);
    if (!rc)
        rc = catalog_item_subject_list(cx, i.id, &v->subjects);
    if (!rc)
        rc = situations_fill(cx, &i, v);
    if (!rc)
        rc = body_fill(cx, &i, v);
    if (!rc)
        rc = places_zone_list(cx, i.code, &v->zones);
    if (!rc)
        rc = catalog_pause_list(cx, &i, &v->pauses, &v->pauses_own);
    if (rc)
        return rc;
    item_fill(v, &i);
    v->has_pauses = v->pauses.n > 0;
    v->limited = v->zones.n > 0;
    v->guided = f && form_guide(f);
    v->route = f ? route_text(cx->arena, &f->route) : STR("");
    v->aliases = alias_text(cx, &aliases);
    v->conditions = split_list(cx->arena, i.conditions, ';');
    v->bases = split_list(cx->arena, i.basis, ';');
    v->person = str_has_word(i.objects, STR("person"));
    v->firm = str_has_word(i.objects, STR("firm")) || str_has_word(i.objects, STR("org"));
    materials_split(cx->arena, &materials, &v->own, &v->held);
    v->own_count = (int64_t)v->own.n;
    v->held_count = (int64_t)v->held.n;
    sample_fill(v, i.sample);
    channels_fill(v, i.channels);
    v->json_ld = json_ld(cx, rq, v);
    return example_fill(cx, v, &i);
}

/* ---- the questions before anything else ------------------------------------------------------------------------------ */

/* The answers as the query of the next page, so that nobody answers twice. */
static struct str answers_query(struct arena *a, const struct form *f, struct form_answers ans)
{
    struct buf b;
    buf_init(&b, a, 200);
    for (size_t i = 0; i < f->n; i++)
        if (str_eq(f->fields[i].group, form_guide(f)->name) && ans.v[i].n) {
            buf_fmt(&b, "%s" STR_F "=", b.n ? "&" : "", STR_A(f->fields[i].name));
            buf_url(&b, ans.v[i]);
        }
    return buf_view(&b);
}

static enum rc guide_answered(struct cx *cx, const struct req *rq, const struct catalog_item *i, const struct form *f,
                              struct form_answers ans, struct guide_view *v)
{
    struct list materials;
    if (form_check(f, form_guide(f)->name.p, day_at(cx->now), cx->arena, &cx->issues, ans)) {
        reply_status(rq, 422);
        return RC_OK;
    }
    enum rc rc = catalog_material_list(cx, i->id, i->version, &materials);
    if (rc)
        return rc;
    materials = catalog_material_asked(cx->arena, &materials, f, ans);
    materials_split(cx->arena, &materials, &v->own, &v->held);
    v->own_count = (int64_t)v->own.n;
    v->held_count = (int64_t)v->held.n;
    v->advice = form_advice(cx->arena, f, ans);
    v->advised = v->advice.n > 0;
    v->answers = answers_query(cx->arena, f, ans);
    v->answered = true;
    return RC_OK;
}

static enum rc guide_show(struct cx *cx, const struct req *rq, void *out)
{
    struct guide_view *v = out;
    struct catalog_item i;
    const struct form *f = NULL;
    enum rc rc = catalog_item_find(cx, req_param(rq, "code"), &i);
    if (!rc)
        rc = forms_get(cx, i.form_code, i.form_version, &f);
    if (rc || !f || !form_guide(f))
        return rc ? rc : RC_NOT_FOUND;
    struct form_answers ans = form_answers_new(cx->arena, f);
    form_take(cx->arena, f, form_guide(f)->name.p, rq->typed, rq->ntyped, ans);
    *v = (struct guide_view){ .title = i.name, .code = i.code, .visit_reason = i.visit_reason,
                              .web = str_has_word(i.channels, STR("web")) };
    if (rq->ntyped)
        rc = guide_answered(cx, rq, &i, f, ans, v);
    v->fields = form_view(cx, f, form_guide(f)->name.p, ans);
    return rc;
}

/* ---- sitemap ------------------------------------------------------------------------------------------------------ */

static enum rc sitemap(struct cx *cx, const struct req *rq, void *out)
{
    struct list codes;
    struct buf b;
    enum rc rc = catalog_store_codes(cx, STR(""), &codes);
    if (rc)
        return rc;
    buf_init(&b, cx->arena, 200 * 1024);
    buf_lit(&b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n");
    buf_fmt(&b, "<url><loc>" STR_F "/</loc></url>\n<url><loc>" STR_F "/bodies</loc></url>\n", STR_A(rq->site), STR_A(rq->site));
    for (size_t i = 0; i < codes.n; i++)
        buf_fmt(&b, "<url><loc>" STR_F "/items/" STR_F "</loc></url>\n", STR_A(rq->site),
                STR_A(((const struct catalog_word *)codes.v)[i].word));
    buf_lit(&b, "</urlset>\n");
    ((struct raw *)out)->body = buf_view(&b);
    return RC_OK;
}

static const struct route routes[] = {
    { GET, "/", home, READ, NEED_NOBODY, .out = &HOME_VIEW, .page = &tmpl_home, .title = "您想办什么事？",
      .flags = ROUTE_CACHED, .nav = "home" },
    { GET, "/subjects/{code}", subject_show, READ, NEED_NOBODY, .in = &PAGE_IN, .out = &LIST_VIEW, .page = &tmpl_items,
      .flags = ROUTE_CACHED, .nav = "items" },
    { GET, "/bodies", bodies_show, READ, NEED_NOBODY, .out = &BODIES_VIEW, .page = &tmpl_bodies, .title = "按部门找",
      .flags = ROUTE_CACHED, .nav = "items" },
    { GET, "/bodies/{code}", body_show, READ, NEED_NOBODY, .in = &PAGE_IN, .out = &LIST_VIEW, .page = &tmpl_items,
      .flags = ROUTE_CACHED, .nav = "items" },
    { GET, "/items/{code}", item_show, READ, NEED_NOBODY, .out = &ITEM_VIEW, .page = &tmpl_item, .flags = ROUTE_CACHED,
      .nav = "items" },
    { GET, "/items/{code}/check", guide_show, READ, NEED_NOBODY, .out = &GUIDE_VIEW, .page = &tmpl_guide, .nav = "items" },
    { GET, "/sitemap.xml", sitemap, READ, NEED_NOBODY, .out = &RAW, .type = "application/xml", .flags = ROUTE_CACHED },
};

const struct module catalog_module = {
    .name = "catalog",
    .routes = routes,
    .nroutes = countof(routes),
    .sql = catalog_sql,
    .nsql = countof(catalog_sql),
    .schema = catalog_schema,
    .nschema = countof(catalog_schema),
};

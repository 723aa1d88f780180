/* cases_fill.c - a case and its documents as records for pages and API. */
#include "cases_fill.h"

#include "base/code.h"
#include "cases_materials.h"
#include "cases_rules.h"
#include "ledger/ledger.h"
#include "modules/org/org.h"

#include <jansson.h>

enum { CELLS_MAX = 60 };

struct str cases_light_word(enum light l)
{
    switch (l) {
    case LIGHT_GREEN:
        return STR("green");
    case LIGHT_YELLOW:
        return STR("yellow");
    case LIGHT_RED:
        return STR("red");
    case LIGHT_STOPPED:
        return STR("stop");
    case LIGHT_NONE:
        break;
    }
    return STR("none");
}

static struct str put(struct cx *cx, const char *key, int64_t n)
{
    struct buf b;
    buf_init(&b, cx->arena, 64);
    texts_put(cx->app->texts, &b, cx->actor.locale, str_c(key), arena_fmt(cx->arena, "%lld", (long long)n), STR_NONE);
    return buf_view(&b);
}

struct str cases_left_text(struct cx *cx, struct day due)
{
    struct day today = day_at(cx->now);
    int32_t n = 0;
    struct spans none = { 0 };
    if (!due.n)
        return STR("");
    if (due.n == today.n)
        return put(cx, "cases.due_today", 0);
    bool late = due.n < today.n;
    enum rc rc = late ? calendar_used_wd(cx->app->calendar, due, today, none, &n)
                      : calendar_used_wd(cx->app->calendar, today, due, none, &n);
    return rc ? STR("") : put(cx, late ? "cases.days_over" : "cases.days_left", n);
}

/* ---- clock --------------------------------------------------------------------------------------------------------------- */

static struct str owner_word(struct clock_owner o)
{
    switch (o.kind) {
    case OWNER_WINDOW:
        return STR("window");
    case OWNER_BODY:
        return STR("body");
    case OWNER_APPLICANT:
        return STR("applicant");
    case OWNER_LAW:
        return STR("law");
    case OWNER_NONE:
        break;
    }
    return STR("");
}

static enum rc cells_fill(struct cx *cx, const struct clock_case *cs, const struct clock *k, struct case_view *v)
{
    struct clock_day *days = arena_many(cx->arena, struct clock_day, CELLS_MAX);
    size_t n = 0, shown = 0;
    enum rc rc = clock_days(cs, k, days, CELLS_MAX, &n);
    if (rc)
        return rc == RC_NOT_FOUND ? RC_OK : rc;
    struct day_cell *cells = arena_many(cx->arena, struct day_cell, n);
    for (size_t i = 0; i < n; i++)
        if (days[i].working)
            cells[shown++] = (struct day_cell){ days[i].day, owner_word(days[i].owner), days[i].nth, days[i].counted };
    v->days = (struct list){ cells, shown };
    return RC_OK;
}

static void figures_fill(const struct clock *k, struct case_view *v)
{
    const struct clock_figure *f = cases_figure(k);
    v->light = cases_light_word(f ? k->light : LIGHT_NONE);
    v->used = f ? f->used : 0;
    v->left = f ? f->left : 0;
    v->elapsed = k->elapsed;
    v->excluded = k->excluded;
    v->window_days = clock_share_sum(k, OWNER_WINDOW);
    v->body_days = clock_share_sum(k, OWNER_BODY);
    v->you_days = clock_share_sum(k, OWNER_APPLICANT);
    v->received_on = k->received_on;
    v->accepted_on = k->accepted_on;
    v->decided_on = k->decided_on;
    v->deemed = k->deemed;
    v->in_check = k->phase == PHASE_CHECK;
    v->in_decision = k->phase == PHASE_DECISION;
    v->in_correction = k->phase == PHASE_CORRECTION;
    v->supply_until = k->supply_until;
    v->check_due = k->check.on ? k->check.due : (struct day){ 0 };
    v->promised_due = k->promised.on ? k->promised.due : (struct day){ 0 };
    v->statutory_due = k->statutory.on ? k->statutory.due : (struct day){ 0 };
    v->told_due = k->told.on ? k->told.due : (struct day){ 0 };
    v->delivery_due = k->delivery.on ? k->delivery.due : (struct day){ 0 };
    v->promised_days = k->promised.on ? k->promised.days : 0;
    v->statutory_days = k->statutory.on ? k->statutory.days : 0;
}

static enum rc clock_fill(struct cx *cx, const struct cases_case *c, struct case_view *v)
{
    struct clock_case cs;
    struct clock *k = arena_new(cx->arena, struct clock);
    enum rc rc = cases_clock_case(cx, c, &cs);
    if (!rc)
        rc = clock_read(&cs, day_at(cx->now), k);
    if (rc == RC_NOT_FOUND) {
        v->light = STR("none");
        return RC_OK; /* a year without calendar: dates are left out, never guessed */
    }
    if (rc)
        return rc;
    figures_fill(k, v);
    return cells_fill(cx, &cs, k, v);
}

/* ---- timeline ------------------------------------------------------------------------------------------------------------- */

static enum rc events_fill(struct cx *cx, int64_t root, struct case_view *v)
{
    struct list rows;
    enum rc rc = ledger_list(cx, root, 0, &rows);
    if (rc)
        return rc;
    struct event_line *e = arena_many(cx->arena, struct event_line, rows.n);
    for (size_t i = 0; i < rows.n; i++) { /* newest first */
        const struct ledger_row *row = (const struct ledger_row *)rows.v + (rows.n - 1 - i);
        e[i] = (struct event_line){ row->kind, row->effective_at };
    }
    v->events = (struct list){ e, rows.n };
    return RC_OK;
}

static enum rc inside_fill(struct cx *cx, const struct cases_case *c, struct case_view *v)
{
    struct form_answers ans;
    const struct form *f = cases_form(cx);
    enum rc rc = cases_answers_open(cx, "cases_case.answers", c->id, c->answers, f, &ans);
    if (!rc)
        rc = cases_store_tasks(cx, c->id, &v->tasks);
    if (!rc)
        rc = cases_store_materials(cx, c->id, &v->materials);
    if (!rc)
        rc = cases_files_fill(cx, c, &v->files);
    if (!rc)
        v->lines = form_summary(cx->arena, f, ans, cx->actor.post != 0);
    return rc;
}

static struct str number_shown(struct cx *cx, struct str no)
{
    struct buf b;
    buf_init(&b, cx->arena, 32);
    code_case_write(&b, no);
    return buf_view(&b);
}

enum rc cases_view_fill(struct cx *cx, const struct cases_case *c, bool inside, struct case_view *v)
{
    struct org_body b;
    *v = (struct case_view){
        .title = c->item_name, .no = c->no, .no_shown = number_shown(cx, c->no), .item_code = c->item_code, .state = c->state,
        .channel = c->channel, .applicant_name = c->applicant_name, .applicant_mask = c->applicant_mask,
        .service_way = c->service_way, .received_at = c->received_at, .today = day_at(cx->now), .open = cases_is_open(c->state),
        .granted = str_is(c->state, "granted"), .refused = str_is(c->state, "refused"), .closed = c->closed_at.ms != 0,
        .may_withdraw = cases_move(c->state, ACT_WITHDRAW) != NULL, .query_code = c->query_code,
    };
    enum rc rc = org_body_get(cx, c->body, &b);
    if (rc)
        return rc;
    v->body_name = b.name;
    v->body_phone = b.phone;
    v->told = c->told_on.n != 0;
    rc = clock_fill(cx, c, v);
    if (!rc)
        rc = cases_store_points(cx, c->id, &v->points);
    for (size_t i = 0; i < v->points.n && !rc; i++)
        v->open_points += str_is(((const struct cases_point *)v->points.v)[i].state, "open");
    if (!rc)
        rc = events_fill(cx, c->id, v);
    if (!rc)
        rc = cases_store_documents(cx, c->id, &v->documents);
    return rc || !inside ? rc : inside_fill(cx, c, v);
}

/* ---- documents -------------------------------------------------------------------------------------------------------------- */

static struct str member(struct cx *cx, const json_t *o, const char *key)
{
    const char *v = json_string_value(json_object_get(o, key));
    return v ? arena_str(cx->arena, str_c(v)) : STR("");
}

/* 复议 60 calendar days, 诉讼 six months from service (行政复议法 20, 行政诉讼法 46); counted here from the day of the
 * document, shown only on the decision itself as "收到之日起". */
static void remedies_fill(struct cx *cx, struct document_view *v)
{
    struct spans none = { 0 };
    if (calendar_due_cd(cx->app->calendar, v->day, 60, none, &v->remedy_until))
        v->remedy_until = (struct day){ 0 };
    if (calendar_due_months(cx->app->calendar, v->day, 6, &v->court_until))
        v->court_until = (struct day){ 0 };
}

enum rc cases_document_fill(struct cx *cx, const struct cases_case *c, int64_t n, struct document_view *v)
{
    struct cases_document d;
    struct org_body b;
    enum rc rc = cases_store_document(cx, c->id, n, &d);
    if (!rc)
        rc = org_body_get(cx, c->body, &b);
    if (rc)
        return rc;
    json_t *o = json_loadb(d.fields.p, d.fields.n, 0, NULL);
    *v = (struct document_view){ .number = d.number, .kind = d.kind, .body_name = b.name,
                                 .remedy_body = b.remedy_body, .no = number_shown(cx, c->no),
                                 .applicant = member(cx, o, "applicant"), .item = member(cx, o, "item"),
                                 .reasons = member(cx, o, "reasons"),
                                 .basis = member(cx, o, "basis"), .query_code = c->query_code, .back = cx->actor.post == 0 };
    bool dated = day_parse(member(cx, o, "day"), &v->day);
    json_decref(o);
    if (dated && str_is(d.kind, "refusal"))
        remedies_fill(cx, v);
    v->due = c->due_on;
    v->title = arena_fmt(cx->arena, STR_F " " STR_F, STR_A(v->item), STR_A(d.number));
    return RC_OK;
}

/* cases_fill.c - a case and its documents as records for pages and API. */
#include "cases_fill.h"

#include "base/code.h"
#include "base/seal.h"
#include "cases_forms.h"
#include "cases_materials.h"
#include "cases_rules.h"
#include "ledger/ledger.h"
#include "modules/org/org.h"
#include "modules/holidays/holidays.h"

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

struct str cases_left_text(struct cx *cx, const struct calendar *days, struct day due)
{
    struct day today = day_at(cx->now);
    int32_t n = 0;
    struct spans none = { 0 };
    if (!due.n)
        return STR("");
    if (due.n == today.n)
        return put(cx, "cases.due_today", 0);
    bool late = due.n < today.n;
    enum rc rc = late ? calendar_used_wd(days, due, today, none, &n)
                      : calendar_used_wd(days, today, due, none, &n);
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

/* The phases that have days, and the limit each waits for. */
static const struct {
    enum clock_phase phase;
    const char      *word;
    size_t           figure; /* offset in struct clock */
} phase_rows[] = {
    { PHASE_CHECK, "check", offsetof(struct clock, check) },
    { PHASE_CORRECTION, "correction", offsetof(struct clock, correction) },
    { PHASE_DECISION, "decision", offsetof(struct clock, statutory) },
    { PHASE_DELIVERY, "delivery", offsetof(struct clock, delivery) },
};

static struct strip_cell cell_of(const struct clock *k, enum clock_phase phase, struct day last, struct day d)
{
    return (struct strip_cell){ .date = day_civil(d).day, .now = d.n == k->today.n && k->phase == phase,
                                .promised = phase == PHASE_DECISION && k->promised.on && d.n == k->promised.due.n,
                                .last = last.n && d.n == last.n };
}

/* Working days after today up to the limit; where the calendar does not reach it, up to the promise. */
static size_t cells_ahead(const struct calendar *known, const struct clock *k, struct day last, struct strip_cell *cells)
{
    struct day end = !last.n && k->phase == PHASE_DECISION && k->promised.on ? k->promised.due : last;
    size_t n = 0;
    for (struct day d = { k->today.n + 1 }; d.n <= end.n && n < CELLS_MAX; d.n++) {
        bool working = false;
        if (calendar_is_working_day(known, d, &working))
            break;
        if (working) {
            cells[n] = cell_of(k, k->phase, last, d);
            cells[n].owner = STR("");
            cells[n++].ahead = true;
        }
    }
    return n;
}

/* What a strip is made of: the days gone by, and the calendar of those ahead. */
struct passed {
    const struct clock_day *v;
    size_t                  n;
    const struct calendar  *known;
};

static bool strip_fill(struct cx *cx, const struct clock *k, size_t row, const struct passed *days, struct phase_strip *out)
{
    enum clock_phase phase = phase_rows[row].phase;
    const struct clock_figure *f = (const void *)((const char *)k + phase_rows[row].figure);
    struct strip_cell *cells = arena_many(cx->arena, struct strip_cell, CELLS_MAX * 2);
    struct day last = f->on ? f->due : (struct day){ 0 };
    size_t shown = 0;
    for (size_t i = 0; i < days->n; i++)
        if (days->v[i].working && days->v[i].phase == phase) {
            cells[shown] = cell_of(k, phase, last, days->v[i].day);
            cells[shown++].owner = owner_word(days->v[i].owner);
        }
    if (k->phase == phase)
        shown += cells_ahead(days->known, k, last, cells + shown);
    *out = (struct phase_strip){ str_c(phase_rows[row].word), f->on ? f->used : 0, f->on ? f->days : 0,
                                 phase == PHASE_DECISION && k->promised.on ? k->promised.days : 0, { cells, shown } };
    return shown > 0;
}

static void strips_fill(struct cx *cx, const struct clock *k, const struct passed *days, struct case_view *v)
{
    struct phase_strip *strips = arena_many(cx->arena, struct phase_strip, countof(phase_rows));
    size_t shown = 0;
    for (size_t i = 0; i < countof(phase_rows); i++)
        shown += strip_fill(cx, k, i, days, &strips[shown]);
    v->strips = (struct list){ strips, shown };
    v->has_strips = shown > 0;
}

/* How far the case has come: the steps before it are done. */
static size_t step_of(const struct clock *k)
{
    switch (k->phase) {
    case PHASE_DECISION:
        return 2;
    case PHASE_DELIVERY:
        return 4;
    case PHASE_CLOSED:
        return k->delivered_on.n ? 5 : k->decided_on.n ? 4 : k->accepted_on.n ? 2 : 1;
    case PHASE_NONE:
    case PHASE_CHECK:
    case PHASE_CORRECTION:
        break;
    }
    return 1;
}

static void steps_fill(struct cx *cx, const struct clock *k, struct case_view *v)
{
    static const char *const words[] = { "submit", "accept", "review", "decide", "deliver" };
    struct step_line *lines = arena_many(cx->arena, struct step_line, countof(words));
    size_t at = step_of(k);
    for (size_t i = 0; i < countof(words); i++)
        lines[i] = (struct step_line){ str_c(words[i]), i < at, i == at && k->phase != PHASE_CLOSED };
    v->steps = (struct list){ lines, countof(words) };
}

static enum rc cells_fill(struct cx *cx, const struct clock_case *cs, const struct clock *k, struct case_view *v)
{
    struct clock_day *days = arena_many(cx->arena, struct clock_day, CELLS_MAX);
    size_t n = 0, shown = 0;
    enum rc rc = clock_days(cs, k, days, CELLS_MAX, &n);
    if (rc)
        return rc == RC_NOT_FOUND ? RC_OK : rc;
    strips_fill(cx, k, &(struct passed){ days, n, cs->calendar }, v);
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
    steps_fill(cx, k, v);
    return cells_fill(cx, &cs, k, v);
}

/* ---- timeline ------------------------------------------------------------------------------------------------------------- */

static bool is_yours(struct str kind)
{
    static const char *const yours[] = { "case.received", "case.supplemented", "case.withdrawn", "case.paid", NULL };
    return word_in(yours, kind);
}

static enum rc events_fill(struct cx *cx, int64_t root, struct case_view *v)
{
    struct list rows;
    enum rc rc = ledger_list(cx, root, 0, &rows);
    if (rc)
        return rc;
    struct event_line *e = arena_many(cx->arena, struct event_line, rows.n);
    size_t n = 0;
    for (size_t i = rows.n; i--;) { /* newest first; files are sealed beside what happens */
        const struct ledger_row *row = (const struct ledger_row *)rows.v + i;
        if (str_starts(row->kind, STR("case.")))
            e[n++] = (struct event_line){ row->kind, row->effective_at, is_yours(row->kind) };
    }
    v->events = (struct list){ e, n };
    return RC_OK;
}

static enum rc inside_fill(struct cx *cx, const struct cases_case *c, struct case_view *v)
{
    struct cases_filled by;
    enum rc rc = cases_form_open(cx, c, &by);
    if (!rc)
        rc = cases_store_tasks(cx, c->id, &v->tasks);
    if (!rc)
        rc = cases_store_materials(cx, c->id, &v->materials);
    if (!rc)
        rc = cases_files_fill(cx, c, &v->files);
    if (rc)
        return rc;
    struct cases_charge charge = cases_charge(cx, &by);
    if (cx->actor.post) {
        rc = cases_name_advice(cx, &(struct cases_name_asker){ c->id, c->applicant }, &by, &v->names);
        v->candidates = cases_name_choices(cx, &by, &v->names);
    }
    v->named = v->names.n > 0;
    v->has_candidates = v->candidates.n > 0;
    v->sections = form_sections(cx->arena, by.form, by.answers, cx->actor.post != 0);
    v->advice = form_advice(cx->arena, by.form, by.answers);
    v->advised = v->advice.n > 0;
    v->amendable = cases_amendable(cx, &by);
    v->charge = charge.yuan;
    v->charge_how = charge.how;
    return rc;
}

static struct str number_shown(struct cx *cx, struct str no)
{
    struct buf b;
    buf_init(&b, cx->arena, 32);
    code_case_write(&b, no);
    return buf_view(&b);
}

static enum rc hearing_fill(struct cx *cx, const struct cases_case *c, struct case_view *v)
{
    struct cases_hearing h;
    bool review = str_is(c->state, "in_review"), conducts = cx->actor.post && cx->actor.body == c->holder;
    enum rc rc = cases_store_hearing(cx, c->id, &h);
    v->can_hearing_tell = rc == RC_NOT_FOUND && review && conducts;
    if (rc)
        return rc == RC_NOT_FOUND ? RC_OK : rc;
    v->hearing_until = h.request_until;
    v->hearing_by = h.hold_by;
    v->can_hearing_ask = review && !h.requested_on.n && v->today.n <= h.request_until.n;
    v->can_hearing_set = review && conducts && h.requested_on.n && !h.record.n;
    v->can_hearing_hold = review && conducts && h.held_on.n && !h.record.n && v->today.n >= h.held_on.n;
    return RC_OK;
}

/* The value that waits for the applicant, as the summary would show it. */
static enum rc amended_shown(struct cx *cx, const struct cases_case *c, const struct cases_amendment *m, struct str *out)
{
    const struct form *f;
    struct str value;
    enum rc rc = cases_form(cx, c, &f);
    int at = rc ? -1 : form_field_find(f, m->field);
    if (at < 0 || !unseal(cx->arena, &cx->app->keys, "cases_amendment.new", c->id, m->new_value, &value))
        return rc ? rc : RC_FAILED;
    *out = form_shown(cx->arena, f, (size_t)at, value, false);
    return RC_OK;
}

/* Bills, site checks, a correction that waits. */
static enum rc beside_fill(struct cx *cx, const struct cases_case *c, struct case_view *v)
{
    struct cases_amendment m;
    enum rc rc = cases_store_bills(cx, c->id, &v->bills);
    if (!rc)
        rc = cases_store_site_checks(cx, c->id, &v->site_checks);
    if (rc)
        return rc;
    v->has_bills = v->bills.n > 0;
    v->has_site_checks = v->site_checks.n > 0;
    rc = cases_store_amendment(cx, c->id, &m);
    v->amending = rc == RC_OK;
    if (v->amending)
        return amended_shown(cx, c, &m, &v->amend_value);
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

static enum rc left_fill(struct cx *cx, const struct cases_case *c, struct case_view *v)
{
    const struct calendar *days;
    enum rc rc = holidays_calendar(cx, &days);
    v->left_text = !rc && v->open ? cases_left_text(cx, days, c->due_on) : STR("");
    return rc;
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
    v->due_on = c->due_on;
    rc = left_fill(cx, c, v);
    if (!rc)
        rc = clock_fill(cx, c, v);
    if (!rc)
        rc = cases_store_points(cx, c->id, &v->points);
    for (size_t i = 0; i < v->points.n && !rc; i++)
        v->open_points += str_is(((const struct cases_point *)v->points.v)[i].state, "open");
    if (!rc)
        rc = events_fill(cx, c->id, v);
    if (!rc)
        rc = cases_document_list(cx, c->id, &v->documents);
    if (!rc && inside)
        rc = hearing_fill(cx, c, v);
    if (!rc && inside)
        rc = beside_fill(cx, c, v);
    if (!rc && inside)
        rc = inside_fill(cx, c, v);
    return rc || !inside ? rc : cases_beside_fill(cx, c, v);
}

/* ---- documents -------------------------------------------------------------------------------------------------------------- */

enum rc cases_document_fill(struct cx *cx, const struct cases_case *c, int64_t n, struct document_view *v)
{
    struct cases_document d;
    struct cases_text t;
    struct cases_reader who = { cx->app->texts, cx->actor.locale, cx->arena };
    enum rc rc = cases_document_get(cx, c->id, n, &d);
    if (!rc)
        rc = cases_text_fill(&who, &d, &t);
    if (rc)
        return rc;
    *v = (struct document_view){ .title = arena_fmt(cx->arena, STR_F " " STR_F, STR_A(t.item), STR_A(t.number)),
                                 .number = t.number, .kind = d.kind, .body_name = t.body, .applicant = t.applicant, .no = c->no, .n = n,
                                 .day = t.day, .paragraphs = t.paragraphs, .staff = cx->actor.post != 0, .sealed = d.sealed_at.ms != 0,
                                 .voided_at = d.voided_at, .successor_n = d.successor };
    struct cases_document next;
    if (d.successor)
        rc = cases_document_get(cx, c->id, d.successor, &next);
    v->successor = !rc && d.successor ? next.number : STR("");
    return rc;
}

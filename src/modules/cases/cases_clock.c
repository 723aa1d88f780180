/* cases_clock.c - the statutory clock of a case from its ledger entries. */
#include "cases_rules.h"
#include "cases_service.h"
#include "ledger/ledger.h"
#include "modules/holidays/holidays.h"

#include <jansson.h>

static int32_t number_of(const json_t *o, const char *key)
{
    const json_t *v = json_object_get(o, key);
    return json_is_integer(v) ? (int32_t)json_integer_value(v) : 0;
}

static struct clock_owner owner_of(const json_t *o)
{
    const char *kind = json_string_value(json_object_get(o, "owner"));
    struct str k = str_c(kind);
    int64_t id = json_integer_value(json_object_get(o, "owner_id"));
    if (str_is(k, "window"))
        return (struct clock_owner){ OWNER_WINDOW, id };
    return str_is(k, "body") ? (struct clock_owner){ OWNER_BODY, id } : (struct clock_owner){ OWNER_NONE, 0 };
}

/* One entry as an event; false if the clock does not care about it. */
static bool event_of(const struct ledger_row *row, struct clock_event *out)
{
    enum clock_kind kind;
    if (!cases_kind_find(row->kind, &kind))
        return false;
    json_t *o = json_loadb(row->body.p, row->body.n, 0, NULL);
    *out = (struct clock_event){
        .kind = kind, .day = day_at(row->effective_at.ms), .recorded = row->at, .until = { number_of(o, "until") },
        .days = number_of(o, "days"), .told_days = number_of(o, "told_days"), .deemed = json_is_true(json_object_get(o, "deemed")),
        .pause = (enum pause_kind)number_of(o, "pause"), .owner = owner_of(o),
    };
    json_decref(o);
    return true;
}

/* Not served yet, a notice does not lapse: its time has not begun. */
static void unserved_hold(const struct cx *cx, struct clock_event *told)
{
    struct day today = day_at(cx->now);
    if (told->until.n < today.n)
        told->until = today;
}

/* The notice was served: its time ends so many working days later. */
static void served_shift(const struct ledger_row *row, struct clock_event *told)
{
    json_t *o = json_loadb(row->body.p, row->body.n, 0, NULL);
    int32_t until = number_of(o, "until");
    if (until > told->until.n)
        told->until = (struct day){ until };
    json_decref(o);
}

/* The one correction notice among the events, with the date that its service gave it. */
static void told_fit(const struct cx *cx, const struct list *rows, struct list *events)
{
    struct clock_event *told = NULL;
    bool unserved = false;
    for (size_t i = 0; i < events->n && !told; i++)
        if (((struct clock_event *)events->v)[i].kind == CLOCK_TOLD)
            told = (struct clock_event *)events->v + i;
    for (size_t i = 0; i < rows->n && told; i++) {
        const struct ledger_row *r = (const struct ledger_row *)rows->v + i;
        if (str_is(r->kind, "case.told"))
            unserved = str_find(r->body, STR("\"unserved\":true")) >= 0;
        if (str_is(r->kind, "case.served") && str_find(r->body, STR("\"correction\":true")) >= 0) {
            unserved = false;
            served_shift(r, told);
        }
    }
    if (told && unserved)
        unserved_hold(cx, told);
}

/* The day on which the notice, or the one that was issued in its place, was served; false if it was not yet. */
static bool served_on(const struct list *rows, int32_t notice, struct day *out)
{
    bool served = false;
    for (size_t i = 0; i < rows->n && !served; i++) {
        const struct ledger_row *r = (const struct ledger_row *)rows->v + i;
        bool voided = str_is(r->kind, "case.document_voided");
        if (!voided && !str_is(r->kind, "case.served"))
            continue;
        json_t *o = json_loadb(r->body.p, r->body.n, 0, NULL);
        bool meant = number_of(o, "document") == notice;
        served = meant && !voided;
        if (served)
            *out = (struct day){ number_of(o, "on") };
        else if (meant && number_of(o, "successor"))
            notice = number_of(o, "successor");
        json_decref(o);
    }
    return served;
}

/* A pause starts not before its notice is served, and is prolonged only by a notice that is served in time (行政许可法 45). False while
 * it is not served, or when nothing of the pause was left. */
static bool pause_fit(const struct list *rows, const struct ledger_row *row, struct clock_event *e)
{
    struct day on = { 0 };
    json_t *o = json_loadb(row->body.p, row->body.n, 0, NULL);
    int32_t notice = number_of(o, "notice");
    json_decref(o);
    if (!notice)
        return true;
    if (!served_on(rows, notice, &on) || on.n > e->until.n)
        return false;
    if (e->kind == CLOCK_PAUSED && on.n > e->day.n)
        e->day = on;
    if (e->kind == CLOCK_PAUSE_REVISED && day_start(on) > e->recorded.ms)
        e->recorded.ms = day_start(on);
    return true;
}

static bool is_pause(const struct clock_event *e)
{
    return e->kind == CLOCK_PAUSED || e->kind == CLOCK_PAUSE_REVISED;
}

static enum rc events_list(struct cx *cx, int64_t root, bool as_told, struct list *out)
{
    struct list rows;
    enum rc rc = ledger_list(cx, root, 0, &rows);
    if (rc)
        return rc;
    struct clock_event *v = arena_many(cx->arena, struct clock_event, rows.n);
    size_t n = 0;
    for (size_t i = 0; i < rows.n; i++) {
        const struct ledger_row *row = (const struct ledger_row *)rows.v + i;
        n += event_of(row, &v[n]) && (as_told || !is_pause(&v[n]) || pause_fit(&rows, row, &v[n]));
    }
    *out = (struct list){ v, n };
    if (!as_told)
        told_fit(cx, &rows, out);
    return RC_OK;
}

static enum rc clock_case(struct cx *cx, const struct cases_case *c, bool as_told, struct clock_case *out)
{
    struct catalog_item item;
    struct list events;
    enum rc rc = catalog_version_get(cx, c->item, c->version, &item);
    const struct calendar *days;
    if (!rc)
        rc = events_list(cx, c->id, as_told, &events);
    if (!rc)
        rc = holidays_calendar(cx, &days);
    if (!rc)
        *out = (struct clock_case){ events.v, events.n, cases_clock_rules(&item), days };
    return rc;
}

enum rc cases_clock_case(struct cx *cx, const struct cases_case *c, struct clock_case *out)
{
    return clock_case(cx, c, false, out);
}

enum rc cases_clock_told(struct cx *cx, const struct cases_case *c, struct clock *out)
{
    struct clock_case cs;
    enum rc rc = clock_case(cx, c, true, &cs);
    return rc ? rc : clock_read(&cs, day_at(cx->now), out);
}

enum rc cases_no_calendar(struct cx *cx, const char *field, struct day d)
{
    int year = day_civil(d).year;
    bool working;
    const struct calendar *days;
    enum rc rc = holidays_calendar(cx, &days);
    if (rc)
        return rc;
    while (!calendar_is_working_day(days, day_of((struct civil){ year, 1, 1 }), &working))
        year++;
    return cx_invalid_args(cx, field, "cases.no_calendar", arena_fmt(cx->arena, "%d", year), STR_NONE);
}

enum rc cases_day_known(struct cx *cx, const char *field, struct day d)
{
    bool working;
    const struct calendar *days;
    enum rc rc = holidays_calendar(cx, &days);
    return rc ? rc : calendar_is_working_day(days, d, &working) ? cases_no_calendar(cx, field, d) : RC_OK;
}

enum rc cases_due_wd(struct cx *cx, struct day from, int32_t n, struct day *out)
{
    const struct calendar *days;
    enum rc rc = holidays_calendar(cx, &days);
    return rc ? rc : calendar_due_wd(days, from, n, (struct spans){ 0 }, out);
}

enum rc cases_used_wd(struct cx *cx, struct day from, struct day to, int32_t *out)
{
    const struct calendar *days;
    enum rc rc = holidays_calendar(cx, &days);
    return rc ? rc : calendar_used_wd(days, from, to, (struct spans){ 0 }, out);
}

enum rc cases_clock(struct cx *cx, const struct cases_case *c, struct clock *out)
{
    struct clock_case cs;
    enum rc rc = cases_clock_case(cx, c, &cs);
    return rc ? rc : clock_read(&cs, day_at(cx->now), out);
}

/* What the case waits for now: the limit of its phase. */
const struct clock_figure *cases_figure(const struct clock *c)
{
    switch (c->phase) {
    case PHASE_CHECK:
        return &c->check;
    case PHASE_CORRECTION:
        return &c->correction;
    case PHASE_DECISION:
        return &c->told;
    case PHASE_DELIVERY:
        return &c->delivery;
    case PHASE_NONE:
    case PHASE_CLOSED:
        break;
    }
    return NULL;
}

/* The open step's own day: its share of the told limit after those of the steps before it. None while nothing is decided about, and beyond
 * the known calendar. */
static enum rc step_refresh(struct cx *cx, const struct cases_case *c, const struct clock_case *cs, const struct clock *k)
{
    const struct form *f;
    struct day on = { 0 };
    if (k->phase != PHASE_DECISION || !k->told.on)
        return RC_OK; /* tasks of other phases are opened without one */
    enum rc rc = cases_form(cx, c, &f);
    if (rc)
        return rc;
    int64_t days = process_days_until(cases_route(f), c->step, k->told.days);
    rc = clock_told_after(cs, k, (int32_t)days < k->told.days ? (int32_t)days : k->told.days, &on);
    return rc && rc != RC_NOT_FOUND ? rc : cases_store_task_step(cx, c->id, on);
}

/* The two days that lists show. Beyond the known calendar there are none: no date is better than a guessed one. */
static enum rc due_of(enum rc rc, const struct clock *k, struct day *out_due, struct day *out_yellow)
{
    const struct clock_figure *f = rc ? NULL : cases_figure(k);
    *out_due = f && f->on ? f->due : (struct day){ 0 };
    *out_yellow = f && f->on ? f->yellow_from : (struct day){ 0 };
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

enum rc cases_due_refresh(struct cx *cx, const struct cases_case *c)
{
    struct clock *k = arena_new(cx->arena, struct clock);
    struct clock_case cs;
    struct day due, yellow;
    enum rc rc = cases_clock_case(cx, c, &cs);
    if (rc)
        return rc;
    enum rc read = clock_read(&cs, day_at(cx->now), k);
    rc = due_of(read, k, &due, &yellow);
    if (!rc)
        rc = cases_store_set_due(cx, c->id, due, yellow);
    return rc || read ? rc : step_refresh(cx, c, &cs, k);
}

enum rc cases_due_first(struct cx *cx, const struct catalog_item *item, struct cases_case *c)
{
    const struct clock_event received = { .kind = CLOCK_RECEIVED, .day = day_at(c->received_at.ms), .recorded = c->received_at,
                                          .owner = { OWNER_WINDOW, c->body } };
    struct clock_case cs = { &received, 1, cases_clock_rules(item), NULL };
    struct clock *k = arena_new(cx->arena, struct clock);
    enum rc rc = holidays_calendar(cx, &cs.calendar);
    return rc ? rc : due_of(clock_read(&cs, day_at(cx->now), k), k, &c->due_on, &c->yellow_on);
}

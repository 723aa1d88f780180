/* clock.c - the statutory clock: one pass over the events, then figures, then attribution. */
#include "modules/calendar/clock.h"

#include <string.h>

/* What the pass over the events keeps besides the output. */
struct replay {
    const struct clock_case *cs;
    struct clock            *out;
    struct clock_owner       office;    /* who holds it, or will when the applicant has supplied */
    struct day               round;     /* start of this round of the acceptance check */
    struct day               check_due; /* of this round; n 0: no such limit, or unknown */
    struct day               answered;  /* when this round was answered; n 0: not yet */
    struct day               reopened;
    int32_t                  extra_days, told_days;
    bool                     full; /* a fixed maximum was passed */
};

static struct day later(struct day a, struct day b)
{
    return a.n > b.n ? a : b;
}

static struct day earlier(struct day a, struct day b)
{
    return a.n < b.n ? a : b;
}

static struct day plus(struct day d, int32_t n)
{
    return (struct day){ d.n + n };
}

static bool same_owner(struct clock_owner a, struct clock_owner b)
{
    return a.kind == b.kind && a.id == b.id;
}

/* When the office acted: by the entry in the ledger, so that nobody is in time by dating back. */
static struct day acted(const struct clock_event *e)
{
    return e->recorded.ms ? day_at(e->recorded.ms) : e->day;
}

static struct spans excluded(const struct clock *c)
{
    return (struct spans){ c->excluded_spans, c->pauses_n };
}

/* ---- turns: who holds the case ---- */

static void turn(struct replay *r, struct day after, struct clock_owner owner)
{
    struct clock *c = r->out;
    if (c->turns_n) {
        struct clock_turn *last = &c->turns[c->turns_n - 1];
        if (same_owner(last->owner, owner))
            return;
        if (after.n <= last->after.n) {
            last->owner = owner;
            return;
        }
    }
    if (c->turns_n == CLOCK_TURNS) {
        r->full = true;
        return;
    }
    c->turns[c->turns_n++] = (struct clock_turn){ after, owner };
}

static void office_turn(struct replay *r, struct day after, struct clock_owner owner)
{
    r->office = owner;
    if (r->out->phase != PHASE_CORRECTION)
        turn(r, after, owner);
}

/* ---- what events do ---- */

static void round_begin(struct replay *r, struct day start)
{
    r->round = start;
    r->answered.n = 0;
    r->check_due.n = 0;
    if (r->cs->rules.check.unit != UNIT_NONE &&
        calendar_due(r->cs->calendar, start, r->cs->rules.check, (struct spans){ 0 }, &r->check_due) == RC_NOT_FOUND)
        r->out->uncertain = true;
}

static void round_answer(struct replay *r, struct day when)
{
    r->answered = when;
    r->out->check_late |= r->check_due.n && when.n > r->check_due.n;
}

static void case_close(struct replay *r, struct day day)
{
    struct clock *c = r->out;
    c->phase = PHASE_CLOSED;
    c->closed_on = later(day, c->received_on);
}

/* The decision limit is running, or would be but for a pause. */
static bool is_deciding(const struct replay *r)
{
    return r->out->phase == PHASE_DECISION ||
           (r->out->phase == PHASE_CHECK && r->cs->rules.start == START_RECEIVED);
}

static void case_accept(struct replay *r, struct day accepted_on, struct day held_until, struct clock_owner decider)
{
    struct clock *c = r->out;
    c->accepted_on = accepted_on;
    if (r->cs->rules.start == START_ACCEPTED)
        c->starts_on = accepted_on;
    else
        c->starts_on = c->completed_on.n ? c->completed_on : c->told_on.n ? accepted_on : c->received_on;
    c->phase = PHASE_DECISION;
    if (!decider.kind)
        decider = r->cs->rules.decider;
    if (!decider.kind)
        decider = r->office;
    r->office = decider;
    turn(r, held_until, decider);
}

/* What the law does by itself before `day` begins. */
static void settle(struct replay *r, struct day day)
{
    struct clock *c = r->out;
    if (c->phase == PHASE_CHECK && r->cs->rules.deemed && r->check_due.n && day.n > r->check_due.n) {
        round_answer(r, plus(r->check_due, 1));
        c->deemed = true;
        case_accept(r, r->round, r->check_due, (struct clock_owner){ 0 });
    }
    if (c->phase == PHASE_CORRECTION && c->supply_until.n && day.n > later(c->supply_until, r->reopened).n) {
        c->lapsed = true;
        case_close(r, plus(later(c->supply_until, r->reopened), 1));
    }
}

static bool on_received(struct replay *r, const struct clock_event *e)
{
    struct clock *c = r->out;
    if (c->phase != PHASE_NONE)
        return false;
    c->phase = PHASE_CHECK;
    c->received_on = e->day;
    if (r->cs->rules.start == START_RECEIVED)
        c->starts_on = e->day;
    office_turn(r, e->day, e->owner);
    round_begin(r, e->day);
    return true;
}

/* From the next day on the applicant has it. */
static void open_points(struct replay *r, struct day told)
{
    struct clock *c = r->out;
    c->completed_on.n = 0;
    c->starts_on.n = 0;
    c->phase = PHASE_CORRECTION;
    turn(r, told, (struct clock_owner){ OWNER_APPLICANT, 0 });
}

/* 行政许可法 32(4): once. */
static bool on_told(struct replay *r, const struct clock_event *e)
{
    struct clock *c = r->out;
    if (c->phase != PHASE_CHECK || c->told_on.n)
        return false;
    round_answer(r, acted(e));
    c->entered_late += acted(e).n > e->day.n;
    c->told_on = later(e->day, acted(e)); /* dating back would take days from the applicant */
    c->supply_until = e->until;
    open_points(r, c->told_on);
    return true;
}

static bool on_completed(struct replay *r, const struct clock_event *e)
{
    struct clock *c = r->out;
    if (c->phase != PHASE_CORRECTION && c->phase != PHASE_CHECK)
        return false;
    c->completed_on = later(e->day, c->told_on.n ? c->told_on : c->received_on);
    if (c->phase == PHASE_CHECK)
        return true;
    c->phase = PHASE_CHECK;
    if (r->cs->rules.start == START_RECEIVED)
        c->starts_on = c->completed_on;
    turn(r, c->completed_on, r->office);
    round_begin(r, c->completed_on);
    return true;
}

static bool on_reopened(struct replay *r, const struct clock_event *e)
{
    struct clock *c = r->out;
    if (c->phase != PHASE_CHECK || !c->told_on.n)
        return false;
    round_answer(r, acted(e));
    r->reopened = later(e->day, acted(e));
    open_points(r, r->reopened);
    return true;
}

/* Acceptance takes the date of the last supplement, not of the click (行政许可法 32(5)). */
static bool on_accepted(struct replay *r, const struct clock_event *e)
{
    struct clock *c = r->out;
    struct day when = acted(e), accepted_on = later(r->round, earlier(e->day, when));
    if (c->phase == PHASE_DECISION && c->deemed) { /* the record of what happened by itself */
        if (e->owner.kind && c->turns[c->turns_n - 1].after.n <= r->check_due.n)
            office_turn(r, r->check_due, e->owner);
        return true;
    }
    if (c->phase == PHASE_CORRECTION) { /* the office waives the open points: nothing to date back to */
        case_accept(r, when, when, e->owner);
        return true;
    }
    if (c->phase != PHASE_CHECK)
        return false;
    if (c->told_on.n)
        accepted_on = c->completed_on;
    c->deemed = e->deemed;
    round_answer(r, when);
    case_accept(r, accepted_on, when, e->owner);
    return true;
}

static bool on_handed(struct replay *r, const struct clock_event *e)
{
    if (r->out->phase == PHASE_NONE || r->out->phase == PHASE_CLOSED || !e->owner.kind)
        return false;
    office_turn(r, e->day, e->owner);
    return true;
}

/* ---- pauses and extension ---- */

static struct limit statutory_limit(const struct replay *r)
{
    struct limit l = r->cs->rules.statutory;
    l.days += r->extra_days;
    return l;
}

/* The law's limit still runs on this day; an unknown due day lies later than any day. */
static bool within_law(const struct replay *r, struct day day)
{
    struct limit l = statutory_limit(r);
    struct day due;
    if (l.unit == UNIT_NONE)
        return true;
    return calendar_due(r->cs->calendar, r->out->starts_on, l, excluded(r->out), &due) || day.n <= due.n;
}

/* Not before its notice, not after the due day. */
static bool on_paused(struct replay *r, const struct clock_event *e)
{
    struct clock *c = r->out;
    if (!is_deciding(r) || e->day.n <= c->starts_on.n || e->day.n < acted(e).n || e->until.n < e->day.n ||
        !within_law(r, e->day))
        return false;
    if (c->pauses_n == CLOCK_PAUSES) {
        r->full = true;
        return false;
    }
    c->pauses[c->pauses_n] =
        (struct clock_pause){ .kind = e->pause, .first = e->day, .last = e->until, .planned_last = e->until };
    c->excluded_spans[c->pauses_n++] = (struct span){ e->day, e->until };
    return true;
}

/* The latest pause of this kind, or NULL. */
static struct clock_pause *pause_find(struct clock *c, enum pause_kind kind)
{
    for (size_t i = c->pauses_n; i--;)
        if (c->pauses[i].kind == kind)
            return &c->pauses[i];
    return NULL;
}

static void pause_set_last(struct clock *c, struct clock_pause *p, struct day last)
{
    p->last = last;
    c->excluded_spans[p - c->pauses].last = last;
}

/* Only while the pause runs: afterwards the clock has started by itself. */
static bool on_revised(struct replay *r, const struct clock_event *e)
{
    struct clock_pause *p = pause_find(r->out, e->pause);
    if (!p || !is_deciding(r) || p->ended || acted(e).n > p->planned_last.n || e->until.n < acted(e).n)
        return false;
    p->planned_last = e->until;
    pause_set_last(r->out, p, e->until);
    return true;
}

static bool on_pause_ended(struct replay *r, const struct clock_event *e)
{
    struct clock_pause *p = pause_find(r->out, e->pause);
    if (!p || !is_deciding(r) || p->ended)
        return false;
    p->ended = true;
    p->overrun = e->day.n > p->planned_last.n;
    if (e->day.n < p->last.n)
        pause_set_last(r->out, p, later(e->day, plus(p->first, -1)));
    return true;
}

/* 行政许可法 42(1): once, before the limit has passed. Who may approve it is the case service's to check. */
static bool on_extended(struct replay *r, const struct clock_event *e)
{
    if (!is_deciding(r) || r->out->extended || e->days <= 0 || !within_law(r, acted(e)))
        return false;
    r->out->extended = true;
    r->extra_days = e->days;
    r->told_days = e->told_days;
    return true;
}

static void pauses_cut(struct clock *c, struct day day)
{
    for (size_t i = 0; i < c->pauses_n; i++)
        if (c->pauses[i].last.n > day.n)
            pause_set_last(c, &c->pauses[i], later(day, plus(c->pauses[i].first, -1)));
}

static bool on_decided(struct replay *r, const struct clock_event *e)
{
    struct clock *c = r->out;
    if (!is_deciding(r))
        return false;
    if (c->phase == PHASE_CHECK)
        round_answer(r, acted(e));
    c->entered_late += acted(e).n > e->day.n;
    c->decided_on = later(e->day, c->starts_on);
    c->phase = PHASE_DELIVERY;
    pauses_cut(c, c->decided_on);
    return true;
}

static bool on_delivered(struct replay *r, const struct clock_event *e)
{
    struct clock *c = r->out;
    if (c->phase != PHASE_DELIVERY)
        return false;
    c->delivered_on = later(e->day, c->decided_on);
    case_close(r, c->delivered_on);
    return true;
}

static bool on_ended(struct replay *r, const struct clock_event *e)
{
    struct clock *c = r->out;
    bool lapse = e->kind == CLOCK_LAPSED, refusal = e->kind == CLOCK_NOT_ACCEPTED;
    if (lapse && c->lapsed)
        return true; /* the record of what happened by itself */
    if (lapse || c->phase == PHASE_NONE || c->phase == PHASE_CLOSED || c->phase == PHASE_DELIVERY ||
        (refusal && c->phase != PHASE_CHECK))
        return false;
    if (c->phase == PHASE_CHECK)
        round_answer(r, acted(e));
    c->entered_late += acted(e).n > e->day.n;
    case_close(r, e->day);
    pauses_cut(c, c->closed_on);
    return true;
}

static bool event_apply(struct replay *r, const struct clock_event *e)
{
    switch (e->kind) {
    case CLOCK_RECEIVED:
        return on_received(r, e);
    case CLOCK_TOLD:
        return on_told(r, e);
    case CLOCK_SUPPLEMENTED:
        return r->out->phase == PHASE_CORRECTION || is_deciding(r);
    case CLOCK_COMPLETED:
        return on_completed(r, e);
    case CLOCK_REOPENED:
        return on_reopened(r, e);
    case CLOCK_ACCEPTED:
        return on_accepted(r, e);
    case CLOCK_FORWARDED:
    case CLOCK_HANDED:
        return on_handed(r, e);
    case CLOCK_PAUSED:
        return on_paused(r, e);
    case CLOCK_PAUSE_REVISED:
        return on_revised(r, e);
    case CLOCK_PAUSE_ENDED:
        return on_pause_ended(r, e);
    case CLOCK_EXTENDED:
        return on_extended(r, e);
    case CLOCK_DECIDED:
        return on_decided(r, e);
    case CLOCK_DELIVERED:
        return on_delivered(r, e);
    case CLOCK_NOT_ACCEPTED:
    case CLOCK_WITHDRAWN:
    case CLOCK_TERMINATED:
    case CLOCK_LAPSED:
        return on_ended(r, e);
    }
    return false;
}

/* The applicant is in time by the day the papers came in, the office by the day of its entry. */
static struct day settle_day(const struct clock_event *e)
{
    return e->kind == CLOCK_COMPLETED || e->kind == CLOCK_SUPPLEMENTED ? e->day : acted(e);
}

static void events_replay(struct replay *r, struct day today)
{
    for (size_t i = 0; i < r->cs->n; i++) {
        const struct clock_event *e = &r->cs->events[i];
        if (acted(e).n > today.n)
            continue;
        settle(r, settle_day(e));
        r->out->refused += !event_apply(r, e);
    }
    settle(r, today);
}

/* ---- figures ---- */

static enum rc figure_read(const struct replay *r, struct limit l, struct day start, struct spans except, struct day t,
                           struct clock_figure *f)
{
    const struct calendar *cal = r->cs->calendar;
    enum rc rc = RC_OK;
    if (l.unit == UNIT_NONE)
        return RC_OK;
    *f = (struct clock_figure){ .on = true, .start = start, .days = l.days };
    rc = calendar_due(cal, start, l, except, &f->due);
    if (rc == RC_NOT_FOUND)
        r->out->uncertain = true;
    else if (rc)
        return rc;
    rc = calendar_yellow(cal, start, l, except, &f->yellow_from);
    if (rc && rc != RC_NOT_FOUND)
        return rc;
    rc = calendar_used(cal, l.unit, start, t, except, &f->used);
    if (rc)
        return rc;
    f->left = f->used < l.days ? l.days - f->used : 0;
    f->light = light_on(t, f->yellow_from, f->due);
    return f->light == LIGHT_RED ? calendar_used(cal, l.unit, f->due, t, except, &f->overdue) : RC_OK;
}

/* A round that silence ended counts to its due day and stays red. */
static enum rc check_read(const struct replay *r)
{
    struct clock *c = r->out;
    bool silent = c->deemed && r->check_due.n && r->answered.n > r->check_due.n;
    struct day t = !r->answered.n ? c->today : silent ? r->check_due : earlier(r->answered, c->today);
    enum rc rc = figure_read(r, r->cs->rules.check, r->round, (struct spans){ 0 }, t, &c->check);
    if (silent && c->check.on)
        c->check.light = LIGHT_RED;
    if (!r->answered.n)
        c->check_late |= c->check.light == LIGHT_RED;
    return rc;
}

static enum rc correction_read(const struct replay *r)
{
    struct clock *c = r->out;
    struct clock_figure *f = &c->correction;
    struct day t = c->completed_on.n ? c->completed_on : c->today;
    if (!c->told_on.n)
        return RC_OK;
    *f = (struct clock_figure){ .on = true, .start = c->told_on, .due = c->supply_until };
    if (calendar_used_wd(r->cs->calendar, c->told_on, c->supply_until, (struct spans){ 0 }, &f->days))
        c->uncertain = true;
    enum rc rc = calendar_used_wd(r->cs->calendar, c->told_on, t, (struct spans){ 0 }, &f->used);
    f->left = f->used < f->days ? f->days - f->used : 0;
    return rc;
}

/* What the told limit is counted in: the promise's unit, or the law's once it was extended or nothing was promised. */
static enum day_unit told_unit(const struct clock_case *cs, const struct clock *c)
{
    bool by_law = c->extended || !c->promised.on;
    return by_law && cs->rules.statutory.unit ? cs->rules.statutory.unit : cs->rules.promised.unit;
}

enum rc clock_told_after(const struct clock_case *cs, const struct clock *c, int32_t days, struct day *out)
{
    struct limit l = { days, told_unit(cs, c) };
    return c->told.on ? calendar_due(cs->calendar, c->told.start, l, excluded(c), out) : RC_NOT_FOUND;
}

static enum rc told_read(const struct replay *r, struct day t)
{
    struct clock *c = r->out;
    struct limit l = { r->told_days, told_unit(r->cs, c) };
    if (!c->extended) {
        c->told = c->promised.on ? c->promised : c->statutory;
        return RC_OK;
    }
    if (!r->told_days) {
        c->told = c->statutory;
        return RC_OK;
    }
    return figure_read(r, l, c->starts_on, excluded(c), t, &c->told);
}

static enum kept kept_read(const struct clock *c, const struct clock_figure *f, bool given_up)
{
    if (!f->on)
        return KEPT_OPEN;
    if (c->decided_on.n)
        return !f->due.n || c->decided_on.n <= f->due.n ? KEPT_YES : KEPT_NO;
    return given_up || f->light == LIGHT_RED ? KEPT_NO : KEPT_OPEN;
}

/* While the clock stands still its limits show grey; what was late before stays red. */
static void light_stop(struct clock_figure *f)
{
    if (f->on && f->light != LIGHT_RED)
        f->light = LIGHT_STOPPED;
}

static enum rc pauses_read(const struct replay *r)
{
    struct clock *c = r->out;
    bool stopped = false;
    for (size_t i = 0; i < c->pauses_n; i++) {
        struct clock_pause *p = &c->pauses[i];
        struct day before = plus(p->first, -1);
        if (calendar_used_wd(r->cs->calendar, before, p->planned_last, (struct spans){ 0 }, &p->planned)) {
            p->planned = -1;
            c->uncertain = true;
        }
        enum rc rc =
            calendar_used_wd(r->cs->calendar, before, earlier(p->last, c->today), (struct spans){ 0 }, &p->used);
        if (rc)
            return rc;
        p->running = is_deciding(r) && p->first.n <= c->today.n && c->today.n <= p->last.n;
        stopped |= p->running;
    }
    if (stopped) {
        light_stop(&c->statutory);
        light_stop(&c->promised);
        light_stop(&c->told);
    }
    return RC_OK;
}

static enum rc decision_read(const struct replay *r)
{
    struct clock *c = r->out;
    struct day t = c->decided_on.n ? c->decided_on : c->today;
    if (!c->starts_on.n)
        return RC_OK;
    enum rc rc = figure_read(r, statutory_limit(r), c->starts_on, excluded(c), t, &c->statutory);
    if (!rc)
        rc = figure_read(r, r->cs->rules.promised, c->starts_on, excluded(c), t, &c->promised);
    if (!rc)
        rc = told_read(r, t);
    c->promise_kept = kept_read(c, &c->promised, c->extended);
    c->law_kept = kept_read(c, &c->statutory, false);
    if (!rc)
        rc = pauses_read(r);
    if (!rc && c->decided_on.n)
        rc = figure_read(r, r->cs->rules.delivery, c->decided_on, (struct spans){ 0 }, c->today, &c->delivery);
    return rc;
}

static enum light phase_light(const struct clock *c)
{
    switch (c->phase) {
    case PHASE_CHECK:
        return c->check.on ? c->check.light : c->told.light;
    case PHASE_DECISION:
        return c->told.light;
    case PHASE_DELIVERY:
        return c->delivery.light;
    case PHASE_NONE:
    case PHASE_CORRECTION:
    case PHASE_CLOSED:
        break;
    }
    return LIGHT_NONE;
}

/* ---- attribution ---- */

static bool share_add(struct clock *c, struct clock_owner owner, enum clock_phase phase, int32_t days)
{
    size_t i = 0;
    while (i < c->shares_n && !same_owner(c->shares[i].owner, owner))
        i++;
    if (!days)
        return true;
    if (i == CLOCK_OWNERS)
        return false;
    if (i == c->shares_n)
        c->shares[c->shares_n++] = (struct clock_share){ .owner = owner };
    c->shares[i].days[phase] += days;
    return true;
}

/* The phase that the days after `after` lie in, up to the next border. */
static enum clock_phase phase_after(const struct clock *c, struct day after, struct clock_owner owner)
{
    if (c->starts_on.n && after.n >= c->starts_on.n)
        return c->decided_on.n && after.n >= c->decided_on.n ? PHASE_DELIVERY : PHASE_DECISION;
    return owner.kind == OWNER_APPLICANT ? PHASE_CORRECTION : PHASE_CHECK;
}

/* Days after `from` through `to`, all of one owner and one phase. */
static enum rc stretch_add(const struct replay *r, struct day from, struct day to, struct clock_owner owner)
{
    struct clock *c = r->out;
    enum clock_phase phase = phase_after(c, from, owner);
    int32_t all, own;
    enum rc rc = calendar_used_wd(r->cs->calendar, from, to, (struct spans){ 0 }, &all);
    own = all;
    if (!rc && phase == PHASE_DECISION && c->pauses_n)
        rc = calendar_used_wd(r->cs->calendar, from, to, excluded(c), &own);
    if (rc)
        return rc;
    c->elapsed += all;
    c->elapsed_decision += phase == PHASE_DECISION ? all : 0;
    c->excluded += all - own;
    if (!share_add(c, owner, phase, own) || !share_add(c, (struct clock_owner){ OWNER_LAW, 0 }, phase, all - own))
        return RC_INVALID;
    return RC_OK;
}

static enum rc shares_read(const struct replay *r)
{
    struct clock *c = r->out;
    for (size_t i = 0; i < c->turns_n; i++) {
        struct day at = later(c->turns[i].after, c->received_on);
        struct day end = i + 1 < c->turns_n ? earlier(c->turns[i + 1].after, c->today) : c->today;
        while (at.n < end.n) {
            struct day to = end;
            if (c->starts_on.n > at.n)
                to = earlier(to, c->starts_on);
            if (c->decided_on.n > at.n)
                to = earlier(to, c->decided_on);
            enum rc rc = stretch_add(r, at, to, c->turns[i].owner);
            if (rc)
                return rc;
            at = to;
        }
    }
    return RC_OK;
}

enum rc clock_read(const struct clock_case *cs, struct day today, struct clock *out)
{
    struct replay r = { .cs = cs, .out = out };
    memset(out, 0, offsetof(struct clock, pauses)); /* the arrays are described by their counts */
    out->today = today;
    events_replay(&r, today);
    if (r.full)
        return RC_INVALID;
    if (out->phase == PHASE_NONE)
        return RC_OK;
    if (out->closed_on.n) /* a lapse happens at 00:00 of its day */
        out->today = earlier(today, plus(out->closed_on, out->lapsed ? -1 : 0));
    enum rc rc = check_read(&r);
    if (!rc)
        rc = correction_read(&r);
    if (!rc)
        rc = decision_read(&r);
    if (!rc)
        rc = shares_read(&r);
    out->light = phase_light(out);
    return rc;
}

int32_t clock_share_of(const struct clock *c, struct clock_owner owner, enum clock_phase phase)
{
    for (size_t i = 0; i < c->shares_n; i++)
        if (same_owner(c->shares[i].owner, owner))
            return c->shares[i].days[phase];
    return 0;
}

int32_t clock_share_sum(const struct clock *c, enum owner_kind kind)
{
    int32_t n = 0;
    for (size_t i = 0; i < c->shares_n; i++)
        for (size_t p = 0; p < PHASE_SHARES && c->shares[i].owner.kind == kind; p++)
            n += c->shares[i].days[p];
    return n;
}

/* ---- day by day ---- */

static enum day_unit phase_unit(const struct clock_case *cs, const struct clock *c, enum clock_phase phase)
{
    const struct clock_rules *l = &cs->rules;
    enum day_unit unit = UNIT_WD;
    if (phase == PHASE_CHECK)
        unit = l->check.unit;
    else if (phase == PHASE_DELIVERY)
        unit = l->delivery.unit;
    else if (phase == PHASE_DECISION)
        unit = l->promised.unit && !c->extended ? l->promised.unit : l->statutory.unit;
    return unit ? unit : UNIT_WD;
}

static bool is_excluded(const struct clock *c, struct day d)
{
    for (size_t i = 0; i < c->pauses_n; i++)
        if (c->excluded_spans[i].first.n <= d.n && d.n <= c->excluded_spans[i].last.n)
            return true;
    return false;
}

/* One day after the one before it, whose phase and number `before` holds. */
static enum rc day_read(const struct clock_case *cs, const struct clock *c, const struct clock_turn *t,
                        const struct clock_day *before, struct clock_day *d)
{
    d->phase = phase_after(c, plus(d->day, -1), t->owner);
    enum rc rc = calendar_is_working_day(cs->calendar, d->day, &d->working);
    if (rc)
        return rc;
    bool law = d->phase == PHASE_DECISION && is_excluded(c, d->day);
    if (d->working)
        d->owner = law ? (struct clock_owner){ OWNER_LAW, 0 } : t->owner;
    d->counted = !law && (d->working || phase_unit(cs, c, d->phase) == UNIT_CD);
    d->nth = before->phase == d->phase ? before->nth : 0; /* as counted so far; clock_days blanks what is not counted */
    if (d->phase == PHASE_CORRECTION) /* one period from the notice on, also across days at the window */
        return calendar_used_wd(cs->calendar, c->told_on, d->day, (struct spans){ 0 }, &d->nth);
    d->nth += d->counted;
    return RC_OK;
}

enum rc clock_days(const struct clock_case *cs, const struct clock *c, struct clock_day *out, size_t max, size_t *out_n)
{
    size_t turn_at = 0, n = 0;
    struct clock_day before = { 0 };
    if (c->phase == PHASE_NONE)
        max = 0;
    for (struct day d = plus(c->received_on, 1); n < max && d.n <= c->today.n; d.n++, n++) {
        while (turn_at + 1 < c->turns_n && d.n > c->turns[turn_at + 1].after.n)
            turn_at++;
        out[n] = (struct clock_day){ .day = d };
        enum rc rc = day_read(cs, c, &c->turns[turn_at], &before, &out[n]);
        if (rc)
            return rc;
        before = out[n];
        if (!out[n].counted)
            out[n].nth = 0;
    }
    *out_n = n;
    return RC_OK;
}

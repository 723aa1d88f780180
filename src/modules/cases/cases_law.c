/* cases_law.c - the special acts of the law: told once, excluded time, extension, on the spot, and what silence does. */
#include "base/log.h"
#include "cases_forms.h"
#include "cases_service.h"
#include "modules/org/org.h"
#include "tmpl/tmpl.h"

enum { SUPPLY_DAYS = 30, POINTS_MAX = 60 };

static enum rc clock_now(struct cx *cx, const struct cases_case *c, struct clock **out)
{
    *out = arena_new(cx->arena, struct clock);
    return cases_clock(cx, c, *out);
}

static enum rc item_of(struct cx *cx, const struct cases_case *c, struct catalog_item *out)
{
    return catalog_version_get(cx, c->item, c->version, out);
}

/* What is not served online at once is served later, and has its effect from then on. */
static enum rc served_at_once(struct cx *cx, const struct cases_case *c, bool *out)
{
    enum rc rc = cases_consent_get(cx, c, out);
    *out = *out && c->account;
    return rc;
}

/* A notice that is not served online must be served before it can lapse. */
static enum rc told_body(struct cx *cx, const struct cases_case *c, struct day until, struct str *out)
{
    bool at_once = false;
    enum rc rc = served_at_once(cx, c, &at_once);
    *out = arena_fmt(cx->arena, "{\"unserved\":%s,\"until\":%d}", at_once ? "false" : "true", until.n);
    return rc;
}

/* An act that the law forbids: refused by state, with the reason. */
static enum rc forbidden(struct cx *cx, const char *field, const char *key)
{
    enum rc rc = cx_invalid(cx, field, key);
    return rc == RC_INVALID ? RC_CONFLICT : rc;
}

/* ---- told once ------------------------------------------------------------------------------------------------------- */

static struct str points_text(struct cx *cx, const struct cases_demand *points, size_t n)
{
    struct buf b;
    buf_init(&b, cx->arena, 256);
    for (size_t i = 0; i < n; i++) {
        buf_fmt(&b, "%zu. ", i + 1);
        buf_str(&b, points[i].name);
        buf_str(&b, STR("："));
        buf_str(&b, points[i].reason);
        buf_char(&b, '\n');
    }
    return buf_view(&b);
}

static enum rc points_check(struct cx *cx, const struct cases_demand *points, size_t n)
{
    if (!n || n > POINTS_MAX)
        return cx_invalid(cx, "points", n ? "base.too_many" : "cases.no_points");
    for (size_t i = 0; i < n; i++)
        if (!points[i].name.n || !points[i].reason.n)
            return cx_invalid(cx, "points", "cases.point_without_reason");
    return RC_OK;
}

static enum rc until_find(struct cx *cx, struct day *until)
{
    struct day today = day_at(cx->now);
    if (until->n && until->n <= today.n)
        return cx_invalid(cx, "until", "cases.until_past");
    if (until->n)
        return cases_day_known(cx, "until", *until);
    enum rc rc = cases_due_wd(cx, today, SUPPLY_DAYS, until);
    return rc == RC_NOT_FOUND ? cases_no_calendar(cx, "until", today) : rc;
}

static enum rc points_store(struct cx *cx, int64_t id, const struct cases_demand *points, size_t n)
{
    enum rc rc = RC_OK;
    for (size_t i = 0; i < n && !rc; i++) {
        struct cases_point p = { .n = (int64_t)i + 1, .name = points[i].name, .reason = points[i].reason };
        rc = cases_store_point_add(cx, id, &p);
    }
    return rc;
}

enum rc cases_tell_once(struct cx *cx, struct cases_case *c, const struct cases_demand *points, size_t n, struct day until)
{
    const char *to;
    struct clock *k;
    struct str body;
    if (!org_has_role(cx, ROLE_CLERK))
        return RC_DENIED;
    enum rc rc = points_check(cx, points, n);
    if (!rc)
        rc = until_find(cx, &until);
    if (!rc)
        rc = cases_act_begin(cx, c, ACT_TELL, &to);
    if (rc)
        return rc;
    rc = clock_now(cx, c, &k);
    if (rc)
        return rc;
    if (c->told_on.n)
        return forbidden(cx, "points", "cases.told_before");
    if (k->deemed)
        return forbidden(cx, "points", "cases.deemed_already");
    rc = cases_store_set_told(cx, c->id, day_at(cx->now));
    if (!rc)
        rc = cases_state_set(cx, c, to);
    if (!rc)
        rc = points_store(cx, c->id, points, n);
    if (!rc)
        rc = told_body(cx, c, until, &body);
    if (!rc)
        rc = cases_note(cx, c, "case.told", body, points_text(cx, points, n));
    if (!rc)
        rc = cases_due_refresh(cx, c);
    if (!rc)
        rc = cases_tell(cx, c, "correction");
    struct cases_paper paper = { .reasons = points_text(cx, points, n), .until = until };
    return rc ? rc : cases_paper_make(cx, c, "correction", &paper);
}

enum rc cases_supply(struct cx *cx, struct cases_case *c, int64_t point, struct str answer)
{
    return cases_supply_with(cx, c, point, answer, STR_NONE);
}

enum rc cases_supply_with(struct cx *cx, struct cases_case *c, int64_t point, struct str answer, struct str files)
{
    const char *to;
    int64_t open = 0;
    if (!answer.n)
        return cx_invalid(cx, "answer", "base.required");
    enum rc rc = cases_act_begin(cx, c, ACT_SUPPLY, &to);
    if (!rc)
        rc = cases_store_point_supply(cx, c->id, point, answer);
    if (!rc)
        rc = cases_store_points_open(cx, c->id, &open);
    if (rc)
        return rc;
    struct str body = arena_fmt(cx->arena, "{" STR_F "%s\"point\":%lld}", STR_A(files), files.n ? "," : "", (long long)point);
    rc = cases_note(cx, c, open ? "case.supplemented" : "case.completed", body, answer);
    if (!rc && !open)
        rc = cases_state_set(cx, c, "supplemented");
    return rc ? rc : cases_due_refresh(cx, c);
}

enum rc cases_reopen(struct cx *cx, struct cases_case *c, int64_t point, struct str reason)
{
    const char *to;
    struct clock *k;
    if (!org_has_role(cx, ROLE_CLERK))
        return RC_DENIED;
    if (!reason.n)
        return cx_invalid(cx, "reason", "cases.reason_missing");
    enum rc rc = cases_act_begin(cx, c, ACT_REOPEN, &to);
    if (!rc)
        rc = clock_now(cx, c, &k);
    if (!rc && k->deemed)
        return forbidden(cx, "reason", "cases.deemed_already");
    if (!rc)
        rc = cases_store_point_reopen(cx, c->id, point, reason);
    if (!rc && !str_is(c->state, to))
        rc = cases_state_set(cx, c, to);
    if (!rc)
        rc = cases_note(cx, c, "case.reopened", arena_fmt(cx->arena, "{\"point\":%lld}", (long long)point), reason);
    if (!rc)
        rc = cases_due_refresh(cx, c);
    return rc ? rc : cases_tell(cx, c, "correction");
}

/* ---- excluded time ------------------------------------------------------------------------------------------------------ */

static enum rc in_review(struct cx *cx, struct cases_case *c, enum cases_act act, struct catalog_item *item, struct clock **k)
{
    const char *to;
    enum rc rc = cases_act_begin(cx, c, act, &to);
    if (!rc && c->holder != cx->actor.body)
        return RC_DENIED;
    if (!rc)
        rc = item_of(cx, c, item);
    return rc ? rc : clock_now(cx, c, k);
}

static const struct clock_pause *running_pause(const struct clock *k, struct day today)
{
    for (size_t i = k->pauses_n; i--;)
        if (!k->pauses[i].ended && k->pauses[i].last.n >= today.n)
            return &k->pauses[i];
    return NULL;
}

static struct str pause_body(struct cx *cx, enum pause_kind kind, struct day until)
{
    return arena_fmt(cx->arena, "{\"pause\":%d,\"until\":%d}", (int)kind, until.n);
}

/* The same, bound to the service of the notice that this unit will make, unless that is served at once. */
static enum rc noticed_body(struct cx *cx, const struct cases_case *c, enum pause_kind kind, struct day until, struct str *out)
{
    bool at_once = false;
    int64_t last = 0;
    enum rc rc = served_at_once(cx, c, &at_once);
    if (!rc)
        rc = cases_store_document_last(cx, c->id, &last);
    *out = at_once ? pause_body(cx, kind, until)
                   : arena_fmt(cx->arena, "{\"notice\":%lld,\"pause\":%d,\"until\":%d}", (long long)(last + 1), (int)kind, until.n);
    return rc;
}

/* RC_CONFLICT while an earlier notice of excluded time waits to be served. */
static enum rc notices_served(struct cx *cx, const struct cases_case *c, const char *field)
{
    struct list all;
    enum rc rc = cases_store_services(cx, c->id, &all);
    for (size_t i = 0; i < all.n && !rc; i++) {
        const struct cases_service *s = (const struct cases_service *)all.v + i;
        if (str_is(s->kind, "excluded") && !str_is(s->state, "served"))
            rc = forbidden(cx, field, "cases.pause_unserved");
    }
    return rc;
}

/* The day may lie ahead: a pause is told before it begins. */
static enum rc pause_note(struct cx *cx, const struct cases_case *c, const char *kind, struct str body, struct day first)
{
    struct day today = day_at(cx->now);
    return cases_note_at(cx, c, kind, body, first.n > today.n ? day_start(first) : cx->now);
}

/* The kind of this word, if the item's law lets it stop the clock. */
static enum rc pause_find(struct cx *cx, const struct catalog_item *item, struct str word, enum pause_kind *out)
{
    struct list allowed = { 0 };
    bool own;
    if (cases_never_stops(word))
        return forbidden(cx, "kind", "cases.never_stops");
    enum rc rc = catalog_pause_list(cx, item, &allowed, &own);
    for (size_t i = 0; i < allowed.n; i++)
        if (str_eq(((const struct catalog_pause *)allowed.v)[i].kind, word) && catalog_pause_find(word, out))
            return rc;
    return rc ? rc : cx_invalid(cx, "kind", "cases.not_excluded");
}

/* The notice, last in the unit. */
static enum rc pause_tell(struct cx *cx, const struct cases_case *c, enum pause_kind kind, struct day first, struct day last)
{
    int32_t days = 0;
    struct clock k; /* as if it were served in time */
    struct cases_paper p = { .procedure = str_c(catalog_pause_words[kind]), .from = first, .until = last };
    enum rc rc = cases_clock_told(cx, c, &k);
    if (!rc && k.told.on)
        p.due = k.told.due;
    if (!rc)
        rc = cases_used_wd(cx, (struct day){ first.n - 1 }, last, &days);
    if (rc && rc != RC_NOT_FOUND)
        return rc;
    if (!rc) /* beyond the known calendar only the days are said, not their number */
        p.days = arena_fmt(cx->arena, "%d", days);
    return cases_paper_make(cx, c, "excluded", &p);
}

enum rc cases_pause(struct cx *cx, struct cases_case *c, struct str kind, struct day first, struct day last)
{
    struct catalog_item item;
    struct clock *k;
    enum pause_kind pause = PAUSE_HEARING;
    struct str body;
    struct day today = day_at(cx->now);
    if (!org_has_role(cx, ROLE_REVIEWER) && !org_has_role(cx, ROLE_SECTION_HEAD) && !org_has_role(cx, ROLE_BODY_HEAD))
        return RC_DENIED;
    enum rc rc = in_review(cx, c, ACT_PAUSE, &item, &k);
    if (rc)
        return rc;
    rc = pause_find(cx, &item, kind, &pause);
    if (rc)
        return rc;
    if (first.n < today.n || last.n < first.n)
        return cx_invalid(cx, "first", "cases.pause_past");
    if (first.n <= k->starts_on.n) /* the clock does not run yet: it would stop nothing */
        return cx_invalid(cx, "first", "cases.pause_first_day");
    if (k->statutory.on && k->statutory.due.n && first.n > k->statutory.due.n)
        return forbidden(cx, "first", "cases.pause_after_due");
    if (running_pause(k, today))
        return forbidden(cx, "kind", "cases.pause_runs");
    rc = notices_served(cx, c, "kind");
    if (!rc)
        rc = noticed_body(cx, c, pause, last, &body);
    if (!rc)
        rc = pause_note(cx, c, "case.paused", body, first);
    if (!rc)
        rc = cases_due_refresh(cx, c);
    if (!rc)
        rc = cases_tell(cx, c, "excluded");
    return rc ? rc : pause_tell(cx, c, pause, first, last);
}

enum rc cases_pause_revise(struct cx *cx, struct cases_case *c, struct day last)
{
    struct catalog_item item;
    struct clock *k;
    struct str body;
    enum rc rc = in_review(cx, c, ACT_PAUSE, &item, &k);
    const struct clock_pause *p = rc ? NULL : running_pause(k, day_at(cx->now));
    if (!rc && !p)
        return RC_CONFLICT;
    if (!rc && last.n < day_at(cx->now).n)
        return cx_invalid(cx, "last", "cases.pause_past");
    if (!rc)
        rc = notices_served(cx, c, "last");
    if (!rc)
        rc = noticed_body(cx, c, p->kind, last, &body);
    if (!rc)
        rc = cases_note(cx, c, "case.pause_revised", body, STR_NONE);
    if (!rc)
        rc = cases_due_refresh(cx, c);
    return rc ? rc : pause_tell(cx, c, p->kind, p->first, last);
}

enum rc cases_pause_end(struct cx *cx, struct cases_case *c)
{
    struct catalog_item item;
    struct clock *k;
    enum rc rc = in_review(cx, c, ACT_PAUSE, &item, &k);
    const struct clock_pause *p = rc ? NULL : running_pause(k, day_at(cx->now));
    if (!rc && !p)
        return RC_CONFLICT;
    if (!rc)
        rc = cases_note(cx, c, "case.pause_ended", pause_body(cx, p->kind, (struct day){ 0 }), STR_NONE);
    return rc ? rc : cases_due_refresh(cx, c);
}

/* ---- extension ------------------------------------------------------------------------------------------------------------ */

enum rc cases_extend(struct cx *cx, struct cases_case *c, int64_t days, struct str reason)
{
    struct catalog_item item;
    struct clock *k;
    if (!org_has_role(cx, ROLE_BODY_HEAD))
        return RC_DENIED; /* 行政许可法 42: the head of the organ, nobody else */
    enum rc rc = in_review(cx, c, ACT_EXTEND, &item, &k);
    if (rc)
        return rc;
    int64_t max = cases_extension_max(item.regime);
    if (!max || k->extended)
        return forbidden(cx, "days", max ? "cases.extended_before" : "cases.no_extension");
    if (days < 1 || days > max)
        return cx_invalid_args(cx, "days", "cases.extension_days", arena_fmt(cx->arena, "%lld", (long long)max), STR_NONE);
    if (!reason.n)
        return cx_invalid(cx, "reason", "cases.reason_missing");
    if (!k->statutory.on || (k->statutory.due.n && day_at(cx->now).n > k->statutory.due.n))
        return forbidden(cx, "days", "cases.extension_late");
    rc = cases_note(cx, c, "case.extended", arena_fmt(cx->arena, "{\"days\":%lld}", (long long)days), reason);
    if (!rc)
        rc = cases_due_refresh(cx, c);
    if (!rc)
        rc = cases_tell(cx, c, "extended");
    struct org_staff head;
    if (!rc)
        rc = org_staff_get(cx, cx->actor.post, &head);
    if (rc)
        return rc;
    struct cases_paper paper = { .reasons = reason, .days = arena_fmt(cx->arena, "%lld", (long long)days), .staff = head.name };
    return cases_paper_make(cx, c, "extension", &paper);
}

/* ---- to the body that decides --------------------------------------------------------------------------------------------- */

/* The open task moves along. */
static enum rc task_move(struct cx *cx, struct cases_case *c)
{
    struct cases_task t;
    enum rc rc = cases_store_task_open(cx, c->id, &t);
    if (!rc)
        rc = cases_store_task_done(cx, c->id, t.n, STR("forwarded"), STR(""));
    return rc ? rc : cases_store_task_add(cx, c->id, t.step, t.name, c->holder, t.role);
}

enum rc cases_forward(struct cx *cx, struct cases_case *c)
{
    struct catalog_item item;
    struct clock *k;
    struct org_body decider;
    if (!org_has_role(cx, ROLE_REVIEWER) && !org_has_role(cx, ROLE_SECTION_HEAD) && !org_has_role(cx, ROLE_BODY_HEAD))
        return RC_DENIED;
    enum rc rc = in_review(cx, c, ACT_FORWARD, &item, &k);
    if (rc)
        return rc;
    if (!item.decider.n || org_body_find(cx, item.decider, &decider))
        return forbidden(cx, "decider", "cases.decides_itself");
    c->holder = decider.id;
    rc = cases_store_set_holder(cx, c->id, decider.id);
    if (!rc)
        rc = cases_note(cx, c, "case.forwarded",
                        arena_fmt(cx->arena, "{\"owner\":\"body\",\"owner_id\":%lld}", (long long)decider.id), STR_NONE);
    if (!rc)
        rc = task_move(cx, c);
    return rc ? rc : cases_due_refresh(cx, c);
}

/* ---- on the spot ------------------------------------------------------------------------------------------------------------ */

enum rc cases_decide_on_spot(struct cx *cx, struct cases_case *c, struct str reasons)
{
    struct catalog_item item;
    const char *to;
    struct str owner = arena_fmt(cx->arena, "{\"owner\":\"window\",\"owner_id\":%lld}", (long long)c->body);
    if (!org_has_role(cx, ROLE_CLERK))
        return RC_DENIED;
    enum rc rc = cases_act_begin(cx, c, ACT_ON_SPOT, &to);
    if (!rc)
        rc = item_of(cx, c, &item);
    if (!rc && !str_is(item.kind, "on_spot"))
        return RC_CONFLICT; /* promised items: intake and decision are separate */
    if (!rc)
        rc = cases_state_set(cx, c, to);
    if (!rc)
        rc = cases_store_set_accepted_by(cx, c->id, cx->actor.post);
    if (!rc)
        rc = cases_task_finish(cx, c, to, reasons);
    if (!rc)
        rc = cases_note(cx, c, "case.accepted", owner, STR_NONE);
    if (!rc)
        rc = cases_place_accept(cx, c, cx->now, false);
    if (!rc)
        rc = cases_place_grant(cx, c);
    if (!rc)
        rc = cases_name_grant(cx, c, STR(""));
    if (!rc)
        rc = cases_licence_grant(cx, c);
    if (!rc)
        rc = cases_note(cx, c, "case.granted", STR_NONE, STR_NONE);
    if (!rc)
        rc = cases_store_task_add(cx, c->id, 0, STR("送达"), c->body, STR("clerk"));
    if (!rc)
        rc = cases_due_refresh(cx, c);
    if (!rc)
        rc = cases_tell(cx, c, "granted");
    return rc ? rc : cases_paper_make(cx, c, "grant", &(struct cases_paper){ .reasons = reasons });
}

/* ---- what silence does -------------------------------------------------------------------------------------------------------- */

/* Effective at 00:00 of the day after the last day, whenever the job runs. */
static int64_t after_day(struct day d)
{
    return day_start((struct day){ d.n + 1 });
}

static enum rc deem(struct cx *cx, struct cases_case *c, struct day last)
{
    const char *to;
    struct str body = arena_fmt(cx->arena, "{\"deemed\":true,\"owner\":\"body\",\"owner_id\":%lld}", (long long)c->body);
    enum rc rc = cases_act_begin(cx, c, ACT_DEEM, &to);
    if (!rc)
        rc = cases_state_set(cx, c, to);
    if (!rc)
        rc = cases_store_set_deemed(cx, c->id);
    if (!rc)
        rc = cases_task_finish(cx, c, "deemed", STR(""));
    if (!rc)
        rc = cases_place_accept(cx, c, after_day(last), true);
    if (!rc)
        rc = cases_note_at(cx, c, "case.accepted", body, after_day(last));
    if (!rc)
        rc = cases_process_go(cx, c, PROCESS_START);
    if (!rc)
        rc = cases_store_finding_add(cx, c, "not_told_in_time");
    if (!rc)
        rc = cases_due_refresh(cx, c);
    if (!rc)
        rc = cases_tell(cx, c, "accepted");
    return rc ? rc : cases_paper_make(cx, c, "acceptance", &(struct cases_paper){ .reasons = STR("视为受理") });
}

static enum rc lapse(struct cx *cx, struct cases_case *c, struct day last)
{
    const char *to;
    enum rc rc = cases_act_begin(cx, c, ACT_LAPSE, &to);
    if (!rc)
        rc = cases_state_set(cx, c, to);
    if (!rc)
        rc = cases_task_finish(cx, c, to, STR(""));
    if (!rc)
        rc = cases_note_at(cx, c, "case.lapsed", STR_NONE, after_day(last));
    return rc ? rc : cases_close(cx, c, "lapsed", "lapse", STR(""));
}

/* One case whose date has passed; nothing if its regime has no such consequence. */
static enum rc night_one(struct cx *cx, int64_t id, int64_t *done)
{
    struct cases_case c;
    struct clock *k;
    enum rc rc = cases_get(cx, id, &c);
    if (!rc)
        rc = clock_now(cx, &c, &k);
    if (rc)
        return rc == RC_NOT_FOUND ? RC_OK : rc;
    if (k->lapsed)
        rc = lapse(cx, &c, k->supply_until);
    else if (k->deemed && !str_is(c.state, "in_review"))
        rc = deem(cx, &c, k->check.due);
    else
        return cases_due_refresh(cx, &c); /* a notice that nobody has received yet */
    *done += !rc;
    return rc == RC_CONFLICT ? RC_OK : rc;
}

enum rc cases_night(struct cx *cx, int64_t *out_done)
{
    static const char *const states[] = { "received", "supplemented", "correction_due" };
    struct day today = day_at(cx->now);
    enum rc rc = RC_OK;
    *out_done = 0;
    for (size_t s = 0; s < countof(states) && !rc; s++) {
        struct list ids;
        rc = cases_store_overdue(cx, states[s], today, &ids);
        for (size_t i = 0; i < ids.n && !rc; i++)
            rc = night_one(cx, ((const int64_t *)ids.v)[i], out_done);
    }
    return rc;
}

/* cases_hearing.c - hearings: 行政许可法 36, 46-48. */
#include "cases_service.h"
#include "tmpl/tmpl.h"
#include "modules/org/org.h"

enum { REQUEST_DAYS = 5, HOLD_DAYS = 20, CLEAR_DAYS = 7 };

static enum rc begin(struct cx *cx, struct cases_case *c, struct cases_hearing *h)
{
    const char *to;
    enum rc rc = cases_act_begin(cx, c, ACT_HEARING, &to);
    if (!rc)
        rc = cases_store_hearing(cx, c->id, h);
    return rc == RC_NOT_FOUND ? RC_CONFLICT : rc;
}

static bool may_conduct(const struct cx *cx, const struct cases_case *c)
{
    uint64_t roles = ROLE_BIT(ROLE_REVIEWER) | ROLE_BIT(ROLE_SECTION_HEAD) | ROLE_BIT(ROLE_BODY_HEAD);
    return cx->actor.roles & roles && cx->actor.body == c->holder;
}

static enum rc due_wd(struct cx *cx, int32_t n, struct day *out)
{
    struct day today = day_at(cx->now);
    enum rc rc = cases_due_wd(cx, today, n, out);
    return rc == RC_NOT_FOUND ? cases_no_calendar(cx, "until", today) : rc;
}

/* Only where the law of the regime takes the hearing out of the time; elsewhere people are heard without it. */
static enum rc is_offered(struct cx *cx, const struct cases_case *c)
{
    struct catalog_item item;
    enum rc rc = catalog_version_get(cx, c->item, c->version, &item);
    if (rc || catalog_pause_allowed(item.regime, PAUSE_HEARING))
        return rc;
    rc = cx_invalid(cx, "hearing", "cases.no_hearing");
    return rc == RC_INVALID ? RC_CONFLICT : rc;
}

enum rc cases_hearing_tell(struct cx *cx, struct cases_case *c)
{
    const char *to;
    struct day until;
    enum rc rc = cases_act_begin(cx, c, ACT_HEARING, &to);
    if (!rc && !may_conduct(cx, c))
        return RC_DENIED;
    if (!rc)
        rc = is_offered(cx, c);
    if (!rc)
        rc = due_wd(cx, REQUEST_DAYS, &until);
    if (!rc)
        rc = cases_store_hearing_add(cx, c->id, day_at(cx->now), until);
    if (!rc)
        rc = cases_note(cx, c, "case.hearing_told", arena_fmt(cx->arena, "{\"until\":%d}", until.n), STR_NONE);
    if (!rc)
        rc = cases_tell(cx, c, "hearing");
    struct cases_paper paper = { .reasons = STR("您有权申请听证。请在收到本告知书之日起5个工作日内提出，逾期视为放弃。") };
    return rc ? rc : cases_paper_make(cx, c, "hearing", &paper);
}

/* From the request to the hearing the clock stands still (45); planned to the last day on which it may be held. */
enum rc cases_hearing_request(struct cx *cx, struct cases_case *c, struct str by)
{
    struct cases_hearing h;
    struct day hold_by, today = day_at(cx->now);
    enum rc rc = begin(cx, c, &h);
    if (!rc && today.n > h.request_until.n)
        return RC_CONFLICT; /* the right has lapsed */
    if (!rc)
        rc = due_wd(cx, HOLD_DAYS, &hold_by);
    if (!rc)
        rc = cases_store_hearing_request(cx, c->id, today, hold_by);
    struct str body = arena_fmt(cx->arena, "{\"pause\":%d,\"until\":%d}", (int)PAUSE_HEARING, rc ? 0 : hold_by.n);
    if (!rc)
        rc = cases_note(cx, c, "case.paused", body, by);
    return rc ? rc : cases_due_refresh(cx, c);
}

static enum rc notice_in_time(struct cx *cx, struct day on, const struct cases_hearing *h)
{
    int32_t clear = 0;
    enum rc rc = cases_used_wd(cx, day_at(cx->now), (struct day){ on.n - 1 }, &clear);
    if (rc)
        return rc == RC_NOT_FOUND ? cases_no_calendar(cx, "on", on) : rc;
    return clear < CLEAR_DAYS || on.n > h->hold_by.n ? RC_CONFLICT : RC_OK;
}

static struct str notice_text(struct cx *cx, struct day on)
{
    struct buf b;
    buf_init(&b, cx->arena, 120);
    buf_str(&b, STR("听证定于"));
    put_day(&b, LOCALE_ZH_CN, on, true);
    buf_str(&b, STR("公开举行，请准时参加。"));
    return buf_view(&b);
}

enum rc cases_hearing_set(struct cx *cx, struct cases_case *c, int64_t host, struct day on)
{
    struct cases_hearing h;
    bool worked = false;
    enum rc rc = begin(cx, c, &h);
    if (!rc && !may_conduct(cx, c))
        return RC_DENIED;
    if (!rc)
        rc = cases_store_worked_on(cx, c->id, host, &worked);
    if (!rc && (worked || host == c->accepted_by))
        return RC_CONFLICT; /* 回避 (48) */
    if (!rc)
        rc = notice_in_time(cx, on, &h);
    if (!rc)
        rc = cases_store_hearing_set(cx, c->id, host, on);
    struct str body = arena_fmt(cx->arena, "{\"pause\":%d,\"until\":%d}", (int)PAUSE_HEARING, on.n);
    if (!rc)
        rc = cases_note(cx, c, "case.pause_revised", body, STR_NONE);
    if (!rc)
        rc = cases_due_refresh(cx, c);
    return rc ? rc : cases_paper_make(cx, c, "hearing", &(struct cases_paper){ .reasons = notice_text(cx, on) });
}

enum rc cases_hearing_hold(struct cx *cx, struct cases_case *c, struct str record)
{
    struct cases_hearing h;
    if (!record.n)
        return cx_invalid(cx, "record", "base.required");
    enum rc rc = begin(cx, c, &h);
    if (!rc && !may_conduct(cx, c) && cx->actor.post != h.host)
        return RC_DENIED;
    if (!rc && (!h.held_on.n || day_at(cx->now).n < h.held_on.n))
        return RC_CONFLICT;
    if (!rc)
        rc = cases_store_hearing_record(cx, c->id, record);
    if (!rc)
        rc = cases_note(cx, c, "case.pause_ended", arena_fmt(cx->arena, "{\"pause\":%d}", (int)PAUSE_HEARING), record);
    if (!rc)
        rc = cases_due_refresh(cx, c);
    return rc ? rc : cases_paper_make(cx, c, "hearing", &(struct cases_paper){ .reasons = STR("听证已经举行，听证笔录存入案卷，作为作出决定的依据。") });
}

enum rc cases_hearing_check(struct cx *cx, const struct cases_case *c, struct str reasons, struct str basis)
{
    struct cases_hearing h;
    enum rc rc = cases_store_hearing(cx, c->id, &h);
    if (rc)
        return rc == RC_NOT_FOUND ? RC_OK : rc;
    if (h.requested_on.n && !h.record.n)
        return RC_CONFLICT;
    if (h.record.n && str_find(reasons, STR("听证笔录")) < 0 && str_find(basis, STR("听证笔录")) < 0)
        return cx_invalid(cx, "reasons", "cases.without_hearing_record");
    return RC_OK;
}

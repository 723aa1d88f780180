/* test_stories.c - the acceptance stories of the statutory clock, through the case service, on both databases.
 * A story is an array of steps: when, what, what must come of it. Dates were computed by independent scripts
 * (test/data/story-dates.txt); here the whole way from submission to delivery must give the same ones. */
#include "fixture.h"

#include "base/conf.h"
#include "ledger/ledger.h"
#include "modules/calendar/clock.h"
#include "modules/cases/cases.h"
#include "modules/holidays/holidays.h"
#include "modules/identity/identity.h"
#include "modules/materials/materials.h"
#include "modules/org/org.h"
#include "modules/places/places.h"

#include <stdio.h>
#include <string.h>

enum act {
    SUBMIT, ACCEPT, TELL, SUPPLY, REOPEN, OPINION, GRANT, REFUSE, PAUSE, REVISE, END_PAUSE, EXTEND, EXTEND_BY_SECTION, NIGHT, DELIVER,
    NOT_ACCEPTED, WITHDRAW, ON_SPOT, OFFER, CONFIRM, SITE_CHECK, SITE_CHECK_ALONE, BILL, PAY, FORWARD, HEARING_TELL, HEARING_ASK,
    HEARING_SET, HEARING_SET_BY_REVIEWER, HEARING_HOLD, LOOK,
};

/* Members left out are not checked; `used` and `excluded` are checked when not 0 (NONE stands for 0). */
enum { NONE = -1 };
struct step {
    const char *at; /* "2026-09-30 16:20", Asia/Shanghai */
    enum act    act;
    const char *arg, *more; /* reason, kind, days */
    int64_t     n;          /* points, point number, days */
    enum rc     want;
    const char *state, *light;
    const char *check, *supply, *accepted, *stat, *prom, *told, *deliver;
    int32_t     used, excluded, elapsed, window, body;
    bool        deemed, promise_kept, promise_broken;
};

struct story {
    const char        *item;
    const struct step *steps;
    size_t             n;
};

/* ---- running ------------------------------------------------------------------------------------------------------------ */

struct run {
    struct fixture     *f;
    struct catalog_item item;
    struct cases_case   c;
    int64_t             clerk, reviewer, head, host;
    int64_t             holder; /* body that acts after 转报 */
    const struct step  *step;
    size_t              number;
};

static int64_t ms_of(const char *at)
{
    char text[40];
    int64_t ms = 0;
    snprintf(text, sizeof text, "%.10sT%s:00+08:00", at, at + 11);
    CHECK(when_parse(str_c(text), &ms));
    return ms;
}

static void wrong(const struct run *r, const char *what, const char *want, struct str got)
{
    print_error("step %zu at %s: %s is " STR_F ", should be %s\n", r->number, r->step->at, what, STR_A(got), want);
    fail();
}

static void expect_day(const struct run *r, const char *what, const char *want, struct day got)
{
    struct buf b;
    if (!want)
        return;
    buf_init(&b, r->f->cx.arena, 16);
    if (got.n)
        buf_day(&b, got);
    if (!str_is(buf_view(&b), want))
        wrong(r, what, want, buf_view(&b));
}

static void expect_number(const struct run *r, const char *what, int32_t want, int32_t got)
{
    char text[16];
    snprintf(text, sizeof text, "%d", want == NONE ? 0 : want);
    if (want && got != (want == NONE ? 0 : want))
        wrong(r, what, text, arena_fmt(r->f->cx.arena, "%d", got));
}

static void act_as(struct run *r, struct cx *cx, int64_t post, enum org_role role)
{
    cx->actor = (struct actor){ .account = 1, .post = post, .body = r->holder ? r->holder : r->item.body, .roles = ROLE_BIT(role) };
}

static enum rc submit(struct run *r, struct cx *cx)
{
    const struct form *f = r->f->app.standard_form;
    struct form_answers ans = form_answers_new(cx->arena, f);
    struct identity_claim claim = { STR("person"), STR("522627199001010014"), STR("杨秀兰"), STR("") };
    struct cases_application ap = { .item = &r->item, .form = f, .answers = ans, .channel = STR("window"), .clerk = r->clerk,
                                    .applicant_name = claim.name, .applicant_mask = STR("522627********0014") };
    enum rc rc = identity_declare(cx, &claim, &ap.applicant);
    return rc ? rc : cases_submit(cx, &ap, &r->c);
}

static enum rc tell(struct run *r, struct cx *cx, int64_t n)
{
    static const struct cases_demand points[] = {
        { STR_INIT("经营场所布局流程图"), STR_INIT("没有注明比例尺") },
        { STR_INIT("专间布局图"), STR_INIT("没有提交") },
        { STR_INIT("从业人员健康证明"), STR_INIT("已过期") },
    };
    struct cases_handing h = { STR("window"), STR("杨秀兰"), STR("当面签收"), { 0 } };
    enum rc rc = cases_tell_once(cx, &r->c, points, (size_t)n, (struct day){ 0 });
    return rc ? rc : cases_service_done(cx, &r->c, 2, &h); /* handed over on the spot: the receipt is the first document */
}

static struct day day_of_text(const char *text)
{
    struct day d = { 0 };
    CHECK(day_parse(str_sub(str_c(text), 0, 10), &d));
    return d;
}

/* The notice that was just made is signed for at the window on the same day. */
static enum rc notice_serve(struct run *r, struct cx *cx)
{
    struct list all;
    enum rc rc = cases_document_list(cx, r->c.id, &all);
    act_as(r, cx, r->clerk, ROLE_CLERK);
    return rc ? rc : cases_service_done(cx, &r->c, (int64_t)all.n, &(struct cases_handing){ .way = STR("window"), .receiver = STR("本人") });
}

/* "2026-09-10..2026-09-24" */
static enum rc stop_clock(struct run *r, struct cx *cx)
{
    enum rc rc = cases_pause(cx, &r->c, str_c(r->step->arg), day_of_text(r->step->more), day_of_text(r->step->more + 12));
    return rc ? rc : notice_serve(r, cx);
}

static enum rc stop_longer(struct run *r, struct cx *cx)
{
    enum rc rc = cases_pause_revise(cx, &r->c, day_of_text(r->step->arg));
    return rc ? rc : notice_serve(r, cx);
}

static enum rc pay(struct run *r, struct cx *cx)
{
    struct str receipt = STR_NONE;
    enum rc rc = cases_bill_pay(cx, &r->c, r->step->n, &receipt);
    if (!rc && !str_is(receipt, r->step->arg))
        wrong(r, "receipt", r->step->arg, receipt);
    return rc;
}

static enum rc act_office(struct run *r, struct cx *cx)
{
    const struct step *s = r->step;
    struct str arg = str_c(s->arg ? s->arg : "");
    act_as(r, cx, r->clerk, ROLE_CLERK);
    switch ((int)s->act) {
    case SUBMIT:
        return submit(r, cx);
    case ACCEPT:
        return cases_accept(cx, &r->c);
    case TELL:
        return tell(r, cx, s->n);
    case REOPEN:
        return cases_reopen(cx, &r->c, s->n, arg);
    case NOT_ACCEPTED:
        return cases_refuse_acceptance(cx, &r->c, STR("not_accepted"), arg);
    case DELIVER:
        return cases_deliver(cx, &r->c, STR("window"), STR("杨秀兰"));
    case ON_SPOT:
        return cases_decide_on_spot(cx, &r->c, STR(""));
    case OFFER:
        return cases_amend_offer(cx, &r->c, STR("matter"), arg);
    case PAY:
        return pay(r, cx);
    default:
        fail_msg("not an act of the window: %d", (int)s->act);
        return RC_FAILED;
    }
}

static enum rc act_body(struct run *r, struct cx *cx)
{
    const struct step *s = r->step;
    struct str arg = str_c(s->arg ? s->arg : "");
    act_as(r, cx, r->head, ROLE_BODY_HEAD);
    switch ((int)s->act) {
    case GRANT:
        return cases_decide(cx, &r->c, true, arg, STR(""));
    case REFUSE:
        return cases_decide(cx, &r->c, false, arg, STR("《行政许可法》第三十八条"));
    case EXTEND:
        return cases_extend(cx, &r->c, s->n, arg);
    case EXTEND_BY_SECTION:
        act_as(r, cx, r->head, ROLE_SECTION_HEAD);
        return cases_extend(cx, &r->c, s->n, arg);
    default:
        break;
    }
    enum rc rc = RC_OK;
    act_as(r, cx, r->reviewer, ROLE_REVIEWER);
    switch ((int)s->act) {
    case OPINION:
        return cases_opinion(cx, &r->c, STR("符合条件"), false);
    case PAUSE:
        return stop_clock(r, cx);
    case REVISE:
        return stop_longer(r, cx);
    case END_PAUSE:
        return cases_pause_end(cx, &r->c);
    case SITE_CHECK:
        return cases_site_check(cx, &r->c, r->reviewer, r->head, STR("施工现场"), STR("长30米，与申请相符"));
    case SITE_CHECK_ALONE:
        return cases_site_check(cx, &r->c, r->reviewer, r->reviewer, STR("施工现场"), STR("长30米"));
    case HEARING_TELL:
        return cases_hearing_tell(cx, &r->c);
    case HEARING_SET:
        return cases_hearing_set(cx, &r->c, r->host, day_of_text(s->arg));
    case HEARING_SET_BY_REVIEWER:
        return cases_hearing_set(cx, &r->c, r->clerk, day_of_text(s->arg));
    case HEARING_HOLD:
        return cases_hearing_hold(cx, &r->c, STR("听证笔录：各方陈述，签字"));
    case FORWARD:
        rc = cases_forward(cx, &r->c);
        r->holder = rc ? r->holder : r->c.holder;
        return rc;
    case BILL:
        return cases_bill_make(cx, &r->c, (struct fen){ s->n });
    default:
        fail_msg("not an act of the body: %d", (int)s->act);
        return RC_FAILED;
    }
}

static enum rc act_do(struct run *r, struct cx *cx)
{
    const struct step *s = r->step;
    int64_t done = 0;
    switch ((int)s->act) {
    case LOOK:
        return RC_OK;
    case NIGHT:
        return cases_night(cx, &done);
    case SUPPLY:
        cx->actor = (struct actor){ 0 };
        return cases_supply(cx, &r->c, s->n, STR("已补交"));
    case CONFIRM:
        cx->actor = (struct actor){ 0 };
        return cases_amend_confirm(cx, &r->c);
    case HEARING_ASK:
        cx->actor = (struct actor){ 0 };
        return cases_hearing_request(cx, &r->c, STR("下游村民委员会"));
    case WITHDRAW:
        cx->actor = (struct actor){ 0 };
        return cases_withdraw(cx, &r->c);
    case OPINION:
    case GRANT:
    case REFUSE:
    case PAUSE:
    case REVISE:
    case END_PAUSE:
    case EXTEND:
    case EXTEND_BY_SECTION:
    case SITE_CHECK:
    case SITE_CHECK_ALONE:
    case BILL:
    case FORWARD:
    case HEARING_TELL:
    case HEARING_SET:
    case HEARING_SET_BY_REVIEWER:
    case HEARING_HOLD:
        return act_body(r, cx);
    default:
        return act_office(r, cx);
    }
}

static const char *light_name(enum light l)
{
    static const char *const names[] = { [LIGHT_NONE] = "none", [LIGHT_GREEN] = "green", [LIGHT_YELLOW] = "yellow",
                                         [LIGHT_RED] = "red", [LIGHT_STOPPED] = "stopped" };
    return names[l];
}

static void expect_clock(const struct run *r, const struct clock *k)
{
    const struct step *s = r->step;
    expect_day(r, "check due", s->check, k->check.due);
    expect_day(r, "supply until", s->supply, k->supply_until);
    expect_day(r, "accepted on", s->accepted, k->accepted_on);
    expect_day(r, "statutory", s->stat, k->statutory.due);
    expect_day(r, "promised", s->prom, k->promised.due);
    expect_day(r, "told", s->told, k->told.due);
    expect_day(r, "delivery due", s->deliver, k->delivery.due);
    expect_number(r, "used", s->used, k->statutory.used);
    expect_number(r, "excluded", s->excluded, k->excluded);
    expect_number(r, "elapsed", s->elapsed, k->elapsed_decision);
    expect_number(r, "window days", s->window, clock_share_sum(k, OWNER_WINDOW));
    expect_number(r, "body days", s->body, clock_share_sum(k, OWNER_BODY));
    if (s->light && strcmp(s->light, light_name(k->light)))
        wrong(r, "light", s->light, str_c(light_name(k->light)));
    if (s->deemed && !k->deemed)
        wrong(r, "deemed", "true", STR("false"));
    if ((s->promise_kept && k->promise_kept != KEPT_YES) || (s->promise_broken && k->promise_kept != KEPT_NO))
        wrong(r, "promise kept", s->promise_kept ? "yes" : "no", arena_fmt(r->f->cx.arena, "%d", (int)k->promise_kept));
    int32_t sum = 0;
    for (size_t i = 0; i < k->shares_n; i++)
        for (int p = 0; p < PHASE_SHARES; p++)
            sum += k->shares[i].days[p];
    expect_number(r, "sum of shares", k->elapsed ? k->elapsed : NONE, sum);
}

/* The day on which `share` percent of the told limit are used, counted day by day. */
static struct day share_day(const struct run *r, const struct clock *k, int32_t share)
{
    bool by_law = k->extended || !k->promised.on, cd = str_is(by_law ? r->item.statutory_unit : r->item.promised_unit, "CD");
    int32_t n = k->told.days * share / 100, left = n ? n : k->told.days ? 1 : 0;
    struct day d = k->told.start;
    for (bool working = true, out = false; left || out || !working; ) {
        d.n++;
        out = false;
        for (size_t i = 0; i < k->pauses_n; i++)
            out |= k->excluded_spans[i].first.n <= d.n && d.n <= k->excluded_spans[i].last.n;
        if (calendar_is_working_day(r->f->app.calendar, d, &working))
            return (struct day){ 0 };
        left -= left && !out && (working || cd);
    }
    return d;
}

#define OPEN_TASK " FROM cases_task WHERE state IN ('open', 'claimed') AND case_id = "

/* The open task has the legal day of the case and that of its own share of the route: review 60 percent, decision 40. */
static void expect_step(const struct run *r, struct cx *cx, const struct cases_case *c, const struct clock *k)
{
    static const struct sql step_on = { "step_on", "SELECT COALESCE(MAX(step_on), 0) AS n" OPEN_TASK "?1",
                                        "SELECT COALESCE(MAX(step_on), 0) AS n" OPEN_TASK "$1", 1 };
    static const struct sql due_on = { "due_on", "SELECT COALESCE(MAX(due_on), 0) AS n" OPEN_TASK "?1",
                                       "SELECT COALESCE(MAX(due_on), 0) AS n" OPEN_TASK "$1", 1 };
    int64_t own = 0, due = 0;
    CHECK(db_int(cx, &step_on, ARGS(v_i64(c->id)), &own) == RC_OK && db_int(cx, &due_on, ARGS(v_i64(c->id)), &due) == RC_OK);
    if (!c->closed_at.ms)
        CHECK(due == c->due_on.n);
    expect_number(r, "day of the step", k->phase == PHASE_DECISION ? share_day(r, k, c->step ? 100 : 60).n : NONE, (int32_t)own);
}

static void step_run(struct run *r)
{
    const struct step *s = r->step;
    db_set_clock(r->f->pool, ms_of(s->at));
    struct cx *cx = fixture_begin(r->f, WRITE);
    cx->issues.n = 0;
    enum rc rc = act_do(r, cx);
    r->c.no = arena_str(&r->f->kept, r->c.no); /* the unit's arena goes with it */
    rc = fixture_end(r->f, rc);
    if (rc != s->want)
        wrong(r, "outcome", arena_fmt(&r->f->kept, "%d", (int)s->want).p, arena_fmt(&r->f->kept, "%d", (int)rc));
    struct cases_case now;
    struct clock *k = arena_new(&r->f->kept, struct clock);
    cx = fixture_begin(r->f, READ);
    cx->actor = (struct actor){ .account = 1, .post = r->clerk, .body = r->item.body };
    CHECK(cases_find_staff(cx, r->c.no, &now) == RC_OK);
    CHECK(cases_clock(cx, &now, k) == RC_OK);
    if (s->state && !str_is(now.state, s->state))
        wrong(r, "state", s->state, now.state);
    expect_clock(r, k);
    expect_step(r, cx, &now, k);
    CHECK(fixture_end(r->f, RC_OK) == RC_OK);
}

static int64_t staff_id(struct fixture *f, const char *login)
{
    struct org_staff s;
    struct cx *cx = fixture_begin(f, READ);
    CHECK(org_staff_find(cx, str_c(login), &s) == RC_OK);
    CHECK(fixture_end(f, RC_OK) == RC_OK);
    return s.id;
}

static void item_read(struct run *r, const char *code)
{
    struct cx *cx = fixture_begin(r->f, READ);
    CHECK(catalog_item_find(cx, str_c(code), &r->item) == RC_OK);
    /* the unit's arena goes; the texts the story needs stay */
    for (size_t i = 0; i < CATALOG_ITEM.n; i++)
        if (CATALOG_ITEM.fields[i].type == F_STR) {
            struct str *t = (void *)((char *)&r->item + CATALOG_ITEM.fields[i].at);
            *t = arena_str(&r->f->kept, *t);
        }
    CHECK(fixture_end(r->f, RC_OK) == RC_OK);
}

static void story_run(void **state, const struct story *story)
{
    struct fixture *f = fixture_of(state);
    struct run r = { .f = f, .clerk = staff_id(f, "scj01"), .reviewer = staff_id(f, "scj03"), .head = staff_id(f, "scj05"),
                     .host = staff_id(f, "scj04") };
    item_read(&r, story->item);
    for (r.number = 1; r.number <= story->n; r.number++) {
        r.step = &story->steps[r.number - 1];
        step_run(&r);
    }
}

#define STORY(item_, ...)                                                                                                  \
    static const struct step steps[] = { __VA_ARGS__ };                                                                    \
    static const struct story story = { item_, steps, countof(steps) };                                                    \
    story_run(state, &story)

#define FREIGHT "11522627MB0A00245F4520118026000"
#define ROAD_DIG "11522627MB0A00237L4520117011000"
#define FOOD "11522627MB0A00018A4000131006000"
#define PUBLIC_PLACE "11522627MB0A00288W4000123002001"
#define MEDICAL "11522627MB0A00288W4520123006000"
#define DISCHARGE "11522627MB0A00229R4000116006000"
#define WATER "11522627MB0A00253A4000119003002"
#define TOBACCO "11522627MB0A00421C4000162001004"
#define SHOP "11522627MB0A00018A4000131003003"

/* ---- the stories --------------------------------------------------------------------------------------------------------- */

static void story_1_a_plain_clock_across_national_day(void **state)
{
    STORY(FREIGHT,
        { .at = "2026-09-30 16:20", .act = SUBMIT, .state = "received", .check = "2026-10-13" },
        { .at = "2026-09-30 17:05", .act = ACCEPT, .state = "in_review", .stat = "2026-11-03", .prom = "2026-10-20" },
        { .at = "2026-10-07 12:00", .act = LOOK, .used = NONE, .light = "green" },
        { .at = "2026-10-10 12:00", .act = LOOK, .used = 3, .light = "green" },
        { .at = "2026-10-16 12:00", .act = LOOK, .used = 8, .light = "green" },
        { .at = "2026-10-19 00:00", .act = LOOK, .used = 9, .light = "yellow" },
        { .at = "2026-10-19 10:00", .act = OPINION },
        { .at = "2026-10-19 15:00", .act = GRANT, .state = "granted", .deliver = "2026-11-02", .used = 9, .window = NONE,
          .body = 9, .promise_kept = true },
        { .at = "2026-10-22 10:30", .act = DELIVER, .state = "delivered" });
}

static void story_1b_nobody_decides(void **state)
{
    STORY(FREIGHT,
        { .at = "2026-09-30 16:20", .act = SUBMIT },
        { .at = "2026-09-30 17:05", .act = ACCEPT },
        { .at = "2026-10-20 23:59", .act = LOOK, .light = "yellow" },
        { .at = "2026-10-21 00:00", .act = LOOK, .light = "red", .promise_broken = true },
        { .at = "2026-11-04 00:00", .act = NIGHT, .state = "in_review" }); /* never deemed granted */
}

static void story_2_corrected_on_the_spot_fee_and_two_checkers(void **state)
{
    STORY(ROAD_DIG,
        { .at = "2026-02-13 21:40", .act = SUBMIT, .check = "2026-02-27" },
        { .at = "2026-02-26 00:00", .act = LOOK, .light = "yellow" },
        { .at = "2026-02-26 11:00", .act = CONFIRM, .want = RC_CONFLICT },
        { .at = "2026-02-26 11:10", .act = OFFER, .arg = "占用道路长30米、宽1米，20天" },
        { .at = "2026-02-26 11:12", .act = OFFER, .arg = "另一处", .want = RC_CONFLICT },
        { .at = "2026-02-26 11:20", .act = CONFIRM, .state = "received" },
        { .at = "2026-02-26 11:30", .act = ACCEPT, .stat = "2026-03-25", .prom = "2026-03-11" },
        { .at = "2026-03-03 10:00", .act = SITE_CHECK_ALONE, .want = RC_INVALID },
        { .at = "2026-03-03 11:00", .act = SITE_CHECK, .state = "in_review" },
        { .at = "2026-03-04 09:00", .act = BILL, .n = 30000, .state = "in_review", .light = "green" },
        { .at = "2026-03-05 09:00", .act = OPINION },
        { .at = "2026-03-05 10:00", .act = GRANT, .want = RC_CONFLICT, .state = "in_review" },
        { .at = "2026-03-06 10:00", .act = PAY, .n = 1, .arg = "2026-00001" },
        { .at = "2026-03-06 10:01", .act = PAY, .n = 1, .want = RC_CONFLICT },
        { .at = "2026-03-09 10:00", .act = GRANT, .state = "granted", .used = 8, .deliver = "2026-03-23" });
}

static void a_bill_needs_a_fee_that_the_law_knows(void **state)
{
    STORY(FREIGHT,
        { .at = "2026-05-08 10:00", .act = SUBMIT },
        { .at = "2026-05-08 11:00", .act = ACCEPT },
        { .at = "2026-05-11 10:00", .act = BILL, .n = 100, .want = RC_INVALID });
}

static void story_3_told_once_supplied_in_parts(void **state)
{
    STORY(FOOD,
        { .at = "2026-04-28 10:05", .act = SUBMIT, .check = "2026-05-08" },
        { .at = "2026-05-06 12:00", .act = LOOK, .light = "green" },
        { .at = "2026-05-07 00:00", .act = LOOK, .light = "yellow" },
        { .at = "2026-05-08 17:10", .act = TELL, .n = 3, .state = "correction_due", .supply = "2026-06-18" },
        { .at = "2026-05-09 09:00", .act = SUPPLY, .n = 1, .state = "correction_due" },
        { .at = "2026-05-09 09:10", .act = SUPPLY, .n = 2, .state = "correction_due" },
        { .at = "2026-05-11 09:00", .act = TELL, .n = 1, .want = RC_CONFLICT, .state = "correction_due" },
        { .at = "2026-05-12 10:00", .act = SUPPLY, .n = 3, .state = "supplemented" },
        { .at = "2026-05-12 15:00", .act = REOPEN, .n = 3, .arg = "健康证明仍是过期的", .state = "correction_due", .supply = "2026-06-18" },
        { .at = "2026-05-13 09:30", .act = SUPPLY, .n = 3, .state = "supplemented" },
        { .at = "2026-05-13 10:00", .act = NOT_ACCEPTED, .arg = "不收", .want = RC_CONFLICT, .state = "supplemented" },
        { .at = "2026-05-14 09:00", .act = ACCEPT, .state = "in_review", .accepted = "2026-05-13", .stat = "2026-06-10",
          .prom = "2026-05-27" },
        { .at = "2026-05-25 12:00", .act = LOOK, .used = 8, .light = "green" },
        { .at = "2026-05-25 14:00", .act = OPINION },
        { .at = "2026-05-25 15:00", .act = GRANT, .state = "granted", .used = 8, .deliver = "2026-06-08" });
}

static void story_3b_never_supplied(void **state)
{
    STORY(FOOD,
        { .at = "2026-04-28 10:05", .act = SUBMIT },
        { .at = "2026-05-08 17:10", .act = TELL, .n = 3, .supply = "2026-06-18" },
        { .at = "2026-06-18 23:59", .act = NIGHT, .state = "correction_due" },
        { .at = "2026-06-19 00:00", .act = NIGHT, .state = "lapsed" },
        { .at = "2026-06-22 09:00", .act = SUPPLY, .n = 1, .want = RC_CONFLICT, .state = "lapsed" });
}

static void story_4_deemed_accepted(void **state)
{
    STORY(PUBLIC_PLACE,
        { .at = "2026-06-12 10:00", .act = SUBMIT, .check = "2026-06-22" },
        { .at = "2026-06-18 00:00", .act = LOOK, .light = "yellow" },
        { .at = "2026-06-22 23:59", .act = NIGHT, .state = "received" },
        { .at = "2026-06-23 00:00", .act = NIGHT, .state = "in_review", .deemed = true, .accepted = "2026-06-12", .stat = "2026-07-13",
          .prom = "2026-06-29", .used = 6 },
        { .at = "2026-06-23 09:00", .act = TELL, .n = 1, .want = RC_CONFLICT },
        { .at = "2026-06-26 00:00", .act = LOOK, .light = "yellow", .used = 9 },
        { .at = "2026-06-26 10:00", .act = OPINION },
        { .at = "2026-06-26 11:00", .act = GRANT, .deliver = "2026-07-10" });
}

static void story_4b_the_server_was_off(void **state)
{
    STORY(PUBLIC_PLACE,
        { .at = "2026-06-12 10:00", .act = SUBMIT, .check = "2026-06-22" },
        { .at = "2026-06-25 08:00", .act = NIGHT, .state = "in_review", .deemed = true, .accepted = "2026-06-12",
          .stat = "2026-07-13", .prom = "2026-06-29" });
}

static void story_4c_not_our_power_in_time_and_too_late(void **state)
{
    STORY(PUBLIC_PLACE,
        { .at = "2026-06-12 10:00", .act = SUBMIT },
        { .at = "2026-06-22 23:59", .act = NOT_ACCEPTED, .arg = "属于州级权限，请向州卫生健康局申请", .state = "not_accepted" },
        { .at = "2026-06-23 00:00", .act = NIGHT, .state = "not_accepted" });
}

static void story_5_three_days_not_five(void **state)
{
    STORY(DISCHARGE,
        { .at = "2026-04-30 09:00", .act = SUBMIT, .check = "2026-05-08" },
        { .at = "2026-05-09 00:00", .act = NIGHT, .state = "in_review", .deemed = true, .accepted = "2026-04-30",
          .stat = "2026-06-01", .prom = "2026-05-25" },
        { .at = "2026-05-09 09:10", .act = TELL, .n = 1, .want = RC_CONFLICT },
        { .at = "2026-05-11 10:00", .act = FORWARD, .stat = "2026-06-01", .prom = "2026-05-25" },
        { .at = "2026-05-11 11:00", .act = FORWARD, .want = RC_CONFLICT },
        { .at = "2026-05-20 09:00", .act = OPINION },
        { .at = "2026-05-20 10:00", .act = GRANT, .state = "granted", .used = 12, .deliver = "2026-06-03", .promise_kept = true });
}

static void story_6_expert_review_and_wrong_pauses(void **state)
{
    STORY(MEDICAL,
        { .at = "2026-09-01 09:00", .act = SUBMIT },
        { .at = "2026-09-01 10:00", .act = ACCEPT, .stat = "2026-10-19", .prom = "2026-09-29" },
        { .at = "2026-09-09 09:00", .act = PAUSE, .arg = "site_check", .more = "2026-09-10..2026-09-24", .want = RC_CONFLICT },
        { .at = "2026-09-09 09:02", .act = PAUSE, .arg = "testing", .more = "2026-09-10..2026-09-24", .want = RC_INVALID },
        { .at = "2026-09-09 09:05", .act = PAUSE, .arg = "publicity", .more = "2026-09-10..2026-09-24", .want = RC_CONFLICT },
        { .at = "2026-09-09 09:10", .act = PAUSE, .arg = "experts", .more = "2026-09-08..2026-09-24", .want = RC_INVALID },
        { .at = "2026-09-09 10:00", .act = PAUSE, .arg = "experts", .more = "2026-09-10..2026-09-24", .used = 6 },
        { .at = "2026-09-17 12:00", .act = LOOK, .light = "stopped", .stat = "2026-11-04", .prom = "2026-10-21" },
        { .at = "2026-09-23 10:00", .act = REVISE, .arg = "2026-09-29" },
        { .at = "2026-09-28 15:00", .act = END_PAUSE, .stat = "2026-11-05", .prom = "2026-10-22" },
        { .at = "2026-09-29 12:00", .act = LOOK, .used = 7, .excluded = 13 },
        { .at = "2026-10-20 09:00", .act = OPINION },
        { .at = "2026-10-20 10:00", .act = GRANT, .used = 18, .excluded = 13, .elapsed = 31, .promise_kept = true });
}

static void story_6b_a_pause_after_the_due_day(void **state)
{
    STORY(MEDICAL,
        { .at = "2026-09-01 09:00", .act = SUBMIT },
        { .at = "2026-09-01 10:00", .act = ACCEPT },
        { .at = "2026-10-20 09:00", .act = PAUSE, .arg = "experts", .more = "2026-10-20..2026-10-24", .want = RC_CONFLICT });
}

static void story_7_hearing_asked_by_a_third_party(void **state)
{
    STORY(WATER,
        { .at = "2026-03-02 09:00", .act = SUBMIT },
        { .at = "2026-03-02 10:00", .act = ACCEPT, .stat = "2026-05-08", .prom = "2026-04-14" },
        { .at = "2026-03-09 10:00", .act = HEARING_ASK, .want = RC_CONFLICT }, /* nobody was told yet */
        { .at = "2026-03-10 10:00", .act = HEARING_TELL, .light = "green" },
        { .at = "2026-03-10 10:05", .act = HEARING_TELL, .want = RC_CONFLICT },
        { .at = "2026-03-13 12:00", .act = LOOK, .used = 9 },
        { .at = "2026-03-16 09:00", .act = HEARING_ASK, .light = "stopped" },
        { .at = "2026-03-16 10:00", .act = OPINION },
        { .at = "2026-03-17 09:00", .act = GRANT, .want = RC_CONFLICT },
        { .at = "2026-03-27 09:00", .act = HEARING_SET_BY_REVIEWER, .arg = "2026-04-09", .want = RC_CONFLICT },
        { .at = "2026-03-31 09:00", .act = HEARING_SET, .arg = "2026-04-09", .want = RC_CONFLICT },
        { .at = "2026-03-27 09:30", .act = HEARING_SET, .arg = "2026-04-15", .want = RC_CONFLICT }, /* after 20 days */
        { .at = "2026-03-27 10:00", .act = HEARING_SET, .arg = "2026-04-09" },
        { .at = "2026-04-08 10:00", .act = HEARING_HOLD, .want = RC_CONFLICT },
        { .at = "2026-04-09 17:00", .act = HEARING_HOLD, .stat = "2026-06-02", .prom = "2026-05-12" },
        { .at = "2026-04-10 12:00", .act = LOOK, .excluded = 18 },
        { .at = "2026-05-06 09:30", .act = GRANT, .want = RC_INVALID },
        { .at = "2026-05-06 10:00", .act = GRANT, .arg = "依据听证笔录，符合条件", .used = 25, .excluded = 18, .elapsed = 43,
          .promise_kept = true });
}

static void story_7b_nobody_asks(void **state)
{
    STORY(WATER,
        { .at = "2026-03-02 09:00", .act = SUBMIT },
        { .at = "2026-03-02 10:00", .act = ACCEPT },
        { .at = "2026-03-10 10:00", .act = HEARING_TELL },
        { .at = "2026-03-17 23:59", .act = LOOK, .excluded = NONE },
        { .at = "2026-03-18 00:00", .act = HEARING_ASK, .want = RC_CONFLICT, .stat = "2026-05-08", .excluded = NONE });
}

static void story_8_extension_by_the_head_once(void **state)
{
    STORY(TOBACCO,
        { .at = "2026-07-01 09:00", .act = SUBMIT },
        { .at = "2026-07-01 10:00", .act = ACCEPT, .stat = "2026-07-29", .prom = "2026-07-22" },
        { .at = "2026-07-20 09:00", .act = EXTEND_BY_SECTION, .n = 10, .arg = "案情复杂", .want = RC_DENIED },
        { .at = "2026-07-20 09:10", .act = EXTEND, .n = 11, .arg = "案情复杂", .want = RC_INVALID },
        { .at = "2026-07-20 09:20", .act = EXTEND, .n = 10, .want = RC_INVALID },
        { .at = "2026-07-21 00:00", .act = LOOK, .light = "yellow" },
        { .at = "2026-07-21 10:00", .act = EXTEND, .n = 10, .arg = "案情复杂，需要补充勘查", .told = "2026-08-12", .light = "green", .used = 14 },
        { .at = "2026-08-06 12:00", .act = LOOK, .light = "green" },
        { .at = "2026-08-07 00:00", .act = LOOK, .light = "yellow" },
        { .at = "2026-08-07 08:00", .act = EXTEND, .n = 5, .arg = "再延", .want = RC_CONFLICT });
}

static void story_8a_decided_within_the_extension(void **state)
{
    STORY(TOBACCO,
        { .at = "2026-07-01 09:00", .act = SUBMIT },
        { .at = "2026-07-01 10:00", .act = ACCEPT },
        { .at = "2026-07-21 10:00", .act = EXTEND, .n = 10, .arg = "案情复杂" },
        { .at = "2026-08-06 09:00", .act = OPINION },
        { .at = "2026-08-06 10:00", .act = GRANT, .used = 26, .deliver = "2026-08-20", .promise_broken = true });
}

static void story_8c_an_extension_after_the_law_s_date(void **state)
{
    STORY(TOBACCO,
        { .at = "2026-07-01 09:00", .act = SUBMIT },
        { .at = "2026-07-01 10:00", .act = ACCEPT },
        { .at = "2026-07-30 09:00", .act = EXTEND, .n = 10, .arg = "迟了", .want = RC_CONFLICT });
}

static void story_9_refusal_with_remedies(void **state)
{
    STORY(TOBACCO,
        { .at = "2026-04-27 09:15", .act = SUBMIT },
        { .at = "2026-04-27 09:16", .act = ACCEPT, .stat = "2026-05-27", .prom = "2026-05-20" },
        { .at = "2026-05-19 00:00", .act = LOOK, .light = "yellow" },
        { .at = "2026-05-19 09:00", .act = OPINION },
        { .at = "2026-05-19 09:30", .act = REFUSE, .want = RC_INVALID, .state = "in_review" },
        { .at = "2026-05-19 10:00", .act = REFUSE, .arg = "该区域零售点已满，合理布局不能再设", .state = "refused" });
}

static void an_on_the_spot_item_is_accepted_and_decided_in_one_act(void **state)
{
    STORY(SHOP,
        { .at = "2026-05-08 10:00", .act = SUBMIT, .state = "received" },
        { .at = "2026-05-08 10:05", .act = ON_SPOT, .state = "granted", .accepted = "2026-05-08" });
}

static void a_promised_item_is_never_decided_at_the_window(void **state)
{
    STORY(FREIGHT,
        { .at = "2026-05-08 10:00", .act = SUBMIT, .state = "received" },
        { .at = "2026-05-08 10:05", .act = ON_SPOT, .want = RC_CONFLICT, .state = "received" },
        { .at = "2026-05-08 10:10", .act = WITHDRAW, .state = "withdrawn" },
        { .at = "2026-05-08 10:20", .act = ACCEPT, .want = RC_CONFLICT, .state = "withdrawn" });
}

/* ---- fixture -------------------------------------------------------------------------------------------------------------- */

static const struct module ledger_module_of_test = { .name = "ledger", .sql = ledger_sql, .schema = ledger_schema };

static void story_open(struct fixture *f)
{
    struct str text, why = STR_NONE;
    struct form *form;
    unsigned char keys[KEYRING_BYTES] = { 1, 2, 3 };
    keyring_set(&f->app.keys, keys);
    f->app.config.division = STR("522627000000");
    CHECK(file_read(DATA_DIR "/holidays.csv", 1 << 20, &f->kept, &text) == RC_OK);
    CHECK(calendar_from_csv(&f->kept, text, &f->app.calendar, &why) == RC_OK);
    CHECK(file_read(DATA_DIR "/../src/modules/forms/standard.json", 1 << 20, &f->kept, &text) == RC_OK);
    CHECK(form_read(&f->kept, text, &form, &why) == RC_OK);
    f->app.standard_form = form;
    fixture_load_county(f);
}

static int open_on(void **state, enum db_engine engine)
{
    static struct module ledger;
    ledger = ledger_module_of_test;
    ledger.nsql = ledger_nsql;
    ledger.nschema = ledger_nschema;
    const struct module *modules[] = { &ledger, &org_module, &forms_module, &identity_module, &places_module, &holidays_module,
                                       &catalog_module, &materials_module, &cases_module };
    int rc = fixture_open(state, engine, modules, countof(modules));
    if (!rc && *state)
        story_open(*state);
    return rc;
}

static int on_sqlite(void **state)
{
    return open_on(state, DB_SQLITE);
}

static int on_postgres(void **state)
{
    return open_on(state, DB_POSTGRES);
}

#define BOTH(f) ON_BOTH(f, on_sqlite, on_postgres)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        BOTH(story_1_a_plain_clock_across_national_day),
        BOTH(story_1b_nobody_decides),
        BOTH(story_2_corrected_on_the_spot_fee_and_two_checkers),
        BOTH(a_bill_needs_a_fee_that_the_law_knows),
        BOTH(story_3_told_once_supplied_in_parts),
        BOTH(story_3b_never_supplied),
        BOTH(story_4_deemed_accepted),
        BOTH(story_4b_the_server_was_off),
        BOTH(story_4c_not_our_power_in_time_and_too_late),
        BOTH(story_5_three_days_not_five),
        BOTH(story_6_expert_review_and_wrong_pauses),
        BOTH(story_6b_a_pause_after_the_due_day),
        BOTH(story_7_hearing_asked_by_a_third_party),
        BOTH(story_7b_nobody_asks),
        BOTH(story_8_extension_by_the_head_once),
        BOTH(story_8a_decided_within_the_extension),
        BOTH(story_8c_an_extension_after_the_law_s_date),
        BOTH(story_9_refusal_with_remedies),
        BOTH(an_on_the_spot_item_is_accepted_and_decided_in_one_act),
        BOTH(a_promised_item_is_never_decided_at_the_window),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

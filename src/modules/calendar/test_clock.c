/* test_clock.c - the statutory clock: the nine acceptance stories, and what holds whatever happens. */
#include "../../../test/check.h"
#include "base/conf.h"
#include "modules/calendar/clock.h"

#include <string.h>

static const struct calendar *calendar; /* set once by setup */
static struct arena calendar_arena;

static int setup(void **state UNUSED)
{
    struct str csv, why;
    arena_init(&calendar_arena, 16 << 20);
    return file_read(DATA_DIR "/holidays.csv", 1 << 20, &calendar_arena, &csv) ||
           calendar_from_csv(&calendar_arena, csv, &calendar, &why);
}

static int teardown(void **state UNUSED)
{
    arena_done(&calendar_arena);
    return 0;
}

/* ---- words of the stories ---- */

static const struct clock_owner WINDOW = { OWNER_WINDOW, 1 }, BODY = { OWNER_BODY, 2 }, PREFECTURE = { OWNER_BODY, 3 },
                                APPLICANT = { OWNER_APPLICANT, 0 }, LAW = { OWNER_LAW, 0 };

struct story {
    struct clock_event ev[32];
    struct clock_case  cs;
};

static struct day on(const char *text)
{
    struct day d = { 0 };
    CHECK(day_parse(str_c(text), &d));
    return d;
}

static bool is_day(struct day d, const char *text)
{
    struct str s = str_c(text);
    struct day want;
    if (day_parse(s, &want) && want.n == d.n)
        return true;
    struct civil c = day_civil(d);
    print_error("got %04d-%02d-%02d, want %s\n", c.year, c.month, c.day, text);
    return false;
}

/* A licence (regime L): check 5 WD, told once, deemed accepted; delivery 10 WD. */
static struct story licence(int32_t statutory_days, int32_t promised_days)
{
    return (struct story){ .cs = { .rules = { .check = { 5, UNIT_WD },
                                              .statutory = { statutory_days, UNIT_WD },
                                              .promised = { promised_days, UNIT_WD },
                                              .delivery = { 10, UNIT_WD },
                                              .deemed = true,
                                              .decider = { OWNER_BODY, 2 } } } };
}

static struct clock_event *add(struct story *s, enum clock_kind kind, const char *day)
{
    struct clock_event *e = &s->ev[s->cs.n++];
    CHECK(s->cs.n <= countof(s->ev));
    *e = (struct clock_event){ .kind = kind, .day = on(day) };
    if (kind == CLOCK_RECEIVED)
        e->owner = WINDOW;
    return e;
}

static void add_pause(struct story *s, enum clock_kind kind, enum pause_kind pause, const char *served, const char *day,
                      const char *until)
{
    struct clock_event *e = add(s, kind, day);
    e->pause = pause;
    e->recorded.ms = day_start(on(served)) + 9 * 3600000;
    if (until)
        e->until = on(until);
}

static struct clock at(struct story *s, const char *today)
{
    struct clock c;
    s->cs.events = s->ev;
    s->cs.calendar = calendar;
    CHECK(clock_read(&s->cs, on(today), &c) == RC_OK);
    return c;
}

/* Every working day has one owner. */
static bool adds_up(const struct clock *c)
{
    int32_t sum = 0, decision = 0;
    for (size_t i = 0; i < c->shares_n; i++) {
        decision += c->shares[i].days[PHASE_DECISION];
        for (size_t p = 0; p < PHASE_SHARES; p++)
            sum += c->shares[i].days[p];
    }
    return sum == c->elapsed && decision == c->elapsed_decision;
}

/* ---- the stories ---- */

static struct story story_1(void)
{
    struct story s = licence(20, 10);
    add(&s, CLOCK_RECEIVED, "2026-09-30");
    return s;
}

static void story_1_a_plain_clock_across_national_day(void **state UNUSED)
{
    struct story s = story_1();
    struct clock c = at(&s, "2026-09-30");
    CHECK(c.phase == PHASE_CHECK && is_day(c.check.due, "2026-10-13") && c.light == LIGHT_GREEN);
    add(&s, CLOCK_ACCEPTED, "2026-09-30");
    c = at(&s, "2026-09-30");
    CHECK(c.phase == PHASE_DECISION && is_day(c.statutory.due, "2026-11-03") && is_day(c.promised.due, "2026-10-20"));
    c = at(&s, "2026-10-07");
    CHECK(c.told.used == 0 && c.light == LIGHT_GREEN);
    CHECK(at(&s, "2026-10-10").told.used == 3);
    c = at(&s, "2026-10-16");
    CHECK(c.told.used == 8 && c.light == LIGHT_GREEN);
    CHECK(at(&s, "2026-10-18").light == LIGHT_GREEN);
    c = at(&s, "2026-10-19");
    CHECK(c.told.used == 9 && c.told.left == 1 && c.light == LIGHT_YELLOW && is_day(c.told.yellow_from, "2026-10-19"));
    add(&s, CLOCK_DECIDED, "2026-10-19");
    c = at(&s, "2026-10-19");
    CHECK(c.phase == PHASE_DELIVERY && c.promise_kept == KEPT_YES && c.law_kept == KEPT_YES && adds_up(&c));
    CHECK(clock_share_sum(&c, OWNER_WINDOW) == 0 && clock_share_of(&c, BODY, PHASE_DECISION) == 9);
    CHECK(is_day(c.delivery.due, "2026-11-02") && c.light == LIGHT_GREEN);
    add(&s, CLOCK_DELIVERED, "2026-10-22");
    c = at(&s, "2026-12-01");
    CHECK(c.phase == PHASE_CLOSED && c.delivery.used == 3 && c.light == LIGHT_NONE && c.told.used == 9 && adds_up(&c));
    CHECK(c.refused == 0 && is_day(c.today, "2026-10-22"));
}

static void story_1b_silence_on_the_decision_grants_nothing(void **state UNUSED)
{
    struct story s = story_1();
    add(&s, CLOCK_ACCEPTED, "2026-09-30");
    struct clock c = at(&s, "2026-10-20");
    CHECK(c.light == LIGHT_YELLOW && c.promise_kept == KEPT_OPEN);
    c = at(&s, "2026-10-21");
    CHECK(c.light == LIGHT_RED && c.promise_kept == KEPT_NO && c.law_kept == KEPT_OPEN && c.told.overdue == 1);
    c = at(&s, "2026-11-03");
    CHECK(c.law_kept == KEPT_OPEN && c.statutory.light == LIGHT_YELLOW);
    c = at(&s, "2026-11-04");
    CHECK(c.law_kept == KEPT_NO && c.statutory.light == LIGHT_RED && c.phase == PHASE_DECISION && !c.decided_on.n);
}

static void story_2_sent_on_the_night_before_spring_festival(void **state UNUSED)
{
    struct story s = licence(20, 10);
    add(&s, CLOCK_RECEIVED, "2026-02-13")->recorded.ms = day_start(on("2026-02-13")) + 21 * 3600000 + 40 * 60000;
    struct clock c = at(&s, "2026-02-14");
    CHECK(is_day(c.check.due, "2026-02-27") && c.check.used == 1 && c.light == LIGHT_GREEN);
    CHECK(at(&s, "2026-02-25").light == LIGHT_GREEN);
    c = at(&s, "2026-02-26");
    CHECK(c.check.used == 4 && c.light == LIGHT_YELLOW);
    add(&s, CLOCK_ACCEPTED, "2026-02-26");
    c = at(&s, "2026-03-04");
    CHECK(is_day(c.statutory.due, "2026-03-25") && is_day(c.promised.due, "2026-03-11"));
    CHECK(clock_share_of(&c, WINDOW, PHASE_CHECK) == 4 && adds_up(&c));
    add(&s, CLOCK_DECIDED, "2026-03-09");
    c = at(&s, "2026-03-09");
    CHECK(c.told.used == 8 && is_day(c.delivery.due, "2026-03-23") && c.promise_kept == KEPT_YES && !c.check_late);
}

static struct story story_3(void)
{
    struct story s = licence(20, 10);
    add(&s, CLOCK_RECEIVED, "2026-04-28");
    add(&s, CLOCK_TOLD, "2026-05-08")->until = on("2026-06-18");
    return s;
}

static void story_3_told_once_supplied_in_parts(void **state UNUSED)
{
    struct story s = story_3();
    struct clock c = at(&s, "2026-05-06");
    CHECK(is_day(c.check.due, "2026-05-08") && c.light == LIGHT_GREEN);
    CHECK(is_day(at(&s, "2026-05-07").check.yellow_from, "2026-05-07") && at(&s, "2026-05-07").light == LIGHT_YELLOW);
    c = at(&s, "2026-05-08");
    CHECK(c.phase == PHASE_CORRECTION && c.light == LIGHT_NONE && !c.statutory.on && c.check.used == 5 && !c.check_late);
    CHECK(c.correction.days == 30 && is_day(c.correction.due, "2026-06-18"));
    add(&s, CLOCK_SUPPLEMENTED, "2026-05-09");
    c = at(&s, "2026-05-09");
    CHECK(c.phase == PHASE_CORRECTION && c.correction.used == 1);
    add(&s, CLOCK_TOLD, "2026-05-11")->until = on("2026-07-30"); /* a new point: refused, nothing moves */
    c = at(&s, "2026-05-11");
    CHECK(c.refused == 1 && is_day(c.supply_until, "2026-06-18"));
    add(&s, CLOCK_COMPLETED, "2026-05-12");
    add(&s, CLOCK_REOPENED, "2026-05-12");
    c = at(&s, "2026-05-12");
    CHECK(c.phase == PHASE_CORRECTION && c.correction.used == 3 && is_day(c.supply_until, "2026-06-18"));
    CHECK(clock_share_of(&c, WINDOW, PHASE_CHECK) == 5 && clock_share_of(&c, APPLICANT, PHASE_CORRECTION) == 3);
    add(&s, CLOCK_COMPLETED, "2026-05-13");
    c = at(&s, "2026-05-13");
    CHECK(c.phase == PHASE_CHECK && is_day(c.check.due, "2026-05-20") && c.light == LIGHT_GREEN);
    add(&s, CLOCK_ACCEPTED, "2026-05-14"); /* the click; the law takes the day of the last supplement */
    c = at(&s, "2026-05-14");
    CHECK(is_day(c.accepted_on, "2026-05-13") && !c.deemed && is_day(c.statutory.due, "2026-06-10"));
    CHECK(is_day(c.promised.due, "2026-05-27") && is_day(c.told.yellow_from, "2026-05-26") && c.told.used == 1);
    add(&s, CLOCK_DECIDED, "2026-05-25");
    c = at(&s, "2026-05-25");
    CHECK(c.told.used == 8 && c.told.light == LIGHT_GREEN && c.promise_kept == KEPT_YES && adds_up(&c));
    CHECK(clock_share_of(&c, WINDOW, PHASE_DECISION) == 1 && clock_share_of(&c, BODY, PHASE_DECISION) == 7);
    CHECK(clock_share_of(&c, APPLICANT, PHASE_CORRECTION) == 4 && c.elapsed == 5 + 4 + 8);
}

static void story_3_no_click_is_acceptance_on_the_day_of_the_supplement(void **state UNUSED)
{
    struct story s = story_3();
    add(&s, CLOCK_COMPLETED, "2026-05-13");
    CHECK(!at(&s, "2026-05-20").deemed);
    struct clock c = at(&s, "2026-05-21");
    CHECK(c.deemed && c.check_late && is_day(c.accepted_on, "2026-05-13") && is_day(c.promised.due, "2026-05-27"));
    CHECK(clock_share_of(&c, WINDOW, PHASE_DECISION) == 5 && clock_share_of(&c, BODY, PHASE_DECISION) == 1);
}

static void story_3b_never_supplied_ends_by_itself(void **state UNUSED)
{
    struct story s = story_3();
    CHECK(at(&s, "2026-06-18").phase == PHASE_CORRECTION);
    struct clock c = at(&s, "2026-06-19"); /* a holiday; the job still runs */
    CHECK(c.phase == PHASE_CLOSED && c.lapsed && is_day(c.closed_on, "2026-06-19") && !c.statutory.on);
    add(&s, CLOCK_LAPSED, "2026-06-19");
    c = at(&s, "2026-08-01");
    CHECK(c.refused == 0 && is_day(c.closed_on, "2026-06-19") && clock_share_sum(&c, OWNER_APPLICANT) == 30);
    CHECK(adds_up(&c));
}

static void papers_that_came_on_the_last_day_count_when_entered_later(void **state UNUSED)
{
    struct story s = story_3();
    add(&s, CLOCK_COMPLETED, "2026-06-18")->recorded.ms = day_start(on("2026-06-22")) + 9 * 3600000;
    struct clock c = at(&s, "2026-06-22");
    CHECK(c.phase == PHASE_CHECK && !c.lapsed && is_day(c.completed_on, "2026-06-18") && c.refused == 0);
    CHECK(is_day(c.check.due, "2026-06-26"));
    add(&s, CLOCK_REOPENED, "2026-06-23"); /* wrong paper, found after the last day: nothing more can be supplied */
    CHECK(at(&s, "2026-06-23").phase == PHASE_CORRECTION);
    c = at(&s, "2026-06-24");
    CHECK(c.lapsed && is_day(c.closed_on, "2026-06-24") && adds_up(&c));
}

static void a_lapse_takes_no_day_from_anybody(void **state UNUSED)
{
    struct story s = story_3();
    s.ev[1].until = on("2026-06-17");
    struct clock c = at(&s, "2026-06-30"); /* closed at 00:00 of Thursday 06-18 */
    CHECK(is_day(c.closed_on, "2026-06-18") && is_day(c.today, "2026-06-17"));
    CHECK(clock_share_sum(&c, OWNER_APPLICANT) == 29 && adds_up(&c));
}

static void a_second_notice_is_refused_also_after_the_supplement(void **state UNUSED)
{
    struct story s = story_3();
    add(&s, CLOCK_COMPLETED, "2026-05-13");
    add(&s, CLOCK_TOLD, "2026-05-14")->until = on("2026-07-30");
    struct clock c = at(&s, "2026-05-14");
    CHECK(c.refused == 1 && c.phase == PHASE_CHECK && is_day(c.supply_until, "2026-06-18"));
}

static void a_notice_dated_back_takes_no_day_from_the_applicant(void **state UNUSED)
{
    struct story s = licence(20, 10);
    add(&s, CLOCK_RECEIVED, "2026-04-28");
    struct clock_event *e = add(&s, CLOCK_TOLD, "2026-05-06");
    e->until = on("2026-06-18");
    e->recorded.ms = day_start(on("2026-05-08"));
    struct clock c = at(&s, "2026-05-09");
    CHECK(clock_share_of(&c, WINDOW, PHASE_CHECK) == 5 && clock_share_of(&c, APPLICANT, PHASE_CORRECTION) == 1);
    CHECK(c.entered_late == 1 && is_day(c.told_on, "2026-05-08"));
    e->recorded.ms = day_start(on("2026-05-09")); /* one day too late: accepted by silence */
    c = at(&s, "2026-05-09");
    CHECK(c.deemed && c.refused == 1);
}

static struct story story_4(void)
{
    struct story s = licence(20, 10);
    add(&s, CLOCK_RECEIVED, "2026-06-12");
    return s;
}

static void story_4_deemed_accepted_from_receipt(void **state UNUSED)
{
    struct story s = story_4();
    struct clock c = at(&s, "2026-06-18");
    CHECK(is_day(c.check.due, "2026-06-22") && c.light == LIGHT_YELLOW && at(&s, "2026-06-17").light == LIGHT_GREEN);
    CHECK(at(&s, "2026-06-22").phase == PHASE_CHECK);
    c = at(&s, "2026-06-23"); /* before the job has written anything */
    CHECK(c.deemed && c.check_late && is_day(c.accepted_on, "2026-06-12") && c.check.light == LIGHT_RED);
    CHECK(is_day(c.statutory.due, "2026-07-13") && is_day(c.promised.due, "2026-06-29") && c.told.used == 6);
    CHECK(clock_share_sum(&c, OWNER_APPLICANT) == 0 && clock_share_of(&c, WINDOW, PHASE_DECISION) == 5);
    CHECK(clock_share_of(&c, BODY, PHASE_DECISION) == 1 && adds_up(&c));
    struct clock_event *e = add(&s, CLOCK_ACCEPTED, "2026-06-12");
    e->deemed = true;
    e->recorded.ms = day_start(on("2026-06-23"));
    add(&s, CLOCK_TOLD, "2026-06-23")->until = on("2026-08-01"); /* too late: 409 */
    struct clock after = at(&s, "2026-06-23");
    CHECK(after.refused == 1 && after.phase == PHASE_DECISION);
    after.refused = 0;
    CHECK(memcmp(&after, &c, offsetof(struct clock, pauses)) == 0); /* the record changes nothing */
    c = at(&s, "2026-06-26");
    CHECK(c.light == LIGHT_YELLOW && c.told.used == 9);
    add(&s, CLOCK_DECIDED, "2026-06-26");
    CHECK(is_day(at(&s, "2026-06-26").delivery.due, "2026-07-10"));
}

static void story_4b_a_late_job_gives_the_same_dates(void **state UNUSED)
{
    struct story early = story_4(), late = story_4();
    struct clock_event *e = add(&early, CLOCK_ACCEPTED, "2026-06-12"), *l = add(&late, CLOCK_ACCEPTED, "2026-06-12");
    e->deemed = l->deemed = true;
    e->recorded.ms = day_start(on("2026-06-23"));
    l->recorded.ms = day_start(on("2026-06-25")) + 8 * 3600000;
    struct clock a = at(&early, "2026-06-25"), b = at(&late, "2026-06-25");
    CHECK(memcmp(&a, &b, offsetof(struct clock, pauses)) == 0);
    CHECK(clock_share_of(&a, WINDOW, PHASE_DECISION) == clock_share_of(&b, WINDOW, PHASE_DECISION));
}

static void a_late_record_of_silence_undoes_no_hand_over(void **state UNUSED)
{
    struct story s = story_4();
    add(&s, CLOCK_HANDED, "2026-06-24")->owner = PREFECTURE;
    struct clock_event *e = add(&s, CLOCK_ACCEPTED, "2026-06-12");
    e->deemed = true;
    e->owner = BODY;
    e->recorded.ms = day_start(on("2026-06-25"));
    struct clock c = at(&s, "2026-06-26");
    CHECK(clock_share_of(&c, WINDOW, PHASE_DECISION) == 5 && clock_share_of(&c, BODY, PHASE_DECISION) == 2);
    CHECK(clock_share_of(&c, PREFECTURE, PHASE_DECISION) == 2 && adds_up(&c));
}

static void story_4c_a_refusal_on_the_last_evening_wins(void **state UNUSED)
{
    struct story s = story_4(), late = story_4();
    add(&s, CLOCK_NOT_ACCEPTED, "2026-06-22")->recorded.ms = day_start(on("2026-06-23")) - 60000;
    struct clock c = at(&s, "2026-06-24");
    CHECK(c.phase == PHASE_CLOSED && !c.deemed && c.refused == 0 && !c.check_late);
    add(&late, CLOCK_NOT_ACCEPTED, "2026-06-22")->recorded.ms = day_start(on("2026-06-23")); /* dated back */
    c = at(&late, "2026-06-24");
    CHECK(c.phase == PHASE_DECISION && c.deemed && c.refused == 1);
}

static void story_5_three_days_received_here_decided_there(void **state UNUSED)
{
    struct story s = licence(20, 15);
    s.cs.rules.check.days = 3;
    s.cs.rules.decider = (struct clock_owner){ 0 }; /* the branch keeps it until it is forwarded */
    add(&s, CLOCK_RECEIVED, "2026-04-30")->owner = BODY;
    CHECK(is_day(at(&s, "2026-04-30").check.due, "2026-05-08"));
    add(&s, CLOCK_TOLD, "2026-05-09")->until = on("2026-06-30");
    struct clock c = at(&s, "2026-05-09");
    CHECK(c.refused == 1 && c.deemed && is_day(c.accepted_on, "2026-04-30"));
    CHECK(is_day(c.statutory.due, "2026-06-01") && is_day(c.promised.due, "2026-05-25"));
    CHECK(is_day(c.told.yellow_from, "2026-05-22"));
    add(&s, CLOCK_FORWARDED, "2026-05-11")->owner = PREFECTURE;
    struct clock forwarded = at(&s, "2026-05-12");
    CHECK(is_day(forwarded.told.due, "2026-05-25") && forwarded.told.used == 6);
    add(&s, CLOCK_DECIDED, "2026-05-20");
    c = at(&s, "2026-05-20");
    CHECK(c.told.used == 12 && is_day(c.delivery.due, "2026-06-03") && adds_up(&c));
    CHECK(clock_share_of(&c, BODY, PHASE_DECISION) == 5 && clock_share_of(&c, PREFECTURE, PHASE_DECISION) == 7);
}

static struct story story_6(void)
{
    struct story s = licence(30, 20);
    add(&s, CLOCK_RECEIVED, "2026-09-01")->owner = BODY;
    add(&s, CLOCK_ACCEPTED, "2026-09-01");
    add_pause(&s, CLOCK_PAUSED, PAUSE_EXPERTS, "2026-09-09", "2026-09-10", "2026-09-24");
    return s;
}

static void story_6_expert_review_extended_plan_early_result(void **state UNUSED)
{
    struct story s = story_6();
    struct clock c = at(&s, "2026-09-08");
    CHECK(is_day(c.statutory.due, "2026-10-19") && is_day(c.promised.due, "2026-09-29"));
    c = at(&s, "2026-09-09");
    CHECK(c.told.used == 6 && c.light == LIGHT_GREEN && is_day(c.promised.due, "2026-10-21"));
    c = at(&s, "2026-09-20");
    CHECK(c.light == LIGHT_STOPPED && c.told.used == 6 && c.told.days == 20 && c.pauses[0].running);
    CHECK(is_day(c.statutory.due, "2026-11-04") && is_day(c.promised.due, "2026-10-21"));
    c = at(&s, "2026-09-25");
    CHECK(c.light == LIGHT_GREEN && !c.pauses[0].running); /* the clock starts by itself */
    CHECK(at(&s, "2026-09-28").told.used == 7);
    add_pause(&s, CLOCK_PAUSE_REVISED, PAUSE_EXPERTS, "2026-09-23", "2026-09-23", "2026-09-29");
    CHECK(at(&s, "2026-09-25").light == LIGHT_STOPPED);
    add_pause(&s, CLOCK_PAUSE_ENDED, PAUSE_EXPERTS, "2026-09-28", "2026-09-28", NULL);
    c = at(&s, "2026-09-28");
    CHECK(is_day(c.statutory.due, "2026-11-05") && is_day(c.promised.due, "2026-10-22") && c.excluded == 13);
    CHECK(is_day(c.told.yellow_from, "2026-10-20") && c.light == LIGHT_STOPPED && c.pauses[0].ended);
    /* a share of the time moves with it: 12 of the 20 days are used on a Monday after a working Saturday */
    struct clock_case cs = s.cs;
    struct day share;
    CHECK(clock_told_after(&cs, &c, 12, &share) == RC_OK && is_day(share, "2026-10-12"));
    CHECK(clock_told_after(&cs, &c, 6, &share) == RC_OK && is_day(share, "2026-09-09"));
    CHECK(clock_told_after(&cs, &c, 20, &share) == RC_OK && share.n == c.told.due.n);
    c = at(&s, "2026-09-29");
    CHECK(c.told.used == 7 && c.light == LIGHT_GREEN);
    c = at(&s, "2026-10-20");
    CHECK(c.light == LIGHT_YELLOW);
    add(&s, CLOCK_DECIDED, "2026-10-20");
    c = at(&s, "2026-10-20");
    CHECK(c.told.used == 18 && c.told.light == LIGHT_YELLOW && c.promise_kept == KEPT_YES && adds_up(&c));
    CHECK(c.elapsed_decision == 31 && clock_share_of(&c, BODY, PHASE_DECISION) == 18);
    CHECK(clock_share_of(&c, LAW, PHASE_DECISION) == 13 && c.pauses[0].used == 13 && c.refused == 0);
}

static void story_6_a_revision_after_the_planned_end_comes_too_late(void **state UNUSED)
{
    struct story s = story_6();
    add_pause(&s, CLOCK_PAUSE_REVISED, PAUSE_EXPERTS, "2026-09-25", "2026-09-25", "2026-09-29");
    struct clock c = at(&s, "2026-09-28");
    CHECK(c.refused == 1 && is_day(c.promised.due, "2026-10-21") && c.told.used == 7);
    add_pause(&s, CLOCK_PAUSE_ENDED, PAUSE_EXPERTS, "2026-09-28", "2026-09-28", NULL);
    c = at(&s, "2026-09-28");
    CHECK(c.pauses[0].overrun && is_day(c.pauses[0].last, "2026-09-24") && is_day(c.promised.due, "2026-10-21"));
}

static void a_pause_in_the_past_is_nothing(void **state UNUSED)
{
    struct story s = licence(30, 20);
    add(&s, CLOCK_RECEIVED, "2026-09-01")->owner = BODY;
    add(&s, CLOCK_ACCEPTED, "2026-09-01");
    add_pause(&s, CLOCK_PAUSED, PAUSE_EXPERTS, "2026-09-09", "2026-09-08", "2026-09-24");
    struct clock c = at(&s, "2026-09-09");
    CHECK(c.refused == 1 && c.excluded == 0 && is_day(c.promised.due, "2026-09-29"));
}

static void a_decision_ends_the_pause_it_falls_into(void **state UNUSED)
{
    struct story s = story_6();
    add(&s, CLOCK_DECIDED, "2026-09-15")->recorded.ms = day_start(on("2026-09-16"));
    struct clock c = at(&s, "2026-09-30");
    CHECK(is_day(c.pauses[0].last, "2026-09-15") && c.excluded == 4 && c.pauses[0].used == 4 && c.told.used == 6);
    CHECK(c.elapsed_decision == 10 && c.entered_late == 1 && adds_up(&c) && !c.pauses[0].running);
}

static void story_6b_no_pause_after_the_due_day(void **state UNUSED)
{
    struct story s = story_6();
    add_pause(&s, CLOCK_PAUSED, PAUSE_TESTING, "2026-11-05", "2026-11-06", "2026-11-20"); /* due 2026-11-04 */
    struct clock c = at(&s, "2026-11-10");
    CHECK(c.refused == 1 && is_day(c.statutory.due, "2026-11-04") && c.law_kept == KEPT_NO && c.light == LIGHT_RED);
}

static struct story story_7(void)
{
    struct story s = licence(45, 30);
    add(&s, CLOCK_RECEIVED, "2026-03-02")->owner = BODY;
    add(&s, CLOCK_ACCEPTED, "2026-03-02");
    return s;
}

static void story_7_hearing_asked_by_a_third_party(void **state UNUSED)
{
    struct story s = story_7();
    struct clock c = at(&s, "2026-03-15");
    CHECK(is_day(c.statutory.due, "2026-05-08") && is_day(c.promised.due, "2026-04-14") && c.told.used == 9);
    add_pause(&s, CLOCK_PAUSED, PAUSE_HEARING, "2026-03-16", "2026-03-16", "2026-04-14");
    c = at(&s, "2026-03-16");
    CHECK(c.light == LIGHT_STOPPED && c.told.used == 9 && c.excluded == 1);
    add_pause(&s, CLOCK_PAUSE_ENDED, PAUSE_HEARING, "2026-04-09", "2026-04-09", NULL);
    c = at(&s, "2026-04-10");
    CHECK(c.excluded == 18 && is_day(c.statutory.due, "2026-06-02") && is_day(c.promised.due, "2026-05-12"));
    CHECK(is_day(c.told.yellow_from, "2026-05-08") && c.told.used == 10);
    add(&s, CLOCK_DECIDED, "2026-05-06");
    c = at(&s, "2026-05-06");
    CHECK(c.told.used == 25 && c.told.light == LIGHT_GREEN && c.elapsed_decision == 43 && adds_up(&c));
    CHECK(clock_share_of(&c, BODY, PHASE_DECISION) == 25 && clock_share_of(&c, LAW, PHASE_DECISION) == 18);
}

static void story_7b_nobody_asks_and_nothing_is_excluded(void **state UNUSED)
{
    struct story s = story_7();
    struct clock c = at(&s, "2026-03-18");
    CHECK(c.excluded == 0 && is_day(c.statutory.due, "2026-05-08"));
}

static struct story story_8(void)
{
    struct story s = licence(20, 15);
    add(&s, CLOCK_RECEIVED, "2026-07-01")->owner = BODY;
    add(&s, CLOCK_ACCEPTED, "2026-07-01");
    return s;
}

static void story_8_extension_by_the_head_once(void **state UNUSED)
{
    struct story s = story_8();
    struct clock c = at(&s, "2026-07-21");
    CHECK(is_day(c.statutory.due, "2026-07-29") && is_day(c.promised.due, "2026-07-22") && c.light == LIGHT_YELLOW);
    CHECK(is_day(c.told.yellow_from, "2026-07-21"));
    add(&s, CLOCK_EXTENDED, "2026-07-21")->days = 10;
    c = at(&s, "2026-07-21");
    CHECK(is_day(c.told.due, "2026-08-12") && c.told.days == 30 && c.told.used == 14 && c.light == LIGHT_GREEN);
    CHECK(is_day(c.told.yellow_from, "2026-08-07") && c.promise_kept == KEPT_NO && c.extended);
    add(&s, CLOCK_EXTENDED, "2026-08-05")->days = 5;
    c = at(&s, "2026-08-05");
    CHECK(c.refused == 1 && is_day(c.told.due, "2026-08-12"));
    add(&s, CLOCK_DECIDED, "2026-08-06");
    c = at(&s, "2026-08-06");
    CHECK(c.told.used == 26 && c.law_kept == KEPT_YES && c.promise_kept == KEPT_NO);
    CHECK(is_day(c.delivery.due, "2026-08-20") && is_day(c.promised.due, "2026-07-22"));
}

static void story_8b_asked_after_the_promise_and_before_the_law(void **state UNUSED)
{
    struct story s = story_8();
    add(&s, CLOCK_EXTENDED, "2026-07-24")->days = 10;
    CHECK(at(&s, "2026-07-23").light == LIGHT_RED); /* stays in the record */
    struct clock c = at(&s, "2026-07-24");
    CHECK(c.light == LIGHT_GREEN && is_day(c.told.due, "2026-08-12") && c.promised.light == LIGHT_RED && !c.refused);
}

static void story_8c_asked_after_the_due_day_is_nothing(void **state UNUSED)
{
    struct story s = story_8();
    add(&s, CLOCK_EXTENDED, "2026-07-30")->days = 10;
    struct clock c = at(&s, "2026-07-30");
    CHECK(c.refused == 1 && !c.extended && is_day(c.told.due, "2026-07-22") && c.light == LIGHT_RED);
}

static void story_9_one_free_place_two_applicants(void **state UNUSED)
{
    struct story s = licence(20, 15);
    add(&s, CLOCK_RECEIVED, "2026-04-27")->owner = BODY;
    add(&s, CLOCK_ACCEPTED, "2026-04-27");
    struct clock c = at(&s, "2026-05-11");
    CHECK(is_day(c.statutory.due, "2026-05-27") && is_day(c.promised.due, "2026-05-20"));
    CHECK(is_day(c.told.yellow_from, "2026-05-19"));
    add(&s, CLOCK_DECIDED, "2026-05-12");
    add(&s, CLOCK_DELIVERED, "2026-05-22");
    c = at(&s, "2026-05-22");
    CHECK(c.told.used == 9 && is_day(c.delivery.due, "2026-05-26") && c.phase == PHASE_CLOSED);
    struct day remedy;
    CHECK(calendar_due_cd(calendar, c.delivered_on, 60, (struct spans){ 0 }, &remedy) == RC_OK);
    CHECK(is_day(remedy, "2026-07-21"));
    CHECK(calendar_due_months(calendar, c.delivered_on, 6, &remedy) == RC_OK && is_day(remedy, "2026-11-23"));
}

/* ---- other regimes ---- */

static void construction_permits_count_from_complete_papers(void **state UNUSED)
{
    struct story s = licence(7, 5);
    s.cs.rules.start = START_COMPLETE;
    add(&s, CLOCK_RECEIVED, "2026-04-28");
    CHECK(!at(&s, "2026-05-06").statutory.on); /* nobody knows yet whether they are complete */
    add(&s, CLOCK_ACCEPTED, "2026-05-07");
    struct clock c = at(&s, "2026-05-07");
    CHECK(is_day(c.starts_on, "2026-04-28") && c.told.used == 4 && is_day(c.accepted_on, "2026-05-07"));
    CHECK(is_day(c.told.due, "2026-05-08") && is_day(c.statutory.due, "2026-05-11"));
    CHECK(clock_share_of(&c, WINDOW, PHASE_DECISION) == 4 && adds_up(&c));
}

static void residence_permits_count_calendar_days_and_roll(void **state UNUSED)
{
    struct story s = licence(15, 10);
    s.cs.rules = (struct clock_rules){ .check = { 5, UNIT_WD }, .statutory = { 15, UNIT_CD }, .promised = { 10, UNIT_CD } };
    add(&s, CLOCK_RECEIVED, "2026-09-10");
    add(&s, CLOCK_ACCEPTED, "2026-09-10");
    struct clock c = at(&s, "2026-09-25");
    CHECK(is_day(c.statutory.due, "2026-09-28") && c.statutory.used == 15 && c.statutory.left == 0);
    CHECK(c.statutory.light == LIGHT_YELLOW && c.light == LIGHT_RED && is_day(c.promised.due, "2026-09-20"));
    CHECK(c.promised.overdue == 5 && c.elapsed == 11 && adds_up(&c)); /* calendar days late, working days attributed */
}

static void disclosure_runs_from_receipt_and_again_from_the_correction(void **state UNUSED)
{
    struct story s = { .cs = { .rules = { .statutory = { 20, UNIT_WD }, .start = START_RECEIVED } } };
    add(&s, CLOCK_RECEIVED, "2026-04-28");
    struct clock c = at(&s, "2026-05-06");
    CHECK(c.told.used == 3 && c.light == LIGHT_GREEN);
    add(&s, CLOCK_TOLD, "2026-05-07")->until = on("2026-05-18");
    CHECK(!at(&s, "2026-05-08").statutory.on);
    add(&s, CLOCK_COMPLETED, "2026-05-09");
    c = at(&s, "2026-05-11");
    CHECK(is_day(c.statutory.start, "2026-05-09") && c.told.used == 1 && adds_up(&c));
    add(&s, CLOCK_DECIDED, "2026-05-20");
    c = at(&s, "2026-05-20");
    CHECK(c.phase == PHASE_DELIVERY && c.law_kept == KEPT_YES && adds_up(&c) && c.refused == 0);
}

static void without_a_law_silence_accepts_nothing(void **state UNUSED)
{
    struct story s = story_4();
    s.cs.rules.deemed = false;
    struct clock c = at(&s, "2026-06-23");
    CHECK(c.phase == PHASE_CHECK && !c.deemed && c.check_late && c.light == LIGHT_RED && !c.statutory.on);
    add(&s, CLOCK_ACCEPTED, "2026-06-24");
    c = at(&s, "2026-06-24");
    CHECK(is_day(c.accepted_on, "2026-06-24") && c.check_late && clock_share_of(&c, WINDOW, PHASE_CHECK) == 7);
}

static void an_item_done_on_the_spot_is_due_the_same_day(void **state UNUSED)
{
    struct story s = licence(3, 0);
    s.cs.rules.check.days = 0;
    add(&s, CLOCK_RECEIVED, "2026-05-06");
    add(&s, CLOCK_ACCEPTED, "2026-05-06");
    struct clock c = at(&s, "2026-05-06");
    CHECK(is_day(c.promised.due, "2026-05-06") && c.light == LIGHT_YELLOW && c.elapsed == 0);
    CHECK(at(&s, "2026-05-07").light == LIGHT_RED);
    add(&s, CLOCK_DECIDED, "2026-05-06");
    CHECK(at(&s, "2026-05-06").promise_kept == KEPT_YES);
}

static void dates_beyond_the_known_years_are_flagged_not_guessed(void **state UNUSED)
{
    struct story s = licence(20, 10);
    struct clock c;
    add(&s, CLOCK_RECEIVED, "2026-12-21")->owner = BODY;
    add(&s, CLOCK_ACCEPTED, "2026-12-21");
    c = at(&s, "2026-12-31");
    CHECK(c.uncertain && !c.statutory.due.n && !c.promised.due.n && c.told.used == 8 && c.light == LIGHT_GREEN);
    CHECK(clock_read(&s.cs, on("2027-01-05"), &c) == RC_NOT_FOUND);
}

static void maxima_are_refused_not_overrun(void **state UNUSED)
{
    struct clock_event ev[80];
    struct story s = licence(20, 10);
    struct clock c;
    ev[0] = (struct clock_event){ .kind = CLOCK_RECEIVED, .day = on("2026-03-02"), .owner = WINDOW };
    for (int i = 1; i < 80; i++)
        ev[i] = (struct clock_event){ .kind = CLOCK_HANDED, .day = { ev[0].day.n + i * 2 }, .owner = { OWNER_BODY, i } };
    s.cs.events = ev;
    s.cs.calendar = calendar;
    s.cs.n = 80;
    CHECK(clock_read(&s.cs, on("2026-12-01"), &c) == RC_INVALID);
    s.cs.n = 10;
    CHECK(clock_read(&s.cs, on("2026-12-01"), &c) == RC_OK && adds_up(&c));
    s.cs.n = 40; /* turns fit, owners do not */
    CHECK(clock_read(&s.cs, on("2026-12-01"), &c) == RC_INVALID);
}

static void the_day_table_says_whose_each_day_was(void **state UNUSED)
{
    struct story s = story_3();
    add(&s, CLOCK_SUPPLEMENTED, "2026-05-09");
    struct clock c = at(&s, "2026-05-12");
    struct clock_day d[40];
    size_t n;
    CHECK(clock_days(&s.cs, &c, d, countof(d), &n) == RC_OK && n == 14);
    CHECK(is_day(d[0].day, "2026-04-29") && d[0].owner.kind == OWNER_WINDOW && d[0].nth == 1);
    CHECK(is_day(d[2].day, "2026-05-01") && d[2].owner.kind == OWNER_NONE && !d[2].working && d[2].nth == 0);
    CHECK(is_day(d[9].day, "2026-05-08") && d[9].nth == 5 && d[9].phase == PHASE_CHECK);
    CHECK(is_day(d[10].day, "2026-05-09") && d[10].owner.kind == OWNER_APPLICANT && d[10].nth == 1); /* make-up Saturday */
    CHECK(is_day(d[11].day, "2026-05-10") && !d[11].counted);
    CHECK(is_day(d[13].day, "2026-05-12") && d[13].phase == PHASE_CORRECTION && d[13].nth == 3);
    s = story_6();
    c = at(&s, "2026-09-28");
    CHECK(clock_days(&s.cs, &c, d, countof(d), &n) == RC_OK && n == 27);
    CHECK(d[7].nth == 6 && d[7].owner.kind == OWNER_BODY);                       /* 09-09 */
    CHECK(d[8].owner.kind == OWNER_LAW && !d[8].counted && d[8].working);        /* 09-10 */
    CHECK(d[18].owner.kind == OWNER_LAW);                                        /* 09-20, a worked Sunday */
    CHECK(d[26].nth == 7 && d[26].owner.kind == OWNER_BODY);                     /* 09-28 */
}

/* ---- whatever happens ---- */

struct dice {
    uint64_t s;
};

static int32_t roll(struct dice *d, int32_t sides)
{
    d->s = d->s * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (int32_t)((d->s >> 33) % (uint64_t)sides);
}

/* Rules and a plausible or wild sequence of events; office entries may be later than their effective day. */
static struct story random_story(struct dice *d)
{
    struct story s = licence(10 + roll(d, 40), 5 + roll(d, 15));
    s.cs.rules.deemed = roll(d, 3) > 0;
    s.cs.rules.start = (enum clock_start)roll(d, 3);
    s.cs.rules.statutory.unit = roll(d, 5) ? UNIT_WD : UNIT_CD;
    int32_t day = day_of((struct civil){ 2004 + roll(d, 22), 1 + roll(d, 12), 1 + roll(d, 28) }).n;
    s.cs.n = 1 + roll(d, 14);
    for (size_t i = 0; i < s.cs.n; i++) {
        struct clock_event *e = &s.ev[i];
        *e = (struct clock_event){ .kind = (enum clock_kind)(i ? 1 + roll(d, CLOCK_DELIVERED) : CLOCK_RECEIVED) };
        if (i == 1 && roll(d, 2))
            e->kind = CLOCK_ACCEPTED;
        e->day.n = day;
        e->until.n = day + roll(d, 25);
        e->pause = (enum pause_kind)roll(d, PAUSE_THIRD_OPINION + 1);
        e->days = 1 + roll(d, 10);
        e->owner = i % 2 ? BODY : WINDOW;
        if (!roll(d, 4))
            e->recorded.ms = day_start((struct day){ day + roll(d, 3) }) + roll(d, 86400) * INT64_C(1000);
        day += roll(d, 8);
    }
    s.cs.calendar = calendar;
    return s;
}

static struct clock read_ok(struct story *s, int32_t today)
{
    struct clock c;
    s->cs.events = s->ev;
    CHECK(clock_read(&s->cs, (struct day){ today }, &c) == RC_OK);
    return c;
}

enum { ROUNDS = 4000 };

static void attributed_days_sum_to_elapsed_days(void **state UNUSED)
{
    struct dice d = { 1 };
    int decided = 0, paused = 0;
    for (int i = 0; i < ROUNDS; i++) {
        struct story s = random_story(&d);
        struct clock c = read_ok(&s, s.ev[0].day.n + 3 + roll(&d, 200));
        int32_t elapsed = 0, sum[5] = { 0 };
        struct clock_day days[400];
        size_t n;
        CHECK(adds_up(&c));
        CHECK(calendar_used_wd(calendar, c.received_on, c.today, (struct spans){ 0 }, &elapsed) == RC_OK);
        CHECK(c.elapsed == elapsed);
        if (c.statutory.on && s.cs.rules.statutory.unit == UNIT_WD)
            CHECK(c.statutory.used + c.excluded == c.elapsed_decision);
        CHECK(clock_days(&s.cs, &c, days, countof(days), &n) == RC_OK);
        for (size_t k = 0; k < n; k++)
            sum[days[k].owner.kind]++;
        for (int k = OWNER_WINDOW; k <= OWNER_LAW; k++)
            CHECK(sum[k] == clock_share_sum(&c, (enum owner_kind)k));
        decided += c.decided_on.n > 0;
        paused += c.excluded > 0;
    }
    CHECK(decided > ROUNDS / 20 && paused > ROUNDS / 20); /* the dice reach what is to be tested */
}

static void the_clock_never_moves_without_an_event_or_a_new_day(void **state UNUSED)
{
    struct dice d = { 2 };
    for (int i = 0; i < ROUNDS; i++) {
        struct story s = random_story(&d);
        int32_t today = s.ev[0].day.n + roll(&d, 90);
        struct clock a = read_ok(&s, today), b;
        for (size_t k = 0; k < s.cs.n; k++) /* the hour of a day does not matter */
            if (s.ev[k].recorded.ms)
                s.ev[k].recorded.ms = day_start(day_at(s.ev[k].recorded.ms)) + roll(&d, 86400) * INT64_C(1000);
        s.ev[s.cs.n++] = (struct clock_event){ .kind = CLOCK_DECIDED, .day = { today + 1 } }; /* tomorrow's event */
        b = read_ok(&s, today);
        CHECK(memcmp(&a, &b, offsetof(struct clock, pauses)) == 0);
        s.cs.n--;
        b = read_ok(&s, today + 1);
        bool quiet = true; /* an entry of that day may close the case with an earlier day */
        for (size_t k = 0; k < s.cs.n; k++)
            quiet &= (s.ev[k].recorded.ms ? day_at(s.ev[k].recorded.ms).n : s.ev[k].day.n) != today + 1;
        CHECK(!quiet || (b.elapsed - a.elapsed >= 0 && b.elapsed - a.elapsed <= 1));
    }
}

static void a_pause_never_takes_time_from_anybody(void **state UNUSED)
{
    struct dice d = { 3 };
    int compared = 0;
    for (int i = 0; i < ROUNDS; i++) {
        struct story with = random_story(&d), without = with;
        int32_t today = with.ev[0].day.n + 60;
        without.cs.n = 0;
        for (size_t k = 0; k < with.cs.n; k++)
            if (with.ev[k].kind != CLOCK_PAUSED)
                without.ev[without.cs.n++] = with.ev[k];
        struct clock a = read_ok(&with, today), b = read_ok(&without, today);
        CHECK(clock_share_sum(&a, OWNER_APPLICANT) == clock_share_sum(&b, OWNER_APPLICANT));
        CHECK(!a.statutory.on || !a.statutory.due.n || a.statutory.due.n >= b.statutory.due.n);
        CHECK(!a.promised.on || !a.promised.due.n || a.promised.due.n >= b.promised.due.n);
        CHECK(a.statutory.used <= b.statutory.used && a.check.due.n == b.check.due.n);
        compared += a.excluded > 0;
    }
    CHECK(compared > ROUNDS / 20);
}

/* ---- other calendars ---- */

enum { FLIPS = 5 };
enum flip { FLIP_ANY, FLIP_HOLIDAY, FLIP_WORKDAY };

/* Some days after `from` become what they were not; `out_back` holds what they were. */
static struct calendar_rows random_flips(struct dice *d, struct arena *a, struct day from, enum flip kind, struct calendar_rows *out_back)
{
    struct calendar_rows now = { arena_many(a, struct calendar_row, FLIPS), 0 };
    out_back->v = arena_many(a, struct calendar_row, FLIPS);
    out_back->n = 0;
    int32_t day = from.n;
    for (int tries = 1 + roll(d, 30); tries && now.n < FLIPS; tries--) {
        bool works = false;
        day += 1 + roll(d, 12);
        CHECK(calendar_is_working_day(calendar, (struct day){ day }, &works) == RC_OK);
        if (kind != FLIP_ANY && works != (kind == FLIP_HOLIDAY))
            continue;
        now.v[now.n++] = (struct calendar_row){ { day }, !works };
        out_back->v[out_back->n++] = (struct calendar_row){ { day }, works };
    }
    return now;
}

static const struct calendar *laid_over(struct arena *a, const struct calendar *base, struct calendar_rows rows)
{
    const struct calendar *out = NULL;
    struct str why;
    CHECK(calendar_with(a, base, (struct calendar_rows){ 0 }, rows, &out, &why) == RC_OK);
    return out;
}

static bool is_same_clock(const struct clock *a, const struct clock *b)
{
    bool same = memcmp(a, b, offsetof(struct clock, pauses)) == 0;
    for (size_t i = 0; i < a->pauses_n && same; i++)
        same = a->pauses[i].first.n == b->pauses[i].first.n && a->pauses[i].last.n == b->pauses[i].last.n &&
               a->pauses[i].planned == b->pauses[i].planned && a->pauses[i].used == b->pauses[i].used;
    for (size_t i = 0; i < a->shares_n && same; i++)
        same = memcmp(a->shares[i].days, b->shares[i].days, sizeof a->shares[i].days) == 0;
    for (size_t i = 0; i < a->turns_n && same; i++)
        same = a->turns[i].after.n == b->turns[i].after.n && a->turns[i].owner.kind == b->turns[i].owner.kind;
    return same;
}

static void a_calendar_change_and_its_reversal_give_the_same_clock(void **state UNUSED)
{
    struct dice d = { 6 };
    struct arena a;
    int moved = 0;
    arena_init(&a, 16 << 20);
    for (int i = 0; i < ROUNDS / 4; i++) {
        struct arena_mark m = arena_mark(&a);
        struct story s = random_story(&d);
        int32_t today = s.ev[0].day.n + roll(&d, 120);
        struct clock before = read_ok(&s, today), changed, after;
        struct calendar_rows back, flips = random_flips(&d, &a, s.ev[0].day, FLIP_ANY, &back);
        s.cs.calendar = laid_over(&a, calendar, flips);
        changed = read_ok(&s, today);
        CHECK(adds_up(&changed)); /* under any calendar every day has one owner */
        s.cs.calendar = laid_over(&a, s.cs.calendar, back);
        after = read_ok(&s, today);
        CHECK(is_same_clock(&before, &after));
        moved += !is_same_clock(&before, &changed);
        arena_rewind(&a, m);
    }
    CHECK(moved > ROUNDS / 20);
    arena_done(&a);
}

static void holidays_never_bring_a_date_forward_nor_make_up_days_push_it_back(void **state UNUSED)
{
    struct dice d = { 7 };
    struct arena a;
    int moved[2] = { 0 };
    arena_init(&a, 16 << 20);
    for (int i = 0; i < ROUNDS / 4; i++) {
        struct arena_mark m = arena_mark(&a);
        bool holidays = roll(&d, 2);
        struct limit l = { roll(&d, 40), roll(&d, 4) ? UNIT_WD : UNIT_CD };
        struct day start = { day_of((struct civil){ 2005 + roll(&d, 20), 1 + roll(&d, 12), 1 + roll(&d, 28) }).n }, was, is;
        struct span pause = { { start.n + roll(&d, 20) }, { start.n + roll(&d, 30) } };
        struct spans except = { &pause, (size_t)roll(&d, 2) };
        struct calendar_rows back;
        const struct calendar *other =
            laid_over(&a, calendar, random_flips(&d, &a, start, holidays ? FLIP_HOLIDAY : FLIP_WORKDAY, &back));
        int32_t used_was = 0, used_is = 0;
        CHECK(calendar_due(calendar, start, l, except, &was) == RC_OK && calendar_due(other, start, l, except, &is) == RC_OK);
        CHECK(holidays ? is.n >= was.n : is.n <= was.n);
        CHECK(calendar_used_wd(calendar, start, was, except, &used_was) == RC_OK);
        CHECK(calendar_used_wd(other, start, was, except, &used_is) == RC_OK);
        CHECK(holidays ? used_is <= used_was : used_is >= used_was);
        moved[holidays] += is.n != was.n;
        arena_rewind(&a, m);
    }
    CHECK(moved[0] > ROUNDS / 40 && moved[1] > ROUNDS / 40);
    arena_done(&a);
}

static void shares_of_the_told_limit_come_in_order_and_end_on_its_day(void **state UNUSED)
{
    struct dice d = { 8 };
    int seen = 0;
    for (int i = 0; i < ROUNDS; i++) {
        struct story s = random_story(&d);
        struct clock c = read_ok(&s, s.ev[0].day.n + roll(&d, 90));
        struct clock_case cs = s.cs;
        struct day before = { 0 }, on;
        cs.events = s.ev;
        if (!c.told.on || !c.told.due.n) {
            CHECK(c.told.on || clock_told_after(&cs, &c, 1, &on) == RC_NOT_FOUND);
            continue;
        }
        for (int32_t n = 1; n <= c.told.days; n++) {
            CHECK(clock_told_after(&cs, &c, n, &on) == RC_OK && on.n >= before.n);
            before = on;
        }
        CHECK(before.n == c.told.due.n);
        seen++;
    }
    CHECK(seen > ROUNDS / 5);
}

static void silence_dates_acceptance_back(void **state UNUSED)
{
    struct dice d = { 4 };
    for (int i = 0; i < ROUNDS; i++) {
        struct story s = random_story(&d);
        s.cs.n = 1;
        s.ev[0].recorded.ms = 0;
        s.cs.rules.deemed = true;
        struct clock before = read_ok(&s, s.ev[0].day.n);
        struct clock last = read_ok(&s, before.check.due.n), after = read_ok(&s, before.check.due.n + 1);
        CHECK(last.phase == PHASE_CHECK && !last.deemed);
        CHECK(after.phase == PHASE_DECISION && after.deemed && after.check_late);
        CHECK(after.accepted_on.n == s.ev[0].day.n && after.statutory.start.n == s.ev[0].day.n);
        CHECK(clock_share_sum(&after, OWNER_APPLICANT) == 0);
    }
}

static void figures_agree_with_themselves(void **state UNUSED)
{
    struct dice d = { 5 };
    for (int i = 0; i < ROUNDS; i++) {
        struct story s = random_story(&d);
        struct clock c = read_ok(&s, s.ev[0].day.n + roll(&d, 120));
        const struct clock_figure *f[] = { &c.check, &c.statutory, &c.promised, &c.told, &c.delivery };
        for (size_t k = 0; k < countof(f); k++) {
            CHECK(!f[k]->on || f[k]->light != LIGHT_NONE);
            CHECK(f[k]->left >= 0 && f[k]->overdue >= 0 && f[k]->used >= 0);
            CHECK(!f[k]->due.n || f[k]->yellow_from.n <= f[k]->due.n);
            CHECK(f[k]->light == LIGHT_RED || f[k]->overdue == 0);
        }
        CHECK(!c.extended || !c.told.on || c.told.due.n == c.statutory.due.n);
        CHECK(!c.accepted_on.n || c.accepted_on.n >= c.received_on.n);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        SENTENCE(story_1_a_plain_clock_across_national_day),
        SENTENCE(story_1b_silence_on_the_decision_grants_nothing),
        SENTENCE(story_2_sent_on_the_night_before_spring_festival),
        SENTENCE(story_3_told_once_supplied_in_parts),
        SENTENCE(story_3_no_click_is_acceptance_on_the_day_of_the_supplement),
        SENTENCE(story_3b_never_supplied_ends_by_itself),
        SENTENCE(papers_that_came_on_the_last_day_count_when_entered_later),
        SENTENCE(a_lapse_takes_no_day_from_anybody),
        SENTENCE(a_second_notice_is_refused_also_after_the_supplement),
        SENTENCE(a_notice_dated_back_takes_no_day_from_the_applicant),
        SENTENCE(story_4_deemed_accepted_from_receipt),
        SENTENCE(story_4b_a_late_job_gives_the_same_dates),
        SENTENCE(a_late_record_of_silence_undoes_no_hand_over),
        SENTENCE(story_4c_a_refusal_on_the_last_evening_wins),
        SENTENCE(story_5_three_days_received_here_decided_there),
        SENTENCE(story_6_expert_review_extended_plan_early_result),
        SENTENCE(story_6_a_revision_after_the_planned_end_comes_too_late),
        SENTENCE(a_pause_in_the_past_is_nothing),
        SENTENCE(a_decision_ends_the_pause_it_falls_into),
        SENTENCE(story_6b_no_pause_after_the_due_day),
        SENTENCE(story_7_hearing_asked_by_a_third_party),
        SENTENCE(story_7b_nobody_asks_and_nothing_is_excluded),
        SENTENCE(story_8_extension_by_the_head_once),
        SENTENCE(story_8b_asked_after_the_promise_and_before_the_law),
        SENTENCE(story_8c_asked_after_the_due_day_is_nothing),
        SENTENCE(story_9_one_free_place_two_applicants),
        SENTENCE(construction_permits_count_from_complete_papers),
        SENTENCE(residence_permits_count_calendar_days_and_roll),
        SENTENCE(disclosure_runs_from_receipt_and_again_from_the_correction),
        SENTENCE(without_a_law_silence_accepts_nothing),
        SENTENCE(an_item_done_on_the_spot_is_due_the_same_day),
        SENTENCE(dates_beyond_the_known_years_are_flagged_not_guessed),
        SENTENCE(maxima_are_refused_not_overrun),
        SENTENCE(the_day_table_says_whose_each_day_was),
        SENTENCE(attributed_days_sum_to_elapsed_days),
        SENTENCE(the_clock_never_moves_without_an_event_or_a_new_day),
        SENTENCE(a_pause_never_takes_time_from_anybody),
        SENTENCE(a_calendar_change_and_its_reversal_give_the_same_clock),
        SENTENCE(holidays_never_bring_a_date_forward_nor_make_up_days_push_it_back),
        SENTENCE(shares_of_the_told_limit_come_in_order_and_end_on_its_day),
        SENTENCE(silence_dates_acceptance_back),
        SENTENCE(figures_agree_with_themselves),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}

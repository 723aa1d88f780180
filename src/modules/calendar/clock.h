/* clock.h - the statutory clock: a pure function of what happened in a case, the calendar and the item's limits.
 *
 * Everybody reads the same figure: page, export, card and job call clock_read with the case's events and a day. It
 * allocates nothing and keeps nothing. Sources: 行政许可法 32 (told once; silence = accepted from receipt), 42 (20 WD,
 * +10 once), 44 (10 WD to deliver), 45 (eight procedures do not count), 82 (working days); 优化营商环境条例 36 (promises).
 *
 * How days are attributed. The day of an event still belongs to whoever held the case before it; the next day belongs to
 * the new holder. From the day after a correction notice to the day the last open point is supplied the case is with the
 * applicant. Excluded days belong to the law. When acceptance is dated back (supplement, silence), the days between stay
 * with the office that held the case. So every working day has one owner, and the shares add up to the elapsed days.
 *
 * What happens by itself, without an event (a job only records it, and late jobs change no date):
 *   - silence past the acceptance check: accepted, dated back to receipt (or to the last supplement), where `deemed`;
 *   - no supplement by the last day of the notice: the case ends on the next day (逾期未补正办结);
 *   - a pause ends at its planned last day unless a revised notice was served by then.
 * Events that the law does not allow at their time (second notice, extension after the due day, ...) have no effect and
 * are counted in `refused`: the case service refuses them beforehand, a past that holds one is a finding. */
#ifndef CALENDAR_CLOCK_H
#define CALENDAR_CLOCK_H

#include "modules/calendar/calendar.h"

enum { CLOCK_PAUSES = 32, CLOCK_OWNERS = 16, CLOCK_TURNS = 64 };

enum clock_kind {
    CLOCK_RECEIVED,     /* owner: who received it */
    CLOCK_TOLD,         /* correction notice; day: served; until: last day to supply */
    CLOCK_SUPPLEMENTED, /* something came in, points are still open: changes nothing */
    CLOCK_COMPLETED,    /* the last open point was supplied; or, without a notice, the papers were found complete */
    CLOCK_REOPENED,     /* a supplied paper was wrong: the same point is open again, same notice, same date */
    CLOCK_NOT_ACCEPTED, /* 不受理, 不予受理 */
    CLOCK_ACCEPTED,     /* owner: who decides; none = as in the rules */
    CLOCK_FORWARDED,    /* 转报 to `owner` */
    CLOCK_HANDED,       /* to another section or body: `owner` */
    CLOCK_PAUSED,       /* pause: kind; day: first excluded day, not before its entry; until: planned last day */
    CLOCK_PAUSE_REVISED, /* until: new planned last day; pause: kind */
    CLOCK_PAUSE_ENDED,  /* the result came; pause: kind */
    CLOCK_EXTENDED,     /* days: added to the statutory limit; told_days: new limit told, 0 = the whole statutory one */
    CLOCK_DECIDED,
    CLOCK_DELIVERED,
    CLOCK_WITHDRAWN,
    CLOCK_TERMINATED,
    CLOCK_LAPSED,
};

/* 行政许可法 45, then what other laws exclude. Entries of the ledger hold the number: append only. */
enum pause_kind {
    PAUSE_HEARING,    /* 听证 */
    PAUSE_TENDER,     /* 招标 */
    PAUSE_AUCTION,    /* 拍卖 */
    PAUSE_INSPECTION, /* 检验 */
    PAUSE_TESTING,    /* 检测 */
    PAUSE_QUARANTINE, /* 检疫 */
    PAUSE_APPRAISAL,  /* 鉴定 */
    PAUSE_EXPERTS,    /* 专家评审 */
    PAUSE_ANNOUNCEMENT,  /* 公告: 不动产登记 */
    PAUSE_STAY,          /* 中止 while a court or organ decides: 工伤认定 */
    PAUSE_THIRD_OPINION, /* 征求第三方意见: 政府信息公开 */
};

enum owner_kind { OWNER_NONE, OWNER_WINDOW, OWNER_BODY, OWNER_APPLICANT, OWNER_LAW };

/* `id` is the body's id for OWNER_WINDOW and OWNER_BODY, else 0. */
struct clock_owner {
    enum owner_kind kind;
    int64_t         id;
};

/* One thing that happened. Members that the kind does not name are not read. */
struct clock_event {
    enum clock_kind    kind;
    enum pause_kind    pause;
    struct day         day;      /* effective day */
    struct when        recorded; /* entry in the ledger; ms 0 = on the effective day. Not seen before this day; answers on
                                    acceptance, pauses and extensions are in time by it, never by dating back */
    struct day         until;
    int32_t            days, told_days;
    bool               deemed; /* CLOCK_ACCEPTED by silence, recorded by the job */
    struct clock_owner owner;
};

/* From when the decision limit runs. */
enum clock_start {
    START_ACCEPTED, /* acceptance; dated back as the law says */
    START_COMPLETE, /* receipt of complete papers (建筑法 8, 市场主体登记); known at acceptance */
    START_RECEIVED, /* receipt, before any acceptance (政府信息公开); after a correction its completion */
};

/* The item's limits and what its regime has. UNIT_NONE = no such limit. */
struct clock_rules {
    struct limit       check, statutory, promised, delivery;
    enum clock_start   start;
    bool               deemed;  /* silence counts as acceptance */
    struct clock_owner decider; /* who holds the case from acceptance on; OWNER_NONE = whoever had it */
};

struct clock_case {
    const struct clock_event *events; /* in ledger order; later than `today` are not seen */
    size_t                    n;
    struct clock_rules        rules;
    const struct calendar    *calendar;
};

enum clock_phase { PHASE_NONE, PHASE_CHECK, PHASE_CORRECTION, PHASE_DECISION, PHASE_DELIVERY, PHASE_CLOSED };
enum { PHASE_SHARES = PHASE_DELIVERY + 1 }; /* phases that days belong to, as an index */

/* One limit at work. `on` false: it does not exist or has not begun. */
struct clock_figure {
    bool       on;
    enum light light;
    struct day start, due, yellow_from; /* n 0: beyond the known years */
    int32_t    days;                    /* N, in the limit's unit */
    int32_t    used, left, overdue;     /* through today or the end of the phase; left is never negative */
};

enum kept { KEPT_OPEN, KEPT_YES, KEPT_NO };

struct clock_pause {
    enum pause_kind kind;
    struct day      first, last; /* last: real end, or the planned one while it runs */
    struct day      planned_last;
    int32_t         planned, used; /* WD; used through today. -1 planned: beyond the known years */
    bool            running;       /* today is an excluded day of it */
    bool            ended;         /* by its result, not by the plan */
    bool            overrun;       /* the result came after the planned end: a finding */
};

struct clock_share {
    struct clock_owner owner;
    int32_t            days[PHASE_SHARES]; /* WD */
};

/* From the day after `after` the case was with `owner`. */
struct clock_turn {
    struct day         after;
    struct clock_owner owner;
};

struct clock {
    enum clock_phase phase;
    enum light       light; /* of what the phase waits for: check, told or delivery limit */
    struct day       today; /* the last day counted: the asked day, or the day the case was closed */

    struct day received_on, told_on, supply_until, completed_on, accepted_on, starts_on /* decision limit */, decided_on,
        delivered_on, closed_on;
    bool    deemed;       /* accepted by silence */
    bool    check_late;   /* an answer on acceptance came, or is still missing, after its limit: a finding */
    bool    lapsed;       /* 逾期未补正 */
    bool    extended;
    bool    uncertain;    /* some date lies in a year without calendar */
    int32_t refused;      /* events without effect */
    int32_t entered_late; /* notices, decisions and endings entered on a later day than their own: back-entry shows */

    struct clock_figure check;      /* the current or last round: after receipt, or after the last supplement */
    struct clock_figure correction; /* the applicant's time to supply; no light */
    struct clock_figure statutory;  /* with the extension, once there is one */
    struct clock_figure promised;
    struct clock_figure told; /* the limit the applicant was last told: promise, else statutory; extended: the new date */
    struct clock_figure delivery;
    enum kept           promise_kept, law_kept; /* an extension breaks the promise unless decided within it */

    int32_t elapsed;          /* WD after receipt through today: the sum of all shares */
    int32_t elapsed_decision; /* WD after starts_on through the decision (or today): used WD + excluded */
    int32_t excluded;         /* WD in pauses so far */

    size_t             pauses_n, shares_n, turns_n;
    struct clock_pause pauses[CLOCK_PAUSES];
    struct span        excluded_spans[CLOCK_PAUSES]; /* first..last of each pause */
    struct clock_share shares[CLOCK_OWNERS];
    struct clock_turn  turns[CLOCK_TURNS];
};

/* The clock of the case at the end of day `today`. Only members that the counts cover are written in the arrays.
 * RC_NOT_FOUND: a day already passed lies in a year without calendar. RC_INVALID: more pauses, owners or turns than the
 * maxima, or a limit out of range. A case without a CLOCK_RECEIVED by today is PHASE_NONE. */
enum rc clock_read(const struct clock_case *cs, struct day today, struct clock *out);

/* The day on which the first `days` of the told limit are used, as it counts now: moved by pauses and the extension like the told date,
 * which it is for all days. RC_NOT_FOUND beyond the known years, and while there is no told limit. */
enum rc clock_told_after(const struct clock_case *cs, const struct clock *c, int32_t days, struct day *out);

/* Working days of an owner in one phase. */
int32_t clock_share_of(const struct clock *c, struct clock_owner owner, enum clock_phase phase);
/* In all phases, over all owners of this kind. */
int32_t clock_share_sum(const struct clock *c, enum owner_kind kind);

struct clock_day {
    struct day         day;
    enum clock_phase   phase; /* whose limit this day lies in */
    struct clock_owner owner; /* OWNER_NONE on days off */
    bool               working;
    bool               counted; /* it counts against the limit of its phase (also days off where the unit is CD) */
    int32_t            nth;     /* the how many-th counted day of that limit; 0 if not counted */
};

/* The days after receipt through c->today, one by one, for the day cells and the table 逐日明细; at most `max`, the first
 * ones. RC_NOT_FOUND as clock_read. */
enum rc clock_days(const struct clock_case *cs, const struct clock *c, struct clock_day *out, size_t max,
                   size_t *out_n);

#endif

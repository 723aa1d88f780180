/* calendar.h - legal working days, and limits counted in them.
 *
 * A calendar knows whole years. A year is known when the State Council's holiday notice for it is in the data; for any
 * other year every function answers RC_NOT_FOUND and leaves its output alone: a date is never guessed.
 * Working day (WD, 工作日) = Monday to Friday that is no holiday, or a make-up day (调休上班).
 *
 * How to count: the start day does not count (民法典 201); limits of the Licence Law are working days (行政许可法 82); a
 * limit in calendar days or months that ends on a day off ends on the next working day (民法典 203); a month ends on the
 * day of the same number, or on the last of the month where there is none (民法典 202). Deadlines end at 24:00.
 *
 * Exclusions are days that do not count (行政许可法 45), both ends included; they may overlap and come in any order.
 * Counting costs O(number of exclusions), not O(days). */
#ifndef CALENDAR_CALENDAR_H
#define CALENDAR_CALENDAR_H

#include "base/time.h"

/* Days `first` to `last`, both included; empty if last < first. */
struct span {
    struct day first, last;
};

/* Not owned. { 0 } is none. */
struct spans {
    const struct span *v;
    size_t             n;
};

/* UNIT_NONE: there is no such limit. Zero days of either unit means "on the day itself". */
enum day_unit { UNIT_NONE, UNIT_WD, UNIT_CD };

enum { CALENDAR_DAYS_MAX = 100000 }; /* longer limits are RC_INVALID */

struct limit {
    int32_t       days;
    enum day_unit unit;
};

enum light { LIGHT_NONE, LIGHT_GREEN, LIGHT_YELLOW, LIGHT_RED, LIGHT_STOPPED };

/* ---- making a calendar ---- */

/* One day that is not what its weekday says. */
struct calendar_row {
    struct day day;
    bool       working;
};

struct calendar_spec {
    const struct calendar_row *rows; /* the national calendar */
    size_t                     n;
    const struct calendar_row *local; /* holidays of the division, exceptional days: they beat the national rows */
    size_t                     local_n;
    const int16_t             *years; /* years that are known, ascending, each once, 1900..2200 */
    size_t                     years_n;
};

struct calendar; /* immutable; lives in the arena it was built in; may be shared between threads */

/* Rows of unknown years are ignored (a notice may name a day of the next year). RC_INVALID with the reason in *out_why:
 * years out of order or range, or two rows of one list that contradict each other. */
enum rc calendar_build(struct arena *a, const struct calendar_spec *spec, const struct calendar **out,
                       struct str *out_why);

struct calendar_rows {
    struct calendar_row *v;
    size_t               n;
};

/* Rows of a file with at least the columns date,type (holiday or workday). RC_INVALID: *out_why says line and reason. */
enum rc calendar_rows_parse(struct arena *a, struct str csv, struct calendar_rows *out, struct str *out_why);

/* Parse and build without local rows. Known are the years for which both 1 January and 1 October are named holidays:
 * the first and the last of every notice; single days from a neighbouring year's notice do not make a year known. */
enum rc calendar_from_csv(struct arena *a, struct str csv, const struct calendar **out, struct str *out_why);

/* The same with local rows from another file of the same form. STR_NONE is no file. */
enum rc calendar_from_csv_local(struct arena *a, struct str csv, struct str local, const struct calendar **out,
                                struct str *out_why);

/* `base` with more rows: `national` of notices published later (they beat those of the base and may make a year known), `local` above
 * both and above the base's own. Each list names a day once. The rows of `base` must still be there. About 20 us for 25 years.
 * RC_INVALID as calendar_build. */
enum rc calendar_with(struct arena *a, const struct calendar *base, struct calendar_rows national, struct calendar_rows local,
                      const struct calendar **out, struct str *out_why);

/* ---- asking it: RC_NOT_FOUND wherever a day of an unknown year is needed ---- */

/* *out: work is done on `d` (weekdays and make-up days, without days off). */
enum rc calendar_is_working_day(const struct calendar *c, struct day d, bool *out);
/* First working day after `d`, last one before it. */
enum rc calendar_next(const struct calendar *c, struct day d, struct day *out);
enum rc calendar_previous(const struct calendar *c, struct day d, struct day *out);
/* Working days from `first` to `last`, both included; 0 if last < first. */
enum rc calendar_count(const struct calendar *c, struct day first, struct day last, int32_t *out);

/* Last day of `n` >= 0 working days that begin after `start`. n == 0: `start`, or the next counted working day. */
enum rc calendar_due_wd(const struct calendar *c, struct day start, int32_t n, struct spans except, struct day *out);
/* Last day of `n` >= 0 calendar days that begin after `start`, moved to the next working day that is not excluded. */
enum rc calendar_due_cd(const struct calendar *c, struct day start, int32_t n, struct spans except, struct day *out);
/* Last day of `months` >= 0 after `start`, moved to the next working day. For 行政诉讼: 6. */
enum rc calendar_due_months(const struct calendar *c, struct day start, int32_t months, struct day *out);
/* By the unit of the limit. RC_INVALID for UNIT_NONE or negative days. */
enum rc calendar_due(const struct calendar *c, struct day start, struct limit l, struct spans except, struct day *out);

/* Working days after `from` through `to` without the exclusions; 0 if to <= from. */
enum rc calendar_used_wd(const struct calendar *c, struct day from, struct day to, struct spans except, int32_t *out);
/* In the given unit; calendar days need no known year. RC_INVALID for UNIT_NONE. */
enum rc calendar_used(const struct calendar *c, enum day_unit unit, struct day from, struct day to, struct spans except,
                      int32_t *out);

/* First day on which the limit is yellow: N - used <= 1, or used >= 0.9 N, used counted through that day. A limit of at
 * most one day is yellow from its start day. The light turns only on days that count. */
enum rc calendar_yellow(const struct calendar *c, struct day start, struct limit l, struct spans except,
                        struct day *out);
/* Yellow from `yellow_from`, red after `due` (from 00:00 of the next day, working or not). No day (n == 0) = lies beyond
 * the known years, so later than any `on`. */
enum light light_on(struct day on, struct day yellow_from, struct day due);

#endif

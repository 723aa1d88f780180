/* calendar_rules.c - working days as prefix sums, and the counting of limits over them. */
#include "modules/calendar/calendar.h"

#include "base/csv.h"

enum { YEAR_MIN = 1900, YEAR_MAX = 2200, DAYS_MAX = CALENDAR_DAYS_MAX };

/* Consecutive known years. Counting never leaves a part, so it cannot cross an unknown year. */
struct part {
    int32_t         first, last; /* day numbers: 1 January .. 31 December */
    int32_t         total;       /* working days in the part */
    const uint16_t *before;      /* [d - first]: working days earlier than d; one more element than days */
    const int32_t  *nth;         /* [k]: day number of the working day with k earlier ones */
};

struct calendar {
    const struct part   *parts;
    size_t               n;
    struct calendar_spec spec; /* what it was made of, for calendar_with */
};

/* ---- building ---- */

static int32_t year_first(int year)
{
    return day_of((struct civil){ year, 1, 1 }).n;
}

static bool years_ok(const struct calendar_spec *s)
{
    for (size_t i = 0; i < s->years_n; i++)
        if (s->years[i] < YEAR_MIN || s->years[i] > YEAR_MAX || (i && s->years[i] <= s->years[i - 1]))
            return false;
    return true;
}

/* What the rows say about a day. */
enum said { SAID_NOTHING, SAID_OFF, SAID_WORKING };

/* Write the rows of a list over `said`; false (and the day) if two of them contradict each other. */
static bool rows_apply(const struct part *p, const struct calendar_row *rows, size_t n, struct arena *a,
                       unsigned char *said, struct day *out_clash)
{
    struct arena_mark m = arena_mark(a);
    unsigned char *mine = arena_many(a, unsigned char, (size_t)(p->last - p->first + 1));
    for (size_t i = 0; i < n; i++) {
        if (rows[i].day.n < p->first || rows[i].day.n > p->last)
            continue;
        int32_t at = rows[i].day.n - p->first;
        unsigned char what = rows[i].working ? SAID_WORKING : SAID_OFF;
        if (mine[at] && mine[at] != what) {
            *out_clash = rows[i].day;
            return false;
        }
        mine[at] = what;
        said[at] = what;
    }
    arena_rewind(a, m);
    return true;
}

static void part_fill(struct arena *a, struct part *p, const unsigned char *said)
{
    size_t days = (size_t)(p->last - p->first + 1);
    uint16_t *before = arena_many(a, uint16_t, days + 1);
    int32_t *nth = arena_many(a, int32_t, days);
    uint16_t k = 0;
    for (size_t i = 0; i < days; i++) {
        struct day d = { p->first + (int32_t)i };
        before[i] = k;
        if (said[i] == SAID_WORKING || (said[i] == SAID_NOTHING && day_weekday(d) <= 5))
            nth[k++] = d.n;
    }
    before[days] = k;
    p->before = before;
    p->nth = nth;
    p->total = k;
}

static struct str day_text(struct arena *a, struct day d)
{
    struct buf b;
    buf_init(&b, a, 10);
    buf_day(&b, d);
    return buf_view(&b);
}

enum rc calendar_build(struct arena *a, const struct calendar_spec *spec, const struct calendar **out,
                       struct str *out_why)
{
    struct calendar *c = arena_new(a, struct calendar);
    struct part *parts = arena_many(a, struct part, spec->years_n);
    if (!years_ok(spec)) {
        *out_why = STR("years must be ascending, from 1900 to 2200");
        return RC_INVALID;
    }
    for (size_t i = 0; i < spec->years_n; c->n++) {
        struct part *p = &parts[c->n];
        struct day clash = { 0 };
        p->first = year_first(spec->years[i]);
        for (i++; i < spec->years_n && spec->years[i] == spec->years[i - 1] + 1; i++)
            ;
        p->last = year_first(spec->years[i - 1] + 1) - 1;
        unsigned char *said = arena_many(a, unsigned char, (size_t)(p->last - p->first + 1));
        if (!rows_apply(p, spec->rows, spec->n, a, said, &clash) ||
            !rows_apply(p, spec->local, spec->local_n, a, said, &clash)) {
            *out_why = arena_fmt(a, STR_F " is both holiday and workday", STR_A(day_text(a, clash)));
            return RC_INVALID;
        }
        part_fill(a, p, said);
    }
    c->parts = parts;
    c->spec = *spec;
    *out = c;
    return RC_OK;
}

/* ---- from a file ---- */

static const struct pair *cell(const struct csv *c, const char *name)
{
    for (size_t i = 0; i < c->columns; i++)
        if (str_is(c->row[i].name, name))
            return &c->row[i];
    return NULL;
}

static bool row_parse(const struct pair *date, const struct pair *type, struct calendar_row *out)
{
    out->working = str_is(type->value, "workday");
    return day_parse(date->value, &out->day) && (out->working || str_is(type->value, "holiday"));
}

static size_t count_lines(struct str s)
{
    size_t n = 1;
    for (size_t i = 0; i < s.n; i++)
        n += s.p[i] == '\n';
    return n;
}

enum rc calendar_rows_parse(struct arena *a, struct str csv, struct calendar_rows *out, struct str *out_why)
{
    struct csv *c = arena_new(a, struct csv);
    struct calendar_rows rows = { .v = arena_many(a, struct calendar_row, count_lines(csv)) };
    const struct pair *date = NULL, *type = NULL;
    enum rc rc = csv_open(c, csv, a);
    if (!rc) {
        date = cell(c, "date");
        type = cell(c, "type");
    }
    if (!date || !type) {
        *out_why = STR("line 1: the header must name the columns date and type");
        return RC_INVALID;
    }
    while ((rc = csv_next(c)) != RC_NOT_FOUND) {
        if (rc || !row_parse(date, type, &rows.v[rows.n++])) {
            *out_why = arena_fmt(a, "line %lld: expected date as YYYY-MM-DD and type holiday or workday",
                                 (long long)c->line);
            return RC_INVALID;
        }
    }
    *out = rows;
    return RC_OK;
}

/* The rows name this day a holiday. */
static bool names_holiday(const struct calendar_rows *rows, struct civil c)
{
    int32_t n = day_of(c).n;
    for (size_t i = 0; i < rows->n; i++)
        if (rows->v[i].day.n == n && !rows->v[i].working)
            return true;
    return false;
}

static size_t years_find(const struct calendar_rows *rows, int16_t years[YEAR_MAX - YEAR_MIN + 1])
{
    int least = YEAR_MAX, most = YEAR_MIN;
    size_t n = 0;
    for (size_t i = 0; i < rows->n; i++) {
        int y = day_civil(rows->v[i].day).year;
        least = y < least ? y : least;
        most = y > most ? y : most;
    }
    for (int y = least; y <= most; y++)
        if (names_holiday(rows, (struct civil){ y, 1, 1 }) && names_holiday(rows, (struct civil){ y, 10, 1 }))
            years[n++] = (int16_t)y;
    return n;
}

enum rc calendar_from_csv_local(struct arena *a, struct str csv, struct str local, const struct calendar **out,
                                struct str *out_why)
{
    struct calendar_rows rows = { 0 }, extra = { 0 };
    int16_t *years = arena_many(a, int16_t, YEAR_MAX - YEAR_MIN + 1);
    enum rc rc = calendar_rows_parse(a, csv, &rows, out_why);
    if (!rc && local.p)
        rc = calendar_rows_parse(a, local, &extra, out_why);
    if (rc)
        return rc;
    struct calendar_spec spec = { .rows = rows.v, .n = rows.n, .local = extra.v, .local_n = extra.n,
                                  .years = years, .years_n = years_find(&rows, years) };
    return calendar_build(a, &spec, out, out_why);
}

enum rc calendar_from_csv(struct arena *a, struct str csv, const struct calendar **out, struct str *out_why)
{
    return calendar_from_csv_local(a, csv, STR_NONE, out, out_why);
}

/* ---- laid over ---- */

static bool has_day(const struct calendar_rows *rows, int32_t day)
{
    for (size_t i = 0; i < rows->n; i++)
        if (rows->v[i].day.n == day)
            return true;
    return false;
}

/* Rows of `over`, and those of `under` for other days. */
static struct calendar_rows rows_over(struct arena *a, const struct calendar_row *under, size_t n, const struct calendar_rows *over)
{
    struct calendar_rows all = { arena_many(a, struct calendar_row, n + over->n), 0 };
    for (size_t i = 0; i < n; i++)
        if (!has_day(over, under[i].day.n))
            all.v[all.n++] = under[i];
    for (size_t i = 0; i < over->n; i++)
        all.v[all.n++] = over->v[i];
    return all;
}

enum rc calendar_with(struct arena *a, const struct calendar *base, struct calendar_rows national, struct calendar_rows local,
                      const struct calendar **out, struct str *out_why)
{
    int16_t *years = arena_many(a, int16_t, YEAR_MAX - YEAR_MIN + 1);
    struct calendar_rows rows = rows_over(a, base->spec.rows, base->spec.n, &national);
    struct calendar_rows extra = rows_over(a, base->spec.local, base->spec.local_n, &local);
    struct calendar_spec spec = { .rows = rows.v, .n = rows.n, .local = extra.v, .local_n = extra.n,
                                  .years = years, .years_n = years_find(&rows, years) };
    return calendar_build(a, &spec, out, out_why);
}

/* ---- counting ---- */

static const struct part *part_of(const struct calendar *c, int32_t n)
{
    for (size_t i = 0; i < c->n; i++)
        if (n >= c->parts[i].first && n <= c->parts[i].last)
            return &c->parts[i];
    return NULL;
}

enum rc calendar_is_working_day(const struct calendar *c, struct day d, bool *out)
{
    const struct part *p = part_of(c, d.n);
    if (!p)
        return RC_NOT_FOUND;
    *out = p->before[d.n - p->first + 1] > p->before[d.n - p->first];
    return RC_OK;
}

enum rc calendar_next(const struct calendar *c, struct day d, struct day *out)
{
    return calendar_due_wd(c, d, 1, (struct spans){ 0 }, out);
}

enum rc calendar_previous(const struct calendar *c, struct day d, struct day *out)
{
    const struct part *p = part_of(c, d.n - 1);
    int32_t k = p ? p->before[d.n - p->first] : 0;
    if (!k)
        return RC_NOT_FOUND;
    out->n = p->nth[k - 1];
    return RC_OK;
}

enum rc calendar_count(const struct calendar *c, struct day first, struct day last, int32_t *out)
{
    return calendar_used_wd(c, (struct day){ first.n - 1 }, last, (struct spans){ 0 }, out);
}

/* The next run of counted days after day `after`: from the returned day (first uncounted days skipped) up to, not
 * including, *out_end. Exclusions are looked through each time: they are few, unsorted and may overlap. */
static int32_t run_next(struct spans except, int32_t after, int32_t *out_end)
{
    int32_t from = after + 1;
    *out_end = INT32_MAX;
    for (size_t i = 0; i < except.n; i++) {
        const struct span *s = &except.v[i];
        if (s->first.n <= from && s->last.n >= from) {
            from = s->last.n + 1;
            i = (size_t)-1; /* another may cover the new day: look again from the first */
        }
    }
    for (size_t i = 0; i < except.n; i++) {
        const struct span *s = &except.v[i];
        if (s->first.n > from && s->last.n >= s->first.n && s->first.n < *out_end)
            *out_end = s->first.n;
    }
    return from;
}

enum rc calendar_due_wd(const struct calendar *c, struct day start, int32_t n, struct spans except, struct day *out)
{
    int32_t at = n ? start.n : start.n - 1, left = n ? n : 1, end;
    if (n < 0 || n > DAYS_MAX)
        return RC_INVALID;
    const struct part *p = part_of(c, at + 1);
    if (!p)
        return RC_NOT_FOUND;
    for (;; at = end - 1) {
        int32_t from = run_next(except, at, &end);
        if (from > p->last)
            return RC_NOT_FOUND;
        int32_t k = p->before[from - p->first] + left - 1;
        int32_t stop = end <= p->last ? p->before[end - p->first] : p->total;
        if (k < stop) {
            out->n = p->nth[k];
            return RC_OK;
        }
        if (end > p->last)
            return RC_NOT_FOUND;
        left = k - stop + 1;
    }
}

/* `day` or the first later working day that is not excluded. */
static enum rc roll(const struct calendar *c, struct day day, struct spans except, struct day *out)
{
    return calendar_due_wd(c, day, 0, except, out);
}

/* The n-th calendar day after `start` that is not excluded; `start` for 0. */
static struct day cd_forward(struct day start, int32_t n, struct spans except)
{
    int32_t at = start.n, end;
    while (n) {
        int32_t from = run_next(except, at, &end);
        int32_t run = n < end - from ? n : end - from;
        at = from + run - 1;
        n -= run;
    }
    return (struct day){ at };
}

enum rc calendar_due_cd(const struct calendar *c, struct day start, int32_t n, struct spans except, struct day *out)
{
    if (n < 0 || n > DAYS_MAX)
        return RC_INVALID;
    return roll(c, cd_forward(start, n, except), except, out);
}

enum rc calendar_due_months(const struct calendar *c, struct day start, int32_t months, struct day *out)
{
    struct civil s = day_civil(start);
    if (months < 0 || months > 1200)
        return RC_INVALID;
    int m = s.month - 1 + months;
    struct civil e = { s.year + m / 12, m % 12 + 1, 1 };
    int32_t first = day_of(e).n;
    int32_t length = day_of((struct civil){ e.month == 12 ? e.year + 1 : e.year, e.month % 12 + 1, 1 }).n - first;
    int32_t day = s.day < length ? s.day : length;
    return roll(c, (struct day){ first + day - 1 }, (struct spans){ 0 }, out);
}

enum rc calendar_due(const struct calendar *c, struct day start, struct limit l, struct spans except, struct day *out)
{
    if (l.unit == UNIT_WD)
        return calendar_due_wd(c, start, l.days, except, out);
    return l.unit == UNIT_CD ? calendar_due_cd(c, start, l.days, except, out) : RC_INVALID;
}

enum rc calendar_used_wd(const struct calendar *c, struct day from, struct day to, struct spans except, int32_t *out)
{
    int32_t n = 0, end;
    if (to.n <= from.n) {
        *out = 0;
        return RC_OK;
    }
    const struct part *p = part_of(c, from.n + 1);
    if (!p || to.n > p->last)
        return RC_NOT_FOUND;
    for (int32_t at = from.n; at < to.n; at = end - 1) {
        int32_t first = run_next(except, at, &end);
        end = end > to.n ? to.n + 1 : end;
        if (first <= to.n)
            n += p->before[end - p->first] - p->before[first - p->first];
    }
    *out = n;
    return RC_OK;
}

static int32_t used_cd(int32_t from, int32_t to, struct spans except)
{
    int32_t n = 0, end;
    for (int32_t at = from; at < to; at = end - 1) {
        int32_t first = run_next(except, at, &end);
        end = end > to ? to + 1 : end;
        if (first <= to)
            n += end - first;
    }
    return n;
}

enum rc calendar_used(const struct calendar *c, enum day_unit unit, struct day from, struct day to, struct spans except,
                      int32_t *out)
{
    if (unit == UNIT_WD)
        return calendar_used_wd(c, from, to, except, out);
    if (unit == UNIT_NONE)
        return RC_INVALID;
    *out = used_cd(from.n, to.n, except);
    return RC_OK;
}

/* ---- lights ---- */

enum rc calendar_yellow(const struct calendar *c, struct day start, struct limit l, struct spans except,
                        struct day *out)
{
    if (l.unit == UNIT_NONE || l.days < 0 || l.days > DAYS_MAX)
        return RC_INVALID;
    int32_t ninety = (l.days * 9 + 9) / 10;                /* least used with used >= 0.9 N */
    int32_t k = ninety < l.days - 1 ? ninety : l.days - 1; /* or with N - used <= 1 */
    if (k <= 0) {
        *out = start;
        return RC_OK;
    }
    if (l.unit == UNIT_WD)
        return calendar_due_wd(c, start, k, except, out);
    *out = cd_forward(start, k, except);
    return RC_OK;
}

enum light light_on(struct day on, struct day yellow_from, struct day due)
{
    if (due.n && on.n > due.n)
        return LIGHT_RED;
    return yellow_from.n && on.n >= yellow_from.n ? LIGHT_YELLOW : LIGHT_GREEN;
}

/* test_lines.h - the text form of calendar questions, as in test/data/story-dates.txt:
 * name,operation,from,n or to,excluded days,expected. Read by test_calendar.c and calendar_lines.c. */
#ifndef CALENDAR_TEST_LINES_H
#define CALENDAR_TEST_LINES_H

#include "modules/calendar/calendar.h"

enum { LINE_SPANS = 8 };

struct line {
    struct str  name, op, arg, expected;
    struct day  from;
    struct span span[LINE_SPANS];
    size_t      spans;
};

/* "A..B A..B" */
static inline bool line_spans(struct str s, struct line *l)
{
    while (s.n) {
        struct str one = str_cut(&s, ' ');
        struct span *sp = &l->span[l->spans];
        if (l->spans++ == LINE_SPANS || one.n != 22 || !day_parse(str_sub(one, 0, 10), &sp->first) ||
            !day_parse(str_sub(one, 12, 10), &sp->last))
            return false;
    }
    return true;
}

static inline bool line_parse(struct str text, struct line *out)
{
    struct line l = { .name = str_cut(&text, ',') };
    l.op = str_cut(&text, ',');
    struct str from = str_cut(&text, ',');
    l.arg = str_cut(&text, ',');
    struct str except = str_cut(&text, ',');
    l.expected = str_trim(text);
    bool ok = day_parse(from, &l.from) && line_spans(except, &l);
    *out = l;
    return ok;
}

/* The answer as text; "unknown" where the calendar does not know. */
static inline struct str line_answer(const struct calendar *c, const struct line *l, struct arena *a)
{
    struct spans except = { l->span, l->spans };
    struct buf b;
    struct day to = { 0 }, due = { 0 };
    int32_t used = 0;
    int64_t n = 0;
    enum rc rc = RC_INVALID;
    buf_init(&b, a, 16);
    if (str_is(l->op, "USED") && day_parse(l->arg, &to)) {
        rc = calendar_used_wd(c, l->from, to, except, &used);
        buf_i64(&b, used);
    } else if (str_i64(l->arg, 0, 1000, &n)) {
        struct limit limit = { (int32_t)n, str_is(l->op, "CD") ? UNIT_CD : UNIT_WD };
        if (str_is(l->op, "YELLOW"))
            rc = calendar_yellow(c, l->from, limit, except, &due);
        else if (str_is(l->op, "MONTHS"))
            rc = calendar_due_months(c, l->from, (int32_t)n, &due);
        else
            rc = calendar_due(c, l->from, limit, except, &due);
        buf_day(&b, due);
    }
    return rc == RC_NOT_FOUND ? STR("unknown") : rc ? STR("invalid") : buf_view(&b);
}

#endif

/* cases_calendar.c - when the calendar changes, the dates of open cases are computed again, a hundred at a time; each case that changes
 * says from what to what and why, and the applicant is told. */
#include "base/json.h"
#include "base/log.h"
#include "cases_fill.h"
#include "cases_routes.h"
#include "ledger/ledger.h"
#include "modules/holidays/holidays.h"

enum { BATCH = 100, EVERY_MS = 5000 };

/* One case: nothing is written if its day stays. */
static enum rc case_follow(struct cx *cx, int64_t id, int64_t version, struct str why)
{
    struct cases_case c, now;
    enum rc rc = cases_store_lock(cx, id);
    if (!rc)
        rc = cases_get(cx, id, &c);
    if (!rc)
        rc = cases_due_refresh(cx, &c);
    if (!rc)
        rc = cases_get(cx, id, &now);
    if (rc || now.due_on.n == c.due_on.n)
        return rc;
    struct buf b;
    buf_init(&b, cx->arena, 200);
    buf_fmt(&b, "{\"from\":%d,\"to\":%d,\"version\":%lld,\"why\":", c.due_on.n, now.due_on.n, (long long)version);
    buf_json(&b, why);
    buf_char(&b, '}');
    rc = cases_note(cx, &c, "case.calendar_changed", buf_view(&b), STR_NONE);
    return rc ? rc : cases_tell(cx, &c, "calendar");
}

enum rc cases_calendar_step(struct cx *cx, bool *out_more)
{
    struct cases_follow f;
    struct list ids = { 0 };
    struct str why;
    int64_t version = 0;
    *out_more = false;
    enum rc rc = holidays_version(cx, &version);
    if (!rc)
        rc = cases_store_follow(cx, &f);
    if (rc || f.version == version)
        return rc;
    if (f.target != version) /* changed again meanwhile: from the beginning */
        f = (struct cases_follow){ f.version, version, 0 };
    rc = holidays_why(cx, f.version, version, &why);
    if (!rc)
        rc = cases_store_open_after(cx, f.after, &ids);
    for (size_t i = 0; i < ids.n && !rc; i++) {
        f.after = ((const int64_t *)ids.v)[i];
        rc = case_follow(cx, f.after, version, why);
    }
    *out_more = !rc && ids.n == BATCH;
    if (!rc && !*out_more)
        f.version = version;
    return rc ? rc : cases_store_follow_set(cx, &f);
}

/* ---- on the page ------------------------------------------------------------------------------------------------------------- */

static const struct field change_fields[] = {
    FIELD(struct date_change, from), FIELD(struct date_change, to), FIELD(struct date_change, why), FIELD(struct date_change, at)
};
const struct record DATE_CHANGE = RECORD(struct date_change, change_fields);

struct body_in {
    int64_t    from, to, version;
    struct str why;
};
static const struct field body_fields[] = {
    FIELD(struct body_in, from, .max = INT32_MAX), FIELD(struct body_in, to, .max = INT32_MAX), FIELD(struct body_in, version),
    FIELD(struct body_in, why, .max = 4000),
};
static const struct record BODY = RECORD(struct body_in, body_fields);

enum rc cases_date_changes(struct cx *cx, const struct cases_case *c, struct list *out)
{
    struct list rows;
    enum rc rc = ledger_list(cx, c->id, 0, &rows);
    struct date_change *v = arena_many(cx->arena, struct date_change, rows.n);
    size_t n = 0;
    for (size_t i = 0; i < rows.n && !rc; i++) {
        const struct ledger_row *r = (const struct ledger_row *)rows.v + i;
        struct body_in b = { 0 };
        if (!str_is(r->kind, "case.calendar_changed"))
            continue;
        rc = json_read(r->body, &BODY, cx->arena, &cx->issues, &b);
        v[n++] = (struct date_change){ { (int32_t)b.from }, { (int32_t)b.to }, b.why, r->at };
    }
    *out = (struct list){ v, n };
    return rc;
}

/* ---- job ------------------------------------------------------------------------------------------------------------------------ */

static enum rc follow_now(struct cx *cx, struct job *j)
{
    return cases_calendar_step(cx, &j->again);
}

static enum rc is_behind(struct cx *cx, bool *out)
{
    struct cases_follow f;
    int64_t version = 0;
    enum rc rc = holidays_version(cx, &version);
    if (!rc)
        rc = cases_store_follow(cx, &f);
    *out = !rc && f.version != version;
    return rc;
}

const struct job_kind cases_law_jobs[CASES_LAW_JOBS] = {
    { .name = "cases.calendar", .run = follow_now, .due = is_behind, .every_ms = EVERY_MS },
};

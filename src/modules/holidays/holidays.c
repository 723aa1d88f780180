/* holidays.c - days laid over the built-in calendar: set, ended, imported, read. */
#include "modules/holidays/holidays.h"

#include "all_tmpl.h"
#include "base/csv.h"
#include "base/log.h"
#include "base/shelf.h"
#include "holidays_sql.h"
#include "ledger/ledger.h"
#include "modules/org/org.h"

#include <string.h>

enum { CALENDAR_ARENA = 4 << 20 };

#define D struct holidays_day
static const struct field day_fields[] = {
    FIELD(D, division), FIELD(D, day), FIELD(D, working), FIELD(D, name), FIELD(D, source), FIELD(D, made_at),
};
const struct record HOLIDAYS_DAY = RECORD(D, day_fields);
static const struct field row_fields[] = { FIELD(D, division), FIELD(D, day), FIELD(D, working) };
static const struct record ROW = RECORD(D, row_fields);
#undef D

/* Province, prefecture and county of this installation: the rows of a lower one beat those above. */
static struct str division_at(struct cx *cx, size_t digits)
{
    struct str own = cx->app->config.division;
    return arena_fmt(cx->arena, STR_F "%.*s", STR_A(str_sub(own, 0, digits)), (int)(12 - digits), "000000000000");
}

static enum rc rows_read(struct cx *cx, struct list *out)
{
    return db_all(cx, &sql_holidays_rows,
                  ARGS(v_str(division_at(cx, 2)), v_str(division_at(cx, 4)), v_str(cx->app->config.division)), &ROW, out);
}

/* The day once: what comes later in the order of divisions beats what was there. */
static void day_lay(struct calendar_rows *to, const struct holidays_day *d)
{
    size_t at = 0;
    while (at < to->n && to->v[at].day.n != d->day.n)
        at++;
    to->n += at == to->n;
    to->v[at] = (struct calendar_row){ d->day, d->working };
}

/* The built-in calendar with the rows of now over it, in `a`. */
static enum rc calendar_make(struct cx *cx, struct arena *a, const struct calendar **out)
{
    struct list all = { 0 };
    struct str why = STR_NONE;
    *out = cx->app->calendar;
    enum rc rc = rows_read(cx, &all);
    if (rc || !all.n)
        return rc;
    struct calendar_rows national = { arena_many(a, struct calendar_row, all.n), 0 }, local = national;
    local.v = arena_many(a, struct calendar_row, all.n);
    for (size_t i = 0; i < all.n; i++) {
        const struct holidays_day *d = (const struct holidays_day *)all.v + i;
        day_lay(d->division.n ? &local : &national, d);
    }
    if (!calendar_with(a, cx->app->calendar, national, local, out, &why))
        return RC_OK;
    log_error("the calendar of the database cannot be used: " STR_F, STR_A(why));
    return RC_FAILED;
}

/* The one of this version, made once. Only a READ unit puts one there: what a writer sees may yet be undone, and its version be given
 * to other days. A full shelf only costs time. */
static enum rc calendar_kept(struct cx *cx, int64_t version, const struct calendar **out)
{
    struct digest key = { 0 };
    struct arena a;
    memcpy(key.b, &version, sizeof version);
    *out = shelf_find(cx->app->calendars, key);
    if (*out)
        return RC_OK;
    if (!db_reads(cx->db))
        return calendar_make(cx, cx->arena, out);
    arena_init(&a, CALENDAR_ARENA);
    enum rc rc = calendar_make(cx, &a, out);
    const struct calendar *there = rc ? NULL : shelf_put(cx->app->calendars, key, &a, *out);
    arena_done(&a);
    if (rc || there) {
        *out = there;
        return rc;
    }
    return calendar_make(cx, cx->arena, out);
}

enum rc holidays_calendar(struct cx *cx, const struct calendar **out)
{
    int64_t version = 0;
    *out = cx->app->calendar;
    enum rc rc = *out ? holidays_version(cx, &version) : RC_OK;
    if (rc || !version) /* every change moves the version: without one there are no rows */
        return rc;
    return cx->app->calendars ? calendar_kept(cx, version, out) : calendar_make(cx, cx->arena, out);
}

enum rc holidays_version(struct cx *cx, int64_t *out)
{
    return db_int(cx, &sql_holidays_version_now, NO_ARGS, out);
}

enum rc holidays_why(struct cx *cx, int64_t from, int64_t to, struct str *out)
{
    struct list all;
    struct buf b;
    buf_init(&b, cx->arena, 200);
    enum rc rc = db_all(cx, &sql_holidays_changes, ARGS(v_i64(from), v_i64(to)), &HOLIDAYS_DAY, &all);
    for (size_t i = 0; i < all.n && !rc; i++) {
        const struct holidays_day *d = (const struct holidays_day *)all.v + i;
        if (i)
            buf_str(&b, STR("；"));
        buf_day(&b, d->day);
        buf_fmt(&b, " " STR_F "（" STR_F "）", STR_A(d->name), STR_A(d->source));
    }
    *out = buf_view(&b);
    return rc;
}

/* ---- changing ------------------------------------------------------------------------------------------------------------ */

static bool division_ok(struct cx *cx, struct str d)
{
    return !d.n || str_eq(d, division_at(cx, 2)) || str_eq(d, division_at(cx, 4)) || str_eq(d, cx->app->config.division);
}

static enum rc change_check(struct cx *cx, struct str division, struct day day)
{
    if (!(cx->actor.roles & ROLE_BIT(ROLE_SYSTEM_ADMIN)))
        return RC_DENIED;
    if (day.n <= day_at(cx->now).n)
        return cx_invalid(cx, "day", "holidays.not_ahead");
    return division_ok(cx, division) ? RC_OK : cx_invalid(cx, "division", "holidays.no_such_division");
}

static struct str change_body(struct cx *cx, struct str division, struct day day, int64_t version)
{
    struct buf b;
    buf_init(&b, cx->arena, 100);
    buf_fmt(&b, "{\"day\":%d,\"division\":", day.n);
    buf_json(&b, division.p ? division : STR(""));
    buf_fmt(&b, ",\"version\":%lld}", (long long)version);
    return buf_view(&b);
}

static enum rc change_note(struct cx *cx, const struct ledger_entry *e)
{
    enum rc rc = ledger_append(cx, e, NULL, NULL);
    return rc ? rc : org_public_changed(cx);
}

static enum rc day_add(struct cx *cx, const struct holidays_day *d)
{
    int64_t version = 0;
    enum rc rc = db_int(cx, &sql_holidays_version_next, NO_ARGS, &version);
    if (!rc)
        rc = db_exec(cx, &sql_holidays_insert,
                     ARGS(v_i64(version), v_str(d->division.p ? d->division : STR("")), v_day(d->day), v_bool(d->working), v_str(d->name),
                          v_str(d->source), v_i64(cx->now)),
                     NULL);
    struct ledger_entry e = { .kind = "calendar.set", .body = change_body(cx, d->division, d->day, version) };
    return rc ? rc : change_note(cx, &e);
}

static enum rc is_there(struct cx *cx, struct str division, struct day day, bool *out)
{
    int64_t n = 0;
    enum rc rc = db_int(cx, &sql_holidays_find, ARGS(v_str(division.p ? division : STR("")), v_day(day)), &n);
    *out = n > 0;
    return rc;
}

enum rc holidays_set(struct cx *cx, const struct holidays_day *d)
{
    bool there = false;
    enum rc rc = change_check(cx, d->division, d->day);
    if (rc)
        return rc;
    if (!d->name.n || !d->source.n)
        return cx_invalid(cx, d->name.n ? "source" : "name", "base.required");
    rc = is_there(cx, d->division, d->day, &there);
    if (!rc && there)
        return RC_CONFLICT;
    return rc ? rc : day_add(cx, d);
}

enum rc holidays_end(struct cx *cx, struct str division, struct day day, struct str reason)
{
    int64_t version = 0, changed = 0;
    enum rc rc = change_check(cx, division, day);
    if (rc)
        return rc;
    if (!reason.n)
        return cx_invalid(cx, "reason", "base.required");
    rc = db_int(cx, &sql_holidays_version_next, NO_ARGS, &version);
    if (!rc)
        rc = db_exec(cx, &sql_holidays_end,
                     ARGS(v_str(division.p ? division : STR("")), v_day(day), v_i64(cx->now), v_i64(version), v_str(reason)), &changed);
    if (!rc && !changed)
        return RC_NOT_FOUND;
    struct ledger_entry e = { .kind = "calendar.ended", .body = change_body(cx, division, day, version) };
    return rc ? rc : change_note(cx, &e);
}

/* ---- a notice ---------------------------------------------------------------------------------------------------------------- */

struct notice_row {
    struct str type, name;
    struct day date;
};
static const char *const types[] = { "holiday", "workday", NULL };
static const struct field notice_fields[] = {
    FIELD(struct notice_row, date, .required = true), FIELD(struct notice_row, type, .required = true, .words = types),
    FIELD(struct notice_row, name, .required = true, .max = 50),
};
static const struct record NOTICE = RECORD(struct notice_row, notice_fields);

static enum rc line_add(struct cx *cx, struct str division, struct str source, const struct csv *c)
{
    struct notice_row r = { 0 };
    bool there = false;
    enum rc rc = record_from_pairs(&NOTICE, c->row, c->columns, cx->arena, &cx->issues, &r);
    if (!rc)
        rc = change_check(cx, division, r.date);
    if (!rc)
        rc = is_there(cx, division, r.date, &there);
    if (rc || there)
        return rc;
    return day_add(cx, &(struct holidays_day){ division, r.name, source, r.date, str_is(r.type, "workday"), { 0 } });
}

enum rc holidays_import(struct cx *cx, struct str division, struct str notice, struct str csv)
{
    struct csv *c = arena_new(cx->arena, struct csv);
    if (!(cx->actor.roles & ROLE_BIT(ROLE_SYSTEM_ADMIN)))
        return RC_DENIED;
    if (!notice.n)
        return cx_invalid(cx, "notice", "base.required");
    enum rc rc = csv_open(c, csv, cx->arena);
    while (!rc && !(rc = csv_next(c)))
        rc = line_add(cx, division, notice, c);
    if (rc != RC_INVALID)
        return rc == RC_NOT_FOUND ? RC_OK : rc;
    return cx_invalid_args(cx, "csv", "holidays.bad_line", arena_fmt(cx->arena, "%lld", (long long)c->line), STR_NONE);
}

/* ---- the administrator's page --------------------------------------------------------------------------------------------------- */

struct calendar_view {
    struct list days;
    int64_t     known_to; /* the last year of the calendar */
    struct str  county, prefecture, province;
    bool        next_missing; /* next year is not known */
    int64_t     next_year;
};
#define V struct calendar_view
static const struct field view_fields[] = {
    FIELD_LIST(V, days, &HOLIDAYS_DAY), FIELD(V, known_to), FIELD(V, county), FIELD(V, prefecture), FIELD(V, province),
    FIELD(V, next_missing), FIELD(V, next_year),
};
static const struct record CALENDAR_VIEW = RECORD(V, view_fields);
#undef V

static enum rc calendar_show(struct cx *cx, const struct req *rq UNUSED, void *out)
{
    struct calendar_view *v = out;
    const struct calendar *c;
    int year = day_civil(day_at(cx->now)).year;
    bool working;
    enum rc rc = holidays_calendar(cx, &c);
    if (rc)
        return rc;
    v->known_to = year - 1;
    while (!calendar_is_working_day(c, day_of((struct civil){ (int)v->known_to + 1, 1, 1 }), &working))
        v->known_to++;
    v->next_year = v->known_to + 1;
    v->next_missing = v->known_to <= year;
    v->county = cx->app->config.division;
    v->prefecture = division_at(cx, 4);
    v->province = division_at(cx, 2);
    return db_all(cx, &sql_holidays_list, ARGS(v_day((struct day){ day_at(cx->now).n + 1 })), &HOLIDAYS_DAY, &v->days);
}

struct set_in {
    struct str division, type, name, source;
    struct day day;
};
static const struct field set_fields[] = {
    FIELD(struct set_in, division, .max = 12), FIELD(struct set_in, day, .required = true),
    FIELD(struct set_in, type, .required = true, .words = types), FIELD(struct set_in, name, .required = true, .max = 50),
    FIELD(struct set_in, source, .required = true, .max = 200),
};
static const struct record SET = RECORD(struct set_in, set_fields);

static enum rc set_do(struct cx *cx, const struct req *rq, void *out UNUSED)
{
    const struct set_in *in = rq->in;
    reply_see(rq, STR("/admin/calendar"));
    return holidays_set(cx, &(struct holidays_day){ in->division, in->name, in->source, in->day, str_is(in->type, "workday"), { 0 } });
}

struct end_in {
    struct str division, reason;
    struct day day;
};
static const struct field end_fields[] = {
    FIELD(struct end_in, division, .max = 12), FIELD(struct end_in, day, .required = true),
    FIELD(struct end_in, reason, .required = true, .max = 200),
};
static const struct record END = RECORD(struct end_in, end_fields);

static enum rc end_do(struct cx *cx, const struct req *rq, void *out UNUSED)
{
    const struct end_in *in = rq->in;
    reply_see(rq, STR("/admin/calendar"));
    return holidays_end(cx, in->division, in->day, in->reason);
}

struct import_in {
    struct str division, notice, csv;
};
static const struct field import_fields[] = {
    FIELD(struct import_in, division, .max = 12), FIELD(struct import_in, notice, .required = true, .max = 200),
    FIELD(struct import_in, csv, .required = true, .max = 20000, .multiline = true),
};
static const struct record IMPORT = RECORD(struct import_in, import_fields);

static enum rc import_do(struct cx *cx, const struct req *rq, void *out UNUSED)
{
    const struct import_in *in = rq->in;
    reply_see(rq, STR("/admin/calendar"));
    return holidays_import(cx, in->division, in->notice, in->csv);
}

#define CALENDAR_PAGE .out = &CALENDAR_VIEW, .page = &tmpl_calendar, .again = calendar_show, .title = "放假安排", .nav = "calendar"
static const struct route routes[] = {
    { GET, "/admin/calendar", calendar_show, READ, NEED_SYSTEM_ADMIN, .out = &CALENDAR_VIEW, .page = &tmpl_calendar, .title = "放假安排",
      .nav = "calendar" },
    { POST, "/admin/calendar", set_do, WRITE, NEED_SYSTEM_ADMIN, .in = &SET, CALENDAR_PAGE },
    { POST, "/admin/calendar/end", end_do, WRITE, NEED_SYSTEM_ADMIN, .in = &END, CALENDAR_PAGE },
    { POST, "/admin/calendar/import", import_do, WRITE, NEED_SYSTEM_ADMIN, .in = &IMPORT, CALENDAR_PAGE },
};

const struct module holidays_module = {
    .name = "holidays", .routes = routes, .nroutes = countof(routes), .sql = holidays_sql, .nsql = countof(holidays_sql),
    .schema = holidays_schema, .nschema = countof(holidays_schema),
};

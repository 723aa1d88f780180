/* system_web.c - the system administrator's page: how this node is, what waits for a person. No personal data is on it. */
#include "app/system_web.h"

#include "all_tmpl.h"
#include "http/route.h"
#include "jobs/jobs.h"
#include "ledger/ledger.h"
#include "modules/calendar/calendar.h"

/* A job that gave up: somebody looks at the log, mends the cause and starts it again. */
struct parked_line {
    struct str  id, kind;
    int64_t     starts, fails;
    struct when made_at;
};
static const struct field parked_fields[] = {
    FIELD(struct parked_line, id),     FIELD(struct parked_line, kind),    FIELD(struct parked_line, starts),
    FIELD(struct parked_line, fails),  FIELD(struct parked_line, made_at),
};
static const struct record PARKED = RECORD(struct parked_line, parked_fields);

/* A year and whether its working days are known. */
struct year_line {
    struct str year;
    bool       known;
};
static const struct field year_fields[] = { FIELD(struct year_line, year), FIELD(struct year_line, known) };
static const struct record YEAR = RECORD(struct year_line, year_fields);

struct system_view {
    struct str  engine;
    struct when started_at, head_at;
    int64_t     ok, refused, failed, cached, waiting, queued_out, slow_closed, head_size;
    struct list years, parked;
};
static const char *const engines[] = { "sqlite", "postgresql", NULL };
static const struct field system_fields[] = {
    FIELD_WORD(struct system_view, engine, engines, "app.engine"),
    FIELD(struct system_view, started_at), FIELD(struct system_view, head_at), FIELD(struct system_view, ok),
    FIELD(struct system_view, refused), FIELD(struct system_view, failed), FIELD(struct system_view, cached),
    FIELD(struct system_view, waiting), FIELD(struct system_view, queued_out), FIELD(struct system_view, slow_closed),
    FIELD(struct system_view, head_size), FIELD_LIST(struct system_view, years, &YEAR),
    FIELD_LIST(struct system_view, parked, &PARKED),
};
static const struct record SYSTEM = RECORD(struct system_view, system_fields);

static int64_t counted(const int64_t *n)
{
    return __atomic_load_n(n, __ATOMIC_RELAXED);
}

static void counts_fill(const struct stats *s, struct system_view *v)
{
    v->started_at.ms = s->started_ms;
    v->ok = counted(&s->requests[2]) + counted(&s->requests[3]);
    v->refused = counted(&s->requests[4]);
    v->failed = counted(&s->requests[5]);
    v->cached = counted(&s->cached);
    v->waiting = counted(&s->waiting);
    v->queued_out = counted(&s->queued_out);
    v->slow_closed = counted(&s->slow_closed);
}

/* This year and the next: the notice for the next comes in November, and periods that reach into it need it. */
static struct list years_list(struct cx *cx)
{
    struct year_line *v = arena_many(cx->arena, struct year_line, 2);
    int32_t year = day_civil(day_at(cx->now)).year;
    for (int i = 0; i < 2; i++) {
        struct day last = day_of((struct civil){ .year = year + i, .month = 12, .day = 31 });
        bool working;
        v[i].year = arena_fmt(cx->arena, "%d", year + i);
        v[i].known = calendar_is_working_day(cx->app->calendar, last, &working) == RC_OK;
    }
    return (struct list){ v, 2 };
}

static enum rc parked_list(struct cx *cx, struct list *out)
{
    struct list jobs;
    enum rc rc = job_list_parked(cx, &jobs);
    if (rc)
        return rc;
    struct parked_line *v = arena_many(cx->arena, struct parked_line, jobs.n);
    for (size_t i = 0; i < jobs.n; i++) {
        const struct job *j = (const struct job *)jobs.v + i;
        v[i] = (struct parked_line){ arena_fmt(cx->arena, "%lld", (long long)j->id), j->kind, j->starts, j->fails, { j->made_at } };
    }
    *out = (struct list){ v, jobs.n };
    return RC_OK;
}

static enum rc system_show(struct cx *cx, const struct req *rq UNUSED, void *out)
{
    struct system_view *v = out;
    struct ledger_head head = { 0 };
    if (cx->app->stats)
        counts_fill(cx->app->stats, v);
    v->engine = str_c(engines[db_engine(cx->app->db) == DB_POSTGRES]);
    v->years = years_list(cx);
    enum rc rc = ledger_head_last(cx, &head);
    v->head_size = head.size;
    v->head_at = head.at;
    return rc && rc != RC_NOT_FOUND ? rc : parked_list(cx, &v->parked);
}

static enum rc job_again(struct cx *cx, const struct req *rq, void *out UNUSED)
{
    reply_see(rq, STR("/admin/system"));
    return job_retry(cx, req_id(rq, "id"));
}

static const struct route routes[] = {
    { GET, "/admin/system", system_show, READ, NEED_SYSTEM_ADMIN, .out = &SYSTEM, .page = &tmpl_admin_system, .title = "系统状况",
      .nav = "system" },
    { POST, "/admin/system/jobs/{id}/again", job_again, WRITE, NEED_SYSTEM_ADMIN, .title = "系统状况" },
};

const struct module system_module = { .name = "system", .routes = routes, .nroutes = countof(routes) };

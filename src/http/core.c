/* core.c - health, metrics, API description, display preferences. */
#include "http/core.h"

#include "http_sql.h"

static enum rc health(struct cx *cx UNUSED, const struct req *rq UNUSED, void *out)
{
    ((struct raw *)out)->body = STR("ok\n");
    return RC_OK;
}

/* The unit was begun: the database answers. */
static enum rc ready(struct cx *cx UNUSED, const struct req *rq UNUSED, void *out)
{
    ((struct raw *)out)->body = STR("ready\n");
    return RC_OK;
}

static void metric(struct buf *b, const char *name, const char *kind, const char *help, int64_t v)
{
    buf_fmt(b, "# HELP %s %s\n# TYPE %s %s\n%s %lld\n", name, help, name, kind, name, (long long)v);
}

static void metrics_http(struct buf *b, const struct stats *s)
{
    buf_lit(b, "# HELP tongban_requests_total answers by class of status\n# TYPE tongban_requests_total counter\n");
    for (int i = 1; i < 6; i++)
        buf_fmt(b, "tongban_requests_total{class=\"%dxx\"} %lld\n", i, (long long)__atomic_load_n(&s->requests[i], __ATOMIC_RELAXED));
    metric(b, "tongban_kept_pages_total", "counter", "answers from kept pages", __atomic_load_n(&s->cached, __ATOMIC_RELAXED));
    metric(b, "tongban_refused_total", "counter", "requests refused because the queue was full",
           __atomic_load_n(&s->queued_out, __ATOMIC_RELAXED));
    metric(b, "tongban_slow_closed_total", "counter", "connections closed because the client was too slow",
           __atomic_load_n(&s->slow_closed, __ATOMIC_RELAXED));
    metric(b, "tongban_waiting", "gauge", "requests in the queue", __atomic_load_n(&s->waiting, __ATOMIC_RELAXED));
}

static void metrics_db(struct buf *b, struct db_stats s)
{
    static const char *const edge[] = { "50", "100", "200", "500", "1000", "5000", "20000", "+Inf" };
    int64_t sum = 0;
    metric(b, "tongban_units_total", "counter", "write units", s.units);
    metric(b, "tongban_batches_total", "counter", "commits", s.batches);
    metric(b, "tongban_lost_batches_total", "counter", "batches that could not be committed", s.lost_batches);
    buf_lit(b, "# HELP tongban_writer_us time a unit holds the writer\n# TYPE tongban_writer_us histogram\n");
    for (int i = 0; i < 8; i++) {
        sum += s.writer_us[i];
        buf_fmt(b, "tongban_writer_us_bucket{le=\"%s\"} %lld\n", edge[i], (long long)sum);
    }
    buf_fmt(b, "tongban_writer_us_count %lld\ntongban_writer_us_sum %lld\n", (long long)sum, (long long)s.writer_ms_total * 1000);
}

static enum rc metrics(struct cx *cx, const struct req *rq UNUSED, void *out)
{
    struct buf b;
    buf_init(&b, cx->arena, 4096);
    if (cx->app->stats)
        metrics_http(&b, cx->app->stats);
    metrics_db(&b, db_stats(cx->app->db));
    ((struct raw *)out)->body = buf_view(&b);
    return RC_OK;
}

static enum rc openapi(struct cx *cx, const struct req *rq UNUSED, void *out)
{
    if (!cx->app->http)
        return RC_NOT_FOUND;
    ((struct raw *)out)->body = http_openapi(cx->app->http, cx->arena);
    return RC_OK;
}

/* ---- display preferences: two cookies, nothing about the person -------------------------------------------------- */

struct prefs_in {
    struct str lang, large, back;
};
static const char *const langs[] = { "zh-CN", "zh-Hant", "en", NULL };
static const char *const switches[] = { "0", "1", NULL };
static const struct field prefs_fields[] = {
    FIELD(struct prefs_in, lang, .words = langs),
    FIELD(struct prefs_in, large, .words = switches),
    FIELD(struct prefs_in, back, .max = 2000),
};
static const struct record PREFS_IN = RECORD(struct prefs_in, prefs_fields);

enum { YEAR_S = 365 * 24 * 3600 };

/* Only addresses of this site; "//evil" and "/\evil" are not. */
static bool local_address(struct str s)
{
    return s.n && s.p[0] == '/' && !(s.n > 1 && (s.p[1] == '/' || s.p[1] == '\\'));
}

static enum rc prefs(struct cx *cx UNUSED, const struct req *rq, void *out UNUSED)
{
    const struct prefs_in *in = rq->in;
    if (in->lang.n)
        reply_cookie(rq, (struct cookie){ STR("tb_lang"), in->lang, YEAR_S, false });
    if (in->large.n)
        reply_cookie(rq, (struct cookie){ STR("tb_large"), in->large, YEAR_S, false });
    reply_see(rq, local_address(in->back) ? in->back : STR("/"));
    return RC_OK;
}

static enum rc robots(struct cx *cx, const struct req *rq, void *out)
{
    ((struct raw *)out)->body = arena_fmt(cx->arena,
        "User-agent: *\nDisallow: /prefs\nDisallow: /search\nSitemap: " STR_F "/sitemap.xml\n", STR_A(rq->site));
    return RC_OK;
}

static const struct route routes[] = {
    { GET, "/healthz", health, READ, NEED_NOBODY, .out = &RAW, .type = "text/plain", .flags = ROUTE_NO_FRAME },
    { GET, "/readyz", ready, READ, NEED_NOBODY, .out = &RAW, .type = "text/plain", .flags = ROUTE_NO_FRAME },
    { GET, "/metrics", metrics, READ, NEED_NOBODY, .out = &RAW, .type = "text/plain; version=0.0.4", .flags = ROUTE_NO_FRAME },
    { GET, "/api/openapi.json", openapi, READ, NEED_NOBODY, .out = &RAW, .type = "application/json", .flags = ROUTE_NO_FRAME },
    { GET, "/robots.txt", robots, READ, NEED_NOBODY, .out = &RAW, .type = "text/plain", .flags = ROUTE_NO_FRAME },
    { GET, "/prefs", prefs, READ, NEED_NOBODY, .in = &PREFS_IN, .flags = ROUTE_NO_FRAME },
};

const struct module core_module = {
    .name = "core", .routes = routes, .nroutes = countof(routes), .sql = http_sql, .nsql = countof(http_sql), .schema = http_schema,
    .nschema = countof(http_schema),
};

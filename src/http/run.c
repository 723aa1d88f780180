/* run.c - one request: find the route, see who asks, check, run the unit, answer. Nowhere else is this written. */
#include "http/http_priv.h"

#include "base/hash.h"
#include "base/json.h"
#include "base/log.h"

#include <string.h>

enum { TRIES = 3, WRITES_PER_MINUTE = 60, BACK_QUERY_MAX = 400 };

/* ---- routes ---------------------------------------------------------------------------------------------------- */

static bool split(struct str path, struct str *segment, size_t *n)
{
    *n = 0;
    if (!path.n || path.p[0] != '/')
        return false;
    path = str_sub(path, 1, path.n);
    while (path.p) {
        if (*n == SEGMENTS_MAX)
            return false;
        segment[(*n)++] = str_cut(&path, '/');
    }
    return true;
}

static bool is_parameter(struct str s)
{
    return s.n > 2 && s.p[0] == '{';
}

static bool matches(const struct entry *e, const struct str *segment, size_t n, struct pair *param)
{
    size_t found = 0;
    if (e->nsegments != n)
        return false;
    for (size_t i = 0; i < n; i++) {
        struct str want = e->segment[i];
        if (is_parameter(want) ? !segment[i].n : !str_eq(want, segment[i]))
            return false;
        if (is_parameter(want))
            param[found++] = (struct pair){ str_sub(want, 1, want.n - 2), segment[i] };
    }
    for (; found < ROUTE_PARAMS; found++)
        param[found] = (struct pair){ 0 };
    return true;
}

static const struct entry *entry_find(const struct http *h, enum method m, struct str path, struct pair *param,
                                      unsigned *out_methods)
{
    struct str segment[SEGMENTS_MAX];
    struct pair p[ROUTE_PARAMS];
    const struct entry *found = NULL;
    size_t n;
    *out_methods = 0;
    if (!split(path, segment, &n))
        return NULL;
    for (size_t i = 0; i < h->nentries; i++) {
        const struct entry *e = &h->entries[i];
        if (!matches(e, segment, n, p))
            continue;
        *out_methods |= 1u << e->route->method;
        if (e->route->method == m && !found) {
            memcpy(param, p, sizeof p);
            found = e;
        }
    }
    return found;
}

const struct route *http_route(const struct http *h, enum method m, struct str path, struct pair *params, unsigned *out_methods)
{
    const struct entry *e = entry_find(h, m, path, params, out_methods);
    return e ? e->route : NULL;
}

/* ---- opening --------------------------------------------------------------------------------------------------- */

static bool entry_fill(const struct tmpl_set *set, const struct route *rt, struct entry *out)
{
    struct str why = STR_NONE;
    *out = (struct entry){ .route = rt };
    if (rt->need == NEED_NOT_STATED || rt->unit == UNIT_NOT_STATED || !rt->run)
        why = STR("states no need, no unit or no handler");
    else if (!split(str_c(rt->path), out->segment, &out->nsegments))
        why = STR("has a bad address");
    else if (rt->flags & ROUTE_CACHED && (rt->need != NEED_NOBODY || rt->method != GET || rt->unit != READ))
        why = STR("is cached but not a public reading page");
    else if (rt->page)
        out->page = tmpl_compile(set, rt->page, rt->out ? rt->out : &RAW, &why);
    if (why.p)
        log_error("route %s " STR_F, rt->path, STR_A(why));
    return !why.p;
}

static bool same_address(const struct entry *a, const struct entry *b)
{
    if (a->route->method != b->route->method || a->nsegments != b->nsegments)
        return false;
    for (size_t i = 0; i < a->nsegments; i++)
        if (is_parameter(a->segment[i]) != is_parameter(b->segment[i]) ||
            (!is_parameter(a->segment[i]) && !str_eq(a->segment[i], b->segment[i])))
            return false;
    return true;
}

static bool entries_fill(struct http *h, const struct tmpl_set *set)
{
    size_t n = 0;
    for (size_t m = 0; m < h->parts.nmodules; m++)
        n += h->parts.modules[m]->nroutes;
    h->entries = arena_many(h->a, struct entry, n);
    h->routes = arena_many(h->a, const struct route *, n);
    for (size_t m = 0; m < h->parts.nmodules; m++)
        for (size_t i = 0; i < h->parts.modules[m]->nroutes; i++) {
            struct entry *e = &h->entries[h->nentries];
            if (!entry_fill(set, &h->parts.modules[m]->routes[i], e))
                return false;
            for (size_t k = 0; k < h->nentries; k++)
                if (same_address(&h->entries[k], e)) {
                    log_error("two routes for %s", e->route->path);
                    return false;
                }
            h->routes[h->nentries++] = e->route;
        }
    return true;
}

struct http *http_open(struct arena *a, const struct http_parts *parts)
{
    const struct tmpl_source *error_source = NULL;
    struct str why = STR_NONE;
    struct http *h = arena_new(a, struct http);
    *h = (struct http){ .parts = *parts, .a = a, .limiter = limiter_open(a) };
    struct tmpl_set set = { .a = a, .texts = parts->app->texts, .sources = parts->sources, .nsources = parts->nsources,
                            .assets = parts->assets, .nassets = parts->nassets, .page = &PAGE };
    for (size_t i = 0; i < parts->nsources; i++)
        if (str_is(str_c(parts->sources[i]->name), "error"))
            error_source = parts->sources[i];
    if (!error_source || !(h->error_page = tmpl_compile(&set, error_source, &PROBLEM, &why))) {
        log_error("error page: " STR_F, STR_A(why));
        return NULL;
    }
    return entries_fill(h, &set) ? h : NULL;
}

const struct app *http_app(const struct http *h)
{
    return h->parts.app;
}

size_t http_routes(const struct http *h, const struct route *const **out)
{
    *out = h->routes;
    return h->nentries;
}

/* ---- who and how ----------------------------------------------------------------------------------------------- */

unsigned http_variant(const struct wire_in *in, enum locale *out_locale, bool *out_large)
{
    struct str l = cookie_value(in->cookie, "tb_lang");
    *out_locale = str_is(l, "en") ? LOCALE_EN : str_is(l, "zh-Hant") ? LOCALE_ZH_HANT : LOCALE_ZH_CN;
    *out_large = str_is(cookie_value(in->cookie, "tb_large"), "1");
    return (unsigned)*out_locale << 2 | (unsigned)*out_large << 1 | (unsigned)http_wants_json(in);
}

/* JSON is asked for by name before any page type; browsers always name text/html. */
bool http_wants_json(const struct wire_in *in)
{
    if (str_find(in->accept, STR("text/html")) >= 0)
        return false;
    return str_find(in->accept, STR("json")) >= 0 || str_starts(in->type, STR("application/json"));
}

static void pass_init(struct pass *p, struct http *h, struct db *db, struct arena *a, const struct wire_in *in,
                      struct wire_out *out)
{
    *out = (struct wire_out){ 0 };
    p->h = h;
    p->in = in;
    p->out = out;
    p->cx = (struct cx){ .arena = a, .db = db, .app = h->parts.app };
    http_variant(in, &p->cx.actor.locale, &p->large);
    p->json = http_wants_json(in);
    p->cx.actor.address = in->address;
    p->cx.actor.request_id = in->id;
    p->cx.actor.purpose = STR("");
    p->rq = (struct req){ .path = in->path, .query = in->query, .reply = &p->reply, .made = &p->made };
    struct str scheme = str_is(in->forwarded_proto, "https") ? STR("https") : STR("http");
    p->rq.site = h->parts.app->config.site_url.n ? h->parts.app->config.site_url
                                                 : arena_fmt(a, STR_F "://" STR_F, STR_A(scheme), STR_A(in->host));
    p->rq.tus = &in->tus;
    p->rq.type = in->type;
    p->rq.landed = in->landed;
    out->locale = p->cx.actor.locale;
}

/* In an open READ unit: actor, name in the frame, public version. */
static enum rc who(struct pass *p)
{
    const struct gate *g = p->h->parts.gate;
    struct actor known = p->cx.actor;
    p->rq.session = cookie_value(p->in->cookie, "tb_session");
    if (p->rq.session.p) {
        struct actor found = { 0 };
        enum rc rc = g->find_actor(&p->cx, p->rq.session, &found);
        if (rc)
            return rc;
        found.locale = known.locale;
        found.address = known.address;
        found.request_id = known.request_id;
        found.purpose = known.purpose;
        p->cx.actor = found;
        if (!found.account)
            p->rq.session = STR_NONE;
        else
            p->user = g->actor_name(&p->cx);
    }
    return RC_OK;
}

/* A visitor without session needs something that his form token can be bound to. */
static void anon_find(struct pass *p)
{
    unsigned char fresh[18];
    p->anon = cookie_value(p->in->cookie, "tb_anon");
    if (p->rq.session.p || p->anon.n == 24 || p->entry->route->flags & (ROUTE_CACHED | ROUTE_NO_FRAME))
        return;
    random_bytes(fresh, sizeof fresh);
    p->anon = base64url(p->cx.arena, fresh, sizeof fresh);
    p->new_anon = true;
}

/* ---- checks before a write ------------------------------------------------------------------------------------- */

static bool same_origin(const struct wire_in *in)
{
    if (in->fetch_site.n && !str_is(in->fetch_site, "same-origin") && !str_is(in->fetch_site, "none"))
        return false;
    if (!in->origin.n)
        return true;
    ptrdiff_t at = str_find(in->origin, STR("://"));
    return at >= 0 && str_eq(str_sub(in->origin, (size_t)at + 3, in->origin.n), in->host);
}

static struct str typed_value(const struct pass *p, const char *name)
{
    for (size_t i = 0; i < p->rq.ntyped; i++)
        if (str_is(p->rq.typed[i].name, name))
            return p->rq.typed[i].value;
    return STR_NONE;
}

static bool csrf_ok(const struct pass *p)
{
    struct str want = csrf_token(p), got = p->in->csrf.n ? p->in->csrf : typed_value(p, "_csrf");
    return same_origin(p->in) && got.n == want.n && same_secret(got.p, want.p, want.n);
}

/* False when the answer is already made. */
static bool rate_allowed(struct pass *p, int64_t per_minute)
{
    if (limiter_allows(p->h->limiter, p->in->address, p->entry->route, per_minute, time_mono()))
        return true;
    p->out->retry_after_s = 60;
    answer_problem(p, 429, "http.too_many");
    return false;
}

/* Reading is free but where the route says otherwise, because answers can be guessed at. */
static bool read_allowed(struct pass *p)
{
    const struct route *rt = p->entry->route;
    return rt->unit != READ || !rt->per_minute || rate_allowed(p, rt->per_minute);
}

static bool write_allowed(struct pass *p)
{
    const struct route *rt = p->entry->route;
    int64_t limit = rt->per_minute ? rt->per_minute : p->h->parts.app->config.writes_per_minute;
    if (!rate_allowed(p, limit ? limit : WRITES_PER_MINUTE))
        return false;
    if (csrf_ok(p))
        return true;
    answer_problem(p, 403, "http.form_expired");
    return false;
}

static bool access_allowed(struct pass *p)
{
    const struct route *rt = p->entry->route;
    if (rt->need == NEED_NOBODY || p->h->parts.gate->allows(&p->cx.actor, rt->need))
        return true;
    if (p->cx.actor.account) {
        answer_problem(p, 403, "http.denied");
    } else if (p->json || p->in->method != GET) {
        answer_problem(p, 401, "http.sign_in");
    } else {
        struct buf b;
        buf_init(&b, p->cx.arena, 100);
        buf_lit(&b, "/sign-in?back=");
        buf_url(&b, p->in->path);
        if (p->in->query.n && p->in->query.n <= BACK_QUERY_MAX) { /* what he had answered on the way */
            buf_lit(&b, "%3F");
            buf_url(&b, p->in->query);
        }
        p->out->status = 303;
        p->out->location = buf_view(&b);
    }
    return false;
}

/* ---- input ----------------------------------------------------------------------------------------------------- */

static bool has_body_json(const struct pass *p)
{
    return p->in->method == POST && str_starts(p->in->type, STR("application/json"));
}

/* Fields of a multipart body, as if they had come as a form. */
static bool received_read(struct pass *p)
{
    const struct received *r = p->in->received;
    if (r->status || !p->entry->route->upload) {
        answer_problem(p, r->status ? r->status : 415, r->status ? r->key : "http.unknown_form");
        return false;
    }
    memcpy(p->typed, r->field, r->nfields * sizeof *r->field);
    p->rq.ntyped = r->nfields;
    p->rq.files = r->file;
    p->rq.nfiles = r->nfiles;
    return true;
}

static bool form_read(struct pass *p)
{
    struct str text = p->in->method == POST ? p->in->body : p->in->query;
    if (text.n || p->in->received) /* most requests bring none: nothing is cleared for them */
        p->rq.typed = p->typed = arena_room(p->cx.arena, FIELDS_MAX * sizeof *p->typed);
    if (has_body_json(p) && p->entry->route->in)
        return true;
    if (has_body_json(p)) {
        if (json_pairs(text, p->cx.arena, &p->cx.issues, p->typed, FIELDS_MAX, &p->rq.ntyped) == RC_OK)
            return true;
        answer_problem(p, 400, "http.broken_form");
        return false;
    }
    if (p->in->received)
        return received_read(p);
    if (p->in->method == POST && text.n && !str_starts(p->in->type, STR("application/x-www-form-urlencoded"))) {
        answer_problem(p, 415, "http.unknown_form");
        return false;
    }
    if (form_parse(text, p->cx.arena, p->typed, FIELDS_MAX, &p->rq.ntyped))
        return true;
    answer_problem(p, 400, "http.broken_form");
    return false;
}

static bool params_ok(struct pass *p)
{
    for (size_t i = 0; i < ROUTE_PARAMS && p->rq.param[i].name.p; i++) {
        size_t n = 0;
        struct pair one;
        if (!form_parse(p->rq.param[i].value, p->cx.arena, &one, 1, &n) || n != 1 || one.value.n)
            return false;
        p->rq.param[i].value = one.name;
    }
    return true;
}

static enum rc input_read(struct pass *p, void **out)
{
    const struct record *r = p->entry->route->in;
    if (!r)
        return RC_OK;
    *out = arena_alloc(p->cx.arena, r->size);
    p->rq.in = *out;
    if (has_body_json(p))
        return json_read(p->in->body, r, p->cx.arena, &p->cx.issues, *out);
    return record_from_pairs(r, p->rq.typed, p->rq.ntyped, p->cx.arena, &p->cx.issues, *out);
}

/* ---- units ----------------------------------------------------------------------------------------------------- */

static void *record_new(struct pass *p)
{
    const struct record *r = p->entry->route->out;
    return r ? arena_alloc(p->cx.arena, r->size) : NULL;
}

/* The handler, unless this token was answered before: then the same answer again (design: exactly once). */
static enum rc handler_run(struct pass *p)
{
    struct str token = p->in->once.n ? p->in->once : typed_value(p, "_once");
    bool answered = false;
    if (!token.n)
        return p->entry->route->run(&p->cx, &p->rq, p->record);
    enum rc rc = once_find(p, token, &answered);
    if (rc || answered)
        return rc;
    rc = p->entry->route->run(&p->cx, &p->rq, p->record);
    return rc ? rc : once_keep(p, token);
}

/* The handler's unit, one try. */
static enum rc write_once(struct pass *p)
{
    struct db *db = p->cx.db;
    enum rc rc = db_begin(db, WRITE);
    if (rc)
        return rc;
    p->cx.now = db_now(db);
    p->reply = (struct reply){ 0 };
    p->cx.issues.n = 0;
    p->record = record_new(p);
    rc = handler_run(p);
    return rc ? db_rollback(db, rc) : db_commit(db);
}

static enum rc write_run(struct pass *p)
{
    void *in = NULL;
    enum rc rc = input_read(p, &in);
    if (!rc && p->entry->route->prepare)
        rc = p->entry->route->prepare(&p->cx, &p->rq, in);
    if (rc)
        return rc;
    rc = write_once(p);
    for (int i = 1; rc == RC_BUSY && i < TRIES; i++)
        rc = write_once(p);
    return rc;
}

/* After a refusal: the form again, as it was typed. */
static void show_again(struct pass *p)
{
    const struct route *rt = p->entry->route;
    if (p->json || !rt->again || !p->entry->page || db_begin(p->cx.db, READ)) {
        answer_rc(p, RC_INVALID);
        return;
    }
    p->cx.now = db_now(p->cx.db);
    p->reply = (struct reply){ 0 }; /* the handler may have chosen where to go next */
    p->record = record_new(p);
    enum rc rc = db_rollback(p->cx.db, rt->again(&p->cx, &p->rq, p->record));
    if (rc)
        answer_rc(p, rc);
    else
        answer_record(p, 422);
}

static void answer_unit(struct pass *p, enum rc rc)
{
    if (p->reply.refusal)
        answer_rc(p, RC_INVALID);
    else if (!rc)
        answer_record(p, 200);
    else if (rc == RC_INVALID)
        show_again(p);
    else
        answer_rc(p, rc);
}

/* What the output of a public page depends on, beside version and day. */
static struct str memo_key(const struct pass *p)
{
    return arena_fmt(p->cx.arena, "%d " STR_F STR_F "?" STR_F, (int)p->cx.actor.locale, STR_A(p->rq.site), STR_A(p->in->path),
                     STR_A(p->in->query));
}

/* A public page: the same for everybody, so what the handler found last time serves as long as nothing was published. */
static enum rc public_run(struct pass *p)
{
    const struct route *rt = p->entry->route;
    enum rc rc = p->h->parts.gate->public_version(&p->cx, &p->out->version);
    if (rc)
        return rc;
    struct memo *m = p->in->memo && rt->page ? p->in->memo : NULL;
    struct str key = m ? memo_key(p) : STR_NONE;
    if (m) {
        memo_begin(m, p->out->version, p->out->today);
        p->record = (void *)(uintptr_t)memo_find(m, key);
    }
    if (m && p->record)
        return RC_OK;
    p->record = record_new(p);
    rc = rt->run(&p->cx, &p->rq, p->record);
    if (m && !rc && !p->reply.status && !p->reply.location.n && !p->reply.ncookies)
        memo_add(m, key, rt->out, p->record);
    return rc;
}

/* In the READ unit that already found the actor. */
static enum rc read_run(struct pass *p)
{
    void *in = NULL;
    enum rc rc = input_read(p, &in);
    p->out->today = day_at(p->cx.now);
    if (rc)
        return rc;
    if (p->entry->route->flags & ROUTE_CACHED)
        return public_run(p);
    p->record = record_new(p);
    return p->entry->route->run(&p->cx, &p->rq, p->record);
}

/* A body that goes into a file came as it was to come. One that nobody has asked about has landed nowhere. */
static enum rc landed_check(struct pass *p)
{
    struct landed *l = p->in->landed, nowhere = { 0 };
    if (l)
        return l->status ? reply_refuse(&p->rq, l->status, l->key) : RC_OK;
    enum rc rc = p->entry->route->land(&p->cx, &p->rq, &nowhere);
    return rc ? rc : reply_refuse(&p->rq, 415, "http.unknown_form");
}

static void route_run(struct pass *p)
{
    struct db *db = p->cx.db;
    enum rc rc = db_begin(db, READ);
    if (rc) {
        answer_rc(p, rc);
        return;
    }
    p->cx.now = db_now(db);
    if (!(p->entry->route->flags & ROUTE_NO_FRAME))
        rc = who(p);
    anon_find(p);
    if (rc || !access_allowed(p)) {
        rc = db_rollback(db, rc);
        if (rc)
            answer_rc(p, rc);
        return;
    }
    if (p->entry->route->unit == READ)
        rc = read_run(p);
    else if (p->entry->route->land)
        rc = landed_check(p);
    rc = db_rollback(db, rc); /* nothing was written */
    if (p->entry->route->unit == WRITE && !rc) {
        if (!write_allowed(p))
            return;
        rc = write_run(p);
    }
    answer_unit(p, rc);
}

static struct str allow_text(struct arena *a, unsigned methods)
{
    static const char *const names[METHODS] = { [GET] = "GET, HEAD", [POST] = "POST", [PATCH] = "PATCH", [DELETE] = "DELETE" };
    struct buf b;
    buf_init(&b, a, 40);
    for (int m = 0; m < METHODS; m++)
        if (methods & 1u << m)
            buf_fmt(&b, "%s%s", b.n ? ", " : "", names[m]);
    return buf_view(&b);
}

/* The route of the request with its parameters, or false and the answer made. */
static bool route_find(struct pass *p)
{
    unsigned methods = 0;
    const struct wire_in *in = p->in;
    if (in->method_known)
        p->entry = entry_find(p->h, in->method, in->path, p->rq.param, &methods);
    else
        entry_find(p->h, GET, in->path, p->rq.param, &methods);
    if (!p->entry) {
        if (methods)
            p->out->allow = allow_text(p->cx.arena, methods);
        answer_problem(p, methods ? 405 : 404, methods ? "http.method" : "http.not_found");
        return false;
    }
    p->out->route = p->rq.route = p->entry->route;
    p->json |= (p->entry->route->flags & ROUTE_TUS) != 0;
    if (params_ok(p))
        return true;
    answer_problem(p, 404, "http.not_found");
    return false;
}

void http_run(struct http *h, struct db *db, struct arena *a, const struct wire_in *in, struct wire_out *out)
{
    struct pass *p = arena_new(a, struct pass);
    pass_init(p, h, db, a, in, out);
    if (route_find(p) && form_read(p) && read_allowed(p))
        route_run(p);
}

/* In the READ unit: who asks, may he, and what the route says. */
static enum rc land_ask(struct pass *p, struct landed *landed, bool *out_answered)
{
    enum rc rc = who(p);
    anon_find(p);
    *out_answered = false;
    if (rc)
        return rc;
    *out_answered = !access_allowed(p);
    if (*out_answered)
        return RC_OK;
    if (!csrf_ok(p))
        return reply_refuse(&p->rq, 403, "http.form_expired");
    return p->entry->route->land(&p->cx, &p->rq, landed);
}

bool http_land(struct http *h, struct db *db, struct arena *a, const struct wire_in *in, struct landed *landed, struct wire_out *out)
{
    struct pass *p = arena_new(a, struct pass);
    bool answered = false;
    pass_init(p, h, db, a, in, out);
    if (!route_find(p))
        return false;
    enum rc rc = db_begin(db, READ);
    if (!rc) {
        p->cx.now = db_now(db);
        rc = db_rollback(db, land_ask(p, landed, &answered));
    }
    if (rc && !answered)
        answer_rc(p, rc);
    return !rc && !answered;
}

/* In the READ unit: 0, or the status of the refusal. */
static int admit_ask(struct pass *p, const struct route *rt, const char **out_key)
{
    const struct gate *g = p->h->parts.gate;
    enum rc rc = who(p);
    bool allowed = rt->need == NEED_NOBODY || g->allows(&p->cx.actor, rt->need);
    *out_key = p->cx.actor.account ? "http.denied" : "http.sign_in";
    if (!rc && !allowed)
        return p->cx.actor.account ? 403 : 401;
    if (!rc && rt->admit)
        rc = rt->admit(&p->cx, &p->rq);
    bool again = rc == RC_BUSY || rc == RC_FAILED; /* asked again when the body is here */
    return !rc || again ? 0 : answer_meaning(p, rc, out_key);
}

int http_admits(struct http *h, struct db *db, struct arena *a, const struct wire_in *in, const struct route *rt, const char **out_key)
{
    struct pass *p = arena_new(a, struct pass);
    struct wire_out unsent;
    pass_init(p, h, db, a, in, &unsent);
    *out_key = "http.not_found";
    if (!route_find(p))
        return 404;
    if (db_begin(db, READ))
        return 0;
    p->cx.now = db_now(db);
    int status = admit_ask(p, rt, out_key);
    enum rc rc = db_rollback(db, RC_OK);
    return rc ? 0 : status;
}

void http_busy(struct http *h, struct arena *a, const struct wire_in *in, struct wire_out *out)
{
    http_refuse(h, a, in, 503, "http.busy", out);
    out->retry_after_s = 2;
}

void http_refuse(struct http *h, struct arena *a, const struct wire_in *in, int status, const char *key, struct wire_out *out)
{
    struct pass *p = arena_new(a, struct pass);
    pass_init(p, h, NULL, a, in, out);
    answer_problem(p, status, key);
}

enum rc http_public_version(struct http *h, struct db *db, struct arena *a, int64_t *out_version, struct day *out_today)
{
    struct cx cx = { .arena = a, .db = db, .app = h->parts.app };
    enum rc rc = db_begin(db, READ);
    if (rc)
        return rc;
    cx.now = db_now(db);
    *out_today = day_at(cx.now);
    return db_rollback(db, h->parts.gate->public_version(&cx, out_version));
}

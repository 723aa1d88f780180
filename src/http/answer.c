/* answer.c - from what a handler left to the bytes that go out: page, JSON or problem. */
#include "http/http_priv.h"

#include "base/hash.h"
#include "base/json.h"
#include "base/log.h"

#include <string.h>

enum { PAGE_USUAL = 20 * 1024 }; /* fits into the first chunk of the request's arena */

static const struct field error_fields[] = { FIELD(struct page_error, field), FIELD(struct page_error, text) };
static const struct record ERROR = RECORD(struct page_error, error_fields);
static const struct field page_fields[] = {
    FIELD(struct page, title),      FIELD(struct page, lang),          FIELD(struct page, nav),
    FIELD(struct page, user),       FIELD(struct page, here),          FIELD(struct page, request_id),
    FIELD(struct page, site_name),  FIELD(struct page, site_owner),    FIELD(struct page, site_operator),
    FIELD(struct page, phone),      FIELD(struct page, hours),         FIELD(struct page, csrf),
    FIELD(struct page, nerrors),    FIELD(struct page, large),         FIELD(struct page, demo),
    FIELD(struct page, signed_in),  FIELD(struct page, staff),         FIELD(struct page, hant),
    FIELD(struct page, english),    FIELD(struct page, chinese),       FIELD_LIST(struct page, errors, &ERROR),
    FIELD(struct page, may_intake), FIELD(struct page, may_clerk),         FIELD(struct page, may_system),
    FIELD(struct page, may_security), FIELD(struct page, may_audit),
};
const struct record PAGE = RECORD(struct page, page_fields);

static const struct field problem_error_fields[] = {
    FIELD(struct problem_error, field), FIELD(struct problem_error, type), FIELD(struct problem_error, detail)
};
static const struct record PROBLEM_ERROR = RECORD(struct problem_error, problem_error_fields);
static const struct field problem_fields[] = {
    FIELD(struct problem, status), FIELD(struct problem, title),      FIELD(struct problem, detail),
    FIELD(struct problem, type),   FIELD(struct problem, request_id), FIELD(struct problem, saved_nothing),
    FIELD_LIST(struct problem, errors, &PROBLEM_ERROR),
};
const struct record PROBLEM = RECORD(struct problem, problem_fields);

static struct texts *texts_of(const struct pass *p)
{
    return p->h->parts.app->texts;
}

static struct str message(const struct pass *p, const char *key, struct str arg1, struct str arg2)
{
    struct buf b;
    buf_init(&b, p->cx.arena, 64);
    texts_put(texts_of(p), &b, p->cx.actor.locale, str_c(key), arg1, arg2);
    return buf_view(&b);
}

static struct str issue_text(const struct pass *p, const struct issue *i)
{
    return message(p, i->key, i->arg[0], i->arg[1]);
}

struct str csrf_token(const struct pass *p)
{
    struct str who = p->rq.session.p ? p->rq.session : p->anon;
    const unsigned char *key = p->h->parts.app->key;
    struct buf b;
    buf_init(&b, p->cx.arena, 80);
    buf_lit(&b, "csrf:");
    buf_str(&b, who);
    struct digest d = hmac_sm3((struct str){ (const char *)key, 32 }, buf_view(&b));
    return base64url(p->cx.arena, d.b, 18);
}

static struct html csrf_field(const struct pass *p)
{
    if (p->entry && p->entry->route->flags & ROUTE_CACHED)
        return (struct html){ 0 };
    struct str t = csrf_token(p);
    struct str s = arena_fmt(p->cx.arena, "<input type=\"hidden\" name=\"_csrf\" value=\"" STR_F "\">", STR_A(t));
    return (struct html){ s.p, s.n };
}

static struct list error_list(const struct pass *p)
{
    const struct issues *is = &p->cx.issues;
    struct page_error *e = arena_many(p->cx.arena, struct page_error, is->n);
    for (size_t i = 0; i < is->n; i++)
        e[i] = (struct page_error){ is->v[i].field, issue_text(p, &is->v[i]) };
    return (struct list){ e, is->n };
}

/* Title of the record, if it has one, else of the route. */
static struct str title_of(const struct pass *p, const struct record *r, const void *record)
{
    const struct field *f = r ? record_field(r, STR("title")) : NULL;
    const struct str *own = f && f->type == F_STR ? (const void *)((const char *)record + f->at) : NULL;
    if (own && own->n)
        return *own;
    return p->entry && p->entry->route->title ? message(p, p->entry->route->title, STR_NONE, STR_NONE) : STR_NONE;
}

static struct str here_of(const struct pass *p)
{
    if (!p->in->query.n)
        return p->in->path;
    return arena_fmt(p->cx.arena, STR_F "?" STR_F, STR_A(p->in->path), STR_A(p->in->query));
}

static bool may(const struct pass *p, enum need need)
{
    return p->h->parts.gate->allows(&p->cx.actor, need);
}

static void page_fill(const struct pass *p, const struct record *r, const void *record, struct page *out)
{
    static const char *const langs[] = { "zh-CN", "zh-Hant", "en" };
    const struct config *c = &p->h->parts.app->config;
    enum locale l = p->cx.actor.locale;
    *out = (struct page){
        .title = title_of(p, r, record), .lang = str_c(langs[l]),
        .nav = str_c(p->entry && p->entry->route->nav ? p->entry->route->nav : ""),
        .user = p->user, .here = here_of(p), .request_id = p->in->id,
        .site_name = message(p, c->site_name.p, STR_NONE, STR_NONE), .site_owner = message(p, c->site_owner.p, STR_NONE, STR_NONE),
        .site_operator = message(p, c->site_operator.p, STR_NONE, STR_NONE), .phone = c->phone,
        .hours = message(p, c->hours.p, STR_NONE, STR_NONE), .csrf = csrf_field(p),
        .large = p->large, .demo = c->demo, .signed_in = p->cx.actor.account != 0, .staff = p->cx.actor.post != 0,
        .may_intake = may(p, NEED_INTAKE), .may_clerk = may(p, NEED_CLERK), .may_system = may(p, NEED_SYSTEM_ADMIN),
        .may_security = may(p, NEED_SECURITY_ADMIN), .may_audit = may(p, NEED_AUDIT_ADMIN),
        .hant = l == LOCALE_ZH_HANT, .english = l == LOCALE_EN, .chinese = l == LOCALE_ZH_CN,
        .errors = error_list(p), .nerrors = (int64_t)p->cx.issues.n,
    };
}

static void render(struct pass *p, const struct tmpl *t, const struct record *r, const void *record)
{
    struct page page;
    struct buf b;
    page_fill(p, r, record, &page);
    buf_init(&b, p->cx.arena, PAGE_USUAL);
    bool again = p->cx.issues.n > 0;
    tmpl_render(t, &(struct tmpl_view){ .locale = p->cx.actor.locale, .page = &page, .out = record, .issues = &p->cx.issues,
                                        .typed = again ? p->rq.typed : NULL, .ntyped = again ? p->rq.ntyped : 0 }, &b);
    p->out->type = STR("text/html; charset=utf-8");
    p->out->body = buf_view(&b);
    p->out->html = true;
}

static void header_out(struct wire_out *o, const char *name, struct str value)
{
    o->headers[o->nheaders++] = (struct header){ name, value };
}

/* Cookies and headers. tus 1.0.0: every answer names the version, and a wrong one learns which is right. */
static void reply_out(struct pass *p, int status)
{
    struct wire_out *o = p->out;
    o->nheaders = 0;
    if (p->entry && p->entry->route->flags & ROUTE_TUS) {
        header_out(o, "Tus-Resumable", STR("1.0.0"));
        if (status == 412)
            header_out(o, "Tus-Version", STR("1.0.0"));
    }
    for (size_t i = 0; i < p->reply.nheaders; i++)
        header_out(o, p->reply.headers[i].name, p->reply.headers[i].value);
    if (p->reply.retry_after_s)
        o->retry_after_s = p->reply.retry_after_s;
    memcpy(o->cookies, p->reply.cookies, sizeof p->reply.cookies);
    o->ncookies = p->reply.ncookies;
    if (p->new_anon)
        o->cookies[o->ncookies++] = (struct cookie){ .name = STR("tb_anon"), .value = p->anon };
}

static bool is_cacheable(const struct pass *p)
{
    return p->entry->route->flags & ROUTE_CACHED && !p->in->query.n && !p->rq.session.p;
}

void answer_record(struct pass *p, int status)
{
    const struct route *rt = p->entry->route;
    struct wire_out *o = p->out;
    struct buf b;
    o->status = p->reply.status ? p->reply.status : status;
    reply_out(p, o->status);
    o->location = p->reply.location;
    if (o->location.p && !p->json) {
        o->status = 303;
        return;
    }
    o->cacheable = is_cacheable(p) && o->status == 200;
    if (o->status == 204)
        return;
    if (rt->type) {
        const struct raw *raw = p->record;
        o->type = raw->type.n ? raw->type : str_c(rt->type);
        o->body = raw->body;
        o->filename = raw->filename;
    } else if (p->json || !p->entry->page) {
        buf_init(&b, p->cx.arena, 16 * 1024);
        if (rt->out)
            json_write(&b, rt->out, p->record);
        else
            buf_lit(&b, "{}");
        o->type = STR("application/json");
        o->body = buf_view(&b);
    } else {
        render(p, p->entry->page, rt->out, p->record);
    }
}

static struct list problem_errors(const struct pass *p)
{
    const struct issues *is = &p->cx.issues;
    struct problem_error *e = arena_many(p->cx.arena, struct problem_error, is->n);
    for (size_t i = 0; i < is->n; i++)
        e[i] = (struct problem_error){ is->v[i].field, str_c(is->v[i].key), issue_text(p, &is->v[i]) };
    return (struct list){ e, is->n };
}

void answer_problem(struct pass *p, int status, const char *key)
{
    struct wire_out *o = p->out;
    struct str title = message(p, key, STR_NONE, STR_NONE);
    struct str detail_key = arena_fmt(p->cx.arena, "%s.detail", key);
    struct problem *pr = arena_new(p->cx.arena, struct problem);
    *pr = (struct problem){ .status = status, .title = title, .type = arena_fmt(p->cx.arena, "/problems/%s", key),
                            .detail = message(p, detail_key.p, STR_NONE, STR_NONE), .request_id = p->in->id,
                            .saved_nothing = p->in->method != GET, .errors = problem_errors(p) };
    reply_out(p, status);
    o->status = status;
    if (p->json) {
        struct buf b;
        buf_init(&b, p->cx.arena, 1024);
        json_write(&b, &PROBLEM, pr);
        o->type = STR("application/problem+json");
        o->body = buf_view(&b);
    } else {
        render(p, p->h->error_page, &PROBLEM, pr);
    }
}

static const struct {
    int         status;
    const char *key;
} meaning[] = {
    [RC_OK] = { 200, "http.ok" },
    [RC_INVALID] = { 422, "http.invalid" },
    [RC_NOT_FOUND] = { 404, "http.not_found" },
    [RC_DENIED] = { 403, "http.denied" },
    [RC_CONFLICT] = { 409, "http.conflict" },
    [RC_BUSY] = { 503, "http.busy" },
    [RC_FAILED] = { 500, "http.failed" },
};

int answer_meaning(const struct pass *p, enum rc rc, const char **out_key)
{
    *out_key = p->reply.refusal ? p->reply.refusal : meaning[rc].key;
    return p->reply.refusal ? p->reply.status : meaning[rc].status;
}

void answer_rc(struct pass *p, enum rc rc)
{
    if (rc == RC_BUSY)
        p->out->retry_after_s = 2;
    if (p->reply.refusal)
        answer_problem(p, p->reply.status, p->reply.refusal);
    else
        answer_problem(p, meaning[rc].status, meaning[rc].key);
}

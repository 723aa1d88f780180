/* identity_web.c - register, sign in and out, my sessions, the security log. */
#include "all_tmpl.h"
#include "identity_service.h"
#include "modules/org/org.h"

static const char *const kinds[] = { "person", "firm", "org", NULL };

/* ---- register -------------------------------------------------------------------------------------------------------- */

static const struct field register_fields[] = {
    FIELD(struct identity_register_form, kind, .required = true, .words = kinds),
    FIELD(struct identity_register_form, code, .required = true, .max = 40),
    FIELD(struct identity_register_form, name, .required = true, .max = 100),
    FIELD(struct identity_register_form, phone, .max = 20),
    FIELD(struct identity_register_form, password, .required = true, .max = 100, .secret = true),
    FIELD(struct identity_register_form, again, .required = true, .max = 100, .secret = true),
    FIELD(struct identity_register_form, back, .max = 500),
};
static const struct record REGISTER = RECORD(struct identity_register_form, register_fields);

struct account_view {
    struct str kind, code, name, phone, login, back;
};
static const struct field view_fields[] = {
    FIELD_WORD(struct account_view, kind, kinds, "identity.kind"),
    FIELD(struct account_view, code), FIELD(struct account_view, name), FIELD(struct account_view, phone),
    FIELD(struct account_view, login), FIELD(struct account_view, back),
};
static const struct record ACCOUNT_VIEW = RECORD(struct account_view, view_fields);

struct back_in {
    struct str back;
};
static const struct field back_fields[] = { FIELD(struct back_in, back, .max = 500) };
static const struct record BACK = RECORD(struct back_in, back_fields);

static bool local_address(struct str s)
{
    return s.n && s.p[0] == '/' && !(s.n > 1 && (s.p[1] == '/' || s.p[1] == '\\'));
}

static struct str typed(const struct req *rq, const char *name)
{
    for (size_t i = 0; i < rq->ntyped; i++)
        if (str_is(rq->typed[i].name, name))
            return rq->typed[i].value;
    return STR("");
}

static enum rc account_show(struct cx *cx UNUSED, const struct req *rq, void *out)
{
    struct account_view *v = out;
    v->kind = str_is(typed(rq, "kind"), "firm") ? STR("firm") : str_is(typed(rq, "kind"), "org") ? STR("org") : STR("person");
    v->back = local_address(typed(rq, "back")) ? typed(rq, "back") : STR("");
    return RC_OK;
}

static enum rc register_prepare(struct cx *cx, const struct req *rq UNUSED, void *in)
{
    return identity_register_prepare(cx, in);
}

static void session_cookie(const struct req *rq, const struct identity_signed_in *s)
{
    reply_cookie(rq, (struct cookie){ STR("tb_session"), s->token, s->max_age_s, false });
}

static enum rc register_do(struct cx *cx, const struct req *rq, void *out UNUSED)
{
    const struct identity_register_form *f = rq->in;
    struct identity_signed_in s = { 0 };
    int64_t account = 0;
    enum rc rc = identity_register(cx, f, &account);
    if (!rc)
        rc = identity_session_start(cx, account, false, &s);
    if (rc)
        return rc;
    session_cookie(rq, &s);
    reply_see(rq, local_address(f->back) ? f->back : STR("/me"));
    return RC_OK;
}

/* ---- sign in and out --------------------------------------------------------------------------------------------------- */

static const struct field sign_in_fields[] = {
    FIELD(struct identity_sign_in_form, login, .required = true, .max = 60),
    FIELD(struct identity_sign_in_form, password, .required = true, .max = 100, .secret = true),
    FIELD(struct identity_sign_in_form, back, .max = 500),
};
static const struct record SIGN_IN = RECORD(struct identity_sign_in_form, sign_in_fields);

static enum rc sign_in_prepare(struct cx *cx, const struct req *rq UNUSED, void *in)
{
    return identity_sign_in_prepare(cx, in);
}

static enum rc sign_in_do(struct cx *cx, const struct req *rq, void *out UNUSED)
{
    const struct identity_sign_in_form *f = rq->in;
    struct identity_signed_in s;
    enum rc rc = identity_sign_in(cx, f, &s);
    if (rc)
        return rc;
    if (!s.ok) {
        rc = cx_invalid(cx, "login", s.locked ? "identity.sign_in_locked" : "identity.sign_in_wrong");
        reply_status(rq, 401);
        return rc == RC_INVALID ? RC_OK : rc; /* the failure is counted: the unit must not be rolled back */
    }
    session_cookie(rq, &s);
    reply_see(rq, local_address(f->back) ? f->back : s.staff ? STR("/desk") : STR("/me"));
    return RC_OK;
}

static enum rc sign_out(struct cx *cx, const struct req *rq, void *out UNUSED)
{
    reply_cookie(rq, (struct cookie){ STR("tb_session"), STR(""), -1, false });
    reply_see(rq, STR("/"));
    return rq->session.p ? identity_store_session_end_token(cx, sm3(rq->session)) : RC_OK;
}

/* ---- my sessions --------------------------------------------------------------------------------------------------------- */

struct sessions_view {
    struct list sessions;
};
static const struct field sessions_fields[] = { FIELD_LIST(struct sessions_view, sessions, &IDENTITY_SESSION) };
static const struct record SESSIONS = RECORD(struct sessions_view, sessions_fields);

static enum rc sessions_show(struct cx *cx, const struct req *rq, void *out)
{
    struct sessions_view *v = out;
    struct identity_session_actor here = { 0 };
    enum rc rc = identity_store_sessions(cx, cx->actor.account, &v->sessions);
    if (!rc)
        rc = identity_store_session_actor(cx, sm3(rq->session), &here);
    for (size_t i = 0; i < v->sessions.n && !rc; i++) {
        struct identity_session *s = (struct identity_session *)v->sessions.v + i;
        s->here = s->n == here.session;
    }
    return rc;
}

static enum rc session_end(struct cx *cx, const struct req *rq, void *out UNUSED)
{
    int64_t changed = 0;
    enum rc rc = identity_store_session_end(cx, cx->actor.account, req_id(rq, "n"), &changed);
    if (!rc && !changed)
        return RC_NOT_FOUND;
    if (!rc)
        rc = identity_event_add(cx, "session.ended", cx->actor.account, STR(""));
    reply_see(rq, STR("/me/sessions"));
    return rc;
}

/* ---- administrators -------------------------------------------------------------------------------------------------------- */

struct after_in {
    struct str after;
};
static const struct field after_fields[] = { FIELD(struct after_in, after, .max = 40) };
static const struct record AFTER = RECORD(struct after_in, after_fields);

enum { LINES = 50 };

struct log_view {
    struct list events;
    struct str  next;
};
static const struct field log_fields[] = { FIELD_LIST(struct log_view, events, &IDENTITY_EVENT), FIELD(struct log_view, next) };
static const struct record LOG = RECORD(struct log_view, log_fields);

static enum rc log_show(struct cx *cx, const struct req *rq, void *out)
{
    const struct after_in *in = rq->in;
    struct log_view *v = out;
    int64_t before = INT64_C(1) << 53;
    if (in->after.n && !str_i64(in->after, 1, before, &before))
        return RC_NOT_FOUND;
    enum rc rc = identity_store_events(cx, before, &v->events);
    if (!rc && v->events.n > 100) {
        v->events.n = 100;
        v->next = arena_fmt(cx->arena, "%lld", (long long)((const struct identity_event *)v->events.v)[99].id);
    }
    return rc;
}

struct staff_view {
    struct list staff;
    struct str  next;
};
static const struct field staff_fields[] = { FIELD_LIST(struct staff_view, staff, &ORG_STAFF_LINE), FIELD(struct staff_view, next) };
static const struct record STAFF = RECORD(struct staff_view, staff_fields);

static enum rc staff_show(struct cx *cx, const struct req *rq, void *out)
{
    const struct after_in *in = rq->in;
    struct staff_view *v = out;
    enum rc rc = org_staff_list(cx, in->after, &v->staff);
    if (!rc && v->staff.n > LINES) {
        v->staff.n = LINES;
        v->next = ((const struct org_staff_line *)v->staff.v)[LINES - 1].login;
    }
    return rc;
}

/* One member of staff and the roles he holds. */
struct role_line {
    struct str role;
    bool       held;
};
static const struct field role_fields[] = { FIELD_WORD(struct role_line, role, org_role_words, "org.role"), FIELD(struct role_line, held) };
static const struct record ROLE_LINE = RECORD(struct role_line, role_fields);
struct member_view {
    struct str  title, login, section, window_no;
    struct list roles;
};
static const struct field member_fields[] = {
    FIELD(struct member_view, title), FIELD(struct member_view, login), FIELD(struct member_view, section),
    FIELD(struct member_view, window_no), FIELD_LIST(struct member_view, roles, &ROLE_LINE),
};
static const struct record MEMBER = RECORD(struct member_view, member_fields);

static enum rc member_show(struct cx *cx, const struct req *rq, void *out)
{
    struct member_view *v = out;
    struct org_staff s;
    uint64_t bits = 0;
    enum rc rc = org_staff_find(cx, req_param(rq, "login"), &s);
    if (!rc)
        rc = org_staff_role_bits(cx, s.id, &bits);
    if (rc)
        return rc;
    struct role_line *lines = arena_many(cx->arena, struct role_line, ROLES);
    for (int r = 0; r < ROLES; r++)
        lines[r] = (struct role_line){ str_c(org_role_words[r]), bits & ROLE_BIT(r) };
    *v = (struct member_view){ s.name, s.login, s.section, s.window_no, { lines, ROLES } };
    return RC_OK;
}

struct role_in {
    struct str role, act;
};
static const char *const acts[] = { "add", "end", NULL };
static const struct field role_in_fields[] = {
    FIELD(struct role_in, role, .required = true, .words = org_role_words), FIELD(struct role_in, act, .required = true, .words = acts)
};
static const struct record ROLE_IN = RECORD(struct role_in, role_in_fields);

static enum org_role role_of(struct str word)
{
    int r = 0;
    while (r < ROLES - 1 && !str_is(word, org_role_words[r]))
        r++;
    return (enum org_role)r;
}

static enum rc member_role(struct cx *cx, const struct req *rq, void *out UNUSED)
{
    const struct role_in *in = rq->in;
    struct org_staff s;
    bool add = str_is(in->act, "add");
    enum rc rc = org_staff_find(cx, req_param(rq, "login"), &s);
    if (!rc && s.id == cx->actor.post)
        return cx_invalid(cx, "role", "identity.own_role"); /* nobody grants rights to himself */
    if (!rc)
        rc = add ? org_staff_role_add(cx, s.id, role_of(in->role)) : org_staff_role_end(cx, s.id, role_of(in->role));
    if (!rc)
        rc = identity_event_add(cx, add ? "role.added" : "role.ended", 0,
                                arena_fmt(cx->arena, STR_F " " STR_F, STR_A(s.login), STR_A(in->role)));
    reply_see(rq, rq->path);
    return rc;
}

static const struct route routes[] = {
    { GET, "/register", account_show, READ, NEED_NOBODY, .out = &ACCOUNT_VIEW, .page = &tmpl_register, .title = "注册" },
    { POST, "/register", register_do, WRITE, NEED_NOBODY, .in = &REGISTER, .out = &ACCOUNT_VIEW, .page = &tmpl_register,
      .title = "注册", .prepare = register_prepare, .again = account_show, .per_minute = 10 },
    { GET, "/sign-in", account_show, READ, NEED_NOBODY, .in = &BACK, .out = &ACCOUNT_VIEW, .page = &tmpl_sign_in, .title = "登录" },
    { POST, "/sign-in", sign_in_do, WRITE, NEED_NOBODY, .in = &SIGN_IN, .out = &ACCOUNT_VIEW, .page = &tmpl_sign_in,
      .title = "登录", .prepare = sign_in_prepare, .again = account_show, .per_minute = 30 },
    { POST, "/sign-out", sign_out, WRITE, NEED_NOBODY, .title = "退出登录" },
    { GET, "/me/sessions", sessions_show, READ, NEED_SIGNED_IN, .out = &SESSIONS, .page = &tmpl_sessions, .title = "登录记录" },
    { POST, "/me/sessions/{n}/end", session_end, WRITE, NEED_SIGNED_IN, .title = "登录记录" },
    { GET, "/admin/log", log_show, READ, NEED_AUDIT_ADMIN, .in = &AFTER, .out = &LOG, .page = &tmpl_admin_log, .title = "安全日志" },
    { GET, "/admin/staff", staff_show, READ, NEED_SECURITY_ADMIN, .in = &AFTER, .out = &STAFF, .page = &tmpl_admin_staff,
      .title = "人员和岗位" },
    { GET, "/admin/staff/{login}", member_show, READ, NEED_SECURITY_ADMIN, .out = &MEMBER, .page = &tmpl_admin_member },
    { POST, "/admin/staff/{login}", member_role, WRITE, NEED_SECURITY_ADMIN, .in = &ROLE_IN, .out = &MEMBER,
      .page = &tmpl_admin_member, .again = member_show },
};

const struct module identity_module = {
    .name = "identity",
    .routes = routes,
    .nroutes = countof(routes),
    .sql = identity_sql,
    .nsql = countof(identity_sql),
    .schema = identity_schema,
    .nschema = countof(identity_schema),
};

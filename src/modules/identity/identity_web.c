/* identity_web.c - register, sign in and out, my sessions, the code of the window. */
#include "all_tmpl.h"
#include "identity_service.h"

static const char *const kinds[] = { "person", "firm", "org", NULL };

/* ---- register -------------------------------------------------------------------------------------------------------- */

static const struct field register_fields[] = {
    FIELD(struct identity_register_form, kind, .required = true, .words = kinds),
    FIELD(struct identity_register_form, code, .required = true, .max = 40),
    FIELD(struct identity_register_form, name, .required = true, .max = 100),
    FIELD(struct identity_register_form, phone, .max = 20),
    FIELD(struct identity_register_form, password, .required = true, .max = 100, .secret = true),
    FIELD(struct identity_register_form, again, .required = true, .max = 100, .secret = true),
    FIELD(struct identity_register_form, activation, .max = 40, .secret = true),
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

struct password_view {
    bool staff;
};
static const struct field password_view_fields[] = { FIELD(struct password_view, staff) };
static const struct record PASSWORD_VIEW = RECORD(struct password_view, password_view_fields);

/* ---- my password ------------------------------------------------------------------------------------------------------------ */

static const struct field password_fields[] = {
    FIELD(struct identity_password_form, old, .required = true, .max = 100, .secret = true),
    FIELD(struct identity_password_form, password, .required = true, .max = 100, .secret = true),
    FIELD(struct identity_password_form, again, .required = true, .max = 100, .secret = true),
};
static const struct record PASSWORD = RECORD(struct identity_password_form, password_fields);

static enum rc password_show(struct cx *cx, const struct req *rq UNUSED, void *out)
{
    struct password_view *v = out;
    v->staff = cx->actor.post != 0;
    return RC_OK;
}

static enum rc password_prepare(struct cx *cx, const struct req *rq UNUSED, void *in)
{
    return identity_password_prepare(cx, in);
}

static enum rc password_do(struct cx *cx, const struct req *rq, void *out)
{
    const struct identity_password_form *f = rq->in;
    enum rc rc = identity_password_set(cx, f, rq->session);
    if (rc)
        return rc;
    ((struct password_view *)out)->staff = cx->actor.post != 0;
    if (f->right) {
        reply_see(rq, STR("/me/sessions"));
        return RC_OK;
    }
    rc = cx_invalid(cx, "old", "identity.old_password_wrong");
    reply_status(rq, 422);
    return rc == RC_INVALID ? RC_OK : rc; /* the failure is counted: the unit must not be rolled back */
}

/* ---- the code of the window ------------------------------------------------------------------------------------------------ */

struct activation_in {
    struct str kind, code, name, seen;
};
static const struct field activation_in_fields[] = {
    FIELD(struct activation_in, kind, .required = true, .words = kinds), FIELD(struct activation_in, code, .required = true, .max = 40),
    FIELD(struct activation_in, name, .required = true, .max = 100),
    FIELD(struct activation_in, seen, .max = 1),
};
static const struct record ACTIVATION_IN = RECORD(struct activation_in, activation_in_fields);

struct activation_view {
    struct str kind, code, name, activation; /* activation: as printed, once */
};
static const struct field activation_fields[] = {
    FIELD_WORD(struct activation_view, kind, kinds, "identity.kind"), FIELD(struct activation_view, code),
    FIELD(struct activation_view, name), FIELD(struct activation_view, activation),
};
static const struct record ACTIVATION = RECORD(struct activation_view, activation_fields);

static enum rc activation_show(struct cx *cx UNUSED, const struct req *rq, void *out)
{
    struct activation_view *v = out;
    v->kind = word_in(kinds, typed(rq, "kind")) ? typed(rq, "kind") : STR("person");
    return RC_OK;
}

/* The code is shown on this one answer; asking again gives another and ends this one. */
static enum rc activation_do(struct cx *cx, const struct req *rq, void *out)
{
    const struct activation_in *in = rq->in;
    struct activation_view *v = out;
    struct str code;
    if (!in->seen.n)
        return cx_invalid(cx, "seen", "identity.document_not_seen");
    enum rc rc = identity_activation_give(cx, &(struct identity_claim){ in->kind, in->code, in->name, STR("") }, &code);
    if (rc)
        return rc;
    struct str front = str_sub(code, 0, code.n / 2), back = str_sub(code, code.n / 2, code.n);
    *v = (struct activation_view){ in->kind, STR(""), in->name, arena_fmt(cx->arena, STR_F "-" STR_F, STR_A(front), STR_A(back)) };
    return RC_OK;
}

struct prove_in {
    struct str activation;
};
static const struct field prove_in_fields[] = { FIELD(struct prove_in, activation, .required = true, .max = 40, .secret = true) };
static const struct record PROVE_IN = RECORD(struct prove_in, prove_in_fields);

struct prove_view {
    bool proven;
};
static const struct field prove_fields[] = { FIELD(struct prove_view, proven) };
static const struct record PROVE = RECORD(struct prove_view, prove_fields);

static enum rc prove_show(struct cx *cx, const struct req *rq UNUSED, void *out)
{
    struct prove_view *v = out;
    struct identity_person p;
    enum rc rc = identity_person_get(cx, cx->actor.person, &p);
    v->proven = !rc && p.proven_at.ms;
    return rc;
}

static enum rc prove_do(struct cx *cx, const struct req *rq, void *out UNUSED)
{
    const struct prove_in *in = rq->in;
    reply_see(rq, STR("/me"));
    return identity_account_prove(cx, in->activation);
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
    { GET, "/me/password", password_show, READ, NEED_SIGNED_IN, .out = &PASSWORD_VIEW, .page = &tmpl_password, .title = "修改密码" },
    { POST, "/me/password", password_do, WRITE, NEED_SIGNED_IN, .in = &PASSWORD, .out = &PASSWORD_VIEW, .page = &tmpl_password,
      .title = "修改密码", .prepare = password_prepare, .again = password_show, .per_minute = 10 },
    { GET, "/me/prove", prove_show, READ, NEED_APPLICANT, .out = &PROVE, .page = &tmpl_prove, .title = "核验身份", .nav = "me" },
    { POST, "/me/prove", prove_do, WRITE, NEED_APPLICANT, .in = &PROVE_IN, .out = &PROVE, .page = &tmpl_prove, .title = "核验身份",
      .again = prove_show, .nav = "me", .per_minute = 10 },
    { GET, "/desk/activation", activation_show, READ, NEED_CLERK, .out = &ACTIVATION, .page = &tmpl_activation, .title = "实名开通",
      .nav = "activation" },
    { POST, "/desk/activation", activation_do, WRITE, NEED_CLERK, .in = &ACTIVATION_IN, .out = &ACTIVATION, .page = &tmpl_activation,
      .title = "实名开通", .again = activation_show, .nav = "activation" },
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

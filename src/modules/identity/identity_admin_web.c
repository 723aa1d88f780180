/* identity_admin_web.c - the three administrators' pages: who holds which role, and the security log. */
#include "all_tmpl.h"
#include "identity_service.h"
#include "modules/org/org.h"

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
    { GET, "/admin/log", log_show, READ, NEED_AUDIT_ADMIN, .in = &AFTER, .out = &LOG, .page = &tmpl_admin_log, .title = "安全日志",
      .nav = "log" },
    { GET, "/admin/staff", staff_show, READ, NEED_SECURITY_ADMIN, .in = &AFTER, .out = &STAFF, .page = &tmpl_admin_staff,
      .title = "人员和岗位", .nav = "staff" },
    { GET, "/admin/staff/{login}", member_show, READ, NEED_SECURITY_ADMIN, .out = &MEMBER, .page = &tmpl_admin_member, .nav = "staff" },
    { POST, "/admin/staff/{login}", member_role, WRITE, NEED_SECURITY_ADMIN, .in = &ROLE_IN, .out = &MEMBER,
      .page = &tmpl_admin_member, .again = member_show, .nav = "staff" },
};

const struct module identity_admin_module = { .name = "identity_admin", .routes = routes, .nroutes = countof(routes) };

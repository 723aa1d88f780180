/* cases_law_web.c - forms of the law's rarer acts: places of a zone, the end of a licence, void documents. */
#include "base/code.h"
#include "cases_fill.h"
#include "cases_routes.h"

static enum rc desk(struct cx *cx, const struct req *rq, struct cases_case *c)
{
    reply_see(rq, arena_fmt(cx->arena, "/desk/cases/" STR_F, STR_A(req_param(rq, "no"))));
    return cases_find_staff(cx, req_param(rq, "no"), c);
}

static enum rc own(struct cx *cx, const struct req *rq, struct cases_case *c)
{
    reply_see(rq, arena_fmt(cx->arena, "/cases/" STR_F, STR_A(req_param(rq, "no"))));
    return cases_find_own(cx, code_normalise(cx->arena, req_param(rq, "no")), c);
}

/* ---- places ---------------------------------------------------------------------------------------------------------------- */

struct zone_in {
    int64_t zone;
};
static const struct field zone_fields[] = { FIELD(struct zone_in, zone, .required = true, .min = 1, .max = 1000) };
static const struct record ZONE = RECORD(struct zone_in, zone_fields);

static enum rc place_name_desk(struct cx *cx, const struct req *rq, void *out UNUSED)
{
    struct cases_case c;
    enum rc rc = desk(cx, rq, &c);
    return rc ? rc : cases_place_name(cx, &c, ((const struct zone_in *)rq->in)->zone);
}

static enum rc place_name_own(struct cx *cx, const struct req *rq, void *out UNUSED)
{
    struct cases_case c;
    enum rc rc = own(cx, rq, &c);
    return rc ? rc : cases_place_name(cx, &c, ((const struct zone_in *)rq->in)->zone);
}

struct why_in {
    struct str reason;
};
static const struct field why_fields[] = { FIELD(struct why_in, reason, .required = true, .max = 1000, .multiline = true) };
static const struct record WHY = RECORD(struct why_in, why_fields);

static enum rc licence_end(struct cx *cx, const struct req *rq, void *out UNUSED)
{
    struct cases_case c;
    enum rc rc = desk(cx, rq, &c);
    return rc ? rc : cases_licence_end(cx, &c, ((const struct why_in *)rq->in)->reason);
}

/* ---- void ----------------------------------------------------------------------------------------------------------------------- */

struct void_in {
    int64_t    document;
    bool       reissue;
    struct str reason, reasons, basis;
};
static const struct field void_fields[] = {
    FIELD(struct void_in, document, .required = true, .min = 0, .max = 100000), FIELD(struct void_in, reissue),
    FIELD(struct void_in, reason, .required = true, .max = 1000, .multiline = true),
    FIELD(struct void_in, reasons, .max = 4000, .multiline = true), FIELD(struct void_in, basis, .max = 1000, .multiline = true),
};
static const struct record VOID = RECORD(struct void_in, void_fields);

static enum rc void_ask(struct cx *cx, const struct req *rq, void *out UNUSED)
{
    const struct void_in *in = rq->in;
    struct cases_case c;
    struct cases_void_wish w = { in->document, in->reason, in->reissue, in->reasons, in->basis };
    enum rc rc = desk(cx, rq, &c);
    return rc ? rc : cases_void_ask(cx, &c, &w);
}

struct settle_in {
    struct str act;
};
static const char *const settle_acts[] = { "confirm", "refuse", NULL };
static const struct field settle_fields[] = { FIELD(struct settle_in, act, .required = true, .words = settle_acts) };
static const struct record SETTLE = RECORD(struct settle_in, settle_fields);

static enum rc void_settle(struct cx *cx, const struct req *rq, void *out UNUSED)
{
    struct cases_case c;
    enum rc rc = desk(cx, rq, &c);
    return rc ? rc : cases_void_settle(cx, &c, req_id(rq, "n"), str_is(((const struct settle_in *)rq->in)->act, "confirm"));
}

/* Answers with the case's page, with what is wrong on it. */
#define DESK_PAGE .out = &CASE_VIEW, .page = &tmpl_work_case, .again = cases_staff_show
#define OWN_PAGE  .out = &CASE_VIEW, .page = &tmpl_case_page, .again = cases_own_show, .nav = "me"

const struct route cases_law_routes[CASES_LAW_ROUTES] = {
    { POST, "/desk/cases/{no}/place", place_name_desk, WRITE, NEED_STAFF, .in = &ZONE, DESK_PAGE },
    { POST, "/desk/cases/{no}/licence/end", licence_end, WRITE, NEED_REVIEWER, .in = &WHY, DESK_PAGE },
    { POST, "/desk/cases/{no}/void", void_ask, WRITE, NEED_STAFF, .in = &VOID, DESK_PAGE },
    { POST, "/desk/cases/{no}/void/{n}", void_settle, WRITE, NEED_REVIEWER, .in = &SETTLE, DESK_PAGE },
    { POST, "/cases/{no}/place", place_name_own, WRITE, NEED_APPLICANT, .in = &ZONE, OWN_PAGE },
};

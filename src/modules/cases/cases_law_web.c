/* cases_law_web.c - forms of the law's rarer acts: places of a zone and the end of a licence. */
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

/* Answers with the case's page, with what is wrong on it. */
#define DESK_PAGE .out = &CASE_VIEW, .page = &tmpl_work_case, .again = cases_staff_show
#define OWN_PAGE  .out = &CASE_VIEW, .page = &tmpl_case_page, .again = cases_own_show, .nav = "me"

const struct route cases_law_routes[CASES_LAW_ROUTES] = {
    { POST, "/desk/cases/{no}/place", place_name_desk, WRITE, NEED_STAFF, .in = &ZONE, DESK_PAGE },
    { POST, "/desk/cases/{no}/licence/end", licence_end, WRITE, NEED_REVIEWER, .in = &WHY, DESK_PAGE },
    { POST, "/cases/{no}/place", place_name_own, WRITE, NEED_APPLICANT, .in = &ZONE, OWN_PAGE },
};

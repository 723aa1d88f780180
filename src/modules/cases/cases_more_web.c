/* cases_more_web.c - hearings, site checks, bills and on-the-spot corrections: the office's forms and the applicant's answers. */
#include "base/code.h"
#include "cases_fill.h"
#include "cases_routes.h"
#include "modules/org/org.h"

enum rc cases_desk_open(struct cx *cx, const struct req *rq, struct cases_case *c)
{
    reply_see(rq, arena_fmt(cx->arena, "/desk/cases/" STR_F, STR_A(req_param(rq, "no"))));
    return cases_find_staff(cx, req_param(rq, "no"), c);
}

enum rc cases_own_open(struct cx *cx, const struct req *rq, struct cases_case *c)
{
    reply_see(rq, arena_fmt(cx->arena, "/cases/" STR_F, STR_A(req_param(rq, "no"))));
    return cases_find_own(cx, code_normalise(cx->arena, req_param(rq, "no")), c);
}

/* ---- hearing --------------------------------------------------------------------------------------------------------------- */

static enum rc hearing_tell(struct cx *cx, const struct req *rq, void *out UNUSED)
{
    struct cases_case c;
    enum rc rc = cases_desk_open(cx, rq, &c);
    return rc ? rc : cases_hearing_tell(cx, &c);
}

static enum rc hearing_ask(struct cx *cx, const struct req *rq, void *out UNUSED)
{
    struct cases_case c;
    enum rc rc = cases_own_open(cx, rq, &c);
    return rc ? rc : cases_hearing_request(cx, &c, STR("申请人"));
}

struct ask_for_in {
    struct str by;
};
static const struct field ask_for_fields[] = { FIELD(struct ask_for_in, by, .required = true, .max = 100) };
static const struct record ASK_FOR = RECORD(struct ask_for_in, ask_for_fields);

/* A third party who comes to the office or writes. */
static enum rc hearing_ask_for(struct cx *cx, const struct req *rq, void *out UNUSED)
{
    struct cases_case c;
    enum rc rc = cases_desk_open(cx, rq, &c);
    return rc ? rc : cases_hearing_request(cx, &c, ((const struct ask_for_in *)rq->in)->by);
}

struct set_in {
    struct str host;
    struct day on;
};
static const struct field set_fields[] = {
    FIELD(struct set_in, host, .required = true, .max = 30), FIELD(struct set_in, on, .required = true)
};
static const struct record SET = RECORD(struct set_in, set_fields);

static enum rc hearing_set(struct cx *cx, const struct req *rq, void *out UNUSED)
{
    const struct set_in *in = rq->in;
    struct cases_case c;
    struct org_staff host;
    enum rc rc = cases_desk_open(cx, rq, &c);
    if (!rc && org_staff_find(cx, in->host, &host))
        return cx_invalid(cx, "host", "cases.no_such_staff");
    return rc ? rc : cases_hearing_set(cx, &c, host.id, in->on);
}

struct record_in {
    struct str record;
};
static const struct field record_fields[] = { FIELD(struct record_in, record, .required = true, .max = 10000, .multiline = true) };
static const struct record RECORD_IN = RECORD(struct record_in, record_fields);

static enum rc hearing_hold(struct cx *cx, const struct req *rq, void *out UNUSED)
{
    struct cases_case c;
    enum rc rc = cases_desk_open(cx, rq, &c);
    return rc ? rc : cases_hearing_hold(cx, &c, ((const struct record_in *)rq->in)->record);
}

/* ---- site check ---------------------------------------------------------------------------------------------------------------- */

struct site_in {
    struct str checker, second, place, findings;
};
static const struct field site_fields[] = {
    FIELD(struct site_in, checker, .required = true, .max = 30),
    FIELD(struct site_in, second, .required = true, .max = 30),
    FIELD(struct site_in, place, .max = 200),
    FIELD(struct site_in, findings, .required = true, .max = 4000, .multiline = true),
};
static const struct record SITE = RECORD(struct site_in, site_fields);

static enum rc site_check(struct cx *cx, const struct req *rq, void *out UNUSED)
{
    const struct site_in *in = rq->in;
    struct cases_case c;
    struct org_staff first, second;
    enum rc rc = cases_desk_open(cx, rq, &c);
    if (!rc && org_staff_find(cx, in->checker, &first))
        return cx_invalid(cx, "checker", "cases.no_such_staff");
    if (!rc && org_staff_find(cx, in->second, &second))
        return cx_invalid(cx, "second", "cases.no_such_staff");
    return rc ? rc : cases_site_check(cx, &c, first.id, second.id, in->place.p ? in->place : STR(""), in->findings);
}

/* ---- bills ------------------------------------------------------------------------------------------------------------------------ */

struct bill_in {
    struct str amount;
};
static const struct field bill_fields[] = { FIELD(struct bill_in, amount, .required = true, .max = 20) };
static const struct record BILL = RECORD(struct bill_in, bill_fields);

/* "300" or "300.00" yuan to fen; false for anything else. */
static bool fen_parse(struct str text, struct fen *out)
{
    struct str cents = text, yuan = str_cut(&cents, '.');
    int64_t y = 0, f = 0;
    if (!str_i64(yuan, 0, 100000000, &y) || (cents.p && (cents.n != 2 || !str_i64(cents, 0, 99, &f))))
        return false;
    out->n = y * 100 + f;
    return true;
}

static enum rc bill_make(struct cx *cx, const struct req *rq, void *out UNUSED)
{
    struct cases_case c;
    struct fen amount;
    enum rc rc = cases_desk_open(cx, rq, &c);
    if (!rc && !fen_parse(((const struct bill_in *)rq->in)->amount, &amount))
        return cx_invalid(cx, "amount", "cases.bad_amount");
    return rc ? rc : cases_bill_make(cx, &c, amount);
}

static enum rc bill_pay(struct cx *cx, const struct req *rq, void *out UNUSED)
{
    struct cases_case c;
    struct str receipt;
    enum rc rc = cases_desk_open(cx, rq, &c);
    return rc ? rc : cases_bill_pay(cx, &c, req_id(rq, "n"), &receipt);
}

struct reason_in {
    struct str reason, act;
};
static const char *const bill_acts[] = { "cancel", "refund", NULL };
static const struct field reason_fields[] = {
    FIELD(struct reason_in, reason, .required = true, .max = 500), FIELD(struct reason_in, act, .required = true, .words = bill_acts)
};
static const struct record REASON = RECORD(struct reason_in, reason_fields);

static enum rc bill_undo(struct cx *cx, const struct req *rq, void *out UNUSED)
{
    const struct reason_in *in = rq->in;
    struct cases_case c;
    enum rc rc = cases_desk_open(cx, rq, &c);
    if (rc)
        return rc;
    return str_is(in->act, "refund") ? cases_bill_refund(cx, &c, req_id(rq, "n"), in->reason)
                                     : cases_bill_cancel(cx, &c, req_id(rq, "n"), in->reason);
}

/* ---- on-the-spot correction --------------------------------------------------------------------------------------------------------- */

struct amend_in {
    struct str field, value;
};
static const struct field amend_fields[] = {
    FIELD(struct amend_in, field, .required = true, .max = 60),
    FIELD(struct amend_in, value, .required = true, .max = 2000, .multiline = true)
};
static const struct record AMEND = RECORD(struct amend_in, amend_fields);

static enum rc amend_offer(struct cx *cx, const struct req *rq, void *out UNUSED)
{
    const struct amend_in *in = rq->in;
    struct cases_case c;
    enum rc rc = cases_desk_open(cx, rq, &c);
    return rc ? rc : cases_amend_offer(cx, &c, in->field, in->value);
}

static enum rc amend_confirm(struct cx *cx, const struct req *rq, void *out UNUSED)
{
    struct cases_case c;
    enum rc rc = cases_own_open(cx, rq, &c);
    return rc ? rc : cases_amend_confirm(cx, &c);
}

/* Answers with the case's page, with what is wrong on it. */
#define DESK_PAGE .out = &CASE_VIEW, .page = &tmpl_work_case, .again = cases_staff_show

const struct route cases_more_routes[CASES_MORE_ROUTES] = {
    { POST, "/desk/cases/{no}/hearing/tell", hearing_tell, WRITE, NEED_REVIEWER, .title = "告知听证权利" },
    { POST, "/desk/cases/{no}/hearing/ask", hearing_ask_for, WRITE, NEED_REVIEWER, .in = &ASK_FOR, DESK_PAGE },
    { POST, "/desk/cases/{no}/hearing/set", hearing_set, WRITE, NEED_REVIEWER, .in = &SET, DESK_PAGE },
    { POST, "/desk/cases/{no}/hearing/hold", hearing_hold, WRITE, NEED_REVIEWER, .in = &RECORD_IN, DESK_PAGE },
    { POST, "/desk/cases/{no}/site-check", site_check, WRITE, NEED_REVIEWER, .in = &SITE, DESK_PAGE },
    { POST, "/desk/cases/{no}/bills", bill_make, WRITE, NEED_REVIEWER, .in = &BILL, DESK_PAGE },
    { POST, "/desk/cases/{no}/bills/{n}/pay", bill_pay, WRITE, NEED_STAFF, .title = "收款" },
    { POST, "/desk/cases/{no}/bills/{n}/undo", bill_undo, WRITE, NEED_STAFF, .in = &REASON, DESK_PAGE },
    { POST, "/desk/cases/{no}/amend", amend_offer, WRITE, NEED_CLERK, .in = &AMEND, DESK_PAGE },
    { POST, "/cases/{no}/hearing/ask", hearing_ask, WRITE, NEED_APPLICANT, .title = "申请听证" },
    { POST, "/cases/{no}/amend/confirm", amend_confirm, WRITE, NEED_APPLICANT, .title = "确认更正" },
};

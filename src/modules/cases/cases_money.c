/* cases_money.c - on-the-spot corrections, site checks, bills: what happens beside the clock and never stops it. */
#include "base/log.h"
#include "base/seal.h"
#include "cases_service.h"
#include "modules/org/org.h"

/* ---- on-the-spot correction --------------------------------------------------------------------------------------------- */

/* The value must be one that the form would take; normalised as the form does. */
static enum rc amend_check(struct cx *cx, const struct form *f, int at, struct form_answers ans, struct str *value)
{
    struct issues found = { 0 };
    struct str old = ans.v[at];
    ans.v[at] = *value;
    (void)form_check(f, NULL, day_at(cx->now), cx->arena, &found, ans); /* what else is wrong is not the matter here */
    *value = ans.v[at];
    ans.v[at] = old;
    const struct issue *i = issues_find(&found, f->fields[at].name);
    if (!i)
        return RC_OK;
    issues_add(&cx->issues, cx->arena, STR("value"), i->key, i->arg[0], i->arg[1]);
    return RC_INVALID;
}

enum rc cases_amend_offer(struct cx *cx, struct cases_case *c, struct str field, struct str value)
{
    const char *to;
    struct form_answers ans;
    struct cases_amendment before;
    const struct form *f;
    if (!org_has_role(cx, ROLE_CLERK))
        return RC_DENIED;
    enum rc rc = cases_form(cx, c, &f);
    if (rc)
        return rc;
    int at = form_field_find(f, field);
    if (at < 0 || !value.n || f->fields[at].kind == FORM_ROWS)
        return cx_invalid(cx, "field", "cases.no_such_field");
    rc = cases_act_begin(cx, c, ACT_AMEND, &to);
    if (!rc && cases_store_amendment(cx, c->id, &before) == RC_OK)
        return RC_CONFLICT; /* one at a time */
    if (!rc)
        rc = cases_answers_open(cx, "cases_case.answers", c->id, c->answers, f, &ans);
    if (!rc && form_has_parts(&f->fields[at]))
        value = form_parts_with_text(cx->arena, ans.v[at], value);
    if (!rc)
        rc = amend_check(cx, f, at, ans, &value);
    if (rc)
        return rc;
    const struct keyring *k = &cx->app->keys;
    struct cases_amendment m = { .field = field,
                                 .old_value = seal(cx->arena, k, "cases_amendment.old", c->id, ans.v[at].p ? ans.v[at] : STR("")),
                                 .new_value = seal(cx->arena, k, "cases_amendment.new", c->id, value) };
    rc = cases_store_amendment_add(cx, c->id, &m);
    if (!rc)
        rc = cases_note(cx, c, "case.amendment_offered", STR_NONE, STR_NONE);
    return rc ? rc : cases_tell(cx, c, "correction");
}

static enum rc amend_apply(struct cx *cx, struct cases_case *c, const struct cases_amendment *m)
{
    const struct form *f;
    struct form_answers ans;
    struct str old, value;
    enum rc rc = cases_form(cx, c, &f);
    if (!rc)
        rc = cases_answers_open(cx, "cases_case.answers", c->id, c->answers, f, &ans);
    if (rc)
        return rc;
    if (!unseal(cx->arena, &cx->app->keys, "cases_amendment.new", c->id, m->new_value, &value) ||
        !unseal(cx->arena, &cx->app->keys, "cases_amendment.old", c->id, m->old_value, &old)) {
        log_error("a sealed correction of case %lld does not open", (long long)c->id);
        return RC_FAILED;
    }
    int at = form_field_find(f, m->field);
    ans.v[at] = value;
    rc = cases_store_set_answers(cx, c->id, cases_answers_seal(cx, "cases_case.answers", c->id, f, ans));
    old = form_shown(cx->arena, f, (size_t)at, old, false);
    value = form_shown(cx->arena, f, (size_t)at, value, false);
    struct str both = arena_fmt(cx->arena, STR_F "：" STR_F " → " STR_F, STR_A(m->field), STR_A(old), STR_A(value));
    if (!rc)
        rc = cases_note(cx, c, "case.amended", STR_NONE, both);
    return rc ? rc : cases_paper_make(cx, c, "amendment", &(struct cases_paper){ .reasons = m->field });
}

enum rc cases_amend_confirm(struct cx *cx, struct cases_case *c)
{
    const char *to;
    struct cases_amendment m;
    enum rc rc = cases_act_begin(cx, c, ACT_AMEND, &to);
    if (!rc)
        rc = cases_store_amendment(cx, c->id, &m);
    if (!rc)
        rc = cases_store_amendment_confirm(cx, c->id, m.n);
    if (!rc)
        rc = amend_apply(cx, c, &m);
    return rc == RC_NOT_FOUND ? RC_CONFLICT : rc;
}

/* ---- site check ----------------------------------------------------------------------------------------------------------- */

enum rc cases_site_check(struct cx *cx, struct cases_case *c, int64_t first, int64_t second, struct str place, struct str findings)
{
    const char *to;
    struct org_staff a, b;
    if (!org_has_role(cx, ROLE_REVIEWER) && !org_has_role(cx, ROLE_SECTION_HEAD) && !org_has_role(cx, ROLE_BODY_HEAD))
        return RC_DENIED;
    if (!first || !second || first == second)
        return cx_invalid(cx, "second", "cases.two_checkers");
    if (!findings.n)
        return cx_invalid(cx, "findings", "base.required");
    enum rc rc = org_staff_get(cx, first, &a);
    if (!rc)
        rc = org_staff_get(cx, second, &b);
    if (rc == RC_NOT_FOUND)
        return cx_invalid(cx, "second", "cases.two_checkers");
    if (!rc)
        rc = cases_act_begin(cx, c, ACT_CHECK_SITE, &to);
    if (!rc && c->holder != cx->actor.body)
        return RC_DENIED;
    if (!rc)
        rc = cases_store_site_check_add(cx, c->id, first, second, place, findings);
    return rc ? rc : cases_note(cx, c, "case.site_checked", STR_NONE, findings);
}

/* ---- bills ------------------------------------------------------------------------------------------------------------------ */

enum rc cases_bill_make(struct cx *cx, struct cases_case *c, struct fen amount)
{
    const char *to;
    struct catalog_item item;
    enum rc rc = cases_act_begin(cx, c, ACT_BILL, &to);
    if (!rc && c->holder != cx->actor.body)
        return RC_DENIED;
    if (!rc)
        rc = catalog_version_get(cx, c->item, c->version, &item);
    if (rc)
        return rc;
    if (!item.fee || !item.fee_basis.n)
        return cx_invalid(cx, "amount", "cases.no_fee");
    if (amount.n <= 0)
        return cx_invalid(cx, "amount", "cases.bad_amount");
    struct cases_bill b = { .amount = amount, .basis = item.fee_basis, .standard = item.fee_standard };
    rc = cases_store_bill_add(cx, c->id, &b);
    if (!rc)
        rc = cases_note(cx, c, "case.billed", arena_fmt(cx->arena, "{\"fen\":%lld}", (long long)amount.n), STR_NONE);
    struct str text = arena_fmt(cx->arena, "%lld.%02lld元", (long long)(amount.n / 100), (long long)(amount.n % 100));
    return rc ? rc : cases_paper_make(cx, c, "bill", &(struct cases_paper){ .reasons = text, .basis = item.fee_basis });
}

enum rc cases_bill_pay(struct cx *cx, struct cases_case *c, int64_t n, struct str *out_receipt)
{
    int64_t number = 0, year = day_civil(day_at(cx->now)).year;
    if (!org_has_role(cx, ROLE_CASHIER) && !org_has_role(cx, ROLE_CLERK))
        return RC_DENIED;
    enum rc rc = cases_store_lock(cx, c->id);
    if (!rc)
        rc = cases_note(cx, c, "case.paid", arena_fmt(cx->arena, "{\"bill\":%lld}", (long long)n), STR_NONE);
    if (!rc)
        rc = cases_store_document_next(cx, c->body, "payment", year, &number);
    if (rc)
        return rc;
    *out_receipt = arena_fmt(cx->arena, "%lld-%05lld", (long long)year, (long long)number);
    return cases_store_bill_pay(cx, c->id, n, *out_receipt);
}

static enum rc bill_move(struct cx *cx, struct cases_case *c, int64_t n, const char *from, const char *to, struct str reason)
{
    if (!org_has_role(cx, ROLE_CASHIER) && !org_has_role(cx, ROLE_SECTION_HEAD) && !org_has_role(cx, ROLE_BODY_HEAD))
        return RC_DENIED;
    if (!reason.n)
        return cx_invalid(cx, "reason", "cases.reason_missing");
    enum rc rc = cases_store_lock(cx, c->id);
    if (!rc)
        rc = cases_store_bill_move(cx, c->id, n, from, to, reason);
    bool refund = str_is(str_c(to), "refunded");
    return rc ? rc : cases_note(cx, c, refund ? "case.refunded" : "case.bill_cancelled", STR_NONE, reason);
}

enum rc cases_bill_cancel(struct cx *cx, struct cases_case *c, int64_t n, struct str reason)
{
    return bill_move(cx, c, n, "due", "cancelled", reason);
}

enum rc cases_bill_refund(struct cx *cx, struct cases_case *c, int64_t n, struct str reason)
{
    return bill_move(cx, c, n, "paid", "refunded", reason);
}

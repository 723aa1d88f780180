/* cases_void.c - 作废: a wrongly issued document or the wrong entry of a case, asked for by one person, confirmed by another. */
#include "cases_service.h"
#include "modules/org/org.h"

/* What the number of a case stands for cannot be issued again, and what a case rests on must be. */
static const char *const never[] = { "receipt", "delivery", "voided", NULL };
static const char *const replaced[] = { "acceptance", "grant", "refusal", "not_accepted", "not_needed", "correction", "third_party", NULL };

static bool of_the_body(const struct cx *cx, const struct cases_case *c, uint64_t roles)
{
    return cx->actor.roles & roles && (cx->actor.body == c->body || cx->actor.body == c->holder);
}

/* What a third party is told anew as basis is the day until which he may answer. */
static enum rc until_check(struct cx *cx, struct str typed)
{
    struct day until;
    if (!day_parse(typed, &until))
        return cx_invalid(cx, "basis", "base.no_such_day");
    return until.n <= day_at(cx->now).n ? cx_invalid(cx, "basis", "cases.until_past") : cases_day_known(cx, "basis", until);
}

static enum rc document_check(struct cx *cx, const struct cases_case *c, const struct cases_void_wish *w)
{
    struct cases_document d;
    enum rc rc = cases_document_get(cx, c->id, w->document, &d);
    if (rc == RC_NOT_FOUND)
        return cx_invalid(cx, "document", "cases.no_such_document");
    if (rc)
        return rc;
    if (d.voided_at.ms || str_is(c->state, "archived") || str_is(c->state, "voided"))
        return RC_CONFLICT;
    if (word_in(never, d.kind))
        return cx_invalid(cx, "document", "cases.never_void");
    if (word_in(replaced, d.kind) && !w->reissue)
        return cx_invalid(cx, "document", "cases.must_be_replaced");
    return str_is(d.kind, "third_party") && w->basis.n ? until_check(cx, w->basis) : RC_OK;
}

enum rc cases_void_ask(struct cx *cx, struct cases_case *c, const struct cases_void_wish *w)
{
    const char *to;
    uint64_t roles = ROLE_BIT(ROLE_CLERK) | ROLE_BIT(ROLE_REVIEWER) | ROLE_BIT(ROLE_SECTION_HEAD) | ROLE_BIT(ROLE_BODY_HEAD);
    if (!(cx->actor.roles & roles))
        return RC_DENIED;
    if (!w->reason.n)
        return cx_invalid(cx, "reason", "cases.reason_missing");
    enum rc rc = cases_store_lock(cx, c->id);
    if (!rc)
        rc = cases_get(cx, c->id, c);
    if (!rc)
        rc = w->document ? document_check(cx, c, w) : cases_act_begin(cx, c, ACT_VOID, &to);
    if (!rc)
        rc = cases_store_void_add(cx, c->id, w);
    return rc ? rc : cases_note(cx, c, "case.void_asked", arena_fmt(cx->arena, "{\"document\":%lld}", (long long)w->document), w->reason);
}

/* ---- settling -------------------------------------------------------------------------------------------------------------- */

/* The same facts, with what was typed anew, the day of today, and the number it replaces. */
static enum rc issue_again(struct cx *cx, const struct cases_case *c, const struct cases_document *d, const struct cases_void *v)
{
    struct cases_paper p;
    enum rc rc = cases_paper_read(cx, d, &p);
    if (rc)
        return rc;
    p.replaces = d->number;
    p.reasons = v->reasons.n ? v->reasons : p.reasons;
    p.basis = v->basis.n ? v->basis : p.basis;
    return cases_paper_make(cx, c, arena_str(cx->arena, d->kind).p, &p);
}

static struct str void_body(struct cx *cx, const struct cases_document *d, int64_t successor)
{
    struct buf b;
    buf_init(&b, cx->arena, 120);
    buf_fmt(&b, "{\"document\":%lld,\"number\":", (long long)d->n);
    buf_json(&b, d->number);
    buf_fmt(&b, ",\"successor\":%lld}", (long long)successor);
    return buf_view(&b);
}

/* To whom the void one was addressed. */
static enum rc document_again(struct cx *cx, const struct cases_case *c, const struct cases_document *d, const struct cases_void *v)
{
    struct day until = { 0 };
    if (!str_is(d->kind, "third_party"))
        return issue_again(cx, c, d, v);
    if (v->basis.n)
        (void)day_parse(v->basis, &until); /* it was a day when it was asked for */
    return cases_party_tell_again(cx, c, d, v->reasons, until);
}

static enum rc document_void(struct cx *cx, struct cases_case *c, const struct cases_void *v)
{
    struct cases_document d;
    int64_t last = 0;
    enum rc rc = cases_document_get(cx, c->id, v->document, &d);
    if (!rc && (str_is(c->state, "archived") || str_is(c->state, "voided")))
        return RC_CONFLICT;
    if (!rc)
        rc = cases_store_document_last(cx, c->id, &last);
    int64_t successor = v->reissue ? last + 1 : 0;
    if (!rc)
        rc = cases_store_document_void(cx, c->id, d.n, successor);
    if (!rc)
        rc = cases_note(cx, c, "case.document_voided", void_body(cx, &d, successor), v->reason);
    if (!rc)
        rc = cases_tell(cx, c, "document_voided");
    return rc || !successor ? rc : document_again(cx, c, &d, v);
}

static enum rc task_end(struct cx *cx, const struct cases_case *c)
{
    enum rc rc = cases_task_finish(cx, c, "voided", STR(""));
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

static enum rc case_void(struct cx *cx, struct cases_case *c, const struct cases_void *v)
{
    const char *to;
    enum rc rc = cases_act_begin(cx, c, ACT_VOID, &to);
    if (!rc)
        rc = cases_state_set(cx, c, to);
    if (!rc)
        rc = task_end(cx, c);
    if (!rc)
        rc = cases_store_documents_void(cx, c->id);
    if (!rc)
        rc = cases_note(cx, c, "case.voided", STR_NONE, v->reason);
    return rc ? rc : cases_close(cx, c, "voided", "voided", v->reason);
}

static enum rc void_find(struct cx *cx, const struct cases_case *c, int64_t n, struct cases_void *out)
{
    struct list all;
    enum rc rc = cases_store_voids(cx, c->id, &all);
    for (size_t i = 0; i < all.n && !rc; i++)
        if (((const struct cases_void *)all.v)[i].n == n) {
            *out = ((const struct cases_void *)all.v)[i];
            return RC_OK;
        }
    return rc ? rc : RC_NOT_FOUND;
}

enum rc cases_void_settle(struct cx *cx, struct cases_case *c, int64_t n, bool confirm)
{
    struct cases_void v;
    if (!of_the_body(cx, c, ROLE_BIT(ROLE_REVIEWER) | ROLE_BIT(ROLE_SECTION_HEAD) | ROLE_BIT(ROLE_BODY_HEAD)))
        return RC_DENIED;
    enum rc rc = cases_store_lock(cx, c->id);
    if (!rc)
        rc = cases_get(cx, c->id, c);
    if (!rc)
        rc = void_find(cx, c, n, &v);
    if (!rc && v.asked_by == cx->actor.post && confirm)
        return cx_invalid(cx, "act", "cases.void_yourself");
    if (!rc)
        rc = cases_store_void_settle(cx, c->id, n, confirm ? "confirmed" : "refused");
    if (rc)
        return rc;
    if (!confirm)
        return cases_note(cx, c, "case.void_refused", arena_fmt(cx->arena, "{\"document\":%lld}", (long long)v.document), STR_NONE);
    return v.document ? document_void(cx, c, &v) : case_void(cx, c, &v);
}

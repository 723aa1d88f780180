/* cases_serve.c - 送达 of every document: with recorded consent at once, otherwise by post or at the window; periods run from it. */
#include "cases_service.h"
#include "modules/org/org.h"

enum { HEARING_REQUEST_DAYS = 5 };

/* Handed over with its own act, or no notice at all. */
static const char *const unserved_kinds[] = { "receipt", "delivery", "amendment", NULL };
/* Served by the act of delivery, also where consent is on file. */
static const char *const decisions[] = { "grant", "refusal", NULL };

enum rc cases_file_open(struct cx *cx, struct cases_case *c)
{
    enum rc rc = cases_store_lock(cx, c->id);
    if (!rc)
        rc = cases_get(cx, c->id, c);
    return rc ? rc : str_is(c->state, "archived") ? RC_CONFLICT : RC_OK;
}

enum rc cases_consent_get(struct cx *cx, const struct cases_case *c, bool *out)
{
    int64_t given = 0;
    enum rc rc = cases_store_consent(cx, c->id, &given);
    *out = !rc && given;
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

enum rc cases_consent_set(struct cx *cx, struct cases_case *c, bool given)
{
    bool now = false;
    if (cx->actor.post && !(cx->actor.roles & ROLE_BIT(ROLE_CLERK)))
        return RC_DENIED;
    enum rc rc = cases_file_open(cx, c);
    if (!rc)
        rc = cases_consent_get(cx, c, &now);
    if (!rc && now == given)
        return RC_CONFLICT;
    if (!rc && given && !c->account)
        return cx_invalid(cx, "consent", "cases.consent_without_account");
    if (!rc)
        rc = cases_store_consent_add(cx, c->id, given);
    return rc ? rc : cases_note(cx, c, given ? "case.consent_given" : "case.consent_withdrawn", STR_NONE, STR_NONE);
}

enum rc cases_service_begin(struct cx *cx, const struct cases_case *c, const char *kind, int64_t n, struct str party)
{
    bool consent = false;
    if (word_in(unserved_kinds, str_c(kind)))
        return RC_OK;
    enum rc rc = cases_consent_get(cx, c, &consent);
    bool online = consent && c->account && !party.n, at_once = online && !word_in(decisions, str_c(kind));
    bool post = party.n || str_is(c->service_way, "post");
    struct cases_service s = { .document = n, .way = online ? STR("online") : post ? STR("post") : STR("window"),
                               .state = at_once ? STR("served") : STR("due"), .receiver = party.n ? party : c->applicant_name,
                               .served_on = at_once ? day_at(cx->now) : (struct day){ 0 } };
    return rc ? rc : cases_store_service_add(cx, c, &s);
}

enum rc cases_service_find(struct cx *cx, const struct cases_case *c, int64_t document, struct cases_service *out)
{
    struct list all;
    enum rc rc = cases_store_services(cx, c->id, &all);
    for (size_t i = 0; i < all.n && !rc; i++)
        if (((const struct cases_service *)all.v)[i].document == document) {
            *out = ((const struct cases_service *)all.v)[i];
            return RC_OK;
        }
    return rc ? rc : RC_NOT_FOUND;
}

static bool may_serve(const struct cx *cx)
{
    return cx->actor.roles & (ROLE_BIT(ROLE_CLERK) | ROLE_BIT(ROLE_DELIVERY));
}

static struct str document_body(struct cx *cx, int64_t document)
{
    return arena_fmt(cx->arena, "{\"document\":%lld}", (long long)document);
}

enum rc cases_service_send(struct cx *cx, struct cases_case *c, int64_t document, struct str tracking)
{
    if (!may_serve(cx))
        return RC_DENIED;
    if (!tracking.n)
        return cx_invalid(cx, "tracking", "cases.tracking_missing");
    enum rc rc = cases_file_open(cx, c);
    if (!rc)
        rc = cases_store_service_sent(cx, c->id, document, tracking);
    return rc ? rc : cases_note(cx, c, "case.posted", document_body(cx, document), tracking);
}

enum rc cases_service_phone(struct cx *cx, struct cases_case *c, int64_t document)
{
    if (!may_serve(cx))
        return RC_DENIED;
    enum rc rc = cases_file_open(cx, c);
    if (!rc)
        rc = cases_store_service_phoned(cx, c->id, document);
    return rc ? rc : cases_note(cx, c, "case.phoned", document_body(cx, document), STR_NONE);
}

/* ---- served --------------------------------------------------------------------------------------------------------------- */

static enum rc handing_check(struct cx *cx, const struct cases_case *c, const struct cases_handing *h, const struct cases_service *s)
{
    bool consent = false;
    struct cases_document d;
    if (!h->receiver.n)
        return cx_invalid(cx, "receiver", "cases.receiver_missing");
    enum rc rc = cases_consent_get(cx, c, &consent);
    if (!rc && str_is(h->way, "online") && !(consent && c->account))
        return cx_invalid(cx, "way", "cases.no_consent");
    if (!rc && str_is(h->way, "post") && !h->proof.n && !s->proof.n)
        return cx_invalid(cx, "proof", "cases.tracking_missing");
    if (!rc)
        rc = cases_document_get(cx, c->id, s->document, &d);
    if (!rc && h->on.n && (h->on.n > day_at(cx->now).n || h->on.n < day_at(d.made_at.ms).n))
        return cx_invalid(cx, "on", "cases.served_when");
    return rc;
}

/* The applicant has as many working days from service as the notice gave him from its own day. */
static enum rc correction_shift(struct cx *cx, const struct cases_case *c, struct day on, struct day *out)
{
    struct clock k;
    int32_t days = 0;
    *out = (struct day){ 0 };
    if (on.n <= c->told_on.n)
        return RC_OK;
    enum rc rc = cases_clock_told(cx, c, &k);
    if (!rc)
        rc = cases_used_wd(cx, c->told_on, k.supply_until, &days);
    if (!rc)
        rc = cases_due_wd(cx, on, days, out);
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

static enum rc hearing_shift(struct cx *cx, const struct cases_case *c, struct day on)
{
    struct day until;
    enum rc rc = cases_due_wd(cx, on, HEARING_REQUEST_DAYS, &until);
    return rc == RC_NOT_FOUND ? RC_OK : rc ? rc : cases_store_hearing_until(cx, c->id, until);
}

static enum rc served_note(struct cx *cx, const struct cases_case *c, const struct cases_service *s, struct day on)
{
    struct day until = { 0 };
    enum rc rc = RC_OK;
    if (str_is(s->kind, "correction"))
        rc = correction_shift(cx, c, on, &until);
    else if (str_is(s->kind, "hearing"))
        rc = hearing_shift(cx, c, on);
    struct buf b;
    buf_init(&b, cx->arena, 100);
    buf_fmt(&b, "{\"correction\":%s,\"document\":%lld,\"on\":%d", str_is(s->kind, "correction") ? "true" : "false",
            (long long)s->document, on.n);
    if (until.n)
        buf_fmt(&b, ",\"until\":%d", until.n);
    buf_char(&b, '}');
    return rc ? rc : cases_note(cx, c, "case.served", buf_view(&b), STR_NONE);
}

static enum rc served(struct cx *cx, const struct cases_case *c, const struct cases_service *s, const struct cases_handing *h)
{
    struct cases_handing row = *h;
    if (!row.on.n)
        row.on = day_at(cx->now);
    if (!row.proof.n)
        row.proof = s->proof;
    return cases_store_service_served(cx, c->id, s->document, &row);
}

enum rc cases_service_done(struct cx *cx, struct cases_case *c, int64_t document, const struct cases_handing *h)
{
    struct cases_service s;
    if (!may_serve(cx))
        return RC_DENIED;
    enum rc rc = cases_file_open(cx, c);
    if (!rc)
        rc = cases_service_find(cx, c, document, &s);
    if (!rc && word_in(decisions, s.kind) && cases_move(c->state, ACT_DELIVER))
        return cx_invalid(cx, "document", "cases.served_by_delivery");
    if (!rc && str_is(s.state, "served"))
        return RC_CONFLICT;
    if (!rc)
        rc = handing_check(cx, c, h, &s);
    if (!rc)
        rc = served(cx, c, &s, h);
    if (!rc)
        rc = served_note(cx, c, &s, h->on.n ? h->on : day_at(cx->now));
    return rc ? rc : cases_due_refresh(cx, c);
}

enum rc cases_service_decision(struct cx *cx, const struct cases_case *c, const struct cases_handing *h)
{
    struct list all;
    enum rc rc = cases_store_services(cx, c->id, &all);
    for (size_t i = 0; i < all.n && !rc; i++) {
        const struct cases_service *s = (const struct cases_service *)all.v + i;
        if (!word_in(decisions, s->kind) || str_is(s->state, "served"))
            continue;
        rc = handing_check(cx, c, h, s);
        if (!rc)
            rc = served(cx, c, s, h);
    }
    return rc;
}

/* cases_contact.c - how to reach whom a document is for: opened for one act of service, with a purpose, and in the ledger who looked. */
#include "base/log.h"
#include "base/seal.h"
#include "cases_forms.h"
#include "modules/org/org.h"

const char *const cases_contact_purposes[] = { "phone", "post", NULL };

/* The answer to this field as people read it; "" if the form has none. */
static struct str said(struct cx *cx, const struct cases_filled *by, const char *name)
{
    for (size_t i = 0; i < by->form->n; i++)
        if (str_is(by->form->fields[i].name, name) && by->answers.v[i].n)
            return form_shown(cx->arena, by->form, i, by->answers.v[i], false);
    return STR("");
}

/* What the applicant wrote: to telephone, the number is enough. */
static enum rc applicant_open(struct cx *cx, const struct cases_case *c, bool post, struct cases_contact *out)
{
    struct cases_filled by;
    enum rc rc = cases_form_open(cx, c, &by);
    if (rc)
        return rc;
    out->name = c->applicant_name;
    out->agent = said(cx, &by, "agent_name");
    out->phone = said(cx, &by, "phone");
    out->address = post ? said(cx, &by, "address") : STR("");
    return RC_OK;
}

/* Kept as it was written down, in one piece. */
static enum rc party_open(struct cx *cx, const struct cases_case *c, const struct cases_party *p, struct cases_contact *out)
{
    out->name = p->name;
    if (unseal(cx->arena, &cx->app->keys, "cases_party.contact", c->id, p->contact, &out->written))
        return RC_OK;
    log_error("the sealed contact of party %lld of case %lld does not open", (long long)p->n, (long long)c->id);
    return RC_FAILED;
}

/* Who serves, for a document that waits; the examiners of the body that has the case, for a third party they hear. */
static enum rc may_look(struct cx *cx, const struct cases_case *c, const struct cases_contact_ask *ask)
{
    uint64_t examines = ROLE_BIT(ROLE_REVIEWER) | ROLE_BIT(ROLE_SECTION_HEAD) | ROLE_BIT(ROLE_BODY_HEAD);
    struct cases_service s;
    if (ask->party)
        return !(cx->actor.roles & examines) || cx->actor.body != c->holder ? RC_DENIED
               : cases_move(c->state, ACT_PARTY)                            ? RC_OK
                                                                            : RC_CONFLICT;
    if (!(cx->actor.roles & (ROLE_BIT(ROLE_CLERK) | ROLE_BIT(ROLE_DELIVERY))))
        return RC_DENIED;
    enum rc rc = cases_service_find(cx, c, ask->document, &s);
    return rc ? rc : str_is(s.state, "served") ? RC_CONFLICT : RC_OK;
}

/* n 0: it is about the applicant. */
static enum rc party_find(struct cx *cx, const struct cases_case *c, const struct cases_contact_ask *ask, struct cases_party *out)
{
    if (ask->party)
        return cases_party_get(cx, c, ask->party, out);
    enum rc rc = cases_party_of_document(cx, c, ask->document, out);
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

enum rc cases_contact_reveal(struct cx *cx, struct cases_case *c, const struct cases_contact_ask *ask, struct cases_contact *out)
{
    struct cases_party p = { 0 };
    *out = (struct cases_contact){ 0 };
    if (!word_in(cases_contact_purposes, ask->purpose))
        return cx_invalid(cx, "purpose", "base.required");
    enum rc rc = cases_file_open(cx, c);
    if (!rc)
        rc = may_look(cx, c, ask);
    if (!rc)
        rc = party_find(cx, c, ask, &p);
    if (rc)
        return rc;
    struct str body = arena_fmt(cx->arena, "{\"document\":%lld,\"party\":%lld,\"purpose\":\"" STR_F "\"}", (long long)ask->document,
                                (long long)p.n, STR_A(ask->purpose));
    rc = cases_note(cx, c, "case.contact_shown", body, STR_NONE);
    if (rc)
        return rc;
    return p.n ? party_open(cx, c, &p, out) : applicant_open(cx, c, str_is(ask->purpose, "post"), out);
}

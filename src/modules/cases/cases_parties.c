/* cases_parties.c - 利害关系人 (行政许可法 36): who has a major interest is told, may answer until a day, and is heard. */
#include "base/seal.h"
#include "cases_service.h"
#include "modules/org/org.h"

static enum rc begin(struct cx *cx, struct cases_case *c)
{
    const char *to;
    uint64_t roles = ROLE_BIT(ROLE_REVIEWER) | ROLE_BIT(ROLE_SECTION_HEAD) | ROLE_BIT(ROLE_BODY_HEAD);
    if (!(cx->actor.roles & roles))
        return RC_DENIED;
    enum rc rc = cases_act_begin(cx, c, ACT_PARTY, &to);
    return !rc && c->holder != cx->actor.body ? RC_DENIED : rc;
}

enum rc cases_party_add(struct cx *cx, struct cases_case *c, struct str name, struct str contact, struct str interest)
{
    if (!name.n)
        return cx_invalid(cx, "name", "base.required");
    if (!interest.n)
        return cx_invalid(cx, "interest", "base.required");
    enum rc rc = begin(cx, c);
    if (!rc)
        rc = cases_store_party_add(cx, c->id, name,
                                   seal(cx->arena, &cx->app->keys, "cases_party.contact", c->id, contact.n ? contact : STR("")), interest);
    return rc ? rc : cases_note(cx, c, "case.party_added", STR_NONE, name);
}

/* By number, or with 0 by the notice. */
static enum rc party_find(struct cx *cx, const struct cases_case *c, int64_t n, int64_t document, struct cases_party *out)
{
    struct list all;
    enum rc rc = cases_store_parties(cx, c->id, &all);
    for (size_t i = 0; i < all.n && !rc; i++) {
        const struct cases_party *p = (const struct cases_party *)all.v + i;
        if (n ? p->n == n : p->document == document) {
            *out = *p;
            return RC_OK;
        }
    }
    return rc ? rc : RC_NOT_FOUND;
}

enum rc cases_party_get(struct cx *cx, const struct cases_case *c, int64_t n, struct cases_party *out)
{
    return n > 0 ? party_find(cx, c, n, 0, out) : RC_NOT_FOUND;
}

enum rc cases_party_of_document(struct cx *cx, const struct cases_case *c, int64_t document, struct cases_party *out)
{
    return document > 0 ? party_find(cx, c, 0, document, out) : RC_NOT_FOUND;
}

/* Told until p->answer_until, and told why he is. `old`: number of the void notice before it. */
static enum rc notice_make(struct cx *cx, const struct cases_case *c, const struct cases_party *p, struct str old)
{
    struct cases_paper paper = { .party = p->name, .reasons = p->interest, .until = p->answer_until, .replaces = old };
    struct str body = arena_fmt(cx->arena, "{\"party\":%lld,\"until\":%d}", (long long)p->n, p->answer_until.n);
    enum rc rc = cases_note(cx, c, "case.party_told", body, STR_NONE);
    return rc ? rc : cases_paper_make(cx, c, "third_party", &paper);
}

enum rc cases_party_tell(struct cx *cx, struct cases_case *c, int64_t n, struct day until)
{
    struct cases_party p;
    int64_t last = 0;
    if (until.n <= day_at(cx->now).n)
        return cx_invalid(cx, "until", "cases.until_past");
    enum rc rc = cases_day_known(cx, "until", until);
    if (!rc)
        rc = begin(cx, c);
    if (!rc)
        rc = cases_party_get(cx, c, n, &p);
    if (!rc)
        rc = cases_store_document_last(cx, c->id, &last);
    if (!rc)
        rc = cases_store_party_tell(cx, c->id, n, until, last + 1);
    if (!rc)
        p.answer_until = until;
    return rc ? rc : notice_make(cx, c, &p, STR_NONE);
}

enum rc cases_party_tell_again(struct cx *cx, const struct cases_case *c, const struct cases_document *old, struct str interest,
                               struct day until)
{
    struct cases_party p;
    int64_t last = 0;
    enum rc rc = cases_party_of_document(cx, c, old->n, &p);
    if (!rc)
        rc = cases_store_document_last(cx, c->id, &last);
    if (rc)
        return rc;
    if (interest.n)
        p.interest = interest;
    if (until.n)
        p.answer_until = until;
    rc = cases_store_party_told_again(cx, c->id, p.n, p.answer_until, last + 1);
    return rc ? rc : notice_make(cx, c, &p, old->number);
}

enum rc cases_party_answer(struct cx *cx, struct cases_case *c, int64_t n, struct str answer)
{
    struct cases_party p;
    if (!answer.n)
        return cx_invalid(cx, "answer", "base.required");
    enum rc rc = begin(cx, c);
    if (!rc)
        rc = cases_party_get(cx, c, n, &p);
    if (!rc)
        rc = cases_store_party_answer(cx, c->id, n, answer);
    return rc ? rc : cases_note(cx, c, "case.party_answered", arena_fmt(cx->arena, "{\"party\":%lld}", (long long)n), answer);
}

enum rc cases_parties_check(struct cx *cx, const struct cases_case *c)
{
    struct list all;
    enum rc rc = cases_store_parties(cx, c->id, &all);
    for (size_t i = 0; i < all.n && !rc; i++) {
        const struct cases_party *p = (const struct cases_party *)all.v + i;
        bool runs = p->told_on.n && !p->answered_on.n && day_at(cx->now).n <= p->answer_until.n;
        if (p->told_on.n && !runs)
            continue;
        rc = cx_invalid(cx, "decision", p->told_on.n ? "cases.party_time_runs" : "cases.party_not_told");
        rc = rc == RC_INVALID ? RC_CONFLICT : rc;
    }
    return rc;
}

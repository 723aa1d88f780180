/* cases_beside.c - what stands beside the clock on a case's page: place, remedies, service, third parties, what is void. */
#include "cases_fill.h"
#include "modules/org/org.h"
#include "modules/places/places.h"
#include "modules/holidays/holidays.h"

enum { RECONSIDER_DAYS = 60, SUE_MONTHS = 6 };

static enum rc place_fill(struct cx *cx, const struct cases_case *c, struct case_view *v)
{
    struct places_place p;
    enum rc rc = places_zone_list(cx, c->item_code, &v->zones);
    if (rc || !v->zones.n)
        return rc;
    v->limited = true;
    rc = places_find(cx, c->id, &p);
    v->can_name_place = cases_move(c->state, ACT_PLACE) && (rc == RC_NOT_FOUND || str_is(p.state, "named"));
    if (rc)
        return rc == RC_NOT_FOUND ? RC_OK : rc;
    v->place_state = p.state;
    for (size_t i = 0; i < v->zones.n; i++)
        if (((const struct places_zone *)v->zones.v)[i].n == p.zone)
            v->place_zone = ((const struct places_zone *)v->zones.v)[i].name;
    return RC_OK;
}

/* Whether the licence has ended, and whether it could be. */
static enum rc licence_fill(struct cx *cx, const struct cases_case *c, struct case_view *v)
{
    struct catalog_item item;
    bool stands = false, ours = cx->actor.post && cx->actor.body == c->holder && !org_has_role(cx, ROLE_CLERK);
    enum rc rc = cases_licence_ended(cx, c->id, &v->licence_ended_at);
    if (rc || v->licence_ended_at.ms || !ours || !cases_move(c->state, ACT_LICENCE_END))
        return rc;
    rc = cases_store_document_stands(cx, c->id, "grant", &stands);
    if (!rc && stands)
        rc = catalog_version_get(cx, c->item, c->version, &item);
    v->can_end_licence = !rc && stands && catalog_is_licence(item.regime);
    return rc;
}

/* 行政复议法 20: 60 days; 行政诉讼法 46: six months; both from service. A date beyond the known calendar is left out. */
static enum rc remedy_fill(struct cx *cx, const struct cases_case *c, struct case_view *v)
{
    struct org_body b;
    const struct calendar *k;
    struct spans none = { 0 };
    enum rc rc = org_body_get(cx, c->holder, &b);
    if (!rc)
        rc = holidays_calendar(cx, &k);
    if (rc)
        return rc;
    v->remedy_body = b.remedy_body;
    v->has_remedy = true;
    if (!v->served_on.n)
        return RC_OK;
    rc = calendar_due_cd(k, v->served_on, RECONSIDER_DAYS, none, &v->reconsider_until);
    if (!rc || rc == RC_NOT_FOUND)
        rc = calendar_due_months(k, v->served_on, SUE_MONTHS, &v->sue_until);
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

/* What waits for a second person, and who may ask and settle. */
static enum rc voids_fill(struct cx *cx, const struct cases_case *c, struct case_view *v)
{
    uint64_t settle = ROLE_BIT(ROLE_REVIEWER) | ROLE_BIT(ROLE_SECTION_HEAD) | ROLE_BIT(ROLE_BODY_HEAD);
    enum rc rc = cases_store_voids(cx, c->id, &v->voids);
    struct cases_void *all = (void *)v->voids.v;
    size_t n = 0;
    for (size_t i = 0; i < v->voids.n && !rc; i++)
        if (str_is(all[i].state, "asked"))
            all[n++] = all[i];
    v->voids.n = n;
    v->can_settle = cx->actor.roles & settle && (cx->actor.body == c->body || cx->actor.body == c->holder);
    v->can_void_case = cx->actor.roles & (settle | ROLE_BIT(ROLE_CLERK)) && cases_move(c->state, ACT_VOID);
    v->can_void = v->can_void_case;
    v->can_archive = cx->actor.roles & (ROLE_BIT(ROLE_CLERK) | ROLE_BIT(ROLE_REVIEWER) | ROLE_BIT(ROLE_SECTION_HEAD)) &&
                     cases_move(c->state, ACT_ARCHIVE);
    v->retention_basis = str_c(cases_retention_basis);
    return rc;
}

/* How each document was served; the newest refusal tells from when its periods run. */
static enum rc services_fill(struct cx *cx, const struct cases_case *c, struct case_view *v)
{
    enum rc rc = cases_store_services(cx, c->id, &v->services);
    if (!rc)
        rc = cases_consent_get(cx, c, &v->consent);
    for (size_t i = 0; i < v->services.n && !rc; i++) {
        const struct cases_service *s = (const struct cases_service *)v->services.v + i;
        if (str_is(s->kind, "refusal"))
            v->served_on = s->served_on;
        v->can_serve |= !str_is(s->state, "served");
    }
    v->has_services = v->services.n > 0;
    v->can_serve = v->can_serve && cx->actor.roles & (ROLE_BIT(ROLE_CLERK) | ROLE_BIT(ROLE_DELIVERY));
    return rc;
}

static enum rc parties_fill(struct cx *cx, const struct cases_case *c, struct case_view *v)
{
    uint64_t examines = ROLE_BIT(ROLE_REVIEWER) | ROLE_BIT(ROLE_SECTION_HEAD) | ROLE_BIT(ROLE_BODY_HEAD);
    enum rc rc = cases_store_parties(cx, c->id, &v->parties);
    v->has_parties = !rc && v->parties.n > 0;
    v->can_party = cx->actor.roles & examines && cx->actor.body == c->holder && cases_move(c->state, ACT_PARTY);
    return rc;
}

/* Was it refused? Delivered cases keep the decision among their documents. */
static bool is_refused(const struct case_view *v)
{
    for (size_t i = 0; i < v->documents.n; i++)
        if (str_is(((const struct cases_document_line *)v->documents.v)[i].kind, "refusal"))
            return true;
    return false;
}

enum rc cases_beside_fill(struct cx *cx, const struct cases_case *c, struct case_view *v)
{
    enum rc rc = place_fill(cx, c, v);
    if (!rc)
        rc = licence_fill(cx, c, v);
    if (!rc)
        rc = services_fill(cx, c, v);
    if (!rc)
        rc = cases_date_changes(cx, c, &v->date_changes);
    if (!rc && cx->actor.post)
        rc = parties_fill(cx, c, v);
    if (!rc && is_refused(v))
        rc = remedy_fill(cx, c, v);
    if (!rc && cx->actor.post)
        rc = cases_store_findings(cx, c->id, &v->findings);
    if (!rc && cx->actor.post)
        rc = voids_fill(cx, c, v);
    return rc;
}

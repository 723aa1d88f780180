/* cases_places.c - items whose number is limited: the zone is named, a place reserved by acceptance, taken by grant, freed. */
#include "cases_service.h"
#include "ledger/ledger.h"
#include "modules/org/org.h"
#include "modules/places/places.h"

static enum rc is_limited(struct cx *cx, const struct cases_case *c, bool *out)
{
    struct list zones;
    enum rc rc = places_zone_list(cx, c->item_code, &zones);
    *out = !rc && zones.n > 0;
    return rc;
}

/* When everything that was needed had come: the last supplement, else receipt. */
static enum rc complete_at(struct cx *cx, const struct cases_case *c, int64_t *out)
{
    struct list rows;
    enum rc rc = ledger_list(cx, c->id, 0, &rows);
    *out = c->received_at.ms;
    for (size_t i = 0; i < rows.n && !rc; i++) {
        const struct ledger_row *r = (const struct ledger_row *)rows.v + i;
        if (str_is(r->kind, "case.completed"))
            *out = r->effective_at.ms;
    }
    return rc;
}

/* Reserve or wait. That a complete receipt was overtaken is a finding; the order of acceptance stands. */
static enum rc place_reserve(struct cx *cx, const struct cases_case *c, int64_t accepted_at)
{
    int64_t complete = 0;
    bool overtaken = false;
    enum rc rc = complete_at(cx, c, &complete);
    if (!rc)
        rc = places_accept(cx, c->id, complete, accepted_at, &overtaken);
    if (!rc && overtaken)
        rc = cases_store_finding_add(cx, c, "order_overtaken");
    return rc;
}

enum rc cases_place_accept(struct cx *cx, const struct cases_case *c, int64_t accepted_at, bool by_itself)
{
    struct places_place p;
    bool limited = false;
    enum rc rc = is_limited(cx, c, &limited);
    if (rc || !limited)
        return rc;
    rc = places_find(cx, c->id, &p);
    if (rc == RC_NOT_FOUND) /* silence accepts without a zone; it is named in review then */
        return by_itself ? RC_OK : cx_invalid(cx, "zone", "cases.zone_missing");
    return rc ? rc : place_reserve(cx, c, accepted_at);
}

enum rc cases_place_name(struct cx *cx, struct cases_case *c, int64_t zone)
{
    const char *to;
    bool limited = false;
    if (cx->actor.post && !(cx->actor.roles & (ROLE_BIT(ROLE_CLERK) | ROLE_BIT(ROLE_REVIEWER))))
        return RC_DENIED;
    enum rc rc = cases_act_begin(cx, c, ACT_PLACE, &to);
    if (!rc)
        rc = is_limited(cx, c, &limited);
    if (!rc && !limited)
        return RC_CONFLICT;
    if (!rc)
        rc = places_name(cx, c->id, c->item_code, zone);
    if (!rc)
        rc = cases_note(cx, c, "case.place_named", arena_fmt(cx->arena, "{\"zone\":%lld}", (long long)zone), STR_NONE);
    return rc || !str_is(c->state, "in_review") ? rc : place_reserve(cx, c, cx->now);
}

/* Those who wait or hope are told; who stood first has the place reserved. */
static enum rc others_tell(struct cx *cx, const struct list *told)
{
    enum rc rc = RC_OK;
    for (size_t i = 0; i < told->n && !rc; i++) {
        const struct places_told *t = (const struct places_told *)told->v + i;
        struct cases_case c;
        rc = cases_get(cx, t->case_id, &c);
        if (!rc)
            rc = cases_note(cx, &c, "case.place_free", t->reserved ? STR("{\"reserved\":true}") : STR("{\"reserved\":false}"), STR_NONE);
        if (!rc)
            rc = cases_tell(cx, &c, "place_free");
    }
    return rc;
}

enum rc cases_place_end(struct cx *cx, const struct cases_case *c, bool refused)
{
    struct list told;
    enum rc rc = places_free(cx, c->id, refused, &told);
    if (rc)
        return rc == RC_NOT_FOUND || rc == RC_CONFLICT ? RC_OK : rc;
    return others_tell(cx, &told);
}

enum rc cases_place_grant(struct cx *cx, const struct cases_case *c)
{
    bool limited = false;
    enum rc rc = is_limited(cx, c, &limited);
    if (rc || !limited)
        return rc;
    rc = places_take(cx, c->id);
    if (rc != RC_CONFLICT)
        return rc;
    rc = cx_invalid(cx, "decision", "cases.no_place");
    return rc == RC_INVALID ? RC_CONFLICT : rc;
}

/* An act under 行政许可法 that was granted and stands. */
static enum rc licence_check(struct cx *cx, const struct cases_case *c)
{
    struct catalog_item item;
    bool stands = false;
    enum rc rc = catalog_version_get(cx, c->item, c->version, &item);
    if (!rc)
        rc = cases_store_document_stands(cx, c->id, "grant", &stands);
    return rc || (stands && catalog_is_licence(item.regime)) ? rc : RC_CONFLICT;
}

enum rc cases_licence_over(struct cx *cx, const struct cases_case *c, struct str reason)
{
    struct list told = { 0 };
    enum rc rc = cases_store_cancel_add(cx, c->id);
    if (!rc)
        rc = places_free(cx, c->id, false, &told);
    if (!rc || rc == RC_NOT_FOUND) /* most licences have no place */
        rc = cases_store_licence_end(cx, c->id);
    if (!rc || rc == RC_NOT_FOUND) /* and one that was given before licences were kept is not there */
        rc = cases_note(cx, c, "case.licence_ended", STR_NONE, reason);
    if (!rc)
        rc = cases_tell(cx, c, "licence_ended");
    return rc ? rc : others_tell(cx, &told);
}

enum rc cases_licence_end(struct cx *cx, struct cases_case *c, struct str reason)
{
    const char *to;
    if (!(cx->actor.roles & (ROLE_BIT(ROLE_SECTION_HEAD) | ROLE_BIT(ROLE_BODY_HEAD) | ROLE_BIT(ROLE_REVIEWER))))
        return RC_DENIED;
    if (!reason.n)
        return cx_invalid(cx, "reason", "cases.reason_missing");
    enum rc rc = cases_act_begin(cx, c, ACT_LICENCE_END, &to);
    if (!rc && c->holder != cx->actor.body)
        return RC_DENIED;
    if (!rc)
        rc = licence_check(cx, c);
    return rc ? rc : cases_licence_over(cx, c, reason);
}

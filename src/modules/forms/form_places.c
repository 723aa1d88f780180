/* form_places.c - addresses: divisions of the county by name, and licences that somebody may choose from. */
#include "form_read.h"
#include "modules/org/org.h"

/* "示例县凤城街道东门社区居民委员会": the county's name comes with its townships only. */
static enum rc place_name(struct cx *cx, const struct org_division *d, struct str *out)
{
    struct org_division above;
    *out = arena_fmt(cx->arena, STR_F STR_F, STR_A(d->parent_name), STR_A(d->name));
    enum rc rc = d->level > 4 ? org_division_find(cx, d->parent, &above) : RC_NOT_FOUND;
    if (!rc)
        *out = arena_fmt(cx->arena, STR_F STR_F, STR_A(above.parent_name), STR_A(*out));
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

static enum rc place_get(struct cx *cx, struct str *answer)
{
    struct form_parts p = form_parts_of(*answer);
    struct org_division d;
    if (!p.choice.n || p.said.n || str_is(p.choice, FORM_OTHER))
        return RC_OK;
    enum rc rc = org_division_find(cx, p.choice, &d);
    if (!rc)
        rc = place_name(cx, &d, &p.said);
    if (!rc)
        *answer = form_parts_write(cx->arena, &p);
    return rc == RC_NOT_FOUND ? RC_OK : rc; /* said by the check */
}

enum rc forms_places_get(struct cx *cx, const struct form *f, const char *group, struct form_answers ans)
{
    enum rc rc = RC_OK;
    for (size_t i = 0; i < f->n && !rc; i++)
        if (f->fields[i].kind == FORM_ADDRESS && (!group || str_is(f->fields[i].group, group)))
            rc = place_get(cx, &ans.v[i]);
    return rc;
}

void forms_offer(struct arena *a, const struct form *f, size_t field, struct list choices, struct form_answers ans)
{
    struct form_parts p = form_parts_of(ans.v[field]);
    if (f->fields[field].kind != FORM_LICENCE)
        return;
    ans.offers[field] = choices;
    p.said = STR("");
    for (size_t i = 0; i < choices.n; i++) {
        const struct form_choice *c = (const struct form_choice *)choices.v + i;
        if (str_eq(c->value, p.choice))
            p.said = c->text;
    }
    ans.v[field] = p.choice.n ? form_parts_write(a, &p) : ans.v[field];
}

/* ---- on pages ---------------------------------------------------------------------------------------------------------------- */

static struct form_choice_view place_view(const struct org_division *d, struct str name, struct str chosen)
{
    return (struct form_choice_view){ STR(""), d->code, name, str_eq(d->code, chosen) };
}

/* Townships with their villages, the township itself first; empty where the divisions cannot be read. */
struct list form_areas(struct cx *cx, struct str chosen)
{
    struct list all = { 0 };
    if (org_division_list(cx, &all))
        return (struct list){ 0 };
    struct form_area_view *v = arena_many(cx->arena, struct form_area_view, all.n);
    struct form_choice_view *places = arena_many(cx->arena, struct form_choice_view, all.n);
    const struct org_division *d = all.v;
    size_t n = 0;
    for (size_t i = 0; i < all.n; i++) {
        if (d[i].level == 4)
            v[n++] = (struct form_area_view){ d[i].name, { &places[i], 0 } };
        if (!n)
            continue;
        places[i] = place_view(&d[i], d[i].name, chosen);
        v[n - 1].places.n++;
    }
    return (struct list){ v, n };
}

/* catalog_forms.c - items and their forms: which version an item is applied for with, and whether the two fit. */
#include "modules/catalog/catalog_store.h"
#include "modules/org/org.h"

/* ---- publishing ------------------------------------------------------------------------------------------------------ */

/* The item once more, with the new version of its form. */
static enum rc item_renew(struct cx *cx, struct str code)
{
    struct catalog_item item;
    struct catalog_parts parts;
    enum rc rc = catalog_item_find(cx, code, &item);
    if (!rc)
        rc = catalog_parts_get(cx, item.id, item.version, &parts);
    if (!rc)
        rc = catalog_form_resolve(cx, &item);
    if (!rc)
        rc = catalog_form_check(cx, &item, &parts.materials, &cx->issues);
    if (!rc && cx->issues.n)
        rc = RC_INVALID;
    item.version++;
    return rc ? rc : catalog_version_write(cx, &item, &parts);
}

static enum rc items_renew(struct cx *cx, struct str form, int64_t version)
{
    struct str after = STR("");
    struct list codes;
    enum rc rc;
    do {
        rc = catalog_store_items_by_form(cx, form, version, after, &codes);
        for (size_t i = 0; i < codes.n && !rc; i++) {
            after = ((const struct catalog_word *)codes.v)[i].word;
            rc = item_renew(cx, after);
        }
    } while (!rc && codes.n);
    return rc;
}

enum rc catalog_forms_import(struct cx *cx, const struct list *forms)
{
    enum rc rc = RC_OK;
    for (size_t i = 0; i < forms->n && !rc; i++) {
        const struct pair *p = (const struct pair *)forms->v + i;
        int64_t version = 0;
        rc = forms_import(cx, p->name, p->value, &version);
        if (!rc)
            rc = items_renew(cx, p->name, version);
    }
    return rc;
}

/* ---- fitting ----------------------------------------------------------------------------------------------------------- */

enum rc catalog_form_resolve(struct cx *cx, struct catalog_item *item)
{
    item->form_code = item->form.n ? item->form : STR("standard");
    enum rc rc = forms_newest(cx, item->form_code, &item->form_version);
    if (rc == RC_NOT_FOUND && item->form.n) {
        item->form_code = STR("standard");
        rc = forms_newest(cx, item->form_code, &item->form_version);
    }
    if (rc != RC_NOT_FOUND)
        return rc;
    item->form_code = STR("");
    item->form_version = 0;
    return RC_OK;
}

static void wrong(struct cx *cx, struct issues *is, const char *field, const char *key, struct str a1, struct str a2)
{
    issues_add(is, cx->arena, str_c(field), key, a1, a2);
}

static void steps_check(struct cx *cx, const struct catalog_item *item, const struct process_def *route, struct issues *is)
{
    for (size_t i = 0; i < route->n; i++) {
        if (!word_in(org_role_words, route->nodes[i].role))
            wrong(cx, is, "steps", "catalog.no_such_role", route->nodes[i].name, route->nodes[i].role);
        if (route->nodes[i].wants == WANTS_FORWARDED && !item->decider.n)
            wrong(cx, is, "decider", "catalog.forwarded_to_nobody", STR_NONE, STR_NONE);
    }
}

enum rc catalog_form_check(struct cx *cx, const struct catalog_item *item, const struct list *materials, struct issues *issues)
{
    const struct form *f = NULL;
    enum rc rc = forms_get(cx, item->form_code, item->form_version, &f);
    if (rc || !f || !item->form.n || !str_eq(f->code, item->form))
        return rc; /* without a form of its own nothing can contradict it */
    for (size_t i = 0; i < materials->n; i++) {
        const struct catalog_material *m = (const struct catalog_material *)materials->v + i;
        if (m->needed_if.n && !form_condition_ok(f, m->needed_if))
            wrong(cx, issues, "needed_if", "catalog.no_such_answer", m->name, m->needed_if);
    }
    if (f->fee.on && !item->fee)
        wrong(cx, issues, "fee", "catalog.form_asks_fee", STR_NONE, STR_NONE);
    steps_check(cx, item, &f->route, issues);
    return RC_OK;
}

struct list catalog_material_asked(struct arena *a, const struct list *all, const struct form *f, struct form_answers ans)
{
    struct catalog_material *v = arena_many(a, struct catalog_material, all->n);
    size_t n = 0;
    for (size_t i = 0; i < all->n; i++) {
        const struct catalog_material *m = (const struct catalog_material *)all->v + i;
        enum form_holds h = form_holds(f, m->needed_if, ans);
        if (h == FORM_HOLDS_NOT)
            continue;
        v[n] = *m;
        if (h == FORM_HOLDS && m->needed_if.n)
            v[n].needed_when = STR(""); /* it is needed: no word about when */
        n++;
    }
    return (struct list){ v, n };
}

/* cases_licences.c - what was granted and is still held: the holder chooses from it, a new grant replaces or ends it. */
#include "cases_forms.h"
#include "cases_service.h"

bool cases_wants_licence(const struct form *f)
{
    for (size_t i = 0; i < f->n; i++)
        if (f->fields[i].kind == FORM_LICENCE)
            return true;
    return false;
}

static struct str day_iso(struct cx *cx, struct day d)
{
    struct buf b;
    buf_init(&b, cx->arena, 16);
    buf_day(&b, d);
    return buf_view(&b);
}

/* "2026-10-12发，有效期至2031-10-11" */
static struct str licence_words(struct cx *cx, const struct cases_licence *l)
{
    struct str made = day_iso(cx, day_at(l->made_at.ms));
    if (!l->valid_until.n)
        return cases_said(cx, "cases.licence_made", made, STR_NONE);
    bool over = l->valid_until.n < day_at(cx->now).n;
    return cases_said(cx, over ? "cases.licence_over" : "cases.licence_until", made, day_iso(cx, l->valid_until));
}

/* Licences of the item itself and of those that the field names. */
static enum rc licences_of(struct cx *cx, const struct cases_holder *h, struct str item_code, struct str items, struct list *out)
{
    struct cases_licence *v = arena_many(cx->arena, struct cases_licence, CASES_LICENCES_MAX);
    struct str rest = items.n ? arena_fmt(cx->arena, STR_F " " STR_F, STR_A(item_code), STR_A(items)) : item_code;
    enum rc rc = RC_OK;
    size_t n = 0;
    while (rest.p && !rc) {
        struct list some = { 0 };
        rc = cases_store_held_list(cx, h, str_cut(&rest, ' '), &some);
        for (size_t i = 0; i < some.n && n < CASES_LICENCES_MAX; i++)
            v[n++] = ((const struct cases_licence *)some.v)[i];
    }
    *out = (struct list){ v, n };
    return rc;
}

enum rc cases_licences_offer(struct cx *cx, const struct cases_holder *h, struct str item_code, const struct cases_filled *by)
{
    enum rc rc = RC_OK;
    for (size_t i = 0; i < by->form->n && !rc; i++) {
        struct list all;
        if (by->form->fields[i].kind != FORM_LICENCE)
            continue;
        rc = licences_of(cx, h, item_code, by->form->fields[i].items, &all);
        if (rc)
            return rc;
        struct form_choice *c = arena_many(cx->arena, struct form_choice, all.n);
        for (size_t k = 0; k < all.n; k++) {
            const struct cases_licence *l = (const struct cases_licence *)all.v + k;
            c[k] = (struct form_choice){ l->number, licence_words(cx, l) };
        }
        forms_offer(cx->arena, by->form, i, (struct list){ c, all.n }, by->answers);
    }
    return rc;
}

/* The case that gave the licence chosen in this field; RC_NOT_FOUND if none of his was. */
static enum rc chosen_find(struct cx *cx, const struct cases_holder *h, struct str item_code, const struct cases_filled *by, size_t i,
                           int64_t *out)
{
    struct list all;
    struct str number = form_parts_of(by->answers.v[i]).choice;
    enum rc rc = licences_of(cx, h, item_code, by->form->fields[i].items, &all);
    for (size_t k = 0; !rc && k < all.n; k++) {
        const struct cases_licence *l = (const struct cases_licence *)all.v + k;
        *out = l->case_id;
        if (str_eq(l->number, number))
            return RC_OK;
    }
    return rc ? rc : RC_NOT_FOUND;
}

enum rc cases_licence_fill(struct cx *cx, const struct cases_holder *h, struct str item_code, const struct cases_filled *by, bool *out_any)
{
    enum rc rc = RC_OK;
    *out_any = false;
    for (size_t i = 0; i < by->form->n && !rc; i++) {
        int64_t from = 0;
        struct cases_case c;
        struct cases_filled held;
        if (by->form->fields[i].kind != FORM_LICENCE || !by->answers.v[i].n || !form_asked(by->form, i, by->answers))
            continue;
        rc = chosen_find(cx, h, item_code, by, i, &from);
        if (!rc)
            rc = cases_get(cx, from, &c);
        if (!rc)
            rc = cases_form_open(cx, &c, &held);
        if (!rc)
            form_fill_from(by->form, NULL, by->answers, held.form, held.answers, out_any);
        rc = rc == RC_NOT_FOUND ? RC_OK : rc;
    }
    return rc;
}

/* ---- the grant ------------------------------------------------------------------------------------------------------------------ */

/* The last day of so many years from this day on. */
static struct day years_on(struct day d, int64_t years)
{
    struct civil c = day_civil(d);
    bool leap = c.month == 2 && c.day == 29;
    c.year += (int32_t)years;
    c.day = leap ? 28 : c.day;
    return (struct day){ day_of(c).n - !leap };
}

/* Replaced by what is granted now; given up, where nothing is. */
static enum rc old_end(struct cx *cx, const struct cases_case *c, int64_t old, bool replaced)
{
    struct cases_case before;
    enum rc rc = cases_get(cx, old, &before);
    return rc ? rc : cases_licence_over(cx, &before, replaced ? c->id : 0, STR_NONE);
}

enum rc cases_licence_grant(struct cx *cx, const struct cases_case *c)
{
    struct cases_filled by;
    struct day until = { 0 };
    int64_t old = 0;
    enum rc rc = cases_form_open(cx, c, &by);
    if (rc)
        return rc;
    const struct form_grant *g = &by.form->grant;
    struct cases_holder h = { .account = c->account, .person = c->applicant };
    bool replaces = g->replaces >= 0 && by.answers.v[g->replaces].n && form_asked(by.form, (size_t)g->replaces, by.answers);
    rc = replaces ? chosen_find(cx, &h, c->item_code, &by, (size_t)g->replaces, &old) : RC_NOT_FOUND;
    if (!rc)
        rc = old_end(cx, c, old, form_gives_licence(by.form, by.answers));
    if (rc && rc != RC_NOT_FOUND)
        return rc;
    if (g->years)
        until = years_on(day_at(cx->now), g->years);
    return form_gives_licence(by.form, by.answers) ? cases_store_held_add(cx, c, until) : RC_OK;
}

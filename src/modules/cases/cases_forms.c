/* cases_forms.c - the form a draft or case was begun with, and what its answers bring: materials, advice, fee. */
#include "cases_forms.h"

struct str cases_said(struct cx *cx, const char *key, struct str one, struct str two)
{
    struct buf b;
    buf_init(&b, cx->arena, 120);
    texts_put(cx->app->texts, &b, cx->actor.locale, str_c(key), one, two);
    return buf_view(&b);
}

enum rc cases_form(struct cx *cx, const struct cases_case *c, const struct form **out)
{
    return catalog_form_get(cx, c->item, c->version, out);
}

enum rc cases_form_open(struct cx *cx, const struct cases_case *c, struct cases_filled *out)
{
    enum rc rc = cases_form(cx, c, &out->form);
    return rc ? rc : cases_answers_open(cx, "cases_case.answers", c->id, c->answers, out->form, &out->answers);
}

enum rc cases_draft_open(struct cx *cx, const struct cases_draft *d, struct cases_filled *out)
{
    enum rc rc = catalog_form_get(cx, d->item, d->version, &out->form);
    return rc ? rc : cases_answers_open(cx, "cases_draft.answers", d->id, d->answers, out->form, &out->answers);
}

static enum rc asked(struct cx *cx, int64_t item, int64_t version, const struct cases_filled *by, struct list *out)
{
    enum rc rc = catalog_material_list(cx, item, version, out);
    if (!rc)
        *out = catalog_material_asked(cx->arena, out, by->form, by->answers);
    return rc;
}

enum rc cases_draft_materials(struct cx *cx, const struct cases_draft *d, struct list *out)
{
    struct cases_filled by;
    enum rc rc = cases_draft_open(cx, d, &by);
    return rc ? rc : asked(cx, d->item, d->version, &by, out);
}

enum rc cases_case_materials(struct cx *cx, const struct cases_case *c, struct list *out)
{
    struct cases_filled by;
    enum rc rc = cases_form_open(cx, c, &by);
    return rc ? rc : asked(cx, c->item, c->version, &by, out);
}

struct cases_charge cases_charge(struct cx *cx, const struct cases_filled *by)
{
    struct form_charge charge;
    struct cases_charge out = { STR(""), STR("") };
    if (form_charge(cx->arena, by->form, by->answers, &charge))
        return out; /* no fee, or not yet to be computed */
    out.how = charge.how;
    out.yuan = arena_fmt(cx->arena, "%lld.%02lld", (long long)(charge.amount.n / 100), (long long)(charge.amount.n % 100));
    return out;
}

/* Fields that may be corrected on the spot: what was asked, but no rows. */
struct list cases_amendable(struct cx *cx, const struct cases_filled *by)
{
    struct form_choice_view *v = arena_many(cx->arena, struct form_choice_view, by->form->n);
    size_t n = 0;
    for (size_t i = 0; i < by->form->n; i++) {
        const struct form_field *f = &by->form->fields[i];
        if (f->kind != FORM_ROWS && f->kind != FORM_YES && form_asked(by->form, i, by->answers))
            v[n++] = (struct form_choice_view){ STR(""), f->name, f->title, false };
    }
    return (struct list){ v, n };
}

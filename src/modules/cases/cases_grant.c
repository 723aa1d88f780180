/* cases_grant.c - what a grant says of its matter: the name that is granted, and the answers that are printed. */
#include "cases_forms.h"
#include "modules/identity/identity.h"

/* A name that is wished for: asked, answered, and not to be anybody else's. */
static bool is_wished(const struct cases_filled *by, size_t i)
{
    return by->form->fields[i].unique && by->answers.v[i].n && form_asked(by->form, i, by->answers);
}

/* Somebody else's: a name of this case or of the applicant is his own, one of a void case nobody's. */
static enum rc is_others(struct cx *cx, const struct cases_name_asker *who, int64_t owner, bool *out)
{
    struct cases_case c;
    *out = owner != who->case_id && owner != who->person;
    if (!*out)
        return RC_OK;
    enum rc rc = cases_get(cx, owner, &c);
    if (!rc)
        *out = !str_is(c.state, "voided");
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

/* The first name of the list that is somebody else's, or "". */
static enum rc others_first(struct cx *cx, const struct cases_name_asker *who, const struct list *names, struct str *out)
{
    bool others = false;
    enum rc rc = RC_OK;
    *out = STR("");
    for (size_t i = 0; i < names->n && !rc && !others; i++) {
        const struct identity_name *n = (const struct identity_name *)names->v + i;
        rc = is_others(cx, who, n->owner, &others);
        if (others)
            *out = n->name;
    }
    return rc;
}

static enum rc name_check(struct cx *cx, const struct cases_name_asker *who, struct str name, struct form_advice *out, bool *out_any)
{
    struct list same, alike;
    struct str first = STR("");
    enum rc rc = identity_name_list(cx, name, &same, &alike);
    if (!rc)
        rc = others_first(cx, who, &same, &first);
    bool taken = first.n > 0;
    if (!rc && !taken)
        rc = others_first(cx, who, &alike, &first);
    *out = (struct form_advice){ name, taken ? STR("taken") : STR("alike"),
                                 cases_said(cx, taken ? "cases.name_taken" : "cases.name_alike", name, first), STR("") };
    *out_any = first.n > 0;
    return rc;
}

enum rc cases_name_advice(struct cx *cx, const struct cases_name_asker *who, const struct cases_filled *by, struct list *out)
{
    struct form_advice *v = arena_many(cx->arena, struct form_advice, by->form->n);
    enum rc rc = RC_OK;
    size_t n = 0;
    for (size_t i = 0; i < by->form->n && !rc; i++) {
        bool any = false;
        if (is_wished(by, i))
            rc = name_check(cx, who, by->answers.v[i], &v[n], &any);
        n += any;
    }
    *out = (struct list){ v, n };
    return rc;
}

/* 0: nothing is said against the name; 1: it is like another; 2: it is taken. */
static int doubt_of(const struct list *advice, struct str name)
{
    for (size_t i = 0; i < advice->n; i++) {
        const struct form_advice *a = (const struct form_advice *)advice->v + i;
        if (str_eq(a->value, name))
            return str_is(a->kind, "taken") ? 2 : 1;
    }
    return 0;
}

struct list cases_name_choices(struct cx *cx, const struct cases_filled *by, const struct list *advice)
{
    struct form_choice_view *v = arena_many(cx->arena, struct form_choice_view, by->form->n);
    size_t n = 0, best = 0;
    for (size_t i = 0; i < by->form->n; i++)
        if (is_wished(by, i))
            v[n++] = (struct form_choice_view){ arena_fmt(cx->arena, "grant-%zu", i), by->form->fields[i].name, by->answers.v[i], false };
    for (size_t i = 1; i < n; i++)
        if (doubt_of(advice, v[i].text) < doubt_of(advice, v[best].text))
            best = i;
    if (n)
        v[best].chosen = true;
    return (struct list){ v, n };
}

/* The field `want`, or the one that would be proposed. */
static const struct form_choice_view *choice_of(const struct list *all, struct str want)
{
    for (size_t i = 0; i < all->n; i++) {
        const struct form_choice_view *v = (const struct form_choice_view *)all->v + i;
        if (want.n ? str_eq(v->value, want) : v->chosen)
            return v;
    }
    return NULL;
}

enum rc cases_name_grant(struct cx *cx, const struct cases_case *c, struct str field)
{
    struct cases_filled by;
    struct list advice, choices;
    struct str before;
    enum rc rc = identity_name_find(cx, c->id, &before);
    if (rc != RC_NOT_FOUND)
        return rc; /* chosen already, with this decision */
    rc = cases_form_open(cx, c, &by);
    if (!rc)
        rc = cases_name_advice(cx, &(struct cases_name_asker){ c->id, c->applicant }, &by, &advice);
    if (rc)
        return rc;
    choices = cases_name_choices(cx, &by, &advice);
    const struct form_choice_view *one = choice_of(&choices, field);
    if (!one)
        return field.n ? cx_invalid(cx, "name", "base.not_offered") : RC_OK;
    return identity_name_set(cx, c->id, one->text);
}

enum rc cases_particulars(struct cx *cx, const struct cases_case *c, struct str *out)
{
    struct cases_filled by = { 0 };
    struct cases_licence held;
    struct str name = STR("");
    struct buf b;
    enum rc rc = cases_form_open(cx, c, &by);
    if (!rc)
        rc = identity_name_find(cx, c->id, &name);
    if (rc && rc != RC_NOT_FOUND)
        return rc;
    buf_init(&b, cx->arena, 200);
    if (name.n)
        buf_fmt(&b, "名称：" STR_F, STR_A(name));
    for (size_t i = 0; i < by.form->n; i++) {
        const struct form_field *f = &by.form->fields[i];
        if (!f->printed || !by.answers.v[i].n || !form_asked(by.form, i, by.answers))
            continue;
        buf_fmt(&b, "%s" STR_F "：", b.n ? "\n" : "", STR_A(f->title));
        buf_str(&b, form_shown(cx->arena, by.form, i, by.answers.v[i], true));
    }
    rc = cases_store_held_get(cx, c->id, &held);
    if (!rc && held.valid_until.n) {
        buf_str(&b, b.n ? STR("\n有效期至：") : STR("有效期至："));
        buf_day(&b, held.valid_until);
    }
    *out = buf_view(&b);
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

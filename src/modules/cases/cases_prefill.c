/* cases_prefill.c - what is filled in, not asked: the applicant as the state knows him, and what he wrote the last time. */
#include "cases_forms.h"
#include "modules/identity/identity.h"

#define LAST STR("last.")

static void preset(const struct form *f, struct form_answers ans, const char *from, struct str value)
{
    for (size_t i = 0; i < f->n; i++)
        if (str_is(f->fields[i].from, from) && value.n)
            ans.v[i] = value;
}

static bool wants_last(const struct form *f)
{
    for (size_t i = 0; i < f->n; i++)
        if (str_starts(f->fields[i].from, LAST))
            return true;
    return false;
}

/* "last.address": the field of this name, of the same kind, in what he handed in last. */
static enum rc last_preset(struct cx *cx, const struct form *f, struct form_answers ans)
{
    struct list lines;
    struct cases_case c;
    struct cases_filled last = { 0 };
    enum rc rc = wants_last(f) ? cases_store_lines(cx, INT64_C(1) << 53, &lines) : RC_NOT_FOUND;
    if (!rc)
        rc = lines.n ? cases_find_own(cx, ((const struct cases_line *)lines.v)->no, &c) : RC_NOT_FOUND;
    if (!rc)
        rc = cases_form_open(cx, &c, &last);
    for (size_t i = 0; !rc && i < f->n; i++) {
        struct str from = f->fields[i].from;
        int at = str_starts(from, LAST) ? form_field_find(last.form, str_sub(from, LAST.n, from.n)) : -1;
        if (at >= 0 && last.form->fields[at].kind == f->fields[i].kind && last.answers.v[at].n)
            ans.v[i] = last.answers.v[at];
    }
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

enum rc cases_answers_prefill(struct cx *cx, const struct form *f, struct form_answers ans)
{
    struct identity_person p;
    struct str code = STR_NONE;
    enum rc rc = identity_person_get(cx, cx->actor.person, &p);
    if (!rc)
        rc = identity_reveal(cx, cx->actor.person, "cases.prefill", &code);
    if (rc)
        return rc;
    preset(f, ans, "person.kind", p.kind);
    preset(f, ans, "person.name", p.name);
    preset(f, ans, "person.code", code);
    return last_preset(cx, f, ans);
}

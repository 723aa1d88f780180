/* form_parts.c - answers of several parts: an address, a licence. In memory "choice\nsaid\ntext"; text without line ends is of the
 * time when such a field was plain text, and keeps it. */
#include "form_read.h"

#include <string.h>

bool form_has_parts(const struct form_field *f)
{
    return f->kind == FORM_ADDRESS || f->kind == FORM_LICENCE;
}

struct form_parts form_parts_of(struct str answer)
{
    struct form_parts p = { STR(""), STR(""), answer.p ? answer : STR("") };
    struct str rest = answer, choice = str_cut(&rest, '\n');
    if (!rest.p)
        return p;
    p.choice = choice;
    p.said = str_cut(&rest, '\n');
    p.text = rest.p ? rest : STR("");
    return p;
}

struct str form_parts_write(struct arena *a, const struct form_parts *p)
{
    if (!p->choice.n && !p->text.n)
        return STR_NONE;
    return arena_fmt(a, STR_F "\n" STR_F "\n" STR_F, STR_A(p->choice), STR_A(p->said), STR_A(p->text));
}

const char *form_parts_choice(const struct form_field *f)
{
    return f->kind == FORM_ADDRESS ? "division" : "licence";
}

struct str form_parts_shown(struct arena *a, const struct form_field *f, struct str answer)
{
    struct form_parts p = form_parts_of(answer);
    bool own = p.choice.n && !str_is(p.choice, FORM_OTHER);
    if (f->kind == FORM_LICENCE)
        return own && p.said.n ? arena_fmt(a, STR_F "（" STR_F "）", STR_A(p.choice), STR_A(p.said)) : own ? p.choice : p.text;
    return p.said.n ? arena_fmt(a, STR_F STR_F, STR_A(p.said), STR_A(p.text)) : p.text;
}

struct str form_parts_with_text(struct arena *a, struct str answer, struct str text)
{
    struct form_parts p = form_parts_of(answer);
    p.text = text;
    return form_parts_write(a, &p);
}

/* ---- taking over -------------------------------------------------------------------------------------------------------------- */

void form_fill_from(const struct form *f, const char *group, struct form_answers ans, const struct form *from_form,
                    struct form_answers from, bool *out_any)
{
    const struct form_group *guide = form_guide(f);
    for (size_t i = 0; i < f->n; i++) {
        const struct form_field *ff = &f->fields[i];
        int at = form_field_find(from_form, ff->name);
        if (at < 0 || ans.v[i].n || !from.v[at].n || from_form->fields[at].kind != ff->kind || ff->kind == FORM_LICENCE ||
            ff->kind == FORM_YES || (group && !str_is(ff->group, group)) || (guide && str_eq(ff->group, guide->name)))
            continue;
        ans.v[i] = from.v[at];
        *out_any = true;
    }
}

/* forms.c - answers: take, check, write, show. */
#include "modules/forms/forms.h"

#include "base/code.h"

#include <jansson.h>

struct form_answers form_answers_new(struct arena *a, const struct form *f)
{
    struct form_answers ans = { arena_many(a, struct str, f->n) };
    for (size_t i = 0; i < f->n; i++)
        ans.v[i] = f->fields[i].preset.n ? f->fields[i].preset : STR_NONE;
    return ans;
}

static bool on_page(const struct form_field *f, const char *group)
{
    return !group || str_is(f->group, group);
}

static struct str typed_value(const struct pair *typed, size_t n, struct str name)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(typed[i].name, name))
            return str_trim(typed[i].value);
    return STR_NONE;
}

void form_take(const struct form *f, const char *group, const struct pair *typed, size_t n, struct form_answers ans)
{
    for (size_t i = 0; i < f->n; i++) {
        if (!on_page(&f->fields[i], group))
            continue;
        struct str v = typed_value(typed, n, f->fields[i].name);
        ans.v[i] = v.n ? v : STR_NONE;
    }
}

static bool holds(struct form_when w, struct form_answers ans)
{
    return w.field >= 0 && str_eq(ans.v[w.field], w.value);
}

bool form_asked(const struct form *f, size_t field, struct form_answers ans)
{
    return f->fields[field].asked.field < 0 || holds(f->fields[field].asked, ans);
}

struct str form_answer(const struct form *f, struct form_answers ans, const char *name)
{
    int at = form_field_find(f, str_c(name));
    return at >= 0 && ans.v[at].p && form_asked(f, (size_t)at, ans) ? ans.v[at] : STR("");
}

/* ---- checks ---------------------------------------------------------------------------------------------------------- */

struct check {
    const struct form *f;
    struct day         today;
    struct arena      *a;
    struct issues     *issues;
};

static void wrong(const struct check *c, const struct form_field *f, const char *key, struct str a1, struct str a2)
{
    issues_add(c->issues, c->a, f->name, key, a1, a2);
}

static void code_check_take(const struct check *c, const struct form_field *f, enum code_kind kind, struct str *v)
{
    enum code_fault fault = code_read(kind, *v, c->today, c->a, v);
    if (!fault)
        return;
    struct issue i = code_issue(kind, *v, fault, c->a);
    wrong(c, f, i.key, i.arg[0], i.arg[1]);
}

static void phone_check(const struct check *c, const struct form_field *f, struct str *v)
{
    struct str s = code_normalise(c->a, *v);
    size_t digits = 0;
    for (size_t i = 0; i < s.n; i++)
        digits += s.p[i] >= '0' && s.p[i] <= '9';
    if (digits < 7 || digits > 13 || digits + (s.n && s.p[0] == '+') != s.n)
        wrong(c, f, "forms.phone", STR_NONE, STR_NONE);
    *v = s;
}

static void choice_check(const struct check *c, const struct form_field *f, struct str v)
{
    for (size_t i = 0; i < f->nchoices; i++)
        if (str_eq(f->choices[i].value, v))
            return;
    wrong(c, f, "base.not_offered", STR_NONE, STR_NONE);
}

static void text_check(const struct check *c, const struct form_field *f, struct str v)
{
    const struct field row = { .name = f->name.p, .type = F_STR, .max = f->max, .multiline = f->kind == FORM_LONG };
    struct str kept;
    bool ok = field_from_text(&row, v, c->a, c->issues, &kept); /* the issue, if any, is all we want */
    (void)ok;
}

/* Whether a person or a body applies decides which number it is. */
static enum code_kind code_kind_of(const struct check *c, struct form_answers ans)
{
    struct str kind = form_answer(c->f, ans, "applicant_kind");
    return !kind.n || str_is(kind, "person") ? CODE_ID : CODE_USCC;
}

static void value_check(const struct check *c, const struct form_field *f, struct form_answers ans, struct str *v)
{
    struct day d;
    switch (f->kind) {
    case FORM_TEXT:
    case FORM_LONG:
        text_check(c, f, *v);
        break;
    case FORM_CODE:
        code_check_take(c, f, code_kind_of(c, ans), v);
        break;
    case FORM_ID:
        code_check_take(c, f, CODE_ID, v);
        break;
    case FORM_USCC:
        code_check_take(c, f, CODE_USCC, v);
        break;
    case FORM_PHONE:
        phone_check(c, f, v);
        break;
    case FORM_DATE:
        if (!day_parse(*v, &d))
            wrong(c, f, "base.no_such_day", STR_NONE, STR_NONE);
        break;
    case FORM_CHOICE:
        choice_check(c, f, *v);
        break;
    case FORM_YES:
        if (!str_is(*v, "1"))
            wrong(c, f, "base.not_offered", STR_NONE, STR_NONE);
        break;
    }
}

enum rc form_check(const struct form *f, const char *group, struct day today, struct arena *a, struct issues *issues,
                   struct form_answers ans)
{
    struct check c = { f, today, a, issues };
    size_t before = issues->n;
    for (size_t i = 0; i < f->n; i++) {
        const struct form_field *ff = &f->fields[i];
        if (!on_page(ff, group) || !form_asked(f, i, ans))
            continue;
        bool needed = ff->required || holds(ff->required_if, ans);
        if (ans.v[i].n)
            value_check(&c, ff, ans, &ans.v[i]);
        else if (needed)
            wrong(&c, ff, ff->kind == FORM_YES ? "forms.tick" : ff->kind == FORM_CHOICE ? "forms.choose" : "base.required",
                  STR_NONE, STR_NONE);
    }
    return issues->n > before ? RC_INVALID : RC_OK;
}

/* ---- JSON -------------------------------------------------------------------------------------------------------------- */

void form_write(struct buf *b, const struct form *f, struct form_answers ans)
{
    bool first = true;
    buf_char(b, '{');
    for (size_t i = 0; i < f->n; i++) {
        if (!ans.v[i].n || !form_asked(f, i, ans))
            continue;
        if (!first)
            buf_char(b, ',');
        first = false;
        buf_json(b, f->fields[i].name);
        buf_char(b, ':');
        buf_json(b, ans.v[i]);
    }
    buf_char(b, '}');
}

enum rc form_answers_parse(struct arena *a, const struct form *f, struct str json, struct form_answers *out)
{
    json_t *root = json_loadb(json.p ? json.p : "", json.n, JSON_REJECT_DUPLICATES, NULL);
    *out = (struct form_answers){ arena_many(a, struct str, f->n) };
    for (size_t i = 0; i < f->n; i++) {
        const json_t *v = json_object_get(root, f->fields[i].name.p);
        if (json_is_string(v))
            out->v[i] = arena_str(a, (struct str){ json_string_value(v), json_string_length(v) });
    }
    bool ok = json_is_object(root);
    json_decref(root);
    return ok ? RC_OK : RC_INVALID;
}

/* ---- pages --------------------------------------------------------------------------------------------------------------- */

static const struct field choice_fields[] = {
    FIELD(struct form_choice_view, id), FIELD(struct form_choice_view, value), FIELD(struct form_choice_view, text),
    FIELD(struct form_choice_view, chosen)
};
static const struct record CHOICE = RECORD(struct form_choice_view, choice_fields);
static const char *const view_kinds[] = { "text", "long", "date", "choice", "yes", NULL };
static const struct field view_fields[] = {
    FIELD(struct form_field_view, name),     FIELD(struct form_field_view, title),   FIELD(struct form_field_view, hint),
    FIELD(struct form_field_view, value),    FIELD_WORD(struct form_field_view, kind, view_kinds, NULL),
    FIELD(struct form_field_view, required), FIELD(struct form_field_view, checked), FIELD(struct form_field_view, invalid),
    FIELD(struct form_field_view, error),    FIELD(struct form_field_view, rows),
    FIELD_LIST(struct form_field_view, choices, &CHOICE),
};
const struct record FORM_FIELD_VIEW = RECORD(struct form_field_view, view_fields);
static const struct field line_fields[] = {
    FIELD(struct form_line, group), FIELD(struct form_line, title), FIELD(struct form_line, value)
};
const struct record FORM_LINE = RECORD(struct form_line, line_fields);

static struct list choices_view(struct arena *a, const struct form_field *f, struct str value)
{
    struct form_choice_view *v = arena_many(a, struct form_choice_view, f->nchoices);
    for (size_t i = 0; i < f->nchoices; i++)
        v[i] = (struct form_choice_view){ i ? arena_fmt(a, STR_F "-%zu", STR_A(f->name), i) : f->name, f->choices[i].value,
                                          f->choices[i].text, str_eq(value, f->choices[i].value) };
    return (struct list){ v, f->nchoices };
}

static struct str error_text(struct cx *cx, struct str field)
{
    const struct issue *i = issues_find(&cx->issues, field);
    struct buf b;
    if (!i)
        return STR("");
    buf_init(&b, cx->arena, 100);
    texts_put(cx->app->texts, &b, cx->actor.locale, str_c(i->key), i->arg[0], i->arg[1]);
    return buf_view(&b);
}

static struct str view_kind(enum form_kind k)
{
    return k == FORM_LONG     ? STR("long")
           : k == FORM_CHOICE ? STR("choice")
           : k == FORM_YES    ? STR("yes")
           : k == FORM_DATE   ? STR("date")
                              : STR("text");
}

struct list form_view(struct cx *cx, const struct form *f, const char *group, struct form_answers ans)
{
    struct form_field_view *v = arena_many(cx->arena, struct form_field_view, f->n);
    size_t n = 0;
    for (size_t i = 0; i < f->n; i++) {
        const struct form_field *ff = &f->fields[i];
        if (!on_page(ff, group))
            continue;
        struct str value = ans.v[i].p ? ans.v[i] : STR(""), error = error_text(cx, ff->name);
        v[n++] = (struct form_field_view){ .name = ff->name, .title = ff->title, .hint = ff->hint, .value = value,
                                           .kind = view_kind(ff->kind), .required = ff->required,
                                           .checked = str_is(value, "1"), .invalid = error.n > 0, .error = error,
                                           .choices = choices_view(cx->arena, ff, value), .rows = 5 };
    }
    return (struct list){ v, n };
}

static struct str shown_value(struct arena *a, const struct form_field *f, struct str v, bool masked)
{
    if (masked && (f->kind == FORM_ID || f->kind == FORM_CODE))
        return code_mask(a, v);
    for (size_t i = 0; i < f->nchoices; i++)
        if (str_eq(f->choices[i].value, v))
            return f->choices[i].text;
    return f->kind == FORM_YES ? STR("是") : v;
}

struct list form_summary(struct arena *a, const struct form *f, struct form_answers ans, bool masked)
{
    struct form_line *v = arena_many(a, struct form_line, f->n);
    size_t n = 0;
    for (size_t i = 0; i < f->n; i++)
        if (ans.v[i].n && form_asked(f, i, ans))
            v[n++] = (struct form_line){ f->groups[form_group_find(f, f->fields[i].group)].title, f->fields[i].title,
                                         shown_value(a, &f->fields[i], ans.v[i], masked) };
    return (struct list){ v, n };
}

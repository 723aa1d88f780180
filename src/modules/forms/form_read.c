/* form_read.c - JSON Schema to struct form; strict: what is not understood is refused. */
#include "form_read.h"

#include <string.h>

enum { FIELDS_MAX = 100, ROW_FIELDS_MAX = 12, GROUPS_MAX = 20, CHOICES_MAX = 60, TEXT_MAX = 200, BOUND_MAX = 1000000000 };

/* ---- small things ---------------------------------------------------------------------------------------------------- */

bool form_fail(struct reader *r, struct str where, const char *what)
{
    if (!r->why.p)
        r->why = arena_fmt(r->a, STR_F ": %s", STR_A(where), what);
    return false;
}

struct str form_text_of(struct reader *r, const json_t *o, const char *key)
{
    const json_t *v = json_object_get(o, key);
    return json_is_string(v) ? arena_str(r->a, (struct str){ json_string_value(v), json_string_length(v) }) : STR("");
}

bool form_keys_known(struct reader *r, const json_t *o, struct str where, const char *const *known)
{
    const char *key;
    json_t *v;
    json_object_foreach((json_t *)(uintptr_t)o, key, v)
        if (!word_in(known, str_c(key)))
            return form_fail(r, where, arena_fmt(r->a, "unknown '%s'", key).p);
    return true;
}

/* A member that may be absent and is a whole number within the bounds, else refused. */
bool form_whole(struct reader *r, const json_t *o, struct str where, const char *key, int64_t *out)
{
    const json_t *v = json_object_get(o, key);
    if (!v)
        return true;
    *out = json_integer_value(v);
    return (json_is_integer(v) && *out >= 0 && *out <= BOUND_MAX) ||
           form_fail(r, where, arena_fmt(r->a, "'%s' must be a whole number", key).p);
}

bool form_when_read(struct reader *r, struct str text, struct str where, struct form_when *out)
{
    struct str rest = text, name = str_cut(&rest, '=');
    *out = (struct form_when){ .field = -1 };
    if (!text.n)
        return true;
    out->field = form_field_find(r->f, name);
    out->value = rest;
    return (out->field >= 0 && form_condition_ok(r->f, text)) || form_fail(r, where, "condition names no earlier field or choice");
}

/* ---- kinds ------------------------------------------------------------------------------------------------------------- */

static const struct {
    const char    *word;
    enum form_kind kind;
} kinds[] = {
    { "", FORM_TEXT },   { "long", FORM_LONG }, { "code", FORM_CODE }, { "id", FORM_ID },
    { "uscc", FORM_USCC }, { "phone", FORM_PHONE }, { "date", FORM_DATE }, { "address", FORM_ADDRESS }, { "licence", FORM_LICENCE },
};

static bool text_kind_read(struct reader *r, const json_t *p, struct form_field *f)
{
    struct str kind = form_text_of(r, p, "x-kind");
    if (json_object_get(p, "enum")) {
        f->kind = FORM_CHOICE;
        return true;
    }
    for (size_t i = 0; i < countof(kinds); i++)
        if (str_is(kind, kinds[i].word)) {
            f->kind = kinds[i].kind;
            return !(r->in_row && form_has_parts(f)) || form_fail(r, f->name, "no address or licence inside a row");
        }
    return form_fail(r, f->name, "unknown x-kind");
}

static bool number_read(struct reader *r, const json_t *p, struct form_field *f)
{
    int64_t above = -1;
    f->kind = FORM_NUMBER;
    f->unit = form_text_of(r, p, "x-unit");
    if (!form_whole(r, p, f->name, "minimum", &f->least) || !form_whole(r, p, f->name, "exclusiveMinimum", &above) ||
        !form_whole(r, p, f->name, "maximum", &f->most) || !form_whole(r, p, f->name, "x-decimals", &f->decimals))
        return false;
    if (above >= 0) {
        f->least = above;
        f->more_than_least = true;
    }
    if (f->decimals > FORM_DECIMALS_MAX || (str_is(form_text_of(r, p, "type"), "integer") && f->decimals))
        return form_fail(r, f->name, "x-decimals: 0 for an integer, at most 4");
    return !f->most || f->most > f->least || form_fail(r, f->name, "maximum must be more than minimum");
}

/* Fields of one row, as a form without pages. */
static bool row_read(struct reader *r, const json_t *items, struct form_field *f)
{
    struct reader inner = { .a = r->a, .f = arena_new(r->a, struct form), .in_row = true };
    static const char *const known[] = { "type", "properties", "required", NULL };
    const char *name;
    json_t *p;
    inner.f->fields = arena_many(r->a, struct form_field, ROW_FIELDS_MAX);
    bool ok = form_keys_known(&inner, items, f->name, known);
    json_object_foreach(json_object_get(items, "properties"), name, p)
        ok = ok && form_field_read(&inner, name, p);
    ok = ok && form_required_read(&inner, items, NULL) && (inner.f->n || form_fail(&inner, f->name, "a row without fields"));
    f->row = inner.f;
    return ok || form_fail(r, f->name, arena_fmt(r->a, STR_F, STR_A(inner.why)).p);
}

static bool array_read(struct reader *r, const json_t *p, struct form_field *f)
{
    const json_t *items = json_object_get(p, "items");
    if (r->in_row)
        return form_fail(r, f->name, "no lists inside a row");
    if (json_object_get(items, "enum")) {
        f->kind = FORM_SEVERAL;
        return form_choices_read(r, items, p, f);
    }
    f->kind = FORM_ROWS;
    f->rows_max = FORM_ROWS_MAX;
    f->row_name = form_text_of(r, p, "x-row");
    if (!form_whole(r, p, f->name, "minItems", &f->rows_min) || !form_whole(r, p, f->name, "maxItems", &f->rows_max))
        return false;
    if (f->rows_max < 1 || f->rows_max > FORM_ROWS_MAX || f->rows_min > f->rows_max || !f->row_name.n)
        return form_fail(r, f->name, "minItems, maxItems (at most 30) and x-row");
    return row_read(r, items, f);
}

static bool kind_read(struct reader *r, const json_t *p, struct form_field *f)
{
    struct str type = form_text_of(r, p, "type");
    if (str_is(type, "number") || str_is(type, "integer"))
        return number_read(r, p, f);
    if (str_is(type, "array"))
        return array_read(r, p, f);
    f->kind = FORM_YES;
    if (str_is(type, "boolean"))
        return true;
    if (!str_is(type, "string"))
        return form_fail(r, f->name, "type must be string, boolean, number, integer or array");
    return text_kind_read(r, p, f) && form_choices_read(r, p, p, f);
}

static bool choice_read(struct reader *r, const json_t *value, const json_t *text, struct form_field *f, size_t i)
{
    const char *v = json_string_value(value), *t = json_string_value(text);
    if (!v || !t || !*v || !*t)
        return form_fail(r, f->name, "enum values and texts must be strings");
    f->choices[i] = (struct form_choice){ arena_str(r->a, str_c(v)), arena_str(r->a, str_c(t)) };
    return strpbrk(v, " |=.") == NULL || form_fail(r, f->name, "an enum value has no blank, |, = or .");
}

bool form_choices_read(struct reader *r, const json_t *p, const json_t *outer, struct form_field *f)
{
    const json_t *values = json_object_get(p, "enum"), *texts = json_object_get(outer, "x-texts");
    if (!values)
        return true;
    f->nchoices = json_array_size(values);
    if (!f->nchoices || f->nchoices > CHOICES_MAX || f->nchoices != json_array_size(texts))
        return form_fail(r, f->name, "enum and x-texts must have the same length, at most 60");
    f->choices = arena_many(r->a, struct form_choice, f->nchoices);
    for (size_t i = 0; i < f->nchoices; i++)
        if (!choice_read(r, json_array_get(values, i), json_array_get(texts, i), f, i))
            return false;
    return true;
}

/* ---- a field ------------------------------------------------------------------------------------------------------------ */

static bool is_choice(const struct form_field *f, struct str value)
{
    for (size_t i = 0; i < f->nchoices; i++)
        if (str_eq(f->choices[i].value, value))
            return true;
    return false;
}

static bool stops_read(struct reader *r, const json_t *p, struct form_field *f)
{
    static const char *const words[] = { "not_needed", "elsewhere", "record", "not_yet", NULL };
    static const char *const known[] = { "kind", "text", "link", NULL };
    const json_t *all = json_object_get(p, "x-stops");
    const char *value;
    json_t *s;
    if (!all)
        return true;
    struct form_advice *v = arena_many(r->a, struct form_advice, json_object_size(all));
    json_object_foreach((json_t *)(uintptr_t)all, value, s) {
        struct form_advice *a = &v[f->nstops++];
        *a = (struct form_advice){ arena_str(r->a, str_c(value)), form_text_of(r, s, "kind"), form_text_of(r, s, "text"),
                                   form_text_of(r, s, "link") };
        if (!form_keys_known(r, s, f->name, known))
            return false;
        if (!word_in(words, a->kind) || !a->text.n || !is_choice(f, a->value) || (a->link.n && a->link.p[0] != '/'))
            return form_fail(r, f->name, "x-stops: a choice with kind, text and perhaps a link of this site");
    }
    f->stops = v;
    return true;
}

static bool date_order_read(struct reader *r, const json_t *p, struct form_field *f)
{
    struct str name = form_text_of(r, p, "x-not-before");
    f->not_before = name.n ? form_field_find(r->f, name) : -1;
    if (!name.n)
        return true;
    return (f->kind == FORM_DATE && f->not_before >= 0 && r->f->fields[f->not_before].kind == FORM_DATE) ||
           form_fail(r, f->name, "x-not-before names no earlier date");
}

static bool conditions_read(struct reader *r, const json_t *p, struct form_field *f)
{
    return form_when_read(r, form_text_of(r, p, "x-if"), f->name, &f->asked) &&
           form_when_read(r, form_text_of(r, p, "x-required-if"), f->name, &f->required_if);
}

static bool name_ok(struct str name)
{
    for (size_t i = 0; i < name.n; i++)
        if (!((name.p[i] >= 'a' && name.p[i] <= 'z') || (name.p[i] >= '0' && name.p[i] <= '9') || name.p[i] == '_'))
            return false;
    return name.n > 0 && name.n <= 40 && name.p[0] >= 'a';
}

/* A document that grants is shown to anybody: no numbers of persons on it. */
static bool marks_read(struct reader *r, const json_t *p, struct form_field *f)
{
    struct str check = form_text_of(r, p, "x-check");
    f->unique = str_is(check, "names");
    f->items = form_text_of(r, p, "x-items");
    f->printed = json_is_true(json_object_get(p, "x-print"));
    if (f->items.n && f->kind != FORM_LICENCE)
        return form_fail(r, f->name, "x-items: only of a licence");
    if (check.n && (!f->unique || f->kind != FORM_TEXT || r->in_row))
        return form_fail(r, f->name, "x-check: only \"names\", for a text");
    bool personal = f->kind == FORM_CODE || f->kind == FORM_ID || f->kind == FORM_PHONE || f->kind == FORM_ROWS;
    return !(f->printed && (personal || r->in_row)) || form_fail(r, f->name, "x-print: not for numbers of persons or rows");
}

bool form_field_read(struct reader *r, const char *name, const json_t *p)
{
    static const char *const known[] = {
        "x-group", "title", "type", "enum", "x-texts", "x-kind", "maxLength", "x-hint", "default", "x-from", "x-if", "x-required-if",
        "minimum", "exclusiveMinimum", "maximum", "x-decimals", "x-unit", "items", "minItems", "maxItems", "x-row", "x-not-before",
        "x-stops", "x-check", "x-print", "x-items", NULL
    };
    struct form_field f = { .name = arena_str(r->a, str_c(name)), .max = TEXT_MAX };
    size_t room = r->in_row ? ROW_FIELDS_MAX : FIELDS_MAX;
    if (r->f->n == room || !json_is_object(p) || !name_ok(f.name) || form_field_find(r->f, f.name) >= 0)
        return form_fail(r, f.name, "too many fields, not an object, a bad name or a name twice");
    f.title = form_text_of(r, p, "title");
    f.hint = form_text_of(r, p, "x-hint");
    f.group = form_text_of(r, p, "x-group");
    f.preset = form_text_of(r, p, "default");
    f.from = form_text_of(r, p, "x-from");
    if (!f.title.n || (r->in_row ? f.group.n > 0 : form_group_find(r->f, f.group) < 0))
        return form_fail(r, f.name, "needs a title and a known x-group");
    if (!form_keys_known(r, p, f.name, known) || !form_whole(r, p, f.name, "maxLength", &f.max) || !kind_read(r, p, &f) ||
        !stops_read(r, p, &f) || !marks_read(r, p, &f) || !date_order_read(r, p, &f) || !conditions_read(r, p, &f))
        return false;
    r->f->fields[r->f->n++] = f;
    return true;
}

/* ---- the whole ------------------------------------------------------------------------------------------------------------ */

/* A page of `from` into the form; again the same name is refused. */
static bool group_read(struct reader *r, const json_t *g)
{
    static const char *const known[] = { "name", "title", "intro", "guide", "slot", NULL };
    struct form_group out = { form_text_of(r, g, "name"), form_text_of(r, g, "title"), form_text_of(r, g, "intro"),
                              json_is_true(json_object_get(g, "guide")), json_is_true(json_object_get(g, "slot")) };
    if (!form_keys_known(r, g, STR("x-groups"), known))
        return false;
    if (!name_ok(out.name) || !out.title.n || form_group_find(r->f, out.name) >= 0 || r->f->ngroups == GROUPS_MAX)
        return form_fail(r, STR("x-groups"), "a group needs a name of its own and a title; at most 20");
    r->f->groups[r->f->ngroups++] = out;
    return true;
}

static bool is_slot(const json_t *g)
{
    return json_is_true(json_object_get(g, "slot"));
}

static bool is_guide(const json_t *g)
{
    return json_is_true(json_object_get(g, "guide"));
}

static bool groups_read(struct reader *r, const json_t *root, bool guide)
{
    const json_t *all = json_object_get(root, "x-groups");
    bool ok = true;
    for (size_t i = 0; i < json_array_size(all) && ok; i++)
        if (is_guide(json_array_get(all, i)) == guide)
            ok = group_read(r, json_array_get(all, i));
    return ok;
}

static bool has_pages(const json_t *own)
{
    const json_t *all = json_object_get(own, "x-groups");
    for (size_t i = 0; i < json_array_size(all); i++)
        if (!is_guide(json_array_get(all, i)))
            return true;
    return false;
}

/* The guide, the pages of the base before the slot, the item's own (or the slot, if it has none), the pages after it. */
static bool pages_read(struct reader *r, const json_t *base, const json_t *own)
{
    const json_t *all = json_object_get(base, "x-groups");
    bool ok = groups_read(r, own, true);
    for (size_t i = 0; i < json_array_size(all) && ok; i++) {
        const json_t *g = json_array_get(all, i);
        bool replaced = own && is_slot(g) && has_pages(own);
        r->dropped = replaced ? form_text_of(r, g, "name") : r->dropped;
        ok = replaced ? groups_read(r, own, false) : group_read(r, g);
    }
    return ok && (r->f->ngroups || form_fail(r, STR("x-groups"), "missing"));
}

static bool is_dropped(struct reader *r, const json_t *p)
{
    return r->dropped.n && str_eq(form_text_of(r, p, "x-group"), r->dropped);
}

/* Fields page by page: that is their order on paper too. */
static bool fields_read(struct reader *r, const json_t *root, struct str group)
{
    const char *name;
    json_t *p;
    json_object_foreach(json_object_get(root, "properties"), name, p)
        if (str_eq(form_text_of(r, p, "x-group"), group) && !form_field_read(r, name, p))
            return false;
    return true;
}

/* Every field stands on a page that is there. */
static bool fields_placed(struct reader *r, const json_t *root, bool base)
{
    const char *name;
    json_t *p;
    json_object_foreach(json_object_get(root, "properties"), name, p)
        if (!(base && is_dropped(r, p)) && form_group_find(r->f, form_text_of(r, p, "x-group")) < 0)
            return form_fail(r, arena_fmt(r->a, "%s", name), "needs a title and a known x-group");
    return true;
}

bool form_required_read(struct reader *r, const json_t *root, const json_t *without)
{
    const json_t *all = json_object_get(root, "required");
    for (size_t i = 0; i < json_array_size(all); i++) {
        const char *name = json_string_value(json_array_get(all, i));
        int at = form_field_find(r->f, str_c(name));
        if (at >= 0)
            r->f->fields[at].required = true;
        else if (!name || !without || !is_dropped(r, json_object_get(json_object_get(without, "properties"), name)))
            return form_fail(r, STR("required"), "names no field");
    }
    return true;
}

static bool root_check(struct reader *r, const json_t *root)
{
    static const char *const known[] = { "$schema", "$id",        "title", "type",    "x-groups",
                                         "required", "properties", "x-fee", "x-steps", "x-licence", NULL };
    if (!json_is_object(root))
        return form_fail(r, STR("form"), "not an object");
    return form_keys_known(r, root, STR("form"), known);
}

static bool form_build(struct reader *r, const json_t *base, const json_t *own)
{
    const json_t *top = own ? own : base;
    if (!root_check(r, base) || (own && !root_check(r, own)))
        return false;
    r->f->code = form_text_of(r, top, "$id");
    r->f->title = form_text_of(r, top, "title");
    r->f->fields = arena_many(r->a, struct form_field, FIELDS_MAX);
    r->f->groups = arena_many(r->a, struct form_group, GROUPS_MAX);
    if (!pages_read(r, base, own) || !fields_placed(r, base, true) || (own && !fields_placed(r, own, false)))
        return false;
    for (size_t i = 0; i < r->f->ngroups; i++)
        if (!fields_read(r, base, r->f->groups[i].name) || (own && !fields_read(r, own, r->f->groups[i].name)))
            return false;
    return form_required_read(r, base, base) && (!own || form_required_read(r, own, NULL)) &&
           form_fee_read(r, json_object_get(top, "x-fee")) &&
           form_grant_read(r, json_object_get(top, "x-licence")) && form_steps_read(r, json_object_get(top, "x-steps"));
}

static json_t *load(struct reader *r, struct str schema)
{
    json_error_t err;
    json_t *root = json_loadb(schema.p ? schema.p : "", schema.n, JSON_REJECT_DUPLICATES, &err);
    if (!root && !r->why.p)
        r->why = arena_fmt(r->a, "line %d: %s", err.line, err.text);
    return root;
}

enum rc form_read_on(struct arena *a, struct str base, struct str own, struct form **out, struct str *out_why)
{
    struct reader r = { .a = a, .f = arena_new(a, struct form) };
    json_t *b = load(&r, base), *o = own.p ? load(&r, own) : NULL;
    bool ok = b && (o || !own.p) && form_build(&r, b, o);
    json_decref(b);
    json_decref(o);
    *out = r.f;
    *out_why = r.why;
    return ok ? RC_OK : RC_INVALID;
}

enum rc form_read(struct arena *a, struct str schema, struct form **out, struct str *out_why)
{
    return form_read_on(a, schema, STR_NONE, out, out_why);
}

/* ---- finding -------------------------------------------------------------------------------------------------------------- */

int form_field_find(const struct form *f, struct str name)
{
    for (size_t i = 0; i < f->n; i++)
        if (str_eq(f->fields[i].name, name))
            return (int)i;
    return -1;
}

int form_group_find(const struct form *f, struct str name)
{
    for (size_t i = 0; i < f->ngroups; i++)
        if (str_eq(f->groups[i].name, name))
            return (int)i;
    return -1;
}

const struct form_group *form_guide(const struct form *f)
{
    return f->ngroups && f->groups[0].guide ? &f->groups[0] : NULL;
}

bool form_condition_ok(const struct form *f, struct str condition)
{
    struct str rest = condition, name = str_cut(&rest, '=');
    int at = form_field_find(f, name);
    if (at < 0 || !rest.n || f->fields[at].kind == FORM_ROWS || form_has_parts(&f->fields[at]))
        return false;
    while (rest.p && f->fields[at].nchoices)
        if (!is_choice(&f->fields[at], str_cut(&rest, '|')))
            return false;
    return true;
}

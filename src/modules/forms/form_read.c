/* form_read.c - JSON Schema to struct form; strict: what is not understood is refused. */
#include "modules/forms/forms.h"

#include <jansson.h>
#include <string.h>

enum { FIELDS_MAX = 200, TEXT_MAX = 200 };

struct reader {
    struct arena *a;
    struct form  *f;
    struct str    why;
};

static bool fail(struct reader *r, struct str where, const char *what)
{
    if (!r->why.p)
        r->why = arena_fmt(r->a, STR_F ": %s", STR_A(where), what);
    return false;
}

static struct str text_of(struct reader *r, const json_t *o, const char *key)
{
    const json_t *v = json_object_get(o, key);
    return json_is_string(v) ? arena_str(r->a, (struct str){ json_string_value(v), json_string_length(v) }) : STR("");
}

static bool keys_known(struct reader *r, const json_t *o, struct str where, const char *const *known)
{
    const char *key;
    json_t *v;
    json_object_foreach((json_t *)(uintptr_t)o, key, v)
        if (!word_in(known, str_c(key)))
            return fail(r, where, arena_fmt(r->a, "unknown '%s'", key).p);
    return true;
}

static const struct {
    const char    *word;
    enum form_kind kind;
} kinds[] = {
    { "", FORM_TEXT },   { "long", FORM_LONG }, { "code", FORM_CODE }, { "id", FORM_ID },
    { "uscc", FORM_USCC }, { "phone", FORM_PHONE }, { "date", FORM_DATE },
};

static bool kind_read(struct reader *r, const json_t *p, struct form_field *f)
{
    struct str type = text_of(r, p, "type"), kind = text_of(r, p, "x-kind");
    if (str_is(type, "boolean")) {
        f->kind = FORM_YES;
        return true;
    }
    if (!str_is(type, "string"))
        return fail(r, f->name, "type must be string or boolean");
    if (json_object_get(p, "enum")) {
        f->kind = FORM_CHOICE;
        return true;
    }
    for (size_t i = 0; i < countof(kinds); i++)
        if (str_is(kind, kinds[i].word)) {
            f->kind = kinds[i].kind;
            return true;
        }
    return fail(r, f->name, "unknown x-kind");
}

static bool choices_read(struct reader *r, const json_t *p, struct form_field *f)
{
    const json_t *values = json_object_get(p, "enum"), *texts = json_object_get(p, "x-texts");
    if (!values)
        return true;
    if (!json_is_array(values) || json_array_size(values) != json_array_size(texts))
        return fail(r, f->name, "enum and x-texts must have the same length");
    f->nchoices = json_array_size(values);
    f->choices = arena_many(r->a, struct form_choice, f->nchoices);
    for (size_t i = 0; i < f->nchoices; i++) {
        const char *v = json_string_value(json_array_get(values, i)), *t = json_string_value(json_array_get(texts, i));
        if (!v || !t)
            return fail(r, f->name, "enum values and texts must be strings");
        f->choices[i] = (struct form_choice){ arena_str(r->a, str_c(v)), arena_str(r->a, str_c(t)) };
    }
    return true;
}

/* "field=value"; the field must stand before this one. */
static bool when_read(struct reader *r, struct str text, struct str where, struct form_when *out)
{
    struct str rest = text, name = str_cut(&rest, '=');
    *out = (struct form_when){ .field = -1 };
    if (!text.n)
        return true;
    out->field = form_field_find(r->f, name);
    out->value = rest;
    return (out->field >= 0 && rest.n) || fail(r, where, "condition names no earlier field");
}

static bool field_read(struct reader *r, const char *name, const json_t *p)
{
    static const char *const known[] = { "x-group", "title", "type", "enum", "x-texts", "x-kind", "maxLength", "x-hint", "default",
                                         "x-from", "x-if", "x-required-if", NULL };
    struct form_field f = { .name = arena_str(r->a, str_c(name)) };
    if (r->f->n == FIELDS_MAX || !json_is_object(p))
        return fail(r, f.name, "too many fields, or not an object");
    f.title = text_of(r, p, "title");
    f.hint = text_of(r, p, "x-hint");
    f.group = text_of(r, p, "x-group");
    f.preset = text_of(r, p, "default");
    f.from = text_of(r, p, "x-from");
    const json_t *max = json_object_get(p, "maxLength");
    f.max = json_is_integer(max) ? json_integer_value(max) : TEXT_MAX;
    if (!f.title.n || form_group_find(r->f, f.group) < 0)
        return fail(r, f.name, "needs a title and a known x-group");
    if (!keys_known(r, p, f.name, known) || !kind_read(r, p, &f) || !choices_read(r, p, &f) ||
        !when_read(r, text_of(r, p, "x-if"), f.name, &f.asked) ||
        !when_read(r, text_of(r, p, "x-required-if"), f.name, &f.required_if))
        return false;
    r->f->fields[r->f->n++] = f;
    return true;
}

static bool groups_read(struct reader *r, const json_t *root)
{
    const json_t *all = json_object_get(root, "x-groups");
    r->f->ngroups = json_array_size(all);
    if (!r->f->ngroups)
        return fail(r, STR("x-groups"), "missing");
    r->f->groups = arena_many(r->a, struct form_group, r->f->ngroups);
    for (size_t i = 0; i < r->f->ngroups; i++) {
        const json_t *g = json_array_get(all, i);
        r->f->groups[i] = (struct form_group){ text_of(r, g, "name"), text_of(r, g, "title") };
        if (!r->f->groups[i].name.n || !r->f->groups[i].title.n)
            return fail(r, STR("x-groups"), "a group needs name and title");
    }
    return true;
}

static bool required_read(struct reader *r, const json_t *root)
{
    const json_t *all = json_object_get(root, "required");
    for (size_t i = 0; i < json_array_size(all); i++) {
        int at = form_field_find(r->f, str_c(json_string_value(json_array_get(all, i))));
        if (at < 0)
            return fail(r, STR("required"), "names no field");
        r->f->fields[at].required = true;
    }
    return true;
}

static bool root_read(struct reader *r, const json_t *root)
{
    static const char *const known[] = { "$schema", "$id", "title", "type", "x-groups", "required", "properties", NULL };
    const char *name;
    json_t *p;
    r->f->code = text_of(r, root, "$id");
    r->f->title = text_of(r, root, "title");
    r->f->fields = arena_many(r->a, struct form_field, FIELDS_MAX);
    if (!json_is_object(root) || !keys_known(r, root, STR("form"), known) || !groups_read(r, root))
        return fail(r, STR("form"), "not an object");
    json_object_foreach(json_object_get(root, "properties"), name, p)
        if (!field_read(r, name, p))
            return false;
    return required_read(r, root);
}

enum rc form_read(struct arena *a, struct str schema, struct form **out, struct str *out_why)
{
    json_error_t err;
    struct reader r = { .a = a, .f = arena_new(a, struct form) };
    json_t *root = json_loadb(schema.p, schema.n, JSON_REJECT_DUPLICATES, &err);
    bool ok = root && root_read(&r, root);
    if (!root)
        r.why = arena_fmt(a, "line %d: %s", err.line, err.text);
    json_decref(root);
    *out = r.f;
    *out_why = r.why;
    return ok ? RC_OK : RC_INVALID;
}

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

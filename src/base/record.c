/* record.c - from text to struct by field table. */
#include "base/record.h"

#include <string.h>

enum { TEXT_MAX = 200, LIST_MAX = 200 };

const struct field *record_field(const struct record *r, struct str name)
{
    for (size_t i = 0; i < r->n; i++)
        if (str_is(name, r->fields[i].name))
            return &r->fields[i];
    return NULL;
}

static size_t field_size(enum ftype t)
{
    static const size_t sizes[] = {
        [F_I64] = sizeof(int64_t),     [F_BOOL] = sizeof(bool),        [F_STR] = sizeof(struct str), [F_HTML] = sizeof(struct html),
        [F_DAY] = sizeof(struct day),  [F_WHEN] = sizeof(struct when), [F_FEN] = sizeof(struct fen), [F_LIST] = sizeof(struct list),
    };
    return sizes[t];
}

static void field_copy(struct arena *a, const struct field *f, const void *from, void *to);

static void record_copy_into(struct arena *a, const struct record *r, const void *from, void *to)
{
    for (size_t i = 0; i < r->n; i++)
        field_copy(a, &r->fields[i], (const char *)from + r->fields[i].at, (char *)to + r->fields[i].at);
}

static void field_copy(struct arena *a, const struct field *f, const void *from, void *to)
{
    memcpy(to, from, field_size(f->type));
    if (f->type == F_STR) {
        *(struct str *)to = arena_str(a, *(const struct str *)from);
    } else if (f->type == F_HTML) {
        const struct html *h = from;
        struct str copy = arena_str(a, (struct str){ h->p, h->n });
        *(struct html *)to = (struct html){ copy.p, copy.n };
    } else if (f->type == F_LIST) {
        const struct list *l = from;
        char *v = arena_array(a, l->n, f->of->size);
        for (size_t i = 0; i < l->n; i++)
            record_copy_into(a, f->of, (const char *)l->v + i * f->of->size, v + i * f->of->size);
        *(struct list *)to = (struct list){ v, l->n };
    }
}

void *record_copy(struct arena *a, const struct record *r, const void *from)
{
    void *to = arena_alloc(a, r->size);
    record_copy_into(a, r, from, to);
    return to;
}

bool word_in(const char *const *words, struct str word)
{
    for (; *words; words++)
        if (str_is(word, *words))
            return true;
    return false;
}

static struct str number(struct arena *a, int64_t v)
{
    return arena_fmt(a, "%lld", (long long)v);
}

static bool has_control(struct str s, bool multiline)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c == 0x7F || (c < 0x20 && !(multiline && (c == '\n' || c == '\r' || c == '\t'))))
            return true;
    }
    return false;
}

/* Key of what is wrong with a text, or NULL. */
static const char *text_wrong(const struct field *f, struct str t, int64_t max)
{
    int64_t n = (int64_t)str_runes(t);
    if (n > max)
        return "base.too_long";
    if (n < f->min)
        return "base.too_short";
    if (has_control(t, f->multiline))
        return "base.control_character";
    return f->words && !word_in(f->words, t) ? "base.not_offered" : NULL;
}

static bool text_read(const struct field *f, struct str t, struct arena *a, struct issues *is, void *at)
{
    int64_t max = f->max ? f->max : TEXT_MAX;
    const char *wrong = text_wrong(f, t, max);
    *(struct str *)at = t;
    if (wrong)
        issues_add(is, a, str_c(f->name), wrong, number(a, str_is(str_c(wrong), "base.too_short") ? f->min : max),
                   number(a, (int64_t)str_runes(t)));
    return !wrong;
}

static bool int_read(const struct field *f, struct str t, struct arena *a, struct issues *is, void *at)
{
    int64_t max = f->max ? f->max : INT64_C(1) << 53;
    if (str_i64(t, f->min, max, at))
        return true;
    issues_add(is, a, str_c(f->name), "base.number_range", number(a, f->min), number(a, max));
    return false;
}

static bool bool_read(const struct field *f, struct str t, struct arena *a, struct issues *is, void *at)
{
    static const char *const yes[] = { "1", "true", "on", "yes", NULL }, *const no[] = { "0", "false", "off", "no", NULL };
    *(bool *)at = word_in(yes, t);
    if (*(bool *)at || word_in(no, t))
        return true;
    issues_add(is, a, str_c(f->name), "base.not_offered", STR_NONE, STR_NONE);
    return false;
}

static bool typed_read(const struct field *f, struct str t, struct arena *a, struct issues *is, void *at)
{
    const char *wrong = NULL;
    switch (f->type) {
    case F_STR:
        return text_read(f, t, a, is, at);
    case F_BOOL:
        return bool_read(f, t, a, is, at);
    case F_I64:
    case F_FEN:
        return int_read(f, t, a, is, at);
    case F_DAY:
        wrong = day_parse(t, at) ? NULL : "base.no_such_day";
        break;
    case F_WHEN:
        wrong = when_parse(t, at) ? NULL : "base.no_such_time";
        break;
    case F_HTML:
    case F_LIST:
        wrong = "base.not_offered"; /* markup is never input; lists are read by their caller */
    }
    if (wrong)
        issues_add(is, a, str_c(f->name), wrong, STR_NONE, STR_NONE);
    return !wrong;
}

bool field_from_text(const struct field *f, struct str text, struct arena *a, struct issues *issues, void *out)
{
    struct str t = str_trim(text);
    if (t.n)
        return typed_read(f, t, a, issues, (char *)out + f->at);
    if (f->required)
        issues_add(issues, a, str_c(f->name), "base.required", STR_NONE, STR_NONE);
    return !f->required;
}

static size_t count_name(const struct pair *pairs, size_t n, const char *name)
{
    size_t found = 0;
    for (size_t i = 0; i < n; i++)
        found += str_is(pairs[i].name, name);
    return found;
}

static struct str value_of(const struct pair *pairs, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (str_is(pairs[i].name, name))
            return pairs[i].value;
    return STR_NONE;
}

static bool list_read(const struct field *f, const struct pair *pairs, size_t n, struct arena *a, struct issues *is,
                      void *out)
{
    size_t found = count_name(pairs, n, f->name), max = f->max ? (size_t)f->max : LIST_MAX;
    struct list *l = (void *)((char *)out + f->at);
    bool ok = true;
    if (found > max) {
        issues_add(is, a, str_c(f->name), "base.too_many", number(a, (int64_t)max), STR_NONE);
        return false;
    }
    l->v = arena_array(a, found, f->of->size);
    for (size_t i = 0; i < n; i++)
        if (str_is(pairs[i].name, f->name))
            ok &= field_from_text(f->of->fields, pairs[i].value, a, is, (char *)l->v + f->of->size * l->n++);
    return ok;
}

enum rc record_from_pairs(const struct record *r, const struct pair *pairs, size_t n, struct arena *a,
                          struct issues *issues, void *out)
{
    bool ok = true;
    memset(out, 0, r->size);
    for (size_t i = 0; i < r->n; i++) {
        const struct field *f = &r->fields[i];
        if (f->type == F_LIST && f->of->n == 1)
            ok &= list_read(f, pairs, n, a, issues, out);
        else if (f->type != F_LIST)
            ok &= field_from_text(f, value_of(pairs, n, f->name), a, issues, out);
    }
    return ok ? RC_OK : RC_INVALID;
}

/* json.c - records to and from JSON. */
#include "base/json.h"

#include <jansson.h>
#include <string.h>

static void write_str(struct buf *b, struct str s)
{
    if (s.p)
        buf_json(b, s);
    else
        buf_lit(b, "null");
}

static void write_day(struct buf *b, struct day d)
{
    if (!d.n) {
        buf_lit(b, "null");
        return;
    }
    buf_char(b, '"');
    buf_day(b, d);
    buf_char(b, '"');
}

static void write_when(struct buf *b, struct when w)
{
    if (!w.ms) {
        buf_lit(b, "null");
        return;
    }
    buf_char(b, '"');
    buf_when(b, w.ms);
    buf_char(b, '"');
}

static void write_list(struct buf *b, const struct record *of, const struct list *l)
{
    buf_char(b, '[');
    for (size_t i = 0; i < l->n; i++) {
        if (i)
            buf_char(b, ',');
        json_write(b, of, (const char *)l->v + i * of->size);
    }
    buf_char(b, ']');
}

static void write_field(struct buf *b, const struct field *f, const void *at)
{
    switch (f->type) {
    case F_I64:
    case F_FEN:
        buf_i64(b, *(const int64_t *)at);
        break;
    case F_BOOL:
        buf_str(b, *(const bool *)at ? STR("true") : STR("false"));
        break;
    case F_STR:
    case F_HTML:
        write_str(b, *(const struct str *)at);
        break;
    case F_DAY:
        write_day(b, *(const struct day *)at);
        break;
    case F_WHEN:
        write_when(b, *(const struct when *)at);
        break;
    case F_LIST:
        write_list(b, f->of, at);
        break;
    }
}

void json_write(struct buf *b, const struct record *r, const void *obj)
{
    bool first = true;
    buf_char(b, '{');
    for (size_t i = 0; i < r->n; i++) {
        const struct field *f = &r->fields[i];
        if (f->secret)
            continue;
        if (!first)
            buf_char(b, ',');
        first = false;
        buf_char(b, '"');
        buf_put(b, f->name, strlen(f->name));
        buf_lit(b, "\":");
        write_field(b, f, (const char *)obj + f->at);
    }
    buf_char(b, '}');
}

/* Value as the text that a form would have sent, so that both inputs share one set of checks. */
static bool value_text(struct arena *a, const json_t *v, enum ftype type, struct str *out)
{
    if (json_is_null(v))
        *out = STR_NONE;
    else if (json_is_string(v) && type != F_I64 && type != F_FEN && type != F_BOOL)
        *out = arena_str(a, (struct str){ json_string_value(v), json_string_length(v) });
    else if (json_is_integer(v) && (type == F_I64 || type == F_FEN))
        *out = arena_fmt(a, "%lld", (long long)json_integer_value(v));
    else if (json_is_boolean(v) && type == F_BOOL)
        *out = json_is_true(v) ? STR("1") : STR("0");
    else
        return false;
    return true;
}

static bool read_object(const json_t *o, const struct record *r, struct arena *a, struct issues *is, void *out);

static bool read_list(const json_t *v, const struct field *f, struct arena *a, struct issues *is, struct list *l)
{
    size_t max = f->max ? (size_t)f->max : 200, n = json_array_size(v);
    bool ok = true;
    if (!json_is_array(v) || n > max) {
        issues_add(is, a, str_c(f->name), json_is_array(v) ? "base.too_many" : "base.wrong_type",
                   arena_fmt(a, "%zu", max), STR_NONE);
        return false;
    }
    *l = (struct list){ arena_array(a, n, f->of->size), n };
    for (size_t i = 0; i < n; i++)
        ok &= read_object(json_array_get(v, i), f->of, a, is, (char *)l->v + i * f->of->size);
    return ok;
}

static bool read_field(const json_t *v, const struct field *f, struct arena *a, struct issues *is, void *out)
{
    struct str text = STR_NONE;
    if (f->type == F_LIST)
        return read_list(v, f, a, is, (void *)((char *)out + f->at));
    if (value_text(a, v, f->type, &text))
        return field_from_text(f, text, a, is, out);
    issues_add(is, a, str_c(f->name), "base.wrong_type", STR_NONE, STR_NONE);
    return false;
}

static bool names_known(const json_t *o, const struct record *r, struct arena *a, struct issues *is)
{
    const char *key;
    json_t *v;
    bool ok = true;
    json_object_foreach((json_t *)o, key, v) {
        if (record_field(r, str_c(key)))
            continue;
        issues_add(is, a, arena_str(a, str_c(key)), "base.unknown_field", STR_NONE, STR_NONE);
        ok = false;
    }
    return ok;
}

static bool read_object(const json_t *o, const struct record *r, struct arena *a, struct issues *is, void *out)
{
    if (!json_is_object(o)) {
        issues_add(is, a, STR(""), "base.wrong_type", STR_NONE, STR_NONE);
        return false;
    }
    bool ok = names_known(o, r, a, is);
    for (size_t i = 0; i < r->n; i++) {
        const struct field *f = &r->fields[i];
        const json_t *v = json_object_get(o, f->name);
        if (v)
            ok &= read_field(v, f, a, is, out);
        else if (f->required)
            ok &= field_from_text(f, STR_NONE, a, is, out);
    }
    return ok;
}

enum rc json_read(struct str text, const struct record *r, struct arena *a, struct issues *issues, void *out)
{
    json_error_t err;
    memset(out, 0, r->size);
    json_t *root = json_loadb(text.p ? text.p : "", text.n, JSON_REJECT_DUPLICATES, &err);
    if (!root) {
        issues_add(issues, a, STR(""), "base.json_broken", arena_fmt(a, "%d", err.line), arena_fmt(a, "%d", err.column));
        return RC_INVALID;
    }
    bool ok = read_object(root, r, a, issues, out);
    json_decref(root);
    return ok ? RC_OK : RC_INVALID;
}

static bool pair_take(struct arena *a, const char *key, const json_t *v, struct pair *out)
{
    out->name = arena_str(a, str_c(key));
    if (json_is_integer(v))
        return value_text(a, v, F_I64, &out->value);
    return value_text(a, v, json_is_boolean(v) ? F_BOOL : F_STR, &out->value);
}

enum rc json_pairs(struct str text, struct arena *a, struct issues *issues, struct pair *out, size_t max, size_t *out_n)
{
    json_error_t err = { 0 };
    const char *key;
    json_t *v, *root = json_loadb(text.p ? text.p : "", text.n, JSON_REJECT_DUPLICATES, &err);
    bool ok = json_is_object(root);
    *out_n = 0;
    json_object_foreach(root, key, v)
        ok = ok && *out_n < max && pair_take(a, key, v, &out[(*out_n)++]);
    json_decref(root);
    if (!ok)
        issues_add(issues, a, STR(""), "base.json_broken", arena_fmt(a, "%d", err.line), arena_fmt(a, "%d", err.column));
    return ok ? RC_OK : RC_INVALID;
}

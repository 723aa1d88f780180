/* form_json.c - answers to and from canonical JSON: what is stored, sealed, and committed to in the ledger. */
#include "form_read.h"

/* ---- writing ----------------------------------------------------------------------------------------------------------- */

static void several_write(struct buf *b, struct str words)
{
    const char *before = "[";
    while (words.p) {
        buf_put(b, before, 1);
        buf_json(b, str_cut(&words, ' '));
        before = ",";
    }
    buf_char(b, ']');
}

static void rows_write(struct buf *b, const struct form_field *f, const struct form_rows *rows)
{
    const char *before = "[";
    for (size_t i = 0; i < rows->n; i++) {
        buf_put(b, before, 1);
        form_write(b, f->row, rows->v[i]);
        before = ",";
    }
    buf_char(b, ']');
}

/* {"division":"522627001001","said":"…","text":"…"}; plain text that is older stays plain. */
static void parts_write(struct buf *b, const struct form_field *f, struct str answer)
{
    struct form_parts p = form_parts_of(answer);
    if (str_find_char(answer, '\n') < 0) {
        buf_json(b, answer);
        return;
    }
    buf_fmt(b, "{\"%s\":", form_parts_choice(f));
    buf_json(b, p.choice);
    buf_lit(b, ",\"said\":");
    buf_json(b, p.said);
    buf_lit(b, ",\"text\":");
    buf_json(b, p.text);
    buf_char(b, '}');
}

static bool is_answered(const struct form *f, size_t i, struct form_answers ans)
{
    return form_asked(f, i, ans) && (f->fields[i].kind == FORM_ROWS ? ans.rows[i].n > 0 : ans.v[i].n > 0);
}

void form_write(struct buf *b, const struct form *f, struct form_answers ans)
{
    bool first = true;
    buf_char(b, '{');
    for (size_t i = 0; i < f->n; i++) {
        const struct form_field *ff = &f->fields[i];
        if (!is_answered(f, i, ans))
            continue;
        if (!first)
            buf_char(b, ',');
        first = false;
        buf_json(b, ff->name);
        buf_char(b, ':');
        if (ff->kind == FORM_ROWS)
            rows_write(b, ff, &ans.rows[i]);
        else if (ff->kind == FORM_SEVERAL)
            several_write(b, ans.v[i]);
        else if (form_has_parts(ff))
            parts_write(b, ff, ans.v[i]);
        else
            buf_json(b, ans.v[i]);
    }
    buf_char(b, '}');
}

/* ---- reading ------------------------------------------------------------------------------------------------------------- */

static struct str text_of(struct arena *a, const json_t *v)
{
    return json_is_string(v) ? arena_str(a, (struct str){ json_string_value(v), json_string_length(v) }) : STR_NONE;
}

static struct str several_of(struct arena *a, const json_t *list)
{
    struct buf b;
    buf_init(&b, a, 64);
    for (size_t i = 0; i < json_array_size(list); i++) {
        struct str word = text_of(a, json_array_get(list, i));
        if (word.n)
            buf_fmt(&b, "%s" STR_F, b.n ? " " : "", STR_A(word));
    }
    return b.n ? buf_view(&b) : STR_NONE;
}

static struct str parts_of(struct arena *a, const struct form_field *f, const json_t *v)
{
    struct form_parts p = { text_of(a, json_object_get(v, form_parts_choice(f))), text_of(a, json_object_get(v, "said")),
                            text_of(a, json_object_get(v, "text")) };
    return json_is_object(v) ? form_parts_write(a, &p) : text_of(a, v);
}

static struct str single_of(struct arena *a, const struct form_field *f, const json_t *v)
{
    if (f->kind == FORM_SEVERAL)
        return several_of(a, v);
    return form_has_parts(f) ? parts_of(a, f, v) : text_of(a, v);
}

static void object_take(struct arena *a, const struct form *f, const json_t *o, struct form_answers ans);

static void rows_of(struct arena *a, const struct form_field *f, const json_t *list, struct form_rows *out)
{
    size_t n = json_array_size(list);
    out->n = 0;
    for (size_t i = 0; i < n && i < FORM_ROWS_MAX; i++) {
        out->v[out->n] = form_answers_room(a, f->row);
        object_take(a, f->row, json_array_get(list, i), out->v[out->n++]);
    }
    while ((int64_t)out->n < f->rows_min)
        out->v[out->n++] = form_answers_new(a, f->row);
}

static void object_take(struct arena *a, const struct form *f, const json_t *o, struct form_answers ans)
{
    for (size_t i = 0; i < f->n; i++) {
        const struct form_field *ff = &f->fields[i];
        const json_t *v = json_object_get(o, ff->name.p);
        if (ff->kind == FORM_ROWS)
            rows_of(a, ff, v, &ans.rows[i]);
        else
            ans.v[i] = single_of(a, ff, v);
    }
}

enum rc form_answers_parse(struct arena *a, const struct form *f, struct str json, struct form_answers *out)
{
    json_t *root = json_loadb(json.p ? json.p : "", json.n, JSON_REJECT_DUPLICATES, NULL);
    bool ok = json_is_object(root);
    *out = form_answers_room(a, f);
    object_take(a, f, root, *out);
    json_decref(root);
    return ok ? RC_OK : RC_INVALID;
}

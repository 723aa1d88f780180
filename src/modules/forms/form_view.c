/* form_view.c - a form as pages show it: fields with what was typed and what is wrong, and the summary. */
#include "base/code.h"
#include "form_read.h"

static const char *const advice_kinds[] = { "not_needed", "elsewhere", "record", "not_yet", "taken", "alike", NULL };
static const struct field advice_fields[] = {
    FIELD(struct form_advice, value), FIELD_WORD(struct form_advice, kind, advice_kinds, "forms.advice"), FIELD(struct form_advice, text),
    FIELD(struct form_advice, link),
};
const struct record FORM_ADVICE = RECORD(struct form_advice, advice_fields);
static const struct field choice_fields[] = {
    FIELD(struct form_choice_view, id), FIELD(struct form_choice_view, value), FIELD(struct form_choice_view, text),
    FIELD(struct form_choice_view, chosen)
};
const struct record FORM_CHOICE_VIEW = RECORD(struct form_choice_view, choice_fields);
static const struct field area_fields[] = {
    FIELD(struct form_area_view, name), FIELD_LIST(struct form_area_view, places, &FORM_CHOICE_VIEW)
};
static const struct record AREA = RECORD(struct form_area_view, area_fields);
static const char *const view_kinds[] = { "text", "long", "date", "choice", "yes", "number", "several", "rows",
                                          "address", "licence", NULL };
#define V struct form_field_view
#define SIMPLE                                                                                                          \
    FIELD(V, name), FIELD(V, title), FIELD(V, hint), FIELD(V, value), FIELD_WORD(V, kind, view_kinds, NULL), FIELD(V, unit),   \
    FIELD(V, only), FIELD(V, required), FIELD(V, checked), FIELD(V, invalid), FIELD(V, error), FIELD(V, rows),                 \
    FIELD_LIST(V, choices, &FORM_CHOICE_VIEW)
static const struct field cell_fields[] = { SIMPLE };
static const struct record CELL = RECORD(V, cell_fields); /* inside a row: no rows in rows */
static const struct field row_fields[] = {
    FIELD(struct form_row_view, name), FIELD(struct form_row_view, row_name), FIELD(struct form_row_view, number),
    FIELD(struct form_row_view, can_end), FIELD_LIST(struct form_row_view, fields, &CELL),
};
static const struct record ROW = RECORD(struct form_row_view, row_fields);
static const struct field view_fields[] = {
    SIMPLE, FIELD(V, can_add), FIELD(V, row_name), FIELD_LIST(V, lines, &ROW), FIELD_LIST(V, areas, &AREA), FIELD(V, elsewhere),
    FIELD(V, choice_invalid), FIELD(V, offered), FIELD(V, choice_error),
};
const struct record FORM_FIELD_VIEW = RECORD(V, view_fields);
#undef SIMPLE
#undef V
static const struct field line_fields[] = {
    FIELD(struct form_line, group), FIELD(struct form_line, heading), FIELD(struct form_line, title), FIELD(struct form_line, value)
};
const struct record FORM_LINE = RECORD(struct form_line, line_fields);
static const struct field section_fields[] = {
    FIELD(struct form_section, name), FIELD(struct form_section, title), FIELD_LIST(struct form_section, lines, &FORM_LINE)
};
const struct record FORM_SECTION = RECORD(struct form_section, section_fields);
static const struct field plain_choice_fields[] = { FIELD(struct form_choice, value), FIELD(struct form_choice, text) };
const struct record FORM_CHOICE_RECORD = RECORD(struct form_choice, plain_choice_fields);

/* ---- fields ------------------------------------------------------------------------------------------------------------ */

/* What a page is made from: the form and its answers, and where in a row we are. */
struct place {
    struct cx          *cx;
    const struct form  *f;
    struct form_answers ans;
    const char         *group; /* NULL: everything */
    struct str          front; /* "staff-2-" */
};

static struct list choices_view(struct arena *a, const struct form_field *f, struct str name, struct str value)
{
    struct form_choice_view *v = arena_many(a, struct form_choice_view, f->nchoices);
    for (size_t i = 0; i < f->nchoices; i++) {
        bool chosen = f->kind == FORM_SEVERAL ? value.n && str_has_word(value, f->choices[i].value) : str_eq(value, f->choices[i].value);
        v[i] = (struct form_choice_view){ i ? arena_fmt(a, STR_F "-%zu", STR_A(name), i) : name, f->choices[i].value,
                                          f->choices[i].text, chosen };
    }
    return (struct list){ v, f->nchoices };
}

static struct str message(struct cx *cx, const char *key, struct str a1, struct str a2)
{
    struct buf b;
    buf_init(&b, cx->arena, 100);
    texts_put(cx->app->texts, &b, cx->actor.locale, str_c(key), a1, a2);
    return buf_view(&b);
}

static struct str error_text(struct cx *cx, struct str field)
{
    const struct issue *i = issues_find(&cx->issues, field);
    return i ? message(cx, i->key, i->arg[0], i->arg[1]) : STR("");
}

static struct str view_kind(enum form_kind k)
{
    switch (k) {
    case FORM_LONG:
        return STR("long");
    case FORM_DATE:
        return STR("date");
    case FORM_CHOICE:
        return STR("choice");
    case FORM_YES:
        return STR("yes");
    case FORM_NUMBER:
        return STR("number");
    case FORM_SEVERAL:
        return STR("several");
    case FORM_ROWS:
        return STR("rows");
    case FORM_ADDRESS:
        return STR("address");
    case FORM_LICENCE:
        return STR("licence");
    case FORM_TEXT:
    case FORM_CODE:
    case FORM_ID:
    case FORM_USCC:
    case FORM_PHONE:
        break;
    }
    return STR("text");
}

/* Labels of the answers that the condition names: "由代办人办、…". */
static struct str when_text(struct arena *a, const struct form *f, struct form_when w)
{
    const struct form_field *ff = &f->fields[w.field];
    struct str rest = w.value;
    struct buf b;
    buf_init(&b, a, 64);
    while (rest.p) {
        struct str word = str_cut(&rest, '|');
        for (size_t i = 0; i < ff->nchoices; i++)
            if (str_eq(ff->choices[i].value, word))
                buf_fmt(&b, "%s" STR_F, b.n ? "、" : "", STR_A(ff->choices[i].text));
    }
    return b.n ? buf_view(&b) : ff->title;
}

/* Another page has ruled the field out. */
static bool ruled_out(const struct place *p, const struct form_field *ff)
{
    if (ff->asked.field < 0)
        return false;
    const struct form_field *on = &p->f->fields[ff->asked.field];
    bool same_page = p->group && str_is(on->group, p->group), answered = p->ans.v[ff->asked.field].n > 0;
    return !same_page && p->group && !form_when_holds(p->f, ff->asked, p->ans) && (answered || ruled_out(p, on));
}

static struct list fields_view(const struct place *p);

static struct list rows_view(const struct place *p, const struct form_field *ff, const struct form_rows *rows)
{
    struct form_row_view *v = arena_many(p->cx->arena, struct form_row_view, rows->n);
    for (size_t i = 0; i < rows->n; i++) {
        struct place inner = { p->cx, ff->row, rows->v[i], NULL, arena_fmt(p->cx->arena, STR_F "-%zu-", STR_A(ff->name), i) };
        v[i] = (struct form_row_view){ str_sub(inner.front, 0, inner.front.n - 1), ff->row_name, (int64_t)i + 1,
                                       (int64_t)rows->n > ff->rows_min, fields_view(&inner) };
    }
    return (struct list){ v, rows->n };
}

static struct list offers_view(struct arena *a, const struct form_choice *c, size_t n, struct str name, struct str chosen)
{
    struct form_choice_view *v = arena_many(a, struct form_choice_view, n);
    for (size_t i = 0; i < n; i++)
        v[i] = (struct form_choice_view){ arena_fmt(a, STR_F "-licence%s%.0zu", STR_A(name), i ? "-" : "", i), c[i].value,
                                          arena_fmt(a, STR_F "（" STR_F "）", STR_A(c[i].value), STR_A(c[i].text)),
                                          str_eq(c[i].value, chosen) };
    return (struct list){ v, n };
}

static void parts_view(const struct place *p, size_t i, struct form_field_view *v)
{
    struct arena *a = p->cx->arena;
    const struct form_field *ff = &p->f->fields[i];
    struct form_parts parts = form_parts_of(p->ans.v[i]);
    struct list offers = p->ans.offers[i];
    v->value = parts.text;
    v->elsewhere = str_is(parts.choice, FORM_OTHER);
    v->choice_error = error_text(p->cx, arena_fmt(a, STR_F "-%s", STR_A(v->name), form_parts_choice(ff)));
    v->choice_invalid = v->choice_error.n > 0;
    if (ff->kind == FORM_ADDRESS)
        v->areas = form_areas(p->cx, parts.choice);
    else
        v->choices = offers_view(a, offers.v, offers.n, v->name, parts.choice);
    v->offered = v->areas.n + v->choices.n > 0;
}

static struct form_field_view field_view(const struct place *p, size_t i)
{
    struct arena *a = p->cx->arena;
    const struct form_field *ff = &p->f->fields[i];
    struct str name = p->front.n ? arena_fmt(a, STR_F STR_F, STR_A(p->front), STR_A(ff->name)) : ff->name;
    struct str value = p->ans.v[i].p ? p->ans.v[i] : STR(""), error = error_text(p->cx, name);
    struct form_field_view v = { .name = name, .title = ff->title, .hint = ff->hint, .value = value, .kind = view_kind(ff->kind),
                                 .unit = ff->unit, .only = STR(""), .required = ff->required, .checked = str_is(value, "1"),
                                 .invalid = error.n > 0, .error = error, .row_name = ff->row_name, .rows = 5,
                                 .choices = choices_view(a, ff, name, value) };
    bool shown_anyway = ff->asked.field >= 0 && !(p->group && !str_is(p->f->fields[ff->asked.field].group, p->group) &&
                                                  form_when_holds(p->f, ff->asked, p->ans));
    if (shown_anyway)
        v.only = message(p->cx, "forms.only_if", when_text(a, p->f, ff->asked), STR_NONE);
    if (form_has_parts(ff))
        parts_view(p, i, &v);
    if (ff->kind == FORM_ROWS) {
        v.lines = rows_view(p, ff, &p->ans.rows[i]);
        v.can_add = (int64_t)p->ans.rows[i].n < ff->rows_max;
    }
    return v;
}

static struct list fields_view(const struct place *p)
{
    struct form_field_view *v = arena_many(p->cx->arena, struct form_field_view, p->f->n);
    size_t n = 0;
    for (size_t i = 0; i < p->f->n; i++)
        if ((!p->group || str_is(p->f->fields[i].group, p->group)) && !ruled_out(p, &p->f->fields[i]))
            v[n++] = field_view(p, i);
    return (struct list){ v, n };
}

struct list form_view(struct cx *cx, const struct form *f, const char *group, struct form_answers ans)
{
    struct place p = { cx, f, ans, group, STR("") };
    return fields_view(&p);
}

/* ---- summary ------------------------------------------------------------------------------------------------------------- */

static struct str choice_text(const struct form_field *f, struct str value)
{
    for (size_t i = 0; i < f->nchoices; i++)
        if (str_eq(f->choices[i].value, value))
            return f->choices[i].text;
    return value;
}

static struct str several_text(struct arena *a, const struct form_field *f, struct str words)
{
    struct buf b;
    buf_init(&b, a, 64);
    while (words.p) {
        struct str text = choice_text(f, str_cut(&words, ' '));
        buf_fmt(&b, "%s" STR_F, b.n ? "、" : "", STR_A(text));
    }
    return buf_view(&b);
}

static struct str shown_value(struct arena *a, const struct form_field *f, struct str v, bool masked)
{
    if (masked && (f->kind == FORM_ID || f->kind == FORM_CODE))
        return code_mask(a, v);
    if (f->kind == FORM_SEVERAL)
        return several_text(a, f, v);
    if (f->kind == FORM_NUMBER)
        return arena_fmt(a, STR_F STR_F, STR_A(v), STR_A(f->unit));
    if (form_has_parts(f))
        return form_parts_shown(a, f, v);
    return f->kind == FORM_YES ? STR("是") : choice_text(f, v);
}

struct str form_shown(struct arena *a, const struct form *f, size_t field, struct str answer, bool masked)
{
    return shown_value(a, &f->fields[field], answer, masked);
}

/* "姓名：张三；健康证明编号：…" */
static struct str row_text(struct arena *a, const struct form *row, struct form_answers ans, bool masked)
{
    struct buf b;
    buf_init(&b, a, 200);
    for (size_t i = 0; i < row->n; i++)
        if (ans.v[i].n && form_asked(row, i, ans)) {
            struct str value = shown_value(a, &row->fields[i], ans.v[i], masked);
            buf_fmt(&b, "%s" STR_F "：" STR_F, b.n ? "；" : "", STR_A(row->fields[i].title), STR_A(value));
        }
    return buf_view(&b);
}

static size_t rows_lines(struct arena *a, const struct form_field *f, const struct form_rows *rows, bool masked, struct form_line *v)
{
    size_t n = 0;
    for (size_t i = 0; i < rows->n; i++)
        if (!form_row_empty(f->row, rows->v[i])) {
            v[n].title = arena_fmt(a, STR_F "%zu", STR_A(f->row_name), n + 1);
            v[n].value = row_text(a, f->row, rows->v[i], masked);
            n++;
        }
    return n;
}

static size_t lines_room(const struct form *f, struct form_answers ans)
{
    size_t n = f->n;
    for (size_t i = 0; i < f->n; i++)
        n += ans.rows[i].n;
    return n;
}

struct list form_summary(struct arena *a, const struct form *f, struct form_answers ans, bool masked)
{
    struct form_line *v = arena_many(a, struct form_line, lines_room(f, ans));
    struct str last = STR("");
    size_t n = 0;
    for (size_t i = 0; i < f->n; i++) {
        const struct form_field *ff = &f->fields[i];
        size_t first = n;
        if (!form_asked(f, i, ans))
            continue;
        if (ff->kind == FORM_ROWS)
            n += rows_lines(a, ff, &ans.rows[i], masked, v + n);
        else if (ans.v[i].n)
            v[n++] = (struct form_line){ .title = ff->title, .value = shown_value(a, ff, ans.v[i], masked) };
        for (size_t k = first; k < n; k++) {
            v[k].group = ff->group;
            v[k].heading = str_eq(ff->group, last) ? STR("") : f->groups[form_group_find(f, ff->group)].title;
            last = ff->group;
        }
    }
    return (struct list){ v, n };
}

struct list form_sections(struct arena *a, const struct form *f, struct form_answers ans, bool masked)
{
    struct list lines = form_summary(a, f, ans, masked);
    struct form_line *l = lines.v;
    struct form_section *v = arena_many(a, struct form_section, f->ngroups);
    size_t n = 0;
    for (size_t i = 0; i < lines.n; i++) {
        if (l[i].heading.n)
            v[n++] = (struct form_section){ l[i].group, l[i].heading, { &l[i], 0 } };
        v[n - 1].lines.n++;
    }
    return (struct list){ v, n };
}

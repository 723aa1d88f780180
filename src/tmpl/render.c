/* render.c - operations and a record to text. */
#include "base/log.h"
#include "tmpl/tmpl_priv.h"

#include <string.h>

struct row {
    const struct list *list;
    size_t             at, size;
};

struct renderer {
    const struct tmpl_view *v;
    struct buf             *b;
    const void             *obj[DEPTH_MAX];
    struct row              row[DEPTH_MAX];
    int                     depth;
};

/* ---- days ------------------------------------------------------------------------------------------------------ */

static const char *const weekday_zh[] = { "星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日" };
static const char *const weekday_en[] = { "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday" };
static const char *const month_en[] = { "January", "February", "March",     "April",   "May",      "June",
                                        "July",    "August",   "September", "October", "November", "December" };

void put_day(struct buf *b, enum locale l, struct day d, bool with_year)
{
    struct civil c = day_civil(d);
    if (l == LOCALE_EN) {
        buf_fmt(b, "%s %d %s", weekday_en[day_weekday(d) - 1], c.day, month_en[c.month - 1]);
        if (with_year)
            buf_fmt(b, " %d", c.year);
        return;
    }
    if (with_year)
        buf_fmt(b, "%d年", c.year);
    buf_fmt(b, "%d月%d日 %s", c.month, c.day, weekday_zh[day_weekday(d) - 1]);
}

void put_when(struct buf *b, enum locale l, int64_t ms, bool with_year)
{
    struct day d = day_at(ms);
    int minute = (int)((ms - day_start(d)) / 60000);
    put_day(b, l, d, with_year);
    buf_fmt(b, " %d:%02d", minute / 60, minute % 60);
}

static void day_field(struct renderer *r, struct day d, enum format f)
{
    if (!d.n)
        return;
    if (f == FMT_ISO) {
        buf_day(r->b, d);
        return;
    }
    buf_lit(r->b, "<time datetime=\"");
    buf_day(r->b, d);
    buf_lit(r->b, "\">");
    put_day(r->b, r->v->locale, d, f == FMT_FULL);
    buf_lit(r->b, "</time>");
}

static void when_field(struct renderer *r, struct when w, enum format f)
{
    if (!w.ms)
        return;
    if (f == FMT_ISO) {
        buf_when(r->b, w.ms);
        return;
    }
    buf_lit(r->b, "<time datetime=\"");
    buf_when(r->b, w.ms);
    buf_lit(r->b, "\">");
    put_when(r->b, r->v->locale, w.ms, f == FMT_FULL);
    buf_lit(r->b, "</time>");
}

/* ---- other values ---------------------------------------------------------------------------------------------- */

static void put_grouped(struct buf *b, int64_t v)
{
    char tmp[32];
    size_t at = sizeof tmp;
    uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
    for (int i = 0; u || !i; i++, u /= 10) {
        if (i && i % 3 == 0)
            tmp[--at] = ',';
        tmp[--at] = (char)('0' + u % 10);
    }
    if (v < 0)
        tmp[--at] = '-';
    buf_put(b, tmp + at, sizeof tmp - at);
}

static void fen_field(struct renderer *r, int64_t fen, enum format f)
{
    put_grouped(r->b, fen / 100);
    buf_fmt(r->b, ".%02d", (int)(fen < 0 ? -fen % 100 : fen % 100));
    if (f != FMT_RAW)
        buf_str(r->b, r->v->locale == LOCALE_EN ? STR(" yuan") : STR("元"));
}

static bool safe_address(struct str s)
{
    static const char *const begins[] = { "/", "#", "https://", "http://", "tel:", "mailto:" };
    if (str_starts(s, STR("//")))
        return false;
    for (size_t i = 0; i < countof(begins); i++)
        if (str_starts(s, str_c(begins[i])))
            return true;
    return false;
}

static struct str typed_value(const struct renderer *r, const struct field *f, struct str stored)
{
    for (size_t i = 0; i < r->v->ntyped; i++)
        if (str_is(r->v->typed[i].name, f->name))
            return r->v->typed[i].value;
    return stored;
}

static struct str word_text(const struct renderer *r, const struct place *p, struct str word)
{
    for (size_t i = 0; p->field->words[i]; i++)
        if (str_is(word, p->field->words[i]))
            return p->words[i * LOCALES + r->v->locale];
    return word;
}

static void str_field(struct renderer *r, const struct place *p, struct str s)
{
    if (p->words)
        s = word_text(r, p, s);
    switch (p->format) {
    case FMT_URL:
        buf_url(r->b, s);
        break;
    case FMT_HREF:
        buf_html(r->b, safe_address(s) ? s : STR("#"));
        break;
    case FMT_TYPED:
        buf_html(r->b, typed_value(r, p->field, s));
        break;
    case FMT_PLAIN:
    case FMT_RAW:
    case FMT_ISO:
    case FMT_FULL:
    case FMT_GROUP:
        buf_html(r->b, s);
    }
}

static const void *value_at(const struct renderer *r, const struct place *p)
{
    return (const char *)r->obj[p->depth] + p->field->at;
}

static void put_field(struct renderer *r, const struct place *p)
{
    const void *at = value_at(r, p);
    switch (p->field->type) {
    case F_I64:
        if (p->format == FMT_GROUP)
            put_grouped(r->b, *(const int64_t *)at);
        else
            buf_i64(r->b, *(const int64_t *)at);
        break;
    case F_BOOL:
        buf_char(r->b, *(const bool *)at ? '1' : '0');
        break;
    case F_STR:
        str_field(r, p, *(const struct str *)at);
        break;
    case F_HTML:
        buf_put(r->b, ((const struct html *)at)->p, ((const struct html *)at)->n);
        break;
    case F_DAY:
        day_field(r, *(const struct day *)at, p->format);
        break;
    case F_WHEN:
        when_field(r, *(const struct when *)at, p->format);
        break;
    case F_FEN:
        fen_field(r, ((const struct fen *)at)->n, p->format);
        break;
    case F_LIST:
        break; /* refused by the compiler */
    }
}

static bool is_set(const struct field *f, const void *at)
{
    switch (f->type) {
    case F_I64:
    case F_WHEN:
    case F_FEN:
        return *(const int64_t *)at != 0;
    case F_BOOL:
        return *(const bool *)at;
    case F_STR:
    case F_HTML:
        return ((const struct str *)at)->n > 0;
    case F_DAY:
        return ((const struct day *)at)->n != 0;
    case F_LIST:
        return ((const struct list *)at)->n > 0;
    }
    return false;
}

/* ---- operations ------------------------------------------------------------------------------------------------ */

static void put_message(struct renderer *r, const struct op *op)
{
    struct str text = op->texts[r->v->locale];
    for (;;) {
        ptrdiff_t at = str_find_char(text, '%');
        if (at < 0 || (size_t)at + 1 >= text.n)
            break;
        int arg = text.p[at + 1] - '1';
        bool known = arg >= 0 && arg < MESSAGE_ARGS && op->place[arg].field;
        buf_put(r->b, text.p, (size_t)at + (known ? 0 : 1));
        if (known)
            put_field(r, &op->place[arg]);
        text = str_sub(text, (size_t)at + (known ? 2 : 1), text.n);
    }
    buf_str(r->b, text);
}

static void put_error(struct renderer *r, const struct tmpl *t, struct str field)
{
    const struct issue *i = r->v->issues ? issues_find(r->v->issues, field) : NULL;
    if (!i)
        return;
    struct buf msg;
    buf_init(&msg, r->b->a, 128);
    texts_put(t->texts, &msg, r->v->locale, str_c(i->key), i->arg[0], i->arg[1]);
    buf_fmt(r->b, "<p class=\"govuk-error-message\" id=\"" STR_F "-error\"><span class=\"govuk-visually-hidden\">", STR_A(field));
    buf_str(r->b, t->error_prefix[r->v->locale]);
    buf_lit(r->b, "</span>");
    buf_html(r->b, buf_view(&msg));
    buf_lit(r->b, "</p>");
}

static bool section_holds(const struct renderer *r, const struct op *op)
{
    const void *at = value_at(r, &op->place[0]);
    const struct field *f = op->place[0].field;
    if (!op->text.p)
        return is_set(f, at) != op->inverted;
    struct str s = f->type == F_STR ? *(const struct str *)at : STR_NONE;
    if (f->type == F_STR && op->place[0].format == FMT_TYPED)
        s = typed_value(r, f, s);
    return str_eq(s, op->text) != op->inverted;
}

static size_t list_begin(struct renderer *r, const struct op *op, size_t at)
{
    const struct list *l = value_at(r, &op->place[0]);
    if (!l->n)
        return op->jump;
    r->row[r->depth] = (struct row){ l, 0, op->place[0].field->of->size };
    r->obj[r->depth++] = l->v;
    return at + 1;
}

static size_t list_next(struct renderer *r, const struct op *op, size_t at)
{
    struct row *row = &r->row[r->depth - 1];
    if (++row->at < row->list->n) { /* NOLINT(clang-analyzer-core.NullDereference): list_begin came before */
        r->obj[r->depth - 1] = (const char *)row->list->v + row->at * row->size;
        return op->jump + 1;
    }
    r->depth--;
    return at + 1;
}

static size_t step(struct renderer *r, const struct tmpl *t, size_t at)
{
    const struct op *op = &t->ops[at];
    switch (op->kind) {
    case OP_TEXT:
        buf_str(r->b, op->text);
        break;
    case OP_FIELD:
        put_field(r, &op->place[0]);
        break;
    case OP_MESSAGE:
        put_message(r, op);
        break;
    case OP_ERROR:
        put_error(r, t, op->text);
        break;
    case OP_SECTION:
        return section_holds(r, op) ? at + 1 : op->jump;
    case OP_IF_ERROR:
        return (r->v->issues && issues_find(r->v->issues, op->text)) != op->inverted ? at + 1 : op->jump;
    case OP_LIST:
        return list_begin(r, op, at);
    case OP_NEXT:
        return list_next(r, op, at);
    }
    return at + 1;
}

void tmpl_render(const struct tmpl *t, const struct tmpl_view *v, struct buf *b)
{
    struct renderer r = { .v = v, .b = b, .obj = { v->page, v->out }, .depth = 2 };
    for (size_t at = 0; at < t->n;)
        at = step(&r, t, at);
}

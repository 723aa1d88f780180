/* bench_tmpl.c - a table of 60 rows by the template engine and by C code with the same literals. One line of JSON. */
#include "tmpl/tmpl.h"

#include "base/time.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 60, ROUNDS = 20000 };

struct row {
    struct str no, name, state;
    int64_t    days;
};
static const struct field row_fields[] = { FIELD(struct row, no), FIELD(struct row, name), FIELD(struct row, state),
        FIELD(struct row, days) };
static const struct record ROW = RECORD(struct row, row_fields);
struct view {
    struct str  title;
    struct list rows;
};
static const struct field view_fields[] = { FIELD(struct view, title), FIELD_LIST(struct view, rows, &ROW) };
static const struct record VIEW = RECORD(struct view, view_fields);
static const struct field no_fields[] = { FIELD(struct view, title) };
static const struct record PAGE = RECORD(struct view, no_fields);

static const char text[] = "<h1>{{title}}</h1>\n<table class=\"tb-table\">\n{{#rows}}<tr><th scope=\"row\">"
    "<a href=\"/cases/{{no}}\">{{name}}</a></th>"
                           "<td class=\"tb-nb\">{{state}}</td><td>{{days}}</td></tr>\n{{/rows}}</table>\n";

static void by_hand(const struct view *v, struct buf *b)
{
    buf_lit(b, "<h1>");
    buf_html(b, v->title);
    buf_lit(b, "</h1>\n<table class=\"tb-table\">\n");
    for (size_t i = 0; i < v->rows.n; i++) {
        const struct row *r = (const struct row *)v->rows.v + i;
        buf_lit(b, "<tr><th scope=\"row\"><a href=\"/cases/");
        buf_html(b, r->no);
        buf_lit(b, "\">");
        buf_html(b, r->name);
        buf_lit(b, "</a></th><td class=\"tb-nb\">");
        buf_html(b, r->state);
        buf_lit(b, "</td><td>");
        buf_i64(b, r->days);
        buf_lit(b, "</td></tr>\n");
    }
    buf_lit(b, "</table>\n");
}

static double us_per_page(const struct tmpl *t, const struct view *v, struct arena *a, struct str *out)
{
    struct buf b;
    int64_t from = time_mono();
    for (int i = 0; i < ROUNDS; i++) {
        arena_reset(a);
        buf_init(&b, a, 16384);
        if (t)
            tmpl_render(t, &(struct tmpl_view){ .locale = LOCALE_ZH_CN, .page = v, .out = v }, &b);
        else
            by_hand(v, &b);
    }
    *out = buf_view(&b);
    return (double)(time_mono() - from) * 1000 / ROUNDS;
}

int main(void)
{
    struct arena kept, a, c;
    struct row rows[ROWS];
    struct view v = { STR("我的办件 & 消息"), { rows, ROWS } };
    struct str why = STR_NONE, one, two;
    const struct tmpl_source src = { "bench", text, sizeof text - 1 };
    arena_init(&kept, 16 << 20);
    arena_init(&a, 1 << 20);
    arena_init(&c, 1 << 20);
    for (int i = 0; i < ROWS; i++)
        rows[i] = (struct row){ STR("52262720260508000013P"), STR("特种设备作业人员资格认定（复审）<新>"), STR("正在审查"), i };
    struct tmpl_set set = { .a = &kept, .texts = texts_open(&kept), .page = &PAGE };
    const struct tmpl *t = tmpl_compile(&set, &src, &VIEW, &why);
    if (!t) {
        fprintf(stderr, "bench_tmpl: " STR_F "\n", STR_A(why));
        return 1;
    }
    double engine = us_per_page(t, &v, &a, &one), hand = us_per_page(NULL, &v, &c, &two);
    if (!str_eq(one, two)) {
        fprintf(stderr, "bench_tmpl: the two pages differ\n");
        return 1;
    }
    printf("{\"bytes\":%zu,\"engine_us\":%.2f,\"by_hand_us\":%.2f}\n", one.n, engine, hand);
    return 0;
}

/* csv.c - RFC 4180 reader. */
#include "base/csv.h"

static char peek(const struct csv *c)
{
    return c->rest.n ? c->rest.p[0] : '\0';
}

static void skip(struct csv *c, size_t n)
{
    c->rest = str_sub(c->rest, n, c->rest.n);
}

/* Cell in quotes; the opening one is next. False if it never closes or garbage follows. */
static bool quoted_cell(struct csv *c, struct str *out)
{
    struct buf b;
    skip(c, 1);
    buf_init(&b, c->a, 0);
    for (;;) {
        ptrdiff_t at = str_find_char(c->rest, '"');
        if (at < 0)
            return false;
        struct str part = str_sub(c->rest, 0, (size_t)at);
        for (size_t i = 0; i < part.n; i++)
            c->next_line += part.p[i] == '\n';
        skip(c, part.n + 1);
        if (peek(c) != '"' || !c->rest.n) {
            if (!b.n) {
                *out = part.n ? part : STR("");
            } else {
                buf_str(&b, part);
                *out = buf_view(&b);
            }
            break;
        }
        buf_str(&b, part);
        buf_char(&b, '"');
        skip(c, 1);
    }
    char p = peek(c);
    return !c->rest.n || p == ',' || p == '\n' || p == '\r';
}

static bool plain_cell(struct csv *c, struct str *out)
{
    size_t n = 0;
    while (n < c->rest.n && c->rest.p[n] != ',' && c->rest.p[n] != '\n' && c->rest.p[n] != '\r')
        n++;
    *out = str_sub(c->rest, 0, n);
    skip(c, n);
    return str_find_char(*out, '"') < 0;
}

static void skip_line_end(struct csv *c)
{
    if (peek(c) == '\r')
        skip(c, 1);
    if (peek(c) == '\n')
        skip(c, 1);
    c->next_line++;
}

static void skip_rest_of_line(struct csv *c)
{
    ptrdiff_t at = str_find_char(c->rest, '\n');
    skip(c, at < 0 ? c->rest.n : (size_t)at + 1);
    c->next_line++;
}

/* Cells of one line into `cells`; false if the line is broken. */
static bool read_line(struct csv *c, struct str *cells, size_t max, size_t *out_n)
{
    size_t n = 0;
    for (;;) {
        struct str cell;
        bool ok = peek(c) == '"' ? quoted_cell(c, &cell) : plain_cell(c, &cell);
        if (!ok || n == max || !str_utf8_ok(cell)) {
            skip_rest_of_line(c);
            return false;
        }
        cells[n++] = cell;
        if (peek(c) != ',' || !c->rest.n)
            break;
        skip(c, 1);
    }
    skip_line_end(c);
    *out_n = n;
    return true;
}

enum rc csv_open(struct csv *c, struct str text, struct arena *a)
{
    struct str cells[CSV_COLUMNS_MAX];
    *c = (struct csv){ .rest = text, .a = a, .next_line = 1, .line = 1 };
    if (str_starts(text, STR("\xEF\xBB\xBF")))
        skip(c, 3);
    if (!c->rest.n || !read_line(c, cells, CSV_COLUMNS_MAX, &c->columns))
        return RC_INVALID;
    for (size_t i = 0; i < c->columns; i++) {
        c->row[i].name = str_trim(cells[i]);
        for (size_t k = 0; k < i; k++)
            if (str_eq(c->row[k].name, c->row[i].name))
                return RC_INVALID;
    }
    return RC_OK;
}

enum rc csv_next(struct csv *c)
{
    struct str cells[CSV_COLUMNS_MAX];
    size_t n = 0;
    while (peek(c) == '\n' || peek(c) == '\r')
        skip_line_end(c);
    c->line = c->next_line;
    if (!c->rest.n)
        return RC_NOT_FOUND;
    if (!read_line(c, cells, CSV_COLUMNS_MAX, &n) || n != c->columns)
        return RC_INVALID;
    for (size_t i = 0; i < n; i++)
        c->row[i].value = cells[i];
    return RC_OK;
}

/* buf.c - growing text. */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void buf_init(struct buf *b, struct arena *a, size_t cap)
{
    *b = (struct buf){ .a = a, .cap = cap, .p = cap ? arena_room(a, cap) : NULL };
}

char *buf_room(struct buf *b, size_t n)
{
    if (b->cap - b->n < n) {
        size_t cap = b->cap * 2 > b->n + n ? b->cap * 2 : b->n + n + 64;
        char *p = arena_room(b->a, cap);
        if (b->n)
            memcpy(p, b->p, b->n);
        b->p = p;
        b->cap = cap;
    }
    return b->p + b->n;
}

void buf_put(struct buf *b, const void *p, size_t n)
{
    if (!n)
        return;
    memcpy(buf_room(b, n), p, n);
    b->n += n;
}

void buf_char(struct buf *b, char c)
{
    *buf_room(b, 1) = c;
    b->n++;
}

void buf_str(struct buf *b, struct str s)
{
    buf_put(b, s.p, s.n);
}

void buf_i64(struct buf *b, int64_t v)
{
    char tmp[24];
    size_t at = sizeof tmp;
    uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
    do
        tmp[--at] = (char)('0' + u % 10);
    while (u /= 10);
    if (v < 0)
        tmp[--at] = '-';
    buf_put(b, tmp + at, sizeof tmp - at);
}

void buf_fmt(struct buf *b, const char *fmt, ...)
{
    size_t room = b->cap - b->n;
    char *at = room ? b->p + b->n : NULL;
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(at, room, fmt, ap);
    va_end(ap);
    if (n <= 0)
        return;
    if ((size_t)n >= room) { /* it did not fit: once more, with room */
        char *p = buf_room(b, (size_t)n + 1);
        va_start(ap, fmt);
        vsnprintf(p, (size_t)n + 1, fmt, ap);
        va_end(ap);
    }
    b->n += (size_t)n;
}

static struct str html_escape(char c)
{
    switch (c) {
    case '&':
        return STR("&amp;");
    case '<':
        return STR("&lt;");
    case '>':
        return STR("&gt;");
    case '"':
        return STR("&quot;");
    case '\'':
        return STR("&#39;");
    default:
        return STR_NONE;
    }
}

void buf_html(struct buf *b, struct str s)
{
    static const bool is_markup[256] = { ['&'] = true, ['<'] = true, ['>'] = true, ['"'] = true, ['\''] = true };
    size_t from = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (!is_markup[(unsigned char)s.p[i]])
            continue;
        buf_put(b, s.p + from, i - from);
        buf_str(b, html_escape(s.p[i]));
        from = i + 1;
    }
    if (s.n > from)
        buf_put(b, s.p + from, s.n - from);
}

static void json_escape(struct buf *b, unsigned char c)
{
    switch (c) {
    case '"':
        buf_lit(b, "\\\"");
        break;
    case '\\':
        buf_lit(b, "\\\\");
        break;
    case '\n':
        buf_lit(b, "\\n");
        break;
    case '\r':
        buf_lit(b, "\\r");
        break;
    case '\t':
        buf_lit(b, "\\t");
        break;
    default:
        buf_fmt(b, "\\u%04x", c);
    }
}

void buf_json(struct buf *b, struct str s)
{
    size_t from = 0;
    buf_char(b, '"');
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        /* "<" too, so that JSON may stand inside a page (JSON-LD) */
        if (c >= 0x20 && c != '"' && c != '\\' && c != '<')
            continue;
        buf_put(b, s.p + from, i - from);
        json_escape(b, c);
        from = i + 1;
    }
    if (s.n > from)
        buf_put(b, s.p + from, s.n - from);
    buf_char(b, '"');
}

static bool unreserved(unsigned char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || strchr("-._~", c) != NULL;
}

void buf_url(struct buf *b, struct str s)
{
    static const char digit[] = "0123456789ABCDEF";
    char *p = buf_room(b, s.n * 3);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c && unreserved(c)) {
            p[n++] = (char)c;
        } else {
            p[n++] = '%';
            p[n++] = digit[c >> 4];
            p[n++] = digit[c & 15];
        }
    }
    b->n += n;
}

struct str buf_view(const struct buf *b)
{
    return (struct str){ b->p ? b->p : "", b->n };
}

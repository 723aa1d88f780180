/* buf.h - text being built in an arena. Invariant: p[0..n) is what was put so far. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/arena.h"

struct buf {
    struct arena *a;
    char         *p;
    size_t        n, cap;
};

/* An empty text; room for `cap` bytes is taken at once, the rest as it grows. */
void buf_init(struct buf *b, struct arena *a, size_t cap);
/* Room for `n` more bytes at the returned place; the caller adds what it used to b->n. */
char *buf_room(struct buf *b, size_t n);
void  buf_put(struct buf *b, const void *p, size_t n);
void  buf_char(struct buf *b, char c);
void  buf_str(struct buf *b, struct str s);
#define buf_lit(b, lit) buf_put((b), (lit), sizeof(lit) - 1)
/* Decimal digits; printf. */
void buf_i64(struct buf *b, int64_t v);
void buf_fmt(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* Text escaped for HTML content and quoted attributes. */
void buf_html(struct buf *b, struct str s);
/* Text as a JSON string with its quotes. */
void buf_json(struct buf *b, struct str s);
/* Text percent-encoded for one URL component (RFC 3986 unreserved characters stay). */
void buf_url(struct buf *b, struct str s);
/* What was built; lives as long as the arena. */
struct str buf_view(const struct buf *b);

#endif

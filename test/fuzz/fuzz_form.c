/* fuzz_form.c - a form as browsers send it: clean text comes out, and encoding it again gives the same fields. */
#include "fuzz.h"

#include "http/wire.h"

enum { PAIRS_MAX = 50 };

static struct str form_write(struct arena *a, const struct pair *p, size_t n)
{
    struct buf b;
    buf_init(&b, a, 0);
    for (size_t i = 0; i < n; i++) {
        buf_char(&b, '&');
        buf_url(&b, p[i].name);
        buf_char(&b, '=');
        buf_url(&b, p[i].value);
    }
    return buf_view(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct pair p[PAIRS_MAX], q[PAIRS_MAX];
    size_t n = 0, m = 0;
    arena_init(&a, FUZZ_ARENA);
    cookie_value(fuzz_text(data, size), "tb_lang");
    if (form_parse(fuzz_text(data, size), &a, p, PAIRS_MAX, &n)) {
        HOLDS(n <= PAIRS_MAX);
        for (size_t i = 0; i < n; i++)
            HOLDS(str_utf8_ok(p[i].name) && str_utf8_ok(p[i].value));
        HOLDS(form_parse(form_write(&a, p, n), &a, q, PAIRS_MAX, &m) && n == m);
        for (size_t i = 0; i < n; i++)
            HOLDS(str_eq(p[i].name, q[i].name) && str_eq(p[i].value, q[i].value));
    }
    arena_done(&a);
    return 0;
}

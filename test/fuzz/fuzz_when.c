/* fuzz_when.c - dates and instants as text: what is taken is written back as it was. */
#include "fuzz.h"

#include "base/time.h"

static void day_check(struct arena *a, struct str text)
{
    struct day d = { 0 };
    struct buf b;
    if (!day_parse(text, &d))
        return;
    buf_init(&b, a, 0);
    buf_day(&b, d);
    HOLDS(str_eq(buf_view(&b), text));
    HOLDS(civil_ok(day_civil(d)) && day_of(day_civil(d)).n == d.n);
    HOLDS(day_weekday(d) >= 1 && day_weekday(d) <= 7);
    HOLDS(day_at(day_start(d)).n == d.n);
}

static void when_check(struct arena *a, struct str text)
{
    int64_t ms = 0, again = 0;
    struct buf b;
    if (!when_parse(text, &ms))
        return;
    buf_init(&b, a, 0);
    buf_when(&b, ms);
    HOLDS(when_parse(buf_view(&b), &again));
    HOLDS(again == ms - (ms % 1000 + 1000) % 1000); /* written to the second */
    buf_http_date(&b, ms);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    int64_t n = 7;
    arena_init(&a, FUZZ_ARENA);
    struct str text = fuzz_text(data, size);
    day_check(&a, text);
    when_check(&a, text);
    HOLDS(!str_i64(text, -100, 100, &n) ? n == 7 : n >= -100 && n <= 100);
    arena_done(&a);
    return 0;
}

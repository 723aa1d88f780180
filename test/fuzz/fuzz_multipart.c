/* fuzz_multipart.c - multipart bodies of strangers: it ends, parts are begun and ended in pairs within the limits, no more
 * data comes out than went in, and pieces give what the whole gives. */
#include "fuzz.h"

#include "base/hash.h"
#include "http/multipart.h"

struct seen {
    struct hasher *h;
    size_t         bytes;
    int            parts;
    bool           open;
};

static bool begin(void *arg, struct str name, struct str filename)
{
    struct seen *s = arg;
    HOLDS(!s->open && name.n > 0 && name.n <= MULTIPART_NAME);
    HOLDS(str_utf8_ok(name) && str_utf8_ok(filename));
    s->open = true;
    s->parts++;
    hasher_add(s->h, name.p, name.n);
    hasher_add(s->h, "=", 1);
    return true;
}

static bool data(void *arg, const char *p, size_t n)
{
    struct seen *s = arg;
    HOLDS(s->open && n > 0);
    s->bytes += n;
    hasher_add(s->h, p, n);
    return true;
}

static bool end(void *arg)
{
    struct seen *s = arg;
    HOLDS(s->open);
    s->open = false;
    hasher_add(s->h, "&", 1);
    return true;
}

static bool parse(struct str body, size_t step, struct digest *out)
{
    static struct multipart m;
    struct seen s = { .h = hasher_start() };
    HOLDS(multipart_open(&m, STR("multipart/form-data; boundary=b"), &(struct multipart_sink){ &s, begin, data, end }));
    for (size_t at = 0; at < body.n; at += step)
        (void)multipart_put(&m, body.p + at, at + step < body.n ? step : body.n - at);
    bool whole = multipart_end(&m);
    HOLDS(s.bytes <= body.n && s.parts <= MULTIPART_FILES + MULTIPART_FIELDS);
    HOLDS(!whole || !s.open);
    *out = hasher_end(s.h);
    return whole;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct str body = fuzz_text(bytes, size);
    struct digest whole, pieces;
    bool ok = parse(body, size ? size : 1, &whole);
    HOLDS(parse(body, 1, &pieces) == ok);
    HOLDS(same_secret(whole.b, pieces.b, sizeof whole.b));
    return 0;
}

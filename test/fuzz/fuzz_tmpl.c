/* fuzz_tmpl.c - any text as a template: refused with a place and a reason, or shown without an unescaped value. */
#include "fuzz.h"

#include "tmpl/test_view.h"
#include "tmpl/tmpl.h"

/* The marker holds every character that must not come out as it is. */
#define MARKER "<\"'&\x01>"

static const struct message messages[] = {
    { "x.state.received", "收", "received" },
    { "x.state.granted", "准", "granted" },
    { "共%1项", NULL, "%1" },
};
static const struct tmpl_source parts[] = { { "part", "<b>{{name}}</b>", 15 }, { "self", "{{>self}}", 9 } };
static const struct tmpl_source *const sources[] = { &parts[0], &parts[1] };
static const struct asset assets[] = { { .file = "a.css", .address = "/assets/a-12.css" } };

static void show(const struct tmpl *t, struct arena *a)
{
    static struct row two[] = { { STR_INIT(MARKER), 1 }, { STR_INIT("乙"), 0 } };
    static const struct out shown = { .title = STR_INIT(MARKER), .state = STR_INIT("received"), .link = STR_INIT("javascript:" MARKER),
                                      .body = { "<i>x</i>", 8 }, .due = { 20454 }, .at = { 1767225600000 }, .fee = { -123450 },
                                      .count = INT64_MIN, .open = true, .rows = { two, 2 } };
    struct frame frame = { STR(MARKER) };
    struct buf b;
    for (enum locale l = 0; l < LOCALES; l++) {
        struct tmpl_view v = { .locale = l, .page = &frame, .out = &shown };
        buf_init(&b, a, 0);
        tmpl_render(t, &v, &b);
        HOLDS(str_find(buf_view(&b), STR(MARKER)) < 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct str why = STR_NONE;
    arena_init(&a, FUZZ_ARENA);
    struct tmpl_set set = { .a = &a, .texts = texts_open(&a), .sources = sources, .nsources = countof(sources), .assets = assets,
                            .nassets = countof(assets), .page = &FRAME };
    texts_add(set.texts, messages, countof(messages));
    struct tmpl_source source = { "fuzz", (const char *)data, size };
    bool has_marker = str_find(fuzz_text(data, size), STR("\x01")) >= 0; /* then the template itself may spell it */
    const struct tmpl *t = str_utf8_ok(fuzz_text(data, size)) ? tmpl_compile(&set, &source, &OUT, &why) : NULL;
    HOLDS(!t || !why.p);
    if (t && !has_marker)
        show(t, &a);
    arena_done(&a);
    return 0;
}

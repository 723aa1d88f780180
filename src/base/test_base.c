/* test_base.c - arena, text, records, JSON, time, digests, CSV. */
#include "../../test/check.h"
#include "base/conf.h"
#include "base/csv.h"
#include "base/hash.h"
#include "base/id.h"
#include "base/json.h"

#include <string.h>

#define IN_ARENA(a)                                                                                                    \
    AUTO(arena_done) struct arena a;                                                                                   \
    arena_init(&a, 1 << 20)

static void arena_gives_zeroed_memory_and_takes_it_back(void **state UNUSED)
{
    IN_ARENA(a);
    char *p = arena_alloc(&a, 100);
    memset(p, 'x', 100);
    struct arena_mark m = arena_mark(&a);
    for (int i = 0; i < 50; i++)
        memset(arena_alloc(&a, 3000), 'y', 3000);
    arena_rewind(&a, m);
    CHECK(p[99] == 'x');
    arena_reset(&a);
    p = arena_alloc(&a, 100);
    CHECK(p[0] == 0 && p[99] == 0 && a.used == 112);
}

static void utf8_is_checked_strictly(void **state UNUSED)
{
    CHECK(str_utf8_ok(STR("通办 tongban 𠀀")));
    CHECK(!str_utf8_ok(STR("\xC0\x80")));         /* overlong NUL */
    CHECK(!str_utf8_ok(STR("\xED\xA0\x80")));     /* surrogate */
    CHECK(!str_utf8_ok(STR("\xF4\x90\x80\x80"))); /* beyond U+10FFFF */
    CHECK(!str_utf8_ok(STR("\xE9\x80")));         /* cut off */
    CHECK(!str_utf8_ok(STR("a\0b")));
    CHECK(str_runes(STR("通办a")) == 3);
    CHECK_STR(str_first_runes(STR("通办a"), 2), "通办");
    struct str s = STR("𠀀");
    CHECK(str_rune(&s) == 0x20000 && s.n == 0);
}

static void text_is_cut_and_trimmed(void **state UNUSED)
{
    struct str rest = STR("a,,b");
    CHECK_STR(str_cut(&rest, ','), "a");
    CHECK_STR(str_cut(&rest, ','), "");
    CHECK_STR(str_cut(&rest, ','), "b");
    CHECK(!rest.p);
    CHECK_STR(str_trim(STR(" \t x y\n")), "x y");
    int64_t v = 7;
    CHECK(str_i64(STR("-12"), -20, 0, &v) && v == -12);
    CHECK(!str_i64(STR("12a"), 0, 100, &v) && !str_i64(STR(""), 0, 1, &v) && !str_i64(STR("21"), 0, 20, &v) && v == -12);
}

static void markup_and_json_are_escaped(void **state UNUSED)
{
    IN_ARENA(a);
    struct buf b;
    buf_init(&b, &a, 0);
    buf_html(&b, STR("<a href=\"x\">'&'</a>"));
    CHECK_STR(buf_view(&b), "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;");
    b.n = 0;
    buf_json(&b, STR("a\"\\\n\x01</script>"));
    CHECK_STR(buf_view(&b), "\"a\\\"\\\\\\n\\u0001\\u003c/script>\"");
    b.n = 0;
    buf_url(&b, STR("开 a/~"));
    CHECK_STR(buf_view(&b), "%E5%BC%80%20a%2F~");
    b.n = 0;
    buf_i64(&b, INT64_MIN);
    CHECK_STR(buf_view(&b), "-9223372036854775808");
}

static void days_are_counted_in_china(void **state UNUSED)
{
    struct day d;
    CHECK(day_parse(STR("2026-10-08"), &d) && day_weekday(d) == 4);
    CHECK(!day_parse(STR("2026-02-29"), &d) && !day_parse(STR("1900-02-29"), &d) && !day_parse(STR("2026-1-08"), &d));
    CHECK(day_parse(STR("2000-02-29"), &d));
    for (int n = -40000; n < 60000; n++)
        CHECK(day_of(day_civil((struct day){ n })).n == n);
    int64_t ms;
    CHECK(when_parse(STR("2026-10-07T16:00:00Z"), &ms));
    CHECK(day_at(ms).n == day_of((struct civil){ 2026, 10, 8 }).n && day_at(ms - 1).n == day_at(ms).n - 1);
    CHECK(day_start(day_at(ms)) == ms);
    IN_ARENA(a);
    struct buf b;
    buf_init(&b, &a, 0);
    buf_when(&b, ms);
    buf_http_date(&b, ms);
    CHECK_STR(buf_view(&b), "2026-10-08T00:00:00+08:00Wed, 07 Oct 2026 16:00:00 GMT");
    CHECK(!when_parse(STR("2026-10-07T24:00:00Z"), &ms) && !when_parse(STR("2026-10-07T16:00:00"), &ms));
}

struct pet {
    struct str  name, kind;
    int64_t     legs;
    bool        tame;
    struct day  born;
    struct list tags;
};
struct tag {
    struct str tag;
};
static const char *const kinds[] = { "cat", "dog", NULL };
static const struct field tag_fields[] = { FIELD(struct tag, tag, .max = 5) };
static const struct record TAG = RECORD(struct tag, tag_fields);
static const struct field pet_fields[] = {
    FIELD(struct pet, name, .required = true, .max = 4),
    FIELD_WORD(struct pet, kind, kinds, "pet.kind"),
    FIELD(struct pet, legs, .min = 0, .max = 8),
    FIELD(struct pet, tame),
    FIELD(struct pet, born),
    FIELD_LIST(struct pet, tags, &TAG),
};
static const struct record PET = RECORD(struct pet, pet_fields);

static void a_copy_of_a_record_depends_on_nothing_else(void **state UNUSED)
{
    IN_ARENA(a);
    struct arena b;
    arena_init(&b, 1 << 20);
    struct tag tags[] = { { STR("x") }, { arena_str(&a, STR("yy")) } };
    struct pet p = { .name = arena_str(&a, STR("阿花")), .legs = -4, .tame = true, .born = { 18321 }, .tags = { tags, 2 } };
    const struct pet *copy = record_copy(&b, &PET, &p);
    memset((char *)(uintptr_t)p.name.p, 'z', p.name.n);
    memset((char *)(uintptr_t)tags[1].tag.p, 'z', 2);
    tags[0].tag = STR("gone");
    CHECK_STR(copy->name, "阿花");
    CHECK(!copy->kind.p && copy->legs == -4 && copy->tame && copy->born.n == 18321 && copy->tags.n == 2);
    CHECK_STR(((const struct tag *)copy->tags.v)[0].tag, "x");
    CHECK_STR(((const struct tag *)copy->tags.v)[1].tag, "yy");
    arena_done(&b);
}

static void forms_become_records_or_issues(void **state UNUSED)
{
    IN_ARENA(a);
    struct issues is = { 0 };
    struct pet p;
    struct pair good[] = { { STR("name"), STR(" 阿花 ") }, { STR("kind"), STR("cat") },        { STR("legs"), STR("4") },
                           { STR("tame"), STR("on") },     { STR("born"), STR("2020-02-29") }, { STR("tags"), STR("a") },
                           { STR("tags"), STR("b") },      { STR("x"), STR("ignored") } };
    CHECK(record_from_pairs(&PET, good, countof(good), &a, &is, &p) == RC_OK);
    CHECK_STR(p.name, "阿花");
    CHECK(p.legs == 4 && p.tame && p.tags.n == 2 && is.n == 0);
    struct pair bad[] = { { STR("name"), STR("一二三四五") }, { STR("kind"), STR("cow") }, { STR("legs"), STR("9") },
                          { STR("tame"), STR("maybe") },      { STR("born"), STR("2021-02-29") } };
    CHECK(record_from_pairs(&PET, bad, countof(bad), &a, &is, &p) == RC_INVALID);
    CHECK(is.n == 5);
    CHECK(str_is(str_c(issues_find(&is, STR("name"))->key), "base.too_long"));
    CHECK_STR(issues_find(&is, STR("name"))->arg[0], "4");
    struct issues none = { 0 };
    CHECK(record_from_pairs(&PET, NULL, 0, &a, &none, &p) == RC_INVALID && none.n == 1);
    struct pair ctl[] = { { STR("name"), STR("a\x01") } };
    struct issues is3 = { 0 };
    CHECK(record_from_pairs(&PET, ctl, 1, &a, &is3, &p) == RC_INVALID);
}

static void json_goes_both_ways(void **state UNUSED)
{
    IN_ARENA(a);
    struct issues is = { 0 };
    struct pet p;
    struct str text = STR("{\"name\":\"阿花\",\"kind\":\"dog\",\"legs\":4,\"tame\":true,\"born\":\"2020-02-29\",\"tags\":[{\"tag\":\"a\"}]}");
    CHECK(json_read(text, &PET, &a, &is, &p) == RC_OK);
    struct buf b;
    buf_init(&b, &a, 0);
    json_write(&b, &PET, &p);
    CHECK(str_eq(buf_view(&b), text));
}

static void broken_json_is_refused(void **state UNUSED)
{
    static const char *const bad[] = {
        "", "{", "[]", "{\"name\":\"a\",\"name\":\"b\"}", "{\"name\":\"a\",\"legs\":1e999}", "{\"name\":\"\\u0000\"}",
        "{\"name\":\"a\"}x", "{\"name\":\"\\ud800\"}", "{\"name\":\"a\",\"nose\":1}", "{\"name\":5}", "{\"name\":\"a\",\"legs\":\"4\"}",
        "{\"name\":\"a\",\"tags\":3}",
    };
    IN_ARENA(a);
    struct pet p;
    for (size_t i = 0; i < countof(bad); i++) {
        struct issues is = { 0 };
        CHECK(json_read(str_c(bad[i]), &PET, &a, &is, &p) == RC_INVALID && is.n > 0);
    }
}

static void digests_match_the_published_vectors(void **state UNUSED)
{
    IN_ARENA(a);
    struct digest d = sm3(STR("abc")); /* GB/T 32905-2016 appendix A.1 */
    CHECK_STR(hex(&a, d.b, 32), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
    struct digest two = sm3_two(STR("a"), STR("bc"));
    CHECK(same_secret(two.b, d.b, 32));
    d = sha256(STR("abc"));
    CHECK_STR(hex(&a, d.b, 4), "ba7816bf");
    unsigned char back[4];
    CHECK(unhex(STR("ba7816bf"), back, 4) && memcmp(back, d.b, 4) == 0 && !unhex(STR("ba7816bg"), back, 4));
    struct str text = base64url(&a, "\xfb\xff\x00", 3), raw;
    CHECK_STR(text, "-_8A");
    CHECK(unbase64url(text, &a, &raw) && raw.n == 3 && !unbase64url(STR("a+b"), &a, &raw));
}

static void csv_is_read_by_the_rules(void **state UNUSED)
{
    IN_ARENA(a);
    struct csv c;
    CHECK(csv_open(&c, STR("\xEF\xBB\xBF" "a,b\r\n1,\"x,\"\"y\"\"\nz\"\n\n2,q\"r\n3\n4,5"), &a) == RC_OK);
    CHECK(csv_next(&c) == RC_OK && c.line == 2);
    CHECK_STR(c.row[1].value, "x,\"y\"\nz");
    CHECK(csv_next(&c) == RC_INVALID && c.line == 5); /* stray quote */
    CHECK(csv_next(&c) == RC_INVALID && c.line == 6); /* a cell short */
    CHECK(csv_next(&c) == RC_OK && c.line == 7);
    CHECK_STR(c.row[0].value, "4");
    CHECK(csv_next(&c) == RC_NOT_FOUND);
    CHECK(csv_open(&c, STR("a,a\n"), &a) == RC_INVALID && csv_open(&c, STR(""), &a) == RC_INVALID);
}

static void ids_only_grow(void **state UNUSED)
{
    struct id_gen g = { .lane = 5 };
    int64_t last = 0, now = INT64_C(1790000000000);
    for (int i = 0; i < 1000; i++) {
        int64_t id = id_next(&g, now - i % 3); /* the clock goes back: ids do not */
        CHECK(id > last && id < INT64_C(1) << 53 && (id >> 6 & 63) == 5);
        last = id;
    }
    CHECK(id_time(last) >= now && id_time(last) < now + 20);
}

static void configuration_refuses_what_it_does_not_know(void **state UNUSED)
{
    IN_ARENA(a);
    struct pet p = { .legs = 3 };
    struct str why;
    CHECK(conf_read(STR("# pet\nname = 阿花\n\ntame = 1\n"), &PET, &a, &p, &why) == RC_OK && p.tame && p.legs == 3);
    CHECK(conf_read(STR("wings = 2"), &PET, &a, &p, &why) == RC_INVALID);
    CHECK_STR(why, "line 1: unknown key: wings = 2");
    CHECK(conf_read(STR("\nlegs = many"), &PET, &a, &p, &why) == RC_INVALID);
    CHECK(conf_read(STR("# pet\nname = \xff"), &PET, &a, &p, &why) == RC_INVALID);
    CHECK_STR(why, "line 2: not UTF-8 text");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        SENTENCE(arena_gives_zeroed_memory_and_takes_it_back),
        SENTENCE(utf8_is_checked_strictly),
        SENTENCE(text_is_cut_and_trimmed),
        SENTENCE(markup_and_json_are_escaped),
        SENTENCE(days_are_counted_in_china),
        SENTENCE(forms_become_records_or_issues),
        SENTENCE(a_copy_of_a_record_depends_on_nothing_else),
        SENTENCE(json_goes_both_ways),
        SENTENCE(broken_json_is_refused),
        SENTENCE(digests_match_the_published_vectors),
        SENTENCE(csv_is_read_by_the_rules),
        SENTENCE(ids_only_grow),
        SENTENCE(configuration_refuses_what_it_does_not_know),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

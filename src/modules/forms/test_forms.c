/* test_forms.c - forms as data: what a schema may say, what is taken from a page, what is wrong with it, what is kept and shown. */
#include "../../../test/check.h"
#include "form_read.h"

#include <string.h>

#define IN_ARENA(a)                                                                                                    \
    AUTO(arena_done) struct arena a;                                                                                   \
    arena_init(&a, 64 << 20)

static const struct day today = { 20580 }; /* 2026-05-08 */

#define HEAD "{\"$id\":\"t\",\"title\":\"T\",\"type\":\"object\",\"x-groups\":[{\"name\":\"g\",\"title\":\"G\"},{\"name\":\"h\"," \
    "\"title\":\"H\"}],"
#define ONE(f) HEAD "\"properties\":{\"a\":{\"x-group\":\"g\",\"title\":\"A\"," f "}}}"

static struct form *form_of(struct arena *a, const char *schema)
{
    struct form *f;
    struct str why;
    if (form_read(a, str_c(schema), &f, &why)) {
        print_error(STR_F "\n", STR_A(why));
        fail();
    }
    return f;
}

static const char full[] =
    HEAD
    "\"required\":[\"kind\",\"area\",\"dishes\"],\"properties\":{"
    "\"kind\":{\"x-group\":\"g\",\"title\":\"业态\",\"type\":\"string\",\"enum\":[\"shop\",\"canteen\"],\"x-texts\":[\"商店\",\"食堂\"],"
    "\"x-stops\":{\"shop\":{\"kind\":\"record\",\"text\":\"备案即可。\",\"link\":\"/items/1\"}}},"
    "\"area\":{\"x-group\":\"h\",\"title\":\"面积\",\"type\":\"number\",\"exclusiveMinimum\":0,\"maximum\":10000,\"x-decimals\":2,"
    "\"x-unit\":\"平方米\"},"
    "\"seats\":{\"x-group\":\"h\",\"title\":\"座位\",\"type\":\"integer\",\"minimum\":1,\"maximum\":500,\"x-if\":\"kind=canteen\"},"
    "\"dishes\":{\"x-group\":\"h\",\"title\":\"项目\",\"type\":\"array\",\"items\":{\"enum\":[\"hot\",\"cold\",\"raw\"]},\"x-texts\":["
    "\"热食\",\"冷食\",\"生食\"]},"
    "\"room\":{\"x-group\":\"h\",\"title\":\"专间\",\"type\":\"string\",\"x-if\":\"dishes=cold|raw\",\"x-required-if\":\"dishes=cold|raw\"},"
    "\"from\":{\"x-group\":\"h\",\"title\":\"开始日期\",\"type\":\"string\",\"x-kind\":\"date\"},"
    "\"to\":{\"x-group\":\"h\",\"title\":\"结束日期\",\"type\":\"string\",\"x-kind\":\"date\",\"x-not-before\":\"from\"},"
    "\"staff\":{\"x-group\":\"h\",\"title\":\"从业人员\",\"type\":\"array\",\"x-row\":\"人员\",\"minItems\":1,\"maxItems\":3,\"items\":{"
    "\"type\":\"object\","
    "\"required\":[\"name\"],\"properties\":{\"name\":{\"title\":\"姓名\",\"type\":\"string\",\"maxLength\":10},"
    "\"code\":{\"title\":\"身份证号码\",\"type\":\"string\",\"x-kind\":\"id\"}}}}},"
    "\"x-fee\":{\"when\":\"kind=shop|canteen\",\"factors\":[{\"field\":\"area\"},{\"days\":[\"from\",\"to\"],\"unit\":\"天\"}],\"rate"
    "\":\"0.50\",\"unit\":\"元/平方米·日\"},"
    "\"x-steps\":[{\"name\":\"核查\",\"role\":\"reviewer\",\"share\":40,\"wants\":\"site_check\"},{\"name\":\"决定\",\"role\":"
    "\"section_head\",\"share\":60}]}";

/* "a=1&b=2" as a page sends it. */
static struct form_answers typed(struct arena *a, const struct form *f, const char *text)
{
    struct pair *p = arena_many(a, struct pair, 2000);
    struct str rest = str_c(text);
    size_t n = 0;
    while (rest.n) {
        struct str value = str_cut(&rest, '&'), name = str_cut(&value, '=');
        p[n++] = (struct pair){ name, value };
    }
    struct form_answers ans = form_answers_new(a, f);
    form_take(a, f, NULL, p, n, ans);
    return ans;
}

static struct str written(struct arena *a, const struct form *f, struct form_answers ans)
{
    struct buf b;
    buf_init(&b, a, 100);
    form_write(&b, f, ans);
    return buf_view(&b);
}

/* What is wrong: "field key arg1 arg2", one a line. */
static struct str wrongs(struct arena *a, const struct form *f, struct form_answers ans)
{
    struct issues is = { 0 };
    struct buf b;
    buf_init(&b, a, 100);
    enum rc rc = form_check(f, NULL, today, a, &is, ans);
    CHECK((rc == RC_OK) == !is.n);
    for (size_t i = 0; i < is.n; i++)
        buf_fmt(&b, "%s" STR_F " %s%s" STR_F, i ? "; " : "", STR_A(is.v[i].field), is.v[i].key, is.v[i].arg[0].n ? " " : "",
                STR_A(is.v[i].arg[0]));
    return buf_view(&b);
}

#define GOOD "kind=canteen&area=30.5&seats=10&dishes=hot&from=2026-05-01&to=2026-05-20&staff-0-name=Li"

/* ---- schemas ---------------------------------------------------------------------------------------------------------- */

static void what_the_reader_does_not_understand_is_refused(void **state UNUSED)
{
    static const char *const bad[] = {
        "", "[]", "{}", "{\"a\":", HEAD "\"properties\":{},\"x-new\":1}",
        ONE("\"type\":\"string\",\"pattern\":\"a\""), ONE("\"type\":\"object\""), ONE("\"type\":\"string\",\"x-kind\":\"colour\""),
        ONE("\"type\":\"string\",\"enum\":[\"a\"],\"x-texts\":[]"), ONE("\"type\":\"string\",\"enum\":[\"a b\"],\"x-texts\":[\"A\"]"),
        ONE("\"type\":\"string\",\"x-if\":\"b=1\""), ONE("\"type\":\"string\",\"x-if\":\"a=1\""), ONE("\"type\":\"string\",\"maxLength"
            "\":1.5"),
        ONE("\"type\":\"array\",\"x-row\":\"r\",\"items\":{\"properties\":{\"b\":{\"title\":\"B\",\"type\":\"string\",\"x-kind\":"
            "\"address\"}}}"),
        HEAD "\"properties\":{},\"x-licence\":{\"years\":100}}", HEAD "\"properties\":{},\"x-licence\":{\"replaces\":\"a\"}}",
        ONE("\"type\":\"string\",\"x-items\":\"1\""),
        ONE("\"type\":\"string\",\"x-check\":\"words\""), ONE("\"type\":\"integer\",\"x-check\":\"names\""),
        ONE("\"type\":\"string\",\"x-kind\":\"id\",\"x-print\":true"),
        ONE("\"type\":\"number\",\"minimum\":0.5"), ONE("\"type\":\"number\",\"minimum\":-1"), ONE("\"type\":\"number\",\"minimum\":5,"
            "\"maximum\":5"),
        ONE("\"type\":\"number\",\"x-decimals\":5"), ONE("\"type\":\"integer\",\"x-decimals\":1"), ONE("\"type\":\"number\","
            "\"multipleOf\":1"),
        ONE("\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{\"b\":{\"title\":\"B\",\"type\":\"string\"}}}"),
        ONE("\"type\":\"array\",\"x-row\":\"r\",\"items\":{\"type\":\"object\",\"properties\":{}}"),
        ONE("\"type\":\"array\",\"x-row\":\"r\",\"maxItems\":31,\"items\":{\"type\":\"object\",\"properties\":{\"b\":{\"title\":\"B\","
            "\"type\":\"string\"}}}"),
        ONE("\"type\":\"array\",\"x-row\":\"r\",\"items\":{\"type\":\"object\",\"properties\":{\"b\":{\"title\":\"B\",\"type\":\"array"
            "\"}}}"),
        ONE("\"type\":\"array\",\"x-row\":\"r\",\"items\":{\"properties\":{\"b\":{\"x-group\":\"g\",\"title\":\"B\",\"type\":\"string"
            "\"}}}"),
        ONE("\"type\":\"string\",\"x-stops\":{\"a\":{\"kind\":\"record\",\"text\":\"t\"}}"),
        ONE("\"type\":\"string\",\"enum\":[\"a\"],\"x-texts\":[\"A\"],\"x-stops\":{\"a\":{\"kind\":\"never\",\"text\":\"t\"}}"),
        ONE("\"type\":\"string\",\"enum\":[\"a\"],\"x-texts\":[\"A\"],\"x-stops\":{\"a\":{\"kind\":\"record\",\"text\":\"t\",\"link\":"
            "\"http://x\"}}"),
        ONE("\"type\":\"string\",\"x-not-before\":\"a\""),
        HEAD "\"properties\":{\"A\":{\"x-group\":\"g\",\"title\":\"A\",\"type\":\"string\"}}}",
        HEAD "\"properties\":{\"a\":{\"x-group\":\"x\",\"title\":\"A\",\"type\":\"string\"}}}",
        HEAD "\"properties\":{\"a\":{\"x-group\":\"g\",\"title\":\"A\",\"type\":\"string\"}},\"required\":[\"b\"]}",
        HEAD "\"properties\":{},\"x-steps\":[]}", HEAD "\"properties\":{},\"x-steps\":[{\"name\":\"n\",\"role\":\"r\",\"share\":99}]}",
        HEAD "\"properties\":{},\"x-steps\":[{\"name\":\"n\",\"role\":\"r\",\"share\":100,\"wants\":\"forwarded\"}]}",
        HEAD "\"properties\":{},\"x-steps\":[{\"name\":\"n\",\"role\":\"r\",\"share\":100,\"wants\":\"luck\"}]}",
        HEAD "\"properties\":{},\"x-fee\":{\"factors\":[],\"rate\":\"1\",\"unit\":\"u\"}}",
        HEAD "\"properties\":{\"a\":{\"x-group\":\"g\",\"title\":\"A\",\"type\":\"number\"}},\"x-fee\":{\"factors\":[{\"field\":\"a"
            "\"}],\"rate\":\"1\",\"unit\":\"u\"}}",
        HEAD "\"properties\":{\"a\":{\"x-group\":\"g\",\"title\":\"A\",\"type\":\"number\",\"maximum\":9}},\"x-fee\":{\"factors\":[{"
            "\"field\":\"a\"}],\"rate\":\"1e9\",\"unit\":\"u\"}}",
    };
    IN_ARENA(a);
    for (size_t i = 0; i < countof(bad); i++) {
        struct form *f;
        struct str why = STR_NONE;
        if (form_read(&a, str_c(bad[i]), &f, &why) != RC_INVALID || !why.n)
            print_error("taken: %s\n", bad[i]);
        CHECK(why.n > 0);
    }
}

static void an_item_s_own_form_stands_on_the_standard_one(void **state UNUSED)
{
    static const char base[] =
        "{\"$id\":\"standard\",\"title\":\"S\",\"type\":\"object\",\"x-groups\":[{\"name\":\"who\",\"title\":\"W\"},{\"name\":\"matter"
        "\",\"title\":\"M\",\"slot\":true},"
        "{\"name\":\"last\",\"title\":\"L\"}],\"required\":[\"name\",\"matter\",\"truth\"],\"properties\":{\"name\":{\"x-group\":\"who"
        "\",\"title\":\"N\",\"type\":\"string\"},"
        "\"matter\":{\"x-group\":\"matter\",\"title\":\"M\",\"type\":\"string\"},\"truth\":{\"x-group\":\"last\",\"title\":\"T\","
        "\"type\":\"boolean\"}}}";
#define OWN(groups, more) "{\"$id\":\"own\",\"title\":\"O\",\"type\":\"object\",\"x-groups\":[{\"name\":\"ask\",\"title\":\"A\"," \
    "\"guide\":true}" groups "],\"properties\":{" \
        "\"q\":{\"x-group\":\"ask\",\"title\":\"Q\",\"type\":\"string\",\"enum\":[\"y\",\"n\"],\"x-texts\":[\"Y\",\"N\"]}" more "}}"
    static const char own[] = OWN(",{\"name\":\"place\",\"title\":\"P\"}", ",\"at\":{\"x-group\":\"place\",\"title\":\"P\",\"type\":"
        "\"string\",\"x-if\":\"q=y\"}");
    static const char guide_only[] = OWN("", ""), twice[] = OWN("", ",\"name\":{\"x-group\":\"ask\",\"title\":\"N\",\"type\":\"string\"}");
    static const char *const order[] = { "ask", "who", "place", "last" }, *const fields[] = { "q", "name", "at", "truth" };
    IN_ARENA(a);
    struct form *f;
    struct str why = STR_NONE;
    CHECK(form_read_on(&a, str_c(base), str_c(own), &f, &why) == RC_OK);
    CHECK_STR(f->code, "own");
    CHECK(f->ngroups == countof(order) && f->n == countof(fields));
    for (size_t i = 0; i < countof(order); i++) {
        CHECK_STR(f->groups[i].name, order[i]);
        CHECK_STR(f->fields[i].name, fields[i]);
    }
    CHECK(form_guide(f) == &f->groups[0] && f->fields[1].required && f->fields[3].required);
    CHECK(form_read_on(&a, str_c(base), str_c(guide_only), &f, &why) == RC_OK);
    CHECK(form_field_find(f, STR("matter")) == 2 && f->fields[2].required);
    CHECK(form_read_on(&a, str_c(base), str_c(twice), &f, &why) == RC_INVALID);
    CHECK(form_read(&a, str_c(base), &f, &why) == RC_OK && !form_guide(f));
}

/* ---- answers ------------------------------------------------------------------------------------------------------------ */

static void answers_are_kept_as_canonical_json_and_come_back_the_same(void **state UNUSED)
{
    IN_ARENA(a);
    const struct form *f = form_of(&a, full);
    struct form_answers back, ans = typed(&a, f, "kind=canteen&area=０030.50&seats=10&dishes=raw&dishes=hot&room=r&staff-4-name=Li&"
        "staff-7-name=Wu&staff-7-code=x&other=1");
    CHECK_STR(wrongs(&a, f, ans), "staff-1-code code.id.short 17");
    CHECK_STR(written(&a, f, ans), "{\"kind\":\"canteen\",\"area\":\"30.5\",\"seats\":\"10\",\"dishes\":[\"raw\",\"hot\"],\"room\":\"r\","
                                   "\"staff\":[{\"name\":\"Li\"},{\"name\":\"Wu\",\"code\":\"X\"}]}");
    CHECK(form_answers_parse(&a, f, written(&a, f, ans), &back) == RC_OK);
    CHECK(str_eq(written(&a, f, back), written(&a, f, ans)));
    CHECK(form_answers_parse(&a, f, STR("["), &back) == RC_INVALID);
    CHECK(form_answers_parse(&a, f, STR("{\"staff\":7,\"dishes\":[1,\"hot\"],\"area\":3}"), &back) == RC_OK);
    CHECK_STR(written(&a, f, back), "{\"dishes\":[\"hot\"],\"staff\":[{}]}");
}

static void what_is_not_asked_is_neither_checked_nor_kept(void **state UNUSED)
{
    IN_ARENA(a);
    const struct form *f = form_of(&a, full);
    struct form_answers ans = typed(&a, f, "kind=shop&area=1&seats=x&dishes=hot&room=r&staff-0-name=Li");
    CHECK_STR(wrongs(&a, f, ans), "");
    CHECK_STR(written(&a, f, ans), "{\"kind\":\"shop\",\"area\":\"1\",\"dishes\":[\"hot\"],\"staff\":[{\"name\":\"Li\"}]}");
}

static void numbers_are_exact_and_bounded(void **state UNUSED)
{
    static const struct {
        const char *area, *wrong, *kept;
    } rows[] = {
        { "0.01", "", "0.01" },     { "10000", "", "10000" },  { "00.10", "", "0.1" },      { "12.00", "", "12" },
        { "１２．５", "", "12.5" }, { "0", "area forms.number_more 0", "0" },              { "10000.01", "area forms.number_most 10000",
            "10000.01" },
        { "1.001", "area forms.decimals 2", "1.001" },       { "-3", "area forms.number 2", "-3" },  { "1e3", "area forms.number 2",
            "1e3" },
        { "1,000", "area forms.number 2", "1,000" },         { "三十", "area forms.number 2", "三十" }, { "1.2.3", "area forms.number 2",
            "1.2.3" },
        { ".5", "area forms.number 2", ".5" },               { "5.", "", "5" },
        { "99999999999999999999999999", "area forms.number 2", "99999999999999999999999999" },
    };
    IN_ARENA(a);
    const struct form *f = form_of(&a, full);
    for (size_t i = 0; i < countof(rows); i++) {
        struct form_answers ans = typed(&a, f, arena_fmt(&a, "kind=shop&dishes=hot&staff-0-name=Li&area=%s", rows[i].area).p);
        CHECK_STR(wrongs(&a, f, ans), rows[i].wrong);
        CHECK_STR(form_answer(f, ans, "area"), rows[i].kept);
    }
    CHECK_STR(wrongs(&a, f, typed(&a, f, "kind=canteen&dishes=hot&staff-0-name=Li&area=1&seats=1.5")), "seats forms.integer 0");
    CHECK_STR(wrongs(&a, f, typed(&a, f, "kind=canteen&dishes=hot&staff-0-name=Li&area=1&seats=0")), "seats forms.number_least 1");
}

static void bad_input_is_named_field_by_field(void **state UNUSED)
{
    IN_ARENA(a);
    const struct form *f = form_of(&a, full);
    CHECK_STR(wrongs(&a, f, typed(&a, f, GOOD)), "");
    CHECK_STR(wrongs(&a, f, typed(&a, f, "")),
        "kind forms.choose 业态; area forms.required 面积; dishes forms.choose 项目; staff-0-name forms.required 人员1：姓名");
    CHECK_STR(wrongs(&a, f, typed(&a, f, GOOD "&dishes=hot&dishes=hotter")), "dishes base.not_offered");
    CHECK_STR(wrongs(&a, f, typed(&a, f, GOOD "&dishes=cold")), "room forms.required 专间");
    CHECK_STR(wrongs(&a, f, typed(&a, f, "kind=x&area=1&dishes=hot&staff-0-name=Li")), "kind base.not_offered");
    CHECK_STR(wrongs(&a, f, typed(&a, f, "kind=shop&area=1&dishes=hot&staff-0-name=Li&from=2026-05-02&to=2026-05-01")),
        "to forms.not_before 开始日期");
    CHECK_STR(wrongs(&a, f, typed(&a, f, "kind=shop&area=1&dishes=hot&staff-0-name=Li&from=2026-02-30")), "from base.no_such_day");
    CHECK_STR(wrongs(&a, f, typed(&a, f, "kind=shop&area=1&dishes=hot&staff-0-name=12345678901")), "staff-0-name base.too_long 10");
    CHECK_STR(wrongs(&a, f, typed(&a, f, "kind=shop&area=1&dishes=hot&staff-0-name=a\001b")), "staff-0-name base.control_character 10");
}

static void a_null_byte_never_hides_what_follows(void **state UNUSED)
{
    IN_ARENA(a);
    const struct form *f = form_of(&a, full);
    struct pair p[] = { { STR("kind"), { "shop\0x", 6 } }, { STR("area"), { "1\0", 2 } }, { STR("dishes"), STR("hot") },
        { STR("staff-0-name"), { "Li\0x", 4 } } };
    struct form_answers ans = form_answers_new(&a, f);
    form_take(&a, f, NULL, p, countof(p), ans);
    CHECK_STR(wrongs(&a, f, ans), "kind base.not_offered; area forms.number 2; staff-0-name base.control_character 10");
}

/* ---- rows --------------------------------------------------------------------------------------------------------------- */

static void rows_come_and_go_and_what_was_typed_stays(void **state UNUSED)
{
    IN_ARENA(a);
    const struct form *f = form_of(&a, full);
    int at = form_field_find(f, STR("staff"));
    struct form_answers ans = typed(&a, f, "staff-0-name=Li&staff-2-name=Wu&staff-2-code=1");
    CHECK(ans.rows[at].n == 2);
    CHECK(form_row_add(&a, f, STR("staff"), ans) && ans.rows[at].n == 3);
    CHECK(!form_row_add(&a, f, STR("staff"), ans) && !form_row_add(&a, f, STR("area"), ans) && !form_row_add(&a, f, STR("x"), ans));
    CHECK(!form_row_end(f, STR("staff-3"), ans) && !form_row_end(f, STR("staff"), ans) && !form_row_end(f, STR("area-0"), ans));
    CHECK(form_row_end(f, STR("staff-0"), ans) && ans.rows[at].n == 2);
    CHECK_STR(ans.rows[at].v[0].v[0], "Wu");
    CHECK(form_row_end(f, STR("staff-1"), ans));
    CHECK(!form_row_end(f, STR("staff-0"), ans)); /* one must stay */
    CHECK_STR(written(&a, f, ans), "{\"staff\":[{\"name\":\"Wu\",\"code\":\"1\"}]}");
}

static void too_many_rows_are_said_and_not_dropped_silently(void **state UNUSED)
{
    IN_ARENA(a);
    const struct form *f = form_of(&a, full);
    struct buf b;
    buf_init(&b, &a, 100);
    buf_lit(&b, "kind=shop&area=1&dishes=hot");
    for (int i = 0; i < 4; i++)
        buf_fmt(&b, "&staff-%d-name=Li%d", i, i);
    CHECK_STR(wrongs(&a, f, typed(&a, f, arena_str(&a, buf_view(&b)).p)), "staff forms.rows_most 3");
    for (int i = 4; i < 400; i++)
        buf_fmt(&b, "&staff-%d-name=Li%d", i, i);
    struct form_answers ans = typed(&a, f, arena_str(&a, buf_view(&b)).p);
    CHECK_STR(wrongs(&a, f, ans), "staff forms.rows_most 3");
    CHECK(ans.rows[form_field_find(f, STR("staff"))].n == FORM_ROWS_MAX);
    CHECK_STR(wrongs(&a, f, typed(&a, f, "kind=shop&area=1&dishes=hot&staff-0-name=Li&staff-99999999999999999999-name=x&staff--name=y&"
        "staff--1-name=z")), "");
}

static void empty_rows_do_not_count(void **state UNUSED)
{
    IN_ARENA(a);
    const struct form *f = form_of(&a, full);
    struct form_answers ans = typed(&a, f, "kind=shop&area=1&dishes=hot&staff-0-row=1&staff-1-row=1&staff-1-name=Wu&staff-2-row=1");
    CHECK(ans.rows[form_field_find(f, STR("staff"))].n == 3);
    CHECK_STR(wrongs(&a, f, ans), "");
    CHECK_STR(written(&a, f, ans), "{\"kind\":\"shop\",\"area\":\"1\",\"dishes\":[\"hot\"],\"staff\":[{\"name\":\"Wu\"}]}");
}

/* ---- conditions, advice, fee, summary -------------------------------------------------------------------------------------- */

static void conditions_kept_elsewhere_hold_by_the_answers(void **state UNUSED)
{
    IN_ARENA(a);
    const struct form *f = form_of(&a, full);
    struct form_answers none = typed(&a, f, ""), shop = typed(&a, f, "kind=shop&dishes=hot&dishes=raw");
    CHECK(form_holds(f, STR(""), none) == FORM_HOLDS && form_holds(f, STR("kind=shop"), none) == FORM_OPEN);
    CHECK(form_holds(f, STR("kind=shop"), shop) == FORM_HOLDS && form_holds(f, STR("kind=canteen"), shop) == FORM_HOLDS_NOT);
    CHECK(form_holds(f, STR("dishes=cold|raw"), shop) == FORM_HOLDS && form_holds(f, STR("dishes=cold"), shop) == FORM_HOLDS_NOT);
    CHECK(form_holds(f, STR("gone=1"), shop) == FORM_OPEN);
    CHECK(form_holds(f, STR("seats=10"), none) == FORM_OPEN && form_holds(f, STR("seats=10"), shop) == FORM_HOLDS_NOT);
    CHECK(form_condition_ok(f, STR("kind=shop")) && !form_condition_ok(f, STR("kind=bar")) && !form_condition_ok(f, STR("kind")));
    CHECK(!form_condition_ok(f, STR("staff=1")) && !form_condition_ok(f, STR("none=1")));
    struct list advice = form_advice(&a, f, shop);
    CHECK(advice.n == 1 && form_advice(&a, f, none).n == 0);
    CHECK_STR(((struct form_advice *)advice.v)->link, "/items/1");
}

static void the_fee_is_computed_to_the_fen(void **state UNUSED)
{
    static const struct {
        const char *form, *how;
        int64_t     fen;
    } rows[] = {
        { "kind=shop&area=30&from=2026-03-01&to=2026-03-20", "30平方米 × 20天 × 0.50元/平方米·日 = 300.00元", 30000 },
        { "kind=shop&area=0.01&from=2026-03-01&to=2026-03-01", "0.01平方米 × 1天 × 0.50元/平方米·日 = 0.01元", 1 }, /* half a fen goes up */
        { "kind=shop&area=10000&from=1900-01-01&to=2200-12-31", "10000平方米 × 109938天 × 0.50元/平方米·日 = 549690000.00元", INT64_C(-1) },
        { "kind=shop&area=33.33&from=2026-03-01&to=2026-03-03", "33.33平方米 × 3天 × 0.50元/平方米·日 = 50.00元", 5000 },
    };
    IN_ARENA(a);
    const struct form *f = form_of(&a, full);
    struct form_charge c;
    for (size_t i = 0; i < countof(rows); i++) {
        enum rc rc = form_charge(&a, f, typed(&a, f, rows[i].form), &c);
        CHECK(rc == (rows[i].fen < 0 ? RC_CONFLICT : RC_OK));
        if (rc)
            continue;
        CHECK_STR(c.how, rows[i].how);
        CHECK(c.amount.n == rows[i].fen);
    }
    CHECK(form_charge(&a, f, typed(&a, f, "area=30"), &c) == RC_NOT_FOUND);
    CHECK(form_charge(&a, f, typed(&a, f, "kind=shop&area=30"), &c) == RC_CONFLICT);
    CHECK(form_charge(&a, f, typed(&a, f, "kind=shop&area=-30&from=2026-03-01&to=2026-03-20"), &c) == RC_CONFLICT);
    CHECK(form_charge(&a, f, typed(&a, f, "kind=shop&area=30&from=2026-03-02&to=2026-03-01"), &c) == RC_CONFLICT);
    CHECK(form_charge(&a, form_of(&a, ONE("\"type\":\"string\"")), typed(&a, form_of(&a, ONE("\"type\":\"string\"")), ""), &c) ==
        RC_NOT_FOUND);
}

static void the_summary_reads_like_the_paper(void **state UNUSED)
{
    IN_ARENA(a);
    const struct form *f = form_of(&a, full);
    struct form_answers ans = typed(&a, f, GOOD "&dishes=hot&dishes=cold&room=r&staff-0-code=522627199001010014&staff-1-name=Wu");
    struct list lines = form_summary(&a, f, ans, true);
    struct buf b;
    buf_init(&b, &a, 500);
    for (size_t i = 0; i < lines.n; i++) {
        const struct form_line *l = (const struct form_line *)lines.v + i;
        buf_fmt(&b, STR_F "|" STR_F "=" STR_F "\n", STR_A(l->heading), STR_A(l->title), STR_A(l->value));
    }
    CHECK_STR(buf_view(&b), "G|业态=食堂\nH|面积=30.5平方米\n|座位=10\n|项目=热食、冷食\n|专间=r\n|开始日期=2026-05-01\n|结束日期=2026-05-20\n"
                            "|人员1=姓名：Li；身份证号码：522627********0014\n|人员2=姓名：Wu\n");
}

#define PLACE HEAD "\"required\":[\"a\"],\"properties\":{\"a\":{\"x-group\":\"g\",\"title\":\"A\",\"type\":\"string\"," \
    "\"maxLength\":9,\"x-kind\":\"address\"}}}"

static void an_address_has_a_division_that_is_known(void **state UNUSED)
{
    IN_ARENA(a);
    const struct form *f = form_of(&a, PLACE);
    CHECK_STR(wrongs(&a, f, typed(&a, f, "")), "a forms.required A");
    CHECK_STR(wrongs(&a, f, typed(&a, f, "a=here")), "a-division forms.division A");
    CHECK_STR(wrongs(&a, f, typed(&a, f, "a=here&a-division=1")), "a-division forms.no_such_division A");
    CHECK_STR(wrongs(&a, f, typed(&a, f, "a-division=other")), "a forms.street A");
    CHECK_STR(wrongs(&a, f, typed(&a, f, "a-division=other&a=much too long")), "a base.too_long 9");
    struct form_answers ans = typed(&a, f, "a=here&a-division=other");
    CHECK_STR(wrongs(&a, f, ans), "");
    CHECK_STR(written(&a, f, ans), "{\"a\":{\"division\":\"other\",\"said\":\"\",\"text\":\"here\"}}");
    CHECK(form_answers_parse(&a, f, STR("{\"a\":{\"division\":\"522627001001\",\"said\":\"East \",\"text\":\"12\"}}"), &ans) == RC_OK);
    CHECK_STR(form_shown(&a, f, 0, ans.v[0], true), "East 12");
    CHECK_STR(wrongs(&a, f, ans), "");
}

static void an_address_that_was_plain_text_keeps_it(void **state UNUSED)
{
    IN_ARENA(a);
    const struct form *f = form_of(&a, PLACE);
    struct form_answers ans;
    CHECK(form_answers_parse(&a, f, STR("{\"a\":\"12 Road\"}"), &ans) == RC_OK);
    CHECK_STR(form_shown(&a, f, 0, ans.v[0], true), "12 Road");
    CHECK_STR(written(&a, f, ans), "{\"a\":\"12 Road\"}");
    CHECK_STR(wrongs(&a, f, ans), "a-division forms.division A");
    CHECK_STR(form_parts_of(form_parts_with_text(&a, ans.v[0], STR("13"))).text, "13");
}

static void a_licence_is_his_own_or_a_number(void **state UNUSED)
{
    IN_ARENA(a);
    const struct form *f = form_of(&a, HEAD "\"required\":[\"a\"],\"properties\":{\"a\":{\"x-group\":\"g\",\"title\":\"A\",\"type\":"
                                            "\"string\","
                                            "\"x-kind\":\"licence\"}}}");
    struct form_choice mine = { STR("N1"), STR("2026-01-01") };
    struct form_answers ans = typed(&a, f, "a=JY1");
    CHECK_STR(wrongs(&a, f, ans), ""); /* a number without choice is another's */
    ans = typed(&a, f, "a-licence=N1");
    CHECK_STR(wrongs(&a, f, ans), "a-licence forms.not_your_licence A");
    forms_offer(&a, f, 0, (struct list){ &mine, 1 }, ans);
    CHECK_STR(wrongs(&a, f, ans), "");
    CHECK_STR(form_shown(&a, f, 0, ans.v[0], true), "N1（2026-01-01）");
    forms_offer(&a, f, 0, (struct list){ 0 }, ans);
    CHECK_STR(wrongs(&a, f, ans), "a-licence forms.not_your_licence A"); /* it has ended since */
    CHECK_STR(wrongs(&a, f, typed(&a, f, "a-licence=other")), "a forms.licence_number A");
}

static void the_steps_are_part_of_the_file(void **state UNUSED)
{
    IN_ARENA(a);
    const struct form *f = form_of(&a, full);
    CHECK(f->route.n == 2 && f->route.nodes[0].wants == WANTS_SITE_CHECK && f->route.nodes[0].share == 40);
    CHECK_STR(f->route.nodes[1].role, "section_head");
    CHECK(process_fault(&f->route) == NULL);
    CHECK(process_fault(&(struct process_def){ f->route.nodes, 1 }) != NULL);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        SENTENCE(what_the_reader_does_not_understand_is_refused),
        SENTENCE(an_item_s_own_form_stands_on_the_standard_one),
        SENTENCE(answers_are_kept_as_canonical_json_and_come_back_the_same),
        SENTENCE(what_is_not_asked_is_neither_checked_nor_kept),
        SENTENCE(numbers_are_exact_and_bounded),
        SENTENCE(bad_input_is_named_field_by_field),
        SENTENCE(a_null_byte_never_hides_what_follows),
        SENTENCE(rows_come_and_go_and_what_was_typed_stays),
        SENTENCE(too_many_rows_are_said_and_not_dropped_silently),
        SENTENCE(empty_rows_do_not_count),
        SENTENCE(conditions_kept_elsewhere_hold_by_the_answers),
        SENTENCE(the_fee_is_computed_to_the_fen),
        SENTENCE(the_summary_reads_like_the_paper),
        SENTENCE(an_address_has_a_division_that_is_known),
        SENTENCE(an_address_that_was_plain_text_keeps_it),
        SENTENCE(a_licence_is_his_own_or_a_number),
        SENTENCE(the_steps_are_part_of_the_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

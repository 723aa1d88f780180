/* test_tmpl.c - templates: what they show, what they refuse. */
#include "../../test/check.h"
#include "tmpl/test_view.h"
#include "tmpl/tmpl.h"

static const struct message messages[] = {
    { "x.state.received", "已收件", "received" },
    { "x.state.granted", "准予", "granted" },
    { "x.wrong", "少了%1位，应为%2位", "%1 short of %2" },
    { "共%1项", NULL, "%1 in all" },
};
static const struct tmpl_source part = { "part", "<b>{{name}}</b>", 15 };
static const struct tmpl_source *const parts[] = { &part };
static const struct asset assets[] = { { .file = "a.css", .address = "/assets/a-12.css" } };

struct fixture {
    struct arena    a;
    struct tmpl_set set;
    struct str      why;
};

static void setup(struct fixture *f)
{
    arena_init(&f->a, 64 << 20);
    f->set = (struct tmpl_set){ .a = &f->a, .texts = texts_open(&f->a), .sources = parts, .nsources = 1, .assets = assets,
                                .nassets = 1, .page = &FRAME };
    texts_add(f->set.texts, messages, countof(messages));
}

static const struct tmpl *compile(struct fixture *f, const char *text)
{
    struct tmpl_source *s = arena_new(&f->a, struct tmpl_source);
    *s = (struct tmpl_source){ "t", text, str_c(text).n };
    return tmpl_compile(&f->set, s, &OUT, &f->why);
}

static struct row two[] = { { STR_INIT("甲<"), 1 }, { STR_INIT("乙"), 0 } };
static struct out shown = {
    .title = STR_INIT("<开饭店>"), .state = STR_INIT("granted"), .link = STR_INIT("javascript:alert(1)"),
    .body = { "<i>x</i>", 8 }, .fee = { 123450 }, .count = 1234567, .open = true, .rows = { two, 2 },
};

static struct str render(struct fixture *f, const char *text, enum locale l, const struct issues *is)
{
    const struct tmpl *t = compile(f, text);
    if (!t)
        fail_msg("%.*s", STR_A(f->why));
    struct pair typed[] = { { STR("title"), STR("我填的\"") } };
    struct frame fr = { STR("杨") };
    struct tmpl_view v = { .locale = l, .page = &fr, .out = &shown, .issues = is, .typed = typed, .ntyped = is ? 1 : 0 };
    struct buf b;
    buf_init(&b, &f->a, 100);
    tmpl_render(t, &v, &b);
    return buf_view(&b);
}

static void fields_are_escaped_by_type(void **state UNUSED)
{
    struct fixture f;
    setup(&f);
    day_parse(STR("2026-10-08"), &shown.due);
    when_parse(STR("2026-10-08T09:05:00+08:00"), &shown.at.ms);
    CHECK_STR(render(&f, "{{title}} {{body}} {{page.user}}", 0, NULL), "&lt;开饭店&gt; <i>x</i> 杨");
    CHECK_STR(render(&f, "{{due}}|{{due:iso}}|{{at:full}}", 0, NULL),
              "<time datetime=\"2026-10-08\">10月8日 星期四</time>|2026-10-08|"
              "<time datetime=\"2026-10-08T09:05:00+08:00\">2026年10月8日 星期四 9:05</time>");
    CHECK_STR(render(&f, "{{due}}", LOCALE_EN, NULL), "<time datetime=\"2026-10-08\">Thursday 8 October</time>");
    CHECK_STR(render(&f, "{{fee}} {{fee:raw}} {{count}} {{count:group}}", 0, NULL), "1,234.50元 1,234.50 1234567 1,234,567");
    CHECK_STR(render(&f, "<a href=\"{{link:href}}\">", 0, NULL), "<a href=\"#\">");
    CHECK_STR(render(&f, "<a href=\"/s?q={{title:url}}\">", 0, NULL), "<a href=\"/s?q=%3C%E5%BC%80%E9%A5%AD%E5%BA%97%3E\">");
    arena_done(&f.a);
}

static void words_and_messages_are_translated(void **state UNUSED)
{
    struct fixture f;
    setup(&f);
    CHECK_STR(render(&f, "{{state}} {{state:raw}} {{t:共%1项|count}}", 0, NULL), "准予 granted 共1234567项");
    CHECK_STR(render(&f, "{{state}} {{t:共%1项|count}} {{t:没有译文}}", LOCALE_EN, NULL), "granted 1234567 in all 没有译文");
    CHECK_STR(render(&f, "{{t:办理进度查询}}", LOCALE_ZH_HANT, NULL), "辦理進度查詢");
    CHECK(texts_missing(f.set.texts) == 0); /* the empty word needs no message */
    arena_done(&f.a);
}

static void sections_follow_the_record(void **state UNUSED)
{
    struct fixture f;
    setup(&f);
    CHECK_STR(render(&f, "{{#rows}}[{{name}}{{#n}}+{{/n}}{{^n}}-{{/n}}{{title:raw}}]{{/rows}}{{^rows}}none{{/rows}}", 0, NULL),
              "[甲&lt;+&lt;开饭店&gt;][乙-&lt;开饭店&gt;]");
    CHECK_STR(render(&f, "{{#state=granted}}G{{/state}}{{^state=granted}}N{{/state}}{{#open}}O{{/open}}", 0, NULL), "GO");
    CHECK_STR(render(&f, "{{#rows}}{{>part}}{{/rows}}{{asset:a.css}}{{!no}}", 0, NULL), "<b>甲&lt;</b><b>乙</b>/assets/a-12.css");
    arena_done(&f.a);
}

static void forms_come_back_with_errors(void **state UNUSED)
{
    struct fixture f;
    setup(&f);
    struct issues is = { 0 };
    issues_add(&is, &f.a, STR("title"), "x.wrong", STR("1"), STR("<18>"));
    CHECK_STR(render(&f, "{{error:title}}{{#error:title}}E{{/error:title}}{{^error:state}}ok{{/error:state}}"
                         "<input value=\"{{title:typed}}\">", 0, &is),
              "<p class=\"govuk-error-message\" id=\"title-error\"><span class=\"govuk-visually-hidden\">错误：</span>"
              "少了1位，应为&lt;18&gt;位</p>Eok<input value=\"我填的&quot;\">");
    arena_done(&f.a);
}

static void dangerous_or_unknown_things_do_not_compile(void **state UNUSED)
{
    static const struct {
        const char *text, *why;
    } bad[] = {
        { "a\nb{{nmae}}", "t.html:2: no field 'nmae'" },
        { "<script>{{title}}</script>", "t.html:1: variable inside a script 'title'" },
        { "<p class={{title}}>", "t.html:1: variable outside quotes in a tag 'title'" },
        { "<a href=\"{{link}}\">", "t.html:1: address begins with a variable; use :href for 'link'" },
        { "<p title=\"{{body}}\">", "t.html:1: markup inside an attribute 'body'" },
        { "<p title=\"{{due}}\">", "t.html:1: markup inside an attribute 'due'" },
        { "{{#rows}}x", "t.html:1: section is not closed 'rows'" },
        { "{{#rows}}x{{/title}}", "t.html:1: closes another section 'title'" },
        { "{{rows}}", "t.html:1: a list is shown by a section, not 'rows'" },
        { "{{#state=open}}x{{/state}}", "t.html:1: the field has no word 'open'" },
        { "{{title:loud}}", "t.html:1: no such format 'loud'" },
        { "{{>nothing}}", "t.html:1: no partial 'nothing'" },
        { "{{asset:b.css}}", "t.html:1: no asset 'b.css'" },
        { "{{title", "t.html:1: tag is not closed 'title'" },
    };
    struct fixture f;
    setup(&f);
    for (size_t i = 0; i < countof(bad); i++) {
        CHECK(!compile(&f, bad[i].text));
        CHECK_STR(f.why, bad[i].why);
    }
    arena_done(&f.a);
}

static void one_name_written_twice_has_one_key(void **state UNUSED)
{
    struct fixture f;
    setup(&f);
    CHECK_STR(text_key(&f.a, STR("清江 小吃店（個體工商戶）ＡＢ")), "清江小吃店(个体工商户)ab");
    CHECK_STR(text_key(&f.a, STR("")), "");
    arena_done(&f.a);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        SENTENCE(fields_are_escaped_by_type),      SENTENCE(words_and_messages_are_translated),
        SENTENCE(sections_follow_the_record),      SENTENCE(forms_come_back_with_errors),
        SENTENCE(dangerous_or_unknown_things_do_not_compile), SENTENCE(one_name_written_twice_has_one_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_search_rules.c - the pure part of search: folding, readings, expressions, slips, marks. */
#include "search_rules.h"

#include "fixture.h"

#include <stdlib.h>
#include <string.h>

struct bench {
    struct arena        a;
    struct search_runes runes; /* all */
};

static int on(void **state)
{
    struct bench *b = calloc(1, sizeof *b);
    arena_init(&b->a, 256 << 20);
    b->runes = search_runes_make(&b->a);
    *state = b;
    return 0;
}

static int off(void **state)
{
    struct bench *b = *state;
    arena_done(&b->a);
    free(b);
    return 0;
}

static struct str folded(struct bench *b, const char *s)
{
    return search_simplify(&b->a, search_fold(&b->a, str_c(s), SEARCH_RUNES_MAX), &b->runes);
}

static void folds_width_case_blanks_and_traditional_characters(void **state)
{
    struct bench *b = *state;
    CHECK_STR(folded(b, "  ＫＴＶ　許可\t證 \n"), "ktv 许可 证");
    CHECK_STR(folded(b, "營業執照"), "营业执照");
    CHECK_STR(folded(b, "１１５２２"), "11522");
    CHECK_STR(folded(b, ""), "");
    CHECK_STR(folded(b, " \xE2\x80\x8B　"), "");
    CHECK_STR(folded(b, "😀a"), "😀a");
    CHECK_STR(search_fold(&b->a, STR("abc  def"), 5), "abc d");
}

static void cuts_what_is_longer_than_a_question(void **state)
{
    struct bench *b = *state;
    char long_text[3000];
    for (size_t i = 0; i + 3 <= sizeof long_text; i += 3)
        memcpy(long_text + i, "照", 3);
    struct str f = search_fold(&b->a, (struct str){ long_text, sizeof long_text / 3 * 3 }, SEARCH_RUNES_MAX);
    CHECK(str_runes(f) == SEARCH_RUNES_MAX && str_utf8_ok(f));
}

static void knows_a_code_by_its_look(void **state)
{
    struct bench *b = *state;
    CHECK_STR(search_code_of(&b->a, STR("11522627mb0a00018a4000131001000")), "11522627MB0A00018A4000131001000");
    CHECK_STR(search_code_of(&b->a, STR("11522627 MB0A-0001")), "11522627MB0A0001");
    CHECK_STR(search_code_of(&b->a, STR("11522627mb0a00018a400013100100099")), "11522627MB0A00018A4000131001000");
    CHECK(!search_code_of(&b->a, STR("12345")).p);
    CHECK(!search_code_of(&b->a, STR("yingyezhizhao")).p);
    CHECK(!search_code_of(&b->a, STR("11522627照0001")).p);
}

static void leaves_out_the_words_of_a_question(void **state)
{
    struct bench *b = *state;
    CHECK_STR(search_core(&b->a, STR("我想开个饭店")), "开饭店");
    CHECK_STR(search_core(&b->a, STR("怎么办理身份证")), "身份证");
    CHECK_STR(search_core(&b->a, STR("去哪里办结婚证?")), "结婚证");
    CHECK_STR(search_core(&b->a, STR("排污许可")), "排污许可");
    CHECK_STR(search_core(&b->a, STR("怎么办")), "怎么办"); /* nothing would be left */
}

static void does_not_keep_what_may_be_somebodys_number(void **state UNUSED)
{
    CHECK(search_is_private(STR("522627199003070014")));
    CHECK(search_is_private(STR("张三 13800138000")));
    CHECK(search_is_private(STR("a@b.cn")));
    CHECK(search_is_private(STR("一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一")));
    CHECK(!search_is_private(STR("12345热线")));
    CHECK(!search_is_private(STR("开饭店")));
    CHECK(search_has_number(STR("电话138 0013 8000")));
    CHECK(search_has_number(STR("0855-1234567")));
    CHECK(!search_has_number(STR("2026年10月8日办过，交了300元")));
}

static void reads_characters_and_letters_as_one_word(void **state)
{
    struct bench *b = *state;
    CHECK_STR(search_reading_of(&b->a, STR("营业执照"), &b->runes), "yingyezhizhao");
    CHECK_STR(search_reading_of(&b->a, STR("ying ye 执照"), &b->runes), "yingyezhizhao");
    CHECK_STR(search_reading_of(&b->a, STR("lv guan"), &b->runes), "luguan");
    CHECK_STR(search_reading_of(&b->a, STR("旅馆"), &b->runes), "luguan");
    CHECK_STR(search_reading_of(&b->a, STR("a"), &b->runes), "");
    CHECK_STR(search_reading_of(&b->a, STR("照，照"), &b->runes), "");
    CHECK_STR(search_sounds(&b->a, STR("户口（A）"), &b->runes), "hu kou - - -");
}

static bool has_token(const struct buf *b, const char *token)
{
    struct str rest = buf_view(b);
    while (rest.p)
        if (str_is(str_cut(&rest, ' '), token))
            return true;
    return false;
}

static void gives_reading_tokens_from_every_character_and_both_readings(void **state)
{
    struct bench *b = *state;
    struct buf r, i;
    buf_init(&r, &b->a, 100);
    buf_init(&i, &b->a, 100);
    search_readings_put(&r, &i, STR("银行开户、会计"), &b->runes);
    CHECK(has_token(&r, "yinhangkaihu") && has_token(&r, "yinxingkaihu") && has_token(&r, "hangkaihu") && has_token(&r, "hu"));
    CHECK(has_token(&r, "kuaiji") && has_token(&r, "huiji") && !has_token(&r, "hukuaiji"));
    CHECK(has_token(&i, "yhkh") && has_token(&i, "yxkh") && has_token(&i, "hj") && has_token(&i, "kj"));
    r.n = i.n = 0;
    search_readings_put(&r, &i, STR("一二三四五六七八九十"), &b->runes);
    CHECK(has_token(&r, "yiersansiwuliuqiba") && !has_token(&r, "yiersansiwuliuqibajiu") && has_token(&i, "yesswlqb"));
}

static struct str expression(struct bench *b, bool (*put)(struct buf *, struct str), const char *text)
{
    struct buf out;
    buf_init(&out, &b->a, 100);
    return put(&out, str_c(text)) ? buf_view(&out) : STR_NONE;
}

static void quotes_whatever_people_type(void **state)
{
    struct bench *b = *state;
    CHECK_STR(expression(b, search_put_phrase, "开饭店"), "\"开饭店\"");
    CHECK_STR(expression(b, search_put_phrase, "照"), "\"照\" *");
    CHECK_STR(expression(b, search_put_phrase, "ktv"), "\"ktv\" *");
    CHECK_STR(expression(b, search_put_phrase, "a\"b OR \"c"), "\"a\"\"b OR \"\"c\" *");
    CHECK_STR(expression(b, search_put_phrase, "照*"), "\"照*\"");
    CHECK(!expression(b, search_put_phrase, "***").p);
    CHECK(!expression(b, search_put_phrase, "").p);
}

static void splits_a_run_into_parts_and_slips(void **state)
{
    struct bench *b = *state;
    CHECK_STR(expression(b, search_put_parts, "食品 许可"), "(\"食品\" AND \"许可\")");
    CHECK_STR(expression(b, search_put_parts, "食品许可"), "(\"食品\" AND \"许可\")");
    CHECK_STR(expression(b, search_put_parts, "甲乙丙丁戊"), "(\"甲乙\" AND \"丙丁戊\") OR (\"甲乙丙\" AND \"丁戊\")");
    CHECK(!expression(b, search_put_parts, "营业执").p);
    CHECK_STR(expression(b, search_put_slips, "甲乙丙丁"), "(\"乙丙丁\") OR (\"丙丁\") OR (\"甲乙\") OR (\"甲乙丙\")");
    CHECK(!expression(b, search_put_slips, "甲乙").p);
    CHECK_STR(expression(b, search_put_pairs, "甲乙 丙丁"), "\"甲乙\" OR \"丙丁\"");
    CHECK(!expression(b, search_put_pairs, "甲").p);
}

static void counts_slips_against_any_part_of_a_text(void **state UNUSED)
{
    CHECK(search_slips_within(STR("营业执照"), STR("补领营业执照")) == 0);
    CHECK(search_slips_within(STR("营业执召"), STR("补领营业执照")) == 1);
    CHECK(search_slips_within(STR("营执照"), STR("营业执照遗失")) == 1);
    CHECK(search_slips_within(STR("营业业执照"), STR("营业执照")) == 1);
    CHECK(search_slips_within(STR("甲乙丙"), STR("丁戊己")) == 3);
    CHECK(search_slips_within(STR("甲乙丙"), STR("")) == 3);
    size_t all;
    CHECK(search_pairs_in(STR("甲乙丙 丁"), STR("乙丙"), &all) == 1 && all == 2);
}

static void marks_what_matches_and_escapes_the_rest(void **state)
{
    struct bench *b = *state;
    struct search_span s[2];
    CHECK(search_span_of(STR("户口<迁移>"), STR("迁移"), &s[0]) && s[0].from == 3 && s[0].to == 5);
    CHECK(!search_span_of(STR("户口"), STR(""), &s[1]) && !search_span_of(STR("户口"), STR("口户"), &s[1]));
    struct html h = search_mark(&b->a, STR("户口<迁移>"), s, 1);
    CHECK_STR(((struct str){ h.p, h.n }), "户口&lt;<mark>迁移</mark>&gt;");
    CHECK(search_span_by_sound(STR("hu kou qian yi"), STR("kouqian"), &s[0]) && s[0].from == 1 && s[0].to == 3);
    CHECK(search_span_by_sound(STR("hu kou qian yi"), STR("kouqi"), &s[0]) && s[0].from == 1 && s[0].to == 3);
    CHECK(search_span_by_sound(STR("hu kou qian yi"), STR("hkqy"), &s[0]) && s[0].from == 0 && s[0].to == 4);
    CHECK(!search_span_by_sound(STR("hu kou qian yi"), STR("yihu"), &s[0]));
    s[0] = (struct search_span){ 0, 2 };
    s[1] = (struct search_span){ 1, 4 };
    h = search_mark(&b->a, STR("甲乙丙丁"), s, 2);
    CHECK_STR(((struct str){ h.p, h.n }), "<mark>甲乙丙丁</mark>");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SENTENCE(folds_width_case_blanks_and_traditional_characters),
        SENTENCE(cuts_what_is_longer_than_a_question),
        SENTENCE(knows_a_code_by_its_look),
        SENTENCE(leaves_out_the_words_of_a_question),
        SENTENCE(does_not_keep_what_may_be_somebodys_number),
        SENTENCE(reads_characters_and_letters_as_one_word),
        SENTENCE(gives_reading_tokens_from_every_character_and_both_readings),
        SENTENCE(quotes_whatever_people_type),
        SENTENCE(splits_a_run_into_parts_and_slips),
        SENTENCE(counts_slips_against_any_part_of_a_text),
        SENTENCE(marks_what_matches_and_escapes_the_rest),
    };
    return cmocka_run_group_tests_name("search rules", tests, on, off);
}

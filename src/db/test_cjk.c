/* test_cjk.c - the tokens of Chinese and mixed text, and the tokenizer inside FTS5. */
#include "../../test/check.h"
#include "base/buf.h"
#include "db/cjk.h"

#include <sqlite3.h>
#include <stdio.h>

static int collect(void *arg, int flags UNUSED, const char *token, int n, int from, int to)
{
    buf_fmt(arg, "%.*s[%d,%d]", n, token, from, to);
    return 0;
}

static void check_tokens(struct str text, bool query, const char *want)
{
    AUTO(arena_done) struct arena a;
    struct buf b;
    arena_init(&a, 1 << 20);
    buf_init(&b, &a, 100);
    CHECK(cjk_tokens(text, query, collect, &b) == 0);
    CHECK_STR(buf_view(&b), want);
}

static void chinese_becomes_overlapping_pairs(void **state UNUSED)
{
    check_tokens(STR("营业执照"), false, "营业[0,6]业执[3,9]执照[6,12]照[9,12]");
    check_tokens(STR("营业执照"), true, "营业[0,6]业执[3,9]执照[6,12]");
    check_tokens(STR("营"), false, "营[0,3]");
    check_tokens(STR("营"), true, "营[0,3]");
    check_tokens(STR("𠀀〇"), true, "𠀀〇[0,7]");
}

static void words_are_lower_case_and_full_width_is_folded(void **state UNUSED)
{
    check_tokens(STR("Form A-12"), false, "form[0,4]a[5,6]12[7,9]");
    check_tokens(STR("ＡＢ１、x"), false, "ab1[0,9]x[12,13]");
    check_tokens(STR("领取CRMI卡"), false, "领取[0,6]取[3,6]crmi[6,10]卡[10,13]");
    check_tokens(STR(""), false, "");
    check_tokens(STR("，。 é"), false, "");
}

static void broken_utf8_separates_and_ends(void **state UNUSED)
{
    check_tokens(STR("a\xE8\x90" "b"), false, "a[0,1]b[3,4]");
    check_tokens(STR("\xE8"), false, "");
    check_tokens(STR("营\xFF业"), true, "营[0,3]业[4,7]");
}

static void long_words_are_cut_alike(void **state UNUSED)
{
    char text[101] = { 0 }, want[100];
    for (int i = 0; i < 100; i++)
        text[i] = 'q';
    snprintf(want, sizeof want, "%.*s[0,100]", CJK_WORD_MAX, text);
    check_tokens(str_c(text), false, want);
}

static int hits(sqlite3 *h, const char *query)
{
    sqlite3_stmt *s;
    CHECK(sqlite3_prepare_v2(h, "SELECT count(*) FROM t WHERE t MATCH ?1", -1, &s, NULL) == SQLITE_OK);
    sqlite3_bind_text(s, 1, query, -1, SQLITE_STATIC);
    CHECK(sqlite3_step(s) == SQLITE_ROW);
    int n = sqlite3_column_int(s, 0);
    sqlite3_finalize(s);
    return n;
}

static void phrases_find_exactly_the_texts_that_hold_them(void **state UNUSED)
{
    sqlite3 *h;
    CHECK(sqlite3_open(":memory:", &h) == SQLITE_OK && cjk_register(h));
    CHECK(sqlite3_exec(h,
                       "CREATE VIRTUAL TABLE t USING fts5(body, tokenize = 'cjkbigram');"
                       "INSERT INTO t VALUES ('食品经营许可证'), ('内资企业营业执照'), ('营业性演出'), ('Form AB-1 表')",
                       NULL, NULL, NULL) == SQLITE_OK);
    CHECK(hits(h, "\"营业\"") == 2);
    CHECK(hits(h, "\"营业执照\"") == 1);
    CHECK(hits(h, "\"业执\"") == 1);
    CHECK(hits(h, "\"营许业\"") == 0);
    CHECK(hits(h, "\"照\"*") == 1 && hits(h, "\"营\"*") == 3);
    CHECK(hits(h, "\"form ab\"") == 1);
    sqlite3_close(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SENTENCE(chinese_becomes_overlapping_pairs),
        SENTENCE(words_are_lower_case_and_full_width_is_folded),
        SENTENCE(broken_utf8_separates_and_ends),
        SENTENCE(long_words_are_cut_alike),
        SENTENCE(phrases_find_exactly_the_texts_that_hold_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

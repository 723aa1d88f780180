/* test_code.c - code standards: published samples, worked examples, wrong ones, and their messages. */
#include "../../test/check.h"
#include "base/code.h"
#include "base/conf.h"

#include <string.h>

#define IN_ARENA(a)                                                                                                    \
    AUTO(arena_done) struct arena a;                                                                                   \
    arena_init(&a, 1 << 20)

static const struct day TODAY = { 20571 }; /* 2026-04-28 */

struct sample {
    enum code_kind  kind;
    const char     *code;
    enum code_fault want;
};

static void check_samples(const struct sample *s, size_t n)
{
    for (; n; n--, s++) {
        enum code_fault got = code_check(s->kind, str_c(s->code), TODAY);
        if (got != s->want)
            print_error("%s: got %d, want %d\n", s->code, (int)got, (int)s->want);
        CHECK(got == s->want);
    }
}

static void real_credit_codes_pass(void **state UNUSED)
{
    static const struct sample s[] = {
        { CODE_USCC, "11100000000013338W", CODE_OK }, { CODE_USCC, "11100000MB03271699", CODE_OK },
        { CODE_USCC, "11511301008778183N", CODE_OK }, { CODE_USCC, "91610800064834709T", CODE_OK },
        { CODE_USCC, "11430000006122244L", CODE_OK }, { CODE_USCC, "11330105002500287C", CODE_OK },
        { CODE_USCC, "11370800MB28559184", CODE_OK }, { CODE_USCC, "11522627MB0A00018A", CODE_OK },
        { CODE_USCC, "11522627009000015R", CODE_OK }, { CODE_USCC, "91522627MA6H00011H", CODE_OK },
    };
    check_samples(s, countof(s));
}

static void wrong_credit_codes_are_named(void **state UNUSED)
{
    static const struct sample s[] = {
        { CODE_USCC, "", CODE_EMPTY },
        { CODE_USCC, "11522627MB0A00018B", CODE_CHECK },
        { CODE_USCC, "11522627MBOA00018A", CODE_CHARACTER },     /* letter O */
        { CODE_USCC, "11522627MB0A00018", CODE_SHORT },
        { CODE_USCC, "11522627MB0A00018AA", CODE_LONG },
        { CODE_USCC, "TE5116020105116050", CODE_CHECK },         /* published in such a column, but no credit code */
        { CODE_USCC, "1152X627MB0A00018A", CODE_CHARACTER },     /* letter in the division */
        { CODE_USCC, "11522627MB0A00019A", CODE_ORG_CHECK },
        { CODE_USCC, "11522627mb0a00018a", CODE_CHARACTER },     /* the stored form is upper case */
        { CODE_USCC, "11522627MB0A0001办A", CODE_CHARACTER },
    };
    check_samples(s, countof(s));
}

static void identity_numbers_are_checked(void **state UNUSED)
{
    static const struct sample s[] = {
        { CODE_ID, "522627199003074214", CODE_OK },
        { CODE_ID, "522627200002290017", CODE_OK }, /* 2000 was a leap year */
        { CODE_ID, "522627199001010014", CODE_OK },
        { CODE_ID, "522627199512310027", CODE_OK },
        { CODE_ID, "11010519491231002X", CODE_OK },
        { CODE_ID, "11010519491231002x", CODE_OK },
        { CODE_ID, "522627190002290017", CODE_DATE }, /* 1900 was not */
        { CODE_ID, "522627199002300017", CODE_DATE },
        { CODE_ID, "522627199013010017", CODE_DATE },
        { CODE_ID, "522627202604290010", CODE_FUTURE },
        { CODE_ID, "522627199003074215", CODE_CHECK },
        { CODE_ID, "52262719900307421", CODE_SHORT },
        { CODE_ID, "522627900307421", CODE_SHORT }, /* the old 15 digits are no longer valid */
        { CODE_ID, "5226271990030742140", CODE_LONG },
        { CODE_ID, "5226271990030742X4", CODE_CHARACTER },
        { CODE_ID, "52262719900307421A", CODE_CHARACTER },
        { CODE_ID, "", CODE_EMPTY },
    };
    check_samples(s, countof(s));
}

static void a_birth_date_is_wrong_only_while_it_lies_ahead(void **state UNUSED)
{
    struct str body = STR("52262720260428001");
    char code[19] = "52262720260428001";
    code[17] = code_id_check_char(body);
    CHECK(code_check(CODE_ID, str_c(code), TODAY) == CODE_OK);
    CHECK(code_check(CODE_ID, str_c(code), (struct day){ TODAY.n - 1 }) == CODE_FUTURE);
    CHECK(code_check(CODE_ID, str_c(code), (struct day){ 0 }) == CODE_OK);
}

static void an_identity_number_tells_birth_and_sex(void **state UNUSED)
{
    struct civil c = day_civil(code_id_birth(STR("11010519491231002X")));
    CHECK(c.year == 1949 && c.month == 12 && c.day == 31);
    CHECK(!code_id_is_male(STR("11010519491231002X")));
    CHECK(code_id_is_male(STR("522627199003074214")));
}

static void check_characters_follow_the_worked_examples(void **state UNUSED)
{
    CHECK(code_uscc_check_char(STR("11522627MB0A00018")) == 'A');
    CHECK(code_org_check_char(STR("MB0A0001")) == '8');
    CHECK(code_id_check_char(STR("52262719900307421")) == '4');
    CHECK(code_mod37_char(STR("52262720260428000137")) == '1');
    CHECK(code_uscc_check_char(STR("11522627MBOA00018")) == '\0' && code_uscc_check_char(STR("1")) == '\0');
    CHECK(code_org_check_char(STR("mb0a0001")) == '\0' && code_id_check_char(STR("5226271990030742X")) == '\0');
    CHECK(code_mod37_char(STR("5226-2720")) == '\0');
}

static void item_codes_hold_body_level_and_type(void **state UNUSED)
{
    static const struct sample s[] = {
        { CODE_ITEM, "11370800MB285591843370123029001", CODE_OK },
        { CODE_ITEM, "11370800MB28559184337011505600001", CODE_OK },
        { CODE_ITEM, "11370800MB28559184300011711200001", CODE_OK },
        { CODE_ITEM, "11522627MB0A00018A4000117112000", CODE_OK },
        { CODE_ITEM, "11522627MB0A00018A400011711200001", CODE_OK },
        { CODE_ITEM, "11522627MB0A00018A400011711200", CODE_SHORT },
        { CODE_ITEM, "11522627MB0A00018A40001171120001", CODE_LENGTH },
        { CODE_ITEM, "11522627MB0A00018A4000117112000011", CODE_LONG },
        { CODE_ITEM, "11522627MB0A00018B4000117112000", CODE_BODY },
        { CODE_ITEM, "11522627MBOA00018A4000117112000", CODE_CHARACTER },
        { CODE_ITEM, "11522627MB0A00018A8000117112000", CODE_LEVEL },
        { CODE_ITEM, "11522627MB0A00018A0000117112000", CODE_LEVEL },
        { CODE_ITEM, "11522627MB0A00018A4001117112000", CODE_TYPE },
        { CODE_ITEM, "11522627MB0A00018A4002017112000", CODE_OK }, /* 20 公共服务 */
    };
    check_samples(s, countof(s));
}

#define OID "1.2.156.3005.2."

static void certificate_identifiers_are_checked(void **state UNUSED)
{
    static const struct sample s[] = {
        { CODE_CERT, OID "11100000000013338W011.11430000006122244L.20230000403.001.U", CODE_OK },
        { CODE_CERT, OID "11100000000013338W011.11430000006122244L.20230000403.002.S", CODE_OK },
        { CODE_CERT, OID "11100000000013338W009.11330105002500287C.2025052201.002.0", CODE_OK },
        { CODE_CERT, OID "11100000MB03271699022.340100.000000016.001.9", CODE_OK }, /* issuer is a division */
        { CODE_CERT, OID "11100000000013338W087.11370800MB28559184.37080001202411010001.001.3", CODE_OK },
        { CODE_CERT, OID "11100000000013338W011.11522627MB0A00018A.20260000001.001.V", CODE_OK },
        { CODE_CERT, OID "11522627MB0A00018A001.11522627MB0A00018A.5226272026000001.001.S", CODE_OK },
        { CODE_CERT, OID "11522627MB0A00018A001.11522627MB0A00018A.5226272026000001.002.Q", CODE_OK },
        { CODE_CERT, OID "11522627MB0A00018A001.11522627MB0A00018A.5226272026000001.002.R", CODE_CHECK },
        { CODE_CERT, OID "11522627MB0A00018A001.11522627MB0A00018A.5226272026000002.001.S", CODE_CHECK },
        { CODE_CERT, OID "11522627MB0A00018B001.11522627MB0A00018A.5226272026000001.001.S", CODE_BODY },
        { CODE_CERT, OID "11522627MB0A00018A001.11522627MB0A00018A.52262720260-0001.001.S", CODE_CHARACTER },
        { CODE_CERT, OID "11522627MB0A00018A001.11522627MB0A00018A.5226272026000001.001", CODE_LAYOUT },
        { CODE_CERT, OID "11522627MB0A00018A001.11522627MB0A00018A..001.S", CODE_LAYOUT },
        { CODE_CERT, OID "11522627MB0A00018A001.11522627MB0A00018A.1.001.S.9", CODE_LAYOUT },
        { CODE_CERT, OID "11522627MB0A00018A001.11522627MB0A00018A.1.0A1.S", CODE_LAYOUT },
        { CODE_CERT, OID "11522627MB0A00018A001.11522627MB0A00018A.1.000.S", CODE_LAYOUT },
        { CODE_CERT, "11522627MB0A00018A", CODE_LAYOUT },
        { CODE_CERT, OID, CODE_LAYOUT },
        { CODE_CERT, "", CODE_EMPTY },
    };
    check_samples(s, countof(s));
}

static void case_numbers_catch_a_mistyped_digit(void **state UNUSED)
{
    IN_ARENA(a);
    struct str no = code_case_number(&a, STR("522627"), TODAY, 137);
    CHECK_STR(no, "522627202604280001371");
    CHECK(code_check(CODE_CASE, no, TODAY) == CODE_OK);
    CHECK(code_check(CODE_CASE, no, (struct day){ TODAY.n - 1 }) == CODE_FUTURE);
    for (size_t i = 0; i < 20; i++)
        for (char d = '0'; d <= '9'; d++) {
            char wrong[22];
            memcpy(wrong, no.p, 22);
            wrong[i] = d;
            CHECK(d == no.p[i] || code_check(CODE_CASE, str_c(wrong), TODAY) != CODE_OK);
        }
    CHECK(code_check(CODE_CASE, STR("52262720260428000137"), TODAY) == CODE_SHORT);
    CHECK(code_check(CODE_CASE, STR("522627202604310001371"), TODAY) == CODE_DATE);
    CHECK(code_check(CODE_CASE, STR("52262720260428000137?"), TODAY) == CODE_CHARACTER);
    struct buf b;
    buf_init(&b, &a, 0);
    code_case_write(&b, no);
    CHECK_STR(buf_view(&b), "522627-20260428-000137-1");
}

static void typing_habits_are_forgiven(void **state UNUSED)
{
    IN_ARENA(a);
    struct str out;
    CHECK(code_read(CODE_CASE, STR(" 522627-20260428-0001371\n"), TODAY, &a, &out) == CODE_OK);
    CHECK_STR(out, "522627202604280001371");
    CHECK(code_read(CODE_CASE, STR("522627—20260428–000137‐1"), TODAY, &a, &out) == CODE_OK);
    CHECK(code_read(CODE_ID, STR("１１０１０５　１９４９１２３１　００２ｘ"), TODAY, &a, &out) == CODE_OK);
    CHECK_STR(out, "11010519491231002X");
    CHECK(code_read(CODE_USCC, STR("\xEF\xBB\xBF" "11522627 mb0a0001-8 a"), TODAY, &a, &out) == CODE_OK);
    CHECK_STR(out, "11522627MB0A00018A");
    CHECK(code_read(CODE_CERT, STR("1．2．156．3005．2．11100000mb03271699022．340100．000000016．001．9"), TODAY, &a, &out) ==
          CODE_OK);
    CHECK(code_read(CODE_ID, STR(" \t "), TODAY, &a, &out) == CODE_EMPTY && out.p && out.n == 0);
    CHECK_STR(code_normalise(&a, STR("五２二")), "五2二");
}

static void messages_say_what_is_missing(void **state UNUSED)
{
    IN_ARENA(a);
    struct issue is = code_issue(CODE_ID, STR("52262719900307421"), CODE_SHORT, &a);
    CHECK_STR(str_c(is.key), "code.id.short");
    CHECK_STR(is.arg[0], "1");
    CHECK_STR(is.arg[1], "18");
    is = code_issue(CODE_USCC, STR("11522627MBOA00018A"), CODE_CHARACTER, &a);
    CHECK_STR(is.arg[0], "O");
    CHECK_STR(is.arg[1], "11");
    is = code_issue(CODE_ID, STR("52262719900307四214"), CODE_CHARACTER, &a);
    CHECK_STR(is.arg[0], "四");
    CHECK_STR(is.arg[1], "15");
    is = code_issue(CODE_ITEM, STR("11522627MB0A00018A40001171120001"), CODE_LENGTH, &a);
    CHECK_STR(is.arg[0], "32");
    is = code_issue(CODE_CERT, STR("1.2.156.3005.2.1152/"), CODE_CHARACTER, &a);
    CHECK_STR(is.arg[0], "/");
    CHECK_STR(is.arg[1], "20");
    CHECK(code_fault_key(CODE_ID, CODE_LEVEL) == NULL && code_fault_key(CODE_ID, CODE_OK) == NULL);
}

static void every_fault_has_its_words_in_both_languages(void **state UNUSED)
{
    static const char *const files[] = { PO_DIR "/zh_CN.po", PO_DIR "/en.po" };
    static const char *const base[] = { "required", "too_long", "too_short", "control_character", "not_offered",
        "number_range", "no_such_day", "no_such_time", "too_many", "json_broken", "unknown_field", "wrong_type" };
    IN_ARENA(a);
    for (size_t f = 0; f < countof(files); f++) {
        struct str po;
        CHECK(file_read(files[f], 100000, &a, &po) == RC_OK);
        for (int k = 0; k < CODE_KINDS; k++)
            for (int w = 0; w < CODE_FAULTS; w++) {
                const char *key = code_fault_key((enum code_kind)k, (enum code_fault)w);
                CHECK(!key || str_find(po, arena_fmt(&a, "msgid \"%s\"\nmsgstr \"", key)) > 0);
            }
        for (size_t i = 0; i < countof(base); i++)
            CHECK(str_find(po, arena_fmt(&a, "msgid \"base.%s\"\nmsgstr \"", base[i])) > 0);
    }
}

static void kinds_have_words(void **state UNUSED)
{
    enum code_kind k = CODE_KINDS;
    CHECK(code_kind_parse(STR("cert"), &k) && k == CODE_CERT);
    CHECK(!code_kind_parse(STR("passport"), &k) && k == CODE_CERT);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        SENTENCE(real_credit_codes_pass),
        SENTENCE(wrong_credit_codes_are_named),
        SENTENCE(identity_numbers_are_checked),
        SENTENCE(a_birth_date_is_wrong_only_while_it_lies_ahead),
        SENTENCE(an_identity_number_tells_birth_and_sex),
        SENTENCE(check_characters_follow_the_worked_examples),
        SENTENCE(item_codes_hold_body_level_and_type),
        SENTENCE(certificate_identifiers_are_checked),
        SENTENCE(case_numbers_catch_a_mistyped_digit),
        SENTENCE(typing_habits_are_forgiven),
        SENTENCE(messages_say_what_is_missing),
        SENTENCE(every_fault_has_its_words_in_both_languages),
        SENTENCE(kinds_have_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

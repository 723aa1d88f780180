/* test_cases_text.c - the words of documents, from kind and frozen fields alone. */
#include "modules/cases/cases.h"

#include "../test/check.h"

static const char fields[] = "{\"applicant\":\"吴小梅\",\"basis\":\"2026-06-18\",\"body\":\"示例县市场监督管理局\",\"case\":\"522627202605080000013\","
                             "\"day\":\"2026-05-08\",\"due\":\"2026-05-15\",\"item\":\"食品经营许可\",\"query_code\":\"K7M2P9QR\","
                             "\"reasons\":\"hearing\",\"remedy_body\":\"示例县人民政府\"}";

static struct arena arena;

static struct cases_text text_of(const char *kind, const char *json, enum rc want)
{
    struct cases_reader who = { texts_open(&arena), LOCALE_ZH_CN, &arena };
    struct cases_document d = { .kind = str_c(kind), .number = STR("市监局补〔2026〕00001号"), .fields = str_c(json) };
    struct cases_text t;
    CHECK(cases_text_fill(&who, &d, &t) == want);
    return t;
}

static struct str line(const struct cases_text *t, size_t i)
{
    CHECK(i < t->paragraphs.n);
    return ((const struct cases_paragraph *)t->paragraphs.v)[i].text;
}

static void every_kind_of_document_has_words(void **state UNUSED)
{
    static const char *const kinds[] = { "receipt", "acceptance", "correction", "excluded", "extension", "not_accepted",
                                         "not_needed", "grant", "refusal", "delivery", "withdrawal", "lapse" };
    for (size_t i = 0; i < countof(kinds); i++) {
        struct cases_text t = text_of(kinds[i], fields, RC_OK);
        CHECK(t.paragraphs.n > 0 && str_find(line(&t, 0), STR("食品经营许可")) >= 0);
        CHECK_STR(t.body, "示例县市场监督管理局");
        CHECK(t.day.n == day_of((struct civil){ 2026, 5, 8 }).n);
    }
}

static void a_receipt_says_number_code_and_date(void **state UNUSED)
{
    struct cases_text t = text_of("receipt", fields, RC_OK);
    CHECK_STR(t.number, "522627-20260508-000001-3");
    CHECK_STR(line(&t, 1), "办件编号：522627-20260508-000001-3");
    CHECK_STR(line(&t, 2), "查询码：K7M2P9QR（凭编号和查询码可以查进度，请妥善保管）");
    CHECK_STR(line(&t, 3), "我们最迟在2026年5月15日 星期五前告诉您下一步。");
}

static void a_correction_says_the_date_and_a_pause_its_procedure(void **state UNUSED)
{
    struct cases_text t = text_of("correction", fields, RC_OK);
    CHECK_STR(line(&t, 2), "请于2026年6月18日 星期四前补正。逾期不补正的，本次申请结束，可以随时重新申请。");
    t = text_of("excluded", fields, RC_OK);
    CHECK_STR(line(&t, 1), "catalog.pause.hearing"); /* the key of the message; the catalogue is empty here */
}

static void a_refusal_names_both_remedies(void **state UNUSED)
{
    struct cases_text t = text_of("refusal", fields, RC_OK);
    CHECK_STR(line(&t, t.paragraphs.n - 1), "如不服本决定，可以自收到之日起60日内向示例县人民政府申请行政复议，"
                                            "或者自收到之日起6个月内向有管辖权的人民法院提起行政诉讼。");
}

static void what_was_not_said_leaves_no_empty_line(void **state UNUSED)
{
    struct cases_text t = text_of("grant", "{\"day\":\"2026-05-08\",\"item\":\"食品经营许可\",\"reasons\":\"\",\"basis\":\"\"}", RC_OK);
    CHECK(t.paragraphs.n == 1);
    t = text_of("acceptance", "{\"day\":\"2026-05-08\",\"item\":\"食品经营许可\",\"reasons\":\"\"}", RC_OK);
    CHECK(t.paragraphs.n == 1); /* not deemed */
}

static void broken_fields_are_no_document(void **state UNUSED)
{
    text_of("grant", "", RC_FAILED);
    text_of("grant", "[]", RC_FAILED);
    text_of("grant", "{\"day\":\"May\"}", RC_FAILED);
    text_of("poem", fields, RC_FAILED);
}

static int arena_open(void **state UNUSED)
{
    arena_init(&arena, 64 << 20);
    return 0;
}

static int arena_close(void **state UNUSED)
{
    arena_done(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SENTENCE(every_kind_of_document_has_words),
        SENTENCE(a_receipt_says_number_code_and_date),
        SENTENCE(a_correction_says_the_date_and_a_pause_its_procedure),
        SENTENCE(a_refusal_names_both_remedies),
        SENTENCE(what_was_not_said_leaves_no_empty_line),
        SENTENCE(broken_fields_are_no_document),
    };
    return cmocka_run_group_tests(tests, arena_open, arena_close);
}

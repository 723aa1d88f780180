/* test_cases_text.c - the words of documents, from kind and frozen fields alone. */
#include "modules/cases/cases.h"

#include "../test/check.h"

static const char fields[] =
    "{\"applicant\":\"吴小梅\",\"applicant_no\":\"522627********1221\",\"body\":\"示例县市场监督管理局\",\"case\":\"522627202605080000013\","
    "\"channel\":\"window\",\"day\":\"2026-05-08\",\"days\":\"10\",\"documents\":\"《准予决定书》（市场监管局准〔2026〕00001号）\","
    "\"due\":\"2026-05-15\",\"from\":\"2026-05-11\",\"item\":\"食品经营许可\",\"law\":\"《食品安全法》第三十五条\","
    "\"materials\":\"1. 申请书：收到纸质\\n2. 平面图：收到电子\",\"phone\":\"0855-0000022\",\"procedure\":\"hearing\",\"proof\":null,"
    "\"query_code\":\"K7M2P9QR\",\"reasons\":\"事情复杂\",\"receiver\":\"吴小梅\",\"received\":\"2026-05-07\","
    "\"remedy_body\":\"示例县人民政府\",\"result\":\"食品经营许可证\",\"staff\":\"林淑珍\",\"until\":\"2026-06-18\",\"way\":\"post\"}";

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

static bool says(const struct cases_text *t, const char *words)
{
    for (size_t i = 0; i < t->paragraphs.n; i++)
        if (str_find(line(t, i), str_c(words)) >= 0)
            return true;
    return false;
}

static void every_kind_of_document_has_words(void **state UNUSED)
{
    static const char *const kinds[] = { "receipt", "acceptance", "correction", "excluded", "extension", "not_accepted",
                                         "not_needed", "grant", "refusal", "delivery", "withdrawal", "lapse" };
    for (size_t i = 0; i < countof(kinds); i++) {
        struct cases_text t = text_of(kinds[i], fields, RC_OK);
        CHECK(t.paragraphs.n > 0 && says(&t, "食品经营许可"));
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
    CHECK_STR(line(&t, 3), "收件日期：2026年5月7日 星期四（cases.channel.window收件）"); /* the catalogue is empty here */
    CHECK_STR(line(&t, 5), "1. 申请书：收到纸质\n2. 平面图：收到电子");
    CHECK_STR(line(&t, 6), "我们最迟在2026年5月15日 星期五前告诉您下一步。");
}

/* Domain 5.3: what each document must say. */
static void documents_say_what_the_law_wants_of_them(void **state UNUSED)
{
    static const struct {
        const char *kind, *words;
    } wanted[] = {
        { "acceptance", "您于2026年5月7日 星期四提交的“食品经营许可”申请" },
        { "acceptance", "依据：《食品安全法》第三十五条" },
        { "acceptance", "我们最迟在2026年5月15日 星期五前作出决定。" },
        { "acceptance", "申请人证件号码：522627********1221；办件编号：522627-20260508-000001-3" },
        { "correction", "事情复杂" },
        { "correction", "请于2026年6月18日 星期四前补正" },
        { "excluded", "程序：catalog.pause.hearing" },
        { "excluded", "共10个工作日。" },
        { "excluded", "不计入的时间：2026年5月11日 星期一至2026年6月18日 星期四，首尾两天都不计入。" },
        { "excluded", "我们最迟在2026年5月15日 星期五前作出决定。" },
        { "extension", "延长办理期限10个工作日" },
        { "extension", "我们最迟在2026年5月15日 星期五前作出决定。" },
        { "extension", "批准人：林淑珍" },
        { "grant", "发给：食品经营许可证" },
        { "grant", "依据：《食品安全法》第三十五条" },
        { "delivery", "送达的文书：《准予决定书》（市场监管局准〔2026〕00001号）" },
        { "delivery", "受送达人：吴小梅；收件人：吴小梅" },
        { "delivery", "送达方式：cases.way.post" },
        { "delivery", "送达日期：2026年6月18日 星期四" },
        { "delivery", "送达人：林淑珍" },
    };
    for (size_t i = 0; i < countof(wanted); i++) {
        struct cases_text t = text_of(wanted[i].kind, fields, RC_OK);
        CHECK(says(&t, wanted[i].words));
    }
}

static void refusals_name_both_remedies(void **state UNUSED)
{
    static const char *const kinds[] = { "refusal", "not_accepted", "not_needed" };
    for (size_t i = 0; i < countof(kinds); i++) {
        struct cases_text t = text_of(kinds[i], fields, RC_OK);
        CHECK(says(&t, "事情复杂"));
        CHECK_STR(line(&t, t.paragraphs.n - 1), "如不服，可以自收到本文书之日起60日内向示例县人民政府申请行政复议，"
                                                "或者自收到之日起6个月内向有管辖权的人民法院提起行政诉讼。");
    }
}

static void a_third_party_is_addressed_and_told_who_applied(void **state UNUSED)
{
    struct cases_text t = text_of("third_party",
                                  "{\"applicant\":\"吴小梅\",\"day\":\"2026-05-08\",\"item\":\"取水许可\",\"party\":\"李村\"}", RC_OK);
    CHECK_STR(t.applicant, "李村");
    CHECK(says(&t, "吴小梅申请的“取水许可”正在审查"));
}

static void what_was_not_said_leaves_no_empty_line(void **state UNUSED)
{
    struct cases_text t = text_of("grant", "{\"day\":\"2026-05-08\",\"item\":\"食品经营许可\",\"reasons\":\"\",\"basis\":\"\"}", RC_OK);
    CHECK(t.paragraphs.n == 2);
    t = text_of("acceptance", "{\"day\":\"2026-05-08\",\"item\":\"食品经营许可\",\"reasons\":\"\"}", RC_OK);
    CHECK(t.paragraphs.n == 1); /* not deemed */
    t = text_of("grant", "{\"basis\":\"第三条\",\"day\":\"2026-05-08\",\"item\":\"食品经营许可\",\"law\":\"《食品安全法》\"}", RC_OK);
    CHECK(says(&t, "依据：第三条") && !says(&t, "《食品安全法》"));
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
        SENTENCE(documents_say_what_the_law_wants_of_them),
        SENTENCE(refusals_name_both_remedies),
        SENTENCE(a_third_party_is_addressed_and_told_who_applied),
        SENTENCE(what_was_not_said_leaves_no_empty_line),
        SENTENCE(broken_fields_are_no_document),
    };
    return cmocka_run_group_tests(tests, arena_open, arena_close);
}

/* test_docs_pdf.c - what a printed document says, read back with pdftotext. */
#include "docs_pdf.h"
#include "shell.h"

static struct docs_paper refusal(struct arena *a)
{
    struct cases_paragraph *p = arena_many(a, struct cases_paragraph, 3);
    p[0] = (struct cases_paragraph){ STR("经审查，对您提交的“食品经营许可”申请，决定不予准许。"), false };
    p[1] = (struct cases_paragraph){ STR("1. 平面图：没有标出面积。\n2. 健康证明：已经过期。"), true };
    p[2] = (struct cases_paragraph){ STR("依据：《中华人民共和国食品安全法》第三十五条"), false };
    return (struct docs_paper){
        .text = { .title = STR("不予决定书"), .number = STR("市监局 不准〔2026〕00001号"), .applicant = STR("阿依古丽·买买提"),
                  .body = STR("示例县市场监督管理局"), .day = day_of((struct civil){ 2026, 5, 8 }), .paragraphs = { p, 3 } },
        .address = STR("http://test/verify?n=1&h=0123456789abcdef"), .page = STR("http://test/verify"),
        .check_code = STR("0123456789abcdef"), .at = { INT64_C(1778212800000) },
    };
}

static void says_line_by_line_what_the_document_says(void **state)
{
    struct work *w = work_of(state, "pdftotext");
    struct docs_paper p = refusal(&w->a);
    struct str pdf;
    CHECK(docs_pdf_make(&w->a, &p, &pdf) == RC_OK);
    work_write(w, "a.pdf", pdf);
    CHECK_STR(work_run(w, "pdftotext -layout a.pdf - | sed 's/^ *//;/^$/d' | head -n 12"),
              "不予决定书\n"
              "市监局 不准〔2026〕00001号\n"
              "阿依古丽·买买提：\n"
              "经审查，对您提交的“食品经营许可”申请，决定不予准许。\n"
              "1. 平面图：没有标出面积。\n"
              "2. 健康证明：已经过期。\n"
              "依据：《中华人民共和国食品安全法》第三十五条\n"
              "示例县市场监督管理局\n"
              "2026年5月8日\n"
              "扫码可以核对本文书的真伪，也可以打开 http://test/verify 填写文号和校验码。\n"
              "校验码：0123456789abcdef\n"
              "电子文件有发文机关的数字签名。\n");
    CHECK_STR(work_run(w, "pdfinfo a.pdf | grep -E 'Title|Author|Pages'"),
              "Title:           不予决定书 市监局 不准〔2026〕00001号\n"
              "Author:          示例县市场监督管理局\n"
              "Pages:           1\n");
}

static void is_the_same_file_for_the_same_document(void **state)
{
    struct work *w = work_of(state, NULL);
    struct docs_paper p = refusal(&w->a);
    struct str one, two, other;
    CHECK(docs_pdf_make(&w->a, &p, &one) == RC_OK);
    CHECK(docs_pdf_make(&w->a, &p, &two) == RC_OK);
    CHECK(str_eq(one, two));
    p.at.ms += 1000;
    CHECK(docs_pdf_make(&w->a, &p, &other) == RC_OK);
    CHECK(!str_eq(one, other));
}

static void goes_on_on_further_pages_and_loses_nothing(void **state)
{
    struct work *w = work_of(state, "pdftotext");
    struct docs_paper p = refusal(&w->a);
    struct cases_paragraph *lines = arena_many(&w->a, struct cases_paragraph, 120);
    struct str pdf;
    for (int i = 0; i < 120; i++)
        lines[i].text = arena_fmt(&w->a, "第%d点", i);
    p.text.paragraphs = (struct list){ lines, 120 };
    CHECK(docs_pdf_make(&w->a, &p, &pdf) == RC_OK);
    work_write(w, "b.pdf", pdf);
    CHECK_STR(work_run(w, "pdftotext b.pdf - | grep -c '第[0-9]*点$'"), "120\n");
    CHECK_STR(work_run(w, "pdftotext -layout b.pdf - | grep -o '第[0-9]页.*'"),
              "第1页，共6页\n第2页，共6页\n第3页，共6页\n第4页，共6页\n第5页，共6页\n第6页，共6页\n");
}

static void refuses_an_address_that_no_code_can_hold(void **state)
{
    struct work *w = work_of(state, NULL);
    struct docs_paper p = refusal(&w->a);
    struct buf b;
    struct str pdf;
    buf_init(&b, &w->a, 5000);
    for (int i = 0; i < 4000; i++)
        buf_char(&b, 'a');
    p.address = buf_view(&b);
    CHECK(docs_pdf_make(&w->a, &p, &pdf) == RC_FAILED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SENTENCE(says_line_by_line_what_the_document_says),
        SENTENCE(is_the_same_file_for_the_same_document),
        SENTENCE(goes_on_on_further_pages_and_loses_nothing),
        SENTENCE(refuses_an_address_that_no_code_can_hold),
    };
    return cmocka_run_group_tests(tests, work_open, work_close);
}

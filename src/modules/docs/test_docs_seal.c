/* test_docs_seal.c - what pdfsig says of a sealed document, and what the keys are. */
#include "base/hash.h"
#include "docs_pdf.h"
#include "docs_seal.h"
#include "shell.h"

#include <openssl/x509.h>
#include <sys/stat.h>

#define NOON_MS INT64_C(1778212800000) /* 2026-05-08 12:00 +08:00 */
#define CODE "11522627MB0A00018A"

static struct docs_office office(struct work *w)
{
    return (struct docs_office){ arena_fmt(&w->a, "%s/keys", w->dir).p, STR("示例县人民政府"), STR("示例县市场监督管理局"), STR(CODE), NOON_MS };
}

static struct str pdf_of(struct work *w)
{
    struct cases_paragraph *p = arena_new(&w->a, struct cases_paragraph);
    struct docs_paper paper = { .text = { .title = STR("受理通知书"), .number = STR("市监局 受〔2026〕00001号"), .applicant = STR("吴小梅"),
                                          .body = STR("示例县市场监督管理局"), .day = day_at(NOON_MS), .paragraphs = { p, 1 } },
                                .address = STR("http://test/verify"), .at = { NOON_MS } };
    struct str pdf;
    p->text = STR("您提交的申请，材料齐全，现予受理。");
    CHECK(docs_pdf_make(&w->a, &paper, &pdf) == RC_OK);
    return pdf;
}

static struct str sealed_of(struct work *w)
{
    struct docs_office o = office(w);
    struct docs_signer s;
    struct str out;
    CHECK(docs_signer_open(&w->a, &o, &s) == RC_OK);
    CHECK(docs_seal_add(&w->a, &s, &(struct docs_seal_note){ o.body, { NOON_MS } }, pdf_of(w), &out) == RC_OK);
    docs_signer_close(&s);
    return out;
}

static void readers_find_the_seal_valid_and_the_whole_document_signed(void **state)
{
    struct work *w = work_of(state, "pdfsig");
    struct str sealed = sealed_of(w);
    work_write(w, "s.pdf", sealed);
    CHECK_STR(work_run(w, "pdfsig -nocert s.pdf | grep -E 'Certificate Common Name|Type:|Total|Signature Validation'"),
              "  - Signer Certificate Common Name: 示例县市场监督管理局\n"
              "  - Signature Type: ETSI.CAdES.detached\n"
              "  - Total document signed\n"
              "  - Signature Validation: Signature is Valid.\n");
    CHECK_STR(work_run(w, "pdftotext s.pdf - | grep -c 受理通知书"), "1\n");
}

static void the_certificate_leads_to_the_authority_of_the_installation(void **state)
{
    struct work *w = work_of(state, "openssl");
    sealed_of(w);
    CHECK_STR(work_run(w, "openssl verify -attime 1778212800 -x509_strict -CAfile keys/ca.pem keys/bodies/" CODE ".pem"),
              "keys/bodies/" CODE ".pem: OK\n");
    CHECK_STR(work_run(w, "openssl x509 -in keys/bodies/" CODE ".pem -noout -subject -nameopt utf8,sep_comma_plus"),
              "subject=C=CN,CN=示例县市场监督管理局,serialNumber=" CODE "\n");
    CHECK_STR(work_run(w, "stat -c '%a %n' keys keys/ca.key keys/ca.pem keys/bodies/*"),
              "700 keys\n600 keys/ca.key\n600 keys/ca.pem\n600 keys/bodies/" CODE ".pem\n");
}

static void any_changed_byte_breaks_the_seal(void **state)
{
    struct work *w = work_of(state, "pdfsig");
    struct str sealed = sealed_of(w);
    char *p = arena_alloc(&w->a, sealed.n);
    ptrdiff_t word = str_find(sealed, STR("/SubFilter")); /* in front of the hole */
    const size_t places[] = { 700, (size_t)word, sealed.n - 20 };
    for (size_t i = 0; i < countof(places); i++) {
        memcpy(p, sealed.p, sealed.n);
        p[places[i]] = (char)(p[places[i]] ^ 1);
        work_write(w, "x.pdf", (struct str){ p, sealed.n });
        CHECK_STR(work_run(w, "pdfsig -nocert x.pdf 2>/dev/null | grep -c 'Signature is Valid'"), "0\n");
    }
}

static void the_signature_has_no_second_time(void **state)
{
    struct work *w = work_of(state, "openssl");
    struct str sealed = sealed_of(w);
    ptrdiff_t at = str_find(sealed, STR("/Contents <"));
    CHECK(at > 0 && str_find(sealed, STR("/M (D:20260508120000+08'00')")) > 0);
    char *der = arena_alloc(&w->a, 8192);
    CHECK(unhex(str_sub(sealed, (size_t)at + 11, 16384), der, 8192));
    work_write(w, "c.der", (struct str){ der, 8192 });
    struct str shown = work_run(w, "openssl cms -cmsout -print -inform DER -in c.der -noout");
    CHECK(str_find(shown, STR("signingTime")) < 0);
    CHECK(str_find(shown, STR("id-smime-aa-signingCertificateV2")) >= 0);
    CHECK(str_find(shown, STR("messageDigest")) >= 0);
}

/* DER of the certificate that signs under this office. */
static struct str cert_of(struct work *w, const struct docs_office *o)
{
    struct docs_signer s;
    unsigned char *der = NULL;
    CHECK(docs_signer_open(&w->a, o, &s) == RC_OK);
    int n = i2d_X509(s.cert, &der);
    struct str out = arena_str(&w->a, (struct str){ (char *)der, (size_t)n });
    OPENSSL_free(der);
    docs_signer_close(&s);
    return out;
}

static void a_body_keeps_its_certificate_until_it_ends_or_the_name_changes(void **state)
{
    struct work *w = work_of(state, NULL);
    struct docs_office o = office(w);
    struct str first = cert_of(w, &o);
    o.now_ms = NOON_MS + 900 * DAY_MS;
    CHECK(str_eq(cert_of(w, &o), first));
    o.now_ms = NOON_MS + 1020 * DAY_MS; /* 75 of 1095 days are left */
    struct str second = cert_of(w, &o);
    CHECK(!str_eq(second, first));
    o.body = STR("示例县市场监管局");
    CHECK(!str_eq(cert_of(w, &o), second));
}

static void keys_that_are_not_ours_stop_the_sealing(void **state)
{
    struct work *w = work_of(state, NULL);
    struct docs_office o = office(w);
    struct docs_signer s;
    cert_of(w, &o);
    work_write(w, "keys/ca.key", STR("no key"));
    CHECK(docs_signer_open(&w->a, &o, &s) == RC_FAILED);
    docs_signer_close(&s);
    o.code = STR("../../etc/passwd12");
    CHECK(docs_signer_open(&w->a, &o, &s) == RC_FAILED);
    docs_signer_close(&s);
}

static void refuses_what_is_no_pdf_of_this_program(void **state)
{
    struct work *w = work_of(state, NULL);
    struct docs_office o = office(w);
    struct docs_signer s;
    struct str out;
    o.dir = arena_fmt(&w->a, "%s/other", w->dir).p;
    CHECK(docs_signer_open(&w->a, &o, &s) == RC_OK);
    static const char *const texts[] = { "", "%PDF-1.4", "trailer << /Root 1 0 R /Info 2 0 R /Size 3 >> startxref 10",
                                         "trailer /Root startxref" };
    for (size_t i = 0; i < countof(texts); i++)
        CHECK(docs_seal_add(&w->a, &s, &(struct docs_seal_note){ o.body, { NOON_MS } }, str_c(texts[i]), &out) == RC_FAILED);
    docs_signer_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SENTENCE(readers_find_the_seal_valid_and_the_whole_document_signed),
        SENTENCE(the_certificate_leads_to_the_authority_of_the_installation),
        SENTENCE(any_changed_byte_breaks_the_seal),
        SENTENCE(the_signature_has_no_second_time),
        SENTENCE(a_body_keeps_its_certificate_until_it_ends_or_the_name_changes),
        SENTENCE(refuses_what_is_no_pdf_of_this_program),
        SENTENCE(keys_that_are_not_ours_stop_the_sealing),
    };
    return cmocka_run_group_tests(tests, work_open, work_close);
}

/* cases_papers.c - legal documents: number, frozen facts, hash. */
#include "cases_papers.h"

#include "base/hash.h"
#include "base/json.h"
#include "base/log.h"
#include "cases_forms.h"
#include "cases_service.h"
#include "modules/org/org.h"

enum { TEXT_MAX = 20000 };

typedef struct cases_paper P;
#define TEXT(m) FIELD(P, m, .max = TEXT_MAX, .multiline = true)

/* In the order of their names: the JSON is canonical. "case" is the number of the case. */
static const struct field paper_fields[] = {
    TEXT(applicant), TEXT(applicant_no), TEXT(basis), TEXT(body), { .name = "case", .type = F_STR, .at = offsetof(P, number) },
    TEXT(channel), FIELD(P, day), TEXT(days), TEXT(documents), FIELD(P, due), FIELD(P, from), TEXT(item), TEXT(law), TEXT(materials),
    TEXT(particulars), TEXT(party), TEXT(phone), TEXT(procedure), TEXT(proof), TEXT(query_code), TEXT(reasons), FIELD(P, received),
    TEXT(receiver), TEXT(remedy_body), TEXT(replaces), TEXT(result), TEXT(staff), FIELD(P, until), TEXT(way),
};
static const struct record PAPER = RECORD(P, paper_fields);

/* The word in the number, and what the document says beside the act (domain 5.3). */
static const struct kind {
    const char *kind, *word;
    bool item; /* the law and the result of the item */
} kinds[] = {
    { "receipt", "收", false },     { "acceptance", "受", true },     { "correction", "补", false },     { "excluded", "除", false },
    { "extension", "延", false },   { "lapse", "逾", false },         { "amendment", "更", false },      { "bill", "费", false },
    { "hearing", "听", false },     { "not_accepted", "不受", false }, { "not_needed", "不受告", false }, { "grant", "准", true },
    { "refusal", "不准", true },    { "delivery", "送", false },      { "withdrawal", "撤", false },     { "voided", "废", false },
    { "third_party", "告", false },
};

static const struct kind *kind_of(const char *word)
{
    for (size_t i = 0; i < countof(kinds); i++)
        if (str_is(str_c(word), kinds[i].kind))
            return &kinds[i];
    panic("no document is called %s", word);
}

static enum rc item_fill(struct cx *cx, const struct cases_case *c, struct cases_paper *p)
{
    struct catalog_item item;
    enum rc rc = catalog_version_get(cx, c->item, c->version, &item);
    if (rc)
        return rc;
    p->law = item.basis;
    if (str_is(item.result_kind, "licence")) /* otherwise the decision itself is the result */
        p->result = item.result_name;
    return RC_OK;
}

/* Who, what, when. */
static enum rc facts_fill(struct cx *cx, const struct cases_case *c, const struct kind *k, struct cases_paper *p,
                          struct org_body *b)
{
    enum rc rc = org_body_get(cx, c->holder, b);
    if (rc)
        return rc;
    p->applicant = c->applicant_name;
    p->applicant_no = c->applicant_mask;
    p->body = b->name;
    p->phone = b->phone;
    p->remedy_body = b->remedy_body;
    p->item = c->item_name;
    p->number = c->no;
    p->query_code = c->query_code;
    p->channel = c->channel;
    p->day = day_at(cx->now);
    p->received = day_at(c->received_at.ms);
    p->due = p->due.n ? p->due : c->due_on;
    if (str_is(str_c(k->kind), "grant"))
        rc = cases_particulars(cx, c, &p->particulars);
    return !rc && k->item ? item_fill(cx, c, p) : rc;
}

static enum rc freeze(struct cx *cx, const struct cases_case *c, const struct kind *k, struct str number,
                      const struct cases_paper *p)
{
    struct buf b;
    buf_init(&b, cx->arena, 1024);
    json_write(&b, &PAPER, p);
    struct digest d = sm3(buf_view(&b));
    struct cases_document doc = { .kind = str_c(k->kind),
                                  .number = number,
                                  .fields = buf_view(&b),
                                  .hash = arena_str(cx->arena, (struct str){ (const char *)d.b, sizeof d.b }) };
    return cases_store_document_add(cx, c->id, &doc);
}

enum rc cases_paper_receipt(struct cx *cx, const struct cases_case *c, const struct cases_paper *p)
{
    struct cases_paper all = *p;
    struct org_body b;
    const struct kind *k = kind_of("receipt");
    enum rc rc = facts_fill(cx, c, k, &all, &b);
    return rc ? rc : freeze(cx, c, k, c->no, &all);
}

enum rc cases_paper_make(struct cx *cx, const struct cases_case *c, const char *kind, const struct cases_paper *p)
{
    struct cases_paper all = *p;
    struct cases_case now; /* with the dates that the act gave it */
    struct org_body b;
    int64_t n = 0, last = 0, year = day_civil(day_at(cx->now)).year;
    const struct kind *k = kind_of(kind);
    enum rc rc = cases_get(cx, c->id, &now);
    if (!rc)
        rc = facts_fill(cx, &now, k, &all, &b);
    if (!rc)
        rc = cases_store_document_last(cx, c->id, &last);
    if (!rc)
        rc = cases_service_begin(cx, c, kind, last + 1, all.party);
    if (!rc)
        rc = cases_store_document_next(cx, c->holder, kind, year, &n);
    if (rc)
        return rc;
    struct str number =
        arena_fmt(cx->arena, STR_F "%s〔%lld〕%05lld号", STR_A(b.short_), k->word, (long long)year, (long long)n);
    return freeze(cx, c, k, number, &all);
}

enum rc cases_paper_read(struct cx *cx, const struct cases_document *d, struct cases_paper *out)
{
    struct issues found = { 0 };
    enum rc rc = json_read(d->fields, &PAPER, cx->arena, &found, out);
    if (!rc)
        return RC_OK;
    log_error("the fields of document %lld of case %lld cannot be read", (long long)d->n, (long long)d->case_id);
    return RC_FAILED;
}

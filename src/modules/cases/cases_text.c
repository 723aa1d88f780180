/* cases_text.c - the words of every legal document: one table, read by the page and by the printed file. */
#include "base/code.h"
#include "modules/cases/cases.h"

#include <jansson.h>
#include <string.h>

/* A row without kind belongs to all. Fields are members of the frozen JSON. A row with `when` is left out if that member is empty. */
struct text_row {
    const char *kind, *text, *one, *when;
    bool        flush; /* lines as they are, without indent */
};

static const struct text_row rows[] = {
    { "receipt", "收到您提交的“%1”申请。", "item", NULL, false },
    { "receipt", "办件编号：%1", "case", NULL, false },
    { "receipt", "查询码：%1（凭编号和查询码可以查进度，请妥善保管）", "query_code", "query_code", false },
    { "receipt", "我们最迟在%1前告诉您下一步。", "due", "due", false },
    { "acceptance", "您提交的“%1”申请，材料齐全，符合法定形式，现予受理。", "item", NULL, false },
    { "acceptance", "因逾期没有告知补正，自收到申请材料之日起即为受理。", "reasons", "reasons", false },
    { "correction", "您提交的“%1”申请，有下列事项需要补正，请一次看清：", "item", NULL, false },
    { "correction", "%1", "reasons", NULL, true },
    { "correction", "请于%1前补正。逾期不补正的，本次申请结束，可以随时重新申请。", "basis", NULL, false },
    { "excluded", "办理您的“%1”申请，依法需要进行下列程序，所需时间不计入办理期限。", "item", NULL, false },
    { "excluded", "%1", "procedure", NULL, false },
    { "extension", "您的“%1”申请，经本机关负责人批准，延长办理期限。", "item", NULL, false },
    { "extension", "理由：%1", "reasons", NULL, false },
    { "lapse", "您的“%1”申请没有在规定的日期前补正，本次申请结束。您可以随时重新申请，交过的材料可以再用。", "item", NULL, false },
    { "not_accepted", "您提交的“%1”申请，依法不属于本机关职权范围，不予受理。", "item", NULL, false },
    { "not_accepted", "理由：%1", "reasons", NULL, false },
    { "not_needed", "您申请的“%1”依法不需要办理，特此告知。", "item", NULL, false },
    { "not_needed", "理由：%1", "reasons", NULL, false },
    { "grant", "经审查，您提交的“%1”申请符合规定，准予。", "item", NULL, false },
    { "grant", "%1", "particulars", "particulars", true },
    { "grant", "%1", "reasons", "reasons", false },
    { "grant", "依据：%1", "basis", "basis", false },
    { "refusal", "经审查，对您提交的“%1”申请，决定不予准许。", "item", NULL, false },
    { "refusal", "事实和理由：%1", "reasons", NULL, false },
    { "refusal", "依据：%1", "basis", "basis", false },
    { "refusal", "如不服本决定，可以自收到之日起60日内向%1申请行政复议，或者自收到之日起6个月内向有管辖权的人民法院提起行政诉讼。",
      "remedy_body", NULL, false },
    { "delivery", "“%1”的结果已经送达。", "item", NULL, false },
    { "delivery", "收件人：%1", "reasons", NULL, false },
    { "amendment", "您申请“%1”时填写的内容，经您确认，已当场更正，双方的记录存在案卷中。", "item", NULL, false },
    { "bill", "您申请的“%1”，依法收取下列费用。缴费所需时间计入办理期限，请尽早缴纳。", "item", NULL, false },
    { "bill", "金额：%1", "reasons", NULL, false },
    { "bill", "依据：%1", "basis", NULL, false },
    { "hearing", "关于您的“%1”申请。", "item", NULL, false },
    { "hearing", "%1", "reasons", NULL, false },
    { "third_party", "“%1”的申请正在审查，您与它有重大利益关系，有权陈述意见、进行申辩。", "item", NULL, false },
    { "third_party", "您的利益：%1", "reasons", NULL, false },
    { "third_party", "请于%1前提出意见。逾期不提出的，我们按已有材料作出决定。", "basis", NULL, false },
    { "voided", "您的“%1”办件登记有误，本办件作废，原来发出的文书一并作废。", "item", NULL, false },
    { "voided", "理由：%1", "reasons", NULL, false },
    { "", "本文书代替%1，原文书作废。", "replaces", "replaces", false },
    { "withdrawal", "您已撤回“%1”申请，本办件终止。", "item", NULL, false },
};

static const struct field paragraph_fields[] = { FIELD(struct cases_paragraph, text), FIELD(struct cases_paragraph, flush) };
const struct record CASES_PARAGRAPH = RECORD(struct cases_paragraph, paragraph_fields);

/* What one text is made with. */
struct writing {
    const struct cases_reader *who;
    const json_t              *fields;
};

static struct str member(const struct writing *w, const char *key)
{
    const char *v = json_string_value(json_object_get(w->fields, key));
    return v ? arena_str(w->who->arena, str_c(v)) : STR("");
}

/* A member as people read it: days in words, the case number in groups, the procedure by its name. */
static struct str shown(const struct writing *w, const char *key)
{
    struct str v = member(w, strcmp(key, "procedure") == 0 ? "reasons" : key);
    struct day d;
    struct buf b;
    buf_init(&b, w->who->arena, 64);
    if (day_parse(v, &d))
        put_day(&b, w->who->locale, d, true);
    else if (strcmp(key, "case") == 0)
        code_case_write(&b, v);
    else if (strcmp(key, "procedure") == 0)
        texts_put(w->who->texts, &b, w->who->locale, arena_fmt(w->who->arena, "cases.pause." STR_F, STR_A(v)), STR_NONE, STR_NONE);
    else
        return v;
    return buf_view(&b);
}

static struct str message(const struct writing *w, struct str key, struct str one)
{
    struct buf b;
    buf_init(&b, w->who->arena, 256);
    texts_put(w->who->texts, &b, w->who->locale, key, one, STR_NONE);
    return buf_view(&b);
}

static struct list paragraphs(const struct writing *w, struct str kind)
{
    struct cases_paragraph *p = arena_many(w->who->arena, struct cases_paragraph, countof(rows));
    size_t n = 0;
    for (size_t i = 0; i < countof(rows); i++) {
        const struct text_row *r = &rows[i];
        if ((*r->kind && !str_is(kind, r->kind)) || (r->when && !member(w, r->when).n))
            continue;
        p[n++] = (struct cases_paragraph){ message(w, str_c(r->text), shown(w, r->one)), r->flush };
    }
    return (struct list){ p, n };
}

enum rc cases_text_fill(const struct cases_reader *who, const struct cases_document *d, struct cases_text *out)
{
    json_t *o = json_loadb(d->fields.p, d->fields.n, 0, NULL);
    struct writing w = { who, o };
    bool numbered_by_case = str_is(d->kind, "receipt");
    *out = (struct cases_text){
        .title = message(&w, arena_fmt(who->arena, "cases.document." STR_F, STR_A(d->kind)), STR_NONE),
        .number = numbered_by_case ? shown(&w, "case") : d->number, .applicant = member(&w, "applicant"), .body = member(&w, "body"),
        .item = member(&w, "item"), .paragraphs = paragraphs(&w, d->kind),
    };
    bool dated = day_parse(member(&w, "day"), &out->day);
    json_decref(o);
    return dated && out->paragraphs.n ? RC_OK : RC_FAILED;
}

/* cases_text.c - the words of every legal document: one table, read by the page and by the printed file. */
#include "base/code.h"
#include "modules/cases/cases.h"

#include <jansson.h>
#include <string.h>

/* A row without kind belongs to all; `kind` may name several. Arguments are members of the frozen JSON. A row is left out if its
 * member `when` is empty, or its member `unless` is not. What each kind must say: domain 5.3. */
struct text_row {
    const char *kind, *text, *arg[2], *when, *unless;
    bool        flush; /* lines as they are, without indent */
};
#define SAY(k, t, ...) { .kind = (k), .text = (t), .arg = { __VA_ARGS__ } }
#define IF(m, k, t, ...) { .when = (m), .kind = (k), .text = (t), .arg = { __VA_ARGS__ } }
#define IF_NOT(m, k, t, ...) { .unless = (m), .kind = (k), .text = (t), .arg = { __VA_ARGS__ } }
#define LINES(k, m) { .when = (m), .kind = (k), .text = "%1", .arg = { m }, .flush = true }

static const struct text_row rows[] = {
    SAY("receipt", "收到您提交的“%1”申请。", "item"),
    SAY("receipt", "办件编号：%1", "case"),
    IF("query_code", "receipt", "查询码：%1（凭编号和查询码可以查进度，请妥善保管）", "query_code"),
    IF("received", "receipt", "收件日期：%1（%2收件）", "received", "channel"),
    IF("materials", "receipt", "收到的材料："),
    LINES("receipt", "materials"),
    IF("due", "receipt", "我们最迟在%1前告诉您下一步。", "due"),
    IF_NOT("reasons", "acceptance", "您于%1提交的“%2”申请，材料齐全，符合法定形式，现予受理。", "received", "item"),
    IF("reasons", "acceptance", "您于%1提交的“%2”申请，因逾期没有告知补正，自收到申请材料之日起即为受理。", "received",
       "item"),
    SAY("correction", "您提交的“%1”申请，有下列事项需要补正，请一次看清：", "item"),
    LINES("correction", "reasons"),
    SAY("correction",
        "请于%1前补正，可以在网上“我的办件”里补交，也可以交到原收件窗口。逾期不补正的，本次申请结束，可以随时重新申请。",
        "until"),
    SAY("excluded", "办理您的“%1”申请，依法需要进行下列程序，所需时间不计入办理期限。", "item"),
    SAY("excluded", "程序：%1", "procedure"),
    SAY("excluded", "不计入的时间：%1至%2，首尾两天都不计入。", "from", "until"),
    IF("days", "excluded", "共%1个工作日。", "days"),
    SAY("excluded", "本告知书送达以前时间照算；送达晚于第一天的，从送达那天起不计入。"),
    IF("due", "excluded", "除去这段时间，我们最迟在%1前作出决定。", "due"),
    SAY("extension", "您的“%1”申请，经本机关负责人批准，延长办理期限%2个工作日。", "item", "days"),
    SAY("extension", "理由：%1", "reasons"),
    IF("due", "extension", "我们最迟在%1前作出决定。", "due"),
    SAY("extension", "批准人：%1", "staff"),
    SAY("lapse", "您的“%1”申请没有在规定的日期前补正，本次申请结束。您可以随时重新申请，交过的材料可以再用。", "item"),
    SAY("not_accepted", "您提交的“%1”申请，依法不属于本机关职权范围，不予受理。", "item"),
    SAY("not_needed", "您申请的“%1”依法不需要办理，特此告知。", "item"),
    SAY("not_accepted not_needed", "理由：%1", "reasons"),
    SAY("grant", "您于%1提交的“%2”申请，经审查符合规定，决定准予。", "received", "item"),
    IF("reasons", "grant", "%1", "reasons"),
    LINES("grant", "particulars"),
    IF_NOT("particulars", "grant", "准予的范围以您提交并经审查的申请书为准。"),
    IF("result", "grant", "发给：%1", "result"),
    SAY("refusal", "您于%1提交的“%2”申请，经审查，决定不予准许。", "received", "item"),
    SAY("refusal", "事实和理由：%1", "reasons"),
    IF("basis", "grant refusal", "依据：%1", "basis"),
    { .when = "law", .unless = "basis", .kind = "acceptance grant refusal", .text = "依据：%1", .arg = { "law" } },
    IF("applicant_no", "acceptance grant refusal", "申请人证件号码：%1；办件编号：%2", "applicant_no", "case"),
    IF("due", "acceptance", "我们最迟在%1前作出决定。", "due"),
    IF("remedy_body", "refusal not_accepted not_needed",
       "如不服，可以自收到本文书之日起60日内向%1申请行政复议，或者自收到之日起6个月内向有管辖权的人民法院提起行政诉讼。",
       "remedy_body"),
    SAY("delivery", "“%1”的结果已经送达。", "item"),
    IF("documents", "delivery", "送达的文书：%1", "documents"),
    SAY("delivery", "受送达人：%1；收件人：%2", "applicant", "receiver"),
    IF("way", "delivery", "送达方式：%1", "way"),
    IF("proof", "delivery", "邮件号码或凭据：%1", "proof"),
    SAY("delivery", "送达日期：%1", "until"),
    IF("staff", "delivery", "送达人：%1", "staff"),
    SAY("amendment", "您申请“%1”时填写的内容，经您确认，已当场更正，双方的记录存在案卷中。", "item"),
    SAY("bill", "您申请的“%1”，依法收取下列费用。缴费所需时间计入办理期限，请尽早缴纳。", "item"),
    SAY("bill", "金额：%1", "reasons"),
    SAY("bill", "依据：%1", "basis"),
    SAY("hearing", "关于您的“%1”申请。", "item"),
    SAY("hearing", "%1", "reasons"),
    SAY("third_party", "%1申请的“%2”正在审查，您与它有重大利益关系，有权陈述意见、进行申辩。", "applicant", "item"),
    SAY("third_party", "您的利益：%1", "reasons"),
    SAY("third_party", "请于%1前提出意见。逾期不提出的，我们按已有材料作出决定。", "until"),
    SAY("voided", "您的“%1”办件登记有误，本办件作废，原来发出的文书一并作废。", "item"),
    SAY("voided", "理由：%1", "reasons"),
    SAY("withdrawal", "您已撤回“%1”申请，本办件终止。", "item"),
    IF("replaces", "", "本文书代替%1，原文书作废。", "replaces"),
    IF("phone", "acceptance correction excluded extension bill hearing third_party", "有疑问请打电话：%1", "phone"),
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

/* Members that are words of a closed list, and the keys of their texts. */
static const struct {
    const char *member, *key;
} listed[] = { { "procedure", "catalog.pause." }, { "channel", "cases.channel." }, { "way", "cases.way." } };

static struct str message(const struct writing *w, struct str key, struct str one, struct str two)
{
    struct buf b;
    buf_init(&b, w->who->arena, 256);
    texts_put(w->who->texts, &b, w->who->locale, key, one, two);
    return buf_view(&b);
}

/* A member as people read it: days in words, the case number in groups, a word of a list by its text. */
static struct str shown(const struct writing *w, const char *key)
{
    struct str v = key ? member(w, key) : STR("");
    struct day d;
    struct buf b;
    for (size_t i = 0; i < countof(listed) && v.n; i++)
        if (strcmp(key, listed[i].member) == 0)
            return message(w, arena_fmt(w->who->arena, "%s" STR_F, listed[i].key, STR_A(v)), STR_NONE, STR_NONE);
    buf_init(&b, w->who->arena, 64);
    if (day_parse(v, &d))
        put_day(&b, w->who->locale, d, true);
    else if (v.n && strcmp(key, "case") == 0)
        code_case_write(&b, v);
    else
        return v;
    return buf_view(&b);
}

static bool is_said(const struct writing *w, const struct text_row *r, struct str kind)
{
    if (*r->kind && !str_has_word(str_c(r->kind), kind))
        return false;
    return (!r->when || member(w, r->when).n) && (!r->unless || !member(w, r->unless).n);
}

static struct list paragraphs(const struct writing *w, struct str kind)
{
    struct cases_paragraph *p = arena_many(w->who->arena, struct cases_paragraph, countof(rows));
    size_t n = 0;
    for (size_t i = 0; i < countof(rows); i++)
        if (is_said(w, &rows[i], kind))
            p[n++] = (struct cases_paragraph){
                message(w, str_c(rows[i].text), shown(w, rows[i].arg[0]), shown(w, rows[i].arg[1])), rows[i].flush
            };
    return (struct list){ p, n };
}

enum rc cases_text_fill(const struct cases_reader *who, const struct cases_document *d, struct cases_text *out)
{
    json_t *o = json_loadb(d->fields.p, d->fields.n, 0, NULL);
    struct writing w = { who, o };
    bool numbered_by_case = str_is(d->kind, "receipt");
    struct str party = member(&w, "party");
    *out = (struct cases_text){
        .title = message(&w, arena_fmt(who->arena, "cases.document." STR_F, STR_A(d->kind)), STR_NONE, STR_NONE),
        .number = numbered_by_case ? shown(&w, "case") : d->number,
        .applicant = party.n ? party : member(&w, "applicant"),
        .body = member(&w, "body"),
        .item = member(&w, "item"),
        .paragraphs = paragraphs(&w, d->kind),
    };
    bool dated = day_parse(member(&w, "day"), &out->day);
    json_decref(o);
    return dated && out->paragraphs.n ? RC_OK : RC_FAILED;
}

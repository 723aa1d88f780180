/* cases.c - from application to delivery: rules and order of steps. No SQL, no HTML. */
#include "base/code.h"
#include "base/log.h"
#include "base/seal.h"
#include "cases_forms.h"
#include "cases_rules.h"
#include "cases_service.h"
#include "ledger/ledger.h"
#include "modules/org/org.h"

enum { NUMBER_SLOTS = 16, QUERY_CODE = 8 };

/* ---- answers --------------------------------------------------------------------------------------------------------- */

struct str cases_answers_seal(struct cx *cx, const char *place, int64_t row, const struct form *f, struct form_answers ans)
{
    struct buf b;
    buf_init(&b, cx->arena, 2048);
    form_write(&b, f, ans);
    return seal(cx->arena, &cx->app->keys, place, row, buf_view(&b));
}

enum rc cases_answers_open(struct cx *cx, const char *place, int64_t row, struct str sealed, const struct form *f,
                           struct form_answers *out)
{
    struct str json;
    if (unseal(cx->arena, &cx->app->keys, place, row, sealed, &json))
        return form_answers_parse(cx->arena, f, json, out);
    log_error("sealed answers of %s %lld do not open", place, (long long)row);
    return RC_FAILED;
}

/* ---- ledger and messages ----------------------------------------------------------------------------------------------- */

enum rc cases_note_at(struct cx *cx, const struct cases_case *c, const char *kind, struct str body, int64_t effective_at)
{
    struct ledger_entry e = {
        .root = c->id, .kind = kind, .body = body.n ? body : STR("{}"), .effective_at = effective_at
    };
    return ledger_append(cx, &e, NULL, NULL);
}

enum rc cases_note(struct cx *cx, const struct cases_case *c, const char *kind, struct str body, struct str detail)
{
    struct ledger_entry e = { .root = c->id, .kind = kind, .body = body.n ? body : STR("{}"), .detail = detail };
    return ledger_append(cx, &e, NULL, NULL);
}

enum rc cases_tell(struct cx *cx, const struct cases_case *c, const char *kind)
{
    return c->account ? cases_store_message_add(cx, c->account, c->id, kind) : RC_OK;
}

/* ---- documents ----------------------------------------------------------------------------------------------------------- */

static const struct {
    const char *kind, *word; /* the word in the number */
} words[] = {
    { "acceptance", "受" }, { "correction", "补" },     { "excluded", "除" },   { "extension", "延" }, { "lapse", "逾" },
    { "amendment", "更" },  { "bill", "费" },           { "hearing", "听" },    { "not_accepted", "不受" }, { "not_needed", "不受告" },
    { "grant", "准" },      { "refusal", "不准" },      { "delivery", "送" },   { "withdrawal", "撤" },
    { "voided", "废" },  { "third_party", "告" },
};

static const char *number_word(const char *kind)
{
    for (size_t i = 0; i < countof(words); i++)
        if (str_is(str_c(kind), words[i].kind))
            return words[i].word;
    return "文";
}

static enum rc document_store(struct cx *cx, const struct cases_case *c, const char *kind, struct str number, struct str fields)
{
    struct digest d = sm3(fields);
    struct cases_document doc = { .kind = str_c(kind), .number = number, .fields = fields,
                                  .hash = arena_str(cx->arena, (struct str){ (const char *)d.b, sizeof d.b }) };
    return cases_store_document_add(cx, c->id, &doc);
}

enum rc cases_document_make(struct cx *cx, const struct cases_case *c, const char *kind, struct str fields)
{
    return cases_document_make_to(cx, c, kind, fields, STR_NONE);
}

enum rc cases_document_make_to(struct cx *cx, const struct cases_case *c, const char *kind, struct str fields, struct str party)
{
    struct org_body b;
    int64_t n = 0, last = 0, year = day_civil(day_at(cx->now)).year;
    enum rc rc = org_body_get(cx, c->holder, &b);
    if (!rc)
        rc = cases_store_document_last(cx, c->id, &last);
    if (!rc)
        rc = cases_service_begin(cx, c, kind, last + 1, party);
    if (!rc)
        rc = cases_store_document_next(cx, c->holder, kind, year, &n);
    if (rc)
        return rc;
    struct str number = arena_fmt(cx->arena, STR_F "%s〔%lld〕%05lld号", STR_A(b.short_), number_word(kind), (long long)year, (long long)n);
    return document_store(cx, c, kind, number, fields);
}

static void member(struct buf *b, const char *name, struct str value)
{
    buf_fmt(b, "%s\"%s\":", b->n ? "," : "{", name);
    buf_json(b, value.p ? value : STR(""));
}

static struct str day_text(struct cx *cx, struct day d)
{
    struct buf b;
    buf_init(&b, cx->arena, 16);
    if (d.n)
        buf_day(&b, d);
    return buf_view(&b);
}

/* Who, what, when, and what the act adds: all that the words of the document need, so that they never change. Members in order
 * of their names. A body that cannot be read has ended the unit already: what follows in it fails too. */
struct str cases_fields_replacing(struct cx *cx, const struct cases_case *c, struct str reasons, struct str basis, struct str number)
{
    struct org_body body = { 0 };
    struct buf b;
    if (org_body_get(cx, c->holder, &body))
        log_warn("the body of case %lld cannot be read", (long long)c->id);
    buf_init(&b, cx->arena, 1024);
    member(&b, "applicant", c->applicant_name);
    member(&b, "basis", basis);
    member(&b, "body", body.name);
    member(&b, "case", c->no);
    member(&b, "day", day_text(cx, day_at(cx->now)));
    member(&b, "due", day_text(cx, c->due_on));
    member(&b, "item", c->item_name);
    member(&b, "query_code", c->query_code);
    member(&b, "reasons", reasons);
    member(&b, "remedy_body", body.remedy_body);
    if (number.n)
        member(&b, "replaces", number);
    buf_char(&b, '}');
    return buf_view(&b);
}

struct str cases_fields(struct cx *cx, const struct cases_case *c, struct str reasons, struct str basis)
{
    return cases_fields_replacing(cx, c, reasons, basis, STR_NONE);
}

/* ---- submission ------------------------------------------------------------------------------------------------------------ */

static enum rc number_make(struct cx *cx, struct str *out)
{
    unsigned char r;
    int64_t n = 0;
    struct day today = day_at(cx->now);
    db_random(cx, &r, 1);
    enum rc rc = cases_store_counter(cx, cx->app->config.division, today, r % NUMBER_SLOTS, &n);
    if (rc)
        return rc;
    int64_t seq = (n - 1) * NUMBER_SLOTS + r % NUMBER_SLOTS + 1;
    if (seq > 999999)
        return RC_BUSY;
    *out = code_case_number(cx->arena, str_sub(cx->app->config.division, 0, 6), today, (int32_t)seq);
    return RC_OK;
}

static struct str query_code_make(struct cx *cx)
{
    unsigned char r[QUERY_CODE];
    db_random(cx, r, sizeof r);
    return code_readable(cx->arena, r, sizeof r);
}

/* The detail is what was applied for as it is kept, sealed: the ledger holds no number of anybody in the clear. */
static enum rc received_note(struct cx *cx, const struct cases_case *c, const struct cases_application *ap)
{
    struct buf b;
    buf_init(&b, cx->arena, 256);
    buf_lit(&b, "{\"channel\":");
    buf_json(&b, ap->channel);
    if (ap->files.n)
        buf_char(&b, ',');
    buf_str(&b, ap->files);
    buf_lit(&b, ",\"item\":");
    buf_json(&b, ap->item->code);
    buf_lit(&b, ",\"no\":");
    buf_json(&b, c->no);
    buf_fmt(&b, ",\"owner\":\"window\",\"owner_id\":%lld,\"version\":%lld}", (long long)c->body, (long long)c->version);
    return cases_note(cx, c, "case.received", buf_view(&b), base64url(cx->arena, c->answers.p, c->answers.n));
}

enum rc cases_submit(struct cx *cx, const struct cases_application *ap, struct cases_case *out)
{
    *out = (struct cases_case){
        .id = db_id(cx), .item = ap->item->id, .version = ap->item->version, .body = ap->item->body, .holder = ap->item->body,
        .applicant = ap->applicant,
        .account = ap->account, .clerk = ap->clerk, .item_code = ap->item->code, .item_name = ap->item->name,
        .channel = ap->channel, .state = STR("received"), .applicant_name = ap->applicant_name,
        .applicant_mask = ap->applicant_mask, .service_way = form_answer(ap->form, ap->answers, "service_way"),
        .query_code = query_code_make(cx), .step = -1, .received_at = { cx->now },
    };
    if (!str_has_word(ap->item->channels, ap->channel))
        return cx_invalid(cx, "channel", "cases.channel_not_offered");
    out->answers = cases_answers_seal(cx, "cases_case.answers", out->id, ap->form, ap->answers);
    enum rc rc = number_make(cx, &out->no);
    if (!rc)
        rc = cases_store_add(cx, out);
    if (!rc)
        rc = received_note(cx, out, ap);
    if (!rc && out->account && str_is(form_answer(ap->form, ap->answers, "service_consent"), "1"))
        rc = cases_store_consent_add(cx, out->id, true); /* said with the application, which the entry holds */
    if (!rc)
        rc = cases_store_task_add(cx, out->id, -1, STR("受理审查"), out->body, STR("clerk"));
    if (!rc)
        rc = cases_due_refresh(cx, out);
    if (!rc)
        rc = cases_tell(cx, out, "received");
    if (!rc)
        rc = cases_get(cx, out->id, out); /* with its date, which the receipt says */
    return rc ? rc : document_store(cx, out, "receipt", out->no, cases_fields(cx, out, STR(""), STR("")));
}

/* ---- acts of the office ------------------------------------------------------------------------------------------------------ */

enum rc cases_act_begin(struct cx *cx, struct cases_case *c, enum cases_act act, const char **out_to)
{
    enum rc rc = cases_store_lock(cx, c->id);
    if (!rc)
        rc = cases_get(cx, c->id, c);
    if (rc)
        return rc;
    *out_to = cases_move(c->state, act);
    return *out_to ? RC_OK : RC_CONFLICT;
}

enum rc cases_state_set(struct cx *cx, struct cases_case *c, const char *to)
{
    enum rc rc = cases_store_set_state(cx, c->id, arena_str(cx->arena, c->state).p, to);
    c->state = str_c(to);
    return rc;
}

enum rc cases_task_finish(struct cx *cx, const struct cases_case *c, const char *result, struct str opinion)
{
    struct cases_task t;
    enum rc rc = cases_store_task_open(cx, c->id, &t);
    return rc ? rc : cases_store_task_done(cx, c->id, t.n, str_c(result), opinion);
}

enum rc cases_close(struct cx *cx, const struct cases_case *c, const char *message, const char *kind, struct str reason)
{
    enum rc rc = cases_place_end(cx, c, false);
    if (!rc)
        rc = cases_due_refresh(cx, c);
    if (!rc)
        rc = cases_store_set_closed(cx, c->id);
    if (!rc)
        rc = cases_tell(cx, c, message);
    return rc ? rc : cases_document_make(cx, c, kind, cases_fields(cx, c, reason, STR("")));
}

/* Carry out what the process decided. */
static enum rc effects_do(struct cx *cx, struct cases_case *c, const struct process_def *def, const struct process_step *s)
{
    enum rc rc = cases_store_set_step(cx, c->id, s->state.at);
    c->step = s->state.at;
    for (size_t i = 0; i < s->n && !rc; i++)
        if (s->effects[i].kind == EFFECT_OPEN) {
            const struct process_node *node = &def->nodes[s->effects[i].step];
            rc = cases_store_task_add(cx, c->id, s->effects[i].step, node->name, c->holder, node->role);
        }
    return rc;
}

enum rc cases_process_go(struct cx *cx, struct cases_case *c, enum process_event_kind kind)
{
    const struct form *f;
    struct process_step step;
    enum rc rc = cases_form(cx, c, &f);
    if (rc)
        return rc;
    const struct process_def *def = cases_route(f);
    rc = process_advance(def, &(struct process_state){ c->step }, &(struct process_event){ kind, c->step }, &step);
    return rc ? rc : effects_do(cx, c, def, &step);
}

static struct str owner_body(struct cx *cx, const struct cases_case *c)
{
    return arena_fmt(cx->arena, "{\"owner\":\"body\",\"owner_id\":%lld}", (long long)c->body);
}

enum rc cases_accept(struct cx *cx, struct cases_case *c)
{
    const char *to;
    if (!org_has_role(cx, ROLE_CLERK))
        return RC_DENIED;
    enum rc rc = cases_act_begin(cx, c, ACT_ACCEPT, &to);
    if (!rc)
        rc = cases_state_set(cx, c, to);
    if (!rc)
        rc = cases_store_set_accepted_by(cx, c->id, cx->actor.post);
    if (!rc)
        rc = cases_store_points_met(cx, c->id);
    if (!rc)
        rc = cases_task_finish(cx, c, "accepted", STR(""));
    if (!rc)
        rc = cases_place_accept(cx, c, cx->now, false);
    if (!rc)
        rc = cases_note(cx, c, "case.accepted", owner_body(cx, c), STR_NONE);
    if (!rc)
        rc = cases_process_go(cx, c, PROCESS_START);
    if (!rc)
        rc = cases_due_refresh(cx, c);
    if (!rc)
        rc = cases_tell(cx, c, "accepted");
    return rc ? rc : cases_document_make(cx, c, "acceptance", cases_fields(cx, c, STR(""), STR("")));
}

enum rc cases_refuse_acceptance(struct cx *cx, struct cases_case *c, struct str kind, struct str reason)
{
    bool needed = str_is(kind, "not_accepted");
    const char *to;
    if (!org_has_role(cx, ROLE_CLERK))
        return RC_DENIED;
    if (!reason.n)
        return cx_invalid(cx, "reason", "cases.reason_missing");
    enum rc rc = cases_act_begin(cx, c, needed ? ACT_NOT_ACCEPT : ACT_NOT_NEEDED, &to);
    if (!rc)
        rc = cases_state_set(cx, c, to);
    if (!rc)
        rc = cases_task_finish(cx, c, to, reason);
    if (!rc)
        rc = cases_note(cx, c, needed ? "case.not_accepted" : "case.not_needed", STR_NONE, reason);
    return rc ? rc : cases_close(cx, c, "not_accepted", to, reason);
}

/* The open task, if this person may do it. */
static enum rc task_mine(struct cx *cx, const struct cases_case *c, struct cases_task *out)
{
    enum rc rc = cases_store_task_open(cx, c->id, out);
    if (rc)
        return rc == RC_NOT_FOUND ? RC_CONFLICT : rc;
    if (out->body != cx->actor.body)
        return RC_DENIED;
    for (int r = 0; r < ROLES; r++)
        if (str_is(out->role, org_role_words[r]) && org_has_role(cx, (enum org_role)r))
            return out->claimed_by && out->claimed_by != cx->actor.post ? RC_CONFLICT : RC_OK;
    return RC_DENIED;
}

enum rc cases_claim(struct cx *cx, struct cases_case *c)
{
    struct cases_task t;
    enum rc rc = cases_store_lock(cx, c->id);
    if (!rc)
        rc = task_mine(cx, c, &t);
    if (!rc && t.claimed_by == cx->actor.post)
        return RC_OK;
    if (!rc)
        rc = cases_store_task_claim(cx, c->id, t.n);
    return rc ? rc : cases_note(cx, c, "case.claimed", STR_NONE, STR_NONE);
}

/* What the step wants before it is done. */
static enum rc step_check(struct cx *cx, const struct cases_case *c, const struct cases_task *t, const char *field)
{
    struct cases_filled by;
    struct list checks;
    enum rc rc = cases_form_open(cx, c, &by);
    enum process_wants wants = rc ? WANTS_NOTHING : form_step_wants(by.form, t->step, by.answers);
    if (wants == WANTS_FORWARDED && c->holder == c->body)
        return cx_invalid(cx, field, "cases.forward_first");
    if (wants == WANTS_SITE_CHECK)
        rc = cases_store_site_checks(cx, c->id, &checks);
    return !rc && wants == WANTS_SITE_CHECK && !checks.n ? cx_invalid(cx, field, "cases.site_check_first") : rc;
}

enum rc cases_opinion(struct cx *cx, struct cases_case *c, struct str opinion, bool back)
{
    struct cases_task t;
    const char *to;
    enum rc rc = cases_act_begin(cx, c, ACT_OPINION, &to);
    if (!rc)
        rc = task_mine(cx, c, &t);
    if (rc)
        return rc;
    if (!opinion.n)
        return cx_invalid(cx, "opinion", "cases.opinion_missing");
    const struct form *f;
    rc = cases_form(cx, c, &f);
    if (!rc && !back && t.step + 1 >= (int64_t)cases_route(f)->n)
        return RC_CONFLICT; /* the last step decides */
    if (!rc && !back)
        rc = step_check(cx, c, &t, "opinion");
    if (!rc)
        rc = cases_store_task_done(cx, c->id, t.n, back ? STR("back") : STR("agreed"), opinion);
    if (!rc)
        rc = cases_note(cx, c, back ? "case.sent_back" : "case.opinion", STR_NONE, opinion);
    if (!rc)
        rc = cases_process_go(cx, c, back ? PROCESS_BACK : PROCESS_DONE);
    return rc ? rc : cases_due_refresh(cx, c);
}

/* A refusal names where to turn to (行政许可法 38): the body's data must say it. */
static enum rc remedy_check(struct cx *cx, const struct cases_case *c)
{
    struct org_body b;
    enum rc rc = org_body_get(cx, c->holder, &b);
    return rc || b.remedy_body.n ? rc : cx_invalid(cx, "reasons", "cases.refusal_without_remedy");
}

static enum rc decide_check(struct cx *cx, const struct cases_case *c, const struct cases_task *t, const struct process_def *route,
                            bool grant, struct str reasons)
{
    struct catalog_item item;
    enum rc rc = catalog_version_get(cx, c->item, c->version, &item);
    if (rc)
        return rc;
    if (t->step + 1 != (int64_t)route->n)
        return RC_CONFLICT; /* an earlier step is still open */
    if (c->accepted_by == cx->actor.post && !str_is(item.kind, "on_spot"))
        return cx_invalid(cx, "decision", "cases.accepted_yourself");
    if (!grant && !reasons.n)
        return cx_invalid(cx, "reasons", "cases.refusal_without_reasons");
    int64_t due = 0;
    rc = grant ? RC_OK : remedy_check(cx, c);
    if (!rc)
        rc = cases_store_bill_due(cx, c->id, &due);
    if (!rc && grant)
        rc = step_check(cx, c, t, "decision");
    if (!rc && grant && due)
        rc = RC_CONFLICT; /* the bill first; the clock runs on */
    return rc;
}

/* Who has to be heard has been, and the place is there. */
static enum rc others_check(struct cx *cx, struct cases_case *c, bool grant, struct str reasons, struct str basis)
{
    enum rc rc = cases_hearing_check(cx, c, reasons, basis);
    if (!rc)
        rc = cases_parties_check(cx, c);
    if (rc)
        return rc;
    return grant ? cases_place_grant(cx, c) : cases_place_end(cx, c, true);
}

enum rc cases_decide(struct cx *cx, struct cases_case *c, bool grant, struct str reasons, struct str basis)
{
    struct cases_task t;
    const struct form *f;
    const char *to;
    enum rc rc = cases_act_begin(cx, c, grant ? ACT_GRANT : ACT_REFUSE, &to);
    if (!rc)
        rc = task_mine(cx, c, &t);
    if (!rc)
        rc = cases_form(cx, c, &f);
    if (!rc)
        rc = decide_check(cx, c, &t, cases_route(f), grant, reasons);
    if (!rc)
        rc = others_check(cx, c, grant, reasons, basis);
    if (!rc)
        rc = cases_state_set(cx, c, to);
    if (!rc)
        rc = cases_store_task_done(cx, c->id, t.n, str_c(to), reasons);
    if (!rc)
        rc = cases_note(cx, c, grant ? "case.granted" : "case.refused", STR_NONE, reasons);
    if (!rc)
        rc = cases_process_go(cx, c, PROCESS_DONE);
    if (!rc)
        rc = cases_store_task_add(cx, c->id, (int64_t)cases_route(f)->n, STR("送达"), c->body, STR("clerk"));
    if (!rc)
        rc = cases_due_refresh(cx, c);
    if (!rc)
        rc = cases_tell(cx, c, to);
    return rc ? rc : cases_document_make(cx, c, grant ? "grant" : "refusal", cases_fields(cx, c, reasons, basis));
}

enum rc cases_deliver(struct cx *cx, struct cases_case *c, struct str way, struct str receiver)
{
    return cases_deliver_by(cx, c, &(struct cases_handing){ .way = way, .receiver = receiver });
}

/* Noon of the day of signing, if it was another day than today. */
static int64_t signed_at(const struct cx *cx, struct day on)
{
    return on.n && on.n != day_at(cx->now).n ? day_start(on) + 12 * INT64_C(3600000) : cx->now;
}

enum rc cases_deliver_by(struct cx *cx, struct cases_case *c, const struct cases_handing *h)
{
    const char *to;
    if (!org_has_role(cx, ROLE_CLERK) && !org_has_role(cx, ROLE_DELIVERY))
        return RC_DENIED;
    if (!h->receiver.n)
        return cx_invalid(cx, "receiver", "cases.receiver_missing");
    enum rc rc = cases_act_begin(cx, c, ACT_DELIVER, &to);
    if (!rc)
        rc = cases_service_decision(cx, c, h);
    if (!rc)
        rc = cases_state_set(cx, c, to);
    if (!rc)
        rc = cases_task_finish(cx, c, "delivered", h->receiver);
    if (!rc)
        rc = cases_note_at(cx, c, "case.delivered", STR_NONE, signed_at(cx, h->on));
    if (!rc)
        rc = cases_due_refresh(cx, c);
    if (!rc)
        rc = cases_store_set_closed(cx, c->id);
    if (!rc)
        rc = cases_tell(cx, c, "delivered");
    return rc ? rc : cases_document_make(cx, c, "delivery", cases_fields(cx, c, h->receiver, h->way));
}

enum rc cases_withdraw(struct cx *cx, struct cases_case *c)
{
    const char *to;
    enum rc rc = cases_act_begin(cx, c, ACT_WITHDRAW, &to);
    if (!rc)
        rc = cases_state_set(cx, c, to);
    if (!rc)
        rc = cases_task_finish(cx, c, "withdrawn", STR(""));
    if (!rc)
        rc = cases_note(cx, c, "case.withdrawn", STR_NONE, STR_NONE);
    return rc ? rc : cases_close(cx, c, "withdrawn", "withdrawal", STR(""));
}

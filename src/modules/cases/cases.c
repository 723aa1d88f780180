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

/* ---- submission ------------------------------------------------------------------------------------------------------------ */

static enum rc number_make(struct cx *cx, int64_t slot, struct str *out)
{
    int64_t n = 0;
    struct day today = day_at(cx->now);
    enum rc rc = cases_store_counter(cx, cx->app->config.division, today, slot, &n);
    if (rc)
        return rc;
    int64_t seq = (n - 1) * NUMBER_SLOTS + slot + 1;
    if (seq > 999999)
        return RC_BUSY;
    *out = code_case_number(cx->arena, str_sub(cx->app->config.division, 0, 6), today, (int32_t)seq);
    return RC_OK;
}

/* The detail is what was applied for as it is kept, sealed: the ledger holds no number of anybody in the clear. */
static enum rc received_note(struct cx *cx, const struct cases_case *c, const struct cases_application *ap,
                             const struct ledger_detail *detail)
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
    struct ledger_entry e = { .root = c->id, .kind = "case.received", .body = buf_view(&b), .made = detail };
    return ledger_append(cx, &e, NULL, NULL);
}

const struct cases_sealed *cases_seal(struct cx *cx, const struct form *f, struct form_answers answers)
{
    struct cases_sealed *s = arena_new(cx->arena, struct cases_sealed);
    unsigned char r[1 + QUERY_CODE];
    db_random(cx, r, sizeof r);
    s->id = db_id(cx);
    s->slot = r[0] % NUMBER_SLOTS;
    s->query_code = code_readable(cx->arena, r + 1, QUERY_CODE);
    s->answers = cases_answers_seal(cx, "cases_case.answers", s->id, f, answers);
    s->detail = ledger_detail_make(cx, base64url(cx->arena, s->answers.p, s->answers.n));
    return s;
}

/* Kept with the case, and written down for the receipt, a line each. */
static enum rc materials_take(struct cx *cx, int64_t id, const struct list *all, struct str *out)
{
    enum rc rc = RC_OK;
    struct buf b;
    int number = 0;
    buf_init(&b, cx->arena, 64 * all->n + 1);
    for (size_t i = 0; i < all->n && !rc; i++) {
        const struct cases_material *m = (const struct cases_material *)all->v + i;
        rc = cases_store_material_add(cx, id, m);
        if (str_is(m->given, "none"))
            continue;
        buf_fmt(&b, "%s%d. ", number ? "\n" : "", number + 1);
        number++;
        buf_str(&b, m->name);
        buf_str(&b, STR("："));
        texts_put(cx->app->texts, &b, LOCALE_ZH_CN, arena_fmt(cx->arena, "cases.given." STR_F, STR_A(m->given)), STR_NONE, STR_NONE);
    }
    *out = buf_view(&b);
    return rc;
}

enum rc cases_submit(struct cx *cx, const struct cases_application *ap, struct cases_case *out)
{
    struct cases_paper receipt = { 0 };
    const struct cases_sealed *sealed = ap->sealed ? ap->sealed : cases_seal(cx, ap->form, ap->answers);
    *out = (struct cases_case){
        .id = sealed->id, .item = ap->item->id, .version = ap->item->version, .body = ap->item->body, .holder = ap->item->body,
        .applicant = ap->applicant,
        .account = ap->account, .clerk = ap->clerk, .item_code = ap->item->code, .item_name = ap->item->name,
        .channel = ap->channel, .state = STR("received"), .applicant_name = ap->applicant_name,
        .applicant_mask = ap->applicant_mask, .service_way = form_answer(ap->form, ap->answers, "service_way"),
        .query_code = sealed->query_code, .step = -1, .received_at = { cx->now }, .answers = sealed->answers,
    };
    if (!str_has_word(ap->item->channels, ap->channel))
        return cx_invalid(cx, "channel", "cases.channel_not_offered");
    enum rc rc = number_make(cx, sealed->slot, &out->no);
    if (!rc)
        rc = cases_due_first(cx, ap->item, out);
    if (!rc)
        rc = cases_store_add(cx, out);
    if (!rc)
        rc = materials_take(cx, out->id, &ap->materials, &receipt.materials);
    if (!rc)
        rc = received_note(cx, out, ap, &sealed->detail);
    if (!rc && out->account && str_is(form_answer(ap->form, ap->answers, "service_consent"), "1"))
        rc = cases_store_consent_add(cx, out->id, true); /* said with the application, which the entry holds */
    if (!rc)
        rc = cases_store_task_first(cx, out, STR("受理审查"), STR("clerk"));
    if (!rc)
        rc = cases_tell(cx, out, "received");
    return rc ? rc : cases_paper_receipt(cx, out, &receipt);
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
    return rc ? rc : cases_paper_make(cx, c, kind, &(struct cases_paper){ .reasons = reason });
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
    return rc ? rc : cases_paper_make(cx, c, "acceptance", &(struct cases_paper){ 0 });
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

/* What the grant gives: a name, a licence; or what it takes. */
static enum rc given(struct cx *cx, const struct cases_case *c)
{
    enum rc rc = cases_name_grant(cx, c, STR(""));
    return rc ? rc : cases_licence_grant(cx, c);
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
    if (!rc && grant)
        rc = given(cx, c);
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
    return rc ? rc : cases_paper_make(cx, c, grant ? "grant" : "refusal", &(struct cases_paper){ .reasons = reasons, .basis = basis });
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

/* Name and number of what is handed over: the decisions that stand. */
static enum rc delivered_text(struct cx *cx, const struct cases_case *c, struct str *out)
{
    static const char *const decisions[] = { "grant", "refusal", NULL };
    struct list all;
    struct buf b;
    enum rc rc = cases_document_list(cx, c->id, &all);
    buf_init(&b, cx->arena, 120);
    for (size_t i = 0; i < all.n && !rc; i++) {
        const struct cases_document_line *d = (const struct cases_document_line *)all.v + i;
        if (d->voided_at.ms || !word_in(decisions, d->kind))
            continue;
        buf_str(&b, b.n ? STR("、《") : STR("《"));
        texts_put(cx->app->texts, &b, LOCALE_ZH_CN, arena_fmt(cx->arena, "cases.document." STR_F, STR_A(d->kind)), STR_NONE, STR_NONE);
        buf_str(&b, STR("》（"));
        buf_str(&b, d->number);
        buf_str(&b, STR("）"));
    }
    *out = buf_view(&b);
    return rc;
}

static enum rc delivery_paper(struct cx *cx, const struct cases_case *c, const struct cases_handing *h)
{
    struct org_staff by;
    struct cases_paper p = { .receiver = h->receiver, .way = h->way, .proof = h->proof, .until = h->on.n ? h->on : day_at(cx->now) };
    enum rc rc = delivered_text(cx, c, &p.documents);
    if (!rc)
        rc = org_staff_get(cx, cx->actor.post, &by);
    p.staff = rc ? STR_NONE : by.name;
    return rc ? rc : cases_paper_make(cx, c, "delivery", &p);
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
    return rc ? rc : delivery_paper(cx, c, h);
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

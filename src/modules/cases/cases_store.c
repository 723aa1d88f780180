/* cases_store.c - statements in, structs out. */
#include "cases_store.h"

#include "modules/identity/identity.h"

#define C struct cases_case
static const struct field case_fields[] = {
    FIELD(C, id), FIELD(C, no), FIELD(C, query_code), FIELD(C, item), FIELD(C, item_code), FIELD(C, item_name), FIELD(C, version),
    FIELD(C, body), FIELD(C, holder), FIELD(C, channel), FIELD(C, state), FIELD(C, applicant),
    FIELD(C, applicant_name), FIELD(C, applicant_mask),
    FIELD(C, account), FIELD(C, clerk), FIELD(C, accepted_by), FIELD(C, service_way), FIELD(C, answers, .secret = true),
    FIELD(C, step), FIELD(C, received_at), FIELD(C, told_on), FIELD(C, deemed), FIELD(C, due_on), FIELD(C, yellow_on), FIELD(C, closed_at),
};
const struct record CASES_CASE = RECORD(C, case_fields);
#undef C

#define D struct cases_draft
static const struct field draft_fields[] = {
    FIELD(D, id), FIELD(D, item), FIELD(D, item_code), FIELD(D, version), FIELD(D, answers), FIELD(D, updated_at), FIELD(D, case_id)
};
static const struct record DRAFT = RECORD(D, draft_fields);
#undef D

static const struct field draft_line_fields[] = {
    FIELD(struct cases_draft_line, id), FIELD(struct cases_draft_line, item_code), FIELD(struct cases_draft_line, item_name),
    FIELD(struct cases_draft_line, updated_at)
};
const struct record CASES_DRAFT_LINE = RECORD(struct cases_draft_line, draft_line_fields);

static const struct field line_fields[] = {
    FIELD(struct cases_line, id), FIELD(struct cases_line, no), FIELD(struct cases_line, item_name),
    FIELD_WORD(struct cases_line, state, cases_states, "cases.state"), FIELD(struct cases_line, received_at),
    FIELD(struct cases_line, due_on), FIELD(struct cases_line, yellow_on),
};
const struct record CASES_LINE = RECORD(struct cases_line, line_fields);

#define T struct cases_task
static const struct field task_fields[] = {
    FIELD(T, n), FIELD(T, step), FIELD(T, name), FIELD(T, body), FIELD(T, role), FIELD(T, state), FIELD(T, claimed_by),
    FIELD(T, due_on), FIELD(T, yellow_on), FIELD(T, step_on),
};
static const struct record TASK = RECORD(T, task_fields);
#undef T

#define T struct cases_task_line
static const struct field task_line_fields[] = {
    FIELD(T, n), FIELD(T, name), FIELD(T, state), FIELD(T, result), FIELD(T, opinion), FIELD(T, opened_at), FIELD(T, done_at),
    FIELD(T, staff_name),
};
const struct record CASES_TASK_LINE = RECORD(T, task_line_fields);
#undef T

#define Q struct cases_queue_line
static const struct field queue_fields[] = {
    FIELD(Q, no), FIELD(Q, item_name), FIELD(Q, applicant_name), FIELD(Q, channel), FIELD(Q, step), FIELD(Q, state),
    FIELD(Q, due_on), FIELD(Q, yellow_on), FIELD(Q, step_on), FIELD(Q, staff_name), FIELD(Q, received_at),
};
const struct record CASES_QUEUE_ROW = RECORD(Q, queue_fields);
#undef Q

static const char *const given_words[] = { "paper", "file", "state", "later", "none", NULL };
static const struct field material_fields[] = {
    FIELD(struct cases_material, n), FIELD(struct cases_material, name),
    FIELD_WORD(struct cases_material, given, given_words, "cases.given"),
};
const struct record CASES_MATERIAL = RECORD(struct cases_material, material_fields);

static const struct field document_fields[] = {
    FIELD(struct cases_document, case_id), FIELD(struct cases_document, n), FIELD(struct cases_document, kind),
    FIELD(struct cases_document, number), FIELD(struct cases_document, fields), FIELD(struct cases_document, made_at),
    FIELD(struct cases_document, sealed_at), FIELD(struct cases_document, hash), FIELD(struct cases_document, voided_at),
    FIELD(struct cases_document, successor),
};
static const struct record DOCUMENT = RECORD(struct cases_document, document_fields);
static const struct field document_line_fields[] = {
    FIELD(struct cases_document_line, n), FIELD_WORD(struct cases_document_line, kind, cases_document_kinds, "cases.document"),
    FIELD(struct cases_document_line, number), FIELD(struct cases_document_line, made_at),
    FIELD(struct cases_document_line, sealed_at), FIELD(struct cases_document_line, voided_at),
    FIELD(struct cases_document_line, successor),
};
const struct record CASES_DOCUMENT_LINE = RECORD(struct cases_document_line, document_line_fields);

static const char *const message_kinds[] = { "received", "accepted", "correction", "not_accepted", "excluded",
                                             "extended", "granted", "refused", "delivered", "withdrawn", "lapsed", "hearing",
                                             "place_free", "licence_ended", "document_voided", "voided", "calendar", NULL };
static const struct field message_fields[] = {
    FIELD(struct cases_message, n), FIELD_WORD(struct cases_message, kind, message_kinds, "cases.message"),
    FIELD(struct cases_message, made_at), FIELD(struct cases_message, read_at), FIELD(struct cases_message, no),
    FIELD(struct cases_message, item_name),
};
const struct record CASES_MESSAGE = RECORD(struct cases_message, message_fields);

const char *const cases_point_states[] = { "open", "supplied", "met", NULL };
static const struct field point_fields[] = {
    FIELD(struct cases_point, n), FIELD(struct cases_point, name), FIELD(struct cases_point, reason),
    FIELD_WORD(struct cases_point, state, cases_point_states, "cases.point"), FIELD(struct cases_point, answer),
};
const struct record CASES_POINT = RECORD(struct cases_point, point_fields);
static const char *const finding_kinds[] = { "not_told_in_time", "order_overtaken", NULL };
static const struct field finding_fields[] = {
    FIELD(struct cases_finding, n), FIELD_WORD(struct cases_finding, kind, finding_kinds, "cases.finding"),
    FIELD(struct cases_finding, at)
};
const struct record CASES_FINDING = RECORD(struct cases_finding, finding_fields);
static const char *const bill_states[] = { "due", "paid", "cancelled", "refunded", NULL };
static const struct field bill_fields[] = {
    FIELD(struct cases_bill, n),       FIELD(struct cases_bill, amount),
    FIELD(struct cases_bill, basis),   FIELD(struct cases_bill, standard),
    FIELD_WORD(struct cases_bill, state, bill_states, "cases.bill"),
    FIELD(struct cases_bill, receipt), FIELD(struct cases_bill, reason),
    FIELD(struct cases_bill, made_at), FIELD(struct cases_bill, paid_at),
};
const struct record CASES_BILL = RECORD(struct cases_bill, bill_fields);
static const struct field site_fields[] = {
    FIELD(struct cases_site_check, n),  FIELD(struct cases_site_check, place),      FIELD(struct cases_site_check, findings),
    FIELD(struct cases_site_check, at), FIELD(struct cases_site_check, first_name), FIELD(struct cases_site_check, second_name),
};
const struct record CASES_SITE_CHECK = RECORD(struct cases_site_check, site_fields);
static const struct field amendment_fields[] = {
    FIELD(struct cases_amendment, n), FIELD(struct cases_amendment, field), FIELD(struct cases_amendment, old_value),
    FIELD(struct cases_amendment, new_value),
};
static const struct record AMENDMENT = RECORD(struct cases_amendment, amendment_fields);
static const struct field hearing_fields[] = {
    FIELD(struct cases_hearing, told_on), FIELD(struct cases_hearing, request_until), FIELD(struct cases_hearing, requested_on),
    FIELD(struct cases_hearing, hold_by), FIELD(struct cases_hearing, host),          FIELD(struct cases_hearing, held_on),
    FIELD(struct cases_hearing, record),
};
static const struct record HEARING = RECORD(struct cases_hearing, hearing_fields);
struct id_row {
    int64_t id;
};
static const struct field id_fields[] = { FIELD(struct id_row, id) };
static const struct record ID = RECORD(struct id_row, id_fields);

static struct val text(struct str s)
{
    return v_str(s.p ? s : STR(""));
}

static struct val bytes(struct str s)
{
    return v_bytes(s.p, s.n);
}

enum rc cases_store_draft_add(struct cx *cx, int64_t id, const struct catalog_item *item, struct str answers)
{
    return db_exec(cx, &sql_cases_draft_insert,
                   ARGS(v_i64(id), v_i64(cx->actor.account), v_i64(item->id), v_str(item->code), v_i64(item->version),
                        bytes(answers), v_i64(cx->now)),
                   NULL);
}

enum rc cases_store_draft(struct cx *cx, int64_t id, struct cases_draft *out)
{
    return db_one(cx, &sql_cases_draft_get, ARGS(v_i64(id), v_i64(cx->actor.account)), &DRAFT, out);
}

enum rc cases_store_draft_lock(struct cx *cx, int64_t id)
{
    return db_lock(cx, &sql_cases_draft_lock, id);
}

enum rc cases_store_draft_set(struct cx *cx, int64_t id, struct str answers, int64_t *out_changed)
{
    return db_exec(cx, &sql_cases_draft_set, ARGS(v_i64(id), v_i64(cx->actor.account), bytes(answers), v_i64(cx->now)), out_changed);
}

enum rc cases_store_draft_touch(struct cx *cx, int64_t id)
{
    int64_t changed = 0;
    enum rc rc = db_exec(cx, &sql_cases_draft_touch, ARGS(v_i64(id), v_i64(cx->now)), &changed);
    return rc ? rc : changed ? RC_OK : RC_CONFLICT;
}

enum rc cases_store_draft_submitted(struct cx *cx, int64_t id, int64_t case_id)
{
    int64_t changed = 0;
    enum rc rc = db_exec(cx, &sql_cases_draft_submitted, ARGS(v_i64(id), v_i64(case_id)), &changed);
    return rc ? rc : changed ? RC_OK : RC_CONFLICT;
}

enum rc cases_store_draft_open(struct cx *cx, struct str item_code, int64_t *out_id)
{
    return db_int(cx, &sql_cases_draft_open, ARGS(v_i64(cx->actor.account), v_str(item_code)), out_id);
}

enum rc cases_store_drafts(struct cx *cx, struct list *out)
{
    return db_all(cx, &sql_cases_drafts, ARGS(v_i64(cx->actor.account)), &CASES_DRAFT_LINE, out);
}

enum rc cases_store_counter(struct cx *cx, struct str division, struct day d, int64_t slot, int64_t *out)
{
    return db_int(cx, &sql_cases_counter_next, ARGS(v_str(division), v_i64(d.n), v_i64(slot)), out);
}

enum rc cases_store_add(struct cx *cx, const struct cases_case *c)
{
    return db_exec(cx, &sql_cases_insert,
                   ARGS(v_i64(c->id), v_str(c->no), v_str(c->query_code), v_i64(c->item), v_str(c->item_code), v_str(c->item_name),
                        v_i64(c->version), v_i64(c->body), v_str(c->channel), v_i64(c->applicant), v_str(c->applicant_name),
                        v_str(c->applicant_mask), v_ref(c->account), v_ref(c->clerk), text(c->service_way), bytes(c->answers),
                        v_i64(c->received_at.ms), v_day(c->due_on), v_day(c->yellow_on)),
                   NULL);
}

enum rc cases_store_lock(struct cx *cx, int64_t id)
{
    return db_lock(cx, &sql_cases_lock, id);
}

enum rc cases_get(struct cx *cx, int64_t id, struct cases_case *out)
{
    return db_one(cx, &sql_cases_by_id, ARGS(v_i64(id)), &CASES_CASE, out);
}

/* The person whose cases the actor may see beside his own submissions: himself, once proven (nobody takes another's identity). */
static enum rc proven_person(struct cx *cx, int64_t *out)
{
    struct identity_person p;
    *out = 0;
    enum rc rc = cx->actor.person ? identity_person_get(cx, cx->actor.person, &p) : RC_NOT_FOUND;
    if (!rc && p.proven_at.ms)
        *out = p.id;
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

enum rc cases_find_own(struct cx *cx, struct str no, struct cases_case *out)
{
    int64_t person = 0;
    enum rc rc = proven_person(cx, &person);
    if (rc)
        return rc;
    return db_one(cx, &sql_cases_of_account, ARGS(v_str(no), v_i64(cx->actor.account), v_i64(person)), &CASES_CASE, out);
}

enum rc cases_find_staff(struct cx *cx, struct str no, struct cases_case *out)
{
    return db_one(cx, &sql_cases_of_staff, ARGS(v_str(no), v_i64(cx->actor.body), v_i64(cx->actor.post)), &CASES_CASE, out);
}

enum rc cases_find_query(struct cx *cx, struct str no, struct str query_code, struct cases_case *out)
{
    return db_one(cx, &sql_cases_by_query, ARGS(v_str(no), v_str(query_code)), &CASES_CASE, out);
}

enum rc cases_store_set_state(struct cx *cx, int64_t id, const char *from, const char *to)
{
    int64_t changed = 0;
    enum rc rc = db_exec(cx, &sql_cases_set_state, ARGS(v_i64(id), v_str(str_c(from)), v_str(str_c(to))), &changed);
    return rc ? rc : changed ? RC_OK : RC_CONFLICT;
}

enum rc cases_store_set_step(struct cx *cx, int64_t id, int64_t step)
{
    return db_exec(cx, &sql_cases_set_step, ARGS(v_i64(id), v_i64(step)), NULL);
}

enum rc cases_store_set_accepted_by(struct cx *cx, int64_t id, int64_t staff)
{
    return db_exec(cx, &sql_cases_set_accepted_by, ARGS(v_i64(id), v_ref(staff)), NULL);
}

enum rc cases_store_set_due(struct cx *cx, int64_t id, struct day due, struct day yellow)
{
    enum rc rc = db_exec(cx, &sql_cases_set_due, ARGS(v_i64(id), v_day(due), v_day(yellow)), NULL);
    return rc ? rc : db_exec(cx, &sql_cases_task_due, ARGS(v_i64(id), v_day(due), v_day(yellow)), NULL);
}

enum rc cases_store_task_step(struct cx *cx, int64_t id, struct day on)
{
    return db_exec(cx, &sql_cases_task_step, ARGS(v_i64(id), v_day(on)), NULL);
}

enum rc cases_store_set_closed(struct cx *cx, int64_t id)
{
    return db_exec(cx, &sql_cases_set_closed, ARGS(v_i64(id), v_i64(cx->now)), NULL);
}

enum rc cases_store_lines(struct cx *cx, int64_t before, struct list *out)
{
    int64_t person = 0;
    enum rc rc = proven_person(cx, &person);
    if (rc)
        return rc;
    if (!person)
        return db_all(cx, &sql_cases_of_person, ARGS(v_i64(cx->actor.account), v_i64(before)), &CASES_LINE, out);
    return db_all(cx, &sql_cases_of_proven, ARGS(v_i64(cx->actor.account), v_i64(person), v_i64(before)), &CASES_LINE, out);
}

enum rc cases_store_task_add(struct cx *cx, int64_t id, int64_t step, struct str name, int64_t body, struct str role)
{
    return db_exec(cx, &sql_cases_task_insert,
                   ARGS(v_i64(id), v_i64(step), v_str(name), v_i64(body), v_str(role), v_i64(cx->now)), NULL);
}

enum rc cases_store_task_first(struct cx *cx, const struct cases_case *c, struct str name, struct str role)
{
    return db_exec(cx, &sql_cases_task_insert_first,
                   ARGS(v_i64(c->id), v_i64(c->step), v_str(name), v_i64(c->body), v_str(role), v_i64(c->received_at.ms), v_day(c->due_on),
                        v_day(c->yellow_on)),
                   NULL);
}

enum rc cases_store_task_open(struct cx *cx, int64_t id, struct cases_task *out)
{
    return db_one(cx, &sql_cases_task_open, ARGS(v_i64(id)), &TASK, out);
}

enum rc cases_store_task_claim(struct cx *cx, int64_t id, int64_t n)
{
    int64_t changed = 0;
    enum rc rc = db_exec(cx, &sql_cases_task_claim, ARGS(v_i64(id), v_i64(n), v_i64(cx->actor.post)), &changed);
    return rc ? rc : changed ? RC_OK : RC_CONFLICT;
}

enum rc cases_store_task_done(struct cx *cx, int64_t id, int64_t n, struct str result, struct str opinion)
{
    int64_t changed = 0;
    enum rc rc = db_exec(cx, &sql_cases_task_done,
                         ARGS(v_i64(id), v_i64(n), v_i64(cx->now), text(result), text(opinion), v_ref(cx->actor.post)), &changed);
    return rc ? rc : changed ? RC_OK : RC_CONFLICT;
}

enum rc cases_store_tasks(struct cx *cx, int64_t id, struct list *out)
{
    return db_all(cx, &sql_cases_tasks, ARGS(v_i64(id)), &CASES_TASK_LINE, out);
}

enum rc cases_store_queue(struct cx *cx, int64_t body, struct str role, struct str state, struct list *out)
{
    return db_all(cx, &sql_cases_queue, ARGS(v_i64(body), v_str(role), v_str(state)), &CASES_QUEUE_ROW, out);
}

enum rc cases_store_queue_count(struct cx *cx, int64_t body, struct str role, int64_t *out)
{
    return db_int(cx, &sql_cases_queue_count, ARGS(v_i64(body), v_str(role)), out);
}

enum rc cases_store_material_add(struct cx *cx, int64_t id, const struct cases_material *m)
{
    return db_exec(cx, &sql_cases_material_insert, ARGS(v_i64(id), v_i64(m->n), v_str(m->name), v_str(m->given)), NULL);
}

enum rc cases_store_materials(struct cx *cx, int64_t id, struct list *out)
{
    return db_all(cx, &sql_cases_materials, ARGS(v_i64(id)), &CASES_MATERIAL, out);
}

enum rc cases_store_document_next(struct cx *cx, int64_t body, const char *kind, int64_t year, int64_t *out)
{
    return db_int(cx, &sql_cases_document_next, ARGS(v_i64(body), v_str(str_c(kind)), v_i64(year)), out);
}

enum rc cases_store_document_add(struct cx *cx, int64_t id, const struct cases_document *d)
{
    return db_exec(cx, &sql_cases_document_insert,
                   ARGS(v_i64(id), v_str(d->kind), v_str(d->number), v_str(d->fields), bytes(d->hash), v_i64(cx->now)), NULL);
}

enum rc cases_document_list(struct cx *cx, int64_t id, struct list *out)
{
    return db_all(cx, &sql_cases_documents, ARGS(v_i64(id)), &CASES_DOCUMENT_LINE, out);
}

enum rc cases_document_get(struct cx *cx, int64_t id, int64_t n, struct cases_document *out)
{
    return db_one(cx, &sql_cases_document_get, ARGS(v_i64(id), v_i64(n)), &DOCUMENT, out);
}

enum rc cases_document_set_sealed(struct cx *cx, int64_t case_id, int64_t n)
{
    return db_exec(cx, &sql_cases_document_set_sealed, ARGS(v_i64(case_id), v_i64(n), v_i64(cx->now)), NULL);
}

enum rc cases_document_find(struct cx *cx, struct str number, struct cases_document *out)
{
    return db_one(cx, &sql_cases_document_by_number, ARGS(v_str(number)), &DOCUMENT, out);
}

enum rc cases_store_message_add(struct cx *cx, int64_t account, int64_t id, const char *kind)
{
    return db_exec(cx, &sql_cases_message_insert, ARGS(v_i64(account), v_i64(id), v_str(str_c(kind)), v_i64(cx->now)), NULL);
}

enum rc cases_store_messages(struct cx *cx, struct list *out)
{
    return db_all(cx, &sql_cases_messages, ARGS(v_i64(cx->actor.account)), &CASES_MESSAGE, out);
}

enum rc cases_store_message_unread(struct cx *cx, int64_t *out)
{
    return db_int(cx, &sql_cases_message_unread, ARGS(v_i64(cx->actor.account)), out);
}

enum rc cases_store_message_read_all(struct cx *cx)
{
    return db_exec(cx, &sql_cases_message_read_all, ARGS(v_i64(cx->actor.account), v_i64(cx->now)), NULL);
}

enum rc cases_store_set_told(struct cx *cx, int64_t id, struct day d)
{
    int64_t changed = 0;
    enum rc rc = db_exec(cx, &sql_cases_set_told, ARGS(v_i64(id), v_day(d)), &changed);
    return rc ? rc : changed ? RC_OK : RC_CONFLICT;
}

enum rc cases_store_set_deemed(struct cx *cx, int64_t id)
{
    return db_exec(cx, &sql_cases_set_deemed, ARGS(v_i64(id)), NULL);
}

enum rc cases_store_overdue(struct cx *cx, const char *state, struct day today, struct list *out)
{
    return db_all(cx, &sql_cases_overdue, ARGS(v_str(str_c(state)), v_day(today)), &ID, out);
}

enum rc cases_store_point_add(struct cx *cx, int64_t id, const struct cases_point *p)
{
    return db_exec(cx, &sql_cases_point_insert, ARGS(v_i64(id), v_i64(p->n), v_str(p->name), v_str(p->reason)), NULL);
}

enum rc cases_store_points(struct cx *cx, int64_t id, struct list *out)
{
    return db_all(cx, &sql_cases_points, ARGS(v_i64(id)), &CASES_POINT, out);
}

enum rc cases_store_point_supply(struct cx *cx, int64_t id, int64_t n, struct str answer)
{
    int64_t changed = 0;
    enum rc rc = db_exec(cx, &sql_cases_point_supply, ARGS(v_i64(id), v_i64(n), text(answer)), &changed);
    return rc ? rc : changed ? RC_OK : RC_CONFLICT;
}

enum rc cases_store_point_reopen(struct cx *cx, int64_t id, int64_t n, struct str reason)
{
    int64_t changed = 0;
    enum rc rc = db_exec(cx, &sql_cases_point_reopen, ARGS(v_i64(id), v_i64(n), text(reason)), &changed);
    return rc ? rc : changed ? RC_OK : RC_CONFLICT;
}

enum rc cases_store_points_met(struct cx *cx, int64_t id)
{
    return db_exec(cx, &sql_cases_points_met, ARGS(v_i64(id)), NULL);
}

enum rc cases_store_points_open(struct cx *cx, int64_t id, int64_t *out)
{
    return db_int(cx, &sql_cases_points_open, ARGS(v_i64(id)), out);
}

enum rc cases_store_finding_add(struct cx *cx, const struct cases_case *c, const char *kind)
{
    return db_exec(cx, &sql_cases_finding_insert,
                   ARGS(v_i64(c->id), v_str(str_c(kind)), v_i64(c->body), v_ref(cx->actor.post), v_i64(cx->now)), NULL);
}

enum rc cases_store_findings(struct cx *cx, int64_t id, struct list *out)
{
    return db_all(cx, &sql_cases_findings, ARGS(v_i64(id)), &CASES_FINDING, out);
}

enum rc cases_store_bill_add(struct cx *cx, int64_t id, const struct cases_bill *b)
{
    return db_exec(cx, &sql_cases_bill_insert,
                   ARGS(v_i64(id), v_fen(b->amount), v_str(b->basis), v_str(b->standard), v_i64(cx->now)), NULL);
}

enum rc cases_store_bills(struct cx *cx, int64_t id, struct list *out)
{
    return db_all(cx, &sql_cases_bills, ARGS(v_i64(id)), &CASES_BILL, out);
}

enum rc cases_store_bill_due(struct cx *cx, int64_t id, int64_t *out)
{
    return db_int(cx, &sql_cases_bill_due, ARGS(v_i64(id)), out);
}

enum rc cases_store_bill_pay(struct cx *cx, int64_t id, int64_t n, struct str receipt)
{
    int64_t changed = 0;
    enum rc rc = db_exec(cx, &sql_cases_bill_pay,
                         ARGS(v_i64(id), v_i64(n), v_str(receipt), v_i64(cx->now), v_ref(cx->actor.post)), &changed);
    return rc ? rc : changed ? RC_OK : RC_CONFLICT;
}

enum rc cases_store_bill_move(struct cx *cx, int64_t id, int64_t n, const char *from, const char *to, struct str reason)
{
    int64_t changed = 0;
    enum rc rc = db_exec(cx, &sql_cases_bill_move,
                         ARGS(v_i64(id), v_i64(n), v_str(str_c(from)), v_str(str_c(to)), text(reason)), &changed);
    return rc ? rc : changed ? RC_OK : RC_CONFLICT;
}

enum rc cases_store_site_check_add(struct cx *cx, int64_t id, int64_t first, int64_t second, struct str place, struct str findings)
{
    return db_exec(cx, &sql_cases_site_check_insert,
                   ARGS(v_i64(id), v_i64(first), v_i64(second), text(place), text(findings), v_i64(cx->now)), NULL);
}

enum rc cases_store_site_checks(struct cx *cx, int64_t id, struct list *out)
{
    return db_all(cx, &sql_cases_site_checks, ARGS(v_i64(id)), &CASES_SITE_CHECK, out);
}

enum rc cases_store_amendment_add(struct cx *cx, int64_t id, const struct cases_amendment *m)
{
    return db_exec(cx, &sql_cases_amendment_insert, ARGS(v_i64(id), v_str(m->field), bytes(m->old_value), bytes(m->new_value)), NULL);
}

enum rc cases_store_amendment(struct cx *cx, int64_t id, struct cases_amendment *out)
{
    return db_one(cx, &sql_cases_amendment_offered, ARGS(v_i64(id)), &AMENDMENT, out);
}

enum rc cases_store_amendment_confirm(struct cx *cx, int64_t id, int64_t n)
{
    int64_t changed = 0;
    enum rc rc = db_exec(cx, &sql_cases_amendment_confirm, ARGS(v_i64(id), v_i64(n)), &changed);
    return rc ? rc : changed ? RC_OK : RC_CONFLICT;
}

enum rc cases_store_set_answers(struct cx *cx, int64_t id, struct str answers)
{
    return db_exec(cx, &sql_cases_set_answers, ARGS(v_i64(id), bytes(answers)), NULL);
}

enum rc cases_store_drafts_old(struct cx *cx, int64_t before, struct list *out)
{
    return db_all(cx, &sql_cases_draft_old, ARGS(v_i64(before)), &ID, out);
}

enum rc cases_store_draft_delete(struct cx *cx, int64_t id, int64_t before)
{
    int64_t changed = 0;
    enum rc rc = db_exec(cx, &sql_cases_draft_delete, ARGS(v_i64(id), v_i64(before)), &changed);
    return rc ? rc : changed ? RC_OK : RC_CONFLICT;
}

enum rc cases_store_set_holder(struct cx *cx, int64_t id, int64_t body)
{
    int64_t changed = 0;
    enum rc rc = db_exec(cx, &sql_cases_set_holder, ARGS(v_i64(id), v_i64(body)), &changed);
    return rc ? rc : changed ? RC_OK : RC_CONFLICT;
}

/* One row changed, or RC_CONFLICT. */
static enum rc one_row(enum rc rc, int64_t changed)
{
    return rc ? rc : changed ? RC_OK : RC_CONFLICT;
}

enum rc cases_store_hearing_add(struct cx *cx, int64_t id, struct day told, struct day until)
{
    int64_t n = 0;
    enum rc rc = db_exec(cx, &sql_cases_hearing_insert, ARGS(v_i64(id), v_day(told), v_day(until)), &n);
    return one_row(rc, n);
}

enum rc cases_store_hearing(struct cx *cx, int64_t id, struct cases_hearing *out)
{
    return db_one(cx, &sql_cases_hearing_get, ARGS(v_i64(id)), &HEARING, out);
}

enum rc cases_store_hearing_request(struct cx *cx, int64_t id, struct day on, struct day hold_by)
{
    int64_t n = 0;
    enum rc rc = db_exec(cx, &sql_cases_hearing_request, ARGS(v_i64(id), v_day(on), v_day(hold_by)), &n);
    return one_row(rc, n);
}

enum rc cases_store_hearing_set(struct cx *cx, int64_t id, int64_t host, struct day on)
{
    int64_t n = 0;
    enum rc rc = db_exec(cx, &sql_cases_hearing_set, ARGS(v_i64(id), v_i64(host), v_day(on)), &n);
    return one_row(rc, n);
}

enum rc cases_store_hearing_record(struct cx *cx, int64_t id, struct str record)
{
    int64_t n = 0;
    enum rc rc = db_exec(cx, &sql_cases_hearing_record, ARGS(v_i64(id), text(record)), &n);
    return one_row(rc, n);
}

enum rc cases_store_worked_on(struct cx *cx, int64_t id, int64_t staff, bool *out)
{
    int64_t n = 0;
    enum rc rc = db_int(cx, &sql_cases_worked_on, ARGS(v_i64(id), v_i64(staff)), &n);
    *out = n > 0;
    return rc;
}

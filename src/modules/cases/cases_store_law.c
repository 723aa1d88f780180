/* cases_store_law.c - statements of the law's rarer acts: void documents, service, third parties. */
#include "cases_store.h"

static enum rc one_row(enum rc rc, int64_t changed)
{
    return rc ? rc : changed ? RC_OK : RC_CONFLICT;
}

static struct val text(struct str s)
{
    return v_str(s.p ? s : STR(""));
}

/* ---- void ------------------------------------------------------------------------------------------------------------------- */

#define V struct cases_void
static const char *const void_states[] = { "asked", "confirmed", "refused", NULL };
static const struct field void_fields[] = {
    FIELD(V, n), FIELD(V, document), FIELD(V, reason), FIELD(V, reissue), FIELD(V, reasons), FIELD(V, basis),
    FIELD_WORD(V, state, void_states, "cases.void"), FIELD(V, asked_by, .secret = true), FIELD(V, asked_at), FIELD(V, asked_name),
    FIELD(V, number),
};
const struct record CASES_VOID = RECORD(V, void_fields);
#undef V

enum rc cases_store_void_add(struct cx *cx, int64_t id, const struct cases_void_wish *w)
{
    int64_t n = 0;
    enum rc rc = db_exec(cx, &sql_cases_void_insert,
                         ARGS(v_i64(id), v_i64(w->document), text(w->reason), v_bool(w->reissue), text(w->reasons), text(w->basis),
                              v_i64(cx->actor.post), v_i64(cx->now)),
                         &n);
    return one_row(rc, n);
}

enum rc cases_store_voids(struct cx *cx, int64_t id, struct list *out)
{
    return db_all(cx, &sql_cases_voids, ARGS(v_i64(id)), &CASES_VOID, out);
}

enum rc cases_store_void_settle(struct cx *cx, int64_t id, int64_t n, const char *state)
{
    int64_t changed = 0;
    enum rc rc = db_exec(cx, &sql_cases_void_settle,
                         ARGS(v_i64(id), v_i64(n), v_str(str_c(state)), v_i64(cx->actor.post), v_i64(cx->now)), &changed);
    return one_row(rc, changed);
}

enum rc cases_store_document_void(struct cx *cx, int64_t id, int64_t n, int64_t successor)
{
    int64_t changed = 0;
    enum rc rc = db_exec(cx, &sql_cases_document_void, ARGS(v_i64(id), v_i64(n), v_i64(cx->now), v_ref(successor)), &changed);
    return one_row(rc, changed);
}

enum rc cases_store_documents_void(struct cx *cx, int64_t id)
{
    return db_exec(cx, &sql_cases_documents_void, ARGS(v_i64(id), v_i64(cx->now)), NULL);
}

enum rc cases_store_document_last(struct cx *cx, int64_t id, int64_t *out)
{
    return db_int(cx, &sql_cases_document_last, ARGS(v_i64(id)), out);
}

/* ---- service ------------------------------------------------------------------------------------------------------------------ */

static const char *const ways[] = { "online", "window", "post", "", NULL };
static const char *const service_states[] = { "due", "sent", "served", NULL };
#define S struct cases_service
static const struct field service_fields[] = {
    FIELD(S, document), FIELD_WORD(S, kind, cases_document_kinds, "cases.document"), FIELD(S, number), FIELD_WORD(S, way, ways,
        "cases.way"),
    FIELD_WORD(S, state, service_states, "cases.service"), FIELD(S, receiver), FIELD(S, proof), FIELD(S, sent_on), FIELD(S, served_on),
    FIELD(S, phoned_at),
};
const struct record CASES_SERVICE = RECORD(S, service_fields);
#undef S
#define Q struct cases_service_line
static const struct field service_line_fields[] = {
    FIELD(Q, no), FIELD(Q, item_name), FIELD(Q, receiver), FIELD_WORD(Q, kind, cases_document_kinds, "cases.document"),
    FIELD(Q, number),
    FIELD(Q, document), FIELD_WORD(Q, way, ways, "cases.way"), FIELD_WORD(Q, state, service_states, "cases.service"), FIELD(Q, proof),
    FIELD(Q, made_at), FIELD(Q, sent_on), FIELD(Q, phoned_at), FIELD(Q, account, .secret = true),
};
const struct record CASES_SERVICE_LINE = RECORD(Q, service_line_fields);
#undef Q

enum rc cases_store_service_add(struct cx *cx, const struct cases_case *c, const struct cases_service *s)
{
    return db_exec(cx, &sql_cases_service_insert,
                   ARGS(v_i64(c->id), v_i64(s->document), v_i64(c->body), v_str(s->way), v_str(s->state), text(s->receiver), v_i64(cx->now),
                        v_day(s->served_on), v_ref(cx->actor.post)),
                   NULL);
}

enum rc cases_store_services(struct cx *cx, int64_t id, struct list *out)
{
    return db_all(cx, &sql_cases_services, ARGS(v_i64(id)), &CASES_SERVICE, out);
}

enum rc cases_store_service_sent(struct cx *cx, int64_t id, int64_t document, struct str tracking)
{
    int64_t n = 0;
    enum rc rc = db_exec(cx, &sql_cases_service_sent,
                         ARGS(v_i64(id), v_i64(document), v_str(tracking), v_day(day_at(cx->now)), v_ref(cx->actor.post)), &n);
    return one_row(rc, n);
}

enum rc cases_store_service_served(struct cx *cx, int64_t id, int64_t document, const struct cases_handing *h)
{
    int64_t n = 0;
    enum rc rc = db_exec(cx, &sql_cases_service_served,
                         ARGS(v_i64(id), v_i64(document), v_str(h->way), v_str(h->receiver), text(h->proof), v_day(h->on),
                              v_ref(cx->actor.post)),
                         &n);
    return one_row(rc, n);
}

enum rc cases_store_service_phoned(struct cx *cx, int64_t id, int64_t document)
{
    int64_t n = 0;
    enum rc rc = db_exec(cx, &sql_cases_service_phoned, ARGS(v_i64(id), v_i64(document), v_i64(cx->now), v_ref(cx->actor.post)), &n);
    return one_row(rc, n);
}

enum rc cases_store_service_queue(struct cx *cx, struct str state, struct list *out)
{
    return db_all(cx, &sql_cases_service_queue, ARGS(v_i64(cx->actor.body), v_str(state), v_i64(cx->actor.post)), &CASES_SERVICE_LINE, out);
}

enum rc cases_store_consent(struct cx *cx, int64_t id, int64_t *out)
{
    return db_int(cx, &sql_cases_consent_now, ARGS(v_i64(id)), out);
}

enum rc cases_store_consent_add(struct cx *cx, int64_t id, bool given)
{
    return db_exec(cx, &sql_cases_consent_insert, ARGS(v_i64(id), v_bool(given), v_ref(cx->actor.post), v_i64(cx->now)), NULL);
}

enum rc cases_store_hearing_until(struct cx *cx, int64_t id, struct day until)
{
    return db_exec(cx, &sql_cases_hearing_until, ARGS(v_i64(id), v_day(until)), NULL);
}

/* ---- third parties ---------------------------------------------------------------------------------------------------------- */

#define P struct cases_party
static const struct field party_fields[] = {
    FIELD(P, n), FIELD(P, name), FIELD(P, contact, .secret = true), FIELD(P, interest), FIELD(P, document), FIELD(P, told_on),
    FIELD(P, answer_until), FIELD(P, answered_on), FIELD(P, answer),
};
const struct record CASES_PARTY = RECORD(P, party_fields);
#undef P

enum rc cases_store_party_add(struct cx *cx, int64_t id, struct str name, struct str contact, struct str interest)
{
    return db_exec(cx, &sql_cases_party_insert, ARGS(v_i64(id), v_str(name), v_bytes(contact.p, contact.n), v_str(interest)), NULL);
}

enum rc cases_store_parties(struct cx *cx, int64_t id, struct list *out)
{
    return db_all(cx, &sql_cases_parties, ARGS(v_i64(id)), &CASES_PARTY, out);
}

enum rc cases_store_party_tell(struct cx *cx, int64_t id, int64_t n, struct day until, int64_t document)
{
    int64_t changed = 0;
    enum rc rc = db_exec(cx, &sql_cases_party_tell,
                         ARGS(v_i64(id), v_i64(n), v_day(day_at(cx->now)), v_day(until), v_i64(document)), &changed);
    return one_row(rc, changed);
}

enum rc cases_store_party_told_again(struct cx *cx, int64_t id, int64_t n, struct day until, int64_t document)
{
    int64_t changed = 0;
    enum rc rc = db_exec(cx, &sql_cases_party_told_again, ARGS(v_i64(id), v_i64(n), v_day(until), v_i64(document)), &changed);
    return one_row(rc, changed);
}

enum rc cases_store_party_answer(struct cx *cx, int64_t id, int64_t n, struct str answer)
{
    int64_t changed = 0;
    enum rc rc = db_exec(cx, &sql_cases_party_answer, ARGS(v_i64(id), v_i64(n), v_day(day_at(cx->now)), v_str(answer)), &changed);
    return one_row(rc, changed);
}

/* ---- archive ------------------------------------------------------------------------------------------------------------------- */

#define A struct cases_archive
static const struct field archive_fields[] = {
    FIELD(A, number), FIELD(A, retention), FIELD(A, ended), FIELD(A, catalogue), FIELD(A, hash), FIELD(A, made_at),
};
static const struct record ARCHIVE = RECORD(A, archive_fields);
#undef A

enum rc cases_store_archive_add(struct cx *cx, int64_t id, const struct cases_archive *a)
{
    return db_exec(cx, &sql_cases_archive_insert,
                   ARGS(v_i64(id), v_str(a->number), v_str(a->retention), v_str(a->ended), v_str(a->catalogue),
                        v_bytes(a->hash.p, a->hash.n), v_i64(cx->actor.post), v_i64(cx->now)),
                   NULL);
}

enum rc cases_store_archive(struct cx *cx, int64_t id, struct cases_archive *out)
{
    return db_one(cx, &sql_cases_archive_get, ARGS(v_i64(id)), &ARCHIVE, out);
}

/* ---- the end of a licence -------------------------------------------------------------------------------------------------------- */

enum rc cases_store_cancel_add(struct cx *cx, int64_t id)
{
    int64_t changed = 0;
    enum rc rc = db_exec(cx, &sql_cases_licence_end_insert, ARGS(v_i64(id), v_i64(cx->now)), &changed);
    return one_row(rc, changed);
}

enum rc cases_licence_ended(struct cx *cx, int64_t case_id, struct when *out)
{
    *out = (struct when){ 0 };
    enum rc rc = db_int(cx, &sql_cases_licence_end_at, ARGS(v_i64(case_id)), &out->ms);
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

enum rc cases_store_document_stands(struct cx *cx, int64_t id, const char *kind, bool *out)
{
    int64_t n = 0;
    enum rc rc = db_int(cx, &sql_cases_document_stands, ARGS(v_i64(id), v_str(str_c(kind))), &n);
    *out = n > 0;
    return rc;
}

/* ---- calendar ------------------------------------------------------------------------------------------------------------------ */

static const struct field follow_fields[] = {
    FIELD(struct cases_follow, version), FIELD(struct cases_follow, target), FIELD(struct cases_follow, after)
};
static const struct record FOLLOW = RECORD(struct cases_follow, follow_fields);
struct open_row {
    int64_t id;
};
static const struct field open_fields[] = { FIELD(struct open_row, id) };
static const struct record OPEN = RECORD(struct open_row, open_fields);

enum rc cases_store_follow(struct cx *cx, struct cases_follow *out)
{
    return db_one(cx, &sql_cases_calendar_get, NO_ARGS, &FOLLOW, out);
}

enum rc cases_store_follow_set(struct cx *cx, const struct cases_follow *f)
{
    return db_exec(cx, &sql_cases_calendar_set, ARGS(v_i64(f->version), v_i64(f->target), v_i64(f->after)), NULL);
}

enum rc cases_store_open_after(struct cx *cx, int64_t after, struct list *out)
{
    return db_all(cx, &sql_cases_open_after, ARGS(v_i64(after)), &OPEN, out);
}

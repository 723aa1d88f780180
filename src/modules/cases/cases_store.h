/* cases_store.h - every statement of the module; no decisions. */
#ifndef MODULES_CASES_STORE_H
#define MODULES_CASES_STORE_H

#include "cases_sql.h"
#include "modules/cases/cases.h"

struct cases_draft {
    int64_t     id, item, version, case_id;
    struct str  item_code, answers; /* answers: sealed */
    struct when updated_at;
};
struct cases_draft_line {
    int64_t     id;
    struct str  item_code, item_name;
    struct when updated_at;
};
extern const struct record CASES_DRAFT_LINE;
struct cases_line {
    int64_t     id;
    struct str  no, item_name, state;
    struct when received_at;
    struct day  due_on, yellow_on;
};
extern const struct record CASES_LINE;
struct cases_task {
    int64_t    n, step, body, claimed_by;
    struct str name, role, state;
    struct day due_on, yellow_on, step_on; /* step_on: its own share of the time */
};
struct cases_task_line {
    int64_t     n;
    struct str  name, state, result, opinion, staff_name;
    struct when opened_at, done_at;
};
extern const struct record CASES_TASK_LINE;
struct cases_queue_line {
    struct str  no, item_name, applicant_name, channel, step, state, staff_name;
    struct day  due_on, yellow_on, step_on;
    struct when received_at;
};
extern const struct record CASES_QUEUE_ROW;
struct cases_material {
    int64_t    n;
    struct str name, given;
};
extern const struct record CASES_MATERIAL;
struct cases_message {
    int64_t     n;
    struct str  kind, no, item_name;
    struct when made_at, read_at;
};
extern const struct record CASES_MESSAGE;

struct cases_point {
    int64_t    n;
    struct str name, reason, state, answer;
};
extern const struct record CASES_POINT;
struct cases_finding {
    int64_t     n;
    struct str  kind;
    struct when at;
};
extern const struct record CASES_FINDING;

struct cases_bill {
    int64_t     n;
    struct fen  amount;
    struct str  basis, standard, state, receipt, reason;
    struct when made_at, paid_at;
};
extern const struct record CASES_BILL;
struct cases_site_check {
    int64_t     n;
    struct str  place, findings, first_name, second_name;
    struct when at;
};
extern const struct record CASES_SITE_CHECK;
struct cases_amendment { /* values are sealed */
    int64_t    n;
    struct str field, old_value, new_value;
};

struct cases_hearing {
    struct day told_on, request_until, requested_on, hold_by, held_on;
    int64_t    host;
    struct str record;
};

/* RC_CONFLICT if the step does not fit what is there. */
enum rc cases_store_hearing_add(struct cx *cx, int64_t id, struct day told, struct day until);
enum rc cases_store_hearing(struct cx *cx, int64_t id, struct cases_hearing *out);
enum rc cases_store_hearing_request(struct cx *cx, int64_t id, struct day on, struct day hold_by);
enum rc cases_store_hearing_set(struct cx *cx, int64_t id, int64_t host, struct day on);
enum rc cases_store_hearing_record(struct cx *cx, int64_t id, struct str record);
/* Has this member of staff had a task of the case? */
enum rc cases_store_worked_on(struct cx *cx, int64_t id, int64_t staff, bool *out);
enum rc cases_store_bill_add(struct cx *cx, int64_t id, const struct cases_bill *b);
enum rc cases_store_bills(struct cx *cx, int64_t id, struct list *out);
/* Number of bills that wait to be paid. */
enum rc cases_store_bill_due(struct cx *cx, int64_t id, int64_t *out);
/* RC_CONFLICT if the bill is not in the state the change starts from. */
enum rc cases_store_bill_pay(struct cx *cx, int64_t id, int64_t n, struct str receipt);
enum rc cases_store_bill_move(struct cx *cx, int64_t id, int64_t n, const char *from, const char *to, struct str reason);
enum rc cases_store_site_check_add(struct cx *cx, int64_t id, int64_t first, int64_t second, struct str place, struct str findings);
enum rc cases_store_site_checks(struct cx *cx, int64_t id, struct list *out);
/* A request to make something void, and what became of it. */
struct cases_void {
    int64_t     n, document, asked_by;
    struct str  reason, reasons, basis, state, asked_name, number; /* number: of the document, none for the case */
    bool        reissue;
    struct when asked_at;
};
extern const struct record CASES_VOID;
/* RC_CONFLICT if the same is asked for already. */
enum rc cases_store_void_add(struct cx *cx, int64_t id, const struct cases_void_wish *w);
enum rc cases_store_voids(struct cx *cx, int64_t id, struct list *out);
/* RC_CONFLICT if it was settled before. */
enum rc cases_store_void_settle(struct cx *cx, int64_t id, int64_t n, const char *state);
/* RC_CONFLICT if it is void already. `successor` 0: none. */
enum rc cases_store_document_void(struct cx *cx, int64_t id, int64_t n, int64_t successor);
enum rc cases_store_documents_void(struct cx *cx, int64_t id);
/* n of the newest document, 0 without any. */
enum rc cases_store_document_last(struct cx *cx, int64_t id, int64_t *out);
/* How a document was, or is to be, served. state: due, sent, served; proof: tracking number, or what proves it. */
struct cases_service {
    int64_t     document;
    struct str  kind, number, way, state, receiver, proof;
    struct day  sent_on, served_on;
    struct when phoned_at;
};
extern const struct record CASES_SERVICE;
struct cases_service_line {
    int64_t     document, account; /* account 0: no inbox, to be phoned */
    struct str  no, item_name, receiver, kind, number, way, state, proof;
    struct when made_at, phoned_at;
    struct day  sent_on;
};
extern const struct record CASES_SERVICE_LINE;
enum rc cases_store_service_add(struct cx *cx, const struct cases_case *c, const struct cases_service *s);
/* struct cases_service of documents that are not void, by document. */
enum rc cases_store_services(struct cx *cx, int64_t id, struct list *out);
/* RC_CONFLICT if there is nothing (more) to serve. */
enum rc cases_store_service_sent(struct cx *cx, int64_t id, int64_t document, struct str tracking);
enum rc cases_store_service_served(struct cx *cx, int64_t id, int64_t document, const struct cases_handing *h);
enum rc cases_store_service_phoned(struct cx *cx, int64_t id, int64_t document);
/* struct cases_service_line in this state, of the actor's body and those his window serves; up to 101, oldest first. */
enum rc cases_store_service_queue(struct cx *cx, struct str state, struct list *out);
/* RC_NOT_FOUND if nothing was ever said. */
enum rc cases_store_consent(struct cx *cx, int64_t id, int64_t *out);
enum rc cases_store_consent_add(struct cx *cx, int64_t id, bool given);
/* Later only, and only while nobody has asked. */
enum rc cases_store_hearing_until(struct cx *cx, int64_t id, struct day until);
struct cases_party {
    int64_t    n, document;
    struct str name, contact, interest, answer; /* contact: sealed */
    struct day told_on, answer_until, answered_on;
};
extern const struct record CASES_PARTY;
enum rc cases_store_party_add(struct cx *cx, int64_t id, struct str name, struct str contact, struct str interest);
enum rc cases_store_parties(struct cx *cx, int64_t id, struct list *out);
/* RC_CONFLICT if it was done before, or the party was not told. */
enum rc cases_store_party_tell(struct cx *cx, int64_t id, int64_t n, struct day until, int64_t document);
/* Another notice, and another day to answer until. */
enum rc cases_store_party_told_again(struct cx *cx, int64_t id, int64_t n, struct day until, int64_t document);
enum rc cases_store_party_answer(struct cx *cx, int64_t id, int64_t n, struct str answer);
struct cases_archive {
    struct str  number, retention, ended, catalogue, hash; /* catalogue: JSON; hash: its SM3, 32 raw bytes */
    struct when made_at;
};
enum rc cases_store_archive_add(struct cx *cx, int64_t id, const struct cases_archive *a);
/* RC_NOT_FOUND if the file is not archived. */
enum rc cases_store_archive(struct cx *cx, int64_t id, struct cases_archive *out);
/* 注销 of its licence; RC_CONFLICT if it was recorded before. */
enum rc cases_store_cancel_add(struct cx *cx, int64_t id);
/* Has the case a document of this kind that is not void? */
enum rc cases_store_document_stands(struct cx *cx, int64_t id, const char *kind, bool *out);
/* How far open cases follow the calendar. */
struct cases_follow {
    int64_t version, target, after;
};
enum rc cases_store_follow(struct cx *cx, struct cases_follow *out);
enum rc cases_store_follow_set(struct cx *cx, const struct cases_follow *f);
/* Ids of cases that are not closed, after this one; at most 100; an array of int64_t. */
enum rc cases_store_open_after(struct cx *cx, int64_t after, struct list *out);
enum rc cases_store_amendment_add(struct cx *cx, int64_t id, const struct cases_amendment *m);
/* The one that waits for confirmation; RC_NOT_FOUND if none does. */
enum rc cases_store_amendment(struct cx *cx, int64_t id, struct cases_amendment *out);
enum rc cases_store_amendment_confirm(struct cx *cx, int64_t id, int64_t n);
enum rc cases_store_set_answers(struct cx *cx, int64_t id, struct str answers);
/* Ids of drafts not touched since, at most CASES_DRAFTS_AT_ONCE; an array of int64_t. */
enum { CASES_DRAFTS_AT_ONCE = 100 };
enum rc cases_store_drafts_old(struct cx *cx, int64_t before, struct list *out);
/* RC_CONFLICT if it was touched or submitted meanwhile. */
enum rc cases_store_draft_delete(struct cx *cx, int64_t id, int64_t before);

/* RC_CONFLICT if the case was told before. */
enum rc cases_store_set_told(struct cx *cx, int64_t id, struct day d);
/* RC_CONFLICT if it is there already. */
enum rc cases_store_set_holder(struct cx *cx, int64_t id, int64_t body);
enum rc cases_store_set_deemed(struct cx *cx, int64_t id);
/* Ids of cases in this state whose date has passed; at most 100, oldest first; an array of int64_t. */
enum rc cases_store_overdue(struct cx *cx, const char *state, struct day today, struct list *out);
enum rc cases_store_point_add(struct cx *cx, int64_t id, const struct cases_point *p);
enum rc cases_store_points(struct cx *cx, int64_t id, struct list *out);
/* RC_CONFLICT if the point is not open / not supplied. */
enum rc cases_store_point_supply(struct cx *cx, int64_t id, int64_t n, struct str answer);
enum rc cases_store_point_reopen(struct cx *cx, int64_t id, int64_t n, struct str reason);
/* What was supplied is what was wanted: said by accepting the case. */
enum rc cases_store_points_met(struct cx *cx, int64_t id);
enum rc cases_store_points_open(struct cx *cx, int64_t id, int64_t *out);
enum rc cases_store_finding_add(struct cx *cx, const struct cases_case *c, const char *kind);
enum rc cases_store_findings(struct cx *cx, int64_t id, struct list *out);
enum rc cases_store_draft_add(struct cx *cx, int64_t id, const struct catalog_item *item, struct str answers);
enum rc cases_store_draft(struct cx *cx, int64_t id, struct cases_draft *out);
enum rc cases_store_draft_lock(struct cx *cx, int64_t id);
enum rc cases_store_draft_set(struct cx *cx, int64_t id, struct str answers, int64_t *out_changed);
/* Changed just now; RC_CONFLICT if it was submitted. */
enum rc cases_store_draft_touch(struct cx *cx, int64_t id);
enum rc cases_store_draft_submitted(struct cx *cx, int64_t id, int64_t case_id);
enum rc cases_store_draft_open(struct cx *cx, struct str item_code, int64_t *out_id);
enum rc cases_store_drafts(struct cx *cx, struct list *out);
enum rc cases_store_counter(struct cx *cx, struct str division, struct day d, int64_t slot, int64_t *out);
enum rc cases_store_add(struct cx *cx, const struct cases_case *c);
enum rc cases_store_lock(struct cx *cx, int64_t id);
/* RC_CONFLICT if the case is not in state `from`. */
enum rc cases_store_set_state(struct cx *cx, int64_t id, const char *from, const char *to);
enum rc cases_store_set_step(struct cx *cx, int64_t id, int64_t step);
enum rc cases_store_set_accepted_by(struct cx *cx, int64_t id, int64_t staff);
enum rc cases_store_set_due(struct cx *cx, int64_t id, struct day due, struct day yellow);
/* step_on of the open task. */
enum rc cases_store_task_step(struct cx *cx, int64_t id, struct day on);
enum rc cases_store_set_closed(struct cx *cx, int64_t id);
enum rc cases_store_lines(struct cx *cx, int64_t before, struct list *out);
enum rc cases_store_task_add(struct cx *cx, int64_t id, int64_t step, struct str name, int64_t body, struct str role);
/* The task of a case that is being stored, with its days. */
enum rc cases_store_task_first(struct cx *cx, const struct cases_case *c, struct str name, struct str role);
enum rc cases_store_task_open(struct cx *cx, int64_t id, struct cases_task *out);
enum rc cases_store_task_claim(struct cx *cx, int64_t id, int64_t n);
enum rc cases_store_task_done(struct cx *cx, int64_t id, int64_t n, struct str result, struct str opinion);
enum rc cases_store_tasks(struct cx *cx, int64_t id, struct list *out);
/* What the law makes due first stands first, what has no date yet last. */
enum rc cases_store_queue(struct cx *cx, int64_t body, struct str role, struct str state, struct list *out);
enum rc cases_store_queue_count(struct cx *cx, int64_t body, struct str role, int64_t *out);
enum rc cases_store_material_add(struct cx *cx, int64_t id, const struct cases_material *m);
enum rc cases_store_materials(struct cx *cx, int64_t id, struct list *out);
enum rc cases_store_document_next(struct cx *cx, int64_t body, const char *kind, int64_t year, int64_t *out);
enum rc cases_store_document_add(struct cx *cx, int64_t id, const struct cases_document *d);
enum rc cases_store_message_add(struct cx *cx, int64_t account, int64_t id, const char *kind);
enum rc cases_store_messages(struct cx *cx, struct list *out);
enum rc cases_store_message_unread(struct cx *cx, int64_t *out);
enum rc cases_store_message_read_all(struct cx *cx);

/* ---- licences that are held; cases_store_licence.c ---- */

enum { CASES_LICENCES_MAX = 40 };
/* Whose licences: of this account (0: none), and of this person when he is proven (0: not). */
struct cases_holder {
    int64_t account, person;
};
/* A licence that has not ended; its number is that of the decision. */
struct cases_licence {
    int64_t     case_id;
    struct str  no, number;
    struct when made_at;
    struct day  valid_until; /* none: without end */
};
enum rc cases_store_licence_add(struct cx *cx, const struct cases_case *c, struct day valid_until);
/* What the case gave, without number; RC_NOT_FOUND if nothing. */
enum rc cases_store_licence(struct cx *cx, int64_t case_id, struct cases_licence *out);
/* Of one item, newest first; list of struct cases_licence. */
enum rc cases_store_licences(struct cx *cx, const struct cases_holder *h, struct str item_code, struct list *out);
/* RC_NOT_FOUND if there is none, or it has ended before. */
enum rc cases_store_licence_end(struct cx *cx, int64_t case_id);
/* Whose licences the signed-in citizen may choose from. */
enum rc cases_store_holder(struct cx *cx, struct cases_holder *out);

#endif

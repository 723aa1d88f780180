/* cases.h - a case (办件) from application to delivery, under the law of its item.
 * Words: received (已收件) is acknowledged and durable; accepted (已受理) starts the decision clock; a task is what waits for
 * somebody in a queue (body + role); every change is an entry of the ledger, and dates are recomputed from those entries. */
#ifndef MODULES_CASES_CASES_H
#define MODULES_CASES_CASES_H

#include "http/app.h"
#include "http/route.h"
#include "ledger/ledger.h"
#include "modules/calendar/clock.h"
#include "modules/catalog/catalog.h"
#include "modules/forms/forms.h"
#include "tmpl/text.h"

/* The closed list of states; words as in the database and the API. */
extern const char *const cases_states[];
/* The closed list of documents. */
extern const char *const cases_document_kinds[];

struct cases_case {
    int64_t     id, item, version;
    int64_t     body;   /* received it; its window hands out */
    int64_t     holder; /* has it now; another body after 转报 */
    int64_t     applicant, account, clerk, accepted_by, step;
    struct str  no, query_code, item_code, item_name, channel, state, applicant_name, applicant_mask, service_way, answers;
    struct when received_at, closed_at;
    struct day  due_on, yellow_on, told_on;
    bool        deemed;
};
extern const struct record CASES_CASE;

/* An application, complete and checked by the caller's form. */
struct cases_application {
    const struct catalog_item *item;
    const struct form         *form;
    struct form_answers        answers;
    struct str                 channel;   /* web, window, station, kiosk, phone */
    int64_t                    applicant; /* person */
    struct str                 applicant_name, applicant_mask;
    int64_t                    account; /* 0 = without account */
    int64_t                    clerk;   /* staff who took it in; 0 = online */
    struct str                 files;   /* what is handed in, by cases_materials_said; none: no files */
    struct list                materials; /* struct cases_material: how each stands; named on the receipt */
    const struct cases_sealed *sealed;  /* made before the unit by cases_seal; NULL: cases_submit makes it */
};

/* What of a case to come needs nothing but its answers: its id, the row of the counter it takes its number from, its query code, the
 * answers as they will be kept, sealed for the id, and as the detail of the first entry. */
struct cases_sealed {
    int64_t              id, slot;
    struct str           query_code, answers;
    struct ledger_detail detail;
};
/* Outside the unit, so that the writer is not held while answers are encrypted and hashed. Lives in cx->arena. */
const struct cases_sealed *cases_seal(struct cx *cx, const struct form *f, struct form_answers answers);

/* Number, query code, receipt, ledger entry, first task; state received. Exactly once is the caller's: a draft or a once token.
 * RC_DENIED if the item's law wants the applicant at the window and the channel is another. */
enum rc cases_submit(struct cx *cx, const struct cases_application *ap, struct cases_case *out);

/* The case as this actor may see it; RC_NOT_FOUND otherwise. */
enum rc cases_find_own(struct cx *cx, struct str no, struct cases_case *out);
enum rc cases_find_staff(struct cx *cx, struct str no, struct cases_case *out);
/* By number and query code, for anybody who holds the receipt. */
enum rc cases_find_query(struct cx *cx, struct str no, struct str query_code, struct cases_case *out);

/* Acts of the office. RC_CONFLICT if the state does not allow it, RC_DENIED for the wrong role, RC_INVALID with issues. */
enum rc cases_accept(struct cx *cx, struct cases_case *c);
/* `kind` not_accepted (不予受理: not our power) or not_needed (不受理: no licence needed); both need a reason. */
enum rc cases_refuse_acceptance(struct cx *cx, struct cases_case *c, struct str kind, struct str reason);
enum rc cases_claim(struct cx *cx, struct cases_case *c);
/* Opinion of the open step, then on to the next, or back with `back`. */
enum rc cases_opinion(struct cx *cx, struct cases_case *c, struct str opinion, bool back);
/* Last step. A refusal needs facts and reasons and the law. Whoever accepted a promised item does not decide it. */
enum rc cases_decide(struct cx *cx, struct cases_case *c, bool grant, struct str reasons, struct str basis);
enum rc cases_deliver(struct cx *cx, struct cases_case *c, struct str way, struct str receiver);
/* By the applicant, before the decision. */
enum rc cases_withdraw(struct cx *cx, struct cases_case *c);

/* ---- the law's special acts; dates of the tests in test/data/story-dates.txt ---- */

/* One point of the correction notice. */
struct cases_demand {
    struct str name, reason; /* what was seen and what is needed */
};
/* 一次性告知 (行政许可法 32(4)): once per case, all points, until `until` (no day: 30 working days). RC_CONFLICT if it was told
 * before, or silence has already accepted the case; the attempt is a finding. */
enum rc cases_tell_once(struct cx *cx, struct cases_case *c, const struct cases_demand *points, size_t n, struct day until);
/* By the applicant, as often as he likes until the date; with the last open point the case is complete. */
enum rc cases_supply(struct cx *cx, struct cases_case *c, int64_t point, struct str answer);
/* The same with files; `files` as in struct cases_application. */
enum rc cases_supply_with(struct cx *cx, struct cases_case *c, int64_t point, struct str answer, struct str files);
/* The same point again, with a reason; a new point is RC_CONFLICT (there is none to name). */
enum rc cases_reopen(struct cx *cx, struct cases_case *c, int64_t point, struct str reason);
/* 除外时间 (行政许可法 45, and what other regimes have): `kind` is one of those that the item's law names (catalog_pause_list), else
 * RC_INVALID on "kind"; RC_CONFLICT for a part of the work that never stops the clock (site check, publicity, payment, consultation,
 * rectification). Not before today nor on the day of acceptance, which does not count (RC_INVALID), not after the due day (RC_CONFLICT).
 * The notice tells the days. */
enum rc cases_pause(struct cx *cx, struct cases_case *c, struct str kind, struct day first, struct day last);
enum rc cases_pause_revise(struct cx *cx, struct cases_case *c, struct day last);
enum rc cases_pause_end(struct cx *cx, struct cases_case *c);
/* Hearing (行政许可法 46-48). The notice names the right; applicant or third party ask within 5 working days of it; from the
 * request to the hearing the clock stands still; it is held within 20 working days, its notice goes out 7 clear working days
 * before (the stricter reading); the host has had no part in the case; the decision refers to the record. RC_CONFLICT where the
 * item's regime has no hearing outside its time. */
enum rc cases_hearing_tell(struct cx *cx, struct cases_case *c);
enum rc cases_hearing_request(struct cx *cx, struct cases_case *c, struct str by);
enum rc cases_hearing_set(struct cx *cx, struct cases_case *c, int64_t host, struct day on);
enum rc cases_hearing_hold(struct cx *cx, struct cases_case *c, struct str record);
/* What the hearing demands of a decision: RC_CONFLICT while it is asked for and not held, RC_INVALID if the decision does not refer
 * to its record. */
enum rc cases_hearing_check(struct cx *cx, const struct cases_case *c, struct str reasons, struct str basis);
/* 延期 (行政许可法 42): once, by the head of the body, before the due day, at most what the regime allows. */
enum rc cases_extend(struct cx *cx, struct cases_case *c, int64_t days, struct str reason);
/* 转报: an item that another body decides goes on to it; same number, same dates. RC_CONFLICT if the item names none or the case
 * is there already. */
enum rc cases_forward(struct cx *cx, struct cases_case *c);
/* 送达 of every document. With recorded consent and an account it is served online at once (decisions: by the act of delivery),
 * otherwise it is due by post (tracking number, day signed) or at the window (signature). Periods of the applicant run from service: a
 * correction notice gives as many working days from then, a hearing may be asked for within 5, and nothing lapses unserved. */
struct cases_handing {
    struct str way, receiver, proof; /* online, window, post; proof: tracking number or what was signed */
    struct day on;                   /* none = today; not before the document, not after today */
};
/* Consent to electronic service, by the applicant or recorded by the window. RC_CONFLICT if it is so already; RC_INVALID without
 * account. */
enum rc cases_consent_get(struct cx *cx, const struct cases_case *c, bool *out);
enum rc cases_consent_set(struct cx *cx, struct cases_case *c, bool given);
/* Posted under this tracking number; told by telephone that it waits; signed for. RC_CONFLICT if it is served already, RC_INVALID for
 * online without consent, post without tracking number, a day out of range, or a decision (delivery serves it). */
enum rc cases_service_send(struct cx *cx, struct cases_case *c, int64_t document, struct str tracking);
enum rc cases_service_phone(struct cx *cx, struct cases_case *c, int64_t document);
enum rc cases_service_done(struct cx *cx, struct cases_case *c, int64_t document, const struct cases_handing *h);
/* How to reach whom a document is for, to serve it or to hear him: phone and agent, with purpose "post" the address too; of a third party
 * what was written down. Opened only in a WRITE unit: the ledger keeps who looked and why, never what he saw. By who serves, for a
 * document that is not served yet; with `party` by the examiners, for one they hear. RC_INVALID on "purpose"; RC_NOT_FOUND if there is
 * no such document or party; RC_CONFLICT if it is served, or the case is past that. */
struct cases_contact_ask {
    int64_t    document, party; /* one of them; the other 0 */
    struct str purpose;         /* of cases_contact_purposes */
};
struct cases_contact {
    struct str name, agent, phone, address, written;
};
extern const char *const cases_contact_purposes[];
enum rc cases_contact_reveal(struct cx *cx, struct cases_case *c, const struct cases_contact_ask *ask, struct cases_contact *out);
/* As cases_deliver, with proof and day; the decision is served by it. */
enum rc cases_deliver_by(struct cx *cx, struct cases_case *c, const struct cases_handing *h);
/* 利害关系人 (行政许可法 36), in review, by the body that has the case. `contact` is kept sealed. Told with a notice of its own, heard
 * until `until`; RC_INVALID if that is no day ahead in a known year; RC_CONFLICT if it was told or has answered before. */
enum rc cases_party_add(struct cx *cx, struct cases_case *c, struct str name, struct str contact, struct str interest);
enum rc cases_party_tell(struct cx *cx, struct cases_case *c, int64_t n, struct day until);
enum rc cases_party_answer(struct cx *cx, struct cases_case *c, int64_t n, struct str answer);
/* 归档, when the case has ended: number of the archive, catalogue of documents and files with its hash in the ledger; afterwards no act is
 * possible but the end of the licence. `retention` is one of cases_retentions. RC_CONFLICT while the case is open, something waits to
 * be made void, or a document waits to be served (issues on "service" name each). A void case is archived with its void documents. */
extern const char *const cases_retentions[];
extern const char cases_retention_basis[]; /* where the classes come from; 待核实 */
enum rc cases_archive(struct cx *cx, struct cases_case *c, struct str retention);
/* 作废. What somebody asks for: a document that was wrongly issued, or with document 0 the whole case that was wrongly entered. */
struct cases_void_wish {
    int64_t    document;
    struct str reason;         /* why */
    bool       reissue;        /* issue it again under a new number, with today's day */
    struct str reasons, basis; /* of the new document; empty = as they were */
};
/* RC_INVALID on "document" for a receipt, a delivery record, or a decision that would not be replaced; RC_CONFLICT if it is void or
 * asked for already, or the file is archived. */
enum rc cases_void_ask(struct cx *cx, struct cases_case *c, const struct cases_void_wish *w);
/* By another person of the body, else RC_INVALID. Confirmed: the document is void and keeps its number, its successor names it; or the
 * case is void with all its documents. Refused: nothing changes. RC_CONFLICT if it was settled before. */
enum rc cases_void_settle(struct cx *cx, struct cases_case *c, int64_t n, bool confirm);
/* Limited number (行政许可法 12, 57). The zone is named by the applicant or the clerk before acceptance, or in review if silence
 * accepted; acceptance reserves a place in its order (RC_INVALID on "zone" if none is named), the grant takes it (RC_CONFLICT while
 * the case waits), every other end frees it. RC_CONFLICT for an item without zones. */
enum rc cases_place_name(struct cx *cx, struct cases_case *c, int64_t zone);
/* 注销 (行政许可法 70) recorded on the case that was granted: shown on the public list of decisions; where the number is limited its
 * place is free, those who wait are told, nobody is granted. By the body that decided, with reason. RC_CONFLICT if it was recorded
 * before, no licence was granted, or the grant is void. */
enum rc cases_licence_end(struct cx *cx, struct cases_case *c, struct str reason);
/* When that was; none if it was not. */
enum rc cases_licence_ended(struct cx *cx, int64_t case_id, struct when *out);
/* 即办件: accepted and decided in one act by a window with authority. */
enum rc cases_decide_on_spot(struct cx *cx, struct cases_case *c, struct str reasons);
/* 当场更正 (行政许可法 32(3)): the window offers another value for a field of the form; only the applicant's confirmation
 * changes it. RC_CONFLICT for confirming when nothing is offered. */
enum rc cases_amend_offer(struct cx *cx, struct cases_case *c, struct str field, struct str value);
enum rc cases_amend_confirm(struct cx *cx, struct cases_case *c);
/* 现场核查: by two different members of staff (34), else RC_INVALID; never stops the clock. */
enum rc cases_site_check(struct cx *cx, struct cases_case *c, int64_t first, int64_t second, struct str place, struct str findings);
/* 收费通知单: only where the item has a fee with basis and standard (58, 59). A decision waits for it (RC_CONFLICT); the clock
 * runs on. */
enum rc cases_bill_make(struct cx *cx, struct cases_case *c, struct fen amount);
/* At the window; the receipt number has no gaps per body and year. */
enum rc cases_bill_pay(struct cx *cx, struct cases_case *c, int64_t n, struct str *out_receipt);
enum rc cases_bill_cancel(struct cx *cx, struct cases_case *c, int64_t n, struct str reason);
enum rc cases_bill_refund(struct cx *cx, struct cases_case *c, int64_t n, struct str reason);
/* Drafts nobody touched for 30 days are deleted with their answers and links to files, up to 100 at a time; for the timer.
 * *out_again: there may be more. */
enum rc cases_drafts_purge(struct cx *cx, bool *out_again);
/* ---- documents: what the office has issued; number, frozen fields and their hash are the legal fact ---- */

struct cases_document {
    int64_t     case_id, n;
    struct str  kind, number, fields; /* fields: canonical JSON, frozen */
    struct str  hash;                 /* SM3 of fields, 32 raw bytes */
    struct when made_at, sealed_at;   /* none: its file is not sealed yet */
    struct when voided_at;            /* 作废 */
    int64_t     successor;            /* n of the document that replaces a void one; 0 = none */
};
struct cases_document_line {
    int64_t     n;
    struct str  kind, number;
    struct when made_at, sealed_at, voided_at;
    int64_t     successor;
};
extern const struct record CASES_DOCUMENT_LINE;
/* RC_NOT_FOUND if there is none. Permission is the caller's: these are for jobs and for checking a paper by its number. */
enum rc cases_get(struct cx *cx, int64_t id, struct cases_case *out);
enum rc cases_document_get(struct cx *cx, int64_t case_id, int64_t n, struct cases_document *out);
enum rc cases_document_find(struct cx *cx, struct str number, struct cases_document *out);
/* struct cases_document_line, by n. */
enum rc cases_document_list(struct cx *cx, int64_t case_id, struct list *out);
/* Its file is sealed and kept, as of now. */
enum rc cases_document_set_sealed(struct cx *cx, int64_t case_id, int64_t n);

/* Whom a text is for. */
struct cases_reader {
    struct texts *texts;
    enum locale   locale;
    struct arena *arena;
};
struct cases_paragraph {
    struct str text;
    bool       flush; /* lines as they are, without indent */
};
extern const struct record CASES_PARAGRAPH;
/* A document in words, from its kind and frozen fields alone, so that page and printed file say the same. */
struct cases_text {
    struct str  title, number, applicant, item, body;
    struct day  day;
    struct list paragraphs; /* struct cases_paragraph */
};
/* RC_FAILED if the fields are no document of this kind. Pure. */
enum rc cases_text_fill(const struct cases_reader *who, const struct cases_document *d, struct cases_text *out);

/* What happens by itself: deemed acceptance and lapse, for up to 100 cases each; run by a job at 00:00 and at start.
 * *out_done counts cases. Late runs give the same dates. */
enum rc cases_night(struct cx *cx, int64_t *out_done);

/* The calendar has changed: compute the dates of up to 100 open cases again; a case whose day changes gets the entry
 * "case.calendar_changed" (from, to, why) and its applicant a message. Run by a timer until *out_more is false; safe to repeat. */
enum rc cases_calendar_step(struct cx *cx, bool *out_more);
/* The clock of the case today, from the ledger. */
enum rc cases_clock(struct cx *cx, const struct cases_case *c, struct clock *out);
/* Recompute due_on and yellow_on of case and open task from the ledger, and step_on of the task: the day on which the shares of the
 * route's steps up to it are used up, of the told limit as it counts now. With cases_due_first the only writer of
 * the three. */
enum rc cases_due_refresh(struct cx *cx, const struct cases_case *c);
/* The same two days for a case that is just being received, before anything of it is stored: its ledger will hold that one entry.
 * `item` in the version the case stays on. */
enum rc cases_due_first(struct cx *cx, const struct catalog_item *item, struct cases_case *c);

extern const struct module cases_module, cases_apply_module, cases_materials_module, cases_uploads_module, cases_work_module,
    cases_more_module, cases_law_module;

#endif

/* cases.h - a case (办件) from application to delivery, under the law of its item.
 * Words: received (已收件) is acknowledged and durable; accepted (已受理) starts the decision clock; a task is what waits for
 * somebody in a queue (body + role); every change is an entry of the ledger, and dates are recomputed from those entries. */
#ifndef MODULES_CASES_CASES_H
#define MODULES_CASES_CASES_H

#include "http/app.h"
#include "http/route.h"
#include "modules/calendar/clock.h"
#include "modules/catalog/catalog.h"
#include "modules/forms/forms.h"

/* The closed list of states; words as in the database and the API. */
extern const char *const cases_states[];

struct cases_case {
    int64_t     id, item, version, body, applicant, account, clerk, accepted_by, step;
    struct str  no, query_code, item_code, item_name, channel, state, applicant_name, applicant_mask, service_way, answers;
    struct when received_at, closed_at;
    struct day  due_on, yellow_on;
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
};

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

/* The clock of the case today, from the ledger. */
enum rc cases_clock(struct cx *cx, const struct cases_case *c, struct clock *out);
/* Recompute due_on and yellow_on of case and open task from the ledger; the only writer of both. */
enum rc cases_due_refresh(struct cx *cx, const struct cases_case *c);

extern const struct module cases_module, cases_apply_module, cases_work_module;

#endif

/* cases_service.h - what the module's own files share beside the contract. */
#ifndef MODULES_CASES_SERVICE_H
#define MODULES_CASES_SERVICE_H

#include "cases_papers.h"

/* Events, limits and calendar of a case, for clock_read and clock_days. */
enum rc cases_clock_case(struct cx *cx, const struct cases_case *c, struct clock_case *out);
/* The limit the case waits for; NULL when it waits for nothing. */
const struct clock_figure *cases_figure(const struct clock *c);

/* Answers of a draft or case. Sealed with the row's id. */
struct str cases_answers_seal(struct cx *cx, const char *place, int64_t row, const struct form *f, struct form_answers ans);
enum rc cases_answers_open(struct cx *cx, const char *place, int64_t row, struct str sealed, const struct form *f,
                           struct form_answers *out);
/* The form that the case was applied for with. */
enum rc cases_form(struct cx *cx, const struct cases_case *c, const struct form **out);

/* ---- steps that all acts are made of; see cases.c ---- */

#include "cases_rules.h"

/* Ledger entry of the case; empty body = {}. Effective now unless `effective_at`. */
enum rc cases_note(struct cx *cx, const struct cases_case *c, const char *kind, struct str body, struct str detail);
enum rc cases_note_at(struct cx *cx, const struct cases_case *c, const char *kind, struct str body, int64_t effective_at);
/* Message to the account, if there is one. */
enum rc cases_tell(struct cx *cx, const struct cases_case *c, const char *kind);
/* Lock, read again, and the state after the act; RC_CONFLICT if the act does not fit. */
enum rc cases_act_begin(struct cx *cx, struct cases_case *c, enum cases_act act, const char **out_to);
enum rc cases_state_set(struct cx *cx, struct cases_case *c, const char *to);
enum rc cases_task_finish(struct cx *cx, const struct cases_case *c, const char *result, struct str opinion);
/* After the entry that ends a case without a decision: its place is freed, its dates go, and the applicant is told by a message and by
 * a document of `kind`, which comes last. */
enum rc cases_close(struct cx *cx, const struct cases_case *c, const char *message, const char *kind, struct str reason);
enum rc cases_process_go(struct cx *cx, struct cases_case *c, enum process_event_kind kind);

/* A document will have this n: served at once, or due. `party`: a third party, none = the applicant. */
enum rc cases_service_begin(struct cx *cx, const struct cases_case *c, const char *kind, int64_t n, struct str party);
/* RC_NOT_FOUND if the document is not one that is served. */
enum rc cases_service_find(struct cx *cx, const struct cases_case *c, int64_t document, struct cases_service *out);
/* Whatever decision is not served yet is, by its delivery. */
enum rc cases_service_decision(struct cx *cx, const struct cases_case *c, const struct cases_handing *h);
/* Locked and read again; RC_CONFLICT for an archived file, which takes nothing more. */
enum rc cases_file_open(struct cx *cx, struct cases_case *c);
/* Third parties by their n, or by their notice; RC_NOT_FOUND. */
enum rc cases_party_get(struct cx *cx, const struct cases_case *c, int64_t n, struct cases_party *out);
enum rc cases_party_of_document(struct cx *cx, const struct cases_case *c, int64_t document, struct cases_party *out);
/* The notice `old` is void: the same party is told again, under a new number. `interest` and `until` none: as they were. */
enum rc cases_party_tell_again(struct cx *cx, const struct cases_case *c, const struct cases_document *old, struct str interest,
                               struct day until);
/* RC_CONFLICT while somebody with a major interest was not told, or may still answer. */
enum rc cases_parties_check(struct cx *cx, const struct cases_case *c);
/* The clock with the notice's own date, whether it was served or not. */
enum rc cases_clock_told(struct cx *cx, const struct cases_case *c, struct clock *out);
/* RC_INVALID that names the first year from this day on whose calendar is not known, and says what to do. */
enum rc cases_no_calendar(struct cx *cx, const char *field, struct day d);
/* Is the calendar of this day known? RC_INVALID on `field` as above if not. */
enum rc cases_day_known(struct cx *cx, const char *field, struct day d);
/* Last day of n working days after `from`; nothing excluded. RC_NOT_FOUND beyond the known years. */
enum rc cases_due_wd(struct cx *cx, struct day from, int32_t n, struct day *out);
/* Working days after `from` through `to`. RC_NOT_FOUND beyond the known years. */
enum rc cases_used_wd(struct cx *cx, struct day from, struct day to, int32_t *out);

/* ---- limited number; see cases_places.c. Nothing happens for an item without zones ---- */

/* `by_itself`: by silence, where a missing zone is no obstacle. `accepted_at` in ms. */
enum rc cases_place_accept(struct cx *cx, const struct cases_case *c, int64_t accepted_at, bool by_itself);
enum rc cases_place_grant(struct cx *cx, const struct cases_case *c);
/* 注销 of what this case has given, whoever wanted it: recorded, held no longer, its place free, its holder told. RC_CONFLICT if it was
 * recorded before. */
enum rc cases_licence_over(struct cx *cx, const struct cases_case *c, struct str reason);
/* Any other end than a grant. */
enum rc cases_place_end(struct cx *cx, const struct cases_case *c, bool refused);

#endif

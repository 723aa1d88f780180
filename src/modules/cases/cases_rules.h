/* cases_rules.h - the legal skeleton as tables; pure. */
#ifndef MODULES_CASES_RULES_H
#define MODULES_CASES_RULES_H

#include "modules/cases/cases.h"
#include "modules/process/process.h"

enum cases_act {
    ACT_ACCEPT, ACT_NOT_ACCEPT, ACT_NOT_NEEDED, ACT_WITHDRAW, ACT_OPINION, ACT_GRANT, ACT_REFUSE, ACT_DELIVER, ACT_TELL,
    ACT_SUPPLY, ACT_REOPEN, ACT_LAPSE, ACT_DEEM, ACT_PAUSE, ACT_EXTEND, ACT_ON_SPOT, ACT_AMEND,
    ACT_CHECK_SITE, ACT_BILL, ACT_FORWARD, ACT_HEARING, ACT_PLACE, ACT_LICENCE_END, ACT_VOID, ACT_PARTY, ACT_ARCHIVE,
    ACTS
};

/* The state after this act, or NULL if the act is not allowed in `from`. */
const char *cases_move(struct str from, enum cases_act act);
/* Something is still waited for. */
bool cases_is_open(struct str state);
/* The steps after acceptance: the form's own, or review and decision. */
const struct process_def *cases_route(const struct form *f);
/* Limits and regime of the item for the clock. */
struct clock_rules cases_clock_rules(const struct catalog_item *item);

/* Site check, publicity, payment, internal consultation, rectification: parts of the work, which no law lets stop the clock. */
bool cases_never_stops(struct str word);
/* Most working days an extension may add; 0 = the regime has none. */
int64_t cases_extension_max(struct str regime);

/* Which ledger entries are events of the clock. */
struct cases_kind {
    const char     *word;
    enum clock_kind kind;
};
extern const struct cases_kind cases_kinds[];
bool cases_kind_find(struct str word, enum clock_kind *out);

#endif

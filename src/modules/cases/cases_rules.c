/* cases_rules.c - states, moves, the default route; pure. */
#include "cases_rules.h"

#include <string.h>

const char *const cases_states[] = {
    "draft",   "received", "correction_due", "supplemented", "not_needed", "not_accepted", "in_review", "excluded", "extended",
    "granted", "partly_granted", "refused", "terminated", "withdrawn", "lapsed", "making", "ready", "delivered", "archived",
    "forwarded", "voided", NULL,
};

const char *const cases_document_kinds[] = {
    "receipt", "acceptance", "correction", "excluded", "extension", "amendment", "bill", "hearing", "not_accepted", "not_needed",
    "grant", "refusal", "delivery", "withdrawal", "lapse", "voided", "third_party", NULL,
};

/* What may happen in which state; a missing row is a conflict. */
static const struct {
    const char     *from;
    enum cases_act  act;
    const char     *to;
} moves[] = {
    { "received", ACT_ACCEPT, "in_review" },
    { "supplemented", ACT_ACCEPT, "in_review" },
    { "received", ACT_NOT_ACCEPT, "not_accepted" },
    { "received", ACT_NOT_NEEDED, "not_needed" },
    { "received", ACT_TELL, "correction_due" },
    { "correction_due", ACT_SUPPLY, "correction_due" },
    { "supplemented", ACT_REOPEN, "correction_due" },
    { "correction_due", ACT_REOPEN, "correction_due" },
    { "correction_due", ACT_LAPSE, "lapsed" },
    { "received", ACT_DEEM, "in_review" },
    { "supplemented", ACT_DEEM, "in_review" },
    { "received", ACT_AMEND, "received" },
    { "in_review", ACT_CHECK_SITE, "in_review" },
    { "in_review", ACT_BILL, "in_review" },
    { "in_review", ACT_FORWARD, "in_review" },
    { "in_review", ACT_HEARING, "in_review" },
    { "in_review", ACT_PAUSE, "in_review" },
    { "in_review", ACT_EXTEND, "in_review" },
    { "received", ACT_ON_SPOT, "granted" },
    { "supplemented", ACT_ON_SPOT, "granted" },
    { "received", ACT_WITHDRAW, "withdrawn" },
    { "correction_due", ACT_WITHDRAW, "withdrawn" },
    { "supplemented", ACT_WITHDRAW, "withdrawn" },
    { "in_review", ACT_WITHDRAW, "withdrawn" },
    { "in_review", ACT_OPINION, "in_review" },
    { "in_review", ACT_GRANT, "granted" },
    { "in_review", ACT_REFUSE, "refused" },
    { "granted", ACT_DELIVER, "delivered" },
    { "refused", ACT_DELIVER, "delivered" },
    { "received", ACT_PLACE, "received" },
    { "correction_due", ACT_PLACE, "correction_due" },
    { "supplemented", ACT_PLACE, "supplemented" },
    { "in_review", ACT_PLACE, "in_review" },
    { "in_review", ACT_PARTY, "in_review" },
    { "received", ACT_VOID, "voided" },
    { "correction_due", ACT_VOID, "voided" },
    { "supplemented", ACT_VOID, "voided" },
    { "in_review", ACT_VOID, "voided" },
    { "granted", ACT_VOID, "voided" },
    { "refused", ACT_VOID, "voided" },
    { "delivered", ACT_VOID, "voided" },
    { "not_accepted", ACT_VOID, "voided" },
    { "not_needed", ACT_VOID, "voided" },
    { "withdrawn", ACT_VOID, "voided" },
    { "lapsed", ACT_VOID, "voided" },
    { "delivered", ACT_ARCHIVE, "archived" },
    { "not_accepted", ACT_ARCHIVE, "archived" },
    { "not_needed", ACT_ARCHIVE, "archived" },
    { "withdrawn", ACT_ARCHIVE, "archived" },
    { "lapsed", ACT_ARCHIVE, "archived" },
    { "terminated", ACT_ARCHIVE, "archived" },
    { "voided", ACT_ARCHIVE, "archived" },
    { "granted", ACT_LICENCE_END, "granted" },
    { "delivered", ACT_LICENCE_END, "delivered" },
    { "archived", ACT_LICENCE_END, "archived" },
};

const char *cases_move(struct str from, enum cases_act act)
{
    for (size_t i = 0; i < countof(moves); i++)
        if (moves[i].act == act && str_is(from, moves[i].from))
            return moves[i].to;
    return NULL;
}

bool cases_is_open(struct str state)
{
    static const char *const open[] = { "received", "correction_due", "supplemented", "in_review", "excluded", "extended", NULL };
    return word_in(open, state);
}

const struct process_def *cases_route(const struct form *f)
{
    static const struct process_node nodes[] = {
        { STR_INIT("审查"), STR_INIT("reviewer"), 60, WANTS_NOTHING },
        { STR_INIT("决定"), STR_INIT("body_head"), 40, WANTS_NOTHING },
    };
    static const struct process_def two_steps = { nodes, countof(nodes) };
    return f->route.n ? &f->route : &two_steps;
}

static struct limit limit_of(int64_t days, struct str unit)
{
    enum day_unit u = str_is(unit, "WD") ? UNIT_WD : str_is(unit, "CD") ? UNIT_CD : UNIT_NONE;
    return (struct limit){ (int32_t)days, days ? u : UNIT_NONE };
}

/* Law and practice section 1: deemed acceptance and the ten days to deliver exist only for licences. */
struct clock_rules cases_clock_rules(const struct catalog_item *item)
{
    bool licence = catalog_is_licence(item->regime);
    struct clock_rules r = {
        .check = limit_of(item->check_days, STR("WD")),
        .statutory = limit_of(item->statutory_days, item->statutory_unit),
        .promised = limit_of(item->promised_days, item->promised_unit),
        .delivery = licence ? (struct limit){ 10, UNIT_WD } : (struct limit){ 0, UNIT_NONE },
        .start = str_is(item->regime, "LR") || str_is(item->regime, "M") ? START_COMPLETE
                 : str_is(item->regime, "D")                             ? START_RECEIVED
                                                                         : START_ACCEPTED,
        .deemed = licence,
        .decider = { OWNER_BODY, item->body },
    };
    return r;
}

bool cases_never_stops(struct str word)
{
    static const char *const never[] = { "site_check", "publicity", "payment", "consultation", "rectification", NULL };
    return word_in(never, word);
}

/* Law and practice section 1, column "extension": days and whether they are added to a limit of the regime at all. */
int64_t cases_extension_max(struct str regime)
{
    static const struct {
        const char *regime;
        int64_t     days;
    } rows[] = { { "L", 10 }, { "J", 15 }, { "M", 3 }, { "D", 20 } };
    for (size_t i = 0; i < countof(rows); i++)
        if (str_is(regime, rows[i].regime))
            return rows[i].days;
    return 0;
}

const struct cases_kind cases_kinds[] = {
    { "case.received", CLOCK_RECEIVED },       { "case.told", CLOCK_TOLD },
    { "case.supplemented", CLOCK_SUPPLEMENTED }, { "case.completed", CLOCK_COMPLETED },
    { "case.reopened", CLOCK_REOPENED },       { "case.not_accepted", CLOCK_NOT_ACCEPTED },
    { "case.not_needed", CLOCK_NOT_ACCEPTED }, { "case.accepted", CLOCK_ACCEPTED },
    { "case.forwarded", CLOCK_FORWARDED },     { "case.handed", CLOCK_HANDED },
    { "case.paused", CLOCK_PAUSED },           { "case.pause_revised", CLOCK_PAUSE_REVISED },
    { "case.pause_ended", CLOCK_PAUSE_ENDED }, { "case.extended", CLOCK_EXTENDED },
    { "case.granted", CLOCK_DECIDED },         { "case.refused", CLOCK_DECIDED },
    { "case.delivered", CLOCK_DELIVERED },     { "case.withdrawn", CLOCK_WITHDRAWN },
    { "case.terminated", CLOCK_TERMINATED },   { "case.lapsed", CLOCK_LAPSED },
    { "case.voided", CLOCK_TERMINATED },
    { NULL, CLOCK_RECEIVED },
};

bool cases_kind_find(struct str word, enum clock_kind *out)
{
    for (const struct cases_kind *k = cases_kinds; k->word; k++)
        if (str_is(word, k->word)) {
            *out = k->kind;
            return true;
        }
    return false;
}

/* catalog_rules.c - what must be true of an item before it is published (行政许可法 30, 优化营商环境条例 35-36). Pure. */
#include "modules/catalog/catalog.h"

bool catalog_is_licence(struct str regime)
{
    return str_is(regime, "L") || str_is(regime, "LR") || str_is(regime, "J");
}

static void wrong(struct arena *a, struct issues *is, const char *field, const char *key)
{
    issues_add(is, a, str_c(field), key, STR_NONE, STR_NONE);
}

static void limits_check(struct arena *a, const struct catalog_item *i, struct issues *is)
{
    bool on_spot = str_is(i->kind, "on_spot");
    if (on_spot && i->promised_days)
        wrong(a, is, "promised_days", "catalog.on_spot_has_days");
    if (!on_spot && !i->promised_days)
        wrong(a, is, "promised_days", "catalog.promise_missing");
    if (i->statutory_days && i->promised_days > i->statutory_days && str_eq(i->promised_unit, i->statutory_unit))
        wrong(a, is, "promised_days", "catalog.promise_longer_than_law");
    if (i->statutory_days && !i->statutory_basis.n)
        wrong(a, is, "statutory_basis", "catalog.limit_without_basis");
    if (str_is(i->type, "01") && i->statutory_days && !str_is(i->statutory_unit, "WD"))
        wrong(a, is, "statutory_unit", "catalog.licence_in_working_days");
}

static void access_check(struct arena *a, const struct catalog_item *i, struct issues *is)
{
    if (i->visits && !i->visit_reason.n)
        wrong(a, is, "visit_reason", "catalog.visit_without_reason");
    if (str_has_word(i->channels, STR("web")) && i->visits > 1)
        wrong(a, is, "visits", "catalog.online_with_visits");
    if (i->fee && (!i->fee_basis.n || !i->fee_standard.n))
        wrong(a, is, "fee_basis", "catalog.fee_without_basis");
    if (!i->result_name.n && !str_is(i->result_kind, "none"))
        wrong(a, is, "result_name", "catalog.result_missing");
}

enum rc catalog_item_check(struct arena *a, const struct catalog_item *item, struct issues *issues)
{
    size_t before = issues->n;
    if (item->code.n != 31 || !str_eq(str_sub(item->code, 19, 12), item->basic_code))
        wrong(a, issues, "code", "catalog.code_shape");
    limits_check(a, item, issues);
    access_check(a, item, issues);
    return issues->n > before ? RC_INVALID : RC_OK;
}

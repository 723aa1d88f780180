/* form_plan.c - fee and steps of an item as data: reading them, and what is to be paid. */
#include "form_read.h"

#include <string.h>

enum { NUMBER_DIGITS = 15, RATE_DECIMALS = 4, YEARS_MAX = 99 };

/* Keeps product x rate within 128 bits. */
#define PRODUCT_MAX ((__int128)1 << 60)
#define RATE_MAX    INT64_C(10000000000)

/* More than this is no fee of a county: a hundred million yuan. */
#define CHARGE_MAX INT64_C(10000000000)

/* ---- exact numbers ----------------------------------------------------------------------------------------------------- */

bool form_number_parse(struct str text, int64_t decimals, int64_t *out)
{
    int64_t v = 0, after = -1;
    size_t digits = 0;
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '.' && after < 0 && i > 0 && i + 1 < text.n) {
            after = 0;
            continue;
        }
        if (text.p[i] < '0' || text.p[i] > '9' || ++digits > NUMBER_DIGITS || after == decimals)
            return false;
        v = v * 10 + (text.p[i] - '0');
        after += after >= 0;
    }
    for (int64_t i = after < 0 ? 0 : after; i < decimals; i++)
        if (__builtin_mul_overflow(v, 10, &v))
            return false;
    *out = v;
    return digits > 0;
}

/* ---- reading ------------------------------------------------------------------------------------------------------------- */

static bool factor_read(struct reader *r, const json_t *o, struct form_factor *out)
{
    static const char *const known[] = { "field", "days", "unit", NULL };
    const json_t *days = json_object_get(o, "days");
    const char *from = json_string_value(json_array_get(days, 0)), *to = json_string_value(json_array_get(days, 1));
    *out = (struct form_factor){ form_field_find(r->f, form_text_of(r, o, "field")), form_field_find(r->f, str_c(from)),
                                 form_field_find(r->f, str_c(to)), form_text_of(r, o, "unit") };
    if (!form_keys_known(r, o, STR("x-fee"), known))
        return false;
    const struct form_field *all = r->f->fields;
    bool number = out->field >= 0 && all[out->field].kind == FORM_NUMBER && all[out->field].most > 0;
    bool span = out->field < 0 && out->from >= 0 && out->to >= 0 && all[out->from].kind == FORM_DATE && all[out->to].kind == FORM_DATE;
    if (number)
        out->unit = all[out->field].unit;
    return number || span || form_fail(r, STR("x-fee"), "a factor is a number with a maximum, or days from one date to another");
}

bool form_fee_read(struct reader *r, const json_t *fee)
{
    static const char *const known[] = { "when", "factors", "rate", "unit", NULL };
    const json_t *factors = json_object_get(fee, "factors");
    struct form_fee *out = &r->f->fee;
    if (!fee)
        return true;
    out->on = true;
    out->n = json_array_size(factors);
    out->rate_text = form_text_of(r, fee, "rate");
    out->unit = form_text_of(r, fee, "unit");
    if (!form_keys_known(r, fee, STR("x-fee"), known) || !form_when_read(r, form_text_of(r, fee, "when"), STR("x-fee"), &out->when))
        return false;
    if (!out->n || out->n > FORM_FACTORS_MAX || !out->unit.n || !form_number_parse(out->rate_text, RATE_DECIMALS, &out->rate) ||
        out->rate > RATE_MAX)
        return form_fail(r, STR("x-fee"), "needs 1 to 4 factors, a rate like \"0.50\" and its unit");
    for (size_t i = 0; i < out->n; i++)
        if (!factor_read(r, json_array_get(factors, i), &out->factors[i]))
            return false;
    return true;
}

bool form_grant_read(struct reader *r, const json_t *grant)
{
    static const char *const known[] = { "when", "years", "replaces", NULL };
    struct form_grant *out = &r->f->grant;
    struct str field = form_text_of(r, grant, "replaces");
    *out = (struct form_grant){ .when.field = -1, .replaces = field.n ? form_field_find(r->f, field) : -1, .on = grant != NULL };
    if (!grant)
        return true;
    if (!form_keys_known(r, grant, STR("x-licence"), known) || !form_whole(r, grant, STR("x-licence"), "years", &out->years) ||
        !form_when_read(r, form_text_of(r, grant, "when"), STR("x-licence"), &out->when))
        return false;
    bool ok = out->years <= YEARS_MAX && (!field.n || (out->replaces >= 0 && r->f->fields[out->replaces].kind == FORM_LICENCE));
    return ok || form_fail(r, STR("x-licence"), "at most 99 years; replaces names a licence field");
}

bool form_gives_licence(const struct form *f, struct form_answers ans)
{
    return !f->grant.on || f->grant.when.field < 0 || form_when_holds(f, f->grant.when, ans);
}

static bool step_read(struct reader *r, const json_t *o, struct process_node *out)
{
    static const char *const known[] = { "name", "role", "share", "wants", "wants_if", NULL };
    static const char *const wants[] = { "", "site_check", "forwarded", NULL };
    struct str want = form_text_of(r, o, "wants");
    *out = (struct process_node){ .name = form_text_of(r, o, "name"), .role = form_text_of(r, o, "role") };
    for (int i = 0; wants[i]; i++)
        if (str_is(want, wants[i]))
            out->wants = (enum process_wants)i;
    return form_keys_known(r, o, STR("x-steps"), known) && form_whole(r, o, STR("x-steps"), "share", &out->share) &&
           (word_in(wants, want) || form_fail(r, STR("x-steps"), "unknown 'wants'"));
}

bool form_steps_read(struct reader *r, const json_t *steps)
{
    size_t n = json_array_size(steps);
    if (!steps)
        return true;
    struct process_node *nodes = arena_many(r->a, struct process_node, n);
    r->f->wants_if = arena_many(r->a, struct form_when, n);
    for (size_t i = 0; i < n; i++) {
        struct str when = form_text_of(r, json_array_get(steps, i), "wants_if");
        if (!step_read(r, json_array_get(steps, i), &nodes[i]) || !form_when_read(r, when, STR("x-steps"), &r->f->wants_if[i]))
            return false;
    }
    r->f->route = (struct process_def){ nodes, n };
    const char *fault = process_fault(&r->f->route);
    return !fault || form_fail(r, STR("x-steps"), fault);
}

enum process_wants form_step_wants(const struct form *f, int64_t step, struct form_answers ans)
{
    if (step < 0 || step >= (int64_t)f->route.n)
        return WANTS_NOTHING;
    const struct form_when *w = &f->wants_if[step];
    return w->field < 0 || form_when_holds(f, *w, ans) ? f->route.nodes[step].wants : WANTS_NOTHING;
}

/* ---- what is to be paid ------------------------------------------------------------------------------------------------------ */

/* A factor as an exact number with so many decimals, and as text. */
static bool factor_value(struct arena *a, const struct form *f, const struct form_factor *x, struct form_answers ans, int64_t *v,
                         struct str *text)
{
    struct day from, to;
    if (x->field >= 0) {
        *text = ans.v[x->field].p ? ans.v[x->field] : STR("");
        return form_asked(f, (size_t)x->field, ans) && form_number_parse(*text, f->fields[x->field].decimals, v);
    }
    if (!day_parse(ans.v[x->from], &from) || !day_parse(ans.v[x->to], &to) || to.n < from.n)
        return false;
    *v = to.n - from.n + 1;
    *text = arena_fmt(a, "%lld", (long long)*v);
    return true;
}

/* product / 10^decimals x rate, in fen, half a fen up; -1 if it is more than any fee. */
static int64_t charge_fen(__int128 product, int64_t decimals, int64_t rate)
{
    __int128 unit = 100; /* rate is in 1/10000 yuan = 1/100 fen */
    for (int64_t i = 0; i < decimals; i++)
        unit *= 10;
    __int128 fen = (product * rate + unit / 2) / unit;
    return fen > CHARGE_MAX ? -1 : (int64_t)fen;
}

enum rc form_charge(struct arena *a, const struct form *f, struct form_answers ans, struct form_charge *out)
{
    const struct form_fee *fee = &f->fee;
    __int128 product = 1;
    int64_t decimals = 0;
    struct buf b;
    if (!fee->on || (fee->when.field >= 0 && !form_when_holds(f, fee->when, ans)))
        return RC_NOT_FOUND;
    buf_init(&b, a, 200);
    for (size_t i = 0; i < fee->n; i++) {
        const struct form_factor *x = &fee->factors[i];
        struct str text;
        int64_t v = 0;
        if (!factor_value(a, f, x, ans, &v, &text))
            return RC_CONFLICT;
        product *= v;
        if (product > PRODUCT_MAX)
            return RC_CONFLICT;
        decimals += x->field >= 0 ? f->fields[x->field].decimals : 0;
        buf_fmt(&b, STR_F STR_F " × ", STR_A(text), STR_A(x->unit));
    }
    out->amount.n = charge_fen(product, decimals, fee->rate);
    if (out->amount.n < 0)
        return RC_CONFLICT;
    buf_fmt(&b, STR_F STR_F " = %lld.%02lld元", STR_A(fee->rate_text), STR_A(fee->unit), (long long)(out->amount.n / 100),
            (long long)(out->amount.n % 100));
    out->how = buf_view(&b);
    return RC_OK;
}

/* identity_activation.c - the code of the window (开通码): how an account becomes the proven person's. Rule 2 of the product: nobody
 * takes another's identity; proof at a window takes the number over from whoever registered it before. */
#include "base/code.h"
#include "identity_service.h"

enum { ACTIVATION_LENGTH = 10 };

#define LIFE_MS (INT64_C(7) * DAY_MS)

enum rc identity_activation_give(struct cx *cx, const struct identity_claim *c, struct str *out_code)
{
    unsigned char r[ACTIVATION_LENGTH];
    int64_t person = 0;
    enum rc rc = identity_prove_at_window(cx, c, &person);
    if (rc)
        return rc;
    db_random(cx, r, sizeof r);
    *out_code = code_readable(cx->arena, r, sizeof r);
    rc = identity_store_activation_set(cx, person, *out_code, cx->now + LIFE_MS);
    return rc ? rc : identity_event_add(cx, "activation.given", 0, STR(""));
}

/* The code is used up, or the form is told. */
static enum rc code_use(struct cx *cx, int64_t person, struct str typed)
{
    int64_t changed = 0;
    struct str code = code_normalise(cx->arena, typed);
    enum rc rc = person ? identity_store_activation_use(cx, person, code, &changed) : RC_OK;
    return rc ? rc : changed ? RC_OK : cx_invalid(cx, "activation", "identity.activation_wrong");
}

/* Whoever holds the number now loses it. */
static enum rc holder_end(struct cx *cx, struct str code)
{
    struct identity_account old;
    enum rc rc = identity_store_account(cx, identity_login_index(cx->app, "citizen", code), &old);
    if (rc)
        return rc == RC_NOT_FOUND ? RC_OK : rc;
    rc = identity_store_account_end(cx, old.id);
    if (!rc)
        rc = identity_store_session_end_all(cx, old.id);
    return rc ? rc : identity_event_add(cx, "account.taken_over", old.id, STR(""));
}

enum rc identity_take_over(struct cx *cx, const struct identity_register_form *f, int64_t *out_person)
{
    struct identity_person p = { 0 };
    enum rc rc = identity_store_proven(cx, f->stored_code, &p);
    if (!rc || rc == RC_NOT_FOUND)
        rc = code_use(cx, p.id, f->activation);
    *out_person = p.id;
    return rc ? rc : holder_end(cx, f->stored_code);
}

enum rc identity_account_prove(struct cx *cx, struct str activation)
{
    struct identity_person own, proven = { 0 };
    struct str code;
    enum rc rc = identity_person_get(cx, cx->actor.person, &own);
    if (!rc && own.proven_at.ms)
        return RC_CONFLICT;
    if (!rc)
        rc = identity_reveal(cx, own.id, "identity.prove", &code);
    if (!rc)
        rc = identity_store_proven(cx, code, &proven);
    if (!rc || rc == RC_NOT_FOUND)
        rc = code_use(cx, proven.id, activation);
    if (!rc)
        rc = identity_store_account_set_person(cx, cx->actor.account, proven.id);
    return rc ? rc : identity_event_add(cx, "account.proven", cx->actor.account, STR(""));
}

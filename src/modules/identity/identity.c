/* identity.c - persons, accounts, sign-in. No SQL, no HTTP. */
#include "base/code.h"
#include "base/password.h"
#include "identity_service.h"
#include "modules/org/org.h"

enum { FAILURES_MAX = 5, LOCK_MS = 15 * 60 * 1000, PASSWORD_MIN = 8 };

#define CITIZEN_SESSION_MS (INT64_C(7) * DAY_MS)
#define STAFF_SESSION_MS   (INT64_C(12) * 3600 * 1000)

/* ---- numbers ------------------------------------------------------------------------------------------------------- */

static enum code_kind kind_of(struct str kind)
{
    return str_is(kind, "person") ? CODE_ID : CODE_USCC;
}

/* RC_INVALID with the exact fault of the number on `field`. */
static enum rc code_take(struct cx *cx, const char *field, struct str kind, struct str typed, struct str *out)
{
    enum code_kind k = kind_of(kind);
    enum code_fault fault = code_read(k, typed, day_at(cx->now), cx->arena, out);
    if (!fault)
        return RC_OK;
    struct issue i = code_issue(k, *out, fault, cx->arena);
    return cx_invalid_args(cx, field, i.key, i.arg[0], i.arg[1]);
}

enum rc identity_claim_check(struct cx *cx, const struct identity_claim *c, struct str *out_code)
{
    enum rc rc = code_take(cx, "code", c->kind, c->code, out_code);
    if (!c->name.n)
        return cx_invalid(cx, "name", "base.required");
    return rc;
}

static struct identity_person_row row_of(struct cx *cx, const struct identity_claim *c, struct str code)
{
    return (struct identity_person_row){
        .id = db_id(cx), .kind = c->kind, .name = c->name, .code = code, .phone = c->phone,
        .code_kind = kind_of(c->kind) == CODE_ID ? STR("id") : STR("uscc"), .code_mask = code_mask(cx->arena, code),
    };
}

enum rc identity_proven_find(struct cx *cx, struct str code, struct identity_person *out)
{
    struct str stored = code_normalise(cx->arena, code);
    return identity_store_proven(cx, stored, out);
}

enum rc identity_declare(struct cx *cx, const struct identity_claim *c, int64_t *out_person)
{
    struct str code;
    enum rc rc = identity_claim_check(cx, c, &code);
    if (rc)
        return rc;
    struct identity_person_row p = row_of(cx, c, code);
    *out_person = p.id;
    return identity_store_person_add(cx, &p);
}

enum rc identity_prove_at_window(struct cx *cx, const struct identity_claim *c, int64_t *out_person)
{
    struct str code;
    struct identity_person known;
    enum rc rc = identity_claim_check(cx, c, &code);
    if (rc)
        return rc;
    rc = identity_store_proven(cx, code, &known);
    if (!rc) {
        *out_person = known.id;
        return RC_OK;
    }
    if (rc != RC_NOT_FOUND)
        return rc;
    struct identity_person_row p = row_of(cx, c, code);
    p.proven_at.ms = cx->now;
    p.proven_by = cx->actor.post;
    *out_person = p.id;
    rc = identity_store_person_add(cx, &p);
    return rc || str_is(p.kind, "person") ? rc : identity_name_set(cx, p.id, p.name);
}

enum rc identity_reveal(struct cx *cx, int64_t id, const char *purpose, struct str *out)
{
    struct buf b;
    buf_init(&b, cx->arena, 80);
    buf_fmt(&b, "%s %lld", purpose, (long long)id);
    enum rc rc = identity_event_add(cx, "number.revealed", cx->actor.account, buf_view(&b));
    return rc ? rc : identity_store_code(cx, id, out);
}

/* ---- registration ---------------------------------------------------------------------------------------------------- */

/* What makes a password bad, or NULL. Length is what counts (NIST SP 800-63B 5.1.1.2); the number itself is no secret. */
static const char *password_fault(struct str password, struct str code)
{
    if (str_runes(password) < PASSWORD_MIN)
        return "identity.password_short";
    if (code.n && str_find(code, password) >= 0)
        return "identity.password_is_number";
    struct str first = str_sub(password, 0, 1);
    for (size_t i = 1; i < password.n; i++)
        if (password.p[i] != first.p[0])
            return NULL;
    return "identity.password_simple";
}

enum rc identity_register_prepare(struct cx *cx, struct identity_register_form *f)
{
    struct identity_claim c = { f->kind, f->code, f->name, f->phone };
    enum rc rc = identity_claim_check(cx, &c, &f->stored_code);
    const char *fault = password_fault(f->password, f->stored_code);
    if (fault)
        rc = cx_invalid(cx, "password", fault);
    else if (!str_eq(f->password, f->again))
        rc = cx_invalid(cx, "again", "identity.passwords_differ");
    if (!rc)
        f->hash = password_hash(cx->arena, f->password);
    return rc;
}

static enum rc account_open(struct cx *cx, const struct identity_register_form *f, int64_t person, int64_t *out_account)
{
    struct identity_account a = { .id = db_id(cx), .kind = STR("citizen"), .person = person, .password = f->hash };
    enum rc rc = identity_store_account_add(cx, &a, identity_login_index(cx->app, "citizen", f->stored_code));
    if (rc == RC_CONFLICT)
        return cx_invalid(cx, "code", "identity.number_has_account");
    if (!rc)
        rc = identity_event_add(cx, "account.registered", a.id, STR(""));
    *out_account = a.id;
    return rc;
}

enum rc identity_register(struct cx *cx, const struct identity_register_form *f, int64_t *out_account)
{
    struct identity_claim c = { f->kind, f->code, f->name, f->phone };
    struct identity_person_row p = row_of(cx, &c, f->stored_code);
    int64_t person = p.id;
    enum rc rc = f->activation.n ? identity_take_over(cx, f, &person) : identity_store_person_add(cx, &p);
    return rc ? rc : account_open(cx, f, person, out_account);
}

enum rc identity_staff_account_add(struct cx *cx, struct str login, struct str hash)
{
    struct org_staff s;
    enum rc rc = org_staff_find(cx, login, &s);
    if (rc)
        return rc;
    struct identity_account a = { .id = db_id(cx), .kind = STR("staff"), .staff = s.id, .password = hash };
    return identity_store_account_add(cx, &a, identity_login_index(cx->app, "staff", login));
}

enum rc identity_staff_password_set(struct cx *cx, struct str login, struct str hash)
{
    struct identity_account a;
    enum rc rc = identity_store_account(cx, identity_login_index(cx->app, "staff", login), &a);
    if (!rc)
        rc = identity_store_password_set(cx, a.id, hash);
    if (!rc)
        rc = identity_store_session_end_all(cx, a.id);
    return rc ? rc : identity_event_add(cx, "password.reset", a.id, STR(""));
}

/* ---- sign-in --------------------------------------------------------------------------------------------------------- */

/* A number with 18 characters is a citizen's or firm's; anything else is a staff login. */
static struct digest login_of(struct cx *cx, struct str typed)
{
    struct str code = code_normalise(cx->arena, typed);
    bool citizen = code.n == 18;
    return identity_login_index(cx->app, citizen ? "citizen" : "staff", citizen ? code : str_trim(typed));
}

enum rc identity_sign_in_prepare(struct cx *cx, struct identity_sign_in_form *f)
{
    struct identity_account a = { 0 };
    f->login_index = login_of(cx, f->login);
    enum rc rc = db_begin(cx->db, READ);
    if (rc)
        return rc;
    rc = identity_store_account(cx, f->login_index, &a);
    rc = db_rollback(cx->db, rc == RC_NOT_FOUND ? RC_OK : rc);
    if (!rc)
        f->right = password_ok(cx->arena, a.password, f->password);
    return rc;
}

static enum rc failure_note(struct cx *cx, const struct identity_account *a)
{
    int64_t n = a->failures + 1, until = n >= FAILURES_MAX ? cx->now + LOCK_MS : 0;
    enum rc rc = identity_store_failures_set(cx, a->id, n >= FAILURES_MAX ? 0 : n, until);
    return rc ? rc : identity_event_add(cx, until ? "sign_in.locked" : "sign_in.failed", a->id, STR(""));
}

enum rc identity_sign_in(struct cx *cx, const struct identity_sign_in_form *f, struct identity_signed_in *out)
{
    struct identity_account a;
    enum rc rc = identity_store_account(cx, f->login_index, &a);
    *out = (struct identity_signed_in){ 0 };
    if (rc)
        return rc == RC_NOT_FOUND ? identity_event_add(cx, "sign_in.unknown", 0, STR("")) : rc;
    out->locked = a.locked_until > cx->now;
    if (out->locked)
        return RC_OK;
    if (!f->right)
        return failure_note(cx, &a);
    out->ok = true;
    out->staff = a.staff != 0;
    rc = a.failures ? identity_store_failures_set(cx, a.id, 0, 0) : RC_OK;
    return rc ? rc : identity_session_start(cx, a.id, out->staff, out);
}

enum rc identity_password_prepare(struct cx *cx, struct identity_password_form *f)
{
    struct identity_account a = { 0 };
    const char *fault = password_fault(f->password, STR(""));
    enum rc rc = fault ? cx_invalid(cx, "password", fault) : RC_OK;
    if (!str_eq(f->password, f->again))
        rc = cx_invalid(cx, "again", "identity.passwords_differ");
    if (!rc)
        rc = db_begin(cx->db, READ);
    if (rc)
        return rc;
    rc = db_rollback(cx->db, identity_store_account_get(cx, cx->actor.account, &a));
    if (rc)
        return rc;
    f->right = password_ok(cx->arena, a.password, f->old);
    f->hash = password_hash(cx->arena, f->password);
    return RC_OK;
}

enum rc identity_password_set(struct cx *cx, const struct identity_password_form *f, struct str token)
{
    struct identity_account a;
    enum rc rc = identity_store_account_get(cx, cx->actor.account, &a);
    if (rc)
        return rc;
    if (a.locked_until > cx->now)
        return cx_invalid(cx, "old", "identity.sign_in_locked");
    if (!f->right)
        return failure_note(cx, &a);
    rc = identity_store_password_set(cx, a.id, f->hash);
    if (!rc)
        rc = identity_store_session_end_others(cx, a.id, sm3(token));
    return rc ? rc : identity_event_add(cx, "password.changed", a.id, STR(""));
}

enum rc identity_session_start(struct cx *cx, int64_t account, bool staff, struct identity_signed_in *out)
{
    unsigned char token[32];
    int64_t length = staff ? STAFF_SESSION_MS : CITIZEN_SESSION_MS;
    db_random(cx, token, sizeof token);
    out->token = base64url(cx->arena, token, sizeof token);
    out->max_age_s = length / 1000;
    enum rc rc = identity_store_session_add(cx, sm3(out->token), account, cx->now + length, STR(""));
    return rc ? rc : identity_event_add(cx, "sign_in.ok", account, STR(""));
}

enum rc identity_find_actor(struct cx *cx, struct str token, struct actor *out)
{
    struct identity_session_actor s;
    struct org_staff staff;
    enum rc rc = token.n == 43 ? identity_store_session_actor(cx, sm3(token), &s) : RC_NOT_FOUND;
    if (rc)
        return rc == RC_NOT_FOUND ? RC_OK : rc;
    out->account = s.account;
    out->person = s.person;
    if (!s.staff)
        return RC_OK;
    rc = org_staff_get(cx, s.staff, &staff);
    if (rc == RC_NOT_FOUND) { /* no longer in service: nobody */
        *out = (struct actor){ 0 };
        return RC_OK;
    }
    out->post = s.staff;
    out->body = rc ? 0 : staff.body;
    return rc ? rc : org_staff_role_bits(cx, s.staff, &out->roles);
}

struct str identity_actor_name(struct cx *cx)
{
    struct identity_person p;
    struct org_staff s;
    if (cx->actor.post)
        return org_staff_get(cx, cx->actor.post, &s) ? STR("") : s.name;
    return cx->actor.person && identity_person_get(cx, cx->actor.person, &p) == RC_OK ? p.name : STR("");
}

/* identity_store.c - statements in, structs out; numbers are sealed and opened here. */
#include "identity_store.h"

#include "base/log.h"
#include "base/seal.h"

static const struct field person_fields[] = {
    FIELD(struct identity_person, id),        FIELD(struct identity_person, kind),      FIELD(struct identity_person, name),
    FIELD(struct identity_person, code_kind), FIELD(struct identity_person, code_mask), FIELD(struct identity_person, proven_at),
};
const struct record IDENTITY_PERSON = RECORD(struct identity_person, person_fields);

static const struct field account_fields[] = {
    FIELD(struct identity_account, id),       FIELD(struct identity_account, kind),     FIELD(struct identity_account, person),
    FIELD(struct identity_account, staff),    FIELD(struct identity_account, password), FIELD(struct identity_account, failures),
    FIELD(struct identity_account, locked_until),
};
static const struct record ACCOUNT = RECORD(struct identity_account, account_fields);

static const struct field actor_fields[] = {
    FIELD(struct identity_session_actor, account), FIELD(struct identity_session_actor, person),
    FIELD(struct identity_session_actor, staff), FIELD(struct identity_session_actor, session)
};
static const struct record SESSION_ACTOR = RECORD(struct identity_session_actor, actor_fields);

/* `here` is not a column: the scanner wants one for every field, so the page has its own table. */
static const struct field session_row_fields[] = {
    FIELD(struct identity_session, n),       FIELD(struct identity_session, made_at), FIELD(struct identity_session, ends_at),
    FIELD(struct identity_session, address), FIELD(struct identity_session, agent),
};
static const struct record SESSION_ROW = RECORD(struct identity_session, session_row_fields);
static const struct field session_fields[] = {
    FIELD(struct identity_session, n),       FIELD(struct identity_session, made_at), FIELD(struct identity_session, ends_at),
    FIELD(struct identity_session, address), FIELD(struct identity_session, agent),   FIELD(struct identity_session, here),
};
const struct record IDENTITY_SESSION = RECORD(struct identity_session, session_fields);

static const char *const events[] = {
    "password.changed", "password.reset", "account.registered", "account.taken_over", "account.proven", "activation.given",
    "number.revealed", "role.added", "role.ended", "session.ended", "sign_in.failed", "sign_in.locked", "sign_in.ok",
    "sign_in.unknown", NULL,
};
static const struct field event_fields[] = {
    FIELD(struct identity_event, id), FIELD_WORD(struct identity_event, kind, events, "identity.event"),
    FIELD(struct identity_event, about), FIELD(struct identity_event, address), FIELD(struct identity_event, at)
};
const struct record IDENTITY_EVENT = RECORD(struct identity_event, event_fields);

struct sealed_row {
    struct str code_sealed;
};
static const struct field sealed_fields[] = { FIELD(struct sealed_row, code_sealed) };
static const struct record SEALED = RECORD(struct sealed_row, sealed_fields);

static struct val digest_val(const struct digest *d)
{
    return v_bytes(d->b, sizeof d->b);
}

struct digest identity_login_index(const struct app *app, const char *kind, struct str login)
{
    return blind_index(&app->keys, kind, login);
}

struct digest identity_code_index(const struct app *app, struct str code)
{
    return blind_index(&app->keys, "person", code);
}

enum rc identity_person_get(struct cx *cx, int64_t id, struct identity_person *out)
{
    return db_one(cx, &sql_identity_person_by_id, ARGS(v_i64(id)), &IDENTITY_PERSON, out);
}

enum rc identity_store_person_add(struct cx *cx, const struct identity_person_row *p)
{
    const struct keyring *k = &cx->app->keys;
    struct str code = seal(cx->arena, k, "identity_person.code", p->id, p->code), phone = STR_NONE;
    struct digest index = identity_code_index(cx->app, p->code);
    if (p->phone.n)
        phone = seal(cx->arena, k, "identity_person.phone", p->id, p->phone);
    return db_exec(cx, &sql_identity_person_insert,
                   ARGS(v_i64(p->id), v_str(p->kind), v_str(p->name), v_str(p->code_kind), v_bytes(code.p, code.n),
                        digest_val(&index), v_str(p->code_mask), v_bytes(phone.p, phone.n), v_when(p->proven_at),
                        v_ref(p->proven_by), v_i64(cx->now)),
                   NULL);
}

enum rc identity_store_proven(struct cx *cx, struct str code, struct identity_person *out)
{
    struct digest index = identity_code_index(cx->app, code);
    return db_one(cx, &sql_identity_person_proven, ARGS(digest_val(&index)), &IDENTITY_PERSON, out);
}

enum rc identity_store_code(struct cx *cx, int64_t person, struct str *out)
{
    struct sealed_row row;
    enum rc rc = db_one(cx, &sql_identity_person_sealed, ARGS(v_i64(person)), &SEALED, &row);
    if (!rc && !unseal(cx->arena, &cx->app->keys, "identity_person.code", person, row.code_sealed, out)) {
        log_error("the sealed number of person %lld does not open", (long long)person);
        return RC_FAILED;
    }
    return rc;
}

enum rc identity_store_account_add(struct cx *cx, const struct identity_account *a, struct digest login)
{
    int64_t added = 0;
    enum rc rc = db_exec(cx, &sql_identity_account_insert,
                         ARGS(v_i64(a->id), v_str(a->kind), v_ref(a->person), v_ref(a->staff), digest_val(&login),
                              v_str(a->password), v_i64(cx->now)),
                         &added);
    return rc ? rc : added ? RC_OK : RC_CONFLICT;
}

enum rc identity_store_account(struct cx *cx, struct digest login, struct identity_account *out)
{
    return db_one(cx, &sql_identity_account_by_login, ARGS(digest_val(&login)), &ACCOUNT, out);
}

enum rc identity_store_account_get(struct cx *cx, int64_t id, struct identity_account *out)
{
    return db_one(cx, &sql_identity_account_by_id, ARGS(v_i64(id)), &ACCOUNT, out);
}

enum rc identity_store_password_set(struct cx *cx, int64_t account, struct str hash)
{
    return db_exec(cx, &sql_identity_account_set_password, ARGS(v_i64(account), v_str(hash)), NULL);
}

enum rc identity_store_failures_set(struct cx *cx, int64_t account, int64_t failures, int64_t locked_until)
{
    return db_exec(cx, &sql_identity_account_set_failures, ARGS(v_i64(account), v_i64(failures), v_i64(locked_until)), NULL);
}

enum rc identity_store_account_end(struct cx *cx, int64_t account)
{
    return db_exec(cx, &sql_identity_account_end, ARGS(v_i64(account), v_i64(cx->now)), NULL);
}

enum rc identity_store_account_set_person(struct cx *cx, int64_t account, int64_t person)
{
    return db_exec(cx, &sql_identity_account_set_person, ARGS(v_i64(account), v_i64(person)), NULL);
}

enum rc identity_store_activation_set(struct cx *cx, int64_t person, struct str code, int64_t ends_at)
{
    struct digest index = blind_index(&cx->app->keys, "activation", code);
    return db_exec(cx, &sql_identity_activation_set,
                   ARGS(v_i64(person), digest_val(&index), v_i64(cx->actor.post), v_i64(cx->now), v_i64(ends_at)), NULL);
}

enum rc identity_store_activation_use(struct cx *cx, int64_t person, struct str code, int64_t *out_changed)
{
    struct digest index = blind_index(&cx->app->keys, "activation", code);
    return db_exec(cx, &sql_identity_activation_use, ARGS(v_i64(person), digest_val(&index), v_i64(cx->now)), out_changed);
}

enum rc identity_store_session_add(struct cx *cx, struct digest token, int64_t account, int64_t ends_at, struct str agent)
{
    return db_exec(cx, &sql_identity_session_insert,
                   ARGS(digest_val(&token), v_i64(account), v_i64(cx->now), v_i64(ends_at),
                        v_str(cx->actor.address.p ? cx->actor.address : STR("")), v_str(agent)),
                   NULL);
}

enum rc identity_store_session_actor(struct cx *cx, struct digest token, struct identity_session_actor *out)
{
    return db_one(cx, &sql_identity_session_actor, ARGS(digest_val(&token), v_i64(cx->now)), &SESSION_ACTOR, out);
}

enum rc identity_store_sessions(struct cx *cx, int64_t account, struct list *out)
{
    return db_all(cx, &sql_identity_sessions, ARGS(v_i64(account), v_i64(cx->now)), &SESSION_ROW, out);
}

enum rc identity_store_session_end(struct cx *cx, int64_t account, int64_t n, int64_t *out_changed)
{
    return db_exec(cx, &sql_identity_session_delete, ARGS(v_i64(account), v_i64(n)), out_changed);
}

enum rc identity_store_session_end_token(struct cx *cx, struct digest token)
{
    return db_exec(cx, &sql_identity_session_delete_token, ARGS(digest_val(&token)), NULL);
}

enum rc identity_store_session_end_all(struct cx *cx, int64_t account)
{
    return db_exec(cx, &sql_identity_session_delete_all, ARGS(v_i64(account)), NULL);
}

enum rc identity_store_session_end_others(struct cx *cx, int64_t account, struct digest token)
{
    return db_exec(cx, &sql_identity_session_delete_others, ARGS(v_i64(account), digest_val(&token)), NULL);
}

enum rc identity_store_events(struct cx *cx, int64_t before, struct list *out)
{
    return db_all(cx, &sql_identity_events, ARGS(v_i64(before)), &IDENTITY_EVENT, out);
}

enum rc identity_event_add(struct cx *cx, const char *kind, int64_t account, struct str about)
{
    return db_exec(cx, &sql_identity_event_insert,
                   ARGS(v_i64(db_id(cx)), v_str(str_c(kind)), v_ref(account), v_ref(cx->actor.account),
                        v_str(about.p ? about : STR("")), v_str(cx->actor.address.p ? cx->actor.address : STR("")),
                        v_i64(cx->now)),
                   NULL);
}

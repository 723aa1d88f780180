/* identity_store.h - every statement of the module; no decisions. */
#ifndef MODULES_IDENTITY_STORE_H
#define MODULES_IDENTITY_STORE_H

#include "identity_sql.h"
#include "modules/identity/identity.h"

struct identity_person_row {
    int64_t     id;
    struct str  kind, name, code_kind, code, code_mask, phone;
    struct when proven_at;
    int64_t     proven_by;
};

struct identity_account {
    int64_t    id, person, staff, failures, locked_until;
    struct str kind, password;
};

struct identity_session_actor {
    int64_t account, person, staff, session;
};

struct identity_session {
    int64_t     n;
    struct when made_at, ends_at;
    struct str  address, agent;
    bool        here;
};
extern const struct record IDENTITY_SESSION;

struct identity_event {
    int64_t     id;
    struct str  kind, about, address;
    struct when at;
};
extern const struct record IDENTITY_EVENT;

/* How an account is found: "citizen" + number, or "staff" + login. */
struct digest identity_login_index(const struct app *app, const char *kind, struct str login);
struct digest identity_code_index(const struct app *app, struct str code);

enum rc identity_store_person_add(struct cx *cx, const struct identity_person_row *p);
enum rc identity_store_proven(struct cx *cx, struct str code, struct identity_person *out);
enum rc identity_store_code(struct cx *cx, int64_t person, struct str *out);
/* RC_CONFLICT if the login is taken. */
enum rc identity_store_account_add(struct cx *cx, const struct identity_account *a, struct digest login);
enum rc identity_store_account(struct cx *cx, struct digest login, struct identity_account *out);
enum rc identity_store_account_get(struct cx *cx, int64_t id, struct identity_account *out);
enum rc identity_store_password_set(struct cx *cx, int64_t account, struct str hash);
enum rc identity_store_failures_set(struct cx *cx, int64_t account, int64_t failures, int64_t locked_until);
enum rc identity_store_account_end(struct cx *cx, int64_t account);
enum rc identity_store_account_set_person(struct cx *cx, int64_t account, int64_t person);
/* In place of an older code of this person. */
enum rc identity_store_activation_set(struct cx *cx, int64_t person, struct str code, int64_t ends_at);
/* *out_changed 0: it is another, used, or too old. */
enum rc identity_store_activation_use(struct cx *cx, int64_t person, struct str code, int64_t *out_changed);
enum rc identity_store_session_add(struct cx *cx, struct digest token, int64_t account, int64_t ends_at, struct str agent);
enum rc identity_store_session_actor(struct cx *cx, struct digest token, struct identity_session_actor *out);
enum rc identity_store_sessions(struct cx *cx, int64_t account, struct list *out);
enum rc identity_store_session_end(struct cx *cx, int64_t account, int64_t n, int64_t *out_changed);
enum rc identity_store_session_end_token(struct cx *cx, struct digest token);
enum rc identity_store_session_end_all(struct cx *cx, int64_t account);
enum rc identity_store_session_end_others(struct cx *cx, int64_t account, struct digest token);
enum rc identity_store_events(struct cx *cx, int64_t before, struct list *out);

#endif

/* identity_service.h - registration and sign-in, for the module's own pages. */
#ifndef MODULES_IDENTITY_SERVICE_H
#define MODULES_IDENTITY_SERVICE_H

#include "base/hash.h"
#include "identity_store.h"

struct identity_register_form {
    struct str kind, code, name, phone, password, again, back;
    struct str stored_code, hash; /* made by prepare */
};

struct identity_sign_in_form {
    struct str    login, password, back;
    struct digest login_index; /* made by prepare */
    bool          right;
};

struct identity_signed_in {
    bool       ok, locked, staff;
    struct str token;
    int64_t    max_age_s;
};

/* Slow part, before the unit: checks everything that needs no database and hashes the password. */
enum rc identity_register_prepare(struct cx *cx, struct identity_register_form *f);
/* RC_INVALID if the number already has an account. */
enum rc identity_register(struct cx *cx, const struct identity_register_form *f, int64_t *out_account);
/* Slow part: compares the password, whether or not the account exists. */
enum rc identity_sign_in_prepare(struct cx *cx, struct identity_sign_in_form *f);
/* RC_OK also when it is refused (out->ok false): the failure is kept. Five failures lock for 15 minutes. */
enum rc identity_sign_in(struct cx *cx, const struct identity_sign_in_form *f, struct identity_signed_in *out);
enum rc identity_session_start(struct cx *cx, int64_t account, bool staff, struct identity_signed_in *out);

#endif

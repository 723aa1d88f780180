/* identity_service.h - registration and sign-in, for the module's own pages. */
#ifndef MODULES_IDENTITY_SERVICE_H
#define MODULES_IDENTITY_SERVICE_H

#include "base/hash.h"
#include "identity_store.h"

struct identity_register_form {
    struct str kind, code, name, phone, password, again, back;
    struct str activation;        /* 开通码; empty: the number is only declared */
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
/* RC_INVALID if the number already has an account; with the code of the window that account ends and this one is proven. */
enum rc identity_register(struct cx *cx, const struct identity_register_form *f, int64_t *out_account);

/* One's own password: the old one, and the new one twice. */
struct identity_password_form {
    struct str old, password, again;
    struct str hash; /* made by prepare */
    bool       right;
};
/* Slow part: compares the old password and hashes the new one. RC_INVALID with issues on "password", "again". */
enum rc identity_password_prepare(struct cx *cx, struct identity_password_form *f);
/* Every other session of the account ends; the one of `token` stays. RC_OK with f->right false: a failure, counted as at sign-in;
 * RC_INVALID on "old" while the account is locked. */
enum rc identity_password_set(struct cx *cx, const struct identity_password_form *f, struct str token);

/* ---- 开通码: a window saw the document; online, the code shows that it is the same person ---- */

/* The person is proven (identity_prove_at_window) and has a new code, which is in no table and shown this once; an older one
 * ends. Works for 7 days, once. RC_INVALID with issues on "code", "name". */
enum rc identity_activation_give(struct cx *cx, const struct identity_claim *c, struct str *out_code);
/* Registration with a code: the account that had the number ends, with its sessions; *out_person is the proven person.
 * RC_INVALID on "activation" if the code is not of this number, used or too old. */
enum rc identity_take_over(struct cx *cx, const struct identity_register_form *f, int64_t *out_person);
/* The account that is signed in becomes the proven person's, with what it submitted. RC_CONFLICT if it is proven already,
 * RC_INVALID as above. */
enum rc identity_account_prove(struct cx *cx, struct str activation);
/* Slow part: compares the password, whether or not the account exists. */
enum rc identity_sign_in_prepare(struct cx *cx, struct identity_sign_in_form *f);
/* RC_OK also when it is refused (out->ok false): the failure is kept. Five failures lock for 15 minutes. */
enum rc identity_sign_in(struct cx *cx, const struct identity_sign_in_form *f, struct identity_signed_in *out);
enum rc identity_session_start(struct cx *cx, int64_t account, bool staff, struct identity_signed_in *out);

#endif

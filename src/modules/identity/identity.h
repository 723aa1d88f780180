/* identity.h - who people are: persons, accounts, sessions.
 * Words: a person is a natural person or a legal entity with one number; declared (自报) until he proved it, proven (实名)
 * after a window saw the document. An account signs in. Nobody takes another's identity: a declared account sees only what
 * it submitted itself; it becomes the proven person's, or gives way to his, only by the code (开通码) that a window gave him. */
#ifndef MODULES_IDENTITY_IDENTITY_H
#define MODULES_IDENTITY_IDENTITY_H

#include "http/app.h"
#include "http/route.h"

struct identity_person {
    int64_t     id;
    struct str  kind;      /* person, firm, org, gov */
    struct str  name;
    struct str  code_kind; /* id, uscc */
    struct str  code_mask; /* 522627********0014 */
    struct when proven_at; /* none: declared only */
};
extern const struct record IDENTITY_PERSON;

/* RC_NOT_FOUND if there is none. */
enum rc identity_person_get(struct cx *cx, int64_t id, struct identity_person *out);
/* The full number. Appends to the record of who read what; works only in WRITE units. `purpose` is a message key. */
enum rc identity_reveal(struct cx *cx, int64_t id, const char *purpose, struct str *out);

/* What a window clerk or a registration form says about somebody. */
struct identity_claim {
    struct str kind; /* person, firm, org, gov */
    struct str code; /* as typed */
    struct str name;
    struct str phone; /* optional */
};
/* Check number and name; adds issues on "code", "name". *out_code is the stored form. Pure but for the clock. */
enum rc identity_claim_check(struct cx *cx, const struct identity_claim *c, struct str *out_code);
/* The proven person of this number, as typed; RC_NOT_FOUND if nobody has proven it. */
enum rc identity_proven_find(struct cx *cx, struct str code, struct identity_person *out);
/* The person for a window case: the proven one with this number, else a new one; proven now by the clerk who saw the
 * document. No account changes: whoever registered the number online stays declared and sees nothing of this person. */
enum rc identity_prove_at_window(struct cx *cx, const struct identity_claim *c, int64_t *out_person);
/* A person nobody has proven, for an applicant without account whose document was not seen. */
enum rc identity_declare(struct cx *cx, const struct identity_claim *c, int64_t *out_person);

/* A name in use; the owner is a person (a legal entity, proven) or the case in which it was granted. */
struct identity_name {
    int64_t    owner;
    struct str name;
};
/* Up to 5 of the same name, however it is written (width, case, blanks, traditional characters), and up to 5 that differ from it only
 * by the division in front or the kind of business at the end; lists of struct identity_name. */
enum rc identity_name_list(struct cx *cx, struct str name, struct list *out_same, struct list *out_alike);
/* The name is in use from now on; again for the same owner: instead of the one before. */
enum rc identity_name_set(struct cx *cx, int64_t owner, struct str name);
/* RC_NOT_FOUND and "" if the owner has none. */
enum rc identity_name_find(struct cx *cx, int64_t owner, struct str *out);

/* A sign-in for a member of staff; used by `tongban user add` and the example county. RC_CONFLICT if it exists. */
enum rc identity_staff_account_add(struct cx *cx, struct str login, struct str password_hash);

/* Another password for this sign-in, from the shell: its lock and its sessions end. RC_NOT_FOUND if there is none. */
enum rc identity_staff_password_set(struct cx *cx, struct str login, struct str password_hash);

/* Security event: kind such as "sign_in.failed", without personal data. */
enum rc identity_event_add(struct cx *cx, const char *kind, int64_t account, struct str about);

/* For the gate. */
enum rc identity_find_actor(struct cx *cx, struct str token, struct actor *out);
struct str identity_actor_name(struct cx *cx);

extern const struct module identity_module, identity_admin_module;

#endif

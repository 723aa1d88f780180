/* cx.h - one unit of work: a request or a job. Everything a rule may look at.
 * `cx` is the first parameter of every function that may touch the world; a function without it is pure.
 * It has six members; a seventh needs a note in docs/adr. */
#ifndef DB_CX_H
#define DB_CX_H

#include "base/issues.h"

struct app;
struct db;

/* Languages of the pages; the order is that of the message tables. */
enum locale { LOCALE_ZH_CN, LOCALE_ZH_HANT, LOCALE_EN, LOCALES };

/* On whose behalf the unit runs. All zero: nobody is signed in. */
struct actor {
    int64_t     account; /* sign-in account, 0 = none */
    int64_t     person;  /* natural person or legal entity behind it */
    int64_t     post;    /* post (岗位) a member of staff acts in, 0 = as a citizen */
    int64_t     body;    /* body of that post */
    int64_t     section;
    uint64_t    roles;   /* bit per role of the post */
    int64_t     mandate; /* acting for another person under this mandate, 0 = none */
    enum locale locale;
    struct str  purpose; /* why personal data is being read; "" = none stated */
    struct str  address; /* network address of the client */
    struct str  request_id;
};

struct cx {
    struct arena     *arena; /* gone when the unit ends */
    struct db        *db;    /* transaction already open; also gives ids and random bytes */
    const struct app *app;   /* config, keys, templates, catalogues, caches of immutable versions */
    int64_t           now;   /* ms since 1970, read once after begin */
    struct actor      actor;
    struct issues     issues; /* field + message key, for RC_INVALID */
};

/* Add an issue and return RC_INVALID. `field` is a literal or lives in the arena. */
enum rc cx_invalid(struct cx *cx, const char *field, const char *key);
/* The same with %1 and %2 of the message. */
enum rc cx_invalid_args(struct cx *cx, const char *field, const char *key, struct str arg1, struct str arg2);

#endif

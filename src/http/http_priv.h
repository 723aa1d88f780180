/* http_priv.h - what the files of http share. */
#ifndef HTTP_PRIV_H
#define HTTP_PRIV_H

#include "http/wire.h"

enum { SEGMENTS_MAX = 8, FIELDS_MAX = 500 };

/* A route, ready to run. */
struct entry {
    const struct route *route;
    const struct tmpl  *page;
    struct str          segment[SEGMENTS_MAX]; /* literal, or "{name}" */
    size_t              nsegments;
};

struct limiter;

struct http {
    struct http_parts    parts;
    struct arena        *a;
    struct entry        *entries;
    size_t               nentries;
    const struct route **routes;
    const struct tmpl   *error_page;
    struct limiter      *limiter;
};

/* The frame around every page; {{page.x}} in templates. */
struct page_error {
    struct str field, text;
};
struct page {
    struct str  title, lang, nav, user, here, request_id;
    struct str  site_name, site_owner, site_operator, phone, hours;
    struct html csrf;
    struct list errors;
    int64_t     nerrors;
    bool        large, demo, signed_in, staff, hant, english, chinese;
    bool        may_intake, may_clerk, may_system, may_security, may_audit; /* which links of the staff frame lead anywhere */
};
extern const struct record PAGE;

/* Output of the error page and of problem documents. */
struct problem {
    int64_t     status;
    struct str  title, detail, type, request_id;
    bool        saved_nothing;
    struct list errors;
};
struct problem_error {
    struct str field, type, detail;
};
extern const struct record PROBLEM;

/* One request on its way. */
struct pass {
    struct http           *h;
    const struct wire_in  *in;
    struct wire_out       *out;
    const struct entry    *entry;
    struct cx              cx;
    struct req             rq;
    struct reply           reply;
    struct pair           *typed;  /* FIELDS_MAX; NULL: there is no form */
    void                  *record; /* output of the handler */
    const void            *made;   /* by the route's prepare, for its handler */
    struct str             anon;   /* token of an anonymous visitor */
    struct str             user;
    bool                   large, json, new_anon;
};

/* Show `entry`'s page or JSON with the record the handler filled. */
void answer_record(struct pass *p, int status);
/* A problem: page or RFC 9457 document. `key` is the message, STR_NONE arguments allowed. */
void answer_problem(struct pass *p, int status, const char *key);
/* What `rc` of a handler means to the client. */
/* Status and message of a refusal: what the handler said, else what the rc says. */
int answer_meaning(const struct pass *p, enum rc rc, const char **out_key);
void answer_rc(struct pass *p, enum rc rc);
/* Token that forms of this visitor must carry. */
struct str csrf_token(const struct pass *p);

/* Tokens of writes that were answered (table once, 7 days). In the WRITE unit. *out_answered: the reply of the first time is
 * in p->reply. RC_INVALID if the token came with another request before. */
enum rc once_find(struct pass *p, struct str token, bool *out_answered);
/* RC_BUSY if somebody else kept the same token meanwhile: the unit is tried again and finds it. */
enum rc once_keep(struct pass *p, struct str token);

/* One more request of this address to this route; false when it had `per_minute` in the last minute. Thread-safe. */
bool limiter_allows(struct limiter *l, struct str address, const void *what, int64_t per_minute, int64_t now_ms);
struct limiter *limiter_open(struct arena *a);

#endif

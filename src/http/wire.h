/* wire.h - a request and its answer without sockets: what server.c makes of the network and tests make by hand. */
#ifndef HTTP_WIRE_H
#define HTTP_WIRE_H

#include "http/app.h"
#include "http/memo.h"
#include "http/route.h"

/* A multipart body, taken apart; see receive.h. */
struct received {
    const struct pair   *field;
    const struct upload *file;
    size_t               nfields, nfiles;
    int                  status; /* not 0: refused, with this status and message */
    const char          *key;
};

/* One request, complete. Views; they outlive the answer. */
struct wire_in {
    enum method method;
    bool        method_known; /* neither HEAD nor one of enum method: 405 */
    struct str  path, query, body;
    struct str  cookie, type, accept, accept_language, if_none_match, origin, host, forwarded_proto, csrf, fetch_site, once;
    struct tus_head tus;
    const struct received *received; /* instead of `body` where a route takes files */
    struct memo *memo; /* of the worker that runs it; may be NULL */
    struct landed         *landed;   /* instead of `body` where a route has `land` */
    bool        gzip; /* the client takes gzip */
    struct str  address, id; /* client, request id */
};

struct wire_out {
    int           status;
    struct str    type, body, location, etag, allow, filename; /* filename: a download */
    struct cookie cookies[REPLY_COOKIES + 2];
    size_t        ncookies;
    struct header headers[REPLY_HEADERS + 2];
    size_t        nheaders;
    int           retry_after_s;
    struct day    today;     /* day it was made on */
    bool          cacheable; /* public page: may be kept under its etag */
    bool          html;
    int64_t       version; /* public version the page was made from */
    enum locale   locale;
    const struct route *route; /* NULL if none matched */
};

struct http; /* the router with all routes, pages compiled */

struct http_parts {
    const struct app                *app;
    const struct gate               *gate;
    const struct module *const      *modules;
    size_t                           nmodules;
    const struct tmpl_source *const *sources;
    size_t                           nsources;
    const struct asset              *assets;
    size_t                           nassets;
};

/* Compile and check all routes of the modules. NULL with the reason logged: a route without need or unit, a page that does
 * not compile, two routes for one address. */
struct http *http_open(struct arena *a, const struct http_parts *parts);
/* Run one request in phases before, run, after (docs/architecture.md). When it returns, the answer may not leave before
 * db_after or db_wait of the session says RC_OK; otherwise http_busy replaces it. */
void http_run(struct http *h, struct db *db, struct arena *a, const struct wire_in *in, struct wire_out *out);
/* The answer when the batch was lost or the queue is full: 503 with Retry-After. */
void http_busy(struct http *h, struct arena *a, const struct wire_in *in, struct wire_out *out);
/* Answers made from one text, for errors found before the request is complete. */
void http_refuse(struct http *h, struct arena *a, const struct wire_in *in, int status, const char *key, struct wire_out *out);
/* Route of this address, or NULL; *out_allow lists the methods it has. For limits that must be known before the body. */
const struct route *http_route(const struct http *h, enum method m, struct str path, struct pair *params, unsigned *out_methods);
const struct app *http_app(const struct http *h);
/* The version public pages are made from, by a READ unit of this session. */
enum rc http_public_version(struct http *h, struct db *db, struct arena *a, int64_t *out_version, struct day *out_today);
/* What to answer before the body of a route with `upload` is read: 0 if the session of the request may use it, else the
 * status of a refusal; *out_key is its message. A READ unit of this session. */
int http_admits(struct http *h, struct db *db, struct arena *a, const struct wire_in *in, const struct route *rt, const char **out_key);
/* The same for a route with `land`, which says where the body goes. False: refused, and the answer is in `out`. */
bool http_land(struct http *h, struct db *db, struct arena *a, const struct wire_in *in, struct landed *landed, struct wire_out *out);
/* Language and large-font mode that the cookies ask for; what public pages differ by. */
unsigned http_variant(const struct wire_in *in, enum locale *out_locale, bool *out_large);
bool     http_wants_json(const struct wire_in *in);
/* OpenAPI 3.1 document of all routes. */
struct str http_openapi(const struct http *h, struct arena *a);
/* Every route, for tests that walk them. */
size_t http_routes(const struct http *h, const struct route *const **out);

/* Value of one cookie of a Cookie header, or none. */
struct str cookie_value(struct str header, const char *name);
/* Fields of application/x-www-form-urlencoded. False: broken escapes, bad UTF-8, NUL, or more than `max` fields. */
bool form_parse(struct str text, struct arena *a, struct pair *out, size_t max, size_t *out_n);

#endif

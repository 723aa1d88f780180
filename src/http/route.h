/* route.h - a route is one const row: address, handler, unit of work, permission, input, output, page.
 * The handler fills the output record; the router answers it as page or as JSON, whichever was asked for. */
#ifndef HTTP_ROUTE_H
#define HTTP_ROUTE_H

#include "base/hash.h"
#include "db/db.h"
#include "http/gate.h"
#include "tmpl/tmpl.h"

enum method { GET, POST, PATCH, DELETE, METHODS };

enum { ROUTE_PARAMS = 4, REPLY_COOKIES = 4, REPLY_HEADERS = 6 };

enum route_flag {
    ROUTE_CACHED = 1, /* public: the handler asks nobody who is there, and what it finds is kept while gate.public_version and the day
                       * stay the same (as bytes for visitors without session, as its record for the others) */
    ROUTE_NO_FRAME = 2, /* health and metrics: no session is looked up */
    ROUTE_TUS = 4,      /* resumable uploads, tus 1.0.0: JSON only, every answer names the version */
};

struct cookie {
    struct str name, value;
    int64_t    max_age_s; /* 0 = until the browser closes, < 0 = remove */
    bool       script_may_read;
};

struct header {
    const char *name;
    struct str  value;
};

/* What a handler may say beside its output. */
struct reply {
    int           status;   /* 0 = 200, or 303 with a location */
    struct str    location; /* local address to go to next */
    struct cookie cookies[REPLY_COOKIES];
    size_t        ncookies;
    struct header headers[REPLY_HEADERS];
    size_t        nheaders;
    const char   *refusal;  /* message of a refusal whose status no rc has: see reply_refuse */
    int           retry_after_s;
};

/* A file that came with a form, sealed, in the incoming folder until the answer is made; whoever keeps it links it elsewhere. */
struct upload {
    struct str    field, filename; /* the name is clean: see filename_clean */
    struct str    type;            /* by its content, never by its claim; STR_NONE if it is none we take */
    struct str    path;            /* where it lies now, NUL-terminated */
    int64_t       size;            /* bytes of its content */
    struct digest sm3;             /* of its content */
    struct digest name;            /* what it is kept under: see landing.h */
};

/* A body that is no form, on its way into a sealed file (landing.h). */
struct landed {
    struct str  path;  /* where it goes, NUL-terminated; p NULL: the request has no such body */
    int64_t     at;    /* bytes of content that are there before it */
    int64_t     most;  /* bytes that may come */
    bool        fresh; /* the file is made; otherwise it is there */
    struct str  id;    /* what `land` has to tell `run` */
    int64_t     came;  /* bytes that came */
    int         status; /* not 0: refused or broken off, with this status and message */
    const char *key;
    struct upload file; /* what `prepare` has to tell `run`; size 0: nothing */
};

/* Headers of resumable uploads; p NULL: absent. */
struct tus_head {
    struct str version, length, offset, metadata, defer;
};

struct req {
    const struct route *route;
    const void         *in;   /* the route's input record, filled and checked; NULL if it has none */
    struct str          path; /* as asked, without query */
    struct str          query;
    struct pair         param[ROUTE_PARAMS];
    const struct pair  *typed; /* the form as it came */
    size_t              ntyped;
    const struct upload *files; /* of a route with `upload` */
    size_t              nfiles;
    struct landed      *landed; /* of a route with `land`; never NULL there */
    const struct tus_head *tus;
    struct str          type;    /* of the body */
    struct str          session; /* token of the session cookie, or none */
    struct str          site;    /* "https://host", for absolute addresses */
    struct reply       *reply;
    const void        **made;    /* what `prepare` has to tell `run`; *made NULL: nothing. Never NULL in a WRITE route */
};

struct route {
    enum method method;
    const char *path; /* "/items/{code}" */
    enum rc (*run)(struct cx *cx, const struct req *rq, void *out);
    enum db_unit unit;
    enum need    need;
    const struct record      *in, *out;
    const struct tmpl_source *page;
    const char               *title; /* message; a field `title` of the output goes before it */
    unsigned    flags;               /* enum route_flag */
    const char *type;                /* not page or JSON but the `body` of struct raw, with this media type */
    /* Slow pure work before the unit (password hashing, sealing); may change the input record or leave what it made in *rq->made, and may
     * read in a READ unit of its own: `run` then makes sure that it still holds. Optional. */
    enum rc (*prepare)(struct cx *cx, const struct req *rq, void *in);
    /* Fills `out` to show the form again after RC_INVALID; a READ unit. Optional. */
    enum rc (*again)(struct cx *cx, const struct req *rq, void *out);
    int64_t per_minute; /* of one address; 0 = the default of its method */
    const char *nav;    /* entry of the main navigation this page belongs to */
    /* Of a route with `upload`, before the first byte of the body, which nobody has seen yet: does the thing exist for the actor, does
     * it take files, has it room? READ unit, after need. Its checks are repeated by `run`. Optional. */
    enum rc (*admit)(struct cx *cx, const struct req *rq);
    int64_t upload;     /* bytes: a multipart/form-data body up to this size is taken, with files; 0 = none */
    /* Before the first byte of a body that goes into a file: where to, or a refusal. READ unit, after need and form token. Its
     * checks are repeated by `run`. Optional. */
    enum rc (*land)(struct cx *cx, const struct req *rq, struct landed *out);
};

/* Output of routes with a `type`. With a filename it is a download, and `type` is the one of this file. */
struct raw {
    struct str body, type, filename;
};
extern const struct record RAW;

/* Value of {name} in the address; never absent. */
struct str req_param(const struct req *rq, const char *name);
/* The same as an id; 0 if it is none. */
int64_t req_id(const struct req *rq, const char *name);
/* Answer 303 to this local address. Copies nothing. */
void reply_see(const struct req *rq, struct str location);
void reply_status(const struct req *rq, int status);
void reply_cookie(const struct req *rq, struct cookie c);
void reply_header(const struct req *rq, const char *name, struct str value);
/* A problem with this status and message, whatever `run` returns; for statuses that no rc has. Returns RC_INVALID, so that the
 * unit is undone; a handler that must keep a fact and yet refuse returns RC_OK after it. */
enum rc reply_refuse(const struct req *rq, int status, const char *key);

#endif

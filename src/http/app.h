/* app.h - what lasts as long as the process: configuration, catalogues, keys. Immutable once serving. */
#ifndef HTTP_APP_H
#define HTTP_APP_H

#include "base/hash.h"
#include "base/seal.h"
#include "db/db.h"
#include "tmpl/tmpl.h"

struct http;
struct calendar;
struct form;
struct shelf;
struct tally;
struct jobs;
struct ledger_key;

/* The configuration file; every key is documented in docs/operate.md. */
struct config {
    struct str data;          /* directory of everything this node keeps */
    struct str db;            /* sqlite:PATH or postgresql:... ; default sqlite in `data` */
    struct str listen;        /* ADDRESS:PORT */
    struct str site_name;     /* 示例县政务服务 */
    struct str site_owner;    /* 示例县人民政府 */
    struct str site_operator; /* 示例县政务服务中心 */
    struct str site_url;      /* https://..., for sitemap and printed addresses; "" = from the request */
    struct str division;      /* 12 digits */
    struct str phone, hours;
    int64_t    workers;       /* threads that run requests */
    int64_t    queue;         /* requests that may wait */
    int64_t    connections, connections_per_address;
    int64_t    body_max;      /* bytes of a form */
    int64_t    writes_per_minute; /* per address */
    int64_t    trust_proxy;   /* 1: client address from X-Forwarded-For of a local proxy */
    int64_t    secure_cookies; /* 1: cookies only over https */
    int64_t    demo;          /* 1: sample data is shown, pages say so */
};
extern const struct record CONFIG;

/* Counters since start, for /metrics; changed with __atomic operations only. */
struct stats {
    int64_t requests[6];  /* by class of status: [2] = 2xx ... */
    int64_t cached;       /* answered from kept pages or as not modified */
    int64_t queued_out;   /* refused because the queue was full */
    int64_t slow_closed;  /* connections closed by the slow-client guard */
    int64_t waiting;      /* requests in the queue now */
    int64_t started_ms;
};

struct app {
    struct config    config;
    struct stats    *stats;
    const struct http *http; /* the routes, for the API description */
    struct texts    *texts;
    const struct calendar *calendar; /* national working days and local overlay */
    const struct form *standard_form; /* what items without their own form are applied for with */
    struct shelf    *forms;          /* published forms as read; may be NULL: then read for every request */
    struct shelf    *calendars;      /* built-in calendars with the rows of a version laid over; may be NULL */
    struct db_pool  *db;
    struct db_pool  *local;    /* derived, per node: search index */
    struct tally    *misses;   /* searches that found nothing, until search_flush writes them; may be NULL */
    struct keyring   keys;     /* for personal data at rest */
    const struct ledger_key *ledger_key; /* signs heads of the ledger; NULL: this process signs none */
    struct jobs     *jobs;     /* to be woken by job_add; NULL where none run */
    unsigned char    key[32];  /* for tokens that this node and its peers make */
    const void      *const *module_state; /* immutable, by module; see each module's header */
};

/* What a module brings. */
struct module {
    const char                *name;
    const struct route        *routes;
    size_t                     nroutes;
    const struct sql *const   *sql;
    size_t                     nsql;
    const struct migration    *schema;
    size_t                     nschema;
    const struct job_kind     *jobs;
    size_t                     njobs;
};

#endif

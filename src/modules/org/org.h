/* org.h - who there is: divisions of five levels, bodies, sections, windows, stations, staff.
 * Words: a body (机构) owns items; a window (窗口) stands in the hall and serves bodies; a station (便民服务站) is the
 * township's or village's place. A post joins a member of staff to a body and roles. */
#ifndef MODULES_ORG_ORG_H
#define MODULES_ORG_ORG_H

#include "http/app.h"
#include "http/route.h"

struct org_body {
    int64_t    id;
    struct str code; /* unified social credit code, unique */
    struct str name, short_, kind, duty, phone, address, remedy_body;
    int64_t    level, pos; /* level: 3 prefecture, 4 county */
    bool       counted;    /* one of the county's own bodies */
};
extern const struct record ORG_BODY;

struct org_window {
    struct str no, zone, name, kind;
    int64_t    floor;
};
extern const struct record ORG_WINDOW;

struct org_counts {
    int64_t bodies, windows, staff, stations, divisions;
};

/* RC_NOT_FOUND if there is none. */
enum rc org_body_find(struct cx *cx, struct str code, struct org_body *out);
enum rc org_body_get(struct cx *cx, int64_t id, struct org_body *out);
/* The county's own bodies in their official order; list of struct org_body. */
enum rc org_body_list(struct cx *cx, struct list *out);
/* Windows of the hall that serve this body; list of struct org_window. */
enum rc org_window_list(struct cx *cx, int64_t body, struct list *out);
enum rc org_counts_get(struct cx *cx, struct org_counts *out);

/* Version of everything public; grows when org_public_changed is called in a unit that commits. */
enum rc org_public_version(struct cx *cx, int64_t *out);
enum rc org_public_changed(struct cx *cx);

/* The tables an organisation is loaded from, as CSV text (columns: data/README.md). */
struct org_tables {
    struct str divisions, bodies, sections, windows, stations, staff;
};
/* Load what is not there yet; existing rows stay. RC_INVALID with issues naming file and line if a row is wrong. */
enum rc org_import(struct cx *cx, const struct org_tables *t);

extern const struct module org_module;

#endif

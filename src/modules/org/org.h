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

/* A township, a street or what lies in it. */
struct org_division {
    struct str code, name, parent, parent_name; /* of a township the parent is the county */
    int64_t    level;                           /* 4 township or street, 5 village or community */
};

/* Townships and villages of the county of the configuration, each township before its villages; list of struct org_division. */
enum rc org_division_list(struct cx *cx, struct list *out);
/* One of them; RC_NOT_FOUND if the county has none of this code. */
enum rc org_division_find(struct cx *cx, struct str code, struct org_division *out);

/* RC_NOT_FOUND if there is none. */
enum rc org_body_find(struct cx *cx, struct str code, struct org_body *out);
enum rc org_body_get(struct cx *cx, int64_t id, struct org_body *out);
/* The county's own bodies in their official order; list of struct org_body. */
enum rc org_body_list(struct cx *cx, struct list *out);
/* Windows of the hall that serve this body; list of struct org_window. */
enum rc org_window_list(struct cx *cx, int64_t body, struct list *out);
enum rc org_counts_get(struct cx *cx, struct org_counts *out);

/* Roles of posts. The order is that of the bits in actor.roles. */
enum org_role {
    ROLE_CLERK, ROLE_REVIEWER, ROLE_SECTION_HEAD, ROLE_BODY_HEAD, ROLE_STEWARD, ROLE_CENTRE_REVIEWER, ROLE_LEGAL,
    ROLE_ESTABLISHMENT, ROLE_HALL_MANAGER, ROLE_GUIDE, ROLE_AGENT, ROLE_SUPERVISOR, ROLE_DISCIPLINE, ROLE_LEADER,
    ROLE_DELIVERY, ROLE_CASHIER, ROLE_SYSTEM_ADMIN, ROLE_SECURITY_ADMIN, ROLE_AUDIT_ADMIN, ROLE_TRADING, ROLE_HOTLINE,
    ROLES
};
/* Words as in the database, NULL-terminated; index = enum org_role. */
extern const char *const org_role_words[ROLES + 1];
#define ROLE_BIT(r) (UINT64_C(1) << (r))
/* The post in which somebody acts has this role. */
static inline bool org_has_role(const struct cx *cx, enum org_role r)
{
    return (cx->actor.roles & ROLE_BIT(r)) != 0;
}

/* Two roles that one person must not hold (law-and-practice: incompatible duties); NULL if they go together, else a message
 * key that says why. Pure. */
const char *org_roles_clash(enum org_role a, enum org_role b);
/* The first clash within a set of roles, or NULL. Pure. */
const char *org_role_set_clash(uint64_t roles);

struct org_staff {
    int64_t    id, body;
    struct str login, name, section, window_no, division;
};
/* RC_NOT_FOUND if there is none. */
enum rc org_staff_get(struct cx *cx, int64_t id, struct org_staff *out);
enum rc org_staff_find(struct cx *cx, struct str login, struct org_staff *out);
/* A new member of staff; `id` is given, `division` may be none. RC_CONFLICT if the login is taken. */
enum rc org_staff_add(struct cx *cx, const struct org_staff *s, int64_t *out_id);
/* ROLE_BIT of every role the person holds now; 0 for nobody. */
enum rc org_staff_role_bits(struct cx *cx, int64_t staff, uint64_t *out);
/* RC_INVALID with an issue on "role" if it clashes with a role the person holds. */
enum rc org_staff_role_add(struct cx *cx, int64_t staff, enum org_role role);
enum rc org_staff_role_end(struct cx *cx, int64_t staff, enum org_role role);
/* Bodies that the window of this member of staff serves; list of struct org_body, empty without window. */
enum rc org_served_bodies(struct cx *cx, int64_t staff, struct list *out);
struct org_staff_line {
    int64_t    id;
    struct str login, name, section, window_no, body_short;
};
extern const struct record ORG_STAFF_LINE;
/* Up to 51 members of staff after this login. */
enum rc org_staff_list(struct cx *cx, struct str after, struct list *out);

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

/* org_store.h - every statement of the module; no decisions. */
#ifndef MODULES_ORG_STORE_H
#define MODULES_ORG_STORE_H

#include "modules/org/org.h"
#include "org_sql.h"

struct org_division_row {
    struct str code, name, parent;
    int64_t    level;
};
struct org_station_row {
    struct str division, name, address, phone;
    int64_t    level;
};
struct org_staff_row {
    struct str login, name, body, section, window, roles, division;
    bool       sample;
};

/* All add functions leave an existing row alone. */
enum rc org_store_division_add(struct cx *cx, const struct org_division_row *r);
enum rc org_store_body_add(struct cx *cx, const struct org_body *b);
enum rc org_store_section_add(struct cx *cx, int64_t body, int64_t n, struct str name);
enum rc org_store_window_add(struct cx *cx, const struct org_window *w);
enum rc org_store_window_body_add(struct cx *cx, int64_t body, struct str no);
enum rc org_store_station_add(struct cx *cx, const struct org_station_row *s);
/* *out_added is 0 if the login was there. */
enum rc org_store_staff_add(struct cx *cx, int64_t id, int64_t body, const struct org_staff_row *s, int64_t *out_added);
enum rc org_store_staff_role_add(struct cx *cx, int64_t staff, struct str role);
enum rc org_store_staff_role_end(struct cx *cx, int64_t staff, struct str role);

#endif

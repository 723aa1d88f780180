/* org_import.c - an organisation from CSV tables. */
#include "base/csv.h"
#include "modules/org/org_store.h"

static const struct field division_fields[] = {
    FIELD(struct org_division_row, code, .required = true, .max = 12, .min = 12),
    FIELD(struct org_division_row, name, .required = true),
    FIELD(struct org_division_row, parent, .max = 12),
    FIELD(struct org_division_row, level, .required = true, .min = 1, .max = 5),
};
static const struct record DIVISION = RECORD(struct org_division_row, division_fields);

static const char *const body_kinds[] = { "organ", "institution", "party", "enterprise", "vertical", "group", "government", NULL };
static const struct field body_fields[] = {
    FIELD(struct org_body, code, .required = true, .min = 18, .max = 18),
    FIELD(struct org_body, name, .required = true),
    { .name = "short", .type = F_STR, .at = offsetof(struct org_body, short_), .required = true, .max = 20 },
    FIELD(struct org_body, kind, .required = true, .words = body_kinds),
    FIELD(struct org_body, level, .required = true, .min = 1, .max = 6),
    FIELD(struct org_body, duty),
    FIELD(struct org_body, phone, .max = 30),
    FIELD(struct org_body, address),
    FIELD(struct org_body, remedy_body),
    FIELD(struct org_body, pos, .max = 10000),
    FIELD(struct org_body, counted),
};
static const struct record BODY = RECORD(struct org_body, body_fields);

struct section_row {
    struct str body, name;
    int64_t    n;
};
static const struct field section_fields[] = {
    FIELD(struct section_row, body, .required = true),
    FIELD(struct section_row, n, .required = true, .min = 1, .max = 99),
    FIELD(struct section_row, name, .required = true),
};
static const struct record SECTION = RECORD(struct section_row, section_fields);

struct window_row {
    struct org_window w;
    struct str        bodies;
};
static const struct field window_fields[] = {
    { .name = "no", .type = F_STR, .at = offsetof(struct window_row, w.no), .required = true, .max = 10 },
    { .name = "zone", .type = F_STR, .at = offsetof(struct window_row, w.zone), .required = true },
    { .name = "floor", .type = F_I64, .at = offsetof(struct window_row, w.floor), .min = -5, .max = 99 },
    { .name = "name", .type = F_STR, .at = offsetof(struct window_row, w.name), .required = true },
    { .name = "kind", .type = F_STR, .at = offsetof(struct window_row, w.kind), .required = true },
    FIELD(struct window_row, bodies, .max = 2000),
};
static const struct record WINDOW = RECORD(struct window_row, window_fields);

static const struct field station_fields[] = {
    FIELD(struct org_station_row, division, .required = true), FIELD(struct org_station_row, name, .required = true),
    FIELD(struct org_station_row, level, .min = 5, .max = 6),  FIELD(struct org_station_row, address),
    FIELD(struct org_station_row, phone),
};
static const struct record STATION = RECORD(struct org_station_row, station_fields);

static const struct field staff_fields[] = {
    FIELD(struct org_staff_row, login, .required = true, .max = 30),
    FIELD(struct org_staff_row, name, .required = true, .max = 50),
    FIELD(struct org_staff_row, body, .required = true),
    FIELD(struct org_staff_row, section),
    FIELD(struct org_staff_row, window, .max = 10),
    FIELD(struct org_staff_row, roles),
    FIELD(struct org_staff_row, division, .max = 12),
    FIELD(struct org_staff_row, sample),
};
static const struct record STAFF = RECORD(struct org_staff_row, staff_fields);

/* The field of the issue becomes "file:line". */
static enum rc wrong_line(struct cx *cx, const char *file, int64_t line)
{
    struct str field = cx->issues.n ? cx->issues.v[0].field : STR("");
    struct str where = arena_fmt(cx->arena, "%s:%lld", file, (long long)line);
    return cx_invalid_args(cx, where.p, "base.wrong_line", where, field);
}

/* Next row as a record; RC_NOT_FOUND at the end. */
static enum rc next(struct cx *cx, struct csv *c, const char *file, const struct record *r, void *out)
{
    enum rc rc = csv_next(c);
    if (!rc)
        rc = record_from_pairs(r, c->row, c->columns, cx->arena, &cx->issues, out);
    return rc == RC_INVALID ? wrong_line(cx, file, c->line) : rc;
}

static enum rc end_of_file(enum rc rc)
{
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

/* The parent must be there; the child's row names it. */
static enum rc body_id(struct cx *cx, struct str code, int64_t *out)
{
    struct org_body b;
    enum rc rc = org_body_find(cx, code, &b);
    if (rc == RC_NOT_FOUND)
        return cx_invalid_args(cx, "body", "org.no_such_body", code, STR_NONE);
    *out = rc ? 0 : b.id;
    return rc;
}

static enum rc import_divisions(struct cx *cx, struct str text)
{
    struct csv c;
    struct org_division_row r;
    enum rc rc = csv_open(&c, text, cx->arena);
    while (!rc && !(rc = next(cx, &c, "divisions.csv", &DIVISION, &r)))
        rc = org_store_division_add(cx, &r);
    return end_of_file(rc);
}

static enum rc import_bodies(struct cx *cx, struct str text)
{
    struct csv c;
    struct org_body b;
    enum rc rc = csv_open(&c, text, cx->arena);
    while (!rc && !(rc = next(cx, &c, "bodies.csv", &BODY, &b))) {
        b.id = db_id(cx);
        rc = org_store_body_add(cx, &b);
    }
    return end_of_file(rc);
}

static enum rc import_sections(struct cx *cx, struct str text)
{
    struct csv c;
    struct section_row r;
    int64_t body = 0;
    enum rc rc = csv_open(&c, text, cx->arena);
    while (!rc && !(rc = next(cx, &c, "sections.csv", &SECTION, &r)) && !(rc = body_id(cx, r.body, &body)))
        rc = org_store_section_add(cx, body, r.n, r.name);
    return end_of_file(rc);
}

static enum rc window_bodies(struct cx *cx, struct str no, struct str codes)
{
    enum rc rc = RC_OK;
    while (codes.p && !rc) {
        struct str code = str_trim(str_cut(&codes, ' '));
        int64_t body = 0;
        if (code.n && !(rc = body_id(cx, code, &body)))
            rc = org_store_window_body_add(cx, body, no);
    }
    return rc;
}

static enum rc import_windows(struct cx *cx, struct str text)
{
    struct csv c;
    struct window_row r;
    enum rc rc = csv_open(&c, text, cx->arena);
    while (!rc && !(rc = next(cx, &c, "windows.csv", &WINDOW, &r)) && !(rc = org_store_window_add(cx, &r.w)))
        rc = window_bodies(cx, r.w.no, r.bodies);
    return end_of_file(rc);
}

static enum rc import_stations(struct cx *cx, struct str text)
{
    struct csv c;
    struct org_station_row r;
    enum rc rc = csv_open(&c, text, cx->arena);
    while (!rc && !(rc = next(cx, &c, "stations.csv", &STATION, &r)))
        rc = org_store_station_add(cx, &r);
    return end_of_file(rc);
}

static enum rc staff_roles(struct cx *cx, int64_t staff, struct str roles)
{
    enum rc rc = RC_OK;
    while (roles.p && !rc) {
        struct str role = str_trim(str_cut(&roles, ' '));
        if (role.n)
            rc = org_store_staff_role_add(cx, staff, role);
    }
    return rc;
}

static enum rc import_staff(struct cx *cx, struct str text)
{
    struct csv c;
    struct org_staff_row r;
    int64_t body = 0, added = 0;
    enum rc rc = csv_open(&c, text, cx->arena);
    while (!rc && !(rc = next(cx, &c, "staff.csv", &STAFF, &r)) && !(rc = body_id(cx, r.body, &body))) {
        int64_t id = db_id(cx);
        rc = org_store_staff_add(cx, id, body, &r, &added);
        if (!rc && added)
            rc = staff_roles(cx, id, r.roles);
    }
    return end_of_file(rc);
}

enum rc org_import(struct cx *cx, const struct org_tables *t)
{
    enum rc rc = import_divisions(cx, t->divisions);
    if (!rc)
        rc = import_bodies(cx, t->bodies);
    if (!rc)
        rc = import_sections(cx, t->sections);
    if (!rc)
        rc = import_windows(cx, t->windows);
    if (!rc)
        rc = import_stations(cx, t->stations);
    if (!rc)
        rc = import_staff(cx, t->staff);
    return rc ? rc : org_public_changed(cx);
}

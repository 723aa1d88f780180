/* org_store.c - statements in, structs out. */
#include "modules/org/org_store.h"

/* The column is called short; the C keyword is not free. */
static const struct field body_fields[] = {
    FIELD(struct org_body, id),    FIELD(struct org_body, code),    FIELD(struct org_body, name),
    { .name = "short", .type = F_STR, .at = offsetof(struct org_body, short_) },
    FIELD(struct org_body, kind),  FIELD(struct org_body, level),   FIELD(struct org_body, duty),
    FIELD(struct org_body, phone), FIELD(struct org_body, address), FIELD(struct org_body, remedy_body),
    FIELD(struct org_body, pos),   FIELD(struct org_body, counted),
};
const struct record ORG_BODY = RECORD(struct org_body, body_fields);

static const struct field window_fields[] = {
    FIELD(struct org_window, no),   FIELD(struct org_window, zone), FIELD(struct org_window, floor),
    FIELD(struct org_window, name), FIELD(struct org_window, kind),
};
const struct record ORG_WINDOW = RECORD(struct org_window, window_fields);

static const struct field division_fields[] = {
    FIELD(struct org_division, code),   FIELD(struct org_division, name),  FIELD(struct org_division, parent),
    FIELD(struct org_division, parent_name), FIELD(struct org_division, level),
};
static const struct record DIVISION = RECORD(struct org_division, division_fields);

static const struct field count_fields[] = {
    FIELD(struct org_counts, bodies),   FIELD(struct org_counts, windows),   FIELD(struct org_counts, staff),
    FIELD(struct org_counts, stations), FIELD(struct org_counts, divisions),
};
static const struct record COUNTS = RECORD(struct org_counts, count_fields);

static const struct field staff_fields[] = {
    FIELD(struct org_staff, id),      FIELD(struct org_staff, login),     FIELD(struct org_staff, name),
    FIELD(struct org_staff, body),    FIELD(struct org_staff, section),   FIELD(struct org_staff, window_no),
    FIELD(struct org_staff, division),
};
static const struct record STAFF = RECORD(struct org_staff, staff_fields);

static const struct field line_fields[] = {
    FIELD(struct org_staff_line, id),      FIELD(struct org_staff_line, login),     FIELD(struct org_staff_line, name),
    FIELD(struct org_staff_line, section), FIELD(struct org_staff_line, window_no), FIELD(struct org_staff_line, body_short),
};
const struct record ORG_STAFF_LINE = RECORD(struct org_staff_line, line_fields);

struct role_row {
    struct str role;
};
static const struct field role_fields[] = { FIELD(struct role_row, role) };
static const struct record ROLE = RECORD(struct role_row, role_fields);

/* SQL columns are NOT NULL: no text is empty text. */
static struct val text(struct str s)
{
    return v_str(s.p ? s : STR(""));
}

/* Codes of a county begin with its six digits; ':' stands behind the digits. */
static struct val county_end(struct cx *cx)
{
    return v_str(arena_fmt(cx->arena, STR_F ":", STR_A(str_sub(cx->app->config.division, 0, 6))));
}

enum rc org_division_list(struct cx *cx, struct list *out)
{
    return db_all(cx, &sql_org_divisions, ARGS(v_str(cx->app->config.division), county_end(cx)), &DIVISION, out);
}

enum rc org_division_find(struct cx *cx, struct str code, struct org_division *out)
{
    return db_one(cx, &sql_org_division_by_code, ARGS(v_str(code), v_str(cx->app->config.division), county_end(cx)), &DIVISION, out);
}

enum rc org_body_find(struct cx *cx, struct str code, struct org_body *out)
{
    return db_one(cx, &sql_org_body_by_code, ARGS(v_str(code)), &ORG_BODY, out);
}

enum rc org_body_get(struct cx *cx, int64_t id, struct org_body *out)
{
    return db_one(cx, &sql_org_body_by_id, ARGS(v_i64(id)), &ORG_BODY, out);
}

enum rc org_body_list(struct cx *cx, struct list *out)
{
    return db_all(cx, &sql_org_bodies, NO_ARGS, &ORG_BODY, out);
}

enum rc org_window_list(struct cx *cx, int64_t body, struct list *out)
{
    return db_all(cx, &sql_org_windows_of_body, ARGS(v_i64(body)), &ORG_WINDOW, out);
}

enum rc org_counts_get(struct cx *cx, struct org_counts *out)
{
    return db_one(cx, &sql_org_counts, NO_ARGS, &COUNTS, out);
}

enum rc org_public_version(struct cx *cx, int64_t *out)
{
    return db_int(cx, &sql_org_public_version_get, NO_ARGS, out);
}

enum rc org_public_changed(struct cx *cx)
{
    return db_exec(cx, &sql_org_public_version_bump, NO_ARGS, NULL);
}

enum rc org_store_division_add(struct cx *cx, const struct org_division_row *r)
{
    return db_exec(cx, &sql_org_division_insert,
                   ARGS(v_str(r->code), v_str(r->name), v_str(r->parent.n ? r->parent : STR_NONE), v_i64(r->level)), NULL);
}

enum rc org_store_body_add(struct cx *cx, const struct org_body *b)
{
    return db_exec(cx, &sql_org_body_insert,
                   ARGS(v_i64(b->id), v_str(b->code), v_str(b->name), v_str(b->short_), v_str(b->kind), v_i64(b->level),
                        text(b->duty), text(b->phone), text(b->address), text(b->remedy_body), v_i64(b->pos),
                        v_bool(b->counted)),
                   NULL);
}

enum rc org_store_section_add(struct cx *cx, int64_t body, int64_t n, struct str name)
{
    return db_exec(cx, &sql_org_section_insert, ARGS(v_i64(body), v_i64(n), v_str(name)), NULL);
}

enum rc org_store_window_add(struct cx *cx, const struct org_window *w)
{
    return db_exec(cx, &sql_org_window_insert,
                   ARGS(v_str(w->no), v_str(w->zone), v_i64(w->floor), v_str(w->name), v_str(w->kind)), NULL);
}

enum rc org_store_window_body_add(struct cx *cx, int64_t body, struct str no)
{
    return db_exec(cx, &sql_org_window_body_insert, ARGS(v_i64(body), v_str(no)), NULL);
}

enum rc org_store_station_add(struct cx *cx, const struct org_station_row *s)
{
    return db_exec(cx, &sql_org_station_insert,
                   ARGS(v_str(s->division), v_str(s->name), v_i64(s->level), v_str(s->address), v_str(s->phone)), NULL);
}

enum rc org_store_staff_add(struct cx *cx, int64_t id, int64_t body, const struct org_staff_row *s, int64_t *out_added)
{
    struct str window = s->window.n ? s->window : STR_NONE, division = s->division.n ? s->division : STR_NONE;
    return db_exec(cx, &sql_org_staff_insert,
                   ARGS(v_i64(id), v_str(s->login), v_str(s->name), v_i64(body), v_str(s->section.p ? s->section : STR("")),
                        v_str(window), v_str(division), v_bool(s->sample)),
                   out_added);
}

enum rc org_store_staff_role_add(struct cx *cx, int64_t staff, struct str role)
{
    return db_exec(cx, &sql_org_staff_role_insert, ARGS(v_i64(staff), v_str(role)), NULL);
}

enum rc org_staff_get(struct cx *cx, int64_t id, struct org_staff *out)
{
    return db_one(cx, &sql_org_staff_by_id, ARGS(v_i64(id)), &STAFF, out);
}

enum rc org_staff_find(struct cx *cx, struct str login, struct org_staff *out)
{
    return db_one(cx, &sql_org_staff_by_login, ARGS(v_str(login)), &STAFF, out);
}

enum rc org_staff_list(struct cx *cx, struct str after, struct list *out)
{
    return db_all(cx, &sql_org_staff_after, ARGS(text(after)), &ORG_STAFF_LINE, out);
}

enum rc org_staff_role_bits(struct cx *cx, int64_t staff, uint64_t *out)
{
    struct list rows;
    enum rc rc = db_all(cx, &sql_org_staff_roles, ARGS(v_i64(staff)), &ROLE, &rows);
    *out = 0;
    for (size_t i = 0; i < rows.n && !rc; i++)
        for (int r = 0; r < ROLES; r++)
            if (str_is(((const struct role_row *)rows.v)[i].role, org_role_words[r]))
                *out |= ROLE_BIT(r);
    return rc;
}

enum rc org_store_staff_role_end(struct cx *cx, int64_t staff, struct str role)
{
    return db_exec(cx, &sql_org_staff_role_delete, ARGS(v_i64(staff), v_str(role)), NULL);
}

enum rc org_served_bodies(struct cx *cx, int64_t staff, struct list *out)
{
    return db_all(cx, &sql_org_served_bodies, ARGS(v_i64(staff)), &ORG_BODY, out);
}

/* places.c - places of a zone: reserved by acceptance, taken by grant, freed; who is told then. */
#include "modules/places/places.h"

#include "base/csv.h"
#include "modules/org/org.h"
#include "places_sql.h"

static const struct field zone_fields[] = {
    FIELD(struct places_zone, n), FIELD(struct places_zone, name), FIELD(struct places_zone, ceiling),
    FIELD(struct places_zone, taken_before, .secret = true), FIELD(struct places_zone, sample), FIELD(struct places_zone, taken),
    FIELD(struct places_zone, reserved), FIELD(struct places_zone, waiting), FIELD(struct places_zone, free),
};
const struct record PLACES_ZONE = RECORD(struct places_zone, zone_fields);
/* The columns; free follows from the others. */
static const struct record ZONE_ROW = { .size = sizeof(struct places_zone), .n = countof(zone_fields) - 1, .fields = zone_fields };

static const char *const states[] = { "named", "reserved", "waiting", "taken", "freed", "hoping", NULL };
static const struct field place_fields[] = {
    FIELD(struct places_place, case_id), FIELD(struct places_place, item_code), FIELD(struct places_place, zone),
    FIELD_WORD(struct places_place, state, states, "places.state"), FIELD(struct places_place, complete_at),
    FIELD(struct places_place, accepted_at),
};
const struct record PLACES_PLACE = RECORD(struct places_place, place_fields);

static const struct field told_fields[] = { FIELD(struct places_told, case_id) };
static const struct record TOLD = RECORD(struct places_told, told_fields);

enum rc places_zone_list(struct cx *cx, struct str item_code, struct list *out)
{
    enum rc rc = db_all(cx, &sql_places_zones, ARGS(v_str(item_code)), &ZONE_ROW, out);
    if (rc)
        return rc;
    struct places_zone *z = (void *)out->v;
    for (size_t i = 0; i < out->n; i++) {
        z[i].taken += z[i].taken_before;
        int64_t left = z[i].ceiling - z[i].taken - z[i].reserved;
        z[i].free = left > 0 ? left : 0;
    }
    return RC_OK;
}

enum rc places_find(struct cx *cx, int64_t case_id, struct places_place *out)
{
    return db_one(cx, &sql_places_get, ARGS(v_i64(case_id)), &PLACES_PLACE, out);
}

/* Whoever changes a zone holds its row, so that the last place is given once. */
static enum rc zone_lock(struct cx *cx, struct str item_code, int64_t zone)
{
    int64_t changed = 0;
    enum rc rc = db_exec(cx, &sql_places_zone_lock, ARGS(v_str(item_code), v_i64(zone)), &changed);
    return rc ? rc : changed ? RC_OK : RC_NOT_FOUND;
}

static enum rc zone_get(struct cx *cx, struct str item_code, int64_t n, struct places_zone *out)
{
    struct list all;
    enum rc rc = places_zone_list(cx, item_code, &all);
    for (size_t i = 0; i < all.n && !rc; i++)
        if (((const struct places_zone *)all.v)[i].n == n) {
            *out = ((const struct places_zone *)all.v)[i];
            return RC_OK;
        }
    return rc ? rc : RC_NOT_FOUND;
}

enum rc places_name(struct cx *cx, int64_t case_id, struct str item_code, int64_t zone)
{
    struct places_zone z;
    int64_t changed = 0;
    enum rc rc = zone_get(cx, item_code, zone, &z);
    if (rc == RC_NOT_FOUND)
        return cx_invalid(cx, "zone", "places.no_such_zone");
    if (!rc)
        rc = db_exec(cx, &sql_places_name, ARGS(v_i64(case_id), v_str(item_code), v_i64(zone), v_i64(cx->now)), &changed);
    return rc ? rc : changed ? RC_OK : RC_CONFLICT;
}

static enum rc state_set(struct cx *cx, int64_t case_id, struct str from, const char *to)
{
    int64_t changed = 0;
    enum rc rc = db_exec(cx, &sql_places_set, ARGS(v_i64(case_id), v_str(from), v_str(str_c(to)), v_i64(cx->now)), &changed);
    return rc ? rc : changed ? RC_OK : RC_CONFLICT;
}

enum rc places_accept(struct cx *cx, int64_t case_id, int64_t complete_at, int64_t accepted_at, bool *out_overtaken)
{
    struct places_place p;
    struct places_zone z;
    int64_t overtakers = 0, changed = 0;
    enum rc rc = places_find(cx, case_id, &p);
    if (!rc)
        rc = zone_lock(cx, p.item_code, p.zone);
    if (!rc)
        rc = zone_get(cx, p.item_code, p.zone, &z);
    if (!rc)
        rc = db_int(cx, &sql_places_overtakers,
                    ARGS(v_str(p.item_code), v_i64(p.zone), v_i64(case_id), v_i64(accepted_at), v_i64(complete_at)), &overtakers);
    if (rc)
        return rc == RC_NOT_FOUND ? RC_CONFLICT : rc;
    const char *state = z.free > 0 ? "reserved" : "waiting";
    rc = db_exec(cx, &sql_places_accept,
                 ARGS(v_i64(case_id), v_str(str_c(state)), v_i64(complete_at), v_i64(accepted_at), v_i64(cx->now)), &changed);
    if (!rc && !changed)
        return RC_CONFLICT;
    *out_overtaken = overtakers > 0;
    return rc ? rc : org_public_changed(cx);
}

enum rc places_take(struct cx *cx, int64_t case_id)
{
    struct places_place p;
    enum rc rc = places_find(cx, case_id, &p);
    if (!rc)
        rc = zone_lock(cx, p.item_code, p.zone);
    if (!rc)
        rc = state_set(cx, case_id, STR("reserved"), "taken");
    if (rc)
        return rc == RC_NOT_FOUND ? RC_CONFLICT : rc;
    return org_public_changed(cx);
}

/* The first of those who wait has the place now; when nobody waits, those who were refused for want of one are told. */
static enum rc free_tell(struct cx *cx, const struct places_place *p, struct list *out)
{
    enum rc rc = db_all(cx, &sql_places_first_waiting, ARGS(v_str(p->item_code), v_i64(p->zone)), &TOLD, out);
    if (!rc && !out->n)
        return db_all(cx, &sql_places_hoping, ARGS(v_str(p->item_code), v_i64(p->zone)), &TOLD, out);
    struct places_told *first = (void *)out->v;
    if (!rc)
        rc = state_set(cx, first->case_id, STR("waiting"), "reserved");
    if (!rc)
        first->reserved = true;
    return rc;
}

enum rc places_free(struct cx *cx, int64_t case_id, bool refused, struct list *out_told)
{
    struct places_place p;
    struct places_zone z;
    *out_told = (struct list){ 0 };
    enum rc rc = places_find(cx, case_id, &p);
    if (!rc)
        rc = zone_lock(cx, p.item_code, p.zone);
    if (!rc)
        rc = places_find(cx, case_id, &p); /* again, now that nobody else changes it */
    if (rc)
        return rc;
    bool held = str_is(p.state, "reserved") || str_is(p.state, "taken");
    if (str_is(p.state, "freed") || str_is(p.state, "hoping"))
        return RC_CONFLICT;
    rc = state_set(cx, case_id, p.state, refused && str_is(p.state, "waiting") ? "hoping" : "freed");
    if (!rc && held)
        rc = zone_get(cx, p.item_code, p.zone, &z);
    if (!rc && held && z.free > 0) /* a ceiling may have been lowered meanwhile */
        rc = free_tell(cx, &p, out_told);
    return rc || !held ? rc : org_public_changed(cx);
}

/* ---- import ---------------------------------------------------------------------------------------------------------- */

struct zone_row {
    struct str item_code, name;
    int64_t    zone, ceiling, taken;
    bool       sample;
};
static const struct field row_fields[] = {
    FIELD(struct zone_row, item_code, .required = true, .max = 40), FIELD(struct zone_row, zone, .required = true, .min = 1, .max = 1000),
    FIELD(struct zone_row, name, .required = true, .max = 100), FIELD(struct zone_row, ceiling, .min = 0, .max = 100000),
    FIELD(struct zone_row, taken, .min = 0, .max = 100000), FIELD(struct zone_row, sample),
};
static const struct record ROW = RECORD(struct zone_row, row_fields);

enum rc places_import(struct cx *cx, struct str csv)
{
    struct csv *c = arena_new(cx->arena, struct csv);
    enum rc rc = csv_open(c, csv, cx->arena);
    while (!rc && !(rc = csv_next(c))) {
        struct zone_row r = { 0 };
        rc = record_from_pairs(&ROW, c->row, c->columns, cx->arena, &cx->issues, &r);
        if (!rc)
            rc = db_exec(cx, &sql_places_zone_insert,
                         ARGS(v_str(r.item_code), v_i64(r.zone), v_str(r.name), v_i64(r.ceiling), v_i64(r.taken), v_bool(r.sample)), NULL);
    }
    if (rc == RC_INVALID)
        rc = cx_invalid_args(cx, "zones", "places.bad_line", arena_fmt(cx->arena, "%lld", (long long)c->line), STR_NONE);
    if (rc != RC_NOT_FOUND)
        return rc;
    return org_public_changed(cx);
}

const struct module places_module = {
    .name = "places", .sql = places_sql, .nsql = countof(places_sql), .schema = places_schema, .nschema = countof(places_schema),
};

/* demo.c - the example county: organisation and catalogue from the embedded tables, in one unit. */
#include "app/start.h"
#include "all_data.h"
#include "base/csv.h"
#include "base/log.h"
#include "base/password.h"
#include "modules/catalog/catalog.h"
#include "modules/identity/identity.h"
#include "modules/org/org.h"
#include "modules/places/places.h"

enum { DEMO_ARENA = 512 << 20 };

/* Every embedded schema under its code, the standard form first. */
static struct list forms_list(struct arena *a)
{
    struct pair *v = arena_many(a, struct pair, all_data_count);
    size_t n = 0;
    v[n++] = (struct pair){ STR("standard"), data_file("standard.json") };
    for (size_t i = 0; i < all_data_count; i++) {
        struct str rest = str_c(all_data[i].file), code = str_cut(&rest, '.');
        if (str_is(rest, "json") && !str_is(code, "standard"))
            v[n++] = (struct pair){ code, data_file(all_data[i].file) };
    }
    return (struct list){ v, n };
}

static enum rc load(struct cx *cx)
{
    struct org_tables o = { data_file("divisions.csv"), data_file("bodies.csv"),   data_file("sections.csv"),
                            data_file("windows.csv"),   data_file("stations.csv"), data_file("staff.csv") };
    struct catalog_tables c = { data_file("subjects.csv"), data_file("items.csv"), data_file("materials.csv"),
                                data_file("near_words.csv"), data_file("pauses.csv"), forms_list(cx->arena) };
    struct catalog_report report;
    enum rc rc = org_import(cx, &o);
    if (!rc)
        rc = catalog_import(cx, &c, false, &report);
    if (!rc)
        rc = places_import(cx, data_file("zones.csv"));
    if (!rc)
        log_info("example county: %lld items", (long long)report.added);
    return rc;
}

/* Sign-ins of the rows with a password hint; one per important role. */
static enum rc accounts_load(struct cx *cx, struct str hash)
{
    struct csv *c = arena_new(cx->arena, struct csv);
    enum rc rc = csv_open(c, data_file("staff.csv"), cx->arena);
    while (!rc && !(rc = csv_next(c))) {
        struct str login = STR_NONE, hint = STR_NONE;
        for (size_t i = 0; i < c->columns; i++)
            if (str_is(c->row[i].name, "login"))
                login = c->row[i].value;
            else if (str_is(c->row[i].name, "password_hint"))
                hint = c->row[i].value;
        if (hint.n)
            rc = identity_staff_account_add(cx, login, hash);
    }
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

static void issues_log(const struct cx *cx)
{
    for (size_t i = 0; i < cx->issues.n; i++)
        log_error("%s " STR_F ": " STR_F, cx->issues.v[i].key, STR_A(cx->issues.v[i].field), STR_A(cx->issues.v[i].arg[0]));
}

enum rc demo_load(struct start *s, bool *out_loaded)
{
    struct arena a;
    struct cx cx;
    struct org_counts counts = { 0 };
    arena_init(&a, DEMO_ARENA);
    struct str hash = password_hash(&a, STR(DEMO_PASSWORD)); /* slow: before the unit */
    *out_loaded = false;
    enum rc rc = unit_begin(s, WRITE, &a, &cx);
    if (!rc) {
        rc = org_counts_get(&cx, &counts);
        if (!rc && !counts.bodies) {
            rc = load(&cx);
            if (!rc)
                rc = accounts_load(&cx, hash);
            *out_loaded = !rc;
        }
        issues_log(&cx);
        rc = unit_end(&cx, rc);
    }
    arena_done(&a);
    return rc;
}

/* product.c - the product opened as the program opens it, but small; visitors. */
#include "product.h"

#include "app/modules.h"
#include "app/start.h"
#include "base/code.h"
#include "base/conf.h"
#include "base/log.h"
#include "db/db_priv.h"
#include "identity_service.h"
#include "modules/calendar/calendar.h"
#include "modules/catalog/catalog.h"
#include "modules/forms/forms.h"
#include "modules/org/org.h"
#include "modules/search/search.h"

#include <stdio.h>
#include <string.h>

enum { MODULES_MAX = 40, FILE_MAX_N = 8 << 20 };

/* ---- opening -------------------------------------------------------------------------------------------------------- */

static struct str table(struct cx *cx, const char *name)
{
    struct str text, path = arena_fmt(cx->arena, "%s/county/%s.csv", DATA_DIR, name);
    if (file_read(path.p, FILE_MAX_N, cx->arena, &text))
        panic("cannot read %s", path.p);
    return text;
}

/* The head and the lines of the items that tests use: loading all takes seconds under the sanitizers. */
static struct str few(struct cx *cx, struct str text)
{
    struct buf b;
    buf_init(&b, cx->arena, 16384);
    for (bool head = true; text.p && text.n; head = false) {
        struct str line = str_cut(&text, '\n');
        if (head || str_starts(line, STR(ITEM_LICENCE ",")) || str_starts(line, STR(ITEM_ON_SPOT ","))) {
            buf_str(&b, line);
            buf_char(&b, '\n');
        }
    }
    return buf_view(&b);
}

static void county_load(struct fixture *f)
{
    struct cx *cx = fixture_begin(f, WRITE);
    struct catalog_report report;
    struct str divisions = data_file("divisions.csv");
    const struct org_tables org = { divisions, table(cx, "bodies"), table(cx, "sections"), table(cx, "windows"), table(cx, "stations"),
                                    table(cx, "staff") };
    const struct catalog_tables items = { .subjects = table(cx, "subjects"), .items = few(cx, table(cx, "items")),
                                          .materials = few(cx, table(cx, "materials")), .near_words = few(cx, table(cx, "near_words")) };
    enum rc rc = org_import(cx, &org);
    if (!rc)
        rc = catalog_import(cx, &items, false, &report);
    for (size_t i = 0; i < cx->issues.n; i++)
        print_error("%s " STR_F "\n", cx->issues.v[i].key, STR_A(cx->issues.v[i].arg[0]));
    if (fixture_end(f, rc))
        panic("the example county cannot be loaded: %d", (int)rc);
}

static void app_complete(struct fixture *f)
{
    unsigned char bytes[KEYRING_BYTES];
    struct str why = STR_NONE;
    struct form *form = NULL;
    memset(bytes, 3, sizeof bytes);
    keyring_set(&f->app.keys, bytes);
    if (form_read(&f->kept, data_file("standard.json"), &form, &why) ||
        calendar_from_csv(&f->kept, data_file("holidays.csv"), &f->app.calendar, &why))
        panic("form or calendar: " STR_F, STR_A(why));
    f->app.standard_form = form;
    f->app.local = search_open(f->dir);
    f->gate = app_gate;
}

int product_open(void **state, enum db_engine engine, const struct module *own)
{
    const struct module *modules[MODULES_MAX];
    size_t n = all_nmodules;
    memcpy(modules, all_modules, n * sizeof *modules);
    if (own)
        modules[n++] = own;
    fixture_open(state, engine, modules, n);
    struct fixture *f = *state;
    if (!f)
        return 0;
    app_complete(f);
    county_load(f);
    return 0;
}

int product_on_sqlite(void **state)
{
    return product_open(state, DB_SQLITE, NULL);
}

int product_on_postgres(void **state)
{
    return product_open(state, DB_POSTGRES, NULL);
}

/* ---- requests --------------------------------------------------------------------------------------------------------- */

static void remember(struct visitor *v, const struct wire_out *out)
{
    for (size_t i = 0; i < out->ncookies; i++) {
        const struct cookie *k = &out->cookies[i];
        if (str_is(k->name, "tb_anon"))
            snprintf(v->anon, sizeof v->anon, STR_F, STR_A(k->value));
        if (str_is(k->name, "tb_session"))
            snprintf(v->session, sizeof v->session, STR_F, STR_A(k->value));
    }
    fixture_token(out->body, v->csrf, sizeof v->csrf);
}

static struct answer ask(struct visitor *v, struct wire_in *in, const char *address)
{
    struct wire_out out;
    in->cookie = arena_fmt(&v->f->unit, "%s%s; tb_anon=%s", v->session[0] ? "tb_session=" : "x=", v->session, v->anon);
    struct answer a = fixture_send(v->f, in, address, &out);
    remember(v, &out);
    return a;
}

struct answer visit(struct visitor *v, const char *address)
{
    arena_reset(&v->f->unit);
    return ask(v, &(struct wire_in){ .method = GET, .accept = STR("text/html") }, address);
}

struct answer visit_json(struct visitor *v, const char *address)
{
    arena_reset(&v->f->unit);
    return ask(v, &(struct wire_in){ .method = GET, .accept = STR("application/json") }, address);
}

struct answer submit(struct visitor *v, const char *address, const char *form)
{
    arena_reset(&v->f->unit);
    return ask(v, &(struct wire_in){ .method = POST, .accept = STR("text/html"), .type = STR("application/x-www-form-urlencoded"),
                                     .body = arena_fmt(&v->f->unit, "%s%s_csrf=%s", form, *form ? "&" : "", v->csrf) }, address);
}

/* ---- people --------------------------------------------------------------------------------------------------------------- */

struct visitor visitor_stranger(struct fixture *f)
{
    struct visitor v = { .f = f };
    visit(&v, "/sign-in");
    return v;
}

const char *number_of(struct fixture *f, int nth)
{
    struct str body = arena_fmt(&f->kept, "52262719900101%03d", nth);
    return arena_fmt(&f->kept, STR_F "%c", STR_A(body), code_id_check_char(body)).p;
}

static void session_take(struct visitor *v, struct cx *cx, int64_t account, bool staff, enum rc *rc)
{
    struct identity_signed_in s = { 0 };
    if (!*rc)
        *rc = identity_session_start(cx, account, staff, &s);
    snprintf(v->session, sizeof v->session, STR_F, STR_A(s.token));
    v->account = account;
}

static void sign_in_ended(struct visitor *v, enum rc rc)
{
    if (fixture_end(v->f, rc))
        panic("a visitor cannot sign in: %d", (int)rc);
    visit(v, "/sign-in"); /* the token of his forms */
}

struct visitor visitor_citizen(struct fixture *f, int nth)
{
    struct visitor v = { .f = f };
    struct str code = str_c(number_of(f, nth)), name = arena_fmt(&f->kept, "试用人%d", nth);
    struct cx *cx = fixture_begin(f, WRITE);
    struct identity_register_form form = { .kind = STR("person"), .code = code, .name = name, .phone = STR("13800000000"),
                                           .stored_code = code, .hash = STR("none") };
    struct identity_account a;
    int64_t account = 0;
    enum rc rc = identity_register(cx, &form, &account);
    session_take(&v, cx, account, false, &rc);
    if (!rc)
        rc = identity_store_account(cx, identity_login_index(cx->app, "citizen", code), &a);
    v.person = rc ? 0 : a.person;
    sign_in_ended(&v, rc);
    return v;
}

struct visitor visitor_staff(struct fixture *f, const char *login)
{
    struct visitor v = { .f = f };
    struct identity_account a = { 0 };
    struct cx *cx = fixture_begin(f, WRITE);
    enum rc rc = identity_staff_account_add(cx, str_c(login), STR("none"));
    if (rc == RC_CONFLICT)
        rc = RC_OK;
    if (!rc)
        rc = identity_store_account(cx, identity_login_index(cx->app, "staff", str_c(login)), &a);
    session_take(&v, cx, a.id, true, &rc);
    v.person = a.staff;
    sign_in_ended(&v, rc);
    return v;
}

void visitor_again(struct visitor *v)
{
    struct cx *cx = fixture_begin(v->f, WRITE);
    enum rc rc = RC_OK;
    session_take(v, cx, v->account, false, &rc);
    sign_in_ended(v, rc);
}

const char *login_with(const char *role)
{
    static const struct {
        const char *role, *login;
    } rows[] = {
        { "clerk", "scj01" },           { "reviewer", "scj03" },        { "section_head", "scj04" },
        { "body_head", "scj05" },       { "steward", "scj06" },         { "centre_reviewer", "zwzx03" },
        { "legal", "sfj07" },           { "hall_manager", "zwzx01" },   { "agent", "zwzx12" },
        { "supervisor", "zwzx22" },     { "system_admin", "zwzx29" },   { "security_admin", "zwzx30" },
        { "audit_admin", "zwzx31" },
    };
    for (size_t i = 0; i < countof(rows); i++)
        if (strcmp(rows[i].role, role) == 0)
            return rows[i].login;
    return NULL;
}

/* ---- applications ------------------------------------------------------------------------------------------------------------ */

static const struct {
    const char *group, *form;
} pages[] = {
    { "contact", "phone=13800000000&address-division=522627001001&address=%E5%87%A4%E5%9F%8E%E8%B7%AF1%E5%8F%B7" },
    { "matter", "matter=%E5%BC%80%E4%B8%80%E5%AE%B6%E5%B0%8F%E5%BA%97" },
    { "service", "service_way=online&service_consent=1&truth=1" },
};

/* What follows `prefix` in the address, kept. */
static const char *kept_after(struct fixture *f, struct str location, const char *prefix)
{
    if (!str_starts(location, str_c(prefix)))
        return NULL;
    struct str rest = str_sub(location, strlen(prefix), location.n), part = str_cut(&rest, '/');
    return arena_fmt(&f->kept, STR_F, STR_A(part)).p;
}

static struct answer page_send(struct visitor *v, const char *id, size_t i)
{
    char address[80];
    snprintf(address, sizeof address, "/apply/%s/page/%s", id, pages[i].group);
    return submit(v, address, pages[i].form);
}

const char *draft_fill(struct visitor *v, const char *item)
{
    char address[80];
    snprintf(address, sizeof address, "/items/%s/apply", item);
    struct answer a = submit(v, address, "");
    const char *id = kept_after(v->f, a.location, "/apply/");
    for (size_t i = 0; i < countof(pages) && id; i++)
        if ((a = page_send(v, id, i)).status != 303)
            panic("page %s of the application is refused: %d " STR_F, pages[i].group, a.status, STR_A(a.body));
    if (!id)
        panic("no draft: %d", a.status);
    return id;
}

const char *case_send(struct visitor *v, const char *item)
{
    char address[80];
    snprintf(address, sizeof address, "/apply/%s/submit", draft_fill(v, item));
    struct answer a = submit(v, address, "");
    const char *no = kept_after(v->f, a.location, "/cases/");
    if (!no)
        panic("no case: %d " STR_F, a.status, STR_A(a.body));
    return no;
}

/* ---- looking into the database --------------------------------------------------------------------------------------------------- */

static const struct sql *raw(struct fixture *f, const char *sql)
{
    struct sql *s = arena_new(&f->kept, struct sql); /* statements are kept by their address */
    *s = (struct sql){ .name = "test", .sqlite = arena_fmt(&f->kept, "%s", sql).p, .pg = arena_fmt(&f->kept, "%s", sql).p };
    return s;
}

int64_t number(struct fixture *f, const char *sql)
{
    const struct sql *s = raw(f, sql);
    int64_t n = -1;
    struct cx *cx = fixture_begin(f, READ);
    enum rc rc = db_int(cx, s, NO_ARGS, &n);
    if (rc && rc != RC_NOT_FOUND)
        panic("%s: %d", sql, (int)rc);
    if (fixture_end(f, RC_INVALID) != RC_INVALID)
        panic("a reading unit is lost");
    return n;
}

int64_t change(struct fixture *f, const char *sql)
{
    const struct sql *s = raw(f, sql);
    int64_t n = -1;
    struct cx *cx = fixture_begin(f, WRITE);
    if (fixture_end(f, db_exec(cx, s, NO_ARGS, &n)))
        panic("%s", sql);
    return n;
}

/* ---- faults ---------------------------------------------------------------------------------------------------------------------- */

/* One request with its nth call broken; false when there was no nth call. */
static bool broken_once(const struct attempt *t, int n)
{
    struct db *db = t->by->f->db;
    const char *form = "";
    struct visitor v;
    const char *address = t->fresh(t->by, n, &form);
    int64_t rows = db_rows(t->by->f->pool);
    v = *t->by;
    db_fail_after(db, n);
    struct answer a = submit(&v, address, form);
    bool fired = db->fail_after < 0;
    db_fail_after(db, -1);
    if (a.status == t->good)
        return fired;
    if (a.status != 500 && a.status != 503)
        print_error("%s with call %d broken: %d\n", address, n, a.status);
    CHECK(a.status == 500 || a.status == 503);
    CHECK(db_rows(t->by->f->pool) == rows);
    v = *t->by;
    a = submit(&v, address, form);
    if (a.status != t->good)
        print_error("%s after call %d was broken: %d\n", address, n, a.status);
    CHECK(a.status == t->good);
    return fired;
}

int faults_try(const struct attempt *t)
{
    int n = 0;
    while (broken_once(t, n))
        n++;
    return n;
}

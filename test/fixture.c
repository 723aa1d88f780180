/* fixture.c - database, modules, visitor: everything a test of pages needs. */
#include "fixture.h"

#include "all_messages.h"
#include "all_tmpl.h"
#include "base/conf.h"
#include "base/log.h"
#include "base/shelf.h"
#include "http/receive.h"
#include "modules/catalog/catalog.h"
#include "modules/org/org.h"

#include <ftw.h>
#include <libpq-fe.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define NOON_MS INT64_C(1778212800000) /* 2026-05-08 12:00 +08:00 */

enum { KEPT_MAX = 256 << 20, UNIT_MAX = 1 << 30, STEPS_MAX = 200, FILE_MAX = 8 << 20, CALENDARS = 16 };

/* ---- the default gate: whoever f->actor is may do everything ------------------------------------------------------- */

static struct fixture *fixture_of_cx(const struct cx *cx)
{
    return (struct fixture *)(uintptr_t)((const char *)cx->app - offsetof(struct fixture, app));
}

static enum rc gate_find_actor(struct cx *cx, struct str token UNUSED, struct actor *out)
{
    *out = fixture_of_cx(cx)->actor;
    return RC_OK;
}

static bool gate_allows(const struct actor *actor, enum need need)
{
    return need == NEED_NOBODY || actor->account != 0;
}

static struct str gate_name(struct cx *cx UNUSED)
{
    return STR("试用者");
}

/* ---- opening and closing ------------------------------------------------------------------------------------------- */

static void schema_apply(struct fixture *f, const struct module *const *modules, size_t n)
{
    struct migration steps[STEPS_MAX];
    size_t nsteps = 0;
    for (size_t m = 0; m < n; m++)
        for (size_t i = 0; i < modules[m]->nschema; i++)
            steps[nsteps++] = modules[m]->schema[i];
    if (db_migrate(f->pool, steps, nsteps, NULL))
        panic("the schema does not apply");
}

static void app_fill(struct fixture *f)
{
    f->app = (struct app){
        .config = { .site_name = STR("示例县政务服务"), .site_owner = STR("示例县人民政府"), .site_operator = STR("示例县政务服务中心"),
                    .site_url = STR("http://test"), .division = STR("522627000000"), .phone = STR("12345"), .hours = STR("9:00—17:00"),
                    .writes_per_minute = 10000, .demo = 1 },
        .stats = &f->stats, .db = f->pool, .texts = texts_open(&f->kept),
    };
    texts_add(f->app.texts, all_messages, all_nmessages);
    memset(f->app.key, 7, sizeof f->app.key);
    f->gate = (struct gate){ gate_find_actor, gate_allows, org_public_version, gate_name };
}

static void http_fill(struct fixture *f, const struct module *const *modules, size_t n)
{
    static const struct asset assets[] = {
        { .file = "tongban.css", .address = "/assets/tongban.css", .type = "text/css" },
        { .file = "uploads.js", .address = "/assets/uploads.js", .type = "text/javascript" },
        { .file = "mark.svg", .address = "/assets/mark.svg", .type = "image/svg+xml" },
    };
    const struct module **kept = arena_many(&f->kept, const struct module *, n);
    memcpy(kept, modules, n * sizeof *kept);
    f->http = http_open(&f->kept, &(struct http_parts){
        .app = &f->app, .gate = &f->gate, .modules = kept, .nmodules = n, .sources = all_tmpl, .nsources = all_ntmpl,
        .assets = assets, .nassets = countof(assets) });
    if (!f->http)
        panic("the routes do not open");
    f->app.http = f->http;
}

int fixture_open(void **state, enum db_engine engine, const struct module *const *modules, size_t n)
{
    *state = NULL;
    if (engine == DB_POSTGRES && !getenv("TONGBAN_TEST_PG"))
        return 0;
    struct fixture *f = calloc(1, sizeof *f);
    f->engine = engine;
    snprintf(f->address, sizeof f->address, "127.0.0.1");
    snprintf(f->dir, sizeof f->dir, "%s/tongban-test-XXXXXX", getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
    arena_init(&f->kept, KEPT_MAX);
    arena_init(&f->unit, UNIT_MAX);
    memo_init(&f->memo);
    if (!mkdtemp(f->dir))
        panic("no temporary folder");
    if (engine == DB_POSTGRES)
        pg_create(&f->made);
    else
        snprintf(f->made.url, sizeof f->made.url, "sqlite:%s/main.db", f->dir);
    f->pool = db_open(f->made.url);
    if (!f->pool)
        panic("no database at %s", f->made.url);
    db_set_clock(f->pool, NOON_MS);
    schema_apply(f, modules, n);
    f->db = db_session(f->pool);
    app_fill(f);
    f->app.calendars = shelf_open(CALENDARS);
    http_fill(f, modules, n);
    *state = f;
    return 0;
}

static int entry_remove(const char *path, const struct stat *st UNUSED, int flag UNUSED, struct FTW *at UNUSED)
{
    return remove(path);
}

int fixture_close(void **state)
{
    struct fixture *f = *state;
    if (!f)
        return 0;
    if (f->cx.db && fixture_end(f, RC_FAILED) == RC_OK)
        print_message("a unit was left open\n");
    db_give_back(f->db);
    db_close(f->app.local);
    db_close(f->pool);
    if (f->engine == DB_POSTGRES)
        pg_drop(&f->made);
    nftw(f->dir, entry_remove, 8, FTW_DEPTH | FTW_PHYS);
    memo_done(&f->memo);
    shelf_close(f->app.calendars);
    arena_done(&f->unit);
    arena_done(&f->kept);
    free(f);
    *state = NULL;
    return 0;
}

struct fixture *fixture_of(void **state)
{
    if (!*state) {
        print_message("SKIPPED on PostgreSQL: TONGBAN_TEST_PG is not set (tools/pg.sh start)\n");
        skip();
    }
    return *state;
}

/* ---- units --------------------------------------------------------------------------------------------------------- */

struct cx *fixture_begin(struct fixture *f, enum db_unit unit)
{
    arena_reset(&f->unit);
    f->cx = (struct cx){ .arena = &f->unit, .db = f->db, .app = &f->app };
    if (db_begin(f->db, unit))
        panic("a unit does not begin");
    f->cx.now = db_now(f->db);
    return &f->cx;
}

enum rc fixture_end(struct fixture *f, enum rc rc)
{
    f->cx.db = NULL;
    rc = rc ? db_rollback(f->db, rc) : db_commit(f->db);
    enum rc durable = db_wait(f->db);
    return rc ? rc : durable;
}

/* ---- data ---------------------------------------------------------------------------------------------------------- */

static struct str table(struct cx *cx, const char *name)
{
    struct str text;
    struct str path = arena_fmt(cx->arena, "%s/%s.csv", DATA_DIR, name);
    if (file_read(path.p, FILE_MAX, cx->arena, &text))
        panic("cannot read %s", path.p);
    return text;
}

void fixture_load_county(struct fixture *f)
{
    struct cx *cx = fixture_begin(f, WRITE);
    const struct org_tables org = {
        .divisions = table(cx, "divisions"), .bodies = table(cx, "county/bodies"), .sections = table(cx, "county/sections"),
        .windows = table(cx, "county/windows"), .stations = table(cx, "county/stations"), .staff = table(cx, "county/staff"),
    };
    const struct catalog_tables catalog = {
        .subjects = table(cx, "county/subjects"), .items = table(cx, "county/items"), .materials = table(cx, "county/materials"),
        .near_words = table(cx, "county/near_words"), .pauses = table(cx, "county/pauses"),
    };
    struct catalog_report report;
    enum rc rc = org_import(cx, &org);
    if (!rc)
        rc = catalog_import(cx, &catalog, false, &report);
    for (size_t i = 0; i < cx->issues.n; i++)
        print_error(STR_F ": %s " STR_F " " STR_F "\n", STR_A(cx->issues.v[i].field), cx->issues.v[i].key,
                    STR_A(cx->issues.v[i].arg[0]), STR_A(cx->issues.v[i].arg[1]));
    if (fixture_end(f, rc))
        panic("the example county cannot be loaded: %d", (int)rc);
}

/* ---- requests ------------------------------------------------------------------------------------------------------ */

void fixture_token(struct str body, char *out, size_t room)
{
    static const struct str field = STR_INIT("name=\"_csrf\" value=\"");
    ptrdiff_t at = str_find(body, field);
    if (at < 0)
        return;
    struct str rest = str_sub(body, (size_t)at + field.n, body.n), token = str_cut(&rest, '"');
    snprintf(out, room, STR_F, STR_A(token));
}

struct answer fixture_send(struct fixture *f, struct wire_in *in, const char *address, struct wire_out *out)
{
    struct str path = arena_str(&f->unit, str_c(address));
    in->path = str_cut(&path, '?');
    in->query = path.p ? path : STR("");
    in->method_known = true;
    in->host = STR("test");
    in->address = str_c(f->address);
    in->id = STR("r1");
    in->memo = &f->memo;
    http_run(f->http, f->db, &f->unit, in, out);
    if (db_wait(f->db))
        http_busy(f->http, &f->unit, in, out);
    return (struct answer){ out->status, out->body, out->location, out->type, out->filename };
}

/* As one browser: it keeps the anonymous cookie and the token of the last form. */
static struct answer request(struct fixture *f, struct wire_in *in, const char *address)
{
    struct wire_out out;
    in->cookie = arena_fmt(&f->unit, "%s%s", f->actor.account ? "tb_session=test; " : "", f->anon);
    struct answer a = fixture_send(f, in, address, &out);
    for (size_t i = 0; i < out.ncookies; i++)
        if (str_is(out.cookies[i].name, "tb_anon"))
            snprintf(f->anon, sizeof f->anon, "tb_anon=" STR_F, STR_A(out.cookies[i].value));
    fixture_token(out.body, f->csrf, sizeof f->csrf);
    return a;
}

struct answer get(struct fixture *f, const char *address)
{
    arena_reset(&f->unit);
    return request(f, &(struct wire_in){ .method = GET, .accept = STR("text/html") }, address);
}

struct answer get_json(struct fixture *f, const char *address)
{
    arena_reset(&f->unit);
    return request(f, &(struct wire_in){ .method = GET, .accept = STR("application/json") }, address);
}

struct answer post(struct fixture *f, const char *address, const char *form)
{
    arena_reset(&f->unit);
    return request(f, &(struct wire_in){ .method = POST, .accept = STR("text/html"), .type = STR("application/x-www-form-urlencoded"),
                                         .body = arena_fmt(&f->unit, "%s%s_csrf=%s", form, *form ? "&" : "", f->csrf) }, address);
}

/* Files of this process may grow to `bytes`; 0 = as large as they like. */
static void disk_limit(int64_t bytes)
{
    signal(SIGXFSZ, SIG_IGN);
    struct rlimit was;
    getrlimit(RLIMIT_FSIZE, &was);
    was.rlim_cur = bytes ? (rlim_t)bytes : was.rlim_max;
    setrlimit(RLIMIT_FSIZE, &was);
}

struct answer post_file(struct fixture *f, const char *address, const struct sent_file *file)
{
    static const char type[] = "multipart/form-data; boundary=b0", part[] = "--b0\r\nContent-Disposition: form-data; name=";
    struct buf b;
    struct received got;
    arena_reset(&f->unit);
    buf_init(&b, &f->unit, file->content.n + 500);
    buf_fmt(&b, "%s\"_csrf\"\r\n\r\n%s\r\n%s\"%s\"; filename=\"%s\"\r\n\r\n", part, f->csrf, part, file->field, file->filename);
    buf_str(&b, file->content);
    buf_lit(&b, "\r\n--b0--\r\n");
    struct receiver *r = receiver_open(&f->unit, &f->app, str_c(type));
    disk_limit(f->disk_bytes);
    receiver_put(r, b.p, file->cut_at ? file->cut_at : b.n);
    disk_limit(0);
    struct answer a = { 0 };
    if (!file->cut_at) {
        receiver_end(r, &got);
        a = request(f, &(struct wire_in){ .method = POST, .accept = STR("text/html"), .type = str_c(type), .received = &got }, address);
    }
    receiver_close(r);
    return a;
}

const char *fixture_address(struct fixture *f, const char *path, const char *name, struct str value)
{
    struct buf b;
    buf_init(&b, &f->kept, 100);
    buf_fmt(&b, "%s?%s=", path, name);
    buf_url(&b, value);
    buf_char(&b, '\0');
    return buf_view(&b).p;
}

bool answer_has(const struct answer *a, const char *part)
{
    return str_find(a->body, str_c(part)) >= 0;
}

/* files_world.c - what the tests of files share: the fixture, people, drafts, folders. */
#include "files_world.h"

#include "base/conf.h"
#include "cases_forms.h"
#include "cases_materials.h"
#include "cases_service.h"
#include "http/landing.h"
#include "http/tus.h"
#include "ledger/ledger.h"
#include "modules/holidays/holidays.h"
#include "modules/identity/identity.h"
#include "modules/materials/materials.h"
#include "modules/org/org.h"
#include "modules/places/places.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- fixture -------------------------------------------------------------------------------------------------------------- */

static void world_open(struct fixture *f)
{
    struct str text, why = STR_NONE;
    struct form *form;
    unsigned char keys[KEYRING_BYTES] = { 1, 2, 3 };
    keyring_set(&f->app.keys, keys);
    f->app.config.data = str_c(f->dir);
    CHECK(file_read(DATA_DIR "/holidays.csv", 1 << 20, &f->kept, &text) == RC_OK);
    CHECK(calendar_from_csv(&f->kept, text, &f->app.calendar, &why) == RC_OK);
    CHECK(file_read(DATA_DIR "/../src/modules/forms/standard.json", 1 << 20, &f->kept, &text) == RC_OK);
    CHECK(form_read(&f->kept, text, &form, &why) == RC_OK);
    f->app.standard_form = form;
    fixture_load_county(f);
}

static int open_on(void **state, enum db_engine engine)
{
    static struct module ledger;
    ledger = (struct module){ .name = "ledger", .sql = ledger_sql, .nsql = ledger_nsql,
                              .schema = ledger_schema, .nschema = ledger_nschema };
    const struct module *modules[] = { &ledger, &org_module, &forms_module, &identity_module, &places_module, &holidays_module,
                                       &catalog_module, &materials_module, &cases_module, &cases_apply_module, &cases_work_module,
                                       &cases_materials_module, &cases_uploads_module };
    int rc = fixture_open(state, engine, modules, countof(modules));
    if (!rc && *state)
        world_open(*state);
    return rc;
}

int files_on_sqlite(void **state)
{
    return open_on(state, DB_SQLITE);
}

int files_on_postgres(void **state)
{
    return open_on(state, DB_POSTGRES);
}

/* ---- people and places -------------------------------------------------------------------------------------------------------- */

NUMBER(newest_account, "SELECT MAX(id) AS n FROM identity_account");
NUMBER(newest_person, "SELECT MAX(id) AS n FROM identity_person");
NUMBER(links, "SELECT COUNT(*) AS n FROM materials_link");
NUMBER(clerk, "SELECT MIN(id) AS n FROM org_staff");

int64_t number_of_rows(struct cx *cx, const struct sql *s)
{
    int64_t n = 0;
    CHECK(db_int(cx, s, NO_ARGS, &n) == RC_OK);
    return n;
}

int64_t some_clerk(struct cx *cx)
{
    return number_of_rows(cx, &clerk);
}

/* Somebody new with an account signs in. */
struct actor citizen(struct fixture *f, const char *code)
{
    f->actor = (struct actor){ 0 };
    (void)get(f, "/register");
    char form[300];
    snprintf(form, sizeof form, "kind=person&code=%s&name=%%E6%%9D%%A8&password=Tongban-2026x&again=Tongban-2026x", code);
    CHECK(post(f, "/register", form).status == 303);
    struct cx *cx = fixture_begin(f, READ);
    struct actor a = { .account = number_of_rows(cx, &newest_account),
                       .person = number_of_rows(cx, &newest_person) };
    CHECK(fixture_end(f, RC_OK) == RC_OK);
    f->actor = a;
    return a;
}

/* His draft's page of materials, with its token read. */
const char *draft(struct fixture *f)
{
    (void)get(f, "/items/" ITEM "/apply");
    struct answer a = post(f, "/items/" ITEM "/apply", "");
    CHECK(a.status == 303);
    const char *page = arena_fmt(&f->kept, STR_F "/materials", STR_A(a.location)).p;
    CHECK(get(f, page).status == 200);
    return page;
}

static int count_below(const char *path)
{
    int n = 0;
    char below[400];
    DIR *d = opendir(path);
    for (const struct dirent *e; d && (e = readdir(d));) {
        snprintf(below, sizeof below, "%s/%s", path, e->d_name);
        if (e->d_name[0] != '.')
            n += e->d_type == DT_DIR ? count_below(below) : 1;
    }
    if (d)
        closedir(d);
    return n;
}

int incoming(const struct fixture *f)
{
    char path[100];
    snprintf(path, sizeof path, "%s/incoming", f->dir);
    return count_below(path);
}

int kept(const struct fixture *f)
{
    char path[100];
    snprintf(path, sizeof path, "%s/materials", f->dir);
    return count_below(path);
}

struct answer send_file(struct fixture *f, const char *page, const char *name, struct str content)
{
    return post_file(f, page, &(struct sent_file){ "file-3", name, content, 0 });
}

/* ---- resumable uploads -------------------------------------------------------------------------------------------------------- */

int partial(const struct fixture *f)
{
    char path[100];
    snprintf(path, sizeof path, "%s/materials/partial", f->dir);
    return count_below(path);
}

static struct str base64(struct fixture *f, const char *text)
{
    struct str in = str_c(text), url = base64url(&f->kept, in.p, in.n);
    struct buf b;
    buf_init(&b, &f->kept, url.n + 4);
    for (size_t i = 0; i < url.n; i++)
        buf_char(&b, url.p[i] == '-' ? '+' : url.p[i] == '_' ? '/' : url.p[i]);
    while (b.n % 4)
        buf_char(&b, '=');
    return buf_view(&b);
}

const char *tus_name(struct fixture *f, const char *field, const char *filename)
{
    struct str a = base64(f, field), b = base64(f, filename);
    return arena_fmt(&f->kept, "field " STR_F ",filename " STR_F, STR_A(a), STR_A(b)).p;
}

static struct str optional(const char *text)
{
    return text ? str_c(text) : STR_NONE;
}

static struct str header_of(const struct wire_out *out, const char *name)
{
    for (size_t i = 0; i < out->nheaders; i++)
        if (strcmp(out->headers[i].name, name) == 0)
            return out->headers[i].value;
    return STR_NONE;
}

/* As the server does it: ask where to, write while it comes, then run. False: refused or cut off. */
static bool body_lands(struct fixture *f, const struct tus_ask *ask, struct wire_in *in, struct landed *l, struct wire_out *out)
{
    if (!http_land(f->http, f->db, &f->unit, in, l, out))
        return false;
    in->landed = l;
    struct landing *to = landed_open(&f->unit, &f->app.keys, l);
    landed_put(l, to, ask->body.p, ask->cut_at ? ask->cut_at : ask->body.n);
    landing_close(to);
    return !ask->cut_at;
}

struct tus_answer tus(struct fixture *f, const struct tus_ask *ask)
{
    struct wire_out out = { 0 };
    struct landed l = { 0 };
    bool has_body = ask->body.n || ask->method == PATCH;
    arena_reset(&f->unit);
    struct wire_in in = { .method = ask->method, .method_known = true, .path = str_c(ask->address), .query = STR(""), .host = STR("test"),
                          .address = str_c(f->address), .id = STR("r1"), .accept = STR("*/*"),
                          .cookie = arena_fmt(&f->unit, "tb_session=test; %s", f->anon),
                          .csrf = ask->forged ? STR_NONE : str_c(f->csrf), .origin = optional(ask->origin),
                          .type = ask->type ? str_c(ask->type) : has_body ? TUS_TYPE : STR_NONE,
                          .tus = { ask->version ? optional(ask->version) : TUS_VERSION, optional(ask->length), optional(ask->offset),
                                   optional(ask->metadata), STR_NONE } };
    bool lands = ask->method == POST || ask->method == PATCH;
    if (!lands || body_lands(f, ask, &in, &l, &out)) {
        http_run(f->http, f->db, &f->unit, &in, &out);
        if (db_wait(f->db))
            http_busy(f->http, &f->unit, &in, &out);
    }
    return (struct tus_answer){ ask->cut_at ? 0 : out.status, out.retry_after_s, out.location, out.body, header_of(&out, "Upload-Offset"),
                                header_of(&out, "Upload-Length"), header_of(&out, "Upload-Expires"), header_of(&out, "Tus-Resumable") };
}

/* Refused with this status and text; neither file nor row is left. */
void refused(struct fixture *f, struct answer a, int status, const char *text)
{
    if (a.status != status || !answer_has(&a, text)) {
        print_error("%d, should be %d with %s\n", a.status, status, text);
        fail();
    }
    CHECK(incoming(f) == 0 && kept(f) == 0);
    struct cx *cx = fixture_begin(f, READ);
    CHECK(number_of_rows(cx, &links) == 0);
    CHECK(fixture_end(f, RC_OK) == RC_OK);
}

/* The draft becomes a case; its number. */
struct str send_draft(struct fixture *f, const char *page)
{
    struct cases_draft d;
    struct catalog_item item;
    struct cases_case c;
    struct list asked;
    struct cx *cx = fixture_begin(f, WRITE);
    cx->actor = f->actor;
    CHECK(cases_store_draft(cx, atoll(page + strlen("/apply/")), &d) == RC_OK);
    CHECK(catalog_version_get(cx, d.item, d.version, &item) == RC_OK);
    struct cases_application ap = { .item = &item, .form = f->app.standard_form, .channel = STR("web"), .applicant = f->actor.person,
                                    .answers = form_answers_new(cx->arena, f->app.standard_form),
                                    .account = f->actor.account, .applicant_name = STR("杨"), .applicant_mask = STR("5226") };
    CHECK(cases_materials_said(cx, d.id, STR_NONE, &ap.files) == RC_OK);
    CHECK(cases_draft_materials(cx, &d, &asked) == RC_OK && cases_materials_given(cx, &d, &asked, &ap.materials) == RC_OK);
    CHECK(cases_submit(cx, &ap, &c) == RC_OK);
    CHECK(materials_move(cx, d.id, c.id) == RC_OK);
    CHECK(cases_store_draft_submitted(cx, d.id, c.id) == RC_OK);
    f->actor.body = c.body;
    struct str no = arena_str(&f->kept, c.no);
    CHECK(fixture_end(f, RC_OK) == RC_OK);
    return no;
}

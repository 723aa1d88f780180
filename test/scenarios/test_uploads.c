/* test_uploads.c - files of an application from the form to the reviewer, and everything that must not get in, on both
 * databases. */
#include "fixture.h"

#include "base/conf.h"
#include "cases_service.h"
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
#include <unistd.h>

#include "cases_materials.h"

#define ITEM "11522627MB0A00018A4000131006000"
#define PDF STR("%PDF-1.7\r\n--b not a boundary\n")

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
    const struct module *modules[] = { &ledger, &org_module, &identity_module, &places_module, &holidays_module,
                                               &catalog_module, &materials_module, &cases_module,
                                       &cases_apply_module, &cases_work_module, &cases_materials_module };
    int rc = fixture_open(state, engine, modules, countof(modules));
    if (!rc && *state)
        world_open(*state);
    return rc;
}

static int on_sqlite(void **state)
{
    return open_on(state, DB_SQLITE);
}

static int on_postgres(void **state)
{
    return open_on(state, DB_POSTGRES);
}

/* ---- people and places -------------------------------------------------------------------------------------------------------- */

/* A prepared statement is known by its address: each has its own. */
#define NUMBER(name, text) static const struct sql name = { #name, text, text, 0 }
NUMBER(newest_account, "SELECT MAX(id) AS n FROM identity_account");
NUMBER(newest_person, "SELECT MAX(id) AS n FROM identity_person");
NUMBER(links, "SELECT COUNT(*) AS n FROM materials_link");

static int64_t number(struct cx *cx, const struct sql *s)
{
    int64_t n = 0;
    CHECK(db_int(cx, s, NO_ARGS, &n) == RC_OK);
    return n;
}

/* Somebody new with an account signs in. */
static struct actor citizen(struct fixture *f, const char *code)
{
    f->actor = (struct actor){ 0 };
    (void)get(f, "/register");
    char form[300];
    snprintf(form, sizeof form, "kind=person&code=%s&name=%%E6%%9D%%A8&password=Tongban-2026x&again=Tongban-2026x", code);
    CHECK(post(f, "/register", form).status == 303);
    struct cx *cx = fixture_begin(f, READ);
    struct actor a = { .account = number(cx, &newest_account),
                       .person = number(cx, &newest_person) };
    CHECK(fixture_end(f, RC_OK) == RC_OK);
    f->actor = a;
    return a;
}

/* His draft's page of materials, with its token read. */
static const char *draft(struct fixture *f)
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

static int incoming(const struct fixture *f)
{
    char path[100];
    snprintf(path, sizeof path, "%s/incoming", f->dir);
    return count_below(path);
}

static int kept(const struct fixture *f)
{
    char path[100];
    snprintf(path, sizeof path, "%s/files", f->dir);
    return count_below(path);
}

static struct answer send(struct fixture *f, const char *page, const char *name, struct str content)
{
    return post_file(f, page, &(struct sent_file){ "file-3", name, content, 0 });
}

/* Refused with this status and text; neither file nor row is left. */
static void refused(struct fixture *f, struct answer a, int status, const char *text)
{
    if (a.status != status || !answer_has(&a, text)) {
        print_error("%d, should be %d with %s\n", a.status, status, text);
        fail();
    }
    CHECK(incoming(f) == 0 && kept(f) == 0);
    struct cx *cx = fixture_begin(f, READ);
    CHECK(number(cx, &links) == 0);
    CHECK(fixture_end(f, RC_OK) == RC_OK);
}

/* ---- tests --------------------------------------------------------------------------------------------------------------------- */

static void a_file_is_kept_shown_and_removed(void **state)
{
    struct fixture *f = fixture_of(state);
    citizen(f, "522627199001010014");
    const char *page = draft(f);
    struct answer a = get(f, page);
    CHECK(answer_has(&a, "单个文件不超过10 MB") && answer_has(&a, "name=\"file-3\"") && !answer_has(&a, "name=\"file-1\""));
    a = send(f, page, "..\\..\\图.pdf", PDF);
    CHECK(a.status == 303 && incoming(f) == 0 && kept(f) == 1);
    CHECK(send(f, page, "图.pdf", PDF).status == 303); /* the same again is not there twice */
    a = get(f, page);
    CHECK(answer_has(&a, "已传：图.pdf") && !answer_has(&a, "/materials/2/remove"));
    const char *remove = arena_fmt(&f->kept, "%s/1/remove", page).p;
    CHECK(post(f, remove, "file-3=").status == 303);
    CHECK(post(f, remove, "").status == 404);
    a = get(f, page);
    CHECK(!answer_has(&a, "已传："));
}

static void what_may_not_be_kept_is_refused_and_leaves_nothing(void **state)
{
    struct fixture *f = fixture_of(state);
    static char large[MATERIALS_FILE_MAX + 1] = "%PDF-1.7";
    citizen(f, "522627199001010014");
    const char *page = draft(f);
    refused(f, send(f, page, "a.pdf", STR("MZ\x90\0")), 422, "不是能收的文件");
    refused(f, send(f, page, "a.pdf", STR("")), 422, "是空的");
    refused(f, send(f, page, "a.pdf", (struct str){ large, sizeof large }), 422, "超过10 MB");
    refused(f, post_file(f, page, &(struct sent_file){ "file-1", "a.pdf", PDF, 0 }), 404, "");
    refused(f, post_file(f, page, &(struct sent_file){ "other", "a.pdf", PDF, 0 }), 404, "");
    refused(f, send(f, page, "", STR("")), 422, "请先选择文件");
    refused(f, post(f, page, ""), 422, "请先选择文件");
    refused(f, post_file(f, page, &(struct sent_file){ "file-3", "a.pdf", PDF, 150 }), 0, "");
    refused(f, send(f, "/items/" ITEM "/apply", "a.pdf", PDF), 415, "");
}

static void a_form_token_of_somebody_else_keeps_nothing(void **state)
{
    struct fixture *f = fixture_of(state);
    citizen(f, "522627199001010014");
    const char *page = draft(f);
    f->csrf[0] = f->csrf[0] == 'A' ? 'B' : 'A';
    refused(f, send(f, page, "a.pdf", PDF), 403, "");
}

static void the_draft_of_somebody_else_is_not_there(void **state)
{
    struct fixture *f = fixture_of(state);
    citizen(f, "522627199001010014");
    const char *page = draft(f);
    struct actor other = citizen(f, "11010519491231002X");
    CHECK(other.account != 0 && draft(f) != page);
    refused(f, send(f, page, "a.pdf", PDF), 404, "");
    CHECK(get(f, page).status == 404);
}

static void a_disk_that_takes_no_more_is_told_and_leaves_nothing(void **state)
{
    struct fixture *f = fixture_of(state);
    citizen(f, "522627199001010014");
    const char *page = draft(f);
    f->disk_bytes = 10;
    refused(f, send(f, page, "a.pdf", PDF), 503, "现在存不下您传的文件");
    f->disk_bytes = 0;
    char blocked[100];
    snprintf(blocked, sizeof blocked, "%s/files", f->dir);
    fclose(fopen(blocked, "w")); /* a file where the folder should be */
    refused(f, send(f, page, "a.pdf", PDF), 500, "");
    CHECK(unlink(blocked) == 0);
    CHECK(send(f, page, "a.pdf", PDF).status == 303);
}

/* The draft becomes a case; its number. */
static struct str submit(struct fixture *f, const char *page)
{
    struct cases_draft d;
    struct catalog_item item;
    struct cases_case c;
    struct cx *cx = fixture_begin(f, WRITE);
    cx->actor = f->actor;
    CHECK(cases_store_draft(cx, atoll(page + strlen("/apply/")), &d) == RC_OK);
    CHECK(catalog_version_get(cx, d.item, d.version, &item) == RC_OK);
    struct cases_application ap = { .item = &item, .form = f->app.standard_form, .channel = STR("web"), .applicant = f->actor.person,
                                    .answers = form_answers_new(cx->arena, f->app.standard_form),
                                    .account = f->actor.account, .applicant_name = STR("杨"), .applicant_mask = STR("5226") };
    CHECK(cases_submit(cx, &ap, &c) == RC_OK);
    CHECK(cases_materials_submit(cx, &d, c.id) == RC_OK);
    CHECK(cases_store_draft_submitted(cx, d.id, c.id) == RC_OK);
    f->actor.body = c.body;
    struct str no = arena_str(&f->kept, c.no);
    CHECK(fixture_end(f, RC_OK) == RC_OK);
    return no;
}

static void is_the_file(const struct answer *a)
{
    CHECK(a->status == 200);
    CHECK_STR(a->type, "application/pdf");
    CHECK_STR(a->filename, "图 1.pdf");
    CHECK(str_eq(a->body, PDF));
}

static void the_case_gets_the_files_and_only_its_people_open_them(void **state)
{
    struct fixture *f = fixture_of(state);
    struct actor owner = citizen(f, "522627199001010014");
    const char *page = draft(f);
    CHECK(send(f, page, "图 1.pdf", PDF).status == 303);
    struct str no = submit(f, page);
    int64_t body = f->actor.body;
    const char *own = arena_fmt(&f->kept, "/cases/" STR_F "/files/1", STR_A(no)).p;
    const char *desk = arena_fmt(&f->kept, "/desk/cases/" STR_F "/files/1", STR_A(no)).p;
    f->actor = owner;
    struct answer a = get(f, own);
    is_the_file(&a);
    a = get(f, arena_fmt(&f->kept, "/cases/" STR_F, STR_A(no)).p);
    CHECK(a.status == 200 && answer_has(&a, own));
    CHECK(get(f, arena_fmt(&f->kept, "/cases/" STR_F "/files/2", STR_A(no)).p).status == 404);
    f->csrf[0] = '\0';
    (void)get(f, "/register");
    CHECK(send(f, page, "b.pdf", PDF).status == 409); /* submitted is submitted */
    f->actor = (struct actor){ .account = owner.account, .post = 1, .body = body };
    a = get(f, desk);
    is_the_file(&a);
    a = get(f, arena_fmt(&f->kept, "/desk/cases/" STR_F, STR_A(no)).p);
    CHECK(a.status == 200 && answer_has(&a, desk) && answer_has(&a, "图 1.pdf"));
    f->actor.body = body + 1;
    CHECK(get(f, desk).status == 404);
    citizen(f, "11010519491231002X");
    CHECK(get(f, own).status == 404);
}

#define BOTH(f) ON_BOTH(f, on_sqlite, on_postgres)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        BOTH(a_file_is_kept_shown_and_removed),
        BOTH(what_may_not_be_kept_is_refused_and_leaves_nothing),
        BOTH(a_form_token_of_somebody_else_keeps_nothing),
        BOTH(the_draft_of_somebody_else_is_not_there),
        BOTH(a_disk_that_takes_no_more_is_told_and_leaves_nothing),
        BOTH(the_case_gets_the_files_and_only_its_people_open_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_tus.c - files that arrive in pieces: creation, going on after a cut line, ending, limits, who may; on both databases. */
#include "files_world.h"

#include "cases_service.h"
#include "jobs/jobs.h"
#include "modules/materials/materials.h"
#include "modules/org/org.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define BOTH(f) ON_BOTH(f, files_on_sqlite, files_on_postgres)
#define NOON_MS INT64_C(1778212800000)

NUMBER(links, "SELECT COUNT(*) AS n FROM materials_link");
NUMBER(uploads, "SELECT COUNT(*) AS n FROM materials_upload");

static int64_t count_of(struct fixture *f, const struct sql *s)
{
    struct cx *cx = fixture_begin(f, READ);
    int64_t n = number_of_rows(cx, s);
    CHECK(fixture_end(f, RC_OK) == RC_OK);
    return n;
}

/* Address of a draft's uploads; kept. */
static const char *uploads_of(struct fixture *f, const char *page)
{
    struct str front = str_sub(str_c(page), 0, strlen(page) - strlen("/materials"));
    return arena_fmt(&f->kept, STR_F "/uploads", STR_A(front)).p;
}

/* Begun, with nothing sent yet; its address, kept. */
static const char *begin(struct fixture *f, const char *to, struct str content, const char *filename)
{
    const char *length = arena_fmt(&f->kept, "%zu", content.n).p;
    struct tus_answer a = tus(f, &(struct tus_ask){ POST, to, .length = length, .metadata = tus_name(f, "file-3", filename) });
    if (a.status != 201)
        print_error("%d " STR_F "\n", a.status, STR_A(a.body));
    CHECK(a.status == 201 && str_starts(a.location, str_c(to)) && str_is(a.offset, "0") && a.expires.n && str_is(a.version, "1.0.0"));
    return arena_fmt(&f->kept, STR_F, STR_A(a.location)).p;
}

static struct tus_answer piece(struct fixture *f, const char *at, const char *offset, struct str bytes)
{
    return tus(f, &(struct tus_ask){ PATCH, at, .offset = offset, .body = bytes });
}

static struct tus_answer head(struct fixture *f, const char *at)
{
    return tus(f, &(struct tus_ask){ .method = GET, .address = at });
}

static void a_file_arrives_in_pieces_over_cut_lines(void **state)
{
    struct fixture *f = fixture_of(state);
    citizen(f, "522627199001010014");
    const char *page = draft(f), *to = uploads_of(f, page), *at = begin(f, to, PDF, "诊断证明.pdf");
    struct tus_answer a = head(f, at);
    CHECK(a.status == 200 && str_is(a.offset, "0") && str_is(a.length, "29") && partial(f) == 1);
    a = piece(f, at, "0", str_sub(PDF, 0, 5));
    CHECK(a.status == 204 && str_is(a.offset, "5") && !a.body.n);
    CHECK(tus(f, &(struct tus_ask){ PATCH, at, .offset = "5", .body = str_sub(PDF, 5, 28), .cut_at = 9 }).status == 0);
    a = head(f, at);
    CHECK(str_is(a.offset, "14")); /* what came before the line went dead is there */
    CHECK(piece(f, at, "5", str_sub(PDF, 5, 28)).status == 409 && piece(f, at, "15", str_sub(PDF, 15, 28)).status == 409);
    CHECK(count_of(f, &links) == 0);
    a = piece(f, at, "14", str_sub(PDF, 14, 28));
    CHECK(a.status == 204 && str_is(a.offset, "29") && partial(f) == 0 && kept(f) == 1 && count_of(f, &links) == 1);
    a = head(f, at); /* the answer was lost: it is all there */
    CHECK(a.status == 200 && str_is(a.offset, "29"));
    CHECK(piece(f, at, "29", STR("")).status == 409);
    struct answer shown = get(f, page);
    CHECK(answer_has(&shown, "诊断证明.pdf"));
}

static void a_file_may_come_with_its_creation(void **state)
{
    struct fixture *f = fixture_of(state);
    citizen(f, "522627199001010014");
    const char *page = draft(f), *to = uploads_of(f, page), *name = tus_name(f, "file-3", "a.pdf");
    struct tus_answer a = tus(f, &(struct tus_ask){ POST, to, .length = "29", .metadata = name, .body = PDF });
    CHECK(a.status == 201 && str_is(a.offset, "29") && count_of(f, &links) == 1 && partial(f) == 0);
    a = tus(f, &(struct tus_ask){ POST, to, .length = "29", .metadata = name, .body = str_sub(PDF, 0, 10) });
    CHECK(a.status == 201 && str_is(a.offset, "10"));
    const char *at = arena_fmt(&f->kept, STR_F, STR_A(a.location)).p;
    CHECK(piece(f, at, "10", str_sub(PDF, 10, 28)).status == 204);
    CHECK(count_of(f, &links) == 1); /* the same content in the same place is there once */
    CHECK(tus(f, &(struct tus_ask){ POST, to, .length = "29", .metadata = name, .body = PDF, .cut_at = 10 }).status == 0);
    CHECK(tus(f, &(struct tus_ask){ POST, to, .length = "9", .metadata = name, .body = PDF }).status == 413);
}

static void an_upload_that_was_begun_can_be_ended(void **state)
{
    struct fixture *f = fixture_of(state);
    citizen(f, "522627199001010014");
    const char *page = draft(f), *at = begin(f, uploads_of(f, page), PDF, "a.pdf");
    CHECK(piece(f, at, "0", str_sub(PDF, 0, 5)).status == 204 && partial(f) == 1);
    CHECK(tus(f, &(struct tus_ask){ DELETE, at, .forged = true }).status == 403);
    CHECK(tus(f, &(struct tus_ask){ .method = DELETE, .address = at }).status == 204 && partial(f) == 0 && count_of(f, &uploads) == 0);
    CHECK(tus(f, &(struct tus_ask){ .method = DELETE, .address = at }).status == 404 && head(f, at).status == 404);
    CHECK(piece(f, at, "5", str_sub(PDF, 5, 28)).status == 404);
}

/* Refused before the first byte, with nothing on the disk. */
static void refused_at_once(struct fixture *f, int status, const struct tus_ask *ask)
{
    struct tus_answer a = tus(f, ask);
    if (a.status != status)
        print_error("%s: %d, should be %d: " STR_F "\n", ask->address, a.status, status, STR_A(a.body));
    CHECK(a.status == status && partial(f) == 0 && count_of(f, &uploads) == 0);
    CHECK(str_is(a.version, "1.0.0") || a.status == 405);
}

static void what_may_not_come_is_refused_before_the_first_byte(void **state)
{
    struct fixture *f = fixture_of(state);
    citizen(f, "522627199001010014");
    const char *page = draft(f), *to = uploads_of(f, page), *name = tus_name(f, "file-3", "a.pdf");
    refused_at_once(f, 412, &(struct tus_ask){ POST, to, .version = "0.2.2", .length = "29", .metadata = name });
    refused_at_once(f, 413, &(struct tus_ask){ POST, to, .length = "10485761", .metadata = name, .body = PDF });
    refused_at_once(f, 422, &(struct tus_ask){ POST, to, .length = "0", .metadata = name });
    refused_at_once(f, 400, &(struct tus_ask){ POST, to, .length = "-1", .metadata = name });
    refused_at_once(f, 400, &(struct tus_ask){ POST, to, .length = "29", .metadata = "field %%" });
    refused_at_once(f, 400, &(struct tus_ask){ POST, to, .metadata = name });
    refused_at_once(f, 404, &(struct tus_ask){ POST, to, .length = "29", .metadata = tus_name(f, "file-1", "a.pdf") });
    refused_at_once(f, 404, &(struct tus_ask){ POST, to, .length = "29", .metadata = "" });
    refused_at_once(f, 415, &(struct tus_ask){ POST, to, .length = "29", .metadata = name, .type = "application/pdf", .body = PDF });
    refused_at_once(f, 403, &(struct tus_ask){ POST, to, .length = "29", .metadata = name, .forged = true, .body = PDF });
    refused_at_once(f, 403, &(struct tus_ask){ POST, to, .length = "29", .metadata = name, .origin = "https://evil.example", .body = PDF });
    citizen(f, "11010519491231002X");
    (void)draft(f);
    refused_at_once(f, 404, &(struct tus_ask){ POST, to, .length = "29", .metadata = name, .body = PDF });
}

static void an_upload_of_somebody_else_is_not_there(void **state)
{
    struct fixture *f = fixture_of(state);
    struct actor owner = citizen(f, "522627199001010014");
    const char *at = begin(f, uploads_of(f, draft(f)), PDF, "a.pdf");
    struct actor other = citizen(f, "11010519491231002X");
    CHECK(other.account != owner.account && draft(f));
    CHECK(head(f, at).status == 404 && piece(f, at, "0", PDF).status == 404);
    CHECK(tus(f, &(struct tus_ask){ .method = DELETE, .address = at }).status == 404 && partial(f) == 1);
    f->actor = (struct actor){ 0 };
    CHECK(head(f, at).status == 401 && piece(f, at, "0", PDF).status == 401);
}

static void a_piece_is_taken_only_as_it_was_announced(void **state)
{
    struct fixture *f = fixture_of(state);
    citizen(f, "522627199001010014");
    const char *at = begin(f, uploads_of(f, draft(f)), PDF, "a.pdf");
    CHECK(piece(f, at, "0", STR("%PDF-1.7\r\n--b not a boundary\n and more")).status == 413);
    CHECK(tus(f, &(struct tus_ask){ PATCH, at, .offset = "0", .version = "", .body = PDF }).status == 412);
    CHECK(tus(f, &(struct tus_ask){ PATCH, at, .offset = "x", .body = PDF }).status == 400);
    CHECK(tus(f, &(struct tus_ask){ PATCH, at, .body = PDF }).status == 400);
    CHECK(tus(f, &(struct tus_ask){ PATCH, at, .offset = "0", .type = "application/pdf", .body = PDF }).status == 415);
    CHECK(tus(f, &(struct tus_ask){ PATCH, at, .offset = "0", .forged = true, .body = PDF }).status == 403);
    CHECK(str_is(head(f, at).offset, "0") && piece(f, at, "0", PDF).status == 204);
}

static void a_file_of_no_kind_we_take_ends_its_upload_and_leaves_nothing(void **state)
{
    struct fixture *f = fixture_of(state);
    citizen(f, "522627199001010014");
    const char *to = uploads_of(f, draft(f)), *at = begin(f, to, STR("MZ\x90\0\1\2\3"), "税表.pdf");
    struct tus_answer a = piece(f, at, "0", STR("MZ\x90\0\1\2\3"));
    CHECK(a.status == 422 && str_find(a.body, STR("“税表.pdf”不是能收的文件")) > 0);
    CHECK(partial(f) == 0 && kept(f) == 0 && count_of(f, &uploads) == 0 && count_of(f, &links) == 0);
    CHECK(head(f, at).status == 404);
    a = tus(f, &(struct tus_ask){ POST, to, .length = "7", .metadata = tus_name(f, "file-3", "b.pdf"), .body = STR("MZ\x90\0\1\2\3") });
    CHECK(a.status == 422 && partial(f) == 0 && kept(f) == 0 && count_of(f, &uploads) == 0);
}

static void nobody_has_more_than_ten_on_their_way(void **state)
{
    struct fixture *f = fixture_of(state);
    citizen(f, "522627199001010014");
    const char *to = uploads_of(f, draft(f)), *name = tus_name(f, "file-3", "a.pdf"), *at = NULL;
    for (int i = 0; i < MATERIALS_UPLOADS_MOST; i++)
        at = begin(f, to, PDF, "a.pdf");
    struct tus_answer a = tus(f, &(struct tus_ask){ POST, to, .length = "29", .metadata = name });
    CHECK(a.status == 429 && a.retry_after_s > 0 && partial(f) == MATERIALS_UPLOADS_MOST);
    CHECK(piece(f, at, "0", PDF).status == 204); /* one is done: there is room for one more */
    CHECK(tus(f, &(struct tus_ask){ POST, to, .length = "29", .metadata = name }).status == 201);
}

static void fifty_megabytes_are_the_most_on_their_way(void **state)
{
    struct fixture *f = fixture_of(state);
    citizen(f, "522627199001010014");
    const char *to = uploads_of(f, draft(f)), *name = tus_name(f, "file-3", "a.pdf");
    for (int i = 0; i < 5; i++)
        CHECK(tus(f, &(struct tus_ask){ POST, to, .length = "10485760", .metadata = name }).status == 201);
    CHECK(tus(f, &(struct tus_ask){ POST, to, .length = "1", .metadata = name }).status == 429);
}

static void expire(struct fixture *f, int64_t now)
{
    struct jobs *js = jobs_init(&f->kept, &f->app, materials_module.jobs, materials_module.njobs);
    db_set_clock(f->pool, now);
    (void)jobs_run_due(js, f->db, now);
}

static void what_is_not_finished_in_a_day_goes(void **state)
{
    struct fixture *f = fixture_of(state);
    citizen(f, "522627199001010014");
    const char *at = begin(f, uploads_of(f, draft(f)), PDF, "a.pdf");
    expire(f, NOON_MS + DAY_MS - 1000);
    CHECK(piece(f, at, "0", str_sub(PDF, 0, 5)).status == 204); /* every piece gives it another day */
    expire(f, NOON_MS + 2 * DAY_MS - 2000);
    CHECK(str_is(head(f, at).offset, "5") && partial(f) == 1);
    expire(f, NOON_MS + 2 * DAY_MS);
    CHECK(head(f, at).status == 404 && partial(f) == 0 && count_of(f, &uploads) == 0);
}

/* Files of this process may grow to `bytes`; 0 = as large as they like. On PostgreSQL only: the database of SQLite could not grow
 * either. */
static void disk_limit(rlim_t bytes)
{
    struct rlimit was;
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &was);
    was.rlim_cur = bytes ? bytes : was.rlim_max;
    setrlimit(RLIMIT_FSIZE, &was);
}

static void a_full_disk_is_told_and_the_upload_goes_on_when_there_is_room(void **state)
{
    struct fixture *f = fixture_of(state);
    citizen(f, "522627199001010014");
    const char *at = begin(f, uploads_of(f, draft(f)), PDF, "a.pdf");
    disk_limit(25);
    CHECK(piece(f, at, "0", str_sub(PDF, 0, 5)).status == 204);
    struct tus_answer a = piece(f, at, "5", str_sub(PDF, 5, 28));
    disk_limit(0);
    CHECK(a.status == 503 && str_find(a.body, STR("现在存不下您传的文件")) > 0);
    a = head(f, at);
    CHECK(str_is(a.offset, "8")); /* as much as there was room for */
    CHECK(piece(f, at, "8", str_sub(PDF, 8, 28)).status == 204 && kept(f) == 1);
}

static void a_folder_that_cannot_be_made_is_told(void **state)
{
    struct fixture *f = fixture_of(state);
    citizen(f, "522627199001010014");
    const char *to = uploads_of(f, draft(f)), *name = tus_name(f, "file-3", "b.pdf");
    char blocked[100];
    snprintf(blocked, sizeof blocked, "%s/materials", f->dir);
    fclose(fopen(blocked, "w")); /* a file where the folder should be */
    CHECK(tus(f, &(struct tus_ask){ POST, to, .length = "29", .metadata = name }).status == 503);
    CHECK(unlink(blocked) == 0 && count_of(f, &uploads) == 0);
    CHECK(tus(f, &(struct tus_ask){ POST, to, .length = "29", .metadata = name }).status == 201);
}

static void a_submitted_draft_takes_nothing_more(void **state)
{
    struct fixture *f = fixture_of(state);
    struct actor owner = citizen(f, "522627199001010014");
    const char *page = draft(f), *to = uploads_of(f, page), *at = begin(f, to, PDF, "a.pdf");
    (void)send_draft(f, page);
    f->actor = owner;
    CHECK(piece(f, at, "0", PDF).status == 409 && count_of(f, &links) == 0);
    CHECK(tus(f, &(struct tus_ask){ POST, to, .length = "29", .metadata = tus_name(f, "file-3", "b.pdf") }).status == 409);
    CHECK(tus(f, &(struct tus_ask){ .method = DELETE, .address = at }).status == 204 && partial(f) == 0);
}

static void a_file_for_a_point_is_handed_in_with_the_answer(void **state)
{
    struct fixture *f = fixture_of(state);
    static const struct cases_demand points[] = { { STR_INIT("证明"), STR_INIT("缺页。请补传。") } };
    struct cases_case c;
    struct actor owner = citizen(f, "522627199001010014");
    struct str no = send_draft(f, draft(f));
    int64_t body = f->actor.body;
    struct cx *cx = fixture_begin(f, WRITE);
    cx->actor = (struct actor){ .account = 1, .post = some_clerk(cx), .body = body, .roles = ROLE_BIT(ROLE_CLERK) };
    CHECK(cases_find_staff(cx, no, &c) == RC_OK && cases_tell_once(cx, &c, points, 1, (struct day){ 0 }) == RC_OK);
    CHECK(fixture_end(f, RC_OK) == RC_OK);
    f->actor = owner;
    const char *own = arena_fmt(&f->kept, "/cases/" STR_F, STR_A(no)).p, *point = arena_fmt(&f->kept, "%s/points/1", own).p;
    CHECK(get(f, own).status == 200);
    CHECK(tus(f, &(struct tus_ask){ POST, arena_fmt(&f->kept, "%s/points/2/uploads", own).p, .length = "29", .body = PDF }).status == 404);
    const char *at = begin(f, arena_fmt(&f->kept, "%s/uploads", point).p, PDF, "第三页.pdf");
    CHECK(piece(f, at, "0", PDF).status == 204);
    f->actor = (struct actor){ .account = owner.account, .post = 1, .body = body };
    const char *desk = arena_fmt(&f->kept, "/desk/cases/" STR_F, STR_A(no)).p;
    struct answer a = get(f, desk);
    CHECK(a.status == 200 && !answer_has(&a, "第三页.pdf")); /* not handed in yet: nobody else's business */
    CHECK(get(f, arena_fmt(&f->kept, "%s/files/1", desk).p).status == 404);
    f->actor = owner;
    CHECK(post(f, point, "answer=").status == 303);
    a = get(f, own);
    CHECK(answer_has(&a, "第三页.pdf") && answer_has(&a, "见上传的1个文件"));
    f->actor = (struct actor){ .account = owner.account, .post = 1, .body = body };
    CHECK(get(f, arena_fmt(&f->kept, "%s/files/1", desk).p).status == 200);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        BOTH(a_file_arrives_in_pieces_over_cut_lines),
        BOTH(a_file_may_come_with_its_creation),
        BOTH(an_upload_that_was_begun_can_be_ended),
        BOTH(what_may_not_come_is_refused_before_the_first_byte),
        BOTH(an_upload_of_somebody_else_is_not_there),
        BOTH(a_piece_is_taken_only_as_it_was_announced),
        BOTH(a_file_of_no_kind_we_take_ends_its_upload_and_leaves_nothing),
        BOTH(nobody_has_more_than_ten_on_their_way),
        BOTH(fifty_megabytes_are_the_most_on_their_way),
        BOTH(what_is_not_finished_in_a_day_goes),
        ON_POSTGRES(a_full_disk_is_told_and_the_upload_goes_on_when_there_is_room, files_on_postgres),
        BOTH(a_folder_that_cannot_be_made_is_told),
        BOTH(a_submitted_draft_takes_nothing_more),
        BOTH(a_file_for_a_point_is_handed_in_with_the_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

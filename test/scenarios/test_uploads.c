/* test_uploads.c - files of an application from the form to the reviewer, and everything that must not get in, on both
 * databases. */
#include "files_world.h"

#include "http/receive.h"
#include "modules/materials/materials.h"

#include <stdio.h>
#include <unistd.h>

#define BOTH(f) ON_BOTH(f, files_on_sqlite, files_on_postgres)

/* ---- tests --------------------------------------------------------------------------------------------------------------------- */

static void a_file_is_kept_shown_and_removed(void **state)
{
    struct fixture *f = fixture_of(state);
    citizen(f, "522627199001010014");
    const char *page = draft(f);
    struct answer a = get(f, page);
    CHECK(answer_has(&a, "单个文件不超过10 MB") && answer_has(&a, "name=\"file-3\"") && !answer_has(&a, "name=\"file-1\""));
    a = send_file(f, page, "..\\..\\图.pdf", PDF);
    CHECK(a.status == 303 && incoming(f) == 0 && kept(f) == 1);
    CHECK(send_file(f, page, "图.pdf", PDF).status == 303); /* the same again is not there twice */
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
    refused(f, send_file(f, page, "a.pdf", STR("MZ\x90\0")), 422, "不是能收的文件");
    refused(f, send_file(f, page, "a.pdf", STR("")), 422, "是空的");
    refused(f, send_file(f, page, "a.pdf", (struct str){ large, sizeof large }), 422, "超过10 MB");
    refused(f, post_file(f, page, &(struct sent_file){ "file-1", "a.pdf", PDF, 0 }), 404, "");
    refused(f, post_file(f, page, &(struct sent_file){ "other", "a.pdf", PDF, 0 }), 404, "");
    refused(f, send_file(f, page, "", STR("")), 422, "请先选择文件");
    refused(f, post(f, page, ""), 422, "请先选择文件");
    refused(f, post_file(f, page, &(struct sent_file){ "file-3", "a.pdf", PDF, 150 }), 0, "");
    refused(f, send_file(f, "/items/" ITEM "/apply", "a.pdf", PDF), 415, "");
}

static void a_form_token_of_somebody_else_keeps_nothing(void **state)
{
    struct fixture *f = fixture_of(state);
    citizen(f, "522627199001010014");
    const char *page = draft(f);
    f->csrf[0] = f->csrf[0] == 'A' ? 'B' : 'A';
    refused(f, send_file(f, page, "a.pdf", PDF), 403, "");
}

static void the_draft_of_somebody_else_is_not_there(void **state)
{
    struct fixture *f = fixture_of(state);
    citizen(f, "522627199001010014");
    const char *page = draft(f);
    struct actor other = citizen(f, "11010519491231002X");
    CHECK(other.account != 0 && draft(f) != page);
    refused(f, send_file(f, page, "a.pdf", PDF), 404, "");
    CHECK(get(f, page).status == 404);
}

static void a_disk_that_takes_no_more_is_told_and_leaves_nothing(void **state)
{
    struct fixture *f = fixture_of(state);
    citizen(f, "522627199001010014");
    const char *page = draft(f);
    f->disk_bytes = 10;
    refused(f, send_file(f, page, "a.pdf", PDF), 503, "现在存不下您传的文件");
    f->disk_bytes = 0;
    char blocked[100];
    snprintf(blocked, sizeof blocked, "%s/materials", f->dir);
    fclose(fopen(blocked, "w")); /* a file where the folder should be */
    refused(f, send_file(f, page, "a.pdf", PDF), 500, "");
    CHECK(unlink(blocked) == 0);
    CHECK(send_file(f, page, "a.pdf", PDF).status == 303);
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
    CHECK(send_file(f, page, "图 1.pdf", PDF).status == 303);
    struct str no = send_draft(f, page);
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
    CHECK(send_file(f, page, "b.pdf", PDF).status == 409); /* submitted is submitted */
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

static void the_api_description_says_how_files_are_sent(void **state)
{
    struct fixture *f = fixture_of(state);
    arena_reset(&f->unit);
    struct str text = http_openapi(f->http, &f->unit);
    struct answer a = { .body = text };
    CHECK(answer_has(&a, "\"/apply/{id}/materials\"") && answer_has(&a, "\"multipart/form-data\":{\"x-max-bytes\":52428800"));
    CHECK(answer_has(&a, "\"application/offset+octet-stream\"") && answer_has(&a, "\"patch\":{") && answer_has(&a, "\"delete\":{"));
    CHECK(answer_has(&a, "{\"name\":\"Upload-Offset\",\"in\":\"header\""));
    ptrdiff_t at = str_find(text, STR("\"/cases/{no}/points/{n}\":"));
    CHECK(at > 0 && str_find(str_sub(text, (size_t)at, 1500), STR("multipart/form-data")) > 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        BOTH(a_file_is_kept_shown_and_removed),
        BOTH(what_may_not_be_kept_is_refused_and_leaves_nothing),
        BOTH(a_form_token_of_somebody_else_keeps_nothing),
        BOTH(the_draft_of_somebody_else_is_not_there),
        BOTH(a_disk_that_takes_no_more_is_told_and_leaves_nothing),
        BOTH(the_case_gets_the_files_and_only_its_people_open_them),
        BOTH(the_api_description_says_how_files_are_sent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

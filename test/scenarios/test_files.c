/* test_files.c - files at rest: sealed, proven, deleted when they belong to nothing; on both databases. */
#include "files_world.h"

#include "base/conf.h"
#include "cases_service.h"
#include "http/landing.h"
#include "ledger/ledger.h"
#include "modules/materials/materials.h"
#include "modules/org/org.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BOTH(f) ON_BOTH(f, files_on_sqlite, files_on_postgres)
#define NAME "张三的诊断证明.pdf"
#define NOON_MS INT64_C(1778212800000)

NUMBER(links, "SELECT COUNT(*) AS n FROM materials_link");
NUMBER(rows, "SELECT COUNT(*) AS n FROM materials_file");
NUMBER(purged, "SELECT COUNT(*) AS n FROM ledger WHERE kind = 'draft.purged'");

static int64_t count_of(struct fixture *f, const struct sql *s)
{
    struct cx *cx = fixture_begin(f, READ);
    int64_t n = number_of_rows(cx, s);
    CHECK(fixture_end(f, RC_OK) == RC_OK);
    return n;
}

/* ---- sealed ---------------------------------------------------------------------------------------------------------------- */

/* What must not be found, and where it was. */
static struct {
    struct str word[3];
    int        found, files;
} hunt;

static int look_into(const char *path, const struct stat *st, int flag, struct FTW *at UNUSED)
{
    struct arena a;
    struct str text;
    arena_init(&a, (size_t)st->st_size + 4096);
    if (flag == FTW_F && file_read(path, (size_t)st->st_size, &a, &text) == RC_OK) {
        hunt.files++;
        for (size_t i = 0; i < countof(hunt.word); i++)
            if (str_find(text, hunt.word[i]) >= 0) {
                print_error("word %zu is in %s\n", i, path);
                hunt.found++;
            }
    }
    arena_done(&a);
    return 0;
}

/* On SQLite the database lies there, too. */
static void neither_content_nor_name_nor_hash_lies_on_the_disk(void **state)
{
    struct fixture *f = fixture_of(state);
    struct digest d = sm3(PDF);
    citizen(f, "522627199001010014");
    const char *page = draft(f);
    CHECK(send_file(f, page, NAME, PDF).status == 303 && kept(f) == 1);
    (void)send_draft(f, page);
    hunt.word[0] = STR("not a boundary");
    hunt.word[1] = STR(NAME);
    hunt.word[2] = (struct str){ (const char *)d.b, sizeof d.b };
    hunt.found = hunt.files = 0;
    CHECK(nftw(f->dir, look_into, 8, FTW_PHYS) == 0);
    CHECK(hunt.files >= (f->engine == DB_SQLITE ? 2 : 1) && hunt.found == 0);
}

/* The path of the only file in DIR/materials. */
static char only[300];
static int remember_file(const char *path, const struct stat *st UNUSED, int flag, struct FTW *at UNUSED)
{
    if (flag == FTW_F)
        snprintf(only, sizeof only, "%s", path);
    return 0;
}

static const char *only_file(const struct fixture *f)
{
    char top[100];
    snprintf(top, sizeof top, "%s/materials", f->dir);
    CHECK(kept(f) == 1 && nftw(top, remember_file, 8, FTW_PHYS) == 0);
    return only;
}

static void bytes_that_were_altered_are_not_given_out(void **state)
{
    struct fixture *f = fixture_of(state);
    struct actor owner = citizen(f, "522627199001010014");
    const char *page = draft(f);
    CHECK(send_file(f, page, NAME, PDF).status == 303);
    struct str no = send_draft(f, page);
    const char *own = arena_fmt(&f->kept, "/cases/" STR_F "/files/1", STR_A(no)).p;
    f->actor = owner;
    CHECK(get(f, own).status == 200);
    FILE *file = fopen(only_file(f), "r+");
    CHECK(file && fseek(file, SEAL_HEAD + 3, SEEK_SET) == 0 && fputc('x', file) == 'x' && fclose(file) == 0);
    CHECK(get(f, own).status == 500);
    CHECK(unlink(only_file(f)) == 0);
    CHECK(get(f, own).status == 500);
    CHECK(send_file(f, draft(f), "again.pdf", PDF).status == 303); /* sent anew, it is there anew for all */
    CHECK(get(f, own).status == 200);
}

/* ---- proven ---------------------------------------------------------------------------------------------------------------- */

/* The newest entry of this kind about the case says that file n with this content was handed in for `slot`. */
static void entry_names(struct fixture *f, struct str no, const char *kind, int64_t n, const char *slot, struct str content)
{
    struct list entries, files;
    struct cases_case c;
    struct digest plain = sm3(content);
    struct str body = STR_NONE;
    struct cx *cx = fixture_begin(f, READ);
    cx->actor = f->actor;
    CHECK(cases_find_own(cx, no, &c) == RC_OK);
    CHECK(ledger_list(cx, c.id, 0, &entries) == RC_OK && materials_list(cx, c.id, &files) == RC_OK);
    for (size_t i = 0; i < entries.n; i++)
        if (str_is(((const struct ledger_row *)entries.v)[i].kind, kind))
            body = ((const struct ledger_row *)entries.v)[i].body;
    for (size_t i = 0; i < files.n; i++) {
        const struct materials_file *m = (const struct materials_file *)files.v + i;
        struct digest want = sm3_two(m->salt, (struct str){ (const char *)plain.b, sizeof plain.b });
        struct str hash = hex(cx->arena, want.b, sizeof want.b);
        struct str said = arena_fmt(cx->arena, "{\"hash\":\"" STR_F "\",\"n\":%lld,\"slot\":\"%s\"}", STR_A(hash), (long long)n, slot);
        if (m->n == n)
            CHECK(m->handed_in_at.ms && str_find(body, said) > 0 && str_find(body, STR("\"files\":[")) > 0);
    }
    CHECK(body.p && (int64_t)files.n >= n);
    CHECK(fixture_end(f, RC_OK) == RC_OK);
}

/* The clerk tells what is missing: two points. */
static void tell(struct fixture *f, struct str no, int64_t body)
{
    static const struct cases_demand points[] = { { STR_INIT("证明"), STR_INIT("缺页。请补传。") },
                                                  { STR_INIT("照片"), STR_INIT("看不清。请重拍。") } };
    struct cases_case c;
    struct cx *cx = fixture_begin(f, WRITE);
    cx->actor = (struct actor){ .account = 1, .post = some_clerk(cx), .body = body, .roles = ROLE_BIT(ROLE_CLERK) };
    CHECK(cases_find_staff(cx, no, &c) == RC_OK);
    CHECK(cases_tell_once(cx, &c, points, countof(points), (struct day){ 0 }) == RC_OK);
    CHECK(fixture_end(f, RC_OK) == RC_OK);
}

static struct answer supply(struct fixture *f, struct str no, int n, const char *name, struct str content)
{
    char address[100];
    snprintf(address, sizeof address, "/cases/" STR_F "/points/%d", STR_A(no), n);
    return post_file(f, address, &(struct sent_file){ "file", name, content, 0 });
}

static void the_ledger_proves_which_files_were_handed_in(void **state)
{
    struct fixture *f = fixture_of(state);
    struct actor owner = citizen(f, "522627199001010014");
    const char *page = draft(f);
    CHECK(send_file(f, page, NAME, PDF).status == 303 && send_file(f, page, "b.pdf", STR("%PDF-1.4 b")).status == 303);
    struct str no = send_draft(f, page);
    tell(f, no, f->actor.body);
    f->actor = owner;
    entry_names(f, no, "case.received", 1, "3", PDF);
    entry_names(f, no, "case.received", 2, "3", STR("%PDF-1.4 b"));
    CHECK(get(f, arena_fmt(&f->kept, "/cases/" STR_F, STR_A(no)).p).status == 200);
    CHECK(supply(f, no, 1, "c.png", STR("MZ\x90\0")).status == 422);
    CHECK(supply(f, no, 3, "c.txt", STR("三")).status == 409 && supply(f, no, 1, "c.txt", STR("补上")).status == 303);
    entry_names(f, no, "case.supplemented", 3, "p1", STR("补上"));
    CHECK(supply(f, no, 1, "d.txt", STR("又来")).status == 409); /* supplied is supplied */
    CHECK(supply(f, no, 2, "e.txt", STR("照片")).status == 303);
    entry_names(f, no, "case.completed", 4, "p2", STR("照片"));
    struct answer a = get(f, arena_fmt(&f->kept, "/cases/" STR_F, STR_A(no)).p);
    CHECK(answer_has(&a, "c.txt") && answer_has(&a, "见上传的1个文件") && !answer_has(&a, "d.txt"));
    citizen(f, "11010519491231002X");
    (void)draft(f);
    CHECK(supply(f, no, 2, "f.txt", STR("不是我的")).status == 404);
}

/* Part of a JSON text: what stands between this and the next quote. */
static struct str quoted_after(struct str text, const char *before)
{
    ptrdiff_t at = str_find(text, str_c(before));
    struct str rest = at < 0 ? STR("") : str_sub(text, (size_t)at + strlen(before), text.n);
    return str_cut(&rest, '"');
}

static void who_handed_a_file_in_can_check_it_against_the_ledger(void **state)
{
    struct fixture *f = fixture_of(state);
    struct actor owner = citizen(f, "522627199001010014");
    const char *page = draft(f);
    CHECK(send_file(f, page, NAME, PDF).status == 303);
    struct str no = send_draft(f, page);
    struct digest plain = sm3(PDF);
    struct str hash = hex(&f->kept, plain.b, sizeof plain.b);
    struct answer a = get(f, arena_fmt(&f->kept, "/cases/" STR_F, STR_A(no)).p);
    CHECK(answer_has(&a, "核验信息") && str_find(a.body, hash) > 0);
    const char *proof = arena_fmt(&f->kept, "/cases/" STR_F "/files/1/proof", STR_A(no)).p;
    a = get(f, proof);
    struct str salt = quoted_after(a.body, "\"salt\":\""), want = quoted_after(a.body, "\"commitment\":\"");
    unsigned char raw[16];
    CHECK(a.status == 200 && str_eq(quoted_after(a.body, "\"sm3\":\""), hash) && salt.n == 32 && unhex(salt, raw, sizeof raw));
    struct digest d = sm3_two((struct str){ (const char *)raw, sizeof raw }, (struct str){ (const char *)plain.b, sizeof plain.b });
    CHECK(str_eq(hex(&f->kept, d.b, sizeof d.b), want));
    ptrdiff_t entry = str_find(a.body, STR("\"entry\":"));
    CHECK(entry > 0 && str_find(str_sub(a.body, (size_t)entry, a.body.n), want) > 0 && answer_has(&a, "\"receipt\":{"));
    citizen(f, "11010519491231002X");
    CHECK(get(f, proof).status == 404);
    f->actor = owner;
    CHECK(get(f, arena_fmt(&f->kept, "/cases/" STR_F "/files/2/proof", STR_A(no)).p).status == 404);
}

/* Sent ahead in pieces or not at all: what was not answered with stays the applicant's own. */
static void a_file_sent_ahead_is_listed_and_taken_back(void **state)
{
    struct fixture *f = fixture_of(state);
    struct actor owner = citizen(f, "522627199001010014");
    const char *page = draft(f);
    CHECK(send_file(f, page, NAME, PDF).status == 303);
    struct str no = send_draft(f, page);
    tell(f, no, f->actor.body);
    f->actor = owner;
    const char *here = arena_fmt(&f->kept, "/cases/" STR_F, STR_A(no)).p, *remove = arena_fmt(&f->kept, "%s/files/2/remove", here).p;
    struct tus_ask ahead = { .method = POST, .address = arena_fmt(&f->kept, "%s/points/1/uploads", here).p, .length = "5",
                             .metadata = tus_name(f, "file", "ahead.txt"), .body = STR("ahead") };
    CHECK(tus(f, &ahead).status == 201);
    struct answer a = get(f, here);
    CHECK(answer_has(&a, "ahead.txt") && answer_has(&a, remove));
    citizen(f, "11010519491231002X");
    (void)draft(f);
    CHECK(post(f, remove, "").status == 404);
    f->actor = owner;
    CHECK(get(f, here).status == 200);
    CHECK(post(f, remove, "").status == 303 && post(f, remove, "").status == 404);
    CHECK(post(f, arena_fmt(&f->kept, "%s/files/1/remove", here).p, "").status == 404); /* handed in is handed in */
    a = get(f, here);
    CHECK(!answer_has(&a, "ahead.txt"));
}

/* ---- deleted ---------------------------------------------------------------------------------------------------------------- */

/* All that the timers would do in some hours of this moment; how many files went. */
static int64_t sweep(struct fixture *f, int64_t now)
{
    bool again = false;
    int64_t all = 0;
    db_set_clock(f->pool, now);
    struct cx *cx = fixture_begin(f, WRITE);
    CHECK(fixture_end(f, materials_sweep(cx, &again)) == RC_OK && !again);
    arena_reset(&f->unit);
    struct cx walking = { .arena = &f->unit, .db = f->db, .app = &f->app, .now = now };
    for (unsigned ab = 0; ab < 256; ab++) {
        int64_t removed = 0;
        CHECK(materials_walk(&walking, ab, &removed) == RC_OK);
        all += removed;
    }
    return all;
}

static void purge(struct fixture *f, int64_t now)
{
    bool again = false;
    db_set_clock(f->pool, now);
    struct cx *cx = fixture_begin(f, WRITE);
    CHECK(fixture_end(f, cases_drafts_purge(cx, &again)) == RC_OK && !again);
}

static void a_draft_nobody_touched_goes_with_its_names_and_files(void **state)
{
    struct fixture *f = fixture_of(state);
    citizen(f, "522627199001010014");
    const char *page = draft(f);
    CHECK(send_file(f, page, NAME, PDF).status == 303);
    purge(f, NOON_MS + 29 * DAY_MS);
    CHECK(count_of(f, &links) == 1 && sweep(f, NOON_MS + 29 * DAY_MS) == 0);
    purge(f, NOON_MS + 31 * DAY_MS);
    CHECK(count_of(f, &links) == 0 && count_of(f, &purged) == 1);
    CHECK(get(f, page).status == 404);
    CHECK(sweep(f, NOON_MS + 31 * DAY_MS) == 1 && kept(f) == 0 && count_of(f, &rows) == 0);
}

static void a_submitted_draft_and_its_files_stay(void **state)
{
    struct fixture *f = fixture_of(state);
    struct actor owner = citizen(f, "522627199001010014");
    const char *page = draft(f);
    CHECK(send_file(f, page, NAME, PDF).status == 303);
    struct str no = send_draft(f, page);
    purge(f, NOON_MS + 400 * DAY_MS);
    CHECK(sweep(f, NOON_MS + 400 * DAY_MS) == 0 && count_of(f, &links) == 1 && kept(f) == 1);
    f->actor = owner;
    CHECK(get(f, arena_fmt(&f->kept, "/cases/" STR_F "/files/1", STR_A(no)).p).status == 200);
}

static void a_removed_file_goes_after_a_day_unless_somebody_else_has_it(void **state)
{
    struct fixture *f = fixture_of(state);
    citizen(f, "522627199001010014");
    const char *page = draft(f);
    CHECK(send_file(f, page, NAME, PDF).status == 303);
    CHECK(post(f, arena_fmt(&f->kept, "%s/1/remove", page).p, "").status == 303);
    CHECK(sweep(f, NOON_MS + DAY_MS / 2) == 0 && kept(f) == 1);
    struct actor other = citizen(f, "11010519491231002X");
    const char *others = draft(f);
    CHECK(other.account && send_file(f, others, "same.pdf", PDF).status == 303 && kept(f) == 1);
    CHECK(sweep(f, NOON_MS + 3 * DAY_MS) == 0 && count_of(f, &links) == 1 && kept(f) == 1);
    CHECK(post(f, arena_fmt(&f->kept, "%s/1/remove", others).p, "").status == 303);
    CHECK(sweep(f, NOON_MS + 5 * DAY_MS) == 1 && count_of(f, &links) == 0 && count_of(f, &rows) == 0 && kept(f) == 0);
}

/* What `prepare` does, at this moment. */
static struct upload put(struct fixture *f, int64_t now)
{
    struct upload u = { .field = STR("file-3"), .filename = STR("a.pdf") };
    arena_reset(&f->unit);
    struct cx cx = { .arena = &f->unit, .db = f->db, .app = &f->app, .now = now };
    struct str path = arena_fmt(&f->kept, "%s/up", f->dir);
    struct landing *l = landing_new(&f->kept, &f->app.keys, path);
    struct str content = PDF;
    CHECK(l && landing_put(l, content.p, content.n) && landing_finish(l, &u));
    landing_close(l);
    CHECK(materials_store(&cx, &u, 1) == RC_OK && unlink(path.p) == 0);
    return u;
}

static void bytes_put_again_just_now_wait_for_their_unit(void **state)
{
    struct fixture *f = fixture_of(state);
    struct materials_target to = { .root = 77, .slot = STR("3") };
    struct raw out;
    put(f, NOON_MS); /* a unit that failed: no row */
    CHECK(sweep(f, NOON_MS + DAY_MS / 2) == 0 && kept(f) == 1);
    struct upload u = put(f, NOON_MS + 3 * DAY_MS); /* the same content, three days later, reuses the name */
    CHECK(kept(f) == 1 && sweep(f, NOON_MS + 3 * DAY_MS + 1000) == 0); /* between `prepare` and the unit */
    struct cx *cx = fixture_begin(f, WRITE);
    CHECK(fixture_end(f, materials_keep(cx, &to, &u)) == RC_OK);
    CHECK(sweep(f, NOON_MS + 9 * DAY_MS) == 0);
    cx = fixture_begin(f, READ);
    CHECK(materials_open(cx, 77, 1, false, &out) == RC_OK && str_eq(out.body, PDF));
    CHECK(materials_open(cx, 77, 1, true, &out) == RC_NOT_FOUND); /* never handed in */
    CHECK(fixture_end(f, RC_OK) == RC_OK);
}

static void bytes_without_row_go_after_a_day(void **state)
{
    struct fixture *f = fixture_of(state);
    put(f, NOON_MS);
    CHECK(sweep(f, NOON_MS + DAY_MS - 1000) == 0 && sweep(f, NOON_MS + DAY_MS + 1000) == 1 && kept(f) == 0);
}

static void a_row_that_was_loose_is_kept_by_whoever_links_it_in_time(void **state)
{
    struct fixture *f = fixture_of(state);
    struct materials_target to = { .root = 77, .slot = STR("3") };
    struct upload u = put(f, NOON_MS);
    struct cx *cx = fixture_begin(f, WRITE);
    CHECK(fixture_end(f, materials_keep(cx, &to, &u)) == RC_OK);
    cx = fixture_begin(f, WRITE);
    CHECK(fixture_end(f, materials_forget(cx, 77)) == RC_OK);
    u = put(f, NOON_MS + 5 * DAY_MS);
    CHECK(sweep(f, NOON_MS + 5 * DAY_MS) == 0 && count_of(f, &rows) == 0 && kept(f) == 1); /* the row goes, the bytes wait */
    cx = fixture_begin(f, WRITE);
    CHECK(fixture_end(f, materials_keep(cx, &to, &u)) == RC_OK);
    CHECK(count_of(f, &rows) == 1 && count_of(f, &links) == 1);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        BOTH(neither_content_nor_name_nor_hash_lies_on_the_disk),
        BOTH(bytes_that_were_altered_are_not_given_out),
        BOTH(the_ledger_proves_which_files_were_handed_in),
        BOTH(who_handed_a_file_in_can_check_it_against_the_ledger),
        BOTH(a_file_sent_ahead_is_listed_and_taken_back),
        BOTH(a_draft_nobody_touched_goes_with_its_names_and_files),
        BOTH(a_submitted_draft_and_its_files_stay),
        BOTH(a_removed_file_goes_after_a_day_unless_somebody_else_has_it),
        BOTH(bytes_put_again_just_now_wait_for_their_unit),
        BOTH(bytes_without_row_go_after_a_day),
        BOTH(a_row_that_was_loose_is_kept_by_whoever_links_it_in_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

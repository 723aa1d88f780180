/* test_receive.c - files on their way in: counted, hashed, told by content, named cleanly, gone when refused. */
#include "http/receive.h"

#include "../../test/check.h"

#include "base/conf.h"
#include "http/landing.h"
#include "http/media.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TYPE STR("multipart/form-data; boundary=b0")
#define HEAD "--b0\r\nContent-Disposition: form-data; name=\"file-1\"; filename=\"../a/plan.pdf\"\r\n\r\n"

struct place {
    char         dir[60];
    struct arena a;
    struct app   app;
};

static int place_open(void **state)
{
    static struct place p;
    snprintf(p.dir, sizeof p.dir, "%s/tongban-recv-XXXXXX", getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
    CHECK(mkdtemp(p.dir));
    arena_init(&p.a, 64 << 20);
    p.app = (struct app){ .config.data = str_c(p.dir) };
    memset(&p.app.keys, 5, sizeof p.app.keys);
    *state = &p;
    return 0;
}

static int count(const struct place *p)
{
    char path[100];
    int n = 0;
    snprintf(path, sizeof path, "%s/incoming", p->dir);
    DIR *d = opendir(path);
    for (const struct dirent *e; d && (e = readdir(d));)
        n += e->d_name[0] != '.';
    if (d)
        closedir(d);
    return n;
}

static int place_close(void **state)
{
    struct place *p = *state;
    char path[100];
    snprintf(path, sizeof path, "%s/incoming", p->dir);
    rmdir(path);
    rmdir(p->dir);
    arena_done(&p->a);
    return 0;
}

static struct receiver *receive(struct place *p, struct str body)
{
    struct receiver *r = receiver_open(&p->a, &p->app, TYPE);
    for (size_t at = 0; at < body.n; at += 7)
        receiver_put(r, body.p + at, at + 7 < body.n ? 7 : body.n - at);
    return r;
}

static void a_file_is_counted_hashed_and_named_and_goes_with_its_receiver(void **state)
{
    struct place *p = *state;
    struct received got;
    struct receiver *r = receive(p, STR(HEAD "%PDF-1.7 x\r\n--b0\r\nContent-Disposition: form-data; name=\"_csrf\"\r\n\r\nabc\r\n--b0--"));
    receiver_end(r, &got);
    CHECK(got.status == 0 && got.nfiles == 1 && got.nfields == 1 && count(p) == 1);
    CHECK_STR(got.field[0].value, "abc");
    CHECK_STR(got.file[0].filename, "plan.pdf");
    CHECK_STR(got.file[0].field, "file-1");
    CHECK_STR(got.file[0].type, "application/pdf");
    CHECK(got.file[0].size == 10);
    struct digest want = sm3(STR("%PDF-1.7 x"));
    CHECK(memcmp(want.b, got.file[0].sm3.b, sizeof want.b) == 0);
    receiver_close(r);
    CHECK(count(p) == 0);
}

static void a_body_that_is_cut_off_leaves_nothing(void **state)
{
    struct place *p = *state;
    struct received got;
    struct receiver *r = receive(p, STR(HEAD "%PDF-1.7 and then the line goes de"));
    CHECK(count(p) == 1);
    receiver_close(r);
    CHECK(count(p) == 0);
    r = receive(p, STR(HEAD "%PDF-1.7 and then"));
    receiver_end(r, &got);
    CHECK(got.status == 400 && got.nfiles == 0 && count(p) == 0);
}

static void a_broken_body_removes_its_files_before_it_ends(void **state)
{
    struct place *p = *state;
    struct received got;
    struct receiver *r = receive(p, STR(HEAD "%PDF-1.7\r\n--b0XX\r\n more more more"));
    CHECK(count(p) == 0);
    receiver_end(r, &got);
    CHECK(got.status == 400);
    CHECK_STR(str_c(got.key), "http.broken_form");
}

static void a_folder_that_cannot_be_written_is_told(void **state)
{
    struct place *p = *state;
    struct received got;
    p->app.config.data = STR("/nonexistent/of/course");
    struct receiver *r = receiver_open(&p->a, &p->app, TYPE);
    struct str body = STR(HEAD "%PDF\r\n--b0--");
    receiver_put(r, body.p, body.n);
    receiver_end(r, &got);
    CHECK(got.status == 503 && got.nfiles == 0);
    CHECK_STR(str_c(got.key), "http.no_room");
}

static void long_and_unclean_fields_are_refused(void **state)
{
    struct place *p = *state;
    struct received got;
    struct str head = STR("--b0\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n");
    struct receiver *r = receive(p, STR("--b0\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\xff\xfe\r\n--b0--"));
    receiver_end(r, &got);
    CHECK(got.status == 400);
    r = receive(p, head);
    for (int i = 0; i <= RECEIVE_TEXT_MAX / 10; i++)
        receiver_put(r, "0123456789", 10);
    receiver_end(r, &got);
    CHECK(got.status == 413);
}

static void what_a_killed_process_left_goes_at_the_start(void **state)
{
    struct place *p = *state;
    struct received got;
    struct receiver *r = receive(p, STR(HEAD "%PDF-1.7 x\r\n--b0\r\nContent-Disposition: form-data; name=\"_csrf\"\r\n\r\nabc\r\n--b0--"));
    receiver_end(r, &got);
    CHECK(got.nfiles == 1 && count(p) == 1); /* and nobody closes it */
    receiver_sweep(str_c(p->dir));
    CHECK(count(p) == 0);
    receiver_sweep(STR("/nonexistent/of/course"));
}

/* ---- sealed from the first byte ------------------------------------------------------------------------------------------ */

#define CONTENT "%PDF-1.7 and more than one block of the cipher, so that going on in the middle of one is tried too"

static struct str bytes_of(struct place *p, struct str path)
{
    struct str text;
    CHECK(file_read(path.p, 1 << 20, &p->a, &text) == RC_OK);
    return text;
}

/* The content, if the file opens under this name. */
static bool opens(struct place *p, const struct upload *u, struct str *out)
{
    struct str sealed = bytes_of(p, u->path);
    return unseal_file(&p->app.keys, LANDING_PLACE, u->name, (char *)(uintptr_t)sealed.p, sealed.n, out);
}

static void what_lies_in_incoming_is_sealed_and_opens_only_as_it_was(void **state)
{
    struct place *p = *state;
    struct received got;
    struct str content;
    struct receiver *r = receive(p, STR(HEAD CONTENT "\r\n--b0--"));
    receiver_end(r, &got);
    struct upload u = got.file[0];
    struct str sealed = bytes_of(p, u.path);
    CHECK(sealed.n == sizeof CONTENT - 1 + SEAL_HEAD + SEAL_TAG && str_find(sealed, STR("PDF")) < 0);
    CHECK(opens(p, &u, &content));
    CHECK_STR(content, CONTENT);
    for (size_t i = 0; i < sealed.n; i += 13) {
        char *altered = arena_alloc(&p->a, sealed.n);
        memcpy(altered, sealed.p, sealed.n);
        altered[i] = (char)(altered[i] ^ 1);
        CHECK(!unseal_file(&p->app.keys, LANDING_PLACE, u.name, altered, sealed.n, &content));
    }
    u.name.b[0] ^= 1;
    CHECK(!opens(p, &u, &content));
    u.name.b[0] ^= 1;
    p->app.keys.mac[0] ^= 1;
    CHECK(!opens(p, &u, &content));
    receiver_close(r);
}

static void a_file_that_comes_in_pieces_is_the_same_file(void **state)
{
    struct place *p = *state;
    struct upload u = { 0 };
    struct str content, path = arena_fmt(&p->a, "%s/piece", p->dir);
    struct landing *l = landing_new(&p->a, &p->app.keys, path);
    CHECK(l && landing_put(l, CONTENT, 7));
    landing_close(l);
    CHECK(landing_size(path) == 7);
    CHECK(!landing_append(&p->a, &p->app.keys, path, 8) && errno == ENOENT); /* there is no eighth byte yet */
    l = landing_append(&p->a, &p->app.keys, path, 7);
    CHECK(l && landing_put(l, CONTENT + 7, 40));
    CHECK(!landing_append(&p->a, &p->app.keys, path, 7) && errno == EWOULDBLOCK);
    landing_close(l);
    l = landing_append(&p->a, &p->app.keys, path, 33); /* what lies behind is sent again */
    CHECK(l && landing_put(l, CONTENT + 33, sizeof CONTENT - 1 - 33));
    landing_close(l);
    CHECK(landing_size(path) == sizeof CONTENT - 1);
    for (int i = 0; i < 2; i++) { /* a second time too: the tag of the first is cut off */
        l = landing_again(&p->a, &p->app.keys, path, sizeof CONTENT - 1);
        CHECK(l && landing_finish(l, &u));
        landing_close(l);
    }
    struct digest want = sm3(STR(CONTENT));
    CHECK(u.size == sizeof CONTENT - 1 && memcmp(want.b, u.sm3.b, sizeof want.b) == 0);
    CHECK_STR(u.type, "application/pdf");
    CHECK(opens(p, &u, &content));
    CHECK_STR(content, CONTENT);
    CHECK(unlink(path.p) == 0 && landing_size(path) == -1);
}

static void file_names_lose_paths_and_tricks(void **state)
{
    static const struct {
        const char *given, *clean;
    } cases[] = {
        { "plan.pdf", "plan.pdf" }, { "../../etc/passwd", "passwd" }, { "C:\\fakepath\\图.pdf", "图.pdf" }, { "..", "file" },
        { "/", "file" }, { " a.pdf. ", "a.pdf" }, { ".htaccess", "htaccess" }, { "a\tb\x7f.pdf", "ab.pdf" },
        { "a\xe2\x80\xae" "fdp.exe", "afdp.exe" }, { "\xef\xbb\xbf.txt", "txt" }, { "营业执照 (1).jpg", "营业执照 (1).jpg" },
    };
    struct place *p = *state;
    for (size_t i = 0; i < countof(cases); i++)
        CHECK_STR(filename_clean(&p->a, str_c(cases[i].given)), cases[i].clean);
    struct str many = arena_fmt(&p->a, "%0200d.docx", 0), clean = filename_clean(&p->a, many);
    CHECK(str_runes(clean) == RECEIVE_FILENAME && str_ends(clean, STR(".docx")));
}

/* ---- content ---------------------------------------------------------------------------------------------------------- */

/* A ZIP of empty entries: only what media_type looks at. */
static struct str zip(struct arena *a, const char *const *names)
{
    struct buf b;
    buf_init(&b, a, 1000);
    buf_lit(&b, "PK\3\4 contents ");
    size_t from = b.n, n;
    for (; *names; names++) {
        n = strlen(*names);
        buf_put(&b, "PK\1\2", 4);
        buf_put(&b, (char[24]){ 0 }, 24);
        buf_put(&b, (char[18]){ (char)n }, 18);
        buf_put(&b, *names, n);
    }
    n = b.n - from;
    buf_put(&b, "PK\5\6", 4);
    buf_put(&b, (char[8]){ 0 }, 8);
    buf_put(&b, (char[10]){ (char)(n & 255), (char)(n >> 8) }, 10);
    return buf_view(&b);
}

#define ZIP(...) zip(&p->a, (const char *const[]){ __VA_ARGS__, NULL })

static void type_is(struct str content, const char *want)
{
    struct str got = media_type(str_sub(content, 0, MEDIA_HEAD), content);
    CHECK_STR(got.p ? got : STR("-"), want);
}

static void a_file_is_what_its_bytes_say(void **state)
{
    struct place *p = *state;
    type_is(STR("%PDF-1.4"), "application/pdf");
    type_is(STR("\xff\xd8\xff\xe0"), "image/jpeg");
    type_is(STR("\x89PNG\r\n\x1a\n"), "image/png");
    type_is(STR("RIFF\1\2\3\4WEBPVP8 "), "image/webp");
    type_is(STR("RIFF\1\2\3\4WAVE"), "-");
    type_is(STR("MZ\x90"), "-");
    type_is(STR("<html>"), "-");
    type_is(STR(" %PDF-1.4"), "-");
    type_is(ZIP("OFD.xml", "Doc_0/Document.xml"), "application/ofd");
    type_is(ZIP("[Content_Types].xml", "word/document.xml"),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document");
    type_is(ZIP("xl/workbook.xml"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
    type_is(ZIP("word/document.xml", "word/vbaProject.bin"), "-");
    type_is(ZIP("word/document.xml", "xl/workbook.xml"), "-");
    type_is(ZIP("setup.exe"), "-");
    type_is(STR("PK\3\4 and no directory"), "-");
    struct str cut = ZIP("OFD.xml");
    type_is(str_sub(cut, 0, cut.n - 1), "-");
}

static bool is_text(struct str s, size_t step)
{
    struct media_text t = { 0 };
    for (size_t at = 0; at < s.n; at += step)
        media_text_add(&t, s.p + at, at + step < s.n ? step : s.n - at);
    return media_text_ok(&t);
}

static void text_is_clean_utf8_in_pieces_as_at_once(void **state UNUSED)
{
    static const struct {
        struct str text;
        bool       is;
    } cases[] = {
        { STR_INIT("申请表\r\n\t1"), true }, { STR_INIT("\xf0\xa0\xae\xb7"), true }, { STR_INIT("a\0b"), false },
        { STR_INIT("\x1b[2J"), false }, { STR_INIT("\xed\xa0\x80"), false }, { STR_INIT("\xe4\xb8"), false },
        { STR_INIT("\xc0\xaf"), false }, { STR_INIT("\xe0\x80\xaf"), false }, { STR_INIT("\xf4\x90\x80\x80"), false },
        { STR_INIT("\x80"), false }, { STR_INIT("\xd6\xd0\xce\xc4"), false },
    };
    for (size_t i = 0; i < countof(cases); i++)
        for (size_t step = 1; step < 6; step++)
            CHECK(is_text(cases[i].text, step) == cases[i].is);
}

#define AT_PLACE(f) { #f, f, place_open, place_close, NULL }

int main(void)
{
    const struct CMUnitTest tests[] = {
        AT_PLACE(a_file_is_counted_hashed_and_named_and_goes_with_its_receiver),
        AT_PLACE(a_body_that_is_cut_off_leaves_nothing),
        AT_PLACE(a_broken_body_removes_its_files_before_it_ends),
        AT_PLACE(a_folder_that_cannot_be_written_is_told),
        AT_PLACE(long_and_unclean_fields_are_refused),
        AT_PLACE(what_a_killed_process_left_goes_at_the_start),
        AT_PLACE(what_lies_in_incoming_is_sealed_and_opens_only_as_it_was),
        AT_PLACE(a_file_that_comes_in_pieces_is_the_same_file),
        AT_PLACE(file_names_lose_paths_and_tricks),
        AT_PLACE(a_file_is_what_its_bytes_say),
        SENTENCE(text_is_clean_utf8_in_pieces_as_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_multipart.c - multipart bodies: in pieces as at once, what browsers send, and what nobody honest sends. */
#include "http/multipart.h"

#include "../../test/check.h"

#include <stdio.h>
#include <string.h>

#define TYPE STR("multipart/form-data; boundary=b0")
#define CD "Content-Disposition: form-data; "
#define PART(params, content) "--b0\r\n" CD params "\r\n\r\n" content "\r\n"
#define LAST "--b0--\r\n"

struct log {
    char   text[4000];
    size_t n;
    int    stop_at; /* the sink says no to this call; 0 never */
    int    calls;
};

static bool put(struct log *l, const char *p, size_t n)
{
    CHECK(l->n + n < sizeof l->text);
    memcpy(l->text + l->n, p, n);
    l->n += n;
    return true;
}

static bool goes_on(struct log *l)
{
    return ++l->calls != l->stop_at;
}

static bool begin(void *arg, struct str name, struct str filename)
{
    put(arg, "[", 1);
    put(arg, name.p, name.n);
    if (filename.p) {
        put(arg, "|", 1);
        put(arg, filename.p, filename.n);
    }
    put(arg, ":", 1);
    return goes_on(arg);
}

static bool data(void *arg, const char *p, size_t n)
{
    put(arg, p, n);
    return goes_on(arg);
}

static bool end(void *arg)
{
    put(arg, "]", 1);
    return goes_on(arg);
}

/* The body in pieces of `step` bytes. */
static enum multipart_fault parse(struct str type, struct str body, size_t step, struct log *l)
{
    struct multipart m;
    if (multipart_open(&m, type, &(struct multipart_sink){ l, begin, data, end }))
        for (size_t at = 0; at < body.n; at += step)
            (void)multipart_put(&m, body.p + at, at + step < body.n ? step : body.n - at);
    (void)multipart_end(&m);
    return m.fault;
}

static void gives(struct str body, const char *want)
{
    for (size_t step = 1; step <= body.n; step++) {
        struct log l = { .n = 0 };
        CHECK(parse(TYPE, body, step, &l) == MULTIPART_FINE);
        CHECK_STR(((struct str){ l.text, l.n }), want);
    }
}

static void a_form_with_a_file_comes_apart_in_pieces_of_any_size(void **state UNUSED)
{
    gives(STR(PART("name=\"_csrf\"", "t0k") "--b0\r\n" CD "name=\"file-1\"; filename=\"\xe5\x9b\xbe.pdf\"\r\n"
              "Content-Type: application/pdf\r\n\r\n%PDF\r\n" LAST),
          "[_csrf:t0k][file-1|\xe5\x9b\xbe.pdf:%PDF]");
}

static void what_only_looks_like_a_boundary_is_content(void **state UNUSED)
{
    gives(STR(PART("name=\"a\"", "\r\n--b\r\n--b1\r\r\n--\r\n--b\r") LAST), "[a:\r\n--b\r\n--b1\r\r\n--\r\n--b\r]");
    gives(STR(PART("name=\"a\"", "--b0--") LAST), "[a:--b0--]");
    gives(STR(PART("name=\"a\"", "\r\n\r\n") LAST), "[a:\r\n\r\n]");
}

static void a_file_input_without_choice_is_an_empty_name(void **state UNUSED)
{
    gives(STR(PART("name=\"f\"; filename=\"\"", "") LAST), "[f|:]");
}

static void quotes_in_names_come_as_browsers_and_curl_write_them(void **state UNUSED)
{
    gives(STR(PART("name=\"f\"; filename=\"a%22b\"", "x") LAST), "[f|a\"b:x]");
    gives(STR(PART("name=\"f\"; filename=\"a\\\"b\\\\c\"", "x") LAST), "[f|a\"b\\c:x]");
    gives(STR(PART("filename=\"C:\\x.pdf\"; name=\"f\"", "x") LAST), "[f|C:\\x.pdf:x]");
}

static void an_empty_form_and_a_missing_last_line_end_are_fine(void **state UNUSED)
{
    gives(STR("--b0--"), "");
    gives(STR(PART("name=\"a\"", "1") "--b0--"), "[a:1]");
}

/* One hostile body each; none is taken, however it is cut. */
static const struct str hostile[] = {
    STR_INIT(""),
    STR_INIT("--"),
    STR_INIT("--b0"),
    STR_INIT("--b0\r\n"),
    STR_INIT("--b0-"),
    STR_INIT("--b1--\r\n"),
    STR_INIT("\r\n--b0--\r\n"),
    STR_INIT("preamble\r\n--b0--\r\n"),
    STR_INIT("--b0--\r\nepilogue"),
    STR_INIT("--b0--\n"),
    STR_INIT("--b0--\r\n\r\n"),
    STR_INIT("--b0 \r\n" CD "name=\"a\"\r\n\r\n1\r\n--b0--\r\n"),
    STR_INIT("--b0\n" CD "name=\"a\"\n\n1\n--b0--\n"),
    STR_INIT("--b0\r\n\r\n1\r\n--b0--\r\n"),
    STR_INIT("--b0\r\nContent-Type: text/plain\r\n\r\n1\r\n--b0--\r\n"),
    STR_INIT("--b0\r\n" CD "\r\n\r\n1\r\n--b0--\r\n"),
    STR_INIT("--b0\r\n" CD "name=a\r\n\r\n1\r\n--b0--\r\n"),
    STR_INIT("--b0\r\n" CD "name=\"\"\r\n\r\n1\r\n--b0--\r\n"),
    STR_INIT("--b0\r\n" CD "name=\"a\r\n\r\n1\r\n--b0--\r\n"),
    STR_INIT("--b0\r\n" CD "name=\"a\"; name=\"b\"\r\n\r\n1\r\n--b0--\r\n"),
    STR_INIT("--b0\r\n" CD "name=\"a\"; filename=\"x\"; filename=\"y\"\r\n\r\n1\r\n--b0--\r\n"),
    STR_INIT("--b0\r\n" CD "name=\"a\"; filename*=UTF-8''x\r\n\r\n1\r\n--b0--\r\n"),
    STR_INIT("--b0\r\n" CD "name=\"a\"; size=\"1\"\r\n\r\n1\r\n--b0--\r\n"),
    STR_INIT("--b0\r\n" CD "name=\"a\"\r\n" CD "name=\"b\"\r\n\r\n1\r\n--b0--\r\n"),
    STR_INIT("--b0\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\n1\r\n--b0--\r\n"),
    STR_INIT("--b0\r\n" CD "name=\"a\"\r\nContent-Transfer-Encoding: base64\r\n\r\n1\r\n--b0--\r\n"),
    STR_INIT("--b0\r\n" CD "name=\"a\"\r\n folded: x\r\n\r\n1\r\n--b0--\r\n"),
    STR_INIT("--b0\r\n" CD "name=\"a\nb\"\r\n\r\n1\r\n--b0--\r\n"),
    STR_INIT("--b0\r\n" CD "name=\"a\0b\"\r\n\r\n1\r\n--b0--\r\n"),
    STR_INIT("--b0\r\n" CD "name=\"\xc3\x28\"\r\n\r\n1\r\n--b0--\r\n"),
    STR_INIT("--b0\r\n" CD "name=\"f\"; filename=\"\"\r\n\r\nhidden\r\n--b0--\r\n"),
    STR_INIT("--b0\r\n" CD "name=\"a\"\r\nno colon\r\n\r\n1\r\n--b0--\r\n"),
    STR_INIT("--b0\r\n" CD "name=\"a\"\r\n: x\r\n\r\n1\r\n--b0--\r\n"),
    STR_INIT("--b0\r\n" CD "name=\"a\"\r\n\r\n1\r\n--b0-x\r\n"),
    STR_INIT("--b0\r\n" CD "name=\"a\"\r\n\r\n1\r\n--b0x\r\n--b0--\r\n"),
    STR_INIT("--b0\r\n" CD "name=\"a\"\r\n\r\n1\r\n"),
};

static void thirty_hostile_bodies_are_refused(void **state UNUSED)
{
    CHECK(countof(hostile) >= 30);
    for (size_t i = 0; i < countof(hostile); i++)
        for (size_t step = 1; step < 4; step++) {
            struct log l = { .n = 0 };
            if (parse(TYPE, hostile[i], step == 3 ? 1000 : step, &l) != MULTIPART_BROKEN) {
                print_error("hostile body %zu was taken\n", i);
                fail();
            }
        }
}

static void a_boundary_must_be_there_once_and_be_one(void **state UNUSED)
{
    static const struct str bad[] = {
        STR_INIT("multipart/form-data"), STR_INIT("multipart/form-data; boundary="), STR_INIT("multipart/form-data; boundary=\"\""),
        STR_INIT("multipart/form-data; boundary=a b"), STR_INIT("multipart/form-data; boundary=a; boundary=b"),
        STR_INIT("multipart/form-data; boundary=a\r\nb"), STR_INIT("multipart/mixed; boundary=b0"),
        STR_INIT("multipart/form-data; boundary=01234567890123456789012345678901234567890123456789012345678901234567890"),
    };
    struct log l = { .n = 0 };
    for (size_t i = 0; i < countof(bad); i++)
        CHECK(parse(bad[i], STR("--b0--"), 100, &l) == MULTIPART_BROKEN);
    CHECK(parse(STR("Multipart/Form-Data; charset=utf-8; Boundary=\"b0\""), STR("--b0--"), 100, &l) == MULTIPART_FINE);
    CHECK(multipart_is(STR("multipart/form-data; boundary=x")) && !multipart_is(STR("text/plain; x=multipart/form-data")));
}

static enum multipart_fault many(int n, const char *params)
{
    static char body[40000];
    size_t at = 0;
    struct log l = { .n = 0 };
    for (int i = 0; i < n; i++)
        at += (size_t)snprintf(body + at, sizeof body - at, "--b0\r\n" CD "%s\r\n\r\n\r\n", params);
    at += (size_t)snprintf(body + at, sizeof body - at, "--b0--");
    return parse(TYPE, (struct str){ body, at }, 1000, &l);
}

static void ten_files_and_sixty_fields_are_the_most(void **state UNUSED)
{
    CHECK(many(10, "name=\"f\"; filename=\"x\"") == MULTIPART_FINE);
    CHECK(many(11, "name=\"f\"; filename=\"x\"") == MULTIPART_TOO_MANY);
    CHECK(many(60, "name=\"f\"") == MULTIPART_FINE);
    CHECK(many(61, "name=\"f\"") == MULTIPART_TOO_MANY);
}

static void headers_longer_than_the_limit_are_refused(void **state UNUSED)
{
    static char body[2 * MULTIPART_HEAD];
    struct log l = { .n = 0 };
    memset(body, 'a', sizeof body);
    memcpy(body, "--b0\r\nX: ", 9);
    CHECK(parse(TYPE, (struct str){ body, sizeof body }, 1000, &l) == MULTIPART_BROKEN);
    CHECK(l.calls == 0);
}

static void a_sink_that_says_no_is_not_called_again(void **state UNUSED)
{
    for (int stop = 1; stop <= 3; stop++) {
        struct log l = { .stop_at = stop };
        CHECK(parse(TYPE, STR(PART("name=\"a\"", "1") PART("name=\"b\"", "2") LAST), 1000, &l) == MULTIPART_STOPPED);
        CHECK(l.calls == stop);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SENTENCE(a_form_with_a_file_comes_apart_in_pieces_of_any_size),
        SENTENCE(what_only_looks_like_a_boundary_is_content),
        SENTENCE(a_file_input_without_choice_is_an_empty_name),
        SENTENCE(quotes_in_names_come_as_browsers_and_curl_write_them),
        SENTENCE(an_empty_form_and_a_missing_last_line_end_are_fine),
        SENTENCE(thirty_hostile_bodies_are_refused),
        SENTENCE(a_boundary_must_be_there_once_and_be_one),
        SENTENCE(ten_files_and_sixty_fields_are_the_most),
        SENTENCE(headers_longer_than_the_limit_are_refused),
        SENTENCE(a_sink_that_says_no_is_not_called_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

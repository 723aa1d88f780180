/* test_wire.c - real sockets: hostile bytes, slow clients, limits, keeping and closing connections. */
#include "client.h"
#include "http/server.h"
#include "product.h"
#include "tmpl/text.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zlib.h>

#define GET_HOME   "GET / HTTP/1.1\r\nHost: test\r\n\r\n"
#define POST_HEAD  "POST /sign-in HTTP/1.1\r\nHost: test\r\nContent-Type: application/x-www-form-urlencoded\r\n"
#define GUIDE      "/items/" ITEM_LICENCE

enum { WORKERS = 2, QUEUE = 2, BODY_MAX = 64 * 1024 };

/* ---- the server under test --------------------------------------------------------------------------------------------- */

static struct fixture *f;
static struct server  *server;
static int             port;
static sem_t           entered, leave;

/* A page that takes as long as the test wants. */
static enum rc slow_show(struct cx *cx UNUSED, const struct req *rq UNUSED, void *out)
{
    sem_post(&entered);
    sem_wait(&leave);
    *(struct raw *)out = (struct raw){ .body = STR("slow") };
    return RC_OK;
}

static const struct route slow_routes[] = {
    { GET, "/test/slow", slow_show, READ, NEED_NOBODY, .out = &RAW, .type = "text/plain" },
};
static const struct module slow_module = { .name = "slow", .routes = slow_routes, .nroutes = countof(slow_routes) };

static int port_of(int fd)
{
    struct sockaddr_in at;
    socklen_t n = sizeof at;
    getsockname(fd, (struct sockaddr *)&at, &n);
    return ntohs(at.sin_port);
}

static int open_server(void **state)
{
    static const struct server_patience hurried = { .head_ms = 700, .idle_ms = 20000, .body_grace_ms = 700 };
    int fd = server_listen(STR("127.0.0.1:0"));
    product_open(state, DB_SQLITE, &slow_module);
    f = *state;
    f->app.config.data = str_c(f->dir);
    f->app.config.workers = WORKERS;
    f->app.config.queue = QUEUE;
    f->app.config.connections = f->app.config.connections_per_address = 400;
    f->app.config.body_max = BODY_MAX;
    texts_seal(f->app.texts);
    sem_init(&entered, 0, 0);
    sem_init(&leave, 0, 0);
    port = port_of(fd);
    server = server_open_with(f->http, fd, &f->stats, &hurried);
    return server ? 0 : -1;
}

static int close_server(void **state)
{
    if (server)
        server_close(server, 5000);
    server = NULL;
    return fixture_close(state);
}

static int status_of(const char *text)
{
    return client_once(port, text, NULL).status;
}

/* ---- slow and large -------------------------------------------------------------------------------------------------------- */

/* Drops of `text` every 100 ms; true if the server hangs up before 5 s. */
static bool closed_while_dripping(struct client *c, const char *text)
{
    for (int i = 0; i < 50; i++) {
        char byte;
        if (!client_say_bytes(c, text + (size_t)i % strlen(text), 1))
            return true;
        usleep(100000);
        if (recv(c->fd, &byte, 1, MSG_DONTWAIT) == 0)
            return true;
    }
    return false;
}

static void a_head_sent_drop_by_drop_is_closed(void **state UNUSED)
{
    int64_t before = f->stats.slow_closed;
    struct client *c = client_open(port);
    client_say(c, "GET / HTTP/1.1\r\nHost: test\r\nX-Slow: ");
    CHECK(closed_while_dripping(c, "aaaaaaaaaaaaaaaaaaaaaaaa"));
    CHECK(f->stats.slow_closed == before + 1);
    client_close(c);
}

static void a_body_sent_drop_by_drop_is_closed(void **state UNUSED)
{
    struct client *c = client_open(port);
    client_say(c, POST_HEAD "Content-Length: 4000\r\n\r\nlogin=");
    CHECK(closed_while_dripping(c, "aaaaaaaaaaaaaaaaaaaaaaaa"));
    client_close(c);
    CHECK(status_of(GET_HOME) == 200);
}

static void a_body_too_large_gets_a_page_that_says_so_and_a_closed_connection(void **state UNUSED)
{
    static char body[3 * BODY_MAX];
    char head[300];
    struct client *c = client_open(port);
    memset(body, 'a', sizeof body);
    snprintf(head, sizeof head, POST_HEAD "Content-Length: %zu\r\n\r\n", sizeof body);
    client_say(c, head);
    client_say_bytes(c, body, sizeof body); /* the client reads nothing before it has sent everything */
    struct heard h = client_hear(c, false);
    CHECK(h.status == 413);
    CHECK(str_find(h.body, STR("</html>")) > 0);
    CHECK(client_ended(c));
    client_close(c);
}

static void bytes_behind_the_body_are_no_part_of_it(void **state UNUSED)
{
    struct client *c;
    struct heard h = client_once(port, POST_HEAD "Content-Length: 5\r\n\r\nlogin=scj01&password=x\r\n\r\n", &c);
    CHECK(h.status == 403); /* no form token */
    h = client_hear(c, false);
    CHECK(h.status == 0 || h.status == 400);
    CHECK(client_ended(c));
    client_close(c);
}

static void a_head_of_10_kB_is_read_and_one_of_40_kB_refused(void **state UNUSED)
{
    static char text[50000];
    for (int kb = 10; kb <= 40; kb += 30) {
        int n = snprintf(text, sizeof text, "GET / HTTP/1.1\r\nHost: test\r\nX-Long: ");
        memset(text + n, 'x', (size_t)kb * 1000);
        strcpy(text + n + kb * 1000, "\r\n\r\n");
        int status = status_of(text);
        CHECK(kb == 10 ? status == 200 : status == 431 || status == 413);
    }
}

/* ---- what is no request ------------------------------------------------------------------------------------------------------ */

static void hostile_heads_are_refused_and_the_connection_closed(void **state UNUSED)
{
    static const struct {
        const char *what, *text;
    } rows[] = {
        { "no Host", "GET / HTTP/1.1\r\n\r\n" },
        { "two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n" },
        { "a Host with a blank", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n" },
        { "a Host with a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n" },
        { "length and chunks", POST_HEAD "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nG" },
        { "chunks and length", POST_HEAD "Transfer-Encoding: chunked\r\nContent-Length: 6\r\n\r\n0\r\n\r\nG" },
        { "two lengths", POST_HEAD "Content-Length: 0\r\nContent-Length: 5\r\n\r\nlogin" },
        { "a length with a sign", POST_HEAD "Content-Length: +5\r\n\r\nlogin" },
        { "a negative length", POST_HEAD "Content-Length: -1\r\n\r\n" },
        { "a list of lengths", POST_HEAD "Content-Length: 5, 5\r\n\r\nlogin" },
        { "an unknown coding", POST_HEAD "Transfer-Encoding: xchunked\r\n\r\n5\r\nlogin\r\n0\r\n\r\n" },
        { "two codings", POST_HEAD "Transfer-Encoding: gzip, chunked\r\n\r\n5\r\nlogin\r\n0\r\n\r\n" },
        { "raw bytes that are not UTF-8", "GET /items/\xff\xfe HTTP/1.1\r\nHost: test\r\n\r\n" },
        { "raw bytes that are not UTF-8 in the query", "GET /search?q=\xff HTTP/1.1\r\nHost: test\r\n\r\n" },
        { "nonsense", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n" },
    };
    for (size_t i = 0; i < countof(rows); i++) {
        struct client *c;
        struct heard h = client_once(port, rows[i].text, &c);
        bool refused = true;
        for (; h.status; h = client_hear(c, false))
            refused &= h.status == 400 || h.status == 413 || h.status == 501;
        bool ended = client_ended(c);
        if (!refused || !ended)
            print_error("%s: %s, connection %s\n", rows[i].what, refused ? "refused" : "answered", ended ? "closed" : "open");
        CHECK(refused);
        CHECK(ended);
        client_close(c);
    }
    CHECK(status_of(GET_HOME) == 200);
}

static void a_second_request_hidden_in_a_header_is_never_answered(void **state UNUSED)
{
    static const char *const rows[] = {
        "GET / HTTP/1.1\r\nHost: test\r\nX: a\rContent-Length: 45\r\n\r\nGET /desk HTTP/1.1\r\nHost: test\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: test\r\nX: a\nContent-Length: 34\r\n\r\nGET /desk HTTP/1.1\r\nHost: test\r\n\r\n",
        POST_HEAD "Content-Length: 34\r\nContent-Length : 0\r\n\r\nGET /desk HTTP/1.1\r\nHost: test\r\n\r\n",
        POST_HEAD "Transfer-Encoding : chunked\r\nContent-Length: 34\r\n\r\nGET /desk HTTP/1.1\r\nHost: test\r\n\r\n",
    };
    for (size_t i = 0; i < countof(rows); i++) {
        struct client *c = client_open(port);
        client_say(c, rows[i]);
        shutdown(c->fd, SHUT_WR);
        int answers = 0;
        for (struct heard h; (h = client_hear(c, false)).status;) {
            CHECK(h.status != 303); /* that would be the answer of /desk */
            answers++;
        }
        CHECK(answers <= 1);
        client_close(c);
    }
}

static void bad_addresses_get_a_clear_answer(void **state UNUSED)
{
    static const struct {
        const char *address;
        int         status;
    } rows[] = {
        { "/items/%ff", 404 },       { "/items/%00", 404 },        { "/items/a%00b", 404 },      { "/items/%", 404 },
        { "/items/%4", 404 },        { "/items/%zz", 404 },        { "/items/%c0%af", 404 },     { "/items/%ed%a0%80", 404 },
        { "/search?q=%ff", 400 },    { "/search?q=%00", 400 },     { "/search?q=%", 400 },       { "/search?q=%e4%bd", 400 },
        { "/search?%zz=1", 400 },    { "/..%2f..%2fetc/passwd", 404 }, { "/../../etc/passwd", 404 }, { "//", 404 },
        { "/a/b/c/d/e/f/g/h/i/j/k", 404 },  { "*", 404 },
    };
    for (size_t i = 0; i < countof(rows); i++) {
        char text[300];
        snprintf(text, sizeof text, "GET %s HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n", rows[i].address);
        struct heard h = client_once(port, text, NULL);
        if (h.status != rows[i].status)
            print_error("%s: %d, not %d\n", rows[i].address, h.status, rows[i].status);
        CHECK(h.status == rows[i].status);
        CHECK(str_find(h.body, STR("</html>")) > 0);
    }
}

static void an_unknown_method_is_405_and_says_what_is_allowed(void **state UNUSED)
{
    static const char *const methods[] = { "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "FROBNICATE" };
    for (size_t i = 0; i < countof(methods); i++) {
        char text[200];
        snprintf(text, sizeof text, "%s / HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n", methods[i]);
        struct heard h = client_once(port, text, NULL);
        CHECK(h.status == 405);
        CHECK_STR(heard_field(&h, "Allow"), "GET, HEAD");
    }
    struct heard h = client_once(port, "POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 0\r\n\r\n", NULL);
    CHECK(h.status == 405);
    h = client_once(port, "GET /sign-out HTTP/1.1\r\nHost: test\r\n\r\n", NULL);
    CHECK(h.status == 405);
    CHECK_STR(heard_field(&h, "Allow"), "POST");
}

/* ---- answers on the wire --------------------------------------------------------------------------------------------------------- */

static void pipelined_requests_are_answered_in_order(void **state UNUSED)
{
    struct client *c = client_open(port);
    client_say(c, GET_HOME "GET /nothing HTTP/1.1\r\nHost: test\r\n\r\n" "GET /healthz HTTP/1.1\r\nHost: test\r\n\r\n" GET_HOME
                  "GET " GUIDE " HTTP/1.1\r\nHost: test\r\n\r\n");
    static const int want[] = { 200, 404, 200, 200, 200 };
    for (size_t i = 0; i < countof(want); i++)
        CHECK(client_hear(c, false).status == want[i]);
    client_close(c);
}

static void head_answers_the_fields_of_get_without_a_body(void **state UNUSED)
{
    static const char *const addresses[] = { "/", GUIDE, "/sign-in", "/nothing", "/assets/tongban.css" };
    for (size_t i = 0; i < countof(addresses); i++) {
        char text[300];
        struct client *c = client_open(port);
        snprintf(text, sizeof text, "HEAD %s HTTP/1.1\r\nHost: test\r\n\r\nGET %s HTTP/1.1\r\nHost: test\r\n\r\n",
                 addresses[i], addresses[i]);
        client_say(c, text);
        struct heard h = client_hear(c, true);
        int status = h.status;
        int64_t length = -1;
        CHECK(str_i64(heard_field(&h, "Content-Length"), 0, HEARD_MAX, &length));
        h = client_hear(c, false);
        CHECK(h.status == status);
        CHECK((size_t)length == h.body.n);
        client_close(c);
    }
}

/* Names of the fields, one per line, but those that are about the body or this one answer. */
static void field_names(const struct heard *h, char *out, size_t size)
{
    struct str rest = h->head;
    out[0] = '\0';
    (void)str_cut(&rest, '\n');
    while (rest.p) {
        struct str line = str_cut(&rest, '\n'), name = str_cut(&line, ':');
        size_t n = strlen(out);
        if (line.p && !str_is(name, "Content-Length") && !str_is(name, "Date"))
            snprintf(out + n, size - n, STR_F "\n", STR_A(name));
    }
}

static void a_page_that_did_not_change_is_304_with_the_same_fields(void **state UNUSED)
{
    char text[300], first[1000], second[1000], etag[60];
    status_of("GET " GUIDE " HTTP/1.1\r\nHost: test\r\n\r\n"); /* now it is kept */
    struct heard h = client_once(port, "GET " GUIDE " HTTP/1.1\r\nHost: test\r\n\r\n", NULL);
    snprintf(etag, sizeof etag, STR_F, STR_A(heard_field(&h, "ETag")));
    CHECK(etag[0] == '"');
    field_names(&h, first, sizeof first);
    snprintf(text, sizeof text, "GET " GUIDE " HTTP/1.1\r\nHost: test\r\nIf-None-Match: %s\r\n\r\n", etag);
    h = client_once(port, text, NULL);
    CHECK(h.status == 304);
    CHECK(!h.body.n);
    CHECK_STR(heard_field(&h, "ETag"), etag);
    field_names(&h, second, sizeof second);
    CHECK_STR(str_c(second), first);
    snprintf(text, sizeof text, "GET " GUIDE " HTTP/1.1\r\nHost: test\r\nIf-None-Match: \"other\"\r\n\r\n");
    CHECK(client_once(port, text, NULL).status == 200);
}

static size_t inflated(struct str in, char *out, size_t max)
{
    z_stream z = { .next_in = (unsigned char *)(uintptr_t)in.p, .avail_in = (unsigned)in.n, .next_out = (unsigned char *)out,
                   .avail_out = (unsigned)max };
    CHECK(inflateInit2(&z, 15 + 16) == Z_OK);
    CHECK(inflate(&z, Z_FINISH) == Z_STREAM_END);
    size_t n = z.total_out;
    inflateEnd(&z);
    return n;
}

static void gzip_and_plain_say_the_same(void **state UNUSED)
{
    static char plain[HEARD_MAX], unzipped[HEARD_MAX];
    status_of("GET " GUIDE " HTTP/1.1\r\nHost: test\r\n\r\n");
    struct heard h = client_once(port, "GET " GUIDE " HTTP/1.1\r\nHost: test\r\n\r\n", NULL);
    CHECK(!heard_field(&h, "Content-Encoding").p);
    size_t n = h.body.n;
    memcpy(plain, h.body.p, n);
    h = client_once(port, "GET " GUIDE " HTTP/1.1\r\nHost: test\r\nAccept-Encoding: gzip\r\n\r\n", NULL);
    CHECK_STR(heard_field(&h, "Content-Encoding"), "gzip");
    CHECK(inflated(h.body, unzipped, sizeof unzipped) == n);
    CHECK(memcmp(plain, unzipped, n) == 0);
    h = client_once(port, "GET " GUIDE " HTTP/1.1\r\nHost: test\r\nAccept-Encoding: gzip;q=0\r\n\r\n", NULL);
    CHECK(!heard_field(&h, "Content-Encoding").p);
}

static void a_line_end_in_back_adds_no_header(void **state UNUSED)
{
    char text[1000], body[500];
    struct visitor v = visitor_stranger(f);
    snprintf(body, sizeof body, "kind=person&code=%s&name=a&password=" VISITOR_PASSWORD "&again=" VISITOR_PASSWORD
             "&back=/x%%0d%%0aSet-Cookie:%%20evil%%3d1&_csrf=%s", number_of(f, 900), v.csrf);
    snprintf(text, sizeof text, "POST /register HTTP/1.1\r\nHost: test\r\nContent-Type: application/x-www-form-urlencoded\r\n"
             "Cookie: tb_anon=%s\r\nContent-Length: %zu\r\n\r\n%s", v.anon, strlen(body), body);
    struct heard h = client_once(port, text, NULL);
    CHECK(h.status == 303 || h.status == 422);
    CHECK(str_find(h.head, STR("evil")) < 0);
    CHECK(h.status == 422 || heard_field(&h, "Location").n);
}

/* ---- keeping and closing ------------------------------------------------------------------------------------------------------------ */

static void a_connection_stays_open_over_kept_pages_assets_and_forms(void **state UNUSED)
{
    static const char *const texts[] = { GET_HOME, "GET " GUIDE " HTTP/1.1\r\nHost: test\r\n\r\n",
                                         "GET /assets/tongban.css HTTP/1.1\r\nHost: test\r\n\r\n",
                                         "GET /sign-in HTTP/1.1\r\nHost: test\r\n\r\n",
                                         POST_HEAD "Content-Length: 7\r\n\r\nlogin=a" };
    struct client *c = client_open(port);
    for (int i = 0; i < 20; i++) {
        client_say(c, texts[(size_t)i % countof(texts)]);
        struct heard h = client_hear(c, false);
        CHECK(h.status == 200 || h.status == 403);
        CHECK(!str_is(heard_field(&h, "Connection"), "close"));
    }
    client_close(c);
}

static void two_hundred_connections_are_served_at_once(void **state UNUSED)
{
    enum { MANY = 200 };
    static struct client *c[MANY];
    for (int i = 0; i < MANY; i++)
        c[i] = client_open(port);
    for (int i = 0; i < MANY; i++)
        client_say(c[i], i % 2 ? GET_HOME : "GET " GUIDE " HTTP/1.1\r\nHost: test\r\n\r\n");
    for (int i = 0; i < MANY; i++) {
        int status = client_hear(c[i], false).status;
        CHECK(status == 200 || status == 503); /* the queue of this server is short */
    }
    for (int i = 0; i < MANY; i++) {
        client_say(c[i], GET_HOME); /* kept by now: no queue */
        CHECK(client_hear(c[i], false).status == 200);
        client_close(c[i]);
    }
}

#define GET_SLOW "GET /test/slow HTTP/1.1\r\nHost: test\r\n\r\n"

static void a_full_queue_is_503_and_says_when_to_come_back(void **state UNUSED)
{
    struct client *c[WORKERS + QUEUE];
    for (int i = 0; i < WORKERS + QUEUE; i++) {
        c[i] = client_open(port);
        client_say(c[i], GET_SLOW);
        if (i < WORKERS)
            sem_wait(&entered);
    }
    while (__atomic_load_n(&f->stats.waiting, __ATOMIC_RELAXED) < QUEUE)
        usleep(1000);
    struct heard h = client_once(port, GET_SLOW, NULL);
    CHECK(h.status == 503);
    CHECK_STR(heard_field(&h, "Retry-After"), "2");
    CHECK(status_of(GET_HOME) == 200); /* kept pages do not queue */
    for (int i = 0; i < WORKERS + QUEUE; i++)
        sem_post(&leave);
    for (int i = 0; i < WORKERS + QUEUE; i++) {
        CHECK(client_hear(c[i], false).status == 200);
        client_close(c[i]);
    }
}

static void *leave_later(void *arg UNUSED)
{
    usleep(300000);
    sem_post(&leave);
    return NULL;
}

/* ---- files ------------------------------------------------------------------------------------------------------------------ */

#define CONTENT "%PDF-1.7 over a line that is cut"
#define CONTENT_N 32
#define NAME_64 "5Zu+IDEucGRm" /* 图 1.pdf */

/* A request of resumable upload, as text of the fixture; the body follows by hand. */
static const char *tus_head(const struct visitor *v, const char *line, const char *fields)
{
    return arena_fmt(&f->kept, "%s HTTP/1.1\r\nHost: test\r\nOrigin: http://test\r\nCookie: tb_session=%s\r\nX-CSRF-Token: %s\r\n"
                     "Tus-Resumable: 1.0.0\r\n%s\r\n", line, v->session, v->csrf, fields).p;
}

/* The first material the draft's page asks a file for, as Upload-Metadata. */
static const char *metadata(struct visitor *v, const char *draft)
{
    static const struct str mark = STR_INIT("name=\"file-");
    char address[80], field[20];
    CHECK(change(f, "UPDATE catalog_material SET source = 'applicant' WHERE n = 3") > 0); /* the few items here ask for no file */
    snprintf(address, sizeof address, "/apply/%s/materials", draft);
    struct answer a = visit(v, address);
    ptrdiff_t at = str_find(a.body, mark);
    CHECK(at > 0);
    struct str rest = str_sub(a.body, (size_t)at + 6, a.body.n), name = str_cut(&rest, '"');
    int n = snprintf(field, sizeof field, STR_F, STR_A(name));
    CHECK(n == 6); /* "file-N": six characters need no padding */
    struct str text = base64url(&f->kept, field, (size_t)n);
    return arena_fmt(&f->kept, "Upload-Metadata: field " STR_F ",filename " NAME_64 "\r\n", STR_A(text)).p;
}

/* How much the server has, asked until the cut connection has let go of it. */
static int64_t offset_of(const struct visitor *v, const char *at)
{
    struct client *c = client_open(port);
    int64_t n = -1;
    client_say(c, tus_head(v, arena_fmt(&f->kept, "HEAD %s", at).p, ""));
    struct heard h = client_hear(c, true);
    CHECK(h.status == 200 && str_is(heard_field(&h, "Tus-Resumable"), "1.0.0") && str_is(heard_field(&h, "Cache-Control"), "no-store"));
    CHECK(str_is(heard_field(&h, "Upload-Length"), "32") && str_i64(heard_field(&h, "Upload-Offset"), 0, 100, &n));
    client_close(c);
    return n;
}

static void is_the_download(const struct visitor *v, const char *address)
{
    struct client *c = client_open(port);
    client_say(c, arena_fmt(&f->kept, "GET %s HTTP/1.1\r\nHost: test\r\nCookie: tb_session=%s\r\n\r\n", address, v->session).p);
    struct heard h = client_hear(c, false);
    CHECK(h.status == 200);
    CHECK_STR(h.body, CONTENT);
    CHECK_STR(heard_field(&h, "Content-Type"), "application/pdf");
    CHECK_STR(heard_field(&h, "Content-Disposition"), "attachment; filename*=UTF-8''%E5%9B%BE%201.pdf");
    CHECK_STR(heard_field(&h, "X-Content-Type-Options"), "nosniff");
    CHECK_STR(heard_field(&h, "Cache-Control"), "no-store");
    client_close(c);
}

static void an_upload_over_a_cut_line_goes_on_and_the_file_comes_back_under_its_name(void **state UNUSED)
{
    struct visitor v = visitor_citizen(f, 77);
    const char *draft = draft_fill(&v, ITEM_LICENCE), *names = metadata(&v, draft);
    struct client *c = client_open(port);
    client_say(c, tus_head(&v, arena_fmt(&f->kept, "POST /apply/%s/uploads", draft).p,
                           arena_fmt(&f->kept, "Content-Length: 0\r\nUpload-Length: 32\r\n%s", names).p));
    struct heard h = client_hear(c, false);
    CHECK(h.status == 201 && str_is(heard_field(&h, "Upload-Offset"), "0"));
    const char *at = arena_fmt(&f->kept, STR_F, STR_A(heard_field(&h, "Location"))).p, *patch = arena_fmt(&f->kept, "PATCH %s", at).p;
    static const char type[] = "Content-Type: application/offset+octet-stream\r\n";
    client_say(c, tus_head(&v, patch, arena_fmt(&f->kept, "%sUpload-Offset: 0\r\nContent-Length: 32\r\n", type).p));
    client_say_bytes(c, CONTENT, 20);
    for (int i = 0; i < 200 && offset_of(&v, at) < 20; i++)
        usleep(10000);
    client_close(c); /* the line is cut */
    CHECK(offset_of(&v, at) == 20);
    int status = 423; /* until the server has seen that the line is cut */
    for (int i = 0; i < 200 && status == 423; i++) {
        c = client_open(port);
        client_say(c, tus_head(&v, patch, arena_fmt(&f->kept, "%sUpload-Offset: 20\r\nContent-Length: 12\r\n", type).p));
        client_say_bytes(c, CONTENT + 20, CONTENT_N - 20);
        status = client_hear(c, false).status;
        client_close(c);
        usleep(10000);
    }
    CHECK(status == 204 && offset_of(&v, at) == CONTENT_N);
    struct answer a = submit(&v, arena_fmt(&f->kept, "/apply/%s/submit", draft).p, "");
    struct str rest = str_sub(a.location, strlen("/cases/"), a.location.n), no = str_cut(&rest, '/');
    is_the_download(&v, arena_fmt(&f->kept, "/cases/" STR_F "/files/1", STR_A(no)).p);
}

static void an_upload_without_token_is_refused_and_the_connection_lives_on(void **state UNUSED)
{
    struct visitor v = visitor_citizen(f, 78);
    const char *draft = draft_fill(&v, ITEM_LICENCE), *names = metadata(&v, draft);
    const char *post = arena_fmt(&f->kept, "POST /apply/%s/uploads", draft).p;
    struct client *c = client_open(port);
    static const char body[] = "Content-Type: application/offset+octet-stream\r\nContent-Length: 32\r\n";
    const char *fields = arena_fmt(&f->kept, "%sUpload-Length: 32\r\n%s", body, names).p;
    v.csrf[0] = v.csrf[0] == 'A' ? 'B' : 'A';
    client_say(c, tus_head(&v, post, fields));
    client_say_bytes(c, CONTENT, CONTENT_N);
    struct heard h = client_hear(c, false);
    CHECK(h.status == 403 && str_is(heard_field(&h, "Tus-Resumable"), "1.0.0"));
    client_say(c, arena_fmt(&f->kept, "%s HTTP/1.1\r\nHost: test\r\nContent-Length: 0\r\n\r\n", post).p);
    CHECK(client_hear(c, false).status == 401);
    client_close(c);
}

/* The head of a form with a file: a body is announced and never comes. */
static const char *form_head(const struct visitor *v, const char *address)
{
    return arena_fmt(&f->kept, "POST %s HTTP/1.1\r\nHost: test\r\nCookie: tb_session=%s\r\nContent-Length: 4000000\r\n"
                               "Content-Type: multipart/form-data; boundary=----b\r\n\r\n", address, v->session).p;
}

static int asked_before(const struct visitor *v, const char *address)
{
    struct client *c = client_open(port);
    client_say(c, form_head(v, address));
    int status = client_hear(c, false).status;
    client_close(c);
    return status;
}

static void whose_draft_it_is_is_asked_before_the_first_byte_of_a_form(void **state UNUSED)
{
    struct visitor v = visitor_citizen(f, 79), stranger = visitor_citizen(f, 80);
    const char *draft = draft_fill(&v, ITEM_LICENCE);
    const char *page = arena_fmt(&f->kept, "/apply/%s/materials", draft).p;
    CHECK(asked_before(&stranger, page) == 404);
    CHECK(asked_before(&stranger, "/apply/77/materials") == 404);
    CHECK(asked_before(&stranger, "/cases/52262720260508000001X/points/1") == 404);
    CHECK(submit(&v, arena_fmt(&f->kept, "/apply/%s/submit", draft).p, "").status == 303);
    CHECK(asked_before(&v, page) == 409); /* sent is sent */
}

/* Last: the server is gone afterwards. */
static void closing_the_server_finishes_what_is_under_way(void **state UNUSED)
{
    struct client *c = client_open(port);
    pthread_t t;
    while (sem_trywait(&entered) == 0)
        ;
    client_say(c, GET_SLOW);
    sem_wait(&entered);
    pthread_create(&t, NULL, leave_later, NULL);
    server_close(server, 5000);
    server = NULL;
    pthread_join(t, NULL);
    struct heard h = client_hear(c, false);
    CHECK(h.status == 200);
    CHECK_STR(h.body, "slow");
    CHECK(client_ended(c));
    client_close(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SENTENCE(a_head_sent_drop_by_drop_is_closed),
        SENTENCE(a_body_sent_drop_by_drop_is_closed),
        SENTENCE(a_body_too_large_gets_a_page_that_says_so_and_a_closed_connection),
        SENTENCE(bytes_behind_the_body_are_no_part_of_it),
        SENTENCE(a_head_of_10_kB_is_read_and_one_of_40_kB_refused),
        SENTENCE(hostile_heads_are_refused_and_the_connection_closed),
        SENTENCE(a_second_request_hidden_in_a_header_is_never_answered),
        SENTENCE(bad_addresses_get_a_clear_answer),
        SENTENCE(an_unknown_method_is_405_and_says_what_is_allowed),
        SENTENCE(pipelined_requests_are_answered_in_order),
        SENTENCE(head_answers_the_fields_of_get_without_a_body),
        SENTENCE(a_page_that_did_not_change_is_304_with_the_same_fields),
        SENTENCE(gzip_and_plain_say_the_same),
        SENTENCE(a_line_end_in_back_adds_no_header),
        SENTENCE(a_connection_stays_open_over_kept_pages_assets_and_forms),
        SENTENCE(two_hundred_connections_are_served_at_once),
        SENTENCE(a_full_queue_is_503_and_says_when_to_come_back),
        SENTENCE(an_upload_over_a_cut_line_goes_on_and_the_file_comes_back_under_its_name),
        SENTENCE(an_upload_without_token_is_refused_and_the_connection_lives_on),
        SENTENCE(whose_draft_it_is_is_asked_before_the_first_byte_of_a_form),
        SENTENCE(closing_the_server_finishes_what_is_under_way),
    };
    return cmocka_run_group_tests_name("wire", tests, open_server, close_server);
}

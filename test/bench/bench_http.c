/* bench_http.c - case submission over HTTP: people with sessions and finished drafts are put into a data folder, then a real server on it
 * gets one "submit" after another on connections that stay open; the reference writes the same rows without a server.
 *   bench_http prepare FOLDER DRAFTS CLIENTS FIRST LIST   while no server runs on FOLDER; LIST becomes a file of clients and drafts; the
 *                                                        people get the identity numbers from the FIRSTth on, up to 999
 *   bench_http load PORT CLIENTS SECONDS LIST       one line of JSON
 *   bench_http bare FOLDER CLIENTS SECONDS          one line of JSON; while no server runs on FOLDER, after a load */
#include "app/start.h"
#include "bare.h"
#include "base/code.h"
#include "cases_service.h"
#include "identity_service.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sqlite3.h>
#include <sys/socket.h>
#include <unistd.h>

#define ITEM "11522627MB0A00018A4000131002000"
enum { ANSWER_MAX = 1 << 20, DRAFTS_AT_ONCE = 500, SESSION = 43, CSRF_MAX = 40 };

/* ---- prepare ---------------------------------------------------------------------------------------------------------- */

struct person {
    int64_t    account;
    char       session[SESSION + 1], code[20];
};

static void ended(struct cx *cx, enum rc rc, const char *what)
{
    if (unit_end(cx, rc))
        die(what);
}

/* Registered and signed in, as the pages do it, but for the password. */
static enum rc person_make(struct cx *cx, int nth, struct person *out)
{
    struct str body = arena_fmt(cx->arena, "52262719900101%03d", nth);
    struct str code = arena_fmt(cx->arena, STR_F "%c", STR_A(body), code_id_check_char(body));
    struct identity_register_form form = { .kind = STR("person"), .code = code, .name = STR("试用人"), .phone = STR("13800000000"),
                                           .stored_code = code, .hash = STR("none") };
    struct identity_signed_in s;
    enum rc rc = identity_register(cx, &form, &out->account);
    if (!rc)
        rc = identity_session_start(cx, out->account, false, &s);
    if (!rc)
        snprintf(out->session, sizeof out->session, STR_F, STR_A(s.token));
    snprintf(out->code, sizeof out->code, STR_F, STR_A(code));
    return rc;
}

/* What the pages of the form would have kept. */
static struct form_answers answers_make(struct cx *cx, const struct form *f, const struct person *p)
{
    const struct pair typed[] = {
        { STR("applicant_kind"), STR("person") }, { STR("applicant_code"), str_c(p->code) }, { STR("applicant_name"), STR("试用人") },
        { STR("phone"), STR("13800000000") }, { STR("address-division"), STR("522627001001") }, { STR("address"), STR("凤城路1号") },
        { STR("matter"), STR("在凤城路开一家60平方米的小吃店") }, { STR("service_way"), STR("online") },
        { STR("service_consent"), STR("1") }, { STR("truth"), STR("1") },
    };
    struct form_answers a = form_answers_new(cx->arena, f);
    form_take(cx->arena, f, NULL, typed, countof(typed), a);
    if (forms_places_get(cx, f, NULL, a))
        die("places");
    return a;
}

static enum rc draft_make(struct cx *cx, const struct catalog_item *i, const struct form *f, const struct person *p, int64_t *out_id)
{
    cx->actor.account = p->account;
    *out_id = db_id(cx);
    return cases_store_draft_add(cx, *out_id, i,
                                 cases_answers_seal(cx, "cases_draft.answers", *out_id, f, answers_make(cx, f, p)));
}

static void drafts_make(struct start *s, FILE *list, const struct person *people, int clients, int drafts)
{
    struct arena a;
    arena_init(&a, 256 << 20);
    for (int done = 0; done < drafts; arena_reset(&a)) {
        struct cx cx;
        struct catalog_item item;
        const struct form *f = NULL;
        enum rc rc = unit_begin(s, WRITE, &a, &cx);
        if (!rc)
            rc = catalog_item_find(&cx, STR(ITEM), &item);
        if (!rc)
            rc = catalog_form_get(&cx, item.id, item.version, &f);
        for (int i = 0; i < DRAFTS_AT_ONCE && done < drafts && !rc; i++, done++) {
            int64_t id = 0;
            rc = draft_make(&cx, &item, f, &people[done % clients], &id);
            fprintf(list, "%d %lld\n", done % clients, (long long)id);
        }
        ended(&cx, rc, "drafts");
    }
    arena_done(&a);
}

static int prepare(const char *folder, int drafts, int clients, int first, const char *list_path)
{
    static struct start s;
    static struct person people[BENCH_THREADS];
    struct options o = { .data = folder };
    struct arena a;
    struct cx cx;
    FILE *list = fopen(list_path, "w");
    if (!list || !start_open(&s, &o, true))
        die("folder");
    arena_init(&a, 256 << 20);
    enum rc rc = unit_begin(&s, WRITE, &a, &cx);
    for (int i = 0; i < clients && !rc; i++) {
        rc = person_make(&cx, first + i, &people[i]);
        fprintf(list, "%s\n", people[i].session);
    }
    ended(&cx, rc, "people");
    drafts_make(&s, list, people, clients, drafts);
    arena_done(&a);
    start_close(&s);
    return fclose(list);
}

/* ---- load ---------------------------------------------------------------------------------------------------------------- */

struct poster {
    char     session[SESSION + 1], csrf[CSRF_MAX];
    int64_t *draft;
    size_t   n, cap;
};

struct load {
    int           port;
    struct poster poster[BENCH_THREADS];
};

static void list_read(struct load *l, const char *path, int clients)
{
    FILE *f = fopen(path, "r");
    int who;
    long long id;
    for (int i = 0; f && i < clients; i++)
        if (fscanf(f, "%43s", l->poster[i].session) != 1)
            die("list");
    while (f && fscanf(f, "%d %lld", &who, &id) == 2) {
        struct poster *p = &l->poster[who];
        if (p->n == p->cap) {
            p->cap = p->cap ? p->cap * 2 : 64;
            p->draft = realloc(p->draft, p->cap * sizeof *p->draft);
        }
        if (!p->draft)
            die("out of memory");
        p->draft[p->n++] = id;
    }
    if (f)
        fclose(f);
}

static int line_open(int port)
{
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr = { htonl(INADDR_LOOPBACK) } };
    int yes = 1, fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to))
        die("connection");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    return fd;
}

/* Send a request and take the whole answer, ended with NUL; its status. */
static int ask(int fd, const char *request, size_t n, char *answer)
{
    size_t have = 0, want = SIZE_MAX;
    if (send(fd, request, n, MSG_NOSIGNAL) != (ssize_t)n)
        die("send");
    while (have < want) {
        ssize_t got = recv(fd, answer + have, ANSWER_MAX - 1 - have, 0);
        if (got <= 0)
            die("the server closed the line");
        have += (size_t)got;
        answer[have] = '\0';
        const char *end = want == SIZE_MAX ? strstr(answer, "\r\n\r\n") : NULL;
        const char *length = end ? strcasestr(answer, "\r\nContent-Length:") : NULL;
        if (end)
            want = (size_t)(end + 4 - answer) + (length && length < end ? strtoul(length + 17, NULL, 10) : 0);
    }
    return atoi(answer + 9);
}

/* The token of this person's forms, from the page before sending. */
static void csrf_find(int fd, struct poster *p, char *answer)
{
    char request[400];
    int n = snprintf(request, sizeof request,
                     "GET /apply/%lld/check HTTP/1.1\r\nHost: b\r\nAccept: text/html\r\nCookie: tb_session=%s\r\n\r\n",
                     (long long)p->draft[0], p->session);
    int status = ask(fd, request, (size_t)n, answer);
    const char *at = strstr(answer, "name=\"_csrf\" value=\"");
    if (status != 200 || !at || sscanf(at + 20, "%39[^\"]", p->csrf) != 1)
        die("no page before sending");
}

static bool submit(int fd, const struct poster *p, int64_t draft, char *answer)
{
    char body[200], request[700];
    int n = snprintf(body, sizeof body, "_csrf=%s&_once=bench-%lld", p->csrf, (long long)draft);
    n = snprintf(request, sizeof request,
                 "POST /apply/%lld/submit HTTP/1.1\r\nHost: b\r\nAccept: text/html\r\nCookie: tb_session=%s\r\n"
                 "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s",
                 (long long)draft, p->session, n, body);
    int status = ask(fd, request, (size_t)n, answer);
    if (status != 303 && status != 503)
        die(answer);
    return status == 303;
}

static void *post(void *client)
{
    struct bench_client *c = client;
    struct load *l = c->own;
    struct poster *p = &l->poster[c->number];
    char *answer = malloc(ANSWER_MAX);
    int fd = line_open(l->port);
    if (!answer || !p->n)
        die("out of memory or drafts");
    csrf_find(fd, p, answer);
    int64_t from;
    for (size_t at = 0; bench_more(c, &from); at++) {
        if (at == p->n)
            die("there are too few drafts");
        bench_note(c, from, submit(fd, p, p->draft[at], answer));
    }
    close(fd);
    free(answer);
    return NULL;
}

/* ---- report ------------------------------------------------------------------------------------------------------------------ */

static int report(struct bench_result r)
{
    return printf("{\"per_second\":%.0f,\"p50_ms\":%.2f,\"p99_ms\":%.2f,\"busy\":%lld}\n", r.per_second, r.p50_ms, r.p99_ms,
                  (long long)r.busy) < 0;
}

static int load(int port, int clients, int seconds, const char *list)
{
    static struct load l;
    l.port = port;
    list_read(&l, list, clients);
    return report(bench_run(post, &l, clients, seconds));
}

static int bare(const char *folder, int clients, int seconds)
{
    static const char last[] = "SELECT (SELECT MAX(id) FROM ledger) + (1 << 40), MAX(id) FROM cases_draft WHERE case_id IS NOT NULL";
    char path[400];
    sqlite3 *h = NULL;
    sqlite3_stmt *s = NULL;
    snprintf(path, sizeof path, "%s/tongban.db", folder);
    if (sqlite3_open(path, &h) || sqlite3_prepare_v2(h, last, -1, &s, NULL) || sqlite3_step(s) != SQLITE_ROW)
        die(path);
    struct bare_place place = { path, sqlite3_column_int64(s, 0), sqlite3_column_int64(s, 1) };
    sqlite3_finalize(s);
    sqlite3_close(h);
    return report(bench_run(bare_run, &place, clients, seconds));
}

int main(int argc, char **argv)
{
    const char *verb = argc > 4 ? argv[1] : "";
    if (!strcmp(verb, "prepare") && argc == 7)
        return prepare(argv[2], atoi(argv[3]), atoi(argv[4]), atoi(argv[5]), argv[6]);
    if (!strcmp(verb, "load") && argc == 6)
        return load(atoi(argv[2]), atoi(argv[3]), atoi(argv[4]), argv[5]);
    if (!strcmp(verb, "bare") && argc == 5)
        return bare(argv[2], atoi(argv[3]), atoi(argv[4]));
    die("usage: see the head of bench_http.c");
}

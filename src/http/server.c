/* server.c - sockets to requests and back. I/O threads (epoll) read, limit and answer kept pages and assets; workers run
 * requests; the database's committer releases answers of writes. */
#include "http/server.h"

#include "base/hash.h"
#include "base/log.h"
#include "http/guard.h"
#include "http/http_priv.h"
#include "http/keep.h"
#include "http/landing.h"
#include "http/receive.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    IO_THREADS = 2,
    ARENA_MAX = 64 << 20,
    IO_ARENA_MAX = 1 << 20,
    FRESH_MS = 100,
    CONNECTION_MEMORY = 32 * 1024,
    IO_MAX = 64,
    PORT_WAIT_MS = 5000,
    UPLOADS_MAX = 64,      /* bodies with files that arrive at the same time */
    SWALLOWED_MAX = 1 << 20, /* a refused body up to this size is read to its end, so that the connection lives on */
};

enum stage { STAGE_NEW, STAGE_BODY, STAGE_RUNNING, STAGE_READY };

/* One request from its first line to its last byte. */
struct exchange {
    struct server         *s;
    struct MHD_Connection *c;
    struct guarded        *guarded;
    struct exchange       *next;
    struct arena           arena;
    struct wire_in         in;
    struct wire_out        out;
    struct buf             body;
    struct receiver       *receiver; /* of a body with files */
    struct received        received;
    struct landing        *landing; /* of a body that is a file */
    struct landed          landed;
    bool                   uploading; /* counted in server.uploads */
    bool                   refused;   /* the answer is made; the body is not looked at */
    size_t                 body_max, body_n;
    int                    stage;
    unsigned               variant;
    int64_t                begun_ms;
    char                   id[20];
    char                   address[64];
};

/* What an I/O thread keeps for itself. The public version is good while this process commits nothing, and for FRESH_MS at most:
 * another process may have written. */
struct io {
    struct db   *db;
    struct arena arena;
    bool         known;
    int64_t      version, batches, read_ms;
    struct day   today;
};

struct server {
    struct http         *http;
    struct MHD_Daemon   *daemon;
    struct guard        *guard;
    struct keep         *keep;
    struct stats        *stats;
    struct arena         arena;
    struct MHD_Response **asset; /* two per asset: plain, gzip */
    pthread_mutex_t      lock;
    pthread_cond_t       filled;
    struct exchange     *first, *last;
    int64_t              waiting, running, uploads;
    bool                 stop;
    pthread_t           *worker;
    size_t               workers;
    struct io           *io[IO_MAX];
    int                  nio;
};

static _Thread_local struct io *this_io;

/* ---- answers --------------------------------------------------------------------------------------------------- */

static void cookie_add(struct exchange *x, struct MHD_Response *r, const struct cookie *k)
{
    struct buf b;
    buf_init(&b, &x->arena, 200);
    buf_str(&b, k->name);
    buf_char(&b, '=');
    buf_str(&b, k->value);
    buf_lit(&b, "; Path=/; SameSite=Lax");
    if (!k->script_may_read)
        buf_lit(&b, "; HttpOnly");
    if (http_app(x->s->http)->config.secure_cookies)
        buf_lit(&b, "; Secure");
    if (k->max_age_s)
        buf_fmt(&b, "; Max-Age=%lld", (long long)(k->max_age_s < 0 ? 0 : k->max_age_s));
    buf_char(&b, '\0');
    MHD_add_response_header(r, "Set-Cookie", b.p);
}

static void count(struct server *s, int status)
{
    __atomic_add_fetch(&s->stats->requests[status / 100 % 6], 1, __ATOMIC_RELAXED);
}

static enum MHD_Result answer_send(struct exchange *x)
{
    struct wire_out *o = &x->out;
    struct MHD_Response *r = MHD_create_response_from_buffer(o->body.n, (void *)(uintptr_t)o->body.p, MHD_RESPMEM_PERSISTENT);
    char retry[16];
    if (!r)
        return MHD_NO;
    headers_add(r, o);
    MHD_add_response_header(r, "X-Request-Id", x->id);
    for (size_t i = 0; i < o->ncookies; i++)
        cookie_add(x, r, &o->cookies[i]);
    if (o->retry_after_s) {
        snprintf(retry, sizeof retry, "%d", o->retry_after_s);
        MHD_add_response_header(r, "Retry-After", retry);
    }
    count(x->s, o->status);
    enum MHD_Result ok = MHD_queue_response(x->c, (unsigned)o->status, r);
    MHD_destroy_response(r);
    return ok;
}

static enum MHD_Result refuse(struct exchange *x, int status, const char *key)
{
    http_refuse(x->s->http, &x->arena, &x->in, status, key, &x->out);
    x->stage = STAGE_READY;
    return answer_send(x);
}

/* Links of what was kept are elsewhere by now. */
static void incoming_drop(struct exchange *x)
{
    receiver_close(x->receiver);
    landing_close(x->landing);
    x->receiver = NULL;
    x->landing = NULL;
    if (x->uploading)
        __atomic_sub_fetch(&x->s->uploads, 1, __ATOMIC_RELAXED);
    x->uploading = false;
}

/* ---- workers --------------------------------------------------------------------------------------------------- */

static void exchange_release(void *arg, enum rc rc)
{
    struct exchange *x = arg;
    struct server *s = x->s;
    if (rc)
        http_busy(s->http, &x->arena, &x->in, &x->out);
    const char *path = x->out.route ? x->out.route->path : "-";
    static const char *const names[METHODS] = { [GET] = "GET", [POST] = "POST", [PATCH] = "PATCH", [DELETE] = "DELETE" };
    log_info("%s %s %d %lld ms", names[x->in.method], path, x->out.status, (long long)(time_mono() - x->begun_ms));
    __atomic_store_n(&x->stage, STAGE_READY, __ATOMIC_RELEASE);
    __atomic_sub_fetch(&s->running, 1, __ATOMIC_RELAXED);
    MHD_resume_connection(x->c);
}

/* It will probably want a WRITE unit; the route is found later. */
static bool is_write(const struct exchange *x)
{
    return x->in.method != GET;
}

static void exchange_run(struct exchange *x, struct db *db)
{
    struct server *s = x->s;
    log_set_request(x->id);
    if (is_write(x))
        db_expected(db);
    http_run(s->http, db, &x->arena, &x->in, &x->out);
    db_expect_end(db);
    incoming_drop(x);
    if (x->out.cacheable)
        keep_add(s->keep, &x->in, x->variant, &x->out, x->out.today);
    db_after(db, exchange_release, x);
}

static struct exchange *queue_take(struct server *s)
{
    pthread_mutex_lock(&s->lock);
    while (!s->first && !s->stop)
        pthread_cond_wait(&s->filled, &s->lock);
    struct exchange *x = s->first;
    if (x) {
        s->first = x->next;
        if (!s->first)
            s->last = NULL;
        __atomic_store_n(&s->stats->waiting, --s->waiting, __ATOMIC_RELAXED);
    }
    pthread_mutex_unlock(&s->lock);
    return x;
}

static void *work(void *arg)
{
    struct server *s = arg;
    struct db *db = db_session(http_app(s->http)->db);
    struct memo memo;
    memo_init(&memo);
    for (struct exchange *x; (x = queue_take(s));) {
        x->in.memo = &memo;
        exchange_run(x, db);
    }
    memo_done(&memo);
    db_give_back(db);
    return NULL;
}

static bool queue_add(struct server *s, struct exchange *x)
{
    pthread_mutex_lock(&s->lock);
    const struct app *app = http_app(s->http);
    bool room = s->waiting < app->config.queue;
    if (room) {
        if (is_write(x))
            db_expect(app->db);
        x->next = NULL;
        if (s->last)
            s->last->next = x;
        else
            s->first = x;
        s->last = x;
        __atomic_store_n(&s->stats->waiting, ++s->waiting, __ATOMIC_RELAXED);
        __atomic_add_fetch(&s->running, 1, __ATOMIC_RELAXED);
        pthread_cond_signal(&s->filled);
    }
    pthread_mutex_unlock(&s->lock);
    return room;
}

/* ---- the head of a request -------------------------------------------------------------------------------------- */

static struct str header(struct exchange *x, const char *name)
{
    const char *v = MHD_lookup_connection_value(x->c, MHD_HEADER_KIND, name);
    return v ? str_c(v) : STR_NONE;
}

static void address_fill(struct exchange *x)
{
    const union MHD_ConnectionInfo *ci = MHD_get_connection_info(x->c, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const struct sockaddr *sa = ci ? ci->client_addr : NULL;
    socklen_t n = sa && sa->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
    if (!sa || getnameinfo(sa, n, x->address, sizeof x->address, NULL, 0, NI_NUMERICHOST))
        snprintf(x->address, sizeof x->address, "unknown");
    x->in.address = str_c(x->address);
    if (http_app(x->s->http)->config.trust_proxy) {
        struct str via = header(x, "X-Forwarded-For");
        while (via.p && str_find_char(via, ',') >= 0)
            (void)str_cut(&via, ',');
        via = str_trim(via);
        if (via.n && via.n < 64)
            x->in.address = via;
    }
}

static bool host_ok(struct str h)
{
    for (size_t i = 0; i < h.n; i++) {
        char c = h.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || strchr(".-:[]_", c)))
            return false;
    }
    return h.n > 0 && h.n < 256;
}

/* What makes a head ambiguous to whoever stands in front of us (RFC 9112 3.2, 6.1, 6.3, 2.2). */
struct head_seen {
    int  hosts, lengths, codings;
    bool bad;
};

static bool field_ok(struct str name, struct str value)
{
    for (size_t i = 0; i < value.n; i++) {
        unsigned char c = (unsigned char)value.p[i];
        if ((c < 0x20 && c != '\t') || c == 0x7f)
            return false;
    }
    return name.n && str_find_char(name, ' ') < 0 && str_find_char(name, '\t') < 0;
}

static enum MHD_Result field_seen(void *cls, enum MHD_ValueKind kind UNUSED, const char *name, const char *value)
{
    struct head_seen *h = cls;
    struct str n = str_c(name), v = str_c(value ? value : "");
    h->hosts += str_eq_nocase(n, STR("Host"));
    h->lengths += str_eq_nocase(n, STR("Content-Length"));
    h->codings += str_eq_nocase(n, STR("Transfer-Encoding"));
    h->bad |= !field_ok(n, v) || (str_eq_nocase(n, STR("Transfer-Encoding")) && !str_eq_nocase(v, STR("chunked")));
    return MHD_YES;
}

static bool head_ok(struct MHD_Connection *c)
{
    struct head_seen h = { 0 };
    MHD_get_connection_values(c, MHD_HEADER_KIND, field_seen, &h);
    return !h.bad && h.hosts == 1 && h.lengths <= 1 && h.codings <= 1 && h.lengths + h.codings <= 1;
}

/* "gzip" is among the codings and not with weight 0 (RFC 9110 12.5.3). */
static bool takes_gzip(struct str accepted)
{
    while (accepted.p) {
        struct str weight = str_cut(&accepted, ','), coding = str_trim(str_cut(&weight, ';'));
        if (str_eq_nocase(coding, STR("gzip"))) {
            struct str q = str_trim(weight);
            while (str_ends(q, STR("0")) || str_ends(q, STR(".")))
                q.n--;
            return !str_eq_nocase(q, STR("q="));
        }
    }
    return false;
}

/* Clients that cannot say PATCH or DELETE say POST and name it in X-HTTP-Method-Override (tus 1.0.0). */
static void method_fill(struct exchange *x, const char *method)
{
    static const struct {
        const char *name;
        enum method method;
    } known[] = { { "GET", GET }, { "HEAD", GET }, { "POST", POST }, { "PATCH", PATCH }, { "DELETE", DELETE } };
    struct str m = str_c(method), other = header(x, "X-HTTP-Method-Override");
    if (str_is(m, "POST") && (str_is(other, "PATCH") || str_is(other, "DELETE") || str_is(other, "HEAD")))
        m = other;
    x->in.method_known = false;
    for (size_t i = 0; i < countof(known); i++)
        if (str_is(m, known[i].name)) {
            x->in.method = known[i].method;
            x->in.method_known = true;
        }
}

static void head_fill(struct exchange *x, const char *method)
{
    struct wire_in *in = &x->in;
    method_fill(x, method);
    in->cookie = header(x, "Cookie");
    in->type = header(x, "Content-Type");
    in->accept = header(x, "Accept");
    in->if_none_match = header(x, "If-None-Match");
    in->origin = header(x, "Origin");
    in->host = header(x, "Host");
    in->csrf = header(x, "X-CSRF-Token");
    in->once = header(x, "Idempotency-Key");
    in->fetch_site = header(x, "Sec-Fetch-Site");
    in->gzip = takes_gzip(header(x, "Accept-Encoding"));
    if (http_app(x->s->http)->config.trust_proxy)
        in->forwarded_proto = header(x, "X-Forwarded-Proto");
    in->tus = (struct tus_head){ header(x, "Tus-Resumable"), header(x, "Upload-Length"), header(x, "Upload-Offset"),
                                 header(x, "Upload-Metadata"), header(x, "Upload-Defer-Length") };
    in->id = str_c(x->id);
    address_fill(x);
}

/* Early, before the request line is cut apart: keep the address as it came. */
static void *uri_seen(void *cls, const char *uri, struct MHD_Connection *c)
{
    struct server *s = cls;
    struct exchange *x = calloc(1, sizeof *x);
    unsigned char id[12];
    if (!x)
        panic("out of memory");
    x->s = s;
    x->c = c;
    x->begun_ms = time_mono();
    arena_init(&x->arena, ARENA_MAX);
    struct str text = arena_str(&x->arena, str_c(uri));
    x->in.path = str_cut(&text, '?');
    x->in.query = text.p ? text : STR("");
    random_bytes(id, sizeof id);
    struct str shown = base64url(&x->arena, id, sizeof id);
    memcpy(x->id, shown.p, 16);
    const union MHD_ConnectionInfo *ci = MHD_get_connection_info(c, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    x->guarded = ci ? ci->socket_context : NULL;
    guard_set(x->guarded, GUARD_HEAD);
    return x;
}

/* ---- assets and kept pages, on the I/O thread -------------------------------------------------------------------- */

static enum MHD_Result asset_send(struct exchange *x)
{
    const struct http_parts *p = &x->s->http->parts;
    for (size_t i = 0; i < p->nassets; i++) {
        if (!str_is(x->in.path, p->assets[i].address))
            continue;
        struct MHD_Response *r = x->s->asset[i * 2 + x->in.gzip];
        struct str etag = str_c(MHD_get_response_header(r, "ETag"));
        bool same = x->in.if_none_match.n && str_eq(x->in.if_none_match, etag);
        count(x->s, same ? 304 : 200);
        return MHD_queue_response(x->c, same ? 304 : 200, r);
    }
    return refuse(x, 404, "http.not_found");
}

static struct io *io_here(struct server *s)
{
    if (this_io)
        return this_io;
    struct io *io = calloc(1, sizeof *io);
    if (!io)
        panic("out of memory");
    io->db = db_session(http_app(s->http)->db);
    arena_init(&io->arena, IO_ARENA_MAX);
    int at = __atomic_fetch_add(&s->nio, 1, __ATOMIC_ACQ_REL);
    if (at >= IO_MAX)
        panic("more I/O threads than expected");
    s->io[at] = io;
    this_io = io;
    return io;
}

static bool version_find(struct server *s, struct io *io)
{
    int64_t batches = db_stats(http_app(s->http)->db).batches, now = time_mono();
    if (io->known && io->batches == batches && now - io->read_ms < FRESH_MS)
        return true;
    io->known = http_public_version(s->http, io->db, &io->arena, &io->version, &io->today) == RC_OK;
    io->batches = batches; /* counted before it was read: what was committed meanwhile makes it old */
    io->read_ms = now;
    arena_reset(&io->arena);
    return io->known;
}

static bool kept_send(struct exchange *x, const struct route *rt)
{
    struct server *s = x->s;
    enum locale l;
    bool large;
    if (!rt || !(rt->flags & ROUTE_CACHED) || x->in.query.n || cookie_value(x->in.cookie, "tb_session").p)
        return false;
    x->variant = http_variant(&x->in, &l, &large);
    struct io *io = io_here(s);
    if (!version_find(s, io) || !keep_answer(s->keep, x->c, &x->in, x->variant, io->version, io->today))
        return false;
    __atomic_add_fetch(&s->stats->cached, 1, __ATOMIC_RELAXED);
    count(s, 200);
    return true;
}

/* ---- libmicrohttpd callbacks -------------------------------------------------------------------------------------- */

static size_t body_limit(const struct exchange *x)
{
    return (size_t)http_app(x->s->http)->config.body_max;
}

/* One more body with files, if there is room; otherwise the answer is made. */
static bool upload_count(struct exchange *x)
{
    x->uploading = true;
    if (__atomic_add_fetch(&x->s->uploads, 1, __ATOMIC_RELAXED) <= UPLOADS_MAX)
        return true;
    x->refused = true;
    http_busy(x->s->http, &x->arena, &x->in, &x->out);
    return false;
}

/* A body that is a file: the route says where to, or makes the answer. */
static void landing_begin(struct exchange *x, int64_t length)
{
    struct server *s = x->s;
    struct io *io = io_here(s);
    if (!upload_count(x))
        return;
    x->refused = !http_land(s->http, io->db, &x->arena, &x->in, &x->landed, &x->out);
    if (x->refused)
        return;
    x->in.landed = &x->landed;
    x->body_max = (size_t)(x->landed.most > SWALLOWED_MAX ? x->landed.most : SWALLOWED_MAX);
    if (length > x->landed.most) {
        x->landed.status = 413;
        x->landed.key = "http.upload_over";
    }
    if (x->landed.path.p && !x->landed.status)
        x->landing = landed_open(&x->arena, &http_app(s->http)->keys, &x->landed);
}

/* A body with files streams; who may not send it is told before. 0, or the status of the refusal. */
static int upload_begin(struct exchange *x, int64_t length, const char **out_key)
{
    struct pair params[ROUTE_PARAMS];
    unsigned methods;
    struct server *s = x->s;
    if (x->in.method == GET || !x->in.method_known)
        return 0;
    const struct route *rt = http_route(s->http, x->in.method, x->in.path, params, &methods);
    if (rt && rt->land)
        landing_begin(x, length);
    if (!rt || !rt->upload || !multipart_is(x->in.type))
        return 0;
    struct io *io = io_here(s);
    int status = http_admits(s->http, io->db, &io->arena, &x->in, rt, out_key);
    arena_reset(&io->arena);
    if (status)
        return status;
    if (!upload_count(x))
        return 0;
    x->body_max = (size_t)rt->upload;
    x->receiver = receiver_open(&x->arena, http_app(s->http), x->in.type);
    return 0;
}

/* A refusal goes at once, or after a body that is small enough to be read to its end. */
static enum MHD_Result refusal_begin(struct exchange *x, int64_t length)
{
    x->body_max = SWALLOWED_MAX;
    x->stage = length > SWALLOWED_MAX ? STAGE_READY : STAGE_BODY;
    guard_set(x->guarded, GUARD_BODY);
    return length > SWALLOWED_MAX ? answer_send(x) : MHD_YES;
}

static enum MHD_Result first_call(struct exchange *x, const char *method)
{
    int64_t length = 0;
    head_fill(x, method);
    if (!head_ok(x->c) || !host_ok(x->in.host) || !str_utf8_ok(x->in.path) || !str_utf8_ok(x->in.query))
        return refuse(x, 400, "http.broken_form");
    x->body_max = body_limit(x);
    const char *key = NULL;
    struct str text = header(x, "Content-Length");
    if (text.n && !str_i64(text, 0, INT64_MAX / 2, &length))
        return refuse(x, 413, "http.too_large");
    int status = upload_begin(x, length, &key);
    if (status)
        return refuse(x, status, key);
    if (x->refused)
        return refusal_begin(x, length);
    if ((size_t)length > x->body_max)
        return refuse(x, 413, "http.too_large");
    buf_init(&x->body, &x->arena, x->receiver || x->in.landed ? 0 : (size_t)length);
    x->stage = STAGE_BODY;
    guard_set(x->guarded, GUARD_BODY);
    return MHD_YES;
}

static enum MHD_Result body_call(struct exchange *x, const char *data, size_t *size)
{
    x->body_n += *size;
    if (x->body_n > x->body_max) {
        *size = 0;
        return MHD_NO; /* it lied about its length: nothing polite is possible any more */
    }
    guard_received(x->guarded, *size);
    if (x->refused)
        ; /* answered at its end */
    else if (x->in.landed)
        landed_put(&x->landed, x->landing, data, *size);
    else if (x->receiver)
        receiver_put(x->receiver, data, *size);
    else
        buf_put(&x->body, data, *size);
    *size = 0;
    return MHD_YES;
}

/* Not in the first call: libmicrohttpd closes connections whose answer comes before the request is complete. */
static bool answered_here(struct exchange *x, enum MHD_Result *out)
{
    struct pair params[ROUTE_PARAMS];
    unsigned methods;
    *out = MHD_YES;
    if (x->in.method != GET || !x->in.method_known)
        return false;
    if (str_starts(x->in.path, STR("/assets/"))) {
        *out = asset_send(x);
        return true;
    }
    return kept_send(x, http_route(x->s->http, x->in.method, x->in.path, params, &methods));
}

static enum MHD_Result complete_call(struct exchange *x)
{
    enum MHD_Result sent;
    if (x->refused) {
        x->stage = STAGE_READY;
        return answer_send(x);
    }
    if (answered_here(x, &sent))
        return sent;
    landing_close(x->landing); /* its lock is for whoever finishes the file */
    x->landing = NULL;
    x->in.body = buf_view(&x->body);
    if (x->receiver) {
        receiver_end(x->receiver, &x->received);
        x->in.received = &x->received;
    }
    guard_set(x->guarded, GUARD_BUSY);
    x->stage = STAGE_RUNNING;
    MHD_suspend_connection(x->c);
    if (queue_add(x->s, x))
        return MHD_YES;
    __atomic_add_fetch(&x->s->stats->queued_out, 1, __ATOMIC_RELAXED);
    http_busy(x->s->http, &x->arena, &x->in, &x->out);
    __atomic_store_n(&x->stage, STAGE_READY, __ATOMIC_RELEASE);
    MHD_resume_connection(x->c);
    return MHD_YES;
}

static enum MHD_Result on_request(void *cls UNUSED, struct MHD_Connection *c UNUSED, const char *url UNUSED,
                                  const char *method, const char *version UNUSED, const char *data, size_t *size, void **con)
{
    struct exchange *x = *con;
    switch ((enum stage)__atomic_load_n(&x->stage, __ATOMIC_ACQUIRE)) {
    case STAGE_NEW:
        return first_call(x, method);
    case STAGE_BODY:
        return *size ? body_call(x, data, size) : complete_call(x);
    case STAGE_READY:
        return answer_send(x);
    case STAGE_RUNNING:
        break;
    }
    return MHD_YES;
}

static void on_done(void *cls UNUSED, struct MHD_Connection *c UNUSED, void **con, enum MHD_RequestTerminationCode why UNUSED)
{
    struct exchange *x = *con;
    if (!x)
        return;
    /* What libmicrohttpd refused by itself may leave the connection open: it must not live as long as an idle one. */
    guard_set(x->guarded, x->stage == STAGE_NEW ? GUARD_HEAD : GUARD_IDLE);
    incoming_drop(x); /* cut off, or never run */
    arena_done(&x->arena);
    free(x);
    *con = NULL;
}

static void on_connection(void *cls, struct MHD_Connection *c, void **socket_context, enum MHD_ConnectionNotificationCode code)
{
    struct server *s = cls;
    if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
        guard_end(s->guard, *socket_context);
        return;
    }
    int fd = MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd, on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    *socket_context = guard_add(s->guard, fd);
}

/* The router decodes; libmicrohttpd must not. */
static size_t no_unescape(void *cls UNUSED, struct MHD_Connection *c UNUSED, char *text)
{
    return strlen(text);
}

/* ---- open and close ---------------------------------------------------------------------------------------------- */

static struct MHD_Response *asset_response(const struct asset *f, bool gzip)
{
    const unsigned char *data = gzip ? f->gzip : f->data;
    struct MHD_Response *r =
        MHD_create_response_from_buffer(gzip ? f->gzip_n : f->n, (void *)(uintptr_t)data, MHD_RESPMEM_PERSISTENT);
    char etag[160];
    if (!r)
        panic("out of memory");
    snprintf(etag, sizeof etag, "\"%s%s\"", f->address + strlen("/assets/"), gzip ? "-gz" : "");
    MHD_add_response_header(r, "ETag", etag);
    MHD_add_response_header(r, "Content-Type", f->type);
    MHD_add_response_header(r, "Cache-Control", "public, max-age=31536000, immutable");
    MHD_add_response_header(r, "X-Content-Type-Options", "nosniff");
    MHD_add_response_header(r, "Vary", "Accept-Encoding");
    if (gzip)
        MHD_add_response_header(r, "Content-Encoding", "gzip");
    return r;
}

static void assets_open(struct server *s)
{
    const struct http_parts *p = &s->http->parts;
    s->asset = arena_many(&s->arena, struct MHD_Response *, p->nassets * 2);
    for (size_t i = 0; i < p->nassets * 2; i++)
        s->asset[i] = asset_response(&p->assets[i / 2], i % 2);
}

static bool workers_open(struct server *s)
{
    s->workers = (size_t)http_app(s->http)->config.workers;
    s->worker = arena_many(&s->arena, pthread_t, s->workers);
    for (size_t i = 0; i < s->workers; i++)
        if (pthread_create(&s->worker[i], NULL, work, s))
            return false;
    return true;
}

struct server *server_open(struct http *h, int listen_fd, struct stats *stats)
{
    static const struct server_patience usual = { .head_ms = 8000, .idle_ms = 60000, .body_grace_ms = 10000 };
    return server_open_with(h, listen_fd, stats, &usual);
}

struct server *server_open_with(struct http *h, int listen_fd, struct stats *stats, const struct server_patience *patience)
{
    const struct config *c = &http_app(h)->config;
    struct server *s = calloc(1, sizeof *s);
    if (!s)
        panic("out of memory");
    *s = (struct server){ .http = h, .stats = stats };
    arena_init(&s->arena, 64 << 20);
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->filled, NULL);
    s->keep = keep_open(&s->arena);
    s->guard = guard_open(patience->head_ms, patience->idle_ms, patience->body_grace_ms, &stats->slow_closed);
    stats->started_ms = time_now();
    receiver_sweep(c->data);
    assets_open(s);
    if (!workers_open(s))
        panic("no thread");
    s->daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_TURBO, 0, NULL, NULL, on_request, s,
        MHD_OPTION_LISTEN_SOCKET, listen_fd, MHD_OPTION_THREAD_POOL_SIZE, (unsigned)IO_THREADS,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)c->connections, MHD_OPTION_PER_IP_CONNECTION_LIMIT,
        (unsigned)c->connections_per_address, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)(patience->idle_ms / 1000 + 5),
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY, MHD_OPTION_NOTIFY_CONNECTION, on_connection, s,
        MHD_OPTION_NOTIFY_COMPLETED, on_done, s, MHD_OPTION_URI_LOG_CALLBACK, uri_seen, s, MHD_OPTION_UNESCAPE_CALLBACK,
        no_unescape, s, MHD_OPTION_END);
    if (!s->daemon) {
        log_error("the HTTP daemon does not start");
        server_close(s, 0);
        return NULL;
    }
    return s;
}

static void workers_close(struct server *s)
{
    pthread_mutex_lock(&s->lock);
    s->stop = true;
    pthread_cond_broadcast(&s->filled);
    pthread_mutex_unlock(&s->lock);
    for (size_t i = 0; i < s->workers; i++)
        pthread_join(s->worker[i], NULL);
}

void server_close(struct server *s, int grace_ms)
{
    int fd = s->daemon ? MHD_quiesce_daemon(s->daemon) : -1;
    for (int64_t end = time_mono() + grace_ms; __atomic_load_n(&s->running, __ATOMIC_RELAXED) && time_mono() < end;)
        usleep(5000);
    workers_close(s);
    while (s->daemon && __atomic_load_n(&s->running, __ATOMIC_RELAXED))
        usleep(5000); /* answers still waiting for their batch */
    if (s->daemon)
        MHD_stop_daemon(s->daemon);
    if (fd >= 0)
        close(fd);
    guard_close(s->guard);
    keep_close(s->keep);
    for (int i = 0; i < s->nio; i++) {
        db_give_back(s->io[i]->db);
        arena_done(&s->io[i]->arena);
        free(s->io[i]);
    }
    for (size_t i = 0; i < s->http->parts.nassets * 2; i++)
        MHD_destroy_response(s->asset[i]);
    arena_done(&s->arena);
    free(s);
}

static int listen_on(const struct addrinfo *ai)
{
    int on = 1, fd = socket(ai->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, ai->ai_addr, ai->ai_addrlen) || listen(fd, 1024)) {
        int why = errno;
        close(fd);
        errno = why;
        return -1;
    }
    return fd;
}

/* A worker whose parent was killed finishes its answers first and holds the port until then. */
static int listen_patiently(const struct addrinfo *ai)
{
    int fd = listen_on(ai);
    if (fd < 0 && errno == EADDRINUSE)
        log_warn("the port is in use; waiting up to %d s for it", PORT_WAIT_MS / 1000);
    for (int64_t end = time_mono() + PORT_WAIT_MS; fd < 0 && errno == EADDRINUSE && time_mono() < end;) {
        usleep(50 * 1000);
        fd = listen_on(ai);
    }
    return fd;
}

int server_listen(struct str address)
{
    char text[300], *port;
    struct addrinfo hints = { .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICHOST }, *ai = NULL;
    snprintf(text, sizeof text, STR_F, STR_A(address));
    port = strrchr(text, ':');
    if (!port) {
        log_error("%s is not ADDRESS:PORT", text);
        return -1;
    }
    *port++ = '\0';
    char *host = text[0] == '[' ? text + 1 : text;
    if (text[0] == '[' && strlen(text) && text[strlen(text) - 1] == ']')
        text[strlen(text) - 1] = '\0';
    int err = getaddrinfo(*host ? host : NULL, port, &hints, &ai), fd = -1;
    if (!err)
        fd = listen_patiently(ai);
    if (fd < 0)
        log_error("cannot listen on %s port %s", *host ? host : "any address", port);
    if (ai)
        freeaddrinfo(ai);
    return fd;
}

/* keep.c - kept public pages. One shard is emptied when it grows too large: simple, and rare by its size. */
#include "http/keep.h"

#include "base/hash.h"
#include "base/log.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { SHARDS = 16, SLOTS = 1024, SHARD_BYTES = 4 << 20, PATH_MAX_N = 200 };

struct kept {
    char                 path[PATH_MAX_N];
    size_t               path_n;
    unsigned             variant;
    int64_t              version;
    struct day           today;
    char                 etag[24];
    struct MHD_Response *plain, *gzip, *same;
    size_t               bytes;
};

struct shard {
    pthread_rwlock_t lock;
    size_t           bytes;
    struct kept     *slot[SLOTS];
};

struct keep {
    struct shard shard[SHARDS];
};

struct keep *keep_open(struct arena *a)
{
    struct keep *k = arena_new(a, struct keep);
    for (int i = 0; i < SHARDS; i++)
        pthread_rwlock_init(&k->shard[i].lock, NULL);
    return k;
}

static void kept_free(struct kept *e)
{
    if (!e)
        return;
    MHD_destroy_response(e->plain);
    MHD_destroy_response(e->gzip);
    MHD_destroy_response(e->same);
    free(e);
}

static void shard_empty(struct shard *s)
{
    for (int i = 0; i < SLOTS; i++) {
        kept_free(s->slot[i]);
        s->slot[i] = NULL;
    }
    s->bytes = 0;
}

void keep_close(struct keep *k)
{
    for (int i = 0; i < SHARDS; i++) {
        shard_empty(&k->shard[i]);
        pthread_rwlock_destroy(&k->shard[i].lock);
    }
}

static uint64_t hash_of(struct str path, unsigned variant)
{
    uint64_t h = UINT64_C(14695981039346656037) ^ variant;
    for (size_t i = 0; i < path.n; i++)
        h = (h ^ (unsigned char)path.p[i]) * UINT64_C(1099511628211);
    return h ^ h >> 31;
}

static bool is_it(const struct kept *e, struct str path, unsigned variant)
{
    return e && e->variant == variant && e->path_n == path.n && memcmp(e->path, path.p, path.n) == 0;
}

static void security_headers(struct MHD_Response *r)
{
    MHD_add_response_header(r, "Content-Security-Policy",
                            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
                            "form-action 'self'; frame-ancestors 'none'; base-uri 'none'");
    MHD_add_response_header(r, "X-Content-Type-Options", "nosniff");
    MHD_add_response_header(r, "Referrer-Policy", "same-origin");
    MHD_add_response_header(r, "Cross-Origin-Opener-Policy", "same-origin");
    MHD_add_response_header(r, "Permissions-Policy", "camera=(), microphone=(), geolocation=()");
}

static void header_add(struct MHD_Response *r, const char *name, struct str value)
{
    char text[2048];
    if (!value.n || value.n >= sizeof text || str_find_char(value, '\r') >= 0 || str_find_char(value, '\n') >= 0)
        return;
    memcpy(text, value.p, value.n);
    text[value.n] = '\0';
    MHD_add_response_header(r, name, text);
}

/* RFC 6266 and 8187: never shown in the page, saved under its own name. */
static void disposition_add(struct MHD_Response *r, struct str filename)
{
    static const char front[] = "attachment; filename*=UTF-8''", plain[] = "-._~";
    char text[2048];
    size_t n = sizeof front - 1;
    memcpy(text, front, n);
    for (size_t i = 0; i < filename.n && n + 4 < sizeof text; i++) {
        unsigned char c = (unsigned char)filename.p[i];
        bool alnum = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        n += (size_t)snprintf(text + n, sizeof text - n, alnum || (c && strchr(plain, c)) ? "%c" : "%%%02X", c);
    }
    text[n] = '\0';
    MHD_add_response_header(r, "Content-Disposition", text);
}

void headers_add(struct MHD_Response *r, const struct wire_out *out)
{
    static const char *const langs[] = { "zh-CN", "zh-Hant", "en" };
    security_headers(r);
    header_add(r, "Content-Type", out->type);
    header_add(r, "Location", out->location);
    header_add(r, "Allow", out->allow);
    if (out->filename.n)
        disposition_add(r, out->filename);
    for (size_t i = 0; i < out->nheaders; i++)
        header_add(r, out->headers[i].name, out->headers[i].value);
    if (out->html)
        MHD_add_response_header(r, "Content-Language", langs[out->locale]);
    MHD_add_response_header(r, "Cache-Control", out->cacheable ? "no-cache" : "no-store");
    MHD_add_response_header(r, "Vary", "Accept, Accept-Encoding, Cookie");
}

bool keep_answer(struct keep *k, struct MHD_Connection *c, const struct wire_in *in, unsigned variant, int64_t version,
                 struct day today)
{
    uint64_t h = hash_of(in->path, variant);
    struct shard *s = &k->shard[h >> 40 & (SHARDS - 1)];
    bool done = false;
    pthread_rwlock_rdlock(&s->lock);
    const struct kept *e = s->slot[h % SLOTS];
    if (is_it(e, in->path, variant) && e->version == version && e->today.n == today.n) {
        bool same = in->if_none_match.n && str_find(in->if_none_match, str_c(e->etag)) >= 0;
        struct MHD_Response *r = same ? e->same : in->gzip ? e->gzip : e->plain;
        done = MHD_queue_response(c, same ? 304 : 200, r) == MHD_YES;
    }
    pthread_rwlock_unlock(&s->lock);
    return done;
}

/* gzip of `in`, malloc'ed for libmicrohttpd to free. */
static unsigned char *compress_body(struct str in, size_t *out_n)
{
    z_stream z = { 0 };
    if (deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        panic("zlib cannot start");
    size_t cap = deflateBound(&z, in.n) + 32;
    unsigned char *p = malloc(cap);
    if (!p)
        panic("out of memory");
    z.next_in = (unsigned char *)(uintptr_t)in.p; /* zlib does not write to it */
    z.avail_in = (unsigned)in.n;
    z.next_out = p;
    z.avail_out = (unsigned)cap;
    if (deflate(&z, Z_FINISH) != Z_STREAM_END)
        panic("zlib failed");
    *out_n = cap - z.avail_out;
    deflateEnd(&z);
    return p;
}

static struct MHD_Response *ready(struct kept *e, const struct wire_out *out, void *body, size_t n, bool gzip)
{
    struct MHD_Response *r = MHD_create_response_from_buffer(n, body, body ? MHD_RESPMEM_MUST_FREE : MHD_RESPMEM_PERSISTENT);
    if (!r)
        panic("out of memory");
    headers_add(r, out);
    MHD_add_response_header(r, "ETag", e->etag);
    if (gzip)
        MHD_add_response_header(r, "Content-Encoding", "gzip");
    return r;
}

static void *copy(struct str s)
{
    void *p = malloc(s.n + 1);
    if (!p)
        panic("out of memory");
    memcpy(p, s.p, s.n);
    return p;
}

static struct kept *kept_new(struct str path, unsigned variant, const struct wire_out *out, struct day today)
{
    static const char digit[] = "0123456789abcdef";
    struct kept *e = calloc(1, sizeof *e);
    size_t zn;
    if (!e)
        panic("out of memory");
    e->variant = variant;
    e->version = out->version;
    e->today = today;
    e->path_n = path.n;
    memcpy(e->path, path.p, path.n);
    struct digest d = sm3(out->body);
    e->etag[0] = '"';
    for (int i = 0; i < 16; i++)
        e->etag[i + 1] = digit[d.b[i / 2] >> (i % 2 ? 0 : 4) & 15];
    e->etag[17] = '"';
    unsigned char *z = compress_body(out->body, &zn);
    e->plain = ready(e, out, copy(out->body), out->body.n, false);
    e->gzip = ready(e, out, z, zn, true);
    e->same = ready(e, out, NULL, 0, false);
    e->bytes = sizeof *e + out->body.n + zn + 4096;
    return e;
}

void keep_add(struct keep *k, const struct wire_in *in, unsigned variant, const struct wire_out *out, struct day today)
{
    uint64_t h = hash_of(in->path, variant);
    struct shard *s = &k->shard[h >> 40 & (SHARDS - 1)];
    if (in->path.n >= PATH_MAX_N)
        return;
    struct kept *e = kept_new(in->path, variant, out, today);
    pthread_rwlock_wrlock(&s->lock);
    if (s->bytes + e->bytes > SHARD_BYTES)
        shard_empty(s);
    struct kept **slot = &s->slot[h % SLOTS];
    if (*slot)
        s->bytes -= (*slot)->bytes;
    kept_free(*slot);
    *slot = e;
    s->bytes += e->bytes;
    pthread_rwlock_unlock(&s->lock);
}

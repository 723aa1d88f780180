/* limit.c - requests per minute of one address: token buckets in a fixed table.
 * The table forgets the bucket that has been full longest; an attacker with very many addresses gains nothing but that. */
#include "http/http_priv.h"

#include <pthread.h>

enum { SHARDS = 16, WAYS = 512 };

struct bucket {
    uint64_t who;
    int64_t  milli; /* tokens * 1000 */
    int64_t  at;
};

struct shard {
    pthread_mutex_t lock;
    struct bucket   bucket[WAYS];
};

struct limiter {
    struct shard shard[SHARDS];
};

struct limiter *limiter_open(struct arena *a)
{
    struct limiter *l = arena_new(a, struct limiter);
    for (int i = 0; i < SHARDS; i++)
        pthread_mutex_init(&l->shard[i].lock, NULL);
    return l;
}

static uint64_t mix(struct str s, const void *what)
{
    uint64_t h = (uint64_t)(uintptr_t)what * UINT64_C(0x9E3779B97F4A7C15) + 1;
    for (size_t i = 0; i < s.n; i++)
        h = (h ^ (unsigned char)s.p[i]) * UINT64_C(1099511628211);
    return h ^ h >> 29;
}

/* Four neighbouring places; the oldest gives way. */
static struct bucket *bucket_of(struct shard *s, uint64_t who, int64_t now, int64_t full)
{
    struct bucket *best = NULL;
    for (unsigned i = 0; i < 4; i++) {
        struct bucket *b = &s->bucket[(who + i) % WAYS];
        if (b->who == who)
            return b;
        if (!best || b->at < best->at)
            best = b;
    }
    *best = (struct bucket){ who, full, now };
    return best;
}

bool limiter_allows(struct limiter *l, struct str address, const void *what, int64_t per_minute, int64_t now_ms)
{
    uint64_t who = mix(address, what);
    int64_t full = per_minute * 1000;
    struct shard *s = &l->shard[who >> 48 & (SHARDS - 1)];
    pthread_mutex_lock(&s->lock);
    struct bucket *b = bucket_of(s, who, now_ms, full);
    if (now_ms > b->at) {
        b->milli += (now_ms - b->at) * per_minute / 60;
        b->milli = b->milli > full ? full : b->milli;
        b->at = now_ms;
    }
    bool ok = b->milli >= 1000;
    if (ok)
        b->milli -= 1000;
    pthread_mutex_unlock(&s->lock);
    return ok;
}

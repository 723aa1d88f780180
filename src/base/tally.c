/* tally.c - an open-addressing table of keys under one lock. */
#include "base/tally.h"

#include "base/log.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct cell {
    int64_t n;
    size_t  len;
    char    key[TALLY_KEY_MAX];
};

struct tally {
    pthread_mutex_t m;
    size_t          max, used, slots; /* slots: a power of two, more than twice max */
    struct cell    *cells;            /* used of max */
    size_t         *slot;             /* index into cells + 1; 0 = empty */
};

struct tally *tally_open(size_t max)
{
    struct tally *t = calloc(1, sizeof *t);
    size_t slots = 16;
    while (slots < max * 2)
        slots *= 2;
    if (t) {
        t->cells = calloc(max, sizeof *t->cells);
        t->slot = calloc(slots, sizeof *t->slot);
    }
    if (!t || !t->cells || !t->slot)
        panic("out of memory");
    t->max = max;
    t->slots = slots;
    pthread_mutex_init(&t->m, NULL);
    return t;
}

void tally_close(struct tally *t)
{
    if (!t)
        return;
    pthread_mutex_destroy(&t->m);
    free(t->cells);
    free(t->slot);
    free(t);
}

static size_t hash_of(struct str s)
{
    uint64_t h = UINT64_C(14695981039346656037); /* FNV-1a */
    for (size_t i = 0; i < s.n; i++)
        h = (h ^ (unsigned char)s.p[i]) * UINT64_C(1099511628211);
    return (size_t)(h ^ h >> 32);
}

/* The slot of the key, or the empty one where it belongs. */
static size_t *slot_of(struct tally *t, struct str key)
{
    size_t i = hash_of(key) & (t->slots - 1);
    while (t->slot[i]) {
        const struct cell *c = &t->cells[t->slot[i] - 1];
        if (str_eq((struct str){ c->key, c->len }, key))
            break;
        i = (i + 1) & (t->slots - 1);
    }
    return &t->slot[i];
}

static void add(struct tally *t, struct str key)
{
    size_t *slot = slot_of(t, key);
    if (!*slot && t->used == t->max)
        return;
    if (!*slot) {
        struct cell *c = &t->cells[t->used];
        *c = (struct cell){ .len = key.n };
        memcpy(c->key, key.p, key.n);
        *slot = ++t->used;
    }
    t->cells[*slot - 1].n++;
}

void tally_add(struct tally *t, struct str key)
{
    if (!t || !key.n || key.n > TALLY_KEY_MAX)
        return;
    pthread_mutex_lock(&t->m);
    add(t, key);
    pthread_mutex_unlock(&t->m);
}

void tally_take(struct tally *t, struct arena *a, struct list *out)
{
    *out = (struct list){ 0 };
    if (!t)
        return;
    pthread_mutex_lock(&t->m);
    struct tally_count *v = arena_many(a, struct tally_count, t->used);
    for (size_t i = 0; i < t->used; i++)
        v[i] = (struct tally_count){ arena_str(a, (struct str){ t->cells[i].key, t->cells[i].len }), t->cells[i].n };
    *out = (struct list){ v, t->used };
    t->used = 0;
    memset(t->slot, 0, t->slots * sizeof *t->slot);
    pthread_mutex_unlock(&t->m);
}

/* shelf.c - an open hash table whose places are filled once, by compare and exchange, and never emptied. */
#include "base/shelf.h"

#include "base/log.h"

#include <stdlib.h>
#include <string.h>

struct place {
    struct digest key;
    struct arena  arena;
    const void   *obj;
};

struct shelf {
    size_t        n;
    struct place *places[]; /* NULL: free */
};

struct shelf *shelf_open(size_t n)
{
    struct shelf *s = calloc(1, sizeof *s + n * sizeof s->places[0]);
    if (!s)
        panic("out of memory");
    s->n = n;
    return s;
}

void shelf_close(struct shelf *s)
{
    for (size_t i = 0; s && i < s->n; i++)
        if (s->places[i]) {
            arena_done(&s->places[i]->arena);
            free(s->places[i]);
        }
    free(s);
}

static size_t start_of(const struct shelf *s, struct digest key)
{
    uint64_t h;
    memcpy(&h, key.b, sizeof h);
    return (size_t)(h % s->n);
}

static bool is_key(const struct place *p, struct digest key)
{
    return memcmp(p->key.b, key.b, sizeof key.b) == 0;
}

const void *shelf_find(const struct shelf *s, struct digest key)
{
    size_t at = start_of(s, key);
    for (size_t i = 0; i < s->n; i++) {
        const struct place *p = __atomic_load_n(&s->places[(at + i) % s->n], __ATOMIC_ACQUIRE);
        if (!p)
            return NULL;
        if (is_key(p, key))
            return p->obj;
    }
    return NULL;
}

const void *shelf_put(struct shelf *s, struct digest key, struct arena *a, const void *obj)
{
    size_t at = start_of(s, key);
    struct place *mine = malloc(sizeof *mine);
    if (!mine)
        panic("out of memory");
    *mine = (struct place){ key, *a, obj };
    for (size_t i = 0; i < s->n; i++) {
        struct place *there = NULL, **place = &s->places[(at + i) % s->n];
        if (__atomic_compare_exchange_n(place, &there, mine, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
            arena_init(a, a->limit);
            return obj;
        }
        if (is_key(there, key)) {
            free(mine);
            arena_done(a);
            return there->obj;
        }
    }
    free(mine);
    return NULL;
}

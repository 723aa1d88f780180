/* arena.c - chunked bump allocator. */
#include "base/arena.h"

#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#define POISON(p, n) __asan_poison_memory_region((p), (n))
#define UNPOISON(p, n) __asan_unpoison_memory_region((p), (n))
#define SPOIL(p, n) memset((p), 0xA5, (n)) /* so that a test finds whoever counts on zeros */
#else
#define POISON(p, n) ((void)0)
#define UNPOISON(p, n) ((void)0)
#define SPOIL(p, n) ((void)0)
#endif

enum { CHUNK = 32 * 1024, ALIGN = 16, FMT_USUAL = 200 };

struct arena_chunk {
    struct arena_chunk *older;
    size_t              size, at;
    _Alignas(ALIGN) unsigned char data[];
};

void arena_init(struct arena *a, size_t limit)
{
    *a = (struct arena){ .limit = limit };
}

static void chunk_free(struct arena_chunk *c)
{
    UNPOISON(c->data, c->size);
    free(c);
}

void arena_done(struct arena *a)
{
    if (!a)
        return;
    while (a->chunk) {
        struct arena_chunk *older = a->chunk->older;
        chunk_free(a->chunk);
        a->chunk = older;
    }
    a->used = 0;
}

void arena_reset(struct arena *a)
{
    while (a->chunk && a->chunk->older) {
        struct arena_chunk *older = a->chunk->older;
        chunk_free(a->chunk);
        a->chunk = older;
    }
    if (a->chunk) {
        a->chunk->at = 0;
        POISON(a->chunk->data, a->chunk->size);
    }
    a->used = 0;
}

static struct arena_chunk *chunk_add(struct arena *a, size_t need)
{
    size_t size = need > CHUNK ? need : CHUNK;
    struct arena_chunk *c = malloc(sizeof *c + size);
    if (!c)
        panic("out of memory");
    *c = (struct arena_chunk){ .older = a->chunk, .size = size };
    POISON(c->data, size);
    a->chunk = c;
    return c;
}

void *arena_room(struct arena *a, size_t size)
{
    size_t need = (size + ALIGN - 1) & ~(size_t)(ALIGN - 1);
    if (need < size || need > a->limit - a->used)
        panic("arena limit of %zu bytes passed", a->limit);
    struct arena_chunk *c = a->chunk;
    if (!c || c->size - c->at < need)
        c = chunk_add(a, need);
    void *p = c->data + c->at;
    c->at += need;
    a->used += need;
    UNPOISON(p, size);
    SPOIL(p, size);
    return p;
}

void *arena_alloc(struct arena *a, size_t size)
{
    return memset(arena_room(a, size), 0, size);
}

void *arena_array(struct arena *a, size_t n, size_t size)
{
    size_t total;
    if (__builtin_mul_overflow(n, size, &total))
        panic("array too large");
    return arena_alloc(a, total);
}

struct str arena_str(struct arena *a, struct str s)
{
    if (!s.p)
        return s;
    char *p = arena_room(a, s.n + 1);
    memcpy(p, s.p, s.n);
    p[s.n] = '\0';
    return (struct str){ p, s.n };
}

struct str arena_fmt(struct arena *a, const char *fmt, ...)
{
    char most[FMT_USUAL];
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(most, sizeof most, fmt, ap);
    va_end(ap);
    if (n < 0)
        panic("bad format");
    char *p = arena_room(a, (size_t)n + 1);
    if ((size_t)n < sizeof most) {
        memcpy(p, most, (size_t)n + 1);
        return (struct str){ p, (size_t)n };
    }
    va_start(ap, fmt);
    vsnprintf(p, (size_t)n + 1, fmt, ap);
    va_end(ap);
    return (struct str){ p, (size_t)n };
}

struct arena_mark arena_mark(const struct arena *a)
{
    return (struct arena_mark){ a->chunk, a->chunk ? a->chunk->at : 0, a->used };
}

void arena_rewind(struct arena *a, struct arena_mark m)
{
    while (a->chunk && a->chunk != m.chunk) {
        struct arena_chunk *older = a->chunk->older;
        chunk_free(a->chunk);
        a->chunk = older;
    }
    if (a->chunk) {
        a->chunk->at = m.at;
        POISON(a->chunk->data + m.at, a->chunk->size - m.at);
    }
    a->used = m.used;
}

/* arena.h - memory of one unit of work: taken piece by piece, given back all at once.
 * An arena belongs to one thread at a time. All memory it gives is zeroed. Passing the limit is a bug of the
 * caller (limits belong at the edges) and panics. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/rc.h"
#include "base/str.h"

struct arena_chunk;

struct arena {
    struct arena_chunk *chunk; /* newest first */
    size_t              used;  /* bytes given out */
    size_t              limit; /* bytes it may give out */
};

/* A point to rewind to. */
struct arena_mark {
    struct arena_chunk *chunk;
    size_t              at, used;
};

/* Prepare an empty arena that may give out `limit` bytes. Takes no memory yet. */
void arena_init(struct arena *a, size_t limit);
/* Give everything back to the system. The arena may be used again. NULL is a no-op. */
void arena_done(struct arena *a);
/* Forget everything but keep one chunk for the next unit. */
void arena_reset(struct arena *a);

/* `size` zeroed bytes aligned for any type; never NULL. */
void *arena_alloc(struct arena *a, size_t size);
/* The same, but the bytes are not set: for text that is written at once. */
void *arena_room(struct arena *a, size_t size);
/* Zeroed array of `n` elements; panics on overflow. */
void *arena_array(struct arena *a, size_t n, size_t size);
#define arena_new(a, T) ((T *)arena_array((a), 1, sizeof(T)))
#define arena_many(a, T, n) ((T *)arena_array((a), (n), sizeof(T)))

/* Copy of `s` in the arena, followed by a NUL that is not counted. NULL stays NULL. */
struct str arena_str(struct arena *a, struct str s);
/* printf into the arena. */
struct str arena_fmt(struct arena *a, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Where the arena stands now, to come back to. */
struct arena_mark arena_mark(const struct arena *a);
/* Forget what was taken since the mark. */
void arena_rewind(struct arena *a, struct arena_mark m);

#endif

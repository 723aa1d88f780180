/* shelf.h - immutable objects that are made once and kept as long as the process: published versions of what is data. Keyed by the
 * hash of what they were made from, so nothing on it can ever be out of date. Threads may share one. */
#ifndef BASE_SHELF_H
#define BASE_SHELF_H

#include "base/hash.h"

struct shelf;

/* Room for `n` objects; takes no more, ever. */
struct shelf *shelf_open(size_t n);
/* Frees the objects too. NULL is a no-op. */
void shelf_close(struct shelf *s);
/* NULL if it is not there. */
const void *shelf_find(const struct shelf *s, struct digest key);
/* Put `obj`, which lies in `a`; the shelf takes the arena over and leaves `a` empty. Gives back what stands there now: `obj`, or what
 * another thread has put before. NULL if the shelf is full; then `a` stays the caller's. */
const void *shelf_put(struct shelf *s, struct digest key, struct arena *a, const void *obj);

#endif

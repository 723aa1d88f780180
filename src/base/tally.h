/* tally.h - counts by key that may be lost at a crash, gathered from all threads until a timer writes them down. */
#ifndef BASE_TALLY_H
#define BASE_TALLY_H

#include "base/arena.h"

enum { TALLY_KEY_MAX = 120 };

struct tally;

struct tally_count {
    struct str key;
    int64_t    n;
};

/* An empty tally of at most `max` different keys. Never NULL; tally_close gives its memory back. */
struct tally *tally_open(size_t max);
void          tally_close(struct tally *t);
/* One more of this key. Thread-safe and short. Keys longer than TALLY_KEY_MAX bytes and new keys beyond the limit are not
 * counted. A NULL tally counts nothing. */
void tally_add(struct tally *t, struct str key);
/* Empties the tally into a list of struct tally_count in the arena, in order of first appearance. */
void tally_take(struct tally *t, struct arena *a, struct list *out);

#endif

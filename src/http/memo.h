/* memo.h - what the handlers of public pages found, kept by one worker while public version and day stay the same: a page for
 * somebody with a session needs its own frame around it, and no statement but those that tell who he is.
 * Belongs to one thread. What it gives lives until the next memo_begin. */
#ifndef HTTP_MEMO_H
#define HTTP_MEMO_H

#include "base/record.h"

enum { MEMO_ROWS = 512, MEMO_BYTES = 6 << 20 };

struct memo_row {
    struct str  key;
    const void *out; /* record of the route */
};

struct memo {
    struct arena    arena;
    int64_t         version;
    struct day      day;
    size_t          n;
    struct memo_row row[MEMO_ROWS * 2]; /* open addressing, half empty */
};

/* Empty. Takes no memory beside itself until something is added. */
void memo_init(struct memo *m);
/* Gives everything back. */
void memo_done(struct memo *m);
/* For a request of this version and day: everything is forgotten if they changed or there is no more room. */
void memo_begin(struct memo *m, int64_t version, struct day day);
/* NULL if there is none. */
const void *memo_find(const struct memo *m, struct str key);
/* A copy of `out`, by its field table. */
void memo_add(struct memo *m, struct str key, const struct record *r, const void *out);

#endif

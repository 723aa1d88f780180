/* id.h - ids of roots and ledger entries: 53 bits, so that JSON keeps them exact.
 * 41 bits ms since 2025-01-01 UTC, 6 bits lane (the node), 6 bits counter. Monotone within a lane; when 64 ids of one ms
 * are used up, the next ms is borrowed. Ids are no secret and no permission. */
#ifndef BASE_ID_H
#define BASE_ID_H

#include "base/rc.h"

enum { ID_LANES = 64 };

/* Shared by all threads of a node. */
struct id_gen {
    int64_t last; /* time and counter of the last id, without the lane */
    int     lane;
};

/* Never returns the same id twice in this process, whatever the clock does. Thread-safe. */
int64_t id_next(struct id_gen *g, int64_t now_ms);
/* When the id was made (give or take borrowed ms). */
int64_t id_time(int64_t id);

#endif

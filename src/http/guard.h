/* guard.h - closes connections of clients that send a head, a body or nothing too slowly.
 * libmicrohttpd's own timeout counts inactivity only: a client that drips one byte a second would live for ever. */
#ifndef HTTP_GUARD_H
#define HTTP_GUARD_H

#include "base/rc.h"

enum guard_state { GUARD_IDLE, GUARD_HEAD, GUARD_BODY, GUARD_BUSY };

struct guard;
struct guarded; /* one connection */

/* Limits in ms: a head must be complete, an idle connection may stay, a body must keep 1 kB/s after a grace. */
struct guard *guard_open(int head_ms, int idle_ms, int body_grace_ms, int64_t *closed_counter);
void          guard_close(struct guard *g);
struct guarded *guard_add(struct guard *g, int fd);
/* Before the descriptor is closed. */
void guard_end(struct guard *g, struct guarded *c);
void guard_set(struct guarded *c, enum guard_state state);
void guard_received(struct guarded *c, size_t bytes);

#endif

/* server.h - the network side: libmicrohttpd threads in front, workers behind (docs/architecture.md). */
#ifndef HTTP_SERVER_H
#define HTTP_SERVER_H

#include "http/wire.h"

struct server;

/* Serve on an already listening socket. NULL on failure, logged. The server owns the socket from now on. */
struct server *server_open(struct http *h, int listen_fd, struct stats *stats);
/* How long a client may take. server_open uses 8 s, 60 s and 10 s. */
struct server_patience {
    int head_ms, idle_ms, body_grace_ms; /* as in http/guard.h */
};
/* The same with other limits, for tests. */
struct server *server_open_with(struct http *h, int listen_fd, struct stats *stats, const struct server_patience *patience);
/* Stop taking connections, finish what is under way (at most `grace_ms`), free everything. */
void server_close(struct server *s, int grace_ms);
/* A listening socket for "ADDRESS:PORT" ("127.0.0.1:8080", "[::]:8080", ":8080"), waiting 5 s for a port that is in use; -1 with the reason
 * logged. */
int server_listen(struct str address);

#endif

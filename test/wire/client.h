/* client.h - a client that says exactly what a test wants on a socket, and reads answers one by one. */
#ifndef TEST_WIRE_CLIENT_H
#define TEST_WIRE_CLIENT_H

#include "../test/check.h"

enum { HEARD_MAX = 400 * 1024 };

struct client {
    int    fd;
    size_t n; /* bytes read ahead in buf */
    char   buf[HEARD_MAX];
};

/* One answer; views into the client, good until the next. status 0: the connection ended or nothing came in 10 s. */
struct heard {
    int        status;
    struct str head, body;
};

/* Connected to 127.0.0.1:port, or the test fails. */
struct client *client_open(int port);
void           client_close(struct client *c);
/* Send it all; false if the other side is gone. */
bool client_say(struct client *c, const char *text);
bool client_say_bytes(struct client *c, const void *p, size_t n);
/* The next answer. `bodiless`: the request was HEAD. */
struct heard client_hear(struct client *c, bool bodiless);
/* The other side closes within 10 s; what it still says is not looked at. */
bool client_ended(struct client *c);
/* Say and hear on a new connection, kept by the client of *out_c for reading; close it. */
struct heard client_once(int port, const char *text, struct client **out_c);
/* Value of a header field of the answer, or none. */
struct str heard_field(const struct heard *h, const char *name);

#endif

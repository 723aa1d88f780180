/* client.c - see client.h. */
#include "client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { WAIT_MS = 10000 };

struct client *client_open(int port)
{
    struct client *c = calloc(1, sizeof *c);
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(connect(c->fd, (const struct sockaddr *)&to, sizeof to) == 0);
    return c;
}

void client_close(struct client *c)
{
    close(c->fd);
    free(c);
}

bool client_say_bytes(struct client *c, const void *p, size_t n)
{
    for (size_t at = 0; at < n;) {
        ssize_t sent = send(c->fd, (const char *)p + at, n - at, MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        at += (size_t)sent;
    }
    return true;
}

bool client_say(struct client *c, const char *text)
{
    return client_say_bytes(c, text, strlen(text));
}

/* More bytes; false at the end, on an error, or when nothing came. */
static bool more(struct client *c)
{
    struct pollfd p = { .fd = c->fd, .events = POLLIN };
    if (c->n == sizeof c->buf || poll(&p, 1, WAIT_MS) != 1)
        return false;
    ssize_t n = recv(c->fd, c->buf + c->n, sizeof c->buf - c->n, 0);
    c->n += n > 0 ? (size_t)n : 0;
    return n > 0;
}

struct str heard_field(const struct heard *h, const char *name)
{
    struct str rest = h->head;
    while (rest.p) {
        struct str line = str_cut(&rest, '\n'), value = line, key = str_cut(&value, ':');
        if (value.p && str_eq_nocase(key, str_c(name)))
            return (struct str){ value.p + 1, value.n - 2 }; /* blank before, CR behind */
    }
    return STR_NONE;
}

struct heard client_hear(struct client *c, bool bodiless)
{
    struct heard h = { 0 };
    static char kept[HEARD_MAX];
    ptrdiff_t end;
    int64_t length = 0;
    while ((end = str_find((struct str){ c->buf, c->n }, STR("\r\n\r\n"))) < 0)
        if (!more(c))
            return h;
    size_t head_n = (size_t)end + 4;
    h.head = (struct str){ c->buf, head_n };
    str_i64(heard_field(&h, "Content-Length"), 0, HEARD_MAX, &length);
    int status = atoi(c->buf + strlen("HTTP/1.1 "));
    size_t body_n = bodiless || status == 304 || status == 100 ? 0 : (size_t)length;
    while (c->n < head_n + body_n)
        if (!more(c))
            return (struct heard){ 0 };
    memcpy(kept, c->buf, head_n + body_n);
    c->n -= head_n + body_n;
    memmove(c->buf, c->buf + head_n + body_n, c->n);
    return (struct heard){ status, { kept, head_n }, { kept + head_n, body_n } };
}

bool client_ended(struct client *c)
{
    struct pollfd p = { .fd = c->fd, .events = POLLIN };
    while (more(c))
        c->n = 0;
    char byte;
    return poll(&p, 1, 0) == 1 && recv(c->fd, &byte, 1, MSG_DONTWAIT) <= 0;
}

struct heard client_once(int port, const char *text, struct client **out_c)
{
    struct client *c = client_open(port);
    client_say(c, text);
    struct heard h = client_hear(c, false);
    if (out_c)
        *out_c = c;
    else
        client_close(c);
    return h;
}

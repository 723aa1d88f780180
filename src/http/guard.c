/* guard.c - slow-client watchdog: a list of connections walked twice a second. */
#include "http/guard.h"

#include "base/log.h"
#include "base/time.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { STEP_US = 500000, BYTES_PER_S = 1024 };

struct guarded {
    int             fd, state;
    int64_t         since_ms, bytes;
    struct guarded *prev, *next;
};

struct guard {
    pthread_mutex_t lock;
    pthread_t       thread;
    struct guarded *first;
    int             head_ms, idle_ms, body_ms;
    bool            stop;
    int64_t        *closed;
};

static bool too_slow(const struct guard *g, const struct guarded *c, int64_t now)
{
    int64_t age = now - __atomic_load_n(&c->since_ms, __ATOMIC_RELAXED);
    switch ((enum guard_state)__atomic_load_n(&c->state, __ATOMIC_RELAXED)) {
    case GUARD_IDLE:
        return age > g->idle_ms;
    case GUARD_HEAD:
        return age > g->head_ms;
    case GUARD_BODY:
        return age > g->body_ms && __atomic_load_n(&c->bytes, __ATOMIC_RELAXED) * 1000 / age < BYTES_PER_S;
    case GUARD_BUSY:
        return false;
    }
    return false;
}

static void *watch(void *arg)
{
    struct guard *g = arg;
    while (!__atomic_load_n(&g->stop, __ATOMIC_ACQUIRE)) {
        usleep(STEP_US);
        int64_t now = time_mono();
        pthread_mutex_lock(&g->lock);
        for (struct guarded *c = g->first; c; c = c->next)
            if (too_slow(g, c, now)) {
                shutdown(c->fd, SHUT_RDWR);
                guard_set(c, GUARD_BUSY); /* once is enough */
                __atomic_add_fetch(g->closed, 1, __ATOMIC_RELAXED);
            }
        pthread_mutex_unlock(&g->lock);
    }
    return NULL;
}

struct guard *guard_open(int head_ms, int idle_ms, int body_grace_ms, int64_t *closed_counter)
{
    struct guard *g = calloc(1, sizeof *g);
    if (!g)
        panic("out of memory");
    *g = (struct guard){ .head_ms = head_ms, .idle_ms = idle_ms, .body_ms = body_grace_ms, .closed = closed_counter };
    pthread_mutex_init(&g->lock, NULL);
    if (pthread_create(&g->thread, NULL, watch, g))
        panic("no thread");
    return g;
}

void guard_close(struct guard *g)
{
    __atomic_store_n(&g->stop, true, __ATOMIC_RELEASE);
    pthread_join(g->thread, NULL);
    pthread_mutex_destroy(&g->lock);
    free(g);
}

struct guarded *guard_add(struct guard *g, int fd)
{
    struct guarded *c = calloc(1, sizeof *c);
    if (!c)
        panic("out of memory");
    *c = (struct guarded){ .fd = fd, .state = GUARD_HEAD, .since_ms = time_mono() };
    pthread_mutex_lock(&g->lock);
    c->next = g->first;
    if (g->first)
        g->first->prev = c;
    g->first = c;
    pthread_mutex_unlock(&g->lock);
    return c;
}

void guard_end(struct guard *g, struct guarded *c)
{
    pthread_mutex_lock(&g->lock);
    if (c->prev)
        c->prev->next = c->next;
    else
        g->first = c->next;
    if (c->next)
        c->next->prev = c->prev;
    pthread_mutex_unlock(&g->lock);
    free(c);
}

void guard_set(struct guarded *c, enum guard_state state)
{
    __atomic_store_n(&c->since_ms, time_mono(), __ATOMIC_RELAXED);
    __atomic_store_n(&c->bytes, 0, __ATOMIC_RELAXED);
    __atomic_store_n(&c->state, (int)state, __ATOMIC_RELAXED);
}

void guard_received(struct guarded *c, size_t bytes)
{
    __atomic_add_fetch(&c->bytes, (int64_t)bytes, __ATOMIC_RELAXED);
}

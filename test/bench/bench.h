/* bench.h - what the programs that measure share: clients on threads for some seconds, and what they reached. */
#ifndef TEST_BENCH_H
#define TEST_BENCH_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BENCH_THREADS = 256, BENCH_SAMPLES = 200000 };

static inline int64_t now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

_Noreturn static inline void die(const char *what)
{
    fprintf(stderr, "cannot measure: %s\n", what);
    exit(1);
}

struct bench_client {
    pthread_t thread;
    int       number;
    void     *own;
    int64_t   until_us, units, busy;
    int32_t  *us; /* times of the first BENCH_SAMPLES units */
};

/* Is there time for another unit? *from_us is when it begins. */
static inline bool bench_more(const struct bench_client *c, int64_t *from_us)
{
    *from_us = now_us();
    return *from_us < c->until_us;
}

static inline void bench_note(struct bench_client *c, int64_t from_us, bool done)
{
    if (done && c->units < BENCH_SAMPLES)
        c->us[c->units] = (int32_t)(now_us() - from_us);
    c->units += done;
    c->busy += !done;
}

struct bench_result {
    int64_t units, busy;
    double  per_second, p50_ms, p99_ms, max_ms;
};

static inline int bench_by_size(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

static inline struct bench_result bench_sum(const struct bench_client *c, int threads, double seconds)
{
    struct bench_result r = { 0 };
    int64_t n = 0;
    int32_t *all = calloc((size_t)threads * BENCH_SAMPLES, sizeof *all);
    if (!all)
        die("out of memory");
    for (int i = 0; i < threads; i++) {
        int64_t k = c[i].units < BENCH_SAMPLES ? c[i].units : BENCH_SAMPLES;
        memcpy(all + n, c[i].us, (size_t)k * sizeof *all);
        n += k;
        r.units += c[i].units;
        r.busy += c[i].busy;
    }
    if (!n)
        die("no unit was done");
    qsort(all, (size_t)n, sizeof *all, bench_by_size);
    r.per_second = (double)r.units / seconds;
    r.p50_ms = all[n / 2] / 1e3;
    r.p99_ms = all[n * 99 / 100] / 1e3;
    r.max_ms = all[n - 1] / 1e3;
    free(all);
    return r;
}

/* `work` gets a struct bench_client and goes on while bench_more says so. */
static inline struct bench_result bench_run(void *(*work)(void *), void *own, int threads, int seconds)
{
    static struct bench_client c[BENCH_THREADS];
    int64_t from = now_us(), until = from + (int64_t)seconds * 1000000;
    for (int i = 0; i < threads; i++) {
        c[i] = (struct bench_client){ .number = i, .own = own, .until_us = until, .us = calloc(BENCH_SAMPLES, sizeof(int32_t)) };
        if (!c[i].us || pthread_create(&c[i].thread, NULL, work, &c[i]))
            die("no thread");
    }
    for (int i = 0; i < threads; i++)
        pthread_join(c[i].thread, NULL);
    struct bench_result r = bench_sum(c, threads, (double)(now_us() - from) / 1e6);
    for (int i = 0; i < threads; i++)
        free(c[i].us);
    return r;
}

#endif

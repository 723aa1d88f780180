/* id.c - time-ordered ids. */
#include "base/id.h"

#define EPOCH_MS INT64_C(1735689600000) /* 2025-01-01T00:00:00Z */

int64_t id_next(struct id_gen *g, int64_t now_ms)
{
    int64_t floor = (now_ms - EPOCH_MS) << 6;
    int64_t last = __atomic_load_n(&g->last, __ATOMIC_RELAXED), next;
    do
        next = last >= floor ? last + 1 : floor;
    while (!__atomic_compare_exchange_n(&g->last, &last, next, true, __ATOMIC_RELAXED, __ATOMIC_RELAXED));
    return (next >> 6) << 12 | (int64_t)g->lane << 6 | (next & 63);
}

int64_t id_time(int64_t id)
{
    return (id >> 12) + EPOCH_MS;
}

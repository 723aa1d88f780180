/* bench_clock.c - how many clocks of cases one core reads in a second. Usage: bench_clock HOLIDAYS.CSV [SECONDS]
 * The mix: a plain case, one deemed accepted, one corrected in parts, one paused with revision, one extended; each asked
 * on many days. Prints JSON. Meant for a build with optimisation and without sanitizers. */
#include "base/conf.h"
#include "modules/calendar/clock.h"

#include <stdio.h>
#include <stdlib.h>

enum { EVENTS = 8, CASES = 5 };

struct sample {
    const char        *from;
    int32_t            statutory, promised;
    struct clock_event ev[EVENTS]; /* `day` and `until` are days after `from` */
    size_t             n;
};

static const struct sample samples[CASES] = {
    { "2026-09-30", 20, 10, { { .kind = CLOCK_RECEIVED }, { .kind = CLOCK_ACCEPTED }, { .kind = CLOCK_DECIDED, .day = { 19 } },
                              { .kind = CLOCK_DELIVERED, .day = { 22 } } }, 4 },
    { "2026-06-12", 20, 10, { { .kind = CLOCK_RECEIVED } }, 1 },
    { "2026-04-28", 20, 10, { { .kind = CLOCK_RECEIVED }, { .kind = CLOCK_TOLD, .day = { 10 }, .until = { 51 } },
                              { .kind = CLOCK_SUPPLEMENTED, .day = { 11 } }, { .kind = CLOCK_COMPLETED, .day = { 15 } },
                              { .kind = CLOCK_ACCEPTED, .day = { 16 } }, { .kind = CLOCK_DECIDED, .day = { 27 } } }, 6 },
    { "2026-09-01", 30, 20, { { .kind = CLOCK_RECEIVED }, { .kind = CLOCK_ACCEPTED },
                              { .kind = CLOCK_PAUSED, .day = { 9 }, .until = { 23 } },
                              { .kind = CLOCK_PAUSE_REVISED, .day = { 22 }, .until = { 28 } },
                              { .kind = CLOCK_PAUSE_ENDED, .day = { 27 } } }, 5 },
    { "2026-07-01", 20, 15, { { .kind = CLOCK_RECEIVED }, { .kind = CLOCK_ACCEPTED },
                              { .kind = CLOCK_EXTENDED, .day = { 20 }, .days = 10 } }, 3 },
};

static void case_make(const struct sample *s, const struct calendar *c, struct clock_event *ev, struct clock_case *out)
{
    struct day from;
    if (!day_parse(str_c(s->from), &from))
        abort();
    for (size_t i = 0; i < s->n; i++) {
        ev[i] = s->ev[i];
        ev[i].day.n += from.n;
        ev[i].until.n += from.n;
        ev[i].owner = (struct clock_owner){ OWNER_WINDOW, 1 };
    }
    *out = (struct clock_case){ ev, s->n, { .check = { 5, UNIT_WD }, .statutory = { s->statutory, UNIT_WD },
                                            .promised = { s->promised, UNIT_WD }, .delivery = { 10, UNIT_WD },
                                            .deemed = true, .decider = { OWNER_BODY, 2 } }, c };
}

int main(int argc, char **argv)
{
    AUTO(arena_done) struct arena a;
    struct str csv, why = STR("cannot read the calendar");
    const struct calendar *c = NULL;
    struct clock_event ev[CASES][EVENTS];
    struct clock_case cases[CASES];
    struct clock out;
    int64_t n = 0, sum = 0, ms = 0;
    arena_init(&a, 16 << 20);
    if (argc < 2 || file_read(argv[1], 1 << 20, &a, &csv) || calendar_from_csv(&a, csv, &c, &why)) {
        fprintf(stderr, "bench_clock: " STR_F "\n", STR_A(why));
        return 2;
    }
    for (size_t i = 0; i < CASES; i++)
        case_make(&samples[i], c, ev[i], &cases[i]);
    int64_t limit_ms = argc > 2 ? atoi(argv[2]) * 1000 : 2000, start = time_mono();
    while ((ms = time_mono() - start) < limit_ms) {
        for (int32_t i = 0; i < 10000; i++, n++) {
            const struct clock_case *cs = &cases[i % CASES];
            if (clock_read(cs, (struct day){ cs->events[0].day.n + i % 40 }, &out))
                abort();
            sum += out.elapsed + out.told.due.n;
        }
    }
    printf("{\"clocks\":%lld,\"ms\":%lld,\"per_second\":%lld,\"sum\":%lld}\n", (long long)n, (long long)ms,
           (long long)(n * 1000 / ms), (long long)sum);
    return 0;
}

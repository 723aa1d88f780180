/* test_tally.c - counting from many threads, limits, emptying. */
#include "base/tally.h"

#include "../../test/check.h"

#include <pthread.h>
#include <string.h>

static void counts_by_key_and_starts_again_after_taking(void **state UNUSED)
{
    AUTO(arena_done) struct arena a;
    struct tally *t = tally_open(10);
    struct list l;
    arena_init(&a, 1 << 20);
    tally_add(t, STR("户口"));
    tally_add(t, STR("照"));
    tally_add(t, STR("户口"));
    tally_take(t, &a, &l);
    const struct tally_count *c = l.v;
    CHECK(l.n == 2 && c[0].n == 2 && c[1].n == 1);
    CHECK_STR(c[0].key, "户口");
    CHECK_STR(c[1].key, "照");
    tally_take(t, &a, &l);
    CHECK(l.n == 0);
    tally_add(t, STR("照"));
    tally_take(t, &a, &l);
    CHECK(l.n == 1 && ((const struct tally_count *)l.v)->n == 1);
    tally_close(t);
}

static void keeps_no_more_keys_than_it_may_and_no_long_ones(void **state UNUSED)
{
    AUTO(arena_done) struct arena a;
    struct tally *t = tally_open(3);
    struct list l;
    char key[TALLY_KEY_MAX + 1];
    arena_init(&a, 1 << 20);
    memset(key, 'x', sizeof key);
    for (size_t n = 1; n <= 10; n++)
        tally_add(t, (struct str){ key, n });
    tally_add(t, (struct str){ key, 2 });
    tally_add(t, (struct str){ key, sizeof key });
    tally_add(t, STR(""));
    tally_add(NULL, STR("x"));
    tally_take(t, &a, &l);
    CHECK(l.n == 3 && ((const struct tally_count *)l.v)[1].n == 2);
    tally_close(t);
}

static void *add_many(void *arg)
{
    static const char letters[] = "abcdefgh";
    for (size_t i = 0; i < 8000; i++)
        tally_add(arg, (struct str){ letters + i % 8, 1 });
    return NULL;
}

static void loses_nothing_between_threads(void **state UNUSED)
{
    AUTO(arena_done) struct arena a;
    struct tally *t = tally_open(100);
    pthread_t id[4];
    struct list l;
    arena_init(&a, 1 << 20);
    for (size_t i = 0; i < 4; i++)
        CHECK(pthread_create(&id[i], NULL, add_many, t) == 0);
    for (size_t i = 0; i < 4; i++)
        pthread_join(id[i], NULL);
    tally_take(t, &a, &l);
    CHECK(l.n == 8);
    for (size_t i = 0; i < 8; i++)
        CHECK(((const struct tally_count *)l.v)[i].n == 4000);
    tally_close(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SENTENCE(counts_by_key_and_starts_again_after_taking),
        SENTENCE(keeps_no_more_keys_than_it_may_and_no_long_ones),
        SENTENCE(loses_nothing_between_threads),
    };
    return cmocka_run_group_tests_name("tally", tests, NULL, NULL);
}

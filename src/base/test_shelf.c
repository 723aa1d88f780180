/* test_shelf.c - kept once, found by all, never more than there is room. */
#include "base/shelf.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

enum { ROOM = 32, THREADS = 8 };

static struct digest key_of(int n)
{
    return sm3((struct str){ (const char *)&n, sizeof n });
}

static const int *put(struct shelf *s, int n)
{
    struct arena a;
    arena_init(&a, 1000);
    int *v = arena_new(&a, int);
    *v = n;
    const int *there = shelf_put(s, key_of(n), &a, v);
    assert_int_equal(a.used, there ? 0 : a.used);
    arena_done(&a);
    return there;
}

static void what_was_put_is_found_again_and_the_first_one_stays(void **state)
{
    (void)state;
    struct shelf *s = shelf_open(ROOM);
    assert_null(shelf_find(s, key_of(1)));
    const int *first = put(s, 1);
    assert_int_equal(*first, 1);
    assert_ptr_equal(put(s, 1), first);
    assert_ptr_equal(shelf_find(s, key_of(1)), first);
    assert_null(shelf_find(s, key_of(2)));
    shelf_close(s);
    shelf_close(NULL);
}

static void a_full_shelf_takes_no_more_and_keeps_what_it_has(void **state)
{
    (void)state;
    struct shelf *s = shelf_open(ROOM);
    for (int i = 0; i < ROOM; i++)
        assert_non_null(put(s, i));
    assert_null(put(s, ROOM));
    for (int i = 0; i < ROOM; i++)
        assert_int_equal(*(const int *)shelf_find(s, key_of(i)), i);
    assert_null(shelf_find(s, key_of(ROOM)));
    shelf_close(s);
}

static void *all_put(void *shelf)
{
    for (int i = 0; i < ROOM; i++)
        if (*put(shelf, i) != i)
            return shelf;
    return NULL;
}

static void threads_that_put_the_same_get_the_same(void **state)
{
    (void)state;
    struct shelf *s = shelf_open(ROOM);
    pthread_t t[THREADS];
    void *wrong = NULL;
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&t[i], NULL, all_put, s), 0);
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(t[i], &wrong), 0);
        assert_null(wrong);
    }
    shelf_close(s);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_put_is_found_again_and_the_first_one_stays),
        cmocka_unit_test(a_full_shelf_takes_no_more_and_keeps_what_it_has),
        cmocka_unit_test(threads_that_put_the_same_get_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

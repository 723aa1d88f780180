/* test_public.c - public pages for people with a session: found once, framed for each of them, new when something is published. */
#include "product.h"

#include <string.h>

#define GUIDE "/items/" ITEM_LICENCE

static void publish(struct fixture *f)
{
    CHECK(change(f, "UPDATE org_public_version SET version = version + 1 WHERE id = 1") == 1);
}

static void rename_item(struct fixture *f)
{
    CHECK(change(f, "UPDATE catalog_version SET name = 'renamed item' WHERE item = (SELECT id FROM catalog_item WHERE code = '" ITEM_LICENCE
                    "')") > 0);
}

static void a_guide_is_found_once_and_again_when_something_is_published(void **state)
{
    struct fixture *f = fixture_of(state);
    struct visitor v = visitor_citizen(f, 1);
    struct answer a = visit(&v, GUIDE);
    CHECK(a.status == 200 && !answer_has(&a, "renamed item"));
    struct str first = arena_str(&f->kept, a.body);
    rename_item(f); /* behind the product's back: nobody said that anything was published */
    a = visit(&v, GUIDE);
    CHECK(str_eq(a.body, first));
    publish(f);
    a = visit(&v, GUIDE);
    CHECK(answer_has(&a, "renamed item"));
}

static void each_visitor_has_his_own_frame_and_language(void **state)
{
    struct fixture *f = fixture_of(state);
    struct visitor one = visitor_citizen(f, 1), two = visitor_citizen(f, 2), nobody = visitor_stranger(f);
    struct answer a = visit(&one, GUIDE);
    CHECK(answer_has(&a, "试用人1") && !answer_has(&a, "试用人2"));
    a = visit(&two, GUIDE);
    CHECK(answer_has(&a, "试用人2") && !answer_has(&a, "试用人1"));
    a = visit(&nobody, GUIDE);
    CHECK(!answer_has(&a, "试用人") && answer_has(&a, "/sign-in"));
    CHECK(visit(&two, "/prefs?lang=en&back=/").status == 303);
    a = visit_json(&one, GUIDE);
    CHECK(a.status == 200 && a.body.p[0] == '{');
    a = visit(&two, "/items/91522627000000000000000000000");
    CHECK(a.status == 404);
}

static void a_page_stays_the_same_when_its_record_is_kept(void **state)
{
    static const char *const pages[] = { "/", GUIDE, "/bodies", "/bodies/11522627MB0A00018A", "/subjects/F01" };
    struct fixture *f = fixture_of(state);
    struct visitor v = visitor_citizen(f, 1);
    for (size_t i = 0; i < countof(pages); i++) {
        struct str fresh = arena_str(&f->kept, visit(&v, pages[i]).body);
        CHECK(fresh.n > 1000);
        CHECK(str_eq(visit(&v, pages[i]).body, fresh));
        publish(f);
        fresh = arena_str(&f->kept, visit_json(&v, pages[i]).body);
        CHECK(str_eq(visit_json(&v, pages[i]).body, fresh));
    }
}

static void the_memory_is_emptied_when_it_is_full(void **state)
{
    struct fixture *f = fixture_of(state);
    struct visitor v = visitor_citizen(f, 1);
    char address[80];
    for (int i = 0; i < MEMO_ROWS * 2; i++) {
        snprintf(address, sizeof address, "/bodies/11522627MB0A00018A?after=%d", i);
        CHECK(visit(&v, address).status < 500);
        CHECK(f->memo.n <= MEMO_ROWS && f->memo.arena.used < 2 * MEMO_BYTES);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH(a_guide_is_found_once_and_again_when_something_is_published, product_on_sqlite, product_on_postgres),
        ON_BOTH(each_visitor_has_his_own_frame_and_language, product_on_sqlite, product_on_postgres),
        ON_SQLITE(a_page_stays_the_same_when_its_record_is_kept, product_on_sqlite),
        ON_SQLITE(the_memory_is_emptied_when_it_is_full, product_on_sqlite),
    };
    return cmocka_run_group_tests_name("public pages", tests, NULL, NULL);
}
